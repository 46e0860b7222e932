/* Follows the events of a program.
 *
 * Events are met in the order of the source. A jump forward leaves the present
 * state to wait at its target, where it is joined with what falls through; code
 * that can be jumped over happens only with the certainty of its cover. Loops are
 * gone through once: what a statement makes rests on all that it reads anyway. */
#include "flow/interpreter.h"

#include "python/names.h"
#include "python/star_exports.h"

enum { NOT_DISPLAYED = 0 };

struct frame *frame_new(struct replay *replay, const struct program *program, struct frame *caller)
{
	struct frame *frame = arena_alloc(replay->arena, sizeof *frame);
	frame->program = program;
	frame->caller = caller;
	frame->slots = arena_array(replay->arena, program->variable_count, sizeof *frame->slots);
	frame->values = arena_array(replay->arena, (size_t)program->value_count + 1, sizeof(struct object *));
	frame->waiting = arena_array(replay->arena, program->event_count, sizeof(struct pending *));
	frame->reachable = true;
	return frame;
}

enum level frame_level(const struct frame *frame)
{
	enum level level = frame->entry;
	for (const struct cover *cover = frame->covers; cover; cover = cover->next)
		if (cover->level > level)
			level = cover->level;
	return level;
}

static void add_cover(struct replay *replay, struct frame *frame, uint32_t at, uint32_t target, enum level level)
{
	if (target <= at + 1)
		return;
	for (struct cover *cover = frame->covers; cover; cover = cover->next)
		if (cover->target == target && cover->level >= level)
			return;
	struct cover *cover = arena_alloc(replay->arena, sizeof *cover);
	*cover = (struct cover){target, level, frame->covers};
	frame->covers = cover;
}

static void drop_covers(struct frame *frame, uint32_t at)
{
	for (struct cover **link = &frame->covers; *link;) {
		if ((*link)->target <= at)
			*link = (*link)->next;
		else
			link = &(*link)->next;
	}
}

/* Lets the state under way wait at `target`. */
static void wait_at(struct replay *replay, struct frame *frame, uint32_t target)
{
	struct pending *latest = frame->waiting[target];
	if (latest && latest->state == replay->state)
		return;
	struct pending *pending = arena_alloc(replay->arena, sizeof *pending);
	*pending = (struct pending){replay->state, latest};
	frame->waiting[target] = pending;
}

/* What may raise in a protected range leaves for the handler with the state
 * before it. The first and the latest such state are enough: what lies between
 * them is made of both. */
static void wait_at_handler(struct replay *replay, struct frame *frame, uint32_t handler)
{
	struct pending *latest = frame->waiting[handler];
	if (latest && latest->next)
		latest->state = replay->state;
	else
		wait_at(replay, frame, handler);
}

/* One state that stands for all of these. Halves are joined first: each joining
 * costs as much as its two states differ. */
static struct change *join_all(struct replay *replay, struct change *const *states, size_t count)
{
	if (count == 1)
		return states[0];
	struct change *left = join_all(replay, states, count / 2);
	struct change *right = join_all(replay, states + count / 2, count - count / 2);
	restore_state(replay, left);
	join_state(replay, right);
	return replay->state;
}

/* Joins what waits at this event. */
static void arrive(struct replay *replay, struct frame *frame, uint32_t at)
{
	if (!frame->waiting[at])
		return;
	replay->joining.count = 0;
	if (frame->reachable)
		vector_push(replay->results, &replay->joining, replay->state);
	for (const struct pending *pending = frame->waiting[at]; pending; pending = pending->next)
		vector_push(replay->results, &replay->joining, pending->state);
	restore_state(replay, join_all(replay, replay->joining.items, replay->joining.count));
	frame->reachable = true;
}

static struct place *place_of(struct replay *replay, struct frame *frame, uint32_t index)
{
	const struct variable *variable = &frame->program->variables[index];
	while (variable->scope == VARIABLE_ENCLOSING && frame->outer) {
		index = variable->outer;
		frame = frame->outer;
		variable = &frame->program->variables[index];
	}
	if (variable->scope == VARIABLE_GLOBAL)
		return &global_of(replay, variable->name)->place;
	return &frame->slots[index];
}

