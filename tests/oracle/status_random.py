#!/usr/bin/env python3
"""status_random.py --nbscope PATH [--seed N] [--cells N] [--history] [--show N] - random notebooks of plain Python, played.

Makes small notebooks (values, containers, aliases, functions with globals, classes, closures, generators, try, del, branches, loops), plays
each in some order in this process, writes it as Jupyter would, really plays it from the top, and each cell once more at the end; then
holds `nbscope status` against what happened. Each cell runs once, so that the counts tell the whole order and what nbscope is certain of has no
excuse; with --history cells run again, are edited and deleted, and nbscope is given all of it in an IPython history.

Wrong is: a NameError that must come and does not, or the other way round; a cell that is called broken and is not; a certain "stands" where inputs, outputs
or what the cell leaves differ; a certain "stale" where nothing does; "same" and "error" of `now` likewise. The status is 1 if anything is wrong.
"""
import argparse, ast, contextlib, io, json, os, random, re, signal, sqlite3, subprocess, sys, tempfile, types

SCALARS, LISTS, DICTS, FUNCTIONS, CLASSES, OBJECTS = "abce", ["xs", "ys"], ["d", "m"], "fgh", ["C", "D"], "op"


class Maker:
    """Writes cells; what is defined so far is known roughly, so that most cells work in the order of the file."""

    def __init__(self, rng):
        self.rng, self.known = rng, {"scalar": [], "list": [], "dict": [], "function": [], "class": [], "object": []}
        self.number = 10

    def fresh(self):
        self.number += self.rng.randint(3, 30)
        return self.number

    def name(self, kind, pool):
        known = self.known[kind]
        if known and self.rng.random() < 0.92:
            return self.rng.choice(known)
        return self.rng.choice(pool)

    def new(self, kind, pool):
        name = self.rng.choice(pool)
        if name not in self.known[kind]:
            self.known[kind].append(name)
        return name

    def scalar(self): return self.name("scalar", SCALARS)
    def list(self): return self.name("list", LISTS)
    def dict(self): return self.name("dict", DICTS)
    def function(self): return self.name("function", FUNCTIONS)
    def object(self): return self.name("object", OBJECTS)

    def value(self):
        return self.rng.choice([lambda: str(self.fresh()), self.scalar, lambda: "%s + %d" % (self.scalar(), self.fresh()),
                                lambda: "%s * 3 + %s" % (self.scalar(), self.scalar()), lambda: "len(%s)" % self.list(),
                                lambda: "%s[-1]" % self.list(), lambda: "sum(%s)" % self.list(),
                                lambda: "%s['k']" % self.dict(), lambda: "%s.v" % self.object(),
                                lambda: "%s(%s)" % (self.function(), self.scalar())])()

    def block(self, depth=0):
        lines = self.statement(depth)
        return "\n".join("    " + line for line in lines.split("\n"))

    def statement(self, depth=0):
        r = self.rng
        makers = [self.assign] * 5 + [self.augment, self.make_list, self.make_list, self.make_dict, self.alias, self.change_list, self.change_list,
                  self.change_dict, self.swap, self.show, self.show, self.comprehension]
        if depth == 0:
            makers += [self.make_function] * 3 + [self.make_class, self.make_object, self.make_object, self.change_object, self.make_closure,
                       self.call, self.call, self.generator, self.delete, self.use_globals]
        if depth < 2:
            makers += [self.branch, self.loop, self.attempt, self.counting]
        return r.choice(makers)(depth)

    def assign(self, depth):
        value = self.value()
        return "%s = %s" % (self.new("scalar", SCALARS), value)

    def augment(self, depth): return "%s += %s" % (self.scalar(), self.value())

    def make_list(self, depth):
        value = self.rng.choice([lambda: "[%s, %s]" % (self.value(), self.value()), lambda: "list(%s)" % self.list(),
                                 lambda: "%s + [%s]" % (self.list(), self.value()), lambda: "sorted(%s)" % self.list(),
                                 lambda: "%s[1:]" % self.list(), lambda: "%s.copy()" % self.list(), lambda: "[%s] * 2" % self.scalar()])()
        return "%s = %s" % (self.new("list", LISTS), value)

    def make_dict(self, depth):
        value = self.rng.choice(["{'k': %s, 'n': %s}" % (self.value(), self.value()), "dict(k=%s)" % self.value(), "dict(%s)" % self.dict(),
                                 "{**%s, 'k': %s}" % (self.dict(), self.value())])
        return "%s = %s" % (self.new("dict", DICTS), value)

    def alias(self, depth):
        if self.rng.random() < 0.5:
            value = self.list()
            return "%s = %s" % (self.new("list", LISTS), value)
        value = self.rng.choice([self.dict(), "%s.setdefault('in', {'k': 1})" % self.dict()])
        return "%s = %s" % (self.new("dict", DICTS), value)

    def change_list(self, depth):
        x = self.list()
        return self.rng.choice(["%s.append(%s)" % (x, self.value()), "%s.sort()" % x, "%s.reverse()" % x, "%s.pop()" % x, "%s[0] = %s" % (x, self.value()),
                                "%s += [%s]" % (x, self.value()), "%s.extend(%s)" % (x, self.list()), "%s.insert(0, %s)" % (x, self.value()),
                                "del %s[0]" % x, "%s[0] += 1" % x, "%s.clear()" % x, "%s.remove(%s)" % (x, self.scalar())])

    def change_dict(self, depth):
        d = self.dict()
        return self.rng.choice(["%s['k'] = %s" % (d, self.value()), "%s['n'] = %s" % (d, self.value()), "%s.update(k=%s)" % (d, self.value()),
                                "%s.setdefault('z', %s)" % (d, self.value()), "%s.pop('n', None)" % d, "%s['k'] += 1" % d, "%s['l'] = %s" % (d, self.list())])

    def swap(self, depth):
        a, b = self.scalar(), self.scalar()
        return "%s, %s = %s, %s" % (a, b, b, a)

    def show(self, depth):
        return self.rng.choice(["print(%s)" % self.value(), "print(%s, %s)" % (self.scalar(), self.list()), "print(f'{%s}!')" % self.scalar(),
                                "print(sorted(%s.items()))" % self.dict()])

    def comprehension(self, depth):
        value = self.rng.choice(["[x + %s for x in %s]" % (self.scalar(), self.list()), "[x for x in %s if x > %s]" % (self.list(), self.scalar()),
                                 "[y for x in [%s, %s] for y in x]" % (self.list(), self.list()), "[(t := x) for x in %s]" % self.list()])
        return "%s = %s" % (self.new("list", LISTS), value)

    def make_function(self, depth):
        known = {kind: list(names) for kind, names in self.known.items()}
        body = self.rng.choice([lambda: "return x + %s" % self.value(), lambda: "%s.append(x)\n    return x" % self.list(),
                                lambda: "global %s\n    %s = x + 1\n    return %s" % ((self.scalar(),) * 3),
                                lambda: "global %s\n    %s += x\n    return x" % ((self.scalar(),) * 2),
                                lambda: "if x > %s:\n        return %s\n    return %s" % (self.scalar(), self.scalar(), self.fresh()),
                                lambda: "try:\n        return %s + x\n    except NameError:\n        return x" % self.scalar(),
                                lambda: "return [i + x for i in %s][0]" % self.list(), lambda: "%s['k'] = x\n    return x * 2" % self.dict(),
                                lambda: "return %s(x) + 1" % self.function(), lambda: "y = x\n    y += %s\n    return y" % self.scalar()])()
        self.known = known
        default = self.rng.choice(["", "", "", ", y=%s" % self.scalar()])
        name = self.new("function", FUNCTIONS)
        if self.rng.random() < 0.15:
            return "%s = lambda x%s: x + %s" % (name, default, self.value())
        return "def %s(x%s):\n    %s" % (name, default, body)

    def make_closure(self, depth):
        name = self.new("function", FUNCTIONS)
        return "def make(n):\n    def inner(x):\n%s        return x + n + %s\n    return inner\n%s = make(%s)" % (
            self.rng.choice(["", "        nonlocal n\n        n += 1\n"]), self.scalar(), name, self.value())

    def make_class(self, depth):
        name = self.new("class", CLASSES)
        base = self.rng.choice(["", "", "(%s)" % self.rng.choice(CLASSES)]) if self.known["class"][1:] else ""
        return "class %s%s:\n    w = %s\n    def __init__(self, v):\n        self.v = v\n    def get(self):\n        return self.v + %s\n    def put(self, v):\n        self.v = v + %s" % (
            name, base if name not in base else "", self.value(), self.rng.choice(["self.w", self.scalar()]), self.scalar())

    def make_object(self, depth):
        name = self.name("class", CLASSES)
        return "%s = %s(%s)" % (self.new("object", OBJECTS), name, self.value())

    def change_object(self, depth):
        o = self.object()
        return self.rng.choice(["%s.v = %s" % (o, self.value()), "%s.put(%s)" % (o, self.value()), "%s.w = %s" % (self.name("class", CLASSES), self.value()),
                                "%s = %s.get()" % (self.new("scalar", SCALARS), o), "%s.v += 1" % o, "print(%s.get())" % o])

    def call(self, depth):
        call = "%s(%s)" % (self.function(), self.rng.choice([self.scalar(), str(self.fresh()), "x=%s" % self.scalar()]))
        return self.rng.choice([call, "print(%s)" % call, "%s = %s" % (self.new("scalar", SCALARS), call), "%s = list(map(%s, %s))" % (
            self.new("list", LISTS), self.function(), self.list()), "%s.sort(key=%s)" % (self.list(), self.function())])

    def generator(self, depth):
        it = self.rng.choice(["it", "it", "ju"])
        return self.rng.choice(["%s = (x + %s for x in %s)" % (it, self.scalar(), self.list()), "%s = iter(%s)" % (it, self.list()),
                                "%s = next(%s, %d)" % (self.new("scalar", SCALARS), it, self.fresh()), "%s = list(%s)" % (self.new("list", LISTS), it)])

    def delete(self, depth):
        return self.rng.choice(["del %s" % self.scalar(), "del %s" % self.list(), "globals().pop('%s', None)" % self.scalar()])

    def use_globals(self, depth):
        return self.rng.choice(["globals()['%s'] = %s" % (self.new("scalar", SCALARS), self.value()), "exec('%s = %d')" % (self.new("scalar", SCALARS), self.fresh()),
                                "%s = eval('%s + 1')" % (self.new("scalar", SCALARS), self.scalar()), "print('%s' in globals())" % self.scalar()])

    def branch(self, depth):
        test = self.rng.choice(["%s > %s" % (self.scalar(), self.fresh()), "%s %% 2" % self.scalar(), self.list(), "'z' in %s" % self.dict(), "True",
                                "%s is None" % self.scalar(), "len(%s) > 2" % self.list()])
        text = "if %s:\n%s" % (test, self.block(depth + 1))
        return text + "\nelse:\n" + self.block(depth + 1) if self.rng.random() < 0.5 else text

    def loop(self, depth):
        over = self.rng.choice([self.list(), self.list() + "[:2]", "range(%d)" % self.rng.randint(0, 3), "[%s, %s]" % (self.scalar(), self.scalar())])
        return "for i in %s:\n%s" % (over, self.block(depth + 1))

    def counting(self, depth):
        name = self.scalar()
        return "n = 0\nwhile n < 2:\n    n += 1\n    %s += n" % name

    def attempt(self, depth):
        kind = self.rng.choice(["NameError", "Exception", "KeyError", "(IndexError, KeyError)", "ValueError"])
        text = "try:\n%s\nexcept %s:\n%s" % (self.block(depth + 1), kind, self.block(depth + 1))
        return text + "\nfinally:\n" + self.block(depth + 1) if self.rng.random() < 0.2 else text

    def beginning(self):
        number = self.fresh
        return "a, b, c = %d, %d, %d\nxs = [%d, %d]\nd = {'k': %d, 'n': %d}" % tuple(number() for _ in range(7))

    def cell(self):
        lines = [self.statement() for _ in range(self.rng.choice([1, 1, 2, 2, 3]))]
        if self.rng.random() < 0.3:
            lines.append(self.rng.choice([self.scalar(), self.list(), self.value(), "%s, %s" % (self.scalar(), self.scalar())]))
        return "\n".join(lines)


