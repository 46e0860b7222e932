/* document.h - styled text in rows, for what is read rather than chosen from.
 *
 * A document is built once for a width: prose is wrapped at words, source and
 * outputs are wrapped at the last column or left to be scrolled sideways. A row
 * of source keeps only its place in the source, and is coloured when it is
 * drawn, so that a cell of fifty thousand lines costs little.
 */
#ifndef NBSCOPE_TUI_DOCUMENT_H
#define NBSCOPE_TUI_DOCUMENT_H

#include "python/highlight.h"
#include "tui/canvas.h"
#include "tui/list.h"
#include "tui/search.h"

/* A stretch of text in one look. */
struct piece {
	struct slice text; /* printable */
	struct look look;
};

struct line {
	struct piece *items;
	size_t count, capacity;
};

/* What a row belongs to, for those who search a part of a text. */
enum row_area {
	AREA_TEXT,   /* of no cell: searched whatever is looked for */
	AREA_HEAD,   /* what is said of a cell: never searched */
	AREA_SOURCE, /* a cell's source */
	AREA_OUTPUT, /* an output */
};

enum row_kind { ROW_PIECES, ROW_STYLED, ROW_SOURCE };

struct row {
	enum row_kind kind;
	bool scrolls;   /* sideways: source and outputs that were not wrapped */
	bool failed;    /* a line of source at which an error is known */
	bool continues; /* the line of the row before it */
	uint32_t line;  /* the number of a source's line, to be shown; else 0 */
	union {
		struct line pieces;
		const struct styled_line *styled; /* of an output, drawn in `slot` */
		struct {
			uint32_t start, end; /* bytes of the document's source */
			uint32_t token;      /* the first token that may lie in it */
		} source;
	} of;
	uint8_t slot;
	uint8_t area; /* enum row_area */
};

/* A part of the text, from a row on to the next part. */
struct document_part {
	size_t row, part; /* `part` as the caller numbers them */
};

/* Where a link leads, and the first row of the paragraph in which it stands. */
struct link_target {
	size_t row;
	struct slice target;
};

/* A name in a source that is drawn in a look of its own. */
struct source_name {
	struct span span;
	symbol name;
	struct look look; /* of SLOT_TEXT: in the slot of its token */
};

struct document {
	struct arena *arena;
	struct {
		struct row *items;
		size_t count, capacity;
	} rows;
	int columns;      /* for which it was built */
	bool wrap;        /* source and outputs too */
	int number_width; /* of line numbers; 0 without them */
	struct slice source;
	struct token_span *tokens;
	size_t token_count;
	struct source_name *names; /* in the order of the source */
	size_t name_count;
	VECTOR(struct document_part) parts;
	VECTOR(struct link_target) links;
	enum row_area area; /* of the rows to come */
};

/* An empty document for a pane of that many columns. */
struct document *document_new(struct arena *arena, int columns, bool wrap);

/* How many columns a row of prose has. */
int document_room(const struct document *document);

/* Appends to a line under construction; the text is made printable. */
void line_add(struct arena *arena, struct line *line, enum slot slot, struct slice text);
void line_add_look(struct arena *arena, struct line *line, struct look look, struct slice text);
void line_format(struct arena *arena, struct line *line, enum slot slot, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* What is added from here on is a part of that number. */
void document_begin_part(struct document *document, size_t part, enum row_area area);

/* The part in which a row lies, as an index among the parts; their number when it lies before the first. */
size_t document_part_of(const struct document *document, size_t row);

/* The first row of the line that a row continues. */
size_t document_line_start(const struct document *document, size_t row);

/* The links in the line in which a row lies. */
const struct link_target *document_links(const struct document *document, size_t row, size_t *count);

/* Adds a line as one row. */
void document_add(struct document *document, struct line line);

/* Adds a line as prose: wrapped at words, later rows indented by `indent`. */
void document_add_prose(struct document *document, struct line line, int indent);

/* Adds an empty row. */
void document_add_blank(struct document *document);

/* Adds a title: the text, then a short rule. */
void document_add_title(struct document *document, enum slot slot, struct slice text, struct slice rule);

/* Adds a source, line by line. `python` says whether to colour it; `failed` is the
 * line at which an error is known, or 0. One source a document. */
void document_add_source(struct document *document, struct slice source, bool python, bool numbers, uint32_t failed);

/* The row in which a byte of the source stands. */
size_t document_row_of(const struct document *document, uint32_t offset);

/* Adds lines of an output. */
void document_add_styled(struct document *document, const struct styled_line *lines, size_t count, enum slot slot);

/* Draws the document's rows from list->top on. `left` columns are scrolled away
 * to the left; matches of the search are marked; memory comes from `frame`. */
void document_draw(const struct document *document, struct arena *frame, struct pane pane, const struct list *list,
                   int left, bool focused, const struct search *search, const struct theme *theme, bool ascii);

/* The text of a row as it is shown, without line number. */
struct slice document_row_text(const struct document *document, struct arena *arena, size_t row);

/* The first row from `from` on (or back from it) that matches, itself included;
 * the number of rows when there is none. */
size_t document_search(const struct document *document, const struct search *search, size_t from, bool back);

/* How far the row has to be scrolled to the left to show its end. */
int document_row_overhang(const struct document *document, struct arena *frame, size_t row, int columns);

#endif
