/* The command line: what is understood, what is refused in which words, and that the
 * help comes from the tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/printable.h"
#include "tui/options.h"
#include "tests/unit/arena.h"

static struct request request;
static struct slice problem;

/* Parses a command line whose words are separated by spaces. */
static bool parse(const char *line)
{
	VECTOR(char *) words = {0};
	vector_push(arena, &words, (char *)(uintptr_t) "nbscope");
	struct slice rest = slice_of(line);
	for (size_t start = 0; start < rest.length;) {
		size_t end = slice_find(rest, ' ', start);
		struct slice word = slice_copy(arena, slice_part(rest, start, end));
		vector_push(arena, &words, (char *)(uintptr_t)word.bytes);
		start = end + 1;
	}
	return options_parse(arena, (int)words.count, words.items, &request, &problem);
}

#define assert_refused(line, expected)                                                                                 \
	do {                                                                                                               \
		assert_false(parse(line));                                                                                     \
		if (!slice_equal(problem, SLICE(expected)))                                                                    \
			fail_msg("%s: %.*s", line, SLICE_FORMAT(problem));                                                         \
	} while (0)

static void commands_and_files(void **state)
{
	(void)state;
	assert_true(parse("a.ipynb b.ipynb"));
	assert_int_equal(request.command, COMMAND_INSPECT);
	assert_int_equal(request.argument_count, 2);
	assert_true(slice_equal(request.arguments[1], SLICE("b.ipynb")));
	assert_true(parse("report - a.ipynb"));
	assert_int_equal(request.command, COMMAND_REPORT);
	assert_int_equal(request.argument_count, 2);
	assert_true(slice_equal(request.arguments[0], SLICE("-")));
	/* Only the first word can be a command; a path or "--" makes it a file. */
	assert_true(parse("status report"));
	assert_int_equal(request.command, COMMAND_STATUS);
	assert_true(slice_equal(request.arguments[0], SLICE("report")));
	assert_true(parse("./report"));
	assert_int_equal(request.command, COMMAND_INSPECT);
	assert_true(parse("-- report --width"));
	assert_int_equal(request.command, COMMAND_INSPECT);
	assert_int_equal(request.argument_count, 2);
	assert_true(parse("report -- -x"));
	assert_true(slice_equal(request.arguments[0], SLICE("-x")));
	assert_true(parse("help"));
	assert_int_equal(request.command, COMMAND_HELP);
}

static void options_take_values(void **state)
{
	(void)state;
	assert_true(parse("report a"));
	assert_int_equal(request.format, FORMAT_TEXT);
	assert_false(request.has_width);
	assert_true(parse("report --format json a"));
	assert_int_equal(request.format, FORMAT_JSON);
	assert_true(parse("--width=0 report a --format=text"));
	assert_int_equal(request.command, COMMAND_REPORT);
	assert_int_equal(request.format, FORMAT_TEXT);
	assert_true(request.has_width);
	assert_int_equal(request.width, 0);
	assert_true(parse("--width 120 a"));
	assert_int_equal(request.width, 120);
	assert_true(parse("-h"));
	assert_true(request.help);
	assert_true(parse("status --help"));
	assert_true(request.help);
	assert_int_equal(request.command, COMMAND_STATUS);
	assert_true(parse("--version"));
	assert_true(request.version);
	assert_true(parse("--screen 80x24 --keys jj<Enter> --svg --theme dark a"));
	assert_true(request.has_screen);
	assert_int_equal(request.screen.columns, 80);
	assert_int_equal(request.screen.rows, 24);
	assert_int_equal(request.screen.form, SCREEN_SVG);
	assert_true(slice_equal(request.screen.keys, SLICE("jj<Enter>")));
	assert_true(slice_equal(request.theme, SLICE("dark")));
}

