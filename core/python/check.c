/* A walk over the tree in the order of the source. Expressions are looked into
 * only where the source has a word that can make one wrong. */
#include "python/check.h"

#include <string.h>

#include "base/utf8.h"
#include "python/parser.h"

enum place { PLACE_MODULE, PLACE_CLASS, PLACE_FUNCTION, PLACE_ASYNC, PLACE_LAMBDA };

/* What a scope does with a name. */
enum {
	NAME_USED = 1,
	NAME_BOUND = 2,
	NAME_ANNOTATED = 4,
	NAME_PARAMETER = 8,
	NAME_GLOBAL = 16,
	NAME_NONLOCAL = 32,
	NAME_IMPORTED = 64, /* binds, but may stand before `global`, as CPython has it */
};

struct declared {
	symbol name;
	uint32_t offset;
};

/* A module, class, function or lambda. */
struct context {
	struct context *outer;
	enum place place;
	uint32_t serial;
	bool in_loop, in_star_handler;
	bool yields;
	uint32_t value_return;         /* 1 + the offset of a `return` with a value */
	VECTOR(struct declared) needs; /* of scopes inside: names that a function around them must bind */
};

/* A comprehension around an expression. */
struct enclosing {
	const struct enclosing *outer;
	const struct comprehension *comprehension;
	bool in_iterable, is_generator;
};

struct name_use {
	uint64_t key; /* scope and symbol; 0 when free */
	unsigned flags;
};

struct checker {
	struct arena *arena, *scratch;
	struct symbols *symbols;
	struct module *module;
	struct context *context;
	const struct enclosing *enclosing;
	uint32_t serials;
	bool looks_into_expressions, has_declarations;
	uint32_t future_end; /* `from __future__` may stand before this offset */
	symbol class_cell, debug;
	struct name_use *uses;
	size_t use_room, use_count;
};

static void fail(struct checker *checker, uint32_t offset, struct slice message)
{
	struct module *module = checker->module;
	if (module->has_error)
		return;
	module->has_error = true;
	module->error.is_late = true;
	module->error.offset = offset;
	module->error.line = python_line(module->source, offset);
	size_t start = offset < module->source.length ? offset : module->source.length;
	while (start && module->source.bytes[start - 1] != '\n')
		start--;
	module->error.column = (uint32_t)utf8_count(slice_part(module->source, start, offset)) + 1;
	module->error.message = message;
}

static struct slice about(struct checker *checker, const char *format, symbol name)
{
	return slice_format(checker->arena, format, SLICE_FORMAT(symbols_name(checker->symbols, name)));
}

/* ------------------------------------------------------------------ names of scopes */

static struct name_use *find_use(struct checker *checker, uint32_t serial, symbol name)
{
	if ((checker->use_count + 1) * 2 > checker->use_room) {
		struct name_use *old = checker->uses;
		size_t room = checker->use_room;
		checker->use_room = room ? room * 2 : 256;
		checker->uses = arena_array(checker->scratch, checker->use_room, sizeof *checker->uses);
		for (size_t i = 0; i < room; i++)
			if (old[i].key) {
				size_t slot = (size_t)(old[i].key * 0x9e3779b97f4a7c15u >> 20) & (checker->use_room - 1);
				while (checker->uses[slot].key)
					slot = (slot + 1) & (checker->use_room - 1);
				checker->uses[slot] = old[i];
			}
	}
	uint64_t key = (uint64_t)serial << 32 | name;
	size_t slot = (size_t)(key * 0x9e3779b97f4a7c15u >> 20) & (checker->use_room - 1);
	while (checker->uses[slot].key && checker->uses[slot].key != key)
		slot = (slot + 1) & (checker->use_room - 1);
	if (!checker->uses[slot].key) {
		checker->uses[slot].key = key;
		checker->use_count++;
	}
	return &checker->uses[slot];
}

