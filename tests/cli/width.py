#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No line that a person reads is wider than the terminal: results, warnings, errors, questions and help.

Each command runs at terminals of its own, with and without UTF-8 and colour, in a fleet of long and wide names. How wide
a line is comes from Python's Unicode data. PROMOTE is the program.
"""

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lib"), str(HERE)]

import suite
import terminal
import trees

# columns, UTF-8, colour
TERMINALS = [(20, True, True), (40, False, False), (80, True, True), (80, False, False), (200, True, False), (200, False, True)]
LONG = "x" * 200
WIDE = "データセンター東京第一号館"
NAMES = ["us", "🚀rocket", WIDE, "e\u0301" * 30, "a-name-of-a-region-that-is-long-enough-to-be-broken-somewhere-but-where"]
APP = "config/mgmt/app/"

QUESTION = ("mgmt", "app", "patch-002")
COMMANDS = [
    ("mgmt", "app", "patch-001", "-n"),
    ("mgmt", "app", "patch-001", "-n", "--diff"),
    ("mgmt", "app", "patch-001", "-n", "-v"),
    ("mgmt", "app", "patch-001", "-n", "--stat"),
    QUESTION,
    ("mgmt", "app", "patch-003"),
    ("mgmt", "app", "patch-004", "-n"),
    ("mgmt", "app", "patch-009"),
    ("mgmt", "wrong-" + WIDE * 4, "patch-001"),
    ("mgmt", "app", "patch-001", "--level=" + LONG),
    ("--" + LONG,),
    ("explain", "mgmt", "app", "lab/" + WIDE),
    ("explain", "mgmt", "app", "lab/" + WIDE, "-v"),
    ("explain", "mgmt", "app", "lab/" + WIDE, "--blame"),
    ("explain", "mgmt", "app", "lab/us", "nothing." + WIDE),
    ("recover",),
    ("start", "mgmt", "app", "-n", "--set", "b=" + LONG, "--description", WIDE * 20),
    ("start", "mgmt", "app", "--set", LONG + "=yes"),
    ("start", "mgmt", "app", "patch-001", "--set", "a=1"),
    ("fill", "mgmt", "app", "patch-003", "-n"),
    ("mgmt", "app", "patch-001"),
    ("hold", "mgmt", "app", f"live-{WIDE}", "-n", "--reason=" + WIDE * 9, f"--position=live-{WIDE}/{WIDE}", f"--patch=patch-{LONG}"),
    ("hold", "mgmt", "app", "-n", "--reason=a", f"--position=live-{WIDE}/"),
    ("release", "mgmt", "app", "-n"),
    ("release", "mgmt", "app", f"lab/{WIDE}"),
    ("rollback", "mgmt", "app", "patch-001", "--all", "-n", "--accept-loss"),
    ("rollback", "mgmt", "app", "patch-001", "--all", "-n"),
    ("rollback", "mgmt", "app", "patch-002", "-n"),
    ("rollback", "mgmt", "app", "patch-009"),
    ("rollback", "--hold", "--all", "--accept-loss", "mgmt", "app", "patch-001", "-n", "-v"),
    ("fill", "--all", "mgmt", "app", "patch-003", "-n", "-v"),
    ("retire", "mgmt", "app", "patch-003", "-n"),
    ("retire", "mgmt", "app", "patch-009", "--at-unknown-positions"),
    ("check",),
    ("matrix", "mgmt", "app", "*"),
    ("matrix", "mgmt", "app", "*", "-o", "wide"),
    ("matrix", "mgmt", "app", "*", "--by=target", "--why"),
    ("plan", "mgmt", "app", "patch-001"),
    ("plan", "mgmt", "app", "patch-003"),
    ("plan", "mgmt", "app", "patch-004", "--from=lab/us"),
    ("verify", "HEAD"),
    ("--version",),
]
STATUS = [(), ("status",), ("status", "mgmt", "app"), ("status", "mgmt", "app", "patch-001"), ("status", "-o", "wide"), ("status", "--names")]  # fmt: skip

# in a repository
COMMITTED = [("history", "mgmt", "app", "patch-001"), ("history", "mgmt", "app", "patch-004"), ("history", "mgmt", "app", "patch-009")]  # fmt: skip
DIFFS = [("diff", "mgmt"), ("diff", "--diff"), ("diff", "HEAD", "--", "wrong-" + WIDE * 4), ("diff", WIDE * 9), ("diff", LONG + "..")]


def edit(root):
    """What `diff` shows: values that change, and a target that is gone."""
    values, config = Path(root, APP, "values.yaml"), Path(root, "config/config.yaml")
    values.write_text(values.read_text() + f"another-{WIDE}: {LONG}\n")
    config.write_text(config.read_text().replace(f'"{NAMES[-1]}"', '"new"'))


def fleet():
    regions = ", ".join(f'"{n}"' for n in NAMES)
    config = f"""dimensions: [environments, regions]
