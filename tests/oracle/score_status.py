#!/usr/bin/env python3
"""score_status.py - hold `nbscope status` against what real kernels did.

    python3 score_status.py --nbscope PATH [--history] [--show N] [--goal] TRUTHDIR

For each NAME.truth.json it runs `nbscope status --format json NAME.ipynb` (with --history: plus
`--history NAME.history.sqlite`) and scores, by code cell:

NameError     run_all.errors with certainty "must", by cell and name, against nameerror_on_rerun.
stale         status stale or broken, against `stale` (the fresh run really gave other inputs, outputs, error or values).
              "unknown", and stale with certainty "possible", abstain, and are counted.
  faithful    the cells whose saved result a real replay of the surviving cells in count order reproduces, with the same
              verdict as the truth: here the file alone tells it, and a tool can be held to it.
  all         every cell that was run; beside it what really re-executing the file in count order would have told,
              and what the complete provenance would (score.py's baselines).
  false alarm flagged, although neither a value nor the derivation differs (a different derivation that happens to give the
              same value is a fair warning: counted as "same value").
now           `now` against what running the cell again in the kernel as it was left gives: measured where the truth says so
              (run_oracle.py writes "now"), else derived from the log where that decides it. "unknown" abstains.
Cells whose outputs differ between two fresh runs are not judged.  --goal: exit 0 only if faithful recall >= 0.95
and precision >= 0.98 (with --history: over all cells recall >= 0.95 and no false alarm), abstentions <= 10 %, NameError recall
>= 0.99 and precision 1.
"""
import argparse, collections, glob, json, os, subprocess, sys
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import score as S


def predict(nbscope, nb, history):
    cmd = [nbscope, "status", "--format", "json"] + (["--history", history] if history else []) + [nb]
    p = subprocess.run(cmd, capture_output=True, timeout=60)
    if p.returncode not in (0, 1):
        return None, "exit %d: %s" % (p.returncode, p.stderr[-200:].decode("utf-8", "replace"))
    try:
        return json.loads(p.stdout), None
    except ValueError as e:
        return None, "not JSON: %s" % e


