# SPDX-License-Identifier: Apache-2.0
"""Effective values by another program: computed from the files by the judge, without promote.

values.py values TYPE          all targets of the fleet in the working directory: {target: values}
values.py changes BEFORE AFTER what differs between two such files: "TARGET PATH: OLD -> NEW"
values.py compare A B          the paths of the values that differ between two values files
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import judge


def show(value):
    return "(unset)" if value is None else json.dumps(judge.to_json(value))


def all_values(kind):
    fleet = judge.Fleet(judge.read_files("."))
    return {target: judge.to_json(fleet.whole(kind, target)) for target in fleet.targets}


def main(what, *args):
    if what == "values":
        print(json.dumps(all_values(args[0])))
        return
    old, new = (judge.load(Path(x).read_bytes()) for x in args)
    if what == "changes":
        for keys, (before, after) in judge.changes(old, new).items():
            print(f"{keys[0].text} {judge.path_text(keys[1:])}: {show(before)} -> {show(after)}")
    else:
        for keys in judge.changes(old, new):
            print(judge.path_text(keys))


main(*sys.argv[1:])
