#!/usr/bin/env python3
"""run_oracle.py - play a plan on a real ipykernel, save the notebook as JupyterLab would, measure the truth.

    python3 run_oracle.py PLAN.json --out NAME.ipynb --truth NAME.truth.json

1. session   the plan's steps on a live kernel (own IPYTHONDIR, own history.sqlite); every run is traced
             (optrace) and every user name is fingerprinted after it (kernel_probe).
2. save      nbformat 4.5: ids, execution_count, outputs, metadata.execution (unless record_timing false);
             NAME.history.sqlite = the kernel's own IPython history.
3. fresh x2  'Restart & Run All' of the saved file in two new kernels, continuing past errors, in a copy of
             the working directory as the session left it; what differs between the two is marked unstable
             and never counted.
   now       before the session ends, every cell is run once more in a fork of its kernel: what running it again
             would give, which nothing else sees.
4. replay    the saved cells in execution_count order in a new kernel: what the file alone can tell.  A
             cell whose replay differs from the fresh run is `stale_visible`.  (A baseline, not a ceiling: a
             definition rerun later has only its last count in the file, so a plain replay has false alarms.)

PLAN  {"name", "note", "record_timing": true, "files": {path: text}, "cells": [{"id","type","source"}],
       "steps": [...], "expect": {...}}
steps {"op": "run", "cell", ["source"]}   {"op": "edit", "cell", "source"}   {"op": "delete", "cell"}
      {"op": "insert", "cell", "source", "type", "after": id|null}           {"op": "move", "cell", "after": id|null}
      {"op": "restart"}  {"op": "run_all"} (stops at an error)  {"op": "clear", "cell"|absent = all}
      {"op": "write", "path", "text"} (a file changes on disk)  {"op": "type", "cell", "type"}

TRUTH, per code cell of the saved file
  nameerror_on_rerun   name | null           from the fresh run's real NameError
  error_swallowed      the error is shown but the cell ends "ok" and Run All goes on (%%time, %%capture, %run)
  nameerror_cascade    an earlier cell that binds the name failed in the fresh run
  fresh_error          {ename, evalue} | null; first_error = where a real Run All would stop
  outputs_equal        saved outputs == fresh outputs (addresses, counts, tracebacks normalised)
  inputs_differ        names it really read whose value before its last run != before it in the fresh run
  effects_differ       names it stores or mutates whose value after it differs
  differs_on_rerun     outputs, error status or effects differ (only what is stable)
  stale                was run, and (differs_on_rerun or inputs_differ)
  inputs_changed_since [{name, by, step, how, where}] a later run of another cell changed an input
                       (where: above|below|deleted|edited, seen from the saved file)
  provenance           {input: {step, cell, how, where, same_source, session}} who made the value it read
  stale_visible, differs_visible   as stale / differs_on_rerun, but measured on the count-order replay of
                       the saved file (a strong baseline for a tool that sees only the .ipynb)
  replay_reproduces_saved          the replay gave the saved outputs (false: the file's history is incomplete)
  now                  running the cell again in the kernel as the session left it: {same, error, inputs_differ, effects_differ,
                       outputs_equal}: `error` is the NameError's name or null; null where it was never run
  edited_since_run, never_run, ran_in_dead_kernel, n_runs, unstable_*
  mutates / stores / deletes / reads   as measured (fresh run; session in log[])
notebook  hidden: {ghost_names: only in the live kernel, lost_names: only in the fresh one, diverged_names}
"""
import argparse, hashlib, json, os, re, shutil, sys, tempfile, time, uuid
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import warnings
warnings.filterwarnings("ignore")
import jupyter_client, nbformat
from nbformat.v4 import output_from_msg
import names_oracle

TIMEOUT = 60
CELL_TIMEOUT = 15                                              # then the cell is interrupted, as a person would


