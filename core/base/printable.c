/* What may be shown is decided in one place, clean_end(): the longest run of
 * text that a terminal shows as it stands. All else is made visible, or, in
 * outputs, interpreted.
 *
 * A line of an output is a list of pieces as long as its text only grows at the
 * end. A carriage return or backspace turns it into columns that can be written
 * over, and the end of the line turns them into pieces again. */
#include "base/printable.h"

#include <utf8proc.h>

#include "base/utf8.h"

enum { BACKSPACE = 0x08, ESCAPE = 0x1B, BELL = 0x07, CANCEL = 0x18, SUBSTITUTE = 0x1A, TAB_STOP = 8 };

enum {
	ZERO_WIDTH_JOINER = 0x200D,
	ENCLOSING_KEYCAP = 0x20E3,
	TEXT_PRESENTATION = 0xFE0E,
	EMOJI_PRESENTATION = 0xFE0F,
};

/* What a joiner or variation selector may follow. */
enum emoji_part { EMOJI_NONE, EMOJI_KEYCAP_BASE, EMOJI_BASE, EMOJI_SELECTED };

static bool is_pictograph(int32_t character)
{
	return character >= 0x80 &&
	       utf8proc_get_property(character)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

static bool is_skin_tone(int32_t character)
{
	return character >= 0x1F3FB && character <= 0x1F3FF;
}

bool character_is_visible(int32_t character)
{
	if (character >= 0 && character < 0x80)
		return character >= 0x20 && character != 0x7F;
	if (character < 0 || (character & 0xFFFE) == 0xFFFE || (character >= 0xFDD0 && character <= 0xFDEF))
		return false;
	const utf8proc_property_t *property = utf8proc_get_property(character);
	switch (property->category) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP: return false;
	/* The format characters that show are the signs that go before a number, as Arabic has them. */
	case UTF8PROC_CATEGORY_CF: return property->boundclass == UTF8PROC_BOUNDCLASS_PREPEND;
	default: return !property->ignorable;
	}
}

/* The character at `offset`, or -1 where there is none. */
static int32_t character_at(struct slice text, size_t offset)
{
	return offset < text.length ? utf8_next(text, &offset) : -1;
}

/* Whether an invisible character holds an emoji together: one presentation
 * selector behind a pictograph or keycap digit, a joiner between pictographs. */
static bool joins_emoji(enum emoji_part before, int32_t character, int32_t after)
{
	switch (character) {
	case TEXT_PRESENTATION: return before == EMOJI_BASE;
	case EMOJI_PRESENTATION: return before == EMOJI_BASE || (before == EMOJI_KEYCAP_BASE && after == ENCLOSING_KEYCAP);
	case ZERO_WIDTH_JOINER: return (before == EMOJI_BASE || before == EMOJI_SELECTED) && is_pictograph(after);
	default: return false;
	}
}

/* The end of the longest run from `start` on that shows as it stands. */
static size_t clean_end(struct slice text, size_t start)
{
	enum emoji_part before = EMOJI_NONE;
	for (size_t offset = start; offset < text.length;) {
		unsigned char byte = (unsigned char)text.bytes[offset];
		if (byte < 0x80) {
			if (byte < 0x20 || byte == 0x7F)
				return offset;
			before = (byte >= '0' && byte <= '9') || byte == '#' || byte == '*' ? EMOJI_KEYCAP_BASE : EMOJI_NONE;
			offset++;
			continue;
		}
		size_t next = offset;
		int32_t character = utf8_next(text, &next);
		if (is_pictograph(character))
			before = EMOJI_BASE;
		else if (is_skin_tone(character))
			before = before == EMOJI_BASE ? EMOJI_SELECTED : EMOJI_NONE;
		else if (joins_emoji(before, character, character_at(text, next)))
			before = character == ZERO_WIDTH_JOINER ? EMOJI_NONE : EMOJI_SELECTED;
		else if (character_is_visible(character))
			before = EMOJI_NONE;
		else
			return offset;
		offset = next;
	}
	return text.length;
}

