/* What single events do, and where they lead. */
#include "flow/rehearsal_parts.h"

#include "python/magics.h"
#include "python/mutators.h"

/* `with open(...)`. */
static bool opens_file(const struct rehearsal *rehearsal, const struct rehearsal_frame *frame,
                       const struct event *enter)
{
	for (const struct event *event = enter; event-- > frame->code.items;)
		if (event->kind == EVENT_CALL && event->value == enter->a) {
			const struct value *callee = event->a ? frame->values[event->a] : NULL;
			return callee && callee->kind == VALUE_LIBRARY && callee->text.length == 0 &&
			       slice_equal(rehearsal_text(rehearsal, callee->symbol), SLICE("open"));
		}
	return false;
}

/* ------------------------------------------------------------------ branches */

/* 1 when an exception is caught by a clause for `type`, 0 when not, -1 when that isn't known. */
static int catches(struct rehearsal *rehearsal, struct slice ename, const struct value *type)
{
	static const struct {
		struct slice name, base;
	} bases[] = {
	    {SLICE_CONSTANT("NameError"), SLICE_CONSTANT("Exception")},
	    {SLICE_CONSTANT("UnboundLocalError"), SLICE_CONSTANT("NameError")},
	    {SLICE_CONSTANT("ZeroDivisionError"), SLICE_CONSTANT("ArithmeticError")},
	    {SLICE_CONSTANT("ArithmeticError"), SLICE_CONSTANT("Exception")},
	    {SLICE_CONSTANT("KeyError"), SLICE_CONSTANT("LookupError")},
	    {SLICE_CONSTANT("IndexError"), SLICE_CONSTANT("LookupError")},
	    {SLICE_CONSTANT("LookupError"), SLICE_CONSTANT("Exception")},
	    {SLICE_CONSTANT("ValueError"), SLICE_CONSTANT("Exception")},
	    {SLICE_CONSTANT("TypeError"), SLICE_CONSTANT("Exception")},
	    {SLICE_CONSTANT("AssertionError"), SLICE_CONSTANT("Exception")},
	    {SLICE_CONSTANT("Exception"), SLICE_CONSTANT("BaseException")},
	};
	if (type->kind == VALUE_TUPLE) {
		int any = 0;
		for (size_t i = 0; i < type->items.count && any == 0; i++)
			any = catches(rehearsal, ename, type->items.items[i]);
		return any;
	}
	if (type->kind != VALUE_LIBRARY || type->text.length || !ename.length)
		return -1;
	struct slice wanted = rehearsal_text(rehearsal, type->symbol);
	for (bool known = true; known;) {
		if (slice_equal(ename, wanted))
			return 1;
		known = false;
		for (size_t i = 0; i < sizeof bases / sizeof *bases && !known; i++)
			if (slice_equal(bases[i].name, ename)) {
				ename = bases[i].base;
				known = true;
			}
	}
	return slice_equal(ename, SLICE("BaseException")) ? 0 : -1;
}

/* Where a branch leads: 1 to its target, 0 on, -1 unknown. */
static int takes_branch(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event)
{
	struct value *value = rehearsal_operand(rehearsal, frame, event->a);
	int truth = -1;
	switch ((enum branch_kind)event->index) {
	case BRANCH_LOOP: truth = rehearsal_has_next(rehearsal, value); return truth < 0 ? -1 : !truth;
	case BRANCH_EXCEPT:
		truth = event->a ? catches(rehearsal, frame->caught, value) : -1;
		return truth < 0 ? -1 : !truth;
	case BRANCH_SUPPRESS:
	case BRANCH_MATCH: return -1;
	default: truth = event->a ? value_truth(value, rehearsal->epoch) : -1; break;
	}
	return truth < 0 ? -1 : (truth != 0) == event->when;
}

/* After these, results may look otherwise. */
static bool changes_display(struct slice magic)
{
	static const char *const all[] = {"precision", "pprint", "config", "load_ext", NULL};
	return slice_is_one_of(magic, all);
}

/* What magics do to names. */
static void run_magic(struct rehearsal *rehearsal, const struct event *event)
{
	const struct magic_rule *rule =
	    python_magic_rule(rehearsal_text(rehearsal, event->name), event->index == MAGIC_CELL);
	rehearsal->shows_anything = rehearsal->shows_anything || changes_display(rehearsal_text(rehearsal, event->name));
	if (!rule)
		return;
	switch (rule->effect) {
	case MAGIC_EFFECT_NONE:
	case MAGIC_EFFECT_SCRIPT:
	case MAGIC_EFFECT_ALIAS:
	case MAGIC_EFFECT_WRITE: break;
	default: rehearsal_lose(rehearsal);
	}
}

