/* What calls do: functions, classes and methods of the notebook are interpreted
 * where they are called, against the namespace of that moment; for all others
 * the table of mutators says what they change. */
#include "flow/interpreter.h"

#include "python/mutators.h"

bool is_running(const struct frame *frame, const struct program *program)
{
	unsigned calls = 0;
	for (; frame; frame = frame->caller)
		if (frame->program == program || ++calls > MAX_CALLS)
			return true;
	return false;
}

static struct object *unknown(struct replay *replay)
{
	return make_object(replay, OBJECT_UNKNOWN);
}

/* The arguments of a call, sorted out. */
struct call {
	struct frame *frame;
	const struct event *event; /* null when something else calls, with unknown arguments */
	struct object *self;       /* put before the positional ones; may be null */
	enum level level;
};

/* Null where there is none, or nothing is known of it. */
static struct object *argument_object(const struct call *call, uint32_t index)
{
	if (index >= call->event->argument_count)
		return NULL;
	return call->frame->values[call->frame->arguments[call->event->arguments + index].value];
}

static const struct event_argument *argument_of(const struct call *call, uint32_t index)
{
	return &call->frame->arguments[call->event->arguments + index];
}

/* The object for a parameter, by position or by name; null when the call does not say. */
static struct object *object_for(const struct call *call, uint32_t position, symbol name)
{
	if (call->self && position == 0)
		return call->self;
	if (!call->event)
		return NULL;
	uint32_t positional = call->self ? 1 : 0;
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		const struct event_argument *argument = argument_of(call, i);
		if (argument->stars)
			return NULL;
		if (argument->keyword ? argument->keyword == name : positional++ == position)
			return argument_object(call, i);
	}
	return NULL;
}

/* What `*args` or `**kwargs` gathers: what no other parameter takes. */
static struct object *gather(struct replay *replay, const struct program *program, const struct call *call,
                             uint32_t position)
{
	bool named = program->variables[position].stars == 2;
	struct object *gathered = make_object(replay, named ? OBJECT_CONTAINER : OBJECT_IMMUTABLE);
	gathered->exact = true;
	gathered->literal = named ? FORM_DICT : FORM_TUPLE;
	uint32_t positional = call->self ? 1 : 0;
	for (uint32_t i = 0; call->event && i < call->event->argument_count; i++) {
		const struct event_argument *argument = argument_of(call, i);
		struct object *object = argument_object(call, i);
		if (argument->stars)
			gathered->exact = false;
		bool taken = !argument->keyword && positional++ < position;
		for (uint32_t k = 0; k < program->parameter_count && argument->keyword && !taken; k++)
			taken = program->variables[k].name == argument->keyword && !program->variables[k].stars;
		if (taken || named != (argument->keyword != 0) || !object)
			continue;
		if (named)
			vector_push(
			    replay->arena, &gathered->parts,
			    make_constant(replay, &(struct constant){.kind = CONSTANT_TEXT,
			                                             .text = symbols_name(replay->symbols, argument->keyword)}));
		vector_push(replay->arena, &gathered->parts, object);
	}
	return gathered;
}

static void bind_arguments(struct replay *replay, struct frame *frame, const struct object *function,
                           const struct call *call)
{
	const struct program *program = frame->program;
	for (uint32_t i = 0; i < program->parameter_count; i++) {
		const struct variable *variable = &program->variables[i];
		struct object *object =
		    variable->stars ? gather(replay, program, call, i) : object_for(call, i, variable->name);
		if (!object && call->event)
			object = member_of(function->members, variable->name);
		frame->slots[i].now = (struct binding){object ? object : unknown(replay), false, replay->run_count};
	}
}

/* A generator or coroutine: its code runs when it is gone over or awaited. */
static struct object *suspend(struct replay *replay, struct object *function, const struct call *call)
{
	struct object *suspended = make_object(replay, OBJECT_ITERATOR);
	suspended->program = function->program;
	suspended->suspended = true;
	suspended->closure = frame_new(replay, function->program, NULL);
	suspended->closure->outer = function->closure;
	bind_arguments(replay, suspended->closure, function, call);
	return suspended;
}

