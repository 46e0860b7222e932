/* Stepping through the runs: what each was, what it did to which names, the
 * namespace as it then was, and where in the file the runs came from. */
#include "tui/document.h"
#include "tui/views/cell_text.h"
#include "tui/views/names.h"

struct history {
	struct list names;
	size_t step; /* of which the list of names is */
};

enum {
	WIDE = 100,          /* from here on, the namespace stands beside the run */
	SOURCE_LIMIT = 8192, /* bytes of a source that are shown; Enter shows all */
	LEAST_PLOT = 3,
	MOST_PLOT = 8,
};

/* --- the run --- */

/* What is known of the source that ran. */
static const char *const SOURCES[] = {
    [KNOWN_RECORDED] = "what ran is recorded too",
    [KNOWN_PROVED] = "its output proves that this is what ran",
    [KNOWN_INFERRED] = "the cell's present text is taken for what ran",
    [KNOWN_ASSUMED] = "the cell's present text is taken for what ran",
    [KNOWN_UNKNOWN] = "what ran is not known",
};

/* "from cell 2 [2], changed by cell 6 [8]" */
static void add_provider(struct app *app, struct line *line, const struct touch *touch)
{
	struct arena *frame = app->frame;
	if (touch->unbound)
		line_add(frame, line, SLOT_BROKEN, SLICE(" (not bound)"));
	else if (touch->read_from == NO_STEP)
		line_add(frame, line, SLOT_LOST, SLICE(" (nothing tells from where)"));
	else
		line_format(frame, line, SLOT_DIM, " from %.*s", SLICE_FORMAT(step_text(app, false, touch->read_from)));
	if (touch->read_changed != NO_STEP)
		line_format(frame, line, SLOT_DIM, " changed by %.*s",
		            SLICE_FORMAT(step_text(app, false, touch->read_changed)));
}

/* "binds  df, X": the names that the run touched in one way. */
static void add_names(struct app *app, struct document *document, const struct touch **touches, size_t count,
                      enum touch_kind kind)
{
	struct arena *frame = app->frame;
	struct line line = {0};
	line_format(frame, &line, touch_slot(kind), "%c %-8s", touch_letter(kind), touch_verb(kind));
	bool any = false;
	for (size_t at = 0; at < count; at++) {
		if (!touch_has(touches[at], kind))
			continue;
		if (any)
			line_add(frame, &line, SLOT_DIM, SLICE(", "));
		any = true;
		line_add(frame, &line, SLOT_TEXT, symbols_name(app->analysis->symbols, touches[at]->name));
		if (kind == TOUCH_READ ? touches[at]->read_may : touches[at]->may)
			line_add(frame, &line, SLOT_DIM, SLICE("?"));
		if (kind == TOUCH_READ)
			add_provider(app, &line, touches[at]);
	}
	if (any)
		document_add_prose(document, line, 10);
}

static void add_origin(struct app *app, struct document *document, const struct run *run)
{
	struct arena *frame = app->frame;
	struct line line = {0};
	if (run->origin == RUN_INFERRED)
		line_add(frame, &line, SLOT_INFERRED,
		         SLICE("Inferred: nothing records it, but a later run could not have happened without it"));
	else
		line_format(frame, &line, SLOT_DIM, "Known by %s", run_source_name(run->via));
	line_format(frame, &line, SLOT_DIM, "; %s.", SOURCES[run->known]);
	document_add_prose(document, line, 2);
	if (run->error) {
		struct line error = {0};
		line_format(frame, &error, SLOT_FAILED, "%.*s ended in %.*s", SLICE_FORMAT(app_glyph(app, GLYPH_FAILED)),
		            SLICE_FORMAT(run->error->ename));
		document_add_prose(document, error, 2);
	}
}

