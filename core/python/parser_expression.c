/* Expressions, from the conditional expression down to atoms. */
#include "python/parser_state.h"

static struct expression *parse_unary(struct parser *parser);
static struct expression *parse_binary(struct parser *parser, int level);
static struct expression *parse_or_expression(struct parser *parser);

const char *expression_words(const struct expression *expression)
{
	switch (expression->kind) {
	case EXPRESSION_NAME: return "a name";
	case EXPRESSION_CONSTANT:
		return expression->constant.is_none       ? "None"
		       : expression->constant.is_true     ? "True"
		       : expression->constant.is_false    ? "False"
		       : expression->constant.is_ellipsis ? "an ellipsis"
		                                          : "a literal";
	case EXPRESSION_FORMATTED: return "an f-string";
	case EXPRESSION_TUPLE: return "a tuple";
	case EXPRESSION_LIST: return "a list";
	case EXPRESSION_SET: return "a set";
	case EXPRESSION_DICT: return "a dict";
	case EXPRESSION_COMPARISON: return "a comparison";
	case EXPRESSION_CONDITIONAL: return "a conditional expression";
	case EXPRESSION_WALRUS: return "a named expression";
	case EXPRESSION_LAMBDA: return "a lambda";
	case EXPRESSION_LIST_COMPREHENSION:
	case EXPRESSION_SET_COMPREHENSION:
	case EXPRESSION_DICT_COMPREHENSION: return "a comprehension";
	case EXPRESSION_GENERATOR: return "a generator expression";
	case EXPRESSION_ATTRIBUTE: return "an attribute";
	case EXPRESSION_SUBSCRIPT: return "a subscript";
	case EXPRESSION_CALL: return "a function call";
	case EXPRESSION_STARRED: return "a starred expression";
	case EXPRESSION_AWAIT: return "an await expression";
	case EXPRESSION_YIELD:
	case EXPRESSION_YIELD_FROM: return "a yield expression";
	default: return "an expression";
	}
}

void parser_check_target(struct parser *parser, const struct expression *target, bool deletes)
{
	const char *verb = deletes ? "delete" : "assign to";
	switch (target->kind) {
	case EXPRESSION_NAME:
	case EXPRESSION_ATTRIBUTE:
		if (slice_equal(symbols_name(parser->symbols, target->name), SLICE("__debug__")))
			parser_error(parser, target->span.start, slice_format(parser->arena, "can't %s __debug__", verb));
		return;
	case EXPRESSION_SUBSCRIPT: return;
	case EXPRESSION_STARRED:
		if (deletes)
			break;
		parser_check_target(parser, target->items.items[0], false);
		return;
	case EXPRESSION_TUPLE:
	case EXPRESSION_LIST: {
		unsigned stars = 0;
		for (size_t i = 0; i < target->items.count; i++) {
			parser_check_target(parser, target->items.items[i], deletes);
			if (target->items.items[i]->kind == EXPRESSION_STARRED && ++stars > 1)
				parser_error(parser, target->items.items[i]->span.start,
				             SLICE("only one starred name may stand in an assignment"));
		}
		return;
	}
	default: break;
	}
	parser_error(parser, target->span.start,
	             slice_format(parser->arena, "can't %s %s", verb, expression_words(target)));
}

static struct expression *with_items(struct parser *parser, enum expression_kind kind, uint32_t start,
                                     const expression_vector *items)
{
	struct expression *node = parser_expression_node(parser, kind, start);
	node->items = parser_list(items);
	return node;
}

static struct expression *with_one(struct parser *parser, enum expression_kind kind, uint32_t start,
                                   struct expression *item)
{
	expression_vector items = {0};
	vector_push(parser->arena, &items, item);
	return with_items(parser, kind, start, &items);
}

/* Comprehensions. */

static bool at_comprehension(struct parser *parser)
{
	return parser_is(parser, LEX_FOR) || (parser_is(parser, LEX_ASYNC) && parser_peek(parser, 1).kind == LEX_FOR);
}