class Absent:
    def __repr__(self): return "ABSENT"


ABSENT = Absent()


class Namespace(dict):
    """A module's namespace that notes what is read from it (CPython asks a subclass of dict for each name)."""
    watch = None

    def __getitem__(self, name):
        value = dict.get(self, name, ABSENT)
        if self.watch is not None and name not in self.watch and name not in ("__builtins__", "__name__"):
            self.watch[name] = fingerprint(value, {}) if value is not ABSENT or name not in dir(self["__builtins__"]) else None
        if value is ABSENT:
            raise KeyError(name)
        return value


def fingerprint(value, seen, depth=0):
    if depth > 12:
        return "..."
    if isinstance(value, (int, float, str, bytes, bool, type(None), Absent)):
        return repr(value)
    if id(value) in seen:
        return "#%d" % seen[id(value)]
    seen[id(value)] = len(seen)

    def of(part): return fingerprint(part, seen, depth + 1)
    if isinstance(value, (list, tuple)):
        return "%s(%s)" % (type(value).__name__, ",".join(map(of, value)))
    if isinstance(value, (set, frozenset)):
        return "set(%s)" % ",".join(sorted(map(of, value)))
    if isinstance(value, dict):
        if isinstance(value, Namespace):
            return "namespace"
        return "dict(%s)" % ",".join("%s:%s" % (of(k), of(v)) for k, v in value.items())
    if isinstance(value, types.FunctionType):
        cells = [of(c.cell_contents) if has_contents(c) else "?" for c in value.__closure__ or ()]
        return "def(%s,%s,%s)" % (code(value.__code__), ",".join(cells), of(value.__defaults__))
    if isinstance(value, types.MethodType):
        return "method(%s,%s)" % (of(value.__func__), of(value.__self__))
    if isinstance(value, type):
        if value.__module__ == "builtins":
            return value.__name__
        parts = ["%s=%s" % (k, of(v)) for k, v in vars(value).items() if k not in ("__dict__", "__weakref__", "__module__", "__doc__")]
        return "class(%s,%s,%s)" % (value.__name__, ",".join(map(of, value.__bases__)), ",".join(parts))
    if isinstance(value, types.GeneratorType):
        frame = value.gi_frame
        return "gen(%s,%s)" % (code(value.gi_code), "done" if frame is None else "%d,%s" % (frame.f_lasti, of({k: v for k, v in frame.f_locals.items()})))
    if type(value).__name__ in ("list_iterator", "map", "range", "list_reverseiterator"):
        reduced = value.__reduce__()
        return "%s(%s)" % (type(value).__name__, of(list(reduced[1:])))
    if isinstance(value, types.BuiltinFunctionType):
        return value.__name__
    if hasattr(value, "__dict__"):
        return "object(%s,%s)" % (of(type(value)), of(dict(vars(value))))
    return repr(type(value))


