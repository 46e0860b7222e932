/* One walk over the tree. Expressions and patterns are checked in check_expression.c,
 * names that are declared global or nonlocal in check_scope.c. */
#include "python/check_state.h"

#include "base/utf8.h"
#include "python/magics.h"

enum { MAX_BLOCKS = 20 }; /* CO_MAXBLOCKS */

void check_fail(struct checker *checker, enum check_stage stage, uint32_t offset, struct slice message)
{
	if (stage == CHECK_COMPILER && checker->not_compiled)
		return;
	if (checker->failed && (stage > checker->stage || (stage == checker->stage && offset >= checker->offset)))
		return;
	checker->failed = true;
	checker->stage = stage;
	checker->offset = offset;
	checker->message = message;
	checker->runs_in_ipython = false;
}

bool check_is_debug(struct checker *checker, symbol name)
{
	return name && name == checker->debug;
}

void check_stored_name(struct checker *checker, symbol name, uint32_t offset)
{
	if (check_is_debug(checker, name))
		check_fail(checker, CHECK_COMPILER, offset, SLICE("cannot assign to __debug__"));
	scope_add(checker, name, NAME_BOUND, offset);
}

/* Where break, continue and return lead: of a function, class or module body. */
struct flow {
	bool in_loop;     /* a loop is around */
	bool in_star;     /* an except* is around, nearer than the loop */
	bool in_any_star; /* an except* is around */
	unsigned blocks;  /* what CPython calls nested blocks */
};

static void check_statements(struct checker *checker, struct flow *flow, const struct statement_list *list);

/* The statements of a block that is nested by some blocks more. */
static void check_nested(struct checker *checker, const struct flow *flow, unsigned blocks,
                         const struct statement_list *list)
{
	struct flow inner = *flow;
	inner.blocks += blocks;
	if (inner.blocks > MAX_BLOCKS && list->count)
		check_fail(checker, CHECK_COMPILER, list->items[0]->span.start, SLICE("more than 20 blocks are nested"));
	check_statements(checker, &inner, list);
}

static void check_loop(struct checker *checker, struct flow *flow, const struct statement *statement)
{
	struct flow body = *flow;
	body.in_loop = true;
	body.in_star = false;
	check_nested(checker, &body, 1, &statement->body);
	check_statements(checker, flow, &statement->orelse);
}

static void check_try(struct checker *checker, struct flow *flow, const struct statement *statement)
{
	unsigned finally = statement->finally.count ? 1 : 0;
	struct flow outside = *flow;
	outside.blocks += finally;
	check_nested(checker, &outside, statement->handlers.count ? 1 : 0, &statement->body);
	for (size_t i = 0; i < statement->handlers.count; i++) {
		const struct handler *handler = &statement->handlers.items[i];
		struct flow inside = outside;
		check_expression(checker, handler->type);
		if (handler->name)
			check_stored_name(checker, handler->name, handler->span.start);
		check_target(checker, handler->target);
		if (statement->is_star)
			inside.in_star = inside.in_any_star = true;
		check_nested(checker, &inside, 2, &handler->body);
	}
	check_statements(checker, &outside, &statement->orelse);
	check_nested(checker, flow, finally, &statement->finally);
}

static void check_with(struct checker *checker, struct flow *flow, const struct statement *statement)
{
	for (size_t i = 0; i < statement->with_items.count; i++) {
		const struct with_item *item = &statement->with_items.items[i];
		check_expression(checker, item->context);
		check_sole_target(checker, item->target);
	}
	check_nested(checker, flow, (unsigned)(statement->with_items.count < 1000 ? statement->with_items.count : 1000),
	             &statement->body);
}

static void check_match(struct checker *checker, struct flow *flow, const struct statement *statement)
{
	check_expression(checker, statement->value);
	for (size_t i = 0; i < statement->cases.count; i++) {
		const struct match_case *match = &statement->cases.items[i];
		check_case_pattern(checker, match->pattern, match->guard || i + 1 == statement->cases.count);
		check_expression(checker, match->guard);
		check_statements(checker, flow, &match->body);
	}
}

