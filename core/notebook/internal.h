/* internal.h - what the files of the notebook room share, and tests look at. */
#ifndef NBSCOPE_NOTEBOOK_INTERNAL_H
#define NBSCOPE_NOTEBOOK_INTERNAL_H

#include "notebook/scanner.h"
#include "notebook/notebook.h"

/* Where the members of the notebook's metadata stand that metadata.c reads; the
 * whole can be large (widgets save their state there). */
struct metadata_ranges {
	struct byte_range language_info, kernelspec, language, nbscope;
};

/* Fills in the notebook's language and kernel. What cannot be read counts as
 * absent. */
void metadata_read(struct notebook *notebook, struct arena *arena, const struct metadata_ranges *ranges);

/* Reads a notebook through blocks of that many bytes, which it never depends on. */
struct notebook *notebook_scan(struct arena *arena, struct slice path, struct notebook_bytes *bytes, size_t block_size,
                               struct failure *failure);

/* Whether a slice is that literal; compares in line. */
#define SLICE_IS(slice, literal)                                                                                       \
	((slice).length == sizeof(literal) - 1 && memcmp((slice).bytes, "" literal, sizeof(literal) - 1) == 0)

#endif
