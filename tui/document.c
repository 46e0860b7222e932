#include "tui/document.h"

#include <stdarg.h>
#include <string.h>

#include "tui/terminal.h"

/* Column 0 is the cursor's; text begins behind a blank. */
enum { TEXT_COLUMN = 2, TAB_STOP = 8, RULE_COLUMNS = 24, LARGEST_LEFT = 1 << 24 };

struct document *document_new(struct arena *arena, int columns, bool wrap)
{
	struct document *document = arena_alloc(arena, sizeof *document);
	document->arena = arena;
	document->columns = columns > TEXT_COLUMN + 8 ? columns : TEXT_COLUMN + 8;
	document->wrap = wrap;
	return document;
}

int document_room(const struct document *document)
{
	return document->columns - TEXT_COLUMN;
}

static void line_push(struct arena *arena, struct line *line, struct look look, struct slice text)
{
	struct piece piece = {.text = text, .look = look};
	if (text.length)
		vector_push(arena, line, piece);
}

void line_add(struct arena *arena, struct line *line, enum slot slot, struct slice text)
{
	line_push(arena, line, look_of(slot), printable(arena, text));
}

void line_add_look(struct arena *arena, struct line *line, struct look look, struct slice text)
{
	line_push(arena, line, look, printable(arena, text));
}

void line_format(struct arena *arena, struct line *line, enum slot slot, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	line_add(arena, line, slot, slice_format_list(arena, format, arguments));
	va_end(arguments);
}

static struct row *add_row(struct document *document, enum row_kind kind)
{
	struct row *row = vector_add(document->arena, &document->rows);
	row->kind = kind;
	row->area = (uint8_t)document->area;
	return row;
}

void document_begin_part(struct document *document, size_t part, enum row_area area)
{
	struct document_part begun = {document->rows.count, part};
	vector_push(document->arena, &document->parts, begun);
	document->area = area;
}

size_t document_part_of(const struct document *document, size_t row)
{
	size_t low = 0, high = document->parts.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (document->parts.items[middle].row <= row)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : document->parts.count;
}

size_t document_line_start(const struct document *document, size_t row)
{
	while (row > 0 && row < document->rows.count && document->rows.items[row].continues)
		row--;
	return row;
}

const struct link_target *document_links(const struct document *document, size_t row, size_t *count)
{
	size_t start = document_line_start(document, row), first = 0, end;
	while (first < document->links.count && document->links.items[first].row < start)
		first++;
	for (end = first; end < document->links.count && document->links.items[end].row == start; end++)
		;
	*count = end - first;
	return document->links.items ? document->links.items + first : NULL;
}

void document_add(struct document *document, struct line line)
{
	add_row(document, ROW_PIECES)->of.pieces = line;
}

void document_add_blank(struct document *document)
{
	add_row(document, ROW_PIECES);
}

void document_add_title(struct document *document, enum slot slot, struct slice text, struct slice rule)
{
	struct line line = {0};
	line_add(document->arena, &line, slot, text);
	line_add(document->arena, &line, slot, SLICE(" "));
	struct builder dashes = {.arena = document->arena};
	int room = document->columns - TEXT_COLUMN - text_columns(text) - 1;
	room = room < RULE_COLUMNS ? room : RULE_COLUMNS; /* three bytes each over a slow line */
	for (int width = text_columns(rule); width > 0 && room >= width; room -= width)
		builder_add(&dashes, rule);
	line_add(document->arena, &line, SLOT_RULE, builder_slice(&dashes));
	document_add(document, line);
}

/* --- wrapping --- */

/* A place in a line: a piece, and the bytes of it that lie before the place. */
struct line_place {
	size_t piece, offset;
};

/* The part of a line from a place on, `length` bytes long; moves the place behind it. */
static struct line line_part(struct arena *arena, const struct line *line, struct line_place *place, size_t length)
{
	struct line part = {0};
	while (place->piece < line->count) {
		const struct piece *piece = &line->items[place->piece];
		size_t left = piece->text.length - place->offset, take = left < length ? left : length;
		line_push(arena, &part, piece->look, slice_part(piece->text, place->offset, place->offset + take));
		length -= take;
		place->offset += take;
		if (place->offset < piece->text.length)
			break;
		*place = (struct line_place){place->piece + 1, 0};
	}
	return part;
}

