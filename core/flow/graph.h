/* graph.h - who depends on whom: definer -> reader, for both orders.
 *
 * In execution order the nodes are the runs of the log, in file order the cells.
 * An edge says which names the reader has from the definer, and by what: the
 * definer bound the name, or changed in place what it stands for. A definer
 * always stands above its readers. What one order has and the other has not is
 * what hidden state is made of.
 */
#ifndef NBSCOPE_FLOW_GRAPH_H
#define NBSCOPE_FLOW_GRAPH_H

#include "flow/traced.h"

enum graph_order { GRAPH_EXECUTION, GRAPH_FILE, GRAPH_ORDERS };

/* A name that an edge carries. */
struct graph_name {
	symbol name;
	enum level level;    /* how surely it is read */
	bool binds, changes; /* what the definer did */
	bool only_here;      /* in the other order this cell has it from another one, or not at all */
};

struct graph_edge {
	uint32_t from, to;        /* nodes; from < to */
	struct graph_name *names; /* in the order in which the notebook first speaks of them */
	size_t name_count;        /* at least one */
	bool only_here;           /* all of its names are */
};

struct graph_node {
	size_t cell;                   /* number; 0 for a run of no cell of the file */
	const struct run *run;         /* in file order one that stands for the cell */
	size_t first_edge, edge_count; /* the edges that lead to it */
};

struct graph {
	struct graph_node *nodes;
	size_t node_count;
	struct graph_edge *edges; /* by `to`, then by `from` */
	size_t edge_count;
};

/* The graphs of both orders, by enum graph_order; in the arena. */
struct graph *graph_of_notebook(struct arena *arena, const struct traced *traced);

/* Which nodes a node rests on (upstream), or which rest on it (downstream): reached[i]
 * says it of node i; itself left out. */
bool *graph_upstream(struct arena *arena, const struct graph *graph, size_t node);
bool *graph_downstream(struct arena *arena, const struct graph *graph, size_t node);

#endif
