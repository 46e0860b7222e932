/* cell_links.h - the lines between the cells in file order and their runs.
 *
 * Every cell that ran out of order has a line to its run, so that disorder is
 * seen: it crosses what is in order. The selected cell has one in any case.
 */
#ifndef NBSCOPE_TUI_VIEWS_CELL_LINKS_H
#define NBSCOPE_TUI_VIEWS_CELL_LINKS_H

#include "tui/list.h"
#include "tui/state.h"

/* The selected cell's line as it was drawn last: rows of the pane where it begins
 * and ends. */
struct link {
	bool drawn;
	size_t number; /* of the cell */
	int from, to;
	size_t files_top, runs_top; /* the first lines of the lists at that time */
};

/* Places the line of what is selected. It follows the cursor only when no key is
 * waiting: it crosses many rows, and over a slow line the cursor comes first. */
void cell_links_place(struct app *app, struct link *link, const struct list *files, const struct list *runs);

/* Draws all lines; the first row of the pane is that of the lists' titles. */
void cell_links_draw(const struct app *app, const struct link *link, struct pane pane, const struct list *files,
                     const struct list *runs);

#endif
