/* Simple statements: those that stand on one line, with semicolons between. */
#include "python/parser_state.h"

static struct expression *parse_value(struct parser *parser)
{
	if (!parser_is(parser, LEX_MAGIC))
		return parse_annotated_rhs(parser);
	struct token token = parser->token;
	parser_advance(parser);
	struct expression *node = parser_expression_node(parser, EXPRESSION_MAGIC, token.start);
	node->magic = parse_magic_line(parser, token, true);
	return node;
}

/* `x = get_ipython().getoutput('ls')` is how IPython writes `x = !ls`. */
static void take_magic_call(struct parser *parser, struct statement *statement)
{
	struct magic *magic = parse_magic_call(parser, statement->value, true);
	if (!magic)
		return;
	struct expression *node = parser_expression_node(parser, EXPRESSION_MAGIC, statement->value->span.start);
	node->magic = magic;
	statement->value = node;
}

static void parse_assignment(struct parser *parser, struct statement *statement, struct expression *first)
{
	expression_vector targets = {0};
	statement->kind = STATEMENT_ASSIGN;
	statement->value = first;
	while (parser_is(parser, LEX_EQUAL)) {
		struct expression *target = statement->value;
		if (target->kind == EXPRESSION_STARRED)
			parser_error(parser, target->span.start, SLICE("a starred target must be in a list or tuple"));
		parser_check_target(parser, target, false);
		vector_push(parser->arena, &targets, target);
		parser_advance(parser);
		statement->value = parse_value(parser);
	}
	statement->targets = parser_list(&targets);
	take_magic_call(parser, statement);
}

static void parse_augmented(struct parser *parser, struct statement *statement, struct expression *target)
{
	if (target->kind != EXPRESSION_NAME && target->kind != EXPRESSION_ATTRIBUTE && target->kind != EXPRESSION_SUBSCRIPT)
		parser_error(
		    parser, target->span.start,
		    slice_format(parser->arena, "%s can't be the target of an augmented assignment", expression_words(target)));
	parser_check_target(parser, target, false);
	expression_vector targets = {0};
	vector_push(parser->arena, &targets, target);
	statement->kind = STATEMENT_AUGMENTED;
	statement->targets = parser_list(&targets);
	parser_advance(parser);
	statement->value = parse_annotated_rhs(parser);
}

static void parse_annotated(struct parser *parser, struct statement *statement, struct expression *target)
{
	if (target->kind != EXPRESSION_NAME && target->kind != EXPRESSION_ATTRIBUTE && target->kind != EXPRESSION_SUBSCRIPT)
		parser_error(parser, target->span.start,
		             slice_format(parser->arena, "%s can't be annotated", expression_words(target)));
	parser_check_target(parser, target, false);
	expression_vector targets = {0};
	vector_push(parser->arena, &targets, target);
	statement->kind = STATEMENT_ANNOTATED;
	statement->targets = parser_list(&targets);
	statement->simple = target->kind == EXPRESSION_NAME && !target->parenthesised;
	parser_advance(parser);
	statement->annotation = parse_expression(parser);
	if (parser_accept(parser, LEX_EQUAL))
		statement->value = parse_value(parser);
	take_magic_call(parser, statement);
}

static struct statement *parse_expression_statement(struct parser *parser)
{
	uint32_t start = parser->token.start;
	struct statement *statement = parser_statement_node(parser, STATEMENT_EXPRESSION, start);
	struct expression *first = parse_annotated_rhs(parser);
	if (parser_is(parser, LEX_EQUAL)) {
		parse_assignment(parser, statement, first);
	} else if (parser_is(parser, LEX_AUGMENTED)) {
		parse_augmented(parser, statement, first);
	} else if (parser_is(parser, LEX_COLON) && first->kind != EXPRESSION_YIELD) {
		parse_annotated(parser, statement, first);
	} else {
		statement->value = first;
		if (first->kind == EXPRESSION_STARRED)
			parser_error(parser, start, SLICE("a starred expression can't stand here"));
		struct magic *magic = parse_magic_call(parser, first, false);
		if (magic) {
			statement->kind = STATEMENT_MAGIC;
			statement->magic = magic;
		}
	}
	return statement;
}

/* A dotted name as written, and its first part. */
static struct slice parse_dotted(struct parser *parser, symbol *first)
{
	struct builder text = {.arena = parser->arena};
	symbol name = parser_name(parser, SLICE("the name of a module is missing"));
	*first = name;
	builder_add(&text, symbols_name(parser->symbols, name));
	while (parser_accept(parser, LEX_DOT)) {
		name = parser_name(parser, SLICE("a name is missing after '.'"));
		builder_add_byte(&text, '.');
		builder_add(&text, symbols_name(parser->symbols, name));
	}
	return builder_slice(&text);
}

typedef VECTOR(struct import_name) import_vector;

static struct statement *finish_imports(struct statement *statement, const import_vector *imports)
{
	statement->imports.items = imports->items;
	statement->imports.count = imports->count;
	return statement;
}

