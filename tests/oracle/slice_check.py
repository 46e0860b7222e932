#!/usr/bin/env python3
"""slice_check.py - run slices for real: does the script give the result that was saved?

    python3 slice_check.py --nbscope build/nbscope [--history] [--limit N] [--verbose] FOLDER-OR-NOTEBOOK...

For every code cell that ran, `nbscope export --slice CELL` is written and run in an empty folder (with the files of
NAME.plan.json, where there is one), by python3, or by IPython where the script says so. What it prints for the cell must be
what the notebook holds: standard output and the displayed value, or the error by its name. --history gives nbscope the
session's NAME.history.sqlite. Cells that really differ from run to run (unstable in NAME.truth.json) are left out.

Counted apart: cells that `nbscope status` says stand, and all others.
The exit status is 1 if a cell that stands gives something else.
"""
import argparse, json, os, re, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

MARK = "==== the cell's own output ===="
HERE = os.path.dirname(os.path.abspath(__file__))


def normal(text):
    text = re.sub(r"0x[0-9a-f]{6,}", "0x", text)
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join(line for line in lines if not line.startswith(("CPU times: ", "Wall time: ")))  # of %%time


def joined(text):
    return "".join(text) if isinstance(text, list) else text or ""


def saved(cell):
    """What the notebook shows for a cell: (text, error name or None); None where it shows what no script prints."""
    text = ""
    for output in cell.get("outputs", []):
        kind = output.get("output_type")
        if kind == "stream" and output.get("name") == "stdout":
            text += joined(output["text"])
        elif kind == "execute_result":
            text += joined(output["data"].get("text/plain")) + "\n"
        elif kind == "error":
            return normal(text), output["ename"]
        elif kind == "display_data":
            return None
    return normal(text), None


def run_script(script, files, history_name):
    """Runs a script: (what it prints for the cell, error name or None)."""
    head, separator, tail = script.rpartition("\n# %% ")
    tail = tail.split("\n", 1)
    script = head + separator + tail[0] + "\nprint(%r)\n" % MARK + (tail[1] if len(tail) > 1 else "")
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, path)) or folder, exist_ok=True)
            with open(os.path.join(folder, path), "w") as file:
                file.write(text)
        name = os.path.join(folder, "slice_of_a_cell.py")
        with open(name, "w") as file:
            file.write(script)
        needs_ipython = "# Run it with ipython" in script
        command = [sys.executable, "-m", "IPython", "--colors=NoColor", name] if needs_ipython else [sys.executable, name]
        environment = dict(os.environ, MPLBACKEND="Agg", HOME=folder, IPYTHONDIR=os.path.join(folder, ".ipython"),
                           PYTHONWARNINGS="ignore", PYTHONDONTWRITEBYTECODE="1")
        try:
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60,
                                  stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return "", "timeout"
    before, mark, after = done.stdout.partition(MARK + "\n")
    errors = re.findall(r"^(\w+)(?:: .*)?$", done.stdout + done.stderr if needs_ipython else done.stderr, re.M)
    failed = done.returncode != 0 or (needs_ipython and "Traceback" in done.stdout + done.stderr)
    error = None
    if failed:
        known = [name for name in errors if name.endswith(("Error", "Exception", "Interrupt", "Exit", "Iteration"))]
        error = known[-1] if known else "status %d" % done.returncode
    if not mark:
        return before, "before the cell: %s" % error
    return normal(after), error


def check_cell(nbscope, options, path, number, files):
    script = subprocess.run([nbscope, "export", "--slice", str(number), *options, path], capture_output=True, text=True)
    if script.returncode:
        return script.stderr, ("", "no script")
    return script.stdout, run_script(script.stdout, files, None)


def sessions(arguments):
    for argument in arguments:
        if os.path.isdir(argument):
            for name in sorted(os.listdir(argument)):
                if name.endswith(".ipynb"):
                    yield os.path.join(argument, name)
        else:
            yield argument


def read(path):
    try:
        with open(path) as file:
            return json.load(file)
    except OSError:
        return {}


def jobs_of(nbscope, path, with_history):
    base = path[:-len(".ipynb")]
    notebook = read(path)
    files = read(base + ".plan.json").get("files", {})
    truth = read(base + ".truth.json")
    labels = {cell["id"]: cell for cell in truth.get("cells", [])}
    options = ["--history", base + ".history.sqlite"] if with_history else []
    said = subprocess.run([nbscope, "status", "--format", "json", *options, path], capture_output=True, text=True)
    if said.returncode:
        return
    statuses = {cell["cell"]: cell["status"] for cell in json.loads(said.stdout)["cells"]}
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(code, 1):
        expected = saved(cell)
        label = labels.get(cell.get("id"), {})
        unstable = any(value for key, value in label.items() if key.startswith("unstable"))
        if cell.get("execution_count") is None or expected is None or unstable:
            continue
        yield path, number, files, options, statuses[number], expected, label


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nbscope", required=True)
    parser.add_argument("--history", action="store_true")
    parser.add_argument("--limit", type=int, default=0, help="no more cells than this")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--verbose", action="store_true", help="show each script that gives something else")
    parser.add_argument("notebooks", nargs="+")
    options = parser.parse_args()
    jobs = [job for path in sessions(options.notebooks) for job in jobs_of(options.nbscope, path, options.history)]
    if options.limit and len(jobs) > options.limit:
        step = len(jobs) / options.limit
        jobs = [jobs[int(i * step)] for i in range(options.limit)]
    counts = {}

    def one(job):
        return job, check_cell(options.nbscope, job[3], job[0], job[1], job[2])

    with ThreadPoolExecutor(options.jobs) as pool:
        for job, (script, given) in pool.map(one, jobs):
            path, number, _, _, status, expected, label = job
            group = "stand" if status == "stands" else "others"
            counts[group, given == expected] = counts.get((group, given == expected), 0) + 1
            if given != expected and (group == "stand" or options.verbose):
                print("%s cell %d (%s): saved %r, the slice gives %r" % (path, number, status, expected, given))
                if options.verbose:
                    print(script)
    for group in "stand", "others":
        same, other = counts.get((group, True), 0), counts.get((group, False), 0)
        share = 100 * same / (same + other) if same + other else 100
        print("slices of cells that %s: %d, the same as saved: %d (%.1f %%)"
              % ("stand" if group == "stand" else "don't stand", same + other, same, share))
    return 1 if counts.get(("stand", False)) else 0


if __name__ == "__main__":
    sys.exit(main())
