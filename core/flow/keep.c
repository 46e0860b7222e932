/* What a run leaves behind in the kernel.
 *
 * A run makes an object at nearly every event, and few of them can be reached once
 * it is over. All are made in the run's arena; what the namespace and what is kept
 * already can reach then moves to the kernel's arena, and the rest goes at once.
 * An object that has moved says where it is in its place (OBJECT_MOVED). */
#include "flow/interpreter.h"

struct keeper {
	struct arena *kernel;
	struct arena *run;
	VECTOR(struct object *) moved; /* whose own references are still to be followed */
};

static struct object *keep_object(struct keeper *keeper, struct object *object)
{
	if (!object || object->kept)
		return object;
	if (object->type == OBJECT_MOVED)
		return object->owner;
	struct object *kept = arena_copy(keeper->kernel, object, sizeof *object);
	kept->kept = true;
	if (kept->type == OBJECT_IMMUTABLE && kept->constant)
		kept->constant = constant_copy(keeper->kernel, kept->constant);
	vector_push(keeper->run, &keeper->moved, kept);
	object->type = OBJECT_MOVED;
	object->owner = kept;
	return kept;
}

/* Of the frame of a closure only its variables are needed. Frames are nested as deep as functions are in a source. */
static struct frame *keep_frame(struct keeper *keeper, struct frame *frame)
{
	if (!frame || frame->kept)
		return frame;
	if (!frame->moved) {
		struct frame *kept = frame->moved = arena_alloc(keeper->kernel, sizeof *kept);
		uint32_t count = frame->program->variable_count;
		kept->kept = true;
		kept->program = frame->program;
		kept->outer = keep_frame(keeper, frame->outer);
		kept->slots = arena_copy(keeper->kernel, frame->slots, count * sizeof *kept->slots);
		for (uint32_t i = 0; i < count; i++) {
			kept->slots[i].lasts = true;
			kept->slots[i].now.object = keep_object(keeper, kept->slots[i].now.object);
		}
	}
	return frame->moved;
}

/* Lists without capacity are the kernel's already. */
#define KEEP_LIST(keeper, list)                                                                                        \
	((list)->items = (list)->capacity                                                                                  \
	                     ? arena_copy((keeper)->kernel, (list)->items, (list)->count * sizeof *(list)->items)          \
	                     : (list)->items,                                                                              \
	 (list)->capacity = 0)

/* `is_new`: it has just moved, else it was the kernel's before the run. */
static void keep_references(struct keeper *keeper, struct object *object, bool is_new)
{
	object->owner = keep_object(keeper, object->owner);
	object->self = keep_object(keeper, object->self); /* or its class */
	object->closure = keep_frame(keeper, object->closure);
	bool new_parts = object->parts.capacity > 0;
	KEEP_LIST(keeper, &object->parts);
	KEEP_LIST(keeper, &object->names);
	for (size_t i = 0; new_parts && i < object->parts.count; i++)
		object->parts.items[i] = keep_object(keeper, object->parts.items[i]);
	bool has_members = object->type == OBJECT_CLASS || object->type == OBJECT_FUNCTION || object->type == OBJECT_METHOD;
	if (has_members && object->members && is_new) {
		size_t count = object->members->count;
		struct members *members =
		    arena_copy(keeper->kernel, object->members, sizeof *members + count * sizeof *members->items);
		for (size_t i = 0; i < count; i++)
			members->items[i].object = keep_object(keeper, members->items[i].object);
		object->members = members;
	}
}

void keep_run(struct replay *replay)
{
	struct keeper keeper = {.kernel = replay->kernel, .run = replay->arena};
	for (struct change *change = replay->state; change; change = change->previous)
		if (change->place->lasts)
			change->place->now.object = keep_object(&keeper, change->place->now.object);
	for (struct object_change *change = replay->object_changes; change; change = change->previous)
		if (change->object->kept)
			keep_references(&keeper, change->object, false);
	for (size_t i = replay->modules_before; i < replay->modules.list.count; i++)
		replay->modules.list.items[i] = keep_object(&keeper, replay->modules.list.items[i]);
	while (keeper.moved.count > 0)
		keep_references(&keeper, keeper.moved.items[--keeper.moved.count], true);
	replay->state = NULL;
	replay->object_changes = NULL;
	replay->modules_before = replay->modules.list.count;
	arena_release(replay->arena, replay->mark_before);
}
