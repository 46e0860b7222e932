/* given.h - small notebooks for tests, written as C: the cells in file order with
 * their counts. Needs the shared arena. */
#ifndef NBSCOPE_TESTS_GIVEN_H
#define NBSCOPE_TESTS_GIVEN_H

#include "notebook/notebook.h"
#include "tests/unit/arena.h"

enum { GIVEN_CELLS = 10 };

/* A cell; the list ends with one that has no source. */
struct given {
	int count; /* 0: never run */
	const char *source;
	const char *error;   /* "NameError|name 'x' is not defined|2": a saved error and its line */
	const char *result;  /* the text of its execute_result */
	const char *printed; /* on stdout */
};

static inline void add_json_string(struct builder *json, struct slice text)
{
	builder_add_byte(json, '"');
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] == '\n')
			builder_add_string(json, "\\n");
		else if (text.bytes[i] == '"' || text.bytes[i] == '\\')
			builder_add_format(json, "\\%c", text.bytes[i]);
		else
			builder_add_byte(json, text.bytes[i]);
	}
	builder_add_byte(json, '"');
}

static inline void add_outputs(struct builder *json, const struct given *cell)
{
	if (cell->printed) {
		builder_add_string(json, "{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": ");
		add_json_string(json, slice_of(cell->printed));
		builder_add_string(json, cell->result || cell->error ? "}, " : "}");
	}
	if (cell->result) {
		builder_add_format(json,
		                   "{\"output_type\": \"execute_result\", \"execution_count\": %d, \"metadata\": {}, "
		                   "\"data\": {\"text/plain\": ",
		                   cell->count);
		add_json_string(json, slice_of(cell->result));
		builder_add_string(json, "}}");
	}
	if (!cell->error)
		return;
	struct slice error = slice_of(cell->error);
	size_t first = slice_find(error, '|', 0), second = slice_find(error, '|', first + 1);
	builder_add_string(json, "{\"output_type\": \"error\", \"ename\": ");
	add_json_string(json, slice_part(error, 0, first));
	builder_add_string(json, ", \"evalue\": ");
	add_json_string(json, slice_part(error, first + 1, second));
	builder_add_format(json, ", \"traceback\": [\"Traceback\", \"\\u001b[0;32m----> %.*s\\u001b[0m failing()\"]}",
	                   SLICE_FORMAT(slice_part(error, second + 1, error.length)));
}

static inline struct slice notebook_json(const struct given *cells)
{
	struct builder json = {.arena = arena};
	builder_add_string(&json, "{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [");
	for (size_t i = 0; i < GIVEN_CELLS && cells[i].source; i++) {
		builder_add_string(&json, i ? ", " : "");
		builder_add_format(&json, "{\"cell_type\": \"code\", \"id\": \"c%zu\", \"metadata\": {}, ", i);
		if (cells[i].count)
			builder_add_format(&json, "\"execution_count\": %d, ", cells[i].count);
		else
			builder_add_string(&json, "\"execution_count\": null, ");
		builder_add_string(&json, "\"outputs\": [");
		add_outputs(&json, &cells[i]);
		builder_add_string(&json, "], \"source\": ");
		add_json_string(&json, slice_of(cells[i].source));
		builder_add_string(&json, "}");
	}
	builder_add_string(&json, "]}");
	return builder_slice(&json);
}

static inline struct notebook *given_notebook(const struct given *cells)
{
	struct failure failure = {0};
	struct notebook *notebook = notebook_read(arena, SLICE("case.ipynb"), notebook_json(cells), &failure);
	assert_non_null(notebook);
	return notebook;
}

#endif
