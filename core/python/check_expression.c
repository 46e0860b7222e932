/* Expressions, targets, parameters and patterns. */
#include "python/check_state.h"

static struct slice name_text(const struct checker *checker, symbol name)
{
	return symbols_name(checker->symbols, name);
}

/* Scopes in which yield, await and named expressions are refused by the symbol table. */
static bool refuse_in_scope(struct checker *checker, uint32_t offset, const char *what)
{
	static const char *const places[] = {
	    [SCOPE_ANNOTATION] = "an annotation",
	    [SCOPE_TYPE_PARAMETERS] = "the definition of something generic",
	    [SCOPE_TYPE_BOUND] = "a type parameter",
	    [SCOPE_TYPE_ALIAS] = "a type alias",
	};
	enum scope_kind kind = checker->scope->kind;
	if (kind < SCOPE_ANNOTATION)
		return false;
	check_fail(checker, CHECK_SYMBOLS, offset,
	           slice_format(checker->arena, "%s can't stand in %s", what, places[kind]));
	return true;
}

static void check_yield(struct checker *checker, const struct expression *expression)
{
	struct scope *scope = checker->scope;
	uint32_t at = expression->span.start;
	check_expression(checker, expression->items.items[0]);
	if (refuse_in_scope(checker, at, "'yield'"))
		return;
	scope->is_generator = true;
	if (scope->kind == SCOPE_COMPREHENSION)
		check_fail(checker, CHECK_SYMBOLS, at, SLICE("'yield' inside a comprehension"));
	else if (scope->kind != SCOPE_FUNCTION && scope->kind != SCOPE_LAMBDA)
		check_fail(checker, CHECK_COMPILER, at, SLICE("'yield' outside function"));
	else if (scope->is_async && expression->kind == EXPRESSION_YIELD_FROM)
		check_fail(checker, CHECK_COMPILER, at, SLICE("'yield from' inside async function"));
}

static void check_await(struct checker *checker, const struct expression *expression)
{
	struct scope *scope = checker->scope;
	uint32_t at = expression->span.start;
	check_expression(checker, expression->items.items[0]);
	if (refuse_in_scope(checker, at, "'await'"))
		return;
	scope->is_coroutine = true;
	if (scope->is_async || scope->kind == SCOPE_COMPREHENSION ||
	    (scope->kind == SCOPE_MODULE && checker->module->ipython))
		return;
	check_fail(checker, CHECK_COMPILER, at,
	           scope->kind == SCOPE_FUNCTION || scope->kind == SCOPE_LAMBDA ? SLICE("'await' outside async function")
	                                                                        : SLICE("'await' outside async function"));
}

static void check_walrus(struct checker *checker, const struct expression *expression)
{
	struct scope *scope = checker->scope;
	uint32_t at = expression->span.start;
	if (!refuse_in_scope(checker, at, "':='")) {
		if (scope->in_iterable)
			check_fail(checker, CHECK_SYMBOLS, at,
			           SLICE("assignment expression cannot be used in a comprehension's iterable"));
		else if (scope->kind == SCOPE_COMPREHENSION)
			scope_bind_outside(checker, expression->name, at);
	}
	check_expression(checker, expression->items.items[1]);
	check_target(checker, expression->items.items[0]);
}

static void check_lambda(struct checker *checker, const struct expression *expression)
{
	struct scope scope;
	check_defaults(checker, expression->function);
	scope_enter(checker, &scope, SCOPE_LAMBDA);
	check_parameters(checker, expression->function);
	check_expression(checker, expression->function->value);
	scope_leave(checker, &scope);
}

/* The iterable of a `for`, in which no named expression may stand. */
static void check_iterable(struct checker *checker, const struct expression *iterable)
{
	struct scope *scope = checker->scope;
	bool before = scope->in_iterable;
	scope->in_iterable = true;
	check_expression(checker, iterable);
	scope->in_iterable = before;
}

static void check_clause(struct checker *checker, const struct comprehension_clause *clause, bool first)
{
	struct scope *scope = checker->scope;
	if (clause->is_async)
		scope->is_coroutine = true;
	scope->in_target = true;
	check_sole_target(checker, clause->target);
	scope->in_target = false;
	if (!first)
		check_iterable(checker, clause->iterable);
	for (size_t i = 0; i < clause->conditions.count; i++)
		check_expression(checker, clause->conditions.items[i]);
}

