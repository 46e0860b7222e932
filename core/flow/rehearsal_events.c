/* What single events compute. */
#include "flow/rehearsal_state.h"

#include "python/magics.h"
#include "python/mutators.h"
#include "python/names.h"
#include "python/star_exports.h"

static struct slice name_text(const struct rehearsal *rehearsal, symbol name)
{
	return symbols_name(rehearsal->symbols, name);
}

static struct value *unknown(struct rehearsal *rehearsal)
{
	return rehearsal_value(rehearsal, VALUE_UNKNOWN);
}

/* ------------------------------------------------------------------ names */

/* Where a variable of a frame is kept; null for a global one, whose name it gives, and where it isn't known. */
static struct value **local_slot(struct rehearsal_frame *frame, uint32_t index, symbol *global)
{
	const struct variable *variable = &frame->program->variables[index];
	*global = 0;
	while (variable->scope == VARIABLE_ENCLOSING && frame->outer) {
		index = variable->outer;
		frame = frame->outer;
		variable = &frame->program->variables[index];
	}
	if (variable->scope == VARIABLE_GLOBAL)
		*global = variable->name;
	return variable->scope == VARIABLE_GLOBAL || variable->scope == VARIABLE_ENCLOSING ? NULL : &frame->slots[index];
}

static void note_input(struct rehearsal *rehearsal, struct slot *slot, symbol name)
{
	if (slot->written_in == rehearsal->run || slot->read_in == rehearsal->run)
		return;
	slot->read_in = rehearsal->run;
	slot->input = 0;
	size_t count = rehearsal->result->inputs.count;
	if (!slot->maybe)
		rehearsal_tell_input(rehearsal, slot, name, slot->value);
	if (rehearsal->result->inputs.count > count)
		slot->input = (uint32_t)count + 1;
}

/* Builtins for which libraries have functions of the same name, which a star import brings. */
static bool is_often_replaced(struct slice name)
{
	static const char *const all[] = {"abs", "all", "any", "max", "min", "pow", "sum", "round", "sorted", NULL};
	return slice_is_one_of(name, all);
}

static enum outcome read_global(struct rehearsal *rehearsal, const struct event *event, symbol name,
                                struct value **value)
{
	struct slot *slot = rehearsal_slot(rehearsal, name);
	struct slice text = name_text(rehearsal, name);
	if (event->soft)
		return WENT_ON;
	if (slot->value || slot->maybe) {
		if (slot->value)
			note_input(rehearsal, slot, name);
		*value = slot->maybe ? rehearsal_value(rehearsal, VALUE_WILD) : slot->value;
		return WENT_ON;
	}
	bool numbered = text.bytes[0] == '_' && python_is_history_name(text) && text.bytes[text.length - 1] >= '0' &&
	                text.bytes[text.length - 1] <= '9';
	/* What ran is not kept here, so `_i5` is something, or is missing: the replay knows. */
	if (numbered && (rehearsal->history_unknown || text.bytes[1] == 'i'))
		return WENT_ON;
	if (!numbered && (python_is_builtin(text) || python_is_ipython_name(text) || python_is_kernel_name(text))) {
		if (rehearsal->opaque && is_often_replaced(text))
			return WENT_ON;
		*value = rehearsal_value(rehearsal, VALUE_LIBRARY);
		(*value)->symbol = name;
		return WENT_ON;
	}
	if (rehearsal->opaque) {
		*value = rehearsal_value(rehearsal, VALUE_WILD);
		return WENT_ON;
	}
	if (event[1].kind == EVENT_DISPLAY && event[1].a == event->value && python_is_bare_magic(text)) {
		rehearsal_print_anything(rehearsal);
		return WENT_ON;
	}
	rehearsal->missing = name;
	return rehearsal_raise(rehearsal, SLICE("NameError"));
}

