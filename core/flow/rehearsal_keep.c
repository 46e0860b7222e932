/* What a rehearsal keeps in memory.
 *
 * Computing leaves values behind that nothing reaches any more. When they may be
 * more than what is reached, between two runs, what the names reach moves to a new
 * arena and the old one goes: over all runs, that costs as much as making the
 * values did. A value or frame that has moved says where it is in its place. */
#include "flow/rehearsal_state.h"

/* Garbage that is not worth a move. */
enum { LITTLE = 2 << 20 };

struct keeper {
	struct arena *to, *from;
	VECTOR(struct value *) moved; /* whose own references are still to be followed; in `from` */
};

static struct value *keep_value(struct keeper *keeper, struct rehearsal *rehearsal, struct value *value)
{
	if (!value || value->kind == VALUE_UNKNOWN)
		return value ? &rehearsal->unknown : NULL;
	if (value->kind == VALUE_MOVED)
		return value->self;
	struct value *kept = arena_copy(keeper->to, value, sizeof *value);
	vector_push(keeper->from, &keeper->moved, kept);
	value->kind = VALUE_MOVED;
	value->self = kept;
	return kept;
}

/* Of a frame only the variables are needed. Frames are nested as deep as functions are in a source. */
static struct rehearsal_frame *keep_frame(struct keeper *keeper, struct rehearsal *rehearsal,
                                          struct rehearsal_frame *frame)
{
	if (!frame || frame->moved)
		return frame ? frame->moved : NULL;
	struct rehearsal_frame *kept = frame->moved = arena_alloc(keeper->to, sizeof *kept);
	uint32_t count = frame->program->variable_count;
	kept->program = frame->program;
	kept->outer = keep_frame(keeper, rehearsal, frame->outer);
	kept->slots = arena_array(keeper->to, count, sizeof(struct value *));
	for (uint32_t i = 0; i < count; i++)
		kept->slots[i] = keep_value(keeper, rehearsal, frame->slots[i]);
	return kept;
}

static void keep_references(struct keeper *keeper, struct rehearsal *rehearsal, struct value *value)
{
	value->self = keep_value(keeper, rehearsal, value->self);
	value->function = keep_value(keeper, rehearsal, value->function);
	value->source = keep_value(keeper, rehearsal, value->source);
	value->frame = keep_frame(keeper, rehearsal, value->frame);
	if (value->text.length)
		value->text = slice_copy(keeper->to, value->text);
	value->names.capacity = value->items.capacity = 0; /* what is added goes to a list of its own */
	if (value->names.count)
		value->names.items =
		    arena_copy(keeper->to, value->names.items, value->names.count * sizeof *value->names.items);
	if (value->items.count)
		value->items.items =
		    arena_copy(keeper->to, value->items.items, value->items.count * sizeof *value->items.items);
	for (size_t i = 0; i < value->items.count; i++)
		value->items.items[i] = keep_value(keeper, rehearsal, value->items.items[i]);
}

static void move(struct rehearsal *rehearsal)
{
	struct keeper keeper = {.to = arena_child(rehearsal->kernel), .from = rehearsal->arena};
	for (size_t i = 0; i < rehearsal->global_count; i++) {
		struct slot *slot = rehearsal_slot(rehearsal, (symbol)i);
		/* What it may be bound to doesn't matter, only that there is something. */
		slot->value = slot->value && slot->maybe ? &rehearsal->unknown : keep_value(&keeper, rehearsal, slot->value);
		while (keeper.moved.count > 0)
			keep_references(&keeper, rehearsal, keeper.moved.items[--keeper.moved.count]);
	}
	/* Values that have escaped lead to others, even where no name leads to them. */
	size_t escaped = rehearsal->escaped.count;
	struct value **items = arena_array(keeper.to, escaped, sizeof *items);
	for (size_t i = 0; i < escaped; i++) {
		items[i] = keep_value(&keeper, rehearsal, rehearsal->escaped.items[i]);
		while (keeper.moved.count > 0)
			keep_references(&keeper, rehearsal, keeper.moved.items[--keeper.moved.count]);
	}
	rehearsal->escaped.items = items;
	rehearsal->escaped.capacity = escaped;
	rehearsal->arena = keeper.to;
	rehearsal->kept = arena_used(keeper.to);
	arena_free(keeper.from);
}

void rehearsal_keep(struct rehearsal *rehearsal)
{
	rehearsal->budget = REHEARSAL_BYTES + rehearsal->events * REHEARSAL_EVENT_BYTES;
	if (arena_used(rehearsal->arena) <= 2 * rehearsal->kept + LITTLE)
		return;
	move(rehearsal);
	if (rehearsal->kept <= rehearsal->budget / 2)
		return;
	/* Texts that share their bytes take more room apart, for example. */
	rehearsal_lose(rehearsal);
	move(rehearsal);
}
