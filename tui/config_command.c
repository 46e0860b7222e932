/* `nbscope config`: what holds, of the rules for a notebook or folder and of the screen, and where
 * each of it was said. What it prints are lines of a configuration. */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/printable.h"
#include "report/json_writer.h"
#include "tui/commands.h"
#include "tui/config.h"
#include "tui/config_texts.h"
#include "tui/projects.h"

/* A line of the screen's configuration. */
struct screen_line {
	struct slice key; /* a later line with the same one takes its place */
	struct slice text, origin;
};

struct showing {
	struct arena *arena;
	VECTOR(struct screen_line) screen;
	struct slice origin; /* of the lines that are being read; empty: their file and number */
};

static const struct slice by_default = SLICE_CONSTANT("default");

static struct slice origin_of(struct arena *arena, const struct policy_line *line)
{
	if (!line)
		return by_default;
	if (line->source == POLICY_OF_COMMAND)
		return SLICE("command line");
	return slice_format(arena, "%.*s:%llu", SLICE_FORMAT(line->file), (unsigned long long)line->number);
}

/* --- the screen --- */

static void put_line(struct showing *showing, struct slice key, struct slice text, struct slice origin)
{
	struct screen_line line = {slice_copy(showing->arena, key), slice_copy(showing->arena, text), origin};
	for (size_t i = 0; i < showing->screen.count; i++) {
		if (slice_equal(showing->screen.items[i].key, key)) {
			showing->screen.items[i] = line;
			return;
		}
	}
	vector_push(showing->arena, &showing->screen, line);
}

/* `set` switches several options, each on its own; `bind` binds keys of a view, `color` changes a slot. */
static void take_line(void *context, struct slice file, size_t number, struct slice line)
{
	struct showing *showing = context;
	struct slice origin = showing->origin, rest = line, word, verb = slice_next_word(&rest);
	if (policy_knows(line))
		return;
	if (origin.length == 0)
		origin = slice_format(showing->arena, "%.*s:%zu", SLICE_FORMAT(file), number);
	if (slice_equal(verb, SLICE("set"))) {
		while ((word = slice_next_word(&rest)).length) {
			bool off = slice_starts(word, SLICE("no")) && !slice_equal(word, SLICE("no"));
			struct slice option = off && !slice_starts(word, SLICE("not")) ? slice_part(word, 2, word.length) : word;
			put_line(showing, slice_format(showing->arena, "set %.*s", SLICE_FORMAT(option)),
			         slice_format(showing->arena, "set %.*s", SLICE_FORMAT(word)), origin);
		}
		return;
	}
	size_t words = slice_equal(verb, SLICE("bind")) ? 2 : slice_equal(verb, SLICE("color"));
	for (size_t i = 0; i < words; i++)
		word = slice_next_word(&rest);
	size_t end = line.length - rest.length;
	put_line(showing, slice_trim(slice_part(line, 0, words ? end : verb.length)), line, origin);
}

static void read_screen(struct showing *showing)
{
	struct slice text = slice_of(config_texts[0].text), line, place = config_place(showing->arena);
	showing->origin = by_default;
	for (size_t number = 1; slice_next_line(&text, &line); number++)
		if (line.length && line.bytes[0] != '#')
			take_line(showing, SLICE(""), number, line);
	showing->origin = SLICE("");
	if (place.length)
		config_each_line(showing->arena, place, take_line, showing);
}

/* --- the rules --- */

static bool is_why(const struct judgement *judgement, const struct policy_line *line)
{
	bool is_why = judgement->why_fail_on == line;
	for (size_t i = 0; rule_catalogue[i].code && !is_why; i++)
		is_why = judgement->rules[i].why_counts == line || judgement->rules[i].why_severity == line;
	return is_why;
}

static void add_row(struct builder *out, struct slice text, struct slice origin)
{
	enum { ORIGINS = 40 };
	struct slice line = printable(out->arena, text);
	size_t width = printable_width(line);
	builder_add(out, line);
	builder_add_format(out, "%*s  # %.*s\n", width < ORIGINS ? (int)(ORIGINS - width) : 0, "",
	                   SLICE_FORMAT(printable(out->arena, origin)));
}