/* The scope in which a variable really lives, seen through closures. */
static enum variable_scope scope_of(const struct frame *frame, uint32_t index)
{
	const struct variable *variable = &frame->program->variables[index];
	while (variable->scope == VARIABLE_ENCLOSING && frame->outer) {
		index = variable->outer;
		frame = frame->outer;
		variable = &frame->program->variables[index];
	}
	return variable->scope;
}

/* Notes, once a run, that a name may be missing where it is read. */
static void doubt(struct replay *replay, const struct frame *frame, symbol name)
{
	struct global *global = global_of(replay, name);
	if (frame->speculative || global->doubted_in == replay->run_count)
		return;
	global->doubted_in = replay->run_count;
	struct replay_error error = {name, replay->line, false};
	vector_push(replay->results, &replay->run->errors, error);
}

void raise_name_error(struct replay *replay, struct frame *frame, const struct event *event, symbol name)
{
	if (event->handler != NO_HANDLER && event->guarded) {
		wait_at(replay, frame, (uint32_t)event->handler);
		frame->reachable = false;
		return;
	}
	struct replay_error error = {name, replay->line, frame_level(frame) == LEVEL_CERTAIN};
	if (error.must)
		vector_push(replay->results, &replay->run->errors, error);
	else
		doubt(replay, frame, name);
	if (error.must)
		replay->run->failed = true;
	else if (event->handler != NO_HANDLER)
		wait_at(replay, frame, (uint32_t)event->handler);
	frame->reachable = false;
}

static struct object *builtin_object(struct replay *replay, symbol name)
{
	if (name >= replay->builtin_count) {
		size_t count = symbols_count(replay->symbols) + 64;
		struct object **grown = arena_array(replay->results, count, sizeof *grown);
		for (size_t i = 0; i < replay->builtin_count; i++)
			grown[i] = replay->builtins[i];
		replay->builtins = grown;
		replay->builtin_count = count;
	}
	if (!replay->builtins[name]) {
		struct object *builtin = arena_alloc(replay->results, sizeof *builtin);
		builtin->type = OBJECT_BUILTIN;
		builtin->name = name;
		builtin->text = SLICE("");
		builtin->identity = identity_of_number(hash_bytes(symbols_name(replay->symbols, name)));
		replay->builtins[name] = builtin;
	}
	return replay->builtins[name];
}

/* Notes that the run reads a name that it did not bind itself. */
static struct replay_read *note_read(struct replay *replay, struct frame *frame, symbol name)
{
	struct global *global = global_of(replay, name);
	enum level level = frame_level(frame);
	if (global->read_in == replay->run_count) {
		struct replay_read *known = &replay->run->reads.items[global->read_at];
		if (level < known->level)
			known->level = level;
		return known;
	}
	global->read_in = replay->run_count;
	global->read_at = (uint32_t)replay->run->reads.count;
	struct replay_read *read = vector_add(replay->results, &replay->run->reads);
	*read = (struct replay_read){.name = name, .level = level, .line = replay->line, .function = frame->function};
	return read;
}

/* A builtin, or one of IPython's names. Of these only `_5` and `_i5` can be missing. */
static bool is_always_there(struct slice name)
{
	bool numbered = name.length && name.bytes[name.length - 1] >= '0' && name.bytes[name.length - 1] <= '9';
	if (python_is_history_name(name))
		return !numbered;
	return python_is_builtin(name) || python_is_ipython_name(name) || python_is_kernel_name(name);
}

/* A line that is only the name of a magic, such as `ls`: IPython runs the magic
 * while nothing of that name is bound. */
