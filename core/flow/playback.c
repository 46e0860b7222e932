#include "flow/playback.h"

#include "history/evidence.h"

/* How often the log is played at most: how deep an inferred run may need further inferred runs. */
enum { MAX_TRIALS = 12 };

/* The cells of the runs that are inferred in one gap, in their order. */
struct planned {
	size_t *items;
	size_t count, capacity;
};

struct player {
	struct arena *arena;
	struct symbols *symbols;
	const struct notebook *notebook;
	struct effects *const *effects;
	struct playback *playback;
	const struct log *log;
	struct planned *plan;    /* by run of the log */
	size_t *open_before;     /* of each run: how many runs stand up to the last gap before it that may have room */
	struct arena *trial;     /* of what one play of the log needs */
	VECTOR(struct run) runs; /* of the whole log */
	size_t at;               /* the run of the log under way */
	unsigned trials;         /* plays of the log so far, this one included */
	unsigned *planned_in;    /* by cell: the trial that last inferred a run of it */
	bool traced, infers;
	size_t gaps;  /* how many runs the session under way had lost so far */
	bool changed; /* this trial inferred more runs */
};

static void remember(struct arena *arena, struct playback *playback, const struct played_run *played)
{
	uint32_t number = played->result->number;
	vector_push(arena, &playback->runs, *played);
	while (number >= playback->number_capacity)
		playback->run_of_number = arena_grow(arena, playback->run_of_number, playback->number_capacity,
		                                     &playback->number_capacity, sizeof *playback->run_of_number);
	playback->run_of_number[number] = playback->runs.count;
	if (played->run->link == LINK_LAST_RUN)
		playback->last_of_cell[played->run->cell] = playback->runs.count;
}

const struct played_run *playback_run(const struct playback *playback, uint32_t number)
{
	if (number == 0 || number >= playback->number_capacity || !playback->run_of_number[number])
		return NULL;
	return &playback->runs.items[playback->run_of_number[number] - 1];
}

static void expect_all(struct replay *replay, const struct name_list *names)
{
	for (size_t i = 0; i < names->count; i++)
		replay_expect(replay, names->items[i]);
}

static struct playback *playback_new(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                     struct effects *const *effects, bool traced)
{
	struct playback *playback = arena_alloc(arena, sizeof *playback);
	playback->replay = replay_new(arena, symbols);
	playback->trace = traced ? replay_trace(playback->replay) : NULL;
	for (size_t i = 0; i < notebook->code_count; i++) {
		const struct names *names = effects[i]->names;
		if (!names)
			continue;
		expect_all(playback->replay, &names->binds);
		for (size_t j = 0; j < names->deferred_count; j++)
			expect_all(playback->replay, &names->deferred[j].binds);
	}
	playback->definers = definers_of_notebook(arena, symbols, notebook, effects);
	playback->last_of_cell = arena_array(arena, notebook->code_count + 1, sizeof *playback->last_of_cell);
	return playback;
}

static bool is_syntax_error(struct slice ename)
{
	return slice_equal(ename, SLICE("SyntaxError")) || slice_equal(ename, SLICE("IndentationError")) ||
	       slice_equal(ename, SLICE("TabError"));
}

/* Whether the run displayed its last value. Saved outputs tell of the last run, and of
 * others of the same source, unless it failed. */
static void set_display(const struct notebook *notebook, const struct run *run, struct replay_request *request)
{
	const struct cell *cell = run->cell ? notebook->code[run->cell - 1] : NULL;
	bool is_same = run->link == LINK_LAST_RUN || run->link == LINK_EARLIER_RUN;
	request->may_display = !cell || cell->execution_count == NO_COUNT || !is_same || run->edited;
	for (size_t i = 0; cell && i < cell->output_count; i++) {
		if (cell->outputs[i].type == OUTPUT_EXECUTE_RESULT)
			request->displays = true;
		else if (cell->outputs[i].type == OUTPUT_ERROR)
			request->may_display = true;
	}
}

