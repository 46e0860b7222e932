/* Reads arbitrary bytes as a notebook, in blocks of two sizes that must agree, and
 * loads all that it has; then loads it again with the ranges of an input that
 * another has taken the place of, as when the file changes under the reader. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "notebook/internal.h"

static void load_all(struct arena *arena, const struct notebook *notebook)
{
	for (size_t i = 0; i < notebook->cell_count; i++) {
		const struct cell *cell = &notebook->cells[i];
		struct cell_metadata metadata;
		cell_metadata_load(notebook, arena, cell, &metadata);
		for (size_t j = 0; j < cell->output_count; j++) {
			struct output_content content;
			output_load(notebook, arena, &cell->outputs[j], &content);
		}
	}
}

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void require_same(const struct notebook *a, const struct notebook *b)
{
	require(a->cell_count == b->cell_count && a->code_count == b->code_count && a->size == b->size);
	require(slice_equal(a->language, b->language));
	for (size_t i = 0; i < a->cell_count; i++) {
		require(slice_equal(a->cells[i].source, b->cells[i].source));
		require(a->cells[i].line == b->cells[i].line && a->cells[i].output_count == b->cells[i].output_count);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct arena *arena = arena_new(NULL, NULL);
	struct slice text = {(const char *)data + 1, size - 1};
	struct failure failure = {0}, other = {0};
	char *changing = arena_copy(arena, text.bytes, text.length);
	struct notebook_bytes *bytes = bytes_borrow(arena, (struct slice){changing, text.length});
	struct notebook *notebook = notebook_scan(arena, SLICE("fuzz"), bytes, (size_t)data[0] + 1, &failure);
	struct notebook *again = notebook_read(arena, SLICE("fuzz"), text, &other);
	require(!notebook == !again);
	if (notebook) {
		require_same(notebook, again);
		load_all(arena, notebook);
		for (size_t i = 0; i < text.length; i++)
			changing[i] = text.bytes[(i + data[0]) % text.length];
		load_all(arena, notebook);
	} else {
		require(failure.line == other.line && failure.column == other.column);
		require(failure.message.length > 0 && slice_equal(failure.message, other.message));
	}
	arena_free(arena);
	return 0;
}
