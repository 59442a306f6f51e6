#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random lives of patches: after each command the judge recomputes every value of every target. Prints TAP.

A walk mixes step, start, fill, rollback, retire, hold and release of several patches, with overrides and copies that
somebody changes by hand in between. Each command must change exactly the targets that it says, to what they are with
the patch or without it; it must cover what it says, and a refusal must leave the tree as it was. What is expected is
worked out here from the tree alone, without consolidation: where the patch comes, a copy is put; where it is given up,
every copy is taken away.
"""

import collections
import json
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import fleets
import judge
from suite import Failed, Tap, directory, expect, keep, many, run
from test_rollout import Rollout, snapshot, texts
from test_values import same_json, unique

FLEETS = 60  # what is done in half a minute on two cores that others use as well
LENGTH = 30  # commands in a walk
MOST_PATCHES = 4  # of an application
VALUES = ["v1.2", "5", "true", "null", '"5"', "text with blanks", "{x: 1}", "[1, two]", "''", "{}"]
# What may refuse a command, besides what any of them may meet.
ANY = {"gate", "hold", "no-values-file", "not-found", "broken-yaml"}
CODES = {
    "step": {"gap", "copies-differ", "conflict", "values-would-change", "cannot-edit", "not-next"},
    "start": {"target-exists", "gap", "no-effect", "loses-mapping", "conflict", "usage"},
    "fill": {"refused", "copies-differ", "conflict", "values-would-change"},
    "rollback": {"refused", "values-would-change", "not-committed", "copies-differ"},
    "retire": {"values-would-change", "not-committed"},
}
STATUS = {"gate": 5, "hold": 7, "no-values-file": 3, "not-found": 3, "broken-yaml": 3, "usage": 2}


def within(path, position):
    return path == position or path.startswith(position + "/")


class Life(Rollout):
    def __init__(self, seed):
        super().__init__(seed)
        self.holds = []  # (position or "", patch or None, cluster type, application)
        self.number = 100
        rng = self.rng
        # few, so that patches meet
        self.keys = [[rng.choice(fleets.SECTIONS), rng.choice(fleets.ITEMS), rng.choice(fleets.KEYS)] for _ in range(2)]
        kinds = {}  # what there are patches of, else anything
        for kind, application, _ in self.made.flights:
            kinds[kind, application] = True
        self.homes = list(kinds) or [
            tuple(p.split("/")[1:3]) for p in self.made.files if re.fullmatch("config/[^/]+/[^/]+/values.yaml", p)
        ]

    # The tree

    def home(self, flight):
        return f"config/{flight[0]}/{flight[1]}/"

    def copies(self, flight, tree):
        """The bytes of each copy, by position."""
        home, end = self.home(flight), f"/{flight[2]}.yaml"
        found = {p[len(home) : -len(end)]: t for p, t in texts(tree).items() if p.startswith(home) and p.endswith(end)}
        return {p: found[p] for p in self.made.positions if p in found}

    def patches(self, home):
        """The patches of an application that are in flight."""
        names = {p.rpartition("/")[2][:-5] for p in texts(self.tree) if re.fullmatch(re.escape(home) + ".*/patch-.+\\.yaml", p)}
        return sorted(x for x in names if self.copies((*home.split("/")[1:3], x), self.tree))

    def below(self, positions):
        """The targets of some positions, in sequence order."""
        return [t for t in self.made.targets if any(within(t, p) for p in positions)]

    def covered(self, flight, tree):
        return self.below(self.copies(flight, tree))

    def gap(self, covered):
        """The targets that lack the patch before the last that has it."""
        last = max(map(self.made.targets.index, covered), default=-1)
        return [t for t in self.made.targets[: last + 1] if t not in covered]

    def depth(self, options):
        """Of the level: the widest position that a command enters or gives up."""
        names = self.made.dimensions
        for option in options:
            if option.startswith("--level="):
                return names.index(option.removeprefix("--level=")) + 1
        if "sectors" in names:
            return names.index("sectors") + 1
        return max(1, len(names) - 1)

    def widest(self, targets, depth):
        """The positions, no wider than the depth, whose targets are all among these: the widest, in sequence order."""
        found = []
        for p in self.made.positions:
            fits = p.count("/") + 1 >= depth or p in self.made.targets
            if fits and set(self.below([p])) <= set(targets) and not any(within(p, x) for x in found):
                found.append(p)
        return found

    # What a command must do

    def places(self, command, flight, options):
        """The positions at which it must act, if it acts. None: any, since nothing more is known."""
        covered, depth = self.covered(flight, self.tree), self.depth(options)
        to = next((x.removeprefix("--to=") for x in options if x.startswith("--to=")), None)
        if command == "fill":
            missing = self.widest(self.gap(covered), depth)
            return missing if "--all" in options else missing[:1]
        if command == "rollback" and "--all" in options:
            return covered
        if command == "rollback" and to is not None:
            end = max(map(self.made.targets.index, self.below([to])))
            return [t for t in self.made.targets[end + 1 :] if t in covered]
        if command == "rollback":
            last = covered[-1:]
            return [p for p in self.widest(covered, depth) if last and within(last[0], p)]
        if command == "step":
            last = max(map(self.made.targets.index, covered), default=-1)
            return self.widest(self.made.targets[last + 1 :], depth)[:1]
        return None

    def promised(self, flight, report, text):
        """What each target of the application gets."""
        kind, application, patch = flight
        files, home = texts(self.tree), self.home(flight)
        wanted = {t: self.values[kind, application, t] for t in self.made.targets}
        if report["action"] in ("promote", "fill", "start"):
            source = text if report["action"] == "start" else files[report["source"]["path"]]
            files = {**files, **{f"{home}{p}/{patch}.yaml": source for p in report["positions"]}}
        elif report["action"] == "rollback":
            copies = self.copies(flight, self.tree)
            files = {p: t for p, t in files.items() if p not in {f"{home}{x}/{patch}.yaml" for x in copies}}
        fleet = judge.Fleet(files)
        for target in self.below(report["positions"]):
            wanted[target] = fleet.application(kind, application, target)
        return wanted

    def check_files(self, report, before, after):
        """The files that changed are those that the report names."""
        old, new = texts(before), texts(after)
        said = collections.defaultdict(set)
        for edit in report["edits"]:
            said[edit["action"]].add(edit["path"])
            if "from" in edit:
                expect(new[edit["path"]] == old[edit["from"]], f"{edit['path']} is no copy of {edit['from']}")
        told = {"create": set(new) - set(old), "remove": set(old) - set(new), "change": {p for p in old if p in new and old[p] != new[p]}}
        for action, paths in told.items():
            expect(said[action] == paths, f"{action}: {sorted(paths)}, not {sorted(said[action])}")
        empty = [x for x in after if after[x][1] is None and x not in before and not any(y.startswith(x + "/") for y in after)]
        expect(not empty, f"empty directories are left: {empty}")

    def check_cover(self, flight, report, after):
        """Which targets have the patch, and that no gap has come."""
        before, now = self.covered(flight, self.tree), self.covered(flight, after)
        moved = self.below(report["positions"])
        if report["action"] in ("promote", "fill", "start"):
            wanted = set(before) | set(moved)
            expect(not set(before) & set(moved), f"{moved} had the patch before")
        elif report["action"] == "rollback":
            wanted = set(before) - set(moved)
            expect(moved and set(moved) <= set(before), f"{moved} did not have the patch")
        else:
            wanted = set() if report["action"] in ("retire", "integrate") else set(before)
        expect(set(now) == wanted, f"covered: {now}, not {sorted(wanted)}")
        if report["action"] == "rollback":
            expect(set(self.gap(now)) <= set(self.gap(before)), f"a gap has come: {self.gap(now)}")

    def check_values(self, flight, report, after, text):
        kind, application, _ = flight
        values = self.judge_all(texts(after))
        for target, wanted in self.promised(flight, report, text).items():
            got = values[kind, application, target]
            expect(got == wanted, f"{target} gets something else than was promised: {judge.changes(wanted, got)}")
        changed = {key: judge.changes(old, values[key]) for key, old in self.values.items()}
        self.check_effect(flight, report, {key: what for key, what in changed.items() if what})
        self.counters["values changed"] += sum(len(x) for (_, a, _), x in changed.items() if a)
        self.values = values

    def is_held(self, flight, report):
        """Whether the step enters what is held: where it makes, rewrites or removes a file, or changes a value."""
        home = self.home(flight)
        entered = {t for g in report["effect"]["groups"] for t in g["targets"]}
        for edit in report["edits"]:
            entered.add(edit["path"].removeprefix(home).rpartition("/")[0])
        if "" in entered:  # values.yaml
            entered |= set(self.made.positions)
        return any(
            (kind, application) == flight[:2] and patch in (None, flight[2]) and any(not at or within(x, at) for x in entered)
            for at, patch, kind, application in self.holds
        )

    # Commands

    def words(self, command, flight, options):
        return [*([] if command == "step" else [command]), "-o", "json", *options, "--", *flight]

    def refused(self, command, flight, options, out, status):
        error = json.loads(out, object_pairs_hook=unique)
        code = error["code"]
        expect(code in CODES[command] | ANY, f"{command} {flight}: an unknown code", out.decode())
        expect(status == STATUS.get(code, 4), f"exit {status}", out.decode())
        if command == "retire" and code == "values-would-change":
            expect(self.would_change(flight), "retire is refused, and no value would change", out.decode())
        if command == "fill" and code == "refused":
            expect(not self.gap(self.covered(flight, self.tree)), "nothing to fill, and there is a gap", out.decode())
        if command == "rollback" and code == "values-would-change":
            places = self.places(command, flight, options)
            wider = [p for p in self.copies(flight, self.tree) if any(within(x, p) and x != p for x in places)]
            expect(wider, "a rollback that splits nothing is refused", out.decode())
        self.counters[f"{command} refused: {code}"] += 1

    def would_change(self, flight):
        """Whether a value changes if all copies are taken away."""
        copies = {f"{self.home(flight)}{x}/{flight[2]}.yaml" for x in self.copies(flight, self.tree)}
        fleet = judge.Fleet({p: t for p, t in texts(self.tree).items() if p not in copies})
        return any(fleet.application(*flight[:2], t) != self.values[(*flight[:2], t)] for t in self.made.targets)

    def dry(self, command, flight, options):
        """The report of a dry run, or None if it is refused."""
        status, out, _ = run(self.root, *self.words(command, flight, [*options, "--dry-run"]))
        expect(snapshot(self.root) == self.tree, "a dry run changed the tree")
        return None if status else json.loads(out, object_pairs_hook=unique)

    def do(self, command, flight, options, text=None):
        told = self.dry(command, flight, options)
        if told and "digest" in told and self.rng.random() < 0.3:
            options = [*options, f"--expect={told['digest']}"]
            self.counters["expected"] += 1
        status, out, err = run(self.root, *self.words(command, flight, options))
        after = snapshot(self.root)
        self.counters["commands"] += 1
        if status:
            expect(after == self.tree, f"exit {status}, and yet the tree changed", err.decode())
            expect(not told or status in (5, 7), f"a dry run is not refused, the run is: {status}", err.decode())
            self.refused(command, flight, options, out, status)
        if told and command not in ("rollback", "retire"):
            held = self.is_held(flight, told)
            expect(held == (status == 7) and held == bool(told["holds"]), f"held: {held}, exit {status}, {told['holds']}", self.holds, told)
        if not status:
            report = json.loads(out, object_pairs_hook=unique)
            expect(told, "a dry run was refused, the run is not")
            self.check_told(told, report)
            self.done(command, flight, options, report, after, text)

    def check_told(self, told, report):
        told = {k: v for k, v in told.items() if k != "digest"}
        told.update(dryRun=False, generator=report["generator"])
        for x in told["warnings"] + report["warnings"]:
            if x["code"] in ("not-committed", "copies-differ"):  # what would be removed, what was
                del x["message"]
        expect(same_json(told, report), f"a dry run said {told}", f"the run did {report}")

    def done(self, command, flight, options, report, after, text):
        if report["action"] == "none":
            expect(after == self.tree, "nothing to do, and the tree has changed")
            covered = self.covered(flight, self.tree)
            to = [x.removeprefix("--to=") for x in options if x.startswith("--to=")]
            left = set(self.below(to)) - set(covered) if command == "step" else self.places(command, flight, options)
            expect(not left and (to or command == "fill"), f"nothing to do, and yet there is: {left}")
            self.counters[f"{command}: none"] += 1
            return
        if command == "retire":
            expect(not self.would_change(flight), "retired, although values change")
        places = self.places(command, flight, options)
        if places is not None:
            expect(self.below(report["positions"]) == self.below(places), f"{command} at {report['positions']}, not {places}")
        self.check_files(report, self.tree, after)
        self.check_cover(flight, report, after)
        self.check_values(flight, report, after, text)
        self.counters[report["action"]] += 1
        self.tree = after

    # What somebody does

    def level(self):
        return ["--level=" + self.rng.choice(self.made.dimensions)] if self.rng.random() < 0.4 else []

    def approvals(self):
        return [f"--approve={p}" for p in self.made.positions] if self.rng.random() < 0.9 else []

    def some(self, *options):
        return [x for x in options if self.rng.random() < 0.6]

    def step(self, flight):
        to = [f"--to={self.rng.choice(self.made.positions)}"] if self.rng.random() < 0.2 else []
        self.do("step", flight, [*self.approvals(), *self.level(), *self.some("--accept-conflict", "--prune-overrides"), *to])

    def fill(self, flight):
        if not self.gap(self.covered(flight, self.tree)) and self.rng.random() < 0.8:
            return
        self.do("fill", flight, [*self.approvals(), *self.level(), *self.some("--all", "--accept-conflict")])

    def rollback(self, flight):
        some = self.made.positions if self.rng.random() < 0.2 else self.covered(flight, self.tree)
        which = self.rng.choice([self.level(), self.level(), self.level(), ["--all"], [f"--to={self.rng.choice(some)}"]])
        self.do("rollback", flight, [*which, *self.some("--accept-loss")])

    def retire(self, flight):
        kind, application, _ = flight
        useless = [x for x in self.patches(self.home(flight)) if not self.would_change((kind, application, x))]
        if useless:
            flight = kind, application, self.rng.choice(useless)
        elif self.rng.random() < 0.7:
            return
        self.do("retire", flight, self.some("--accept-loss"))

    def start(self, flight):
        rng = self.rng
        if len(self.patches(self.home(flight))) >= MOST_PATCHES:
            return
        keys = rng.choice(self.keys)
        value = rng.choice(VALUES)
        text = f"{{{keys[0]}: {{{keys[1]}: {{{keys[2]}: {value}}}}}}}".encode()
        self.number += 1
        name = f"patch-{self.number}" if rng.random() < 0.9 else flight[2]
        at = [f"--at={rng.choice(self.made.positions)}"] if rng.random() < 0.5 else []
        options = [*self.approvals(), *at, *self.some("--hotfix", "--accept-loss", "--accept-conflict")]
        self.do("start", (*flight[:2], name), [*options, f"--set={'.'.join(keys)}={value}"], text)

    def hold(self, flight):
        """Puts a hold, or takes it back."""
        at = self.rng.choice(["", *self.made.positions])
        patch = self.rng.choice([None, flight[2]])
        one = (at, patch, *flight[:2])
        mine = [x for x in self.holds if x[2:] == flight[:2]]
        if mine and self.rng.random() < 0.6:
            one = at, patch, _, _ = self.rng.choice(mine)
        words = [*flight[:2], *([at] if at else []), *([f"--patch={patch}"] if patch else [])]
        if one in self.holds:
            command = ["release", *words]
            # without --patch all holds of the file
            self.holds = [x for x in self.holds if x != one and (patch or x[0] != at or x[2:] != flight[:2])]
        else:
            command = ["hold", "--reason=wait", *words]
            self.holds.append(one)
        status, _, err = run(self.root, *command)
        expect(status == 0, f"promote {command}: exit {status}", err.decode())
        after = snapshot(self.root)
        path = f"{self.home(flight)}{at + '/' if at else ''}hold.yaml"
        changed = {p for p in {**self.tree, **after} if texts(self.tree).get(p) != texts(after).get(p)}
        expect(changed == {path}, f"{command} changed {changed}")
        self.counters[command[0]] += 1
        self.tree = after

    def by_hand(self, flight):
        """Somebody makes, changes or removes an override or a copy."""
        rng, home = self.rng, self.home(flight)
        at = rng.choice(self.made.positions)
        copies = self.copies(flight, self.tree)
        path = Path(self.root, home, at, "override.yaml" if rng.random() < 0.7 or not copies else f"{flight[2]}.yaml")
        if path.exists() and (path.name == "override.yaml" or len(copies) > 1) and rng.random() < 0.5:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            section, item, key = rng.choice(fleets.SECTIONS), rng.choice(fleets.ITEMS), rng.choice(fleets.KEYS)
            text = f"{section}: {{{item}: {{{key}: {rng.choice(VALUES)}}}}}\n".encode()
            path.write_bytes(rng.choice(list(copies.values())) if path.name != "override.yaml" and rng.random() < 0.8 else text)
        self.tree = snapshot(self.root)
        self.values = self.judge_all(texts(self.tree))
        self.counters["by hand"] += 1

    def walk(self):
        kinds = [(self.step, 35), (self.start, 14), (self.fill, 14), (self.rollback, 18), (self.retire, 10), (self.hold, 6), (self.by_hand, 8)]
        for _ in range(LENGTH):
            if not self.homes:
                return
            kind, application = self.rng.choice(self.homes)
            patches = self.patches(f"config/{kind}/{application}/")
            what = self.rng.choices([x for x, _ in kinds], [n for _, n in kinds])[0] if patches else self.start
            what((kind, application, self.rng.choice(patches or ["patch-none"])))


def check_life(seed):
    return Life(seed).run()


def main():
    tap = Tap()
    counters, failures, seconds = many(check_life, FLEETS)
    tap.result("each command changes what it says: {fleets} lives, {commands} commands".format_map(counters) + f", {seconds:.0f} s", failures)
    for name, count in sorted(counters.items()):
        tap.say(f"{count:7} {name}")
    done = ["promote", "consolidate", "integrate", "start", "fill", "rollback", "retire", "step: none", "fill: none", "hold", "release", "expected"]
    missing = [x for x in done if not counters[x]] if counters["fleets"] >= FLEETS else []
    tap.result("each kind of command was met", [f"never: {x}" for x in missing])
    tap.end()


if __name__ == "__main__":
    main()
