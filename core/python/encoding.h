/* encoding.h - whether the bytes of a source are text that Python takes.
 *
 * A source is UTF-8 without NUL characters. A file may declare another encoding
 * in a comment (PEP 263); its bytes are then taken as they are, in comments and
 * strings. A cell is text already, whatever it says of itself.
 */
#ifndef NBSCOPE_PYTHON_ENCODING_H
#define NBSCOPE_PYTHON_ENCODING_H

#include <stdint.h>

#include "base/slice.h"

enum encoding {
	ENCODING_UTF8,
	ENCODING_OTHER, /* one that Python knows, of bytes above ASCII */
	ENCODING_ASCII,
	ENCODING_UNKNOWN,
	ENCODING_CONFLICT, /* a byte order mark says UTF-8 and the comment something else */
};

/* What a file declares; `*name` is the encoding's name as written. */
enum encoding python_encoding(struct slice source, struct slice *name);

/* The first byte in [start, end) that no source may hold, or `end`. */
uint32_t python_bad_byte(struct slice source, uint32_t start, uint32_t end, enum encoding encoding);

#endif
