#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every call of promote that touches a file fails once, in every way, and is a kill once. Prints TAP.

FAULT_EVERY=K takes every K-th case of each sort, from a list that FAULT_SEED has shuffled; 1 is all, and takes an hour.
Calls that fail alike are then of one sort in all scenarios, and signals, too, while each scenario has its own kills.
Without it most of the calls that change something are met, and some of the others: of those that fail at least one for
each place in the program, as far as the calls around it tell places apart. FAULT_SHARE=K then takes K times as few, and
still one for each place, and FAULT_SCENARIOS=K one scenario in K. FAULT_ONLY=WORD takes the scenarios with this word in
their name. A case that failed is named such as "('read',) at=17 do=EIO", and is repeated with

    LD_PRELOAD=BUILD/tests/fault.so FAULT_AT=17 FAULT_DO=EIO promote ...

A fault in the recovery is named with the call after which the step was killed, and the recovery's own call that failed.
"""

import collections
import concurrent.futures
import os
import random
import sys
import time
import traceback

import imports
import lab
import scenarios
import suite

# The share of the cases that is taken if neither FAULT_EVERY nor FAULT_SHARE is set: one in so many.
CHANGING, LOOKING = 1, 12  # calls that change the tree; other calls
KILLED, RECOVERING = 8, 10  # kills from which a recovery has faults; those faults
MANY, FEWER = 300, 4  # times as few if a step makes many calls; with a generator it always does

GROUNDS = []  # of all scenarios; the workers have them from their parent


def test(case):
    """(title of the test, what failed)"""
    number, title, check, arguments, fault = case
    ground = GROUNDS[number]
    try:
        check(ground, *arguments, **fault)
    except Exception as failure:
        text = str(failure) if isinstance(failure, suite.Failed) else traceback.format_exc()
        where = " ".join(f"{k}={v}" for k, v in fault.items())
        return number, title, f"{ground.scenario.name} {arguments} {where}\n{text}"
    return number, title, None


def single_cases(number, ground):
    for at, name in enumerate(ground.calls, 1):
        ways = lab.ERRORS.get(name, "").split()
        for do in ways:
            if do not in lab.KILLS:
                yield number, "a call fails", lab.fails, (name,), {"at": at, "do": do}
        for i, do in enumerate(x for x in lab.KILLS if x != "TORN" or x in ways):
            yield number, "killed at a call", lab.is_killed, (3 * at + i, name), {"at": at, "do": do}
        yield number, "interrupted at a call", lab.is_interrupted, (name,), {"at": at, "do": "TERM"}
    for lack in lab.LACKS:
        yield number, "a function is not known", lab.fails, (lack,), {"each": lack}


def share():
    """How many times as few cases are taken."""
    return lab.SLOWNESS * int(os.environ.get("FAULT_SHARE", "1"))


def one_in(k, alike):
    """One in k of them, at least one, and the same ones each time."""
    random.Random(int(os.environ.get("FAULT_SEED", "1"))).shuffle(alike)
    return alike[: -(-len(alike) // k)]


def count_recovery(job):
    number, first = job
    return number, first, lab.calls_of_recovery(GROUNDS[number], first)


def twice_cases(pool):
    jobs = collections.defaultdict(list)
    for number, ground in enumerate(GROUNDS):
        for at, name in enumerate(ground.calls, 1):
            if name in lab.CHANGES:
                jobs[number, name].append((number, at))
    k = int(os.environ.get("FAULT_EVERY") or KILLED)
    jobs = [job for alike in jobs.values() for job in one_in(k, alike)]
    for number, first, calls in pool.map(count_recovery, jobs):
        for at, name in enumerate(calls, 1):
            errors = [x for x in lab.ERRORS.get(name, "").split() if x in ("EIO", "ENOSPC", "TORN")]
            for do in ["KILL", *errors]:
                yield number, "a fault in the recovery", lab.is_killed_twice, (first, name), {"at": at, "do": do}


def thinned(cases, every):
    """Of each sort of cases one in every(case), at least one, and the same ones each time."""
    sorts = collections.defaultdict(list)
    for case in cases:
        number, title, check, (*_, call), fault = case
        if os.environ.get("FAULT_EVERY") and check is not lab.is_killed:
            number = None
        sorts[number, title, call, fault.get("do"), every(case)].append(case)
    for (*_, k), alike in sorts.items():
        yield from one_in(k, alike)


def place(case):
    """The call's place in the program, by the calls around it, and its failure; None for a case of another kind."""
    number, _, check, _, fault = case
    if check is not lab.fails or "at" not in fault:
        return None
    calls, at = GROUNDS[number].calls, fault["at"]  # from 1
    return *calls[max(at - 3, 0) : at + 1], fault["do"]


def with_all_places(some, cases):
    """Some of the cases, and those of a place that none of them has."""
    seen = {None, *map(place, some)}
    yield from some
    for case in cases:
        if place(case) not in seen:
            seen.add(place(case))
            yield case


def every(case):
    number, _, check, _, fault = case
    ground = GROUNDS[number]
    if os.environ.get("FAULT_EVERY"):
        return int(os.environ["FAULT_EVERY"])
    slow = share() * (FEWER if len(ground.calls) > MANY else 1)
    if check is lab.is_killed_twice:
        return slow * RECOVERING
    changes = "at" not in fault or ground.calls[fault["at"] - 1] in lab.CHANGES
    return slow * (CHANGING if changes else LOOKING)


def run_all(tap):
    start = time.monotonic()
    counts, failures = collections.Counter(), collections.defaultdict(list)
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        cases = [case for number, ground in enumerate(GROUNDS) for case in single_cases(number, ground)]
        some = list(thinned([*cases, *twice_cases(pool)], every))
        some = with_all_places(some, cases) if lab.SLOWNESS == 1 or imports.is_counting(lab.PROMOTE) else some
        for number, title, failure in pool.map(test, some, chunksize=8):
            counts[number, title] += 1
            failures[number, title] += [failure] if failure else []
    for (number, title), count in sorted(counts.items()):
        tap.result(f"{GROUNDS[number].scenario.name}: {title} ({count} cases)", failures[number, title])
    tap.say(f"{sum(counts.values())} faults in {time.monotonic() - start:.0f} s")


def main():
    tap = suite.Tap()
    os.umask(0o022)
    some = scenarios.all_scenarios if os.environ.get("FAULT_EVERY") else scenarios.some_scenarios
    GROUNDS.extend(map(lab.Ground, some()))
    for ground in GROUNDS:
        unknown = sorted(set(ground.calls) - set(lab.ERRORS))
        tap.result(f"{ground.scenario.name}: {len(ground.calls)} calls", [f"how can {x} fail?" for x in unknown])
    run_all(tap)
    tap.end()


if __name__ == "__main__":
    sys.exit(main())