static size_t character_width(int32_t character)
{
	if (character < 0x80)
		return 1;
	switch (utf8proc_category(character)) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO: return 1;
	default: return (size_t)utf8proc_charwidth(character);
	}
}

size_t printable_width(struct slice line)
{
	size_t width = 0;
	for (size_t offset = 0; offset < line.length;)
		width += character_width(utf8_next(line, &offset));
	return width;
}

/* How the character at `*offset`, which is not clean, is shown; moves behind it. */
static struct slice visible(struct arena *arena, struct slice text, size_t *offset)
{
	unsigned char byte = (unsigned char)text.bytes[*offset];
	int32_t character = utf8_next(text, offset);
	if (character < 0)
		return slice_format(arena, "<%02X>", byte);
	if (character < 0x80)
		return slice_format(arena, "^%c", byte ^ 0x40);
	return slice_format(arena, "<U+%04X>", (unsigned)character);
}

static void add_tab(struct builder *out, size_t column)
{
	do
		builder_add_byte(out, ' ');
	while (++column % TAB_STOP != 0);
}

static struct slice show(struct arena *arena, struct slice text, bool keeps_lines)
{
	size_t offset = clean_end(text, 0);
	if (offset == text.length)
		return text;
	struct builder out = {.arena = arena};
	size_t measured = 0, column = 0; /* the line is `column` wide up to `measured` */
	builder_add(&out, slice_part(text, 0, offset));
	while (offset < text.length) {
		char byte = text.bytes[offset];
		bool line_end = byte == '\r' && offset + 1 < text.length && text.bytes[offset + 1] == '\n';
		if (keeps_lines && (byte == '\n' || line_end)) {
			offset += line_end ? 2 : 1;
			builder_add_byte(&out, '\n');
			measured = out.length;
			column = 0;
		} else if (byte == '\t') {
			offset++;
			column += printable_width(slice_part(builder_slice(&out), measured, out.length));
			measured = out.length;
			add_tab(&out, column);
		} else {
			builder_add(&out, visible(arena, text, &offset));
		}
		size_t end = clean_end(text, offset);
		builder_add(&out, slice_part(text, offset, end));
		offset = end;
	}
	return builder_slice(&out);
}

struct slice printable(struct arena *arena, struct slice line)
{
	return show(arena, line, false);
}

struct slice printable_lines(struct arena *arena, struct slice text)
{
	return show(arena, text, true);
}

/* Escape sequences. */

enum sequence {
	SEQUENCE_NONE,  /* the ESC begins nothing: it is shown */
	SEQUENCE_OTHER, /* dropped */
	SEQUENCE_STYLE, /* SGR */
	SEQUENCE_ERASE, /* EL: erase in line */
};

static bool in_range(unsigned char byte, unsigned char first, unsigned char last)
{
	return byte >= first && byte <= last;
}

/* A control string (OSC, DCS ...) whose content begins at `*offset`: ended by ST, by
 * BEL, or cut off by another control as in a terminal. One that nothing ends would
 * hide the rest of the output, so it is none. */
static enum sequence control_string(struct slice text, size_t *offset)
{
	for (size_t i = *offset; i < text.length; i++) {
		switch (text.bytes[i]) {
		case BELL:
		case CANCEL:
		case SUBSTITUTE: *offset = i + 1; return SEQUENCE_OTHER;
		case ESCAPE: *offset = i + 1 < text.length && text.bytes[i + 1] == '\\' ? i + 2 : i; return SEQUENCE_OTHER;
		default: break;
		}
	}
	return SEQUENCE_NONE;
}

/* Reads the sequence whose ESC stands at `*offset` and moves behind what of it is not
 * shown. The bytes between "ESC [" and the final byte are its parameters. A sequence
 * that is broken off ends where it breaks off. */