static void add_text(struct builder *out, struct slice path, bool is_folder, const struct project *project,
                     const struct judgement *judgement, const struct showing *showing)
{
	struct slice shown = printable(out->arena, path);
	if (project->file.length)
		builder_add_format(out, "# %.*s: the project's file is %.*s\n", SLICE_FORMAT(shown),
		                   SLICE_FORMAT(printable(out->arena, project->file)));
	else
		builder_add_format(out, "# %.*s: no project has a file " PROJECT_FILE " for it\n", SLICE_FORMAT(shown));
	if (!judgement->why_fail_on)
		add_row(out, SLICE("fail-on error"), by_default);
	bool has_selected = false;
	for (size_t i = 0; i < project->policy.lines.count; i++) {
		const struct policy_line *line = &project->policy.lines.items[i];
		bool has_place = line->pattern.length > 0;
		has_selected = has_selected || (line->verb == POLICY_SELECT && !has_place);
		if (is_why(judgement, line) || line == judgement->excluded || (has_place && is_folder))
			add_row(out, line->text, origin_of(out->arena, line));
	}
	if (!has_selected)
		add_row(out, SLICE("select all"), by_default);
	builder_add_string(out, "\n# the screen\n");
	for (size_t i = 0; i < showing->screen.count; i++)
		add_row(out, showing->screen.items[i].text, showing->screen.items[i].origin);
}

static void add_string(struct json_writer *json, const char *key, struct slice text)
{
	json_key(json, key);
	json_string(json, text);
}

static void add_json(struct builder *out, struct slice path, const struct project *project,
                     const struct judgement *judgement, const struct showing *showing)
{
	struct json_writer json = {.out = out};
	json_begin_object(&json);
	json_key(&json, "schema");
	json_integer(&json, 1);
	add_string(&json, "path", path);
	json_key(&json, "project");
	if (project->file.length)
		json_string(&json, project->file);
	else
		json_null(&json);
	json_key(&json, "excluded_by");
	if (judgement->excluded)
		json_string(&json, origin_of(out->arena, judgement->excluded));
	else
		json_null(&json);
	add_string(&json, "fail_on", slice_of(fail_on_names[judgement->fail_on]));
	add_string(&json, "fail_on_from", origin_of(out->arena, judgement->why_fail_on));
	json_key(&json, "rules");
	json_begin_array(&json);
	for (size_t i = 0; rule_catalogue[i].code; i++) {
		const struct verdict *verdict = &judgement->rules[i];
		json_begin_object(&json);
		add_string(&json, "code", slice_of(rule_catalogue[i].code));
		add_string(&json, "name", slice_of(rule_catalogue[i].name));
		json_key(&json, "counts");
		json_boolean(&json, verdict->counts);
		add_string(&json, "counts_from", origin_of(out->arena, verdict->why_counts));
		add_string(&json, "severity", slice_of(severity_name(verdict->severity)));
		add_string(&json, "severity_from", origin_of(out->arena, verdict->why_severity));
		json_end_object(&json);
	}
	json_end_array(&json);
	json_key(&json, "screen");
	json_begin_array(&json);
	for (size_t i = 0; i < showing->screen.count; i++) {
		json_begin_object(&json);
		add_string(&json, "line", showing->screen.items[i].text);
		add_string(&json, "from", showing->screen.items[i].origin);
		json_end_object(&json);
	}
	json_end_array(&json);
	json_end_object(&json);
	builder_add_byte(out, '\n');
}

int run_config(const struct request *request)
{
	struct arena *arena = command_arena();
	struct builder out = {.arena = arena};
	struct policy command = {0};
	request_policy(arena, request, &command);
	struct projects *projects = projects_new(arena, &command, request->config);
	struct showing showing = {.arena = arena};
	read_screen(&showing);
	const struct slice here = SLICE_CONSTANT(".");
	size_t count = request->argument_count ? request->argument_count : 1;
	for (size_t i = 0; i < count; i++) {
		struct slice path = request->argument_count ? request->arguments[i] : here, inside;
		struct stat status;
		bool is_folder = stat(slice_copy(arena, path).bytes, &status) == 0 && S_ISDIR(status.st_mode);
		/* What holds in a folder, not for it. */
		struct slice asked = is_folder ? slice_format(arena, "%.*s/.", SLICE_FORMAT(path)) : path;
		const struct project *project = projects_find(projects, asked, &inside);
		struct judgement *judgement = policy_judge(arena, &project->policy, inside);
		builder_add_string(&out, i && request->format == FORMAT_TEXT ? "\n" : "");
		if (request->format == FORMAT_JSON)
			add_json(&out, path, project, judgement, &showing);
		else
			add_text(&out, path, is_folder, project, judgement, &showing);
	}
	int exit_status = print_output(arena, builder_slice(&out)) ? EXIT_SUCCESS : EXIT_TROUBLE;
	if (print_mistakes(arena, projects))
		exit_status = EXIT_TROUBLE;
	arena_free(arena);
	return exit_status;
}