static struct comprehension *parse_comprehension(struct parser *parser, struct expression *element,
                                                 struct expression *value)
{
	struct comprehension *comprehension = arena_alloc(parser->arena, sizeof *comprehension);
	VECTOR(struct comprehension_clause) clauses = {0};
	comprehension->element = element;
	comprehension->value = value;
	while (at_comprehension(parser)) {
		struct comprehension_clause clause = {0};
		clause.is_async = parser_accept(parser, LEX_ASYNC);
		parser_advance(parser);
		clause.target = parse_star_targets(parser);
		parser_check_target(parser, clause.target, false);
		parser_expect(parser, LEX_IN, SLICE("'in' is missing after the names of 'for'"));
		expression_vector python2 = {0};
		clause.iterable = parse_or_expression(parser);
		/* The iterable is a disjunction: `or`, `and`, comparisons, but no conditional expression or walrus. */
		if (parser->options.major == 2 && parser_is(parser, LEX_COMMA)) {
			parser->lexer.only_python2 = true;
			vector_push(parser->arena, &python2, clause.iterable);
			while (parser_accept(parser, LEX_COMMA) && !parser_is(parser, LEX_RIGHT_BRACKET) &&
			       !parser_is(parser, LEX_IF) && !parser_is(parser, LEX_FOR))
				vector_push(parser->arena, &python2, parse_or_expression(parser));
			clause.iterable = with_items(parser, EXPRESSION_TUPLE, python2.items[0]->span.start, &python2);
		}
		expression_vector conditions = {0};
		while (parser_accept(parser, LEX_IF))
			vector_push(parser->arena, &conditions, parse_or_expression(parser));
		clause.conditions = parser_list(&conditions);
		vector_push(parser->arena, &clauses, clause);
	}
	comprehension->clauses = clauses.items;
	comprehension->clause_count = clauses.count;
	return comprehension;
}

static struct expression *comprehension_node(struct parser *parser, enum expression_kind kind, uint32_t start,
                                             struct expression *element, struct expression *value)
{
	if (element->kind == EXPRESSION_STARRED)
		parser_error(parser, element->span.start, SLICE("a starred expression can't stand in a comprehension"));
	struct comprehension *comprehension = parse_comprehension(parser, element, value);
	struct expression *node = parser_expression_node(parser, kind, start);
	node->comprehension = comprehension;
	return node;
}

/* Displays. */

static struct expression *parse_star_named(struct parser *parser)
{
	if (!parser_is(parser, LEX_STAR))
		return parse_named_expression(parser);
	uint32_t start = parser->token.start;
	parser_advance(parser);
	return with_one(parser, EXPRESSION_STARRED, start, parse_binary(parser, 0));
}

struct expression *parse_group(struct parser *parser)
{
	uint32_t start = parser->token.start;
	parser_advance(parser);
	if (parser_accept(parser, LEX_RIGHT_PAREN))
		return parser_expression_node(parser, EXPRESSION_TUPLE, start);
	struct expression *node;
	if (parser_is(parser, LEX_YIELD)) {
		node = parse_yield(parser);
		parser_expect(parser, LEX_RIGHT_PAREN, SLICE("a closing ')' is missing"));
		node->parenthesised = true;
		return node;
	}
	struct expression *first = parse_star_named(parser);
	if (at_comprehension(parser)) {
		node = comprehension_node(parser, EXPRESSION_GENERATOR, start, first, NULL);
		parser_expect(parser, LEX_RIGHT_PAREN, SLICE("a closing ')' is missing"));
		node->span = parser_span(parser, start);
		return node;
	}
	if (!parser_is(parser, LEX_COMMA)) {
		if (first->kind == EXPRESSION_STARRED)
			parser_error(parser, first->span.start, SLICE("a starred expression can't stand here"));
		parser_expect(parser, LEX_RIGHT_PAREN, SLICE("a comma or a closing ')' is missing"));
		first->parenthesised = true;
		return first;
	}
	expression_vector items = {0};
	vector_push(parser->arena, &items, first);
	while (parser_accept(parser, LEX_COMMA) && !parser_is(parser, LEX_RIGHT_PAREN))
		vector_push(parser->arena, &items, parse_star_named(parser));
	parser_expect(parser, LEX_RIGHT_PAREN, SLICE("a comma or a closing ')' is missing"));
	return with_items(parser, EXPRESSION_TUPLE, start, &items);
}

