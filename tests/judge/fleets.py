# SPDX-License-Identifier: Apache-2.0
"""Random fleets, the same for the same seed.

    fleet = Random(seed)          files, positions, cluster types, applications, patches in flight
    fleet.write(root)

Values are written as text, in every style that YAML has, so that reading them is tested as well. A comment bears a
number of its own; `comments` has the path that it is at.
"""

import random
from pathlib import Path

import judge

DIMENSIONS = ["environments", "sectors", "regions", "cells", "tiers", "status", "class", "zone", "x-y s"]
NAMES = ["a", "b", "s1", "s-2", "us-east1", "eu", "x.y", "yes", "7", "1.50", "null", "Z", "patch", "é", "two words"]
APPLICATIONS = ["api", "web", "dns", "Cache", "a-1", "a.b", "zeta", "patch-x"]
SECTIONS = ["applications", "applicationsets", "extra"]
ITEMS = ["one", "two", "api"]
KEYS = ["a", "b", "c", "d", "e", "f", "g"]
RARE_KEYS = [
    "a.b", "'a.b'", '"two words"', "two words", "on", "'on'", "1", '"2"', "3.0", "x/y", "'it''s'", '"say \\"hi\\""',
    "''", "metadata", "default", "k8s.io/name", "ключ", "'# no comment'", '"a: b"', "back\\slash", '"tab\\t"', "-x", "true",
    "0x1F", "31", '"31"', "!!str 5", "5", "0o5", "1.0", "yes", "y", "'true'", "1e3", "1_000", ".inf", "0.1", "2001-01-01",
]  # fmt: skip

# How a scalar may be written between brackets as well as outside them.
SCALARS = [
    "main", "v1.2", "5", "42", "-7", "0x1F", "31", "0o17", "0777", "1_000", "12:30", "12:30:45", "1e3", "1.5", "1.50",
    "1.0e+3", ".5", "1.", ".inf", "-.INF", ".nan", "2001-01-01", "2001-1-1", "yes", "No", "on", "off", "y", "n", "true",
    "False", "TRUE", "null", "~", "Null", "text with blanks", "https://x.example/y?z=1", "a:b", "a#b", "=", "77.8.0",
    "+12", "-0", "0", "0.0", "-0.0", "00", "0b101", "é", "日本", "<<", "v1.2.3-rc.1", "123456789012345678901234567890",
    "1.0e+400", "10.0e-400", "x@y", "50%", "--", "+", ".", "..", "0x", "1_", "_1", "1e", "e3", "12e03",
    "190:20:30.15", "2001-12-14t21:59:43.10-05:00", "'yes'", '"yes"', "'no'", '"0777"', '"12:30"', '"1.10"', '"null"',
    '""', "''", '"a\\nb"', '"tab\\there"', "'it''s'", '"\\u00e9\\x41"', '"say \\"hi\\""', '"trailing "', "' leading'",
    '"# no comment"', "'a: b'", "'{{ .Values.x }}'", '"{{ .Values.x | default \\"main\\" }}"', '"\\e[1m"', '"5"', "'5.0'",
    "!!str 5", "!!str yes", "!!int 5", '!!int "5"', "!custom x", "!!float 1", "!!null ''", "!!bool yes",
    '"\\U0001F600"', '"back\\\\slash"', "0.1_" + 600 * "0", "0_" + 600 * "0" + "17", "1_" + 600 * "2" + "e-590",
]  # fmt: skip
LINES = ["one", "two words", "  indented", "", "# no comment", "key: value", "- item", "tab\there", "é", "end"]


class Map:
    """A mapping as pairs of a key's text and a value."""

    def __init__(self, pairs):
        self.pairs = pairs


class List:
    def __init__(self, items):
        self.items = items


def key_text(key):
    return judge.build_key(judge.compose(key.encode())).text


