/* Builds a notebook while its JSON is read, in one pass. Keys come in any order
 * and may come twice (then the last counts, as in Python), so every object is
 * gathered as a draft and judged at its end. Format 4 keeps its cells in "cells",
 * formats 2 and 3 in "worksheets": so where a cell stands tells how to read it,
 * before "nbformat" was seen. What is valid JSON but no notebook is noted, and
 * told only after the whole was read: JSON that does not parse comes first. */
#include "notebook/notebook.h"

#include <string.h>

#include "base/utf8.h"
#include "notebook/internal.h"

/* Something that has the wrong shape; there is none while the message is empty. */
struct complaint {
	struct json_place place;
	struct slice message;
};

struct cell_list {
	VECTOR(struct cell) cells;
	bool present;
	struct complaint complaint;
};

struct reader {
	struct arena *arena;
	struct scanner *scanner;
	struct builder text;             /* of the value being read; then copied at its size */
	VECTOR(struct output) outputs;   /* of the cell being read; likewise */
	struct cell_list modern, legacy; /* of "cells", of "worksheets" */
	bool has_format, whole_format;
	int64_t major, minor;
	struct json_place start, format_place;
	struct byte_range metadata;
	struct metadata_ranges ranges;
};

static void complain(struct complaint *complaint, struct json_place place, struct slice message)
{
	if (complaint->message.length == 0)
		*complaint = (struct complaint){place, message};
}

/* Consumes a value and gives its range; empty unless it is of that kind. */
static struct byte_range skip_range(struct scanner *scanner, enum json_kind wanted)
{
	enum json_kind kind = scanner_peek(scanner);
	uint64_t start = scanner_offset(scanner);
	scanner_skip(scanner);
	return kind == wanted ? (struct byte_range){start, scanner_offset(scanner)} : (struct byte_range){0, 0};
}

/* A copy in the arena; the empty one costs nothing. */
static struct slice keep(struct arena *arena, struct slice text)
{
	return text.length ? slice_copy(arena, text) : SLICE("");
}

/* Consumes a value; its text when it is a string, else empty. Borrowed until the
 * next value. */
static struct slice read_name(struct reader *reader)
{
	reader->text.length = 0;
	return scanner_text(reader->scanner, &reader->text) ? builder_slice(&reader->text) : SLICE("");
}

static int64_t read_count(struct reader *reader)
{
	int64_t count;
	return scanner_integer(reader->scanner, &count) && count >= 0 ? count : NO_COUNT;
}

/* A text that may be a list of lines. */
struct text_field {
	struct slice text;
	struct json_place place;
	uint64_t end; /* the offset in the file */
	struct complaint complaint;
};

static struct text_field read_lines(struct reader *reader, bool legacy)
{
	struct scanner *scanner = reader->scanner;
	enum json_kind kind = scanner_peek(scanner);
	struct json_place place = scanner_here(scanner);
	struct text_field field = {.text = SLICE(""), .place = place};
	reader->text.length = 0;
	if (scanner_lines(scanner, legacy ? JSON_JOIN_SPLIT : JSON_JOIN_PLAIN, &reader->text))
		field.text = keep(reader->arena, builder_slice(&reader->text));
	else if (kind != JSON_NULL)
		complain(&field.complaint, place, SLICE("the source of this cell is neither a string nor a list of strings"));
	field.end = scanner_offset(scanner);
	return field;
}

static enum output_type output_type_of(struct slice name, bool legacy)
{
	if (SLICE_IS(name, "stream"))
		return OUTPUT_STREAM;
	if (SLICE_IS(name, "display_data"))
		return OUTPUT_DISPLAY_DATA;
	if (legacy ? SLICE_IS(name, "pyout") : SLICE_IS(name, "execute_result"))
		return OUTPUT_EXECUTE_RESULT;
	if (legacy ? SLICE_IS(name, "pyerr") : SLICE_IS(name, "error"))
		return OUTPUT_ERROR;
	return OUTPUT_UNKNOWN;
}

/* The name of a stream; the common ones cost nothing. */
static struct slice read_stream_name(struct reader *reader)
{
	struct slice name = read_name(reader);
	if (SLICE_IS(name, "stdout"))
		return SLICE("stdout");
	if (SLICE_IS(name, "stderr"))
		return SLICE("stderr");
	return keep(reader->arena, name);
}