/* The type parameters of a definition; their scope must have been entered. */
static void check_type_parameters(struct checker *checker, const struct type_parameters *parameters)
{
	for (size_t i = 0; i < parameters->count; i++) {
		const struct type_parameter *parameter = &parameters->items[i];
		for (size_t j = 0; j < i && j < 200; j++)
			if (parameters->items[j].name == parameter->name)
				check_fail(checker, CHECK_SYMBOLS, parameter->span.start,
				           slice_format(checker->arena, "the type parameter %.*s stands twice",
				                        SLICE_FORMAT(symbols_name(checker->symbols, parameter->name))));
		if (i > 0 && parameters->items[i - 1].initial && !parameter->initial)
			check_fail(checker, CHECK_SYMBOLS, parameter->span.start,
			           SLICE("a type parameter without a default follows one with a default"));
		check_stored_name(checker, parameter->name, parameter->span.start);
		struct scope scope;
		scope_enter(checker, &scope, SCOPE_TYPE_BOUND);
		check_expression(checker, parameter->bound);
		check_starred(checker, parameter->initial);
		scope_leave(checker, &scope);
	}
}

static void check_body(struct checker *checker, const struct statement_list *list)
{
	struct flow flow = {0};
	check_statements(checker, &flow, list);
}

static void check_function(struct checker *checker, const struct statement *statement)
{
	const struct function *function = statement->function;
	struct scope types, scope;
	bool generic = function->type_parameters.count > 0;
	check_stored_name(checker, statement->name, statement->name_span.start);
	for (size_t i = 0; i < statement->decorators.count; i++)
		check_expression(checker, statement->decorators.items[i]);
	check_defaults(checker, function);
	if (generic) {
		scope_enter(checker, &types, SCOPE_TYPE_PARAMETERS);
		check_type_parameters(checker, &function->type_parameters);
	}
	check_annotations(checker, function);
	scope_enter(checker, &scope, SCOPE_FUNCTION);
	scope.is_async = function->is_async;
	check_parameters(checker, function);
	check_body(checker, &function->body);
	if (scope.returns_value && scope.is_async && scope.is_generator)
		check_fail(checker, CHECK_COMPILER, scope.return_at, SLICE("'return' with value in async generator"));
	if (scope.returns_value && scope.is_generator && checker->python2)
		check_fail(checker, CHECK_COMPILER, scope.return_at, SLICE("a generator can't return a value in Python 2"));
	scope_leave(checker, &scope);
	if (generic)
		scope_leave(checker, &types);
}

static void check_class(struct checker *checker, const struct statement *statement)
{
	struct scope types, scope;
	bool generic = statement->type_parameters.count > 0;
	check_stored_name(checker, statement->name, statement->name_span.start);
	for (size_t i = 0; i < statement->decorators.count; i++)
		check_expression(checker, statement->decorators.items[i]);
	if (generic) {
		scope_enter(checker, &types, SCOPE_TYPE_PARAMETERS);
		types.private = statement->name;
		check_type_parameters(checker, &statement->type_parameters);
	}
	check_arguments(checker, statement->class.bases, statement->class.base_count, statement->span.start);
	scope_enter(checker, &scope, SCOPE_CLASS);
	scope.private = statement->name;
	check_body(checker, &statement->body);
	scope_leave(checker, &scope);
	if (generic)
		scope_leave(checker, &types);
}

static void check_type_alias(struct checker *checker, const struct statement *statement)
{
	struct scope types, alias;
	check_stored_name(checker, statement->name, statement->name_span.start);
	scope_enter(checker, &types, SCOPE_TYPE_PARAMETERS);
	check_type_parameters(checker, &statement->type_parameters);
	scope_enter(checker, &alias, SCOPE_TYPE_ALIAS);
	check_expression(checker, statement->value);
	scope_leave(checker, &alias);
	scope_leave(checker, &types);
}

