#include "tui/list.h"

/* A pane without rows is moved in as if it had one. */
static size_t rows_of(const struct list *list)
{
	return list->rows > 0 ? (size_t)list->rows : 1;
}

/* The last line that may stand at the top. */
static size_t last_top(const struct list *list)
{
	size_t rows = rows_of(list);
	return list->count > rows ? list->count - rows : 0;
}

static void keep_in_sight(struct list *list)
{
	size_t rows = rows_of(list);
	if (list->cursor < list->top || list->cursor >= list->top + rows)
		list->top = list->cursor > rows / 2 ? list->cursor - rows / 2 : 0;
	if (list->top > last_top(list))
		list->top = last_top(list);
}

void list_fit(struct list *list, size_t count, int rows)
{
	list->count = count;
	list->rows = rows > 0 ? rows : 0;
	list_go(list, list->cursor);
}

void list_go(struct list *list, size_t line)
{
	list->cursor = line < list->count ? line : list->count ? list->count - 1 : 0;
	keep_in_sight(list);
}

bool list_click(struct list *list, size_t row)
{
	size_t line = list->top + row;
	bool again = line == list->cursor;
	if (line < list->count)
		list_go(list, line);
	return again;
}

static void move_down(struct list *list, size_t lines)
{
	size_t left = list->count ? list->count - 1 - list->cursor : 0;
	list_go(list, list->cursor + (lines < left ? lines : left));
}

static void move_up(struct list *list, size_t lines)
{
	list_go(list, lines < list->cursor ? list->cursor - lines : 0);
}

/* A page scrolls the text and takes the cursor along. */
static void page_down(struct list *list, size_t lines)
{
	size_t left = last_top(list) - list->top;
	list->top += lines < left ? lines : left;
	move_down(list, lines);
}

static void page_up(struct list *list, size_t lines)
{
	list->top -= lines < list->top ? lines : list->top;
	move_up(list, lines);
}

static void scroll_down(struct list *list, size_t lines)
{
	size_t left = last_top(list) - list->top;
	list->top += lines < left ? lines : left;
	if (list->cursor < list->top)
		list->cursor = list->top;
}

static void scroll_up(struct list *list, size_t lines)
{
	list->top -= lines < list->top ? lines : list->top;
	size_t last = list->top + rows_of(list) - 1;
	if (list->cursor > last)
		list->cursor = last;
}

/* Puts the cursor's line `above` lines below the top of the pane. */
static void place(struct list *list, size_t above)
{
	list->top = list->cursor > above ? list->cursor - above : 0;
	keep_in_sight(list);
}

bool list_act(struct list *list, enum action action, size_t number)
{
	size_t times = number ? number : 1;
	size_t page = rows_of(list), half = page > 1 ? page / 2 : 1;
	size_t limit = list->count + page; /* more than that moves no further, and can't overflow */
	if (times > limit)
		times = limit;
	switch (action) {
	case ACTION_DOWN: move_down(list, times); return true;
	case ACTION_UP: move_up(list, times); return true;
	case ACTION_PAGE_DOWN: page_down(list, page * times); return true;
	case ACTION_PAGE_UP: page_up(list, page * times); return true;
	case ACTION_HALF_DOWN: page_down(list, half * times); return true;
	case ACTION_HALF_UP: page_up(list, half * times); return true;
	case ACTION_SCROLL_DOWN: scroll_down(list, times); return true;
	case ACTION_SCROLL_UP: scroll_up(list, times); return true;
	case ACTION_FIRST: list_go(list, number ? number - 1 : 0); return true;
	case ACTION_LAST: list_go(list, number ? number - 1 : list->count); return true;
	case ACTION_CENTRE: place(list, page / 2); return true;
	case ACTION_TO_TOP: place(list, 0); return true;
	case ACTION_TO_BOTTOM: place(list, page - 1); return true;
	default: return false;
	}
}

int list_foot_rows(int rows)
{
	enum { FEW = 8, LEAST = 4, MOST = 9 };
	int foot = rows / 4;
	return rows < FEW ? 0 : foot < LEAST ? LEAST : foot > MOST ? MOST : foot;
}
