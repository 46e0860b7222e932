/* The pages of docs/rules against the catalogue, and their examples against the rules: what a page calls
 * bad is found by its rule, what it calls good is not.
 *
 * An example is a notebook: `# %% [3]` begins a code cell with that count (none: it never ran), `#> text` is
 * a line of its result, `#! Name: text` the error that it ended with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "findings/finding.h"
#include "report/json_writer.h"
#include "tests/unit/arena.h"

static bool cut_prefix(struct slice *line, struct slice prefix)
{
	if (!slice_starts(*line, prefix))
		return false;
	*line = slice_trim(slice_part(*line, prefix.length, line->length));
	return true;
}

static struct slice quoted(struct slice text)
{
	struct builder out = {.arena = arena};
	struct json_writer json = {.out = &out};
	json_string(&json, text);
	return builder_slice(&out);
}

/* Appends the cell that begins behind its `# %%` line; gives what follows it. */
static struct slice add_cell(struct builder *json, struct slice marker, struct slice rest)
{
	struct builder source = {.arena = arena}, outputs = {.arena = arena};
	struct slice line, next = rest;
	struct slice count = slice_part(marker, 1, slice_find(marker, ']', 0));
	while (slice_next_line(&next, &line) && !slice_starts(line, SLICE("# %%"))) {
		rest = next;
		if (cut_prefix(&line, SLICE("#>"))) {
			builder_add_format(&outputs, "{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": %.*s}",
			                   SLICE_FORMAT(quoted(line)));
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

static struct slice notebook_of(struct slice example)
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

static bool finds(const struct rule *rule, struct slice example)
{
	struct failure failure = {0};
	struct symbols *symbols = symbols_new(arena);
	struct notebook *notebook = notebook_read(arena, SLICE("example.ipynb"), notebook_of(example), &failure);
	assert_non_null(notebook);
	struct effects **effects = effects_of_notebook(arena, symbols, notebook);
	struct log *log = log_from_notebook(arena, notebook, effects);
	struct evidence evidence = {symbols, notebook, effects, status_of_notebook(arena, symbols, notebook, effects, log)};
	struct findings *findings = findings_of(arena, &evidence);
	bool found = false;
	for (size_t i = 0; i < findings->count; i++)
		found = found || findings->items[i].rule == rule;
	notebook_close(notebook);
	return found;
}

/* The code block that follows the line `heading`; empty when there is none. */
static struct slice example_of(struct slice page, struct slice heading)
{
	struct slice line;
	while (slice_next_line(&page, &line) && !slice_equal(line, heading))
		continue;
	while (slice_next_line(&page, &line) && !slice_equal(line, SLICE("```python")))
		continue;
	struct slice block = page;
	while (slice_next_line(&page, &line) && !slice_equal(line, SLICE("```")))
		continue;
	return slice_part(block, 0, block.length - page.length - (page.length || line.length ? line.length + 1 : 0));
}

static void test_pages_say_what_the_catalogue_says(void **state)
{
	(void)state;
	for (const struct rule *rule = rule_catalogue; rule->code; rule++) {
		struct slice page = rule_page(rule), line;
		struct slice title = slice_format(arena, "# %s %s", rule->code, rule->name);
		struct slice facts =
		    slice_format(arena, "Severity: %s. Family: %s.", severity_name(rule->severity), family_name(rule->family));
		if (!slice_next_line(&page, &line) || !slice_equal(line, title))
			fail_msg("docs/rules/%s.md does not begin with \"%.*s\"", rule->code, SLICE_FORMAT(title));
		slice_next_line(&page, &line);
		slice_next_line(&page, &line);
		if (!slice_equal(line, facts))
			fail_msg("docs/rules/%s.md does not say \"%.*s\"", rule->code, SLICE_FORMAT(facts));
		assert_int_equal(rule->code[2] - '1', (int)rule->family);
	}
}

static void test_bad_examples_are_found_and_good_ones_are_not(void **state)
{
	(void)state;
	for (const struct rule *rule = rule_catalogue; rule->code; rule++) {
		struct slice bad = example_of(rule_page(rule), SLICE("Bad:"));
		struct slice good = example_of(rule_page(rule), SLICE("Good:"));
		if (good.length == 0)
			fail_msg("docs/rules/%s.md has no good example", rule->code);
		if (bad.length && !finds(rule, bad))
			fail_msg("%s does not find its bad example", rule->code);
		if (finds(rule, good))
			fail_msg("%s finds fault with its good example", rule->code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_pages_say_what_the_catalogue_says, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_bad_examples_are_found_and_good_ones_are_not, setup, teardown),
	};
	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
