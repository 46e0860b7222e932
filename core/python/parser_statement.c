/* Compound statements, their blocks, and what begins which statement. */
#include "python/parser_state.h"

/* A block under construction; it must survive a longjmp, so it is no local variable. */
struct block {
	struct statement_list list;
	size_t capacity;
};

struct statement *parser_statement_node(struct parser *parser, enum statement_kind kind, uint32_t start)
{
	struct statement *statement = arena_alloc(parser->arena, sizeof *statement);
	statement->kind = kind;
	statement->span = parser_span(parser, start);
	statement->line = parser_line(parser, start);
	return statement;
}

void parser_add(struct parser *parser, struct statement_list *into, size_t *capacity, struct statement *statement)
{
	into->items = arena_grow(parser->arena, into->items, into->count, capacity, sizeof *into->items);
	into->items[into->count++] = statement;
}

static struct statement_list one_statement(struct parser *parser, struct statement *statement)
{
	struct statement_list list = {0};
	size_t capacity = 0;
	parser_add(parser, &list, &capacity, statement);
	return list;
}

static void parse_block_into(struct parser *parser, struct block *block, struct slice owner)
{
	if (!parser_accept(parser, LEX_NEWLINE)) {
		parse_simple_line(parser, &block->list, &block->capacity);
		return;
	}
	if (!parser_is(parser, LEX_INDENT))
		parser_error(parser, parser->token.start,
		             slice_format(parser->arena, "an indented block is missing after %.*s", SLICE_FORMAT(owner)));
	parser_advance(parser);
	while (!parser_is(parser, LEX_DEDENT) && !parser_is(parser, LEX_END) && !parser->resynchronise)
		parse_statement(parser, &block->list, &block->capacity);
	if (!parser->resynchronise)
		parser_accept(parser, LEX_DEDENT);
}

/* The block after a ':'. An error inside keeps what stands before it, so that the
 * statement around it keeps its header; then all blocks are left. */
static struct statement_list parse_block(struct parser *parser, struct slice owner)
{
	if (!parser_accept(parser, LEX_COLON)) /* nearly every block has its own: no words are made for it */
		parser_error(parser, parser->token.start,
		             slice_format(parser->arena, "a ':' is missing after %.*s", SLICE_FORMAT(owner)));
	struct block *block = arena_alloc(parser->arena, sizeof *block);
	if (parser->trying) {
		parse_block_into(parser, block, owner);
		return block->list;
	}
	jmp_buf *outer = parser->recovery, here;
	unsigned depth = parser->depth;
	if (setjmp(here) == 0) {
		parser->recovery = &here;
		parse_block_into(parser, block, owner);
	} else {
		parser->resynchronise = true;
		parser->depth = depth;
		parser->token = (struct token){.kind = LEX_ERROR, .start = parser->error_at, .end = parser->error_at};
	}
	parser->recovery = outer;
	return block->list;
}

static struct statement_list parse_else(struct parser *parser)
{
	if (!parser_accept(parser, LEX_ELSE))
		return (struct statement_list){0};
	return parse_block(parser, SLICE("'else'"));
}

static struct statement *parse_if(struct parser *parser)
{
	struct statement *first = parser_statement_node(parser, STATEMENT_IF, parser->token.start), *statement = first;
	parser_advance(parser);
	statement->value = parse_named_expression(parser);
	statement->body = parse_block(parser, SLICE("'if'"));
	while (parser_is(parser, LEX_ELIF)) {
		uint32_t start = parser->token.start;
		struct statement *next = parser_statement_node(parser, STATEMENT_IF, start);
		parser_advance(parser);
		next->value = parse_named_expression(parser);
		next->body = parse_block(parser, SLICE("'elif'"));
		next->span = parser_span(parser, start);
		statement->orelse = one_statement(parser, next);
		statement = next;
	}
	statement->orelse = parse_else(parser);
	return first;
}

