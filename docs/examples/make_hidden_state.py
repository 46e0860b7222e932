#!/usr/bin/env python3
"""make_hidden_state.py - play the example's session on a real kernel, save the notebook, and measure the truth.

    python3 docs/examples/make_hidden_state.py

Writes, beside itself, the two small tables and hidden-state.ipynb as a front end would have saved it, and
tests/data/hidden-state.truth.tsv: what each cell gave when the saved file was really run again from the top in
a new kernel. Needs ipykernel, jupyter_client, nbformat, pandas and scikit-learn; the saved notebook was made
with the versions that its README names (another scikit-learn may draw other trees).
"""
import math, os, random, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "oracle"))


def subscribers(year, rows):
    """A table of made-up subscribers; the same year gives the same table."""
    draw = random.Random(year)
    lines = ["subscriber_id,plan,months,monthly_spend,logins,support_calls,left"]
    for n in range(rows):
        plan = draw.choice(["basic", "basic", "family", "plus"])
        months = draw.randint(1, 60)
        spend = {"basic": 8, "family": 19, "plus": 12}[plan] + 9 * draw.random()
        logins = draw.randint(0, 40)
        calls = min(6, int(draw.expovariate(0.9)))
        pull = 0.5 + 0.7 * calls - 0.06 * logins - 0.02 * months + 0.03 * spend
        left = draw.random() < 1 / (1 + math.exp(-1.3 * pull))
        spend = "" if draw.random() < 0.07 else "%.2f" % spend
        logins = "" if draw.random() < 0.08 else logins
        lines.append("%d,%s,%d,%s,%s,%d,%d" % (10000 + 7 * n, plan, months, spend, logins, calls, left))
    return "\n".join(lines) + "\n"


# The notebook's cells in file order: (label, type, source).
CELLS = [
    ("title", "markdown", """\
# Which subscribers will leave?

One row for each subscriber at the end of the year. `left` is 1 for those who cancelled in the three months after.
What we want is a short list of people to call before they go."""),
    ("imports", "code", """\
import pandas as pd
from sklearn.metrics import accuracy_score
from sklearn.tree import DecisionTreeClassifier"""),
    ("load", "code", """\
df = pd.read_csv("subscribers-2023.csv")
df.head()"""),
    ("missing", "code", """\
df.isna().sum()"""),
    ("drop", "code", """\
# an id says nothing about a person
df = df.drop(columns="subscriber_id")
df.shape"""),
    ("plans", "code", """\
df.groupby("plan")["left"].mean().round(3)"""),
    ("first", "markdown", """\
## A first model

What people pay matters more by its rank than by its amount, so we cut it into three bands of equal size."""),
    ("band", "code", """\
df["spend_band"] = pd.qcut(df["monthly_spend"], 3, labels=False)
df["spend_band"].value_counts().sort_index()"""),
    ("dropna", "code", """\
df = df.dropna()
len(df)"""),
    ("features", "code", """\
X = df[["months", "logins", "support_calls", "spend_band"]]
y = df["left"]"""),
    ("fit", "code", """\
baseline = DecisionTreeClassifier(max_depth=8, random_state=0)
baseline.fit(X, y)"""),
    ("score", "code", """\
baseline.score(X, y)"""),
    ("good", "markdown", """\
Well above nine in ten at the first attempt! Good enough to build on. Let's put the steps into functions, and
give the tree the amounts themselves.

## The model that we keep"""),
    ("functions", "code", """\
FEATURES = ["months", "monthly_spend", "logins", "support_calls"]

def load(path):
    return pd.read_csv(path).dropna()

def train(data):
    model = DecisionTreeClassifier(max_depth=8, random_state=0)
    return model.fit(data[FEATURES], data["left"])

def evaluate(model, data):
    return accuracy_score(data["left"], model.predict(data[FEATURES]))"""),
    ("train_data", "code", """\
data = load("subscribers-2023.csv")
data.describe().round(1)"""),
    ("train", "code", """\
model = train(data)"""),
    ("evaluate", "code", """\
evaluate(model, data)"""),
    ("odd", "markdown", """\
Odd: this was as good as the first model before lunch, and `train` has not been touched since.
Is the tree too deep? To be looked at.

## Whom to call

This year's subscribers, and those of them whom the model gives up."""),
    ("this_year", "code", """\
data = load("subscribers-2024.csv")
data.head()"""),
    ("to_call", "code", """\
risk = model.predict_proba(data[FEATURES])[:, 1]
to_call = data[risk > threshold]
len(to_call)"""),
    ("longest", "code", """\
to_call.sort_values("months", ascending=False).head()"""),
    ("export", "code", """\
to_call.to_csv("to-call.csv", index=False)"""),
]

# What was done, in this order: the label of a cell to run; -label: delete it; +label: write it now.
THRESHOLD = ("threshold", "code", "threshold = 0.8")
SESSION = """
imports load missing drop plans
dropna features +band band features
fit score
functions train_data train evaluate
+threshold threshold this_year to_call longest
evaluate -threshold
""".split()


def plan():
    cells = [{"id": label, "type": kind, "source": source} for label, kind, source in CELLS]
    source = {label: text for label, _, text in CELLS + [THRESHOLD]}
    after = {"band": "first", "threshold": "odd"}
    steps = []
    for word in SESSION:
        label = word.lstrip("+-")
        if word[0] == "+":
            steps.append({"op": "insert", "cell": label, "source": source[label], "after": after[label]})
        elif word[0] == "-":
            steps.append({"op": "delete", "cell": label})
        else:
            steps.append({"op": "run", "cell": label})
    return {"name": "hidden-state", "record_timing": False, "cells": [c for c in cells if c["id"] != "band"], "steps": steps,
            "files": {"subscribers-2023.csv": subscribers(2023, 240), "subscribers-2024.csv": subscribers(2024, 160)}}


def verdict(cell):
    """What the real run from the top says of one cell of the saved notebook."""
    if cell["nameerror_on_rerun"]:
        return "NameError " + cell["nameerror_on_rerun"]
    if cell["never_run"]:
        return "-"
    if not cell["outputs_equal"]:
        return "other-output"
    return "other-inputs" if cell["stale"] else "same"


def main():
    import run_oracle
    played = plan()
    for name, text in played["files"].items():
        with open(os.path.join(HERE, name), "w") as file:
            file.write(text)
    with tempfile.TemporaryDirectory() as scratch:
        truth = run_oracle.oracle(played, os.path.join(HERE, "hidden-state.ipynb"), os.path.join(scratch, "truth.json"),
                                  keep_history=False)
    rows = ["# cell\tcount\tran\trerun: made by docs/examples/make_hidden_state.py"]
    for number, cell in enumerate(truth["cells"], 1):
        rows.append("%d\t%s\t%s\t%s" % (number, cell["saved_count"] or "-", "no" if cell["never_run"] else "yes", verdict(cell)))
    with open(os.path.join(ROOT, "tests", "data", "hidden-state.truth.tsv"), "w") as file:
        file.write("\n".join(rows) + "\n")
    print("\n".join(rows))
    for number, cell in enumerate(truth["cells"], 1):
        print(number, cell["label"], "inputs", cell["inputs_differ"], "effects", cell["effects_differ"])


if __name__ == "__main__":
    main()
