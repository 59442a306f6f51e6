#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rollouts of random patches through random fleets; after each step the judge recomputes every value. Prints TAP.

A fleet has overrides and up to four patches in flight for an application. A patch that is chosen at random takes a step
with random options, until every one is integrated or refused with all options.
"""

import collections
import difflib
import json
import os
import random
import re
import shlex
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import fleets
import judge
from suite import PROMOTE, Failed, Tap, directory, expect, keep, many, run
from test_values import same_json, unique

FLEETS = 90  # what is done in 25 s on two cores that others use as well
MOST_STEPS = 400  # in one fleet; a rollout has an end

# What a refusal says, in the order in which they are tried: the first one that fits counts.
REASONS = [
    ("no values.yaml", "no-values-file", r"values\.yaml is missing: without it"),
    ("gap", "gap", r"Gap detected: "),
    ("copies differ", "copies-differ", r"The copies of .* differ"),
    ("gate", "gate", r"waits for approval"),
    ("overtakes a patch", "conflict", r"would take it over"),
    ("integration would change values", "values-would-change", r"Integration into .* would change"),
    ("fold would change values", "values-would-change", r"taking it out would change"),
    ("fold cannot edit", "cannot-edit", r"override\.yaml:\d+:\d+: "),
    ("integration cannot edit", "cannot-edit", r"Integration into .*: "),
    ("target exists", "target-exists", r"Target patch already exists"),
    ("would change a target that it does not enter", "values-would-change", r"which it does not enter"),
    ("would change a path that is not the patch's", "values-would-change", r"which the patch does not set"),
]


# The tree ------------------------------------------------------------------------------------


def snapshot(root):
    """Every path below root: its mode, and its bytes, None for a directory."""
    made = {}
    for at, directories, names in os.walk(root):
        for name in directories:
            path = os.path.join(at, name)
            made[os.path.relpath(path, root)] = (os.lstat(path).st_mode, None)
        for name in names:
            path = os.path.join(at, name)
            with open(path, "rb") as file:
                made[os.path.relpath(path, root)] = (os.lstat(path).st_mode, file.read())
    return made


def texts(tree):
    return {path: text for path, (_, text) in tree.items() if text is not None}


# What a message says about a file's line ---------------------------------------------------------


SETS = re.compile(r"(?:^|: |\s\s)(?P<file>[^\s:][^:\n]*\.yaml):(?P<line>\d+) sets (?P<path>.*?)(?: to |, and |$)", re.M)


def check_settings(messages, trees, application):
    """Every FILE:LINE that a message says to set a path does so in one of the trees. Returns how many there were."""
    count = 0
    for message in messages:
        for found in SETS.finditer(message):
            name, line, path = found["file"].split("ERROR: ")[-1], int(found["line"]), found["path"]
            # control characters are shown as \xNN
            path = re.sub(r"\\x([0-9a-f]{2})", lambda x: chr(int(x[1], 16)), path)
            found = [x.get(name) or x.get(f"{application}/{name}") for x in trees]
            there = [x for x in found if x is not None]
            expect(there, f"no such file: {name!r}", message)
            lines = {x for text in there for x in judge.lines_that_set(name, text, path)}
            expect(line in lines, f"{name}:{line} does not set {path!r}; {lines} do", message, there[0].decode())
            count += 1
    return count


def check_places(findings, trees):
    """Every file and line of a warning or a blocker sets its path in one of the trees. Returns how many have a line."""
    placed = [x for x in findings if "line" in x]
    for x in placed:
        there = [tree[x["file"]] for tree in trees if x["file"] in tree]
        lines = {line for text in there for line in judge.lines_that_set(x["file"], text, x["path"])}
        expect(x["line"] in lines, f"{x} does not set its path; {lines} do")
    return len(placed)


# One step ------------------------------------------------------------------------------------


def owns(patch, keys):
    """Whether a patch sets what is at the keys, something below it or above it."""
    for key in keys:
        if not isinstance(patch, dict):
            return True
        if key not in patch:
            return False
        patch = patch[key]
    return True


def json_changes(changed):
    """The changes of one target as the report has them: {path: {"old": ..., "new": ...}}"""
    made = {}
    for keys, (old, new) in changed.items():
        one = {}
        if old is not None:
            one["old"] = judge.to_json(old)
        if new is not None:
            one["new"] = judge.to_json(new)
        made[judge.path_text(keys)] = one
    return made


def removed_paths(old, new, path=()):
    """Like judge.changes, but a mapping that was removed is one change."""
    if isinstance(old, dict) and isinstance(new, dict):
        found = {}
        for key in {**old, **new}:
            found.update(removed_paths(old.get(key), new.get(key), path + (key,)))
        return found
    return {} if old == new else {path: (old, new)}


class Rollout:
    def __init__(self, seed):
        self.seed = seed
        self.rng = random.Random(seed)
        self.made = fleets.Random(seed, targets=9, plainly=self.rng.random() < 0.5)
        self.counters = collections.Counter()
        self.root = None
        self.tree = {}
        self.values = {}  # {(cluster type, application or None, target): effective values}

    def judge_all(self, files):
        fleet = judge.Fleet(files)
        made = {}
        for kind in self.made.kinds:
            for target in fleet.targets:
                for application in fleet.applications(kind):
                    made[kind, application, target] = fleet.application(kind, application, target)
                made[kind, None, target] = fleet.whole(kind, target)
        return made

    # What a report must say

    def check_effect(self, flight, report, changed):
        """The targets that changed are those that the report names, with the paths and values."""
        kind, application, _ = flight
        named = {}
        for group in report["effect"]["groups"]:
            for target in group["targets"]:
                expect(target not in named, f"the effect names {target} twice")
                paths = [x["path"] for x in group["changes"]]
                expect(len(paths) == len(set(paths)), f"the effect names a path twice: {paths}")
                named[target] = {x["path"]: {k: v for k, v in x.items() if k != "path"} for x in group["changes"]}
        for (other_kind, other, target), what in changed.items():
            same = other_kind == kind and other in (application, None)
            expect(same, f"{other_kind} {other} {target} changes: {what}")
        here = {t: what for (_, name, t), what in changed.items() if name == application}
        expect(set(named) == set(here), f"the effect names {sorted(named)}", f"but these change: {sorted(here)}", here)
        for target, what in here.items():
            wanted = json_changes(what)
            if len(wanted) == len(what):
                expect(same_json(named[target], wanted), f"{target}: the effect is {named[target]}", f"not {wanted}")
        expect(report["effect"]["changed"] == len(here), "the effect counts wrongly")
        expect(report["effect"]["targets"] == len(self.made.targets), "the effect counts targets wrongly")
        return here

    def check_proof(self, report, here, source):
        """A promotion changes nothing outside what it enters, and the patch's own paths; the rest changes nothing."""
        if report["action"] != "promote":
            expect(not here, f"{report['action']} changes values: {here}")
        entered = set(report["targets"])
        at = report["target"] and report["target"]["position"]
        wanted = {t for t in self.made.targets if at and (t == at or t.startswith(at + "/"))}
        expect(entered == wanted, f"targets: {sorted(entered)}, not {sorted(wanted)}")
        for target, what in here.items():
            expect(target in entered, f"{target} changes, which the step does not enter: {what}")
            for keys in what:
                expect(owns(source, keys), f"{judge.path_text(keys)} changes at {target}; the patch does not set it")

    def check_edits(self, report, before, after):
        """The files that changed are those that the report names, and a copy has the bytes and mode of its source."""
        made = {x for x in after if x not in before and after[x][1] is not None}
        gone = {x for x in before if x not in after and before[x][1] is not None}
        other = {x for x in before if x in after and before[x] != after[x] and before[x][1] is not None}
        said = collections.defaultdict(set)
        for edit in report["edits"]:
            said[edit["action"]].add(edit["path"])
            if edit["action"] == "create" and edit["path"] in after:
                expect(after[edit["path"]] == before[edit["from"]], f"{edit['path']} is no copy of {edit['from']}")
        expect(said["create"] == made, f"created: {made}, not {said['create']}")
        expect(said["remove"] == gone, f"removed: {gone}, not {said['remove']}")
        expect(said["change"] == other, f"changed: {other}, not {said['change']}")
        empty = [x for x in after if after[x][1] is None and not any(y.startswith(x + "/") for y in after)]
        expect(not empty, f"empty directories are left: {empty}")
        return other

    def check_copies(self, flight, report, before, after):
        """No meaning of the patch is lost, unless it was merged into values.yaml. Other files are kept."""
        kind, application, patch = flight
        copy = re.compile(re.escape(f"config/{kind}/{application}/") + ".*/" + re.escape(f"{patch}.yaml"))
        home = f"config/{kind}/{application}/"
        for path in set(before) | set(after):
            if before.get(path, (0, None))[1] == after.get(path, (0, None))[1] or copy.fullmatch(path):
                continue
            rewritten = path == home + "values.yaml" or (path.startswith(home) and path.endswith("/override.yaml"))
            expect(rewritten, f"{path} is not the patch's and changed")
        had = [judge.load_patch(t) for p, t in texts(before).items() if copy.fullmatch(p)]
        has = [judge.load_patch(t) for p, t in texts(after).items() if copy.fullmatch(p)]
        if report["action"] != "integrate":
            expect(all(x in has for x in had), "a copy that differs was dropped")
            return
        expect(not has and all(x == had[0] for x in had), "copies differ, or are left after integration")
        values = home + "values.yaml"
        expect(judge.load(texts(after)[values]) == judge.merge(judge.load(texts(before)[values]), had[0]), "values.yaml is not the merge of the two")

    def check_text(self, path, before, after):
        """A rewritten file keeps every comment but those of what was removed or replaced."""
        changed = removed_paths(judge.load(before), judge.load(after))
        gone = set(re.findall(rb"# note (\d+)\.", before)) - set(re.findall(rb"# note (\d+)\.", after))
        for number in gone:
            at = self.made.comments[int(number)][1]
            keys = tuple(next(iter(judge.load(b"? " + k.encode() + b"\n: 1"))) for k in at or () if k is not None)
            covered = any(
                keys[: len(c)] == c and not (isinstance(old, judge.Scalar) and isinstance(new, judge.Scalar))
                for c, (old, new) in changed.items()
            )
            expect(covered, f"{path} lost the comment {number.decode()} at {at}; changed: {changed}", self.diff(before, after))

    @staticmethod
    def diff(before, after):
        return "\n".join(difflib.unified_diff(before.decode().splitlines(), after.decode().splitlines(), lineterm=""))

    def check_conflicts(self, flight, report, before, values, accepted):
        """What the step takes over from other patches is said, and was accepted."""
        kind, application, patch = flight
        fleet = judge.Fleet(texts(before))
        wanted = set()
        for target in report["targets"]:
            layers = fleet.layers(kind, application, target)
            old, new = (x[kind, application, target] for x in (self.values, values))
            wanted |= judge.taken_over(layers, f"{patch}.yaml", old, new)
        wanted = {(judge.path_text(keys), path) for keys, path in wanted}
        said = {(x["path"], x["file"]) for x in report["warnings"] if x["code"] == "conflict"}
        expect(said == wanted, f"takes over {sorted(wanted)}", f"but says {sorted(said)}")
        expect(accepted or not wanted, f"takes over {sorted(wanted)} without --accept-conflict")
        self.counters["values taken over"] += len(wanted)

    def check_done(self, flight, report, after, options):
        kind, application, patch = flight
        before = self.tree
        values = self.judge_all(texts(after))
        changed = {}
        for key, old in self.values.items():
            what = judge.changes(old, values[key])
            if what:
                changed[key] = what
        here = self.check_effect(flight, report, changed)
        source = judge.load_patch(texts(before)[report["source"]["path"]])
        self.check_proof(report, here, source)
        self.check_conflicts(flight, report, before, values, "--accept-conflict" in options)
        for path in self.check_edits(report, before, after):
            self.check_text(path, texts(before)[path], texts(after)[path])
        self.check_copies(flight, report, before, after)
        home = f"config/{kind}/{application}"
        # what a fold has left of an override is named as it is now
        trees = [texts(before), texts(after)]
        self.counters["named lines"] += check_settings([x["message"] for x in report["warnings"]], trees, home)
        self.counters["warnings with a place"] += check_places(report["warnings"], trees)
        self.counters[report["action"]] += 1
        self.counters["lifts"] += len(report["consolidated"])
        self.counters["folds"] += any("removedKeys" in x for x in report["edits"])
        self.counters["values changed"] += sum(map(len, here.values()))
        self.values = values

    # Steps

    def options(self, eager):
        rng = self.rng
        made = [f"--approve={p}" for p in self.made.positions] if eager or rng.random() < 0.9 else []
        if eager or rng.random() < 0.3:
            made.append("--accept-conflict")
        if eager or rng.random() < 0.3:
            made.append("--prune-overrides")
        if rng.random() < 0.4:
            made.append("--level=" + rng.choice(self.made.dimensions))
        return made

    def check_refusal(self, flight, status, out, err):
        """Nothing has changed, and the message is true."""
        kind, application, _ = flight
        message = err.decode()
        expect(status in (3, 4, 5) and message.startswith("ERROR: "), f"exit {status}", message)
        reason, code = next(((name, code) for name, code, text in REASONS if re.search(text, message)), (None, None))
        expect(reason and status == {"gate": 5, "no values.yaml": 3}.get(reason, 4), f"exit {status} for an unknown reason:", message)
        self.check_document(out, status, code, message)
        self.counters["refused: " + reason] += 1
        self.counters["named lines"] += check_settings([message], [texts(self.tree)], f"config/{kind}/{application}")
        return reason

    def check_document(self, out, status, code, message):
        """The Error on standard output agrees with standard error, and its places are right."""
        error = json.loads(out, object_pairs_hook=unique)
        told = error["code"], error["exit"], error["message"]
        expect(told == (code, status, message.splitlines()[0].removeprefix("ERROR: ")), f"{error}", message)
        self.counters["blockers"] += check_places(error["blockers"], [texts(self.tree)])
        expect(code not in ("gap", "gate") or error["position"] == error["blockers"][0]["position"], out.decode())
        for command in error["commands"]:
            expect(shlex.split(command)[:1] == [PROMOTE], f"no command: {command}", out.decode())

    def check_accepted(self, arguments, blockers):
        """With --accept-conflict the step would warn of just what it is refused for."""
        status, out, err = run(self.root, "--dry-run", "--accept-conflict", *arguments)
        expect(status == 0, f"exit {status} with --accept-conflict", err.decode())
        said = [(x["path"], x["file"], x["line"]) for x in json.loads(out)["warnings"] if x["code"] == "conflict"]
        expect([(x["path"], x["file"], x["line"]) for x in blockers] == said, f"refused for {blockers}", f"warns of {said}")

    def step(self, flight, options):
        """Takes a step. Returns the report, or the reason why it was refused."""
        arguments = ["-o", "json", *options, "--", *flight]
        if self.rng.random() < 0.15:
            dry = run(self.root, "--dry-run", *arguments)
            expect(snapshot(self.root) == self.tree, "a dry run changed the tree")
        else:
            dry = None
        status, out, err = run(self.root, *arguments)
        after = snapshot(self.root)
        self.counters["steps"] += 1
        if status:
            expect(after == self.tree, f"exit {status}, and yet the tree changed", err.decode())
            reason = self.check_refusal(flight, status, out, err)
            if reason == "overtakes a patch":
                self.check_accepted(arguments, json.loads(out)["blockers"])
            return reason
        report = json.loads(out, object_pairs_hook=unique)
        if dry:
            told = {**json.loads(dry[1]), "dryRun": False, "generator": report["generator"]}
            told.pop("digest", None)  # only a dry run tells what to expect
            expect(dry[0] == 0 and same_json(told, report), f"a dry run said {told}", f"the run did {report}")
        expect(after != self.tree, f"exit 0, and nothing changed: {report}")
        self.check_done(flight, report, after, options)
        self.tree = after
        return report

    def broken(self, flight):
        """A file that cannot be read: the step fails, and changes nothing."""
        kind, application, _ = flight
        path = Path(self.root, f"config/{kind}/{application}", self.rng.choice(self.made.positions), "patch-broken.yaml")
        there = path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a: [1\nb: 2\n")
        before = snapshot(self.root)
        status, out, err = run(self.root, "-o", "json", *self.options(True), "--", *flight)
        expect(status == 3 and b"patch-broken.yaml:" in err, f"exit {status}", err.decode())
        self.check_document(out, 3, "broken-yaml", err.decode())
        expect(snapshot(self.root) == before, "a step that failed changed the tree")
        self.counters["broken files"] += 1
        path.unlink()
        while not there and path.parent != Path(self.root) and not any(path.parent.iterdir()):
            path.parent.rmdir()
            path = path.parent

    def walk(self):
        """Until nothing moves any more."""
        left = list(self.made.flights)
        stuck = set()  # those refused with every option, since the last step that was done
        while set(left) - stuck:
            expect(self.counters["steps"] < MOST_STEPS, "the rollout has no end")
            flight = self.rng.choice([x for x in left if x not in stuck])
            if self.rng.random() < 0.03:
                self.broken(flight)
            # so that integrations are both refused and possible
            eager = self.rng.random() < 0.5
            options = self.options(eager)
            done = self.step(flight, options)
            if done == "copies differ" and self.rng.random() < 0.7:
                kind, application, patch = flight
                home = f"config/{kind}/{application}/"
                places = [x for x in self.made.positions if f"{home}{x}/{patch}.yaml" in self.tree]
                done = self.step(flight, options + [f"--from={self.rng.choice(places)}"])
            if isinstance(done, str):
                if eager:
                    stuck.add(flight)
                continue
            stuck.clear()
            if done["action"] == "integrate":
                left.remove(flight)
        self.counters["patches"] += len(self.made.flights)
        self.counters["left"] += len(left)

    def run(self):
        with directory() as root:
            self.root = root
            self.made.write(root)
            self.tree = snapshot(root)
            self.values = self.judge_all(texts(self.tree))
            try:
                self.walk()
            except Failed as failure:
                self.leave()
                return self.counters, [f"seed {self.seed}, step {self.counters['steps']}: {failure}"]
        return self.counters, []

    def leave(self):
        """The fleet as it was before the step that went wrong."""
        if os.environ.get("PROMOTE_KEEP"):
            with directory() as before:
                for path, text in texts(self.tree).items():
                    Path(before, path).parent.mkdir(parents=True, exist_ok=True)
                    Path(before, path).write_bytes(text)
                keep(before, self.seed)


def check_fleet(seed):
    return Rollout(seed).run()


def main():
    tap = Tap()
    counters, failures, seconds = many(check_fleet, FLEETS)
    tap.result(
        "rollouts change only what they say: {fleets} fleets, {steps} steps".format_map(counters) + f", {seconds:.0f} s",
        failures,
    )
    for name, count in sorted(counters.items()):
        tap.say(f"{count:7} {name}")
    done = ["promote", "consolidate", "integrate", "folds", "named lines", "blockers", "warnings with a place", "values taken over"]
    missing = [x for x in done if not counters[x]] if counters["fleets"] >= FLEETS else []
    tap.result("each kind of step was met", [f"never: {x}" for x in missing])
    tap.end()


if __name__ == "__main__":
    main()
