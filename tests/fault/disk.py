#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A disk that is really full, or really read-only. Prints TAP.

The disks are small ones in memory, mounted in a private namespace (unshare). Full means without a free page, or
without a free inode; a step is tried with none free, with one, and so on until it is done. FAULT_SCENARIOS=K takes one scenario in K.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile

import lab
import scenarios
import suite
import trees

PAGES, INODES = 400, 200  # of a disk
MANY = 40  # kills; of more only some are tried
MOST_FREE = 60  # a step that is not done with so many is never done


@contextlib.contextmanager
def disk(tree):
    """A disk with the fleet on it: the fleet's root."""
    with tempfile.TemporaryDirectory(prefix="promote-disk-") as directory:
        options = f"size={PAGES * os.sysconf('SC_PAGE_SIZE')},nr_inodes={INODES},mode=755"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "promote-test", directory], check=True)
        try:
            root = os.path.join(directory, "fleet")
            os.mkdir(root)
            trees.plant(root, tree)
            yield root
        finally:
            subprocess.run(["umount", directory], check=True)


def filler(root):
    return os.path.join(os.path.dirname(root), "filler")


def fill_pages(root, free):
    """Leaves so many pages."""
    state = os.statvfs(root)
    with open(filler(root), "wb") as file:
        file.write(b"x" * (state.f_frsize * (state.f_bfree - free)))


def fill_inodes(root, free):
    """Leaves so many inodes."""
    os.mkdir(filler(root))
    for i in range(os.statvfs(root).f_ffree - free):
        with open(os.path.join(filler(root), str(i)), "wb"):
            pass


def empty(root):
    if os.path.isdir(filler(root)):
        shutil.rmtree(filler(root))
    else:
        os.unlink(filler(root))


def expect_refusal(ground, done):
    ground.expect_error(done)
    suite.expect(done.tree == ground.old, trees.difference(ground.old, done.tree), lab.look(done))


def step_on_full(ground, fill, free):
    """Whether the step was done; if not, nothing has changed, and it is done once there is space."""
    with disk(ground.old) as root:
        fill(root, free)
        done = lab.run(root, *ground.scenario.run)
        if done == ground.clean:
            return True
        expect_refusal(ground, done)
        empty(root)
        done = lab.run(root, *ground.scenario.run)
        suite.expect(done == ground.clean, "with room again:", lab.look(done))
        return False


def recover_on_full(ground, fill, at):
    """Killed after a call, and then there is no space: the recovery is done, or is done later."""
    with disk(ground.old) as root:
        lab.run(root, *ground.scenario.run, at=at, do="AFTER")
        fill(root, 0)
        done = lab.run(root, "recover")
        if done.status == 0:
            ground.expect_end(done)
        else:
            ground.expect_error(done)
        ground.expect_values(done.tree)
        empty(root)
        ground.expect_recovered(root)


def remount(root, how):
    subprocess.run(["mount", "-o", f"remount,{how}", os.path.dirname(root)], check=True)


def step_on_read_only(ground):
    with disk(ground.old) as root:
        remount(root, "ro")
        expect_refusal(ground, lab.run(root, *ground.scenario.run))


def recover_on_read_only(ground, at):
    with disk(ground.old) as root:
        killed = lab.run(root, *ground.scenario.run, at=at, do="AFTER")
        remount(root, "ro")
        done = lab.run(root, "recover")
        suite.expect(done.tree == killed.tree, trees.difference(killed.tree, done.tree))
        if done.status:
            ground.expect_error(done)
        else:
            ground.expect_end(done)
        remount(root, "rw")
        ground.expect_recovered(root)


# What a careless generator does: it removes all that git does not know and what it makes anew, and caches too much.
FILLING = "rm -rf .promote rendered; cat /dev/zero >../filler; exit 3"
MAKING = "rm -rf .promote rendered; mkdir ../filler; seq 9999 | (cd ../filler && xargs touch); exit 3"
LACKS = "The step is not undone in full, and .promote lacks what 'promote recover' would need to continue it:"


def run_generator(ground, root, command):
    run = [x for x in ground.scenario.run if not x.startswith("--generate-command=")]
    done = lab.run(root, *run, "--generate-command=" + command)
    suite.expect(done.status == 1, lab.look(done))
    return done


def generator_on_full(ground, pages):
    """It fills the disk when it has removed what an undo needs. If rendered/ is large, the undo ends in a later run."""
    with disk(ground.old) as root:
        with open(os.path.join(root, "rendered", "large"), "wb") as file:
            file.write(b"x" * (os.sysconf("SC_PAGE_SIZE") * pages))
        old = trees.snapshot(root)
        done = run_generator(ground, root, FILLING)
        if pages:
            suite.expect("'promote recover' continues" in done.stderr, lab.look(done))
            empty(root)
            done = lab.run(root, "recover")
            suite.expect(done.status == 0, lab.look(done))
        suite.expect(done.tree == old, trees.difference(old, done.tree), lab.look(done))


def generator_takes_inodes(ground):
    """Of these none are kept: the run says that a later one cannot go on."""
    with disk(ground.old) as root:
        done = run_generator(ground, root, MAKING)
        suite.expect(LACKS in done.stderr.splitlines(), lab.look(done))
        suite.expect("'promote recover' continues" not in done.stderr, lab.look(done))


def places(ground):
    """The calls after which a run is killed."""
    made = [at for at, call in enumerate(ground.calls, 1) if call in lab.CHANGES]
    return made[:: (1 + len(made) // MANY) * (1 if lab.SLOWNESS == 1 else 5)]


def test_full(tap, ground):
    name, kills = ground.scenario.name, places(ground)
    for fill in (fill_pages, fill_inodes):
        what, made = fill.__name__.removeprefix("fill_"), []
        try:
            free = next(x for x in range(MOST_FREE) if step_on_full(ground, fill, x))
        except (suite.Failed, StopIteration) as failure:
            made, free = [repr(failure)], "?"
        tap.result(f"{name}: no {what} left, until there are {free}", made)
        made = lab.failures_of(recover_on_full, [(ground, fill, at) for at in kills])
        tap.result(f"{name}: no {what} left for the recovery ({len(kills)} cases)", made)


def test_read_only(tap, ground):
    name, kills = ground.scenario.name, places(ground)
    tap.result(f"{name}: the file system is read-only", lab.failures_of(step_on_read_only, [(ground,)]))
    made = lab.failures_of(recover_on_read_only, [(ground, at) for at in kills])
    tap.result(f"{name}: the file system is read-only for the recovery ({len(kills)} cases)", made)


def why_not():
    """Why no disk can be mounted here, or ""."""
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "promote-test", "/mnt"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""


def main():
    if "INSIDE" not in os.environ:
        why = why_not()
        if why:
            print("1..0 # SKIP no disk can be mounted here:", " ".join(why.split()))
            return
        os.environ["INSIDE"] = "1"
        sys.stdout.flush()
        os.execvp("unshare", ["unshare", "-rm", sys.executable, "-B", *sys.argv])
    tap = suite.Tap()
    os.umask(0o022)
    for ground in map(lab.Ground, scenarios.some_scenarios()):
        if ground.scenario.generator:
            name = ground.scenario.name
            made = lab.failures_of(generator_on_full, [(ground, 0), (ground, 60)])
            tap.result(f"{name}: a generator fills the disk", made)
            made = lab.failures_of(generator_takes_inodes, [(ground,)])
            tap.result(f"{name}: a generator takes all inodes", made)
        else:
            test_full(tap, ground)
            test_read_only(tap, ground)
    tap.end()


if __name__ == "__main__":
    sys.exit(main())
