/* analysis.h - the whole pipeline over one notebook, as one finished model.
 *
 * What the front end and the reports read. Nothing in it changes once it is there;
 * reloading is opening anew and closing the old one. Work that takes long tells how far
 * it is and can be stopped.
 */
#ifndef NBSCOPE_ANALYSIS_H
#define NBSCOPE_ANALYSIS_H

#include "findings/finding.h"
#include "flow/graph.h"

struct analysis {
	struct arena *arena; /* owns everything below but the notebook */
	struct arena *file;  /* owns the notebook; null where another analysis does */
	struct symbols *symbols;
	struct notebook *notebook;
	struct effects **effects; /* effects[n - 1] of the code cell with number n */
	struct status_report *status;
	struct log *log; /* status->log */
};

/* Who is told between the steps of long work, `done` of `whole` of what `what` says in
 * words; false stops it. It may be asked thousands of times a second. */
struct analysis_watch {
	bool (*go_on)(void *context, const char *what, size_t done, size_t whole);
	void *context;
};

/* What to read. */
struct analysis_sources {
	struct slice path;                  /* the notebook; "-" for standard input */
	struct slice history;               /* IPython's history.sqlite; empty: the file alone tells what ran */
	const struct analysis_watch *watch; /* or null */
};

/* Reads and analyses a notebook. Null on failure, or when it was stopped, with the
 * reason in `*failure`, whose strings live in `failure_arena`. */
struct analysis *analysis_open(const struct analysis_sources *sources, struct arena *failure_arena,
                               struct failure *failure);

/* analysis_open() in steps, for who shows something in the meantime. The first reads the file alone; of
 * the result only `notebook` is there. */
struct analysis *analysis_read(const struct analysis_sources *sources, struct arena *failure_arena,
                               struct failure *failure);

/* Fills such a one in with what is known without looking into the cells: the order of
 * the counts, and no status. False when there is no memory for it. */
bool analysis_outline(struct analysis *analysis);

/* Such a one of no cells, for who has to show something before the file is read. */
struct analysis *analysis_empty(struct slice path);

/* All of it, with the notebook borrowed from what analysis_read() gave. */
struct analysis *analysis_complete(const struct analysis *read, const struct analysis_sources *sources,
                                   struct arena *failure_arena, struct failure *failure);

/* Moves the notebook from the one that owns it to the one that borrows it; closes the former. */
void analysis_take_notebook(struct analysis *analysis, struct analysis *read);

/* What a reviewer should know of it; lives with the analysis. Not part of it because it
 * looks at all outputs, which few need. Null when the watch (or null) stopped it. */
struct findings *analysis_findings(const struct analysis *analysis, const struct analysis_watch *watch);

/* Who depends on whom, in both orders (graph.h); lives with the analysis. Null as above. */
struct graph *analysis_graphs(const struct analysis *analysis, const struct analysis_watch *watch);

/* Frees the analysis and closes the file. One that borrows its notebook goes
 * before the one that owns it. Null is allowed. */
void analysis_close(struct analysis *analysis);

#endif
