/* walk.h - the notebooks that a command line names: files, and folders with all below them. */
#ifndef NBSCOPE_TUI_WALK_H
#define NBSCOPE_TUI_WALK_H

#include "base/failure.h"

struct walk {
	struct arena *arena;
	VECTOR(struct slice) files;
};

/* Adds a file as it is named, or the *.ipynb files below a folder, sorted by name. What begins
 * with a dot and `node_modules` are passed over, as are links to folders, so that
 * no link leads in a circle. False, with the reason, when a folder cannot be read. */
bool walk_add(struct walk *walk, struct slice path, struct failure *failure);

/* Adds what a list names (`-` is standard input), one path a line, or each ended by a NUL byte. */
bool walk_add_list(struct walk *walk, struct slice path, bool ends_in_nul, struct failure *failure);

#endif
