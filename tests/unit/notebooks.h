/* notebooks.h - what the tests of the notebook room share. */
#ifndef NBSCOPE_TESTS_NOTEBOOKS_H
#define NBSCOPE_TESTS_NOTEBOOKS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "notebook/internal.h"

static struct arena *arena;

static inline int setup(void **state)
{
	(void)state;
	arena = arena_new(NULL, NULL);
	return arena == NULL;
}

static inline int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

#define assert_slice(actual, expected) assert_equal_slices(actual, SLICE(expected), __FILE__, __LINE__)

static inline void assert_equal_slices(struct slice actual, struct slice expected, const char *file, int line)
{
	if (!slice_equal(actual, expected))
		print_error("got '%.*s', expected '%.*s'\n", SLICE_FORMAT(actual), SLICE_FORMAT(expected));
	_assert_true(slice_equal(actual, expected), "the slices are equal", file, line);
}

/* Reads a notebook that must be fine. */
static inline struct notebook *read_text(struct slice text)
{
	struct failure failure = {0};
	struct notebook *notebook = notebook_read(arena, SLICE("test.ipynb"), text, &failure);
	if (!notebook)
		print_error("%u:%u: %.*s\n", (unsigned)failure.line, (unsigned)failure.column, SLICE_FORMAT(failure.message));
	assert_non_null(notebook);
	return notebook;
}

/* A notebook of format 4 with these cells. */
static inline struct notebook *read_cells(const char *cells)
{
	return read_text(
	    slice_format(arena, "{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [%s]}", cells));
}

static inline struct output_content load(const struct notebook *notebook, size_t cell, size_t output)
{
	struct output_content content;
	assert_true(cell < notebook->cell_count && output < notebook->cells[cell].output_count);
	assert_true(output_load(notebook, arena, &notebook->cells[cell].outputs[output], &content));
	return content;
}

#endif
