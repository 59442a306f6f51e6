#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long it takes to look at a fleet of very many patch files.

    look.py [--keep DIR] PROMOTE [FILES [PAIRS]]

Makes a fleet with FILES patch files (1,000,000) in 200 applications below $TMPDIR, and runs these commands in turn,
PAIRS times (5):

    promote status --names      find config -name 'patch-*.yaml'
    promote status              grep -rc '' config
    promote check               the same

--keep: the fleet is in DIR, where it is made if it is not there, and left.

The fleet has 3 dimensions and 300 targets. Each application has patches on their way: each has copies at the first
targets of the sequence, one for each target, and every patch has values and a length of its own. README.md says what
the table shows.
"""

import argparse
import os
import shutil
import tempfile

from pairs import compare

TYPES, APPLICATIONS = 2, 200
ENVIRONMENTS, SECTORS, REGIONS = 3, 10, 10
TARGETS = [f"env-{e}/sector-{s}/region-{r}" for e in range(3) for s in range(10) for r in range(10)]
STEP = 7  # a patch covers so many targets less than the one before it


def config():
    lines = ["dimensions: [environments, sectors, regions]", "cluster_types:"]
    lines += [f"  - name: type-{t}" for t in range(TYPES)] + ["sequence:", "  environments:"]
    for e in range(ENVIRONMENTS):
        lines += [f"    - name: env-{e}"] + ["      promotion: manual"] * (e > 0) + ["      sectors:"]
        for s in range(SECTORS):
            lines += [f"        - name: sector-{s}", "          regions:"]
            lines += [f"            - region-{r}" for r in range(REGIONS)]
    return "\n".join(lines) + "\n"


def write(path, text):
    with open(path, "wb", opener=lambda p, flags: os.open(p, flags, 0o644)) as file:
        file.write(text)


def make_application(path, name, files):
    """An application with this many patch files."""
    for target in TARGETS:
        os.makedirs(f"{path}/{target}")
    values = f"applications:\n  {name}:\n    source:\n      targetRevision: v1.0\n    replicas: 1\n"
    write(f"{path}/values.yaml", values.encode())
    number = 0
    while files > 0:
        count = min(files, len(TARGETS) - STEP * (number % 40))
        text = (
            f"metadata:\n  description: change {number}\n  ticket: CHG-{number}\n"
            f"applications:\n  {name}:\n    values:\n      setting-{number}: v{number}\n      flag-{number}: true\n"
        ).encode()
        for target in TARGETS[:count]:
            write(f"{path}/{target}/patch-{number:03}.yaml", text)
        files -= count
        number += 1


def make(root, files):
    for t in range(TYPES):
        os.makedirs(f"{root}/config/type-{t}")
    for i in range(APPLICATIONS):
        share = files // APPLICATIONS + (i < files % APPLICATIONS)
        name = f"app-{i:03}"
        make_application(f"{root}/config/type-{i % TYPES}/{name}", name, share)
    write(f"{root}/config/config.yaml", config().encode())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep")
    parser.add_argument("promote")
    parser.add_argument("files", nargs="?", type=int, default=1_000_000)
    parser.add_argument("pairs", nargs="?", type=int, default=5)
    given = parser.parse_args()
    promote = os.path.realpath(given.promote)
    root = given.keep or tempfile.mkdtemp(prefix="promote-bench-")
    try:
        if not os.path.exists(f"{root}/config/config.yaml"):
            make(root, given.files)
        print("                     wall s                   cpu s                  peak MiB")
        print("job                  ours   other  ratio      ours   other  ratio      ours")
        good = 0, 4  # 4: check has found errors
        find, grep = ["find", "config", "-name", "patch-*.yaml"], ["grep", "-rc", "", "config"]
        compare("status --names", [promote, "status", "--names"], find, root, good, given.pairs)
        compare("status", [promote, "status"], grep, root, good, given.pairs)
        compare("check", [promote, "check"], grep, root, good, given.pairs)
    finally:
        if not given.keep:
            shutil.rmtree(root)


if __name__ == "__main__":
    main()
