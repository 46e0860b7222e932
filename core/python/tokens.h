/* tokens.h - hashes of pieces of source that comments and spacing do not change.
 *
 * The hash of a span is that of its tokens: words, operators, strings, line
 * ends and changes of indentation. A reader goes through the source once, so
 * that the hashes of all statements, nested ones included, cost one pass.
 */
#ifndef NBSCOPE_PYTHON_TOKENS_H
#define NBSCOPE_PYTHON_TOKENS_H

#include "python/syntax.h"

struct token_reader;

/* The tokens that begin before a place, as a polynomial of their hashes. */
struct token_mark {
	uint64_t hash, count;
	uint32_t offset;
};

struct token_reader *token_reader_new(struct arena *arena, struct slice source);

/* The mark of a place. Asking in the order of the source is cheap. Without a reader, here and below, nothing is read and
 * every hash is 0: for those who compare none. */
struct token_mark token_reader_mark(struct token_reader *reader, uint32_t offset);

/* The hash of the tokens from the mark up to `end`. */
uint64_t token_hash_from(struct token_reader *reader, struct token_mark start, uint32_t end);

/* The hash of the tokens of a span, read anew. */
uint64_t token_hash_span(struct slice source, struct span span);

#endif
