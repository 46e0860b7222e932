/* The reader works on a block at a time. Every step looks only at bytes between
 * `at` and `end` and asks for the next block when they meet, so it does not
 * matter where a block ends. A failure empties the block, which makes every later
 * step find the end. */
#include "notebook/scanner.h"

#include <errno.h>
#include <string.h>

#include "base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

void scanner_begin(struct scanner *scanner, struct arena *arena, struct notebook_bytes *bytes, uint64_t start,
                   uint64_t end, unsigned char *block, size_t block_size)
{
	*scanner = (struct scanner){
	    .arena = arena,
	    .bytes = bytes,
	    .key = {.arena = arena},
	    .block = block,
	    .block_size = block_size,
	    .at = block,
	    .end = block,
	    .end_offset = start,
	    .limit = end,
	    .line = 1,
	    .line_start = start,
	};
}

uint64_t scanner_offset(const struct scanner *scanner)
{
	return scanner->end_offset - (uint64_t)(scanner->end - scanner->at);
}

/* A place that costs nothing to take: inside a token the line stays the same. */
struct mark {
	uint64_t offset, continuations;
};

static inline struct mark mark_here(const struct scanner *scanner)
{
	return (struct mark){scanner_offset(scanner), scanner->continuations};
}

static struct json_place place_of(const struct scanner *scanner, struct mark mark)
{
	uint64_t bytes = mark.offset - scanner->line_start;
	uint64_t continuations = mark.continuations - scanner->line_continuations;
	return (struct json_place){mark.offset, scanner->line, bytes - continuations + 1};
}

struct json_place scanner_here(const struct scanner *scanner)
{
	return place_of(scanner, mark_here(scanner));
}

/* The first failure counts; there is nothing to read after it. */
static bool fail_at(struct scanner *scanner, enum json_error error, struct mark mark, bool at_end)
{
	if (scanner->error == JSON_FINE) {
		scanner->error = error;
		scanner->error_place = place_of(scanner, mark);
		scanner->error_at_end = at_end;
		scanner->limit = scanner->end_offset;
		scanner->at = scanner->end;
	}
	return false;
}

static bool refill(struct scanner *scanner)
{
	uint64_t left = scanner->limit - scanner->end_offset;
	if (left == 0)
		return false;
	if (scanner->limit == UINT64_MAX) /* a whole file */
		arena_step(scanner->arena, "reading the file", scanner->end_offset, bytes_size(scanner->bytes));
	size_t size = left < scanner->block_size ? (size_t)left : scanner->block_size;
	int64_t count = bytes_read(scanner->bytes, scanner->end_offset, scanner->block, size);
	if (count < 0) {
		scanner->system_error = errno;
		return fail_at(scanner, JSON_UNREADABLE, mark_here(scanner), false);
	}
	if (count == 0) {
		scanner->limit = scanner->end_offset;
		return false;
	}
	scanner->at = scanner->block;
	scanner->end = scanner->block + count;
	scanner->end_offset += (uint64_t)count;
	return true;
}

enum { AT_END = -1 };

/* The next byte, not consumed. */
static inline int next_byte(struct scanner *scanner)
{
	return scanner->at < scanner->end || refill(scanner) ? *scanner->at : AT_END;
}

/* Something else should stand at the next byte. */
static bool fail_here(struct scanner *scanner, enum json_error error)
{
	return fail_at(scanner, error, mark_here(scanner), next_byte(scanner) == AT_END);
}

/* The first byte that is no space, or `end`: what indents the lines of a file. */
static inline const unsigned char *spaces_end(const unsigned char *at, const unsigned char *end)
{
	static const char eight[8] = "        ";
	while (end - at >= 8 && memcmp(at, eight, 8) == 0)
		at += 8;
	while (at < end && *at == ' ')
		at++;
	return at;
}

