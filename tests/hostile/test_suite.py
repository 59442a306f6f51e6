#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every file of the YAML conformance collection as a patch, an override and values.yaml. Prints TAP.

HOSTILE_EVERY=K takes one in K.
"""

import os
import re
from pathlib import Path

from fleet import APP, Fleet, Runner
from suite import Tap

PATCH = APP + "lab/a/patch-001.yaml"
SMALL = b"small: {added: 1}\n"
DRY = ("--dry-run", "t", "app", "patch-001")
VALUES = ("values", "t", "lab/a", "app")
LOST_TEXT = re.compile(r"WARNING: \S+:\d+ sets \S+ to \S+, which is the number \S+\n")
PLACES = (PATCH, APP + "lab/override.yaml", APP + "values.yaml")


def lie(runner, path, data, files):
    """The tree is unchanged, and the output is one error with a place in this file, or nothing.

    A step may warn of a number that loses some of its text."""
    with Fleet(runner, path, {PATCH: SMALL} | files | {path: data}) as fleet:
        for run in (DRY, VALUES):
            result = fleet.unchanged(*run)
            text = LOST_TEXT.sub("", result.stderr.decode())
            if result.status == 0:
                assert text == "" and result.stdout, f"{path}: {text}"
                continue
            # a patch may be empty, which has no place
            place = rf"ERROR: {re.escape(path)}:(\d+:\d+: | the patch is empty; )[^\n]+\n"
            assert result.status in (3, 4) and result.stdout == b"", f"{path}: exit status {result.status}: {text}"
            assert re.fullmatch(place, text), f"{path}: {text}"


def case(runner, data):
    for path in PLACES:
        lie(runner, path, data, {})
    # the step is to integrate: the patch's own text, and into the text
    both = {APP + "lab/patch-001.yaml": SMALL, APP + "live/patch-001.yaml": SMALL}
    with Fleet(runner, "integration", both | {APP + "values.yaml": data}) as fleet:
        text = fleet.unchanged(*DRY).stderr.decode()
        assert text == "" or re.fullmatch(r"ERROR: [^\n]*config/t/app/values.yaml:\d+:\d+: [^\n]+\n", text), text


def main():
    runner = Runner(os.environ["PROMOTE"])
    tap = Tap()
    directory = Path(os.environ.get("PROMOTE_SHARED", "")) / "yaml-test-suite"
    every = int(os.environ.get("HOSTILE_EVERY", "1"))
    tap.say(f"1 of {every} files")
    files = sorted(directory.rglob("in.yaml"))[::every]
    for file in files:
        tap.point(str(file.parent.relative_to(directory)), case, runner, file.read_bytes())
    if not files:
        tap.skip("the YAML conformance collection", "it is not beside the checkout")
    runner.end(tap)
    tap.end()


main()