static bool is_automagic(const struct frame *frame, const struct event *event, struct slice name)
{
	static const struct slice magics[] = {
	    SLICE_CONSTANT("cd"),      SLICE_CONSTANT("colors"),   SLICE_CONSTANT("config"),     SLICE_CONSTANT("dhist"),
	    SLICE_CONSTANT("env"),     SLICE_CONSTANT("hist"),     SLICE_CONSTANT("history"),    SLICE_CONSTANT("ls"),
	    SLICE_CONSTANT("lsmagic"), SLICE_CONSTANT("magic"),    SLICE_CONSTANT("matplotlib"), SLICE_CONSTANT("pwd"),
	    SLICE_CONSTANT("pylab"),   SLICE_CONSTANT("quickref"), SLICE_CONSTANT("tb"),         SLICE_CONSTANT("who"),
	    SLICE_CONSTANT("whos"),
	};
	const struct event *next = event + 1; /* a read is never a program's last event */
	if (event->kind != EVENT_READ || frame->program->kind != PROGRAM_CELL || next->kind != EVENT_DISPLAY ||
	    next->a != event->value)
		return false;
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if (slice_equal(name, magics[i]))
			return true;
	return false;
}

/* Nothing in sight bound the name, but something opaque ran that may have. */
static struct object *read_opaque(struct replay *replay, struct frame *frame, symbol name, enum level level)
{
	struct object *object = make_object(replay, OBJECT_UNKNOWN);
	object->identity = replay->opacity.identity;
	identity_add_number(&object->identity, LEVEL_CERTAIN, hash_bytes(symbols_name(replay->symbols, name)));
	struct replay_read *read = note_read(replay, frame, name);
	read->opaque = true;
	read->bound_by = replay->opacity.by;
	read->identity = object->identity;
	replay->run->uses_opaque = true;
	derive_from(replay, object, level);
	return object;
}

/* Whether a run that is known to have succeeded must have found the name somewhere. */
static bool must_have_been_there(const struct replay *replay, const struct frame *frame, const struct event *event,
                                 symbol name)
{
	return replay->request->succeeded && name != replay->request->missing && !event->guarded && !frame->speculative &&
	       frame_level(frame) == LEVEL_CERTAIN;
}

struct object *read_global(struct replay *replay, struct frame *frame, const struct event *event, symbol name)
{
	struct global *global = global_of(replay, name);
	enum level level = event->soft ? LEVEL_POSSIBLE : frame_level(frame);
	struct slice text = symbols_name(replay->symbols, name);
	if (!global->place.now.object) {
		bool python2 = replay->request->effects->module->dialect == DIALECT_PYTHON2;
		if (is_always_there(text) || (python2 && python_is_python2_builtin(text))) {
			struct object *builtin = builtin_object(replay, name);
			derive_from(replay, builtin, level);
			return builtin;
		}
		if (event->soft || (!global->expected && is_automagic(frame, event, text)))
			return make_object(replay, OBJECT_UNKNOWN);
		/* What a cell binds is not looked for in something opaque. */
		if (replay->opacity.is_opaque && !global->expected)
			return read_opaque(replay, frame, name, level);
		if (!must_have_been_there(replay, frame, event, name)) {
			struct replay_read *read = note_read(replay, frame, name);
			read->unbound = true;
			read->guarded = event->guarded;
			raise_name_error(replay, frame, event, name);
			return NULL;
		}
		replay_assume(replay, name);
		vector_push(replay->results, &replay->run->assumed, name);
	}
	struct binding binding = global->place.now;
	struct identity identity = object_identity(binding.object);
	if (binding.by != replay->run_count) {
		struct replay_read *read = note_read(replay, frame, name);
		if (read->bound_by == 0 && !read->unbound) {
			read->identity = identity;
			read->bound_by = binding.by;
			uint32_t changed = binding.object->changed_by;
			read->changed_by = changed != binding.by && changed != replay->run_count ? changed : 0;
		}
	}
	if (binding.maybe_unbound && !event->guarded && !event->soft)
		doubt(replay, frame, name);
	identity_add(&replay->statement, level, &identity);
	return binding.object;
}

/* An element or attribute that gets a name is shared from then on, but whether
 * changing it changes what it came from is no longer sure. */
static struct object *bound_object(struct object *object)
{
	if (object->temporary) {
		object->temporary = false;
		if (object->owner_level < LEVEL_LIKELY)
			object->owner_level = LEVEL_LIKELY;
	}
	return object;
}

