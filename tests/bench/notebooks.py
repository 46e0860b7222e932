#!/usr/bin/env python3
"""Makes notebooks on which a cost that is not linear would show.

    notebooks.py KIND N        writes a notebook of size N to standard output
    notebooks.py --list        the kinds

Size means what the kind repeats: cells, lines, names. Doubling N doubles the file.
"""
import base64
import hashlib
import json
import sys


def dense(n):
    """Cells of 20 lines that read what the cells above made: names, functions, frames, plots."""
    yield ["import numpy as np\n", "import pandas as pd\n", "import matplotlib.pyplot as plt\n", "base = 1\n", "frame0 = pd.DataFrame()\n", "total0 = 0\n"]
    for i in range(1, n):
        back = max(0, i - 1 - i * 7 % 10)
        yield [
            f"# Step {i}: take the frame of step {i - 1} and the total of step {back}\n",
            f"frame{i} = frame{i - 1}.copy()\n",
            f"frame{i}['price'] = frame{i}['amount'] * base + total{back}\n",
            f"frame{i}['share'] = frame{i}['price'] / frame{i}['price'].sum()\n",
            f"values = [x * 2 for x in range({i % 7 + 1}) if x % 2 == 0]\n",
            f"def scale{i}(data, factor=total{back}):\n",
            "    scaled = np.asarray(data) * factor + base\n",
            "    return scaled.mean()\n",
            f"result{i} = scale{i}(frame{i}['price'])\n",
            f"total{i} = total{back} + result{i}\n",
            f"if result{i} > {i % 13}:\n",
            f"    label = 'step {i} is above the limit'\n",
            "else:\n",
            f"    label = 'step {i} is below the limit'\n",
            f"for name, group in frame{i}.groupby('share'):\n",
            "    values.append((name, len(group)))\n",
            f"summary = {{'step': {i}, 'total': total{i}, 'values': values}}\n",
            "plt.plot(values, label=label)\n",
            f"plt.title(f'Step {{base}} of {i}: {{result{i}:.2f}}')\n",
            f"print(label, summary['total'], frame{back}.shape)\n",
        ]


def chain(n):
    """Cells of one line, each of which reads the one before."""
    yield ["x0 = 1"]
    for i in range(1, n):
        yield [f"x{i} = x{i - 1} + 1"]


def increments(n):
    """Cells that all bind one name from itself."""
    yield ["x = 0"]
    for _ in range(n - 1):
        yield ["x = x + 1"]


def appends(n):
    """Cells that all change one object."""
    yield ["items = []"]
    for i in range(n - 1):
        yield [f"items.append(x{i % 10})" if i > 10 else f"x{i} = {i}"]


def fan(n):
    """Cells that all read what the first one made."""
    yield ["data = open('data.csv').read()"]
    for i in range(n - 1):
        yield [f"part{i} = data.split()[{i}]"]


def fan_in(n):
    """One cell that reads what all others made."""
    for i in range(n - 1):
        yield [f"x{i} = {i}"]
    yield ["print(" + ", ".join(f"x{i}" for i in range(n - 1)) + ")"]


def same(n):
    """The same cell over and over."""
    for _ in range(n):
        yield ["counter = len(str(range(3)))\n", "print(counter)"]


def aliases(n):
    """One object under many names, changed through one of them."""
    yield ["a0 = []"]
    for i in range(1, n):
        yield [f"a{i} = a{i - 1}"]
    yield ["a0.append(1)"]


def aliases_changed(n):
    """One object under many names, changed through each."""
    yield ["a0 = []"]
    for i in range(1, n):
        yield [f"a{i} = a0\n", f"a{i}.append({i})"]


def alias_lines(n):
    """The same in one cell."""
    yield ["a0 = []\n"] + [f"a{i} = a{i - 1}\n" for i in range(1, n)] + ["a0.append(1)"]


def functions(n):
    """Functions that call the one before, each called once."""
    yield ["def f0(x):\n", "    return x + base\n", "base = 1\n"]
    for i in range(1, n):
        yield [f"def f{i}(x):\n", f"    return f{i - 1}(x) + 1\n", f"y{i} = f{i}({i})"]


def helpers(n):
    """Cells that call one function of the notebook, which reads a global."""
    yield ["scale = 2\n", "def helper(x):\n", "    return x * scale\n"]
    for i in range(n - 1):
        yield [f"y{i} = helper({i})"]


def classes(n):
    """Classes that derive from the one before, with an instance each."""
    yield ["class C0:\n", "    def run(self):\n", "        return 1\n"]
    for i in range(1, n):
        yield [f"class C{i}(C{i - 1}):\n", "    def run(self):\n", "        return super().run()\n", f"c{i} = C{i}()\n", f"c{i}.run()"]


def members(n):
    """One class of many methods, each called."""
    yield ["class C:\n"] + [f"    def m{i}(self):\n        return {i}\n" for i in range(n)] + ["c = C()\n"]
    yield [f"c.m{i}()\n" for i in range(n)]


