/* Emission of events, labels and handlers, and the programs under construction.
 *
 * All programs that are being built share one stack of events: a nested program
 * is built on top of its parent's events and copied out when it is complete.
 * Jumps to a label that is not placed yet are chained through their targets.
 * While a program is built, an event's handler is a slot of building.handlers. */
#include "python/lower.h"

/* ------------------------------------------------------------------ events */

struct event *lower_emit(struct lowering *lowering, enum event_kind kind, struct span span)
{
	struct building *building = lowering->building;
	if (building->reach == REACH_NONE) {
		lowering->unreached = (struct event){.kind = kind};
		return &lowering->unreached;
	}
	if (kind != EVENT_STATEMENT)
		building->range_begins = false;
	struct event *event = vector_add(lowering->scratch, &lowering->events);
	*event = (struct event){.kind = kind, .handler = building->handler, .guarded = building->guards > 0, .span = span};
	if (kind != EVENT_STATEMENT && event->handler != NO_HANDLER)
		building->handlers.items[event->handler].raising[building->reach]++;
	return event;
}

value_id lower_emit_value(struct lowering *lowering, enum event_kind kind, struct span span, value_id a, value_id b)
{
	struct event *event = lower_emit(lowering, kind, span);
	event->a = a;
	event->b = b;
	return event->value = ++lowering->building->values;
}

struct event_argument *lower_room(struct lowering *lowering, size_t count, struct event_argument few[LOWER_FEW])
{
	if (count > LOWER_FEW)
		return arena_array(lowering->scratch, count, sizeof(struct event_argument));
	for (size_t i = 0; i < count; i++)
		few[i] = (struct event_argument){0};
	return few;
}

void lower_set_arguments(struct lowering *lowering, struct event *event, const struct event_argument *arguments,
                         size_t count)
{
	struct building *building = lowering->building;
	if (building->reach == REACH_NONE)
		return;
	event->arguments = (uint32_t)building->arguments.count;
	event->argument_count = (uint32_t)count;
	for (size_t i = 0; i < count; i++)
		vector_push(lowering->scratch, &building->arguments, arguments[i]);
}

value_id lower_emit_list(struct lowering *lowering, enum event_kind kind, struct span span,
                         const struct event_argument *arguments, size_t count)
{
	struct event *event = lower_emit(lowering, kind, span);
	lower_set_arguments(lowering, event, arguments, count);
	return event->value = ++lowering->building->values;
}

void lower_set_form(struct lowering *lowering, enum form form)
{
	if (lower_is_reached(lowering))
		lowering->events.items[lowering->events.count - 1].form = form;
}

void lower_step(struct lowering *lowering, struct span span)
{
	lower_emit(lowering, EVENT_STEP, span);
}

void lower_begin(struct lowering *lowering, struct span span)
{
	if (lowering->building->range_begins)
		lower_step(lowering, span);
}

/* ------------------------------------------------------------------ names */

static struct variable *variable_of(struct lowering *lowering, uint32_t variable)
{
	return &lowering->building->scope.variables.items[variable];
}

/* Whether a magic's field binds the variable itself, as a comprehension in it does. */
static bool is_bound_in_field(const struct lowering *lowering, uint32_t variable)
{
	const struct building *building = lowering->building;
	for (;; building = building->outer) {
		const struct variable *found = &building->scope.variables.items[variable];
		if (found->scope != VARIABLE_ENCLOSING)
			return building->soft && found->scope == VARIABLE_LOCAL && variable >= building->field_variables;
		variable = found->outer;
	}
}

value_id lower_read(struct lowering *lowering, symbol name, struct span span)
{
	struct building *building = lowering->building;
	if (building->reach == REACH_NONE)
		return 0;
	uint32_t variable = scopes_resolve_read(lowering->scopes, scopes_mangle(lowering->scopes, name));
	struct event *event = lower_emit(lowering, EVENT_READ, span);
	event->variable = variable;
	event->soft = building->soft && !is_bound_in_field(lowering, variable);
	event->when = scopes_looks_in_class(lowering->scopes, name);
	if (building->reach == REACH_LIVE && !event->soft)
		variable_of(lowering, variable)->is_read = true;
	return event->value = ++building->values;
}

void lower_bind_variable(struct lowering *lowering, uint32_t variable, value_id value, struct span span)
{
	struct event *event = lower_emit(lowering, EVENT_BIND, span);
	event->variable = variable;
	event->a = value;
	/* What a class binds anywhere is its own, even where nothing reaches the place. */
	if (lowering->building->reach == REACH_LIVE ||
	    (lower_is_reached(lowering) && variable_of(lowering, variable)->scope == VARIABLE_CLASS))
		variable_of(lowering, variable)->is_bound = true;
}

