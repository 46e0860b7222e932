/* One function a kind of token, chosen by the first byte.
 *
 * State between tokens: open brackets (inside which line ends are white space),
 * the stack of indentations, and the f-strings being read, inside whose fields
 * ordinary tokens are made. */
#include "python/lexer_state.h"

#include <string.h>

#include "base/utf8.h"

enum { TAB = 8 };

static const struct slice nothing_joined = SLICE_CONSTANT("a backslash joins this line to the next, but there is none");

static bool is_name_byte(unsigned char c)
{
	return is_name_start(c) || is_digit(c);
}

struct token lexer_fail(struct lexer *lexer, uint32_t at, struct slice message)
{
	if (!lexer->failed) {
		lexer->failed = true;
		lexer->error_at = at;
		lexer->error = message;
	}
	lexer->at = lexer->limit;
	return lexer_token(LEX_ERROR, at, at);
}

static struct token fail_quietly(struct lexer *lexer, uint32_t at, struct slice message)
{
	lexer->is_quiet = !lexer->failed || lexer->is_quiet;
	return lexer_fail(lexer, at, message);
}

uint32_t lexer_line_end(const struct lexer *lexer, uint32_t at)
{
	for (; at < lexer->limit; at++) {
		char c = lexer->source.bytes[at];
		if (c == '\n')
			return at + 1;
		if (c == '\r')
			return lexer_byte(lexer, at + 1) == '\n' ? at + 2 : at + 1;
	}
	return lexer->limit;
}

static bool is_line_end(const struct lexer *lexer, uint32_t at)
{
	unsigned char c = lexer_byte(lexer, at);
	return at >= lexer->limit || c == '\n' || c == '\r';
}

/* Past the line end at `at`. */
static uint32_t after_line_end(const struct lexer *lexer, uint32_t at)
{
	if (at >= lexer->limit)
		return at;
	return lexer_byte(lexer, at) == '\r' && lexer_byte(lexer, at + 1) == '\n' ? at + 2 : at + 1;
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
		unsigned char c = lexer_byte(lexer, at);
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
	if (is_line_end(lexer, at) || lexer_byte(lexer, at) == '#')
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
		*token = lexer_token(LEX_INDENT, lexer->line_start, at);
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
		struct token token = lexer_token(kind, start, at);
		if (lexer->symbols && (kind == LEX_NAME || kind == LEX_PRINT || kind == LEX_EXEC))
			token.name = symbols_intern(lexer->symbols, text);
		return token;
	}
	size_t bad = 0;
	if (!is_valid_identifier(text, &bad)) {
		size_t after = bad;
		struct slice message = utf8_next(text, &after) < 0 ? SLICE("this is no UTF-8 text")
		                                                   : SLICE("this character can't stand in a name");
		return lexer_fail(lexer, start + (uint32_t)bad, message);
	}
	lexer->at = at;
	struct token token = lexer_token(LEX_NAME, start, at);
	if (lexer->symbols)
		token.name = symbols_intern(lexer->symbols, unicode_nfkc(lexer->arena, text));
	return token;
}