static void note(struct checker *checker, symbol name, unsigned flags, uint32_t offset)
{
	if (name && flags & (NAME_BOUND | NAME_PARAMETER) && name == checker->debug)
		fail(checker, offset, SLICE("cannot assign to __debug__"));
	if (!checker->has_declarations || !name)
		return;
	struct name_use *use = find_use(checker, checker->context->serial, name);
	if (flags & NAME_ANNOTATED && use->flags & (NAME_GLOBAL | NAME_NONLOCAL))
		fail(checker, offset, about(checker, "annotated name '%.*s' can't be global or nonlocal", name));
	use->flags |= flags;
}

static void declare(struct checker *checker, symbol name, bool is_global, uint32_t offset)
{
	struct name_use *use = find_use(checker, checker->context->serial, name);
	if (use->flags & NAME_PARAMETER)
		fail(checker, offset, about(checker, "name '%.*s' is a parameter and can't be declared", name));
	else if (use->flags & NAME_ANNOTATED)
		fail(checker, offset, about(checker, "annotated name '%.*s' can't be global or nonlocal", name));
	else if (use->flags & NAME_BOUND)
		fail(checker, offset, about(checker, "name '%.*s' is assigned to before its declaration", name));
	else if (use->flags & NAME_USED)
		fail(checker, offset, about(checker, "name '%.*s' is used before its declaration", name));
	else if (use->flags & (is_global ? NAME_NONLOCAL : NAME_GLOBAL))
		fail(checker, offset, about(checker, "name '%.*s' is nonlocal and global", name));
	use->flags |= is_global ? NAME_GLOBAL : NAME_NONLOCAL;
	if (!is_global && checker->context->outer) {
		struct declared declared = {name, offset};
		vector_push(checker->scratch, &checker->context->outer->needs, declared);
	}
}

static void open_context(struct checker *checker, struct context *context, enum place place)
{
	*context = (struct context){.outer = checker->context, .place = place, .serial = ++checker->serials};
	checker->context = context;
}

/* Hands on the nonlocal names of inner scopes that this scope does not bind itself. */
static void close_context(struct checker *checker, const struct context *context)
{
	bool is_class = context->place == PLACE_CLASS;
	checker->context = context->outer;
	for (size_t i = 0; i < context->needs.count; i++) {
		struct declared need = context->needs.items[i];
		unsigned flags = find_use(checker, context->serial, need.name)->flags;
		bool binds = flags & (NAME_BOUND | NAME_PARAMETER | NAME_IMPORTED) && !(flags & (NAME_GLOBAL | NAME_NONLOCAL));
		if (is_class ? need.name != checker->class_cell : !binds)
			vector_push(checker->scratch, &context->outer->needs, need);
	}
}

/* ------------------------------------------------------------------ expressions */

static void check_expression(struct checker *checker, const struct expression *expression);
static void check_body(struct checker *checker, const struct statement_list *body);

static bool is_asynchronous(const struct checker *checker)
{
	const struct context *context = checker->context;
	return context->place == PLACE_ASYNC || (context->place == PLACE_MODULE && checker->module->ipython);
}

static void check_await(struct checker *checker, const struct expression *expression)
{
	/* Inside a comprehension it is the comprehension that must stand in a coroutine; a generator need not. */
	if (is_asynchronous(checker) || (checker->enclosing && checker->enclosing->is_generator))
		return;
	fail(checker, expression->span.start, SLICE("'await' outside async function"));
}

static void check_yield(struct checker *checker, const struct expression *expression)
{
	enum place place = checker->context->place;
	if (checker->enclosing && !checker->enclosing->in_iterable)
		fail(checker, expression->span.start, SLICE("'yield' inside a comprehension"));
	else if (place == PLACE_MODULE || place == PLACE_CLASS)
		fail(checker, expression->span.start, SLICE("'yield' outside function"));
	else if (place == PLACE_ASYNC && expression->kind == EXPRESSION_YIELD_FROM)
		fail(checker, expression->span.start, SLICE("'yield from' inside async function"));
	checker->context->yields = true;
}