class Kernel:
    """One ipykernel process with the probe installed."""

    def __init__(self, cwd, hist, home):
        self.snapfile = os.path.join(home, "snap.json")
        env = dict(os.environ, IPYTHONDIR=os.path.join(home, "ipython"), PYTHONPATH=HERE, JUPYTER_RUNTIME_DIR=os.path.join(home, "rt"),
                   PYDEVD_DISABLE_FILE_VALIDATION="1", MPLBACKEND="module://matplotlib_inline.backend_inline", JPY_PARENT_PID="0",
                   OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="0")
        env.pop("PYTHONHASHSEED", None)
        os.makedirs(env["JUPYTER_RUNTIME_DIR"], exist_ok=True)
        self.km = jupyter_client.KernelManager(kernel_name="python3", transport="ipc", ip=os.path.join(home, "k%d" % (time.time_ns() % 10**9)))
        self.km.start_kernel(cwd=cwd, env=env, stdout=-3, stderr=-3, extra_arguments=["--HistoryManager.hist_file=" + hist])
        self.connect()

    def connect(self):
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.wait_for_ready(timeout=TIMEOUT)
        self.quiet("__import__('kernel_probe').install(get_ipython())")

    def quiet(self, code):
        for _ in range(100):
            r = self.kc.execute_interactive(code, silent=True, store_history=False, allow_stdin=False, timeout=TIMEOUT, output_hook=lambda m: None)
            if r["content"]["status"] != "aborted":            # after an error ipykernel aborts what is queued for a moment
                break
            time.sleep(0.02)
        if r["content"]["status"] != "ok":
            raise RuntimeError("probe failed: " + "\n".join(r["content"].get("traceback", [str(r["content"])])))

    def restart(self):
        self.kc.stop_channels()
        self.km.restart_kernel(now=False)
        self.connect()

    def stop(self, now=False):
        self.kc.stop_channels()
        self.km.shutdown_kernel(now=now)

    def info(self):
        mid = self.kc.kernel_info()
        while True:
            m = self.kc.get_shell_msg(timeout=TIMEOUT)
            if m["parent_header"].get("msg_id") == mid:
                return m["content"]["language_info"]

    def run(self, code):
        """Execute as a front end does; -> outputs, count, error, timing, snapshot."""
        mid = self.kc.execute(code, silent=False, store_history=True, allow_stdin=False, stop_on_error=True)
        outs, timing, clear_next, displays = [], {}, False, {}
        end = time.time() + CELL_TIMEOUT
        interrupted = False
        while True:
            try:
                m = self.kc.get_iopub_msg(timeout=max(0.1, end - time.time()))
            except Exception:
                if interrupted:
                    raise
                self.km.interrupt_kernel()
                interrupted, end = True, time.time() + 20
                continue
            if m["parent_header"].get("msg_id") != mid:
                continue
            ty, c, date = m["msg_type"], m["content"], stamp(m["header"]["date"])
            if ty == "status":
                timing["iopub.status." + c["execution_state"]] = date
                if c["execution_state"] == "idle":
                    break
            elif ty == "execute_input":
                timing["iopub.execute_input"] = date
            elif ty == "clear_output":
                if c.get("wait"):
                    clear_next = True
                else:
                    outs.clear()
            elif ty in ("stream", "display_data", "execute_result", "error", "update_display_data"):
                if clear_next:
                    outs.clear()
                    clear_next = False
                did = c.get("transient", {}).get("display_id")
                if ty == "update_display_data":
                    for o in displays.get(did, []):
                        o["data"], o["metadata"] = c["data"], c["metadata"]
                    continue
                if ty == "stream" and outs and outs[-1]["output_type"] == "stream" and outs[-1]["name"] == c["name"]:
                    outs[-1]["text"] += c["text"]
                    continue
                outs.append(output_from_msg(m))
                if did:
                    displays.setdefault(did, []).append(outs[-1])
        while True:
            r = self.kc.get_shell_msg(timeout=TIMEOUT)
            if r["parent_header"].get("msg_id") == mid:
                break
        timing["shell.execute_reply"] = stamp(r["header"]["date"])
        started = r["metadata"].get("started")
        timing["shell.execute_reply.started"] = stamp(started) if started else timing.get("iopub.execute_input")
        c = r["content"]
        assert c["status"] != "aborted", "a user cell was aborted"
        err = {"ename": c["ename"], "evalue": norm_text(c["evalue"])} if c["status"] == "error" else None
        shown = next((o for o in outs if o["output_type"] == "error"), None)
        swallowed = err is None and shown is not None          # %%time, %%capture, %run: traceback shown, cell ends "ok"
        if swallowed:
            err = {"ename": shown["ename"], "evalue": norm_text(shown["evalue"])}
        return {"outputs": outs, "count": c.get("execution_count"), "error": err, "swallowed": swallowed, "timing": timing, **self.snap()}

    def again(self, sources):
        """What each of the sources would do now, each by itself; None where that could not be told."""
        path = os.path.join(os.path.dirname(self.snapfile), "again.json")
        with open(path, "w") as fh:
            json.dump(sources, fh)
        self.quiet("__import__('kernel_probe').again(%r)" % path)
        found = []
        for i in range(len(sources)):
            try:
                with open("%s.%d" % (path, i)) as fh:
                    found.append(json.load(fh))
            except (OSError, ValueError):
                found.append(None)
        return found

    def snap(self):
        if os.path.exists(self.snapfile):
            os.unlink(self.snapfile)
        self.quiet("__import__('kernel_probe').snap(%r)" % self.snapfile)
        with open(self.snapfile) as fh:
            return json.load(fh)


