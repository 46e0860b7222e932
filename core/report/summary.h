/* summary.h - what all text forms have in common: how many results stand, in numbers
 * and in one sentence, and what to call a cell, a count, a status and its reasons. */
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

/* Whether nbscope understands the language of any cell, so that it can judge results. */
bool summary_is_possible(const struct analysis *analysis);

/* The verdict in a sentence, and another one where a history was given that is not the notebook's. */
struct slice summary_sentence(struct arena *arena, const struct analysis *analysis);

/* The name of a language as people write it. */
struct slice language_name(struct arena *arena, struct slice language);

/* Whether a cell has no source but white space and never ran. */
bool cell_is_blank(const struct cell *cell);

/* The first line of a source that is not blank. */
struct slice source_first_line(struct slice source);

/* "[12]", or "[ ]" where there is no count. */
struct slice count_label(struct arena *arena, int64_t count);

/* The same of a run; "[4-9]" of a gap. */
struct slice run_count_label(struct arena *arena, const struct run *run);

/* "a, b and c" */
struct slice list_words(struct arena *arena, const struct slice *words, size_t count);

/* "cell 3", "cells 3, 5 and 8-12"; the numbers rise. */
struct slice cell_list(struct arena *arena, const size_t *numbers, size_t count);

/* "✓", "●" ... */
const char *status_sign(enum status status);

/* "broken", "stale (likely)": a status is certain as a matter of course, but not that a
 * result is stale. */
struct slice status_words(struct arena *arena, const struct cell_status *status);

/* "ValueError: the first line of what it says"; empty for null. */
struct slice error_words(struct arena *arena, const struct run_error *error);

/* The sentence of the reason at `*index`, together with those behind it that say the
 * same of other names; moves `*index` behind them. */
struct slice next_reason(struct arena *arena, const struct analysis *analysis, const struct cell_status *status,
                         size_t *index);

#endif