def score_now(t, cells, tally, show):
    """Adds one notebook's `now` answers to the tally; -> how many lines were printed."""
    labels, shown = S.now_labels(t), 0
    derived = S.now_labels(t, measured=False)
    for i, (label, anew) in labels.items():
        if i in derived and derived[i][0] != label and not (derived[i][0] == "changed" and label != "same"):
            tally["wrongly derived"].append((t["plan"], i, derived[i][0], label))
        said = cells.get(i, {}).get("now", "missing")
        c = next(c for c in t["cells"] if c["index"] == i)
        tally["judged"] += 1
        if said == "unknown":
            tally["unknown"] += 1
            continue
        if label != "changed":
            tally["error"].append((said == "error", label == "error"))
        if label == "error" and (c["saved_error"] or {}).get("ename") == "NameError" and said in ("same", "error"):
            continue                                           # it fails again as it did
        changed = said in ("differs", "error")
        if changed and label == "same":
            if anew:
                tally["same value"] += 1
                continue
            tally["alarms"] += 1
        tally["changed"].append((changed, label != "same"))
        if said != label and not (changed and label == "changed") and shown < show:
            shown += 1
            print("%s cell %d [%s]: now said %s, was %s" % (t["plan"], i, c["saved_count"], said, label))
    return shown


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--nbscope", required=True)
    ap.add_argument("--history", action="store_true")
    ap.add_argument("--show", type=int, default=0)
    ap.add_argument("--goal", action="store_true")
    ap.add_argument("truth")
    a = ap.parse_args()
    ne, faithful, every, replay, prov = [], [], [], [], []
    alarms, same, unknown, judged, failed, shown = 0, 0, 0, 0, [], 0
    sure = {certainty: collections.Counter() for certainty in ("certain", "likely", "possible")}
    again = {"error": [], "changed": [], "unknown": 0, "judged": 0, "alarms": 0, "same value": 0, "wrongly derived": []}
    for f in sorted(glob.glob(os.path.join(a.truth, "*.truth.json"))):
        t = json.load(open(f))
        base = f[:-len(".truth.json")]
        p, why = predict(a.nbscope, base + ".ipynb", base + ".history.sqlite" if a.history else None)
        if p is None:
            failed.append((t["plan"], why))
            continue
        cells = {c["index"]: c for c in p["cells"]}
        said = {}
        number = {c["cell"]: c["index"] for c in p["cells"]}
        for e in p["run_all"]["errors"]:
            if e["certainty"] == "must" and e["cell"] in number:
                said.setdefault(number[e["cell"]], e["name"])
        shown += score_now(t, cells, again, a.show - shown)
        full = S.provenance_rule(t, t["log"])
        byfile = S.provenance_rule(t, S.replay_entries(t))
        for c in S.code(t):
            x, y = said.get(c["index"]), c["nameerror_on_rerun"]
            if y is None and c["fresh_error"]:
                pass                                             # another error came first: a predicted name can't be judged
            else:
                ne.append((x is not None, x is not None and x == y) if x != y and x is not None else (x is not None, y is not None))
                if x != y and x is not None and y is not None:
                    ne.append((False, True))
            if x != y and not (y is None and c["fresh_error"]) and shown < a.show:
                shown += 1
                print("%s cell %d: NameError said %s, was %s" % (t["plan"], c["index"], x, y))
            if c["never_run"] or not S.judged(c):
                continue
            st = cells.get(c["index"], {}).get("status", "missing")
            judged += 1
            if st == "stale":
                other = full[c["index"]] or (not a.history and byfile[c["index"]])
                sure[cells[c["index"]]["certainty"]]["right" if c["stale"] else "same value" if other else "wrong"] += 1
            if st == "unknown" or st == "stale" and cells[c["index"]].get("certainty") == "possible":
                unknown += 1
                continue
            if st == "broken" and (c["saved_error"] or {}).get("ename") == "NameError":
                continue                                         # broken then, broken now: judged under NameError
            flag = st in ("stale", "broken")
            if flag and not c["stale"]:
                if full[c["index"]] or (not a.history and byfile[c["index"]]):
                    same += 1
                    continue                                     # other derivation, same value: neither right nor wrong
                alarms += 1
            every.append((flag, c["stale"]))
            replay.append((c["stale_visible"], c["stale"]))
            prov.append((full[c["index"]], c["stale"]))
            if c["replay_reproduces_saved"] and c["stale_visible"] == c["stale"] and not c["edited_since_run"] and not c["ran_in_dead_kernel"]:
                faithful.append((flag, c["stale"]))
            if flag != c["stale"] and shown < a.show:
                shown += 1
                print("%s cell %d [%s]: said %s, truth %s%s; differ: %s" % (t["plan"], c["index"], c["saved_count"], st, "stale" if c["stale"] else "stands",
                      " (faithful)" if c["replay_reproduces_saved"] else "", c["inputs_differ"] + c["effects_differ"]))
    for x in failed[:10]:
        print("FAILED", *x)
    rows = [("NameError on Run All, cell and name", S.prf(ne)), ("stale, faithful cells", S.prf(faithful)), ("stale, all cells", S.prf(every)),
            ("  re-executing in count order, same cells", S.prf(replay)), ("  complete measured provenance, same cells", S.prf(prov))]
    for k, v in rows:
        print("%-44s P %-6s R %-6s F1 %-6s (tp %d fp %d fn %d tn %d)" % (k, v["precision"], v["recall"], v["f1"], v["tp"], v["fp"], v["fn"], v["tn"]))
    for k, v in (("now: NameError", S.prf(again["error"])), ("now: differs or NameError", S.prf(again["changed"]))):
        print("%-44s P %-6s R %-6s F1 %-6s (tp %d fp %d fn %d tn %d)" % (k, v["precision"], v["recall"], v["f1"], v["tp"], v["fp"], v["fn"], v["tn"]))
    print("now: %d judged, %d unknown, %d false alarms, %d same value; derived otherwise than measured: %d" % (
        again["judged"], again["unknown"], again["alarms"], again["same value"], len(again["wrongly derived"])), *again["wrongly derived"][:a.show])
    print("stale, by certainty: " + "; ".join("%s %d right, %d same value, %d wrong" % (k, v["right"], v["same value"], v["wrong"]) for k, v in sure.items()))
    share = unknown / judged if judged else 1
    n, s, e = rows[0][1], rows[1][1], rows[2][1]
    good = n["precision"] == 1.0 and (n["recall"] or 0) >= 0.99 and share <= 0.10 and not failed
    good = good and ((e["recall"] or 0) >= 0.95 and alarms == 0 if a.history else (s["recall"] or 0) >= 0.95 and (s["precision"] or 0) >= 0.98)
    print("NameError P %s R %s; faithful stale P %s R %s; all stale F1 %s (count-order re-execution %s); false alarms %d; same value %d; abstained %.1f %% of %d; failed %d" % (
        n["precision"], n["recall"], s["precision"], s["recall"], e["f1"], rows[3][1]["f1"], alarms, same, 100 * share, judged, len(failed)))
    sys.exit(0 if good or not a.goal else 1)


if __name__ == "__main__":
    main()
