/* What is said of a file that is no notebook, and where. The places are those of
 * CPython's JSONDecodeError; tests/oracle/json_verdict.py holds many more of them
 * against it. */
#include <stdio.h>

#include "tests/unit/notebooks.h"

struct wrong {
	struct slice text;
	unsigned line, column;
	const char *message;
};

#define WRONG(text, line, column, message)                                                                             \
	{                                                                                                                  \
		SLICE_CONSTANT(text), line, column, message                                                                    \
	}

static void check_all(const struct wrong *cases, size_t count)
{
	static const size_t sizes[] = {1, 2, 3, 5, 7, 64, 4096};
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
			struct failure failure = {0};
			struct notebook_bytes *bytes = bytes_borrow(arena, cases[i].text);
			struct notebook *notebook = notebook_scan(arena, SLICE("f"), bytes, sizes[j], &failure);
			struct slice got = notebook ? SLICE("no failure")
			                            : slice_format(arena, "%u:%u: %.*s", (unsigned)failure.line,
			                                           (unsigned)failure.column, SLICE_FORMAT(failure.message));
			struct slice expected = slice_format(arena, "%u:%u: %s", cases[i].line, cases[i].column, cases[i].message);
			if (!slice_equal(got, expected))
				print_error("of %.*s\n", SLICE_FORMAT(cases[i].text));
			assert_string_equal(got.bytes, expected.bytes);
		}
}

static void what_is_not_json(void **state)
{
	(void)state;
	static const struct wrong cases[] = {
	    WRONG("", 1, 1, "the file is empty"),
	    WRONG(" \n\t", 2, 2, "the file is empty"),
	    WRONG("{", 1, 2, "the file is cut short: it ends before the notebook does"),
	    WRONG("{\"a\": [1,\n2", 2, 2, "the file is cut short: it ends before the notebook does"),
	    WRONG("{\"a\": tru", 1, 7, "the file is cut short: it ends before the notebook does"),
	    WRONG("{\"a\": -", 1, 7, "the file is cut short: it ends before the notebook does"),
	    WRONG("{\"a\": 1.", 1, 8, "the file is cut short: it ends before the notebook does"),
	    WRONG("{\"a\":\n  \"b", 2, 3, "the file is cut short: it ends inside the string that begins here"),
	    WRONG("{\"a\":\n  \"b\\", 2, 3, "the file is cut short: it ends inside the string that begins here"),
	    WRONG("\"\\u1234", 1, 3, "the file is cut short: it ends before the notebook does"),
	    WRONG("[\"\\\xFF\"]", 1, 3, "a backslash with byte 0xFF is not an escape sequence of JSON"),
	    WRONG("\"\\u12", 1, 3, "the file is cut short: it ends before the notebook does"),
	    WRONG("\"\xE2\x82", 1, 2, "the file is cut short: it ends before the notebook does"),
	    WRONG("{\"a\": }", 1, 7, "expected a value, found '}'"),
	    WRONG("{\"a\": [1,\n]}", 2, 1, "there is one comma too many before this ']'"),
	    WRONG("{\"a\": 1 , }", 1, 11, "there is one comma too many before this '}'"),
	    WRONG("{\"a\": None}", 1, 7, "expected a value, found 'None'"),
	    WRONG("{\"a\": nul}", 1, 7, "expected a value, found 'nul'"),
	    WRONG("{\"a\": 'b'}", 1, 7, "a string must stand in double quotes, not in single ones"),
	    WRONG("{'a': 1}", 1, 2, "a string must stand in double quotes, not in single ones"),
	    WRONG("{a: 1}", 1, 2, "expected a key in double quotes, found 'a'"),
	    WRONG("{\"a\" 1}", 1, 6, "expected ':' after the key, found '1'"),
	    WRONG("{\"a\": 1 \"b\": 2}", 1, 9, "expected ',' or '}', found '\"'"),
	    WRONG("[1 2]", 1, 4, "expected ',' or ']', found '2'"),
	    WRONG("[01]", 1, 3, "expected ',' or ']', found '1'"),
	    WRONG("[+1]", 1, 2, "expected a value, found '+'"),
	    WRONG("[1.]", 1, 3, "digits are missing after '.' in this number"),
	    WRONG("[1.5e+]", 1, 5, "digits are missing after 'e' in this number"),
	    WRONG("[-Infinit]", 1, 2, "expected a value, found '-'"),
	    WRONG("[1]\n\n x", 3, 2, "the notebook ends before this, but the file goes on"),
	    WRONG("[\"a\x01\"]", 1, 4,
	          "the control character U+0001 stands in a string, where it must be written as \\u0001"),
	    WRONG("[\"a\nb\"]", 1, 4, "the line ends inside a string"),
	    WRONG("[\"a\0\"]", 1, 4,
	          "the control character U+0000 stands in a string, where it must be written as \\u0000"),
	    WRONG("[\0]", 1, 2, "expected a value, found U+0000"),
	    WRONG("[\"\\x41\"]", 1, 3, "a backslash with 'x' is not an escape sequence of JSON"),
	    WRONG("[\"\\\xC3\xA9\"]", 1, 3, "a backslash with U+00E9 is not an escape sequence of JSON"),
	    WRONG("[\"\\u12g4\"]", 1, 4, "four hexadecimal digits must follow \\u"),
	    WRONG("[\"\\ud83d\\u\"]", 1, 10, "four hexadecimal digits must follow \\u"),
	    WRONG("[\"\xFF\"]", 1, 3, "byte 0xFF is not valid UTF-8 here, and a notebook must be in UTF-8"),
	    WRONG("[\"\xC3(\"]", 1, 3, "byte 0xC3 is not valid UTF-8 here, and a notebook must be in UTF-8"),
	    WRONG("[\"\xED\xA0\x80\"]", 1, 3, "byte 0xED is not valid UTF-8 here, and a notebook must be in UTF-8"),
	    WRONG("[\"\xC0\x80\"]", 1, 3, "byte 0xC0 is not valid UTF-8 here, and a notebook must be in UTF-8"),
	    WRONG("[\"\xF4\x90\x80\x80\"]", 1, 3, "byte 0xF4 is not valid UTF-8 here, and a notebook must be in UTF-8"),
	    WRONG("[\"\xE0\x9F\xBF\"]", 1, 3, "byte 0xE0 is not valid UTF-8 here, and a notebook must be in UTF-8"),
	    WRONG("[\"\xF0\x8F\xBF\xBF\"]", 1, 3, "byte 0xF0 is not valid UTF-8 here, and a notebook must be in UTF-8"),
	    WRONG("[\"\xF5\x80\x80\x80\"]", 1, 3, "byte 0xF5 is not valid UTF-8 here, and a notebook must be in UTF-8"),
	    WRONG("[\"\xE4\xB8x\"]", 1, 3, "byte 0xE4 is not valid UTF-8 here, and a notebook must be in UTF-8"),
	    WRONG("[\xE9]", 1, 2, "byte 0xE9 is not valid UTF-8 here, and a notebook must be in UTF-8"),
	    WRONG("[\xC2\xA0 1]", 1, 2, "expected a value, found U+00A0"),
	    /* Columns count characters. */
	    WRONG("[\"\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80\" x]", 1, 8, "expected ',' or ']', found 'x'"),
	    WRONG("[\"\xC3\xA9\",\r\n \"\xC3\xA9\" x]", 2, 6, "expected ',' or ']', found 'x'"),
	};
	check_all(cases, sizeof cases / sizeof *cases);
}

