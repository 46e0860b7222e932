/* The names of the namespace: reading, binding and deleting them, and what happens
 * where one is missing. */
#include "flow/interpreter.h"

#include "python/magics.h"
#include "python/names.h"

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
	replay->run->may_fail = true;
	if (frame->speculative || global->doubted_in == replay->run_count)
		return;
	global->doubted_in = replay->run_count;
	struct replay_error error = {name, replay->line, false};
	vector_push(replay->arena, &replay->run->errors, error);
}

/* Whether something around the event, here or in a caller, catches NameError. */
static bool is_guarded(struct replay *replay, const struct frame *frame, const struct event *event)
{
	for (; frame; event = frame->call, frame = frame->caller)
		if (event && event->guarded && handler_of(replay, frame, event) != NO_HANDLER)
			return true;
	return false;
}

/* One that certainly comes replaces the one that was on its way out. */
static void set_error(struct replay_run *run, struct arena *results, struct replay_error error)
{
	for (size_t i = 0; i < run->errors.count; i++)
		if (run->errors.items[i].must) {
			run->errors.items[i] = error;
			return;
		}
	vector_push(results, &run->errors, error);
}

void end_raising(struct replay *replay, struct frame *frame)
{
	frame->raising = 0;
	for (size_t i = 0; i < replay->run->errors.count; i++)
		replay->run->errors.items[i].must = false;
}

/* Whether the handler is the end of a context that may swallow the error. */
static bool may_be_swallowed(const struct frame *frame, int32_t handler)
{
	return handler != NO_HANDLER && frame->events[handler].kind == EVENT_EXIT;
}

void pass_on_error(struct replay *replay, struct frame *frame, const struct event *event)
{
	int32_t handler = handler_of(replay, frame, event);
	frame->reachable = false;
	if (handler == NO_HANDLER) {
		replay->run->failed = true;
		return;
	}
	if (may_be_swallowed(frame, handler)) {
		end_raising(replay, frame);
		replay->run->may_fail = true;
		wait_at(replay, frame, (uint32_t)handler);
		return;
	}
	frame->raising = (uint32_t)handler;
	frame->waiting[handler] = NULL; /* nothing else raised before it got here */
	wait_at(replay, frame, (uint32_t)handler);
}

void raise_name_error(struct replay *replay, struct frame *frame, const struct event *event, symbol name)
{
	int32_t handler = handler_of(replay, frame, event);
	if (is_guarded(replay, frame, event)) {
		if (frame->raising) /* within a `finally` */
			end_raising(replay, frame);
		if (handler != NO_HANDLER)
			wait_at(replay, frame, (uint32_t)handler);
		frame->reachable = false;
		return;
	}
	if (frame_level(frame) == LEVEL_CERTAIN && !may_be_swallowed(frame, handler)) {
		set_error(replay->run, replay->arena, (struct replay_error){name, replay->line, true});
		pass_on_error(replay, frame, event);
		return;
	}
	doubt(replay, frame, name);
	if (handler != NO_HANDLER)
		wait_at(replay, frame, (uint32_t)handler);
	else if (replay->ended_count < PATHS_ENDED)
		replay->ended[replay->ended_count++] = replay->state;
	frame->reachable = false;
}