def stamp(d):
    return d if isinstance(d, str) else d.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def norm_text(s):
    s = "".join(s) if isinstance(s, list) else str(s)
    s = re.sub(r"0x[0-9a-fA-F]{5,}", "0xADDR", s)
    s = re.sub(r"/\S*?/ipykernel_\d+/\d+\.py", "<cell>", s)
    s = re.sub(r"(?m)^<>:\d+: SyntaxWarning: .*\n", "", s)          # of IPython's own compiling, which a fork leaves out
    s = re.sub(r"/\S*?/nbrun_\w+", "<cwd>", s)
    s = re.sub(r"(?i)\b(In|Cell In|Input In) ?\[\d+\]", "In[]", s)
    return re.sub(r"<ipython-input-\d+-[0-9a-f]+>", "<cell>", s)


def norm_outputs(outs):
    res = []
    for o in outs:
        t = o["output_type"]
        if t == "stream":
            res.append([t, o["name"], norm_text(o["text"])])
        elif t == "error":
            res.append([t, o["ename"], norm_text(o["evalue"])])
        else:
            data = {}
            for k, v in o["data"].items():
                v = "".join(v) if isinstance(v, list) else v
                data[k] = hashlib.sha1(v.encode()).hexdigest()[:16] if k.startswith("image/") and isinstance(v, str) else \
                    norm_text(v) if isinstance(v, str) else v
            res.append([t, data])
    return res


def name_of(err):
    if err and err["ename"] == "NameError":
        m = re.search(r"name '([^']+)' is not defined", err["evalue"])
        return m.group(1) if m else "?"
    return None


def delta(before, after, trace):
    """What a run did to the namespace, measured."""
    added = sorted(set(after) - set(before))
    removed = sorted(set(before) - set(after))
    changed = sorted(n for n in after if n in before and after[n]["h"] != before[n]["h"])
    stores = trace["stores"]
    return {"added": added, "removed": removed, "changed": changed,
            "mutates": [n for n in changed if n not in stores], "values": {n: after[n] for n in added + changed}}


def entry(r, before, source, label):
    t = r["trace"] or {"reads": [], "reads_now": [], "missing": [], "builtins": [], "stores": [], "deletes": []}
    d = delta(before, r["names"], t)
    return {"cell": label, "count": r["count"], "error": r["error"], "swallowed": r["swallowed"], "source": source,
            "reads": [n for n in t["reads"] if not n.startswith("__") and n not in ("get_ipython", "In", "exit", "quit")],
            "reads_now": [n for n in t["reads_now"] if not n.startswith("__") and n not in ("get_ipython",)],
            "missing": t["missing"], "builtins": t["builtins"],
            "stores": [n for n in t["stores"] if not n.startswith("__")], "deletes": t["deletes"], **d}


