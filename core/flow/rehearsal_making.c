/* Values that are made of others: containers, functions, classes. */
#include "flow/rehearsal_parts.h"

void rehearsal_set_item(struct rehearsal *rehearsal, struct value *dict, struct value *key, struct value *item)
{
	int64_t at = value_find_key(dict, key, rehearsal->epoch);
	dict->changes++;
	if (at < 0) {
		rehearsal_lose_value(rehearsal, dict);
		rehearsal_escape(rehearsal, item, false);
	} else if (at > 0) {
		dict->items.items[at] = item;
	} else {
		vector_push(rehearsal->arena, &dict->items, key);
		vector_push(rehearsal->arena, &dict->items, item);
	}
}

static void add_to_set(struct rehearsal *rehearsal, struct value *set, struct value *item)
{
	if (item->kind == VALUE_LIST || item->kind == VALUE_DICT || item->kind == VALUE_SET)
		rehearsal_lose_value(rehearsal, set); /* TypeError */
	for (size_t i = 0; i < set->items.count; i++) {
		int equal = value_equal(set->items.items[i], item, rehearsal->epoch);
		if (equal == 1)
			return;
		if (equal < 0)
			set->lost = true;
	}
	vector_push(rehearsal->arena, &set->items, item);
}

struct value *rehearse_build(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event)
{
	enum value_kind kind = VALUE_UNKNOWN;
	switch ((enum form)event->form) {
	case FORM_TUPLE: kind = VALUE_TUPLE; break;
	case FORM_LIST: kind = VALUE_LIST; break;
	case FORM_SET: kind = VALUE_SET; break;
	case FORM_DICT: kind = VALUE_DICT; break;
	case FORM_SLICE: kind = VALUE_SLICE; break;
	default: break;
	}
	struct value *value = rehearsal_value(rehearsal, kind);
	for (uint32_t i = 0; i < event->argument_count && kind != VALUE_UNKNOWN; i++) {
		const struct event_argument *argument = rehearsal_argument(frame, event, i);
		struct value *item = rehearsal_operand(rehearsal, frame, argument->value);
		if (argument->stars) {
			for (uint32_t k = 0; k < event->argument_count; k++)
				rehearsal_escape(rehearsal,
				                 rehearsal_operand(rehearsal, frame, rehearsal_argument(frame, event, k)->value),
				                 rehearsal_argument(frame, event, k)->stars);
			return rehearsal_value(rehearsal, VALUE_UNKNOWN);
		}
		if (kind == VALUE_SLICE && !argument->value)
			item = rehearsal_value(rehearsal, VALUE_NONE);
		if (kind == VALUE_DICT && i % 2)
			rehearsal_set_item(rehearsal, value,
			                   rehearsal_operand(rehearsal, frame, rehearsal_argument(frame, event, i - 1)->value),
			                   item);
		else if (kind == VALUE_SET)
			add_to_set(rehearsal, value, item);
		else if (kind != VALUE_DICT)
			vector_push(rehearsal->arena, &value->items, item);
	}
	return value;
}

enum outcome rehearse_append(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event)
{
	struct value *container = rehearsal_operand(rehearsal, frame, event->a);
	struct value *item = rehearsal_operand(rehearsal, frame, event->b);
	if (container->items.count > VALUE_ITEMS)
		return LOST;
	if (container->kind == VALUE_DICT && event->argument_count)
		rehearsal_set_item(rehearsal, container,
		                   rehearsal_operand(rehearsal, frame, rehearsal_argument(frame, event, 0)->value), item);
	else if (container->kind == VALUE_SET)
		add_to_set(rehearsal, container, item);
	else if (container->kind != VALUE_UNKNOWN)
		vector_push(rehearsal->arena, &container->items, item);
	return WENT_ON;
}

/* Names that the function binds once it is called, and those within it. */
static void note_rebound(struct rehearsal *rehearsal, const struct program *program, unsigned depth)
{
	for (uint32_t i = 0; i < program->variable_count; i++)
		if (program->variables[i].scope == VARIABLE_GLOBAL &&
		    (program->variables[i].is_bound || program->variables[i].is_deleted))
			rehearsal_slot(rehearsal, program->variables[i].name)->rebound = true;
	for (uint32_t i = 0; i < program->child_count && depth > 0; i++)
		note_rebound(rehearsal, program->children[i], depth - 1);
}

/* Whether it changes a variable of the function around it, so that what it gives depends on how often it was called. */
static bool keeps_count(const struct program *program)
{
	for (uint32_t i = 0; i < program->variable_count; i++)
		if (program->variables[i].scope == VARIABLE_ENCLOSING && program->variables[i].is_bound)
			return true;
	return false;
}

struct value *rehearse_function(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event)
{
	enum { NESTED = 8 };
	const struct program *program = frame->program->children[event->index];
	bool generator = program->kind == PROGRAM_GENERATOR;
	struct value *function = rehearsal_value(rehearsal, generator ? VALUE_GENERATOR : VALUE_FUNCTION);
	function->program = program;
	function->frame = frame;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		const struct event_argument *argument = rehearsal_argument(frame, event, i);
		if (!generator && !argument->keyword)
			continue;
		vector_push(rehearsal->arena, &function->names, argument->keyword);
		vector_push(rehearsal->arena, &function->items, rehearsal_operand(rehearsal, frame, argument->value));
	}
	note_rebound(rehearsal, program, NESTED);
	if (keeps_count(program)) /* calls that get lost may have changed what no name tells */
		function->kind = VALUE_WILD;
	return function;
}

/* Members that change what a class does where nothing calls them by name. */
static bool is_protocol(struct slice name)
{
	static const char *const all[] = {"__getattribute__", "__init_subclass__", "__del__",   "__slots__",
	                                  "__eq__",           "__hash__",          "__lt__",    "__class_getitem__",
	                                  "__set_name__",     "__get__",           "__index__", NULL};
	return slice_is_one_of(name, all);
}

/* The class whose body has just run; null when making it may do more. */
struct value *rehearse_class(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event)
{
	const struct event *begin = event;
	while (begin->kind != EVENT_CLASS_BEGIN || begin->index != event->index)
		begin--;
	struct value *class = rehearsal_value(rehearsal, VALUE_CLASS);
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct value *base = rehearsal_operand(rehearsal, frame, rehearsal_argument(frame, event, i)->value);
		if (base->kind == VALUE_WILD) /* making the class may run code of the notebook */
			return NULL;
		if (event->argument_count > 1 || base->kind != VALUE_CLASS || !rehearsal_knows(rehearsal, base))
			return rehearsal_value(rehearsal, VALUE_WILD);
		class->self = base;
	}
	for (uint32_t i = begin->variable; i < begin->target; i++) {
		symbol name = frame->program->variables[i].name;
		if (!frame->slots[i])
			continue;
		if (is_protocol(rehearsal_text(rehearsal, name)))
			return rehearsal_value(rehearsal, VALUE_WILD);
		vector_push(rehearsal->arena, &class->names, name);
		vector_push(rehearsal->arena, &class->items, frame->slots[i]);
	}
	return class;
}
