#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`promote explain --blame` against the judge, on random histories of random fleets. Prints TAP.

A history is a graph of commits with merges, made at once by git fast-import. The judge looks at each commit as a
whole, and knows nothing of what git leaves out of a log.
"""

import collections
import functools
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import fleets
import judge
from suite import Failed, Tap, directory, expect, keep, many, run

FLEETS = 24  # histories
COMMITS = 25
CONFIG = "config/config.yaml"
BROKEN = "a: ["


class Commit:
    def __init__(self, number, parents, files):
        self.number, self.parents, self.files = number, parents, files
        self.name = f"c{number}"

    @functools.cached_property
    def fleet(self):
        """None if config.yaml cannot be read; False if there is none."""
        text = self.files.get(CONFIG)
        if text in (None, BROKEN):
            return None if text else False
        return judge.Fleet({k: v.encode() for k, v in self.files.items()})

    def about(self, kind, application):
        """The files that decide about an application."""
        own = (CONFIG, f"config/{kind}/defaults.yaml")
        return {k: v for k, v in self.files.items() if k in own or k.startswith(f"config/{kind}/{application}/")}

    def applications(self):
        return sorted({tuple(x.split("/")[1:3]) for x in self.files if x.count("/") > 2})

    def values(self, kind, application, target):
        """What a target has of an application; None: it has none; BROKEN."""
        if not self.fleet:
            return BROKEN if self.fleet is None else None
        if application not in self.fleet.applications(kind):
            return None
        if self.files.get(f"config/{kind}/{application}/values.yaml") == BROKEN:
            return BROKEN
        return self.fleet.application(kind, application, target)

    def counterpart(self, target, parent):
        """The target of a parent's fleet that this commit's target was, or None."""
        theirs = parent.fleet
        if target in theirs.positions:
            return target if target in theirs.targets else None
        shapes = [[p.count("/") for p in f.positions] for f in (self.fleet, theirs) if f]
        if len(shapes) < 2 or shapes[0] != shapes[1] or target not in self.fleet.positions:
            return None
        return theirs.positions[self.fleet.positions.index(target)]


class Walk:
    """Since which commit a target has a value."""

    def __init__(self, kind, application, keys, value):
        self.kind, self.application, self.keys, self.value = kind, application, keys, value

    def has(self, commit, target):
        values = commit.values(self.kind, self.application, target)
        return isinstance(values, dict) and judge.at(values, self.keys) == self.value

    def same(self, a, b):
        return a.about(self.kind, self.application) == b.about(self.kind, self.application)

    def state(self, commit):
        """None: the commit has no such application; BROKEN: it cannot be read."""
        return commit.values(self.kind, self.application, "")

    def older_name(self, commit):
        """The parent that has the application under another name, which the walk takes from now on; or None."""
        text = commit.files.get(f"config/{self.kind}/{self.application}/values.yaml")
        for parent in commit.parents if text is not None else ():
            found = [x for x in parent.applications() if parent.files.get(f"config/{'/'.join(x)}/values.yaml") == text]
            found = [x for x in found if x not in commit.applications()]
            if len(found) == 1:
                self.kind, self.application = found[0]
                return parent
        return None

    def follow(self, commit, target):
        """The commit; `commit` has the value at the target."""
        since, parents = commit, commit.parents
        while True:
            same = next((p for p in parents if self.same(p, commit)), None)
            if same:
                since, commit, parents = (same if since is commit else since), same, same.parents
                continue
            through = None
            for parent in parents:
                there = commit.counterpart(target, parent) if parent.fleet else None
                if there and self.has(parent, there):
                    since, commit, target = parent, parent, there
                    break
                through = through or (parent if self.state(parent) == BROKEN else None)
            else:
                if through:
                    commit = through
                else:
                    absent = all(self.state(p) is None for p in parents)
                    older = self.older_name(commit) if absent else None
                    if not older:
                        return since
                    parents = [older]
                    continue
            parents = commit.parents


class History:
    """Commits of a fleet that changes at random."""

    def __init__(self, seed):
        self.made = fleets.Random(seed, plainly=True)
        self.rng = random.Random(seed)
        self.names = 0
        first = {} if self.rng.random() < 0.2 else dict(self.made.files)
        self.commits = [Commit(0, [], first)]
        while len(self.commits) < COMMITS:
            self.add()
        files = dict(self.commits[-1].files)
        for name, text in files.items():
            if text == BROKEN:
                files[name] = self.made.files.get(name, "")
        self.commits.append(Commit(len(self.commits), [self.commits[-1]], files))

    def add(self):
        rng = self.rng
        last = self.commits[-1]
        parents = [last if rng.random() < 0.8 else rng.choice(self.commits[-6:])]
        files = dict(parents[0].files)
        if rng.random() < 0.25:
            others = [c for c in self.commits[-6:] if c not in parents]
            parents += rng.sample(others, min(len(others), rng.choice([1, 1, 2])))
            files = self.merged(parents)
        if not files:
            files = dict(self.made.files)
        elif len(parents) == 1 or rng.random() < 0.3:
            for _ in range(rng.choice([1, 1, 2])):
                rng.choice(self.changes())(files)
        self.commits.append(Commit(len(self.commits), parents, files))

    def changes(self):
        often = [self.move, self.set] * 2
        return [*often, self.rename_application, self.copy, self.remove, self.rename, self.damage, self.mend, self.restore]

    def merged(self, parents):
        """All files of one, or each file of one of them; positions are those of the first."""
        rng = self.rng
        if rng.random() < 0.4:
            return dict(rng.choice(parents).files)
        files = dict(parents[0].files)
        for other in parents[1:]:
            for name in sorted(set(files) | set(other.files)):
                if name != CONFIG and rng.random() < 0.5:
                    files.pop(name, None)
                    if name in other.files:
                        files[name] = other.files[name]
        return files

    def layers(self, files):
        return sorted(k for k in files if k.endswith(("/override.yaml", ".yaml")) and k.count("/") > 3)

    def place(self, files, name):
        """Another path of the same application for a file at a position: another position, or another patch."""
        kind, application = name.split("/")[1:3]
        positions = self.positions(files) or self.made.positions
        patch = self.rng.choice(["override.yaml", "patch-001.yaml", "patch-002.yaml", "patch-x.yaml"])
        return f"config/{kind}/{application}/{self.rng.choice(positions)}/{patch}"

    def positions(self, files):
        fleet = Commit(0, [], files).fleet
        return fleet.positions if fleet else None

    def move(self, files):
        layers = self.layers(files)
        if layers:
            name = self.rng.choice(layers)
            files[self.place(files, name)] = files.pop(name)

    def copy(self, files):
        layers = self.layers(files)
        if layers:
            name = self.rng.choice(layers)
            files[self.place(files, name)] = files[name]

    def remove(self, files):
        layers = self.layers(files)
        if layers:
            del files[self.rng.choice(layers)]

    def set(self, files):
        """Another value of some paths that the fleet has at first."""
        values = sorted(k for k in files if k.endswith("/values.yaml") and files[k] != BROKEN)
        if values:
            name = self.rng.choice(values)
            paths = [("applications", "one", "a"), ("applications", "api", "b"), ("extra", "two", "c")]
            at = self.rng.choice([name, self.place(files, name), name.rsplit("/", 2)[0] + "/defaults.yaml"])
            files[at] = self.made.text(at, self.made.layer(paths, 0.5))

    def rename(self, files):
        """Positions of one name get another one."""
        positions = self.positions(files)
        if not positions:
            return
        old = self.rng.choice(positions).rsplit("/", 1)[-1]
        if f"'{old}'" not in files[CONFIG]:
            return
        self.names += 1
        new = f"new-{self.names}"
        files[CONFIG] = files[CONFIG].replace(f"'{old}'", f"'{new}'")
        for name in sorted(files):
            parts = name.split("/")
            renamed = "/".join(parts[:3] + [new if p == old else p for p in parts[3:-1]] + parts[-1:])
            if len(parts) > 3 and renamed != name:
                files[renamed] = files.pop(name)

    def rename_application(self, files):
        applications = Commit(0, [], files).applications()
        if applications:
            kind, old = self.rng.choice(applications)
            self.names += 1
            kind_then = self.rng.choice([kind, *self.made.kinds])
            for name in sorted(files):
                if name.startswith(f"config/{kind}/{old}/"):
                    files[f"config/{kind_then}/new-{self.names}" + name[len(f"config/{kind}/{old}") :]] = files.pop(name)

    def damage(self, files):
        names = sorted(k for k in files if k == CONFIG or k.endswith("/values.yaml"))
        if names:
            files[self.rng.choice(names)] = BROKEN

    def mend(self, files):
        for name in sorted(files):
            if files[name] == BROKEN:
                del files[name]
        if CONFIG not in files:
            files[CONFIG] = self.made.files[CONFIG]

    def restore(self, files):
        """Some files are what they were in an older commit."""
        old = self.rng.choice(self.commits).files
        for name in sorted(old):
            if name != CONFIG and self.rng.random() < 0.5:
                files[name] = old[name]

    def write(self, root):
        """The commits as a repository at ROOT, with the last one checked out."""
        stream = []
        for c in self.commits:
            time = 1700000000 + 60 * c.number - (5000 if self.rng.random() < 0.1 else 0)
            stream += ["commit refs/heads/main", f"mark :{c.number + 1}", f"committer t <t@example.com> {time} +0000"]
            stream += [f"data {len(c.name)}", c.name]
            stream += [f"{'merge' if i else 'from'} :{p.number + 1}" for i, p in enumerate(c.parents)] + ["deleteall"]
            for name, text in c.files.items():
                stream += [f"M 100644 inline {name}", f"data {len(text.encode())}", text]
        git = ["git", "-c", "init.defaultBranch=main", "-C", str(root)]
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "fast-import", "--quiet", "--force"], input="\n".join(stream).encode() + b"\n", check=True)
        subprocess.run([*git, "-c", "core.autocrlf=false", "reset", "-q", "--hard"], check=True)


def compare(history, root, counters):
    last = history.commits[-1]
    fleet = last.fleet
    for kind in history.made.kinds:
        for application in fleet.applications(kind):
            target = history.rng.choice(fleet.targets)
            values = last.values(kind, application, target)
            wanted = {}
            for keys in judge.leaves(values) if values else ():
                walk = Walk(kind, application, keys, judge.at(values, keys))
                wanted[judge.path_text(keys)] = walk.follow(last, target).name
            status, out, err = run(root, "explain", "--blame", "-o", "json", kind, application, target)
            expect(status == 0, f"explain --blame {kind} {application} {target}: exit {status}", err.decode())
            got = {v["path"]: v["since"] and v["since"]["subject"] for v in json.loads(out)["values"]}
            wrong = [f"{k}: {got.get(k)}, not {v}" for k, v in wanted.items() if got.get(k) != v]
            expect(not wrong and len(got) == len(wanted), f"explain --blame {kind} {application} {target}", *wrong)
            counters.update(targets=1, values=len(wanted), old=sum(v != last.name for v in wanted.values()))


def check_history(seed):
    history = History(seed)
    counters = collections.Counter()
    with directory() as root:
        history.write(root)
        try:
            compare(history, root, counters)
        except Failed as failure:
            keep(root, seed)
            return counters, [f"seed {seed}: {failure}"]
    return counters, []


def main():
    tap = Tap()
    title = "values are since the commits that the judge finds"
    if not shutil.which("git"):
        tap.skip(title, "git is not installed")
        tap.end()
    for name in [x for x in os.environ if x.startswith("GIT_")]:
        del os.environ[name]
    counters, failures, seconds = many(check_history, FLEETS)
    told = "{fleets} histories, {targets} targets, {values} values, {old} of them older than the last commit".format_map(counters)
    tap.result(f"{title}: {told}, {seconds:.0f} s", failures)
    expect(counters["old"] > counters["fleets"], "almost nothing was compared")
    tap.end()


if __name__ == "__main__":
    main()
