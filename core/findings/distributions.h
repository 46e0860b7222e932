/* distributions.h - what has to be installed so that a module can be imported: the one
 * table of names that differ, and the standard library's own. */
#ifndef NBSCOPE_FINDINGS_DISTRIBUTIONS_H
#define NBSCOPE_FINDINGS_DISTRIBUTIONS_H

#include "base/slice.h"

/* Whether the module, by the first part of its name, comes with Python. */
bool module_is_standard(struct slice module);

/* Whether it comes with the kernel, or with the service that runs it, so that nobody installs it. */
bool module_is_of_kernel(struct slice module);

/* The module that a dotted name is of, as far as it tells what to install: "sklearn" of "sklearn.svm", but
 * "google.cloud.storage" of that and what is below it. */
struct slice module_of(struct slice dotted);

/* The names under which it is installed, with blanks between: the one on PyPI first, then others, and
 * those that conda has. In the form of distribution_name(). */
struct slice module_distributions(struct arena *arena, struct slice module);

/* The name of a distribution in the form in which names are compared (PEP 503): lower case, `-` for
 * runs of `-`, `_` and `.`. */
struct slice distribution_name(struct arena *arena, struct slice name);

/* What a distribution surely brings along, with blanks between; empty where that is not known. */
struct slice distribution_brings(struct slice name);

#endif
