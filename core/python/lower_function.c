/* Functions, lambdas, comprehensions, classes, type parameters: what opens a scope. */
#include "python/lower.h"

#include <string.h>

/* ------------------------------------------------------------------ functions */

static struct slice joined(struct arena *arena, struct slice a, struct slice b)
{
	char *bytes = arena_alloc(arena, a.length + b.length + 1);
	memcpy(bytes, a.bytes, a.length);
	memcpy(bytes + a.length, b.bytes, b.length);
	return (struct slice){bytes, a.length + b.length};
}

static struct slice qualified(struct lowering *lowering, struct slice name)
{
	struct slice prefix = lowering->building->child_prefix;
	if (!prefix.length)
		return name;
	return joined(lowering->arena, prefix, name);
}

/* "<lambda>@L12": what CPython's own names lack to tell two lambdas apart. */
static struct slice qualified_with_line(struct lowering *lowering, const char *name, uint32_t line)
{
	struct slice prefix = lowering->building->child_prefix;
	return slice_format(lowering->arena, "%.*s%s@L%u", SLICE_FORMAT(prefix), name, line);
}

/* The line of a place: counted on from the last one that was asked for. */
static uint32_t line_of(struct lowering *lowering, uint32_t offset)
{
	struct slice source = lowering->module->source;
	if (offset > source.length)
		offset = (uint32_t)source.length;
	size_t from = lowering->cursor.offset;
	if (from < offset)
		lowering->cursor.line += (uint32_t)slice_count(slice_part(source, from, offset), '\n');
	else
		lowering->cursor.line -= (uint32_t)slice_count(slice_part(source, offset, from), '\n');
	lowering->cursor.offset = offset;
	return lowering->cursor.line;
}

/* Defaults of keyword-only parameters are evaluated after the others, all before annotations. */
static size_t lower_defaults(struct lowering *lowering, const struct function *function, struct event_argument *values)
{
	size_t count = 0;
	for (int keyword_only = 0; keyword_only < 2; keyword_only++)
		for (size_t i = 0; i < function->parameter_count; i++) {
			const struct parameter *parameter = &function->parameters[i];
			if (parameter->initial && (parameter->kind == 2) == keyword_only)
				values[count++] =
				    (struct event_argument){lower_expression(lowering, parameter->initial), parameter->name, 0};
		}
	return count;
}

static size_t lower_annotations(struct lowering *lowering, const struct function *function,
                                struct event_argument *values)
{
	size_t count = 0;
	if (lowering->module->future_annotations)
		return 0;
	for (size_t i = 0; i < function->parameter_count; i++) {
		const struct expression *annotation = function->parameters[i].annotation;
		if (annotation)
			values[count++].value = lower_expression(lowering, annotation);
	}
	if (function->returns)
		values[count++].value = lower_expression(lowering, function->returns);
	return count;
}

static void bind_parameters(struct lowering *lowering, const struct function *function)
{
	struct building *building = lowering->building;
	for (size_t i = 0; i < function->parameter_count; i++) {
		symbol name = function->parameters[i].name;
		uint32_t variable = name ? scopes_bind(lowering->scopes, name, BINDING_LOCAL)
		                         : scopes_add_variable(lowering->scopes, 0, VARIABLE_LOCAL);
		building->scope.variables.items[variable].is_parameter = true;
		building->scope.variables.items[variable].stars = function->parameters[i].stars;
	}
	building->program->parameter_count = (uint32_t)function->parameter_count;
	building->program->plain_parameters = true;
	for (size_t i = 0; i < function->parameter_count; i++)
		if (function->parameters[i].stars || function->parameters[i].kind != 0 || !function->parameters[i].name)
			building->program->plain_parameters = false;
}

/* Python 2: `def f((a, b)):` unpacks before all else. */
static void bind_tuple_parameters(struct lowering *lowering, const struct function *function)
{
	for (size_t i = 0; i < function->parameter_count; i++)
		if (function->parameters[i].tuple)
			scopes_bind_target(lowering->scopes, function->parameters[i].tuple);
	for (size_t i = 0; i < function->parameter_count; i++) {
		if (!function->parameters[i].tuple)
			continue;
		value_id value = lower_emit_value(lowering, EVENT_READ, function->parameters[i].span, 0, 0);
		lowering->events.items[lowering->events.count - 1].variable = (uint32_t)i;
		lower_assign(lowering, function->parameters[i].tuple, value);
	}
}

