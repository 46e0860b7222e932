/* Who needs what from whom: the runs (or the cells, as a fresh run from the top would
 * do them) from top to bottom, beside them lines from those that bind a name to those
 * that read it. What the one at the cursor rests on and what rests on it is lit. */
#include "flow/graph.h"

#include "flow/lanes.h"
#include "report/summary.h"
#include "tui/document.h"
#include "tui/views/detail.h"
#include "tui/views/names.h"

struct graph_state {
	struct list list;
	bool from_top;
	struct graph *graphs; /* app_graphs(); null: to be asked for */
	struct arena *layout_arena;
	struct lanes *lanes; /* null: to be laid out */
	size_t limit;        /* for which they were */
	size_t *nodes;       /* by row: what is blank has none */
	size_t row_count;
	uint32_t *owners; /* by node and lane: the node whose line crosses there, + 1; 0: none */
};

/* What a node is to the one at the cursor. */
enum relation { UNRELATED, ITSELF, NEEDED, FED };

/* What is lit: the node at the cursor, and by node what it rests on and what rests on it. */
struct lit {
	size_t node;
	const bool *needed, *fed;
};

enum {
	MARGIN = 4, /* the cursor, and the letter of what is lit */
	WIDE = 120, /* from here on, the source stands beside what it needs */
	SOURCE_WIDTH = 40,
	ENOUGH_PIECES = 4000, /* of text: more than any screen has room for below the rows */
};

/* --- what is drawn --- */

static const struct graph *graph_of(const struct graph_state *state)
{
	return &state->graphs[state->from_top ? GRAPH_FILE : GRAPH_EXECUTION];
}

/* Where nothing ran, there is no other order to differ from. */
static void forget_differences(struct graph_state *state)
{
	struct graph *graph = &state->graphs[GRAPH_FILE];
	state->from_top = true;
	for (size_t i = 0; i < graph->edge_count; i++) {
		graph->edges[i].only_here = false;
		for (size_t at = 0; at < graph->edges[i].name_count; at++)
			graph->edges[i].names[at].only_here = false;
	}
}

static bool has_run(const struct graph_state *state)
{
	return state->graphs[GRAPH_EXECUTION].node_count != 0;
}

static void make_graphs(struct app *app, struct graph_state *state)
{
	if (state->graphs)
		return;
	state->graphs = app_graphs(app);
	if (!has_run(state))
		forget_differences(state);
}

/* Follows each line down from the node that it begins at. */
static void find_owners(struct graph_state *state, size_t node_count)
{
	size_t width = state->lanes->width;
	uint32_t *holder = arena_array(state->layout_arena, width, sizeof *holder);
	state->owners = arena_array(state->layout_arena, node_count, width * sizeof *state->owners);
	for (size_t node = 0; node < node_count; node++) {
		const struct lane_row *row = &state->lanes->rows[node];
		for (size_t lane = 0; lane < row->count; lane++) {
			unsigned marks = row->marks[lane];
			if (marks & LANE_NODE)
				holder[lane] = (uint32_t)node + 1;
			state->owners[node * width + lane] = holder[lane];
			if (!(marks & LANE_DOWN))
				holder[lane] = 0;
		}
	}
}

static void lay_out(struct app *app, struct graph_state *state)
{
	enum { TEXT = 48, LEAST = 4, MOST = 40 };
	int columns = app->canvas->columns;
	int room = (columns - TEXT - (columns >= WIDE ? SOURCE_WIDTH : 0)) / 2; /* a lane takes two */
	size_t limit = room < LEAST ? LEAST : room > MOST ? MOST : (size_t)room;
	make_graphs(app, state);
	if (state->lanes && state->limit == limit)
		return;
	const struct graph *graph = graph_of(state);
	arena_free(state->layout_arena);
	state->layout_arena = terminal_arena();
	state->limit = limit;
	state->lanes = lanes_of_graph(state->layout_arena, graph, limit);
	state->nodes = arena_array(state->layout_arena, graph->node_count, sizeof *state->nodes);
	state->row_count = 0;
	for (size_t node = 0; node < graph->node_count; node++) {
		size_t cell = graph->nodes[node].cell;
		if (!cell || !cell_is_blank(app->analysis->notebook->code[cell - 1]))
			state->nodes[state->row_count++] = node;
	}
	find_owners(state, graph->node_count);
}

