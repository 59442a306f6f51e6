#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hostile files in every place from which promote reads one. Prints TAP.

test_files.py WORD takes those with this word in their name; HOSTILE_EVERY=K, one in K of each kind.
"""

import json
import os
import re
import sys

from fleet import APP, CONFIG, Fleet, Runner
from inputs import MANY, MEGABYTE, some_inputs
from suite import Tap

HERE = "lab/a/patch-001.yaml"
SMALL = b"small: {added: 1}\n"
EVERYWHERE = ("lab/patch-001.yaml", "live/patch-001.yaml")  # the next step is to integrate
DRY = ("--dry-run", "t", "app", "patch-001")
STEP = ("t", "app", "patch-001")
VALUES = ("values", "t", "lab/a", "app", "-o", "json")
YAML = ("values", "t", "lab/a", "app")
EXPLAIN = ("explain", "t", "app", "lab/a")
MATRIX = ("matrix", "--by=target", "t", "app", "**")
CHECK = ("check", "-o", "json")
SIZES = {"config/config.yaml": 64}


def at(path):
    return path if path.startswith("config/") else APP + path


def places(data):
    """The hostile file as each kind of file: its path, all files, and the runs that read it."""
    yield at(HERE), {at(HERE): data}, (DRY, VALUES, EXPLAIN, MATRIX)
    yield at("lab/override.yaml"), {at("lab/override.yaml"): data, at(HERE): SMALL}, (DRY, STEP, VALUES, EXPLAIN)
    values = at("values.yaml")
    yield values, {values: data} | {at(p): SMALL for p in EVERYWHERE}, (DRY, STEP, VALUES, EXPLAIN)
    defaults = "config/t/defaults.yaml"
    yield defaults, {defaults: data, at(HERE): SMALL}, (DRY, VALUES)


def one_error(result, path, refused):
    """Exit status 3, and this one line."""
    limit = SIZES.get(path, 8)
    expected = (f"{path}: " if refused.startswith("larger") else f"{path}:") + refused.replace("#", str(limit)).replace("PATH", path)
    text = result.stderr.decode()
    assert result.status == 3, f"{path}: exit status {result.status}: {text[:300]}"
    assert result.stdout == b"", f"{path}: standard output: {result.stdout[:300]}"
    assert text.count("\n") == 1 and text.startswith("ERROR: ") and text.endswith("\n"), f"{path}: {text[:300]}"
    line = text[len("ERROR: "):-1]
    cut = line.startswith(expected) and line.endswith("...") and len(line) > 7900
    assert line == expected or cut, f"got      {line[:300]}\nexpected {expected[:300]}"


def one_finding(result, path, refused):
    """What promote check says of the same file: the place and the message, and nothing else but findings."""
    assert result.status == 4, f"{path}: check: exit status {result.status}: {result.stderr[:300]}"
    assert result.stderr == b"", f"{path}: check: standard error: {result.stderr[:300]}"
    found = [x for x in json.loads(result.stdout)["findings"] if x["code"] in ("broken-yaml", "duplicate-key")]
    assert [x["file"] for x in found] == [path], f"{path}: check: {result.stdout[:600]}"
    place = f"{found[0]['line']}:{found[0]['column']}: " if "line" in found[0] else ""
    line, expected = place + found[0]["message"], refused.replace("#", str(SIZES.get(path, 8))).replace("PATH", path)
    cut = line.startswith(expected) and line.endswith("...") and len(line) > 7800
    assert line == expected or cut, f"check: got      {line[:300]}\nexpected {expected[:300]}"


def done(result, status=0):
    assert result.status == status, f"exit status {result.status}: {result.stderr[:300]}"
    # a patch may set what is there already
    wrong = [x for x in result.stderr.splitlines() if not x.startswith(b"WARNING: patch-001 changes no value at the ")]
    assert not wrong, f"standard error: {result.stderr[:300]}"
    return result


def refused(runner, case):
    for path, files, runs in places(case.text):
        with Fleet(runner, case.name, files) as fleet:
            for run in runs:
                one_error(fleet.unchanged(*run), path, case.refused)
            one_finding(fleet.unchanged(*CHECK), path, case.refused)
    if not case.refused.startswith("125000:"):  # a fleet may hold more values
        with Fleet(runner, case.name, {"config/config.yaml": case.text}) as fleet:
            one_error(fleet.unchanged(*DRY), "config/config.yaml", case.as_config)
            if not case.as_config.startswith("larger"):
                one_finding(fleet.unchanged(*CHECK), "config/config.yaml", case.as_config)


def load(text):
    import yaml  # of use for few of the inputs

    return yaml.load(text, yaml.CSafeLoader)


def same(result, expected):
    """What was printed is this."""
    got = json.loads(done(result).stdout)
    if got != expected:
        raise ValueError(f"read as {str(got)[:300]}\nexpected {str(expected)[:300]}")


def read_as_layer(runner, case, means):
    """As a patch and an override: their values, over those of values.yaml."""
    for path in (HERE, "lab/override.yaml"):
        with Fleet(runner, case.name, {at("lab/override.yaml"): b"over: 1\n", at(HERE): SMALL, at(path): case.text}) as fleet:
            whole = {"base": 1} | means | ({"over": 1} if path == HERE else {"small": {"added": 1}})
            same(fleet.unchanged(*VALUES), whole)
            if case.heavy and path != HERE:
                continue
            done(fleet.unchanged(*EXPLAIN, "-o", "json"))
            if not case.heavy:
                done(fleet.unchanged(*EXPLAIN))
                done(fleet.unchanged(*MATRIX))
                done(fleet.unchanged(*DRY, "-o", "json"))
            before = fleet.texts()
            done(fleet.run(*STEP))
            after = fleet.texts()
            before[at("lab/patch-001.yaml")] = before.pop(at(HERE))
            assert after == before, f"the step changed {[p for p in before if after.get(p) != before[p]][:5]}"


def read_as_values(runner, case, means):
    """As values.yaml, with a patch that is integrated: every byte of it stays."""
    with Fleet(runner, case.name, {at("values.yaml"): case.text} | {at(p): SMALL for p in EVERYWHERE}) as fleet:
        if not case.heavy:
            done(fleet.unchanged(*EXPLAIN))
        done(fleet.run(*STEP))
        after = fleet.texts()
        assert set(after) == {"config/config.yaml", at("values.yaml")}, f"left: {sorted(after)}"
        text = after[at("values.yaml")]
        assert len(text) <= len(case.text) + 32 and text.startswith(case.text.rstrip(b"\r\n}")), f"ends with {text[-100:]}"
        same(fleet.unchanged(*VALUES), means | {"small": {"added": 1}})
        if not case.heavy:
            text = done(fleet.unchanged(*YAML)).stdout
            assert load(text) == means | {"small": {"added": 1}}, f"printed as {text[:300]}"


def read_as_integrated(runner, case, means):
    """As the patch that is integrated into a small values.yaml, and into itself."""
    files = {at(p): case.text for p in EVERYWHERE}
    with Fleet(runner, case.name, files) as fleet:
        done(fleet.run(*STEP))
        assert set(fleet.texts()) == {"config/config.yaml", at("values.yaml")}, f"left: {sorted(fleet.texts())}"
        same(fleet.unchanged(*VALUES), {"base": 1} | means)
    if case.heavy:
        return
    with Fleet(runner, case.name, files | {at("values.yaml"): case.text}) as fleet:
        done(fleet.run(*STEP))
        assert fleet.texts() == {"config/config.yaml": CONFIG, at("values.yaml"): case.text}, "values.yaml is touched"


def read(runner, case):
    means = load(case.text) if case.means is None else case.means
    read_as_layer(runner, case, means)
    read_as_values(runner, case, means)
    read_as_integrated(runner, case, means)
    with Fleet(runner, case.name, {"config/t/defaults.yaml": case.text, at(HERE): SMALL}) as fleet:
        same(fleet.unchanged(*VALUES), {"base": 1, "small": {"added": 1}})
    if case.fleet:
        end = b"\r\n" if b"\r" in case.text else b"\n"
        with Fleet(runner, case.name, {"config/config.yaml": case.text + CONFIG.replace(b"\n", end), at(HERE): SMALL}) as fleet:
            done(fleet.unchanged(*DRY))


def many_into_many(runner):
    """100,000 values that are set again in values.yaml."""
    patch = "".join(f"k{i}: {i + 1}\n" for i in range(MANY)).encode()
    values = "".join(f"k{i}: {i} # {i}\n" for i in range(MANY)).encode()
    wanted = "".join(f"k{i}: {i + 1} # {i}\n" for i in range(MANY)).encode()
    with Fleet(runner, "many into many", {at(p): patch for p in EVERYWHERE} | {at("values.yaml"): values}) as fleet:
        done(fleet.run(*STEP))
        assert fleet.texts() == {"config/config.yaml": CONFIG, at("values.yaml"): wanted}


def many_patches(runner):
    """1,000 patches and an override that set the same key at one position."""
    files = {at(f"lab/a/patch-{i:04}.yaml"): f"a: {i}\n".encode() for i in range(1000)}
    with Fleet(runner, "many patches", files) as fleet:
        same(fleet.unchanged(*VALUES), {"base": 1, "a": 999})
        text = done(fleet.unchanged(*EXPLAIN)).stdout
        assert text.count(b"hides") == 999, text[:300]


def sparse(runner):
    """Files over the limit, of zeros that no disk holds."""
    for path, limit in (("config/config.yaml", 64), (at("values.yaml"), 8), ("config/t/defaults.yaml", 8), (at(HERE), 8), (at("lab/override.yaml"), 8)):
        for size in (limit * MEGABYTE + 1, 2**40):
            with Fleet(runner, "sparse", {at(HERE): SMALL, path: size}) as fleet:
                one_error(fleet.unchanged(*DRY), path, "larger than # MiB")


def positions(runner, form, count):
    """A config.yaml with many positions."""
    listed = "".join(form.replace("#", str(i)) for i in range(count))
    text = f"dimensions: [e, r]\nsequence:\n  e:\n  - name: lab\n    r:\n    - a\n    - b\n{listed}cluster_types: [t]\n"
    with Fleet(runner, f"{count} positions", {"config/config.yaml": text.encode(), at(HERE): SMALL}) as fleet:
        for run in (DRY, VALUES):
            done(fleet.unchanged(*run))


def names(runner):
    """Names of positions and files as long as the system lets them be, and longer."""
    long = "n" * 255
    config = CONFIG.replace(b"[a, b]", f"[{long}, b]".encode())
    with Fleet(runner, "NAME_MAX", {"config/config.yaml": config, at(f"lab/{long}/patch-001.yaml"): SMALL}) as fleet:
        done(fleet.run(*STEP))
        assert at("lab/patch-001.yaml") in fleet.texts()
    config = CONFIG.replace(b"[a, b]", f"[a, {long}n]".encode())
    with Fleet(runner, "beyond NAME_MAX", {"config/config.yaml": config, at(HERE): SMALL}) as fleet:
        result = fleet.unchanged(*DRY)
        assert result.status in (1, 3) and result.stderr.count(b"\n") == 1, result.stderr
    depth = 16
    nested = f"{{name: {long}}}"
    for i in range(depth - 1, 0, -1):
        nested = f"{{name: {long}, d{i}: [{nested}]}}"
    text = "dimensions: [" + ", ".join(f"d{i}" for i in range(depth)) + f"]\nsequence: {{d0: [{nested}]}}\n"
    with Fleet(runner, "beyond PATH_MAX", {"config/config.yaml": text.encode(), at(HERE): SMALL}) as fleet:
        result = fleet.unchanged(*DRY)
        assert re.fullmatch(rb"ERROR: config/config.yaml:2:\d+: the path of this position is longer than 3072 bytes\n", result.stderr), result.stderr
    deep = "a"
    for i in range(40, 0, -1):
        deep = f"{{name: a, d{i}: [{deep}]}}"
    text = "dimensions: [" + ", ".join(f"d{i}" for i in range(41)) + f"]\nsequence: {{d0: [{deep}]}}\n"
    with Fleet(runner, "deep positions", {"config/config.yaml": text.encode(), at(HERE): SMALL}) as fleet:
        one_error(fleet.unchanged(*DRY), "config/config.yaml", "1:13: more than 32 dimensions")


def main():
    runner = Runner(os.environ["PROMOTE"])
    tap = Tap()
    wanted = re.compile(sys.argv[1] if len(sys.argv) > 1 else "")
    every = int(os.environ.get("HOSTILE_EVERY", "1"))
    tap.say(f"1 of {every} files of each kind")
    for case in some_inputs(every):
        if wanted.search(case.name):
            tap.point(case.name, refused if case.refused else read, runner, case)
    fleets = (
        ("long and deep names", names),
        ("100,000 keys into 100,000", many_into_many),
        ("1,000 patches at one position", many_patches),
        ("files over the limits, of no bytes", sparse),
        ("100,000 positions", positions, "    - r#\n", MANY),
        ("100,000 positions with gates", positions, "    - {name: r#, promotion: manual}\n", MANY),
    )
    for name, body, *more in fleets[::every]:
        if wanted.search(name):
            tap.point(name, body, runner, *more)
    runner.end(tap)
    tap.end()


main()
