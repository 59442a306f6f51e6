#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A run is killed while its generator runs, and the generator continues without it. Prints TAP.

The next run may wait for it or undo what it did; but what that run leaves is not changed after it has ended.
"""

import os
import select
import subprocess
import sys
import time

import lab
import scenarios
import suite
import trees

# It waits for a file beside the fleet before it writes.
SLOW = """\
touch rendered/started
while [ ! -e ../go ]; do sleep 0.02; done
rm rendered/started
echo "late: 1" >rendered/mgmt/stage/s1/us/values.yaml
"""
HELD = 6  # exit status: another run holds the fleet


def kill_while_generating(root, arguments):
    """Returns a pipe that ends when the generator does."""
    ended, held = os.pipe()
    os.set_inheritable(held, True)
    command = [lab.PROMOTE, "-C", root, *arguments]
    run = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=lab.environment(), close_fds=False)
    os.close(held)
    until = time.monotonic() + lab.TIMEOUT
    while not os.path.exists(os.path.join(root, "rendered/started")):
        suite.expect(time.monotonic() < until, "the generator does not start")
        time.sleep(0.01)
    run.kill()
    run.wait()
    return ended


def let_it_end(root, ended):
    with open(os.path.join(os.path.dirname(root), "go"), "wb"):
        pass
    suite.expect(select.select([ended], [], [], lab.TIMEOUT)[0], "the generator does not end")
    os.close(ended)


def check(scenario, *next_run):
    with lab.planted(scenario.old) as root:
        ended = kill_while_generating(root, scenario.run)
        command = [lab.PROMOTE, "-C", root, *next_run]
        done = subprocess.run(command, capture_output=True, env=lab.environment(), check=False)
        then = trees.snapshot(root)
        let_it_end(root, ended)
        if done.returncode == HELD:
            suite.expect(lab.run(root, *next_run).status == 0, "not even when the generator has ended")
            then = trees.snapshot(root)
        else:
            suite.expect(done.returncode == 0, done)
        now = trees.snapshot(root)
        suite.expect(now == then, f"what the next run left was changed after it: {trees.difference(then, now)}")
        suite.expect(".promote" not in now and "rendered/started" not in now, trees.difference(scenario.old, now))


def main():
    tap = suite.Tap()
    os.umask(0o022)
    scenario = scenarios.scenario("slow", scenarios.placed("integration"), script=SLOW)
    for run in (["recover"], ["--no-generate", *scenario.run]):
        arguments = [*run, "--lock-timeout=0"]
        made = lab.failures_of(check, [(scenario, *arguments)])
        tap.result(f"a generator outlives its run, then: promote {' '.join(arguments)}", made)
    tap.end()


if __name__ == "__main__":
    sys.exit(main())
