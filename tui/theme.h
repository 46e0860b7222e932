/* theme.h - what things look like: slots, colours, glyphs.
 *
 * A view never names a colour: it draws in a slot, which says what a text is.
 * A theme gives slots their colours and attributes, and statuses their glyphs.
 * Themes are files (see themes/); those that come with nbscope are compiled in,
 * so that no installation is needed.
 *
 * A theme file has one definition a line, `#` begins a comment:
 *
 *     SLOT [COLOUR] [on COLOUR] [bold] [dim] [italic] [underline] [reverse]
 *     glyph GLYPH UTF-8 ASCII
 *
 * A colour is `default`, one of the eight names (`red`), a bright one
 * (`bright-red`) or a number of xterm's 256. A slot that a theme does not define
 * looks like the slot that it falls back to.
 */
#ifndef NBSCOPE_TUI_THEME_H
#define NBSCOPE_TUI_THEME_H

#include <stdint.h>

#include "base/failure.h"
#include "base/printable.h"
#include "base/slice.h"

enum slot {
	SLOT_TEXT,
	SLOT_DIM,
	SLOT_STRONG,
	SLOT_TITLE,
	SLOT_PANE_TITLE,
	SLOT_PANE_TITLE_FOCUS,
	SLOT_POSITION,
	SLOT_RULE,
	SLOT_MESSAGE,
	SLOT_COMPLAINT,
	SLOT_HINT,
	SLOT_KEY,
	SLOT_PROMPT,
	SLOT_CURSOR,
	SLOT_CURSOR_BLUR,
	SLOT_LINK,
	SLOT_DISORDER,
	SLOT_CELL,
	SLOT_CELL_FOCUS,
	SLOT_COUNT,
	SLOT_LINE_NUMBER,
	SLOT_STANDS,
	SLOT_STALE,
	SLOT_BROKEN,
	SLOT_NOT_RUN,
	SLOT_UNKNOWN,
	SLOT_POSSIBLE,
	SLOT_FAILED,
	SLOT_INFERRED,
	SLOT_LOST,
	SLOT_CULPRIT,
	SLOT_MATCH,
	SLOT_READ,
	SLOT_BIND,
	SLOT_MUTATE,
	SLOT_DELETE,
	SLOT_LIVE, /* the line from where a name is bound to where it is bound anew */
	SLOT_LABEL,
	SLOT_HEADING,
	SLOT_OUTPUT,
	SLOT_OUTPUT_TITLE,
	SLOT_STDERR,
	SLOT_MORE,
	SLOT_KEYWORD,
	SLOT_NAME,
	SLOT_BUILTIN,
	SLOT_DEFINITION,
	SLOT_STRING,
	SLOT_LITERAL,
	SLOT_OPERATOR,
	SLOT_COMMENT,
	SLOT_DECORATOR,
	SLOT_MAGIC,
	SLOT_INVALID,
	SLOT_TOTAL,
};

enum glyph {
	GLYPH_STANDS,
	GLYPH_STALE,
	GLYPH_BROKEN,
	GLYPH_NOT_RUN,
	GLYPH_UNKNOWN,
	GLYPH_FAILED,
	GLYPH_CURSOR,
	GLYPH_EARLIER, /* ran before a cell above it */
	GLYPH_BACK,    /* a run that went back up the file */
	GLYPH_INFERRED,
	GLYPH_CUT, /* more text to the right */
	GLYPH_HORIZONTAL,
	GLYPH_VERTICAL,
	GLYPH_TURN_DOWN,  /* corners of the line that links a cell with its run: comes from the left and turns down, */
	GLYPH_TURN_UP,    /* ... or up; */
	GLYPH_FROM_ABOVE, /* comes from above and turns right, */
	GLYPH_FROM_BELOW, /* ... or from below */
	GLYPH_DOT,
	GLYPH_REPLACED, /* a stretch of a name's life that another one ended */
	GLYPH_TOTAL,
};

/* Added to what the slot says, or set by an output's own colours. */
enum attribute {
	ATTRIBUTE_BOLD = 1,
	ATTRIBUTE_DIM = 2,
	ATTRIBUTE_ITALIC = 4,
	ATTRIBUTE_UNDERLINE = 8,
	ATTRIBUTE_REVERSE = 16,
};

/* How a piece of text is drawn: its slot, and what an output's own colours say
 * on top of that. */
struct look {
	uint8_t slot;                   /* enum slot */
	uint8_t attributes;             /* of enum attribute */
	int16_t foreground, background; /* 0..255, or NO_COLOR: as the slot says */
};

static inline struct look look_of(enum slot slot)
{
	return (struct look){.slot = (uint8_t)slot, .foreground = NO_COLOR, .background = NO_COLOR};
}

static inline bool look_equal(struct look a, struct look b)
{
	return a.slot == b.slot && a.attributes == b.attributes && a.foreground == b.foreground &&
	       a.background == b.background;
}

/* A look of an output's text: the slot under the style that the output asked for. */
struct look look_styled(enum slot slot, struct text_style style);

/* What a terminal is to do: colours below its number of colours, or NO_COLOR for
 * its default. */
struct paint {
	int16_t foreground, background;
	uint8_t attributes;
};

struct theme {
	struct slice name;
	struct paint slots[SLOT_TOTAL];
	struct slice glyphs[GLYPH_TOTAL][2]; /* in UTF-8, in ASCII */
};

/* The paint of a look on a terminal of 0, 8, 16 or 256 colours. */
struct paint theme_paint(const struct theme *theme, struct look look, int colours);

static inline bool paint_equal(struct paint a, struct paint b)
{
	return a.foreground == b.foreground && a.background == b.background && a.attributes == b.attributes;
}

/* The red, green and blue of one of xterm's 256 colours, as 0xRRGGBB. */
uint32_t colour_rgb(int colour);

/* The name of a built-in theme, by number from 0; null past the last one. */
const char *theme_name(size_t index);

/* The built-in theme of that name, or that in the file at that path (what has a
 * slash in it is a path); in the arena. Null on failure, with the first mistake
 * in `*failure`. */
struct theme *theme_load(struct arena *arena, struct slice name, struct failure *failure);

struct theme_mistakes {
	struct failure *items;
	size_t count, capacity;
};

/* Reads a theme's text; in the arena, as are the mistakes. What is right holds
 * all the same. */
struct theme *theme_parse(struct arena *arena, struct slice file, struct slice text, struct theme_mistakes *mistakes);

/* Does one more line of a theme file on top of a theme; false with the mistake, in the arena, and the byte
 * of the line at which it stands. */
bool theme_add(struct arena *arena, struct theme *theme, struct slice line, struct slice *mistake, size_t *offset);

/* Whether a theme's text is without mistakes; appends one line `FILE:LINE:COLUMN:
 * what is wrong` for each of them. */
bool theme_check(struct builder *mistakes, struct slice file, struct slice text);

/* The same for the file at a path. False when it can't be read. */
bool theme_check_file(struct builder *mistakes, struct slice path, struct failure *failure);

const char *slot_name(enum slot slot);

#endif
