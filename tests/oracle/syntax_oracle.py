#!/usr/bin/env python3
"""Holds the parser against CPython's compile() and IPython's input transformer.

    syntax_oracle.py --driver build/syntax_dump [--stdlib] [FILE|FOLDER]...      each file and cell as it is
    syntax_oracle.py --driver ... --mutate N [--seed S] [--stdlib] FILE...       N small pieces of them, each with one change
    syntax_oracle.py --driver ... --cell 'SOURCE' [--plain]                      one source, shown in full

The driver (syntax_dump) must accept what this Python accepts and refuse what it refuses, unless the syntax is
newer than this Python by the driver's own account. Where both accept, the trees must be the same (python_tree.py),
and so must the lines of the statements. Where both refuse, whether they name the same line is counted.
A notebook's cell goes through IPython's transformer first, and what its magics hold is compiled too
(names_oracle.py); without IPython, cells that need it are skipped. Exit status 1 when anything differs.
"""

import argparse
import ast
import collections
import io
import json
import os
import pathlib
import random
import re
import struct
import subprocess
import sys
import sysconfig
import unicodedata
import warnings

import python_tree

warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)
sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="backslashreplace", line_buffering=True)
TREES = sys.version_info >= (3, 9)  # before, subscripts had nodes of their own
try:
    import IPython.core.inputtransformer2 as transformer
    import names_oracle
except ImportError:
    transformer = None


