/* resolved.h - the names of each cell, with what only the whole notebook tells.
 *
 * A cell's own names (python/names.h) are a function of its source alone. Played
 * in file order, more is known: what the functions that it calls bind and change,
 * through which other names a changed object is seen, and where it fails.
 */
#ifndef NBSCOPE_FLOW_RESOLVED_H
#define NBSCOPE_FLOW_RESOLVED_H

#include "python/effects.h"

/* Effects that differ from those given in `names` only; all in the arena. */
struct effects **effects_resolved(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                  struct effects *const *effects);

#endif
