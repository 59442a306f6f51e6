#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A step with --commit: each call of promote fails, or is its last one. Prints TAP.

Whatever happens, git's HEAD is the commit before or one more with exactly the step, and then

- a run that has succeeded has made that commit, and the tree and the index are those of HEAD;
- one that has failed has not: the tree, the index and HEAD are as before, or are so after 'promote recover';
- after a kill, so are they after 'promote recover', whichever commit HEAD is;
- git fsck finds nothing wrong, and nothing of promote is left.

COMMIT_EVERY=K takes one case in K, 120 if it is not set, and fewer in a slow build; 1 is all, some ten thousand.
"""

import concurrent.futures
import os
import random
import shutil
import subprocess
import sys

import lab
import scenarios
import suite
import trees

EVERY = int(os.environ.get("COMMIT_EVERY") or 120 * lab.SLOWNESS)
STEPS = {
    "copy": (scenarios.placed("integration/s1"), ("mgmt", "app", "patch-001"), None),
    "consolidate and generate": (
        scenarios.placed("integration/s1", "integration/s2", "integration/s3/us"),
        ("mgmt", "app", "patch-001"), scenarios.GENERATE,
    ),
    "integrate": (scenarios.placed("integration", "stage"), ("mgmt", "app", "patch-001"), None),
    "hold": (scenarios.placed("integration"), ("hold", "--reason=wait", "mgmt", "app"), None),
}  # fmt: skip
GIT = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


def git(root, *words):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(["git", "-C", root, *words], capture_output=True, env={**inherited, **GIT}, check=False)
    suite.expect(done.returncode == 0, f"git {' '.join(words)}: {done.stderr.decode()}{done.stdout.decode()}")
    return done.stdout.decode()


def begin(root):
    git(root, "init", "-q", "-b", "main", "--template=")
    for name, value in {"user.name": "a", "user.email": "a", "core.fsync": "none", "gc.auto": "0"}.items():
        git(root, "config", name, value)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    lab.wait_a_tick()


def is_clean(root):
    """The tree and the index are those of HEAD, and nothing else is there."""
    left = git(root, "status", "--porcelain", "--untracked-files=all", "--ignored")
    left += "".join(f"{x}\n" for x in os.listdir(root) if x == lab.STAGING)
    left += "".join(f"{x}\n" for x in os.listdir(os.path.join(root, ".git")) if x.endswith(".lock"))
    suite.expect(not left, f"left: {left}")
    git(root, "fsck", "--strict", "--no-dangling")


def head(root):
    return git(root, "rev-parse", "HEAD").strip()


class Ground:
    def __init__(self, name):
        texts, words, script = STEPS[name]
        self.name, self.words = name, ("--commit", *words)
        self.tree = scenarios.rendering(texts, script) if script else trees.of_texts(texts)
        with lab.planted(self.tree) as root:
            begin(root)
            self.old, self.first = git(root, "rev-parse", "HEAD^{tree}"), head(root)
            done, lines = lab.traced(root, *self.words)
            suite.expect(done.status == 0, lab.look(done))
            is_clean(root)
            self.new = git(root, "rev-parse", "HEAD^{tree}")
            self.calls = [line.split()[0] for line in lines]

    def is_decided(self, root, first):
        """Whether HEAD is the step's commit; it is that before, or the only one on it, and has the step."""
        made = head(root) != first
        suite.expect(not made or git(root, "rev-parse", "HEAD^").strip() == first, "not one commit on that before")
        tree = git(root, "rev-parse", "HEAD^{tree}")
        suite.expect(tree == (self.new if made else self.old), "HEAD has another tree")
        return made


def check(case):
    ground, at, do = case
    try:
        with lab.planted(ground.tree) as root:
            begin(root)
            judge(ground, root, at, do)
    except suite.Failed as failure:
        return f"{ground.name} {ground.calls[at - 1]} at={at} do={do}\n{failure}"
    return None


def judge(ground, root, at, do):
    first = head(root)
    done = lab.run(root, *ground.words, at=at, do=do)
    made = ground.is_decided(root, first)
    if done.status == 0:
        suite.expect(made, "it succeeds, and there is no commit", lab.look(done))
        if "git's index still has" in done.stderr:
            git(root, "reset", "-q")
    elif done.status > 0 and not lab.LEFT.search(done.stderr) and "promote recover" not in done.stderr:
        suite.expect(not made or "not reported" in done.stderr, "it fails, and there is a commit", lab.look(done))
    if done.status or lab.LEFT.search(done.stderr):
        again = lab.run(root, "recover")
        suite.expect(again.status == 0, "promote recover:", lab.look(again), lab.look(done))
        suite.expect(ground.is_decided(root, first) == made, "the recovery has moved HEAD")
    try:
        is_clean(root)
    except suite.Failed as failure:
        raise suite.Failed(f"{failure}\n{lab.look(done)}") from failure


def cases(ground):
    for at, name in enumerate(ground.calls, 1):
        for do in lab.ERRORS.get(name, "").split():
            if do not in lab.KILLS:
                yield ground, at, do
        yield ground, at, "KILL"
        yield ground, at, "AFTER"
        yield ground, at, "TERM"


def main():
    tap = suite.Tap()
    if not shutil.which("git"):
        tap.skip("all", "needs git")
        tap.end()
        return
    os.umask(0o022)
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        for name in STEPS:
            ground = Ground(name)
            some = list(cases(ground))
            random.Random(1).shuffle(some)
            some = some[: -(-len(some) // EVERY)]
            failures = [x for x in pool.map(check, some) if x]
            tap.result(f"{name}: {len(some)} faults in {len(ground.calls)} calls", failures)
    tap.end()


if __name__ == "__main__":
    sys.exit(main())
