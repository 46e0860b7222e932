/* Calls whose inputs come from different versions of a name, and those that only seem to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "findings/finding.h"
#include "report/json_writer.h"
#include "tests/unit/arena.h"

struct skew_cell {
	int count;
	const char *source;
};

/* The number of the cell that has the finding, from 1; 0 when there is none. */
static size_t skewed_cell(const struct skew_cell *cells)
{
	struct failure failure = {0};
	struct builder json = {.arena = arena};
	builder_add_string(&json, "{\"nbformat\": 4, \"nbformat_minor\": 4, \"metadata\": {}, \"cells\": [");
	for (size_t i = 0; cells[i].source; i++) {
		builder_add_format(&json,
		                   "%s{\"cell_type\": \"code\", \"metadata\": {}, \"execution_count\": %d, \"outputs\": [], "
		                   "\"source\": ",
		                   i ? ", " : "", cells[i].count);
		json_string(&(struct json_writer){.out = &json}, slice_of(cells[i].source));
		builder_add_byte(&json, '}');
	}
	builder_add_string(&json, "]}");
	struct symbols *symbols = symbols_new(arena);
	struct notebook *notebook = notebook_read(arena, SLICE("a.ipynb"), builder_slice(&json), &failure);
	assert_non_null(notebook);
	struct effects **effects = effects_of_notebook(arena, symbols, notebook);
	struct log *log = log_from_notebook(arena, notebook, effects);
	struct evidence evidence = {symbols, notebook, effects, status_of_notebook(arena, symbols, notebook, effects, log)};
	struct findings *findings = findings_of(arena, &evidence);
	size_t cell = 0;
	for (size_t i = 0; i < findings->count; i++)
		if (strcmp(findings->items[i].rule->code, "NB108") == 0)
			cell = findings->items[i].cell;
	notebook_close(notebook);
	return cell;
}

#define IMPORTS "from tools import load, train, score, clean\n"

static void test_a_skew_that_the_file_has_not(void **state)
{
	(void)state;
	const struct skew_cell direct[] = {{1, IMPORTS "data = load('a')\nmodel = train(data)"},
	                                   {3, "score(model, data)"},
	                                   {2, "data = load('b')"},
	                                   {0, NULL}};
	assert_int_equal(skewed_cell(direct), 2);
	const struct skew_cell by_way_of_others[] = {{1, IMPORTS "data = load('a')"}, {2, "rows = clean(data)"},
	                                             {3, "model = train(rows)"},      {5, "print(score(model, data[0]))"},
	                                             {4, "data = load('b')"},         {0, NULL}};
	assert_int_equal(skewed_cell(by_way_of_others), 4);
	const struct skew_cell fitted[] = {{1, IMPORTS "from sklearn.linear_model import Ridge\ndata = load('a')"},
	                                   {2, "model = Ridge()\nmodel.fit(data, data.y)"},
	                                   {4, "score(model, data)"},
	                                   {3, "data = load('b')"},
	                                   {0, NULL}};
	assert_int_equal(skewed_cell(fitted), 3);
}

static void test_a_skew_that_is_written_so(void **state)
{
	(void)state;
	const struct skew_cell by_design[] = {{1, IMPORTS "data = load('a')\nmodel = train(data)"},
	                                      {2, "data = load('b')"},
	                                      {3, "score(model, data)"},
	                                      {0, NULL}};
	assert_int_equal(skewed_cell(by_design), 0);
	/* Stale, for another reason. */
	const struct skew_cell also_stale[] = {{1, IMPORTS "data = load('a')\nmodel = train(data)\nk = 1"},
	                                       {2, "data = load('b')"},
	                                       {4, "score(model, data, k)"},
	                                       {3, "k = 2"},
	                                       {0, NULL}};
	assert_int_equal(skewed_cell(also_stale), 0);
}

static void test_one_version(void **state)
{
	(void)state;
	/* The order differs, but all that goes into the call is of one version. */
	const struct skew_cell together[] = {{1, IMPORTS "data = load('a')"},
	                                     {4, "score(model, data)"},
	                                     {2, "data = load('b')"},
	                                     {3, "model = train(data)"},
	                                     {0, NULL}};
	assert_int_equal(skewed_cell(together), 0);
	/* The later version, too, went into the model. */
	const struct skew_cell both[] = {{1, IMPORTS "data = load('a')\nmodel = train(data)"},
	                                 {4, "score(model, data)"},
	                                 {2, "data = load('b')"},
	                                 {3, "model = train(model, data)"},
	                                 {0, NULL}};
	assert_int_equal(skewed_cell(both), 0);
	/* No call gets both. */
	const struct skew_cell apart[] = {{1, IMPORTS "data = load('a')\nmodel = train(data)"},
	                                  {3, "pair = [score(model), score(data)]"},
	                                  {2, "data = load('b')"},
	                                  {0, NULL}};
	assert_int_equal(skewed_cell(apart), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_a_skew_that_the_file_has_not, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_a_skew_that_is_written_so, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_one_version, setup, teardown),
	};
	return cmocka_run_group_tests_name("version_skew", tests, NULL, NULL);
}
