#!/usr/bin/env python3
"""mutations_probe.py - call the methods of real objects, and hold what core/python/mutators.c says of them against what changed.

    /usr/bin/python3 mutations_probe.py --table ../../core/python/mutators.c

Each method of the containers, of pandas' tables and columns, of numpy's arrays and of a few of scikit-learn's estimators is called with
arguments that are plausible, on an object of its own, which is fingerprinted before and after (kernel_probe).  By method name, over all types:

    never changed, though the table says CHANGES or ADDS      wrong: exit status 1
    changed always, though the table says READS or SHARES     wrong
    changed for some types only                               to be MAY_CHANGE, or what is usual
    not in the table                                          listed: a reader that the table should know
"""
import argparse, collections, contextlib, io, os, re, signal, sys, warnings
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
warnings.filterwarnings("ignore")
os.environ.update(MPLBACKEND="agg", OMP_NUM_THREADS="1")
import kernel_probe
import numpy as np, pandas as pd

ARGUMENTS = [(), (0,), (1,), ("a",), (1, 2), ([1],), ({"a": 5},), ({1, 9},), (lambda v: v,), ("a", 7), (pd.DataFrame({"a": [9, 8, 7]}),), (0, "z", [1, 2, 3]), ([1], [2])]
SKIP = re.compile(r"_|to_(string|markdown|clipboard|sql|gbq|hdf|feather|parquet|stata|excel|pickle|csv|json|html|latex|xml)|tofile|dump|plot|hist|boxplot|byteswap|style|setflags")


def makers():
    yield "list", lambda: [3, 1, 2]
    yield "dict", lambda: {"a": 1, "b": 2}
    yield "set", lambda: {1, 2}
    yield "bytearray", lambda: bytearray(b"cab")
    yield "deque", lambda: collections.deque([3, 1, 2])
    yield "Counter", lambda: collections.Counter("aab")
    yield "OrderedDict", lambda: collections.OrderedDict(a=1, b=2)
    yield "defaultdict", lambda: collections.defaultdict(list, a=[1])
    yield "str", lambda: "abc"
    yield "ndarray", lambda: np.array([3.0, 1.0, 2.0])
    yield "DataFrame", lambda: pd.DataFrame({"a": [3, 1, 2], "b": [1.0, None, 2.0]})
    yield "Series", lambda: pd.Series([3, 1, 2], name="a")


def changes(make, name, arguments):
    """Whether the call changed the object; None where it raised."""
    made = make()
    method = getattr(made, name)
    if not callable(method):
        return None
    before = kernel_probe.finger(made)["h"]
    signal.alarm(5)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            method(*arguments)
    except BaseException:
        return None
    finally:
        signal.alarm(0)
    return kernel_probe.finger(made)["h"] != before


def estimators():
    from sklearn.cluster import KMeans
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier
    X, y = np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([0, 0, 1, 1])
    for cls in (LinearRegression, LogisticRegression, DecisionTreeClassifier, StandardScaler, lambda: KMeans(2, n_init=1)):
        name = getattr(cls, "__name__", "KMeans")
        yield name, (lambda c=cls: c()), [(X, y), (X,)], ("fit", "fit_transform", "fit_predict", "partial_fit")
        yield name, (lambda c=cls: c().fit(X, y)), [(X, y), (X,), ()], ("predict", "predict_proba", "predict_log_proba", "decision_function", "score", "transform", "inverse_transform", "get_params", "apply")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", required=True)
    options = parser.parse_args()
    table = dict(re.findall(r'M\("(\w+)", (\w+)\)', open(options.table).read()))
    signal.signal(signal.SIGALRM, lambda *a: (_ for _ in ()).throw(TimeoutError()))
    seen = collections.defaultdict(lambda: collections.defaultdict(list))
    for kind, make in makers():
        for name in dir(make()):
            if SKIP.match(name):
                continue
            for arguments in ARGUMENTS:
                result = changes(make, name, arguments)
                if result is not None:
                    seen[name][kind].append(result)
    for kind, make, given, names in estimators():
        for name in names:
            for arguments in given:
                if hasattr(make(), name):
                    result = changes(make, name, arguments)
                    if result is not None:
                        seen[name][kind].append(result)
    wrong, readers, partly = [], [], []
    for name, kinds in sorted(seen.items()):
        ever = {k for k, v in kinds.items() if any(v)}
        said = table.get(name)
        if not ever and said in ("CHANGES", "ADDS"):
            wrong.append("%s: the table says %s, but it never changed %s" % (name, said, ", ".join(kinds)))
        elif ever == set(kinds) and said in ("READS", "SHARES"):
            wrong.append("%s: the table says %s, but it changed %s" % (name, said, ", ".join(sorted(ever))))
        elif ever and ever != set(kinds):
            partly.append("%s (%s): changes %s, not %s" % (name, said, ", ".join(sorted(ever)), ", ".join(sorted(set(kinds) - ever))))
        if said is None:
            (readers if not ever else wrong).append("%s: not in the table; %s" % (name, "changed " + ", ".join(sorted(ever)) if ever else "a reader of " + ", ".join(sorted(kinds))))
    for title, lines in (("WRONG", wrong), ("by type", partly), ("readers that the table does not know", readers)):
        print("%s: %d" % (title, len(lines)))
        for line in lines:
            print("    " + line)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
