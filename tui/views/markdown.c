#include "tui/views/markdown.h"

#ifdef WITH_MARKDOWN

#include <md4c.h>

#include "base/utf8.h"

enum { INDENT_LIMIT = 24, LEAST_COLUMN = 3, COLUMN_GAP = 3, COLUMN_LIMIT = 64 };

struct table_row {
	struct line *items; /* cells */
	size_t count, capacity;
};

/* What the callbacks of the parser build up. */
struct writer {
	struct document *document;
	struct slice bullet, bar, rule;
	struct line line;               /* under construction */
	struct look look;               /* of the text that comes next */
	int indent;                     /* of the block under way */
	struct slice marker;            /* of the list item that begins, until it is drawn */
	VECTOR(struct look) outer;      /* looks of the spans around this one */
	VECTOR(int) indents;            /* of the lists and quotations around */
	VECTOR(size_t) numbers;         /* of the lists around: the next item's, or 0 for bullets */
	VECTOR(struct table_row) table; /* while in one */
	bool in_code, in_html, in_table, any;
	struct slice target; /* of the link under way */
	size_t link_start;   /* pieces of the line before the link's text */
};

static void add(struct writer *writer, struct look look, struct slice text)
{
	struct line *line = &writer->line;
	if (writer->in_table && writer->table.count) {
		struct table_row *row = &writer->table.items[writer->table.count - 1];
		if (row->count)
			line = &row->items[row->count - 1];
	}
	line_add_look(writer->document->arena, line, look, text);
}

/* Ends the row of prose that was built, with the marker of its item before it. */
static void flush(struct writer *writer)
{
	struct arena *arena = writer->document->arena;
	struct line line = {0};
	if (writer->line.count == 0 && writer->marker.length == 0)
		return;
	int marker = text_columns(writer->marker), blanks = writer->indent - marker;
	line_format(arena, &line, SLOT_TEXT, "%*s", blanks > 0 ? blanks : 0, "");
	line_add(arena, &line, SLOT_KEY, writer->marker);
	for (size_t at = 0; at < writer->line.count; at++)
		vector_push(arena, &line, writer->line.items[at]);
	document_add_prose(writer->document, line, writer->indent);
	writer->line = (struct line){0};
	writer->marker = (struct slice){0};
	writer->any = true;
}

/* Blocks stand apart, but items of a list close together. */
static void begin_block(struct writer *writer)
{
	flush(writer);
	if (writer->any && writer->numbers.count == 0)
		document_add_blank(writer->document);
	writer->any = false;
}

/* --- tables --- */

static int line_columns(const struct line *line)
{
	int columns = 0;
	for (size_t at = 0; at < line->count && columns < 1 << 16; at++)
		columns += text_columns(line->items[at].text);
	return columns;
}

/* Adds a cell, cut to its width and padded. */
static void add_cell(struct writer *writer, struct line *row, const struct line *cell, int width)
{
	struct arena *arena = writer->document->arena;
	for (size_t at = 0; at < cell->count && width > 0; at++) {
		struct slice text = cell->items[at].text;
		struct slice shown = slice_part(text, 0, text_fit(text, width));
		line_add_look(arena, row, cell->items[at].look, shown);
		width -= text_columns(shown);
		if (shown.length < text.length)
			break;
	}
	line_format(arena, row, SLOT_TEXT, "%*s", width, "");
}

/* The widest columns give way until the table fits. */
static void fit_widths(int *widths, size_t columns, int room)
{
	int total = 0;
	for (size_t at = 0; at < columns; at++)
		total += widths[at] + COLUMN_GAP;
	while (total > room) {
		size_t widest = 0;
		for (size_t at = 1; at < columns; at++)
			widest = widths[at] > widths[widest] ? at : widest;
		if (widths[widest] <= LEAST_COLUMN)
			return;
		widths[widest]--;
		total--;
	}
}

