#include "notebook/html.h"

#include <string.h>

#include "base/printable.h"
#include "base/utf8.h"

enum {
	MOST_COLUMNS = 512,   /* of a table; cells further right are left out */
	MOST_WIDTH = 60,      /* columns of the screen for one column of a table that is cut there */
	MOST_CELL = 4096,     /* bytes of a cell that are kept */
	MOST_SPAN = 1000,     /* columns or rows, as in HTML's own rules */
	MOST_NAME = 16,       /* bytes of a tag's name */
	MOST_TAG = 1024,      /* bytes of a tag in which its attributes are looked for */
	MOST_TEXT = 16 << 20, /* bytes; spans can make much out of little */
	COLUMN_GAP = 2,
};

/* A cell of a table, in the grid that spans make. */
struct table_cell {
	size_t row;
	unsigned column, columns;
	bool head;
	struct slice text; /* printable */
	size_t width;
};

struct table {
	VECTOR(struct table_cell) cells; /* row by row */
	size_t rows;
	unsigned column;              /* the next of this row */
	unsigned columns;             /* of the widest row */
	unsigned taken[MOST_COLUMNS]; /* by column: rows to come that a cell above reaches into */
};

struct reader {
	struct arena *arena;
	struct slice html;
	size_t at;
	struct builder out;  /* finished lines, and the one under way */
	struct builder cell; /* the text of the cell under way */
	struct table *table; /* the outermost one that is open */
	struct table_cell open;
	unsigned depth; /* of tables */
	bool in_cell, in_pre, blank /* white space was seen that may separate words */;
};

/* --- text --- */

static struct builder *target(struct reader *reader)
{
	return reader->in_cell ? &reader->cell : &reader->out;
}

static bool at_line_start(const struct builder *text)
{
	return text->length == 0 || text->bytes[text->length - 1] == '\n';
}

static void put(struct reader *reader, struct slice text)
{
	struct builder *to = target(reader);
	if (reader->depth && !reader->in_cell)
		return; /* nothing stands between cells */
	if (reader->in_cell && to->length > MOST_CELL)
		return;
	if (reader->blank && !at_line_start(to))
		builder_add_byte(to, ' ');
	reader->blank = false;
	builder_add(to, text);
}

/* A line ends here, if one was begun; a cell has only one. */
static void break_line(struct reader *reader)
{
	struct builder *to = target(reader);
	reader->blank = false;
	if (reader->in_cell)
		reader->blank = true;
	else if (!at_line_start(to))
		builder_add_byte(to, '\n');
}

