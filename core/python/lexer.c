/* One function a kind of token, chosen by the first byte.
 *
 * State between tokens: open brackets (inside which line ends are white space),
 * the stack of indentations, and the f-strings being read, inside whose fields
 * ordinary tokens are made. */
#include "python/lexer.h"

#include <string.h>

#include "base/utf8.h"

enum {
	TAB = 8,
	MAX_DIGITS = 4300, /* sys.int_info.default_max_str_digits */
};

static const struct slice nothing_joined = SLICE_CONSTANT("a backslash joins this line to the next, but there is none");

static bool is_name_start(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_byte(unsigned char c)
{
	return is_name_start(c) || is_digit(c);
}

/* The byte at an offset; 0 past the end (a NUL in the source is an error anyway). */
static unsigned char byte_at(const struct lexer *lexer, uint32_t at)
{
	return at < lexer->limit ? (unsigned char)lexer->source.bytes[at] : 0;
}

static struct token make(enum lexeme kind, uint32_t start, uint32_t end)
{
	return (struct token){.kind = kind, .start = start, .end = end};
}

static struct token fail(struct lexer *lexer, uint32_t at, struct slice message)
{
	if (!lexer->failed) {
		lexer->failed = true;
		lexer->error_at = at;
		lexer->error = message;
	}
	lexer->at = lexer->limit;
	return make(LEX_ERROR, at, at);
}

static struct token fail_quietly(struct lexer *lexer, uint32_t at, struct slice message)
{
	lexer->is_quiet = !lexer->failed || lexer->is_quiet;
	return fail(lexer, at, message);
}

uint32_t lexer_line_end(const struct lexer *lexer, uint32_t at)
{
	for (; at < lexer->limit; at++) {
		char c = lexer->source.bytes[at];
		if (c == '\n')
			return at + 1;
		if (c == '\r')
			return byte_at(lexer, at + 1) == '\n' ? at + 2 : at + 1;
	}
	return lexer->limit;
}

static bool is_line_end(const struct lexer *lexer, uint32_t at)
{
	unsigned char c = byte_at(lexer, at);
	return at >= lexer->limit || c == '\n' || c == '\r';
}

/* Past the line end at `at`. */
static uint32_t after_line_end(const struct lexer *lexer, uint32_t at)
{
	if (at >= lexer->limit)
		return at;
	return byte_at(lexer, at) == '\r' && byte_at(lexer, at + 1) == '\n' ? at + 2 : at + 1;
}

static void begin_line(struct lexer *lexer, uint32_t at)
{
	lexer->at = lexer->line_start = at;
}

static void find_special(struct lexer *lexer, uint32_t at)
{
	const struct special_lines *specials = lexer->specials;
	lexer->special = special_lines_find(specials, at);
	bool none = !specials || lexer->special == specials->lines.count;
	lexer->special_at = none ? UINT32_MAX : specials->lines.items[lexer->special].start;
}

static void find_bad_byte(struct lexer *lexer, uint32_t from)
{
	lexer->bad_at = python_bad_byte(lexer->source, from, lexer->limit, lexer->encoding);
	lexer->bad_from = from;
	lexer->bad_known = true;
}

void lexer_begin(struct lexer *lexer, uint32_t start)
{
	lexer->at = lexer->line_start = lexer->logical_start = start;
	lexer->at_line_start = true;
	lexer->blank = true;
	lexer->after_special = false;
	find_special(lexer, start);
	if (!lexer->bad_known || start < lexer->bad_from || start > lexer->bad_at)
		find_bad_byte(lexer, start);
	lexer->bracket_count = lexer->indent_count = lexer->format_count = 0;
	lexer->pending_dedents = 0;
	lexer->indents[0] = lexer->alternate[0] = 0;
	lexer->failed = lexer->unclosed = lexer->is_quiet = false;
}

/* Measures the indentation of a logical line and says which INDENT or DEDENTs it
 * makes. CPython compares it twice, with tabs of eight and of one column, and
 * refuses lines for which the two disagree. */
static bool indentation(struct lexer *lexer, struct token *token)
{
	uint32_t column = 0, alternate = 0, joined = 0, at = lexer->at;
	for (;; at++) {
		unsigned char c = byte_at(lexer, at);
		if (c == ' ') {
			column++;
			alternate++;
		} else if (c == '\t') {
			column = (column / TAB + 1) * TAB;
			alternate++;
		} else if (c == '\f') {
			column = alternate = 0;
		} else if (c == '\\' && is_line_end(lexer, at + 1) && at + 1 < lexer->limit) {
			/* The first line so joined tells the indentation, if it has any. */
			uint32_t next = after_line_end(lexer, at + 1);
			if (next >= lexer->limit) {
				*token = fail_quietly(lexer, at + 1, nothing_joined);
				return true;
			}
			joined = joined ? joined : column;
			at = next - 1;
		} else {
			break;
		}
	}
	if (joined)
		column = alternate = joined;
	lexer->at = at;
	if (is_line_end(lexer, at) || byte_at(lexer, at) == '#')
		return false; /* blank: no effect */
	lexer->at_line_start = false;
	lexer->logical_start = at;
	lexer->blank = true;
	uint32_t top = lexer->indents[lexer->indent_count], top_alternate = lexer->alternate[lexer->indent_count];
	static const struct slice tabs = SLICE_CONSTANT("tabs and spaces are mixed in the indentation");
	if (column == top) {
		if (alternate != top_alternate) {
			*token = fail_quietly(lexer, at, tabs);
			return true;
		}
		return false;
	}
	if (column > top) {
		if (alternate <= top_alternate) {
			*token = fail_quietly(lexer, at, tabs);
			return true;
		}
		if (lexer->indent_count >= LEXER_MAX_INDENTS - 1) {
			*token = fail_quietly(lexer, at, SLICE("too many levels of indentation"));
			return true;
		}
		lexer->indent_count++;
		lexer->indents[lexer->indent_count] = column;
		lexer->alternate[lexer->indent_count] = alternate;
		*token = make(LEX_INDENT, lexer->line_start, at);
		return true;
	}
	while (lexer->indent_count > 0 && column < lexer->indents[lexer->indent_count]) {
		lexer->indent_count--;
		lexer->pending_dedents++;
	}
	if (column != lexer->indents[lexer->indent_count]) {
		/* CPython's column: the end of the line. */
		while (!is_line_end(lexer, at))
			at++;
		*token = fail_quietly(lexer, at, SLICE("this line's indentation matches no outer level"));
		return true;
	}
	if (alternate != lexer->alternate[lexer->indent_count]) {
		*token = fail_quietly(lexer, at, tabs);
		return true;
	}
	return false;
}

struct keyword {
	struct slice text;
	enum lexeme kind;
};

static const struct keyword keywords[] = {
    {SLICE_CONSTANT("as"), LEX_AS},
    {SLICE_CONSTANT("if"), LEX_IF},
    {SLICE_CONSTANT("in"), LEX_IN},
    {SLICE_CONSTANT("is"), LEX_IS},
    {SLICE_CONSTANT("or"), LEX_OR},
    {SLICE_CONSTANT("and"), LEX_AND},
    {SLICE_CONSTANT("def"), LEX_DEF},
    {SLICE_CONSTANT("del"), LEX_DEL},
    {SLICE_CONSTANT("for"), LEX_FOR},
    {SLICE_CONSTANT("not"), LEX_NOT},
    {SLICE_CONSTANT("try"), LEX_TRY},
    {SLICE_CONSTANT("None"), LEX_NONE},
    {SLICE_CONSTANT("True"), LEX_TRUE},
    {SLICE_CONSTANT("elif"), LEX_ELIF},
    {SLICE_CONSTANT("else"), LEX_ELSE},
    {SLICE_CONSTANT("exec"), LEX_EXEC},
    {SLICE_CONSTANT("from"), LEX_FROM},
    {SLICE_CONSTANT("pass"), LEX_PASS},
    {SLICE_CONSTANT("with"), LEX_WITH},
    {SLICE_CONSTANT("False"), LEX_FALSE},
    {SLICE_CONSTANT("async"), LEX_ASYNC},
    {SLICE_CONSTANT("await"), LEX_AWAIT},
    {SLICE_CONSTANT("break"), LEX_BREAK},
    {SLICE_CONSTANT("class"), LEX_CLASS},
    {SLICE_CONSTANT("print"), LEX_PRINT},
    {SLICE_CONSTANT("raise"), LEX_RAISE},
    {SLICE_CONSTANT("while"), LEX_WHILE},
    {SLICE_CONSTANT("yield"), LEX_YIELD},
    {SLICE_CONSTANT("assert"), LEX_ASSERT},
    {SLICE_CONSTANT("except"), LEX_EXCEPT},
    {SLICE_CONSTANT("global"), LEX_GLOBAL},
    {SLICE_CONSTANT("import"), LEX_IMPORT},
    {SLICE_CONSTANT("lambda"), LEX_LAMBDA},
    {SLICE_CONSTANT("return"), LEX_RETURN},
    {SLICE_CONSTANT("finally"), LEX_FINALLY},
    {SLICE_CONSTANT("continue"), LEX_CONTINUE},
    {SLICE_CONSTANT("nonlocal"), LEX_NONLOCAL},
};

/* Where the keywords of each length begin in the table. */
static const uint8_t keywords_of_length[] = {0, 0, 0, 5, 11, 19, 28, 34, 35, 37};

static enum lexeme keyword_or_name(struct lexer *lexer, struct slice text)
{
	if (text.length < 2 || text.length > 8)
		return LEX_NAME;
	for (uint8_t i = keywords_of_length[text.length]; i < keywords_of_length[text.length + 1]; i++) {
		const struct keyword *keyword = &keywords[i];
		if (keyword->text.bytes[0] != text.bytes[0] || memcmp(keyword->text.bytes, text.bytes, text.length) != 0)
			continue;
		bool only_2 = keyword->kind == LEX_PRINT || keyword->kind == LEX_EXEC;
		bool only_3 = keyword->kind == LEX_NONLOCAL || keyword->kind == LEX_ASYNC || keyword->kind == LEX_AWAIT ||
		              keyword->kind == LEX_TRUE || keyword->kind == LEX_FALSE || keyword->kind == LEX_NONE;
		if (lexer->python2 ? only_3 && keyword->kind != LEX_NONE : only_2) {
			lexer->old_names = lexer->old_names || keyword->kind == LEX_ASYNC || keyword->kind == LEX_AWAIT;
			return LEX_NAME;
		}
		return keyword->kind;
	}
	return LEX_NAME;
}

/* Checks a name that holds other than ASCII: UAX 31 through PEP 3131. */
static bool is_valid_identifier(struct slice name, size_t *bad)
{
	for (size_t offset = 0; offset < name.length;) {
		size_t start = offset;
		int32_t character = utf8_next(name, &offset);
		if (start == 0 ? !unicode_identifier_start(character) : !unicode_identifier_continue(character)) {
			*bad = start;
			return false;
		}
	}
	return true;
}

static struct token name(struct lexer *lexer, uint32_t start)
{
	uint32_t at = start;
	bool ascii = true;
	for (; at < lexer->limit && is_name_byte((unsigned char)lexer->source.bytes[at]); at++)
		ascii = ascii && (unsigned char)lexer->source.bytes[at] < 0x80;
	struct slice text = {lexer->source.bytes + start, at - start};
	if (ascii) {
		enum lexeme kind = keyword_or_name(lexer, text);
		lexer->at = at;
		struct token token = make(kind, start, at);
		if (lexer->symbols && (kind == LEX_NAME || kind == LEX_PRINT || kind == LEX_EXEC))
			token.name = symbols_intern(lexer->symbols, text);
		return token;
	}
	size_t bad = 0;
	if (!is_valid_identifier(text, &bad)) {
		size_t after = bad;
		struct slice message = utf8_next(text, &after) < 0 ? SLICE("this is no UTF-8 text")
		                                                   : SLICE("this character can't stand in a name");
		return fail(lexer, start + (uint32_t)bad, message);
	}
	lexer->at = at;
	struct token token = make(LEX_NAME, start, at);
	if (lexer->symbols)
		token.name = symbols_intern(lexer->symbols, unicode_nfkc(lexer->arena, text));
	return token;
}

/* Digits of a base with single underscores between; moves past them. False where
 * an underscore ends them. */
static bool digits(const struct lexer *lexer, uint32_t *at, unsigned base)
{
	for (;;) {
		uint32_t start = *at;
		for (;; (*at)++) {
			unsigned char c = byte_at(lexer, *at);
			unsigned value = is_digit(c)            ? c - '0' + 0u
			                 : c >= 'a' && c <= 'f' ? c - 'a' + 10u
			                 : c >= 'A' && c <= 'F' ? c - 'A' + 10u
			                                        : 99;
			if (value >= base)
				break;
		}
		if (*at == start)
			return false;
		if (byte_at(lexer, *at) != '_')
			return true;
		(*at)++;
	}
}

/* What may stand right behind a number: `1if x else y` is allowed, `1x` is not. */
static bool ends_number(struct lexer *lexer, uint32_t at)
{
	if (!is_name_start(byte_at(lexer, at)))
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
		return fail(lexer, at - 1, SLICE("this number is not written as Python writes numbers"));
	lexer->at = at;
	return make(LEX_NUMBER, start, at);
}

static uint32_t count_digits(const struct lexer *lexer, uint32_t start, uint32_t end)
{
	uint32_t count = 0;
	for (; start < end; start++)
		count += is_digit(byte_at(lexer, start));
	return count;
}

static struct token number(struct lexer *lexer, uint32_t start)
{
	static const struct slice bad = SLICE_CONSTANT("this number is not written as Python writes numbers");
	uint32_t at = start;
	unsigned char first = byte_at(lexer, at), second = byte_at(lexer, at + 1) | 0x20;
	bool leading_zeros = false, octal = true;
	if (first == '0' && (second == 'x' || second == 'o' || second == 'b')) {
		at += 2;
		if (byte_at(lexer, at) == '_')
			at++;
		bool good = digits(lexer, &at, second == 'x' ? 16 : second == 'o' ? 8 : 2);
		if (!good || is_digit(byte_at(lexer, at)))
			return fail(lexer, is_digit(byte_at(lexer, at)) ? at : at - 1, bad);
		if (lexer->python2 && (byte_at(lexer, at) | 0x20) == 'l') {
			lexer->only_python2 = true;
			at++;
		}
		return finish_number(lexer, start, at);
	}
	if (first != '.') {
		if (!digits(lexer, &at, 10))
			return fail(lexer, at - 1, bad);
		if (lexer->python2 && memchr(lexer->source.bytes + start, '_', at - start))
			return fail(lexer, start, bad);
		if (first == '0')
			for (uint32_t i = start; i < at; i++) {
				leading_zeros = leading_zeros || (lexer->source.bytes[i] != '0' && lexer->source.bytes[i] != '_');
				octal = octal && lexer->source.bytes[i] < '8';
			}
	}
	bool real = false;
	if (byte_at(lexer, at) == '.') {
		real = true;
		at++;
		if (is_digit(byte_at(lexer, at)) && !digits(lexer, &at, 10))
			return fail(lexer, at - 1, bad);
	}
	if ((byte_at(lexer, at) | 0x20) == 'e') {
		uint32_t exponent = at + 1;
		if (byte_at(lexer, exponent) == '+' || byte_at(lexer, exponent) == '-')
			exponent++;
		if (is_digit(byte_at(lexer, exponent))) {
			real = true;
			at = exponent;
			if (!digits(lexer, &at, 10))
				return fail(lexer, at - 1, bad);
		} else if (exponent > at + 1) {
			return fail(lexer, at + 1, bad);
		}
	}
	if ((byte_at(lexer, at) | 0x20) == 'j') {
		real = true;
		at++;
	} else if (lexer->python2 && !real && (byte_at(lexer, at) | 0x20) == 'l') {
		lexer->only_python2 = true;
		at++;
	}
	if (!real && at - start > MAX_DIGITS && !lexer->python2 && count_digits(lexer, start, at) > MAX_DIGITS)
		return fail(lexer, start, SLICE("Python reads whole numbers of at most 4300 decimal digits"));
	lexer->only_python2 = lexer->only_python2 || (lexer->python2 && leading_zeros && !real);
	if (leading_zeros && !real && !(lexer->python2 && octal))
		return fail(lexer, start,
		            SLICE("leading zeros are not allowed in a decimal number; an octal one begins with 0o"));
	return finish_number(lexer, start, at);
}

/* A string that is no f-string: `quote_at` is the first quote. */
static struct token string(struct lexer *lexer, uint32_t start, uint32_t quote_at, uint32_t detail)
{
	char quote = lexer->source.bytes[quote_at];
	bool triple =
	    byte_at(lexer, quote_at + 1) == (unsigned char)quote && byte_at(lexer, quote_at + 2) == (unsigned char)quote;
	uint32_t at = quote_at + (triple ? 3 : 1);
	const char *bytes = lexer->source.bytes;
	for (; at < lexer->limit; at++) {
		char c = bytes[at];
		if (c == '\\') {
			at++;
			if (at < lexer->limit && bytes[at] == '\r' && byte_at(lexer, at + 1) == '\n')
				at++;
		} else if (c == quote) {
			if (!triple)
				break;
			if (byte_at(lexer, at + 1) == (unsigned char)quote && byte_at(lexer, at + 2) == (unsigned char)quote)
				break;
		} else if (!triple && (c == '\n' || c == '\r')) {
			return fail(lexer, start, SLICE("this string has no closing quote"));
		} else if (c == '\0') {
			return fail(lexer, at, SLICE("a NUL character can't stand in Python source"));
		}
	}
	if (at >= lexer->limit)
		return fail(lexer, start,
		            triple ? SLICE("this triple-quoted string is never closed")
		                   : SLICE("this string has no closing quote"));
	at += triple ? 3 : 1;
	lexer->at = at;
	struct token token = make(LEX_STRING, start, at);
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

static struct token format_start(struct lexer *lexer, uint32_t start, uint32_t quote_at, uint32_t detail)
{
	char quote = lexer->source.bytes[quote_at];
	bool triple =
	    byte_at(lexer, quote_at + 1) == (unsigned char)quote && byte_at(lexer, quote_at + 2) == (unsigned char)quote;
	if (lexer->format_count >= 150) /* CPython's MAXFSTRINGLEVEL */
		return fail(lexer, start, SLICE("too many nested f-strings"));
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
	struct token token = make(LEX_FSTRING_START, start, lexer->at);
	token.detail = detail | (triple ? STRING_TRIPLE : 0);
	return token;
}

/* The expression of a field ends. Before PEP 701 its text was cut out of a string:
 * it held no backslash, and neither its string's quotes nor a line end that its
 * string could not hold. */
static void end_expression(struct lexer *lexer, struct format_string *format, uint32_t end)
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
static struct token format_middle(struct lexer *lexer)
{
	struct format_string *format = &lexer->formats[lexer->format_count - 1];
	uint32_t start = lexer->at, at = start;
	const char *bytes = lexer->source.bytes;
	while (at < lexer->limit) {
		char c = bytes[at];
		if (c == format->quote && !format->in_spec) {
			bool closes = !format->triple ||
			              (byte_at(lexer, at + 1) == (unsigned char)c && byte_at(lexer, at + 2) == (unsigned char)c);
			if (closes && at > start)
				break;
			if (closes) {
				lexer->at = at + (format->triple ? 3 : 1);
				lexer->format_count--;
				return make(LEX_FSTRING_END, start, lexer->at);
			}
		} else if (c == format->quote && !format->triple) {
			break; /* a spec that is not closed: the parser will miss its brace */
		} else if (c == '\\') {
			at++;
			if (!format->raw && byte_at(lexer, at) == 'N' && byte_at(lexer, at + 1) == '{') {
				while (at < lexer->limit && bytes[at] != '}' && bytes[at] != format->quote && bytes[at] != '\n')
					at++;
				if (byte_at(lexer, at) == '}')
					at++;
				continue;
			}
			if (byte_at(lexer, at) == '{' || byte_at(lexer, at) == '}')
				continue;
		} else if ((c == '\n' || c == '\r') && !format->triple) {
			if (format->in_spec)
				break;
			return fail(lexer, format->start, SLICE("this f-string has no closing quote"));
		} else if (c == '{') {
			if (byte_at(lexer, at + 1) != '{' || format->in_spec)
				break;
			at++;
		} else if (c == '}') {
			if (format->in_spec)
				break;
			if (byte_at(lexer, at + 1) != '}')
				return fail(lexer, at, SLICE("a single '}' in an f-string; write '}}' for a brace"));
			at++;
		} else if (c == '\0') {
			return fail(lexer, at, SLICE("a NUL character can't stand in Python source"));
		}
		at++;
	}
	if (at >= lexer->limit)
		return fail(lexer, format->start, SLICE("this f-string is never closed"));
	if (at > start) {
		lexer->at = at;
		return make(LEX_FSTRING_MIDDLE, start, at);
	}
	if (bytes[at] == '{') {
		if (lexer->bracket_count >= LEXER_MAX_BRACKETS)
			return fail(lexer, at, SLICE("too many nested parentheses"));
		/* A field inside a format spec is read with a frame of its own. */
		if (format->in_spec) {
			struct format_string inner = *format;
			uint32_t specs = count_specs(lexer);
			if (specs > 2 || lexer->format_count >= 150)
				return fail(lexer, at, SLICE("f-string: expressions nested too deeply"));
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
		return make(LEX_LEFT_BRACE, at, at + 1);
	}
	if (bytes[at] == '}') { /* ends a field that had a format spec */
		format->in_spec = false;
		lexer->bracket_count--;
		lexer->at = at + 1;
		if (lexer->format_count > 1 && lexer->formats[lexer->format_count - 2].in_spec &&
		    lexer->formats[lexer->format_count - 2].start == format->start)
			lexer->format_count--;
		return make(LEX_RIGHT_BRACE, at, at + 1);
	}
	return fail(lexer, at, SLICE("f-string: expecting '}'"));
}

/* A string if a prefix and quote begin here, else a name. */
static struct token name_or_string(struct lexer *lexer, uint32_t start)
{
	uint32_t detail = 0, at = start;
	for (; at - start < 3; at++) {
		uint32_t flag = 0;
		switch (byte_at(lexer, at) | 0x20) {
		case 'r': flag = STRING_RAW; break;
		case 'b': flag = STRING_BYTES; break;
		case 'u': flag = STRING_UNICODE; break;
		case 'f': flag = STRING_FORMAT; break;
		case 't': flag = STRING_TEMPLATE; break;
		default: break;
		}
		if (!flag || (detail & flag))
			break;
		detail |= flag;
	}
	unsigned char c = byte_at(lexer, at);
	if (detail && (c == '"' || c == '\'')) {
		int kinds = ((detail & STRING_BYTES) != 0) + ((detail & STRING_UNICODE) != 0) +
		            ((detail & (STRING_FORMAT | STRING_TEMPLATE)) != 0);
		bool both = (detail & STRING_FORMAT) && (detail & STRING_TEMPLATE);
		bool unicode_raw = (detail & STRING_UNICODE) && (detail & STRING_RAW) &&
		                   (!lexer->python2 || (byte_at(lexer, start) | 0x20) != 'u');
		if (kinds <= 1 && !both && !unicode_raw && !(lexer->python2 && (detail & (STRING_FORMAT | STRING_TEMPLATE)))) {
			if (detail & (STRING_FORMAT | STRING_TEMPLATE))
				return format_start(lexer, start, at, detail);
			lexer->only_python2 = lexer->only_python2 || ((detail & STRING_UNICODE) && (detail & STRING_RAW));
			return string(lexer, start, at, detail);
		}
	}
	return name(lexer, start);
}

static struct token open_bracket(struct lexer *lexer, uint32_t start, enum lexeme kind)
{
	if (lexer->bracket_count >= LEXER_MAX_BRACKETS)
		return fail(lexer, start, SLICE("too many nested parentheses"));
	lexer->brackets[lexer->bracket_count] = lexer->source.bytes[start];
	lexer->bracket_at[lexer->bracket_count++] = start;
	lexer->at = start + 1;
	return make(kind, start, start + 1);
}

static struct token close_bracket(struct lexer *lexer, uint32_t start, char opening, enum lexeme kind)
{
	struct format_string *format = lexer->format_count ? &lexer->formats[lexer->format_count - 1] : NULL;
	char closing = lexer->source.bytes[start];
	if (lexer->bracket_count == 0)
		return fail(lexer, start, slice_format(lexer->arena, "'%c' closes no bracket", closing));
	char open = lexer->brackets[lexer->bracket_count - 1];
	if (open != opening)
		return fail(lexer, start, slice_format(lexer->arena, "'%c' does not close '%c'", closing, open));
	if (format && format->in_field && lexer->bracket_count == format->brackets) {
		/* The end of a field without a format spec. */
		end_expression(lexer, format, start);
		format->in_field = false;
		if (lexer->format_count > 1 && lexer->formats[lexer->format_count - 2].in_spec &&
		    lexer->formats[lexer->format_count - 2].start == format->start)
			lexer->format_count--;
	}
	lexer->bracket_count--;
	lexer->at = start + 1;
	return make(kind, start, start + 1);
}

static struct token operator_of(struct lexer *lexer, uint32_t start, uint32_t length, enum lexeme kind)
{
	lexer->at = start + length;
	return make(kind, start, start + length);
}

/* `op`, `op=`, and where doubled, `opop` and `opop=`. */
static struct token arithmetic(struct lexer *lexer, uint32_t start, enum lexeme kind, enum lexeme doubled)
{
	unsigned char c = byte_at(lexer, start), next = byte_at(lexer, start + 1);
	if (doubled != LEX_ERROR && next == c) {
		if (byte_at(lexer, start + 2) == '=')
			return operator_of(lexer, start, 3, LEX_AUGMENTED);
		return operator_of(lexer, start, 2, doubled);
	}
	if (next == '=')
		return operator_of(lexer, start, 2, LEX_AUGMENTED);
	return operator_of(lexer, start, 1, kind);
}

/* Whether we stand at the top of an f-string field's expression. */
static bool at_field_top(const struct lexer *lexer)
{
	if (!lexer->format_count)
		return false;
	const struct format_string *format = &lexer->formats[lexer->format_count - 1];
	return format->in_field && lexer->bracket_count == format->brackets;
}

static struct token colon(struct lexer *lexer, uint32_t start)
{
	if (at_field_top(lexer)) {
		struct format_string *format = &lexer->formats[lexer->format_count - 1];
		end_expression(lexer, format, start);
		format->in_field = false;
		format->in_spec = true;
		return operator_of(lexer, start, 1, LEX_COLON);
	}
	if (byte_at(lexer, start + 1) == '=' && !lexer->python2)
		return operator_of(lexer, start, 2, LEX_WALRUS);
	return operator_of(lexer, start, 1, LEX_COLON);
}

static struct token equal(struct lexer *lexer, uint32_t start)
{
	if (byte_at(lexer, start + 1) == '=')
		return operator_of(lexer, start, 2, LEX_EQUAL_EQUAL);
	return operator_of(lexer, start, 1, LEX_EQUAL);
}

static struct token punctuation(struct lexer *lexer, uint32_t start)
{
	unsigned char next = byte_at(lexer, start + 1);
	switch (lexer->source.bytes[start]) {
	case '(': return open_bracket(lexer, start, LEX_LEFT_PAREN);
	case '[': return open_bracket(lexer, start, LEX_LEFT_BRACKET);
	case '{': return open_bracket(lexer, start, LEX_LEFT_BRACE);
	case ')': return close_bracket(lexer, start, '(', LEX_RIGHT_PAREN);
	case ']': return close_bracket(lexer, start, '[', LEX_RIGHT_BRACKET);
	case '}': return close_bracket(lexer, start, '{', LEX_RIGHT_BRACE);
	case ':': return colon(lexer, start);
	case ',': return operator_of(lexer, start, 1, LEX_COMMA);
	case ';': return operator_of(lexer, start, 1, LEX_SEMICOLON);
	case '.':
		if (is_digit(next))
			return number(lexer, start);
		if (next == '.' && byte_at(lexer, start + 2) == '.')
			return operator_of(lexer, start, 3, LEX_ELLIPSIS);
		return operator_of(lexer, start, 1, LEX_DOT);
	case '@': return arithmetic(lexer, start, LEX_AT, LEX_ERROR);
	case '=': return equal(lexer, start);
	case '+': return arithmetic(lexer, start, LEX_PLUS, LEX_ERROR);
	case '-':
		if (next == '>')
			return operator_of(lexer, start, 2, LEX_ARROW);
		return arithmetic(lexer, start, LEX_MINUS, LEX_ERROR);
	case '*': return arithmetic(lexer, start, LEX_STAR, LEX_DOUBLE_STAR);
	case '/': return arithmetic(lexer, start, LEX_SLASH, LEX_DOUBLE_SLASH);
	case '%': return arithmetic(lexer, start, LEX_PERCENT, LEX_ERROR);
	case '~': return operator_of(lexer, start, 1, LEX_TILDE);
	case '&': return arithmetic(lexer, start, LEX_AMPERSAND, LEX_ERROR);
	case '|': return arithmetic(lexer, start, LEX_BAR, LEX_ERROR);
	case '^': return arithmetic(lexer, start, LEX_CARET, LEX_ERROR);
	case '<':
		if (next == '>' && lexer->python2) {
			lexer->only_python2 = true;
			return operator_of(lexer, start, 2, LEX_NOT_EQUAL);
		}
		if (next == '=')
			return operator_of(lexer, start, 2, LEX_LESS_EQUAL);
		return arithmetic(lexer, start, LEX_LESS, LEX_LEFT_SHIFT);
	case '>':
		if (next == '=')
			return operator_of(lexer, start, 2, LEX_GREATER_EQUAL);
		return arithmetic(lexer, start, LEX_GREATER, LEX_RIGHT_SHIFT);
	case '!':
		if (next == '=')
			return operator_of(lexer, start, 2, LEX_NOT_EQUAL);
		if (at_field_top(lexer)) {
			end_expression(lexer, &lexer->formats[lexer->format_count - 1], start);
			return operator_of(lexer, start, 1, LEX_EXCLAMATION);
		}
		break;
	case '`':
		if (lexer->python2) {
			lexer->only_python2 = true;
			return operator_of(lexer, start, 1, LEX_BACKTICK);
		}
		break;
	case '\0': return fail(lexer, start, SLICE("a NUL character can't stand in Python source"));
	default: break;
	}
	return fail(lexer, start, SLICE("this character has no place in Python"));
}

/* White space, comments and joined lines before a token. Gives false where a
 * logical line ends or something is wrong, with the token that says so. */
static bool skip_space(struct lexer *lexer, struct token *token)
{
	for (;;) {
		unsigned char c = byte_at(lexer, lexer->at);
		if (lexer->at >= lexer->limit)
			return true;
		if (c == ' ' || c == '\t' || c == '\f') {
			lexer->at++;
		} else if (c == '#') {
			if (lexer->format_count)
				lexer->newer_format = true;
			while (!is_line_end(lexer, lexer->at))
				lexer->at++;
		} else if (c == '\\' && is_line_end(lexer, lexer->at + 1)) {
			if (lexer->at + 1 >= lexer->limit || after_line_end(lexer, lexer->at + 1) >= lexer->limit) {
				*token = fail_quietly(lexer, lexer->at + 1, nothing_joined);
				return false;
			}
			begin_line(lexer, after_line_end(lexer, lexer->at + 1));
		} else if (c == '\\') {
			*token =
			    fail_quietly(lexer, lexer->at + 1, SLICE("something follows the backslash that should end the line"));
			return false;
		} else if (c == '\n' || c == '\r') {
			uint32_t start = lexer->at, end = after_line_end(lexer, start);
			begin_line(lexer, end);
			if (lexer->bracket_count > 0)
				continue;
			lexer->at_line_start = true;
			if (lexer->blank)
				return true;
			lexer->blank = true;
			*token = make(LEX_NEWLINE, start, end);
			return false;
		} else {
			return true;
		}
	}
}

/* At the start of a logical line: indentation, and what IPython makes of it. */
static bool begin_logical_line(struct lexer *lexer, struct token *token)
{
	for (;;) {
		if (lexer->at >= lexer->limit)
			return false;
		if (indentation(lexer, token))
			return true;
		if (!lexer->at_line_start)
			return false;
		/* A blank line, or one with only a comment. */
		while (!is_line_end(lexer, lexer->at))
			lexer->at++;
		begin_line(lexer, after_line_end(lexer, lexer->at));
	}
}

static struct token end_of_source(struct lexer *lexer)
{
	uint32_t at = lexer->limit;
	if (lexer->bracket_count > 0) {
		uint32_t open = lexer->bracket_at[lexer->bracket_count - 1];
		lexer->unclosed = true;
		return fail(lexer, open, slice_format(lexer->arena, "'%c' is never closed", lexer->source.bytes[open]));
	}
	if (!lexer->blank) {
		lexer->blank = true;
		lexer->at_line_start = true;
		return make(LEX_NEWLINE, at, at);
	}
	if (lexer->indent_count > 0) {
		lexer->indent_count--;
		return make(LEX_DEDENT, at, at);
	}
	return make(LEX_END, at, at);
}

/* The special line that begins here; null when none does. */
static const struct special_line *special_here(struct lexer *lexer)
{
	if (lexer->special_at < lexer->at)
		find_special(lexer, lexer->at);
	return lexer->special_at == lexer->at ? &lexer->specials->lines.items[lexer->special] : NULL;
}

/* What ends a special line ends a statement, whatever it is. */
static struct token end_special(struct lexer *lexer)
{
	uint32_t start = lexer->at;
	lexer->after_special = false;
	if (start < lexer->limit && is_line_end(lexer, start))
		begin_line(lexer, after_line_end(lexer, start));
	else
		begin_line(lexer, start);
	lexer->at_line_start = lexer->blank = true;
	return make(LEX_NEWLINE, start, lexer->at);
}

/* Moves to the next token's first byte; false when what comes is none, and `*token` is it. */
static bool find_token(struct lexer *lexer, struct token *token)
{
	for (;;) {
		if (lexer->at_line_start && lexer->bracket_count == 0) {
			if (begin_logical_line(lexer, token))
				return false;
			if (lexer->pending_dedents > 0) {
				lexer->pending_dedents--;
				*token = make(LEX_DEDENT, lexer->at, lexer->at);
				return false;
			}
		}
		if (lexer->special_at <= lexer->at && special_here(lexer))
			return true;
		if (!skip_space(lexer, token))
			return false;
		if (lexer->at >= lexer->limit) {
			*token = end_of_source(lexer);
			return false;
		}
		if (!lexer->at_line_start || lexer->bracket_count > 0)
			return true;
	}
}

static struct token next_token(struct lexer *lexer)
{
	struct token token;
	if (lexer->failed)
		return make(LEX_ERROR, lexer->error_at, lexer->error_at);
	if (lexer->format_count && !lexer->formats[lexer->format_count - 1].in_field)
		return format_middle(lexer);
	if (lexer->after_special && lexer->bracket_count == 0)
		return end_special(lexer);
	if (lexer->pending_dedents > 0) {
		lexer->pending_dedents--;
		return make(LEX_DEDENT, lexer->at, lexer->at);
	}
	if (!find_token(lexer, &token))
		return token;
	uint32_t start = lexer->at;
	unsigned char c = (unsigned char)lexer->source.bytes[start];
	lexer->blank = false;
	if (lexer->special_at <= start) {
		const struct special_line *special = special_here(lexer);
		if (special) {
			lexer->at = special->end;
			lexer->after_special = true;
			return make(special->kind == SPECIAL_HELP ? LEX_HELP : LEX_MAGIC, start, special->end);
		}
	}
	if (is_name_start(c))
		return name_or_string(lexer, start);
	if (is_digit(c))
		return number(lexer, start);
	if (c == '"' || c == '\'')
		return string(lexer, start, start, 0);
	return punctuation(lexer, start);
}

/* The lexer went over a byte that no source may hold. */
static struct token pass_bad_byte(struct lexer *lexer, struct token token)
{
	if (token.kind == LEX_MAGIC || token.kind == LEX_HELP) {
		/* No Python: IPython makes a string of it. */
		find_bad_byte(lexer, lexer->at);
		return token;
	}
	bool nul = lexer->source.bytes[lexer->bad_at] == '\0';
	lexer->failed = false;
	return fail(lexer, lexer->bad_at,
	            nul ? SLICE("a NUL character can't stand in Python source") : SLICE("this is no UTF-8 text"));
}

struct token lexer_next(struct lexer *lexer)
{
	struct token token = next_token(lexer);
	uint32_t seen = lexer->failed ? lexer->error_at : lexer->at;
	if (seen > lexer->bad_at)
		return pass_bad_byte(lexer, token);
	return token;
}
