/* Attributes, items, and going over them. */
#include "flow/rehearsal_parts.h"

/* `get_ipython().push(...)` and the like bind what nobody can read here. */
static bool opens_namespace(const struct rehearsal *rehearsal, const struct value *object, symbol name)
{
	static const struct slice openers[] = {SLICE_CONSTANT("ex"), SLICE_CONSTANT("push"), SLICE_CONSTANT("run_cell"),
	                                       SLICE_CONSTANT("run_code"), SLICE_CONSTANT("user_ns")};
	for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
		if (slice_equal(object->text, SLICE("get_ipython")) && slice_equal(rehearsal_text(rehearsal, name), openers[i]))
			return true;
	return false;
}

enum outcome rehearse_attribute(struct rehearsal *rehearsal, struct value *object, symbol name, struct value **result)
{
	switch (object->kind) {
	case VALUE_LIBRARY: {
		if (opens_namespace(rehearsal, object, name))
			rehearsal_lose(rehearsal);
		struct value *attribute = rehearsal_value(rehearsal, VALUE_LIBRARY);
		attribute->text = object->text;
		if (object->symbol)
			attribute->text = slice_format(rehearsal->arena, "%.*s.%.*s", SLICE_FORMAT(object->text),
			                               SLICE_FORMAT(rehearsal_text(rehearsal, object->symbol)));
		attribute->symbol = name;
		*result = attribute;
		return WENT_ON;
	}
	case VALUE_WILD: *result = object; return WENT_ON;
	case VALUE_INSTANCE:
	case VALUE_CLASS: {
		if (!rehearsal_knows(rehearsal, object))
			return LOST;
		struct value *own = object->kind == VALUE_INSTANCE ? rehearsal_member(object, name) : NULL;
		struct value *class = object->kind == VALUE_INSTANCE ? object->self : object;
		if (!own && !rehearsal_knows(rehearsal, class))
			return LOST;
		struct value *member = own ? own : rehearsal_member(class, name);
		if (!member)
			return LOST;
		*result = member;
		if (!own && object->kind == VALUE_INSTANCE && member->kind == VALUE_FUNCTION) {
			*result = rehearsal_value(rehearsal, VALUE_METHOD);
			(*result)->self = object;
			(*result)->function = member;
		}
		return WENT_ON;
	}
	default: break;
	}
	*result = rehearsal_value(rehearsal, VALUE_METHOD);
	(*result)->self = object;
	(*result)->symbol = name;
	return WENT_ON;
}

/* The bounds of a slice without a step, as Python clamps them. */
static bool slice_bounds(const struct value *slice, size_t length, size_t *from, size_t *to)
{
	int64_t bounds[2] = {0, (int64_t)length};
	if (slice->items.count != 3 || slice->items.items[2]->kind != VALUE_NONE)
		return false;
	for (size_t i = 0; i < 2; i++) {
		const struct value *bound = slice->items.items[i];
		if (bound->kind == VALUE_NONE)
			continue;
		if (bound->kind != VALUE_INT)
			return false;
		bounds[i] = bound->integer < 0 ? bound->integer + (int64_t)length : bound->integer;
		if (bounds[i] < 0)
			bounds[i] = 0;
		if (bounds[i] > (int64_t)length)
			bounds[i] = (int64_t)length;
	}
	*from = (size_t)bounds[0];
	*to = bounds[1] < bounds[0] ? *from : (size_t)bounds[1];
	return true;
}

static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] & 0x80)
			return false;
	return true;
}

static struct value *take_slice(struct rehearsal *rehearsal, const struct value *from, const struct value *slice)
{
	size_t start, end, length = from->kind == VALUE_STRING ? from->text.length : from->items.count;
	if (!slice_bounds(slice, length, &start, &end) || (from->kind == VALUE_STRING && !is_ascii(from->text)))
		return rehearsal_value(rehearsal, VALUE_UNKNOWN);
	if (from->kind == VALUE_STRING)
		return value_of_text(rehearsal->arena, slice_part(from->text, start, end));
	struct value *part = rehearsal_value(rehearsal, from->kind);
	for (size_t i = start; i < end; i++)
		vector_push(rehearsal->arena, &part->items, from->items.items[i]);
	return part;
}

