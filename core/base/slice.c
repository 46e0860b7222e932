#include "base/slice.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct slice slice_of(const char *string)
{
	return (struct slice){string, strlen(string)};
}

bool slice_equal(struct slice a, struct slice b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

int slice_compare(struct slice a, struct slice b)
{
	size_t common = a.length < b.length ? a.length : b.length;
	int order = common ? memcmp(a.bytes, b.bytes, common) : 0;
	return order ? order : (a.length > b.length) - (a.length < b.length);
}

bool slice_starts(struct slice slice, struct slice prefix)
{
	return slice.length >= prefix.length && slice_equal(slice_part(slice, 0, prefix.length), prefix);
}

bool slice_ends(struct slice slice, struct slice suffix)
{
	return slice.length >= suffix.length &&
	       slice_equal(slice_part(slice, slice.length - suffix.length, slice.length), suffix);
}

struct slice slice_part(struct slice slice, size_t start, size_t end)
{
	if (end > slice.length)
		end = slice.length;
	if (start > end)
		start = end;
	return (struct slice){slice.bytes ? slice.bytes + start : NULL, end - start};
}

static bool is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

struct slice slice_trim(struct slice slice)
{
	size_t start = 0, end = slice.length;
	while (start < end && is_space(slice.bytes[start]))
		start++;
	while (end > start && is_space(slice.bytes[end - 1]))
		end--;
	return slice_part(slice, start, end);
}

size_t slice_find(struct slice slice, char needle, size_t from)
{
	if (from >= slice.length)
		return slice.length;
	const char *found = memchr(slice.bytes + from, needle, slice.length - from);
	return found ? (size_t)(found - slice.bytes) : slice.length;
}

bool slice_contains(struct slice slice, struct slice text)
{
	return text.length == 0 || (slice.length && memmem(slice.bytes, slice.length, text.bytes, text.length));
}

size_t slice_count(struct slice slice, char byte)
{
	size_t count = 0;
	for (size_t at = slice_find(slice, byte, 0); at < slice.length; at = slice_find(slice, byte, at + 1))
		count++;
	return count;
}

bool slice_is_one_of(struct slice slice, const char *const *strings)
{
	for (; *strings; strings++)
		if (slice_equal(slice, slice_of(*strings)))
			return true;
	return false;
}

struct slice slice_next_word(struct slice *rest)
{
	struct slice line = slice_trim(*rest);
	size_t end = 0;
	while (end < line.length && line.bytes[end] != ' ' && line.bytes[end] != '\t')
		end++;
	*rest = slice_part(line, end, line.length);
	return slice_part(line, 0, end);
}

bool slice_next_line(struct slice *rest, struct slice *line)
{
	if (rest->length == 0)
		return false;
	size_t end = slice_find(*rest, '\n', 0);
	*line = slice_part(*rest, 0, end);
	*rest = slice_part(*rest, end + 1, rest->length);
	if (line->length && line->bytes[line->length - 1] == '\r')
		line->length--;
	return true;
}

struct slice slice_copy(struct arena *arena, struct slice slice)
{
	char *bytes = arena_bytes(arena, slice.length + 1);
	if (slice.length)
		memcpy(bytes, slice.bytes, slice.length);
	bytes[slice.length] = '\0';
	return (struct slice){bytes, slice.length};
}

struct slice slice_format_list(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	if (length < 0)
		length = 0;
	char *bytes = arena_bytes(arena, (size_t)length + 1);
	vsnprintf(bytes, (size_t)length + 1, format, again);
	va_end(again);
	return (struct slice){bytes, (size_t)length};
}

struct slice slice_format(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	struct slice text = slice_format_list(arena, format, arguments);
	va_end(arguments);
	return text;
}

/* Room for `more` bytes behind what is there. */
static char *builder_reserve(struct builder *builder, size_t more)
{
	if (builder->capacity - builder->length < more) {
		size_t room = builder->capacity ? builder->capacity : 64;
		while (room - builder->length < more)
			room = room > SIZE_MAX / 2 ? SIZE_MAX : room * 2;
		char *bytes = arena_bytes(builder->arena, room);
		if (builder->length)
			memcpy(bytes, builder->bytes, builder->length);
		builder->bytes = bytes;
		builder->capacity = room;
	}
	return builder->bytes + builder->length;
}

void builder_add(struct builder *builder, struct slice slice)
{
	if (slice.length == 0)
		return;
	memcpy(builder_reserve(builder, slice.length), slice.bytes, slice.length);
	builder->length += slice.length;
}

void builder_add_byte(struct builder *builder, char byte)
{
	*builder_reserve(builder, 1) = byte;
	builder->length++;
}

void builder_add_string(struct builder *builder, const char *string)
{
	builder_add(builder, slice_of(string));
}

void builder_add_format(struct builder *builder, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length > 0) {
		char *place = builder_reserve(builder, (size_t)length + 1);
		vsnprintf(place, (size_t)length + 1, format, again);
		builder->length += (size_t)length;
	}
	va_end(again);
}

struct slice builder_slice(const struct builder *builder)
{
	return (struct slice){builder->bytes ? builder->bytes : "", builder->length};
}
