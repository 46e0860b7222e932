#!/usr/bin/env python3
"""Holds nbscope's verdict on JSON against CPython's.

    json_verdict.py --driver build/tests/oracle/notebook_dump [--count N] [--seed S]

Small notebooks are mutated: bytes flipped, cut out, inserted, doubled, pieces of
others spliced in. Each mutant goes to the driver (notebook_dump --verdict), which
reads it in blocks of many sizes, and to json.loads of the text as strict UTF-8.
They must agree on whether it is JSON, and on the line and column where it is not.

Differences that are meant, and not counted: nbscope has no limit on the digits of
an integer; a comma before a closing bracket is told at the bracket, as CPython did
up to 3.12, where later ones name the comma; and of two things that are wrong it names the first in the file, where
CPython finds bytes that are no UTF-8 before it looks at the JSON.
"""

import argparse
import json
import pathlib
import random
import struct
import subprocess
import sys

sys.set_int_max_str_digits(0) if hasattr(sys, "set_int_max_str_digits") else None

SEEDS = [
    b'{"cells": [{"cell_type": "code", "execution_count": 3, "metadata": {}, "outputs": [{"output_type": "stream",\n'
    b' "name": "stdout", "text": ["a\\n", "b"]}], "source": "x = 1\\nprint(x)"}], "metadata": {},\n'
    b' "nbformat": 4, "nbformat_minor": 5}\n',
    b'{\r\n "a": [1, -2.5e+10, 0.0, 1E-3, NaN, Infinity, -Infinity, true, false, null],\r\n\t"b": {}, "c": [[], [{}]]}',
    '{"caf\u00e9": "\u4e2d\u6587 \U0001f600 \\ud83d\\ude00 \\ud800 \\udc00\\u0041 \\"\\\\\\/\\b\\f\\n\\r\\t",\n "x": ["\u00a0\u2028"]}'.encode(),
    b'"just a string with \\u00e9 and \xc3\xa9"',
    b' [1,\n  2,\n  [3, "four", {"five": 5.0}]\n]\n\n',
    b"-0",
]
PIECES = [
    b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b" ", b"\n", b"\r\n", b"\t", b"\x00", b"\x1f", b"\x7f", b"\x0b",
    b"0", b"1", b"-", b"+", b".", b"e", b"E5", b"1.", b"1.e1", b"01", b"-a", b"1e+", b"1e", b"\\u", b"\\u12", b"\\uD83D",
    b"\\uDE00", b"\\ud83d\\ud83d\\ude00", b"\\x41", b"\\'", b"true", b"tru", b"nul", b"null", b"NaN", b"Na", b"-NaN",
    b"Infinity", b"-Infinit", b"-Infinity", b"'", b"\xef\xbb\xbf", b"\xff", b"\xc0\x80", b"\xe2\x82", b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80", b"\xf4\x90\x80\x80", b"\xc3\xa9", b"\xf0\x82\x82\xac", b"\xe0\x80\xaf", b"<<<<<<< HEAD\n",
    b',"a":1', b"[[[[", b"]]]]", b'{"a":', b"\xc2\x85", b"\xe2\x80\xa8", b"//c\n", b"1_0", b"0x1", b"\xd9\xa1",
]


def mutate(rng, documents):
    data = bytearray(rng.choice(documents))
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.choice((1, 1, 2, 3, 8, 40)))
        what = rng.randrange(8)
        if what == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif what == 1:
            del data[at:end]
        elif what == 2:
            data[at:at] = data[at:end]
        elif what == 3:
            del data[at:]
        elif what == 4:
            other = rng.choice(documents)
            start = rng.randrange(len(other))
            data[at:end] = other[start : start + rng.choice((1, 4, 20, 80))]
        elif what == 5 and at < len(data):
            data[at] = rng.randrange(256)
        else:
            data[at : at if rng.random() < 0.5 else end] = rng.choice(PIECES)
    return bytes(data)


def python_verdict(data):
    """None when it is JSON, else the places (line, column) that are right to name."""
    places = []
    bad = None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = error.start
        text = data[:bad].decode("utf-8") + "\x00"
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg.startswith("Illegal trailing comma"):
            after = text[error.pos + 1 :]
            error = json.JSONDecodeError(error.msg, text, len(text) - len(after.lstrip(" \t\r\n")))
        if bad is None or error.pos < len(text) - 1:
            places.append((error.lineno, error.colno))
    except RecursionError:
        return "recursion"
    if bad is not None:
        before = text[:-1]
        places.append((before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1))
    return places or None


def fields(row):
    found = []
    at = 0
    while at < len(row):
        colon = row.index(b":", at)
        size = int(row[at:colon])
        found.append(row[colon + 1 : colon + 1 + size])
        at = colon + 1 + size
    return found


def answers(driver, mutants):
    process = subprocess.Popen([driver, "--verdict"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for mutant in mutants:
        process.stdin.write(struct.pack(">I", len(mutant)) + mutant)
        process.stdin.flush()
        (size,) = struct.unpack(">I", process.stdout.read(4))
        yield fields(process.stdout.read(size))
    process.stdin.close()
    if process.wait():
        sys.exit(f"{driver} failed")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--driver", required=True)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=10, help="how many differences to print")
    arguments = parser.parse_args()
    folder = pathlib.Path(__file__).resolve().parent.parent / "data" / "notebooks"
    documents = SEEDS + [path.read_bytes() for path in sorted(folder.glob("*.ipynb")) if path.stat().st_size < 8192]
    rng = random.Random(arguments.seed)
    mutants = [mutate(rng, documents) for _ in range(arguments.count)]
    valid = accepted = refused = lines = columns = recursion = 0
    shown = 0
    for mutant, answer in zip(mutants, answers(arguments.driver, mutants)):
        expected = python_verdict(mutant)
        ours = answer[0] == b"valid"
        place = (int(answer[1]), int(answer[2]))
        if expected == "recursion":
            recursion += 1
            continue
        difference = None
        if expected is None:
            valid += 1
            if not ours:
                refused += 1
                difference = "valid JSON refused"
        elif ours:
            accepted += 1
            difference = "invalid JSON accepted"
        else:
            # As a notebook it must be refused at the same place.
            if answer[4] != b"invalid" or answer[5:7] != answer[1:3]:
                difference = "read as a notebook"
                accepted += 1
            if place[0] not in [line for line, _ in expected]:
                lines += 1
                difference = "another line"
            elif place not in expected:
                columns += 1
                difference = "another column"
        if difference and shown < arguments.show:
            shown += 1
            print(f"{difference}: {mutant!r}\n  ours {answer}\n  CPython {expected}")
    print(
        f"{len(mutants)} mutants, {valid} valid: {accepted} accepted falsely, {refused} refused falsely, "
        f"{lines} on another line, {columns} in another column, {recursion} too deep for CPython"
    )
    return 1 if accepted or refused or lines or columns else 0


if __name__ == "__main__":
    sys.exit(main())