static void what_is_something_else(void **state)
{
	(void)state;
	static const struct wrong cases[] = {
	    WRONG("\xEF\xBB\xBF{}", 1, 1, "the file begins with a byte order mark (BOM); save it in UTF-8 without one"),
	    WRONG("\xFF\xFE{\0}\0", 1, 1, "the file is in UTF-16, and a notebook must be in UTF-8"),
	    WRONG("\xFE\xFF\0{\0}", 1, 1, "the file is in UTF-16, and a notebook must be in UTF-8"),
	    WRONG("<!DOCTYPE html>\n", 1, 1, "this is HTML or XML, not a notebook"),
	    WRONG("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", 1, 1,
	          "this is a Git LFS pointer, not the notebook itself; fetch that with 'git lfs pull'"),
	    WRONG("{\"a\": 1,\n<<<<<<< HEAD\n\"b\": 2}", 2, 1,
	          "a merge conflict is left in the file (<<<<<<<); resolve it first"),
	    WRONG("{\"a\": [1\n=======\n]}", 2, 1, "a merge conflict is left in the file (=======); resolve it first"),
	    WRONG("<<<<<<< HEAD\n{}", 1, 1, "a merge conflict is left in the file (<<<<<<<); resolve it first"),
	};
	check_all(cases, sizeof cases / sizeof *cases);
}

