/* Who needs what from whom: lanes for people, and the forms of other programs. */
#include <stdlib.h>

#include "base/printable.h"
#include "base/utf8.h"
#include "flow/graph.h"
#include "flow/lanes.h"
#include "report/json_parts.h"
#include "report/paragraph.h"
#include "report/report.h"
#include "report/summary.h"

static struct graph *graph_of_analysis(struct arena *arena, const struct analysis *analysis)
{
	return graph_of_notebook(
	    arena, traced_new(arena, analysis->symbols, analysis->notebook, analysis->effects, analysis->log));
}

static bool has_order(enum graph_orders orders, enum graph_order order)
{
	return orders == GRAPH_BOTH || orders == (order == GRAPH_FILE ? GRAPH_FILE_ONLY : GRAPH_EXECUTION_ONLY);
}

/* Text. */

static const char *line_of_marks(unsigned marks)
{
	static const char *const lines[] = {
	    [0] = " ",
	    [LANE_UP] = "╵",
	    [LANE_DOWN] = "╷",
	    [LANE_UP | LANE_DOWN] = "│",
	    [LANE_LEFT] = "╴",
	    [LANE_RIGHT] = "╶",
	    [LANE_LEFT | LANE_RIGHT] = "─",
	    [LANE_UP | LANE_LEFT] = "┘",
	    [LANE_UP | LANE_RIGHT] = "└",
	    [LANE_UP | LANE_LEFT | LANE_RIGHT] = "┴",
	    [LANE_DOWN | LANE_LEFT] = "┐",
	    [LANE_DOWN | LANE_RIGHT] = "┌",
	    [LANE_DOWN | LANE_LEFT | LANE_RIGHT] = "┬",
	    [LANE_UP | LANE_DOWN | LANE_LEFT] = "┤",
	    [LANE_UP | LANE_DOWN | LANE_RIGHT] = "├",
	    [LANE_UP | LANE_DOWN | LANE_LEFT | LANE_RIGHT] = "┼",
	};
	if (marks & LANE_NODE)
		return "●";
	return marks & LANE_PASS ? "│" : lines[marks];
}

/* The lanes of a row, or, `below` it, the lines that go on from it. */
static void add_lanes(struct builder *line, const struct lane_row *row, size_t width, bool below)
{
	for (size_t i = 0; i < width; i++) {
		unsigned marks = i < row->count ? row->marks[i] : 0;
		if (below)
			marks = marks & LANE_DOWN ? LANE_UP | LANE_DOWN : 0;
		builder_add_string(line, line_of_marks(marks));
		builder_add_string(line, marks & LANE_RIGHT ? "─" : " ");
	}
}

/* "df, x from 2 and 4": the names of an edge by what its definer did to them. */
static void add_names(struct builder *line, const struct symbols *symbols, const struct graph_edge *edge, bool binds)
{
	bool is_first = true;
	for (size_t i = 0; i < edge->name_count; i++) {
		const struct graph_name *name = &edge->names[i];
		if (name->binds != binds)
			continue;
		builder_add_string(line, is_first ? (line->length ? "; " : "") : ", ");
		builder_add(line, symbols_name(symbols, name->name));
		builder_add_string(line, name->only_here ? "!" : "");
		is_first = false;
	}
	if (!is_first)
		builder_add_string(line, binds ? " from " : " as changed by ");
}

static struct slice edge_words(struct arena *arena, const struct analysis *analysis, const struct graph *graph,
                               const struct graph_node *node)
{
	struct builder words = {.arena = arena};
	for (size_t i = 0; i < node->edge_count; i++) {
		const struct graph_edge *edge = &graph->edges[node->first_edge + i];
		const struct graph_node *definer = &graph->nodes[edge->from];
		struct slice who = slice_format(arena, "%zu", definer->cell);
		if (definer->cell == node->cell)
			who = SLICE("its earlier run");
		else if (!definer->cell)
			who = slice_format(arena, "the deleted %.*s", SLICE_FORMAT(run_count_label(arena, definer->run)));
		for (int binds = 1; binds >= 0; binds--) {
			size_t before = words.length;
			add_names(&words, analysis->symbols, edge, binds);
			if (words.length > before)
				builder_add(&words, who);
		}
	}
	return builder_slice(&words);
}

