#include "python/encoding.h"

#include <string.h>

#include "base/utf8.h"

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	       c == '.';
}

/* The name in `# -*- coding: NAME -*-`; empty when the line declares none. */
static struct slice declared_in(struct slice line)
{
	static const struct slice word = SLICE_CONSTANT("coding");
	for (size_t at = 0; at + word.length < line.length; at++) {
		if (!slice_starts(slice_part(line, at, line.length), word))
			continue;
		size_t name = at + word.length;
		if (line.bytes[name] != ':' && line.bytes[name] != '=')
			continue;
		name++;
		while (name < line.length && (line.bytes[name] == ' ' || line.bytes[name] == '\t'))
			name++;
		size_t end = name;
		while (end < line.length && is_name_byte(line.bytes[end]))
			end++;
		if (end > name)
			return slice_part(line, name, end);
	}
	return SLICE("");
}

/* Whether a name is one of Python's codecs, by how they are called. */
static enum encoding encoding_of(struct slice name)
{
	/* Most are families: the beginning of the name tells. */
	static const struct slice families[] = {
	    SLICE_CONSTANT("latin"),    SLICE_CONSTANT("iso"),     SLICE_CONSTANT("cp"),    SLICE_CONSTANT("windows-"),
	    SLICE_CONSTANT("koi8"),     SLICE_CONSTANT("mac"),     SLICE_CONSTANT("euc"),   SLICE_CONSTANT("gb"),
	    SLICE_CONSTANT("hz"),       SLICE_CONSTANT("big5"),    SLICE_CONSTANT("shift"), SLICE_CONSTANT("sjis"),
	    SLICE_CONSTANT("s-jis"),    SLICE_CONSTANT("ms-"),     SLICE_CONSTANT("ms9"),   SLICE_CONSTANT("johab"),
	    SLICE_CONSTANT("tis"),      SLICE_CONSTANT("ptcp"),    SLICE_CONSTANT("l1"),    SLICE_CONSTANT("l2"),
	    SLICE_CONSTANT("8859"),     SLICE_CONSTANT("unicode"), SLICE_CONSTANT("raw-u"), SLICE_CONSTANT("kz"),
	    SLICE_CONSTANT("ks"),       SLICE_CONSTANT("uhc"),     SLICE_CONSTANT("ibm"),   SLICE_CONSTANT("125"),
	    SLICE_CONSTANT("cyrillic"), SLICE_CONSTANT("greek"),   SLICE_CONSTANT("arabic")};
	static const struct slice ascii[] = {SLICE_CONSTANT("ascii"), SLICE_CONSTANT("us-ascii"), SLICE_CONSTANT("646")};
	char lower[32];
	size_t length = name.length < sizeof lower ? name.length : sizeof lower;
	for (size_t i = 0; i < length; i++) {
		char c = name.bytes[i];
		lower[i] = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	struct slice text = {lower, length};
	if (slice_equal(text, SLICE("utf-8")) || slice_equal(text, SLICE("utf8")) || slice_starts(text, SLICE("utf-8-")))
		return ENCODING_UTF8;
	for (size_t i = 0; i < sizeof ascii / sizeof *ascii; i++)
		if (slice_equal(text, ascii[i]))
			return ENCODING_ASCII;
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (slice_starts(text, families[i]))
			return ENCODING_OTHER;
	return ENCODING_UNKNOWN;
}

enum encoding python_encoding(struct slice source, struct slice *name)
{
	bool marked = slice_starts(source, SLICE("\xEF\xBB\xBF"));
	struct slice rest = slice_part(source, marked ? 3 : 0, source.length), line;
	*name = SLICE("");
	/* The first line, or the second when the first holds no code. */
	for (int i = 0; i < 2 && slice_next_line(&rest, &line); i++) {
		struct slice text = slice_trim(line);
		if (text.length && text.bytes[0] != '#')
			break;
		*name = declared_in(text);
		if (name->length)
			break;
	}
	enum encoding encoding = name->length ? encoding_of(*name) : ENCODING_UTF8;
	/* With a byte order mark, CPython takes the name with its hyphen alone. */
	bool same = encoding == ENCODING_UTF8 && (name->length == 0 || slice_find(*name, '-', 0) < name->length ||
	                                          slice_find(*name, '_', 0) < name->length);
	return marked && !same ? ENCODING_CONFLICT : encoding;
}

uint32_t python_bad_byte(struct slice source, uint32_t start, uint32_t end, enum encoding encoding)
{
	struct slice text = slice_part(source, start, end);
	const char *nul = text.length ? memchr(text.bytes, '\0', text.length) : NULL;
	if (nul)
		text.length = (size_t)(nul - text.bytes);
	size_t bad = text.length;
	if (encoding == ENCODING_UTF8)
		bad = utf8_invalid(text);
	else if (encoding == ENCODING_ASCII)
		for (bad = 0; bad < text.length && (unsigned char)text.bytes[bad] < 0x80;)
			bad++;
	return start + (uint32_t)bad;
}
