#include "tui/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui/typed_commands.h"
#include "tui/screen.h"
#include "tui/state.h"

enum {
	IDLE_MILLISECONDS = 40, /* without a key, after which what takes longer is drawn */
	INTERRUPT_MILLISECONDS = 1000,
	LARGEST_NUMBER = 1000000000,
	LARGEST_SIDE = 1000,
	EXIT_TROUBLE = 2,
};

/* --- what is selected --- */

const struct cell *app_cell(const struct app *app)
{
	const struct notebook *notebook = app->analysis->notebook;
	return app->place.cell < notebook->cell_count ? &notebook->cells[app->place.cell] : NULL;
}

const struct cell_status *app_status(const struct app *app, const struct cell *cell)
{
	return cell->number ? &app->analysis->status->cells[cell->number - 1] : NULL;
}

void app_go(struct app *app, size_t cell)
{
	const struct notebook *notebook = app->analysis->notebook;
	if (notebook->cell_count == 0)
		return;
	app->place.cell = cell < notebook->cell_count ? cell : notebook->cell_count - 1;
	app->place.run = orders_run_of(app->orders, app_cell(app));
}

void app_go_run(struct app *app, size_t run)
{
	const struct analysis *analysis = app->analysis;
	size_t number = analysis->log->runs[run].cell;
	app->place.run = run;
	if (number)
		app->place.cell = analysis->notebook->code[number - 1]->index;
}

void app_go_cell_number(struct app *app, size_t number)
{
	const struct notebook *notebook = app->analysis->notebook;
	if (notebook->code_count == 0)
		app_complain(app, "The notebook has no code cell.");
	else
		app_go(app, notebook->code[(number < notebook->code_count ? number : notebook->code_count) - 1]->index);
}

/* --- views --- */

struct view *app_view(struct app *app)
{
	return &app->views[app->view_count - 1];
}

static void drop_view(struct app *app)
{
	struct view *view = app_view(app);
	if (view->type->close)
		view->type->close(app, view);
	arena_free(view->arena);
	app->view_count--;
}

void app_open_view(struct app *app, enum view_id id)
{
	const struct view_type *type = view_type(id);
	for (size_t at = 0; at < app->view_count; at++) {
		if (app->views[at].type != type)
			continue;
		while (app->view_count > at + 1)
			drop_view(app);
		return;
	}
	struct arena *arena = terminal_arena();
	app->views[app->view_count++] = (struct view){type, arena, arena_alloc(arena, type->state_size)};
	if (type->open)
		type->open(app, app_view(app));
}

void app_close_view(struct app *app)
{
	if (app->view_count == 1)
		app->quit = true;
	else
		drop_view(app);
}

void app_renew(struct app *app)
{
	app->generation++;
}

/* --- themes --- */

bool app_set_theme(struct app *app, struct slice name)
{
	struct failure failure = {0};
	struct theme *theme = theme_load(app->arena, name, &failure);
	if (!theme) {
		app_complain(app, "%.*s", SLICE_FORMAT(failure_line(app->frame, &failure)));
		return false;
	}
	app->theme = theme;
	app_renew(app);
	return true;
}

static void next_theme(struct app *app)
{
	size_t at = 0;
	while (theme_name(at) && !slice_equal(slice_of(theme_name(at)), app->theme->name))
		at++;
	const char *next = theme_name(at) ? theme_name(at + 1) : NULL;
	if (app_set_theme(app, slice_of(next ? next : theme_name(0))))
		app_say(app, "The theme is %.*s now.", SLICE_FORMAT(app->theme->name));
}

/* --- the analysis --- */

static void use_analysis(struct app *app, struct analysis *analysis)
{
	app->analysis = analysis;
	arena_free(app->index_arena);
	app->index_arena = terminal_arena();
	app->orders = orders_new(app->index_arena, analysis);
	app->versions[0] = app->versions[1] = NULL;
	app_renew(app);
}

