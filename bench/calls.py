#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The system calls of a step, compared with those of the floor program, which makes only what a step needs.

    calls.py [--check] BUILD

Traces a step and floor_step in two fleets of which the second has twice as many copies, and lists the calls that
promote makes besides: how many more for each copy that is removed, and how many more whatever the size. --check
compares them with the table of docs/performance.md, which gives the reason for each: a call that is not in the table, a
row that is no longer true, or more calls for each copy than it says is a failure. As TAP.
"""

import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, "../docs/performance.md")
NAMES = "management-cluster", "application", "patch-001"
SECTORS, REGIONS = (10, 20), 10
# two ways to ask one thing
SAME = {"open": "openat", "openat2": "openat", "rename": "renameat", "renameat2": "renameat"}
# How often the C library makes these depends on its version, and on where memory happens to be: not each run makes more
# of them than the floor, so their rows are stale only if promote makes none.
MEMORY = "brk", "mmap", "munmap"
CALL = re.compile(r"^\d+ +([a-z_0-9]+)\(")


def trace(directory, command):
    """How often each call is made. What a start-up costs depends on the environment, so that is fixed."""
    out = os.path.join(directory, "trace")
    env = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    call = ["strace", "-f", "-qq", "-o", out, *command]
    done = subprocess.run(call, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{command}:\n{done.stderr}")
    with open(out, encoding="utf-8", errors="replace") as file:
        names = [m.group(1) for m in map(CALL.match, file) if m]
    return collections.Counter(SAME.get(x, x) for x in names)


def read_tree(root):
    """All directories and files below, with their bytes."""
    found = {}
    for directory, names, files in os.walk(root):
        found.update((os.path.join(directory, x), None) for x in names)
        for name in files:
            with open(os.path.join(directory, name), "rb") as file:
                found[os.path.join(directory, name)] = file.read()
    return found


def measure(build):
    """For promote and the floor: the calls in the small and in the large fleet; the copies before; the trees after."""
    top = tempfile.mkdtemp(prefix="promote-calls-")
    counts, copies, trees = {"promote": [], "floor": []}, [], {"promote": [], "floor": []}
    try:
        for sectors in SECTORS:
            root = os.path.join(top, str(sectors))
            make = [os.path.join(build, "bench/make_fleet"), "scattered", root, str(sectors)]
            floor = [os.path.join(build, "bench/floor_step"), root, str(sectors), str(REGIONS)]
            step = [os.path.join(build, "promote"), "-C", root, "--no-generate", "--no-input", *NAMES]
            for name, command in (("promote", step), ("floor", floor)):
                made = subprocess.run(make, capture_output=True, text=True, check=True).stdout
                counts[name].append(trace(top, command))
                trees[name].append(read_tree(root))
            copies.append(int(made))
    finally:
        shutil.rmtree(top)
    return counts, copies, trees


def besides(counts, copies):
    """By call: how many more promote makes for each copy, and how many more apart from these."""
    found = {}
    for name in sorted({x for side in counts["promote"] for x in side}):
        more = [counts["promote"][i][name] - counts["floor"][i][name] for i in (0, 1)]
        each = (more[1] - more[0]) / (copies[1] - copies[0])
        rest = more[0] - each * copies[0]
        if each > 0.05 or rest > 0.5:
            found[name] = max(each, 0), max(rest, 0)
    return found


def rows(page):
    """The table of calls: by name, the most for each copy."""
    with open(page, encoding="utf-8") as file:
        lines = re.findall(r"^\| `([a-z_0-9]+)` \| ([0-9.]+|-) \| (.+) \|$", file.read(), re.M)
    return {name: (0 if each == "-" else float(each), why) for name, each, why in lines}


def check(found, made, trees):
    """TAP: a test for each call that is made besides, or that the page has; and whether the floor is one."""
    table = rows(PAGE)
    names = sorted(set(found) | set(table))
    print(f"1..{len(names) + 1}")
    failed = trees["promote"] != trees["floor"]
    print(f"{'not ok' if failed else 'ok'} 1 - the floor leaves the tree that promote leaves")
    for i, name in enumerate(names, 2):
        each = found.get(name, (0, 0))[0]
        if name not in table:
            trouble = "is in no row of docs/performance.md: give its reason there"
        elif name not in found and not (name in MEMORY and name in made):
            trouble = "is made no more often than by the floor: take its row out of docs/performance.md"
        elif each > table[name][0] + 0.05:
            trouble = f"is made {each:.2f} times more for each copy, and docs/performance.md says {table[name][0]}"
        else:
            trouble = ""
        failed += bool(trouble)
        print(f"{'not ok' if trouble else 'ok'} {i} - {name} {trouble}".rstrip())
    return 1 if failed else 0


def main():
    checked = sys.argv[1:2] == ["--check"]
    if len(sys.argv) != 2 + checked:
        sys.exit("usage: calls.py [--check] BUILD")
    build = os.path.realpath(sys.argv[-1])
    with open(os.path.join(build, "promote"), "rb") as file:
        program = file.read()
    instrumented = b"__asan_" in program or b"__llvm_profile" in program or b"__gcov" in program
    if checked and (instrumented or not shutil.which("strace")):
        print("1..0 # SKIP", "sanitizers and counters make calls of their own" if instrumented else "no strace")
        return 0
    counts, copies, trees = measure(build)
    found = besides(counts, copies)
    if checked:
        return check(found, counts["promote"][0], trees)
    print(f"{'call':<16} {'promote':>8} {'floor':>8}   more for each copy   more besides")
    for name, (each, rest) in sorted(found.items(), key=lambda x: (-x[1][0], -x[1][1], x[0])):
        print(f"{name:<16} {counts['promote'][1][name]:>8} {counts['floor'][1][name]:>8} {each:>20.2f} {rest:>14.1f}")
    return 0


sys.exit(main())
