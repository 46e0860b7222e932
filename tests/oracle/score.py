#!/usr/bin/env python3
"""score.py TRUTHDIR [--pred PRED.jsonl] [--json REPORT.json] [--crosscheck] - base rates, naive baselines, scores.

PRED.jsonl: one line per notebook (from a tool that saw only the .ipynb):
   {"notebook": "rand_00001", "problem": bool, "cells": {"<index in nb.cells>": {"nameerror": "x"|null, "stale": bool}}}
Truth used: nameerror_on_rerun (exact name), stale (inputs or result differ), differs_on_rerun (result
differs).  Cells whose outputs are unstable between two fresh runs are left out of the stale scores
unless a stable effect differs.  Notebook problem = some cell differs on rerun or newly raises NameError.
--crosscheck: every real run in the truth files against names_oracle's static answer.
"""
import argparse, glob, json, os, re, sys
from collections import Counter


def prf(pairs):
    tp = sum(p and t for p, t in pairs); fp = sum(p and not t for p, t in pairs)
    fn = sum(t and not p for p, t in pairs); tn = sum(not t and not p for p, t in pairs)
    P = tp / (tp + fp) if tp + fp else None
    R = tp / (tp + fn) if tp + fn else None
    F = 2 * P * R / (P + R) if P and R else None
    r = lambda v: None if v is None else round(v, 3)
    return {"tp": tp, "fp": fp, "fn": fn, "tn": tn, "precision": r(P), "recall": r(R), "f1": r(F)}


def code(t):
    return [c for c in t["cells"] if not c["empty"]]


def ran(t):
    return [c for c in code(t) if not c["never_run"]]


def new_ne(c):
    return c["nameerror_on_rerun"] is not None and (c["saved_error"] or {}).get("ename") != "NameError"


def problem(t):
    return any(c["differs_on_rerun"] or new_ne(c) for c in code(t))


# ---- naive rules on execution counts alone
def nonmono(t):
    x = [c["saved_count"] for c in code(t) if c["saved_count"] is not None]
    return any(b <= a for a, b in zip(x, x[1:]))


def not_1_to_n(t):
    return [c["saved_count"] for c in code(t)] != list(range(1, len(code(t)) + 1))


def cell_before_above(t):
    """Flag a cell whose count is not higher than every count above it."""
    out, hi = {}, 0
    for c in code(t):
        k = c["saved_count"]
        out[c["index"]] = k is not None and k <= hi
        hi = max(hi, k or 0)
    return out


def cell_out_of_order(t):
    """Flag both parties of an inversion."""
    cs = [(c["index"], c["saved_count"]) for c in code(t) if c["saved_count"] is not None]
    out = {c["index"]: False for c in code(t)}
    for i, (a, x) in enumerate(cs):
        for b, y in cs[i + 1:]:
            if y <= x:
                out[a] = out[b] = True
    return out


def rates(ts):
    cells = [c for t in ts for c in code(t)]
    r = [c for t in ts for c in ran(t)]
    stale = [c for c in r if c["stale"]]
    n = lambda xs: sum(1 for _ in xs)
    o = {"notebooks": len(ts), "code_cells": len(cells), "cells_run": len(r),
         "stale": len(stale), "differs_on_rerun": n(c for c in r if c["differs_on_rerun"]), "stale_only_by_inputs": n(c for c in stale if not c["differs_on_rerun"]),
         "nameerror_on_rerun": n(c for c in cells if c["nameerror_on_rerun"]), "of_these_new": n(c for c in cells if new_ne(c)),
         "of_these_cascade": n(c for c in cells if c["nameerror_cascade"]), "nameerror_in_never_run_cell": n(c for c in cells if c["nameerror_on_rerun"] and c["never_run"]),
         "other_error_on_rerun": n(c for c in cells if c["fresh_error"] and not c["nameerror_on_rerun"]),
         "edited_since_run": n(c for c in r if c["edited_since_run"]), "ran_in_dead_kernel": n(c for c in r if c["ran_in_dead_kernel"]),
         "never_run": len(cells) - len(r), "unstable_outputs": n(c for c in cells if c["unstable_outputs"]),
         "inputs_changed_since_their_run": n(c for c in r if c["inputs_changed_since"]),
         "of_stale_found_by_count_order_replay": n(c for c in stale if c["stale_visible"]),
         "of_differs_found_by_count_order_replay": n(c for c in r if c["differs_on_rerun"] and c["differs_visible"]),
         "count_order_replay_false_alarms": n(c for c in r if c["stale_visible"] and not c["stale"]),
         "replay_reproduces_saved": n(c for c in r if c["replay_reproduces_saved"]), "reads_history(_/Out)": n(c for c in r if c["reads_history"]),
         "nb_with_problem": n(t for t in ts if problem(t)), "nb_with_stale": n(t for t in ts if any(c["stale"] for c in ran(t))),
         "nb_with_new_nameerror": n(t for t in ts if any(new_ne(c) for c in code(t))), "nb_with_ghost_names": n(t for t in ts if t["hidden"]["ghost_names"]),
         "nb_with_diverged_names": n(t for t in ts if t["hidden"]["diverged_names"]), "nb_counts_nonmonotonic": n(t for t in ts if nonmono(t)),
         "nb_counts_not_1..n": n(t for t in ts if not_1_to_n(t))}
    return o


