#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A step while another program writes: nothing that it wrote is lost, and the step is taken or not. Prints TAP.

    RACE_ROUNDS=1000 RACE_SEED=7 tests/race/test_editors.py

A round is one step and one editor. In its end
- what the editor wrote last is where it wrote it, or promote has taken it in: it is in the copy, or in the base values,
  that the step made,
- all other files are as before the step or as after it, and as the exit status says,
- nothing is left.
"""

import collections
import os
import re

from editors import CHECKS_OUT, EDITORS, MARK, SWAPS, Scene
from race import REGIONS, TYPE, Rollout, Tap, config, difference, directory, finish, go, on_disk, read_tree, rounds
from race import seeded, start_held, write_tree

ROUNDS = 120  # those of `make check`
HOME = f"config/{TYPE}/app/"
STEP = [*REGIONS, TYPE, "app", "patch-001"]
HIERARCHY = {"integration": {"s1": ["us", "eu"], "s2": ["us"]}, "stage": {"s1": ["us", "eu"]}}

FLEET = {
    "config/config.yaml": config(HIERARCHY),
    HOME + "values.yaml": b"# base\nvalue: old\npatch_mark: 000000\nmark: 000000 # last\n",
    HOME + "integration/s2/override.yaml": b"mark: 000000\n",
    HOME + "stage/s1/eu/override.yaml": b"mark: 000000\n",
    HOME + "integration/s1/us/patch-001.yaml": b"value: new\npatch_mark: 000000\n",
}


def plain(text):
    """Without what editors change."""
    return text and re.sub(rb"a\d{6}: 1\n", b"", MARK.sub(rb"\1N", text))


def taken_in(tree, text):
    """Whether a copy is this text, or the base values have its mark."""
    found = MARK.search(text)
    values = tree.get(HOME + "values.yaml", b"")
    return text in tree.values() or (text.startswith(b"value: new") and b"patch_" + found[0] in values)


def integrated(got, text):
    """Whether the base values are this text with a patch in it."""
    unmarked = [re.sub(rb"patch_mark: \d{6}", b"", x or b"") for x in [got, text]]
    return unmarked[0] == unmarked[1].replace(b"value: old", b"value: new")


def lost(editor, tree):
    """Lines about what the editor wrote and what is lost."""
    failures = []
    new = editor.scene.new
    for path, text in editor.last.items():
        got = tree.get(path)
        if text is None:
            if got is not None and plain(got) != plain(new.get(path)):
                failures.append(f"{path} is there again: {got}")
            continue
        kept = got == text
        if path.endswith("values.yaml"):
            kept = kept or integrated(got, text)
        if path.endswith("patch-001.yaml"):
            kept = kept or taken_in(tree, text)
        if not kept:
            failures.append(f"{path}: {text} was written last, and now it is {got}")
    everything = b"".join(text for text in tree.values() if text)
    for path, lines in editor.lines.items():
        failures += [f"{path}: {line} was added, and is nowhere" for line in lines if line not in everything]
    return failures


def mixed(rollout, editor, tree, status):
    """Lines about files that are neither of before nor of after."""
    scene = editor.scene

    def others(of):
        return {
            path: plain(text)
            for path, text in of.items()
            if text is not None and path not in editor.touched and not path.startswith("spare/")
        }

    got = others(tree)
    wanted = scene.new if status == 0 else scene.old
    failures = difference(got, others(wanted))
    if isinstance(editor, SWAPS) and failures:
        # the step may have been done in the directory that was moved away
        failures = difference(got, others(scene.old))
    if isinstance(editor, CHECKS_OUT) and status == 0 and got in map(others, rollout.trees):
        failures = []  # another step, from the copies that were there at that moment
    for path in tree:
        empty = path.endswith("/") and not any(other.startswith(path) and other != path for other in tree)
        if empty and not path.startswith("spare/") and path not in wanted and not any(one.startswith(path) for one in editor.touched):
            failures.append(f"{path} is left empty")
    return failures


def stays_open(editor, status, err):
    """
    Whether a step could neither be finished nor undone, since its directories were taken away in the middle of it and others
    put in their place. It says so, and what is there is left as it is.
    """
    return isinstance(editor, (SWAPS, CHECKS_OUT)) and status and "'promote recover' continues it" in err


def judge(rollout, editor, tree, ended):
    status, out, err = ended
    if stays_open(editor, status, err):
        tree = {path: text for path, text in tree.items() if not path.startswith(".promote/")}
    failures = lost(editor, tree) + mixed(rollout, editor, tree, status)
    failures += [f"{path} is left" for path in tree if ".promote" in path]
    details = "The copies" in err or stays_open(editor, status, err)
    pattern = r"ERROR: .*\n" + r"(  .*\n|The step .*:\n)*" * details
    if status not in (0, 1, 3, 4) or (status and (out or not re.fullmatch(pattern, err))):
        failures.append("it ended badly")
    return failures and [f"exit {status} {err}"] + failures


def race(rollout, rng):
    """One round. Returns the editor, the exit status and failures."""
    k = rng.randrange(len(rollout.told))
    scene = Scene(rollout.root, rollout.trees[k], rollout.trees[k + 1], HOME)
    write_tree(scene.root, scene.old)
    kind = rng.choice(EDITORS)
    editor = kind(scene, rng)
    process = start_held(scene.root, *STEP)
    go(process, rng.random() * 1.2 * rollout.seconds)
    for _ in range(rng.randint(1, 4)):
        editor.edit()
        editor.pause()
    ended = finish(process)
    failures = judge(rollout, editor, read_tree(scene.root), ended)
    return editor, ended, [f"{kind.__name__}, step {k + 1}: " + "\n".join(failures)] if failures else []


def check(tap, rng, where, scratch, count):
    """If promote waits for a disk, most edits are made while it writes; in memory, while it reads."""
    failures, counters = [], collections.Counter()
    rollout = Rollout(os.path.join(scratch, "fleet"), FLEET, STEP)
    tap.result("the rollout has 5 steps", [] if len(rollout.told) == 5 else [f"{len(rollout.told)} steps"])
    for i in range(count):
        editor, ended, failed = race(rollout, rng)
        failures += [f"round {i}: {one}" for one in failed]
        counters[f"{type(editor).__name__:10} exit {ended[0]}"] += 1
        counters["steps that stay open"] += bool(stays_open(editor, ended[0], ended[2]))
        if ended[0]:
            counters[re.sub(r"\S*/\S*", "PATH", ended[2].splitlines()[0])] += 1
    tap.result(f"nothing is lost in {count} rounds {where}", failures)
    for name, n in sorted(counters.items()):
        tap.say(f"{n:6} {name}")


def main():
    tap = Tap()
    rng = seeded(tap)
    count = rounds(ROUNDS)
    with directory() as scratch:
        check(tap, rng, "in memory", scratch, count - count // 3)
    with on_disk() as scratch:
        check(tap, rng, "on disk", scratch, count // 3)
    tap.end()


if __name__ == "__main__":
    main()
