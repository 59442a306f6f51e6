#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The values of all targets as a short program in Python would make them, to compare promote with.

    merge.py FLEET CLUSTER_TYPE yaml|json|text|none [TARGET]

Reads each file once with yaml.CSafeLoader, merges dictionaries for each target, and writes them with
yaml.CSafeDumper, with json.dump, with json.dumps, which is faster and indents nothing, or not at all.
"""

import json
import os
import sys

import yaml


def load(path):
    try:
        with open(path, "rb") as f:
            return yaml.load(f, Loader=yaml.CSafeLoader) or {}
    except FileNotFoundError:
        return None


def walk(dimensions, sequence, path=(), facts=()):
    """Every target: its positions from the widest on, and its facts."""
    if not dimensions or dimensions[0] not in sequence:
        yield path, dict(facts)
        return
    for item in sequence[dimensions[0]]:
        item = item if isinstance(item, dict) else {"name": item}
        at = "/".join([path[-1], item["name"]] if path else [item["name"]])
        yield from walk(dimensions[1:], item, path + (at,), facts + ((dimensions[0][:-1], item["name"]),))


def merge(below, above):
    """A new dictionary; what is not in both is shared."""
    made = dict(below)
    for key, value in above.items():
        old = made.get(key)
        made[key] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return made


def read_application(top):
    """The base values, and by position what its override and patches set, in their order."""
    layers = {}
    for directory, _, names in os.walk(top):
        found = [load(os.path.join(directory, x)) for x in sorted(names) if x == "override.yaml" or x.startswith("patch-")]
        for values in found:
            values.pop("metadata", None)
        if found:
            layers[os.path.relpath(directory, top)] = found
    return load(os.path.join(top, "values.yaml")), layers


def spread(defaults, base):
    """The defaults of each section under every item that it has in the base values."""
    made = {}
    for section, values in (defaults or {}).items():
        if "default" in values and section in base:
            made[section] = {item: values["default"] for item in base[section]}
    return made


def main(root, kind, output, only=None):
    config = load(os.path.join(root, "config/config.yaml"))
    targets = list(walk(config["dimensions"], config["sequence"]))
    top = os.path.join(root, "config", kind)
    defaults = load(os.path.join(top, "defaults.yaml"))
    applications = []
    for name in sorted(os.listdir(top)):
        if os.path.isdir(os.path.join(top, name)):
            base, layers = read_application(os.path.join(top, name))
            if base is not None:
                applications.append((merge(spread(defaults, base), base), layers))
    first = True
    for path, facts in targets:
        if only and path[-1] != only:
            continue
        values = {"cluster": facts}
        for base, layers in applications:
            for position in path:
                for layer in layers.get(position, ()):
                    base = merge(base, layer)
            values = merge(values, base)
        if output == "yaml":
            print("---\n#", path[-1])
            yaml.dump(values, sys.stdout, Dumper=yaml.CSafeDumper, sort_keys=False)
        elif output != "none":
            print("{" if first else ",", json.dumps(path[-1]), ":")
            if output == "json":
                json.dump(values, sys.stdout, indent=2)
            else:
                sys.stdout.write(json.dumps(values))
        first = False
    if output in ("json", "text"):
        print("}")


main(*sys.argv[1:])
