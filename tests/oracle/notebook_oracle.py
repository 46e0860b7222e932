#!/usr/bin/env python3
"""Holds what nbscope reads of notebooks against nbformat.

    notebook_oracle.py --driver build/tests/oracle/notebook_dump [FILE|FOLDER]...
    notebook_oracle.py --driver build/tests/oracle/notebook_dump --random N [--seed S]

Files are read by nbformat and brought to format 4 by it; the driver (notebook_dump)
dumps what nbscope makes of them, every output loaded. Cells, types, ids, sources,
counts, outputs, texts, tracebacks and mime parts must be the same, byte for byte.
With --random, notebooks of formats 2 to 4 are made up in odd spellings: keys in any
order, keys that come twice, escapes where none are needed, lists and strings mixed.
Where nbformat refuses a file, nbscope must refuse it.
"""

import argparse
import io
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

import nbformat

TEXT_TYPES = {"application/xml", "application/javascript", "application/x-latex"}


def encode(text):
    return text.encode("utf-8", "surrogatepass")


def is_json_type(mime):
    return mime == "application/json" or (mime.startswith("application/") and mime.endswith("+json"))


class Row:
    """The fields of one answer, one after the other."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def bytes(self):
        colon = self.data.index(b":", self.at)
        size = int(self.data[self.at : colon])
        self.at = colon + 1 + size
        return self.data[colon + 1 : self.at]

    def text(self):
        return self.bytes().decode("utf-8", "surrogatepass")

    def number(self):
        return int(self.bytes())


def read_answer(data):
    row = Row(data)
    if row.text() == "failure":
        return {"failure": (row.number(), row.number(), row.text())}
    found = {"format": (row.number(), row.number()), "language": row.text(), "version": row.text()}
    found["kernel"] = (row.text(), row.text())
    found["cells"] = [read_cell(row) for _ in range(row.number())]
    assert row.at == len(data)
    return found


def read_cell(row):
    cell = {"type": row.text(), "id": row.text(), "source": row.text(), "count": row.number()}
    cell["line"], cell["source_line"] = row.number(), row.number()
    assert row.number() == 1, "metadata could not be loaded"
    cell["tags"] = [row.text() for _ in range(row.number())]
    cell["outputs"] = [read_output(row) for _ in range(row.number())]
    return cell


def read_output(row):
    output = {"type": row.text(), "stream": row.text(), "count": row.number(), "size": row.number()}
    assert row.number() == 1, "an output could not be loaded"
    output["text"] = row.text()
    output["error"] = (row.text(), row.text(), row.text())
    output["parts"] = [(row.text(), row.bytes(), row.number()) for _ in range(row.number())]
    return output


def count_of(value):
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else -1


def compare_part(mime, value, text, raw, legacy):
    if is_json_type(mime):
        return json.loads(text) == value
    wanted = mime.startswith("text/") or mime.endswith("+xml") or mime in TEXT_TYPES
    if not wanted or not isinstance(value, str):
        return text == b""
    return text == encode(value)


def compare_output(output, ours, legacy):
    kind = output.get("output_type")
    known = kind in ("stream", "display_data", "execute_result", "error")
    yield "output type", kind if known else "unknown", ours["type"]
    if kind == "stream":
        yield "stream", output.get("name", "stdout"), ours["stream"]
        yield "text", output.get("text", ""), ours["text"]
    if kind == "execute_result":
        yield "output's count", count_of(output.get("execution_count")), ours["count"]
    if kind == "error":
        error = (output.get("ename", ""), output.get("evalue", ""), "\n".join(output.get("traceback", [])))
        yield "error", error, ours["error"]
    if kind in ("display_data", "execute_result"):
        data = output.get("data", {})
        parts = {mime: (text, size) for mime, text, size in ours["parts"]}
        yield "mime types", sorted(data), sorted(mime for mime, _, _ in ours["parts"])
        for mime, value in data.items():
            if mime in parts:
                yield mime, True, compare_part(mime, value, *parts[mime], legacy)


def compare(nb, ours, legacy):
    metadata = nb.get("metadata", {})
    info, kernel = (value if isinstance(value, dict) else {} for value in map(metadata.get, ("language_info", "kernelspec")))
    language = info.get("name") or kernel.get("language") or metadata.get("language") or "python"
    yield "language", language.lower(), ours["language"]
    yield "version", str(info.get("version", "")), ours["version"]
    yield "kernel", (kernel.get("name", ""), kernel.get("display_name", "")), ours["kernel"]
    yield "cells", len(nb["cells"]), len(ours["cells"])
    for number, (cell, our) in enumerate(zip(nb["cells"], ours["cells"])):
        where = f"cell {number}: "
        kind = cell.get("cell_type")
        yield where + "type", kind if kind in ("code", "markdown") else "raw", our["type"]
        yield where + "source", cell.get("source", ""), our["source"]
        tags = cell.get("metadata", {}).get("tags", [])
        if isinstance(tags, list) and len(json.dumps(cell["metadata"])) < 1_000_000:
            yield where + "tags", [tag for tag in tags if isinstance(tag, str)], our["tags"]
        if not legacy:
            yield where + "id", cell.get("id", ""), our["id"]
        if kind == "code":
            yield where + "count", count_of(cell.get("execution_count")), our["count"]
            yield where + "outputs", len(cell.get("outputs", [])), len(our["outputs"])
            for output, our_output in zip(cell.get("outputs", []), our["outputs"]):
                for what, expected, got in compare_output(output, our_output, legacy):
                    yield where + what, expected, got


def upgrade(nb):
    """Format 4 as nbformat makes it."""
    return nb if nb.nbformat == 4 else nbformat.convert(nb, 4)


def line_differences(text, cells, ours):
    """Where a cell's object does not begin on the line that nbscope gives."""
    decoder = json.JSONDecoder()
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for cell, our in zip(cells, ours["cells"]):
        line = our["line"] - 1
        at = text.find("{", starts[line])
        while at != -1 and at < starts[line + 1]:
            try:
                if decoder.raw_decode(text, at)[0] == cell:
                    break
            except ValueError:
                pass
            at = text.find("{", at + 1)
        else:
            yield our["line"]


