#!/usr/bin/env python3
"""plangen.py --seed N --count K --dir DIR - random but realistic notebook sessions as plans for run_oracle.

A small valid top-to-bottom program is made first (ints, lists, dicts, strings, functions that read and
change globals, classes, pandas frames, numpy, star imports, conditional definitions, comprehensions),
then a session plays on it in one of four styles:
  clean    every cell once, in order                     tidy   in order, with a few reruns or edits
  explore  cells are written one by one, edited, rerun, renamed, moved, merged, deleted; scratch cells;
           kernel restarts; `_` and Out[N]               chaos  random runs
The same seed gives the same plans.
"""
import argparse, json, os, random, re

POOL = {"int": "n k total limit alpha size offset step base count".split(), "list": "xs items values scores rows queue".split(),
        "dict": "cfg counts table params".split(), "str": "title label name msg".split(), "func": "scale clean score norm apply step_fn".split(),
        "class": ["Model", "Point", "Box"], "obj": "m p box".split(), "frame": "df sub data".split(), "arr": ["arr", "vec"]}


class Gen:
    def __init__(self, rnd, pandas):
        self.r, self.pandas = rnd, pandas
        self.env, self.cols, self.cls = {}, {}, {}
        self.imports = set()

    def have(self, t):
        return [n for n, x in self.env.items() if x == t]

    def pick(self, t):
        h = self.have(t)
        return self.r.choice(h[-6:]) if h else None

    def new(self, t, p=.7):
        """A name to assign: mostly new, sometimes an existing one again."""
        h = self.have(t)
        if h and self.r.random() > p:
            return self.r.choice(h)
        free = [n for n in POOL[t] if n not in self.env]
        n = self.r.choice(free) if free else self.r.choice(POOL[t]) + str(self.r.randrange(2, 9))
        return n

    def c(self):
        return str(self.r.randrange(1, 12))

    def num(self):
        a = self.pick("int")
        return a if a and self.r.random() < .75 else self.c()

    def define(self, n, t, src):
        self.env[n] = t
        return src

    def lst(self):
        return "[%s]" % ", ".join(self.c() for _ in range(self.r.randint(2, 5)))

    # ---- one statement; None when its needs are not met
    def stmt(self):
        r = self.r
        kinds = ["int"] * 7 + ["list"] * 6 + ["dict"] * 3 + ["str"] * 2 + ["func"] * 4 + ["call"] * 4 + ["class"] * 2 + ["lib"] * 3 + ["misc"] * 2
        if self.pandas:
            kinds += ["frame"] * 12
        for _ in range(20):
            s = getattr(self, "s_" + r.choice(kinds))()
            if s:
                return s
        n = self.new("int")
        return self.define(n, "int", "%s = %s" % (n, self.c()))

    def s_int(self):
        r, a, b, xs, d = self.r, self.num(), self.num(), self.pick("list"), self.pick("dict")
        k = r.randrange(14)
        if k < 3 or not self.have("int"):
            v = self.new("int"); return self.define(v, "int", "%s = %s" % (v, self.c()))
        if k < 5:
            v = self.new("int"); return self.define(v, "int", "%s = %s %s %s + %s" % (v, a, r.choice("+*-"), self.c(), b))
        old = self.pick("int")
        if k == 5: return "%s += %s" % (old, self.c())
        if k == 6 and xs: v = self.new("int"); return self.define(v, "int", "%s = %s(%s)" % (v, r.choice(["len", "sum", "max"]), xs))
        if k == 7: return "if %s > %s:\n    %s = %s\nelse:\n    %s = %s" % (old, self.c(), *((lambda v: (v, a, self.define(v, "int", v), self.c()))(self.new("int"))))
        if k == 8: v = self.new("int", 1); return self.define(v, "int", "if %s %% 2:\n    %s = %s" % (old, v, a)) if r.random() < .4 else None
        if k == 9: return "for i in range(%s):\n    %s += i" % (self.c(), old)
        if k == 10 and d: v = self.new("int"); return self.define(v, "int", "%s = %s.get('k', 0) + %s" % (v, d, a))
        if k == 11: v = self.new("int", .9); return self.define(v, "int", "try:\n    %s\nexcept NameError:\n    %s = 0\n%s += 1" % (v, v, v)) if r.random() < .5 else None
        if k == 12 and len(self.have("int")) > 1: x, y = r.sample(self.have("int"), 2); return "%s, %s = %s, %s" % (x, y, y, x)
        if k == 13: return "%s = %s * 2" % (old, old)

    def s_list(self):
        r, xs, a = self.r, self.pick("list"), self.num()
        if not xs or r.random() < .15:
            v = self.new("list"); return self.define(v, "list", "%s = %s" % (v, self.lst()))
        k = r.randrange(11)
        v = self.new("list")
        if k < 2: return "%s.append(%s)" % (xs, a)
        if k == 2: return self.define(v, "list", "%s = [x * %s for x in %s]" % (v, a, xs))
        if k == 3: return self.define(v, "list", "%s = sorted(%s, reverse=True)" % (v, xs))
        if k == 4: return self.define(v, "list", "%s = %s" % (v, xs)) if v != xs else None
        if k == 5: return self.define(v, "list", "%s = list(%s)" % (v, xs)) if v != xs else None
        if k == 6: return "%s.%s" % (xs, r.choice(["sort()", "reverse()", "pop()", "insert(0, %s)" % a]))
        if k == 7: return "%s[0] = %s" % (xs, a)
        if k == 8: return "%s = %s[1:] + [%s]" % (xs, xs, a)
        if k == 9: return "%s += [%s]" % (xs, a)
        return self.define(v, "list", "%s = [x for x in %s if x > %s]" % (v, xs, a))

    def s_dict(self):
        d, a = self.pick("dict"), self.num()
        if not d or self.r.random() < .2:
            v = self.new("dict"); return self.define(v, "dict", "%s = {'k': %s, 'n': %s}" % (v, a, self.c()))
        v = self.new("dict")
        return self.r.choice(["%s['k'] = %s" % (d, a), "%s['n'] += 1" % d, "%s.update(n=%s)" % (d, a), "for key, val in %s.items():\n    print(key, val)" % d,
                              self.define(v, "dict", "%s = {k: v * 2 for k, v in %s.items()}" % (v, d))])

    def s_str(self):
        s = self.pick("str")
        if not s or self.r.random() < .3:
            v = self.new("str"); return self.define(v, "str", "%s = '%s'" % (v, self.r.choice(["alpha", "beta", "run", "x"])))
        return self.r.choice(["%s = %s.upper()" % (s, s), "%s += '!'" % s, "print(f'{%s}: {%s}')" % (s, self.num()), "%s = f'{%s}-{%s}'" % (s, s, self.num())])

    def s_func(self):
        r, f, a, xs, n, g = self.r, self.new("func", .85), self.num(), self.pick("list"), self.pick("int"), self.pick("func")
        k = r.randrange(8)
        if k < 2: s = "def %s(x):\n    return x * %s + %s" % (f, a, self.c())
        elif k == 2: s = "def %s(x, k=%s):\n    return x + k" % (f, a)
        elif k == 3 and xs: s = "def %s(x):\n    %s.append(x)\n    return len(%s)" % (f, xs, xs)
        elif k == 4 and n: s = "def %s(x):\n    global %s\n    %s += x\n    return %s" % (f, n, n, n)
        elif k == 5: s = "%s = lambda x: x - %s" % (f, a)
        elif k == 6: s = "def %s(x):\n    def inner(y):\n        return y + %s\n    return inner(x) * 2" % (f, a)
        elif k == 7 and g and g != f: s = "def %s(x):\n    return %s(x) + %s" % (f, g, a)
        else: return None
        return self.define(f, "func", s)

    def s_call(self):
        f = self.pick("func")
        if not f:
            return None
        v, xs = self.new("int"), self.pick("list")
        k = self.r.randrange(4)
        if k < 2: return self.define(v, "int", "%s = %s(%s)" % (v, f, self.num()))
        if k == 2 and xs: w = self.new("list"); return self.define(w, "list", "%s = [%s(x) for x in list(%s)]" % (w, f, xs))
        return "print(%s(%s))" % (f, self.num())

    def s_class(self):
        C, o = self.pick("class"), self.pick("obj")
        if not C:
            C = self.new("class"); return self.define(C, "class", "class %s:\n    factor = %s\n    def __init__(self, v):\n        self.v = v\n    def value(self):\n        return self.v * self.factor + %s" % (C, self.num(), self.num()))
        if not o or self.r.random() < .2:
            o = self.new("obj"); return self.define(o, "obj", "%s = %s(%s)" % (o, C, self.num()))
        v = self.new("int")
        return self.r.choice([self.define(v, "int", "%s = %s.value()" % (v, o)), "%s.v += %s" % (o, self.c()), "%s.factor = %s" % (C, self.c()), "print(%s.value())" % o])

    def need(self, mod, line):
        if mod in self.imports:
            return ""
        self.imports.add(mod)
        return line + "\n"

    def s_lib(self):
        r, xs = self.r, self.pick("list")
        k = r.randrange(7)
        v = self.new("int")
        if k == 0: return self.need("star", "from math import *") + self.define(v, "int", "%s = floor(sqrt(%s * %s))" % (v, self.c(), self.c()))
        if k == 1: return self.need("math", "import math") + self.define(v, "int", "%s = math.factorial(%d)" % (v, r.randrange(2, 6)))
        if k == 2 and xs: a = self.new("arr"); return self.need("np", "import numpy as np") + self.define(a, "arr", "%s = np.array(%s)" % (a, xs))
        if k == 3 and self.have("arr"): return "%s[0] = %s" % (self.pick("arr"), self.num())
        if k == 4 and self.have("arr"): return self.define(v, "int", "%s = int(%s.sum())" % (v, self.pick("arr")))
        if k == 5 and xs: return self.need("Counter", "from collections import Counter") + "print(Counter(%s).most_common(1))" % xs
        if k == 6: return self.need("random", "import random\nrandom.seed(%s)" % self.c()) + self.define(v, "int", "%s = random.randint(1, 100)" % v) if r.random() < .4 else None

    def s_frame(self):
        r, df = self.r, self.pick("frame")
        pre = self.need("pd", "import pandas as pd")
        if not df or r.random() < .06:
            v = self.new("frame")
            self.cols[v] = ["a", "b", "g"]
            lit = "pd.DataFrame({'a': [1, 2, None, 4], 'b': [%s, %s, %s, %s], 'g': ['x', 'y', 'x', 'y']})" % tuple(self.c() for _ in range(4))
            return pre + self.define(v, "frame", "%s = %s" % (v, "pd.read_csv('data.csv')" if r.random() < .6 else lit))
        cols = self.cols.setdefault(df, ["a", "b", "g"])
        num = [c for c in cols if c != "g"]
        col = r.choice(num)
        v, n = self.new("int"), "c%d" % r.randrange(4)
        k = r.randrange(15)
        def add(): cols.append(n) if n not in cols else None
        if k < 3: add(); return "%s['%s'] = %s['%s'] * %s" % (df, n, df, col, self.num())
        if k == 3: return "%s = %s.dropna()" % (df, df)
        if k == 4: return "%s = %s[%s['%s'] > %s]" % (df, df, df, col, r.choice("0123"))
        if k == 5: return "%s['a'] = %s['a'].fillna(%s)" % (df, df, self.num())
        if k == 6:
            extra = [c for c in cols if c not in "abg"]
            if not extra: return None
            x = r.choice(extra); cols.remove(x); return r.choice(["%s.drop(columns=['%s'], inplace=True)" % (df, x), "%s = %s.drop('%s', axis=1)" % (df, df, x)])
        if k == 7: s = self.new("frame"); self.cols[s] = list(cols); return self.define(s, "frame", "%s = %s.copy()" % (s, df)) if s != df else None
        if k == 8: return "print(%s.groupby('g')['%s'].sum().to_dict())" % (df, col)
        if k == 9: return self.define(v, "int", "%s = int(%s['%s'].sum())" % (v, df, col))
        if k == 10: return "%s.loc[0, '%s'] = %s" % (df, col, self.num())
        if k == 11: return "%s.sort_values('%s', ascending=False, inplace=True)" % (df, col)
        if k == 12: add(); return "%s = %s.assign(%s=%s['%s'] + %s)" % (df, df, n, df, col, self.num())
        if k == 13: return "print(%s.shape)" % df
        return "print(%s['%s'].tolist())" % (df, col)

    def s_misc(self):
        r, a, xs = self.r, self.num(), self.pick("list")
        k = r.randrange(6)
        names = [n for n in self.env]
        if k == 0 and len(names) > 4 and r.random() < .4: n = r.choice(names); del self.env[n]; return "del %s" % n
        if k == 1: return "assert %s is not None" % a
        if k == 2 and xs: v = self.new("list"); return self.define(v, "list", "%s = [w for w in %s if (cut := w) > 1]" % (v, xs))
        if k == 3: return "with open('out.txt', 'w') as fh:\n    fh.write(str(%s))" % a if r.random() < .4 else None
        if k == 4 and len(names) > 2: return "print(%s)" % r.choice(names) if r.random() < .7 else None
        if k == 5 and xs: v = self.new("int"); return self.define(v, "int", "%s = sum(x * %s for x in %s)" % (v, a, xs))

    def show(self):
        vs = [n for n, t in self.env.items() if t in ("int", "list", "dict", "str")]
        fr = self.have("frame")
        r = self.r
        if fr and r.random() < .3:
            f = r.choice(fr); return r.choice(["%s.head(2)", "%s.shape", "%s", "len(%s)", "%s.columns.tolist()"]) % f
        if not vs:
            return None
        x, y = r.choice(vs), r.choice(vs)
        return r.choice([x, "print(%s, %s)" % (x, y), "print(%s)" % x, "%s, %s" % (x, y)])

    def cell(self):
        body = [self.stmt() for _ in range(self.r.choice([1, 1, 2, 2, 3]))]
        if self.r.random() < .45:
            s = self.show()
            if s:
                body.append(s)
        src = "\n".join(body)
        if self.r.random() < .03:
            src = self.r.choice(["%%capture cap\n", "%%time\n"]) + src
        if self.r.random() < .06:
            src = "# %s\n" % self.r.choice(["load", "step", "TODO", "check this"]) + src
        return src