static void check_comprehension(struct checker *checker, const struct expression *expression)
{
	const struct comprehension *comprehension = expression->comprehension;
	bool generator = expression->kind == EXPRESSION_GENERATOR;
	bool leaks = checker->python2 && expression->kind == EXPRESSION_LIST_COMPREHENSION;
	struct scope scope, *outer = checker->scope;
	/* The first iterable is read outside; the rest happens in a scope of its own. */
	check_iterable(checker, comprehension->clauses[0].iterable);
	if (!leaks)
		scope_enter(checker, &scope, SCOPE_COMPREHENSION);
	checker->scope->words = generator                                           ? "a generator expression"
	                        : expression->kind == EXPRESSION_LIST_COMPREHENSION ? "a list comprehension"
	                        : expression->kind == EXPRESSION_SET_COMPREHENSION  ? "a set comprehension"
	                                                                            : "a dict comprehension";
	for (size_t i = 0; i < comprehension->clause_count; i++)
		check_clause(checker, &comprehension->clauses[i], i == 0);
	check_expression(checker, comprehension->value);
	check_expression(checker, comprehension->element);
	if (leaks)
		return;
	scope_leave(checker, &scope);
	if (!scope.is_coroutine || generator)
		return;
	bool may = outer->is_async || outer->kind == SCOPE_COMPREHENSION ||
	           (outer->kind == SCOPE_MODULE && checker->module->ipython);
	outer->is_coroutine = true;
	if (!may)
		check_fail(checker, CHECK_COMPILER, expression->span.start,
		           SLICE("asynchronous comprehension outside of an asynchronous function"));
}

void check_arguments(struct checker *checker, const struct argument *arguments, size_t count, uint32_t offset)
{
	struct symbol_set seen = {0};
	for (size_t i = 0; i < count; i++) {
		const struct argument *argument = &arguments[i];
		check_expression(checker, argument->value);
		if (!argument->keyword)
			continue;
		if (check_is_debug(checker, argument->keyword))
			check_fail(checker, CHECK_COMPILER, offset, SLICE("cannot assign to __debug__"));
		if (!symbol_set_add(checker, &seen, argument->keyword))
			check_fail(checker, CHECK_COMPILER, argument->value->span.start,
			           slice_format(checker->arena, "the keyword argument %.*s is given twice",
			                        SLICE_FORMAT(name_text(checker, argument->keyword))));
	}
}

static void check_items(struct checker *checker, const struct expression_list *items)
{
	for (size_t i = 0; i < items->count; i++)
		check_expression(checker, items->items[i]);
}

/* Displays and subscripts, in which items may be starred. */
static void check_starred_items(struct checker *checker, const struct expression_list *items)
{
	for (size_t i = 0; i < items->count; i++)
		check_starred(checker, items->items[i]);
}

static bool is_link(const struct expression *expression)
{
	return expression->kind == EXPRESSION_ATTRIBUTE || expression->kind == EXPRESSION_SUBSCRIPT ||
	       expression->kind == EXPRESSION_CALL;
}

/* A chain like a.b(c)[d], from its beginning on; it is as deep as it is long. */
static void check_chain(struct checker *checker, const struct expression *expression)
{
	size_t base = checker->chain.count;
	for (; is_link(expression); expression = expression->items.items[0])
		vector_push(checker->arena, &checker->chain, expression);
	check_expression(checker, expression);
	while (checker->chain.count > base) {
		const struct expression *link = checker->chain.items[--checker->chain.count];
		if (link->kind == EXPRESSION_CALL)
			check_arguments(checker, link->call.arguments, link->call.argument_count, link->span.start);
		else if (link->kind == EXPRESSION_SUBSCRIPT)
			check_expression(checker, link->items.items[1]);
	}
}

void check_expression(struct checker *checker, const struct expression *expression)
{
	if (!expression)
		return;
	switch (expression->kind) {
	case EXPRESSION_NAME: scope_add(checker, expression->name, NAME_USED, expression->span.start); return;
	case EXPRESSION_CONSTANT:
	case EXPRESSION_MAGIC:
	case EXPRESSION_INVALID: return;
	case EXPRESSION_ATTRIBUTE:
	case EXPRESSION_SUBSCRIPT:
	case EXPRESSION_CALL: check_chain(checker, expression); return;
	case EXPRESSION_TUPLE:
	case EXPRESSION_LIST:
	case EXPRESSION_SET: check_starred_items(checker, &expression->items); return;
	case EXPRESSION_STARRED:
		check_fail(checker, CHECK_COMPILER, expression->span.start, SLICE("can't use starred expression here"));
		check_items(checker, &expression->items);
		return;
	case EXPRESSION_WALRUS: check_walrus(checker, expression); return;
	case EXPRESSION_LAMBDA: check_lambda(checker, expression); return;
	case EXPRESSION_LIST_COMPREHENSION:
	case EXPRESSION_SET_COMPREHENSION:
	case EXPRESSION_GENERATOR:
	case EXPRESSION_DICT_COMPREHENSION: check_comprehension(checker, expression); return;
	case EXPRESSION_AWAIT: check_await(checker, expression); return;
	case EXPRESSION_YIELD:
	case EXPRESSION_YIELD_FROM: check_yield(checker, expression); return;
	default: check_items(checker, &expression->items);
	}
}

