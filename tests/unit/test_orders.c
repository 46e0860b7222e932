/* Which cells ran out of order: as few as possible, and the others are in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/arena.h"
#include "tui/orders.h"

static size_t displaced_in(const char *path)
{
	struct failure failure = {0};
	struct analysis *analysis = analysis_open(&(struct analysis_sources){.path = slice_of(path)}, arena, &failure);
	assert_non_null(analysis);
	const struct orders *orders = orders_new(arena, analysis);
	size_t count = 0, previous = 0;
	for (size_t number = 1; number <= analysis->notebook->code_count; number++) {
		count += orders->displaced[number];
		if (orders->displaced[number] || orders->last_run[number] == NO_RUN)
			continue;
		assert_true(orders->last_run[number] >= previous);
		previous = orders->last_run[number];
	}
	assert_int_equal(count, orders->displaced_count);
	analysis_close(analysis);
	return count;
}

static void the_fewest_cells_are_displaced(void **state)
{
	(void)state;
	/* 6 and 7 ran in the other order, 14 after 15 to 17 */
	assert_int_equal(displaced_in("docs/examples/hidden-state.ipynb"), 2);
	assert_int_equal(displaced_in("tests/data/notebooks/clean.ipynb"), 0);
	assert_int_equal(displaced_in("tests/data/notebooks/never-run.ipynb"), 0);
	assert_true(displaced_in("tests/data/notebooks/out-of-order.ipynb") > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_fewest_cells_are_displaced, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
