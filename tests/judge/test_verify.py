#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random histories of commits that promote has made: each is legal, and no longer if anything of it is changed.

A walk mixes step, start, fill, rollback, retire, hold and release of several patches with --commit, and edits by hand in
between. What verify says of it is compared with what was done. Then each commit is made again without its trailers,
where it must be legal unless somebody had to open a gate or to accept something; and with a change that nobody
told, where it must be illegal. Prints TAP.
"""

import collections
import json
import os
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import commits
import fleets
from suite import Failed, Tap, directory, expect, keep, many, run

FLEETS = 3
WEIGHT = 8  # a history takes as long as so many fleets of another test: PROMOTE_FLEETS is divided by it
LENGTH = 24  # commands in a walk
VALUES = ["v1.2", "5", "true", "null", '"5"', "text with blanks", "{x: 1}", "[1, two]", "''"]
ACCEPTS = ("--accept-conflict", "--accept-loss", "--hotfix")
ACCEPTED = {"conflict", "loses-mapping", "gap"}  # the rules without them


class Walk:
    def __init__(self, seed):
        self.made = fleets.Random(seed, targets=9, plainly=True)
        self.rng = random.Random(seed)
        self.number, self.done, self.counters = 100, {}, collections.Counter()
        homes = {p.split("/")[1:3][0] + "/" + p.split("/")[2]: 1 for p in self.made.files if p.endswith("/values.yaml") and p.count("/") == 3}
        self.homes = [tuple(x.split("/")) for x in homes]
        rng = self.rng
        self.keys = [[rng.choice(fleets.SECTIONS), rng.choice(fleets.ITEMS), rng.choice(fleets.KEYS)] for _ in range(2)]

    def git(self, *words, **more):
        return commits.git(self.root, *words, **more)

    def some(self, *options):
        return [x for x in options if self.rng.random() < 0.5]

    def level(self):
        return ["--level=" + self.rng.choice(self.made.dimensions)] if self.rng.random() < 0.4 else []

    def do(self, command, words, options):
        """Takes a step if the rules allow it, and remembers the commit."""
        approve = [f"--approve={p}" for p in self.made.positions] if command in ("", "start", "fill") else []
        status, out, err = run(self.root, *([command] if command else []), "-o", "json", "--commit", *approve, *options, "--", *words)
        self.counters["commands"] += 1
        if status:
            expect(status in (2, 3, 4, 5, 7), f"{command} {words}: exit {status}", err.decode())
            return
        report = json.loads(out)
        if report["action"] == "none":
            return
        expect("commit" in report, f"{command}: no commit", report)
        self.done[report["commit"]] = (report["action"], report.get("gates", []), options)
        self.counters[report["action"]] += 1

    def step(self, home, patch):
        self.do("", (*home, patch), [*self.level(), *self.some("--accept-conflict", "--prune-overrides")])

    def fill(self, home, patch):
        self.do("fill", (*home, patch), [*self.level(), *self.some("--all", "--accept-conflict")])

    def rollback(self, home, patch):
        which = self.rng.choice([self.level(), self.level(), ["--all"], [f"--to={self.rng.choice(self.made.positions)}"]])
        self.do("rollback", (*home, patch), [*which, *self.some("--hold=a reason", "--accept-loss")][: self.rng.randint(1, 3)])

    def retire(self, home, patch):
        self.do("retire", (*home, patch), self.some("--accept-loss"))

    def start(self, home, _):
        self.number += 1
        keys = self.rng.choice(self.keys)
        at = [f"--at={self.rng.choice(self.made.positions)}"] if self.rng.random() < 0.5 else []
        text = f"--set={'.'.join(keys)}={self.rng.choice(VALUES)}"
        self.do("start", (*home, f"patch-{self.number}"), [*at, *self.some(*ACCEPTS), text])

    def hold(self, home, patch):
        where = [*home, self.rng.choice(self.made.positions)][: self.rng.randint(0, 3)]
        for_patch = [f"--patch={patch}"] if self.rng.random() < 0.5 else []
        self.do("hold", where, ["--reason=it waits", *for_patch])
        if self.rng.random() < 0.8:
            self.do("release", where, [])

    def by_hand(self, home, _):
        path = f"config/{home[0]}/{home[1]}/{self.rng.choice(self.made.positions)}/override.yaml"
        keys = self.rng.choice(self.keys)
        full = Path(self.root, path)
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(f"{{{keys[0]}: {{{keys[1]}: {{{keys[2]}: {self.rng.choice(VALUES)}}}}}}}\n", encoding="utf-8")
        self.git("add", "--", path)
        self.git("commit", "-qm", "an override", "--allow-empty")

    def patches(self, home):
        top = Path(self.root, "config", *home)
        return sorted({p.name[:-5] for p in top.rglob("patch-*.yaml")}) or ["patch-1"]

    def walk(self, root):
        self.root = root
        self.made.write(root)
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-qm", "import")
        commands = [self.step] * 9 + [self.start] * 4 + [self.fill] * 2 + [self.rollback] * 3 + [self.retire, self.hold, self.by_hand]
        for _ in range(LENGTH):
            home = self.rng.choice(self.homes)
            self.rng.choice(commands)(home, self.rng.choice(self.patches(home)))

    # What verify says

    def verify(self, words):
        status, out, err = run(self.root, "verify", "-o", "json", words)
        expect(status in (0, 4) and not err, f"verify {words}: exit {status}", err.decode())
        return json.loads(out)["commits"]

    def check_all(self):
        for found in self.verify("HEAD"):
            action, _, options = self.done.get(found["commit"], (None, None, None))
            wanted = "legal" if action else "not-judged"
            expect(found["verdict"] == wanted and found.get("action") == action, f"expected {wanted} {action} {options}", found)
            self.counters["told: " + wanted] += 1

    def again(self, commit, tree, message):
        """Its name: the same commit with another tree or message."""
        return self.git("commit-tree", "-p", commit + "^", "-F", "-", tree, input=message.encode(errors="surrogateescape"))

    def check_untold(self, commit):
        action, gates, options = self.done[commit]
        found = self.verify(f"{commit}^..{self.again(commit, commit + '^{tree}', 'By hand')}")[0]
        got = found["verdict"], found.get("rule")
        if action in ("hold", "release"):
            expect(got == ("not-judged", None), found)
        elif got[0] == "illegal" and gates:
            expect(got[1] == "gate" or (got[1] in ACCEPTED and set(options) & set(ACCEPTS)), f"{action} {options}", found)
        elif set(options) & set(ACCEPTS):
            expect(got[0] == "legal" or got[1] in ACCEPTED, f"{action} {options}", found)
        else:
            expect(got[0] == "legal" and not gates, f"{action} {options} {gates}", found)
        self.counters[f"untold: {found.get('rule', got[0])}"] += 1

    def changed_tree(self, commit, path, text):
        """The tree with another file there; None: without one."""
        index = {**commits.environment(), "GIT_INDEX_FILE": os.path.join(self.root, ".git", "other")}
        words = ["--force-remove", "--", path]
        if text is not None:
            blob = self.git("hash-object", "-w", "--stdin", input=text)
            words = ["--add", "--cacheinfo", f"100644,{blob},{path}"]
        kept, os.environ["GIT_INDEX_FILE"] = os.environ.get("GIT_INDEX_FILE"), index["GIT_INDEX_FILE"]
        try:
            self.git("read-tree", commit)
            self.git("update-index", *words)
            return self.git("write-tree")
        finally:
            del os.environ["GIT_INDEX_FILE"]
            if kept is not None:
                os.environ["GIT_INDEX_FILE"] = kept

    def mutation(self, commit):
        """(what, tree, message) of something that nobody told."""
        message = self.git("log", "-1", "--format=%B", commit)
        listed = self.git("ls-tree", "-r", "-z", "--name-only", commit, "--", "config").split("\0")
        files = [p for p in listed if p.endswith(".yaml")]
        lines = message.split("\n")
        told = [i for i, line in enumerate(lines) if line.startswith(("Promote-To:", "Promote-From:", "Promote-Consolidated:"))]
        which = self.rng.choice(["edit", "remove", "add", "trailer"])
        path = self.rng.choice(files)
        if which == "edit":
            blob = self.git("cat-file", "blob", f"{commit}:{path}") + "\n# nobody told"
            return f"edit {path}", self.changed_tree(commit, path, blob.encode(errors="surrogateescape")), message
        if which == "remove":
            return f"remove {path}", self.changed_tree(commit, path, None), message
        if which == "trailer" and told:
            del lines[self.rng.choice(told)]
            return "lose a trailer", commit + "^{tree}", "\n".join(lines)
        home, position = self.rng.choice(self.homes), self.rng.choice(self.made.positions)
        path = f"config/{home[0]}/{home[1]}/{position}/patch-999.yaml"
        return f"add {path}", self.changed_tree(commit, path, b"a: 1\n"), message

    def check_changed(self, commit):
        what, tree, message = self.mutation(commit)
        if tree == self.git("rev-parse", commit + "^{tree}"):
            return
        found = self.verify(f"{commit}^..{self.again(commit, tree, message)}")[0]
        expect(found["verdict"] == "illegal", f"{self.done[commit]}: {what} is {found}", message)
        self.counters[f"changed: {found['rule']}"] += 1

    def check(self):
        self.check_all()
        for commit in self.done:
            self.check_untold(commit)
            self.check_changed(commit)


def check_history(seed):
    walk = Walk(seed)
    with directory() as root:
        try:
            walk.walk(root)
            walk.check()
        except (Failed, AssertionError) as failure:
            keep(root, seed)
            return walk.counters, [f"seed {seed}: {failure}"]
    return walk.counters, []


def main():
    tap = Tap()
    os.environ.update({k: v for k, v in commits.environment().items() if k.startswith("GIT_")})
    if "PROMOTE_SEED" not in os.environ and "PROMOTE_FLEETS" in os.environ:
        os.environ["PROMOTE_FLEETS"] = str(max(1, int(os.environ["PROMOTE_FLEETS"]) // WEIGHT))
    counters, failures, seconds = many(check_history, FLEETS)
    tap.result(f"{counters['fleets']} histories, {counters['told: legal']} commits", failures)
    expect(counters["told: legal"] > counters["fleets"], "almost nothing was judged")
    for name, number in sorted(counters.items()):
        tap.say(f"{name}: {number}")
    tap.say(f"{seconds:.0f} s")
    tap.end()


main()
