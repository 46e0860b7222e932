/* The door of the replay: playing a run statement by statement. */
#include "flow/interpreter.h"

struct replay *replay_new(struct arena *arena, struct symbols *symbols)
{
	struct replay *replay = arena_alloc(arena, sizeof *replay);
	replay->results = arena;
	replay->arena = arena_child(arena);
	replay->kernel = arena_child(arena);
	replay->mark_before = arena_mark(replay->arena);
	replay->symbols = symbols;
	return replay;
}

void replay_free(struct replay *replay)
{
	arena_free(replay->arena);
	arena_free(replay->kernel);
}

void replay_expect(struct replay *replay, symbol name)
{
	global_of(replay, name)->expected = true;
}

void replay_restart(struct replay *replay)
{
	keep_run(replay);
	replay->kernel_number++;
	forget_modules(replay, 0);
	replay->opacity = (struct opacity){0};
	if (replay->trace)
		trace_restart(replay->trace);
}

struct trace *replay_trace(struct replay *replay)
{
	if (!replay->trace)
		replay->trace = trace_new(replay->results);
	return replay->trace;
}

/* The end of the top-level statement that begins at statements[index]. */
static uint32_t statement_end(const struct program *program, uint32_t index)
{
	for (uint32_t i = index + 1; i < program->statement_count; i++)
		if (program->statements[i].depth == 0)
			return program->statements[i].first_event;
	return program->event_count;
}

static void begin_statement(struct replay *replay, uint64_t hash)
{
	if (replay->request->other_source)
		hash = hash_mix(hash, hash_bytes(SLICE("other source")));
	replay->statement = identity_of_number(hash);
	replay->statement_number++;
	replay->ended_count = 0;
	replay->event_key = hash;
}

/* Plays one top-level statement. The one that a saved error names may have
 * happened in part: what it bound and what was there before are both possible. A simple
 * one that was to change an object has probably not done it. */
static void play_statement(struct replay *replay, struct frame *frame, uint32_t index, bool fails)
{
	const struct program_statement *statement = &frame->program->statements[index];
	struct change *before = replay->state;
	bool is_compound = index + 1 < frame->program->statement_count && frame->program->statements[index + 1].depth > 0;
	begin_statement(replay, statement->hash);
	replay->change_level = !fails ? LEVEL_CERTAIN : is_compound ? LEVEL_LIKELY : LEVEL_POSSIBLE;
	if (replay->trace)
		trace_begin_statement(replay->trace, replay->run_count, index, fails);
	uint32_t end = statement_end(frame->program, index);
	begin_repeat(replay, frame, statement->first_event, end);
	interpret(replay, frame, statement->first_event, end);
	if (fails && replay->state != before)
		join_state(replay, before);
	for (unsigned i = 0; i < replay->ended_count && has_failed(replay); i++)
		if (replay->ended[i] != replay->state)
			join_state(replay, replay->ended[i]);
	end_repeat(replay);
	settle_statement(replay);
}

/* What %%capture binds although its body failed. */
static void bind_captured(struct replay *replay, struct frame *frame)
{
	const struct program *program = frame->program;
	uint32_t bind = program->captured - 1;
	replay->run->failed = false;
	frame->reachable = true;
	begin_statement(replay, program->statements[0].hash);
	interpret(replay, frame, bind - 1, bind + 1); /* with the value that it binds */
	settle_statement(replay);
	replay->run->failed = true;
}

static void play_program(struct replay *replay, const struct program *program)
{
	struct frame *frame = frame_new(replay, program, NULL);
	uint32_t failing = replay->request->failing_line, refused = replay->request->refused_line;
	for (uint32_t i = 0; i < program->statement_count && !has_failed(replay); i++) {
		const struct program_statement *statement = &program->statements[i];
		if (statement->depth > 0)
			continue;
		uint32_t next_line = UINT32_MAX;
		for (uint32_t j = i + 1; j < program->statement_count; j++)
			if (program->statements[j].depth == 0) {
				next_line = program->statements[j].line;
				break;
			}
		if (refused && refused < next_line) {
			replay->run->failed = true;
			break;
		}
		bool fails = failing && failing < next_line;
		play_statement(replay, frame, i, fails);
		if (fails)
			replay->run->failed = true;
	}
	if (has_failed(replay) && program->captured)
		bind_captured(replay, frame);
}

#define COPY_LIST(arena, list)                                                                                         \
	((list)->items = (list)->count ? arena_copy((arena), (list)->items, (list)->count * sizeof *(list)->items) : NULL, \
	 (list)->capacity = 0)

static struct replay_run *copy_run(struct arena *arena, const struct replay_run *run)
{
	struct replay_run *copy = arena_copy(arena, run, sizeof *run);
	COPY_LIST(arena, &copy->reads);
	COPY_LIST(arena, &copy->writes);
	COPY_LIST(arena, &copy->errors);
	COPY_LIST(arena, &copy->assumed);
	return copy;
}

struct replay_run *replay_play(struct replay *replay, const struct replay_request *request)
{
	keep_run(replay);
	struct replay_run *run = arena_alloc(replay->arena, sizeof *run);
	replay->run = run;
	replay->request = request;
	replay->steps = 0;
	replay->before = replay->opacity;
	replay->all_steps_before = replay->all_steps;
	run->number = ++replay->run_count;
	if (replay->trace)
		trace_begin_run(replay->trace);
	replay->inputs_before = replay->inputs.count;
	if (request->effects && request->effects->module)
		remember_input(replay, request->count, request->effects->module->source);
	if (request->effects && request->effects->program) {
		if (request->fails_whole)
			run->failed = true;
		else
			play_program(replay, request->effects->program);
	}
	run->bounded = replay->all_steps > MAX_ALL_STEPS;
	return copy_run(request->results ? request->results : replay->results, run);
}

void replay_take_back(struct replay *replay)
{
	restore_state(replay, NULL);
	for (struct object_change *change = replay->object_changes; change; change = change->previous)
		*change->object = change->before;
	replay->object_changes = NULL;
	replay->opacity = replay->before;
	replay->inputs.count = replay->inputs_before;
	if (replay->trace)
		trace_take_back(replay->trace);
	forget_modules(replay, replay->modules_before);
	replay->all_steps = replay->all_steps_before;
	replay->touched.count = replay->carried.count = 0;
	arena_release(replay->arena, replay->mark_before);
}

void replay_unbind(struct replay *replay, symbol name)
{
	global_of(replay, name)->place.now = (struct binding){0};
}

struct binding replay_binding(const struct replay *replay, symbol name)
{
	const struct global *global = name < replay->global_count ? replay->globals[name] : NULL;
	return global && global->kernel_number == replay->kernel_number ? global->place.now : (struct binding){0};
}

void replay_assume(struct replay *replay, symbol name)
{
	struct object *object = arena_alloc(replay->arena, sizeof *object);
	object->type = OBJECT_UNKNOWN;
	object->owner_level = LEVEL_POSSIBLE;
	object->identity =
	    identity_of_number(hash_mix(hash_bytes(SLICE("assumed")), hash_bytes(symbols_name(replay->symbols, name))));
	bind_place(replay, &global_of(replay, name)->place, (struct binding){object, false, 0});
	if (replay->trace)
		trace_assume(replay->trace, name);
}
