# SPDX-License-Identifier: Apache-2.0
"""Shells at a terminal of their own, with the completion of promote, into which keys are typed.

The `promote` that they run answers what it is asked for a completion; any other call of it only writes down its
arguments. So whole lines are typed with keys that complete, and what the shell then runs is what counts.
"""

import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import termios
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
DEADLINE = 20  # seconds
DISCARD = "\x18k"  # the keys that remove the line; not ^U, which a terminal without an editor takes for itself
RECORDER = """#!/bin/sh
if [ "$1" = --complete ]; then
	exec "$PROMOTE" "$@"
fi
for word do
	printf '%s\\0' "$word"
done >"$RECORD.new"
mv "$RECORD.new" "$RECORD"
"""


class Shell:
    """One that runs until close()."""

    name = ""
    arguments = ()
    setup = ()
    every = 1  # of how many names one is chosen, so that a test takes some seconds
    list = "\t"  # shows the candidates
    about = r"\({}\)"  # how it shows what one is

    def __init__(self, directory, home, promote):
        self.record = home / "record"
        programs = home / "bin"
        programs.mkdir(exist_ok=True)
        (programs / "promote").write_text(RECORDER)
        (programs / "promote").chmod(0o755)
        environment = {
            "HOME": str(home),
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PROMOTE": promote,
            "RECORD": str(self.record),
            "TERM": "xterm",
            "LC_ALL": "C.UTF-8",
            "INPUTRC": "/dev/null",
            "COMPLETION": str(TOP / "completion"),
            "EVIL": "evaluated",
        }
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
            os.execvpe(self.name, [self.name, *self.arguments], environment)
        self.shown = b""
        for line in self.setup:
            self.send(line + "\n")
        self.send("promote ready\n")
        self.recorded()

    @classmethod
    def missing(cls):
        return not shutil.which(cls.name)

    @staticmethod
    def quoted(word):
        """As it is in the list of candidates."""
        return word

    @staticmethod
    def takes(_name):
        """Whether the completion offers this name."""
        return True

    def send(self, keys):
        data = keys if isinstance(keys, bytes) else os.fsencode(keys)
        while data:
            data = data[os.write(self.terminal, data[:512]) :]
            self.read(0)

    def read(self, seconds):
        while select.select([self.terminal], [], [], seconds)[0]:
            with contextlib.suppress(OSError):
                if data := os.read(self.terminal, 65536):
                    self.shown += data
                    continue
            return

    def recorded(self):
        """The arguments that promote was run with."""
        end = time.monotonic() + DEADLINE
        while not self.record.exists():
            self.read(0.005)
            if time.monotonic() > end:
                raise AssertionError(f"{self.name} runs nothing; shown: {self.shown[-1000:]!r}")
        words = self.record.read_bytes().split(b"\0")[:-1]
        self.record.unlink()
        self.shown = b""
        return [os.fsdecode(word) for word in words]

    def run(self, keys):
        """The arguments of the line that these keys make."""
        self.send(keys + "\n")
        return self.recorded()

    def drop(self, keys):
        """Types a line that is not run."""
        self.send(keys + DISCARD)
        self.run("promote")

    def noted(self, keys):
        """The candidates that the shell has noted down when these keys were typed."""
        found = Path(f"{self.record}.all")
        found.unlink(missing_ok=True)
        self.drop(keys)
        words = found.read_bytes().split(b"\0") if found.exists() else []
        return [os.fsdecode(word) for word in words if word]

    def listed(self, line, wanted):
        """What the shell shows if it lists the candidates for the last word, once all of `wanted` are there."""
        self.drop("")
        self.shown = b""
        self.send(line + self.list)
        shown, end = "", time.monotonic() + DEADLINE
        while not all(re.search(pattern, shown) for pattern in wanted) and time.monotonic() < end:
            self.read(0.02)
            shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.shown.decode(errors="replace"))
        self.drop("")
        return shown

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


class Bash(Shell):
    name = "bash"
    list = "\x1b?"
    arguments = ("--norc", "--noprofile", "-i")
    setup = (
        # options that some people set
        "set -u; shopt -s nullglob failglob nocasematch; IFS=:; unset HISTFILE",
        "source $COMPLETION/promote.bash; eval \"real$(declare -f _promote_add)\"",
        "_promote_add() { real_promote_add \"$@\"; [[ $last != \"$1\" ]] || printf '%s\\0' \"$1\" >>$RECORD.all; }",
        "bind 'set enable-bracketed-paste off'; bind '\"\\C-xm\": menu-complete'; bind '\"\\C-xk\": kill-whole-line'",
    )

    @staticmethod
    def quoted(word):
        return word.replace(" ", "\\ ")

    def choose(self, line, number, _count):
        """The arguments if the candidate of this number, from 1, of so many is chosen for the last word."""
        return self.run(line + "\x18m" * number)

    def all(self, line):
        """All candidates for the last word."""
        return self.noted(line + self.list)


class Zsh(Shell):
    name = "zsh"
    every = 2
    about = "-- {}"
    arguments = ("-f", "-i")
    setup = (
        "unset HISTFILE; setopt menu_complete interactive_comments; unset zle_bracketed_paste",
        "fpath=($COMPLETION $fpath); autoload -Uz compinit; compinit -u -D",
        # the default would evaluate what is typed by itself
        "bindkey '^I' complete-word; bindkey '^Xk' kill-whole-line",
        # what is added is noted down, too
        "compadd() { if [[ $1 == -V ]]; then local -a hits; builtin compadd -O hits \"$@\";"
        " print -rN -- \"${(@)hits}\" >>$RECORD.all; fi; builtin compadd \"$@\" }",
    )

    def choose(self, line, number, _count):
        return self.run(line + "\t" * number)

    def all(self, line):
        return self.noted(line + self.list)


class Fish(Shell):
    name = "fish"
    every = 3
    arguments = ("--no-config", "-i")
    setup = ("source $COMPLETION/promote.fish; bind \\cxk 'commandline -r \"\"'",)

    def choose(self, line, number, count):
        self.drop("")
        self.send(line + "\t")
        self.settle()
        # the first key shows more than a few rows
        return self.run("\t" * (number + (count > 4)) + "\n")

    @staticmethod
    def takes(name):
        return not name.startswith("~")

    def settle(self):
        """Waits until the pager is there."""
        end = time.monotonic() + DEADLINE
        self.shown = b""
        while b"(" not in self.shown and time.monotonic() < end:
            self.read(0.01)
        self.read(0.03)

    def all(self, line):
        quoted = line.replace("\\", "\\\\").replace("'", "\\'")
        return self.run(f"promote (complete -C '{quoted}' | string replace -r '\\t.*' '')")


SHELLS = (Bash, Zsh, Fish)