class Session:
    def __init__(self, plan, home):
        self.plan, self.home = plan, home
        self.cwd = os.path.join(tempfile.mkdtemp(prefix="nbrun_"), "work")
        os.makedirs(self.cwd)
        for p, text in plan.get("files", {}).items():
            self.write(p, text)
        self.cells = [dict(id=c["id"], type=c.get("type", "code"), source=c["source"]) for c in plan["cells"]]
        for c in self.cells:
            self.blank(c)
        self.hist = os.path.join(home, "history.sqlite")
        self.kernel = Kernel(self.cwd, self.hist, home)
        self.language = self.kernel.info()
        self.no, self.names, self.history, self.log, self.events = 1, {}, {}, [], []
        self.writers = {}                                      # name -> log index that last wrote it, this kernel
        self.deleted = {}

    @staticmethod
    def blank(c):
        c.update(count=None, outputs=[], timing=None, last=None, runs=0)

    def write(self, path, text):
        p = os.path.join(self.cwd, path)
        os.makedirs(os.path.dirname(p), exist_ok=True)
        with open(p, "w") as fh:
            fh.write(text)

    def find(self, cid):
        return next(c for c in self.cells if c["id"] == cid)

    def place(self, c, after):
        if after is None:
            self.cells.insert(0, c)
        else:
            self.cells.insert(self.cells.index(self.find(after)) + 1, c)

    def run_cell(self, c, step):
        if c["type"] != "code":
            return True
        if not c["source"].strip():                            # JupyterLab: an empty cell is only cleared
            c.update(count=None, outputs=[], timing=None, last=None)
            return True
        before, hist = self.names, self.history
        r = self.kernel.run(c["source"])
        e = {"step": step, "session": self.no, **entry(r, before, c["source"], c["id"])}
        e["prov"] = {n: self.writers.get(n) for n in e["reads"]}
        e["inputs"] = {n: (before.get(n) or hist.get(n)) for n in e["reads"] + e["missing"]}
        e["outputs"] = norm_outputs(r["outputs"])
        e["after"] = {n: r["names"].get(n) for n in set(e["stores"]) | set(e["added"]) | set(e["changed"]) | set(e["deletes"]) | set(e["removed"])}
        k = len(self.log)
        self.log.append(e)
        for n in set(e["stores"]) | set(e["added"]) | set(e["changed"]):
            self.writers[n] = k
        for n in e["removed"]:
            self.writers.pop(n, None)
        self.names, self.history = r["names"], r["history"]
        c.update(count=r["count"], outputs=r["outputs"], timing=r["timing"], last=k,
                 before_last={**before, **hist}, after_last=self.names)   # for names that only the fresh run touches
        c["runs"] += 1
        return r["error"] is None or r["swallowed"]

    def play(self):
        for k, s in enumerate(self.plan["steps"]):
            op = s["op"]
            if op == "run":
                c = self.find(s["cell"])
                if "source" in s:
                    c["source"] = s["source"]
                self.run_cell(c, k)
            elif op == "edit":
                self.find(s["cell"])["source"] = s["source"]
            elif op == "delete":
                c = self.find(s["cell"])
                self.deleted[c["id"]] = c
                self.cells.remove(c)
            elif op == "insert":
                c = dict(id=s["cell"], type=s.get("type", "code"), source=s["source"])
                self.blank(c)
                self.place(c, s.get("after"))
            elif op == "move":
                c = self.find(s["cell"])
                self.cells.remove(c)
                self.place(c, s.get("after"))
            elif op == "restart":
                self.kernel.restart()
                self.no += 1
                self.names, self.history, self.writers = {}, {}, {}
            elif op == "run_all":
                for c in list(self.cells):
                    if not self.run_cell(c, k):
                        break
            elif op == "clear":
                for c in self.cells if "cell" not in s else [self.find(s["cell"])]:
                    c.update(count=None, outputs=[], timing=None, last=None)
            elif op == "write":
                self.write(s["path"], s["text"])
            elif op == "type":
                c = self.find(s["cell"])
                c["type"] = s["type"]
                c.update(count=None, outputs=[], timing=None, last=None)
            else:
                raise ValueError("unknown op " + op)

    def notebook(self):
        nb = nbformat.v4.new_notebook()
        nb.metadata = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
                       "language_info": self.language}
        for c in self.cells:
            cid = str(uuid.uuid5(uuid.NAMESPACE_URL, self.plan["name"] + "/" + c["id"]))
            meta = {}
            if c["timing"] and self.plan.get("record_timing", True):
                meta["execution"] = c["timing"]
            if c["type"] == "code":
                x = nbformat.v4.new_code_cell(c["source"], id=cid, metadata=meta, execution_count=c["count"], outputs=c["outputs"])
            else:
                x = (nbformat.v4.new_markdown_cell if c["type"] == "markdown" else nbformat.v4.new_raw_cell)(c["source"], id=cid)
            nb.cells.append(x)
        nb.nbformat, nb.nbformat_minor = 4, 5
        nbformat.validate(nb)
        return nb


