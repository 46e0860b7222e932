#include "tui/screen.h"

#include "base/utf8.h"

enum { ALL_COLOURS = 256 };

static void add_characters(struct builder *out, const struct canvas_cell *cell)
{
	for (size_t at = 0; at <= CANVAS_MARKS && cell->characters[at]; at++) {
		char bytes[UTF8_MAX];
		builder_add(out, (struct slice){bytes, utf8_encode(cell->characters[at], bytes)});
	}
}

static bool is_blank(const struct canvas_cell *cell)
{
	return cell->characters[0] == ' ' && cell->characters[1] == 0;
}

/* --- text --- */

static void write_text(struct builder *out, const struct canvas *canvas)
{
	for (int row = 0; row < canvas->rows; row++) {
		size_t end = out->length;
		for (int column = 0; column < canvas->columns; column++) {
			const struct canvas_cell *cell = canvas_at(canvas, row, column);
			add_characters(out, cell);
			if (cell->width && !is_blank(cell))
				end = out->length;
		}
		out->length = end;
		builder_add_byte(out, '\n');
	}
}

/* For each row, which columns are drawn in which slot; plain text is left out. */
static void write_slots(struct builder *out, const struct canvas *canvas)
{
	for (int row = 0; row < canvas->rows; row++) {
		builder_add_format(out, "%3d", row + 1);
		for (int column = 0; column < canvas->columns;) {
			int start = column;
			uint8_t slot = canvas_at(canvas, row, start)->look.slot;
			while (column < canvas->columns && canvas_at(canvas, row, column)->look.slot == slot)
				column++;
			if (slot != SLOT_TEXT)
				builder_add_format(out, "  %d-%d %s", start + 1, column, slot_name((enum slot)slot));
		}
		builder_add_byte(out, '\n');
	}
}

/* --- the colours of a terminal: ECMA-48 SGR --- */

static void write_sgr(struct builder *out, struct paint paint)
{
	static const struct {
		uint8_t attribute;
		const char *code;
	} CODES[] = {
	    {ATTRIBUTE_BOLD, ";1"},      {ATTRIBUTE_DIM, ";2"},     {ATTRIBUTE_ITALIC, ";3"},
	    {ATTRIBUTE_UNDERLINE, ";4"}, {ATTRIBUTE_REVERSE, ";7"},
	};
	builder_add_string(out, "\x1b[0");
	for (size_t at = 0; at < sizeof CODES / sizeof *CODES; at++) {
		if (paint.attributes & CODES[at].attribute)
			builder_add_string(out, CODES[at].code);
	}
	for (int ground = 0; ground < 2; ground++) {
		int colour = ground ? paint.background : paint.foreground, base = ground ? 40 : 30;
		if (colour >= 16)
			builder_add_format(out, ";%d;5;%d", base + 8, colour);
		else if (colour >= 8)
			builder_add_format(out, ";%d", base + 60 + colour - 8);
		else if (colour >= 0)
			builder_add_format(out, ";%d", base + colour);
	}
	builder_add_byte(out, 'm');
}

static void write_ansi(struct builder *out, const struct canvas *canvas, const struct theme *theme)
{
	for (int row = 0; row < canvas->rows; row++) {
		struct paint last = {.foreground = NO_COLOR, .background = NO_COLOR};
		for (int column = 0; column < canvas->columns; column++) {
			const struct canvas_cell *cell = canvas_at(canvas, row, column);
			struct paint paint = theme_paint(theme, cell->look, ALL_COLOURS);
			if (!paint_equal(paint, last))
				write_sgr(out, paint);
			last = paint;
			add_characters(out, cell);
		}
		builder_add_string(out, "\x1b[0m\n");
	}
}

/* --- a picture: SVG 1.1 --- */

enum { FONT_SIZE = 14, ROW_HEIGHT = 18, MARGIN = 14, BASELINE = 13 };
static const double COLUMN_WIDTH = 8.43; /* 0.602 em, as monospaced fonts have it */

struct picture {
	struct builder *out;
	const struct canvas *canvas;
	const struct theme *theme;
	uint32_t foreground, background; /* of the picture */
};

/* The sixteen named colours as terminals show them today, for a dark and for a
 * light background: pure red on black is hard to read. */
