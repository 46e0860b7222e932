/* What notebooks say, in formats 2, 3 and 4. */
#include "tests/unit/notebooks.h"

static void format_4_is_read(void **state)
{
	(void)state;
	struct notebook *notebook =
	    read_text(SLICE("{\"cells\": [\n"
	                    "{\"cell_type\": \"markdown\", \"id\": \"a1\", \"metadata\": {},\n"
	                    " \"source\": [\"# Title\\n\", \"text\"]},\n"
	                    "{\"cell_type\": \"code\", \"execution_count\": 3, \"metadata\": {},\n"
	                    " \"outputs\": [{\"output_type\": \"stream\", \"name\": \"stderr\","
	                    " \"text\": [\"a\\n\", \"b\"]}],\n"
	                    " \"source\": \"x = 1\"},\n"
	                    "{\"cell_type\": \"raw\", \"source\": []},\n"
	                    "{\"cell_type\": \"code\", \"execution_count\": null, \"source\":\n"
	                    "[\"y\"], \"outputs\": []}],\n"
	                    "\"metadata\": {\"language_info\": {\"name\": \"R\", \"version\": "
	                    "\"4.2\"}, \"kernelspec\": {\"name\": \"ir\", \"display_name\": \"R 4\"}},"
	                    "\"nbformat\": 4, \"nbformat_minor\": 9}"));
	assert_int_equal(notebook->format_major, 4);
	assert_int_equal(notebook->format_minor, 9);
	assert_slice(notebook->path, "test.ipynb");
	assert_slice(notebook->language, "r");
	assert_slice(notebook->language_version, "4.2");
	assert_slice(notebook->kernel_name, "ir");
	assert_slice(notebook->kernel_display, "R 4");
	assert_int_equal(notebook->cell_count, 4);
	assert_int_equal(notebook->code_count, 2);

	const struct cell *cells = notebook->cells;
	assert_int_equal(cells[0].type, CELL_MARKDOWN);
	assert_int_equal(cells[0].number, 0);
	assert_int_equal(cells[0].execution_count, NO_COUNT);
	assert_int_equal(cells[0].line, 2);
	assert_int_equal(cells[0].source_line, 3);
	assert_slice(cells[0].id, "a1");
	assert_slice(cells[0].source, "# Title\ntext");
	assert_int_equal(cells[2].type, CELL_RAW);
	assert_slice(cells[2].source, "");

	assert_ptr_equal(notebook->code[0], &cells[1]);
	assert_int_equal(cells[1].index, 1);
	assert_int_equal(cells[1].number, 1);
	assert_int_equal(cells[1].execution_count, 3);
	assert_int_equal(cells[1].line, 4);
	assert_int_equal(cells[1].source_line, 6);
	assert_slice(cells[1].source, "x = 1");
	assert_int_equal(cells[1].output_count, 1);
	assert_int_equal(cells[1].outputs[0].type, OUTPUT_STREAM);
	assert_slice(cells[1].outputs[0].stream, "stderr");
	assert_slice(load(notebook, 1, 0).text, "a\nb");
	assert_ptr_equal(notebook->code[1], &cells[3]);
	assert_int_equal(cells[3].number, 2);
	assert_int_equal(cells[3].execution_count, NO_COUNT);
	assert_int_equal(cells[3].line, 8);
	assert_int_equal(cells[3].source_line, 9);
	assert_int_equal(cells[3].output_count, 0);
}

static void ranges_are_those_of_the_file(void **state)
{
	(void)state;
	const char *text =
	    "{\"nbformat\": 4, \"metadata\" : {\"a\": 1} , \"cells\": [{\"cell_type\": \"code\", \"metadata\": "
	    "{ \"b\": {}}, \"attachments\": {\"c\":[]}, \"outputs\" :[ {\"x\": 1},2 ] }]}\n ";
	struct notebook *notebook = read_text(slice_of(text));
	const struct cell *cell = notebook->cells;
	struct slice whole = slice_of(text);
	assert_int_equal(notebook->size, whole.length);
	assert_slice(slice_part(whole, notebook->metadata.start, notebook->metadata.end), "{\"a\": 1}");
	assert_slice(slice_part(whole, cell->metadata.start, cell->metadata.end), "{ \"b\": {}}");
	assert_slice(slice_part(whole, cell->attachments.start, cell->attachments.end), "{\"c\":[]}");
	assert_slice(slice_part(whole, cell->outputs[0].range.start, cell->outputs[0].range.end), "{\"x\": 1}");
	assert_slice(slice_part(whole, cell->outputs[1].range.start, cell->outputs[1].range.end), "2");
	assert_int_equal(cell->outputs_size, strlen("[ {\"x\": 1},2 ]"));
	assert_int_equal(cell->outputs[1].type, OUTPUT_UNKNOWN);
	struct output_content content = load(notebook, 0, 1);
	assert_int_equal(content.part_count, 0);
}