def has_contents(cell):
    try:
        cell.cell_contents
        return True
    except ValueError:
        return False


def code(c):
    return "%s|%s|%s" % (c.co_code.hex(), c.co_names, [code(k) if isinstance(k, types.CodeType) else repr(k) for k in c.co_consts])


class Endless(BaseException):
    """A notebook that does not end; it is passed over."""


def end_it(*_):
    raise Endless


class Run:
    def __init__(self, namespace, source, number):
        before = {k: fingerprint(v, {}) for k, v in dict.items(namespace) if k != "__builtins__"}
        self.source, self.error, self.line, self.shown, said = source, None, None, None, io.StringIO()
        self.inputs = namespace.watch = {}
        filename = "<cell %d>" % number
        try:
            tree = ast.parse(source, filename)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            with contextlib.redirect_stdout(said):
                exec(compile(tree, filename, "exec"), namespace, namespace)
                if last:
                    value = eval(compile(ast.Expression(last.value), filename, "eval"), namespace, namespace)
                    self.shown = None if value is None else fingerprint(value, {}) if "at 0x" in repr(value) else repr(value)
        except RecursionError:
            raise Endless from None
        except Exception as error:
            self.error = (type(error).__name__, str(error))
            self.missing = getattr(error, "name", None) if type(error) is NameError else None
            frame = error.__traceback__
            while frame:
                if frame.tb_frame.f_code.co_filename == filename and self.line is None:
                    self.line = frame.tb_lineno
                frame = frame.tb_next
        self.printed = said.getvalue()
        namespace.watch = None
        after = {k: fingerprint(v, {}) for k, v in dict.items(namespace) if k != "__builtins__"}
        self.after = after
        self.left = {k for k in set(before) | set(after) if before.get(k) != after.get(k)}

    def result(self):
        return (self.printed, self.shown, self.error, self.line)

    def same(self, other):
        inputs = all(value == other.inputs[name] for name, value in self.inputs.items() if name in other.inputs)
        return inputs and self.result() == other.result() and \
            all(self.after.get(k) == other.after.get(k) for k in self.left | other.left if k in self.inputs or re.search(r"\b%s\b" % k, self.source))


