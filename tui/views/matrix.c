/* The names and the runs at once: a row for each name, a column for each run (or
 * for each cell, as a fresh run from the top would do it). Letters say what a run
 * does to a name; the line between them is the life of what was bound, up to its last use. */
#include "tui/document.h"
#include "tui/views/names.h"

#include <stdlib.h>

enum matrix_order { BY_TROUBLE, BY_NAME, BY_USE, ORDERS };

struct matrix {
	struct list rows;
	bool from_top, reversed;
	enum matrix_order order;
	size_t first;  /* step in the first column */
	size_t column; /* step at the cursor, where it is not the app's place */
	struct arena *arena;
	const struct versions *sorted_from; /* of which `sorted` holds the rows */
	const struct name_row **sorted;
};

enum { LEAST_NAME = 4, NAME_LIMIT = 20, LEAST_COLUMN = 3, FOOT_ROWS = 3, HEAD_ROWS = 3 };

static const char *const ORDER_NAMES[ORDERS] = {
    [BY_TROUBLE] = "by trouble", [BY_NAME] = "by name", [BY_USE] = "by first use"};

/* --- the order of the rows --- */

/* A row, and what it is sorted by. */
struct sortable {
	const struct name_row *row;
	struct slice name;
	size_t use;
};

static int compare_names(const void *left, const void *right)
{
	const struct sortable *a = left, *b = right;
	int order = slice_compare(a->name, b->name);
	return order ? order : (a->use > b->use) - (a->use < b->use);
}

static int compare_troubles(const void *left, const void *right)
{
	const struct sortable *a = left, *b = right;
	if (a->row->trouble != b->row->trouble)
		return a->row->trouble < b->row->trouble ? 1 : -1;
	return (a->use > b->use) - (a->use < b->use);
}

static void sort(struct app *app, struct matrix *matrix, const struct versions *versions)
{
	size_t count = versions->row_count;
	arena_free(matrix->arena);
	matrix->arena = terminal_arena();
	matrix->sorted_from = versions;
	matrix->sorted = arena_array(matrix->arena, count, sizeof *matrix->sorted);
	struct sortable *rows = arena_array(matrix->arena, count, sizeof *rows);
	for (size_t at = 0; at < count; at++)
		rows[at] =
		    (struct sortable){&versions->rows[at], symbols_name(app->analysis->symbols, versions->rows[at].name), at};
	if (matrix->order != BY_USE)
		qsort(rows, count, sizeof *rows, matrix->order == BY_NAME ? compare_names : compare_troubles);
	for (size_t at = 0; at < count; at++)
		matrix->sorted[at] = rows[matrix->reversed ? count - 1 - at : at].row;
}

static const struct versions *versions_of(struct app *app, struct matrix *matrix)
{
	const struct versions *versions = app_versions(app, matrix->from_top);
	if (matrix->sorted_from != versions)
		sort(app, matrix, versions);
	return versions;
}

/* --- where things stand --- */

struct grid {
	int name_width, column_width;
	int columns; /* that are shown */
	size_t steps;
};

static struct grid grid_of(struct app *app, const struct versions *versions, int columns)
{
	struct grid grid = {.column_width = app->orders->number_width + 1, .steps = versions->step_count};
	int most = columns / 3 < NAME_LIMIT ? columns / 3 : NAME_LIMIT;
	grid.name_width = versions->name_width < LEAST_NAME ? LEAST_NAME : versions->name_width;
	grid.name_width = grid.name_width > most ? most : grid.name_width;
	int count_width = app->orders->count_width - 1; /* its brackets are left out */
	grid.column_width = count_width > grid.column_width ? count_width : grid.column_width;
	grid.column_width = grid.column_width < LEAST_COLUMN ? LEAST_COLUMN : grid.column_width;
	grid.columns = (columns - grid.name_width - 3) / grid.column_width;
	grid.columns = grid.columns < 1 ? 1 : grid.columns;
	return grid;
}