/* --- where the cursor is --- */

/* The run of the log that a node of the execution order is. */
static size_t run_of(const struct graph_node *node)
{
	return node->run->step - 1;
}

/* Puts the cursor on what is selected, or on the last row before it. */
static void follow_place(const struct app *app, struct graph_state *state)
{
	const struct graph *graph = graph_of(state);
	const struct notebook *notebook = app->analysis->notebook;
	if (!state->from_top && app->place.run == NO_RUN)
		return;
	size_t found = 0;
	for (size_t row = 0; row < state->row_count; row++) {
		const struct graph_node *node = &graph->nodes[state->nodes[row]];
		bool reached =
		    state->from_top ? notebook->code[node->cell - 1]->index <= app->place.cell : run_of(node) <= app->place.run;
		if (reached)
			found = row;
	}
	list_go(&state->list, found);
}

static void select_row(struct app *app, const struct graph_state *state)
{
	const struct graph_node *node = &graph_of(state)->nodes[state->nodes[state->list.cursor]];
	if (state->from_top)
		app_go(app, app->analysis->notebook->code[node->cell - 1]->index);
	else
		app_go_run(app, run_of(node));
}

static enum relation relation_of(const struct lit *lit, size_t node)
{
	return node == lit->node ? ITSELF : lit->needed[node] ? NEEDED : lit->fed[node] ? FED : UNRELATED;
}

/* --- words --- */

static struct slice node_text(struct app *app, const struct graph_state *state, const struct graph_node *node)
{
	return step_text(app, state->from_top, state->from_top ? node->cell - 1 : run_of(node));
}

/* Adds "df, x?": the names that the definer bound, those that it changed, or both. Returns how many. */
static size_t add_names(const struct app *app, struct line *line, const struct graph_edge *edge, bool bound,
                        bool changed)
{
	size_t count = 0;
	for (size_t at = 0; at < edge->name_count; at++) {
		const struct graph_name *name = &edge->names[at];
		if (name->binds ? !bound : !changed)
			continue;
		if (count++)
			line_add(app->frame, line, SLOT_DIM, SLICE(", "));
		line_add(app->frame, line, name->only_here ? SLOT_DISORDER : SLOT_TEXT,
		         symbols_name(app->analysis->symbols, name->name));
		if (name->level != LEVEL_CERTAIN)
			line_add(app->frame, line, SLOT_DIM, SLICE("?"));
		if (name->only_here)
			line_add(app->frame, line, SLOT_DISORDER, SLICE("!"));
	}
	return count;
}

/* Adds what a node has from others: "df, x from cell 2 [3]; y as changed by cell 4 [5]";
 * in `brief`, cells are numbers. */
static void add_needs(struct app *app, const struct graph_state *state, struct line *line, size_t at, bool brief)
{
	const struct graph *graph = graph_of(state);
	const struct graph_node *node = &graph->nodes[at];
	bool any = false;
	for (size_t i = 0; i < node->edge_count && line->count < ENOUGH_PIECES; i++) {
		const struct graph_edge *edge = &graph->edges[node->first_edge + i];
		const struct graph_node *definer = &graph->nodes[edge->from];
		struct slice who = node_text(app, state, definer);
		if (brief && definer->cell)
			who =
			    definer->cell == node->cell ? SLICE("its earlier run") : slice_format(app->frame, "%zu", definer->cell);
		for (int bound = 1; bound >= 0; bound--) {
			struct line names = {0};
			if (!add_names(app, &names, edge, bound, !bound))
				continue;
			if (any)
				line_add(app->frame, line, SLOT_DIM, SLICE("; "));
			any = true;
			for (size_t piece = 0; piece < names.count; piece++)
				vector_push(app->frame, line, names.items[piece]);
			line_format(app->frame, line, SLOT_DIM, "%s%.*s", bound ? " from " : " as changed by ", SLICE_FORMAT(who));
		}
	}
}