static void fill(struct app *app, struct document *document, size_t step)
{
	const struct run *run = &app->analysis->log->runs[step];
	if (run->origin == RUN_LOST) {
		cell_text_add(app, document, (struct place){app->place.cell, step});
		return;
	}
	size_t count;
	const struct touch **touches = versions_of_step(app_versions(app, false), app->frame, step, &count);
	add_origin(app, document, run);
	for (enum touch_kind kind = 0; kind < TOUCH_KINDS; kind++)
		add_names(app, document, touches, count, kind);
	document_add_blank(document);
	document_add_source(document, slice_part(run->source, 0, SOURCE_LIMIT), run->effects && run->effects->is_python,
	                    app->settings.numbers, run->error ? run->error->line : 0);
}

static void draw_run(struct app *app, struct pane pane, size_t step)
{
	const struct log *log = app->analysis->log;
	const struct run *run = &log->runs[step];
	struct document *document = document_new(app->frame, pane.columns, app->settings.wrap);
	fill(app, document, step);
	struct list list = {.count = document->rows.count, .cursor = document->rows.count};
	struct slice title = run->origin == RUN_LOST ? SLICE("A gap in the counts") : step_text(app, false, step);
	draw_pane_title(app, pane, false, title, slice_format(app->frame, "step %zu/%zu", step + 1, log->run_count));
	document_draw(document, app->frame, pane_part(pane, 1, 0, pane.rows - 1, pane.columns), &list, 0, false,
	              app_marks(app), app->theme, app->settings.ascii);
}

/* --- the namespace --- */

enum { NAME_LIMIT = 24, PLACE_WIDTH = 14 };

static void draw_name(struct app *app, struct pane pane, int row, const struct touch *touch, size_t step, int width)
{
	struct look dim = look_of(SLOT_DIM);
	bool here = touch->step == step;
	enum touch_kind kind = here && touch->deletes && !touch->leaves ? TOUCH_DELETE
	                       : here && touch->binds                   ? TOUCH_BIND
	                                                                : TOUCH_MUTATE;
	bool wrote = here && (touch->binds || touch->changes || touch->deletes);
	if (wrote)
		pane_text(pane, row, 1, look_of(touch_slot(kind)), slice_format(app->frame, "%c", touch_letter(kind)));
	struct slice name = printable(app->frame, symbols_name(app->analysis->symbols, touch->name));
	pane_text(pane_part(pane, row, 3, 1, width), 0, 0, look_of(wrote ? touch_slot(kind) : SLOT_TEXT), name);
	int column = 3 + width + 2;
	if (!touch->leaves) {
		pane_text(pane, row, column, dim, SLICE("deleted"));
		return;
	}
	struct slice maker = touch->bound_in == NO_STEP ? SLICE("nothing tells") : step_text(app, false, touch->bound_in);
	pane_text(pane, row, column, look_of(touch->bound_in == NO_STEP ? SLOT_LOST : SLOT_TEXT), maker);
	column += PLACE_WIDTH + 1;
	if (touch->changed_in != NO_STEP)
		pane_text(pane, row, column, look_of(SLOT_MUTATE), step_text(app, false, touch->changed_in));
	column += PLACE_WIDTH + 1;
	const struct log *log = app->analysis->log;
	if (touch->until == NO_STEP && log->runs[step].session < log->session_count)
		pane_text(pane, row, column, look_of(SLOT_DIM), SLICE("until the restart"));
	else if (touch->until == NO_STEP)
		pane_text(pane, row, column, look_of(SLOT_STANDS), SLICE("survives"));
	else
		pane_text(pane, row, column, look_of(SLOT_STALE),
		          slice_format(app->frame, "until %.*s", SLICE_FORMAT(step_text(app, false, touch->until))));
}

