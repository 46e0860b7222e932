/* matching.h - which sessions of a history belong to a notebook, and which of their
 * runs to which of its cells.
 *
 * A history names no notebook. What ties it to one is that a cell's source stands
 * in a session under the cell's count; rare sources tell more than `import numpy as
 * np`, times tell more than both. A cell whose source is not the one under its count
 * was edited since. What is told so is inferred, never recorded.
 */
#ifndef NBSCOPE_HISTORY_MATCHING_H
#define NBSCOPE_HISTORY_MATCHING_H

#include "history/ipython_history.h"
#include "history/log.h"

/* What a row of a session is to the notebook. */
struct row_link {
	size_t cell; /* number; 0 for a run of no cell that is still there */
	enum run_link link;
	enum knowledge
	    known; /* PROVED when count, source and time agree; ASSUMED for a last run that looks quite different */
};

struct matched_session {
	const struct history_session *session;
	struct row_link *links;       /* links[i] is of session->rows[i] */
	enum knowledge known;         /* that it is the notebook's: PROVED when that is proved of one of its runs */
	VECTOR(size_t) missing_cells; /* cells that ran in it although no row says so: their counts fit its gaps */
};

struct history_match {
	struct matched_session *sessions; /* in the order of time */
	size_t session_count;
	bool *found; /* found[n - 1]: the last run of cell n stands in one of them */
};

/* Finds them; `times[n - 1]` is when the last run of cell n began, or NO_INSTANT. */
struct history_match *history_match(struct arena *arena, const struct notebook *notebook,
                                    const struct ipython_history *history, const int64_t *times);

#endif