/* The step at the cursor. */
static size_t step_of(const struct app *app, const struct matrix *matrix)
{
	const struct cell *cell = app_cell(app);
	if (!matrix->from_top)
		return app->place.run == NO_RUN ? matrix->column : app->place.run;
	return cell && cell->number ? cell->number - 1 : matrix->column;
}

static void go(struct app *app, struct matrix *matrix, size_t step)
{
	matrix->column = step;
	if (!matrix->from_top)
		app_go_run(app, step);
	else
		app_go(app, app->analysis->notebook->code[step]->index);
}

/* Scrolls by half a screen when the cursor leaves it, as lists do. */
static void keep_in_sight(struct matrix *matrix, const struct grid *grid, size_t step)
{
	size_t shown = (size_t)grid->columns;
	if (step < matrix->first || step >= matrix->first + shown)
		matrix->first = step > shown / 2 ? step - shown / 2 : 0;
	if (matrix->first + shown > grid->steps)
		matrix->first = grid->steps > shown ? grid->steps - shown : 0;
}

/* --- drawing --- */

static int column_at(const struct grid *grid, const struct matrix *matrix, size_t step)
{
	return grid->name_width + 3 + (int)(step - matrix->first) * grid->column_width;
}

/* The number of the cell and the count of the run. */
static void draw_head(struct app *app, struct matrix *matrix, struct pane pane, const struct grid *grid, size_t now)
{
	const struct log *log = app->analysis->log;
	struct look label = look_of(SLOT_LABEL);
	pane_text(pane, 1, 2, label, SLICE("cell"));
	pane_text(pane, 2, 2, label, matrix->from_top ? SLICE("from the top") : SLICE("count"));
	for (size_t step = matrix->first; step < grid->steps && step < matrix->first + (size_t)grid->columns; step++) {
		const struct run *run = matrix->from_top ? NULL : &log->runs[step];
		size_t cell = run ? run->cell : step + 1;
		int column = column_at(grid, matrix, step);
		struct look look = look_of(step == now ? SLOT_CELL_FOCUS : SLOT_CELL);
		if (cell)
			pane_text(pane, 1, column, look, slice_format(app->frame, "%zu", cell));
		else
			pane_text(pane, 1, column, look_of(SLOT_LOST), app_glyph(app, GLYPH_DOT));
		if (run && step > matrix->first && run[-1].session != run->session)
			pane_text(pane, 1, column - 1, look_of(SLOT_RULE), app_glyph(app, GLYPH_VERTICAL));
		if (run && run->origin == RUN_INFERRED)
			pane_text(pane, 2, column, look_of(SLOT_INFERRED), app_glyph(app, GLYPH_INFERRED));
		else if (run && run->count != NO_COUNT)
			pane_text(pane, 2, column, look_of(run->origin == RUN_LOST ? SLOT_LOST : SLOT_COUNT),
			          slice_format(app->frame, "%lld", (long long)run->count));
		else if (!run)
			pane_text(pane, 2, column, status_look(&app->analysis->status->cells[step]),
			          app_glyph(app, status_glyph(app->analysis->status->cells[step].status)));
	}
}

/* The letters of a touch, one behind the other; returns the column behind them. */
static int draw_touch(struct app *app, struct pane pane, int row, int column, const struct touch *touch)
{
	if (touch->unbound)
		return pane_text(pane, row, column, look_of(SLOT_BROKEN), app_glyph(app, GLYPH_BROKEN));
	for (enum touch_kind kind = 0; kind < TOUCH_KINDS; kind++) {
		if (touch_has(touch, kind))
			column = pane_text(pane, row, column, look_of(touch_slot(kind)),
			                   slice_format(app->frame, "%c", touch_letter(kind)));
		if (kind == TOUCH_READ && touch->reads && touch->read_from == NO_STEP)
			column = pane_text(pane, row, column, look_of(SLOT_LOST), SLICE("?"));
	}
	return column;
}