static struct slice line_text(struct arena *arena, struct line line)
{
	if (line.count == 1)
		return line.items[0].text;
	struct builder text = {.arena = arena};
	for (size_t at = 0; at < line.count; at++)
		builder_add(&text, line.items[at].text);
	return builder_slice(&text);
}

static size_t skip_blanks(struct slice text, size_t offset)
{
	while (offset < text.length && text.bytes[offset] == ' ')
		offset++;
	return offset;
}

/* How much of the text, from `start` on, stands on a row of `room` columns;
 * `*next` is where the row after it begins. */
static size_t row_end(struct slice text, size_t start, int room, bool at_words, size_t *next)
{
	struct slice rest = slice_part(text, start, text.length);
	size_t fit = text_fit(rest, room);
	if (fit == 0) /* a wide character in a single column */
		fit = text_fit(rest, 2);
	size_t cut = fit;
	if (at_words && skip_blanks(rest, fit) == rest.length) {
		*next = text.length;
		return start + fit;
	}
	if (at_words && fit < rest.length) {
		while (cut > 0 && rest.bytes[cut] != ' ')
			cut--;
		if (cut == 0) /* a word wider than the row */
			cut = fit;
	}
	*next = start + (at_words && cut < rest.length ? skip_blanks(rest, cut) : cut);
	return start + cut;
}

/* Cuts a line into rows, which are like the given one except that a line number
 * stands beside the first only. */
static void add_wrapped(struct document *document, struct line line, int indent, bool at_words, struct row like)
{
	struct arena *arena = document->arena;
	int room = document->columns - TEXT_COLUMN - (like.line && document->number_width ? document->number_width + 1 : 0);
	if (room < 4)
		room = 4;
	if (indent > room / 2)
		indent = room / 2;
	struct slice text = line_text(arena, line);
	struct line_place place = {0};
	size_t start = 0;
	do {
		size_t next = text.length;
		size_t end = row_end(text, start, room - (start ? indent : 0), at_words, &next);
		struct row *row = add_row(document, ROW_PIECES);
		row->line = like.line;
		row->continues = start > 0;
		row->failed = like.failed && start == 0;
		struct line part = {0};
		if (start && indent)
			line_format(arena, &part, SLOT_TEXT, "%*s", indent, "");
		struct line body = line_part(arena, &line, &place, end - start);
		for (size_t at = 0; at < body.count; at++)
			vector_push(arena, &part, body.items[at]);
		line_part(arena, &line, &place, next - end);
		row->of.pieces = part;
		start = next;
	} while (start < text.length);
}

void document_add_prose(struct document *document, struct line line, int indent)
{
	add_wrapped(document, line, indent, true, (struct row){0});
}

/* --- source --- */

static const uint8_t TOKEN_SLOTS[] = {
    [TOKEN_PLAIN] = SLOT_TEXT,          [TOKEN_KEYWORD] = SLOT_KEYWORD,       [TOKEN_NAME] = SLOT_NAME,
    [TOKEN_BUILTIN] = SLOT_BUILTIN,     [TOKEN_DEFINITION] = SLOT_DEFINITION, [TOKEN_STRING] = SLOT_STRING,
    [TOKEN_NUMBER] = SLOT_LITERAL,      [TOKEN_OPERATOR] = SLOT_OPERATOR,     [TOKEN_COMMENT] = SLOT_COMMENT,
    [TOKEN_DECORATOR] = SLOT_DECORATOR, [TOKEN_MAGIC] = SLOT_MAGIC,           [TOKEN_ERROR] = SLOT_INVALID,
};

