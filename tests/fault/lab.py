# SPDX-License-Identifier: Apache-2.0
"""Takes steps in small fleets while calls fail, and judges what is left.

PROMOTE is the program and FAULT_LIB the library that makes its calls fail: see fault.h.
"""

import collections
import contextlib
import functools
import os
import re
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import judge
import suite
import trees

PROMOTE = suite.PROMOTE
LIBRARY = os.environ.get("FAULT_LIB") or str(Path(PROMOTE).parent / "tests" / "fault.so")
TIMEOUT = 120  # seconds for one run, and for what it leaves running
KILLED, TERMINATED = -9, -15
LEFT_OPEN = 98  # fault.h
CLOCK_REALTIME_COARSE = 5  # Linux has it; Python gives it no name
SLOWNESS = 25 if suite.is_instrumented(PROMOTE) else 1  # so many times as long takes a run
KIND = "mgmt"
STAGING = ".promote"  # the directory of a step's own files
LEFT = re.compile(r"is left, for the next run to remove|'promote recover' continues")

Done = collections.namedtuple("Done", "status stdout stderr tree")

# How a call can fail, besides a kill before and after it.
OPEN = "EACCES EIO EMFILE EINTR"
MAKE = "EACCES EIO ENOSPC EROFS"
ERRORS = {
    "open64": OPEN, "openat64": OPEN, "openat2": OPEN, "create": OPEN + " ENOSPC EROFS",
    "read": "EIO EINTR SHORT", "pread64": "EIO EINTR SHORT", "getdents64": "EIO", "readlinkat": "EACCES EIO",
    "write": "EIO ENOSPC EINTR SHORT TORN", "pwrite64": "EIO ENOSPC EINTR SHORT TORN", "ftruncate64": "EIO EINTR",
    "fstat64": "EIO", "statx": "EACCES EIO", "fstatat64": "EACCES EIO", "realpath": "EACCES EIO", "getcwd": "EACCES",
    "fchmod": "EPERM EIO EROFS", "utimensat": "EPERM EIO", "fgetxattr": "EIO", "fsetxattr": "EIO ENOSPC", "fremovexattr": "EIO",
    "fchmodat": "EPERM EIO EROFS",
    "mkdirat": MAKE, "symlinkat": MAKE, "linkat": MAKE, "unlinkat": "EACCES EIO EROFS",
    "renameat": MAKE, "renameat2": MAKE,
    "fsync": "EIO ENOSPC EINTR", "fdatasync": "EIO ENOSPC EINTR", "syncfs": "EIO ENOSPC",
    "flock": "EIO EINTR ENOLCK", "close": "EIO EINTR",
    "fopen64": "EMFILE", "fdopen": "ENOMEM", "dup": "EMFILE", "faccessat": "EACCES EIO", "fchown": "EIO",
    "fread": "EIO", "getdelim": "EIO", "__getdelim": "EIO", "fseeko64": "EIO", "ftello64": "EIO", "lseek64": "EIO",
    "fork": "EAGAIN", "pipe2": "EMFILE", "memfd_create": "EMFILE",
}  # fmt: skip
KILLS = ("KILL", "AFTER", "TORN")
# Calls that leave another tree or another disk; a kill at other calls leaves one of these trees.
CHANGES = {
    "create", "write", "pwrite64", "ftruncate64", "fchmod", "fchmodat", "mkdirat", "symlinkat", "linkat", "unlinkat",
    "renameat", "renameat2", "fsync", "syncfs",
}  # fmt: skip
# What file systems and kernels may lack: FUNCTION:ERROR
LACKS = ("openat2:ENOSYS", "openat2:EPERM", "renameat2:EINVAL", "linkat:EPERM", "fsync:EINVAL",
    "fsync:EOPNOTSUPP", "syncfs:EIO", "renameat2:EOPNOTSUPP", "fchmod:EPERM", "fchmod:EOPNOTSUPP")


