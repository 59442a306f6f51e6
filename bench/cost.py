#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether promote has become dearer: the instructions of some commands in fixed fleets.

    cost.py [--renew] BUILD

BUILD is a release build of gcc. Each command runs under callgrind, which counts the instructions of the program, of
libyaml, of jansson and of the C library; not those of the dynamic linker. The counts are the same to the digit in each
run, whatever the paths, the environment, the user, the kernel and the file system: steady.c takes from the system calls
what differs, the fleet and the program are copied to directories with paths of one length, and the C library does not
choose by the processor. Another version of a compiler or a library may shift them a little.

A count that is more than 10 % above that of the file `counts` fails; one that is as far below is told. --renew writes
the file. Renew it in the commit that made a command dearer or cheaper, and say there why.
"""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
COUNTS = os.path.join(HERE, "counts")
MOST = 1.10
NAMES = "management-cluster", "application", "patch-001"
COMMANDS = (
    # name, fleet, sectors of ten regions, arguments
    ("step", "scattered", 20, ("--no-generate", "--no-input", *NAMES)),
    ("check", "flight", 20, ("check",)),
    ("plan", "flight", 20, ("plan", "-o", "json", *NAMES)),
)
# The C library takes its plainest functions, whatever the processor has.
FEATURES = """AVX AVX2 AVX512F AVX512VL AVX512BW AVX_Fast_Unaligned_Load BMI1 BMI2 ERMS FSRM LZCNT MOVBE POPCNT RTM
SSE4_1 SSE4_2 SSSE3 Fast_Copy_Backward Fast_Unaligned_Copy Fast_Unaligned_Load"""
PLAIN = ",".join(f"-{x}" for x in FEATURES.split())


def count(top, arguments):
    """Instructions of a run of promote in top/fleet, except those of the dynamic linker."""
    out = os.path.join(top, "out")
    env = {
        "LC_ALL": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "LD_BIND_NOW": "1",
        "GLIBC_TUNABLES": f"glibc.cpu.hwcaps={PLAIN}",
        "LD_PRELOAD": os.path.join(top, "steady.so"),
    }
    call = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--compress-strings=no", "--compress-pos=no"]
    call += ["--trace-children=no", os.path.join(top, "promote"), *arguments]
    done = subprocess.run(call, cwd=os.path.join(top, "fleet"), env=env, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 4, 5):  # check has found something, the plan waits for a gate
        sys.exit(f"{' '.join(arguments)} ends with {done.returncode}:\n{done.stderr}")
    return add(out)


def add(path):
    """The self cost by object. Lines after calls= are what the callee took, and counted there."""
    total, skip, ours = 0, False, True
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("ob="):
                ours = not os.path.basename(line[3:].strip()).startswith(("ld-linux", "steady.so"))
            elif line.startswith("calls="):
                skip = True
            elif line[0].isdigit() or line[0] in "+-*":
                total += 0 if skip or not ours else int(line.split()[-1])
                skip = False
    return total


def measure(build):
    """The count of each command."""
    tools = ["bench/make_fleet", "bench/steady.so", "promote"]
    subprocess.run(["ninja", "-C", build, *tools], stdout=subprocess.DEVNULL, check=True)
    counts = {}
    for name, fleet, sectors, arguments in COMMANDS:
        top = tempfile.mkdtemp(prefix="promote-cost-", dir="/tmp")
        try:
            for tool in tools[1:]:
                shutil.copy(os.path.join(build, tool), top)
            make = [os.path.join(build, tools[0]), fleet, os.path.join(top, "fleet"), str(sectors)]
            subprocess.run(make, stdout=subprocess.DEVNULL, check=True)
            counts[name] = count(top, arguments)
        finally:
            shutil.rmtree(top)
    return counts


def main():
    renew = sys.argv[1:2] == ["--renew"]
    if len(sys.argv) != 2 + renew:
        sys.exit("usage: cost.py [--renew] BUILD")
    os.umask(0o022)
    now = measure(os.path.realpath(sys.argv[-1]))
    if renew:
        with open(COUNTS, "w", encoding="utf-8") as file:
            file.writelines(f"{name:<8} {n:>12}\n" for name, n in now.items())
    with open(COUNTS, encoding="utf-8") as file:
        were = {name: int(n) for name, n in (line.split() for line in file)}
    if were.keys() != now.keys():
        sys.exit(f"{COUNTS} has {', '.join(were)}, but there are {', '.join(now)}: renew it")
    failed = [x for x in now if now[x] > were[x] * MOST]
    for name, n in now.items():
        change = 100 * n / were[name] - 100
        verdict = "not ok" if name in failed else "ok"
        print(f"{verdict} {name}: {n:,} instructions, {were[name]:,} in counts ({change:+.2f} %)")
        if n * MOST < were[name]:
            print(f"# {name} has become cheaper: renew the counts")
    if failed:
        print("Find what made them dearer. If it is worth it, renew the counts and say why in the commit:")
        print("bench/cost.py --renew build-ci-gcc")
    return 1 if failed else 0


sys.exit(main())
