/* What calls compute: functions and classes of the notebook, and of Python's own
 * functions and methods those that are plain. */
#include "flow/rehearsal_state.h"

#include <math.h>
#include <stdlib.h>

#include "python/mutators.h"

struct invocation {
	struct rehearsal *rehearsal;
	struct rehearsal_frame *frame;
	const struct event *event;
	struct value *self; /* before the arguments; or null */
	bool by_name, starred;
};

static const struct event_argument *argument_of(const struct invocation *call, uint32_t index)
{
	return &call->frame->code.arguments[call->event->arguments + index];
}

static struct value *argument(const struct invocation *call, uint32_t index)
{
	return rehearsal_operand(call->rehearsal, call->frame, argument_of(call, index)->value);
}

/* ------------------------------------------------------------------ functions of the notebook */

static struct value *default_of(const struct value *function, symbol name)
{
	for (size_t i = 0; i < function->names.count; i++)
		if (function->names.items[i] == name)
			return function->items.items[i];
	return NULL;
}

/* Gives the parameters of a frame what they are called with. */
static enum outcome bind_parameters(const struct invocation *call, const struct value *function,
                                    struct rehearsal_frame *frame)
{
	struct rehearsal *rehearsal = call->rehearsal;
	const struct program *program = function->program;
	uint32_t position = 0;
	if (call->self && program->parameter_count)
		frame->slots[position++] = call->self;
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		symbol keyword = argument_of(call, i)->keyword;
		uint32_t to = position;
		if (keyword)
			for (to = 0; to < program->parameter_count && program->variables[to].name != keyword; to++)
				;
		else
			position++;
		if (to >= program->parameter_count)
			return rehearsal_raise(rehearsal, SLICE("TypeError"));
		if (frame->slots[to])
			return rehearsal_raise(rehearsal, SLICE("TypeError"));
		frame->slots[to] = argument(call, i);
	}
	for (uint32_t i = 0; i < program->parameter_count; i++) {
		if (!frame->slots[i])
			frame->slots[i] = default_of(function, program->variables[i].name);
		if (!frame->slots[i])
			return rehearsal_raise(rehearsal, SLICE("TypeError"));
	}
	return WENT_ON;
}

static enum outcome call_function(const struct invocation *call, const struct value *function, struct value **result)
{
	struct rehearsal *rehearsal = call->rehearsal;
	const struct program *program = function->program;
	if (program->is_generator || program->is_async || !program->plain_parameters || call->starred ||
	    rehearsal->depth >= REHEARSAL_DEPTH)
		return LOST;
	struct rehearsal_frame *frame = rehearsal_frame_new(rehearsal, program, function->frame);
	enum outcome outcome = bind_parameters(call, function, frame);
	if (outcome == WENT_ON) {
		rehearsal->depth++;
		outcome = rehearse_events(rehearsal, frame, 0, program->event_count);
		rehearsal->depth--;
		*result = outcome == RETURNED ? frame->returned : rehearsal_value(rehearsal, VALUE_NONE);
	}
	rehearsal_frame_end(rehearsal, frame);
	return outcome == RETURNED ? WENT_ON : outcome;
}

static struct value *special(const struct invocation *call, const struct value *class, struct slice name)
{
	symbol which = symbols_find(call->rehearsal->symbols, name);
	return which ? rehearsal_member(class, which) : NULL;
}

static enum outcome call_class(struct invocation *call, struct value *class, struct value **result)
{
	struct rehearsal *rehearsal = call->rehearsal;
	if (!rehearsal_knows(rehearsal, class) || special(call, class, SLICE("__new__")))
		return LOST;
	struct value *instance = rehearsal_value(rehearsal, VALUE_INSTANCE), *none = NULL;
	struct value *init = special(call, class, SLICE("__init__"));
	instance->self = class;
	*result = instance;
	if (!init)
		return call->event->argument_count ? rehearsal_raise(rehearsal, SLICE("TypeError")) : WENT_ON;
	if (init->kind != VALUE_FUNCTION)
		return LOST;
	call->self = instance;
	return call_function(call, init, &none);
}

/* ------------------------------------------------------------------ print */

static bool print_value(struct rehearsal *rehearsal, const struct value *value)
{
	size_t before = rehearsal->printed.length;
	if (value_write(&rehearsal->printed, value, rehearsal->epoch, false))
		return true;
	rehearsal->printed.length = before; /* what holds itself is written in another way from its beginning on */
	rehearsal_print_anything(rehearsal);
	return value->kind != VALUE_INSTANCE && value->kind != VALUE_WILD;
}