/* The program of a function or lambda; nothing of it runs here. */
static struct program *lower_function_program(struct lowering *lowering, const struct function *function,
                                              enum program_kind kind, struct slice name, uint32_t line,
                                              struct span span)
{
	struct building building;
	struct scope scope;
	lower_begin_program(lowering, &building, kind, name, line);
	building.child_prefix =
	    joined(lowering->scratch, name, kind == PROGRAM_FUNCTION ? SLICE(".<locals>.") : SLICE("."));
	building.program->is_async = function->is_async;
	scopes_open(lowering->scopes, &scope, SCOPE_FUNCTION, 0);
	bind_parameters(lowering, function);
	scopes_bind_body(lowering->scopes, &function->body);
	scopes_bind_walruses(lowering->scopes, function->value);
	bind_tuple_parameters(lowering, function);
	lower_body(lowering, &function->body);
	if (kind == PROGRAM_LAMBDA) {
		value_id value = lower_expression(lowering, function->value);
		lower_emit(lowering, EVENT_RETURN, span)->a = value;
		lower_end_path(lowering);
	}
	scopes_close(lowering->scopes);
	return lower_end_program(lowering, span);
}

static value_id emit_function(struct lowering *lowering, struct program *program, struct span span,
                              const struct event_argument *arguments, size_t count)
{
	value_id value = lower_emit_list(lowering, EVENT_FUNCTION, span, arguments, count);
	if (lower_is_reached(lowering))
		lowering->events.items[lowering->events.count - 1].index = (int32_t)program->index;
	return value;
}

value_id lower_lambda(struct lowering *lowering, const struct expression *expression)
{
	const struct function *function = expression->function;
	struct event_argument few[LOWER_FEW], *values = lower_room(lowering, function->parameter_count, few);
	size_t count = lower_defaults(lowering, function, values);
	uint32_t line = line_of(lowering, expression->span.start);
	struct program *program = lower_function_program(
	    lowering, function, PROGRAM_LAMBDA, qualified_with_line(lowering, "<lambda>", line), line, expression->span);
	program->hash = token_hash_span(lowering->module->source, expression->span);
	return emit_function(lowering, program, expression->span, values, count);
}

/* ------------------------------------------------------------------ type parameters */

/* A bound, a default or the value of an alias: evaluated when it is asked for. */
static value_id lower_lazy(struct lowering *lowering, const struct expression *expression, symbol name)
{
	struct building building;
	struct scope scope;
	uint32_t line = line_of(lowering, expression->span.start);
	struct slice title = qualified(lowering, symbols_name(lowering->symbols, name));
	lower_begin_program(lowering, &building, PROGRAM_LAMBDA, title, line);
	building.child_prefix = joined(lowering->scratch, title, SLICE("."));
	scopes_open(lowering->scopes, &scope, SCOPE_FUNCTION, 0);
	value_id value = lower_expression(lowering, expression);
	lower_emit(lowering, EVENT_RETURN, expression->span)->a = value;
	lower_end_path(lowering);
	scopes_close(lowering->scopes);
	struct program *program = lower_end_program(lowering, expression->span);
	program->hash = token_hash_span(lowering->module->source, expression->span);
	return emit_function(lowering, program, expression->span, NULL, 0);
}

/* `class_name` is 0 except for a class. */
static void open_type_parameters(struct lowering *lowering, struct scope *scope,
                                 const struct type_parameters *parameters, symbol class_name)
{
	scopes_open(lowering->scopes, scope, SCOPE_TYPE, class_name);
	if (class_name)
		scope->mangled = parameters;
	for (size_t i = 0; i < parameters->count; i++)
		scopes_bind(lowering->scopes, parameters->items[i].name, BINDING_LOCAL);
	for (size_t i = 0; i < parameters->count; i++) {
		const struct type_parameter *parameter = &parameters->items[i];
		if (parameter->bound)
			lower_lazy(lowering, parameter->bound, parameter->name);
		if (parameter->initial)
			lower_lazy(lowering, parameter->initial, parameter->name);
		value_id value = lower_emit_value(lowering, EVENT_CONSTANT, parameter->span, 0, 0);
		lower_bind(lowering, parameter->name, value, parameter->span);
	}
}

