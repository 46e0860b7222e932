/* What the events other than calls make: displays, operations, items, iterators,
 * functions and classes. */
#include "flow/interpreter.h"

#include <stdlib.h>

#include "python/star_exports.h"

struct object *operand(struct replay *replay, const struct frame *frame, value_id value)
{
	struct object *object = value ? frame->values[value] : NULL;
	return object ? object : make_object(replay, OBJECT_UNKNOWN);
}

/* A display: a list, tuple, set or dict written out. */
struct object *build(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *object = make_object(replay, event->form == FORM_TUPLE ? OBJECT_IMMUTABLE : OBJECT_CONTAINER);
	object->exact = true;
	object->literal = event->form;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		const struct event_argument *argument = &frame->arguments[event->arguments + i];
		if (argument->stars)
			object->exact = false;
		else
			object->nonempty = true;
		vector_push(replay->arena, &object->parts, operand(replay, frame, argument->value));
	}
	if (object->type == OBJECT_IMMUTABLE)
		object->truth = (int8_t)(object->nonempty ? 1 : object->exact ? 0 : -1);
	return object;
}

/* The method of an instance that an operator calls: on its left, and on its right. */
static void call_operator(struct replay *replay, struct frame *frame, const struct event *event)
{
	static const struct {
		struct slice left, right;
	} methods[] = {
	    [OPERATION_ADD] = {SLICE_CONSTANT("__add__"), SLICE_CONSTANT("__radd__")},
	    [OPERATION_SUBTRACT] = {SLICE_CONSTANT("__sub__"), SLICE_CONSTANT("__rsub__")},
	    [OPERATION_MULTIPLY] = {SLICE_CONSTANT("__mul__"), SLICE_CONSTANT("__rmul__")},
	    [OPERATION_DIVIDE] = {SLICE_CONSTANT("__truediv__"), SLICE_CONSTANT("__rtruediv__")},
	    [OPERATION_FLOOR] = {SLICE_CONSTANT("__floordiv__"), SLICE_CONSTANT("__rfloordiv__")},
	    [OPERATION_REMAINDER] = {SLICE_CONSTANT("__mod__"), SLICE_CONSTANT("__rmod__")},
	    [OPERATION_POWER] = {SLICE_CONSTANT("__pow__"), SLICE_CONSTANT("__rpow__")},
	    [OPERATION_AND] = {SLICE_CONSTANT("__and__"), SLICE_CONSTANT("__rand__")},
	    [OPERATION_OR] = {SLICE_CONSTANT("__or__"), SLICE_CONSTANT("__ror__")},
	    [OPERATION_XOR] = {SLICE_CONSTANT("__xor__"), SLICE_CONSTANT("__rxor__")},
	    [OPERATION_SHIFT_LEFT] = {SLICE_CONSTANT("__lshift__"), SLICE_CONSTANT("__rlshift__")},
	    [OPERATION_SHIFT_RIGHT] = {SLICE_CONSTANT("__rshift__"), SLICE_CONSTANT("__rrshift__")},
	    [OPERATION_EQUAL] = {SLICE_CONSTANT("__eq__"), SLICE_CONSTANT("__eq__")},
	    [OPERATION_DIFFERENT] = {SLICE_CONSTANT("__ne__"), SLICE_CONSTANT("__ne__")},
	    [OPERATION_LESS] = {SLICE_CONSTANT("__lt__"), SLICE_CONSTANT("__gt__")},
	    [OPERATION_LESS_EQUAL] = {SLICE_CONSTANT("__le__"), SLICE_CONSTANT("__ge__")},
	    [OPERATION_GREATER] = {SLICE_CONSTANT("__gt__"), SLICE_CONSTANT("__lt__")},
	    [OPERATION_GREATER_EQUAL] = {SLICE_CONSTANT("__ge__"), SLICE_CONSTANT("__le__")},
	    [OPERATION_IN] = {SLICE_CONSTANT(""), SLICE_CONSTANT("__contains__")},
	    [OPERATION_NOT_IN] = {SLICE_CONSTANT(""), SLICE_CONSTANT("__contains__")},
	};
	if ((size_t)event->index >= sizeof methods / sizeof *methods || event->argument_count != 2)
		return;
	bool called = false;
	for (uint32_t i = 0; i < 2 && !called; i++) {
		struct object *object = operand(replay, frame, frame->arguments[event->arguments + i].value);
		struct slice name = i ? methods[event->index].right : methods[event->index].left;
		called = object->type == OBJECT_INSTANCE && name.length && call_special(replay, frame, object, name);
	}
}