static enum outcome read_variable(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                                  struct value **value)
{
	uint32_t index = event->variable;
	if (frame->program->variables[index].scope == VARIABLE_CLASS && !frame->slots[index])
		index = frame->program->variables[index].outer;
	symbol global;
	struct value **slot = local_slot(frame, index, &global);
	if (global)
		return read_global(rehearsal, event, global, value);
	if (!slot)
		return LOST;
	if (!*slot)
		return rehearsal_raise(rehearsal, SLICE("UnboundLocalError"));
	*value = *slot;
	return WENT_ON;
}

static void bind_global(struct rehearsal *rehearsal, symbol name, struct value *value)
{
	struct slot *slot = rehearsal_slot(rehearsal, name);
	slot->value = value;
	slot->maybe = false;
	slot->written_in = rehearsal->run;
	if (name_text(rehearsal, name).bytes[0] == '_' && python_is_history_name(name_text(rehearsal, name)))
		rehearsal->history_unknown = true;
}

static enum outcome bind_variable(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                                  struct value *value)
{
	symbol global;
	struct value **slot = local_slot(frame, event->variable, &global);
	if (global)
		bind_global(rehearsal, global, value);
	else if (slot)
		*slot = value;
	return global || slot ? WENT_ON : LOST;
}

static enum outcome delete_variable(struct rehearsal *rehearsal, struct rehearsal_frame *frame,
                                    const struct event *event)
{
	symbol global;
	struct value **local = local_slot(frame, event->variable, &global);
	if (local) {
		*local = NULL;
		return WENT_ON;
	}
	if (!global)
		return LOST;
	struct slot *slot = rehearsal_slot(rehearsal, global);
	if (!slot->value && !slot->maybe && !event->automatic) {
		if (rehearsal->opaque)
			return WENT_ON;
		rehearsal->missing = global;
		return rehearsal_raise(rehearsal, SLICE("NameError"));
	}
	slot->value = NULL;
	slot->maybe = false;
	slot->written_in = rehearsal->run;
	return WENT_ON;
}

static void import_star(struct rehearsal *rehearsal, const struct event *event)
{
	struct slice names;
	if (!python_star_exports(name_text(rehearsal, event->text), &names)) {
		rehearsal_lose(rehearsal);
		return;
	}
	while (names.length > 0) {
		size_t end = slice_find(names, ' ', 0);
		struct value *value = rehearsal_value(rehearsal, VALUE_LIBRARY);
		value->symbol = symbols_intern(rehearsal->symbols, slice_part(names, 0, end));
		value->text = name_text(rehearsal, event->text);
		bind_global(rehearsal, value->symbol, value);
		names = slice_part(names, end + 1, names.length);
	}
}

/* ------------------------------------------------------------------ making values */

static const struct event_argument *argument_at(const struct rehearsal_frame *frame, const struct event *event,
                                                uint32_t index)
{
	return &frame->code.arguments[event->arguments + index];
}

static void set_item(struct rehearsal *rehearsal, struct value *dict, struct value *key, struct value *item)
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

static struct value *build(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event)
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
		const struct event_argument *argument = argument_at(frame, event, i);
		struct value *item = rehearsal_operand(rehearsal, frame, argument->value);
		if (argument->stars) {
			for (uint32_t k = 0; k < event->argument_count; k++)
				rehearsal_escape(rehearsal, rehearsal_operand(rehearsal, frame, argument_at(frame, event, k)->value),
				                 argument_at(frame, event, k)->stars);
			return unknown(rehearsal);
		}
		if (kind == VALUE_SLICE && !argument->value)
			item = rehearsal_value(rehearsal, VALUE_NONE);
		if (kind == VALUE_DICT && i % 2)
			set_item(rehearsal, value, rehearsal_operand(rehearsal, frame, argument_at(frame, event, i - 1)->value),
			         item);
		else if (kind == VALUE_SET)
			add_to_set(rehearsal, value, item);
		else if (kind != VALUE_DICT)
			vector_push(rehearsal->arena, &value->items, item);
	}
	return value;
}

