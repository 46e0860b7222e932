/* Numbers, strings and f-strings. */
#include "python/lexer_state.h"

#include <string.h>

enum { MAX_DIGITS = 4300 /* sys.int_info.default_max_str_digits */ };

/* Digits of a base with single underscores between; moves past them. False where
 * an underscore ends them. */
static bool digits(const struct lexer *lexer, uint32_t *at, unsigned base)
{
	for (;;) {
		uint32_t start = *at;
		for (;; (*at)++) {
			unsigned char c = lexer_byte(lexer, *at);
			unsigned value = is_digit(c)            ? c - '0' + 0u
			                 : c >= 'a' && c <= 'f' ? c - 'a' + 10u
			                 : c >= 'A' && c <= 'F' ? c - 'A' + 10u
			                                        : 99;
			if (value >= base)
				break;
		}
		if (*at == start)
			return false;
		if (lexer_byte(lexer, *at) != '_')
			return true;
		(*at)++;
	}
}

/* What may stand right behind a number: `1if x else y` is allowed, `1x` is not. */
static bool ends_number(struct lexer *lexer, uint32_t at)
{
	if (!is_name_start(lexer_byte(lexer, at)))
		return true;
	static const struct slice allowed[] = {SLICE_CONSTANT("and"), SLICE_CONSTANT("else"), SLICE_CONSTANT("for"),
	                                       SLICE_CONSTANT("if"),  SLICE_CONSTANT("in"),   SLICE_CONSTANT("is"),
	                                       SLICE_CONSTANT("not"), SLICE_CONSTANT("or")};
	struct slice rest = slice_part(lexer->source, at, lexer->limit);
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		if (slice_starts(rest, allowed[i]))
			return true;
	return false;
}

static struct token finish_number(struct lexer *lexer, uint32_t start, uint32_t at)
{
	if (!ends_number(lexer, at))
		return lexer_fail(lexer, at - 1, SLICE("this number is not written as Python writes numbers"));
	lexer->at = at;
	return lexer_token(LEX_NUMBER, start, at);
}

static uint32_t count_digits(const struct lexer *lexer, uint32_t start, uint32_t end)
{
	uint32_t count = 0;
	for (; start < end; start++)
		count += is_digit(lexer_byte(lexer, start));
	return count;
}

struct token lexer_number(struct lexer *lexer, uint32_t start)
{
	static const struct slice bad = SLICE_CONSTANT("this number is not written as Python writes numbers");
	uint32_t at = start;
	unsigned char first = lexer_byte(lexer, at), second = lexer_byte(lexer, at + 1) | 0x20;
	bool leading_zeros = false, octal = true;
	if (first == '0' && (second == 'x' || second == 'o' || second == 'b')) {
		at += 2;
		if (lexer_byte(lexer, at) == '_')
			at++;
		bool good = digits(lexer, &at, second == 'x' ? 16 : second == 'o' ? 8 : 2);
		if (!good || is_digit(lexer_byte(lexer, at)))
			return lexer_fail(lexer, is_digit(lexer_byte(lexer, at)) ? at : at - 1, bad);
		if (lexer->python2 && (lexer_byte(lexer, at) | 0x20) == 'l') {
			lexer->only_python2 = true;
			at++;
		}
		return finish_number(lexer, start, at);
	}
	if (first != '.') {
		if (!digits(lexer, &at, 10))
			return lexer_fail(lexer, at - 1, bad);
		if (lexer->python2 && memchr(lexer->source.bytes + start, '_', at - start))
			return lexer_fail(lexer, start, bad);
		if (first == '0')
			for (uint32_t i = start; i < at; i++) {
				leading_zeros = leading_zeros || (lexer->source.bytes[i] != '0' && lexer->source.bytes[i] != '_');
				octal = octal && lexer->source.bytes[i] < '8';
			}
	}
	bool real = false;
	if (lexer_byte(lexer, at) == '.') {
		real = true;
		at++;
		if (is_digit(lexer_byte(lexer, at)) && !digits(lexer, &at, 10))
			return lexer_fail(lexer, at - 1, bad);
	}
	if ((lexer_byte(lexer, at) | 0x20) == 'e') {
		uint32_t exponent = at + 1;
		if (lexer_byte(lexer, exponent) == '+' || lexer_byte(lexer, exponent) == '-')
			exponent++;
		if (is_digit(lexer_byte(lexer, exponent))) {
			real = true;
			at = exponent;
			if (!digits(lexer, &at, 10))
				return lexer_fail(lexer, at - 1, bad);
		} else if (exponent > at + 1) {
			return lexer_fail(lexer, at + 1, bad);
		}
	}
	if ((lexer_byte(lexer, at) | 0x20) == 'j') {
		real = true;
		at++;
	} else if (lexer->python2 && !real && (lexer_byte(lexer, at) | 0x20) == 'l') {
		lexer->only_python2 = true;
		at++;
	}
	if (!real && at - start > MAX_DIGITS && !lexer->python2 && count_digits(lexer, start, at) > MAX_DIGITS)
		return lexer_fail(lexer, start, SLICE("Python reads whole numbers of at most 4300 decimal digits"));
	lexer->only_python2 = lexer->only_python2 || (lexer->python2 && leading_zeros && !real);
	if (leading_zeros && !real && !(lexer->python2 && octal))
		return lexer_fail(lexer, start,
		                  SLICE("leading zeros are not allowed in a decimal number; an octal one begins with 0o"));
	return finish_number(lexer, start, at);
}

