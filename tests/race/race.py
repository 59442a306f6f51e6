# SPDX-License-Identifier: Apache-2.0
"""What these tests share: a fleet, whole trees, and runs at once.

RACE_SEED is the seed of random choices, which is printed; RACE_ROUNDS is the number of random rounds.
"""

import contextlib
import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import documents  # noqa: E402
import trees  # noqa: E402
from suite import PROMOTE, Failed, Tap, directory, environment, expect  # noqa: E402,F401 (handed on)

TYPE = "mgmt"
LONG = ["--lock-timeout=600"]  # no run shall give up here
REGIONS = ["--level=region"]  # a step for each region

HIERARCHY = {
    "integration": {"s1": ["us", "eu"], "s2": ["us", "eu"]},
    "stage": {"s1": ["us", "eu"], "s2": ["us"]},
    "production": {"s1": ["us", "eu", "asia"], "s2": ["us", "eu"]},
}

# a generator that asks for values
GENERATES = """\
generate:
	@for t in {targets}; do \\
		mkdir -p rendered/{type}/$$t && \\
		"$(PROMOTE)" values {type} $$t >rendered/{type}/$$t/values.yaml || exit 1; \\
	done
"""
# that fails if another one runs, too: $BUSY is a path that does not exist
ALONE = GENERATES.replace("generate:\n", 'generate:\n\t@mkdir "$(BUSY)"\n') + '\t@rmdir "$(BUSY)"\n'


def config(hierarchy):
    lines = ["dimensions: [environments, sectors, regions]", "sequence:", "  environments:"]
    for environment_name, sectors in hierarchy.items():
        lines += [f"    - name: {environment_name}", "      sectors:"]
        for sector, regions in sectors.items():
            lines += [f"        - name: {sector}", f"          regions: [{', '.join(regions)}]"]
    return "\n".join(lines + [f"cluster_types: [name: {TYPE}]", ""]).encode()


def targets(hierarchy):
    return [f"{e}/{s}/{r}" for e, sectors in hierarchy.items() for s, regions in sectors.items() for r in regions]


def fleet(patches, makefile=""):
    """patches: for each application the names of its patches. Each has a key of its own."""
    tree = {"config/config.yaml": config(HIERARCHY)}
    for application, names in patches.items():
        home = f"config/{TYPE}/{application}/"
        keys = "".join(f"{name}: old # of {application}\n" for name in names)
        tree[home + "values.yaml"] = f"# base values\n{keys}other: 1\n".encode()
        tree[home + "stage/s2/override.yaml"] = b"other: 2\n"
        for name in names:
            tree[home + f"integration/s1/us/{name}.yaml"] = f"# {name}\n{name}: new\n".encode()
    if makefile:
        tree["Makefile"] = makefile.format(targets=" ".join(targets(HIERARCHY)), type=TYPE).encode()
    return tree


# A tree is a dictionary: of a file's path its bytes, of a directory's path with a / after it None.


def read_tree(root):
    return {
        path + "/" * (kind == "directory"): None if kind == "directory" else content
        for path, (kind, _, content) in trees.snapshot(root).items()
    }


def write_tree(root, tree):
    """Makes a new root."""
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root)
    trees.plant(root, trees.of_texts(tree))


def difference(got, wanted):
    """Lines that say how two trees differ."""
    return [
        f"{path}: {got.get(path, 'not there')!r}, not {wanted.get(path, 'not there')!r}"
        for path in sorted({**got, **wanted})
        if got.get(path, "") != wanted.get(path, "")
    ]


def start(root, *arguments, by=()):
    """Runs promote, in a process group of its own; by: a program that runs it."""
    return subprocess.Popen(
        [*by, PROMOTE, "-C", str(root), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment(), "PROMOTE": PROMOTE},
        close_fds=False,
        start_new_session=True,
    )


def start_held(root, *arguments):
    """The same, held just before it begins, since starting a program takes more time than promote does. See go."""
    process = start(root, *arguments, by=["sh", "-c", 'kill -STOP $$; exec "$@"', "sh"])
    os.waitid(os.P_PID, process.pid, os.WSTOPPED)
    return process


def go(process, seconds):
    """Lets it run, and returns after so many seconds, which are too few for time.sleep."""
    end = time.perf_counter() + seconds
    os.kill(process.pid, signal.SIGCONT)
    while time.perf_counter() < end:
        pass


def finish(process):
    """(exit status, stdout, stderr)"""
    out, err = process.communicate(timeout=900)
    wrong = documents.check(process.args, process.returncode, out)
    expect(not wrong, *wrong)
    return process.returncode, out.decode(), err.decode()


def run(root, *arguments):
    return finish(start(root, *arguments))


def at_once(root, runs):
    """Starts all runs, each a list of arguments, at the same moment, and returns their results in the same order."""
    before = read_tree(root)
    ended = [None] * len(runs)
    with open_directory(root) as lock:
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
def open_directory(path):
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield fd
    finally:
        os.close(fd)


class Rollout:
    """What the steps of a rollout print and leave, one after another."""

    def __init__(self, root, files, step):
        write_tree(root, files)
        self.root, self.trees, self.told, seconds = root, [read_tree(root)], [], []
        while True:
            process = start_held(root, *step)
            begin = time.perf_counter()
            os.kill(process.pid, signal.SIGCONT)
            process.wait()  # what it prints fits into a pipe
            seconds.append(time.perf_counter() - begin)
            status, out, err = finish(process)
            if status:
                break
            self.told.append(out)
            self.trees.append(read_tree(root))
        self.end = (status, err)
        self.seconds = sorted(seconds)[len(seconds) // 2]  # what one step takes


def on_disk():
    """A temporary directory with slow syncs, so that most changes by others are made while a step is written."""
    return tempfile.TemporaryDirectory(prefix="promote-race-", dir=os.environ.get("TMPDIR", "/var/tmp"))


def rounds(usual):
    return int(os.environ.get("RACE_ROUNDS", usual))


def seeded(tap):
    seed = int(os.environ.get("RACE_SEED", time.time_ns() % 1000000))
    tap.say(f"RACE_SEED={seed}")
    return random.Random(seed)
