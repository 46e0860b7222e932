/* tree.h - a syntax tree as an S-expression, for the parser's tests and for the
 * comparison with CPython's ast (tests/oracle/syntax_oracle.py writes the same
 * from there).
 *
 *     x = f(a, *b, k=1)      (= x (call f a (* b) (k= 1)))
 *     if x: pass             (if x ((pass)))
 *
 * A null is `-`, a number `#`, bytes `b#`, a string its text in quotes. Chains
 * are shown as CPython nests them: `a + b - c` is (op (op a b) c), several signs
 * in a row are one. Positional arguments stand before keyword ones.
 */
#ifndef NBSCOPE_TESTS_TREE_H
#define NBSCOPE_TESTS_TREE_H

#include "python/parser.h"

struct tree {
	struct builder out;
	struct arena *arena;
	const struct symbols *symbols;
	struct slice source;
	bool lines;  /* statements begin with their line */
	bool magics; /* of magics, what IPython calls them with, and not what they hold */
};

static void tree_expression(struct tree *tree, const struct expression *expression);
static void tree_statement(struct tree *tree, const struct statement *statement);
static void tree_statements(struct tree *tree, const struct statement_list *list);
static void tree_pattern(struct tree *tree, const struct pattern *pattern);

static inline void tree_string(struct tree *tree, const char *text)
{
	builder_add_string(&tree->out, text);
}

static inline void tree_name(struct tree *tree, symbol name)
{
	builder_add(&tree->out, name ? symbols_name(tree->symbols, name) : SLICE("-"));
}

static inline void tree_quoted(struct tree *tree, struct slice text)
{
	builder_add_byte(&tree->out, '\'');
	for (size_t i = 0; i < text.length; i++) {
		char c = text.bytes[i];
		if (c == '\'' || c == '\\' || (unsigned char)c < ' ')
			builder_add_format(&tree->out, "\\x%02x", (unsigned char)c);
		else
			builder_add_byte(&tree->out, c);
	}
	builder_add_byte(&tree->out, '\'');
}

static inline void tree_items(struct tree *tree, const char *head, const struct expression_list *items)
{
	builder_add_format(&tree->out, "(%s", head);
	for (size_t i = 0; i < items->count; i++) {
		builder_add_byte(&tree->out, ' ');
		tree_expression(tree, items->items[i]);
	}
	builder_add_byte(&tree->out, ')');
}

static inline void tree_constant(struct tree *tree, const struct expression *expression)
{
	struct slice value;
	if (expression->constant.is_string) {
		if (python_string_value(tree->arena, tree->source, expression, &value))
			tree_quoted(tree, value);
		else
			tree_string(tree, "'?'");
	} else {
		tree_string(tree, expression->constant.is_bytes      ? "b#"
		                  : expression->constant.is_none     ? "None"
		                  : expression->constant.is_true     ? "True"
		                  : expression->constant.is_false    ? "False"
		                  : expression->constant.is_ellipsis ? "..."
		                                                     : "#");
	}
}

static inline void tree_argument(struct tree *tree, const struct argument *argument)
{
	tree_string(tree, argument->stars == 2 ? " (** " : argument->stars == 1 ? " (* " : argument->keyword ? " (" : " ");
	if (argument->keyword) {
		tree_name(tree, argument->keyword);
		tree_string(tree, "= ");
	}
	tree_expression(tree, argument->value);
	if (argument->stars || argument->keyword)
		builder_add_byte(&tree->out, ')');
}

/* Positional arguments, then keyword ones, as the ast has them. */
static inline void tree_arguments(struct tree *tree, const struct argument *arguments, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!arguments[i].keyword && arguments[i].stars != 2)
			tree_argument(tree, &arguments[i]);
	for (size_t i = 0; i < count; i++)
		if (arguments[i].keyword || arguments[i].stars == 2)
			tree_argument(tree, &arguments[i]);
}

