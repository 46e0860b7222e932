/* Where the lines of sources stand in the file, in any layout of the file. */
#include "notebook/source_places.h"
#include "notebooks.h"

/* The text as a JSON string holds it, without the quotes; `escaped` writes all that is no ASCII as \u. */
static void write_json(struct builder *out, struct slice text, bool escaped)
{
	for (size_t at = 0; at < text.length; at++) {
		unsigned char byte = (unsigned char)text.bytes[at];
		if (byte == '"' || byte == '\\')
			builder_add_format(out, "\\%c", byte);
		else if (byte == '\n' || byte == '\r')
			builder_add_format(out, escaped ? "\\u000%c" : "\\%c",
			                   escaped        ? (byte == '\n' ? 'a' : 'D')
			                   : byte == '\n' ? 'n'
			                                  : 'r');
		else if (byte == '\t')
			builder_add_string(out, "\\t");
		else if (byte == 0xC3 && escaped) /* all of it that the texts here have */
			builder_add_format(out, "\\u00%02x", ((unsigned char)text.bytes[++at] & 0x3F) + 0xC0);
		else
			builder_add_byte(out, (char)byte);
	}
}

static struct slice json_of(struct slice text, bool escaped)
{
	struct builder out = {.arena = arena};
	write_json(&out, text, escaped);
	return builder_slice(&out);
}

