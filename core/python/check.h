/* check.h - what CPython's compiler refuses although it parses.
 *
 * `return` outside a function, `from __future__` in the middle, a name used
 * before its `global` declaration, and their like: errors of CPython's symbol
 * table and code generator (Python/future.c, symtable.c, compile.c).
 */
#ifndef NBSCOPE_PYTHON_CHECK_H
#define NBSCOPE_PYTHON_CHECK_H

#include "python/syntax.h"

/* Records the first such error in a module that has none yet. */
void python_check(struct arena *arena, struct symbols *symbols, struct module *module);

#endif
