#!/usr/bin/env python3
"""classify.py --nbscope PATH [--quiet] TRUTHDIR... - every cell of which `nbscope status` says otherwise than what really happened, each with
its cause as the measured log tells it, and how often each cause occurs."""
import argparse, collections, glob, json, os, sys
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import score, score_status


def cause(truth, cell, said):
    """Why the file alone could mislead, the strongest reason first."""
    if not cell["stale"]:
        return "another derivation gave the same value" if not cell["replay_reproduces_saved"] else "a change in place that changed nothing"
    if cell["edited_since_run"]:
        return "the cell was edited after it ran, and its output does not show it"
    if cell["ran_in_dead_kernel"]:
        return "it ran before a restart that the counts do not show"
    found = set()
    for name in cell["inputs_differ"]:
        made = cell["provenance"].get(name)
        if made and made["where"] == "deleted":
            found.add("an input was made by a cell that was deleted")
        elif made and not made["same_source"]:
            found.add("an input was made by an older text of a cell")
        elif made and made["where"] == "self":
            found.add("an earlier run of the same cell, of which no count is left")
        elif made:
            found.add("an earlier run of another cell, of which no count is left")
    if found:
        return sorted(found)[0]
    return "state outside of the names (files, the numbering of outputs)"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nbscope", required=True)
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("truth", nargs="+")
    arguments = parser.parse_args()
    causes = collections.Counter()
    for folder in arguments.truth:
        for path in sorted(glob.glob(os.path.join(folder, "*.truth.json"))):
            truth = json.load(open(path))
            said, why = score_status.predict(arguments.nbscope, path[:-len(".truth.json")] + ".ipynb", None)
            if said is None:
                print(path, why)
                continue
            cells = {cell["index"]: cell for cell in said["cells"]}
            for cell in score.ran(truth):
                status = cells[cell["index"]]["status"]
                if not score.judged(cell) or status == "unknown" or cells[cell["index"]]["certainty"] == "possible":
                    continue
                if status == "broken" and (cell["saved_error"] or {}).get("ename") == "NameError":
                    continue
                if (status in ("stale", "broken")) == cell["stale"]:
                    continue
                kind = ("missed: " if cell["stale"] else "said %s: " % status) + cause(truth, cell, status)
                causes[kind] += 1
                if not arguments.quiet:
                    print("%s cell %d [%s] %s" % (truth["plan"], cell["index"], cell["saved_count"], kind))
    for kind, count in causes.most_common():
        print("%5d  %s" % (count, kind))


if __name__ == "__main__":
    main()
