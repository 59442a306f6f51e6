#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/man: that it is what `make docs` makes, and that this is the manual.

The words of each page are compared with those that mandoc shows of what scdoc makes from the same source, in their
order; markdown is read by cmark-gfm for it. Literal blocks are compared to the byte, links are followed.
"""

import difflib
import html.parser
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests" / "lib"))

from suite import Tap

MADE = TOP / "docs" / "man"
MAN = TOP / "man"
STYLES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic"}


class Reader(html.parser.HTMLParser):
    """The text of the main part of a page, its literal blocks, links, anchors, and headings."""

    def __init__(self, text, inside=None):
        super().__init__()
        self.inside, self.text, self.links, self.anchors = inside, "", [], set()
        self.blocks, self.headings, self.open, self.styles = [], [], [], []
        self.begins = False  # an element of a style
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.links += [given["href"]] if "href" in given else []
        self.anchors |= {given["id"]} if "id" in given else set()
        self.open += [tag] if tag not in ("meta", "link", "br", "hr") else []
        self.begins = self.begins or tag in STYLES
        if tag == "pre":
            self.blocks.append("")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append("")
        if tag in ("p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "pre", "br"):
            self.text += " "

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if "pre" in self.open:
            self.blocks[-1] += data
        elif any(re.fullmatch("h[1-6]", tag) for tag in self.open):
            self.headings[-1] += data
        style = next((STYLES[tag] for tag in self.open if tag in STYLES), None)
        if style and self.begins:
            self.styles.append((style, data))
        elif style:
            self.styles[-1] = (style, self.styles[-1][1] + data)
        self.begins = False
        if (not self.inside or self.inside in self.open) and "title" not in self.open:
            self.text += data


def output(*command, text=None):
    return subprocess.run(command, input=text, check=True, text=True, capture_output=True).stdout


def words(text):
    """The words of a text without what only one of the forms has: the marks of items, and the borders of tables."""
    text = text.translate(str.maketrans("\u2010\u2212\u2019\u2018\u00a0", "--'' "))
    text = re.sub(r"[\u2500-\u257f]", " ", text)
    return [w for w in text.split() if not re.fullmatch(r"\u2022|\d+\.", w)]


def reference(source):
    """The words of a man page as mandoc shows it, without its first and last line."""
    commands = sorted(str(p) for p in MAN.glob("promote-*.1.scd"))
    page = output("sh", str(MAN / "page.sh"), "scdoc", str(source), *commands)
    shown = re.sub(r".\x08", "", output("mandoc", "-T", "utf8", "-O", "width=1000", text=page))
    return words("\n".join(shown.strip().splitlines()[1:-1]))


def literals(source):
    """The literal blocks of a source."""
    blocks = re.findall(r"^(\t*)```\n(.*?)^\1```$", source.read_text(), flags=re.M | re.S)
    return [re.sub(r"\\(.)", r"\1", re.sub(f"^{tabs}", "", text, flags=re.M)) for tabs, text in blocks]


def differ(wanted, got):
    if wanted == got:
        return []
    lines = difflib.unified_diff(wanted, got, "wanted", "got", lineterm="", n=2)
    return ["\n".join(list(lines)[:40])]


def current(tap):
    with tempfile.TemporaryDirectory() as new:
        subprocess.run([str(TOP / "tools" / "manual"), new], check=True)
        files = {p.name: p.read_text() for p in Path(new).iterdir()}
    there = {p.name: p.read_text() for p in MADE.iterdir() if p.name != "man.css"}
    wrong = [f"{name}: is not current, see make docs" for name in sorted(files.keys() | there.keys()) if files.get(name) != there.get(name)]
    tap.result("docs/man is what make docs makes", wrong)
    pages = {p.stem for p in MAN.glob("*.scd")}
    wanted = {f"{page}.{kind}" for page in pages for kind in ("html", "md")} | {"index.html", "README.md"}
    tap.result("each man page is there as HTML and as markdown", sorted(wanted ^ set(files)))


def contents(tap, source):
    name = source.stem
    forms = {"html": Reader((MADE / f"{name}.html").read_text(), "main")}
    if shutil.which("cmark-gfm"):
        made = output("cmark-gfm", "--unsafe", "-e", "table", "-e", "strikethrough", "-e", "autolink", str(MADE / f"{name}.md"))
        forms["md"] = Reader(made)
        forms["md"].text = forms["md"].text.replace("promote: the manual", "", 1)
    else:
        tap.skip(f"{name}.md: the words of the man page", "no cmark-gfm")
    if "md" in forms:
        wanted, got = ([f"{style} {text}" for style, text in forms[kind].styles] for kind in ("html", "md"))
        tap.result(f"{name}: the same is bold and italic in both", differ(wanted, got) or ([] if wanted else ["nothing is"]))
    for kind, page in forms.items():
        wanted = literals(source)
        tap.result(f"{name}.{kind}: the literal blocks", differ(wanted, [b.removesuffix("\n") + "\n" for b in page.blocks]))
        if not shutil.which("scdoc") or not shutil.which("mandoc"):
            tap.skip(f"{name}.{kind}: the words of the man page", "no scdoc or no mandoc")
            continue
        title = f"{source.stem[:-2]}({source.stem[-1]})"
        tap.result(f"{name}.{kind}: the words of the man page", differ([title, *reference(source)], words(page.text)))


def github(titles):
    """The anchors that GitHub gives to headings."""
    return {"".join(c for c in t.strip().lower().replace(" ", "-") if c.isalnum() or c in "-_") for t in titles}


def links(tap):
    pages = {p.name: Reader(p.read_text()) for p in MADE.glob("*.html")}
    if shutil.which("cmark-gfm"):
        for path in MADE.glob("*.md"):
            pages[path.name] = Reader(output("cmark-gfm", "-e", "table", str(path)))
            pages[path.name].anchors = github(pages[path.name].headings)
    wrong, count = [], 0
    for name, page in sorted(pages.items()):
        for link in page.links:
            to, _, anchor = link.partition("#")
            count += bool(to and anchor)
            if not (MADE / to).exists() or (anchor and anchor not in pages[to or name].anchors):
                wrong.append(f"{name}: {link}")
    tap.result("every link leads to a page and a heading", wrong or ([] if count else ["no link to a heading of another page"]))
    lost = []
    for source in MAN.glob("*.scd"):
        text = re.sub(r"```.*?```", "", source.read_text(), flags=re.S)
        asked = {f"{page}.{n}.html" for page, n in re.findall(r"\*([a-z-]+)\*\((\d)\)", text)} & set(pages)
        lost += [f"{source.stem}: {to}" for to in asked - {f"{source.stem}.html"} - {x.partition('#')[0] for x in pages[f"{source.stem}.html"].links}]
    tap.result("each page that is named is a link", lost)


def valid(tap):
    if not shutil.which("tidy"):
        tap.skip("the HTML is valid", "no tidy")
        return
    files = sorted(str(p) for p in MADE.glob("*.html"))
    done = subprocess.run(["tidy", "-q", "-e", *files], capture_output=True, text=True, check=False)
    tap.result("the HTML is valid", [done.stderr] if done.stderr or done.returncode else [])


def main():
    tap = Tap()
    current(tap)
    for source in sorted(MAN.glob("*.scd")):
        contents(tap, source)
    links(tap)
    valid(tap)
    tap.end()


main()
