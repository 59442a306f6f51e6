#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command at a terminal, and stops it for 1.1 s while it reads a fleet's files.

    progress.py FIRST LAST [--columns N] [--stderr FILE] COMMAND...

The command is stopped when it opens the file FIRST. If it has opened LAST before it could be
stopped, it is run again. Prints all that the terminal showed; the exit status is the command's.
"""

import ctypes
import os
import select
import signal
import sys
import time

sys.path[:0] = [os.path.dirname(os.path.realpath(__file__))]

import terminal

IN_OPEN, IN_CLOEXEC = 0x20, 0o2000000
TRIES, PAUSE = 50, 1.02

libc = ctypes.CDLL(None, use_errno=True)


def watch(path):
    watcher = libc.inotify_init1(IN_CLOEXEC)
    if watcher < 0 or libc.inotify_add_watch(watcher, os.fsencode(path), IN_OPEN) < 0:
        sys.exit(f"progress.py: {path}: {os.strerror(ctypes.get_errno())}")
    return watcher


def run(first, last, command, columns, files):
    """What was shown and the exit status; or None if the command was not stopped in time."""
    at_first, at_last = watch(first), watch(last)
    pid, end = terminal.start(command, columns, files)
    select.select([at_first], [], [], terminal.DEADLINE)
    os.kill(pid, signal.SIGSTOP)
    status = os.waitpid(pid, os.WUNTRACED)[1]
    in_time = os.WIFSTOPPED(status) and not select.select([at_last], [], [], 0)[0]
    if os.WIFSTOPPED(status):
        time.sleep(PAUSE if in_time else 0)
        os.kill(pid, signal.SIGCONT)
    shown = terminal.attend(end, [])
    if os.WIFSTOPPED(status):
        status = os.waitpid(pid, 0)[1]
    for fd in at_first, at_last, end:
        os.close(fd)
    return (shown, os.waitstatus_to_exitcode(status)) if in_time else None


def main():
    first, last, *words = sys.argv[1:]
    columns, files = terminal.COLUMNS, {}
    while words[0].startswith("--"):
        option, value = words.pop(0), words.pop(0)
        if option == "--columns":
            columns = int(value)
        elif option == "--stderr":
            files[2] = value
        else:
            sys.exit(f"progress.py: unknown option {option}")
    for _ in range(TRIES):
        done = run(first, last, words, columns, files)
        if done:
            sys.stdout.buffer.write(done[0])
            return done[1]
    sys.exit("progress.py: the command always ended before it could be stopped")


if __name__ == "__main__":
    sys.exit(main())
