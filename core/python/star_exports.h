/* star_exports.h - what `from MODULE import *` binds, for modules of the standard
 * library that notebooks import so. What is not here may bind anything. */
#ifndef NBSCOPE_PYTHON_STAR_EXPORTS_H
#define NBSCOPE_PYTHON_STAR_EXPORTS_H

#include "base/slice.h"

/* The names that the module exports, separated by blanks; false when it is not known. */
bool python_star_exports(struct slice module, struct slice *names);

#endif
