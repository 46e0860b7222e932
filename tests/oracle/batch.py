#!/usr/bin/env python3
"""batch.py - run many plans through run_oracle, N at a time.

    python3 batch.py --plans DIR|FILE ... --out truth [--jobs 2] [--redo]
"""
import argparse, glob, json, os, sys, time, traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
import run_oracle


def one(path, out):
    plan = json.load(open(path))
    base = os.path.join(out, plan["name"])
    t0 = time.time()
    try:
        t = run_oracle.oracle(plan, base + ".ipynb", base + ".truth.json")
        json.dump(plan, open(base + ".plan.json", "w"), indent=1)
        return plan["name"], t["summary"], t["expect_failures"], time.time() - t0
    except Exception:
        return plan["name"], None, [traceback.format_exc()], time.time() - t0


def done(path, out):
    """The very same plan was run before."""
    plan = json.load(open(path))
    base = os.path.join(out, plan["name"])
    return os.path.exists(base + ".truth.json") and os.path.exists(base + ".plan.json") and json.load(open(base + ".plan.json")) == plan


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--plans", nargs="+", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("--redo", action="store_true", help="run plans again that were run before")
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    files = []
    for p in a.plans:
        files += sorted(glob.glob(os.path.join(p, "*.json"))) if os.path.isdir(p) else [p]
    if not a.redo:
        files = [f for f in files if not done(f, a.out)]
    bad = 0
    with ProcessPoolExecutor(a.jobs) as ex:
        for f in as_completed([ex.submit(one, f, a.out) for f in files]):
            name, summary, fails, dt = f.result()
            bad += bool(fails)
            print("%-34s %5.1fs %s%s" % (name, dt, "FAILED" if summary is None else "stale %(stale)d ne %(nameerror_on_rerun)d" % summary,
                                         "".join("\n    " + x for x in fails)), flush=True)
    print(len(files), "plans,", bad, "with complaints")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
