#include "tui/canvas.h"

#include <limits.h>
#include <string.h>
#include <wchar.h>

#include "base/utf8.h"

struct canvas *canvas_new(struct arena *arena, int rows, int columns)
{
	struct canvas *canvas = arena_alloc(arena, sizeof *canvas);
	canvas->rows = rows > 0 ? rows : 1;
	canvas->columns = columns > 0 ? columns : 1;
	canvas->cells = arena_array(arena, (size_t)canvas->rows * (size_t)canvas->columns, sizeof *canvas->cells);
	canvas_clear(canvas);
	return canvas;
}

static void set_blank(struct canvas_cell *cell)
{
	*cell = (struct canvas_cell){.characters = {' '}, .width = 1, .look = look_of(SLOT_TEXT)};
}

void canvas_clear(struct canvas *canvas)
{
	for (int column = 0; column < canvas->columns; column++)
		set_blank(canvas_at(canvas, 0, column));
	for (int row = 1; row < canvas->rows; row++)
		memcpy(canvas_at(canvas, row, 0), canvas->cells, (size_t)canvas->columns * sizeof *canvas->cells);
}

bool canvas_cell_equal(const struct canvas_cell *a, const struct canvas_cell *b)
{
	return a->width == b->width && look_equal(a->look, b->look) &&
	       memcmp(a->characters, b->characters, sizeof a->characters) == 0;
}

struct pane canvas_pane(struct canvas *canvas)
{
	return (struct pane){canvas, 0, 0, canvas->rows, canvas->columns};
}

/* Clips the stretch [*start, *start + *length) to [0, limit). */
static void clip(int *start, int *length, int limit)
{
	if (*start < 0) {
		*length += *start;
		*start = 0;
	}
	if (*start > limit)
		*start = limit;
	if (*length > limit - *start)
		*length = limit - *start;
	if (*length < 0)
		*length = 0;
}

struct pane pane_part(struct pane pane, int row, int column, int rows, int columns)
{
	clip(&row, &rows, pane.rows);
	clip(&column, &columns, pane.columns);
	return (struct pane){pane.canvas, pane.row + row, pane.column + column, rows, columns};
}

int character_columns(int32_t character)
{
	if (character >= ' ' && character < 0x7f)
		return 1;
	int columns = character < 0xa0 ? -1 : wcwidth((wchar_t)character);
	return columns < 0 ? 1 : columns;
}

/* What stands for a character that can't be shown. */
static uint32_t shown(int32_t character)
{
	if (character >= ' ' && character < 0x7f)
		return (uint32_t)character;
	if (character >= 0xa0 && wcwidth((wchar_t)character) >= 0)
		return (uint32_t)character;
	return wcwidth((wchar_t)UTF8_REPLACEMENT) == 1 ? UTF8_REPLACEMENT : '?';
}

/* A wide character that loses one of its halves leaves a blank. */
static void break_wide(struct canvas *canvas, int row, int column)
{
	struct canvas_cell *cell = canvas_at(canvas, row, column);
	if (cell->width == 2 && column + 1 < canvas->columns)
		set_blank(cell + 1);
	else if (cell->width == 0 && column > 0)
		set_blank(cell - 1);
}

static void put(struct pane pane, int row, int column, struct look look, uint32_t character, int width)
{
	struct canvas *canvas = pane.canvas;
	row += pane.row;
	column += pane.column;
	for (int half = 0; half < width; half++)
		break_wide(canvas, row, column + half);
	struct canvas_cell *cell = canvas_at(canvas, row, column);
	*cell = (struct canvas_cell){.characters = {character}, .width = (uint8_t)width, .look = look};
	if (width == 2)
		cell[1] = (struct canvas_cell){.width = 0, .look = look};
}

/* Adds a combining mark to the character left of `column`. */
static void put_mark(struct pane pane, int row, int column, uint32_t mark)
{
	column--;
	if (column > 0 && canvas_at(pane.canvas, pane.row + row, pane.column + column)->width == 0)
		column--;
	struct canvas_cell *cell = canvas_at(pane.canvas, pane.row + row, pane.column + column);
	for (size_t at = 1; at <= CANVAS_MARKS; at++) {
		if (cell->characters[at] == 0) {
			cell->characters[at] = mark;
			return;
		}
	}
}

int pane_text(struct pane pane, int row, int column, struct look look, struct slice text)
{
	bool visible = row >= 0 && row < pane.rows;
	int first = column;
	for (size_t offset = 0; offset < text.length && column <= pane.columns;) {
		int32_t character = utf8_next(text, &offset);
		int width = character_columns(character);
		if (width == 0) {
			if (visible && column > first && column > 0 && column <= pane.columns)
				put_mark(pane, row, column, (uint32_t)character);
			continue;
		}
		if (visible && column < pane.columns && column + width > 0) {
			if (column < 0 || column + width > pane.columns)
				put(pane, row, column < 0 ? 0 : column, look, ' ', 1);
			else
				put(pane, row, column, look, shown(character), width);
		}
		column += width;
	}
	return column;
}

void pane_repeat(struct pane pane, int row, int column, int columns, struct look look, struct slice text)
{
	int end = column + columns;
	if (end > pane.columns)
		end = pane.columns;
	int width = text_columns(text);
	for (; width > 0 && column < end; column += width)
		pane_text(pane, row, column, look, text);
}

void pane_mark(struct pane pane, int row, int column, int columns)
{
	struct pane part = pane_part(pane, row, column, 1, columns);
	for (int at = 0; at < part.columns && part.rows; at++)
		canvas_at(part.canvas, part.row, part.column + at)->look.attributes ^= ATTRIBUTE_REVERSE;
}

int text_columns(struct slice text)
{
	int columns = 0;
	for (size_t offset = 0; offset < text.length && columns < INT_MAX - 2;) {
		char byte = text.bytes[offset];
		if (byte >= ' ' && byte < 0x7f) {
			columns++;
			offset++;
		} else {
			columns += character_columns(utf8_next(text, &offset));
		}
	}
	return columns;
}

size_t text_fit(struct slice text, int columns)
{
	size_t offset = 0;
	while (offset < text.length) {
		size_t next = offset;
		columns -= character_columns(utf8_next(text, &next));
		if (columns < 0)
			break;
		offset = next;
	}
	return offset;
}