/* The next byte that is no white space, not consumed. */
static inline int next_token(struct scanner *scanner)
{
	const unsigned char *at = scanner->at, *end = scanner->end;
	for (;;) {
		if (at == end) {
			scanner->at = at;
			if (!refill(scanner))
				return AT_END;
			at = scanner->at;
			end = scanner->end;
		}
		int byte = *at;
		if (byte > ' ') {
			scanner->at = at;
			return byte;
		}
		if (byte == '\n') {
			at++;
			scanner->line++;
			scanner->line_start = scanner->end_offset - (uint64_t)(end - at);
			scanner->line_continuations = scanner->continuations;
			at = spaces_end(at, end);
		} else if (byte == ' ' || byte == '\t' || byte == '\r') {
			at++;
		} else {
			scanner->at = at;
			return byte;
		}
	}
}

/* The first byte of a string that is not plain: a quote, a backslash, a control
 * character or a byte of a character that is no ASCII; or `end`. */
static inline const unsigned char *plain_end(const unsigned char *at, const unsigned char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
	for (; end - at >= 16; at += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		/* Signed, so that what is no ASCII is less than a space too. */
		__m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
		                               _mm_cmplt_epi8(bytes, space));
		int mask = _mm_movemask_epi8(special);
		if (mask)
			return at + __builtin_ctz((unsigned)mask);
	}
#else
	/* A byte borrows into its top bit where it was less than what is taken away;
	 * a borrow from below can only make one more byte look special, and the loop
	 * at the end looks again. */
	const uint64_t ones = UINT64_MAX / 0xFF, tops = ones * 0x80;
	for (; end - at >= 8; at += 8) {
		uint64_t word;
		memcpy(&word, at, sizeof word);
		uint64_t quotes = word ^ ones * '"', backslashes = word ^ ones * '\\';
		if (((quotes - ones) | (backslashes - ones) | (word - ones * ' ') | word) & tops)
			break;
	}
#endif
	while (at < end && *at >= ' ' && *at < 0x80 && *at != '"' && *at != '\\')
		at++;
	return at;
}

/* Adds to the text of a string, when anybody wants it. */
static inline void append(struct builder *text, const void *bytes, size_t length)
{
	if (text)
		builder_add(text, (struct slice){bytes, length});
}

enum { INVALID = 0, INCOMPLETE = -1 };

/* The length of the character of two to four bytes at the start of `count` bytes,
 * at least one: strict UTF-8 (RFC 3629). INCOMPLETE when more bytes must tell. */
static inline int wide_length(const unsigned char *bytes, size_t count)
{
	unsigned lead = bytes[0];
	int length = lead < 0xC2 || lead > 0xF4 ? INVALID : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	/* The second byte's range rules out overlong forms, surrogates and what is past U+10FFFF. */
	unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
	unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
	for (size_t i = 1; i < (size_t)length; i++) {
		if (i == count)
			return INCOMPLETE;
		if (bytes[i] < low || bytes[i] > high)
			return INVALID;
		low = 0x80;
		high = 0xBF;
	}
	return length;
}

/* A character that a block's end may cut in two. */
static bool scan_cut_wide(struct scanner *scanner, struct builder *text)
{
	struct mark start = mark_here(scanner);
	unsigned char bytes[UTF8_MAX];
	size_t count = 0;
	int length;
	do {
		int byte = next_byte(scanner);
		if (byte == AT_END)
			return fail_at(scanner, JSON_NOT_UTF8, start, true);
		bytes[count++] = (unsigned char)byte;
		scanner->at++;
		length = wide_length(bytes, count);
	} while (length == INCOMPLETE);
	if (length == INVALID)
		return fail_at(scanner, JSON_NOT_UTF8, start, false);
	scanner->continuations += count - 1;
	append(text, bytes, count);
	return true;
}

/* Characters that are no ASCII, from the next byte on, which begins one. */
static bool scan_wide(struct scanner *scanner, struct builder *text)
{
	const unsigned char *start = scanner->at, *at = start, *end = scanner->end;
	uint64_t characters = 0;
	int length = 0;
	for (; at < end && *at >= 0x80; at += length, characters++) {
		length = wide_length(at, (size_t)(end - at));
		if (length <= 0)
			break;
	}
	append(text, start, (size_t)(at - start));
	scanner->continuations += (uint64_t)(at - start) - characters;
	scanner->at = at;
	return length > 0 || scan_cut_wide(scanner, text);
}

