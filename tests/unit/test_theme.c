/* Themes: those that come along, what a file may say, and what is a mistake. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/arena.h"
#include "tui/canvas.h"
#include "tui/terminal.h"
#include "tui/theme.h"
#include "tui/theme_texts.h"

static int setup_with_locale(void **state)
{
	terminal_locale(true);
	return setup(state);
}

static struct theme *theme_of(const char *text)
{
	struct theme_mistakes mistakes = {0};
	struct theme *theme = theme_parse(arena, SLICE("t"), slice_of(text), &mistakes);
	assert_int_equal(mistakes.count, 0);
	return theme;
}

static void expect_paint(const struct theme *theme, enum slot slot, int colours, int foreground, int background,
                         unsigned attributes)
{
	struct paint paint = theme_paint(theme, look_of(slot), colours);
	assert_int_equal(paint.foreground, foreground);
	assert_int_equal(paint.background, background);
	assert_int_equal(paint.attributes, attributes);
}

static void built_in_themes_are_whole(void **state)
{
	(void)state;
	const char *const NAMES[] = {"default", "dark", "light", "mono"};
	for (size_t at = 0; at < sizeof NAMES / sizeof *NAMES; at++) {
		struct failure failure = {0};
		struct theme *theme = theme_load(arena, slice_of(NAMES[at]), &failure);
		assert_non_null(theme);
		for (size_t glyph = 0; glyph < GLYPH_TOTAL; glyph++) {
			assert_int_equal(text_columns(theme->glyphs[glyph][0]), 1);
			assert_int_equal(theme->glyphs[glyph][1].length, 1);
		}
		/* Statuses are told apart without colours by their glyphs. */
		for (int ascii = 0; ascii < 2; ascii++)
			for (int a = GLYPH_STANDS; a <= GLYPH_FAILED; a++)
				for (int b = GLYPH_STANDS; b < a; b++)
					assert_false(slice_equal(theme->glyphs[a][ascii], theme->glyphs[b][ascii]));
	}
	size_t count = 0;
	for (; theme_name(count); count++) {
		struct builder mistakes = {.arena = arena};
		struct slice text = slice_of(theme_texts[count].text);
		if (!theme_check(&mistakes, slice_of(theme_name(count)), text))
			fail_msg("%.*s", SLICE_FORMAT(builder_slice(&mistakes)));
	}
	assert_int_equal(count, sizeof NAMES / sizeof *NAMES);
	assert_null(theme_name(count + 5));
}

static void the_mono_theme_has_no_colours(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct theme *theme = theme_load(arena, SLICE("mono"), &failure);
	for (size_t slot = 0; slot < SLOT_TOTAL; slot++) {
		assert_int_equal(theme->slots[slot].foreground, NO_COLOR);
		assert_int_equal(theme->slots[slot].background, NO_COLOR);
	}
}

static void definitions_are_read(void **state)
{
	(void)state;
	struct theme *theme = theme_of("# a comment\n\nstale yellow on 17 bold underline # more\nbroken bright-red\r\n"
	                               "\tdim default\nglyph stale ◆ %\n");
	expect_paint(theme, SLOT_STALE, 256, 3, 17, ATTRIBUTE_BOLD | ATTRIBUTE_UNDERLINE);
	expect_paint(theme, SLOT_BROKEN, 256, 9, NO_COLOR, 0);
	expect_paint(theme, SLOT_DIM, 256, NO_COLOR, NO_COLOR, 0);
	assert_true(slice_equal(theme->glyphs[GLYPH_STALE][0], SLICE("◆")));
	assert_true(slice_equal(theme->glyphs[GLYPH_STALE][1], SLICE("%")));
}

static void undefined_slots_fall_back(void **state)
{
	(void)state;
	struct theme *theme = theme_of("dim cyan\nstale red\n");
	expect_paint(theme, SLOT_RULE, 256, 6, NO_COLOR, 0);
	expect_paint(theme, SLOT_CULPRIT, 256, 1, NO_COLOR, ATTRIBUTE_UNDERLINE);
	expect_paint(theme, SLOT_MATCH, 256, NO_COLOR, NO_COLOR, ATTRIBUTE_REVERSE);
}