static struct expression *parse_list(struct parser *parser)
{
	uint32_t start = parser->token.start;
	parser_advance(parser);
	expression_vector items = {0};
	if (!parser_is(parser, LEX_RIGHT_BRACKET)) {
		struct expression *first = parse_star_named(parser);
		if (at_comprehension(parser)) {
			struct expression *node = comprehension_node(parser, EXPRESSION_LIST_COMPREHENSION, start, first, NULL);
			parser_expect(parser, LEX_RIGHT_BRACKET, SLICE("a closing ']' is missing"));
			node->span = parser_span(parser, start);
			return node;
		}
		vector_push(parser->arena, &items, first);
		while (parser_accept(parser, LEX_COMMA) && !parser_is(parser, LEX_RIGHT_BRACKET))
			vector_push(parser->arena, &items, parse_star_named(parser));
	}
	parser_expect(parser, LEX_RIGHT_BRACKET, SLICE("a comma or a closing ']' is missing"));
	return with_items(parser, EXPRESSION_LIST, start, &items);
}

/* Sets and indices hold `x := 1` without parentheses from 3.10 on. */
static void note_bare_walrus(struct parser *parser, const struct expression *expression)
{
	if (expression->kind == EXPRESSION_WALRUS && !expression->parenthesised)
		parser_needs(parser, 10);
}

/* One entry of a dict, or an item of a set when there is no colon. */
static bool parse_entry(struct parser *parser, expression_vector *items)
{
	if (parser_accept(parser, LEX_DOUBLE_STAR)) {
		vector_push(parser->arena, items, NULL);
		vector_push(parser->arena, items, parse_binary(parser, 0));
		return true;
	}
	struct expression *key = parse_star_named(parser);
	vector_push(parser->arena, items, key);
	if (!parser_is(parser, LEX_COLON)) {
		note_bare_walrus(parser, key);
		return false;
	}
	if (key->kind == EXPRESSION_STARRED || (key->kind == EXPRESSION_WALRUS && !key->parenthesised))
		parser_error(parser, parser->token.start, SLICE("this can't be the key of a dict"));
	uint32_t colon = parser->token.start;
	parser_advance(parser);
	if (parser_is(parser, LEX_RIGHT_BRACE) || parser_is(parser, LEX_COMMA))
		parser_error(parser, colon, SLICE("a value is missing after ':' in a dict"));
	vector_push(parser->arena, items, parse_expression(parser));
	return true;
}

static struct expression *parse_braces(struct parser *parser)
{
	static const struct slice missing = SLICE_CONSTANT("a comma or a closing '}' is missing");
	uint32_t start = parser->token.start;
	parser_advance(parser);
	expression_vector items = {0};
	bool dict = true;
	if (!parser_is(parser, LEX_RIGHT_BRACE)) {
		dict = parse_entry(parser, &items);
		if (at_comprehension(parser)) {
			if (dict && !items.items[0])
				parser_error(parser, start, SLICE("'**' can't stand in a dict comprehension"));
			struct expression *node =
			    comprehension_node(parser, dict ? EXPRESSION_DICT_COMPREHENSION : EXPRESSION_SET_COMPREHENSION, start,
			                       items.items[0], dict ? items.items[1] : NULL);
			parser_expect(parser, LEX_RIGHT_BRACE, SLICE("a closing '}' is missing"));
			node->span = parser_span(parser, start);
			return node;
		}
		while (parser_accept(parser, LEX_COMMA) && !parser_is(parser, LEX_RIGHT_BRACE)) {
			uint32_t at = parser->token.start;
			if (dict && !parse_entry(parser, &items))
				parser_error(parser, at, SLICE("a key without ':' and a value in a dict"));
			if (!dict) {
				vector_push(parser->arena, &items, parse_star_named(parser));
				note_bare_walrus(parser, items.items[items.count - 1]);
			}
		}
	}
	parser_expect(parser, LEX_RIGHT_BRACE, missing);
	return with_items(parser, dict ? EXPRESSION_DICT : EXPRESSION_SET, start, &items);
}