static bool binds_name(const struct expression *target, symbol name)
{
	if (target->kind == EXPRESSION_NAME)
		return target->name == name;
	if (target->kind == EXPRESSION_TUPLE || target->kind == EXPRESSION_LIST || target->kind == EXPRESSION_STARRED)
		for (size_t i = 0; i < target->items.count; i++)
			if (binds_name(target->items.items[i], name))
				return true;
	return false;
}

static void check_walrus(struct checker *checker, const struct expression *expression)
{
	symbol name = expression->items.items[0]->name;
	uint32_t offset = expression->span.start;
	for (const struct enclosing *in = checker->enclosing; in; in = in->outer) {
		if (in->in_iterable)
			fail(checker, offset, SLICE("assignment expression cannot be used in a comprehension's iterable"));
		for (size_t i = 0; i < in->comprehension->clause_count; i++)
			if (binds_name(in->comprehension->clauses[i].target, name))
				fail(checker, offset,
				     about(checker, "assignment expression cannot rebind the comprehension's variable '%.*s'", name));
	}
	if (checker->enclosing && checker->context->place == PLACE_CLASS)
		fail(checker, offset, SLICE("assignment expression in a comprehension cannot be used in a class body"));
	note(checker, name, NAME_BOUND, offset);
	check_expression(checker, expression->items.items[1]);
}

static void check_list(struct checker *checker, const struct expression_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		check_expression(checker, list->items[i]);
}

static void check_comprehension(struct checker *checker, const struct expression *expression)
{
	const struct comprehension *comprehension = expression->comprehension;
	bool is_generator = expression->kind == EXPRESSION_GENERATOR;
	struct enclosing inside = {checker->enclosing, comprehension, false, is_generator};
	for (size_t i = 0; i < comprehension->clause_count; i++) {
		const struct comprehension_clause *clause = &comprehension->clauses[i];
		if (clause->is_async && !is_generator && !is_asynchronous(checker) && !checker->enclosing)
			fail(checker, expression->span.start,
			     SLICE("asynchronous comprehension outside of an asynchronous function"));
		inside.in_iterable = true;
		checker->enclosing = &inside;
		check_expression(checker, clause->iterable);
		inside.in_iterable = false;
		check_list(checker, &clause->conditions);
	}
	checker->enclosing = &inside;
	check_expression(checker, comprehension->element);
	check_expression(checker, comprehension->value);
	checker->enclosing = inside.outer;
}

static void check_parameters(struct checker *checker, const struct function *function)
{
	for (size_t i = 0; i < function->parameter_count; i++)
		note(checker, function->parameters[i].name, NAME_BOUND | NAME_PARAMETER, function->parameters[i].span.start);
	/* A table only where there are many. */
	for (size_t i = 0; i < function->parameter_count && function->parameter_count <= 256; i++)
		for (size_t k = 0; k < i; k++)
			if (function->parameters[i].name && function->parameters[i].name == function->parameters[k].name)
				fail(checker, function->parameters[i].span.start,
				     about(checker, "duplicate argument '%.*s' in function definition", function->parameters[i].name));
}

static void check_lambda(struct checker *checker, const struct expression *expression)
{
	struct context context;
	const struct enclosing *enclosing = checker->enclosing;
	for (size_t i = 0; i < expression->function->parameter_count; i++)
		check_expression(checker, expression->function->parameters[i].initial);
	open_context(checker, &context, PLACE_LAMBDA);
	checker->enclosing = NULL;
	check_parameters(checker, expression->function);
	check_expression(checker, expression->function->value);
	checker->enclosing = enclosing;
	close_context(checker, &context);
}

