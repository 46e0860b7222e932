#include "flow/status.h"

#include "flow/playback.h"
#include "flow/reasons.h"
#include "flow/testimony.h"

/* By run of the log: what stands around it in its session. */
struct gap {
	size_t last;          /* 1 + the place of the last lost run before it, or 0 */
	size_t before, after; /* the cells of the recorded runs next to it, or 0 */
};

struct judge {
	struct reasoning reasoning;
	struct status_report *report;
	struct testimony *testimony;
	VECTOR(struct run_all_error) errors;
	VECTOR(struct reason) reasons; /* of the cell under way */
	struct arena *scratch;
	size_t *read_of_name;
	size_t read_capacity;
	struct gap *gaps;
};

static const struct replay_read *find_read(const struct judge *judge, const struct replay_run *file, symbol name)
{
	size_t at = name < judge->read_capacity ? judge->read_of_name[name] : 0;
	return at ? &file->reads.items[at - 1] : NULL;
}

static const struct replay_error *must_error(const struct replay_run *run)
{
	for (size_t i = 0; i < run->errors.count; i++)
		if (run->errors.items[i].must)
			return &run->errors.items[i];
	return NULL;
}

static void add_reason(struct judge *judge, struct reason reason)
{
	vector_push(judge->reasoning.arena, &judge->reasons, reason);
}

/* Gives the cell the reasons that were found for it. */
static void take_reasons(struct judge *judge, struct cell_status *status)
{
	status->reasons =
	    arena_copy(judge->reasoning.arena, judge->reasons.items, judge->reasons.count * sizeof *status->reasons);
	status->reason_count = judge->reasons.count;
	judge->reasons.count = 0;
}

/* Where the file's run reads each name, + 1, so that no pair of lists is searched. */
static void index_reads(struct judge *judge, const struct replay_run *file, bool set)
{
	for (size_t i = 0; i < file->reads.count; i++) {
		symbol name = file->reads.items[i].name;
		while (name >= judge->read_capacity)
			judge->read_of_name = arena_grow(judge->reasoning.arena, judge->read_of_name, judge->read_capacity,
			                                 &judge->read_capacity, sizeof *judge->read_of_name);
		judge->read_of_name[name] = set ? i + 1 : 0;
	}
}

/* Whether both may have read the same object: at least one is what a may-bind left possible. */
static bool may_agree(const struct replay_read *a, const struct replay_read *b)
{
	bool chosen_a = a->offers[0] != 0, chosen_b = b->offers[0] != 0;
	for (size_t i = 0; i < (chosen_a ? READ_OFFERS : 1) && (chosen_a || chosen_b); i++)
		for (size_t k = 0; k < (chosen_b ? READ_OFFERS : 1); k++) {
			uint64_t one = chosen_a ? a->offers[i] : a->identity.at[LEVEL_CERTAIN];
			if (one && one == (chosen_b ? b->offers[k] : b->identity.at[LEVEL_CERTAIN]))
				return true;
		}
	return false;
}

/* How surely a read had another value than the same read in the file, or LEVELS. */
static enum level read_difference(const struct replay_read *read, const struct replay_read *other)
{
	enum level differs = other ? identity_difference(&read->identity, &other->identity) : LEVEL_POSSIBLE;
	if (other && differs < LEVEL_POSSIBLE && may_agree(read, other))
		differs = LEVEL_POSSIBLE;
	if (other && read->unbound != other->unbound)
		differs = read->maybe_unbound || other->maybe_unbound ? LEVEL_POSSIBLE : LEVEL_CERTAIN;
	if (other && (read->provided || other->provided) && differs < LEVEL_POSSIBLE)
		differs = LEVEL_POSSIBLE; /* it is there afterwards all the same */
	return read->level > differs ? read->level : differs;
}

