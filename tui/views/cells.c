/* The view that opens first: the cells in file order beside the runs in the order
 * in which they happened, and the text of the one that is selected. The cursors
 * of the two lists are one selection: moving in one moves the other. */
#include "tui/layout.h"
#include "tui/views/cell_links.h"
#include "tui/views/detail.h"

struct cells {
	struct list files, runs;
	struct link link;
	struct detail detail;
	enum pane_id focus;
	bool maximised;
};

/* --- layout --- */

static struct layout layout_of(const struct app *app, const struct cells *cells)
{
	size_t longer = app_shown_count(app);
	if (app->settings.execution && app->analysis->log->run_count > longer)
		longer = app->analysis->log->run_count;
	const struct layout_wish wish = {
	    .rows = app_view_rows(app),
	    .columns = app->canvas->columns,
	    .focus = cells->focus,
	    .maximised = cells->maximised,
	    .execution = app->settings.execution,
	    .detail = app->settings.split == SPLIT_BESIDE  ? BESIDE
	              : app->settings.split == SPLIT_BELOW ? BELOW
	                                                   : BESIDE_IF_WIDE,
	    .growth = app->settings.growth,
	    .wanted = longer < INT16_MAX ? (int)longer : INT16_MAX,
	    .crossings = app->settings.marks ? app->orders->displaced_count : 0,
	};
	return layout_cells(&wish);
}

static struct pane pane_of(struct pane pane, struct rectangle rectangle)
{
	return pane_part(pane, rectangle.row, rectangle.column, rectangle.rows, rectangle.columns);
}

/* Lets the lists know their sizes, and where the selection is. */
static void fit(const struct app *app, struct cells *cells, const struct layout *layout)
{
	list_fit(&cells->files, app_shown_count(app), layout->panes[PANE_FILE].rows - 1);
	list_fit(&cells->runs, app->analysis->log->run_count, layout->panes[PANE_EXECUTION].rows - 1);
	list_go(&cells->files, app_shown_row(app, app->place.cell));
	if (app->place.run != NO_RUN)
		list_go(&cells->runs, app->place.run);
}

/* --- drawing --- */

static void draw_marker(const struct app *app, struct pane pane, int row, bool focused)
{
	pane_text(pane, row, 0, look_of(focused ? SLOT_CURSOR : SLOT_CURSOR_BLUR), app_glyph(app, GLYPH_CURSOR));
}

static int draw_right(struct pane pane, int row, int column, int width, struct look look, struct slice text)
{
	pane_text(pane, row, column + width - text_columns(text), look, text);
	return column + width;
}

static void draw_code_cell(const struct app *app, struct pane pane, int row, const struct cell *cell)
{
	const struct orders *orders = app->orders;
	const struct cell_status *status = app_status(app, cell);
	struct arena *frame = app->frame;
	if (orders->ran_earlier[cell->number] && app->settings.marks)
		pane_text(pane, row, 1, look_of(SLOT_DISORDER), app_glyph(app, GLYPH_EARLIER));
	enum slot slot = cell->index == app->place.cell ? SLOT_CELL_FOCUS : SLOT_CELL;
	int column =
	    draw_right(pane, row, 2, orders->number_width, look_of(slot), slice_format(frame, "%zu", cell->number));
	if (app->changed && app->changed[cell->index])
		pane_text(pane, row, column, look_of(SLOT_STRONG), SLICE("+"));
	column = draw_right(pane, row, column + 1, orders->count_width, look_of(SLOT_COUNT),
	                    count_text(frame, cell->execution_count));
	if (app->settings.marks)
		pane_text(pane, row, column + 1, status_look(status), app_glyph(app, status_glyph(status->status)));
	column += 2;
	if (status->error)
		pane_text(pane, row, column, look_of(SLOT_FAILED), app_glyph(app, GLYPH_FAILED));
	pane_text(pane, row, column + 2, look_of(SLOT_TEXT), first_line(frame, cell->source));
}

/* Headings begin at the left, so that they show how the notebook is divided. */
static void draw_text_cell(const struct app *app, struct pane pane, int row, const struct cell *cell)
{
	struct slice text = first_line(app->frame, cell->source);
	bool heading = cell->type == CELL_MARKDOWN && slice_starts(text, SLICE("#"));
	int column = heading ? 2 : 2 + app->orders->number_width + 1 + app->orders->count_width + 4;
	pane_text(pane, row, column, look_of(heading ? SLOT_HEADING : SLOT_DIM), text);
}