static void mistakes_are_named_with_their_place(void **state)
{
	(void)state;
	static const struct {
		const char *text, *expected;
	} CASES[] = {
	    {"stael red\n", "f:1:1: there is no slot \"stael\"\n"},
	    {"\nstale  rde bold\n", "f:2:8: \"rde\" is neither a colour nor an attribute\n"},
	    {"stale 256\n", "f:1:7: \"256\" is neither a colour nor an attribute\n"},
	    {"stale bright-7\n", "f:1:7: \"bright-7\" is neither a colour nor an attribute\n"},
	    {"stale on\n", "f:1:9: a colour must follow \"on\"\n"},
	    {"stale red blue\n", "f:1:11: a second colour; a background is written \"on blue\"\n"},
	    {"stale red\nstale red\n", "f:2:1: slot \"stale\" is defined twice\n"},
	    {"glyph\n", "f:1:6: the name of a glyph must follow \"glyph\"\n"},
	    {"glyph nope x y\n", "f:1:7: there is no glyph \"nope\"\n"},
	    {"glyph stale ab *\n", "f:1:13: one character of one column must follow the glyph's name\n"},
	    {"glyph stale 中 *\n", "f:1:13: one character of one column must follow the glyph's name\n"},
	    {"glyph stale ● ●\n", "f:1:15: one ASCII character must follow the glyph's character\n"},
	    {"glyph stale ● * +\n", "f:1:17: a glyph has two characters, nothing more\n"},
	    {"a\x1b[31m\nb\n", "f:1:1: there is no slot \"a^[[31m\"\nf:2:1: there is no slot \"b\"\n"},
	};
	for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
		struct builder mistakes = {.arena = arena};
		assert_false(theme_check(&mistakes, SLICE("f"), slice_of(CASES[at].text)));
		struct slice said = builder_slice(&mistakes);
		if (!slice_equal(said, slice_of(CASES[at].expected)))
			fail_msg("got %.*sexpected %s", SLICE_FORMAT(said), CASES[at].expected);
	}
}

static void colours_are_reduced_to_what_there_is(void **state)
{
	(void)state;
	struct theme *theme = theme_of("stale 196 on 16\nbroken bright-red on bright-blue\ndim bright-black\nkey 3\n");
	expect_paint(theme, SLOT_STALE, 256, 196, 16, 0);
	expect_paint(theme, SLOT_STALE, 16, 9, 0, 0);
	expect_paint(theme, SLOT_BROKEN, 8, 1, 4, ATTRIBUTE_BOLD);
	expect_paint(theme, SLOT_DIM, 8, NO_COLOR, NO_COLOR, ATTRIBUTE_DIM); /* not black on black */
	expect_paint(theme, SLOT_KEY, 8, 3, NO_COLOR, 0);
	expect_paint(theme, SLOT_STALE, 0, NO_COLOR, NO_COLOR, 0);
}

static void an_output_has_its_own_colours(void **state)
{
	(void)state;
	struct theme *theme = theme_of("output green on black\n");
	struct look look =
	    look_styled(SLOT_OUTPUT, (struct text_style){.foreground = 1, .background = NO_COLOR, .bold = true});
	struct paint paint = theme_paint(theme, look, 256);
	assert_int_equal(paint.foreground, 1);
	assert_int_equal(paint.background, 0);
	assert_int_equal(paint.attributes, ATTRIBUTE_BOLD);
}

/* --- legibility --- */