def imports(n):
    """One cell of many imports."""
    yield [f"import module{i}\n" for i in range(n)]


def import_names(n):
    """Cells that import the same and other things."""
    for i in range(n):
        yield [f"from package{i} import name{i}\n", "import numpy as np\n", f"name{i}.run(np)"]


def branches(n):
    """A long chain of elif."""
    yield ["x = 1\n", "if x == 0:\n", "    y = 0\n"] + [f"elif x == {i}:\n    y = {i}\n" for i in range(1, n)] + ["print(y)"]


def branch_names(n):
    """A long chain of elif, each of which binds a name of its own."""
    yield ["x = 1\n", "if x == 0:\n", "    y0 = 0\n"] + [f"elif x == {i}:\n    y{i} = {i}\n" for i in range(1, n)] + ["print(y0)"]


def lines(n):
    """One cell of many lines."""
    yield ["x0 = 1\n"] + [f"x{i} = x{i - 1} + 1\n" for i in range(1, n)]


def loop_lines(n):
    """One long loop that may break anywhere."""
    yield ["while True:\n"] + [f"    x{i} = {i}\n    if x{i}: break\n    if x{i} > 1: continue\n" for i in range(n)]


def try_lines(n):
    """One long try body."""
    yield ["try:\n"] + [f"    x{i} = f({i})\n" for i in range(n)] + ["except ValueError:\n", "    pass\n", "print(x0)"]


def try_blocks(n):
    """Many try statements in one cell."""
    yield [f"try:\n    import module{i}\nexcept ImportError:\n    module{i} = None\n" for i in range(n)]


def reads(n):
    """One cell that reads one name many times."""
    yield ["x = 1\n"]
    yield ["print(x)\n" for _ in range(n)]


def arguments(n):
    """One call with many arguments and keywords."""
    yield ["f = dict\n", "f(" + ", ".join(f"k{i}={i}" for i in range(n)) + ")"]


def long_line(n):
    """One line: a list of numbers."""
    yield ["x = [" + ", ".join(str(i) for i in range(n)) + "]"]


def operators(n):
    """One line: a sum."""
    yield ["x = 0" + "".join(f" + {i}" for i in range(n))]


def attributes(n):
    """One chain of attributes and calls."""
    yield ["x = df" + "".join(f".m{i}()" for i in range(n))]


def dotted(n):
    """One chain of attributes of a module."""
    yield ["import m\n", "x = m" + "".join(f".a{i}" for i in range(n)) + "()"]


def parentheses(n):
    """One line of groups beside each other."""
    yield ["x = (" + "(1), " * n + ")"]


def strings(n):
    """One f-string of many fields."""
    yield ["a = 1\n", "x = f'" + "{a}" * n + "'"]


def changes(n):
    """One cell that changes many objects."""
    yield [f"x{n - i} = []\n" for i in range(n)]
    yield [f"x{n - i}.append(1)\n" for i in range(n)]


def deletes(n):
    """Names that are bound and deleted again."""
    for i in range(n):
        yield [f"x{i} = 1\n", f"del x{i}"]


def undefined(n):
    """Cells that read what nothing binds."""
    for i in range(n):
        yield [f"print(missing{i})"]


def broken(n):
    """Cells that do not parse."""
    for i in range(n):
        yield [f"x{i} = (1\n", f"y{i} = 2\n"]


def broken_lines(n):
    """One cell of lines that do not parse."""
    yield [f"x{i} = = 1\n" for i in range(n)]


def findings(n):
    """Cells of which most rules have something to say."""
    yield ["import numpy as np\n", "import pandas as pd\n", "df = pd.read_csv('no-such.csv')\n", "rows = []\n", "alias = rows\n",
           "class C:\n", "    pass\n", "c = C()"]
    for i in range(n):
        yield [f"import module{i}\n", f"def unused{i}():\n", "    pass\n", f"data = load({i})\n", f"model = fit(data)\n",
               f"pd.read_csv('/home/somebody/{i}.csv')\n", f"pd.read_csv('missing{i}.csv')\n", f"np.random.rand({i})"]
        yield [f"data = load({i}, 2)\n", "alias.append(1)\n", f"df = df.drop(columns='c{i}')"]
        yield ["test(model, data)\n", "print(rows, df)\n", f"_{i + 1}\n", "isinstance(c, C)\n", f"key = 'AKIA{i:016d}'"]
        yield ["class C:\n", "    pass\n", f"gone{i} = 1\n", f"del gone{i}\n", "# nbscope: ignore[NB405]"]
        yield [f"print(gone{i}, never{i})"]