/* ------------------------------------------------------------------ all events */

static enum outcome evaluate(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                             struct value **result)
{
	struct value *a = rehearsal_operand(rehearsal, frame, event->a);
	switch (event->kind) {
	case EVENT_READ: return rehearse_read(rehearsal, frame, event, result);
	case EVENT_BIND: return rehearse_bind(rehearsal, frame, event, a);
	case EVENT_DELETE: return rehearse_delete(rehearsal, frame, event);
	case EVENT_CONSTANT:
		*result = value_of_literal(rehearsal->arena, event->form,
		                           slice_part(frame->program->source, event->target, event->target + event->b));
		return WENT_ON;
	case EVENT_BUILD: *result = rehearse_build(rehearsal, frame, event); return WENT_ON;
	case EVENT_OPERATE: return rehearse_operate(rehearsal, frame, event, result);
	case EVENT_UPDATE: return rehearse_update(rehearsal, frame, event, result);
	case EVENT_CHOOSE: *result = rehearse_choose(rehearsal, frame, event); return WENT_ON;
	case EVENT_CALL: return rehearse_call(rehearsal, frame, event, result);
	case EVENT_ATTRIBUTE: return rehearse_attribute(rehearsal, a, event->name, result);
	case EVENT_ITEM: return rehearse_item(rehearsal, a, rehearsal_operand(rehearsal, frame, event->b), result);
	case EVENT_SET_ATTRIBUTE:
		return rehearse_set_attribute(rehearsal, a, event->name, rehearsal_operand(rehearsal, frame, event->b));
	case EVENT_SET_ITEM:
		return rehearse_set_item(rehearsal, a,
		                         rehearsal_operand(rehearsal, frame, rehearsal_argument(frame, event, 0)->value),
		                         rehearsal_operand(rehearsal, frame, event->b));
	case EVENT_DELETE_ITEM: return rehearse_delete_item(rehearsal, a, rehearsal_operand(rehearsal, frame, event->b));
	case EVENT_DELETE_ATTRIBUTE: return rehearsal_overloads(a) ? LOST : WENT_ON;
	case EVENT_ITERATE: return rehearse_iterate(rehearsal, a, result);
	case EVENT_NEXT:
		if (rehearsal_has_next(rehearsal, a) == 1)
			*result = a->self->items.items[a->integer++];
		return WENT_ON;
	case EVENT_UNPACK: return rehearse_unpack(rehearsal, frame, event, result);
	case EVENT_APPEND: return rehearse_append(rehearsal, frame, event);
	case EVENT_FUNCTION: *result = rehearse_function(rehearsal, frame, event); return WENT_ON;
	case EVENT_CLASS: *result = rehearse_class(rehearsal, frame, event); return *result ? WENT_ON : LOST;
	case EVENT_ENTER: /* which may swallow errors and output, unless it is a file */
		return opens_file(rehearsal, frame, event) ? WENT_ON : LOST;
	case EVENT_EXIT:
	case EVENT_AWAIT: return rehearsal_carries_code(a) ? LOST : WENT_ON;
	case EVENT_YIELD:
		if (!rehearsal->yields || frame->program->kind != PROGRAM_GENERATOR ||
		    rehearsal->yields->items.count >= VALUE_ITEMS)
			return LOST;
		vector_push(rehearsal->arena, &rehearsal->yields->items, a);
		if (rehearsal->yields_until >= 0) {
			int truth = value_truth(a, rehearsal->epoch);
			return truth < 0 ? LOST : truth == rehearsal->yields_until ? RETURNED : WENT_ON;
		}
		return WENT_ON;
	case EVENT_IMPORT:
	case EVENT_IMPORT_FROM:
		*result = rehearsal_value(rehearsal, VALUE_LIBRARY);
		(*result)->text = rehearsal_text(rehearsal, event->text);
		(*result)->symbol = event->kind == EVENT_IMPORT ? 0 : event->name;
		return WENT_ON;
	case EVENT_IMPORT_STAR: rehearse_import_star(rehearsal, event); return WENT_ON;
	case EVENT_DISPLAY:
		if (event->index == 1 && frame->program->kind == PROGRAM_CELL)
			rehearsal->shown = a;
		return WENT_ON;
	case EVENT_MAGIC:
		rehearsal_print_anything(rehearsal);
		/* A cell magic that does not begin its cell is no magic. */
		if (event->index == MAGIC_LINE && slice_starts(rehearsal_text(rehearsal, event->name), SLICE("%")))
			return rehearsal_raise(rehearsal, SLICE("UsageError"));
		run_magic(rehearsal, event);
		return WENT_ON;
	case EVENT_OPAQUE: rehearsal_lose(rehearsal); return WENT_ON;
	default: return WENT_ON;
	}
}