def fresh_run(nb, cwd, home, labels, order=None):
    """Restart & Run All of the saved file, past errors (or only the cells in `order`, in that order).
    -> list per cell (None if empty or not run), final names."""
    work = os.path.join(tempfile.mkdtemp(prefix="nbrun_"), "work")
    shutil.copytree(cwd, work)
    k = Kernel(work, ":memory:", home)
    out, names, hist = [None] * len(nb.cells), {}, {}
    try:
        for i in range(len(nb.cells)) if order is None else order:
            c = nb.cells[i]
            if c.cell_type != "code" or not c.source.strip():
                continue
            r = k.run(c.source)
            e = entry(r, names, c.source, labels[i])
            e["inputs"] = {n: (names.get(n) or hist.get(n)) for n in e["reads"] + e["missing"]}
            e["outputs"] = norm_outputs(r["outputs"])
            e["before_all"], e["after_all"], e["hist"] = names, r["names"], hist
            names, hist = r["names"], r["history"]
            out[i] = e
    finally:
        k.stop(now=True)
        shutil.rmtree(os.path.dirname(work), ignore_errors=True)
    return out, names


def same(a, b):
    return (a is None) == (b is None) and (a is None or a["h"] == b["h"])


def is_history(n):
    return n in ("_", "__", "___", "Out") or bool(re.match(r"_i*\d+$|_i{1,3}$", n))


def compare(run, before, after, a, unstable, unstable_outputs):
    """One run (of the session, or of the count-order replay) against the fresh run `a` of the same cell."""
    inputs = []
    for n in sorted((set(run["inputs"]) | set(a["inputs"])) - unstable):
        if n == "Out" or re.match(r"_i*\d+$|_i+$", n):
            continue                                           # judged by what the cell did with it
        now = run["inputs"][n] if n in run["inputs"] else before.get(n)
        fresh = a["inputs"][n] if n in a["inputs"] else a["before_all"].get(n) or a["hist"].get(n)
        if not same(now, fresh):
            inputs.append(n)
    touched = set()
    for e in (run, a):
        for k in ("stores", "added", "changed", "deletes", "removed"):
            touched |= set(e[k])
    effects = [n for n in sorted(touched - unstable) if not same(after.get(n), a["after_all"].get(n))]
    eq = run["outputs"] == a["outputs"]
    err = (run["error"] or {}).get("ename") != (a["error"] or {}).get("ename")
    differs = (not eq and not unstable_outputs) or err or bool(effects)
    return {"outputs_equal": eq, "inputs_differ": inputs, "effects_differ": effects, "differs_on_rerun": differs, "stale": differs or bool(inputs)}


def plain_outputs(outs):
    """What was printed and displayed, without the types of the outputs, and no errors."""
    said = {n: norm_text("".join(o[2] for o in outs if o[0] == "stream" and o[1] == n)) for n in ("stdout", "stderr")}
    return said, [o[1] for o in outs if o[0] in ("display_data", "execute_result")]


