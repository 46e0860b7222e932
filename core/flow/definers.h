/* definers.h - which cells' sources may bind or delete a name. */
#ifndef NBSCOPE_FLOW_DEFINERS_H
#define NBSCOPE_FLOW_DEFINERS_H

#include "python/effects.h"

struct definers;

/* The numbers of cells, upwards; some may stand here twice. */
struct name_cells {
	const uint32_t *items;
	size_t count;
};

/* Of all names of a notebook, in the arena. */
struct definers *definers_of_notebook(struct arena *arena, const struct symbols *symbols,
                                      const struct notebook *notebook, struct effects *const *effects);

/* The cells that may bind or delete a name; `*above` becomes how many of them stand above `cell`. */
struct name_cells definers_of_name(const struct definers *definers, symbol name, size_t cell, size_t *above);

#endif