/* Where an exception leads: to a handler of the frame, or out of it. */
static bool find_handler(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                         uint32_t *at)
{
	if (event->handler == NO_HANDLER)
		return false;
	frame->caught = rehearsal->ename;
	frame->caught_name = rehearsal->missing;
	frame->caught_line = rehearsal->line;
	*at = (uint32_t)event->handler;
	return true;
}

static enum outcome raise_event(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event)
{
	if (event->automatic) {
		rehearsal->missing = frame->caught_name;
		rehearsal->ename = frame->caught;
		rehearsal->line = frame->caught_line;
		return RAISED;
	}
	return rehearsal_raise(rehearsal, rehearsal_text(rehearsal, event->name));
}

/* Whether an event that went on may have raised instead. */
static bool may_raise(const struct rehearsal *rehearsal, const struct event *event, const struct value *value)
{
	if (!event->value || event->kind == EVENT_BUILD)
		return false;
	if (value && value->kind == VALUE_METHOD && !value->function && rehearsal_knows(rehearsal, value->self))
		return value->self->kind > VALUE_DICT ||
		       python_method_effect(rehearsal_text(rehearsal, value->symbol)) == METHOD_UNKNOWN;
	if (value && value->kind == VALUE_METHOD && value->function)
		return false;
	return !value || value->kind == VALUE_UNKNOWN || value->kind == VALUE_WILD || value->kind == VALUE_METHOD ||
	       (value->kind == VALUE_LIBRARY && value->text.length > 0);
}

enum outcome rehearse_events(struct rehearsal *rehearsal, struct rehearsal_frame *frame, uint32_t from, uint32_t to)
{
	for (uint32_t at = from; at < to;) {
		const struct event *event = &frame->code.items[at];
		enum outcome outcome = WENT_ON;
		if (++rehearsal->steps > rehearsal->step_limit || arena_used(rehearsal->arena) > rehearsal->budget)
			return LOST;
		switch (event->kind) {
		case EVENT_STATEMENT:
			if (frame->program->kind == PROGRAM_CELL)
				rehearsal->line = frame->program->statements[event->index].line;
			break;
		case EVENT_JUMP: at = event->target; continue;
		case EVENT_BRANCH: {
			int taken = takes_branch(rehearsal, frame, event);
			if (taken < 0)
				return LOST;
			at = taken ? event->target : at + 1;
			continue;
		}
		case EVENT_CLASS_BEGIN:
			for (uint32_t i = event->variable; i < event->target; i++)
				frame->slots[i] = NULL;
			break;
		case EVENT_RETURN: frame->returned = rehearsal_operand(rehearsal, frame, event->a); return RETURNED;
		case EVENT_RAISE: outcome = raise_event(rehearsal, frame, event); break;
		case EVENT_END: return WENT_ON;
		default: {
			struct value *value = NULL;
			bool unsure = rehearsal->unsure;
			rehearsal->unsure = false;
			outcome = evaluate(rehearsal, frame, event, &value);
			if (outcome == WENT_ON && may_raise(rehearsal, event, value))
				rehearsal->unsure = true;
			if (outcome == WENT_ON && rehearsal->unsure && event->handler != NO_HANDLER)
				return LOST; /* which goes on there, or here */
			rehearsal->unsure = rehearsal->unsure || unsure;
			if (event->value) {
				frame->values[event->value] = value ? value : rehearsal_value(rehearsal, VALUE_UNKNOWN);
				frame->stamps[event->value] = ++rehearsal->clock;
			}
		}
		}
		if (outcome == LOST || outcome == RETURNED ||
		    (outcome == RAISED && !find_handler(rehearsal, frame, event, &at)))
			return outcome;
		if (outcome == WENT_ON)
			at++;
	}
	return WENT_ON;
}
