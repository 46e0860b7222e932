/* Sentences as a colleague would say them: they name the variable, the cells and
 * the counts, what happened, and what a fresh run would do instead. */
#include "flow/reasons.h"

static bool binds(const struct reasoning *reasoning, size_t number, symbol name)
{
	const struct names *names = reasoning->effects[number - 1]->names;
	if (!names)
		return false;
	bool bound = name_list_has(&names->binds, name) && !name_list_has(&names->binds_transient, name);
	for (size_t i = 0; i < names->deferred_count && !bound; i++)
		bound = name_list_has(&names->deferred[i].binds, name);
	return bound;
}

static bool deletes(const struct reasoning *reasoning, size_t number, symbol name)
{
	const struct names *names = reasoning->effects[number - 1]->names;
	return names && name_list_has(&names->deletes, name);
}

struct reason reason_plain(struct slice why)
{
	return (struct reason){.why = why, .execution_count = NO_COUNT};
}

/* "cell 5" or, with the count of its run, "cell 5 ([9])". */
static struct slice cell_words(const struct reasoning *reasoning, size_t number, int64_t count, bool inferred)
{
	if (inferred)
		return slice_format(reasoning->arena, "an earlier run of cell %zu", number);
	if (count == NO_COUNT)
		return slice_format(reasoning->arena, "cell %zu", number);
	return slice_format(reasoning->arena, "cell %zu ([%lld])", number, (long long)count);
}

bool reason_is_edited(const struct reasoning *reasoning, const struct run *run)
{
	return run->cell && run->effects &&
	       (run->edited ||
	        (run->known == KNOWN_RECORDED && !effects_same_code(run->effects, reasoning->effects[run->cell - 1])));
}

static struct slice run_words(const struct reasoning *reasoning, const struct played_run *played, size_t reader)
{
	struct arena *arena = reasoning->arena;
	const struct run *run = played->run;
	struct slice count = run->count == NO_COUNT ? SLICE("") : slice_format(arena, " ([%lld])", (long long)run->count);
	if (!run->cell)
		return slice_format(arena, "a cell that is no longer in the file%.*s", SLICE_FORMAT(count));
	bool is_edited = reason_is_edited(reasoning, run);
	if (run->cell == reader)
		return is_edited ? slice_format(arena, "an earlier version of this cell%.*s", SLICE_FORMAT(count))
		                 : SLICE("this cell's own earlier run");
	if (is_edited && run->link == LINK_EARLIER_VERSION)
		return slice_format(arena, "an earlier version of cell %zu%.*s", run->cell, SLICE_FORMAT(count));
	if (is_edited)
		return slice_format(arena, "cell %zu%.*s before it was edited", run->cell, SLICE_FORMAT(count));
	if (run->link == LINK_EARLIER_RUN && run->origin == RUN_RECORDED)
		return slice_format(arena, "an earlier run of cell %zu%.*s", run->cell, SLICE_FORMAT(count));
	return cell_words(reasoning, run->cell, run->count, run->origin == RUN_INFERRED);
}

/* The nearest cell below that binds the name, or 0. */
static size_t definer_below(const struct reasoning *reasoning, size_t cell, symbol name)
{
	size_t above;
	struct name_cells cells = definers_of_name(reasoning->file->definers, name, cell + 1, &above);
	for (size_t i = above; i < cells.count; i++)
		if (binds(reasoning, cells.items[i], name))
			return cells.items[i];
	return 0;
}

static void set_execution(struct reason *reason, const struct played_run *played)
{
	if (!played)
		return;
	reason->execution_cell = played->run->cell;
	reason->execution_count = played->run->count;
}

static const struct replay_read *read_of(const struct replay_run *run, symbol name)
{
	for (size_t i = 0; run && i < run->reads.count; i++)
		if (run->reads.items[i].name == name)
			return &run->reads.items[i];
	return NULL;
}