def new_namespace():
    return Namespace(__name__="__main__", __builtins__=__import__("builtins"))


def output_of(run, count):
    outputs = []
    if run.printed:
        outputs.append({"output_type": "stream", "name": "stdout", "text": run.printed})
    if run.shown is not None and not run.error:
        outputs.append({"output_type": "execute_result", "execution_count": count, "metadata": {}, "data": {"text/plain": run.shown}})
    if run.error:
        line = run.source.split("\n")[run.line - 1]
        outputs.append({"output_type": "error", "ename": run.error[0], "evalue": run.error[1], "traceback": [
            "-" * 75, "%-42sTraceback (most recent call last)" % run.error[0],
            "Cell \x1b[0;32mIn [%d]\x1b[0m, line %d\n\x1b[0;32m----> %d\x1b[0m %s\n" % (count, run.line, run.line, line), "%s: %s" % run.error]})
    return outputs


def notebook_of(cells):
    return {"nbformat": 4, "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"},
                         "language_info": {"name": "python", "version": "%d.%d.%d" % sys.version_info[:3]}},
            "cells": [{"cell_type": "code", "id": "c%d" % i, "metadata": {}, "source": source, "execution_count": count, "outputs": outputs}
                      for i, (source, count, outputs) in enumerate(cells)]}


