#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A step is killed, the world goes on, and then comes the recovery: random rounds. Prints TAP.

Each round takes a step in a small fleet that is under git, kills it at a call that changes something, and then does what
people do: checks out another branch, commits an override or an edit as a pull does, edits a patch, stashes, cleans,
removes .promote, moves or copies the tree. A twin of the fleet, in which no step was taken, gets the same. Then

- a recovery that refuses has changed no byte;
- what was undone, dropped or cleaned has the values that the twin has, at every target, or those that were found;
- what was finished has the values of the finished step, and nothing that it was worked out from had changed;
- if another branch was in the way, going back to the first one and recovering again gives the values of before or after.

The values are computed by tests/lib/judge.py. WORLD_ROUNDS is how many rounds, WORLD_SEED the seed of the first; a round
that failed is repeated with WORLD_SEED=ITS_SEED WORLD_ROUNDS=1.
"""

import collections
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import sys
import time
import traceback

import yaml

import lab  # finds the other modules

import suite
import trees

ROUNDS = 40
APP = "config/mgmt/app"
REGIONS = ["lab/a", "lab/b", "live/eu", "live/us"]
CONFIG = "dimensions: [environments, regions]\nsequence: {environments: [{name: lab, regions: [a, b]}, {name: live, regions: [eu, us]}]}\n"
GENERATE = "mkdir -p rendered; cat $(find config -name '*.yaml' | sort) >rendered/all; date +%N >>rendered/all; sleep 0.01"
GIT = {
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a",
}  # fmt: skip
# Where the patch is before the step: each has another kind of step.
STARTS = [
    ["lab/a"], ["lab/a", "lab/b"], ["lab"], ["lab", "live/eu"], ["lab", "live/eu", "live/us"], ["lab/a", "lab/b", "lab"],
    ["lab", "live"], ["lab/a", "lab/b", "live/eu"], ["lab/a", "lab/b", "live/eu", "live/us"],
]  # fmt: skip


def git(root, *words):
    """Whether it has succeeded."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(["git", "-C", root, *words], capture_output=True, env={**inherited, **GIT}, check=False)
    return done.returncode == 0


def put(root, path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)


def values(root):
    tree = trees.snapshot(os.path.join(root, "config"), "config/")
    try:
        return lab.values(tree)
    except yaml.YAMLError:
        return trees.files(tree)  # git has left the marks of a conflict


def commit(root, message):
    return git(root, "add", "-A") and git(root, "commit", "-qm", message)


def make_fleet(root, rng, generator):
    os.mkdir(root)
    start = rng.choice(STARTS)
    put(root, "config/config.yaml", CONFIG)
    put(root, f"{APP}/values.yaml", 'rev: "1" # first\nlog: info\n')
    if generator:
        put(root, "rendered/all", "before\n")
        put(root, ".gitignore", rng.choice(["", "rendered/\n"]))
    for position in start:
        put(root, f"{APP}/{position}/patch-001.yaml", 'rev: "2"\n')
    if rng.random() < 0.3:
        put(root, f"{APP}/{rng.choice(REGIONS)}/override.yaml", "size: 3\n")
    if rng.random() < 0.3:
        put(root, f"{APP}/{rng.choice(REGIONS)}/patch-002.yaml", "log: debug\n")
    suite.expect(git(root, "init", "-q", "-b", "main", "--template=") and commit(root, "start"), "git cannot start")
    suite.expect(git(root, "checkout", "-qb", "other"), "git makes no branch")
    for position in rng.sample(start, rng.randint(0, len(start))):
        os.unlink(os.path.join(root, APP, position, "patch-001.yaml"))
    if rng.random() < 0.4:
        put(root, f"{APP}/{rng.choice(REGIONS)}/override.yaml", 'rev: "0"\n')
    if rng.random() < 0.3:
        put(root, f"{APP}/values.yaml", 'rev: "1" # first\nlog: warn\n')
    put(root, "README", "other\n")
    suite.expect(commit(root, "other") and git(root, "checkout", "-q", "main"), "git makes no second branch")


# What the world does. Each gives what it does to a tree, which is False if that was not possible.


def nothing(_):
    return lambda root: True


def checks_out(rng):
    words = rng.choice([["checkout", "-q"], ["checkout", "-qf"], ["checkout", "-qm"]])
    return lambda root: git(root, *words, "other")


def adds_an_override(rng):
    path = f"{APP}/{rng.choice(['lab', 'live', *REGIONS])}/override.yaml"
    text = rng.choice(['rev: "0"\n', "size: 4\n"])

    def act(root):
        put(root, path, text)
        return git(root, "add", path) and git(root, "commit", "-qm", "pull", "--", path)

    return act


def edits_values(rng):
    text = rng.choice(['rev: "1" # first\nlog: error\n', 'rev: "7"\nlog: info\n'])
    return lambda root: put(root, f"{APP}/values.yaml", text)


def edits_a_copy(rng):
    path = f"{APP}/{rng.choice(['lab', 'live', *REGIONS])}/patch-001.yaml"

    def act(root):
        there = os.path.exists(os.path.join(root, path))
        if there:
            put(root, path, 'rev: "9"\n')
        return there

    return act


def adds_a_patch(rng):
    path = f"{APP}/{rng.choice(REGIONS)}/patch-000.yaml"
    return lambda root: put(root, path, 'rev: "5"\n')


def stashes(rng):
    words = rng.choice([["stash", "-q"], ["stash", "-qu"]])
    return lambda root: git(root, *words)