static bool has_mark(const struct graph *graph)
{
	for (size_t i = 0; i < graph->edge_count; i++)
		for (size_t j = 0; j < graph->edges[i].name_count; j++)
			if (graph->edges[i].names[j].only_here)
				return true;
	return false;
}

/* Whether every cell ran once, in the order of the file, with the same edges as from top to bottom. */
static bool are_alike(const struct graph *execution, const struct graph *file)
{
	size_t last = 0;
	for (size_t i = 0; i < execution->node_count; i++) {
		if (execution->nodes[i].cell <= last)
			return false;
		last = execution->nodes[i].cell;
	}
	return !has_mark(execution) && !has_mark(file);
}

static bool is_blank_node(const struct analysis *analysis, const struct graph_node *node)
{
	return node->cell && cell_is_blank(analysis->notebook->code[node->cell - 1]);
}

/* A node with what it needs; words that do not fit go on below it, beside the lines. */
static void add_row(struct builder *out, const struct lane_row *row, size_t lanes, struct slice label,
                    struct slice words, unsigned width)
{
	enum { LEAST = 24 };
	unsigned used = (unsigned)(2 * lanes) + (unsigned)label.length + 2;
	struct builder text = {.arena = out->arena};
	paragraph_add(&text, SLICE(""), 0, words, width == 0 ? 0 : width > used + LEAST ? width - used : LEAST);
	struct slice rest = builder_slice(&text), part = {0};
	for (bool below = false; slice_next_line(&rest, &part) && (part.length || !below); below = true) {
		struct builder line = {.arena = out->arena};
		add_lanes(&line, row, lanes, below);
		if (below)
			paragraph_indent(&line, (unsigned)label.length);
		else
			builder_add(&line, label);
		builder_add_format(&line, "%s%.*s\n", part.length ? "  " : "", SLICE_FORMAT(part));
		builder_add(out, builder_slice(&line));
	}
}

static void add_graph(struct builder *out, const struct analysis *analysis, const struct graph *graph,
                      enum graph_order order, unsigned width)
{
	enum { LEAST_LANES = 12, UNBOUND_LANES = 40, TEXT = 48 };
	struct arena *arena = out->arena;
	/* Lanes take what the words leave. */
	size_t limit = width == 0 ? UNBOUND_LANES : width > TEXT + 2 * LEAST_LANES ? (width - TEXT) / 2 : LEAST_LANES;
	struct lanes *lanes = lanes_of_graph(arena, graph, limit);
	for (size_t i = 0; i < graph->node_count; i++) {
		const struct graph_node *node = &graph->nodes[i];
		if (is_blank_node(analysis, node))
			continue;
		struct slice who = node->cell ? slice_format(arena, "cell %zu", node->cell) : SLICE("deleted");
		int64_t saved = node->cell ? analysis->notebook->code[node->cell - 1]->execution_count : NO_COUNT;
		struct slice count = count_label(arena, order == GRAPH_FILE ? saved : node->run->count);
		struct slice label = slice_format(arena, "%-8.*s %5.*s", SLICE_FORMAT(who), SLICE_FORMAT(count));
		add_row(out, &lanes->rows[i], lanes->width, label, edge_words(arena, analysis, graph, node), width);
	}
	if (lanes->cut)
		paragraph_add(out, SLICE(""), 0, SLICE("There are more lines than fit; what the words say is whole."), width);
}

