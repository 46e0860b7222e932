/* A rehearsal: runs one after the other, statement by statement. A statement whose
 * effect can't be told leaves what it may have changed unknown. */
#include "flow/rehearsal_state.h"

#include <string.h>

enum { REACH = 6 }; /* containers within containers that are looked into */

struct rehearsal *rehearsal_new(struct arena *arena, struct symbols *symbols)
{
	struct arena *kernel = arena_child(arena);
	struct rehearsal *rehearsal = arena_alloc(kernel, sizeof *rehearsal);
	rehearsal->results = arena;
	rehearsal->kernel = kernel;
	rehearsal->arena = arena_child(kernel);
	rehearsal->scratch = arena_child(kernel);
	rehearsal->symbols = symbols;
	rehearsal->steps_left = REHEARSAL_ALL_STEPS;
	return rehearsal;
}

void rehearsal_free(struct rehearsal *rehearsal)
{
	arena_free(rehearsal->kernel);
}

void rehearsal_restart(struct rehearsal *rehearsal)
{
	rehearsal->restarted = ++rehearsal->happened;
	rehearsal->opaque = rehearsal->history_unknown = false;
	rehearsal->prints_anything = rehearsal->shows_anything = false;
	rehearsal->escaped.count = 0;
}

/* What befell the name with all others since it was looked at. */
static void settle(const struct rehearsal *rehearsal, struct slot *slot)
{
	if (slot->settled < rehearsal->restarted)
		*slot = (struct slot){.settled = rehearsal->restarted};
	if (slot->settled < rehearsal->all_lost && slot->value)
		slot->maybe = true;
	if (slot->settled < rehearsal->rebound_lost && slot->rebound) {
		slot->maybe = true;
		slot->written_in = rehearsal->rebound_lost_in;
	}
	slot->settled = rehearsal->happened;
}

struct slot *rehearsal_slot(struct rehearsal *rehearsal, symbol name)
{
	while (name >= rehearsal->global_count)
		rehearsal->globals = arena_grow(rehearsal->kernel, rehearsal->globals, rehearsal->global_count,
		                                &rehearsal->global_count, sizeof *rehearsal->globals);
	struct slot *slot = &rehearsal->globals[name];
	if (slot->settled != rehearsal->happened)
		settle(rehearsal, slot);
	return slot;
}

struct value *rehearsal_value(struct rehearsal *rehearsal, enum value_kind kind)
{
	if (kind == VALUE_UNKNOWN)
		return &rehearsal->unknown;
	struct value *value = value_new(rehearsal->arena, kind);
	value->epoch = rehearsal->epoch;
	return value;
}

struct value *rehearsal_stamp(struct rehearsal *rehearsal, struct value *value)
{
	value->epoch = rehearsal->epoch;
	return value;
}

bool rehearsal_knows(const struct rehearsal *rehearsal, const struct value *value)
{
	return value_is_known(value, rehearsal->epoch);
}

bool rehearsal_carries_code(const struct value *value)
{
	switch (value->kind) {
	case VALUE_WILD:
	case VALUE_FUNCTION:
	case VALUE_GENERATOR:
	case VALUE_CLASS:
	case VALUE_INSTANCE: return true;
	case VALUE_METHOD: return value->function != NULL;
	case VALUE_LIST:
	case VALUE_TUPLE:
	case VALUE_DICT:
		for (size_t i = 0; i < value->items.count && i < VALUE_ITEMS; i++) {
			enum value_kind kind = value->items.items[i]->kind;
			if (kind == VALUE_WILD || (kind >= VALUE_FUNCTION && kind <= VALUE_INSTANCE))
				return true;
		}
		return false;
	default: return false;
	}
}

struct value *rehearsal_operand(struct rehearsal *rehearsal, const struct rehearsal_frame *frame, value_id value)
{
	struct value *known = value ? frame->values[value] : NULL;
	return known ? known : rehearsal_value(rehearsal, VALUE_UNKNOWN);
}

enum outcome rehearsal_raise(struct rehearsal *rehearsal, struct slice ename)
{
	rehearsal->ename = ename;
	return RAISED;
}

struct value *rehearsal_member(const struct value *class, symbol name)
{
	for (unsigned bases = 0; class && bases < 16; bases++) {
		for (size_t i = 0; i < class->names.count; i++)
			if (class->names.items[i] == name)
				return class->items.items[i];
		class = class->kind == VALUE_CLASS ? class->self : NULL;
	}
	return NULL;
}