static enum sequence next_sequence(struct slice text, size_t *offset, struct slice *parameters)
{
	size_t i = *offset + 1;
	if (i >= text.length)
		return SEQUENCE_NONE;
	unsigned char byte = (unsigned char)text.bytes[i];
	if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_') {
		i++;
		enum sequence kind = control_string(text, &i);
		if (kind != SEQUENCE_NONE)
			*offset = i;
		return kind;
	}
	if (byte != '[') {
		while (i < text.length && in_range((unsigned char)text.bytes[i], 0x20, 0x2F))
			i++;
		if (i >= text.length || !in_range((unsigned char)text.bytes[i], 0x30, 0x7E))
			return SEQUENCE_NONE;
		*offset = i + 1;
		return SEQUENCE_OTHER;
	}
	size_t start = ++i;
	while (i < text.length && in_range((unsigned char)text.bytes[i], 0x30, 0x3F))
		i++;
	*parameters = slice_part(text, start, i);
	bool plain = true; /* neither private nor with intermediate bytes */
	for (; i < text.length && in_range((unsigned char)text.bytes[i], 0x20, 0x2F); i++)
		plain = false;
	if (parameters->length && in_range((unsigned char)parameters->bytes[0], '<', '?'))
		plain = false;
	bool is_complete = i < text.length && in_range((unsigned char)text.bytes[i], 0x40, 0x7E);
	char final = is_complete ? text.bytes[i] : '\0';
	*offset = is_complete ? i + 1 : i;
	if (plain && final == 'm')
		return SEQUENCE_STYLE;
	return plain && final == 'K' ? SEQUENCE_ERASE : SEQUENCE_OTHER;
}

/* SGR, ECMA-48 8.3.117, with the colours of ISO 8613-6 in both notations. */

enum { CUBE_START = 16, GREY_START = 232, GREY_COUNT = 24 };

static int distance(int r, int g, int b, int grey_r, int grey_g, int grey_b)
{
	return (r - grey_r) * (r - grey_r) + (g - grey_g) * (g - grey_g) + (b - grey_b) * (b - grey_b);
}

/* The nearest of the 6x6x6 cube and the greys; the first sixteen differ from terminal to terminal. */
static int16_t nearest_colour(int r, int g, int b)
{
	static const int levels[] = {0, 95, 135, 175, 215, 255};
	int parts[3] = {r, g, b}, index[3];
	for (int i = 0; i < 3; i++) {
		index[i] = 0;
		while (index[i] < 5 && parts[i] > (levels[index[i]] + levels[index[i] + 1]) / 2)
			index[i]++;
	}
	int grey = ((r + g + b) / 3 - 8 + 5) / 10;
	grey = grey < 0 ? 0 : grey >= GREY_COUNT ? GREY_COUNT - 1 : grey;
	int level = 8 + 10 * grey;
	bool cube_is_nearer = distance(r, g, b, levels[index[0]], levels[index[1]], levels[index[2]]) <=
	                      distance(r, g, b, level, level, level);
	return (int16_t)(cube_is_nearer ? CUBE_START + 36 * index[0] + 6 * index[1] + index[2] : GREY_START + grey);
}

/* A parameter of a sequence with its subparameters ("4:3", "38:2::1:2:3"). */
enum { MAX_SUBPARAMETERS = 8, NO_NUMBER = -1 };

struct parameter {
	int numbers[MAX_SUBPARAMETERS]; /* NO_NUMBER where it is left out */
	int count;
};