static void add_table(struct writer *writer)
{
	struct arena *arena = writer->document->arena;
	int widths[COLUMN_LIMIT] = {0};
	size_t columns = 0;
	for (size_t row = 0; row < writer->table.count; row++) {
		for (size_t at = 0; at < writer->table.items[row].count && at < COLUMN_LIMIT; at++) {
			int width = line_columns(&writer->table.items[row].items[at]);
			widths[at] = width > widths[at] ? width : widths[at];
			columns = at + 1 > columns ? at + 1 : columns;
		}
	}
	int room = document_room(writer->document) - writer->indent;
	fit_widths(widths, columns, room);
	for (size_t row = 0; row < writer->table.count; row++) {
		struct line line = {0}, rule = {0};
		line_format(arena, &line, SLOT_TEXT, "%*s", writer->indent, "");
		line_format(arena, &rule, SLOT_TEXT, "%*s", writer->indent, "");
		for (size_t at = 0; at < columns; at++) {
			static const struct line EMPTY = {0};
			bool has = at < writer->table.items[row].count;
			if (at)
				line_format(arena, &line, SLOT_RULE, " %.*s ", SLICE_FORMAT(writer->bar));
			add_cell(writer, &line, has ? &writer->table.items[row].items[at] : &EMPTY, widths[at]);
			for (int dash = at ? -COLUMN_GAP : 0; dash < widths[at]; dash++)
				line_add(arena, &rule, SLOT_RULE, writer->rule);
		}
		document_add(writer->document, line);
		if (row == 0)
			document_add(writer->document, rule);
	}
	writer->table.count = 0;
	writer->any = true;
}

/* --- blocks --- */

static void begin_item(struct writer *writer, const MD_BLOCK_LI_DETAIL *detail)
{
	struct arena *arena = writer->document->arena;
	size_t *number = writer->numbers.count ? &writer->numbers.items[writer->numbers.count - 1] : NULL;
	flush(writer);
	if (number && *number)
		writer->marker = slice_format(arena, "%zu. ", (*number)++ - 1);
	else
		writer->marker = slice_format(arena, "%.*s ", SLICE_FORMAT(writer->bullet));
	if (detail->is_task)
		add(writer, look_of(SLOT_KEY), detail->task_mark == ' ' ? SLICE("[ ] ") : SLICE("[x] "));
}

static void deepen(struct writer *writer, int columns)
{
	vector_push(writer->document->arena, &writer->indents, writer->indent);
	writer->indent += writer->indent < INDENT_LIMIT ? columns : 0;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct writer *writer = context;
	struct arena *arena = writer->document->arena;
	switch (type) {
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
		if (writer->numbers.count == 0)
			begin_block(writer);
		flush(writer);
		vector_push(arena, &writer->numbers,
		            type == MD_BLOCK_OL ? ((MD_BLOCK_OL_DETAIL *)detail)->start + (size_t)1 : 0);
		deepen(writer, type == MD_BLOCK_OL ? 3 : 2);
		break;
	case MD_BLOCK_LI: begin_item(writer, detail); break;
	case MD_BLOCK_QUOTE:
		begin_block(writer);
		deepen(writer, 2);
		writer->marker = slice_format(arena, "%.*s ", SLICE_FORMAT(writer->bar));
		vector_push(arena, &writer->outer, writer->look);
		writer->look.attributes |= ATTRIBUTE_ITALIC;
		break;
	case MD_BLOCK_H:
		begin_block(writer);
		writer->look = look_of(SLOT_HEADING);
		for (unsigned level = 0; level < ((MD_BLOCK_H_DETAIL *)detail)->level; level++)
			add(writer, look_of(SLOT_HEADING), SLICE("#"));
		add(writer, look_of(SLOT_HEADING), SLICE(" "));
		break;
	case MD_BLOCK_P:
		if (writer->marker.length == 0)
			begin_block(writer);
		break;
	case MD_BLOCK_HR:
		begin_block(writer);
		for (int column = document_room(writer->document) / 2; column > 0; column--)
			add(writer, look_of(SLOT_RULE), writer->rule);
		flush(writer);
		break;
	case MD_BLOCK_CODE:
	case MD_BLOCK_HTML:
		begin_block(writer);
		writer->in_code = true;
		writer->look = look_of(type == MD_BLOCK_CODE ? SLOT_STRING : SLOT_DIM);
		break;
	case MD_BLOCK_TABLE:
		begin_block(writer);
		writer->in_table = true;
		break;
	case MD_BLOCK_TR: vector_add(arena, &writer->table); break;
	case MD_BLOCK_TH: writer->look = look_of(SLOT_STRONG); /* fall through */
	case MD_BLOCK_TD: vector_add(arena, &writer->table.items[writer->table.count - 1]); break;
	default: break;
	}
	return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct writer *writer = context;
	(void)detail;
	switch (type) {
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
		flush(writer);
		writer->numbers.count--;
		writer->indent = writer->indents.items[--writer->indents.count];
		break;
	case MD_BLOCK_QUOTE:
		flush(writer);
		writer->indent = writer->indents.items[--writer->indents.count];
		writer->look = writer->outer.items[--writer->outer.count];
		break;
	case MD_BLOCK_H:
	case MD_BLOCK_CODE:
	case MD_BLOCK_HTML:
		flush(writer);
		writer->in_code = false;
		writer->look = look_of(SLOT_TEXT);
		break;
	case MD_BLOCK_TABLE:
		writer->in_table = false;
		add_table(writer);
		break;
	case MD_BLOCK_TH: writer->look = look_of(SLOT_TEXT); break;
	case MD_BLOCK_P:
	case MD_BLOCK_LI: flush(writer); break;
	default: break;
	}
	return 0;
}

