#!/usr/bin/env python3
"""What nbscope costs, beside its peers in the same run. Never a test: nothing fails here.

    bench.py PROGRAM                  the tables that docs/performance.md shows
    bench.py PROGRAM linear [KIND...]  the cost of twice as much, for each kind of notebook in notebooks.py

Times are CPU seconds of one process (user and system), the best of several runs, so
they depend less on what else the machine does; of short runs seconds by the clock.
Compare the ratios, not the seconds. Where valgrind is installed, `linear` counts
instructions instead.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time

import notebooks

ROUNDS = 3
MEMORY = ["time", "-f", "%M", "-o"] if shutil.which("time") and sys.platform == "linux" else None
BESIDE = os.path.dirname(os.path.abspath(__file__))


def run(command, report):
    """CPU seconds, seconds by the clock and peak memory in MB of a command whose output nobody reads."""
    begun = time.monotonic()
    process = subprocess.Popen([*MEMORY, report, *command] if MEMORY else command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    clock = time.monotonic() - begun
    # Kilobytes on Linux, bytes on macOS; a child's peak counts from what its parent has in use, so GNU time is asked.
    memory = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
    if MEMORY:
        with open(report) as text:
            memory = int(text.read().split()[-1]) / 1024
    return usage.ru_utime + usage.ru_stime, clock, memory


def cost(command, rounds=ROUNDS):
    """The least of several runs: CPU seconds, or seconds by the clock where a run is too short to be accounted; and MB."""
    with tempfile.NamedTemporaryFile() as report:
        runs = [run(command, report.name) for _ in range(rounds)]
        seconds = min(cpu for cpu, _, _ in runs)
        if seconds < 0.1:
            seconds = min(clock for _, clock, _ in runs + [run(command, report.name) for _ in range(2 * rounds)])
        return seconds, max(memory for _, _, memory in runs)


def write(kind, size, path):
    """A notebook, made by another process: a child's peak memory counts from what its parent has in use."""
    with open(path, "wb") as out:
        subprocess.run([sys.executable, os.path.join(BESIDE, "notebooks.py"), kind, str(size)], stdout=out, check=True)


def table(title, header, rows):
    widths = [max(len(str(row[i])) for row in [header] + rows) for i in range(len(header))]
    print(f"\n{title}\n")
    for row in [header] + rows:
        cells = [str(cell).ljust(width) if i == 0 else str(cell).rjust(width) for i, (cell, width) in enumerate(zip(row, widths))]
        print("  " + "  ".join(cells).rstrip())
    sys.stdout.flush()


def python(code, *arguments):
    return [sys.executable, "-c", code, *arguments]


def front_end(program, folder):
    """Parsing and effects of Python's own library, against ast.parse of the same files."""
    library = sysconfig.get_paths()["stdlib"]
    files = [path for path in glob.glob(library + "/**/*.py", recursive=True)
             if not re.search(r"/(site-packages|dist-packages|lib2to3/tests/data|bad_?[a-z_]*\.py)", path)]
    size = sum(os.path.getsize(path) for path in files) / 1e6
    listed = os.path.join(folder, "files")
    with open(listed, "w") as out:
        out.write("\n".join(files))
    parse = "import ast, sys\nfor path in open(sys.argv[1]).read().split('\\n'):\n    try: ast.parse(open(path, 'rb').read())\n    except (SyntaxError, ValueError): pass"
    own, memory = cost([program, "effects", "--format", "json", *files])
    theirs, their_memory = cost(python(parse, listed), 1)
    table(f"Python's standard library, {len(files)} files, {size:.1f} MB of source",
          ("", "seconds", "MB/s", "peak MB"),
          [("nbscope effects", f"{own:.2f}", f"{size / own:.1f}", f"{memory:.0f}"),
           ("Python's ast.parse", f"{theirs:.2f}", f"{size / theirs:.1f}", f"{their_memory:.0f}"),
           ("ratio", f"{theirs / own:.1f}", "", "")])