static inline void tree_parameters(struct tree *tree, const struct function *function)
{
	builder_add_byte(&tree->out, '(');
	for (size_t i = 0; i < function->parameter_count; i++) {
		const struct parameter *parameter = &function->parameters[i];
		tree_string(tree, i ? " " : "");
		tree_string(tree, parameter->stars == 2 ? "**" : parameter->stars == 1 ? "*" : "");
		tree_string(tree, parameter->kind == 1 ? "/" : parameter->kind == 2 && !parameter->stars ? "!" : "");
		if (parameter->tuple)
			tree_expression(tree, parameter->tuple);
		else
			tree_name(tree, parameter->name);
		if (parameter->annotation) {
			builder_add_byte(&tree->out, ':');
			tree_expression(tree, parameter->annotation);
		}
		if (parameter->initial) {
			builder_add_byte(&tree->out, '=');
			tree_expression(tree, parameter->initial);
		}
	}
	builder_add_byte(&tree->out, ')');
}

static inline void tree_type_parameters(struct tree *tree, const struct type_parameters *parameters)
{
	for (size_t i = 0; i < parameters->count; i++) {
		const struct type_parameter *parameter = &parameters->items[i];
		tree_string(tree, i ? " " : " [");
		tree_string(tree, parameter->stars == 2 ? "**" : parameter->stars == 1 ? "*" : "");
		tree_name(tree, parameter->name);
		if (parameter->bound) {
			builder_add_byte(&tree->out, ':');
			tree_expression(tree, parameter->bound);
		}
		if (parameter->initial) {
			builder_add_byte(&tree->out, '=');
			tree_expression(tree, parameter->initial);
		}
	}
	tree_string(tree, parameters->count ? "]" : "");
}

static inline void tree_comprehension(struct tree *tree, const char *head, const struct comprehension *comprehension)
{
	builder_add_format(&tree->out, "(%s ", head);
	tree_expression(tree, comprehension->element);
	if (comprehension->value) {
		builder_add_byte(&tree->out, ' ');
		tree_expression(tree, comprehension->value);
	}
	for (size_t i = 0; i < comprehension->clause_count; i++) {
		const struct comprehension_clause *clause = &comprehension->clauses[i];
		tree_string(tree, clause->is_async ? " (async for " : " (for ");
		tree_expression(tree, clause->target);
		builder_add_byte(&tree->out, ' ');
		tree_expression(tree, clause->iterable);
		for (size_t j = 0; j < clause->conditions.count; j++) {
			tree_string(tree, " if ");
			tree_expression(tree, clause->conditions.items[j]);
		}
		builder_add_byte(&tree->out, ')');
	}
	builder_add_byte(&tree->out, ')');
}

/* A call that IPython makes of its own syntax. */
static inline void tree_magic_call(struct tree *tree, const struct magic *magic)
{
	static const char *const kinds[] = {"%", "%%", "!", "!!", "?", "quote"};
	struct slice name = magic->name;
	if (magic->kind == MAGIC_QUOTE) {
		for (size_t i = 0; i < magic->python.count; i++) {
			tree_string(tree, i ? " " : "");
			tree_statement(tree, magic->python.items[i]);
		}
		return;
	}
	bool help = magic->kind == MAGIC_LINE && (slice_equal(name, SLICE("pinfo")) || slice_equal(name, SLICE("pinfo2")) ||
	                                          slice_equal(name, SLICE("psearch")));
	builder_add_format(&tree->out, "(%s ", help ? "?" : kinds[magic->kind]);
	tree_quoted(tree, help ? magic->line : name);
	if (!help && magic->kind != MAGIC_HELP) {
		builder_add_byte(&tree->out, ' ');
		tree_quoted(tree, magic->line);
	}
	if (magic->kind == MAGIC_CELL) {
		builder_add_byte(&tree->out, ' ');
		tree_quoted(tree, magic->body);
	}
	builder_add_byte(&tree->out, ')');
}

static inline void tree_magic(struct tree *tree, const struct magic *magic)
{
	static const char *const kinds[] = {"%", "%%", "!", "!!", "?", "quote"};
	if (tree->magics) {
		tree_magic_call(tree, magic);
		return;
	}
	builder_add_format(&tree->out, "(%s ", kinds[magic->kind]);
	tree_quoted(tree, magic->name);
	builder_add_byte(&tree->out, ' ');
	tree_quoted(tree, magic->line);
	if (magic->kind == MAGIC_CELL) {
		builder_add_byte(&tree->out, ' ');
		tree_quoted(tree, magic->body);
	}
	if (magic->fields.count) {
		builder_add_byte(&tree->out, ' ');
		tree_items(tree, "fields", &magic->fields);
	}
	if (magic->setup.count) {
		tree_string(tree, " setup ");
		tree_statements(tree, &magic->setup);
	}
	if (magic->python.count) {
		builder_add_byte(&tree->out, ' ');
		tree_statements(tree, &magic->python);
	}
	builder_add_byte(&tree->out, ')');
}

