#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""That each link of a page leads to a file, and to a heading or an anchor in it, and that each page of docs/ can be
reached from README.md: links.py. Prints TAP.

The pages are all markdown of the tree but what tests read as data, and the HTML of docs/. cmark-gfm reads the markdown,
so that what counts as a link is what GitHub makes of it. Links to other hosts are not followed.
"""

import re
import shutil
import subprocess
import sys
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests" / "lib"))

from suite import Tap

PAGES = ["*.md", ".github/**/*.md", "docs/**/*.md", "docs/**/*.html", "examples/**/*.md", "src/*.md", "tests/**/*.md"]
SUFFIXES = (".md", ".html")
OUTSIDE = ("http:", "https:", "mailto:")


class Page(HTMLParser):
    """The links of a page, and the anchors in it."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors, self.heading = [], set(), None
        if path.suffix == ".md":
            command = ["cmark-gfm", "-e", "table", "--unsafe", str(path)]
            self.feed(subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout)
        else:
            self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.links += [attributes[name] for name in ("href", "src") if attributes.get(name)]
        self.anchors |= {attributes[name] for name in ("id", "name") if attributes.get(name)}
        if re.fullmatch("h[1-6]", tag):
            self.heading = ""

    def handle_endtag(self, tag):
        if re.fullmatch("h[1-6]", tag) and self.heading is not None:
            self.anchors.add(self.anchor(self.heading))
            self.heading = None

    def handle_data(self, data):
        if self.heading is not None:
            self.heading += data

    def anchor(self, heading):
        """What GitHub calls a heading in a link."""
        name = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        number = 0
        while (f"{name}-{number}" if number else name) in self.anchors:
            number += 1
        return f"{name}-{number}" if number else name


class Pages:
    def __init__(self):
        self.read = {}

    def page(self, path):
        if path not in self.read:
            self.read[path] = Page(path)
        return self.read[path]

    def target(self, path, link):
        """The file that a link of the page leads to, and the anchor in it; None for a link to another host."""
        if link.startswith(OUTSIDE):
            return None, ""
        name, _, anchor = link.partition("#")
        to = (path.parent / urllib.parse.unquote(name)).resolve() if name else path
        return to, urllib.parse.unquote(anchor)

    def wrong(self, path, link):
        """Why a link of the page leads nowhere, or None."""
        to, anchor = self.target(path, link)
        if to is None:
            return None
        if not to.is_relative_to(TOP):
            return f"{link}: outside of the tree"
        if not to.exists():
            return f"{link}: no such file"
        if anchor and to.suffix in SUFFIXES and anchor not in self.page(to).anchors:
            return f"{link}: no such heading"
        return None

    def reached(self, start):
        """The pages that links lead to, from page to page."""
        found, new = {start}, [start]
        while new:
            page = new.pop()
            for link in self.page(page).links:
                to, _ = self.target(page, link)
                if to and to.suffix in SUFFIXES and to.is_file() and to not in found:
                    found.add(to)
                    new.append(to)
        return found


def main():
    tap, pages = Tap(), Pages()
    paths = sorted({path for pattern in PAGES for path in TOP.glob(pattern)})
    for path in paths:
        title = f"{path.relative_to(TOP)}: each link leads somewhere"
        if not shutil.which("cmark-gfm"):
            tap.skip(title, "no cmark-gfm")
            continue
        found = [pages.wrong(path, link) for link in pages.page(path).links]
        tap.result(title, [problem for problem in found if problem])
    title = "README.md leads to each page of docs/"
    if shutil.which("cmark-gfm"):
        reached = pages.reached(TOP / "README.md")
        docs = [path for path in paths if path.is_relative_to(TOP / "docs")]
        tap.result(title, [f"{path.relative_to(TOP)}: no link; docs/README.md is the index" for path in docs if path not in reached])
    else:
        tap.skip(title, "no cmark-gfm")
    tap.end()


if __name__ == "__main__":
    main()
