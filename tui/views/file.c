/* A file that the notebook names, to be read: a script that a cell runs, data that it loads. */
#include "tui/reader.h"

#include <string.h>

#include "tui/text_file.h"
#include "tui/views/cell_text.h"

enum { FILE_LIMIT = 8 << 20, HEAD = 4096 /* bytes that tell whether it is a text */ };

struct file {
	struct reader reader;
	struct slice path; /* that the document shows, in its arena */
};

static void add_sentence(struct document *document, struct slice sentence)
{
	struct line line = {0};
	line_add(document->arena, &line, SLOT_DIM, sentence);
	document_add_prose(document, line, 0);
}

static void fill(const struct app *app, struct document *document, struct slice path)
{
	struct arena *arena = document->arena;
	struct slice text = {0};
	uint64_t size = 0;
	int error = file_head_read(arena, path, FILE_LIMIT, &text, &size);
	if (error) {
		add_sentence(document, slice_format(arena, "It can't be read: %s.", strerror(error)));
		return;
	}
	if (text.length && memchr(text.bytes, 0, text.length < HEAD ? text.length : HEAD)) {
		add_sentence(document, slice_format(arena, "This is no text: %.*s.", SLICE_FORMAT(size_text(arena, size))));
		return;
	}
	document_add_source(document, text, slice_ends(path, SLICE(".py")), app->settings.numbers, 0);
	if (size > text.length)
		add_sentence(document,
		             slice_format(arena, "Only the first %.*s of %.*s are shown.",
		                          SLICE_FORMAT(size_text(arena, text.length)), SLICE_FORMAT(size_text(arena, size))));
}

static struct reader *reader_of(struct app *app, struct view *view)
{
	struct file *file = view->state;
	bool other = !slice_equal(file->path, app->file);
	if (other || reader_is_stale(&file->reader, app, app->canvas->columns)) {
		struct document *document = reader_renew(&file->reader, app, app->canvas->columns, other);
		file->path = slice_copy(document->arena, app->file);
		fill(app, document, file->path);
	}
	return &file->reader;
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct reader *reader = reader_of(app, view);
	list_fit(&reader->list, reader->document->rows.count, pane.rows - 1);
	draw_pane_title(app, pane, true, app->file, reader_note(reader, app->frame));
	reader_draw(app, reader, pane_part(pane, 1, 0, pane.rows - 1, pane.columns), true);
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	return reader_act(app, reader_of(app, view), action, number, app_view_rows(app) - 1, app->canvas->columns);
}

static struct spot spot(struct app *app, struct view *view)
{
	struct reader *reader = reader_of(app, view);
	bool there = reader->list.cursor < reader->document->rows.count;
	return (struct spot){.text = there ? document_row_text(reader->document, app->frame, reader->list.cursor)
	                                   : (struct slice){0}};
}

static bool search(struct app *app, struct view *view, bool back)
{
	return reader_search(app, reader_of(app, view), back, false);
}

static void close_view(struct app *app, struct view *view)
{
	(void)app;
	reader_free(&((struct file *)view->state)->reader);
}

const struct view_type file_view = {
    .id = VIEW_FILE,
    .name = "file",
    .about = "A file that the notebook names, as gf found it.",
    .state_size = sizeof(struct file),
    .draw = draw,
    .act = act,
    .spot = spot,
    .search = search,
    .close = close_view,
};