static bool text_keyword(const struct invocation *call, struct slice keyword, struct slice *text)
{
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		symbol name = argument_of(call, i)->keyword;
		if (!name || !slice_equal(symbols_name(call->rehearsal->symbols, name), keyword))
			continue;
		const struct value *value = argument(call, i);
		*text = value->text;
		return value->kind == VALUE_STRING;
	}
	return true;
}

/* What of the saved text stands where this print put it: names that were printed by themselves had these values. */
static void observe_print(const struct invocation *call, struct slice foretold)
{
	struct rehearsal *rehearsal = call->rehearsal;
	const struct saved_output *saved = rehearsal->request->saved;
	if (!saved || rehearsal->read_to == SIZE_MAX || rehearsal->depth > 0)
		return;
	struct slice rest = slice_part(saved->printed, rehearsal->read_to, saved->printed.length);
	size_t at = 0;
	if (slice_find(foretold, 0, 0) == foretold.length && slice_starts(rest, foretold)) {
		rehearsal->read_to += foretold.length;
		return;
	}
	rehearsal->read_to = SIZE_MAX;
	if (call->by_name || call->starred)
		return;
	struct value *values[8];
	uint32_t count = call->event->argument_count;
	for (uint32_t i = 0; i < count; i++) {
		if (i == 8 || (i > 0 && (at >= rest.length || rest.bytes[at++] != ' ')))
			return;
		const struct value *expected = argument(call, i);
		size_t end = slice_find(rest, '\n', at);
		if (expected->kind == VALUE_STRING && i + 1 == count) {
			values[i] = value_of_text(rehearsal->arena, slice_part(rest, at, end));
			at = end;
		} else if (!(values[i] = value_read(rehearsal->arena, rest, &at))) {
			return;
		}
	}
	if (at >= rest.length || rest.bytes[at] != '\n')
		return;
	rehearsal->read_to = saved->printed.length - rest.length + at + 1;
	for (uint32_t i = 0; i < count; i++) {
		symbol name = rehearsal_name_of(rehearsal, call->frame, argument_of(call, i)->value);
		if (name)
			rehearsal_observe(rehearsal, name, values[i]);
	}
}

static enum outcome call_print(const struct invocation *call, struct value **result)
{
	struct rehearsal *rehearsal = call->rehearsal;
	struct slice separator = SLICE(" "), end = SLICE("\n");
	bool plain = text_keyword(call, SLICE("sep"), &separator) && text_keyword(call, SLICE("end"), &end);
	size_t before = rehearsal->printed.length;
	bool first = true;
	*result = rehearsal_value(rehearsal, VALUE_NONE);
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		struct slice keyword = symbols_name(rehearsal->symbols, argument_of(call, i)->keyword);
		plain = plain && !slice_equal(keyword, SLICE("file"));
	}
	if (!plain || call->starred || rehearsal->prints_anything) {
		rehearsal_print_anything(rehearsal);
		rehearsal->unsure = rehearsal->unsure || !plain || call->starred;
		return WENT_ON;
	}
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		if (argument_of(call, i)->keyword)
			continue;
		if (!first)
			builder_add(&rehearsal->printed, separator);
		first = false;
		if (!print_value(rehearsal, argument(call, i)))
			return LOST;
	}
	builder_add(&rehearsal->printed, end);
	observe_print(call, slice_part(builder_slice(&rehearsal->printed), before, rehearsal->printed.length));
	return WENT_ON;
}

/* ------------------------------------------------------------------ what goes over items */

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
static bool sort_items(struct rehearsal *rehearsal, struct value *list, bool backwards)
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

static void reverse_items(struct value *list)
{
	for (size_t i = 0, j = list->items.count; i + 1 < j; i++, j--) {
		struct value *item = list->items.items[i];
		list->items.items[i] = list->items.items[j - 1];
		list->items.items[j - 1] = item;
	}
}