static struct object *call_function(struct replay *replay, struct object *function, const struct call *call)
{
	const struct program *program = function->program;
	bool later = program->is_generator || program->is_async;
	if (later && !function->suspended && call->event)
		return suspend(replay, function, call);
	if (is_running(call->frame, program) || replay->steps > MAX_STEPS || replay->all_steps > MAX_ALL_STEPS)
		return unknown(replay);
	struct frame *frame = frame_new(replay, program, call->frame);
	frame->outer = function->suspended ? function->closure->outer : function->closure;
	frame->callee = function->suspended ? NULL : function;
	frame->entry = call->level;
	frame->call = call->frame->at;
	frame->foreign = frame_is_foreign(call->frame);
	frame->looped = call->frame->at && is_in_loop(call->frame, call->frame->at);
	frame->speculative = call->frame->speculative || (!call->event && call->level == LEVEL_POSSIBLE);
	frame->function = symbols_intern(replay->symbols, program->qualified_name);
	if (function->suspended)
		for (uint32_t i = 0; i < program->parameter_count; i++)
			frame->slots[i].now = function->closure->slots[i].now;
	else
		bind_arguments(replay, frame, function, call);
	/* The line that a reason names is that of the call, so the callee's statements leave it alone. */
	uint32_t line = replay->line;
	interpret(replay, frame, 0, program->event_count);
	replay->line = line;
	/* Else what follows may happen without the call; and a generator gives what it yields, even if it never ends. */
	bool sure = call->level <= frame_level(call->frame) && !program->is_generator;
	if (!frame->reachable && !has_failed(replay) && !frame->speculative && sure && call->frame->at)
		raise_error(replay, call->frame, call->frame->at);
	return frame->returned ? frame->returned : make_object(replay, OBJECT_IMMUTABLE);
}

struct object *call_special(struct replay *replay, struct frame *frame, struct object *instance, struct slice name)
{
	struct object *member = object_member(instance->class, symbols_intern(replay->symbols, name));
	if (!member || !member->program || frame->reachable == false)
		return NULL;
	struct call call = {frame, NULL, instance, frame_level(frame)};
	bool later = member->program->is_generator || member->program->is_async;
	return later ? suspend(replay, member, &call) : call_function(replay, member, &call);
}

struct object *await_object(struct replay *replay, struct frame *frame, struct object *object)
{
	if (!object->suspended || !object->program->is_async || object->program->is_generator)
		return object;
	struct call call = {frame, NULL, NULL, frame_level(frame)};
	return call_function(replay, object, &call);
}

/* A method that changes its object, given to other code: `map(found.append, rows)`. */
static void use_method(struct replay *replay, const struct object *method, enum level level)
{
	if (method->type != OBJECT_METHOD || method->program)
		return;
	enum method_effect effect = python_method_effect(symbols_name(replay->symbols, method->name));
	if (effect == METHOD_CHANGES || effect == METHOD_ADDS)
		change_object(replay, method->self, level > LEVEL_LIKELY ? level : LEVEL_LIKELY);
}

/* `depth`: how far into the functions that are defaults of functions. */
static void use_code_within(struct replay *replay, struct frame *frame, struct object *object, enum level level,
                            unsigned depth)
{
	if (object->program) {
		for (size_t i = replay->carried.count; i-- > 0;) {
			const struct carried *done = &replay->carried.items[i];
			if (done->statement_number != replay->statement_number)
				break;
			if (done->program == object->program && done->level <= level)
				return;
		}
		struct carried carried = {object->program, replay->statement_number, level};
		vector_push(replay->kernel, &replay->carried, carried);
		struct call call = {frame, NULL, object->self, level};
		struct change *before = replay->state;
		call_function(replay, object, &call);
		if (level == LEVEL_POSSIBLE && replay->state != before) /* or it is not called at all */
			join_state(replay, before);
	}
	use_method(replay, object, level);
	if (object->type == OBJECT_CLASS || object->type == OBJECT_INSTANCE)
		return;
	enum { PARTS = 8 };
	for (size_t i = 0; depth > 0 && i < object->parts.count && i < PARTS && !has_failed(replay); i++) {
		struct object *part = object->parts.items[i];
		if (part != object && (part->program || part->type == OBJECT_METHOD))
			use_code_within(replay, frame, part, level, depth - 1);
	}
}