static void check_expression(struct checker *checker, const struct expression *expression)
{
	if (!checker->looks_into_expressions)
		return;
	while (expression && !checker->module->has_error) {
		switch (expression->kind) {
		case EXPRESSION_NAME:
			if (!checker->enclosing)
				note(checker, expression->name, NAME_USED, expression->span.start);
			return;
		case EXPRESSION_LAMBDA: check_lambda(checker, expression); return;
		case EXPRESSION_LIST_COMPREHENSION:
		case EXPRESSION_SET_COMPREHENSION:
		case EXPRESSION_DICT_COMPREHENSION:
		case EXPRESSION_GENERATOR: check_comprehension(checker, expression); return;
		case EXPRESSION_WALRUS: check_walrus(checker, expression); return;
		case EXPRESSION_AWAIT: check_await(checker, expression); break;
		case EXPRESSION_YIELD:
		case EXPRESSION_YIELD_FROM: check_yield(checker, expression); break;
		case EXPRESSION_CALL:
			for (size_t i = 0; i < expression->call.argument_count; i++)
				check_expression(checker, expression->call.arguments[i].value);
			break;
		default: break;
		}
		for (size_t i = 1; i < expression->items.count; i++)
			check_expression(checker, expression->items.items[i]);
		expression = expression->items.count ? expression->items.items[0] : NULL;
	}
}

static void check_target(struct checker *checker, const struct expression *target)
{
	if (target->kind == EXPRESSION_NAME)
		note(checker, target->name, NAME_BOUND, target->span.start);
	else if (target->kind == EXPRESSION_TUPLE || target->kind == EXPRESSION_LIST || target->kind == EXPRESSION_STARRED)
		for (size_t i = 0; i < target->items.count; i++)
			check_target(checker, target->items.items[i]);
	else
		check_expression(checker, target);
}

/* ------------------------------------------------------------------ match */

struct captured {
	VECTOR(struct declared) names;
};

static bool captures(const struct captured *captured, symbol name)
{
	for (size_t i = 0; i < captured->names.count; i++)
		if (captured->names.items[i].name == name)
			return true;
	return false;
}

/* Whether the pattern matches anything. */
static bool is_irrefutable(const struct pattern *pattern)
{
	while (pattern->kind == PATTERN_AS)
		pattern = pattern->items[0];
	if (pattern->kind == PATTERN_OR)
		return pattern->count && is_irrefutable(pattern->items[pattern->count - 1]);
	return pattern->kind == PATTERN_CAPTURE;
}

static void check_pattern(struct checker *checker, const struct pattern *pattern, struct captured *captured)
{
	check_expression(checker, pattern->value);
	check_list(checker, &pattern->keys);
	if (pattern->kind == PATTERN_OR) {
		struct captured first = {{0}};
		for (size_t i = 0; i < pattern->count; i++) {
			struct captured own = {{0}};
			check_pattern(checker, pattern->items[i], &own);
			if (i + 1 < pattern->count && is_irrefutable(pattern->items[i]))
				fail(checker, pattern->items[i]->span.start,
				     SLICE("this pattern makes remaining patterns unreachable"));
			bool same = i == 0 || own.names.count == first.names.count;
			for (size_t k = 0; k < own.names.count && same && i; k++)
				same = captures(&first, own.names.items[k].name);
			if (!same)
				fail(checker, pattern->span.start, SLICE("alternative patterns bind different names"));
			if (i == 0)
				first = own;
		}
		for (size_t i = 0; i < first.names.count; i++)
			vector_push(checker->scratch, &captured->names, first.names.items[i]);
		return;
	}
	for (size_t i = 0; i < pattern->count; i++)
		check_pattern(checker, pattern->items[i], captured);
	if (!pattern->name)
		return;
	if (captures(captured, pattern->name))
		fail(checker, pattern->span.start,
		     about(checker, "multiple assignments to name '%.*s' in pattern", pattern->name));
	struct declared declared = {pattern->name, pattern->span.start};
	vector_push(checker->scratch, &captured->names, declared);
	note(checker, pattern->name, NAME_BOUND, pattern->span.start);
}

static void check_match(struct checker *checker, const struct statement *statement)
{
	for (size_t i = 0; i < statement->cases.count; i++) {
		const struct match_case *match_case = &statement->cases.items[i];
		struct captured captured = {{0}};
		check_pattern(checker, match_case->pattern, &captured);
		if (i + 1 < statement->cases.count && !match_case->guard && is_irrefutable(match_case->pattern))
			fail(checker, match_case->pattern->span.start, SLICE("this pattern makes remaining patterns unreachable"));
		check_expression(checker, match_case->guard);
		check_body(checker, &match_case->body);
	}
}

