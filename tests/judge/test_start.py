#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What promote start writes for --set and --set-string reads as was asked for, in YAML 1.1 (PyYAML) and 1.2. Prints TAP.

Each of PROMOTE_FLEETS patches sets a few random values at random paths; PROMOTE_SEED is the first one's seed. What is
expected is put together in Python, and compared as JSON would have it: 1 is neither 1.0 nor true.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lib"))

import suite
import trees

SEED = int(os.environ.get("PROMOTE_SEED", random.SystemRandom().randrange(2**32)))
PATCHES = int(os.environ.get("PROMOTE_FLEETS", 150))
CONFIG = "dimensions: [environments, regions]\nsequence: {environments: [{name: lab, regions: [us, eu]}]}\ncluster_types: [{name: t}]\n"
WORDS = """yes no on off y n true null ~ 012 0o14 1_000 1:20 1e3 1.20 2001-01-01 << = .inf 0x1F - ? : # @x *x &x !x %x
 [] {} a:b a: #b '"' "'" \\ \\n""".split()
PIECES = [*WORDS, "a", "b", " ", ": ", " #", "\n", "\t", "é", "日本", "🚀", "\u2028", "\x85", "\ufeff", "\x01", "-", "'", '"', "."]


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema."""

    yaml_implicit_resolvers = {}


for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("int", r"0o[0-7]+|0x[0-9a-fA-F]+", ["0"]),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
    ("float", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", list("-+.")),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)
# 1.1 reads 012 as 10, 1.2 as 12
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value, 0 if node.value[1:2] in ("x", "o") else 10))


def text(dice):
    return "".join(dice.choice(PIECES) for _ in range(dice.choice((1, 1, 2, 4))))


def value(dice, depth=0):
    kind = dice.randrange(8 if depth < 3 else 6)
    if kind < 3:
        return text(dice)
    if kind < 6:
        return dice.choice((None, True, False, 0, -7, 31, 1.5, 123456789, dice.randrange(10**9), dice.randrange(1000) + 0.25))
    if kind == 6:
        return [value(dice, depth + 1) for _ in range(dice.randrange(3))]
    return {text(dice): value(dice, depth + 1) for _ in range(dice.randrange(3))}


def quoted(part):
    """A part of a path, in quotes."""
    return '"' + "".join(f"\\x{b:02x}" if b < 0x20 or b >= 0x7F or b in b'"\\' else chr(b) for b in part.encode()) + '"'


def in_yaml(made):
    """As JSON, without pairs of surrogates, which YAML does not have."""
    return json.dumps(made).replace("\\ud83d\\ude80", "🚀")


def assignments(dice):
    """The options, and what they set."""
    options, wanted = [], {}
    for i in range(dice.randrange(1, 5)):
        path = [f"k{i}", *(text(dice) for _ in range(dice.randrange(3)))]
        is_text = dice.random() < 0.4
        made = text(dice) if is_text else value(dice)
        at = wanted
        for part in path[:-1]:
            at = at.setdefault(part, {})
        at[path[-1]] = made
        name = path[0] + "".join("." + quoted(x) for x in path[1:])
        options.append(f"--set-string={name}={made}" if is_text else f"--set={name}={in_yaml(made)}")
    return options, wanted


def same(a, b):
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def check(root, seed):
    options, wanted = assignments(random.Random(seed))
    done = subprocess.run(
        [suite.PROMOTE, "-C", root, "start", "t", "app", "-n", "-o", "json", "--accept-loss", *options],
        capture_output=True, check=False, timeout=60)  # fmt: skip
    document = json.loads(done.stdout)
    if done.returncode:
        # a mapping without any key sets nothing
        empty = document.get("code") == "no-effect" and "{}" in " ".join(options)
        return [] if empty else [f"{seed}: {options}: {done.stderr.decode()}"]
    written = next(x["text"] for x in document["edits"])
    for loader in (yaml.SafeLoader, Core):
        got = yaml.load(written, loader)  # noqa: S506: both are safe ones
        if not same(got, wanted):
            return [f"{seed}: {options}: {loader.__name__}: {got!r}, not {wanted!r}\n{written}"]
    return []


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as root:
        trees.plant(root, trees.of_texts({"config/config.yaml": CONFIG, "config/t/app/values.yaml": "a: 1\n"}))
        for seed in range(SEED, SEED + PATCHES):
            wrong += check(root, seed)
    print("not ok" if wrong else "ok", f"1 - {PATCHES} patches read as what was set (PROMOTE_SEED={SEED})")
    for line in "\n".join(wrong[:5]).splitlines():
        print("#", line)
    print("1..1")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