def spells_twice(value, seen):
    """Whether a key is there in two spellings, of which a merge key must not bring one for the other."""
    if isinstance(value, List):
        return any(spells_twice(x, seen) for x in value.items)
    if not isinstance(value, Map):
        return False
    own = any(seen.setdefault(key_text(k), k) != k for k, _ in value.pairs)
    return own or any(spells_twice(x, seen) for _, x in value.pairs)


class Writer:
    """Writes one document. The values are Map, List and texts of scalars."""

    def __init__(self, rng, comments, name, plainly=False):
        self.rng, self.comments, self.name = rng, comments, name
        self.step = rng.choice([2, 2, 2, 4, 3])
        self.dashes_in = rng.random() < 0.5
        self.with_comments = rng.choice([0, 0.1, 0.3])
        self.with_flow = 0 if plainly else rng.choice([0, 0, 0.1, 0.3])
        self.with_blocks = 0 if plainly else rng.choice([0, 0.1])
        self.with_anchors = 0 if plainly else rng.choice([0, 0, 0, 0.15])
        self.anchors = []  # (name, whether it is a mapping), of nodes that are written already
        self.names = 0
        self.lines = []

    def document(self, root):
        rng = self.rng
        self.with_merges = not spells_twice(root, {})
        if rng.random() < 0.1:
            self.lines.append(rng.choice(["---", "--- # begin", "%YAML 1.1\n---"]))
        if not root.pairs:
            self.lines.append(rng.choice(["", "{}", "# nothing", "~"]))
        else:
            self.map(root, 0, ())
        self.comment(0, None, 0.5)
        if root.pairs and rng.random() < 0.05:
            self.lines.append("...")
        text = "\n".join(self.lines) + "\n"
        if rng.random() < 0.1:
            text = text.rstrip("\n") if not self.lines[-1].strip() == "" else text
        if rng.random() < 0.05:
            text = text.replace("\n", "\r\n")
        return ("\ufeff" if rng.random() < 0.03 else "") + text

    def comment(self, column, path, weight=1.0):
        """Perhaps a line of comment about the value at the path, or about none if it is None."""
        if self.rng.random() < self.with_comments * weight:
            self.lines.append(" " * column + self.note(path))
            if self.rng.random() < 0.2:
                self.lines.append("")

    def note(self, path):
        number = len(self.comments)
        self.comments.append((self.name, path))
        return f"# note {number}."

    def behind(self, line, path):
        """The line, perhaps with a comment after it."""
        return f"{line} {self.note(path)}" if self.rng.random() < self.with_comments else line

    def anchor(self, value):
        """Perhaps an anchor for a value. It can be named by aliases once the value is written."""
        if self.rng.random() >= self.with_anchors:
            return "", None
        self.names += 1
        return f"&n{self.names} ", (f"n{self.names}", isinstance(value, Map))

    def written(self, anchor):
        if anchor:
            self.anchors.append(anchor)

    def merge_line(self, column):
        maps = [name for name, is_map in self.anchors if is_map]
        if not maps or self.rng.random() < 0.5 or not self.with_merges:
            return
        some = self.rng.sample(maps, min(len(maps), self.rng.choice([1, 1, 2])))
        text = f"*{some[0]}" if len(some) == 1 else "[" + ", ".join("*" + x for x in some) + "]"
        self.lines.append(" " * column + "<<: " + text)

    def map(self, value, column, path):
        last = self.rng.random() < 0.5
        if not last:
            self.merge_line(column)
        for key, x in value.pairs:
            here = path + (key,)
            self.comment(column, here)
            if self.rng.random() < 0.02 and not key.startswith("!"):
                self.lines.append(" " * column + f"? {key}")
                self.value(" " * column + ":", x, column, here)
            else:
                self.value(" " * column + f"{key}:", x, column, here)
        if last and path:
            self.merge_line(column)

    def value(self, start, x, column, path):
        """A value after `key:` or a dash."""
        anchor, named = self.anchor(x)
        head = start + " " + anchor
        if self.anchors and self.rng.random() < self.with_anchors and isinstance(x, str):
            self.lines.append(self.behind(f"{start} *{self.rng.choice(self.anchors)[0]}", path))
            return
        if isinstance(x, str):
            self.scalar(head, x, column, path)
        elif not (x.pairs if isinstance(x, Map) else x.items):
            self.lines.append(self.behind(head + ("{}" if isinstance(x, Map) else "[]"), path))
        elif self.rng.random() < self.with_flow:
            self.lines.append(self.behind(head + self.flow(x, column), path))
        elif isinstance(x, Map):
            self.lines.append(self.behind(head.rstrip(), path))
            self.map(x, column + self.step, path)
        else:
            self.lines.append(self.behind(head.rstrip(), path))
            self.list(x, column + (self.step if self.dashes_in else 0), path)
        self.written(named)

    def list(self, value, column, path):
        for x in value.items:
            self.comment(column, path, 0.3)
            if isinstance(x, Map) and x.pairs and self.rng.random() < 0.8:
                self.lines.append(" " * column + "-")
                before = len(self.lines)
                saved, self.with_comments = self.with_comments, 0
                self.map(x, column + 2, path + (None,))
                self.with_comments = saved
                first = self.lines[before]
                if first[: column + 2].strip() == "" and first.strip():
                    self.lines[before - 1 : before + 1] = [" " * column + "- " + first[column + 2 :]]
            else:
                self.value(" " * column + "-", x, column, path + (None,))

    def scalar(self, head, text, column, path):
        if self.rng.random() < self.with_blocks:
            self.block(head, column, path)
        elif self.rng.random() < self.with_blocks / 3:
            self.lines.append(head + '"folded\n\n' + " " * (column + 2) + 'over  \\\n' + " " * (column + 2) + 'lines"')
        else:
            self.lines.append(self.behind(head + text if text else head.rstrip(), path))

    def block(self, head, column, path):
        rng = self.rng
        lines = [rng.choice(LINES) for _ in range(rng.randint(0, 4))]
        width = rng.choice([1, 2, 4])
        first = next((x for x in lines if x), "x")
        digit = str(width) if first.startswith(" ") or rng.random() < 0.1 else ""
        # the indentation counts from the collection that the scalar is in
        self.lines.append(self.behind(head + rng.choice("|>") + digit + rng.choice(["", "-", "+"]), path))
        self.lines += [" " * (column + width) + x if x else "" for x in lines]

    def flow(self, x, column):
        comma = self.rng.choice([", ", ", ", ",", ",\n" + " " * (column + 2)])
        if isinstance(x, str):
            return x or "''"
        if isinstance(x, List):
            return "[" + comma.join(self.flow(y, column) for y in x.items) + "]"
        space = self.rng.choice(["", " "])
        pairs = comma.join(f"{key}: {self.flow(y, column)}" for key, y in x.pairs)
        return "{" + space + pairs + space + "}"