/* How surely two runs of one source differ, given how their identities do: no more surely than what they read. */
static enum level run_difference(struct judge *judge, const struct replay_run *run, const struct replay_run *other)
{
	enum level differs = identity_difference(&run->identity, &other->identity), least = LEVEL_POSSIBLE;
	if (differs == LEVELS)
		return LEVELS;
	index_reads(judge, other, true);
	for (size_t i = 0; i < run->reads.count && least > differs; i++) {
		const struct replay_read *read = &run->reads.items[i];
		enum level level = read_difference(read, find_read(judge, other, read->name));
		least = level < least ? level : least;
	}
	index_reads(judge, other, false);
	return least > differs ? least : differs;
}

/* How sure at most is what rests on the run behind this number. */
static enum level faith_in_provider(const struct playback *log, uint32_t number)
{
	const struct played_run *provider = playback_run(log, number);
	if (!provider)
		return LEVEL_CERTAIN;
	return provider->run->origin == RUN_INFERRED && provider->at_best == LEVEL_CERTAIN ? LEVEL_LIKELY
	                                                                                   : provider->at_best;
}

static const struct slice *input_of(const struct rehearsed *rehearsed, symbol name)
{
	for (size_t i = 0; rehearsed && i < rehearsed->inputs.count; i++)
		if (rehearsed->inputs.items[i].name == name)
			return &rehearsed->inputs.items[i].value;
	return NULL;
}

/* Whether the runs behind these numbers are of one cell, and did the same; `*otherwise` when they derived it otherwise.
 */
static bool gave_the_same(const struct judge *judge, uint32_t number, uint32_t file_number, bool *otherwise)
{
	const struct playback *log = judge->reasoning.log;
	const struct played_run *played = playback_run(log, number);
	const struct played_run *file = playback_run(judge->reasoning.file, file_number);
	if (!played || !file)
		return number == file_number;
	size_t cell = played->run->cell;
	*otherwise = *otherwise || played->same_values;
	return cell && cell == file->run->cell && played == &log->runs.items[log->last_of_cell[cell] - 1] &&
	       played->differs == LEVELS;
}

/* Whether what was read had the same value as from the top, although it was derived otherwise: what both are is known,
 * or the same cell made it of the same values. */
static bool has_same_value(const struct judge *judge, size_t cell, const struct replay_read *read,
                           const struct replay_read *other)
{
	const struct playback *log = judge->reasoning.log;
	if (!other || read->unbound || other->unbound || read->opaque || other->opaque)
		return false;
	/* What is inferred proves nothing. */
	if (faith_in_provider(log, read->bound_by) || faith_in_provider(log, read->changed_by))
		return false;
	const struct slice *value = input_of(judge->testimony->log[cell], read->name);
	const struct slice *file_value = input_of(judge->testimony->file[cell], read->name);
	if (value && file_value)
		return slice_equal(*value, *file_value);
	bool otherwise = false;
	return read->bound_by && gave_the_same(judge, read->bound_by, other->bound_by, &otherwise) &&
	       gave_the_same(judge, read->changed_by, other->changed_by, &otherwise) && otherwise;
}

/* How surely the run behind a number gave another thing than the run from the top that is held against it:
 * LEVEL_CERTAIN where they are not of one text of one cell, so that the numbers tell all; LEVELS where it gave the
 * same. */
static enum level provider_difference(const struct judge *judge, uint32_t number, uint32_t file_number)
{
	const struct playback *log = judge->reasoning.log;
	const struct played_run *played = playback_run(log, number);
	const struct played_run *file = playback_run(judge->reasoning.file, file_number);
	if (!played || !file)
		return number == file_number ? LEVELS : LEVEL_CERTAIN;
	size_t cell = played->run->cell;
	bool is_counterpart = cell && cell == file->run->cell && played == &log->runs.items[log->last_of_cell[cell] - 1] &&
	                      !reason_is_edited(&judge->reasoning, played->run);
	return is_counterpart ? played->differs : LEVEL_CERTAIN;
}

