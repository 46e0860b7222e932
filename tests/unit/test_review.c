/* The review: what is told of which cell, and in how many words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/markup.h"
#include "report/report.h"
#include "report/review.h"
#include "tests/unit/arena.h"
#include "tests/unit/given.h"

static struct analysis *analysis_of(struct notebook *notebook)
{
	struct analysis *analysis = arena_alloc(arena, sizeof *analysis);
	analysis->arena = arena;
	analysis->symbols = symbols_new(arena);
	analysis->notebook = notebook;
	analysis->effects = effects_of_notebook(arena, analysis->symbols, analysis->notebook);
	struct log *log = log_from_notebook(arena, analysis->notebook, analysis->effects);
	analysis->status = status_of_notebook(arena, analysis->symbols, analysis->notebook, analysis->effects, log);
	analysis->log = analysis->status->log;
	return analysis;
}

static struct review *review(const struct given *cells)
{
	return review_of(arena, analysis_of(given_notebook(cells)));
}

#define assert_text(text, expected) assert_string_equal(slice_copy(arena, text).bytes, expected)

static void what_stands_is_named_where_not_all_does(void **state)
{
	(void)state;
	assert_text(review((const struct given[]){{1, "a = 1"}, {2, "print(a)"}, {0}})->standing, "");
	struct review *some = review((const struct given[]){{1, "x = 1"}, {3, "print(x)"}, {2, "x = 2"}, {0}});
	assert_text(some->standing, "What stands: cells 1 and 3.");
}

static void a_cell_is_a_consequence_where_only_what_it_reads_is_stale(void **state)
{
	(void)state;
	struct review *found = review((const struct given[]){
	    {1, "x = 1"}, {3, "y = x + 1"}, {4, "z = y"}, {5, "w = z + x"}, {2, "x = 2"}, {6, "print(y, z)"}, {0}});
	const struct {
		bool is_problem, is_consequence;
		const char *rests_on;
	} expected[] = {
	    {false, false, ""}, {true, false, ""},  {true, true, "`y` of cell 2"},
	    {true, false, ""},  {false, false, ""}, {true, true, "`y` of cell 2; `z` of cell 3"},
	};
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		assert_int_equal(found->cells[i].is_problem, expected[i].is_problem);
		assert_int_equal(found->cells[i].is_consequence, expected[i].is_consequence);
		assert_text(found->cells[i].rests_on, expected[i].rests_on);
	}
}

static void what_is_said_of_a_cell_is_not_said_again(void **state)
{
	(void)state;
	struct review *found =
	    review((const struct given[]){{1, "a = np.e"}, {2, "b = np.pi"}, {3, "print(gone)"}, {4, "np.inf"}, {0}});
	assert_int_equal(found->cells[0].same_as, 0);
	assert_int_equal(found->cells[1].same_as, 1);
	assert_int_equal(found->cells[2].same_as, 0);
	assert_int_equal(found->cells[3].same_as, 1);
	/* In as many sentences as it takes. */
	struct review *twice = review(
	    (const struct given[]){{1, "a = 1"}, {2, "b = 1"}, {5, "a, b"}, {6, "a, b"}, {3, "a = 2"}, {4, "b = 2"}, {0}});
	assert_int_equal(twice->cells[2].sentence_count, 2);
	assert_int_equal(twice->cells[3].same_as, 3);
	assert_text(found->mending, "To mend what is broken, define `np` above cell 1 and `gone` above cell 3.");
}

static void a_name_that_a_cell_binds_needs_no_new_definition(void **state)
{
	(void)state;
	assert_text(review((const struct given[]){{2, "print(x)"}, {1, "x = 1"}, {0}})->mending, "");
}

static void the_line_that_tells_most_is_quoted(void **state)
{
	(void)state;
	struct review *found = review((const struct given[]){
	    {1, "# begin\nimport os\nprint(lost)"}, {2, "x = 1"}, {4, "# the x\nmaxx = 0\ny = x"}, {3, "x = 2"}, {0}});
	assert_text(found->cells[0].telling_line, "print(lost)");
	assert_text(found->cells[2].telling_line, "y = x");
}

