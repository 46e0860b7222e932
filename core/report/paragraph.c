#include "report/paragraph.h"

#include "base/printable.h"
#include "base/utf8.h"

void paragraph_indent(struct builder *out, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		builder_add_byte(out, ' ');
}

void paragraph_add(struct builder *out, struct slice label, unsigned indent, struct slice text, unsigned width)
{
	struct slice shown = printable(out->arena, text);
	size_t column = printable_width(label);
	builder_add(out, label);
	bool is_first = true;
	for (size_t start = 0, end; start < shown.length; start = end + 1) {
		end = slice_find(shown, ' ', start);
		struct slice word = slice_part(shown, start, end);
		if (word.length == 0)
			continue;
		size_t word_width = printable_width(word);
		if (is_first && column >= indent && column > 0) {
			builder_add_byte(out, ' ');
			column++;
		} else if (!is_first && width && column + 1 + word_width > width) {
			builder_add_byte(out, '\n');
			column = 0;
		} else if (!is_first) {
			builder_add_byte(out, ' ');
			column++;
		}
		if (column < indent) {
			paragraph_indent(out, indent - (unsigned)column);
			column = indent;
		}
		builder_add(out, word);
		column += word_width;
		is_first = false;
	}
	builder_add_byte(out, '\n');
}

void paragraph_add_line(struct builder *out, unsigned indent, struct slice text, unsigned width)
{
	struct slice shown = printable(out->arena, text);
	paragraph_indent(out, indent);
	size_t room = width > indent ? width - indent : 1;
	if (width && printable_width(shown) > room) {
		size_t fits = 0, column = 0;
		for (size_t offset = 0; offset < shown.length;) {
			size_t start = offset;
			utf8_next(shown, &offset);
			column += printable_width(slice_part(shown, start, offset));
			if (column >= room)
				break;
			fits = offset;
		}
		builder_add(out, slice_part(shown, 0, fits));
		builder_add(out, SLICE("…"));
	} else {
		builder_add(out, shown);
	}
	builder_add_byte(out, '\n');
}