static struct expression *parse_backticks(struct parser *parser)
{
	uint32_t start = parser->token.start;
	parser_advance(parser);
	struct expression *value = parse_star_expressions(parser);
	parser_expect(parser, LEX_BACKTICK, SLICE("a closing backtick is missing"));
	return with_one(parser, EXPRESSION_BACKTICKS, start, value);
}

static struct expression *constant(struct parser *parser)
{
	uint32_t start = parser->token.start;
	enum lexeme kind = parser->token.kind;
	parser_advance(parser);
	struct expression *node = parser_expression_node(parser, EXPRESSION_CONSTANT, start);
	node->constant.is_none = kind == LEX_NONE;
	node->constant.is_true = kind == LEX_TRUE;
	node->constant.is_false = kind == LEX_FALSE;
	node->constant.is_number = kind == LEX_NUMBER;
	node->constant.is_ellipsis = kind == LEX_ELLIPSIS;
	return node;
}

static struct expression *parse_atom(struct parser *parser)
{
	uint32_t start = parser->token.start;
	switch (parser->token.kind) {
	case LEX_NAME:
	case LEX_PRINT: /* Python 2 under `from __future__ import print_function` */ {
		symbol name = parser->token.name;
		parser_advance(parser);
		struct expression *node = parser_expression_node(parser, EXPRESSION_NAME, start);
		node->name = name;
		return node;
	}
	case LEX_NUMBER:
	case LEX_NONE:
	case LEX_TRUE:
	case LEX_FALSE:
	case LEX_ELLIPSIS: return constant(parser);
	case LEX_STRING:
	case LEX_FSTRING_START: return parse_strings(parser);
	case LEX_LEFT_PAREN: return parse_group(parser);
	case LEX_LEFT_BRACKET: return parse_list(parser);
	case LEX_LEFT_BRACE: return parse_braces(parser);
	case LEX_BACKTICK: return parse_backticks(parser);
	default: parser_unexpected(parser);
	}
}

/* Calls. */

void parse_arguments(struct parser *parser, struct argument **arguments, size_t *count, bool bases)
{
	struct slice misplaced = {0};
	VECTOR(struct argument) list = {0};
	bool keyword = false, unpacked = false;
	while (!parser_is(parser, LEX_RIGHT_PAREN)) {
		uint32_t start = parser->token.start;
		struct argument argument = {0};
		if (parser_is(parser, LEX_STAR) || parser_is(parser, LEX_DOUBLE_STAR)) {
			argument.stars = parser_is(parser, LEX_STAR) ? 1 : 2;
			parser_advance(parser);
			argument.value = parse_expression(parser);
			if (argument.stars == 2)
				unpacked = true;
			else if (unpacked)
				parser_error(parser, start, SLICE("an unpacked '*' argument follows an unpacked '**' argument"));
		} else if (parser_is(parser, LEX_NAME) && parser_peek(parser, 1).kind == LEX_EQUAL) {
			argument.keyword = parser->token.name;
			parser_advance(parser);
			parser_advance(parser);
			argument.value = parse_expression(parser);
			keyword = true;
		} else {
			argument.value = parse_named_expression(parser);
			if (!bases && at_comprehension(parser)) {
				argument.value = comprehension_node(parser, EXPRESSION_GENERATOR, start, argument.value, NULL);
				bool comma = parser_is(parser, LEX_COMMA);
				if (!comma && !parser_is(parser, LEX_RIGHT_PAREN))
					parser_unexpected(parser);
				bool last = !comma || (parser->options.major == 2 && parser_peek(parser, 1).kind == LEX_RIGHT_PAREN);
				if (list.count > 0 || !last)
					parser_error(parser, start, SLICE("a generator expression needs parentheses here"));
			} else if (parser_is(parser, LEX_EQUAL)) {
				parser_error(parser, start,
				             slice_format(parser->arena,
				                          "%s can't be the name of a keyword argument; did you mean '=='?",
				                          expression_words(argument.value)));
			}
			if (keyword)
				misplaced = SLICE("a positional argument follows a keyword argument");
			else if (unpacked)
				misplaced = SLICE("a positional argument follows an unpacked '**' argument");
		}
		vector_push(parser->arena, &list, argument);
		if (!parser_accept(parser, LEX_COMMA))
			break;
	}
	/* CPython points behind all of the arguments. */
	if (misplaced.length && parser_is(parser, LEX_RIGHT_PAREN))
		parser_error(parser, parser->token.start, misplaced);
	parser_expect(parser, LEX_RIGHT_PAREN, SLICE("a comma or a closing ')' is missing"));
	*arguments = list.items;
	*count = list.count;
}

