#!/usr/bin/env python3
"""Measures how much of a broken cell is still known.

    recovery.py --driver build/syntax_dump [--count N] [--seed S] [--stdlib] [--other PYTHON]... FILE|FOLDER...

Cells of notebooks, and runs of statements of .py files, are broken by one mutation each, of the kinds in MUTATIONS.
Those that CPython (after IPython's transformer) refuses are shown to the driver (syntax_dump). Counted are

  kept       of the top-level statements that the mutation did not touch and that bind names, those of which the
             driver still says that they bind the same names on the same line
  invented   names said to be bound or read that neither the whole cell has as names nor the mutated lines as words;
             and names bound that the whole cell does not bind at top level and the mutated lines do not hold
  line, column   of the error: those that are CPython's own

Exit status 1 when a name is invented, or fewer than --least per cent are kept.
"""

import argparse
import collections
import io
import json
import pathlib
import random
import re
import struct
import subprocess
import sys
import sysconfig
import tokenize
import warnings

import syntax_oracle
from syntax_oracle import TOKEN, files_of, sources_of, transformer, verdict

warnings.simplefilter("ignore")

WORD = re.compile(r"[^\W\d]\w*")
KEYWORDS = "if else elif for while def class lambda return with as try except finally in not and or import from is pass del global raise async".split()
CONFLICT = ["<<<<<<< HEAD\n", "=======\n", ">>>>>>> origin/main\n", "||||||| base\n"]


class Mutant:
    """original[start:end] became `text`; insertions of whole lines touch no line of the original."""

    def __init__(self, kind, original, start, end, text):
        self.kind, self.source = kind, original[:start] + text + original[end:]
        self.first = original.count("\n", 0, start) + 1
        self.last = original.count("\n", 0, end) + 1
        self.breaks_strings = bool(re.search("['\"]", original[start:end] + text))
        self.between = start == end and text.endswith("\n") and (start == 0 or original[start - 1] == "\n")
        self.delta = text.count("\n") - original.count("\n", start, end)

    def touches(self, first, last):
        if self.between:
            return first < self.first <= last
        return first <= self.last and last >= self.first

    def line_of(self, line):
        return line + self.delta if line > self.last or (self.between and line >= self.first) else line

    def words(self, original):
        """What the mutated lines hold, before and after."""
        before = original.split("\n")[self.first - 1 : self.last]
        after = self.source.split("\n")[self.first - 1 : max(self.last + self.delta, self.first)]
        return set(WORD.findall("\n".join(before + after)))


def pieces(source, pattern=None):
    at = 0
    for match in TOKEN.finditer(source):
        if not match.group(0).isspace() and (pattern is None or re.fullmatch(pattern, match.group(0))):
            yield match.start(), match.end()


def pick(random_, source, pattern=None):
    found = list(pieces(source, pattern))
    return random_.choice(found) if found else None


def line_starts(source):
    return [0] + [m.end() for m in re.finditer("\n", source)]


def at_token(pattern, change):
    def mutation(source, random_):
        found = pick(random_, source, pattern)
        if found:
            start, end = found
            return (start, end) + (change(source[start:end], random_),) if callable(change) else (start, end, change)
    return mutation


def delete_character(source, random_):
    at = random_.randrange(len(source))
    return at, at + 1, ""


def insert_character(source, random_):
    at = random_.randrange(len(source) + 1)
    return at, at, random_.choice("()[]{}:'\"\\,.=#@!?$`;% \n\t0aé")


def swap_characters(source, random_):
    at = random_.randrange(max(1, len(source) - 1))
    return at, at + 2, source[at : at + 2][::-1]


def insert_token(text):
    def mutation(source, random_):
        found = pick(random_, source)
        if found:
            at = random_.choice(found)
            return at, at, text if isinstance(text, str) else random_.choice(text)
    return mutation


def duplicate_token(source, random_):
    found = pick(random_, source)
    return found and (found[1], found[1], " " * random_.randrange(2) + source[found[0] : found[1]])


def swap_tokens(source, random_):
    found = list(pieces(source))
    if len(found) > 1:
        i = random_.randrange(len(found) - 1)
        (a, b), (c, d) = found[i], found[i + 1]
        return a, d, source[c:d] + source[b:c] + source[a:b]


def indent(source, random_):
    at = random_.choice(line_starts(source))
    return at, at, random_.choice([" ", "  ", "    ", "\t"])


