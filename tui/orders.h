/* orders.h - what the screen must know of a notebook's two orders at once.
 *
 * A few numbers a cell, made in one pass when an analysis was opened; texts are
 * made when they are drawn.
 */
#ifndef NBSCOPE_TUI_ORDERS_H
#define NBSCOPE_TUI_ORDERS_H

#include "analysis.h"

#define NO_RUN SIZE_MAX

struct orders {
	size_t *last_run;  /* last_run[n]: index in the log of the last run of code cell n, or NO_RUN; n from 1 */
	bool *ran_earlier; /* ran_earlier[n]: its last run came before that of a cell above it */
	bool *goes_back;   /* goes_back[r]: run r is of a cell above that of the run before it */
	bool *displaced;   /* displaced[n]: one of the fewest cells that would have to move for file order and run order to
	                      agree */
	size_t displaced_count;
	size_t statuses[STATUS_UNKNOWN + 1]; /* how many cells have each status */
	size_t failed;                       /* how many cells' saved output is an error */
	size_t inferred, lost;               /* runs */
	size_t lost_steps;                   /* steps of the log that stand for lost runs */
	int number_width;                    /* columns of the widest cell number */
	int count_width;                     /* of the widest execution count, with its brackets */
};

struct orders *orders_new(struct arena *arena, const struct analysis *analysis);

/* The last run of a cell that has no number is NO_RUN. */
size_t orders_run_of(const struct orders *orders, const struct cell *cell);

/* How many columns a number takes. */
int decimal_width(uint64_t number);

#endif