/* `'x' in globals()`: the answer, or null where it is not known. */
static struct object *look_for_name(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct slice text;
	const struct object *in = operand(replay, frame, frame->arguments[event->arguments + 1].value);
	if (!in->is_namespace || !text_of(replay, operand(replay, frame, frame->arguments[event->arguments].value), &text))
		return NULL;
	symbol name = symbols_intern(replay->symbols, text);
	read_existence(replay, frame, name);
	const struct binding *now = &global_of(replay, name)->place.now;
	bool is_known = now->object ? !now->maybe_unbound : !replay->opacity.is_opaque && !is_always_there(replay, name);
	bool is_there = now->object != NULL;
	struct constant answer = {.kind = CONSTANT_INTEGER, .is_bool = true, .foreign = true};
	answer.integer = is_there == (event->index == OPERATION_IN);
	return is_known ? make_constant(replay, &answer) : NULL;
}

struct object *operate(struct replay *replay, struct frame *frame, const struct event *event)
{
	bool instance = false, immutable = true,
	     known = event->index != OPERATION_NONE && !replay->request->effects->program->python2;
	enum { OPERANDS = 8 };
	struct constant operands[OPERANDS], value;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct object *object = operand(replay, frame, frame->arguments[event->arguments + i].value);
		immutable = immutable && object_is_immutable(object);
		instance = instance || object->type == OBJECT_INSTANCE;
		const struct constant *constant = known && i < OPERANDS ? constant_of(replay, object) : NULL;
		known = constant != NULL;
		if (constant) {
			operands[i] = *constant;
			operands[i].foreign = is_foreign(object);
		}
	}
	if (instance && frame->reachable)
		call_operator(replay, frame, event);
	if (event->index == OPERATION_IN || event->index == OPERATION_NOT_IN) {
		struct object *answer = look_for_name(replay, frame, event);
		if (answer)
			return answer;
	}
	if (known) {
		enum operation operation = (enum operation)event->index;
		switch (constant_evaluate(replay->arena, operation, operands, event->argument_count, &value)) {
		case EVALUATION_VALUE:
			value.foreign = false;
			for (uint32_t i = 0; i < event->argument_count; i++)
				value.foreign = value.foreign || operands[i].foreign;
			return make_constant(replay, &value);
		case EVALUATION_RAISES: raise_error(replay, frame, event); break;
		case EVALUATION_UNKNOWN: break;
		}
	}
	return make_object(replay, immutable ? OBJECT_IMMUTABLE : OBJECT_UNKNOWN);
}

/* `a op= b`: lists and the like change in place, numbers and strings don't. */
struct object *update(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *target = operand(replay, frame, event->a);
	if (target->type == OBJECT_CONTAINER) {
		bool nonempty = target->nonempty;
		change_object(replay, target, frame_level(frame));
		target->nonempty = nonempty;
		return target;
	}
	struct object *same =
	    target->type == OBJECT_INSTANCE ? call_special(replay, frame, target, SLICE("__iadd__")) : NULL;
	if (same)
		return same;
	if (object_is_immutable(target))
		return make_object(replay, OBJECT_IMMUTABLE);
	if (target->from_library || !object_is_immutable(operand(replay, frame, event->b)))
		change_object(replay, target, LEVEL_POSSIBLE);
	return make_object(replay, OBJECT_UNKNOWN);
}

