#!/usr/bin/env python3
"""live_cases.py - play hand-written cases in a real IPython, and hold what nbscope says of their names against what happened.

    /usr/bin/python3 live_cases.py --nbscope PATH CASES.json|CASES.txt ...
    /usr/bin/python3 live_cases.py --nbscope PATH --write OUT.json CASES.txt ...    cases with what nbscope says of them, to be read and kept

CASES.json is what score_names.py --cases reads.  CASES.txt is easier to write: `# ID title` begins a case, a line of `---` parts its cells.

Each case is played top to bottom in an IPython of its own.  Every user name is fingerprinted before and after each cell (kernel_probe), so
that the following contradictions can be told; one run shows one path, so a certain claim can be refuted, a possible one only be noted:

    unbound     in binds_certain, but not bound after the cell, though the cell raised nothing
    bound       the cell bound the name, and neither binds nor opaque says so
    changed     the object of the name was changed in place, and mutates does not say so
    unchanged   in mutates_certain, but the object is as it was (setting what was there already looks the same: `note` says so)
    may         in mutates, but not in mutates_certain, and the object is as it was (a note, no contradiction)
    deleted     the name is gone, and deletes does not say so; or the other way round
    missing     the NameError that was raised is not among those that the status foretells
    invented    a NameError that the status foretells for certain was not raised
    succeeded   the cell raised, but a name after the failure is in binds_certain (the name that is not there)

Exit status 0 when there are none, 1 otherwise.
"""
import argparse, io, json, os, re, subprocess, sys, tempfile
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import kernel_probe
EMPTY = ("binds_certain", "binds_maybe", "reads", "deferred_reads", "mutates", "mutates_maybe", "deletes")


def read_cases(path):
    text = open(path).read()
    if path.endswith(".json"):
        return json.loads(text)
    found = []
    for block in re.split(r"(?m)^(?=# [A-Z]\d+ )", text):
        head, _, body = block.partition("\n")
        if head.startswith("# "):
            name, _, title = head[2:].partition(" ")
            found.append({"id": name, "title": title, "cells": [c.strip("\n") for c in re.split(r"(?m)^---\n", body)]})
    return found


def notebook(cells):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}}, "cells": [
        {"cell_type": "code", "id": "c%d" % i, "metadata": {}, "execution_count": None, "outputs": [], "source": s} for i, s in enumerate(cells)]}


def play(shell, cells):
    """What really happened, cell by cell."""
    hidden = set(shell.user_ns_hidden) | set(shell.user_ns)
    facts = []

    def namespace():
        return {n: v for n, v in shell.user_ns.items() if not kernel_probe.IPY.match(n) and n not in ("__annotations__", "__warningregistry__") and not (n in hidden and n not in ours)}

    ours = set()
    for source in cells:
        before = namespace()
        ids = {n: id(v) for n, v in before.items()}
        prints = {n: kernel_probe.finger(v)["h"] for n, v in before.items()}
        error = None
        raised = []
        shell.showtraceback = lambda exc=None, **kw: raised.append(sys.exc_info()[1] if exc is None else exc[1])
        shell.showsyntaxerror = lambda *a, **kw: raised.append(sys.exc_info()[1])
        initial = {n: id(v) for n, v in shell.user_ns.items()}
        result = shell.run_cell(source, store_history=True)
        error = result.error_before_exec or result.error_in_exec or (raised[0] if raised else None)
        for n, v in shell.user_ns.items():
            if n in hidden and initial.get(n) != id(v):
                ours.add(n)
        after = namespace()
        fact = {"bound": [], "changed": [], "deleted": sorted(set(before) - set(after)), "present": sorted(after),
                "error": type(error).__name__ if error is not None else None,
                "text": str(error) if error is not None else None,
                "missing": None}
        for n, v in after.items():
            if n not in ids or ids[n] != id(v):
                fact["bound"].append(n)
            elif kernel_probe.finger(v)["h"] != prints[n]:
                fact["changed"].append(n)
        if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
            found = re.search(r"name '([^']+)' is not defined", str(error))
            fact["missing"] = found and found.group(1)
        facts.append(fact)
    return facts


