#!/usr/bin/env python3
"""How long a key takes to be answered, in each view, and while the file is still being read.

    key_times.py PROGRAM FILE...

Runs PROGRAM on each FILE in a pseudo-terminal of 200x60 and prints, for each view, the
median, the 99th percentile and the longest time from a key to the first byte of the answer,
with the key that took it; and the same of the processor time of the thread that draws, where
the system tells it (Linux), which does not depend on what else the machine does. A key that
changes nothing on the screen is not counted. Of several files it prints all keys together as well.
"""
import os
import select
import sys
import time

import terminal_bytes

SETTLED = 0.06  # seconds without a byte after which nothing more comes of the key before

VIEWS = [("vc", "cells"), ("vd", "cell"), ("vm", "matrix"), ("vh", "history"), ("vl", "runs"), ("vg", "graph"),
         ("vf", "findings"), ("vs", "matches"), ("v?", "help")]
KEYS = ["j"] * 12 + ["k"] * 4 + [" ", " ", "b", "d", "u", "G", "k", "gg", "j", "J", "J", "K", "l", "l", "h", "\t", "j", "j", "\t", "w", "w",
        "n", "n", "N", "]s", "[s", "]o", "zR", "zM", "50G", "j", "\x0c"]


class Terminal:
    def __init__(self, program, path):
        self.pid, self.fd = terminal_bytes.start(program, path, 200, 60)
        select.select([self.fd], [], [], 60)
        self.times = {}
        self.begun = time.monotonic()

    def drain(self, quiet):
        return terminal_bytes.receive(self.fd, quiet)[0]

    def spent(self):
        """Processor seconds of the first thread so far."""
        try:
            with open(f"/proc/{self.pid}/task/{self.pid}/schedstat") as text:
                return int(text.read().split()[0]) / 1e9
        except OSError:
            return 0.0

    def reads(self):
        """Whether it has a thread that reads the file; where the system does not tell, it is taken to need five seconds."""
        try:
            return len(os.listdir(f"/proc/{self.pid}/task")) > 1
        except OSError:
            return time.monotonic() - self.begun < 5

    def press(self, where, key):
        self.drain(0.01 if where == "while it is read" else SETTLED)
        begun, spent = time.perf_counter(), self.spent()
        os.write(self.fd, key.encode())
        if select.select([self.fd], [], [], 3 if len(key) > 1 and key[0] == "v" else 0.3)[0]:
            self.times.setdefault(where, []).append((time.perf_counter() - begun, self.spent() - spent, key))
            self.drain(0.012)

    def end(self):
        os.write(self.fd, b"Q")
        self.drain(0.2)
        os.close(self.fd)
        os.waitpid(self.pid, 0)


WHAT = "milliseconds until a key is answered: median / 99th percentile / longest"


def tell(name, values):
    line = f"  {name:<18} {len(values):5d} keys"
    for index, what in ((0, "clock"), (1, "processor")):
        values.sort(key=lambda value: value[index])
        at = [values[min(len(values) - 1, int(len(values) * part))][index] * 1000 for part in (0.5, 0.99)]
        line += f"   {what}: {at[0]:6.2f} / {at[1]:6.2f} / {values[-1][index] * 1000:7.2f} {values[-1][2]!r:<7}"
    print(line)


def main():
    everywhere = []
    program = os.path.abspath(sys.argv[1])
    for path in sys.argv[2:]:
        terminal = Terminal(program, path)
        begun = time.monotonic()
        while time.monotonic() - begun < 120 and terminal.reads():
            terminal.press("while it is read", "jk"[len(terminal.times.get("while it is read", [])) % 2])
        os.write(terminal.fd, b"/e\r")
        terminal.drain(1)
        for keys, name in VIEWS:
            terminal.press("opening " + name, keys)
            terminal.drain(3 if keys in ("vg", "vf", "vm") else 0.3)
            for key in KEYS:
                terminal.press(name, key)
            os.write(terminal.fd, b"\x1b")
            terminal.drain(0.05)
            os.write(terminal.fd, b"q" if keys != "vc" else b"")
            terminal.drain(0.1)
        print(f"\n{os.path.basename(path)}, {os.path.getsize(path) / 1e6:.2f} MB: {WHAT}\n", flush=True)
        for name, values in terminal.times.items():
            tell(name, values)
            everywhere += values
        terminal.end()
    if len(sys.argv) > 3:
        print(f"\n{len(sys.argv) - 2} notebooks: {WHAT}\n")
        tell("any key", everywhere)


if __name__ == "__main__":
    main()