static struct output read_output(struct reader *reader, bool legacy)
{
	struct scanner *scanner = reader->scanner;
	struct output output = {OUTPUT_UNKNOWN, SLICE(""), NO_COUNT, {0, 0}};
	enum json_kind kind = scanner_peek(scanner);
	output.range.start = scanner_offset(scanner);
	if (kind != JSON_OBJECT)
		scanner_skip(scanner);
	else
		for (bool more = scanner_enter(scanner, '{'); more; more = scanner_another(scanner, '}')) {
			struct slice key = scanner_key(scanner);
			if (SLICE_IS(key, "output_type")) {
				output.type = output_type_of(read_name(reader), legacy);
			} else if (legacy ? SLICE_IS(key, "stream") : SLICE_IS(key, "name")) {
				output.stream = read_stream_name(reader);
			} else if (legacy ? SLICE_IS(key, "prompt_number") : SLICE_IS(key, "execution_count")) {
				output.execution_count = read_count(reader);
			} else {
				scanner_skip(scanner);
			}
		}
	output.range.end = scanner_offset(scanner);
	if (output.type != OUTPUT_STREAM)
		output.stream = SLICE("");
	else if (output.stream.length == 0)
		output.stream = SLICE("stdout");
	if (output.type != OUTPUT_EXECUTE_RESULT)
		output.execution_count = NO_COUNT;
	return output;
}

/* What the keys of a cell say, whatever its type turns out to be. */
struct draft {
	struct cell cell;
	bool heading;
	struct text_field source, input; /* format 4 and text; code of formats 2 and 3 */
	int64_t level;
	struct complaint outputs_complaint;
};

static void read_outputs(struct reader *reader, bool legacy, struct draft *draft)
{
	struct scanner *scanner = reader->scanner;
	enum json_kind kind = scanner_peek(scanner);
	struct json_place place = scanner_here(scanner);
	reader->outputs.count = 0;
	draft->outputs_complaint = (struct complaint){0};
	if (kind != JSON_ARRAY) {
		scanner_skip(scanner);
		if (kind != JSON_NULL)
			complain(&draft->outputs_complaint, place, SLICE("the outputs of this cell are not a list"));
	} else {
		for (bool more = scanner_enter(scanner, '['); more; more = scanner_another(scanner, ']')) {
			struct output output = read_output(reader, legacy);
			vector_push(reader->arena, &reader->outputs, output);
		}
	}
	draft->cell.outputs_size = reader->outputs.count ? scanner_offset(scanner) - place.offset : 0;
}

/* JupyterLab shows a cell of a type that it does not know as raw text. */
static void read_cell_type(struct reader *reader, bool legacy, struct draft *draft)
{
	struct slice name = read_name(reader);
	draft->heading = legacy && SLICE_IS(name, "heading");
	if (SLICE_IS(name, "code"))
		draft->cell.type = CELL_CODE;
	else if (SLICE_IS(name, "markdown") || draft->heading || (legacy && SLICE_IS(name, "html")))
		draft->cell.type = CELL_MARKDOWN;
	else
		draft->cell.type = CELL_RAW;
}

/* What ends a line for Python's str.splitlines(). */
static bool ends_line(int32_t character)
{
	return (character >= '\n' && character <= '\r') || (character >= 0x1C && character <= 0x1E) || character == 0x85 ||
	       character == 0x2028 || character == 0x2029;
}

/* A heading of format 3 as Markdown: in one line, as nbformat converts it. */
static struct slice heading_text(struct arena *arena, int64_t level, struct slice source)
{
	struct builder text = {.arena = arena};
	for (int64_t i = 0; i < level; i++)
		builder_add_byte(&text, '#');
	builder_add_byte(&text, ' ');
	for (size_t start = 0, end = 0; start < source.length; start = end) {
		int32_t character = utf8_next(source, &end);
		if (character == '\r' && end < source.length && source.bytes[end] == '\n')
			end++;
		if (!ends_line(character))
			builder_add(&text, slice_part(source, start, end));
		else if (end < source.length)
			builder_add_byte(&text, ' ');
	}
	return builder_slice(&text);
}

