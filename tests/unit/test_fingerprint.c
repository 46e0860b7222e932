/* Hashes of sources, against what kernels wrote into real notebooks and what Python's
 * hashlib gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "history/fingerprint.h"

static void test_ipykernel(void **state)
{
	(void)state;
	assert_int_equal(fingerprint_ipykernel(SLICE("import warnings\nwarnings.warn(\"careful\")")), 1798193716u);
	assert_int_equal(fingerprint_ipykernel(SLICE("area(r)")), 3655529021u);
	assert_int_equal(fingerprint_ipykernel(SLICE("warnings.warn(\"here\")")), 1186830027u);
}

static void test_deepnote(void **state)
{
	(void)state;
	assert_int_equal(fingerprint_deepnote(SLICE("")), 0xb623e53du);
	assert_int_equal(fingerprint_deepnote(SLICE("name = ''")), 0x9d9ebd50u);
	assert_int_equal(fingerprint_deepnote(SLICE("print(\"Hello world!\")")), 0x4026298du);
	assert_int_equal(fingerprint_deepnote(SLICE("# Start writing code here...")), 0x8ad57f32u);
}

static void assert_ipython(struct slice source, const char *expected)
{
	char digits[FINGERPRINT_IPYTHON_DIGITS];
	fingerprint_ipython(source, digits);
	assert_memory_equal(digits, expected, sizeof digits);
}

static void test_ipython(void **state)
{
	(void)state;
	assert_ipython(SLICE(""), "adc83b19e793");
	assert_ipython(SLICE("x = 1"), "e139f73e3432");
	/* The padding begins in the last bytes of a block, and takes one of its own. */
	assert_ipython(SLICE("0123456789012345678901234567890123456789012345678901234"), "19761f662cc1");
	assert_ipython(SLICE("01234567890123456789012345678901234567890123456789012345678901"), "f79b8c2cc496");
	assert_ipython(SLICE("012345678901234567890123456789012345678901234567890123456789012"), "92f5bfa5bbd1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ipykernel),
	    cmocka_unit_test(test_ipython),
	    cmocka_unit_test(test_deepnote),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
