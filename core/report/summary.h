/* summary.h - what a review begins with: how many results stand, in numbers and
 * in one sentence. */
#ifndef NBSCOPE_REPORT_SUMMARY_H
#define NBSCOPE_REPORT_SUMMARY_H

#include "analysis.h"

/* Code cells by what is to be said of them. An empty cell that never ran counts
 * nowhere: most notebooks end with one. */
struct summary {
	size_t results; /* cells that ran */
	size_t stand, stale, perhaps_stale, broken, unknown;
	size_t not_run;
};

struct summary summary_of(const struct analysis *analysis);

/* The verdict, with full stop. */
struct slice summary_sentence(struct arena *arena, const struct summary *summary);

/* Whether a cell has no source but white space and never ran. */
bool cell_is_blank(const struct cell *cell);

/* The first line of a source that is not blank. */
struct slice source_first_line(struct slice source);

/* "[12]", or "[ ]" where there is no count. */
struct slice count_label(struct arena *arena, int64_t count);

#endif
