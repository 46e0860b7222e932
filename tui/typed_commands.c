#include "tui/typed_commands.h"

#include "tui/config.h"
#include "tui/options.h"
#include "tui/screen.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static void run_theme(struct app *app, struct slice argument);
static void run_set(struct app *app, struct slice argument);
static void run_toggle(struct app *app, struct slice argument);
static void run_bind(struct app *app, struct slice argument);
static void run_color(struct app *app, struct slice argument);
static void run_source(struct app *app, struct slice argument);
static void run_select(struct app *app, struct slice argument);
static void run_ignore(struct app *app, struct slice argument);
static void run_severity(struct app *app, struct slice argument);
static void run_save_display(struct app *app, struct slice argument);

static const struct {
	const char *name;
	void (*run)(struct app *app, struct slice argument);
	struct typed_command_help help; /* empty: another name of the one before */
} COMMANDS[] = {
    {"theme", run_theme, {":theme NAME", "Use a built-in theme, or that of a file (a name with a slash)"}},
    {"set",
     run_set,
     {":set wrap nonumbers", "Switch options on, or off with no in front or =off behind; :set alone shows them"}},
    {"toggle", run_toggle, {":toggle wrap", "Switch options on that are off, and off that are on"}},
    {"bind", run_bind, {":bind any gn next-stale", "Bind keys of a view, or of any, to an action; none unbinds them"}},
    {"color", run_color, {":color stale red bold", "Change a slot of the theme, as a line of a theme file does"}},
    {"select", run_select, {":select NB1 secret", "Show only what these rules find"}},
    {"ignore", run_ignore, {":ignore NB105", "Leave out what these rules find"}},
    {"severity",
     run_severity,
     {":severity NB404 note", "Take what these rules find for a note, a warning or an error"}},
    {"save-display",
     run_save_display,
     {":save-display FILE",
      "Write the screen to a new file: a picture (.svg), text with colours (.ansi), or text; :w too"}},
    {"w", run_save_display, {NULL, NULL}},
    {"source", run_source, {":source FILE", "Do the lines of a file, as those of the configuration"}},
};

/* The options of :set, each a bool of struct settings. */
static const struct {
	const char *name;
	size_t offset;
} OPTIONS[] = {
    {"wrap", offsetof(struct settings, wrap)},           {"numbers", offsetof(struct settings, numbers)},
    {"execution", offsetof(struct settings, execution)}, {"ascii", offsetof(struct settings, ascii)},
    {"images", offsetof(struct settings, images)},       {"mouse", offsetof(struct settings, mouse)},
    {"marks", offsetof(struct settings, marks)},
};

enum { TYPED_COMMANDS = sizeof COMMANDS / sizeof *COMMANDS, SWITCHES = sizeof OPTIONS / sizeof *OPTIONS };

static bool *option_of(struct app *app, size_t which)
{
	return (bool *)((char *)&app->settings + OPTIONS[which].offset);
}

static void run_theme(struct app *app, struct slice argument)
{
	if (argument.length == 0)
		app_say(app, "The theme is %.*s.", SLICE_FORMAT(app->theme->name));
	else if (app_set_theme(app, argument))
		app_say(app, "The theme is %.*s now.", SLICE_FORMAT(app->theme->name));
}

static void show_options(struct app *app)
{
	struct builder text = {.arena = app->frame};
	for (size_t at = 0; at < SWITCHES; at++)
		builder_add_format(&text, "%s%s%s", at ? "  " : "", *option_of(app, at) ? "" : "no", OPTIONS[at].name);
	builder_add_format(&text, "  search-in=%s", search_scope_name(app->settings.scope));
	app_say(app, "%.*s", SLICE_FORMAT(builder_slice(&text)));
}

