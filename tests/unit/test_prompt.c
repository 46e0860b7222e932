/* The line that is typed in, and what can be typed after `:`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/config_texts.h"
#include "tui/prompt.h"
#include "tui/typed_commands.h"

static struct arena *arena;
static struct prompt prompt;

static int setup(void **state)
{
	(void)state;
	arena = arena_new(NULL, NULL);
	prompt = (struct prompt){0};
	prompt_open(&prompt, PROMPT_COMMAND, arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	prompt_free(&prompt);
	arena_free(arena);
	return 0;
}

/* What the last of the keys led to. */
static enum prompt_result type(const char *notation)
{
	struct keys keys = {0};
	struct failure failure = {0};
	assert_true(keys_parse(arena, slice_of(notation), &keys, &failure));
	enum prompt_result result = PROMPT_EDITING;
	for (size_t at = 0; at < keys.count; at++)
		result = prompt_key(&prompt, keys.items[at]);
	return result;
}

static void expect_text(const char *expected, size_t cursor)
{
	struct slice text = prompt_text(&prompt, arena);
	if (!slice_equal(text, slice_of(expected)) || prompt.cursor != cursor)
		fail_msg("got \"%.*s\", cursor at %zu; expected \"%s\", at %zu", SLICE_FORMAT(text), prompt.cursor, expected,
		         cursor);
}

static void a_line_is_edited(void **state)
{
	(void)state;
	type("abé中");
	expect_text("abé中", 4);
	type("<Left><Left>X");
	expect_text("abXé中", 3);
	type("<BS><Del>");
	expect_text("ab中", 2);
	type("<Home>1<End>2<C-a><Right>");
	expect_text("1ab中2", 1);
	type("<C-k>");
	expect_text("1", 1);
	type("<C-u><C-u><Left><Del>");
	expect_text("", 0);
	type("one two  <C-w>");
	expect_text("one ", 4);
	type("<C-w><C-w>");
	expect_text("", 0);
	type("<F5><PageUp><C-z>");
	expect_text("", 0);
}

static void a_line_ends(void **state)
{
	(void)state;
	assert_int_equal(type("ab<Enter>"), PROMPT_ENTERED);
	assert_int_equal(type("<Esc>"), PROMPT_CANCELLED);
	assert_int_equal(type("<C-c>"), PROMPT_CANCELLED);
	assert_int_equal(type("<Tab>"), PROMPT_COMPLETE);
	assert_int_equal(type("<BS><BS>"), PROMPT_EDITING);
	assert_int_equal(type("<BS>"), PROMPT_CANCELLED);
}

static void lines_are_remembered(void **state)
{
	(void)state;
	const char *const LINES[] = {"first", "second", "second", ""};
	for (size_t at = 0; at < sizeof LINES / sizeof *LINES; at++) {
		type(LINES[at]);
		prompt_close(&prompt, true);
		prompt_open(&prompt, PROMPT_COMMAND, arena);
	}
	type("new<Up>");
	expect_text("second", 6);
	type("<Up>");
	expect_text("first", 5);
	type("<Up>");
	expect_text("first", 5);
	type("<Down><Down>");
	expect_text("new", 3);
	type("<Down>");
	expect_text("new", 3);
	prompt_close(&prompt, false);
	prompt_open(&prompt, PROMPT_SEARCH, arena); /* with a history of its own */
	type("<Up>");
	expect_text("", 0);
}

static void expect_completion(const char *line, size_t index, const char *expected)
{
	struct slice got = typed_command_complete(arena, slice_of(line), index);
	if (!slice_equal(got, slice_of(expected)))
		fail_msg("\"%s\" is completed to \"%.*s\", not \"%s\"", line, SLICE_FORMAT(got), expected);
}

static void commands_are_completed(void **state)
{
	(void)state;
	expect_completion("the", 0, "theme");
	expect_completion("the", 1, "");
	expect_completion("theme d", 0, "theme dark");
	expect_completion("theme d", 1, "theme default");
	expect_completion("theme d", 2, "");
	expect_completion("set wrap num", 0, "set wrap numbers");
	expect_completion("toggle wrap num", 0, "toggle wrap numbers");
	expect_completion("color sta", 0, "color stands");
	expect_completion("color sta", 1, "color stale");
	expect_completion("color stale bri", 0, "");
	expect_completion("bind fin", 0, "bind findings");
	expect_completion("bind any gn", 0, "");
	expect_completion("bind any gn next-st", 0, "bind any gn next-stale");
	expect_completion("next-st", 0, "next-stale");
	expect_completion("frobnicate x", 0, "");
	size_t count = 0;
	while (typed_command_complete(arena, SLICE(""), count).length)
		count++;
	assert_true(count >= ACTION_TOTAL - 1);
}

/* The configuration that is compiled in names each option. */
static void the_configuration_names_each_option(void **state)
{
	(void)state;
	const struct slice set = SLICE("set ");
	for (size_t index = 0;; index++) {
		struct slice line = typed_command_complete(arena, set, index);
		if (line.length == 0)
			break;
		const char *option = slice_copy(arena, slice_part(line, set.length, line.length)).bytes;
		if (!strstr(config_texts[0].text, option))
			fail_msg("docs/config has no option %s", option);
	}
}

static void help_knows_every_command(void **state)
{
	(void)state;
	size_t count = 0;
	for (; typed_command_help(count).left; count++)
		assert_true(strlen(typed_command_help(count).right) > 0);
	assert_true(count >= 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_line_is_edited),
	    TEST(a_line_ends),
	    TEST(lines_are_remembered),
	    TEST(commands_are_completed),
	    TEST(the_configuration_names_each_option),
	    TEST(help_knows_every_command),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
