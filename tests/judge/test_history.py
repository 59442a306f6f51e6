#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""promote history against a log that is written here while the commits are made. Prints TAP.

A walk on one patch mixes steps, fills and rollbacks that promote commits with copies that somebody adds, edits and removes
by hand, regions that come and go, merges of one side and of both, other names of the patch and of its application, and
commits of other things. After each commit, what the patch covers is worked out from the files in the working tree.
"""

import collections
import json
import os
import random
import shutil
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from suite import Tap, directory, expect, many, run

FLEETS = 16
LENGTH = 30  # commits of a walk, at most
START = 1_700_000_000


def moment(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Walk:
    def __init__(self, root, seed):
        self.root, self.rng = root, random.Random(seed)
        self.kind, self.application, self.patch = "edge", "gateway", "patch-1"
        self.clock, self.number, self.regions = START, 1, 0
        self.fleet = {"lab": {"a": self.some_regions(), "b": self.some_regions()}, "live": {"c": self.some_regions()}}
        self.log = []  # what happened: dictionaries
        self.stays = collections.defaultdict(list)  # position -> [reached, left]
        self.before = ({}, set())
        self.counters = collections.Counter()

    def some_regions(self):
        self.regions += 3
        return [f"r{self.regions - i}" for i in range(self.rng.randint(1, 3))]

    # the fleet

    def targets(self):
        return {f"{e}/{s}/{r}" for e, sectors in self.fleet.items() for s, regions in sectors.items() for r in regions}

    def positions(self):
        return {"/".join(t.split("/")[:n]) for t in self.targets() for n in (1, 2, 3)}

    def home(self):
        return self.root / "config" / self.kind / self.application

    def copies(self):
        return {str(x.parent.relative_to(self.home())): x.read_bytes() for x in self.home().rglob(f"{self.patch}.yaml")}

    def covered(self):
        copies, targets = self.copies(), self.targets()
        has = {t for t in targets if any("/".join(t.split("/")[:n]) in copies for n in (1, 2, 3))}
        return {p for p in self.positions() if all(t in has for t in targets if t == p or t.startswith(p + "/"))}

    def write_config(self):
        text = "dimensions: [environments, sectors, regions]\nsequence:\n  environments:\n"
        for environment, sectors in self.fleet.items():
            text += f"  - name: {environment}\n    sectors:\n"
            text += "".join(f"    - {{name: {s}, regions: [{', '.join(regions)}]}}\n" for s, regions in sectors.items())
        (self.root / "config/config.yaml").write_text(text + f"cluster_types: [{{name: {self.kind}}}]\n")

    # git

    def environment(self):
        self.clock += self.rng.randint(1, 300_000)
        self.who = self.rng.choice(["Ann", "Bea", "Jane Doe"])
        when = f"{self.clock} +0000"
        return {
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": self.who,
            "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "c", "GIT_COMMITTER_EMAIL": "c@example.com",
            "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when,
        }  # fmt: skip

    def git(self, *words):
        done = subprocess.run(["git", "-C", str(self.root), *words], capture_output=True, text=True, check=False)
        expect(done.returncode == 0, words, done.stdout, done.stderr)
        return done.stdout.strip()

    def commit(self, text):
        os.environ.update(self.environment())
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", text)

    # the log

    def note(self, **more):
        """HEAD has something new."""
        self.counters["commits"] += 1
        copies, covered = self.copies(), self.covered()
        old_copies, old_covered = self.before
        self.before = copies, covered
        if copies == old_copies and covered == old_covered and "renamed" not in more:
            return
        for position in covered - old_covered:
            self.stays[position].append([moment(self.clock), None])
        for position in old_covered - covered:
            self.stays[position][-1][1] = moment(self.clock)
        event = {
            "commit": self.git("rev-parse", "HEAD"), "author": self.who, "date": moment(self.clock), "merged": None,
            "joined": [], "action": None, "renamed": None,
            "added": sorted(copies.keys() - old_copies.keys()), "removed": sorted(old_copies.keys() - copies.keys()),
            "changed": sorted(d for d in copies.keys() & old_copies.keys() if copies[d] != old_copies[d]),
            "covered": len(covered & self.targets()), "targets": len(self.targets()),
        }  # fmt: skip
        self.log.append({**event, **more})
        self.counters["events"] += 1

    # what happens

    def put(self, position, text):
        path = self.home() / position / f"{self.patch}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def free(self):
        copies = self.copies()
        return sorted(p for p in self.positions() if p not in copies)

    def by_hand(self):
        free, copies = self.free(), sorted(self.copies())
        if free and (not copies or self.rng.random() < 0.6):
            self.put(self.rng.choice(free), "value: new\n")
        elif copies and self.rng.random() < 0.5:
            self.put(self.rng.choice(copies), f"value: new # {self.clock}\n")
        elif copies:
            shutil.rmtree(self.home() / self.rng.choice(copies).split("/")[0], ignore_errors=True)
        self.commit("by hand")

    def by_promote(self):
        """Whether promote has made a commit, and what it calls it."""
        words = self.rng.choice([[], [], [], ["fill"], ["rollback"], ["rollback", "--all"]])
        os.environ.update(self.environment())
        head = self.git("rev-parse", "HEAD")
        more = ["--accept-loss"] if "rollback" in words else []
        status, out, _ = run(self.root, *words, self.kind, self.application, self.patch, "--commit", "-o", "json", *more)
        return json.loads(out)["action"] if status == 0 and self.git("rev-parse", "HEAD") != head else None

    def change(self):
        """One commit that may change copies, on whatever branch this is."""
        if self.rng.random() < 0.5:
            return self.by_promote()
        self.by_hand()
        return None

    def step(self):
        head = self.git("rev-parse", "HEAD")
        action = self.change()
        if self.git("rev-parse", "HEAD") != head:
            self.note(action=action)

    def other(self):
        (self.root / "other").write_text(str(self.clock))
        self.commit("other")
        self.note()

    def region(self):
        sectors = self.fleet[self.rng.choice(list(self.fleet))]
        regions = sectors[self.rng.choice(list(sectors))]
        if len(regions) > 1 and self.rng.random() < 0.5:
            regions.pop(self.rng.randrange(len(regions)))
        else:
            regions += self.some_regions()[:1]
        self.write_config()
        self.commit("regions")
        self.note()

    def rename(self):
        if not self.copies():
            return
        old = [self.kind, self.application, self.patch]
        self.number += 1
        if self.rng.random() < 0.5:
            name = f"patch-{self.number}"
            for position in self.copies():
                path = self.home() / position / f"{self.patch}.yaml"
                path.rename(path.with_name(f"{name}.yaml"))
            self.patch = name
        else:
            home = self.home()
            self.application = f"gateway-{self.number}"
            home.rename(self.home())
        self.commit("rename")
        self.note(renamed=old)

    def merge_one(self):
        """A side that alone has changed copies."""
        self.git("checkout", "-q", "-B", "side")
        head = self.git("rev-parse", "HEAD")
        action = self.change()
        side, who, when = self.git("rev-parse", "HEAD"), self.who, moment(self.clock)
        self.git("checkout", "-q", "main")
        if side == head:
            return
        self.other()
        os.environ.update(self.environment())
        self.git("merge", "-q", "--no-ff", "-m", "merge", "side")
        merge = {"commit": self.git("rev-parse", "HEAD"), "date": moment(self.clock)}
        self.note(commit=side, author=who, date=when, merged=merge, action=action)

    def merge_both(self):
        free = self.free()
        if len(free) < 2:
            return
        one, two = self.rng.sample(free, 2)
        self.git("checkout", "-q", "-B", "side")
        self.put(one, "value: new\n")
        self.commit("one")
        side = self.git("rev-parse", "HEAD")
        self.git("checkout", "-q", "main")
        self.put(two, "value: new\n")
        self.commit("two")
        self.note()
        os.environ.update(self.environment())
        self.git("merge", "-q", "--no-ff", "-m", "merge", "side")
        self.note(joined=[side])

    def walk(self):
        self.git("init", "-q", "-b", "main")
        self.home().mkdir(parents=True)
        (self.home() / "values.yaml").write_text("value: old\n")
        self.write_config()
        self.commit("fleet")
        self.put(self.rng.choice(self.free()), "value: new\n")
        self.commit("start")
        self.note()
        others = [self.other, self.region, self.rename, self.merge_one, self.merge_both]
        for _ in range(self.rng.randint(1, LENGTH)):
            (self.step if self.rng.random() < 0.5 else self.rng.choice(others))()
            self.home().mkdir(parents=True, exist_ok=True)


def check(seed):
    with directory() as root:
        w = Walk(Path(root), seed)
        w.walk()
        status, out, err = run(root, "history", "-o", "json", w.kind, w.application, w.patch)
        expect(status == 0, status, err)
        told = json.loads(out)
        events = [
            {
                "commit": e["commit"], "author": e["author"]["name"], "date": e["date"], "merged": e["merged"],
                "joined": [j["commit"] for j in e["joined"]], "action": (e["recorded"] or {}).get("action"),
                "renamed": e["renamedFrom"] and list(e["renamedFrom"].values()), "added": sorted(e["added"]),
                "removed": sorted(e["removed"]), "changed": sorted(e["changed"]), "covered": e["covered"], "targets": e["targets"],
            }
            for e in told["events"]
        ]  # fmt: skip
        for mine, its in zip(w.log, events):
            expect(mine == its, f"seed {seed}", f"log:     {mine}", f"history: {its}")
        expect(len(w.log) == len(events), f"seed {seed}", w.log[len(events):], events[len(w.log):])  # fmt: skip
        stays = {
            p["position"]: [[s["reached"]["date"], s["left"] and s["left"]["date"]] for s in p["stays"]] for p in told["positions"]
        }
        expect(stays == dict(w.stays), f"seed {seed}", f"log:     {dict(w.stays)}", f"history: {stays}")
        expect((told["state"] == "in-flight") == bool(w.copies()), f"seed {seed}", told["state"])
        w.counters["stays"] += sum(map(len, stays.values()))
        for event in w.log:
            w.counters.update([key for key in ("merged", "joined", "renamed") if event[key]] + [event["action"]])
        del w.counters[None]
        return w.counters, []


def main():
    tap = Tap()
    if not shutil.which("git"):
        print("1..0 # SKIP needs git")
        return
    for name in [x for x in os.environ if x.startswith("GIT_")]:
        del os.environ[name]  # a hook that runs the tests has set them: git would write to its repository
    counters, failures, seconds = many(check, FLEETS)
    told = "{fleets} histories, {commits} commits, {events} events, {stays} stays".format_map(collections.Counter(counters))
    tap.result(f"a history is what the log says: {told}, {seconds:.0f} s", failures)
    missing = [x for x in ("merged", "joined", "renamed", "integrate", "rollback", "fill", "promote") if not counters[x]]
    tap.result("each kind of commit was met", [f"never: {x}" for x in missing] if counters["fleets"] >= FLEETS else [])
    tap.end()


if __name__ == "__main__":
    main()