void check_starred(struct checker *checker, const struct expression *expression)
{
	if (expression && expression->kind == EXPRESSION_STARRED)
		check_items(checker, &expression->items);
	else
		check_expression(checker, expression);
}

/* Targets. */

static void check_targets(struct checker *checker, const struct expression_list *items)
{
	bool starred = false;
	for (size_t i = 0; i < items->count; i++) {
		const struct expression *item = items->items[i];
		if (item->kind == EXPRESSION_STARRED) {
			if (starred)
				check_fail(checker, CHECK_COMPILER, item->span.start,
				           SLICE("only one starred name may stand in an assignment"));
			starred = true;
			item = item->items.items[0];
		}
		check_target(checker, item);
	}
}

void check_target(struct checker *checker, const struct expression *target)
{
	if (!target)
		return;
	switch (target->kind) {
	case EXPRESSION_NAME: check_stored_name(checker, target->name, target->span.start); return;
	case EXPRESSION_ATTRIBUTE:
		if (check_is_debug(checker, target->name))
			check_fail(checker, CHECK_COMPILER, target->span.start, SLICE("cannot assign to __debug__"));
		check_expression(checker, target->items.items[0]);
		return;
	case EXPRESSION_TUPLE:
	case EXPRESSION_LIST: check_targets(checker, &target->items); return;
	case EXPRESSION_STARRED: check_target(checker, target->items.items[0]); return;
	default: check_expression(checker, target);
	}
}

void check_sole_target(struct checker *checker, const struct expression *target)
{
	if (target && target->kind == EXPRESSION_STARRED)
		check_fail(checker, CHECK_COMPILER, target->span.start, SLICE("a starred target must be in a list or tuple"));
	check_target(checker, target);
}

void check_deleted(struct checker *checker, const struct expression *target)
{
	switch (target->kind) {
	case EXPRESSION_NAME:
		if (check_is_debug(checker, target->name))
			check_fail(checker, CHECK_COMPILER, target->span.start, SLICE("__debug__ can't be deleted"));
		scope_add(checker, target->name, NAME_BOUND, target->span.start);
		return;
	case EXPRESSION_TUPLE:
	case EXPRESSION_LIST:
		for (size_t i = 0; i < target->items.count; i++)
			check_deleted(checker, target->items.items[i]);
		return;
	default: check_expression(checker, target);
	}
}

/* Functions. */

void check_annotation(struct checker *checker, const struct expression *annotation, bool not_compiled)
{
	if (!annotation)
		return;
	struct scope scope;
	bool before = checker->not_compiled;
	checker->not_compiled = before || not_compiled || checker->lazy_annotations;
	if (checker->lazy_annotations)
		scope_enter(checker, &scope, SCOPE_ANNOTATION);
	check_starred(checker, annotation);
	if (checker->lazy_annotations)
		scope_leave(checker, &scope);
	checker->not_compiled = before;
}

void check_defaults(struct checker *checker, const struct function *function)
{
	for (size_t i = 0; i < function->parameter_count; i++)
		check_expression(checker, function->parameters[i].initial);
}

void check_annotations(struct checker *checker, const struct function *function)
{
	for (size_t i = 0; i < function->parameter_count; i++)
		check_annotation(checker, function->parameters[i].annotation, false);
	check_annotation(checker, function->returns, false);
}

static void add_parameter(struct checker *checker, struct symbol_set *seen, symbol name, uint32_t offset)
{
	if (!symbol_set_add(checker, seen, name))
		check_fail(checker, CHECK_SYMBOLS, offset,
		           slice_format(checker->arena, "duplicate argument '%.*s' in function definition",
		                        SLICE_FORMAT(name_text(checker, name))));
	if (check_is_debug(checker, name))
		check_fail(checker, CHECK_COMPILER, offset, SLICE("cannot assign to __debug__"));
	scope_add(checker, name, NAME_PARAMETER, offset);
}

/* Python 2: the names of `def f((a, (b, c))):`. */
static void add_names(struct checker *checker, struct symbol_set *seen, const struct expression *target)
{
	if (target->kind == EXPRESSION_NAME)
		add_parameter(checker, seen, target->name, target->span.start);
	else if (target->kind == EXPRESSION_TUPLE || target->kind == EXPRESSION_LIST)
		for (size_t i = 0; i < target->items.count; i++)
			add_names(checker, seen, target->items.items[i]);
}

void check_parameters(struct checker *checker, const struct function *function)
{
	struct symbol_set seen = {0};
	for (size_t i = 0; i < function->parameter_count; i++) {
		const struct parameter *parameter = &function->parameters[i];
		if (parameter->tuple)
			add_names(checker, &seen, parameter->tuple);
		else
			add_parameter(checker, &seen, parameter->name, parameter->span.start);
	}
}
