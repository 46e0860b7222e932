#include "tui/reader.h"

enum { SIDEWAYS = 8 /* columns that h and l scroll */ };

bool reader_is_stale(const struct reader *reader, const struct app *app, int columns)
{
	return !reader->document || reader->columns != columns || reader->generation != app->generation;
}

struct document *reader_renew(struct reader *reader, const struct app *app, int columns, bool rewound)
{
	arena_free(reader->arena);
	reader->arena = terminal_arena();
	reader->document = document_new(reader->arena, columns, app->settings.wrap);
	reader->columns = columns;
	reader->generation = app->generation;
	if (rewound)
		*reader = (struct reader){reader->arena, reader->document, {0}, 0, columns, app->generation};
	return reader->document;
}

void reader_draw(struct app *app, struct reader *reader, struct pane pane, bool focused)
{
	list_fit(&reader->list, reader->document->rows.count, pane.rows);
	document_draw(reader->document, app->frame, pane, &reader->list, reader->left, focused, app_marks(app), app->theme,
	              app->settings.ascii);
}

static void scroll_sideways(struct app *app, struct reader *reader, enum action action, size_t number, int columns)
{
	int room = 0, step = number && number < 1000 ? (int)number : SIDEWAYS;
	size_t last = reader->list.top + (size_t)reader->list.rows;
	for (size_t row = reader->list.top; row < last && row < reader->document->rows.count; row++) {
		int overhang = document_row_overhang(reader->document, app->frame, row, columns);
		room = overhang > room ? overhang : room;
	}
	if (action == ACTION_LINE_START)
		reader->left = 0;
	else if (action == ACTION_LINE_END)
		reader->left = document_row_overhang(reader->document, app->frame, reader->list.cursor, columns);
	else if (action == ACTION_LEFT)
		reader->left -= step < reader->left ? step : reader->left;
	else if (reader->left < room)
		reader->left += step < room - reader->left ? step : room - reader->left;
}

bool reader_act(struct app *app, struct reader *reader, enum action action, size_t number, int rows, int columns)
{
	list_fit(&reader->list, reader->document->rows.count, rows);
	switch (action) {
	case ACTION_LEFT:
	case ACTION_RIGHT:
	case ACTION_LINE_START:
	case ACTION_LINE_END:
		if (reader->document->rows.count)
			scroll_sideways(app, reader, action, number, columns);
		return true;
	default: return list_act(&reader->list, action, number);
	}
}

bool reader_search(struct app *app, struct reader *reader, bool back, bool here)
{
	size_t count = reader->document->rows.count, from = reader->list.cursor;
	if (!here)
		from = back ? from - 1 : from + 1; /* before the first row: a number past the last */
	size_t found = from < count ? document_search(reader->document, app->search, from, back) : count;
	if (found >= count)
		return false;
	list_go(&reader->list, found);
	return true;
}

struct slice reader_note(const struct reader *reader, struct arena *arena)
{
	const struct list *list = &reader->list;
	size_t rows = (size_t)list->rows;
	if (rows == 0)
		return SLICE("");
	if (list->count <= rows)
		return SLICE("all");
	return slice_format(arena, "%zu-%zu/%zu", list->top + 1, list->top + rows, list->count);
}

void reader_free(struct reader *reader)
{
	arena_free(reader->arena);
	*reader = (struct reader){0};
}