/* Whether what a touch leaves is used once more. */
static bool is_live(const struct versions *versions, const struct name_row *name, const struct touch *touch)
{
	const struct touch *next = touch + 1;
	if (next == name->touches + name->count || versions->sessions[next->step] != versions->sessions[touch->step])
		return false;
	return next->reads || next->changes || next->deletes;
}

static void draw_row(struct app *app, const struct matrix *matrix, const struct versions *versions, struct pane pane,
                     int row, const struct grid *grid, const struct name_row *name)
{
	struct slice text = printable(app->frame, symbols_name(app->analysis->symbols, name->name));
	pane_text(pane_part(pane, row, 2, 1, grid->name_width), 0, 0, look_of(name->trouble ? SLOT_CULPRIT : SLOT_TEXT),
	          text);
	for (size_t step = matrix->first; step < grid->steps && step < matrix->first + (size_t)grid->columns; step++) {
		int column = column_at(grid, matrix, step), end = column + grid->column_width;
		const struct touch *last = versions_last_touch(versions, name, step);
		if (last && last->step == step)
			column = draw_touch(app, pane, row, column, last);
		if (!last || !last->leaves || !is_live(versions, name, last))
			continue;
		enum glyph glyph = last->until == NO_STEP ? GLYPH_HORIZONTAL : GLYPH_REPLACED;
		pane_repeat(pane, row, column, end - column, look_of(SLOT_LIVE), app_glyph(app, glyph));
	}
}

/* What the run at the cursor does to the name at the cursor, in a sentence or two. */
static struct slice sentence(struct app *app, const struct matrix *matrix, const struct versions *versions,
                             const struct name_row *row, size_t step)
{
	bool top = matrix->from_top;
	const struct touch *touch = versions_touch(row, step), *last = versions_last_touch(versions, row, step);
	struct builder text = {.arena = app->frame};
	builder_add(&text, step_text(app, top, step));
	bool any = false;
	if (!top && app->analysis->log->runs[step].origin == RUN_LOST)
		return SLICE("A gap in the counts: nothing tells what was done here.");
	for (enum touch_kind kind = 0; touch && kind < TOUCH_KINDS; kind++) {
		if (!touch_has(touch, kind))
			continue;
		bool may = kind == TOUCH_READ ? touch->read_may : touch->may;
		builder_add_format(&text, "%s%s%s", any ? ", " : " ", may ? "perhaps " : "", touch_verb(kind));
		any = true;
		if (kind != TOUCH_READ || touch->unbound)
			continue;
		if (touch->read_from == NO_STEP)
			builder_add_string(&text, " it from a run that nothing records");
		else
			builder_add_format(&text, " that of %.*s", SLICE_FORMAT(step_text(app, top, touch->read_from)));
		if (touch->read_changed != NO_STEP)
			builder_add_format(&text, " as %.*s changed it", SLICE_FORMAT(step_text(app, top, touch->read_changed)));
	}
	builder_add_string(&text, any ? "" : " does nothing to it");
	if (touch && touch->unbound)
		builder_add_string(&text, ", but nothing has bound it");
	builder_add_string(&text, ". ");
	if (last && last->leaves) {
		builder_add_string(&text, "Live after it: ");
		if (last->bound_in == NO_STEP)
			builder_add_string(&text, "one that nothing records");
		else
			builder_add_format(&text, "that of %.*s", SLICE_FORMAT(step_text(app, top, last->bound_in)));
		if (last->changed_in != NO_STEP)
			builder_add_format(&text, ", changed by %.*s", SLICE_FORMAT(step_text(app, top, last->changed_in)));
		if (last->until == NO_STEP)
			builder_add_string(&text, "; it survives.");
		else
			builder_add_format(&text, "; until %.*s.", SLICE_FORMAT(step_text(app, top, last->until)));
	} else {
		builder_add_string(&text, "Not bound after it.");
	}
	return builder_slice(&text);
}