void lower_bind(struct lowering *lowering, symbol name, value_id value, struct span span)
{
	if (lowering->building->reach == REACH_NONE)
		return;
	uint32_t variable = scopes_resolve(lowering->scopes, scopes_mangle(lowering->scopes, name));
	lower_bind_variable(lowering, variable, value, span);
}

void lower_delete(struct lowering *lowering, symbol name, struct span span)
{
	if (lowering->building->reach == REACH_NONE)
		return;
	uint32_t variable = scopes_resolve(lowering->scopes, scopes_mangle(lowering->scopes, name));
	struct event *event = lower_emit(lowering, EVENT_DELETE, span);
	event->variable = variable;
	if (lowering->building->reach == REACH_LIVE)
		variable_of(lowering, variable)->is_deleted = true;
}

/* ------------------------------------------------------------------ control flow */

uint32_t lower_position(const struct lowering *lowering)
{
	return (uint32_t)lowering->events.count - lowering->building->first_event;
}

bool lower_is_reached(const struct lowering *lowering)
{
	return lowering->building->reach != REACH_NONE;
}

static void aim(struct lowering *lowering, struct event *event, struct label *label, enum reach reach)
{
	if (label->placed) {
		event->target = label->index;
		return;
	}
	event->target = label->first_jump;
	label->first_jump = lower_position(lowering); /* 1 + the index of the event just emitted */
	if (label->reach < reach)
		label->reach = reach;
}

void lower_jump(struct lowering *lowering, struct label *label, struct span span)
{
	enum reach reach = lowering->building->reach;
	if (reach == REACH_NONE)
		return;
	aim(lowering, lower_emit(lowering, EVENT_JUMP, span), label, reach);
	lower_end_path(lowering);
}

void lower_branch(struct lowering *lowering, struct label *label, enum branch_kind kind, value_id condition, bool when,
                  struct span span)
{
	enum reach reach = lowering->building->reach;
	if (reach == REACH_NONE)
		return;
	struct event *event = lower_emit(lowering, EVENT_BRANCH, span);
	event->index = (int32_t)kind;
	event->a = condition;
	event->when = when;
	aim(lowering, event, label, kind == BRANCH_SUPPRESS ? REACH_SUPPRESSED : reach);
}

void lower_place(struct lowering *lowering, struct label *label)
{
	struct building *building = lowering->building;
	/* A jump to what follows anyway is no instruction in CPython. */
	if (label->first_jump && label->first_jump == lower_position(lowering)) {
		struct event *last = &lowering->events.items[lowering->events.count - 1];
		if (last->kind == EVENT_JUMP && last->handler != NO_HANDLER) {
			building->handlers.items[last->handler].raising[label->reach]--;
			last->handler = NO_HANDLER;
		}
	}
	label->index = lower_position(lowering);
	label->placed = true;
	if (building->reach < label->reach)
		building->reach = label->reach;
	for (uint32_t jump = label->first_jump; jump;) {
		struct event *event = &lowering->events.items[building->first_event + jump - 1];
		jump = event->target;
		event->target = label->index;
	}
}

void lower_end_path(struct lowering *lowering)
{
	lowering->building->reach = REACH_NONE;
}

int32_t lower_add_handler(struct lowering *lowering)
{
	struct building *building = lowering->building;
	struct handler_slot slot = {0};
	vector_push(lowering->scratch, &building->handlers, slot);
	building->program->has_handlers = true;
	return (int32_t)building->handlers.count - 1;
}

void lower_place_handler(struct lowering *lowering, int32_t slot)
{
	struct building *building = lowering->building;
	struct handler_slot *handler = &building->handlers.items[slot];
	handler->index = lower_position(lowering);
	/* What CPython keeps but nothing can raise into counts like suppressed code. */
	building->reach = handler->raising[REACH_LIVE] ? REACH_LIVE : REACH_SUPPRESSED;
}

/* ------------------------------------------------------------------ programs */

void lower_begin_program(struct lowering *lowering, struct building *building, enum program_kind kind,
                         struct slice name, uint32_t line)
{
	struct program *program = arena_alloc(lowering->arena, sizeof *program);
	*building = (struct building){.outer = lowering->building,
	                              .program = program,
	                              .first_event = (uint32_t)lowering->events.count,
	                              .handler = NO_HANDLER,
	                              .ends = true,
	                              .reach = REACH_LIVE};
	program->kind = kind;
	program->qualified_name = name;
	program->line = line;
	program->source = lowering->module->source;
	program->ipython = lowering->module->ipython;
	program->python2 = lowering->module->dialect == DIALECT_PYTHON2;
	if (building->outer) {
		program->parent = building->outer->program;
		program->index = (uint32_t)building->outer->children.count;
		vector_push(lowering->scratch, &building->outer->children, program);
		building->soft = program->has_magic = building->outer->soft; /* a generator expression in a field */
	}
	lowering->building = building;
	scopes_begin_program(lowering->scopes, &building->scope);
}

