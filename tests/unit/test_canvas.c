/* The canvas: what is drawn where, what is clipped, and what never gets there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/terminal.h"

static struct arena *arena;
static struct canvas *canvas;
static struct pane all;

static int setup(void **state)
{
	(void)state;
	terminal_locale(true);
	arena = arena_new(NULL, NULL);
	canvas = canvas_new(arena, 3, 10);
	all = canvas_pane(canvas);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct slice written(enum screen_form form)
{
	struct builder out = {.arena = arena};
	struct failure failure;
	screen_write(&out, canvas, theme_load(arena, SLICE("default"), &failure), form);
	return builder_slice(&out);
}

static void expect_screen(const char *expected)
{
	struct slice actual = written(SCREEN_TEXT);
	if (!slice_equal(actual, slice_of(expected)))
		print_error("got:\n%.*sexpected:\n%s", SLICE_FORMAT(actual), expected);
	assert_true(slice_equal(actual, slice_of(expected)));
}

static int draw(int row, int column, const char *text)
{
	return pane_text(all, row, column, look_of(SLOT_TEXT), slice_of(text));
}

static void text_is_drawn_and_clipped(void **state)
{
	(void)state;
	assert_int_equal(draw(0, 2, "abc"), 5);
	draw(1, 7, "clipped");
	draw(2, -2, "clipped");
	draw(3, 0, "below");
	draw(-1, 0, "above");
	expect_screen("  abc\n       cli\nipped\n");
}

static void panes_clip_to_themselves(void **state)
{
	(void)state;
	struct pane part = pane_part(all, 1, 2, 1, 4);
	assert_true(pane_text(part, 0, 0, look_of(SLOT_TEXT), SLICE("abcdef")) >= 4);
	pane_text(part, 1, 0, look_of(SLOT_TEXT), SLICE("below"));
	pane_repeat(pane_part(all, 2, 8, 5, 5), 0, 0, 99, look_of(SLOT_TEXT), SLICE("-"));
	expect_screen("\n  abcd\n        --\n");
	struct pane outside = pane_part(all, 7, 20, 3, 3), negative = pane_part(all, -1, -1, 2, 3);
	assert_int_equal(outside.rows, 0);
	assert_int_equal(outside.columns, 0);
	assert_int_equal(negative.rows, 1);
	assert_int_equal(negative.columns, 2);
}

static void wide_characters_take_two_columns(void **state)
{
	(void)state;
	assert_int_equal(text_columns(SLICE("中文a")), 5);
	assert_int_equal(draw(0, 0, "中文a"), 5);
	draw(1, 9, "中");   /* half of it would fit */
	draw(2, -1, "中a"); /* the right half of it is in sight */
	expect_screen("中文a\n\n a\n");
}

static void half_of_a_wide_character_becomes_blank(void **state)
{
	(void)state;
	draw(0, 0, "中文");
	draw(0, 1, "x");
	draw(1, 0, "中文");
	draw(1, 2, "x");
	expect_screen(" x文\n中x\n\n");
}

static void marks_join_their_character(void **state)
{
	(void)state;
	assert_int_equal(draw(0, 0, "e\xCC\x81x"), 2);
	draw(1, 0, "\xCC\x81y"); /* a mark without a character is left out */
	draw(2, 0, "a\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81z");
	expect_screen("e\xCC\x81x\ny\na\xCC\x81\xCC\x81\xCC\x81\xCC\x81z\n");
}

static void nothing_that_a_terminal_obeys_is_on_it(void **state)
{
	(void)state;
	for (int character = 0; character < 0x20; character++) {
		char text[] = {(char)character, 0};
		pane_text(all, 0, 0, look_of(SLOT_TEXT), (struct slice){text, 1});
		assert_true(canvas_at(canvas, 0, 0)->characters[0] > 0x9f);
	}
	draw(0, 0, "\x1b[2J");
	draw(1, 0, "\xff\x7f\xc2\x9b");
	expect_screen("\xEF\xBF\xBD[2J\n\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n\n");
}

static void what_fits_is_measured(void **state)
{
	(void)state;
	assert_int_equal(text_fit(SLICE("abcdef"), 3), 3);
	assert_int_equal(text_fit(SLICE("中文"), 3), 3);
	assert_int_equal(text_fit(SLICE("e\xCC\x81x"), 1), 3);
	assert_int_equal(text_fit(SLICE("ab"), 9), 2);
	assert_int_equal(text_fit(SLICE("ab"), -1), 0);
}

static void slots_and_colours_are_written(void **state)
{
	(void)state;
	struct look red = look_of(SLOT_OUTPUT);
	red.foreground = 1;
	red.attributes = ATTRIBUTE_BOLD;
	pane_text(all, 0, 1, look_of(SLOT_STALE), SLICE("ab"));
	pane_text(all, 1, 0, red, SLICE("<&>"));
	struct slice slots = written(SCREEN_SLOTS);
	assert_non_null(strstr(slots.bytes, "  1  2-3 stale\n  2  1-3 output\n  3\n"));
	struct slice ansi = written(SCREEN_ANSI);
	assert_non_null(strstr(ansi.bytes, "\x1b[0;1;33mab\x1b[0m"));
	assert_non_null(strstr(ansi.bytes, "\x1b[0;1;31m<&>\x1b[0m"));
	struct slice svg = written(SCREEN_SVG);
	assert_non_null(strstr(svg.bytes, ">&lt;&amp;&gt;</text>"));
	assert_non_null(strstr(svg.bytes, "font-weight=\"bold\""));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(text_is_drawn_and_clipped),
	    TEST(panes_clip_to_themselves),
	    TEST(wide_characters_take_two_columns),
	    TEST(half_of_a_wide_character_becomes_blank),
	    TEST(marks_join_their_character),
	    TEST(nothing_that_a_terminal_obeys_is_on_it),
	    TEST(what_fits_is_measured),
	    TEST(slots_and_colours_are_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
