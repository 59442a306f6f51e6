#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands of README.md and of the guides in docs/, and what they print: pages.py PROMOTE [--renew]. Prints TAP.

Each page is run in a shell of its own, and made anew from what was printed; a page that differs from the one that was
made fails. With --renew it is written instead, for whoever changes a page or what the program prints: read the
difference before you commit it.

A page has these blocks, by the words behind the three backquotes:

console         commands, "$ " before the first line of each and "> " before the others, each with what it prints
LANGUAGE PATH   a file, which is written when its turn comes; PATH is named in the text just before
text            what is only looked at

The sentences of a page may name manual pages, commands and their options: those must be there.

Each command is run ten minutes after the one before it, for git as for promote, and a line <!-- TIME --> sets the
clock. So commits have the same names in each run.
"""

import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
GUIDES = TOP / "docs" / "howto"
BEGINNING = datetime(2026, 11, 2, 8, 0, 0)  # a Monday
PAUSE, HOUR = timedelta(minutes=10), timedelta(hours=1)
TIME = "%Y-%m-%dT%H:%M:%SZ"
NEEDED = "git", "jq", "make"  # not there on each machine that builds
MARK = "\x1e"  # before the output of each command
STEP = r"""step() {
	local status=$?
	printf '\036'
	export GIT_AUTHOR_DATE=$1 GIT_COMMITTER_DATE=$1 PROMOTE_NOW=$1
	return $status
}"""

# Where the commands of a page begin: a directory that has examples/fleet, unless something is done first.
FLEET = "cp -R examples/fleet fleet && cd fleet"


class Wrong(Exception):
    """A page that cannot be run."""


def command_end(lines, at):
    """The line behind the command that begins at a line."""
    at += 1
    while lines[at].startswith("> "):
        at += 1
    return at


def parse(page, text):
    """The parts of a page: ("text", lines), ("command", lines), ("file", path, lines), ("clock", time)."""
    lines = text.split("\n")
    parts, at, fence = [], 0, None
    while at < len(lines):
        line = lines[at]
        if fence == "console" and line.startswith("$ "):
            end = command_end(lines, at)
            parts.append(("command", lines[at:end]))
            at = end
            while not lines[at].startswith(("$ ", "```")):
                at += 1
            continue
        parts.append(("text", [line]))
        at += 1
        if line.startswith("```") and fence is None:
            fence = line[3:]
            if " " in fence:
                end = lines.index("```", at)
                parts.append(("file", fence.split()[1], lines[at:end]))
                before = "\n".join(lines[max(0, at - 5) : at])
                if f"`{fence.split()[1]}`" not in before:
                    raise Wrong(f"{page}:{at}: the text before a file does not name it")
            elif page != "README.md" and fence not in ("console", "text"):
                raise Wrong(f"{page}:{at}: a block that is neither run nor written: ```{fence}")
            elif fence == "console" and not lines[at].startswith("$ "):
                raise Wrong(f"{page}:{at + 1}: a block that does not begin with a command")
        elif line == "```":
            fence = None
        elif fence is None and re.fullmatch(r"<!-- \d{4}-\d\d-\d\dT[\d:]{8}Z -->", line):
            parts.append(("clock", line[5:-4]))
    if fence is not None:
        raise Wrong(f"{page}: a block without an end")
    return parts


def script_of(parts, prelude):
    """What bash is given to run a page, an hour after what is done before."""
    script = [*prelude, STEP]
    now = BEGINNING + (HOUR if prelude else timedelta())
    for kind, *what in parts:
        if kind == "clock":
            now = datetime.strptime(what[0], TIME)
        elif kind == "command":
            lines = [line[2:] for line in what[0]]
            script += [f"step {now.strftime(TIME)}", *lines]
            now += PAUSE
        elif kind == "file":
            path, lines = what
            text = "\n".join(lines) + "\n"
            script.append(f"mkdir -p {os.path.dirname(path) or '.'}; printf %s {shlex.quote(text)} >{path}")
    return "\n".join(script) + "\n"


def replay(promote, page, text, before):
    """The page with what its commands print now. BEFORE: what is run first, as a script without marks."""
    parts = parse(page, text)
    commands = [lines for kind, lines, *_ in parts if kind == "command"]
    if not commands:
        raise Wrong(f"{page}: no command")
    with tempfile.TemporaryDirectory() as directory:
        room = Path(directory)
        for name in ("bin", "home", "tmp", "room"):
            (room / name).mkdir()
        (room / "bin" / "promote").symlink_to(promote)
        (room / "home" / ".gitconfig").write_text("[user]\n\tname = Ann\n\temail = ann@example.com\n", "utf-8")
        (room / "room" / "examples").symlink_to(TOP / "examples")
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PROMOTE_", "XDG_", "MAKE", "MFLAGS"))}
        for name in ("NO_COLOR", "CLICOLOR_FORCE", "COLUMNS"):
            keep.pop(name, None)
        environment = {
            **keep,
            "PATH": f"{room}/bin:{os.environ['PATH']}",
            "HOME": f"{room}/home",
            "TMPDIR": f"{room}/tmp",
            "GIT_CONFIG_NOSYSTEM": "1",
            "LC_ALL": "C.UTF-8",
            "PAGER": "cat",
            "TERM": "dumb",
        }
        done = subprocess.run(
            ["bash", "-c", "umask 022\n" + script_of(parts, before)],
            cwd=room / "room",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
        )
    printed = done.stdout.decode("utf-8").split(MARK)
    if printed[0]:
        raise Wrong(f"{page}: what is done before prints something: {printed[0]}")
    if len(printed) != len(commands) + 1:
        raise Wrong(f"{page}: {len(commands)} commands, of which {len(printed) - 1} were run: {printed[-1]}")
    made, outputs = [], iter(printed[1:])
    for kind, lines, *_ in parts:
        if kind in ("text", "command"):
            made += lines
        if kind == "command":
            output = next(outputs)
            if output and not output.endswith("\n"):
                raise Wrong(f"{page}: a command prints a line without an end: {lines[0]}")
            made += output.split("\n")[:-1]
    return "\n".join(made)


def helps_of(promote):
    """The help of each command, and of a step for ""."""
    commands = [page.name.split(".")[0].removeprefix("promote-") for page in (TOP / "man").glob("promote-*.1.scd")]
    return {"help": ""} | {
        command: subprocess.run(
            [promote, *command.split(), "--help"], capture_output=True, encoding="utf-8", timeout=60, check=True
        ).stdout
        for command in ["", *commands]
    }


def is_page(name):
    return any((TOP / "man" / f"{name}.{section}.scd").exists() for section in (1, 5))


def unknown_words(text, helps):
    """What the sentences of a page name that there is not: manual pages, commands, options of commands."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    for span in re.findall(r"`([^`]+)`", prose):
        words = span.split()
        options = {word.split("=")[0] for word in words if word.startswith("--")}
        if words[0] == "promote":
            names = [word for word in words[1:] if not word.startswith("-")]
            command = names[0] if names and names[0] in helps else ""
            if names and not command and len(names) < 3:  # no cluster type, application and patch
                yield f"`{span}`: no such command"
            text_of_help = helps[command]
        elif words[0].startswith("--"):
            text_of_help = "".join(helps.values())
        else:
            if words[0] == "man" and not re.fullmatch("promote-[A-Z]+", words[1]) and not is_page(words[1]):
                yield f"`{span}`: no such page"
            continue
        for option in sorted(options):
            if not re.search(re.escape(option) + r"(?![\w-])", text_of_help):
                yield f"`{span}`: no {option}"


def preparation():
    """What the pages of docs/howto begin with: the commands of its index."""
    parts = parse("docs/howto/README.md", (GUIDES / "README.md").read_text("utf-8"))
    return ["{", *script_of(parts, []).replace("printf '\\036'", "").split("\n"), "} >/dev/null"]


def pages():
    """(path, what is done before) of each page."""
    yield "README.md", [FLEET]
    yield "docs/tutorial.md", []
    yield "docs/howto/README.md", []
    for page in sorted(GUIDES.glob("*.md")):
        if page.name != "README.md":
            yield str(page.relative_to(TOP)), preparation()


def main():
    promote = os.path.abspath(sys.argv[1])
    helps = {} if "PROMOTE_VALGRIND" in os.environ else helps_of(promote)
    renew = sys.argv[2:] == ["--renew"]
    failed = tests = 0
    for page, before in pages():
        tests += 1
        name = f"{page}: its commands print what it says"
        if "PROMOTE_VALGRIND" in os.environ and page != "README.md":
            print(f"ok {tests} - {name} # SKIP it takes minutes under valgrind")
            continue
        text = (TOP / page).read_text("utf-8")
        used = re.findall(r"^[$>] (.*)", text, re.M)
        lacks = [p for p in NEEDED if any(p in line.split() for line in used) and not shutil.which(p)]
        if lacks:
            print(f"ok {tests} - {name} # SKIP no {lacks[0]}")
            continue
        problem = ""
        try:
            made = replay(promote, page, text, before)
            if made != text and renew:
                (TOP / page).write_text(made, "utf-8")
            elif made != text:
                both = text.split("\n"), made.split("\n")
                problem = "\n".join(difflib.unified_diff(*both, page, "printed", lineterm=""))
            if helps:
                problem += "\n".join(unknown_words(text, helps))
        except Wrong as error:
            problem = str(error)
        print(f"{'not ok' if problem else 'ok'} {tests} - {name}")
        for line in problem.splitlines():
            print(f"# {line}")
        failed += bool(problem)
    print(f"1..{tests}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