static uint32_t picture_colour(const struct picture *picture, int colour)
{
	static const uint32_t DARK[16] = {0x45475a, 0xf38ba8, 0xa6e3a1, 0xf9e2af, 0x89b4fa, 0xf5c2e7, 0x94e2d5, 0xbac2de,
	                                  0x6c7086, 0xf38ba8, 0xa6e3a1, 0xf9e2af, 0x89b4fa, 0xf5c2e7, 0x94e2d5, 0xffffff};
	static const uint32_t LIGHT[16] = {0x24292f, 0xcf222e, 0x116329, 0x7d4e00, 0x0969da, 0x8250df, 0x1b7c83, 0x6e7781,
	                                   0x57606a, 0xa40e26, 0x1a7f37, 0x9a6700, 0x218bff, 0xa475f9, 0x3192aa, 0x8c959f};
	if (colour >= 16)
		return colour_rgb(colour);
	return picture->background > 0x808080 ? LIGHT[colour] : DARK[colour];
}

static double column_x(int column)
{
	return MARGIN + column * COLUMN_WIDTH;
}

static int row_y(int row)
{
	return MARGIN + row * ROW_HEIGHT;
}

/* The paint of a cell with its colours resolved and reversed. */
struct ink {
	uint32_t foreground, background;
	uint8_t attributes;
};

static struct ink ink_at(const struct picture *picture, int row, int column)
{
	struct paint paint = theme_paint(picture->theme, canvas_at(picture->canvas, row, column)->look, ALL_COLOURS);
	struct ink ink = {
	    .foreground = paint.foreground == NO_COLOR ? picture->foreground : picture_colour(picture, paint.foreground),
	    .background = paint.background == NO_COLOR ? picture->background : picture_colour(picture, paint.background),
	    .attributes = paint.attributes,
	};
	if (paint.attributes & ATTRIBUTE_REVERSE) {
		uint32_t swapped = ink.foreground;
		ink.foreground = ink.background;
		ink.background = swapped;
	}
	return ink;
}

static bool same_ink(struct ink a, struct ink b)
{
	return a.foreground == b.foreground && a.background == b.background && a.attributes == b.attributes;
}

static void write_background(const struct picture *picture, int row)
{
	for (int column = 0; column < picture->canvas->columns;) {
		int start = column;
		uint32_t colour = ink_at(picture, row, start).background;
		while (column < picture->canvas->columns && ink_at(picture, row, column).background == colour)
			column++;
		if (colour != picture->background)
			builder_add_format(picture->out,
			                   "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"#%06x\"/>\n",
			                   column_x(start), row_y(row), (column - start) * COLUMN_WIDTH, ROW_HEIGHT, colour);
	}
}

/* Lines are drawn as lines, so that they meet whatever the font. The sides of a
 * cell that a character joins: left, right, top, bottom. */
enum side { SIDE_LEFT = 1, SIDE_RIGHT = 2, SIDE_TOP = 4, SIDE_BOTTOM = 8 };

static unsigned line_sides(uint32_t character)
{
	switch (character) {
	case 0x2500: return SIDE_LEFT | SIDE_RIGHT;
	case 0x2502: return SIDE_TOP | SIDE_BOTTOM;
	case 0x256d: return SIDE_RIGHT | SIDE_BOTTOM;
	case 0x256e: return SIDE_LEFT | SIDE_BOTTOM;
	case 0x256f: return SIDE_LEFT | SIDE_TOP;
	case 0x2570: return SIDE_RIGHT | SIDE_TOP;
	default: return 0;
	}
}

/* A line through `columns` cells that look alike. */
static void write_line(const struct picture *picture, int row, int column, int columns, unsigned sides, struct ink ink)
{
	double left = column_x(column), right = left + columns * COLUMN_WIDTH;
	double top = row_y(row), bottom = top + ROW_HEIGHT;
	double middle_x = (left + right) / 2, middle_y = (top + bottom) / 2;
	const struct {
		enum side side;
		double x, y;
	} ends[] = {{SIDE_LEFT, left, middle_y},
	            {SIDE_RIGHT, right, middle_y},
	            {SIDE_TOP, middle_x, top},
	            {SIDE_BOTTOM, middle_x, bottom}};
	builder_add_string(picture->out, "<path d=\"");
	bool first = true;
	for (size_t at = 0; at < sizeof ends / sizeof *ends; at++) {
		if (!(sides & ends[at].side))
			continue;
		if (first)
			builder_add_format(picture->out, "M%.2f %.2f", ends[at].x, ends[at].y);
		else
			builder_add_format(picture->out, "Q%.2f %.2f %.2f %.2f", middle_x, middle_y, ends[at].x, ends[at].y);
		first = false;
	}
	builder_add_format(picture->out, "\" fill=\"none\" stroke=\"#%06x\"%s/>\n", ink.foreground,
	                   ink.attributes & ATTRIBUTE_DIM ? " opacity=\"0.5\"" : "");
}

static void write_escaped(struct builder *out, const struct canvas_cell *cell)
{
	switch (cell->characters[0]) {
	case '&': builder_add_string(out, "&amp;"); break;
	case '<': builder_add_string(out, "&lt;"); break;
	case '>': builder_add_string(out, "&gt;"); break;
	default: add_characters(out, cell); break;
	}
}

