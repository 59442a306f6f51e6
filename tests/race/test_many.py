#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many runs at once: each step is taken once, in order, as if they had run one after another. Prints TAP.

What a run prints and how it ends depends on nothing but the tree that it found. So runs at once must say what as many
runs one after another say, in any order, and leave the same tree.
"""

import collections
import os
import re

from race import ALONE, LONG, REGIONS, TYPE, Failed, Tap, at_once, difference, directory, fleet, read_tree, run, write_tree

RUNS = 50


def several(runs):
    """The runs of all patches, taken in turns."""
    return [one for turn in zip(*runs) for one in turn]


def short(ended):
    """How a run ended, in a line."""
    status, out, err = ended
    told = re.findall(r'"path": "[^"]*"|Target: .*|"action": "integrate"', out)
    return f"exit {status}, {', '.join(told[:2])} {err}"


def compare(root, before, runs, steps):
    """runs: lists of arguments. steps: how many of them take one."""
    write_tree(root, before)
    wanted = [run(root, *one) for one in runs]
    wanted_tree = read_tree(root)
    took = sum(status == 0 and "nothing to do" not in out for status, out, _ in wanted)
    failures = [] if took == steps else [f"{took} runs one after another took a step, not {steps}"]
    write_tree(root, before)
    ended = at_once(root, runs)
    failures += difference(read_tree(root), wanted_tree)
    missing = collections.Counter(wanted) - collections.Counter(ended)
    extra = collections.Counter(ended) - collections.Counter(wanted)
    failures += [f"{n} times too often: {short(one)}" for one, n in extra.items()]
    failures += [f"{n} times too seldom: {short(one)}" for one, n in missing.items()]
    return failures


def check(tap, title, patches, options, steps, generator=None):
    kinds = [(application, patch) for application, names in patches.items() for patch in names]
    runs = several([[[*LONG, *options, TYPE, *kind]] * -(-RUNS // len(kinds)) for kind in kinds])
    with directory() as scratch:
        os.environ["BUSY"] = os.path.join(scratch, "busy")
        try:
            failures = compare(os.path.join(scratch, "fleet"), fleet(patches, generator), runs, steps)
        except Failed as failure:
            failures = [failure]
    tap.result(f"{title}: {len(runs)} runs at once take {steps} steps", failures)


def main():
    tap = Tap()
    one = {"app": ["patch-001"]}
    check(tap, "one patch", one, ["-o", "json", *REGIONS], 12)
    check(tap, "one patch, reported as text", one, [], 7)
    check(tap, "one patch, all to the same position", one, ["--to=integration/s1/eu"], 1)
    check(tap, "one patch, with a generator", one, ["-o", "json"], 7, ALONE)
    check(tap, "three patches", {"app": ["patch-001", "patch-002", "patch-003"]}, ["-o", "json", *REGIONS], 36)
    both = {"app": ["patch-001", "patch-002"], "dns": ["patch-001"]}
    check(tap, "two applications", both, ["-o", "json", *REGIONS], 36)
    tap.end()


if __name__ == "__main__":
    main()
