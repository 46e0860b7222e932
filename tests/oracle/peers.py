#!/usr/bin/env python3
"""nbscope beside other tools that look at notebooks, on the same ones, as tables in Markdown (docs/peers.md).

    peers.py --nbscope PATH [--ruff PATH] [--nborder PATH] [--pynblint PATH] --truth FOLDER [--sessions 40] [--corpus FOLDER]

FOLDER holds sessions that real kernels played (NAME.ipynb, NAME.truth.json; see README.md): what a fresh kernel raised
for each cell, and which saved results it did not give again. A tool's claim is right where that happened. Tools that
speak of notebooks only are held to notebooks only. Times are CPU seconds, of as few processes as the tool can do it in.
"""
import argparse
import collections
import glob
import json
import os
import random
import subprocess
import tempfile

# What a tool says that means: this cell raises NameError from the top; this result would not come out again.
NAME_ERROR = {"nbscope": {"NB101", "NB103"}, "ruff": {"F821"}, "nborder": {"NB102", "NB201"}, "pynblint": set()}
NOT_AGAIN = {"nbscope": {"NB101", "NB102", "NB103"}, "ruff": {"F821"}, "nborder": {"NB101", "NB102", "NB201"}, "pynblint": {"non-linear-execution"}}


class Run:
    """What a tool found, as (path, index of the cell among the code cells or None, code, certain), and what it took."""

    def __init__(self):
        self.found, self.seconds, self.memory, self.failed = [], 0.0, 0.0, []

    def execute(self, command):
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            out.seek(0)
            text = out.read().decode(errors="replace")
        self.seconds += usage.ru_utime + usage.ru_stime
        self.memory = max(self.memory, usage.ru_maxrss / 1024)
        return text, os.waitstatus_to_exitcode(status)


def code_cells(path):
    """The index among the code cells of each cell of the file."""
    try:
        with open(path, encoding="utf-8") as file:
            cells = json.load(file)["cells"]
    except (ValueError, KeyError, UnicodeDecodeError):
        return {}
    number, index = {}, 0
    for at, cell in enumerate(cells):
        if cell.get("cell_type") == "code":
            number[at] = index
            index += 1
    return number


def run_nbscope(program, paths):
    run = Run()
    text, _ = run.execute([program, "check", "-j", "1", "--config", "/dev/null", "--format", "ndjson", *paths])
    for line in text.splitlines():
        record = json.loads(line)
        if "code" in record:
            run.found.append((record["file"], record["cell"] and record["cell"] - 1, record["code"], record["certainty"] == "certain"))
        elif record["failure"]:
            run.failed.append(record["file"])
    return run


def run_ruff(program, paths):
    run = Run()
    text, _ = run.execute(["env", "RAYON_NUM_THREADS=1", program, "check", "--isolated", "--no-cache", "--select", "F,E7,E9", "--output-format", "json", *paths])
    relative = {os.path.realpath(path): path for path in paths}
    for record in json.loads(text or "[]"):
        path = relative[os.path.realpath(record["filename"])]
        if record["code"] in (None, "E902"):
            run.failed.append(path)
            continue
        # Ruff counts all cells, from 1.
        cell = record.get("cell")
        run.found.append((path, cell and code_cells(path).get(cell - 1), record["code"], True))
    return run


def run_nborder(program, paths):
    run = Run()
    for path in paths:  # one that it cannot read ends it
        text, _ = run.execute([program, "check", "--output-format", "json", path])
        try:
            records = json.loads(text)["diagnostics"]
        except ValueError:
            run.failed.append(path)
            continue
        for record in records:
            run.found.append((path, code_cells(path).get(record["cell_index"]), record["code"], True))
    return run


def run_pynblint(program, paths):
    run = Run()
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(paths):
            report = os.path.join(folder, f"{number}.json")
            run.execute([program, "--quiet", "--output", report, path])
            if not os.path.exists(report):
                run.failed.append(path)
                continue
            with open(report, encoding="utf-8") as file:
                for lint in json.load(file)["lints"]:
                    run.found.append((path, None, lint["slug"], True))
    return run


TOOLS = {"nbscope": run_nbscope, "ruff": run_ruff, "nborder": run_nborder, "pynblint": run_pynblint}


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def share(part, whole):
    return f"{part} of {whole}" if whole else "–"


def score(claimed, true):
    """Right of what was claimed, found of what is there."""
    return share(len(claimed & true), len(claimed)), share(len(claimed & true), len(true))


def on_sessions(runs, truth):
    raising, stale, ill = set(), set(), set()
    for path, cells in truth.items():
        for at, cell in enumerate(cells):
            if cell["never_run"]:
                continue
            if cell["nameerror_on_rerun"]:
                raising.add((path, at))
            if cell["stale"]:
                stale.add((path, at))
                ill.add(path)
    ran = {(path, at) for path, cells in truth.items() for at, cell in enumerate(cells) if not cell["never_run"]}
    rows = []
    for tool, run in runs.items():
        names = {(path, at) for path, at, code, certain in run.found if code in NAME_ERROR[tool] and certain} & ran
        again = {(path, at) for path, at, code, certain in run.found if code in NOT_AGAIN[tool] and certain} & ran
        whole = {path for path, _, code, certain in run.found if code in NOT_AGAIN[tool] and certain}
        rows.append((tool, *(score(names, raising) if NAME_ERROR[tool] else ("says nothing", "")),
                     *(score(again, stale) if again or tool != "pynblint" else ("says nothing", "")), *score(whole, ill),
                     f"{run.seconds:.2f}", f"{run.memory:.0f}"))
    print(f"{len(truth)} sessions, {len(ran)} cells that ran; {len(raising)} of them raise NameError from the top, {len(stale)} results are not what a fresh run gives, "
          f"in {len(ill)} notebooks.\n")
    table(("", "NameError from the top: right", "found", "cell is stale: right", "found", "notebook has such: right", "found", "CPU s", "peak MB"), rows)


def on_corpus(runs, count):
    print(f"{count} notebooks.\n")
    rows = []
    for tool, run in runs.items():
        codes = collections.Counter(code for _, _, code, _ in run.found)
        often = ", ".join(f"{code} {number}" for code, number in codes.most_common(8))
        rows.append((tool, len(run.found), len({path for path, *_ in run.found}), len(run.failed), often, f"{run.seconds:.1f}", f"{run.memory:.0f}"))
    table(("", "findings", "in notebooks", "could not read", "the most frequent", "CPU s", "peak MB"), rows)


def main():
    parser = argparse.ArgumentParser()
    for tool in TOOLS:
        parser.add_argument("--" + tool)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--sessions", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus")
    options = parser.parse_args()
    given = {tool: getattr(options, tool) for tool in TOOLS if getattr(options, tool)}
    names = sorted(glob.glob(os.path.join(options.truth, "*.ipynb")))
    names = sorted(random.Random(options.seed).sample(names, min(options.sessions, len(names))))
    truth = {}
    for path in names:
        with open(path.removesuffix(".ipynb") + ".truth.json", encoding="utf-8") as file:
            truth[path] = json.load(file)["cells"]
    on_sessions({tool: TOOLS[tool](program, list(truth)) for tool, program in given.items()}, truth)
    if options.corpus:
        paths = sorted(glob.glob(os.path.join(options.corpus, "**", "*.ipynb"), recursive=True))
        on_corpus({tool: TOOLS[tool](program, paths) for tool, program in given.items()}, len(paths))


if __name__ == "__main__":
    main()
