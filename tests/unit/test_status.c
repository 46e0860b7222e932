/* The log, the two replays and what is said of each cell, on small notebooks.
 *
 * Each case gives the cells in file order with their counts (0: never run), and
 * the statuses that are right, with the certainty when it is not "certain". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis.h"
#include "tests/unit/arena.h"
#include "tests/unit/given.h"

struct case_of_status {
	const char *title;
	struct given cells[10];
	const char *expected;
};

struct analysed {
	struct symbols *symbols;
	struct notebook *notebook;
	struct status_report *report;
};

static struct analysed analyse(const struct given *cells)
{
	struct analysed analysed = {.symbols = symbols_new(arena), .notebook = given_notebook(cells)};
	struct effects **effects = effects_of_notebook(arena, analysed.symbols, analysed.notebook);
	struct log *log = log_from_notebook(arena, analysed.notebook, effects);
	analysed.report = status_of_notebook(arena, analysed.symbols, analysed.notebook, effects, log);
	notebook_close(analysed.notebook);
	return analysed;
}

static struct slice statuses(const struct status_report *report)
{
	struct builder text = {.arena = arena};
	for (size_t i = 0; i < report->cell_count; i++) {
		builder_add_format(&text, "%s%s", i ? " " : "", status_name(report->cells[i].status));
		if (report->cells[i].certainty != CERTAIN)
			builder_add_format(&text, "(%s)", certainty_name(report->cells[i].certainty));
	}
	return builder_slice(&text);
}

static const struct case_of_status cases[] = {
    {"run in order", {{1, "x = 1"}, {2, "y = x"}, {3, "print(y)"}}, "stands stands stands"},
    {"independent cells out of order", {{2, "x = 1"}, {1, "y = 2"}}, "stands stands"},
    {"run again with the same inputs", {{4, "x = 1"}, {2, "y = x"}, {3, "print(y)"}}, "stands stands stands"},
    {"reads a cell below", {{2, "print(x)"}, {1, "x = 1"}}, "broken stands"},
    {"the definition is deleted", {{1, "a = 1"}, {3, "print(b)"}}, "stands broken"},
    {"a rebinding further down had run", {{1, "x = 1"}, {3, "y = x"}, {2, "x = 2"}}, "stands stale stands"},
    {"what may be deleted from the top may be missing",
     {{1, "import random\na = 1"}, {NO_COUNT, "if random.random() > 0.5: del a"}, {2, "print(a)"}},
     "stands not-run stands(likely)"},
    {"asked for before it is bound, and run again",
     {{5, "if 'cfg' not in globals():\n    cfg = 1"}, {2, "print(cfg)"}},
     "stale(possible) stands"},
    {"nothing is surer than what it comes from",
     {{1, "import random\nt = 1"},
      {3, "u = t + 1"},
      {4, "v = u + 1"},
      {2, "for i in range(random.randint(0, 3)):\n    t = 5"}},
     "stands stale(possible) stale(possible) stands"},
    {"what rests on a stale cell is stale",
     {{1, "x = 1"}, {3, "y = x"}, {2, "x = 2"}, {4, "z = y"}},
     "stands stale stands stale"},
    {"changed in place further down", {{1, "xs = [1]"}, {3, "print(xs)"}, {2, "xs.append(2)"}}, "stands stale stands"},
    {"changed through another name",
     {{1, "xs = [1]"}, {2, "ys = xs"}, {4, "print(xs)"}, {3, "ys.append(2)"}},
     "stands stands stale stands"},
    {"a copy is another object",
     {{1, "xs = [1]"}, {2, "ys = xs.copy()"}, {4, "print(xs)"}, {3, "ys.append(2)"}},
     "stands stands stands stands"},
    {"a comment changes nothing", {{1, "x = 1  # one"}, {2, "y = x"}}, "stands stands"},
    {"a function reads a global when it is called",
     {{1, "k = 1"}, {2, "def f():\n    return k"}, {4, "y = f()"}, {3, "k = 2"}},
     "stands stands stale stands"},
    {"a function defined before what it reads",
     {{1, "def f():\n    return k"}, {2, "k = 1"}, {3, "f()"}},
     "stands stands stands"},
    {"called before what it reads is bound",
     {{2, "def f():\n    return k"}, {3, "f()"}, {1, "k = 1"}},
     "stands broken stands"},
    {"a function changes its argument",
     {{1, "def add(l): l.append(1)"}, {2, "xs = []"}, {4, "print(xs)"}, {3, "add(xs)"}},
     "stands stands stale stands"},
    {"a function binds a global",
     {{1, "def f():\n    global g\n    g = 1"}, {3, "print(g)"}, {2, "f()"}},
     "stands broken stands"},
    {"a method reads a global",
     {{1, "k = 1"}, {2, "class A:\n    def m(self):\n        return k"}, {3, "a = A()"}, {5, "a.m()"}, {4, "k = 2"}},
     "stands stands stands stale stands"},
    {"an instance is changed by its method",
     {{1, "class A:\n    def __init__(self):\n        self.n = 0\n    def inc(self):\n        self.n += 1"},
      {2, "a = A()"},
      {4, "print(a.n)"},
      {3, "a.inc()"}},
     "stands stands stale stands"},
    {"an input by its number", {{1, "x = 1"}, {2, "y = _i1"}, {3, "exec(_i1)"}}, "stands stands stands"},
    {"deletes what is not there", {{1, "del x"}}, "broken"},
    {"a name deleted above", {{1, "x = 1"}, {3, "del x"}, {2, "print(x)"}}, "stands stands broken"},
    {"a branch that may bind",
     {{1, "f = input()\nx = 1"}, {2, "if f:\n    x = 2"}, {4, "print(x)"}, {3, "x = 3"}},
     "stands stands stale stands"},
    {"a branch that may read",
     {{1, "f = input()\nx = 1"}, {3, "if f:\n    print(x)"}, {2, "x = 3"}},
     "stands stale(possible) stands"},
    {"a constant decides the branch",
     {{1, "DEBUG = False"}, {2, "if DEBUG:\n    x = 1"}, {4, "print(x)"}, {3, "x = 3"}},
     "stands stands broken stands"},
    {"a comparison of known values decides the branch",
     {{1, "n = 5"}, {2, "if n < 3:\n    x = 1"}, {4, "print(x)"}, {3, "x = 3"}},
     "stands stands broken stands"},
    {"the kernel is the main program",
     {{1, "if __name__ == '__main__':\n    x = 1"}, {2, "print(x)"}},
     "stands stands"},
    {"what a loop binds anew decides nothing",
     {{1, "first = True\nn = 0\nwhile True:\n    n += 1\n    if first:\n        first = False\n    else:\n        x = "
          "n\n    "
          "if n > 5:\n        break"},
      {2, "print(n)"}},
     "stands stands"},
    {"nothing happens behind what certainly raises",
     {{0, "a = 1\n1 / 0\nb = 2"}, {1, "print(a)"}, {2, "print(b)"}},
     "not-run unknown broken"},
    {"an exception leaves the function and its caller",
     {{0, "def fail():\n    raise ValueError\nfail()\nb = 2"}, {2, "print(b)"}},
     "not-run broken"},
    {"a caller catches what a function misses",
     {{1, "def f():\n    return ghost"}, {2, "try:\n    y = f()\nexcept NameError:\n    y = 0"}, {3, "print(y)"}},
     "stands stands stands"},
    {"a text that is run binds and reads",
     {{1, "k = 1"}, {2, "exec('x = k + 1')"}, {4, "print(x)"}, {3, "x = 3"}},
     "stands stands stale stands"},
    {"a text that is run misses a name", {{1, "exec('x = ghost')"}, {2, "print(x)"}}, "broken broken"},
    {"a text that is run elsewhere binds nothing here",
     {{1, "exec('x = 1', {})\ndef f():\n    exec('y = 1')\n    locals()['z'] = 1\nf()"},
      {2, "print(x)"},
      {3, "print(y)"},
      {4, "print(z)"}},
     "stands broken broken broken"},
    {"the namespace as a dict",
     {{1, "globals()['x'] = 1\nglobals().update(y=1)\nvars().update({'z': 1, 'u': 2})"},
      {2, "print(x, y, z, u)"},
      {3, "del globals()['x']"},
      {4, "print(x)"}},
     "stands stands stands broken"},
    {"an output by its number, the same from the top",
     {{1, "x = 1\nx", .result = "1"}, {2, "y = Out[1]"}},
     "stands stands"},
    {"an output by its number, which is another from the top",
     {{2, "x = 1\nx", .result = "1"}, {1, "z = 5\nz", .result = "5"}, {3, "y = Out[1]"}},
     "stands stands stale"},
    {"an output by its number, which nothing displays from the top",
     {{2, "x = 1\nx", .result = "1"}, {3, "y = _oh[2]"}},
     "stands stale"},
    {"an output of a run that is lost", {{3, "x = 1\nx", .result = "1"}, {4, "y = Out[2]"}}, "stands stale(possible)"},
    {"an output that was missing and is again",
     {{1, "x = 1"}, {2, "Out[7]", "KeyError|7|1"}, {3, "y = x"}},
     "stands stands stands"},
    {"print() displays nothing, in a cell that never ran either",
     {{1, "x = 1\nx", .result = "1"}, {0, "print(x)"}, {2, "y = _"}},
     "stands not-run stands"},
    {"what a failing statement was to change in place",
     {{1, "xs = [3]"}, {4, "print(xs)"}, {2, "k = 'a'"}, {3, "xs.insert(k, 1)", "TypeError|no integer|1"}},
     "stands stale(possible) stands stands"},
    {"an input that is run again",
     {{1, "x = 1"}, {2, "del x"}, {3, "exec(In[1])"}, {4, "print(x)"}},
     "stands stands stands stands"},
    {"magics that unbind",
     {{1, "x = 1\nxy = 2\nz = 3"}, {2, "%reset_selective -f ^x"}, {3, "print(z)"}, {4, "print(xy)"}},
     "stands stands stands broken"},
    {"everything is unbound", {{1, "x = 1"}, {2, "%reset -f"}, {3, "print(x)"}}, "stands stands broken"},
    {"a magic that runs an input again",
     {{1, "x = 1"}, {2, "del x"}, {3, "%rerun 1"}, {4, "print(x)"}},
     "stands stands stands stands"},
    {"what a program prints is bound", {{1, "%%bash --out o\necho hi"}, {2, "print(o)"}}, "stands stands"},
    {"a generator runs when it is gone over",
     {{1, "def gen():\n    yield ghost\ng = gen()"},
      {2, "m = map(lambda v: ghost, [1])"},
      {3, "list(g)"},
      {4, "list(m)"}},
     "stands stands broken broken"},
    {"a coroutine runs when it is awaited",
     {{1, "async def f():\n    return ghost\nc = f()"}, {2, "await c"}},
     "stands broken"},
    {"a missing argument is its default",
     {{1, "def f(acc=[]):\n    acc.append(1)\n    return acc"}, {2, "a = f()"}, {4, "print(a)"}, {3, "b = f()"}},
     "stands stands stale stands"},
    {"operators call the methods of instances",
     {{1, "class A:\n    def __add__(self, o):\n        return ghost\n    def __len__(self):\n        return gone\na = "
          "A()"},
      {2, "a + 1"},
      {3, "len(a)"},
      {4, "a - 1"}},
     "stands broken broken stands"},
    {"arguments that are gathered",
     {{1, "def put(*a, **k):\n    a[0].append(1)\n    k['d'].append(1)\nx = []\ny = []"},
      {2, "put(x, d=y)"},
      {3, "print(x)"}},
     "stands stands stands"},
    {"a guarded read is no error",
     {{1, "try:\n    x\nexcept NameError:\n    x = 0"}, {2, "print(x)"}},
     "stands stands"},
    {"never run", {{1, "x = 1"}, {0, "y = x"}}, "stands not-run"},
    {"the same error again", {{1, "x = 0"}, {2, "y = 1 / x", "ZeroDivisionError|division by zero|1"}}, "stands stands"},
    {"an error that is gone",
     {{3, "x = 1"}, {2, "y = 1 / x\nz = 2", "NameError|name 'x' is not defined|1"}},
     "stands stale"},
    {"nothing after the failing line happened",
     {{1, "a = 1\nb = 1 / 0\nc = 2", "ZeroDivisionError|division by zero|2"}, {2, "print(a)"}, {3, "print(c)"}},
     "stands stands broken"},
    {"broken then, broken now", {{1, "print(x)", "NameError|name 'x' is not defined|1"}}, "broken"},
    {"an import is the same wherever it stands",
     {{1, "import math"}, {3, "print(math.pi)"}, {2, "import math"}},
     "stands stands stands"},
    {"the last result is another one",
     {{1, "1 + 1", NULL, "2"}, {3, "y = _"}, {2, "2 + 2", NULL, "4"}},
     "stands stale stands"},
    {"what a star import binds is no error",
     {{1, "from os.path import *"}, {2, "print(join('a', 'b'))"}},
     "stands stands"},
    {"an unknown module's star import hides nothing that a cell binds",
     {{1, "from thing import *"}, {3, "print(x)"}, {2, "x = 1"}},
     "stands broken stands"},
    {"names put into globals() are no error", {{1, "globals().update({'a': 1})"}, {2, "print(a)"}}, "stands stands"},
    {"names put into the kernel are no error",
     {{1, "get_ipython().push({'z': 3})"},
      {2, "print(z)"},
      {3, "ip = get_ipython()\nip.user_ns['w'] = 1"},
      {4, "print(w)"}},
     "stands stands stands stands"},
    {"names put into builtins are no error",
     {{1, "import builtins\nbuiltins.q = 5"}, {2, "print(q)"}},
     "stands stands"},
    {"asking the kernel for something else binds nothing",
     {{1, "get_ipython().run_line_magic('matplotlib', 'inline')"}, {2, "print(q)"}},
     "stands broken"},
    {"rows that a comparison picks are a table of their own",
     {{1, "df = open('a')"}, {2, "s = df[df.a > 0]\nt = df[['a']]"}, {4, "print(df)"}, {3, "s['x'] = 1\nt['x'] = 1"}},
     "stands stands stands stands"},
    {"a slice of a list holds the same functions",
     {{1, "k = 1\nfs = [lambda: k]"}, {2, "gs = fs[:]"}, {4, "for g in gs:\n    g()"}, {3, "k = 2"}},
     "stands stands stale stands"},
    {"what rests on a lost run is no certain accusation",
     {{2, "x = 1"}, {1, "y = x"}, {3, "z = y"}},
     "stands unknown stale(possible)"},
    {"what rests on something opaque is only possible",
     {{1, "%fetch a"}, {4, "b = [a]"}, {5, "print(b)"}, {3, "%fetch c"}},
     "stands unknown stale(possible) stands"},
    {"a cell whose count was cleared may have run in a gap",
     {{1, "xs = [1]"}, {0, "xs.append(2)"}, {3, "print(xs)"}},
     "stands not-run stale(possible)"},
    {"without a gap it has not run",
     {{1, "xs = [1]"}, {0, "xs.append(2)"}, {2, "print(xs)"}},
     "stands not-run stale"},
    {"an earlier run may fill the gap between the cells around it",
     {{1, "xs = [1]"}, {9, "xs.append(2)"}, {3, "y = [xs]"}, {4, "print(y)"}},
     "stands stands stale(possible) stale(possible)"},
    {"a gap at another place says less",
     {{1, "xs = [1]"}, {9, "xs.append(2)"}, {3, "print(xs, 1)"}, {2, "print(xs)"}, {5, "print(xs, 2)"}},
     "stands stands stale stale stale(likely)"},
    {"what is inferred may have been followed by what would follow it from the top",
     {{0, "xs = open('a')"}, {0, "xs = xs.read()"}, {5, "print(xs)"}},
     "not-run not-run stale(possible)"},
    {"what differs only perhaps makes nothing surer",
     {{1, "xs = [1]\nys = [1]"}, {9, "xs.append(2)"}, {4, "print(xs, ys)"}, {3, "if open('b'):\n    ys.append(3)"}},
     "stands stands stale(possible) stands"},
    {"which cells share a session can't always be told",
     {{2, "import time"}, {2, "t = 1"}, {3, "a = t"}, {5, "b = t"}, {5, "c = 1"}, {7, "d = t + c"}, {6, "t = 2"}},
     "stands stands stands stands stands stale(possible) stands"},
    {"the same statement makes the same wherever in a cell it stands",
     {{1, "import m\ndef f(x):\n    return x\np = m.load('a')"},
      {4, "print(f(p))"},
      {2, "p = m.load('a')"},
      {3, "k = 1; q = 2\ndef f(x):\n    return x"}},
     "stands stands stands stands"},
    {"%%capture binds its name although its body fails",
     {{1, "%%capture out\nx = 1\nmissing\ny = 2"},
      {2, "out"},
      {3, "x"},
      {4, "y"}},
     "broken stale(possible) stale(possible) broken"},
    {"a generator that never ends gives what it yields",
     {{1, "def ones():\n    while True:\n        yield 1\ndef each(xs):\n    for x in xs:\n        show(x)"},
      {2, "def show(x):\n    print(x)\n    raise StopIteration\nxs = ones()"},
      {3, "each(xs)"}},
     "stands stands stands"},
    {"a copy of a cell with its count is no other session",
     {{1, "x = open('a')"}, {3, "y = [x]"}, {2, "x = open('b')"}, {3, "y = [x]"}, {4, "print(y)"}},
     "stands stale stands stands stands"},
    {"a sure cause stands beside a doubtful one",
     {{2, "x = 1"}, {1, "y = x"}, {3, "v = 1"}, {5, "print(y, v)"}, {4, "v = 2"}},
     "stands unknown stands stale stands"},
    {"a result need not hold what it was made of",
     {{1, "import pandas as pd\na = pd.read_csv('a').apply(lambda x: x)"},
      {2, "b = pd.concat([a, a])"},
      {4, "a['n'] = 1"},
      {3, "b.melt()"}},
     "stands stands stands stale(possible)"},
    {"the body of a with statement binds its names",
     {{1, "m = open('a')"}, {3, "with m:\n    x = 1"}, {4, "with m:\n    print(x)"}, {2, "x = 0"}},
     "stands stands stands stands"},
    {"what follows an exception that is swallowed",
     {{1, "from contextlib import suppress\nwith suppress(ValueError):\n    raise ValueError\nx = 1"}, {2, "print(x)"}},
     "stands stands"},
    {"a late import from the future runs in a cell",
     {{1, "x = 1\nfrom __future__ import division\ny = 2"}, {2, "print(x, y)"}},
     "stands stands"},
    {"what stands before a statement that the compiler refuses has run",
     {{1, "x = 1\nreturn\ny = 2"}, {2, "print(x)"}, {3, "print(y)"}},
     "stands stands broken"},
    {"elements that enumerate() gives are the list's own",
     {{1, "xs = [[1]]"}, {3, "print(xs)"}, {2, "for i, x in enumerate(xs):\n    x.append(i)"}},
     "stands stale(possible) stands"},
    {"a query reads the name behind its @",
     {{1, "import pandas as pd\ndf = pd.read_csv('a.csv')"},
      {2, "limit = 1"},
      {4, "df.query('a > @limit')"},
      {3, "limit = 2"}},
     "stands stands stale stands"},
    {"an address in a text is no name",
     {{1, "import database"}, {2, "host = 1"}, {4, "database.query('me@host')"}, {3, "host = 2"}},
     "stands stands stands stands"},
    {"a method that is called by way of its class",
     {{1, "xs = []"}, {3, "print(xs)"}, {2, "list.append(xs, 1)"}},
     "stands stale stands"},
    {"printing to a file changes it",
     {{1, "import io\nfile = io.StringIO()"}, {3, "file.getvalue()"}, {2, "print(1, file=file)"}},
     "stands stale stands"},
    {"an extension's cell magic may bind what its text does",
     {{1, "%%cython\ndef f(int x): return x"}, {2, "f(1)"}},
     "stands stands"},
    {"a line magic that nobody knows may bind anything", {{1, "%fetch x"}, {2, "x"}}, "stands stands"},
    {"a magic under another name", {{1, "%alias_magic t time"}, {2, "%t x = 1"}, {3, "x"}}, "stands stands stands"},
    {"IPython's own line magics bind nothing", {{1, "%matplotlib inline"}, {2, "x"}}, "stands broken"},
    {"what %%sql names is bound",
     {{1, "x = 1"},
      {2, "%%sql rows <<\nselect 1"},
      {4, "print(rows)"},
      {3, "%sql more << select 2"},
      {5, "print(more)"}},
     "stands stands stands stands stands"},
    {"a name that hosted kernels provide", {{1, "spark.read.csv('a.csv')"}}, "stands"},
    {"a decorated function that calls itself",
     {{1, "from functools import lru_cache\n@lru_cache(None)\ndef f(n):\n    return f(n - 1) if n else 0"},
      {2, "f(3)"}},
     "stands stands"},
    {"a cell magic that does not begin its cell stops it",
     {{1, "# note\n%%time\nx = 1"}, {3, "print(x)"}},
     "stands broken"},
    {"a definition run again must have run before",
     {{5, "x = 1"}, {2, "y = x"}, {3, "print(y)"}},
     "stands stands stands"},
    {"a definition run again that unknown code may have called",
     {{9, "def helper():\n    return 1"}, {3, "from lib import run"}, {4, "def job():\n    return helper()\nrun(job)"}},
     "stands stands stands"},
    {"a result that the cell does not give from the top", {{1, "x = 5"}, {2, "x", NULL, "4"}}, "stands stale"},
    {"a result that no expression of the cell shows", {{1, "x = 5", NULL, "5"}}, "stale"},
    {"what an output shows of a name holds for what reads it later",
     {{1, "x = 5"}, {3, "x, 1", NULL, "(4, 1)"}, {4, "y = x"}},
     "stands stale stale(likely)"},
    {"what the file gives from the top clears a cell of what the log seems to say",
     {{1, "xs = [1]"}, {4, "xs", NULL, "[1]"}, {3, "xs.append(2)"}},
     "stands stands(likely) stands"},
    {"loops, functions and classes are computed",
     {{1, "class A:\n    def __init__(self, n):\n        self.n = n\n    def twice(self):\n        return self.n * 2"},
      {2, "t = 0\nfor i in range(3):\n    t += A(i).twice()\nf'{t}!'", NULL, "'6!'"},
      {3, "[x for x in 'ab'], sum(i for i in [1, 2]), 7 // 2, 7 / 2", NULL, "(['a', 'b'], 3, 3, 3.4)"}},
     "stands stands stale"},
    {"what a library gives is not known", {{1, "import numpy as np\nx = np.sum([1])\nx", NULL, "2"}}, "stands"},
    {"an option that shows more than the last expression",
     {{1,
       "from IPython.core.interactiveshell import InteractiveShell\nInteractiveShell.ast_node_interactivity = 'all'"},
      {2, "x = 1", NULL, "1"}},
     "stands stands"},
    {"a condition that is known decides whether a name is bound",
     {{1, "n = 8"}, {2, "if n % 2:\n    t = 1"}, {3, "print(t)"}},
     "stands stands broken"},
    {"an earlier run takes its place in the gap, before the runs that came after it",
     {{4, "c = 22"}, {6, "print(d)"}, {5, "c += 5\nd = 1"}, {3, "e = d"}, {2, "b = 1"}},
     "stands broken stands stands stands"},
    {"the earlier run that a later one undid makes nothing stale",
     {{3, "c = 22"}, {5, "c += 5\nd = 1"}, {4, "e = d"}},
     "stands stands stands"},
    {"a cell that needs the name itself is not where it came from",
     {{1, "n = 1"}, {9, "n, o = o, n"}, {3, "print(n)"}, {4, "print(o)"}},
     "stands broken stands broken"},
    {"a cell whose outputs were cleared had run",
     {{0, "xs = [1]"}, {2, "print(xs)"}, {9, "xs = xs[1:] + [2]"}},
     "not-run stands stands"},
    {"a saved NameError proves that the name was not there",
     {{1, "s = 1"}, {2, "t = s", "NameError|name 's' is not defined|1"}, {3, "print(1)"}},
     "stands stale stands"},
    {"a context that only cleans up hides no missing name",
     {{1, "with open('a') as f:\n    f.write(b)"},
      {2, "from contextlib import suppress"},
      {3, "with suppress(NameError):\n    print(c)"},
      {4, "with suppress(NameError):\n    c"},
      {5, "with suppress(NameError):\n    try:\n        c\n    finally:\n        n = 0"}},
     "broken stands stands stands stands"},
    {"several names of one lost cell", {{9, "a = 1\nb = 2"}, {3, "print(a)\nprint(b)\nprint(a + b)"}}, "stands stands"},
    {"what nothing can have bound", {{1, "print(a)"}, {2, "a = 1"}}, "broken stands"},
    {"%%time shows an error but goes on", {{1, "%%time\nprint(a)"}, {2, "print(a)"}}, "broken broken"},
    {"sorted again",
     {{1, "xs = [2, 1]"}, {2, "xs.sort()"}, {4, "y = xs[0]"}, {3, "xs.sort()"}},
     "stands stands stands stands"},
    {"sorted again in another way",
     {{1, "xs = [2, 1]"}, {2, "xs.sort()"}, {4, "y = xs[0]"}, {3, "xs.sort(reverse=True)"}},
     "stands stands stale stands"},
    {"appended again",
     {{1, "xs = [1]"}, {2, "xs.append(1)"}, {4, "y = xs[0]"}, {3, "xs.append(1)"}},
     "stands stands stale stands"},
    {"a method that gives the same again",
     {{1, "import pandas as pd\ndf = pd.read_csv('a.csv')"},
      {2, "df = df.fillna(0)"},
      {4, "n = len(df)"},
      {3, "df = df.fillna(0)"}},
     "stands stands stands stands"},
    {"a method that gives the same again in place",
     {{1, "import pandas as pd\ndf = pd.read_csv('a.csv')"},
      {2, "df.fillna(0, inplace=True)"},
      {4, "n = len(df)"},
      {3, "df.fillna(0, inplace=True)"}},
     "stands stands stands stands"},
    {"an attribute that is set again",
     {{1, "class Box:\n    size = 1"}, {2, "Box.size = 2"}, {4, "y = Box.size"}, {3, "Box.size = 2"}},
     "stands stands stands stands"},
    {"a key that is set again, and one added again",
     {{1, "d = {}\ns = {0}"}, {2, "d['k'] = 1"}, {3, "s.add(1)"}, {6, "y = d, s"}, {4, "d['k'] = 1"}, {5, "s.add(1)"}},
     "stands stands stands stands stands stands"},
    {"whether a name is bound",
     {{2, "print('x' in globals())"}, {1, "x = 1"}, {3, "y = 'x' in globals()"}},
     "stale stands stands"},
    {"deleting a name does not ask what it is", {{1, "x = 1"}, {0, "x = 2"}, {2, "del x"}}, "stands not-run stands"},
    {"what a handler of another error would bind",
     {{1, "x = 1"}, {0, "try:\n    y = f()\nexcept ValueError:\n    x = 2"}, {2, "z = x"}},
     "stands not-run stands"},
    {"a name that an earlier run of the cell had deleted",
     {{1, "a = 1"}, {3, "del a\nb = 1", "NameError|name 'a' is not defined|1"}, {4, "c = 1"}},
     "stands stale stands"},
    {"a name that is missing in the code of a library",
     {{1, "from m import f"}, {2, "f(1)", "NameError|name 'z' is not defined|1"}, {3, "z = 1"}, {4, "print(z)"}},
     "stands stands stands stands"},
    {"a tuple is true", {{1, "d = (1, 2)"}, {2, "assert d"}, {3, "assert d, 'no'\nprint(d)"}}, "stands stands stands"},
    {"a magic without its sign, of a line with arguments",
     {{1, "ls -l"}, {2, "ls -l\n"}, {3, "ls"}, {4, "cd x"}, {5, "ls = 1"}, {6, "ls -l"}},
     "broken broken broken stands stands broken"},
    {"what a function binds that is only passed on may not be bound",
     {{1, "base = 1"}, {6, "y = base"}, {3, "def score():\n    global base\n    base = 5"}, {5, "str(score)"}},
     "stands stale(possible) stands stands"},
    {"other derivations of what is known to be the same",
     {{1, "k = 4\nrows = [4, 5]"}, {2, "print(rows)"}, {4, "total = sum(rows)"}, {3, "rows[0] = k"}},
     "stands stands stands stands"},
    {"and of what is known to differ",
     {{1, "k = 3\nrows = [4, 5]"}, {2, "print(rows)"}, {4, "total = sum(rows)"}, {3, "rows[0] = k"}},
     "stands stands stale stands"},
    {"what a cell makes of the same values is the same",
     {{1, "k = 4\nrows = [4, 5]"},
      {4, "data = load(rows)"},
      {5, "data.show()"},
      {3, "rows[0] = k\nfrom m import load"}},
     "stands broken broken stands"},
    {"magics without their signs that are no Python",
     {{1, "pip install x"}, {2, "cd .."}, {3, "cat notes.txt\n"}, {4, "time y = 1"}, {5, "y"}, {6, "clear"}},
     "stands stands stands stands stands stands"},
    {"in a cell of more lines there is none", {{1, "import os\npip install x"}, {2, "import os\nls"}}, "stands broken"},
    {"the same where no cell binds the name",
     {{1, "ls -l"}, {2, "ls -l"}, {3, "ls"}, {4, "y = ls -l"}},
     "stands stands stands broken"},
    {"a finally that ends what only some paths have bound",
     {{1, "c = 1\nd = 2"},
      {0, "try:\n    d = dict(k=c)\nexcept NameError:\n    s = t.copy()\nfinally:\n    e = c * 3 + e"},
      {2, "m = d"}},
     "stands not-run stale(possible)"},
    {"a name that the cell itself deletes before it misses it was there",
     {{1, "xs = [1, 1]\nc = 1"},
      {2, "xs.remove(c)\ndel c\nprint(c)", "NameError|name 'c' is not defined|3"},
      {3, "y = xs"}},
     "stands broken stands"},
    {"a finally that raises another NameError", {{0, "try:\n    a\nfinally:\n    b"}}, "not-run"},
    {"which cell ran in which session is a guess",
     {{1, "x = 1"}, {2, "y = x"}, {1, "x = 2"}, {3, "print(x)"}},
     "stands stands stands stands"},
    {"what is stale in a session that is guessed at is likely so",
     {{1, "x = 1"}, {3, "y = x"}, {2, "x = 2"}, {1, "z = 1"}},
     "stands stale(likely) stands stands"},
    {"a cell of two sessions",
     {{1, "x = 1"}, {2, "y = x"}, {1, "z = 1"}, {2, "print(z)"}},
     "stands stands stands stands"},
};

static void statuses_are_right(void **state)
{
	(void)state;
	unsigned wrong = 0;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct analysed analysed = analyse(cases[i].cells);
		struct slice said = statuses(analysed.report);
		if (slice_equal(said, slice_of(cases[i].expected)))
			continue;
		wrong++;
		print_error("%s: expected %s, said %.*s\n", cases[i].title, cases[i].expected, SLICE_FORMAT(said));
	}
	assert_int_equal(wrong, 0);
}

static const struct reason *first_reason(const struct analysed *analysed, size_t number)
{
	assert_true(analysed->report->cells[number - 1].reason_count > 0);
	return &analysed->report->cells[number - 1].reasons[0];
}

static void reasons_name_the_cells(void **state)
{
	(void)state;
	const struct given cells[10] = {{1, "x = 1"}, {3, "y = x"}, {2, "x = 2"}};
	struct analysed analysed = analyse(cells);
	const struct reason *reason = first_reason(&analysed, 2);
	assert_true(slice_equal(symbols_name(analysed.symbols, reason->name), SLICE("x")));
	assert_int_equal(reason->execution_cell, 3);
	assert_int_equal(reason->execution_count, 2);
	assert_int_equal(reason->file_cell, 1);
	assert_true(
	    slice_equal(reason->why, SLICE("`x` here is the one from cell 3 ([2]); from the top it would be cell 1's.")));
}

static void every_doubt_has_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct analysed analysed = analyse(cases[i].cells);
		for (size_t j = 0; j < analysed.report->cell_count; j++) {
			const struct cell_status *status = &analysed.report->cells[j];
			bool doubt = status->status != STATUS_STANDS && status->status != STATUS_NOT_RUN;
			assert_true(!doubt || status->reason_count > 0);
			for (size_t k = 0; k < status->reason_count; k++)
				assert_true(slice_ends(status->reasons[k].why, SLICE(".")));
		}
	}
}

static void run_all_stops_at_the_first_error(void **state)
{
	(void)state;
	const struct given cells[10] = {{4, "a = 1"}, {3, "b = c"}, {2, "c = 1"}, {5, "d = b"}};
	struct analysed analysed = analyse(cells);
	assert_int_equal(analysed.report->stops_at, 2);
	assert_int_equal(analysed.report->error_count, 2);
	assert_int_equal(analysed.report->errors[0].cell, 2);
	assert_true(slice_equal(symbols_name(analysed.symbols, analysed.report->errors[0].name), SLICE("c")));
	assert_int_equal(analysed.report->errors[1].cell, 4);
	assert_true(analysed.report->errors[1].must);
}

static void missing_names_are_named_in_the_order_in_which_they_are_read(void **state)
{
	(void)state;
	/* A builtin is there, whether a cell may have bound its name or not, so that reading it does not end in the clause.
	 */
	const struct given shadowed[10] = {{1, "import random\nif random.random() > 0.5: max = 3"}, {2, "print(max)"}};
	assert_int_equal(analyse(shadowed).report->error_count, 0);
	const struct given asked[10] = {{1, "if 'cfg' not in globals():\n    cfg = 1"}, {2, "print(cfg)"}};
	assert_int_equal(analyse(asked).report->error_count, 0);
	const struct given swallowed[10] = {
	    {1, "from contextlib import suppress\nwith suppress(KeyError):\n    d = {}['a']\n    after = 1"},
	    {2, "print(after)"}};
	assert_int_equal(analyse(swallowed).report->error_count, 1);
	/* What is certainly there from the top is not missed again, whatever an earlier kernel had missed. */
	const struct given mended[10] = {{11, "from math import *\ntotal = floor(sqrt(6 * 6))\nqueue = [6]"},
	                                 {21, "def apply(x):\n    return x * total + 3"},
	                                 {8, "total = apply(3)\nvec = queue", "NameError|name 'total' is not defined|0"}};
	assert_int_equal(analyse(mended).report->error_count, 0);
	const struct given deleted[10] = {{1, "import random\nif random.random() > 0.5: max = 3"}, {2, "del max"}};
	assert_int_equal(analyse(deleted).report->error_count, 1);
	const struct given handled[10] = {
	    {NO_COUNT, "try:\n    m = dict(m)\nexcept KeyError:\n    a = 1\nfinally:\n    n = 0"}, {NO_COUNT, "print(a)"}};
	struct analysed analysed = analyse(handled);
	assert_int_equal(analysed.report->error_count, 2);
	assert_int_equal(analysed.report->errors[0].line, 2);
	assert_true(slice_equal(symbols_name(analysed.symbols, analysed.report->errors[1].name), SLICE("a")));
	/* What is bound in a `try` within a `finally` is bound. */
	const struct given within[10] = {
	    {NO_COUNT, "try:\n    a += n\nfinally:\n    try:\n        ys = list('x')\n    except KeyError:\n        m = 1"},
	    {NO_COUNT, "print(ys)"}};
	analysed = analyse(within);
	assert_int_equal(analysed.report->errors[0].line, 2);
	assert_true(analysed.report->errors[0].must);
	assert_false(analysed.report->errors[1].must);
	const struct given rehearsed[10] = {{1, "try:\n    n = 0\n    n += 1\nexcept ValueError:\n    ys = []"},
	                                    {2, "C.w = len(ys)"}};
	analysed = analyse(rehearsed);
	assert_int_equal(analysed.report->error_count, 1);
	assert_true(slice_equal(symbols_name(analysed.symbols, analysed.report->errors[0].name), SLICE("ys")));
}

