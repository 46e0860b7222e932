/* What operators compute. */
#include "flow/rehearsal_parts.h"

bool rehearsal_overloads(const struct value *value)
{
	return value->kind == VALUE_INSTANCE || value->kind == VALUE_WILD || value->kind == VALUE_CLASS;
}

static enum outcome fill_template(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                                  struct value **result)
{
	struct slice template = rehearsal_text(rehearsal, event->text);
	struct builder text = {.arena = rehearsal->arena};
	uint32_t field = 0;
	for (uint32_t i = 0; i < event->argument_count; i++)
		if (rehearsal_carries_code(rehearsal_operand(rehearsal, frame, rehearsal_argument(frame, event, i)->value)))
			return LOST;
	if (!event->text)
		return WENT_ON;
	for (size_t at = 0; at < template.length; at++) {
		if (template.bytes[at] != 1) {
			builder_add_byte(&text, template.bytes[at]);
			continue;
		}
		size_t end = slice_find(template, 2, at);
		struct slice spec = slice_part(template, at + 2, end);
		if (field == event->argument_count)
			return WENT_ON;
		struct value *value = rehearsal_operand(rehearsal, frame, rehearsal_argument(frame, event, field++)->value);
		if (template.bytes[at + 1] == 'r') {
			if (spec.length || !value_write(&text, value, rehearsal->epoch, true))
				return WENT_ON;
		} else {
			struct value *written = value_format(rehearsal->arena, value, spec, rehearsal->epoch);
			if (!written || written->kind != VALUE_STRING || template.bytes[at + 1] != 's')
				return WENT_ON;
			builder_add(&text, written->text);
		}
		at = end;
	}
	*result = value_of_text(rehearsal->arena, builder_slice(&text));
	return WENT_ON;
}

static struct value *operate_one(struct rehearsal *rehearsal, const struct value *value, struct slice operator)
{
	if (!rehearsal_knows(rehearsal, value))
		return rehearsal_value(rehearsal, VALUE_UNKNOWN);
	if (slice_equal(operator, SLICE("not"))) {
		int truth = value_truth(value, rehearsal->epoch);
		return truth < 0 ? rehearsal_value(rehearsal, VALUE_UNKNOWN) : value_of_bool(rehearsal->arena, !truth);
	}
	if (slice_equal(operator, SLICE("-")) && value->kind == VALUE_FLOAT)
		return value_of_real(rehearsal->arena, -value->real);
	if (slice_equal(operator, SLICE("-")) && value->kind == VALUE_INT && value->integer > INT64_MIN)
		return value_of_integer(rehearsal->arena, -value->integer);
	return rehearsal_value(rehearsal, VALUE_UNKNOWN);
}

static enum outcome operate_two(struct rehearsal *rehearsal, struct value *left, struct slice operator,
                                struct value * right, struct value **result)
{
	bool zero = false;
	struct value *value = value_operate(rehearsal->arena, left, operator, right, rehearsal->epoch, &zero);
	if (zero)
		return rehearsal_raise(rehearsal, SLICE("ZeroDivisionError"));
	if (!value && rehearsal_knows(rehearsal, left) && rehearsal_knows(rehearsal, right) &&
	    value_is_refused(left, operator, right))
		return rehearsal_raise(rehearsal, SLICE("TypeError"));
	*result = value ? rehearsal_stamp(rehearsal, value) : rehearsal_value(rehearsal, VALUE_UNKNOWN);
	if (!value) {
		rehearsal_escape(rehearsal, left, true);
		rehearsal_escape(rehearsal, right, true);
	}
	return WENT_ON;
}

enum outcome rehearse_operate(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                              struct value **result)
{
	struct slice operators = rehearsal_text(rehearsal, event->text);
	if (event->form == FORM_TEMPLATE)
		return fill_template(rehearsal, frame, event, result);
	bool identity = slice_equal(operators, SLICE("is")) || slice_equal(operators, SLICE("isnot"));
	for (uint32_t i = 0; i < event->argument_count; i++)
		if (!identity &&
		    rehearsal_overloads(rehearsal_operand(rehearsal, frame, rehearsal_argument(frame, event, i)->value)))
			return LOST;
	if (!event->text || event->argument_count == 0)
		return WENT_ON;
	struct value *value = rehearsal_operand(rehearsal, frame, rehearsal_argument(frame, event, 0)->value);
	if (event->argument_count == 1) {
		*result = operate_one(rehearsal, value, operators);
		return WENT_ON;
	}
	for (uint32_t i = 1; i < event->argument_count; i++) {
		size_t end = slice_find(operators, ' ', 0);
		enum outcome outcome =
		    operate_two(rehearsal, value, slice_part(operators, 0, end),
		                rehearsal_operand(rehearsal, frame, rehearsal_argument(frame, event, i)->value), &value);
		if (outcome != WENT_ON)
			return outcome;
		operators = slice_part(operators, end + 1, operators.length);
	}
	*result = value;
	return WENT_ON;
}

enum outcome rehearse_update(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                             struct value **result)
{
	struct value *target = rehearsal_operand(rehearsal, frame, event->a);
	struct value *operand = rehearsal_operand(rehearsal, frame, event->b), *items = NULL;
	struct slice operator= rehearsal_text(rehearsal, event->text);
	if (rehearsal_overloads(target) || rehearsal_overloads(operand))
		return LOST;
	*result = target;
	target->changes++;
	if (target->kind == VALUE_UNKNOWN)
		rehearsal_lose_escaped(rehearsal);
	if (target->kind == VALUE_LIST && slice_equal(operator, SLICE("+="))) {
		enum outcome outcome = rehearsal_items(rehearsal, operand, &items);
		if (outcome != WENT_ON)
			return outcome;
		if (!items || target->items.count + items->items.count > VALUE_ITEMS)
			rehearsal_lose_value(rehearsal, target);
		if (!items)
			rehearsal_escape(rehearsal, operand, true);
		for (size_t i = 0, count = items ? items->items.count : 0; i < count && !target->lost; i++)
			vector_push(rehearsal->arena, &target->items, items->items.items[i]);
		return WENT_ON;
	}
	if (value_is_mutable(target)) {
		rehearsal_lose_value(rehearsal, target);
		rehearsal_escape(rehearsal, operand, true);
		return WENT_ON;
	}
	return operate_two(rehearsal, target, slice_part(operator, 0, operator.length ? operator.length - 1 : 0), operand,
	                   result);
}

/* Of the operands that the path evaluated, the last is the result. */
struct value *rehearse_choose(struct rehearsal *rehearsal, const struct rehearsal_frame *frame,
                              const struct event *event)
{
	value_id latest = 0;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		value_id value = rehearsal_argument(frame, event, i)->value;
		if (value && frame->values[value] && (!latest || frame->stamps[value] > frame->stamps[latest]))
			latest = value;
	}
	return rehearsal_operand(rehearsal, frame, latest);
}
