#!/usr/bin/env python3
"""score_mutations.py - hold the mutations of `nbscope effects --resolved` against what really changed.

    python3 score_mutations.py --nbscope PATH [--show N] TRUTHDIR

The truth files have, for each cell in the run from the top, the names whose fingerprint was another one after it
although the cell did not store them (`mutates` in run_oracle.py). Scored over all cells that run from the top without error:

  recall      of the names that changed, those in `mutates`; and those in `mutates_certain`
  precision   of the names in `mutates_certain` (and of those only in `mutates`), those that changed

A name that the cell stores too is not judged: the fingerprint can't tell the one from the other. Nor is a claim about a
value whose fingerprint is only its type (`o`: figures, files, iterators) or that the log never saw: whether it changed is not known.
Each name that was missed, and each certain claim that nothing bore out, is counted under its cause:

  not named        missed: the cell's text does not hold the name (another name of the object, or a function changed it)
  method M         the cell calls NAME.M(...)
  stored into      the cell stores into an item or attribute of the name, or deletes one
  passed to F      the cell passes the name to F(...)
  named otherwise  none of these

Exit status 0 when the truth could be read.
"""
import argparse
import collections
import glob
import json
import os
import re
import subprocess
import sys


def cells_of(nbscope, notebook):
    """{index of the cell: what nbscope says of it}."""
    process = subprocess.run([nbscope, "effects", "--resolved", "--format", "json", notebook], capture_output=True, timeout=60)
    if process.returncode:
        sys.exit("%s: nbscope effects exits with %d: %s" % (notebook, process.returncode, process.stderr[-200:].decode("utf-8", "replace")))
    rows = [json.loads(line) for line in process.stdout.decode("utf-8").splitlines()]
    return {row["index"]: row for row in rows}


def judgeable(log):
    """The names all of whose fingerprints in the log are of their values, not of their types alone."""
    seen, opaque = set(), set()
    for run in log:
        for name, value in run["values"].items():
            seen.add(name)
            if value and value["o"]:
                opaque.add(name)
    return seen - opaque


def cause(name, source):
    word = r"(?<![\w.])%s" % re.escape(name)
    if not re.search(word + r"\b", source):
        return "not named"
    if re.search(word + r"(\.\w+|\[[^\n]*?\])*(\[[^\n]*?\]|\.\w+)\s*([-+*/%&|^@]|//|\*\*|<<|>>)?=(?!=)", source) or re.search(
            r"\bdel\s+" + word + r"[.\[]", source):
        return "stored into"
    method = re.search(word + r"(?:\.\w+|\[[^\n]*?\])*?\.(\w+)\(", source)
    if method:
        return "method %s" % method.group(1)
    passed = re.search(r"([\w.]+)\((?:[^()\n]*[^\w.()\n])?%s\b" % re.escape(name), source)
    return "passed to %s" % passed.group(1) if passed else "named otherwise"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nbscope", required=True)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="name so many of the missed and of the unborne claims")
    parser.add_argument("folder")
    options = parser.parse_args()
    count, causes, shown = collections.Counter(), {"missed": collections.Counter(), "unborne": collections.Counter()}, collections.Counter()
    truths = sorted(glob.glob(os.path.join(options.folder, "*.truth.json")))
    if not truths:
        sys.exit("%s: no truth files" % options.folder)

    def note(kind, path, cell, name, source):
        causes[kind][cause(name, source)] += 1
        if shown[kind] < options.show:
            shown[kind] += 1
            print("%s: %s cell %d %s: %s" % (kind, os.path.basename(path), cell["index"], name, cause(name, source)))

    for path in truths:
        with open(path) as text:
            truth = json.load(text)
        notebook = path[: -len(".truth.json")] + ".ipynb"
        with open(notebook) as text:
            sources = ["".join(cell["source"]) for cell in json.load(text)["cells"]]
        told, known = cells_of(options.nbscope, notebook), judgeable(truth["log"])
        count["sessions"] += 1
        for cell in truth["cells"]:
            if cell["fresh_error"] or cell["error_swallowed"]:
                count["cells left out, which fail"] += 1
                continue
            count["cells"] += 1
            row, source = told[cell["index"]], sources[cell["index"]]
            changed, stored = set(cell["mutates"]), set(cell["stores"]) | set(cell["deletes"])
            certain = set(row["mutates_certain"])
            perhaps = set(row["mutates"]) - certain
            for name in sorted(changed):
                count["changed"] += 1
                count["changed, certain"] += name in certain
                count["changed, perhaps"] += name in perhaps
                if name not in certain and name not in perhaps:
                    note("missed", path, cell, name, source)
            for name in sorted((certain | perhaps) - changed):
                if name in stored or name not in known:
                    count["claims not judged"] += 1
                    continue
                count["certain, unborne" if name in certain else "perhaps, unborne"] += 1
                if name in certain:
                    note("unborne", path, cell, name, source)

    def share(part, whole):
        return "%.3f (%d of %d)" % (part / whole if whole else 1, part, whole)

    certain, perhaps = count["changed, certain"], count["changed, perhaps"]
    print("%d sessions, %d cells (%d that fail left out)" % (count["sessions"], count["cells"], count["cells left out, which fail"]))
    print("recall of `mutates`             %s" % share(certain + perhaps, count["changed"]))
    print("recall of `mutates_certain`     %s" % share(certain, count["changed"]))
    print("precision of `mutates_certain`  %s" % share(certain, certain + count["certain, unborne"]))
    print("precision of the perhaps        %s" % share(perhaps, perhaps + count["perhaps, unborne"]))
    print("claims not judged               %d" % count["claims not judged"])
    for kind, title in (("missed", "changed, and not in `mutates`"), ("unborne", "in `mutates_certain`, and not changed")):
        print("%s: %d" % (title, sum(causes[kind].values())))
        for what, number in causes[kind].most_common():
            print("  %5d  %s" % (number, what))


if __name__ == "__main__":
    main()
