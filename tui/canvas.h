/* canvas.h - a grid of styled cells to draw on, and clipping panes in it.
 *
 * Views draw here; a backend (terminal.h) shows what is drawn, or screen.h
 * writes it as text or as a picture. The width of a character is that of
 * wcwidth(), which ncurses takes too, so that columns agree with the terminal.
 * What can't be shown (a control character, a byte that is no UTF-8, a character
 * that the locale doesn't know) stands as a replacement of width 1: nothing that
 * a terminal could obey is ever on a canvas.
 */
#ifndef NBSCOPE_TUI_CANVAS_H
#define NBSCOPE_TUI_CANVAS_H

#include "tui/theme.h"

enum { CANVAS_MARKS = 4 /* combining marks that a character may carry; more are left out */ };

struct canvas_cell {
	uint32_t characters[1 + CANVAS_MARKS]; /* a character and its marks, ended by 0 unless full */
	uint8_t width;                         /* 1 or 2; 0 for the right half of a wide character */
	struct look look;
};

struct canvas {
	int rows, columns;
	struct canvas_cell *cells; /* row by row */
};

/* A blank canvas of at least 1 x 1, in the arena. */
struct canvas *canvas_new(struct arena *arena, int rows, int columns);
void canvas_clear(struct canvas *canvas);

static inline struct canvas_cell *canvas_at(const struct canvas *canvas, int row, int column)
{
	return &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
}

bool canvas_cell_equal(const struct canvas_cell *a, const struct canvas_cell *b);

/* A rectangle of a canvas; what is drawn outside of it is not drawn. */
struct pane {
	struct canvas *canvas;
	int row, column, rows, columns;
};

struct pane canvas_pane(struct canvas *canvas);

/* A part of a pane, in the pane's own coordinates; clipped to it. */
struct pane pane_part(struct pane pane, int row, int column, int rows, int columns);

/* Draws a line of text; `column` may be negative. Returns the column behind it,
 * or some column past the pane where the text goes on beyond it. */
int pane_text(struct pane pane, int row, int column, struct look look, struct slice text);

/* Draws the text `columns` times beside itself (a rule, a blank). */
void pane_repeat(struct pane pane, int row, int column, int columns, struct look look, struct slice text);

/* Turns foreground and background of what stands there round: a cursor of several columns. */
void pane_mark(struct pane pane, int row, int column, int columns);

/* How many columns a character takes: 0 for a combining mark, 1, or 2. */
int character_columns(int32_t character);

/* How many columns a line of text takes. */
int text_columns(struct slice text);

/* The longest beginning of the text that fits into `columns`: its bytes. */
size_t text_fit(struct slice text, int columns);

#endif