struct reason reason_unbound(const struct reasoning *reasoning, size_t cell, const struct replay_error *error)
{
	struct arena *arena = reasoning->arena;
	struct slice name = symbols_name(reasoning->symbols, error->name);
	struct reason reason = {.name = error->name, .execution_count = NO_COUNT};
	size_t last = reasoning->log->last_of_cell[cell];
	const struct played_run *saved = last ? &reasoning->log->runs.items[last - 1] : NULL;
	const struct replay_read *read = saved ? read_of(saved->result, error->name) : NULL;
	const struct played_run *provider = read ? playback_run(reasoning->log, read->bound_by) : NULL;
	set_execution(&reason, provider);
	size_t above = 0, deleted = 0, above_count;
	struct name_cells cells = definers_of_name(reasoning->file->definers, error->name, cell, &above_count);
	for (size_t i = above_count; i-- > 0 && !above && !deleted;) {
		size_t number = cells.items[i];
		if (deletes(reasoning, number, error->name))
			deleted = number;
		else if (binds(reasoning, number, error->name))
			above = number;
	}
	size_t below = definer_below(reasoning, cell, error->name);
	if (above) {
		size_t run = reasoning->file->last_of_cell[above];
		bool fails = run && reasoning->file->runs.items[run - 1].result->failed;
		reason.why = slice_format(
		    arena, "`%.*s` is not defined here from the top: cell %zu, which %s.", SLICE_FORMAT(name), above,
		    fails ? "defines it, fails before it gets there" : "could define it, does not get there");
	} else if (deleted) {
		reason.why = slice_format(arena, "`%.*s` is not defined here from the top: cell %zu has deleted it.",
		                          SLICE_FORMAT(name), deleted);
	} else if (binds(reasoning, cell, error->name) && !below) {
		reason.why = slice_format(arena, "`%.*s` is read here before this cell itself defines it; no cell above does.",
		                          SLICE_FORMAT(name));
	} else if (below) {
		reason.why =
		    provider && provider->run->cell
		        ? slice_format(arena, "`%.*s` is not defined here from the top: it came from %.*s, further down.",
		                       SLICE_FORMAT(name), SLICE_FORMAT(run_words(reasoning, provider, cell)))
		        : slice_format(arena,
		                       "`%.*s` is not defined here from the top: only cell %zu, further down, defines it.",
		                       SLICE_FORMAT(name), below);
	} else {
		reason.why = slice_format(arena,
		                          "`%.*s` is defined by no cell of the file: the one that defined it was deleted or "
		                          "changed, or the kernel had "
		                          "it from its start.",
		                          SLICE_FORMAT(name));
		if (!saved || saved->run->error)
			reason.why = slice_format(arena, "`%.*s` is defined by no cell of the file.", SLICE_FORMAT(name));
	}
	return reason;
}

/* "cell 2's", "the one that cell 2 defines" ... of the file's replay. */
static struct slice file_words(const struct reasoning *reasoning, const struct played_run *played, size_t reader)
{
	if (!played)
		return SLICE("another");
	if (played->run->cell == reader)
		return SLICE("this cell's own");
	return slice_format(reasoning->arena, "cell %zu's", played->run->cell);
}

/* The same cell bound the name in both, but something changed its object in place
 * in one of them, or changed it elsewhere. */
static struct slice changed_words(const struct reasoning *reasoning, struct slice name,
                                  const struct played_run *provider, const struct played_run *changed,
                                  const struct played_run *file_changed, size_t cell)
{
	struct arena *arena = reasoning->arena;
	if (changed && file_changed && changed->run->cell == file_changed->run->cell)
		return slice_format(arena,
		                    "`%.*s` had last been changed by %.*s; from the top that cell changes it in another way.",
		                    SLICE_FORMAT(name), SLICE_FORMAT(run_words(reasoning, changed, cell)));
	if (changed && file_changed)
		return slice_format(
		    arena, "`%.*s` had last been changed by %.*s; from the top the last to change it is cell %zu.",
		    SLICE_FORMAT(name), SLICE_FORMAT(run_words(reasoning, changed, cell)), file_changed->run->cell);
	if (changed) {
		size_t changer = changed->run->cell;
		struct slice who = run_words(reasoning, changed, cell);
		struct slice top = SLICE("from the top it is not");
		if (changer > cell)
			top = SLICE("from the top that comes later");
		else if (provider && changer && changer < provider->run->cell)
			top = slice_format(arena, "from the top that happens before cell %zu makes it anew", provider->run->cell);
		return slice_format(arena, "`%.*s` had already been changed by %.*s; %.*s.", SLICE_FORMAT(name),
		                    SLICE_FORMAT(who), SLICE_FORMAT(top));
	}
	return slice_format(arena, "`%.*s` had not been changed by cell %zu when this ran; from the top it is.",
	                    SLICE_FORMAT(name), file_changed->run->cell);
}