def causes(t, c):
    """Why a stale cell is stale, from the measured log (several may hold)."""
    by = {x["label"]: x for x in t["cells"]}
    fresh_writer = {}
    for e in t["fresh"]:
        if e and e["cell"] == c["label"]:
            break
        if e:
            for n in e["stores"] + e["changed"] + e["added"]:
                fresh_writer[n] = e["cell"]
    out = set()
    if c["edited_since_run"]: out.add("cell edited since its run")
    if c["nameerror_on_rerun"]: out.add("NameError on rerun")
    if c["saved_error"] and not c["fresh_error"]: out.add("saved an error that is gone")
    if c["reads_history"]: out.add("reads _ / Out[n]")
    if c["ran_in_dead_kernel"]: out.add("ran before the last restart")
    for n in c["inputs_differ"]:
        p, w = c["provenance"].get(n), fresh_writer.get(n)
        if w and by[w]["never_run"]: out.add("input would come from a never-run cell")
        if p:
            if p["where"] == "deleted": out.add("input made by a deleted cell")
            elif p["where"] == "self": out.add("input made by the cell's own earlier run")
            elif p["where"] == "below": out.add("input made by a cell below")
            elif not p["same_source"]: out.add("input made by an older version of a cell")
            elif w and w != p["cell"]: out.add("input would be made by another cell above")
            else: out.add("input made by a cell that is itself stale")
    if not c["inputs_differ"] and not c["edited_since_run"] and not out: out.add("state outside the names (files, modules, random)")
    return out or {"other"}


def judged(c):
    return not c["unstable_outputs"] or c["stale"]


def identities(entries):
    """Run identity = (source, which run made each name it read): provenance without looking at values."""
    versions, session, out = {}, None, []
    for e in entries:
        if e.get("session") != session:
            versions, session = {}, e.get("session")
        h = hash((e["source"], tuple(sorted((n, versions.get(n)) for n in set(e["reads"] + e["missing"])))))
        for n in e["stores"] + e["added"] + e["changed"]:
            versions[n] = hash((h, n))
        for n in e["removed"]:
            versions.pop(n, None)
        out.append((e["cell"], h))
    return dict(out)                                           # the last run of each cell


def derivations(entries):
    """Per session, what each name was derived from at the end; and for each run what it read, by the same measure."""
    versions, session, read = {}, None, []
    for e in entries:
        if e["session"] != session:
            versions, session = {}, e["session"]
        names = set(e["reads"] + e["missing"])
        read.append({n: versions.get(n) for n in names})
        h = hash((e["source"], tuple(sorted((n, versions.get(n)) for n in names))))
        for n in e["stores"] + e["added"] + e["changed"]:
            versions[n] = hash((h, n))
        for n in e["removed"]:
            versions.pop(n, None)
    return versions, read


def history_name(n):
    return n in ("_", "__", "___", "Out", "In") or bool(re.match(r"_i*\d+$|_i{1,3}$", n))


def now_labels(t, measured=True):
    """What running each cell again in the kernel as the session left it would give: {index: (label, other derivation)}.
    label: "same", "differs", "error" (NameError), or "changed" (one of these two). It was measured where the truth says so; else it follows from the log
    where the log decides it: a cell with the same source and the same inputs gives the same, and one whose input is gone
    raises NameError. The other: whether an input was derived anew since, though its value may be the same."""
    if not t["log"] or t["log"][-1]["session"] != t["sessions"]:
        return {}                                              # the kernel was restarted since: nothing in the file says so
    final, read = derivations(t["log"])
    last = {e["cell"]: k for k, e in enumerate(t["log"])}
    out = {}
    for c in ran(t):
        k = last.get(c["label"])
        if k is None or c["unstable_outputs"]:
            continue
        run, state = t["log"][k], t["session_final"]
        anew = any(final.get(n) != v for n, v in read[k].items()) or c["edited_since_run"]
        if measured and c.get("now"):
            out[c["index"]] = ("error" if c["now"]["error"] else "same" if c["now"]["same"] else "differs", anew)
            continue
        if c["edited_since_run"] or any(history_name(n) for n in run["inputs"]):
            continue
        was = {n: v and v["h"] for n, v in run["inputs"].items() if v or n in run["missing"]}   # else its own `import *` bound it
        now = {n: state[n]["h"] if n in state else None for n in was}
        gone = [n for n in was if was[n] and not now[n]]
        other = [n for n in was if was[n] != now[n] and n not in gone]
        failed = (run["error"] or {}).get("ename") == "NameError"
        # with other inputs it may take another path, or call another function: what it does is not known but that it differs
        label = "changed" if other else "error" if gone or failed else "same"
        out[c["index"]] = (label, anew)
    return out