void use_carried_code(struct replay *replay, struct frame *frame, struct object *object, enum level level)
{
	enum { DEPTH = 4 };
	use_code_within(replay, frame, object, level, DEPTH);
}

/* Whatever is given to other code may be called by it, and is kept by its result;
 * unless the tables know that code, it may write into a namespace that it is given. */
static void pass_on_arguments(struct replay *replay, const struct call *call, struct object *result, enum level level,
                              bool known)
{
	for (uint32_t i = 0; i < call->event->argument_count && !has_failed(replay); i++) {
		struct object *object = argument_object(call, i);
		if (object && object->is_namespace && !known)
			become_opaque(replay, SLICE(""));
		if (object)
			use_method(replay, object, level);
		if (!object || !object_carries_code(object))
			continue;
		/* A decorator is given the function that the statement defines, and seldom calls it there and then. */
		bool decorates = object->type == OBJECT_FUNCTION && object->program->kind == PROGRAM_FUNCTION &&
		                 object->touched_in == replay->statement_number;
		if (!decorates)
			use_carried_code(replay, call->frame, object, level > call->level ? level : call->level);
		result->maybe_holds = true;
		vector_push(replay->arena, &result->parts, object);
	}
}

static bool has_true_keyword(struct replay *replay, const struct call *call, struct slice keyword)
{
	symbol name = symbols_find(replay->symbols, keyword);
	for (uint32_t i = 0; name && i < call->event->argument_count; i++) {
		if (argument_of(call, i)->keyword != name)
			continue;
		const struct object *object = argument_object(call, i);
		return !(object && (object->literal == FORM_FALSE || object->literal == FORM_NONE));
	}
	return false;
}

/* `out=c` of numpy's functions, `file=f` of print(). */
static void change_keyword_argument(struct replay *replay, const struct call *call, struct slice keyword)
{
	symbol name = symbols_find(replay->symbols, keyword);
	for (uint32_t i = 0; name && i < call->event->argument_count; i++)
		if (argument_of(call, i)->keyword == name && argument_object(call, i))
			change_object(replay, argument_object(call, i), call->level);
}

/* Whether the value of the call is neither used nor displayed. */
static bool is_discarded(const struct frame *frame, const struct event *event)
{
	const struct event *next = event + 1;
	if (next >= frame->events + frame->program->event_count)
		return true;
	return next->kind == EVENT_DISPLAY && next->a == event->value && next->index == 0;
}

/* `list` in `list.append(xs, 1)`, which is `xs.append(1)`. */
static bool is_container_class(const struct replay *replay, const struct object *object)
{
	static const char *const classes[] = {"list", "dict", "set", "bytearray", NULL};
	return object->type == OBJECT_BUILTIN && !object->text &&
	       slice_is_one_of(symbols_name(replay->symbols, object->name), classes);
}

/* A method of an object about which only the method's name is known. */
static struct object *call_method_by_name(struct replay *replay, struct object *method, const struct call *call)
{
	struct object *self = method->self;
	struct slice name = symbols_name(replay->symbols, method->name);
	if (self->is_namespace)
		return call_of_namespace(replay, call->frame, call->event, self, name);
	if (is_shell(replay, self))
		return call_of_shell(replay, call->frame, call->event, name);
	if (is_container_class(replay, self) && argument_object(call, 0))
		self = argument_object(call, 0);
	struct object *result = unknown(replay);
	enum method_effect effect = python_method_effect(name);
	read_names_in_text(replay, call->frame, call->event, name, argument_object(call, 0));
	if (has_true_keyword(replay, call, SLICE("inplace")))
		effect = METHOD_CHANGES;
	bool nonempty = self->nonempty;
	switch (effect) {
	case METHOD_CHANGES: change_object(replay, self, call->level); break;
	case METHOD_ADDS:
		change_object(replay, self, call->level);
		self->nonempty = nonempty || call->level == LEVEL_CERTAIN;
		for (uint32_t i = 0; i < call->event->argument_count; i++) {
			struct object *object = argument_object(call, i);
			if (object && object->type != OBJECT_IMMUTABLE && object != self && self->type != OBJECT_IMMUTABLE &&
			    self->type != OBJECT_BUILTIN)
				hold_part(replay, self, object);
		}
		break;
	case METHOD_MAY_CHANGE: /* of what is written out, only a set has one: `add` */
		change_object(replay, self, self->type == OBJECT_CONTAINER ? call->level : LEVEL_POSSIBLE);
		break;
	case METHOD_UNKNOWN:
		if (is_discarded(call->frame, call->event))
			change_object(replay, self, LEVEL_POSSIBLE);
		break;
	case METHOD_READS:
	case METHOD_SHARES: break;
	}
	/* `fit` and the like give the object itself; views share its data. */
	if (effect == METHOD_CHANGES && self->type != OBJECT_CONTAINER) {
		result->owner = self;
		result->owner_level = LEVEL_POSSIBLE;
	} else if (effect == METHOD_SHARES || (effect == METHOD_ADDS && self->type == OBJECT_CONTAINER)) {
		result->owner = self;
		result->owner_level = self->type == OBJECT_CONTAINER ? LEVEL_LIKELY : LEVEL_POSSIBLE;
	}
	pass_on_arguments(replay, call, result, LEVEL_LIKELY, effect != METHOD_UNKNOWN);
	return result;
}

