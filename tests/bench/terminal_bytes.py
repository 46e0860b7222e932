#!/usr/bin/env python3
"""How many bytes the inspector sends, and how long it takes.

    terminal_bytes.py PROGRAM FILE... [--size COLUMNSxROWS]

Runs PROGRAM on FILE in a pseudo-terminal and prints, for the first screen, for
moves of the cursor, for pages and for the detail pane: the median and the 95th
percentile of the bytes, and the time from the key to its first byte. Of several
files it prints only the first screen, the average of a line down through the list,
which scrolls now and then, and the average of a line scrolled with <C-e>, in the list
and in a text that has the whole width; and what these come to for all of them.

A move is counted in two parts: what is sent at once, and what is sent when no
other key has come for a moment (the text of the selected cell).
"""
import argparse
import fcntl
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import sys
import termios
import time

AT_ONCE = 0.025  # seconds without a byte that end the first part; below the program's own pause
SETTLED = 0.150


def start(program, path, columns, rows):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.environ.pop("NO_COLOR", None)
        os.execv(program, [program, path])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.kill(pid, signal.SIGWINCH)
    return pid, fd


def receive(fd, quiet):
    """The bytes that come until none has come for `quiet` seconds, and when the first and last of them came."""
    received, first, last = b"", None, None
    while select.select([fd], [], [], quiet)[0]:
        try:
            part = os.read(fd, 1 << 16)
        except OSError:
            break
        if not part:
            break
        last = time.monotonic()
        first = first or last
        received += part
    return received, first, last


def press(fd, key):
    begun = time.monotonic()
    os.write(fd, key.encode())
    now, first, _ = receive(fd, AT_ONCE)
    later, _, _ = receive(fd, SETTLED)
    return len(now), len(later), (first - begun) * 1000 if first else 0.0


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]


def measure(fd, name, keys):
    results = [press(fd, key) for key in keys]
    line = f"{name:<34}"
    for index, unit in ((0, "B at once"), (1, "B when idle"), (2, "ms")):
        values = [result[index] for result in results]
        form = "{:6.1f}" if unit == "ms" else "{:6.0f}"
        line += "  " + form.format(percentile(values, 0.5)) + " /" + form.format(percentile(values, 0.95)) + " " + unit
    print(line)
    return results


def first_screen(program, path, columns, rows):
    begun = time.monotonic()
    pid, fd = start(program, path, columns, rows)
    select.select([fd], [], [], 60)
    screen, _, last = receive(fd, 0.5)
    if not screen:
        sys.exit("the program sent nothing")
    return pid, fd, len(screen), (last - begun) * 1000


def end(pid, fd):
    os.write(fd, b"Q")
    receive(fd, SETTLED)
    os.close(fd)
    os.waitpid(pid, 0)


def one_file(program, path, columns, rows):
    pid, fd, size, milliseconds = first_screen(program, path, columns, rows)
    print(f"{path}, {columns}x{rows}: median / 95th percentile")
    print(f"{'first screen':<34}  {size:6d} B in {milliseconds:.1f} ms")
    measure(fd, "down, 40 times", ["j"] * 40)
    measure(fd, "up, 40 times", ["k"] * 40)
    measure(fd, "page down and up, 5 times", [" ", "b"] * 5)
    measure(fd, "half a page down and up, 5 times", ["d", "u"] * 5)
    measure(fd, "next stale, 5 times", ["]s"] * 5)
    measure(fd, "a list to another, 6 times", ["\t"] * 6)
    os.write(fd, b"gg" + b"j" * 200)
    burst, _, _ = receive(fd, SETTLED)
    print(f"{'200 times down at once':<34}  {len(burst):6d} B")
    end(pid, fd)


def average(fd, key, times):
    """The bytes of a key that is pressed so often, where it does something; None when it never does."""
    sizes = []
    for _ in range(times):
        os.write(fd, key)
        sizes.append(len(receive(fd, 0.015)[0]))
    sizes = [size for size in sizes if size]
    return statistics.mean(sizes) if sizes else None


def many_files(program, paths, columns, rows):
    names = ["first screen", "a line down", "<C-e> in the list", "<C-e> in a text"]
    print(f"bytes, {columns}x{rows}: {', '.join(names)}")
    columns_of = [[] for _ in names]
    for path in paths:
        pid, fd, size, _ = first_screen(program, path, columns, rows)
        values = [size, average(fd, b"j", 100)]
        os.write(fd, b"gg")
        receive(fd, SETTLED)
        values.append(average(fd, b"\x05", 10))
        os.write(fd, b"v?")
        receive(fd, SETTLED)
        values.append(average(fd, b"\x05", 10))
        end(pid, fd)
        print("  ".join("     -" if value is None else f"{value:6.0f}" for value in values), "", os.path.basename(path), flush=True)
        for values_of, value in zip(columns_of, values):
            if value is not None:
                values_of.append(value)
    for name, values in zip(names, columns_of):
        if values:
            print(f"{name}: median {statistics.median(values):.0f}, 90th percentile {percentile(values, 0.9):.0f}, "
                  f"largest {max(values):.0f} of {len(values)}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--size", default="200x60")
    arguments = parser.parse_args()
    columns, rows = (int(part) for part in arguments.size.split("x"))
    program = shutil.which(arguments.program) or arguments.program
    if len(arguments.files) == 1:
        one_file(program, arguments.files[0], columns, rows)
    else:
        many_files(program, arguments.files, columns, rows)


if __name__ == "__main__":
    main()