struct object *choose(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *chosen = NULL;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct object *object = frame->values[frame->arguments[event->arguments + i].value];
		if (object)
			chosen = chosen ? choose_object(replay, chosen, object) : object;
	}
	return chosen ? chosen : make_object(replay, OBJECT_UNKNOWN);
}

/* An element of what an iterator goes over. */
struct object *next_element(struct replay *replay, struct object *iterator)
{
	struct object *from = iterator->owner ? iterator->owner : iterator;
	if (object_is_immutable(from) && from->parts.count == 0)
		return make_object(replay, OBJECT_IMMUTABLE);
	struct object *element = make_object(replay, from->parts.count ? OBJECT_CHOICE : OBJECT_UNKNOWN);
	element->never_changes = from->parts.count > 0 && from->parts.count <= PARTS_SEEN;
	for (size_t i = 0; i < from->parts.count && i < PARTS_SEEN; i++) {
		struct object *part = from->parts.items[i];
		element->never_changes = element->never_changes && object_is_immutable(part);
		vector_push(replay->arena, &element->parts, part);
	}
	element->owner = from;
	element->owner_level = LEVEL_CERTAIN;
	return element;
}

struct object *unpack(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *from = operand(replay, frame, event->a);
	if (from->type == OBJECT_ITERATOR && event->index == 0)
		iterate(replay, frame, from);
	if (from->exact && event->index >= 0 && (size_t)event->index < from->parts.count)
		return from->parts.items[event->index];
	if (object_is_immutable(from))
		return make_object(replay, OBJECT_IMMUTABLE);
	struct object *part = make_object(replay, OBJECT_UNKNOWN);
	part->owner = from;
	return part;
}

struct object *iterate(struct replay *replay, struct frame *frame, struct object *iterable)
{
	if (iterable->type == OBJECT_INSTANCE) {
		struct object *made = call_special(replay, frame, iterable, SLICE("__iter__"));
		if (made && made->type == OBJECT_ITERATOR)
			use_carried_code(replay, frame, made, frame_level(frame));
		call_special(replay, frame, made && made->type == OBJECT_INSTANCE ? made : iterable, SLICE("__next__"));
	}
	use_carried_code(replay, frame, iterable, frame_level(frame));
	if (iterable->type == OBJECT_ITERATOR) {
		change_object(replay, iterable, frame_level(frame));
		return iterable;
	}
	struct object *iterator = make_object(replay, OBJECT_ITERATOR);
	iterator->owner = iterable;
	iterator->nonempty = iterable->nonempty;
	return iterator;
}

/* Whether an index picks items into an object of their own: a slice of a list; of a
 * table or an array a list of names or a comparison. */
static bool index_copies(const struct object *from, const struct event *event)
{
	return from->type == OBJECT_CONTAINER ? event->form == FORM_SLICE
	                                      : event->form == FORM_LIST || event->form == FORM_COMPARISON;
}

/* `sys.modules['__main__']` is the namespace as a module. */
static bool is_main_module(struct replay *replay, const struct object *from, struct object *key)
{
	struct slice name;
	return from->type == OBJECT_BUILTIN && slice_equal(symbols_name(replay->symbols, from->text), SLICE("sys")) &&
	       slice_equal(symbols_name(replay->symbols, from->name), SLICE("modules")) && text_of(replay, key, &name) &&
	       slice_equal(name, SLICE("__main__"));
}

static bool is_main(const struct replay *replay, const struct object *object)
{
	return object->type == OBJECT_MODULE && slice_equal(symbols_name(replay->symbols, object->text), SLICE("__main__"));
}