/* Subscripts. */

static struct expression *parse_slice(struct parser *parser)
{
	uint32_t start = parser->token.start;
	if (parser_is(parser, LEX_STAR)) {
		parser_needs(parser, 11);
		return parse_star_named(parser);
	}
	struct expression *lower = parser_is(parser, LEX_COLON) ? NULL : parse_named_expression(parser);
	if (lower)
		note_bare_walrus(parser, lower);
	if (!parser_is(parser, LEX_COLON))
		return lower;
	if (lower && lower->kind == EXPRESSION_WALRUS && !lower->parenthesised)
		parser_unexpected(parser);
	expression_vector items = {0};
	vector_push(parser->arena, &items, lower);
	parser_advance(parser);
	for (int i = 0; i < 2; i++) {
		bool ends =
		    parser_is(parser, LEX_COLON) || parser_is(parser, LEX_COMMA) || parser_is(parser, LEX_RIGHT_BRACKET);
		vector_push(parser->arena, &items, ends ? NULL : parse_expression(parser));
		if (i == 0 && !parser_accept(parser, LEX_COLON)) {
			vector_push(parser->arena, &items, NULL);
			break;
		}
	}
	return with_items(parser, EXPRESSION_SLICE, start, &items);
}

static struct expression *parse_index(struct parser *parser)
{
	uint32_t start = parser->token.start;
	struct expression *first = parse_slice(parser);
	if (!parser_is(parser, LEX_COMMA) && first->kind != EXPRESSION_STARRED)
		return first;
	expression_vector items = {0};
	vector_push(parser->arena, &items, first);
	while (parser_accept(parser, LEX_COMMA) && !parser_is(parser, LEX_RIGHT_BRACKET))
		vector_push(parser->arena, &items, parse_slice(parser));
	return with_items(parser, EXPRESSION_TUPLE, start, &items);
}

struct expression *parse_primary(struct parser *parser)
{
	uint32_t start = parser->token.start;
	struct expression *node = parse_atom(parser);
	for (;;) {
		switch (parser->token.kind) {
		case LEX_DOT: {
			parser_advance(parser);
			symbol name = parser_name(parser, SLICE("a name is missing after '.'"));
			node = with_one(parser, EXPRESSION_ATTRIBUTE, start, node);
			node->name = name;
			break;
		}
		case LEX_LEFT_PAREN: {
			parser_advance(parser);
			struct argument *arguments;
			size_t count;
			parse_arguments(parser, &arguments, &count, false);
			node = with_one(parser, EXPRESSION_CALL, start, node);
			node->call.arguments = arguments;
			node->call.argument_count = count;
			break;
		}
		case LEX_LEFT_BRACKET: {
			parser_advance(parser);
			expression_vector items = {0};
			vector_push(parser->arena, &items, node);
			if (parser_is(parser, LEX_RIGHT_BRACKET))
				parser_error(parser, parser->token.start, SLICE("an index is missing between the brackets"));
			vector_push(parser->arena, &items, parse_index(parser));
			parser_expect(parser, LEX_RIGHT_BRACKET, SLICE("a comma or a closing ']' is missing"));
			node = with_items(parser, EXPRESSION_SUBSCRIPT, start, &items);
			break;
		}
		default: return node;
		}
	}
}