def provenance_rule(t, entries):
    last, fresh = identities(entries), identities([e for e in t["fresh"] if e])
    return {c["index"]: c["label"] in last and last[c["label"]] != fresh.get(c["label"]) for c in code(t)}


def replay_entries(t):
    by = {c["label"]: c for c in code(t)}
    es = [e for e in t["replay"] if e]
    return sorted(es, key=lambda e: (by[e["cell"]]["saved_count"], by[e["cell"]]["index"]))


def baselines(ts):
    o = {"notebook: counts not monotonic -> problem": prf([(nonmono(t), problem(t)) for t in ts]),
         "notebook: counts not exactly 1..n -> problem": prf([(not_1_to_n(t), problem(t)) for t in ts]),
         "notebook: always -> problem": prf([(True, problem(t)) for t in ts]),
         "notebook: counts not monotonic -> new NameError": prf([(nonmono(t), any(new_ne(c) for c in code(t))) for t in ts])}
    for name, rule in (("count <= one above", cell_before_above), ("in any inversion", cell_out_of_order), ("always", lambda t: {c["index"]: True for c in code(t)})):
        fl = [(rule(t), t) for t in ts]
        o["cell: %s -> stale" % name] = prf([(f[c["index"]], c["stale"]) for f, t in fl for c in ran(t) if judged(c)])
        o["cell: %s -> differs_on_rerun" % name] = prf([(f[c["index"]], c["differs_on_rerun"]) for f, t in fl for c in ran(t) if judged(c)])
        o["cell: %s -> NameError" % name] = prf([(f[c["index"]], c["nameerror_on_rerun"] is not None) for f, t in fl for c in code(t)])
    for name, rule in (("literal: an input changed after its run", lambda t: {c["index"]: bool(c["inputs_changed_since"]) for c in code(t)}),
                       ("..changed by a cell above, deleted or edited", lambda t: {c["index"]: any(x["where"] != "below" for x in c["inputs_changed_since"]) for c in code(t)}),
                       ("edited since its run (history needed)", lambda t: {c["index"]: c["edited_since_run"] for c in code(t)}),
                       ("provenance, full history, measured def/use", lambda t: provenance_rule(t, t["log"])),
                       ("provenance, count-order replay of the file", lambda t: provenance_rule(t, replay_entries(t)))):
        fl = [(rule(t), t) for t in ts]
        o["cell: %s -> stale" % name] = prf([(f[c["index"]], c["stale"]) for f, t in fl for c in ran(t) if judged(c)])
    o["cell: real count-order replay of the file -> stale"] = prf([(c["stale_visible"], c["stale"]) for t in ts for c in ran(t) if judged(c)])
    o["cell: real count-order replay of the file -> differs_on_rerun"] = prf([(c["differs_visible"], c["differs_on_rerun"]) for t in ts for c in ran(t) if judged(c)])
    return o


def score(ts, path):
    pred = {}
    for line in open(path):
        p = json.loads(line)
        pred[os.path.basename(p["notebook"]).replace(".ipynb", "")] = p
    ne, ne_any, st, df, nb, wrong = [], [], [], [], [], []
    for t in ts:
        p = pred.get(t["plan"])
        if p is None:
            continue
        nb.append((bool(p.get("problem")), problem(t)))
        for c in code(t):
            q = p["cells"].get(str(c["index"]), {})
            x, y = q.get("nameerror"), c["nameerror_on_rerun"]
            ne_any.append((x is not None, y is not None))
            ne.append((x is not None and x == y, y is not None) if x == y or x is None else (True, False))
            if x != y:
                wrong.append([t["plan"], c["index"], "nameerror", x, y])
            if not c["never_run"] and judged(c):
                st.append((bool(q.get("stale")), c["stale"])); df.append((bool(q.get("stale")), c["differs_on_rerun"]))
                if st[-1][0] != st[-1][1]:
                    wrong.append([t["plan"], c["index"], "stale", st[-1][0], c["stale"]])
    return {"notebooks": len(nb), "problem": prf(nb), "nameerror (cell)": prf(ne_any), "nameerror (cell and name)": prf(ne), "stale": prf(st),
            "stale vs differs_on_rerun": prf(df), "wrong": wrong}


