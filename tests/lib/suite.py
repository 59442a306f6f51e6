# SPDX-License-Identifier: Apache-2.0
"""What the Python tests share: running promote, many fleets at once, and TAP.

PROMOTE is the program. PROMOTE_SEED is the first fleet's seed and PROMOTE_FLEETS how many there are, so that a fleet
that failed is repeated with PROMOTE_SEED=ITS_SEED PROMOTE_FLEETS=1. PROMOTE_KEEP is a directory to leave fleets in that
failed, as they were before the run in question.
"""

import collections
import concurrent.futures
import functools
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import documents

TIMEOUT = 120  # seconds for one run
SHOWN = 12  # failures that are shown in full
PROMOTE = os.path.abspath(os.environ.get("PROMOTE") or Path(__file__).resolve().parents[2] / "build" / "promote")


class Failed(Exception):
    """promote and the judge differ."""


@functools.cache
def is_instrumented(program):
    """Whether the program is built or run with tools that make it slow and large, and add functions of their own."""
    if "PROMOTE_VALGRIND" in os.environ:
        return True
    data = Path(program).read_bytes()
    return any(mark in data for mark in (b"__asan_init", b"__ubsan_handle", b"__tsan_init", b"__msan_init"))


def environment():
    drop = {"NO_COLOR", "CLICOLOR_FORCE", "MAKEFLAGS"}
    return {**{k: v for k, v in os.environ.items() if k not in drop}, "LC_ALL": "C.UTF-8", "TERM": "dumb"}


def run(root, *arguments):
    """(exit status, stdout, stderr) of promote, as bytes."""
    done = subprocess.run(
        [PROMOTE, "-C", str(root), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
        env=environment(),
        close_fds=False,
        check=False,
    )
    wrong = documents.check(arguments, done.returncode, done.stdout)
    expect(not wrong, f"promote {' '.join(arguments)}", *wrong)
    return done.returncode, done.stdout, done.stderr


def expect(condition, *texts):
    if not condition:
        raise Failed("\n".join(map(str, texts)))


def directory():
    """A temporary directory, in memory if possible: thousands of fleets are written."""
    memory = "/dev/shm"
    good = os.access(memory, os.W_OK) and "TMPDIR" not in os.environ
    return tempfile.TemporaryDirectory(prefix="promote-judge-", dir=memory if good else None)


def keep(root, seed):
    """Keeps the fleet as it is now for inspection, if PROMOTE_KEEP is set."""
    if os.environ.get("PROMOTE_KEEP"):
        to = Path(os.environ["PROMOTE_KEEP"], str(seed))
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(root, to, symlinks=True)


def caught(check, seed):
    try:
        return check(seed)
    except Exception:  # a mistake of the test, or output that cannot be read: the other fleets continue
        return {}, [f"seed {seed}: {traceback.format_exc()}"]


def many(check, fleets):
    """check(seed) -> (counters, failures) for the seeds asked for; all of them added up, and the seconds it took."""
    first = int(os.environ.get("PROMOTE_SEED", "1"))
    count = int(os.environ.get("PROMOTE_FLEETS", fleets))
    counters, failures, start = collections.Counter(fleets=count), [], time.monotonic()
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for some, failed in pool.map(functools.partial(caught, check), range(first, first + count), chunksize=4):
            counters.update(some)
            failures += failed
    return counters, failures, time.monotonic() - start


def on_fleet(made, seed, check):
    """check(root, counters) of a fleet that is written for it, and kept if that fails. Returns what many() adds up."""
    counters = collections.Counter()
    with directory() as root:
        made.write(root)
        try:
            check(root, counters)
        except Failed as failure:
            keep(root, seed)
            return counters, [f"seed {seed}: {failure}"]
    return counters, []


class Tap:
    """Test points, printed as they come."""

    def __init__(self):
        self.count = self.bad = 0

    def result(self, title, failures=()):
        self.count += 1
        self.bad += bool(failures)
        title = title.replace("#", "")  # it would begin a directive of TAP
        print(f"{'not ok' if failures else 'ok'} {self.count} - {title}", flush=True)
        for failure in list(failures)[:SHOWN]:
            self.say(failure)
        if len(failures) > SHOWN:
            self.say(f"and {len(failures) - SHOWN} more")

    def point(self, title, body, *arguments):
        """The result of body(*arguments), which reports errors by an exception."""
        try:
            body(*arguments)
        except (Failed, ValueError, AssertionError) as problem:
            self.result(title, [problem])
        else:
            self.result(title)

    def skip(self, title, why):
        self.count += 1
        print(f"ok {self.count} - {title} # SKIP {why}")

    def say(self, text):
        for line in str(text).splitlines():
            print("# " + line, flush=True)

    def end(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.bad else 0)
