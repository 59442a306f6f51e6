#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Markdown as GitHub's own reader takes it: it says what the JSON says, and nothing in it is more than text.

Fleets have names, keys, values and texts that would be markup; `cmark-gfm` makes HTML of what promote prints, and that is
compared. MARKDOWN_FLEETS is how many fleets; PROMOTE_SEED the first one's seed.
"""

import html.parser
import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import suite
import trees

FLEETS = int(os.environ.get("MARKDOWN_FLEETS", "12"))
SEED = int(os.environ.get("PROMOTE_SEED", "1"))
MOST = 65536
READER = ["cmark-gfm", "--unsafe", "-e", "table", "-e", "strikethrough", "-e", "autolink", "-e", "tasklist"]
TAGS = {"h2", "h3", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "code", "br"}
HOSTILE = ["|", "\\", "`", "``", "<script>alert(1)</script>", "<b>", "&lt;", "&#124;", "@somebody", "#123", "GH-7", "!5", "~bug",
           "$1", "%3", "*x*", "_y_", "~~z~~", "[a](b)", "![i](j)", "- ", "1. ", "# ", "> ", "\n", "\n\n", "\t", "\x1b[2J", "  ", "'", '"',
           "---", "===", "| --- |", "中文", "é", "e\u0301", "\u202e", "😀", "<!-- ", " -->", "{{ x }}", "a" * 70]  # fmt: skip


class Page(html.parser.HTMLParser):
    """The tags of a page, the cells of its tables, and the text outside of code."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.tables, self.prose, self.inside = set(), [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        if tag != "br":
            self.inside.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        self.inside.pop()

    def handle_data(self, data):
        if "code" not in self.inside:
            self.prose += data
        if "td" in self.inside or "th" in self.inside:
            self.tables[-1][-1][-1] += data


def page_of(markdown):
    done = subprocess.run(READER, input=markdown, capture_output=True, check=True)
    page = Page(done.stdout.decode())
    suite.expect(page.tags <= TAGS, f"tags: {page.tags - TAGS}", markdown.decode())
    suite.expect(not re.search(r"@\w|[#!$%~]\w|(?i:gh-)\d", page.prose), "a mention", page.prose, markdown.decode())
    columns = None
    for line in markdown.decode().splitlines():
        if not line.startswith("|"):
            columns = None
            continue
        bars = len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", line)))
        suite.expect(columns in (None, bars), f"{bars} bars, not {columns}: {line}")
        columns = bars
    return page


def shown(text):
    """Control characters and those that show nothing, as promote shows them."""
    hidden = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
    return hidden.sub(lambda m: "".join(f"\\x{b:02x}" for b in m[0].encode()), text)


def hostile(rng, most=4):
    return "v" + "".join(rng.choice(HOSTILE) for _ in range(rng.randint(1, most))) + "z"


def yaml_of(document):
    return json.dumps(document, ensure_ascii=False)


def fleet_of(rng):
    """Files of a fleet in which the next step of patch-001 changes values at several targets."""
    plain = {ord("/"): None, 0x202E: None} | {c: None for c in range(32)}
    names = [str(i) + hostile(rng).translate(plain)[:60] for i in range(4)]
    sector = {"name": "s1", "regions": sorted(names)}
    sequence = {"environments": [{"name": "lab", "sectors": ["s0", sector]}]}
    config = {"dimensions": ["environments", "sectors", "regions"], "sequence": sequence}
    keys = {f"k{i}" + hostile(rng): hostile(rng, 6) for i in range(6)}
    old = {k: hostile(rng) for k in keys if rng.random() < 0.7}
    some = {k: keys[k] for k in keys if rng.random() < 0.3}
    patch = {"metadata": {"description": hostile(rng, 8)}, **keys}
    app = "config/mgmt/app/"
    return {
        "config/config.yaml": yaml_of(config),
        app + "values.yaml": yaml_of(old),
        app + "lab/s0/patch-001.yaml": yaml_of(patch),
        f"{app}lab/s1/{sorted(names)[0]}/override.yaml": yaml_of(some),
    }, sorted(names)


def out_of(root, *arguments):
    status, out, error = suite.run(root, *arguments)
    suite.expect(status == 0, f"status {status} of {arguments}", error.decode())
    return out


def text_of(value):
    return "(unset)" if value is None else shown(value)