void lower_type_alias(struct lowering *lowering, const struct statement *statement)
{
	struct scope scope;
	if (statement->type_parameters.count)
		open_type_parameters(lowering, &scope, &statement->type_parameters, 0);
	value_id value = lower_lazy(lowering, statement->value, statement->name);
	if (statement->type_parameters.count)
		scopes_close(lowering->scopes);
	lower_bind(lowering, statement->name, value, statement->name_span);
}

/* ------------------------------------------------------------------ def and class */

static value_id *lower_decorators(struct lowering *lowering, const struct statement *statement)
{
	value_id *decorators = NULL;
	uint32_t guards = lowering->building->guards;
	/* They stand before the `def`, which is where CPython says that the statement begins. */
	if (statement == lowering->building->guard_begins)
		lowering->building->guards = lowering->building->outer_guards;
	if (statement->decorators.count)
		decorators = arena_array(lowering->scratch, statement->decorators.count, sizeof *decorators);
	for (size_t i = 0; i < statement->decorators.count; i++)
		decorators[i] = lower_expression(lowering, statement->decorators.items[i]);
	lowering->building->guards = guards;
	return decorators;
}

/* Applies the decorators, the last one first, and binds the name. */
static void bind_decorated(struct lowering *lowering, const struct statement *statement, const value_id *decorators,
                           value_id value)
{
	for (size_t i = statement->decorators.count; i-- > 0;) {
		struct event *event = lower_emit(lowering, EVENT_CALL, statement->decorators.items[i]->span);
		struct event_argument argument = {.value = value};
		event->a = decorators[i];
		lower_set_arguments(lowering, event, &argument, 1);
		value = event->value = ++lowering->building->values;
	}
	lower_bind(lowering, statement->name, value, statement->name_span);
}

void lower_function_statement(struct lowering *lowering, const struct statement *statement)
{
	const struct function *function = statement->function;
	struct scope scope;
	value_id *decorators = lower_decorators(lowering, statement);
	struct event_argument few[LOWER_FEW], *values = lower_room(lowering, function->parameter_count * 2 + 1, few);
	size_t count = lower_defaults(lowering, function, values);
	if (function->type_parameters.count)
		open_type_parameters(lowering, &scope, &function->type_parameters, 0);
	count += lower_annotations(lowering, function, values + count);
	struct token_mark start = token_reader_mark(lowering->tokens, statement->span.start);
	struct program *program = lower_function_program(
	    lowering, function, PROGRAM_FUNCTION, qualified(lowering, symbols_name(lowering->symbols, statement->name)),
	    statement->line, statement->span);
	program->hash = token_hash_from(lowering->tokens, start, statement->span.end);
	if (function->type_parameters.count)
		scopes_close(lowering->scopes);
	value_id value = emit_function(lowering, program, statement->span, values, count);
	bind_decorated(lowering, statement, decorators, value);
}

/* Whether an event since `begin` binds or deletes a global name. */
static bool changes_globals(struct lowering *lowering, int32_t begin)
{
	const struct building *building = lowering->building;
	for (size_t i = building->first_event + (size_t)begin; i < lowering->events.count; i++) {
		const struct event *event = &lowering->events.items[i];
		if ((event->kind == EVENT_BIND || event->kind == EVENT_DELETE) &&
		    building->scope.variables.items[event->variable].scope == VARIABLE_GLOBAL)
			return true;
	}
	return false;
}

