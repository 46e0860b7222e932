/* The JSON writer: structure, and strings that a strict reader gives back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/json_writer.h"
#include "tests/unit/arena.h"

static void expect(const struct builder *out, struct slice expected, const char *file, int line)
{
	struct slice actual = builder_slice(out);
	if (slice_equal(actual, expected))
		return;
	print_error("got      %.*s\nexpected %.*s\n", SLICE_FORMAT(actual), SLICE_FORMAT(expected));
	_fail(file, line);
}

#define assert_json(out, expected) expect((out), SLICE(expected), __FILE__, __LINE__)

static void values_are_separated(void **state)
{
	(void)state;
	struct builder out = {.arena = arena};
	struct json_writer json = {.out = &out};
	json_begin_object(&json);
	json_key(&json, "schema");
	json_integer(&json, 1);
	json_key(&json, "empty");
	json_begin_array(&json);
	json_end_array(&json);
	json_key(&json, "list");
	json_begin_array(&json);
	json_begin_object(&json);
	json_end_object(&json);
	json_begin_object(&json);
	json_key_slice(&json, SLICE("a\"b"));
	json_null(&json);
	json_end_object(&json);
	json_boolean(&json, true);
	json_boolean(&json, false);
	json_string(&json, SLICE(""));
	json_end_array(&json);
	json_key(&json, "last");
	json_integer(&json, INT64_MIN);
	json_end_object(&json);
	assert_json(
	    &out,
	    "{\"schema\":1,\"empty\":[],\"list\":[{},{\"a\\\"b\":null},true,false,\"\"],\"last\":-9223372036854775808}");
}

#define assert_string(text, expected)                                                                                  \
	do {                                                                                                               \
		struct builder out = {.arena = arena};                                                                         \
		struct json_writer json = {.out = &out};                                                                       \
		json_string(&json, text);                                                                                      \
		assert_json(&out, expected);                                                                                   \
	} while (0)

static void strings_are_escaped(void **state)
{
	(void)state;
	assert_string(SLICE("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
	assert_string(SLICE("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
	assert_string(SLICE("\0\x1B\x7F"), "\"\\u0000\\u001b\\u007f\"");
	assert_string(SLICE("\xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x98\x80"), "\"\xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x98\x80\"");
	/* What would not show, or would turn its neighbours round. */
	assert_string(SLICE("\xC2\x9B\xE2\x80\xAE\xE2\x80\xA8\xEF\xBB\xBF"), "\"\\u009b\\u202e\\u2028\\ufeff\"");
	assert_string(SLICE("\xF3\xA0\x81\x81"), "\"\\udb40\\udc41\"");
	/* A lone surrogate, and bytes that are no UTF-8. */
	assert_string(SLICE("a\xED\xA0\x80z\xED\xBF\xBF"), "\"a\\ud800z\\udfff\"");
	assert_string(SLICE("\xFF"
	                    "a\xE2\x82"),
	              "\"\\ufffda\\ufffd\\ufffd\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_are_separated),
	    cmocka_unit_test(strings_are_escaped),
	};
	return cmocka_run_group_tests_name("json_writer", tests, setup, teardown);
}
