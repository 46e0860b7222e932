/* The cursor in a list, whatever is asked of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/layout.h"
#include "tui/list.h"

static struct list list_of(size_t count, int rows, size_t cursor)
{
	struct list list = {0};
	list_fit(&list, count, rows);
	list_go(&list, cursor);
	return list;
}

static void expect(const struct list *list, size_t cursor, size_t top)
{
	assert_int_equal(list->cursor, cursor);
	assert_int_equal(list->top, top);
}

static void lines_are_gone_through(void **state)
{
	(void)state;
	struct list list = list_of(100, 10, 0);
	list_act(&list, ACTION_DOWN, 0);
	expect(&list, 1, 0);
	list_act(&list, ACTION_DOWN, 8);
	expect(&list, 9, 0);
	list_act(&list, ACTION_DOWN, 0); /* out of sight: half a page further */
	expect(&list, 10, 5);
	list_act(&list, ACTION_UP, 6);
	expect(&list, 4, 0);
	list_act(&list, ACTION_UP, 99);
	expect(&list, 0, 0);
	list_act(&list, ACTION_LAST, 0);
	expect(&list, 99, 90);
	list_act(&list, ACTION_LAST, 42);
	assert_int_equal(list.cursor, 41);
	list_act(&list, ACTION_FIRST, 0);
	expect(&list, 0, 0);
	list_act(&list, ACTION_FIRST, SIZE_MAX);
	expect(&list, 99, 90);
}

static void pages_take_the_cursor_along(void **state)
{
	(void)state;
	struct list list = list_of(100, 10, 3);
	list_act(&list, ACTION_PAGE_DOWN, 0);
	expect(&list, 13, 10);
	list_act(&list, ACTION_HALF_DOWN, 0);
	expect(&list, 18, 15);
	list_act(&list, ACTION_PAGE_DOWN, SIZE_MAX);
	expect(&list, 99, 90);
	list_act(&list, ACTION_PAGE_UP, 0);
	expect(&list, 89, 80);
	list_act(&list, ACTION_HALF_UP, 3);
	expect(&list, 74, 65);
	list_act(&list, ACTION_PAGE_UP, SIZE_MAX);
	expect(&list, 0, 0);
}

static void scrolling_keeps_the_cursor_in_sight(void **state)
{
	(void)state;
	struct list list = list_of(100, 10, 0);
	list_act(&list, ACTION_SCROLL_DOWN, 3);
	expect(&list, 3, 3);
	list_go(&list, 12);
	list_act(&list, ACTION_SCROLL_UP, 3);
	expect(&list, 9, 0);
	list_go(&list, 50);
	list_act(&list, ACTION_TO_TOP, 0);
	expect(&list, 50, 50);
	list_act(&list, ACTION_TO_BOTTOM, 0);
	expect(&list, 50, 41);
	list_act(&list, ACTION_CENTRE, 0);
	expect(&list, 50, 45);
}

static void a_list_may_be_empty_or_shrink(void **state)
{
	(void)state;
	struct list list = list_of(0, 10, 0);
	for (enum action action = ACTION_NONE; action < ACTION_TOTAL; action++)
		list_act(&list, action, 7);
	expect(&list, 0, 0);
	list = list_of(100, 10, 99);
	list_fit(&list, 20, 30);
	expect(&list, 19, 0);
	list_fit(&list, 20, 0);
	for (size_t number = 0; number < 30; number++) {
		for (enum action action = ACTION_NONE; action < ACTION_TOTAL; action++) {
			list_act(&list, action, number);
			assert_true(list.cursor < 20 && list.top < 20);
		}
	}
	list_fit(&list, 20, -5);
	assert_true(list.cursor < 20);
}

static void other_actions_are_not_a_lists(void **state)
{
	(void)state;
	struct list list = list_of(100, 10, 5);
	assert_false(list_act(&list, ACTION_OPEN, 0));
	assert_false(list_act(&list, ACTION_LEFT, 0));
	expect(&list, 5, 0);
}

static bool overlap(struct rectangle a, struct rectangle b)
{
	return a.row < b.row + b.rows && b.row < a.row + a.rows && a.column < b.column + b.columns &&
	       b.column < a.column + a.columns;
}

/* At every size: the panes lie in the screen, do not overlap, and the focused one is shown. */
static void panes_share_the_screen(void **state)
{
	(void)state;
	for (int rows = 0; rows < 70; rows += 3) {
		for (int columns = 1; columns < 260; columns += 7) {
			for (unsigned mode = 0; mode < 12; mode++) {
				enum pane_id focus = (enum pane_id)(mode % PANE_TOTAL);
				bool maximised = mode / 3 % 2, execution = mode / 6;
				if (!execution && focus == PANE_EXECUTION)
					continue;
				struct layout layout = layout_cells(&(struct layout_wish){.rows = rows,
				                                                          .columns = columns,
				                                                          .focus = focus,
				                                                          .maximised = maximised,
				                                                          .execution = execution,
				                                                          .wanted = 1000,
				                                                          .crossings = 3});
				for (int a = 0; a < PANE_TOTAL; a++) {
					struct rectangle pane = layout.panes[a];
					assert_true(pane.row >= 0 && pane.column >= 0 && pane.rows >= 0);
					assert_true(pane.row + pane.rows <= rows && pane.column + pane.columns <= columns);
					for (int b = 0; b < a; b++)
						assert_false(overlap(pane, layout.panes[b]));
				}
				assert_true(layout.panes[focus].rows > 0 || rows < 6);
				assert_true(execution || layout.panes[PANE_EXECUTION].rows == 0);
			}
		}
	}
}

static void neighbours_lie_where_they_are_looked_for(void **state)
{
	(void)state;
	struct layout below = layout_cells(
	    &(struct layout_wish){.rows = 24, .columns = 80, .focus = PANE_FILE, .execution = true, .wanted = 100});
	assert_int_equal(layout_neighbour(&below, PANE_FILE, 0, 1), PANE_EXECUTION);
	assert_int_equal(layout_neighbour(&below, PANE_FILE, 1, 0), PANE_DETAIL);
	assert_int_equal(layout_neighbour(&below, PANE_FILE, -1, 0), PANE_FILE);
	assert_int_equal(layout_neighbour(&below, PANE_DETAIL, -1, 0), PANE_FILE);
	struct layout beside = layout_cells(
	    &(struct layout_wish){.rows = 60, .columns = 200, .focus = PANE_FILE, .execution = true, .wanted = 100});
	assert_int_equal(layout_neighbour(&beside, PANE_EXECUTION, 0, 1), PANE_DETAIL);
	assert_int_equal(layout_neighbour(&beside, PANE_DETAIL, 0, -1), PANE_EXECUTION);
	assert_int_equal(layout_neighbour(&beside, PANE_DETAIL, 1, 0), PANE_DETAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_gone_through),
	    cmocka_unit_test(pages_take_the_cursor_along),
	    cmocka_unit_test(scrolling_keeps_the_cursor_in_sight),
	    cmocka_unit_test(a_list_may_be_empty_or_shrink),
	    cmocka_unit_test(other_actions_are_not_a_lists),
	    cmocka_unit_test(panes_share_the_screen),
	    cmocka_unit_test(neighbours_lie_where_they_are_looked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
