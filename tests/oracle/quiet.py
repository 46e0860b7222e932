#!/usr/bin/env python3
"""quiet.py --nbscope PATH FILE... - notebooks in which nothing is wrong: none of their cells may be called broken or stale.

FILE is a notebook, or a table (.tsv) whose first column names notebooks beside it and whose last column says "clean control" of those
that are meant. A cell that saved the very NameError that is foretold is no accusation. Exit 1 if there is any other."""
import argparse, json, os, subprocess, sys


def notebooks(files):
    for path in files:
        if not path.endswith(".tsv"):
            yield path
            continue
        for line in open(path, encoding="utf-8"):
            columns = line.rstrip("\n").split("\t")
            if "clean control" in columns[-1]:
                yield os.path.join(os.path.dirname(path), columns[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nbscope", required=True)
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    read = accused = 0
    for path in notebooks(arguments.files):
        run = subprocess.run([arguments.nbscope, "status", "--format", "json", path], capture_output=True)
        if run.returncode:
            print("%s: %s" % (path, run.stderr.decode().strip()))
            continue
        read += 1
        for cell in json.loads(run.stdout)["cells"]:
            error = cell["error"] or {}
            if cell["status"] not in ("stale", "broken") or cell["status"] == "broken" and error.get("ename") == "NameError":
                continue
            accused += 1
            print("%s: cell %d [%s] %s (%s): %s" % (path, cell["cell"], cell["count"], cell["status"], cell["certainty"],
                                                  " ".join(reason["why"] for reason in cell["reasons"])))
    print("%d notebooks, %d cells accused" % (read, accused))
    sys.exit(1 if accused else 0)


if __name__ == "__main__":
    main()
