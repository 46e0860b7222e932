/* utf8.h - UTF-8 decoding and encoding (RFC 3629), and what Python asks of Unicode.
 *
 * Lone surrogates are accepted in their three-byte form where said so, because
 * JSON can carry them ("\ud800") and nothing of a notebook may be lost.
 */
#ifndef NBSCOPE_BASE_UTF8_H
#define NBSCOPE_BASE_UTF8_H

#include <stdint.h>

#include "base/slice.h"

enum { UTF8_MAX = 4, UTF8_REPLACEMENT = 0xFFFD };

/* Decodes the character at `*offset` (which must be below the length) and moves
 * `*offset` behind it. A byte that begins no valid character gives -1 and moves
 * by one. A surrogate in three-byte form is given as it is (0xD800..0xDFFF). */
int32_t utf8_next(struct slice text, size_t *offset);

/* Writes the character (up to 0x10FFFF, surrogates included) and returns the
 * number of bytes, at most UTF8_MAX. */
size_t utf8_encode(uint32_t character, char bytes[UTF8_MAX]);

/* The offset of the first byte that is not valid strict UTF-8 (no surrogates),
 * or the length when all is. */
size_t utf8_invalid(struct slice text);

/* How many characters: bytes that begin none count as one each. */
size_t utf8_count(struct slice text);

/* Whether the character may begin, or continue, a Python identifier after
 * NFKC (PEP 3131; XID_Start and XID_Continue of UAX 31, with '_'). */
bool unicode_identifier_start(int32_t character);
bool unicode_identifier_continue(int32_t character);

/* Whether Python's regular expressions take the character for part of a word (\w). */
bool unicode_is_word(int32_t character);

/* The identifier in NFKC, as CPython normalises it (PEP 3131): the slice itself
 * when it is ASCII, else a new string in the arena. */
struct slice unicode_nfkc(struct arena *arena, struct slice identifier);

#endif
