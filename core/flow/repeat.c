/* Statements that change nothing when they are repeated: `df['c'] = df['a'] * k`, `box.size = 2`,
 * `df = df.fillna(0)`, `xs.sort()`.
 *
 * A statement that only stores one item under a text, and reads what it stores into
 * only by other texts, gives the same again as long as all else that it reads is
 * the same and nothing has changed the object since. So does one that only calls one of certain methods. The
 * second run of such a statement leaves the object as the first one made it. */
#include "flow/interpreter.h"

#include "python/mutators.h"

/* What such a statement made of an object. */
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
	const struct event *store = NULL;
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

/* The one event of the statement that stores an attribute, whose value does not rest on the object; or null. */
static const struct event *attribute_store(const struct frame *frame, uint32_t from, uint32_t to)
{
	const struct event *store = NULL;
	for (uint32_t i = from; i < to; i++) {
		const struct event *event = &frame->events[i];
		if (event->kind == EVENT_SET_ATTRIBUTE && !store)
			store = event;
		else if (!is_plain(event) || event->kind == EVENT_SET_ITEM)
			return NULL;
	}
	return store;
}

/* The one event of the statement that calls anything, when it calls a method that can be repeated; or null. */
static const struct event *repeated_call(const struct replay *replay, const struct frame *frame, uint32_t from,
                                         uint32_t to, enum method_repeat *repeat)
{
	const struct event *call = NULL, *bind = NULL, *method = NULL;
	for (uint32_t i = from; i < to; i++) {
		const struct event *event = &frame->events[i];
		if (event->kind == EVENT_CALL && !call)
			call = event;
		else if (event->kind == EVENT_BIND && !bind)
			bind = event;
		else if (event->kind == EVENT_CALL || event->kind == EVENT_SET_ITEM ||
		         (event->kind != EVENT_DISPLAY && !is_plain(event)))
			return NULL;
	}
	method = call ? event_of_value(frame, from, to, call->a) : NULL;
	if (!method || method->kind != EVENT_ATTRIBUTE || (bind && bind->a != call->value))
		return NULL;
	*repeat = python_method_repeat(symbols_name(replay->symbols, method->name));
	return *repeat == REPEATS_NOT || (bind && *repeat != REPEATS_RESULT) ? NULL : method;
}

/* The global name whose object the event uses, when nothing else in the statement reads it; or 0. */
static symbol only_read(const struct frame *frame, uint32_t from, uint32_t to, const struct event *user)
{
	const struct event *target = user ? event_of_value(frame, from, to, user->a) : NULL;
	if (!target || target->kind != EVENT_READ || frame->program->variables[target->variable].scope != VARIABLE_GLOBAL)
		return 0;
	symbol name = frame->program->variables[target->variable].name;
	for (uint32_t i = from; i < to; i++) {
		const struct event *event = &frame->events[i];
		if ((event != target && reads_name(frame, event, name)) ||
		    (event->kind == EVENT_BIND && frame->program->variables[event->variable].name != name))
			return 0;
	}
	return name;
}

/* Whether storing the attribute only stores it. */
static bool stores_plainly(const struct replay *replay, const struct object *object, symbol name)
{
	symbol setter = symbols_find(replay->symbols, SLICE("__setattr__"));
	const struct object *class = object->type == OBJECT_INSTANCE ? object->class : NULL;
	return !class || (!object_member(class, name) && !(setter && object_member(class, setter)));
}

/* The name of the object that the statement of these events can leave as it is when it is repeated; or 0. */
static symbol repeated_name(struct replay *replay, const struct frame *frame, uint32_t from, uint32_t to)
{
	enum { LONGEST = 64 }; /* what is asked of each pair of events stays cheap */
	enum method_repeat repeat = REPEATS_NOT;
	if (to - from > LONGEST)
		return 0;
	symbol name = stored_name(frame, from, to);
	const struct event *attribute = name ? NULL : attribute_store(frame, from, to);
	const struct event *method = name || attribute ? NULL : repeated_call(replay, frame, from, to, &repeat);
	if (!name)
		name = only_read(frame, from, to, attribute ? attribute : method);
	const struct object *object = name ? global_of(replay, name)->place.now.object : NULL;
	if (!object || object->owner || object->is_namespace || object->type == OBJECT_CHOICE ||
	    object->type == OBJECT_MODULE)
		return 0;
	if (repeat == REPEATS_CONTAINER && object->type != OBJECT_CONTAINER)
		return 0;
	return object->type != OBJECT_INSTANCE || (attribute && stores_plainly(replay, object, attribute->name)) ? name : 0;
}

void begin_repeat(struct replay *replay, const struct frame *frame, uint32_t from, uint32_t to)
{
	replay->store = (struct store){.others = replay->statement};
	symbol name = repeated_name(replay, frame, from, to);
	if (!name)
		return;
	struct object *object = global_of(replay, name)->place.now.object;
	replay->store.name = name;
	replay->store.object = object;
	replay->store.before = *object;
	replay->store.hash = replay->event_key;
}

/* Whether the object is still what the same statement has made of it. */
static bool is_repeated(const struct store *store, const struct identity *identity)
{
	const struct repeat *last = store->before.repeat;
	return last && last->statement == store->hash && identity_difference(&last->others, &store->others) == LEVELS &&
	       identity_difference(&last->identity, identity) == LEVELS;
}

static void remember_repeat(struct replay *replay, struct object *object, struct identity identity)
{
	struct repeat made = {replay->store.hash, replay->store.others, identity};
	object->repeat = arena_copy(replay->kernel, &made, sizeof made);
}

/* `x = x.method()`: the new object is the former one again. */
static void end_rebinding(struct replay *replay, struct object *made)
{
	const struct store *store = &replay->store;
	if (!made || made == store->object || store->changes || made->touched_in != replay->statement_number)
		return;
	struct touched *touched = &replay->touched.items[made->touched_at];
	if (!touched->made)
		return;
	if (is_repeated(store, &store->before.identity)) {
		made->identity = store->before.identity;
		made->repeat = store->before.repeat;
		touched->unchanged = true;
		return;
	}
	struct identity identity = replay->statement;
	identity_add_number(&identity, LEVEL_CERTAIN, touched->event_key);
	remember_repeat(replay, made, identity);
}

void end_repeat(struct replay *replay)
{
	const struct store *store = &replay->store;
	struct object *object = store->object;
	struct object *now = object ? global_of(replay, store->name)->place.now.object : NULL;
	if (now != object)
		end_rebinding(replay, now);
	replay->store.object = NULL;
	if (!object || now != object)
		return;
	if (store->changes != 1 || object->touched_in != replay->statement_number)
		return;
	struct touched *touched = &replay->touched.items[object->touched_at];
	if (touched->made || touched->level != LEVEL_CERTAIN)
		return;
	if (is_repeated(store, &touched->before)) {
		uint32_t at = object->touched_at;
		*object = store->before;
		object->touched_in = replay->statement_number;
		object->touched_at = at;
		touched->unchanged = true;
		return;
	}
	struct identity identity = touched->before;
	identity_add(&identity, touched->level, &replay->statement);
	remember_repeat(replay, object, identity);
}