/* ------------------------------------------------------------------ statements */

static bool is_future(const struct statement *statement)
{
	return statement->kind == STATEMENT_IMPORT_FROM && !statement->imports.level &&
	       slice_equal(statement->imports.module, SLICE("__future__"));
}

static void check_future(struct checker *checker, const struct statement *statement)
{
	static const struct slice features[] = {
	    SLICE_CONSTANT("nested_scopes"),    SLICE_CONSTANT("generators"),     SLICE_CONSTANT("division"),
	    SLICE_CONSTANT("absolute_import"),  SLICE_CONSTANT("with_statement"), SLICE_CONSTANT("print_function"),
	    SLICE_CONSTANT("unicode_literals"), SLICE_CONSTANT("barry_as_FLUFL"), SLICE_CONSTANT("generator_stop"),
	    SLICE_CONSTANT("annotations"),
	};
	if (statement->span.start >= checker->future_end) {
		fail(checker, statement->span.start, SLICE("from __future__ imports must stand at the beginning"));
		checker->module->error.runs_in_ipython = checker->module->ipython && checker->context->place == PLACE_MODULE;
	}
	for (size_t i = 0; i < statement->imports.count; i++) {
		bool known = false;
		for (size_t k = 0; k < sizeof features / sizeof *features; k++)
			known |= slice_equal(statement->imports.items[i].module, features[k]);
		if (!known)
			fail(checker, statement->imports.items[i].span.start,
			     slice_format(checker->arena, "future feature %.*s is not defined",
			                  SLICE_FORMAT(statement->imports.items[i].module)));
	}
}

static void check_imports(struct checker *checker, const struct statement *statement)
{
	if (is_future(statement))
		check_future(checker, statement);
	for (size_t i = 0; i < statement->imports.count; i++) {
		const struct import_name *import = &statement->imports.items[i];
		if (slice_equal(import->module, SLICE("*"))) {
			if (checker->context->place != PLACE_MODULE)
				fail(checker, statement->span.start, SLICE("import * only allowed at module level"));
		} else {
			note(checker, import->as ? import->as : import->first, NAME_IMPORTED, import->span.start);
		}
	}
}

static void check_function(struct checker *checker, const struct statement *statement)
{
	const struct function *function = statement->function;
	struct context context;
	check_list(checker, &statement->decorators);
	note(checker, statement->name, NAME_BOUND, statement->name_span.start);
	for (size_t i = 0; i < function->parameter_count; i++) {
		check_expression(checker, function->parameters[i].initial);
		check_expression(checker, function->parameters[i].annotation);
	}
	check_expression(checker, function->returns);
	open_context(checker, &context, function->is_async ? PLACE_ASYNC : PLACE_FUNCTION);
	check_parameters(checker, function);
	check_body(checker, &function->body);
	if (context.place == PLACE_ASYNC && context.yields && context.value_return)
		fail(checker, context.value_return - 1, SLICE("'return' with value in async generator"));
	close_context(checker, &context);
}

static void check_class(struct checker *checker, const struct statement *statement)
{
	struct context context;
	check_list(checker, &statement->decorators);
	for (size_t i = 0; i < statement->class.base_count; i++)
		check_expression(checker, statement->class.bases[i].value);
	note(checker, statement->name, NAME_BOUND, statement->name_span.start);
	open_context(checker, &context, PLACE_CLASS);
	check_body(checker, &statement->body);
	close_context(checker, &context);
}

static void check_return(struct checker *checker, const struct statement *statement)
{
	struct context *context = checker->context;
	if (context->place == PLACE_MODULE || context->place == PLACE_CLASS)
		fail(checker, statement->span.start, SLICE("'return' outside function"));
	else if (context->in_star_handler)
		fail(checker, statement->span.start, SLICE("'return' cannot stand in an except* block"));
	if (statement->value && !context->value_return)
		context->value_return = statement->span.start + 1;
}

