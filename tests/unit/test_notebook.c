/* The notebook room: reading notebooks of all formats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "notebook/notebook.h"

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new(NULL, NULL);
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

#define assert_slice(actual, expected) assert_slice_equal(actual, slice_of(expected), __FILE__, __LINE__)

static void assert_slice_equal(struct slice actual, struct slice expected, const char *file, int line)
{
	if (!slice_equal(actual, expected))
		print_error("got '%.*s', expected '%.*s'\n", SLICE_FORMAT(actual), SLICE_FORMAT(expected));
	_assert_true(slice_equal(actual, expected), "slices are equal", file, line);
}

static struct notebook *read_string(const char *text)
{
	struct failure failure = {0};
	struct notebook *notebook = notebook_read(arena, SLICE("test"), slice_of(text), &failure);
	if (!notebook)
		print_error("%llu:%llu: %.*s\n", (unsigned long long)failure.line, (unsigned long long)failure.column,
		            SLICE_FORMAT(failure.message));
	assert_non_null(notebook);
	return notebook;
}

static void format_4_is_read(void **state)
{
	(void)state;
	struct notebook *notebook = read_string("{\"cells\": [\n"
	                                        "{\"cell_type\": \"markdown\", \"id\": \"a\", \"metadata\": {},\n"
	                                        " \"source\": [\"# Title\\n\", \"text\"]},\n"
	                                        "{\"cell_type\": \"code\", \"execution_count\": 3, \"metadata\": {},\n"
	                                        " \"outputs\": [{\"output_type\": \"stream\", \"name\": \"stderr\","
	                                        " \"text\": [\"a\\n\", \"b\"]}],\n"
	                                        " \"source\": \"x = 1\"}],\n"
	                                        "\"metadata\": {\"language_info\": {\"name\": \"R\"}},"
	                                        "\"nbformat\": 4, \"nbformat_minor\": 5}");
	assert_int_equal(notebook->cell_count, 2);
	assert_int_equal(notebook->code_count, 1);
	assert_slice(notebook->language, "r");
	assert_slice(notebook->cells[0].source, "# Title\ntext");
	assert_int_equal(notebook->code[0]->execution_count, 3);
	assert_int_equal(notebook->code[0]->line, 4);
	assert_int_equal(notebook->code[0]->source_line, 6);
	struct output_content content;
	assert_true(output_load(notebook, arena, &notebook->code[0]->outputs[0], &content));
	assert_slice(notebook->code[0]->outputs[0].stream, "stderr");
	assert_slice(content.text, "a\nb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(format_4_is_read),
	};
	return cmocka_run_group_tests_name("notebook", tests, setup, teardown);
}
