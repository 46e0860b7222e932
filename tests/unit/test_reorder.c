/* Moving cells until a run from the top gives what was saved: by hand, and on the
 * truth sample, where the order that is found is played, and all others are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/reorder.h"
#include "tests/unit/arena.h"
#include "tests/unit/given.h"
#include "tests/unit/sessions.h"

struct case_of_order {
	const char *title;
	struct given cells[GIVEN_CELLS];
	const char *expected; /* "CELL below CELL", or why there is none */
};

static const struct case_of_order cases[] = {
    {"nothing to do", {{1, "a = 1"}, {2, "print(a)"}}, "nothing"},
    {"the definer goes up", {{2, "print(x)"}, {1, "x = 1"}}, "2 below 0"},
    {"the one cell that ran late goes down",
     {{4, "print(x)"}, {1, "x = 1"}, {2, "y = x"}, {3, "x = y + 1"}},
     "1 below 4"},
    {"who must not come between goes behind the reader",
     {{1, "x = 1"}, {3, "x = 2"}, {2, "print(x)"}, {4, "print(x)"}},
     "3 below 1"},
    {"a value that nobody reads may be written anywhere",
     {{3, "x = 1"}, {2, "x = 2\nprint(x)"}, {1, "y = 1"}},
     "nothing"},
    {"a cell that never ran must not disturb", {{1, "x = 1"}, {0, "x = 2"}, {2, "print(x)"}}, "2 below 0"},
    {"changes in place keep their order",
     {{1, "xs = []"}, {3, "xs.append(1)"}, {2, "xs.append(2)"}, {4, "print(xs)"}},
     "3 below 1"},
    {"one that ran first goes above all",
     {{2, "print(x)"}, {3, "x = x + 1"}, {1, "x = 1"}, {4, "print(x)\nx = 7"}},
     "3 below 0"},
    {"what no cell defines", {{2, "print(gone)"}}, "Cell 1 needs `gone`, which no run that is known had defined."},
};

static struct slice words_of(const struct reordering *reordering)
{
	struct builder text = {.arena = arena};
	if (reordering->kind == REORDER_NONE)
		return reordering->why;
	if (reordering->kind == REORDER_NOTHING)
		return SLICE("nothing");
	for (size_t i = 0; i < reordering->move_count; i++)
		builder_add_format(&text, "%s%zu below %zu", i ? "; " : "", reordering->moves[i].cell,
		                   reordering->moves[i].below);
	return builder_slice(&text);
}

static void orders(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct played_session session = session_of(given_notebook(cases[i].cells));
		struct slice words = words_of(reordering_of_notebook(arena, session.traced));
		if (!slice_equal(words, slice_of(cases[i].expected)))
			fail_msg("%s: %.*s", cases[i].title, SLICE_FORMAT(words));
	}
}

/* The fewest cells to move for an order: all but a longest rising row. */
static size_t moves_of(const size_t *order, size_t count)
{
	size_t length[16], longest = 0;
	for (size_t at = 0; at < count; at++) {
		length[at] = 1;
		for (size_t before = 0; before < at; before++)
			if (order[before] < order[at] && length[before] + 1 > length[at])
				length[at] = length[before] + 1;
		longest = length[at] > longest ? length[at] : longest;
	}
	return count - longest;
}

/* The fewest moves of any order of cells [at, count) behind those before that is right, or SIZE_MAX. */
static size_t least_moves(const struct played_session *session, size_t *order, size_t at, size_t count)
{
	if (at == count)
		return reordering_reproduces(arena, session->traced, order) ? moves_of(order, count) : SIZE_MAX;
	size_t least = SIZE_MAX;
	for (size_t i = at; i < count; i++) {
		size_t cell = order[i];
		order[i] = order[at];
		order[at] = cell;
		size_t moves = least_moves(session, order, at + 1, count);
		least = moves < least ? moves : least;
		order[at] = order[i];
		order[i] = cell;
	}
	return least;
}

static size_t tried, found, unproved;

static void check_order(const char *path, const struct played_session *session)
{
	enum { FEW_CELLS = 6 };
	const struct reordering *reordering = reordering_of_notebook(arena, session->traced);
	size_t count = session->notebook->code_count, all[FEW_CELLS];
	found += reordering->kind == REORDER_MOVES;
	unproved += reordering->kind == REORDER_MOVES && !reordering->is_least;
	if (reordering->kind != REORDER_NONE && !reordering_reproduces(arena, session->traced, reordering->order))
		fail_msg("%s: %.*s does not give what was saved", path, SLICE_FORMAT(words_of(reordering)));
	if (count > FEW_CELLS)
		return;
	for (size_t i = 0; i < count; i++)
		all[i] = i + 1;
	size_t least = least_moves(session, all, 0, count);
	size_t moves = reordering->kind == REORDER_NONE ? SIZE_MAX : reordering->move_count;
	if (moves != least)
		fail_msg("%s: %.*s, but %zu are enough", path, SLICE_FORMAT(words_of(reordering)), least);
	tried++;
}

static void truth_orders(void **state)
{
	(void)state;
	size_t seen = each_session(check_order);
	print_message("%zu sessions, %zu orders found, %zu of them not proved; %zu small\n", seen, found, unproved, tried);
	assert_true(seen > 20 && tried > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(orders),
	    cmocka_unit_test(truth_orders),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