/* Operands of a left-growing chain, nested as CPython nests them. */
static inline void tree_operation(struct tree *tree, const struct expression *expression)
{
	const struct expression_list *items = &expression->items;
	if (items->count == 1) {
		const struct expression *operand = items->items[0];
		while (operand->kind == EXPRESSION_OPERATION && operand->items.count == 1)
			operand = operand->items.items[0];
		tree_string(tree, "(op ");
		tree_expression(tree, operand);
		builder_add_byte(&tree->out, ')');
		return;
	}
	for (size_t i = 1; i < items->count; i++)
		tree_string(tree, "(op ");
	for (size_t i = 0; i < items->count; i++) {
		tree_string(tree, i ? " " : "");
		tree_expression(tree, items->items[i]);
		tree_string(tree, i ? ")" : "");
	}
}

static inline void tree_dict(struct tree *tree, const struct expression *expression)
{
	tree_string(tree, "(dict");
	for (size_t i = 0; i < expression->items.count; i += 2) {
		builder_add_byte(&tree->out, ' ');
		if (expression->items.items[i])
			tree_expression(tree, expression->items.items[i]);
		else
			tree_string(tree, "**");
		builder_add_byte(&tree->out, ' ');
		tree_expression(tree, expression->items.items[i + 1]);
	}
	builder_add_byte(&tree->out, ')');
}

static inline void tree_expression(struct tree *tree, const struct expression *expression)
{
	if (!expression) {
		tree_string(tree, "-");
		return;
	}
	const struct expression_list *items = &expression->items;
	switch (expression->kind) {
	case EXPRESSION_NAME: tree_name(tree, expression->name); break;
	case EXPRESSION_CONSTANT: tree_constant(tree, expression); break;
	case EXPRESSION_FORMATTED: tree_items(tree, "f", items); break;
	case EXPRESSION_TUPLE: tree_items(tree, "tuple", items); break;
	case EXPRESSION_LIST: tree_items(tree, "list", items); break;
	case EXPRESSION_SET: tree_items(tree, "set", items); break;
	case EXPRESSION_DICT: tree_dict(tree, expression); break;
	case EXPRESSION_OPERATION: tree_operation(tree, expression); break;
	case EXPRESSION_COMPARISON: tree_items(tree, "cmp", items); break;
	case EXPRESSION_AND: tree_items(tree, "and", items); break;
	case EXPRESSION_OR: tree_items(tree, "or", items); break;
	case EXPRESSION_NOT: tree_items(tree, "not", items); break;
	case EXPRESSION_CONDITIONAL: tree_items(tree, "ifelse", items); break;
	case EXPRESSION_WALRUS: tree_items(tree, ":=", items); break;
	case EXPRESSION_LAMBDA:
		tree_string(tree, "(lambda ");
		tree_parameters(tree, expression->function);
		builder_add_byte(&tree->out, ' ');
		tree_expression(tree, expression->function->value);
		builder_add_byte(&tree->out, ')');
		break;
	case EXPRESSION_LIST_COMPREHENSION: tree_comprehension(tree, "listcomp", expression->comprehension); break;
	case EXPRESSION_SET_COMPREHENSION: tree_comprehension(tree, "setcomp", expression->comprehension); break;
	case EXPRESSION_GENERATOR: tree_comprehension(tree, "generator", expression->comprehension); break;
	case EXPRESSION_DICT_COMPREHENSION: tree_comprehension(tree, "dictcomp", expression->comprehension); break;
	case EXPRESSION_ATTRIBUTE:
		tree_string(tree, "(. ");
		tree_expression(tree, items->items[0]);
		builder_add_byte(&tree->out, ' ');
		tree_name(tree, expression->name);
		builder_add_byte(&tree->out, ')');
		break;
	case EXPRESSION_SUBSCRIPT: tree_items(tree, "[]", items); break;
	case EXPRESSION_SLICE: tree_items(tree, ":", items); break;
	case EXPRESSION_CALL:
		tree_string(tree, "(call ");
		tree_expression(tree, items->items[0]);
		tree_arguments(tree, expression->call.arguments, expression->call.argument_count);
		builder_add_byte(&tree->out, ')');
		break;
	case EXPRESSION_STARRED: tree_items(tree, "*", items); break;
	case EXPRESSION_AWAIT: tree_items(tree, "await", items); break;
	case EXPRESSION_YIELD: tree_items(tree, "yield", items); break;
	case EXPRESSION_YIELD_FROM: tree_items(tree, "yield-from", items); break;
	case EXPRESSION_BACKTICKS: tree_items(tree, "repr", items); break;
	case EXPRESSION_MAGIC: tree_magic(tree, expression->magic); break;
	case EXPRESSION_INVALID: tree_string(tree, "(invalid)"); break;
	}
}