static struct replay_request request_of(const struct notebook *notebook, const struct effects *effects,
                                        const struct run *run)
{
	struct replay_request request = {.effects = effects, .count = run->count};
	set_display(notebook, run, &request);
	const struct module *module = effects ? effects->module : NULL;
	bool wrong = module && module->has_error && !module->error.runs_in_ipython;
	if (wrong && module->error.is_late)
		request.refused_line = module->error.line;
	request.fails_whole = wrong && !module->error.is_late;
	request.other_source = run->edited;
	if (run->error) {
		request.failing_line = run->error->line;
		if (is_syntax_error(run->error->ename) && !request.refused_line)
			request.fails_whole = true;
	}
	return request;
}

struct replay_run *playback_again(struct playback *playback, const struct notebook *notebook,
                                  const struct effects *effects, const struct run *run, struct arena *arena)
{
	struct run again = *run;
	/* Another source runs now: where the former one failed does not matter. */
	if (run->edited || (run->effects != effects && !effects_same_code(run->effects, effects)))
		again.error = NULL;
	again.edited = false;
	struct replay_request request = request_of(notebook, effects, &again);
	request.results = arena;
	struct replay_run *result = replay_play(playback->replay, &request);
	replay_take_back(playback->replay);
	return result;
}

/* The name that a NameError says is missing, or 0. */
static symbol missing_name(struct symbols *symbols, const struct run_error *error)
{
	if (!error || !slice_equal(error->ename, SLICE("NameError")))
		return 0;
	size_t start = slice_find(error->evalue, '\'', 0), end = slice_find(error->evalue, '\'', start + 1);
	struct slice name = slice_part(error->evalue, start + 1, end);
	return name.length ? symbols_intern(symbols, name) : 0;
}

/* A KeyError of a number may have been that of `Out[5]`, which is known by the name `_5`; 0
 * when it was none. */
static symbol missing_output(struct arena *arena, struct symbols *symbols, const struct run_error *error)
{
	if (!error || !slice_equal(error->ename, SLICE("KeyError")) || !leading_number(error->evalue))
		return 0;
	return symbols_intern(symbols, slice_format(arena, "_%.*s", SLICE_FORMAT(error->evalue)));
}

static bool has_name(const struct name_list *list, symbol name)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == name)
			return true;
	return false;
}

/* How an earlier run of the cell could have bound the name: itself, or by a function that it defines; or not at all. */
enum definer { DEFINES_NOT, DEFINES_DEFERRED, DEFINES };

static enum definer how_it_defines(const struct player *player, size_t number, symbol name)
{
	const struct effects *effects = player->effects[number - 1];
	/* One that reads the name before it binds it can't be where it came from. */
	if (!effects->names || has_name(&effects->names->reads_first_certain, name))
		return DEFINES_NOT;
	if (has_name(&effects->names->binds, name))
		return DEFINES;
	for (size_t i = 0; i < effects->names->deferred_count; i++)
		if (has_name(&effects->names->deferred[i].binds, name))
			return DEFINES_DEFERRED;
	return DEFINES_NOT;
}

static bool has_count(const struct player *player, size_t number)
{
	return player->notebook->code[number - 1]->execution_count != NO_COUNT;
}

/* The cell whose earlier run most likely bound the name; 0 if none. The nearest
 * counted cell above; else one above without a count, which can only have run if
 * its outputs were cleared since; else the nearest counted one below. */
static size_t find_definer(const struct player *player, size_t reader, symbol name)
{
	size_t above;
	struct name_cells cells = definers_of_name(player->playback->definers, name, reader, &above);
	for (enum definer how = DEFINES; how > DEFINES_NOT; how--) {
		size_t uncounted = 0;
		for (size_t i = above; i-- > 0;) {
			size_t number = cells.items[i];
			if (how_it_defines(player, number, name) != how)
				continue;
			if (has_count(player, number))
				return number;
			if (!uncounted)
				uncounted = number;
		}
		if (uncounted)
			return uncounted;
		for (size_t i = above; i < cells.count; i++)
			if (cells.items[i] != reader && how_it_defines(player, cells.items[i], name) == how &&
			    has_count(player, cells.items[i]))
				return cells.items[i];
	}
	return 0;
}

/* The cell of the nearest recorded run before (`step` -1) or after (1) this place of the log, in its session. */
static size_t neighbour(const struct player *player, size_t at, int step)
{
	const struct log *log = player->log;
	for (size_t i = at + (size_t)step; i < log->run_count && log->runs[i].session == log->runs[at].session;
	     i += (size_t)step)
		if (log->runs[i].origin == RUN_RECORDED)
			return log->runs[i].cell;
	return 0;
}

