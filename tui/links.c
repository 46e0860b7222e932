/* What is named at the cursor and lies elsewhere: addresses of the web, and files. */
#include "tui/document.h"
#include "tui/parts.h"
#include "tui/views/image.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_TARGETS = 64 };

struct targets {
	struct slice items[MOST_TARGETS];
	size_t count;
};

static void add(struct targets *targets, struct slice target)
{
	for (size_t at = 0; at < targets->count; at++) {
		if (slice_equal(targets->items[at], target))
			return;
	}
	if (target.length && targets->count < MOST_TARGETS)
		targets->items[targets->count++] = target;
}

static bool is_address(struct slice text)
{
	if (!slice_starts(text, SLICE("http://")) && !slice_starts(text, SLICE("https://")))
		return false;
	for (size_t at = 0; at < text.length; at++) {
		unsigned char byte = (unsigned char)text.bytes[at];
		if (byte <= ' ' || byte == 0x7f)
			return false;
	}
	return true;
}

/* --- addresses --- */

/* The addresses that stand in a line of text. */
static void find_addresses(struct targets *targets, struct slice text)
{
	for (size_t at = slice_find(text, 'h', 0); at < text.length; at = slice_find(text, 'h', at + 1)) {
		struct slice rest = slice_part(text, at, text.length);
		if (!slice_starts(rest, SLICE("http://")) && !slice_starts(rest, SLICE("https://")))
			continue;
		size_t end = 0;
		while (end < rest.length && !memchr(" \t\"'<>()[]{}`|\\", rest.bytes[end], 15))
			end++;
		while (end && memchr(".,;:!?", rest.bytes[end - 1], 6))
			end--;
		add(targets, slice_part(rest, 0, end));
		at += end ? end - 1 : 0;
	}
}

/* $BROWSER, else what the desktop has; null where there is none: over ssh, for example. */
static const char *browser(void)
{
	const char *own = getenv("BROWSER");
	if (own && *own)
		return own;
#ifdef __APPLE__
	return "open";
#else
	const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
	return (x && *x) || (wayland && *wayland) ? "xdg-open" : NULL;
#endif
}

/* No shell reads the address, and what does not begin as one of the web is not opened. */
static void open_address(struct app *app, struct slice address)
{
	const char *program = browser();
	size_t count = 0;
	char **words = program ? command_words(app, slice_of(program), 1, &count) : NULL;
	if (!words || count == 0) {
		handing_on_copy(app, address, "link");
		return;
	}
	words[count] = (char *)(uintptr_t)slice_copy(app->frame, address).bytes;
	if (app->terminal->run(app->terminal, words, NULL))
		app_say(app, "Opened %.*s", SLICE_FORMAT(address));
	else
		handing_on_copy(app, address, "link");
}

/* --- files --- */

/* What is quoted in a line, and the words after a magic that reads or runs a file. */
static void find_paths(struct targets *targets, struct slice text)
{
	static const char *const MAGICS[] = {"%run", "%load", "%%writefile", "%loadpy", "%pycat", "%%script", "%edit",
	                                     "!cat", "!head", "!python",     "!bash",   "!sh",    "!python3", NULL};
	struct slice rest = slice_trim(text), word = slice_next_word(&rest);
	while (word.length && slice_is_one_of(word, MAGICS)) {
		do
			word = slice_next_word(&rest);
		while (slice_starts(word, SLICE("-")));
		add(targets, word);
		word = (struct slice){0};
	}
	for (size_t at = 0; at < text.length; at++) {
		char quote = text.bytes[at];
		if (quote != '"' && quote != '\'')
			continue;
		size_t end = slice_find(text, quote, at + 1);
		if (end < text.length)
			add(targets, slice_part(text, at + 1, end));
		at = end;
	}
}

