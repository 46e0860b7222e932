/* Goes through the events of all cells and follows what their values stand for. */
#include <string.h>

#include "base/hash.h"
#include "findings/library_calls.h"
#include "findings/lineage_parts.h"

static struct thing *attribute(struct lineage_reader *reader, const struct event *event)
{
	struct thing *of = thing_of_value(reader, event->a), *result = thing_new(reader);
	struct slice name = lineage_text(reader, event->name);
	if (of->kind == THING_LIBRARY) {
		result->kind = THING_LIBRARY;
		result->path = slice_format(reader->scratch, "%.*s.%.*s", SLICE_FORMAT(of->path), SLICE_FORMAT(name));
		return result;
	}
	thing_inherit(result, of);
	result->id = hash_mix(of->id, hash_bytes(name));
	result->kind = THING_METHOD;
	result->self = of;
	result->attribute = event->name;
	return result;
}

static struct thing *item(struct lineage_reader *reader, const struct event *event)
{
	const struct thing *of = thing_of_value(reader, event->a), *index = thing_of_value(reader, event->b);
	struct thing *result = thing_new(reader);
	thing_inherit(result, of);
	result->id = hash_mix(hash_mix(of->id, 2), index->id);
	/* Another column than the one that was transformed, or nobody knows which. */
	if (result->fit && result->column) {
		if (result->column == index->id || event->form == FORM_SLICE || event->form == FORM_TUPLE)
			return result;
		result->fit = NULL;
		result->column = 0;
	}
	return result;
}

/* One of several parts, or of several turns. */
static struct thing *part(struct lineage_reader *reader, const struct event *event)
{
	const struct thing *of = thing_of_value(reader, event->a);
	struct thing *result = thing_new(reader);
	const struct thing *estimator = of->element ? of->element : of;
	if (event->kind == EVENT_NEXT)
		result->loop = lineage_innermost_loop(reader);
	if (estimator->kind == THING_ESTIMATOR) {
		result->kind = THING_ESTIMATOR;
		result->path = estimator->path;
		result->loop = result->loop ? result->loop : of->loop;
		return result;
	}
	thing_inherit(result, of);
	if (event->kind == EVENT_UNPACK && of->kind == THING_SPLIT)
		result->is_test = event->index > 0 && event->index % 2 == 1;
	return result;
}

static void set_item(struct lineage_reader *reader, const struct event *event)
{
	struct thing *of = thing_of_value(reader, event->a), *value = thing_of_value(reader, event->b);
	while (of->kind == THING_METHOD && of->self->kind != THING_ESTIMATOR)
		of = of->self;
	thing_change(reader, of);
	of->element = of->element ? of->element : thing_estimator(value);
	if (value->fit && value->kind != THING_ESTIMATOR && !of->fit && event->argument_count) {
		of->fit = value->fit;
		of->column = thing_of_value(reader, reader->events.arguments[event->arguments].value)->id;
	}
	if (value->is_prediction)
		reader->lineage->may_score_elsewhere = true;
}

/* What is built or computed of values. */
static struct thing *combine(struct lineage_reader *reader, const struct event *event)
{
	struct thing *result = thing_new(reader);
	result->id = lineage_operands_id(reader, event, hash_mix((uint64_t)event->kind, (uint64_t)event->index));
	result->id = hash_mix(result->id, event->text);
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct thing *argument = thing_of_value(reader, reader->events.arguments[event->arguments + i].value);
		thing_inherit(result, argument);
		if (event->kind == EVENT_BUILD && !result->element)
			result->element = thing_estimator(argument);
	}
	return result;
}

static struct thing **place_of(struct lineage_reader *reader, uint32_t variable)
{
	const struct variable *of = &reader->program->variables[variable];
	return of->scope == VARIABLE_GLOBAL ? &reader->global[of->name] : &reader->locals[variable];
}

static struct thing *read(struct lineage_reader *reader, const struct event *event)
{
	struct thing **place = place_of(reader, event->variable);
	symbol name = reader->program->variables[event->variable].name;
	if (*place)
		return *place;
	struct thing *result = thing_new(reader);
	result->name = name;
	if (!python_is_builtin(lineage_text(reader, name)))
		*place = result;
	return result;
}

