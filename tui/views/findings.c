/* What a reviewer should know of the notebook: a row for each finding, and below them
 * all that is said of the one at the cursor. */
#include "tui/document.h"
#include "tui/state.h"

#include <stdlib.h>
#include <string.h>

enum findings_order { BY_SEVERITY, BY_CELL, BY_RULE, ORDERS };

struct findings_state {
	struct list list;
	enum findings_order order;
	bool reversed, show_acknowledged;
	bool stale; /* the rows are to be made anew */
	struct arena *arena;
	const struct check_file *rows_from;
	const struct check_finding **rows;
	size_t row_count, hidden; /* hidden: acknowledged ones that are no row */
};

static const char *const ORDER_NAMES[ORDERS] = {
    [BY_SEVERITY] = "by severity", [BY_CELL] = "by cell", [BY_RULE] = "by rule"};

/* --- what was acknowledged --- */

/* Where a fingerprint is among those acknowledged, or belongs. */
static size_t place_of(const struct app *app, uint64_t fingerprint)
{
	size_t low = 0, high = app->acknowledged.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (app->acknowledged.items[middle] < fingerprint)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_acknowledged(const struct app *app, const struct check_finding *finding)
{
	size_t at = place_of(app, finding->fingerprint);
	return at < app->acknowledged.count && app->acknowledged.items[at] == finding->fingerprint;
}

static void acknowledge(struct app *app, const struct check_finding *finding, bool known)
{
	if (is_acknowledged(app, finding) == known)
		return;
	size_t at = place_of(app, finding->fingerprint);
	if (known)
		vector_push(app->arena, &app->acknowledged, 0);
	uint64_t *items = app->acknowledged.items + at;
	size_t behind = app->acknowledged.count - at - 1;
	if (known) {
		memmove(items + 1, items, behind * sizeof *items);
		*items = finding->fingerprint;
	} else {
		memmove(items, items + 1, behind * sizeof *items);
		app->acknowledged.count--;
	}
}

/* --- the rows --- */

/* What a row is sorted by first: the smaller the earlier. */
static size_t rank(enum findings_order order, const struct check_finding *finding)
{
	return order == BY_SEVERITY ? (size_t)(SEVERITIES - finding->severity) * 4 + finding->certainty
	       : order == BY_RULE   ? (size_t)(finding->rule - rule_catalogue)
	                            : finding->cell;
}

struct sortable {
	const struct check_finding *finding;
	size_t rank;
};

/* Findings of one rank stay in the order of the notebook. */
static int compare(const void *left, const void *right)
{
	const struct sortable *a = left, *b = right;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return (a->finding > b->finding) - (a->finding < b->finding);
}

/* Whether the rows are those of the findings as they are now. */
static bool are_current(struct app *app, const struct findings_state *state)
{
	return state->rows_from == app_findings(app) && !state->stale;
}

static void make_rows(struct app *app, struct findings_state *state)
{
	if (are_current(app, state))
		return;
	const struct check_file *file = app_findings(app);
	arena_free(state->arena);
	state->arena = terminal_arena();
	state->rows_from = file;
	state->rows = arena_array(state->arena, file->count, sizeof *state->rows);
	state->row_count = state->hidden = 0;
	state->stale = false;
	struct sortable *sorted = arena_array(state->arena, file->count, sizeof *sorted);
	for (size_t at = 0; at < file->count; at++) {
		const struct check_finding *finding = &file->findings[at];
		if (!state->show_acknowledged && is_acknowledged(app, finding))
			state->hidden++;
		else
			sorted[state->row_count++] = (struct sortable){finding, rank(state->order, finding)};
	}
	qsort(sorted, state->row_count, sizeof *sorted, compare);
	for (size_t at = 0; at < state->row_count; at++)
		state->rows[at] = sorted[state->reversed ? state->row_count - 1 - at : at].finding;
}

/* Makes the rows anew, with the cursor on the finding that it was on. */
static void remake_rows(struct app *app, struct findings_state *state)
{
	const struct check_finding *at = state->list.cursor < state->row_count ? state->rows[state->list.cursor] : NULL;
	state->stale = true;
	make_rows(app, state);
	for (size_t row = 0; row < state->row_count; row++) {
		if (state->rows[row] == at)
			list_go(&state->list, row);
	}
}

static int rows_of(int rows)
{
	return rows - 1 - list_foot_rows(rows); /* the title is the 1 */
}

/* --- drawing --- */

static enum slot severity_slot(enum severity severity)
{
	return severity == SEVERITY_ERROR ? SLOT_BROKEN : severity == SEVERITY_WARNING ? SLOT_STALE : SLOT_DIM;
}

/* "cell 12:3": the cell and the line in it. */
static struct slice where_text(struct arena *arena, const struct check_finding *finding)
{
	if (!finding->cell)
		return SLICE("notebook");
	if (!finding->line)
		return slice_format(arena, "cell %zu", finding->cell);
	return slice_format(arena, "cell %zu:%u", finding->cell, finding->line);
}

enum { WORD_WIDTH = 8 /* "possible", the longest of certainties and severities */ };

static void draw_row(struct app *app, struct pane pane, int row, const struct check_finding *finding, int where_width)
{
	bool folded = is_acknowledged(app, finding);
	struct look look = look_of(folded ? SLOT_DIM : SLOT_TEXT), dim = look_of(SLOT_DIM);
	if (folded)
		pane_text(pane, row, 1, dim, SLICE("x"));
	pane_text(pane, row, 3, look_of(folded ? SLOT_DIM : severity_slot(finding->severity)),
	          slice_of(severity_name(finding->severity)));
	int column = 3 + WORD_WIDTH + 1;
	pane_text(pane, row, column, dim, slice_of(certainty_name(finding->certainty)));
	column += WORD_WIDTH + 2;
	pane_text(pane, row, column, look_of(folded ? SLOT_DIM : SLOT_CELL), where_text(app->frame, finding));
	column += where_width + 2;
	pane_text(pane, row, column, look, finding->message);
	if (column + text_columns(finding->message) > pane.columns)
		pane_text(pane, row, pane.columns - 1, look_of(SLOT_MORE), app_glyph(app, GLYPH_CUT));
}

static struct slice source_line(const struct check_finding *finding, const struct notebook *notebook)
{
	struct slice rest = finding->cell ? notebook->code[finding->cell - 1]->source : (struct slice){0}, line = {0};
	for (uint32_t number = 0; number < finding->line; number++)
		if (!slice_next_line(&rest, &line))
			return (struct slice){0};
	return slice_trim(line);
}

/* All that is said of a finding. */
static void draw_foot(struct app *app, struct pane pane, const struct check_finding *finding)
{
	enum { ENOUGH = 1024 /* bytes of a line of source */ };
	struct arena *frame = app->frame;
	draw_pane_title(
	    app, pane, false,
	    slice_format(frame, "%s %s: %s", finding->rule->code, finding->rule->name, family_name(finding->rule->family)),
	    SLICE("gx: the rule  x: acknowledge"));
	struct document *document = document_new(frame, pane.columns, true);
	struct slice source = source_line(finding, app->analysis->notebook);
	struct line said = {0};
	line_add(frame, &said, SLOT_TEXT, finding->message);
	document_add_prose(document, said, 0);
	if (source.length) {
		struct line quoted = {0};
		line_format(frame, &quoted, SLOT_LINE_NUMBER, "%u  ", finding->line);
		line_add(frame, &quoted, SLOT_CULPRIT, slice_part(source, 0, ENOUGH));
		document_add(document, quoted);
	}
	struct list list = {.count = document->rows.count, .cursor = document->rows.count};
	document_draw(document, frame, pane_part(pane, 1, 0, pane.rows - 1, pane.columns), &list, 0, false, app_marks(app),
	              app->theme, app->settings.ascii);
}

static struct slice nothing_text(const struct findings_state *state)
{
	return state->hidden ? SLICE("All findings are acknowledged; X shows them.")
	                     : SLICE("The rules find nothing to say of this notebook.");
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct findings_state *state = view->state;
	make_rows(app, state);
	int rows = rows_of(pane.rows), where_width = 0;
	list_fit(&state->list, state->row_count, rows);
	struct builder note = {.arena = app->frame};
	if (state->hidden)
		builder_add_format(&note, "%zu acknowledged  ", state->hidden);
	builder_add_format(&note, "%s%s  %zu/%zu", ORDER_NAMES[state->order], state->reversed ? ", turned round" : "",
	                   state->row_count ? state->list.cursor + 1 : 0, state->row_count);
	draw_pane_title(app, pane, true, SLICE("What a reviewer should know"), builder_slice(&note));
	if (state->row_count == 0) {
		pane_text(pane, 1, 3, look_of(SLOT_DIM), nothing_text(state));
		return;
	}
	for (size_t at = 0; at < state->row_count; at++) {
		int width = text_columns(where_text(app->frame, state->rows[at]));
		where_width = width > where_width ? width : where_width;
	}
	struct pane body = pane_part(pane, 1, 0, rows, pane.columns);
	for (int row = 0; row < body.rows && state->list.top + (size_t)row < state->row_count; row++) {
		size_t at = state->list.top + (size_t)row;
		draw_row(app, body, row, state->rows[at], where_width);
		if (at == state->list.cursor)
			pane_text(body, row, 0, look_of(SLOT_CURSOR), app_glyph(app, GLYPH_CURSOR));
	}
	if (list_foot_rows(pane.rows))
		draw_foot(app, pane_part(pane, 1 + rows, 0, pane.rows - 1 - rows, pane.columns),
		          state->rows[state->list.cursor]);
}

/* --- acting --- */

static void open_cell(struct app *app, const struct check_finding *finding)
{
	app_leave_trace(app);
	if (finding->cell) {
		app_go(app, app->analysis->notebook->code[finding->cell - 1]->index);
		app->line = finding->line;
		app_open_view(app, VIEW_DETAIL);
	} else {
		app_open_view(app, VIEW_INFO);
	}
}

/* To the first finding of another cell. */
static void go_to_other_cell(struct findings_state *state, bool back)
{
	size_t at = state->list.cursor, cell = state->rows[at]->cell;
	while (state->rows[at]->cell == cell && (back ? at > 0 : at + 1 < state->row_count))
		at = back ? at - 1 : at + 1;
	if (state->rows[at]->cell != cell)
		state->list.cursor = at;
}

/* Acknowledges the finding at the cursor and as many as were asked for, or takes that back. */
static void acknowledge_rows(struct app *app, struct findings_state *state, size_t number)
{
	size_t from = state->list.cursor, left = state->row_count - from;
	size_t count = number == 0 ? 1 : number < left ? number : left;
	bool known = !is_acknowledged(app, state->rows[from]);
	for (size_t at = from; at < from + count; at++)
		acknowledge(app, state->rows[at], known);
	remake_rows(app, state);
	if (known)
		app_say(app, "Acknowledged until nbscope ends; X shows what is, and x there takes it back.");
	else
		app_say(app, "No longer acknowledged.");
}

static bool act_on_finding(struct app *app, struct findings_state *state, enum action action, size_t number)
{
	const struct check_finding *finding = state->rows[state->list.cursor];
	switch (action) {
	case ACTION_OPEN: open_cell(app, finding); return true;
	case ACTION_EXPLAIN: app->rule = finding->rule; return false; /* its view is opened as others are */
	case ACTION_ACKNOWLEDGE: acknowledge_rows(app, state, number); return true;
	case ACTION_NEXT_CELL:
	case ACTION_PREVIOUS_CELL: go_to_other_cell(state, action == ACTION_PREVIOUS_CELL); return true;
	default: return false;
	}
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	struct findings_state *state = view->state;
	make_rows(app, state);
	list_fit(&state->list, state->row_count, rows_of(app_view_rows(app)));
	switch (action) {
	case ACTION_SORT:
		state->order = (enum findings_order)((state->order + 1) % ORDERS);
		remake_rows(app, state);
		app_say(app, "Findings are sorted %s.", ORDER_NAMES[state->order]);
		return true;
	case ACTION_REVERSE:
		state->reversed = !state->reversed;
		remake_rows(app, state);
		return true;
	case ACTION_SHOW_ACKNOWLEDGED:
		state->show_acknowledged = !state->show_acknowledged;
		remake_rows(app, state);
		app_say(app, state->show_acknowledged ? "Acknowledged findings are shown, marked x."
		                                      : "Acknowledged findings are folded away.");
		return true;
	default: break;
	}
	if (state->row_count && act_on_finding(app, state, action, number))
		return true;
	return list_act(&state->list, action, number);
}

static bool point(struct app *app, struct view *view, key_code key, int row, int column)
{
	struct findings_state *state = view->state;
	(void)column;
	make_rows(app, state);
	int rows = rows_of(app_view_rows(app));
	list_fit(&state->list, state->row_count, rows);
	if (key != PRESSED_CLICK || row < 1 || row > rows || state->list.top + (size_t)row - 1 >= state->row_count)
		return false;
	if (list_click(&state->list, (size_t)row - 1))
		open_cell(app, state->rows[state->list.cursor]);
	return true;
}

static bool search(struct app *app, struct view *view, bool back)
{
	struct findings_state *state = view->state;
	make_rows(app, state);
	size_t count = state->row_count, at = state->list.cursor;
	for (size_t seen = 1; seen <= count; seen++) {
		size_t start, end;
		at = back ? (at ? at : count) - 1 : at + 1 < count ? at + 1 : 0;
		struct slice text = slice_format(app->frame, "%s %s %.*s", state->rows[at]->rule->code,
		                                 state->rows[at]->rule->name, SLICE_FORMAT(state->rows[at]->message));
		if (search_find(app->search, text, 0, &start, &end)) {
			list_go(&state->list, at);
			return true;
		}
	}
	return false;
}

static struct spot spot(struct app *app, struct view *view)
{
	struct findings_state *state = view->state;
	make_rows(app, state);
	return (struct spot){.finding = state->list.cursor < state->row_count ? state->rows[state->list.cursor] : NULL};
}

static bool prepare(struct app *app)
{
	return app_findings(app) != NULL;
}

static void renew(struct app *app, struct view *view)
{
	(void)app;
	((struct findings_state *)view->state)->stale = true;
}

static void close_view(struct app *app, struct view *view)
{
	(void)app;
	arena_free(((struct findings_state *)view->state)->arena);
}

const struct view_type findings_view = {
    .id = VIEW_FINDINGS,
    .name = "findings",
    .about =
        "What a reviewer should know: how much each finding matters, how sure it is, where it stands, and a sentence; "
        "below them all of the finding at the cursor. Enter goes to its line. What is acknowledged is folded away for "
        "as long as nbscope runs, also when the file is read again.",
    .state_size = sizeof(struct findings_state),
    .opens = true,
    .draw = draw,
    .act = act,
    .point = point,
    .spot = spot,
    .search = search,
    .prepare = prepare,
    .renew = renew,
    .close = close_view,
};
