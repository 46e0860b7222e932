#include "tui/app.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui/config.h"
#include "tui/typed_commands.h"
#include "tui/screen.h"
#include "tui/parts.h"

enum {
	IDLE_MILLISECONDS = 40,      /* without a key, after which what takes longer is drawn */
	FIRST_MILLISECONDS = 30,     /* for the notebook, before the first screen is drawn without it */
	PROGRESS_MILLISECONDS = 100, /* between two looks at how far something is */
	WORK_MILLISECONDS = 3,       /* of work until it is shown that there is some */
	LARGE_CELLS = 1000,
	FOLLOW_MILLISECONDS = 400, /* between two looks at a file that is followed */
	INTERRUPT_MILLISECONDS = 1000,
	LARGEST_NUMBER = 1000000000,
	LARGEST_SIDE = 1000,
	EXIT_TROUBLE = 2,
};

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
	app->playing = 0;
	const struct view_type *type = view_type(id);
	for (size_t at = 0; at < app->view_count; at++) {
		if (app->views[at].type != type)
			continue;
		while (app->view_count > at + 1)
			drop_view(app);
		return;
	}
	if (type->prepare && !type->prepare(app)) {
		app_say(app, "Stopped.");
		return;
	}
	struct arena *arena = terminal_arena();
	app->views[app->view_count++] = (struct view){type, arena, arena_alloc(arena, type->state_size)};
	if (type->open)
		type->open(app, app_view(app));
}

void app_close_view(struct app *app)
{
	app->playing = 0;
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
	struct slice mistake;
	size_t offset;
	for (size_t at = 0; at < app->overrides.count; at++)
		theme_add(app->arena, theme, app->overrides.items[at], &mistake, &offset);
	app->theme = theme;
	app_renew(app);
	return true;
}

