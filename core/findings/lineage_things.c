/* What values stand for, and what is left of that when they are changed, passed on or
 * combined. */
#include "findings/lineage_parts.h"

#include "base/hash.h"

struct slice lineage_text(const struct lineage_reader *reader, symbol name)
{
	return symbols_name(reader->finder->evidence->symbols, name);
}

struct thing *thing_new(struct lineage_reader *reader)
{
	struct thing *thing = arena_alloc(reader->scratch, sizeof *thing);
	thing->id = hash_mix(1, ++reader->last_id);
	return thing;
}

struct thing *thing_of_value(struct lineage_reader *reader, value_id value)
{
	if (!value)
		return thing_new(reader);
	if (!reader->values[value])
		reader->values[value] = thing_new(reader);
	return reader->values[value];
}

bool lineage_is_maybe(const struct lineage_reader *reader)
{
	return reader->maybe_end > 0;
}

uint32_t lineage_innermost_loop(const struct lineage_reader *reader)
{
	return reader->loops.count ? reader->loops.items[reader->loops.count - 1].number : 0;
}

bool lineage_is_in_loop(const struct lineage_reader *reader, uint32_t number)
{
	for (size_t i = 0; i < reader->loops.count; i++)
		if (reader->loops.items[i].number == number)
			return true;
	return false;
}

void thing_change(struct lineage_reader *reader, struct thing *thing)
{
	thing->id = hash_mix(1, ++reader->last_id);
	if (lineage_is_maybe(reader))
		vector_push(reader->scratch, &reader->changed, thing);
}

void thing_forget(struct lineage_reader *reader, struct thing *thing)
{
	if (thing->kind == THING_LIBRARY)
		return;
	if (thing->kind == THING_ESTIMATOR || thing->is_prediction)
		reader->lineage->may_score_elsewhere = true;
	*thing = (struct thing){.id = hash_mix(1, ++reader->last_id), .name = thing->name, .loop = thing->loop};
}

struct thing *thing_estimator(struct thing *thing)
{
	return thing->kind == THING_ESTIMATOR ? thing : thing->element;
}

void thing_inherit(struct thing *to, const struct thing *from)
{
	if (from->kind == THING_LIBRARY || from->kind == THING_ESTIMATOR) {
		to->loop = to->loop ? to->loop : from->loop;
		return;
	}
	if (!to->fit && from->fit) {
		to->fit = from->fit;
		to->column = from->column;
	}
	if (from->split && !to->split) {
		to->split = from->split;
		to->is_test = from->is_test;
	} else if (from->split && (to->split != from->split || to->is_test != from->is_test)) {
		to->is_test = false; /* of both parts */
	}
	if (from->is_prediction && !to->is_prediction) {
		to->is_prediction = true;
		to->on = from->on;
		to->model = from->model;
	}
	to->element = to->element ? to->element : from->element;
	to->loop = to->loop ? to->loop : from->loop;
}

uint64_t lineage_operands_id(struct lineage_reader *reader, const struct event *event, uint64_t id)
{
	for (uint32_t i = 0; i < event->argument_count; i++) {
		const struct event_argument *argument = &reader->events.arguments[event->arguments + i];
		id = hash_mix(hash_mix(id, argument->keyword), thing_of_value(reader, argument->value)->id);
	}
	return id;
}
