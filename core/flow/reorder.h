/* reorder.h - how to move cells so that a run from top to bottom gives what was saved.
 *
 * An order is sought in which every cell that ran derives its result as its last
 * run did, with as few cells moved as possible; the others keep their places to
 * each other. Which order a cell needs is told by what it read when it ran: who
 * provided a name stands above it, and nobody else who writes that name stands
 * between them. The order that is found is played to see that it is right.
 *
 * The search is exact for notebooks of up to REORDER_CELLS cells that do not
 * exhaust its budget; beyond that an order is still right, but perhaps not the
 * nearest one.
 */
#ifndef NBSCOPE_FLOW_REORDER_H
#define NBSCOPE_FLOW_REORDER_H

#include "flow/traced.h"

enum { REORDER_CELLS = 192 };

enum reorder_kind {
	REORDER_NOTHING, /* the order of the file gives what was saved */
	REORDER_MOVES,
	REORDER_NONE, /* no order does */
};

/* To be done one after the other. */
struct reorder_move {
	size_t cell;
	size_t below; /* the cell right below which it belongs; 0: at the top */
};

struct reordering {
	enum reorder_kind kind;
	struct reorder_move *moves;
	size_t move_count;
	size_t *order;    /* all code cells in their new order */
	bool is_least;    /* fewer moves are proved not to be enough */
	struct slice why; /* of REORDER_NONE: a sentence */
};

/* Whether a run from top to bottom in this order of all code cells derives the result
 * of each cell that ran as its last run did. */
bool reordering_reproduces(struct arena *arena, const struct traced *traced, const size_t *order);

/* The reordering; in the arena. */
struct reordering *reordering_of_notebook(struct arena *arena, const struct traced *traced);

#endif
