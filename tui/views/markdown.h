/* markdown.h - Markdown as rows of text: CommonMark with GitHub's tables and lists of
 * tasks, read by md4c. Without that library the source is shown as it stands.
 */
#ifndef NBSCOPE_TUI_VIEWS_MARKDOWN_H
#define NBSCOPE_TUI_VIEWS_MARKDOWN_H

#include "tui/document.h"

/* Adds a text; `bullet` is what items of lists begin with, `bar` what stands between
 * columns of tables and before quotations, `rule` what lines are drawn with. */
void markdown_add(struct document *document, struct slice source, struct slice bullet, struct slice bar,
                  struct slice rule);

#endif
