/* analysis.h - the whole pipeline over one notebook, as one finished model.
 *
 * What the front end and the reports read. Nothing in it changes after
 * analysis_open() returned; reloading is opening anew and closing the old one.
 */
#ifndef NBSCOPE_ANALYSIS_H
#define NBSCOPE_ANALYSIS_H

#include "findings/finding.h"

struct analysis {
	struct arena *arena; /* owns everything below */
	struct symbols *symbols;
	struct notebook *notebook;
	struct effects **effects; /* effects[n - 1] of the code cell with number n */
	struct status_report *status;
	struct log *log; /* status->log */
};

/* What to read. */
struct analysis_sources {
	struct slice path;    /* the notebook; "-" for standard input */
	struct slice history; /* IPython's history.sqlite; empty: the file alone tells what ran */
};

/* Reads and analyses a notebook. Null on failure, with the reason in `*failure`,
 * whose strings live in `failure_arena`. */
struct analysis *analysis_open(const struct analysis_sources *sources, struct arena *failure_arena,
                               struct failure *failure);

/* What a reviewer should know of it; lives with the analysis. Not part of it because it
 * looks at all outputs, which few need. */
struct findings *analysis_findings(const struct analysis *analysis);

/* Frees the analysis and closes the file. Null is allowed. */
void analysis_close(struct analysis *analysis);

#endif