def dedent(source, random_):
    lines = [m for m in re.finditer(r"(?m)^[ \t]+", source)]
    if lines:
        line = random_.choice(lines)
        return line.start(), line.end(), line.group(0)[: random_.randrange(len(line.group(0)))]


def truncate(source, random_):
    return random_.randrange(1, len(source) + 1), len(source), ""


def truncate_line(source, random_):
    start = random_.choice(line_starts(source))
    end = source.find("\n", start)
    end = len(source) if end < 0 else end
    return (random_.randrange(start, end), end, "") if end > start else None


def insert_line(*texts):
    def mutation(source, random_):
        at = random_.choice(line_starts(source))
        return at, at, random_.choice(texts)
    return mutation


def delete_line(source, random_):
    starts = line_starts(source) + [len(source)]
    i = random_.randrange(len(starts) - 1)
    return starts[i], starts[i + 1], ""


def break_line(source, random_):
    found = pick(random_, source)
    return found and (found[0], found[0], "\n" + " " * random_.choice([0, 0, 4]))


def join_lines(source, random_):
    found = [m.start() for m in re.finditer("\n", source)]
    if found:
        at = random_.choice(found)
        return at, at + 1, ""


STRING = r"(?s)[rRbBuUfF]{0,2}['\"].*"
MUTATIONS = {
    "delete a character": delete_character,
    "insert a character": insert_character,
    "swap two characters": swap_characters,
    "delete a token": at_token(None, ""),
    "duplicate a token": duplicate_token,
    "swap two tokens": swap_tokens,
    "delete an opening bracket": at_token(r"[([{]", ""),
    "delete a closing bracket": at_token(r"[)\]}]", ""),
    "another bracket": at_token(r"[()\[\]{}]", lambda text, r: r.choice("()[]{}".replace(text, ""))),
    "insert an opening bracket": insert_token(list("([{")),
    "insert a closing bracket": insert_token(list(")]}")),
    "delete a first quote": at_token(STRING, lambda text, r: re.sub("^([a-zA-Z]*)['\"]", r"\1", text)),
    "delete a last quote": at_token(STRING, lambda text, r: text[:-1]),
    "insert a quote": insert_token(["'", '"']),
    "insert three quotes": insert_token(["'''", '"""']),
    "open three quotes for one": at_token(r"'[^'].*|\"[^\"].*", lambda text, r: text[0] * 2 + text),
    "unclose three quotes": at_token(r"(?s)'''.*'''|\"\"\".*\"\"\"", lambda text, r: text[:-3]),
    "delete a colon": at_token(":", ""),
    "insert a colon": insert_token(":"),
    "delete a comma": at_token(",", ""),
    "insert a comma": insert_token(","),
    "delete an operator": at_token(r"[-+*/%<>=!&|^.]+", ""),
    "double an equals sign": at_token("=", "=="),
    "insert a keyword": insert_token([" %s " % word for word in KEYWORDS]),
    "misspell a keyword": at_token("|".join(KEYWORDS), lambda text, r: text[:-1] + r.choice(["", "x"])),
    "change a keyword": at_token("|".join(KEYWORDS), lambda text, r: r.choice(KEYWORDS)),
    "indent a line": indent,
    "dedent a line": dedent,
    "end the cell": truncate,
    "end a line": truncate_line,
    "delete a line": delete_line,
    "break a line": break_line,
    "join two lines": join_lines,
    "a backslash": insert_token("\\"),
    "a stray else": insert_line("else:\n", "    else:\n", "except:\n", "elif x:\n", "finally:\n", "else:\n    pass\n"),
    "a header alone": insert_line("if x:\n", "for i in y:\n", "def f():\n", "class A:\n", "with a as b:\n", "try:\n", "def f(a,\n", "@a\n"),
    "a conflict marker": insert_line(*CONFLICT),
    "a line of prose": insert_line("this is some text\n", "Don't do this.\n", "TODO: mend\n", "...\nand (so on\n", "----\n", "```\n", "```python\n", "* an item\n", "1. first\n"),
}


def mutate(source, random_):
    for _ in range(50):
        kind = random_.choice(list(MUTATIONS))
        change = MUTATIONS[kind](source, random_)
        if change and source[change[0] : change[1]] != change[2]:
            return Mutant(kind, source, *change)
    return None


