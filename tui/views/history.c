/* Stepping through the runs: what each was, what it did to which names, the
 * namespace as it then was, and where in the file the runs came from. */
#include "base/instant.h"
#include "tui/document.h"
#include "tui/views/cell_text.h"
#include "tui/views/names.h"

struct history {
	struct list names;
	size_t step;    /* of which the list of names is */
	symbol watched; /* the name that the cursor was moved to, and stays on while one steps; 0: none */

	struct arena *arena; /* of the namespace that was asked for last; null: none was */
	const struct touch **namespace;
	size_t namespace_step, namespace_count;
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

/* "10:32:05" of an ISO 8601 time. */
static struct slice clock_text(struct slice time)
{
	size_t at = slice_find(time, 'T', 0);
	return slice_part(time, at + 1, at + 9 < time.length ? at + 9 : time.length);
}

/* "40 ms", "1.2 s", "3 min", "5 h", "2 days" */
static struct slice duration_text(struct arena *arena, int64_t duration)
{
	enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
	int64_t seconds = duration / MICROSECONDS;
	if (seconds == 0)
		return slice_format(arena, "%lld ms", (long long)(duration / (MICROSECONDS / 1000)));
	if (seconds < 2 * MINUTE)
		return slice_format(arena, "%lld.%lld s", (long long)seconds,
		                    (long long)(duration % MICROSECONDS / (MICROSECONDS / 10)));
	return seconds < 2 * HOUR  ? slice_format(arena, "%lld min", (long long)(seconds / MINUTE))
	       : seconds < 2 * DAY ? slice_format(arena, "%lld h", (long long)(seconds / HOUR))
	                           : slice_format(arena, "%lld days", (long long)(seconds / DAY));
}

/* When it ran, how long after the run before, and how long it took: what of that is known. */
static void add_times(struct document *document, const struct log *log, size_t step)
{
	const struct run *run = &log->runs[step];
	struct arena *arena = document->arena;
	int64_t started = instant_of_text(run->started, NULL), ended = instant_of_text(run->ended, NULL);
	int64_t before = step ? instant_of_text(run[-1].ended.length ? run[-1].ended : run[-1].started, NULL) : NO_INSTANT;
	if (started == NO_INSTANT)
		return;
	struct line line = {0};
	line_format(arena, &line, SLOT_DIM, "Started %.*s %.*s UTC", SLICE_FORMAT(slice_part(run->started, 0, 10)),
	            SLICE_FORMAT(clock_text(run->started)));
	if (before != NO_INSTANT && started - before >= MICROSECONDS)
		line_format(arena, &line, SLOT_DIM, ", %.*s after the run before",
		            SLICE_FORMAT(duration_text(arena, started - before)));
	if (ended != NO_INSTANT && ended >= started)
		line_format(arena, &line, SLOT_DIM, "; took %.*s", SLICE_FORMAT(duration_text(arena, ended - started)));
	line_add(arena, &line, SLOT_DIM, SLICE("."));
	document_add_prose(document, line, 2);
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
	const struct touch **touches = versions_of_step(app_versions(app, false), step, &count);
	add_origin(app, document, run);
	add_times(document, app->analysis->log, step);
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

enum { LEAST_NAME = 4, NAME_LIMIT = 24 };

/* Of a column that names runs: "cell 12 [13]", or its title. */
static int place_width(const struct app *app)
{
	int title = text_columns(SLICE("changed by"));
	int width = text_columns(SLICE("cell  ")) + app->orders->number_width + app->orders->count_width;
	return width > title ? width : title;
}

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
	column += place_width(app) + 2;
	if (touch->changed_in != NO_STEP)
		pane_text(pane, row, column, look_of(SLOT_MUTATE), step_text(app, false, touch->changed_in));
	column += place_width(app) + 2;
	const struct log *log = app->analysis->log;
	if (touch->until == NO_STEP && log->runs[step].session < log->session_count)
		pane_text(pane, row, column, look_of(SLOT_DIM), SLICE("until the restart"));
	else if (touch->until == NO_STEP)
		pane_text(pane, row, column, look_of(SLOT_STANDS), SLICE("survives"));
	else
		pane_text(pane, row, column, look_of(SLOT_STALE),
		          slice_format(app->frame, "until %.*s", SLICE_FORMAT(step_text(app, false, touch->until))));
}

/* What versions_namespace() gives, kept until another step is asked for: of many names it takes longer than to draw. */
static const struct touch **namespace_of(struct app *app, struct history *history, size_t step, size_t *count)
{
	if (!history->arena || history->namespace_step != step) {
		arena_free(history->arena);
		history->arena = terminal_arena();
		history->namespace =
		    versions_namespace(app_versions(app, false), history->arena, step, &history->namespace_count);
		history->namespace_step = step;
	}
	*count = history->namespace_count;
	return history->namespace;
}

static void forget_namespace(struct app *app, struct view *view)
{
	struct history *history = view->state;
	(void)app;
	arena_free(history->arena);
	history->arena = NULL;
}

/* What was written last stands first, and there the cursor is where no name is watched. */
static size_t row_of_watched(const struct history *history, const struct touch **names, size_t count)
{
	size_t row = 0;
	while (row < count && names[row]->name != history->watched)
		row++;
	return row < count ? row : 0;
}

/* From now on the cursor stays on the name that it was moved to; on none, at the top. */
static void watch(struct app *app, struct history *history, size_t step)
{
	size_t count = 0, row = history->names.cursor;
	const struct touch **names = namespace_of(app, history, step, &count);
	history->watched = row > 0 && row < count ? names[row]->name : 0;
}

static void draw_namespace(struct app *app, struct history *history, struct pane pane, size_t step)
{
	size_t count = 0;
	const struct touch **names = namespace_of(app, history, step, &count);
	int width = app_versions(app, false)->name_width;
	int most = pane.columns - 5 - 3 * (place_width(app) + 2);
	most = most < 6 ? 6 : most > NAME_LIMIT ? NAME_LIMIT : most;
	width = width > most ? most : width < LEAST_NAME ? LEAST_NAME : width;
	list_fit(&history->names, count, pane.rows - 2);
	if (history->step != step)
		list_go(&history->names, row_of_watched(history, names, count));
	history->step = step;
	draw_pane_title(app, pane, true, SLICE("The namespace after it"),
	                slice_format(app->frame, "%zu name%s", count, count == 1 ? "" : "s"));
	struct look label = look_of(SLOT_LABEL);
	int column = 3 + width + 2;
	pane_text(pane, 1, 3, label, SLICE("name"));
	pane_text(pane, 1, column, label, SLICE("bound by"));
	pane_text(pane, 1, column + place_width(app) + 2, label, SLICE("changed by"));
	pane_text(pane, 1, column + 2 * (place_width(app) + 2), label, SLICE("lives"));
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

/* Which runs the time line shows, and where. */
struct time_line {
	int margin, width;
	size_t first, end; /* runs */
};

static struct time_line time_line_of(const struct app *app, int columns, size_t step)
{
	size_t count = app->analysis->log->run_count;
	struct time_line line = {.margin = 5 + app->orders->number_width + 1};
	line.width = columns - line.margin - 1;
	size_t shown = line.width > 0 ? (size_t)line.width : 1;
	if (count > shown)
		line.first = step > shown / 2 ? step - shown / 2 : 0;
	if (line.first + shown > count)
		line.first = count > shown ? count - shown : 0;
	line.end = line.first + shown < count ? line.first + shown : count;
	return line;
}

/* Below the plot: where the cursor is, with count and time on the side where there is room. */
static void draw_now(struct app *app, struct pane pane, const struct time_line *line, size_t step)
{
	const struct run *run = &app->analysis->log->runs[step];
	int cursor = line->margin + (int)(step - line->first);
	pane_text(pane, 0, cursor, look_of(SLOT_CURSOR), SLICE("^"));
	struct slice text = count_text(app->frame, run->count);
	if (run->started.length)
		text = slice_format(app->frame, "%.*s %.*s", SLICE_FORMAT(text), SLICE_FORMAT(clock_text(run->started)));
	int left = cursor - text_columns(text) - 1;
	pane_text(pane, 0, left > 0 ? left : cursor + 2, look_of(SLOT_COUNT), text);
}

/* Each run a column, each as far down as its cell stands in the file: what ran in
 * order goes down to the right. Gaps are dots in the row of the cursor. */
static void draw_time_line(struct app *app, struct pane pane, size_t step)
{
	const struct log *log = app->analysis->log;
	struct time_line line = time_line_of(app, pane.columns, step);
	struct slice where =
	    slice_format(app->frame, "%sruns %zu-%zu", app->playing ? "playing: p stops  " : "", line.first + 1, line.end);
	draw_pane_title(app, pane, false, SLICE("Time line: runs to the right, cells down"), where);
	struct pane plot = pane_part(pane, 1, line.margin, pane.rows - 2, line.width);
	struct look dim = look_of(SLOT_DIM);
	pane_text(pane, 1, 0, dim, SLICE("cell 1"));
	if (plot.rows > 1)
		pane_text(pane, plot.rows, 0, dim, slice_format(app->frame, "cell %zu", app->analysis->notebook->code_count));
	for (size_t at = line.first; at < line.end; at++) {
		int column = (int)(at - line.first);
		if (at && log->runs[at].session != log->runs[at - 1].session)
			for (int row = 0; row < plot.rows; row++)
				pane_text(plot, row, column, look_of(SLOT_RULE), app_glyph(app, GLYPH_VERTICAL));
		draw_point(app, plot, column, at, step);
		if (log->runs[at].origin == RUN_LOST)
			pane_text(pane, pane.rows - 1, line.margin + column, look_of(SLOT_LOST), app_glyph(app, GLYPH_DOT));
	}
	draw_now(app, pane_part(pane, pane.rows - 1, 0, 1, pane.columns), &line, step);
}

/* --- the view --- */

static size_t step_of(const struct app *app)
{
	return app->place.run == NO_RUN ? 0 : app->place.run;
}

/* The panes of the view in so many rows and columns. */
struct history_panes {
	struct pane run, names, time_line; /* the time line has no rows where there are few */
};

static struct history_panes panes_of(struct pane pane)
{
	int plot = pane.rows / 5;
	plot = plot < LEAST_PLOT ? LEAST_PLOT : plot > MOST_PLOT ? MOST_PLOT : plot;
	int upper = pane.rows - plot - 2 > 0 ? pane.rows - plot - 2 : pane.rows;
	struct pane top = pane_part(pane, 0, 0, upper, pane.columns);
	struct history_panes panes = {.time_line = pane_part(pane, upper, 0, pane.rows - upper, pane.columns)};
	if (pane.columns >= WIDE) {
		int half = pane.columns / 2;
		panes.run = pane_part(top, 0, 0, top.rows, half);
		panes.names = pane_part(top, 0, half + 1, top.rows, top.columns);
	} else {
		panes.run = pane_part(top, 0, 0, top.rows / 2, top.columns);
		panes.names = pane_part(top, top.rows / 2, 0, top.rows, top.columns);
	}
	return panes;
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
	struct history_panes panes = panes_of(pane);
	draw_run(app, panes.run, step);
	for (int row = 0; pane.columns >= WIDE && row < panes.run.rows; row++)
		pane_text(pane, row, panes.run.columns, look_of(SLOT_RULE), app_glyph(app, GLYPH_VERTICAL));
	draw_namespace(app, history, panes.names, step);
	if (panes.time_line.rows > 0)
		draw_time_line(app, panes.time_line, step);
}

static void go(struct app *app, size_t step, bool back, size_t number)
{
	size_t times = number ? number : 1, last = app->analysis->log->run_count - 1;
	size_t room = back ? step : last - step;
	if (times > room)
		times = room;
	app_go_run(app, back ? step - times : step + times);
}

/* Steps on by itself from here, or from the first run where this is the last one; or stops. */
static void play(struct app *app, size_t number)
{
	enum { USUAL = 2, MOST = 50 };
	if (app->playing) {
		app->playing = 0;
		return;
	}
	if (step_of(app) + 1 == app->analysis->log->run_count)
		app_go_run(app, 0);
	app->playing = number == 0 ? USUAL : number > MOST ? MOST : (unsigned)number;
	app->next_step = 0;
}

/* The name at the cursor is what gd, gr and * are about. */
static void focus_name(struct app *app, struct history *history)
{
	size_t count = 0;
	const struct touch **names = namespace_of(app, history, step_of(app), &count);
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
	case ACTION_STEP_FORWARD:
		go(app, step_of(app), false, number);
		if (step_of(app) + 1 == count)
			app->playing = 0;
		return true;
	case ACTION_PLAY: play(app, number); return true;
	case ACTION_LEFT:
	case ACTION_STEP_BACK: go(app, step_of(app), true, number); return true;
	case ACTION_FIRST:
	case ACTION_LAST:
		number = number ? number : action == ACTION_FIRST ? 1 : count;
		app_go_run(app, number < count ? number - 1 : count - 1);
		return true;
	case ACTION_OPEN: app_act(app, ACTION_VIEW_DETAIL, 0); return true;
	default:
		if (!list_act(&history->names, action, number))
			return false;
		watch(app, history, step_of(app));
		return true;
	}
}

/* In the time line, to the run in that column; in the namespace, to the name in that row. */
static bool point(struct app *app, struct view *view, key_code key, int row, int column)
{
	struct history *history = view->state;
	struct pane whole = pane_part(canvas_pane(app->canvas), 1, 0, app_view_rows(app), app->canvas->columns);
	struct history_panes panes = panes_of(whole);
	if (app->analysis->log->run_count == 0)
		return false;
	if (row >= whole.rows - panes.time_line.rows) {
		struct time_line line = time_line_of(app, whole.columns, step_of(app));
		size_t step = column < line.margin ? line.first : line.first + (size_t)(column - line.margin);
		if (key != PRESSED_CLICK)
			go(app, step_of(app), key == PRESSED_WHEEL_UP, 0);
		else if (step < line.end && step != step_of(app))
			app_go_run(app, step);
		else if (step < line.end)
			app_act(app, ACTION_OPEN, 0);
		return true;
	}
	int line = row - (panes.names.row - whole.row) - 2; /* below the title and the names of the columns */
	if (key != PRESSED_CLICK || line < 0 || column < panes.names.column)
		return false;
	list_click(&history->names, (size_t)line);
	watch(app, history, step_of(app));
	return true;
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
        "survives. Below them a time line: a column for each run. p steps on by itself. The cursor stays "
        "on the name that it is moved to, for as long as there is one.",
    .state_size = sizeof(struct history),
    .opens = true,
    .draw = draw,
    .act = act,
    .point = point,
    .search = search,
    .renew = forget_namespace,
    .close = forget_namespace,
};