def check(text, data, say):
    """Compares one document; gives how many differences there are."""
    ours = read_answer(data)
    try:
        document = json.loads(text) if text is not None else None
        # nbformat converts 3.0 only, and treats format 2 otherwise only where lines of
        # a list end in line feeds already.
        if document["nbformat"] in (2, 3):
            document["nbformat"], document["nbformat_minor"] = 3, 0
        nb = upgrade(nbformat.reader.reads(json.dumps(document)))
        nb["cells"]
    except Exception as error:  # nbformat raises whatever comes up
        if "failure" not in ours:
            say(f"nbformat refuses it ({type(error).__name__}: {str(error)[:80]}), nbscope does not")
            return 1
        return 0
    if "failure" in ours:
        say(f"refused, but nbformat reads it: {ours['failure']}")
        return 1
    legacy = document["nbformat"] < 4
    differences = [(what, a, b) for what, a, b in compare(nb, ours, legacy) if a != b]
    cells = document["cells"] if not legacy else [c for ws in document["worksheets"] for c in ws["cells"]]
    if len(text) < 2_000_000:
        differences += [("line of a cell", "", line) for line in line_differences(text, cells, ours)]
    for what, expected, got in differences[:3]:
        say(f"{what}: nbformat {expected!r:.200}, nbscope {got!r:.200}")
    return len(differences)


