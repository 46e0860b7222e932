/* The review: what is told of which cell, and in how many words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/report.h"
#include "report/review.h"
#include "tests/unit/arena.h"
#include "tests/unit/given.h"

static struct analysis *analyse(const struct given *cells)
{
	struct analysis *analysis = arena_alloc(arena, sizeof *analysis);
	analysis->arena = arena;
	analysis->symbols = symbols_new(arena);
	analysis->notebook = given_notebook(cells);
	analysis->effects = effects_of_notebook(arena, analysis->symbols, analysis->notebook);
	struct log *log = log_from_notebook(arena, analysis->notebook, analysis->effects);
	analysis->status = status_of_notebook(arena, analysis->symbols, analysis->notebook, analysis->effects, log);
	analysis->log = analysis->status->log;
	return analysis;
}

static struct review *review(const struct given *cells)
{
	return review_of(arena, analyse(cells));
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
	                                                     {3, "import sys"},
	                                                     {4, "!pip install b\n!pip install c"},
	                                                     {5, "print("},
	                                                     {0}});
	const char *const expected[] = {"syntax-error cell 5, line 1", "install-in-notebook cells 2 and 4",
	                                "star-import cell 1, line 1", "unused-import cell 3, line 1"};
	assert_int_equal(found->topic_count, sizeof expected / sizeof *expected);
	for (size_t i = 0; i < found->topic_count; i++) {
		const struct review_topic *topic = &found->topics[i];
		assert_int_equal(topic->remark_count, 1);
		assert_text(slice_format(arena, "%s %.*s", topic->rule->name, SLICE_FORMAT(topic->remarks[0].where)),
		            expected[i]);
	}
	assert_text(found->also,
	            "Also found: 1 error (syntax-error) and 3 notes (install-in-notebook, star-import, unused-import).");
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
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