static struct statement *parse_while(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_WHILE, parser->token.start);
	parser_advance(parser);
	statement->value = parse_named_expression(parser);
	statement->body = parse_block(parser, SLICE("'while'"));
	statement->orelse = parse_else(parser);
	return statement;
}

/* `*a, b` without parentheses of its own. */
static bool is_bare_unpacking(const struct expression *tuple)
{
	if (!tuple->items.count || tuple->items.items[0]->span.start != tuple->span.start)
		return false;
	for (size_t i = 0; i < tuple->items.count; i++)
		if (tuple->items.items[i]->kind == EXPRESSION_STARRED)
			return true;
	return false;
}

static struct statement *parse_for(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_FOR, parser->token.start);
	parser_advance(parser);
	expression_vector targets = {0};
	vector_push(parser->arena, &targets, parse_star_targets(parser));
	parser_check_target(parser, targets.items[0], false);
	if (targets.items[0]->kind == EXPRESSION_STARRED)
		parser_error(parser, targets.items[0]->span.start, SLICE("a starred target must be in a list or tuple"));
	statement->targets = parser_list(&targets);
	parser_expect(parser, LEX_IN, SLICE("'in' is missing after the names of 'for'"));
	statement->value = parse_star_expressions(parser);
	if (statement->value->kind == EXPRESSION_TUPLE && is_bare_unpacking(statement->value))
		parser_needs(parser, 9);
	statement->body = parse_block(parser, SLICE("'for'"));
	statement->orelse = parse_else(parser);
	return statement;
}

static struct handler parse_handler(struct parser *parser, struct statement *try)
{
	struct handler handler = {.span = parser_place(parser, parser->token.start, parser->token.end)};
	uint32_t start = parser->token.start;
	parser_advance(parser);
	bool star = parser_accept(parser, LEX_STAR);
	if (star)
		parser_needs(parser, 11);
	if (try->handlers.count > 0 && star != try->is_star)
		parser_error(parser, start, SLICE("'except' and 'except*' can't stand in one try"));
	try->is_star = star;
	if (!parser_is(parser, LEX_COLON)) {
		handler.type = parse_expression(parser);
		if (parser_is(parser, LEX_COMMA) && parser->options.major == 2) {
			parser->lexer.only_python2 = true;
			parser_advance(parser);
			struct expression *target = parse_primary(parser);
			parser_check_target(parser, target, false);
			if (target->kind == EXPRESSION_NAME)
				handler.name = target->name;
			else
				handler.target = target;
		} else if (parser_is(parser, LEX_COMMA)) {
			parser_needs(parser, 14);
			expression_vector items = {0};
			vector_push(parser->arena, &items, handler.type);
			while (parser_accept(parser, LEX_COMMA) && !parser_is(parser, LEX_COLON))
				vector_push(parser->arena, &items, parse_expression(parser));
			handler.type = parser_expression_node(parser, EXPRESSION_TUPLE, items.items[0]->span.start);
			handler.type->items = parser_list(&items);
			if (parser_is(parser, LEX_AS))
				parser_error(parser, parser->token.start, SLICE("several exceptions need parentheses before 'as'"));
		}
		if (parser_accept(parser, LEX_AS))
			handler.name = parser_name(parser, SLICE("a name is missing after 'as'"));
	} else if (star) {
		parser_error(parser, parser->token.start, SLICE("'except*' needs an exception type"));
	}
	handler.body = parse_block(parser, SLICE("'except'"));
	handler.span = parser_span(parser, start);
	return handler;
}