def leaks(n):
    """Cells that fit, split and score."""
    yield ["from sklearn.linear_model import Ridge\n", "from sklearn.preprocessing import StandardScaler\n",
           "from sklearn.model_selection import train_test_split\n", "X, y = load()"]
    for i in range(n):
        yield [f"X{i} = StandardScaler().fit_transform(X[{i}])\n", f"a{i}, b{i}, c{i}, d{i} = train_test_split(X{i}, y)"]
        yield [f"m{i} = Ridge()\n", f"m{i}.fit(a{i}, c{i})\n", f"m{i}.score(b{i}, d{i})\n", f"m{i}.score(a{i}, c{i})"]


def choices(n):
    """A name that each cell may bind anew."""
    yield ["x = []\n", "flag = input()"]
    for i in range(n - 1):
        yield ["if flag:\n", f"    x = x + [{i}]"]


def star(n):
    """Names that perhaps a star import brings."""
    yield ["from somewhere import *"]
    for i in range(n - 1):
        yield [f"y{i} = thing{i}(x{i})"]


def magics(n):
    """Magics and shell lines."""
    for i in range(n):
        yield ["%matplotlib inline\n", f"!ls {{path{i}}}\n", f"files{i} = !cat $name\n"]


def names_of_one(n):
    """One line that gives one object many names."""
    yield [" = ".join(f"a{i}" for i in range(n)) + " = []"]
    yield ["a0.append(1)"]


def globals_of_functions(n):
    """Functions that bind globals, called in turn."""
    for i in range(n):
        yield [f"def set{i}():\n", f"    global g{i}\n", f"    g{i} = {i}\n", f"set{i}()\n", f"g{i}"]


def one_function(n):
    """One function of many lines, called from two cells."""
    yield ["def f(x0):\n"] + [f"    x{i} = x{i - 1} + 1\n" for i in range(1, n)]
    yield ["f(1)"]
    yield ["f(2)"]


def comprehensions(n):
    """Comprehensions and lambdas."""
    for i in range(n):
        yield [f"a{i} = [x for x in range({i})]\n", f"b{i} = sorted(a{i}, key=lambda v: v + len(a{i}))"]


def matches(n):
    """One match statement of many cases."""
    yield ["x = 1\n", "match x:\n"] + [f"    case {i}:\n        y = {i}\n" for i in range(n)]


def withs(n):
    """Many with statements in one cell."""
    yield [f"with open('f{i}') as f{i}:\n    t{i} = f{i}.read()\n" for i in range(n)]


def pictures(n):
    """Cells with a picture of 2 MB each among their outputs; see notebook()."""
    for i in range(n):
        yield [f"plot({i})"]


# Counts other than 1, 2, 3 ...: from the number of cells, the counts.
def in_order(n):
    return range(1, n + 1)


def every_third(n):
    return range(3, 3 * n + 1, 3)


def backwards(n):
    return range(n, 0, -1)


def twice(n):
    return [i // 2 + 1 for i in range(n)]


def all_one(n):
    return [1] * n


def never(n):
    return [None] * n


def shuffled(n):
    return sorted(range(1, n + 1), key=lambda i: i * 2654435761 % 4294967296)


KINDS = {source.__name__: (source, in_order) for source in [
    dense, chain, increments, appends, fan, fan_in, same, aliases, aliases_changed, alias_lines, functions, helpers, classes, members,
    imports, import_names, branches, branch_names, lines, loop_lines, try_lines, try_blocks, reads, arguments, long_line,
    operators, attributes, dotted, parentheses, strings, changes, deletes, undefined, broken, broken_lines, findings, leaks, choices, star, magics,
    names_of_one, globals_of_functions, one_function, comprehensions, matches, withs, pictures]}
KINDS.update({
    "gaps": (chain, every_third), "gaps_backwards": (chain, lambda n: range(3 * n, 2, -3)), "backwards": (chain, backwards),
    "sessions": (chain, twice), "same_count": (chain, all_one), "never_run": (chain, never), "shuffled": (chain, shuffled),
    "shuffled_dense": (dense, shuffled), "gaps_fan": (fan, every_third), "gaps_undefined": (undefined, every_third),
    "backwards_fan": (fan, backwards), "gaps_choices": (choices, every_third), "backwards_increments": (increments, backwards),
    "shuffled_findings": (findings, shuffled), "gaps_findings": (findings, every_third), "shuffled_appends": (appends, shuffled), "shuffled_functions": (functions, shuffled), "shuffled_aliases": (aliases, shuffled),
})


def notebook(kind, n):
    source, order = KINDS[kind]
    cells = [{"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines} for lines in source(n)]
    for cell, count in zip(cells, order(len(cells))):
        cell["execution_count"] = count
        if kind == "pictures":
            data = base64.b64encode(hashlib.shake_128(str(count).encode()).digest(1500000)).decode()
            cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"image/png": data}}]
    language = {"name": "python", "version": "3.11.2"}
    return {"cells": cells, "metadata": {"language_info": language}, "nbformat": 4, "nbformat_minor": 4}


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(KINDS))
    elif len(sys.argv) == 3 and sys.argv[1] in KINDS:
        json.dump(notebook(sys.argv[1], int(sys.argv[2])), sys.stdout, indent=1)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