/* Whether a call of `range` certainly has a number to give: `range(3)`. */
static bool counts_up(const struct call *call)
{
	if (call->event->argument_count != 1)
		return false;
	const struct object *end = argument_object(call, 0);
	return end && end->literal && end->truth == 1;
}

/* Whether what the builtin gives goes over the elements of its first argument. */
static bool gives_elements(const struct object *builtin, struct slice name)
{
	return !builtin->text && (slice_equal(name, SLICE("enumerate")) || slice_equal(name, SLICE("reversed")) ||
	                          slice_equal(name, SLICE("zip")));
}

/* `globals()`, and outside of functions `locals()` and `vars()`. */
static bool gives_namespace(const struct object *builtin, struct slice name, const struct call *call)
{
	if (builtin->text || call->event->argument_count > 0)
		return false;
	bool here = call->frame->program->kind == PROGRAM_CELL;
	return slice_equal(name, SLICE("globals")) ||
	       (here && (slice_equal(name, SLICE("locals")) || slice_equal(name, SLICE("vars"))));
}

/* `map(f, xs)` and the like go over what they are given when they are gone over. */
static void defer(struct replay *replay, const struct call *call, struct object *result)
{
	struct object *elements = unknown(replay);
	result->type = OBJECT_ITERATOR;
	elements->owner = result->owner;
	elements->owner_level = LEVEL_LIKELY;
	result->owner = elements->owner ? elements : NULL;
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		struct object *object = argument_object(call, i);
		if (object && (object_carries_code(object) || object->type == OBJECT_METHOD))
			vector_push(replay->arena, &result->parts, object);
	}
}

/* Whether `int('x')` or `float('x')` certainly raises. */
static bool makes_no_number(struct replay *replay, const struct call *call, struct slice name, struct object *object)
{
	struct slice text;
	return call->event->argument_count == 1 && (slice_equal(name, SLICE("int")) || slice_equal(name, SLICE("float"))) &&
	       text_of(replay, object, &text) && constant_is_no_number(text);
}

