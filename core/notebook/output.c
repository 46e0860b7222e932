/* What an output holds, read from its range of the file when it is looked at. The
 * file may have changed in the meantime, so its JSON is read as strictly as the
 * first time, and nothing that was known of it is relied on. */
#include <stdlib.h>
#include <string.h>

#include "notebook/internal.h"

enum { OUTPUT_BLOCK = 16 * 1024 };

struct loader {
	struct arena *arena;
	struct scanner *scanner;
	struct notebook_bytes *bytes;
	struct builder text; /* of the value being read; then copied at its size */
	bool legacy;
	VECTOR(struct mime_part) parts;
};

static struct slice load_lines(struct loader *loader, enum json_join join)
{
	loader->text.length = 0;
	if (!scanner_lines(loader->scanner, join, &loader->text) || loader->text.length == 0)
		return SLICE("");
	return slice_copy(loader->arena, builder_slice(&loader->text));
}

static enum json_join join_of(const struct loader *loader)
{
	return loader->legacy ? JSON_JOIN_SPLIT : JSON_JOIN_PLAIN;
}

/* The value itself, as JSON. */
static struct slice load_json(struct loader *loader)
{
	struct scanner *scanner = loader->scanner;
	scanner_peek(scanner);
	uint64_t start = scanner_offset(scanner);
	scanner_skip(scanner);
	uint64_t size = scanner_offset(scanner) - start;
	if (scanner->error != JSON_FINE || size > SIZE_MAX - 1)
		return SLICE("");
	char *bytes = arena_alloc(loader->arena, (size_t)size + 1);
	int64_t count = bytes_read_all(loader->bytes, start, bytes, (size_t)size);
	return (struct slice){bytes, count > 0 ? (size_t)count : 0};
}

static bool is_json_type(struct slice type)
{
	return SLICE_IS(type, "application/json") ||
	       (slice_starts(type, SLICE("application/")) && slice_ends(type, SLICE("+json")));
}

static bool is_text_type(struct slice type)
{
	return slice_starts(type, SLICE("text/")) || slice_ends(type, SLICE("+xml")) || is_json_type(type) ||
	       SLICE_IS(type, "application/xml") || SLICE_IS(type, "application/javascript") ||
	       SLICE_IS(type, "application/x-latex");
}

/* The types that formats 2 and 3 had names for. */
static struct slice type_of(const struct loader *loader, struct slice key)
{
	static const struct {
		struct slice name, type;
	} names[] = {
	    {SLICE_CONSTANT("text"), SLICE_CONSTANT("text/plain")},
	    {SLICE_CONSTANT("html"), SLICE_CONSTANT("text/html")},
	    {SLICE_CONSTANT("svg"), SLICE_CONSTANT("image/svg+xml")},
	    {SLICE_CONSTANT("png"), SLICE_CONSTANT("image/png")},
	    {SLICE_CONSTANT("jpeg"), SLICE_CONSTANT("image/jpeg")},
	    {SLICE_CONSTANT("latex"), SLICE_CONSTANT("text/latex")},
	    {SLICE_CONSTANT("json"), SLICE_CONSTANT("application/json")},
	    {SLICE_CONSTANT("javascript"), SLICE_CONSTANT("application/javascript")},
	};
	for (size_t i = 0; loader->legacy && i < sizeof names / sizeof *names; i++)
		if (slice_equal(key, names[i].name))
			return names[i].type;
	return slice_copy(loader->arena, key);
}

static void load_part(struct loader *loader, struct slice key)
{
	struct scanner *scanner = loader->scanner;
	struct mime_part part = {.type = type_of(loader, key), .text = SLICE("")};
	scanner_peek(scanner);
	uint64_t start = scanner_offset(scanner);
	if (is_json_type(part.type) && !loader->legacy)
		part.text = load_json(loader);
	else if (is_text_type(part.type))
		part.text = load_lines(loader, join_of(loader));
	else
		scanner_skip(scanner);
	part.range = (struct byte_range){start, scanner_offset(scanner)};
	part.size = part.range.end - start;
	vector_push(loader->arena, &loader->parts, part);
}

/* A part and its place, for sorting by type. */
struct placed_type {
	struct slice type;
	size_t place;
};

static int compare_placed(const void *a, const void *b)
{
	const struct placed_type *left = a, *right = b;
	int order = slice_compare(left->type, right->type);
	return order ? order : (left->place > right->place) - (left->place < right->place);
}

/* Of parts of one type the last counts, in the place of the first, as in a Python
 * dictionary. */