static struct statement *parse_try(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_TRY, parser->token.start);
	parser_advance(parser);
	statement->body = parse_block(parser, SLICE("'try'"));
	VECTOR(struct handler) handlers = {0};
	while (parser_is(parser, LEX_EXCEPT)) {
		if (handlers.count && !handlers.items[handlers.count - 1].type)
			parser_error(parser, handlers.items[handlers.count - 1].span.start,
			             SLICE("a bare 'except' must be the last one"));
		struct handler handler = parse_handler(parser, statement);
		vector_push(parser->arena, &handlers, handler);
		statement->handlers.items = handlers.items;
		statement->handlers.count = handlers.count;
	}
	if (handlers.count)
		statement->orelse = parse_else(parser);
	bool finally = parser_accept(parser, LEX_FINALLY);
	if (finally)
		statement->finally = parse_block(parser, SLICE("'finally'"));
	if (!handlers.count && !finally && !parser->resynchronise)
		parser_error(parser, parser->token.start, SLICE("'except' or 'finally' is missing after the block of 'try'"));
	return statement;
}

typedef VECTOR(struct with_item) item_vector;

static void parse_with_item(struct parser *parser, item_vector *items)
{
	struct with_item item = {.context = parse_expression(parser)};
	if (parser_accept(parser, LEX_AS)) {
		item.target = parser_is(parser, LEX_STAR) ? parse_star_targets(parser) : parse_primary(parser);
		parser_check_target(parser, item.target, false);
	}
	vector_push(parser->arena, items, item);
}

/* `with (open(a) as f, open(b) as g):` */
static void parse_parenthesised_items(struct parser *parser, void *result)
{
	item_vector *items = result;
	parser_advance(parser);
	do {
		if (parser_is(parser, LEX_RIGHT_PAREN) && items->count)
			break;
		parse_with_item(parser, items);
	} while (parser_accept(parser, LEX_COMMA));
	parser_expect(parser, LEX_RIGHT_PAREN, SLICE("a closing ')' is missing"));
	if (!parser_is(parser, LEX_COLON))
		parser_unexpected(parser);
}

static struct statement *parse_with(struct parser *parser)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_WITH, parser->token.start);
	item_vector *items = arena_alloc(parser->arena, sizeof *items);
	parser_advance(parser);
	if (parser_is(parser, LEX_LEFT_PAREN) && parser->options.major != 2 &&
	    parser_try(parser, parse_parenthesised_items, items)) {
		for (size_t i = 0; i < items->count; i++)
			if (items->items[i].target)
				parser_needs(parser, 9);
	} else {
		items->count = 0;
		do {
			parse_with_item(parser, items);
		} while (parser_accept(parser, LEX_COMMA));
	}
	statement->with_items.items = items->items;
	statement->with_items.count = items->count;
	statement->body = parse_block(parser, SLICE("'with'"));
	return statement;
}

/* The header of a match statement, up to where its first case stands. */
static void parse_match_header(struct parser *parser, void *result)
{
	struct statement *statement = result;
	uint32_t start = parser->token.start;
	parser_advance(parser);
	expression_vector items = {0};
	bool tuple = false;
	do {
		if (items.count && parser_is(parser, LEX_COLON))
			break;
		if (parser_is(parser, LEX_STAR)) {
			uint32_t at = parser->token.start;
			parser_advance(parser);
			expression_vector one = {0};
			vector_push(parser->arena, &one, parse_primary(parser));
			struct expression *starred = parser_expression_node(parser, EXPRESSION_STARRED, at);
			starred->items = parser_list(&one);
			vector_push(parser->arena, &items, starred);
		} else {
			vector_push(parser->arena, &items, parse_named_expression(parser));
		}
		tuple = tuple || parser_is(parser, LEX_COMMA);
	} while (parser_accept(parser, LEX_COMMA));
	if (!tuple && items.items[0]->kind == EXPRESSION_STARRED)
		parser_unexpected(parser);
	if (!parser_accept(parser, LEX_COLON) || !parser_accept(parser, LEX_NEWLINE) ||
	    !parser_accept(parser, LEX_INDENT) || !parser_is_name(parser, SLICE("case")))
		parser_unexpected(parser);
	statement->value = items.items[0];
	if (tuple) {
		statement->value = parser_expression_node(parser, EXPRESSION_TUPLE, start);
		statement->value->items = parser_list(&items);
	}
}