static inline void tree_patterns(struct tree *tree, const char *head, const struct pattern *pattern)
{
	builder_add_format(&tree->out, "(%s", head);
	for (size_t i = 0; i < pattern->count; i++) {
		builder_add_byte(&tree->out, ' ');
		tree_pattern(tree, pattern->items[i]);
	}
}

static inline void tree_pattern(struct tree *tree, const struct pattern *pattern)
{
	switch (pattern->kind) {
	case PATTERN_VALUE: tree_expression(tree, pattern->value); break;
	case PATTERN_CAPTURE:
		tree_string(tree, pattern->name ? "(as " : "_");
		if (pattern->name) {
			tree_name(tree, pattern->name);
			builder_add_byte(&tree->out, ')');
		}
		break;
	case PATTERN_STAR:
		tree_string(tree, "(* ");
		tree_name(tree, pattern->name);
		builder_add_byte(&tree->out, ')');
		break;
	case PATTERN_SEQUENCE:
		tree_patterns(tree, "seq", pattern);
		builder_add_byte(&tree->out, ')');
		break;
	case PATTERN_OR:
		tree_patterns(tree, "|", pattern);
		builder_add_byte(&tree->out, ')');
		break;
	case PATTERN_MAPPING:
		tree_string(tree, "(map");
		for (size_t i = 0; i < pattern->count; i++) {
			builder_add_byte(&tree->out, ' ');
			tree_expression(tree, pattern->keys.items[i]);
			builder_add_byte(&tree->out, ' ');
			tree_pattern(tree, pattern->items[i]);
		}
		if (pattern->name) {
			tree_string(tree, " ** ");
			tree_name(tree, pattern->name);
		}
		builder_add_byte(&tree->out, ')');
		break;
	case PATTERN_CLASS:
		tree_string(tree, "(class ");
		tree_expression(tree, pattern->value);
		builder_add_byte(&tree->out, ' ');
		tree_patterns(tree, "", pattern);
		tree_string(tree, "))");
		break;
	case PATTERN_AS:
		tree_string(tree, "(as ");
		tree_pattern(tree, pattern->items[0]);
		builder_add_byte(&tree->out, ' ');
		tree_name(tree, pattern->name);
		builder_add_byte(&tree->out, ')');
		break;
	}
}

static inline void tree_imports(struct tree *tree, const struct statement *statement)
{
	for (size_t i = 0; i < statement->imports.count; i++) {
		const struct import_name *import = &statement->imports.items[i];
		builder_add_byte(&tree->out, ' ');
		builder_add(&tree->out, import->module);
		if (import->as) {
			builder_add_byte(&tree->out, '=');
			tree_name(tree, import->as);
		}
	}
}

/* ` expression`, for each of several. */
static inline void tree_each(struct tree *tree, const struct expression_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		builder_add_byte(&tree->out, ' ');
		tree_expression(tree, list->items[i]);
	}
}

static inline void tree_optional(struct tree *tree, const struct expression *expression)
{
	if (expression) {
		builder_add_byte(&tree->out, ' ');
		tree_expression(tree, expression);
	}
}

static inline void tree_block(struct tree *tree, const char *before, const struct statement_list *list)
{
	tree_string(tree, before);
	tree_statements(tree, list);
}

static inline void tree_orelse(struct tree *tree, const struct statement *statement)
{
	if (statement->orelse.count)
		tree_block(tree, " else ", &statement->orelse);
}

