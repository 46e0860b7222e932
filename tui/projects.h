/* projects.h - which project a notebook belongs to, and what its file `.nbscope` says of it.
 *
 * The file is looked for in the notebook's folder and in those above it, up to the root of the
 * git repository, or where there is none up to the folder one is in; the nearest counts, alone.
 * Where there is none, the rules' lines of the user's own configuration hold. It has lines of
 * policy.h and no others: nothing in it can run a program or bind a key.
 */
#ifndef NBSCOPE_TUI_PROJECTS_H
#define NBSCOPE_TUI_PROJECTS_H

#include "findings/policy.h"

#define PROJECT_FILE ".nbscope"

struct project {
	struct slice folder; /* where its patterns begin: an absolute path without links */
	struct slice file;   /* as a person would name it; empty when there is none */
	struct policy policy;
};

struct projects;

/* `command` are the lines of the command line; `config`, unless it is empty, names a file that
 * takes the place of all others. */
struct projects *projects_new(struct arena *arena, const struct policy *command, struct slice config);

/* The project of a notebook or folder (as it is named; "-" is one in the folder one is in), and
 * what it is called from the project's folder. A file that cannot be read, or has a mistake, counts
 * as far as it is right, and is told by projects_failure(). */
const struct project *projects_find(struct projects *projects, struct slice path, struct slice *inside);

/* Whether the project of the notebook or folder passes it over. */
bool projects_exclude(struct projects *projects, struct slice path);

/* What was wrong with the files of projects, from 0; null past the last. */
const struct failure *projects_failure(const struct projects *projects, size_t index);

#endif