/* Decides what the draft means, and adds the cell to the list. */
static void finish_cell(struct reader *reader, bool legacy, struct draft *draft, struct cell_list *list)
{
	struct cell *cell = &draft->cell;
	struct text_field *source = legacy && cell->type == CELL_CODE ? &draft->input : &draft->source;
	if (source->complaint.message.length)
		complain(&list->complaint, source->complaint.place, source->complaint.message);
	cell->source = source->text;
	cell->source_line = source->place.line ? source->place.line : cell->line;
	cell->source_column = source->place.column;
	cell->source_range = (struct byte_range){source->place.offset, source->end};
	if (legacy && draft->heading)
		cell->source = heading_text(reader->arena, draft->level, source->text);
	if (cell->type == CELL_CODE) {
		if (draft->outputs_complaint.message.length)
			complain(&list->complaint, draft->outputs_complaint.place, draft->outputs_complaint.message);
		cell->output_count = reader->outputs.count;
		if (cell->output_count)
			cell->outputs =
			    arena_copy(reader->arena, reader->outputs.items, cell->output_count * sizeof *reader->outputs.items);
	} else {
		cell->execution_count = NO_COUNT;
		cell->outputs_size = 0;
	}
	cell->index = list->cells.count;
	vector_push(reader->arena, &list->cells, *cell);
}

static void read_cell(struct reader *reader, bool legacy, struct cell_list *list)
{
	struct scanner *scanner = reader->scanner;
	enum json_kind kind = scanner_peek(scanner);
	struct json_place place = scanner_here(scanner);
	struct text_field empty = {.text = SLICE("")};
	struct draft draft = {.source = empty, .input = empty, .level = 1};
	struct cell *cell = &draft.cell;
	cell->type = CELL_RAW;
	cell->id = SLICE("");
	cell->execution_count = NO_COUNT;
	cell->line = place.line;
	reader->outputs.count = 0;
	if (kind != JSON_OBJECT) {
		scanner_skip(scanner);
		complain(&list->complaint, place, SLICE("this cell is not an object"));
		return;
	}
	for (bool more = scanner_enter(scanner, '{'); more; more = scanner_another(scanner, '}')) {
		struct slice key = scanner_key(scanner);
		if (SLICE_IS(key, "cell_type"))
			read_cell_type(reader, legacy, &draft);
		else if (SLICE_IS(key, "source"))
			draft.source = read_lines(reader, legacy);
		else if (legacy && SLICE_IS(key, "input"))
			draft.input = read_lines(reader, legacy);
		else if (legacy ? SLICE_IS(key, "prompt_number") : SLICE_IS(key, "execution_count"))
			cell->execution_count = read_count(reader);
		else if (SLICE_IS(key, "outputs"))
			read_outputs(reader, legacy, &draft);
		else if (SLICE_IS(key, "metadata"))
			cell->metadata = skip_range(scanner, JSON_OBJECT);
		else if (SLICE_IS(key, "attachments"))
			cell->attachments = skip_range(scanner, JSON_OBJECT);
		else if (SLICE_IS(key, "id"))
			cell->id = keep(reader->arena, read_name(reader));
		else if (legacy && SLICE_IS(key, "level")) {
			if (!scanner_integer(scanner, &draft.level) || draft.level < 1 || draft.level > 6)
				draft.level = 1;
		} else
			scanner_skip(scanner);
	}
	finish_cell(reader, legacy, &draft, list);
}

/* The list that a "cells" key holds. */
static void read_cells(struct reader *reader, bool legacy, struct cell_list *list)
{
	struct scanner *scanner = reader->scanner;
	enum json_kind kind = scanner_peek(scanner);
	struct json_place place = scanner_here(scanner);
	if (kind != JSON_ARRAY) {
		scanner_skip(scanner);
		complain(&list->complaint, place, SLICE("\"cells\" is not a list"));
		return;
	}
	for (bool more = scanner_enter(scanner, '['); more; more = scanner_another(scanner, ']'))
		read_cell(reader, legacy, list);
}

