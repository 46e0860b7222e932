/* All places at once where the search matches, or where a name is touched. */
#include "tui/reader.h"
#include "tui/views/detail.h"
#include "tui/views/names.h"

enum { LABEL_WIDTH = 14, ROW_LIMIT = 5000 };

struct results {
	struct reader reader;
	unsigned number; /* of what was asked for when the rows were made */
	bool stopped;    /* by the user, before all was searched */
	struct arena *arena;
	struct {
		struct place *items;
		size_t count, capacity;
	} places; /* by row */
};

static void add_row(struct results *results, struct line line, struct place place)
{
	document_add(results->reader.document, line);
	vector_push(results->arena, &results->places, place);
}

static struct line labelled(struct document *document, enum slot slot, struct slice label)
{
	struct line line = {0};
	int pad = LABEL_WIDTH - text_columns(label);
	line_add(document->arena, &line, slot, label);
	line_format(document->arena, &line, SLOT_TEXT, "%*s", pad > 1 ? pad : 1, "");
	return line;
}

/* What was made for one drawing, kept for as long as the document. */
static struct slice kept(const struct document *document, struct slice text)
{
	return slice_copy(document->arena, text);
}

/* --- matches --- */

static struct slice cell_label(struct arena *arena, const struct cell *cell)
{
	if (!cell->number)
		return cell->type == CELL_MARKDOWN ? SLICE("Markdown") : SLICE("raw");
	return slice_format(arena, "cell %zu %.*s", cell->number, SLICE_FORMAT(count_text(arena, cell->execution_count)));
}

static void add_match(struct app *app, struct results *results, const struct cell *cell, struct slice where,
                      struct slice text)
{
	enum { ENOUGH = 1024 /* bytes: more than a row is wide */ };
	struct document *document = results->reader.document;
	struct line line = labelled(document, SLOT_CELL, cell_label(document->arena, cell));
	line_format(document->arena, &line, SLOT_LINE_NUMBER, "%5.*s  ", SLICE_FORMAT(where));
	line_add(document->arena, &line, SLOT_TEXT, slice_part(text, 0, ENOUGH));
	add_row(results, line, (struct place){cell->index, orders_run_of(app->orders, cell)});
}

/* The matches among the lines of one output. */
struct walk {
	struct app *app;
	struct results *results;
	const struct cell *cell;
	uint64_t done, total; /* bytes */
};

static bool visit(void *context, struct slice line)
{
	enum { LOOK_AT_KEYS = 1 << 20 /* bytes between two looks at the keyboard */ };
	struct walk *walk = context;
	struct arena *arena = walk->results->reader.document->arena;
	size_t start, end;
	if (search_find(walk->app->search, line, 0, &start, &end))
		add_match(walk->app, walk->results, walk->cell, SLICE("out"), slice_copy(arena, line));
	uint64_t before = walk->done;
	walk->done += line.length + 1;
	if (walk->done / LOOK_AT_KEYS != before / LOOK_AT_KEYS)
		app_interrupted(walk->app, walk->done, walk->total);
	return !walk->app->search_stopped && walk->results->places.count < ROW_LIMIT;
}

static void add_source_matches(struct app *app, struct results *results, const struct cell *cell)
{
	struct arena *arena = results->reader.document->arena;
	struct slice rest = cell->source, text;
	size_t start, end;
	for (size_t number = 1; slice_next_line(&rest, &text); number++) {
		if (search_find(app->search, text, 0, &start, &end))
			add_match(app, results, cell, slice_format(arena, "%zu", number), text);
	}
}

/* The lines of a source with a name that matches. */
static void add_name_matches(struct app *app, struct results *results, const struct cell *cell)
{
	struct arena *arena = results->reader.document->arena, *scratch = terminal_arena();
	struct slice rest = cell->source, text;
	size_t count, at = 0;
	const struct token_span *tokens = python_highlight(scratch, cell->source, true, &count);
	for (size_t number = 1; slice_next_line(&rest, &text); number++) {
		size_t end = (size_t)(text.bytes - cell->source.bytes) + text.length;
		if (!name_search(app->search, cell->source, tokens, count, &at))
			break;
		if (tokens[at].span.start > end)
			continue;
		add_match(app, results, cell, slice_format(arena, "%zu", number), text);
		while (at < count && tokens[at].span.start < end)
			at++;
	}
	arena_free(scratch);
}

static void add_matches_of(struct app *app, struct results *results, struct walk *walk)
{
	const struct cell *cell = walk->cell;
	enum search_scope scope = search_scope(app->search);
	if (scope == SEARCH_NAMES && cell->type == CELL_CODE)
		add_name_matches(app, results, cell);
	else if (scope == SEARCH_ALL || scope == SEARCH_SOURCE)
		add_source_matches(app, results, cell);
	bool outputs = scope == SEARCH_ALL || scope == SEARCH_OUTPUTS;
	for (size_t at = 0; at < cell->output_count && outputs && results->places.count < ROW_LIMIT; at++)
		output_walk(app, &cell->outputs[at], visit, walk);
}

static void add_matches(struct app *app, struct results *results)
{
	const struct notebook *notebook = app->analysis->notebook;
	struct walk walk = {app, results, NULL, 0, progress_begin(app).total};
	uint64_t done = 0;
	app_begin_search(app);
	for (size_t at = 0; at < notebook->cell_count && results->places.count < ROW_LIMIT && !app->search_stopped; at++) {
		walk.cell = &notebook->cells[at];
		walk.done = done;
		add_matches_of(app, results, &walk);
		done += walk.cell->outputs_size + walk.cell->source.length + 1;
		app_interrupted(app, done, walk.total);
	}
	results->stopped = app->search_stopped;
}

