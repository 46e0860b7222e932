#!/usr/bin/env python3
"""plan_check.py - follow re-run plans in real kernels: does everything stand afterwards?

    python3 plan_check.py --nbscope build/nbscope [--limit N] [--from-file] FOLDER

For sessions NAME.plan.json of FOLDER (made by plangen.py or written) with NAME.ipynb and NAME.history.sqlite: asks `nbscope plan`
which cells to run again, lets a real kernel play the session once more with these runs at its end (run_oracle.py), and
looks at what a real Restart & Run All then gives: no cell that ran may be stale, but for those that the plan says no
run can mend. --from-file gives nbscope the notebook alone, without the history; then runs that left no trace can make a
plan wrong.
"""
import argparse, json, os, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def follow(nbscope, base, from_file):
    """None where there is nothing to follow; else the cells that are stale afterwards."""
    history = [] if from_file else ["--history", base + ".history.sqlite"]
    said = subprocess.run([nbscope, "plan", "--format", "json", *history, base + ".ipynb"], capture_output=True, text=True)
    rerun = json.loads(said.stdout)["rerun"]
    if rerun["kind"] != "run":
        return None
    with open(base + ".ipynb") as file:
        code = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
    with open(base + ".plan.json") as file:
        plan = json.load(file)
    with open(base + ".truth.json") as file:
        labels = {cell["id"]: cell["label"] for cell in json.load(file)["cells"]}
    plan["steps"] += [{"op": "run", "cell": labels[code[step["cell"] - 1]["id"]]} for step in rerun["steps"]]
    plan.pop("expect", None)
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, "session" + end) for end in (".plan.json", ".ipynb", ".truth.json")]
        with open(names[0], "w") as file:
            json.dump(plan, file)
        done = subprocess.run([sys.executable, os.path.join(HERE, "run_oracle.py"), names[0], "--out", names[1], "--truth", names[2]],
                              capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        with open(names[2]) as file:
            truth = json.load(file)
    wrong = []
    beyond = [labels.get(code[number - 1]["id"]) for number in rerun["beyond"]]
    for cell in truth["cells"]:
        # What the cell stores itself before it reads it is there already when it runs again, and no input.
        inputs = set(cell.get("inputs_differ") or ()) - set(cell.get("stores") or ())
        stale = cell.get("nameerror_on_rerun") or cell.get("differs_on_rerun") or inputs
        if stale and not cell.get("never_run") and cell["label"] not in beyond:
            wrong.append((cell["label"], cell.get("nameerror_on_rerun"), sorted(inputs)))
    return rerun, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nbscope", required=True)
    parser.add_argument("--limit", type=int, default=10, help="no more sessions than this")
    parser.add_argument("--from-file", action="store_true")
    parser.add_argument("folder")
    options = parser.parse_args()
    bases = sorted(os.path.join(options.folder, name[:-len(".plan.json")]) for name in os.listdir(options.folder)
                   if name.endswith(".plan.json"))
    followed = kept = 0
    for base in bases:
        if followed == options.limit:
            break
        result = follow(os.path.abspath(options.nbscope), base, options.from_file)
        if not result:
            continue
        rerun, wrong = result
        followed += 1
        kept += not wrong
        if wrong:
            print("%s: after cells %s: stale are %s" % (base, [step["cell"] for step in rerun["steps"]], wrong), flush=True)
    print("plans followed: %d, after which all stood: %d" % (followed, kept))
    return followed != kept


if __name__ == "__main__":
    sys.exit(main())