/* Whether what follows the name `match` can be the subject of a match statement. */
static bool may_be_match(struct parser *parser)
{
	switch (parser_peek(parser, 1).kind) {
	case LEX_NAME:
	case LEX_NUMBER:
	case LEX_STRING:
	case LEX_FSTRING_START:
	case LEX_LEFT_PAREN:
	case LEX_LEFT_BRACKET:
	case LEX_LEFT_BRACE:
	case LEX_STAR:
	case LEX_MINUS:
	case LEX_PLUS:
	case LEX_TILDE:
	case LEX_NOT:
	case LEX_AWAIT:
	case LEX_LAMBDA:
	case LEX_NONE:
	case LEX_TRUE:
	case LEX_FALSE:
	case LEX_ELLIPSIS: return true;
	default: return false;
	}
}

static struct statement *parse_match_cases(struct parser *parser, struct statement *statement)
{
	VECTOR(struct match_case) cases = {0};
	parser_needs(parser, 10);
	while (parser_is_name(parser, SLICE("case"))) {
		uint32_t start = parser->token.start;
		struct match_case match = {0};
		parser_advance(parser);
		match.pattern = parse_patterns(parser);
		if (parser_accept(parser, LEX_IF))
			match.guard = parse_named_expression(parser);
		match.body = parse_block(parser, SLICE("'case'"));
		match.span = parser_span(parser, start);
		vector_push(parser->arena, &cases, match);
	}
	statement->cases.items = cases.items;
	statement->cases.count = cases.count;
	if (!parser->resynchronise && !parser_accept(parser, LEX_DEDENT))
		parser_unexpected(parser);
	return statement;
}

static struct statement *parse_function(struct parser *parser, uint32_t start, struct expression_list decorators)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_FUNCTION, start);
	struct function *function = arena_alloc(parser->arena, sizeof *function);
	statement->function = function;
	statement->decorators = decorators;
	statement->line = parser_line(parser, parser->token.start);
	function->is_async = statement->is_async = parser_accept(parser, LEX_ASYNC);
	parser_advance(parser);
	statement->name_span = parser_place(parser, parser->token.start, parser->token.end);
	statement->name = parser_name(parser, SLICE("the name of the function is missing after 'def'"));
	function->type_parameters = parse_type_parameters(parser);
	parser_expect(parser, LEX_LEFT_PAREN, SLICE("'(' is missing after the name of the function"));
	parse_parameters(parser, function, LEX_RIGHT_PAREN);
	parser_expect(parser, LEX_RIGHT_PAREN, SLICE("a comma or a closing ')' is missing"));
	if (parser_accept(parser, LEX_ARROW))
		function->returns = parse_expression(parser);
	function->body = parse_block(parser, SLICE("the head of the function"));
	return statement;
}

static struct statement *parse_class(struct parser *parser, uint32_t start, struct expression_list decorators)
{
	struct statement *statement = parser_statement_node(parser, STATEMENT_CLASS, start);
	statement->decorators = decorators;
	statement->line = parser_line(parser, parser->token.start);
	parser_advance(parser);
	statement->name_span = parser_place(parser, parser->token.start, parser->token.end);
	statement->name = parser_name(parser, SLICE("the name of the class is missing after 'class'"));
	statement->type_parameters = parse_type_parameters(parser);
	if (parser_accept(parser, LEX_LEFT_PAREN))
		parse_arguments(parser, &statement->class.bases, &statement->class.base_count, true);
	statement->body = parse_block(parser, SLICE("the head of the class"));
	return statement;
}

static struct statement *parse_async(struct parser *parser, uint32_t start)
{
	struct token next = parser_peek(parser, 1);
	if (next.kind == LEX_DEF)
		return parse_function(parser, start, (struct expression_list){0});
	parser_advance(parser);
	struct statement *statement;
	if (next.kind == LEX_FOR)
		statement = parse_for(parser);
	else if (next.kind == LEX_WITH)
		statement = parse_with(parser);
	else
		parser_unexpected(parser);
	statement->is_async = true;
	return statement;
}