/* Adds who has what from a node: "df, x to cell 5 [6]; df to cell 7 [8]". */
static void add_feeds(struct app *app, const struct graph_state *state, struct line *line, size_t at)
{
	const struct graph *graph = graph_of(state);
	bool any = false;
	for (size_t i = 0; i < graph->edge_count && line->count < ENOUGH_PIECES; i++) {
		const struct graph_edge *edge = &graph->edges[i];
		if (edge->from != at)
			continue;
		if (any)
			line_add(app->frame, line, SLOT_DIM, SLICE("; "));
		any = true;
		add_names(app, line, edge, true, true);
		line_format(app->frame, line, SLOT_DIM, " to %.*s",
		            SLICE_FORMAT(node_text(app, state, &graph->nodes[edge->to])));
	}
}

/* --- drawing --- */

static struct slice lane_text(unsigned marks, bool ascii)
{
	static const char *const LINES[][2] = {
	    [0] = {" ", " "},
	    [LANE_UP] = {"╵", "|"},
	    [LANE_DOWN] = {"╷", "|"},
	    [LANE_UP | LANE_DOWN] = {"│", "|"},
	    [LANE_LEFT] = {"╴", "-"},
	    [LANE_RIGHT] = {"╶", "-"},
	    [LANE_LEFT | LANE_RIGHT] = {"─", "-"},
	    [LANE_UP | LANE_LEFT] = {"╯", "'"},
	    [LANE_UP | LANE_RIGHT] = {"╰", "'"},
	    [LANE_UP | LANE_LEFT | LANE_RIGHT] = {"┴", "+"},
	    [LANE_DOWN | LANE_LEFT] = {"╮", "."},
	    [LANE_DOWN | LANE_RIGHT] = {"╭", "."},
	    [LANE_DOWN | LANE_LEFT | LANE_RIGHT] = {"┬", "+"},
	    [LANE_UP | LANE_DOWN | LANE_LEFT] = {"┤", "+"},
	    [LANE_UP | LANE_DOWN | LANE_RIGHT] = {"├", "+"},
	    [LANE_UP | LANE_DOWN | LANE_LEFT | LANE_RIGHT] = {"┼", "+"},
	};
	return slice_of(marks & LANE_PASS ? LINES[LANE_UP | LANE_DOWN][ascii] : LINES[marks][ascii]);
}

static struct look relation_look(enum relation relation)
{
	return look_of(relation == NEEDED   ? SLOT_BIND
	               : relation == FED    ? SLOT_READ
	               : relation == ITSELF ? SLOT_CELL_FOCUS
	                                    : SLOT_RULE);
}

/* How the line that crosses a row is drawn: lit as far as it leads to the cursor, or from it. */
static struct look line_look(const struct lit *lit, uint32_t owner, size_t node)
{
	enum relation relation = owner ? relation_of(lit, owner - 1) : UNRELATED;
	if (relation == NEEDED && node > lit->node)
		relation = UNRELATED;
	return relation_look(relation == ITSELF ? FED : relation);
}

/* The owner of the line that comes down to a node on its own lane; 0: none does. */
static uint32_t owner_above(const struct graph_state *state, size_t node, size_t lane)
{
	const struct lane_row *above = node ? &state->lanes->rows[node - 1] : NULL;
	bool comes = above && lane < above->count && above->marks[lane] & LANE_DOWN;
	return comes ? state->owners[(node - 1) * state->lanes->width + lane] : 0;
}