struct token lexer_string(struct lexer *lexer, uint32_t start, uint32_t quote_at, uint32_t detail)
{
	char quote = lexer->source.bytes[quote_at];
	bool triple = lexer_byte(lexer, quote_at + 1) == (unsigned char)quote &&
	              lexer_byte(lexer, quote_at + 2) == (unsigned char)quote;
	uint32_t at = quote_at + (triple ? 3 : 1);
	const char *bytes = lexer->source.bytes;
	for (; at < lexer->limit; at++) {
		char c = bytes[at];
		if (c == '\\') {
			at++;
			if (at < lexer->limit && bytes[at] == '\r' && lexer_byte(lexer, at + 1) == '\n')
				at++;
		} else if (c == quote) {
			if (!triple)
				break;
			if (lexer_byte(lexer, at + 1) == (unsigned char)quote && lexer_byte(lexer, at + 2) == (unsigned char)quote)
				break;
		} else if (!triple && (c == '\n' || c == '\r')) {
			return lexer_fail(lexer, start, SLICE("this string has no closing quote"));
		} else if (c == '\0') {
			return lexer_fail(lexer, at, SLICE("a NUL character can't stand in Python source"));
		}
	}
	if (at >= lexer->limit)
		return lexer_fail(lexer, start,
		                  triple ? SLICE("this triple-quoted string is never closed")
		                         : SLICE("this string has no closing quote"));
	at += triple ? 3 : 1;
	lexer->at = at;
	struct token token = lexer_token(LEX_STRING, start, at);
	token.detail = detail | (triple ? STRING_TRIPLE : 0);
	return token;
}

static void push_format(struct lexer *lexer, struct format_string format)
{
	size_t capacity = lexer->format_capacity;
	lexer->formats = arena_grow(lexer->arena, lexer->formats, lexer->format_count, &capacity, sizeof *lexer->formats);
	lexer->format_capacity = (uint32_t)capacity;
	lexer->formats[lexer->format_count++] = format;
}

struct token lexer_format_start(struct lexer *lexer, uint32_t start, uint32_t quote_at, uint32_t detail)
{
	char quote = lexer->source.bytes[quote_at];
	bool triple = lexer_byte(lexer, quote_at + 1) == (unsigned char)quote &&
	              lexer_byte(lexer, quote_at + 2) == (unsigned char)quote;
	if (lexer->format_count >= 150) /* CPython's MAXFSTRINGLEVEL */
		return lexer_fail(lexer, start, SLICE("too many nested f-strings"));
	/* Before PEP 701 a field could not hold the quote of its own string. */
	for (uint32_t i = 0; i < lexer->format_count; i++)
		if (lexer->formats[i].quote == quote && (lexer->formats[i].triple == triple || !lexer->formats[i].triple))
			lexer->newer_format = true;
	push_format(lexer, (struct format_string){.quote = quote,
	                                          .triple = triple,
	                                          .raw = (detail & STRING_RAW) != 0,
	                                          .brackets = lexer->bracket_count,
	                                          .start = start});
	lexer->at = quote_at + (triple ? 3 : 1);
	struct token token = lexer_token(LEX_FSTRING_START, start, lexer->at);
	token.detail = detail | (triple ? STRING_TRIPLE : 0);
	return token;
}

void lexer_end_expression(struct lexer *lexer, struct format_string *format, uint32_t end)
{
	const char *bytes = lexer->source.bytes;
	for (uint32_t at = format->field_start; at && at < end && !lexer->newer_format; at++) {
		bool quotes = bytes[at] == format->quote &&
		              (!format->triple || (end - at > 2 && bytes[at + 1] == bytes[at] && bytes[at + 2] == bytes[at]));
		bool line = !format->triple && (bytes[at] == '\n' || bytes[at] == '\r');
		lexer->newer_format = quotes || line || bytes[at] == '\\';
	}
	format->field_start = 0;
}

