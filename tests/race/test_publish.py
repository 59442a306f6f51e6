#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many runners in clones of their own push steps at once: each is taken once, in order. Prints TAP.

    PUBLISH_RUNNERS=16 RACE_SEED=7 tests/race/test_publish.py [path | daemon | http]...

The remote is a bare repository by its path, behind `git daemon`, or behind `git http-backend` in lighttpd. A person pushes
to it, too, with git. In one round for each, runners are killed at random moments, with all that they have started.
In the end
- the history is linear and whole, and has each step of each patch once, in the order in which one run after another takes
  them, and nothing else but what the person has pushed, all of it,
- the files are those that one run after another makes,
- every commit that a run has told of is there, and no two runs tell of one,
- the next run leaves no temporary working tree of those that were killed.
"""

import collections
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

from race import HIERARCHY, TYPE, Tap, difference, directory, expect, finish, fleet, read_tree, run, seeded, start, write_tree

RUNNERS = int(os.environ.get("PUBLISH_RUNNERS", "3"))  # 16 in .ci/nightly
PATCHES = [f"patch-{i:03}" for i in range(1, 2 + RUNNERS // 8)]
STEP = ["--push", "--lock-timeout=600", "-o", "json", TYPE, "app"]
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_ALLOW_PROTOCOL": "file:git:http"}


def git(where, *words, check=True):
    done = subprocess.run(["git", "-C", where, *words], capture_output=True, text=True, check=False)
    expect(done.returncode == 0 or not check, f"git {' '.join(words)}: {done.stderr}")
    return done.stdout if check else done


def identity(where, name):
    git(where, "config", "user.name", name)
    git(where, "config", "user.email", f"{name}@example.com")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(500):
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("no server")


def serve_path(top):
    return os.path.join(top, "origin.git"), None


def serve_daemon(top):
    port = free_port()
    server = subprocess.Popen(
        ["git", "daemon", "--export-all", "--enable=receive-pack", "--reuseaddr", "--listen=127.0.0.1", f"--port={port}",
         f"--base-path={top}", "--max-connections=0", top],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )
    wait_for(port)
    return f"git://127.0.0.1:{port}/origin.git", server


def lighttpd():
    return shutil.which("lighttpd", path=os.environ["PATH"] + ":/usr/sbin")


def serve_http(top):
    port = free_port()
    backend = os.path.join(subprocess.check_output(["git", "--exec-path"], text=True).strip(), "git-http-backend")
    with open(os.path.join(top, "lighttpd.conf"), "w") as file:
        file.write(f"""\
server.document-root = "{top}"
server.bind = "127.0.0.1"
server.port = {port}
server.modules = ("mod_alias", "mod_setenv", "mod_cgi")
server.upload-dirs = ("{top}")
alias.url = ("/git" => "{backend}")
cgi.assign = ("" => "")
setenv.add-environment = ("GIT_PROJECT_ROOT" => "{top}", "GIT_HTTP_EXPORT_ALL" => "1", "REMOTE_USER" => "runner",
  "GIT_CONFIG_NOSYSTEM" => "1")