void graph_text(struct builder *out, const struct analysis *analysis, enum graph_orders orders, unsigned width)
{
	static const char *const titles[] = {[GRAPH_EXECUTION] = "as it ran", [GRAPH_FILE] = "from top to bottom"};
	static const char alike[] = "as it ran and from top to bottom alike";
	static const char *const legends[] = {
	    [GRAPH_EXECUTION] = "!: not so from top to bottom.", [GRAPH_FILE] = "!: not so when it ran."};
	struct graph *graphs = graph_of_analysis(out->arena, analysis);
	struct slice file = printable(out->arena, analysis->notebook->path);
	bool is_alike = orders == GRAPH_BOTH && are_alike(&graphs[GRAPH_EXECUTION], &graphs[GRAPH_FILE]);
	for (enum graph_order order = 0; order < GRAPH_ORDERS; order++) {
		if (!has_order(is_alike ? GRAPH_FILE_ONLY : orders, order))
			continue;
		bool is_second = orders == GRAPH_BOTH && order == GRAPH_FILE && !is_alike;
		if (is_second)
			builder_add_byte(out, '\n');
		struct slice title =
		    slice_format(out->arena, "%.*s: who needs what, %s.", SLICE_FORMAT(file), is_alike ? alike : titles[order]);
		paragraph_add(out, SLICE(""), 0, title, width);
		if (has_mark(&graphs[order]))
			paragraph_add(out, SLICE(""), 0, slice_of(legends[order]), width);
		add_graph(out, analysis, &graphs[order], order, width);
	}
}

/* JSON. */

static void write_node(struct json_writer *json, const char *key, const struct graph_node *node, enum graph_order order)
{
	json_key(json, key);
	json_begin_object(json);
	json_optional(json, "cell", node->cell != 0, (int64_t)node->cell);
	if (order == GRAPH_EXECUTION) {
		json_number(json, "step", (int64_t)node->run->step);
		json_optional(json, "count", node->run->count != NO_COUNT, node->run->count);
	}
	json_end_object(json);
}