static void format_3_is_read_as_format_4(void **state)
{
	(void)state;
	struct notebook *notebook = read_text(SLICE(
	    "{\"metadata\": {\"name\": \"n\", \"language\": \"Julia\"}, \"nbformat\": 3, \"worksheets\": [{\"cells\": [\n"
	    "{\"cell_type\": \"heading\", \"level\": 2, \"source\": [\"One\\n\", \"two\"]},\n"
	    "{\"cell_type\": \"heading\", \"source\": \"Plain\\r\\n\"},\n"
	    "{\"cell_type\": \"html\", \"source\": \"<b>\"},\n"
	    "{\"cell_type\": \"code\", \"source\": \"ignored\", \"input\": [\"x\", \"y\"], \"prompt_number\": 7,\n"
	    " \"language\": \"python\", \"outputs\": [\n"
	    "{\"output_type\": \"pyout\", \"prompt_number\": 6, \"text\": [\"1\"], \"png\": \"aGk=\", \"metadata\": {}},\n"
	    "{\"output_type\": \"pyerr\", \"ename\": \"E\", \"evalue\": \"v\", \"traceback\": [\"a\", \"b\"]},\n"
	    "{\"output_type\": \"stream\", \"stream\": \"stderr\", \"text\": [\"a\\n\", \"b\"]},\n"
	    "{\"output_type\": \"display_data\", \"html\": [\"<p>\", \"</p>\"], \"json\": \"{}\"}]}]},\n"
	    "{\"cells\": [{\"cell_type\": \"markdown\", \"source\": [\"a\\n\", \"b\"]}]}]}"));
	assert_int_equal(notebook->format_major, 3);
	assert_slice(notebook->language, "julia");
	assert_int_equal(notebook->cell_count, 5);
	assert_int_equal(notebook->cells[0].type, CELL_MARKDOWN);
	assert_slice(notebook->cells[0].source, "## One two");
	assert_slice(notebook->cells[1].source, "# Plain");
	assert_int_equal(notebook->cells[2].type, CELL_MARKDOWN);
	assert_slice(notebook->cells[4].source, "a\nb");
	assert_int_equal(notebook->cells[4].index, 4);

	const struct cell *code = notebook->code[0];
	assert_slice(code->source, "x\ny");
	assert_int_equal(code->source_line, 5);
	assert_int_equal(code->execution_count, 7);
	assert_int_equal(code->output_count, 4);
	assert_int_equal(code->outputs[0].type, OUTPUT_EXECUTE_RESULT);
	assert_int_equal(code->outputs[0].execution_count, 6);
	assert_int_equal(code->outputs[1].type, OUTPUT_ERROR);
	assert_slice(code->outputs[2].stream, "stderr");
	struct output_content content = load(notebook, 3, 0);
	assert_int_equal(content.part_count, 2);
	assert_slice(content.parts[0].type, "text/plain");
	assert_slice(content.parts[0].text, "1");
	assert_slice(content.parts[1].type, "image/png");
	assert_slice(content.parts[1].text, "");
	assert_int_equal(content.parts[1].size, 6);
	content = load(notebook, 3, 1);
	assert_slice(content.ename, "E");
	assert_slice(content.evalue, "v");
	assert_slice(content.traceback, "a\nb");
	assert_slice(load(notebook, 3, 2).text, "a\nb");
	content = load(notebook, 3, 3);
	assert_int_equal(content.part_count, 2);
	assert_slice(content.parts[0].text, "<p>\n</p>");
	assert_slice(content.parts[1].type, "application/json");
	assert_slice(content.parts[1].text, "{}");
}

