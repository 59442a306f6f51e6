# SPDX-License-Identifier: Apache-2.0
"""Random patches for a file: values changed, keys added at all depths, kinds of values exchanged."""

import json

import yaml

from meaning import is_plain

WORDS = ["alpha", "beta", "v1.2.3", "quay.io/x/y:tag", "10.0.0.1", "a b c", "x-y_z", "100m", "128Mi", "é", "日本"]
PLAIN = ["0", "7", "-12", "0x1F", "1.5", "-0.25", "true", "false", "null", "~", "True", "http://h/p?q=1&r"]
UNSURE = ["yes", "no", "on", "off", "y", "0777", "0o17", "1e3", "1_000", "12:30", "2001-01-01", ".inf", "1."]
ODD = ["", " lead", "trail ", "yes", "null", "1e3", "0777", "1.10", "12:30", "~", "- x", "a: b", "a #b", "#c",
       "{x}", "[x", "*a", "&a", "!t", "%d", "@x", "`x", "'q'", '"dq"', "back\\slash", "tab\there", "two\nlines",
       "end\n", "\n", "\u00a0nb", "a,b", ": ", "? x", "---", "...", "\x07", "\u2028", "x:", "=", "<<", "|", ">"]
TEXTS = [["one line"], ["first", "second"], ["#!/bin/sh", 'echo "a: b"', "", "  indented", "end"],
         ["# no comment"], ["a", "", "", "b"], ["key: value", "- item"], ["\ttab first", "x"]]
KEYS = ["added", "newKey", "zz-top", "a.b/c", "with space", "yes", "1", "a: b", "k#v", "'q", "ключ", "x" * 60]


def quoted(text, rng, flow=False):
    single = "\n" not in text and all(" " <= c != "\x7f" and c not in "\u2028\u00a0" for c in text)
    if single and rng.random() < 0.5:
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=rng.random() < 0.5 or "\u2028" in text)


def key_text(key):
    """A key of the base as a patch writes it: the same key by meaning."""
    value = key.value
    if is_plain(key) and "\n" not in value and value and not any(c in value for c in ",[]{}"):
        if not value.startswith(("?", "-", ":")) and len(value) < 200:
            return value
    return json.dumps(value)


class Writer:
    """Writes specs: strings are scalars as they are written, ("text", style, lines) block scalars, lists, dicts."""

    def __init__(self, rng):
        self.rng = rng
        self.step = rng.choice([2, 2, 2, 4, 3])
        self.dashes = rng.choice([0, self.step])
        self.comments = rng.random() < 0.3
        self.serial = 0

    def note(self):
        self.serial += 1
        return "# note %d of the patch" % self.serial

    def block_scalar(self, spec, indent):
        _, style, lines = spec
        lead = lines[0].startswith((" ", "\t")) or lines[0] == ""
        header = style[0] + (str(self.step) if lead else "") + style[1:]
        body = [(" " * (indent + self.step) + line) if line else "" for line in lines]
        if style.endswith("+"):
            body += [""] * self.rng.randint(0, 2)
        return header + "\n" + "\n".join(body)

    def inline(self, spec, indent):
        if isinstance(spec, str):
            return spec
        if isinstance(spec, tuple):
            return self.block_scalar(spec, indent)
        return self.flow(spec)

    def flow(self, spec):
        if isinstance(spec, str):
            return "null" if spec == "" else spec
        if isinstance(spec, tuple):
            return json.dumps("\n".join(spec[2]) + "\n")
        if isinstance(spec, list):
            return "[" + ", ".join(self.flow(s) for s in spec) + "]"
        return "{" + ", ".join("%s: %s" % (k, self.flow(v)) for k, v in spec.items()) + "}"

    def is_block(self, spec, flow):
        return isinstance(spec, (list, dict)) and len(spec) > 0 and not flow

    def pairs(self, spec, indent):
        out = []
        for k, v in spec.items():
            if self.comments and self.rng.random() < 0.3:
                out.append(" " * indent + self.note())
            flow = isinstance(v, (list, dict)) and not getattr(v, "merged", False) and self.rng.random() < 0.3
            flow = flow and self.can_flow(v)
            if self.is_block(v, flow):
                child = indent + (self.dashes if isinstance(v, list) else self.step)
                out.append(" " * indent + k + ":" + self.behind())
                out += self.items(v, child) if isinstance(v, list) else self.pairs(v, child)
            else:
                out.append(" " * indent + (k + ": " + self.inline(v, indent)).rstrip(" ") + self.behind(v))
        return out

    def behind(self, spec=""):
        if self.comments and isinstance(spec, str) and "\n" not in spec and self.rng.random() < 0.2:
            return "  " + self.note()
        return ""

    def items(self, spec, indent):
        out = []
        for v in spec:
            flow = self.rng.random() < 0.3 and self.can_flow(v)
            if self.is_block(v, flow):
                inner = self.items(v, indent + 2) if isinstance(v, list) else self.pairs(v, indent + 2)
                if not inner[0].lstrip().startswith("#"):
                    inner[0] = " " * indent + "- " + inner[0][indent + 2 :]
                else:
                    inner.insert(0, " " * indent + "-")
                out += inner
            else:
                out.append(" " * indent + ("- " + self.inline(v, indent)).rstrip(" "))
        return out

    def can_flow(self, spec):
        if isinstance(spec, str):
            return "\n" not in spec and not (spec[:1] not in "'\"" and any(c in spec for c in ",[]{}:?"))
        if isinstance(spec, tuple):
            return True
        if isinstance(spec, list):
            return all(self.can_flow(s) for s in spec)
        return all(self.can_flow(k) and self.can_flow(v) for k, v in spec.items())


