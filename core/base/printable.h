/* printable.h - hostile text made fit to be shown.
 *
 * A notebook's text may hold control characters, escape sequences, bidirectional
 * controls and bytes that are no UTF-8. Nothing of it goes to a terminal or a
 * report without passing here. What would not show is made visible: a control
 * character as ^X (ESC as ^[), DEL as ^?, a C1, bidirectional, zero-width or
 * otherwise invisible format character as <U+202E>, a byte that is no UTF-8 as
 * <FF>. Selectors and joiners that hold an emoji together stay. Line feeds end lines and never stand inside one; a tab
 * becomes spaces up to the next column of eight.
 */
#ifndef NBSCOPE_BASE_PRINTABLE_H
#define NBSCOPE_BASE_PRINTABLE_H

#include <stdint.h>

#include "base/slice.h"

/* Whether a character shows by itself and leaves the order of its neighbours alone. */
bool character_is_visible(int32_t character);

/* One line of text, made visible: the slice itself when it is clean already,
 * else a new string in the arena. Line ends inside are shown as ^J and ^M. */
struct slice printable(struct arena *arena, struct slice line);

/* Text of several lines: line feeds stay, "\r\n" becomes "\n", all else as above. */
struct slice printable_lines(struct arena *arena, struct slice text);

/* How many columns printable text takes, by Unicode's widths. */
size_t printable_width(struct slice line);

/* Colours of ECMA-48 SGR: 0..255 as xterm numbers them, or NO_COLOR. Direct
 * colours (38;2;r;g;b) are mapped to the nearest of the 256. */
enum { NO_COLOR = -1 };

struct text_style {
	int16_t foreground, background;
	bool bold, dim, italic, underline, reverse;
};

/* A piece of a line in one style; the text is printable. */
struct styled_text {
	struct slice text;
	struct text_style style;
};

struct styled_line {
	struct styled_text *pieces;
	size_t count;
};

/* The lines of an output with its SGR colours interpreted. A carriage return starts
 * the line over, a backspace steps back and "erase in line" clears, as in a terminal
 * (progress bars; a line too long for one shows them as ^M and ^H). All other escape
 * sequences (CSI, OSC, DCS, APC, PM, SOS, single escapes) are dropped; what is left,
 * also a control string that nothing ends, is made visible. `limit` is the number of
 * lines after which to stop (0: none); `*more` says whether any were left out. */
struct styled_line *styled_lines(struct arena *arena, struct slice text, size_t limit, size_t *count, bool *more);

#endif