void rehearsal_set_member(struct rehearsal *rehearsal, struct value *object, symbol name, struct value *value)
{
	for (size_t i = 0; i < object->names.count; i++)
		if (object->names.items[i] == name) {
			object->items.items[i] = value;
			return;
		}
	vector_push(rehearsal->arena, &object->names, name);
	vector_push(rehearsal->arena, &object->items, value);
}

void rehearsal_print_anything(struct rehearsal *rehearsal)
{
	struct builder *printed = &rehearsal->printed;
	if (printed->length == 0 || printed->bytes[printed->length - 1] != 0)
		builder_add_byte(printed, 0);
	rehearsal->read_to = SIZE_MAX;
}

struct rehearsal_frame *rehearsal_frame_new(struct rehearsal *rehearsal, const struct program *program,
                                            struct rehearsal_frame *outer)
{
	struct rehearsal_frame *frame = arena_alloc(rehearsal->arena, sizeof *frame);
	frame->program = program;
	frame->before = arena_mark(rehearsal->scratch);
	frame->code = program_open(rehearsal->scratch, program);
	frame->outer = outer;
	frame->slots = arena_array(rehearsal->arena, program->variable_count, sizeof(struct value *));
	frame->values = arena_array(rehearsal->scratch, (size_t)program->value_count + 1, sizeof(struct value *));
	frame->stamps = arena_array(rehearsal->scratch, (size_t)program->value_count + 1, sizeof *frame->stamps);
	return frame;
}

void rehearsal_frame_end(struct rehearsal *rehearsal, const struct rehearsal_frame *frame)
{
	arena_release(rehearsal->scratch, frame->before);
}

symbol rehearsal_name_of(struct rehearsal *rehearsal, struct rehearsal_frame *frame, value_id value)
{
	if (!frame->makers) {
		frame->makers = arena_array(rehearsal->scratch, (size_t)frame->program->value_count + 1, sizeof *frame->makers);
		for (uint32_t i = frame->program->event_count; i-- > 0;)
			frame->makers[frame->code.items[i].value] = i;
	}
	const struct event *event = &frame->code.items[frame->makers[value]];
	if (!value || event->value != value || event->kind != EVENT_READ)
		return 0;
	const struct variable *variable = &frame->program->variables[event->variable];
	return variable->scope == VARIABLE_GLOBAL ? variable->name : 0;
}

void rehearsal_tell_input(struct rehearsal *rehearsal, struct slot *slot, symbol name, const struct value *value)
{
	struct builder text = {.arena = rehearsal->arena};
	if (rehearsal->told > rehearsal->budget || !value_write(&text, value, rehearsal->epoch, true))
		return;
	rehearsal->told += text.length;
	struct rehearsed_name input = {name, slice_copy(rehearsal->results, builder_slice(&text))};
	if (slot->read_in == rehearsal->run && slot->input) {
		rehearsal->result->inputs.items[slot->input - 1] = input;
		return;
	}
	vector_push(rehearsal->results, &rehearsal->result->inputs, input);
}

void rehearsal_observe(struct rehearsal *rehearsal, symbol name, struct value *value)
{
	struct slot *slot = rehearsal_slot(rehearsal, name);
	if (!slot->maybe && slot->value && value_equal(slot->value, value, rehearsal->epoch) == 1)
		return;
	bool known = !slot->maybe && slot->value && value_equal(slot->value, value, rehearsal->epoch) == 0;
	rehearsal->result->contradicted = rehearsal->result->contradicted || known;
	/* What can change may have been another when it was read. */
	bool noted = slot->read_in == rehearsal->run && slot->input;
	struct builder was = {.arena = rehearsal->arena};
	bool changes = value_is_mutable(value) &&
	               !(known && noted && value_write(&was, slot->value, rehearsal->epoch, true) &&
	                 slice_equal(builder_slice(&was), rehearsal->result->inputs.items[slot->input - 1].value));
	slot->value = value;
	slot->maybe = false;
	value->epoch = rehearsal->epoch;
	for (size_t i = 0; i < value->items.count; i++)
		value->items.items[i]->epoch = rehearsal->epoch;
	if (slot->written_in != rehearsal->run && !changes)
		rehearsal_tell_input(rehearsal, slot, name, value);
}