static void findings_of_one_rule_in_the_same_words_are_one_remark(void **state)
{
	(void)state;
	struct review *found = review((const struct given[]){{1, "from os import *"},
	                                                     {2, "!pip install a"},
	                                                     {3, "a = 1"},
	                                                     {4, "!pip install b\n!pip install c"},
	                                                     {5, "print("},
	                                                     {0}});
	const char *const expected[] = {"syntax-error cell 5, line 1", "install-in-notebook cells 2 and 4",
	                                "star-import cell 1, line 1"};
	assert_int_equal(found->topic_count, sizeof expected / sizeof *expected);
	for (size_t i = 0; i < found->topic_count; i++) {
		const struct review_topic *topic = &found->topics[i];
		assert_int_equal(topic->remark_count, 1);
		assert_text(slice_format(arena, "%s %.*s", topic->rule->name, SLICE_FORMAT(topic->remarks[0].where)),
		            expected[i]);
	}
	assert_text(found->also, "Also found: 1 error (syntax-error) and 2 notes (install-in-notebook, star-import).");
}

static struct slice escaped(void (*escape)(struct builder *out, struct slice text), const char *text)
{
	struct builder out = {.arena = arena};
	escape(&out, slice_of(text));
	return builder_slice(&out);
}

static void nothing_of_a_notebook_is_markup(void **state)
{
	(void)state;
	assert_text(escaped(escape_html, "<b a=\"1\" c='2'>&\033[31m"),
	            "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;^[[31m");
	assert_text(escaped(escape_html_lines, "a\r\n</pre>"), "a\n&lt;/pre&gt;");
	assert_text(escaped(escape_html_sentence, "`<x>` is `y` and ` `, `"),
	            "<code>&lt;x&gt;</code> is <code>y</code> and ` `, `");
	assert_text(escaped(escape_markdown, "<i>*a* _b_ [c](d) `e` | ~f~ $g$ !h &amp;"),
	            "&lt;i&gt;\\*a\\* \\_b\\_ \\[c\\](d) \\`e\\` \\| \\~f\\~ \\$g\\$ \\!h &amp;amp;");
	assert_text(escaped(escape_markdown, "@all #1 http://x www.y: z"),
	            "@&#8203;all #&#8203;1 http:&#8203;//x www.&#8203;y: z");
	assert_text(escaped(escape_markdown_code, "a"), "`a`");
	assert_text(escaped(escape_markdown_code, " ``a` "), "``` ``a` ```");
	assert_text(escaped(escape_markdown_sentence, "`a_b` and a_b, ` `"), "`a_b` and a\\_b, \\` \\`");
}

/* As many cells as make too long a comment. */
static struct slice comment_of_many(size_t room)
{
	struct builder json = {.arena = arena};
	struct failure failure = {0};
	enum { MANY = 600 };
	builder_add_string(&json, "{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [");
	for (int i = 0; i < MANY; i++)
		builder_add_format(&json,
		                   "%s{\"cell_type\": \"code\", \"metadata\": {}, \"outputs\": [], \"execution_count\": %d, "
		                   "\"source\": \"print(lost_%d)\"}",
		                   i ? ", " : "", i + 1, i);
	builder_add_string(&json, "]}");
	struct notebook *notebook = notebook_read(arena, SLICE("many.ipynb"), builder_slice(&json), &failure);
	struct builder out = {.arena = arena};
	report_markdown(&out, analysis_of(notebook), room);
	return builder_slice(&out);
}

static size_t count_of(struct slice text, const char *word)
{
	struct slice copy = slice_copy(arena, text);
	size_t count = 0;
	for (const char *at = copy.bytes; (at = strstr(at, word)); at += strlen(word))
		count++;
	return count;
}

static void a_comment_keeps_its_limit_and_says_what_it_leaves_out(void **state)
{
	(void)state;
	struct slice all = comment_of_many(1 << 20), some = comment_of_many(20000);
	assert_int_equal(count_of(all, "- **Cell "), 600);
	assert_int_equal(count_of(all, "no room here"), 0);
	assert_true(some.length <= 20000 && some.length > 15000);
	size_t told = count_of(some, "- **Cell ");
	char *words =
	    (char *)slice_format(arena, "… and %zu more cells, for which there is no room here.", 600 - told).bytes;
	assert_int_equal(count_of(some, words), 1);
	assert_int_equal(count_of(some, "<details>"), count_of(some, "</details>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(what_stands_is_named_where_not_all_does, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_cell_is_a_consequence_where_only_what_it_reads_is_stale, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_is_said_of_a_cell_is_not_said_again, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_name_that_a_cell_binds_needs_no_new_definition, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_line_that_tells_most_is_quoted, setup, teardown),
	    cmocka_unit_test_setup_teardown(findings_of_one_rule_in_the_same_words_are_one_remark, setup, teardown),
	    cmocka_unit_test_setup_teardown(nothing_of_a_notebook_is_markup, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_comment_keeps_its_limit_and_says_what_it_leaves_out, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