static struct look token_look(const struct document *document, const struct token_span *token)
{
	size_t low = 0, high = document->name_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (document->names[middle].span.start < token->span.start)
			low = middle + 1;
		else
			high = middle;
	}
	bool named = low < document->name_count && document->names[low].span.start == token->span.start;
	struct look look = look_of(TOKEN_SLOTS[token->class]);
	if (!named)
		return look;
	const struct look *own = &document->names[low].look;
	look.slot = own->slot == SLOT_TEXT ? look.slot : own->slot;
	look.attributes = own->attributes;
	return look;
}

/* Appends source text, with tabs as blanks up to the next stop. */
static void add_source_text(struct arena *arena, struct line *line, int *column, struct look look, struct slice text)
{
	while (text.length) {
		size_t tab = slice_find(text, '\t', 0);
		struct slice shown = printable(arena, slice_part(text, 0, tab));
		line_push(arena, line, look, shown);
		*column += text_columns(shown);
		if (tab < text.length) {
			int blanks = TAB_STOP - *column % TAB_STOP;
			line_format(arena, line, (enum slot)look.slot, "%*s", blanks, "");
			*column += blanks;
		}
		text = slice_part(text, tab + 1, text.length);
	}
}

static struct line source_line(const struct document *document, struct arena *arena, uint32_t start, uint32_t end,
                               uint32_t token)
{
	struct line line = {0};
	int column = 0;
	uint32_t at = start;
	for (; token < document->token_count && document->tokens[token].span.start < end; token++) {
		struct span span = document->tokens[token].span;
		uint32_t from = span.start > at ? span.start : at, to = span.end < end ? span.end : end;
		if (to <= from)
			continue;
		add_source_text(arena, &line, &column, look_of(SLOT_TEXT), slice_part(document->source, at, from));
		add_source_text(arena, &line, &column, token_look(document, &document->tokens[token]),
		                slice_part(document->source, from, to));
		at = to;
	}
	add_source_text(arena, &line, &column, look_of(SLOT_TEXT), slice_part(document->source, at, end));
	return line;
}

/* Whether the source's line surely takes no more columns than it has bytes. */
static bool is_plain(struct slice text)
{
	for (size_t at = 0; at < text.length; at++) {
		if (text.bytes[at] < ' ' || text.bytes[at] == 0x7f)
			return false;
	}
	return true;
}

static int digits(size_t number)
{
	int count = 1;
	for (; number >= 10; number /= 10)
		count++;
	return count;
}

static void add_source_line(struct document *document, uint32_t start, uint32_t end, uint32_t token, struct row like)
{
	struct slice text = slice_part(document->source, start, end);
	int room = document->columns - TEXT_COLUMN - (document->number_width ? document->number_width + 1 : 0);
	if (document->wrap && !(is_plain(text) && text.length <= (size_t)(room > 0 ? room : 0))) {
		add_wrapped(document, source_line(document, document->arena, start, end, token), 0, false, like);
		return;
	}
	like.kind = ROW_SOURCE;
	like.area = (uint8_t)document->area;
	like.scrolls = !document->wrap;
	like.of.source.start = start;
	like.of.source.end = end;
	like.of.source.token = token;
	vector_push(document->arena, &document->rows, like);
}

/* Leaves only names that are tokens of the source: those inside of strings are not drawn. */
static void match_names(struct document *document)
{
	size_t kept = 0, token = 0;
	for (size_t at = 0; at < document->name_count; at++) {
		uint32_t start = document->names[at].span.start;
		while (token < document->token_count && document->tokens[token].span.start < start)
			token++;
		if (token < document->token_count && document->tokens[token].span.start == start)
			document->names[kept++] = document->names[at];
	}
	document->name_count = kept;
}

void document_add_source(struct document *document, struct slice source, bool python, bool numbers, uint32_t failed)
{
	document->source = slice_part(source, 0, UINT32_MAX);
	if (python)
		document->tokens = python_highlight(document->arena, document->source, true, &document->token_count);
	match_names(document);
	size_t lines = 1;
	for (size_t at = slice_find(source, '\n', 0); at + 1 < source.length; at = slice_find(source, '\n', at + 1))
		lines++;
	document->number_width = numbers ? digits(lines) : 0;
	uint32_t token = 0, number = 0;
	struct slice rest = document->source, line;
	while (slice_next_line(&rest, &line)) {
		uint32_t start = (uint32_t)(line.bytes - document->source.bytes), end = start + (uint32_t)line.length;
		while (token < document->token_count && document->tokens[token].span.end <= start)
			token++;
		number++;
		add_source_line(document, start, end, token, (struct row){.line = number, .failed = number == failed});
	}
}