def write_history(path, log):
    with contextlib.suppress(FileNotFoundError):
        os.remove(path)
    db = sqlite3.connect(path)
    db.executescript("""CREATE TABLE sessions (session integer primary key autoincrement, start timestamp, end timestamp, num_cmds integer, remark text);
        CREATE TABLE history (session integer, line integer, source text, source_raw text, PRIMARY KEY (session, line));
        CREATE TABLE output_history (session integer, line integer, output text, PRIMARY KEY (session, line));
        INSERT INTO sessions VALUES (1, '2026-01-01 10:00:00', NULL, NULL, '');""")
    db.executemany("INSERT INTO history VALUES (1, ?, ?, ?)", [(i + 1, source, source) for i, source in enumerate(log)])
    db.commit()
    db.close()


def order_of(rng, count):
    """In which order the cells run: mostly down the page."""
    order = [i for i in range(count) if rng.random() < 0.95]
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        if len(order) > 1:
            order.insert(rng.randrange(len(order)), order.pop(rng.randrange(len(order))))
    return order


def plan(rng, again):
    """A session as steps: (the cell, the source that it has from then on and runs); and the cells as they are saved, None where one is gone."""
    maker = Maker(rng)
    cells = [maker.cell() for _ in range(rng.randint(3, 8))]
    if rng.random() < 0.8:
        cells[0] = maker.beginning() + "\n" + cells[0]
    order, steps = order_of(rng, len(cells)), []
    if again:
        for _ in range(rng.randint(0, 4)):
            order.insert(rng.randrange(len(order) + 1), rng.randrange(len(cells)))
    for i in order:
        steps.append((i, cells[i]))
        if again and rng.random() < 0.1:
            cells[i] = maker.cell()
    if again and rng.random() < 0.3:
        cells[rng.randrange(len(cells))] = None
    return steps, cells


