/* Slices: which statements a result rests on, by the cell and line of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/slicing.h"
#include "tests/unit/arena.h"
#include "tests/unit/given.h"
#include "tests/unit/sessions.h"

struct case_of_slice {
	const char *title;
	struct given cells[GIVEN_CELLS];
	const char *name;     /* null: of the last cell that ran */
	const char *expected; /* "cell:line", "+" for what sets up, "#" for what is outside, "!" for what was cut short */
};

static const struct case_of_slice cases[] = {
    {"what is read, and nothing else", {{1, "a = 1\nb = 2"}, {2, "c = 3"}, {3, "print(b)"}}, NULL, "1:2 3:1"},
    {"as it ran, not as it stands", {{1, "x = 1"}, {3, "print(x)"}, {2, "x = 2"}}, NULL, "3:1 2:1"},
    {"changes in place, also through another name",
     {{1, "xs = []\nys = xs\nzs = []"}, {2, "ys.append(1)\nzs.append(2)"}, {3, "print(xs)"}},
     NULL,
     "1:1 1:2 2:1 3:1"},
    {"also through what holds it",
     {{1, "xs = []\nclass A:\n    def __init__(self, xs):\n        self.xs = xs"},
      {2, "a = A(xs)"},
      {3, "a.xs.append(1)"},
      {4, "print(xs)"}},
     NULL,
     "1:1 1:2 2:1 3:1 4:1"},
    {"what a branch may have left stays",
     {{1, "x = 1"}, {2, "import sys\nif sys.argv:\n    x = 2"}, {3, "print(x)"}},
     NULL,
     "1:1 2:1 2:2 3:1"},
    {"what called functions read, as it is then",
     {{1, "k = 1\ndef f():\n    return k"}, {2, "k = 2"}, {3, "print(f())"}},
     NULL,
     "1:2 2:1 3:1"},
    {"what functions may read that are passed on",
     {{1, "k = 1\ndef f(x):\n    return k\nn = 5"}, {2, "import tool"}, {3, "tool.use({'f': f})"}},
     NULL,
     "1:1 1:2 2:1 3:1"},
    {"a file that one cell writes and another reads",
     {{1, "rows = 1\nother = 2"}, {2, "open('a.txt', 'w').write(str(rows))"}, {3, "print(open('a.txt').read())"}},
     NULL,
     "1:1 2:1 3:1"},
    {"what sets a module up is kept",
     {{1, "import random\nrandom.seed(1)\nrandom.shuffle([])\nx = 1"}, {2, "print(x)"}},
     NULL,
     "1:1 +1:2 +1:3 1:4 2:1"},
    {"what works outside of Python is shown", {{1, "!wget a\nx = 1"}, {2, "print(x)"}}, NULL, "#1:1 1:2 2:1"},
    {"what came before an error counts",
     {{1, "x = 1\nfor i in [1, 0]:\n    x = 5 / i\nx = 3", "ZeroDivisionError|division by zero|3"}, {2, "print(x)"}},
     NULL,
     "1:1 !1:2 2:1"},
    {"a name in the end", {{1, "a = 1\nb = a"}, {3, "b = 5"}, {2, "a = b"}}, "a", "1:1 1:2 3:1"},
    {"another session is another world", {{1, "x = 1"}, {1, "x = 2"}, {2, "print(x)"}}, NULL, "1:1"},
};

static struct slice words_of(const struct played_session *session, const struct slicing *slicing)
{
	struct builder text = {.arena = arena};
	for (size_t i = 0; i < slicing->count; i++) {
		const struct sliced_statement *sliced = &slicing->statements[i];
		const struct run *run = session->traced->execution.playback->runs.items[sliced->run].run;
		const char *role = sliced->role == SLICE_SETS_UP ? "+" : sliced->role == SLICE_OUTSIDE ? "#" : "";
		builder_add_format(&text, "%s%s%s%zu:%u", i ? " " : "", role, sliced->is_cut_short ? "!" : "", run->cell,
		                   (unsigned)sliced->node->line);
	}
	return builder_slice(&text);
}

static size_t last_cell(const struct played_session *session)
{
	const struct playback *execution = session->traced->execution.playback;
	return execution->runs.items[execution->runs.count - 1].run->cell;
}

static void slices(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct played_session session = session_of(given_notebook(cases[i].cells));
		struct slicing *slicing =
		    cases[i].name
		        ? slicing_of_name(arena, session.traced, symbols_find(session.symbols, slice_of(cases[i].name)))
		        : slicing_of_cell(arena, session.traced, last_cell(&session));
		assert_non_null(slicing);
		struct slice words = words_of(&session, slicing);
		if (!slice_equal(words, slice_of(cases[i].expected)))
			fail_msg("%s: %.*s", cases[i].title, SLICE_FORMAT(words));
	}
}

static void what_has_no_slice(void **state)
{
	(void)state;
	static const struct given cells[] = {{2, "print(gone)\ndel here"}, {1, "here = 1"}, {0, "x = 1"}, {0}};
	struct played_session session = session_of(given_notebook(cells));
	assert_null(slicing_of_cell(arena, session.traced, 3));
	assert_null(slicing_of_name(arena, session.traced, symbols_find(session.symbols, SLICE("here"))));
	assert_null(slicing_of_name(arena, session.traced, symbols_find(session.symbols, SLICE("gone"))));
	struct slicing *slicing = slicing_of_cell(arena, session.traced, 1);
	assert_int_equal(slicing->lost_count, 1);
	assert_true(slice_equal(symbols_name(session.symbols, slicing->lost[0]), SLICE("gone")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(slices),
	    cmocka_unit_test(what_has_no_slice),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