static void write_edge(struct json_writer *json, const struct symbols *symbols, const struct graph *graph,
                       const struct graph_edge *edge, enum graph_order order)
{
	json_begin_object(json);
	write_node(json, "from", &graph->nodes[edge->from], order);
	write_node(json, "to", &graph->nodes[edge->to], order);
	json_key(json, "names");
	json_begin_array(json);
	for (size_t i = 0; i < edge->name_count; i++) {
		const struct graph_name *name = &edge->names[i];
		json_begin_object(json);
		json_text(json, "name", symbols_name(symbols, name->name));
		json_key(json, "binds");
		json_boolean(json, name->binds);
		json_key(json, "changes");
		json_boolean(json, name->changes);
		json_text(json, "certainty", slice_of(name->level == LEVEL_CERTAIN ? "must" : "may"));
		json_key(json, "only_here");
		json_boolean(json, name->only_here);
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
}

void graph_json(struct builder *out, const struct analysis *analysis, enum graph_orders orders)
{
	static const char *const keys[] = {[GRAPH_EXECUTION] = "execution", [GRAPH_FILE] = "file_order"};
	struct graph *graphs = graph_of_analysis(out->arena, analysis);
	struct json_writer json = {.out = out};
	json_begin_document(&json, analysis->notebook->path);
	for (enum graph_order order = 0; order < GRAPH_ORDERS; order++) {
		if (!has_order(orders, order))
			continue;
		json_key(&json, keys[order]);
		json_begin_array(&json);
		for (size_t i = 0; i < graphs[order].edge_count; i++)
			write_edge(&json, analysis->symbols, &graphs[order], &graphs[order].edges[i], order);
		json_end_array(&json);
	}
	json_end_object(&json);
	builder_add_byte(out, '\n');
}

/* DOT and Mermaid: the nodes are cells, and both orders are one picture. */

/* In which orders a cell has a name from another one. */
enum kind { IN_BOTH, IN_EXECUTION, IN_FILE, KINDS };

struct arrow {
	size_t from, to; /* cells; above their number, steps of runs of deleted cells */
	enum kind kind;
	symbol name;
};

struct drawing {
	struct arena *arena;
	const struct analysis *analysis;
	VECTOR(struct arrow) arrows;
	bool *is_deleted; /* by step: a run of a deleted cell that has an arrow */
};

static size_t drawn_node(struct drawing *drawing, const struct graph_node *node)
{
	if (node->cell)
		return node->cell;
	drawing->is_deleted[node->run->step] = true;
	return drawing->analysis->notebook->code_count + node->run->step;
}

static int compare_arrows(const void *a, const void *b)
{
	const struct arrow *left = a, *right = b;
	if (left->to != right->to)
		return left->to < right->to ? -1 : 1;
	if (left->from != right->from)
		return left->from < right->from ? -1 : 1;
	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return (left->name > right->name) - (left->name < right->name);
}

static void collect_arrows(struct drawing *drawing, const struct graph *graphs, enum graph_orders orders)
{
	for (enum graph_order order = 0; order < GRAPH_ORDERS; order++) {
		const struct graph *graph = &graphs[order];
		for (size_t i = 0; has_order(orders, order) && i < graph->edge_count; i++) {
			const struct graph_edge *edge = &graph->edges[i];
			for (size_t j = 0; j < edge->name_count; j++) {
				enum kind kind = !edge->names[j].only_here ? IN_BOTH : order == GRAPH_FILE ? IN_FILE : IN_EXECUTION;
				struct arrow arrow = {drawn_node(drawing, &graph->nodes[edge->from]),
				                      drawn_node(drawing, &graph->nodes[edge->to]), kind, edge->names[j].name};
				vector_push(drawing->arena, &drawing->arrows, arrow);
			}
		}
	}
	struct arrow *items = drawing->arrows.items;
	size_t kept = 0, count = drawing->arrows.count;
	if (count)
		qsort(items, count, sizeof *items, compare_arrows);
	for (size_t i = 0; i < count; i++)
		if (!kept || compare_arrows(&items[kept - 1], &items[i]) != 0)
			items[kept++] = items[i];
	drawing->arrows.count = kept;
}

/* What names the lines of an arrow carry; `*next` becomes the index behind it. */
static struct slice arrow_label(const struct drawing *drawing, size_t start, size_t *next)
{
	struct builder label = {.arena = drawing->arena};
	const struct arrow *first = &drawing->arrows.items[start];
	for (*next = start; *next < drawing->arrows.count; ++*next) {
		const struct arrow *arrow = &drawing->arrows.items[*next];
		if (arrow->from != first->from || arrow->to != first->to || arrow->kind != first->kind)
			break;
		builder_add_string(&label, *next > start ? ", " : "");
		builder_add(&label, symbols_name(drawing->analysis->symbols, arrow->name));
	}
	return printable(drawing->arena, builder_slice(&label));
}

/* The two lines of a node: which cell it is, and how its source begins. */
static void node_label(const struct drawing *drawing, size_t cell, struct slice *title, struct slice *source)
{
	enum { SOURCE_WIDTH = 40 };
	const struct cell *code = drawing->analysis->notebook->code[cell - 1];
	*title = slice_format(drawing->arena, "cell %zu %.*s", cell,
	                      SLICE_FORMAT(count_label(drawing->arena, code->execution_count)));
	struct builder line = {.arena = drawing->arena};
	paragraph_add_line(&line, 0, slice_trim(source_first_line(code->source)), SOURCE_WIDTH);
	*source = slice_part(builder_slice(&line), 0, line.length - 1);
}

static struct slice deleted_label(const struct drawing *drawing, size_t step)
{
	const struct run *run = &drawing->analysis->log->runs[step - 1];
	return slice_format(drawing->arena, "deleted cell %.*s", SLICE_FORMAT(run_count_label(drawing->arena, run)));
}

/* Text between the quotes of a DOT string, where "\" begins an escape. */
static void add_dot_text(struct builder *out, struct slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] == '"' || text.bytes[i] == '\\')
			builder_add_byte(out, '\\');
		builder_add_byte(out, text.bytes[i]);
	}
}

/* Text between the quotes of a Mermaid label, where characters are written as `#35;`; what has a meaning in Markdown
 * or HTML is written so. */
static void add_mermaid_text(struct builder *out, struct slice text)
{
	static const struct slice special = SLICE_CONSTANT("\"#&<>`;");
	for (size_t i = 0; i < text.length; i++) {
		if (slice_find(special, text.bytes[i], 0) < special.length)
			builder_add_format(out, "#%d;", text.bytes[i]);
		else
			builder_add_byte(out, text.bytes[i]);
	}
}

static void add_node_id(struct builder *out, const struct drawing *drawing, size_t node)
{
	size_t cells = drawing->analysis->notebook->code_count;
	if (node <= cells)
		builder_add_format(out, "cell%zu", node);
	else
		builder_add_format(out, "step%zu", node - cells);
}