def within(seconds, function, *given):
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return function(*given)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def play(steps, cells):
    namespace, last = new_namespace(), {}
    for count, (i, source) in enumerate(steps, 1):
        last[i] = (Run(namespace, source, i), count)
    kept = [i for i, source in enumerate(cells) if source is not None]
    fresh = new_namespace()
    top = [Run(fresh, cells[i], i) for i in kept]
    saved, now = {k: last[i] for k, i in enumerate(kept) if i in last}, {}
    for k in saved:
        kernel = new_namespace()
        for i, source in steps:
            Run(kernel, source, i)
        now[k] = Run(kernel, cells[kept[k]], kept[k])
    return [cells[i] for i in kept], saved, top, now


def derived_anew(run, cells, reader, own):
    """Whether some other cell, or for `now` the cell itself, may have made an input anew, with the same value."""
    def says(i, name):
        return re.search(r"\b%s\b" % name, cells[i]) is not None
    inputs = set(run.inputs) | {name for name in run.after if says(reader, name)}
    if own is not None:
        if any(says(own, name) for name in run.left):
            return True
        return any(re.search(r"\b%s\b(\.\w+\(| *[+]?= |\[)|[=,] *%s\b|'%s'" % (name, name, name), cells[own]) for name in inputs)
    return any(says(i, name) for i in range(len(cells)) for name in inputs if i != reader and
               re.search(r"\b%s\b(\.\w+\(|,.*= | *[+]?= |\[)|\bdel |'%s'|\bfor " % (name, name), cells[i]))


def check(cells, saved, top, now, told):
    """Each wrong claim as (cell, text)."""
    said = {e["cell"] - 1: e["name"] for e in reversed(told["run_all"]["errors"]) if e["certainty"] == "must"}
    for i, run in enumerate(top):
        missing = run.missing if run.error and run.error[0] == "NameError" else None
        perhaps = [e["name"] for e in told["run_all"]["errors"] if e["cell"] - 1 == i]
        # That something else than a name is missing, nothing tells; what follows from it is not judged.
        other = any(before.error and before.error[0] != "NameError" for before in top[:i + 1])
        if i in said and missing not in perhaps and not other:
            yield i, "NameError told: %s, was: %s" % (said[i], missing)
    for cell in told["cells"]:
        i = cell["cell"] - 1
        if i not in saved:
            continue
        run, _ = saved[i]
        same = run.same(top[i])
        if cell["status"] == "broken" and not top[i].error:
            yield i, "called broken"
        if cell["certainty"] == "certain" and cell["status"] == "stands" and not same:
            yield i, "FALSE STANDS"
        if cell["certainty"] == "certain" and cell["status"] == "stale" and same and not derived_anew(run, cells, i, None):
            yield i, "false alarm: %s" % " ".join(r["why"] for r in cell["reasons"])
        again = run.same(now[i])
        if cell["now"] == "same" and not again:
            yield i, "now told same"
        if cell["now"] == "differs" and again and not derived_anew(run, cells, i, i) and not derived_anew(run, cells, i, None):
            yield i, "now told differs"
        if cell["now"] == "error" and not now[i].error:
            yield i, "now told error"