static struct expression *parse_power(struct parser *parser)
{
	uint32_t start = parser->token.start;
	struct expression *base;
	if (parser_is(parser, LEX_AWAIT)) {
		parser_advance(parser);
		struct expression *value = parse_primary(parser);
		base = with_one(parser, EXPRESSION_AWAIT, start, value);
	} else {
		base = parse_primary(parser);
	}
	if (!parser_accept(parser, LEX_DOUBLE_STAR))
		return base;
	expression_vector items = {0};
	vector_push(parser->arena, &items, base);
	parser_enter(parser);
	vector_push(parser->arena, &items, parse_unary(parser));
	parser_leave(parser);
	return with_items(parser, EXPRESSION_OPERATION, start, &items);
}

static struct expression *parse_unary(struct parser *parser)
{
	uint32_t start = parser->token.start;
	unsigned signs = 0;
	for (; parser_is(parser, LEX_MINUS) || parser_is(parser, LEX_PLUS) || parser_is(parser, LEX_TILDE); signs++)
		parser_advance(parser);
	if (signs == 0)
		return parse_power(parser);
	parser_enter(parser);
	struct expression *operand = parse_power(parser);
	parser_leave(parser);
	/* Any number of signs does to names what one does. */
	return with_one(parser, EXPRESSION_OPERATION, start, operand);
}

/* Binary operators from `*` (tightest) to `|`. */
static int binary_level(enum lexeme kind)
{
	switch (kind) {
	case LEX_STAR:
	case LEX_SLASH:
	case LEX_DOUBLE_SLASH:
	case LEX_PERCENT:
	case LEX_AT: return 5;
	case LEX_PLUS:
	case LEX_MINUS: return 4;
	case LEX_LEFT_SHIFT:
	case LEX_RIGHT_SHIFT: return 3;
	case LEX_AMPERSAND: return 2;
	case LEX_CARET: return 1;
	case LEX_BAR: return 0;
	default: return -1;
	}
}

static struct expression *parse_binary(struct parser *parser, int level)
{
	uint32_t start = parser->token.start;
	struct expression *left = parse_unary(parser);
	for (;;) {
		int next = binary_level(parser->token.kind);
		if (next < level)
			return left;
		/* A chain of operators of one level is one node. */
		expression_vector items = {0};
		vector_push(parser->arena, &items, left);
		while (binary_level(parser->token.kind) == next) {
			parser_advance(parser);
			vector_push(parser->arena, &items, parse_binary(parser, next + 1));
		}
		left = with_items(parser, EXPRESSION_OPERATION, start, &items);
	}
}

static bool at_comparison(struct parser *parser)
{
	switch (parser->token.kind) {
	case LEX_LESS:
	case LEX_GREATER:
	case LEX_LESS_EQUAL:
	case LEX_GREATER_EQUAL:
	case LEX_EQUAL_EQUAL:
	case LEX_NOT_EQUAL:
	case LEX_IS: return true;
	case LEX_IN: return !parser->no_in;
	case LEX_NOT: return !parser->no_in && parser_peek(parser, 1).kind == LEX_IN;
	default: return false;
	}
}