static void write_word(const struct picture *picture, int row, int start, int end, struct ink ink)
{
	struct builder *out = picture->out;
	builder_add_format(out, "<text x=\"%.2f\" y=\"%d\" fill=\"#%06x\"", column_x(start), row_y(row) + BASELINE,
	                   ink.foreground);
	if (ink.attributes & ATTRIBUTE_BOLD)
		builder_add_string(out, " font-weight=\"bold\"");
	if (ink.attributes & ATTRIBUTE_ITALIC)
		builder_add_string(out, " font-style=\"italic\"");
	if (ink.attributes & ATTRIBUTE_UNDERLINE)
		builder_add_string(out, " text-decoration=\"underline\"");
	if (ink.attributes & ATTRIBUTE_DIM)
		builder_add_string(out, " opacity=\"0.6\"");
	builder_add_byte(out, '>');
	for (int column = start; column < end; column++)
		write_escaped(out, canvas_at(picture->canvas, row, column));
	builder_add_string(out, "</text>\n");
}

/* A word of ASCII is one text; any other character stands alone at its column,
 * since the font that has it may be another one. */
static int word_end(const struct picture *picture, int row, int start, struct ink ink)
{
	const struct canvas *canvas = picture->canvas;
	int column = start + (canvas_at(canvas, row, start)->width == 2 ? 2 : 1);
	if (canvas_at(canvas, row, start)->characters[0] >= 0x7f)
		return column;
	while (column < canvas->columns) {
		const struct canvas_cell *cell = canvas_at(canvas, row, column);
		if (is_blank(cell) || cell->characters[0] >= 0x7f || !same_ink(ink_at(picture, row, column), ink))
			break;
		column++;
	}
	return column;
}

static void write_row(const struct picture *picture, int row)
{
	const struct canvas *canvas = picture->canvas;
	for (int column = 0; column < canvas->columns;) {
		const struct canvas_cell *cell = canvas_at(canvas, row, column);
		struct ink ink = ink_at(picture, row, column);
		unsigned sides = line_sides(cell->characters[0]);
		if (sides) {
			int end = column + 1;
			while (sides == (SIDE_LEFT | SIDE_RIGHT) && end < canvas->columns &&
			       canvas_at(canvas, row, end)->characters[0] == cell->characters[0] &&
			       same_ink(ink_at(picture, row, end), ink))
				end++;
			write_line(picture, row, column, end - column, sides, ink);
			column = end;
		} else if (cell->width == 0 || is_blank(cell)) {
			column++;
		} else {
			int end = word_end(picture, row, column, ink);
			write_word(picture, row, column, end, ink);
			column = end;
		}
	}
}

static void write_svg(struct builder *out, const struct canvas *canvas, const struct theme *theme)
{
	static const uint32_t DARK_GROUND = 0x1e1e2e, LIGHT_GROUND = 0xffffff, DARK_TEXT = 0xcdd6f4;
	int16_t text = theme->slots[SLOT_TEXT].foreground;
	uint32_t foreground = text == NO_COLOR ? DARK_TEXT : colour_rgb(text);
	bool light = (foreground >> 8 & 0xff) < 0x80; /* dark text wants a light ground; green tells well enough */
	struct picture picture = {out, canvas, theme, foreground, light ? LIGHT_GROUND : DARK_GROUND};
	double width = canvas->columns * COLUMN_WIDTH + 2 * MARGIN;
	int height = canvas->rows * ROW_HEIGHT + 2 * MARGIN;
	builder_add_format(out,
	                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%d\" viewBox=\"0 0 %.0f %d\" "
	                   "font-family=\"'DejaVu Sans Mono','Menlo','Consolas',monospace\" font-size=\"%d\" "
	                   "xml:space=\"preserve\">\n",
	                   width, height, width, height, FONT_SIZE);
	builder_add_format(out, "<rect width=\"%.0f\" height=\"%d\" rx=\"8\" fill=\"#%06x\"/>\n", width, height,
	                   picture.background);
	for (int row = 0; row < canvas->rows; row++) {
		write_background(&picture, row);
		write_row(&picture, row);
	}
	builder_add_string(out, "</svg>\n");
}

void screen_write(struct builder *out, const struct canvas *canvas, const struct theme *theme, enum screen_form form)
{
	switch (form) {
	case SCREEN_TEXT: write_text(out, canvas); break;
	case SCREEN_ANSI: write_ansi(out, canvas, theme); break;
	case SCREEN_SVG: write_svg(out, canvas, theme); break;
	case SCREEN_SLOTS:
		write_text(out, canvas);
		write_slots(out, canvas);
		break;
	}
}
