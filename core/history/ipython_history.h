/* ipython_history.h - what IPython kernels wrote down of their runs.
 *
 * Every kernel and console of a user stores the source of each run, under its
 * execution count, in one history.sqlite (IPython/core/history.py). It names no
 * notebook: matching.h finds out which sessions belong to one. It holds the code
 * of all the user's work, so it is read only when asked for, and of it only the
 * sessions that may belong to the notebook are kept.
 */
#ifndef NBSCOPE_HISTORY_IPYTHON_HISTORY_H
#define NBSCOPE_HISTORY_IPYTHON_HISTORY_H

#include "base/instant.h"
#include "notebook/notebook.h"

/* One run: the source as it was sent, without line ends at its end. Runs that failed
 * stand here as others do; runs that were not stored are missing. */
struct history_row {
	int64_t count;
	struct slice source;
};

/* One kernel or console, from its start to its end. */
struct history_session {
	int64_t number;           /* in the database, rising with the start */
	int64_t started, ended;   /* instants; `ended` is NO_INSTANT when it did not end by itself */
	struct history_row *rows; /* by count, each of which is there once */
	size_t row_count;
};

struct ipython_history {
	struct history_session *sessions; /* by number; those that may belong to the notebook */
	size_t session_count;
	double *weights; /* weights[n - 1]: how telling the source of cell n is; rare sources tell more */
};

/* Reads the sessions in which some cell of the notebook ran, with its source and count.
 * Null, with the reason in `*failure`, when the file cannot be read or holds no
 * history. */
struct ipython_history *ipython_history_read(struct arena *arena, struct slice path, const struct notebook *notebook,
                                             struct failure *failure);

/* Where IPython keeps its history unless it is told otherwise: in $IPYTHONDIR, or
 * else in the home directory. */
struct slice ipython_history_place(struct arena *arena);

#endif