/* --- spans --- */

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct writer *writer = context;
	struct arena *arena = writer->document->arena;
	vector_push(arena, &writer->outer, writer->look);
	switch (type) {
	case MD_SPAN_EM: writer->look.attributes |= ATTRIBUTE_ITALIC; break;
	case MD_SPAN_STRONG: writer->look.attributes |= ATTRIBUTE_BOLD; break;
	case MD_SPAN_DEL: writer->look.attributes |= ATTRIBUTE_DIM; break;
	case MD_SPAN_CODE:
		writer->look = look_of(SLOT_STRING);
		add(writer, look_of(SLOT_DIM), SLICE("`"));
		break;
	case MD_SPAN_LATEXMATH:
	case MD_SPAN_LATEXMATH_DISPLAY: writer->look = look_of(SLOT_LITERAL); break;
	case MD_SPAN_A: {
		const MD_ATTRIBUTE *target = &((MD_SPAN_A_DETAIL *)detail)->href;
		writer->look.attributes |= ATTRIBUTE_UNDERLINE;
		/* The parser's own memory, which it gives up soon. */
		writer->target = slice_copy(arena, (struct slice){target->text, target->size});
		writer->link_start = writer->line.count;
		break;
	}
	case MD_SPAN_IMG: {
		const MD_ATTRIBUTE *source = &((MD_SPAN_IMG_DETAIL *)detail)->src;
		struct slice text = slice_copy(arena, (struct slice){source->text, source->size});
		enum { ENOUGH = 60 /* bytes of an address; one may hold the whole image */ };
		writer->look = look_of(SLOT_LABEL);
		add(writer, writer->look, SLICE("[image "));
		add(writer, writer->look, slice_part(text, 0, text_fit(slice_part(text, 0, 4096), ENOUGH)));
		add(writer, writer->look, text.length > ENOUGH ? SLICE("... ") : SLICE(" "));
		break;
	}
	default: break;
	}
	return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct writer *writer = context;
	(void)detail;
	if (type == MD_SPAN_IMG)
		add(writer, writer->look, SLICE("]"));
	if (type == MD_SPAN_CODE)
		add(writer, look_of(SLOT_DIM), SLICE("`"));
	writer->look = writer->outer.items[--writer->outer.count];
	if (type != MD_SPAN_A || writer->in_table)
		return 0;
	struct link_target link = {writer->document->rows.count, writer->target};
	if (link.target.length)
		vector_push(writer->document->arena, &writer->document->links, link);
	/* A link whose text is its target needs no more. */
	const struct line *line = &writer->line;
	bool same = line->count == writer->link_start + 1 && slice_equal(line->items[line->count - 1].text, writer->target);
	if (!same && writer->target.length) {
		add(writer, look_of(SLOT_DIM), SLICE(" ("));
		add(writer, look_of(SLOT_DIM), writer->target);
		add(writer, look_of(SLOT_DIM), SLICE(")"));
	}
	return 0;
}

/* --- text --- */

/* The character that an entity such as &amp; or &#8212; stands for; itself when it is not known. */
static struct slice entity_text(struct arena *arena, struct slice entity)
{
	static const struct {
		const char *name, *text;
	} NAMED[] = {{"&amp;", "&"},        {"&lt;", "<"},         {"&gt;", ">"},
	             {"&quot;", "\""},      {"&nbsp;", " "},       {"&copy;", "\u00a9"},
	             {"&mdash;", "\u2014"}, {"&ndash;", "\u2013"}, {"&hellip;", "\u2026"}};
	for (size_t at = 0; at < sizeof NAMED / sizeof *NAMED; at++) {
		if (slice_equal(entity, slice_of(NAMED[at].name)))
			return slice_of(NAMED[at].text);
	}
	bool hexadecimal = entity.length > 3 && (entity.bytes[2] | 0x20) == 'x';
	uint32_t number = 0;
	for (size_t at = hexadecimal ? 3 : 2; entity.length > 3 && entity.bytes[1] == '#' && at + 1 < entity.length; at++) {
		char digit = entity.bytes[at];
		uint32_t value = digit <= '9' ? (uint32_t)(digit - '0') : (uint32_t)((digit | 0x20) - 'a' + 10);
		number = number < 0x110000 ? number * (hexadecimal ? 16 : 10) + value : number;
	}
	char bytes[UTF8_MAX];
	if (number == 0 || number > 0x10ffff || (number >= 0xd800 && number < 0xe000))
		return entity;
	return slice_copy(arena, (struct slice){bytes, utf8_encode(number, bytes)});
}

