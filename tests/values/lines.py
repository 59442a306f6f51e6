# SPDX-License-Identifier: Apache-2.0
"""A YAML text as lines, and which of them belong to the values at some paths."""

import re

import yaml

from meaning import compose, meaning, name


def is_comment(line):
    return line.lstrip(" \t").startswith("#")


def column(line):
    return len(line) - len(line.lstrip(" \t"))


def is_alias(key, value):
    """Whether the pair's value is elsewhere."""
    return value.start_mark.index < key.start_mark.index


class Lines:
    def __init__(self, text):
        self.bom = text.startswith("\ufeff")
        self.text = text[self.bom :]
        self.lines = self.text.replace("\r\n", "\n").split("\n")
        if self.lines[-1] == "":
            self.lines.pop()
        self.root = compose(self.text)
        self.meaning = meaning(self.root)
        self.free = set()  # lines that belong to changed values
        self.tails = []  # comments on such lines that stay nevertheless

    def inner_comments(self):
        """Comments among changed values: in lists, some may stay."""
        return {self.lines[i] for i in self.free if is_comment(self.lines[i])}

    def inner_blanks(self):
        """Whether there are empty lines among changed values: some may stay."""
        return any(not self.lines[i] for i in self.free)

    def others(self, blank=True):
        """The lines outside changed values; anchors do not count if there are aliases."""
        rest = [line for i, line in enumerate(self.lines) if i not in self.free]
        if "*" in self.text:
            rest = [line if is_comment(line) else re.sub(r" &\w+", "", line) for line in rest]
        return [line for line in rest if line or blank]

    def last(self, node):
        """The last line of a node, without the empty lines after a block scalar."""
        while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            outer, node = node, node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
            if node.start_mark.index < outer.start_mark.index:  # an alias: all up to what follows
                line = min(outer.end_mark.line, len(self.lines))
                while not self.lines[line - 1].strip() or is_comment(self.lines[line - 1]):
                    line -= 1
                return line - 1
        start, end = node.start_mark, node.end_mark
        line = end.line - (end.column == 0 and end.line > start.line)
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            while line > start.line and line < len(self.lines) and not self.lines[line]:
                line -= 1
        return min(line, len(self.lines) - 1)

    def tail(self, line, column_):
        """The comment that follows a place on its line."""
        rest = self.lines[line][column_:] if line < len(self.lines) else ""
        rest = rest.lstrip(" \t")
        if rest.startswith("#"):
            self.tails.append(rest)

    def keep_tails(self, key, value):
        block = isinstance(value, yaml.CollectionNode) and not value.flow_style
        if isinstance(value, yaml.ScalarNode) and value.style in ("|", ">"):
            header = self.lines[value.start_mark.line][value.start_mark.column :]
            if " #" in header:
                self.tails.append(header[header.index(" #") + 1 :])
        elif not block:
            self.tail(value.end_mark.line, value.end_mark.column)
        elif key is not None and value.start_mark.line > key.end_mark.line:
            rest = self.lines[key.end_mark.line][key.end_mark.column :]
            if " #" in rest:
                self.tails.append(rest[rest.index(" #") + 1 :])

    def release(self, key, value, removed):
        first = key.start_mark.line if key is not None else value.start_mark.line
        if key is not None and is_alias(key, value):
            self.free.add(first)
            return
        empty = value.start_mark.index == value.end_mark.index  # may be after comments
        last = first if empty else self.last(value)
        if key is not None:
            last = max(last, key.end_mark.line - (key.end_mark.column == 0))
        if removed:
            at = key.start_mark.column
            while first > 0 and is_comment(self.lines[first - 1]) and column(self.lines[first - 1]) == at:
                first -= 1
            below = last + 1
            while below < len(self.lines):
                line = self.lines[below]
                if is_comment(line) and column(line) > at:
                    last = below
                elif line.strip():
                    break
                below += 1
        else:
            self.keep_tails(key, value)
        self.free.update(range(first, last + 1))

    def release_path(self, path, removed=False):
        """Frees the lines of what is at a path, or of what is between brackets around it."""
        key, node = None, self.root
        for i, step in enumerate(path):
            if isinstance(node, yaml.MappingNode) and node.flow_style:
                break
            if not isinstance(node, yaml.MappingNode):
                return
            found = [p for p in node.value if name(p[0]) == step]
            if not found:
                return
            key, node = found[0]
            if is_alias(key, node):
                break
        else:
            if not path:
                self.release_marker()
            if node is not None:
                self.release(key, node, removed and key is not None)
            return
        self.release(key, node, False)

    def release_marker(self):
        for i, line in enumerate(self.lines):
            if line.startswith("---"):
                self.free.add(i)
                self.tail(i, 3)

    def release_above(self, path, comments):
        """Frees the comments above a key that were brought along from these."""
        node = self.root
        if not path and node is not None:
            self.free.update(i for i in range(node.start_mark.line) if self.lines[i].strip() in comments)
        for step in path:
            if not isinstance(node, yaml.MappingNode):
                return
            found = [p for p in node.value if name(p[0]) == step]
            if not found:
                return
            key, node = found[0]
            first = key.start_mark.line - 1
            while first >= 0 and self.lines[first].strip() in comments:
                self.free.add(first)
                first -= 1

    def reference_paths(self, node=None, path=(), seen=None):
        """The places of aliases and merge keys in the base: paths of pairs, or of the lists around them."""
        if "*" not in self.text:
            return []
        node, seen = node or self.root, set() if seen is None else seen
        found = []
        children = []
        if isinstance(node, yaml.MappingNode):
            children = [(path + (name(k),), v) for k, v in node.value]
        elif isinstance(node, yaml.SequenceNode):
            children = [(path, v) for v in node.value]
        for p, v in children:
            if id(v) in seen:
                found.append(p)
            else:
                seen.add(id(v))
                found += self.reference_paths(v, p, seen)
        return found

    def at(self, path):
        """The mapping at a path in the text, or None."""
        node = self.root
        for step in path:
            found = [v for k, v in node.value if name(k) == step] if isinstance(node, yaml.MappingNode) else []
            node = found[0] if found else None
        return node if isinstance(node, yaml.MappingNode) else None

    def merging(self, node=None, path=()):
        """The paths of mappings with merge keys."""
        node = node or self.root
        if "<<" not in self.text or not isinstance(node, yaml.MappingNode):
            return []
        found = [path] if any(k.value == "<<" for k, v in node.value) else []
        for k, v in node.value:
            if not is_alias(k, v):
                found += self.merging(v, path + (name(k),))
        return found

    def release_own(self, base):
        """Frees pairs that mappings with merge keys have got: what was merged from has changed, they have not."""
        for path in base.merging():
            had, has = base.at(path), self.at(path)
            known = {name(k) for k, v in had.value}
            for key in [name(k) for k, v in has.value] if has else []:
                if key not in known:
                    self.release_path(path + (key,))