static void odd_levels_are_the_first(void **state)
{
	(void)state;
	static const char *const levels[] = {"0", "7", "-1", "1000000000000", "\"2\"", "null", "1"};
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
		struct slice text = slice_format(arena,
		                                 "{\"nbformat\": 3, \"worksheets\": [{\"metadata\": {}, \"cells\": "
		                                 "[{\"cell_type\": \"heading\", \"source\": \"h\", \"level\": %s}]}]}",
		                                 levels[i]);
		assert_slice(read_text(text)->cells[0].source, "# h");
	}
}

static void indentation_is_skipped(void **state)
{
	(void)state;
	for (int width = 0; width < 40; width++) {
		struct slice text = slice_format(arena, "{\n%*s\"nbformat\": 4,\n%*s\t\"cells\": [\n%*s{}]}\n%*s", width, "",
		                                 width, "", width, "", width, "");
		struct notebook *notebook = read_text(text);
		assert_int_equal(notebook->cells[0].line, 4);
		assert_int_equal(notebook->size, text.length);
	}
}

static void format_2_is_read(void **state)
{
	(void)state;
	struct notebook *notebook = read_text(
	    SLICE("{\"metadata\": {}, \"nbformat\": 2, \"worksheets\": [{\"cells\": [{\"cell_type\": \"code\", "
	          "\"input\": [\"a\", \"\", \"b\"], \"prompt_number\": 1, \"outputs\": [{\"output_type\": \"pyout\", "
	          "\"text\": \"5\"}]}]}]}"));
	assert_int_equal(notebook->format_major, 2);
	assert_slice(notebook->code[0]->source, "a\n\nb");
	assert_int_equal(notebook->code[0]->execution_count, 1);
	assert_slice(notebook->language, "python");
	assert_slice(load(notebook, 0, 0).parts[0].text, "5");
}

static void keys_come_in_any_order(void **state)
{
	(void)state;
	struct notebook *notebook = read_text(
	    SLICE("{\"worksheets\": 5, \"cells\": [{\"outputs\": [{\"data\": {\"text/plain\": \"1\"}, "
	          "\"execution_count\": 4, \"name\": \"x\", \"output_type\": \"execute_result\"}], \"source\": "
	          "\"1\", \"execution_count\": 5, \"cell_type\": \"code\"}, {\"execution_count\": 9, \"outputs\": "
	          "[{}], \"source\": \"t\", \"cell_type\": \"markdown\"}], \"nbformat_minor\": 2, \"nbformat\": 4}"));
	assert_int_equal(notebook->format_minor, 2);
	assert_int_equal(notebook->code_count, 1);
	assert_int_equal(notebook->code[0]->execution_count, 5);
	assert_int_equal(notebook->code[0]->outputs[0].execution_count, 4);
	assert_slice(notebook->code[0]->outputs[0].stream, "");
	assert_slice(load(notebook, 0, 0).parts[0].text, "1");
	assert_int_equal(notebook->cells[1].execution_count, NO_COUNT);
	assert_int_equal(notebook->cells[1].output_count, 0);
	assert_int_equal(notebook->cells[1].outputs_size, 0);
}

static void the_last_of_equal_keys_counts(void **state)
{
	(void)state;
	struct notebook *notebook = read_text(SLICE(
	    "{\"nbformat\": 9, \"cells\": 7, \"metadata\": {\"language_info\": {\"name\": \"r\"}}, \"metadata\": "
	    "{\"kernelspec\": 1, \"language_info\": {\"name\": \"x\", \"name\": \"Scala\"}}, \"cells\": [{\"cell_type\": "
	    "\"markdown\"}, 3], \"cells\": [{\"cell_type\": \"raw\", \"cell_type\": \"code\", \"source\": 5, "
	    "\"source\": [\"a\"], \"sour\\u0063e\": \"b\", \"outputs\": 1, \"outputs\": [{}, {}], \"outputs\": "
	    "[{\"output_type\": \"display_data\", \"data\": {\"a\": 1}, \"data\": {\"text/plain\": \"1\", \"image/png\": "
	    "\"\", \"text/plain\": \"2\"}}], \"execution_count\": 1, \"execution_count\": null, \"id\": \"a\", \"id\": "
	    "1}], \"nbformat\": 4}"));
	assert_int_equal(notebook->cell_count, 1);
	assert_slice(notebook->language, "scala");
	assert_int_equal(notebook->cells[0].type, CELL_CODE);
	assert_slice(notebook->cells[0].source, "b");
	assert_int_equal(notebook->cells[0].execution_count, NO_COUNT);
	assert_slice(notebook->cells[0].id, "");
	assert_int_equal(notebook->cells[0].output_count, 1);
	struct output_content content = load(notebook, 0, 0);
	assert_int_equal(content.part_count, 2);
	assert_slice(content.parts[0].type, "text/plain");
	assert_slice(content.parts[0].text, "2");
	assert_slice(content.parts[1].type, "image/png");

	notebook =
	    read_text(SLICE("{\"nbformat\": 3, \"worksheets\": [{\"cells\": [{}]}], \"worksheets\": [{\"cells\": [{}, "
	                    "1], \"cells\": [{}, {}]}, {\"cells\": [{}]}]}"));
	assert_int_equal(notebook->cell_count, 3);
}