static inline void tree_try(struct tree *tree, const struct statement *statement)
{
	tree_block(tree, statement->is_star ? "(try* " : "(try ", &statement->body);
	for (size_t i = 0; i < statement->handlers.count; i++) {
		const struct handler *handler = &statement->handlers.items[i];
		tree_string(tree, " (except ");
		tree_expression(tree, handler->type);
		builder_add_byte(&tree->out, ' ');
		if (handler->target)
			tree_expression(tree, handler->target);
		else
			tree_name(tree, handler->name);
		tree_block(tree, " ", &handler->body);
		builder_add_byte(&tree->out, ')');
	}
	tree_orelse(tree, statement);
	if (statement->finally.count)
		tree_block(tree, " finally ", &statement->finally);
	builder_add_byte(&tree->out, ')');
}

static inline void tree_with(struct tree *tree, const struct statement *statement)
{
	tree_string(tree, statement->is_async ? "(async with" : "(with");
	for (size_t i = 0; i < statement->with_items.count; i++) {
		const struct with_item *item = &statement->with_items.items[i];
		builder_add_byte(&tree->out, ' ');
		tree_expression(tree, item->context);
		if (item->target) {
			tree_string(tree, " as ");
			tree_expression(tree, item->target);
		}
	}
	tree_block(tree, " ", &statement->body);
	builder_add_byte(&tree->out, ')');
}

static inline void tree_match(struct tree *tree, const struct statement *statement)
{
	tree_string(tree, "(match ");
	tree_expression(tree, statement->value);
	for (size_t i = 0; i < statement->cases.count; i++) {
		const struct match_case *match = &statement->cases.items[i];
		tree_string(tree, " (case ");
		tree_pattern(tree, match->pattern);
		if (match->guard) {
			tree_string(tree, " if ");
			tree_expression(tree, match->guard);
		}
		tree_block(tree, " ", &match->body);
		builder_add_byte(&tree->out, ')');
	}
	builder_add_byte(&tree->out, ')');
}

static inline void tree_decorators(struct tree *tree, const struct statement *statement)
{
	for (size_t i = 0; i < statement->decorators.count; i++) {
		tree_string(tree, " @");
		tree_expression(tree, statement->decorators.items[i]);
	}
}

static inline void tree_definition(struct tree *tree, const struct statement *statement)
{
	bool function = statement->kind == STATEMENT_FUNCTION;
	tree_string(tree, !function ? "(class" : statement->is_async ? "(async def" : "(def");
	tree_decorators(tree, statement);
	builder_add_byte(&tree->out, ' ');
	tree_name(tree, statement->name);
	if (function) {
		tree_type_parameters(tree, &statement->function->type_parameters);
		builder_add_byte(&tree->out, ' ');
		tree_parameters(tree, statement->function);
		if (statement->function->returns) {
			tree_string(tree, " -> ");
			tree_expression(tree, statement->function->returns);
		}
		tree_block(tree, " ", &statement->function->body);
	} else {
		tree_type_parameters(tree, &statement->type_parameters);
		tree_arguments(tree, statement->class.bases, statement->class.base_count);
		tree_block(tree, " ", &statement->body);
	}
	builder_add_byte(&tree->out, ')');
}

/* The kinds that are a word, a value and targets. */
static inline void tree_simple(struct tree *tree, const char *head, const struct statement *statement)
{
	builder_add_format(&tree->out, "(%s", head);
	tree_each(tree, &statement->targets);
	tree_optional(tree, statement->value);
	tree_optional(tree, statement->cause);
	builder_add_byte(&tree->out, ')');
}

static inline void tree_names(struct tree *tree, const char *head, const struct statement *statement)
{
	builder_add_format(&tree->out, "(%s", head);
	for (size_t i = 0; i < statement->names.count; i++) {
		builder_add_byte(&tree->out, ' ');
		tree_name(tree, statement->names.items[i]);
	}
	builder_add_byte(&tree->out, ')');
}

