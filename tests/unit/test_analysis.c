/* The pipeline in steps: that it can be stopped at each of them, and what is there in the meantime. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/arena.h"
#include "tui/job.h"

/* Lets so many steps be taken. */
struct leash {
	size_t left, taken;
};

static bool go_on(void *context, const char *what, size_t done, size_t whole)
{
	struct leash *leash = context;
	assert_true(what[0] != '\0');
	assert_true(done <= whole || whole == 0);
	leash->taken++;
	return leash->left == 0 || --leash->left > 0;
}

static void work_can_be_stopped_at_each_step(void **state)
{
	(void)state;
	struct leash leash = {0};
	struct analysis_watch watch = {go_on, &leash};
	struct analysis_sources sources = {SLICE("docs/examples/hidden-state.ipynb"), SLICE(""), &watch};
	struct failure failure = {0};
	struct analysis *whole = analysis_open(&sources, arena, &failure);
	assert_non_null(whole);
	size_t steps = leash.taken;
	assert_true(steps > 10);
	for (size_t step = 1; step <= steps; step++) {
		leash = (struct leash){.left = step};
		assert_null(analysis_open(&sources, arena, &failure));
		assert_true(slice_equal(failure.message, SLICE("stopped")));
		assert_int_equal(leash.taken, step);
	}

	leash = (struct leash){0};
	struct findings *findings = analysis_findings(whole, &watch);
	size_t count = findings->count;
	steps = leash.taken;
	for (size_t step = 1; step <= steps; step++) {
		leash = (struct leash){.left = step};
		assert_null(analysis_findings(whole, &watch));
	}
	leash = (struct leash){0};
	assert_int_equal(analysis_graphs(whole, &watch)[GRAPH_FILE].node_count, whole->notebook->code_count);
	steps = leash.taken;
	for (size_t step = 1; step <= steps; step++) {
		leash = (struct leash){.left = step};
		assert_null(analysis_graphs(whole, &watch));
	}
	/* What was left in the middle left nothing behind. */
	assert_int_equal(analysis_findings(whole, NULL)->count, count);
	analysis_close(whole);
}

static const char *large_notebook(void)
{
	static char path[] = "/tmp/nbscope-test-XXXXXX";
	int descriptor = mkstemp(path);
	assert_true(descriptor >= 0);
	FILE *out = fdopen(descriptor, "w");
	fprintf(out, "{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [");
	for (int cell = 0; cell < 2000; cell++)
		fprintf(out,
		        "%s{\"cell_type\": \"code\", \"metadata\": {}, \"outputs\": [], \"execution_count\": %d, \"source\": "
		        "\"x%d = 1\"}",
		        cell ? ", " : "", cell + 1, cell);
	fprintf(out, "]}");
	fclose(out);
	return path;
}

static void cells_are_there_before_what_they_do_is_known(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct analysis_sources sources = {.path = slice_of(large_notebook())};
	struct analysis *read = analysis_read(&sources, arena, &failure);
	assert_non_null(read);
	assert_true(analysis_outline(read));
	assert_int_equal(read->notebook->cell_count, 2000);
	assert_int_equal(read->log->run_count, 2000);
	for (size_t at = 0; at < 2000; at++)
		assert_int_equal(read->status->cells[at].status, STATUS_UNKNOWN);
	struct analysis *whole = analysis_complete(read, &sources, arena, &failure);
	assert_non_null(whole);
	for (size_t at = 0; at < 2000; at++)
		assert_int_equal(whole->status->cells[at].status, STATUS_STANDS);
	analysis_take_notebook(whole, read);
	analysis_close(whole);

	struct job *job = job_start(sources.path, SLICE(""), true);
	assert_true(job_wait(job, -1));
	struct analysis *outline = job_outline(job);
	struct job_result result = job_end(job, arena);
	assert_non_null(result.analysis);
	assert_ptr_equal(outline, result.read);
	job_drop(&result);

	job = job_start(sources.path, SLICE(""), false);
	job_stop(job);
	assert_true(job_wait(job, -1));
	assert_null(job_outline(job));
	result = job_end(job, arena);
	assert_true(result.stopped);
	job_drop(&result);
	job_leave(job_start(sources.path, SLICE(""), true));
	unlink(sources.path.bytes);
}

static void what_cannot_be_read_is_told_by_the_job(void **state)
{
	(void)state;
	struct job *job = job_start(SLICE("tests/data/malformed/truncated.ipynb"), SLICE(""), true);
	assert_true(job_wait(job, -1));
	struct job_result result = job_end(job, arena);
	assert_null(result.analysis);
	assert_null(result.read);
	assert_false(result.stopped);
	assert_int_equal(result.failure.line, 18);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(work_can_be_stopped_at_each_step, setup, teardown),
	    cmocka_unit_test_setup_teardown(cells_are_there_before_what_they_do_is_known, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_cannot_be_read_is_told_by_the_job, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
