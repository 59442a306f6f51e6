# SPDX-License-Identifier: Apache-2.0
"""That the page shows what the files and other commands say."""

import re
import urllib.parse

from pages import asked, equal, key, rows
from suite import expect


# What a target's cell may say of a state of `status`, if the target is not part of the next position.
WORDS = {
    "placed": ["copy here"],
    "covered": ["covered"],
    "without-effect": ["copy here, without effect", "covered, without effect"],
    "not-reached": ["not reached"],
}


def is_next(patch, state, target):
    """Whether the next step brings the patch to the target; `status` says it of the next position alone."""
    goes_on = patch["state"] in ("ready", "gate") and patch["next"]
    return bool(goes_on) and state in ("next", "not-reached") and f"{target}/".startswith(f"{patch['next']}/")


def words_of(patch, state, target):
    """The words that a target's cell may have, by what `status` says of the patch and of the target."""
    if is_next(patch, state, target):
        return ["not reached, next, behind a gate" if patch["state"] == "gate" else "not reached, next"]
    return WORDS[state] + ["not reached, left out, a gap"] * (state == "not-reached" and patch["state"] == "gap")


def check_positions(fleet, browser):
    """Every cell against `status` of the patch, with all columns unfolded; the state and what is next, too."""
    browser.run("showLevel(arguments[0])", len(fleet.dimensions))
    shown, status = rows(browser), asked(fleet, "status")
    equal(set(shown), {key(p["clusterType"], p["application"], p["patch"]) for p in status["patches"]}, "the patches")
    for p in status["patches"]:
        row = shown[key(p["clusterType"], p["application"], p["patch"])]
        name = browser.run("return STATES[arguments[0]].word", p["state"])
        expect(row["state"].endswith(" " + name), f"{p['patch']}: {row['state']} is not {p['state']}")
        if p["state"] in ("ready", "gate") and p["next"]:
            expect(row["next"].split(" ")[0] == p["next"], f"{p['patch']}: {row['next']} is not {p['next']}")
        equal(len(row["cells"]), len(fleet.targets), "columns")
        if p["state"] == "unreadable":
            continue
        [whole] = asked(fleet, "status", p["clusterType"], p["application"], p["patch"])["patches"]
        places = {x["position"]: x for x in whole["positions"]}
        for target, words in zip(fleet.targets, row["cells"], strict=True):
            expect(words in words_of(p, places[target]["state"], target), f"{p['patch']} at {target}: {words!r}, not {places[target]}")


def check_files(fleet, browser):
    """Which targets have a patch, against the files alone, in columns of every level."""
    for depth in range(1, len(fleet.dimensions) + 1):
        browser.run("showLevel(arguments[0])", depth)
        columns = [p for p in fleet.positions if p.count("/") == depth - 1 or (p in fleet.targets and p.count("/") < depth - 1)]
        for fragment, row in rows(browser).items():
            cluster_type, application, patch = (urllib.parse.unquote(x) for x in fragment[1:].split("/"))
            top = fleet.root / "config" / cluster_type / application
            copies = [p for p in fleet.positions if (top / p / f"{patch}.yaml").is_file()]
            for column, words in zip(columns, row["cells"], strict=True):
                below = [t for t in fleet.targets if t == column or t.startswith(column + "/")]
                covered = [t for t in below if any(t == c or t.startswith(c + "/") for c in copies)]
                if column not in fleet.targets:
                    expect(words.startswith(f"{len(covered)} of {len(below)} target"), f"{fragment} at {column}: {words!r}")
                else:
                    expect(words.startswith("not reached") == (not covered), f"{fragment} at {column}: {words!r}")


def table_rows(browser, tab):
    browser.run("location.hash = arguments[0]", "#" + tab)
    browser.wait("return !document.getElementById('view-' + arguments[0]).hidden", tab)
    return browser.run(
        "return Array.from(document.querySelectorAll('#view-' + arguments[0] + ' tbody tr'),"
        " (row) => Array.from(row.cells, (cell) => cell.innerText))", tab,
    )  # fmt: skip