static bool item_position(const struct value *sequence, const struct value *index, size_t *at)
{
	int64_t length = (int64_t)sequence->items.count;
	int64_t position = index->integer < 0 ? index->integer + length : index->integer;
	*at = (size_t)position;
	return position >= 0 && position < length;
}

enum outcome rehearse_item(struct rehearsal *rehearsal, struct value *from, const struct value *index,
                           struct value **result)
{
	size_t at;
	if (rehearsal_overloads(from))
		return from->kind == VALUE_CLASS ? WENT_ON : LOST;
	if (from->kind == VALUE_LIBRARY && from->text.length == 0 &&
	    slice_equal(rehearsal_text(rehearsal, from->symbol), SLICE("Out")))
		return rehearsal_load_output(rehearsal, index, result);
	if (!rehearsal_knows(rehearsal, from) || !rehearsal_knows(rehearsal, index)) {
		rehearsal_escape(rehearsal, from, true);
		return WENT_ON;
	}
	bool sequence = from->kind == VALUE_LIST || from->kind == VALUE_TUPLE;
	if (index->kind == VALUE_SLICE && (sequence || from->kind == VALUE_STRING)) {
		*result = take_slice(rehearsal, from, index);
	} else if (sequence && index->kind == VALUE_INT) {
		if (!item_position(from, index, &at))
			return rehearsal_raise(rehearsal, SLICE("IndexError"));
		*result = from->items.items[at];
	} else if (from->kind == VALUE_DICT) {
		int64_t found = value_find_key(from, index, rehearsal->epoch);
		if (found == 0)
			return rehearsal_raise(rehearsal, SLICE("KeyError"));
		if (found > 0)
			*result = from->items.items[found];
	}
	if (!*result || (*result)->kind == VALUE_UNKNOWN)
		rehearsal_escape(rehearsal, from, true);
	return WENT_ON;
}

enum outcome rehearse_set_item(struct rehearsal *rehearsal, struct value *object, struct value *index,
                               struct value *item)
{
	size_t at;
	if (rehearsal_overloads(object))
		return LOST;
	if (object->kind == VALUE_UNKNOWN || object->kind == VALUE_METHOD)
		rehearsal_lose_escaped(rehearsal);
	if (!rehearsal_knows(rehearsal, object) || object->kind == VALUE_METHOD || object->kind == VALUE_LIBRARY) {
		rehearsal_escape(rehearsal, item, false);
		return WENT_ON;
	}
	if (!value_is_mutable(object))
		return rehearsal_raise(rehearsal, SLICE("TypeError"));
	object->changes++;
	if (object->kind == VALUE_LIST && index->kind == VALUE_INT) {
		if (!item_position(object, index, &at))
			return rehearsal_raise(rehearsal, SLICE("IndexError"));
		object->items.items[at] = item;
	} else if (object->kind == VALUE_DICT && rehearsal_knows(rehearsal, index)) {
		rehearsal_set_item(rehearsal, object, index, item);
	} else {
		rehearsal_lose_value(rehearsal, object);
		rehearsal_escape(rehearsal, item, false);
	}
	return WENT_ON;
}

enum outcome rehearse_delete_item(struct rehearsal *rehearsal, struct value *object, const struct value *index)
{
	if (rehearsal_overloads(object))
		return LOST;
	if (object->kind == VALUE_UNKNOWN || object->kind == VALUE_METHOD)
		rehearsal_lose_escaped(rehearsal);
	object->changes++;
	int64_t at = object->kind == VALUE_DICT ? value_find_key(object, index, rehearsal->epoch) : -1;
	if (at == 0)
		return rehearsal_raise(rehearsal, SLICE("KeyError"));
	if (at < 0) {
		if (value_is_mutable(object))
			rehearsal_lose_value(rehearsal, object);
		return WENT_ON;
	}
	for (size_t i = (size_t)at + 1; i < object->items.count; i++)
		object->items.items[i - 2] = object->items.items[i];
	object->items.count -= 2;
	return WENT_ON;
}

