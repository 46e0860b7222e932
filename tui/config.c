#include "tui/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/config_texts.h"
#include "tui/text_file.h"
#include "tui/typed_commands.h"

enum { MOST_SOURCES = 16 /* files within files */ };

struct slice config_place(struct arena *arena)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (base && base[0] == '/') /* the specification wants others ignored */
		return slice_format(arena, "%s/nbscope/config", base);
	if (home && *home)
		return slice_format(arena, "%s/.config/nbscope/config", home);
	return (struct slice){0};
}

/* ~/x is below the home. */
static struct slice expanded(struct arena *arena, struct slice path)
{
	const char *home = getenv("HOME");
	if (!slice_starts(path, SLICE("~/")) || !home)
		return path;
	return slice_format(arena, "%s%.*s", home, SLICE_FORMAT(slice_part(path, 1, path.length)));
}

/* What a comment leaves of a line: `#` begins one at the start or behind a blank. */
static struct slice without_comment(struct slice line)
{
	for (size_t at = slice_find(line, '#', 0); at < line.length; at = slice_find(line, '#', at + 1)) {
		if (at == 0 || line.bytes[at - 1] == ' ' || line.bytes[at - 1] == '\t')
			return slice_trim(slice_part(line, 0, at));
	}
	return slice_trim(line);
}

/* A line of those by which `check` goes too holds only where the notebook's project has none. */
static void do_line(struct app *app, struct slice file, size_t number, struct slice line)
{
	struct failure failure = {0};
	if (!policy_knows(line)) {
		typed_command_run(app, line);
	} else if (!policy_add(app->arena, &app->user_policy, slice_copy(app->arena, line), POLICY_OF_USER,
	                       slice_copy(app->arena, file), number, &failure)) {
		size_t offset = 0;
		for (uint64_t column = 1; column < failure.column && offset < line.length; column++)
			utf8_next(line, &offset);
		app->mistake = line.bytes + offset;
		app_complain(app, "%.*s", SLICE_FORMAT(failure.message));
	}
}

/* The column of a place in a line, in characters from 1; of the line's first word where the place is not in it. */
static size_t column_of(struct slice line, const char *place)
{
	size_t at = 0;
	while (at < line.length && (line.bytes[at] == ' ' || line.bytes[at] == '\t'))
		at++;
	if (place && place >= line.bytes && place <= line.bytes + line.length)
		at = (size_t)(place - line.bytes);
	return utf8_count(slice_part(line, 0, at)) + 1;
}

/* Keeps the first complaint, with the place where it arose, and how many there were besides. */
static void do_lines(struct app *app, struct slice file, struct slice text)
{
	struct slice line, first = {0};
	size_t others = 0;
	for (size_t number = 1; slice_next_line(&text, &line); number++) {
		app->message = (struct slice){0};
		app->mistake = NULL;
		do_line(app, file, number, without_comment(line));
		bool wrong = app->message.length && app->message_slot == SLOT_COMPLAINT;
		if (wrong && first.length)
			others++;
		else if (wrong)
			first = slice_format(app->frame, "%.*s:%zu:%zu: %.*s", SLICE_FORMAT(file), number,
			                     column_of(line, app->mistake), SLICE_FORMAT(app->message));
	}
	app->message = (struct slice){0};
	if (others)
		app_complain(app, "%.*s (and %zu more)", SLICE_FORMAT(first), others);
	else if (first.length)
		app_complain(app, "%.*s", SLICE_FORMAT(first));
}

bool config_source(struct app *app, struct slice path)
{
	struct slice text, file = expanded(app->frame, path);
	if (app->sources >= MOST_SOURCES) {
		app_complain(app, "Files name each other too deeply.");
		return false;
	}
	int error = text_file_read(app->frame, file, &text);
	if (error) {
		app_complain(app, "%.*s: %s", SLICE_FORMAT(path), strerror(error));
		return false;
	}
	app->sources++;
	do_lines(app, path, text);
	app->sources--;
	return true;
}

struct line_giver {
	struct arena *arena;
	config_line *give;
	void *context;
	size_t files;
};

static int give_lines(struct line_giver *giver, struct slice path)
{
	struct slice text, line, source = SLICE("source ");
	int error = giver->files < MOST_SOURCES ? text_file_read(giver->arena, expanded(giver->arena, path), &text) : ELOOP;
	if (error)
		return error;
	giver->files++;
	for (size_t number = 1; slice_next_line(&text, &line); number++) {
		line = without_comment(line);
		if (slice_starts(line, source))
			give_lines(giver, slice_trim(slice_part(line, source.length, line.length)));
		else if (line.length)
			giver->give(giver->context, path, number, line);
	}
	return 0;
}

int config_each_line(struct arena *arena, struct slice path, config_line *give, void *context)
{
	struct line_giver giver = {arena, give, context, 0};
	return give_lines(&giver, path);
}

void config_read(struct app *app, struct slice path)
{
	struct slice own = path.length ? path : config_place(app->frame), text;
	do_lines(app, SLICE("the built-in configuration"), slice_of(config_texts[0].text));
	if (path.length || (own.length && text_file_read(app->frame, own, &text) != ENOENT))
		config_source(app, own);
}