static inline void tree_statement(struct tree *tree, const struct statement *statement)
{
	if (tree->lines)
		builder_add_format(&tree->out, "%u", statement->line);
	switch (statement->kind) {
	case STATEMENT_EXPRESSION: tree_simple(tree, "expr", statement); break;
	case STATEMENT_ASSIGN: tree_simple(tree, "=", statement); break;
	case STATEMENT_AUGMENTED: tree_simple(tree, "op=", statement); break;
	case STATEMENT_ANNOTATED:
		tree_string(tree, statement->simple ? "(ann " : "(ann() ");
		tree_expression(tree, statement->targets.items[0]);
		tree_optional(tree, statement->annotation);
		tree_optional(tree, statement->value);
		builder_add_byte(&tree->out, ')');
		break;
	case STATEMENT_TYPE_ALIAS:
		tree_string(tree, "(type ");
		tree_name(tree, statement->name);
		tree_type_parameters(tree, &statement->type_parameters);
		tree_optional(tree, statement->value);
		builder_add_byte(&tree->out, ')');
		break;
	case STATEMENT_DELETE: tree_simple(tree, "del", statement); break;
	case STATEMENT_PASS: tree_string(tree, "(pass)"); break;
	case STATEMENT_BREAK: tree_string(tree, "(break)"); break;
	case STATEMENT_CONTINUE: tree_string(tree, "(continue)"); break;
	case STATEMENT_RETURN: tree_simple(tree, "return", statement); break;
	case STATEMENT_RAISE: tree_simple(tree, "raise", statement); break;
	case STATEMENT_ASSERT: tree_simple(tree, "assert", statement); break;
	case STATEMENT_GLOBAL: tree_names(tree, "global", statement); break;
	case STATEMENT_NONLOCAL: tree_names(tree, "nonlocal", statement); break;
	case STATEMENT_IMPORT:
		tree_string(tree, "(import");
		tree_imports(tree, statement);
		builder_add_byte(&tree->out, ')');
		break;
	case STATEMENT_IMPORT_FROM:
		tree_string(tree, "(from ");
		for (unsigned i = 0; i < statement->imports.level; i++)
			builder_add_byte(&tree->out, '.');
		builder_add(&tree->out, statement->imports.module);
		tree_imports(tree, statement);
		builder_add_byte(&tree->out, ')');
		break;
	case STATEMENT_IF:
	case STATEMENT_WHILE:
		tree_string(tree, statement->kind == STATEMENT_IF ? "(if " : "(while ");
		tree_expression(tree, statement->value);
		tree_block(tree, " ", &statement->body);
		tree_orelse(tree, statement);
		builder_add_byte(&tree->out, ')');
		break;
	case STATEMENT_FOR:
		tree_string(tree, statement->is_async ? "(async for " : "(for ");
		tree_expression(tree, statement->targets.items[0]);
		builder_add_byte(&tree->out, ' ');
		tree_expression(tree, statement->value);
		tree_block(tree, " ", &statement->body);
		tree_orelse(tree, statement);
		builder_add_byte(&tree->out, ')');
		break;
	case STATEMENT_TRY: tree_try(tree, statement); break;
	case STATEMENT_WITH: tree_with(tree, statement); break;
	case STATEMENT_MATCH: tree_match(tree, statement); break;
	case STATEMENT_FUNCTION:
	case STATEMENT_CLASS: tree_definition(tree, statement); break;
	case STATEMENT_MAGIC: tree_magic(tree, statement->magic); break;
	case STATEMENT_PRINT:
		tree_string(tree, statement->value ? "(print >>" : "(print");
		if (statement->value)
			tree_expression(tree, statement->value);
		tree_each(tree, &statement->targets);
		builder_add_byte(&tree->out, ')');
		break;
	case STATEMENT_EXEC: tree_simple(tree, "exec", statement); break;
	case STATEMENT_INVALID: tree_string(tree, "(invalid)"); break;
	}
}

static inline void tree_statements(struct tree *tree, const struct statement_list *list)
{
	builder_add_byte(&tree->out, '(');
	for (size_t i = 0; i < list->count; i++) {
		tree_string(tree, i ? " " : "");
		tree_statement(tree, list->items[i]);
	}
	builder_add_byte(&tree->out, ')');
}

/* The statements of a module, one beside the other, without the outer parentheses. */
static inline struct slice tree_of_module(struct arena *arena, const struct symbols *symbols,
                                          const struct module *module, bool lines, bool magics)
{
	struct tree tree = {{.arena = arena}, arena, symbols, module->source, lines, magics};
	for (size_t i = 0; i < module->body.count; i++) {
		tree_string(&tree, i ? " " : "");
		tree_statement(&tree, module->body.items[i]);
	}
	return builder_slice(&tree.out);
}

#endif