/* How surely a read gave another value than from the top: no more surely than what it comes from differs. */
static enum level sure_difference(const struct judge *judge, const struct replay_read *read,
                                  const struct replay_read *other)
{
	enum level level = read_difference(read, other);
	if (level == LEVELS || !other || read->unbound || other->unbound)
		return level;
	enum level bound = provider_difference(judge, read->bound_by, other->bound_by);
	enum level changed = provider_difference(judge, read->changed_by, other->changed_by);
	enum level cause = bound < changed ? bound : changed;
	return cause < LEVELS && cause > level ? cause : level;
}

/* How surely the last run of a cell read other values than a run from the top would. */
static enum level value_difference(struct judge *judge, const struct played_run *saved, const struct played_run *file)
{
	size_t cell = saved->run->cell;
	enum level differs = run_difference(judge, saved->result, file->result), least = LEVELS;
	if (differs == LEVELS || saved->run->error || reason_is_edited(&judge->reasoning, saved->run))
		return differs;
	if (saved->result->bounded || file->result->bounded)
		return LEVEL_POSSIBLE;
	const struct rehearsed *rehearsed = judge->testimony->log[cell];
	bool knows_values = rehearsed && rehearsed->ran && judge->testimony->file[cell]->ran;
	bool any = false;
	index_reads(judge, file->result, true);
	for (size_t i = 0; i < saved->result->reads.count; i++) {
		const struct replay_read *read = &saved->result->reads.items[i];
		const struct replay_read *other = find_read(judge, file->result, read->name);
		enum level level = sure_difference(judge, read, other);
		bool same = level == LEVELS || (knows_values && has_same_value(judge, cell, read, other));
		any = any || level < LEVELS;
		if (!same && level < least)
			least = level;
	}
	index_reads(judge, file->result, false);
	return any && least > differs ? least : differs;
}

static void weigh_values(struct judge *judge)
{
	const struct playback *log = judge->reasoning.log, *file = judge->reasoning.file;
	for (size_t i = 0; i < log->runs.count; i++) {
		struct played_run *played = &log->runs.items[i];
		size_t cell = played->run->cell;
		if (!cell || log->last_of_cell[cell] != i + 1)
			continue;
		const struct played_run *top = &file->runs.items[file->last_of_cell[cell] - 1];
		played->differs = value_difference(judge, played, top);
		played->same_values = played->differs == LEVELS &&
		                      identity_difference(&played->result->identity, &top->result->identity) != LEVELS;
	}
}

/* Finds the gaps of the log, and between which cells' runs each stands. */
static void find_gaps(struct judge *judge)
{
	const struct log *log = judge->report->log;
	judge->gaps = arena_array(judge->scratch, log->run_count + 1, sizeof *judge->gaps);
	size_t gap = 0, before = 0;
	for (size_t i = 0; i < log->run_count; i++) {
		const struct run *run = &log->runs[i];
		if (i > 0 && run->session != run[-1].session)
			gap = before = 0;
		judge->gaps[i] = (struct gap){.last = gap, .before = before};
		if (run->origin == RUN_LOST)
			gap = i + 1;
		else if (run->origin == RUN_RECORDED)
			before = run->cell;
	}
	size_t after = 0;
	for (size_t i = log->run_count; i-- > 0;) {
		const struct run *run = &log->runs[i];
		if (i + 1 < log->run_count && run->session != run[1].session)
			after = 0;
		judge->gaps[i].after = after;
		if (run->origin == RUN_RECORDED)
			after = run->cell;
	}
}

/* How sure it is that the cell that provides a name from the top did not run between the one that provided it and its
 * reader, so that only a gap in the counts is left of that run. A gap may be of any cell of which a later run is
 * recorded, or none at all, as when its outputs were cleared; and where the cells on both sides of the gap stand above
 * and below that cell, it is as likely as not to be. */