static enum outcome fill_template(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                                  struct value **result)
{
	struct slice template = name_text(rehearsal, event->text);
	struct builder text = {.arena = rehearsal->arena};
	uint32_t field = 0;
	for (uint32_t i = 0; i < event->argument_count; i++)
		if (rehearsal_carries_code(rehearsal_operand(rehearsal, frame, argument_at(frame, event, i)->value)))
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
		struct value *value = rehearsal_operand(rehearsal, frame, argument_at(frame, event, field++)->value);
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
		return unknown(rehearsal);
	if (slice_equal(operator, SLICE("not"))) {
		int truth = value_truth(value, rehearsal->epoch);
		return truth < 0 ? unknown(rehearsal) : value_of_bool(rehearsal->arena, !truth);
	}
	if (slice_equal(operator, SLICE("-")) && value->kind == VALUE_FLOAT)
		return value_of_real(rehearsal->arena, -value->real);
	if (slice_equal(operator, SLICE("-")) && value->kind == VALUE_INT && value->integer > INT64_MIN)
		return value_of_integer(rehearsal->arena, -value->integer);
	return unknown(rehearsal);
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
	*result = value ? rehearsal_stamp(rehearsal, value) : unknown(rehearsal);
	if (!value) {
		rehearsal_escape(rehearsal, left, true);
		rehearsal_escape(rehearsal, right, true);
	}
	return WENT_ON;
}

static bool overloads(const struct value *value)
{
	return value->kind == VALUE_INSTANCE || value->kind == VALUE_WILD || value->kind == VALUE_CLASS;
}

static enum outcome operate(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                            struct value **result)
{
	struct slice operators = name_text(rehearsal, event->text);
	if (event->form == FORM_TEMPLATE)
		return fill_template(rehearsal, frame, event, result);
	bool identity = slice_equal(operators, SLICE("is")) || slice_equal(operators, SLICE("isnot"));
	for (uint32_t i = 0; i < event->argument_count; i++)
		if (!identity && overloads(rehearsal_operand(rehearsal, frame, argument_at(frame, event, i)->value)))
			return LOST;
	if (!event->text || event->argument_count == 0)
		return WENT_ON;
	struct value *value = rehearsal_operand(rehearsal, frame, argument_at(frame, event, 0)->value);
	if (event->argument_count == 1) {
		*result = operate_one(rehearsal, value, operators);
		return WENT_ON;
	}
	for (uint32_t i = 1; i < event->argument_count; i++) {
		size_t end = slice_find(operators, ' ', 0);
		enum outcome outcome =
		    operate_two(rehearsal, value, slice_part(operators, 0, end),
		                rehearsal_operand(rehearsal, frame, argument_at(frame, event, i)->value), &value);
		if (outcome != WENT_ON)
			return outcome;
		operators = slice_part(operators, end + 1, operators.length);
	}
	*result = value;
	return WENT_ON;
}