sequence:
  environments:
    - {{name: lab, regions: [{regions}]}}
    - {{name: live-{WIDE}, promotion: manual, regions: [{regions}]}}
    - {{name: last, regions: [{regions}]}}
"""
    patch = f"metadata: {{description: {WIDE * 6} and {LONG}}}\nvalue: {WIDE * 5}\nlong: {LONG}\nwords: {'one two three ' * 20}\n"
    values = "".join(f"{key}: old\n" for key in ("value", "long", LONG, WIDE))
    texts = {
        "config/config.yaml": config,
        APP + "values.yaml": values,
        APP + "lab/us/patch-001.yaml": patch,
        APP + f"lab/{NAMES[1]}/override.yaml": f"value: {WIDE * 3}\n",
        APP + "lab/patch-002.yaml": patch + f"{LONG}: new\n",
        APP + f"live-{WIDE}/{WIDE}/override.yaml": f"long: {LONG}\n",
        APP + f"live-{WIDE}/{WIDE}/patch-003.yaml": patch,
        APP + "hold.yaml": f"- {{reason: {WIDE * 4} {LONG}, by: Ann, since: 2026-11-01T00:00:00Z, patches: [patch-001]}}",
        APP + "lab/us/patch-004.yaml": "value: 1\n",
        APP + f"lab/{WIDE}/patch-004.yaml": "value: 2\n",
        APP + f"lab/{WIDE}/{WIDE}.yml": "stray: 1\n",
    }
    return {path: text if text.endswith("\n") else text + "\n" for path, text in texts.items()}


def columns(line, utf8):
    line = re.sub(rb"\x1b\[[0-9;]*m", b"", line)
    if not utf8:
        return len(line)
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in line.decode()
    )


def shown(root, command, width, utf8, color):
    """What a terminal shows of a command; a question is answered with a word that says no."""
    os.environ.update({"LC_ALL": "C.UTF-8" if utf8 else "C", "TERM": "xterm" if color else "dumb"})
    _, end = terminal.start([suite.PROMOTE, "-C", str(root), *command], width)
    answers = [("open it: ", "no")] if command == QUESTION else []
    text = terminal.attend(end, answers)
    os.close(end)
    os.wait()
    return text


def check(root, command):
    for width, utf8, color in TERMINALS:
        text = shown(root, command, width, utf8, color).replace(b"open it: ", b"open it: \n")  # the return is not shown
        how = f"{width} columns, {'UTF-8' if utf8 else 'C'}, {'colour' if color else 'no colour'}"
        suite.expect(text, how, "nothing is shown")
        suite.expect(color or b"\x1b" not in text, how, "an escape sequence")
        for line in text.split(b"\n"):
            n = columns(line, utf8)
            suite.expect(n <= width, how, f"{n} columns:", repr(line.decode()))


def helps(root):
    """--help of each command that there is."""
    _, out, _ = suite.run(root, "--help")
    names = re.findall(r"^  (\w+)  ", out.decode().partition("\nCommands:\n")[2], re.M)
    suite.expect("values" in names, out)
    return [("--help",)] + [(name, "--help") for name in names if name != "help"]


def commit(root):
    """The fleet in a repository, by somebody with a wide name."""
    for name in [x for x in os.environ if x.startswith("GIT_")]:
        del os.environ[name]  # of a hook that runs the tests
    os.environ.update({"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"})
    who = [option for key in ("user.name", "user.email") for option in ("-c", f"{key}={WIDE * 3}")]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", LONG]):
        subprocess.run(["git", "-C", str(root), *words], check=True)


def main():
    tap = suite.Tap()
    with suite.directory() as root:
        trees.plant(root, trees.of_texts(fleet()))
        os.environ.pop("NO_COLOR", None)
        os.environ.pop("CLICOLOR_FORCE", None)
        for command in COMMANDS + STATUS + helps(root):
            tap.point(" ".join(("promote", *command))[:70], check, root, command)
        if shutil.which("git"):
            commit(root)
            for command in COMMITTED:
                tap.point(" ".join(("promote", *command))[:70], check, root, command)
            edit(root)
            for command in DIFFS:
                tap.point(" ".join(("promote", *command))[:70], check, root, command)
    tap.end()


if __name__ == "__main__":
    main()
