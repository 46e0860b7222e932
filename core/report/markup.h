/* markup.h - text of a notebook in HTML and in Markdown, where nothing of it is markup.
 *
 * All of it is made printable first (printable.h). A sentence of ours holds its names
 * between back quotes; they are shown as code. */
#ifndef NBSCOPE_REPORT_MARKUP_H
#define NBSCOPE_REPORT_MARKUP_H

#include "base/slice.h"

/* One line, and text of several lines, as the content of an element or of an attribute in
 * double quotes. */
void escape_html(struct builder *out, struct slice line);
void escape_html_lines(struct builder *out, struct slice text);
void escape_html_sentence(struct builder *out, struct slice sentence);

/* One line in GitHub's Markdown: nothing in it formats, links or calls anybody's name. */
void escape_markdown(struct builder *out, struct slice line);
void escape_markdown_code(struct builder *out, struct slice line);
void escape_markdown_sentence(struct builder *out, struct slice sentence);

#endif
