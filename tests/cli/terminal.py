#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command at a terminal of its own and answers its questions.

    terminal.py [--columns N] [--stdout FILE] [--meanwhile SHELL] [--then SHELL] [--answer QUESTION TEXT]... COMMAND...

Each answer is typed, with a return after it, once its question has appeared;
the answer ^D is the end of input, ^C an interrupt, and ^@ in one a NUL. SHELL is a command of sh that is run
while the first question waits, or when the first answer has been typed. What the terminal shows
goes to standard output, and the exit status is the command's, or 128 and the
number of the signal that ended it. Typed text is not echoed.
"""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time

DEADLINE = 120  # seconds, of which a busy machine may take many
COLUMNS = 300  # so many that no line is broken


def start(command, columns, files={}):
    """Forks the command, with files in the place of some descriptors; returns its pid and the other end of its terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        mode = termios.tcgetattr(0)
        mode[1] &= ~termios.OPOST
        mode[3] &= ~termios.ECHO
        termios.tcsetattr(0, termios.TCSANOW, mode)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        for descriptor, path in files.items():
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), descriptor)
        os.execvp(command[0], ["promote"] + command[1:])
    return pid, terminal


def attend(terminal, answers, meanwhile=None, then=None):
    """Reads until the terminal is closed, and answers."""
    shown = b""
    asked = 0  # the offset from which the next question is searched
    end = time.monotonic() + DEADLINE
    while True:
        if answers and answers[0][0].encode() in shown[asked:]:
            if meanwhile:
                subprocess.run(["sh", "-c", meanwhile], check=True)
                meanwhile = None
            asked = len(shown)
            text = answers.pop(0)[1]
            os.write(terminal, {"^D": b"\4", "^C": b"\3"}.get(text, text.replace("^@", "\0").encode() + b"\n"))
            if then:
                subprocess.run(["sh", "-c", then], check=True)
                then = None
        ready, _, _ = select.select([terminal], [], [], max(0, end - time.monotonic()))
        if not ready:
            sys.exit(f"terminal.py: still waiting after {DEADLINE} s; shown so far: {shown!r}")
        try:
            data = os.read(terminal, 65536)
        except OSError:
            data = b""
        if not data:
            return shown
        shown += data


def main():
    # by hand, since importing argparse would take longer than all the rest
    words = sys.argv[1:]
    columns, files, meanwhile, then, answers = COLUMNS, {}, None, None, []
    while words[0].startswith("--"):
        option = words.pop(0)
        if option == "--columns":
            columns = int(words.pop(0))
        elif option == "--stdout":
            files[1] = words.pop(0)
        elif option == "--meanwhile":
            meanwhile = words.pop(0)
        elif option == "--then":
            then = words.pop(0)
        elif option == "--answer":
            answers.append((words.pop(0), words.pop(0)))
        else:
            sys.exit(f"terminal.py: unknown option {option}")
    pid, terminal = start(words, columns, files)
    shown = attend(terminal, answers, meanwhile, then)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    sys.stdout.buffer.write(shown)
    sys.stdout.flush()
    if answers:
        sys.exit(f"terminal.py: never asked: {answers[0][0]}")
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
