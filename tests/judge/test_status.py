#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `promote status` tells of the patches in flight of random fleets. Prints TAP.

Where each patch is, what is next, which gates that meets and what it waits for is found a second time, by rules written
after the description of a step; what it sets and changes, by the judge's values. Every cell of the pictures is compared.
"""

import json
import os
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import fleets
import judge
from suite import Tap, expect, many, on_fleet, run
from test_check import Application, agree, decides
from test_values import same_json

FLEETS = 40  # 8 s on two cores

# The rules ------------------------------------------------------------------------------------


def holds(a, b):
    """Whether position b is a or below it."""
    return b == a or b.startswith(a + "/")


class Rules:
    """One patch of an application, by the rules of a step."""

    def __init__(self, app, file):
        self.app, self.file, self.fleet = app, file, app.fleet
        self.copies = app.patches[file]
        self.placed = [x for x in self.fleet.positions if x in self.copies]
        self.order = {x: i for i, x in enumerate(self.fleet.positions)}
        self.covered = dict(app.covered(self.copies))
        latest = self.order[self.placed[-1]]
        self.gap = any(x not in self.covered and self.order[x] < latest for x in self.fleet.targets)
        self.next = None if self.gap else next((x for x in self.fleet.positions[latest + 1 :] if self.may_be_next(x)), None)
        self.gates = [x for x in self.fleet.positions if self.next and x in self.fleet.manual and self.is_entered(x)]

    def level(self):
        dimensions = self.fleet.dimensions
        return dimensions.index("sectors") + 1 if "sectors" in dimensions else max(1, len(dimensions) - 1)

    def may_be_next(self, position):
        if any(holds(x, position) for x in self.placed):
            return False
        return len(position.split("/")) >= self.level() or position in self.fleet.targets

    def is_entered(self, gate):
        """For the first time, by the step to the next position."""
        if not (holds(gate, self.next) or holds(self.next, gate)):
            return False
        return not any(holds(gate, x) or holds(x, gate) for x in self.placed)

    def guess(self):
        """From names alone."""
        return "gap" if self.gap else "gate" if self.gates else "ready"

    def conflicts(self):
        """The patches of which the step to the next position would take values over."""
        found = set()
        for target in self.fleet.targets:
            if not holds(self.next, target):
                continue
            layers = self.app.stacks[target]
            then = self.with_copy(layers)
            taken = judge.taken_over(
                layers, self.file, self.app.values(layers), self.app.values(then)
            )
            found |= {path.rpartition("/")[2].removesuffix(".yaml") for _, path in taken}
        return found

    def with_copy(self, layers):
        """The layers with the latest copy at the next position, too."""

        def place(path):
            at, name = path.removeprefix(self.app.home + "/").rpartition("/")[::2]
            if path in (f"{self.app.home}/values.yaml", f"config/{self.app.kind}/defaults.yaml"):
                return (0, 0, b"")
            return (len(at.split("/")), name != "override.yaml", os.fsencode(name))

        path = f"{self.app.home}/{self.next}/{self.file}"
        made = [(place(x), x, value) for x, value in layers] + [(place(path), path, self.copies[self.placed[-1]])]
        return [(x, value) for _, x, value in sorted(made, key=lambda x: x[0])]

    def integration_changes(self):
        """Whether a target would change if the patch were part of values.yaml."""
        app, files = self.app, self.fleet.files
        base, defaults = f"{app.home}/values.yaml", f"config/{app.kind}/defaults.yaml"
        then = judge.merge(judge.load(files[base]), self.copies[self.placed[0]])
        for layers in app.stacks.values():
            rest = [(x, then if x == base else value) for x, value in layers if not app.is_copy(x, self.file)]
            if defaults in files:
                rest[0] = (defaults, judge.spread(judge.load(files[defaults]), then))
            if app.values(rest) != app.values(layers):
                return True
        return False

    def differs(self):
        return any(x != self.copies[self.placed[0]] for x in self.copies.values())

    def judge(self, told):
        """The state; of what is decided by edits of texts, what was told is taken, if it can be."""
        if f"{self.app.home}/values.yaml" not in self.fleet.files:
            return "refused"
        if self.differs() and (self.next or self.gap or not told["step"]):
            return "copies-differ"
        if self.gap:
            return "gap"
        if self.superseded():
            return "superseded"
        if self.next:
            return "conflict" if self.conflicts() else self.guess()
        code = told["waits"][0]["code"] if told["waits"] else None
        if code not in (None, "values-would-change"):
            return told["state"]
        if told["step"] == "consolidate":
            return "ready"
        return "refused" if self.integration_changes() else "ready"

    def superseded(self):
        return any(x[:2] == ("superseded", self.file) for x in self.app.findings)

    def without(self):
        """At how many targets another layer decides about all that the patch sets, and some of it otherwise."""
        count = 0
        for target, at in self.covered.items():
            patch = self.copies[at]
            own = hidden = False
            for keys in judge.leaves(patch) if patch else []:
                path, top = [(x, y) for x, y in ((x, decides(v, keys)) for x, v in self.app.stacks[target]) if y][-1]
                own |= self.app.is_copy(path, self.file)
                hidden |= not self.app.is_copy(path, self.file) and not agree(top, keys, judge.at(patch, keys))
            count += hidden and not own
        return count


# What is told ----------------------------------------------------------------------------------


def picture(rules):
    tops = [x for x in rules.fleet.positions if "/" not in x]
    total = len(rules.fleet.targets)
    if len(tops) > 6:
        return f"{len(rules.covered):>{len(str(total))}}/{total} targets"
    parts = []
    for top in tops:
        targets = [x for x in rules.fleet.targets if holds(top, x)]
        there = [x in rules.covered for x in targets]
        cells = "".join("●" if x else "○" for x in there)
        counted = f"{sum(there):>{len(str(len(there)))}}/{len(there)}"
        parts.append(f"{top} {cells if len(targets) <= 8 else counted}")
    return " ".join(parts)


def in_words(told):
    """What a line says of a document's state."""
    others = ", ".join(x["patch"] for x in told["waits"] if "patch" in x and x["code"] == told["state"])
    words = {
        "gate": "gate " + ", ".join(told["gates"]), "copies-differ": "copies differ", "superseded": f"superseded by {others}",
        "conflict": f"conflict with {others}", "refused": "refused: " + "".join(x["code"] for x in told["waits"][:1]),
    }  # fmt: skip
    text = words.get(told["state"], told["state"])
    if text == "ready":
        text = {"promote": "ready", None: "complete"}.get(told["step"], f"ready to {told['step']}")
    return f"next {told['next']}: {text}" if told["next"] else text