static void text_is_kept_byte_for_byte(void **state)
{
	(void)state;
	struct notebook *notebook =
	    read_cells("{\"source\": \"\\u0000\\ud83d\\ude00|\\ud83d|\\ude00|\\ud83d\\ud83d\\ude00"
	               "\\\\\\/\\\"\\b\\f\\n\\r\\t\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80\"}, "
	               "{\"source\": [\"\\ud83d\", \"\\ude00\"]}, {\"source\": \"\\ud83dx\\ude00\"}, "
	               "{\"source\": \"\\ud800\\udc00\\uDBFF\\uDFFF\\ue000\xED\x9F\xBF\xF4\x8F\xBF\xBF\"}");
	assert_slice(notebook->cells[0].source, "\0\xF0\x9F\x98\x80|\xED\xA0\xBD|\xED\xB8\x80|\xED\xA0\xBD\xF0\x9F\x98\x80"
	                                        "\\/\"\b\f\n\r\t\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80");
	/* Two strings of a list stay two: Python joins no surrogates either. */
	assert_slice(notebook->cells[1].source, "\xED\xA0\xBD\xED\xB8\x80");
	assert_slice(notebook->cells[2].source, "\xED\xA0\xBDx\xED\xB8\x80");
	assert_slice(notebook->cells[3].source, "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\xEE\x80\x80\xED\x9F\xBF\xF4\x8F\xBF\xBF");
}

static void what_is_clear_is_taken(void **state)
{
	(void)state;
	struct notebook *notebook =
	    read_text(SLICE("{\"nbformat\": 4.0, \"nbformat_minor\": \"x\", \"metadata\": null, \"cells\": [{}, "
	                    "{\"cell_type\": \"code\", \"source\": null, \"outputs\": null, \"metadata\": 5}, "
	                    "{\"cell_type\": \"heading\", \"source\": \"h\"}, {\"cell_type\": 5}]}"));
	assert_int_equal(notebook->format_major, 4);
	assert_int_equal(notebook->format_minor, 0);
	assert_int_equal(notebook->metadata.end, 0);
	assert_int_equal(notebook->cells[0].type, CELL_RAW);
	assert_slice(notebook->cells[0].source, "");
	assert_int_equal(notebook->cells[0].source_line, 1);
	assert_int_equal(notebook->cells[1].type, CELL_CODE);
	assert_int_equal(notebook->cells[1].output_count, 0);
	assert_int_equal(notebook->cells[1].metadata.end, 0);
	assert_int_equal(notebook->cells[2].type, CELL_RAW);
	assert_slice(notebook->cells[2].source, "h");
	assert_int_equal(read_cells("")->cell_count, 0);
}

static void counts_are_whole_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t count;
	} counts[] = {
	    {"0", 0},
	    {"12", 12},
	    {"5.0", 5},
	    {"-0", 0},
	    {"9223372036854775807", INT64_MAX},
	    {"9223372036854775808", NO_COUNT},
	    {"99999999999999999999999999", NO_COUNT},
	    {"-1", NO_COUNT},
	    {"5.5", NO_COUNT},
	    {"5e0", NO_COUNT},
	    {"NaN", NO_COUNT},
	    {"-Infinity", NO_COUNT},
	    {"\"5\"", NO_COUNT},
	    {"true", NO_COUNT},
	    {"[1]", NO_COUNT},
	};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		struct slice cell = slice_format(arena, "{\"cell_type\": \"code\", \"execution_count\": %s, \"source\": \"x\"}",
		                                 counts[i].text);
		struct notebook *notebook = read_cells(cell.bytes);
		assert_int_equal(notebook->cells[0].execution_count, counts[i].count);
		assert_slice(notebook->cells[0].source, "x");
	}
}

