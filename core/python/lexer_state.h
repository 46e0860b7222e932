/* lexer_state.h - what the files of the lexer share; private to lexer*.c. */
#ifndef NBSCOPE_PYTHON_LEXER_STATE_H
#define NBSCOPE_PYTHON_LEXER_STATE_H

#include "python/lexer.h"

static inline bool is_name_start(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static inline bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* The byte at an offset; 0 past the end (a NUL in the source is an error anyway). */
static inline unsigned char lexer_byte(const struct lexer *lexer, uint32_t at)
{
	return at < lexer->limit ? (unsigned char)lexer->source.bytes[at] : 0;
}

static inline struct token lexer_token(enum lexeme kind, uint32_t start, uint32_t end)
{
	return (struct token){.kind = kind, .start = start, .end = end};
}

/* Records the error if it is the first one, and ends the source. */
struct token lexer_fail(struct lexer *lexer, uint32_t at, struct slice message);

/* lexer_literal.c: each makes the token that begins at `start` and moves behind it. */
struct token lexer_number(struct lexer *lexer, uint32_t start);
/* A string that is no f-string: `quote_at` is the first quote, `detail` what the prefix says. */
struct token lexer_string(struct lexer *lexer, uint32_t start, uint32_t quote_at, uint32_t detail);
struct token lexer_format_start(struct lexer *lexer, uint32_t start, uint32_t quote_at, uint32_t detail);
/* The text of the f-string on top, up to the next field or its end. */
struct token lexer_format_middle(struct lexer *lexer);
/* The expression of a field ends. Before PEP 701 its text was cut out of a string:
 * it held no backslash, and neither its string's quotes nor a line end that its
 * string could not hold. */
void lexer_end_expression(struct lexer *lexer, struct format_string *format, uint32_t end);

#endif
