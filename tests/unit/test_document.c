/* Documents: wrapping, source, outputs, and searching in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/arena.h"
#include "tui/document.h"
#include "tui/screen.h"
#include "tui/terminal.h"

static int setup_with_locale(void **state)
{
	terminal_locale(true);
	return setup(state);
}

/* The rows of a document, one below the other. */
static void expect_rows(const struct document *document, const char *expected)
{
	struct builder text = {.arena = arena};
	for (size_t row = 0; row < document->rows.count; row++) {
		builder_add(&text, document_row_text(document, arena, row));
		builder_add_byte(&text, '\n');
	}
	if (!slice_equal(builder_slice(&text), slice_of(expected)))
		fail_msg("got:\n%.*sexpected:\n%s", SLICE_FORMAT(builder_slice(&text)), expected);
}

static struct line line_of(const char *text)
{
	struct line line = {0};
	line_add(arena, &line, SLOT_TEXT, slice_of(text));
	return line;
}

static void prose_is_wrapped_at_words(void **state)
{
	(void)state;
	struct document *document = document_new(arena, 14, false); /* twelve columns of text */
	document_add_prose(document, line_of("one two three four"), 2);
	document_add_prose(document, line_of("twelve chars"), 0);
	document_add_prose(document, line_of("twelve chars   "), 0);
	document_add_prose(document, line_of(""), 0);
	document_add_prose(document, line_of("averyveryverylongword end"), 2);
	document_add_prose(document, line_of("中文中文中文中"), 0);
	expect_rows(document, "one two\n  three four\ntwelve chars\ntwelve chars\n\naveryveryver\n  ylongword\n  end\n"
	                      "中文中文中文\n中\n");
}

/* Pieces in several looks are one text: a word that goes over their border is not torn. */
static void pieces_are_wrapped_as_one_text(void **state)
{
	(void)state;
	struct document *document = document_new(arena, 14, false);
	struct line line = {0};
	line_add(arena, &line, SLOT_LABEL, SLICE("binds "));
	line_add(arena, &line, SLOT_TEXT, SLICE("alpha"));
	line_add(arena, &line, SLOT_DIM, SLICE("?, "));
	line_add(arena, &line, SLOT_TEXT, SLICE("beta"));
	document_add_prose(document, line, 2);
	expect_rows(document, "binds\n  alpha?,\n  beta\n");
	assert_int_equal(document->rows.items[1].of.pieces.items[2].look.slot, SLOT_DIM);
}

static void source_keeps_its_lines(void **state)
{
	(void)state;
	struct document *document = document_new(arena, 20, false);
	document_add_source(document, SLICE("def f():\n\treturn 'a\\tb'\t# c\r\n\nx = '''one\ntwo'''"), true, true, 2);
	expect_rows(document, "def f():\n        return 'a\\tb'   # c\n\nx = '''one\ntwo'''\n");
	assert_int_equal(document->rows.items[1].line, 2);
	assert_true(document->rows.items[1].failed);
	assert_false(document->rows.items[2].failed);
	assert_int_equal(document->number_width, 1);
	assert_int_equal(document_row_overhang(document, arena, 1, 20), 4 + 27 - 20);
	assert_int_equal(document_row_overhang(document, arena, 0, 20), 0);
}

static void source_is_wrapped_when_asked(void **state)
{
	(void)state;
	struct document *document = document_new(arena, 14, true);
	document_add_source(document, SLICE("abcdefghijklmnopq\nshort\n\tx"), true, true, 0);
	expect_rows(document, "abcdefghij\nklmnopq\nshort\n        x\n");
	assert_false(document->rows.items[0].continues);
	assert_true(document->rows.items[1].continues);
	assert_int_equal(document_row_overhang(document, arena, 0, 14), 0);
}

static void source_is_made_printable(void **state)
{
	(void)state;
	struct document *document = document_new(arena, 60, false);
	document_add_source(document, SLICE("x = '\x1b[2J\x07'\n# \xff \xe2\x80\xae"), true, false, 0);
	expect_rows(document, "x = '^[[2J^G'\n# <FF> <U+202E>\n");
}

static void names_have_looks_of_their_own(void **state)
{
	(void)state;
	struct document *document = document_new(arena, 60, false);
	struct look same = look_of(SLOT_TEXT);
	same.attributes = ATTRIBUTE_UNDERLINE;
	/* "df", what stands in the string, which is no token, and "dfx" */
	struct source_name names[] = {
	    {{0, 2}, 1, look_of(SLOT_CULPRIT)}, {{6, 8}, 1, look_of(SLOT_CULPRIT)}, {{12, 15}, 2, same}};
	document->names = names;
	document->name_count = 3;
	document_add_source(document, SLICE("df = 'df' + dfx\ny"), true, false, 0);
	assert_int_equal(document->name_count, 2);
	assert_int_equal(document_row_of(document, 12), 0);
	assert_int_equal(document_row_of(document, 16), 1);
	struct canvas *canvas = canvas_new(arena, 1, 20);
	struct failure failure;
	const struct theme *theme = theme_load(arena, SLICE("default"), &failure);
	struct list list = {.count = 1, .rows = 1};
	document_draw(document, arena, canvas_pane(canvas), &list, 0, false, NULL, theme, false);
	assert_int_equal(canvas_at(canvas, 0, 2)->look.slot, SLOT_CULPRIT);
	assert_int_equal(canvas_at(canvas, 0, 7)->look.slot, SLOT_STRING);
	assert_int_equal(canvas_at(canvas, 0, 14)->look.slot, SLOT_NAME);
	assert_int_equal(canvas_at(canvas, 0, 14)->look.attributes, ATTRIBUTE_UNDERLINE);
}