const struct versions *app_versions(struct app *app, bool from_top)
{
	if (!app->versions[from_top])
		app->versions[from_top] = versions_new(app->index_arena, app->analysis, from_top);
	return app->versions[from_top];
}

/* Where a cell of another analysis is now: the cell with its id, or with its
 * source, the nearest one first; else the one with its index. */
static size_t find_again(const struct notebook *notebook, const struct cell *cell)
{
	size_t count = notebook->cell_count;
	for (size_t at = 0; cell->id.length && at < count; at++) {
		if (slice_equal(notebook->cells[at].id, cell->id))
			return at;
	}
	for (size_t distance = 0; distance < count || distance <= cell->index; distance++) {
		size_t after = cell->index + distance, before = cell->index - distance;
		if (after < count && slice_equal(notebook->cells[after].source, cell->source))
			return after;
		if (distance <= cell->index && before < count && slice_equal(notebook->cells[before].source, cell->source))
			return before;
	}
	return cell->index;
}

static struct analysis *analyse(const struct app_options *options, struct arena *arena, struct failure *failure)
{
	return analysis_open(&(struct analysis_sources){options->path, options->history}, arena, failure);
}

static void reload(struct app *app)
{
	struct failure failure = {0};
	if (slice_equal(app->options.path, SLICE("-"))) {
		app_complain(app, "Standard input can't be read again.");
		return;
	}
	struct analysis *old = app->analysis, *fresh = analyse(&app->options, app->frame, &failure);
	if (!fresh) {
		app_complain(app, "Not read again: %.*s", SLICE_FORMAT(failure_line(app->frame, &failure)));
		return;
	}
	const struct cell *cell = app_cell(app);
	size_t place = cell ? find_again(fresh->notebook, cell) : 0;
	use_analysis(app, fresh);
	app->place = (struct place){0, NO_RUN};
	app_go(app, place);
	for (size_t at = 0; at < app->view_count; at++) {
		if (app->views[at].type->renew)
			app->views[at].type->renew(app, &app->views[at]);
	}
	analysis_close(old);
	app_say(app, "Read again.");
}

/* --- searching --- */

const struct search *app_marks(const struct app *app)
{
	return app->search_shown ? app->search : NULL;
}

static void search_on(struct app *app, bool back)
{
	struct view *view = app_view(app);
	if (!app->search) {
		app_complain(app, "There is nothing to search for yet: / begins a search.");
		return;
	}
	app->search_shown = true;
	app->search_left_out = app->search_stopped = false;
	bool found = view->type->search && view->type->search(app, view, back);
	if (app->search_stopped)
		app_say(app, "Stopped.");
	else if (!found)
		app_complain(app, "Not found: %.*s%s", SLICE_FORMAT(search_pattern(app->search)),
		             app->search_left_out ? "  (in what is shown of outputs; zR shows all of them)" : "");
}

void app_search(struct app *app, struct slice pattern, bool back)
{
	app->search_back = back;
	if (pattern.length) {
		struct slice mistake;
		struct search *search = search_new(app->frame, pattern, &mistake);
		if (!search) {
			app_complain(app, "That can't be searched for.");
			return;
		}
		search_free(app->search);
		app->search = search;
		if (mistake.length)
			app_say(app, "Searched for as it stands, because it is no regular expression: %.*s.",
			        SLICE_FORMAT(mistake));
	}
	search_on(app, back);
}

bool app_interrupted(struct app *app)
{
	app->search_stopped = app->terminal->interrupted(app->terminal);
	return app->search_stopped;
}

/* --- going from cell to cell --- */

static bool is_stale(const struct app *app, const struct cell *cell)
{
	const struct cell_status *status = app_status(app, cell);
	return status && (status->status == STATUS_STALE || status->status == STATUS_BROKEN);
}

static bool is_failed(const struct app *app, const struct cell *cell)
{
	const struct cell_status *status = app_status(app, cell);
	return status && status->error;
}

static bool has_outputs(const struct app *app, const struct cell *cell)
{
	(void)app;
	return cell->output_count > 0;
}