#define COPY_OUT(vector) arena_copy(lowering->arena, (vector).items, (vector).count * sizeof *(vector).items)

struct program *lower_end_program(struct lowering *lowering, struct span span)
{
	struct building *building = lowering->building;
	struct program *program = building->program;
	if (building->reach == REACH_NONE)
		building->reach = REACH_SUPPRESSED; /* the last event is always there */
	lower_emit(lowering, EVENT_END, span)->handler = NO_HANDLER;
	struct event *events = lowering->events.items + building->first_event;
	program->event_count = lower_position(lowering);
	if (program->has_handlers)
		for (uint32_t i = 0; i < program->event_count; i++)
			if (events[i].handler != NO_HANDLER)
				events[i].handler = (int32_t)building->handlers.items[events[i].handler].index;
	program->events = arena_copy(lowering->scratch, events, program->event_count * sizeof *events);
	program->arguments = arena_copy(lowering->scratch, building->arguments.items,
	                                building->arguments.count * sizeof *program->arguments);
	program->argument_count = (uint32_t)building->arguments.count;
	program->variables = COPY_OUT(building->scope.variables);
	program->variable_count = (uint32_t)building->scope.variables.count;
	program->statements = COPY_OUT(building->statements);
	program->statement_count = (uint32_t)building->statements.count;
	program->children = COPY_OUT(building->children);
	program->child_count = (uint32_t)building->children.count;
	program->value_count = building->values;
	lowering->events.count = building->first_event;
	scopes_end_program(lowering->scopes);
	lowering->building = building->outer;
	if (program->has_magic && program->parent)
		program->parent->has_magic = true;
	return program;
}

static bool has_docstring(const struct statement_list *body)
{
	if (!body->count || body->items[0]->kind != STATEMENT_EXPRESSION)
		return false;
	const struct expression *value = body->items[0]->value;
	return value->kind == EXPRESSION_CONSTANT && value->constant.is_string;
}

void lower_docstring(struct lowering *lowering, const struct statement_list *body)
{
	if (!lowering->known.doc || !has_docstring(body))
		return;
	struct span span = body->items[0]->span;
	if (scopes_current(lowering->scopes))
		scopes_bind(lowering->scopes, lowering->known.doc, BINDING_LOCAL);
	value_id text = lower_emit_value(lowering, EVENT_CONSTANT, span, 0, 0);
	lower_set_form(lowering, FORM_STRING);
	lower_bind(lowering, lowering->known.doc, text, span);
	lowering->events.items[lowering->events.count - 1].automatic = true;
}

/* The expression statement whose value the cell shows: its last one, unless a semicolon hides it. */
static const struct statement *result_of(const struct module *module)
{
	if (!module->body.count)
		return NULL;
	const struct statement *last = module->body.items[module->body.count - 1];
	return last->kind == STATEMENT_EXPRESSION && !last->semicolon ? last : NULL;
}

enum { LEAST_COPIES = 1000 };

struct program *python_lower(struct arena *arena, struct arena *scratch, struct symbols *symbols,
                             const struct module *module, bool hashed)
{
	struct lowering *lowering = arena_alloc(scratch, sizeof *lowering);
	lowering->arena = arena;
	lowering->scratch = scratch;
	lowering->symbols = symbols;
	lowering->module = module;
	lowering->scopes = scopes_new(arena, scratch, symbols, module);
	lowering->tokens = hashed ? token_reader_new(scratch, module->source) : NULL;
	lowering->result = result_of(module);
	lowering->copies = LEAST_COPIES + (uint32_t)(module->source.length / 16);
	lowering->known.debug = symbols_intern(symbols, SLICE("__debug__"));
	lowering->known.doc = symbols_find(symbols, SLICE("__doc__"));
	lowering->known.module = symbols_find(symbols, SLICE("__module__"));
	lowering->known.qualname = symbols_find(symbols, SLICE("__qualname__"));
	lowering->cursor.line = 1;
	lowering->known.exec = symbols_intern(symbols, SLICE("exec"));
	lowering->known.globals = symbols_intern(symbols, SLICE("globals"));
	lowering->known.get_ipython = symbols_intern(symbols, SLICE("get_ipython"));

	struct building *building = arena_alloc(scratch, sizeof *building);
	lower_begin_program(lowering, building, PROGRAM_CELL, SLICE(""), 1);
	lower_docstring(lowering, &module->body);
	lower_body(lowering, &module->body);
	uint32_t end = (uint32_t)module->source.length;
	struct program *program = lower_end_program(lowering, (struct span){end, end});
	program->hash = token_hash_from(lowering->tokens, (struct token_mark){0, 0, 0}, end);
	return program;
}
