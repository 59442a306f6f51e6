#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Root takes a step in another user's fleet: files keep their owner, and setting the owner may fail. Prints TAP.

If it is not allowed, they are root's. Any other failure is one of the step. Also if they are shared with a group.
"""

import contextlib
import os
import sys

import lab
import scenarios
import suite
import trees

NOBODY = 65534
KEEPING = {"integrate", "prune", "fail to generate after a consolidation"}
planted = lab.planted


@contextlib.contextmanager
def planted_by_nobody(tree):
    with planted(tree) as root:
        for path in [".", *tree]:
            os.chown(os.path.join(root, path), NOBODY, NOBODY, follow_symlinks=False)
        lab.wait_a_tick()
        yield root


def owners(root, tree):
    return {path: os.lstat(os.path.join(root, path)).st_uid for path in tree}


def not_allowed(ground):
    """The step is done, and a changed owner can only be root; without a fault, files that existed keep their owner."""
    with planted_by_nobody(ground.old) as root:
        done = lab.run(root, *ground.scenario.run)
        suite.expect(done == ground.clean, lab.look(done))
        mine = {path for path, user in owners(root, done.tree).items() if user != NOBODY}
        suite.expect(not mine & set(ground.old), f"owner was changed: {sorted(mine & set(ground.old))}")
    with planted_by_nobody(ground.old) as root:
        done = lab.run(root, *ground.scenario.run, each="fchown:EPERM")
        suite.expect(done == ground.clean, lab.look(done))


def fails(ground):
    """Each call that sets an owner fails, alone or with all others not allowed."""
    for settings in ({}, {"each": "fchown:EPERM"}):
        with planted_by_nobody(ground.old) as root:
            _, lines = lab.traced(root, *ground.scenario.run, **settings)
        found = [at for at, line in enumerate(lines, 1) if line.split()[0] == "fchown"]
        suite.expect(found, "no file is given to its owner")
        for at in found:
            lab.fails(ground, "fchown", at=at, do="EIO", **settings)


def main():
    tap = suite.Tap()
    os.umask(0o022)
    os.environ["SUDO_UID"] = str(NOBODY)  # whom root acts for
    lab.planted = planted_by_nobody
    for scenario in scenarios.all_scenarios():
        if scenario.name not in KEEPING:
            continue
        if os.geteuid() != 0:
            tap.skip(f"{scenario.name}: owners are kept", "only root can give files away")
            continue
        ground = lab.Ground(scenario)
        tap.result(f"{scenario.name}: owners are kept", lab.failures_of(not_allowed, [(ground,)]))
        tap.result(f"{scenario.name}: an owner cannot be kept", lab.failures_of(fails, [(ground,)]))
    tap.end()


if __name__ == "__main__":
    sys.exit(main())