/* How many of the frames on top belong to the f-string on top: one for each format spec inside another. */
static uint32_t count_specs(const struct lexer *lexer)
{
	uint32_t count = 1, top = lexer->format_count - 1;
	while (count <= top && lexer->formats[top - count].start == lexer->formats[top].start)
		count++;
	return count;
}

/* The literal part of an f-string, up to a field or the end; the field's brace is
 * a token of its own. */
struct token lexer_format_middle(struct lexer *lexer)
{
	struct format_string *format = &lexer->formats[lexer->format_count - 1];
	uint32_t start = lexer->at, at = start;
	const char *bytes = lexer->source.bytes;
	while (at < lexer->limit) {
		char c = bytes[at];
		if (c == format->quote && !format->in_spec) {
			bool closes = !format->triple || (lexer_byte(lexer, at + 1) == (unsigned char)c &&
			                                  lexer_byte(lexer, at + 2) == (unsigned char)c);
			if (closes && at > start)
				break;
			if (closes) {
				lexer->at = at + (format->triple ? 3 : 1);
				lexer->format_count--;
				return lexer_token(LEX_FSTRING_END, start, lexer->at);
			}
		} else if (c == format->quote && !format->triple) {
			break; /* a spec that is not closed: the parser will miss its brace */
		} else if (c == '\\') {
			at++;
			if (!format->raw && lexer_byte(lexer, at) == 'N' && lexer_byte(lexer, at + 1) == '{') {
				while (at < lexer->limit && bytes[at] != '}' && bytes[at] != format->quote && bytes[at] != '\n')
					at++;
				if (lexer_byte(lexer, at) == '}')
					at++;
				continue;
			}
			if (lexer_byte(lexer, at) == '{' || lexer_byte(lexer, at) == '}')
				continue;
		} else if ((c == '\n' || c == '\r') && !format->triple) {
			if (format->in_spec)
				break;
			return lexer_fail(lexer, format->start, SLICE("this f-string has no closing quote"));
		} else if (c == '{') {
			if (lexer_byte(lexer, at + 1) != '{' || format->in_spec)
				break;
			at++;
		} else if (c == '}') {
			if (format->in_spec)
				break;
			if (lexer_byte(lexer, at + 1) != '}')
				return lexer_fail(lexer, at, SLICE("a single '}' in an f-string; write '}}' for a brace"));
			at++;
		} else if (c == '\0') {
			return lexer_fail(lexer, at, SLICE("a NUL character can't stand in Python source"));
		}
		at++;
	}
	if (at >= lexer->limit)
		return lexer_fail(lexer, format->start, SLICE("this f-string is never closed"));
	if (at > start) {
		lexer->at = at;
		return lexer_token(LEX_FSTRING_MIDDLE, start, at);
	}
	if (bytes[at] == '{') {
		if (lexer->bracket_count >= LEXER_MAX_BRACKETS)
			return lexer_fail(lexer, at, SLICE("too many nested parentheses"));
		/* A field inside a format spec is read with a frame of its own. */
		if (format->in_spec) {
			struct format_string inner = *format;
			uint32_t specs = count_specs(lexer);
			if (specs > 2 || lexer->format_count >= 150)
				return lexer_fail(lexer, at, SLICE("f-string: expressions nested too deeply"));
			lexer->newer_format = lexer->newer_format || specs > 1;
			inner.in_spec = false;
			push_format(lexer, inner);
			format = &lexer->formats[lexer->format_count - 1];
		}
		lexer->brackets[lexer->bracket_count] = '{';
		lexer->bracket_at[lexer->bracket_count++] = at;
		format->in_field = true;
		format->field_start = at + 1;
		format->brackets = lexer->bracket_count;
		lexer->at = at + 1;
		return lexer_token(LEX_LEFT_BRACE, at, at + 1);
	}
	if (bytes[at] == '}') { /* ends a field that had a format spec */
		format->in_spec = false;
		lexer->bracket_count--;
		lexer->at = at + 1;
		if (lexer->format_count > 1 && lexer->formats[lexer->format_count - 2].in_spec &&
		    lexer->formats[lexer->format_count - 2].start == format->start)
			lexer->format_count--;
		return lexer_token(LEX_RIGHT_BRACE, at, at + 1);
	}
	return lexer_fail(lexer, at, SLICE("f-string: expecting '}'"));
}