static void draw_foot(struct app *app, const struct matrix *matrix, const struct versions *versions, struct pane pane,
                      const struct name_row *row, size_t step)
{
	struct slice name = printable(app->frame, symbols_name(app->analysis->symbols, row->name));
	draw_pane_title(app, pane, false, name,
	                row->trouble ? slice_format(app->frame, "named in the reasons of %zu cell%s", row->trouble,
	                                            row->trouble == 1 ? "" : "s")
	                             : SLICE(""));
	struct document *document = document_new(app->frame, pane.columns, true);
	struct line line = {0};
	line_add(app->frame, &line, SLOT_TEXT, sentence(app, matrix, versions, row, step));
	document_add_prose(document, line, 0);
	struct list list = {.count = document->rows.count, .cursor = document->rows.count};
	document_draw(document, app->frame, pane_part(pane, 1, 0, pane.rows - 1, pane.columns), &list, 0, false, NULL,
	              app->theme, app->settings.ascii);
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct matrix *matrix = view->state;
	const struct versions *versions = versions_of(app, matrix);
	struct grid grid = grid_of(app, versions, pane.columns);
	size_t step = step_of(app, matrix);
	int rows = pane.rows - HEAD_ROWS - FOOT_ROWS;
	list_fit(&matrix->rows, versions->row_count, rows);
	draw_pane_title(app, pane, true,
	                slice_format(app->frame, "%s: r reads b binds m mutates d deletes",
	                             matrix->from_top ? "From the top" : "As it happened"),
	                slice_format(app->frame, "%s  %zu/%zu", ORDER_NAMES[matrix->order],
	                             versions->row_count ? matrix->rows.cursor + 1 : 0, versions->row_count));
	if (versions->row_count == 0 || step >= grid.steps) {
		pane_text(pane, 1, 2, look_of(SLOT_DIM), SLICE("No run is known to have touched a name."));
		return;
	}
	keep_in_sight(matrix, &grid, step);
	draw_head(app, matrix, pane, &grid, step);
	struct pane body = pane_part(pane, HEAD_ROWS, 0, rows, pane.columns);
	for (int row = 0; row < body.rows && matrix->rows.top + (size_t)row < versions->row_count; row++) {
		size_t at = matrix->rows.top + (size_t)row;
		draw_row(app, matrix, versions, body, row, &grid, matrix->sorted[at]);
		if (at != matrix->rows.cursor)
			continue;
		pane_text(body, row, 0, look_of(SLOT_CURSOR), app_glyph(app, GLYPH_CURSOR));
		pane_mark(body, row, column_at(&grid, matrix, step), grid.column_width - 1);
	}
	if (rows > 0)
		draw_foot(app, matrix, versions, pane_part(pane, pane.rows - FOOT_ROWS, 0, FOOT_ROWS, pane.columns),
		          matrix->sorted[matrix->rows.cursor], step);
}

/* --- acting --- */

static void go_sideways(struct app *app, struct matrix *matrix, size_t steps, bool back, size_t number)
{
	size_t step = step_of(app, matrix), times = number ? number : 1, room = back ? step : steps - 1 - step;
	times = times < room ? times : room;
	go(app, matrix, back ? step - times : step + times);
}