def large_file(program, folder):
    """A notebook of 200 MB, nearly all of it pictures."""
    path = os.path.join(folder, "large.ipynb")
    write("pictures", 100, path)
    size = os.path.getsize(path) / 1e6
    rows = []
    for name, command, rounds in [("nbscope status", [program, "status", path], ROUNDS),
                                  ("cat", ["cat", path], ROUNDS), ("wc -l", ["wc", "-l", path], ROUNDS),
                                  ("Python's json.load", python("import json, sys; json.load(open(sys.argv[1]))", path), 1)]:
        seconds, memory = cost(command, rounds)
        rows.append((name, f"{seconds:.3f}", f"{size / seconds / 1000:.2f}", f"{memory:.0f}"))
    table(f"A notebook of {size:.0f} MB, 100 cells with pictures", ("", "seconds", "GB/s", "peak MB"), rows)


def many_cells(program, folder):
    """Cells of 20 lines that all hang together."""
    parse = ("import ast, json, sys\nfor cell in json.load(open(sys.argv[1]))['cells']:\n"
             "    tree = ast.parse(''.join(cell['source']))")
    rows, first = [], None
    for count in (200, 2000, 20000, 40000):
        path = os.path.join(folder, f"dense{count}.ipynb")
        write("dense", count, path)
        seconds, memory = cost([program, "status", "--format", "json", path])
        each = seconds / count * 1e6
        first = first or each
        theirs = cost(python(parse, path), 1)[0] if count <= 20000 else None
        rows.append((count, f"{seconds:.3f}", f"{each:.0f}", f"{each / first:.2f}", f"{memory:.0f}", f"{theirs / seconds:.1f}" if theirs else "-"))
    table("nbscope status of cells of 20 lines, each of which reads what others made",
          ("cells", "seconds", "µs a cell", "to 200 cells", "peak MB", "json.load and ast.parse alone"), rows)


def many_notebooks(program, folder):
    """2,000 notebooks: those of NBSCOPE_CORPUS, or ../shared/corpus, or else the tests', as often as it takes."""
    top = os.path.join(BESIDE, "..", "..")
    corpus = os.environ.get("NBSCOPE_CORPUS", os.path.join(top, "..", "shared", "corpus"))
    found = sorted(glob.glob(corpus + "/**/*.ipynb", recursive=True)) or glob.glob(top + "/tests/data/**/*.ipynb", recursive=True)
    many, files = os.path.join(folder, "many"), []
    os.mkdir(many)
    for number in range(2000):
        files.append(os.path.join(many, f"{number}.ipynb"))
        shutil.copyfile(found[number % len(found)], files[-1])
    size = sum(os.path.getsize(path) for path in files) / 1e6
    parse = ("import ast, json, sys\nfor path in sys.argv[1:]:\n    try: cells = json.load(open(path, 'rb'))['cells']\n    except Exception: continue\n"
             "    for cell in cells:\n        if cell['cell_type'] == 'code':\n            try: ast.parse(''.join(cell['source']))\n            except Exception: pass")
    commands = [("nbscope check -j 1", [program, "check", "-j", "1", many]), ("nbscope check -j 2", [program, "check", "-j", "2", many]),
                ("cat", ["cat", *files]), ("json.load and ast.parse alone", python(parse, *files))]
    if shutil.which("ruff"):
        commands.append(("ruff check, one thread", ["env", "RAYON_NUM_THREADS=1", "ruff", "check", "--isolated", "--no-cache", many]))
    rows = []
    for name, command in commands:
        with tempfile.NamedTemporaryFile() as report:
            runs = [run(command, report.name) for _ in range(ROUNDS)]
        cpu, clock, memory = min(each[0] for each in runs), min(each[1] for each in runs), max(each[2] for each in runs)
        rows.append((name, f"{cpu:.2f}", f"{len(files) / cpu:,.0f}", f"{clock:.2f}", f"{memory:.0f}"))
    table(f"2,000 notebooks, {size:.0f} MB", ("", "CPU s", "notebooks a CPU s", "s by the clock", "peak MB"), rows)


