/* What leaves for the clipboard, and the editor at the cell. */
#include "tui/folds.h"
#include "tui/parts.h"
#include "tui/views/cell_text.h"

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

static bool add_line(void *context, struct slice line)
{
	struct builder *text = context;
	builder_add(text, line);
	builder_add_byte(text, '\n');
	return true;
}

/* The text of a cell's outputs: of all of them, or of the part at the cursor. */
static struct slice outputs_text(struct app *app, const struct cell *cell, size_t part)
{
	struct builder text = {.arena = app->frame};
	size_t first = part < PART_OUTPUTS ? 0 : part - PART_OUTPUTS;
	for (size_t at = first; at < cell->output_count; at++) {
		if (part >= PART_OUTPUTS && at > first && !output_continues(cell, at))
			break;
		output_walk(app, &cell->outputs[at], add_line, &text);
	}
	return builder_slice(&text);
}

/* What the rules find in the cell, or the finding at the cursor. */
static struct slice findings_text(struct app *app, const struct cell *cell)
{
	const struct check_finding *only = app_spot(app).finding;
	const struct check_file *file = app_findings(app);
	struct builder text = {.arena = app->frame};
	for (size_t at = 0; file && at < file->count; at++) {
		const struct check_finding *finding = &file->findings[at];
		if (only ? finding != only : finding->cell != cell->number || !cell->number)
			continue;
		builder_add(&text, app->analysis->notebook->path);
		if (finding->cell)
			builder_add_format(&text, ": cell %zu", finding->cell);
		builder_add_format(&text, ": %s %s: %.*s\n", finding->rule->code, finding->rule->name,
		                   SLICE_FORMAT(finding->message));
	}
	return builder_slice(&text);
}

void handing_on_copy(struct app *app, struct slice text, const char *what)
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

/* --- commands --- */

char **command_words(struct app *app, struct slice command, size_t more, size_t *count)
{
	VECTOR(char *) words = {0};
	struct builder word = {.arena = app->frame};
	bool begun = false;
	char quote = 0;
	*count = 0;
	for (size_t at = 0; at <= command.length; at++) {
		char byte = at < command.length ? command.bytes[at] : ' ';
		bool ends = at == command.length || (!quote && (byte == ' ' || byte == '\t'));
		if (ends && begun)
			vector_push(app->frame, &words, (char *)(uintptr_t)slice_copy(app->frame, builder_slice(&word)).bytes);
		if (ends)
			word.length = begun = 0;
		else if (byte == quote || (!quote && (byte == '\'' || byte == '"')))
			quote = quote ? 0 : byte;
		else if (byte == '\\' && quote != '\'' && at + 1 < command.length)
			builder_add_byte(&word, command.bytes[++at]);
		else
			builder_add_byte(&word, byte);
		begun |= !ends;
	}
	*count = words.count;
	for (size_t at = 0; at < more + 1; at++)
		vector_push(app->frame, &words, NULL);
	return quote ? NULL : words.items;
}

/* The words of $VISUAL or $EDITOR, the line and the file: no shell reads them. */
static char *const *editor_words(struct app *app, const struct cell *cell)
{
	const char *editor = getenv("VISUAL");
	if (!editor || !*editor)
		editor = getenv("EDITOR");
	size_t count = 0;
	char **words = command_words(app, slice_of(editor && *editor ? editor : "vi"), 2, &count);
	if (!words || count == 0)
		return NULL;
	struct slice line = slice_format(app->frame, "+%llu", (unsigned long long)cell->source_line);
	struct slice path = app->options.path;
	/* A name that begins like an option or a line is still a file's. */
	bool plain = path.length && path.bytes[0] != '-' && path.bytes[0] != '+';
	path = slice_format(app->frame, "%s%.*s", plain ? "" : "./", SLICE_FORMAT(path));
	words[count] = (char *)(uintptr_t)line.bytes;
	words[count + 1] = (char *)(uintptr_t)path.bytes;
	return words;
}

static void edit(struct app *app, const struct cell *cell)
{
	if (slice_equal(app->options.path, SLICE("-"))) {
		app_complain(app, "Standard input can't be edited.");
		return;
	}
	char *const *words = editor_words(app, cell);
	if (words && app->terminal->run(app->terminal, words, NULL))
		app_act(app, ACTION_RELOAD, 0);
	else
		app_complain(app, "The editor \"%s\" could not be run.", words ? words[0] : "");
}

/* A source without what a terminal would obey; tabs stay, since they may matter to the command. */
static struct slice harmless(struct app *app, struct slice source)
{
	struct builder text = {.arena = app->frame};
	struct slice rest = source, line;
	while (slice_next_line(&rest, &line)) {
		for (size_t at = 0; at <= line.length;) {
			size_t tab = slice_find(line, '\t', at);
			builder_add(&text, printable(app->frame, slice_part(line, at, tab)));
			if (tab < line.length)
				builder_add_byte(&text, '\t');
			at = tab + 1;
		}
		builder_add_byte(&text, '\n');
	}
	return builder_slice(&text);
}

void handing_on_pipe(struct app *app, struct slice command)
{
	const struct cell *cell = app_cell(app);
	size_t part = app_spot(app).part, count = 0;
	char **words = command_words(app, command, 0, &count);
	if (!words || !cell) {
		app_complain(app, cell ? "A quote is not ended." : "There is no cell here.");
	} else if (count) {
		struct slice text = part >= PART_OUTPUTS ? outputs_text(app, cell, part) : harmless(app, cell->source);
		if (!app->terminal->run(app->terminal, words, &text))
			app_complain(app, "\"%.*s\" could not be run.", SLICE_FORMAT(slice_of(words[0])));
	}
}

bool handing_on_act(struct app *app, enum action action)
{
	const struct cell *cell = app_cell(app);
	if (action < ACTION_COPY_SOURCE || action > ACTION_EDIT || action == ACTION_PIPE)
		return false;
	if (!cell) {
		app_complain(app, "There is no cell here.");
		return true;
	}
	switch (action) {
	case ACTION_COPY_SOURCE: handing_on_copy(app, cell->source, "source"); break;
	case ACTION_COPY_OUTPUT: handing_on_copy(app, outputs_text(app, cell, app_spot(app).part), "output"); break;
	case ACTION_COPY_FINDING: handing_on_copy(app, findings_text(app, cell), "finding"); break;
	case ACTION_COPY_NAME:
		handing_on_copy(app, symbols_name(app->analysis->symbols, app_focused_name(app)),
		                "name in the focus (w goes to one)");
		break;
	case ACTION_COPY_REFERENCE: handing_on_copy(app, reference(app, cell), "reference"); break;
	case ACTION_EDIT: edit(app, cell); break;
	default: break;
	}
	return true;
}