static bool is_heading(const struct app *app, const struct cell *cell)
{
	return cell->type == CELL_MARKDOWN && slice_starts(first_line(app->frame, cell->source), SLICE("#"));
}

static void go_to_next(struct app *app, bool (*wanted)(const struct app *, const struct cell *), bool back,
                       size_t number, const char *none)
{
	const struct notebook *notebook = app->analysis->notebook;
	size_t count = notebook->cell_count, at = app->place.cell, times = number ? number : 1;
	for (size_t seen = 0; seen < count; seen++) {
		bool wraps = back ? at == 0 : at + 1 >= count;
		at = wraps ? (back ? count - 1 : 0) : back ? at - 1 : at + 1;
		if (wraps)
			app_say(app, "Went on from the %s.", back ? "end" : "top");
		if (wanted(app, &notebook->cells[at]) && --times == 0) {
			app_go(app, at);
			return;
		}
	}
	app_complain(app, "%s", none);
}

static void step_cells(struct app *app, bool back, size_t number)
{
	size_t times = number ? number : 1, last = app->analysis->notebook->cell_count;
	size_t room = back ? app->place.cell : last - (last ? 1 : 0) - app->place.cell;
	times = times < room ? times : room;
	app_go(app, back ? app->place.cell - times : app->place.cell + times);
}

static bool act_on_cells(struct app *app, enum action action, size_t number)
{
	static const char *const NO_STALE = "No cell is stale or broken.", *const NO_ERROR = "No saved output is an error.",
	                         *const NO_OUTPUT = "No cell has an output.",
	                         *const NO_HEADING = "The notebook has no heading.";
	switch (action) {
	case ACTION_NEXT_CELL: step_cells(app, false, number); return true;
	case ACTION_PREVIOUS_CELL: step_cells(app, true, number); return true;
	case ACTION_NEXT_STALE: go_to_next(app, is_stale, false, number, NO_STALE); return true;
	case ACTION_PREVIOUS_STALE: go_to_next(app, is_stale, true, number, NO_STALE); return true;
	case ACTION_NEXT_ERROR: go_to_next(app, is_failed, false, number, NO_ERROR); return true;
	case ACTION_PREVIOUS_ERROR: go_to_next(app, is_failed, true, number, NO_ERROR); return true;
	case ACTION_NEXT_OUTPUT: go_to_next(app, has_outputs, false, number, NO_OUTPUT); return true;
	case ACTION_PREVIOUS_OUTPUT: go_to_next(app, has_outputs, true, number, NO_OUTPUT); return true;
	case ACTION_NEXT_HEADING: go_to_next(app, is_heading, false, number, NO_HEADING); return true;
	case ACTION_PREVIOUS_HEADING: go_to_next(app, is_heading, true, number, NO_HEADING); return true;
	default: return false;
	}
}

/* --- what is shown --- */

static void set_outputs(struct app *app, int level)
{
	app->settings.outputs = level < OUTPUT_NONE ? OUTPUT_NONE : level > OUTPUT_ALL ? OUTPUT_ALL : level;
	app_renew(app);
	if (app->settings.outputs == OUTPUT_NONE)
		app_say(app, "Outputs: one line each.");
	else if (app->settings.outputs == OUTPUT_ALL)
		app_say(app, "Outputs: all lines.");
	else
		app_say(app, "Outputs: up to %zu lines each.", output_lines(app));
}

static void toggle(struct app *app, bool *setting, const char *on, const char *off)
{
	*setting = !*setting;
	app_renew(app);
	app_say(app, "%s", *setting ? on : off);
}