void bind_global(struct replay *replay, struct frame *frame, symbol name, struct object *object)
{
	note_write(replay, name, WRITE_BIND, frame_level(frame));
	enum { NAMES = 16 }; /* more names for one object are rare, and a bound keeps binding cheap */
	bool named = object->names.count >= NAMES;
	for (size_t i = object->names.count; i-- > 0 && !named;)
		named = object->names.items[i] == name;
	if (!named) {
		save_object(replay, object);
		vector_push(replay->arena, &object->names, name);
	}
	bind_place(replay, &global_of(replay, name)->place,
	           (struct binding){bound_object(object), false, replay->run_count});
}

static void bind_variable(struct replay *replay, struct frame *frame, const struct event *event, struct object *object)
{
	const struct variable *variable = &frame->program->variables[event->variable];
	if (scope_of(frame, event->variable) == VARIABLE_GLOBAL) {
		bind_global(replay, frame, variable->name, object);
		return;
	}
	/* A closure that keeps count of something has changed when it does. */
	if (variable->scope == VARIABLE_ENCLOSING && frame->callee)
		change_object(replay, frame->callee, frame_level(frame));
	bind_place(replay, place_of(replay, frame, event->variable),
	           (struct binding){bound_object(object), false, replay->run_count});
}

static struct object *read_variable(struct replay *replay, struct frame *frame, const struct event *event)
{
	uint32_t index = event->variable;
	const struct variable *variable = &frame->program->variables[index];
	if (variable->scope == VARIABLE_CLASS && !frame->slots[index].now.object) {
		index = variable->outer;
		variable = &frame->program->variables[index];
	}
	if (scope_of(frame, index) == VARIABLE_GLOBAL)
		return read_global(replay, frame, event, variable->name);
	struct object *object = place_of(replay, frame, index)->now.object;
	if (object && variable->scope == VARIABLE_ENCLOSING)
		derive_from(replay, object, frame_level(frame));
	return object ? object : make_object(replay, OBJECT_UNKNOWN);
}

static void delete_variable(struct replay *replay, struct frame *frame, const struct event *event)
{
	const struct variable *variable = &frame->program->variables[event->variable];
	struct place *place = place_of(replay, frame, event->variable);
	if (scope_of(frame, event->variable) == VARIABLE_GLOBAL && !event->automatic) {
		if (!place->now.object && replay->opacity.is_opaque && !global_of(replay, variable->name)->expected)
			return;
		if (!read_global(replay, frame, event, variable->name))
			return;
		note_write(replay, variable->name, WRITE_DELETE, frame_level(frame));
	}
	bind_place(replay, place, (struct binding){NULL, false, replay->run_count});
}

static struct object *operand(struct replay *replay, const struct frame *frame, value_id value)
{
	struct object *object = value ? frame->values[value] : NULL;
	return object ? object : make_object(replay, OBJECT_UNKNOWN);
}

/* A display: a list, tuple, set or dict written out. */
static struct object *build(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *object = make_object(replay, event->form == FORM_TUPLE ? OBJECT_IMMUTABLE : OBJECT_CONTAINER);
	object->exact = true;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		const struct event_argument *argument = &frame->program->arguments[event->arguments + i];
		if (argument->stars)
			object->exact = false;
		else
			object->nonempty = true;
		vector_push(replay->arena, &object->parts, operand(replay, frame, argument->value));
	}
	return object;
}

static struct object *operate(struct replay *replay, struct frame *frame, const struct event *event)
{
	bool immutable = true;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct object *object = operand(replay, frame, frame->program->arguments[event->arguments + i].value);
		immutable = immutable && object_is_immutable(object);
	}
	return make_object(replay, immutable ? OBJECT_IMMUTABLE : OBJECT_UNKNOWN);
}

