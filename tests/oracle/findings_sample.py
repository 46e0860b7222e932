#!/usr/bin/env python3
"""Draws findings of real notebooks, to be judged by hand.

    findings_sample.py [--nbscope PROGRAM] [--seed N] [--count N] [--each N] [--clean] NOTEBOOK...

Runs `nbscope check` over the notebooks, draws `--count` of the findings, all alike, with a fixed seed, and prints each with what
is needed to judge it: the cell with its count and outputs, and for every name that the finding quotes the cells that spell it.
`--each N` draws up to N of each rule instead; `--clean` prints all errors of notebooks whose counts are 1 to n from top to bottom.
docs/findings-accuracy.md holds the judgements."""
import argparse
import json
import os
import random
import re
import subprocess


def code_cells(path):
    with open(path, encoding="utf-8") as text:
        notebook = json.load(text)
    cells = notebook.get("cells")
    if cells is None:
        cells = [cell for sheet in notebook.get("worksheets", []) for cell in sheet["cells"]]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def source_of(cell):
    text = cell.get("source", cell.get("input", ""))
    return text if isinstance(text, str) else "".join(text)


def count_of(cell):
    return cell.get("execution_count", cell.get("prompt_number"))


def is_clean(path):
    try:
        counts = [count_of(cell) for cell in code_cells(path) if source_of(cell).strip()]
    except (OSError, ValueError, KeyError):
        return False
    return counts == list(range(1, len(counts) + 1))


def find(program, paths):
    run = subprocess.run([program, "check", "--format", "ndjson", "--fail-on", "never", "--", *paths], capture_output=True, check=False)
    findings = [json.loads(line) for line in run.stdout.decode().splitlines()]
    return sorted((finding for finding in findings if "code" in finding),
                  key=lambda found: (found["file"], found["cell"] or 0, found["line"] or 0, found["code"], found["message"]))


def shorten(text, most):
    return text if len(text) <= most else text[:most] + " …"


def show(number, finding, root):
    cells = code_cells(finding["file"])
    print(f"=== {number}. {os.path.relpath(finding['file'], root)} cell {finding['cell']} line {finding['line']}")
    print(f"    {finding['code']} {finding['name']} {finding['severity']} {finding['certainty']}: {finding['message']}")
    quoted = set(re.findall(r"`([A-Za-z_]\w*)`", finding["message"]))
    if finding["cell"]:
        cell = cells[finding["cell"] - 1]
        print(f"    [{count_of(cell)}]")
        for at, line in enumerate(source_of(cell).splitlines()[:40], 1):
            print(f"    {'>' if at == finding['line'] else ' '}{at:4} {shorten(line, 150)}")
        for output in cell.get("outputs", [])[:2]:
            print("     out", shorten(json.dumps(output), 300))
    for number, cell in enumerate(cells, 1):
        if number == finding["cell"] or not quoted:
            continue
        lines = [line.strip() for line in source_of(cell).splitlines() if any(re.search(rf"\b{name}\b", line) for name in quoted)]
        if lines:
            print(f"    cell {number} [{count_of(cell)}]: {shorten(' | '.join(lines[:6]), 400)}")
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nbscope", default="build/nbscope")
    parser.add_argument("--seed", type=int, default=4711)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--each", type=int)
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("notebooks", nargs="+")
    given = parser.parse_args()
    findings = find(given.nbscope, given.notebooks)
    draw = random.Random(given.seed)
    if given.clean:
        clean = {path for path in given.notebooks if is_clean(path)}
        drawn = [finding for finding in findings if finding["file"] in clean and finding["severity"] == "error"]
        print(f"{len(clean)} notebooks with counts from 1 to n, {len(drawn)} errors\n")
    elif given.each:
        drawn = []
        for code in sorted({finding["code"] for finding in findings}):
            of_rule = [finding for finding in findings if finding["code"] == code]
            drawn += draw.sample(of_rule, min(given.each, len(of_rule)))
    else:
        drawn = draw.sample(findings, min(given.count, len(findings)))
    root = os.path.commonpath(given.notebooks) if len(given.notebooks) > 1 else os.path.dirname(given.notebooks[0])
    for number, finding in enumerate(drawn, 1):
        show(number, finding, root)


if __name__ == "__main__":
    main()