static void lower_class_body(struct lowering *lowering, const struct statement *statement)
{
	struct building *building = lowering->building;
	struct slice prefix = building->child_prefix;
	struct block *block = building->block;
	uint32_t depth = building->depth;
	struct scope scope;
	struct slice name = qualified(lowering, symbols_name(lowering->symbols, statement->name));
	building->child_prefix = joined(lowering->scratch, name, SLICE("."));
	building->block = NULL;
	building->depth++;
	uint32_t begin = (uint32_t)lowering->events.count - 1;
	lowering->events.items[begin].variable = (uint32_t)building->scope.variables.count;
	scopes_open(lowering->scopes, &scope, SCOPE_CLASS, statement->name);
	scopes_bind_body(lowering->scopes, &statement->body);
	/* Python binds these itself; it matters only where some code names them. */
	const symbol own[] = {lowering->known.module, lowering->known.qualname};
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (own[i]) {
			scopes_bind(lowering->scopes, own[i], BINDING_LOCAL);
			lower_bind(lowering, own[i], 0, statement->name_span);
			lowering->events.items[lowering->events.count - 1].automatic = true;
		}
	lower_docstring(lowering, &statement->body);
	lowering->events.items[begin].target = (uint32_t)building->scope.variables.count;
	bool ends = building->ends, ends_range = building->ends_range;
	building->ends = building->ends_range = false;
	lower_body(lowering, &statement->body);
	building->ends = ends;
	building->ends_range = ends_range;
	scopes_close(lowering->scopes);
	building->depth = depth;
	building->block = block;
	building->child_prefix = prefix;
}

void lower_class_statement(struct lowering *lowering, const struct statement *statement)
{
	struct scope scope;
	size_t count = statement->class.base_count;
	value_id *decorators = lower_decorators(lowering, statement);
	if (statement->type_parameters.count)
		open_type_parameters(lowering, &scope, &statement->type_parameters, statement->name);
	lower_begin(lowering, statement->span);
	struct event_argument few[LOWER_FEW], *values = lower_room(lowering, count, few);
	lower_call_arguments(lowering, statement->class.bases, count, values);
	int32_t begin = (int32_t)lower_position(lowering);
	lower_emit(lowering, EVENT_CLASS_BEGIN, statement->span)->index = begin;
	lower_class_body(lowering, statement);
	if (!lower_is_reached(lowering)) { /* the body always raises */
		if (statement->type_parameters.count)
			scopes_close(lowering->scopes);
		return;
	}
	value_id value = lower_emit_list(lowering, EVENT_CLASS, statement->span, values, count);
	lowering->events.items[lowering->events.count - 1].index = begin;
	lowering->events.items[lowering->events.count - 1].when = changes_globals(lowering, begin);
	if (statement->type_parameters.count)
		scopes_close(lowering->scopes);
	bind_decorated(lowering, statement, decorators, value);
}

/* ------------------------------------------------------------------ comprehensions */

/* One `for` of a comprehension while its body is being lowered. */
struct clause_labels {
	struct label next, exhausted;
	bool loops;
};

/* CPython assigns in `for y in [f(x)]` instead of looping. */
static const struct expression *only_element(const struct expression *iterable)
{
	if ((iterable->kind != EXPRESSION_LIST && iterable->kind != EXPRESSION_TUPLE) || iterable->items.count != 1 ||
	    iterable->items.items[0]->kind == EXPRESSION_STARRED)
		return NULL;
	return iterable->items.items[0];
}

static void open_clause(struct lowering *lowering, const struct comprehension_clause *clause,
                        struct clause_labels *labels, value_id iterator)
{
	struct span span = clause->target->span;
	const struct expression *only = iterator ? NULL : only_element(clause->iterable);
	labels->loops = !only;
	if (only) {
		lower_assign(lowering, clause->target, lower_expression(lowering, only));
	} else {
		if (!iterator)
			iterator = lower_emit_value(lowering, EVENT_ITERATE, clause->iterable->span,
			                            lower_expression(lowering, clause->iterable), 0);
		lower_place(lowering, &labels->next);
		lower_branch(lowering, &labels->exhausted, BRANCH_LOOP, iterator, false, span);
		lower_assign(lowering, clause->target, lower_emit_value(lowering, EVENT_NEXT, span, iterator, 0));
	}
}