/* `reverse=True` and nothing else; false when another keyword is there. */
static bool only_reverse(const struct invocation *call, bool *backwards)
{
	*backwards = false;
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		symbol keyword = argument_of(call, i)->keyword;
		if (!keyword)
			continue;
		int truth = value_truth(argument(call, i), call->rehearsal->epoch);
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
static enum outcome call_over_items(const struct invocation *call, struct slice name, struct value **result)
{
	struct rehearsal *rehearsal = call->rehearsal;
	struct value *items = NULL;
	bool backwards = false, plain = only_reverse(call, &backwards);
	int until = slice_equal(name, SLICE("any")) ? 1 : slice_equal(name, SLICE("all")) ? 0 : -1;
	enum outcome outcome = items_until(rehearsal, argument(call, 0), until, &items);
	if (outcome != WENT_ON)
		return outcome;
	if (!plain)
		return LOST;
	if (!items) {
		rehearsal_escape(rehearsal, argument(call, 0), true);
		return WENT_ON;
	}
	if (until >= 0 && argument(call, 0)->kind == VALUE_ITERATOR)
		argument(call, 0)->lost = true; /* it stops somewhere */
	if (slice_equal(name, SLICE("sum"))) {
		*result = sum_of(rehearsal, items);
	} else if (slice_equal(name, SLICE("max")) || slice_equal(name, SLICE("min"))) {
		if (items->items.count == 0)
			return rehearsal_raise(rehearsal, SLICE("ValueError"));
		*result = extreme_of(rehearsal, items, slice_equal(name, SLICE("max")));
	} else if (slice_equal(name, SLICE("sorted"))) {
		*result = sort_items(rehearsal, items, backwards) ? items : NULL;
	} else if (slice_equal(name, SLICE("list"))) {
		*result = items;
	} else if (slice_equal(name, SLICE("tuple"))) {
		*result = items;
		items->kind = VALUE_TUPLE;
	} else if (slice_equal(name, SLICE("enumerate"))) {
		*result = iterator_over(rehearsal, numbered(rehearsal, items), argument(call, 0));
	} else if (slice_equal(name, SLICE("reversed"))) {
		bool sequence = argument(call, 0)->kind == VALUE_LIST || argument(call, 0)->kind == VALUE_TUPLE ||
		                argument(call, 0)->kind == VALUE_STRING;
		reverse_items(items);
		*result = sequence ? iterator_over(rehearsal, items, argument(call, 0)) : NULL;
	} else { /* any, all */
		bool all = slice_equal(name, SLICE("all"));
		int truth = all;
		for (size_t i = 0; i < items->items.count && truth == all; i++)
			truth = value_truth(items->items.items[i], rehearsal->epoch);
		*result = truth < 0 ? NULL : value_of_bool(rehearsal->arena, truth);
	}
	return WENT_ON;
}

/* ------------------------------------------------------------------ other builtins */

static struct value *length_of(struct rehearsal *rehearsal, const struct value *value)
{
	if (!rehearsal_knows(rehearsal, value))
		return NULL;
	switch (value->kind) {
	case VALUE_STRING:
		for (size_t i = 0; i < value->text.length; i++)
			if (value->text.bytes[i] & 0x80)
				return NULL;
		return value_of_integer(rehearsal->arena, (int64_t)value->text.length);
	case VALUE_DICT: return value_of_integer(rehearsal->arena, (int64_t)value->items.count / 2);
	case VALUE_LIST:
	case VALUE_TUPLE:
	case VALUE_SET: return value_of_integer(rehearsal->arena, (int64_t)value->items.count);
	default: return NULL;
	}
}

static struct value *range_of(const struct invocation *call)
{
	int64_t bounds[3] = {0, 0, 1};
	uint32_t count = call->event->argument_count;
	for (uint32_t i = 0; i < count && i < 3; i++) {
		const struct value *bound = argument(call, i);
		if (bound->kind != VALUE_INT || bound->integer > INT32_MAX || bound->integer < INT32_MIN)
			return NULL;
		bounds[count == 1 ? 1 : i] = bound->integer;
	}
	if (count < 1 || count > 3 || bounds[2] == 0)
		return NULL;
	struct value *range = rehearsal_value(call->rehearsal, VALUE_VIEW);
	for (int64_t i = bounds[0]; bounds[2] > 0 ? i < bounds[1] : i > bounds[1]; i += bounds[2]) {
		if (range->items.count == VALUE_ITEMS)
			return NULL;
		vector_push(call->rehearsal->arena, &range->items, value_of_integer(call->rehearsal->arena, i));
	}
	return range;
}

static struct value *integer_of(const struct rehearsal *rehearsal, const struct value *value)
{
	if (value->kind == VALUE_INT || value->kind == VALUE_BOOL)
		return value_of_integer(rehearsal->arena, value->integer);
	if (value->kind == VALUE_FLOAT && fabs(value->real) < 1e15)
		return value_of_integer(rehearsal->arena, (int64_t)value->real);
	return NULL;
}

/* Builtins of one plain argument. */
static struct value *convert(struct rehearsal *rehearsal, struct slice name, const struct value *value)
{
	struct builder text = {.arena = rehearsal->arena};
	if (!rehearsal_knows(rehearsal, value))
		return NULL;
	if (slice_equal(name, SLICE("str")) || slice_equal(name, SLICE("repr")))
		return value_write(&text, value, rehearsal->epoch, name.bytes[0] == 'r')
		           ? value_of_text(rehearsal->arena, builder_slice(&text))
		           : NULL;
	if (slice_equal(name, SLICE("int")))
		return integer_of(rehearsal, value);
	if (slice_equal(name, SLICE("bool"))) {
		int truth = value_truth(value, rehearsal->epoch);
		return truth < 0 ? NULL : value_of_bool(rehearsal->arena, truth);
	}
	if (!value_is_number(value) || value->kind == VALUE_BOOL)
		return NULL;
	if (slice_equal(name, SLICE("float")))
		return value->kind == VALUE_FLOAT           ? value_of_real(rehearsal->arena, value->real)
		       : llabs(value->integer) < 1000000000 ? value_of_real(rehearsal->arena, (double)value->integer)
		                                            : NULL;
	if (slice_equal(name, SLICE("abs")) && value->kind == VALUE_FLOAT)
		return value_of_real(rehearsal->arena, fabs(value->real));
	if (slice_equal(name, SLICE("abs")) && value->integer > INT64_MIN)
		return value_of_integer(rehearsal->arena, llabs(value->integer));
	return NULL;
}

static struct value *call_math(struct rehearsal *rehearsal, struct slice name, const struct value *value)
{
	if (!value_is_number(value))
		return NULL;
	double real = value->kind == VALUE_FLOAT ? value->real : (double)value->integer;
	bool whole = value->kind != VALUE_FLOAT;
	if (slice_equal(name, SLICE("sqrt")) && real >= 0 && real < 1e15)
		return value_of_real(rehearsal->arena, sqrt(real)); /* which IEEE 754 rounds correctly */
	if ((slice_equal(name, SLICE("floor")) || slice_equal(name, SLICE("ceil"))) && !whole && fabs(real) < 1e15)
		return value_of_integer(rehearsal->arena, (int64_t)(name.bytes[0] == 'f' ? floor(real) : ceil(real)));
	if (slice_equal(name, SLICE("factorial")) && whole && value->integer >= 0 && value->integer <= 20) {
		int64_t product = 1;
		for (int64_t i = 2; i <= value->integer; i++)
			product *= i;
		return value_of_integer(rehearsal->arena, product);
	}
	return NULL;
}

/* ------------------------------------------------------------------ libraries */

/* Known functions that print. */
static bool tells(struct slice module, struct slice name)
{
	return module.length == 0 && (slice_equal(name, SLICE("help")) || slice_equal(name, SLICE("input")));
}

/* Libraries whose functions make their own data of what they are given. */
static bool copies(struct slice module)
{
	static const char *const libraries[] = {"numpy", "pandas", "matplotlib", "seaborn", "math", NULL};
	struct slice root = slice_part(module, 0, slice_find(module, '.', 0));
	return slice_is_one_of(root, libraries);
}

/* Builtins that may give an argument itself; others at most what it holds. */
static bool gives_arguments(struct slice name)
{
	return slice_equal(name, SLICE("max")) || slice_equal(name, SLICE("min")) || slice_equal(name, SLICE("getattr")) ||
	       slice_equal(name, SLICE("setattr")) || slice_equal(name, SLICE("next"));
}

/* A call of which only tables know what it does. */
static enum outcome call_library(const struct invocation *call, struct slice module, struct slice name)
{
	static const char *const looks[] = {"isinstance", "issubclass", "type", "id", "callable", NULL};
	struct rehearsal *rehearsal = call->rehearsal;
	struct function_effect effect = python_function_effect(module, name);
	const struct event *next = call->event + 1;
	bool discarded = next->kind == EVENT_DISPLAY && next->a == call->event->value;
	if (module.length == 0 && slice_is_one_of(name, looks))
		return WENT_ON;
	if (slice_equal(name, SLICE("clear_output")))
		rehearsal->printed.length = 0;
	if (!effect.known || tells(module, name))
		rehearsal_print_anything(rehearsal);
	uint32_t position = 0;
	bool loses = false;
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		struct value *value = argument(call, i);
		bool positional = !argument_of(call, i)->keyword;
		uint32_t bit = positional && position < 32 ? 1u << position : 0;
		position += positional;
		if (rehearsal_carries_code(value))
			return LOST;
		bool changed = effect.known ? ((effect.changes | effect.may_change) & bit) != 0 : discarded;
		loses = loses || (changed && value->kind == VALUE_UNKNOWN);
		if (value->kind == VALUE_ITERATOR || (changed && value_is_mutable(value)))
			rehearsal_lose_value(rehearsal, value);
	}
	if (loses)
		rehearsal_lose_escaped(rehearsal);
	for (uint32_t i = 0; i < call->event->argument_count && !copies(module); i++)
		rehearsal_escape(rehearsal, argument(call, i), module.length == 0 && !gives_arguments(name));
	return WENT_ON;
}