/* The next of a row of numbers that look random. */
static unsigned next_random(unsigned *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

struct layout {
	const char *line_end;  /* between the values of the file; empty for one line */
	const char *indent;    /* of each */
	bool is_list, escaped; /* the source */
	bool cuts;             /* its strings end anywhere, not only behind line feeds */
	int format;            /* of the notebook: 3 or 4 */
};

static void write_source(struct builder *out, struct slice source, const struct layout *layout, unsigned *random)
{
	if (!layout->is_list) {
		builder_add_byte(out, '"');
		write_json(out, source, layout->escaped);
		builder_add_byte(out, '"');
		return;
	}
	builder_add_byte(out, '[');
	for (size_t start = 0, end; start < source.length; start = end) {
		end = slice_find(source, '\n', start);
		end += end < source.length;
		/* Never within a character. */
		size_t cut = start + next_random(random) % (end - start + 1);
		while (cut < end && ((unsigned char)source.bytes[cut] & 0xC0) == 0x80)
			cut++;
		/* Format 3 joins by lines when the first string has no line end. */
		if (layout->cuts && (layout->format == 4 || start > 0) && cut > start)
			end = cut;
		builder_add_format(out, "%s%s%s%s\"", start ? "," : "", layout->line_end, layout->indent, layout->indent);
		write_json(out, slice_part(source, start, end), layout->escaped);
		builder_add_byte(out, '"');
	}
	builder_add_format(out, "%s%s]", layout->line_end, layout->indent);
}

static struct slice file_of(struct slice source, const struct layout *layout, unsigned *random)
{
	struct builder out = {.arena = arena};
	const char *end = layout->line_end, *indent = layout->indent;
	builder_add_format(&out, "{%s%s\"é\":%s\"über\",%s%s\"nbformat\": %d,%s", end, indent, indent, end, indent,
	                   layout->format, end);
	builder_add_string(&out, layout->format == 4 ? "\"cells\": [{" : "\"worksheets\": [{\"cells\": [{");
	builder_add_format(&out, "\"cell_type\": \"code\",%s%s%s\"%s\":%s", end, indent, indent,
	                   layout->format == 4 ? "source" : "input", indent);
	write_source(&out, source, layout, random);
	builder_add_format(&out, "%s}]%s}%s", end, layout->format == 4 ? "" : "}]", end);
	return builder_slice(&out);
}

/* The characters [column, end_column) of a line of the file. */
static struct slice text_at(struct slice file, uint64_t line, uint64_t column, uint64_t end_column)
{
	size_t at = 0;
	for (; line > 1; line--)
		at = slice_find(file, '\n', at) + 1;
	size_t start = at;
	for (uint64_t here = 1; here < end_column; here++) {
		if (here == column)
			start = at;
		do
			at++;
		while (at < file.length && ((unsigned char)file.bytes[at] & 0xC0) == 0x80);
	}
	return column == end_column ? SLICE("") : slice_part(file, start, at);
}

static void every_layout_tells_the_place(void **state)
{
	(void)state;
	static const char *const lines[] = {"",    "x = 1",  "print(\"é\")", "\tif a\\b:", "    pass  # über",
	                                    "'''", "# %% \r"};
	static const char *const ends[] = {"", "\n", "\r\n", "\n\n"};
	static const char *const indents[] = {"", " ", "  ", "    ", "\t"};
	unsigned random = 1;
	size_t spread = 0, one_line = 0;
	for (int round = 0; round < 6000; round++) {
		struct builder source = {.arena = arena};
		size_t count = 1 + next_random(&random) % 5;
		for (size_t i = 0; i < count; i++) {
			builder_add_string(&source, lines[next_random(&random) % (sizeof lines / sizeof *lines)]);
			if (i + 1 < count || next_random(&random) % 2)
				builder_add_string(&source, next_random(&random) % 4 ? "\n" : "\r\n");
		}
		struct layout layout = {.line_end = ends[next_random(&random) % 4],
		                        .indent = indents[next_random(&random) % 5],
		                        .is_list = next_random(&random) % 3,
		                        .escaped = next_random(&random) % 4 == 0,
		                        .cuts = next_random(&random) % 3 == 0,
		                        .format = 3 + (next_random(&random) % 4 > 0)};
		struct slice text = builder_slice(&source);
		struct slice file = file_of(text, &layout, &random);
		struct notebook *notebook = read_text(file);
		const struct cell *cell = notebook->code[0];
		struct source_places places = source_places(notebook, arena, cell);
		assert_true(places.count > 0);
		for (size_t i = 0, start = 0, end; start < cell->source.length; start = end + 1, i++) {
			end = slice_find(cell->source, '\n', start);
			struct slice line = slice_part(cell->source, start, end);
			if (end < cell->source.length && slice_ends(line, SLICE("\r")))
				line.length--;
			assert_true(i < places.count);
			struct file_region region = places.lines[i];
			if (region.line != region.end_line) { /* cut in two */
				spread++;
				continue;
			}
			struct slice expected = json_of(line, layout.escaped);
			struct slice found = text_at(file, region.line, region.column, region.end_column);
			/* A cut on one line of the file leaves quotes in between. */
			if (layout.cuts && layout.is_list && *layout.line_end == '\0' &&
			    slice_count(found, '"') > slice_count(expected, '"')) {
				one_line++;
				continue;
			}
			if (!slice_equal(found, expected))
				print_error("in %.*s\n", SLICE_FORMAT(file));
			assert_equal_slices(found, expected, __FILE__, __LINE__);
		}
	}
	assert_true(spread > 100 && one_line > 20);
}

static void a_line_that_is_cut_begins_and_ends_where_its_text_does(void **state)
{
	(void)state;
	struct notebook *notebook =
	    read_text(SLICE("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": [\n"
	                    "  \"a = \",\n"
	                    "  \"1\\nb\"\n"
	                    "]}]}"));
	struct source_places places = source_places(notebook, arena, notebook->code[0]);
	assert_int_equal(places.count, 2);
	assert_memory_equal(&places.lines[0], (&(struct file_region){2, 4, 3, 5}), sizeof(struct file_region));
	assert_memory_equal(&places.lines[1], (&(struct file_region){3, 7, 3, 8}), sizeof(struct file_region));
}

static void old_formats_join_by_lines(void **state)
{
	(void)state;
	struct notebook *notebook = read_text(SLICE("{\"nbformat\": 3, \"worksheets\": [{\"cells\": [{\"cell_type\": "
	                                            "\"code\", \"input\": [\n\"\",\n\"b\",\n\"c\"]}]}]}"));
	struct source_places places = source_places(notebook, arena, notebook->code[0]);
	assert_slice(notebook->code[0]->source, "\nb\nc");
	assert_int_equal(places.count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(places.lines[i].line, 2 + i);
}

static void without_a_source_there_is_no_place(void **state)
{
	(void)state;
	struct notebook *notebook = read_cells("{\"cell_type\": \"code\"}, {\"cell_type\": \"code\", \"source\": null}");
	for (size_t i = 0; i < 2; i++)
		assert_true(source_places(notebook, arena, notebook->code[i]).count <= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_layout_tells_the_place),
	    cmocka_unit_test(a_line_that_is_cut_begins_and_ends_where_its_text_does),
	    cmocka_unit_test(old_formats_join_by_lines),
	    cmocka_unit_test(without_a_source_there_is_no_place),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