def run_again(s):
    """Runs every cell that was run once more; -> {label: what that would give}."""
    cells = [c for c in s.cells if c["type"] == "code" and c["last"] is not None]
    found = {}
    for c, r in zip(cells, s.kernel.again([c["source"] for c in cells])):
        if r is None:
            continue
        run = s.log[c["last"]]
        e = entry({**r, "count": None, "swallowed": False}, s.names, c["source"], c["id"])
        before = {**s.names, **s.history}
        own = {n for n in run["reads"] if run["inputs"].get(n, 0) is None}     # its own `import *` bound them first
        inputs = [n for n in sorted((set(run["inputs"]) | set(e["reads"]) | set(e["missing"])) - own)
                  if not is_history(n) and not same(run["inputs"].get(n, c["before_last"].get(n)), before.get(n))]
        touched = set(run["stores"]) | set(run["added"]) | set(run["changed"]) | set(e["stores"]) | set(e["added"]) | set(e["changed"]) | set(e["removed"])
        effects = [n for n in sorted(touched) if not n.startswith("__") and not same(c["after_last"].get(n), r["names"].get(n))]
        shown = norm_outputs([{"output_type": "display_data", "data": o[1]} if o[0] == "display" else {"output_type": "stream", "name": o[1], "text": o[2]}
                              for o in r["outputs"]])
        equal = plain_outputs(shown) == plain_outputs(run["outputs"])
        errors = [(x or {}).get("ename") for x in (run["error"], r["error"])]
        found[c["id"]] = {"error": name_of(r["error"]), "ename": errors[1], "inputs_differ": inputs, "effects_differ": effects, "outputs_equal": equal,
                          "same": errors[0] == errors[1] and equal and not inputs and not effects}
    return found