/* "9/22 40%", or "-/22" where nothing of the list is selected. */
static struct slice position(const struct app *app, const struct list *list, bool selected)
{
	if (!selected)
		return slice_format(app->frame, "-/%zu", list->count);
	return slice_format(app->frame, "%zu/%zu %zu%%", list->cursor + 1, list->count,
	                    (list->cursor + 1) * 100 / list->count);
}

static void draw_files(struct app *app, const struct cells *cells, struct pane pane)
{
	const struct notebook *notebook = app->analysis->notebook;
	const struct list *list = &cells->files;
	bool focused = cells->focus == PANE_FILE;
	draw_pane_title(app, pane, focused, app->filter ? SLICE("File order, filtered") : SLICE("File order"),
	                position(app, list, list->count > 0));
	struct pane rows = pane_part(pane, 1, 0, pane.rows - 1, pane.columns - 1);
	for (int row = 0; row < rows.rows && list->top + (size_t)row < list->count; row++) {
		const struct cell *cell = &notebook->cells[app_shown_cell(app, list->top + (size_t)row)];
		if (cell->type == CELL_CODE)
			draw_code_cell(app, rows, row, cell);
		else
			draw_text_cell(app, rows, row, cell);
		if (cell->index == app->place.cell)
			draw_marker(app, rows, row, focused);
	}
}

/* The counts that a lost run stands for: "[4]" or "[4-6]". */
static struct slice lost_text(struct arena *arena, const struct run *run)
{
	if (run->lost_count > 1)
		return slice_format(arena, "[%lld-%lld] %u runs lost", (long long)run->count,
		                    (long long)run->count + run->lost_count - 1, run->lost_count);
	return slice_format(arena, "[%lld] a run lost", (long long)run->count);
}

static void draw_run(const struct app *app, struct pane pane, int row, size_t at)
{
	const struct log *log = app->analysis->log;
	const struct run *run = &log->runs[at];
	const struct orders *orders = app->orders;
	struct arena *frame = app->frame;
	int column = 2;
	if (log->session_count > 1) {
		bool begins = at == 0 || run[-1].session != run->session;
		if (begins)
			pane_text(pane, row, column, look_of(SLOT_STRONG), slice_format(frame, "s%u", run->session));
		column += 1 + decimal_width(log->session_count) + 1;
	}
	if (run->origin == RUN_LOST) {
		pane_text(pane, row, column, look_of(SLOT_LOST), lost_text(frame, run));
		return;
	}
	if (orders->goes_back[at] && app->settings.marks)
		pane_text(pane, row, 1, look_of(SLOT_DISORDER), app_glyph(app, GLYPH_BACK));
	column = draw_right(pane, row, column, orders->count_width, look_of(SLOT_COUNT), count_text(frame, run->count));
	bool inferred = run->origin == RUN_INFERRED;
	if (inferred)
		pane_text(pane, row, column + 1, look_of(SLOT_INFERRED), app_glyph(app, GLYPH_INFERRED));
	struct slice number = run->cell ? slice_format(frame, "%zu", run->cell) : SLICE("-");
	enum slot slot = at == app->place.run ? SLOT_CELL_FOCUS : inferred ? SLOT_INFERRED : SLOT_CELL;
	column = draw_right(pane, row, column + 2, orders->number_width, look_of(slot), number);
	if (run->cell) {
		const struct cell_status *status = &app->analysis->status->cells[run->cell - 1];
		if (app->settings.marks)
			pane_text(pane, row, column + 1, status_look(status), app_glyph(app, status_glyph(status->status)));
		if (status->error && at == orders->last_run[run->cell])
			pane_text(pane, row, column + 2, look_of(SLOT_FAILED), app_glyph(app, GLYPH_FAILED));
	}
	pane_text(pane, row, column + 4, look_of(inferred ? SLOT_INFERRED : SLOT_TEXT), first_line(frame, run->source));
}