static void check_return(struct checker *checker, const struct flow *flow, const struct statement *statement)
{
	struct scope *scope = checker->scope;
	uint32_t at = statement->span.start;
	check_expression(checker, statement->value);
	if (scope->kind != SCOPE_FUNCTION)
		check_fail(checker, CHECK_COMPILER, at, SLICE("'return' outside function"));
	else if (flow->in_any_star)
		check_fail(checker, CHECK_COMPILER, at, SLICE("'return' cannot stand in an except* block"));
	if (statement->value && !scope->returns_value) {
		scope->returns_value = true;
		scope->return_at = at;
	}
}

static void check_jump(struct checker *checker, const struct flow *flow, const struct statement *statement)
{
	const char *word = statement->kind == STATEMENT_BREAK ? "break" : "continue";
	if (flow->in_star)
		check_fail(checker, CHECK_COMPILER, statement->span.start,
		           slice_format(checker->arena, "'%s' cannot stand in an except* block", word));
	else if (!flow->in_loop)
		check_fail(checker, CHECK_COMPILER, statement->span.start,
		           statement->kind == STATEMENT_BREAK ? SLICE("'break' outside loop")
		                                              : SLICE("'continue' not properly in loop"));
}

/* `async for` and `async with`. */
static void check_async(struct checker *checker, const struct statement *statement)
{
	if (!statement->is_async || checker->scope->is_async)
		return;
	if (checker->scope->kind != SCOPE_MODULE || !checker->module->ipython)
		check_fail(checker, CHECK_COMPILER, statement->span.start,
		           slice_format(checker->arena, "'async %s' outside async function",
		                        statement->kind == STATEMENT_FOR ? "for" : "with"));
}

/* What a magic holds of Python: it runs where it stands, but what is timed runs in a function of its own. */
static void check_magic(struct checker *checker, struct flow *flow, const struct magic *magic)
{
	const struct magic_rule *rule = python_magic_rule(magic->name, magic->kind == MAGIC_CELL);
	if (rule && rule->body == MAGIC_BODY_TIMEIT) {
		struct scope scope;
		scope_enter(checker, &scope, SCOPE_FUNCTION);
		check_body(checker, &magic->setup);
		check_body(checker, &magic->python);
		scope_leave(checker, &scope);
		return;
	}
	check_statements(checker, flow, &magic->setup);
	check_statements(checker, flow, &magic->python);
}

static void check_value(struct checker *checker, struct flow *flow, const struct expression *value)
{
	if (value && value->kind == EXPRESSION_MAGIC)
		check_magic(checker, flow, value->magic);
	else
		check_expression(checker, value);
}

static void check_annotated(struct checker *checker, const struct statement *statement)
{
	const struct expression *target = statement->targets.items[0];
	if (target->kind == EXPRESSION_NAME) {
		if (statement->simple)
			scope_annotate(checker, target->name, target->span.start);
		else if (statement->value)
			scope_add(checker, target->name, NAME_BOUND, target->span.start);
		if (check_is_debug(checker, target->name))
			check_fail(checker, CHECK_COMPILER, target->span.start, SLICE("cannot assign to __debug__"));
	} else {
		check_target(checker, target);
	}
	check_annotation(checker, statement->annotation, statement->simple && checker->scope->kind == SCOPE_FUNCTION);
	check_expression(checker, statement->value);
}

