/* The frame around the views: the title, the line at the bottom with messages,
 * hints, the prompt and what may follow a prefix; and what views share to look
 * alike. */
#include "tui/parts.h"
#include "tui/typed_commands.h"

#include <stdarg.h>

/* --- what views share --- */

struct slice app_glyph(const struct app *app, enum glyph glyph)
{
	return app->theme->glyphs[glyph][app->settings.ascii];
}

enum glyph status_glyph(enum status status)
{
	static const enum glyph GLYPHS[] = {
	    [STATUS_STANDS] = GLYPH_STANDS,   [STATUS_STALE] = GLYPH_STALE,     [STATUS_BROKEN] = GLYPH_BROKEN,
	    [STATUS_NOT_RUN] = GLYPH_NOT_RUN, [STATUS_UNKNOWN] = GLYPH_UNKNOWN,
	};
	return GLYPHS[status];
}

struct look status_look(const struct cell_status *status)
{
	static const enum slot SLOTS[] = {
	    [STATUS_STANDS] = SLOT_STANDS,   [STATUS_STALE] = SLOT_STALE,     [STATUS_BROKEN] = SLOT_BROKEN,
	    [STATUS_NOT_RUN] = SLOT_NOT_RUN, [STATUS_UNKNOWN] = SLOT_UNKNOWN,
	};
	bool faint = status->status == STATUS_STALE && status->certainty == POSSIBLE;
	return look_of(faint ? SLOT_POSSIBLE : SLOTS[status->status]);
}

struct slice count_text(struct arena *arena, int64_t count)
{
	return count == NO_COUNT ? SLICE("[ ]") : slice_format(arena, "[%lld]", (long long)count);
}

struct slice first_line(struct arena *arena, struct slice source)
{
	enum { ENOUGH = 1024 /* bytes: more than a list is wide */ };
	struct slice line = {0};
	while (slice_next_line(&source, &line) && slice_trim(line).length == 0)
		;
	return printable(arena, slice_part(slice_trim(line), 0, ENOUGH));
}

void draw_pane_title(const struct app *app, struct pane pane, bool focused, struct slice text, struct slice note)
{
	struct look look = look_of(focused ? SLOT_PANE_TITLE_FOCUS : SLOT_PANE_TITLE);
	pane_repeat(pane, 0, 0, pane.columns, look_of(SLOT_RULE), app_glyph(app, GLYPH_HORIZONTAL));
	int end = pane_text(pane, 0, pane_text(pane, 0, 1, look, SLICE(" ")), look, printable(app->frame, text));
	pane_text(pane, 0, end, look, SLICE(" "));
	int start = pane.columns - text_columns(note) - 3;
	if (note.length && start > end + 1) {
		struct look position = look_of(SLOT_POSITION);
		int column = pane_text(pane, 0, start, position, SLICE(" "));
		pane_text(pane, 0, pane_text(pane, 0, column, position, note), position, SLICE(" "));
	}
}

int app_view_rows(const struct app *app)
{
	return app->canvas->rows > 2 ? app->canvas->rows - 2 : 0;
}

/* --- messages --- */

static void set_message(struct app *app, enum slot slot, const char *format, va_list arguments)
{
	struct arena *arena = terminal_arena();
	struct slice text = slice_format_list(arena, format, arguments);
	arena_free(app->message_arena);
	app->message_arena = arena;
	app->message = printable(arena, text);
	app->message_slot = slot;
}

void app_say(struct app *app, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	set_message(app, SLOT_MESSAGE, format, arguments);
	va_end(arguments);
}

void app_complain(struct app *app, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	set_message(app, SLOT_COMPLAINT, format, arguments);
	va_end(arguments);
}

/* --- the title --- */

static struct slice base_name(struct slice path)
{
	size_t at = path.length;
	while (at > 0 && path.bytes[at - 1] != '/')
		at--;
	return slice_part(path, at, path.length);
}

