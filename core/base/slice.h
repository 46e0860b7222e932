/* slice.h - strings as bytes with a length, and a builder for new ones.
 *
 * A slice is borrowed: it points into the arena (or the literal) that holds
 * its bytes, which may contain NUL and need not end in one. Text is UTF-8,
 * with lone surrogates in their three-byte form where a notebook has them.
 */
#ifndef NBSCOPE_BASE_SLICE_H
#define NBSCOPE_BASE_SLICE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct slice {
	const char *bytes;
	size_t length;
};

/* A slice of a string literal. */
#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})

/* The same as an initialiser of a static table. */
#define SLICE_CONSTANT(literal)                                                                                        \
	{                                                                                                                  \
		"" literal, sizeof(literal) - 1                                                                                \
	}

/* For "%.*s"; text of a notebook must not reach a terminal this way. */
#define SLICE_FORMAT(slice) (int)(slice).length, (slice).bytes

struct slice slice_of(const char *string);
bool slice_equal(struct slice a, struct slice b);
/* Less than, equal to or greater than zero, by bytes, a prefix first. */
int slice_compare(struct slice a, struct slice b);
bool slice_starts(struct slice slice, struct slice prefix);
bool slice_ends(struct slice slice, struct slice suffix);
/* The part from `start` up to but not including `end`; both are clamped. */
struct slice slice_part(struct slice slice, size_t start, size_t end);
/* Without leading and trailing ASCII white space. */
struct slice slice_trim(struct slice slice);
/* The offset of the first `needle` at or after `from`, or the slice's length. */
size_t slice_find(struct slice slice, char needle, size_t from);
/* Whether the text stands anywhere in it. */
bool slice_contains(struct slice slice, struct slice text);
/* How often the byte stands in it. */
size_t slice_count(struct slice slice, char byte);
/* Whether it is one of these strings, the last of which is followed by a null. */
bool slice_is_one_of(struct slice slice, const char *const *strings);
/* Cuts the first word off `*rest` and returns it: what blanks and tabs end. Empty
 * when only white space was left. */
struct slice slice_next_word(struct slice *rest);
/* Cuts the first line off `*rest` and returns it without its line end ("\n" or
 * "\r\n"). False when nothing was left. */
bool slice_next_line(struct slice *rest, struct slice *line);
/* A copy that lives in the arena, followed by a NUL that is not counted. */
struct slice slice_copy(struct arena *arena, struct slice slice);
/* A formatted string in the arena, followed by a NUL that is not counted. */
struct slice slice_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct slice slice_format_list(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* A string under construction; zero-initialise it with its arena:
 * `struct builder text = {.arena = arena};` */
struct builder {
	struct arena *arena;
	char *bytes;
	size_t length, capacity;
};

void builder_add(struct builder *builder, struct slice slice);
void builder_add_byte(struct builder *builder, char byte);
void builder_add_string(struct builder *builder, const char *string);
void builder_add_format(struct builder *builder, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What was built so far, borrowed: valid until the builder is added to. */
struct slice builder_slice(const struct builder *builder);

#endif
