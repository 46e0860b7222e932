/* The bindings of a replay: changing them, going back, and joining two states.
 *
 * Every change is a node that points at the one before it. A state is a node; the
 * bindings themselves always show the state under way. */
#include "flow/interpreter.h"

struct global *global_of(struct replay *replay, symbol name)
{
	if (name >= replay->global_count) {
		size_t count = replay->global_count ? replay->global_count * 2 : 64;
		while (count <= name)
			count *= 2;
		struct global **grown = arena_array(replay->kernel, count, sizeof *grown);
		for (size_t i = 0; i < replay->global_count; i++)
			grown[i] = replay->globals[i];
		replay->globals = grown;
		replay->global_count = count;
	}
	struct global *global = replay->globals[name];
	if (!global) {
		global = replay->globals[name] = arena_alloc(replay->kernel, sizeof *global);
		global->place.lasts = true;
		global->kernel_number = replay->kernel_number;
	}
	if (global->kernel_number != replay->kernel_number) {
		global->place.now = (struct binding){0};
		global->kernel_number = replay->kernel_number;
	}
	return global;
}

void bind_place(struct replay *replay, struct place *place, struct binding after)
{
	struct change *change = arena_alloc(replay->arena, sizeof *change);
	*change = (struct change){
	    place, place->now, after, replay->state, replay->state ? replay->state->depth + 1 : 1,
	};
	replay->state = change;
	place->now = after;
}

static uint32_t depth_of(const struct change *state)
{
	return state ? state->depth : 0;
}

static struct change *common_ancestor(struct change *a, struct change *b)
{
	while (depth_of(a) > depth_of(b))
		a = a->previous;
	while (depth_of(b) > depth_of(a))
		b = b->previous;
	while (a != b) {
		a = a->previous;
		b = b->previous;
	}
	return a;
}

void restore_state(struct replay *replay, struct change *state)
{
	struct change *common = common_ancestor(replay->state, state);
	for (struct change *change = replay->state; change != common; change = change->previous)
		change->place->now = change->before;
	/* Redo from the ancestor forwards: the chain only points backwards, so collect it first. */
	size_t count = depth_of(state) - depth_of(common);
	if (count > 0) {
		struct change **forward = arena_array(replay->arena, count, sizeof(struct change *));
		size_t at = count;
		for (struct change *change = state; change != common; change = change->previous)
			forward[--at] = change;
		for (size_t i = 0; i < count; i++)
			forward[i]->place->now = forward[i]->after;
	}
	replay->state = state;
}

struct object *choose_object(struct replay *replay, struct object *a, struct object *b)
{
	if (a == b)
		return a;
	/* A choice that already offers the other stays as it is. */
	for (size_t i = 0; a->type == OBJECT_CHOICE && i < a->parts.count; i++)
		if (a->parts.items[i] == b)
			return a;
	struct object *choice = make_object(replay, OBJECT_CHOICE);
	vector_push(replay->arena, &choice->parts, a);
	vector_push(replay->arena, &choice->parts, b);
	choice->nonempty = a->nonempty && b->nonempty;
	choice->never_changes = object_is_immutable(a) && object_is_immutable(b);
	return choice;
}

static struct binding join_bindings(struct replay *replay, struct binding a, struct binding b)
{
	struct binding joined = a.object ? a : b;
	joined.maybe_unbound = a.maybe_unbound || b.maybe_unbound || !a.object || !b.object;
	if (a.object && b.object)
		joined.object = choose_object(replay, a.object, b.object);
	if (!joined.object)
		joined.maybe_unbound = false;
	if (b.by > joined.by)
		joined.by = b.by;
	return joined;
}

void join_state(struct replay *replay, struct change *other)
{
	struct change *mine = replay->state;
	struct change *common = common_ancestor(mine, other);
	replay->parted.count = 0;
	uint32_t mark = ++replay->mark;
	/* From the newest change to the oldest: what stays in `other` is what was there when they parted ... */
	for (struct change *change = mine; change != common; change = change->previous) {
		struct place *place = change->place;
		if (place->mark != mark) {
			place->mark = mark;
			place->index = (uint32_t)replay->parted.count;
			vector_push(replay->kernel, &replay->parted, ((struct parted){.place = place}));
		}
		replay->parted.items[place->index].other = change->before;
	}
	/* ... unless the other state changed it too: then its newest change counts. */
	uint32_t theirs = ++replay->mark;
	for (struct change *change = other; change != common; change = change->previous) {
		struct place *place = change->place;
		if (place->mark == theirs)
			continue;
		if (place->mark != mark) {
			place->index = (uint32_t)replay->parted.count;
			vector_push(replay->kernel, &replay->parted, ((struct parted){.place = place}));
		}
		place->mark = theirs;
		replay->parted.items[place->index].other = change->after;
	}
	for (size_t i = 0; i < replay->parted.count; i++) {
		struct place *place = replay->parted.items[i].place;
		struct binding now = place->now, then = replay->parted.items[i].other;
		if (now.object == then.object && now.maybe_unbound == then.maybe_unbound)
			continue;
		/* Many states may join here: one that has nothing new to offer leaves no trace. */
		struct binding joined = join_bindings(replay, now, then);
		if (joined.object != now.object || joined.maybe_unbound != now.maybe_unbound || joined.by != now.by)
			bind_place(replay, place, joined);
	}
}
