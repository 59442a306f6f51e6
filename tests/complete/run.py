#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The completion of a shell, typed at a terminal: run.py bash|zsh|fish. Prints TAP.

PROMOTE is the program. The shell has the completion of completion/. One that is not installed is skipped.
COMPLETE_EVERY=1 chooses every name of the list, else zsh and fish, which are slower, choose one of two or three.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "lib"))

import shells
from suite import PROMOTE, Tap

CONFIG = """\
dimensions: [environments, regions]
sequence:
  environments:
    - name: lab
      regions: [us, "my region", eu]
    - name: live
      promotion: manual
      regions: [us]
"""
# names of applications that a shell might take for more than a name
HOSTILE = [
    "!!", "!touch evil", '"; touch evil; "', "#hash", "$(touch evil)", "$EVIL", "${EVIL}", "%percent", "& touch evil",
    "'$(touch evil)'", "'; touch evil; '", "(touch evil)", "*star", "+plus", ",comma", ";touch evil", "<(touch evil)",
    "=equals", ">evil", "?mark", "@at", "[class]", "\\back\\slash", "\\$(touch evil)", "^caret", "`touch evil`", "a b",
    "a  b", "app:colon", "app=equals", "end\\", "it's", 'quo"te', "x" * 200, "{a,b}", "|touch evil", "~root", "ünïcödé", "日本",
]  # fmt: skip
# names that are not offered: a terminal would obey them, or they would be taken as options
HIDDEN = ["new\nline", "tab\there", "esc\x1b]0;evil\x07", "\udcff\udcfe", "rtl\u202elive", "-dash", "--help"]


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def make_fleet(root):
    write(root / "config" / "config.yaml", CONFIG)
    write(root / "config" / "type" / "app" / "values.yaml", "a: {b: 1, c d: {e: 2}}\n")
    write(root / "config" / "type" / "app" / "lab" / "my region" / "patch-001.yaml", "a: {b: 2}\n")
    write(root / "config" / "type" / "app" / "lab" / "us" / "patch-001.yaml", "a: {b: 2}\n")
    write(root / "config" / "type" / "other" / "values.yaml")
    for name in HOSTILE + HIDDEN:
        write(root / "config" / "hostile" / name / "values.yaml", "a: 1\n")
    (root / "my dir").mkdir()


def read(root):
    return sorted((os.fsencode(p), p.is_dir() or p.read_bytes()) for p in root.rglob("*"))


def differ(what, wanted, got):
    return [] if wanted == got else [f"{what}: wanted {wanted}", f"{what}: got    {got}"]


# a line, and all candidates for its last word
LISTS = [
    ("promote t", ["type"]),
    ("promote type ", ["app", "other"]),
    ("promote -C . type ", ["app", "other"]),
    ("promote --dry-run type app ", ["patch-001"]),
    ("promote values type lab/", ["lab/us", "lab/my region", "lab/eu"]),
    ("promote values type 'lab/my", ["lab/my region"]),
    ('promote values type "lab/my r', ["lab/my region"]),
    ("promote values type lab/my\\ ", ["lab/my region"]),
    ("promote type app patch-001 --from=", ["--from=lab/us", "--from=lab/my region"]),
    ("promote type app patch-001 --from=lab/m", ["--from=lab/my region"]),
    ("promote type app patch-001 --from l", ["lab/us", "lab/my region"]),
    ("promote type app patch-001 --approve=", ["--approve=live"]),
    ("promote type app patch-001 --le", ["--level="]),
    ("promote --color=", ["--color=auto", "--color=always", "--color=never"]),
    ("promote values -o ", ["yaml", "json"]),
    ("promote explain type app lab/us ", ["a."]),
    ("promote explain type app 'lab/my region' a.", ["a.b", "a.c d."]),
    ("promote explain type app lab/us a.c\\ d.", ["a.c d.e"]),
    ("promote nothing ", []),
    ("promote type app patch-001 --lock-timeout=", []),
    ("promote -- ty", ["type"]),
]
# keys, and the arguments of the line that they make
LINES = [
    ("promote ty\tot\t", ["type", "other"]),
    ("promote type app p\t", ["type", "app", "patch-001"]),
    ("promote values type la\tu\t", ["values", "type", "lab/us"]),
    ("promote values type lab/m\t-n", ["values", "type", "lab/my region", "-n"]),
    ("promote values type 'lab/m\t -n", ["values", "type", "lab/my region", "-n"]),
    ('promote values type "lab/m\t -n', ["values", "type", "lab/my region", "-n"]),
    ("promote type app patch-001 --fr\tlab/m\t-n", ["type", "app", "patch-001", "--from=lab/my region", "-n"]),
    ("promote type app patch-001 --from lab/m\t-n", ["type", "app", "patch-001", "--from", "lab/my region", "-n"]),
    ("promote explain type app lab/us a\tc\te\t", ["explain", "type", "app", "lab/us", "a.c d.e"]),
    ("promote --col\tne\tva\t", ["--color=never", "values"]),
    ("promote -C my\t -n", ["-C", "my dir", "-n"]),
    ("promote --directory=my\t -n", ["--directory=my dir", "-n"]),
    ("promote conf\t -n", ["config", "-n"]),
    ("promote config/type/app/lab/us/pat\t", ["config/type/app/lab/us/patch-001.yaml"]),
    ("promote config/type/app/lab/my\\ re\t", ["config/type/app/lab/my region"]),
    ("promote config/type/app/lab/us/patch-001.yaml --fr\tlab/m\t", ["config/type/app/lab/us/patch-001.yaml", "--from=lab/my region"]),
    ("promote type app patch-001 --generate-command=mkfif\t", ["type", "app", "patch-001", "--generate-command=mkfifo"]),
    ("promote type app patch-001 2>/dev/null --appr\tliv\t", ["type", "app", "patch-001", "--approve=live"]),
]
# the same with names that a shell might take for something else
HOSTILE_LINES = [
    ("promote hostile app:\t", "app:colon"),
    ("promote hostile app=e\t", "app=equals"),
    ("promote hostile 'app:c\t", "app:colon"),
    ('promote hostile "app=\t', "app=equals"),
    ("promote hostile app\\:\t", "app:colon"),
    ("promote hostile '$(to\t", "$(touch evil)"),
    ('promote hostile "it\t', "it's"),
    ("promote hostile qu\t", 'quo"te'),
    ("promote hostile 'qu\t", 'quo"te'),
    ('promote hostile "qu\t', 'quo"te'),
    ("promote hostile a\\ b\t", "a b"),
    ("promote hostile 'a  \t", "a  b"),
    ("promote hostile \\$EV\t", "$EVIL"),
    ("promote hostile \\`\t", "`touch evil`"),
    ("promote hostile '`\t", "`touch evil`"),
    ("promote hostile xx\t", "x" * 200),
    ("promote hostile ü\t", "ünïcödé"),
    ("promote hostile 日\t", "日本"),
    ("promote hostile \\;\t", ";touch evil"),
]
# what is typed may be evaluated by the shell when the line is run, but not for its completion
TYPED = ["$(touch evil)", "`touch evil`", '"$(touch evil)', "'$(touch evil)", "<(touch evil)", "$(touch evil", "${EVIL:-`touch evil`}"]


