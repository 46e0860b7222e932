/* names_parts.h - the facts of a cell that names.c leaves to files of their own.
 *
 * Each fills its lists in `names`, in the arena; `scratch` is freed afterwards.
 */
#ifndef NBSCOPE_PYTHON_NAMES_PARTS_H
#define NBSCOPE_PYTHON_NAMES_PARTS_H

#include "python/names.h"

/* mutates and mutates_certain, as far as the cell's own source tells. */
void names_find_mutations(struct arena *arena, struct arena *scratch, struct symbols *symbols,
                          const struct program *program, struct names *names);

/* files_read and files_written: literal paths. */
void names_find_files(struct arena *arena, struct arena *scratch, const struct symbols *symbols,
                      const struct program *program, struct names *names);

#endif
