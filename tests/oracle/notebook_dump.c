/* notebook_dump - says how the notebook room reads documents, for the oracles to
 * compare with Python.
 *
 * Documents come on standard input, each as its length in four bytes (big endian)
 * and its bytes. Each answer goes to standard output in the same framing: a row
 * of fields, each as its length in decimal, a colon and its bytes.
 *
 *     notebook_dump             all of each notebook, or why it cannot be read
 *     notebook_dump FILE...     the same of these files, one answer for each
 *     notebook_dump --verdict   only whether each is JSON: "valid" or "invalid", line,
 *                               column, message; then the same of it as a notebook.
 *                               Every document is read in blocks of many sizes
 *     notebook_dump --open F    opens one file and prints only sizes, for timing
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "notebook/internal.h"

static struct builder row;

static void put(struct slice field)
{
	builder_add_format(&row, "%zu:", field.length);
	builder_add(&row, field);
}

static void put_number(int64_t number)
{
	char digits[32];
	snprintf(digits, sizeof digits, "%lld", (long long)number);
	put(slice_of(digits));
}

static void put_output(const struct notebook *notebook, struct arena *arena, const struct output *output)
{
	static const char *const types[] = {"stream", "display_data", "execute_result", "error", "unknown"};
	struct output_content content;
	bool loaded = output_load(notebook, arena, output, &content);
	put(slice_of(types[output->type]));
	put(output->stream);
	put_number(output->execution_count);
	put_number((int64_t)(output->range.end - output->range.start));
	put_number(loaded);
	put(content.text);
	put(content.ename);
	put(content.evalue);
	put(content.traceback);
	put_number((int64_t)content.part_count);
	for (size_t i = 0; i < content.part_count; i++) {
		put(content.parts[i].type);
		put(content.parts[i].text);
		put_number((int64_t)content.parts[i].size);
	}
}

static void put_cell(const struct notebook *notebook, struct arena *arena, const struct cell *cell)
{
	static const char *const types[] = {"code", "markdown", "raw"};
	struct cell_metadata metadata;
	bool loaded = cell_metadata_load(notebook, arena, cell, &metadata);
	put(slice_of(types[cell->type]));
	put(cell->id);
	put(cell->source);
	put_number(cell->execution_count);
	put_number((int64_t)cell->line);
	put_number((int64_t)cell->source_line);
	put_number(loaded);
	put_number((int64_t)metadata.tag_count);
	for (size_t i = 0; i < metadata.tag_count; i++)
		put(metadata.tags[i]);
	put_number((int64_t)cell->output_count);
	for (size_t i = 0; i < cell->output_count; i++)
		put_output(notebook, arena, &cell->outputs[i]);
}

static void put_notebook(struct arena *arena, const struct notebook *notebook, const struct failure *failure)
{
	if (!notebook) {
		put(SLICE("failure"));
		put_number((int64_t)failure->line);
		put_number((int64_t)failure->column);
		put(failure->message);
		return;
	}
	put(SLICE("notebook"));
	put_number(notebook->format_major);
	put_number(notebook->format_minor);
	put(notebook->language);
	put(notebook->language_version);
	put(notebook->kernel_name);
	put(notebook->kernel_display);
	put_number((int64_t)notebook->cell_count);
	for (size_t i = 0; i < notebook->cell_count; i++)
		put_cell(notebook, arena, &notebook->cells[i]);
}

static void answer(void)
{
	struct slice bytes = builder_slice(&row);
	for (int shift = 24; shift >= 0; shift -= 8)
		putchar((int)(bytes.length >> shift & 0xFF));
	fwrite(bytes.bytes, 1, bytes.length, stdout);
	fflush(stdout);
}

/* One notebook: a file, or bytes in memory when there is no path. */
static void dump(const char *path, struct slice bytes)
{
	struct arena *arena = arena_new(NULL, NULL);
	struct failure failure = {0};
	row = (struct builder){.arena = arena};
	struct notebook *notebook = path ? notebook_open(arena, slice_of(path), &failure)
	                                 : notebook_read(arena, SLICE("document"), bytes, &failure);
	put_notebook(arena, notebook, &failure);
	answer();
	notebook_close(notebook);
	arena_free(arena);
}

static void put_verdict(bool valid, const struct failure *failure)
{
	put(valid ? SLICE("valid") : SLICE("invalid"));
	put_number((int64_t)failure->line);
	put_number((int64_t)failure->column);
	put(failure->message);
}

/* The verdict on a document, read through blocks of one size. */
static struct slice judge(struct arena *arena, struct slice document, size_t block_size)
{
	struct scanner scanner;
	struct failure json = {0}, notebook = {0};
	struct notebook_bytes *bytes = bytes_borrow(arena, document);
	scanner_begin(&scanner, arena, bytes, 0, UINT64_MAX, arena_alloc(arena, block_size), block_size);
	scanner_skip(&scanner);
	bool valid = scanner_finish(&scanner);
	if (!valid)
		json = scanner_failure(&scanner, SLICE("document"));
	bool read = notebook_scan(arena, SLICE("document"), bytes, block_size, &notebook);
	row = (struct builder){.arena = arena};
	put_verdict(valid, &json);
	put_verdict(read, &notebook);
	return builder_slice(&row);
}

static void verdict(struct slice document)
{
	static const size_t block_sizes[] = {1, 2, 3, 7, 16, 61, JSON_BLOCK};
	struct arena *arena = arena_new(NULL, NULL);
	struct slice first = judge(arena, document, document.length + 1);
	for (size_t i = 0; i < sizeof block_sizes / sizeof *block_sizes; i++)
		if (!slice_equal(judge(arena, document, block_sizes[i]), first)) {
			fprintf(stderr, "blocks of %zu bytes change the verdict\n", block_sizes[i]);
			abort();
		}
	answer();
	arena_free(arena);
}

static int time_opening(const char *path)
{
	struct arena *arena = arena_new(NULL, NULL);
	struct failure failure = {0};
	struct notebook *notebook = notebook_open(arena, slice_of(path), &failure);
	if (notebook)
		printf("%zu cells, %zu code, %llu bytes, arena %zu\n", notebook->cell_count, notebook->code_count,
		       (unsigned long long)notebook->size, arena_used(arena));
	else
		printf("%s:%llu:%llu: %.*s\n", path, (unsigned long long)failure.line, (unsigned long long)failure.column,
		       SLICE_FORMAT(failure.message));
	notebook_close(notebook);
	arena_free(arena);
	return notebook ? 0 : 2;
}

int main(int argc, char **argv)
{
	unsigned char header[4];
	if (argc == 3 && strcmp(argv[1], "--open") == 0)
		return time_opening(argv[2]);
	bool verdicts = argc == 2 && strcmp(argv[1], "--verdict") == 0;
	for (int i = 1; i < argc && !verdicts; i++)
		dump(argv[i], SLICE(""));
	while ((argc == 1 || verdicts) && fread(header, 1, sizeof header, stdin) == sizeof header) {
		size_t size = (size_t)header[0] << 24 | (size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3];
		char *bytes = malloc(size ? size : 1);
		if (!bytes || fread(bytes, 1, size, stdin) != size)
			return 1;
		if (verdicts)
			verdict((struct slice){bytes, size});
		else
			dump(NULL, (struct slice){bytes, size});
		free(bytes);
	}
	return 0;
}
