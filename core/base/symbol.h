/* symbol.h - interned names: equal names are equal numbers.
 *
 * One table serves one analysis, so a symbol of one cell can be compared with
 * a symbol of another. Symbols are dense and count from 1, so that arrays can
 * be indexed by them; 0 is no name.
 */
#ifndef NBSCOPE_BASE_SYMBOL_H
#define NBSCOPE_BASE_SYMBOL_H

#include <stdint.h>

#include "base/slice.h"

typedef uint32_t symbol;

struct symbols;

/* An empty table that lives in the arena. */
struct symbols *symbols_new(struct arena *arena);

/* The symbol of a name; the bytes are copied when the name is new. */
symbol symbols_intern(struct symbols *symbols, struct slice name);

/* The symbol of a name, or 0 if it was never interned. */
symbol symbols_find(const struct symbols *symbols, struct slice name);

/* The name of a symbol, borrowed from the table; empty for 0. */
struct slice symbols_name(const struct symbols *symbols, symbol which);

/* How many names there are: symbols run from 1 to this number. */
size_t symbols_count(const struct symbols *symbols);

#endif
