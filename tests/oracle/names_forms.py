#!/usr/bin/env python3
"""names_forms.py - a notebook of cells in all forms of input that IPython takes, for score_names.py.

    python3 names_forms.py --seed 7 --count 3000 OUT.ipynb

Random combinations of magics, shell commands, requests for help, calls without parentheses, prompts, indentation,
continuation and line ends, alone and inside each other, among Python. Many of them are refused; that must agree too.
"""
import argparse, json, random

NAMES = "a b c f g x y".split()


class Forms:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.nested = 0  # in functions and classes; what runs in the user's namespace there, the oracle only approximates

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, probability):
        return self.random.random() < probability

    def name(self):
        return self.random.choice(NAMES)

    def python(self):
        """One line of Python."""
        n = self.name
        return self.pick(
            lambda: "%s = %s" % (n(), n()), lambda: "%s = %s(%s)" % (n(), n(), n()), lambda: "%s += 1" % n(),
            lambda: "print(%s)" % n(), lambda: "del %s" % n(), lambda: "import os as %s" % n(), n,
            lambda: "for %s in %s: %s = %s" % (n(), n(), n(), n()), lambda: "%s, *%s = %s" % (n(), n(), n()),
            lambda: "[%s for %s in %s]" % (n(), n(), n()), lambda: "(%s := %s)" % (n(), n()), lambda: "await %s" % n(),
            lambda: "%s = lambda %s: %s + %s" % (n(), n(), n(), n()), lambda: "%s = '%s?'" % (n(), n()),
            lambda: "x = 5 %% %s" % n(), lambda: "%s = {'k': %s}; %s" % (n(), n(), n()), lambda: "if %s: %s = 1" % (n(), n()),
            lambda: "def %s(): return %s" % (n(), n()), lambda: "%s: %s = %s" % (n(), n(), n()),
            lambda: "x = [%s,\n  %s]" % (n(), n()), lambda: 'x = """%s\n%%time y = %s"""' % (n(), n()), lambda: "from m import *",
            lambda: "x = \\\n  %s" % n(), lambda: "# %s" % n(), lambda: "", lambda: "%s; %s = 1" % (n(), n()))()

    def fields(self):
        """The text of a line in which IPython looks for names."""
        n = self.name
        part = lambda: self.pick(
            n, lambda: "$%s" % n(), lambda: "{%s}" % n(), lambda: "{{%s}}" % n(), lambda: "$$%s" % n(), lambda: "{%s+%s}" % (n(), n()),
            lambda: "{%s['k']}" % n(), lambda: "{%s:>4}" % n(), lambda: "{%s!r}" % n(), lambda: "$%s.%s" % (n(), n()), lambda: "'$%s'" % n(),
            lambda: "{", lambda: "}", lambda: "{}", lambda: "$", lambda: "$1", lambda: "${%s}" % n(), lambda: "$(%s)" % n(), lambda: "{%s,}" % n(),
            lambda: "{'%s'}" % n(), lambda: "{%s} %s" % (n(), n()), lambda: "-%s" % n(), lambda: "--%s=%s" % (n(), n()), lambda: '"it\'s"',
            lambda: "*.py", lambda: "| wc", lambda: "# %s" % n(), lambda: "(", lambda: ")", lambda: "[%s" % n(), lambda: "awk '{print $1}'",
            lambda: "{[%s for %s in %s]}" % (n(), n(), n()), lambda: "{%s(%s)}" % (n(), n()), lambda: "é", lambda: "$é", lambda: "{é}",
            lambda: "{%s:{%s}}" % (n(), n()), lambda: "?", lambda: "\\", lambda: "{lambda: %s}" % n(), lambda: "$%s$%s" % (n(), n()),
            lambda: "{%s({%s})}" % (n(), n()), lambda: "{ {%s} }" % n(), lambda: "{%s[:%s]}" % (n(), n()), lambda: "{%s!%s}" % (n(), n()), lambda: "{%s['}']}" % n(),
            lambda: "{%s:%s:%s}" % (n(), n(), n()), lambda: "{'[' + %s}" % n(), lambda: "{%s == %s}" % (n(), n()), lambda: "{%s != %s}" % (n(), n()),
            lambda: "{%s[%s]!r:{%s}}" % (n(), n(), n()), lambda: "{%s:{{%s}}}" % (n(), n()), lambda: "{''.join(str(%s) for %s in %s)}" % (n(), n(), n()),
            lambda: "{}}", lambda: "{{}", lambda: "$$$%s" % n(), lambda: "$%s.." % n(), lambda: "$.%s" % n(), lambda: "{%s;%s}" % (n(), n()))()
        return " ".join(part() for _ in range(self.random.randrange(4)))

    def options(self, *pool):
        return "".join(" " + self.random.choice(pool) for _ in range(self.random.choice([0, 0, 1, 1, 2])))

    def python_magic(self, depth):
        """What may stand behind %time and its like."""
        return self.python() if depth > 2 or self.chance(0.8) else self.line(depth + 1)

    def magic(self, depth=0):
        """One line magic, with its percent sign or without."""
        text = self.pick(
            lambda: "time " + self.python_magic(depth),
            lambda: "timeit%s %s" % (self.options("-n1", "-n 10", "-r3", "-r 2", "-o", "-q", "-c", "-t", "-p 4", "-n"), self.python_magic(depth)),
            lambda: "time" if self.nested else "prun%s %s" % (self.options("-q", "-l 5", "-l5", "-s cumulative", "-r", "-T out.txt", "-D f"), self.python_magic(depth)),
            lambda: "time" if self.nested else "debug" + self.pick("", " " + self.python_magic(depth)),
            lambda: "run %s" % self.fields(), lambda: "pylab" + self.pick("", " inline"), lambda: "store%s %s" % (self.options("-r", "-d"), self.name()),
            lambda: "xdel %s" % self.pick(self.name(), "-n %s" % self.name()), lambda: "reset -f", lambda: "matplotlib inline", lambda: "cd ..",
            lambda: "load_ext %s" % self.name(), lambda: "env %s=%s" % (self.name(), self.fields()), lambda: "sx " + self.fields(),
            lambda: "system " + self.fields(), lambda: "who", lambda: "%s %s" % (self.name(), self.fields()), lambda: "pip install %s" % self.fields(),
            lambda: "config %s.%s = %s" % (self.name(), self.name(), self.fields()), lambda: "alias %s echo %%s" % self.name(), lambda: "",
            lambda: "writefile %s" % self.name(), lambda: "capture %s" % self.name(), lambda: "time", lambda: "timeit", lambda: "é")()
        return text

    def line(self, depth=0):
        """One line that is IPython's, or looks like it."""
        n = self.name
        help_ = lambda: self.pick(n(), "%s.%s" % (n(), n()), "%" + n(), "%%" + n(), "*%s*" % n(), "%s*.%s" % (n(), n()), "%s()" % n(),
                                  "%s[0]" % n(), "é", "1", "a.é", "x = %s" % n(), "", "%s %s" % (n(), n()), "'%s'" % n(), "!ls")
        return self.pick(
            lambda: "%" + self.magic(depth), lambda: "%" + self.magic(depth), lambda: "%" + self.magic(depth),
            lambda: "%" + self.magic(depth), lambda: "! " + self.fields(), lambda: "!ls " + self.fields(), lambda: "!!ls " + self.fields(),
            lambda: "%s = %%%s" % (n(), self.magic(depth)), lambda: "%s = %%%s" % (n(), self.magic(depth)),
            lambda: "%s = !ls %s" % (n(), self.fields()), lambda: "%s, %s = !ls %s" % (n(), n(), self.fields()),
            lambda: "%s = %s = !ls" % (n(), n()), lambda: "%s = !!ls" % n(), lambda: "%s.%s = !ls" % (n(), n()), lambda: "%s[0] = %%time %s" % (n(), n()),
            lambda: "%s += !ls" % n(), lambda: "%s: int = !ls" % n(), lambda: "%s == !ls" % n(), lambda: "%s =!ls" % n(), lambda: "%s=%%time %s" % (n(), n()),
            lambda: "(%s) = !ls" % n(), lambda: "(%s, %s) = %%sx ls" % (n(), n()), lambda: "f(%s=!ls)" % n(), lambda: "%s = [!ls]" % n(), lambda: "%s = %% time" % n(),
            lambda: help_() + "?", lambda: help_() + "??", lambda: "?" + help_(), lambda: "??" + help_(), lambda: help_() + " ?", lambda: "? " + help_(),
            lambda: help_() + "???", lambda: "?%s?" % help_(), lambda: help_() + "? # %s" % n(), lambda: help_() + "?;",
            lambda: ",%s %s %s" % (n(), n(), n()), lambda: ";%s %s %s" % (n(), n(), n()), lambda: "/%s %s %s" % (n(), n(), n()), lambda: "/%s" % n(),
            lambda: ",%s" % n(), lambda: "%s %s" % (n(), n()), lambda: "ls", lambda: "cd ..", lambda: "pwd", lambda: "pip install %s" % n(), lambda: "%%" + self.magic(depth),
            lambda: "time %s" % self.python(), lambda: "%s ! %s" % (n(), n()), lambda: "!", lambda: "%", lambda: "!!", lambda: "? ", lambda: "??", lambda: "?",
            lambda: "get_ipython().run_line_magic('time', %r)" % self.python(), lambda: "%s = get_ipython().getoutput('ls $%s')" % (n(), n()),
            lambda: "get_ipython().system('ls {%s}')" % n(),
            lambda: "get_ipython().run_cell_magic('time', '', %r)" % (self.python() + "\n" + self.python()) if not self.nested else "ls",
            lambda: "get_ipython().magic('time %s')" % n(), lambda: "%s = get_ipython().run_line_magic('sx', 'ls')" % n(), lambda: "get_ipython()")()

    def continued(self, text):
        """Breaks a line in two, at a blank."""
        blanks = [i for i, c in enumerate(text) if c == " "]
        if not blanks:
            return text
        at = self.random.choice(blanks)
        return text[:at] + self.pick(" \\\n", " \\\n   ", "\\\n", " \\ \n", "\n") + text[at + self.pick(0, 1):]

    def indented(self, text, by):
        return "\n".join(by + line for line in text.split("\n"))

    def block(self, depth=0):
        """A compound statement with lines of IPython's in it."""
        by = self.pick("    ", "  ", "\t", " ", "        ")
        head = self.pick("if %s:" % self.name(), "for %s in %s:" % (self.name(), self.name()), "while %s:" % self.name(), "def %s(%s):" % (self.name(), self.name()),
                         "with %s as %s:" % (self.name(), self.name()), "try:", "class %s:" % self.name(), "async def %s():" % self.name(), "else:",
                         "for %s in !ls:" % self.name(), "if !ls:", "if True: %s" % self.line())
        self.nested += 1
        text = head + "\n" + "\n".join(self.indented(self.piece(depth + 1), by) for _ in range(self.random.choice([1, 1, 2, 3])))
        if head == "try:":
            text += "\nexcept %s:\n%s" % (self.pick("NameError", "E", "Exception as " + self.name()), self.indented(self.piece(depth + 1), by))
        elif head.startswith(("if", "for", "while")) and self.chance(0.3):
            text += "\nelse:\n" + self.indented(self.piece(depth + 1), by)
        self.nested -= 1
        return text

    def piece(self, depth=0):
        text = self.pick(self.python, self.python, self.line, self.line, self.line, lambda: self.block(depth) if depth < 3 else self.line())()
        return self.continued(text) if self.chance(0.08) else text

    def body(self):
        return "\n".join(self.piece() for _ in range(self.random.choice([1, 1, 2, 3, 4])))

    def cell_magic(self, depth=0):
        n = self.name
        head = self.pick(
            lambda: "time", lambda: "time", lambda: "time " + self.pick("", "# c", self.python()),
            lambda: "timeit" + self.options("-n1", "-r3", "-n 5") + self.pick("", " " + self.python()), lambda: "prun" + self.options("-q", "-l 5", "-s time") + self.pick("", " " + self.python()),
            lambda: "capture" + self.pick("", " " + n(), " --no-stderr " + n(), " %s --no-display" % n(), " --no-stdout"), lambda: "debug",
            lambda: self.pick("bash", "sh", "script bash", "perl", "ruby", "python3", "python2") + self.options("--out x", "--out=y", "--err a", "--proc b", "--bg", "--no-raise-error", "--out"),
            lambda: "writefile " + self.fields(), lambda: "file " + n(), lambda: self.pick("html", "HTML", "javascript", "js", "latex", "svg", "SVG", "markdown"), lambda: "!", lambda: "sx", lambda: "system",
            lambda: "R -i %s -o %s" % (n(), n()), lambda: "cython", lambda: "%s %s" % (n(), self.fields()), lambda: "", lambda: " time", lambda: "time?", lambda: "%s??" % n(), lambda: "é")()
        body = self.cell_magic(depth + 1) if depth < 2 and self.chance(0.2) else self.body()
        return "%%" + head + self.pick("\n", "\n", "\n", " \n", "\n\n", "") + body

    def prompted(self, text):
        first, more = self.pick((">>> ", "... "), (">>> ", "    "), ("In [1]: ", "   ...: "), ("In [12]: ", "   ....: "), (">>>", "..."), ("[nav] In [1]: ", "   ...: "),
                                (" In [1]: ", "   ...: "), ("In [1]:", "...: "), (">>> ", ">>> "), ("In [ ]: ", "..: "))
        lines = text.split("\n")
        return "\n".join((first if i == 0 or self.chance(0.1) else more) + line for i, line in enumerate(lines))

    def cell(self):
        text = self.cell_magic() if self.chance(0.3) else self.body()
        if self.chance(0.1):
            text = self.pick("\n", "\n\n", "  \n", "# c\n", "\t\n\n", "\f\n", "\\\n", "'doc'\n", ";\n") + text
        if self.chance(0.08):
            text = self.indented(text, self.pick("    ", "  ", "\t", " ", "\f", "\u00a0"))
        if self.chance(0.1):
            text = self.prompted(text)
        if self.chance(0.06):
            text = text.replace("\n", self.pick("\r\n", "\r", "\r\n", "\n\r", "\f\n", "\v", "\x1c", "\u2028", "\x85"))
        if self.chance(0.04):
            at = self.random.randrange(len(text) + 1)
            text = text[:at] + self.pick("\ufeff", "\0", "\f", "\v", "\t", "\u00a0", "\u200b", "é", "²", "\u2028", "\r", "\\", "\x1b") + text[at:]
        return text + self.pick("", "", "", "\n", "\n\n", " ", "  \n", "\n ", "\\", "\n# c")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=3000)
    arguments.add_argument("out")
    options = arguments.parse_args()
    forms = Forms(options.seed)
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python", "version": "3.11.2"}}, "cells": [
        {"cell_type": "code", "id": "c%d" % i, "metadata": {}, "execution_count": None, "outputs": [], "source": forms.cell()}
        for i in range(options.count)]}
    with open(options.out, "w", encoding="utf-8") as out:
        json.dump(notebook, out)


if __name__ == "__main__":
    main()