static void check_way_out(struct checker *checker, const struct statement *statement)
{
	bool is_break = statement->kind == STATEMENT_BREAK;
	if (checker->context->in_star_handler)
		fail(checker, statement->span.start,
		     is_break ? SLICE("'break' cannot stand in an except* block")
		              : SLICE("'continue' cannot stand in an except* block"));
	else if (!checker->context->in_loop)
		fail(checker, statement->span.start,
		     is_break ? SLICE("'break' outside loop") : SLICE("'continue' not properly in loop"));
}

static void check_loop(struct checker *checker, const struct statement *statement)
{
	struct context *context = checker->context;
	bool in_loop = context->in_loop, in_star_handler = context->in_star_handler;
	for (size_t i = 0; i < statement->targets.count; i++)
		check_target(checker, statement->targets.items[i]);
	context->in_loop = true;
	context->in_star_handler = false;
	check_body(checker, &statement->body);
	context->in_loop = in_loop;
	context->in_star_handler = in_star_handler;
}

static void check_handlers(struct checker *checker, const struct statement *statement)
{
	bool in_star_handler = checker->context->in_star_handler;
	check_body(checker, &statement->body);
	checker->context->in_star_handler |= statement->is_star;
	for (size_t i = 0; i < statement->handlers.count; i++) {
		const struct handler *handler = &statement->handlers.items[i];
		check_expression(checker, handler->type);
		note(checker, handler->name, NAME_BOUND, handler->span.start);
		check_body(checker, &handler->body);
	}
	checker->context->in_star_handler = in_star_handler;
}

static void check_outside_async(struct checker *checker, const struct statement *statement)
{
	if (statement->is_async && !is_asynchronous(checker))
		fail(checker, statement->span.start,
		     statement->kind == STATEMENT_FOR ? SLICE("'async for' outside async function")
		                                      : SLICE("'async with' outside async function"));
}

static void check_annotated(struct checker *checker, const struct statement *statement)
{
	const struct expression *target = statement->targets.items[0];
	if (target->kind == EXPRESSION_NAME && statement->simple)
		note(checker, target->name, NAME_ANNOTATED | NAME_BOUND, target->span.start);
	else
		check_target(checker, target);
	check_expression(checker, statement->annotation);
}

/* The Python of a magic stands where the magic does; that of %timeit is a function. */
static void check_magic(struct checker *checker, const struct magic *magic)
{
	struct context context;
	bool is_timed = slice_equal(magic->name, SLICE("timeit"));
	if (is_timed)
		open_context(checker, &context, PLACE_FUNCTION);
	check_body(checker, &magic->setup);
	check_body(checker, &magic->python);
	if (is_timed)
		close_context(checker, &context);
}