static enum outcome update(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                           struct value **result)
{
	struct value *target = rehearsal_operand(rehearsal, frame, event->a);
	struct value *operand = rehearsal_operand(rehearsal, frame, event->b), *items = NULL;
	struct slice operator= name_text(rehearsal, event->text);
	if (overloads(target) || overloads(operand))
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
static struct value *choose(struct rehearsal *rehearsal, const struct rehearsal_frame *frame, const struct event *event)
{
	value_id latest = 0;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		value_id value = argument_at(frame, event, i)->value;
		if (value && frame->values[value] && (!latest || frame->stamps[value] > frame->stamps[latest]))
			latest = value;
	}
	return rehearsal_operand(rehearsal, frame, latest);
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

static struct value *make_function(struct rehearsal *rehearsal, struct rehearsal_frame *frame,
                                   const struct event *event)
{
	enum { NESTED = 8 };
	const struct program *program = frame->program->children[event->index];
	bool generator = program->kind == PROGRAM_GENERATOR;
	struct value *function = rehearsal_value(rehearsal, generator ? VALUE_GENERATOR : VALUE_FUNCTION);
	function->program = program;
	function->frame = frame;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		const struct event_argument *argument = argument_at(frame, event, i);
		if (!generator && !argument->keyword)
			continue;
		vector_push(rehearsal->arena, &function->names, argument->keyword);
		vector_push(rehearsal->arena, &function->items, rehearsal_operand(rehearsal, frame, argument->value));
	}
	note_rebound(rehearsal, program, NESTED);
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
static struct value *make_class(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event)
{
	const struct event *begin = event;
	while (begin->kind != EVENT_CLASS_BEGIN || begin->index != event->index)
		begin--;
	struct value *class = rehearsal_value(rehearsal, VALUE_CLASS);
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct value *base = rehearsal_operand(rehearsal, frame, argument_at(frame, event, i)->value);
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
		if (is_protocol(name_text(rehearsal, name)))
			return rehearsal_value(rehearsal, VALUE_WILD);
		vector_push(rehearsal->arena, &class->names, name);
		vector_push(rehearsal->arena, &class->items, frame->slots[i]);
	}
	return class;
}

/* `with open(...)`. */
static bool opens_file(const struct rehearsal *rehearsal, const struct rehearsal_frame *frame,
                       const struct event *enter)
{
	for (const struct event *event = enter; event-- > frame->code.items;)
		if (event->kind == EVENT_CALL && event->value == enter->a) {
			const struct value *callee = event->a ? frame->values[event->a] : NULL;
			return callee && callee->kind == VALUE_LIBRARY && callee->text.length == 0 &&
			       slice_equal(name_text(rehearsal, callee->symbol), SLICE("open"));
		}
	return false;
}

/* ------------------------------------------------------------------ attributes and items */

/* `get_ipython().push(...)` and the like bind what nobody can read here. */
static bool opens_namespace(const struct rehearsal *rehearsal, const struct value *object, symbol name)
{
	static const struct slice openers[] = {SLICE_CONSTANT("ex"), SLICE_CONSTANT("push"), SLICE_CONSTANT("run_cell"),
	                                       SLICE_CONSTANT("run_code"), SLICE_CONSTANT("user_ns")};
	for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
		if (slice_equal(object->text, SLICE("get_ipython")) && slice_equal(name_text(rehearsal, name), openers[i]))
			return true;
	return false;
}

