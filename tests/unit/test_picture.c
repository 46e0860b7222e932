/* Images as cells: on each kind of terminal, only what that terminal can show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/arena.h"
#include "tui/picture.h"

/* 8 x 8 pixels, each of a colour of its own. */
static const char PNG[] =
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAcElEQVR42g3LUQ0AQAjD0IpBDGIQg5iJQcyS3f02fQBFGoYsiByY/JwqujLFVlRc"
    "xfX/pjrdTGcbda5xfzGpoScz7ETDTTxfLLXpZTa7aHOL9wulRCsjVpE4xfriqEsfc9lDlzt8Xzhl2hmzjsw5Ng/muV7hXD+52AAAAABJRU5ErkJg"
    "gg==";

static void skip_without_images(void)
{
	if (!picture_is_known(SLICE("image/png")))
		skip();
}

static void colours_and_characters_are_those_of_the_terminal(void **state)
{
	(void)state;
	static const int COLOURS[] = {0, 8, 16, 256};
	skip_without_images();
	for (size_t at = 0; at < 2 * sizeof COLOURS / sizeof *COLOURS; at++) {
		bool ascii = at % 2;
		int colours = COLOURS[at / 2], coloured = 0;
		struct document *document = document_new(arena, 40, false);
		assert_null(picture_add(document, SLICE("image/png"), slice_of(PNG), 10, colours, ascii));
		assert_true(document->rows.count > 0 && document->rows.count <= 10);
		for (size_t row = 0; row < document->rows.count; row++) {
			const struct line *line = &document->rows.items[row].of.pieces;
			struct slice text = document_row_text(document, arena, row);
			for (size_t byte = 0; ascii && byte < text.length; byte++)
				assert_in_range(text.bytes[byte], ' ', '~');
			for (size_t piece = 0; piece < line->count; piece++) {
				struct look look = line->items[piece].look;
				assert_true(look.foreground < colours && look.background < colours);
				coloured += look.foreground != NO_COLOR || look.background != NO_COLOR;
			}
		}
		assert_int_equal(coloured > 0, colours > 0);
	}
}

static void what_is_no_image_is_told(void **state)
{
	(void)state;
	skip_without_images();
	static const char *const TYPES[] = {"image/png", "image/jpeg"};
	for (size_t at = 0; at < sizeof TYPES / sizeof *TYPES; at++) {
		struct document *document = document_new(arena, 40, false);
		const char *problem = picture_add(document, slice_of(TYPES[at]), SLICE("bm8gaW1hZ2U="), 10, 256, false);
		assert_string_equal(problem, "This is no such image, or one that is too large.");
		assert_int_equal(document->rows.count, 0);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(colours_and_characters_are_those_of_the_terminal),
	    TEST(what_is_no_image_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