static void check_statement(struct checker *checker, const struct statement *statement)
{
	if (statement->value && statement->value->kind == EXPRESSION_STARRED && statement->kind != STATEMENT_MAGIC)
		fail(checker, statement->value->span.start, SLICE("can't use starred expression here"));
	check_expression(checker, statement->value);
	check_expression(checker, statement->cause);
	switch (statement->kind) {
	case STATEMENT_ASSIGN:
	case STATEMENT_AUGMENTED:
	case STATEMENT_DELETE:
		for (size_t i = 0; i < statement->targets.count; i++)
			check_target(checker, statement->targets.items[i]);
		break;
	case STATEMENT_ANNOTATED: check_annotated(checker, statement); break;
	case STATEMENT_BREAK:
	case STATEMENT_CONTINUE: check_way_out(checker, statement); break;
	case STATEMENT_RETURN: check_return(checker, statement); break;
	case STATEMENT_GLOBAL:
	case STATEMENT_NONLOCAL:
		if (statement->kind == STATEMENT_NONLOCAL && checker->context->place == PLACE_MODULE)
			fail(checker, statement->span.start, SLICE("nonlocal declaration not allowed at module level"));
		for (size_t i = 0; i < statement->names.count; i++)
			declare(checker, statement->names.items[i], statement->kind == STATEMENT_GLOBAL, statement->span.start);
		break;
	case STATEMENT_IMPORT:
	case STATEMENT_IMPORT_FROM: check_imports(checker, statement); break;
	case STATEMENT_WHILE: check_loop(checker, statement); break;
	case STATEMENT_FOR:
		check_outside_async(checker, statement);
		check_loop(checker, statement);
		break;
	case STATEMENT_TRY: check_handlers(checker, statement); break;
	case STATEMENT_WITH:
		check_outside_async(checker, statement);
		for (size_t i = 0; i < statement->with_items.count; i++) {
			check_expression(checker, statement->with_items.items[i].context);
			if (statement->with_items.items[i].target)
				check_target(checker, statement->with_items.items[i].target);
		}
		check_body(checker, &statement->body);
		break;
	case STATEMENT_MATCH: check_match(checker, statement); break;
	case STATEMENT_FUNCTION: check_function(checker, statement); return;
	case STATEMENT_CLASS: check_class(checker, statement); return;
	case STATEMENT_IF: check_body(checker, &statement->body); break;
	case STATEMENT_TYPE_ALIAS: note(checker, statement->name, NAME_BOUND, statement->name_span.start); break;
	case STATEMENT_MAGIC: check_magic(checker, statement->magic); break;
	default: check_list(checker, &statement->targets); break;
	}
}

static void check_body(struct checker *checker, const struct statement_list *body)
{
	for (size_t i = 0; i < body->count && !checker->module->has_error; i++) {
		const struct statement *statement = body->items[i];
		for (;; statement = statement->orelse.items[0]) { /* a chain of elif may be long */
			check_statement(checker, statement);
			if (statement->kind != STATEMENT_IF || statement->orelse.count != 1 ||
			    statement->orelse.items[0]->kind != STATEMENT_IF)
				break;
		}
		check_body(checker, &statement->orelse);
		check_body(checker, &statement->finally);
	}
}

static bool has_word(struct slice source, const char *word)
{
	return source.length && memmem(source.bytes, source.length, word, strlen(word));
}

/* The end of the part in which `from __future__` may stand: after a docstring, nothing else before. */
static uint32_t future_end(const struct module *module)
{
	uint32_t end = 0;
	for (size_t i = 0; i < module->body.count; i++) {
		const struct statement *statement = module->body.items[i];
		bool is_docstring = i == 0 && statement->kind == STATEMENT_EXPRESSION &&
		                    statement->value->kind == EXPRESSION_CONSTANT && statement->value->constant.is_string;
		if (!is_docstring && !is_future(statement))
			break;
		end = statement->span.end;
	}
	return end;
}

void python_check(struct arena *arena, struct symbols *symbols, struct module *module)
{
	if (module->has_error || module->dialect == DIALECT_PYTHON2)
		return;
	struct arena *scratch = arena_child(arena);
	struct checker checker = {.arena = arena, .scratch = scratch, .symbols = symbols, .module = module};
	struct context context;
	checker.has_declarations = has_word(module->source, "global") || has_word(module->source, "nonlocal");
	checker.looks_into_expressions = checker.has_declarations || has_word(module->source, "yield") ||
	                                 has_word(module->source, "await") || has_word(module->source, "async") ||
	                                 has_word(module->source, ":=");
	checker.class_cell = symbols_find(symbols, SLICE("__class__"));
	checker.debug = symbols_find(symbols, SLICE("__debug__"));
	checker.future_end = future_end(module);
	open_context(&checker, &context, PLACE_MODULE);
	check_body(&checker, &module->body);
	if (context.needs.count)
		fail(&checker, context.needs.items[0].offset,
		     about(&checker, "no binding for nonlocal '%.*s' found", context.needs.items[0].name));
	arena_free(scratch);
}