class Driver(syntax_oracle.Driver):
    def names(self, source, ipython):
        data = source.encode("utf-8", "surrogatepass")
        self.process.stdin.write(struct.pack(">IB", len(data), 0x44 | (1 if ipython else 0)) + data)
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the driver died of %r" % source)
        return json.loads(line.decode("utf-8", "surrogatepass"))


OTHER = r"""
import json, sys, warnings
warnings.simplefilter("ignore")
for line in sys.stdin:
    text = json.loads(line)
    try:
        compile(text, "<cell>", "exec", flags=0x2000, dont_inherit=True)
        print(json.dumps(None), flush=True)
    except SyntaxError as error:
        print(json.dumps([error.lineno, error.offset, error.msg]), flush=True)
    except Exception as error:
        print(json.dumps([None, None, str(error)]), flush=True)
"""


class Other:
    """Another Python, asked where it finds the error."""

    def __init__(self, path):
        self.process = subprocess.Popen([path, "-c", OTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.name = pathlib.Path(path).resolve().name

    def ask(self, text):
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def error_of(text):
    try:
        compile(text, "<cell>", "exec", flags=0x2000, dont_inherit=True)
        return None
    except SyntaxError as error:
        return [error.lineno, error.offset, error.msg]
    except Exception as error:
        return [None, None, str(error)]


def same_lines(source, text):
    """The transformer left every line where it was."""
    return source.rstrip("\n").split("\n") == text.rstrip("\n").split("\n")


def all_names(text):
    """Every word that the tokenizer takes for a name, those in f-strings included."""
    names = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME:
                names.add(token.string)
            elif token.type == tokenize.STRING and "f" in token.string[:2].lower():
                names.update(WORD.findall(token.string))
    except (tokenize.TokenError, IndentationError):
        pass
    return names


def samples(paths, random_):
    """(where, source, is a cell), of moderate size."""
    for path in paths:
        for where, source, cell in sources_of(path):
            if cell:
                if 0 < len(source) < 20000 and "\r" not in source:
                    yield where, source, True
                continue
            try:
                text = io.TextIOWrapper(io.BytesIO(source), encoding="utf-8").read()
                starts = [s for s in line_starts(text) if re.match(r"[A-Za-z_]", text[s : s + 1])]
            except UnicodeDecodeError:
                continue
            for _ in range(1 + len(starts) // 40):
                i = random_.randrange(len(starts)) if starts else 0
                part = starts[i : i + random_.randrange(2, 25)]
                if len(part) > 1 and part[-1] - part[0] < 20000:
                    yield "%s from byte %d" % (where, part[0]), text[part[0] : part[-1]], False


class Score:
    def __init__(self, driver, arguments):
        self.driver, self.arguments = driver, arguments
        self.others = [Other(path) for path in arguments.other]
        self.tally = collections.Counter()
        self.kept, self.untouched = collections.Counter(), collections.Counter()
        self.shown = 0

    def show(self, *texts):
        if self.shown < self.arguments.show:
            self.shown += 1
            print(*texts, sep="\n", flush=True)

    def judge_statements(self, where, source, whole, mutant, ours):
        told = {(s[0], name) for s in ours["binds"] for name in s[2:]}
        for first, last, *names in whole["binds"]:
            if not names or mutant.touches(first, last):
                continue
            self.untouched[mutant.kind] += 1
            line = mutant.line_of(first)
            if all((line, name) in told for name in names):
                self.kept[mutant.kind] += 1
            elif self.arguments.lost:
                self.show("---- %s: %s: line %d loses %s; error %s:%s %s" % (where, mutant.kind, line, " ".join(names), ours.get("line"), ours.get("column"), ours.get("message")), mutant.source)
        words = mutant.words(source)
        strange = {name for s in ours["binds"] for name in s[2:]} | set(ours["reads"])
        strange -= all_names(source) | {n for s in whole["binds"] for n in s[2:]} | set(whole["reads"]) | words
        bound = {name for s in ours["binds"] for name in s[2:]} - {name for s in whole["binds"] for name in s[2:]} - words
        if mutant.breaks_strings:
            # What was text before is code now, or may be.
            text = strange & set(WORD.findall(source))
            self.tally["names out of strings whose quotes are broken"] += len(text)
            strange -= text
        for kind, names in ("invented names", strange), ("names bound that are not", bound - strange):
            if names:
                self.tally[kind] += len(names)
                self.show("---- %s: %s: %s: %s" % (where, mutant.kind, kind, " ".join(sorted(names))), mutant.source)

    def judge_place(self, where, mutant, text, ours):
        if not same_lines(mutant.source, text):
            return
        for name, error in [(sys.version.split()[0], error_of(text))] + [(o.name, o.ask(text)) for o in self.others]:
            if not error or not error[0]:
                continue
            self.tally[name + ": places"] += 1
            self.tally[name + ": same line"] += error[0] == ours["line"]
            self.tally[name + ": same line and column"] += error[:2] == [ours["line"], ours["column"]]
            if self.arguments.places and error[: self.arguments.places] != [ours["line"], ours["column"]][: self.arguments.places]:
                self.show("---- %s: %s: %s says %s:%s %s; driver %s:%s %s" % ((where, mutant.kind, name) + tuple(error) + (ours["line"], ours["column"], ours["message"])), mutant.source)

    def judge(self, where, source, ipython, random_):
        whole = self.driver.names(source, ipython)
        if not whole["ok"] or whole["dialect"] != "python3" or whole["min"] > sys.version_info[1]:
            return
        for _ in range(self.arguments.each):
            mutant = mutate(source, random_)
            if not mutant:
                return
            data = mutant.source if ipython else mutant.source.encode("utf-8", "surrogatepass")
            try:
                if verdict(data, ipython)[0]:
                    continue
            except IndexError:
                continue
            ours = self.driver.names(mutant.source, ipython)
            if ours["ok"]:
                self.tally["accepted, as newer or as Python 2"] += 1
                continue
            self.tally["mutants"] += 1
            self.judge_statements(where, source, whole, mutant, ours)
            if ours["dialect"] == "python3":
                try:
                    text = transformer.TransformerManager().transform_cell(mutant.source) if ipython else mutant.source
                except SyntaxError:  # IPython's own complaint
                    continue
                self.judge_place(where, mutant, text, ours)

    def report(self):
        for kind in sorted(MUTATIONS, key=lambda k: self.kept[k] / max(1, self.untouched[k])):
            if self.untouched[kind]:
                print("%8.3f %% of %6d  %s" % (100 * self.kept[kind] / self.untouched[kind], self.untouched[kind], kind))
        kept, untouched = sum(self.kept.values()), sum(self.untouched.values())
        share = 100 * kept / max(1, untouched)
        print("%d broken sources: %d of %d untouched statements keep their definitions: %.3f %%" % (self.tally["mutants"], kept, untouched, share))
        for name in sorted(n[:-8] for n in self.tally if n.endswith(": places")):
            count = self.tally[name + ": places"]
            print("%s: of %d errors, %.2f %% on the same line, %.2f %% in the same column" % (name, count, 100 * self.tally[name + ": same line"] / count, 100 * self.tally[name + ": same line and column"] / count))
        for kind in "invented names", "names out of strings whose quotes are broken", "names bound that are not", "accepted, as newer or as Python 2":
            print("%d %s" % (self.tally[kind], kind))
        return self.tally["invented names"] > 0 or not untouched or share < self.arguments.least


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--driver", required=True)
    parser.add_argument("--stdlib", action="store_true", help="this Python's own library too")
    parser.add_argument("--count", type=int, default=5000, help="sources to break")
    parser.add_argument("--each", type=int, default=1, help="mutants of each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=float, default=99.5)
    parser.add_argument("--only", help="a kind of mutation")
    parser.add_argument("--other", action="append", default=[], help="another Python to compare the errors' places with")
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--lost", action="store_true", help="show lost definitions")
    parser.add_argument("--places", type=int, default=0, help="show errors on another line (1) or in another column (2)")
    parser.add_argument("paths", nargs="*")
    arguments = parser.parse_args()
    if transformer is None:
        print("skipped: needs IPython")
        return 0
    if arguments.only:
        for kind in [k for k in MUTATIONS if k != arguments.only]:
            del MUTATIONS[kind]
    random_ = random.Random(arguments.seed)
    files = list(files_of(arguments.paths + ([sysconfig.get_path("stdlib")] if arguments.stdlib else [])))
    random_.shuffle(files)
    pool = []
    for sample in samples(files, random_):
        pool.append(sample)
        if len(pool) >= 10 * arguments.count:
            break
    random_.shuffle(pool)
    score = Score(Driver(arguments.driver), arguments)
    for i in range(arguments.count if pool else 0):
        score.judge(*pool[i % len(pool)], random_)
    return 1 if score.report() else 0


if __name__ == "__main__":
    sys.exit(main())