static struct parameter next_parameter(struct slice parameters, size_t *offset)
{
	struct parameter parameter = {.numbers = {NO_NUMBER}, .count = 1};
	for (; *offset < parameters.length; ++*offset) {
		char byte = parameters.bytes[*offset];
		int *number = &parameter.numbers[parameter.count - 1];
		if (byte == ';')
			break;
		if (byte == ':') {
			if (parameter.count < MAX_SUBPARAMETERS)
				parameter.numbers[parameter.count++] = NO_NUMBER;
		} else if (in_range((unsigned char)byte, '0', '9')) {
			int digit = byte - '0';
			*number = *number == NO_NUMBER ? digit : *number < 10000 ? *number * 10 + digit : *number;
		}
	}
	++*offset;
	return parameter;
}

static bool is_level(int number)
{
	return number >= 0 && number <= 255;
}

/* The colour of 38 or 48: what stands behind it in `first`, or else in the parameters
 * that follow. False when it is none. */
static bool extended_colour(const struct parameter *first, struct slice parameters, size_t *offset, int16_t *colour)
{
	int rest[5] = {NO_NUMBER, NO_NUMBER, NO_NUMBER, NO_NUMBER, NO_NUMBER};
	int count = 0;
	if (first->count > 1) {
		while (count < 5 && count + 1 < first->count) {
			rest[count] = first->numbers[count + 1];
			count++;
		}
		/* The colour space is a subparameter of its own, mostly empty, and often forgotten. */
		if (rest[0] == 2 && first->count > 5)
			for (int i = 1; i < 4; i++)
				rest[i] = rest[i + 1];
	} else if (*offset <= parameters.length) {
		rest[0] = next_parameter(parameters, offset).numbers[0];
		int needed = rest[0] == 2 ? 3 : rest[0] == 5 ? 1 : 0;
		for (int i = 1; i <= needed && *offset <= parameters.length; i++) {
			rest[i] = next_parameter(parameters, offset).numbers[0];
			if (rest[i] == NO_NUMBER)
				rest[i] = 0;
		}
	}
	if (rest[0] == 5 && is_level(rest[1])) {
		*colour = (int16_t)rest[1];
		return true;
	}
	if (rest[0] == 2 && is_level(rest[1]) && is_level(rest[2]) && is_level(rest[3])) {
		*colour = nearest_colour(rest[1], rest[2], rest[3]);
		return true;
	}
	return false;
}

static const struct text_style plain_style = {.foreground = NO_COLOR, .background = NO_COLOR};

static void apply_style(struct text_style *style, struct slice parameters)
{
	size_t offset = 0;
	do {
		struct parameter parameter = next_parameter(parameters, &offset);
		int code = parameter.numbers[0] == NO_NUMBER ? 0 : parameter.numbers[0];
		int16_t ignored;
		switch (code) {
		case 0: *style = plain_style; break;
		case 1: style->bold = true; break;
		case 2: style->dim = true; break;
		case 3: style->italic = true; break;
		case 4: style->underline = parameter.count == 1 || parameter.numbers[1] != 0; break;
		case 7: style->reverse = true; break;
		case 21: style->underline = true; break;
		case 22: style->bold = style->dim = false; break;
		case 23: style->italic = false; break;
		case 24: style->underline = false; break;
		case 27: style->reverse = false; break;
		case 38: extended_colour(&parameter, parameters, &offset, &style->foreground); break;
		case 39: style->foreground = NO_COLOR; break;
		case 48: extended_colour(&parameter, parameters, &offset, &style->background); break;
		case 49: style->background = NO_COLOR; break;
		case 58: extended_colour(&parameter, parameters, &offset, &ignored); break; /* of the underline */
		default:
			if (code >= 30 && code <= 37)
				style->foreground = (int16_t)(code - 30);
			else if (code >= 40 && code <= 47)
				style->background = (int16_t)(code - 40);
			else if (code >= 90 && code <= 97)
				style->foreground = (int16_t)(code - 90 + 8);
			else if (code >= 100 && code <= 107)
				style->background = (int16_t)(code - 100 + 8);
		}
	} while (offset <= parameters.length);
}

