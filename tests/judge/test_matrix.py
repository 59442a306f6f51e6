#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`promote matrix` against the judge, on random fleets: every cell, by every dimension. Prints TAP."""

import collections
import json
import math
import os
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import fleets
import helm
import judge
from suite import Tap, expect, many, on_fleet, run
from test_values import deciding, same_json

FLEETS = 40  # some five seconds on two cores
USUAL = [("key", "applications"), ("star", "*"), ("key", "source"), ("key", "targetRevision")]


# Paths with stars: a list of ("key", TEXT), ("star", PATTERN) and ("any", "**").


def path_text(parts):
    return ".".join(judge.path_text([judge.string(text)]) if kind == "key" else text for kind, text in parts)


def children(node):
    if isinstance(node, dict):
        return list(node.items())
    return [(judge.string(str(i)), x) for i, x in enumerate(node)] if isinstance(node, list) else []


def find(node, parts, path=()):
    """The paths that the parts lead to, in the order of the keys."""
    if not parts:
        yield path
        return
    kind, text = parts[0]
    if kind == "any":
        yield from find(node, parts[1:], path) if parts[1:] else [path] if path and not (isinstance(node, dict) and node) else []
        for key, below in children(node) if parts[1:] or isinstance(node, dict) else []:
            yield from find(below, parts, path + (key,))
        return
    pattern = re.escape(text) if kind == "key" else ".*".join(map(re.escape, text.split("*")))
    for key, below in children(node):
        if re.fullmatch(pattern, key.text, re.DOTALL):
            yield from find(below, parts[1:], path + (key,))


def at(node, path):
    for key in path:
        node = dict(children(node)).get(key)
        if node is None:
            return None
    return node


def passes_list(node, path):
    return any(isinstance(at(node, path[:i]), list) for i in range(len(path)))


def random_parts(rng, trees):
    """A path that some target has, with some of its keys replaced by stars."""
    paths = [x for tree in trees for x in find(tree, [("any", "**")])]
    if not paths or rng.random() < 0.1:
        return USUAL
    parts = [("key", key.text) for key in rng.choice(paths)]
    if rng.random() < 0.2 and len(parts) > 1:
        parts = parts[: rng.randint(1, len(parts) - 1)]
    for i, (_, text) in enumerate(parts):
        kind = rng.random()
        if kind < 0.3:
            parts[i] = ("star", "*")
        elif kind < 0.4 and re.fullmatch("[a-z]+", text):
            parts[i] = ("star", text[0] + "*" if rng.random() < 0.5 else "*" + text[-1])
    if rng.random() < 0.4:
        start = rng.randrange(len(parts))
        parts[start : rng.randint(start, len(parts))] = [("any", "**")]
    return parts


# What the matrix must be ----------------------------------------------------------------------


def is_value(value, text):
    """Whether a value is what a person types."""
    if not isinstance(value, judge.Scalar):
        return False
    try:
        own = helm.resolve(*judge.helms_own(value))
    except helm.Refused:
        own = judge.helms_own(value)[2]
    if isinstance(own, str):
        return own == text
    typed = helm.resolve("", True, text)
    if isinstance(own, float) and not math.isfinite(own):
        return repr(own) == repr(typed)
    return not isinstance(typed, str) and same_json(judge.to_json(value), helm.json_of("", True, text))


def columns_of(fleet, depth):
    """By dimension, from 1."""
    return [x for x in fleet.positions if x.count("/") + 1 == depth or (x in fleet.targets and x.count("/") + 1 < depth)]


def distinct(items):
    made = []
    for x in items:
        if x not in made:
            made.append(x)
    return made


def cell_of(position, below, values):
    """below: the targets there; values: by target."""
    some = distinct(values[x] for x in below)
    given = [x for x in some if x is not None]
    differs = len(some) > 1
    cell = {
        "position": position, "differs": differs, "unset": None in some,
        "value": None if differs or not given else judge.to_json(given[0]),
    }
    return {**cell, "values": [judge.to_json(x) for x in given]} if differs else cell


def rows_of(fleet, kind, application, parts, columns, where):
    trees = {x: fleet.application(kind, application, x) for x in fleet.targets}
    for path in dict.fromkeys(x for tree in trees.values() for x in find(tree, parts)):
        values = {x: at(tree, path) for x, tree in trees.items()}
        having = [x for x in fleet.targets if where is not None and is_value(values[x], where)]
        if where is not None and not having:
            continue
        cells = [cell_of(c, [x for x in fleet.targets if f"{x}/".startswith(f"{c}/")], values) for c in columns]
        row = {"application": application, "path": judge.path_text(path), "cells": cells}
        yield path, {**row, "targets": having} if where is not None else row


def in_flight(fleet, kind):
    return [x for x in fleet.applications(kind) if f"config/{kind}/{x}/values.yaml" in fleet.files]


# Comparing ------------------------------------------------------------------------------------


