/* What methods of lists, dictionaries and texts compute. */
#include "flow/rehearsal_invocation.h"

#include <string.h>

#include "flow/rehearsal_parts.h"
#include "python/mutators.h"

/* Beyond ASCII, and among its control codes, there are more spaces. */
static bool is_plain(char byte)
{
	return byte > ' ' && !(byte & 0x80);
}

static struct value *text_method(struct rehearsal *rehearsal, const struct value *self, struct slice name)
{
	struct builder text = {.arena = rehearsal->arena};
	bool upper = slice_equal(name, SLICE("upper")), lower = slice_equal(name, SLICE("lower"));
	if (slice_equal(name, SLICE("strip"))) {
		struct slice trimmed = slice_trim(self->text);
		bool plain = !trimmed.length || (is_plain(trimmed.bytes[0]) && is_plain(trimmed.bytes[trimmed.length - 1]));
		return plain ? value_of_text(rehearsal->arena, trimmed) : NULL;
	}
	if (!upper && !lower)
		return NULL;
	for (size_t i = 0; i < self->text.length; i++) {
		char byte = self->text.bytes[i];
		if (byte & 0x80)
			return NULL;
		bool flips = upper ? byte >= 'a' && byte <= 'z' : byte >= 'A' && byte <= 'Z';
		builder_add_byte(&text, (char)(flips ? byte ^ 32 : byte));
	}
	return value_of_text(rehearsal->arena, builder_slice(&text));
}

static void insert_item(struct rehearsal *rehearsal, struct value *list, struct value *at, struct value *item)
{
	int64_t length = (int64_t)list->items.count, to = at->integer < 0 ? at->integer + length : at->integer;
	to = to < 0 ? 0 : to > length ? length : to;
	vector_push(rehearsal->arena, &list->items, item);
	for (int64_t i = length; i > to; i--)
		list->items.items[i] = list->items.items[i - 1];
	list->items.items[to] = item;
}

/* 1 when the first equal item was removed, 0 when there is none, -1 when that is not known. */
static int remove_item(struct rehearsal *rehearsal, struct value *list, const struct value *item)
{
	for (size_t i = 0; i < list->items.count; i++) {
		int equal = value_equal(list->items.items[i], item, rehearsal->epoch);
		if (equal < 0)
			return -1;
		if (!equal)
			continue;
		list->items.count--;
		memmove(&list->items.items[i], &list->items.items[i + 1], (list->items.count - i) * sizeof *list->items.items);
		return 1;
	}
	return 0;
}

static enum outcome list_method(const struct invocation *call, struct value *self, struct slice name,
                                struct value **result)
{
	struct rehearsal *rehearsal = call->rehearsal;
	uint32_t count = call->event->argument_count;
	struct value *none = rehearsal_value(rehearsal, VALUE_NONE), *items = NULL;
	bool backwards = false;
	if (python_method_effect(name) != METHOD_READS)
		self->changes++;
	if (self->items.count >= VALUE_ITEMS) {
		rehearsal_lose_value(rehearsal, self);
	} else if (count == 1 && slice_equal(name, SLICE("append"))) {
		vector_push(rehearsal->arena, &self->items, invocation_value(call, 0));
		*result = none;
	} else if (count == 1 && slice_equal(name, SLICE("extend"))) {
		enum outcome outcome = rehearsal_items(rehearsal, invocation_value(call, 0), &items);
		if (outcome != WENT_ON)
			return outcome;
		for (size_t i = 0; items && i < items->items.count; i++)
			vector_push(rehearsal->arena, &self->items, items->items.items[i]);
		if (!items || self->items.count > VALUE_ITEMS)
			rehearsal_lose_value(rehearsal, self);
		if (!items)
			rehearsal_escape(rehearsal, invocation_value(call, 0), true);
		*result = none;
	} else if (count == 0 && slice_equal(name, SLICE("pop"))) {
		if (self->items.count == 0)
			return rehearsal_raise(rehearsal, SLICE("IndexError"));
		*result = self->items.items[--self->items.count];
	} else if (count == 1 && slice_equal(name, SLICE("remove"))) {
		int found = remove_item(rehearsal, self, invocation_value(call, 0));
		if (found == 0)
			return rehearsal_raise(rehearsal, SLICE("ValueError"));
		if (found < 0)
			rehearsal_lose_value(rehearsal, self);
		*result = found > 0 ? none : NULL;
	} else if (count == 0 && slice_equal(name, SLICE("reverse"))) {
		rehearsal_reverse(self);
		*result = none;
	} else if (count == 0 && slice_equal(name, SLICE("clear"))) {
		self->items.count = 0;
		*result = none;
	} else if (count == 0 && slice_equal(name, SLICE("copy"))) {
		return rehearsal_items(rehearsal, self, result);
	} else if (slice_equal(name, SLICE("sort")) && invocation_only_reverse(call, &backwards)) {
		if (!rehearsal_sort(rehearsal, self, backwards))
			rehearsal_lose_value(rehearsal, self);
		*result = none;
	} else if (count == 2 && slice_equal(name, SLICE("insert")) && invocation_value(call, 0)->kind == VALUE_INT) {
		insert_item(rehearsal, self, invocation_value(call, 0), invocation_value(call, 1));
		*result = none;
	} else if (python_method_effect(name) != METHOD_READS) {
		rehearsal_lose_value(rehearsal, self);
	}
	return WENT_ON;
}