def check_lists(shell):
    for line, wanted in LISTS:
        yield from differ(line, wanted, shell.all(line))


def check_lines(shell):
    for keys, wanted in LINES:
        # a shell may take off the slash of a directory again
        yield from differ(repr(keys), wanted, [word.rstrip("/") for word in shell.run(keys)])


def check_shown(shell):
    """That a list says what each candidate is."""
    for line, words in (
        ("promote values type l", {"lab/": "environment", "live/": "environment, manual gate"}),
        ("promote explain type app 'lab/us' a.", {"a.b": "2", "a.c d.": "1 key"}),
    ):
        patterns = [re.escape(shell.quoted(word)) + r"\s+" + shell.about.format(what) for word, what in words.items()]
        shown = shell.listed(line, patterns)
        yield from (f"{line}: {pattern} is not shown: {shown!r}" for pattern in patterns if not re.search(pattern, shown))


def check_hostile(shell, root):
    """That each name is inserted so that the shell takes it for itself."""
    expected = sorted(filter(shell.takes, HOSTILE), key=os.fsencode)
    yield from differ("hostile", expected, shell.all("promote hostile "))
    every = int(os.environ.get("COMPLETE_EVERY", shell.every))
    for i, name in list(enumerate(expected))[::every]:
        yield from differ(name, ["hostile", name], shell.choose("promote hostile ", i + 1, len(expected)))
    for keys, name in HOSTILE_LINES:
        yield from differ(keys, ["hostile", name], shell.run(keys))
    yield from differ("the tree", shell.before, read(root))


def check_typed(shell, root):
    for text in TYPED:
        for line in (f"promote {text}\t\t", f"promote {text} \t\t", f"promote -C {text} type \t\t"):
            shell.drop(line)
            yield from differ(line, False, (root / "evil").exists())
    yield from differ("after that", ["type", "app"], shell.run("promote type app"))


def test_shell(tap, kind, root, home):
    if kind.missing():
        tap.skip(kind.name, f"{kind.name} is not installed")
        return
    shell = kind(root, home, PROMOTE)
    shell.before = read(root)
    try:
        for title, check in (
            ("lists", check_lists(shell)),
            ("whole lines", check_lines(shell)),
            ("what is shown", check_shown(shell)),
            ("hostile names", check_hostile(shell, root)),
            ("hostile words", check_typed(shell, root)),
        ):
            try:
                tap.result(f"{kind.name}: {title}", list(check))
            except AssertionError as problem:
                tap.result(f"{kind.name}: {title}", [problem])
    finally:
        shell.close()


def main():
    tap = Tap()
    kind = next(kind for kind in shells.SHELLS if kind.name == sys.argv[1])
    with tempfile.TemporaryDirectory() as directory:
        root, home = Path(directory, "fleet"), Path(directory, "home")
        home.mkdir()
        make_fleet(root)
        test_shell(tap, kind, root, home)
    tap.end()


main()