static int hex_digit(int byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* "\u" and what follows; the 'u' is next. A low surrogate right behind an escaped
 * high one (`*high`, else 0) makes one character of both, in place of the three
 * bytes that the high one was given. */
static bool scan_unicode_escape(struct scanner *scanner, struct builder *text, uint32_t *high)
{
	struct mark start = mark_here(scanner);
	uint32_t character = 0;
	scanner->at++;
	for (int i = 0; i < 4; i++) {
		int byte = next_byte(scanner), digit = hex_digit(byte);
		if (digit < 0)
			return fail_at(scanner, JSON_UNICODE_ESCAPE, start, byte == AT_END);
		character = character << 4 | (uint32_t)digit;
		scanner->at++;
	}
	/* CPython wants to see one character more, and speaks of the escape when there is none. */
	if (next_byte(scanner) == AT_END)
		return fail_at(scanner, JSON_UNICODE_ESCAPE, start, true);
	uint32_t before = *high;
	*high = character >= 0xD800 && character <= 0xDBFF ? character : 0;
	if (!text)
		return true;
	if (before && character >= 0xDC00 && character <= 0xDFFF) {
		text->length -= 3;
		character = 0x10000 + ((before - 0xD800) << 10) + (character - 0xDC00);
	}
	char encoded[UTF8_MAX];
	append(text, encoded, utf8_encode(character, encoded));
	return true;
}

/* What the letter behind a backslash stands for; 0 when it is no escape sequence. */
static char escaped(int letter)
{
	switch (letter) {
	case 'n': return '\n';
	case 't': return '\t';
	case 'r': return '\r';
	case 'b': return '\b';
	case 'f': return '\f';
	case '"':
	case '\\':
	case '/': return (char)letter;
	default: return '\0';
	}
}

/* An escape sequence whose backslash is next, in the string that began at `string`. */
static bool scan_escape(struct scanner *scanner, struct builder *text, struct mark string, uint32_t *high)
{
	scanner->at++;
	int letter = next_byte(scanner);
	if (letter == 'u')
		return scan_unicode_escape(scanner, text, high);
	char character = escaped(letter);
	if (character == '\0') {
		struct mark backslash = {scanner_offset(scanner) - 1, scanner->continuations};
		return letter == AT_END ? fail_at(scanner, JSON_UNTERMINATED, string, true)
		                        : fail_at(scanner, JSON_ESCAPE, backslash, false);
	}
	scanner->at++;
	*high = 0;
	append(text, &character, 1);
	return true;
}

/* A string whose opening quote is next; its text is appended unless `text` is null. */
static bool scan_string(struct scanner *scanner, struct builder *text)
{
	struct mark string = mark_here(scanner);
	uint32_t high = 0; /* the escaped high surrogate that the text ends in, or 0 */
	scanner->at++;
	for (;;) {
		const unsigned char *run = scanner->at, *stop = plain_end(run, scanner->end);
		if (stop > run) {
			append(text, run, (size_t)(stop - run));
			high = 0;
			scanner->at = stop;
		}
		int byte = next_byte(scanner);
		if (byte == '"') {
			scanner->at++;
			return true;
		}
		if (byte == AT_END)
			return fail_at(scanner, JSON_UNTERMINATED, string, true);
		if (byte == '\\') {
			if (!scan_escape(scanner, text, string, &high))
				return false;
		} else if (byte >= 0x80) {
			high = 0;
			if (!scan_wide(scanner, text))
				return false;
		} else if (byte < ' ') {
			return fail_here(scanner, JSON_CONTROL);
		}
	}
}

/* A word that stands for the value that began at `start`; its first byte is next. */
static bool scan_word(struct scanner *scanner, const char *word, struct mark start)
{
	for (; *word; word++) {
		int byte = next_byte(scanner);
		if (byte != *word)
			return fail_at(scanner, JSON_EXPECTED_VALUE, start, byte == AT_END);
		scanner->at++;
	}
	return true;
}

static bool is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

/* At least one digit, else the number went wrong at `start`. Gives whether all are zeros. */
static bool scan_digits(struct scanner *scanner, struct mark start)
{
	bool zeros = true;
	int byte = next_byte(scanner);
	if (!is_digit(byte))
		return fail_at(scanner, JSON_UNFINISHED_NUMBER, start, byte == AT_END);
	for (; is_digit(byte); byte = next_byte(scanner)) {
		zeros = zeros && byte == '0';
		scanner->at++;
	}
	return zeros;
}

/* A number, or NaN or an Infinity, whose first byte is next. Gives whether it is
 * a whole number that fits. Where a fraction or an exponent has no digits,
 * CPython ends the number before it and cannot make sense of what follows: so
 * that is the place. */
static bool scan_number(struct scanner *scanner, int64_t *number)
{
	struct mark start = mark_here(scanner);
	bool negative = next_byte(scanner) == '-', whole = true;
	if (negative)
		scanner->at++;
	int byte = next_byte(scanner);
	if (byte == 'N' && !negative)
		return scan_word(scanner, "NaN", start) && false;
	if (byte == 'I')
		return scan_word(scanner, "Infinity", start) && false;
	if (!is_digit(byte))
		return fail_at(scanner, JSON_EXPECTED_VALUE, start, byte == AT_END);
	int64_t magnitude = 0;
	bool zero = byte == '0'; /* no digit may follow it */
	for (; is_digit(byte); byte = zero ? AT_END : next_byte(scanner)) {
		whole = whole && magnitude <= (INT64_MAX - (byte - '0')) / 10;
		if (whole)
			magnitude = magnitude * 10 + (byte - '0');
		scanner->at++;
	}
	start = mark_here(scanner);
	if (next_byte(scanner) == '.') {
		scanner->at++;
		whole = scan_digits(scanner, start) && whole;
		start = mark_here(scanner);
	}
	byte = next_byte(scanner);
	if (byte == 'e' || byte == 'E') {
		scanner->at++;
		byte = next_byte(scanner);
		if (byte == '+' || byte == '-')
			scanner->at++;
		scan_digits(scanner, start);
		whole = false;
	}
	*number = negative ? -magnitude : magnitude;
	return whole && scanner->error == JSON_FINE;
}

static enum json_kind kind_of(int byte)
{
	switch (byte) {
	case '{': return JSON_OBJECT;
	case '[': return JSON_ARRAY;
	case '"': return JSON_STRING;
	case 't': return JSON_TRUE;
	case 'f': return JSON_FALSE;
	case 'n': return JSON_NULL;
	case 'N':
	case 'I':
	case '-': return JSON_NUMBER;
	default: return is_digit(byte) ? JSON_NUMBER : JSON_NONE;
	}
}

enum json_kind scanner_peek(struct scanner *scanner)
{
	enum json_kind kind = kind_of(next_token(scanner));
	if (kind == JSON_NONE)
		fail_here(scanner, JSON_EXPECTED_VALUE);
	return kind;
}

/* A value that holds no others. */
static void scan_scalar(struct scanner *scanner, enum json_kind kind)
{
	int64_t number;
	switch (kind) {
	case JSON_STRING: scan_string(scanner, NULL); break;
	case JSON_NUMBER: scan_number(scanner, &number); break;
	case JSON_TRUE: scan_word(scanner, "true", mark_here(scanner)); break;
	case JSON_FALSE: scan_word(scanner, "false", mark_here(scanner)); break;
	case JSON_NULL: scan_word(scanner, "null", mark_here(scanner)); break;
	default: break;
	}
}

bool scanner_enter(struct scanner *scanner, char opening)
{
	if (next_token(scanner) != opening)
		return fail_here(scanner, JSON_EXPECTED_VALUE);
	scanner->at++;
	if (next_token(scanner) != (opening == '{' ? '}' : ']'))
		return scanner->error == JSON_FINE;
	scanner->at++;
	return false;
}

bool scanner_another(struct scanner *scanner, char closing)
{
	int byte = next_token(scanner);
	if (byte == ',') {
		scanner->at++;
		return true;
	}
	if (byte != closing)
		return fail_here(scanner, closing == '}' ? JSON_EXPECTED_COMMA_OR_BRACE : JSON_EXPECTED_COMMA_OR_BRACKET);
	scanner->at++;
	return false;
}

/* A key and the colon behind it; its text is appended unless `text` is null. */
static bool scan_key(struct scanner *scanner, struct builder *text)
{
	if (next_token(scanner) != '"')
		return fail_here(scanner, JSON_EXPECTED_KEY);
	if (!scan_string(scanner, text))
		return false;
	if (next_token(scanner) != ':')
		return fail_here(scanner, JSON_EXPECTED_COLON);
	scanner->at++;
	return true;
}

/* Takes note of a level of scanner_skip(): an object or an array. */
static bool open_level(struct scanner *scanner, size_t depth, bool object)
{
	if (depth == JSON_DEPTH_LIMIT)
		return fail_here(scanner, JSON_TOO_DEEP);
	size_t word = depth / 64;
	if (word == scanner->open_count) {
		scanner->open = arena_grow(scanner->arena, scanner->open, word, &scanner->open_capacity, sizeof *scanner->open);
		scanner->open_count++;
	}
	uint64_t bit = (uint64_t)1 << depth % 64;
	scanner->open[word] = object ? scanner->open[word] | bit : scanner->open[word] & ~bit;
	return true;
}

static bool in_object(const struct scanner *scanner, size_t depth)
{
	return scanner->open[(depth - 1) / 64] >> (depth - 1) % 64 & 1;
}

void scanner_skip(struct scanner *scanner)
{
	size_t depth = 0;
	do {
		enum json_kind kind = scanner_peek(scanner);
		bool more = false;
		if (kind == JSON_OBJECT || kind == JSON_ARRAY) {
			if (!open_level(scanner, depth, kind == JSON_OBJECT))
				return;
			depth++;
			more = scanner_enter(scanner, kind == JSON_OBJECT ? '{' : '[');
			if (!more)
				depth--;
		} else {
			scan_scalar(scanner, kind);
		}
		while (!more && depth > 0) {
			more = scanner_another(scanner, in_object(scanner, depth) ? '}' : ']');
			if (!more)
				depth--;
		}
		if (more && in_object(scanner, depth))
			scan_key(scanner, NULL);
	} while (depth > 0);
}

struct slice scanner_key(struct scanner *scanner)
{
	scanner->key.length = 0;
	scan_key(scanner, &scanner->key);
	return builder_slice(&scanner->key);
}

bool scanner_text(struct scanner *scanner, struct builder *text)
{
	if (scanner_peek(scanner) == JSON_STRING)
		return scan_string(scanner, text);
	scanner_skip(scanner);
	return false;
}

static bool ends_line(struct slice text)
{
	return slice_ends(text, SLICE("\n")) || slice_ends(text, SLICE("\r"));
}

bool scanner_lines(struct scanner *scanner, enum json_join join, struct builder *text)
{
	if (scanner_peek(scanner) != JSON_ARRAY)
		return scanner_text(scanner, text);
	size_t start = text->length;
	bool strings = true, first = true;
	for (bool more = scanner_enter(scanner, '['); more; more = scanner_another(scanner, ']')) {
		if (!first && join == JSON_JOIN_LINES)
			builder_add_byte(text, '\n');
		strings = scanner_text(scanner, text) && strings;
		if (first && join == JSON_JOIN_SPLIT) {
			struct slice line = slice_part(builder_slice(text), start, text->length);
			join = ends_line(line) ? JSON_JOIN_PLAIN : JSON_JOIN_LINES;
		}
		first = false;
	}
	return strings && scanner->error == JSON_FINE;
}

bool scanner_integer(struct scanner *scanner, int64_t *number)
{
	if (scanner_peek(scanner) == JSON_NUMBER)
		return scan_number(scanner, number);
	scanner_skip(scanner);
	return false;
}

bool scanner_more(struct scanner *scanner)
{
	return scanner->error == JSON_FINE && next_token(scanner) != AT_END;
}

bool scanner_finish(struct scanner *scanner)
{
	if (next_token(scanner) != AT_END)
		fail_here(scanner, JSON_EXPECTED_END);
	return scanner->error == JSON_FINE;
}