def crosscheck(ts):
    import names_oracle as N
    cache, bad, n = {}, [], 0
    for t in ts:
        deferred = set()
        runs = t["log"] + [e for e in t["fresh"] + t["replay"] if e]
        for e in runs:
            s = e["source"]
            if s not in cache:
                cache[s] = N.analyse(s)
            o = cache[s]
            if o["ok"]:
                deferred |= {x for b in o["deferred_binds"].values() for x in b}
        for e in runs:
            o, n = cache[e["source"]], n + 1
            if not o["ok"]:
                if (e["error"] or {}).get("ename") not in ("SyntaxError", "IndentationError", "TabError"):
                    bad.append([t["plan"], "oracle says syntax error", e["source"]])
                continue
            star = {x for i in o["star_imports"] for x in i["names"] or []}
            reads = set(o["reads_first"]) | set(o["reads_builtin"]) | set(o["reads_ipython"]) | set(o["reads_if_with_suppresses"]) | {"get_ipython"}
            for x in set(e["reads_now"]) - reads - deferred:
                bad.append([t["plan"], "read " + x, e["source"]])
            for x in set(e["stores"]) - set(o["binds"]) - deferred:
                bad.append([t["plan"], "store " + x, e["source"]])
            for x in set(e["added"]) - set(o["binds"]) - deferred - star:
                bad.append([t["plan"], "added " + x, e["source"]])
            if e["error"] is None:
                for x in set(o["binds_certain"]) - set(e["stores"]) - set(e["added"]) - set(e["changed"]):
                    if not o["magics"]:
                        bad.append([t["plan"], "certain bind did not happen " + x, e["source"]])
                for x in set(o["reads_first_certain"]) & set(e["missing"]):
                    if x not in o["reads_guarded"]:
                        bad.append([t["plan"], "certain read missing, no error: " + x, e["source"]])
            if e["error"] and e["error"]["ename"] == "NameError":
                m = re.search(r"name '([^']+)'", e["error"]["evalue"])
                x = m.group(1) if m else None
                d = {y for k in cache.values() if k["ok"] for b in k["deferred"].values() for y in b["reads"]}
                if x and x not in reads | d | set(o["reads_after_delete"]) | set(o["deletes_first"]) and e["stores"] is not None:
                    bad.append([t["plan"], "NameError on unread name " + x, e["source"]])
    return {"runs": n, "sources": len(cache), "mismatches": bad}


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("truth")
    ap.add_argument("--pred")
    ap.add_argument("--json")
    ap.add_argument("--crosscheck", action="store_true")
    a = ap.parse_args()
    ts = [json.load(open(f)) for f in sorted(glob.glob(os.path.join(a.truth, "*.truth.json")))]
    groups = {"all": ts, "scenarios": [t for t in ts if "scenario" in t["tags"]], "random": [t for t in ts if "random" in t["tags"]]}
    for st in ("clean", "tidy", "explore", "chaos"):
        groups["random/" + st] = [t for t in ts if st in t["tags"]]
    rep = {"causes": Counter(x for t in ts for c in ran(t) if c["stale"] for x in causes(t, c)).most_common(), "rates": {g: rates(x) for g, x in groups.items() if x}, "baselines": {g: baselines(x) for g, x in groups.items() if x and "/" not in g},
           "expectation_failures": {t["plan"]: t["expect_failures"] for t in ts if t["expect_failures"]}}
    if a.pred:
        rep["score"] = {g: score(x, a.pred) for g, x in groups.items() if x and "/" not in g}
    if a.crosscheck:
        rep["crosscheck"] = crosscheck(ts)
    if a.json:
        json.dump(rep, open(a.json, "w"), indent=1)
    for g, x in rep["rates"].items():
        print("== %s" % g)
        for k, v in x.items():
            print("  %-44s %d" % (k, v))
    print("== causes of staleness (a cell can have several)")
    for k, v in rep["causes"]:
        print("  %-58s %d" % (k, v))
    for g, x in rep["baselines"].items():
        print("== baselines, %s" % g)
        for k, v in x.items():
            print("  %-60s P %-6s R %-6s F1 %-6s (tp %d fp %d fn %d tn %d)" % (k, v["precision"], v["recall"], v["f1"], v["tp"], v["fp"], v["fn"], v["tn"]))
    for k in ("score", "crosscheck", "expectation_failures"):
        if k in rep:
            s = json.dumps(rep[k], indent=1)
            print("== %s\n%s" % (k, s if len(s) < 6000 else s[:6000] + "\n..."))
    return 0


if __name__ == "__main__":
    sys.exit(main())