void store_part(struct replay *replay, struct frame *frame, struct object *target, symbol name, struct object *value)
{
	if (name && is_main(replay, target)) {
		bind_global(replay, frame, name, value);
		return;
	}
	change_object(replay, target, frame_level(frame));
	if (target->type == OBJECT_MODULE && slice_equal(symbols_name(replay->symbols, target->text), SLICE("builtins")))
		become_opaque(replay, SLICE(""));
	bool holds = target->type != OBJECT_IMMUTABLE && target->type != OBJECT_BUILTIN;
	if (holds && value->type != OBJECT_IMMUTABLE && value != target)
		hold_part(replay, target, value);
}

/* The item of a list, tuple or dict that was written out, by a key that is known; null where that is not so. */
static struct object *written_item(struct replay *replay, const struct object *from, struct object *key)
{
	const struct constant *wanted = constant_of(replay, key);
	if (!wanted || !from->exact)
		return NULL;
	if (from->literal == FORM_DICT) {
		for (size_t i = from->parts.count & ~(size_t)1; i >= 2 && from->parts.count <= PARTS_SEEN; i -= 2) {
			const struct constant *given = constant_of(replay, from->parts.items[i - 2]);
			if (given && constant_equal(given, wanted))
				return from->parts.items[i - 1];
		}
		return NULL;
	}
	bool sequence = from->literal == FORM_TUPLE || from->literal == FORM_LIST;
	if (!sequence || wanted->kind != CONSTANT_INTEGER)
		return NULL;
	int64_t count = (int64_t)from->parts.count, index = wanted->integer + (wanted->integer < 0 ? count : 0);
	return index >= 0 && index < count ? from->parts.items[index] : NULL;
}

struct object *load_item(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *from = operand(replay, frame, event->a), *key = operand(replay, frame, event->b);
	if (from->is_namespace)
		return load_name(replay, frame, event, key, true);
	if (is_main_module(replay, from, key)) {
		struct object *main = make_object(replay, OBJECT_MODULE);
		main->text = symbols_intern(replay->symbols, SLICE("__main__"));
		return main;
	}
	if (from->type == OBJECT_INSTANCE)
		call_special(replay, frame, from, SLICE("__getitem__"));
	struct object *input = load_input(replay, from, key);
	if (input)
		return input;
	symbol output = output_name(replay, from, key);
	if (output)
		return read_output(replay, frame, event, output);
	if (index_copies(from, event)) {
		struct object *copy = make_object(replay, from->type == OBJECT_CONTAINER ? OBJECT_CONTAINER : OBJECT_UNKNOWN);
		for (size_t i = 0; i < from->parts.count && i < PARTS_SEEN; i++)
			vector_push(replay->arena, &copy->parts, from->parts.items[i]);
		return copy;
	}
	if (from->type == OBJECT_IMMUTABLE && from->parts.count == 0)
		return make_object(replay, OBJECT_IMMUTABLE);
	struct object *part = written_item(replay, from, key);
	if (part && from->type == OBJECT_IMMUTABLE)
		return part;
	if (part) {
		struct object *item = make_object(replay, OBJECT_CHOICE);
		item->owner = from;
		item->owner_level = LEVEL_CERTAIN;
		item->never_changes = object_is_immutable(part);
		vector_push(replay->arena, &item->parts, part);
		return item;
	}
	struct object *item = make_object(replay, OBJECT_UNKNOWN);
	item->owner = from;
	item->owner_level = LEVEL_CERTAIN;
	item->temporary = true;
	for (size_t i = 0; i < from->parts.count && i < PARTS_SEEN; i++)
		if (object_carries_code(from->parts.items[i]))
			vector_push(replay->arena, &item->parts, from->parts.items[i]);
	return item;
}

static int compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	if (a->name != b->name)
		return a->name < b->name ? -1 : 1;
	return a->order < b->order ? 1 : -1;
}

