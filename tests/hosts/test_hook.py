#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The hook of .pre-commit-hooks.yaml: its syntax, and commits through pre-commit itself, which a bad one does not pass."""

import shutil

import kit
from suite import Tap

MANIFEST = kit.TOP / ".pre-commit-hooks.yaml"
CHECKED = "promote check............................................................"
COPY = "config/edge/gateway/lab/lab-a/amsterdam/patch-001.yaml"


def install(world):
    """A clone of the fleet whose commits pass the hook of a repository as this one."""
    source = world.work / "promote"
    source.mkdir()
    shutil.copy(MANIFEST, source)
    kit.git(source, "init", "-q")
    kit.git(source, "add", "-A")
    kit.git(source, "commit", "-qm", "Hooks")
    kit.git(source, "tag", "v1")
    kit.git(world.work, "clone", "-q", str(world.origin), "clone")
    clone = world.work / "clone"
    hooks = f"repos:\n  - repo: {source}\n    rev: v1\n    hooks:\n      - id: promote-check\n"
    (clone / ".pre-commit-config.yaml").write_text(hooks)
    kit.git(clone, "add", "-A")
    status, said = world.run(["pre-commit", "install", "--install-hooks"], clone)
    if status:
        raise ValueError(said)
    return clone


def commit(tap, world, clone, title, refused):
    """One commit: made, or refused for a finding with this code."""
    before = kit.git(clone, "rev-parse", "HEAD")
    kit.git(clone, "add", "-A")
    status, said = world.run(["git", "commit", "-qm", title], clone)
    made = kit.git(clone, "rev-parse", "HEAD") != before
    good = made == (not refused) == (status == 0)
    lines = said.splitlines()
    verdict = f"{CHECKED}{'Failed' if refused else 'Passed'}"
    good = good and verdict in lines and (not refused or any(refused in line for line in lines))
    tap.result(title, [] if good else [f"status {status}, made: {made}", said])


def commits(tap, world):
    clone = install(world)
    commit(tap, world, clone, "the hook passes a fleet in which nothing is wrong", None)
    fleet = clone / "config/edge/gateway"
    text = (fleet / "values.yaml").read_text()
    (fleet / "values.yaml").write_text(text + "applications: {}\n")
    commit(tap, world, clone, "the hook refuses a key that is there twice", "duplicate-key")
    (fleet / "values.yaml").write_text(text)
    (fleet / "live/live-canary").mkdir(parents=True, exist_ok=True)
    (fleet / "lab/patch-001.yaml").write_bytes((clone / COPY).read_bytes())
    (clone / COPY).unlink()
    commit(tap, world, clone, "the hook passes a copy at a wider position", None)
    for place in ("lab/lab-a/bergen", "lab/lab-b"):
        (fleet / place).mkdir(parents=True, exist_ok=True)
        shutil.copy(fleet / "lab/patch-001.yaml", fleet / place / "patch-001.yaml")
    (clone / COPY).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(fleet / "lab/patch-001.yaml", clone / COPY)
    (fleet / "lab/patch-001.yaml").unlink()
    commit(tap, world, clone, "the hook passes three copies for one", None)
    (fleet / "lab/lab-a/bergen/patch-001.yaml").unlink()
    commit(tap, world, clone, "the hook refuses a commit that only removes a file, and leaves a gap", "gap")


def main():
    tap = Tap()
    hooks = kit.read(tap, MANIFEST, "hooks")
    page = (kit.TOP / "man/promote-check.1.scd").read_text()
    wanted = [f"{key}: {value}".replace("True", "true").replace("False", "false") for h in hooks for key, value in h.items()]
    lost = [line for line in wanted if line not in page and not line.startswith("description")]
    tap.result("promote-check(1) shows the same hook", lost)
    if shutil.which("pre-commit") and shutil.which("git"):
        kit.tool(tap, "the manifest, by pre-commit", "pre-commit", "validate-manifest", str(MANIFEST))
        with kit.world() as work:
            commits(tap, kit.World(work))
    else:
        tap.skip("commits with the hook", "no pre-commit")
    tap.end()


main()