static bool style_equal(struct text_style a, struct text_style b)
{
	return a.foreground == b.foreground && a.background == b.background && a.bold == b.bold && a.dim == b.dim &&
	       a.italic == b.italic && a.underline == b.underline && a.reverse == b.reverse;
}

/* A line under construction: pieces, or columns while it is written over. */
struct painter {
	struct arena *arena;
	struct text_style style; /* of what comes next */
	VECTOR(struct styled_text) pieces;
	struct builder text; /* of the last piece, unless that is one part of the source */
	size_t width;        /* of all pieces */
	bool has_columns, is_long;
	VECTOR(struct styled_text) columns; /* a character each; no text: the right half of a wide one */
	size_t cursor;
};

/* Only lines up to this width are written over, as progress bars are; so the columns
 * stay small, whatever the notebook holds. */
enum { OVERWRITE_LIMIT = 1 << 14 };

static void append_piece(struct painter *painter, struct slice text, struct text_style style)
{
	if (text.length == 0)
		return;
	painter->width += printable_width(text);
	struct styled_text *last = painter->pieces.count ? &painter->pieces.items[painter->pieces.count - 1] : NULL;
	if (!last || !style_equal(last->style, style)) {
		struct styled_text piece = {text, style};
		vector_push(painter->arena, &painter->pieces, piece);
		return;
	}
	if (last->text.bytes != painter->text.bytes) {
		painter->text = (struct builder){.arena = painter->arena};
		builder_add(&painter->text, last->text);
	}
	builder_add(&painter->text, text);
	last->text = builder_slice(&painter->text);
}

static void set_column(struct painter *painter, size_t column, struct slice text, struct text_style style)
{
	struct styled_text value = {text, style};
	if (column < painter->columns.count)
		painter->columns.items[column] = value;
	else
		vector_push(painter->arena, &painter->columns, value);
}

/* What is left of a wide character that is cut at `column` becomes a space. */
static void split_wide(struct painter *painter, size_t column)
{
	if (column == 0 || column >= painter->columns.count || painter->columns.items[column].text.length)
		return;
	painter->columns.items[column].text = painter->columns.items[column - 1].text = SLICE(" ");
}

static void put_columns(struct painter *painter, struct slice text, struct text_style style)
{
	for (size_t offset = 0; offset < text.length;) {
		size_t start = offset;
		size_t width = character_width(utf8_next(text, &offset));
		struct slice character = slice_part(text, start, offset);
		struct slice *before = painter->cursor ? &painter->columns.items[painter->cursor - 1].text : NULL;
		if (before && before->length == 0)
			before--;
		if (width == 0 && before && before->bytes + before->length == character.bytes) {
			before->length += character.length; /* a combining mark */
			continue;
		}
		split_wide(painter, painter->cursor);
		split_wide(painter, painter->cursor + (width > 1 ? 2 : 1));
		set_column(painter, painter->cursor++, character, style);
		if (width > 1)
			set_column(painter, painter->cursor++, SLICE(""), style);
	}
}

static void columns_to_pieces(struct painter *painter)
{
	painter->has_columns = false;
	painter->width = 0;
	for (size_t i = 0; i < painter->columns.count; i++)
		append_piece(painter, painter->columns.items[i].text, painter->columns.items[i].style);
}

/* Makes the line one that can be written over. False when it is too long. */
static bool pieces_to_columns(struct painter *painter)
{
	if (painter->has_columns)
		return true;
	if (painter->is_long || painter->width > OVERWRITE_LIMIT)
		return false;
	painter->has_columns = true;
	painter->cursor = painter->columns.count = 0;
	for (size_t i = 0; i < painter->pieces.count; i++)
		put_columns(painter, painter->pieces.items[i].text, painter->pieces.items[i].style);
	painter->pieces.count = 0;
	painter->text = (struct builder){0};
	return true;
}