/* The character that the text between & and ; names; 0 when it is none that is known. */
static int32_t entity(struct slice name)
{
	static const struct {
		const char *name;
		int32_t character;
	} NAMES[] = {{"amp", '&'},     {"lt", '<'},        {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
	             {"nbsp", ' '},    {"hellip", 0x2026}, {"mdash", 0x2014}, {"ndash", 0x2013}, {"times", 0xd7},
	             {"middot", 0xb7}, {"bull", 0x2022},   {"rarr", 0x2192},  {"larr", 0x2190},  {"copy", 0xa9},
	             {"plusmn", 0xb1}, {"deg", 0xb0},      {"micro", 0xb5},   {"laquo", 0xab},   {"raquo", 0xbb}};
	for (size_t at = 0; at < sizeof NAMES / sizeof *NAMES; at++) {
		if (slice_equal(name, slice_of(NAMES[at].name)))
			return NAMES[at].character;
	}
	bool hexadecimal = name.length > 2 && name.bytes[0] == '#' && (name.bytes[1] | 32) == 'x';
	int32_t character = 0, base = hexadecimal ? 16 : 10;
	if (name.length < 2 || name.bytes[0] != '#')
		return 0;
	for (size_t at = hexadecimal ? 2 : 1; at < name.length && character <= 0x10ffff; at++) {
		char byte = name.bytes[at], lower = (char)(byte | 32);
		int digit = byte >= '0' && byte <= '9' ? byte - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : base;
		if (digit >= base)
			return 0;
		character = character * base + digit;
	}
	bool surrogate = character >= 0xd800 && character < 0xe000;
	return character > 0x10ffff || surrogate ? 0 : character;
}

static void put_character(struct reader *reader, int32_t character)
{
	char bytes[UTF8_MAX];
	if (character == ' ' || character == '\n' || character == '\t' || character < ' ')
		reader->blank = true;
	else
		put(reader, (struct slice){bytes, utf8_encode((uint32_t)character, bytes)});
}

/* Text up to the next tag. */
static void read_text(struct reader *reader)
{
	enum { MOST_ENTITY = 12 };
	struct slice html = reader->html;
	size_t start = reader->at;
	while (reader->at < html.length && html.bytes[reader->at] != '<') {
		char byte = html.bytes[reader->at];
		bool space = byte == ' ' || byte == '\n' || byte == '\t' || (unsigned char)byte < ' ';
		if (!space && byte != '&') {
			reader->at++;
			continue;
		}
		if (reader->at > start)
			put(reader, slice_part(html, start, reader->at));
		size_t end = byte == '&' ? slice_find(slice_part(html, 0, reader->at + MOST_ENTITY), ';', reader->at) : 0;
		int32_t character = 0;
		if (byte == '&' && end < html.length && end < reader->at + MOST_ENTITY)
			character = entity(slice_part(html, reader->at + 1, end));
		if (character) {
			put_character(reader, character);
			reader->at = end + 1;
		} else {
			if (byte == '&')
				put(reader, SLICE("&"));
			else if (reader->in_pre && byte == '\n' && !reader->in_cell)
				builder_add_byte(&reader->out, '\n');
			else if (reader->in_pre && !reader->in_cell && !reader->depth)
				builder_add_byte(&reader->out, byte == '\t' ? '\t' : ' ');
			else
				reader->blank = true;
			reader->at++;
		}
		start = reader->at;
	}
	if (reader->at > start)
		put(reader, slice_part(html, start, reader->at));
}

/* --- tables --- */

/* Whether a cell holds a number, or what stands where one is missing. */
static bool is_numeric(struct slice text)
{
	static const char *const MISSING[] = {"NaN", "nan", "inf", "-inf", "None", "NaT", "...", "\u2026", "-", NULL};
	static const char DIGITS[] = "0123456789", OTHERS[] = "0123456789.,+-eE%$ ";
	bool digit = false;
	for (size_t at = 0; at < text.length; at++) {
		char byte = text.bytes[at];
		if (!memchr(OTHERS, byte, sizeof OTHERS - 1))
			return slice_is_one_of(text, MISSING);
		digit |= memchr(DIGITS, byte, sizeof DIGITS - 1) != NULL;
	}
	return digit || slice_is_one_of(text, MISSING);
}

/* The longest beginning that fits; cells that are longer end with "..". */
static struct slice fitted(struct arena *arena, struct slice text, size_t *width)
{
	*width = printable_width(text);
	if (*width <= MOST_WIDTH)
		return text;
	size_t low = 0, high = text.length;
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;
		while (middle > low && ((unsigned char)text.bytes[middle] & 0xc0) == 0x80)
			middle--;
		if (middle == low)
			break;
		if (printable_width(slice_part(text, 0, middle)) <= MOST_WIDTH - 2)
			low = middle;
		else
			high = middle;
	}
	text = slice_format(arena, "%.*s..", SLICE_FORMAT(slice_part(text, 0, low)));
	*width = printable_width(text);
	return text;
}

static void end_cell(struct reader *reader)
{
	if (!reader->in_cell)
		return;
	struct table_cell *cell = &reader->open;
	struct slice text = slice_trim(builder_slice(&reader->cell));
	cell->text = fitted(reader->arena, printable(reader->arena, slice_copy(reader->arena, text)), &cell->width);
	vector_push(reader->arena, &reader->table->cells, *cell);
	reader->cell.length = 0;
	reader->in_cell = reader->blank = false;
}

static void end_row(struct reader *reader)
{
	struct table *table = reader->table;
	end_cell(reader);
	if (table->column == 0)
		return;
	for (unsigned at = 0; at < table->columns; at++)
		table->taken[at] -= table->taken[at] > 0;
	table->rows++;
	table->column = 0;
}

/* A cell stands in the next column that none above reaches into. */
static void begin_cell(struct reader *reader, bool head, unsigned columns, unsigned rows)
{
	struct table *table = reader->table;
	end_cell(reader);
	while (table->column < MOST_COLUMNS && table->taken[table->column])
		table->column++;
	unsigned left = MOST_COLUMNS - table->column;
	if (left == 0)
		return;
	columns = columns < left ? columns : left;
	reader->open = (struct table_cell){.row = table->rows, .column = table->column, .columns = columns, .head = head};
	for (unsigned at = 0; at < columns; at++)
		table->taken[table->column + at] = rows;
	table->column += columns;
	table->columns = table->column > table->columns ? table->column : table->columns;
	reader->in_cell = true;
	reader->blank = false;
}

static void write_blanks(struct builder *out, size_t count)
{
	builder_add_format(out, "%*s", (int)count, "");
}