/* ------------------------------------------------------------------ what can't be told */

void rehearsal_escape(struct rehearsal *rehearsal, struct value *value, bool inside)
{
	bool holds = value->kind == VALUE_TUPLE || value->kind == VALUE_ITERATOR || value_is_mutable(value);
	if (!holds || value->escaped)
		return;
	if (!inside) {
		value->escaped = true;
		vector_push(rehearsal->arena, &rehearsal->escaped, value);
		return;
	}
	if (value->kind == VALUE_ITERATOR && value->self)
		value = value->self;
	for (size_t i = 0; i < value->items.count && i < VALUE_ITEMS; i++)
		rehearsal_escape(rehearsal, value->items.items[i], false);
}

static void lose_deeply(struct value *value, unsigned reach)
{
	bool holds = value->kind == VALUE_TUPLE || value_is_mutable(value);
	if (!holds || reach == 0)
		return;
	if (value->kind != VALUE_TUPLE) {
		value->lost = true;
		value->changes++;
	}
	if (value->self)
		lose_deeply(value->self, reach - 1);
	for (size_t i = 0; i < value->items.count && i < VALUE_ITEMS; i++)
		lose_deeply(value->items.items[i], reach - 1);
}

void rehearsal_lose_escaped(struct rehearsal *rehearsal)
{
	for (size_t i = 0; i < rehearsal->escaped.count; i++) {
		struct value *value = rehearsal->escaped.items[i];
		value->escaped = false;
		lose_deeply(value, REACH);
	}
	rehearsal->escaped.count = 0;
}

void rehearsal_lose_value(struct rehearsal *rehearsal, struct value *value)
{
	value->lost = true;
	value->changes++;
	rehearsal->unsure = true;
	rehearsal_escape(rehearsal, value, true);
}

static void lose_name(struct rehearsal *rehearsal, symbol name)
{
	struct slot *slot = rehearsal_slot(rehearsal, name);
	slot->maybe = true;
	slot->written_in = rehearsal->run;
}

void rehearsal_lose(struct rehearsal *rehearsal)
{
	rehearsal->epoch++;
	rehearsal->escaped.count = 0; /* nothing that can change is known any longer */
	rehearsal->opaque = rehearsal->history_unknown = true;
	rehearsal->all_lost = ++rehearsal->happened;
}

/* Whether an event may run functions, of the notebook or of libraries. */
static bool may_run_code(enum event_kind kind)
{
	switch (kind) {
	case EVENT_CALL:
	case EVENT_ATTRIBUTE:
	case EVENT_ITEM:
	case EVENT_OPERATE:
	case EVENT_UPDATE:
	case EVENT_SET_ATTRIBUTE:
	case EVENT_SET_ITEM:
	case EVENT_ITERATE:
	case EVENT_ENTER:
	case EVENT_CLASS: return true;
	default: return false;
	}
}

/* These events of a cell happened in a way that can't be told. */
static void lose_events(struct rehearsal *rehearsal, const struct rehearsal_frame *frame, uint32_t from, uint32_t to)
{
	bool calls = false;
	rehearsal->epoch++;
	rehearsal->escaped.count = 0; /* nothing that can change is known any longer */
	for (uint32_t i = from; i < to; i++) {
		const struct event *event = &frame->code.items[i];
		calls = calls || may_run_code(event->kind);
		if (event->kind == EVENT_IMPORT_STAR || event->kind == EVENT_OPAQUE)
			rehearsal_lose(rehearsal);
		if (event->kind != EVENT_BIND && event->kind != EVENT_DELETE)
			continue;
		const struct variable *variable = &frame->program->variables[event->variable];
		if (variable->scope == VARIABLE_GLOBAL)
			lose_name(rehearsal, variable->name);
		else
			frame->slots[event->variable] = NULL;
	}
	rehearsal->rebound_lost = ++rehearsal->happened;
	rehearsal->rebound_lost_in = rehearsal->run;
	if (calls)
		rehearsal_print_anything(rehearsal);
}

/* ------------------------------------------------------------------ runs */

/* That functions bind a name is no matter of its value. */
static void fill_slot(struct slot *slot, struct slot from)
{
	from.rebound = slot->rebound;
	*slot = from;
}