/* 1 + the place of the last gap with room among the first `count` runs of the log, or
 * 0. Gaps only fill, so what was found to have no room is passed over at one step
 * from then on. */
static size_t open_gap(const struct player *player, size_t count)
{
	size_t found = count;
	for (; found > 0; found = player->open_before[found - 1]) {
		const struct run *run = &player->log->runs[found - 1];
		if (run->origin == RUN_LOST && player->plan[found - 1].count < run->lost_count)
			break;
	}
	for (size_t next; count > found; count = next) {
		next = player->open_before[count - 1];
		player->open_before[count - 1] = found;
	}
	return found;
}

/* A lost run before the place `at` that can have been one of the cell: the latest
 * at which the cells ran in the order of the file, else the latest; SIZE_MAX when
 * there is none. */
static size_t find_gap(const struct player *player, size_t at, bool itself, size_t cell)
{
	enum { GAPS_SEEN = 64 };
	const struct log *log = player->log;
	size_t latest = SIZE_MAX, seen = 0;
	for (size_t i = open_gap(player, itself ? at + 1 : at); i-- > 0 && log->runs[i].session == log->runs[at].session;
	     i = open_gap(player, i)) {
		if (seen++ == GAPS_SEEN)
			break;
		if (latest == SIZE_MAX)
			latest = i;
		size_t before = neighbour(player, i, -1), after = neighbour(player, i, 1);
		if (before < cell && after > cell)
			return i;
	}
	return latest;
}

/* Puts an earlier run of a cell into a gap: before the inferred run of `reader`
 * that needs it, if that is in this gap, else where the file has it. */
static bool plan_run(struct player *player, size_t gap, size_t reader, size_t cell)
{
	struct planned *planned = &player->plan[gap];
	size_t to = 0;
	for (size_t i = 0; i < planned->count; i++)
		if (planned->items[i] == cell)
			return false;
	while (to < planned->count && planned->items[to] != reader && (reader || planned->items[to] < cell))
		to++;
	vector_push(player->arena, planned, cell);
	for (size_t i = planned->count - 1; i > to; i--)
		planned->items[i] = planned->items[i - 1];
	planned->items[to] = cell;
	return true;
}

/* Infers an earlier run that bound the name for the run under way; false when none could have. */
static bool infer(struct player *player, const struct run *reader, symbol name)
{
	size_t definer = find_definer(player, reader->cell ? reader->cell : player->notebook->code_count + 1, name);
	if (!definer || player->planned_in[definer] == player->trials)
		return false;
	size_t gap = find_gap(player, player->at, reader->origin == RUN_INFERRED, definer);
	if (gap == SIZE_MAX || !plan_run(player, gap, gap == player->at ? reader->cell : 0, definer))
		return false;
	player->planned_in[definer] = player->trials;
	return true;
}

/* Infers runs for the names that a run did not find. */
static void infer_names(struct player *player, const struct run *run, const struct replay_run *result)
{
	for (size_t i = 0; i < result->assumed.count; i++)
		player->changed = infer(player, run, result->assumed.items[i]) || player->changed;
	/* What it only may have needed counts as well, unless it failed: then it may not have got there. */
	for (size_t i = 0; i < result->reads.count && !run->error; i++) {
		const struct replay_read *read = &result->reads.items[i];
		if (read->unbound && !read->guarded)
			player->changed = infer(player, run, read->name) || player->changed;
	}
}

static bool misses(const struct replay_run *run, symbol name)
{
	for (size_t i = 0; i < run->errors.count; i++)
		if (run->errors.items[i].must && run->errors.items[i].name == name)
			return true;
	return false;
}

