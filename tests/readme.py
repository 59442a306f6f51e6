#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""That README.md and the pictures in docs/ show what is there: readme.py. Prints TAP.

The console blocks of README.md are run by pages.py, and its links followed by links.py.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests" / "lib"))

from suite import PROMOTE, Tap, environment, expect

README = (TOP / "README.md").read_text("utf-8")
FLEET = TOP / "examples" / "fleet"
SVG = "{http://www.w3.org/2000/svg}"
LINES = 12  # of the layout and the patch
# what is done before a command of the daily job, which comes after the ones above it
BEFORE = {"--approve": [["edge", "gateway", "patch-001", "--commit"]]}
# what it says, besides ending well
SAID = {
    "promote": "patch-001  lab ●○○ trial ○ live ○○○  next lab/lab-a/bergen: ready",
    "start": "New patch: config/edge/gateway/lab/lab-a/amsterdam/patch-002.yaml",
    "plan": "6  into values.yaml",
    "--dry-run": "(dry run) Nothing was written",
    "--approve": "✓ Gate opened: trial",
    "hold": "✓ Added hold: config/edge/gateway/hold.yaml:1:3: 2.5.1 leaks memory",
    "rollback": "✓ Rolled back from: trial/trial-all",
    "explain": "set by config/edge/gateway/live/override.yaml:4",
    "check": "No findings",
    "edge": "✓ Consolidated to sector level: config/edge/gateway/lab/lab-a/patch-001.yaml",
}


def section(title):
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.M | re.S)[1]


def check_layout():
    """The first block: paths of the example fleet, and the text of the last one."""
    block = re.search(r"\n\n((?:    .*\n)+)\n```yaml\n(.*?)```\n", README, re.S)
    expect(block, "no layout with a patch below it")
    layout, patch = block[1].splitlines(), block[2]
    paths = [line.split()[0] for line in layout]
    missing = [path for path in paths if not (FLEET / path).is_file()]
    expect(not missing, f"not in examples/fleet: {missing}")
    expect(patch == (FLEET / paths[-1]).read_text(), f"{paths[-1]} has another text")
    expect(len(layout) + patch.count("\n") <= LINES, f"more than {LINES} lines")


def check_install():
    """Each target of make is there, and makes what is installed then."""
    makefile = (TOP / "Makefile").read_text()
    code = " ".join(re.findall(r"`([^`]*)`", section("Install")))
    targets = set(re.findall(r"\bmake\s(\w+)", code))
    expect({"demo", "deb", "static", "install"} <= targets, f"only {sorted(targets)}")
    for target in targets:
        expect(re.search(rf"^{target}:", makefile, re.M), f"the Makefile has no target {target}")
    installed = set(re.findall(r"install (?:\./)?(build[\w/-]*)", code))
    said = makefile.replace("$(BUILD)", "build") + (TOP / "tools" / "static").read_text()
    for path in installed:
        for part in path.rstrip("_").removesuffix("/promote").split("/"):
            expect(part in said, f"nothing makes {path}")
    expect(len(installed) == 2, f"installed: {sorted(installed)}")


def run(root, *words):
    done = subprocess.run(
        ["promote", *words], executable=PROMOTE, cwd=root, env=environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    expect(done.returncode == 0, f"promote {shlex.join(words)} ended with {done.returncode}:", done.stdout)
    return done.stdout


def copy_fleet(directory):
    root = Path(directory, "fleet")
    shutil.copytree(FLEET, root)
    return root


def check_job():
    """The ten commands, one after another in one repository."""
    commands = re.findall(r"^\| [^|]* \| `promote(.*?)` \|$", section("The daily job"), re.M)
    expect(len(commands) == 10, f"{len(commands)} commands")
    said = set()
    with tempfile.TemporaryDirectory() as directory:
        root = copy_fleet(directory)
        config = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
        for words in (["init", "-q"], ["add", "."], [*config, "commit", "-qm", "The fleet"]):
            subprocess.run(["git", *words], cwd=root, check=True)
        for name in ("name", "email"):
            subprocess.run(["git", "config", f"user.{name}", "ann@example.com"], cwd=root, check=True)
        for command in commands:
            words = shlex.split(command)
            key = next((key for key in SAID if any(word.split("=")[0] == key for word in words)), "promote")
            for before in BEFORE.get(key, []):
                run(root, *before)
            out = run(root, *words)
            expect(SAID[key] in out, f"promote{command} does not say {SAID[key]!r}:", out)
            said.add(key)
    expect(said == set(SAID), f"no command for {set(SAID) - said}")


def check_step():
    """docs/step.svg is drawn again, and its text is what is printed without a terminal, too."""
    drawn = subprocess.run([str(TOP / "tools" / "picture"), PROMOTE], stdout=subprocess.PIPE, check=True).stdout
    there = (TOP / "docs" / "step.svg").read_bytes()
    lines = {}
    for text in ElementTree.fromstring(there).iter(f"{SVG}text"):
        spans = [(float(span.get("x")), float(span.get("textLength")), span.text) for span in text]
        width = spans[0][1] / len(spans[0][2])
        line = ""
        for at, _, words in spans:
            line = line.ljust(round((at - 20) / width)) + words
        lines[float(text.get("y"))] = line
    with tempfile.TemporaryDirectory() as directory:
        printed = run(copy_fleet(directory), "edge", "gateway", "patch-001").splitlines()
    wanted = ["$ promote edge gateway patch-001", *(line for line in printed if line)]
    expect([lines[y] for y in sorted(lines)] == wanted, "its text is not what is printed:", "\n".join(lines.values()))
    expect(drawn == there, "not current: make docs")


def texts(svg):
    """What a diagram says, without what another version of Graphviz may do otherwise: where it is."""
    groups = ElementTree.fromstring(svg).iter(f"{SVG}g")
    return sorted(
        (g.get("class"), g.findtext(f"{SVG}title"), *(text.text for text in g.iter(f"{SVG}text")))
        for g in groups
        if g.get("class") != "graph"
    )


def check_diagram(dot):
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory, dot.name)
        shutil.copy(dot, copy)
        subprocess.run([str(TOP / "tools" / "diagram"), str(copy)], check=True)
        there, drawn = dot.with_suffix(".svg").read_bytes(), copy.with_suffix(".svg").read_bytes()
    expect(texts(there) == texts(drawn), "not current: make docs", texts(there), texts(drawn))
    style = re.compile(rb"<style>.*</style>", re.S)
    expect(style.search(there)[0] == style.search(drawn)[0], "other colours: make docs")


