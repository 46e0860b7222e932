/* What is left of HTML on a screen of characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "notebook/html.h"

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new(NULL, NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void gives(const char *html, const char *expected)
{
	struct slice text = html_text(arena, slice_of(html));
	if (!slice_equal(text, slice_of(expected)))
		fail_msg("%s\ngave\n%.*s\ninstead of\n%s", html, SLICE_FORMAT(text), expected);
}

static void text_is_kept(void **state)
{
	(void)state;
	gives("", "");
	gives("a  b\n c", "a b c");
	gives("<b>bold</b>\n<i>italic</i>", "bold italic");
	gives("<div>one</div><div>two<br>three</div>", "one\ntwo\nthree\n");
	gives("<ul><li>one<li>two</ul>", "- one\n- two\n");
	gives("<pre>a\n  b</pre>", "a\n  b\n");
	gives("x<style>p { color: red }</style>y<SCRIPT>if (a < b) {}</SCRIPT>z", "xyz");
	gives("a<!-- <b> -- > -->b", "ab");
	gives("<a title='1 > 0' href=x>link</a>", "link");
}

static void entities_are_characters(void **state)
{
	(void)state;
	gives("1 &lt; 2 &amp;&amp; &#215;&#xD7;&hellip;", "1 < 2 && \303\227\303\227\342\200\246");
	gives("&none; &#; &#x110000; & b&", "&none; &#; &#x110000; & b&");
	gives("a&nbsp;b", "a b");
	gives("&#27;[31m", "[31m"); /* no control character comes of one */
}

static void tables_have_columns(void **state)
{
	(void)state;
	gives("<table><thead><tr style='text-align: right'><th></th><th>name</th><th>n</th></tr></thead>"
	      "<tbody><tr><th>0</th><td>one</td><td>1.5</td></tr><tr><th>10</th><td>three</td><td>NaN</td></tr></tbody></"
	      "table>"
	      "<p>2 rows \303\227 2 columns</p>",
	      "\33[1m    name     n\33[0m\n0   one    1.5\n10  three  NaN\n2 rows \303\227 2 columns\n");
}

/* As pandas writes indices of several levels, and heads over several columns. */
static void cells_span(void **state)
{
	(void)state;
	gives("<table><tr><th>k</th><th colspan=2>both</th></tr>"
	      "<tr><th rowspan='2'>a</th><td>x</td><td>y</td></tr><tr><td>z</td><td>w</td></tr></table>",
	      "\33[1mk  both\33[0m\na  x  y\n   z  w\n");
}

/* A wide character takes two columns, a combining one none. */
static void columns_are_those_of_the_screen(void **state)
{
	(void)state;
	gives("<table><tr><td>\345\220\215<td>a</tr><tr><td>e\314\201<td>b</tr><tr><td>abc<td>c</table>",
	      "\345\220\215   a\ne\314\201    b\nabc  c\n");
}

static void broken_html_ends_with_the_text(void **state)
{
	(void)state;
	gives("a < b", "a < b");
	gives("<", "<");
	gives("<table><tr><td>x", "x\n");
	gives("</table></td></tr>y", "y");
	gives("a<b", "a");
	gives("<script>never", "");
	gives("<!-- never", "");
	gives("<table><tr><td>a<table><tr><td>b</td></tr></table>c</td></tr></table>", "a b c\n");
}

/* Spans multiply what is written: that has a bound. */
static void little_does_not_become_too_much(void **state)
{
	(void)state;
	struct builder html = {.arena = arena};
	builder_add_string(&html, "<table><tr>");
	for (int column = 0; column < 600; column++)
		builder_add_string(&html, "<td rowspan=1000>012345678901234567890123456789012345678901234567890123456789</td>");
	for (int row = 0; row < 5000; row++)
		builder_add_string(&html, "<tr><td colspan=1000>x");
	assert_true(html_text(arena, builder_slice(&html)).length < 32 << 20);
}

static void tables_are_found(void **state)
{
	(void)state;
	assert_true(html_has_table(SLICE("<div><TABLE border=1>")));
	assert_false(html_has_table(SLICE("table <tab")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(text_is_kept, setup, teardown),
	    cmocka_unit_test_setup_teardown(entities_are_characters, setup, teardown),
	    cmocka_unit_test_setup_teardown(tables_have_columns, setup, teardown),
	    cmocka_unit_test_setup_teardown(cells_span, setup, teardown),
	    cmocka_unit_test_setup_teardown(columns_are_those_of_the_screen, setup, teardown),
	    cmocka_unit_test_setup_teardown(broken_html_ends_with_the_text, setup, teardown),
	    cmocka_unit_test_setup_teardown(little_does_not_become_too_much, setup, teardown),
	    cmocka_unit_test_setup_teardown(tables_are_found, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
