#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each directory of a fleet in turn is one that the user may not write to. Prints TAP."""

import contextlib
import functools
import os
import shutil
import sys

import lab
import scenarios
import suite
import trees

NOBODY = 65534  # whom root becomes, who may write everywhere


@contextlib.contextmanager
def given(ground):
    """(its tree, who it belongs to)"""
    with lab.planted(ground.old) as root:
        user = NOBODY if os.geteuid() == 0 else None
        os.chmod(os.path.dirname(root), 0o755)
        for path in [".", *ground.old] if user else []:
            os.chown(os.path.join(root, path), user, user, follow_symlinks=False)
        yield root, user


def run(ground, root, user):
    return lab.run(root, *ground.scenario.run, user=user)._replace(tree=trees.snapshot(root))


@functools.cache
def wanted(ground):
    """What the user gets if nothing is closed: a hold says who made it, so that it is not root's."""
    with given(ground) as (root, user):
        return run(ground, root, user)


def step_in_closed_directory(ground, directory):
    """A directory that the user may not write to."""
    with given(ground) as (root, user):
        mode = os.stat(os.path.join(root, directory)).st_mode
        os.chmod(os.path.join(root, directory), 0o555)
        before = trees.snapshot(root)
        done = run(ground, root, user)
        os.chmod(os.path.join(root, directory), mode)
        if done.status:
            ground.expect_error(done)
            suite.expect(done.tree == before, trees.difference(before, done.tree), lab.look(done))
        done = run(ground, root, user) if done.status else done._replace(tree=trees.snapshot(root))
        suite.expect(done == wanted(ground), "when it may write:", lab.look(done))


def main():
    tap = suite.Tap()
    os.umask(0o022)
    with suite.directory() as directory:  # with a copy of the program that anyone can reach
        os.chmod(directory, 0o755)
        lab.PROMOTE = shutil.copy(lab.PROMOTE, directory)
        for ground in map(lab.Ground, scenarios.all_scenarios()):
            if ground.scenario.generator:
                continue
            directories = ["."] + [x for x, (kind, _, _) in ground.old.items() if kind == "directory"]
            made = lab.failures_of(step_in_closed_directory, [(ground, x) for x in directories])
            tap.result(f"{ground.scenario.name}: a directory is read-only ({len(directories)} cases)", made)
    tap.end()


if __name__ == "__main__":
    sys.exit(main())