def nodes(dot):
    return set(re.findall(r'^\t"?([\w-]+)"? \[', dot, re.M)) - {"graph", "node", "edge"}


def check_life():
    """Each state that status shows is in the diagram, and no other word that waits."""
    source = (TOP / "src" / "core" / "flight.c").read_text()
    states = set(re.findall(r'\[FLIGHT_\w+\] = "([^"]*)"', source))
    dot = (TOP / "docs" / "life.dot").read_text()
    ends = set(re.findall(r'^\t(\w+) \[.*class=end\]', dot, re.M))
    expect(states and nodes(dot) - ends - {"placed"} == states, f"{nodes(dot) - ends} are not {states}")


def check_house():
    """What the arrows lead to is what tools/layers lets a directory include, and all that it does include."""
    dot = (TOP / "docs" / "house.dot").read_text()
    arrows = {node: set() for node in nodes(dot)}
    for left, right in re.findall(r"^\t(.*) -> (.*)$", dot, re.M):
        for node in left.strip("{ }").split():
            arrows[node] |= set(right.strip("{ }").split())
    reach = {}

    def reached(node):
        if node not in reach:
            reach[node] = set(arrows[node]).union(*(reached(to) for to in arrows[node]))
        return reach[node]

    layers = (TOP / "tools" / "layers").read_text()
    rules = re.findall(r"""^offences (\w+) "includes .*" '#include "\((.*)\)/'$""", layers, re.M)
    expect(len(rules) == 7, f"tools/layers has {len(rules)} rules")
    rooms = set(arrows) - {"main"}
    for room, forbidden in rules:
        allowed = rooms - {room} - set(forbidden.split("|"))
        expect(reached(room) == allowed, f"{room}: {sorted(reached(room))} are not {sorted(allowed)}")
    expect(reached("main") == rooms, f"main: {sorted(reached('main'))}")
    expect(rooms == {p.name for p in (TOP / "src").iterdir() if p.is_dir()}, "src/ has other directories")


def check_packages():
    setup = (TOP / "tools" / "setup").read_text()
    installed = {word for line in re.findall(r'^\w+="(\w.*)"$', setup, re.M) for word in line.split()}
    table = (TOP / "CONTRIBUTING.md").read_text().split("| package | for |", 1)[1].split("\n\n", 1)[0]
    told = {word for row in re.findall(r"^\| ([^|]*) \|", table, re.M) for word in row.split(", ")} - {"---"}
    expect(installed and installed <= told, f"add a row to CONTRIBUTING.md: {installed - told}")


def main():
    tap = Tap()
    tap.point("the layout is that of examples/fleet", check_layout)
    tap.point("what is to be installed is made", check_install)
    for title, check in (
        ("the ten commands of the daily job do what they say", check_job),
        ("docs/step.svg is what a terminal shows", check_step),
    ):
        if "PROMOTE_VALGRIND" in os.environ:
            tap.skip(title, "other tests run the same under valgrind")
        else:
            tap.point(title, check)
    for dot in sorted((TOP / "docs").glob("*.dot")):
        title = f"docs/{dot.stem}.svg says what its source does"
        if shutil.which("dot"):
            tap.point(title, check_diagram, dot)
        else:
            tap.skip(title, "no dot: tools/setup docs")
    tap.point("docs/life.dot has the states of status", check_life)
    tap.point("docs/house.dot has the layers of tools/layers", check_house)
    tap.point("CONTRIBUTING.md says what each package is for", check_packages)
    tap.end()


if __name__ == "__main__":
    main()