/* What is to be said when both replays have the name from the same cell. */
static struct slice same_provider_words(const struct reasoning *reasoning, struct slice name,
                                        const struct played_run *provider, size_t cell)
{
	struct arena *arena = reasoning->arena;
	size_t number = provider->run->cell;
	if (number == cell)
		return slice_format(arena, "`%.*s` came from this cell's own earlier run.", SLICE_FORMAT(name));
	enum status status = number && number < cell ? reasoning->report->cells[number - 1].status : STATUS_STALE;
	if (status == STATUS_STALE || status == STATUS_BROKEN || status == STATUS_UNKNOWN)
		return slice_format(arena, "`%.*s` comes from %.*s, whose result a fresh run would not give again.",
		                    SLICE_FORMAT(name), SLICE_FORMAT(run_words(reasoning, provider, cell)));
	if (provider->run->origin == RUN_INFERRED)
		return slice_format(arena, "`%.*s` came from %.*s, before other cells had run as they stand in the file.",
		                    SLICE_FORMAT(name), SLICE_FORMAT(run_words(reasoning, provider, cell)));
	return slice_format(arena, "`%.*s` comes from %.*s, but other values went into it than from the top.",
	                    SLICE_FORMAT(name), SLICE_FORMAT(run_words(reasoning, provider, cell)));
}

struct reason reason_differs(const struct reasoning *reasoning, size_t cell, const struct replay_read *execution,
                             const struct replay_read *file)
{
	struct arena *arena = reasoning->arena;
	struct slice name = symbols_name(reasoning->symbols, execution->name);
	struct reason reason = {.name = execution->name, .execution_count = NO_COUNT};
	const struct played_run *provider = playback_run(reasoning->log, execution->bound_by);
	const struct played_run *changed = playback_run(reasoning->log, execution->changed_by);
	const struct played_run *file_provider = file ? playback_run(reasoning->file, file->bound_by) : NULL;
	const struct played_run *file_changed = file ? playback_run(reasoning->file, file->changed_by) : NULL;
	set_execution(&reason, changed ? changed : provider);
	if (file_provider)
		reason.file_cell = (file_changed ? file_changed : file_provider)->run->cell;
	if (execution->opaque || (file && file->opaque)) {
		reason.why =
		    slice_format(arena, "`%.*s` may come from something that can bind any name, so what it is can't be told.",
		                 SLICE_FORMAT(name));
	} else if (execution->unbound) {
		reason.why =
		    slice_format(arena, "`%.*s` was not defined when this ran; from the top it is.", SLICE_FORMAT(name));
	} else if (!file || file->unbound) {
		reason.why = slice_format(arena, "`%.*s` may not be defined here from the top.", SLICE_FORMAT(name));
	} else if (!provider) {
		reason.why = slice_format(arena, "`%.*s` was left by a run that nothing records; from the top it is %.*s.",
		                          SLICE_FORMAT(name), SLICE_FORMAT(file_words(reasoning, file_provider, cell)));
	} else if (!file_provider || provider->run->cell != file_provider->run->cell ||
	           (!changed && reason_is_edited(reasoning, provider->run))) {
		reason.why = slice_format(arena, "`%.*s` here is the one from %.*s; from the top it would be %.*s.",
		                          SLICE_FORMAT(name), SLICE_FORMAT(run_words(reasoning, provider, cell)),
		                          SLICE_FORMAT(file_words(reasoning, file_provider, cell)));
	} else if ((changed || file_changed) &&
	           !(changed && file_changed && changed->run->cell == file_changed->run->cell &&
	             changed->run->cell < cell)) {
		reason.why = changed_words(reasoning, name, provider, changed, file_changed, cell);
	} else {
		reason.why = same_provider_words(reasoning, name, changed ? changed : provider, cell);
	}
	return reason;
}

