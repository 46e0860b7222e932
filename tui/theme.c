#include "tui/theme.h"

#include <errno.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/canvas.h"
#include "tui/text_file.h"
#include "tui/theme_texts.h"

static const struct {
	const char *name;
	enum slot fallback;
	uint8_t attributes; /* when neither the theme nor the fallback's definition says anything */
} SLOTS[SLOT_TOTAL] = {
    [SLOT_TEXT] = {"text", SLOT_TEXT, 0},
    [SLOT_DIM] = {"dim", SLOT_TEXT, ATTRIBUTE_DIM},
    [SLOT_STRONG] = {"strong", SLOT_TEXT, ATTRIBUTE_BOLD},
    [SLOT_TITLE] = {"title", SLOT_TEXT, ATTRIBUTE_REVERSE},
    [SLOT_PANE_TITLE] = {"pane-title", SLOT_DIM, 0},
    [SLOT_PANE_TITLE_FOCUS] = {"pane-title-focus", SLOT_STRONG, 0},
    [SLOT_POSITION] = {"position", SLOT_TEXT, 0},
    [SLOT_RULE] = {"rule", SLOT_DIM, 0},
    [SLOT_MESSAGE] = {"message", SLOT_TEXT, 0},
    [SLOT_COMPLAINT] = {"complaint", SLOT_STRONG, 0},
    [SLOT_HINT] = {"hint", SLOT_DIM, 0},
    [SLOT_KEY] = {"key", SLOT_STRONG, 0},
    [SLOT_PROMPT] = {"prompt", SLOT_STRONG, 0},
    [SLOT_CURSOR] = {"cursor", SLOT_TEXT, 0},
    [SLOT_CURSOR_BLUR] = {"cursor-blur", SLOT_DIM, 0},
    [SLOT_LINK] = {"link", SLOT_TEXT, 0},
    [SLOT_DISORDER] = {"disorder", SLOT_STRONG, 0},
    [SLOT_CELL] = {"cell", SLOT_TEXT, 0},
    [SLOT_CELL_FOCUS] = {"cell-focus", SLOT_CURSOR, 0},
    [SLOT_COUNT] = {"count", SLOT_DIM, 0},
    [SLOT_LINE_NUMBER] = {"line-number", SLOT_DIM, 0},
    [SLOT_STANDS] = {"stands", SLOT_TEXT, 0},
    [SLOT_STALE] = {"stale", SLOT_STRONG, 0},
    [SLOT_BROKEN] = {"broken", SLOT_STRONG, 0},
    [SLOT_NOT_RUN] = {"not-run", SLOT_DIM, 0},
    [SLOT_UNKNOWN] = {"unknown", SLOT_TEXT, 0},
    [SLOT_POSSIBLE] = {"possible", SLOT_DIM, 0},
    [SLOT_FAILED] = {"failed", SLOT_STRONG, 0},
    [SLOT_INFERRED] = {"inferred", SLOT_DIM, 0},
    [SLOT_LOST] = {"lost", SLOT_DIM, 0},
    [SLOT_CULPRIT] = {"culprit", SLOT_STALE, ATTRIBUTE_UNDERLINE},
    [SLOT_MATCH] = {"match", SLOT_TEXT, ATTRIBUTE_REVERSE},
    [SLOT_READ] = {"read", SLOT_TEXT, 0},
    [SLOT_BIND] = {"bind", SLOT_STRONG, 0},
    [SLOT_MUTATE] = {"mutate", SLOT_STRONG, 0},
    [SLOT_DELETE] = {"delete", SLOT_STRONG, 0},
    [SLOT_LIVE] = {"live", SLOT_DIM, 0},
    [SLOT_LABEL] = {"label", SLOT_DIM, 0},
    [SLOT_HEADING] = {"heading", SLOT_STRONG, 0},
    [SLOT_OUTPUT] = {"output", SLOT_TEXT, 0},
    [SLOT_OUTPUT_TITLE] = {"output-title", SLOT_DIM, 0},
    [SLOT_STDERR] = {"stderr", SLOT_OUTPUT, 0},
    [SLOT_MORE] = {"more", SLOT_HINT, 0},
    [SLOT_KEYWORD] = {"keyword", SLOT_STRONG, 0},
    [SLOT_NAME] = {"name", SLOT_TEXT, 0},
    [SLOT_BUILTIN] = {"builtin", SLOT_TEXT, 0},
    [SLOT_DEFINITION] = {"definition", SLOT_TEXT, 0},
    [SLOT_STRING] = {"string", SLOT_TEXT, 0},
    [SLOT_LITERAL] = {"number", SLOT_TEXT, 0},
    [SLOT_OPERATOR] = {"operator", SLOT_TEXT, 0},
    [SLOT_COMMENT] = {"comment", SLOT_DIM, 0},
    [SLOT_DECORATOR] = {"decorator", SLOT_TEXT, 0},
    [SLOT_MAGIC] = {"magic", SLOT_TEXT, 0},
    [SLOT_INVALID] = {"invalid", SLOT_FAILED, 0},
};

