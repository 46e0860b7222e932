#include "tui/views/output_shown.h"

#include "notebook/html.h"

static const struct mime_part *find(const struct output_content *content, const char *type)
{
	for (size_t at = 0; at < content->part_count; at++) {
		if (slice_equal(content->parts[at].type, slice_of(type)) && content->parts[at].text.length)
			return &content->parts[at];
	}
	return NULL;
}

/* "<IPython.core.display.HTML object>", "<pandas.io.formats.style.Styler at 0x7f...>" */
static bool is_bare(struct slice text)
{
	text = slice_trim(text);
	return text.length > 2 && text.bytes[0] == '<' && text.bytes[text.length - 1] == '>' &&
	       slice_find(text, '\n', 0) == text.length;
}

/* A wide table that pandas broke into blocks: the lines end with a backslash. */
static bool is_broken_table(struct slice text)
{
	struct slice line;
	return slice_next_line(&text, &line) && slice_ends(line, SLICE(" \\"));
}

static const struct mime_part *other_text(const struct output_content *content)
{
	for (size_t at = 0; at < content->part_count; at++) {
		if (slice_starts(content->parts[at].type, SLICE("text/")))
			return &content->parts[at];
	}
	return NULL;
}

struct shown output_shown(struct arena *arena, const struct output *output, const struct output_content *content)
{
	if (output->type == OUTPUT_ERROR && content->traceback.length)
		return (struct shown){.text = content->traceback};
	if (output->type == OUTPUT_ERROR)
		return (struct shown){
		    .text = slice_format(arena, "%.*s: %.*s", SLICE_FORMAT(content->ename), SLICE_FORMAT(content->evalue))};
	const struct mime_part *plain = find(content, "text/plain"), *html = find(content, "text/html"),
	                       *markdown = find(content, "text/markdown"), *other = other_text(content);
	bool bare = !plain || is_bare(plain->text);
	if (markdown && bare)
		return (struct shown){.part = markdown, .text = markdown->text, .markdown = true};
	if (html && (bare || (is_broken_table(plain->text) && html_has_table(html->text)))) {
		struct slice text = html_text(arena, html->text);
		if (slice_trim(text).length)
			return (struct shown){.part = html, .text = text, .whole = true};
	}
	const struct mime_part *part = plain ? plain : other;
	if (part)
		return (struct shown){.part = part, .text = part->text, .whole = !bare};
	return (struct shown){.text = content->text};
}
