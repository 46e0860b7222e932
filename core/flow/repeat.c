/* Stores that change nothing when they are repeated: `df['c'] = df['a'] * k`.
 *
 * A statement that only stores one item under a text, and reads what it stores into
 * only by other texts, gives the same again as long as all else that it reads is
 * the same and nothing has changed the object since. So its second run leaves
 * the object, and its own derivation, as the first one made them. */
#include "flow/interpreter.h"

/* What such a store made of an object. */
struct repeat {
	uint64_t statement;       /* of its tokens */
	struct identity others;   /* what it read besides the object */
	struct identity identity; /* of the object behind it */
};

/* The text between plain quotes; false for what is written in another way. */
static bool plain_text(const struct frame *frame, const struct event *event, struct slice *text)
{
	if (event->kind != EVENT_CONSTANT || event->form != FORM_STRING)
		return false;
	struct slice written = slice_part(frame->program->source, event->target, event->target + event->b);
	bool quoted = written.length >= 2 && (written.bytes[0] == '\'' || written.bytes[0] == '"') &&
	              written.bytes[written.length - 1] == written.bytes[0];
	*text = slice_part(written, 1, written.length - 1);
	return quoted && slice_find(*text, '\\', 0) == text->length &&
	       slice_find(*text, written.bytes[0], 0) == text->length;
}

static const struct event *event_of_value(const struct frame *frame, uint32_t from, uint32_t to, value_id value)
{
	for (uint32_t i = from; i < to; i++)
		if (frame->events[i].value == value)
			return &frame->events[i];
	return NULL;
}

static bool reads_name(const struct frame *frame, const struct event *event, symbol name)
{
	const struct variable *variable = &frame->program->variables[event->variable];
	return event->kind == EVENT_READ && variable->scope == VARIABLE_GLOBAL && variable->name == name;
}

/* Whether the event uses the value otherwise than to take an item of another text from it, or to store into it. */
static bool spoils(const struct frame *frame, uint32_t from, uint32_t to, const struct event *event, value_id value,
                   struct slice stored)
{
	for (uint32_t i = 0; i < event->argument_count; i++)
		if (frame->arguments[event->arguments + i].value == value)
			return true;
	if (event->b == value && event->kind != EVENT_CONSTANT)
		return true;
	if (event->a != value || event->kind == EVENT_SET_ITEM)
		return false;
	struct slice text;
	const struct event *key = event->kind == EVENT_ITEM ? event_of_value(frame, from, to, event->b) : NULL;
	return !key || !plain_text(frame, key, &text) || slice_equal(text, stored);
}

static bool is_plain(const struct event *event)
{
	switch (event->kind) {
	case EVENT_STATEMENT:
	case EVENT_STEP:
	case EVENT_READ:
	case EVENT_CONSTANT:
	case EVENT_BUILD:
	case EVENT_OPERATE:
	case EVENT_ATTRIBUTE:
	case EVENT_ITEM:
	case EVENT_CALL:
	case EVENT_SET_ITEM:
	case EVENT_END: return true;
	default: return false;
	}
}

/* The global name into whose object the statement stores, or 0 when it is another kind of statement. */
static symbol stored_name(const struct frame *frame, uint32_t from, uint32_t to)
{
	enum { LONGEST = 64 }; /* what is asked of each pair of events stays cheap */
	const struct event *store = NULL;
	if (to - from > LONGEST)
		return 0;
	for (uint32_t i = from; i < to; i++) {
		const struct event *event = &frame->events[i];
		if (!is_plain(event) || (event->kind == EVENT_SET_ITEM && store))
			return 0;
		if (event->kind == EVENT_SET_ITEM)
			store = event;
	}
	if (!store)
		return 0;
	struct slice stored;
	const struct event *key = event_of_value(frame, from, to, frame->arguments[store->arguments].value);
	const struct event *target = event_of_value(frame, from, to, store->a);
	if (!key || !plain_text(frame, key, &stored) || !target || target->kind != EVENT_READ)
		return 0;
	symbol name = frame->program->variables[target->variable].name;
	for (uint32_t i = from; i < to; i++) {
		if (!reads_name(frame, &frame->events[i], name))
			continue;
		for (uint32_t j = from; j < to; j++)
			if (spoils(frame, from, to, &frame->events[j], frame->events[i].value, stored))
				return 0;
	}
	return reads_name(frame, target, name) ? name : 0;
}

void begin_repeat(struct replay *replay, const struct frame *frame, uint32_t from, uint32_t to)
{
	replay->store = (struct store){.others = replay->statement};
	symbol name = stored_name(frame, from, to);
	struct object *object = name ? global_of(replay, name)->place.now.object : NULL;
	bool alone = object && !object->owner && !object->is_namespace && object->type != OBJECT_CHOICE &&
	             object->type != OBJECT_INSTANCE && object->type != OBJECT_MODULE;
	if (!alone)
		return;
	replay->store.name = name;
	replay->store.object = object;
	replay->store.before = *object;
	replay->store.hash = replay->event_key;
}

void end_repeat(struct replay *replay)
{
	const struct store *store = &replay->store;
	struct object *object = store->object;
	replay->store.object = NULL;
	if (!object || store->changes != 1 || object->touched_in != replay->statement_number)
		return;
	struct touched *touched = &replay->touched.items[object->touched_at];
	if (touched->made || touched->level != LEVEL_CERTAIN)
		return;
	const struct repeat *last = store->before.repeat;
	if (last && last->statement == store->hash && identity_difference(&last->others, &store->others) == LEVELS &&
	    identity_difference(&last->identity, &touched->before) == LEVELS) {
		uint32_t at = object->touched_at;
		*object = store->before;
		object->touched_in = replay->statement_number;
		object->touched_at = at;
		touched->unchanged = true;
		return;
	}
	struct identity identity = touched->before;
	identity_add(&identity, touched->level, &replay->statement);
	struct repeat made = {store->hash, store->others, identity};
	object->repeat = arena_copy(replay->kernel, &made, sizeof made);
}
