/* What leaves for the clipboard, and the editor at the cell. */
#include "tui/parts.h"

#include <stdlib.h>
#include <string.h>

/* "notebook.ipynb#cell-12" */
static struct slice reference(const struct app *app, const struct cell *cell)
{
	struct slice path = app->analysis->notebook->path;
	if (cell->id.length)
		return slice_format(app->frame, "%.*s#%.*s", SLICE_FORMAT(path), SLICE_FORMAT(cell->id));
	return slice_format(app->frame, "%.*s:%llu", SLICE_FORMAT(path), (unsigned long long)cell->line);
}

/* The text that is shown of a cell's outputs. */
static struct slice outputs_text(struct app *app, const struct cell *cell)
{
	struct builder text = {.arena = app->frame};
	for (size_t at = 0; at < cell->output_count; at++) {
		size_t count = 0;
		struct slice *lines = output_texts(app, app->frame, &cell->outputs[at], &count);
		for (size_t line = 0; line < count; line++) {
			builder_add(&text, lines[line]);
			builder_add_byte(&text, '\n');
		}
	}
	return builder_slice(&text);
}

static void copy(struct app *app, struct slice text, const char *what)
{
	enum { LIMIT = 74994 /* bytes that the most careful of terminals take */ };
	if (text.length == 0)
		app_complain(app, "There is no %s to copy.", what);
	else if (text.length > LIMIT)
		app_complain(app, "That is too large for a terminal's clipboard: %zu bytes, %d at most.", text.length, LIMIT);
	else if (!app->terminal->copy(app->terminal, text))
		app_complain(app, "Nothing was copied: the terminal takes no text for its clipboard.");
	else
		app_say(app, "Handed the %s to the terminal's clipboard (%zu bytes).", what, text.length);
}

/* --- the editor --- */

/* The words of $VISUAL or $EDITOR, the line and the file: no shell reads them. */
static char *const *editor_words(struct app *app, const struct cell *cell)
{
	const char *editor = getenv("VISUAL");
	if (!editor || !*editor)
		editor = getenv("EDITOR");
	struct slice rest = slice_trim(slice_of(editor && *editor ? editor : "vi"));
	struct {
		char **items;
		size_t count, capacity;
	} words = {0};
	while (rest.length) {
		size_t end = slice_find(rest, ' ', 0);
		vector_push(app->frame, &words, (char *)(uintptr_t)slice_copy(app->frame, slice_part(rest, 0, end)).bytes);
		rest = slice_trim(slice_part(rest, end, rest.length));
	}
	struct slice line = slice_format(app->frame, "+%llu", (unsigned long long)cell->source_line);
	struct slice path = app->options.path;
	/* A name that begins like an option or a line is still a file's. */
	bool plain = path.length && path.bytes[0] != '-' && path.bytes[0] != '+';
	path = slice_format(app->frame, "%s%.*s", plain ? "" : "./", SLICE_FORMAT(path));
	vector_push(app->frame, &words, (char *)(uintptr_t)line.bytes);
	vector_push(app->frame, &words, (char *)(uintptr_t)path.bytes);
	vector_push(app->frame, &words, NULL);
	return words.items;
}

static void edit(struct app *app, const struct cell *cell)
{
	if (slice_equal(app->options.path, SLICE("-"))) {
		app_complain(app, "Standard input can't be edited.");
		return;
	}
	char *const *words = editor_words(app, cell);
	if (app->terminal->run(app->terminal, words))
		app_act(app, ACTION_RELOAD, 0);
	else
		app_complain(app, "The editor \"%s\" could not be run.", words[0]);
}

bool handing_on_act(struct app *app, enum action action)
{
	const struct cell *cell = app_cell(app);
	if (action < ACTION_COPY_SOURCE || action > ACTION_EDIT)
		return false;
	if (!cell) {
		app_complain(app, "There is no cell here.");
		return true;
	}
	switch (action) {
	case ACTION_COPY_SOURCE: copy(app, cell->source, "source"); break;
	case ACTION_COPY_OUTPUT: copy(app, outputs_text(app, cell), "output"); break;
	case ACTION_COPY_NAME:
		copy(app, symbols_name(app->analysis->symbols, app_focused_name(app)), "name in the focus (w goes to one)");
		break;
	case ACTION_COPY_REFERENCE: copy(app, reference(app, cell), "reference"); break;
	case ACTION_EDIT: edit(app, cell); break;
	default: break;
	}
	return true;
}
