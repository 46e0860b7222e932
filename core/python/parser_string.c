/* String literals, their concatenation, and the fields of f-strings. */
#include "python/parser_state.h"

#include "base/utf8.h"

/* Where a string token's text begins and ends, inside prefix and quotes. */
static struct slice contents(struct slice source, struct token token)
{
	uint32_t start = token.start;
	while (source.bytes[start] != '"' && source.bytes[start] != '\'')
		start++;
	uint32_t quotes = token.detail & STRING_TRIPLE ? 3 : 1;
	return slice_part(source, start + quotes, token.end - quotes);
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static uint32_t hex_value(char c)
{
	return (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* How many bytes the escape at text[at] (behind its backslash) takes; 0 when it
 * is malformed. `*character` is what it stands for, or -1 for nothing known. */
static size_t escape(struct slice text, size_t at, bool bytes, int64_t *character)
{
	char c = text.bytes[at];
	size_t count = c == 'x' ? 2 : bytes ? 0 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
	*character = -1;
	if (count) {
		uint32_t value = 0;
		for (size_t i = 1; i <= count; i++) {
			if (at + i >= text.length || !is_hex(text.bytes[at + i]))
				return 0;
			value = value << 4 | hex_value(text.bytes[at + i]);
		}
		*character = value;
		return value > 0x10FFFF ? 0 : count + 1;
	}
	if (c == 'N' && !bytes) {
		size_t end = slice_find(text, '}', at);
		if (at + 1 >= text.length || text.bytes[at + 1] != '{' || end >= text.length || end == at + 2)
			return 0;
		return end - at + 1;
	}
	if (c >= '0' && c <= '7') {
		uint32_t value = 0;
		size_t length = 0;
		while (length < 3 && at + length < text.length && text.bytes[at + length] >= '0' &&
		       text.bytes[at + length] <= '7')
			value = value * 8 + (uint32_t)(text.bytes[at + length++] - '0');
		*character = value;
		return length;
	}
	static const char letters[] = "abfnrtv\\'\"", values[] = "\a\b\f\n\r\t\v\\'\"";
	for (size_t i = 0; i < sizeof letters - 1; i++)
		if (letters[i] == c)
			*character = (unsigned char)values[i];
	return 1;
}

/* Refuses what CPython refuses inside a literal. */
static void check_text(struct parser *parser, struct slice text, uint32_t offset, uint32_t detail)
{
	bool bytes = detail & STRING_BYTES;
	bool raw = (detail & STRING_RAW) != 0;
	if (parser->options.major == 2 && (bytes || !(detail & STRING_UNICODE)))
		return;
	for (size_t i = 0; i < text.length; i++) {
		if (bytes && (unsigned char)text.bytes[i] >= 0x80)
			parser_error(parser, offset + (uint32_t)i, SLICE("bytes can only hold ASCII characters"));
		if (text.bytes[i] != '\\' || i + 1 >= text.length)
			continue;
		i++;
		if (raw)
			continue;
		int64_t character;
		size_t length = escape(text, i, bytes, &character);
		if (length == 0)
			parser_error(parser, parser->token.start,
			             SLICE("this string holds an escape that is cut short or unknown"));
		i += length - 1;
		if (bytes && (unsigned char)text.bytes[i] >= 0x80)
			parser_error(parser, offset + (uint32_t)i, SLICE("bytes can only hold ASCII characters"));
	}
}

static void parse_format_string(struct parser *parser, expression_vector *parts);

/* The fields of a literal part or of a format spec, up to what ends it. */
static void parse_fields(struct parser *parser, expression_vector *parts, uint32_t detail, bool spec)
{
	for (;;) {
		if (parser_is(parser, LEX_FSTRING_MIDDLE)) {
			if (!spec)
				check_text(parser, parser_text(parser, parser->token), parser->token.start, detail);
			parser_advance(parser);
			continue;
		}
		if (!parser_is(parser, LEX_LEFT_BRACE))
			return;
		parser_advance(parser);
		if (parser_is(parser, LEX_RIGHT_BRACE) || parser_is(parser, LEX_EXCLAMATION) || parser_is(parser, LEX_COLON) ||
		    parser_is(parser, LEX_EQUAL))
			parser_error(parser, parser->token.start, SLICE("an expression is missing in a field of an f-string"));
		if (parser_is(parser, LEX_LAMBDA))
			parser_error(parser, parser->token.start, SLICE("a lambda in an f-string needs parentheses"));
		vector_push(parser->arena, parts, parse_annotated_rhs(parser));
		if (parser_accept(parser, LEX_EQUAL))
			parser_needs(parser, 8);
		if (parser_accept(parser, LEX_EXCLAMATION)) {
			struct slice conversion = parser_text(parser, parser->token);
			if (!parser_is(parser, LEX_NAME) || conversion.length != 1 || parser->token.start != parser->last_end ||
			    (conversion.bytes[0] != 'r' && conversion.bytes[0] != 's' && conversion.bytes[0] != 'a'))
				parser_error(parser, parser->token.start, SLICE("after '!' in an f-string stands 's', 'r' or 'a'"));
			parser_advance(parser);
			if (parser->token.start != parser->last_end)
				parser_needs(parser, 12);
		}
		if (parser_is(parser, LEX_COLON)) {
			parser_advance(parser);
			parse_fields(parser, parts, detail, true);
		}
		parser_expect(parser, LEX_RIGHT_BRACE, SLICE("a closing '}' is missing in an f-string"));
	}
}

static void parse_format_string(struct parser *parser, expression_vector *parts)
{
	uint32_t detail = parser->token.detail;
	parser_enter(parser);
	parser_advance(parser);
	parse_fields(parser, parts, detail, false);
	parser_expect(parser, LEX_FSTRING_END, SLICE("this f-string is not closed"));
	parser_leave(parser);
}

struct expression *parse_strings(struct parser *parser)
{
	uint32_t start = parser->token.start;
	expression_vector parts = {0};
	bool formatted = false, bytes = false, text = false, template = false, other = false;
	while (parser_is(parser, LEX_STRING) || parser_is(parser, LEX_FSTRING_START)) {
		uint32_t detail = parser->token.detail, at = parser->token.start;
		bytes = bytes || (detail & STRING_BYTES);
		text = text || !(detail & STRING_BYTES);
		template = template || (detail & STRING_TEMPLATE);
		other = other || !(detail & STRING_TEMPLATE);
		if (bytes && text && parser->options.major != 2)
			parser_error(parser, start, SLICE("bytes and text can't be joined"));
		if (template && other)
			parser_error(parser, at, SLICE("t-strings can't be joined with other strings"));
		if (parser_is(parser, LEX_FSTRING_START)) {
			formatted = true;
			parse_format_string(parser, &parts);
			parser_needs(parser, detail & STRING_TEMPLATE ? 14 : 6);
		} else {
			struct slice inside = contents(parser->lexer.source, parser->token);
			check_text(parser, inside, (uint32_t)(inside.bytes - parser->lexer.source.bytes), detail);
			parser_advance(parser);
		}
	}
	struct expression *node =
	    parser_expression_node(parser, formatted ? EXPRESSION_FORMATTED : EXPRESSION_CONSTANT, start);
	if (formatted) {
		node->items = parser_list(&parts);
	} else {
		node->constant.is_string = !bytes;
		node->constant.is_bytes = bytes;
	}
	return node;
}

/* What stands between the quotes, when the literal is one token whose text is what it says: no escape, no quote. */
static bool is_verbatim(struct slice literal, struct slice *value)
{
	if (literal.length < 2 || (literal.bytes[0] != '"' && literal.bytes[0] != '\''))
		return false;
	char quote = literal.bytes[0];
	bool triple = literal.length >= 6 && literal.bytes[1] == quote && literal.bytes[2] == quote;
	size_t quotes = triple ? 3 : 1, end = literal.length - quotes;
	*value = slice_part(literal, quotes, end);
	return slice_find(literal, quote, quotes) == end && slice_find(*value, '\\', 0) == value->length;
}

/* The escapes decoded, the parts joined. */
static struct slice decode(struct arena *arena, struct slice source, struct span span)
{
	struct lexer state = {.arena = arena, .source = source, .limit = span.end}, *lexer = &state;
	lexer_begin(lexer, span.start);
	struct builder text = {.arena = arena};
	/* A concatenation may run over lines, as inside brackets. */
	lexer->brackets[lexer->bracket_count] = '(';
	lexer->bracket_at[lexer->bracket_count++] = span.start;
	lexer->at_line_start = false;
	for (;;) {
		if (lexer->at >= lexer->limit)
			break;
		struct token token = lexer_next(lexer);
		if (token.kind != LEX_STRING)
			break;
		struct slice inside = contents(source, token);
		for (size_t i = 0; i < inside.length; i++) {
			if (inside.bytes[i] != '\\' || (token.detail & STRING_RAW) || i + 1 >= inside.length) {
				builder_add_byte(&text, inside.bytes[i]);
				continue;
			}
			i++;
			if (inside.bytes[i] == '\n' || inside.bytes[i] == '\r') {
				i += inside.bytes[i] == '\r' && i + 1 < inside.length && inside.bytes[i + 1] == '\n';
				continue;
			}
			int64_t character;
			size_t length = escape(inside, i, false, &character);
			char bytes[UTF8_MAX];
			if (character >= 0)
				builder_add(&text, (struct slice){bytes, utf8_encode((uint32_t)character, bytes)});
			else
				builder_add(&text, slice_part(inside, i - 1, i + (length ? length : 1)));
			i += length ? length - 1 : 0;
		}
	}
	return builder_slice(&text);
}

bool python_string_value(struct arena *arena, struct slice source, const struct expression *expression,
                         struct slice *value)
{
	struct span span = expression->span;
	if (expression->kind != EXPRESSION_CONSTANT || !expression->constant.is_string || span.end > source.length)
		return false;
	if (!is_verbatim(slice_part(source, span.start, span.end), value))
		*value = decode(arena, source, span);
	return true;
}
