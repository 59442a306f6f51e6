#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A rollout in memory makes the edits that real runs make, step by step to its end, and promote plan tells them all
before the first one. Prints TAP.

WALK is the program that walks (walk.c). The fleets are the example in the tree and random ones.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import fleets
from suite import TIMEOUT, Tap, directory, environment, expect, many, on_fleet, run

FLEETS = 120
MOST_STEPS = 100
WALK = os.environ["WALK"]
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "fleet"


def paths_below(root):
    return sorted(str(x.relative_to(root)) for x in Path(root, "config").rglob("*") if x.is_file())


def walked(root, flight, level):
    """The steps in memory: [(action, position, edits)], and how it ended."""
    done = subprocess.run(
        [WALK, str(root), *flight, level],
        input="".join(x + "\n" for x in paths_below(root)).encode(),
        capture_output=True,
        timeout=TIMEOUT,
        env=environment(),
        check=False,
    )
    expect(done.returncode == 0 and not done.stderr, f"walk: exit {done.returncode}", done.stderr.decode())
    steps, end = [], None
    for line in done.stdout.decode().splitlines():
        expect(end is None, f"after the end: {line}")
        word, _, rest = line.partition("\t")
        if word == "step":
            steps.append((*rest.split("\t"), []))
        elif word in ("end", "refused"):
            end = line
        else:
            steps[-1][2].append((word, *rest.split("\t")))
    return steps, end


def check_edits(root, edits, report, before):
    """The same edits in the same order; created and changed files have the bytes and the mode of the walk."""
    names = {"create": "create", "replace": "change", "remove": "remove"}
    told = [(x["action"], x["path"]) for x in report["edits"]]
    expect(told == [(names[x[0]], x[1]) for x in edits], f"a real step: {told}", f"in memory: {edits}")
    for kind, path, *more in edits:
        file = Path(root, path)
        if kind == "remove":
            expect(not file.exists(), f"{path} is still there")
            continue
        mode = int(more[0], 8) if kind == "create" else before[path]
        expect(file.read_bytes().hex() == more[-1], f"{path} has other bytes than in memory")
        expect(file.stat().st_mode & 0o777 == mode, f"{path} has another mode than in memory")


def told(report):
    """What a plan tells of a step, and a step of itself: all but the file that a copy was made from, long gone in a plan."""
    edits = [{k: v for k, v in x.items() if k != "from"} for x in report["edits"]]
    gates = [x if isinstance(x, str) else x["position"] for x in report["gates"]]
    keys = ("action", "source", "target", "targets", "consolidated", "effect", "covered")
    return {"edits": edits, "gates": gates, **{k: report[k] for k in keys}}


def planned(root, flight, level):
    """The plan of all steps."""
    options = ["-o", "json", "--accept-conflict", "--prune-overrides", f"--level={level}"]
    status, out, err = run(root, "plan", *options, "--", *flight)
    expect(out, f"promote plan: exit {status}", err.decode())
    plan = json.loads(out)
    if plan["kind"] == "Error":
        return [], plan, status
    first = plan["steps"][0] if plan["steps"] else {"gates": []}
    right = plan["refusal"]["exit"] if plan["refusal"] else 5 if first["gates"] else 0
    expect(status == right, f"promote plan: exit {status}, expected {right}")
    return plan["steps"], plan["refusal"], status


def compare(root, flight, level, positions):
    """Plans, walks in memory, then takes the steps. Returns how many steps were compared, and how it ended."""
    plan, refusal, _ = planned(root, flight, level)
    steps, end = walked(root, flight, level)
    expect(len(plan) == len(steps), f"{len(plan)} steps in the plan, {len(steps)} in memory")
    expect(bool(refusal) == (end != "end"), f"the plan: {refusal}", f"in memory: {end}")
    options = [f"--approve={x}" for x in positions]
    options += ["--accept-conflict", "--prune-overrides", "--no-generate", f"--level={level}"]
    expect(len(steps) <= MOST_STEPS, "the rollout has no end")
    for step, (action, position, edits) in zip(plan, steps):
        before = {x: Path(root, x).stat().st_mode & 0o777 for x in paths_below(root)}
        status, out, err = run(root, "-o", "json", *options, "--", *flight)
        expect(status == 0, f"in memory: {action} {position}; a real step: exit {status}", err.decode())
        report = json.loads(out)
        real = report["target"]["position"] if report["target"] else "-"
        expect((report["action"], real) == (action, position), f"in memory: {action} {position}", f"real: {report}")
        expect(told(step) == told(report), f"planned: {told(step)}", f"done:    {told(report)}")
        check_edits(root, edits, report, before)
    if end == "end":
        return len(steps), "integrated"
    status, _, err = run(root, *options, "--", *flight)
    expect(end == f"refused\t{status}\t{first_error(err)}", f"in memory: {end}", f"real: exit {status}", err.decode())
    expect((refusal["exit"], refusal["message"]) == (status, first_error(err)), f"planned: {refusal}", err.decode())
    return len(steps), "refused"


def first_error(err):
    """The text of the error, without warnings before it and details after it."""
    lines = [x for x in err.decode().splitlines() if x.startswith("ERROR: ")]
    return lines[0].removeprefix("ERROR: ") if lines else ""


def check_fleet(seed):
    """One patch of a random fleet, while the others stay where they are."""
    made = fleets.Random(seed)
    rng = random.Random(seed)
    if not made.flights:
        return {}, []
    flight, level = rng.choice(made.flights), rng.choice(made.dimensions)

    def check(root, counters):
        count, end = compare(root, flight, level, made.positions)
        counters.update({"steps": count, end: 1})

    return on_fleet(made, seed, check)


def check_example():
    with directory() as root:
        shutil.copytree(EXAMPLE, root, dirs_exist_ok=True)
        flight = ("edge", "gateway", "patch-001")
        config = ["lab", "trial", "live", "live/live-rest"]
        count, end = compare(root, flight, "sectors", config)
        expect((count, end) == (6, "integrated"), f"{count} steps, {end}")


def main():
    tap = Tap()
    tap.point("the example fleet: six steps in memory, and the same for real", check_example)
    counters, failures, seconds = many(check_fleet, FLEETS)
    tap.result("random fleets: {fleets}, {steps} steps".format_map(counters) + f", {seconds:.0f} s", failures)
    missing = [x for x in ("integrated", "refused") if not counters[x]] if counters["fleets"] >= FLEETS else []
    tap.result("both ends were met", [f"never: {x}" for x in missing])
    tap.end()


if __name__ == "__main__":
    main()
