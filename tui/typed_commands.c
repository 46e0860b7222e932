#include "tui/typed_commands.h"

#include "tui/config.h"
#include "tui/screen.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static void run_theme(struct app *app, struct slice argument);
static void run_set(struct app *app, struct slice argument);
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
	struct typed_command_help help;
} COMMANDS[] = {
    {"theme", run_theme, {":theme NAME", "Use a built-in theme, or that of a file (a name with a slash)"}},
    {"set", run_set, {":set wrap nonumbers", "Switch options on, or off with no in front; :set alone shows them"}},
    {"bind", run_bind, {":bind any gn next-stale", "Bind keys of a view, or of any, to an action; none unbinds them"}},
    {"color", run_color, {":color stale red bold", "Change a slot of the theme, as a line of a theme file does"}},
    {"select", run_select, {":select NB1 secret", "Show only what these rules find"}},
    {"ignore", run_ignore, {":ignore NB105", "Leave out what these rules find"}},
    {"severity",
     run_severity,
     {":severity NB404 note", "Take what these rules find for a note, a warning or an error"}},
    {"save-display",
     run_save_display,
     {":save-display FILE", "Write the screen to a new file: a picture (.svg), text with colours (.ansi), or text"}},
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

enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS, OPTION_COUNT = sizeof OPTIONS / sizeof *OPTIONS };

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
	for (size_t at = 0; at < OPTION_COUNT; at++)
		builder_add_format(&text, "%s%s%s", at ? "  " : "", *option_of(app, at) ? "" : "no", OPTIONS[at].name);
	app_say(app, "%.*s", SLICE_FORMAT(builder_slice(&text)));
}

static void set_option(struct app *app, struct slice word)
{
	for (size_t at = 0; at < OPTION_COUNT; at++) {
		struct slice name = slice_of(OPTIONS[at].name);
		bool off = slice_starts(word, SLICE("no")) && slice_equal(slice_part(word, 2, word.length), name);
		if (off || slice_equal(word, name)) {
			*option_of(app, at) = !off;
			app_renew(app);
			return;
		}
	}
	app_complain(app, "There is no option \"%.*s\"; :set alone shows them all.", SLICE_FORMAT(word));
}

static void run_set(struct app *app, struct slice argument)
{
	if (argument.length == 0)
		show_options(app);
	while (argument.length) {
		size_t end = slice_find(argument, ' ', 0);
		set_option(app, slice_part(argument, 0, end));
		argument = slice_trim(slice_part(argument, end, argument.length));
	}
}

/* The first word of a text, which is cut off. */
static struct slice next_word(struct slice *text)
{
	size_t end = slice_find(*text, ' ', 0);
	struct slice word = slice_part(*text, 0, end);
	*text = slice_trim(slice_part(*text, end, text->length));
	return word;
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
	struct slice name = next_word(&argument), keys = next_word(&argument), what = argument;
	enum view_id view = view_find(name);
	bool none = slice_equal(what, SLICE("none"));
	enum action action = action_find(what);
	struct key_binding binding = {.action = action, .view = view};
	struct failure failure = {0};
	if (view == VIEW_TOTAL)
		app_complain(app, "There is no view \"%.*s\"; \"any\" stands for all of them.", SLICE_FORMAT(name));
	else if (keys.length == 0 || !keys_parse(app->arena, keys, &binding.keys, &failure))
		app_complain(app, "%.*s", SLICE_FORMAT(keys.length ? failure.message : SLICE("Keys are missing.")));
	else if (binding.keys.items[0] >= '1' && binding.keys.items[0] <= '9')
		app_complain(app, "A digit begins a count, and can't be bound.");
	else if (action == ACTION_NONE && !none)
		app_complain(app, "There is no action \"%.*s\"; F1 shows them.", SLICE_FORMAT(what));
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
	for (size_t at = 0; at < COMMAND_COUNT; at++) {
		if (slice_equal(name, slice_of(COMMANDS[at].name))) {
			COMMANDS[at].run(app, argument);
			return;
		}
	}
	enum action action = argument.length ? ACTION_NONE : action_find(name);
	if (action != ACTION_NONE)
		app_act(app, action, 0);
	else
		app_complain(app, "\"%.*s\" is no command; F1 shows them.", SLICE_FORMAT(line));
}

/* The candidates for the word that is being typed, by number; null past the last. */
static const char *candidate(struct slice command, size_t index)
{
	if (command.length == 0) {
		if (index < COMMAND_COUNT)
			return COMMANDS[index].name;
		index -= COMMAND_COUNT;
		return index + 1 < ACTION_TOTAL ? action_definition((enum action)(index + 1))->name : NULL;
	}
	if (slice_equal(command, SLICE("theme")))
		return theme_name(index);
	if (slice_equal(command, SLICE("color")))
		return index < SLOT_TOTAL ? slot_name((enum slot)index) : NULL;
	if (slice_equal(command, SLICE("set")))
		return index < OPTION_COUNT ? OPTIONS[index].name : NULL;
	return NULL;
}

struct slice typed_command_complete(struct arena *arena, struct slice line, size_t index)
{
	size_t blank = line.length;
	while (blank > 0 && line.bytes[blank - 1] != ' ')
		blank--;
	struct slice before = slice_part(line, 0, blank), word = slice_part(line, blank, line.length);
	struct slice command = slice_part(before, 0, slice_find(before, ' ', 0));
	const char *name;
	for (size_t at = 0; (name = candidate(command, at)) != NULL; at++) {
		if (slice_starts(slice_of(name), word) && index-- == 0)
			return slice_format(arena, "%.*s%s", SLICE_FORMAT(before), name);
	}
	return (struct slice){0};
}

bool typed_command_takes_arguments(struct slice name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
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
	if (index <= COMMAND_COUNT)
		return COMMANDS[index - 1].help;
	return index == COMMAND_COUNT + 1 ? LAST : (struct typed_command_help){0};
}
