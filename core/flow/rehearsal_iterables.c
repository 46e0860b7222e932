/* What goes over items: iteration, sorting, and the builtins that take an iterable. */
#include "flow/rehearsal_invocation.h"

/* `until`: see yields_until. */
static enum outcome items_until(struct rehearsal *rehearsal, struct value *value, int until, struct value **items)
{
	*items = NULL;
	if (value->kind == VALUE_GENERATOR) {
		if (!rehearsal_knows(rehearsal, value) || value->items.count != 1)
			return LOST;
		struct rehearsal_frame *frame = rehearsal_frame_new(rehearsal, value->program, value->frame);
		struct value *list = rehearsal_value(rehearsal, VALUE_LIST), *outer = rehearsal->yields;
		int outer_until = rehearsal->yields_until;
		frame->slots[0] = value->items.items[0];
		value->lost = true; /* it is used up */
		rehearsal->yields = list;
		rehearsal->yields_until = until;
		enum outcome outcome = rehearse_events(rehearsal, frame, 0, value->program->event_count);
		rehearsal->yields = outer;
		rehearsal_frame_end(rehearsal, frame);
		rehearsal->yields_until = outer_until;
		*items = list;
		return outcome == RETURNED ? WENT_ON : outcome;
	}
	if (value->kind == VALUE_FUNCTION || value->kind == VALUE_NONE || value_is_number(value))
		return rehearsal_raise(rehearsal, SLICE("TypeError"));
	if (rehearsal_carries_code(value))
		return LOST;
	if (value->kind == VALUE_ITERATOR) {
		if (rehearsal_knows(rehearsal, value) && rehearsal_knows(rehearsal, value->self)) {
			*items = rehearsal_value(rehearsal, VALUE_LIST);
			for (; (size_t)value->integer < value->self->items.count; value->integer++)
				vector_push(rehearsal->arena, &(*items)->items, value->self->items.items[value->integer]);
		}
		return WENT_ON;
	}
	if (!rehearsal_knows(rehearsal, value))
		return WENT_ON;
	struct value *list = rehearsal_value(rehearsal, VALUE_LIST);
	switch (value->kind) {
	case VALUE_LIST:
	case VALUE_TUPLE:
	case VALUE_VIEW:
	case VALUE_DICT:
		for (size_t i = 0; i < value->items.count; i += value->kind == VALUE_DICT ? 2 : 1)
			vector_push(rehearsal->arena, &list->items, value->items.items[i]);
		break;
	case VALUE_STRING:
		for (size_t i = 0; i < value->text.length; i++) {
			if (value->text.bytes[i] & 0x80)
				return WENT_ON;
			vector_push(rehearsal->arena, &list->items,
			            value_of_text(rehearsal->arena, slice_part(value->text, i, i + 1)));
		}
		break;
	default: return WENT_ON;
	}
	enum { A_STEP = 128 };
	rehearsal->steps += (uint32_t)(list->items.count / A_STEP);
	*items = list;
	return WENT_ON;
}

enum outcome rehearsal_items(struct rehearsal *rehearsal, struct value *value, struct value **items)
{
	return items_until(rehearsal, value, -1, items);
}

/* Sorts by insertion, as stable as Python's; false when two items have no known order. */
bool rehearsal_sort(struct rehearsal *rehearsal, struct value *list, bool backwards)
{
	enum { A_STEP = 512 };
	size_t compared = 0;
	for (size_t i = 1; i < list->items.count; i++) {
		struct value *item = list->items.items[i];
		size_t to = i;
		for (; to > 0; to--) {
			int order;
			if (!value_compare(list->items.items[to - 1], item, rehearsal->epoch, &order))
				return false;
			if (backwards ? order >= 0 : order <= 0)
				break;
			list->items.items[to] = list->items.items[to - 1];
		}
		list->items.items[to] = item;
		compared += i - to + 1;
	}
	rehearsal->steps += (uint32_t)(compared / A_STEP);
	return true;
}

void rehearsal_reverse(struct value *list)
{
	for (size_t i = 0, j = list->items.count; i + 1 < j; i++, j--) {
		struct value *item = list->items.items[i];
		list->items.items[i] = list->items.items[j - 1];
		list->items.items[j - 1] = item;
	}
}

/* `reverse=True` and nothing else; false when another keyword is there. */
bool invocation_only_reverse(const struct invocation *call, bool *backwards)
{
	*backwards = false;
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		symbol keyword = invocation_argument(call, i)->keyword;
		if (!keyword)
			continue;
		int truth = value_truth(invocation_value(call, i), call->rehearsal->epoch);
		if (!slice_equal(symbols_name(call->rehearsal->symbols, keyword), SLICE("reverse")) || truth < 0)
			return false;
		*backwards = truth == 1;
	}
	return true;
}

