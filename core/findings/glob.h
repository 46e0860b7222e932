/* glob.h - paths that a pattern means, as in .gitignore: `*` and `?` stay within a name, a
 * component `**` stands for any number of folders, and what is meant is meant with all
 * below it. A pattern without a slash is looked for in every folder, one with a slash is
 * taken from the top. Nothing else is special. */
#ifndef NBSCOPE_FINDINGS_GLOB_H
#define NBSCOPE_FINDINGS_GLOB_H

#include "base/slice.h"

/* Whether the pattern means the path, whose components are divided by single slashes. Takes
 * time in proportion to the product of both lengths at the most. */
bool glob_means(struct arena *arena, struct slice pattern, struct slice path);

#endif
