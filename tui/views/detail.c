#include "tui/views/detail.h"

#include "tui/folds.h"
#include "tui/known_names.h"
#include "tui/views/cell_text.h"

enum { MOST_STEPS = 1000 /* of one key: each may make a text anew */ };

static bool is_stale(const struct app *app, const struct detail *detail, int columns)
{
	return reader_is_stale(&detail->reader, app, columns) || detail->place.cell != app->place.cell ||
	       detail->place.run != app->place.run;
}

/* Puts the cursor where the way into this cell leads. */
static void land(struct detail *detail, int rows)
{
	const struct document *document = detail->reader.document;
	list_fit(&detail->reader.list, document->rows.count, rows);
	if (detail->land == LAND_END)
		list_go(&detail->reader.list, document->rows.count);
	if (detail->land == LAND_LAST_PART && document->parts.count)
		list_go(&detail->reader.list, document->parts.items[document->parts.count - 1].row);
	detail->land = LAND_TOP;
}

/* Makes the document speak of what is selected. */
static void bring_up_to_date(struct app *app, struct detail *detail, int columns)
{
	if (!is_stale(app, detail, columns))
		return;
	bool moved = detail->place.cell != app->place.cell || detail->place.run != app->place.run;
	int rows = detail->reader.list.rows;
	struct document *document = reader_renew(&detail->reader, app, columns, moved);
	detail->place = app->place;
	detail->title = cell_text_title(app, document->arena, app->place);
	cell_text_add(app, document, app->place);
	if (moved)
		land(detail, rows);
	if (moved && app->focus.name && app->focus.start != NO_OFFSET) {
		list_fit(&detail->reader.list, document->rows.count, rows);
		list_go(&detail->reader.list, document_row_of(document, app->focus.start));
	}
}

/* Draws the name in the focus, and no longer the one before. */
static void show_focus(const struct app *app, struct detail *detail)
{
	struct document *document = detail->reader.document;
	for (size_t at = 0; at < document->name_count; at++) {
		struct look *look = &document->names[at].look;
		look->attributes &= (uint8_t)~ATTRIBUTE_REVERSE;
		if (document->names[at].span.start == app->focus.start)
			look->attributes |= ATTRIBUTE_REVERSE;
	}
	if (document->wrap) /* its rows were coloured when they were wrapped */
		detail->reader.generation = app->generation - 1;
}

/* From the name in the focus, or from the line at the cursor, to the next. */
static void walk_names(struct app *app, struct detail *detail, bool back, size_t number)
{
	const struct document *document = detail->reader.document;
	size_t count = document->name_count, at = 0, times = number ? number - 1 : 0;
	bool focused = app_focused_name(app) && app->focus.start != NO_OFFSET;
	if (focused) {
		while (at < count && document->names[at].span.start <= app->focus.start - back)
			at++;
	} else {
		while (at < count && document_row_of(document, document->names[at].span.start) < detail->reader.list.cursor)
			at++;
	}
	if (back ? at == 0 : at == count) {
		app_complain(app, count ? "There is no further name in this cell." : "This cell has no name to go to.");
		return;
	}
	at -= back;
	if (back)
		at -= times < at ? times : at;
	else
		at += times < count - 1 - at ? times : count - 1 - at;
	const struct source_name *name = &document->names[at];
	app->focus = (struct name_focus){name->name, app->place, name->span.start};
	show_focus(app, detail);
	list_go(&detail->reader.list, document_row_of(document, name->span.start));
	app_say(app, "%.*s", SLICE_FORMAT(known_name_text(app, name->name, app->place)));
}

/* Puts the first name of the line at the cursor in the focus, if no name of this cell is. */
static void focus_line(struct app *app, struct detail *detail)
{
	const struct document *document = detail->reader.document;
	size_t row = document_line_start(document, detail->reader.list.cursor), at = 0;
	if (app_focused_name(app) || row >= document->rows.count || document->rows.items[row].line == 0)
		return;
	size_t start = 0, end;
	for (uint32_t line = 1; line < document->rows.items[row].line; line++)
		start = slice_find(document->source, '\n', start) + 1;
	end = slice_find(document->source, '\n', start);
	while (at < document->name_count && document->names[at].span.start < start)
		at++;
	if (at < document->name_count && document->names[at].span.start < end)
		app->focus = (struct name_focus){document->names[at].name, app->place, document->names[at].span.start};
}

