#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The power fails in the middle of a step: what was not synced may be lost. Prints TAP.

A step is traced once (see trace.c) and done again in memory up to some call. Then the power fails:

- A file keeps the bytes that it had when it was last synced, and the first of the changes since then, any number.
- A directory keeps the names that it had when it was last synced, and the first of the changes since then, any number;
  each directory separately. So a name may be there without the file's bytes, and a later change without an earlier one.
- A rename is done or not, also between two directories; a directory is removed only after what was in it. File systems
  with a journal see to that, and those without it have other troubles.
- A new directory's own name is a change of the directory that it is in: syncing it does not sync that.

From what is left, `promote recover` must make the tree of before or of after; that of after, once the step had ended.
The same is true if the power fails while a step is recovered that was killed: none of what the killed run had not
synced is safe then either. What a generator writes is not traced: what it rendered is taken away or damaged.

FAULT_CUTS is how many losses are drawn after each call that changes something, besides nothing and everything, and
twice as
many as kills of each step are recovered.
FAULT_SEED and FAULT_ONLY are as in run.py; FAULT_SCENARIOS=K takes one scenario in K.
"""

import collections
import os
import random
import sys
import time

import lab  # finds the other modules

import identity
import scenarios
import suite
import trees

CUTS = 4
EXCHANGE = 2  # a flag of renameat2

# directories: those that this happens in. names: [(directory, name, inode or None)].
Change = collections.namedtuple("Change", "directories names")


class Node:
    """A file or directory. What was done to a file is in `deeds`; the first `synced` of them are safe."""

    def __init__(self, kind, mode, content=b""):
        self.kind, self.deeds, self.synced = kind, [("mode", mode), ("write", 0, content)], 2

    def after(self, count):
        """(kind, mode, content) when so many deeds are done."""
        mode, content = self.deeds[0][1], b""
        for deed in self.deeds[:count]:
            if deed[0] == "mode":
                mode = deed[1]
            elif deed[0] == "write":
                _, at, data = deed
                content = content[:at].ljust(at, b"\0") + data + content[at + len(data) :]
            else:
                content = content[: deed[1]].ljust(deed[1], b"\0")
        return self.kind, mode, content


class Left(dict):
    """A tree, and the inodes that it had."""

    def but(self, tree):
        """Another tree with these inodes."""
        made = Left(tree)
        made.inodes = self.inodes
        return made


class Disk:
    def __init__(self, root):
        """As it is below root, all of it safe."""
        self.root = os.stat(root).st_ino
        self.nodes, self.names = {self.root: Node("directory", 0o755)}, {}  # names: {(directory, name): inode}
        self.changes, self.safe = [], set()  # of names, and the indices of those that are safe
        inodes = {"": self.root}
        for path, (kind, mode, content) in trees.snapshot(root).items():
            inodes[path] = os.lstat(os.path.join(root, path)).st_ino
            directory, _, name = path.rpartition("/")
            self.names[inodes[directory], name] = inodes[path]
            self.nodes[inodes[path]] = Node(kind, mode, content)
        self.first = dict(self.names)

    # What a line of the trace does

    def do(self, line):
        name, *words = line.split()
        action = getattr(self, "do_" + name.removesuffix("64"), None)
        if action and words or name == "syncfs":
            action(*words)

    def rename(self, directories, names):
        self.changes.append(Change({int(x) for x in directories}, names))
        for directory, name, inode in names:
            self.names[directory, name] = inode

    def add(self, place, inode):
        directory, name = place.split("/", 1)
        self.rename([directory], [(int(directory), name, inode)])

    def make(self, kind, place, inode, mode, content=b""):
        if int(inode) not in self.names.values():
            self.nodes[int(inode)] = Node(kind, int(mode, 8), content)
            if place != "-":
                self.add(place, int(inode))

    def do_create(self, place, inode, mode):
        self.make("file", place, inode, mode)

    def do_mkdirat(self, place, inode, mode):
        self.make("directory", place, inode, mode)

    def do_symlinkat(self, place, inode, mode, target):
        self.make("link", place, inode, mode, target.encode())

    def do_linkat(self, inode, _, place):
        self.add(place, int(inode))

    def do_unlinkat(self, place):
        directory, name = place.split("/", 1)
        inode = self.names[int(directory), name]
        both = [directory, inode] if self.nodes[inode].kind == "directory" else [directory]
        self.rename(both, [(int(directory), name, None)])

    def do_renameat(self, old, new, flags="0"):
        (at, name), (to, other) = [(int(x), y) for x, y in (place.split("/", 1) for place in (old, new))]
        back = self.names[to, other] if int(flags) & EXCHANGE else None
        self.rename([at, to], [(at, name, back), (to, other, self.names[at, name])])

    do_renameat2 = do_renameat

    def do_write(self, inode, _, at, data=""):
        self.nodes[int(inode)].deeds.append(("write", int(at), bytes.fromhex(data)))

    do_pwrite = do_write

    def do_ftruncate(self, inode, _, size):
        self.nodes[int(inode)].deeds.append(("size", int(size)))

    def do_fchmod(self, inode, mode):
        self.nodes[int(inode)].deeds.append(("mode", int(mode, 8)))

    do_fchmodat = do_fchmod

    def do_fsync(self, inode, _):
        self.nodes[int(inode)].synced = len(self.nodes[int(inode)].deeds)
        self.secure(i for i, change in enumerate(self.changes) if int(inode) in change.directories)

    do_fdatasync = do_fsync

    def do_syncfs(self):
        for node in self.nodes.values():
            node.synced = len(node.deeds)
        self.safe.update(range(len(self.changes)))

    def secure(self, indices):
        """These changes are safe, and so are the earlier ones of their directories."""
        for i in indices:
            if i not in self.safe:
                self.safe.add(i)
                directories = self.changes[i].directories
                self.secure([k for k in range(i) if self.changes[k].directories & directories])

    # What is left

    def kept_changes(self, keeps):
        """Those that are not lost; keeps(n): how many of n unsafe changes a directory keeps."""
        kept, lost = set(self.safe), set()
        unsafe = [i for i in range(len(self.changes)) if i not in self.safe]
        for directory in sorted({x for i in unsafe for x in self.changes[i].directories}):
            mine = [i for i in unsafe if directory in self.changes[i].directories]
            lost.update(mine[keeps(len(mine)) :])
        for i in unsafe:  # what comes after a lost change of the same directory is lost, too
            if i in lost or any(k in lost and self.changes[k].directories & self.changes[i].directories for k in range(i)):
                lost.add(i)
            else:
                kept.add(i)
        return [self.changes[i] for i in sorted(kept)]

    def left(self, keeps):
        """The tree when the power has failed, which knows its inodes."""
        names = dict(self.first)
        for change in self.kept_changes(keeps):
            for directory, name, inode in change.names:
                names[directory, name] = inode
        nodes = {i: x.after(x.synced + keeps(len(x.deeds) - x.synced)) for i, x in self.nodes.items()}
        made = Left()
        made.inodes = {"": self.root}

        def walk(directory, prefix):
            for (at, name), inode in sorted(names.items(), key=str):
                if at == directory and inode:
                    made.inodes[prefix + name] = inode
                    made[prefix + name] = nodes[inode]
                    if nodes[inode][0] == "directory":
                        walk(inode, prefix + name + "/")

        walk(self.root, "")
        return made


def everything(n):
    return n


def nothing(_):
    return 0


def losses(disk, rng, cuts):
    """The different trees that may be left."""
    made = []
    for keeps in [nothing, everything] + [lambda n: rng.randint(0, n)] * cuts:
        tree = disk.left(keeps)
        if tree not in made:
            made.append(tree)
    return made


def check_recovery(ground, left, ends):
    with lab.planted(left) as root:
        identity.relocate(root, left.inodes)
        ground.expect_values(left)
        ground.expect_recovered(root)
        suite.expect(trees.snapshot(root) in ends, "what had ended is changed once more")


def check_cuts(ground, lines, end, disk, rng, cuts):
    """(cases, failures) when the power fails after each of these calls. end: (the last call, the tree then)"""
    count, failures, known = 0, [], []
    for at, line in enumerate(lines, 1):
        disk.do(line)
        ended = at == end[0]
        if not ended and line.split()[0] not in lab.CHANGES:
            continue
        for left in losses(disk, rng, cuts):
            if left in known and not ended:
                continue
            known.append(left)
            count += 1
            try:
                check_recovery(ground, left, [end[1]] if ended else ground.ends)
            except suite.Failed as failure:
                failures.append(f"behind call {at} {line[:60]}: {trees.difference(ground.old, left)}\n{failure}")
    return count, failures


def check_recoveries(ground, before, rng, cuts):
    """The same in recoveries, each after one of the calls that a step makes before its generator runs."""
    count, failures = 0, []
    kills = [at for at, line in enumerate(before, 1) if line.split()[0] in lab.CHANGES]
    for first in sorted(rng.sample(kills, min(-(-cuts // 2), len(kills)))):
        with lab.planted(ground.old) as root:
            disk = Disk(root)
            for line in lab.traced(root, *ground.scenario.run, at=first, do="AFTER")[1]:
                disk.do(line)
            done, lines = lab.traced(root, "recover")
        made, failed = check_cuts(ground, lines, (len(lines), done.tree), disk, rng, cuts)
        count += made
        failures += [f"killed after call {first}, recovered: {x}" for x in failed]
    return count, failures


def damaged(tree, rng):
    """What a generator may leave: files of rendered/ that are gone, torn or new."""
    made = {}
    for path, (kind, mode, content) in tree.items():
        if not path.startswith("rendered/") or kind != "file":
            made[path] = (kind, mode, content)
        elif rng.random() < 0.7:
            made[path] = (kind, mode, content[: rng.randint(0, len(content))])
    return {**made, "rendered/new.yaml": ("file", 0o600, b"\0")}


def check_generating(ground, disk, rng, cuts):
    """The same while the generator runs, on the disk as the step has made it by then."""
    count, failures = 0, []
    for left in losses(disk, rng, cuts):
        for tree in [{x: y for x, y in left.items() if not x.startswith("rendered/")}, damaged(left, rng)]:
            tree = left.but(tree)
            count += 1
            try:
                check_recovery(ground, tree, [ground.old])
            except suite.Failed as failure:
                failures.append(f"{trees.difference(ground.old, tree)}\n{failure}")
    return count, failures


def until_generator(lines):
    """What the generator does is not traced: the calls before it runs."""
    forks = [i for i, line in enumerate(lines) if line == "fork"]
    return lines[: forks[-1]] if forks else lines


def main():
    tap, start, total = suite.Tap(), time.monotonic(), 0
    rng = random.Random(int(os.environ.get("FAULT_SEED", "1")))
    cuts = int(os.environ.get("FAULT_CUTS", CUTS // lab.SLOWNESS))
    os.umask(0o022)
    for ground in map(lab.Ground, scenarios.some_scenarios()):
        with lab.planted(ground.old) as root:
            disk, twin = Disk(root), Disk(root)
            done, lines = lab.traced(root, *ground.scenario.run)
        if not ground.scenario.generator:
            for line in lines:
                twin.do(line)
            wrong = trees.difference(done.tree, twin.left(everything))
            same = done.tree == twin.left(everything)
            tap.result(f"{ground.scenario.name}: the trace is complete", [] if same else [wrong])
        before = until_generator(lines)
        clean_end = (len(ground.calls), ground.clean.tree)
        results = {"the power fails": check_cuts(ground, before, clean_end, disk, rng, cuts)}
        if ground.scenario.generator:
            results["the power fails while the generator runs"] = check_generating(ground, disk, rng, cuts)
        results["the power fails in a recovery"] = check_recoveries(ground, before, rng, cuts)
        for title, (count, failures) in results.items():
            total += count
            tap.result(f"{ground.scenario.name}: {title} ({count} cases)", failures)
    tap.say(f"{total} power cuts in {time.monotonic() - start:.0f} s")
    tap.end()


if __name__ == "__main__":
    sys.exit(main())