/* Whether all that a node has from the owner of a line is so in this order only. */
static bool is_only_here(const struct graph *graph, uint32_t owner, size_t node)
{
	const struct graph_node *reader = &graph->nodes[node];
	for (size_t i = 0; owner && i < reader->edge_count; i++) {
		const struct graph_edge *edge = &graph->edges[reader->first_edge + i];
		if (edge->from + 1 == owner)
			return edge->only_here;
	}
	return false;
}

static struct slice node_sign(const struct app *app, const struct graph_state *state, const struct graph_node *node,
                              struct look *look)
{
	*look = look_of(SLOT_LOST);
	if (!node->cell)
		return app_glyph(app, GLYPH_DOT);
	const struct cell_status *status = &app->analysis->status->cells[node->cell - 1];
	bool inferred = !state->from_top && node->run->origin == RUN_INFERRED;
	*look = inferred ? look_of(SLOT_INFERRED) : status_look(status);
	return app_glyph(app, inferred ? GLYPH_INFERRED : status_glyph(status->status));
}

/* The lines of a row, and the node as the sign of its status; `!` where a line joins that
 * the other order has not. */
static void draw_lanes(const struct app *app, const struct graph_state *state, struct pane pane, int row, size_t node,
                       const struct lit *lit)
{
	const struct graph *graph = graph_of(state);
	const struct lane_row *lanes = &state->lanes->rows[node];
	enum relation relation = relation_of(lit, node);
	struct look joint = relation_look(relation == ITSELF ? NEEDED : relation);
	bool ascii = app->settings.ascii;
	for (size_t lane = 0; lane < lanes->count; lane++) {
		unsigned marks = lanes->marks[lane];
		uint32_t owner = state->owners[node * state->lanes->width + lane];
		int column = (int)(2 * lane);
		struct look look;
		if (marks & LANE_NODE) {
			struct slice sign = node_sign(app, state, &graph->nodes[node], &look);
			pane_text(pane, row, column, look, sign);
		} else if (!(marks & LANE_PASS) && is_only_here(graph, owner, node)) {
			pane_text(pane, row, column, look_of(SLOT_DISORDER), SLICE("!"));
		} else {
			look = owner ? line_look(lit, owner, node) : joint;
			pane_text(pane, row, column, look, lane_text(marks, ascii));
		}
		if (marks & LANE_RIGHT)
			pane_text(pane, row, column + 1, joint, lane_text(LANE_LEFT | LANE_RIGHT, ascii));
		if (marks & LANE_NODE && is_only_here(graph, owner_above(state, node, lane), node))
			pane_text(pane, row, column + 1, look_of(SLOT_DISORDER), SLICE("!"));
	}
}

/* Draws a line and a sign where it is cut. */
static void draw_line(const struct app *app, struct pane pane, int row, int column, const struct line *line)
{
	for (size_t piece = 0; piece < line->count && column <= pane.columns; piece++) {
		pane_text(pane, row, column, line->items[piece].look, line->items[piece].text);
		column += text_columns(line->items[piece].text);
	}
	if (column > pane.columns)
		pane_text(pane, row, pane.columns - 1, look_of(SLOT_MORE), app_glyph(app, GLYPH_CUT));
}

static struct slice source_of(const struct app *app, const struct graph_state *state, const struct graph_node *node)
{
	return state->from_top ? app->analysis->notebook->code[node->cell - 1]->source : node->run->source;
}