static enum outcome load_attribute(struct rehearsal *rehearsal, struct value *object, symbol name,
                                   struct value **result)
{
	switch (object->kind) {
	case VALUE_LIBRARY: {
		if (opens_namespace(rehearsal, object, name))
			rehearsal_lose(rehearsal);
		struct value *attribute = rehearsal_value(rehearsal, VALUE_LIBRARY);
		attribute->text = object->text;
		if (object->symbol)
			attribute->text = slice_format(rehearsal->arena, "%.*s.%.*s", SLICE_FORMAT(object->text),
			                               SLICE_FORMAT(name_text(rehearsal, object->symbol)));
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
		return unknown(rehearsal);
	if (from->kind == VALUE_STRING)
		return value_of_text(rehearsal->arena, slice_part(from->text, start, end));
	struct value *part = rehearsal_value(rehearsal, from->kind);
	for (size_t i = start; i < end; i++)
		vector_push(rehearsal->arena, &part->items, from->items.items[i]);
	return part;
}

/* `Out[5]`: what `_5` is. */
static enum outcome load_out(struct rehearsal *rehearsal, const struct value *index, struct value **result)
{
	if (index->kind != VALUE_INT)
		return WENT_ON;
	symbol name =
	    symbols_intern(rehearsal->symbols, slice_format(rehearsal->arena, "_%lld", (long long)index->integer));
	struct slot *slot = rehearsal_slot(rehearsal, name);
	if (slot->maybe || rehearsal->history_unknown)
		return WENT_ON;
	if (!slot->value)
		return rehearsal_raise(rehearsal, SLICE("KeyError"));
	note_input(rehearsal, slot, name);
	*result = slot->value;
	return WENT_ON;
}

static bool item_position(const struct value *sequence, const struct value *index, size_t *at)
{
	int64_t length = (int64_t)sequence->items.count;
	int64_t position = index->integer < 0 ? index->integer + length : index->integer;
	*at = (size_t)position;
	return position >= 0 && position < length;
}

static enum outcome load_item(struct rehearsal *rehearsal, struct value *from, const struct value *index,
                              struct value **result)
{
	size_t at;
	if (overloads(from))
		return from->kind == VALUE_CLASS ? WENT_ON : LOST;
	if (from->kind == VALUE_LIBRARY && from->text.length == 0 &&
	    slice_equal(name_text(rehearsal, from->symbol), SLICE("Out")))
		return load_out(rehearsal, index, result);
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

static enum outcome store_item(struct rehearsal *rehearsal, struct value *object, struct value *index,
                               struct value *item)
{
	size_t at;
	if (overloads(object))
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
		set_item(rehearsal, object, index, item);
	} else {
		rehearsal_lose_value(rehearsal, object);
		rehearsal_escape(rehearsal, item, false);
	}
	return WENT_ON;
}

static enum outcome delete_item(struct rehearsal *rehearsal, struct value *object, const struct value *index)
{
	if (overloads(object))
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

static enum outcome store_attribute(struct rehearsal *rehearsal, struct value *object, symbol name, struct value *value)
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

static enum outcome iterate(struct rehearsal *rehearsal, struct value *iterable, struct value **result)
{
	if (iterable->kind == VALUE_ITERATOR || iterable->kind == VALUE_UNKNOWN || iterable->kind == VALUE_LIBRARY ||
	    iterable->kind == VALUE_METHOD) {
		*result = iterable->kind == VALUE_ITERATOR ? iterable : unknown(rehearsal);
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
	*result = iterator->self ? iterator : unknown(rehearsal);
	return WENT_ON;
}

/* Whether the iterator has one more: 1, 0 or -1. */
static int has_next(const struct rehearsal *rehearsal, const struct value *iterator)
{
	if (iterator->kind != VALUE_ITERATOR || !rehearsal_knows(rehearsal, iterator) ||
	    !rehearsal_knows(rehearsal, iterator->self))
		return -1;
	return (size_t)iterator->integer < iterator->self->items.count;
}

static enum outcome unpack(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                           struct value **result)
{
	struct value *from = rehearsal_operand(rehearsal, frame, event->a);
	if (overloads(from) || from->kind == VALUE_GENERATOR)
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

static enum outcome append(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event)
{
	struct value *container = rehearsal_operand(rehearsal, frame, event->a);
	struct value *item = rehearsal_operand(rehearsal, frame, event->b);
	if (container->items.count > VALUE_ITEMS)
		return LOST;
	if (container->kind == VALUE_DICT && event->argument_count)
		set_item(rehearsal, container, rehearsal_operand(rehearsal, frame, argument_at(frame, event, 0)->value), item);
	else if (container->kind == VALUE_SET)
		add_to_set(rehearsal, container, item);
	else if (container->kind != VALUE_UNKNOWN)
		vector_push(rehearsal->arena, &container->items, item);
	return WENT_ON;
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
	struct slice wanted = name_text(rehearsal, type->symbol);
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
	case BRANCH_LOOP: truth = has_next(rehearsal, value); return truth < 0 ? -1 : !truth;
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
	const struct magic_rule *rule = python_magic_rule(name_text(rehearsal, event->name), event->index == MAGIC_CELL);
	rehearsal->shows_anything = rehearsal->shows_anything || changes_display(name_text(rehearsal, event->name));
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
	case EVENT_READ: return read_variable(rehearsal, frame, event, result);
	case EVENT_BIND: return bind_variable(rehearsal, frame, event, a);
	case EVENT_DELETE: return delete_variable(rehearsal, frame, event);
	case EVENT_CONSTANT:
		*result = value_of_literal(rehearsal->arena, event->form,
		                           slice_part(frame->program->source, event->target, event->target + event->b));
		return WENT_ON;
	case EVENT_BUILD: *result = build(rehearsal, frame, event); return WENT_ON;
	case EVENT_OPERATE: return operate(rehearsal, frame, event, result);
	case EVENT_UPDATE: return update(rehearsal, frame, event, result);
	case EVENT_CHOOSE: *result = choose(rehearsal, frame, event); return WENT_ON;
	case EVENT_CALL: return rehearse_call(rehearsal, frame, event, result);
	case EVENT_ATTRIBUTE: return load_attribute(rehearsal, a, event->name, result);
	case EVENT_ITEM: return load_item(rehearsal, a, rehearsal_operand(rehearsal, frame, event->b), result);
	case EVENT_SET_ATTRIBUTE:
		return store_attribute(rehearsal, a, event->name, rehearsal_operand(rehearsal, frame, event->b));
	case EVENT_SET_ITEM:
		return store_item(rehearsal, a, rehearsal_operand(rehearsal, frame, argument_at(frame, event, 0)->value),
		                  rehearsal_operand(rehearsal, frame, event->b));
	case EVENT_DELETE_ITEM: return delete_item(rehearsal, a, rehearsal_operand(rehearsal, frame, event->b));
	case EVENT_DELETE_ATTRIBUTE: return overloads(a) ? LOST : WENT_ON;
	case EVENT_ITERATE: return iterate(rehearsal, a, result);
	case EVENT_NEXT:
		if (has_next(rehearsal, a) == 1)
			*result = a->self->items.items[a->integer++];
		return WENT_ON;
	case EVENT_UNPACK: return unpack(rehearsal, frame, event, result);
	case EVENT_APPEND: return append(rehearsal, frame, event);
	case EVENT_FUNCTION: *result = make_function(rehearsal, frame, event); return WENT_ON;
	case EVENT_CLASS: *result = make_class(rehearsal, frame, event); return *result ? WENT_ON : LOST;
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
		(*result)->text = name_text(rehearsal, event->text);
		(*result)->symbol = event->kind == EVENT_IMPORT ? 0 : event->name;
		return WENT_ON;
	case EVENT_IMPORT_STAR: import_star(rehearsal, event); return WENT_ON;
	case EVENT_DISPLAY:
		if (event->index == 1 && frame->program->kind == PROGRAM_CELL)
			rehearsal->shown = a;
		return WENT_ON;
	case EVENT_MAGIC:
		rehearsal_print_anything(rehearsal);
		/* A cell magic that does not begin its cell is no magic. */
		if (event->index == MAGIC_LINE && slice_starts(name_text(rehearsal, event->name), SLICE("%")))
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
	*at = (uint32_t)event->handler;
	return true;
}

static enum outcome raise_event(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event)
{
	if (event->automatic) {
		rehearsal->missing = frame->caught_name;
		rehearsal->ename = frame->caught;
		return RAISED;
	}
	return rehearsal_raise(rehearsal, name_text(rehearsal, event->name));
}

/* Whether an event that went on may have raised instead. */
static bool may_raise(const struct rehearsal *rehearsal, const struct event *event, const struct value *value)
{
	if (!event->value || event->kind == EVENT_BUILD)
		return false;
	if (value && value->kind == VALUE_METHOD && !value->function && rehearsal_knows(rehearsal, value->self))
		return value->self->kind > VALUE_DICT ||
		       python_method_effect(name_text(rehearsal, value->symbol)) == METHOD_UNKNOWN;
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
				frame->values[event->value] = value ? value : unknown(rehearsal);
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
