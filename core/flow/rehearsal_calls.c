/* What calls compute: functions and classes of the notebook, and what is known of others. */
#include "flow/rehearsal_invocation.h"

#include "python/mutators.h"

const struct event_argument *invocation_argument(const struct invocation *call, uint32_t index)
{
	return &call->frame->code.arguments[call->event->arguments + index];
}

struct value *invocation_value(const struct invocation *call, uint32_t index)
{
	return rehearsal_operand(call->rehearsal, call->frame, invocation_argument(call, index)->value);
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
		symbol keyword = invocation_argument(call, i)->keyword;
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
		frame->slots[to] = invocation_value(call, i);
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
enum outcome rehearse_library(const struct invocation *call, struct slice module, struct slice name)
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
		struct value *value = invocation_value(call, i);
		bool positional = !invocation_argument(call, i)->keyword;
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
		rehearsal_escape(rehearsal, invocation_value(call, i), module.length == 0 && !gives_arguments(name));
	return WENT_ON;
}

/* ------------------------------------------------------------------ all calls */

enum outcome rehearse_call(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                           struct value **result)
{
	struct invocation call = {.rehearsal = rehearsal, .frame = frame, .event = event};
	struct value *callee = rehearsal_operand(rehearsal, frame, event->a);
	for (uint32_t i = 0; i < event->argument_count; i++) {
		call.by_name = call.by_name || invocation_argument(&call, i)->keyword;
		call.starred = call.starred || invocation_argument(&call, i)->stars;
	}
	switch (callee->kind) {
	case VALUE_FUNCTION: return call_function(&call, callee, result);
	case VALUE_CLASS: return call_class(&call, callee, result);
	case VALUE_METHOD:
		if (!callee->function)
			return rehearse_method(&call, callee, result);
		call.self = callee->self;
		return call_function(&call, callee->function, result);
	case VALUE_LIBRARY: {
		struct slice name = symbols_name(rehearsal->symbols, callee->symbol);
		if (callee->text.length == 0)
			return rehearse_builtin(&call, name, result);
		if (slice_equal(callee->text, SLICE("math")) && event->argument_count == 1 && !call.by_name && !call.starred)
			*result = rehearse_math(rehearsal, name, invocation_value(&call, 0));
		return *result ? WENT_ON : rehearse_library(&call, callee->text, name);
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
	default: return rehearse_library(&call, SLICE("?"), SLICE("?"));
	}
}
