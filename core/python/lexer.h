/* lexer.h - Python source to tokens.
 *
 * Follows CPython's tokenizer (Parser/tokenizer.c and "Lexical analysis" in the
 * language reference; PEP 3131, 515, 701, 750), with two additions: in a
 * notebook's cell an IPython line is one token, and Python 2's spellings can be
 * accepted. Tokens are made one at a time, on demand, so that a parser can begin
 * anew at any line.
 */
#ifndef NBSCOPE_PYTHON_LEXER_H
#define NBSCOPE_PYTHON_LEXER_H

#include "python/cell_text.h"
#include "python/encoding.h"

/* Limits of CPython's tokenizer. */
enum { LEXER_MAX_BRACKETS = 200, LEXER_MAX_INDENTS = 100 };

enum lexeme {
	LEX_END,
	LEX_NEWLINE,
	LEX_INDENT,
	LEX_DEDENT,
	LEX_ERROR,
	LEX_NAME,
	LEX_NUMBER,
	LEX_STRING,
	LEX_FSTRING_START,
	LEX_FSTRING_MIDDLE,
	LEX_FSTRING_END, /* PEP 701 */
	LEX_MAGIC,       /* IPython's: a command from its escape to the end of its last continuation line */
	LEX_HELP,        /* IPython's: a line that ends in `?` or `??` */

	/* Operators and delimiters. */
	LEX_LEFT_PAREN,
	LEX_RIGHT_PAREN,
	LEX_LEFT_BRACKET,
	LEX_RIGHT_BRACKET,
	LEX_LEFT_BRACE,
	LEX_RIGHT_BRACE,
	LEX_COLON,
	LEX_COMMA,
	LEX_SEMICOLON,
	LEX_DOT,
	LEX_ELLIPSIS,
	LEX_ARROW,
	LEX_AT,
	LEX_EQUAL,
	LEX_WALRUS,
	LEX_EXCLAMATION,
	LEX_BACKTICK,
	LEX_PLUS,
	LEX_MINUS,
	LEX_STAR,
	LEX_DOUBLE_STAR,
	LEX_SLASH,
	LEX_DOUBLE_SLASH,
	LEX_PERCENT,
	LEX_TILDE,
	LEX_AMPERSAND,
	LEX_BAR,
	LEX_CARET,
	LEX_LEFT_SHIFT,
	LEX_RIGHT_SHIFT,
	LEX_LESS,
	LEX_GREATER,
	LEX_LESS_EQUAL,
	LEX_GREATER_EQUAL,
	LEX_EQUAL_EQUAL,
	LEX_NOT_EQUAL,
	LEX_AUGMENTED, /* any `op=` */

	/* Keywords; print and exec only in Python 2. */
	LEX_FALSE,
	LEX_NONE,
	LEX_TRUE,
	LEX_AND,
	LEX_AS,
	LEX_ASSERT,
	LEX_ASYNC,
	LEX_AWAIT,
	LEX_BREAK,
	LEX_CLASS,
	LEX_CONTINUE,
	LEX_DEF,
	LEX_DEL,
	LEX_ELIF,
	LEX_ELSE,
	LEX_EXCEPT,
	LEX_FINALLY,
	LEX_FOR,
	LEX_FROM,
	LEX_GLOBAL,
	LEX_IF,
	LEX_IMPORT,
	LEX_IN,
	LEX_IS,
	LEX_LAMBDA,
	LEX_NONLOCAL,
	LEX_NOT,
	LEX_OR,
	LEX_PASS,
	LEX_RAISE,
	LEX_RETURN,
	LEX_TRY,
	LEX_WHILE,
	LEX_WITH,
	LEX_YIELD,
	LEX_PRINT,
	LEX_EXEC,
};

struct token {
	enum lexeme kind;
	uint32_t start, end; /* bytes of the source */
	symbol name;         /* of a LEX_NAME, after NFKC */
	uint32_t detail;     /* of a string: enum string_detail */
};

/* What a string token is; of LEX_STRING and LEX_FSTRING_START. */
enum string_detail {
	STRING_RAW = 1,
	STRING_BYTES = 2,
	STRING_FORMAT = 4,
	STRING_TEMPLATE = 8,
	STRING_TRIPLE = 16,
	STRING_UNICODE = 32
};

/* An f-string being read. */
struct format_string {
	char quote;
	bool triple, raw;
	bool in_spec;      /* reading the format spec of a field */
	bool in_field;     /* reading the expression of a field */
	uint32_t brackets; /* bracket depth inside the field's expression at its top */
	uint32_t start;
	uint32_t field_start; /* of the text of the field's expression while it is read, else 0 */
};

struct lexer {
	struct arena *arena;
	struct symbols *symbols; /* null: names are not wanted */
	struct slice source;
	uint32_t at, limit; /* the next byte, and the end of what is read */
	bool python2;
	bool only_python2; /* something was read that no Python 3 has */
	bool old_names;    /* ... that Python 3 has lost: a name `async` or `await` */
	enum encoding encoding;
	uint32_t bad_at;   /* the next byte that no source may hold, or the limit */
	uint32_t bad_from; /* it was looked for from here, if `bad_known` */
	bool bad_known;
	const struct special_lines *specials; /* lines that are one token each; may be null */
	size_t special;                       /* the next of them */
	uint32_t special_at;                  /* where it begins, or UINT32_MAX */
	bool after_special;                   /* the last token was one */

	uint32_t line_start;    /* of the physical line */
	uint32_t logical_start; /* of the logical line's first token */
	bool at_line_start;     /* of a logical line */
	bool blank;             /* no token on this logical line yet */
	uint32_t bracket_count;
	uint32_t bracket_at[LEXER_MAX_BRACKETS];
	char brackets[LEXER_MAX_BRACKETS];
	uint32_t indent_count; /* levels beyond the outermost */
	uint32_t indents[LEXER_MAX_INDENTS + 1], alternate[LEXER_MAX_INDENTS + 1];
	int32_t pending_dedents;
	struct format_string *formats;
	uint32_t format_count, format_capacity;
	bool newer_format; /* an f-string used what only PEP 701 allows */

	bool failed;   /* a LEX_ERROR was given; this is why and where */
	bool unclosed; /* the source ended inside a bracket */
	bool is_quiet; /* CPython tells of this error only where its parser comes to it */
	uint32_t error_at;
	struct slice error;
};

/* Begins at the byte `start` of the source, as at the beginning of a line. */
void lexer_begin(struct lexer *lexer, uint32_t start);

/* The next token. After LEX_END, LEX_END again. */
struct token lexer_next(struct lexer *lexer);

/* The end (after its line feed, or the limit) of the line that begins at or
 * contains `at`. */
uint32_t lexer_line_end(const struct lexer *lexer, uint32_t at);

#endif