def ask(driver, documents):
    process = subprocess.Popen([driver], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for document in documents:
        process.stdin.write(struct.pack(">I", len(document)) + document)
        process.stdin.flush()
        (size,) = struct.unpack(">I", process.stdout.read(4))
        yield process.stdout.read(size)
    process.stdin.close()
    if process.wait():
        sys.exit(f"{driver} failed")


def ask_file(driver, path):
    answer = subprocess.run([driver, path], stdout=subprocess.PIPE, check=True).stdout
    return answer[4:]


def check_files(driver, arguments):
    paths = []
    for name in map(pathlib.Path, arguments):
        paths += sorted(name.rglob("*.ipynb")) if name.is_dir() else [name]
    different = 0
    for path in paths:
        try:
            text = io.open(path, encoding="utf-8", newline="").read()
        except UnicodeDecodeError:
            text = None
        different += check(text, ask_file(driver, path), lambda what: print(f"{path}: {what}")) > 0
    print(f"{len(paths)} files, {different} with differences")
    return different


class Maker:
    """Makes up notebooks, and writes them in odd spellings."""

    WORDS = ["x = 1", "print(x)", "", "\n", "# caf\u00e9 \u4e2d\u6587 \U0001f600", '"quoted\\"', "\t\ud800", "\udc00\x00\x1b[31m",
             "a\r\n", "b\r", "\u2028", "def f():\n", "    return 1\n"]

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def text(self):
        return "".join(self.rng.choice(self.WORDS) for _ in range(self.rng.randrange(5)))

    def lines(self):
        return self.text() if self.rng.random() < 0.4 else [self.text() for _ in range(self.rng.randrange(4))]

    def count(self):
        return self.rng.choice([None, 0, 1, 17, 2**40])

    def bundle(self, legacy):
        if legacy:
            data = {key: self.lines() for key in self.rng.sample(["text", "html", "svg", "latex", "javascript"], 2)}
            return {**data, "png": "aGVsbG8="}
        data = {key: self.lines() for key in self.rng.sample(["text/plain", "text/html", "image/svg+xml", "text/x"], 2)}
        data["application/vnd.x+json"] = self.rng.choice([{"a": [1, 2.5, self.text()]}, [self.text()], 5, self.text()])
        data["image/png"] = self.rng.choice(["aGVsbG8=", ["aGVs", "bG8="]])
        return data

    def output(self, legacy):
        kind = self.rng.randrange(4)
        if kind == 0:
            name = self.rng.choice(["stdout", "stderr", "other"])
            return {"output_type": "stream", "stream" if legacy else "name": name, "text": self.lines()}
        if kind == 1:
            traceback = [self.text() for _ in range(self.rng.randrange(3))]
            error = {"ename": self.text(), "evalue": self.text(), "traceback": traceback}
            return {"output_type": "pyerr" if legacy else "error", **error}
        body = self.bundle(legacy) if legacy else {"data": self.bundle(legacy)}
        if kind == 2:
            return {"output_type": "display_data", "metadata": {}, **body}
        if legacy:
            return {"output_type": "pyout", "prompt_number": self.count(), "metadata": {}, **body}
        return {"output_type": "execute_result", "execution_count": self.count(), "metadata": {}, **body}

    def cell(self, legacy, number):
        kind = self.rng.choice(["code", "code", "markdown", "raw"] + (["heading", "html"] if legacy else []))
        metadata = self.rng.choice([{}, {"tags": ["a", self.rng.choice(["b", "\u00e9"])]}, {"collapsed": True, "x": [[[{}]]]}])
        cell = {"cell_type": kind, "metadata": metadata}
        if not legacy:
            cell["id"] = f"c{number}"
        if kind == "code":
            cell["outputs"] = [self.output(legacy) for _ in range(self.rng.randrange(3))]
            cell["prompt_number" if legacy else "execution_count"] = self.count()
            cell["input" if legacy else "source"] = self.lines()
            if legacy:
                cell["language"] = "python"
        else:
            cell["source"] = self.lines()
            if kind == "heading":
                cell["level"] = self.rng.randrange(1, 7)
        return cell

    def notebook(self):
        major = self.rng.choice([4, 4, 4, 3, 2])
        cells = [self.cell(major < 4, number) for number in range(self.rng.randrange(5))]
        metadata = {"kernelspec": {"name": "ir", "display_name": "R"}, "language_info": {"name": "R", "version": "4"}}
        nb = {"nbformat": major, "nbformat_minor": self.rng.choice([0, 2, 5, 9]), "x": [{}]}
        nb["metadata"] = self.rng.choice([{}, metadata])
        if major == 4:
            return {**nb, "cells": cells}
        cut = self.rng.randrange(len(cells) + 1)
        return {**nb, "worksheets": [{"cells": cells[:cut]}, {"cells": cells[cut:], "metadata": {}}]}

    def space(self):
        return self.rng.choice(["", "", "", " ", "\n", "\r\n  ", "\t", "\n" + " " * 17])

    def string(self, text):
        written = []
        for character in text:
            if self.rng.random() < 0.1 or "\ud800" <= character <= "\udfff":
                units = encode_utf16(character)
                written += [f"\\u{unit:0{4}{self.rng.choice('xX')}}" for unit in units]
            else:
                written.append(json.dumps(character, ensure_ascii=False)[1:-1])
        return '"' + "".join(written) + '"'

    def spell(self, value):
        space = self.space
        if isinstance(value, str):
            return self.string(value)
        if isinstance(value, list):
            return "[" + space() + ",".join(space() + self.spell(item) + space() for item in value) + "]"
        if isinstance(value, dict):
            items = list(value.items())
            if self.rng.random() < 0.5:
                self.rng.shuffle(items)
            if items and self.rng.random() < 0.2:
                key = self.rng.choice(items)[0]
                wrong = self.rng.choice([None, 5, "wrong", [], ["wrong"], {}, [{"cell_type": "code"}], [[5]]])
                items.insert(self.rng.randrange(next(i for i, item in enumerate(items) if item[0] == key) + 1), (key, wrong))
            written = [space() + self.string(key) + space() + ":" + space() + self.spell(item) for key, item in items]
            return "{" + (space() + ",").join(written) + space() + "}"
        return json.dumps(value)


def encode_utf16(character):
    data = character.encode("utf-16-be", "surrogatepass")
    return [data[i] << 8 | data[i + 1] for i in range(0, len(data), 2)]


def check_random(driver, count, seed):
    maker = Maker(seed)
    texts = []
    for _ in range(count):
        texts.append(maker.spell(maker.notebook()) + maker.space())
    different = 0
    for number, (text, answer) in enumerate(zip(texts, ask(driver, (text.encode() for text in texts)))):
        found = check(text, answer, lambda what: print(f"random notebook {number}: {what}") if different < 5 else None)
        if found and different < 5:
            with tempfile.NamedTemporaryFile("w", suffix=".ipynb", delete=False) as file:
                file.write(text)
            print(f"  kept as {file.name}")
        different += found > 0
    print(f"{count} random notebooks, {different} with differences")
    return different


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--driver", required=True)
    parser.add_argument("--random", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    different = 0
    if arguments.files:
        different += check_files(arguments.driver, arguments.files)
    if arguments.random:
        different += check_random(arguments.driver, arguments.random, arguments.seed)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