size_t document_row_of(const struct document *document, uint32_t offset)
{
	size_t line = 1 + slice_count(slice_part(document->source, 0, offset), '\n');
	size_t row = 0;
	while (row < document->rows.count && document->rows.items[row].line != line)
		row++;
	return row;
}

/* --- outputs --- */

static struct line styled_line(struct arena *arena, const struct styled_line *styled, enum slot slot)
{
	struct line line = {0};
	for (size_t at = 0; at < styled->count; at++)
		line_push(arena, &line, look_styled(slot, styled->pieces[at].style), styled->pieces[at].text);
	return line;
}

void document_add_styled(struct document *document, const struct styled_line *lines, size_t count, enum slot slot)
{
	for (size_t at = 0; at < count; at++) {
		if (document->wrap) {
			add_wrapped(document, styled_line(document->arena, &lines[at], slot), 0, false, (struct row){0});
			continue;
		}
		struct row *row = add_row(document, ROW_STYLED);
		row->scrolls = true;
		row->slot = (uint8_t)slot;
		row->of.styled = &lines[at];
	}
}

/* --- reading rows --- */

static struct line row_line(const struct document *document, struct arena *arena, const struct row *row)
{
	switch (row->kind) {
	case ROW_STYLED: return styled_line(arena, row->of.styled, row->slot);
	case ROW_SOURCE:
		return source_line(document, arena, row->of.source.start, row->of.source.end, row->of.source.token);
	case ROW_PIECES: break;
	}
	return row->of.pieces;
}

struct slice document_row_text(const struct document *document, struct arena *arena, size_t row)
{
	return line_text(arena, row_line(document, arena, &document->rows.items[row]));
}

/* Whether a search that looks for names looks at a piece of a source. */
static bool is_name(const struct piece *piece)
{
	static const enum slot NAMES[] = {SLOT_NAME,     SLOT_DEFINITION, SLOT_BUILTIN, SLOT_CULPRIT,
	                                  SLOT_POSSIBLE, SLOT_BROKEN,     SLOT_LOST};
	for (size_t at = 0; at < sizeof NAMES / sizeof *NAMES; at++) {
		if (piece->look.slot == NAMES[at])
			return true;
	}
	return false;
}

/* Whether a search looks at a row at all. */
static bool is_searched(const struct row *row, const struct search *search)
{
	enum search_scope scope = search_scope(search);
	switch ((enum row_area)row->area) {
	case AREA_TEXT: return true;
	case AREA_HEAD: return false;
	case AREA_SOURCE: return scope != SEARCH_OUTPUTS;
	case AREA_OUTPUT: return scope == SEARCH_ALL || scope == SEARCH_OUTPUTS;
	}
	return true;
}

static bool row_matches(const struct document *document, struct arena *scratch, const struct row *row,
                        const struct search *search)
{
	size_t start, end;
	if (!is_searched(row, search))
		return false;
	struct line line = row_line(document, scratch, row);
	if (row->area != AREA_SOURCE || search_scope(search) != SEARCH_NAMES)
		return search_find(search, line_text(scratch, line), 0, &start, &end);
	for (size_t at = 0; at < line.count; at++) {
		if (is_name(&line.items[at]) && search_find(search, line.items[at].text, 0, &start, &end))
			return true;
	}
	return false;
}

size_t document_search(const struct document *document, const struct search *search, size_t from, bool back)
{
	enum { SCRATCH_LIMIT = 1 << 20 };
	size_t count = document->rows.count, found = count;
	struct arena *scratch = terminal_arena();
	for (size_t at = from; at < count && found == count; at = back ? at - 1 : at + 1) {
		/* Before the first row, `at` wraps around to a number past the last. */
		if (row_matches(document, scratch, &document->rows.items[at], search))
			found = at;
		if (arena_used(scratch) > SCRATCH_LIMIT) {
			arena_free(scratch);
			scratch = terminal_arena();
		}
	}
	arena_free(scratch);
	return found;
}

