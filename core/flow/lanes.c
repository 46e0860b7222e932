#include "flow/lanes.h"

#include <string.h>

enum { NO_LANE = -1 };

struct layout {
	const struct graph *graph;
	size_t limit;
	size_t *last_reader; /* by node; 0: none, as the first node reads nothing */
	int *lane_of;        /* by node */
	size_t *holder;      /* by lane: the node that keeps it, + 1; 0: free */
};

/* The lane of a node: one that ends at it, so that the line goes straight on, else the first that is free. */
static int find_lane(const struct layout *layout, size_t node)
{
	int free_lane = NO_LANE;
	for (size_t lane = layout->limit; lane-- > 0;)
		if (!layout->holder[lane])
			free_lane = (int)lane;
	const struct graph_node *at = &layout->graph->nodes[node];
	int ending = NO_LANE;
	for (size_t i = 0; i < at->edge_count; i++) {
		size_t definer = layout->graph->edges[at->first_edge + i].from;
		int lane = layout->lane_of[definer];
		if (lane != NO_LANE && layout->last_reader[definer] == node && (ending == NO_LANE || lane < ending))
			ending = lane;
	}
	return ending != NO_LANE ? ending : free_lane;
}

static void lay_out_row(struct layout *layout, size_t node, uint8_t *marks)
{
	const struct graph_node *at = &layout->graph->nodes[node];
	int lane = find_lane(layout, node);
	size_t own = lane == NO_LANE ? layout->limit : (size_t)lane, left = own, right = own;
	for (size_t i = 0; i < layout->limit; i++)
		if (layout->holder[i])
			marks[i] = LANE_UP | LANE_DOWN | LANE_PASS;
	for (size_t i = 0; i < at->edge_count; i++) {
		size_t definer = layout->graph->edges[at->first_edge + i].from;
		if (layout->lane_of[definer] == NO_LANE)
			continue;
		size_t joined = (size_t)layout->lane_of[definer];
		marks[joined] &= (uint8_t)~LANE_PASS;
		if (layout->last_reader[definer] == node) {
			marks[joined] &= (uint8_t)~LANE_DOWN;
			layout->holder[joined] = 0;
		}
		left = joined < left ? joined : left;
		right = joined > right ? joined : right;
	}
	marks[own] |= LANE_NODE;
	layout->lane_of[node] = lane;
	if (layout->last_reader[node] && lane != NO_LANE) {
		marks[own] |= LANE_DOWN;
		layout->holder[own] = node + 1;
	}
	for (size_t i = left; i <= right; i++) {
		if (i > left)
			marks[i] |= LANE_LEFT;
		if (i < right)
			marks[i] |= LANE_RIGHT;
	}
}

struct lanes *lanes_of_graph(struct arena *arena, const struct graph *graph, size_t limit)
{
	struct lanes *lanes = arena_alloc(arena, sizeof *lanes);
	struct layout layout = {.graph = graph, .limit = limit};
	layout.last_reader = arena_array(arena, graph->node_count, sizeof *layout.last_reader);
	layout.lane_of = arena_array(arena, graph->node_count, sizeof *layout.lane_of);
	layout.holder = arena_array(arena, limit, sizeof *layout.holder);
	for (size_t i = 0; i < graph->edge_count; i++)
		layout.last_reader[graph->edges[i].from] = graph->edges[i].to;
	lanes->rows = arena_array(arena, graph->node_count, sizeof *lanes->rows);
	uint8_t *marks = arena_array(arena, limit + 1, 1);
	for (size_t node = 0; node < graph->node_count; node++) {
		memset(marks, 0, limit + 1);
		lay_out_row(&layout, node, marks);
		struct lane_row *row = &lanes->rows[node];
		row->count = limit + 1;
		while (row->count > 0 && !marks[row->count - 1])
			row->count--;
		row->marks = arena_copy(arena, marks, row->count);
		lanes->cut = lanes->cut || (layout.lane_of[node] == NO_LANE && layout.last_reader[node]);
		if (row->count > lanes->width)
			lanes->width = row->count;
	}
	return lanes;
}
