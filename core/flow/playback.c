#include "flow/playback.h"

/* How deep an inferred run may need further inferred runs. */
enum { MAX_INFERENCE_DEPTH = 16 };

struct player {
	struct arena *arena;
	struct symbols *symbols;
	const struct notebook *notebook;
	struct effects *const *effects;
	struct playback *playback;
	VECTOR(struct run) runs; /* of the whole log */
	size_t gap;              /* the last lost run of the session before the run under way, + 1; 0: none */
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

static void add_cell(struct arena *arena, struct playback *playback, symbol name, size_t cell)
{
	while (name >= playback->name_capacity)
		playback->cells_of_name = arena_grow(arena, playback->cells_of_name, playback->name_capacity,
		                                     &playback->name_capacity, sizeof *playback->cells_of_name);
	vector_push(arena, &playback->cells_of_name[name], cell);
}

struct name_cells playback_cells(const struct playback *playback, symbol name, size_t cell, size_t *above)
{
	struct name_cells cells = {0};
	if (name < playback->name_capacity)
		cells = playback->cells_of_name[name];
	size_t low = 0, high = cells.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (cells.items[middle] < cell)
			low = middle + 1;
		else
			high = middle;
	}
	*above = low;
	return cells;
}

static void expect_all(struct arena *arena, struct playback *playback, const struct name_list *names, size_t cell)
{
	for (size_t i = 0; i < names->count; i++) {
		replay_expect(playback->replay, names->items[i]);
		add_cell(arena, playback, names->items[i], cell);
	}
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
		expect_all(arena, playback, &names->binds, i + 1);
		for (size_t j = 0; j < names->deletes.count; j++)
			add_cell(arena, playback, names->deletes.items[j], i + 1);
		for (size_t j = 0; j < names->deferred_count; j++)
			expect_all(arena, playback, &names->deferred[j].binds, i + 1);
	}
	playback->last_of_cell = arena_array(arena, notebook->code_count + 1, sizeof *playback->last_of_cell);
	return playback;
}

static bool is_syntax_error(struct slice ename)
{
	return slice_equal(ename, SLICE("SyntaxError")) || slice_equal(ename, SLICE("IndentationError")) ||
	       slice_equal(ename, SLICE("TabError"));
}

/* Whether the run displayed its last value; its outputs tell, if they were saved. */
static bool shows_result(const struct notebook *notebook, const struct run *run)
{
	const struct cell *cell = run->cell ? notebook->code[run->cell - 1] : NULL;
	if (!cell || run->link == LINK_EARLIER_VERSION)
		return true;
	for (size_t i = 0; cell && i < cell->output_count; i++)
		if (cell->outputs[i].type == OUTPUT_EXECUTE_RESULT)
			return true;
	return false;
}

static struct replay_request request_of(const struct notebook *notebook, const struct effects *effects,
                                        const struct run *run)
{
	struct replay_request request = {.effects = effects, .count = run->count, .displays = shows_result(notebook, run)};
	const struct module *module = effects ? effects->module : NULL;
	bool wrong = module && module->has_error && !module->error.runs_in_ipython;
	if (wrong && module->error.is_late)
		request.refused_line = module->error.line;
	request.fails_whole = wrong && !module->error.is_late;
	if (run->error) {
		request.failing_line = run->error->line;
		if (is_syntax_error(run->error->ename) && !request.refused_line)
			request.fails_whole = true;
	}
	return request;
}

struct replay_run *playback_again(struct playback *playback, const struct notebook *notebook,
                                  const struct effects *effects, const struct run *run)
{
	struct replay_request request = request_of(notebook, effects, run);
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

static bool has_name(const struct name_list *list, symbol name)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == name)
			return true;
	return false;
}

