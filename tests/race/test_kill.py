#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs that are killed at any moment: later runs recover the fleet and continue. Prints TAP.

    RACE_ROUNDS=1000 RACE_SEED=7 tests/race/test_kill.py

A run is killed together with its generator, as a system does that ends a container. A generator that lives on would go
on writing: that no later run can help.
"""

import collections
import os
import signal
import threading
import time

from race import GENERATES, LONG, REGIONS, TYPE, Rollout, Tap, difference, finish, fleet, go, on_disk, read_tree
from race import rounds, run, seeded, start, start_held, write_tree

ROUNDS = 24  # those of `make check`: steps that are killed; each sixth as many rollouts
STEP = [*LONG, *REGIONS, TYPE, "app", "patch-001"]
NOT_FOUND = "ERROR: patch-001.yaml not found for app in any dimension\n"
AT_ONCE = 5


def kill(process):
    """Kills it, unless it has ended already; returns how it ended."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    return finish(process)


def kill_step(rollout, rng):
    """One step is killed, and then what it left is recovered."""
    k = rng.randrange(len(rollout.told))
    write_tree(rollout.root, rollout.trees[k])
    process = start_held(rollout.root, *STEP)
    go(process, rng.random() * 1.2 * rollout.seconds)
    ended = kill(process)
    left = read_tree(rollout.root)
    status, out, err = run(rollout.root, "recover")
    tree = read_tree(rollout.root)
    failures = []
    if tree not in (rollout.trees[k], rollout.trees[k + 1]):
        failures += ["neither before nor after; from before:", *difference(tree, rollout.trees[k])]
    if ended[0] == 0 and tree != rollout.trees[k + 1]:
        failures.append("the step was done, and it is not any more")
    if status or err or out.count("\n") != 1:
        failures.append(f"recover: exit {status}, {out}{err}")
    what = "killed in the step" if any(path.startswith(".promote") for path in left) else "killed beside it"
    what = what if ended[0] < 0 else "not killed"
    return what, [f"step {k + 1}: " + "\n".join(failures + [f"left: {sorted(left)}"])] if failures else []


def some_killed(rollout, rng):
    """Runs at once, some of which are killed. Returns how they ended."""
    processes = [start(rollout.root, *STEP) for _ in range(AT_ONCE)]
    victims = rng.sample(processes, rng.choice([1, 1, 2, 3]))
    ended, threads = [], []

    def attend(process, after):
        if process in victims:
            time.sleep(after)
            ended.append(kill(process))
        else:
            ended.append(finish(process))

    for process in processes:
        after = rng.random() * rollout.seconds * rng.choice([1, AT_ONCE])
        threads.append(threading.Thread(target=attend, args=(process, after)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return ended


def kill_some(rollout, rng):
    """A rollout of runs at once, some of which are killed, until one finds nothing to do."""
    write_tree(rollout.root, rollout.trees[0])
    told, failures, killed = collections.Counter(), [], 0
    for _ in range(20 * len(rollout.trees)):
        ended = some_killed(rollout, rng)
        for status, out, err in ended:
            if status < 0:
                killed += 1
                continue
            if status == 0:
                told[out] += 1
            said = "".join(line for line in err.splitlines(True) if not line.startswith("WARNING: "))
            if (status, said) not in [(0, ""), rollout.end]:
                failures.append(f"exit {status}, {err}")
        if any(status == rollout.end[0] for status, _, err in ended):
            break
    failures += difference(read_tree(rollout.root), rollout.trees[-1])
    again = told - collections.Counter(rollout.told)
    failures += [f"told {n + 1} times: {out}" for out, n in again.items()]
    return killed, failures


def check(tap, rng, title, makefile, count):
    with on_disk() as scratch:
        rollout = Rollout(os.path.join(scratch, "fleet"), fleet({"app": ["patch-001"]}, makefile), STEP)
        good = len(rollout.told) == 12 and rollout.end == (3, NOT_FOUND)
        tap.result(f"a rollout{title}", [] if good else [f"{len(rollout.told)} steps, then {rollout.end}"])
        counters, failures = collections.Counter(), []
        for i in range(count):
            what, failed = kill_step(rollout, rng)
            counters[what] += 1
            failures += [f"round {i}, {one}" for one in failed]
        tap.result(f"steps that are killed are done or not{title}: {count}", failures)
        for name, n in sorted(counters.items()):
            tap.say(f"{n:6} {name}")
        failures, killed, count = [], 0, -(-count // 6)
        for i in range(count):
            n, failed = kill_some(rollout, rng)
            killed += n
            failures += [f"rollout {i}: {one}" for one in failed]
        tap.result(f"those that wait go on{title}: {count} rollouts", failures)
        tap.say(f"{killed:6} runs killed")


def main():
    tap = Tap()
    rng = seeded(tap)
    check(tap, rng, "", "", rounds(ROUNDS))
    check(tap, rng, ", with a generator", GENERATES, rounds(ROUNDS) // 4)
    tap.end()


if __name__ == "__main__":
    main()