static void draw_runs(struct app *app, const struct cells *cells, struct pane pane)
{
	const struct list *list = &cells->runs;
	bool focused = cells->focus == PANE_EXECUTION;
	draw_pane_title(app, pane, focused, SLICE("Execution order"), position(app, list, app->place.run != NO_RUN));
	struct pane rows = pane_part(pane, 1, 0, pane.rows - 1, pane.columns - 1);
	for (int row = 0; row < rows.rows && list->top + (size_t)row < list->count; row++) {
		size_t at = list->top + (size_t)row;
		draw_run(app, rows, row, at);
		if (at == app->place.run || (focused && at == list->cursor))
			draw_marker(app, rows, row, focused);
	}
	if (list->count == 0)
		pane_text(rows, 0, 2, look_of(SLOT_DIM), SLICE("No cell has an execution count."));
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct cells *cells = view->state;
	struct layout layout = layout_of(app, cells);
	fit(app, cells, &layout);
	if (layout.panes[PANE_FILE].rows)
		draw_files(app, cells, pane_of(pane, layout.panes[PANE_FILE]));
	if (layout.panes[PANE_EXECUTION].rows)
		draw_runs(app, cells, pane_of(pane, layout.panes[PANE_EXECUTION]));
	if (layout.link.rows) {
		struct pane link = pane_of(pane, layout.link);
		pane_repeat(link, 0, 0, link.columns, look_of(SLOT_RULE), app_glyph(app, GLYPH_HORIZONTAL));
		cell_links_place(app, &cells->link, &cells->files, &cells->runs);
		cell_links_draw(app, &cells->link, link, &cells->files, &cells->runs);
	}
	for (int row = 0; row < layout.separator.rows; row++)
		pane_text(pane, row, layout.separator.column, look_of(SLOT_RULE), app_glyph(app, GLYPH_VERTICAL));
	if (layout.panes[PANE_DETAIL].rows)
		detail_draw(app, &cells->detail, pane_of(pane, layout.panes[PANE_DETAIL]), cells->focus == PANE_DETAIL);
}

/* --- acting --- */

static bool is_shown(const struct app *app, enum pane_id pane)
{
	return pane != PANE_EXECUTION || app->settings.execution;
}

static void turn_focus(const struct app *app, struct cells *cells, bool back)
{
	do
		cells->focus = (enum pane_id)((cells->focus + (back ? PANE_TOTAL - 1 : 1)) % PANE_TOTAL);
	while (!is_shown(app, cells->focus));
}

/* What was asked for, or what the program finds right when that is asked for again. */
static void set_split(struct app *app, enum split split)
{
	struct settings *settings = &app->settings;
	settings->split = settings->split == split ? SPLIT_AUTO : split;
	settings->growth = 0;
}

static void grow(struct app *app, int by, size_t number)
{
	enum { MOST = 1000 };
	int times = number && number < MOST ? (int)number : 1, growth = app->settings.growth + by * times;
	app->settings.growth = growth > MOST ? MOST : growth < -MOST ? -MOST : growth;
}

static bool act_on_panes(struct app *app, struct cells *cells, enum action action, size_t number)
{
	struct layout layout = layout_of(app, cells);
	switch (action) {
	case ACTION_SPLIT_BESIDE: set_split(app, SPLIT_BESIDE); return true;
	case ACTION_SPLIT_BELOW: set_split(app, SPLIT_BELOW); return true;
	case ACTION_LISTS_GROW: grow(app, 1, number); return true;
	case ACTION_LISTS_SHRINK: grow(app, -1, number); return true;
	case ACTION_SIZES_RESET:
		app->settings.split = SPLIT_AUTO;
		app->settings.growth = 0;
		return true;
	case ACTION_NEXT_PANE: turn_focus(app, cells, false); return true;
	case ACTION_PREVIOUS_PANE: turn_focus(app, cells, true); return true;
	case ACTION_MAXIMISE: cells->maximised = !cells->maximised; return true;
	case ACTION_PANE_LEFT: cells->focus = layout_neighbour(&layout, cells->focus, 0, -1); return true;
	case ACTION_PANE_RIGHT: cells->focus = layout_neighbour(&layout, cells->focus, 0, 1); return true;
	case ACTION_PANE_DOWN: cells->focus = layout_neighbour(&layout, cells->focus, 1, 0); return true;
	case ACTION_PANE_UP: cells->focus = layout_neighbour(&layout, cells->focus, -1, 0); return true;
	default: return false;
	}
}

static bool act_on_files(struct app *app, struct cells *cells, enum action action, size_t number)
{
	const struct notebook *notebook = app->analysis->notebook;
	if ((action == ACTION_FIRST || action == ACTION_LAST) && number) {
		app_go_cell_number(app, number);
		return true;
	}
	if (!list_act(&cells->files, action, number))
		return false;
	size_t cell = cells->files.count ? app_shown_cell(app, cells->files.cursor) : 0;
	if (cell != app->place.cell && notebook->cell_count)
		app_go(app, cell);
	return true;
}

static bool act_on_runs(struct app *app, struct cells *cells, enum action action, size_t number)
{
	if (!list_act(&cells->runs, action, number))
		return false;
	if (cells->runs.count)
		app_go_run(app, cells->runs.cursor);
	return true;
}