/* --- touches of a name --- */

/* "reads that of cell 12 [13], mutates" */
static struct slice touch_text(struct app *app, const struct touch *touch, bool from_top)
{
	struct builder text = {.arena = app->frame};
	for (enum touch_kind kind = 0; kind < TOUCH_KINDS; kind++) {
		if (!touch_has(touch, kind))
			continue;
		builder_add_format(&text, "%s%s", text.length ? ", " : "", touch_verb(kind));
		if (kind == TOUCH_READ && touch->unbound)
			builder_add_string(&text, " it, but nothing has bound it");
		else if (kind == TOUCH_READ && touch->read_from == NO_STEP)
			builder_add_string(&text, " one that nothing records");
		else if (kind == TOUCH_READ)
			builder_add_format(&text, " that of %.*s", SLICE_FORMAT(step_text(app, from_top, touch->read_from)));
	}
	return builder_slice(&text);
}

static void add_touches(struct app *app, struct results *results, symbol name)
{
	const struct name_row *happened = versions_row(app_versions(app, false), name),
	                      *top = versions_row(app_versions(app, true), name);
	struct document *document = results->reader.document;
	for (size_t at = 0; happened && at < happened->count; at++) {
		const struct touch *touch = &happened->touches[at];
		struct line line = labelled(document, SLOT_CELL, kept(document, step_text(app, false, touch->step)));
		line_add(document->arena, &line, touch->unbound ? SLOT_BROKEN : SLOT_TEXT,
		         kept(document, touch_text(app, touch, false)));
		size_t cell = app->analysis->log->runs[touch->step].cell;
		size_t index = cell ? app->analysis->notebook->code[cell - 1]->index : app->place.cell;
		add_row(results, line, (struct place){index, touch->step});
	}
	for (size_t at = 0; top && at < top->count; at++) {
		const struct cell *cell = app->analysis->notebook->code[top->touches[at].step];
		if (orders_run_of(app->orders, cell) != NO_RUN)
			continue;
		struct line line = labelled(document, SLOT_NOT_RUN, cell_label(document->arena, cell));
		line_format(document->arena, &line, SLOT_DIM, "not run; from the top it %.*s",
		            SLICE_FORMAT(touch_text(app, &top->touches[at], true)));
		add_row(results, line, (struct place){cell->index, NO_RUN});
	}
}

/* --- the view --- */

static struct results *results_of(struct app *app, struct view *view)
{
	struct results *results = view->state;
	bool asked = results->number != app->results.number;
	if (!asked && !reader_is_stale(&results->reader, app, app->canvas->columns))
		return results;
	reader_renew(&results->reader, app, app->canvas->columns, asked);
	results->arena = results->reader.arena;
	results->places.items = NULL;
	results->places.count = results->places.capacity = 0;
	results->number = app->results.number;
	results->stopped = false;
	if (app->results.name)
		add_touches(app, results, app->results.name);
	else if (app->search)
		add_matches(app, results);
	results->reader.list.count = results->reader.document->rows.count;
	return results;
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct results *results = results_of(app, view);
	struct reader *reader = &results->reader;
	size_t count = results->places.count;
	list_fit(&reader->list, count, pane.rows - 1);
	struct slice title;
	if (app->results.name)
		title = slice_format(app->frame, "Who touches %.*s",
		                     SLICE_FORMAT(symbols_name(app->analysis->symbols, app->results.name)));
	else
		title = slice_format(app->frame, "Matches of %.*s", SLICE_FORMAT(search_pattern(app->search)));
	draw_pane_title(app, pane, true, title,
	                slice_format(app->frame, "%zu/%zu%s", count ? reader->list.cursor + 1 : 0, count,
	                             results->stopped     ? ", stopped"
	                             : count >= ROW_LIMIT ? " and more"
	                                                  : ""));
	reader_draw(app, reader, pane_part(pane, 1, 0, pane.rows - 1, pane.columns), true);
	if (count == 0)
		pane_text(pane, 1, 2, look_of(SLOT_DIM),
		          app->results.name || app->search ? SLICE("Nothing.")
		                                           : SLICE("There is nothing to search for yet: / begins a search."));
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	struct results *results = results_of(app, view);
	if (action == ACTION_OPEN && results->reader.list.cursor < results->places.count) {
		app_leave_trace(app);
		app->place = results->places.items[results->reader.list.cursor];
		if (app->results.name)
			app->focus = (struct name_focus){app->results.name, app->place, NO_OFFSET};
		app_open_view(app, VIEW_DETAIL);
		return true;
	}
	return reader_act(app, &results->reader, action, number, app_view_rows(app) - 1, app->canvas->columns);
}

static bool search(struct app *app, struct view *view, bool back)
{
	return reader_search(app, &results_of(app, view)->reader, back, false);
}

static void close_view(struct app *app, struct view *view)
{
	(void)app;
	reader_free(&((struct results *)view->state)->reader);
}

const struct view_type results_view = {
    .id = VIEW_RESULTS,
    .name = "results",
    .about = "All that the search matches in sources and outputs, or, after gr, all runs that touch a name; Enter goes "
             "there.",
    .state_size = sizeof(struct results),
    .opens = true,
    .draw = draw,
    .act = act,
    .search = search,
    .close = close_view,
};