static void resort(struct app *app, struct matrix *matrix, const struct versions *versions)
{
	const struct name_row *at = versions->row_count ? matrix->sorted[matrix->rows.cursor] : NULL;
	sort(app, matrix, versions);
	for (size_t row = 0; row < versions->row_count; row++) {
		if (matrix->sorted[row] == at)
			list_go(&matrix->rows, row);
	}
	app_say(app, "Names are sorted %s%s.", ORDER_NAMES[matrix->order], matrix->reversed ? ", the other way round" : "");
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	struct matrix *matrix = view->state;
	const struct versions *versions = versions_of(app, matrix);
	size_t steps = versions->step_count;
	list_fit(&matrix->rows, versions->row_count, app_view_rows(app) - HEAD_ROWS - FOOT_ROWS);
	if (matrix->column >= steps)
		matrix->column = 0;
	if (versions->row_count)
		app->focus = (struct name_focus){matrix->sorted[matrix->rows.cursor]->name, app->place, NO_OFFSET};
	switch (action) {
	case ACTION_OTHER_ORDER:
		matrix->from_top = !matrix->from_top;
		versions = versions_of(app, matrix);
		matrix->column = matrix->first = 0;
		return true;
	case ACTION_SORT:
		matrix->order = (enum matrix_order)((matrix->order + 1) % ORDERS);
		resort(app, matrix, versions);
		return true;
	case ACTION_REVERSE:
		matrix->reversed = !matrix->reversed;
		resort(app, matrix, versions);
		return true;
	case ACTION_OPEN: app_act(app, ACTION_VIEW_DETAIL, 0); return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		if (steps)
			go_sideways(app, matrix, steps, action == ACTION_LEFT, number);
		return true;
	case ACTION_LINE_START:
	case ACTION_LINE_END:
		if (steps)
			go(app, matrix, action == ACTION_LINE_START ? 0 : steps - 1);
		return true;
	default: return list_act(&matrix->rows, action, number);
	}
}

static bool point(struct app *app, struct view *view, key_code key, int row, int column)
{
	struct matrix *matrix = view->state;
	const struct versions *versions = versions_of(app, matrix);
	struct grid grid = grid_of(app, versions, app->canvas->columns);
	int rows = app_view_rows(app) - HEAD_ROWS - FOOT_ROWS, start = column_at(&grid, matrix, matrix->first);
	list_fit(&matrix->rows, versions->row_count, rows);
	size_t step =
	    column < start ? step_of(app, matrix) : matrix->first + (size_t)(column - start) / (size_t)grid.column_width;
	bool inside = row >= 1 && row < HEAD_ROWS + rows && step < grid.steps;
	if (key != PRESSED_CLICK || !inside)
		return false;
	bool again = step == step_of(app, matrix);
	if (row >= HEAD_ROWS && !list_click(&matrix->rows, (size_t)(row - HEAD_ROWS)))
		again = false;
	if (again)
		app_act(app, ACTION_VIEW_DETAIL, 0);
	else
		go(app, matrix, step);
	return true;
}

/* Searches the names, not the sources. */
static bool search(struct app *app, struct view *view, bool back)
{
	struct matrix *matrix = view->state;
	size_t count = versions_of(app, matrix)->row_count, at = matrix->rows.cursor;
	for (size_t seen = 1; seen <= count; seen++) {
		size_t start, end;
		at = back ? (at ? at : count) - 1 : at + 1 < count ? at + 1 : 0;
		if (search_find(app->search, symbols_name(app->analysis->symbols, matrix->sorted[at]->name), 0, &start, &end)) {
			matrix->rows.cursor = at;
			return true;
		}
	}
	return false;
}

static void renew(struct app *app, struct view *view)
{
	struct matrix *matrix = view->state;
	(void)app;
	matrix->sorted_from = NULL;
	matrix->column = matrix->first = 0;
}

static void close_view(struct app *app, struct view *view)
{
	(void)app;
	arena_free(((struct matrix *)view->state)->arena);
}

const struct view_type matrix_view = {
    .id = VIEW_MATRIX,
    .name = "matrix",
    .about =
        "A row for each name, a column for each run or, with s, for each cell as a fresh run from the top would do "
        "it: r reads, b binds, m mutates (changes in place), d deletes. The line between them is the life of what "
        "was bound, up to its last use: whole for what survives, broken for what is bound anew later.",
    .state_size = sizeof(struct matrix),
    .opens = true,
    .draw = draw,
    .act = act,
    .point = point,
    .search = search,
    .renew = renew,
    .close = close_view,
};
