/* lanes.h - a graph laid out beside a list of its nodes, as `git log --graph` does.
 *
 * One row a node, from top to bottom. A node that something further down reads
 * keeps a lane from its row to the row of its last reader; a reader's row joins
 * the lanes of its definers to the reader's own. Only what connects with what is
 * said here; how it is drawn is the matter of a report or a view.
 */
#ifndef NBSCOPE_FLOW_LANES_H
#define NBSCOPE_FLOW_LANES_H

#include "flow/graph.h"

/* What is drawn where a lane crosses a row, as bits: lines that leave the place. */
enum lane_mark {
	LANE_UP = 1,
	LANE_DOWN = 2,
	LANE_LEFT = 4,
	LANE_RIGHT = 8,
	LANE_NODE = 16, /* the node itself */
	LANE_PASS = 32, /* lines cross here without meeting */
};

struct lane_row {
	uint8_t *marks; /* by lane: bits of enum lane_mark */
	size_t count;   /* lanes up to the last one that has a mark */
};

struct lanes {
	struct lane_row *rows; /* by node */
	size_t width;          /* lanes that any row has */
	bool cut;              /* some node found no lane: what reads it is not joined to it */
};

/* Lays out the graph in at most `limit` lanes (at least 1); in the arena. */
struct lanes *lanes_of_graph(struct arena *arena, const struct graph *graph, size_t limit);

#endif