class Judge:
    def __init__(self, nbscope, directory, history):
        self.nbscope, self.path = nbscope, os.path.join(directory, "n.ipynb")
        self.history = os.path.join(directory, "h.sqlite") if history else None

    def ask(self, steps, cells):
        """What was played, and each wrong claim."""
        cells, saved, top, now = played = within(0.5, play, steps, cells)
        with open(self.path, "w") as file:
            json.dump(notebook_of([(source, saved[i][1], output_of(*saved[i])) if i in saved else (source, None, [])
                                   for i, source in enumerate(cells)]), file)
        command = [self.nbscope, "status", "--format", "json", self.path]
        if self.history:
            write_history(self.history, [source for _, source in steps])
            command[4:4] = ["--history", self.history]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit("%s: %s" % (" ".join(command), done.stderr))
        return played, list(check(cells, saved, top, now, json.loads(done.stdout)))

    def is_wrong(self, steps, cells, kind):
        try:
            return any(text.split(":")[0] == kind for _, text in self.ask(steps, cells)[1])
        except Endless:
            return False

    def reduce(self, steps, cells, kind):
        """A smaller session of which something of that kind is wrong too."""
        smaller = True
        while smaller:
            smaller = False
            for steps_too, cells_too in smaller_sessions(steps, cells):
                if self.is_wrong(steps_too, cells_too, kind):
                    steps, cells, smaller = steps_too, cells_too, True
                    break
        return steps, cells


def smaller_sessions(steps, cells):
    for i in range(len(cells)):
        if cells[i] is not None and len(cells) > 1:
            yield [(k - (k > i), source) for k, source in steps if k != i], cells[:i] + cells[i + 1:]
    for i in range(len(steps)):
        yield steps[:i] + steps[i + 1:], cells
    for source in sorted({source for _, source in steps} | {source for source in cells if source}):
        for less in smaller_sources(source):
            yield [(k, less if one == source else one) for k, one in steps], [less if one == source else one for one in cells]


def smaller_sources(source):
    tree = ast.parse(source)
    for block in [node for node in ast.walk(tree) if hasattr(node, "body") and isinstance(node.body, list)]:
        for i in range(len(block.body)):
            if len(block.body) > 1:
                gone = block.body.pop(i)
                yield ast.unparse(tree)
                block.body.insert(i, gone)
            inner = getattr(block.body[i], "body", None)
            if isinstance(inner, list) and not isinstance(block.body[i], (ast.FunctionDef, ast.ClassDef)):
                whole = block.body[i]
                block.body[i:i + 1] = inner
                yield ast.unparse(tree)
                block.body[i:i + len(inner)] = [whole]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nbscope", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cells", type=int, default=2000)
    parser.add_argument("--history", action="store_true")
    parser.add_argument("--show", type=int, default=10)
    arguments = parser.parse_args()
    signal.signal(signal.SIGALRM, end_it)
    sys.setrecursionlimit(400)
    count = wrong = seed = 0
    with tempfile.TemporaryDirectory() as directory:
        judge = Judge(arguments.nbscope, directory, arguments.history)
        while count < arguments.cells:
            seed += 1
            steps, cells = plan(random.Random("%d %d" % (arguments.seed, seed)), arguments.history)
            try:
                _, found = judge.ask(steps, cells)
            except Endless:
                continue
            count += len(cells)
            wrong += len(found)
            if found and arguments.show > 0:
                arguments.show -= 1
                print("seed %d notebook %d" % (arguments.seed, seed))
                show(judge, *judge.reduce(steps, cells, found[0][1].split(":")[0]))
    print("%d cells of %d notebooks, %d wrong claims" % (count, seed, wrong))
    sys.exit(1 if wrong else 0)


def show(judge, steps, cells):
    (kept, saved, top, now), found = judge.ask(steps, cells)
    for i, text in found:
        print("  cell %d: %s" % (i + 1, text))
        runs = ([saved[i][0]] if i in saved else []) + [top[i]] + ([now[i]] if i in now else [])
        for name, run in zip(("saved", "top", "now") if i in saved else ("top",), runs):
            print("    %-5s reads %s gives %s leaves %s" % (name, run.inputs, run.result(), {k: run.after.get(k) for k in run.left}))
    for k, source in enumerate(kept):
        print("  [%s]" % (saved[k][1] if k in saved else " "))
        print("\n".join("      " + line for line in source.split("\n")))
    if judge.history:
        print("  all runs:")
        for k, (i, source) in enumerate(steps, 1):
            print("  [%d] cell %d" % (k, i + 1) + "".join("\n      " + line for line in source.split("\n") if cells[i] != source))


if __name__ == "__main__":
    main()
