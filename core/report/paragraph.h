/* paragraph.h - plain text set to a width. */
#ifndef NBSCOPE_REPORT_PARAGRAPH_H
#define NBSCOPE_REPORT_PARAGRAPH_H

#include "base/slice.h"

/* Appends the text, made printable, as one paragraph that ends in a line feed:
 * `label` begins the first line, and the text starts in column `indent` of every
 * line. Lines break at spaces and are at most `width` columns wide (0: one line);
 * a word that fits in no line stands alone. */
void paragraph_add(struct builder *out, struct slice label, unsigned indent, struct slice text, unsigned width);

/* Appends one line, cut to `width` columns with "…" (0: not cut). */
void paragraph_add_line(struct builder *out, unsigned indent, struct slice text, unsigned width);

/* Appends `count` spaces. */
void paragraph_indent(struct builder *out, unsigned count);

#endif