def first_screen(program, folder):
    example = os.path.join(BESIDE, "..", "..", "docs", "examples", "hidden-state.ipynb")
    rows = []
    for name, command in [("nbscope, first screen", [program, "--screen", "80x24", example]),
                          ("nbscope, check", [program, "check", example]), ("cat", ["cat", example]),
                          ("Python, json.load", python("import json, sys; json.load(open(sys.argv[1]))", example))]:
        if shutil.which(command[0]):
            seconds, memory = cost(command, 9)
            rows.append((name, f"{seconds * 1000:.0f}", f"{memory:.0f}"))
    table("One small notebook, the whole process", ("", "ms", "peak MB"), rows)
    many = os.path.join(folder, "many.ipynb")
    write("dense", 20000, many)
    script = [sys.executable, os.path.join(BESIDE, "first_screen.py"), program]
    # What ncurses alone takes, where there is a compiler for it.
    floor, source = os.path.join(folder, "ncurses_only"), os.path.join(BESIDE, "ncurses_only.c")
    built = subprocess.run(f"cc -O2 '{source}' -o '{floor}' $(pkg-config --cflags --libs ncursesw)", shell=True, check=False)
    subprocess.run([*script, example, "--rounds", "41", *(["--beside", floor] if built.returncode == 0 else [])], check=False)
    # A screen that shows how far the reading is is never quiet for long.
    subprocess.run([*script, many, "--quiet", "20", "--rounds", "7"], check=False)


def terminal(program, folder):
    """What is sent to the terminal, and when; less and tig beside it where they are installed."""
    example = os.path.join(BESIDE, "..", "..", "docs", "examples", "hidden-state.ipynb")
    for name in (program, "less", "tig"):
        path = shutil.which(name)
        if not path:
            continue
        print(f"\n{os.path.basename(name)} in a terminal of 200x60\n", flush=True)
        subprocess.run([sys.executable, os.path.join(BESIDE, "terminal_bytes.py"), os.path.abspath(path), example], check=False)


def instructions(command):
    found = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    collected = re.search(r"Collected : (\d+)", found.stderr)
    return int(collected.group(1)) if collected else None


def linear(program, folder, kinds):
    counts = shutil.which("valgrind") is not None
    size = 400 if counts else 20000
    commands = (["effects", "--format", "json"], ["status", "--format", "json"], ["report"], ["check", "--fail-on", "never"], ["log"], ["--screen", "80x24"])
    empty = os.path.join(folder, "empty.ipynb")
    write("same", 1, empty)
    measure = instructions if counts else lambda command: cost(command)[0]
    start = [measure([program, *arguments, empty]) for arguments in commands]
    rows = []
    for kind in kinds:
        ratios = []
        for arguments, before in zip(commands, start):
            spent = []
            for count in (size, size * 2):
                path = os.path.join(folder, "linear.ipynb")
                write(kind, count, path)
                spent.append(measure([program, *arguments, path]) - before)
            ratios.append(f"{spent[1] / spent[0]:.2f}" if spent[0] > 0 else "-")
        rows.append((kind, *ratios))
        if len(kinds) > 1:
            print(".", end="", file=sys.stderr, flush=True)
    table(f"{'Instructions' if counts else 'CPU time'} at {size * 2} over {size}, without what an empty notebook costs",
          ("", *(arguments[0] for arguments in commands)), rows)


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[2:3] == ["linear"]:
            linear(program, folder, sys.argv[3:] or list(notebooks.KINDS))
            return
        for case in (front_end, large_file, many_cells, many_notebooks, first_screen, terminal):
            if not sys.argv[2:] or case.__name__ in sys.argv[2:]:
                case(program, folder)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
