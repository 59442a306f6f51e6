#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the rule files given, or all of this directory, and prints TAP. README.md has the notation.

RULES_EVERY=K takes one in K of them.
"""

import difflib
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import documents
import suite
import trees

HERE = Path(__file__).resolve().parent
BEFORE = {"fleet", "dimensions", "types", "config", "text", "patch", "at", "file", "bytes", "directory", "link", "mode",
          "without"}  # fmt: skip
AFTER = {"exit", "stdout", "stderr", "tree", "file", "bytes", "mode", "gone"}
TIMEOUT = 30  # seconds for one run
DIRECTORY = ("directory", 0o755, b"")


class Mistake(Exception):
    """A rule file that cannot be understood."""


# Reading -------------------------------------------------------------------------------------


def read_entries(text):
    """The lines of a rule file as (line number, key, words after it, the indented lines below)."""
    entries = []
    blank = 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            continue
        if not line.strip():
            blank += 1
        elif line[0].isspace():
            if not entries:
                raise Mistake(f"line {number}: an indented line belongs to a key above it")
            entries[-1][3].extend([""] * (blank if entries[-1][3] else 0) + [line])
            blank = 0
        else:
            key, _, rest = line.partition(" ")
            entries.append((number, key, rest.strip(), []))
            blank = 0
    return [(n, key, rest, dedent(block)) for n, key, rest, block in entries]


def dedent(lines):
    margin = min((len(x) - len(x.lstrip(" ")) for x in lines if x), default=0)
    return [x[margin:] for x in lines]


def whole_text(rest, block):
    return "".join(x + "\n" for x in ([rest] if rest else []) + block)


def parse_fleet(text, dimensions):
    """integration[s1[us eu] "s2"] stage! -> the lines of `sequence:` in config.yaml."""
    tokens = re.findall(r'"[^"]*"!?|[^\s\[\]"]+|[\[\]]', text)
    lines = []
    depth = 0
    for i, token in enumerate(tokens):
        opens = i + 1 < len(tokens) and tokens[i + 1] == "["
        indent = "  " * (1 + 2 * depth)
        if token == "[":
            depth += 1
            if depth >= len(dimensions):
                raise Mistake(f"fleet: deeper than its {len(dimensions)} dimensions")
            lines.append("  " * (2 * depth) + f"  {dimensions[depth]}:")
        elif token == "]":
            depth -= 1
        elif token.startswith('"'):
            if opens or token.endswith("!"):
                raise Mistake(f"fleet: {token} is a plain name and can hold nothing else")
            lines.append(f"  {indent}- {token[1:-1]}")
        else:
            lines.append(f"  {indent}- name: {token.rstrip('!')}")
            if token.endswith("!"):
                lines.append(f"  {indent}  promotion: manual")
    if depth:
        raise Mistake("fleet: a bracket is not closed")
    return lines


def config_text(fleet, dimensions, types):
    lines = [f"dimensions: [{', '.join(dimensions)}]", "sequence:", f"  {dimensions[0]}:"]
    lines += parse_fleet(fleet, dimensions)
    if types != ["-"]:
        lines += ["cluster_types:"] + [f"  - name: {t}" for t in types]
    return "".join(x + "\n" for x in lines)


# A tree is one of trees.py: of each path (kind, permission bits, bytes).


def add_file(tree, path, text, mode=0o644):
    add_parents(tree, path)
    tree[path] = ("file", mode, text.encode())


def add_parents(tree, path):
    for parent in list(Path(path).parents)[:-1]:
        tree.setdefault(str(parent), DIRECTORY)


class Rule:
    def __init__(self, text):
        comments = re.match(r"# *(.*)", text)
        self.title = comments.group(1) if comments else ""
        self.dimensions = ["environments", "sectors", "regions"]
        self.types = ["mgmt"]
        self.patch = "patch-001"
        self.texts = {}
        self.tree = {}
        self.runs = []  # (arguments, entries after them)
        self.read(read_entries(text))

    def read(self, entries):
        first = next((i for i, x in enumerate(entries) if x[1] == "run"), None)
        if first is None:
            raise Mistake("no `run`")
        directory = "config/mgmt/app"
        self.tree = {directory: DIRECTORY}
        add_parents(self.tree, directory)
        order = {"text": 0, "dimensions": 0, "types": 0, "patch": 0, "mode": 2}
        for entry in sorted(entries[:first], key=lambda x: order.get(x[1], 1)):
            self.read_before(*entry)
        if "config/config.yaml" not in self.tree:
            raise Mistake("neither `fleet` nor `config`")
        if not any(x[1] == "without" for x in entries[:first]):
            self.tree.setdefault(f"{directory}/values.yaml", ("file", 0o644, b""))
        for number, key, rest, block in entries[first:]:
            if key == "run":
                self.runs.append((shlex.split(" ".join([rest] + block)), []))
            elif key in AFTER:
                self.runs[-1][1].append((number, key, rest, block))
            else:
                raise Mistake(f"line {number}: '{key}' cannot be used after `run`")

    def read_before(self, number, key, rest, block):
        words = " ".join([rest] + block).split()
        if key == "dimensions":
            self.dimensions = words
        elif key == "types":
            self.types = words
        elif key == "patch":
            self.patch = rest
        elif key == "text":
            name, _, text = rest.partition(" ")
            self.texts[name] = whole_text(text.strip(), block)
        elif key == "fleet":
            text = config_text(" ".join([rest] + block), self.dimensions, self.types)
            add_file(self.tree, "config/config.yaml", text)
        elif key == "config":
            add_file(self.tree, "config/config.yaml", whole_text(rest, block))
        elif key == "at":
            self.add_copies(self.tree, words)
        elif key == "file":
            self.add_named_file(self.tree, rest, block)
        elif key == "bytes":
            self.add_bytes(self.tree, rest, block)
        elif key == "directory":
            add_parents(self.tree, rest)
            self.tree[rest] = DIRECTORY
        elif key == "link":
            add_parents(self.tree, words[0])
            self.tree[words[0]] = ("link", 0o777, words[1].encode())
        elif key == "mode":
            self.set_mode(self.tree, *words)
        elif key == "without":
            if words != ["values.yaml"]:
                raise Mistake(f"line {number}: only values.yaml is there by itself")
        else:
            raise Mistake(f"line {number}: unknown key '{key}'")

    def add_named_file(self, tree, rest, block):
        path, _, text = rest.partition(" ")
        mode = tree[path][1] if path in tree else 0o644
        add_file(tree, path, whole_text(text.strip(), block), mode)

    def add_bytes(self, tree, rest, block):
        r"""The text as it is written, with \n, \r, \t and \\ for characters that a line cannot show."""
        path, _, text = rest.partition(" ")
        text = "".join([text.strip()] + block)
        text = re.sub(r"\\(.)", lambda m: {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}[m[1]], text)
        add_file(tree, path, text, tree[path][1] if path in tree else 0o644)

    def set_mode(self, tree, path, bits):
        kind, _, text = tree[path]
        tree[path] = (kind, int(bits, 8), text)

    def copy_path(self, position):
        return f"config/mgmt/app/{position}/{self.patch}.yaml"

    def add_copies(self, tree, words):
        for word in words:
            position, name, mode = re.fullmatch(r"([^=@]+)(?:=([^@]+))?(?:@(\d+))?", word).groups()
            text = self.texts.get(name or "new", f"value: {name or 'new'}\n")
            add_file(tree, self.copy_path(position), text, int(mode or "644", 8))

    def expected_tree(self, before, words):
        """`before` without its copies and the directories that only they filled, with these copies."""
        copy = re.compile(re.escape(self.copy_path("X")).replace("X", ".+"))
        filled = {str(p) for path in before for p in Path(path).parents}
        keep = {"config/mgmt/app"}
        after = {
            path: entry
            for path, entry in before.items()
            if entry[0] != "directory" or path not in filled or path in keep
            if not (entry[0] == "file" and copy.fullmatch(path))
        }
        for path in list(after):
            for parent in [str(p) for p in Path(path).parents][:-1]:
                after.setdefault(parent, before[parent])
        self.add_copies(after, [] if words == ["none"] else words)
        for path in after:
            if after[path][0] == "directory" and path in before:
                after[path] = before[path]
        return after


# Running -------------------------------------------------------------------------------------


def show_tree(tree):
    lines = []
    for path in sorted(tree):
        kind, mode, content = tree[path]
        text = content.decode(errors="backslashreplace")
        lines.append(f"{path} ({kind}, {mode:o})")
        lines += ["    " + x for x in text.splitlines()]
        lines += ["    (no newline at the end)"] if text and text[-1] != "\n" else []
    return lines


def number_digests(text):
    """Digests in the order they appear, as <1>, <2>: which are equal matters, not what they are."""
    seen = {}
    text = re.sub(r"\b([0-9a-f]{8}-){7}[0-9a-f]{8}\b", "<digest>", text)
    return re.sub(r"(?m)(?:(?<=^  )|(?<=digest ))[0-9a-f]{8}\b", lambda m: f"<{seen.setdefault(m[0], len(seen) + 1)}>", text)


def compare(what, expected, got):
    return list(difflib.unified_diff(expected, got, f"{what}, expected", f"{what}, got", lineterm="", n=2))


def check_run(rule, root, args, entries):
    """Runs once in root and returns the lines that say what is wrong; the tree it should have is kept."""
    expected = {"stdout": "", "stderr": "", "exit": "0"}
    tree = None
    for number, key, rest, block in entries:
        if key == "tree":
            words = " ".join([rest] + block).split()
            tree = dict(rule.tree) if words == ["unchanged"] else rule.expected_tree(rule.tree, words)
        elif key == "file":
            rule.add_named_file(tree, rest, block)
        elif key == "bytes":
            rule.add_bytes(tree, rest, block)
        elif key == "mode":
            rule.set_mode(tree, *rest.split())
        elif key == "gone":
            del tree[rest]
        else:
            expected[key] = rest if key == "exit" else whole_text(rest, block)
    if tree is None:
        raise Mistake("a run without `tree`, which comes before `file` and `gone`")
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["promote"] + args, executable=suite.PROMOTE, cwd=root, env=env, timeout=TIMEOUT,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
    )
    problems = []
    if str(done.returncode) != expected["exit"]:
        problems.append(f"exit status {done.returncode}, expected {expected['exit']}")
    for what, got in (("stdout", done.stdout), ("stderr", done.stderr)):
        text = number_digests(got.decode(errors="backslashreplace"))
        problems += compare(what, expected[what].split("\n"), text.split("\n"))
    problems += documents.check(args, done.returncode, done.stdout)
    problems += compare("tree", show_tree(tree), show_tree(trees.snapshot(root)))
    rule.tree = tree
    return problems


def check(rule):
    with tempfile.TemporaryDirectory(prefix="promote-rule-") as directory:
        root = Path(directory) / "root"
        root.mkdir()
        trees.plant(root, rule.tree)
        for args, entries in rule.runs:
            problems = check_run(rule, root, args, entries)
            if problems:
                return [f"promote {shlex.join(args)}"] + problems
    return []


def main():
    files = [Path(x) for x in sys.argv[1:]] or sorted(HERE.glob("*.rule"))
    every = int(os.environ.get("RULES_EVERY", "1"))
    tap = suite.Tap()
    tap.say(f"1 of {every} of {len(files)} files")
    files = files[::every]
    os.umask(0o022)
    for file in files:
        title, problems = "", []
        try:
            rule = Rule(file.read_text())
            title = rule.title
            problems = check(rule)
        except (Mistake, subprocess.TimeoutExpired) as why:
            problems = [why]
        tap.result(f"{file.stem}: {title}", ["\n".join(map(str, problems))] if problems else [])
    tap.end()


if __name__ == "__main__":
    main()