/* The result that the cell displays becomes `_` and `_5`. */
static void keep_result(struct rehearsal *rehearsal, struct value *shown)
{
	symbol names[3] = {symbols_intern(rehearsal->symbols, SLICE("_")), symbols_intern(rehearsal->symbols, SLICE("__")),
	                   symbols_intern(rehearsal->symbols, SLICE("___"))};
	if (shown->kind == VALUE_NONE)
		return;
	for (int i = 2; i > 0; i--) {
		struct slot older = *rehearsal_slot(rehearsal, names[i - 1]);
		fill_slot(rehearsal_slot(rehearsal, names[i]), older);
	}
	struct slot kept = {.value = shown, .maybe = !rehearsal_knows(rehearsal, shown), .settled = rehearsal->happened};
	fill_slot(rehearsal_slot(rehearsal, names[0]), kept);
	if (rehearsal->request->count == NO_COUNT)
		return;
	struct slice numbered = slice_format(rehearsal->scratch, "_%lld", (long long)rehearsal->request->count);
	fill_slot(rehearsal_slot(rehearsal, symbols_intern(rehearsal->symbols, numbered)), kept);
}

/* Whether the statement ends with a semicolon, which tells IPython to show nothing: front ends and versions differ
 * on when. */
static bool ends_silently(const struct rehearsal_frame *frame, uint32_t from, uint32_t to)
{
	for (uint32_t i = to; i-- > from;)
		if (frame->code.items[i].kind == EVENT_DISPLAY)
			return frame->code.items[i].index == 0;
	return false;
}

static bool holds_dict(const struct value *value, unsigned reach)
{
	bool dict = value->kind == VALUE_DICT && value->items.count > 2;
	for (size_t i = 0; !dict && reach > 0 && i < value->items.count && i < VALUE_ITEMS; i++)
		dict = holds_dict(value->items.items[i], reach - 1);
	return dict;
}

/* What the cell's result will look like. IPython breaks what is wider than this into lines. */
static void tell_result(struct rehearsal *rehearsal)
{
	enum { WIDTH = 79 };
	struct rehearsed *result = rehearsal->result;
	struct builder text = {.arena = rehearsal->arena};
	struct value *shown = rehearsal->shown;
	if (!shown || shown->kind == VALUE_NONE)
		return;
	result->shows = SHOWS_ANYTHING;
	if (rehearsal->shows_anything || (rehearsal->request->sorts_keys && holds_dict(shown, REACH)))
		return;
	if (!value_write(&text, shown, rehearsal->epoch, true) || text.length > WIDTH)
		return;
	result->shows = SHOWS_TEXT;
	result->shown = slice_copy(rehearsal->results, builder_slice(&text));
}

/* What the saved result says of the names that it shows. */
static void observe_result(struct rehearsal *rehearsal, struct rehearsal_frame *frame)
{
	const struct saved_output *saved = rehearsal->request->saved;
	const struct event *display = NULL, *tuple = NULL;
	size_t at = 0;
	for (uint32_t i = 0; i < frame->program->event_count; i++)
		if (frame->code.items[i].kind == EVENT_DISPLAY && frame->code.items[i].index == 1)
			display = &frame->code.items[i];
	struct value *value = saved && saved->shows ? value_read(rehearsal->arena, saved->shown, &at) : NULL;
	if (!display || !value || at != saved->shown.length)
		return;
	rehearsal_stamp(rehearsal, value);
	symbol name = rehearsal_name_of(rehearsal, frame, display->a);
	if (name)
		rehearsal_observe(rehearsal, name, value);
	for (uint32_t i = 0; i < frame->program->event_count; i++)
		if (frame->code.items[i].value == display->a)
			tuple = &frame->code.items[i];
	if (!tuple || tuple->kind != EVENT_BUILD || tuple->form != FORM_TUPLE || value->kind != VALUE_TUPLE ||
	    tuple->argument_count != value->items.count)
		return;
	for (uint32_t i = 0; i < tuple->argument_count; i++) {
		name = rehearsal_name_of(rehearsal, frame, frame->code.arguments[tuple->arguments + i].value);
		if (name)
			rehearsal_observe(rehearsal, name, value->items.items[i]);
	}
}