static struct statement *parse_import(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_IMPORT, parser->token.start);
	import_vector imports = {0};
	do {
		parser_advance(parser);
		struct import_name import = {.span = parser_place(parser, parser->token.start, parser->token.end)};
		import.module = parse_dotted(parser, &import.first);
		if (parser_accept(parser, LEX_AS))
			import.as = parser_name(parser, SLICE("a name is missing after 'as'"));
		vector_push(parser->arena, &imports, import);
	} while (parser_is(parser, LEX_COMMA));
	return finish_imports(statement, &imports);
}

static void note_future(struct parser *parser, struct slice feature)
{
	if (slice_equal(feature, SLICE("annotations")))
		parser->module->future_annotations = true;
	if (slice_equal(feature, SLICE("print_function")))
		parser->print_function = true;
}

static struct statement *parse_import_from(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_IMPORT_FROM, parser->token.start);
	import_vector imports = {0};
	unsigned level = 0;
	parser_advance(parser);
	for (; parser_is(parser, LEX_DOT) || parser_is(parser, LEX_ELLIPSIS); parser_advance(parser))
		level += parser_is(parser, LEX_DOT) ? 1 : 3;
	symbol first;
	struct slice module = SLICE("");
	if (level == 0 || !parser_is(parser, LEX_IMPORT))
		module = parse_dotted(parser, &first);
	parser_expect(parser, LEX_IMPORT, SLICE("'import' is missing after the module's name"));
	statement->imports.module = module;
	statement->imports.level = level;
	struct import_name import = {.span = parser_place(parser, parser->token.start, parser->token.end)};
	if (parser_accept(parser, LEX_STAR)) {
		import.module = SLICE("*");
		vector_push(parser->arena, &imports, import);
		return finish_imports(statement, &imports);
	}
	bool parentheses = parser_accept(parser, LEX_LEFT_PAREN);
	for (;;) {
		import = (struct import_name){.span = parser_place(parser, parser->token.start, parser->token.end)};
		import.first = parser_name(parser, SLICE("a name to import is missing"));
		import.module = symbols_name(parser->symbols, import.first);
		if (parser_accept(parser, LEX_AS))
			import.as = parser_name(parser, SLICE("a name is missing after 'as'"));
		if (level == 0 && slice_equal(module, SLICE("__future__")))
			note_future(parser, import.module);
		vector_push(parser->arena, &imports, import);
		if (!parser_accept(parser, LEX_COMMA))
			break;
		if (parentheses && parser_is(parser, LEX_RIGHT_PAREN))
			break;
		if (!parentheses && parser_is(parser, LEX_NEWLINE))
			parser_error(parser, parser->token.start, SLICE("a comma at the end is only allowed in parentheses"));
	}
	if (parentheses)
		parser_expect(parser, LEX_RIGHT_PAREN, SLICE("a closing ')' is missing"));
	return finish_imports(statement, &imports);
}

static struct statement *parse_names(struct parser *parser, enum statement_kind kind)
{
	struct statement *statement = parser_statement_node(parser, kind, parser->token.start);
	VECTOR(symbol) names = {0};
	parser->module->declares = true;
	do {
		parser_advance(parser);
		symbol name = parser_name(parser, SLICE("a name is missing"));
		vector_push(parser->arena, &names, name);
	} while (parser_is(parser, LEX_COMMA));
	statement->names = (struct name_list){names.items, names.count};
	return statement;
}

static bool ends_simple(const struct parser *parser)
{
	return parser_is(parser, LEX_NEWLINE) || parser_is(parser, LEX_SEMICOLON) || parser_is(parser, LEX_END);
}

static struct statement *parse_delete(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_DELETE, parser->token.start);
	parser_advance(parser);
	if (ends_simple(parser))
		parser_unexpected(parser);
	expression_vector targets = {0};
	do
		vector_push(parser->arena, &targets, parse_expression(parser));
	while (parser_accept(parser, LEX_COMMA) && !ends_simple(parser));
	for (size_t i = 0; i < targets.count; i++)
		parser_check_target(parser, targets.items[i], true);
	statement->targets = parser_list(&targets);
	return statement;
}

static struct statement *parse_return(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_RETURN, parser->token.start);
	parser_advance(parser);
	if (!ends_simple(parser))
		statement->value = parse_star_expressions(parser);
	if (statement->value && statement->value->kind == EXPRESSION_STARRED)
		parser_error(parser, statement->value->span.start, SLICE("a starred expression can't stand here"));
	return statement;
}

static struct statement *parse_raise(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_RAISE, parser->token.start);
	parser_advance(parser);
	if (ends_simple(parser))
		return statement;
	statement->value = parse_expression(parser);
	if (parser_accept(parser, LEX_FROM))
		statement->cause = parse_expression(parser);
	expression_vector rest = {0};
	parser->lexer.only_python2 |= parser->options.major == 2 && parser_is(parser, LEX_COMMA);
	while (parser->options.major == 2 && parser_accept(parser, LEX_COMMA))
		vector_push(parser->arena, &rest, parse_expression(parser));
	statement->targets = parser_list(&rest);
	return statement;
}