static const struct {
	const char *name, *utf8, *ascii;
} GLYPHS[GLYPH_TOTAL] = {
    [GLYPH_STANDS] = {"stands", "✓", "="},
    [GLYPH_STALE] = {"stale", "●", "*"},
    [GLYPH_BROKEN] = {"broken", "✗", "X"},
    [GLYPH_NOT_RUN] = {"not-run", "○", "o"},
    [GLYPH_UNKNOWN] = {"unknown", "?", "?"},
    [GLYPH_FAILED] = {"failed", "!", "!"},
    [GLYPH_CURSOR] = {"cursor", ">", ">"},
    [GLYPH_EARLIER] = {"earlier", "↑", "^"},
    [GLYPH_BACK] = {"back", "↑", "^"},
    [GLYPH_INFERRED] = {"inferred", "~", "~"},
    [GLYPH_CUT] = {"cut", "…", "$"},
    [GLYPH_HORIZONTAL] = {"horizontal", "─", "-"},
    [GLYPH_VERTICAL] = {"vertical", "│", "|"},
    [GLYPH_TURN_DOWN] = {"turn-down", "╮", "."},
    [GLYPH_TURN_UP] = {"turn-up", "╯", "'"},
    [GLYPH_FROM_ABOVE] = {"from-above", "╰", "'"},
    [GLYPH_FROM_BELOW] = {"from-below", "╭", "."},
    [GLYPH_DOT] = {"dot", "·", "-"},
    [GLYPH_REPLACED] = {"replaced", "╌", "."},
};

static const struct {
	const char *name;
	uint8_t attribute;
} ATTRIBUTES[] = {
    {"bold", ATTRIBUTE_BOLD},           {"dim", ATTRIBUTE_DIM},         {"italic", ATTRIBUTE_ITALIC},
    {"underline", ATTRIBUTE_UNDERLINE}, {"reverse", ATTRIBUTE_REVERSE},
};

static const char *const COLOURS[] = {"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"};

enum { COLOUR_BLACK_BRIGHT = 8 };

const char *slot_name(enum slot slot)
{
	return SLOTS[slot].name;
}

struct look look_styled(enum slot slot, struct text_style style)
{
	return (struct look){
	    .slot = (uint8_t)slot,
	    .attributes = (uint8_t)((style.bold ? ATTRIBUTE_BOLD : 0) | (style.dim ? ATTRIBUTE_DIM : 0) |
	                            (style.italic ? ATTRIBUTE_ITALIC : 0) | (style.underline ? ATTRIBUTE_UNDERLINE : 0) |
	                            (style.reverse ? ATTRIBUTE_REVERSE : 0)),
	    .foreground = style.foreground,
	    .background = style.background,
	};
}

