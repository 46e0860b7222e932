/* review.h - what a careful colleague would say of a notebook: what to trust, what not,
 * why, and what to do. The forms of `nbscope report` all write this one model.
 *
 * Sentences hold bytes of the notebook as they are: each form makes them fit to be shown.
 * A sentence that is not needed is empty.
 */
#ifndef NBSCOPE_REPORT_REVIEW_H
#define NBSCOPE_REPORT_REVIEW_H

#include "report/summary.h"

struct review_cell {
	const struct cell *cell;
	const struct cell_status *status;
	bool is_problem;           /* stale, broken or unknown */
	bool is_possible;          /* stale, but that is only possible */
	bool is_consequence;       /* all that is wrong with it is wrong with the results that it reads: */
	struct slice rests_on;     /* "`X` and `y` of cell 8"; empty for others */
	size_t same_as;            /* the cell above of which the same is said; 0 for most */
	uint32_t failing_line;     /* where a run from the top raises its first NameError in it; 0: nowhere */
	struct slice telling_line; /* of its source */
	struct slice *sentences;   /* why, the most telling first */
	size_t sentence_count;
};

/* What a rule says in the same words of one or more places. */
struct review_remark {
	enum certainty certainty;
	struct slice where;  /* "cell 3, line 2", "cells 1, 4 and 7", "the notebook" */
	size_t first_cell;   /* 0: the notebook */
	uint32_t first_line; /* of it; 0: the cell */
	struct slice message;
};

/* What a rule found, beyond what the statuses of the cells tell already. */
struct review_topic {
	const struct rule *rule;
	struct review_remark *remarks;
	size_t remark_count;
};

struct review {
	struct arena *arena;
	const struct analysis *analysis;
	const struct findings *findings; /* all of them */
	bool is_judged;                  /* false: nbscope does not know the language */
	struct summary summary;
	struct slice description; /* "Python 3.11.2, 22 cells, 18 of them code ..." */
	struct slice verdict;
	struct slice standing; /* which cells stand, when not all do */
	struct slice run_all;
	struct slice also;           /* how much the topics hold */
	struct review_cell *cells;   /* cells[n - 1] has the number n */
	struct review_topic *topics; /* the most severe first */
	size_t topic_count;
	const struct finding **others; /* what the topics hold, in the order of the file */
	size_t other_count;
	struct slice mending, rerun, reorder; /* what to do */
	struct slice never_run, standing_errors;
	struct slice basis; /* how the order is known that stale results were told from */
};

/* What to do, in one paragraph; empty for nothing. */
struct slice review_to_do(const struct review *review);

/* The review; in the arena. */
struct review *review_of(struct arena *arena, const struct analysis *analysis);

#endif
