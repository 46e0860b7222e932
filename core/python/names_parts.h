/* names_parts.h - the facts of a cell that names.c leaves to files of their own.
 *
 * Each fills its lists in `names`, in the arena; `scratch` is freed afterwards.
 */
#ifndef NBSCOPE_PYTHON_NAMES_PARTS_H
#define NBSCOPE_PYTHON_NAMES_PARTS_H

#include "python/names.h"

/* Sorts names. Zero-initialise it but for `scratch` and `symbols`; it can be used again and again. */
struct sorter {
	struct arena *scratch;
	const struct symbols *symbols;
	VECTOR(struct sortable {
		uint64_t prefix; /* the first eight bytes, so that most comparisons are of numbers */
		symbol name;
		uint32_t variable; /* of a cell's name */
	})
	items;
	struct sortable *buffer;
	size_t room;
};

void sorter_add(struct sorter *sorter, symbol name, uint32_t variable);

/* What was added, sorted by name and each once, in the arena; empties the sorter. */
struct name_list sorter_take(struct arena *arena, struct sorter *sorter);

/* mutates and mutates_certain, as far as the cell's own source tells. */
void names_find_mutations(struct arena *arena, struct arena *scratch, struct symbols *symbols,
                          const struct program *program, struct names *names);

/* files_read and files_written: literal paths. */
void names_find_files(struct arena *arena, struct arena *scratch, const struct symbols *symbols,
                      const struct program *program, struct names *names);

#endif
