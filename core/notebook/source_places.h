/* source_places.h - where the lines of a cell's source stand in the notebook's file.
 *
 * The file may be laid out in any way: each line a string of its own, all of them one
 * string, the whole notebook on one line. Nothing of this is kept while a notebook is
 * read; who needs it reads the value of the source once more.
 */
#ifndef NBSCOPE_NOTEBOOK_SOURCE_PLACES_H
#define NBSCOPE_NOTEBOOK_SOURCE_PLACES_H

#include "notebook/notebook.h"

/* A stretch of the file: from a character up to but not including another. Lines and
 * columns from 1, columns in characters. */
struct file_region {
	uint64_t line, column;
	uint64_t end_line, end_column;
};

struct source_places {
	struct file_region *lines; /* of line n of the source: lines[n - 1] */
	size_t count;
};

/* The text of each line of the source, as it is written in the file: without the quotes
 * around it and without its line feed (nor a carriage return before that). None when the
 * cell has no source, or the file can no longer be read or was changed since. */
struct source_places source_places(const struct notebook *notebook, struct arena *arena, const struct cell *cell);

#endif