/* Whoever calls it so means to choose by it. */
static bool is_called_validation(struct slice name)
{
	return memmem(name.bytes, name.length, "val", 3) || memmem(name.bytes, name.length, "dev", 3);
}

static void bind(struct lineage_reader *reader, const struct event *event)
{
	struct thing **place = place_of(reader, event->variable), *thing = thing_of_value(reader, event->a);
	*place = thing;
	if (!thing->name)
		thing->name = reader->program->variables[event->variable].name;
	if (thing->split && thing->is_test && is_called_validation(lineage_text(reader, thing->name)))
		reader->splits.items[thing->split - 1].is_validation = true;
	if (lineage_is_maybe(reader))
		vector_push(reader->scratch, &reader->bound, place);
}

static struct thing *import(struct lineage_reader *reader, const struct event *event)
{
	struct thing *result = thing_new(reader);
	struct slice module = lineage_text(reader, event->text), name = lineage_text(reader, event->name);
	result->kind = THING_LIBRARY;
	result->path = event->kind == EVENT_IMPORT
	                   ? module
	                   : slice_format(reader->finder->arena, "%.*s.%.*s", SLICE_FORMAT(module), SLICE_FORMAT(name));
	return result;
}

/* What follows an `if` knows nothing of what happened in it. */
static void end_maybe(struct lineage_reader *reader)
{
	for (size_t i = 0; i < reader->bound.count; i++)
		*reader->bound.items[i] = thing_new(reader);
	for (size_t i = 0; i < reader->changed.count; i++)
		thing_forget(reader, reader->changed.items[i]);
	reader->bound.count = reader->changed.count = 0;
	reader->maybe_end = 0;
}

static void follow_jump(struct lineage_reader *reader, const struct event *event, uint32_t at)
{
	if (event->target <= at)
		return;
	if (event->kind == EVENT_BRANCH && event->index == BRANCH_LOOP) {
		uint32_t number = ++reader->loop_count;
		vector_push(reader->scratch, &reader->loops, ((struct loop){number, event->target}));
	} else if ((event->kind == EVENT_JUMP || event->index != BRANCH_ASSERT) && event->target > reader->maybe_end) {
		reader->maybe_end = event->target;
	}
}

static struct thing *constant(struct lineage_reader *reader, const struct event *event)
{
	struct thing *result = thing_new(reader);
	result->id = hash_mix(3, hash_bytes(slice_part(reader->program->source, event->target, event->target + event->b)));
	return result;
}

static void forget_everything(struct lineage_reader *reader)
{
	for (size_t i = 0; i < reader->global_count; i++)
		reader->global[i] = NULL;
	reader->lineage->may_score_elsewhere = true;
}

static struct thing *follow(struct lineage_reader *reader, const struct event *event)
{
	switch (event->kind) {
	case EVENT_READ: return read(reader, event);
	case EVENT_CONSTANT: return constant(reader, event);
	case EVENT_BUILD:
	case EVENT_OPERATE: return combine(reader, event);
	case EVENT_CALL: return lineage_call(reader, event);
	case EVENT_ATTRIBUTE: return attribute(reader, event);
	case EVENT_ITEM: return item(reader, event);
	case EVENT_ITERATE: return thing_of_value(reader, event->a);
	case EVENT_NEXT:
	case EVENT_UNPACK: return part(reader, event);
	case EVENT_IMPORT:
	case EVENT_IMPORT_FROM: return import(reader, event);
	case EVENT_UPDATE: thing_change(reader, thing_of_value(reader, event->a)); return thing_of_value(reader, event->a);
	case EVENT_BIND: bind(reader, event); break;
	case EVENT_DELETE: *place_of(reader, event->variable) = NULL; break;
	case EVENT_SET_ITEM: set_item(reader, event); break;
	case EVENT_SET_ATTRIBUTE:
	case EVENT_DELETE_ATTRIBUTE:
	case EVENT_DELETE_ITEM: thing_change(reader, thing_of_value(reader, event->a)); break;
	case EVENT_APPEND: thing_inherit(thing_of_value(reader, event->a), thing_of_value(reader, event->b)); break;
	case EVENT_OPAQUE: forget_everything(reader); break;
	default: break;
	}
	return NULL;
}

