# SPDX-License-Identifier: Apache-2.0
"""The effective values of a target, computed a second time.

    fleet = Fleet(read_files(root))
    values = fleet.whole(cluster_type, target)

Written after the description of the values, as simply as possible and with another YAML library, so that promote can
be compared with it. Nothing is cached but what a file's bytes mean.

A scalar's meaning is its value if the readers of YAML 1.1 and 1.2 agree about it. If they do not (`yes`, `0777`,
`1_000`, `12:30`, `2001-01-01`) it is the plain text as it is written, which is neither the quoted text nor a number.
A key is the text that Helm and kubectl make of it, and JSON has their values: see helm.py.
"""

import fnmatch
import functools
import math
import os
import re

import yaml

import helm

PLAIN = "plain"  # instead of the tag, which a plain scalar does not have
STR = "tag:yaml.org,2002:str"

NULLS = {"", "~", "null", "Null", "NULL"}
TRUE = {"true", "True", "TRUE"}
FALSE = {"false", "False", "FALSE"}
INT = re.compile(r"[-+]?(0|[1-9][0-9]*)|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+([eE][-+][0-9]+)?")
LONGEST_INT = 18  # characters; beyond it readers fall back to floats or fail
# What at least one reader does not read as a string.
UNSURE = re.compile(
    r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|<<|="
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
    r"|[-+]?0[xXoObB][0-9a-fA-F_]+"
    r"|[-+]?(?=[._]*[0-9])[0-9_]*\.?[0-9_]*([eE][-+]?[0-9_]+)?"
    r"|[-+]?[0-9][0-9_]*(:[0-9_]+)+(\.[0-9_]*)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?",
    re.DOTALL,
)


class Mistake(Exception):
    """A fleet that cannot be judged."""


class Scalar:
    """Equal to another one exactly if they mean the same. `text` is how it was written, for people."""

    __slots__ = ("kind", "value", "text")

    def __init__(self, kind, value, text):
        self.kind, self.value, self.text = kind, value, text

    def __eq__(self, other):
        return isinstance(other, Scalar) and (self.kind, self.value) == (other.kind, other.value)

    def __hash__(self):
        return hash((self.kind, self.value))

    def __repr__(self):
        return f"{self.kind}({self.text!r})"


def string(text):
    return Scalar("string", text, text)


def plain(text):
    """What a plain scalar means."""
    if text in NULLS:
        return Scalar("null", None, text)
    if text in TRUE or text in FALSE:
        return Scalar("bool", text in TRUE, text)
    if INT.fullmatch(text) and len(text) <= LONGEST_INT:
        return Scalar("int", int(text, 16 if text.startswith("0x") else 10), text)
    if FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return Scalar("float", repr(float(text)), text)
    return Scalar("unsure", text, text) if FLOAT.fullmatch(text) or UNSURE.fullmatch(text) else string(text)


# Reading -------------------------------------------------------------------------------------


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    def resolve(self, kind, value, implicit):
        if kind is yaml.ScalarNode:
            return PLAIN if implicit[0] else STR
        return super().resolve(kind, value, implicit)


def build_scalar(node):
    if node.tag == PLAIN:
        return plain(node.value)
    if node.tag == STR:
        return string(node.value)
    return Scalar("tagged", (node.tag, not node.style, node.value), node.value)


def helms(node):
    """A scalar as helm.py takes it."""
    plain = node.tag == PLAIN
    return "" if plain or node.tag == STR else node.tag, plain, node.value


def helms_own(scalar):
    """The same of a scalar that was built."""
    return scalar.value if scalar.kind == "tagged" else ("", scalar.kind != "string", scalar.text)


def build_key(node):
    if not isinstance(node, yaml.ScalarNode):
        raise Mistake("a key that is not a scalar")
    try:
        return string(helm.key(*helms(node)))
    except helm.Refused as e:
        raise Mistake(f"a key that Helm refuses: {node.value}") from e


def is_merge_key(node):
    return isinstance(node, yaml.ScalarNode) and node.tag == PLAIN and node.value == "<<"


def merged_mappings(node):
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if not all(isinstance(x, yaml.MappingNode) for x in nodes):
        raise Mistake("a merge key of something else than mappings")
    return [build(x) for x in nodes]


def build(node):
    if isinstance(node, yaml.ScalarNode):
        return build_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [build(x) for x in node.value]
    made, merged = {}, []
    if sum(is_merge_key(key) for key, _ in node.value) > 1:
        raise Mistake("two merge keys")
    for key, value in node.value:
        if is_merge_key(key):
            merged += merged_mappings(value)
            continue
        name = build_key(key)
        if name in made:
            raise Mistake(f"duplicate key {name}")
        made[name] = build(value)
    for mapping in merged:  # the mapping's own keys win, then those merged first
        for key, value in mapping.items():
            made.setdefault(key, value)
    return made