/* `a op= b`: lists and the like change in place, numbers and strings don't. */
static struct object *update(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *target = operand(replay, frame, event->a);
	if (target->type == OBJECT_CONTAINER) {
		bool nonempty = target->nonempty;
		change_object(replay, target, frame_level(frame));
		target->nonempty = nonempty;
		return target;
	}
	if (object_is_immutable(target))
		return make_object(replay, OBJECT_IMMUTABLE);
	if (!object_is_immutable(operand(replay, frame, event->b)))
		change_object(replay, target, LEVEL_POSSIBLE);
	return make_object(replay, OBJECT_UNKNOWN);
}

static struct object *choose(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *chosen = NULL;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct object *object = frame->values[frame->program->arguments[event->arguments + i].value];
		if (object)
			chosen = chosen ? choose_object(replay, chosen, object) : object;
	}
	return chosen ? chosen : make_object(replay, OBJECT_UNKNOWN);
}

/* An element of what an iterator goes over. */
static struct object *next_element(struct replay *replay, struct object *iterator)
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

static struct object *unpack(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *from = operand(replay, frame, event->a);
	if (from->exact && event->index >= 0 && (size_t)event->index < from->parts.count)
		return from->parts.items[event->index];
	if (object_is_immutable(from))
		return make_object(replay, OBJECT_IMMUTABLE);
	struct object *part = make_object(replay, OBJECT_UNKNOWN);
	part->owner = from;
	return part;
}

static struct object *iterate(struct replay *replay, struct frame *frame, struct object *iterable)
{
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

static struct object *load_item(struct replay *replay, struct object *from, const struct event *event)
{
	if (index_copies(from, event)) {
		struct object *copy = make_object(replay, from->type == OBJECT_CONTAINER ? OBJECT_CONTAINER : OBJECT_UNKNOWN);
		for (size_t i = 0; i < from->parts.count && i < PARTS_SEEN; i++)
			vector_push(replay->arena, &copy->parts, from->parts.items[i]);
		return copy;
	}
	if (from->type == OBJECT_IMMUTABLE && from->parts.count == 0)
		return make_object(replay, OBJECT_IMMUTABLE);
	struct object *item = make_object(replay, OBJECT_UNKNOWN);
	item->owner = from;
	item->owner_level = LEVEL_CERTAIN;
	item->temporary = true;
	for (size_t i = 0; i < from->parts.count && i < PARTS_SEEN; i++)
		if (object_carries_code(from->parts.items[i]))
			vector_push(replay->arena, &item->parts, from->parts.items[i]);
	return item;
}

/* The class whose body has just run: its members are what the body bound. */
static struct object *make_class(struct replay *replay, struct frame *frame, const struct event *event,
                                 const struct change *begin)
{
	struct object *class = make_object(replay, OBJECT_CLASS);
	for (uint32_t i = 0; i < event->argument_count; i++)
		vector_push(replay->arena, &class->parts,
		            operand(replay, frame, frame->program->arguments[event->arguments + i].value));
	for (const struct change *change = replay->state; change && change != begin; change = change->previous) {
		if (change->place < frame->slots || change->place >= frame->slots + frame->program->variable_count)
			continue;
		const struct variable *variable = &frame->program->variables[change->place - frame->slots];
		if (variable->scope != VARIABLE_CLASS || !change->after.object)
			continue;
		vector_push(replay->arena, &class->members, ((struct member){variable->name, change->after.object}));
	}
	/* The newest binding of a name must be found first: lookup goes from the end. */
	for (size_t i = 0, j = class->members.count; i + 1 < j; i++, j--) {
		struct member member = class->members.items[i];
		class->members.items[i] = class->members.items[j - 1];
		class->members.items[j - 1] = member;
	}
	return class;
}

static struct object *make_function(struct replay *replay, struct frame *frame, const struct event *event)
{
	const struct program *program = frame->program->children[event->index];
	bool generator = program->kind == PROGRAM_GENERATOR;
	struct object *function = make_object(replay, generator ? OBJECT_ITERATOR : OBJECT_FUNCTION);
	function->program = program;
	function->closure = frame;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct object *part = operand(replay, frame, frame->program->arguments[event->arguments + i].value);
		if (part->type != OBJECT_IMMUTABLE)
			vector_push(replay->arena, &function->parts, part);
	}
	return function;
}