static void outputs_are_loaded(void **state)
{
	(void)state;
	struct notebook *notebook = read_cells(
	    "{\"cell_type\": \"code\", \"outputs\": ["
	    "{\"output_type\": \"stream\", \"text\": \"no name\"},"
	    "{\"output_type\": \"stream\", \"name\": \"log\", \"text\": [\"a\\r\", \"\\u001b[31mb\"]},"
	    "{\"output_type\": \"error\", \"ename\": \"ValueError\", \"evalue\": \"\", \"traceback\": [\"one\", "
	    "\"two\\n\"]},"
	    "{\"output_type\": \"error\", \"ename\": null, \"traceback\": \"all\"},"
	    "{\"output_type\": \"display_data\", \"metadata\": {}, \"data\": {\"image/png\": [\"aGVs\", \"bG8=\"], "
	    "\"text/html\": [\"<a>\\n\", \"</a>\"], \"image/svg+xml\": \"<svg/>\", \"application/vnd.x.v1+json\": {\"a\": "
	    "[1, \"\\u00e9\"]}, \"application/javascript\": \"f()\", \"text/odd\": [1, \"x\"], \"application/pdf\": "
	    "\"JVBE\"}},"
	    "{\"output_type\": \"update_display_data\", \"data\": {\"text/plain\": \"x\"}},"
	    "{\"output_type\": \"display_data\", \"data\": [\"text/plain\"]}]}");
	const struct output *outputs = notebook->cells[0].outputs;
	assert_slice(outputs[0].stream, "stdout");
	assert_slice(load(notebook, 0, 0).text, "no name");
	assert_slice(outputs[1].stream, "log");
	assert_slice(load(notebook, 0, 1).text, "a\r\x1b[31mb");
	struct output_content content = load(notebook, 0, 2);
	assert_slice(content.ename, "ValueError");
	assert_slice(content.traceback, "one\ntwo\n");
	content = load(notebook, 0, 3);
	assert_slice(content.ename, "");
	assert_slice(content.traceback, "all");
	content = load(notebook, 0, 4);
	assert_int_equal(content.part_count, 7);
	assert_slice(content.parts[0].type, "image/png");
	assert_slice(content.parts[0].text, "");
	assert_int_equal(content.parts[0].size, strlen("[\"aGVs\", \"bG8=\"]"));
	assert_slice(content.parts[1].text, "<a>\n</a>");
	assert_slice(content.parts[2].text, "<svg/>");
	assert_slice(content.parts[3].text, "{\"a\": [1, \"\\u00e9\"]}");
	assert_slice(content.parts[4].text, "f()");
	assert_slice(content.parts[5].text, "");
	assert_slice(content.parts[6].text, "");
	assert_int_equal(outputs[5].type, OUTPUT_UNKNOWN);
	assert_int_equal(load(notebook, 0, 5).part_count, 0);
	assert_int_equal(load(notebook, 0, 6).part_count, 0);
}

static void many_equal_parts_cost_little(void **state)
{
	(void)state;
	struct builder cell = {.arena = arena};
	enum { TYPES = 30000 };
	builder_add_string(&cell,
	                   "{\"cell_type\": \"code\", \"outputs\": [{\"output_type\": \"display_data\", \"data\": {");
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < TYPES; i++)
			builder_add_format(&cell, "%s\"text/%d\": \"%d.%d\"", round + i ? "," : "", i, round, i);
	builder_add_string(&cell, "}}]}");
	builder_add_byte(&cell, '\0');
	struct output_content content = load(read_cells(cell.bytes), 0, 0);
	assert_int_equal(content.part_count, TYPES);
	assert_slice(content.parts[7].type, "text/7");
	assert_slice(content.parts[7].text, "1.7");
}