static void an_error_that_is_swallowed_stops_nothing(void **state)
{
	(void)state;
	const struct given cells[10] = {{1, "%%time\nprint(a)"}, {2, "print(b)"}};
	assert_int_equal(analyse(cells).report->stops_at, 2);
}

static void many_missing_names_cost_little(void **state)
{
	(void)state;
	struct builder source = {.arena = arena};
	for (int i = 0; i < 3000; i++)
		builder_add_format(&source, "print(missing%d)\n", i);
	builder_add_byte(&source, '\0');
	const struct given cells[10] = {{7, builder_slice(&source).bytes}};
	size_t before = arena_used(arena);
	assert_int_equal(analyse(cells).report->cells[0].status, STATUS_BROKEN);
	/* Quadratic it took gigabytes. */
	assert_true(arena_used(arena) - before < 32 * 1024 * 1024);
}

static void now_speaks_of_the_kernel_as_it_is(void **state)
{
	(void)state;
	const struct given cells[10] = {{1, "x = 1"}, {2, "y = x"}, {3, "x = 2"},
	                                {4, "z = 1"}, {5, "del z"}, {6, "x += 1"}};
	struct analysed analysed = analyse(cells);
	assert_int_equal(analysed.report->cells[0].now, NOW_SAME);
	assert_int_equal(analysed.report->cells[1].now, NOW_DIFFERS);
	assert_int_equal(analysed.report->cells[1].status, STATUS_STANDS);
	assert_int_equal(analysed.report->cells[4].now, NOW_ERROR);
	assert_int_equal(analysed.report->cells[5].now, NOW_DIFFERS);
}