static void drop_repeated(struct loader *loader)
{
	size_t count = loader->parts.count, kept = 0;
	struct mime_part *parts = loader->parts.items;
	if (count < 2)
		return;
	struct placed_type *order = arena_array(loader->arena, count, sizeof *order);
	for (size_t i = 0; i < count; i++)
		order[i] = (struct placed_type){parts[i].type, i};
	qsort(order, count, sizeof *order, compare_placed);
	for (size_t i = 0, first = 0; i < count; i++) {
		if (!slice_equal(order[i].type, order[first].type))
			first = i;
		if (i > first) {
			parts[order[first].place] = parts[order[i].place];
			parts[order[i].place].type.bytes = NULL;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (parts[i].type.bytes)
			parts[kept++] = parts[i];
	loader->parts.count = kept;
}

static void load_bundle(struct loader *loader)
{
	struct scanner *scanner = loader->scanner;
	loader->parts.count = 0;
	if (scanner_peek(scanner) != JSON_OBJECT) {
		scanner_skip(scanner);
		return;
	}
	for (bool more = scanner_enter(scanner, '{'); more; more = scanner_another(scanner, '}'))
		load_part(loader, scanner_key(scanner));
}

static void load_stream(struct loader *loader, struct output_content *content, struct slice key)
{
	if (SLICE_IS(key, "text"))
		content->text = load_lines(loader, join_of(loader));
	else
		scanner_skip(loader->scanner);
}

static void load_error(struct loader *loader, struct output_content *content, struct slice key)
{
	if (SLICE_IS(key, "ename"))
		content->ename = load_lines(loader, JSON_JOIN_PLAIN);
	else if (SLICE_IS(key, "evalue"))
		content->evalue = load_lines(loader, JSON_JOIN_PLAIN);
	else if (SLICE_IS(key, "traceback"))
		content->traceback = load_lines(loader, JSON_JOIN_LINES);
	else
		scanner_skip(loader->scanner);
}

static void load_display(struct loader *loader, struct slice key)
{
	if (loader->legacy && !SLICE_IS(key, "output_type") && !SLICE_IS(key, "metadata") &&
	    !SLICE_IS(key, "prompt_number"))
		load_part(loader, key);
	else if (!loader->legacy && SLICE_IS(key, "data"))
		load_bundle(loader);
	else
		scanner_skip(loader->scanner);
}

static struct loader loader_of(const struct notebook *notebook, struct arena *arena, struct scanner *scanner)
{
	return (struct loader){.arena = arena,
	                       .scanner = scanner,
	                       .bytes = notebook->bytes,
	                       .text = {.arena = arena},
	                       .legacy = notebook->format_major < 4};
}

bool output_load(const struct notebook *notebook, struct arena *arena, const struct output *output,
                 struct output_content *content)
{
	struct scanner scanner;
	unsigned char block[OUTPUT_BLOCK];
	struct loader loader = loader_of(notebook, arena, &scanner);
	*content = (struct output_content){0};
	scanner_begin(&scanner, arena, notebook->bytes, output->range.start, output->range.end, block, sizeof block);
	if (scanner_peek(&scanner) != JSON_OBJECT)
		scanner_skip(&scanner);
	else
		for (bool more = scanner_enter(&scanner, '{'); more; more = scanner_another(&scanner, '}')) {
			struct slice key = scanner_key(&scanner);
			switch (output->type) {
			case OUTPUT_STREAM: load_stream(&loader, content, key); break;
			case OUTPUT_ERROR: load_error(&loader, content, key); break;
			case OUTPUT_DISPLAY_DATA:
			case OUTPUT_EXECUTE_RESULT: load_display(&loader, key); break;
			case OUTPUT_UNKNOWN: scanner_skip(&scanner); break;
			}
		}
	drop_repeated(&loader);
	content->parts = loader.parts.items;
	content->part_count = loader.parts.count;
	return scanner_finish(&scanner) && !bytes_changed(notebook->bytes);
}

bool output_part_load(const struct notebook *notebook, struct arena *arena, const struct mime_part *part,
                      struct slice *text)
{
	struct scanner scanner;
	unsigned char block[OUTPUT_BLOCK];
	struct loader loader = loader_of(notebook, arena, &scanner);
	scanner_begin(&scanner, arena, notebook->bytes, part->range.start, part->range.end, block, sizeof block);
	*text = load_lines(&loader, join_of(&loader));
	return scanner_finish(&scanner) && !bytes_changed(notebook->bytes);
}
