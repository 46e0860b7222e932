/* The patterns of match statements (PEP 634). */
#include "python/parser_state.h"

#include <stdlib.h>

static struct pattern *parse_pattern(struct parser *parser);

static struct pattern *pattern_node(struct parser *parser, enum pattern_kind kind, uint32_t start)
{
	struct pattern *pattern = arena_alloc(parser->arena, sizeof *pattern);
	pattern->kind = kind;
	pattern->span = parser_span(parser, start);
	return pattern;
}

typedef VECTOR(struct pattern *) pattern_vector;

/* A name that is captured: 0 for the wildcard `_`. */
static symbol capture_name(struct parser *parser, struct span *span)
{
	*span = parser_place(parser, parser->token.start, parser->token.end);
	symbol name = parser_name(parser, SLICE("the name of a pattern is missing"));
	return slice_equal(symbols_name(parser->symbols, name), SLICE("_")) ? 0 : name;
}

/* Patterns between brackets, or bare ones with commas. */
static struct pattern *parse_sequence(struct parser *parser, uint32_t start, enum lexeme end, struct pattern *first)
{
	pattern_vector items = {0};
	if (first)
		vector_push(parser->arena, &items, first);
	while (!first || parser_accept(parser, LEX_COMMA)) {
		if (parser_is(parser, end) || (end == LEX_COLON && parser_is(parser, LEX_IF)))
			break;
		first = parse_pattern(parser);
		vector_push(parser->arena, &items, first);
	}
	struct pattern *pattern = pattern_node(parser, PATTERN_SEQUENCE, start);
	pattern->items = items.items;
	pattern->count = items.count;
	unsigned stars = 0;
	for (size_t i = 0; i < items.count; i++)
		if (items.items[i]->kind == PATTERN_STAR && ++stars > 1)
			parser_error(parser, items.items[i]->span.start,
			             SLICE("only one starred name may stand in a sequence pattern"));
	return pattern;
}

static struct pattern *parse_group_or_sequence(struct parser *parser)
{
	uint32_t start = parser->token.start;
	bool list = parser_is(parser, LEX_LEFT_BRACKET);
	enum lexeme end = list ? LEX_RIGHT_BRACKET : LEX_RIGHT_PAREN;
	parser_advance(parser);
	struct pattern *pattern;
	if (parser_is(parser, end)) {
		pattern = parse_sequence(parser, start, end, NULL);
	} else {
		pattern = parse_pattern(parser);
		if (!list && pattern->kind == PATTERN_STAR && !parser_is(parser, LEX_COMMA))
			parser_unexpected(parser);
		if (list || parser_is(parser, LEX_COMMA))
			pattern = parse_sequence(parser, start, end, pattern);
	}
	parser_expect(parser, end, list ? SLICE("a closing ']' is missing") : SLICE("a closing ')' is missing"));
	return pattern;
}

/* A number with a sign and an imaginary part, a string, None, True or False. */
static struct expression *parse_literal(struct parser *parser)
{
	uint32_t start = parser->token.start;
	if (parser_is(parser, LEX_MINUS) || parser_is(parser, LEX_NUMBER)) {
		expression_vector items = {0};
		bool imaginary[2];
		for (int part = 0; part < 2; part++) {
			if (part == 1 ? parser_is(parser, LEX_PLUS) || parser_is(parser, LEX_MINUS) : parser_is(parser, LEX_MINUS))
				parser_advance(parser);
			else if (part == 1)
				break;
			if (!parser_is(parser, LEX_NUMBER))
				parser_unexpected(parser);
			imaginary[part] = (parser->lexer.source.bytes[parser->token.end - 1] | 0x20) == 'j';
			vector_push(parser->arena, &items, parse_primary(parser));
		}
		if (items.count == 1)
			return items.items[0];
		if (imaginary[0] || !imaginary[1])
			parser_error(parser, items.items[imaginary[0] ? 0 : 1]->span.start,
			             SLICE("a pattern adds only an imaginary number to a real one"));
		struct expression *node = parser_expression_node(parser, EXPRESSION_OPERATION, start);
		node->items = parser_list(&items);
		return node;
	}
	struct expression *literal = parse_primary(parser);
	if (literal->kind == EXPRESSION_FORMATTED)
		parser_error(parser, start, SLICE("a pattern can't be an f-string"));
	if (literal->kind != EXPRESSION_CONSTANT)
		parser_unexpected(parser);
	return literal;
}