static enum level faith_in_gaps(const struct judge *judge, const struct played_run *reader,
                                const struct played_run *provider, const struct replay_read *other)
{
	enum { GAPS_SEEN = 64 };
	const struct playback *log = judge->reasoning.log;
	const struct played_run *top = other ? playback_run(judge->reasoning.file, other->changed_by) : NULL;
	if (!top)
		top = other ? playback_run(judge->reasoning.file, other->bound_by) : NULL;
	size_t last = top ? log->last_of_cell[top->run->cell] : 0;
	if (!top || (last && &log->runs.items[last - 1] <= reader) || (provider && provider->run->cell == top->run->cell))
		return LEVEL_CERTAIN;
	size_t from = 0, seen = 0, cell = top->run->cell;
	if (provider) /* what is inferred stands behind what is left of its gap */
		from = provider->run->origin == RUN_INFERRED ? judge->gaps[provider->run->step - 1].last : provider->run->step;
	for (size_t gap = judge->gaps[reader->run->step - 1].last; gap > 0 && gap >= from;
	     gap = judge->gaps[gap - 1].last) {
		bool fits = judge->gaps[gap - 1].before < cell && cell < judge->gaps[gap - 1].after;
		if (fits || ++seen == GAPS_SEEN)
			return fits ? LEVEL_POSSIBLE : LEVEL_LIKELY;
	}
	return seen ? LEVEL_LIKELY : LEVEL_CERTAIN;
}

/* How sure at most it is that what was read is not what would be read from the top, given that the replays say so. */
static enum level faith_in_read(const struct judge *judge, const struct played_run *reader,
                                const struct replay_read *read, const struct replay_read *other)
{
	const struct playback *log = judge->reasoning.log;
	const struct played_run *top =
	    other ? playback_run(judge->reasoning.file, other->changed_by ? other->changed_by : other->bound_by) : NULL;
	const struct played_run *provider = playback_run(log, read->changed_by ? read->changed_by : read->bound_by);
	enum level bound = faith_in_provider(log, read->bound_by), changed = faith_in_provider(log, read->changed_by);
	enum level faith = bound > changed ? bound : changed;
	/* What the same cell made of what can't be known may be the same. */
	bool is_lost = provider && top && provider->run->cell == top->run->cell && provider->lost.count > 0;
	if (is_lost || read->opaque || (other && other->opaque))
		faith = LEVEL_POSSIBLE;
	/* That a name was missing is proved. */
	enum level between = read->unbound ? LEVEL_CERTAIN : faith_in_gaps(judge, reader, provider, other);
	faith = between > faith ? between : faith;
	bool assumed = !read->unbound && !read->opaque && read->bound_by == 0;             /* only assumed to be there */
	bool may_end_early = top && top->result->errors.count > 0 && !top->result->failed; /* before it provides it */
	return faith == LEVEL_CERTAIN && (assumed || may_end_early) ? LEVEL_LIKELY : faith;
}

/* What is said of a run is as sure as the surest of the inputs that differ: no more than likely when they come from
 * runs that were inferred, or whose source is not known, and only possible when a run that left no trace may have come
 * between. */
static void weigh_faith(struct judge *judge)
{
	const struct playback *log = judge->reasoning.log, *file = judge->reasoning.file;
	for (size_t i = 0; i < log->runs.count; i++) {
		struct played_run *played = &log->runs.items[i];
		played->at_best = played->lost.count > 0 || played->run->edited ? LEVEL_LIKELY : LEVEL_CERTAIN;
		/* What another source that is known reads is no matter. */
		if (played->at_best != LEVEL_CERTAIN || !played->run->cell || reason_is_edited(&judge->reasoning, played->run))
			continue;
		const struct replay_run *top = file->runs.items[file->last_of_cell[played->run->cell] - 1].result;
		enum level best = LEVELS;
		index_reads(judge, top, true);
		for (size_t j = 0; j < played->result->reads.count && best != LEVEL_CERTAIN; j++) {
			const struct replay_read *read = &played->result->reads.items[j];
			const struct replay_read *other = find_read(judge, top, read->name);
			enum level level = read_difference(read, other);
			if (level == LEVELS)
				continue;
			enum level faith = faith_in_read(judge, played, read, other);
			level = faith > level ? faith : level;
			best = level < best ? level : best;
		}
		played->at_best = best == LEVELS ? LEVEL_CERTAIN : best;
		index_reads(judge, top, false);
	}
}