uint32_t colour_rgb(int colour)
{
	static const uint32_t NAMED[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
	                                   0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
	static const uint8_t LEVELS[6] = {0, 95, 135, 175, 215, 255};
	if (colour < 16)
		return NAMED[colour & 15];
	if (colour >= 232) {
		uint32_t grey = (uint32_t)(8 + 10 * (colour - 232));
		return grey << 16 | grey << 8 | grey;
	}
	int cube = colour - 16;
	return (uint32_t)LEVELS[cube / 36] << 16 | (uint32_t)LEVELS[cube / 6 % 6] << 8 | LEVELS[cube % 6];
}

/* The nearest of the first `colours` colours. */
static int16_t nearest_colour(int16_t colour, int colours)
{
	if (colour < colours)
		return colour;
	uint32_t wanted = colour_rgb(colour);
	int best = 0;
	long best_distance = -1;
	for (int candidate = 0; candidate < colours; candidate++) {
		uint32_t rgb = colour_rgb(candidate);
		long distance = 0;
		for (int shift = 0; shift <= 16; shift += 8) {
			long difference = (long)(wanted >> shift & 0xff) - (long)(rgb >> shift & 0xff);
			distance += difference * difference;
		}
		if (best_distance < 0 || distance < best_distance) {
			best_distance = distance;
			best = candidate;
		}
	}
	return (int16_t)best;
}

/* A bright colour on a terminal that has none is the plain one in bold; grey,
 * which would be black there, is the default colour, dimmed. */
static void paint_reduce(struct paint *paint, int colours)
{
	if (colours == 0) {
		paint->foreground = paint->background = NO_COLOR;
		return;
	}
	int named = colours < 16 ? 16 : colours;
	if (paint->foreground != NO_COLOR)
		paint->foreground = nearest_colour(paint->foreground, named);
	if (paint->background != NO_COLOR)
		paint->background = nearest_colour(paint->background, named);
	if (colours >= 16)
		return;
	if (paint->foreground == COLOUR_BLACK_BRIGHT) {
		paint->foreground = NO_COLOR;
		paint->attributes |= ATTRIBUTE_DIM;
	} else if (paint->foreground > COLOUR_BLACK_BRIGHT) {
		paint->foreground = (int16_t)(paint->foreground - 8);
		paint->attributes |= ATTRIBUTE_BOLD;
	}
	if (paint->background >= 8)
		paint->background = (int16_t)(paint->background - 8);
}

struct paint theme_paint(const struct theme *theme, struct look look, int colours)
{
	struct paint paint = theme->slots[look.slot];
	paint.attributes |= look.attributes;
	if (look.foreground != NO_COLOR)
		paint.foreground = look.foreground;
	if (look.background != NO_COLOR)
		paint.background = look.background;
	paint_reduce(&paint, colours);
	return paint;
}

/* --- reading a theme --- */

struct theme_reader {
	struct arena *arena;
	struct slice file, text; /* `text` is the line, without its comment */
	struct theme_mistakes *mistakes;
	uint64_t line;
	size_t offset;  /* behind the word that was read last */
	size_t word_at; /* where that word begins */
	bool defined[SLOT_TOTAL];
};

static void mistake(struct theme_reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void mistake(struct theme_reader *reader, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	struct slice message = slice_format_list(reader->arena, format, arguments);
	va_end(arguments);
	struct failure failure = {
	    .file = reader->file,
	    .line = reader->line,
	    .column = utf8_count(slice_part(reader->text, 0, reader->word_at)) + 1,
	    .message = printable(reader->arena, message),
	};
	vector_push(reader->arena, reader->mistakes, failure);
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static bool next_word(struct theme_reader *reader, struct slice *word)
{
	size_t at = reader->offset;
	while (at < reader->text.length && is_blank(reader->text.bytes[at]))
		at++;
	reader->word_at = at;
	while (at < reader->text.length && !is_blank(reader->text.bytes[at]))
		at++;
	reader->offset = at;
	*word = slice_part(reader->text, reader->word_at, at);
	return word->length > 0;
}

/* False when the word is no colour. */
static bool colour_parse(struct slice word, int16_t *colour)
{
	if (slice_equal(word, SLICE("default"))) {
		*colour = NO_COLOR;
		return true;
	}
	int16_t bright = 0;
	if (slice_starts(word, SLICE("bright-"))) {
		bright = 8;
		word = slice_part(word, strlen("bright-"), word.length);
	}
	for (int16_t name = 0; name < 8; name++) {
		if (slice_equal(word, slice_of(COLOURS[name]))) {
			*colour = (int16_t)(name + bright);
			return true;
		}
	}
	int number = 0;
	for (size_t at = 0; at < word.length; at++) {
		if (bright || word.bytes[at] < '0' || word.bytes[at] > '9')
			return false;
		number = number * 10 + (word.bytes[at] - '0');
		if (number > 255)
			return false;
	}
	*colour = (int16_t)number;
	return word.length > 0;
}

static void read_slot(struct theme_reader *reader, struct theme *theme, enum slot slot)
{
	if (reader->defined[slot])
		mistake(reader, "slot \"%s\" is defined twice", SLOTS[slot].name);
	reader->defined[slot] = true;
	struct paint paint = {.foreground = NO_COLOR, .background = NO_COLOR};
	struct slice word;
	bool has_foreground = false;
	while (next_word(reader, &word)) {
		int16_t colour;
		size_t which = 0;
		while (which < sizeof ATTRIBUTES / sizeof *ATTRIBUTES && !slice_equal(word, slice_of(ATTRIBUTES[which].name)))
			which++;
		if (which < sizeof ATTRIBUTES / sizeof *ATTRIBUTES) {
			paint.attributes |= ATTRIBUTES[which].attribute;
		} else if (slice_equal(word, SLICE("on"))) {
			if (!next_word(reader, &word) || !colour_parse(word, &paint.background))
				mistake(reader, "a colour must follow \"on\"");
		} else if (colour_parse(word, &colour)) {
			if (has_foreground)
				mistake(reader, "a second colour; a background is written \"on %.*s\"", SLICE_FORMAT(word));
			paint.foreground = colour;
			has_foreground = true;
		} else {
			mistake(reader, "\"%.*s\" is neither a colour nor an attribute", SLICE_FORMAT(word));
		}
	}
	theme->slots[slot] = paint;
}

static bool glyph_fits(struct slice glyph, bool ascii)
{
	size_t offset = 0;
	int32_t character = glyph.length ? utf8_next(glyph, &offset) : -1;
	if (offset != glyph.length)
		return false;
	return character > ' ' && (ascii ? character < 0x7f : character_columns(character) == 1);
}

static void read_glyph(struct theme_reader *reader, struct theme *theme)
{
	struct slice word;
	if (!next_word(reader, &word)) {
		mistake(reader, "the name of a glyph must follow \"glyph\"");
		return;
	}
	size_t which = 0;
	while (which < GLYPH_TOTAL && !slice_equal(word, slice_of(GLYPHS[which].name)))
		which++;
	if (which == GLYPH_TOTAL) {
		mistake(reader, "there is no glyph \"%.*s\"", SLICE_FORMAT(word));
		return;
	}
	for (int ascii = 0; ascii < 2; ascii++) {
		if (!next_word(reader, &word) || !glyph_fits(word, ascii)) {
			mistake(reader, ascii ? "one ASCII character must follow the glyph's character"
			                      : "one character of one column must follow the glyph's name");
			return;
		}
		theme->glyphs[which][ascii] = slice_copy(reader->arena, word);
	}
	if (next_word(reader, &word))
		mistake(reader, "a glyph has two characters, nothing more");
}

static void read_definition(struct theme_reader *reader, struct theme *theme)
{
	struct slice word;
	if (!next_word(reader, &word))
		return;
	if (slice_equal(word, SLICE("glyph"))) {
		read_glyph(reader, theme);
		return;
	}
	for (enum slot slot = 0; slot < SLOT_TOTAL; slot++) {
		if (slice_equal(word, slice_of(SLOTS[slot].name))) {
			read_slot(reader, theme, slot);
			return;
		}
	}
	mistake(reader, "there is no slot \"%.*s\"", SLICE_FORMAT(word));
}

/* Gives each slot that the theme left out the look of its fallback. A fallback
 * stands before the slots that use it, so one pass is enough, except that a
 * slot may fall back to one further down: hence the recursion, as deep as the
 * chain of fallbacks. */
static void fill_slot(struct theme_reader *reader, struct theme *theme, enum slot slot)
{
	if (reader->defined[slot])
		return;
	reader->defined[slot] = true;
	theme->slots[slot] = (struct paint){.foreground = NO_COLOR, .background = NO_COLOR};
	if (SLOTS[slot].fallback != slot) {
		fill_slot(reader, theme, SLOTS[slot].fallback);
		theme->slots[slot] = theme->slots[SLOTS[slot].fallback];
	}
	theme->slots[slot].attributes |= SLOTS[slot].attributes;
}

struct theme *theme_parse(struct arena *arena, struct slice file, struct slice text, struct theme_mistakes *mistakes)
{
	struct theme *theme = arena_alloc(arena, sizeof *theme);
	theme->name = slice_copy(arena, file);
	for (size_t glyph = 0; glyph < GLYPH_TOTAL; glyph++) {
		theme->glyphs[glyph][0] = slice_of(GLYPHS[glyph].utf8);
		theme->glyphs[glyph][1] = slice_of(GLYPHS[glyph].ascii);
	}
	struct theme_reader reader = {.arena = arena, .file = printable(arena, file), .mistakes = mistakes};
	struct slice line;
	while (slice_next_line(&text, &line)) {
		reader.line++;
		reader.offset = 0;
		reader.text = slice_part(line, 0, slice_find(line, '#', 0));
		read_definition(&reader, theme);
	}
	for (enum slot slot = 0; slot < SLOT_TOTAL; slot++)
		fill_slot(&reader, theme, slot);
	return theme;
}

bool theme_add(struct arena *arena, struct theme *theme, struct slice line, struct slice *mistake, size_t *offset)
{
	struct theme_mistakes mistakes = {0};
	struct theme_reader reader = {.arena = arena, .mistakes = &mistakes, .text = line};
	struct theme changed = *theme;
	read_definition(&reader, &changed);
	if (mistakes.count) {
		*mistake = mistakes.items[0].message;
		*offset = reader.word_at;
		return false;
	}
	*theme = changed;
	return true;
}

bool theme_check(struct builder *mistakes, struct slice file, struct slice text)
{
	struct theme_mistakes found = {0};
	theme_parse(mistakes->arena, file, text, &found);
	for (size_t at = 0; at < found.count; at++) {
		const struct failure *failure = &found.items[at];
		builder_add(mistakes, failure->file);
		builder_add_format(mistakes, ":%llu:%llu: ", (unsigned long long)failure->line,
		                   (unsigned long long)failure->column);
		builder_add(mistakes, failure->message);
		builder_add_byte(mistakes, '\n');
	}
	return found.count == 0;
}

const char *theme_name(size_t index)
{
	size_t at = 0;
	while (at < index && theme_texts[at].name)
		at++;
	return theme_texts[at].name;
}

static bool read_theme_file(struct arena *arena, struct slice path, struct slice *text, struct failure *failure)
{
	int error = text_file_read(arena, path, text);
	const char *why = error == EFBIG ? "is too large for a theme" : strerror(error);
	if (error)
		*failure = (struct failure){.file = path, .message = slice_format(arena, "%s", why)};
	return error == 0;
}

bool theme_check_file(struct builder *mistakes, struct slice path, struct failure *failure)
{
	struct slice text;
	if (!read_theme_file(mistakes->arena, path, &text, failure))
		return false;
	theme_check(mistakes, path, text);
	return true;
}

struct theme *theme_load(struct arena *arena, struct slice name, struct failure *failure)
{
	struct slice text = {0};
	for (const struct theme_text *known = theme_texts; known->name; known++) {
		if (slice_equal(name, slice_of(known->name)))
			text = slice_of(known->text);
	}
	if (!text.bytes) {
		if (slice_find(name, '/', 0) == name.length) {
			struct builder message = {.arena = arena};
			builder_add_string(&message, "there is no such theme; the built-in ones are");
			for (const struct theme_text *known = theme_texts; known->name; known++)
				builder_add_format(&message, "%s %s", known == theme_texts ? "" : ",", known->name);
			builder_add_string(&message, "; a file is named with a slash");
			*failure = (struct failure){.file = name, .message = builder_slice(&message)};
			return NULL;
		}
		if (!read_theme_file(arena, name, &text, failure))
			return NULL;
	}
	struct theme_mistakes mistakes = {0};
	struct theme *theme = theme_parse(arena, name, text, &mistakes);
	if (mistakes.count) {
		*failure = mistakes.items[0];
		return NULL;
	}
	return theme;
}