static int text_column(const struct document *document, const struct row *row)
{
	return TEXT_COLUMN + (row->line && document->number_width ? document->number_width + 1 : 0);
}

int document_row_overhang(const struct document *document, struct arena *frame, size_t row, int columns)
{
	const struct row *which = &document->rows.items[row];
	int overhang = which->scrolls
	                   ? text_columns(document_row_text(document, frame, row)) + text_column(document, which) - columns
	                   : 0;
	return overhang < 0 ? 0 : overhang > LARGEST_LEFT ? LARGEST_LEFT : overhang;
}

/* --- drawing --- */

/* Draws a line whose matches are marked; returns the column behind it. */
static int draw_line(struct pane pane, int row, int column, struct arena *frame, struct line line,
                     const struct search *search)
{
	struct slice text = search ? line_text(frame, line) : (struct slice){0};
	size_t at = 0, match_start = 0, match_end = 0; /* bytes of the text */
	bool found = search_find(search, text, 0, &match_start, &match_end);
	for (size_t piece = 0; piece < line.count && column <= pane.columns; piece++) {
		struct slice rest = line.items[piece].text;
		while (rest.length) {
			while (found && match_end <= at)
				found = search_find(search, text, match_end, &match_start, &match_end);
			bool inside = found && at >= match_start;
			size_t end = !found ? at + rest.length : inside ? match_end : match_start;
			size_t take = end - at < rest.length ? end - at : rest.length;
			struct look look = inside ? look_of(SLOT_MATCH) : line.items[piece].look;
			column = pane_text(pane, row, column, look, slice_part(rest, 0, take));
			rest = slice_part(rest, take, rest.length);
			at += take;
		}
	}
	return column;
}

static void draw_row(const struct document *document, struct arena *frame, struct pane pane, int y,
                     const struct row *row, int left, const struct search *search, struct slice cut)
{
	int column = text_column(document, row);
	if (row->line && document->number_width && !row->continues)
		pane_text(pane, y, TEXT_COLUMN - 1, look_of(row->failed ? SLOT_FAILED : SLOT_LINE_NUMBER),
		          slice_format(frame, "%*u", document->number_width + 1, row->line));
	struct pane text = pane_part(pane, y, column, 1, pane.columns);
	struct line line = row_line(document, frame, row);
	int end = row->scrolls ? -left : 0;
	if (!is_searched(row, search))
		search = NULL;
	if (search && row->area == AREA_SOURCE && search_scope(search) == SEARCH_NAMES) {
		for (size_t at = 0; at < line.count && end <= text.columns; at++)
			end = draw_line(text, 0, end, frame, (struct line){&line.items[at], 1, 1},
			                is_name(&line.items[at]) ? search : NULL);
	} else {
		end = draw_line(text, 0, end, frame, line, search);
	}
	if (end > text.columns && text.columns > 0)
		pane_text(text, 0, text.columns - 1, look_of(SLOT_MORE), cut);
}

void document_draw(const struct document *document, struct arena *frame, struct pane pane, const struct list *list,
                   int left, bool focused, const struct search *search, const struct theme *theme, bool ascii)
{
	for (int y = 0; y < pane.rows && list->top + (size_t)y < document->rows.count; y++) {
		size_t at = list->top + (size_t)y;
		const struct row *row = &document->rows.items[at];
		draw_row(document, frame, pane, y, row, left, search, theme->glyphs[GLYPH_CUT][ascii]);
		if (focused && at == list->cursor)
			pane_text(pane, y, 0, look_of(SLOT_CURSOR), theme->glyphs[GLYPH_CURSOR][ascii]);
		if (row->failed)
			pane_text(pane, y, 1, look_of(SLOT_FAILED), theme->glyphs[GLYPH_FAILED][ascii]);
	}
}