static void the_log_shows_gaps_and_what_is_inferred(void **state)
{
	(void)state;
	const struct given cells[10] = {{9, "x = 1"}, {4, "y = x"}, {5, "print(y)"}};
	struct analysed analysed = analyse(cells);
	const struct log *log = analysed.report->log;
	unsigned lost = 0, inferred = 0;
	for (size_t i = 0; i < log->run_count; i++) {
		const struct run *run = &log->runs[i];
		assert_int_equal(run->step, i + 1);
		lost += run->origin == RUN_LOST ? run->lost_count : 0;
		if (run->origin != RUN_INFERRED)
			continue;
		inferred++;
		assert_int_equal(run->cell, 1);
		assert_int_equal(run->count, 3);
		assert_int_equal(run->known, KNOWN_INFERRED);
	}
	/* Of [1] to [3] and [6] to [8] one was cell 1's. */
	assert_int_equal(inferred, 1);
	assert_int_equal(lost, 5);
}

static void tracebacks_name_the_line(void **state)
{
	(void)state;
	const struct given cells[10] = {{1, "a = 1\nb = 2\nc = 1 / 0", "ZeroDivisionError|division by zero|3"}};
	struct analysed analysed = analyse(cells);
	const struct run_error *error = analysed.report->cells[0].error;
	assert_non_null(error);
	assert_int_equal(error->line, 3);
	assert_true(slice_equal(error->ename, SLICE("ZeroDivisionError")));
}