static bool act_on_settings(struct app *app, enum action action)
{
	struct settings *settings = &app->settings;
	switch (action) {
	case ACTION_MORE_OUTPUT: set_outputs(app, settings->outputs + 1); return true;
	case ACTION_LESS_OUTPUT: set_outputs(app, settings->outputs - 1); return true;
	case ACTION_ALL_OUTPUT: set_outputs(app, OUTPUT_ALL); return true;
	case ACTION_NO_OUTPUT: set_outputs(app, OUTPUT_NONE); return true;
	case ACTION_TOGGLE_WRAP:
		toggle(app, &settings->wrap, "Long lines are wrapped.", "Long lines are cut.");
		return true;
	case ACTION_TOGGLE_NUMBERS:
		toggle(app, &settings->numbers, "Lines are numbered.", "Lines are not numbered.");
		return true;
	case ACTION_TOGGLE_EXECUTION:
		toggle(app, &settings->execution, "The execution order is shown.", "The execution order is hidden.");
		return true;
	case ACTION_TOGGLE_GLYPHS:
		toggle(app, &settings->ascii, "Signs are in ASCII.", "Signs are in Unicode.");
		return true;
	case ACTION_NEXT_THEME: next_theme(app); return true;
	default: return false;
	}
}

/* --- the program --- */

static long long milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void interrupt(struct app *app)
{
	long long now = milliseconds();
	if (app->interrupted && now - app->interrupted < INTERRUPT_MILLISECONDS)
		app->quit = true;
	app->interrupted = now;
	app_say(app, "Press Ctrl-C again to end nbscope, or q to go back.");
}

static bool act_on_program(struct app *app, enum action action)
{
	switch (action) {
	case ACTION_CLOSE: app_close_view(app); return true;
	case ACTION_QUIT: app->quit = true; return true;
	case ACTION_SEARCH: prompt_open(&app->prompt, PROMPT_SEARCH, app->arena); return true;
	case ACTION_SEARCH_BACK: prompt_open(&app->prompt, PROMPT_SEARCH_BACK, app->arena); return true;
	case ACTION_NEXT_MATCH: search_on(app, app->search_back); return true;
	case ACTION_PREVIOUS_MATCH: search_on(app, !app->search_back); return true;
	case ACTION_CANCEL: app->search_shown = false; return true;
	case ACTION_PROMPT: prompt_open(&app->prompt, PROMPT_COMMAND, app->arena); return true;
	case ACTION_RELOAD: reload(app); return true;
	case ACTION_REDRAW: app->terminal->forget(app->terminal); return true;
	case ACTION_SUSPEND: app->terminal->suspend(app->terminal); return true;
	case ACTION_INTERRUPT: interrupt(app); return true;
	default: return false;
	}
}

void app_act(struct app *app, enum action action, size_t number)
{
	struct view *view = app_view(app);
	enum view_id opened = view_of_action(action);
	if (view->type->act && view->type->act(app, view, action, number))
		return;
	if (opened != VIEW_ANY)
		app_open_view(app, opened);
	else if (!act_on_cells(app, action, number) && !act_on_settings(app, action) && !act_on_program(app, action))
		app_complain(app, "\"%s\" does nothing here; F1 shows the keys.", action_definition(action)->name);
}

/* --- keys --- */

static void complete(struct app *app, bool back)
{
	struct prompt *prompt = &app->prompt;
	if (prompt->kind != PROMPT_COMMAND)
		return;
	if (prompt->completion == 0)
		prompt->typed = prompt_text(prompt, prompt->arena);
	size_t count = 0;
	while (typed_command_complete(app->frame, prompt->typed, count).length)
		count++;
	if (count == 0)
		return;
	size_t at = prompt->completion; /* from 1 to count */
	prompt->completion = back ? (at > 1 ? at - 1 : count) : at % count + 1;
	prompt_replace(prompt, typed_command_complete(app->frame, prompt->typed, prompt->completion - 1));
}

static void prompt_take_key(struct app *app, key_code key)
{
	struct prompt *prompt = &app->prompt;
	switch (prompt_key(prompt, key)) {
	case PROMPT_EDITING: break;
	case PROMPT_COMPLETE: complete(app, key == PRESSED_BACK_TAB); break;
	case PROMPT_CANCELLED: prompt_close(prompt, false); break;
	case PROMPT_ENTERED: {
		struct slice text = prompt_text(prompt, app->frame);
		prompt_close(prompt, true);
		if (prompt->kind == PROMPT_COMMAND)
			typed_command_run(app, text);
		else
			app_search(app, text, prompt->kind == PROMPT_SEARCH_BACK);
		break;
	}
	}
}

