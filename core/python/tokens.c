/* Reads just enough of Python's lexical rules to leave out what means nothing:
 * strings are skipped as a whole, so that a '#' in them is no comment. */
#include "python/tokens.h"

#include <string.h>

#include "base/hash.h"

enum { INDENTS = 100 /* as many as CPython allows; deeper ones count as the last */, TAB = 8 };

enum token_mark_kind { TOKEN_NEWLINE = 1, TOKEN_INDENT, TOKEN_DEDENT };

#define BASE 0x9e3779b97f4a7c15u

struct token_reader {
	struct slice source;
	uint32_t offset;
	uint64_t hash, count;
	uint64_t before; /* the hash before the last token, where that is a line's end */
	bool line_ended;
	uint32_t brackets;
	bool line_has_tokens, line_starts;
	uint32_t indents[INDENTS];
	uint32_t indent_count; /* the indentation of the current block is indents[indent_count - 1], or 0 */
	uint32_t base_indent;
};

static void add_token(struct token_reader *reader, uint64_t token)
{
	reader->line_ended = token == TOKEN_NEWLINE;
	reader->before = reader->hash;
	reader->hash = reader->hash * BASE + token;
	reader->count++;
}

/* Letters, digits, `_` and all that is not ASCII. */
static const bool is_word_byte[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};

static bool is_word(unsigned char byte)
{
	return is_word_byte[byte];
}

/* Where the string whose quote is at `start` ends. */
static size_t string_end(struct slice source, size_t start)
{
	char quote = source.bytes[start];
	bool triple = start + 2 < source.length && source.bytes[start + 1] == quote && source.bytes[start + 2] == quote;
	size_t i = start + (triple ? 3 : 1);
	while (i < source.length) {
		char byte = source.bytes[i];
		if (byte == '\\') {
			i += 2;
			continue;
		}
		if (byte == '\n' && !triple)
			return i;
		if (byte == quote && !triple)
			return i + 1;
		if (byte == quote && i + 2 < source.length && source.bytes[i + 1] == quote && source.bytes[i + 2] == quote)
			return i + 3;
		i++;
	}
	return source.length;
}

/* The first token of a logical line tells its indentation. */
static void note_indentation(struct token_reader *reader)
{
	uint32_t column = 0;
	size_t start = reader->offset;
	while (start && reader->source.bytes[start - 1] != '\n')
		start--;
	for (size_t i = start; i < reader->offset; i++)
		column = reader->source.bytes[i] == '\t' ? (column / TAB + 1) * TAB : column + 1;
	uint32_t *count = &reader->indent_count;
	while (*count && reader->indents[*count - 1] > column) {
		--*count;
		add_token(reader, TOKEN_DEDENT);
	}
	uint32_t current = *count ? reader->indents[*count - 1] : reader->base_indent;
	if (column > current && *count < INDENTS) {
		reader->indents[(*count)++] = column;
		add_token(reader, TOKEN_INDENT);
	}
}

static uint64_t word_hash(const char *bytes, size_t length)
{
	uint64_t hash = length;
	for (; length >= 8; bytes += 8, length -= 8) {
		uint64_t part;
		memcpy(&part, bytes, 8);
		hash = (hash ^ part) * BASE;
		hash ^= hash >> 29;
	}
	uint64_t part = 0;
	for (size_t i = 0; i < length; i++)
		part = part << 8 | (unsigned char)bytes[i];
	hash = (hash ^ part) * BASE;
	return hash ^ (hash >> 31);
}

/* Reads the tokens that begin before `end`. */
static void read_until(struct token_reader *reader, uint32_t end)
{
	const char *bytes = reader->source.bytes;
	size_t length = reader->source.length, offset = reader->offset;
	if (end > length)
		end = (uint32_t)length;
	while (offset < end) {
		unsigned char byte = (unsigned char)bytes[offset];
		if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\f') {
			offset++;
			continue;
		}
		if (byte == '\n') {
			offset++;
			if (!reader->brackets && reader->line_has_tokens) {
				add_token(reader, TOKEN_NEWLINE);
				reader->line_has_tokens = false;
				reader->line_starts = true;
			}
			continue;
		}
		if (byte == '#') {
			offset = slice_find(reader->source, '\n', offset);
			continue;
		}
		if (byte == '\\' && offset + 1 < length && (bytes[offset + 1] == '\n' || bytes[offset + 1] == '\r')) {
			offset += 2;
			continue;
		}
		if (reader->line_starts) {
			reader->offset = (uint32_t)offset;
			note_indentation(reader);
			reader->line_starts = false;
		}
		reader->line_has_tokens = true;
		size_t token = offset++;
		if (is_word(byte)) {
			while (offset < length && is_word((unsigned char)bytes[offset]))
				offset++;
		} else if (byte == '"' || byte == '\'') {
			offset = string_end(reader->source, token);
		} else if (byte == '(' || byte == '[' || byte == '{') {
			reader->brackets++;
		} else if ((byte == ')' || byte == ']' || byte == '}') && reader->brackets) {
			reader->brackets--;
		}
		add_token(reader, word_hash(bytes + token, offset - token));
	}
	reader->offset = (uint32_t)offset;
}

struct token_reader *token_reader_new(struct arena *arena, struct slice source)
{
	struct token_reader *reader = arena_alloc(arena, sizeof *reader);
	reader->source = source;
	reader->line_starts = true;
	return reader;
}

struct token_mark token_reader_mark(struct token_reader *reader, uint32_t offset)
{
	if (!reader || offset < reader->offset)
		return (struct token_mark){0, UINT64_MAX, offset};
	read_until(reader, offset);
	/* The indentation of what begins here belongs to what stands before it. */
	if (reader->line_starts && reader->offset == offset && offset < reader->source.length) {
		note_indentation(reader);
		reader->line_starts = false;
	}
	return (struct token_mark){reader->hash, reader->count, offset};
}

static uint64_t power(uint64_t exponent)
{
	uint64_t result = 1;
	for (uint64_t square = BASE; exponent; exponent >>= 1, square *= square)
		if (exponent & 1)
			result *= square;
	return result;
}

/* The hash of the tokens since a mark, without the line's end after the last one. */
static uint64_t hash_since(const struct token_reader *reader, uint64_t hash, uint64_t count)
{
	bool drops = reader->line_ended && reader->count > count;
	uint64_t length = reader->count - count - drops;
	return hash_mix((drops ? reader->before : reader->hash) - hash * power(length), length);
}

uint64_t token_hash_from(struct token_reader *reader, struct token_mark start, uint32_t end)
{
	if (!reader)
		return 0;
	if (start.count == UINT64_MAX || end < reader->offset)
		return token_hash_span(reader->source, (struct span){start.offset, end});
	read_until(reader, end);
	return hash_since(reader, start.hash, start.count);
}

uint64_t token_hash_span(struct slice source, struct span span)
{
	struct token_reader reader = {.source = source, .offset = span.start};
	for (size_t i = span.start; i > 0 && source.bytes[i - 1] != '\n'; i--)
		reader.base_indent++;
	read_until(&reader, span.end);
	return hash_since(&reader, 0, 0);
}