/* What is wrong with the notebook, counted: with words where there is room. */
static struct slice title_counts(const struct app *app, bool words)
{
	static const struct {
		enum status status;
		const char *word;
	} SHOWN[] = {
	    {STATUS_STALE, "stale"}, {STATUS_BROKEN, "broken"}, {STATUS_NOT_RUN, "not run"}, {STATUS_UNKNOWN, "unknown"}};
	const struct orders *orders = app->orders;
	struct builder text = {.arena = app->frame};
	for (size_t at = 0; at < sizeof SHOWN / sizeof *SHOWN; at++) {
		size_t count = orders->statuses[SHOWN[at].status];
		if (count == 0)
			continue;
		builder_add(&text, app_glyph(app, status_glyph(SHOWN[at].status)));
		builder_add_format(&text, " %zu%s%s  ", count, words ? " " : "", words ? SHOWN[at].word : "");
	}
	if (orders->failed) {
		builder_add(&text, app_glyph(app, GLYPH_FAILED));
		builder_add_format(&text, " %zu%s  ", orders->failed, words ? orders->failed == 1 ? " error" : " errors" : "");
	}
	if (text.length == 0 && orders->statuses[STATUS_STANDS]) {
		builder_add(&text, app_glyph(app, GLYPH_STANDS));
		builder_add_string(&text, words ? " all results stand  " : "  ");
	}
	return slice_part(builder_slice(&text), 0, text.length ? text.length - 1 : 0);
}

/* How far what is being read is. */
static struct slice progress(const struct app *app)
{
	struct slice text = job_progress(app->job, app->frame);
	return text.length ? slice_format(app->frame, "%.*s ", SLICE_FORMAT(text)) : text;
}

static void draw_title(const struct app *app, struct pane pane)
{
	const struct notebook *notebook = app->analysis->notebook;
	struct look look = look_of(SLOT_TITLE);
	pane_repeat(pane, 0, 0, pane.columns, look, SLICE(" "));
	struct slice name = slice_equal(notebook->path, SLICE("-")) ? SLICE("standard input") : base_name(notebook->path);
	int end = pane_text(pane, 0, 1, look, printable(app->frame, name));
	struct builder about = {.arena = app->frame};
	builder_add_format(&about, "   %.*s", SLICE_FORMAT(notebook->language));
	if (notebook->language_version.length)
		builder_add_format(&about, " %.*s", SLICE_FORMAT(notebook->language_version));
	builder_add_string(&about, app->following ? "   read-only, watched" : "   read-only");
	struct slice counts = app->job ? progress(app) : title_counts(app, true),
	             text = printable(app->frame, builder_slice(&about));
	if (!app->job && end + text_columns(text) + 2 + text_columns(counts) > pane.columns)
		counts = title_counts(app, false);
	int start = pane.columns - text_columns(counts);
	if (end + text_columns(text) + 2 <= start)
		pane_text(pane, 0, end, look, text);
	if (end + 2 <= start)
		pane_text(pane, 0, start, look, counts);
}

/* --- the bottom --- */

/* The first keys of an action that hold in the view; a named key without its brackets. */
static struct slice keys_of(const struct app *app, enum action action, enum view_id view)
{
	struct builder keys = {.arena = app->frame};
	for (size_t at = 0; at < app->keymap->count && keys.length == 0; at++) {
		const struct key_binding *binding = &app->keymap->items[at];
		if (binding->action == action && (binding->view == VIEW_ANY || binding->view == view))
			keys_write(&keys, binding->keys, 0);
	}
	struct slice text = builder_slice(&keys);
	bool named = text.length > 2 && text.bytes[0] == '<';
	return named ? slice_part(text, 1, text.length - 1) : text;
}

static void draw_hints(struct app *app, struct pane pane)
{
	static const struct {
		enum action action;
		const char *word;
	} HINTS[] = {
	    {ACTION_VIEW_HELP, "help"},
	    {ACTION_CLOSE, "back"},
	    {ACTION_OPEN, "open"},
	    {ACTION_NEXT_PANE, "pane"},
	    {ACTION_NEXT_STALE, "next stale"},
	    {ACTION_SEARCH, "search"},
	    {ACTION_VIEW_LOG, "runs"},
	    {ACTION_NEXT_CELL, "next cell"},
	};
	enum view_id view = app_view(app)->type->id;
	int column = 1;
	for (size_t at = 0; at < sizeof HINTS / sizeof *HINTS; at++) {
		struct slice keys = keys_of(app, HINTS[at].action, view);
		bool last_view = HINTS[at].action == ACTION_CLOSE && app->view_count == 1;
		struct slice word = slice_of(last_view ? "quit" : HINTS[at].word);
		bool idle = HINTS[at].action == ACTION_OPEN && !view_type(view)->opens;
		if (idle || keys.length == 0 || column + text_columns(keys) + 1 + text_columns(word) >= pane.columns)
			continue;
		column = pane_text(pane, 0, column, look_of(SLOT_KEY), keys);
		column = pane_text(pane, 0, column + 1, look_of(SLOT_HINT), word) + 3;
	}
}