static struct value *view_of(struct rehearsal *rehearsal, struct value *dict, struct slice name)
{
	struct value *view = rehearsal_value(rehearsal, VALUE_VIEW);
	view->source = dict;
	view->seen = dict->changes;
	bool keys = slice_equal(name, SLICE("keys")), pairs = slice_equal(name, SLICE("items"));
	for (size_t i = 0; i + 1 < dict->items.count; i += 2) {
		struct value *item = dict->items.items[keys ? i : i + 1];
		if (pairs) {
			struct value *pair = rehearsal_value(rehearsal, VALUE_TUPLE);
			vector_push(rehearsal->arena, &pair->items, dict->items.items[i]);
			vector_push(rehearsal->arena, &pair->items, item);
			item = pair;
		}
		vector_push(rehearsal->arena, &view->items, item);
	}
	return view;
}

static void dict_method(const struct invocation *call, struct value *self, struct slice name, struct value **result)
{
	struct rehearsal *rehearsal = call->rehearsal;
	uint32_t count = call->event->argument_count;
	if (slice_equal(name, SLICE("update"))) {
		*result = rehearsal_value(rehearsal, VALUE_NONE);
		for (uint32_t i = 0; i < count; i++) {
			const struct value *other = invocation_value(call, i);
			symbol keyword = invocation_argument(call, i)->keyword;
			bool dict = other->kind == VALUE_DICT && rehearsal_knows(rehearsal, other);
			if (keyword)
				rehearsal_set_item(rehearsal, self,
				                   value_of_text(rehearsal->arena, symbols_name(rehearsal->symbols, keyword)),
				                   invocation_value(call, i));
			else if (!dict) {
				rehearsal_lose_value(rehearsal, self);
				rehearsal_escape(rehearsal, invocation_value(call, i), true);
			}
			for (size_t k = 0; !keyword && dict && k + 1 < other->items.count; k += 2)
				rehearsal_set_item(rehearsal, self, other->items.items[k], other->items.items[k + 1]);
		}
	} else if (slice_equal(name, SLICE("get")) && (count == 1 || count == 2)) {
		int64_t at = value_find_key(self, invocation_value(call, 0), rehearsal->epoch);
		if (at > 0)
			*result = self->items.items[at];
		else if (at == 0)
			*result = count == 2 ? invocation_value(call, 1) : rehearsal_value(rehearsal, VALUE_NONE);
	} else if (count == 0 && slice_equal(name, SLICE("copy"))) {
		*result = rehearsal_value(rehearsal, VALUE_DICT);
		for (size_t i = 0; i < self->items.count; i++)
			vector_push(rehearsal->arena, &(*result)->items, self->items.items[i]);
	} else if (count == 0 && (slice_equal(name, SLICE("items")) || slice_equal(name, SLICE("keys")) ||
	                          slice_equal(name, SLICE("values")))) {
		*result = view_of(rehearsal, self, name);
	} else if (python_method_effect(name) != METHOD_READS) {
		rehearsal_lose_value(rehearsal, self);
	}
}

/* What a method gives that isn't known may be what its object holds, which may hold the arguments now. */
static void escape_all(const struct invocation *call, struct value *self)
{
	rehearsal_escape(call->rehearsal, self, true);
	for (uint32_t i = 0; i < call->event->argument_count; i++)
		rehearsal_escape(call->rehearsal, invocation_value(call, i), false);
}

/* A method of a value that is no instance. */
enum outcome rehearse_method(const struct invocation *call, const struct value *method, struct value **result)
{
	/* What no number has. */
	static const char *const container[] = {"append", "extend", "insert", "pop",    "sort", "reverse",
	                                        "update", "items",  "keys",   "values", "get",  "upper",
	                                        "lower",  "split",  "strip",  "head",   NULL};
	struct value *self = method->self;
	struct slice name = symbols_name(call->rehearsal->symbols, method->symbol);
	bool known = rehearsal_knows(call->rehearsal, self) && !call->starred;
	for (uint32_t i = 0; i < call->event->argument_count; i++)
		if (rehearsal_carries_code(invocation_value(call, i)) &&
		    !(self->kind == VALUE_LIST || self->kind == VALUE_DICT))
			return LOST;
	if ((value_is_number(self) || self->kind == VALUE_NONE) && slice_is_one_of(name, container))
		return rehearsal_raise(call->rehearsal, SLICE("AttributeError"));
	enum outcome outcome = WENT_ON;
	if (known && self->kind == VALUE_LIST)
		outcome = list_method(call, self, name, result);
	if (known && self->kind == VALUE_DICT)
		dict_method(call, self, name, result);
	if (known && (self->kind == VALUE_LIST || self->kind == VALUE_DICT)) {
		if (!*result || self->lost)
			escape_all(call, self);
		return outcome;
	}
	if (known && self->kind == VALUE_STRING && call->event->argument_count == 0)
		*result = text_method(call->rehearsal, self, name);
	if (self->kind == VALUE_STRING)
		return WENT_ON;
	if (value_is_mutable(self))
		rehearsal_lose_value(call->rehearsal, self);
	escape_all(call, self);
	const struct event *next = call->event + 1;
	enum method_effect effect = python_method_effect(name);
	bool discarded = next->kind == EVENT_DISPLAY && next->a == call->event->value;
	bool unknown = self->kind == VALUE_UNKNOWN || self->kind == VALUE_METHOD;
	if (unknown && effect != METHOD_READS && effect != METHOD_SHARES && (effect != METHOD_UNKNOWN || discarded))
		rehearsal_lose_escaped(call->rehearsal);
	return self->kind == VALUE_UNKNOWN || self->kind == VALUE_METHOD ? rehearse_library(call, SLICE("?"), name)
	                                                                 : WENT_ON;
}