static void say_unknown(struct app *app)
{
	struct builder text = {.arena = app->frame};
	keys_write(&text, (struct keys){app->pending, app->pending_count, 0}, 0);
	app_complain(app, "%.*s does nothing here; F1 shows the keys.", SLICE_FORMAT(builder_slice(&text)));
}

static void command_take_key(struct app *app, key_code key)
{
	if (app->pending_count == 0 && key >= (app->number ? '0' : '1') && key <= '9') {
		size_t number = app->number * 10 + (key - '0');
		app->number = number < LARGEST_NUMBER ? number : LARGEST_NUMBER;
		return;
	}
	if (key == PRESSED_ESCAPE && (app->pending_count || app->number)) {
		app->pending_count = app->number = 0;
		return;
	}
	enum action action = ACTION_NONE;
	size_t number = app->number;
	app->pending[app->pending_count++] = key;
	switch (keymap_find(app->keymap, app_view(app)->type->id, app->pending, app->pending_count, &action)) {
	case KEYMAP_PREFIX:
		if (app->pending_count < PENDING_LIMIT)
			return;
		break;
	case KEYMAP_NONE: say_unknown(app); break;
	case KEYMAP_ACTION: break;
	}
	app->pending_count = app->number = 0;
	if (action != ACTION_NONE)
		app_act(app, action, number);
}

static void resize(struct app *app)
{
	int rows, columns;
	app->terminal->size(app->terminal, &rows, &columns);
	arena_free(app->canvas_arena);
	app->canvas_arena = terminal_arena();
	app->canvas = canvas_new(app->canvas_arena, rows, columns);
}

static void take_key(struct app *app, key_code key)
{
	arena_free(app->frame);
	app->frame = terminal_arena();
	if (key == PRESSED_HANGUP) {
		app->quit = true;
		return;
	}
	if (key == PRESSED_RESIZE) {
		resize(app);
		return;
	}
	app->message = (struct slice){0};
	if (key & PRESSED_ALT) {
		/* Alt and a key is Esc and a key, where it has no meaning of its own. */
		enum action action;
		if (app->prompt.open || keymap_find(app->keymap, app_view(app)->type->id, &key, 1, &action) == KEYMAP_NONE) {
			take_key(app, PRESSED_ESCAPE);
			key &= ~(key_code)PRESSED_ALT;
		}
	}
	if (app->prompt.open)
		prompt_take_key(app, key);
	else
		command_take_key(app, key);
}

/* --- life --- */

/* Begins with everything but the theme, which may have a mistake. */
static void app_init(struct app *app, const struct app_options *options, struct analysis *analysis,
                     struct terminal *terminal)
{
	app->options = *options;
	app->terminal = terminal;
	app->keymap = keymap_default(app->arena);
	app->settings =
	    (struct settings){.numbers = true, .execution = true, .ascii = terminal->ascii, .outputs = OUTPUT_SOME};
	use_analysis(app, analysis);
	app->place.run = NO_RUN;
	app_go(app, 0);
	resize(app);
	app_open_view(app, VIEW_CELLS);
	if (terminal->notice.length)
		app_say(app, "%.*s", SLICE_FORMAT(terminal->notice));
}

static void app_end(struct app *app)
{
	while (app->view_count)
		drop_view(app);
	search_free(app->search);
	prompt_free(&app->prompt);
	arena_free(app->message_arena);
	arena_free(app->index_arena);
	arena_free(app->canvas_arena);
	arena_free(app->frame);
	analysis_close(app->analysis);
}

static void show(struct app *app)
{
	int row = -1, column = 0;
	if (!app_draw(app, &row, &column))
		row = -1;
	app->terminal->show(app->terminal, app->canvas, app->theme, row, column);
}

