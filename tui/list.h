/* list.h - a cursor in a list of lines, of which a pane shows some.
 *
 * All that moves line by line uses it: lists of cells and runs, and texts. When
 * the cursor leaves the pane, the list jumps by half a page, because scrolling
 * by single lines costs a repaint of the pane for each of them.
 */
#ifndef NBSCOPE_TUI_LIST_H
#define NBSCOPE_TUI_LIST_H

#include "tui/actions.h"

struct list {
	size_t cursor, top; /* line of the cursor, first line shown; from 0 */
	size_t count;       /* lines */
	int rows;           /* of the pane */
};

/* Sets how many lines there are and how many are shown; keeps the cursor among
 * the lines, and in sight. */
void list_fit(struct list *list, size_t count, int rows);

/* Moves the cursor to a line, as near as there is one. */
void list_go(struct list *list, size_t line);

/* What a click in a row of the pane means: the cursor goes there. Whether it stood there
 * already, so that this is the second one. */
bool list_click(struct list *list, size_t row);

/* Does an action that moves; `number` is what was typed before it, or 0. False
 * when the action is no movement along a list. */
bool list_act(struct list *list, enum action action, size_t number);

/* Of the rows of a view, how many below its list say all of what is at the cursor: none
 * where rows are few. */
int list_foot_rows(int rows);

#endif