/* Words in columns above the last row, each with a beginning that stands out. */
struct entry {
	struct slice text;
	size_t key;  /* bytes of it that stand out */
	bool chosen; /* the one at the cursor */
};

struct entries {
	struct entry *items;
	size_t count, capacity;
};

static void draw_entries(const struct app *app, struct pane pane, const struct entries *entries)
{
	enum { GAP = 3 };
	int widest = 1;
	size_t chosen = 0;
	for (size_t at = 0; at < entries->count; at++) {
		int width = text_columns(entries->items[at].text);
		widest = width > widest ? width : widest;
		chosen = entries->items[at].chosen ? at : chosen;
	}
	int columns = (pane.columns - 1) / (widest + GAP);
	columns = columns < 1 ? 1 : columns;
	int rows = ((int)entries->count + columns - 1) / columns, shown = rows < pane.rows ? rows : pane.rows - 1;
	if (shown < 1)
		return;
	int top = (int)chosen % (rows ? rows : 1) - shown + 1;
	struct pane box = pane_part(pane, pane.rows - shown - 1, 0, shown + 1, pane.columns);
	pane_repeat(box, 0, 0, box.columns, look_of(SLOT_RULE), app_glyph(app, GLYPH_HORIZONTAL));
	for (int row = 1; row < box.rows; row++)
		pane_repeat(box, row, 0, box.columns, look_of(SLOT_TEXT), SLICE(" "));
	for (size_t at = 0; at < entries->count; at++) {
		const struct entry *entry = &entries->items[at];
		int row = 1 + (int)at % rows - (top > 0 ? top : 0), column = 1 + (int)at / rows * (widest + GAP);
		if (row < 1)
			continue;
		int end = pane_text(box, row, column, look_of(SLOT_KEY), slice_part(entry->text, 0, entry->key));
		pane_text(box, row, end, look_of(SLOT_HINT), slice_part(entry->text, entry->key, entry->text.length));
		if (entry->chosen)
			pane_mark(box, row, column, text_columns(entry->text));
	}
}

/* What may follow the keys that were pressed. */
static void draw_continuations(struct app *app, struct pane pane)
{
	enum { KEYS_GAP = 2 };
	struct entries entries = {0};
	enum view_id view = app_view(app)->type->id;
	for (size_t at = 0; at < app->keymap->count; at++) {
		const struct key_binding *binding = &app->keymap->items[at];
		if (!key_binding_continues(binding, view, app->pending, app->pending_count))
			continue;
		struct builder text = {.arena = app->frame};
		keys_write(&text, binding->keys, app->pending_count);
		size_t key = text.length;
		const char *state = app_toggle_state(app, binding->action);
		builder_add_format(&text, "%*s%s", KEYS_GAP, "", action_definition(binding->action)->name);
		if (state)
			builder_add_format(&text, " (%s)", state);
		vector_push(app->frame, &entries, ((struct entry){builder_slice(&text), key, false}));
	}
	draw_entries(app, pane, &entries);
}

/* What the word that was typed may become. */
static void draw_completions(struct app *app, struct pane pane)
{
	struct entries entries = {0};
	struct slice line;
	for (size_t at = 0; (line = typed_command_complete(app->frame, app->prompt.typed, at)).length; at++) {
		size_t start = line.length;
		while (start > 0 && line.bytes[start - 1] != ' ')
			start--;
		struct slice word = printable(app->frame, slice_part(line, start, line.length));
		vector_push(app->frame, &entries, ((struct entry){word, 0, at + 1 == app->prompt.completion}));
	}
	if (entries.count > 1)
		draw_entries(app, pane, &entries);
}

