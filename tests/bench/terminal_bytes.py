#!/usr/bin/env python3
"""How many bytes the inspector sends, and how long it takes.

    terminal_bytes.py PROGRAM FILE [COLUMNSxROWS]

Runs PROGRAM on FILE in a pseudo-terminal and prints, for the first screen, for
moves of the cursor, for pages and for the detail pane: the median and the 95th
percentile of the bytes, and the time from the key to its first byte.

A move is counted in two parts: what is sent at once, and what is sent when no
other key has come for a moment (the text of the selected cell).
"""
import fcntl
import os
import pty
import select
import signal
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


def main():
    program, path = sys.argv[1], sys.argv[2]
    columns, rows = (int(n) for n in (sys.argv[3] if len(sys.argv) > 3 else "200x60").split("x"))
    begun = time.monotonic()
    pid, fd = start(program, path, columns, rows)
    select.select([fd], [], [], 60)
    screen, first, last = receive(fd, 0.5)
    print(f"{path}, {columns}x{rows}: median / 95th percentile")
    if not screen:
        sys.exit("the program sent nothing")
    print(f"{'first screen':<34}  {len(screen):6d} B in {(last - begun) * 1000:.1f} ms")
    measure(fd, "down, 40 times", ["j"] * 40)
    measure(fd, "up, 40 times", ["k"] * 40)
    measure(fd, "page down and up, 5 times", [" ", "b"] * 5)
    measure(fd, "half a page down and up, 5 times", ["d", "u"] * 5)
    measure(fd, "next stale, 5 times", ["]s"] * 5)
    measure(fd, "a list to another, 6 times", ["\t"] * 6)
    os.write(fd, b"gg" + b"j" * 200)
    burst, _, _ = receive(fd, SETTLED)
    print(f"{'200 times down at once':<34}  {len(burst):6d} B")
    os.write(fd, b"Q")
    receive(fd, SETTLED)
    os.close(fd)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
