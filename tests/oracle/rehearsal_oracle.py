#!/usr/bin/env python3
"""rehearsal_oracle.py --driver build/rehearsal_dump TRUTHDIR - what the rehearsal foretells of a run from the top, held
against what a fresh kernel really printed, showed and raised. Exit 1 if anything that it is sure of was otherwise."""
import argparse, glob, json, os, re, subprocess, sys


def outputs(entry):
    printed, shown, fails = "", None, None
    for kind, *what in entry["outputs"]:
        if kind == "stream" and what[0] == "stdout":
            printed += what[1]
        elif kind == "execute_result":
            shown = what[0].get("text/plain")
        elif kind == "error":
            fails = what[0]
    return printed, shown, fails


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--driver", required=True)
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("truth")
    arguments = parser.parse_args()
    told = silent = wrong = 0
    for path in sorted(glob.glob(os.path.join(arguments.truth, "*.truth.json"))):
        truth = json.load(open(path))
        base = path[:-len(".truth.json")]
        lines = subprocess.run([arguments.driver, base + ".ipynb"], capture_output=True, check=True).stdout.splitlines()
        cells = {cell["index"]: cell for cell in map(json.loads, lines)}
        fresh = {entry["cell"]: entry for entry in truth["fresh"] if entry}
        for cell in truth["cells"]:
            said, entry = cells[cell["index"]], fresh.get(cell["label"])
            if entry is None or cell["unstable_outputs"]:
                continue
            if not said["ran"]:
                silent += 1
                continue
            printed, shown, fails = outputs(entry)
            pattern = re.compile(".*".join(re.escape(piece) for piece in said["printed"].split("\0")), re.S)
            problems = []
            if not pattern.fullmatch(printed):
                problems.append("printed %r, foretold %r" % (printed, said["printed"]))
            if said["fails"]:
                if fails is None and not entry.get("swallowed") or fails and said["ename"] and fails != said["ename"]:
                    problems.append("raised %r, foretold %r" % (fails, said["ename"] or "anything"))
            elif fails is None and said["shows"] != "anything" and shown != (said["shown"] if said["shows"] == "text" else None):
                problems.append("showed %r, foretold %r" % (shown, said["shown"] if said["shows"] == "text" else None))
            told += 1
            if problems:
                wrong += 1
                if wrong <= arguments.show:
                    print(truth["plan"], "cell", cell["index"], "; ".join(problems))
    print("rehearsal: %d cells foretold, %d otherwise, %d silent" % (told, wrong, silent))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
