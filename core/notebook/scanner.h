/* scanner.h - reads JSON as a stream, one value after another, and validates it.
 *
 * What it accepts is what CPython's json.loads accepts of the file decoded as
 * strict UTF-8 (RFC 8259, and NaN, Infinity and -Infinity; control characters in
 * strings refused; lone surrogates accepted where they are escaped), but for the
 * interpreter's own limits: there is none on the digits of a number, and values
 * nest up to JSON_DEPTH_LIMIT. Where CPython would refuse the text, the place of
 * the failure is the one that its JSONDecodeError names.
 *
 * The caller drives: it looks at what begins next, then consumes exactly that
 * value. After a failure there is nothing more to read, so loops end by
 * themselves and only the end needs a check:
 *
 *     struct scanner scanner; scanner_begin(&scanner, ...);
 *     for (bool more = scanner_enter(&scanner, '{'); more; more = scanner_another(&scanner, '}')) {
 *         struct slice key = scanner_key(&scanner);
 *         if (slice_equal(key, SLICE("id")))
 *             scanner_text(&scanner, &builder);
 *         else
 *             scanner_skip(&scanner);
 *     }
 *     if (!scanner_finish(&scanner))
 *         ...
 */
#ifndef NBSCOPE_NOTEBOOK_SCANNER_H
#define NBSCOPE_NOTEBOOK_SCANNER_H

#include "notebook/bytes.h"

enum {
	JSON_BLOCK = 256 * 1024,    /* a good size of block for a whole file */
	JSON_DEPTH_LIMIT = 1 << 24, /* how deep a value may nest; the memory for it is one bit a level */
};

/* What begins at the current place, by its first byte. */
enum json_kind {
	JSON_NONE, /* no value, or the end */
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER, /* NaN and Infinity too */
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

enum json_error {
	JSON_FINE,
	JSON_EXPECTED_VALUE,
	JSON_EXPECTED_KEY,
	JSON_EXPECTED_COLON,
	JSON_EXPECTED_COMMA_OR_BRACE,
	JSON_EXPECTED_COMMA_OR_BRACKET,
	JSON_EXPECTED_END,
	JSON_UNTERMINATED,   /* the place is where the string begins */
	JSON_CONTROL,        /* a control character in a string */
	JSON_ESCAPE,         /* no such escape sequence */
	JSON_UNICODE_ESCAPE, /* \u without four hexadecimal digits */
	JSON_UNFINISHED_NUMBER,
	JSON_NOT_UTF8,
	JSON_TOO_DEEP,
	JSON_UNREADABLE, /* by the system; errno was `system_error` */
};

struct json_place {
	uint64_t offset;       /* in the file */
	uint64_t line, column; /* from 1; the column in characters, as CPython counts them */
};

struct scanner {
	struct arena *arena;
	struct notebook_bytes *bytes;
	unsigned char *block; /* holds the bytes up to `end`; `at` is the next one */
	size_t block_size;
	const unsigned char *at, *end;
	uint64_t end_offset, limit; /* in the file: of `end`; of where to stop reading */

	/* Line feeds stand only between tokens, and continuation bytes of UTF-8 only
	 * in strings: so both are counted at no cost to the bytes in between. */
	uint64_t line, line_start;
	uint64_t continuations, line_continuations;

	struct builder key;
	uint64_t *open; /* one bit a level of scanner_skip(): set for an object */
	size_t open_count, open_capacity;

	enum json_error error;
	struct json_place error_place;
	bool error_at_end; /* what is wrong is that the file ends */
	int system_error;
};

/* Begins to read [start, end) of the bytes, through a block that the caller
 * provides. `end` may lie past the end of the file (UINT64_MAX: all of it).
 * Places count lines from `start`. */
void scanner_begin(struct scanner *scanner, struct arena *arena, struct notebook_bytes *bytes, uint64_t start,
                   uint64_t end, unsigned char *block, size_t block_size);

/* Skips white space and gives the kind of value that begins next. Where none
 * does, that is a failure. */
enum json_kind scanner_peek(struct scanner *scanner);

/* The place of the next byte: after scanner_peek(), where the value begins. */
struct json_place scanner_here(const struct scanner *scanner);

/* The offset of the next byte: after a value, where it ends. */
uint64_t scanner_offset(const struct scanner *scanner);

/* Enters the object ('{') or array ('[') that scanner_peek() found, and says
 * whether it has a first member or element. */
bool scanner_enter(struct scanner *scanner, char opening);

/* After a value in an object ('}') or array (']'): whether another follows. */
bool scanner_another(struct scanner *scanner, char closing);

/* The key of the member that is next, and moves to its value. Borrowed until
 * the next key. */
struct slice scanner_key(struct scanner *scanner);

/* Consumes a value, whatever it is. */
void scanner_skip(struct scanner *scanner);

/* Consumes a value; when it is a string, appends its text and gives true. */
bool scanner_text(struct scanner *scanner, struct builder *text);

/* How the strings of a list become one text. */
enum json_join {
	JSON_JOIN_PLAIN, /* one after the other */
	JSON_JOIN_LINES, /* with '\n' in between */
	JSON_JOIN_SPLIT, /* plain if the first ends in a line end, else with '\n' in between (nbformat 3) */
};

/* Consumes a value; when it is a string or a list of strings, appends its text,
 * joined, and gives true. Else what was appended is of no use. */
bool scanner_lines(struct scanner *scanner, enum json_join join, struct builder *text);

/* Consumes a value; when it is a whole number that fits, stores it and gives
 * true. As in JSON Schema, 5.0 is a whole number. */
bool scanner_integer(struct scanner *scanner, int64_t *number);

/* Whether anything but white space follows: for values that stand one after the other. */
bool scanner_more(struct scanner *scanner);

/* Requires that nothing but white space follows. Gives whether all was fine. */
bool scanner_finish(struct scanner *scanner);

/* Why reading failed, in words and with the place. The file is looked at for
 * what commonly is there instead of a notebook. */
struct failure scanner_failure(struct scanner *scanner, struct slice path);

#endif
