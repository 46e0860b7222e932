#include <inttypes.h>

#include "base/printable.h"
#include "python/highlight.h"
#include "report/markup.h"
#include "report/page.h"

enum {
	FEW_LINES = 40,           /* of an output */
	LONG_LINE = 2000,         /* bytes of one */
	LARGE_OUTPUT = 1 << 20,   /* bytes in the file; more is not looked at */
	LARGE_IMAGE = 200 * 1000, /* characters of base64 */
	IMAGES_OF_PAGE = 4000 * 1000,
};

struct page_limits page_limits(struct arena *arena)
{
	return (struct page_limits){IMAGES_OF_PAGE, secret_finder_new(arena)};
}

struct slice page_text(const struct page_limits *limits, struct arena *arena, struct slice text)
{
	return limits->secrets ? secret_masked(limits->secrets, arena, text) : SLICE("");
}

static const char *token_style(enum token_class class)
{
	switch (class) {
	case TOKEN_KEYWORD: return "k";
	case TOKEN_STRING: return "s";
	case TOKEN_NUMBER: return "n";
	case TOKEN_COMMENT: return "c";
	case TOKEN_DEFINITION: return "d";
	case TOKEN_DECORATOR: return "d";
	case TOKEN_MAGIC: return "m";
	case TOKEN_ERROR: return "x";
	default: return NULL;
	}
}

void page_add_source(struct builder *out, const struct cell *cell, bool is_python, const struct page_limits *limits)
{
	size_t count = 0, at = 0;
	struct slice source = page_text(limits, out->arena, cell->source);
	struct token_span *tokens = is_python ? python_highlight(out->arena, source, true, &count) : NULL;
	builder_add_string(out, "<pre><code>");
	for (size_t i = 0; i < count; i++) {
		const char *name = token_style(tokens[i].class);
		if (!name || tokens[i].span.start < at)
			continue;
		escape_html_lines(out, slice_part(source, at, tokens[i].span.start));
		builder_add_format(out, "<span class=\"%s\">", name);
		escape_html_lines(out, slice_part(source, tokens[i].span.start, tokens[i].span.end));
		builder_add_string(out, "</span>");
		at = tokens[i].span.end;
	}
	escape_html_lines(out, slice_part(source, at, source.length));
	builder_add_string(out, "</code></pre>\n");
}

/* Whether a line of Markdown is a heading: one to six "#" and a blank. */
static bool is_heading(struct slice line)
{
	size_t level = 0;
	while (level < line.length && line.bytes[level] == '#')
		level++;
	return level >= 1 && level <= 6 && level < line.length && line.bytes[level] == ' ';
}

void page_add_prose(struct builder *out, const struct cell *cell, const struct page_limits *limits)
{
	struct slice rest = page_text(limits, out->arena, cell->source), line;
	bool is_markdown = cell->type == CELL_MARKDOWN, in_code = false;
	builder_add_string(out, "<div class=\"prose\">");
	while (slice_next_line(&rest, &line)) {
		bool is_bold = is_markdown && !in_code && is_heading(line);
		if (slice_starts(slice_trim(line), SLICE("```")))
			in_code = !in_code;
		builder_add_string(out, is_bold ? "<strong>" : "");
		escape_html(out, line);
		builder_add_string(out, is_bold ? "</strong>\n" : "\n");
	}
	builder_add_string(out, "</div>\n");
}

/* Text, without its colours and secrets. What is needed for a moment goes into `scratch`, here and below. */
static void add_text(struct builder *out, struct arena *scratch, const struct page_limits *limits, struct slice text,
                     bool is_error)
{
	size_t count = 0;
	bool more = false;
	struct slice shown = page_text(limits, scratch, text);
	struct styled_line *lines = styled_lines(scratch, shown, FEW_LINES, &count, &more);
	if (count == 0)
		return;
	builder_add_format(out, "<div class=\"out%s\"><pre>", is_error ? " err" : "");
	for (size_t i = 0; i < count; i++) {
		size_t room = LONG_LINE;
		for (size_t piece = 0; piece < lines[i].count && room; piece++) {
			struct slice part = lines[i].pieces[piece].text;
			bool is_cut = part.length > room;
			while (is_cut && room && ((unsigned char)part.bytes[room] & 0xC0) == 0x80)
				room--;
			escape_html(out, slice_part(part, 0, room));
			builder_add_string(out, is_cut ? "…" : "");
			room = is_cut ? 0 : room - part.length;
		}
		builder_add_byte(out, '\n');
	}
	builder_add_string(out, "</pre>");
	builder_add_string(out, more ? "<p class=\"dim\">More lines are in the notebook.</p>" : "");
	builder_add_string(out, "</div>\n");
}