class Merged(dict):
    """A mapping of the base that the patch changes."""

    merged = True


def random_scalar(rng):
    kind = rng.randrange(8)
    if kind == 0:
        return rng.choice(WORDS)
    if kind == 1:
        return rng.choice(PLAIN)
    if kind == 2:
        return rng.choice(UNSURE)
    if kind in (3, 4):
        return quoted(rng.choice(ODD + WORDS), rng)
    if kind == 5:
        return ("text", rng.choice(["|", "|-", "|+", ">", ">-", ">+"]), rng.choice(TEXTS))
    if kind == 6:
        return ""
    return str(rng.randint(0, 99999))


def random_value(rng, depth=3):
    kind = rng.randrange(10) if depth else 0
    if kind < 6:
        return random_scalar(rng)
    if kind < 8:
        return [random_value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {random_key(rng): random_value(rng, depth - 1) for _ in range(rng.randrange(4))}


def random_key(rng):
    key = rng.choice(KEYS) + rng.choice(["", "2", "3"])
    return key if key.isalnum() and key.isascii() else json.dumps(key, ensure_ascii=False)


def copy(node):
    """A value of the base as a spec."""
    if isinstance(node, yaml.SequenceNode):
        return [copy(n) for n in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key_text(k): copy(v) for k, v in node.value if k.value != "<<"}
    if is_plain(node) and "\n" not in node.value:
        return node.value
    return json.dumps(node.value)


def vary_list(rng, items):
    items = list(items)
    for _ in range(rng.randint(1, 3)):
        kind = rng.randrange(4)
        at = rng.randrange(len(items) + 1)
        if kind == 0:
            items.insert(at, random_value(rng, 2))
        elif items and at < len(items):
            if kind == 1:
                del items[at]
            elif kind == 2 and isinstance(items[at], dict):
                items[at] = dict(items[at], **{random_key(rng): random_value(rng, 1)})
            else:
                items[at] = random_value(rng, 2)
    return items


def paths(node, path=()):
    """All pairs of the base: the keys down to each, and its value."""
    found = []
    if isinstance(node, yaml.MappingNode):
        for k, v in node.value:
            if k.value == "<<" and is_plain(k):
                continue
            found.append((path + (k,), v))
            found += paths(v, path + (k,))
    return found


def put(patch, path, value):
    """False if another change prevents it."""
    for step in path[:-1]:
        patch = patch.setdefault(step, Merged())
        if not isinstance(patch, Merged):
            return False
    if path[-1] in patch:
        return False
    patch[path[-1]] = value
    return True


def random_patch(rng, root):
    """The text of a patch for the document."""
    known, patch = paths(root), Merged()
    for _ in range(rng.choice([1, 1, 2, 3, 5, 8])):
        keys, value = rng.choice(known) if known else ((), None)
        path = tuple(key_text(k) for k in keys)
        kind = rng.randrange(10)
        if not path or kind < 2:  # a new key, beside it or below it
            deeper = isinstance(value, yaml.MappingNode) or rng.random() < 0.2
            below = path if deeper else path[:-1]
            new = tuple(random_key(rng) for _ in range(rng.choice([1, 1, 1, 2, 3])))
            put(patch, below + new, random_value(rng))
        elif isinstance(value, yaml.SequenceNode) and kind < 8:
            put(patch, path, vary_list(rng, copy(value)))
        elif isinstance(value, yaml.MappingNode) and kind < 7:
            continue
        else:
            put(patch, path, random_value(rng))
    writer = Writer(rng)
    lines = writer.pairs(patch, 0)
    if rng.random() < 0.1:
        lines.insert(0, "---")
    text = "\n".join(lines) + rng.choice(["\n", "\n", "\n", ""])
    return text.replace("\n", "\r\n") if rng.random() < 0.1 else text


def random_removal(rng, root):
    """Keys down to one that is removed; None if the document has none that can be named."""
    known = [keys for keys, _ in paths(root)]
    return rng.choice(known) if known else None