class Sim:
    """Writes the steps, keeping just enough state to be realistic (cell order, counts)."""

    def __init__(self, rnd, gen):
        self.r, self.g = rnd, gen
        self.order, self.src, self.steps, self.cells, self.n, self.count, self.shown = [], {}, [], [], 0, 0, []
        self.ran = set()

    def fresh_id(self):
        self.n += 1
        return "c%d" % self.n

    def insert(self, src, after="end", kind="code"):
        cid = self.fresh_id()
        after = (self.order[-1] if self.order else None) if after == "end" else after
        self.steps.append({"op": "insert", "cell": cid, "source": src, "type": kind, "after": after})
        self.order.insert(self.order.index(after) + 1 if after else 0, cid)
        self.src[cid] = src
        return cid

    def run(self, cid, src=None):
        if src is not None:
            self.src[cid] = src
        self.steps.append({"op": "run", "cell": cid, **({"source": src} if src is not None else {})})
        self.count += 1
        self.ran.add(cid)
        last = self.src[cid].split("\n")[-1]
        if not re.match(r"[\w.]+ *(=|\+=)|print|\s|del |assert|def |class |import|from|for |if |with ", last):
            self.shown.append(self.count)

    def edit(self, cid, src):
        self.steps.append({"op": "edit", "cell": cid, "source": src})
        self.src[cid] = src

    def delete(self, cid):
        self.steps.append({"op": "delete", "cell": cid})
        self.order.remove(cid)

    def move(self, cid):
        self.order.remove(cid)
        after = self.r.choice([None] + self.order) if self.order else None
        self.steps.append({"op": "move", "cell": cid, "after": after})
        self.order.insert(self.order.index(after) + 1 if after else 0, cid)

    def restart(self):
        self.steps.append({"op": "restart"})
        self.count, self.shown = 0, []

    def code(self):
        return [c for c in self.order if not self.src[c].startswith("## ")]

    # ---- edits of source text
    def tweak(self, src):
        r = self.r
        k = r.random()
        if k < .55:
            nums = list(re.finditer(r"(?<![\w'.])\d+(?![\w'.])", src))
            if nums:
                m = r.choice(nums)
                return src[:m.start()] + str(int(m.group()) + r.randint(1, 9)) + src[m.end():]
        if k < .7:
            lines = src.split("\n")
            tops = [i for i, l in enumerate(lines) if l and not l[0].isspace() and not re.match(r"(def|class|if|for|while|try|with|else|except|%|@)", l)]
            if len(tops) > 1:
                del lines[r.choice(tops)]
                return "\n".join(lines)
        if k < .85:
            return src + "\n" + self.g.stmt()
        if k < .92:
            return src + "  # checked" if "\n" not in src else src.replace("\n", "  # checked\n", 1) if not src.startswith("%%") else src + "\n# checked"
        return re.sub(r" \+ ", " - ", src, 1)

    def rename(self):
        """Rename a variable in one cell (rerun it) and in some of its users."""
        cands = [c for c in self.code() if c in self.ran]
        if not cands:
            return
        c = self.r.choice(cands)
        m = re.findall(r"^(\w+) = ", self.src[c], re.M) + re.findall(r"^def (\w+)", self.src[c], re.M)
        if not m:
            return
        old = self.r.choice(m)
        new = old + self.r.choice(["_new", "2", "_clean", "s"])
        sub = lambda s: re.sub(r"(?<!['\w.])%s\b(?!')" % re.escape(old), new, s)
        self.run(c, sub(self.src[c]))
        p = self.r.choice([0, .5, 1])
        for u in self.code():
            if u != c and re.search(r"\b%s\b" % old, self.src[u]) and self.r.random() < p:
                if self.r.random() < .7: self.run(u, sub(self.src[u]))
                else: self.edit(u, sub(self.src[u]))

    def event(self):
        r = self.r
        code = self.code()
        done = [c for c in code if c in self.ran]
        if not done:
            return
        k = r.random()
        c = r.choice(done)
        if k < .22: self.run(c)
        elif k < .42:
            self.run(c, self.tweak(self.src[c]))
            if r.random() < .5:
                below = code[code.index(c) + 1:]
                for u in below:
                    if u in self.ran and r.random() < .6:
                        self.run(u)
        elif k < .49: self.edit(c, self.tweak(self.src[c]))
        elif k < .57: self.rename()
        elif k < .69:
            s = self.g.show() if r.random() < .45 else self.g.stmt()
            x = self.insert(s or "pass", after=c)
            self.run(x)
            if r.random() < .75:
                self.delete(x)
        elif k < .75 and len(code) > 2: self.delete(c)
        elif k < .79 and len(code) > 2: self.move(c)
        elif k < .85:
            self.restart()
            q = r.random()
            if q < .35:
                self.steps.append({"op": "run_all"}); self.count += len(code)
            elif q < .8:
                for u in code:
                    if r.random() < .75: self.run(u)
        elif k < .90 and self.shown:
            x = self.insert(r.choice(["_", "last = _", "Out[%d]" % r.choice(self.shown), "prev = Out[%d]" % r.choice(self.shown), "print(_)"]))
            self.run(x)
        elif k < .93 and len(code) > 2:
            i = r.randrange(len(code) - 1)
            a, b = code[i], code[i + 1]
            merged = self.src[a] + "\n" + self.src[b]
            if "%%" not in self.src[b]:
                self.delete(b)
                self.run(a, merged) if r.random() < .6 else self.edit(a, merged)
        elif k < .95: x = self.insert(self.src[c], after=c); (self.run(x) if r.random() < .5 else None)
        elif k < .96: self.steps.append({"op": "clear"} if r.random() < .3 else {"op": "clear", "cell": c})
        elif k < .97: self.steps.append({"op": "write", "path": "data.csv", "text": csv(r)})
        elif k < .98 and len(code) > 3: self.steps.append({"op": "type", "cell": c, "type": "markdown"}); self.src[c] = "## " + self.src[c]
        else: self.insert(self.g.cell(), after=c)              # written, not run