/* Every name that the run read and that would be another one from the top, the
 * most certain first. Gives whether any of them rests on something opaque. */
static bool explain_reads(struct judge *judge, struct cell_status *status, const struct replay_run *execution,
                          const struct replay_run *file, enum level most)
{
	bool unknown = false;
	index_reads(judge, file, true);
	for (int level = LEVEL_CERTAIN; level <= (int)most; level++) {
		for (size_t i = 0; i < execution->reads.count; i++) {
			const struct replay_read *read = &execution->reads.items[i], *other = find_read(judge, file, read->name);
			if ((int)read_difference(read, other) != level || has_same_value(judge, status->cell, read, other))
				continue;
			unknown = unknown || read->opaque || (other && other->opaque);
			add_reason(judge, reason_differs(&judge->reasoning, status->cell, read, other));
		}
	}
	index_reads(judge, file, false);
	return unknown;
}

static bool is_lost(const struct played_run *played, symbol name)
{
	for (size_t i = 0; i < played->lost.count; i++)
		if (played->lost.items[i] == name)
			return true;
	return false;
}

/* Whether a name that the run missed would come from a cell that failed itself
 * when it ran: it may fail again before it gets there. */
static bool was_cut_short(const struct judge *judge, const struct played_run *saved, const struct played_run *file)
{
	for (size_t i = 0; i < saved->result->reads.count; i++) {
		const struct replay_read *read = &saved->result->reads.items[i];
		for (size_t k = 0; read->unbound && k < file->result->reads.count; k++) {
			const struct replay_read *other = &file->result->reads.items[k];
			const struct played_run *provider =
			    other->name == read->name ? playback_run(judge->reasoning.file, other->bound_by) : NULL;
			size_t last = provider ? judge->reasoning.log->last_of_cell[provider->run->cell] : 0;
			const struct run *run = last ? judge->reasoning.log->runs.items[last - 1].run : NULL;
			if (run && run->error && run->edited)
				return true;
		}
	}
	return false;
}

static enum certainty certainty_of(enum level level)
{
	return level == LEVEL_CERTAIN ? CERTAIN : level == LEVEL_LIKELY ? LIKELY : POSSIBLE;
}

static void judge_stale(struct judge *judge, struct cell_status *status, const struct played_run *saved,
                        const struct played_run *file, enum level differs)
{
	struct arena *arena = judge->reasoning.arena;
	status->status = STATUS_STALE;
	status->certainty = certainty_of(differs);
	if (reason_is_edited(&judge->reasoning, saved->run)) {
		const char *how = saved->run->edited ? ", as what is saved of the source that ran shows" : "";
		add_reason(judge, reason_plain(slice_format(arena, "This cell was edited after it ran as [%lld]%s.",
		                                            (long long)saved->run->count, how)));
	}
	bool unknown = explain_reads(judge, status, saved->result, file->result, differs);
	for (size_t i = 0; i < saved->lost.count; i++) {
		struct slice name = symbols_name(judge->reasoning.symbols, saved->lost.items[i]);
		unknown = true;
		add_reason(
		    judge,
		    reason_plain(slice_format(
		        arena,
		        "The counts leave no room for the run that defined `%.*s` before this one: a cell was edited since, "
		        "or it came from another session.",
		        SLICE_FORMAT(name))));
	}
	if (saved->run->error && !file->repeats_error) {
		struct slice ename = saved->run->error->ename;
		add_reason(judge,
		           reason_plain(slice_format(
		               arena, "What is saved is an error, %.*s; from the top this cell does not fail in the same way.",
		               SLICE_FORMAT(ename))));
	}
	if (judge->reasons.count == 0)
		add_reason(
		    judge,
		    reason_plain(SLICE(
		        "A fresh run from the top would not derive this in the same way, though no single name tells why.")));
	if (unknown)
		status->status = STATUS_UNKNOWN;
	/* No status is more certain than the weakest step that it rests on. */
	enum level at_best = saved->at_best;
	if (reason_is_edited(&judge->reasoning, saved->run))
		at_best = saved->run->edited_unseen ? LEVEL_LIKELY : LEVEL_CERTAIN;
	if (judge->report->log->sessions_tangled)
		at_best = LEVEL_POSSIBLE;
	if (judge->report->log->sessions_assumed && at_best == LEVEL_CERTAIN)
		at_best = LEVEL_LIKELY;
	if (status->status == STATUS_STALE && certainty_of(at_best) > status->certainty)
		status->certainty = certainty_of(at_best);
	if (saved->run->error && was_cut_short(judge, saved, file))
		status->certainty = POSSIBLE;
	if (saved->result->bounded || file->result->bounded)
		status->certainty = POSSIBLE;
}