/* Lines of a block of code or of HTML, each a row of its own. */
static void add_lines(struct writer *writer, struct slice text)
{
	while (text.length) {
		size_t end = slice_find(text, '\n', 0);
		add(writer, writer->look, slice_part(text, 0, end));
		if (end < text.length) {
			struct line line = {0};
			line_format(writer->document->arena, &line, SLOT_TEXT, "%*s", writer->indent + 2, "");
			for (size_t at = 0; at < writer->line.count; at++)
				vector_push(writer->document->arena, &line, writer->line.items[at]);
			document_add(writer->document, line);
			writer->line = (struct line){0};
			writer->any = true;
		}
		text = slice_part(text, end + 1, text.length);
	}
}

static int add_text(MD_TEXTTYPE type, const MD_CHAR *bytes, MD_SIZE size, void *context)
{
	struct writer *writer = context;
	struct slice text = {bytes, size};
	switch (type) {
	case MD_TEXT_BR:
		if (writer->in_table)
			add(writer, writer->look, SLICE(" "));
		else
			flush(writer);
		break;
	case MD_TEXT_SOFTBR: add(writer, writer->look, SLICE(" ")); break;
	case MD_TEXT_NULLCHAR: add(writer, writer->look, SLICE("\xef\xbf\xbd")); break;
	case MD_TEXT_ENTITY: add(writer, writer->look, entity_text(writer->document->arena, text)); break;
	case MD_TEXT_HTML:
		if (writer->in_code)
			add_lines(writer, text);
		else
			add(writer, look_of(SLOT_DIM), text);
		break;
	default:
		if (writer->in_code)
			add_lines(writer, text);
		else
			add(writer, writer->look, text);
		break;
	}
	return 0;
}

void markdown_add(struct document *document, struct slice source, struct slice bullet, struct slice bar,
                  struct slice rule)
{
	struct writer writer = {
	    .document = document, .bullet = bullet, .bar = bar, .rule = rule, .look = look_of(SLOT_TEXT)};
	static const MD_PARSER PARSER = {.flags = MD_DIALECT_GITHUB | MD_FLAG_LATEXMATHSPANS,
	                                 .enter_block = enter_block,
	                                 .leave_block = leave_block,
	                                 .enter_span = enter_span,
	                                 .leave_span = leave_span,
	                                 .text = add_text};
	source = slice_part(source, 0, UINT32_MAX);
	md_parse(source.bytes, (MD_SIZE)source.length, &PARSER, &writer);
	flush(&writer);
}

#else

enum { INDENT_LIMIT = 40 };

static bool is_fence(struct slice text)
{
	return slice_starts(text, SLICE("```")) || slice_starts(text, SLICE("~~~"));
}

/* By how much the later rows of a list item or quotation are indented. */
static int prose_indent(struct slice line)
{
	size_t at = 0;
	while (at < line.length && line.bytes[at] == ' ')
		at++;
	struct slice rest = slice_part(line, at, line.length);
	if (slice_starts(rest, SLICE("- ")) || slice_starts(rest, SLICE("* ")) || slice_starts(rest, SLICE("> ")))
		at += 2;
	return at < INDENT_LIMIT ? (int)at : INDENT_LIMIT;
}

void markdown_add(struct document *document, struct slice source, struct slice bullet, struct slice bar,
                  struct slice rule)
{
	(void)bullet, (void)bar, (void)rule;
	bool fenced = false;
	struct slice text;
	while (slice_next_line(&source, &text)) {
		struct line line = {0};
		struct slice trimmed = slice_trim(text);
		bool fence = is_fence(trimmed), is_code = fenced || fence;
		bool heading = !is_code && slice_starts(trimmed, SLICE("#"));
		fenced ^= fence;
		enum slot slot = fence ? SLOT_DIM : is_code ? SLOT_STRING : heading ? SLOT_HEADING : SLOT_TEXT;
		line_add(document->arena, &line, slot, text);
		if (is_code)
			document_add(document, line);
		else
			document_add_prose(document, line, prose_indent(text));
	}
}

#endif
