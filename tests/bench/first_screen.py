#!/usr/bin/env python3
"""How long it takes until the first full screen is painted, beside less and tig in the same minutes.

    first_screen.py PROGRAM FILE... [--rounds N] [--size COLUMNSxROWS] [--quiet MILLISECONDS] [--beside PROGRAM]

Each program is started in a pseudo-terminal of that size, in turns; the time is that from
the start of the process to the last byte of the first screen: what comes before nothing
has come for `--quiet` milliseconds. What a program waits for in between counts, what it does after the
screen is painted does not. The processor time is that of the whole process until it is ended, and tells more where the
machine has other things to do. Medians; compare the ratios. `--beside` is one more program that is given the file.
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
import termios
import time



def paint(command, columns, rows, quiet=0.12):
    """Seconds until the last byte of the first screen, of the processor too, and its bytes."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    begun = time.perf_counter()
    pid = os.posix_spawn(shutil.which(command[0]) or command[0], command, ENVIRONMENT, setsid=True,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 0, os.ttyname(follower), os.O_RDWR, 0),
                                       (os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2)])
    os.close(follower)
    size, last = 0, begun
    while select.select([leader], [], [], quiet if size > 100 else 10)[0]:
        try:
            size += len(os.read(leader, 1 << 16))
        except OSError:
            break
        last = time.perf_counter()
    os.kill(pid, signal.SIGKILL)
    usage = os.wait4(pid, 0)[2]
    os.close(leader)
    return last - begun, usage.ru_utime + usage.ru_stime, size


ENVIRONMENT = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "LESS": "", "XDG_CONFIG_HOME": "/nonexistent"}
ENVIRONMENT.pop("NO_COLOR", None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--size", default="200x60")
    parser.add_argument("--quiet", type=float, default=120)
    parser.add_argument("--beside")
    arguments = parser.parse_args()
    columns, rows = (int(part) for part in arguments.size.split("x"))
    for path in arguments.files:
        commands = {"nbscope": [os.path.abspath(arguments.program), path]}
        if shutil.which("less"):
            commands["less"] = ["less", path]
        if shutil.which("tig"):
            commands["tig"] = ["tig"]
        if arguments.beside:
            commands[os.path.basename(arguments.beside)] = [arguments.beside, path]
        times = {name: [] for name in commands}
        spent = {name: [] for name in commands}
        sizes = {}
        for _ in range(arguments.rounds):
            for name, command in commands.items():
                seconds, processor, sizes[name] = paint(command, columns, rows, arguments.quiet / 1000)
                times[name].append(seconds * 1000)
                spent[name].append(processor * 1000)
        print(f"\n{os.path.basename(path)}, {os.path.getsize(path) / 1e6:.2f} MB, first full screen at {arguments.size}, "
              f"{arguments.rounds} rounds\n")
        own = statistics.median(times["nbscope"])
        for name, values in times.items():
            median = statistics.median(values)
            print(f"  {name:<12} {median:7.1f} ms (quickest {min(values):.1f}), processor {statistics.median(spent[name]):5.1f} ms"
                  f" ({min(spent[name]):.1f})  {sizes[name]:6d} B   nbscope takes {own / median:.2f} of it")


if __name__ == "__main__":
    main()