def check_patch(rules, told, names):
    fleet = rules.fleet
    home = rules.app.home
    wanted = {
        "clusterType": rules.app.kind, "application": rules.app.name, "patch": rules.file.removesuffix(".yaml"),
        "next": rules.next, "gates": rules.gates, "covered": len(rules.covered), "targets": len(fleet.targets),
    }  # fmt: skip
    expect(wanted == {k: told[k] for k in wanted}, f"{wanted} is not in {told}")
    copies = [(x, f"{home}/{x}/{rules.file}") for x in rules.placed]
    expect([(x["position"], x["path"]) for x in told["copies"]] == copies, f"copies: {told}")
    state = rules.guess() if names else rules.judge(told)
    expect(told["state"] == state, f"the state is {state}, not as in {told}")
    if names:
        expect(told["step"] == ("promote" if rules.next else None), f"step: {told}")
        expect(told["without"] is None and not any(x["digest"] for x in told["copies"]), f"{told}")
        return
    expect(told["without"] == rules.without(), f"without effect at {rules.without()}: {told}")
    digests = {x["position"]: x["digest"] for x in told["copies"]}
    for a in rules.placed:
        for b in rules.placed:
            expect((digests[a] == digests[b]) == (rules.copies[a] == rules.copies[b]), f"digests of {a} and {b}: {told}")
    if state == "conflict":
        expect({x["patch"] for x in told["waits"]} == rules.conflicts(), f"conflicts with {rules.conflicts()}: {told}")
    metadata = judge.load(fleet.files[copies[-1][1]]).get(judge.string("metadata"))
    text = metadata.get(judge.string("description")) if isinstance(metadata, dict) else None
    expect(told["description"] == (text.text if isinstance(text, judge.Scalar) else None), f"description: {told}")


def check_text(told, all_rules, text):
    lines, home = [], None
    for one, rules in zip(told, all_rules):
        if home != rules.app.home:
            home = rules.app.home
            of_home = [x for x in told if (x["clusterType"], x["application"]) == (rules.app.kind, rules.app.name)]
            widths = max(len(x["patch"]) for x in of_home)
            lines.append(home.removeprefix("config/"))
        lines.append(f"  {one['patch']:<{widths}}  {picture(rules)}  {in_words(one)}")
    got = text.decode().splitlines()
    expect(got[: len(lines)] == lines, "the lines are", *got, "not", *lines)
    expect(len(got) == (len(lines) + 2 if lines else 1), "more lines:", *got)