static void what_makes_no_sense_is_refused(void **state)
{
	(void)state;
	assert_refused("", "name a notebook to open; \"-\" is standard input");
	assert_refused("log", "\"log\" needs a file to read; \"-\" is standard input");
	assert_refused("--formt json", "there is no option \"--formt\"; did you mean \"--format\"?");
	assert_refused("report --xyzzy a", "there is no option \"--xyzzy\"");
	assert_refused("report -z a", "there is no option \"-z\"");
	assert_refused(
	    "report --format xml a",
	    "--format is text, json, ndjson, sarif, github, gitlab, junit, markdown, html, dot or mermaid, not \"xml\"");
	assert_refused("status --format dot a", "\"status\" writes text or json, not dot");
	assert_refused("check -0 a", "--null goes with --files-from");
	assert_refused("check -j", "-j needs a value: N");
	assert_refused("log --order file a", "\"log\" has no option --order");
	assert_refused(
	    "report --format= a",
	    "--format is text, json, ndjson, sarif, github, gitlab, junit, markdown, html, dot or mermaid, not \"\"");
	assert_refused("report a --format", "--format needs a value: FORMAT");
	assert_refused("--help=yes", "--help takes no value");
	assert_refused("report --width 8o a", "--width is a number of columns, not \"8o\"");
	assert_refused("report --width= a", "--width is a number of columns, not \"\"");
	assert_refused("report --width 99999999999999999999 a",
	               "--width is a number of columns, not \"99999999999999999999\"");
	assert_refused("--screen 80 a", "--screen is a size like 80x24, not \"80\"");
	assert_refused("report --screen 80x24 a", "\"report\" has no option --screen");
	assert_refused("--format json a", "--format goes with a command, like \"nbscope report\"");
	assert_refused("--keys jj a", "--keys goes with --screen");
	assert_refused("--screen 80x24 --svg --color a", "--color, --svg and --slots exclude each other");
	assert_refused("--screen 80x24 a b", "--screen takes one file");
}

static void near_words_are_found(void **state)
{
	(void)state;
	static const char *const words[] = {"report", "status", "log", "effects", NULL};
	static const struct {
		const char *typed, *meant;
	} cases[] = {
	    {"reprot", "report"}, {"repor", "report"}, {"reports", "report"}, {"rep", "report"},
	    {"stauts", "status"}, {"lgo", "log"},      {"efects", "effects"}, {"stats", "status"},
	    {"xyz", NULL},        {"", NULL},          {"x", NULL},           {"analysis.ipynb", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *found = nearest_word(arena, slice_of(cases[i].typed), words);
		if (cases[i].meant ? !found || strcmp(found, cases[i].meant) != 0 : found != NULL)
			fail_msg("%s: %s", cases[i].typed, found ? found : "nothing");
	}
	assert_true(slice_equal(no_such_command(arena, SLICE("reprot")),
	                        SLICE("there is no command \"reprot\"; did you mean \"report\"?")));
	assert_true(slice_equal(no_such_command(arena, SLICE("zzzzzz")), SLICE("there is no command \"zzzzzz\"")));
}

static bool has(struct slice text, const char *part)
{
	return memmem(text.bytes, text.length, part, strlen(part)) != NULL;
}

static void the_tables_are_whole(void **state)
{
	(void)state;
	for (size_t id = 0; id < COMMAND_COUNT; id++) {
		assert_non_null(commands[id].run);
		assert_true(slice_ends(slice_of(commands[id].help), SLICE(".")));
		if (id != COMMAND_INSPECT)
			assert_int_equal(command_find(slice_of(commands[id].name)), id);
	}
	for (size_t id = 0; id < OPTION_COUNT; id++) {
		assert_non_null(options[id].name);
		assert_true(slice_ends(slice_of(options[id].help), SLICE(".")));
		assert_int_not_equal(options[id].commands, 0);
		for (size_t other = 0; other < id; other++) {
			assert_string_not_equal(options[id].name, options[other].name);
			if (options[id].letter)
				assert_int_not_equal(options[id].letter, options[other].letter);
		}
	}
}

static void help_names_everything(void **state)
{
	(void)state;
	for (size_t id = 0; id < COMMAND_COUNT; id++) {
		struct builder out = {.arena = arena};
		options_help(&out, (enum command_id)id, 80);
		struct slice text = builder_slice(&out), rest = text, line;
		while (slice_next_line(&rest, &line))
			assert_true(printable_width(line) <= 80);
		for (size_t option = 0; option < OPTION_COUNT; option++) {
			struct slice name = slice_format(arena, "--%s", options[option].name);
			bool is_taken = id == COMMAND_INSPECT || options[option].commands & 1u << id;
			assert_int_equal(has(text, name.bytes), is_taken);
		}
		for (size_t other = 1; id == COMMAND_INSPECT && other < COMMAND_COUNT; other++)
			assert_true(has(text, commands[other].name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(commands_and_files),
	    cmocka_unit_test(options_take_values),
	    cmocka_unit_test(what_makes_no_sense_is_refused),
	    cmocka_unit_test(near_words_are_found),
	    cmocka_unit_test(the_tables_are_whole),
	    cmocka_unit_test(help_names_everything),
	};
	return cmocka_run_group_tests_name("options", tests, setup, teardown);
}
