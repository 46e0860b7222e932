/* What cells are foretold to print and show, against what IPython really saved when they ran from the top: none of
 * these results may be called stale. Then a few that really are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis.h"
#include "tests/unit/arena.h"
#include "tests/unit/given.h"

struct play {
	const char *title;
	struct given cells[GIVEN_CELLS];
};

static struct status_report *report_of(const struct given *cells)
{
	struct symbols *symbols = symbols_new(arena);
	struct notebook *notebook = given_notebook(cells);
	struct effects **effects = effects_of_notebook(arena, symbols, notebook);
	struct log *log = log_from_notebook(arena, notebook, effects);
	struct status_report *report = status_of_notebook(arena, symbols, notebook, effects, log);
	notebook_close(notebook);
	return report;
}

static const struct play faithful[] = {
    {"a list within one that zip() paired",
     {{1, "rows = [[1], [2]]"},
      {2, "z = list(zip(rows, [1, 2]))\nz[0][0].append(9)"},
      {3, "rows", .result = "[[1, 9], [2]]"}}},
    {"what next() gave is a part of the list",
     {{1, "rows = [[1], [2]]\nr = next(iter(rows))\nr.append(5)"}, {2, "rows", .result = "[[1, 5], [2]]"}}},
    {"an index that isn't known",
     {{1, "rows = [[], []]\ni = int('1')\nrows[i].append(4)"}, {2, "rows", .result = "[[], [4]]"}}},
    {"pop() gives what other names share",
     {{1, "l = [1]\nd = {'a': l}\nx = d.pop('a')\nx.append(2)"}, {2, "l", .result = "[1, 2]"}}},
    {"a container of a library keeps what it is given",
     {{1, "from collections import defaultdict\nd = defaultdict(list)\nl = []\nd['a'] = l\nd['a'].append(3)"},
      {2, "l", .result = "[3]"}}},
    {"a shallow copy", {{1, "import copy\na = [[1]]\nb = copy.copy(a)\nb[0].append(2)\na", .result = "[[1, 2]]"}}},
    {"stars unpack the same objects",
     {{1, "rows = [[1], [2]]\nc = [*rows]\nc[0].append(3)"}, {2, "rows", .result = "[[1, 3], [2]]"}}},
    {"a view of a dictionary shows what it becomes",
     {{1, "d = {'a': 1}\nks = d.keys()\nd['b'] = 2\nlist(ks)", .result = "['a', 'b']"}}},
    {"enumerate() is used up", {{1, "e = enumerate([1])\nlist(e), list(e)", .result = "([(0, 1)], [])"}}},
    {"enumerate() sees what is added",
     {{1, "l = [1]\ne = enumerate(l)\nl.append(3)\nlist(e)", .result = "[(0, 1), (1, 3)]"}}},
    {"any() stops at the first", {{1, "any(1 / x for x in [1, 0])", .result = "True"}}},
    {"all() runs no more than it must",
     {{1, "def f(x):\n    print(x)\n    return x\nall(f(x) for x in [1, 0, 2])", .result = "False",
       .printed = "1\n0\n"}}},
    {"a list that holds itself", {{1, "a = []\na.append(a)\nprint(a)", .printed = "[[...]]\n"}}},
    {"an attribute that isn't known may be None",
     {{1, "import re\nm = re.match('a', 'a')\nm.lastgroup is None", .result = "True"}}},
    {"what can't be hashed is no key", {{1, "d = {}\nd[[1]]", "TypeError|unhashable type: 'list'|2"}}},
    {"what is printed and taken away again",
     {{1, "from IPython.display import clear_output\nfor i in range(3):\n    clear_output(wait=True)\n    print(i)",
       .printed = "2\n"},
      {2, "from IPython import display\nprint(1)\ndisplay.clear_output()"}}},
    {"text with a byte 0", {{1, "s = 'a\\0b' + 'c'\nlen(s)", .result = "4"}}},
    {"Unicode's other spaces", {{1, "len('\\x1ca'.strip())", .result = "1"}}},
    {"an ellipsis is no number", {{1, "print(..., 1 if ... else 2)", .printed = "Ellipsis 1\n"}}},
    {"a character by its name", {{1, "print('\\N{BULLET}')", .printed = "\xe2\x80\xa2\n"}}},
    {"stdout is another one for a while",
     {{1,
       "import sys, io\nold = sys.stdout\nsys.stdout = io.StringIO()\nprint('hidden')\nsys.stdout = old\nprint('seen')",
       .printed = "seen\n"}}},
    {"a manager takes the output",
     {{1,
       "import io\nfrom contextlib import redirect_stdout\nwith redirect_stdout(io.StringIO()):\n    print('x')\n"
       "print('y')",
       .printed = "y\n"}}},
    {"a manager swallows an error",
     {{1, "from contextlib import suppress\nx = 1\nwith suppress(ValueError):\n    int('q')\n    x = 2\nprint(x)",
       .printed = "1\n"}}},
    {"a handler for what may have been raised",
     {{1, "ok = True\ntry:\n    int('q')\nexcept ValueError:\n    ok = False\nprint(ok)", .printed = "False\n"}}},
    {"a handler for a sort that failed",
     {{1, "try:\n    [3, 'a'].sort()\n    w = 1\nexcept TypeError:\n    w = 2\nw", .result = "2"}}},
    {"what stood behind an error never ran",
     {{1, "import numpy as np\nx = 2\nnp.zeros(-1)\nx = 3", "ValueError|negative dimensions are not allowed|3"},
      {2, "print(x)", .printed = "2\n"}}},
    {"an error between two lines of output",
     {{1, "print('a')\nmax([1, 'a'])\nprint('b')", "TypeError|'>' not supported|2", .printed = "a\n"}}},
    {"%precision", {{1, "%precision 2", .result = "'%.2f'"}, {2, "x = 3.14159\nx", .result = "3.14"}}},
    {"a class whose attributes are computed",
     {{1,
       "class A:\n    def __init__(self):\n        self.x = 1\n    def __getattribute__(self, n):\n        return 7\n"
       "A().x",
       .result = "7"}}},
    {"a star import of something unknown",
     {{1, "x = [1]"},
      {2, "from helpers import *"},
      {3, "print(x)", .printed = "5\n"},
      {4, "sum([1])", .result = "99"}}},
    {"what a cell changed before it showed it", {{1, "l = [9, 1]"}, {2, "del l[0]\nl", .result = "[1]"}}},
    {"a result that no plain text was saved of, and help()",
     {{1, "help(len)", .printed = "Help on built-in function len in module builtins:\n"}}},
};

static void what_ran_from_the_top_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faithful / sizeof *faithful; i++) {
		struct status_report *report = report_of(faithful[i].cells);
		for (size_t k = 0; k < report->cell_count; k++) {
			const struct cell_status *cell = &report->cells[k];
			if (cell->status == STATUS_STALE || cell->status == STATUS_BROKEN)
				fail_msg("%s: cell %zu is called %s: %.*s", faithful[i].title, k + 1, status_name(cell->status),
				         SLICE_FORMAT(cell->reasons[0].why));
		}
	}
}

static const struct play changed[] = {
    {"a list that was changed through another name", {{1, "a = [1]\nb = a\nb.append(2)\na", .result = "[1]"}}},
    {"an enumerated list", {{1, "list(enumerate('a'))", .result = "[(1, 'a')]"}}},
    {"any() of a generator", {{1, "any(x > 2 for x in [1, 3])", .result = "False"}}},
    {"behind an error that can't come again", {{1, "print('b')", "KeyError|'x'|1", .printed = "a\n"}}},
    {"in a file that is open", {{1, "with open('x') as f:\n    print('in')", .printed = "out\n"}}},
    {"in a handler that is known",
     {{1, "try:\n    1 / 0\nexcept ZeroDivisionError:\n    print('z')", .printed = "q\n"}}},
};

static void what_is_something_else_is_stale(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
		struct status_report *report = report_of(changed[i].cells);
		if (report->cells[0].status != STATUS_STALE || report->cells[0].certainty != CERTAIN)
			fail_msg("%s: it is called %s", changed[i].title, status_name(report->cells[0].status));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_ran_from_the_top_stands),
	    cmocka_unit_test(what_is_something_else_is_stale),
	};
	return cmocka_run_group_tests_name("rehearsal", tests, setup, teardown);
}