""")
    server = subprocess.Popen(
        [lighttpd(), "-D", "-f", os.path.join(top, "lighttpd.conf")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )
    wait_for(port)
    return f"http://127.0.0.1:{port}/git/origin.git", server


SERVERS = {"path": serve_path, "daemon": serve_daemon, "http": serve_http}
TRAILER = re.compile(r"^Promote-(Patch|Action|From|To|Consolidated): (.*)$", re.M)


def steps_of(where, revision="HEAD"):
    """[(commit, patch, what it tells)] of a history, the oldest first; None for those that tell of no step."""
    commits = git(where, "log", "--reverse", "--format=%H%n%B%x00", revision).split("\0\n")
    told = []
    for text in filter(None, commits):
        name, message = text.split("\n", 1)
        trailers = TRAILER.findall(message)
        told.append((name, dict(trailers).get("Patch"), tuple(trailers)))
    return told


class Bench:
    def __init__(self, top, serve):
        self.top, self.origin = top, os.path.join(top, "origin.git")
        self.tmp = os.path.join(top, "tmp")
        os.mkdir(self.tmp)
        os.environ["TMPDIR"] = self.tmp
        alone = os.path.join(top, "alone")
        write_tree(alone, fleet({"app": PATCHES}))
        subprocess.run(["git", "init", "-q", "-b", "main", alone], check=True)
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.origin], check=True)
        git(self.origin, "config", "http.receivepack", "true")
        git(self.origin, "config", "receive.autogc", "false")
        identity(alone, "alone")
        git(alone, "add", "-A")
        git(alone, "commit", "-qm", "fleet")
        git(alone, "push", "-q", self.origin, "main")
        self.url, self.server = serve(top)
        self.clones = [self.clone(f"runner-{i}") for i in range(RUNNERS)]
        self.person = self.clone("person")
        self.wanted = self.take_alone(alone)

    def clone(self, name):
        where = os.path.join(self.top, name)
        subprocess.run(["git", "clone", "-q", self.url, where], check=True)
        identity(where, name)
        return where

    def take_alone(self, root):
        """What one run after another does: {patch: [what each commit tells]}, and the files in the end."""
        for patch in PATCHES:
            while True:
                status, out, _ = run(root, "--commit", *STEP[1:], patch)
                if status or json.loads(out)["action"] == "none":
                    break
        wanted = collections.defaultdict(list)
        for _, patch, told in steps_of(root)[1:]:
            wanted[patch].append(told)
        return dict(wanted), config_of(root)

    def close(self):
        if self.server:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()


def config_of(root):
    return {path: text for path, text in read_tree(os.path.join(root, "config")).items() if text is not None}


class Round:
    def __init__(self, bench, rng, kills):
        self.bench, self.kills = bench, kills
        self.rng = [random.Random(rng.random()) for _ in range(RUNNERS + 1)]
        self.count, self.failures = collections.Counter(), []
        self.told, self.lock, self.over = [], threading.Lock(), threading.Event()

    def fail(self, text):
        with self.lock:
            self.failures.append(text)

    def is_integrated(self, patch):
        return any(p and p.endswith("/" + patch) and ("Action", "integrate") in told
                   for _, p, told in steps_of(self.bench.origin, "main"))

    def step(self, i, patch):
        """One run. Whether the patch is done."""
        rng = self.rng[i]
        process = start(self.bench.clones[i], *STEP, patch)
        if self.kills and rng.random() < 0.4:
            try:
                process.wait(rng.random() * rng.choice([0.2, 1, 3]))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        status, out, err = finish(process)
        document = json.loads(out) if out and status >= 0 else {}
        with self.lock:
            self.count["runs"] += 1
            self.count["killed"] += status < 0
            self.count["gave up after 45 seconds"] += document.get("code") == "push"
            if status == 0 and document["action"] != "none" and "commit" in document:
                self.told.append(document["commit"])
            elif status == 0:
                self.count["found that it was done"] += 1
        # a git that was killed leaves its lock, and says that a person has to remove it
        for lock in re.findall(r"Unable to create '([^']+\.lock)': File exists", err):
            if self.kills and lock.startswith(self.bench.clones[i] + "/"):
                os.unlink(lock)
        if status == 0 and document["action"] == "none" or status == 3 and document["code"] == "not-found":
            return self.is_integrated(patch)
        if status > 0 and document.get("code") != "push" or "unknown" in err:
            self.fail(f"exit {status}: {out}{err}")
            return True
        return False

    def runner(self, i):
        left = list(PATCHES)
        try:
            while left:
                patch = self.rng[i].choice(left)
                if self.step(i, patch):
                    left.remove(patch)
        except Exception as error:  # a mistake of the test must not hang it
            self.fail(repr(error))

    def person(self):
        """Somebody who knows nothing of promote."""
        where, n = self.bench.person, 0
        while not self.over.is_set():
            n += 1
            with open(os.path.join(where, "notes"), "a") as file:
                file.write(f"note {n}\n")
            git(where, "add", "notes")
            git(where, "commit", "-qm", f"note {n}")
            while True:
                git(where, "pull", "-q", "--rebase")
                if git(where, "push", "-q", "origin", "main", check=False).returncode == 0:
                    break
            self.over.wait(self.rng[-1].random() * 4)
        self.notes = n

    def run(self):
        threads = [threading.Thread(target=self.runner, args=(i,)) for i in range(RUNNERS)]
        someone = threading.Thread(target=self.person)
        for thread in [*threads, someone]:
            thread.start()
        for thread in threads:
            thread.join()
        self.over.set()
        someone.join()
        self.judge()

    def judge(self):
        bench, (wanted, files) = self.bench, self.bench.wanted
        history = steps_of(bench.origin, "main")
        taken = collections.defaultdict(list)
        for _, patch, told in history:
            if patch:
                taken[patch].append(told)
        for patch, steps in wanted.items():
            if taken[patch] != steps:
                self.fail(f"{patch}: {taken[patch]}, not {steps}")
        names = {name for name, patch, _ in history if patch}
        if len(history) != 1 + len(names) + self.notes:
            self.fail(f"{len(history)} commits of {len(names)} steps and {self.notes} notes")
        again = [name for name, n in collections.Counter(self.told).items() if n > 1]
        self.failures += [f"two runs tell of {name}" for name in again]
        self.failures += [f"a run tells of {name}, which is not there" for name in set(self.told) - names]
        if not self.kills and set(self.told) != names:
            self.fail(f"no run tells of {names - set(self.told)}")
        if git(bench.origin, "log", "--merges", "--format=%H", "main"):
            self.fail("a merge")
        fsck = git(bench.origin, "fsck", "--strict", "--no-dangling", check=False)
        if fsck.returncode or fsck.stdout or fsck.stderr.replace("notice: HEAD points to an unborn branch main\n", ""):
            self.fail(f"git fsck: {fsck.stdout}{fsck.stderr}")
        last = bench.clone(f"last-{self.kills}")
        self.failures += difference(config_of(last), files)
        with open(os.path.join(last, "notes")) as file:
            if file.read() != "".join(f"note {n}\n" for n in range(1, self.notes + 1)):
                self.fail("notes are lost")
        self.sweep()
        self.count["steps"], self.count["notes"] = len(names), self.notes

    def sweep(self):
        """What is left in each clone, and by the next run there."""
        for where in self.bench.clones:
            status, out, err = run(where, "start", "--push", "--set=x=1", TYPE, "app", "patch-000")
            if status not in (0, 4):
                self.fail(f"exit {status}: {out}{err}")
            trees = git(where, "worktree", "list").splitlines()
            if len(trees) != 1:
                self.fail(f"left: {trees}")
        if os.listdir(self.bench.tmp):
            self.fail(f"left: {os.listdir(self.bench.tmp)}")


def check(tap, rng, name, kills):
    title = f"{RUNNERS} runners push to a {name}{', some are killed' if kills else ''}"
    if name == "http" and not lighttpd():
        tap.result(f"{title} # SKIP needs lighttpd (tools/setup ci)")
        return
    with directory() as top:
        bench = Bench(top, SERVERS[name])
        try:
            begin = time.monotonic()
            now = Round(bench, rng, kills)
            now.run()
            seconds = time.monotonic() - begin
        finally:
            bench.close()
    tap.result(title, now.failures)
    for what, n in now.count.items():
        tap.say(f"{n:6} {what}")
    tap.say(f"{seconds:6.1f} seconds")


def main():
    os.environ.update(GIT)
    for name in subprocess.check_output(["git", "rev-parse", "--local-env-vars"], text=True).split():
        os.environ.pop(name, None)
    tap = Tap()
    rng = seeded(tap)
    for name in sys.argv[1:] or SERVERS:
        for kills in (False, True):
            if not kills or RUNNERS > 8 or name == "path":
                check(tap, rng, name, kills)
    tap.end()


if __name__ == "__main__":
    main()
