/* parser.h - from the source of a cell to its syntax tree.
 *
 * A recursive-descent parser for the grammar of the newest CPython (3.14), for
 * IPython's syntax and for what Python 2 left behind. It recovers from errors
 * at the next logical line that begins in column 0, so that what stands before
 * and after a broken statement is still known. Its cost is linear in the
 * source; nesting is limited as CPython limits it (200 parentheses, 100
 * indentations) and beyond that is a syntax error.
 *
 * Sources: https://docs.python.org/3/reference/grammar.html, PEP 263, 617, 634,
 * 646, 654, 695, 696, 701, 750, 758; IPython.core.inputtransformer2.
 */
#ifndef NBSCOPE_PYTHON_PARSER_H
#define NBSCOPE_PYTHON_PARSER_H

#include "python/syntax.h"

struct parser_options {
	bool ipython;  /* a notebook's cell: magics, shell lines, help, top-level await */
	uint8_t major; /* 2 or 3 when the notebook's metadata says so, else 0: try 3, then 2 */
	uint8_t minor; /* the minor version with it, or 0 when it is not known */
};

/* Parses a source into the arena. Never fails: an error is part of the module.
 * Python 2 is tried where Python 3 does not parse and the source says nothing
 * else; the dialect says which it was. The tree borrows from `source`. */
struct module *python_parse(struct arena *arena, struct symbols *symbols, struct slice source,
                            struct parser_options options);

/* The text of a string constant (one that EXPRESSION_CONSTANT says is a string),
 * escapes decoded, concatenations joined; borrowed from the source where it says it
 * letter by letter. False for what is no plain string. */
bool python_string_value(struct arena *arena, struct slice source, const struct expression *expression,
                         struct slice *value);

/* The line of a byte offset, from 1. */
uint32_t python_line(struct slice source, uint32_t offset);

#endif
