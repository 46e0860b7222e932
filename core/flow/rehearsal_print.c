/* What print() writes, and what the saved text says of it. */
#include "flow/rehearsal_invocation.h"

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
		symbol name = invocation_argument(call, i)->keyword;
		if (!name || !slice_equal(symbols_name(call->rehearsal->symbols, name), keyword))
			continue;
		const struct value *value = invocation_value(call, i);
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
		const struct value *expected = invocation_value(call, i);
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
		symbol name = rehearsal_name_of(rehearsal, call->frame, invocation_argument(call, i)->value);
		if (name)
			rehearsal_observe(rehearsal, name, values[i]);
	}
}

enum outcome rehearse_print(const struct invocation *call, struct value **result)
{
	struct rehearsal *rehearsal = call->rehearsal;
	struct slice separator = SLICE(" "), end = SLICE("\n");
	bool plain = text_keyword(call, SLICE("sep"), &separator) && text_keyword(call, SLICE("end"), &end);
	size_t before = rehearsal->printed.length;
	bool first = true;
	*result = rehearsal_value(rehearsal, VALUE_NONE);
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		struct slice keyword = symbols_name(rehearsal->symbols, invocation_argument(call, i)->keyword);
		plain = plain && !slice_equal(keyword, SLICE("file"));
	}
	if (!plain || call->starred || rehearsal->prints_anything) {
		rehearsal_print_anything(rehearsal);
		rehearsal->unsure = rehearsal->unsure || !plain || call->starred;
		return WENT_ON;
	}
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		if (invocation_argument(call, i)->keyword)
			continue;
		if (!first)
			builder_add(&rehearsal->printed, separator);
		first = false;
		if (!print_value(rehearsal, invocation_value(call, i)))
			return LOST;
	}
	builder_add(&rehearsal->printed, end);
	observe_print(call, slice_part(builder_slice(&rehearsal->printed), before, rehearsal->printed.length));
	return WENT_ON;
}