static enum outcome call_builtin(const struct invocation *call, struct slice name, struct value **result)
{
	static const char *const over[] = {"sum",       "max",      "min", "sorted", "list", "tuple",
	                                   "enumerate", "reversed", "any", "all",    NULL};
	static const char *const namespaces[] = {"globals", "locals", "vars", "exec", "eval", NULL};
	struct rehearsal *rehearsal = call->rehearsal;
	uint32_t count = call->event->argument_count;
	if (slice_equal(name, SLICE("get_ipython"))) {
		*result = rehearsal_value(rehearsal, VALUE_LIBRARY);
		(*result)->text = name;
		return WENT_ON;
	}
	if (slice_is_one_of(name, namespaces)) {
		rehearsal_lose(rehearsal);
		return LOST;
	}
	if (slice_equal(name, SLICE("print")))
		return call_print(call, result);
	if (call->starred)
		return call_library(call, SLICE(""), name);
	if (count >= 1 && !argument_of(call, 0)->keyword && (count == 1 || argument_of(call, 1)->keyword) &&
	    slice_is_one_of(name, over))
		return call_over_items(call, name, result);
	if (count == 0 && slice_equal(name, SLICE("list")))
		*result = rehearsal_value(rehearsal, VALUE_LIST);
	else if (count == 0 && slice_equal(name, SLICE("dict")))
		*result = rehearsal_value(rehearsal, VALUE_DICT);
	else if (slice_equal(name, SLICE("range")) && !call->by_name)
		*result = range_of(call);
	else if (count == 1 && !call->by_name && slice_equal(name, SLICE("len")))
		*result = length_of(rehearsal, argument(call, 0));
	else if (count == 1 && !call->by_name)
		*result = convert(rehearsal, name, argument(call, 0));
	if (*result)
		return WENT_ON;
	return call_library(call, SLICE(""), name);
}