/* To the next cell, or the one before; `land` is where its text is entered from below. */
static void step_cells(struct app *app, struct detail *detail, bool back, enum landing land)
{
	size_t before = app->place.cell;
	app_act(app, back ? ACTION_PREVIOUS_CELL : ACTION_NEXT_CELL, 0);
	if (app->place.cell == before)
		app_say(app, back ? "This is the top of the notebook." : "This is the end of the notebook.");
	else if (back)
		detail->land = land;
}

/* The part at the cursor, as cells number them. */
static size_t part_at_cursor(const struct detail *detail)
{
	const struct document *document = detail->reader.document;
	size_t at = document_part_of(document, detail->reader.list.cursor);
	return at < document->parts.count ? document->parts.items[at].part : PART_HEAD;
}

/* To the next match, or back, in what is shown; else forward in what is folded away. */
static bool search_here(struct app *app, struct detail *detail, bool back, bool here, int rows, int columns)
{
	const struct cell *cell = app_cell(app);
	list_fit(&detail->reader.list, detail->reader.document->rows.count, rows);
	if (reader_search(app, &detail->reader, back, here))
		return true;
	if (back || !cell || !cell_reveal(app, cell, here ? PART_HEAD : part_at_cursor(detail)))
		return false;
	bring_up_to_date(app, detail, columns);
	list_fit(&detail->reader.list, detail->reader.document->rows.count, rows);
	return reader_search(app, &detail->reader, false, here);
}

/* Shows the first match of a search that led to this cell. */
static void seek(struct app *app, struct detail *detail, int rows, int columns)
{
	detail->seek = false;
	list_go(&detail->reader.list, 0);
	search_here(app, detail, false, true, rows, columns);
}

/* To the part that comes next in the text, or before; from the last to the next cell. */
static void step_parts(struct app *app, struct detail *detail, bool back)
{
	const struct document *document = detail->reader.document;
	struct list *list = &detail->reader.list;
	size_t count = document->parts.count, at = document_part_of(document, list->cursor);
	if (at == count) /* a text without parts */
		list_go(list, back ? 0 : list->count);
	else if (back && list->cursor > document->parts.items[at].row)
		list_go(list, document->parts.items[at].row);
	else if (back ? at > 0 : at + 1 < count)
		list_go(list, document->parts.items[back ? at - 1 : at + 1].row);
	else
		step_cells(app, detail, back, LAND_LAST_PART);
}

static size_t row_of_line(const struct document *document, uint32_t line)
{
	size_t row = 0;
	while (row < document->rows.count && document->rows.items[row].line != line)
		row++;
	return row < document->rows.count ? row : 0;
}

void detail_draw(struct app *app, struct detail *detail, struct pane pane, bool focused)
{
	bool same_width = detail->reader.document && detail->reader.columns == pane.columns;
	/* What is looked at answers at once; beside a list, one scrolls by more cells than are read. */
	if (app->settled || focused || !same_width)
		bring_up_to_date(app, detail, pane.columns);
	else if (is_stale(app, detail, pane.columns))
		app->unsettled = true;
	list_fit(&detail->reader.list, detail->reader.document->rows.count, pane.rows - 1);
	if (detail->seek && !is_stale(app, detail, pane.columns))
		seek(app, detail, pane.rows - 1, pane.columns);
	if (app->line && !is_stale(app, detail, pane.columns)) {
		list_go(&detail->reader.list, row_of_line(detail->reader.document, app->line));
		app->line = 0;
	}
	draw_pane_title(app, pane, focused, detail->title, reader_note(&detail->reader, app->frame));
	reader_draw(app, &detail->reader, pane_part(pane, 1, 0, pane.rows - 1, pane.columns), focused);
}