bool app_override_theme(struct app *app, struct slice line)
{
	struct slice mistake;
	/* A copy, so that the terminal sees that it is another one. */
	struct theme *theme = arena_copy(app->arena, app->theme, sizeof *theme);
	const char *typed = line.bytes;
	size_t offset;
	line = slice_copy(app->arena, line);
	if (!theme_add(app->arena, theme, line, &mistake, &offset)) {
		app->mistake = typed + offset;
		app_complain(app, "%.*s", SLICE_FORMAT(mistake));
		return false;
	}
	vector_push(app->arena, &app->overrides, line);
	app->theme = theme;
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

/* --- searching --- */

const struct search *app_marks(const struct app *app)
{
	return app->search_shown ? app->search : NULL;
}

/* " in outputs", for the end of a sentence. */
static const char *scope_words(enum search_scope scope)
{
	static const char *const WORDS[SEARCH_SCOPES] = {[SEARCH_ALL] = "",
	                                                 [SEARCH_SOURCE] = " in sources",
	                                                 [SEARCH_OUTPUTS] = " in outputs",
	                                                 [SEARCH_NAMES] = " among names"};
	return WORDS[scope];
}

static void search_on(struct app *app, bool back)
{
	struct view *view = app_view(app);
	if (!app->search) {
		app_complain(app, "There is nothing to search for yet: / begins a search.");
		return;
	}
	app->search_shown = true;
	app_leave_trace(app);
	app_begin_search(app);
	bool found = view->type->search && view->type->search(app, view, back);
	bool gave_up = search_gave_up(app->search);
	if (app->search_stopped)
		app_say(app, "Stopped.");
	else if (!found)
		app_complain(app, "Not found%s: %.*s%s", scope_words(search_scope(app->search)),
		             SLICE_FORMAT(search_pattern(app->search)),
		             gave_up ? "  (for some lines the pattern takes too long; they count as no match)" : "");
	else if (gave_up)
		app_complain(app, "For some lines the pattern takes too long: they were passed over.");
}

void app_search(struct app *app, struct slice pattern, bool back)
{
	app->search_back = back;
	if (pattern.length) {
		struct slice mistake;
		struct search *search = search_new(app->frame, pattern, app->settings.scope, &mistake);
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

struct spot app_spot(struct app *app)
{
	struct view *view = app_view(app);
	return view->type->spot ? view->type->spot(app, view) : (struct spot){0};
}

/* --- what is shown --- */

/* What is switched on and off: a bool of struct settings, and what is said then. */
static const struct {
	enum action action;
	size_t offset;
	const char *on, *off;
} TOGGLES[] = {
    {ACTION_TOGGLE_WRAP, offsetof(struct settings, wrap), "Long lines are wrapped.", "Long lines are cut."},
    {ACTION_TOGGLE_NUMBERS, offsetof(struct settings, numbers), "Lines are numbered.", "Lines are not numbered."},
    {ACTION_TOGGLE_EXECUTION, offsetof(struct settings, execution), "The execution order is shown.",
     "The execution order is hidden."},
    {ACTION_TOGGLE_GLYPHS, offsetof(struct settings, ascii), "Signs are in ASCII.", "Signs are in Unicode."},
    {ACTION_TOGGLE_IMAGES, offsetof(struct settings, images), "Images are painted.", "Images are named."},
    {ACTION_TOGGLE_MARKS, offsetof(struct settings, marks), "What is stale, broken and out of order is marked.",
     "No marks: the notebook to be read."},
    {ACTION_TOGGLE_MOUSE, offsetof(struct settings, mouse),
     "The mouse selects and scrolls; with Shift the terminal's selection works.", "The mouse is the terminal's."},
};

static bool *setting_of(const struct app *app, size_t toggle)
{
	return (bool *)((char *)(uintptr_t)&app->settings + TOGGLES[toggle].offset);
}

const char *app_toggle_state(const struct app *app, enum action action)
{
	if (action == ACTION_TOGGLE_OUTPUTS)
		return app->settings.outputs == OUTPUT_NONE ? "off" : "on";
	for (size_t at = 0; at < sizeof TOGGLES / sizeof *TOGGLES; at++) {
		if (TOGGLES[at].action == action)
			return *setting_of(app, at) ? "on" : "off";
	}
	return NULL;
}

static bool act_on_settings(struct app *app, enum action action)
{
	for (size_t at = 0; at < sizeof TOGGLES / sizeof *TOGGLES; at++) {
		bool *setting = setting_of(app, at);
		if (TOGGLES[at].action != action)
			continue;
		*setting = !*setting;
		app_renew(app);
		app_say(app, "%s", *setting ? TOGGLES[at].on : TOGGLES[at].off);
		return true;
	}
	if (action != ACTION_NEXT_THEME)
		return false;
	next_theme(app);
	return true;
}

/* --- the program --- */

static long long milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool look_up(void *context, const char *what, size_t done, size_t whole)
{
	struct app *app = context;
	long long now = milliseconds();
	if (now < app->look)
		return true;
	app->look = now + PROGRESS_MILLISECONDS;
	app_draw_work(app, what, done, whole);
	app->terminal->show(app->terminal, app->canvas, app->theme, -1, 0);
	/* The work may be done within a drawing, which is not to go on over this. */
	struct pane all = canvas_pane(app->canvas);
	pane_repeat(all, all.rows - 1, 0, all.columns, look_of(SLOT_TEXT), SLICE(" "));
	return !app->terminal->interrupted(app->terminal);
}

void app_begin_search(struct app *app)
{
	app->search_stopped = false;
	app->look = milliseconds() + PROGRESS_MILLISECONDS;
}

bool app_interrupted(struct app *app, uint64_t done, uint64_t total)
{
	app->search_stopped |= !look_up(app, "searching", done, total);
	return app->search_stopped;
}

struct analysis_watch app_watch(struct app *app)
{
	/* What is large is known to take a moment, so the key is answered at once. */
	bool large = app->analysis->notebook->code_count >= LARGE_CELLS;
	app->look = large ? 0 : milliseconds() + WORK_MILLISECONDS;
	if (large)
		look_up(app, "looking at the cells", 0, 0);
	return (struct analysis_watch){look_up, app};
}

static void tell_scope(struct app *app)
{
	static const char *const HINTS[SEARCH_SCOPES] = {[SEARCH_ALL] = "in sources and outputs",
	                                                 [SEARCH_SOURCE] = "in sources",
	                                                 [SEARCH_OUTPUTS] = "in outputs",
	                                                 [SEARCH_NAMES] = "among names in sources"};
	enum prompt_kind kind = app->prompt.kind;
	if (kind == PROMPT_SEARCH || kind == PROMPT_SEARCH_BACK || kind == PROMPT_FILTER)
		app->prompt.where = HINTS[app->settings.scope];
}

static void interrupt(struct app *app)
{
	long long now = milliseconds();
	if (app->interrupted && now - app->interrupted < INTERRUPT_MILLISECONDS)
		app->quit = true;
	app->interrupted = now;
	app_say(app, "Press Ctrl-C again to end nbscope, or q to go back.");
}

/* Those that search say where, and that Tab looks elsewhere. */
static void open_prompt(struct app *app, enum prompt_kind kind)
{
	prompt_open(&app->prompt, kind, app->arena);
	tell_scope(app);
}

/* The next or the previous of the views; with a number, the one of that number. */
static void turn_views(struct app *app, bool back, size_t number)
{
	enum view_id here = app_view(app)->type->id;
	int steps = number && number < VIEW_TOTAL ? (int)number - 1 : back ? -1 : 1;
	app_act(app, view_action_beside(number ? VIEW_CELLS : here, steps), 0);
}

static bool act_on_program(struct app *app, enum action action, size_t number)
{
	switch (action) {
	case ACTION_CLOSE: app_close_view(app); return true;
	case ACTION_QUIT: app->quit = true; return true;
	case ACTION_NEXT_VIEW:
	case ACTION_PREVIOUS_VIEW: turn_views(app, action == ACTION_PREVIOUS_VIEW, number); return true;
	case ACTION_SEARCH: open_prompt(app, PROMPT_SEARCH); return true;
	case ACTION_SEARCH_BACK: open_prompt(app, PROMPT_SEARCH_BACK); return true;
	case ACTION_FILTER: open_prompt(app, PROMPT_FILTER); return true;
	case ACTION_PIPE: open_prompt(app, PROMPT_PIPE); return true;
	case ACTION_NEXT_MATCH: search_on(app, app->search_back); return true;
	case ACTION_PREVIOUS_MATCH: search_on(app, !app->search_back); return true;
	case ACTION_CANCEL: app->search_shown = false; return true;
	case ACTION_PROMPT: open_prompt(app, PROMPT_COMMAND); return true;
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
	if ((action == ACTION_CANCEL || action == ACTION_INTERRUPT) && loading_stop(app))
		return;
	if (loading_is_early(app, action)) {
		app_complain(app, app->job ? "That is not known yet: the cells are still being read."
		                           : "That is not known, since reading was stopped; R reads the file again.");
		return;
	}
	if (view->type->act && view->type->act(app, view, action, number))
		return;
	if (links_act(app, action, number))
		return;
	if (opened == VIEW_RESULTS)
		app->results = (struct wanted_results){0, app->results.number + 1};
	if (opened != VIEW_ANY)
		app_open_view(app, opened);
	else if (!folds_act(app, action) && !places_act(app, action, number) && !act_on_settings(app, action) &&
	         !loading_act(app, action) && !name_actions_act(app, action) && !handing_on_act(app, action) &&
	         !act_on_program(app, action, number))
		app_complain(app, "\"%s\" does nothing here; F1 shows the keys.", action_definition(action)->name);
}

/* --- keys --- */

static void complete(struct app *app, bool back)
{
	struct prompt *prompt = &app->prompt;
	if (prompt->kind != PROMPT_COMMAND) {
		if (prompt->kind != PROMPT_PIPE)
			app->settings.scope = (app->settings.scope + (back ? SEARCH_SCOPES - 1 : 1)) % SEARCH_SCOPES;
		tell_scope(app);
		return;
	}
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
	if (key == PRESSED_CONTROL('r')) {
		symbol name = app_focused_name(app);
		prompt_insert(prompt, name ? symbols_name(app->analysis->symbols, name) : SLICE(""));
		return;
	}
	switch (prompt_key(prompt, key)) {
	case PROMPT_EDITING: break;
	case PROMPT_COMPLETE: complete(app, key == PRESSED_BACK_TAB); break;
	case PROMPT_CANCELLED: prompt_close(prompt, false); break;
	case PROMPT_ENTERED: {
		struct slice text = prompt_text(prompt, app->frame);
		prompt_close(prompt, true);
		if (prompt->kind == PROMPT_COMMAND)
			typed_command_run(app, text);
		else if (prompt->kind == PROMPT_FILTER)
			filter_set(app, text);
		else if (prompt->kind == PROMPT_PIPE)
			handing_on_pipe(app, text);
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
	if (app->waiting != ACTION_NONE) {
		enum action waiting = app->waiting;
		app->waiting = ACTION_NONE;
		places_take_letter(app, waiting, key);
		return;
	}
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

enum { WHEEL_LINES = 3 };

static void take_pointer(struct app *app, key_code key)
{
	struct view *view = app_view(app);
	int row = app->terminal->pointer_row - 1, column = app->terminal->pointer_column;
	if (app->prompt.open || row < 0 || row >= app_view_rows(app))
		return;
	if (view->type->point && view->type->point(app, view, key, row, column))
		return;
	if (key != PRESSED_CLICK)
		app_act(app, key == PRESSED_WHEEL_DOWN ? ACTION_DOWN : ACTION_UP, WHEEL_LINES);
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
	if (key >= PRESSED_CLICK && key <= PRESSED_WHEEL_DOWN) {
		take_pointer(app, key);
		return;
	}
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
	app->frame = terminal_arena();
	app->keymap = keymap_default(app->arena);
	app->settings = (struct settings){
	    .numbers = true, .execution = true, .marks = true, .ascii = terminal->ascii, .outputs = OUTPUT_SOME};
	loading_use(app, analysis, NULL);
	app->place.run = NO_RUN;
	app_go(app, 0);
	resize(app);
	app_open_view(app, VIEW_CELLS);
}

static void app_end(struct app *app)
{
	while (app->view_count)
		drop_view(app);
	search_free(app->search);
	filter_drop(app);
	prompt_free(&app->prompt);
	arena_free(app->message_arena);
	arena_free(app->index_arena);
	arena_free(app->canvas_arena);
	arena_free(app->frame);
	loading_end(app);
}

static void show(struct app *app)
{
	int row = -1, column = 0;
	if (!app_draw(app, &row, &column))
		row = -1;
	app->terminal->show(app->terminal, app->canvas, app->theme, row, column);
}

/* How long to wait for a key until there is something else to do. */
static int patience(const struct app *app)
{
	int longest = app->unsettled   ? IDLE_MILLISECONDS
	              : app->job       ? PROGRESS_MILLISECONDS
	              : app->following ? FOLLOW_MILLISECONDS
	                               : -1;
	if (!app->playing || app->prompt.open)
		return longest;
	long long left = app->next_step - milliseconds();
	left = left < 0 ? 0 : left;
	return longest < 0 || left < longest ? (int)left : longest;
}

/* Takes the step that is due of what moves by itself. */
static void play(struct app *app)
{
	long long now = milliseconds();
	if (!app->playing || now < app->next_step || app->prompt.open)
		return;
	app->next_step = now + 1000 / app->playing;
	app_act(app, ACTION_STEP_FORWARD, 0);
}

/* Keys that are waiting are all taken before the screen is drawn; what takes
 * longer to draw waits until no key has come for a moment. */
static void app_loop(struct app *app)
{
	struct terminal *terminal = app->terminal;
	app->settled = true;
	bool mouse = false;
	while (!app->quit) {
		if (app->settings.mouse != mouse)
			terminal->mouse(terminal, mouse = app->settings.mouse);
		show(app);
		key_code key = terminal->read(terminal, patience(app));
		loading_take(app);
		app->settled = key == PRESSED_NOTHING || key == PRESSED_WOKEN;
		if (app->settled && !app->unsettled)
			loading_follow(app);
		play(app);
		while (key != PRESSED_NOTHING && !app->quit) {
			if (key != PRESSED_WOKEN)
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

static const struct failure NO_THREAD = {.message = {"the system has no thread left", 29}};

/* With a job that has begun to read the notebook. */
static void run(struct app *app, const struct app_options *options, struct job *job, struct terminal *terminal)
{
	app_init(app, options, analysis_empty(options->path), terminal);
	app_set_theme(app, first_theme(options, terminal));
	config_read(app, options->config);
	if (options->theme.length)
		app_set_theme(app, options->theme);
	if (terminal->notice.length)
		app_say(app, "%.*s", SLICE_FORMAT(terminal->notice));
	loading_begin(app, job);
	/* What is there by then needs no screen that is without it. */
	if (job_wait(job, terminal->wake ? FIRST_MILLISECONDS : -1))
		loading_take(app);
	app_loop(app);
	app_end(app);
}

/* What came of it: the exit status, when the terminal is given back. */
static int conclude(const struct app *app, const struct failure *failure)
{
	return failure ? run_failed(app->arena, failure) : EXIT_SUCCESS;
}

int app_play(const struct app_options *options, struct terminal *terminal)
{
	struct app app = {.arena = terminal_arena()};
	struct job *job = job_start(options->path, options->history, true);
	if (job)
		run(&app, options, job, terminal);
	int status = conclude(&app, job ? app.failure : &NO_THREAD);
	arena_free(app.arena);
	return status;
}

int app_run(const struct app_options *options)
{
	struct failure failure = NO_THREAD;
	struct app app = {.arena = terminal_arena()};
	bool utf8 = terminal_locale(false);
	struct job *job = job_start(options->path, options->history, true);
	/* A theme with a mistake is told on the shell's screen, before this one is taken. */
	bool good = job && (options->theme.length == 0 || theme_load(app.arena, options->theme, &failure));
	struct terminal *terminal = good ? terminal_open(app.arena, utf8, &failure) : NULL;
	if (terminal) {
		run(&app, options, job, terminal);
		terminal->close(terminal);
	} else if (job) {
		job_leave(job);
	}
	int status = conclude(&app, terminal ? app.failure : &failure);
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
	struct theme *theme = theme_load(out->arena, first_theme(options, terminal), failure);
	if (theme)
		analysis = loading_open(options, out->arena, failure);
	if (analysis) {
		app_init(&app, options, analysis, terminal);
		app.theme = theme;
		if (options->config.length)
			config_read(&app, options->config);
		int row, column;
		app.settled = true;
		app_draw(&app, &row, &column);
		for (size_t at = 0; at < keys.count && !app.quit; at++) {
			take_key(&app, keys.items[at]);
			app_draw(&app, &row, &column); /* as on a terminal, where each key is seen to do something */
		}
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
