#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`promote values` and `promote explain` against the judge, on random fleets and on a real one. Prints TAP."""

import collections
import json
import os
import random
import re
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import fleets
import judge
from suite import Failed, Tap, expect, many, on_fleet, run

FLEETS = 200  # what is done in 20 s on two cores that others use as well


def same_json(a, b):
    """Python takes 1, 1.0 and True for the same, JSON does not."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def unique(pairs):
    keys = [k for k, _ in pairs]
    expect(len(keys) == len(set(keys)), f"JSON with a key twice: {keys}")
    return dict(pairs)


def check_values(root, wanted, arguments, output):
    """Whether `promote values ARGUMENTS` prints what is wanted. Returns that; None if JSON cannot have it."""
    status, out, err = run(root, "values", "-o", output, *arguments)
    if output == "json" and not judge.fits_json(wanted):
        expect(status == 3 and not out and b": JSON has no value for " in err, f"promote values {arguments}: exit {status}", err.decode())
        return None
    expect(status == 0 and not err, f"promote values {arguments}: exit {status}", err.decode())
    if output == "json":
        got, plain = json.loads(out, object_pairs_hook=unique), judge.to_json(wanted)
        expect(same_json(got, plain), f"promote values -o json {arguments}:", json.dumps(got), "not", json.dumps(plain))
        return out
    difference = judge.changes(wanted, judge.load(out))
    lines = [f"{judge.path_text(keys)}: {new}, not {old}" for keys, (old, new) in difference.items()]
    expect(not difference, f"promote values {arguments}:", *lines)
    return out


def check_stream(targets, wanted, alone, out):
    """That the documents are in the order of the targets, each with its own in a comment."""
    documents = list(yaml.compose_all(out.decode(), Loader=judge.Loader))
    parts = re.split(rb"^---\n# (.*)\n", out, flags=re.MULTILINE)
    expect(not parts[0] and [x.decode() for x in parts[1::2]] == targets, f"targets {parts[1::2]}, not {targets}")
    for target, document, text in zip(targets, documents, parts[2::2], strict=True):
        expect(judge.build(document) == wanted[target], f"promote values: {target} in the stream: {text}")
        expect(alone.get((target, "yaml"), text) == text, f"promote values: {target}: {text}, not {alone.get((target, 'yaml'))}")


def check_object(targets, wanted, alone, out):
    """That JSON has the targets in their order, each as it has it alone."""
    got = json.loads(out, object_pairs_hook=unique)
    expect(list(got) == targets, f"targets {list(got)}, not {targets}")
    for target, values in got.items():
        text = json.dumps(values)
        expect(same_json(values, judge.to_json(wanted[target])), f"promote values -o json: {target}: {text}")
        if (target, "json") in alone:
            expect(json.dumps(json.loads(alone[target, "json"])) == text, f"promote values -o json: {target}: {text}")


def check_all(root, kind, targets, wanted, alone):
    """`promote values TYPE` without a target; alone: what it has printed for one target in one format."""
    for output, check in ("yaml", check_stream), ("json", check_object):
        status, out, err = run(root, "values", "-o", output, kind)
        if output == "json" and not all(map(judge.fits_json, wanted.values())):
            first = next(x for x in targets if not judge.fits_json(wanted[x]))
            told = err.decode().startswith(f"ERROR: {first}: ") and ": JSON has no value for " in err.decode()
            expect(status == 3 and not out and told, f"promote values -o json {kind}: exit {status}", err.decode())
            continue
        expect(status == 0 and not err, f"promote values -o {output} {kind}: exit {status}", err.decode())
        check(targets, wanted, alone, out)


def explain(root, fleet, arguments, counters):
    check_explain(root, fleet, arguments)
    counters.update(explained=1, runs=1)


def deciding(layers, keys):
    """The layers that set a value, or that replace something above it, the topmost first: (file, what it sets)."""
    found = []
    for name, value in reversed(layers):
        at, depth = value, 0
        while depth < len(keys) and isinstance(at, dict) and keys[depth] in at:
            at, depth = at[keys[depth]], depth + 1
        if depth == len(keys) or not isinstance(at, dict):
            found.append((name, at))
    return found


def check_explain(root, fleet, arguments):
    """Every value, the file and line that sets it, and what it hides."""
    kind, application, target = arguments
    layers = fleet.layers(kind, application, target)
    wanted = {judge.path_text(k): (k, new) for k, (_, new) in judge.changes(None, fleet.application(*arguments)).items() if k}
    status, out, err = run(root, "explain", "-o", "json", *arguments)
    expect(status == 0 and not err, f"promote explain {arguments}: exit {status}", err.decode())
    told = json.loads(out)["values"]
    expect(sorted(x["path"] for x in told) == sorted(wanted), f"promote explain {arguments}: {told}, not {wanted}")
    for one in told:
        keys, value = wanted[one["path"]]
        expect("file" in one, f"promote explain {arguments}: no file sets {one}")
        origins = [(x["file"], x["line"], x["value"]) for x in [one] + one["hides"]]
        names = deciding(layers, keys)
        good = [x[0] for x in origins] == [x[0] for x in names] and same_json(one["value"], judge.to_json(value))
        good = good and all(same_json(x[2], judge.to_json(y[1])) for x, y in zip(origins, names))
        expect(good, f"promote explain {arguments}: {one}, not {names}")
        for name, line, _ in origins:
            lines = judge.lines_that_set(name, fleet.files[name], one["path"])
            expect(line in lines, f"promote explain {arguments}: {one}; {name}: {list(lines)}", fleet.files[name].decode())


def check_fleet(seed):
    """Every target as a whole, and of each one application; each in one format or the other."""
    made = fleets.Random(seed)
    rng = random.Random(seed)
    wanted = judge.Fleet({k: v.encode() for k, v in made.files.items()})

    def check(root, counters):
        expect(wanted.targets == made.targets, "the judge reads config.yaml wrongly")
        for kind in made.kinds:
            wholes, alone = {}, {}
            for target in wanted.targets:
                whole = wholes[target] = wanted.whole(kind, target)
                output = rng.choice(["json", "yaml"])
                printed = check_values(root, whole, (kind, target), output)
                if printed is not None:
                    alone[target, output] = printed
                application = rng.choice(wanted.applications(kind))
                values = wanted.application(kind, application, target)
                check_values(root, values, (kind, target, application), rng.choice(["json", "yaml"]))
                counters.update(targets=1, runs=2)
                if rng.random() < 0.2:
                    explain(root, wanted, (kind, application, target), counters)
            check_all(root, kind, wanted.targets, wholes, alone)
            counters.update(runs=2)

    return on_fleet(made, seed, check)


def test_random(tap):
    counters, failures, seconds = many(check_fleet, FLEETS)
    title = "{fleets} fleets, {targets} targets of cluster types, {explained} of them explained, {runs} runs".format_map(counters)
    tap.result(f"values of random fleets equal the judge's: {title}, {seconds:.0f} s", failures)


# The real fleet ------------------------------------------------------------------------------


def check_real(real):
    """Counts the targets; returns the failures and, by cluster type, the paths where rendered files differ."""
    fleet = judge.Fleet(judge.read_files(real))
    failures, stale, targets = [], {}, 0
    for kind in sorted(os.listdir(real / "rendered")):
        stale[kind] = collections.Counter()
        wholes, alone = {}, {}
        for target in fleet.targets:
            targets += 1
            wanted = wholes[target] = fleet.whole(kind, target)
            rendered = judge.load((real / "rendered" / kind / target / "values.yaml").read_bytes())
            stale[kind].update(judge.path_text(x) for x in judge.changes(rendered, wanted))
            try:
                for output in "json", "yaml":
                    alone[target, output] = check_values(real, wanted, (kind, target), output)
                    for application in fleet.applications(kind):
                        values = fleet.application(kind, application, target)
                        check_values(real, values, (kind, target, application), output)
            except Failed as failure:
                failures.append(str(failure))
        try:
            check_all(real, kind, fleet.targets, wholes, alone)
        except Failed as failure:
            failures.append(str(failure))
    return targets, failures, stale


def test_real(tap):
    shared = os.environ.get("PROMOTE_SHARED", "")
    real = Path(shared, "fleets", "gcp-hcp-apps")
    titles = ["values of a real fleet equal the judge's", "its rendered management clusters", "its infra clusters"]
    if not shared or not real.is_dir():
        for title in titles:
            tap.skip(title, "no real fleet at PROMOTE_SHARED")
        return
    targets, failures, stale = check_real(real)
    tap.result(f"{titles[0]}: {targets} targets", failures if targets == 18 else failures + [f"{targets} targets"])
    differs = dict(stale["management-cluster"])
    tap.result(f"{titles[1]} equal the effective values", [f"they differ: {differs}"] if differs else [])
    differs = dict(stale["infra-cluster"])
    good = len(differs) == 1 and set(differs.values()) == {9}
    tap.result(f"{titles[2]} differ in one path at all 9 targets: {', '.join(differs)}", [] if good else [differs])


def main():
    tap = Tap()
    test_random(tap)
    test_real(tap)
    tap.end()


if __name__ == "__main__":
    main()