static void add_left_out(struct builder *out, struct slice what, uint64_t size)
{
	builder_add_string(out, "<p class=\"out dim\">Left out here: ");
	escape_html(out, what);
	builder_add_format(out, ", %" PRIu64 " bytes.</p>\n", size);
}

/* The image's base64 without line ends, or nothing where it is none: a byte that does not
 * belong there, or other bytes at its beginning than the format's. */
static struct slice clean_base64(struct arena *arena, struct slice text, struct slice magic)
{
	struct builder clean = {.arena = arena};
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.bytes[i];
		bool is_digit = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
		                byte == '+' || byte == '/' || byte == '=';
		if (is_digit)
			builder_add_byte(&clean, byte);
		else if (byte != '\n' && byte != '\r' && byte != ' ')
			return SLICE("");
	}
	return slice_starts(builder_slice(&clean), magic) ? builder_slice(&clean) : SLICE("");
}

/* Whether the part was an image that a page can hold; it is written then. */
static bool add_image(struct builder *out, struct arena *scratch, const struct notebook *notebook,
                      const struct mime_part *part, struct page_limits *limits)
{
	static const struct {
		struct slice type, magic; /* the base64 of the format's first bytes */
	} formats[] = {{SLICE_CONSTANT("image/png"), SLICE_CONSTANT("iVBORw0KGgo")},
	               {SLICE_CONSTANT("image/jpeg"), SLICE_CONSTANT("/9j/")}};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct slice text;
		if (!slice_equal(part->type, formats[i].type))
			continue;
		if (part->size > LARGE_IMAGE || part->size > limits->images ||
		    !output_part_load(notebook, scratch, part, &text))
			return false;
		text = clean_base64(scratch, text, formats[i].magic);
		if (text.length == 0)
			return false;
		limits->images -= text.length < limits->images ? text.length : limits->images;
		builder_add_format(out, "<div class=\"out\"><img alt=\"An image that the cell showed\" src=\"data:%s;base64,",
		                   formats[i].type.bytes);
		builder_add(out, text);
		builder_add_string(out, "\"></div>\n");
		return true;
	}
	return false;
}

static void add_parts(struct builder *out, struct arena *scratch, const struct notebook *notebook,
                      const struct output_content *content, struct page_limits *limits)
{
	const struct mime_part *text = NULL;
	for (size_t i = 0; i < content->part_count; i++) {
		const struct mime_part *part = &content->parts[i];
		if (!slice_starts(part->type, SLICE("image/"))) {
			if (!text || slice_equal(part->type, SLICE("text/plain")))
				text = part;
			continue;
		}
		if (!add_image(out, scratch, notebook, part, limits))
			add_left_out(out, part->type, part->size);
		return;
	}
	if (text && text->text.length)
		add_text(out, scratch, limits, text->text, false);
	else if (text)
		add_left_out(out, text->type, text->size);
}

void page_add_output(struct builder *out, const struct notebook *notebook, const struct output *output,
                     struct page_limits *limits)
{
	struct arena *scratch = arena_child(out->arena);
	struct output_content content = {0};
	uint64_t size = output->range.end - output->range.start;
	if (size > LARGE_OUTPUT || !output_load(notebook, scratch, output, &content))
		add_left_out(out, SLICE("an output"), size);
	else if (output->type == OUTPUT_ERROR && content.traceback.length)
		add_text(out, scratch, limits, content.traceback, true);
	else if (output->type == OUTPUT_ERROR)
		add_text(out, scratch, limits,
		         slice_format(scratch, "%.*s: %.*s", SLICE_FORMAT(content.ename), SLICE_FORMAT(content.evalue)), true);
	else if (content.part_count)
		add_parts(out, scratch, notebook, &content, limits);
	else
		add_text(out, scratch, limits, content.text, slice_equal(output->stream, SLICE("stderr")));
	arena_free(scratch);
}