static void cell_metadata_is_loaded(void **state)
{
	(void)state;
	struct notebook *notebook = read_cells(
	    "{\"metadata\": {\"tags\": [\"x\"], \"Tags\": [\"no\"], \"tags\": [\"one\", 2, \"two\"], \"vscode\": "
	    "{\"languageId\": \"python\"}, \"execution\": {\"iopub.execute_input\": \"2026-11-21T04:30:56.607066Z\", "
	    "\"shell.execute_reply\": \"2026-11-21T04:30:56.613758Z\"}}}, {}, {\"metadata\": {\"tags\": \"a\", "
	    "\"execution\": [], \"vscode\": null}}, {\"metadata\": {\"tags\": [\"\\ud800\"]}}, {\"metadata\": {\"tags\": "
	    "[\"a\\u0000b\"]}}, {\"metadata\": {\"x\": NaN, \"tags\": [\"lost\"]}}");
	struct cell_metadata metadata;
	assert_true(cell_metadata_load(notebook, arena, &notebook->cells[0], &metadata));
	assert_int_equal(metadata.tag_count, 2);
	assert_slice(metadata.tags[0], "one");
	assert_slice(metadata.tags[1], "two");
	assert_slice(metadata.language, "python");
	assert_slice(metadata.started, "2026-11-21T04:30:56.607066Z");
	assert_slice(metadata.ended, "2026-11-21T04:30:56.613758Z");
	for (size_t i = 1; i < notebook->cell_count; i++) {
		assert_true(cell_metadata_load(notebook, arena, &notebook->cells[i], &metadata));
		assert_int_equal(metadata.tag_count, 0);
		assert_slice(metadata.started, "");
		assert_slice(metadata.language, "");
	}
}