/* A module, or a name of one: one object in one kernel, wherever it is imported. */
static struct object *import(struct replay *replay, const struct event *event)
{
	enum object_type type = event->kind == EVENT_IMPORT ? OBJECT_MODULE : OBJECT_BUILTIN;
	struct slice text = symbols_name(replay->symbols, event->text);
	for (size_t i = 0; i < replay->modules.count; i++) {
		struct object *known = replay->modules.items[i];
		if (known->type == type && known->name == event->name && slice_equal(known->text, text))
			return known;
	}
	struct object *object = arena_alloc(replay->arena, sizeof *object);
	object->type = type;
	object->text = text;
	object->name = event->name;
	object->made_by = replay->run_count;
	object->owner_level = LEVEL_POSSIBLE;
	object->identity = identity_of_number(hash_bytes(text));
	identity_add_number(&object->identity, LEVEL_CERTAIN, hash_bytes(symbols_name(replay->symbols, event->name)));
	vector_push(replay->results, &replay->modules, object);
	return object;
}

/* `from module import *`: each name that a known module exports, or anything. */
static void import_star(struct replay *replay, struct frame *frame, const struct event *event)
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

/* The value of the cell's last expression becomes `_`, and `_5` for count 5. */
static void display(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *shown = operand(replay, frame, event->a);
	use_carried_code(replay, frame, shown, LEVEL_POSSIBLE);
	if (event->index == NOT_DISPLAYED || !replay->request->displays || frame->program->kind != PROGRAM_CELL)
		return;
	symbol once = symbols_intern(replay->symbols, SLICE("_"));
	symbol twice = symbols_intern(replay->symbols, SLICE("__"));
	symbol thrice = symbols_intern(replay->symbols, SLICE("___"));
	struct binding second = global_of(replay, twice)->place.now, first = global_of(replay, once)->place.now;
	bind_place(replay, &global_of(replay, thrice)->place, second);
	bind_place(replay, &global_of(replay, twice)->place, first);
	struct binding last = {shown, false, replay->run_count};
	bind_place(replay, &global_of(replay, once)->place, last);
	if (replay->request->count != NO_COUNT) {
		struct slice numbered = slice_format(replay->arena, "_%lld", (long long)replay->request->count);
		bind_place(replay, &global_of(replay, symbols_intern(replay->symbols, numbered))->place, last);
	}
}

/* The forward target to which the innermost loop around a jump back leads when it ends. */
static uint32_t loop_exit(struct frame *frame, uint32_t head, uint32_t from)
{
	/* `while True` has none, and each of its `continue` asks. */
	uint32_t first = frame->searched_to && frame->searched_head == head ? frame->searched_to : head;
	for (uint32_t i = first; i < from; i++) {
		const struct event *event = &frame->program->events[i];
		if (event->kind == EVENT_BRANCH && (event->index == BRANCH_LOOP || event->index == BRANCH_WHILE) &&
		    event->target > from)
			return event->target;
	}
	frame->searched_head = head;
	frame->searched_to = from;
	return 0;
}

static enum level branch_level(const struct event *event)
{
	switch ((enum branch_kind)event->index) {
	case BRANCH_LOOP:
	case BRANCH_WHILE:
	case BRANCH_FILTER: return LEVEL_LIKELY;
	case BRANCH_IF:
	case BRANCH_CHOICE:
	case BRANCH_MATCH:
	case BRANCH_EXCEPT:
	case BRANCH_ASSERT:
	case BRANCH_SUPPRESS: break;
	}
	return LEVEL_POSSIBLE;
}

static void jump(struct replay *replay, struct frame *frame, uint32_t at, const struct event *event)
{
	if (event->target > at) {
		wait_at(replay, frame, event->target);
		add_cover(replay, frame, at, event->target, LEVEL_POSSIBLE);
	} else {
		uint32_t target = loop_exit(frame, event->target, at);
		if (target) {
			wait_at(replay, frame, target);
			add_cover(replay, frame, at, target, LEVEL_POSSIBLE);
		}
	}
	frame->reachable = false;
}