/* Whether an earlier run of the cell could have bound the name. */
static bool may_define(const struct player *player, size_t number, symbol name)
{
	const struct cell *cell = player->notebook->code[number - 1];
	const struct effects *effects = player->effects[number - 1];
	if (cell->execution_count == NO_COUNT || !effects->names)
		return false;
	if (has_name(&effects->names->binds, name))
		return true;
	for (size_t i = 0; i < effects->names->deferred_count; i++)
		if (has_name(&effects->names->deferred[i].binds, name))
			return true;
	return false;
}

/* The nearest cell above that binds the name, or else the nearest below; 0 if none. */
static size_t find_definer(const struct player *player, size_t reader, symbol name)
{
	size_t above;
	struct name_cells cells = playback_cells(player->playback, name, reader, &above);
	for (size_t i = above; i-- > 0;)
		if (may_define(player, cells.items[i], name))
			return cells.items[i];
	for (size_t i = above; i < cells.count; i++)
		if (cells.items[i] != reader && may_define(player, cells.items[i], name))
			return cells.items[i];
	return 0;
}

/* Takes a lost run of the session for an inferred one; false when there is none left. */
static bool take_gap(struct player *player, unsigned session, int64_t *count)
{
	for (; player->gap > 0; player->gap--) {
		struct run *lost = &player->runs.items[player->gap - 1];
		if (lost->origin != RUN_LOST || lost->session != session)
			continue;
		if (lost->lost_count == 0)
			continue;
		lost->lost_count--;
		*count = lost->count + lost->lost_count;
		return true;
	}
	return false;
}

static void play_run(struct player *player, struct run run, unsigned depth);

/* Infers an earlier run that bound the name; false when none could have. */
static bool infer(struct player *player, const struct run *reader, symbol name, unsigned depth)
{
	if (replay_binding(player->playback->replay, name).object)
		return true; /* by a run that was inferred for another name */
	if (player->gap == 0)
		return false;
	size_t definer = find_definer(player, reader->cell ? reader->cell : player->notebook->code_count + 1, name);
	struct run run = {.cell = definer,
	                  .origin = RUN_INFERRED,
	                  .via = VIA_COUNTS,
	                  .known = KNOWN_INFERRED,
	                  .link = LINK_EARLIER_RUN,
	                  .link_known = KNOWN_INFERRED,
	                  .end_known = KNOWN_UNKNOWN};
	size_t gap = player->gap;
	if (!definer || depth >= MAX_INFERENCE_DEPTH || !take_gap(player, reader->session, &run.count)) {
		player->gap = gap;
		return false;
	}
	run.session = reader->session;
	run.effects = player->effects[definer - 1];
	run.source = player->notebook->code[definer - 1]->source;
	play_run(player, run, depth + 1);
	return replay_binding(player->playback->replay, name).object != NULL;
}

/* Infers runs for the names that a run did not find; false when there was nothing to infer. */
static bool infer_names(struct player *player, const struct run *run, const struct replay_run *result, unsigned depth)
{
	bool inferred = false;
	for (size_t i = 0; i < result->assumed.count; i++)
		inferred = infer(player, run, result->assumed.items[i], depth) || inferred;
	/* What it only may have needed counts as well, unless it failed: then it may not have got there. */
	for (size_t i = 0; i < result->reads.count && !run->error; i++) {
		const struct replay_read *read = &result->reads.items[i];
		if (read->unbound && !read->guarded)
			inferred = infer(player, run, read->name, depth) || inferred;
	}
	return inferred;
}

static bool lacks_names(const struct replay_run *result, const struct run *run)
{
	for (size_t i = 0; i < result->reads.count && !run->error; i++)
		if (result->reads.items[i].unbound && !result->reads.items[i].guarded)
			return true;
	return result->assumed.count > 0;
}

/* Plays a run, after those that it turns out to need; what those bring may show it
 * to need more. */
