#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command at a terminal, and stops it for 1.1 s while it reads a fleet's files.

    progress.py [--columns N] [--stderr FILE] FIRST LAST COMMAND...

The command is stopped when it opens the file FIRST. If it has opened LAST before it could be
stopped, it is run again. Prints all that the terminal showed; the exit status is the command's.
"""

import ctypes
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

IN_OPEN, IN_CLOEXEC = 0x20, 0o2000000
TRIES, PAUSE, DEADLINE = 50, 1.02, 20

libc = ctypes.CDLL(None, use_errno=True)


def watch(path):
    watcher = libc.inotify_init1(IN_CLOEXEC)
    if watcher < 0 or libc.inotify_add_watch(watcher, os.fsencode(path), IN_OPEN) < 0:
        sys.exit(f"progress.py: {path}: {os.strerror(ctypes.get_errno())}")
    return watcher


def start(command, columns, stderr):
    pid, terminal = pty.fork()
    if pid == 0:
        mode = termios.tcgetattr(0)
        mode[1] &= ~termios.OPOST
        termios.tcsetattr(0, termios.TCSANOW, mode)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        if stderr:
            os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), 2)
        os.execvp(command[0], ["promote"] + command[1:])
    return pid, terminal


def read_all(terminal):
    """What the terminal shows until it is closed."""
    shown = b""
    while select.select([terminal], [], [], DEADLINE)[0]:
        try:
            shown += os.read(terminal, 65536)
        except OSError:
            return shown
    sys.exit(f"progress.py: still waiting after {DEADLINE} s; shown so far: {shown!r}")


def run(first, last, command, columns, stderr):
    """What was shown and the exit status; or None if the command was not stopped in time."""
    at_first, at_last = watch(first), watch(last)
    pid, terminal = start(command, columns, stderr)
    select.select([at_first], [], [], DEADLINE)
    os.kill(pid, signal.SIGSTOP)
    status = os.waitpid(pid, os.WUNTRACED)[1]
    in_time = os.WIFSTOPPED(status) and not select.select([at_last], [], [], 0)[0]
    if os.WIFSTOPPED(status):
        time.sleep(PAUSE if in_time else 0)
        os.kill(pid, signal.SIGCONT)
    shown = read_all(terminal)
    if os.WIFSTOPPED(status):
        status = os.waitpid(pid, 0)[1]
    for fd in at_first, at_last, terminal:
        os.close(fd)
    return (shown, os.waitstatus_to_exitcode(status)) if in_time else None


def main():
    words = sys.argv[1:]
    columns, stderr = 300, None
    while words[0].startswith("--"):
        option, value = words.pop(0), words.pop(0)
        columns = int(value) if option == "--columns" else columns
        stderr = value if option == "--stderr" else stderr
    for _ in range(TRIES):
        done = run(words[0], words[1], words[2:], columns, stderr)
        if done:
            sys.stdout.buffer.write(done[0])
            return done[1]
    sys.exit("progress.py: the command always ended before it could be stopped")


if __name__ == "__main__":
    sys.exit(main())