static void what_is_json_but_no_notebook(void **state)
{
	(void)state;
	static const struct wrong cases[] = {
	    WRONG(" [1]", 1, 2, "this is not a notebook: the JSON in it is not an object"),
	    WRONG("null", 1, 1, "this is not a notebook: the JSON in it is not an object"),
	    WRONG("\n {\"cells\": []}", 2, 2, "this is not a notebook: it has no \"nbformat\""),
	    WRONG("{\"nbformat\": \"4\", \"cells\": []}", 1, 14, "\"nbformat\" must be the number 2, 3 or 4"),
	    WRONG("{\"nbformat\": 4.5, \"cells\": []}", 1, 14, "\"nbformat\" must be the number 2, 3 or 4"),
	    WRONG("{\"cells\": 5,\n\"nbformat\": 5}", 2, 13, "nbformat 5 is newer than nbscope can read (2, 3 and 4)"),
	    WRONG("{\"nbformat\": 1}", 1, 14, "nbscope cannot read nbformat 1, only 2, 3 and 4"),
	    WRONG("{\"nbformat\": -3}", 1, 14, "nbscope cannot read nbformat -3, only 2, 3 and 4"),
	    WRONG("{\"nbformat\": 4, \"worksheets\": []}", 1, 1, "the notebook has no \"cells\""),
	    WRONG("{\"nbformat\": 3, \"cells\": []}", 1, 1, "the notebook has no \"worksheets\""),
	    WRONG("{\"cells\": {},\n\"nbformat\": 4}", 1, 11, "\"cells\" is not a list"),
	    WRONG("{\"cells\": null, \"nbformat\": 4}", 1, 11, "\"cells\" is not a list"),
	    WRONG("{\"cells\": [{},\n 3], \"nbformat\": 4}", 2, 2, "this cell is not an object"),
	    WRONG("{\"worksheets\": 1, \"nbformat\": 3}", 1, 16, "\"worksheets\" is not a list"),
	    WRONG("{\"worksheets\": [1], \"nbformat\": 3}", 1, 17, "this worksheet is not an object"),
	    WRONG("{\"worksheets\": [{}], \"nbformat\": 3}", 1, 17, "this worksheet has no \"cells\""),
	    WRONG("{\"worksheets\": [{\"cells\": 1}], \"nbformat\": 3}", 1, 27, "\"cells\" is not a list"),
	    WRONG("{\"cells\": [{\"source\": 5}], \"nbformat\": 4}", 1, 23,
	          "the source of this cell is neither a string nor a list of strings"),
	    WRONG("{\"cells\": [{\"source\": [\"a\", null]}], \"nbformat\": 4}", 1, 23,
	          "the source of this cell is neither a string nor a list of strings"),
	    WRONG("{\"cells\": [{\"source\": [[\"a\"]]}], \"nbformat\": 4}", 1, 23,
	          "the source of this cell is neither a string nor a list of strings"),
	    WRONG("{\"cells\": [{\"cell_type\": \"code\", \"outputs\": {}}], \"nbformat\": 4}", 1, 45,
	          "the outputs of this cell are not a list"),
	    /* The first that is wrong, and JSON before notebooks. */
	    WRONG("{\"cells\": [1, {\"source\": 1}], \"nbformat\": 4}", 1, 12, "this cell is not an object"),
	    WRONG("{\"cells\": 1, \"nbformat\": 4} x", 1, 29, "the notebook ends before this, but the file goes on"),
	};
	check_all(cases, sizeof cases / sizeof *cases);
}

static struct failure refuse(struct slice text)
{
	struct failure failure = {0};
	assert_null(notebook_read(arena, SLICE("f"), text, &failure));
	return failure;
}

static void nesting_has_a_large_limit(void **state)
{
	(void)state;
	char *deep = arena_alloc(arena, 2 * (size_t)JSON_DEPTH_LIMIT + 2);
	memset(deep, '[', (size_t)JSON_DEPTH_LIMIT);
	memset(deep + JSON_DEPTH_LIMIT, ']', (size_t)JSON_DEPTH_LIMIT);
	struct failure failure = refuse((struct slice){deep, 2 * (size_t)JSON_DEPTH_LIMIT});
	assert_slice(failure.message, "this is not a notebook: the JSON in it is not an object");
	memset(deep, '[', (size_t)JSON_DEPTH_LIMIT + 1);
	failure = refuse((struct slice){deep, (size_t)JSON_DEPTH_LIMIT + 1});
	assert_slice(failure.message, "values nest more than 16777216 levels deep");
	assert_int_equal(failure.column, JSON_DEPTH_LIMIT + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_not_json),
	    cmocka_unit_test(what_is_something_else),
	    cmocka_unit_test(what_is_json_but_no_notebook),
	    cmocka_unit_test(nesting_has_a_large_limit),
	};
	return cmocka_run_group_tests_name("notebook failures", tests, setup, teardown);
}