def check_step(root):
    step = ("mgmt", "app", "patch-001", "-n", "--diff")
    page = page_of(out_of(root, *step, "-o", "markdown"))
    effect = json.loads(out_of(root, *step, "-o", "json"))["effect"]
    expected = sorted({(shown(c["path"]), text_of(c.get("old")), text_of(c.get("new"))) for g in effect["groups"] for c in g["changes"]})
    found = sorted({tuple(row[:3]) for table in page.tables if table[0] == ["Path", "Old", "New", "Targets"] for row in table[1:]})
    suite.expect(found == expected, "effect", *found, "expected", *expected)
    sums = page_of(out_of(root, "mgmt", "app", "patch-001", "-n", "--stat", "-o", "markdown"))
    table = {row[0]: row[1] for row in sums.tables[0][1:]}
    for path in {c["path"] for g in effect["groups"] for c in g["changes"]}:
        n = sum(len(g["targets"]) for g in effect["groups"] if any(c["path"] == path for c in g["changes"]))
        suite.expect(table[shown(path)] == str(n), path, table)


def check_explain(root, target):
    arguments = ("explain", "mgmt", "app", target, "-v")
    page = page_of(out_of(root, *arguments, "-o", "markdown"))
    values = json.loads(out_of(root, *arguments, "-o", "json"))["values"]
    found = [row[:2] for table in page.tables for row in table[1:]]
    suite.expect(found == [[shown(v["path"]), text_of(v["value"])] for v in values], "explain", found, values)


def check_others(root):
    """What other commands make is markdown without markup of the fleet's, too."""
    for arguments in (("check",), ("matrix", "mgmt", "app", "*"), ("recover",)):
        status, out, error = suite.run(root, *arguments, "-o", "markdown")
        suite.expect(status in (0, 4), error.decode())
        page_of(out)


def random_fleet(seed):
    texts, names = fleet_of(random.Random(seed))
    with suite.directory() as root:
        trees.plant(root, trees.of_texts(texts))
        check_step(root)
        check_explain(root, "lab/s1/" + names[0])
        check_others(root)


def huge(root, *options):
    out = out_of(root, "mgmt", "app", "patch-001", "-n", "-o", "markdown", *options)
    suite.expect(len(out) < MOST, f"{len(out)} bytes")
    page_of(out)
    return out.decode()


def the_bound():
    """A step and an explanation that are too long end at whole sections, and say so."""
    patch = {f"some.key{i}": "x" * 100 for i in range(3000)} | {"long": "y" * 70000}
    texts = {
        "config/config.yaml": yaml_of({"dimensions": ["regions"], "sequence": {"regions": ["r0", "r1", "r2"]}}),
        "config/mgmt/app/values.yaml": "",
        "config/mgmt/app/r0/patch-001.yaml": yaml_of(patch),
    }
    with suite.directory() as root:
        trees.plant(root, trees.of_texts(texts))
        whole = huge(root, "--diff")
        last = whole.splitlines()[-1]
        suite.expect(last.startswith("Left out, to stay below 65536 bytes: Effect from row "), last)
        for heading in ("## Promote patch-001 of app to r1 (dry run)", "### Effect", "### Files", "### Next"):
            suite.expect(heading in whole.splitlines(), heading)
        suite.expect("\n| `\"some.key0\"` |" in whole and "\n| `\"some.key99\"` |" in whole, "the first rows")
        rows = re.findall(r'^\| `"some.key(\d+)"` \|', whole, re.M)
        suite.expect(len(rows) % 100 == 0 and rows == sorted(rows, key=int), "whole sections", len(rows))
        suite.expect("Left out" not in huge(root), "folded")
        suite.expect("Left out" in huge(root, "--stat"), "sums of 3,001 paths")
        out = out_of(root, "explain", "mgmt", "app", "r0", "-v", "-o", "markdown")
        suite.expect(len(out) < MOST and b"\nLeft out, to stay below 65536 bytes: Values from row " in out, out[-200:])


def errors_are_no_markdown():
    """Standard output stays empty when a run fails."""
    with suite.directory() as root:
        trees.plant(root, trees.of_texts(fleet_of(random.Random(0))[0]))
        status, out, error = suite.run(root, "mgmt", "app", "patch-009", "-o", "markdown")
        suite.expect(status == 3 and out == b"" and error.startswith(b"ERROR: patch-009.yaml not found"), status, out, error)


def main():
    tap = suite.Tap()
    tap.point("a failure prints nothing on standard output", errors_are_no_markdown)
    if not shutil.which(READER[0]):
        tap.skip("markdown as GitHub reads it", "there is no cmark-gfm")
        tap.end()
    tap.point("texts below 65,536 bytes, cut at whole sections", the_bound)
    for seed in range(SEED, SEED + FLEETS):
        tap.point(f"hostile names and values, seed {seed}", random_fleet, seed)
    tap.end()


if __name__ == "__main__":
    main()