/* A string if a prefix and quote begin here, else a name. */
static struct token name_or_string(struct lexer *lexer, uint32_t start)
{
	uint32_t detail = 0, at = start;
	for (; at - start < 3; at++) {
		uint32_t flag = 0;
		switch (lexer_byte(lexer, at) | 0x20) {
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
	unsigned char c = lexer_byte(lexer, at);
	if (detail && (c == '"' || c == '\'')) {
		int kinds = ((detail & STRING_BYTES) != 0) + ((detail & STRING_UNICODE) != 0) +
		            ((detail & (STRING_FORMAT | STRING_TEMPLATE)) != 0);
		bool both = (detail & STRING_FORMAT) && (detail & STRING_TEMPLATE);
		bool unicode_raw = (detail & STRING_UNICODE) && (detail & STRING_RAW) &&
		                   (!lexer->python2 || (lexer_byte(lexer, start) | 0x20) != 'u');
		if (kinds <= 1 && !both && !unicode_raw && !(lexer->python2 && (detail & (STRING_FORMAT | STRING_TEMPLATE)))) {
			if (detail & (STRING_FORMAT | STRING_TEMPLATE))
				return lexer_format_start(lexer, start, at, detail);
			lexer->only_python2 = lexer->only_python2 || ((detail & STRING_UNICODE) && (detail & STRING_RAW));
			return lexer_string(lexer, start, at, detail);
		}
	}
	return name(lexer, start);
}

static struct token open_bracket(struct lexer *lexer, uint32_t start, enum lexeme kind)
{
	if (lexer->bracket_count >= LEXER_MAX_BRACKETS)
		return lexer_fail(lexer, start, SLICE("too many nested parentheses"));
	lexer->brackets[lexer->bracket_count] = lexer->source.bytes[start];
	lexer->bracket_at[lexer->bracket_count++] = start;
	lexer->at = start + 1;
	return lexer_token(kind, start, start + 1);
}

static struct token close_bracket(struct lexer *lexer, uint32_t start, char opening, enum lexeme kind)
{
	struct format_string *format = lexer->format_count ? &lexer->formats[lexer->format_count - 1] : NULL;
	char closing = lexer->source.bytes[start];
	if (lexer->bracket_count == 0)
		return lexer_fail(lexer, start, slice_format(lexer->arena, "'%c' closes no bracket", closing));
	char open = lexer->brackets[lexer->bracket_count - 1];
	if (open != opening)
		return lexer_fail(lexer, start, slice_format(lexer->arena, "'%c' does not close '%c'", closing, open));
	if (format && format->in_field && lexer->bracket_count == format->brackets) {
		/* The end of a field without a format spec. */
		lexer_end_expression(lexer, format, start);
		format->in_field = false;
		if (lexer->format_count > 1 && lexer->formats[lexer->format_count - 2].in_spec &&
		    lexer->formats[lexer->format_count - 2].start == format->start)
			lexer->format_count--;
	}
	lexer->bracket_count--;
	lexer->at = start + 1;
	return lexer_token(kind, start, start + 1);
}

static struct token operator_of(struct lexer *lexer, uint32_t start, uint32_t length, enum lexeme kind)
{
	lexer->at = start + length;
	return lexer_token(kind, start, start + length);
}

/* `op`, `op=`, and where doubled, `opop` and `opop=`. */
static struct token arithmetic(struct lexer *lexer, uint32_t start, enum lexeme kind, enum lexeme doubled)
{
	unsigned char c = lexer_byte(lexer, start), next = lexer_byte(lexer, start + 1);
	if (doubled != LEX_ERROR && next == c) {
		if (lexer_byte(lexer, start + 2) == '=')
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
		lexer_end_expression(lexer, format, start);
		format->in_field = false;
		format->in_spec = true;
		return operator_of(lexer, start, 1, LEX_COLON);
	}
	if (lexer_byte(lexer, start + 1) == '=' && !lexer->python2)
		return operator_of(lexer, start, 2, LEX_WALRUS);
	return operator_of(lexer, start, 1, LEX_COLON);
}

static struct token equal(struct lexer *lexer, uint32_t start)
{
	if (lexer_byte(lexer, start + 1) == '=')
		return operator_of(lexer, start, 2, LEX_EQUAL_EQUAL);
	return operator_of(lexer, start, 1, LEX_EQUAL);
}

static struct token punctuation(struct lexer *lexer, uint32_t start)
{
	unsigned char next = lexer_byte(lexer, start + 1);
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
			return lexer_number(lexer, start);
		if (next == '.' && lexer_byte(lexer, start + 2) == '.')
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
			lexer_end_expression(lexer, &lexer->formats[lexer->format_count - 1], start);
			return operator_of(lexer, start, 1, LEX_EXCLAMATION);
		}
		break;
	case '`':
		if (lexer->python2) {
			lexer->only_python2 = true;
			return operator_of(lexer, start, 1, LEX_BACKTICK);
		}
		break;
	case '\0': return lexer_fail(lexer, start, SLICE("a NUL character can't stand in Python source"));
	default: break;
	}
	return lexer_fail(lexer, start, SLICE("this character has no place in Python"));
}

/* White space, comments and joined lines before a token. Gives false where a
 * logical line ends or something is wrong, with the token that says so. */
static bool skip_space(struct lexer *lexer, struct token *token)
{
	for (;;) {
		unsigned char c = lexer_byte(lexer, lexer->at);
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
			*token = lexer_token(LEX_NEWLINE, start, end);
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
		return lexer_fail(lexer, open, slice_format(lexer->arena, "'%c' is never closed", lexer->source.bytes[open]));
	}
	if (!lexer->blank) {
		lexer->blank = true;
		lexer->at_line_start = true;
		return lexer_token(LEX_NEWLINE, at, at);
	}
	if (lexer->indent_count > 0) {
		lexer->indent_count--;
		return lexer_token(LEX_DEDENT, at, at);
	}
	return lexer_token(LEX_END, at, at);
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
	return lexer_token(LEX_NEWLINE, start, lexer->at);
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
				*token = lexer_token(LEX_DEDENT, lexer->at, lexer->at);
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
		return lexer_token(LEX_ERROR, lexer->error_at, lexer->error_at);
	if (lexer->format_count && !lexer->formats[lexer->format_count - 1].in_field)
		return lexer_format_middle(lexer);
	if (lexer->after_special && lexer->bracket_count == 0)
		return end_special(lexer);
	if (lexer->pending_dedents > 0) {
		lexer->pending_dedents--;
		return lexer_token(LEX_DEDENT, lexer->at, lexer->at);
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
			return lexer_token(special->kind == SPECIAL_HELP ? LEX_HELP : LEX_MAGIC, start, special->end);
		}
	}
	if (is_name_start(c))
		return name_or_string(lexer, start);
	if (is_digit(c))
		return lexer_number(lexer, start);
	if (c == '"' || c == '\'')
		return lexer_string(lexer, start, start, 0);
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
	return lexer_fail(lexer, lexer->bad_at,
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