/* Whether a run may miss a name that the other one did not. */
static bool misses_more(const struct replay_run *run, const struct replay_run *other)
{
	for (size_t i = 0; i < run->errors.count; i++) {
		size_t k = 0;
		while (k < other->errors.count && other->errors.items[k].name != run->errors.items[i].name)
			k++;
		if (k == other->errors.count)
			return true;
	}
	return false;
}

static void judge_result(struct judge *judge, struct cell_status *status, const struct played_run *saved,
                         const struct played_run *file)
{
	const struct effects *effects = judge->reasoning.effects[status->cell - 1];
	const struct replay_error *error = must_error(file->result);
	enum level differs = !saved ? LEVELS
	                     : reason_is_edited(&judge->reasoning, saved->run)
	                         ? identity_difference(&saved->result->identity, &file->result->identity)
	                         : saved->differs;
	if (!saved) {
		status->status = STATUS_NOT_RUN;
		if (error)
			add_reason(judge, reason_unbound(&judge->reasoning, status->cell, error));
	} else if (!effects->is_python) {
		status->status = STATUS_UNKNOWN;
		add_reason(judge, reason_plain(SLICE("This cell is not in Python, so what it rests on can't be told.")));
	} else if (error) {
		status->status = STATUS_BROKEN;
		add_reason(judge, reason_unbound(&judge->reasoning, status->cell, error));
	} else if (differs == LEVELS) {
		status->status = STATUS_STANDS;
		status->certainty = misses_more(file->result, saved->result) ? LIKELY : CERTAIN;
	} else {
		judge_stale(judge, status, saved, file, differs);
	}
}

/* An input of which the saved outputs and the cells tell that it had another value than it has from the top. */
static bool find_input(struct judge *judge, const struct rehearsed *log, const struct rehearsed *file,
                       struct rehearsed_name *before, struct rehearsed_name *now)
{
	struct arena_mark mark = arena_mark(judge->scratch);
	symbol most = 0;
	bool found = false;
	for (size_t k = 0; k < file->inputs.count; k++)
		most = file->inputs.items[k].name > most ? file->inputs.items[k].name : most;
	size_t *input_of_name = arena_array(judge->scratch, (size_t)most + 1, sizeof *input_of_name);
	for (size_t k = file->inputs.count; k > 0; k--)
		input_of_name[file->inputs.items[k - 1].name] = k;
	for (size_t i = 0; i < log->inputs.count && !found; i++) {
		*before = log->inputs.items[i];
		size_t input = before->name <= most ? input_of_name[before->name] : 0;
		if (input)
			*now = file->inputs.items[input - 1];
		found = input && !slice_equal(before->value, now->value);
	}
	arena_release(judge->scratch, mark);
	return found;
}