/* ------------------------------------------------------------------ methods */

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
		vector_push(rehearsal->arena, &self->items, argument(call, 0));
		*result = none;
	} else if (count == 1 && slice_equal(name, SLICE("extend"))) {
		enum outcome outcome = rehearsal_items(rehearsal, argument(call, 0), &items);
		if (outcome != WENT_ON)
			return outcome;
		for (size_t i = 0; items && i < items->items.count; i++)
			vector_push(rehearsal->arena, &self->items, items->items.items[i]);
		if (!items || self->items.count > VALUE_ITEMS)
			rehearsal_lose_value(rehearsal, self);
		if (!items)
			rehearsal_escape(rehearsal, argument(call, 0), true);
		*result = none;
	} else if (count == 0 && slice_equal(name, SLICE("pop"))) {
		if (self->items.count == 0)
			return rehearsal_raise(rehearsal, SLICE("IndexError"));
		*result = self->items.items[--self->items.count];
	} else if (count == 0 && slice_equal(name, SLICE("reverse"))) {
		reverse_items(self);
		*result = none;
	} else if (count == 0 && slice_equal(name, SLICE("clear"))) {
		self->items.count = 0;
		*result = none;
	} else if (count == 0 && slice_equal(name, SLICE("copy"))) {
		return rehearsal_items(rehearsal, self, result);
	} else if (slice_equal(name, SLICE("sort")) && only_reverse(call, &backwards)) {
		if (!sort_items(rehearsal, self, backwards))
			rehearsal_lose_value(rehearsal, self);
		*result = none;
	} else if (count == 2 && slice_equal(name, SLICE("insert")) && argument(call, 0)->kind == VALUE_INT) {
		insert_item(rehearsal, self, argument(call, 0), argument(call, 1));
		*result = none;
	} else if (python_method_effect(name) != METHOD_READS) {
		rehearsal_lose_value(rehearsal, self);
	}
	return WENT_ON;
}

