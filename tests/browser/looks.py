# SPDX-License-Identifier: Apache-2.0
"""How the page is made and how it looks: valid, with contrast, on a phone, in print, for a screen reader."""

import html.parser
import os
import shutil
import subprocess
from pathlib import Path

from pages import equal
from suite import expect

PICTURES = os.environ.get("BOARD_PICTURES")
VOID = {"meta", "link", "input", "br"}


class Balance(html.parser.HTMLParser):
    """Whether each element of a page is closed, each id unique, and each label and control points to one."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.wrong, self.refers, self.language, self.title = [], set(), [], set(), None, False

    def handle_starttag(self, tag, attributes):
        there = dict(attributes)
        self.language = there.get("lang", self.language)
        self.title = self.title or tag == "title"
        if "id" in there:
            if there["id"] in self.ids:
                self.wrong.append(f"the id {there['id']} is there twice")
            self.ids.add(there["id"])
        for name in ("aria-controls", "aria-labelledby", "for"):
            self.refers |= set(there.get(name, "").split())
        self.wrong += [f"<{tag}> has an attribute {name}" for name in there if name.startswith("on") or name == "style"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"line {self.getpos()[0]}: </{tag}> closes something else")


def check_html(page):
    parser = Balance()
    parser.feed(page.read_text())
    parser.close()
    wrong = parser.wrong + [f"not closed: {tag}" for tag in parser.open]
    wrong += [f"no such id: {name}" for name in parser.refers - parser.ids]
    expect(not wrong and parser.language == "en" and parser.title, *wrong, f"language {parser.language}, title {parser.title}")
    if shutil.which("tidy"):
        said = subprocess.run(["tidy", "-e", "-q", str(page)], capture_output=True, text=True, check=False).stderr
        lines = [x for x in said.splitlines() if "trimming empty" not in x]  # what the scripts fill
        expect(not lines, *lines)


CONTRAST = """
const parse = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length > 3 ? n : [...n, 1]; };
const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255]; };
const bad = [];
for (const e of document.body.querySelectorAll('*')) {
    const own = Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.offsetParent || e.matches('.part, .idle, option')) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(`${ratio.toFixed(1)}: <${e.tagName} class=${e.className}> ${e.textContent.slice(0, 40)}`);
}
return bad;
"""


def picture(browser, name):
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        browser.picture(Path(PICTURES, name + ".png"))


def places(browser):
    """Opens each tab, and a patch. Yields the fragment of each."""
    for at in ("#patches", "#versions", "#findings", "#mgmt/vault/patch-002"):
        browser.run("location.hash = arguments[0]", at)
        browser.wait("return location.hash === arguments[0] && (current === arguments[0].slice(1) || matrix.open === arguments[0])", at)
        yield at


def check_colours(page, browser, dark):
    browser.set_media(dark=dark)
    browser.open(page)
    ground = browser.run("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    expect((sum(ground) < 3 * 64) == dark, f"the page is {ground}")
    for at in places(browser):
        bad = browser.run(CONTRAST)
        expect(not bad, f"too little contrast at {at}:", *bad)
        picture(browser, f"{'dark' if dark else 'light'}-{at[1:].replace('/', '-')}")
    browser.set_media()


def check_narrow(page, browser):
    browser.set_size(360, 740)
    browser.open(page)
    for at in places(browser):
        wide = browser.run(
            "return Array.from(document.body.querySelectorAll('*')).filter((e) => e.offsetParent && !e.closest('table, .hush, .skip')"
            " && e.getBoundingClientRect().right > 361).map((e) => e.tagName + '.' + e.className + '#' + e.id)"
        )
        expect(not wide and browser.run("return document.documentElement.scrollWidth") <= 360, f"wider than the screen at {at}: {wide}")
        if at != "#patches":  # where cells are below one another
            roles = roles_of(browser)
            expect({"table", "row", "cell", "rowheader", "columnheader"} <= roles, f"roles at {at}: {sorted(roles)}")
        picture(browser, f"narrow-{at[1:].replace('/', '-')}")
    browser.set_size(1280, 900)


def check_print(page, browser):
    """On paper there is the whole tab, with the rows that are out of sight, and nothing to press."""
    browser.open(page)
    everything = browser.run("return patches.length")
    expect(browser.run("return document.querySelectorAll('#matrix a[data-key]').length") < everything, "all rows are there before")
    browser.run("window.shownWhenPrinted = 0; addEventListener('beforeprint', () => { shownWhenPrinted = document.querySelectorAll('#matrix a[data-key]').length; })")
    paper = browser.paper()
    expect(paper.startswith(b"%PDF"), "this is not a PDF")
    equal(browser.run("return shownWhenPrinted"), everything, "rows on paper")
    if PICTURES:
        Path(PICTURES, "print.pdf").write_bytes(paper)
    browser.set_media(media="print")
    shown = browser.run("return ['tabs', 'filters', 'levels'].filter((id) => document.getElementById(id).offsetParent)")
    expect(not shown, f"printed: {shown}")
    browser.set_media()


def roles_of(browser):
    return {node["role"]["value"] for node in browser.call("Accessibility.getFullAXTree")["nodes"] if "role" in node}


NAMELESS = """
const bad = [];
const seen = Array.from(document.querySelectorAll('table')).filter((t) => t.offsetParent);
if (!seen.length) bad.push('no table');
for (const t of seen) {
    if (!t.caption || !t.caption.innerText) bad.push('no caption');
    for (const th of t.querySelectorAll('th')) if (!th.scope) bad.push('no scope: ' + th.innerText);
}
for (const e of document.querySelectorAll('button, select, input, [role=group], [role=region], aside'))
    if (!(e.innerText || e.getAttribute('aria-label') || (e.labels && e.labels.length))) bad.push('no name: ' + e.outerHTML);
return bad;
"""


def check_names(page, browser):
    """What a screen reader has: headings, tables with captions and heads, a name for every control."""
    browser.open(page)
    for at in places(browser):
        bad = browser.run(NAMELESS)
        expect(not bad, f"at {at}:", *bad)
        headings = browser.run("return Array.from(document.querySelectorAll('h1, h2, h3'), (x) => Number(x.tagName[1]))")
        expect(headings[0] == 1 and headings.count(1) == 1, f"headings at {at}: {headings}")
        roles = roles_of(browser)
        for role in ("tab", "tablist", "tabpanel", "table", "rowheader", "columnheader", "main", "search", "status"):
            expect(role in roles, f"nothing has the role {role} at {at}: {sorted(roles)}")