def truth(s, nb, f1, f2, n1, n2, rp, now):
    labels = [c["id"] for c in s.cells]
    pos = {l: i for i, l in enumerate(labels)}
    saved_source = {c["id"]: c["source"] for c in s.cells}
    cells, failed_binds, first = [], set(), True
    for i, (c, a, b) in enumerate(zip(s.cells, f1, f2)):
        if c["type"] != "code":
            continue
        rec = {"index": i, "label": c["id"], "id": nb.cells[i].id, "saved_count": c["count"], "never_run": c["last"] is None and c["count"] is None,
               "n_runs": c["runs"], "empty": a is None}
        run = s.log[c["last"]] if c["last"] is not None else None
        rec["edited_since_run"] = bool(run and run["source"] != c["source"])
        rec["ran_in_dead_kernel"] = bool(run and run["session"] != s.no)
        rec["saved_error"] = run["error"] if run else None
        rec.update(fresh_count=None, fresh_error=None, error_swallowed=False, nameerror_on_rerun=None, nameerror_cascade=False, first_error=False,
                   outputs_equal=None, unstable_outputs=False, unstable_names=[], inputs=[], inputs_fresh=[], inputs_differ=[], effects_differ=[],
                   differs_on_rerun=False, stale=False, stale_visible=False, differs_visible=False, replay_reproduces_saved=None, reads_history=[], inputs_changed_since=[], provenance={}, reads=[], stores=[], mutates=[], deletes=[])
        if a:
            rec.update(fresh_count=a["count"], fresh_error=a["error"], error_swallowed=a["swallowed"], reads=a["reads"], stores=a["stores"], mutates=a["mutates"],
                       deletes=a["deletes"], missing=a["missing"])
            nm = name_of(a["error"])
            rec["nameerror_on_rerun"] = nm
            rec["nameerror_cascade"] = nm in failed_binds
            rec["unstable_outputs"] = a["outputs"] != b["outputs"]
            unstable = {n for n in set(a["after_all"]) | set(b["after_all"]) if not same(a["after_all"].get(n), b["after_all"].get(n))}
            unstable |= {n for n in set(a["before_all"]) | set(b["before_all"]) if not same(a["before_all"].get(n), b["before_all"].get(n))}
            rec["unstable_names"] = sorted(unstable)
            if a["error"]:
                o = names_oracle.analyse(c["source"])
                failed_binds |= set(o.get("binds", [])) - set(a["stores"])
                if first and not a["swallowed"]:
                    rec["first_error"], first = True, False
            failed_binds -= set(a["stores"])
        if run and a:
            rec["inputs"], rec["inputs_fresh"] = sorted(run["inputs"]), sorted(a["inputs"])
            rec.update(compare(run, c["before_last"], c["after_last"], a, unstable, rec["unstable_outputs"]))
            if rp[i]:
                v = compare(rp[i], {**rp[i]["before_all"], **rp[i]["hist"]}, rp[i]["after_all"], a, unstable, rec["unstable_outputs"])
                rec["stale_visible"], rec["differs_visible"] = v["stale"], v["differs_on_rerun"]
                rec["replay_reproduces_saved"] = rp[i]["outputs"] == run["outputs"] if not rec["unstable_outputs"] else None
            rec["reads_history"] = sorted(n for n in run["inputs"] if is_history(n))
            # who made what it read
            for n, k in run["prov"].items():
                if k is None:
                    continue
                w = s.log[k]
                rec["provenance"][n] = {"step": w["step"], "cell": w["cell"], "session": w["session"],
                                        "how": "store" if n in w["stores"] or n in w["added"] else "mutate",
                                        "where": where(w["cell"], i, pos), "same_source": saved_source.get(w["cell"]) == w["source"],
                                        "was_last_run": any(x["id"] == w["cell"] and x["last"] == k for x in s.cells)}
            for w in s.log[c["last"] + 1:]:
                if w["session"] != run["session"] or w["cell"] == c["id"]:
                    continue
                for n in run["inputs"]:
                    if n in w["changed"] or n in w["added"] or n in w["removed"]:
                        rec["inputs_changed_since"].append({"name": n, "by": w["cell"], "step": w["step"],
                            "how": "store" if n in w["stores"] else "delete" if n in w["removed"] else "mutate",
                            "where": where(w["cell"], i, pos) if saved_source.get(w["cell"], w["source"]) == w["source"] else "edited"})
        rec["now"] = now.get(c["id"])
        cells.append(rec)
    unstable = {n for n in set(n1) | set(n2) if not same(n1.get(n), n2.get(n))}
    hidden = {"ghost_names": sorted(set(s.names) - set(n1) - unstable), "lost_names": sorted(set(n1) - set(s.names) - unstable),
              "diverged_names": sorted(n for n in set(s.names) & set(n1) - unstable if not same(s.names[n], n1[n])),
              "unstable_names": sorted(unstable)}
    code = [c for c in cells if not c["empty"]]
    cnt = [c["saved_count"] for c in code if c["saved_count"] is not None]
    summary = {"code_cells": len(code), "run": sum(not c["never_run"] for c in code), "stale": sum(c["stale"] for c in code),
               "differs_on_rerun": sum(c["differs_on_rerun"] for c in code),
               "stale_visible": sum(c["stale"] and c["stale_visible"] for c in code), "nameerror_on_rerun": sum(c["nameerror_on_rerun"] is not None for c in code),
               "new_nameerror": sum(c["nameerror_on_rerun"] is not None and (c["saved_error"] or {}).get("ename") != "NameError" for c in code),
               "other_error_on_rerun": sum(c["fresh_error"] is not None and c["nameerror_on_rerun"] is None for c in code),
               "edited_since_run": sum(c["edited_since_run"] for c in code), "counts_monotonic": all(x < y for x, y in zip(cnt, cnt[1:])),
               "counts_1_to_n": cnt == list(range(1, len(code) + 1))}
    for e in s.log:
        e.pop("prov", None); e.pop("after", None)
    fresh = []
    for e in f1:
        if e:
            e = dict(e)
            for k in ("before_all", "after_all", "hist"):
                e.pop(k)
        fresh.append(e)
    versions = {m: sys.modules[m].__version__ if m in sys.modules and hasattr(sys.modules[m], "__version__") else None for m in ("jupyter_client", "nbformat")}
    replay = [None if e is None else {k: v for k, v in e.items() if k not in ("before_all", "after_all", "hist")} for e in rp]
    return {"plan": s.plan["name"], "note": s.plan.get("note", ""), "tags": s.plan.get("tags", []), "python": s.language["version"], **versions,
            "summary": summary, "hidden": hidden, "cells": cells, "log": s.log, "fresh": fresh, "replay": replay,
            "session_final": s.names, "fresh_final": n1, "sessions": s.no}