/* As the tools really write them. */
static void times_are_found(void **state)
{
	(void)state;
	static const struct {
		const char *metadata, *started, *ended;
	} cases[] = {
	    {"{}", "", ""},
	    {"{\"execution\": {\"iopub.execute_input\": \"2026-11-21T04:30:56.607066Z\"}}", "2026-11-21T04:30:56.607066Z",
	     ""},
	    {"{\"ExecuteTime\": {\"start_time\": \"2018-10-12T07:35:56.275023Z\", \"end_time\": "
	     "\"2018-10-12T07:35:57.8116Z\"}}",
	     "2018-10-12T07:35:56.275023Z", "2018-10-12T07:35:57.811600Z"},
	    {"{\"papermill\": {\"start_time\": \"2020-02-29T23:59:59+00:00\", \"end_time\": \"2020-03-01T00:00:01.5\", "
	     "\"duration\": 2.5}}",
	     "2020-02-29T23:59:59.000000Z", "2020-03-01T00:00:01.500000Z"},
	    {"{\"papermill\": {\"start_time\": \"2020-01-01T01:00:00+02:30\", \"end_time\": \"2019-12-31T23:00:00-0130\"}}",
	     "2019-12-31T22:30:00.000000Z", "2020-01-01T00:30:00.000000Z"},
	    {"{\"papermill\": {\"start_time\": null, \"end_time\": null, \"status\": \"pending\"}}", "", ""},
	    {"{\"executionInfo\": {\"elapsed\": 5820, \"status\": \"ok\", \"timestamp\": 1722608125960, \"user_tz\": "
	     "-330}}",
	     "2024-08-02T14:15:20.140000Z", "2024-08-02T14:15:25.960000Z"},
	    {"{\"application/vnd.databricks.v1+cell\": {\"startTime\": 1782894230683, \"finishTime\": 1782894249058}}",
	     "2026-07-01T08:23:50.683000Z", "2026-07-01T08:24:09.058000Z"},
	    {"{\"execution_start\": 1764170560998, \"execution_millis\": 2}", "2025-11-26T15:22:40.998000Z",
	     "2025-11-26T15:22:41.000000Z"},
	    /* The latest, when a cell went from tool to tool. */
	    {"{\"execution\": {\"iopub.execute_input\": \"2020-01-01T00:00:00Z\"}, \"ExecuteTime\": {\"start_time\": "
	     "\"2021-01-01T00:00:00Z\"}, \"papermill\": {\"start_time\": \"2019-01-01T00:00:00Z\"}}",
	     "2021-01-01T00:00:00.000000Z", ""},
	    {"{\"executionInfo\": {\"elapsed\": -1, \"timestamp\": 1e300}}", "", ""},
	    {"{\"execution\": {\"iopub.execute_input\": \"2020-13-01T00:00:00Z\"}}", "", ""},
	    {"{\"execution\": {\"iopub.execute_input\": \"2020-01-01T00:00:00Zx\"}}", "", ""},
	    {"{\"execution\": {\"iopub.execute_input\": \"2020-01-01T00:00\"}}", "", ""},
	    {"{\"execution\": {\"iopub.execute_input\": \"yesterday\"}}", "", ""},
	    {"{\"execution\": {\"iopub.execute_input\": \"2020-01-01T00:00:00+1\"}}", "", ""},
	    {"{\"execution\": {\"iopub.execute_input\": \"2020-01-01T00:00:00+01:\"}}", "", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct notebook *notebook = read_cells(slice_format(arena, "{\"metadata\": %s}", cases[i].metadata).bytes);
		struct cell_metadata metadata;
		assert_true(cell_metadata_load(notebook, arena, notebook->cells, &metadata));
		assert_string_equal(slice_copy(arena, metadata.started).bytes, cases[i].started);
		assert_string_equal(slice_copy(arena, metadata.ended).bytes, cases[i].ended);
	}
}

static void languages_are_found(void **state)
{
	(void)state;
	static const struct {
		const char *metadata, *language;
	} cases[] = {
	    {"{}", "python"},
	    {"{\"kernelspec\": {\"language\": \"R\"}}", "r"},
	    {"{\"kernelspec\": {\"language\": \"R\"}, \"language_info\": {\"name\": \"Julia\"}}", "julia"},
	    {"{\"kernelspec\": {\"language\": \"R\"}, \"language_info\": {\"name\": \"\"}}", "r"},
	    {"{\"kernelspec\": \"R\", \"language_info\": 3}", "python"},
	    {"{\"language_info\": {\"name\": \"a\\u0000b\"}, \"language\": \"C++\"}", "c++"},
	    {"{\"language_info\": {\"Name\": \"R\"}}", "python"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice text =
		    slice_format(arena, "{\"nbformat\": 4, \"cells\": [], \"metadata\": %s}", cases[i].metadata);
		assert_true(slice_equal(read_text(text)->language, slice_of(cases[i].language)));
	}
}

/* Nothing of what is read depends on where a block ends. */
static void blocks_do_not_matter(void **state)
{
	(void)state;
	struct slice text = SLICE(
	    "{\"cells\": [{\"cell_type\": \"code\", \"id\": \"ab\", \"execution_count\": 12, \"metadata\": {\"tags\": "
	    "[\"t\"]}, \"source\": [\"caf\xC3\xA9 \\ud83d\\ude00\xF0\x9F\x98\x80\\n\", \"y = -1.5e+10\"], \"outputs\": "
	    "[{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": \"\xE4\xB8\xAD\"}]}],\r\n \"metadata\": "
	    "{\"language_info\": {\"name\": \"python\", \"version\": \"3.11\"}, \"x\": [null, true, false, NaN, "
	    "-Infinity, 1.25E-7, [], {}]}, \"nbformat\": 4, \"nbformat_minor\": 5}\n");
	for (size_t size = 1; size <= text.length + 1; size++) {
		struct failure failure;
		struct notebook *notebook = notebook_scan(arena, SLICE("x"), bytes_borrow(arena, text), size, &failure);
		assert_non_null(notebook);
		assert_int_equal(notebook->cell_count, 1);
		assert_slice(notebook->language_version, "3.11");
		assert_slice(notebook->cells[0].source, "caf\xC3\xA9 \xF0\x9F\x98\x80\xF0\x9F\x98\x80\ny = -1.5e+10");
		assert_slice(notebook->cells[0].id, "ab");
		assert_int_equal(notebook->cells[0].execution_count, 12);
		assert_slice(load(notebook, 0, 0).text, "\xE4\xB8\xAD");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(format_4_is_read),
	    cmocka_unit_test(ranges_are_those_of_the_file),
	    cmocka_unit_test(format_3_is_read_as_format_4),
	    cmocka_unit_test(format_2_is_read),
	    cmocka_unit_test(odd_levels_are_the_first),
	    cmocka_unit_test(indentation_is_skipped),
	    cmocka_unit_test(keys_come_in_any_order),
	    cmocka_unit_test(the_last_of_equal_keys_counts),
	    cmocka_unit_test(text_is_kept_byte_for_byte),
	    cmocka_unit_test(what_is_clear_is_taken),
	    cmocka_unit_test(counts_are_whole_numbers),
	    cmocka_unit_test(outputs_are_loaded),
	    cmocka_unit_test(many_equal_parts_cost_little),
	    cmocka_unit_test(cell_metadata_is_loaded),
	    cmocka_unit_test(times_are_found),
	    cmocka_unit_test(languages_are_found),
	    cmocka_unit_test(blocks_do_not_matter),
	};
	return cmocka_run_group_tests_name("notebook", tests, setup, teardown);
}