/* What builtins ask instances of. */
static void call_for_builtin(struct replay *replay, struct frame *frame, struct object *instance, struct slice name)
{
	static const struct {
		struct slice builtin, method, otherwise;
	} asked[] = {
	    {SLICE_CONSTANT("abs"), SLICE_CONSTANT("__abs__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("bool"), SLICE_CONSTANT("__bool__"), SLICE_CONSTANT("__len__")},
	    {SLICE_CONSTANT("enumerate"), SLICE_CONSTANT("__iter__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("float"), SLICE_CONSTANT("__float__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("hash"), SLICE_CONSTANT("__hash__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("int"), SLICE_CONSTANT("__int__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("iter"), SLICE_CONSTANT("__iter__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("len"), SLICE_CONSTANT("__len__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("list"), SLICE_CONSTANT("__iter__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("next"), SLICE_CONSTANT("__next__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("print"), SLICE_CONSTANT("__str__"), SLICE_CONSTANT("__repr__")},
	    {SLICE_CONSTANT("repr"), SLICE_CONSTANT("__repr__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("round"), SLICE_CONSTANT("__round__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("set"), SLICE_CONSTANT("__iter__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("sorted"), SLICE_CONSTANT("__iter__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("str"), SLICE_CONSTANT("__str__"), SLICE_CONSTANT("__repr__")},
	    {SLICE_CONSTANT("sum"), SLICE_CONSTANT("__iter__"), SLICE_CONSTANT("")},
	    {SLICE_CONSTANT("tuple"), SLICE_CONSTANT("__iter__"), SLICE_CONSTANT("")},
	};
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		if (!slice_equal(name, asked[i].builtin))
			continue;
		struct object *made = call_special(replay, frame, instance, asked[i].method);
		if (!made && asked[i].otherwise.length)
			made = call_special(replay, frame, instance, asked[i].otherwise);
		if (made && made->type == OBJECT_ITERATOR)
			use_carried_code(replay, frame, made, frame_level(frame));
	}
}

/* `setattr(object, 'name', value)` is `object.name = value`. */
static void set_attribute(struct replay *replay, const struct call *call)
{
	struct slice name;
	if (call->event->argument_count != 3 || !text_of(replay, argument_object(call, 1), &name))
		return;
	struct object *target = argument_object(call, 0), *value = argument_object(call, 2);
	if (target && value)
		store_part(replay, call->frame, target, symbols_intern(replay->symbols, name), value);
}

/* A builtin, or a function of a module. */
static struct object *call_builtin(struct replay *replay, struct object *builtin, const struct call *call)
{
	struct slice name = symbols_name(replay->symbols, builtin->name);
	bool evaluates = slice_equal(name, SLICE("eval"));
	if (!builtin->text && (evaluates || slice_equal(name, SLICE("exec"))))
		return call_exec(replay, call->frame, call->event, evaluates);
	if (!builtin->text && slice_equal(name, SLICE("compile")) && call->event->argument_count > 0 &&
	    argument_object(call, 0))
		return argument_object(call, 0); /* which is what exec() is given */
	struct object *result = unknown(replay);
	struct function_effect effect = python_function_effect(symbols_name(replay->symbols, builtin->text), name);
	uint32_t position = 0;
	bool raises = false;
	for (uint32_t i = 0; i < call->event->argument_count; i++) {
		if (argument_of(call, i)->keyword)
			continue;
		struct object *object = argument_object(call, i);
		uint32_t bit = position < 32 ? 1u << position : 0;
		position++;
		if (!object)
			continue;
		if (effect.changes & bit)
			change_object(replay, object, call->level);
		else if ((effect.may_change & bit) && object->type == OBJECT_ITERATOR) {
			change_object(replay, object, call->level);
			use_carried_code(replay, call->frame, object, call->level);
		}
		if (!builtin->text && position == 1)
			raises = raises || makes_no_number(replay, call, name, object);
		if (!builtin->text && object->type == OBJECT_INSTANCE)
			call_for_builtin(replay, call->frame, object, name);
		if (position == 1) {
			result->nonempty = object->nonempty && !builtin->text;
			if (effect.same_object || gives_elements(builtin, name))
				result->owner = object;
		}
	}
	if (!builtin->text)
		result->name = builtin->name;
	if (slice_equal(name, SLICE("iter")) && !builtin->text)
		result->type = OBJECT_ITERATOR;
	if (slice_equal(name, SLICE("range")) && !builtin->text)
		result->nonempty = counts_up(call);
	result->is_namespace = gives_namespace(builtin, name, call);
	if (!builtin->text && slice_equal(name, SLICE("setattr")))
		set_attribute(replay, call);
	if (!builtin->text && slice_equal(name, SLICE("print")))
		change_keyword_argument(replay, call, SLICE("file"));
	change_keyword_argument(replay, call, SLICE("out"));
	result->from_library = builtin->text != 0;
	if (effect.never_returns || raises)
		raise_error(replay, call->frame, call->event);
	if (effect.lazy) {
		defer(replay, call, result);
		return result;
	}
	bool runs = effect.calls_arguments || effect.may_change;
	pass_on_arguments(replay, call, result, runs ? LEVEL_LIKELY : LEVEL_POSSIBLE, effect.known);
	return result;
}

static struct object *call_class(struct replay *replay, struct object *class, const struct call *call)
{
	struct object *instance = make_object(replay, OBJECT_INSTANCE);
	instance->class = class;
	struct object *init = object_member(class, symbols_intern(replay->symbols, SLICE("__init__")));
	if (init && init->program) {
		struct call with_self = *call;
		with_self.self = instance;
		call_function(replay, init, &with_self);
	} else {
		pass_on_arguments(replay, call, instance, LEVEL_POSSIBLE, false);
	}
	return instance;
}

static struct object *call_object(struct replay *replay, struct object *callee, const struct call *call,
                                  unsigned depth);

/* Whatever the path chose is called; each only may be. */
static struct object *call_choice(struct replay *replay, struct object *choice, const struct call *call, unsigned depth)
{
	struct object *result = NULL;
	struct call possible = *call;
	possible.level = LEVEL_POSSIBLE;
	enum { CHOICES = 8 };
	for (size_t i = 0; i < choice->parts.count && i < CHOICES && depth > 0 && !has_failed(replay); i++) {
		struct object *object = call_object(replay, choice->parts.items[i], &possible, depth - 1);
		result = result ? choose_object(replay, result, object) : object;
	}
	return result ? result : unknown(replay);
}

static struct object *call_object(struct replay *replay, struct object *callee, const struct call *call, unsigned depth)
{
	switch (callee->type) {
	case OBJECT_FUNCTION: return call_function(replay, callee, call);
	case OBJECT_CLASS: return call_class(replay, callee, call);
	case OBJECT_CHOICE: return call_choice(replay, callee, call, depth);
	case OBJECT_BUILTIN: return call_builtin(replay, callee, call);
	case OBJECT_METHOD:
		if (callee->program) {
			struct call with_self = *call;
			with_self.self = callee->self;
			return call_function(replay, callee, &with_self);
		}
		return call_method_by_name(replay, callee, call);
	case OBJECT_INSTANCE: {
		struct object *member = object_member(callee->class, symbols_intern(replay->symbols, SLICE("__call__")));
		if (member && member->program) {
			struct call with_self = *call;
			with_self.self = callee;
			return call_function(replay, member, &with_self);
		}
		break;
	}
	default: break;
	}
	struct object *result = unknown(replay);
	use_carried_code(replay, call->frame, callee, LEVEL_LIKELY > call->level ? LEVEL_LIKELY : call->level);
	pass_on_arguments(replay, call, result, LEVEL_POSSIBLE, false);
	return result;
}

struct object *interpret_call(struct replay *replay, struct frame *frame, const struct event *event)
{
	enum { CHOICE_DEPTH = 2 };
	struct object *callee = event->a ? frame->values[event->a] : NULL;
	struct call call = {frame, event, NULL, frame_level(frame)};
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct object *gone_over = argument_of(&call, i)->stars == 1 ? argument_object(&call, i) : NULL;
		if (gone_over && gone_over->type == OBJECT_ITERATOR)
			iterate(replay, frame, gone_over);
	}
	if (callee)
		return call_object(replay, callee, &call, CHOICE_DEPTH);
	struct object *result = unknown(replay);
	pass_on_arguments(replay, &call, result, LEVEL_POSSIBLE, false);
	return result;
}

/* `module.name`: functions and classes of libraries are known by their dotted names. */
static struct object *module_attribute(struct replay *replay, struct object *module, symbol name)
{
	struct object *attribute = make_object(replay, OBJECT_BUILTIN);
	attribute->name = name;
	attribute->text = module->text;
	struct slice first = symbols_name(replay->symbols, module->text),
	             last = symbols_name(replay->symbols, module->name);
	/* A name so long is in no table, and without a bound a long chain of attributes would cost its square. */
	enum { LONGEST = 512 };
	if (module->type == OBJECT_BUILTIN && first.length < LONGEST)
		attribute->text = symbols_intern(
		    replay->symbols, slice_format(replay->arena, "%.*s.%.*s", SLICE_FORMAT(first), SLICE_FORMAT(last)));
	attribute->owner = module;
	return attribute;
}

/* `__getattr__` is asked for what the class does not have, though the instance itself may have it. */
static void use_getattr(struct replay *replay, struct frame *frame, struct object *instance)
{
	struct object *member = object_member(instance->class, symbols_intern(replay->symbols, SLICE("__getattr__")));
	struct call call = {frame, NULL, instance, LEVEL_POSSIBLE};
	if (member && member->program)
		call_function(replay, member, &call);
}

/* What `super()` stands for in a method: the bases of the instance's class. */
static struct object *member_of_super(const struct replay *replay, const struct frame *frame,
                                      const struct object *object, symbol name)
{
	if (object->type != OBJECT_UNKNOWN || !object->name || frame->program->parameter_count == 0 ||
	    !slice_equal(symbols_name(replay->symbols, object->name), SLICE("super")))
		return NULL;
	const struct object *self = frame->slots[0].now.object;
	if (!self || self->type != OBJECT_INSTANCE)
		return NULL;
	struct object *found = NULL;
	enum { BASES = 8 };
	for (size_t i = 0; i < self->class->parts.count && i < BASES && !found; i++)
		found = object_member(self->class->parts.items[i], name);
	return found;
}

/* The function that `property`, `staticmethod` or `classmethod` was given, or null. */
static struct object *wrapped_function(const struct replay *replay, const struct object *member, struct slice wrapper)
{
	if (member->type != OBJECT_UNKNOWN || !member->name || member->parts.count == 0 ||
	    member->parts.items[0]->type != OBJECT_FUNCTION)
		return NULL;
	return slice_equal(symbols_name(replay->symbols, member->name), wrapper) ? member->parts.items[0] : NULL;
}

static void take_code(struct object *attribute, const struct object *function)
{
	attribute->program = function->program;
	attribute->closure = function->closure;
	attribute->members = function->members;
}

struct object *load_attribute(struct replay *replay, struct frame *frame, struct object *object, symbol name)
{
	struct slice text = symbols_name(replay->symbols, name);
	if (is_shell(replay, object) &&
	    (slice_equal(text, SLICE("user_ns")) || slice_equal(text, SLICE("user_global_ns")))) {
		struct object *namespace = unknown(replay);
		namespace->is_namespace = true;
		return namespace;
	}
	if (object->type == OBJECT_MODULE || (object->type == OBJECT_BUILTIN && object->text))
		return module_attribute(replay, object, name);
	const struct object *class = object->type == OBJECT_INSTANCE ? object->class
	                             : object->type == OBJECT_CLASS  ? object
	                                                             : NULL;
	struct object *member = class ? object_member(class, name) : NULL;
	if (member && member->type == OBJECT_CLASS)
		return member;
	struct object *getter =
	    member && object->type == OBJECT_INSTANCE ? wrapped_function(replay, member, SLICE("property")) : NULL;
	if (getter) {
		struct call get = {frame, NULL, object, frame_level(frame)};
		return call_function(replay, getter, &get);
	}
	struct object *attribute = make_object(replay, OBJECT_METHOD);
	attribute->self = object;
	attribute->name = name;
	attribute->owner = object;
	attribute->owner_level = LEVEL_CERTAIN;
	attribute->temporary = true;
	struct object *inherited = member_of_super(replay, frame, object, name);
	if (inherited && inherited->type == OBJECT_FUNCTION) {
		take_code(attribute, inherited);
		attribute->self = frame->slots[0].now.object;
		return attribute;
	}
	if (!member) {
		if (object->type == OBJECT_INSTANCE && object->class->type == OBJECT_CLASS)
			use_getattr(replay, frame, object);
		return attribute;
	}
	struct object *of_class = wrapped_function(replay, member, SLICE("classmethod"));
	struct object *of_none = wrapped_function(replay, member, SLICE("staticmethod"));
	if (member->type == OBJECT_FUNCTION) {
		take_code(attribute, member);
		if (object->type == OBJECT_CLASS)
			attribute->self = NULL;
	} else if (of_class) {
		take_code(attribute, of_class);
		attribute->self = object->type == OBJECT_CLASS ? object : object->class;
	} else if (of_none) {
		take_code(attribute, of_none);
		attribute->self = NULL;
	} else if (object->type == OBJECT_INSTANCE && object_carries_code(member)) {
		use_carried_code(replay, frame, member, LEVEL_LIKELY); /* a property */
	}
	return attribute;
}