/* Whether the truth of a value is known: 1 true, 0 false, -1 unknown. */
static int truth_of(const struct object *object)
{
	if (!object)
		return -1;
	if (object->type == OBJECT_CONTAINER && object->nonempty)
		return 1;
	return object->literal ? object->truth : -1;
}

static void branch(struct replay *replay, struct frame *frame, uint32_t at, const struct event *event)
{
	uint32_t target = event->target;
	/* Few `__exit__` swallow anything: where the body can end well, it is taken to. */
	if (event->index == BRANCH_SUPPRESS && frame->waiting[target])
		return;
	int truth = event->index == BRANCH_LOOP || !event->a ? -1 : truth_of(frame->values[event->a]);
	if (truth >= 0 && target > at) {
		if ((truth != 0) == event->when) {
			wait_at(replay, frame, target);
			frame->reachable = false;
		}
		return;
	}
	if (target <= at) {
		target = loop_exit(frame, target, at);
		if (target)
			wait_at(replay, frame, target);
		else
			target = at;
	} else if (event->index == BRANCH_LOOP && event->a && frame->values[event->a] &&
	           frame->values[event->a]->nonempty) {
		return; /* the body certainly runs; the loop ends after it */
	} else {
		wait_at(replay, frame, target);
	}
	add_cover(replay, frame, at, target, branch_level(event));
}

/* A cell magic that does not begin its cell is no magic: IPython stops there. */
static struct object *run_magic(struct replay *replay, struct frame *frame, const struct event *event)
{
	if (event->index == MAGIC_LINE && slice_starts(symbols_name(replay->symbols, event->name), SLICE("%")) &&
	    frame_level(frame) == LEVEL_CERTAIN)
		replay->run->failed = true;
	return make_object(replay, OBJECT_UNKNOWN);
}

/* One event that is no jump: its value, or null. */
static struct object *evaluate(struct replay *replay, struct frame *frame, const struct event *event)
{
	switch (event->kind) {
	case EVENT_READ: return read_variable(replay, frame, event);
	case EVENT_BIND: bind_variable(replay, frame, event, operand(replay, frame, event->a)); return NULL;
	case EVENT_DELETE: delete_variable(replay, frame, event); return NULL;
	case EVENT_CONSTANT: {
		struct object *constant = make_object(replay, OBJECT_IMMUTABLE);
		constant->literal = event->form;
		constant->truth = (int8_t)event->index;
		return constant;
	}
	case EVENT_BUILD: return build(replay, frame, event);
	case EVENT_OPERATE: return operate(replay, frame, event);
	case EVENT_UPDATE: return update(replay, frame, event);
	case EVENT_CHOOSE: return choose(replay, frame, event);
	case EVENT_CALL: return interpret_call(replay, frame, event);
	case EVENT_ATTRIBUTE: return load_attribute(replay, frame, operand(replay, frame, event->a), event->name);
	case EVENT_ITEM: return load_item(replay, operand(replay, frame, event->a), event);
	case EVENT_SET_ATTRIBUTE:
	case EVENT_SET_ITEM: {
		struct object *target = operand(replay, frame, event->a), *value = operand(replay, frame, event->b);
		change_object(replay, target, frame_level(frame));
		if (target->type == OBJECT_MODULE && slice_equal(target->text, SLICE("builtins")))
			become_opaque(replay, SLICE(""));
		bool holds = target->type != OBJECT_IMMUTABLE && target->type != OBJECT_BUILTIN;
		if (holds && value->type != OBJECT_IMMUTABLE && value != target)
			hold_part(replay, target, value);
		return NULL;
	}
	case EVENT_DELETE_ATTRIBUTE:
	case EVENT_DELETE_ITEM: change_object(replay, operand(replay, frame, event->a), frame_level(frame)); return NULL;
	case EVENT_ITERATE: return iterate(replay, frame, operand(replay, frame, event->a));
	case EVENT_NEXT: return next_element(replay, operand(replay, frame, event->a));
	case EVENT_UNPACK: return unpack(replay, frame, event);
	case EVENT_APPEND: {
		struct object *container = operand(replay, frame, event->a), *item = operand(replay, frame, event->b);
		container->exact = false;
		container->nonempty = container->nonempty || frame_level(frame) == LEVEL_CERTAIN;
		if (item->type != OBJECT_IMMUTABLE)
			hold_part(replay, container, item);
		return NULL;
	}
	case EVENT_FUNCTION: return make_function(replay, frame, event);
	case EVENT_ENTER: {
		struct object *manager = operand(replay, frame, event->a);
		struct object *entered = make_object(replay, OBJECT_UNKNOWN);
		entered->owner = manager;
		entered->owner_level = LEVEL_LIKELY;
		return entered;
	}
	case EVENT_AWAIT: return operand(replay, frame, event->a);
	case EVENT_IMPORT:
	case EVENT_IMPORT_FROM: return import(replay, event);
	case EVENT_IMPORT_STAR: import_star(replay, frame, event); return NULL;
	case EVENT_OPAQUE: become_opaque(replay, SLICE("")); return NULL;
	case EVENT_DISPLAY: display(replay, frame, event); return NULL;
	case EVENT_MAGIC: return run_magic(replay, frame, event);
	case EVENT_YIELD: return make_object(replay, OBJECT_UNKNOWN);
	default: return NULL;
	}
}

