#!/usr/bin/env python3
"""names_random.py - a notebook of random cells that are all control flow, for score_names.py.

    python3 names_random.py --seed 7 --count 2000 OUT.ipynb

Few names, so that what is bound, read and deleted on which path matters; every cell compiles. Left out is what
names_oracle.py itself only approximates: class bodies that never end, and a walrus in a comprehension that binds a
name of the comprehension's own iterable.
"""
import argparse, ast, json, random, warnings

warnings.simplefilter("ignore", SyntaxWarning)
NAMES = "a b c d e f".split()
CONSTANTS = ["1", "0", "None", '"s"', "True", "()", "__debug__", "b''", "-1", "...", '""', "0.0", "(1,)"]
PATTERNS = ["1", "[{0}, {1}]", '{{"k": {0}, **rest}}', "C(x={0})", "1 | 2 as {0}", "[1, *{0}]", "a.b", "None", "[{0}, _]",
            "(1, x) | (2, x)"]


class Cells:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def name(self):
        return self.random.choice(NAMES)

    def operand(self, depth):
        text = self.expression(depth + 1)
        return text if text.isidentifier() else "(%s)" % text

    def expression(self, depth=0):
        """One expression; names only once it is deep."""
        n, e, o = self.name, lambda: self.expression(depth + 1), lambda: self.operand(depth)
        if depth > 2 or self.random.random() < 0.35:
            return n()
        return self.random.choice([
            lambda: self.random.choice(CONSTANTS),
            lambda: "(%s := %s)" % (n(), e()),
            lambda: "%s and %s" % (o(), o()), lambda: "%s or %s" % (o(), o()), lambda: "not %s" % o(),
            lambda: "(%s if %s else %s)" % (e(), e(), e()),
            lambda: "%s(%s)" % (n(), ", ".join(e() for _ in range(self.random.randrange(3)))),
            lambda: "%s.m(%s)" % (n(), e()),
            lambda: "%s < %s < %s" % (o(), o(), o()),
            lambda: "%s[%s]" % (n(), e()),
            lambda: "[%s for x in %s if %s]" % (n(), n(), self.random.choice([n(), "x", "(w := %s)" % n()])),
            lambda: "[%s, *%s, %s]" % (n(), n(), n()),
            lambda: "{%s: %s, **%s}" % (n(), e(), n()), lambda: '{"k": %s, "l": %s}' % (e(), n()),
            lambda: 'f"{%s}x{%s}"' % (n(), n()),
            lambda: "(%s for x in %s)" % (n(), n()), lambda: "(lambda x=%s: %s)" % (n(), n()),
            lambda: "(%s + %s)" % (e(), e()),
            lambda: "{x: %s for x in %s for y in [%s]}" % (n(), n(), n()),
            lambda: "{%s for x, *y in %s if x if %s}" % (n(), n(), n()), lambda: "[[%s for y in x] for x in %s]" % (n(), n()),
            lambda: "[lambda: %s for x in %s]" % (self.random.choice([n(), "x"]), n()), lambda: "(lambda *x, y=%s, **z: (%s, x))" % (e(), n()),
            lambda: 'f"{%s!r:>{%s}}{%s=}"' % (n(), n(), n()), lambda: "%s[%s:%s, ::%s]" % (n(), n(), e(), n()),
            lambda: "%s(*%s, k=%s, **%s)" % (n(), o(), e(), n()), lambda: "(%s := [w for w in %s])" % (n(), n()),
            lambda: "[(%s := x) for x in %s]" % (self.random.choice("uvw"), n()), lambda: "any((v := x) for x in %s)" % n(),
            lambda: "(%s is not %s in %s)" % (n(), n(), n()), lambda: "-%s ** ~%s" % (n(), n()), lambda: "print(%s)" % e(),
        ])()

    def body(self, indent, depth, place):
        return "".join(self.statement(indent, depth, place) for _ in range(self.random.choice([1, 1, 1, 2, 2, 3])))

    def simple(self, place):
        n, e, chance = self.name, self.expression, self.random.choice
        kinds = [lambda: "%s = %s" % (n(), e()), lambda: "%s = %s" % (n(), e()), lambda: "pass", lambda: "del %s" % n(),
                 e, lambda: "import %s" % n(), lambda: "from m import %s" % n(), lambda: "import m.n as %s" % n(),
                 lambda: "%s += %s" % (n(), e()), lambda: '"text"', lambda: "%s, *%s = %s" % (n(), n(), n()),
                 lambda: "%s = %s = %s" % (n(), n(), n()), lambda: "%s.x = %s" % (n(), n()),
                 lambda: "del %s, %s[%s], (%s, %s.x)" % (n(), n(), n(), n(), n()), lambda: "%s[%s] += %s" % (n(), n(), e()),
                 lambda: "import %s.m, n as %s" % (n(), n()), lambda: "(%s, [%s, %s[%s]]), %s.y = %s" % (n(), n(), n(), e(), n(), n()),
                 lambda: "%s: %s" % (n(), n()), lambda: "%s.x: %s = %s" % (n(), n(), e()), lambda: "(%s): %s = %s" % (n(), n(), n()),
                 lambda: "%s[%s]: %s" % (n(), n(), n())]
        if place != "class":
            kinds += [lambda: "assert %s" % e(), lambda: "raise %s" % n(), lambda: "assert %s, %s" % (e(), e()),
                      lambda: "raise %s from %s" % (e(), n())]
        if place == "function":
            kinds += [lambda: "return %s" % chance(["", n(), "1", e()]), lambda: "yield %s" % n(), lambda: "%s = yield" % n(),
                      lambda: "nonlocal %s" % n(), lambda: "global %s" % n()]
        else:
            kinds += [lambda: "%s: %s = %s" % (n(), n(), n())]
        return chance(kinds)()

    def statement(self, indent, depth, place):
        pad, chance, n = "    " * indent, self.random.random, self.name
        if depth > 3 or chance() < 0.45:
            if self.loop_depth and chance() < 0.1:
                return pad + self.random.choice(["break\n", "continue\n"])
            return pad + self.simple(place) + "\n"
        kinds = [self.if_statement, self.for_statement, self.try_statement, self.try_statement, self.with_statement,
                 self.function, self.class_statement, self.match_statement]
        if place != "class":
            kinds.append(self.while_statement)
        if place == "module":
            kinds += [self.asynchronous, self.group_statement]
        return self.random.choice(kinds)(pad, indent, depth + 1, place)

    loop_depth = 0

    def within(self, loops, indent, depth, place):
        before, self.loop_depth = self.loop_depth, loops
        text = self.body(indent + 1, depth, place)
        self.loop_depth = before
        return text

    def otherwise(self, text, pad, indent, depth, place, word="else", chance=0.4):
        return text + (pad + word + ":\n" + self.body(indent + 1, depth, place) if self.random.random() < chance else "")

    def if_statement(self, pad, indent, depth, place):
        text = pad + "if %s:\n" % self.expression() + self.body(indent + 1, depth, place)
        while self.random.random() < 0.2:
            text += pad + "elif %s:\n" % self.expression() + self.body(indent + 1, depth, place)
        return self.otherwise(text, pad, indent, depth, place)

    def while_statement(self, pad, indent, depth, place):
        test = self.random.choice([self.expression(), "True", "1", "0", self.expression()])
        return self.otherwise(pad + "while %s:\n" % test + self.within(1, indent, depth, place), pad, indent, depth, place)

    def for_statement(self, pad, indent, depth, place):
        target = self.random.choice([self.name(), "%s, %s" % (self.name(), self.name())])
        text = pad + "for %s in %s:\n" % (target, self.expression()) + self.within(1, indent, depth, place)
        return self.otherwise(text, pad, indent, depth, place)

    def try_statement(self, pad, indent, depth, place):
        text, handled = pad + "try:\n" + self.body(indent + 1, depth, place), self.random.random() < 0.8
        if handled:
            for _ in range(self.random.choice([1, 1, 2])):
                kind = self.random.choice(["NameError", "E", "(A, Exception)", "ValueError", self.name()])
                name = " as " + self.name() if self.random.random() < 0.4 else ""
                text += pad + "except %s%s:\n" % (kind, name) + self.body(indent + 1, depth, place)
            text = self.otherwise(text, pad, indent, depth, place, "except", 0.3)
            text = self.otherwise(text, pad, indent, depth, place, "else", 0.3)
        return self.otherwise(text, pad, indent, depth, place, "finally", 0.35 if handled else 1)

    def asynchronous(self, pad, indent, depth, place):
        """`async for`, `async with` and `await`, which stand at the top of a cell too."""
        n = self.name
        kind = self.random.choice(["async for %s in %s:" % (n(), self.expression()), "async with %s as %s:" % (n(), n()),
                                   "if await %s:" % n(), "for %s in [x async for x in %s if await %s]:" % (n(), n(), n())])
        text = pad + kind + "\n" + self.within(1 if " for " in kind[:10] or kind[:3] == "for" else self.loop_depth, indent, depth, place)
        return self.otherwise(text, pad, indent, depth, place) if kind[6:9] == "for" else text

    def group_statement(self, pad, indent, depth, place):
        text = pad + "try:\n" + self.within(0, indent, depth, place)
        for _ in range(self.random.choice([1, 1, 2])):
            name = " as " + self.name() if self.random.random() < 0.5 else ""
            text += pad + "except* %s%s:\n" % (self.random.choice(["NameError", "(A, Exception)", self.name()]), name)
            text += self.within(0, indent, depth, place)
        text = self.otherwise(text, pad, indent, depth, place, "else", 0.3)
        return self.otherwise(text, pad, indent, depth, place, "finally", 0.3)

    def with_statement(self, pad, indent, depth, place):
        items = ", ".join(self.expression(2) + self.random.choice(["", " as " + self.name()])
                          for _ in range(self.random.choice([1, 1, 2])))
        return pad + "with %s:\n" % items + self.body(indent + 1, depth, place)

    def function(self, pad, indent, depth, place):
        n, chance = self.name, self.random.random
        text = pad + "@%s\n" % self.expression(1) if chance() < 0.2 else ""
        heads = ["%s(x, y=%s)" % (n(), n()), "%s(x, /, y: %s = %s, *z, k=%s, **w) -> %s" % (n(), n(), self.expression(2), n(), n()), "%s(%s)" % (n(), n())]
        text += pad + self.random.choice(["def ", "def ", "async def "]) + self.random.choice(heads) + ":\n"
        if self.random.random() < 0.5:
            text += pad + "    global %s\n" % ", ".join(self.random.sample(NAMES, 2))
        return text + self.within(0, indent, depth, "function")

    def class_statement(self, pad, indent, depth, place):
        base = self.random.choice(["", self.name(), self.name() + "()", "metaclass=" + self.name(), "*%s, k=%s, **%s" % (self.name(), self.name(), self.name())])
        text = pad + "@%s\n" % self.expression(1) if self.random.random() < 0.15 else ""
        text += pad + "class %s(%s):\n" % (self.name(), base)
        if self.random.random() < 0.3:
            text += pad + "    global %s\n" % self.name()
        return text + self.within(0, indent, depth, "class")

    def match_statement(self, pad, indent, depth, place):
        text = pad + "match %s:\n" % self.expression()
        for _ in range(self.random.choice([1, 2, 3])):
            pattern = self.random.choice(PATTERNS).format(*self.random.sample(NAMES, 2))
            guard = " if " + self.expression() if self.random.random() < 0.3 else ""
            text += pad + "    case %s%s:\n" % (pattern, guard) + self.body(indent + 2, depth, place)
        if self.random.random() < 0.4:
            text += pad + "    case %s:\n" % self.random.choice(["_", self.name()]) + self.body(indent + 2, depth, place)
        return text

    def cell(self):
        """The source of a cell that compiles."""
        while True:
            source = "".join(self.statement(0, 0, "module") for _ in range(self.random.choice([1, 2, 3, 4, 6])))
            try:
                compile(source, "cell", "exec", dont_inherit=True, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                return source
            except (SyntaxError, RecursionError, ValueError):
                continue


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=2000)
    arguments.add_argument("out")
    options = arguments.parse_args()
    cells = Cells(options.seed)
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}}, "cells": [
        {"cell_type": "code", "id": "c%d" % i, "metadata": {}, "execution_count": None, "outputs": [],
         "source": cells.cell()} for i in range(options.count)]}
    with open(options.out, "w", encoding="utf-8") as out:
        json.dump(notebook, out)


if __name__ == "__main__":
    main()
