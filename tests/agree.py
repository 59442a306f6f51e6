#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""That --help, the man pages, the completion and the parser agree about every command: agree.py PROMOTE.

Prints TAP.

All of them are asked from outside, in an empty directory: the completion which commands and options there are, --help
what their values and arguments are called, the parser whether it knows an option, and what it takes as its value.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests" / "lib"))

from suite import Tap

WRONG = "\x01"  # no option takes this as one of a few values, or as seconds
SHOWN = "\\x01"  # the same in an error
HIDDEN = "--complete"  # what no page and no listing has
# what a word may be called, and an example of it in examples/fleet: something is offered for it
OFFERED = {
    "APPLICATION": "gateway",
    "CLUSTER_TYPE": "edge",
    "CMD": "true",
    "COMMAND": "values",
    "DIMENSION": "sector",
    "DIR": ".",
    "FILE": "file",
    "PATCH": "patch-001",
    "PATH": "applications",
    "PATH=TEXT": "applications",
    "PATH=VALUE": "applications",
    "POSITION": "live",
    "TARGET": "live/live-rest/espoo",
}
FREE = {"BRANCH", "DIGEST", "REASON", "REMOTE", "SECONDS", "TEXT", "TIME", "VALUE"}  # nothing can be offered
IN_GIT = {"RANGE", "REV"}  # offered in a repository of git alone
REFERENCE = "described in *promote*(1)"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class Program:
    """The program, run in an empty directory."""

    def __init__(self, path, directory):
        self.path, self.directory = os.path.realpath(path), directory

    def run(self, *words):
        """(exit status, standard output, standard error)"""
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR_FORCE")}
        done = subprocess.run(
            ["promote", *words],
            executable=self.path,
            cwd=self.directory,
            env={**environment, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def error(self, *words):
        return self.run(*words)[2].removeprefix("ERROR: ").rstrip("\n")


class Command:
    """What completion and --help say of a command."""

    def __init__(self, name, summary):
        self.name, self.summary, self.arguments, self.options = name, summary, [], {}

    @property
    def words(self):
        return [] if self.name == "-" else [self.name]

    @property
    def given(self):
        """Words that can only be of this command: without any, promote does what another command does."""
        return self.words or ["x"]

    @property
    def title(self):
        return " ".join(["promote", *self.words])

    @property
    def page(self):
        return "-".join(["promote", *self.words])


class Option:
    def __init__(self, name, letter, value, optional, choices, text):
        self.name, self.letter, self.value, self.choices, self.text = name, letter, value, choices, text
        self.optional = optional  # the value
        by_name = {"": "flag", "SECONDS": "seconds"}
        self.kind = "optional" if optional else "choice" if choices else by_name.get(value, "string")

    @property
    def title(self):
        """As --help and the pages write it."""
        value = f"={self.value}" if self.value else ""
        return (f"{self.letter}, " if self.letter else "") + self.name + (f"[{value}]" if self.optional else value)


def join(words):
    return " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def offered(program, *words):
    """What completion offers for the last word: [(word, what it is)]."""
    status, text, error = program.run("--complete", "--", *words)
    assert status == 0 and not error, error
    return [tuple(line.split("\t", 1)) for line in text.splitlines()]


def read_help(program, words):
    """Of each option in --help: (letter, value, whether that is optional); and the arguments of the usage."""
    text = program.run(*words, "--help")[1]
    rows = re.findall(r"^ {2,6}(?:(-.), )?(--[a-z-]+)(?:(\[?)=([^\s\]]+)\]?)?  ", text, flags=re.M)
    usage = arguments(re.search(r"^Usage: (.*)$", text, flags=re.M)[1])
    return {name: (letter, value, bool(bracket)) for letter, name, bracket, value in rows}, usage[1] if usage else []


def completions(program):
    """The commands that completion offers, and "-", the main job."""
    step = (TOP / "src" / "cmd" / "step.c").read_text()
    commands = {"-": Command("-", re.search(r'\.summary = "(.*)"', step)[1])}
    for name, summary in offered(program, ""):
        if name != "help":
            commands[name] = Command(name, summary)
    for command in commands.values():
        named, command.arguments = read_help(program, command.words)
        for word, text in offered(program, *command.words, "-"):
            name = word.removesuffix("=")
            letter, value, optional = named.get(name, ("", "", False))
            assert bool(value and not optional) == word.endswith("="), f"{command.title} {word}"
            assert name not in command.options, f"{command.title} {word}"
            choices = [w.removeprefix(word) for w, _ in offered(program, *command.words, word) if w and word.endswith("=")]
            command.options[name] = Option(name, letter, value, optional, choices, text)
    return commands


def check_offers(program, commands):
    """That something of the example fleet is offered for every argument and for the value of every option."""
    for command in commands.values():
        known = [OFFERED.get(name, "x") for name, _ in command.arguments]
        for i, (name, _) in enumerate(command.arguments):
            found = dict(offered(program, *command.words, *known[:i], ""))
            if name in FREE | IN_GIT:
                continue
            if not found or name not in OFFERED or name == "CLUSTER_TYPE" and found.get("edge") != "cluster type":
                yield f"{command.title}: nothing is offered for {name}"
        for option in command.options.values():
            if option.value in IN_GIT:
                continue
            words = offered(program, *command.words, *known, f"{option.name}=") if option.value else []
            if bool(words) != bool(option.choices or option.value in OFFERED):
                yield f"{command.title} {option.title}: offered are {words}"
            if option.value and not option.choices and option.value not in OFFERED and option.value not in FREE:
                yield f"{command.title}: nothing is offered for {option.value}"


def section(page, title):
    """A section of a man page's source, without emphasis."""
    parts = re.split(r"^# (.*)\n", page, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[title]


def plain(text):
    return re.sub(r"\*|(?<!\w)_|_(?!\w)", "", text)


class Page:
    """What a man page's source says of a command."""

    def __init__(self, name):
        self.source = (TOP / "man" / f"{name}.1.scd").read_text()
        self.summary = section(self.source, "NAME").strip()
        self.usage = plain(section(self.source, "SYNOPSIS").strip().split("\n\n")[0].replace("\n", " "))
        options = section(self.source, "OPTIONS")
        # the title of each option, and the first paragraph below it
        self.options = {
            plain(title): body.split("\n\n")[0]
            for title, body in re.findall(r"^(\*-.*)\n((?:\t.*\n|\n(?=\t))+)", options, flags=re.M)
        }
        self.referred = {
            name
            for paragraph in options.split("\n\n")
            if REFERENCE in paragraph.replace("\n", " ")
            for name in mentioned(paragraph)
        }


def mentioned(text):
    return set(re.findall(r"\*(--[a-z][a-z-]*)", text))


def arguments(usage):
    """The arguments in a usage, each with whether it is optional; None if there are no [OPTIONS] before them."""
    title, found, rest = usage.partition(" [OPTIONS]")
    words = re.findall(r"[^\s\[\]]+", rest)
    least = len(re.findall(r"[^\s\[\]]+", rest.partition("[")[0]))
    return (title, [(word, i >= least) for i, word in enumerate(words)]) if found else None


def differ(what, wanted, got):
    """Two collections that must be equal."""
    lines = [f"{what}: missing: {x}" for x in wanted if x not in got]
    return lines + [f"{what}: too much: {x}" for x in got if x not in wanted]


def check_help(program, command):
    """Usage, options and formats of --help; and that it fits a terminal."""
    status, text, error = program.run(*command.words, "--help")
    rows = dict(re.findall(r"^ {2,6}(-[^ ]*(?: --[^ ]*)?)  +(.*)$", text, flags=re.M))
    wanted = {
        o.title: o.text + (f": {join(o.choices)}" if o.choices else "") for o in command.options.values()
    }
    yield from differ("--help", wanted.items(), rows.items())
    if status or error:
        yield f"--help ends with {status}: {error}"
    usage = re.search(r"^Usage: (.*)$", text, flags=re.M)[1]
    yield from differ("Usage", [(command.title, command.arguments)], [arguments(usage)])
    if f"See {command.page}(1)" not in text:
        yield f"--help does not refer to {command.page}(1)"
    for line in text.splitlines():
        if len(line) > 80:
            yield f"a line of --help is too long: {line}"
    if not re.match(f"Examples:\n  {command.title}\\s", text):
        yield "--help does not begin with examples"


def check_page(command, page, general):
    """NAME, SYNOPSIS, OPTIONS and formats of the command's man page; what is in promote(1) alone is in `general`."""
    yield from differ("NAME", [f"{command.page} - {command.summary}"], [page.summary])
    yield from differ("SYNOPSIS", [(command.title, command.arguments)], [arguments(page.usage)])
    titles = {o.title: o for o in command.options.values()}
    by_reference = {o.title for o in titles.values() if o.name in page.referred}
    yield from differ("OPTIONS", set(titles), set(page.options) | by_reference)
    yield from (f"OPTIONS: described in promote(1): {name}" for name in page.referred - set(command.options))
    yield from (f"OPTIONS: twice: {title}" for title in by_reference & set(page.options))
    yield from (f"promote(1) does not describe {title}" for title in by_reference - set(general.options))
    if command.words:
        yield from (f"not an option: {name}" for name in mentioned(page.source) - set(command.options))
    for title, option in titles.items():
        body = (general if title in by_reference else page).options.get(title, "")
        if option.choices:
            yield from differ(title, option.choices, re.findall(r"\*([a-z]+)\*", body))
            if f"*{option.choices[0]}* (the default)" not in body:
                yield f"{title}: the default is not {option.choices[0]}"


def check_kind(program, command, option, everything):
    """That the parser takes the option, and what it takes as its value: `everything` are the choices of all options."""
    name, words = option.name, command.given
    missing = f"{name} needs a value; see {command.title} --help"
    by_kind = {
        "flag": (f"'{name}={SHOWN}': this option takes no value", None),
        "seconds": (f"{name}={SHOWN}: must be seconds from 0 to 86400", missing),
        "choice": (f"{name}={SHOWN}: must be {join(option.choices or ['?'])}", missing),
        "string": (None, missing),
        "optional": (None, None),
        "list": (None, missing),
    }
    wrong, alone = by_kind[option.kind]
    got = program.error(*words, f"{name}={WRONG}")
    if got != wrong if wrong else re.search("unknown option|not an option|takes no value|needs a value|must be", got):
        yield f"{name}={SHOWN}: {got}"
    if alone and (got := program.error(*words, name)) != alone:
        yield f"{name}: {got}"
    for choice in option.choices:
        if program.run(*words, f"{name}={choice}", "--help")[0]:
            yield f"{name}={choice} is not taken"
        for other in {choice[0], choice + "x", choice.upper(), *everything} - set(option.choices):
            if not program.error(*words, f"{name}={other}").startswith(f"{name}={other}: must be "):
                yield f"takes {name}={other}, too"
    if option.letter:
        value = [WRONG] if option.value else []
        long, short = program.run(*words, name, *value), program.run(*words, option.letter, *value)
        if long != short:
            yield f"{option.letter} is not {name}: {short}"


def check_parser(program, command, names, letters, choices):
    """
    That the parser takes these options and no other one: of the names that are anywhere, and the letters that are
    options of other commands.
    """
    for option in command.options.values():
        yield from check_kind(program, command, option, choices)
    for name in names - set(command.options):
        got = program.error(*command.words, f"{name}=x")
        if got == f"'{name}=x': this option takes no value":
            got = program.error(*command.words, name)
        if not re.match(f"{name} is not an option of {command.title};|unknown option ", got):
            yield f"takes {name}, too: {got}"
    for letter in set(LETTERS) - {o.letter[1:] for o in command.options.values()}:
        got = program.error(*command.words, f"-{letter}", "x")
        name = letters.get(f"-{letter}")
        wanted = f"{name} is not an option of {command.title};" if name else f"unknown option '-{letter}';"
        if not got.startswith(wanted):
            yield f"-{letter}: {got}"


def check_arguments(program, command):
    """How many arguments the parser takes."""
    most = len(command.arguments)
    least = sum(not optional for _, optional in command.arguments)
    for count in range(most + 2):
        got = program.error(*command.words, *["x"] * count)
        problem = "few" if count < least else "many" if count > most else None
        if count == 0 and not command.words:
            problem = None
        if got.startswith(f"too {problem} arguments: {command.title} takes ") != bool(problem):
            yield f"{count} arguments: {got}"


def exports(source):
    return re.findall(r"^const struct command (\w+) = \{", source.read_text(), flags=re.M)


def check_commands(program, commands):
    """That the commands are the same ones everywhere."""
    names = {n for n in commands if n != "-"}
    text = program.run("--help")[1]
    listed = dict(re.findall(r"^  (\S+)  +(.*)$", text.partition("\nCommands:\n")[2].partition("\nIf ")[0], flags=re.M))
    wanted = {**{n: commands[n].summary for n in names}, "help": "show the help of a command"}
    yield from differ("--help", wanted.items(), listed.items())
    yield from differ("man/", names, {p.name[8:-6] for p in (TOP / "man").glob("promote-*.1.scd")})
    fuzzed = set(re.findall(r"&command_(\w+)", (TOP / "fuzz" / "options.c").read_text()))
    yield from differ("fuzz/options.c", names | {"step"}, fuzzed)
    exported = {f"{p.stem}.c: {name}" for p in (TOP / "src").rglob("*.c") for name in exports(p)}
    yield from differ("src/", {f"{n}.c: command_{n}" for n in names | {"step"}}, exported)
    for name in names:
        if program.run("help", name) != program.run(name, "--help"):
            yield f"`help {name}` is not `{name} --help`"


def check_statuses(program, commands):
    """That each help has the exit statuses of the source; tests/docs.sh compares the documents."""
    header = (TOP / "src" / "base" / "error.h").read_text()
    wanted = re.findall(r"^\tSTATUS_[A-Z]+ = (\d+),", header, flags=re.M)
    for command in commands.values():
        text = program.run(*command.words, "--help")[1].partition("Exit status: ")[2]
        got = re.findall(r"(?:^|, |\n)(\d+) ", text)
        if got != wanted:
            yield f"{command.title}: {got}, expected {wanted}"
    for page in (TOP / "man").glob("promote-*.1.scd"):
        if not section(page.read_text(), "EXIT STATUS").startswith("\nThose of *promote*(1)"):
            yield f"{page.name}: EXIT STATUS does not refer to promote(1)"


def rows_of_source():
    """The names in rows of options, whether or not a command includes them."""
    rows = r'\{ "([a-z-]+)",[^{}]*?AS_[A-Z]+\('
    return {f"--{n}" for p in (TOP / "src").glob("c[lm][id]/*.c") for n in re.findall(rows, p.read_text())}


def check_rows(program, commands):
    """That each row of the source is an option of a command, and that only one is hidden."""
    listed = {name for c in commands.values() for name in c.options}
    yield from differ("rows of options in src/", listed | {HIDDEN}, rows_of_source())
    for command in commands.values():
        if program.run(*command.words, HIDDEN) != program.run(HIDDEN):
            yield f"{command.title} {HIDDEN} differs"
        if HIDDEN in dict(offered(program, *command.words, "--")):
            yield f"{command.title}: {HIDDEN} is offered"


def check_examples():
    """That the code in CONTRIBUTING.md is the source's own."""
    sources = "\n".join(p.read_text() for p in (TOP / "src").rglob("*.[ch]"))
    blocks = re.findall(r"^```c\n(.*?)^```$", (TOP / "CONTRIBUTING.md").read_text(), flags=re.M | re.S)
    yield from (f"not in src/:\n{block}" for block in blocks if block not in sources)
    if len(blocks) < 2:
        yield "no examples of a command and an option"


def main():
    tap = Tap()

    def point(title, failures):
        tap.result(title, list(failures))

    with tempfile.TemporaryDirectory() as directory:
        program = Program(sys.argv[1], directory)
        commands = completions(program)
        pages = {c.name: Page(c.page) for c in commands.values()}
        names = {o for c in commands.values() for o in c.options} | rows_of_source() - {HIDDEN}
        names |= {name for page in pages.values() for name in mentioned(page.source)}
        choices = {choice for c in commands.values() for o in c.options.values() for choice in o.choices}
        letters = {o.letter: o.name for c in commands.values() for o in c.options.values() if o.letter}
        point("the commands are the same everywhere", check_commands(program, commands))
        for command in commands.values():
            page = pages[command.name]
            point(f"{command.title}: --help", check_help(program, command))
            point(f"{command.title}: man page", check_page(command, page, pages["-"]))
            point(f"{command.title}: options of the parser", check_parser(program, command, names, letters, choices))
            point(f"{command.title}: arguments of the parser", check_arguments(program, command))
        fleet = Program(sys.argv[1], TOP / "examples" / "fleet")
        point("something is offered for every argument and value", check_offers(fleet, commands))
        point("every row of options is in use, and one alone is hidden", check_rows(program, commands))
        point("the exit statuses are the same in the source and in each help", check_statuses(program, commands))
        general = set(pages["-"].options)
        used = {
            o.title
            for c in commands.values()
            for o in c.options.values()
            if not c.words or o.name in pages[c.name].referred
        }
        point("promote(1) describes no option that it need not", differ("promote(1)", used, general))
        point("the examples of CONTRIBUTING.md are in the source", check_examples())
    tap.end()


main()