/* The cells of all worksheets, one after the other. */
static void read_worksheet(struct reader *reader)
{
	struct scanner *scanner = reader->scanner;
	struct cell_list *list = &reader->legacy;
	enum json_kind kind = scanner_peek(scanner);
	struct json_place place = scanner_here(scanner);
	if (kind != JSON_OBJECT) {
		scanner_skip(scanner);
		complain(&list->complaint, place, SLICE("this worksheet is not an object"));
		return;
	}
	size_t before = list->cells.count;
	struct complaint complaint = list->complaint;
	bool present = false;
	for (bool more = scanner_enter(scanner, '{'); more; more = scanner_another(scanner, '}')) {
		struct slice key = scanner_key(scanner);
		if (SLICE_IS(key, "cells")) {
			list->cells.count = before;
			list->complaint = complaint;
			present = true;
			read_cells(reader, true, list);
		} else {
			scanner_skip(scanner);
		}
	}
	if (!present)
		complain(&list->complaint, place, SLICE("this worksheet has no \"cells\""));
}

static void read_worksheets(struct reader *reader)
{
	struct scanner *scanner = reader->scanner;
	enum json_kind kind = scanner_peek(scanner);
	struct json_place place = scanner_here(scanner);
	if (kind != JSON_ARRAY) {
		scanner_skip(scanner);
		complain(&reader->legacy.complaint, place, SLICE("\"worksheets\" is not a list"));
		return;
	}
	for (bool more = scanner_enter(scanner, '['); more; more = scanner_another(scanner, ']'))
		read_worksheet(reader);
}

static void read_metadata(struct reader *reader)
{
	struct scanner *scanner = reader->scanner;
	reader->metadata = (struct byte_range){0, 0};
	reader->ranges = (struct metadata_ranges){0};
	if (scanner_peek(scanner) != JSON_OBJECT) {
		scanner_skip(scanner);
		return;
	}
	reader->metadata.start = scanner_offset(scanner);
	for (bool more = scanner_enter(scanner, '{'); more; more = scanner_another(scanner, '}')) {
		struct slice key = scanner_key(scanner);
		if (SLICE_IS(key, "language_info"))
			reader->ranges.language_info = skip_range(scanner, JSON_OBJECT);
		else if (SLICE_IS(key, "kernelspec"))
			reader->ranges.kernelspec = skip_range(scanner, JSON_OBJECT);
		else if (SLICE_IS(key, "language"))
			reader->ranges.language = skip_range(scanner, JSON_STRING);
		else if (SLICE_IS(key, "nbscope"))
			reader->ranges.nbscope = skip_range(scanner, JSON_OBJECT);
		else
			scanner_skip(scanner);
	}
	reader->metadata.end = scanner_offset(scanner);
}

static void begin_list(struct cell_list *list)
{
	list->cells.count = 0;
	list->present = true;
	list->complaint = (struct complaint){0};
}

static void read_top(struct reader *reader)
{
	struct scanner *scanner = reader->scanner;
	for (bool more = scanner_enter(scanner, '{'); more; more = scanner_another(scanner, '}')) {
		struct slice key = scanner_key(scanner);
		if (SLICE_IS(key, "nbformat")) {
			scanner_peek(scanner);
			reader->has_format = true;
			reader->format_place = scanner_here(scanner);
			reader->whole_format = scanner_integer(scanner, &reader->major);
		} else if (SLICE_IS(key, "nbformat_minor")) {
			if (!scanner_integer(scanner, &reader->minor) || reader->minor < 0 || reader->minor > INT32_MAX)
				reader->minor = 0;
		} else if (SLICE_IS(key, "metadata")) {
			read_metadata(reader);
		} else if (SLICE_IS(key, "cells")) {
			begin_list(&reader->modern);
			read_cells(reader, false, &reader->modern);
		} else if (SLICE_IS(key, "worksheets")) {
			begin_list(&reader->legacy);
			read_worksheets(reader);
		} else {
			scanner_skip(scanner);
		}
	}
}

/* What keeps valid JSON from being a notebook that can be read; else the message
 * is empty. */
static struct complaint judge(const struct reader *reader, enum json_kind kind)
{
	struct complaint complaint = {0};
	const struct cell_list *list = reader->major >= 4 ? &reader->modern : &reader->legacy;
	if (kind != JSON_OBJECT)
		complain(&complaint, reader->start, SLICE("this is not a notebook: the JSON in it is not an object"));
	else if (!reader->has_format)
		complain(&complaint, reader->start, SLICE("this is not a notebook: it has no \"nbformat\""));
	else if (!reader->whole_format)
		complain(&complaint, reader->format_place, SLICE("\"nbformat\" must be the number 2, 3 or 4"));
	else if (reader->major > 4)
		complain(&complaint, reader->format_place,
		         slice_format(reader->arena, "nbformat %lld is newer than nbscope can read (2, 3 and 4)",
		                      (long long)reader->major));
	else if (reader->major < 2)
		complain(&complaint, reader->format_place,
		         slice_format(reader->arena, "nbscope cannot read nbformat %lld, only 2, 3 and 4",
		                      (long long)reader->major));
	else if (!list->present)
		complain(
		    &complaint, reader->start,
		    slice_format(reader->arena, "the notebook has no \"%s\"", reader->major == 4 ? "cells" : "worksheets"));
	else
		return list->complaint;
	return complaint;
}

