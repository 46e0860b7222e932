/* What is known of the notebook as a whole. */
#include "tui/reader.h"
#include "tui/views/cell_text.h"

enum { LABEL_WIDTH = 14 };

static void add_fact(struct document *document, const char *label, struct slice text)
{
	struct line line = {0};
	line_format(document->arena, &line, SLOT_LABEL, "%-*s", LABEL_WIDTH, label);
	line_add(document->arena, &line, SLOT_TEXT, text);
	document_add_prose(document, line, LABEL_WIDTH);
}

static void add_statuses(const struct app *app, struct document *document)
{
	static const char *const WORDS[] = {[STATUS_STANDS] = "stand",
	                                    [STATUS_STALE] = "stale",
	                                    [STATUS_BROKEN] = "broken",
	                                    [STATUS_NOT_RUN] = "not run",
	                                    [STATUS_UNKNOWN] = "unknown"};
	for (enum status status = STATUS_STANDS; status <= STATUS_UNKNOWN; status++) {
		size_t count = app->orders->statuses[status];
		if (count == 0)
			continue;
		struct cell_status like = {.status = status};
		struct line line = {0};
		line_format(document->arena, &line, SLOT_LABEL, "%-*s", LABEL_WIDTH, "");
		line_add(document->arena, &line, (enum slot)status_look(&like).slot, app_glyph(app, status_glyph(status)));
		line_format(document->arena, &line, SLOT_TEXT, " %zu %s", count, WORDS[status]);
		document_add_prose(document, line, LABEL_WIDTH + 2);
	}
	if (app->orders->failed)
		add_fact(document, "",
		         slice_format(document->arena, "%.*s %zu with a saved error",
		                      SLICE_FORMAT(app_glyph(app, GLYPH_FAILED)), app->orders->failed));
}

static void add_cells(const struct app *app, struct document *document)
{
	const struct notebook *notebook = app->analysis->notebook;
	size_t markdown = 0, raw = 0;
	for (size_t at = 0; at < notebook->cell_count; at++) {
		markdown += notebook->cells[at].type == CELL_MARKDOWN;
		raw += notebook->cells[at].type == CELL_RAW;
	}
	add_fact(
	    document, "cells",
	    slice_format(document->arena, "%zu of code, %zu of Markdown, %zu raw", notebook->code_count, markdown, raw));
}

static void add_log(const struct app *app, struct document *document)
{
	const struct log *log = app->analysis->log;
	struct arena *arena = document->arena;
	struct builder text = {.arena = arena};
	builder_add_format(&text, "%zu known", log->run_count - app->orders->lost_steps);
	if (app->orders->inferred)
		builder_add_format(&text, ", %zu of them inferred", app->orders->inferred);
	if (app->orders->lost)
		builder_add_format(&text, "; %zu lost in gaps of the counts", app->orders->lost);
	if (log->session_count > 1)
		builder_add_format(&text, "; in %u sessions", log->session_count);
	add_fact(document, "runs", builder_slice(&text));
}

/* "2026-11-21 05:35" of an ISO 8601 time. */
static struct slice minute_text(struct arena *arena, struct slice time)
{
	return slice_format(arena, "%.*s %.*s", SLICE_FORMAT(slice_part(time, 0, 10)),
	                    SLICE_FORMAT(slice_part(time, 11, 16)));
}

/* How many runs each session has, and from when to when where times tell: a line for each. */
static void add_sessions(const struct app *app, struct document *document)
{
	const struct log *log = app->analysis->log;
	struct arena *arena = document->arena;
	for (size_t at = 0; at < log->run_count;) {
		unsigned session = log->runs[at].session;
		struct slice first = {0}, last = {0};
		size_t count = 0;
		for (; at < log->run_count && log->runs[at].session == session; at++) {
			const struct run *run = &log->runs[at];
			count += run->origin != RUN_LOST;
			if (run->started.length)
				last = run->started;
			if (first.length == 0)
				first = last;
		}
		if (log->session_count == 1 && first.length == 0)
			return;
		struct builder text = {.arena = arena};
		if (log->session_count > 1)
			builder_add_format(&text, "session %u: %zu run%s", session, count, count == 1 ? "" : "s");
		if (first.length)
			builder_add_format(&text, "%s%.*s to %.*s UTC", log->session_count > 1 ? ", " : "",
			                   SLICE_FORMAT(minute_text(arena, first)), SLICE_FORMAT(minute_text(arena, last)));
		add_fact(document, "", builder_slice(&text));
	}
}