/* Relative luminance as WCAG 2 defines it. */
static double luminance(int colour)
{
	uint32_t rgb = colour_rgb(colour);
	static const double WEIGHTS[] = {0.0722, 0.7152, 0.2126}; /* blue, green, red */
	double sum = 0;
	for (int part = 0; part < 3; part++) {
		double value = (double)(rgb >> 8 * part & 0xff) / 255;
		sum += WEIGHTS[part] * (value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(int one, int other)
{
	double a = luminance(one) + 0.05, b = luminance(other) + 0.05;
	return a > b ? a / b : b / a;
}

/* What a slot must be told from its background by: 4.5 for text, 3 for signs and for numbers that
 * stand aside, less for what only divides. */
static double contrast_needed(enum slot slot)
{
	switch (slot) {
	case SLOT_RULE: return 1.5;
	case SLOT_LINE_NUMBER:
	case SLOT_LINK:
	case SLOT_LIVE:
	case SLOT_CURSOR_BLUR: return 3;
	default: return 4.5;
	}
}

static void themes_are_legible(void **state)
{
	(void)state;
	enum { BLACK = 16, NEARLY_BLACK = 234, WHITE = 231, NEARLY_WHITE = 255 };
	static const struct {
		const char *name;
		int grounds[2]; /* of the terminals that it is for; NO_COLOR: both kinds, of colours that are unknown */
	} CASES[] = {{"dark", {BLACK, NEARLY_BLACK}},
	             {"light", {WHITE, NEARLY_WHITE}},
	             {"default", {NO_COLOR, NO_COLOR}},
	             {"mono", {NO_COLOR, NO_COLOR}}};
	for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
		struct failure failure = {0};
		struct theme *theme = theme_load(arena, slice_of(CASES[at].name), &failure);
		for (enum slot slot = 0; slot < SLOT_TOTAL; slot++) {
			struct paint paint = theme_paint(theme, look_of(slot), 256);
			bool own = paint.foreground != NO_COLOR && paint.background != NO_COLOR;
			for (int ground = 0; ground < 2; ground++) {
				int behind = own ? paint.background : CASES[at].grounds[ground];
				if (paint.foreground == NO_COLOR || behind == NO_COLOR)
					continue;
				double has = contrast(paint.foreground, behind);
				if (has < contrast_needed(slot))
					fail_msg("%s: %s has a contrast of %.2f on %d", CASES[at].name, slot_name(slot), has, behind);
			}
		}
	}
}

/* On fewer colours too nothing is drawn in the colour of its background, be that light or dark. */
static void nothing_vanishes(void **state)
{
	(void)state;
	static const int TIERS[] = {256, 16, 8, 0};
	for (size_t name = 0; theme_name(name); name++) {
		struct failure failure = {0};
		struct theme *theme = theme_load(arena, slice_of(theme_name(name)), &failure);
		bool for_dark = strcmp(theme_name(name), "light") != 0, for_light = strcmp(theme_name(name), "dark") != 0;
		for (size_t tier = 0; tier < sizeof TIERS / sizeof *TIERS; tier++) {
			for (enum slot slot = 0; slot < SLOT_TOTAL; slot++) {
				struct paint paint = theme_paint(theme, look_of(slot), TIERS[tier]);
				int colour = paint.foreground;
				assert_true(colour < TIERS[tier] && paint.background < TIERS[tier]);
				if (paint.background != NO_COLOR) {
					assert_int_not_equal(colour, paint.background);
					continue;
				}
				if (for_dark && (colour == 0 || colour == 16))
					fail_msg("%s: %s is black with %d colours", theme_name(name), slot_name(slot), TIERS[tier]);
				if (for_light && (colour == 7 || colour == 15 || colour == 231))
					fail_msg("%s: %s is white with %d colours", theme_name(name), slot_name(slot), TIERS[tier]);
			}
		}
	}
}

static void what_is_no_theme_is_refused(void **state)
{
	(void)state;
	struct failure failure = {0};
	assert_null(theme_load(arena, SLICE("solarised"), &failure));
	assert_non_null(strstr(failure.message.bytes, "dark, default, light, mono"));
	assert_null(theme_load(arena, SLICE("./no/such/theme"), &failure));
	assert_true(failure.message.length > 0);
	assert_null(theme_load(arena, SLICE("./tests/unit/test_theme.c"), &failure));
	assert_int_equal(failure.line, 1);
	assert_non_null(theme_load(arena, SLICE("./themes/dark"), &failure));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_with_locale, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(built_in_themes_are_whole),
	    TEST(the_mono_theme_has_no_colours),
	    TEST(definitions_are_read),
	    TEST(undefined_slots_fall_back),
	    TEST(mistakes_are_named_with_their_place),
	    TEST(colours_are_reduced_to_what_there_is),
	    TEST(an_output_has_its_own_colours),
	    TEST(themes_are_legible),
	    TEST(nothing_vanishes),
	    TEST(what_is_no_theme_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
