/* What Python's own functions compute, those that are plain. */
#include "flow/rehearsal_invocation.h"

#include <math.h>
#include <stdlib.h>

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
		const struct value *bound = invocation_value(call, i);
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

struct value *rehearse_math(struct rehearsal *rehearsal, struct slice name, const struct value *value)
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

enum outcome rehearse_builtin(const struct invocation *call, struct slice name, struct value **result)
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
		return rehearse_print(call, result);
	if (call->starred)
		return rehearse_library(call, SLICE(""), name);
	if (count >= 1 && !invocation_argument(call, 0)->keyword && (count == 1 || invocation_argument(call, 1)->keyword) &&
	    slice_is_one_of(name, over))
		return rehearse_over_items(call, name, result);
	if (count == 0 && slice_equal(name, SLICE("list")))
		*result = rehearsal_value(rehearsal, VALUE_LIST);
	else if (count == 0 && slice_equal(name, SLICE("dict")))
		*result = rehearsal_value(rehearsal, VALUE_DICT);
	else if (slice_equal(name, SLICE("range")) && !call->by_name)
		*result = range_of(call);
	else if (count == 1 && !call->by_name && slice_equal(name, SLICE("len")))
		*result = length_of(rehearsal, invocation_value(call, 0));
	else if (count == 1 && !call->by_name)
		*result = convert(rehearsal, name, invocation_value(call, 0));
	if (*result)
		return WENT_ON;
	return rehearse_library(call, SLICE(""), name);
}