@functools.lru_cache(maxsize=4096)
def compose(text):
    """The nodes of a file, with their places."""
    return yaml.compose(text.decode("utf-8-sig"), Loader=Loader)


@functools.lru_cache(maxsize=4096)
def load(text):
    """What a file's bytes mean: a mapping; an empty one for a file that says nothing."""
    node = compose(text)
    value = {} if node is None else build(node)
    if isinstance(value, Scalar) and value.kind == "null":
        return {}
    if not isinstance(value, dict):
        raise Mistake("a file that holds no mapping")
    return value


def load_patch(text):
    return {k: v for k, v in load(text).items() if k != string("metadata")}


# Merging -------------------------------------------------------------------------------------


def merge(below, above):
    """Mappings key by key; anything else replaces."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    made = dict(below)
    for key, value in above.items():
        made[key] = merge(below[key], value) if key in below else value
    return made


def spread(defaults, values):
    """SECTION.default under every item of that section of the values."""
    made = {}
    for section, content in defaults.items():
        items = values.get(section)
        if isinstance(content, dict) and string("default") in content and isinstance(items, dict):
            made[section] = {item: content[string("default")] for item in items}
    return made


# The fleet -----------------------------------------------------------------------------------


def read_files(root):
    """All files below ROOT/config: their bytes by their paths from ROOT."""
    files = {}
    for directory, _, names in os.walk(os.path.join(root, "config")):
        for name in names:
            path = os.path.join(directory, name)
            with open(path, "rb") as file:
                files[os.path.relpath(path, root)] = file.read()
    return files


class Fleet:
    """The fleet that is in `files`, as read_files() gives them."""

    def __init__(self, files):
        self.files = files
        self.directories = {}  # of each directory: the names in it
        for path in files:
            while path:
                directory, _, name = path.rpartition("/")
                self.directories.setdefault(directory, set()).add(name)
                path = directory
        config = load(files["config/config.yaml"])
        self.dimensions = [x.text for x in config[string("dimensions")]]
        self.positions = []  # paths in sequence order
        self.targets = []
        self.manual = set()
        self.add_positions(config[string("sequence")], 0, "")

    def add_positions(self, holder, depth, parent):
        name = string(self.dimensions[depth]) if depth < len(self.dimensions) else None
        children = holder.get(name) if isinstance(holder, dict) else None
        for child in children or []:
            is_map = isinstance(child, dict)
            path = parent + (child[string("name")] if is_map else child).text
            self.positions.append(path)
            if is_map and child.get(string("promotion")) == string("manual"):
                self.manual.add(path)
            self.add_positions(child, depth + 1, path + "/")
        if not children and parent:
            self.targets.append(parent[:-1])

    def applications(self, kind):
        """The directories of a cluster type, in byte order."""
        names = self.directories.get(f"config/{kind}", ())
        return sorted((x for x in names if f"config/{kind}/{x}" in self.directories and x[0] != "."), key=os.fsencode)

    def layers_at(self, kind, application, position):
        """The paths of a position's files, in the order in which they apply."""
        directory = f"config/{kind}/{application}/{position}"
        names = [x for x in self.directories.get(directory, ()) if f"{directory}/{x}" in self.files]
        patches = sorted((x for x in names if fnmatch.fnmatchcase(x, "patch-?*.yaml")), key=os.fsencode)
        return [f"{directory}/{x}" for x in (["override.yaml"] if "override.yaml" in names else []) + patches]

    def layers(self, kind, application, target):
        """What an application is made of at a target, from the bottom up: files and what they set."""
        made = []
        base = f"config/{kind}/{application}/values.yaml"
        defaults = f"config/{kind}/defaults.yaml"
        if base in self.files:
            values = load(self.files[base])
            if defaults in self.files:
                made.append((defaults, spread(load(self.files[defaults]), values)))
            made.append((base, values))
        names = target.split("/")
        for depth in range(1, len(names) + 1):
            for path in self.layers_at(kind, application, "/".join(names[:depth])):
                is_patch = not path.endswith("/override.yaml")
                made.append((path, (load_patch if is_patch else load)(self.files[path])))
        return made

    def application(self, kind, application, target):
        """The effective values of one application at a target."""
        return functools.reduce(merge, (x for _, x in self.layers(kind, application, target)), {})

    def whole(self, kind, target):
        """All that a target gets: the cluster's facts, and the applications that have base values."""
        facts = {
            string(re.sub("(?<=.)s$", "", dimension)): string(name)
            for dimension, name in zip(self.dimensions, target.split("/"))
        }
        made = {string("cluster"): facts}
        for application in self.applications(kind):
            if f"config/{kind}/{application}/values.yaml" in self.files:
                made = merge(made, self.application(kind, application, target))
        return made


# Comparing -----------------------------------------------------------------------------------


