/* walk.h - the notebooks that a command line names: files, and folders with all below them. */
#ifndef NBSCOPE_TUI_WALK_H
#define NBSCOPE_TUI_WALK_H

#include "base/failure.h"
#include "base/symbol.h"
#include "tui/projects.h"

/* A notebook to look at, or what could not be looked through. */
struct found {
	struct slice path;
	const struct project *project;
	struct slice inside;    /* what the project calls it */
	struct failure failure; /* without a message: none */
};

struct walk {
	struct arena *arena;
	struct projects *projects;
	struct symbols *seen; /* the paths that were added */
	VECTOR(struct found) found;
	size_t excluded; /* notebooks that were named, and that their project passes over */
};

/* Adds a file as it is named, or the *.ipynb files below a folder, sorted by name; each once.
 * What the projects exclude is passed over, and in folders what begins with a dot,
 * `node_modules`, the folders of Python environments, and links to folders, so that no link
 * leads in a circle. A folder that cannot be read is added as a failure. */
void walk_add(struct walk *walk, struct slice path);

/* Adds what a list names (`-` is standard input), one a line, or each ended by a NUL byte. False,
 * with the reason, when it can't be read. */
bool walk_add_list(struct walk *walk, struct slice path, bool ends_in_nul, struct failure *failure);

#endif