def where(label, i, pos):
    if label not in pos:
        return "deleted"
    return "above" if pos[label] < i else "below" if pos[label] > i else "self"


def check(expect, t):
    """Compare a person's expectation with the measured truth; -> list of complaints."""
    by = {c["label"]: c for c in t["cells"]}
    bad = []
    for l, n in expect.get("nameerror", {}).items():
        if by[l]["nameerror_on_rerun"] != n:
            bad.append("%s: expected NameError %s, measured %s" % (l, n, by[l]["nameerror_on_rerun"]))
    if "nameerror" in expect:
        for l, c in by.items():
            if c["nameerror_on_rerun"] and l not in expect["nameerror"]:
                bad.append("%s: unexpected NameError %s" % (l, c["nameerror_on_rerun"]))
    if "stale" in expect:
        got = sorted(l for l, c in by.items() if c["stale"])
        if got != sorted(expect["stale"]):
            bad.append("stale: expected %s, measured %s" % (sorted(expect["stale"]), got))
    for k in ("ghost_names", "lost_names", "diverged_names"):
        if k in expect and sorted(expect[k]) != t["hidden"][k]:
            bad.append("%s: expected %s, measured %s" % (k, sorted(expect[k]), t["hidden"][k]))
    for l, e in expect.get("error", {}).items():
        if (by[l]["fresh_error"] or {}).get("ename") != e:
            bad.append("%s: expected %s, measured %s" % (l, e, by[l]["fresh_error"]))
    return bad


def oracle(plan, out, truth_path, keep_history=True):
    home = tempfile.mkdtemp(prefix="nbkern_")
    s = None
    try:
        s = Session(plan, home)
        try:
            s.play()
            nb = s.notebook()
            now = run_again(s)
        finally:
            s.kernel.stop()
        nbformat.write(nb, out)
        if keep_history and os.path.exists(s.hist):
            shutil.copy(s.hist, re.sub(r"\.ipynb$", "", out) + ".history.sqlite")
        nb = nbformat.read(out, as_version=4)                  # the file is what gets rerun
        labels = [c["id"] for c in s.cells]
        f1, n1 = fresh_run(nb, s.cwd, home, labels)
        f2, n2 = fresh_run(nb, s.cwd, home, labels)
        order = sorted((i for i, c in enumerate(nb.cells) if c.cell_type == "code" and c.execution_count is not None),
                       key=lambda i: (nb.cells[i].execution_count, i))
        rp, _ = fresh_run(nb, s.cwd, home, labels, order)
        t = truth(s, nb, f1, f2, n1, n2, rp, now)
        t["expect_failures"] = check(plan.get("expect", {}), t)
        with open(truth_path, "w") as fh:
            json.dump(t, fh, indent=1)
        return t
    finally:
        shutil.rmtree(home, ignore_errors=True)
        if s is not None:
            shutil.rmtree(os.path.dirname(s.cwd), ignore_errors=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("plan")
    ap.add_argument("--out", required=True)
    ap.add_argument("--truth", required=True)
    a = ap.parse_args()
    t = oracle(json.load(open(a.plan)), a.out, a.truth)
    print(json.dumps({"plan": t["plan"], **t["summary"], "hidden": t["hidden"], "expect_failures": t["expect_failures"]}, indent=1))
    return 1 if t["expect_failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