static struct expression *parse_comparison(struct parser *parser)
{
	uint32_t start = parser->token.start;
	struct expression *left = parse_binary(parser, 0);
	if (!at_comparison(parser))
		return left;
	expression_vector items = {0};
	vector_push(parser->arena, &items, left);
	while (at_comparison(parser)) {
		bool is = parser_is(parser, LEX_IS), not = parser_is(parser, LEX_NOT);
		parser_advance(parser);
		if (not || (is && parser_is(parser, LEX_NOT)))
			parser_advance(parser);
		vector_push(parser->arena, &items, parse_binary(parser, 0));
	}
	return with_items(parser, EXPRESSION_COMPARISON, start, &items);
}

static struct expression *parse_inversion(struct parser *parser)
{
	if (!parser_is(parser, LEX_NOT))
		return parse_comparison(parser);
	uint32_t start = parser->token.start;
	parser_advance(parser);
	parser_enter(parser);
	struct expression *operand = parse_inversion(parser);
	parser_leave(parser);
	return with_one(parser, EXPRESSION_NOT, start, operand);
}

static struct expression *parse_conjunction(struct parser *parser)
{
	uint32_t start = parser->token.start;
	struct expression *left = parse_inversion(parser);
	if (!parser_is(parser, LEX_AND))
		return left;
	expression_vector items = {0};
	vector_push(parser->arena, &items, left);
	while (parser_accept(parser, LEX_AND))
		vector_push(parser->arena, &items, parse_inversion(parser));
	return with_items(parser, EXPRESSION_AND, start, &items);
}

static struct expression *parse_disjunction(struct parser *parser)
{
	uint32_t start = parser->token.start;
	struct expression *left = parse_conjunction(parser);
	if (!parser_is(parser, LEX_OR))
		return left;
	expression_vector items = {0};
	vector_push(parser->arena, &items, left);
	while (parser_accept(parser, LEX_OR))
		vector_push(parser->arena, &items, parse_conjunction(parser));
	return with_items(parser, EXPRESSION_OR, start, &items);
}

/* An old one, of Python 2, has a disjunction for its value: the `if` behind it is another's. */
static struct expression *parse_lambda(struct parser *parser, bool old)
{
	uint32_t start = parser->token.start;
	parser_advance(parser);
	struct function *function = arena_alloc(parser->arena, sizeof *function);
	bool no_in = parser->no_in;
	parse_parameters(parser, function, LEX_COLON);
	parser_expect(parser, LEX_COLON, SLICE("a ':' is missing after the parameters of lambda"));
	parser->no_in = false;
	function->value = old ? parse_or_expression(parser) : parse_expression(parser);
	parser->no_in = no_in;
	struct expression *node = parser_expression_node(parser, EXPRESSION_LAMBDA, start);
	node->function = function;
	return node;
}

struct expression *parse_expression(struct parser *parser)
{
	uint32_t start = parser->token.start;
	parser_enter(parser);
	bool no_in = parser->no_in;
	parser->no_in = false;
	struct expression *node;
	if (parser_is(parser, LEX_LAMBDA)) {
		node = parse_lambda(parser, false);
	} else {
		node = parse_disjunction(parser);
		parser->operand = start;
		parser->operand_end = parser->last_end;
		if (parser_is(parser, LEX_IF)) {
			parser_advance(parser);
			struct expression *test = parse_disjunction(parser);
			if (!parser_is(parser, LEX_ELSE))
				parser_error(parser, parser_is(parser, LEX_COLON) ? parser->token.start : start,
				             SLICE("'else' is missing: a conditional expression needs one"));
			parser_advance(parser);
			expression_vector items = {0};
			vector_push(parser->arena, &items, test);
			vector_push(parser->arena, &items, node);
			vector_push(parser->arena, &items, parse_expression(parser));
			parser->operand_end = 0;
			node = with_items(parser, EXPRESSION_CONDITIONAL, start, &items);
		}
	}
	parser->no_in = no_in;
	parser_leave(parser);
	return node;
}

/* A disjunction, where the grammar allows no conditional expression: the
 * iterables and conditions of comprehensions. */