/* Sorts by name and leaves the newest of each. */
static struct members *sort_members(struct members *members)
{
	size_t count = 0;
	if (members->count)
		qsort(members->items, members->count, sizeof *members->items, compare_members);
	for (size_t i = 0; i < members->count; i++)
		if (i == 0 || members->items[i].name != members->items[count - 1].name)
			members->items[count++] = members->items[i];
	members->count = count;
	return members;
}

/* The variable of the class body that the change binds, or null. */
static const struct variable *bound_by_class(const struct frame *frame, const struct change *change)
{
	if (change->place < frame->slots || change->place >= frame->slots + frame->program->variable_count)
		return NULL;
	const struct variable *variable = &frame->program->variables[change->place - frame->slots];
	return variable->scope == VARIABLE_CLASS && change->after.object ? variable : NULL;
}

/* The class whose body has just run: its members are what the body bound. */
struct object *make_class(struct replay *replay, struct frame *frame, const struct event *event,
                          const struct change *begin)
{
	struct object *class = make_object(replay, OBJECT_CLASS);
	for (uint32_t i = 0; i < event->argument_count; i++)
		vector_push(replay->arena, &class->parts, operand(replay, frame, frame->arguments[event->arguments + i].value));
	uint32_t count = 0;
	for (const struct change *change = replay->state; change && change != begin; change = change->previous)
		count += bound_by_class(frame, change) != NULL;
	struct members *members = arena_alloc(replay->arena, sizeof *members + count * sizeof *members->items);
	for (const struct change *change = replay->state; change && change != begin; change = change->previous) {
		const struct variable *variable = bound_by_class(frame, change);
		if (variable)
			members->items[members->count++] = (struct member){variable->name, count--, change->after.object};
	}
	class->members = sort_members(members);
	return class;
}

/* Whether code of the program uses variables of the one around it. */
static bool uses_enclosing(const struct program *program)
{
	for (uint32_t i = 0; i < program->variable_count; i++)
		if (program->variables[i].scope == VARIABLE_ENCLOSING)
			return true;
	return false;
}

struct object *make_function(struct replay *replay, struct frame *frame, const struct event *event)
{
	const struct program *program = frame->program->children[event->index];
	bool generator = program->kind == PROGRAM_GENERATOR;
	struct object *function = make_object(replay, generator ? OBJECT_ITERATOR : OBJECT_FUNCTION);
	function->program = program;
	function->closure = uses_enclosing(program) ? frame : NULL;
	struct members *defaults =
	    arena_alloc(replay->arena, sizeof *defaults + event->argument_count * sizeof *defaults->items);
	for (uint32_t i = 0; i < event->argument_count; i++) {
		const struct event_argument *argument = &frame->arguments[event->arguments + i];
		struct object *part = operand(replay, frame, argument->value);
		if (argument->keyword && !generator)
			defaults->items[defaults->count++] = (struct member){argument->keyword, i, part};
		if (part->type == OBJECT_IMMUTABLE)
			continue;
		vector_push(replay->arena, &function->parts, part);
		/* A default that is made here is the function's own: changing it changes what the function does. */
		if (argument->keyword && !part->owner && !part->kept && part->names.count == 0) {
			part->owner = function;
			part->owner_level = LEVEL_LIKELY;
		}
	}
	if (!generator)
		function->members = sort_members(defaults);
	return function;
}

/* `from module import *`: each name that a known module exports, or anything. */
void import_star(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct slice names, text = symbols_name(replay->symbols, event->text);
	if (!python_star_exports(text, &names)) {
		become_opaque(replay, text);
		return;
	}
	while (names.length > 0) {
		size_t end = slice_find(names, ' ', 0);
		struct event import_from = *event;
		import_from.kind = EVENT_IMPORT_FROM;
		import_from.name = symbols_intern(replay->symbols, slice_part(names, 0, end));
		bind_global(replay, frame, import_from.name, import(replay, &import_from));
		names = slice_part(names, end + 1, names.length);
	}
}
