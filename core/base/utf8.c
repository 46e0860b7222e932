#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

int32_t utf8_next(struct slice text, size_t *offset)
{
	const unsigned char *p = (const unsigned char *)text.bytes + *offset;
	size_t left = text.length - *offset;
	*offset += 1;
	if (p[0] < 0x80)
		return p[0];
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return -1;
	size_t length = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (left < length)
		return -1;
	/* The second byte's range rules out overlong forms and what is past U+10FFFF. */
	unsigned low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
	unsigned high = p[0] == 0xF4 ? 0x8F : 0xBF;
	if (p[1] < low || p[1] > high)
		return -1;
	int32_t character = p[0] & (0xFF >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return -1;
		character = character << 6 | (p[i] & 0x3F);
	}
	*offset += length - 1;
	return character;
}

size_t utf8_encode(uint32_t character, char bytes[UTF8_MAX])
{
	if (character < 0x80) {
		bytes[0] = (char)character;
		return 1;
	}
	if (character < 0x800) {
		bytes[0] = (char)(0xC0 | character >> 6);
		bytes[1] = (char)(0x80 | (character & 0x3F));
		return 2;
	}
	if (character < 0x10000) {
		bytes[0] = (char)(0xE0 | character >> 12);
		bytes[1] = (char)(0x80 | (character >> 6 & 0x3F));
		bytes[2] = (char)(0x80 | (character & 0x3F));
		return 3;
	}
	bytes[0] = (char)(0xF0 | character >> 18);
	bytes[1] = (char)(0x80 | (character >> 12 & 0x3F));
	bytes[2] = (char)(0x80 | (character >> 6 & 0x3F));
	bytes[3] = (char)(0x80 | (character & 0x3F));
	return 4;
}

size_t utf8_invalid(struct slice text)
{
	for (size_t offset = 0; offset < text.length;) {
		size_t start = offset;
		uint64_t eight;
		if (text.length - offset >= sizeof eight) {
			memcpy(&eight, text.bytes + offset, sizeof eight);
			if (!(eight & 0x8080808080808080u)) {
				offset += sizeof eight;
				continue;
			}
		}
		if ((unsigned char)text.bytes[offset] < 0x80) {
			offset++;
			continue;
		}
		int32_t character = utf8_next(text, &offset);
		if (character < 0 || (character >= 0xD800 && character <= 0xDFFF))
			return start;
	}
	return text.length;
}

size_t utf8_count(struct slice text)
{
	size_t count = 0;
	for (size_t offset = 0; offset < text.length; count++)
		utf8_next(text, &offset);
	return count;
}

/* Other_ID_Start and Other_ID_Continue of PropList.txt: few, and they
 * may only grow (those of Unicode 14, which CPython 3.11 and 3.12 use). */
static bool other_id_start(int32_t c)
{
	return c == 0x1885 || c == 0x1886 || c == 0x2118 || c == 0x212E || c == 0x309B || c == 0x309C;
}

static bool other_id_continue(int32_t c)
{
	return c == 0x00B7 || c == 0x0387 || (c >= 0x1369 && c <= 0x1371) || c == 0x19DA;
}

static bool id_start(int32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_NL: return c != 0x2E2F;
	default: return other_id_start(c);
	}
}

static bool id_continue(int32_t c)
{
	if (c < 0x80)
		return id_start(c) || (c >= '0' && c <= '9');
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_PC: return true;
	default: return id_start(c) || other_id_continue(c);
	}
}

/* XID properties are ID properties closed under NFKC: the decomposition of the
 * character must itself be allowed there. */
static bool closed_under_nfkc(int32_t c, bool start)
{
	utf8proc_int32_t parts[32];
	int boundary = 0;
	utf8proc_ssize_t count = utf8proc_decompose_char(c, parts, sizeof parts / sizeof *parts,
	                                                 UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);
	if (count < 1 || count > (utf8proc_ssize_t)(sizeof parts / sizeof *parts))
		return false;
	for (utf8proc_ssize_t i = 0; i < count; i++)
		if (start && i == 0 ? !id_start(parts[i]) : !id_continue(parts[i]))
			return false;
	return true;
}

bool unicode_identifier_start(int32_t character)
{
	if (character < 0)
		return false;
	return id_start(character) && (character < 0x80 || closed_under_nfkc(character, true));
}

bool unicode_identifier_continue(int32_t character)
{
	if (character < 0)
		return false;
	return id_continue(character) && (character < 0x80 || closed_under_nfkc(character, false));
}

bool unicode_is_word(int32_t character)
{
	switch (character < 0 ? UTF8PROC_CATEGORY_CN : utf8proc_category(character)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO: return true;
	default: return character == '_';
	}
}

struct slice unicode_nfkc(struct arena *arena, struct slice identifier)
{
	bool ascii = true;
	for (size_t i = 0; ascii && i < identifier.length; i++)
		ascii = (unsigned char)identifier.bytes[i] < 0x80;
	utf8proc_uint8_t *composed = NULL;
	if (ascii)
		return identifier;
	utf8proc_ssize_t length =
	    utf8proc_map((const utf8proc_uint8_t *)identifier.bytes, (utf8proc_ssize_t)identifier.length, &composed,
	                 UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE);
	struct slice result = identifier;
	if (length >= 0)
		result = slice_copy(arena, (struct slice){(const char *)composed, (size_t)length});
	free(composed);
	return result;
}