def version(cell):
    """A cell of `matrix` as the page shows it."""
    if not cell["differs"]:
        return "–" if cell["value"] is None else cell["value"]
    return "* targets differ: " + ", ".join(cell["values"] + ["–"] * cell["unset"])


def check_versions(fleet, browser, types):
    rows_there = [row for cluster_type in types for row in asked(fleet, "matrix", cluster_type)["rows"]]
    expected = [[row["application"], row["path"], *map(version, row["cells"])] for row in rows_there]
    got = [[*row[0].split("\n"), *(" ".join(text.replace('"', "").split()) for text in row[1:])] for row in table_rows(browser, "versions")]
    equal(got, expected, "the rows")
    expect(any(cell["differs"] for row in rows_there for cell in row["cells"]), "no targets differ")


def check_findings(fleet, browser):
    found = asked(fleet, "check")["findings"]
    got = table_rows(browser, "findings")
    equal([(row[0][2:], row[1]) for row in got], [(x["severity"], x["code"]) for x in found], "severities and codes")
    for row, x in zip(got, found, strict=True):
        expect(row[2].startswith(x["message"]), f"{row[2]!r} is not {x['message']!r}")
        expect(x.get("file", "") in row[3], f"{row[3]!r} has no {x.get('file')!r}")


# The words of a target in the tree of a patch that has no gap.
TREE_WORDS = {"placed": "placed", "covered": "covered", "without-effect": "covered, without effect", "next": "next", "not-reached": "not reached"}


def check_tree(browser, patch):
    """The tree of positions against those of `status`."""
    shown = browser.run(
        "return Array.from(document.querySelectorAll('#detail .tree li'), (li) => [li.querySelector('.word').textContent, !li.querySelector('li')])"
    )
    for (words, target), place in zip(shown, patch["positions"], strict=True):
        state = "next" if is_next(patch, place["state"], place["position"]) else place["state"]
        expect(not target or words == TREE_WORDS[state], f"{place} is {words!r}")
        expect(target or words.startswith("placed, ") == (state == "placed"), f"{place} is {words!r}")


def check_detail(fleet, browser):
    """A patch that is opened: what it sets, its metadata and its effect, against `status`."""
    for cluster_type, application, patch in (("mgmt", "vault", "patch-002"), ("edge", "gateway", "patch-006")):
        browser.run("location.hash = arguments[0]", key(cluster_type, application, patch))
        browser.wait("return document.querySelector('#detail h2') && document.querySelector('#detail h2').textContent === arguments[0]", patch)
        [whole] = asked(fleet, "status", cluster_type, application, patch)["patches"]
        text = browser.run("return document.getElementById('detail').innerText")
        for x in whole["sets"]:
            expect(x["path"] in text and str(x["value"]) in text, f"{patch} sets {x}, which is not in: {text}")
        for x in whole["metadata"].values():
            expect(str(x) in text, f"metadata {x} is not in: {text}")
        tables = browser.run(
            "return Array.from(document.querySelectorAll('#detail .effect'), (group) => [group.querySelector('summary').innerText,"
            " Array.from(group.querySelectorAll('tbody tr'), (row) => Array.from(row.cells, (cell) => cell.innerText))])"
        )
        equal(len(tables), len(whole["effect"]), "groups of targets")
        for (title, changes), group in zip(tables, whole["effect"], strict=True):
            expect(re.match(rf"(all )?{len(group['targets'])} target", title), f"{title!r} is not {group['targets']}")
            expected = [[x["path"], "− " + x["old"] if "old" in x else "(unset)", "+ " + x["new"] if "new" in x else "(unset)"] for x in group["changes"]]
            equal(changes, expected, f"the changes of {patch}")
        check_tree(browser, whole)
    browser.run("document.querySelector('#detail .close').click()")
    expect(browser.run("return document.getElementById('detail').hidden"), "it is still open")
