# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks that compare two programs share."""

import os
import statistics
import subprocess
import sys
import time


def run(command, directory=None, good=(0,)):
    """Seconds of wall time and of CPU, and the most MiB of memory. good: the exit statuses that are no failure."""
    start = time.monotonic()
    with subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL) as child:
        _, status, use = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in good:
        sys.exit(f"{command} ends with {child.returncode}")
    return wall, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024


def compare(name, ours, theirs, directory, good, pairs):
    """Runs two commands in turn, and prints medians: wall seconds of both and their ratio, the same of CPU, our MiB."""

    def pair():
        return run(ours, directory, good), run(theirs, directory, good)

    pair()  # the tree is in memory from now on
    both = [pair() for _ in range(pairs)]
    median = statistics.median
    ratios = [median(a[i] / b[i] for a, b in both) for i in (0, 1)]
    a, b = ([median(x) for x in zip(*side)] for side in zip(*both))
    times = "   ".join(f"{a[i]:7.3f} {b[i]:7.3f} {ratios[i]:6.2f}" for i in (0, 1))
    print(f"{name:<18} {times}   {a[2]:7.0f}", flush=True)