def cleans(rng):
    words = rng.choice([["clean", "-fdq"], ["clean", "-fdqx"], ["checkout", "-qf", "."], ["reset", "-q", "--hard"]])
    return lambda root: git(root, *words)


def loses_it(_):
    return lambda root: shutil.rmtree(os.path.join(root, ".promote"), ignore_errors=True)


def is_moved(_):
    def act(root):
        os.rename(root, root + ".moved")
        os.rename(root + ".moved", root)

    return act


def is_copied(_):
    def act(root):
        subprocess.run(["cp", "-a", root, root + ".copy"], check=True)
        shutil.rmtree(root)
        os.rename(root + ".copy", root)

    return act


ACTIONS = [
    nothing, checks_out, checks_out, adds_an_override, adds_an_override, edits_values, edits_a_copy, adds_a_patch, stashes,
    cleans, loses_it, is_moved, is_copied,
]  # fmt: skip


def outcome_of(done):
    document = json.loads(done.stdout)
    return document["outcome"] if document["kind"] == "Recovery" else None


def expect_values(root, allowed, *texts):
    now = values(root)
    suite.expect(any(now == x for x in allowed), "values that none of the trees has:", now, "allowed:", *allowed, *texts)


def check_back(root, ends, told):
    """Another branch was in the way: on the first one the step can be recovered, or is left as it is."""
    if not git(root, "checkout", "-q", "main"):
        return
    before = trees.snapshot(root)
    again = lab.run(root, "recover", "-o", "json")
    if again.status:
        suite.expect(again.tree == before, "a refusal has changed something on the first branch", told, lab.look(again))
    elif outcome_of(again) != "none":
        expect_values(root, ends, told, lab.look(again))


def play(seed):
    """What became of the round: a word."""
    rng = random.Random(seed)
    generator = rng.random() < 0.4
    options = [f"--generate-command={GENERATE}"] if generator else []
    step = (*options, "--no-check-rendered", "mgmt", "app", "patch-001") if generator else ("--no-generate", "mgmt", "app", "patch-001")
    with suite.directory() as directory:
        root, twin, model = (os.path.join(directory, name) for name in ("fleet", "twins", "model"))
        make_fleet(root, rng, generator)
        for copy in (twin, model):
            subprocess.run(["cp", "-a", root, copy], check=True)
        clean, lines = lab.traced(model, *step)
        suite.expect(clean.status == 0, "the step alone:", lab.look(clean))
        ends = [values(root), values(model)]
        calls = [at for at, line in enumerate(lines, 1) if line.split()[0] in lab.CHANGES]
        decided = next(at for at, line in enumerate(lines, 1) if line.startswith("renameat ") and "/journal" in line)
        if rng.random() < 0.9:
            calls = [at for at in calls if at >= decided]
        killed = lab.run(root, *step, at=rng.choice(calls), do=rng.choice(["KILL", "AFTER"]))
        if killed.status != lab.KILLED:
            return "not killed"
        deeds = [rng.choice(ACTIONS)(rng) for _ in range(rng.choice([1, 1, 1, 2]))]
        names = [act.__qualname__.split(".")[0] for act in deeds]
        first = trees.snapshot(os.path.join(twin, "config"))
        for act in deeds:
            if act(root) is not False:  # as git does where it would overwrite a file
                act(twin)
        changed = trees.snapshot(os.path.join(twin, "config")) != first
        found, before = values(root), trees.snapshot(root)
        done = lab.run(root, "recover", "-o", "json")
        told = f"{names}, killed: {lab.look(killed)}\n{lab.look(done)}"
        suite.expect(done.status in (0, 4), "an end of another kind:", told)
        if done.status:
            suite.expect(done.tree == before, "a refusal has changed something:", trees.difference(before, done.tree), told)
            if names == ["checks_out"]:
                check_back(root, ends, told)
            return "refused"
        outcome = outcome_of(done)
        suite.expect(not any(x.startswith(".promote") for x in done.tree), "something is left:", told)
        if outcome == "none":
            suite.expect(done.tree == before, "nothing to recover, but", trees.difference(before, done.tree), told)
        elif outcome == "finished":
            suite.expect(not changed, "finished, although its origin has changed:", told)
            expect_values(root, [ends[1]], told)
        else:
            expect_values(root, [values(twin)] if outcome == "undone" else [values(twin), found], told)
        return outcome


def guarded(seed):
    try:
        return seed, play(seed), None
    except Exception as failure:
        return seed, "failed", str(failure) if isinstance(failure, suite.Failed) else traceback.format_exc()


def main():
    tap, start = suite.Tap(), time.monotonic()
    first, rounds = int(os.environ.get("WORLD_SEED", "1")), int(os.environ.get("WORLD_ROUNDS", ROUNDS))
    os.umask(0o022)
    if not shutil.which("git"):
        tap.skip("what the world does between a kill and the recovery", "there is no git")
        tap.end()
        return
    counts, failures = collections.Counter(), []
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        for seed, word, failure in pool.map(guarded, range(first, first + rounds), chunksize=4):
            counts[word] += 1
            failures += [f"WORLD_SEED={seed}: {failure}"] if failure else []
    tap.result("what the world does between a kill and the recovery", failures)
    tap.say(f"{rounds} rounds in {time.monotonic() - start:.0f} s: " + ", ".join(f"{n} {x}" for x, n in sorted(counts.items())))
    tap.end()


if __name__ == "__main__":
    sys.exit(main())
