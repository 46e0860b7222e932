/* Lines and white space as Python's str has them, and what IPython removes. */
#include "python/cell_text.h"

#include "base/utf8.h"

uint32_t text_map_offset(const struct text_map *map, uint32_t offset)
{
	if (!map)
		return offset;
	if (map->collapsed)
		return map->whole.start;
	size_t low = 0, high = map->pieces.count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (map->pieces.items[middle].at <= offset)
			low = middle;
		else
			high = middle;
	}
	const struct text_piece *piece = &map->pieces.items[low];
	if (offset < piece->at)
		return piece->source;
	return piece->source + (offset - piece->at);
}

struct span text_map_place(const struct text_map *map, uint32_t start, uint32_t end)
{
	if (!map)
		return (struct span){start, end};
	if (map->collapsed)
		return map->whole;
	uint32_t first = text_map_offset(map, start);
	return (struct span){first, end > start ? text_map_offset(map, end - 1) + 1 : first};
}

/* Lines and white space as Python's str has them. */

/* How many bytes the character at `at` takes if it ends a line, else 0. "\r\n" is one. */
static uint32_t line_break(struct slice text, uint32_t at, uint32_t end)
{
	const unsigned char *p = (const unsigned char *)text.bytes + at;
	uint32_t left = end - at;
	if (p[0] == '\r')
		return left > 1 && p[1] == '\n' ? 2 : 1;
	if ((p[0] >= '\n' && p[0] <= '\f') || (p[0] >= 0x1C && p[0] <= 0x1E))
		return 1;
	if (p[0] == 0xC2 && left > 1 && p[1] == 0x85)
		return 2;
	if (p[0] == 0xE2 && left > 2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9))
		return 3;
	return 0;
}

uint32_t cell_text_line_end(struct slice text, uint32_t at, uint32_t end)
{
	for (; at < end; at++) {
		unsigned char c = (unsigned char)text.bytes[at];
		if (c > 0x1E && c != 0xC2 && c != 0xE2)
			continue;
		uint32_t length = line_break(text, at, end);
		if (length)
			return at + length;
	}
	return end;
}

/* str.isspace() of one character. */
static bool is_space(int32_t character)
{
	return (character >= 9 && character <= 13) || (character >= 0x1C && character <= 0x20) || character == 0x85 ||
	       character == 0xA0 || character == 0x1680 || (character >= 0x2000 && character <= 0x200A) ||
	       character == 0x2028 || character == 0x2029 || character == 0x202F || character == 0x205F ||
	       character == 0x3000;
}

struct slice cell_text_trim_end(struct slice text)
{
	while (text.length) {
		size_t start = text.length - 1;
		while (start > 0 && ((unsigned char)text.bytes[start] & 0xC0) == 0x80)
			start--;
		size_t next = start;
		if (!is_space(utf8_next(text, &next)) || next != text.length)
			break;
		text.length = start;
	}
	return text;
}

static bool is_blank(struct slice line)
{
	return cell_text_trim_end(line).length == 0;
}

/* Cleaning. */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t skip_text(struct slice line, size_t at, struct slice text)
{
	return slice_starts(slice_part(line, at, line.length), text) ? at + text.length : at;
}

/* The length of a prompt of Python's own console: `>>> ` or `... `. */
static size_t classic_prompt(struct slice line, bool first)
{
	if (!slice_starts(line, SLICE(">>>")) && (first || !slice_starts(line, SLICE("..."))))
		return 0;
	if (line.length > 3 && line.bytes[3] == ' ')
		return 4;
	bool ends = line.length == 3 || (line.length == 4 && line.bytes[3] == '\n');
	return ends ? 3 : 0;
}

/* The same of IPython's: `In [1]: `, perhaps behind `[nav] ` or a blank, or `   ...: `. */
static size_t ipython_prompt(struct slice line)
{
	size_t at = skip_text(line, 0, SLICE("[nav]"));
	at = at ? at : skip_text(line, 0, SLICE("[ins]"));
	size_t blank = skip_text(line, at, SLICE(" "));
	at = blank > at ? blank : 0;
	size_t digits = skip_text(line, at, SLICE("In ["));
	if (digits > at) {
		for (at = digits; at < line.length && is_digit(line.bytes[at]); at++)
			;
		size_t close = skip_text(line, at, SLICE("]: "));
		return at > digits && close > at ? close : 0;
	}
	for (at = 0; at < line.length;) {
		size_t next = at;
		if (!is_space(utf8_next(line, &next)))
			break;
		at = next;
	}
	size_t dots = at;
	while (at < line.length && line.bytes[at] == '.')
		at++;
	if (at - dots < 3 || at >= line.length || line.bytes[at] != ':')
		return 0;
	return skip_text(line, at + 1, SLICE(" "));
}

/* What the lines of a cell lose. */
struct cleaning {
	struct slice margin;
	bool classic, ipython;
};

/* How much of a line goes. */
static size_t removed(const struct cleaning *cleaning, struct slice line)
{
	size_t at = slice_starts(line, cleaning->margin) ? cleaning->margin.length : 0;
	if (cleaning->classic)
		at += classic_prompt(slice_part(line, at, line.length), false);
	if (cleaning->ipython)
		at += ipython_prompt(slice_part(line, at, line.length));
	return at;
}

/* Looks at the first two lines, as IPython does. */
static struct cleaning plan_cleaning(struct slice text, uint32_t start, uint32_t end)
{
	struct cleaning cleaning = {0};
	uint32_t second = cell_text_line_end(text, start, end);
	struct slice first = slice_part(text, start, second);
	struct slice next = slice_part(text, second, cell_text_line_end(text, second, end));
	size_t margin = 0;
	while (margin < first.length && (first.bytes[margin] == ' ' || first.bytes[margin] == '\t'))
		margin++;
	cleaning.margin = slice_part(first, 0, margin);
	first = slice_part(first, margin, first.length);
	next = slice_part(next, removed(&cleaning, next), next.length);
	cleaning.classic = classic_prompt(first, true) || (next.length && classic_prompt(next, false));
	if (cleaning.classic) {
		first = slice_part(first, classic_prompt(first, false), first.length);
		next = slice_part(next, classic_prompt(next, false), next.length);
	}
	cleaning.ipython = ipython_prompt(first) || (next.length && ipython_prompt(next));
	return cleaning;
}

struct slice cell_text_clean(struct arena *arena, struct slice text, const struct text_map **map, uint32_t *start,
                             uint32_t *end)
{
	uint32_t at = *start;
	while (at < *end) {
		uint32_t next = cell_text_line_end(text, at, *end);
		if (!is_blank(slice_part(text, at, next)))
			break;
		at = next;
	}
	if (at < *end)
		*start = at;
	struct cleaning cleaning = plan_cleaning(text, *start, *end);
	if (cleaning.margin.length == 0 && !cleaning.classic && !cleaning.ipython)
		return text;
	struct builder clean = {.arena = arena};
	struct text_map *made = arena_alloc(arena, sizeof *made);
	for (at = *start; at < *end;) {
		uint32_t next = cell_text_line_end(text, at, *end);
		at += (uint32_t)removed(&cleaning, slice_part(text, at, next));
		struct text_piece piece = {(uint32_t)clean.length, text_map_offset(*map, at)};
		vector_push(arena, &made->pieces, piece);
		builder_add(&clean, slice_part(text, at, next));
		at = next;
	}
	if (*map && (*map)->collapsed)
		*made = **map;
	*map = made;
	*start = 0;
	*end = (uint32_t)clean.length;
	return builder_slice(&clean);
}