def play_apart(cells):
    """In a child process that is made from this one, so that what is imported already need not be imported again."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        status = 1
        try:
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                sys.path.insert(0, "")
                null = os.open(os.devnull, os.O_RDWR)
                for fd in (0, 1, 2):
                    os.dup2(null, fd)
                sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
                from IPython.core.interactiveshell import InteractiveShell
                shell = InteractiveShell.instance()
                shell.history_manager.enabled = False
                facts = play(shell, cells)
                os.write(writer, json.dumps(facts).encode())
                status = 0
        finally:
            os._exit(status)
    os.close(writer)
    data = b""
    while True:
        part = os.read(reader, 65536)
        if not part:
            break
        data += part
    os.close(reader)
    os.waitpid(pid, 0)
    return json.loads(data) if data else None


def ask(nbscope, cells):
    with tempfile.NamedTemporaryFile("w", suffix=".ipynb", delete=False) as f:
        json.dump(notebook(cells), f)
    try:
        run = lambda *a: subprocess.run([nbscope, *a, "--format", "json", f.name], capture_output=True, text=True).stdout
        effects = [json.loads(line) for line in run("effects", "--resolved").splitlines()]
        status = json.loads(run("status"))
    finally:
        os.unlink(f.name)
    return effects, status


def said(row):
    """What nbscope says of a cell, as the cases write it."""
    certain = set(row.get("binds_certain") or ())
    sure = set(row.get("mutates_certain") or ())
    reads = set(row.get("reads_first") or ()) | set(row.get("reads_soft") or ()) | set(row.get("reads_ipython") or ()) - {"get_ipython", "display"}
    lists = (certain, set(row.get("binds") or ()) - certain - set(row.get("binds_transient") or ()), reads,
             {x for v in (row.get("deferred_reads") or {}).values() for x in v}, sure, set(row.get("mutates") or ()) - sure, set(row.get("deletes") or ()))
    return {k: sorted(v) for k, v in zip(EMPTY, lists)}


def judge(facts, effects, status):
    """-> [(cell, kind, names)] contradictions, and the same of notes."""
    wrong, notes = [], []
    errors = status["run_all"]["errors"]
    opaque = False
    for i, (fact, row) in enumerate(zip(facts, effects)):
        say = said(row)
        opaque = opaque or bool(row.get("opaque")) or bool(row.get("star_imports"))
        fails = fact["error"] is not None
        present = set(fact["present"])
        binds = set(say["binds_certain"]) | set(say["binds_maybe"])
        changes = set(say["mutates"]) | set(say["mutates_maybe"])
        must = {e["name"] for e in errors if e["cell"] == i + 1 and e["certainty"] == "must"}
        may = {e["name"] for e in errors if e["cell"] == i + 1 and e["certainty"] != "must"}
        found = {
            "unbound" if not fails else "succeeded": set() if opaque and fails else {n for n in set(say["binds_certain"]) - present if not kernel_probe.IPY.match(n)},
            "bound": set() if opaque else set(fact["bound"]) - binds,
            "changed": set(fact["changed"]) - changes - binds,
            "unchanged": set() if fails else set(say["mutates"]) - set(fact["changed"]) - set(fact["bound"]),
            "deleted": set(fact["deleted"]) - set(say["deletes"]) | (set() if fails else (set(say["deletes"]) & present) - binds),
            "missing": {fact["missing"]} - must - may if fact["missing"] and not opaque else set(),
            "invented": must - {fact["missing"]},
        }
        wrong += [(i + 1, kind, sorted(names)) for kind, names in found.items() if names]
        noted = set(say["mutates_maybe"]) - set(fact["changed"])
        if noted:
            notes.append((i + 1, "may", sorted(noted)))
        if fact["missing"] and fact["missing"] in may - must:
            notes.append((i + 1, "only perhaps missing", [fact["missing"]]))
        noted = set(say["binds_maybe"]) & present
        if noted:
            notes.append((i + 1, "only perhaps bound", sorted(noted)))
        noted = (may | must) - {fact["missing"]} - must
        if noted:
            notes.append((i + 1, "perhaps missing, was not", sorted(noted)))
    return wrong, notes


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--nbscope", required=True)
    ap.add_argument("--write")
    ap.add_argument("--only", help="cases whose id matches this regular expression")
    ap.add_argument("--all", action="store_true", help="show every case, with all that is said and that happened")
    ap.add_argument("--preload", default="numpy,pandas,IPython.core.interactiveshell,kernel_probe,matplotlib.pyplot")
    ap.add_argument("paths", nargs="+")
    a = ap.parse_args()
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MPLBACKEND="agg")
    os.environ["IPYTHONDIR"] = tempfile.mkdtemp()
    nbscope = os.path.abspath(a.nbscope)
    for module in a.preload.split(","):
        try:
            __import__(module)
        except ImportError:
            pass
    bad = total = 0
    kept = []
    for path in a.paths:
        for case in read_cases(path):
            if a.only and not re.match(a.only, case["id"]):
                continue
            if "run_order" in case or case.get("live") is False:
                continue
            total += 1
            facts = play_apart(case["cells"])
            effects, status = ask(nbscope, case["cells"])
            if facts is None or len(effects) != len(case["cells"]):
                print("%s %s\n    could not be played" % (case["id"], case["title"]))
                bad += 1
                continue
            wrong, notes = judge(facts, effects, status)
            allowed = {tuple(x) for x in case.get("allow", ())}
            wrong = [w for w in wrong if (w[0], w[1]) not in allowed]
            bad += bool(wrong)
            if wrong or notes or a.all:
                print("%s %s" % (case["id"], case["title"]))
                for n, kind, names in wrong:
                    print("    cell %d %s: %s%s" % (n, kind.upper(), ", ".join(names), "   (%s)" % facts[n - 1]["text"] if facts[n - 1]["error"] else ""))
                for n, kind, names in notes:
                    print("    cell %d %s: %s" % (n, kind, ", ".join(names)))
            if a.all:
                for n, (source, fact, row) in enumerate(zip(case["cells"], facts, effects)):
                    print("  [%d] %s" % (n + 1, source.replace("\n", "\n      ")))
                    print("      real: bound %s changed %s deleted %s %s" % (fact["bound"], fact["changed"], fact["deleted"], fact["text"] or ""))
                    print("      said: %s" % ", ".join("%s %s" % (k, ",".join(v)) for k, v in said(row).items() if v))
            case = dict(case, expect=[said(row) for row in effects])
            kept.append(case)
    if a.write:
        with open(a.write, "w") as f:
            f.write("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in kept) + "\n]\n")
    print("played: %d of %d cases without a contradiction" % (total - bad, total))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