static struct expression *parse_or_expression(struct parser *parser)
{
	parser_enter(parser);
	bool no_in = parser->no_in, old_lambda = parser_is(parser, LEX_LAMBDA) && parser->options.major == 2;
	parser->no_in = false;
	struct expression *node = old_lambda ? parse_lambda(parser, true) : parse_disjunction(parser);
	parser->no_in = no_in;
	parser_leave(parser);
	return node;
}

struct expression *parse_named_expression(struct parser *parser)
{
	uint32_t start = parser->token.start;
	if (!parser_is(parser, LEX_NAME) || parser_peek(parser, 1).kind != LEX_WALRUS)
		return parse_expression(parser);
	parser_needs(parser, 8);
	expression_vector items = {0};
	symbol name = parser->token.name;
	vector_push(parser->arena, &items, parse_atom(parser));
	parser_check_target(parser, items.items[0], false);
	parser_advance(parser);
	vector_push(parser->arena, &items, parse_expression(parser));
	struct expression *node = with_items(parser, EXPRESSION_WALRUS, start, &items);
	node->name = name;
	parser->module->has_walruses = true;
	return node;
}

static bool ends_expressions(const struct parser *parser)
{
	switch (parser->token.kind) {
	case LEX_NEWLINE:
	case LEX_SEMICOLON:
	case LEX_RIGHT_PAREN:
	case LEX_RIGHT_BRACKET:
	case LEX_RIGHT_BRACE:
	case LEX_COLON:
	case LEX_EQUAL:
	case LEX_AUGMENTED:
	case LEX_IN:
	case LEX_EXCLAMATION:
	case LEX_BACKTICK:
	case LEX_END: return true;
	default: return false;
	}
}

struct expression *parse_star_expression(struct parser *parser)
{
	if (!parser_is(parser, LEX_STAR))
		return parse_expression(parser);
	uint32_t start = parser->token.start;
	parser_advance(parser);
	return with_one(parser, EXPRESSION_STARRED, start, parse_binary(parser, 0));
}

struct expression *parse_star_expressions(struct parser *parser)
{
	uint32_t start = parser->token.start;
	struct expression *first = parse_star_expression(parser);
	if (!parser_is(parser, LEX_COMMA))
		return first;
	expression_vector items = {0};
	vector_push(parser->arena, &items, first);
	while (parser_accept(parser, LEX_COMMA) && !ends_expressions(parser))
		vector_push(parser->arena, &items, parse_star_expression(parser));
	return with_items(parser, EXPRESSION_TUPLE, start, &items);
}

struct expression *parse_star_targets(struct parser *parser)
{
	bool no_in = parser->no_in;
	parser->no_in = true;
	uint32_t start = parser->token.start;
	expression_vector items = {0};
	bool tuple = false;
	do {
		if (items.count && (ends_expressions(parser) || parser_is(parser, LEX_IN)))
			break;
		uint32_t at = parser->token.start;
		if (parser_accept(parser, LEX_STAR)) {
			struct expression *starred = with_one(parser, EXPRESSION_STARRED, at, parse_binary(parser, 0));
			vector_push(parser->arena, &items, starred);
		} else {
			vector_push(parser->arena, &items, parse_binary(parser, 0));
		}
		tuple = tuple || parser_is(parser, LEX_COMMA);
	} while (parser_accept(parser, LEX_COMMA));
	parser->no_in = no_in;
	return tuple ? with_items(parser, EXPRESSION_TUPLE, start, &items) : items.items[0];
}

struct expression *parse_yield(struct parser *parser)
{
	uint32_t start = parser->token.start;
	parser_advance(parser);
	if (parser_accept(parser, LEX_FROM))
		return with_one(parser, EXPRESSION_YIELD_FROM, start, parse_expression(parser));
	struct expression *value = ends_expressions(parser) ? NULL : parse_star_expressions(parser);
	return with_one(parser, EXPRESSION_YIELD, start, value);
}

struct expression *parse_annotated_rhs(struct parser *parser)
{
	return parser_is(parser, LEX_YIELD) ? parse_yield(parser) : parse_star_expressions(parser);
}