def fits_json(value):
    """Whether JSON can have all of it."""
    if isinstance(value, Scalar):
        return helm.fits(*helms_own(value))
    return all(map(fits_json, value if isinstance(value, list) else value.values()))


def to_json(value):
    """As Helm and kubectl have it; what JSON cannot have is its text."""
    if isinstance(value, Scalar):
        return helm.json_of(*helms_own(value))
    if isinstance(value, list):
        return [to_json(x) for x in value]
    return {key.text: to_json(x) for key, x in value.items()}


def changes(old, new, path=()):
    """The values that differ: {keys: (old, new)}, None for what is not set. Mappings are compared key by key."""
    if (old is None or isinstance(old, dict)) and (new is None or isinstance(new, dict)) and (old or new):
        found = {}
        for key in {**(old or {}), **(new or {})}:
            found.update(changes((old or {}).get(key), (new or {}).get(key), path + (key,)))
        return found
    return {} if old == new else {path: (old, new)}


def leaves(value, path=()):
    """The paths of what is no mapping, or an empty one."""
    if not isinstance(value, dict) or not value:
        return [path]
    return [found for key, below in value.items() for found in leaves(below, path + (key,))]


def follow(tree, keys):
    """How much of the path a tree sets, and what it has there; it may be no mapping above the end. None for nothing."""
    for i, key in enumerate(keys):
        if not isinstance(tree, dict):
            return keys[:i], tree
        if key not in tree:
            return None
        tree = tree[key]
    return keys, tree


def at(tree, keys):
    """What a tree has at the path; None for nothing."""
    for key in keys:
        if not isinstance(tree, dict) or key not in tree:
            return None
        tree = tree[key]
    return tree


def taken_over(layers, patch, old, new):
    """What a step from `old` to `new` values takes over from other patches: {(keys, file)}.

    `layers` are those of before, as Fleet.layers() gives them; `patch` is the file's name of the one that moves. Of
    each value that is gone, is new or differs, the highest other patch that sets it, unless it sets what is there now.
    """
    others = [
        (path, tree)
        for path, tree in reversed(layers)
        if path.rpartition("/")[2].startswith("patch-") and path.rpartition("/")[2] != patch
    ]
    found = set()
    for above, (was, now) in changes(old, new).items():
        paths = set() if was is None else set(leaves(was, above))
        if now is not None and not isinstance(was, dict):
            paths |= set(leaves(now, above))
        for keys in paths:
            for path, tree in others:
                setting = follow(tree, keys)
                if setting is None:
                    continue
                there = at(new, setting[0])
                if not (isinstance(setting[1], dict) and isinstance(there, dict)) and setting[1] != there:
                    found.add((setting[0], path))
                break
    return found


def path_text(keys):
    """As people write a path: dots between keys, quotes around those that need them."""

    def part(key):
        text = key.text
        controls = any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in text)
        if text and "." not in text and not text.startswith('"') and not controls:
            return text
        text = text.replace("\\", "\\\\").replace('"', '\\"')
        if controls:
            text = "".join(f"\\x{b:02x}" if b < 0x20 or b >= 0x7F else chr(b) for b in text.encode())
        return f'"{text}"'

    return ".".join(map(part, keys))


# Places ---------------------------------------------------------------------------------------


def split_path(text):
    """The keys of a path as people write it."""
    parts = re.findall(r'(?:^|\.)(?:"((?:[^"\\]|\\.)*)"|([^.]*))', text, re.DOTALL)

    def plain(quoted):
        raw = re.sub(rb"\\(?:x([0-9a-f]{2})|(.))", lambda m: m[2] or bytes([int(m[1], 16)]), quoted.encode())
        return raw.decode()

    return [bare or plain(quoted) for quoted, bare in parts]


def child(node, key):
    """The (key, value) nodes of a mapping for a key, through merge keys."""
    for k, v in node.value:
        if not is_merge_key(k) and build_key(k).text == key:
            return k, v
    for k, v in node.value:
        if is_merge_key(k):
            for x in v.value if isinstance(v, yaml.SequenceNode) else [v]:
                found = child(x, key)
                if found:
                    return found
    return None


def lines_that_set(name, text, path):
    """The lines, from 1, on which a file sets the path of a value or of a list's item, or a value above or below it."""
    keys = split_path(path)
    if name.endswith("/defaults.yaml"):  # SECTION.default applies to every item of the section
        keys[1:2] = ["default"]
    node, lines = compose(text), []
    for key in keys:
        if isinstance(node, yaml.SequenceNode) and key.isdigit() and int(key) < len(node.value):
            node = node.value[int(key)]
            lines = [node.start_mark.line + 1]
            continue
        if not isinstance(node, yaml.MappingNode):
            break
        found = child(node, key)
        if not found:
            return []
        first, last = (x.start_mark.line + 1 for x in found)
        lines = list(range(first, last + 1)) or [first, last]  # an alias: its own line, or where the value is
        node = found[1]
    return lines
