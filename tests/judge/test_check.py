#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `promote check` finds in random fleets. Prints TAP.

A fleet that steps of one patch without overrides made has no finding, and one that any steps made no error. A fault that
is planted is found. On fleets of every kind, what is found of the layers of each application is what the judge finds.
"""

import collections
import json
import os
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import fleets
import judge
from suite import Tap, directory, expect, keep, many, on_fleet, run

FLEETS = 40
MOST_STEPS = 12

# Names, no two of which are a typing mistake away from each other.
WORDS = [
    "replicas", "image", "minReplicas", "maxReplicas", "timeout", "labels", "httpPort", "httpsPort", "inputs", "outputs", "stage", "state",
    "rules", "roles", "host", "hosts", "internalName", "externalName", "schedule", "scheduler", "level", "channel", "zone-1", "zone-2",
]  # fmt: skip
VALUES = ["main", '"1.20"', "v1.2", "1.25", "0.50", "77", "true", "null", "[a, b]", "1e6", "latest", "0644", "text with blanks"]


def found_by(root, *arguments):
    status, out, err = run(root, "check", "-o", "json", *arguments)
    report = json.loads(out)
    expect(status == (4 if report["errors"] else 0) and not err, f"exit {status}", err.decode())
    return report["findings"]


# Fleets without a fault ----------------------------------------------------------------------


def nest(pairs):
    """YAML of {path: text}, in flow style."""
    tree = {}
    for path, text in pairs.items():
        at = tree
        for key in path[:-1]:
            at = at.setdefault(key, {})
        at[path[-1]] = text

    def write(value):
        return "{" + ", ".join(f"{k}: {write(v)}" for k, v in value.items()) + "}" if isinstance(value, dict) else value

    return "".join(f"{key}: {write(value)}\n" for key, value in tree.items())


class Clean:
    """A fleet in which nothing is wrong: an application with values, and perhaps overrides and patches at the first target."""

    def __init__(self, seed, overrides, patches):
        self.rng = rng = random.Random(seed)
        self.depth = rng.randint(1, 3)
        self.dimensions = ["environments", "sectors", "regions"][: self.depth]
        self.files = {}
        self.positions, self.targets = [], []
        tree = self.level(0, "")
        self.files["config/config.yaml"] = (
            f"dimensions: [{', '.join(self.dimensions)}]\nsequence:\n" + self.config(tree, 0, "  ") + "cluster_types: [{name: edge}]\n"
        )
        self.home = "config/edge/app"
        self.values = {}
        for word in rng.sample(WORDS, rng.randint(3, 6)):
            self.values[("applications", "app", word)] = self.value(None)
            if rng.random() < 0.3:
                path = ("applications", "app", "source", rng.choice(WORDS))
                self.values[path] = self.value(None)
        self.files[f"{self.home}/values.yaml"] = nest(self.values)
        self.files["config/edge/other/values.yaml"] = "applications: {other: {a: 1}}\n"
        for position in rng.sample(self.positions, min(len(self.positions), rng.randint(1, 4))) if overrides else []:
            self.files[f"{self.home}/{position}/override.yaml"] = nest(self.some())
        self.patches = [f"patch-{i:03}" for i in range(1, patches + 1)]
        start = rng.choice([x for x in self.positions if (self.targets[0] + "/").startswith(x + "/")])
        for patch in self.patches:
            text = "metadata: {description: test}\n" + nest(self.some())
            self.files[f"{self.home}/{start}/{patch}.yaml"] = text

    def level(self, depth, above):
        made = []
        for name in self.rng.sample(["lab", "live", "s1", "s2", "us", "eu"], self.rng.randint(1, 3)):
            path = above + name
            self.positions.append(path)
            below = self.level(depth + 1, path + "/") if depth + 1 < self.depth and self.rng.random() < 0.9 else []
            if not below:
                self.targets.append(path)
            made.append((name, below))
        return made

    def config(self, tree, depth, indent):
        text = f"{indent}{self.dimensions[depth]}:\n"
        for name, below in tree:
            text += f"{indent}- name: {name}\n"
            if below:
                text += self.config(below, depth + 1, indent + "  ")
        return text

    def value(self, other):
        return self.rng.choice([x for x in VALUES if x != other])

    def some(self):
        """Some values otherwise, and perhaps new ones; never a number in the place of a string, or the other way."""
        rng = self.rng
        made = {}
        for path in rng.sample(list(self.values), rng.randint(1, 2)):
            made[path] = self.another(self.values[path])
        if rng.random() < 0.4:
            path = ("applications", "app", rng.choice(WORDS))
            if path not in self.values:
                made[path] = rng.choice(VALUES)
        return made

    def another(self, old):
        numbers = ["1.25", "0.50", "77", "1e6", "0644"]
        return self.rng.choice([x for x in VALUES if x != old and (x in numbers) == (old in numbers)] + ["other"])

    def write(self, root):
        for name, text in self.files.items():
            path = Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def steps(seed, overrides, patches, judge_findings):
    """Random steps of a clean fleet, and after each what is found. Returns how many there were."""
    made = Clean(seed, overrides, patches)
    rng = random.Random(seed + 1)

    def check(root, counters):
        judge_findings(found_by(root), root)
        for _ in range(MOST_STEPS):
            level = rng.choice(made.dimensions)
            status, _, _ = run(root, "-q", "--no-generate", "--accept-conflict", f"--level={level}", "edge", "app", rng.choice(made.patches))
            counters["steps"] += status == 0
            judge_findings(found_by(root), root)

    return on_fleet(made, seed, check)


def no_finding(found, _):
    expect(not found, "nothing is wrong, but:", *found)


def no_error(found, root):
    expect(all(x["severity"] == "warning" for x in found), "no error, but:", *found)
    check_layers(root, found)


def check_alone(seed):
    """One fleet in four: each takes as long as many of the others."""
    if seed % 4:
        return {}, []
    return steps(seed, False, 1, no_finding)


def check_together(seed):
    if seed % 4:
        return {}, []
    return steps(seed, True, random.Random(seed).randint(1, 3), no_error)


# Faults --------------------------------------------------------------------------------------


def misspell(rng, key):
    at = rng.randrange(1, len(key) - 1)
    return rng.choice([key[:at] + key[at + 1 :], key[:at] + key[at] + key[at:], key.swapcase()])


class Faulty(Clean):
    """A clean fleet with values that a fault needs, and a patch at the first target, into which one is planted."""

    def __init__(self, seed):
        super().__init__(seed, False, 0)
        self.values = {
            ("applications", "app", "source", "targetRevision"): "v1",
            ("applications", "app", "source", "chart"): "x",
            ("applications", "app", "namespace"): "web",
            ("applications", "app", "level"): "3",
        }
        self.files[f"{self.home}/values.yaml"] = nest(self.values)
        self.first, self.last = self.targets[0], self.targets[-1]
        self.good = "applications: {app: {source: {targetRevision: v2}}}\n"

    def put(self, position, text, name="patch-001.yaml"):
        self.files[f"{self.home}/{position}/{name}"] = text

    def plant(self, code):
        """Plants it; what must be found there: parts of a finding."""
        self.put(self.first, self.good)
        return getattr(self, "plant_" + code.replace("-", "_"))()

    def plant_gap(self):
        if len(self.targets) < 3:
            return None
        self.put(self.last, self.good)
        return {"file": f"{self.home}/{self.last}/patch-001.yaml"}

    def plant_copies_differ(self):
        if len(self.targets) < 2:
            return None
        self.put(self.targets[1], self.good.replace("v2", "v3"))
        return {"file": f"{self.home}/{self.targets[1]}/patch-001.yaml", "path": "applications.app.source.targetRevision", "line": 1}

    def plant_loses_mapping(self):
        self.put(self.first, "metadata: {a: 1}\napplications:\n  app:\n    source:\n    targetRevision: v2\n")
        return {"line": 4, "column": 5, "path": "applications.app.source"}

    def plant_unknown_application(self):
        self.put(self.first, "applications:\n  app:\n    level: 4\n  othr: {a: 2}\n")
        return {"line": 4, "column": 3, "path": "applications.othr", "hint": "rename it to other"}

    def plant_unknown_key(self):
        key = self.rng.choice(["targetRevision", "namespace"])
        wrong = misspell(self.rng, key)
        above = ["source"] if key == "targetRevision" else []
        self.put(self.first, nest({("applications", "app", *above, wrong): "v2"}))
        return {"line": 1, "path": ".".join(["applications", "app", *above, wrong]), "hint": f"rename it to {key}"}

    def plant_looks_like_number(self):
        text = self.rng.choice(["1.20", "012", "1e3", "2.0", "1_0"])
        self.put(self.first, nest({("applications", "app", "source", "targetRevision"): text}))
        return {"line": 1, "path": "applications.app.source.targetRevision", "hint": f'put it in quotes: "{text}"'}

    def plant_no_effect(self):
        self.put(self.first, nest({("applications", "app", "level"): "0x3"}))
        return {"path": "applications.app.level"}

    def plant_hidden(self):
        self.put(self.first.partition("/")[0], self.good)
        self.put(self.first, nest({("applications", "app", "source", "targetRevision"): "v9"}), "override.yaml" if "/" in self.first else "patch-002.yaml")
        if "/" in self.first:
            del self.files[f"{self.home}/{self.first}/patch-001.yaml"]
        else:
            self.put(self.first, self.good.replace("}}}", "}, level: 4}}"))
        return {"path": "applications.app.source.targetRevision", "position": self.first}

    def plant_conflict(self):
        self.put(self.first, self.good.replace("v2", "v3"), "patch-002.yaml")
        return {"file": f"{self.home}/{self.first}/patch-002.yaml", "path": "applications.app.source.targetRevision"}

    def plant_superseded(self):
        self.put(self.first, self.good.replace("}}}", ", chart: y}}}").replace("v2", self.rng.choice(["v2", "v3"])), "patch-002.yaml")
        return {"file": f"{self.home}/{self.first}/patch-001.yaml"}

    def plant_redundant_copy(self):
        if "/" not in self.first:
            return None
        self.put(self.first.partition("/")[0], self.good)
        return {"file": f"{self.home}/{self.first}/patch-001.yaml"}

    def plant_name_order(self):
        self.put(self.first, nest({("applications", "app", "level"): "4"}), "patch-9.yaml")
        self.put(self.first, nest({("applications", "app", "namespace"): "x"}), "patch-10.yaml")
        return {"file": f"{self.home}/{self.first}/patch-10.yaml"}


FAULTS = [x[6:].replace("_", "-") for x in dir(Faulty) if x.startswith("plant_")]


def check_faults(seed):
    if seed % 2:
        return {}, []
    counters, failures = collections.Counter(), []
    for code in FAULTS:
        made = Faulty(seed)
        wanted = made.plant(code)
        if wanted is None:
            continue
        with directory() as root:
            made.write(root)
            found = found_by(root)
            if not any(x["code"] == code and wanted.items() <= x.items() for x in found):
                keep(root, seed)
                failures.append(f"seed {seed}: {code} with {wanted} is not among:\n" + "\n".join(map(str, found)))
        counters[code] += 1
    return counters, failures


# The judge -----------------------------------------------------------------------------------


def is_map(value):
    return isinstance(value, dict)


def decides(value, keys):
    """What a file has at the path or in the place of what is above it; None if it does not decide about it."""
    found = judge.follow(value, keys)
    if found is None or (len(found[0]) < len(keys) and is_map(found[1])):
        return None
    return found


def agree(found, keys, own):
    """Whether what was found gives the path the same value; what is in the place of something above it does not."""
    return len(found[0]) == len(keys) and ((is_map(found[1]) and is_map(own)) or found[1] == own)


class Application:
    """The layers of an application at each position and target."""

    def __init__(self, fleet, kind, name):
        self.fleet, self.kind, self.name = fleet, kind, name
        self.home = f"config/{kind}/{name}"
        self.stacks = {t: fleet.layers(kind, name, t) for t in fleet.targets}
        self.patches = {}  # by name: {position: what the copy sets}
        for position in fleet.positions:
            for path in fleet.layers_at(kind, name, position):
                if not path.endswith("/override.yaml"):
                    file = path.rpartition("/")[2]
                    self.patches.setdefault(file, {})[position] = judge.load_patch(fleet.files[path])
        self.findings = set()

    def add(self, code, *more):
        self.findings.add((code, *more))

    def covered(self, copies):
        """The targets that the copies cover, and the nearest copy of each."""
        for target in self.fleet.targets:
            names = target.split("/")
            above = ["/".join(names[:i]) for i in range(len(names), 0, -1)]
            at = next((x for x in above if x in copies), None)
            if at is not None:
                yield target, at

    def is_copy(self, path, file):
        return path.rpartition("/")[2] == file

    def judge(self):
        base = f"{self.home}/values.yaml" in self.fleet.files
        for file, copies in self.patches.items():
            self.judge_copies(file, copies)
            if base:
                self.judge_patch(file, copies)
            else:
                self.add("no-effect", file)
        if base:
            self.judge_losses()
            self.judge_names()
        return self.findings

    def judge_copies(self, file, copies):
        positions = [x for x in self.fleet.positions if x in copies]
        order = self.fleet.positions.index
        covered = {t for t, _ in self.covered(copies)}
        if any(t not in covered and order(t) < order(positions[-1]) for t in self.fleet.targets):
            self.add("gap", file, f"{self.home}/{positions[-1]}/{file}")
        differ = [x for x in positions if copies[x] != copies[positions[0]]]
        if differ:
            self.add("copies-differ", file, f"{self.home}/{differ[0]}/{file}")
        for position in positions:
            above = [x for x in positions if position.startswith(x + "/")]
            if above and copies[above[-1]] == copies[position] and not self.changes_without(f"{self.home}/{position}/{file}"):
                self.add("redundant-copy", file)

    def values(self, layers):
        made = {}
        for _, value in layers:
            made = judge.merge(made, value)
        return made

    def changes_without(self, *paths):
        for layers in self.stacks.values():
            rest = [x for x in layers if x[0] not in paths]
            if len(rest) < len(layers) and judge.changes(self.values(layers), self.values(rest)):
                return True
        return False

    def judge_patch(self, file, copies):
        superseded = True
        hidden = set()
        for target, at in self.covered(copies):
            paths = judge.leaves(copies[at]) if copies[at] else []
            decided = 0  # by others, but for an empty mapping where another one is
            for keys in paths:
                layers = [(x, decides(value, keys)) for x, value in self.stacks[target]]
                layers = [(x, found) for x, found in layers if found is not None]
                path, top = layers[-1]
                own = judge.at(copies[at], keys)
                is_patch = self.is_patch(path)
                if self.is_copy(path, file) or not is_patch or os.fsencode(self.file(path)) < os.fsencode(file):
                    superseded = False
                decided += not (is_map(own) and is_map(top[1]))
                if not self.is_copy(path, file) and not agree(top, keys, own):
                    hidden.add((judge.path_text(keys), is_patch))
                for path, other in layers:
                    name = self.file(path)
                    if self.is_patch(path) and os.fsencode(name) > os.fsencode(file) and not agree(other, keys, own):
                        self.add("conflict", file, name)
            superseded = superseded and decided > 0
        if superseded:
            self.add("superseded", file)
        elif not self.changes_without(*(f"{self.home}/{x}/{file}" for x in copies)):
            self.add("no-effect", file)
        for path, by_patch in hidden:
            if not (superseded and by_patch):
                self.add("hidden", file, path)

    def file(self, path):
        return path.rpartition("/")[2]

    def is_patch(self, path):
        return self.file(path).startswith("patch-") and path.rpartition("/")[0] != self.home

    def judge_losses(self):
        """Each file that has something else in the place of a mapping with keys that is below it."""
        seen = set()
        for layers in self.stacks.values():
            below = {}
            for path, value in layers:
                if path not in seen and path.startswith(self.home + "/") and path != f"{self.home}/values.yaml":
                    for keys in judge.leaves(value) if value else []:
                        lost = judge.at(below, keys)
                        if is_map(lost) and lost and not is_map(judge.at(value, keys)):
                            self.add("loses-mapping", self.file(path), judge.path_text(keys))
                seen.add(path)
                below = judge.merge(below, value)

    def judge_names(self):
        applications = judge.string("applications")
        base = judge.load(self.fleet.files[f"{self.home}/values.yaml"]).get(applications)
        known = set(self.fleet.applications(self.kind)) | ({x.text for x in base} if is_map(base) else set())
        for layers in self.stacks.values():
            for path, value in layers:
                names = value.get(applications)
                if path.startswith(self.home + "/") and is_map(names):
                    for name in names:
                        if name.text not in known:
                            self.add("unknown-application", self.file(path), judge.path_text((applications, name)))


def told(finding):
    """The same of what was told."""
    code, file = finding["code"], finding.get("file", "").rpartition("/")[2]
    text = finding["message"]
    if code in ("gap", "copies-differ"):
        return (code, file, finding["file"])
    if code in ("no-effect", "superseded", "redundant-copy"):
        return (code, file)
    if code == "hidden":
        return (code, re.search(r", which hides (.*) at ", text)[1] + ".yaml", finding["path"])
    if code == "conflict":
        return (code, re.search(r", and (patch-.*) sets it, too: ", text)[1] + ".yaml", file)
    return (code, file, finding["path"])


JUDGED = {
    "gap", "copies-differ", "redundant-copy", "no-effect", "hidden", "conflict", "superseded", "loses-mapping", "unknown-application"
}  # fmt: skip


def check_layers(root, found):
    """What is found is what the judge finds."""
    fleet = judge.Fleet(judge.read_files(root))
    count = 0
    mine = [x for x in found if x["code"] in JUDGED and x.get("application")]
    for kind, name in {tuple(x.split("/")[1:3]) for x in fleet.files if x.count("/") > 2}:
        wanted = Application(fleet, kind, name).judge()
        got = {told(x) for x in mine if (x["clusterType"], x["application"]) == (kind, name)}
        expect(got == wanted, f"{kind} {name}", f"only the judge: {sorted(wanted - got)}", f"only promote: {sorted(got - wanted)}")
        count += len(wanted)
    return count


def check_random(seed):
    def check(root, counters):
        found = found_by(root)
        counters["findings"] += check_layers(root, found)
        counters.update(x["code"] for x in found if x["code"] in JUDGED)

    return on_fleet(fleets.Random(seed), seed, check)


def main():
    tap = Tap()
    counters, failures, seconds = many(check_alone, FLEETS)
    tap.result("steps of one patch without overrides: no finding: {steps} steps".format_map(counters) + f", {seconds:.0f} s", failures)
    counters, failures, seconds = many(check_together, FLEETS)
    tap.result("steps of patches: no error, and what the judge finds: {steps} steps".format_map(counters) + f", {seconds:.0f} s", failures)
    counters, failures, seconds = many(check_faults, FLEETS)
    tap.result("faults that were planted, of {fleets} fleets in every second".format_map(counters) + f", {seconds:.0f} s", failures)
    missing = [x for x in FAULTS if not counters[x]] if counters["fleets"] >= FLEETS else []
    tap.result("every fault was planted", [f"never: {x}" for x in missing])
    counters, failures, seconds = many(check_random, FLEETS)
    tap.result("random fleets: {fleets}, {findings} findings".format_map(counters) + f", {seconds:.0f} s", failures)
    missing = [x for x in JUDGED if not counters[x]] if counters["fleets"] >= FLEETS else []
    tap.result("every code was found", [f"never: {x}" for x in missing])
    tap.end()


if __name__ == "__main__":
    main()
