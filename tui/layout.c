#include "tui/layout.h"

enum {
	WIDE = 120,       /* from here on, the detail stands beside the lists */
	LINK_COLUMNS = 3, /* between the lists, without lanes for what ran out of order */
	LANE_SHARE = 20,  /* one lane for so many columns of both lists */
	MOST_LANES = 6,
	LEAST_LIST = 5,   /* rows of a list, with its title */
	LEAST_WIDTH = 24, /* columns of the lists, or of the detail */
	LIST_LIMIT = 100, /* columns beyond which two lists need no more */
};

/* The lists' share of the rows, where the detail stands below them. */
static int list_rows(int rows, int wanted)
{
	int share = rows * 2 / 5;
	if (wanted + 1 < share)
		share = wanted + 1;
	if (share < LEAST_LIST)
		share = LEAST_LIST;
	return share < rows ? share : rows;
}

static void place_lists(struct layout *layout, int rows, int columns, bool execution, size_t crossings)
{
	layout->panes[PANE_FILE] = (struct rectangle){0, 0, rows, columns};
	if (!execution)
		return;
	int lanes = columns / LANE_SHARE < MOST_LANES ? columns / LANE_SHARE : MOST_LANES;
	if ((size_t)lanes > crossings)
		lanes = (int)crossings;
	int link = LINK_COLUMNS + lanes, left = (columns - link) / 2, right = columns - link - left;
	layout->panes[PANE_FILE].columns = left;
	layout->link = (struct rectangle){0, left, rows, link};
	layout->panes[PANE_EXECUTION] = (struct rectangle){0, left + link, rows, right};
}

/* A size that was changed by hand, within what leaves something of both sides. */
static int grown(int size, int growth, int least, int whole)
{
	size += growth;
	size = size > whole - least ? whole - least : size;
	return size < least ? least < whole ? least : whole : size;
}

struct layout layout_cells(const struct layout_wish *wish)
{
	struct layout layout = {0};
	int rows = wish->rows, columns = wish->columns;
	struct rectangle all = {0, 0, rows, columns};
	bool beside =
	    wish->detail == BESIDE_IF_WIDE ? columns >= WIDE : wish->detail == BESIDE && columns > 2 * LEAST_WIDTH;
	if (wish->maximised) {
		layout.panes[wish->focus] = all;
	} else if (beside) {
		int lists = columns / 2 < LIST_LIMIT ? columns / 2 : LIST_LIMIT;
		lists = grown(lists, wish->growth, LEAST_WIDTH, columns);
		place_lists(&layout, rows, lists, wish->execution, wish->crossings);
		layout.separator = (struct rectangle){0, lists, rows, 1};
		layout.panes[PANE_DETAIL] = (struct rectangle){0, lists + 1, rows, columns - lists - 1};
	} else {
		int lists = list_rows(rows, wish->wanted);
		lists = wish->growth ? grown(lists, wish->growth, LEAST_LIST, rows) : lists;
		place_lists(&layout, lists, columns, wish->execution, wish->crossings);
		layout.panes[PANE_DETAIL] = (struct rectangle){lists, 0, rows - lists, columns};
	}
	return layout;
}

/* The distance from one rectangle to another that lies in the direction, or -1. */
static int distance(struct rectangle from, struct rectangle to, int down, int right)
{
	if (to.rows == 0)
		return -1;
	int gap = 0;
	if (down > 0)
		gap = to.row - (from.row + from.rows);
	else if (down < 0)
		gap = from.row - (to.row + to.rows);
	else if (right > 0)
		gap = to.column - (from.column + from.columns);
	else
		gap = from.column - (to.column + to.columns);
	return gap < 0 ? -1 : gap;
}

enum pane_id layout_neighbour(const struct layout *layout, enum pane_id from, int down, int right)
{
	enum pane_id best = from;
	int best_distance = -1;
	for (enum pane_id pane = 0; pane < PANE_TOTAL; pane++) {
		int gap = pane == from ? -1 : distance(layout->panes[from], layout->panes[pane], down, right);
		if (gap >= 0 && (best_distance < 0 || gap < best_distance)) {
			best = pane;
			best_distance = gap;
		}
	}
	return best;
}