enum outcome rehearse_set_attribute(struct rehearsal *rehearsal, struct value *object, symbol name, struct value *value)
{
	if (object->kind == VALUE_WILD)
		return LOST;
	if (object->kind == VALUE_LIBRARY && slice_equal(object->text, SLICE("builtins")))
		rehearsal_lose(rehearsal);
	if (object->kind == VALUE_LIBRARY && slice_equal(object->text, SLICE("sys"))) {
		rehearsal->prints_anything = true;
		rehearsal->shows_anything = true;
	}
	if (object->kind == VALUE_UNKNOWN || object->kind == VALUE_METHOD)
		rehearsal_lose_escaped(rehearsal);
	if (object->kind != VALUE_INSTANCE && object->kind != VALUE_CLASS) {
		rehearsal_escape(rehearsal, value, false);
		rehearsal->unsure = true;
		return WENT_ON;
	}
	const struct value *class = object->kind == VALUE_INSTANCE ? object->self : object;
	symbol setter = symbols_find(rehearsal->symbols, SLICE("__setattr__"));
	if (!rehearsal_knows(rehearsal, class) || (setter && rehearsal_member(class, setter)))
		return LOST;
	if (rehearsal_knows(rehearsal, object))
		rehearsal_set_member(rehearsal, object, name, value);
	return WENT_ON;
}

/* ------------------------------------------------------------------ iteration */

enum outcome rehearse_iterate(struct rehearsal *rehearsal, struct value *iterable, struct value **result)
{
	if (iterable->kind == VALUE_ITERATOR || iterable->kind == VALUE_UNKNOWN || iterable->kind == VALUE_LIBRARY ||
	    iterable->kind == VALUE_METHOD) {
		*result = iterable->kind == VALUE_ITERATOR ? iterable : rehearsal_value(rehearsal, VALUE_UNKNOWN);
		if (!rehearsal_knows(rehearsal, iterable))
			rehearsal_escape(rehearsal, iterable, true);
		return WENT_ON;
	}
	if (iterable->kind == VALUE_FUNCTION || iterable->kind == VALUE_NONE || value_is_number(iterable))
		return rehearsal_raise(rehearsal, SLICE("TypeError"));
	if (rehearsal_carries_code(iterable))
		return LOST;
	struct value *iterator = rehearsal_value(rehearsal, VALUE_ITERATOR);
	iterator->self = iterable;
	if (iterable->kind != VALUE_LIST) { /* a list is gone over as it is then */
		enum outcome outcome = rehearsal_items(rehearsal, iterable, &iterator->self);
		if (outcome != WENT_ON)
			return outcome;
		/* What is gone over must stay as it is. */
		iterator->source = iterable->kind == VALUE_DICT ? iterable : iterable->source;
		iterator->seen = iterator->source ? iterator->source->changes : 0;
	}
	if (!iterator->self)
		rehearsal_escape(rehearsal, iterable, true);
	*result = iterator->self ? iterator : rehearsal_value(rehearsal, VALUE_UNKNOWN);
	return WENT_ON;
}

/* Whether the iterator has one more: 1, 0 or -1. */
int rehearsal_has_next(const struct rehearsal *rehearsal, const struct value *iterator)
{
	if (iterator->kind != VALUE_ITERATOR || !rehearsal_knows(rehearsal, iterator) ||
	    !rehearsal_knows(rehearsal, iterator->self))
		return -1;
	return (size_t)iterator->integer < iterator->self->items.count;
}

enum outcome rehearse_unpack(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                             struct value **result)
{
	struct value *from = rehearsal_operand(rehearsal, frame, event->a);
	if (rehearsal_overloads(from) || from->kind == VALUE_GENERATOR)
		return LOST;
	if (from->kind == VALUE_ITERATOR)
		from->lost = true;
	if ((from->kind != VALUE_LIST && from->kind != VALUE_TUPLE) || !rehearsal_knows(rehearsal, from)) {
		rehearsal_escape(rehearsal, from, true);
		return WENT_ON;
	}
	if (event->target && event->target != from->items.count)
		return rehearsal_raise(rehearsal, SLICE("ValueError"));
	if (event->index >= 0 && (size_t)event->index < from->items.count)
		*result = from->items.items[event->index];
	else
		rehearsal_escape(rehearsal, from, true);
	return WENT_ON;
}
