/* html.h - the text of an HTML output, for a screen of characters.
 *
 * Tables, which is what libraries give as HTML, become columns; of all else the
 * text is left, with line ends where blocks begin. A tolerant reader, not a
 * browser: tags that it doesn't know mean nothing, and what is broken ends where
 * the text does.
 */
#ifndef NBSCOPE_NOTEBOOK_HTML_H
#define NBSCOPE_NOTEBOOK_HTML_H

#include "base/slice.h"

/* The text, in lines; heads of tables are bold by SGR. In the arena; as hostile as
 * what it was made from, so it is for styled_lines(). */
struct slice html_text(struct arena *arena, struct slice html);

/* Whether there is a table in it. */
bool html_has_table(struct slice html);

#endif