/* Complains of a word of the line that is being done. */
static void complain_of(struct app *app, struct slice word, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void complain_of(struct app *app, struct slice word, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	struct slice text = slice_format_list(app->frame, format, arguments);
	va_end(arguments);
	app->mistake = word.bytes;
	app_complain(app, "%.*s", SLICE_FORMAT(text));
}

/* "; did you mean \"wrap\"?", or how to see what there is. */
static struct slice hint(struct app *app, struct slice typed, const char *(*name)(size_t index), const char *otherwise)
{
	struct {
		const char **items;
		size_t count, capacity;
	} words = {0};
	for (size_t at = 0; name(at); at++)
		vector_push(app->frame, &words, name(at));
	vector_push(app->frame, &words, NULL);
	const char *near = nearest_word(app->frame, typed, words.items);
	return near ? slice_format(app->frame, "; did you mean \"%s\"?", near) : slice_of(otherwise);
}

static const char *option_name(size_t index)
{
	return index < SWITCHES ? OPTIONS[index].name : NULL;
}

static const char *action_name(size_t index)
{
	return index + 1 < ACTION_TOTAL ? action_definition((enum action)(index + 1))->name : NULL;
}

static const char *command_name(size_t index)
{
	return index < TYPED_COMMANDS ? COMMANDS[index].name : action_name(index - TYPED_COMMANDS);
}

static const char *view_name(size_t index)
{
	return index == 0 ? "any" : index < VIEW_TOTAL ? view_type((enum view_id)index)->name : NULL;
}

static const char *slot_name_at(size_t index)
{
	return index < SLOT_TOTAL ? slot_name((enum slot)index) : NULL;
}

/* The option of that name, or SWITCHES. */
static size_t option_find(struct slice name)
{
	size_t at = 0;
	while (at < SWITCHES && !slice_equal(name, slice_of(OPTIONS[at].name)))
		at++;
	return at;
}

static void change_option(struct app *app, size_t which, bool on)
{
	*option_of(app, which) = on;
	app_renew(app);
}

static void complain_of_option(struct app *app, struct slice word)
{
	complain_of(app, word, "There is no option \"%.*s\"%.*s", SLICE_FORMAT(word),
	            SLICE_FORMAT(hint(app, word, option_name, "; :set alone shows them all.")));
}

/* wrap, nowrap, wrap=on, wrap=off, theme=dark */
/* Where the searches to come look, as Tab in their prompt says too. */
static void set_scope(struct app *app, struct slice value)
{
	enum search_scope scope = 0;
	while (scope < SEARCH_SCOPES && !slice_equal(value, slice_of(search_scope_name(scope))))
		scope++;
	if (scope == SEARCH_SCOPES)
		complain_of(app, value, "\"%.*s\" is none of all, source, outputs and names.", SLICE_FORMAT(value));
	else
		app->settings.scope = scope;
}

static void set_option(struct app *app, struct slice word)
{
	size_t equals = slice_find(word, '=', 0);
	struct slice name = slice_part(word, 0, equals), value = slice_part(word, equals + 1, word.length);
	bool off = equals < word.length && (slice_equal(value, SLICE("off")) || slice_equal(value, SLICE("no")));
	bool on = equals == word.length || slice_equal(value, SLICE("on")) || slice_equal(value, SLICE("yes"));
	if (equals < word.length && slice_equal(name, SLICE("theme"))) {
		run_theme(app, value);
		return;
	}
	if (equals < word.length && slice_equal(name, SLICE("search-in"))) {
		set_scope(app, value);
		return;
	}
	if (equals == word.length && option_find(name) == SWITCHES && slice_starts(name, SLICE("no"))) {
		name = slice_part(name, 2, name.length);
		off = true;
	}
	size_t which = option_find(name);
	if (which == SWITCHES)
		complain_of_option(app, equals == word.length ? word : name);
	else if (!on && !off)
		complain_of(app, value, "\"%.*s\" is neither on nor off.", SLICE_FORMAT(value));
	else
		change_option(app, which, !off);
}

static void run_set(struct app *app, struct slice argument)
{
	if (argument.length == 0)
		show_options(app);
	while (argument.length)
		set_option(app, slice_next_word(&argument));
}

static void run_toggle(struct app *app, struct slice argument)
{
	if (argument.length == 0)
		show_options(app);
	while (argument.length) {
		struct slice word = slice_next_word(&argument);
		size_t which = option_find(word);
		if (which == SWITCHES)
			complain_of_option(app, word);
		else
			change_option(app, which, !*option_of(app, which));
	}
}

/* The view of that name; VIEW_TOTAL when there is none. */
static enum view_id view_find(struct slice name)
{
	if (slice_equal(name, SLICE("any")))
		return VIEW_ANY;
	enum view_id view = VIEW_ANY + 1;
	while (view < VIEW_TOTAL && !slice_equal(name, slice_of(view_type(view)->name)))
		view++;
	return view;
}

static void run_bind(struct app *app, struct slice argument)
{
	struct slice name = slice_next_word(&argument), keys = slice_next_word(&argument), what = slice_trim(argument);
	enum view_id view = view_find(name);
	bool none = slice_equal(what, SLICE("none"));
	enum action action = action_find(what);
	struct key_binding binding = {.action = action, .view = view};
	struct failure failure = {0};
	if (view == VIEW_TOTAL)
		complain_of(app, name, "There is no view \"%.*s\"%.*s", SLICE_FORMAT(name),
		            SLICE_FORMAT(hint(app, name, view_name, "; \"any\" stands for all of them.")));
	else if (keys.length == 0 || !keys_parse(app->arena, keys, &binding.keys, &failure))
		complain_of(app, keys, "%.*s", SLICE_FORMAT(keys.length ? failure.message : SLICE("Keys are missing.")));
	else if (binding.keys.items[0] >= '1' && binding.keys.items[0] <= '9')
		complain_of(app, keys, "A digit begins a count, and can't be bound.");
	else if (what.length == 0)
		complain_of(app, what, "An action is missing.");
	else if (action == ACTION_NONE && !none)
		complain_of(app, what, "There is no action \"%.*s\"%.*s", SLICE_FORMAT(what),
		            SLICE_FORMAT(hint(app, what, action_name, "; F1 shows them.")));
	else
		keymap_bind(app->keymap, app->arena, binding);
}

static void run_color(struct app *app, struct slice argument)
{
	if (argument.length == 0)
		app_complain(app, "A slot of the theme is missing.");
	else if (app_override_theme(app, argument))
		app_renew(app);
}

/* A line of a policy, which holds over those of the project and of the user. */
static void run_policy(struct app *app, const char *verb, struct slice argument)
{
	struct slice line = slice_format(app->arena, "%s %.*s", verb, SLICE_FORMAT(argument));
	struct failure failure;
	if (!policy_add(app->arena, &app->typed_policy, line, POLICY_OF_COMMAND, SLICE(""), 0, &failure)) {
		app_complain(app, "%.*s", SLICE_FORMAT(failure.message));
		return;
	}
	app->findings = NULL;
	app_renew(app);
}

static void run_select(struct app *app, struct slice argument)
{
	run_policy(app, "select", argument);
}

static void run_ignore(struct app *app, struct slice argument)
{
	run_policy(app, "ignore", argument);
}

static void run_severity(struct app *app, struct slice argument)
{
	run_policy(app, "severity", argument);
}

static void run_source(struct app *app, struct slice argument)
{
	if (argument.length == 0)
		app_complain(app, "The name of a file is missing.");
	else
		config_source(app, argument);
}

/* The screen as it is without the prompt, into a file that must not be there yet. */
static void run_save_display(struct app *app, struct slice argument)
{
	if (argument.length == 0) {
		app_complain(app, "The name of a file is missing.");
		return;
	}
	struct arena *arena = terminal_arena();
	struct builder text = {.arena = arena};
	struct slice path = slice_copy(arena, argument);
	int row, column;
	app_draw(app, &row, &column); /* which frees what belongs to the frame */
	screen_write(&text, app->canvas, app->theme,
	             slice_ends(path, SLICE(".svg"))    ? SCREEN_SVG
	             : slice_ends(path, SLICE(".ansi")) ? SCREEN_ANSI
	                                                : SCREEN_TEXT);
	FILE *file = fopen(path.bytes, "wbx");
	bool written = file && fwrite(text.bytes, 1, text.length, file) == text.length;
	if (file && fclose(file) != 0)
		written = false;
	if (written)
		app_say(app, "Wrote the screen to %.*s.", SLICE_FORMAT(path));
	else
		app_complain(app, "%.*s can't be written: %s.", SLICE_FORMAT(path), strerror(errno));
	arena_free(arena);
}

/* The number that the line is, or 0 when it is none. */
static size_t line_number(struct slice line)
{
	size_t number = 0;
	for (size_t at = 0; at < line.length; at++) {
		if (line.bytes[at] < '0' || line.bytes[at] > '9')
			return 0;
		number = number < SIZE_MAX / 20 ? number * 10 + (size_t)(line.bytes[at] - '0') : number;
	}
	return number;
}

void typed_command_run(struct app *app, struct slice line)
{
	line = slice_trim(line);
	size_t end = slice_find(line, ' ', 0), number = line_number(line);
	struct slice name = slice_part(line, 0, end), argument = slice_trim(slice_part(line, end, line.length));
	if (line.length == 0)
		return;
	if (number) {
		app_go_cell_number(app, number);
		return;
	}
	for (size_t at = 0; at < TYPED_COMMANDS; at++) {
		if (slice_equal(name, slice_of(COMMANDS[at].name))) {
			COMMANDS[at].run(app, argument);
			return;
		}
	}
	enum action action = argument.length ? ACTION_NONE : action_find(name);
	if (action != ACTION_NONE)
		app_act(app, action, 0);
	else
		complain_of(app, name, "\"%.*s\" is no command%.*s", SLICE_FORMAT(line),
		            SLICE_FORMAT(hint(app, name, command_name, "; F1 shows them.")));
}

/* The candidates for the word behind what was typed before, by number; null past the last. */
static const char *candidate(struct slice before, size_t index)
{
	static const struct {
		const char *command;
		size_t word; /* of the command's arguments, from 1; 0: any */
		const char *(*name)(size_t index);
	} ARGUMENTS[] = {
	    {"theme", 1, theme_name}, {"set", 0, option_name},  {"toggle", 0, option_name},
	    {"bind", 1, view_name},   {"bind", 3, action_name}, {"color", 1, slot_name_at},
	};
	struct slice command = slice_next_word(&before);
	size_t word = 1;
	while (slice_next_word(&before).length)
		word++;
	if (command.length == 0)
		return command_name(index);
	for (size_t at = 0; at < sizeof ARGUMENTS / sizeof *ARGUMENTS; at++)
		if (slice_equal(command, slice_of(ARGUMENTS[at].command)) &&
		    (!ARGUMENTS[at].word || ARGUMENTS[at].word == word))
			return ARGUMENTS[at].name(index);
	return NULL;
}

struct slice typed_command_complete(struct arena *arena, struct slice line, size_t index)
{
	size_t blank = line.length;
	while (blank > 0 && line.bytes[blank - 1] != ' ')
		blank--;
	struct slice before = slice_part(line, 0, blank), word = slice_part(line, blank, line.length);
	const char *name;
	for (size_t at = 0; (name = candidate(before, at)) != NULL; at++) {
		if (slice_starts(slice_of(name), word) && index-- == 0)
			return slice_format(arena, "%.*s%s", SLICE_FORMAT(before), name);
	}
	return (struct slice){0};
}

bool typed_command_takes_arguments(struct slice name)
{
	for (size_t i = 0; i < TYPED_COMMANDS; i++)
		if (slice_equal(name, slice_of(COMMANDS[i].name)))
			return true;
	return false;
}

struct typed_command_help typed_command_help(size_t index)
{
	static const struct typed_command_help FIRST = {":42", "Go to cell 42"};
	static const struct typed_command_help LAST = {":NAME",
	                                               "Do an action by its name: :next-stale, :reload, :q; Tab completes"};
	if (index == 0)
		return FIRST;
	for (size_t at = 0; at < TYPED_COMMANDS; at++)
		if (COMMANDS[at].help.left && --index == 0)
			return COMMANDS[at].help;
	return index == 1 ? LAST : (struct typed_command_help){0};
}
