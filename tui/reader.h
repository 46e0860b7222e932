/* reader.h - a document with a place in it: what every view of text is made of. */
#ifndef NBSCOPE_TUI_READER_H
#define NBSCOPE_TUI_READER_H

#include "tui/document.h"
#include "tui/state.h"

struct reader {
	struct arena *arena; /* of the document */
	struct document *document;
	struct list list;
	int left; /* columns scrolled away to the left */
	int columns;
	unsigned generation; /* of the app, when the document was made */
};

/* Whether the document must be made for that width. */
bool reader_is_stale(const struct reader *reader, const struct app *app, int columns);

/* Drops the document and gives an empty one to be filled, for a pane of that
 * many columns. The place in it is kept unless it is `rewound`. */
struct document *reader_renew(struct reader *reader, const struct app *app, int columns, bool rewound);

/* Draws the document in the whole pane. */
void reader_draw(struct app *app, struct reader *reader, struct pane pane, bool focused);

/* Does what moves in a text, in a pane of that size; false for other actions. */
bool reader_act(struct app *app, struct reader *reader, enum action action, size_t number, int rows, int columns);

/* Goes to the next row that matches, or back; with `here` the present row counts too. */
bool reader_search(struct app *app, struct reader *reader, bool back, bool here);

/* "1-12/40", or "all". */
struct slice reader_note(const struct reader *reader, struct arena *arena);

void reader_free(struct reader *reader);

#endif
