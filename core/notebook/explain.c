/* What went wrong with a file that is no JSON, in words for who wrote or was
 * given it. The place is the reader's; here the bytes around it are looked at. */
#include "notebook/scanner.h"

#include <string.h>

#include "base/utf8.h"

enum { NEAR = 64 };

/* Bytes of the file on either side of the place. */
struct surroundings {
	char before_bytes[NEAR], after_bytes[NEAR];
	struct slice before, after;
};

static void look_around(struct scanner *scanner, struct surroundings *around)
{
	uint64_t offset = scanner->error_place.offset;
	uint64_t start = offset > NEAR ? offset - NEAR : 0;
	int64_t before = bytes_read_all(scanner->bytes, start, around->before_bytes, (size_t)(offset - start));
	int64_t after = bytes_read_all(scanner->bytes, offset, around->after_bytes, NEAR);
	around->before = (struct slice){around->before_bytes, before > 0 ? (size_t)before : 0};
	around->after = (struct slice){around->after_bytes, after > 0 ? (size_t)after : 0};
}

static bool is_word(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

/* "'x'", "'word'", "U+00E9", "byte 0xFF", for what stands first. */
static struct slice found(struct arena *arena, struct slice text)
{
	size_t offset = 0;
	if (text.length == 0)
		return SLICE("nothing");
	int32_t character = utf8_next(text, &offset);
	while (offset < text.length && is_word(text.bytes[offset - 1]) && is_word(text.bytes[offset]))
		offset++;
	if (character < 0)
		return slice_format(arena, "byte 0x%02X", (unsigned char)text.bytes[0]);
	if (character > ' ' && character < 0x7F)
		return slice_format(arena, "'%.*s'", SLICE_FORMAT(slice_part(text, 0, offset)));
	return slice_format(arena, "U+%04X", (unsigned)character);
}

static bool is_merge_conflict(struct slice after)
{
	return slice_starts(after, SLICE("<<<<<<<")) || slice_starts(after, SLICE("|||||||")) ||
	       slice_starts(after, SLICE("=======")) || slice_starts(after, SLICE(">>>>>>>"));
}

/* What files that begin like this really are; empty when that says nothing. */
static struct slice something_else(struct slice start)
{
	if (slice_starts(start, SLICE("\xEF\xBB\xBF")))
		return SLICE("the file begins with a byte order mark (BOM); save it in UTF-8 without one");
	if (slice_starts(start, SLICE("\xFF\xFE")) || slice_starts(start, SLICE("\xFE\xFF")))
		return SLICE("the file is in UTF-16, and a notebook must be in UTF-8");
	if (slice_starts(start, SLICE("version https://git-lfs.github.com/")))
		return SLICE("this is a Git LFS pointer, not the notebook itself; fetch that with 'git lfs pull'");
	if (slice_starts(start, SLICE("<")) && !is_merge_conflict(start))
		return SLICE("this is HTML or XML, not a notebook");
	return SLICE("");
}

/* The file ends where it should go on. */
static struct slice cut_short(struct scanner *scanner, const struct surroundings *around)
{
	bool nothing =
	    scanner->error_place.offset <= NEAR && slice_trim(around->before).length == 0 && around->after.length == 0;
	const char *what = nothing ? "empty" : "cut short";
	if (bytes_being_saved(scanner->bytes, scanner->arena))
		return slice_format(scanner->arena,
		                    "the file is %s: a save is in progress, so try again (or take the former state, which "
		                    "stands beside it under the same name after '.~')",
		                    what);
	if (nothing)
		return SLICE("the file is empty");
	if (scanner->error == JSON_UNTERMINATED)
		return SLICE("the file is cut short: it ends inside the string that begins here");
	return SLICE("the file is cut short: it ends before the notebook does");
}

/* Something else should stand at the place. */
static struct slice misplaced(struct scanner *scanner, const struct surroundings *around, const char *expected)
{
	struct slice before = slice_trim(around->before);
	char byte = around->after.length ? around->after.bytes[0] : ' ';
	if (byte == '\'' && (scanner->error == JSON_EXPECTED_VALUE || scanner->error == JSON_EXPECTED_KEY))
		return SLICE("a string must stand in double quotes, not in single ones");
	if ((byte == '}' || byte == ']') && slice_ends(before, SLICE(",")))
		return slice_format(scanner->arena, "there is one comma too many before this '%c'", byte);
	return slice_format(scanner->arena, "expected %s, found %.*s", expected,
	                    SLICE_FORMAT(found(scanner->arena, around->after)));
}

static struct slice message(struct scanner *scanner, const struct surroundings *around)
{
	struct arena *arena = scanner->arena;
	unsigned byte = around->after.length ? (unsigned char)around->after.bytes[0] : 0;
	if (scanner->error == JSON_UNREADABLE)
		return slice_format(arena, "cannot be read: %s", strerror(scanner->system_error));
	if (scanner->error_place.offset == 0 && something_else(around->after).length)
		return something_else(around->after);
	if (scanner->error_at_end)
		return cut_short(scanner, around);
	if (is_merge_conflict(around->after))
		return slice_format(arena, "a merge conflict is left in the file (%.*s); resolve it first",
		                    SLICE_FORMAT(slice_part(around->after, 0, 7)));
	size_t offset = 0;
	if (scanner->error == JSON_NOT_UTF8 || (byte >= 0x80 && utf8_next(around->after, &offset) < 0))
		return slice_format(arena, "byte 0x%02X is not valid UTF-8 here, and a notebook must be in UTF-8", byte);
	switch (scanner->error) {
	case JSON_EXPECTED_VALUE: return misplaced(scanner, around, "a value");
	case JSON_EXPECTED_KEY: return misplaced(scanner, around, "a key in double quotes");
	case JSON_EXPECTED_COLON: return misplaced(scanner, around, "':' after the key");
	case JSON_EXPECTED_COMMA_OR_BRACE: return misplaced(scanner, around, "',' or '}'");
	case JSON_EXPECTED_COMMA_OR_BRACKET: return misplaced(scanner, around, "',' or ']'");
	case JSON_EXPECTED_END: return SLICE("the notebook ends before this, but the file goes on");
	case JSON_CONTROL:
		if (byte == '\n' || byte == '\r')
			return SLICE("the line ends inside a string");
		return slice_format(
		    arena, "the control character U+%04X stands in a string, where it must be written as \\u%04x", byte, byte);
	case JSON_ESCAPE: {
		size_t end = 1;
		if (around->after.length > 1)
			utf8_next(around->after, &end);
		struct slice letter = found(arena, slice_part(around->after, 1, end));
		return slice_format(arena, "a backslash with %.*s is not an escape sequence of JSON", SLICE_FORMAT(letter));
	}
	case JSON_UNICODE_ESCAPE: return SLICE("four hexadecimal digits must follow \\u");
	case JSON_UNFINISHED_NUMBER: return slice_format(arena, "digits are missing after '%c' in this number", (char)byte);
	case JSON_TOO_DEEP: return slice_format(arena, "values nest more than %d levels deep", JSON_DEPTH_LIMIT);
	default: return SLICE("this is not JSON");
	}
}

struct failure scanner_failure(struct scanner *scanner, struct slice path)
{
	struct surroundings around;
	look_around(scanner, &around);
	struct failure failure = {path, scanner->error_place.line, scanner->error_place.column, message(scanner, &around)};
	if (scanner->error == JSON_UNREADABLE)
		failure.line = failure.column = 0;
	return failure;
}