/* The path as seen from the notebook. */
static struct slice beside_notebook(const struct app *app, struct slice path)
{
	struct slice notebook = app->analysis->notebook->path;
	const char *home = getenv("HOME");
	if (slice_starts(path, SLICE("~/")) && home)
		return slice_format(app->frame, "%s%.*s", home, SLICE_FORMAT(slice_part(path, 1, path.length)));
	size_t end = notebook.length;
	while (end > 0 && notebook.bytes[end - 1] != '/')
		end--;
	if (path.bytes[0] == '/' || end == 0)
		return slice_copy(app->frame, path);
	return slice_format(app->frame, "%.*s%.*s", SLICE_FORMAT(slice_part(notebook, 0, end)), SLICE_FORMAT(path));
}

static bool is_file(struct slice path)
{
	struct stat status;
	return !memchr(path.bytes, 0, path.length) && stat(path.bytes, &status) == 0 && S_ISREG(status.st_mode);
}

/* The files that a cell names, as its effects tell. */
static void add_files_of_cell(const struct app *app, struct targets *targets)
{
	const struct cell *cell = app_cell(app);
	const struct effects *effects = cell && cell->number ? app->analysis->effects[cell->number - 1] : NULL;
	const struct names *names = effects ? effects->names : NULL;
	for (size_t at = 0; names && at < names->files_read_count; at++)
		add(targets, names->files_read[at]);
	for (size_t at = 0; names && at < names->files_written_count; at++)
		add(targets, names->files_written[at]);
}

static void open_file(struct app *app, size_t number)
{
	struct spot spot = app_spot(app);
	struct targets named = {0}, there = {0};
	for (size_t at = 0; at < spot.link_count; at++)
		add(&named, spot.links[at].target);
	find_paths(&named, spot.text);
	for (int tries = 0; tries < 2 && there.count == 0; tries++) {
		for (size_t at = 0; at < named.count; at++) {
			struct slice path = beside_notebook(app, named.items[at]);
			if (is_file(path))
				add(&there, path);
		}
		if (tries == 0 && there.count == 0)
			add_files_of_cell(app, &named);
	}
	if (there.count == 0) {
		if (named.count)
			app_complain(app, "There is no file \"%.*s\" beside the notebook.", SLICE_FORMAT(named.items[0]));
		else
			app_complain(app, "No file is named here.");
		return;
	}
	app->file = slice_copy(app->arena, there.items[number && number <= there.count ? number - 1 : 0]);
	app_open_view(app, VIEW_FILE);
	if (there.count > 1)
		app_say(app, "%zu files are named here; a number before gf picks one.", there.count);
}

/* --- what is done --- */

static void open_link(struct app *app, size_t number)
{
	struct spot spot = app_spot(app);
	struct targets targets = {0};
	for (size_t at = 0; at < spot.link_count; at++)
		add(&targets, spot.links[at].target);
	find_addresses(&targets, spot.text);
	const struct cell *cell = app_cell(app);
	if (targets.count == 0 && cell && (part_has_image(app, cell, spot.part) || cell_has_image(app, cell))) {
		app_act(app, ACTION_VIEW_IMAGE, 0);
		return;
	}
	if (targets.count == 0) {
		app_complain(app, "There is no link and no image here.");
		return;
	}
	struct slice target = targets.items[number && number <= targets.count ? number - 1 : 0];
	if (is_address(target))
		open_address(app, target);
	else if (is_file(beside_notebook(app, target)))
		open_file(app, number);
	else
		app_complain(app, "That leads to no page and no file: %.*s", SLICE_FORMAT(target));
}

bool links_act(struct app *app, enum action action, size_t number)
{
	if (action == ACTION_OPEN_LINK) {
		open_link(app, number);
	} else if (action == ACTION_OPEN_FILE) {
		open_file(app, number);
	} else if (action == ACTION_VIEW_IMAGE) {
		app->part = app_spot(app).part;
		app_open_view(app, VIEW_IMAGE);
	} else {
		return false;
	}
	return true;
}