static void draw_row(struct app *app, const struct graph_state *state, struct pane pane, int row, size_t node,
                     const struct lit *lit)
{
	const struct graph_node *at = &graph_of(state)->nodes[node];
	enum relation relation = relation_of(lit, node);
	int lanes = (int)(2 * state->lanes->width);
	if (relation == NEEDED || relation == FED)
		pane_text(pane, row, 2, relation_look(relation), relation == NEEDED ? SLICE("n") : SLICE("f"));
	draw_lanes(app, state, pane_part(pane, row, MARGIN, 1, lanes), 0, node, lit);
	int column = MARGIN + lanes + 1;
	pane_text(pane, row, column, relation == UNRELATED ? look_of(SLOT_CELL) : relation_look(relation),
	          node_text(app, state, at));
	column += 5 + app->orders->number_width + 1 + (state->from_top ? 0 : app->orders->count_width + 1);
	struct line source = {0}, needs = {0};
	line_add(app->frame, &source, SLOT_DIM, first_line(app->frame, source_of(app, state, at)));
	add_needs(app, state, &needs, node, true);
	if (pane.columns >= WIDE) {
		draw_line(app, pane_part(pane, row, column, 1, SOURCE_WIDTH), 0, 0, &source);
		column += SOURCE_WIDTH + 2;
	} else if (needs.count == 0) {
		needs = source;
	}
	draw_line(app, pane, row, column, &needs);
}

/* All that is said of the node at the cursor. */
static void draw_foot(struct app *app, const struct graph_state *state, struct pane pane, size_t node)
{
	const struct graph_node *at = &graph_of(state)->nodes[node];
	struct arena *frame = app->frame;
	draw_pane_title(app, pane, false,
	                slice_format(frame, "%.*s: %.*s", SLICE_FORMAT(node_text(app, state, at)),
	                             SLICE_FORMAT(first_line(frame, source_of(app, state, at)))),
	                state->lanes->cut ? SLICE("more lines than fit; the words are whole") : SLICE(""));
	struct document *document = document_new(frame, pane.columns, true);
	struct line needs = {0}, feeds = {0};
	line_add(frame, &needs, SLOT_LABEL, SLICE("needs  "));
	add_needs(app, state, &needs, node, false);
	if (needs.count == 1)
		line_add(frame, &needs, SLOT_DIM, SLICE("nothing of another cell"));
	document_add_prose(document, needs, 7);
	line_add(frame, &feeds, SLOT_LABEL, SLICE("feeds  "));
	add_feeds(app, state, &feeds, node);
	if (feeds.count == 1)
		line_add(frame, &feeds, SLOT_DIM, SLICE("no other cell"));
	document_add_prose(document, feeds, 7);
	struct list list = {.count = document->rows.count, .cursor = document->rows.count};
	document_draw(document, frame, pane_part(pane, 1, 0, pane.rows - 1, pane.columns), &list, 0, false, NULL,
	              app->theme, app->settings.ascii);
}

static int rows_of(int rows)
{
	return rows - 1 - list_foot_rows(rows); /* the title is the 1 */
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct graph_state *state = view->state;
	lay_out(app, state);
	int rows = rows_of(pane.rows);
	list_fit(&state->list, state->row_count, rows);
	follow_place(app, state);
	draw_pane_title(
	    app, pane, true,
	    !has_run(state)   ? SLICE("From the top, as nothing ran: n needed f fed")
	    : state->from_top ? SLICE("From the top: n needed f fed ! not so when it ran")
	                      : SLICE("As it ran: n needed f fed ! not so from the top"),
	    slice_format(app->frame, "%zu/%zu", state->row_count ? state->list.cursor + 1 : 0, state->row_count));
	if (state->row_count == 0) {
		pane_text(pane, 1, 2, look_of(SLOT_DIM), SLICE("There is no code here."));
		return;
	}
	size_t now = state->nodes[state->list.cursor];
	struct lit lit = {now, graph_upstream(app->frame, graph_of(state), now),
	                  graph_downstream(app->frame, graph_of(state), now)};
	struct pane body = pane_part(pane, 1, 0, rows, pane.columns);
	for (int row = 0; row < body.rows && state->list.top + (size_t)row < state->row_count; row++) {
		size_t at = state->list.top + (size_t)row;
		draw_row(app, state, body, row, state->nodes[at], &lit);
		if (at == state->list.cursor)
			pane_text(body, row, 0, look_of(SLOT_CURSOR), app_glyph(app, GLYPH_CURSOR));
	}
	if (list_foot_rows(pane.rows))
		draw_foot(app, state, pane_part(pane, 1 + rows, 0, pane.rows - 1 - rows, pane.columns), now);
}

