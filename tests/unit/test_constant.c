/* What literals and operators give, as CPython 3 has it, asked through the condition of an `if`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/constant.h"
#include "tests/unit/arena.h"

static struct constant number(const char *text)
{
	struct constant value = {0};
	assert_true(constant_of_literal(arena, FORM_LITERAL, slice_of(text), &value));
	return value;
}

static bool is_number(const char *text)
{
	struct constant value;
	return constant_of_literal(arena, FORM_LITERAL, slice_of(text), &value);
}

static void literals_are_read(void **state)
{
	(void)state;
	assert_int_equal(number("1_000").integer, 1000);
	assert_int_equal(number("0x1F").integer, 31);
	assert_int_equal(number("0b101").integer, 5);
	assert_int_equal(number("9223372036854775807").integer, INT64_MAX);
	assert_false(is_number("9223372036854775808"));
	assert_false(is_number("0777"));
	assert_false(is_number("1j"));
	assert_true(
	    constant_equal(&(struct constant){.kind = CONSTANT_REAL, .real = 0.1}, &(struct constant[]){number("0.1")}[0]));
	assert_true(number("25e-1").real > 2.4 && number("25e-1").real < 2.6);
	assert_false(is_number("1e400"));
	assert_false(is_number("0.12345678901234567890"));
	struct constant text;
	assert_true(constant_of_literal(arena, FORM_STRING, SLICE("'a' \"b\\n\""), &text));
	assert_true(slice_equal(text.text, SLICE("ab\n")));
}

static enum evaluation evaluate(const char *left, enum operation operation, const char *right, struct constant *value)
{
	struct constant operands[2];
	const char *texts[2] = {left, right};
	for (int i = 0; i < 2; i++) {
		enum form form = texts[i][0] == '\'' ? FORM_STRING : texts[i][0] == 'N' ? FORM_NONE : FORM_LITERAL;
		assert_true(constant_of_literal(arena, form, slice_of(texts[i]), &operands[i]));
	}
	return constant_evaluate(arena, operation, operands, 2, value);
}

static void operations_give_what_cpython_gives(void **state)
{
	(void)state;
	static const struct {
		const char *left;
		enum operation operation;
		const char *right;
		enum evaluation evaluation;
		const char *result; /* an integer, or the truth of a comparison */
	} cases[] = {
	    {"7", OPERATION_FLOOR, "2", EVALUATION_VALUE, "3"},
	    {"1", OPERATION_DIVIDE, "0", EVALUATION_RAISES, NULL},
	    {"1.5", OPERATION_REMAINDER, "0", EVALUATION_RAISES, NULL},
	    {"'a'", OPERATION_ADD, "1", EVALUATION_RAISES, NULL},
	    {"'%d'", OPERATION_REMAINDER, "1", EVALUATION_UNKNOWN, NULL},
	    {"'ab'", OPERATION_MULTIPLY, "3", EVALUATION_UNKNOWN, NULL},
	    {"None", OPERATION_LESS, "1", EVALUATION_RAISES, NULL},
	    {"None", OPERATION_EQUAL, "1", EVALUATION_VALUE, "0"},
	    {"None", OPERATION_IS, "None", EVALUATION_VALUE, "1"},
	    {"None", OPERATION_IS_NOT, "'a'", EVALUATION_VALUE, "1"},
	    {"1", OPERATION_IS, "1", EVALUATION_UNKNOWN, NULL},
	    {"2", OPERATION_POWER, "10", EVALUATION_VALUE, "1024"},
	    {"2", OPERATION_POWER, "64", EVALUATION_UNKNOWN, NULL},
	    {"9223372036854775807", OPERATION_ADD, "1", EVALUATION_UNKNOWN, NULL},
	    {"1", OPERATION_LESS, "1.5", EVALUATION_VALUE, "1"},
	    {"'a'", OPERATION_EQUAL, "'a'", EVALUATION_VALUE, "1"},
	    {"'b'", OPERATION_LESS, "'a'", EVALUATION_VALUE, "0"},
	    {"1", OPERATION_IN, "'a'", EVALUATION_RAISES, NULL},
	    {"1", OPERATION_NONE, "1", EVALUATION_UNKNOWN, NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct constant value = {0};
		assert_int_equal(evaluate(cases[i].left, cases[i].operation, cases[i].right, &value), cases[i].evaluation);
		if (cases[i].result)
			assert_int_equal(value.integer, number(cases[i].result).integer);
	}
}

static void what_is_no_number_is_certain(void **state)
{
	(void)state;
	assert_true(constant_is_no_number(SLICE("x")));
	assert_true(constant_is_no_number(SLICE("")));
	assert_false(constant_is_no_number(SLICE(" 12 ")));
	assert_false(constant_is_no_number(SLICE("nan")));
	assert_false(constant_is_no_number(SLICE("٣")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(literals_are_read),
	    cmocka_unit_test(operations_give_what_cpython_gives),
	    cmocka_unit_test(what_is_no_number_is_certain),
	};
	return cmocka_run_group_tests_name("constant", tests, setup, teardown);
}
