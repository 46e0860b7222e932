/* The table of what calls change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The tables themselves, to hold their order. */
#include "../../core/python/mutators.c"

static void tables_are_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < sizeof methods / sizeof *methods; i++)
		assert_true(slice_compare(methods[i - 1].name, methods[i].name) < 0);
	for (size_t i = 1; i < sizeof repeated / sizeof *repeated; i++)
		assert_true(slice_compare(repeated[i - 1].name, repeated[i].name) < 0);
	for (size_t i = 1; i < sizeof functions / sizeof *functions; i++)
		assert_true(compare_function(&functions[i - 1], &functions[i]) < 0);
}

static void methods_are_known_by_name(void **state)
{
	(void)state;
	assert_int_equal(python_method_effect(SLICE("append")), METHOD_ADDS);
	assert_int_equal(python_method_effect(SLICE("fit")), METHOD_CHANGES);
	assert_int_equal(python_method_effect(SLICE("describe")), METHOD_READS);
	assert_int_equal(python_method_effect(SLICE("zero_")), METHOD_CHANGES);
	assert_int_equal(python_method_effect(SLICE("__len__")), METHOD_UNKNOWN);
	assert_int_equal(python_method_effect(SLICE("frobnicate")), METHOD_UNKNOWN);
}

static void functions_are_known_by_module(void **state)
{
	(void)state;
	assert_int_equal(python_function_effect(SLICE("random"), SLICE("shuffle")).changes, 1);
	assert_true(python_function_effect(SLICE("random"), SLICE("shuffle")).changes_module);
	assert_false(python_function_effect(SLICE(""), SLICE("shuffle")).known);
	assert_int_equal(python_function_effect(SLICE(""), SLICE("setattr")).changes, 1);
	assert_true(python_function_effect(SLICE(""), SLICE("print")).known);
	assert_int_equal(python_function_effect(SLICE(""), SLICE("print")).changes, 0);
}

static void what_is_repeated_may_change_nothing(void **state)
{
	(void)state;
	assert_int_equal(python_method_repeat(SLICE("fillna")), REPEATS_RESULT);
	assert_int_equal(python_method_repeat(SLICE("sort")), REPEATS_CHANGE);
	assert_int_equal(python_method_repeat(SLICE("add")), REPEATS_CONTAINER);
	assert_int_equal(python_method_repeat(SLICE("append")), REPEATS_NOT);
	assert_int_equal(python_method_repeat(SLICE("replace")), REPEATS_NOT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tables_are_sorted),
	    cmocka_unit_test(methods_are_known_by_name),
	    cmocka_unit_test(functions_are_known_by_module),
	    cmocka_unit_test(what_is_repeated_may_change_nothing),
	};
	return cmocka_run_group_tests_name("mutators", tests, NULL, NULL);
}