static void play_run(struct player *player, struct run run, unsigned depth)
{
	enum { ROUNDS = 4 };
	struct replay *replay = player->playback->replay;
	struct replay_request request = request_of(player->notebook, run.effects, &run);
	struct played_run played = {0};
	/* Where the log is complete, what is not bound was missing; where it has gaps, any of
	 * them may have bound it. */
	request.succeeded = run.end != END_UNKNOWN || run.origin != RUN_RECORDED || player->gap > 0;
	request.missing = missing_name(player->symbols, run.error);
	for (unsigned round = 0; round < ROUNDS; round++) {
		played.result = replay_play(replay, &request);
		if (!lacks_names(played.result, &run) || player->gap == 0)
			break;
		replay_take_back(replay);
		bool inferred = infer_names(player, &run, played.result, depth);
		if (!inferred || round + 1 == ROUNDS) {
			played.result = replay_play(replay, &request);
			break;
		}
	}
	played.lost = (struct name_list){played.result->assumed.items, played.result->assumed.count};
	vector_push(player->arena, &player->runs, run);
	struct run *kept = arena_copy(player->arena, &run, sizeof run);
	kept->step = player->runs.count;
	played.run = kept;
	remember(player->arena, player->playback, &played);
}

/* The whole log: gaps that inferred runs have filled are gone, steps count on. */
static struct log *finish_log(struct player *player, const struct log *log)
{
	struct log *whole = arena_alloc(player->arena, sizeof *whole);
	whole->sessions = log->sessions;
	whole->session_count = log->session_count;
	whole->sessions_assumed = log->sessions_assumed;
	whole->runs = arena_array(player->arena, player->runs.count, sizeof *whole->runs);
	for (size_t i = 0; i < player->runs.count; i++) {
		const struct run *run = &player->runs.items[i];
		if (run->origin == RUN_LOST && run->lost_count == 0)
			continue;
		whole->runs[whole->run_count] = *run;
		whole->runs[whole->run_count].step = whole->run_count + 1;
		whole->run_count++;
	}
	return whole;
}

struct playback *playback_of_log(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                 struct effects *const *effects, const struct log *log, bool traced,
                                 struct log **whole)
{
	struct player player = {.arena = arena, .symbols = symbols, .notebook = notebook, .effects = effects};
	player.playback = playback_new(arena, symbols, notebook, effects, traced);
	unsigned session = 0;
	for (size_t i = 0; i < log->run_count; i++) {
		struct run run = log->runs[i];
		if (run.session != session) {
			replay_restart(player.playback->replay);
			session = run.session;
			player.gap = 0;
		}
		if (run.origin == RUN_LOST) {
			vector_push(arena, &player.runs, run);
			player.gap = player.runs.count;
			continue;
		}
		play_run(&player, run, 0);
	}
	*whole = finish_log(&player, log);
	return player.playback;
}

/* A NameError that comes again names its variable in the saved output, also where
 * the replay alone could only say that the name may be missing. */
static void repeat_name_error(struct arena *arena, struct symbols *symbols, struct played_run *played)
{
	symbol name = missing_name(symbols, played->run->error);
	if (!name)
		return;
	struct replay_run *result = played->result;
	for (size_t i = 0; i < result->errors.count; i++)
		if (result->errors.items[i].must)
			return;
	vector_push(arena, &result->errors, ((struct replay_error){name, played->run->error->line, true}));
}

struct playback *playback_of_file(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                  struct effects *const *effects, const struct playback *log, bool traced)
{
	struct playback *playback = playback_new(arena, symbols, notebook, effects, traced);
	int64_t count = 0;
	for (size_t number = 1; number <= notebook->code_count; number++) {
		struct run *run = arena_alloc(arena, sizeof *run);
		const struct cell *cell = notebook->code[number - 1];
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
			played.repeats_error = identity_difference(&played.result->identity, &saved->result->identity) == LEVELS;
			if (!played.repeats_error) {
				replay_take_back(playback->replay);
				run->error = NULL;
			} else {
				repeat_name_error(arena, symbols, &played);
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