/* Widths of the columns, and which of them hold numbers and stand to the right. */
static void measure(const struct table *table, size_t *widths, bool *right)
{
	for (unsigned at = 0; at < table->columns; at++)
		right[at] = true;
	for (size_t at = 0; at < table->cells.count; at++) {
		const struct table_cell *cell = &table->cells.items[at];
		if (!cell->head && cell->text.length && !is_numeric(cell->text))
			right[cell->column] = false;
		if (cell->columns == 1 && cell->width > widths[cell->column])
			widths[cell->column] = cell->width;
	}
	for (size_t at = 0; at < table->cells.count; at++) {
		const struct table_cell *cell = &table->cells.items[at];
		size_t room = 0;
		for (unsigned column = 0; column < cell->columns; column++)
			room += widths[cell->column + column] + (column ? COLUMN_GAP : 0);
		if (cell->columns > 1 && cell->width > room)
			widths[cell->column + cell->columns - 1] += cell->width - room;
	}
	bool index = true; /* a first column of heads only names the rows */
	for (size_t at = 0; at < table->cells.count; at++)
		index &= table->cells.items[at].column > 0 || table->cells.items[at].head;
	right[0] &= !index;
}

static void write_table(struct reader *reader)
{
	struct table *table = reader->table;
	struct builder *out = &reader->out;
	size_t *widths = arena_array(reader->arena, MOST_COLUMNS, sizeof *widths);
	bool *right = arena_array(reader->arena, MOST_COLUMNS, sizeof *right);
	size_t cell_count = table->cells.count;
	if (cell_count == 0)
		return;
	measure(table, widths, right);
	for (size_t at = 0; at < cell_count && out->length < MOST_TEXT;) {
		size_t end = at, row = table->cells.items[at].row;
		bool head = true;
		for (; end < cell_count && table->cells.items[end].row == row; end++)
			head &= table->cells.items[end].head;
		builder_add_string(out, head ? "\x1b[1m" : "");
		unsigned column = 0;
		for (; at < end; at++) {
			const struct table_cell *cell = &table->cells.items[at];
			for (; column < cell->column; column++)
				write_blanks(out, widths[column] + COLUMN_GAP);
			size_t room = 0;
			for (unsigned span = 0; span < cell->columns; span++, column++)
				room += widths[column] + (span ? COLUMN_GAP : 0);
			size_t pad = room > cell->width ? room - cell->width : 0;
			bool to_right = right[cell->column] && cell->columns == 1;
			write_blanks(out, to_right ? pad : 0);
			builder_add(out, cell->text);
			write_blanks(out, to_right ? 0 : pad);
			write_blanks(out, at + 1 < end ? COLUMN_GAP : 0);
		}
		while (!head && out->length && out->bytes[out->length - 1] == ' ')
			out->length--;
		builder_add_string(out, head ? "\x1b[0m\n" : "\n");
	}
}

/* --- tags --- */

static bool is_named(struct slice name, const char *const *names)
{
	return slice_is_one_of(name, names);
}

/* The number that an attribute has in a tag, or 1. */
static unsigned span_of(struct slice tag, struct slice name)
{
	tag = slice_part(tag, 0, MOST_TAG);
	for (size_t at = slice_find(tag, '=', 0); at < tag.length; at = slice_find(tag, '=', at + 1)) {
		struct slice before = slice_trim(slice_part(tag, 0, at)),
		             after = slice_trim(slice_part(tag, at + 1, tag.length));
		if (!slice_ends(before, name))
			continue;
		unsigned number = 0;
		for (size_t digit = 0; digit < after.length; digit++) {
			char byte = after.bytes[digit];
			if ((byte == '"' || byte == '\'') && digit == 0)
				continue;
			if (byte < '0' || byte > '9' || number > MOST_SPAN)
				break;
			number = number * 10 + (unsigned)(byte - '0');
		}
		return number < 1 ? 1 : number > MOST_SPAN ? MOST_SPAN : number;
	}
	return 1;
}

static void table_tag(struct reader *reader, struct slice name, bool closing, struct slice tag)
{
	static const char *const ROWS[] = {"tr", "thead", "tbody", "tfoot", NULL}, *const CELLS[] = {"td", "th", NULL};
	if (slice_equal(name, SLICE("table"))) {
		if (!closing && reader->depth++ == 0) {
			break_line(reader);
			reader->table = arena_alloc(reader->arena, sizeof *reader->table);
		} else if (closing && reader->depth && --reader->depth == 0) {
			end_row(reader);
			write_table(reader);
			reader->table = NULL;
		}
	} else if (reader->depth > 1) {
		reader->blank = true; /* a table within a cell is a text */
	} else if (reader->depth == 1 && is_named(name, ROWS)) {
		end_row(reader);
	} else if (reader->depth == 1 && is_named(name, CELLS)) {
		if (closing)
			end_cell(reader);
		else
			begin_cell(reader, slice_equal(name, SLICE("th")), span_of(tag, SLICE("colspan")),
			           span_of(tag, SLICE("rowspan")));
	}
}

