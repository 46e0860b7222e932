/* The names of a kernel over time, on the example: who bound what, and how long it lived. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/arena.h"
#include "tui/versions.h"

static struct analysis *analyse(const char *path)
{
	struct failure failure = {0};
	struct analysis *analysis = analysis_open(&(struct analysis_sources){slice_of(path)}, arena, &failure);
	assert_non_null(analysis);
	return analysis;
}

static const struct name_row *row_of(const struct analysis *analysis, const struct versions *versions, const char *name)
{
	symbol wanted = symbols_find(analysis->symbols, slice_of(name));
	for (size_t row = 0; row < versions->row_count; row++) {
		if (versions->rows[row].name == wanted)
			return &versions->rows[row];
	}
	fail_msg("no row for %s", name);
	return NULL;
}

static void the_log_says_which_version_was_live(void **state)
{
	(void)state;
	struct analysis *analysis = analyse("docs/examples/hidden-state.ipynb");
	struct versions *versions = versions_new(arena, analysis, false);
	assert_int_equal(versions->step_count, 19);

	/* cell 12 [13] binds it in step 13, cell 15 [17] anew in step 16; cell 14 reads that one in step 19 */
	const struct name_row *data = row_of(analysis, versions, "data");
	const struct touch *first = versions_touch(data, 12), *second = versions_touch(data, 15),
	                   *read = versions_touch(data, 18);
	assert_true(first->binds && !first->reads && first->leaves);
	assert_int_equal(first->until, 15);
	assert_true(second->binds && second->until == NO_STEP);
	assert_true(read->reads && !read->binds && !read->unbound);
	assert_int_equal(read->read_from, 15);
	assert_int_equal(read->bound_in, 15);
	assert_ptr_equal(versions_last_touch(versions, data, 14), versions_touch(data, 13));
	assert_null(versions_last_touch(versions, data, 11));
	assert_true(data->trouble > 0);

	/* df is changed in place by cell 6 [8], which is noticed as a change of what cell 7 [6] had bound */
	const struct touch *changed = versions_touch(row_of(analysis, versions, "df"), 7);
	assert_true(changed->changes && !changed->binds);
	assert_int_equal(changed->bound_in, 5);
	assert_int_equal(changed->changed_in, 7);

	/* threshold was made by something that is no longer there */
	const struct touch *lost = versions_touch(row_of(analysis, versions, "threshold"), 16);
	assert_true(lost->reads && !lost->unbound && lost->leaves);
	assert_int_equal(lost->read_from, NO_STEP);
	analysis_close(analysis);
}

static void the_file_has_versions_of_its_own(void **state)
{
	(void)state;
	struct analysis *analysis = analyse("docs/examples/hidden-state.ipynb");
	struct versions *versions = versions_new(arena, analysis, true);
	assert_int_equal(versions->step_count, 18);
	const struct touch *read = versions_touch(row_of(analysis, versions, "data"), 13);
	assert_int_equal(read->read_from, 11);
	assert_int_equal(read->until, 14);
	assert_true(versions_touch(row_of(analysis, versions, "threshold"), 15)->unbound);
	analysis_close(analysis);
}

static void the_namespace_shows_what_was_written_last_first(void **state)
{
	(void)state;
	struct analysis *analysis = analyse("docs/examples/hidden-state.ipynb");
	struct versions *versions = versions_new(arena, analysis, false);
	size_t count = 0, previous = SIZE_MAX;
	const struct touch **names = versions_namespace(versions, arena, 15, &count);
	assert_true(count > 5);
	assert_int_equal(names[0]->name, symbols_find(analysis->symbols, SLICE("data")));
	for (size_t at = 0; at < count; at++) {
		size_t written = names[at]->changed_in != NO_STEP ? names[at]->changed_in : names[at]->bound_in;
		assert_true(written <= previous);
		previous = written;
	}
	names = versions_of_step(versions, 6, &count);
	assert_int_equal(count, 0); /* a lost run is not known to have touched anything */
	analysis_close(analysis);
}

static void a_restart_empties_the_namespace(void **state)
{
	(void)state;
	struct analysis *analysis = analyse("tests/data/notebooks/sessions.ipynb");
	struct versions *versions = versions_new(arena, analysis, false);
	bool crossed = false;
	for (size_t row = 0; row < versions->row_count; row++) {
		const struct name_row *name = &versions->rows[row];
		for (size_t at = 0; at < name->count; at++) {
			const struct touch *touch = &name->touches[at];
			bool within =
			    touch->bound_in == NO_STEP || versions->sessions[touch->bound_in] == versions->sessions[touch->step];
			assert_true(within);
			assert_true(touch->until == NO_STEP || versions->sessions[touch->until] == versions->sessions[touch->step]);
		}
	}
	for (size_t step = 1; step < versions->step_count; step++)
		crossed |= versions->sessions[step] != versions->sessions[step - 1];
	assert_true(crossed);
	analysis_close(analysis);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_log_says_which_version_was_live, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_file_has_versions_of_its_own, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_namespace_shows_what_was_written_last_first, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_restart_empties_the_namespace, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
