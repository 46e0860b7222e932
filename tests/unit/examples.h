/* examples.h - small notebooks as text, as the pages of the rules and tests of rules have them.
 *
 * `# %% [3]` begins a code cell with that count (none: it never ran), `#> text` is a line that it prints,
 * `#= text` the value that it shows, `#! Name: text` the error that it ended with. */
#ifndef NBSCOPE_TESTS_EXAMPLES_H
#define NBSCOPE_TESTS_EXAMPLES_H

#include "findings/finding.h"
#include "report/json_writer.h"
#include "tests/unit/arena.h"

static inline bool cut_prefix(struct slice *line, struct slice prefix)
{
	if (!slice_starts(*line, prefix))
		return false;
	*line = slice_trim(slice_part(*line, prefix.length, line->length));
	return true;
}

static inline struct slice quoted(struct slice text)
{
	struct builder out = {.arena = arena};
	struct json_writer json = {.out = &out};
	json_string(&json, text);
	return builder_slice(&out);
}

/* Appends the cell that begins behind its `# %%` line; gives what follows it. */
static inline struct slice add_cell(struct builder *json, struct slice marker, struct slice rest)
{
	struct builder source = {.arena = arena}, outputs = {.arena = arena};
	struct slice line, next = rest;
	struct slice count = slice_part(marker, 1, slice_find(marker, ']', 0));
	while (slice_next_line(&next, &line) && !slice_starts(line, SLICE("# %%"))) {
		rest = next;
		if (cut_prefix(&line, SLICE("#>"))) {
			builder_add_format(&outputs, "{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": %.*s}",
			                   SLICE_FORMAT(quoted(line)));
		} else if (cut_prefix(&line, SLICE("#="))) {
			builder_add_format(&outputs,
			                   "{\"output_type\": \"execute_result\", \"execution_count\": %.*s, \"metadata\": {}, "
			                   "\"data\": {\"text/plain\": %.*s}}",
			                   SLICE_FORMAT(count), SLICE_FORMAT(quoted(line)));
		} else if (cut_prefix(&line, SLICE("#!"))) {
			size_t colon = slice_find(line, ':', 0);
			builder_add_format(&outputs,
			                   "{\"output_type\": \"error\", \"ename\": %.*s, \"evalue\": %.*s, \"traceback\": []}",
			                   SLICE_FORMAT(quoted(slice_part(line, 0, colon))),
			                   SLICE_FORMAT(quoted(slice_part(line, colon + 2, line.length))));
		} else {
			builder_add(&source, line);
			builder_add_byte(&source, '\n');
		}
	}
	builder_add_format(json,
	                   "{\"cell_type\": \"code\", \"metadata\": {}, \"execution_count\": %.*s, \"outputs\": [%.*s], "
	                   "\"source\": %.*s}",
	                   SLICE_FORMAT(count.length ? count : SLICE("null")), SLICE_FORMAT(builder_slice(&outputs)),
	                   SLICE_FORMAT(quoted(builder_slice(&source))));
	return rest;
}

static inline struct slice notebook_of(struct slice example)
{
	struct builder json = {.arena = arena};
	struct slice line;
	builder_add_string(&json, "{\"nbformat\": 4, \"nbformat_minor\": 4, \"metadata\": {}, \"cells\": [");
	bool is_first = true;
	while (slice_next_line(&example, &line)) {
		assert_true(cut_prefix(&line, SLICE("# %%")));
		builder_add_string(&json, is_first ? "" : ", ");
		is_first = false;
		example = add_cell(&json, line, example);
	}
	builder_add_string(&json, "]}");
	return builder_slice(&json);
}

/* What the rules find in an example. */
static inline struct findings *findings_of_example(struct slice example)
{
	struct failure failure = {0};
	struct symbols *symbols = symbols_new(arena);
	struct notebook *notebook = notebook_read(arena, SLICE("example.ipynb"), notebook_of(example), &failure);
	assert_non_null(notebook);
	struct effects **effects = effects_of_notebook(arena, symbols, notebook);
	struct log *log = log_from_notebook(arena, notebook, effects);
	struct evidence evidence = {symbols, notebook, effects, status_of_notebook(arena, symbols, notebook, effects, log)};
	struct findings *findings = findings_of(arena, &evidence);
	notebook_close(notebook);
	return findings;
}

#endif
