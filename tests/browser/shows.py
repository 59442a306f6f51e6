# SPDX-License-Identifier: Apache-2.0
"""That the page shows what the files and other commands say."""

import re
import urllib.parse

from pages import asked, equal, key, rows
from suite import expect


WORDS = {"placed": "copy here", "covered": "covered", "without-effect": "without effect", "next": "next", "not-reached": "not reached"}


def agrees(place, words, gap):
    """Whether the words of a target's cell say what `status` does of the position."""
    if place["state"] == "not-reached" and gap:
        return words.startswith("not reached")
    return WORDS[place["state"]] in words.split(", ") or (place["state"] == "next" and "next, behind a gate" in words)


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
            expect(agrees(places[target], words, p["state"] == "gap"), f"{p['patch']} at {target}: {words!r}, not {places[target]}")


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


def check_versions(fleet, browser, types):
    expected = []
    for cluster_type in types:
        for row in asked(fleet, "matrix", cluster_type)["rows"]:
            cells = ["–" if x["value"] is None else x["value"] for x in row["cells"]]
            expected.append((row["application"], row["path"], cells, [x.get("values") for x in row["cells"] if x["differs"]]))
    got = table_rows(browser, "versions")
    equal([tuple(x[0].split("\n")) for x in got], [x[:2] for x in expected], "the rows")
    for row, (_, path, cells, _) in zip(got, expected, strict=True):
        for text, value in zip(row[1:], cells, strict=True):
            expect(text.startswith("*") or text == str(value), f"{path}: {text!r} is not {value!r}")
    equal([sum(t.startswith("*") for t in row[1:]) for row in got], [len(x[3]) for x in expected], "stars")


def check_findings(fleet, browser):
    found = asked(fleet, "check")["findings"]
    got = table_rows(browser, "findings")
    equal([(row[0][2:], row[1]) for row in got], [(x["severity"], x["code"]) for x in found], "severities and codes")
    for row, x in zip(got, found, strict=True):
        expect(row[2].startswith(x["message"]), f"{row[2]!r} is not {x['message']!r}")
        expect(x.get("file", "") in row[3], f"{row[3]!r} has no {x.get('file')!r}")


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
        places = browser.run("return Array.from(document.querySelectorAll('#detail .tree li'), (li) => li.querySelector('.word').innerText)")
        equal(len(places), len(fleet.positions), "positions")
    browser.run("document.querySelector('#detail .close').click()")
    expect(browser.run("return document.getElementById('detail').hidden"), "it is still open")