static void draw_namespace(struct app *app, struct history *history, struct pane pane, size_t step)
{
	size_t count = 0;
	const struct touch **names = versions_namespace(app_versions(app, false), app->frame, step, &count);
	int width = 4;
	for (size_t at = 0; at < count; at++) {
		int columns = text_columns(symbols_name(app->analysis->symbols, names[at]->name));
		width = columns > width ? columns : width;
	}
	int most = pane.columns - 5 - 3 * (PLACE_WIDTH + 1);
	most = most < 6 ? 6 : most > NAME_LIMIT ? NAME_LIMIT : most;
	width = width > most ? most : width;
	if (history->step != step)
		list_go(&history->names, 0);
	history->step = step;
	list_fit(&history->names, count, pane.rows - 2);
	draw_pane_title(app, pane, true, SLICE("The namespace after it"),
	                slice_format(app->frame, "%zu name%s", count, count == 1 ? "" : "s"));
	struct look label = look_of(SLOT_LABEL);
	int column = 3 + width + 2;
	pane_text(pane, 1, 3, label, SLICE("name"));
	pane_text(pane, 1, column, label, SLICE("bound by"));
	pane_text(pane, 1, column + PLACE_WIDTH + 1, label, SLICE("changed by"));
	pane_text(pane, 1, column + 2 * (PLACE_WIDTH + 1), label, SLICE("lives"));
	struct pane rows = pane_part(pane, 2, 0, pane.rows - 2, pane.columns);
	for (int row = 0; row < rows.rows && history->names.top + (size_t)row < count; row++) {
		size_t at = history->names.top + (size_t)row;
		draw_name(app, rows, row, names[at], step, width);
		if (at == history->names.cursor)
			pane_text(rows, row, 0, look_of(SLOT_CURSOR), app_glyph(app, GLYPH_CURSOR));
	}
	if (count == 0)
		pane_text(rows, 0, 2, look_of(SLOT_DIM), SLICE("No name is known to have been bound by then."));
}

/* --- the time line --- */

static void draw_point(struct app *app, struct pane plot, int column, size_t step, size_t now)
{
	const struct run *run = &app->analysis->log->runs[step];
	size_t cells = app->analysis->notebook->code_count;
	if (run->cell == 0)
		return;
	int row = cells > 1 ? (int)((run->cell - 1) * (size_t)(plot.rows - 1) / (cells - 1)) : 0;
	const struct cell_status *status = &app->analysis->status->cells[run->cell - 1];
	bool inferred = run->origin == RUN_INFERRED;
	struct look look = inferred ? look_of(SLOT_INFERRED) : status_look(status);
	if (step == now)
		look = look_of(SLOT_MATCH);
	pane_text(plot, row, column, look, app_glyph(app, inferred ? GLYPH_INFERRED : status_glyph(status->status)));
}

/* Each run a column, each as far down as its cell stands in the file: what ran in
 * order goes down to the right. Gaps are dots in the row of the cursor. */
static void draw_time_line(struct app *app, struct pane pane, size_t step)
{
	const struct log *log = app->analysis->log;
	int margin = 5 + app->orders->number_width + 1, width = pane.columns - margin - 1;
	size_t shown = width > 0 ? (size_t)width : 1, first = 0;
	if (log->run_count > shown)
		first = step > shown / 2 ? step - shown / 2 : 0;
	if (first + shown > log->run_count)
		first = log->run_count > shown ? log->run_count - shown : 0;
	struct slice where = slice_format(app->frame, "runs %zu-%zu", first + 1,
	                                  first + shown < log->run_count ? first + shown : log->run_count);
	draw_pane_title(app, pane, false, SLICE("Time line: later runs further right, lower cells further down"), where);
	struct pane plot = pane_part(pane, 1, margin, pane.rows - 2, width);
	struct look dim = look_of(SLOT_DIM);
	pane_text(pane, 1, 0, dim, SLICE("cell 1"));
	if (plot.rows > 1)
		pane_text(pane, plot.rows, 0, dim, slice_format(app->frame, "cell %zu", app->analysis->notebook->code_count));
	for (size_t at = first; at < log->run_count && at < first + shown; at++) {
		int column = (int)(at - first);
		if (at && log->runs[at].session != log->runs[at - 1].session)
			for (int row = 0; row < plot.rows; row++)
				pane_text(plot, row, column, look_of(SLOT_RULE), app_glyph(app, GLYPH_VERTICAL));
		draw_point(app, plot, column, at, step);
		if (log->runs[at].origin == RUN_LOST)
			pane_text(pane, pane.rows - 1, margin + column, look_of(SLOT_LOST), app_glyph(app, GLYPH_DOT));
	}
	int cursor = margin + (int)(step - first);
	pane_text(pane, pane.rows - 1, cursor, look_of(SLOT_CURSOR), SLICE("^"));
	struct slice count = count_text(app->frame, log->runs[step].count);
	int left = cursor - text_columns(count) - 1;
	pane_text(pane, pane.rows - 1, left > 0 ? left : cursor + 2, look_of(SLOT_COUNT), count);
}