static void set_key(struct rehearsal *rehearsal, struct value *dict, struct value *key, struct value *item)
{
	int64_t at = value_find_key(dict, key, rehearsal->epoch);
	dict->changes++;
	if (at < 0) {
		rehearsal_lose_value(rehearsal, dict);
		rehearsal_escape(rehearsal, item, false);
	}
	if (at > 0)
		dict->items.items[at] = item;
	if (at != 0)
		return;
	vector_push(rehearsal->arena, &dict->items, key);
	vector_push(rehearsal->arena, &dict->items, item);
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
			const struct value *other = argument(call, i);
			symbol keyword = argument_of(call, i)->keyword;
			bool dict = other->kind == VALUE_DICT && rehearsal_knows(rehearsal, other);
			if (keyword)
				set_key(rehearsal, self, value_of_text(rehearsal->arena, symbols_name(rehearsal->symbols, keyword)),
				        argument(call, i));
			else if (!dict) {
				rehearsal_lose_value(rehearsal, self);
				rehearsal_escape(rehearsal, argument(call, i), true);
			}
			for (size_t k = 0; !keyword && dict && k + 1 < other->items.count; k += 2)
				set_key(rehearsal, self, other->items.items[k], other->items.items[k + 1]);
		}
	} else if (slice_equal(name, SLICE("get")) && (count == 1 || count == 2)) {
		int64_t at = value_find_key(self, argument(call, 0), rehearsal->epoch);
		if (at > 0)
			*result = self->items.items[at];
		else if (at == 0)
			*result = count == 2 ? argument(call, 1) : rehearsal_value(rehearsal, VALUE_NONE);
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
		rehearsal_escape(call->rehearsal, argument(call, i), false);
}

/* A method of a value that is no instance. */
static enum outcome call_method(const struct invocation *call, const struct value *method, struct value **result)
{
	/* What no number has. */
	static const char *const container[] = {"append", "extend", "insert", "pop",    "sort", "reverse",
	                                        "update", "items",  "keys",   "values", "get",  "upper",
	                                        "lower",  "split",  "strip",  "head",   NULL};
	struct value *self = method->self;
	struct slice name = symbols_name(call->rehearsal->symbols, method->symbol);
	bool known = rehearsal_knows(call->rehearsal, self) && !call->starred;
	for (uint32_t i = 0; i < call->event->argument_count; i++)
		if (rehearsal_carries_code(argument(call, i)) && !(self->kind == VALUE_LIST || self->kind == VALUE_DICT))
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
	return self->kind == VALUE_UNKNOWN || self->kind == VALUE_METHOD ? call_library(call, SLICE("?"), name) : WENT_ON;
}

enum outcome rehearse_call(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                           struct value **result)
{
	struct invocation call = {.rehearsal = rehearsal, .frame = frame, .event = event};
	struct value *callee = rehearsal_operand(rehearsal, frame, event->a);
	for (uint32_t i = 0; i < event->argument_count; i++) {
		call.by_name = call.by_name || argument_of(&call, i)->keyword;
		call.starred = call.starred || argument_of(&call, i)->stars;
	}
	switch (callee->kind) {
	case VALUE_FUNCTION: return call_function(&call, callee, result);
	case VALUE_CLASS: return call_class(&call, callee, result);
	case VALUE_METHOD:
		if (!callee->function)
			return call_method(&call, callee, result);
		call.self = callee->self;
		return call_function(&call, callee->function, result);
	case VALUE_LIBRARY: {
		struct slice name = symbols_name(rehearsal->symbols, callee->symbol);
		if (callee->text.length == 0)
			return call_builtin(&call, name, result);
		if (slice_equal(callee->text, SLICE("math")) && event->argument_count == 1 && !call.by_name && !call.starred)
			*result = call_math(rehearsal, name, argument(&call, 0));
		return *result ? WENT_ON : call_library(&call, callee->text, name);
	}
	case VALUE_INSTANCE:
	case VALUE_WILD: return LOST;
	case VALUE_NONE:
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_FLOAT:
	case VALUE_STRING:
	case VALUE_TUPLE:
	case VALUE_LIST:
	case VALUE_DICT: return rehearsal_raise(rehearsal, SLICE("TypeError"));
	default: return call_library(&call, SLICE("?"), SLICE("?"));
	}
}