static struct pattern *parse_mapping(struct parser *parser)
{
	uint32_t start = parser->token.start;
	expression_vector keys = {0};
	pattern_vector items = {0};
	symbol rest = 0;
	struct span rest_span = {0};
	bool has_rest = false;
	parser_advance(parser);
	while (!parser_is(parser, LEX_RIGHT_BRACE)) {
		if (has_rest)
			parser_error(parser, parser->token.start, SLICE("nothing may follow '**' in a mapping pattern"));
		if (parser_accept(parser, LEX_DOUBLE_STAR)) {
			rest = capture_name(parser, &rest_span);
			if (!rest)
				parser_unexpected(parser);
			has_rest = true;
		} else {
			struct expression *key;
			if (parser_is(parser, LEX_NAME)) {
				key = parse_primary(parser);
				if (key->kind != EXPRESSION_ATTRIBUTE)
					parser_error(parser, key->span.start,
					             SLICE("a mapping pattern's key must be a literal or a dotted name"));
			} else {
				key = parse_literal(parser);
			}
			parser_expect(parser, LEX_COLON, SLICE("a ':' is missing after the key of a mapping pattern"));
			vector_push(parser->arena, &keys, key);
			vector_push(parser->arena, &items, parse_pattern(parser));
		}
		if (!parser_accept(parser, LEX_COMMA))
			break;
	}
	parser_expect(parser, LEX_RIGHT_BRACE, SLICE("a closing '}' is missing"));
	struct pattern *pattern = pattern_node(parser, PATTERN_MAPPING, start);
	pattern->keys = parser_list(&keys);
	pattern->items = items.items;
	pattern->count = items.count;
	pattern->name = rest;
	pattern->name_span = rest_span;
	return pattern;
}

struct keyword_place {
	symbol name;
	uint32_t start;
};