static bool is_future_feature(struct checker *checker, struct slice name)
{
	static const struct slice features[] = {
	    SLICE_CONSTANT("nested_scopes"),    SLICE_CONSTANT("generators"),     SLICE_CONSTANT("division"),
	    SLICE_CONSTANT("absolute_import"),  SLICE_CONSTANT("with_statement"), SLICE_CONSTANT("print_function"),
	    SLICE_CONSTANT("unicode_literals"), SLICE_CONSTANT("annotations"),    SLICE_CONSTANT("generator_stop"),
	    SLICE_CONSTANT("barry_as_FLUFL"),
	};
	size_t count = sizeof features / sizeof *features - (checker->python2 ? 3 : 0);
	for (size_t i = 0; i < count; i++)
		if (slice_equal(features[i], name))
			return true;
	return false;
}

static bool imports_future(const struct statement *statement)
{
	return statement->kind == STATEMENT_IMPORT_FROM && statement->imports.level == 0 &&
	       slice_equal(statement->imports.module, SLICE("__future__"));
}

static void check_future(struct checker *checker, const struct statement *statement)
{
	if (!checker->future_allowed) {
		check_fail(checker, CHECK_COMPILER, statement->span.start,
		           SLICE("from __future__ imports must stand at the beginning"));
		checker->runs_in_ipython = checker->module->ipython && checker->scope->kind == SCOPE_MODULE;
		return;
	}
	for (size_t i = 0; i < statement->imports.count; i++)
		if (!is_future_feature(checker, statement->imports.items[i].module))
			check_fail(checker, CHECK_FUTURE, statement->imports.items[i].span.start,
			           slice_format(checker->arena, "future feature %.*s is not defined",
			                        SLICE_FORMAT(statement->imports.items[i].module)));
}

static void check_imports(struct checker *checker, const struct statement *statement)
{
	if (imports_future(statement))
		check_future(checker, statement);
	for (size_t i = 0; i < statement->imports.count; i++) {
		const struct import_name *import = &statement->imports.items[i];
		if (slice_equal(import->module, SLICE("*"))) {
			if (checker->scope->kind != SCOPE_MODULE && !checker->python2)
				check_fail(checker, CHECK_SYMBOLS, statement->span.start,
				           SLICE("import * only allowed at module level"));
			continue;
		}
		if (check_is_debug(checker, import->as ? import->as : import->first))
			check_fail(checker, CHECK_COMPILER, statement->span.start, SLICE("cannot assign to __debug__"));
		scope_add(checker, import->as ? import->as : import->first, NAME_IMPORTED, statement->span.start);
	}
}

static void check_expressions(struct checker *checker, const struct expression_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		check_expression(checker, list->items[i]);
}

static void check_assignment(struct checker *checker, struct flow *flow, const struct statement *statement)
{
	for (size_t i = 0; i < statement->targets.count; i++)
		check_sole_target(checker, statement->targets.items[i]);
	check_value(checker, flow, statement->value);
}

static void check_compound(struct checker *checker, struct flow *flow, const struct statement *statement)
{
	switch (statement->kind) {
	case STATEMENT_IF:
		/* A chain of elif is as deep as it is long: it is walked, not climbed. */
		for (;;) {
			check_expression(checker, statement->value);
			check_statements(checker, flow, &statement->body);
			if (statement->orelse.count != 1 || statement->orelse.items[0]->kind != STATEMENT_IF)
				break;
			statement = statement->orelse.items[0];
		}
		check_statements(checker, flow, &statement->orelse);
		return;
	case STATEMENT_WHILE:
		check_expression(checker, statement->value);
		check_loop(checker, flow, statement);
		return;
	case STATEMENT_FOR:
		check_async(checker, statement);
		check_sole_target(checker, statement->targets.items[0]);
		check_expression(checker, statement->value);
		check_loop(checker, flow, statement);
		return;
	case STATEMENT_WITH:
		check_async(checker, statement);
		check_with(checker, flow, statement);
		return;
	case STATEMENT_TRY: check_try(checker, flow, statement); return;
	case STATEMENT_MATCH: check_match(checker, flow, statement); return;
	case STATEMENT_FUNCTION: check_function(checker, statement); return;
	case STATEMENT_CLASS: check_class(checker, statement); return;
	default: return;
	}
}