/* The marks that are set, for who is about to name one. */
static void draw_marks(const struct app *app, struct pane pane)
{
	struct builder text = {.arena = app->frame};
	places_list_marks(app, &text);
	struct slice rest = builder_slice(&text), line;
	int rows = (int)slice_count(rest, '\n');
	struct pane box = pane_part(pane, pane.rows - rows - 1, 0, rows + 1, pane.columns);
	pane_repeat(box, 0, 0, box.columns, look_of(SLOT_RULE), app_glyph(app, GLYPH_HORIZONTAL));
	pane_text(box, 0, 1, look_of(SLOT_HINT),
	          rows ? SLICE(" a letter, and ' for the last place ") : SLICE(" a letter; no mark is set "));
	for (int row = 1; slice_next_line(&rest, &line); row++) {
		pane_repeat(box, row, 0, box.columns, look_of(SLOT_TEXT), SLICE(" "));
		pane_text(box, row, 1, look_of(SLOT_KEY), slice_part(line, 0, 1));
		pane_text(box, row, 2, look_of(SLOT_HINT), slice_part(line, 1, line.length));
	}
}

/* What was typed of a command so far. */
static void draw_pending(struct app *app, struct pane pane)
{
	struct builder text = {.arena = app->frame};
	if (app->number)
		builder_add_format(&text, "%zu", app->number);
	keys_write(&text, (struct keys){app->pending, app->pending_count, 0}, 0);
	if (app->waiting != ACTION_NONE)
		builder_add_byte(&text, app->waiting == ACTION_MARK ? 'm' : '\'');
	struct slice typed = builder_slice(&text);
	if (typed.length)
		pane_text(pane, 0, pane.columns - text_columns(typed) - 1, look_of(SLOT_KEY), typed);
}

/* A message that is too long for the last row takes some of those above it. */
static void draw_message(const struct app *app, struct pane pane)
{
	enum { MOST_ROWS = 4 };
	struct slice parts[MOST_ROWS], rest = app->message;
	int count = 0, width = pane.columns - 2 > 0 ? pane.columns - 2 : 1;
	for (; rest.length && count < MOST_ROWS; count++) {
		size_t fit = text_fit(rest, width), cut = fit;
		while (fit < rest.length && cut > 0 && rest.bytes[cut] != ' ')
			cut--;
		parts[count] = slice_part(rest, 0, cut ? cut : fit);
		rest = slice_trim(slice_part(rest, parts[count].length, fit ? rest.length : 0));
	}
	struct pane box = pane_part(pane, pane.rows - count, 0, count, pane.columns);
	for (int row = 0; row < box.rows; row++) {
		pane_repeat(box, row, 0, box.columns, look_of(SLOT_TEXT), SLICE(" "));
		pane_text(box, row, 1, look_of(app->message_slot), parts[count - box.rows + row]);
	}
}

void app_draw_work(struct app *app, const char *what, size_t done, size_t whole)
{
	struct pane all = canvas_pane(app->canvas);
	struct pane bottom = pane_part(all, all.rows - 1, 0, 1, all.columns);
	pane_repeat(bottom, 0, 0, bottom.columns, look_of(SLOT_TEXT), SLICE(" "));
	int column = pane_text(bottom, 0, 1, look_of(SLOT_MESSAGE), progress_text(app->frame, what, done, whole));
	pane_text(bottom, 0, column + 2, look_of(SLOT_HINT), SLICE("Esc stops"));
}

bool app_draw(struct app *app, int *row, int *column)
{
	arena_free(app->frame);
	app->frame = terminal_arena();
	canvas_clear(app->canvas);
	app->unsettled = false;
	struct pane all = canvas_pane(app->canvas);
	struct pane bottom = pane_part(all, all.rows - 1, 0, 1, all.columns);
	struct view *view = app_view(app);
	view->type->draw(app, view, pane_part(all, 1, 0, app_view_rows(app), all.columns));
	draw_title(app, pane_part(all, 0, 0, 1, all.columns));
	if (app->prompt.open) {
		if (app->prompt.completion)
			draw_completions(app, pane_part(all, 0, 0, all.rows - 1, all.columns));
		*row = all.rows - 1;
		*column = prompt_draw(&app->prompt, app->frame, bottom);
		return true;
	}
	if (app->message.length)
		draw_message(app, all);
	else if (all.rows > 1 && !app->pending_count && !app->number && app->waiting == ACTION_NONE)
		draw_hints(app, bottom);
	if (app->pending_count)
		draw_continuations(app, pane_part(all, 0, 0, all.rows - 1, all.columns));
	if (app->waiting == ACTION_GO_TO_MARK)
		draw_marks(app, pane_part(all, 0, 0, all.rows - 1, all.columns));
	draw_pending(app, bottom);
	return false;
}
