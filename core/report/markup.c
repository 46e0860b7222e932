#include "report/markup.h"

#include <string.h>

#include "base/printable.h"

static void add_escaped(struct builder *out, struct slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		switch (text.bytes[i]) {
		case '&': builder_add_string(out, "&amp;"); break;
		case '<': builder_add_string(out, "&lt;"); break;
		case '>': builder_add_string(out, "&gt;"); break;
		case '"': builder_add_string(out, "&quot;"); break;
		case '\'': builder_add_string(out, "&#39;"); break;
		default: builder_add_byte(out, text.bytes[i]);
		}
	}
}

void escape_html(struct builder *out, struct slice line)
{
	add_escaped(out, printable(out->arena, line));
}

void escape_html_lines(struct builder *out, struct slice text)
{
	add_escaped(out, printable_lines(out->arena, text));
}

/* Calls `text` and `code` for the pieces of a sentence outside and inside back quotes; one
 * that is never closed is text. */
typedef void piece_writer(struct builder *out, struct slice piece);

static void add_pieces(struct builder *out, struct slice sentence, piece_writer *text, piece_writer *code)
{
	for (size_t at = 0; at < sentence.length;) {
		size_t open = slice_find(sentence, '`', at), close = slice_find(sentence, '`', open + 1);
		bool has_code = close < sentence.length && slice_trim(slice_part(sentence, open + 1, close)).length;
		text(out, slice_part(sentence, at, has_code ? open : sentence.length));
		if (!has_code)
			return;
		code(out, slice_part(sentence, open + 1, close));
		at = close + 1;
	}
}

static void escape_html_code(struct builder *out, struct slice code)
{
	builder_add_string(out, "<code>");
	escape_html(out, code);
	builder_add_string(out, "</code>");
}

void escape_html_sentence(struct builder *out, struct slice sentence)
{
	add_pieces(out, sentence, escape_html, escape_html_code);
}

/* A zero-width space keeps GitHub from seeing a name to call, an issue or an address, and
 * shows nothing. */
#define BREAK "&#8203;"

void escape_markdown(struct builder *out, struct slice line)
{
	/* What formats inside a line; no line begins with text of a notebook. */
	static const char escaped[] = "\\`*_[]!|~$";
	struct slice text = printable(out->arena, line);
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.bytes[i];
		bool is_break = byte == '@' || byte == '#' || byte == ':' ||
		                (byte == '.' && i >= 3 && strncasecmp(&text.bytes[i - 3], "www", 3) == 0);
		if (byte && strchr("&<>", byte))
			add_escaped(out, slice_part(text, i, i + 1));
		else if (byte && strchr(escaped, byte))
			builder_add_format(out, "\\%c", byte);
		else
			builder_add_byte(out, byte);
		/* No space ends a sentence with a colon, so that those stay as they are. */
		if (is_break && i + 1 < text.length && text.bytes[i + 1] != ' ')
			builder_add_string(out, BREAK);
	}
}

void escape_markdown_code(struct builder *out, struct slice line)
{
	struct slice text = slice_trim(printable(out->arena, line));
	if (text.length == 0)
		return;
	size_t longest = 0, run = 0;
	for (size_t i = 0; i < text.length; i++) {
		run = text.bytes[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	/* A fence that is longer than any in it; blanks keep back quotes from joining it. */
	const char *blank = longest ? " " : "";
	for (size_t i = 0; i <= longest; i++)
		builder_add_byte(out, '`');
	builder_add_string(out, blank);
	builder_add(out, text);
	builder_add_string(out, blank);
	for (size_t i = 0; i <= longest; i++)
		builder_add_byte(out, '`');
}

void escape_markdown_sentence(struct builder *out, struct slice sentence)
{
	add_pieces(out, sentence, escape_markdown, escape_markdown_code);
}