@functools.cache
def environment():
    made = suite.environment()
    # a hold says when it was made and by whom, whatever fails meanwhile
    made |= {"PROMOTE_NOW": "2026-11-27T12:00:00Z", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    if suite.is_instrumented(PROMOTE):
        made["ASAN_OPTIONS"] = made.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    return made


def run(root, *arguments, user=None, **fault):
    """promote in the fleet at root, as another user if asked. fault: at=17, do="EIO", each=..., trace=FILE: see fault.h"""
    settings = {f"FAULT_{name.upper()}": str(value) for name, value in fault.items() if value is not None}
    if settings:
        settings["LD_PRELOAD"] = LIBRARY
    alive, held = os.pipe()  # held by the run and by all that it starts
    os.set_inheritable(held, True)
    try:
        done = subprocess.run(
            [PROMOTE, "-C", str(root), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            env={**environment(), **settings},
            close_fds=False,
            check=False,
            **({"user": user, "group": user, "extra_groups": []} if user else {}),
        )
    except subprocess.TimeoutExpired as late:
        raise suite.Failed(f"it hangs: {' '.join(arguments)}") from late
    finally:
        os.close(held)
        with os.fdopen(alive, "rb") as pipe:
            ended = select.select([pipe], [], [], TIMEOUT)[0]
    suite.expect(ended, "what it started does not end")
    suite.expect(done.returncode != LEFT_OPEN, done.stderr.decode())
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode(), trees.snapshot(root))


@contextlib.contextmanager
def planted(tree):
    """A fresh fleet. Its path is as long as any other one's, so that every run makes the same calls."""
    with suite.directory() as directory:
        root = os.path.join(directory, "fleet")
        os.mkdir(root)
        trees.plant(root, tree)
        wait_a_tick()
        yield root


def wait_a_tick():
    """What was changed within a tick of the kernel's clock is checked again: until that is over, calls vary."""
    now = time.time()
    while time.clock_gettime(CLOCK_REALTIME_COARSE) <= now:
        time.sleep(0.0005)


def traced(root, *arguments, **fault):
    """A run, and the lines of its trace."""
    trace = root + ".trace"
    done = run(root, *arguments, trace=trace, **fault)
    with open(trace, encoding="utf-8") as file:
        lines = file.read().splitlines()
    os.unlink(trace)
    return done, lines


def values(tree):
    """The effective values of every target, as the judge has them."""
    fleet = judge.Fleet(trees.files(tree))
    return {target: fleet.whole(KIND, target) for target in fleet.targets}


def look(done):
    return f"exit {done.status}\nstdout: {done.stdout.rstrip()}\nstderr: {done.stderr.rstrip()}"


class Ground:
    """What a scenario gives without faults: all that is right later on."""

    def __init__(self, scenario):
        self.scenario, self.old = scenario, scenario.old
        with planted(self.old) as root:
            self.clean, lines = traced(root, *scenario.run)
        self.calls = [line.split()[0] for line in lines]
        self.ends = [self.old, self.clean.tree]
        # Without the generator: what a step gives whose generator fails.
        self.middle = self.from_tree(self.old, ("--no-generate", *scenario.run)).tree
        self.sides = [values(self.old), values(self.middle)]
        # How the same command, or a variant of it, may continue: from the old tree or from the new one.
        self.onward = {v: [self.from_tree(tree, v) for tree in self.ends] for v in scenario.variants}
        self.seen = {}  # files below config/: the targets that are wrong with them

    @staticmethod
    def from_tree(tree, arguments):
        with planted(tree) as root:
            return run(root, *arguments)

    def wrong_targets(self, tree):
        key = tuple(sorted(trees.files(tree).items()))
        if key not in self.seen:
            now = values(tree)
            self.seen[key] = [t for t in self.sides[0] if now.get(t) not in [side[t] for side in self.sides]]
        return self.seen[key]

    def expect_values(self, tree):
        wrong = self.wrong_targets(tree)
        suite.expect(not wrong, f"values neither of before nor of after at {wrong}", trees.difference(self.old, tree))

    def expect_end(self, done):
        """The tree is that of before or of after, and nothing is left."""
        left = "\n".join("against the tree: " + trees.difference(end, done.tree) for end in self.ends)
        suite.expect(done.tree in self.ends, left, look(done))

    def expect_recovered(self, root):
        done = run(root, "recover")
        one_line = done.stdout.count("\n") == 1 and done.stdout.endswith("\n") and not done.stderr
        suite.expect(done.status == 0 and one_line, "promote recover:", look(done))
        self.expect_end(done)

    def expect_error(self, done):
        """A run that failed prints one line; what is left, or the output of a generator, may follow."""
        lines = done.stderr.splitlines()
        # a directory that cannot be listed may have a hold
        unlisted = done.status == 7 and "make it readable" in lines[0]
        good = (done.status in (1, 3) or unlisted) and not done.stdout and lines and lines[0].startswith("ERROR: ")
        good = good and not any(x.startswith("ERROR: ") for x in lines[1:])
        good = good and (len(lines) == 1 or self.scenario.generator or LEFT.search(done.stderr))
        suite.expect(good, "not one error line, with exit status 1 or 3:", look(done))


    def is_done(self, done):
        """As without a fault; but what the step worked with may be left, if it says so."""
        more = done.stderr.removeprefix(self.clean.stderr)
        said = more.startswith("WARNING: ") and more.count("\n") == 1 and LEFT.search(more)
        own = {path: x for path, x in done.tree.items() if path.split("/")[0] != STAGING} if said else done.tree
        return done._replace(stderr=self.clean.stderr if said else done.stderr, tree=own) == self.clean


def fails(ground, _, **fault):
    """A call fails: the step is done, or not, or can be recovered."""
    with planted(ground.old) as root:
        done = run(root, *ground.scenario.run, **fault)
        if done == ground.clean:
            return
        if not ground.is_done(done):
            other = trees.difference(ground.clean.tree, done.tree)
            suite.expect(done.status, "done, but not as without the fault:", look(done), other)
            ground.expect_error(done)
        if done.tree == ground.old:
            return
        suite.expect(LEFT.search(done.stderr), trees.difference(ground.old, done.tree), look(done))
        ground.expect_values(done.tree)
        ground.expect_recovered(root)


def goes_on(ground, root, variant):
    """The same command after a kill: what it gives from the old tree or from the new one."""
    done = run(root, *variant)
    for clean in ground.onward[variant]:
        more = done.stderr.removesuffix(clean.stderr)
        told = done.stderr.endswith(clean.stderr) and more.count("\n") <= 1 and not more.startswith("ERROR")
        if told and done._replace(stderr="") == clean._replace(stderr=""):
            return
    left = "\n".join("against the tree: " + trees.difference(x.tree, done.tree) for x in ground.onward[variant])
    command = " ".join(variant)
    raise suite.Failed(f"neither as from the old tree nor as from the new one: {command}\n{left}\n{look(done)}")


def is_killed(ground, way, _, **fault):
    """A kill, then the next run. way: odd for the same command, even for a recovery; a dry run comes before some."""
    with planted(ground.old) as root:
        done = run(root, *ground.scenario.run, **fault)
        if done == ground.clean and ground.scenario.generator:
            return  # a run that reads what another program writes makes more or fewer calls
        suite.expect(done.status == KILLED, "not killed:", look(done))
        ground.expect_values(done.tree)
        dry = run(root, "--dry-run", *ground.scenario.run) if way % 4 < 2 else None
        suite.expect(not dry or (dry.status >= 0 and dry.tree == done.tree), "a dry run:", dry and look(dry))
        variants = ground.scenario.variants
        if way % 2:
            goes_on(ground, root, variants[way // 2 % len(variants)])
        else:
            ground.expect_recovered(root)


def is_interrupted(ground, _, **fault):
    """A signal: nothing is left, and nothing is to be recovered. A report is written whole or not at all."""
    with planted(ground.old) as root:
        done = run(root, *ground.scenario.run, **fault)
        if done == ground.clean:
            return  # it came when all was done, or beside what a generator does
        if done.status == TERMINATED and not done.stderr.removeprefix(ground.clean.stderr):
            suite.expect(done.stdout in ("", ground.clean.stdout), "half a report:", look(done))
            suite.expect(done.tree == (ground.clean.tree if done.stdout else ground.old), look(done))
            return
        suite.expect(done.status == 1 and done.tree == ground.old, trees.difference(ground.old, done.tree), look(done))
        ground.expect_error(done)
        suite.expect("interrupted" in done.stderr, look(done))


def is_killed_twice(ground, first, _, **fault):
    """A kill after the call `first`, a fault in the recovery, and a recovery without one."""
    with planted(ground.old) as root:
        run(root, *ground.scenario.run, at=first, do="AFTER")
        done = run(root, "recover", **fault)
        ground.expect_values(done.tree)
        if done.status == 0:
            ground.expect_end(done)
        elif done.status != KILLED:
            ground.expect_error(done)
        ground.expect_recovered(root)


def calls_of_recovery(ground, first):
    """The calls of a recovery from a kill after the call `first`."""
    with planted(ground.old) as root:
        run(root, *ground.scenario.run, at=first, do="AFTER")
        return [line.split()[0] for line in traced(root, "recover")[1]]


def failures_of(check, cases):
    made = []
    for case in cases:
        try:
            check(*case)
        except suite.Failed as failure:
            made.append(f"{case[1:]}: {failure}")
    return made