static void leave(struct replay *replay, struct frame *frame, uint32_t at, const struct event *event)
{
	if (event->kind == EVENT_RETURN) {
		struct object *value = operand(replay, frame, event->a);
		frame->returned = frame->returned ? choose_object(replay, frame->returned, value) : value;
		uint32_t end = frame->program->event_count - 1;
		wait_at(replay, frame, end);
		add_cover(replay, frame, at, end, LEVEL_POSSIBLE);
	} else if (event->handler != NO_HANDLER) {
		wait_at(replay, frame, (uint32_t)event->handler);
	}
	frame->reachable = false;
}

/* Whether an event can raise, for what is protected by a handler. */
static bool can_raise(const struct event *event)
{
	switch (event->kind) {
	case EVENT_STATEMENT:
	case EVENT_CONSTANT:
	case EVENT_BIND:
	case EVENT_FUNCTION:
	case EVENT_JUMP:
	case EVENT_BRANCH:
	case EVENT_CLASS_BEGIN:
	case EVENT_END: return false;
	default: return true;
	}
}

void interpret(struct replay *replay, struct frame *frame, uint32_t from, uint32_t to)
{
	VECTOR(const struct change *) classes = {0};
	uint64_t key = replay->event_key;
	for (uint32_t at = from; at < to && !has_failed(replay); at++) {
		const struct event *event = &frame->program->events[at];
		drop_covers(frame, at);
		replay->event_key = hash_mix(key, at);
		arrive(replay, frame, at);
		if (!frame->reachable)
			continue;
		replay->steps++;
		replay->all_steps++;
		if (event->handler != NO_HANDLER && can_raise(event)) {
			wait_at_handler(replay, frame, (uint32_t)event->handler);
		}
		switch (event->kind) {
		case EVENT_STATEMENT:
			if (frame->program->kind == PROGRAM_CELL)
				replay->line = frame->program->statements[event->index].line;
			break;
		case EVENT_JUMP: jump(replay, frame, at, event); break;
		case EVENT_BRANCH: branch(replay, frame, at, event); break;
		case EVENT_RETURN:
		case EVENT_RAISE: leave(replay, frame, at, event); break;
		case EVENT_CLASS_BEGIN: vector_push(replay->arena, &classes, replay->state); break;
		case EVENT_CLASS: {
			const struct change *begin = classes.count ? classes.items[--classes.count] : NULL;
			frame->values[event->value] = make_class(replay, frame, event, begin);
			break;
		}
		case EVENT_END: break;
		default: {
			struct object *value = evaluate(replay, frame, event);
			if (event->value)
				frame->values[event->value] = value;
		}
		}
		if (event->handler != NO_HANDLER && can_raise(event))
			add_cover(replay, frame, at, (uint32_t)event->handler, LEVEL_LIKELY);
	}
	replay->event_key = key;
}