static void play_run(struct player *player, struct run run)
{
	struct replay *replay = player->playback->replay;
	struct replay_request request = request_of(player->notebook, run.effects, &run);
	struct played_run played = {0};
	/* Where the log is complete, what is not bound was missing; where it has gaps, any of
	 * them may have bound it. */
	request.succeeded = run.end != END_UNKNOWN || run.origin != RUN_RECORDED || player->gaps > 0;
	request.missing = missing_name(player->symbols, run.error);
	if (!request.missing)
		request.missing = missing_output(player->arena, player->symbols, run.error);
	/* A saved NameError proves that the name was not bound, whatever the log has: the run that had bound it was
	 * one of another session, or its cell was edited since. */
	if (request.missing && run.effects->names &&
	    (!has_name(&run.effects->names->binds, request.missing) ||
	     has_name(&run.effects->names->reads_first, request.missing)) &&
	    !replay_binding(replay, request.missing).maybe_unbound) {
		/* Unless the cell itself deletes it before it misses it. */
		bool itself = has_name(&run.effects->names->deletes, request.missing);
		played.result = itself ? replay_play(replay, &request) : NULL;
		if (itself && !misses(played.result, request.missing)) {
			replay_take_back(replay);
			played.result = NULL;
		}
		if (!played.result)
			replay_unbind(replay, request.missing);
	}
	if (!played.result)
		played.result = replay_play(replay, &request);
	if (player->infers)
		infer_names(player, &run, played.result);
	played.lost = (struct name_list){played.result->assumed.items, played.result->assumed.count};
	vector_push(player->trial, &player->runs, run);
	struct run *kept = arena_copy(player->trial, &run, sizeof run);
	kept->step = player->runs.count;
	played.run = kept;
	remember(player->trial, player->playback, &played);
}

/* What is left of a gap, and the runs that were inferred in it. */
static void play_gap(struct player *player, const struct run *lost)
{
	/* A run that is planned from here on belongs to the next trial. */
	size_t count = player->plan[player->at].count;
	size_t *cells = arena_copy(player->trial, player->plan[player->at].items, count * sizeof *cells);
	struct run rest = *lost;
	rest.lost_count -= (uint32_t)count;
	player->gaps += lost->lost_count;
	if (rest.lost_count)
		vector_push(player->trial, &player->runs, rest);
	for (size_t i = 0; i < count; i++)
		play_run(player, (struct run){.count = rest.count + rest.lost_count + (int64_t)i,
		                              .cell = cells[i],
		                              .origin = RUN_INFERRED,
		                              .via = VIA_COUNTS,
		                              .known = KNOWN_INFERRED,
		                              .link = LINK_EARLIER_RUN,
		                              .link_known = KNOWN_INFERRED,
		                              .end_known = KNOWN_UNKNOWN,
		                              .session = lost->session,
		                              .effects = player->effects[cells[i] - 1],
		                              .source = player->notebook->code[cells[i] - 1]->source});
}

/* Plays the log with the runs that were inferred so far. */
static void play_log(struct player *player)
{
	unsigned session = 0;
	player->playback = playback_new(player->trial, player->symbols, player->notebook, player->effects, player->traced);
	player->runs.count = 0;
	player->runs.capacity = 0;
	player->changed = false;
	for (player->at = 0; player->at < player->log->run_count; player->at++) {
		const struct run *run = &player->log->runs[player->at];
		arena_step(player->arena, "following the runs", player->at, player->log->run_count);
		if (run->session != session) {
			replay_restart(player->playback->replay);
			player->gaps = 0;
		}
		session = run->session;
		if (run->origin == RUN_LOST)
			play_gap(player, run);
		else
			play_run(player, *run);
	}
}

static struct log *finish_log(struct player *player)
{
	struct log *whole = arena_copy(player->arena, player->log, sizeof *player->log);
	whole->runs = arena_copy(player->arena, player->runs.items, player->runs.count * sizeof *whole->runs);
	whole->run_count = player->runs.count;
	for (size_t i = 0; i < whole->run_count; i++)
		whole->runs[i].step = i + 1;
	return whole;
}

/* What one trial infers may itself need earlier runs, so the log is played until
 * nothing is missing that a gap could hold. */
