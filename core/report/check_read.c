/* Reads back what check_forms.c writes as NDJSON. */
#include "base/printable.h"
#include "notebook/scanner.h"
#include "report/check.h"

struct reader {
	struct arena *parent;
	struct arena *arena; /* of the file under way */
	struct scanner scanner;
	struct builder text;
	check_reader *read_file;
	void *context;
	struct check_file file; /* the one under way; its findings are in `findings` */
	VECTOR(struct check_finding) findings;
	bool has_file;
};

/* One object. */
struct record {
	struct slice file, failure;
	struct check_finding finding;
	bool is_known; /* the code, if there is one, is a rule's */
};

static struct slice read_text(struct reader *reader)
{
	reader->text.length = 0;
	if (!scanner_text(&reader->scanner, &reader->text))
		return SLICE("");
	return slice_copy(reader->arena, builder_slice(&reader->text));
}

static uint64_t read_number(struct reader *reader)
{
	int64_t number;
	return scanner_integer(&reader->scanner, &number) && number > 0 ? (uint64_t)number : 0;
}

static enum certainty certainty_of(struct slice name)
{
	for (enum certainty certainty = CERTAIN; certainty < POSSIBLE; certainty++)
		if (slice_equal(name, slice_of(certainty_name(certainty))))
			return certainty;
	return POSSIBLE;
}

static enum severity severity_of(struct slice name)
{
	for (enum severity severity = SEVERITY_NOTE; severity < SEVERITY_ERROR; severity++)
		if (slice_equal(name, slice_of(severity_name(severity))))
			return severity;
	return SEVERITY_ERROR;
}

static uint64_t fingerprint_of(struct slice digits)
{
	uint64_t value = 0;
	for (size_t i = 0; i < digits.length; i++) {
		char byte = digits.bytes[i];
		uint64_t digit = byte >= '0' && byte <= '9'   ? (uint64_t)(byte - '0')
		                 : byte >= 'a' && byte <= 'f' ? (uint64_t)(byte - 'a' + 10)
		                                              : 0;
		value = value << 4 | digit;
	}
	return value;
}

static struct record read_record(struct reader *reader)
{
	struct record record = {.is_known = true};
	struct scanner *scanner = &reader->scanner;
	for (bool more = scanner_enter(scanner, '{'); more; more = scanner_another(scanner, '}')) {
		struct slice key = scanner_key(scanner);
		if (slice_equal(key, SLICE("file"))) {
			record.file = read_text(reader);
		} else if (slice_equal(key, SLICE("failure"))) {
			record.failure = read_text(reader);
		} else if (slice_equal(key, SLICE("cell"))) {
			record.finding.cell = read_number(reader);
		} else if (slice_equal(key, SLICE("line"))) {
			record.finding.line = (uint32_t)read_number(reader);
		} else if (slice_equal(key, SLICE("file_line"))) {
			record.finding.region.line = read_number(reader);
		} else if (slice_equal(key, SLICE("file_column"))) {
			record.finding.region.column = read_number(reader);
		} else if (slice_equal(key, SLICE("file_end_line"))) {
			record.finding.region.end_line = read_number(reader);
		} else if (slice_equal(key, SLICE("file_end_column"))) {
			record.finding.region.end_column = read_number(reader);
		} else if (slice_equal(key, SLICE("severity"))) {
			record.finding.severity = severity_of(read_text(reader));
		} else if (slice_equal(key, SLICE("code"))) {
			record.finding.rule = rule_find(read_text(reader));
			record.is_known = record.finding.rule != NULL;
		} else if (slice_equal(key, SLICE("certainty"))) {
			record.finding.certainty = certainty_of(read_text(reader));
		} else if (slice_equal(key, SLICE("message"))) {
			record.finding.message = printable(reader->arena, read_text(reader));
		} else if (slice_equal(key, SLICE("fingerprint"))) {
			record.finding.fingerprint = fingerprint_of(read_text(reader));
		} else {
			scanner_skip(scanner);
		}
	}
	return record;
}

static void finish_file(struct reader *reader)
{
	if (!reader->has_file)
		return;
	reader->file.findings = reader->findings.items;
	reader->file.count = reader->findings.count;
	reader->read_file(reader->context, &reader->file);
	reader->findings.count = 0;
	reader->has_file = false;
}

/* What is said of a place must be one: others may have written it. */
static struct file_region sound(struct file_region region)
{
	region.line = region.line ? region.line : 1;
	bool is_sound =
	    region.end_line > region.line || (region.end_line == region.line && region.end_column >= region.column);
	if (!is_sound || !region.column || !region.end_column)
		region.column = region.end_column = 0;
	region.end_line = region.end_line < region.line ? region.line : region.end_line;
	return region;
}

/* The record is the first of a file: what was kept for the one before it goes. */
static void begin_file(struct reader *reader, struct record *record)
{
	finish_file(reader);
	struct arena *former = reader->arena;
	reader->arena = arena_child(reader->parent);
	record->file = slice_copy(reader->arena, record->file);
	record->failure = slice_copy(reader->arena, record->failure);
	record->finding.message = slice_copy(reader->arena, record->finding.message);
	reader->file = (struct check_file){.path = record->file};
	reader->has_file = true;
	arena_free(former);
}

static bool take_record(struct reader *reader, struct record *record)
{
	if (!record->is_known || record->file.length == 0)
		return false;
	if (!reader->has_file || !slice_equal(reader->file.path, record->file))
		begin_file(reader, record);
	record->finding.region = sound(record->finding.region);
	if (record->finding.rule)
		vector_push(reader->parent, &reader->findings, record->finding);
	else
		reader->file.failure = record->failure;
	return true;
}

static bool read_all(struct arena *arena, struct slice path, struct notebook_bytes *bytes, check_reader *read_file,
                     void *context, struct failure *failure)
{
	struct reader reader = {.parent = arena,
	                        .arena = arena_child(arena),
	                        .text = {.arena = arena},
	                        .read_file = read_file,
	                        .context = context};
	struct scanner *scanner = &reader.scanner;
	scanner_begin(scanner, arena, bytes, 0, UINT64_MAX, arena_alloc(arena, JSON_BLOCK), JSON_BLOCK);
	bool is_fine = true;
	struct json_place place = {0};
	while (is_fine && scanner_more(scanner)) {
		is_fine = scanner_peek(scanner) == JSON_OBJECT;
		place = scanner_here(scanner);
		struct record record = {0};
		if (is_fine)
			record = read_record(&reader);
		is_fine = is_fine && scanner->error == JSON_FINE && take_record(&reader, &record);
	}
	is_fine = is_fine && scanner->error == JSON_FINE;
	if (is_fine)
		finish_file(&reader);
	else if (scanner->error != JSON_FINE)
		*failure = scanner_failure(scanner, path);
	else
		*failure = (struct failure){path, place.line, place.column,
		                            SLICE("this is not what \"nbscope check --format ndjson\" writes")};
	arena_free(reader.arena);
	return is_fine;
}

bool check_read(struct arena *arena, struct slice path, check_reader *read_file, void *context, struct failure *failure)
{
	struct notebook_bytes *bytes = bytes_open(arena, path, failure);
	bool is_fine = bytes && read_all(arena, path, bytes, read_file, context, failure);
	bytes_close(bytes);
	return is_fine;
}

bool check_read_bytes(struct arena *arena, struct slice path, struct slice text, check_reader *read_file, void *context,
                      struct failure *failure)
{
	return read_all(arena, path, bytes_borrow(arena, text), read_file, context, failure);
}