static struct object *builtin_object(struct replay *replay, symbol name)
{
	if (name >= replay->builtin_count) {
		size_t count = symbols_count(replay->symbols) + 64;
		struct object **grown = arena_array(replay->kernel, count, sizeof *grown);
		for (size_t i = 0; i < replay->builtin_count; i++)
			grown[i] = replay->builtins[i];
		replay->builtins = grown;
		replay->builtin_count = count;
	}
	if (!replay->builtins[name]) {
		struct object *builtin = arena_alloc(replay->kernel, sizeof *builtin);
		builtin->kept = true;
		builtin->type = OBJECT_BUILTIN;
		builtin->name = name;
		builtin->identity = identity_of_number(hash_bytes(symbols_name(replay->symbols, name)));
		if (slice_equal(symbols_name(replay->symbols, name), SLICE("__name__"))) {
			static const struct constant main = {.kind = CONSTANT_TEXT, .text = SLICE_CONSTANT("__main__")};
			builtin->type = OBJECT_IMMUTABLE;
			builtin->constant = &main;
			builtin->truth = 1;
		}
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
	struct replay_read *read = vector_add(replay->arena, &replay->run->reads);
	*read = (struct replay_read){
	    .name = name, .level = level, .line = replay->line, .function = frame->function, .in_text = frame->in_text};
	return read;
}

bool is_always_there(const struct replay *replay, symbol name)
{
	struct slice text = symbols_name(replay->symbols, name);
	bool numbered = text.length && text.bytes[text.length - 1] >= '0' && text.bytes[text.length - 1] <= '9';
	if (python_is_history_name(text))
		return !numbered;
	if (python_is_builtin(text) || python_is_ipython_name(text) || python_is_kernel_name(text))
		return true;
	return replay->request->effects->module->dialect == DIALECT_PYTHON2 && python_is_python2_builtin(text);
}

/* The name with which a line such as `ls -l` begins: IPython runs the magic while nothing of that name is bound. */
static bool is_automagic(const struct frame *frame, const struct event *event, struct slice name)
{
	return event->kind == EVENT_READ && frame->program->kind == PROGRAM_CELL &&
	       slice_equal(python_magic_of_line(frame->program->source), name);
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
	if (replay->trace)
		trace_read_opaque(replay->trace, name, level);
	derive_from(replay, object, level);
	return object;
}

/* Whether a context around the event may swallow what it raises. */
static bool is_in_swallowing_context(struct replay *replay, const struct frame *frame, const struct event *event)
{
	int32_t handler = handler_of(replay, frame, event);
	while (handler != NO_HANDLER && !may_be_swallowed(frame, handler))
		handler = handler_of(replay, frame, &frame->events[handler]);
	return handler != NO_HANDLER;
}

/* Whether a run that is known to have succeeded must have found the name somewhere. */
static bool must_have_been_there(struct replay *replay, const struct frame *frame, const struct event *event,
                                 symbol name)
{
	/* A run that failed may have met an error before, and another one on its way out. */
	if (replay->request->failing_line && event->handler != NO_HANDLER)
		return false;
	return replay->request->succeeded && name != replay->request->missing && !is_guarded(replay, frame, event) &&
	       !is_in_swallowing_context(replay, frame, event) && !frame->speculative &&
	       frame_level(frame) == LEVEL_CERTAIN;
}

static size_t add_offers(struct replay_read *read, size_t count, const struct object *object, unsigned depth)
{
	if (object->type != OBJECT_CHOICE) {
		if (count < READ_OFFERS)
			read->offers[count++] = object->identity.at[LEVEL_CERTAIN];
		return count;
	}
	for (size_t i = 0; i < object->parts.count && count < READ_OFFERS && depth > 0; i++)
		count = add_offers(read, count, object->parts.items[i], depth - 1);
	return count;
}

/* What a may-bind leaves possible. */
static void note_offers(struct replay_read *read, const struct object *object)
{
	if (object->type == OBJECT_CHOICE || read->maybe_unbound)
		add_offers(read, 0, object, READ_OFFERS);
}

struct object *read_global(struct replay *replay, struct frame *frame, const struct event *event, symbol name)
{
	struct global *global = global_of(replay, name);
	enum level level = event->soft ? LEVEL_POSSIBLE : frame_level(frame);
	struct slice text = symbols_name(replay->symbols, name);
	if (!global->place.now.object) {
		struct object *input = read_input_name(replay, text);
		if (input)
			return input;
		if (is_always_there(replay, name)) {
			struct object *builtin = builtin_object(replay, name);
			derive_from(replay, builtin, level);
			return builtin;
		}
		if (event->soft)
			return make_object(replay, OBJECT_UNKNOWN);
		if (!global->expected && is_automagic(frame, event, text)) {
			frame->reachable = event[1].kind == EVENT_DISPLAY; /* `-l` is no name */
			return make_object(replay, OBJECT_UNKNOWN);
		}
		/* What a cell binds is not looked for in something opaque. */
		if (replay->opacity.is_opaque && !global->expected)
			return read_opaque(replay, frame, name, level);
		if (!must_have_been_there(replay, frame, event, name)) {
			struct replay_read *read = note_read(replay, frame, name);
			read->unbound = true;
			read->guarded = is_guarded(replay, frame, event);
			raise_name_error(replay, frame, event, name);
			return NULL;
		}
		replay_assume(replay, name);
		vector_push(replay->arena, &replay->run->assumed, name);
	}
	struct binding binding = global->place.now;
	struct identity identity = object_identity(binding.object);
	if (binding.by != replay->run_count) {
		struct replay_read *read = note_read(replay, frame, name);
		if ((read->bound_by == 0 && !read->unbound) || read->existence) {
			read->existence = read->unbound = read->guarded = false;
			read->identity = identity;
			read->bound_by = binding.by;
			read->maybe_unbound = binding.maybe_unbound;
			note_offers(read, binding.object);
			uint32_t changed = binding.object->changed_by;
			read->changed_by = changed != binding.by && changed != replay->run_count ? changed : 0;
		}
	}
	if (binding.maybe_unbound && !event->soft && !is_always_there(replay, name) && !is_guarded(replay, frame, event))
		doubt(replay, frame, name);
	identity_add(&replay->statement, level, &identity);
	if (binding.object != replay->store.object)
		identity_add(&replay->store.others, level, &identity);
	if (replay->trace)
		trace_read(replay->trace, name, binding.object, level);
	return binding.object;
}

void read_existence(struct replay *replay, struct frame *frame, symbol name)
{
	struct binding binding = global_of(replay, name)->place.now;
	enum level level = binding.object && binding.maybe_unbound ? LEVEL_POSSIBLE : frame_level(frame);
	struct identity identity = identity_of_number(hash_bytes(binding.object ? SLICE("bound") : SLICE("unbound")));
	if (!binding.object || binding.by != replay->run_count) {
		struct replay_read *read = note_read(replay, frame, name);
		if (read->bound_by == 0 && !read->unbound) {
			read->identity = identity;
			read->unbound = !binding.object;
			read->guarded = read->existence = true;
			read->bound_by = binding.object ? binding.by : 0;
			read->maybe_unbound = binding.maybe_unbound;
		}
	}
	identity_add(&replay->statement, level, &identity);
	identity_add(&replay->store.others, level, &identity);
	if (replay->trace && binding.object)
		trace_read(replay->trace, name, binding.object, level);
}

/* What a run displayed that the log has lost: it has no name but its number. */
static struct object *lost_output(struct replay *replay, struct frame *frame, symbol name)
{
	struct object *object = make_object(replay, OBJECT_UNKNOWN);
	object->identity =
	    identity_of_number(hash_mix(hash_bytes(SLICE("lost output")), hash_bytes(symbols_name(replay->symbols, name))));
	/* It may well have displayed what another run does from the top. */
	struct replay_read *read = note_read(replay, frame, name);
	read->identity = object->identity;
	read->level = LEVEL_POSSIBLE;
	identity_add(&replay->statement, frame_level(frame), &object->identity);
	identity_add(&replay->store.others, frame_level(frame), &object->identity);
	return object;
}

struct object *read_output(struct replay *replay, struct frame *frame, const struct event *event, symbol name)
{
	if (global_of(replay, name)->place.now.object)
		return read_global(replay, frame, event, name);
	if (must_have_been_there(replay, frame, event, name))
		return lost_output(replay, frame, name);
	note_read(replay, frame, name)->unbound = true;
	int32_t handler = handler_of(replay, frame, event);
	if (handler != NO_HANDLER)
		wait_at(replay, frame, (uint32_t)handler);
	else if (frame_level(frame) == LEVEL_CERTAIN)
		replay->run->failed = true;
	frame->reachable = false;
	return NULL;
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
	note_write(replay, name, WRITE_BIND, frame_level(frame), frame_is_foreign(frame));
	if (replay->trace)
		trace_bind(replay->trace, name, frame_level(frame));
	enum { NAMES = 16 }; /* more names for one object are rare, and a bound keeps binding cheap */
	bool named = object->names.count >= NAMES;
	for (size_t i = object->names.count; i-- > 0 && !named;)
		named = object->names.items[i] == name;
	if (!named) {
		save_object(replay, object);
		vector_push(replay->arena, &object->names, name);
	}
	struct global *global = global_of(replay, name);
	if (global->read_in == replay->run_count && replay->run->reads.items[global->read_at].existence)
		replay->run->reads.items[global->read_at].provided = true;
	bind_place(replay, &global->place, (struct binding){bound_object(object), false, replay->run_count});
}

void bind_variable(struct replay *replay, struct frame *frame, const struct event *event, struct object *object)
{
	const struct variable *variable = &frame->program->variables[event->variable];
	if (scope_of(frame, event->variable) == VARIABLE_GLOBAL) {
		bind_global(replay, frame, variable->name, object);
		return;
	}
	/* A closure that keeps count of something has changed when it does, though seldom in a way that matters. */
	if (variable->scope == VARIABLE_ENCLOSING && frame->callee)
		change_object(replay, frame->callee, frame_level(frame) > LEVEL_LIKELY ? frame_level(frame) : LEVEL_LIKELY);
	bind_place(replay, place_of(replay, frame, event->variable),
	           (struct binding){bound_object(object), false, replay->run_count});
}

/* The object without the value that it is known to have: a loop binds the name
 * anew, so that the value holds only the first time. */
static struct object *without_value(struct replay *replay, struct frame *frame, const struct event *event,
                                    uint32_t index, struct object *object)
{
	if (!object || object->type != OBJECT_IMMUTABLE || (!object->literal && !object->constant))
		return object;
	bool varies = frame->varies_to && event - frame->events < frame->varies_to[index];
	bool local = frame->program->variables[index].scope == VARIABLE_LOCAL;
	if (!varies && (local || !frame->looped))
		return object;
	struct object *copy = arena_copy(replay->arena, object, sizeof *object);
	copy->literal = FORM_OTHER;
	copy->constant = NULL;
	copy->kept = false;
	copy->names.items = NULL;
	copy->names.count = copy->names.capacity = 0;
	copy->touched_in = 0;
	return copy;
}

static struct object *find_variable(struct replay *replay, struct frame *frame, const struct event *event)
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

struct object *read_variable(struct replay *replay, struct frame *frame, const struct event *event)
{
	return without_value(replay, frame, event, event->variable, find_variable(replay, frame, event));
}

void unbind_global(struct replay *replay, struct frame *frame, symbol name)
{
	note_write(replay, name, WRITE_DELETE, frame_level(frame), frame_is_foreign(frame));
	if (replay->trace)
		trace_bind(replay->trace, name, frame_level(frame));
	/* A run that may have missed a name before may not have got here. */
	struct binding after = {NULL, false, replay->run_count};
	if (replay->run->may_fail && !replay->request->succeeded)
		after = (struct binding){global_of(replay, name)->place.now.object, true, replay->run_count};
	bind_place(replay, &global_of(replay, name)->place, after);
}

void delete_variable(struct replay *replay, struct frame *frame, const struct event *event)
{
	const struct variable *variable = &frame->program->variables[event->variable];
	struct place *place = place_of(replay, frame, event->variable);
	if (scope_of(frame, event->variable) == VARIABLE_GLOBAL && !event->automatic) {
		if (!place->now.object && replay->opacity.is_opaque && !global_of(replay, variable->name)->expected)
			return;
		struct binding binding = place->now;
		if (!binding.object) {
			read_global(replay, frame, event, variable->name); /* NameError, or something lost had bound it */
			if (!place->now.object)
				return;
		} else {
			read_existence(replay, frame, variable->name);
		}
		if (binding.maybe_unbound && !is_guarded(replay, frame, event))
			doubt(replay, frame, variable->name);
		unbind_global(replay, frame, variable->name);
		return;
	}
	bind_place(replay, place, (struct binding){NULL, false, replay->run_count});
}