def check_places(fleet, kind, application, path, told):
    """The `from` of a row's cells."""
    for cell in told["cells"]:
        wanted = []
        for target in [x for x in fleet.targets if f"{x}/".startswith(f"{cell['position']}/")]:
            found = deciding(fleet.layers(kind, application, target), path)
            value = at(fleet.application(kind, application, target), path)
            wanted += [(found[0][0], value)] if found else []
        got = cell["from"]
        names = distinct(wanted)
        good = [x["file"] for x in got] == [name for name, _ in names]
        good = good and all(same_json(x.get("value"), None if v is None else judge.to_json(v)) for x, (_, v) in zip(got, names))
        expect(good, f"{application} {told['path']} at {cell['position']}: {got}, not {names}")
        for x in got:
            lines = judge.lines_that_set(x["file"], fleet.files[x["file"]], told["path"])
            expect(x["line"] in lines, f"{application} {told['path']}: {x}, not at {list(lines)}")


def check_matrix(root, fleet, kind, application, parts, by, options, counters):
    """One run. by: 0 for targets, else the number of a dimension; options: where, why."""
    depth, asked = by or len(fleet.dimensions), path_text(parts)
    if asked in fleet.applications(kind) and not application:
        asked = f'"{asked}"'  # else it is the application
    columns, where = columns_of(fleet, depth), options.get("where")
    arguments = ["matrix", "-o", "json", f"--by={fleet.dimensions[by - 1] if by else 'target'}"]
    arguments += [f"--where={where}"] if where is not None else ["--why"] if options.get("why") else []
    arguments += ["--", kind, *([application] if application else []), asked]
    names = [application] if application else in_flight(fleet, kind)
    rows = [row for x in names for row in rows_of(fleet, kind, x, parts, columns, where)]
    some = rows or any(list(rows_of(fleet, kind, x, parts, [], None)) for x in names)
    status, out, err = run(root, *arguments)
    told = json.loads(out)
    counters.update(runs=1, rows=len(rows), cells=len(rows) * len(columns))
    if not some:
        expect(status == 3 and told["code"] == "not-found", f"{arguments}: exit {status}", err.decode())
        return
    expect(status == 0 and not err, f"{arguments}: exit {status}", err.decode())
    head = {"clusterType": kind, "by": fleet.dimensions[by - 1] if by else "target", "path": asked, "columns": columns}
    expect(all(told[k] == v for k, v in head.items()) and not told["unreadable"], f"{arguments}: {told}")
    if options.get("why"):
        for (path, row), got in zip(rows, told["rows"]):
            if not any(passes_list(fleet.application(kind, row["application"], x), path) for x in fleet.targets):
                check_places(fleet, kind, row["application"], path, got)
        for row in told["rows"]:
            for cell in row["cells"]:
                del cell["from"]
    wanted = [row for _, row in rows]
    expect(same_json(told["rows"], wanted), f"{arguments}:", json.dumps(told["rows"]), "not", json.dumps(wanted))


def scalars(node):
    if isinstance(node, judge.Scalar):
        yield node
    for _, x in children(node):
        yield from scalars(x)


def check_fleet(seed):
    made = fleets.Random(seed)
    rng = random.Random(seed)
    fleet = judge.Fleet({k: v.encode() for k, v in made.files.items()})

    def check(root, counters):
        for kind in made.kinds:
            names = in_flight(fleet, kind)
            trees = [fleet.application(kind, x, rng.choice(fleet.targets)) for x in names]
            known = [x.text for tree in trees for x in scalars(tree)] or ["x"]
            for by in range(len(fleet.dimensions) + 1):
                parts = random_parts(rng, trees)
                some = rng.choice([None, *names])
                check_matrix(root, fleet, kind, some, parts, by, {}, counters)
                check_matrix(root, fleet, kind, some, parts, by, {"why": True}, counters)
                where = rng.choice(known)
                if "\0" not in where:
                    check_matrix(root, fleet, kind, None, [("any", "**")], by, {"where": where}, counters)

    return on_fleet(made, seed, check)


def check_real(real, counters):
    fleet = judge.Fleet(judge.read_files(real))
    for kind in sorted(x.text for y in judge.load(fleet.files["config/config.yaml"])[judge.string("cluster_types")] for x in y.values()):
        for by in range(len(fleet.dimensions) + 1):
            for parts in (USUAL, [("any", "**")]):
                check_matrix(real, fleet, kind, None, parts, by, {}, counters)
            check_matrix(real, fleet, kind, None, USUAL, by, {"why": True}, counters)
            check_matrix(real, fleet, kind, None, [("any", "**")], by, {"where": "true"}, counters)
    return counters


def test_real(tap):
    title = "the matrix of a real fleet is the judge's"
    shared = os.environ.get("PROMOTE_SHARED", "")
    real = Path(shared, "fleets", "gcp-hcp-apps")
    if not shared or not real.is_dir():
        tap.skip(title, "no real fleet at PROMOTE_SHARED")
        return
    counters = collections.Counter()
    tap.point(title, check_real, real, counters)
    tap.say("{runs} runs, {rows} rows, {cells} cells".format_map(counters))


def main():
    tap = Tap()
    test_real(tap)
    counters, failures, seconds = many(check_fleet, FLEETS)
    title = "{fleets} fleets, {runs} runs, {rows} rows, {cells} cells".format_map(counters)
    tap.result(f"the matrix of random fleets is the judge's: {title}, {seconds:.0f} s", failures)
    expect(counters["cells"] > 10 * counters["fleets"], "almost nothing was compared")
    tap.end()


if __name__ == "__main__":
    main()
