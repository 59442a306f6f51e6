#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges where comments of lists end up: random lists, changed at random, with PyYAML as the reader.

    test_lists.py EDIT_FILE [CASES [SEED]]

Each comment says which item it is about, and where it is: above it, behind something in it, or below it. A
patch replaces the list: items are removed, added, changed and moved. Of the edited text is asked

- that it means the merge;
- that the comments of every item that is left are there once, at that item, and in their order;
- that those of items that are gone are gone, and that those about a section are there, in their order;
- that lines of an item that did not change are the same, and those before and behind the list.
"""

import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from suite import Tap

NAMES = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]
ABOUT = re.compile(r"# (above|behind|below) (\w+)")


class Item:
    """An item of a list; `name` identifies it in comments, and in what it is."""

    def __init__(self, rng, name, kind):
        self.name, self.kind = name, kind
        self.pairs = [("v%d" % i, str(rng.randrange(100))) for i in range(rng.randrange(4))]

    def value(self):
        if self.kind == "option":
            return "--%s=%s" % (self.name, self.pairs[0][1] if self.pairs else "")
        if self.kind == "scalar":
            return self.name
        return {self.kind: self.name, **dict(self.pairs)}

    def changed(self, rng):
        other = Item(rng, self.name, self.kind)
        other.pairs = [(k, v if rng.random() < 0.6 else str(rng.randrange(100, 200))) for k, v in self.pairs]
        if self.kind != "scalar" and rng.random() < 0.3:
            other.pairs.append(("added", "x"))
        return other


def block_item(rng, item, margin, comment):
    """The lines of an item in block style."""
    lines = []
    for _ in range(rng.randrange(3) if comment else 0):
        lines.append(margin + "# above " + item.name)
    behind = ["  # behind " + item.name if comment and rng.random() < 0.4 else "" for _ in range(9)]
    value = item.value()
    if isinstance(value, str):
        return lines + [margin + '- "%s"%s' % (value, behind[0])]
    lead = "- "
    for i, (k, v) in enumerate(value.items()):
        text = '"%s"' % v if rng.random() < 0.5 or i == 0 else "|-\n%s      %s" % (margin, v)
        if "\n" in text and behind[i]:
            text = text.replace("\n", behind[i] + "\n")
            behind[i] = ""
        lines.append(margin + lead + "%s: %s%s" % (k, text, behind[i]))
        lead = "  "
    if comment and rng.random() < 0.2:
        lines.append(margin + "  # below " + item.name)
    return lines


def lined_items(rng, items, margin, comment):
    """All items in brackets, each on its own lines."""
    lines = []
    for i, item in enumerate(items):
        for _ in range(rng.randrange(2) if comment else 0):
            lines.append(margin + "# above " + item.name)
        value = item.value()
        text = '"%s"' % value
        if not isinstance(value, str):
            text = "{%s}" % ", ".join('"%s": "%s"' % p for p in value.items())
        behind = "  # behind " + item.name if comment and rng.random() < 0.4 else ""
        lines.append(margin + text + ("," if i + 1 < len(items) else "") + behind)
    return lines


def base_text(rng, items, flow):
    margin = "  " if flow else rng.choice(["", "  ", "    "])
    lines = ["# the file", "", "before: 1 # one", "list:" + (" [" if flow else "")]
    if flow:
        lines += lined_items(rng, items, margin, True) + ["]"]
    for i, item in enumerate([] if flow else items):
        if rng.random() < 0.2:
            lines += [margin + "# section %d" % i, ""]
        lines += block_item(rng, item, margin, True)
        lines += [""] if rng.random() < 0.2 else []
    return "\n".join(lines + ["# about after", "after: 2", ""])


def patch_text(rng, items):
    if rng.random() < 0.3:
        return yaml.safe_dump({"list": [i.value() for i in items]}, default_flow_style=True)
    lines = [line for item in items for line in block_item(rng, item, "", False)]
    return "list:\n" + "\n".join(lines) + "\n"


def mutated(rng, items, kind):
    kept = [i.changed(rng) if rng.random() < 0.5 else i for i in items if rng.random() < 0.75]
    if rng.random() < 0.4:
        rng.shuffle(kept)
    for name in rng.sample(NAMES, rng.randrange(3)):
        kept.insert(rng.randrange(len(kept) + 1), Item(rng, "new_" + name, kind))
    return kept or [items[0]]


def places(text):
    """For each comment about an item, in order: where it says that it is, the item, and the item that it is at."""
    root = yaml.compose(text)
    node = [v for k, v in root.value if k.value == "list"][0]
    starts = [(n.start_mark.line, n.value if isinstance(n, yaml.ScalarNode) else n.value[0][1].value) for n in node.value]
    found = []
    for number, line in enumerate(text.split("\n")):
        for where, name in ABOUT.findall(line):
            at = [n for s, n in starts if s >= number][:1] if where == "above" else [n for s, n in starts if s <= number][-1:]
            found.append((where, name, at[0] if at else None))
    return found


def is_at(name, at):
    return at is not None and re.sub(r"^--|=.*", "", at) == name


def check(base, result, items, wanted, expected):
    assert yaml.safe_load(result) == expected, "it means something else"
    left = {i.name for i in wanted}
    had, has = places(base), places(result)
    for where, name, at in has:
        assert name in left, "a comment of %s, which is gone" % name
        assert is_at(name, at), "a comment %s %s is at %s" % (where, name, at)
    for name in left:
        a, b = ([w for w, n, _ in p if n == name] for p in (had, has))
        assert a == b, "the comments of %s: %s became %s" % (name, a, b)
    sections = [[t for t in text.split("\n") if "# section" in t] for text in (base, result)]
    assert sections[0] == sections[1], "comments about sections"
    assert result.startswith("# the file\n\nbefore: 1 # one\nlist:"), "what is before"
    assert result.endswith("# about after\nafter: 2\n"), "what is behind"


def case(program, directory, rng):
    kind = rng.choice(["name", "key", "id", "scalar", "option"])
    flow = rng.random() < 0.25
    items = [Item(rng, n, kind) for n in rng.sample(NAMES, rng.randrange(1, 7))]
    wanted = mutated(rng, items, kind)
    if kind == "scalar":  # one that is gone and one that is new are one that has changed, at the same place
        wanted = [i for i in wanted if not i.name.startswith("new_")] or [items[0]]
    base, patch = base_text(rng, items, flow), patch_text(rng, wanted)
    expected = dict(yaml.safe_load(base), **yaml.safe_load(patch))
    paths = []
    for name, text in (("base", base), ("patch", patch)):
        paths.append(os.path.join(directory, name))
        Path(paths[-1]).write_text(text)
    done = subprocess.run([program] + paths, capture_output=True, check=False)
    result = done.stdout.decode()
    try:
        assert done.returncode == 0, "status %d: %s" % (done.returncode, done.stderr.decode())
        left = {i.name for i in items} & {i.name for i in wanted}
        if left or flow:
            check(base, result, items, wanted, expected)
    except (AssertionError, yaml.YAMLError) as why:
        raise AssertionError("%s\nbase:\n%s\npatch:\n%s\nresult:\n%s" % (why, base, patch, result)) from why


def main():
    program = sys.argv[1]
    cases = int(sys.argv[2] if len(sys.argv) > 2 else os.environ.get("EDIT_CASES", "25")) * 20
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    failures = []
    tap = Tap()
    with tempfile.TemporaryDirectory() as directory:
        for number in range(cases):
            try:
                case(program, directory, random.Random("%s %d" % (seed, number)))
            except AssertionError as why:
                failures.append("case %d of seed %s: %s" % (number, seed, why))
    tap.result("%d random lists" % cases, failures)
    tap.end()


if __name__ == "__main__":
    main()