def csv(r):
    rows = ["%s,%d,%s" % (r.choice(["", "1", "2", "3", "4", "5"]), r.randrange(1, 9), r.choice("xyz")) for _ in range(r.randint(4, 7))]
    return "a,b,g\n1,2,x\n2,5,y\n" + "\n".join(rows) + "\n"


def plan(seed):
    r = random.Random(seed)
    g = Gen(r, r.random() < .35)
    s = Sim(r, g)
    style = r.choices(["clean", "tidy", "explore", "chaos"], [15, 25, 45, 15])[0]
    ncell = r.randint(4, 11)
    files = {"data.csv": csv(r)}
    if style in ("clean", "tidy", "chaos"):
        for i in range(ncell):
            s.insert(g.cell())
            if r.random() < .1:
                s.insert("## Notes %d" % i, kind="markdown")
        if style in ("clean", "tidy"):
            for c in s.code():
                s.run(c)
                if style == "tidy" and r.random() < .12:
                    s.run(r.choice([x for x in s.code() if x in s.ran]))
            if style == "tidy":
                for _ in range(r.randint(1, 3)):
                    s.event()
        else:
            code = s.code()
            for c in code:
                if r.random() < .6: s.run(c)
            for _ in range(r.randint(3, 14)):
                s.run(r.choice(s.code())) if r.random() < .6 else s.event()
    else:
        for i in range(ncell):
            c = s.insert(g.cell(), after="end" if r.random() < .88 or not s.order else r.choice(s.order))
            if r.random() < .93:
                s.run(c)
            while r.random() < .38:
                s.event()
        if r.random() < .15:
            s.restart(); s.steps.append({"op": "run_all"})
    if not s.order:
        s.run(s.insert("print('empty')"))
    if r.random() < .05:
        s.insert("")
    return {"name": "rand_%05d" % seed, "note": style, "tags": ["random", style] + (["pandas"] if g.pandas else []), "seed": seed,
            "record_timing": r.random() < .7, "files": files, "cells": [], "steps": s.steps}


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=10)
    ap.add_argument("--dir", default="plans")
    a = ap.parse_args()
    os.makedirs(a.dir, exist_ok=True)
    for k in range(a.count):
        p = plan(a.seed + k)
        json.dump(p, open(os.path.join(a.dir, p["name"] + ".json"), "w"), indent=1)
    print(a.count, "plans in", a.dir)


if __name__ == "__main__":
    main()