/* What the saved outputs prove goes before what the replays derive. */
static void judge_by_output(struct judge *judge, struct cell_status *status)
{
	const struct rehearsed *file = judge->testimony->file[status->cell];
	const struct rehearsed *log = judge->testimony->log[status->cell];
	const struct saved_output *saved = &judge->testimony->saved[status->cell];
	struct rehearsed_name before, now;
	if (rehearsed_differs(file, saved)) {
		judge->reasons.count = status->status == STATUS_STALE ? judge->reasons.count : 0;
		add_reason(judge, reason_output(&judge->reasoning, file, saved));
		status->status = STATUS_STALE;
		status->certainty = CERTAIN;
	} else if (log && rehearsed_differs(log, saved) && rehearsed_agrees(file, saved)) {
		/* From the top it gives what was saved; the log as it seems to be does not, so the log is wrong there. */
		status->status = STATUS_STANDS;
		status->certainty = LIKELY;
		judge->reasons.count = 0;
	} else if (status->status == STATUS_STANDS && log && !rehearsed_differs(log, saved) &&
	           find_input(judge, log, file, &before, &now)) {
		status->status = STATUS_STALE;
		status->certainty = LIKELY;
		add_reason(judge, reason_value(&judge->reasoning, &before, &now));
	}
}

static void judge_cell(struct judge *judge, size_t number)
{
	struct cell_status *status = &judge->report->cells[number - 1];
	const struct playback *log = judge->reasoning.log, *file = judge->reasoning.file;
	const struct played_run *saved = log->last_of_cell[number] ? &log->runs.items[log->last_of_cell[number] - 1] : NULL;
	status->cell = number;
	status->certainty = CERTAIN;
	if (saved)
		status->error = saved->run->error;
	judge_result(judge, status, saved, &file->runs.items[file->last_of_cell[number] - 1]);
	if (saved && (status->status == STATUS_STANDS || status->status == STATUS_STALE))
		judge_by_output(judge, status);
	take_reasons(judge, status);
}

/* Would running the cell again now, in the kernel as the log left it, give the same? */
static void judge_now(struct judge *judge, size_t number, struct playback *log)
{
	struct cell_status *status = &judge->report->cells[number - 1];
	status->now = NOW_UNKNOWN;
	if (!log->last_of_cell[number])
		return;
	const struct played_run *saved = &log->runs.items[log->last_of_cell[number] - 1];
	const struct effects *effects = judge->reasoning.effects[number - 1];
	if (!effects->is_python)
		return;
	struct arena_mark mark = arena_mark(judge->scratch);
	const struct replay_run *result =
	    playback_again(log, judge->reasoning.notebook, effects, saved->run, judge->scratch);
	const struct replay_error *error = must_error(result);
	enum level differs = reason_is_edited(&judge->reasoning, saved->run)
	                         ? identity_difference(&saved->result->identity, &result->identity)
	                         : run_difference(judge, saved->result, result);
	if (error && !is_lost(saved, error->name))
		status->now = NOW_ERROR;
	else if (differs == LEVELS)
		status->now = NOW_SAME;
	else
		status->now = differs == LEVEL_POSSIBLE ? NOW_UNKNOWN : NOW_DIFFERS;
	arena_release(judge->scratch, mark);
}

bool status_swallows_errors(const struct effects *effects)
{
	return slice_equal(effects->cell_magic, SLICE("time")) || slice_equal(effects->cell_magic, SLICE("capture"));
}

/* What the rehearsal of the file knows of how the cell fails: a NameError that the
 * replay could not be sure of, or another error that comes before. */