/* --- acting --- */

/* To the nearest row that the one at the cursor needs, or that it feeds. */
static void go_along(struct app *app, struct graph_state *state, bool back)
{
	const struct graph *graph = graph_of(state);
	size_t now = state->nodes[state->list.cursor], found = now;
	for (size_t i = 0; i < graph->edge_count; i++) {
		const struct graph_edge *edge = &graph->edges[i];
		if (back && edge->to == now && (found == now || edge->from > found))
			found = edge->from;
		if (!back && edge->from == now && (found == now || edge->to < found))
			found = edge->to;
	}
	if (found == now) {
		app_say(app, back ? "It needs nothing of another cell." : "It feeds no other cell.");
		return;
	}
	for (size_t row = 0; row < state->row_count; row++)
		if (state->nodes[row] == found)
			list_go(&state->list, row);
	select_row(app, state);
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	struct graph_state *state = view->state;
	lay_out(app, state);
	list_fit(&state->list, state->row_count, rows_of(app_view_rows(app)));
	if (state->row_count == 0)
		return false;
	follow_place(app, state);
	switch (action) {
	case ACTION_OTHER_ORDER:
		if (!has_run(state)) {
			app_say(app, "No run is known, so there is nothing to show as it ran.");
			return true;
		}
		state->from_top = !state->from_top;
		state->lanes = NULL;
		return true;
	case ACTION_OPEN: app_act(app, ACTION_VIEW_DETAIL, 0); return true;
	case ACTION_LEFT:
	case ACTION_RIGHT: go_along(app, state, action == ACTION_LEFT); return true;
	default:
		if (!list_act(&state->list, action, number))
			return false;
		select_row(app, state);
		return true;
	}
}

static bool point(struct app *app, struct view *view, key_code key, int row, int column)
{
	struct graph_state *state = view->state;
	(void)column;
	lay_out(app, state);
	int rows = rows_of(app_view_rows(app));
	list_fit(&state->list, state->row_count, rows);
	if (key != PRESSED_CLICK || row < 1 || row > rows || state->list.top + (size_t)row - 1 >= state->row_count)
		return false;
	if (list_click(&state->list, (size_t)row - 1))
		app_act(app, ACTION_VIEW_DETAIL, 0);
	else
		select_row(app, state);
	return true;
}

static bool search(struct app *app, struct view *view, bool back)
{
	if (!((struct graph_state *)view->state)->from_top)
		return run_search(app, back);
	size_t cell = cell_search(app, back);
	if (cell >= app->analysis->notebook->cell_count)
		return false;
	app_go(app, cell);
	return true;
}

static void let_go(struct graph_state *state)
{
	arena_free(state->layout_arena);
	state->layout_arena = NULL;
	state->graphs = NULL;
	state->lanes = NULL;
}

static bool prepare(struct app *app)
{
	return app_graphs(app) != NULL;
}

static void renew(struct app *app, struct view *view)
{
	(void)app;
	let_go(view->state);
}

static void close_view(struct app *app, struct view *view)
{
	(void)app;
	let_go(view->state);
}

const struct view_type graph_view = {
    .id = VIEW_GRAPH,
    .name = "graph",
    .about =
        "Who needs what from whom: a line leads from what binds or changes a name to what reads it. What the one at "
        "the cursor rests on is marked n, what rests on it f; ! stands where the other order has it otherwise. h "
        "goes to the nearest that it needs, l to the nearest that it feeds, s shows the other order.",
    .state_size = sizeof(struct graph_state),
    .opens = true,
    .draw = draw,
    .act = act,
    .point = point,
    .search = search,
    .prepare = prepare,
    .renew = renew,
    .close = close_view,
};
