/* declared.h - which distributions the files beside a notebook say that it needs.
 *
 * Looked at are requirements*.txt, pyproject.toml, setup.cfg, setup.py, Pipfile and
 * environment*.yml in the folder of the notebook and those above it, up to the
 * root of its repository. They are read for names only, and generously: a name too
 * many hides a finding, a name too few would make a wrong one.
 */
#ifndef NBSCOPE_FINDINGS_DECLARED_H
#define NBSCOPE_FINDINGS_DECLARED_H

#include "base/slice.h"

struct declared {
	VECTOR(struct slice) files;   /* that declare something, as seen from here, the nearest first */
	VECTOR(struct slice) names;   /* as distribution_name() has them, sorted */
	VECTOR(struct slice) folders; /* from that of the notebook up to the root */
	bool names_more;              /* something is declared elsewhere: by `-r`, in another form */
};

/* What is declared for the notebook at `path`; all in the arena. Nothing for "-". */
struct declared *declared_of(struct arena *arena, struct slice path);

/* Adds the names of a list such as `pip install` takes, with blanks between. */
void declared_add_words(struct arena *arena, struct declared *declared, struct slice words);

/* To be called when all names are there: what they bring along is added, and they are sorted. */
void declared_finish(struct arena *arena, struct declared *declared);

/* Whether one of the names, with blanks between, is declared. */
bool declared_has(const struct declared *declared, struct slice names);

#endif
