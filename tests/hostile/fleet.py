# SPDX-License-Identifier: Apache-2.0
"""A small fleet that holds a hostile file, and promote run in it within bounds of time and memory."""

import json
import os
import resource
import shutil
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import documents  # noqa: E402
import suite  # noqa: E402

SECONDS = 2  # of processor time, that a busy machine does not lengthen
MEGABYTES = 256  # of memory in use at once
PATIENCE = 60  # seconds, after which a run is ended; ten times as many with instruments

CHECKED = 1_000_000  # bytes of a document that is checked against its schema

APP = "config/t/app/"
CONFIG = b"""\
dimensions: [environments, regions]
sequence:
  environments:
    - name: lab
      regions: [a, b]
    - name: live
      regions: [a]
cluster_types: [t]
"""


class Result:
    def __init__(self, told, directory):
        self.status, self.seconds, self.megabytes = told
        self.stdout = (directory / "stdout").read_bytes()
        self.stderr = (directory / "stderr").read_bytes()


def held_against_schema(arguments, result):
    """What is wrong with a document. Those of many values are left out: small ones have all fields, too."""
    return documents.check(arguments, result.status, result.stdout) if len(result.stdout) < CHECKED else []


class Runner:
    """Starts programs from a process that was forked while this one was small.

    The memory of a process is counted from its fork on, before it becomes
    another program: forked from here it would bring all that the tests hold.
    """

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.directory = Path(tempfile.mkdtemp(prefix="hostile-"))
        self.bounded = not suite.is_instrumented(program)
        self.runs = 0
        self.slowest = (0, "")
        self.largest = (0, "")
        ask, self.asks = os.pipe()
        self.answers, answer = os.pipe()
        self.server = os.fork()
        if self.server == 0:
            os.close(self.asks)
            os.close(self.answers)
            serve(os.fdopen(ask), os.fdopen(answer, "w"), self.directory, PATIENCE if self.bounded else 10 * PATIENCE)
            os._exit(0)
        os.close(ask)
        os.close(answer)
        self.asks = os.fdopen(self.asks, "w")
        self.answers = os.fdopen(self.answers)

    def run(self, cwd, *arguments, name="", bounded=True):
        """Runs promote; ValueError if it was ended by a signal, or took too much time or memory."""
        print(json.dumps([self.program, str(cwd), arguments]), file=self.asks, flush=True)
        result = Result(json.loads(self.answers.readline()), self.directory)
        what = f"{name}: promote {' '.join(arguments)}"
        self.runs += 1
        self.slowest = max(self.slowest, (result.seconds, what))
        self.largest = max(self.largest, (result.megabytes, what))
        if result.status < 0:
            raise ValueError(f"{what}: ended by signal {-result.status}: {shown(result.stderr)}")
        wrong = held_against_schema(arguments, result)
        if wrong:
            raise ValueError(f"{what}: {wrong[0][:300]}")
        if self.bounded and bounded and result.seconds > SECONDS:
            raise ValueError(f"{what}: took {result.seconds:.2f} s")
        if self.bounded and bounded and result.megabytes > MEGABYTES:
            raise ValueError(f"{what}: took {result.megabytes} MB")
        return result

    def end(self, tap):
        """Says what the runs took, and gives back what they used."""
        if not self.bounded:
            tap.say("built or run with instruments: time and memory are not bounded")
        tap.say(f"{self.runs} runs")
        tap.say(f"slowest: {self.slowest[0]:.2f} s, {self.slowest[1]}")
        tap.say(f"largest: {self.largest[0]} MB, {self.largest[1]}")
        self.asks.close()
        os.waitpid(self.server, 0)
        shutil.rmtree(self.directory)


def serve(asks, answer, directory, patience):
    for line in asks:
        program, cwd, arguments = json.loads(line)
        pid = os.fork()
        if pid == 0:
            become(program, cwd, arguments, directory)
        signal.signal(signal.SIGALRM, lambda *_, pid=pid: os.kill(pid, signal.SIGKILL))
        signal.alarm(patience)
        _, status, usage = os.wait4(pid, 0)
        signal.alarm(0)
        told = os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024
        print(json.dumps(told), file=answer, flush=True)


def become(program, cwd, arguments, directory):
    try:
        os.chdir(cwd)
        os.environ.pop("MALLOC_PERTURB_", None)  # it would touch memory that is not in use
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for number, name in enumerate(("/dev/null", directory / "stdout", directory / "stderr")):
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC if number else os.O_RDONLY
            os.dup2(os.open(name, flags, 0o600), number)
        os.execv(program, ["promote", *arguments])
    finally:
        os._exit(127)


def shown(text):
    return repr(text[:300])


class Fleet:
    """with Fleet(runner, name, {path: bytes}) as fleet: ...; paths below config/t/app/ but config.yaml's."""

    def __init__(self, runner, name, files):
        self.runner = runner
        self.name = name
        self.root = runner.directory / "fleet"
        self.files = {"config/config.yaml": CONFIG, "config/t/app/values.yaml": b"base: 1\n"} | files

    def __enter__(self):
        for path, data in self.files.items():
            path = self.root / path
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "wb") as file:
                if isinstance(data, int):  # that many zero bytes, which take no room
                    file.truncate(data)
                else:
                    file.write(data)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root)

    def run(self, *arguments, bounded=True):
        return self.runner.run(self.root, *arguments, name=self.name, bounded=bounded)

    def tree(self):
        """Shows if anything was touched: kinds, modes, sizes, times and places."""
        found = {}
        for directory, _, names in os.walk(self.root):
            for path in [directory] + [os.path.join(directory, name) for name in names]:
                s = os.lstat(path)
                found[path] = (s.st_mode, s.st_size, s.st_ino, s.st_mtime_ns, s.st_ctime_ns)
        return found

    def texts(self):
        """The files by their paths from the root, with their bytes."""
        return {str(p.relative_to(self.root)): p.read_bytes() for p in self.root.rglob("*") if p.is_file()}

    def unchanged(self, *arguments, bounded=True):
        """A run that leaves the tree as it was."""
        before = self.tree()
        result = self.run(*arguments, bounded=bounded)
        if self.tree() != before:
            raise ValueError(f"{self.name}: promote {' '.join(arguments)}: the tree was changed")
        return result
