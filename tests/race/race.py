"""What the tests of this folder share: a fleet, whole trees, runs at once, and (from the judge's suite) TAP.

RACE_SEED is the seed of what is random, which is printed; RACE_ROUNDS is how often what is random is done.
"""

import contextlib
import fcntl
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "judge"))

from suite import PROMOTE, Failed, Tap, environment, expect, folder  # noqa: E402,F401 (handed on)

TYPE = "mgmt"
LONG = ["--lock-timeout=600"]  # no run shall give up here
REGIONS = ["--level=region"]  # a step for each region

HIERARCHY = {
    "integration": {"s1": ["us", "eu"], "s2": ["us", "eu"]},
    "stage": {"s1": ["us", "eu"], "s2": ["us"]},
    "production": {"s1": ["us", "eu", "asia"], "s2": ["us", "eu"]},
}


def config(hierarchy):
    lines = ["dimensions: [environments, sectors, regions]", "sequence:", "  environments:"]
    for environment_name, sectors in hierarchy.items():
        lines += [f"    - name: {environment_name}", "      sectors:"]
        for sector, regions in sectors.items():
            lines += [f"        - name: {sector}", f"          regions: [{', '.join(regions)}]"]
    return "\n".join(lines + [f"cluster_types: [name: {TYPE}]", ""]).encode()


def targets(hierarchy):
    return [f"{e}/{s}/{r}" for e, sectors in hierarchy.items() for s, regions in sectors.items() for r in regions]


# A tree is a dictionary: of a file's path its bytes, of a folder's path with a / behind it None.


def read_tree(root):
    tree = {}
    for where, folders, files in os.walk(root):
        here = os.path.relpath(where, root) + "/"
        here = "" if here == "./" else here
        tree.update({f"{here}{name}/": None for name in folders})
        for name in files:
            with open(os.path.join(where, name), "rb") as f:
                tree[here + name] = f.read()
    return tree


def write_tree(root, tree):
    """Makes the root anew."""
    shutil.rmtree(root, ignore_errors=True)
    for path, text in tree.items():
        at = os.path.join(root, path)
        os.makedirs(at if text is None else os.path.dirname(at), exist_ok=True)
        if text is not None:
            with open(at, "wb") as f:
                f.write(text)


def difference(got, wanted):
    """Lines that say how two trees differ."""
    return [
        f"{path}: {got.get(path, 'not there')!r}, not {wanted.get(path, 'not there')!r}"
        for path in sorted({**got, **wanted})
        if got.get(path, "") != wanted.get(path, "")
    ]


def start(root, *arguments):
    return subprocess.Popen(
        [PROMOTE, "-C", str(root), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        close_fds=False,
    )


def finish(process):
    """(exit status, stdout, stderr)"""
    out, err = process.communicate(timeout=900)
    return process.returncode, out.decode(), err.decode()


def run(root, *arguments):
    return finish(start(root, *arguments))


def at_once(root, runs):
    """Starts all runs, each a list of arguments, lets them go together, and returns how they ended, in the same order."""
    before = read_tree(root)
    ended = [None] * len(runs)
    with open_folder(os.path.join(root, "config")) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        processes = [start(root, *arguments) for arguments in runs]
        time.sleep(0.1)
        expect(read_tree(root) == before, "the tree has changed while the fleet was held")

    def attend(i):
        ended[i] = finish(processes[i])

    threads = [threading.Thread(target=attend, args=(i,)) for i in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


@contextlib.contextmanager
def open_folder(path):
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield fd
    finally:
        os.close(fd)


def rounds(usual):
    return int(os.environ.get("RACE_ROUNDS", usual))


def seeded(tap):
    seed = int(os.environ.get("RACE_SEED", time.time_ns() % 1000000))
    tap.say(f"RACE_SEED={seed}")
    return random.Random(seed)
