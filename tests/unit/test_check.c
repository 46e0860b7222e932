/* By what a finding is known again, and what is read back of a check. */
#include "report/check.h"
#include "notebooks.h"

/* The fingerprint of a finding of the rule at a line of the last of some cells. */
static uint64_t fingerprint(const char *cells, const char *code, uint32_t line, const char *message)
{
	struct notebook *notebook = read_cells(cells);
	struct finding finding = {
	    .rule = rule_find(slice_of(code)), .cell = notebook->code_count, .line = line, .message = slice_of(message)};
	struct findings findings = {.items = &finding, .count = 1};
	return check_file_of(arena, notebook, &findings).findings[0].fingerprint;
}

#define CELL(source) "{\"cell_type\": \"code\", \"source\": \"" source "\"}"

static void a_fingerprint_outlives_what_does_not_matter(void **state)
{
	(void)state;
	uint64_t first = fingerprint(CELL("x = f(a, 'b')"), "NB101", 1, "`a` is not defined.");
	/* The cell moved, and with it the line; the message has other words. */
	assert_int_equal(first,
	                 fingerprint(CELL("y") ", " CELL("import os\\n\\nx = f(a, 'b')"), "NB101", 3, "Cell 5 is late."));
	/* The line was laid out anew. */
	assert_int_equal(first, fingerprint(CELL("x=f( a,\\t\\\"b\\\" )  # why"), "NB101", 1, ""));
	/* Of a cell as a whole, the first line with code in it counts. */
	assert_int_equal(fingerprint(CELL("# a\\n\\nx = 1\\ny = 2"), "NB102", 0, ""),
	                 fingerprint(CELL("x = 1\\nz = 3"), "NB102", 0, ""));
}

static void a_fingerprint_is_another_where_it_matters(void **state)
{
	(void)state;
	uint64_t first = fingerprint(CELL("x = f(a, 'b')"), "NB101", 1, "");
	assert_int_not_equal(first, fingerprint(CELL("x = f(a, 'b')"), "NB102", 1, ""));
	assert_int_not_equal(first, fingerprint(CELL("x = f(a, 'c')"), "NB101", 1, ""));
	assert_int_not_equal(first, fingerprint(CELL("x = f(a, 'b')\\nx = f(b, 'b')"), "NB101", 2, ""));
}

/* People keep them in files: what they are made of may not change. */
static void fingerprints_stay_what_they_are(void **state)
{
	(void)state;
	struct slice digits = check_fingerprint(arena, fingerprint(CELL("x = f(a, 'b')"), "NB101", 1, ""));
	assert_slice(digits, "f1de751db4b2ebe0");
}

static void several_alike_are_told_apart(void **state)
{
	(void)state;
	struct notebook *notebook = read_cells(CELL("import a, b") ", " CELL("import a, b"));
	struct finding items[4] = {0};
	for (size_t i = 0; i < 4; i++)
		items[i] = (struct finding){.rule = rule_find(SLICE("NB407")), .cell = 1 + i / 2, .line = 1};
	struct findings findings = {.items = items, .count = 4};
	struct check_file all = check_file_of(arena, notebook, &findings);
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(all.findings[i].fingerprint, all.findings[j].fingerprint);
	/* When the last goes, the others stay what they are. */
	findings.count = 3;
	struct check_file rest = check_file_of(arena, notebook, &findings);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(all.findings[i].fingerprint, rest.findings[i].fingerprint);
}

struct taken {
	size_t files, findings;
	struct check_finding last;
};

static void take(void *context, const struct check_file *file)
{
	struct taken *taken = context;
	taken->files++;
	taken->findings += file->count;
	if (file->count)
		taken->last = file->findings[file->count - 1];
}

static void places_that_are_none_are_put_right(void **state)
{
	(void)state;
	static const struct {
		const char *keys;
		struct file_region region;
	} cases[] = {
	    {"", {1, 0, 1, 0}},
	    {",\"file_line\":7", {7, 0, 7, 0}},
	    {",\"file_line\":7,\"file_column\":3,\"file_end_line\":7,\"file_end_column\":5", {7, 3, 7, 5}},
	    {",\"file_line\":7,\"file_column\":3,\"file_end_line\":7,\"file_end_column\":2", {7, 0, 7, 0}},
	    {",\"file_line\":7,\"file_column\":3,\"file_end_line\":6,\"file_end_column\":9", {7, 0, 7, 0}},
	    {",\"file_line\":-1,\"file_column\":1e9", {1, 0, 1, 0}},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice text = slice_format(
		    arena, "{\"file\":\"a\",\"code\":\"NB101\"%s}\n{\"file\":\"b\",\"failure\":null}", cases[i].keys);
		struct taken taken = {0};
		struct failure failure;
		assert_true(check_read_bytes(arena, SLICE("f"), text, take, &taken, &failure));
		assert_int_equal(taken.files, 2);
		assert_int_equal(taken.findings, 1);
		assert_memory_equal(&taken.last.region, &cases[i].region, sizeof cases[i].region);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_fingerprint_outlives_what_does_not_matter),
	    cmocka_unit_test(a_fingerprint_is_another_where_it_matters),
	    cmocka_unit_test(fingerprints_stay_what_they_are),
	    cmocka_unit_test(several_alike_are_told_apart),
	    cmocka_unit_test(places_that_are_none_are_put_right),
	};
	return cmocka_run_group_tests_name("check", tests, setup, teardown);
}
