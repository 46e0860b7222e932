/* cell_text.h - how IPython reads a cell before Python does.
 *
 * First the whole cell is cleaned: empty lines at the beginning, indentation
 * that all lines share and the prompts of a pasted session go. Then IPython
 * finds the lines that are its own: magics and shell commands, the same behind
 * the first `=` of a line, and requests for help. It finds them with CPython's
 * tokenize module, line by line, which this file follows exactly: strings,
 * brackets and comments decide what is a line, also where they are broken.
 *
 * Sources: IPython/core/inputtransformer2.py of IPython 8; Lib/tokenize.py of
 * CPython 3.11.
 */
#ifndef NBSCOPE_PYTHON_CELL_TEXT_H
#define NBSCOPE_PYTHON_CELL_TEXT_H

#include "python/syntax.h"

/* Where a text that is no part of the source came from: the bytes from `at` up
 * to the next piece stood at `source`. */
struct text_piece {
	uint32_t at, source;
};

struct text_map {
	VECTOR(struct text_piece) pieces; /* in order; the first begins at 0 */
	bool collapsed;                   /* all of the text stands for `whole` */
	struct span whole;
};

/* The place in the source; a null map changes nothing. */
uint32_t text_map_offset(const struct text_map *map, uint32_t offset);

/* The same of bytes [start, end). */
struct span text_map_place(const struct text_map *map, uint32_t start, uint32_t end);

enum special_kind {
	SPECIAL_ESCAPE, /* %magic, !command, !!command, ?name, and ,f ;f /f calls */
	SPECIAL_ASSIGN, /* %magic or !command behind `=` */
	SPECIAL_HELP,   /* name?, name?? */
};

/* Bytes [start, end) of the text that are IPython's: continuation lines are part
 * of it, the last line end is not. */
struct special_line {
	uint32_t start, end;
	enum special_kind kind;
};

struct special_lines {
	VECTOR(struct special_line) lines;
	/* IPython gives up, with CPython's complaint about indentation or for too many lines. */
	bool failed;
	uint32_t error_at;
	struct slice error;
};

/* Cleans text[*start, *end): gives the text and range to read, and the map of the
 * former when it is a new text in the arena. `map` is that of the text given. */
struct slice cell_text_clean(struct arena *arena, struct slice text, const struct text_map **map, uint32_t *start,
                             uint32_t *end);

/* Finds IPython's own lines in a cleaned text that is no cell magic. */
void cell_text_find(struct arena *arena, struct slice text, uint32_t start, uint32_t end, struct special_lines *found);

/* The first of the lines that begins at or behind `at`, or their count; null holds none. */
size_t special_lines_find(const struct special_lines *specials, uint32_t at);

/* What a text that ends in `?` or `??` asks help for: `name.name`, `%magic`, perhaps
 * with `*`; empty when it asks for nothing. */
struct slice cell_text_help(struct slice text);

/* The end of a line as Python's str.splitlines sees lines, past its end. */
uint32_t cell_text_line_end(struct slice text, uint32_t at, uint32_t end);

/* Without white space at the end, as str.rstrip removes it. */
struct slice cell_text_trim_end(struct slice text);

#endif