class Random:
    """A fleet: config.yaml, and for each cluster type defaults and applications with all their files."""

    def __init__(self, seed, targets=14, plainly=False):
        self.rng = rng = random.Random(seed)
        self.most_targets = targets
        self.plainly = plainly  # nothing that an edit in place may have to refuse
        self.files = {}
        self.comments = []
        self.flights = []  # (cluster type, application, patch)
        self.dimensions = rng.sample(DIMENSIONS, rng.randint(1, 4))
        while True:
            self.targets, self.positions = [], []
            tree = self.children(0, ())
            if 1 <= len(self.targets) <= targets:
                break
        self.kinds = rng.choice([["edge"], ["edge"], ["mgmt", "edge"], ["infra cluster"]])
        self.files["config/config.yaml"] = self.config(tree)
        for kind in self.kinds:
            self.cluster_type(kind)

    # The hierarchy

    def children(self, depth, above):
        rng = self.rng
        made = []
        for name in rng.sample(NAMES, rng.choice([1, 2, 2, 3] if depth else [1, 2, 3, 4])):
            path = above + (name,)
            self.positions.append("/".join(path))
            below = []
            if depth + 1 < len(self.dimensions) and rng.random() > 0.12:
                below = self.children(depth + 1, path)
            else:
                self.targets.append("/".join(path))
            made.append((name, rng.random() < 0.2, below))
        return made

    def config(self, tree):
        lines = ["dimensions:"] + [f"  - {x!r}" for x in self.dimensions] + ["sequence:"]
        self.config_level(lines, tree, 0, "  ")
        lines += ["cluster_types:"] + [f"  - name: {x}" for x in self.kinds]
        return "\n".join(lines) + "\n"

    def config_level(self, lines, children, depth, indent):
        lines.append(f"{indent}{self.dimensions[depth]}:")
        for name, manual, below in children:
            if not below and not manual and self.rng.random() < 0.3:
                lines.append(f"{indent}- '{name}'")
                continue
            lines.append(f"{indent}- name: '{name}'")
            if manual or self.rng.random() < 0.2:
                lines.append(f"{indent}  promotion: {'manual' if manual else 'automated'}")
            if below:
                self.config_level(lines, below, depth + 1, indent + "  ")

    # Values

    def key(self, taken):
        rng = self.rng
        for _ in range(20):
            rare = not self.plainly and rng.random() < 0.05
            key = rng.choice(RARE_KEYS if rare else KEYS)
            text = key_text(key)
            if text not in taken:
                taken.add(text)
                return key
        return None

    def random_value(self, depth=0):
        rng = self.rng
        kind = rng.random()
        if depth < 3 and kind < 0.4 - 0.1 * depth:
            taken = set()
            keys = [self.key(taken) for _ in range(rng.randint(0, 4))]
            return Map([(k, self.random_value(depth + 1)) for k in keys if k is not None])
        if depth < 3 and kind < 0.5 - 0.1 * depth:
            return List([self.random_value(depth + 1) for _ in range(rng.randint(0, 3))])
        return rng.choice(SCALARS) if rng.random() < 0.97 else ""

    def random_map(self, most):
        taken = set()
        keys = [self.key(taken) for _ in range(self.rng.randint(0, most))]
        return Map([(k, self.random_value(1)) for k in keys if k is not None])

    def sections(self, application, most):
        """{SECTION: {ITEM: {...}}}, sometimes with something else in the place of a mapping."""
        rng = self.rng
        made = []
        for section in rng.sample(SECTIONS, rng.randint(1, len(SECTIONS))):
            items = [(x, self.random_map(most)) for x in rng.sample(ITEMS, rng.randint(1, 2))]
            if rng.random() < 0.05:
                items.append(("rare", rng.choice(SCALARS)))
            made.append((section, Map(items) if rng.random() < 0.97 else rng.choice(["", "[]", "5"])))
        if rng.random() < 0.3:
            made.append((application.replace(".", "-"), self.random_value()))
        rng.shuffle(made)
        return Map(made)

    def layer(self, paths, fresh=0.3):
        """Some of the paths that others set, with other values, and some new ones."""
        rng = self.rng
        root = Map([])
        for path in rng.sample(paths, min(len(paths), rng.randint(0, 3))):
            end = rng.randint(2, len(path)) if rng.random() < 0.3 and len(path) > 2 else len(path)
            self.put(root, path[:end], self.leaf())
        if rng.random() < fresh or not root.pairs:
            self.put(root, (rng.choice(SECTIONS), rng.choice(ITEMS), rng.choice(KEYS)), self.random_value(1))
        return root

    def leaf(self):
        return self.rng.choice(SCALARS) if self.rng.random() < 0.75 else self.random_value(1)

    def put(self, root, path, value):
        at = root
        for i, key in enumerate(path):
            found = next((n for n, (k, _) in enumerate(at.pairs) if k.strip("'\"") == key.strip("'\"")), None)
            if i + 1 == len(path):
                at.pairs[found if found is not None else len(at.pairs) :][:1] = []
                if found is None:
                    at.pairs.append((key, value))
                else:
                    at.pairs[found] = (key, value)
                return
            if found is None or not isinstance(at.pairs[found][1], Map):
                fresh = (key, Map([]))
                if found is None:
                    at.pairs.append(fresh)
                else:
                    at.pairs[found] = fresh
                found = found if found is not None else len(at.pairs) - 1
            at = at.pairs[found][1]

    def paths(self, value, path=()):
        if isinstance(value, Map) and value.pairs:
            return [p for key, x in value.pairs for p in self.paths(x, path + (key,))]
        return [path]

    # Files

    def text(self, name, root):
        return Writer(self.rng, self.comments, name, self.plainly).document(root)

    def add(self, name, root):
        self.files[name] = self.text(name, root)

    def cluster_type(self, kind):
        rng = self.rng
        if rng.random() < 0.7:
            made = []
            for section in rng.sample(SECTIONS, rng.randint(0, 3)):
                default = self.random_map(4) if rng.random() < 0.9 else rng.choice(SCALARS)
                made.append((section, Map([("default", default)] + ([("b", "1")] if rng.random() < 0.2 else []))))
            if rng.random() < 0.2:
                made.append(("other", self.random_value()))
            self.add(f"config/{kind}/defaults.yaml", Map(made))
        for application in rng.sample(APPLICATIONS, rng.randint(1, 4)):
            self.application(kind, application)

    def application(self, kind, application):
        rng = self.rng
        directory = f"config/{kind}/{application}"
        self.files[f"{directory}/metadata.yaml"] = f"name: {application}\n"
        values = self.sections(application, 5)
        if rng.random() < 0.93:
            self.add(f"{directory}/values.yaml", values)
        paths = self.paths(values)
        for position in self.positions:
            if rng.random() < 0.15:
                self.add(f"{directory}/{position}/override.yaml", self.layer(paths))
            if rng.random() < 0.03:
                self.files[f"{directory}/{position}/notes.txt"] = "no: values\n"
        shared = rng.sample(paths, min(len(paths), 3))
        names = ["patch-001", "patch-002", "patch-010", "patch-1", "patch-Z", "patch-é", "patch-"]
        for patch in rng.sample(names, rng.choice([0, 1, 1, 2, 2, 3, 4])):
            self.patch(kind, application, patch, shared if rng.random() < 0.6 else paths)

    def patch(self, kind, application, patch, paths):
        rng = self.rng
        root = self.layer(paths, 0.4)
        placed = self.placement()
        if not placed:
            return
        if patch != "patch-":
            self.flights.append((kind, application, patch))
        name = f"config/{kind}/{application}/{{}}/{patch}.yaml"
        text = self.patch_text(name.format(placed[0]), root)
        for position in placed:
            self.files[name.format(position)] = text
        if rng.random() < 0.1:  # one that differs in its comments, its metadata or its meaning
            other = self.layer(paths) if rng.random() < 0.5 else root
            at = name.format(rng.choice(placed))
            self.files[at] = self.patch_text(at, other)

    def patch_text(self, name, root):
        pairs = list(root.pairs)
        if self.rng.random() < 0.6:
            metadata = ("metadata", self.rng.choice([Map([("description", '"what it is for"')]), "x", ""]))
            pairs.insert(self.rng.choice([0, len(pairs)]), metadata)
        return self.text(name, Map(pairs))

    def placement(self):
        """Positions that cover the first targets of the sequence; now and then any at all."""
        rng = self.rng
        if rng.random() < 0.06:
            return rng.sample(self.positions, min(len(self.positions), rng.randint(1, 3)))
        covered = set(self.targets[: rng.randint(1, len(self.targets))])
        wide = rng.random()
        placed = []
        for position in self.positions:  # parents first
            below = {t for t in self.targets if t == position or t.startswith(position + "/")}
            above = any(position.startswith(p + "/") for p in placed)
            if below <= covered and not above and (position in below or rng.random() < wide):
                placed.append(position)
            elif below <= covered and above and rng.random() < 0.03:
                placed.append(position)
        return placed

    def write(self, root):
        for name, text in self.files.items():
            path = Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
