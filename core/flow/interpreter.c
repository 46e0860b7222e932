/* Follows the events of a program.
 *
 * Events are met in the order of the source. A jump forward leaves the present
 * state to wait at its target, where it is joined with what falls through; code
 * that can be jumped over happens only with the certainty of its cover. Loops are
 * gone through once: what a statement makes rests on all that it reads anyway. */
#include "flow/interpreter.h"

enum { NOT_DISPLAYED = 0 };

struct frame *frame_new(struct replay *replay, const struct program *program, struct frame *caller)
{
	struct frame *frame = arena_alloc(replay->arena, sizeof *frame);
	struct program_events code = program_open(replay->arena, program);
	frame->program = program;
	frame->events = code.items;
	frame->arguments = code.arguments;
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

bool frame_is_foreign(const struct frame *frame)
{
	for (const struct cover *cover = frame->covers; cover; cover = cover->next)
		if (cover->foreign)
			return true;
	return frame->foreign;
}

static void push_cover(struct replay *replay, struct frame *frame, uint32_t at, struct cover cover)
{
	if (cover.target <= at + 1)
		return;
	for (const struct cover *known = frame->covers; known; known = known->next)
		if (known->target == cover.target && known->level >= cover.level && known->foreign >= cover.foreign)
			return;
	cover.next = frame->covers;
	frame->covers = arena_copy(replay->arena, &cover, sizeof cover);
}

static void add_cover(struct replay *replay, struct frame *frame, uint32_t at, uint32_t target, enum level level)
{
	push_cover(replay, frame, at, (struct cover){.target = target, .level = level});
}

/* What stands before `target` happens, but because of what other cells left. */
static void add_foreign_cover(struct replay *replay, struct frame *frame, uint32_t at, uint32_t target)
{
	push_cover(replay, frame, at, (struct cover){.target = target, .level = LEVEL_CERTAIN, .foreign = true});
}

bool is_in_loop(const struct frame *frame, const struct event *event)
{
	return frame->looped || event - frame->events < frame->loops_to;
}

/* A loop goes over these events: what it binds varies from here on. */
static void enter_loop(struct replay *replay, struct frame *frame, uint32_t from, uint32_t to)
{
	if (to > frame->loops_to)
		frame->loops_to = to;
	for (uint32_t i = from; i < to; i++) {
		const struct event *event = &frame->events[i];
		if (event->kind != EVENT_BIND && event->kind != EVENT_DELETE)
			continue;
		if (!frame->varies_to)
			frame->varies_to = arena_array(replay->arena, frame->program->variable_count, sizeof *frame->varies_to);
		if (frame->varies_to[event->variable] < to)
			frame->varies_to[event->variable] = to;
	}
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
void wait_at(struct replay *replay, struct frame *frame, uint32_t target)
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
		vector_push(replay->kernel, &replay->joining, replay->state);
	for (const struct pending *pending = frame->waiting[at]; pending; pending = pending->next)
		vector_push(replay->kernel, &replay->joining, pending->state);
	restore_state(replay, join_all(replay, replay->joining.items, replay->joining.count));
	frame->reachable = true;
}

/* Whether the context that an event leaves is of a manager that is made to swallow exceptions. */
static bool is_made_to_suppress(const struct replay *replay, const struct event *exit)
{
	static const struct slice names[] = {
	    SLICE_CONSTANT("suppress"),      SLICE_CONSTANT("ExitStack"),           SLICE_CONSTANT("AsyncExitStack"),
	    SLICE_CONSTANT("raises"),        SLICE_CONSTANT("assertRaises"),        SLICE_CONSTANT("assertRaisesRegex"),
	    SLICE_CONSTANT("assert_raises"), SLICE_CONSTANT("assert_raises_regex"), SLICE_CONSTANT("TaskGroup"),
	};
	for (size_t i = 0; exit->name && i < sizeof names / sizeof *names; i++)
		if (slice_equal(symbols_name(replay->symbols, exit->name), names[i]))
			return true;
	return false;
}

/* Whether leaving a context may swallow an exception. Few managers do: those of
 * contextlib and of test libraries that are made to, and perhaps those of the
 * notebook itself. */
static bool may_suppress(struct replay *replay, const struct event *exit)
{
	if (!exit->name || is_made_to_suppress(replay, exit))
		return true;
	const struct object *object = global_of(replay, exit->text)->place.now.object;
	return object && (object->type == OBJECT_FUNCTION || object->type == OBJECT_CLASS ||
	                  object->type == OBJECT_INSTANCE || object->type == OBJECT_CHOICE);
}

int32_t handler_of(struct replay *replay, const struct frame *frame, const struct event *event)
{
	int32_t handler = event->handler;
	while (handler != NO_HANDLER) {
		const struct event *exit = &frame->events[handler], *suppress = exit + 1;
		if (exit->kind != EVENT_EXIT || suppress->kind != EVENT_BRANCH || suppress->index != BRANCH_SUPPRESS ||
		    may_suppress(replay, exit))
			break;
		handler = exit->handler;
	}
	return handler;
}

/* Where an exception that a handler does not stop goes. A handler with others around it begins with a step. */
static int32_t handler_around(struct replay *replay, const struct frame *frame, uint32_t handler)
{
	const struct event *first = &frame->events[handler];
	return first->kind == EVENT_STEP ? handler_of(replay, frame, first) : NO_HANDLER;
}

/* Whether the value is known to be None: what `print()` gives, and the constant. */
static bool is_none(struct replay *replay, struct object *object)
{
	const struct constant *constant = constant_of(replay, object);
	return (constant && constant->kind == CONSTANT_NONE) ||
	       (object->type == OBJECT_UNKNOWN && object->name &&
	        slice_equal(symbols_name(replay->symbols, object->name), SLICE("print")));
}

/* IPython asks an instance how it looks; what fails there is shown, and all goes on. */
static void show_instance(struct replay *replay, struct frame *frame, struct object *shown)
{
	if (shown->type != OBJECT_INSTANCE)
		return;
	bool speculative = frame->speculative, reachable = frame->reachable;
	frame->speculative = true;
	call_special(replay, frame, shown, SLICE("_repr_html_"));
	call_special(replay, frame, shown, SLICE("__repr__"));
	frame->speculative = speculative;
	frame->reachable = reachable;
}

/* The value of the cell's last expression becomes `_`, and `_5` for count 5. Where
 * nothing is saved of the cell and the value may be None, `_5` may be there. */
static void display(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *shown = operand(replay, frame, event->a);
	use_carried_code(replay, frame, shown, LEVEL_POSSIBLE);
	if (event->index != NOT_DISPLAYED && !frame->caller)
		show_instance(replay, frame, shown);
	bool may = replay->request->may_display && !is_none(replay, shown);
	/* What a call gives may be None; other values are not, but for names bound to it. */
	bool shows = may ? event[-1].kind != EVENT_CALL : replay->request->displays && !replay->request->may_display;
	if (event->index == NOT_DISPLAYED || frame->caller || !(shows || may))
		return;
	struct binding last = {shown, !shows, replay->run_count};
	if (replay->request->count != NO_COUNT) {
		struct slice numbered = slice_format(replay->arena, "_%lld", (long long)replay->request->count);
		symbol name = symbols_intern(replay->symbols, numbered);
		bind_place(replay, &global_of(replay, name)->place, last);
		if (replay->trace)
			trace_bind(replay->trace, name, LEVEL_CERTAIN);
	}
	if (!shows)
		return;
	symbol once = symbols_intern(replay->symbols, SLICE("_"));
	symbol twice = symbols_intern(replay->symbols, SLICE("__"));
	symbol thrice = symbols_intern(replay->symbols, SLICE("___"));
	struct binding second = global_of(replay, twice)->place.now, first = global_of(replay, once)->place.now;
	bind_place(replay, &global_of(replay, thrice)->place, second);
	bind_place(replay, &global_of(replay, twice)->place, first);
	bind_place(replay, &global_of(replay, once)->place, last);
	const symbol shifted[] = {once, twice, thrice};
	for (size_t i = 0; i < sizeof shifted / sizeof *shifted && replay->trace; i++)
		trace_bind(replay->trace, shifted[i], LEVEL_CERTAIN);
}

/* The forward target to which the innermost loop around a jump back leads when it ends. */
static uint32_t loop_exit(struct frame *frame, uint32_t head, uint32_t from)
{
	/* `while True` has none, and each of its `continue` asks. */
	uint32_t first = frame->searched_to && frame->searched_head == head ? frame->searched_to : head;
	for (uint32_t i = first; i < from; i++) {
		const struct event *event = &frame->events[i];
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
	case BRANCH_SILENT:
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

/* Whether the truth of a value is known: 1 true, 0 false, -1 unknown. What a loop
 * may take out of a container is not known. */
static int truth_of(struct replay *replay, const struct frame *frame, const struct event *event, struct object *object)
{
	if (!object)
		return -1;
	if (object->type == OBJECT_CONTAINER && object->nonempty)
		return is_in_loop(frame, event) ? -1 : 1;
	if (object->type == OBJECT_IMMUTABLE && object->literal && object->truth >= 0)
		return object->truth;
	const struct constant *constant = constant_of(replay, object);
	return constant ? constant_is_true(constant) : -1;
}

/* A branch that a value decides. What other cells left may have decided it. */
static void take_branch(struct replay *replay, struct frame *frame, uint32_t at, const struct event *event, bool jumps,
                        bool foreign)
{
	uint32_t target = event->target;
	frame->decided = true;
	if (!jumps) {
		if (foreign)
			add_foreign_cover(replay, frame, at, target);
		return;
	}
	wait_at(replay, frame, target);
	frame->reachable = false;
	/* Over the other branch, which ends where the one not taken would jump to. */
	const struct event *last = &frame->events[target - 1];
	if (foreign && target - 1 > at && last->kind == EVENT_JUMP && last->target > target)
		add_foreign_cover(replay, frame, at, last->target);
}

static void branch(struct replay *replay, struct frame *frame, uint32_t at, const struct event *event)
{
	uint32_t target = event->target;
	if (frame->raising && event->index == BRANCH_EXCEPT) { /* it is none that this clause catches */
		wait_at(replay, frame, target);
		frame->reachable = false;
		return;
	}
	/* Few `__exit__` swallow anything: where the body can end well, it is taken to, but for those that are made to. So
	 * is a program to print. */
	bool is_silent =
	    event->index == BRANCH_SUPPRESS && frame->waiting[target] && !is_made_to_suppress(replay, event - 1);
	if (event->index == BRANCH_SILENT || is_silent)
		return;
	struct object *decider = event->a ? frame->values[event->a] : NULL;
	bool loops = (event->index == BRANCH_LOOP || event->index == BRANCH_WHILE) && target > at;
	int truth = event->index == BRANCH_LOOP ? -1 : truth_of(replay, frame, event, decider);
	if (loops)
		enter_loop(replay, frame, at, target);
	if (truth >= 0 && target > at) {
		take_branch(replay, frame, at, event, (truth != 0) == event->when, is_foreign(decider));
		return;
	}
	if (target <= at) {
		target = loop_exit(frame, target, at);
		if (target)
			wait_at(replay, frame, target);
		else
			target = at;
	} else if (event->index == BRANCH_LOOP && decider && decider->nonempty) {
		/* The body certainly runs; the loop ends after it. */
		if (is_foreign(decider->owner ? decider->owner : decider))
			add_foreign_cover(replay, frame, at, target);
		return;
	} else {
		wait_at(replay, frame, target);
	}
	add_cover(replay, frame, at, target, branch_level(event));
}

static struct object *load_constant(struct replay *replay, const struct frame *frame, const struct event *event)
{
	struct object *constant = make_object(replay, OBJECT_IMMUTABLE);
	constant->literal = event->form;
	constant->truth = (int8_t)event->index;
	struct slice text = slice_part(frame->program->source, event->target, event->target + event->b);
	constant->constant =
	    arena_copy(replay->arena, &(struct constant){.kind = CONSTANT_UNREAD, .text = text}, sizeof(struct constant));
	return constant;
}

static void store(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct object *target = operand(replay, frame, event->a), *value = operand(replay, frame, event->b);
	bool item = event->kind == EVENT_SET_ITEM;
	struct object *key = item ? operand(replay, frame, frame->arguments[event->arguments].value) : NULL;
	if (!item || !target->is_namespace || !store_name(replay, frame, key, value))
		store_part(replay, frame, target, item ? 0 : event->name, value);
}

/* What `with manager as` binds. */
static struct object *enter(struct replay *replay, struct frame *frame, struct object *manager)
{
	struct object *made =
	    manager->type == OBJECT_INSTANCE ? call_special(replay, frame, manager, SLICE("__enter__")) : NULL;
	if (made)
		return made;
	struct object *entered = make_object(replay, OBJECT_UNKNOWN);
	entered->owner = manager;
	entered->owner_level = LEVEL_LIKELY;
	return entered;
}

/* One event that is no jump: its value, or null. */
static struct object *evaluate(struct replay *replay, struct frame *frame, const struct event *event)
{
	switch (event->kind) {
	case EVENT_READ: return read_variable(replay, frame, event);
	case EVENT_BIND: bind_variable(replay, frame, event, operand(replay, frame, event->a)); return NULL;
	case EVENT_DELETE: delete_variable(replay, frame, event); return NULL;
	case EVENT_CONSTANT: return load_constant(replay, frame, event);
	case EVENT_BUILD: return build(replay, frame, event);
	case EVENT_OPERATE: return operate(replay, frame, event);
	case EVENT_UPDATE: return update(replay, frame, event);
	case EVENT_CHOOSE: return choose(replay, frame, event);
	case EVENT_CALL: return interpret_call(replay, frame, event);
	case EVENT_ATTRIBUTE: return load_attribute(replay, frame, operand(replay, frame, event->a), event->name);
	case EVENT_ITEM: return load_item(replay, frame, event);
	case EVENT_SET_ATTRIBUTE:
	case EVENT_SET_ITEM: store(replay, frame, event); return NULL;
	case EVENT_DELETE_ATTRIBUTE:
	case EVENT_DELETE_ITEM:
		if (event->kind == EVENT_DELETE_ITEM && operand(replay, frame, event->a)->is_namespace &&
		    delete_name(replay, frame, event, operand(replay, frame, event->b)))
			return NULL;
		change_object(replay, operand(replay, frame, event->a), frame_level(frame));
		return NULL;
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
	case EVENT_ENTER: return enter(replay, frame, operand(replay, frame, event->a));
	case EVENT_AWAIT: return await_object(replay, frame, operand(replay, frame, event->a));
	case EVENT_EXIT: {
		struct object *manager = operand(replay, frame, event->a);
		if (manager->type == OBJECT_INSTANCE)
			call_special(replay, frame, manager, SLICE("__exit__"));
		return NULL;
	}
	case EVENT_IMPORT:
	case EVENT_IMPORT_FROM: return import(replay, event);
	case EVENT_IMPORT_STAR: import_star(replay, frame, event); return NULL;
	case EVENT_OPAQUE:
		/* What a call of exec and a store into the namespace do, the events before this one have told. */
		if (event[-1].kind != EVENT_CALL && event[-1].kind != EVENT_SET_ITEM)
			become_opaque(replay, SLICE(""));
		return NULL;
	case EVENT_DISPLAY: display(replay, frame, event); return NULL;
	case EVENT_MAGIC: return run_magic(replay, frame, event);
	case EVENT_YIELD: {
		/* `yield from` goes over a generator; to yield one is rare. */
		struct object *given = operand(replay, frame, event->a);
		if (given->suspended)
			use_carried_code(replay, frame, given,
			                 frame_level(frame) > LEVEL_LIKELY ? frame_level(frame) : LEVEL_LIKELY);
		return make_object(replay, OBJECT_UNKNOWN);
	}
	default: return NULL;
	}
}

/* Whether anything around the event, here or in a caller, may catch what it raises. */
static bool has_handler(struct replay *replay, const struct frame *frame, const struct event *event)
{
	for (; frame; event = frame->call, frame = frame->caller)
		if (event && handler_of(replay, frame, event) != NO_HANDLER)
			return true;
	return false;
}

void raise_error(struct replay *replay, struct frame *frame, const struct event *event)
{
	if (replay->request->succeeded && !replay->request->failing_line && !has_handler(replay, frame, event))
		return;
	int32_t handler = handler_of(replay, frame, event);
	if (handler != NO_HANDLER)
		wait_at(replay, frame, (uint32_t)handler);
	else if (!frame->caller && frame_level(frame) == LEVEL_CERTAIN)
		replay->run->failed = true;
	frame->reachable = false;
}

static void leave(struct replay *replay, struct frame *frame, uint32_t at, const struct event *event)
{
	if (event->kind == EVENT_RETURN) {
		struct object *value = operand(replay, frame, event->a);
		frame->returned = frame->returned ? choose_object(replay, frame->returned, value) : value;
		uint32_t end = frame->program->event_count - 1;
		wait_at(replay, frame, end);
		add_cover(replay, frame, at, end, LEVEL_POSSIBLE);
	} else if (frame->raising && event->automatic) {
		pass_on_error(replay, frame, event);
	} else {
		raise_error(replay, frame, event);
	}
	frame->reachable = false;
}

/* Whether an event can raise, for what is protected by a handler. */
static bool can_raise(const struct event *event)
{
	switch (event->kind) {
	case EVENT_STATEMENT:
	case EVENT_STEP: /* only what interrupts it from outside */
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

/* Whether the event only reads a global name that is certainly bound, or else a builtin. */
static bool reads_bound(struct replay *replay, const struct frame *frame, const struct event *event)
{
	if (event->kind != EVENT_READ || frame->program->variables[event->variable].scope != VARIABLE_GLOBAL)
		return false;
	symbol name = frame->program->variables[event->variable].name;
	const struct binding *now = &global_of(replay, name)->place.now;
	return (now->object && !now->maybe_unbound) || is_always_there(replay, name);
}

void interpret(struct replay *replay, struct frame *frame, uint32_t from, uint32_t to)
{
	VECTOR(const struct change *) classes = {0};
	uint64_t key = replay->event_key;
	for (uint32_t at = from; at < to && !has_failed(replay); at++) {
		const struct event *event = &frame->events[at];
		drop_covers(frame, at);
		replay->event_key = hash_mix(key, at - from); /* wherever in its cell the statement stands */
		frame->at = event;
		arrive(replay, frame, at);
		if (!frame->reachable)
			continue;
		replay->steps++;
		replay->all_steps++;
		int32_t handler =
		    can_raise(event) && !reads_bound(replay, frame, event) ? handler_of(replay, frame, event) : NO_HANDLER;
		if (handler != NO_HANDLER) {
			if (frame->raising && handler != handler_around(replay, frame, frame->raising))
				end_raising(replay, frame); /* a `try` within a `finally`: what gets out may be another error */
			wait_at_handler(replay, frame, (uint32_t)handler);
		}
		switch (event->kind) {
		case EVENT_STATEMENT:
			if (!frame->caller)
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
		if (handler != NO_HANDLER)
			add_cover(replay, frame, at, (uint32_t)handler, LEVEL_LIKELY);
	}
	if (frame->raising && !has_failed(replay))
		end_raising(replay, frame);
	replay->event_key = key;
}