static const char *text_of(struct builder *text)
{
	builder_add_byte(text, '\0');
	return builder_slice(text).bytes;
}

/* Sources that would end a careless interpreter: by its stack, its memory or its patience. */
static void hostile_sources_end(void **state)
{
	(void)state;
	struct builder functions = {.arena = arena}, elements = {.arena = arena}, doubling = {.arena = arena};
	builder_add_string(&functions, "def f0(): pass\n");
	for (unsigned i = 1; i < 50000; i++)
		builder_add_format(&functions, "def f%u(x=f%u): pass\n", i, i - 1);
	builder_add_string(&functions, "map(f49999, [1])");
	builder_add_string(&elements, "e = []\n");
	for (unsigned i = 0; i < 8; i++) {
		builder_add_string(&elements, "for e in [e");
		for (unsigned j = 0; j < 200; j++)
			builder_add_string(&elements, ", e");
		builder_add_string(&elements, "]: pass\n");
	}
	builder_add_string(&elements, "e.append(1)");
	builder_add_string(&doubling, "a = f'{1}'\nb = f'{2}'\ndef f0(): pass\n");
	for (unsigned i = 1; i < 60; i++)
		builder_add_format(&doubling, "a, b = (a or b), (b or a)\ndef f%u(): f%u(); f%u()\n", i, i - 1, i - 1);
	builder_add_string(&doubling, "c = a + b\nf59()");
	const struct given cells[10] = {{1, text_of(&functions)}, {2, text_of(&elements)}, {3, text_of(&doubling)}};
	assert_true(slice_equal(statuses(analyse(cells).report), SLICE("stands stands stands")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(statuses_are_right),
	    cmocka_unit_test(reasons_name_the_cells),
	    cmocka_unit_test(every_doubt_has_a_reason),
	    cmocka_unit_test(run_all_stops_at_the_first_error),
	    cmocka_unit_test(missing_names_are_named_in_the_order_in_which_they_are_read),
	    cmocka_unit_test(an_error_that_is_swallowed_stops_nothing),
	    cmocka_unit_test(many_missing_names_cost_little),
	    cmocka_unit_test(now_speaks_of_the_kernel_as_it_is),
	    cmocka_unit_test(the_log_shows_gaps_and_what_is_inferred),
	    cmocka_unit_test(tracebacks_name_the_line),
	    cmocka_unit_test(hostile_sources_end),
	};
	return cmocka_run_group_tests_name("status", tests, setup, teardown);
}