/* A value or line of text in a sentence: on one line, and not too long. */
static struct slice quoted(struct arena *arena, struct slice text)
{
	enum { LONGEST = 40 };
	struct slice line = slice_part(text, 0, slice_find(text, '\n', 0));
	if (line.length <= LONGEST && line.length + 1 >= text.length)
		return slice_format(arena, "`%.*s`", SLICE_FORMAT(line));
	size_t end = line.length < LONGEST ? line.length : LONGEST;
	while (end > 0 && end < line.length && (line.bytes[end] & 0xc0) == 0x80)
		end--;
	return slice_format(arena, "`%.*s...`", SLICE_FORMAT(slice_part(line, 0, end)));
}

/* The first line in which the two texts differ. */
static void first_difference(struct slice *a, struct slice *b)
{
	struct slice line_a = {0}, line_b = {0};
	while (slice_next_line(a, &line_a) && slice_next_line(b, &line_b))
		if (!slice_equal(line_a, line_b))
			break;
	*a = line_a;
	*b = line_b;
}

struct reason reason_output(const struct reasoning *reasoning, const struct rehearsed *file,
                            const struct saved_output *saved)
{
	struct arena *arena = reasoning->arena;
	bool printed =
	    !slice_equal(file->printed, saved->printed) && slice_find(file->printed, 0, 0) == file->printed.length;
	if (file->fails && !(saved->fails && slice_equal(file->ename, saved->ename)))
		return reason_plain(slice_format(arena, "From the top this raises %.*s, as nothing saved here shows.",
		                                 SLICE_FORMAT(file->ename.length ? file->ename : SLICE("an error"))));
	if (printed && file->printed.length && saved->printed.length) {
		struct slice now = file->printed, before = saved->printed;
		first_difference(&now, &before);
		return reason_plain(slice_format(arena, "From the top this prints %.*s; what is saved is %.*s.",
		                                 SLICE_FORMAT(quoted(arena, now)), SLICE_FORMAT(quoted(arena, before))));
	}
	if (printed)
		return reason_plain(file->printed.length
		                        ? slice_format(arena, "From the top this prints %.*s, which is not saved.",
		                                       SLICE_FORMAT(quoted(arena, file->printed)))
		                        : slice_format(arena, "What it printed, %.*s, is nothing that this cell prints now.",
		                                       SLICE_FORMAT(quoted(arena, saved->printed))));
	if (saved->shows && file->shows == SHOWS_NOTHING)
		return reason_plain(
		    slice_format(arena, "The saved result is %.*s; the cell as it stands shows none, so it was edited since.",
		                 SLICE_FORMAT(quoted(arena, saved->shown))));
	if (file->shows == SHOWS_TEXT && !saved->shows)
		return reason_plain(slice_format(arena, "From the top this shows %.*s, which is not saved.",
		                                 SLICE_FORMAT(quoted(arena, file->shown))));
	if (file->shows == SHOWS_TEXT && saved->shows)
		return reason_plain(slice_format(arena, "From the top this gives %.*s; what is saved is %.*s.",
		                                 SLICE_FORMAT(quoted(arena, file->shown)),
		                                 SLICE_FORMAT(quoted(arena, saved->shown))));
	return reason_plain(SLICE("What this prints from the top is not what is saved."));
}

struct reason reason_value(const struct reasoning *reasoning, const struct rehearsed_name *before,
                           const struct rehearsed_name *now)
{
	struct arena *arena = reasoning->arena;
	struct slice name = symbols_name(reasoning->symbols, now->name);
	return (struct reason){
	    .name = now->name,
	    .execution_count = NO_COUNT,
	    .why = slice_format(
	        arena, "`%.*s` was %.*s when this ran, as saved outputs show; from the top it would be %.*s.",
	        SLICE_FORMAT(name), SLICE_FORMAT(quoted(arena, before->value)), SLICE_FORMAT(quoted(arena, now->value)))};
}