def check_closely(rules, told):
    """The tree of one patch, what it sets, and what that changes."""
    fleet = rules.fleet
    places = {}
    for position in fleet.positions:
        if position in rules.placed:
            places[position] = "placed"
        elif any(holds(x, position) for x in rules.placed):
            places[position] = "covered"
        else:
            places[position] = "next" if position == rules.next else "not-reached"
    without = sum(x["state"] == "without-effect" for x in told["positions"])
    expect(without == told["without"], f"without effect: {told}")
    for x in told["positions"]:
        state = places[x["position"]]
        expect(x["state"] == state or (x["state"] == "without-effect" and x["position"] in rules.covered), f"{x} is {state}")
        expect(x["gate"] == (x["position"] in fleet.manual), f"gate: {x}")
    patch = rules.copies[rules.placed[-1]]
    sets = {judge.path_text(x): judge.to_json(judge.at(patch, x)) for x in judge.leaves(patch)} if patch else {}
    expect(same_json({x["path"]: x["value"] for x in told["sets"]}, sets), f"sets {sets}: {told}")
    changed = {}
    for group in told["effect"]:
        for target in group["targets"]:
            changed[target] = {x["path"]: {k: v for k, v in x.items() if k != "path"} for x in group["changes"]}
    for target, layers in rules.app.stacks.items():
        rest = [x for x in layers if not rules.app.is_copy(x[0], rules.file)]
        made = {}
        for keys, (old, new) in judge.changes(rules.app.values(rest), rules.app.values(layers)).items():
            both = {"old": old, "new": new}
            made[judge.path_text(keys)] = {k: judge.to_json(v) for k, v in both.items() if v is not None}
        expect(same_json(changed.get(target, {}), made), f"{target} changes {made}, told was {changed.get(target)}")


def status_of(root, *arguments):
    status, out, err = run(root, "status", "-o", "json", *arguments)
    told = json.loads(out)
    expect(status == 0 and not told["unreadable"], f"exit {status}", err.decode(), told["unreadable"])
    return told


def check_all(root, fleet, made, rng, counters):
    whole, names = status_of(root), status_of(root, "--names")
    expect([x["path"] for x in whole["positions"]] == fleet.positions, "positions differ")
    expect({x["path"] for x in whole["positions"] if x["manual"]} == fleet.manual, "gates differ")
    expect(whole["dimensions"] == fleet.dimensions, "dimensions differ")
    apps = [Application(fleet, kind, x) for kind in made.kinds for x in fleet.applications(kind)]
    all_rules = []
    for app in apps:
        app.judge()
        all_rules += [Rules(app, x) for x in sorted(app.patches, key=lambda x: os.fsencode(x.removesuffix(".yaml")))]
    expect(len(whole["patches"]) == len(names["patches"]) == len(all_rules), "patches differ")
    for rules, told, guessed in zip(all_rules, whole["patches"], names["patches"]):
        check_patch(rules, told, False)
        check_patch(rules, guessed, True)
        counters[told["state"]] += 1
        counters["patches"] += 1
        counters["cells"] += len(fleet.targets)
    check_text(whole["patches"], all_rules, run(root, "status")[1])
    check_text(names["patches"], all_rules, run(root, "status", "--names")[1])
    for rules in rng.sample(all_rules, min(2, len(all_rules))):
        told = status_of(root, "--", rules.app.kind, rules.app.name, rules.file)["patches"]
        expect(len(told) == 1, "not one patch")
        check_patch(rules, told[0], False)
        check_closely(rules, told[0])


def check_fleet(seed):
    made = fleets.Random(seed)
    fleet = judge.Fleet({k: v.encode() for k, v in made.files.items()})
    return on_fleet(made, seed, lambda root, counters: check_all(root, fleet, made, random.Random(seed), counters))


def main():
    tap = Tap()
    counters, failures, seconds = many(check_fleet, FLEETS)
    states = ", ".join(f"{counters[x]} {x}" for x in ("ready", "gate", "gap", "copies-differ", "superseded", "conflict", "refused"))
    title = f"{counters['fleets']} fleets, {counters['patches']} patches, {counters['cells']} cells ({states})"
    tap.result(f"the status of random fleets is the judge's: {title}, {seconds:.0f} s", failures)
    expect(counters["patches"] > counters["fleets"], "almost nothing was compared")
    tap.end()


if __name__ == "__main__":
    main()