/* To the run before of the same cell. */
static bool go_to_older_run(struct app *app)
{
	const struct log *log = app->analysis->log;
	size_t at = app->place.run, cell = at < log->run_count ? log->runs[at].cell : 0;
	while (cell && at > 0 && log->runs[at - 1].cell != cell)
		at--;
	if (!cell || at == 0) {
		app_complain(app, "No earlier run of this cell is known.");
		return true;
	}
	app_leave_trace(app);
	app_go_run(app, at - 1);
	return true;
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	struct cells *cells = view->state;
	if (!is_shown(app, cells->focus))
		cells->focus = PANE_FILE;
	if (act_on_panes(app, cells, action, number))
		return true;
	if (action == ACTION_OPEN) {
		app_open_view(app, VIEW_DETAIL);
		return true;
	}
	struct layout layout = layout_of(app, cells);
	fit(app, cells, &layout);
	struct rectangle detail = layout.panes[PANE_DETAIL];
	if (action == ACTION_PARENT && cells->focus == PANE_EXECUTION)
		return go_to_older_run(app);
	if (action == ACTION_NEXT_NAME || action == ACTION_PREVIOUS_NAME)
		return detail_act(app, &cells->detail, action, number, detail.rows, detail.columns);
	switch (cells->focus) {
	case PANE_FILE:
	case PANE_EXECUTION:
		if (action == ACTION_LEFT || action == ACTION_RIGHT) {
			enum pane_id wanted = action == ACTION_LEFT ? PANE_FILE : PANE_EXECUTION;
			cells->focus = is_shown(app, wanted) ? wanted : cells->focus;
			return true;
		}
		return cells->focus == PANE_FILE ? act_on_files(app, cells, action, number)
		                                 : act_on_runs(app, cells, action, number);
	case PANE_DETAIL: return detail_act(app, &cells->detail, action, number, detail.rows, detail.columns);
	default: return false;
	}
}

/* The wheel moves in the pane under it, a click selects, a second one opens. */
static bool point(struct app *app, struct view *view, key_code key, int row, int column)
{
	struct cells *cells = view->state;
	struct layout layout = layout_of(app, cells);
	fit(app, cells, &layout);
	enum pane_id pane = 0;
	const struct rectangle *at = layout.panes;
	while (pane < PANE_TOTAL && (row < at[pane].row || row >= at[pane].row + at[pane].rows ||
	                             column < at[pane].column || column >= at[pane].column + at[pane].columns))
		pane++;
	if (pane == PANE_TOTAL)
		return false;
	bool focused = cells->focus == pane;
	cells->focus = pane;
	row -= at[pane].row + 1;
	if (key != PRESSED_CLICK || row < 0)
		return false;
	struct list *list = pane == PANE_FILE ? &cells->files : &cells->runs;
	size_t line = list->top + (size_t)row;
	if (pane == PANE_DETAIL || line >= list->count)
		return true;
	if (focused && line == list->cursor)
		app_open_view(app, VIEW_DETAIL);
	else if (pane == PANE_FILE)
		app_go(app, app_shown_cell(app, line));
	else
		app_go_run(app, line);
	return true;
}

/* In a list, the cell as a whole. */
static struct spot spot(struct app *app, struct view *view)
{
	struct cells *cells = view->state;
	struct rectangle detail = layout_of(app, cells).panes[PANE_DETAIL];
	return cells->focus == PANE_DETAIL ? detail_spot(app, &cells->detail, detail.rows, detail.columns)
	                                   : (struct spot){0};
}

static bool search(struct app *app, struct view *view, bool back)
{
	struct cells *cells = view->state;
	if (cells->focus == PANE_DETAIL) {
		struct rectangle detail = layout_of(app, cells).panes[PANE_DETAIL];
		return detail_search(app, &cells->detail, back, detail.rows, detail.columns);
	}
	size_t found = cell_search(app, back);
	if (found >= app->analysis->notebook->cell_count)
		return false;
	app_go(app, found);
	cells->detail.seek = true;
	return true;
}

/* Also when another analysis takes the place of the one that the text speaks of. */
static void let_go(struct app *app, struct view *view)
{
	struct cells *cells = view->state;
	(void)app;
	cells->link.drawn = false;
	detail_free(&cells->detail);
}

const struct view_type cells_view = {
    .id = VIEW_CELLS,
    .name = "cells",
    .about =
        "The cells in file order beside the runs in the order in which they happened, and the selected one below or "
        "beside them.",
    .state_size = sizeof(struct cells),
    .opens = true,
    .draw = draw,
    .act = act,
    .spot = spot,
    .search = search,
    .point = point,
    .renew = let_go,
    .close = let_go,
};