static void foretell_error(struct judge *judge, size_t number)
{
	const struct rehearsed *rehearsed = judge->testimony->file[number];
	struct replay_run *run = judge->reasoning.file->runs.items[judge->reasoning.file->last_of_cell[number] - 1].result;
	size_t kept = 0;
	bool must = false;
	if (!rehearsed->fails)
		return;
	for (size_t i = 0; i < run->errors.count; i++) {
		const struct replay_error *error = &run->errors.items[i];
		/* On one line what the rehearsal misses comes first: it knows what the replay only thinks possible. */
		bool is_other = !rehearsed->missing || (error->must && error->name != rehearsed->missing);
		if (error->line > rehearsed->line || (error->line == rehearsed->line && is_other))
			continue;
		must = must || error->must;
		if (error->must || error->name != rehearsed->missing)
			run->errors.items[kept++] = *error;
	}
	run->errors.count = kept;
	run->failed = true;
	if (rehearsed->missing && !must)
		vector_push(judge->reasoning.arena, &run->errors,
		            ((struct replay_error){rehearsed->missing, rehearsed->line, true}));
}

/* What Restart & Run All would meet. */
static void collect_errors(struct judge *judge)
{
	const struct playback *file = judge->reasoning.file;
	for (size_t i = 0; i < file->runs.count; i++) {
		const struct played_run *played = &file->runs.items[i];
		size_t cell = played->run->cell;
		for (size_t j = 0; j < played->result->errors.count; j++) {
			const struct replay_error *error = &played->result->errors.items[j];
			struct run_all_error found = {cell, error->name, error->line, error->must};
			vector_push(judge->reasoning.arena, &judge->errors, found);
		}
		bool ends = played->result->failed && !status_swallows_errors(judge->reasoning.effects[cell - 1]);
		if (ends && !judge->report->stops_at)
			judge->report->stops_at = cell;
	}
	judge->report->errors = judge->errors.items;
	judge->report->error_count = judge->errors.count;
}

struct status_report *status_of_notebook(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                         struct effects *const *effects, const struct log *log)
{
	struct status_report *report = arena_alloc(arena, sizeof *report);
	report->cell_count = notebook->code_count;
	report->cells = arena_array(arena, notebook->code_count, sizeof *report->cells);
	struct playback *execution = playback_of_log(arena, symbols, notebook, effects, log, false, &report->log);
	struct judge judge = {
	    .reasoning = {arena, symbols, notebook, effects, execution, NULL, report},
	    .report = report,
	};
	judge.scratch = arena_child(arena);
	/* The kernel that the log left is needed for this alone; then its objects go. */
	for (size_t number = 1; number <= notebook->code_count; number++) {
		arena_step(arena, "running cells once more", number - 1, notebook->code_count);
		judge_now(&judge, number, execution);
	}
	replay_free(execution->replay);
	struct playback *file = playback_of_file(arena, symbols, notebook, effects, execution, false);
	replay_free(file->replay);
	execution->replay = file->replay = NULL;
	report->execution = execution;
	report->from_top = file;
	judge.reasoning.file = file;
	/* Only sentences are kept of what the outputs prove. */
	struct arena *witness = arena_child(arena);
	judge.testimony = testimony_gather(witness, symbols, notebook, effects, report->log);
	for (size_t number = 1; number <= notebook->code_count; number++)
		foretell_error(&judge, number);
	find_gaps(&judge);
	weigh_faith(&judge);
	weigh_values(&judge);
	for (size_t number = 1; number <= notebook->code_count; number++) {
		arena_step(arena, "judging the results", number - 1, notebook->code_count);
		judge_cell(&judge, number);
	}
	collect_errors(&judge);
	arena_free(witness);
	arena_free(judge.scratch);
	return report;
}

const char *status_name(enum status status)
{
	static const char *const names[] = {"stands", "stale", "broken", "not-run", "unknown"};
	return names[status];
}

const char *now_name(enum now now)
{
	static const char *const names[] = {"same", "differs", "error", "unknown"};
	return names[now];
}

const char *certainty_name(enum certainty certainty)
{
	static const char *const names[] = {"certain", "likely", "possible"};
	return names[certainty];
}
