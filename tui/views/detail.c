#include "tui/views/detail.h"

#include "tui/known_names.h"
#include "tui/views/cell_text.h"

static bool is_stale(const struct app *app, const struct detail *detail, int columns)
{
	return reader_is_stale(&detail->reader, app, columns) || detail->place.cell != app->place.cell ||
	       detail->place.run != app->place.run;
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

/* Shows the first match of a search that led to this cell. */
static void seek(struct app *app, struct detail *detail, int rows)
{
	list_fit(&detail->reader.list, detail->reader.document->rows.count, rows);
	list_go(&detail->reader.list, 0);
	reader_search(app, &detail->reader, false, true);
	detail->seek = false;
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
	if (app->settled || !same_width)
		bring_up_to_date(app, detail, pane.columns);
	else if (is_stale(app, detail, pane.columns))
		app->unsettled = true;
	list_fit(&detail->reader.list, detail->reader.document->rows.count, pane.rows - 1);
	if (detail->seek && !is_stale(app, detail, pane.columns))
		seek(app, detail, pane.rows - 1);
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
	if (action == ACTION_NEXT_NAME || action == ACTION_PREVIOUS_NAME) {
		list_fit(&detail->reader.list, detail->reader.document->rows.count, rows - 1);
		walk_names(app, detail, action == ACTION_PREVIOUS_NAME, number);
		return true;
	}
	return reader_act(app, &detail->reader, action, number, rows - 1, columns);
}

bool detail_search(struct app *app, struct detail *detail, bool back, int rows, int columns)
{
	bring_up_to_date(app, detail, columns);
	list_fit(&detail->reader.list, detail->reader.document->rows.count, rows - 1);
	if (reader_search(app, &detail->reader, back, false))
		return true;
	size_t cell = cell_search(app, back);
	if (cell >= app->analysis->notebook->cell_count)
		return false;
	app_go(app, cell);
	bring_up_to_date(app, detail, columns);
	list_fit(&detail->reader.list, detail->reader.document->rows.count, rows - 1);
	list_go(&detail->reader.list, back ? detail->reader.list.count : 0);
	reader_search(app, &detail->reader, back, true);
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
    .search = search,
    .renew = let_go,
    .close = let_go,
};