/* The element goes into `container`, or is yielded where that is 0. */
static void lower_clauses(struct lowering *lowering, const struct expression *expression, value_id iterator,
                          value_id container)
{
	const struct comprehension *comprehension = expression->comprehension;
	struct clause_labels *labels = arena_array(lowering->scratch, comprehension->clause_count, sizeof *labels);
	struct label *skips = arena_array(lowering->scratch, comprehension->clause_count, sizeof *skips);
	for (size_t i = 0; i < comprehension->clause_count; i++) {
		const struct comprehension_clause *clause = &comprehension->clauses[i];
		open_clause(lowering, clause, &labels[i], i == 0 ? iterator : 0);
		for (size_t k = 0; k < clause->conditions.count; k++)
			lower_condition(lowering, clause->conditions.items[k], &skips[i], false, BRANCH_FILTER);
	}
	value_id element = lower_expression(lowering, comprehension->element);
	if (container) {
		value_id value = comprehension->value ? lower_expression(lowering, comprehension->value) : element;
		struct event *event = lower_emit(lowering, EVENT_APPEND, expression->span);
		event->a = container;
		event->b = value;
		struct event_argument key = {.value = element};
		if (comprehension->value)
			lower_set_arguments(lowering, event, &key, 1);
	} else {
		lower_emit_value(lowering, EVENT_YIELD, expression->span, element, 0);
	}
	for (size_t i = comprehension->clause_count; i-- > 0;) {
		lower_place(lowering, &skips[i]);
		if (labels[i].loops)
			lower_jump(lowering, &labels[i].next, expression->span);
		lower_place(lowering, &labels[i].exhausted);
	}
}

static value_id lower_generator(struct lowering *lowering, const struct expression *expression, value_id iterator)
{
	struct building building;
	struct scope scope;
	uint32_t line = line_of(lowering, expression->span.start);
	struct slice name = qualified_with_line(lowering, "<genexpr>", line);
	const struct comprehension *comprehension = expression->comprehension;
	lower_begin_program(lowering, &building, PROGRAM_GENERATOR, name, line);
	building.child_prefix = joined(lowering->scratch, name, SLICE("."));
	building.program->is_generator = true;
	building.program->parameter_count = 1;
	scopes_open(lowering->scopes, &scope, SCOPE_FUNCTION, 0);
	uint32_t parameter = scopes_add_variable(lowering->scopes, 0, VARIABLE_LOCAL);
	building.scope.variables.items[parameter].is_parameter = true;
	for (size_t i = 0; i < comprehension->clause_count; i++)
		scopes_bind_target(lowering->scopes, comprehension->clauses[i].target);
	value_id first = lower_emit_value(lowering, EVENT_READ, expression->span, 0, 0);
	lowering->events.items[lowering->events.count - 1].variable = parameter;
	lower_clauses(lowering, expression, first, 0);
	scopes_close(lowering->scopes);
	struct program *program = lower_end_program(lowering, expression->span);
	program->hash = token_hash_span(lowering->module->source, expression->span);
	struct event_argument argument = {.value = iterator};
	return emit_function(lowering, program, expression->span, &argument, 1);
}

value_id lower_comprehension(struct lowering *lowering, const struct expression *expression)
{
	const struct comprehension *comprehension = expression->comprehension;
	const struct comprehension_clause *first = &comprehension->clauses[0];
	bool leaks = lowering->module->dialect == DIALECT_PYTHON2 && expression->kind == EXPRESSION_LIST_COMPREHENSION;
	struct scope scope;
	lower_begin(lowering, expression->span);
	value_id iterator = lower_emit_value(lowering, EVENT_ITERATE, first->iterable->span,
	                                     lower_expression(lowering, first->iterable), 0);
	if (expression->kind == EXPRESSION_GENERATOR)
		return lower_generator(lowering, expression, iterator);
	if (!leaks) {
		scopes_open(lowering->scopes, &scope, SCOPE_FUNCTION, 0);
		for (size_t i = 0; i < comprehension->clause_count; i++)
			scopes_bind_target(lowering->scopes, comprehension->clauses[i].target);
	}
	value_id container = lower_emit_list(lowering, EVENT_BUILD, expression->span, NULL, 0);
	lower_set_form(lowering, lower_form(expression));
	int32_t begin = (int32_t)lower_position(lowering);
	lower_clauses(lowering, expression, iterator, container);
	if (!leaks)
		scopes_close(lowering->scopes);
	if (scopes_has_walruses(lowering->scopes) && changes_globals(lowering, begin)) {
		struct event *event = lower_emit(lowering, EVENT_STEP, expression->span);
		event->index = begin;
		event->when = true;
	}
	return container;
}