static struct value *sum_of(const struct rehearsal *rehearsal, const struct value *items)
{
	struct value *sum = value_of_integer(rehearsal->arena, 0);
	bool zero = false;
	for (size_t i = 0; i < items->items.count && sum; i++) {
		const struct value *item = items->items.items[i];
		if (!value_is_number(item) || item->kind == VALUE_FLOAT) /* CPython 3.12 sums floats in another way */
			return NULL;
		sum = value_operate(rehearsal->arena, sum, SLICE("+"), item, rehearsal->epoch, &zero);
	}
	return sum;
}

static struct value *extreme_of(const struct rehearsal *rehearsal, const struct value *items, bool greatest)
{
	struct value *extreme = items->items.items[0];
	for (size_t i = 1; i < items->items.count; i++) {
		int order;
		if (!value_compare(items->items.items[i], extreme, rehearsal->epoch, &order))
			return NULL;
		if (greatest ? order > 0 : order < 0)
			extreme = items->items.items[i];
	}
	return extreme;
}

/* Pairs that enumerate() gives. */
static struct value *numbered(struct rehearsal *rehearsal, const struct value *items)
{
	struct value *all = rehearsal_value(rehearsal, VALUE_LIST);
	for (size_t i = 0; i < items->items.count; i++) {
		struct value *pair = rehearsal_value(rehearsal, VALUE_TUPLE);
		vector_push(rehearsal->arena, &pair->items, value_of_integer(rehearsal->arena, (int64_t)i));
		vector_push(rehearsal->arena, &pair->items, items->items.items[i]);
		vector_push(rehearsal->arena, &all->items, pair);
	}
	return all;
}

/* An iterator that looks at its container as it goes. */
static struct value *iterator_over(struct rehearsal *rehearsal, struct value *items, struct value *container)
{
	struct value *iterator = rehearsal_value(rehearsal, VALUE_ITERATOR);
	iterator->self = items;
	iterator->source = container->kind == VALUE_LIST || container->kind == VALUE_DICT ? container : container->source;
	iterator->seen = iterator->source ? iterator->source->changes : 0;
	return iterator;
}

/* Builtins that take one iterable. */
enum outcome rehearse_over_items(const struct invocation *call, struct slice name, struct value **result)
{
	struct rehearsal *rehearsal = call->rehearsal;
	struct value *items = NULL;
	bool backwards = false, plain = invocation_only_reverse(call, &backwards);
	int until = slice_equal(name, SLICE("any")) ? 1 : slice_equal(name, SLICE("all")) ? 0 : -1;
	enum outcome outcome = items_until(rehearsal, invocation_value(call, 0), until, &items);
	if (outcome != WENT_ON)
		return outcome;
	if (!plain)
		return LOST;
	if (!items) {
		rehearsal_escape(rehearsal, invocation_value(call, 0), true);
		return WENT_ON;
	}
	if (until >= 0 && invocation_value(call, 0)->kind == VALUE_ITERATOR)
		invocation_value(call, 0)->lost = true; /* it stops somewhere */
	if (slice_equal(name, SLICE("sum"))) {
		*result = sum_of(rehearsal, items);
	} else if (slice_equal(name, SLICE("max")) || slice_equal(name, SLICE("min"))) {
		if (items->items.count == 0)
			return rehearsal_raise(rehearsal, SLICE("ValueError"));
		*result = extreme_of(rehearsal, items, slice_equal(name, SLICE("max")));
	} else if (slice_equal(name, SLICE("sorted"))) {
		*result = rehearsal_sort(rehearsal, items, backwards) ? items : NULL;
	} else if (slice_equal(name, SLICE("list"))) {
		*result = items;
	} else if (slice_equal(name, SLICE("tuple"))) {
		*result = items;
		items->kind = VALUE_TUPLE;
	} else if (slice_equal(name, SLICE("enumerate"))) {
		*result = iterator_over(rehearsal, numbered(rehearsal, items), invocation_value(call, 0));
	} else if (slice_equal(name, SLICE("reversed"))) {
		bool sequence = invocation_value(call, 0)->kind == VALUE_LIST ||
		                invocation_value(call, 0)->kind == VALUE_TUPLE ||
		                invocation_value(call, 0)->kind == VALUE_STRING;
		rehearsal_reverse(items);
		*result = sequence ? iterator_over(rehearsal, items, invocation_value(call, 0)) : NULL;
	} else { /* any, all */
		bool all = slice_equal(name, SLICE("all"));
		int truth = all;
		for (size_t i = 0; i < items->items.count && truth == all; i++)
			truth = value_truth(items->items.items[i], rehearsal->epoch);
		*result = truth < 0 ? NULL : value_of_bool(rehearsal->arena, truth);
	}
	return WENT_ON;
}
