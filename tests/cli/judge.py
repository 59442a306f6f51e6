"""Effective values by another program: computed from the files with PyYAML, without promote.

judge.py values TYPE          all targets of the fleet in the working directory: {target: values}
judge.py changes BEFORE AFTER what differs between two such files: "TARGET PATH: OLD -> NEW"
judge.py compare A B          what differs between two values files: "PATH: A -> B"
"""

import json
import os
import sys

import yaml

NOTHING = object()


def read(path):
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file) or {}


def merge(base, over):
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    merged = dict(base)
    for key, value in over.items():
        merged[key] = merge(merged[key], value) if key in merged else value
    return merged


def targets(config):
    """Each target as its list of names."""
    dimensions = config["dimensions"]

    def below(items, depth, names):
        for item in items:
            item = item if isinstance(item, dict) else {"name": item}
            here = names + [item["name"]]
            children = item.get(dimensions[depth + 1]) if depth + 1 < len(dimensions) else None
            if children:
                yield from below(children, depth + 1, here)
            else:
                yield here

    return below(config["sequence"][dimensions[0]], 0, [])


def application(folder, defaults, names):
    base = read(f"{folder}/values.yaml")
    values = {}
    for section, items in base.items():
        every = defaults.get(section, {})
        if isinstance(every, dict) and "default" in every and isinstance(items, dict):
            values[section] = {item: every["default"] for item in items}
    values = merge(values, base)
    for depth in range(1, len(names) + 1):
        at = "/".join([folder] + names[:depth])
        files = sorted(os.listdir(os.fsencode(at))) if os.path.isdir(at) else []
        files = [os.fsdecode(x) for x in files]
        patches = [x for x in files if x.startswith("patch-") and x.endswith(".yaml")]
        for name in ["override.yaml"] + patches:
            layer = read(f"{at}/{name}")
            if name != "override.yaml":
                layer.pop("metadata", None)
            values = merge(values, layer)
    return values


def all_values(kind):
    config = read("config/config.yaml")
    defaults = read(f"config/{kind}/defaults.yaml")
    applications = sorted(
        x for x in os.listdir(f"config/{kind}") if os.path.exists(f"config/{kind}/{x}/values.yaml")
    )
    result = {}
    for names in targets(config):
        facts = {d[:-1] if d.endswith("s") else d: n for d, n in zip(config["dimensions"], names)}
        values = {"cluster": facts}
        for name in applications:
            values = merge(values, application(f"config/{kind}/{name}", defaults, names))
        result["/".join(names)] = values
    return result


def changes(old, new, path=""):
    if isinstance(old, dict) and isinstance(new, dict):
        for key in list(old) + [x for x in new if x not in old]:
            yield from changes(old.get(key, NOTHING), new.get(key, NOTHING), f"{path}.{key}" if path else key)
    elif old is NOTHING or new is NOTHING or (type(old), old) != (type(new), new):
        yield f"{path}: {show(old)} -> {show(new)}"


def show(value):
    return "(unset)" if value is NOTHING else json.dumps(value)


def main(what, *args):
    if what == "values":
        print(json.dumps(all_values(args[0])))
    elif what == "changes":
        old, new = (json.load(open(x, encoding="utf-8")) for x in args)
        for target in old:
            for line in changes(old[target], new[target]):
                print(target, line)
    else:
        for line in changes(*(read(x) for x in args)):
            print(line)


main(*sys.argv[1:])