static void styles_of_outputs_are_kept(void **state)
{
	(void)state;
	for (int wrap = 0; wrap < 2; wrap++) {
		struct document *document = document_new(arena, 60, wrap);
		size_t count;
		bool more;
		struct styled_line *lines = styled_lines(arena, SLICE("\x1b[1;31mred\x1b[0m plain"), 0, &count, &more);
		document_add_styled(document, lines, count, SLOT_OUTPUT);
		struct canvas *canvas = canvas_new(arena, 1, 20);
		struct failure failure;
		const struct theme *theme = theme_load(arena, SLICE("default"), &failure);
		struct list list = {.count = 1, .rows = 1};
		document_draw(document, arena, canvas_pane(canvas), &list, 0, false, NULL, theme, false);
		assert_int_equal(canvas_at(canvas, 0, 2)->look.foreground, 1);
		assert_int_equal(canvas_at(canvas, 0, 2)->look.attributes, ATTRIBUTE_BOLD);
		assert_int_equal(canvas_at(canvas, 0, 6)->look.foreground, NO_COLOR);
	}
}

static struct search *search_for(const char *pattern)
{
	struct slice mistake;
	struct search *search = search_new(arena, slice_of(pattern), SEARCH_ALL, &mistake);
	assert_non_null(search);
	return search;
}

static void matches_are_found_and_marked(void **state)
{
	(void)state;
	struct document *document = document_new(arena, 60, false);
	document_add_source(document, SLICE("alpha = 1\nbeta = alpha + alp\ngamma = 2"), true, true, 0);
	struct search *search = search_for("a = a.p");
	assert_int_equal(document_search(document, search, 0, false), 1);
	assert_int_equal(document_search(document, search, 2, true), 1);
	assert_int_equal(document_search(document, search, 2, false), 3);
	assert_int_equal(document_search(document, search, 0, true), 3);
	struct canvas *canvas = canvas_new(arena, 3, 30);
	struct failure failure;
	const struct theme *theme = theme_load(arena, SLICE("default"), &failure);
	struct list list = {.count = 3, .rows = 3};
	document_draw(document, arena, canvas_pane(canvas), &list, 0, true, search, theme, false);
	for (int column = 0; column < 30; column++) {
		bool marked = canvas_at(canvas, 1, column)->look.slot == SLOT_MATCH;
		assert_int_equal(marked, column >= 4 + 3 && column < 4 + 3 + 7);
	}
	search_free(search);
}

static void patterns_may_be_anything(void **state)
{
	(void)state;
	size_t start, end;
	struct slice mistake;
	struct search *search = search_new(arena, SLICE("df["), SEARCH_ALL, &mistake);
	assert_true(mistake.length > 0);
	assert_true(search_find(search, SLICE("x = DF[0]"), 0, &start, &end));
	assert_int_equal(start, 4);
	assert_int_equal(end, 7);
	search_free(search);
	search = search_for("Df"); /* an upper-case letter makes case matter */
	assert_false(search_find(search, SLICE("df DF"), 0, &start, &end));
	search_free(search);
	search = search_for("\\Sb"); /* that of an escape does not */
	assert_true(search_find(search, SLICE("aB"), 0, &start, &end));
	search_free(search);
	search = search_for("x*"); /* an empty match is none */
	assert_false(search_find(search, SLICE("abc"), 0, &start, &end));
	assert_true(search_find(search, SLICE("abxx"), 0, &start, &end));
	assert_int_equal(start, 2);
	search_free(search);
	search = search_for("(a+)+$"); /* would take for ever without a limit */
	assert_false(search_find(search, SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"), 0, &start, &end));
	search_free(search);
	search = search_for("é");
	assert_true(
	    search_find(search, SLICE("\xff\xfe caf\xc3\xa9"), 0, &start, &end)); /* beside bytes that are no UTF-8 */
	assert_int_equal(start, 6);
	search_free(search);
	assert_null(search_new(arena, SLICE("\xff"), SEARCH_ALL, &mistake));
	assert_false(search_find(NULL, SLICE("a"), 0, &start, &end));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_with_locale, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(prose_is_wrapped_at_words),    TEST(pieces_are_wrapped_as_one_text), TEST(source_keeps_its_lines),
	    TEST(source_is_wrapped_when_asked), TEST(source_is_made_printable),       TEST(names_have_looks_of_their_own),
	    TEST(styles_of_outputs_are_kept),   TEST(matches_are_found_and_marked),   TEST(patterns_may_be_anything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