static void run_frame(struct rehearsal *rehearsal, struct rehearsal_frame *frame)
{
	const struct program *program = frame->program;
	struct rehearsed *result = rehearsal->result;
	uint32_t failing = rehearsal->request->failing_line;
	for (uint32_t i = 0; i < program->statement_count; i++) {
		const struct program_statement *statement = &program->statements[i];
		if (statement->depth > 0)
			continue;
		uint32_t next = i + 1;
		while (next < program->statement_count && program->statements[next].depth > 0)
			next++;
		bool last = next == program->statement_count;
		uint32_t end = last ? program->event_count : program->statements[next].first_event;
		bool fails = failing && (last || failing < program->statements[next].line);
		uint32_t refused = rehearsal->request->refused_line;
		if (refused && (last || refused < program->statements[next].line))
			break;
		rehearsal->steps_left -= rehearsal->steps;
		rehearsal->step_limit = rehearsal->steps_left < REHEARSAL_STEPS
		                            ? (uint32_t)(rehearsal->steps_left > 0 ? rehearsal->steps_left : 0)
		                            : REHEARSAL_STEPS;
		rehearsal->steps = 0;
		rehearsal->depth = 0;
		rehearsal->shown = NULL;
		rehearsal->unsure = false;
		enum outcome outcome = rehearse_events(rehearsal, frame, statement->first_event, end);
		uint32_t doubted = rehearsal->request->doubted_line;
		if (doubted && (last || doubted < program->statements[next].line) && outcome != RAISED &&
		    (outcome == LOST || rehearsal->unsure || rehearsal->request->interrupted)) {
			lose_events(rehearsal, frame, statement->first_event, program->event_count);
			rehearsal_print_anything(rehearsal);
			result->shows = SHOWS_ANYTHING;
			rehearsal->history_unknown = true;
			return;
		}
		if (outcome == LOST || (fails && outcome != RAISED))
			lose_events(rehearsal, frame, statement->first_event, end);
		rehearsal->may_have_ended = rehearsal->may_have_ended || outcome == LOST;
		if (last && (outcome == LOST || ends_silently(frame, statement->first_event, end)))
			result->shows = SHOWS_ANYTHING;
		/* A usage error is told on stderr, not as an error. */
		bool usage = outcome == RAISED && slice_equal(rehearsal->ename, SLICE("UsageError"));
		if (usage)
			result->shows = SHOWS_ANYTHING;
		if (outcome == RAISED && !usage) {
			result->fails = true;
			result->ename = rehearsal->ename;
			result->missing = slice_equal(rehearsal->ename, SLICE("NameError")) ? rehearsal->missing : 0;
			result->line = rehearsal->line;
		}
		if (fails || outcome == RAISED) {
			if (program->captured)
				lose_name(rehearsal, program->variables[frame->code.items[program->captured - 1].variable].name);
			return;
		}
	}
	if (rehearsal->shown)
		tell_result(rehearsal);
	observe_result(rehearsal, frame);
	if (rehearsal->shown)
		keep_result(rehearsal, rehearsal->shown);
	else if (result->shows == SHOWS_ANYTHING)
		rehearsal->history_unknown = true;
}

/* Keeps what was printed, but no more than it takes to tell that it isn't what was saved (saved_output_of() has a
 * limit), with what rehearsed_differs() looks for. */
static void tell_print(struct rehearsal *rehearsal)
{
	enum { LONGEST = 64 * 1024 };
	static const char looked_for[] = {0, '\r', '\b'};
	struct slice all = builder_slice(&rehearsal->printed), rest = slice_part(all, LONGEST, all.length);
	struct builder told = {.arena = rehearsal->scratch};
	builder_add(&told, slice_part(all, 0, LONGEST));
	for (size_t i = 0; i < sizeof looked_for; i++)
		if (slice_find(rest, looked_for[i], 0) < rest.length)
			builder_add_byte(&told, looked_for[i]);
	bool room = rehearsal->told <= rehearsal->budget;
	rehearsal->told += told.length;
	rehearsal->result->printed =
	    room ? slice_copy(rehearsal->results, builder_slice(&told)) : (struct slice){looked_for, 1};
}