static void read_program(struct lineage_reader *reader, const struct program *program)
{
	struct arena *arena = arena_child(reader->scratch);
	struct program_events events = program_open(arena, program);
	uint32_t statement = 0;
	reader->program = program;
	reader->events = events;
	reader->values = arena_array(arena, program->value_count + 1, sizeof *reader->values);
	reader->locals = arena_array(arena, program->variable_count + 1, sizeof *reader->locals);
	reader->loops.count = 0;
	for (uint32_t i = 0; i < program->event_count; i++) {
		const struct event *event = &events.items[i];
		while (reader->loops.count && reader->loops.items[reader->loops.count - 1].end <= i)
			reader->loops.count--;
		if (reader->maybe_end && reader->maybe_end <= i)
			end_maybe(reader);
		while (statement < program->statement_count && program->statements[statement].first_event <= i)
			reader->line = program->statements[statement++].line;
		if (event->kind == EVENT_BRANCH || event->kind == EVENT_JUMP)
			follow_jump(reader, event, i);
		struct thing *made = follow(reader, event);
		if (event->value && made)
			reader->values[event->value] = made;
	}
	end_maybe(reader);
	arena_free(arena);
}

/* Whether a function or lambda below the program may fit or score a model: what it does is not followed. */
static void look_into_functions(struct lineage_reader *reader, const struct program *program)
{
	static const char *const methods[] = {"score", "predict", "predict_proba", "evaluate", "fit", NULL};
	struct arena *scratch = arena_child(reader->scratch);
	VECTOR(const struct program *) waiting = {0};
	vector_push(scratch, &waiting, program);
	while (waiting.count) {
		const struct program *next = waiting.items[--waiting.count];
		struct program_events events = next == program ? (struct program_events){0} : program_open(scratch, next);
		for (uint32_t i = 0; events.items && i < next->event_count; i++)
			if (events.items[i].kind == EVENT_ATTRIBUTE &&
			    slice_is_one_of(lineage_text(reader, events.items[i].name), methods))
				reader->lineage->may_score_elsewhere = true;
		for (uint32_t i = 0; i < next->child_count; i++)
			vector_push(scratch, &waiting, next->children[i]);
	}
	arena_free(scratch);
}

/* Most notebooks have no models, and nothing to follow. */
static bool imports_estimators(struct finder *finder)
{
	const struct library_use *use = library_use(finder);
	for (size_t i = 0; i < use->import_count; i++)
		if (path_has_estimators(use->imports[i].path))
			return true;
	return false;
}

const struct lineage *lineage_of(struct finder *finder)
{
	if (finder->lineage)
		return finder->lineage;
	if (!imports_estimators(finder))
		return finder->lineage = arena_alloc(finder->arena, sizeof *finder->lineage);
	struct lineage_reader reader = {.finder = finder, .scratch = arena_child(finder->arena)};
	struct lineage *lineage = arena_alloc(finder->arena, sizeof *lineage);
	reader.lineage = lineage;
	reader.global_count = symbols_count(finder->evidence->symbols) + 1;
	reader.global = arena_array(reader.scratch, reader.global_count, sizeof *reader.global);
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct effects *effects = finder->evidence->effects[i];
		arena_step(finder->arena, "following the data", i, finder->evidence->notebook->code_count);
		reader.cell = i + 1;
		if (!effects->is_python) {
			lineage->may_score_elsewhere = true;
			continue;
		}
		look_into_functions(&reader, effects->program);
		read_program(&reader, effects->program);
	}
	lineage->splits = reader.splits.items;
	lineage->split_count = reader.splits.count;
	lineage->scores = reader.scores.items;
	lineage->score_count = reader.scores.count;
	finder->lineage = lineage;
	arena_free(reader.scratch);
	return lineage;
}