struct playback *playback_of_log(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                 struct effects *const *effects, const struct log *log, bool traced, struct log **whole)
{
	struct player player = {.arena = arena,
	                        .symbols = symbols,
	                        .notebook = notebook,
	                        .effects = effects,
	                        .log = log,
	                        .traced = traced,
	                        .infers = whole != NULL};
	player.plan = arena_array(arena, log->run_count, sizeof *player.plan);
	player.open_before = arena_array(arena, log->run_count, sizeof *player.open_before);
	for (size_t i = 0; i < log->run_count; i++)
		player.open_before[i] = i;
	player.planned_in = arena_array(arena, notebook->code_count + 1, sizeof *player.planned_in);
	for (player.trials = 1;; player.trials++) {
		player.trial = arena_child(arena);
		play_log(&player);
		if (!player.changed || player.trials == MAX_TRIALS)
			break;
		replay_free(player.playback->replay);
		arena_free(player.trial);
	}
	if (whole)
		*whole = finish_log(&player);
	return player.playback;
}

static const struct replay_read *read_of(const struct replay_run *run, symbol name)
{
	for (size_t i = 0; i < run->reads.count; i++)
		if (run->reads.items[i].name == name)
			return &run->reads.items[i];
	return NULL;
}

/* Whether what only may have bound a name had the same inputs and text in both plays, so that it binds it in both or in
 * neither. */
static bool same_provider(const struct playback *log, const struct replay_read *before, const struct playback *file,
                          const struct replay_read *now)
{
	const struct played_run *was = before ? playback_run(log, before->bound_by) : NULL;
	const struct played_run *is = playback_run(file, now->bound_by);
	return was && is && identity_difference(&was->result->identity, &is->result->identity) == LEVELS;
}

/* A NameError that comes again names its variable in the saved output, also where
 * the replay alone could only say that the name may be missing. */
static void repeat_name_error(struct arena *arena, symbol name, const struct playback *log,
                              const struct replay_run *saved, const struct playback *file, struct played_run *played)
{
	const struct replay_read *read = name ? read_of(played->result, name) : NULL;
	if (!read || (!read->unbound && !same_provider(log, read_of(saved, name), file, read)))
		return; /* what a cell does not read is missing in other code, such as a library's */
	struct replay_run *result = played->result;
	for (size_t i = 0; i < result->errors.count; i++)
		if (result->errors.items[i].must)
			return;
	vector_push(arena, &result->errors, ((struct replay_error){name, played->run->error->line, true}));
}

/* Whether a run certainly finds the name, so that it cannot be for want of it that it fails. */
static bool certainly_finds(const struct replay_run *run, symbol name)
{
	const struct replay_read *read = name ? read_of(run, name) : NULL;
	return read && !read->unbound && !read->maybe_unbound && !read->opaque;
}

struct playback *playback_of_file(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                  struct effects *const *effects, const struct playback *log, bool traced)
{
	struct playback *playback = playback_new(arena, symbols, notebook, effects, traced);
	int64_t count = 0;
	for (size_t number = 1; number <= notebook->code_count; number++) {
		struct run *run = arena_alloc(arena, sizeof *run);
		const struct cell *cell = notebook->code[number - 1];
		arena_step(arena, "following the file", number - 1, notebook->code_count);
		if (slice_trim(cell->source).length > 0)
			count++;
		*run = (struct run){.step = number,
		                    .count = count,
		                    .cell = number,
		                    .link = LINK_LAST_RUN,
		                    .session = 1,
		                    .effects = effects[number - 1],
		                    .source = cell->source};
		size_t last = log->last_of_cell[number];
		const struct played_run *saved = last ? &log->runs.items[last - 1] : NULL;
		struct played_run played = {.run = run};
		if (saved && saved->run->error) {
			/* It fails again in the same way if everything up to the failing line is the same. */
			run->error = saved->run->error;
			struct replay_request request = request_of(notebook, run->effects, run);
			played.result = replay_play(playback->replay, &request);
			symbol missing = missing_name(symbols, run->error);
			played.repeats_error = identity_difference(&played.result->identity, &saved->result->identity) == LEVELS &&
			                       !certainly_finds(played.result, missing);
			if (!played.repeats_error) {
				replay_take_back(playback->replay);
				run->error = NULL;
			} else {
				repeat_name_error(arena, missing, log, saved->result, playback, &played);
			}
		}
		if (!played.repeats_error) {
			struct replay_request request = request_of(notebook, run->effects, run);
			played.result = replay_play(playback->replay, &request);
		}
		remember(arena, playback, &played);
	}
	return playback;
}