struct rehearsed *rehearsal_run(struct rehearsal *rehearsal, const struct rehearsal_request *request)
{
	struct rehearsed *result = arena_alloc(rehearsal->results, sizeof *result);
	const struct effects *effects = request->effects;
	const struct program *program = effects ? effects->program : NULL;
	bool other = request->other_source && program;
	rehearsal->run++;
	if (!other && (request->skipped || !program || !effects->is_python || program->python2)) {
		if (!request->skipped && effects && effects->is_python)
			rehearsal_lose(rehearsal);
		return result;
	}
	rehearsal->events += program->event_count;
	rehearsal->steps_left += (int64_t)program->event_count * REHEARSAL_EVENT_STEPS;
	rehearsal_keep(rehearsal);
	rehearsal->result = result;
	rehearsal->request = request;
	rehearsal->printed = (struct builder){.arena = rehearsal->arena};
	rehearsal->read_to = 0;
	rehearsal->may_have_ended = false;
	rehearsal->shown = NULL;
	rehearsal->yields = NULL;
	struct rehearsal_frame *frame = rehearsal_frame_new(rehearsal, program, NULL);
	if (other) {
		lose_events(rehearsal, frame, 0, program->event_count);
		rehearsal->history_unknown = true;
		rehearsal_frame_end(rehearsal, frame);
		return result;
	}
	result->ran = true;
	run_frame(rehearsal, frame);
	if (program->has_magic) { /* which may show more, or swallow what there is */
		rehearsal->printed.length = 0;
		rehearsal_print_anything(rehearsal);
	}
	tell_print(rehearsal);
	if (program->has_magic)
		result->shows = SHOWS_ANYTHING;
	rehearsal_frame_end(rehearsal, frame);
	return result;
}

/* ------------------------------------------------------------------ against what was saved */

/* Whether the text is what is foretold, where a byte 0 stands for any text. */
static bool fits(struct slice foretold, struct slice text)
{
	size_t at = 0;
	for (bool first = true;; first = false) {
		size_t end = slice_find(foretold, 0, 0);
		struct slice piece = slice_part(foretold, 0, end);
		if (end == foretold.length && !first)
			return text.length - at >= piece.length && slice_ends(text, piece);
		if (first && !slice_starts(text, piece))
			return false;
		while (!first && at + piece.length <= text.length && !slice_starts(slice_part(text, at, text.length), piece))
			at++;
		if (at + piece.length > text.length)
			return false;
		at += piece.length;
		if (end == foretold.length)
			return at == text.length;
		foretold = slice_part(foretold, end + 1, foretold.length);
	}
}

static bool overwrites(struct slice text)
{
	return slice_find(text, '\r', 0) < text.length || slice_find(text, '\b', 0) < text.length;
}

bool rehearsed_differs(const struct rehearsed *rehearsed, const struct saved_output *saved)
{
	if (!rehearsed->ran || !saved->any)
		return false;
	/* What isn't known may have raised the saved error, and may again. */
	if (saved->fails && !rehearsed->fails && slice_find(rehearsed->printed, 0, 0) < rehearsed->printed.length)
		return false;
	/* An operation of which nothing is known may have raised the saved error at any time. */
	if (saved->fails && !rehearsed->fails)
		return !overwrites(rehearsed->printed) && !overwrites(saved->printed) &&
		       !slice_starts(rehearsed->printed, saved->printed);
	/* Front ends save what is left after a carriage return or a backspace has overwritten the rest. */
	bool overwritten = overwrites(rehearsed->printed) || overwrites(saved->printed);
	if (!overwritten && !fits(rehearsed->printed, saved->printed))
		return true;
	if (rehearsed->fails != saved->fails)
		return true;
	if (rehearsed->fails && rehearsed->ename.length && !slice_equal(rehearsed->ename, saved->ename))
		return true;
	if (rehearsed->fails || rehearsed->shows == SHOWS_ANYTHING)
		return false;
	if (saved->shows != (rehearsed->shows == SHOWS_TEXT))
		return true;
	return saved->shows && !slice_equal(saved->shown, rehearsed->shown);
}

bool rehearsed_agrees(const struct rehearsed *rehearsed, const struct saved_output *saved)
{
	return rehearsed->ran && saved->any && !rehearsed_differs(rehearsed, saved) &&
	       slice_find(rehearsed->printed, 0, 0) == rehearsed->printed.length && rehearsed->shows != SHOWS_ANYTHING &&
	       rehearsed->fails == saved->fails;
}
