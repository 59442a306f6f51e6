#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long the plan of a whole rollout takes, compared with a dry run of its first step.

    plan.py [--keep DIR] PROMOTE [SECTORS [REGIONS [PAIRS]]]

Makes a fleet of 3 environments with SECTORS sectors (100) of REGIONS regions (100) each below $TMPDIR, and runs these
commands in turn, PAIRS times (5), with an override at each tenth region, and without any:

    promote plan edge gateway patch-001       promote -n edge gateway patch-001

--keep: the fleets are in DIR, where they are made if they are not there, and left. README.md says what the table shows.
"""

import argparse
import os
import shutil
import tempfile

from pairs import compare

APP = "config/edge/gateway"


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", opener=lambda p, flags: os.open(p, flags, 0o644)) as file:
        file.write(text)


def make(root, sectors, regions, overrides):
    lines = ["dimensions: [environments, sectors, regions]", "cluster_types: [edge]", "sequence:", "  environments:"]
    for e in range(3):
        lines += [f"    - name: env-{e}"] + ["      promotion: manual"] * (e > 0) + ["      sectors:"]
        for s in range(sectors):
            lines.append(f"        - name: sector-{s}")
            lines.append("          regions: [" + ", ".join(f"region-{r}" for r in range(regions)) + "]")
    values = "applications:\n  gateway:\n    source:\n      targetRevision: v{}\n"
    write(f"{root}/config/config.yaml", "\n".join(lines) + "\n")
    write(f"{root}/{APP}/values.yaml", values.format(1) + "    replicas: 1\n")
    write(f"{root}/{APP}/env-0/sector-0/patch-001.yaml", values.format(2))
    for r in range(0, regions, 10) if overrides else ():
        for e in range(3):
            for s in range(sectors):
                text = f"applications:\n  gateway:\n    replicas: {r % 7}\n"
                write(f"{root}/{APP}/env-{e}/sector-{s}/region-{r}/override.yaml", text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep")
    parser.add_argument("promote")
    parser.add_argument("sectors", nargs="?", type=int, default=100)
    parser.add_argument("regions", nargs="?", type=int, default=100)
    parser.add_argument("pairs", nargs="?", type=int, default=5)
    given = parser.parse_args()
    promote = os.path.realpath(given.promote)
    top = given.keep or tempfile.mkdtemp(prefix="promote-bench-")
    try:
        print("                     wall s                   cpu s                  peak MiB")
        print("fleet                plan     step  ratio      plan    step  ratio      plan")
        for name, overrides in (("plain", False), ("with overrides", True)):
            root = os.path.join(top, name.replace(" ", "-"))
            if not os.path.exists(f"{root}/config/config.yaml"):
                make(root, given.sectors, given.regions, overrides)
            flight = ["edge", "gateway", "patch-001"]
            ours, theirs = [promote, "plan", *flight], [promote, "-n", "--no-generate", *flight]
            compare(name, ours, theirs, root, (0, 5), given.pairs)  # 5: the plan waits for a gate
    finally:
        if not given.keep:
            shutil.rmtree(top)


main()