/* A dotted name, perhaps called. */
static bool is_plain_decorator(const struct expression *decorator)
{
	if (decorator->kind == EXPRESSION_CALL && !decorator->parenthesised)
		decorator = decorator->items.items[0];
	while (decorator->kind == EXPRESSION_ATTRIBUTE && !decorator->parenthesised)
		decorator = decorator->items.items[0];
	return decorator->kind == EXPRESSION_NAME && !decorator->parenthesised;
}

static struct statement *parse_decorated(struct parser *parser, uint32_t start)
{
	expression_vector decorators = {0};
	while (parser_accept(parser, LEX_AT)) {
		struct expression *decorator = parse_named_expression(parser);
		if (!is_plain_decorator(decorator))
			parser_needs(parser, 9); /* PEP 614 */
		vector_push(parser->arena, &decorators, decorator);
		parser_expect(parser, LEX_NEWLINE, SLICE("a decorator must stand on a line of its own"));
	}
	struct expression_list list = parser_list(&decorators);
	if (parser_is(parser, LEX_CLASS))
		return parse_class(parser, start, list);
	if (parser_is(parser, LEX_DEF) || (parser_is(parser, LEX_ASYNC) && parser_peek(parser, 1).kind == LEX_DEF))
		return parse_function(parser, start, list);
	parser_error(parser, parser->token.start, SLICE("a function or class must follow a decorator"));
}

static struct statement *parse_magic_statement(struct parser *parser)
{
	struct token token = parser->token;
	struct statement *statement = parser_statement_node(parser, STATEMENT_MAGIC, token.start);
	parser_advance(parser);
	statement->span = parser_place(parser, token.start, token.end);
	statement->magic = token.kind == LEX_HELP ? parse_help_line(parser, token) : parse_magic_line(parser, token, false);
	if (!parser_accept(parser, LEX_NEWLINE) && !parser_is(parser, LEX_END))
		parser_unexpected(parser);
	return statement;
}

static struct statement *parse_compound(struct parser *parser)
{
	uint32_t start = parser->token.start;
	switch (parser->token.kind) {
	case LEX_IF: return parse_if(parser);
	case LEX_WHILE: return parse_while(parser);
	case LEX_FOR: return parse_for(parser);
	case LEX_TRY: return parse_try(parser);
	case LEX_WITH: return parse_with(parser);
	case LEX_DEF: return parse_function(parser, start, (struct expression_list){0});
	case LEX_CLASS: return parse_class(parser, start, (struct expression_list){0});
	case LEX_ASYNC: return parse_async(parser, start);
	case LEX_AT: return parse_decorated(parser, start);
	case LEX_MAGIC:
	case LEX_HELP: return parse_magic_statement(parser);
	case LEX_NAME:
		if (parser_is_name(parser, SLICE("match")) && may_be_match(parser)) {
			struct statement *statement = parser_statement_node(parser, STATEMENT_MATCH, start);
			if (parser_try(parser, parse_match_header, statement))
				return parse_match_cases(parser, statement);
		}
		return NULL;
	default: return NULL;
	}
}

void parse_statement(struct parser *parser, struct statement_list *into, size_t *capacity)
{
	uint32_t start = parser->token.start;
	if (parser_is(parser, LEX_INDENT))
		parser_error(parser, parser->token.end - 1, SLICE("this line is indented, but nothing asks for it"));
	struct statement *statement = parse_compound(parser);
	if (!statement) {
		parse_simple_line(parser, into, capacity);
		return;
	}
	if (statement->kind != STATEMENT_MAGIC)
		statement->span = parser_span(parser, start);
	parser_add(parser, into, capacity, statement);
}
