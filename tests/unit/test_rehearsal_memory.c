/* What a rehearsal remembers while it gives back what nothing reaches any more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis.h"
#include "flow/testimony.h"
#include "tests/unit/arena.h"
#include "tests/unit/given.h"

/* Makes some megabytes of values that are gone when the cell ends. */
#define GARBAGE "text = 'ab' * 400\nfor turn in range(60):\n    letters = list(text)\ndel letters, turn"

static void keeps_what_names_reach(void **state)
{
	(void)state;
	const struct given cells[] = {
	    {1,
	     "def counter(start):\n    seen = [start, 'a\\'b']\n    def more():\n        seen.append(len(seen))\n"
	     "        return seen\n    return more\nmore = counter(7)",
	     NULL, NULL},
	    {2, "class Box:\n    size = 3\nbox = Box()\nbox.items = {'k': (1, 2.5)}\nsame = box.items", NULL, NULL},
	    {3, GARBAGE, NULL, NULL},
	    {4, "more()\nsame['l'] = Box.size", NULL, NULL},
	    {5, GARBAGE, NULL, NULL},
	    {6, "more(), box.items, len(text)", NULL, NULL},
	    {0},
	};
	struct symbols *symbols = symbols_new(arena);
	struct notebook *notebook = given_notebook(cells);
	struct effects **effects = effects_of_notebook(arena, symbols, notebook);
	struct log *log = log_from_notebook(arena, notebook, effects);
	size_t before = arena_used(arena);
	struct testimony *testimony = testimony_gather(arena, symbols, notebook, effects, log);
	struct slice shown = testimony->file[6]->shown;
	assert_int_equal(testimony->file[6]->shows, SHOWS_TEXT);
	if (!slice_equal(shown, SLICE("([7, \"a'b\", 2, 3], {'k': (1, 2.5), 'l': 3}, 800)")))
		fail_msg("%.*s", SLICE_FORMAT(shown));
	assert_true(slice_equal(shown, testimony->log[6]->shown));
	assert_true(arena_used(arena) - before < 64 * 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_what_names_reach)};
	return cmocka_run_group_tests(tests, setup, teardown);
}