/* --- the view --- */

static size_t step_of(const struct app *app)
{
	return app->place.run == NO_RUN ? 0 : app->place.run;
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct history *history = view->state;
	size_t step = step_of(app);
	if (app->analysis->log->run_count == 0) {
		draw_pane_title(app, pane, true, SLICE("History"), SLICE(""));
		pane_text(pane, 1, 2, look_of(SLOT_DIM), SLICE("No cell has an execution count, so no run is known."));
		return;
	}
	int plot = pane.rows / 5;
	plot = plot < LEAST_PLOT ? LEAST_PLOT : plot > MOST_PLOT ? MOST_PLOT : plot;
	int upper = pane.rows - plot - 2 > 0 ? pane.rows - plot - 2 : pane.rows;
	struct pane top = pane_part(pane, 0, 0, upper, pane.columns);
	if (pane.columns >= WIDE) {
		int half = pane.columns / 2;
		draw_run(app, pane_part(top, 0, 0, top.rows, half), step);
		for (int row = 0; row < top.rows; row++)
			pane_text(top, row, half, look_of(SLOT_RULE), app_glyph(app, GLYPH_VERTICAL));
		draw_namespace(app, history, pane_part(top, 0, half + 1, top.rows, top.columns), step);
	} else {
		draw_run(app, pane_part(top, 0, 0, top.rows / 2, top.columns), step);
		draw_namespace(app, history, pane_part(top, top.rows / 2, 0, top.rows, top.columns), step);
	}
	if (upper < pane.rows)
		draw_time_line(app, pane_part(pane, upper, 0, pane.rows - upper, pane.columns), step);
}

static void go(struct app *app, size_t step, bool back, size_t number)
{
	size_t times = number ? number : 1, last = app->analysis->log->run_count - 1;
	size_t room = back ? step : last - step;
	if (times > room)
		times = room;
	app_go_run(app, back ? step - times : step + times);
}

/* The name at the cursor is what gd, gr and * are about. */
static void focus_name(struct app *app, const struct history *history)
{
	size_t count = 0;
	const struct touch **names = versions_namespace(app_versions(app, false), app->frame, step_of(app), &count);
	if (history->names.cursor < count)
		app->focus = (struct name_focus){names[history->names.cursor]->name, app->place, NO_OFFSET};
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	struct history *history = view->state;
	size_t count = app->analysis->log->run_count;
	if (count == 0)
		return false;
	focus_name(app, history);
	switch (action) {
	case ACTION_RIGHT:
	case ACTION_STEP_FORWARD: go(app, step_of(app), false, number); return true;
	case ACTION_LEFT:
	case ACTION_STEP_BACK: go(app, step_of(app), true, number); return true;
	case ACTION_FIRST:
	case ACTION_LAST:
		number = number ? number : action == ACTION_FIRST ? 1 : count;
		app_go_run(app, number < count ? number - 1 : count - 1);
		return true;
	case ACTION_OPEN: app_act(app, ACTION_VIEW_DETAIL, 0); return true;
	default: return list_act(&history->names, action, number);
	}
}

static bool search(struct app *app, struct view *view, bool back)
{
	(void)view;
	return run_search(app, back);
}

const struct view_type history_view = {
    .id = VIEW_HISTORY,
    .name = "history",
    .about =
        "One run after the other: what it was and how it is known, which names it read, bound, changed and deleted, "
        "and the namespace as it then was, with the run that made each name and whether that is the one that "
        "survives.",
    .state_size = sizeof(struct history),
    .opens = true,
    .draw = draw,
    .act = act,
    .search = search,
};