/* Puts clean text where the line has come to. */
static void paint(struct painter *painter, struct slice text)
{
	if (painter->has_columns && painter->columns.count + text.length > OVERWRITE_LIMIT) {
		columns_to_pieces(painter);
		painter->is_long = true;
	}
	if (painter->has_columns)
		put_columns(painter, text, painter->style);
	else
		append_piece(painter, text, painter->style);
}

/* A tab moves over what is there already, as a terminal does. */
static void paint_tab(struct painter *painter)
{
	size_t column = painter->has_columns ? painter->cursor : painter->width;
	size_t spaces = TAB_STOP - column % TAB_STOP;
	while (painter->has_columns && spaces && painter->cursor < painter->columns.count) {
		painter->cursor++;
		spaces--;
	}
	paint(painter, slice_part(SLICE("        "), 0, spaces));
}

/* EL: what is behind the cursor goes, or the whole line. */
static void erase(struct painter *painter, struct slice parameters)
{
	bool whole = slice_equal(parameters, SLICE("2"));
	if (!whole && parameters.length && !slice_equal(parameters, SLICE("0")))
		return;
	if (!pieces_to_columns(painter))
		return;
	if (whole)
		painter->cursor = 0;
	split_wide(painter, painter->cursor);
	painter->columns.count = painter->cursor;
}

/* Deals with what stands at `*offset`, which is neither clean nor a line's end. */
static void paint_control(struct painter *painter, struct slice text, size_t *offset)
{
	struct slice parameters = {0};
	switch (text.bytes[*offset]) {
	case '\t':
		paint_tab(painter);
		++*offset;
		return;
	case '\r':
		if (!pieces_to_columns(painter))
			break;
		painter->cursor = 0;
		++*offset;
		return;
	case BACKSPACE:
		if (!pieces_to_columns(painter))
			break;
		painter->cursor -= painter->cursor > 0;
		++*offset;
		return;
	case ESCAPE:
		switch (next_sequence(text, offset, &parameters)) {
		case SEQUENCE_NONE: break;
		case SEQUENCE_STYLE: apply_style(&painter->style, parameters); return;
		case SEQUENCE_ERASE: erase(painter, parameters); return;
		case SEQUENCE_OTHER: return;
		}
		break;
	default: break;
	}
	paint(painter, visible(painter->arena, text, offset));
}

/* Hands over the line and starts an empty one. */
static struct styled_line finish_line(struct painter *painter)
{
	if (painter->has_columns)
		columns_to_pieces(painter);
	size_t size = painter->pieces.count * sizeof *painter->pieces.items;
	struct styled_line line = {arena_copy(painter->arena, painter->pieces.items, size), painter->pieces.count};
	painter->pieces.count = 0;
	painter->text = (struct builder){0};
	painter->width = 0;
	painter->is_long = false;
	return line;
}

/* The length of the line end at `offset`, or 0 where there is none. */
static size_t line_end(struct slice text, size_t offset)
{
	if (slice_starts(slice_part(text, offset, offset + 2), SLICE("\r\n")))
		return 2;
	return offset < text.length && text.bytes[offset] == '\n' ? 1 : 0;
}

struct styled_line *styled_lines(struct arena *arena, struct slice text, size_t limit, size_t *count, bool *more)
{
	struct painter painter = {.arena = arena, .style = plain_style};
	VECTOR(struct styled_line) lines = {0};
	size_t offset = 0, line_start = 0;
	while (offset < text.length && (limit == 0 || lines.count < limit)) {
		size_t end = clean_end(text, offset);
		paint(&painter, slice_part(text, offset, end));
		offset = end;
		size_t ending = line_end(text, offset);
		if (ending) {
			offset = line_start = offset + ending;
			vector_push(arena, &lines, finish_line(&painter));
		} else if (offset < text.length) {
			paint_control(&painter, text, &offset);
		}
	}
	*more = offset < text.length;
	if (line_start < offset)
		vector_push(arena, &lines, finish_line(&painter));
	*count = lines.count;
	return lines.items;
}