/* Skips what stands between a tag and its end, whose name is given. */
static void skip_to_end_of(struct reader *reader, struct slice name)
{
	struct slice html = reader->html;
	for (; reader->at < html.length; reader->at++) {
		reader->at = slice_find(html, '<', reader->at);
		struct slice rest = slice_part(html, reader->at + 1, reader->at + 2 + name.length);
		if (rest.length > name.length && rest.bytes[0] == '/') {
			bool same = true;
			for (size_t at = 0; at < name.length; at++)
				same &= (rest.bytes[at + 1] | 32) == name.bytes[at];
			if (same)
				return;
		}
	}
}

/* The end of a tag that begins at `at`: behind its >, unless that is quoted. */
static size_t tag_end(struct slice html, size_t at)
{
	char quote = 0, before = 0; /* before: the last byte that is no blank */
	for (; at < html.length; at++) {
		char byte = html.bytes[at];
		if (!quote && byte == '>')
			return at + 1;
		if (byte == quote)
			quote = 0;
		else if (!quote && before == '=' && (byte == '"' || byte == '\''))
			quote = byte;
		before = byte == ' ' || byte == '\n' ? before : byte;
	}
	return html.length;
}

static void read_tag(struct reader *reader)
{
	static const char *const BLOCKS[] = {"p",  "div", "br", "h1", "h2",  "h3", "h4",         "h5",      "h6",
	                                     "ul", "ol",  "hr", "dl", "pre", "dt", "blockquote", "section", NULL};
	static const char *const TABLES[] = {"table", "tr", "td", "th", "thead", "tbody", "tfoot", NULL},
	                         *const HIDDEN[] = {"script", "style", "title", NULL};
	struct slice html = reader->html, rest = slice_part(html, reader->at, html.length);
	if (slice_starts(rest, SLICE("<!--"))) {
		reader->at += 4;
		while (reader->at < html.length && !slice_starts(slice_part(html, reader->at, reader->at + 3), SLICE("-->")))
			reader->at = slice_find(html, '-', reader->at + 1);
		reader->at += reader->at < html.length ? 3 : 0;
		return;
	}
	size_t at = reader->at + 1;
	bool closing = at < html.length && html.bytes[at] == '/';
	at += closing;
	char bytes[MOST_NAME];
	struct slice name = {bytes, 0};
	bool letter = at < html.length && (html.bytes[at] | 32) >= 'a' && (html.bytes[at] | 32) <= 'z';
	bool declares = at < html.length && (html.bytes[at] == '!' || html.bytes[at] == '?');
	if (!letter && !declares) {
		put(reader, SLICE("<"));
		reader->at++;
		return;
	}
	for (; at < html.length && name.length < MOST_NAME; at++) {
		char byte = html.bytes[at], lower = (char)(byte | 32);
		bool digit = byte >= '0' && byte <= '9';
		if (!digit && (lower < 'a' || lower > 'z'))
			break;
		bytes[name.length++] = digit ? byte : lower;
	}
	size_t end = tag_end(html, at);
	struct slice tag = slice_part(html, at, end);
	reader->at = end;
	if (is_named(name, TABLES))
		table_tag(reader, name, closing, tag);
	else if (is_named(name, BLOCKS))
		break_line(reader);
	if (slice_equal(name, SLICE("pre")))
		reader->in_pre = !closing;
	if (slice_equal(name, SLICE("li")) && !closing) {
		break_line(reader);
		put(reader, SLICE("- "));
	}
	if (!closing && is_named(name, HIDDEN))
		skip_to_end_of(reader, name);
}

struct slice html_text(struct arena *arena, struct slice html)
{
	struct reader reader = {.arena = arena, .html = html, .out = {.arena = arena}, .cell = {.arena = arena}};
	while (reader.at < html.length) {
		if (html.bytes[reader.at] == '<')
			read_tag(&reader);
		else
			read_text(&reader);
	}
	if (reader.table) {
		end_row(&reader);
		reader.in_cell = false;
		write_table(&reader);
	}
	return builder_slice(&reader.out);
}

bool html_has_table(struct slice html)
{
	for (size_t at = slice_find(html, '<', 0); at < html.length; at = slice_find(html, '<', at + 1)) {
		struct slice name = slice_part(html, at + 1, at + 6);
		bool same = name.length == 5;
		for (size_t byte = 0; same && byte < 5; byte++)
			same = (name.bytes[byte] | 32) == "table"[byte];
		if (same)
			return true;
	}
	return false;
}