static void check_statement(struct checker *checker, struct flow *flow, const struct statement *statement)
{
	switch (statement->kind) {
	case STATEMENT_EXPRESSION: check_expression(checker, statement->value); return;
	case STATEMENT_ASSIGN: check_assignment(checker, flow, statement); return;
	case STATEMENT_AUGMENTED:
		check_target(checker, statement->targets.items[0]);
		check_expression(checker, statement->value);
		return;
	case STATEMENT_ANNOTATED: check_annotated(checker, statement); return;
	case STATEMENT_TYPE_ALIAS: check_type_alias(checker, statement); return;
	case STATEMENT_DELETE:
		for (size_t i = 0; i < statement->targets.count; i++)
			check_deleted(checker, statement->targets.items[i]);
		return;
	case STATEMENT_BREAK:
	case STATEMENT_CONTINUE: check_jump(checker, flow, statement); return;
	case STATEMENT_RETURN: check_return(checker, flow, statement); return;
	case STATEMENT_RAISE:
	case STATEMENT_ASSERT:
	case STATEMENT_PRINT:
	case STATEMENT_EXEC:
		check_expression(checker, statement->value);
		check_expression(checker, statement->cause);
		check_expressions(checker, &statement->targets);
		return;
	case STATEMENT_GLOBAL:
	case STATEMENT_NONLOCAL: scope_declare(checker, statement); return;
	case STATEMENT_IMPORT:
	case STATEMENT_IMPORT_FROM: check_imports(checker, statement); return;
	case STATEMENT_MAGIC: check_magic(checker, flow, statement->magic); return;
	case STATEMENT_PASS:
	case STATEMENT_INVALID: return;
	default: check_compound(checker, flow, statement);
	}
}

static void check_statements(struct checker *checker, struct flow *flow, const struct statement_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		check_statement(checker, flow, list->items[i]);
}

static bool is_docstring(const struct statement *statement)
{
	return statement->kind == STATEMENT_EXPRESSION && statement->value->kind == EXPRESSION_CONSTANT &&
	       statement->value->constant.is_string;
}

/* A file is one unit; IPython compiles each statement of a cell by itself. In a
 * file, imports from __future__ come first, after a docstring. */
static void check_module(struct checker *checker)
{
	const struct statement_list *body = &checker->module->body;
	bool beginning = true;
	struct scope module;
	struct flow flow = {0};
	scope_enter(checker, &module, SCOPE_MODULE);
	for (size_t i = 0; i < body->count; i++) {
		const struct statement *statement = body->items[i];
		beginning = (beginning && (imports_future(statement) || (i == 0 && is_docstring(statement))));
		checker->future_allowed = beginning && imports_future(statement);
		check_statement(checker, &flow, statement);
	}
	scope_leave(checker, &module);
}

void python_check(struct arena *arena, struct symbols *symbols, struct module *module)
{
	if (module->has_error)
		return;
	struct checker *checker = arena_alloc(arena, sizeof *checker);
	checker->arena = arena;
	checker->symbols = symbols;
	checker->module = module;
	checker->declares = module->declares;
	checker->lazy_annotations = module->future_annotations;
	checker->python2 = module->dialect == DIALECT_PYTHON2;
	checker->debug = symbols_find(symbols, SLICE("__debug__"));
	check_module(checker);
	if (!checker->failed)
		return;
	uint32_t offset = checker->offset, start = offset;
	while (start && module->source.bytes[start - 1] != '\n' && module->source.bytes[start - 1] != '\r')
		start--;
	module->has_error = true;
	module->error = (struct syntax_error){.line = python_line(module->source, offset),
	                                      .column = (uint32_t)utf8_count(slice_part(module->source, start, offset)) + 1,
	                                      .offset = offset,
	                                      .message = checker->message,
	                                      .is_late = true,
	                                      .runs_in_ipython = checker->runs_in_ipython};
}
