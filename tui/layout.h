/* layout.h - where the panes of the cells view stand. */
#ifndef NBSCOPE_TUI_LAYOUT_H
#define NBSCOPE_TUI_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

/* In the order in which Tab goes through them. */
enum pane_id { PANE_FILE, PANE_EXECUTION, PANE_DETAIL, PANE_TOTAL };

struct rectangle {
	int row, column, rows, columns; /* no rows: not shown */
};

struct layout {
	struct rectangle panes[PANE_TOTAL]; /* each with its title in the first row */
	struct rectangle link;              /* the lines between the two lists; as high as they are */
	struct rectangle separator;         /* one column between lists and detail, where they stand side by side */
};

/* What is to be divided, and how. With `maximised`, the focused pane has it all; without
 * `execution`, the file order has the room of both lists. `wanted` is how many
 * rows the longer list has: short lists leave their room to the detail. `crossings`
 * is how many lines there are to be drawn between the lists. */
struct layout_wish {
	int rows, columns;
	enum pane_id focus;
	bool maximised, execution;
	enum { BESIDE_IF_WIDE, BESIDE, BELOW } detail; /* where the detail stands */
	int growth; /* rows or columns more, or fewer, for the lists than they have by themselves */
	int wanted;
	size_t crossings;
};

struct layout layout_cells(const struct layout_wish *wish);

/* The nearest pane that is shown in a direction (-1, 0 or 1 each) from one, or that one. */
enum pane_id layout_neighbour(const struct layout *layout, enum pane_id from, int down, int right);

#endif