/* Keys that are waiting are all taken before the screen is drawn; what takes
 * longer to draw waits until no key has come for a moment. */
static void app_loop(struct app *app)
{
	struct terminal *terminal = app->terminal;
	app->settled = true;
	while (!app->quit) {
		show(app);
		key_code key = terminal->read(terminal, app->unsettled ? IDLE_MILLISECONDS : -1);
		app->settled = key == PRESSED_NOTHING;
		while (key != PRESSED_NOTHING && !app->quit) {
			take_key(app, key);
			key = terminal->read(terminal, 0);
		}
	}
}

static struct slice first_theme(const struct app_options *options, const struct terminal *terminal)
{
	return options->theme.length ? options->theme : terminal->colours ? SLICE("default") : SLICE("mono");
}

static int run_failed(struct arena *arena, const struct failure *failure)
{
	struct slice text = failure_line(arena, failure);
	/* FILE:LINE:COLUMN: message; what lies with no file lies with the program. */
	fprintf(stderr, "%s%.*s\n", failure->file.length ? "" : "nbscope: ", SLICE_FORMAT(text));
	return EXIT_TROUBLE;
}

int app_run(const struct app_options *options)
{
	struct failure failure = {0};
	struct app app = {.arena = terminal_arena()};
	int status = EXIT_SUCCESS;
	struct analysis *analysis = analyse(options, app.arena, &failure);
	if (!analysis) {
		status = run_failed(app.arena, &failure);
		arena_free(app.arena);
		return status;
	}
	/* A theme with a mistake is told on the shell's screen, before this one is taken. */
	bool good = options->theme.length == 0 || theme_load(app.arena, options->theme, &failure);
	struct terminal *terminal = good ? terminal_open(app.arena, &failure) : NULL;
	if (terminal) {
		app_init(&app, options, analysis, terminal);
		app_set_theme(&app, first_theme(options, terminal));
		app_loop(&app);
		app_end(&app);
		terminal->close(terminal);
	} else {
		analysis_close(analysis);
		status = run_failed(app.arena, &failure);
	}
	arena_free(app.arena);
	return status;
}

bool app_screen(struct builder *out, const struct app_options *options, const struct screen_options *screen,
                struct failure *failure)
{
	struct keys keys = {0};
	bool utf8 = terminal_locale(true);
	struct analysis *analysis = NULL;
	if (!keys_parse(out->arena, screen->keys, &keys, failure))
		return false;
	struct app app = {.arena = terminal_arena()};
	struct terminal *terminal = terminal_memory(app.arena, screen->rows, screen->columns);
	terminal->ascii = !utf8;
	const struct theme *theme = theme_load(out->arena, first_theme(options, terminal), failure);
	if (theme)
		analysis = analyse(options, out->arena, failure);
	if (analysis) {
		app_init(&app, options, analysis, terminal);
		app.theme = theme;
		for (size_t at = 0; at < keys.count && !app.quit; at++)
			take_key(&app, keys.items[at]);
		app.settled = true;
		int row, column;
		app_draw(&app, &row, &column);
		screen_write(out, app.canvas, app.theme, screen->form);
		app_end(&app);
	}
	arena_free(app.arena);
	return analysis != NULL;
}

bool screen_size_parse(struct slice text, int *columns, int *rows)
{
	int *values[2] = {columns, rows};
	size_t at = 0;
	for (int value = 0; value < 2; value++) {
		size_t start = at;
		int number = 0;
		while (at < text.length && text.bytes[at] >= '0' && text.bytes[at] <= '9' && number <= LARGEST_SIDE)
			number = number * 10 + (text.bytes[at++] - '0');
		if (at == start || number < 1 || number > LARGEST_SIDE)
			return false;
		*values[value] = number;
		if (value == 0 && (at >= text.length || text.bytes[at++] != 'x'))
			return false;
	}
	return at == text.length;
}