bool detail_act(struct app *app, struct detail *detail, enum action action, size_t number, int rows, int columns)
{
	bring_up_to_date(app, detail, columns);
	struct list *list = &detail->reader.list;
	list_fit(list, detail->reader.document->rows.count, rows - 1);
	switch (action) {
	case ACTION_NEXT_NAME:
	case ACTION_PREVIOUS_NAME: walk_names(app, detail, action == ACTION_PREVIOUS_NAME, number); return true;
	case ACTION_DEFINITION:
	case ACTION_DEFINITION_TOP:
	case ACTION_READERS:
	case ACTION_SEARCH_NAME:
	case ACTION_SEARCH_NAME_BACK:
	case ACTION_COPY_NAME: focus_line(app, detail); return false;
	case ACTION_NEXT_PART:
	case ACTION_PREVIOUS_PART:
		for (size_t times = 0; times < (number ? number : 1) && times < MOST_STEPS; times++) {
			bring_up_to_date(app, detail, columns);
			step_parts(app, detail, action == ACTION_PREVIOUS_PART);
		}
		return true;
	case ACTION_PAGE_DOWN:
		if (list->top + (size_t)list->rows < list->count)
			break;
		step_cells(app, detail, false, LAND_TOP);
		return true;
	case ACTION_PAGE_UP:
		if (list->top > 0)
			break;
		step_cells(app, detail, true, LAND_END);
		return true;
	default: break;
	}
	return reader_act(app, &detail->reader, action, number, rows - 1, columns);
}

struct spot detail_spot(struct app *app, struct detail *detail, int rows, int columns)
{
	bring_up_to_date(app, detail, columns);
	const struct document *document = detail->reader.document;
	list_fit(&detail->reader.list, document->rows.count, rows - 1);
	size_t row = detail->reader.list.cursor;
	struct spot spot = {.part = part_at_cursor(detail)};
	if (row >= document->rows.count)
		return spot;
	spot.text = document_row_text(document, app->frame, row);
	spot.links = document_links(document, row, &spot.link_count);
	return spot;
}

bool detail_search(struct app *app, struct detail *detail, bool back, int rows, int columns)
{
	bring_up_to_date(app, detail, columns);
	if (search_here(app, detail, back, false, rows - 1, columns))
		return true;
	size_t cell = app->search_stopped ? SIZE_MAX : cell_search(app, back);
	if (cell >= app->analysis->notebook->cell_count)
		return false;
	app_go(app, cell);
	bring_up_to_date(app, detail, columns);
	list_fit(&detail->reader.list, detail->reader.document->rows.count, rows - 1);
	list_go(&detail->reader.list, back ? detail->reader.list.count : 0);
	search_here(app, detail, back, true, rows - 1, columns);
	return true;
}

void detail_free(struct detail *detail)
{
	reader_free(&detail->reader);
}

/* --- the view --- */

static void draw(struct app *app, struct view *view, struct pane pane)
{
	detail_draw(app, view->state, pane, true);
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	return detail_act(app, view->state, action, number, app_view_rows(app), app->canvas->columns);
}

static struct spot spot(struct app *app, struct view *view)
{
	return detail_spot(app, view->state, app_view_rows(app), app->canvas->columns);
}

static bool search(struct app *app, struct view *view, bool back)
{
	return detail_search(app, view->state, back, app_view_rows(app), app->canvas->columns);
}

/* Also when another analysis takes the place of the one that the text speaks of. */
static void let_go(struct app *app, struct view *view)
{
	(void)app;
	detail_free(view->state);
}

const struct view_type detail_view = {
    .id = VIEW_DETAIL,
    .name = "cell",
    .about = "One cell in full: its status and why, what it does to names, its source and its outputs.",
    .state_size = sizeof(struct detail),
    .draw = draw,
    .act = act,
    .spot = spot,
    .search = search,
    .renew = let_go,
    .close = let_go,
};