static struct statement *parse_assert(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_ASSERT, parser->token.start);
	parser_advance(parser);
	statement->value = parse_expression(parser);
	if (parser_accept(parser, LEX_COMMA))
		statement->cause = parse_expression(parser);
	return statement;
}

/* What follows `print` or `exec` here could not follow a name in Python 3. */
static void note_python2(struct parser *parser)
{
	switch (parser->token.kind) {
	case LEX_NAME:
	case LEX_NUMBER:
	case LEX_STRING:
	case LEX_LEFT_BRACE:
	case LEX_BACKTICK:
	case LEX_TILDE:
	case LEX_LAMBDA:
	case LEX_NONE: parser->lexer.only_python2 = true; return;
	case LEX_NOT: parser->lexer.only_python2 |= parser_peek(parser, 1).kind != LEX_IN; return;
	default: return;
	}
}

static struct statement *parse_print(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_PRINT, parser->token.start);
	expression_vector items = {0};
	parser_advance(parser);
	note_python2(parser);
	if (parser_accept(parser, LEX_RIGHT_SHIFT)) {
		statement->value = parse_expression(parser);
		if (!ends_simple(parser))
			parser_expect(parser, LEX_COMMA, SLICE("a comma is missing"));
	}
	while (!ends_simple(parser)) {
		vector_push(parser->arena, &items, parse_expression(parser));
		if (!parser_accept(parser, LEX_COMMA))
			break;
	}
	statement->targets = parser_list(&items);
	return statement;
}

static struct statement *parse_exec(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_EXEC, parser->token.start);
	expression_vector items = {0};
	parser_advance(parser);
	note_python2(parser);
	bool no_in = parser->no_in;
	parser->no_in = true;
	struct expression *code = parse_star_targets(parser);
	parser->no_in = no_in;
	vector_push(parser->arena, &items, code);
	if (parser_accept(parser, LEX_IN)) {
		vector_push(parser->arena, &items, parse_expression(parser));
		if (parser_accept(parser, LEX_COMMA))
			vector_push(parser->arena, &items, parse_expression(parser));
	}
	statement->targets = parser_list(&items);
	return statement;
}

static struct statement *parse_word(struct parser *parser, enum statement_kind kind)
{
	struct statement *statement = parser_statement_node(parser, kind, parser->token.start);
	parser_advance(parser);
	return statement;
}

static bool at_type_alias(struct parser *parser)
{
	if (!parser_is_name(parser, SLICE("type")) || parser_peek(parser, 1).kind != LEX_NAME)
		return false;
	enum lexeme after = parser_peek(parser, 2).kind;
	return after == LEX_EQUAL || after == LEX_LEFT_BRACKET;
}

static struct statement *parse_type_alias(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_TYPE_ALIAS, parser->token.start);
	parser_needs(parser, 12);
	parser_advance(parser);
	statement->name_span = parser_place(parser, parser->token.start, parser->token.end);
	statement->name = parser_name(parser, SLICE("a name is missing after 'type'"));
	statement->type_parameters = parse_type_parameters(parser);
	parser_expect(parser, LEX_EQUAL, SLICE("'=' is missing in the type statement"));
	statement->value = parse_expression(parser);
	return statement;
}

static struct statement *parse_simple(struct parser *parser)
{
	switch (parser->token.kind) {
	case LEX_PASS: return parse_word(parser, STATEMENT_PASS);
	case LEX_BREAK: return parse_word(parser, STATEMENT_BREAK);
	case LEX_CONTINUE: return parse_word(parser, STATEMENT_CONTINUE);
	case LEX_RETURN: return parse_return(parser);
	case LEX_RAISE: return parse_raise(parser);
	case LEX_GLOBAL: return parse_names(parser, STATEMENT_GLOBAL);
	case LEX_NONLOCAL: return parse_names(parser, STATEMENT_NONLOCAL);
	case LEX_DEL: return parse_delete(parser);
	case LEX_ASSERT: return parse_assert(parser);
	case LEX_IMPORT: return parse_import(parser);
	case LEX_FROM: return parse_import_from(parser);
	case LEX_PRINT: return parser->print_function ? parse_expression_statement(parser) : parse_print(parser);
	case LEX_EXEC: return parse_exec(parser);
	case LEX_NAME:
		if (at_type_alias(parser))
			return parse_type_alias(parser);
		return parse_expression_statement(parser);
	default: return parse_expression_statement(parser);
	}
}

void parse_simple_line(struct parser *parser, struct statement_list *into, size_t *capacity)
{
	for (;;) {
		uint32_t start = parser->token.start;
		struct statement *statement = parse_simple(parser);
		statement->span = parser_span(parser, start);
		statement->semicolon = parser_is(parser, LEX_SEMICOLON);
		if (!ends_simple(parser))
			parser_unexpected(parser);
		parser_add(parser, into, capacity, statement);
		parser->kept_end = parser->last_end;
		if (!parser_accept(parser, LEX_SEMICOLON) || parser_is(parser, LEX_NEWLINE))
			break;
	}
	parser_accept(parser, LEX_NEWLINE);
}