class Driver:
    def __init__(self, path):
        self.process = subprocess.Popen([path, "--frames"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, source, ipython, tree=True):
        """What the parser says of a source (bytes)."""
        flags = 0x40 | (1 if ipython else 0) | (2 if tree else 0)
        self.process.stdin.write(struct.pack(">IB", len(source), flags) + source)
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the driver died of %r" % source[:2000])
        return json.loads(line.decode("utf-8", "surrogatepass"))


def verdict(source, ipython):
    """(ok, line, message, ast) by this Python; source is str for a cell, bytes for a file."""
    try:
        tree = None
        if not ipython:
            # As from a file, whose line ends are made one first.
            code = source
            tree = ast.parse(code)
            compile(code, "<file>", "exec", dont_inherit=True)
            return True, None, None, tree
        text = transformer.TransformerManager().transform_cell(source)
        tree = ast.parse(text)
        if "get_ipython" in text:
            shown = ast.parse(text)
            spliced = ast.fix_missing_locations(names_oracle.Splice().visit(tree))
            tree = shown
        else:
            spliced = text
        compile(spliced, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        return True, None, None, tree
    except SyntaxError as error:
        return False, error.lineno, str(error), None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return False, None, "%s: %s" % (type(error).__name__, error), None


def normal(tree):
    """The driver leaves \\N{...} as it stands, and JSON makes one character of two surrogates."""
    def lookup(match):
        try:
            return python_tree.quoted(unicodedata.lookup(match.group(1)))[1:-1]
        except KeyError:
            return match.group(0)

    tree = tree.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return re.sub(r"\\x5cN\{([^}]*)\}", lookup, tree)


def is_utf8(data):
    try:
        data.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def like_ours(expected, got, source):
    """IPython drops empty lines at the beginning, joins continued lines and ends every cell in a line feed."""
    expected, got = (re.sub(r"\(\? '(?:\s|\\x09)*([^']*?)\s*'", r"(? '\1'", x) for x in (expected, got))
    if "%%" in source and "(%% " in expected and not source.endswith("\n") and expected.endswith("\\x0a')"):
        expected = expected[:-6] + "')"
    text = transformer.TransformerManager().transform_cell(source)
    if re.search("(?m)^\\s*[,;/]|[\f\v\x1c\x1d\x1e\x85\u2028\u2029]", source) or source.lstrip().startswith((" ", "\t", ">", "In", "...")) or source[:1].isspace() or "\n..." in source or "\n>>>" in source:
        # Text that IPython rewrites or cleans: what its strings hold is not compared.
        expected, got = (re.sub(r"'[^']*'", "''", re.sub(r"(?<![^ (])\d+(?=\()", "", x)) for x in (expected, got))
        return expected, got
    lines = source.splitlines()
    empty = next((i for i, line in enumerate(lines) if line and not line.isspace()), 0)
    if len(lines) - empty != len(text.splitlines()):
        return (re.sub(r"\d+\(", "(", x) for x in (expected, got))
    return re.sub(r"(?<![^ (])\d+(?=\()", lambda m: str(int(m.group(0)) + empty), expected), got


def first_difference(a, b):
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return "...%s\n        CPython: %s\n        driver:  %s" % (a[max(0, at - 60) : at], a[at : at + 100], b[at : at + 100])


class Comparison:
    def __init__(self, driver, arguments):
        self.driver, self.arguments = driver, arguments
        self.tally, self.shown = collections.Counter(), 0

    def wrong(self, kind, where, detail):
        self.tally["WRONG: " + kind] += 1
        if self.shown < self.arguments.show:
            self.shown += 1
            print("%s\n    %s: %s" % (where, kind, detail), flush=True)

    def judge(self, where, source, ipython, trees=True):
        """Compares one source; where is a text, or a function that gives it."""
        try:
            ok, line, message, tree = verdict(source, ipython)
        except IndexError:  # names_oracle.py meets one of IPython's own calls without its arguments
            return
        data = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
        if not ipython and b"coding" in data and not is_utf8(data):
            trees = False  # a file in another encoding, whose strings we can't read
        ours = self.driver.ask(data, ipython, trees and ok)
        name = where if isinstance(where, str) else where()
        self.tally["sources"] += 1
        mine = ours["ok"]
        if ours["dialect"] == "python2":
            if ok:
                self.wrong("called Python 2, but CPython accepts it", name, "")
            else:
                self.tally["refused by CPython, Python 2 by us"] += 1
        elif ok and not mine:
            self.wrong("refused", name, "%(line)d:%(column)d: %(message)s" % ours)
        elif not ok and mine:
            if ours["min"] > sys.version_info[1]:
                self.tally["refused by CPython, newer syntax by us"] += 1
            else:
                self.wrong("accepted", name, message)
        elif not ok:
            same = line == ours["line"] if line else None
            self.tally["both refuse, the line is %s" % ("not known" if same is None else "the same" if same else "another")] += 1
            if same is False and self.arguments.lines and self.shown < self.arguments.show:
                self.shown += 1
                print("%s\n    CPython: line %s: %s\n    driver:  %s:%s: %s" % (name, line, message, ours["line"], ours["column"], ours["message"]))
        else:
            self.tally["both accept"] += 1
            if ours["min"] > sys.version_info[1]:
                self.wrong("said to need 3.%d" % ours["min"], name, "")
            if trees and TREES:
                try:
                    expected = python_tree.tree_of(tree, ipython)
                except RecursionError:
                    return
                expected, got = normal(expected), normal(ours["tree"])
                if ipython:
                    expected, got = like_ours(expected, got, source)
                if expected != got:
                    self.wrong("another tree", name, first_difference(expected, got))

    def report(self):
        for what, count in sorted(self.tally.items()):
            print("%9d  %s" % (count, what))
        return any(what.startswith("WRONG") for what in self.tally)


def files_of(paths):
    for path in map(pathlib.Path, paths):
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in (".py", ".ipynb") and p.is_file() and "site-packages" not in p.parts and "dist-packages" not in p.parts)
        else:
            yield path


def sources_of(path):
    """(where, source, is a cell) of a file; source is bytes for .py, str for cells."""
    if path.suffix != ".ipynb":
        yield str(path), path.read_bytes(), False
        return
    try:
        nb = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
        language = nb.get("metadata", {}).get("language_info", {}).get("name") or nb.get("metadata", {}).get("kernelspec", {}).get("language") or "python"
        cells = nb["cells"] if "cells" in nb else [c for w in nb["worksheets"] for c in w["cells"]]
    except (ValueError, KeyError, AttributeError, TypeError):
        return
    if not language.lower().startswith("python"):
        return
    number = 0
    for cell in cells:
        if cell.get("cell_type") == "code":
            number += 1
            source = cell.get("source", cell.get("input", ""))
            yield "%s cell %d" % (path, number), "".join(source) if isinstance(source, list) else source, True


# Mutants. They begin from the pieces of files and cells, and from ipython_forms.txt.

TOKEN = re.compile(
    r"""[rRbBuUfFtT]{0,2}(?:'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^\\'\n])*'|"(?:\\.|[^\\"\n])*")|\#[^\n]*|\w+|\n[ \t]*|[ \t]+|\\\n"""
    r"""|\*\*=?|//=?|>>=?|<<=?|[-+*/%&|^@=!<>:]=|->|\.\.\.|.""",
    re.S,
)
POOL = (
    "( ) [ ] { } : , ; . = == := -> * ** @ ! ? % # \\ ' \" \"\"\" ` ~ <> $ ... += not in is and or if else elif for while def class lambda return "
    "yield await async with as try except finally raise del global nonlocal import from pass break continue assert None True False print exec "
    "match case type _ x y a.b f(x) x=1 *a **k /, 0 1 0x1 1_0 1e5 1j 'a' b'a' f'{x}' r'\\' u'' __debug__ __future__ annotations self "
    "\n \n\t \n\x20\x20\x20\x20 \t \x20 %time %%time !ls !! % ? ?? , / \f \x00 \u00e9 \u00b2 \u20ac \u2028"
).split(" ") + ["\n", "\n    ", " ", "    ", "yield x", "await x", "async for x in y", "import *", "return 1", "x: int = 1", "(yield)", "[x for x in y]", "(x := 1)", "global x", "nonlocal x", "lambda: (yield)", "f'{x!r:>{w}}'", "except* E:", "print x", "case _:", "*, a"]


def mutate(text, random_):
    pieces = [m.group(0) for m in TOKEN.finditer(text)]
    if not pieces:
        return text
    at = random_.randrange(len(pieces))
    change = random_.randrange(8)
    if change == 0:
        del pieces[at]
    elif change == 1:
        pieces.insert(at, pieces[at])
    elif change == 2:
        other = random_.randrange(len(pieces))
        pieces[at], pieces[other] = pieces[other], pieces[at]
    elif change == 3 and at + 1 < len(pieces):
        pieces[at], pieces[at + 1] = pieces[at + 1], pieces[at]
    elif change == 4:
        pieces.insert(at, random_.choice(pieces))
    elif change == 5:
        pieces[at] = random_.choice(POOL)
    elif change == 6:
        breaks = [i for i, p in enumerate(pieces) if p[0] == "\n"]
        if breaks:
            i = random_.choice(breaks)
            pieces[i] = random_.choice([pieces[i] + " ", pieces[i] + "    ", pieces[i] + "\t", "\n", pieces[i][:-1] or "\n", "\n  ", " "])
        else:
            pieces.insert(0, random_.choice([" ", "    ", "\t"]))
    else:
        pieces.insert(at, random_.choice(POOL))
    return "".join(pieces)


def at_home(piece):
    """A piece, inside a function or loop where it needs one."""
    for around in ("", "def f():\n", "async def f():\n", "def f():\n while x:\n", "def f():\n def g(a, b):\n"):
        indent = " " * around.count("\n")
        whole = around + "".join(indent + x for x in piece.splitlines(True)) if around else piece
        try:
            compile(whole, "<piece>", "exec", dont_inherit=True)
            return whole
        except (SyntaxError, ValueError):
            pass
    return piece


def pieces_of(path):
    """Small sources: cells, and the statements of files, with their blocks."""
    for where, source, cell in sources_of(path):
        if cell:
            if len(source) < 1500:
                yield source, True
            continue
        try:
            text = io.TextIOWrapper(io.BytesIO(source), encoding="utf-8").read()
            body = ast.parse(source).body
        except (SyntaxError, ValueError, UnicodeDecodeError, RecursionError, MemoryError):
            continue
        lines = text.splitlines(True)
        stack = list(body)
        while stack:
            node = stack.pop()
            first = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
            piece = "".join(lines[first - 1 : node.end_lineno])
            if len(piece) < 700:
                indent = len(piece) - len(piece.lstrip(" "))
                piece = "".join(x[indent:] if x[:indent].isspace() else x for x in piece.splitlines(True))
                yield at_home(piece), False
            else:
                for field in ("body", "orelse", "finalbody", "handlers", "cases"):
                    stack.extend(x for x in getattr(node, field, []) if hasattr(x, "lineno"))


def run_mutants(comparison, arguments, files):
    random_ = random.Random(arguments.seed)
    random_.shuffle(files)
    forms = pathlib.Path(__file__).with_name("ipython_forms.txt").read_text().split("====\n") if transformer else []
    pieces = [(form, True) for form in forms + [line for form in forms for line in form.splitlines(True)]] * arguments.forms
    for path in files:
        pieces.extend(pieces_of(path))
        if len(pieces) > 3 * arguments.mutate:
            break
    for i in range(arguments.mutate):
        source, cell = random_.choice(pieces)
        mutant = mutate(source, random_)
        while random_.random() < 0.2:
            mutant = mutate(mutant, random_)
        if cell and not transformer:
            continue
        if cell and re.match(r"\s*%%(capture|.*--(out|err|proc))", mutant):
            continue  # names_oracle.py takes any word there for a name to bind
        # Files are judged as cells now and then, which allows await outside functions.
        ipython = cell or (bool(transformer) and random_.random() < 0.3)
        data = mutant if ipython else mutant.encode("utf-8", "surrogatepass")
        comparison.judge(lambda: "mutant %d%s\n%s" % (i, " (cell)" if ipython else "", repr(mutant) if arguments.repr else mutant), data, ipython)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--driver", required=True)
    parser.add_argument("--stdlib", action="store_true", help="this Python's own library")
    parser.add_argument("--mutate", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forms", type=int, default=1, help="how often the examples of IPython's own forms count")
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("--repr", action="store_true", help="show mutants as Python writes them")
    parser.add_argument("--lines", action="store_true", help="show where the lines of errors differ")
    parser.add_argument("--cell")
    parser.add_argument("--plain", action="store_true", help="--cell is no notebook's cell")
    parser.add_argument("paths", nargs="*")
    arguments = parser.parse_args()
    comparison = Comparison(Driver(arguments.driver), arguments)
    if arguments.cell is not None:
        source = arguments.cell.encode() if arguments.plain else arguments.cell
        print("CPython:", verdict(source, not arguments.plain)[:3])
        print("driver: ", comparison.driver.ask(arguments.cell.encode(), not arguments.plain))
        return 0
    files = list(files_of(arguments.paths + ([sysconfig.get_path("stdlib")] if arguments.stdlib else [])))
    for path in files:
        for where, source, cell in sources_of(path):
            if cell and not transformer:
                comparison.tally["skipped: cells need IPython"] += 1
                continue
            comparison.judge(where, source, cell)
    if arguments.mutate:
        run_mutants(comparison, arguments, files)
    return 1 if comparison.report() else 0


if __name__ == "__main__":
    sys.exit(main())