static struct drawing drawing_of(struct builder *out, const struct analysis *analysis, enum graph_orders orders)
{
	struct drawing drawing = {.arena = out->arena, .analysis = analysis};
	drawing.is_deleted = arena_array(out->arena, analysis->log->run_count + 1, sizeof *drawing.is_deleted);
	collect_arrows(&drawing, graph_of_analysis(out->arena, analysis), orders);
	return drawing;
}

void graph_dot(struct builder *out, const struct analysis *analysis, enum graph_orders orders)
{
	static const char *const styles[KINDS] = {
	    [IN_BOTH] = "", [IN_EXECUTION] = ", style=dashed, color=red", [IN_FILE] = ", style=dotted"};
	struct drawing drawing = drawing_of(out, analysis, orders);
	builder_add(out, SLICE("// Dashed: only as it ran. Dotted: only from top to bottom.\ndigraph notebook {\n"
	                       "  node [shape=box, fontname=\"monospace\"];\n  edge [fontname=\"monospace\"];\n"));
	for (size_t cell = 1; cell <= analysis->notebook->code_count; cell++) {
		struct slice title, source;
		if (cell_is_blank(analysis->notebook->code[cell - 1]))
			continue;
		node_label(&drawing, cell, &title, &source);
		builder_add_format(out, "  cell%zu [label=\"%.*s\\n", cell, SLICE_FORMAT(title));
		add_dot_text(out, source);
		builder_add(out, SLICE("\"];\n"));
	}
	for (size_t step = 1; step <= analysis->log->run_count; step++)
		if (drawing.is_deleted[step])
			builder_add_format(out, "  step%zu [label=\"%.*s\", style=dashed];\n", step,
			                   SLICE_FORMAT(deleted_label(&drawing, step)));
	for (size_t i = 0, next; i < drawing.arrows.count; i = next) {
		const struct arrow *arrow = &drawing.arrows.items[i];
		struct slice label = arrow_label(&drawing, i, &next);
		builder_add_string(out, "  ");
		add_node_id(out, &drawing, arrow->from);
		builder_add(out, SLICE(" -> "));
		add_node_id(out, &drawing, arrow->to);
		builder_add(out, SLICE(" [label=\""));
		add_dot_text(out, label);
		builder_add_format(out, "\"%s];\n", styles[arrow->kind]);
	}
	builder_add(out, SLICE("}\n"));
}

void graph_mermaid(struct builder *out, const struct analysis *analysis, enum graph_orders orders)
{
	static const char *const lines[KINDS] = {[IN_BOTH] = "-->", [IN_EXECUTION] = "==>", [IN_FILE] = "-.->"};
	struct drawing drawing = drawing_of(out, analysis, orders);
	builder_add(out, SLICE("%% Thick: only as it ran. Dotted: only from top to bottom.\nflowchart TD\n"));
	for (size_t cell = 1; cell <= analysis->notebook->code_count; cell++) {
		struct slice title, source;
		if (cell_is_blank(analysis->notebook->code[cell - 1]))
			continue;
		node_label(&drawing, cell, &title, &source);
		builder_add_format(out, "  cell%zu[\"", cell);
		add_mermaid_text(out, title);
		builder_add(out, SLICE("<br>"));
		add_mermaid_text(out, source);
		builder_add(out, SLICE("\"]\n"));
	}
	for (size_t step = 1; step <= analysis->log->run_count; step++)
		if (drawing.is_deleted[step]) {
			builder_add_format(out, "  step%zu[\"", step);
			add_mermaid_text(out, deleted_label(&drawing, step));
			builder_add(out, SLICE("\"]\n"));
		}
	for (size_t i = 0, next; i < drawing.arrows.count; i = next) {
		const struct arrow *arrow = &drawing.arrows.items[i];
		struct slice label = arrow_label(&drawing, i, &next);
		builder_add_string(out, "  ");
		add_node_id(out, &drawing, arrow->from);
		builder_add_format(out, " %s|\"", lines[arrow->kind]);
		add_mermaid_text(out, label);
		builder_add(out, SLICE("\"| "));
		add_node_id(out, &drawing, arrow->to);
		builder_add_byte(out, '\n');
	}
}
