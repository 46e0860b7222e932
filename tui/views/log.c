/* The runs in the order in which they happened, each with how it is known. */
#include "tui/list.h"
#include "tui/state.h"
#include "tui/views/cell_text.h"
#include "tui/views/names.h"

struct log_state {
	struct list list;
};

/* The columns, each two apart; the width of the last is what is left. */
enum column {
	COLUMN_STEP,
	COLUMN_COUNT,
	COLUMN_CELL,
	COLUMN_STATUS,
	COLUMN_ORIGIN,
	COLUMN_VIA,
	COLUMN_KNOWN,
	COLUMN_SESSION,
	COLUMN_SOURCE,
	COLUMNS
};

static const struct {
	const char *title;
	int width;
} COLUMN_TABLE[COLUMNS] = {
    [COLUMN_STEP] = {"step", 5},    [COLUMN_COUNT] = {"count", 7},     [COLUMN_CELL] = {"cell", 5},
    [COLUMN_STATUS] = {"", 1},      [COLUMN_ORIGIN] = {"run", 8},      [COLUMN_VIA] = {"known by", 8},
    [COLUMN_KNOWN] = {"source", 8}, [COLUMN_SESSION] = {"session", 7}, [COLUMN_SOURCE] = {"first line", 0},
};

static int rows_of(const struct app *app)
{
	return app_view_rows(app) - 2; /* the title, and the names of the columns */
}

static struct slice run_text(struct arena *arena, const struct run *run)
{
	if (run->origin != RUN_LOST)
		return first_line(arena, run->source);
	if (run->lost_count == 1)
		return SLICE("no trace of it");
	return slice_format(arena, "no trace of %u runs, up to [%lld]", run->lost_count,
	                    (long long)run->count + run->lost_count - 1);
}

static struct slice column_text(const struct app *app, const struct run *run, enum column column, struct look *look)
{
	struct arena *frame = app->frame;
	const struct analysis *analysis = app->analysis;
	switch (column) {
	case COLUMN_STEP: *look = look_of(SLOT_DIM); return slice_format(frame, "%zu", run->step);
	case COLUMN_COUNT: *look = look_of(SLOT_COUNT); return count_text(frame, run->count);
	case COLUMN_CELL: *look = look_of(SLOT_CELL); return run->cell ? slice_format(frame, "%zu", run->cell) : SLICE("-");
	case COLUMN_STATUS:
		if (run->cell == 0)
			return SLICE("");
		*look = status_look(&analysis->status->cells[run->cell - 1]);
		return app_glyph(app, status_glyph(analysis->status->cells[run->cell - 1].status));
	case COLUMN_ORIGIN:
		*look = look_of(run->origin == RUN_INFERRED ? SLOT_INFERRED : run->origin == RUN_LOST ? SLOT_LOST : SLOT_TEXT);
		return slice_of(run_origin_name(run->origin));
	case COLUMN_VIA: *look = look_of(SLOT_DIM); return slice_of(run_source_name(run->via));
	case COLUMN_KNOWN: *look = look_of(SLOT_DIM); return slice_of(knowledge_name(run->known));
	case COLUMN_SESSION: *look = look_of(SLOT_DIM); return slice_format(frame, "%u", run->session);
	case COLUMN_SOURCE:
		*look = look_of(run->origin == RUN_RECORDED ? SLOT_TEXT : SLOT_INFERRED);
		return run_text(frame, run);
	case COLUMNS: break;
	}
	return SLICE("");
}

static void draw_columns(const struct app *app, struct pane pane, int row, const struct run *run)
{
	int at = 2;
	for (enum column column = 0; column < COLUMNS; column++) {
		struct look look = look_of(SLOT_LABEL);
		struct slice text = run ? column_text(app, run, column, &look) : slice_of(COLUMN_TABLE[column].title);
		int width = COLUMN_TABLE[column].width;
		if (column == COLUMN_SESSION && app->analysis->log->session_count < 2)
			continue;
		bool number = column <= COLUMN_CELL;
		pane_text(pane_part(pane, row, 0, 1, width ? at + width : pane.columns), 0,
		          number ? at + width - text_columns(text) : at, look, text);
		if (!width && at + text_columns(text) > pane.columns)
			pane_text(pane, row, pane.columns - 1, look_of(SLOT_MORE), app_glyph(app, GLYPH_CUT));
		at += width + 2;
	}
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct list *list = &((struct log_state *)view->state)->list;
	const struct log *log = app->analysis->log;
	list_fit(list, log->run_count, rows_of(app));
	if (app->place.run != NO_RUN)
		list_go(list, app->place.run);
	struct slice note = slice_format(app->frame, "%zu/%zu", list->count ? list->cursor + 1 : 0, list->count);
	draw_pane_title(app, pane, true, SLICE("The runs, in the order in which they happened"), note);
	draw_columns(app, pane, 1, NULL);
	struct pane rows = pane_part(pane, 2, 0, pane.rows - 2, pane.columns);
	for (int row = 0; row < rows.rows && list->top + (size_t)row < list->count; row++) {
		size_t at = list->top + (size_t)row;
		draw_columns(app, rows, row, &log->runs[at]);
		if (app->orders->goes_back[at])
			pane_text(rows, row, 1, look_of(SLOT_DISORDER), app_glyph(app, GLYPH_BACK));
		if (at == list->cursor)
			pane_text(rows, row, 0, look_of(SLOT_CURSOR), app_glyph(app, GLYPH_CURSOR));
	}
	if (list->count == 0)
		pane_text(rows, 0, 2, look_of(SLOT_DIM), SLICE("No cell has an execution count, so no run is known."));
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	struct list *list = &((struct log_state *)view->state)->list;
	list_fit(list, app->analysis->log->run_count, rows_of(app));
	if (action == ACTION_OPEN) {
		app_act(app, ACTION_VIEW_CELLS, 0);
		return true;
	}
	if (!list_act(list, action, number))
		return false;
	if (list->count)
		app_go_run(app, list->cursor);
	return true;
}

static bool point(struct app *app, struct view *view, key_code key, int row, int column)
{
	struct list *list = &((struct log_state *)view->state)->list;
	(void)column;
	list_fit(list, app->analysis->log->run_count, rows_of(app));
	if (key != PRESSED_CLICK || row < 2 || list->top + (size_t)row - 2 >= list->count)
		return false;
	if (list_click(list, (size_t)row - 2))
		act(app, view, ACTION_OPEN, 0);
	else
		app_go_run(app, list->cursor);
	return true;
}

static bool search(struct app *app, struct view *view, bool back)
{
	(void)view;
	return run_search(app, back);
}

const struct view_type log_view = {
    .id = VIEW_LOG,
    .name = "runs",
    .about =
        "The runs in the order in which they happened: recorded by the file, inferred because a later run could not "
        "have happened otherwise, or lost in a gap of the counts.",
    .state_size = sizeof(struct log_state),
    .opens = true,
    .draw = draw,
    .act = act,
    .point = point,
    .search = search,
};
