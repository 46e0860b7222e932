/* Walks over the value of a source, a string or a list of strings, as it is written.
 * That it is well formed was seen when the notebook was read; where it is not any
 * more, the walk still ends and gives places within it. */
#include "notebook/source_places.h"

#include "notebook/bytes.h"

struct walk {
	struct arena *arena;
	struct slice text; /* of the value, as in the file */
	size_t at;
	uint64_t line, column; /* of the file, at `at` */
	VECTOR(struct file_region) lines;
	bool begins;                         /* the next character is the first of its line */
	char last;                           /* the last character of the string, where that is a line feed or a return */
	bool ends_in_return;                 /* the last character of the line is a carriage return, */
	uint64_t return_line, return_column; /* which begins here */
};

static struct file_region *last_line(struct walk *walk)
{
	return &walk->lines.items[walk->lines.count - 1];
}

/* Nothing yet, from here on. */
static struct file_region here(const struct walk *walk)
{
	return (struct file_region){walk->line, walk->column, walk->line, walk->column};
}

/* A line of the source begins where the walk is, unless its first character comes elsewhere. */
static void begin_line(struct walk *walk)
{
	vector_push(walk->arena, &walk->lines, here(walk));
	walk->begins = true;
	walk->ends_in_return = false;
}

/* Goes over `count` bytes that stand on one line of the file. */
static void advance(struct walk *walk, size_t count)
{
	size_t end = count < walk->text.length - walk->at ? walk->at + count : walk->text.length;
	for (; walk->at < end; walk->at++)
		walk->column += ((unsigned char)walk->text.bytes[walk->at] & 0xC0) != 0x80;
}

/* What the escape sequence at the walk stands for, where that is a line feed or a carriage return. */
static char escaped_line_end(struct slice escape)
{
	static const struct {
		const char *text;
		char stands_for;
	} known[] = {{"\\n", '\n'},     {"\\r", '\r'},     {"\\u000a", '\n'},
	             {"\\u000A", '\n'}, {"\\u000d", '\r'}, {"\\u000D", '\r'}};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_starts(escape, slice_of(known[i].text)))
			return known[i].stands_for;
	return '\0';
}

/* One character of the source, as it is written. */
static void take_character(struct walk *walk)
{
	struct slice rest = slice_part(walk->text, walk->at, walk->text.length);
	struct file_region *line = last_line(walk);
	if (walk->begins)
		*line = here(walk);
	walk->begins = false;
	bool is_escape = rest.bytes[0] == '\\';
	char stands_for = is_escape ? escaped_line_end(rest) : '\0';
	uint64_t start_line = walk->line, start_column = walk->column;
	walk->last = stands_for;
	advance(walk, !is_escape ? 1 : slice_starts(rest, SLICE("\\u")) ? 6 : 2);
	if (stands_for == '\n') {
		line->end_line = walk->ends_in_return ? walk->return_line : start_line;
		line->end_column = walk->ends_in_return ? walk->return_column : start_column;
		begin_line(walk);
		return;
	}
	walk->ends_in_return = stands_for == '\r';
	walk->return_line = start_line;
	walk->return_column = start_column;
	line->end_line = walk->line;
	line->end_column = walk->column;
}

/* The next string begins, after `before` others. What joins it to them is nothing, or in old
 * formats a line feed unless the first ended in a line end of its own. */
static void begin_string(struct walk *walk, size_t before, bool *joins)
{
	if (before == 1)
		*joins = *joins && walk->last == '\0';
	if (before && *joins)
		begin_line(walk);
	if (walk->begins)
		*last_line(walk) = here(walk);
	walk->last = '\0';
}

struct source_places source_places(const struct notebook *notebook, struct arena *arena, const struct cell *cell)
{
	struct byte_range range = cell->source_range;
	struct source_places places = {0};
	if (cell->source_column == 0 || range.end <= range.start || bytes_changed(notebook->bytes))
		return places;
	size_t size = (size_t)(range.end - range.start);
	char *text = arena_alloc(arena, size);
	if (bytes_read_all(notebook->bytes, range.start, text, size) != (int64_t)size)
		return places;
	struct walk walk = {.arena = arena, .text = {text, size}, .line = cell->source_line, .column = cell->source_column};
	begin_line(&walk);
	bool joins = notebook->format_major < 4, in_string = false;
	size_t strings = 0;
	while (walk.at < size) {
		char byte = text[walk.at];
		if (byte == '"') {
			advance(&walk, 1);
			in_string = !in_string;
			if (in_string)
				begin_string(&walk, strings++, &joins);
		} else if (in_string) {
			take_character(&walk);
		} else {
			advance(&walk, 1);
			if (byte == '\n') {
				walk.line++;
				walk.column = 1;
			}
		}
	}
	places.lines = walk.lines.items;
	places.count = walk.lines.count;
	return places;
}
