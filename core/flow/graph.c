/* The edges of an order are collected reader by reader. Whether the other order
 * has a name from the same cell is looked up in a table of what it has. */
#include "flow/graph.h"

#include <stdlib.h>

/* Who has a name from whom, by cells. */
struct provision {
	size_t reader, definer;
	symbol name;
};

/* Open addressing, at most half full; a reader of 0 is an empty slot. */
struct provisions {
	struct provision *slots;
	size_t count;
};

/* One name that a reader has from a definer. */
struct provided {
	uint32_t definer; /* node */
	struct graph_name name;
};

struct collector {
	struct arena *arena;
	const struct traced_order *order;
	struct graph *graph;
	VECTOR(struct graph_edge) edges;
	VECTOR(struct provided) provided; /* to the reader under way */
};

static size_t slot_of(const struct provisions *table, struct provision key)
{
	uint64_t hash = hash_mix(hash_mix(key.reader, key.definer), key.name);
	size_t slot = (size_t)hash & (table->count - 1);
	for (; table->slots[slot].reader; slot = (slot + 1) & (table->count - 1)) {
		const struct provision *at = &table->slots[slot];
		if (at->reader == key.reader && at->definer == key.definer && at->name == key.name)
			break;
	}
	return slot;
}

static struct provision provision_of(const struct graph *graph, const struct graph_edge *edge, symbol name)
{
	return (struct provision){graph->nodes[edge->to].cell, graph->nodes[edge->from].cell, name};
}

static struct provisions provisions_of(struct arena *arena, const struct graph *graph)
{
	struct provisions table = {.count = 16};
	size_t names = 0;
	for (size_t i = 0; i < graph->edge_count; i++)
		names += graph->edges[i].name_count;
	while (table.count < names * 2)
		table.count *= 2;
	table.slots = arena_array(arena, table.count, sizeof *table.slots);
	for (size_t i = 0; i < graph->edge_count; i++)
		for (size_t j = 0; j < graph->edges[i].name_count; j++) {
			struct provision key = provision_of(graph, &graph->edges[i], graph->edges[i].names[j].name);
			table.slots[slot_of(&table, key)] = key;
		}
	return table;
}

/* Marks what one order has and the other has not. */
static void mark_differences(struct graph *graph, const struct provisions *other)
{
	for (size_t i = 0; i < graph->edge_count; i++) {
		struct graph_edge *edge = &graph->edges[i];
		edge->only_here = true;
		for (size_t j = 0; j < edge->name_count; j++) {
			struct provision key = provision_of(graph, edge, edge->names[j].name);
			edge->names[j].only_here = !key.reader || !other->slots[slot_of(other, key)].reader;
			edge->only_here = edge->only_here && edge->names[j].only_here;
		}
	}
}

static int compare_provided(const void *a, const void *b)
{
	const struct provided *left = a, *right = b;
	if (left->definer != right->definer)
		return left->definer < right->definer ? -1 : 1;
	return (left->name.name > right->name.name) - (left->name.name < right->name.name);
}

/* What the statements of a run have from other runs, by definer and name; each once. */
static void collect_provided(struct collector *collector, size_t reader)
{
	const struct trace *trace = collector->order->playback->trace;
	const struct traced_statements *statements = &collector->order->of_run[reader];
	collector->provided.count = 0;
	for (uint32_t number = statements->first; number < statements->first + statements->count; number++) {
		const struct traced_statement *statement = &trace->statements.items[number - 1];
		for (uint32_t i = 0; i < statement->link_count; i++) {
			const struct trace_link *link = &trace->links.items[statement->first_link + i];
			if (!link->on || link->how == TRACE_STATE)
				continue;
			size_t definer = traced_run(collector->order, link->on);
			struct graph_name name = {
			    link->name, link->level, link->how == TRACE_BIND, link->how == TRACE_CHANGE, false,
			};
			if (definer != reader)
				vector_push(collector->arena, &collector->provided, ((struct provided){(uint32_t)definer, name}));
		}
	}
	struct provided *items = collector->provided.items;
	size_t kept = 0, count = collector->provided.count;
	if (count)
		qsort(items, count, sizeof *items, compare_provided);
	for (size_t i = 0; i < count; i++) {
		struct graph_name *name = kept ? &items[kept - 1].name : NULL;
		if (!name || compare_provided(&items[kept - 1], &items[i]) != 0) {
			items[kept++] = items[i];
			continue;
		}
		name->binds = name->binds || items[i].name.binds;
		name->changes = name->changes || items[i].name.changes;
		if (items[i].name.level < name->level)
			name->level = items[i].name.level;
	}
	collector->provided.count = kept;
}

static void add_edges(struct collector *collector, size_t reader)
{
	struct graph_node *node = &collector->graph->nodes[reader];
	node->first_edge = collector->edges.count;
	const struct provided *items = collector->provided.items;
	for (size_t start = 0, end; start < collector->provided.count; start = end) {
		for (end = start; end < collector->provided.count && items[end].definer == items[start].definer;)
			end++;
		struct graph_edge edge = {items[start].definer, (uint32_t)reader, NULL, end - start, false};
		edge.names = arena_array(collector->arena, edge.name_count, sizeof *edge.names);
		for (size_t i = start; i < end; i++)
			edge.names[i - start] = items[i].name;
		vector_push(collector->arena, &collector->edges, edge);
	}
	node->edge_count = collector->edges.count - node->first_edge;
}

static void collect(struct arena *arena, const struct traced_order *order, struct graph *graph)
{
	struct collector collector = {.arena = arena, .order = order, .graph = graph};
	graph->node_count = order->playback->runs.count;
	graph->nodes = arena_array(arena, graph->node_count, sizeof *graph->nodes);
	for (size_t i = 0; i < graph->node_count; i++) {
		arena_step(arena, "drawing lines", i, graph->node_count);
		const struct run *run = order->playback->runs.items[i].run;
		graph->nodes[i] = (struct graph_node){.cell = run->cell, .run = run};
		collect_provided(&collector, i);
		add_edges(&collector, i);
	}
	graph->edges = collector.edges.items;
	graph->edge_count = collector.edges.count;
}

struct graph *graph_of_notebook(struct arena *arena, const struct traced *traced)
{
	struct graph *graphs = arena_array(arena, GRAPH_ORDERS, sizeof *graphs);
	collect(arena, &traced->execution, &graphs[GRAPH_EXECUTION]);
	collect(arena, &traced->file, &graphs[GRAPH_FILE]);
	struct provisions execution = provisions_of(arena, &graphs[GRAPH_EXECUTION]);
	struct provisions file = provisions_of(arena, &graphs[GRAPH_FILE]);
	mark_differences(&graphs[GRAPH_EXECUTION], &file);
	mark_differences(&graphs[GRAPH_FILE], &execution);
	return graphs;
}

/* Definers stand above readers, so one pass in the right direction reaches all. */
bool *graph_upstream(struct arena *arena, const struct graph *graph, size_t node)
{
	bool *reached = arena_array(arena, graph->node_count, sizeof *reached);
	reached[node] = true;
	for (size_t i = graph->edge_count; i-- > 0;)
		if (reached[graph->edges[i].to])
			reached[graph->edges[i].from] = true;
	reached[node] = false;
	return reached;
}

bool *graph_downstream(struct arena *arena, const struct graph *graph, size_t node)
{
	bool *reached = arena_array(arena, graph->node_count, sizeof *reached);
	reached[node] = true;
	for (size_t i = 0; i < graph->edge_count; i++)
		if (reached[graph->edges[i].from])
			reached[graph->edges[i].to] = true;
	reached[node] = false;
	return reached;
}
