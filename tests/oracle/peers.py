#!/usr/bin/env python3
"""nbscope beside other tools that look at notebooks, on the same ones, as tables in Markdown (docs/peers.md).

    peers.py --nbscope PATH [--ruff PATH] [--nborder PATH] [--pynblint PATH] --truth FOLDER [--sessions 40] [--corpus FOLDER [--notebooks 60]]

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
import shutil
import subprocess
import sys
import tempfile

# What a tool says that means: this cell raises NameError from the top; it does, or its result would not come out again.
NAME_ERROR = {"nbscope": {"NB101", "NB103"}, "ruff": {"F821"}, "nborder": {"NB102", "NB201"}, "pynblint": set()}
NOT_AGAIN = {"nbscope": {"NB101", "NB102", "NB103"}, "ruff": {"F821"}, "nborder": {"NB101", "NB102", "NB201"}, "pynblint": {"non-linear-execution"}}


class Run:
    """What a tool found, as (path, index of the cell among the code cells or None, code, certain), and what it took."""

    def __init__(self):
        self.found, self.seconds, self.memory, self.failed = [], 0.0, 0.0, []

    def execute(self, command):
        # A child's peak counts from what its parent has in use, so GNU time is asked where it is.
        timed = shutil.which("time")
        with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile() as peak:
            process = subprocess.Popen([timed, "-f", "%M", "-o", peak.name, *command] if timed else command, stdout=out, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            _, _, usage = os.wait4(process.pid, 0)
            out.seek(0)
            text = out.read().decode(errors="replace")
            memory = int(peak.read().split()[-1]) if timed else usage.ru_maxrss
        self.seconds += usage.ru_utime + usage.ru_stime
        self.memory = max(self.memory, memory / 1024)
        return text


def code_cells(path):
    """The index among the code cells of each cell of the file; None when it is no notebook of format 4."""
    try:
        with open(path, encoding="utf-8") as file:
            cells = json.load(file)["cells"]
    except (ValueError, KeyError):
        return None
    number, index = {}, 0
    for at, cell in enumerate(cells):
        if cell.get("cell_type") == "code":
            number[at] = index
            index += 1
    return number


def run_nbscope(program, paths):
    run = Run()
    text = run.execute([program, "check", "-j", "1", "--config", "/dev/null", "--format", "ndjson", *paths])
    for line in text.splitlines():
        record = json.loads(line)
        if "code" in record:
            run.found.append((record["file"], record["cell"] and record["cell"] - 1, record["code"], record["certainty"] == "certain"))
        elif record["failure"]:
            run.failed.append(record["file"])
    return run


def run_ruff(program, paths):
    run = Run()
    text = run.execute(["env", "RAYON_NUM_THREADS=1", program, "check", "--isolated", "--no-cache", "--select", "F,E7,E9", "--output-format", "json", *paths])
    relative = {os.path.realpath(path): path for path in paths}
    for record in json.loads(text or "[]"):
        path = relative[os.path.realpath(record["filename"])]
        if record["code"] in (None, "E902"):
            run.failed.append(path)
            continue
        # Ruff counts all cells, from 1.
        cell = record.get("cell")
        run.found.append((path, cell and (code_cells(path) or {}).get(cell - 1), record["code"], True))
    return run


def by_halves(run, look, paths):
    """Of tools that the first notebook that they cannot take ends: as few processes as it takes to look at the others."""
    if not paths or look(paths):
        return
    if len(paths) == 1:
        run.failed.append(paths[0])
        return
    by_halves(run, look, paths[:len(paths) // 2])
    by_halves(run, look, paths[len(paths) // 2:])


def readable(run, paths):
    """Those of format 4; the others count as not read."""
    run.failed.extend(path for path in paths if code_cells(path) is None)
    return [path for path in paths if code_cells(path) is not None]


def run_nborder(program, paths):
    run = Run()

    def look(paths):
        text = run.execute([program, "check", "--output-format", "json", *paths])
        try:
            records = json.loads(text)["diagnostics"]
        except ValueError:
            return False
        relative = {os.path.realpath(path): path for path in paths}
        for record in records:
            path = relative[os.path.realpath(record["notebook_path"])]
            run.found.append((path, code_cells(path).get(record["cell_index"]), record["code"], True))
        return True

    by_halves(run, look, readable(run, paths))
    return run


def run_pynblint(program, paths):
    run = Run()

    def look(paths):
        with tempfile.TemporaryDirectory() as folder:
            report, notebooks = os.path.join(folder, "report.json"), os.path.join(folder, "notebooks")
            os.mkdir(notebooks)
            for number, path in enumerate(paths):
                shutil.copyfile(path, os.path.join(notebooks, f"{number}-{os.path.basename(path)}"))
            run.execute([program, "--quiet", "--output", report, notebooks])
            if not os.path.exists(report):
                return False
            with open(report, encoding="utf-8") as file:
                for notebook in json.load(file)["notebook_level_lints"]:
                    path = paths[int(notebook["notebook_metadata"]["notebook_name"].split("-")[0])]
                    run.found.extend((path, None, lint["slug"], True) for lint in notebook["lints"])
            return True

    by_halves(run, look, readable(run, paths))
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
    raising, other, ill = set(), set(), set()
    for path, cells in truth.items():
        for at, cell in enumerate(cells):
            if cell["never_run"]:
                continue
            if cell["nameerror_on_rerun"]:
                raising.add((path, at))
            if cell["stale"] or cell["nameerror_on_rerun"]:
                other.add((path, at))
                ill.add(path)
    ran = {(path, at) for path, cells in truth.items() for at, cell in enumerate(cells) if not cell["never_run"]}
    rows = []
    for tool, run in runs.items():
        names = {(path, at) for path, at, code, certain in run.found if code in NAME_ERROR[tool] and certain} & ran
        again = {(path, at) for path, at, code, certain in run.found if code in NOT_AGAIN[tool] and certain} & ran
        whole = {path for path, _, code, certain in run.found if code in NOT_AGAIN[tool] and certain}
        rows.append((tool, *(score(names, raising) if NAME_ERROR[tool] else ("says nothing", "")),
                     *(score(again, other) if again or tool != "pynblint" else ("says nothing", "")), *score(whole, ill),
                     f"{run.seconds:.2f}", f"{run.memory:.0f}"))
    print(f"{len(truth)} sessions, {len(ran)} cells that ran; {len(raising)} of them raise NameError from the top, {len(other)} do, or give another result than was saved, "
          f"in {len(ill)} notebooks.\n")
    table(("", "NameError from the top: right", "found", "cell fails so or gives another result: right", "found", "notebook has such a cell: right", "found", "CPU s", "peak MB"), rows)


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
    parser.add_argument("--notebooks", type=int, default=60, help="how many of the corpus; 0: all")
    options = parser.parse_args()
    given = {tool: getattr(options, tool) for tool in TOOLS if getattr(options, tool)}
    names = sorted(glob.glob(os.path.join(options.truth, "*.ipynb")))
    names = sorted(random.Random(options.seed).sample(names, min(options.sessions, len(names))))
    truth = {}
    for path in names:
        with open(path.removesuffix(".ipynb") + ".truth.json", encoding="utf-8") as file:
            truth[path] = json.load(file)["cells"]
    sys.stdout.reconfigure(line_buffering=True)
    on_sessions({tool: TOOLS[tool](program, list(truth)) for tool, program in given.items()}, truth)
    if options.corpus:
        paths = sorted(glob.glob(os.path.join(options.corpus, "**", "*.ipynb"), recursive=True))
        if options.notebooks:
            paths = sorted(random.Random(options.seed).sample(paths, min(options.notebooks, len(paths))))
        on_corpus({tool: TOOLS[tool](program, paths) for tool, program in given.items()}, len(paths))


if __name__ == "__main__":
    main()