/* What the outputs take of the file, and the cells whose outputs take most of it. */
static void add_weights(const struct app *app, struct document *document)
{
	enum { SHOWN = 5, LEAST = 1000 /* bytes that are worth a line */ };
	const struct notebook *notebook = app->analysis->notebook;
	struct arena *arena = document->arena;
	const struct cell *heaviest[SHOWN] = {NULL};
	uint64_t total = 0;
	for (size_t at = 0; at < notebook->code_count; at++) {
		const struct cell *cell = notebook->code[at];
		total += cell->outputs_size;
		for (size_t place = 0; place < SHOWN; place++) {
			if (heaviest[place] && heaviest[place]->outputs_size >= cell->outputs_size)
				continue;
			const struct cell *lighter = heaviest[place];
			heaviest[place] = cell;
			if (!lighter)
				break;
			cell = lighter;
		}
	}
	add_fact(document, "outputs", slice_format(arena, "%.*s of the file", SLICE_FORMAT(size_text(arena, total))));
	for (size_t place = 0; place < SHOWN && heaviest[place] && heaviest[place]->outputs_size >= LEAST; place++)
		add_fact(document, "",
		         slice_format(arena, "%8.*s  cell %zu, %zu output%s",
		                      SLICE_FORMAT(size_text(arena, heaviest[place]->outputs_size)), heaviest[place]->number,
		                      heaviest[place]->output_count, heaviest[place]->output_count == 1 ? "" : "s"));
}

static void add_run_all(const struct app *app, struct document *document)
{
	const struct status_report *report = app->analysis->status;
	if (report->stops_at)
		add_fact(document, "from the top",
		         slice_format(document->arena, "Restart & Run All stops at cell %zu.", report->stops_at));
	else
		add_fact(document, "from the top", SLICE("Restart & Run All finds every name that it needs."));
}

static void fill(const struct app *app, struct document *document)
{
	const struct notebook *notebook = app->analysis->notebook;
	struct arena *arena = document->arena;
	add_fact(document, "file", notebook->path);
	struct slice size = size_text(arena, notebook->size), exact = number_text(arena, notebook->size);
	add_fact(document, "size",
	         slice_ends(size, SLICE("bytes"))
	             ? size
	             : slice_format(arena, "%.*s (%.*s bytes)", SLICE_FORMAT(size), SLICE_FORMAT(exact)));
	add_fact(document, "format", slice_format(arena, "nbformat %d.%d", notebook->format_major, notebook->format_minor));
	add_fact(
	    document, "language",
	    slice_format(arena, "%.*s %.*s", SLICE_FORMAT(notebook->language), SLICE_FORMAT(notebook->language_version)));
	if (notebook->kernel_display.length || notebook->kernel_name.length)
		add_fact(document, "kernel",
		         slice_format(arena, "%.*s (%.*s)", SLICE_FORMAT(notebook->kernel_display),
		                      SLICE_FORMAT(notebook->kernel_name)));
	document_add_blank(document);
	add_cells(app, document);
	add_statuses(app, document);
	document_add_blank(document);
	add_log(app, document);
	add_sessions(app, document);
	add_run_all(app, document);
	document_add_blank(document);
	add_weights(app, document);
	document_add_blank(document);
	add_fact(document, "theme", app->theme->name);
	add_fact(document, "", SLICE("nbscope only reads: it never runs a cell and never writes to the notebook."));
}

static struct reader *reader_of(struct app *app, struct view *view)
{
	struct reader *reader = view->state;
	if (reader_is_stale(reader, app, app->canvas->columns))
		fill(app, reader_renew(reader, app, app->canvas->columns, false));
	return reader;
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct reader *reader = reader_of(app, view);
	list_fit(&reader->list, reader->document->rows.count, pane.rows - 1);
	draw_pane_title(app, pane, true, SLICE("The notebook"), reader_note(reader, app->frame));
	reader_draw(app, reader, pane_part(pane, 1, 0, pane.rows - 1, pane.columns), true);
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	return reader_act(app, reader_of(app, view), action, number, app_view_rows(app) - 1, app->canvas->columns);
}

static bool search(struct app *app, struct view *view, bool back)
{
	return reader_search(app, reader_of(app, view), back, false);
}

static void close_view(struct app *app, struct view *view)
{
	(void)app;
	reader_free(view->state);
}

const struct view_type info_view = {
    .id = VIEW_INFO,
    .name = "info",
    .about = "What is known of the notebook: file, kernel, cells, runs, and how far a fresh run would get, and which "
             "outputs weigh "
             "most.",
    .state_size = sizeof(struct reader),
    .draw = draw,
    .act = act,
    .search = search,
    .close = close_view,
};