static void number_code_cells(struct arena *arena, struct notebook *notebook)
{
	size_t count = 0;
	for (size_t i = 0; i < notebook->cell_count; i++)
		count += notebook->cells[i].type == CELL_CODE;
	notebook->code = arena_array(arena, count, sizeof(struct cell *));
	for (size_t i = 0; i < notebook->cell_count; i++)
		if (notebook->cells[i].type == CELL_CODE) {
			notebook->code[notebook->code_count++] = &notebook->cells[i];
			notebook->cells[i].number = notebook->code_count;
		}
}

static struct notebook *build(const struct reader *reader, struct slice path)
{
	const struct cell_list *list = reader->major == 4 ? &reader->modern : &reader->legacy;
	struct notebook *notebook = arena_alloc(reader->arena, sizeof *notebook);
	notebook->path = slice_copy(reader->arena, path);
	notebook->format_major = (int)reader->major;
	notebook->format_minor = (int)reader->minor;
	notebook->cells = list->cells.items;
	notebook->cell_count = list->cells.count;
	number_code_cells(reader->arena, notebook);
	notebook->metadata = reader->metadata;
	notebook->size = scanner_offset(reader->scanner);
	notebook->bytes = reader->scanner->bytes;
	metadata_read(notebook, reader->arena, &reader->ranges);
	return notebook;
}

struct notebook *notebook_scan(struct arena *arena, struct slice path, struct notebook_bytes *bytes, size_t block_size,
                               struct failure *failure)
{
	struct scanner scanner;
	struct reader reader = {.arena = arena, .scanner = &scanner, .text = {.arena = arena}};
	scanner_begin(&scanner, arena, bytes, 0, UINT64_MAX, arena_alloc(arena, block_size), block_size);
	enum json_kind kind = scanner_peek(&scanner);
	reader.start = scanner_here(&scanner);
	if (kind == JSON_OBJECT)
		read_top(&reader);
	else
		scanner_skip(&scanner);
	if (!scanner_finish(&scanner)) {
		*failure = scanner_failure(&scanner, path);
		return NULL;
	}
	struct complaint complaint = judge(&reader, kind);
	if (complaint.message.length) {
		*failure = (struct failure){path, complaint.place.line, complaint.place.column, complaint.message};
		return NULL;
	}
	return build(&reader, path);
}

/* A small notebook costs a small block. */
static size_t block_size_for(uint64_t size)
{
	const size_t least = 4096;
	return size < least ? least : size < JSON_BLOCK ? (size_t)size : JSON_BLOCK;
}

struct notebook *notebook_of_bytes(struct arena *arena, struct slice path, struct notebook_bytes *bytes,
                                   struct failure *failure)
{
	struct notebook *notebook = notebook_scan(arena, path, bytes, block_size_for(bytes_size(bytes)), failure);
	if (bytes_changed(bytes)) {
		*failure = (struct failure){.file = path, .message = SLICE("the file changed while it was read, so try again")};
		notebook = NULL;
	}
	return notebook;
}

struct notebook *notebook_open(struct arena *arena, struct slice path, struct failure *failure)
{
	struct notebook_bytes *bytes = bytes_open(arena, path, failure);
	struct notebook *notebook = bytes ? notebook_of_bytes(arena, path, bytes, failure) : NULL;
	if (!notebook)
		bytes_close(bytes);
	return notebook;
}

struct notebook *notebook_read(struct arena *arena, struct slice path, struct slice bytes, struct failure *failure)
{
	return notebook_scan(arena, path, bytes_borrow(arena, bytes), block_size_for(bytes.length), failure);
}

void notebook_close(struct notebook *notebook)
{
	if (notebook)
		bytes_close(notebook->bytes);
}
