# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks that compare two programs share."""

import os
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
