/* Reads arbitrary bytes as a project's file, as patterns and paths, as a baseline, and as the source and
 * the metadata of a notebook that asks what not to be told: all that somebody else may have written
 * of what a check is to say. */
#include <stdint.h>
#include <stdlib.h>

#include "analysis.h"
#include "findings/glob.h"
#include "findings/policy.h"
#include "report/check.h"

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Every line is taken or has a place; what was taken can judge any path. */
static void read_policy(struct arena *arena, struct slice text)
{
	struct policy policy = {0};
	struct slice rest = text, line;
	for (uint64_t number = 1; slice_next_line(&rest, &line); number++) {
		struct failure failure;
		if (policy_add(arena, &policy, line, POLICY_OF_PROJECT, SLICE("f"), number, &failure))
			continue;
		require(failure.line == number && failure.column > 0 && failure.column <= line.length + 1);
		require(failure.message.length > 0);
	}
	struct judgement *judgement = policy_judge(arena, &policy, text);
	for (size_t i = 0; i < policy.lines.count; i++)
		if (policy.lines.items[i].verb == POLICY_IGNORE && policy.lines.items[i].pattern.length == 0)
			for (size_t rule = 0; rule_catalogue[rule].code; rule++)
				require(!selection_has(&policy.lines.items[i].rules, &rule_catalogue[rule]) ||
				        !judgement->rules[rule].counts);
	require(judgement->fail_on <= FAIL_NEVER);
	policy_excludes(arena, &policy, text);
}

static void count_file(void *context, const struct check_file *file)
{
	size_t *count = context;
	*count += file->count;
	for (size_t i = 0; i < file->count; i++)
		require(file->findings[i].rule != NULL);
}

/* A notebook whose source, tag and metadata are the text. */
static void read_requests(struct arena *arena, struct slice text)
{
	struct builder json = {.arena = arena}, quoted = {.arena = arena};
	struct json_writer writer = {.out = &quoted};
	json_string(&writer, text);
	struct slice string = builder_slice(&quoted);
	builder_add_format(
	    &json,
	    "{\"nbformat\": 4, \"metadata\": {\"nbscope\": {\"ignore\": [%.*s]}}, \"cells\": [{\"cell_type\": \"code\", "
	    "\"metadata\": {\"tags\": [%.*s], \"nbscope\": {\"ignore\": [%.*s]}}, \"execution_count\": 1, \"source\": "
	    "%.*s}]}",
	    SLICE_FORMAT(string), SLICE_FORMAT(string), SLICE_FORMAT(string), SLICE_FORMAT(string));
	struct failure failure = {0};
	struct symbols *symbols = symbols_new(arena);
	struct notebook *notebook = notebook_read(arena, SLICE("f"), builder_slice(&json), &failure);
	require(notebook != NULL);
	struct effects **effects = effects_of_notebook(arena, symbols, notebook);
	struct log *log = log_from_notebook(arena, notebook, effects);
	struct evidence evidence = {symbols, notebook, effects, status_of_notebook(arena, symbols, notebook, effects, log)};
	struct check_file file = check_file_of(arena, notebook, findings_of(arena, &evidence));
	struct builder out = {.arena = arena};
	static const char *const forms[] = {"text", "json", "ndjson", "sarif", "github", "gitlab", "junit", "markdown"};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct check_document document = {.form = check_form_find(slice_of(forms[i])), .out = &out};
		check_begin(&document);
		check_file(&document, &file);
		check_end(&document);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(NULL, NULL);
	struct slice text = {(const char *)data, size}, first = text;
	struct failure failure = {0};
	size_t count = 0, end = slice_find(text, '\n', 0);
	read_policy(arena, text);
	first = slice_part(text, 0, end);
	glob_means(arena, first, slice_part(text, end + 1, size));
	check_read_bytes(arena, SLICE("f"), text, count_file, &count, &failure);
	/* A whole analysis takes a hundred times as long as all of the above. */
	if (size > 0 && size <= 256 && data[0] % 8 == 0)
		read_requests(arena, text);
	arena_free(arena);
	return 0;
}
