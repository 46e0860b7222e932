/* The example, held against what a real kernel gave when it was run again from the top. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis.h"

#define CELLS 18

/* One row of tests/data/hidden-state.truth.tsv, where docs/examples/make_hidden_state.py put it. */
struct truth {
	char count[8];
	char ran[8];
	char rerun[32]; /* same, other-output, other-inputs, "NameError NAME", or - */
};

static struct truth truth[CELLS + 1];
static struct arena *failure_arena;
static struct analysis *analysis;

static void read_truth(void)
{
	FILE *file = fopen("tests/data/hidden-state.truth.tsv", "r");
	assert_non_null(file);
	char line[256];
	int rows = 0;
	while (fgets(line, sizeof line, file)) {
		if (line[0] == '#')
			continue;
		int cell;
		struct truth row;
		assert_int_equal(sscanf(line, "%d\t%7[^\t]\t%7[^\t]\t%31[^\n]", &cell, row.count, row.ran, row.rerun), 4);
		assert_in_range(cell, 1, CELLS);
		truth[cell] = row;
		rows++;
	}
	fclose(file);
	assert_int_equal(rows, CELLS);
}

static int setup(void **state)
{
	(void)state;
	read_truth();
	struct failure failure;
	failure_arena = arena_new(NULL, NULL);
	analysis =
	    analysis_open(&(struct analysis_sources){SLICE("docs/examples/hidden-state.ipynb")}, failure_arena, &failure);
	return analysis == NULL;
}

static int teardown(void **state)
{
	(void)state;
	analysis_close(analysis);
	arena_free(failure_arena);
	return 0;
}

static bool is_name_error(const struct truth *row)
{
	return strncmp(row->rerun, "NameError ", 10) == 0;
}

static void every_status_is_what_happened(void **state)
{
	(void)state;
	assert_int_equal(analysis->status->cell_count, CELLS);
	for (int cell = 1; cell <= CELLS; cell++) {
		const struct cell_status *said = &analysis->status->cells[cell - 1];
		enum status expected = STATUS_STALE;
		if (strcmp(truth[cell].ran, "no") == 0)
			expected = STATUS_NOT_RUN;
		else if (is_name_error(&truth[cell]))
			expected = STATUS_BROKEN;
		else if (strcmp(truth[cell].rerun, "same") == 0)
			expected = STATUS_STANDS;
		if (said->status != expected)
			fail_msg("cell %d: said %s, but %s", cell, status_name(said->status), truth[cell].rerun);
		if (expected == STATUS_STALE || expected == STATUS_BROKEN) {
			assert_int_not_equal(said->certainty, POSSIBLE);
			assert_true(said->reason_count > 0);
		}
	}
}

static void every_name_error_is_foretold(void **state)
{
	(void)state;
	const struct status_report *report = analysis->status;
	size_t next = 0;
	for (int cell = 1; cell <= CELLS; cell++) {
		if (!is_name_error(&truth[cell]))
			continue;
		assert_true(next < report->error_count);
		const struct run_all_error *error = &report->errors[next++];
		assert_int_equal(error->cell, cell);
		assert_true(error->must);
		const char *name = truth[cell].rerun + strlen("NameError ");
		assert_true(slice_equal(symbols_name(analysis->symbols, error->name), (struct slice){name, strlen(name)}));
	}
	assert_int_equal(report->error_count, next);
	assert_int_equal(report->stops_at, 16);
}

/* That the first reason of a cell is `name`, bound by `execution` then and by `file` from the top (0: by none). */
static void assert_reason(size_t cell, struct slice name, size_t execution, int64_t count, size_t file)
{
	const struct cell_status *said = &analysis->status->cells[cell - 1];
	assert_true(said->reason_count > 0);
	const struct reason *reason = &said->reasons[0];
	assert_true(slice_equal(symbols_name(analysis->symbols, reason->name), name));
	assert_int_equal(reason->execution_cell, execution);
	assert_int_equal(reason->execution_count, count);
	assert_int_equal(reason->file_cell, file);
	assert_true(slice_ends(reason->why, SLICE(".")));
}

static void reasons_name_who_gave_what(void **state)
{
	(void)state;
	assert_reason(6, SLICE("df"), 7, 6, 4);       /* the bands were cut after the rows had been dropped */
	assert_reason(7, SLICE("df"), 4, 4, 6);       /* and the rows dropped before there were bands */
	assert_reason(14, SLICE("data"), 15, 17, 12); /* evaluated on another year */
	assert_reason(16, SLICE("threshold"), 0, NO_COUNT, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_status_is_what_happened),
	    cmocka_unit_test(every_name_error_is_foretold),
	    cmocka_unit_test(reasons_name_who_gave_what),
	};
	return cmocka_run_group_tests_name("example", tests, setup, teardown);
}