static int compare_keywords(const void *a, const void *b)
{
	const struct keyword_place *x = a, *y = b;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

/* Refuses a name that stands twice, where it first does. */
static void check_keywords(struct parser *parser, struct keyword_place *items, size_t count)
{
	uint32_t twice = UINT32_MAX;
	if (count > 1)
		qsort(items, count, sizeof *items, compare_keywords);
	for (size_t i = 1; i < count; i++)
		if (items[i].name == items[i - 1].name && items[i].start < twice)
			twice = items[i].start;
	if (twice != UINT32_MAX)
		parser_error(parser, twice, SLICE("an attribute stands twice in a class pattern"));
}

/* `Point(1, y=b)`, after the name of the class. */
static struct pattern *parse_class(struct parser *parser, uint32_t start, struct expression *class)
{
	pattern_vector items = {0};
	VECTOR(struct keyword_place) keywords = {0};
	parser_advance(parser);
	while (!parser_is(parser, LEX_RIGHT_PAREN)) {
		if (parser_is(parser, LEX_NAME) && parser_peek(parser, 1).kind == LEX_EQUAL) {
			struct keyword_place keyword = {parser->token.name, parser->token.start};
			vector_push(parser->arena, &keywords, keyword);
			if (parser_is_name(parser, SLICE("__debug__")))
				parser_unexpected(parser);
			parser_advance(parser);
			parser_advance(parser);
		} else if (keywords.count) {
			parser_error(parser, parser->token.start, SLICE("positional patterns follow keyword patterns"));
		}
		vector_push(parser->arena, &items, parse_pattern(parser));
		if (!parser_accept(parser, LEX_COMMA))
			break;
	}
	parser_expect(parser, LEX_RIGHT_PAREN, SLICE("a closing ')' is missing"));
	check_keywords(parser, keywords.items, keywords.count);
	struct pattern *pattern = pattern_node(parser, PATTERN_CLASS, start);
	pattern->value = class;
	pattern->items = items.items;
	pattern->count = items.count;
	return pattern;
}

/* A capture, a dotted name or a class. */
static struct pattern *parse_named_pattern(struct parser *parser)
{
	uint32_t start = parser->token.start;
	if (parser_peek(parser, 1).kind != LEX_DOT && parser_peek(parser, 1).kind != LEX_LEFT_PAREN) {
		struct span span;
		symbol name = capture_name(parser, &span);
		struct pattern *pattern = pattern_node(parser, PATTERN_CAPTURE, start);
		pattern->name = name;
		pattern->name_span = span;
		return pattern;
	}
	struct expression *dotted = parser_expression_node(parser, EXPRESSION_NAME, start);
	dotted->name = parser->token.name;
	parser_advance(parser);
	dotted->span = parser_span(parser, start);
	while (parser_accept(parser, LEX_DOT)) {
		expression_vector items = {0};
		vector_push(parser->arena, &items, dotted);
		symbol name = parser_name(parser, SLICE("a name is missing after '.'"));
		dotted = parser_expression_node(parser, EXPRESSION_ATTRIBUTE, start);
		dotted->name = name;
		dotted->items = parser_list(&items);
	}
	if (parser_is(parser, LEX_LEFT_PAREN))
		return parse_class(parser, start, dotted);
	struct pattern *pattern = pattern_node(parser, PATTERN_VALUE, start);
	pattern->value = dotted;
	return pattern;
}

static struct pattern *parse_closed(struct parser *parser)
{
	uint32_t start = parser->token.start;
	switch (parser->token.kind) {
	case LEX_LEFT_PAREN:
	case LEX_LEFT_BRACKET: return parse_group_or_sequence(parser);
	case LEX_LEFT_BRACE: return parse_mapping(parser);
	case LEX_NAME: return parse_named_pattern(parser);
	case LEX_STAR: {
		parser_advance(parser);
		struct span span;
		symbol name = capture_name(parser, &span);
		struct pattern *pattern = pattern_node(parser, PATTERN_STAR, start);
		pattern->name = name;
		pattern->name_span = span;
		return pattern;
	}
	default: {
		struct expression *value = parse_literal(parser);
		struct pattern *pattern = pattern_node(parser, PATTERN_VALUE, start);
		pattern->value = value;
		return pattern;
	}
	}
}

static struct pattern *parse_pattern(struct parser *parser)
{
	uint32_t start = parser->token.start;
	parser_enter(parser);
	struct pattern *pattern = parse_closed(parser);
	if (parser_is(parser, LEX_BAR)) {
		pattern_vector items = {0};
		vector_push(parser->arena, &items, pattern);
		while (parser_accept(parser, LEX_BAR))
			vector_push(parser->arena, &items, parse_closed(parser));
		pattern = pattern_node(parser, PATTERN_OR, start);
		pattern->items = items.items;
		pattern->count = items.count;
	}
	if (parser_accept(parser, LEX_AS)) {
		pattern_vector items = {0};
		struct span span;
		vector_push(parser->arena, &items, pattern);
		symbol name = capture_name(parser, &span);
		if (!name)
			parser_error(parser, span.start, SLICE("'_' can't be the name of a pattern"));
		pattern = pattern_node(parser, PATTERN_AS, start);
		pattern->items = items.items;
		pattern->count = 1;
		pattern->name = name;
		pattern->name_span = span;
	}
	parser_leave(parser);
	return pattern;
}

struct pattern *parse_patterns(struct parser *parser)
{
	uint32_t start = parser->token.start;
	struct pattern *first = parse_pattern(parser);
	if (first->kind == PATTERN_STAR && !parser_is(parser, LEX_COMMA))
		parser_unexpected(parser);
	if (parser_is(parser, LEX_COMMA))
		return parse_sequence(parser, start, LEX_COLON, first);
	return first;
}
