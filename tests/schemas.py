#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""That schemas/ describes what promote-json(5) does, and refuses everything else. Prints TAP."""

import copy
import json
import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests" / "lib"))

import documents

COPY = {"position": "lab/a", "path": "config/t/app/lab/a/patch-1.yaml"}
PLACE = {"position": "lab/a", "file": "config/t/app/lab/override.yaml", "line": 2, "column": 5, "path": "a.b"}
RECOVERED = {
    "outcome": "undone", "step": "t app: patch-1 to lab/a", "effect": {"groups": [{"targets": ["lab/a"], "paths": ["a.b"]}]},
}
HOLD = {
    "file": "config/t/app/lab/hold.yaml", "line": 1, "column": 3, "position": "lab", "reason": "no", "by": "x",
    "since": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00Z", "patches": ["patch-1"], "positions": ["lab/a"],
}
BAD_HOLD = {"file": "config/t/hold.yaml", "line": 1, "column": 3, "problem": "no"}
# what a hold, or one that cannot be judged, may lack
HOLD_OPTIONAL = {"position", "until", "patches", "positions"}
COMMON = {"apiVersion": "promote/v1"}
COMMIT = "0123456789abcdef" * 4
TIME = "2026-11-01T00:00:00Z"
PERSON = {"name": "x", "email": "x@example.com"}
MOMENT = {"commit": COMMIT, "date": TIME, "by": "x", "action": "promote"}
# One document of each kind that has every field there is.
WHOLE = {
    "Step": {
        **COMMON, "kind": "Step", "dryRun": False, "clusterType": "t", "application": "app", "patch": "patch-1",
        "action": "promote", "source": COPY, "target": COPY, "gates": [{"position": "lab", "approved": True}],
        "positions": ["lab/a"], "holds": [HOLD, BAD_HOLD], "targets": ["lab/a"], "consolidated": [COPY],
        "edits": [
            {"action": "create", "path": "a", "from": "b"}, {"action": "create", "path": "a", "text": "a: 1"},
            {"action": "change", "path": "c", "removedKeys": ["a.b"]}, {"action": "remove", "path": "d"},
        ],
        "effect": {
            "targets": 2, "changed": 1,
            "groups": [{"targets": ["lab/a"], "changes": [{"path": "a.b", "old": None, "new": {"c": 1}}]}],
        },
        "digest": "-".join(["0123abcd"] * 8), "commit": "0123abcd" * 5, "date": TIME, "branch": "main", "remote": "origin", "pullRequest": "https://x/1", "covered": 2, "hidden": [{"targets": ["lab/a"], "withoutEffect": True, **{k: v for k, v in PLACE.items() if k != "position"}}],
        "generator": "make generate", "stale": ["rendered/t/lab/b/values.yaml"],
        "warnings": [{"code": "hidden", "severity": "warning", **PLACE, "message": "no", "hint": "yes"}],
        "recovered": RECOVERED, "complete": False, "next": {**COPY, "gates": ["lab"], "gap": True},
    },
    "Explanation": {
        **COMMON, "kind": "Explanation", "clusterType": "t", "application": "app", "target": "lab/a",
        "values": [{"path": "a", "value": [1], "file": "f", "line": 3, "hides": [{"file": "g", "line": 1, "value": None}],
                    "since": {"commit": 20 * "0a", "date": "2026-11-30T18:00:00Z", "author": {"name": "Jane", "email": "j@x"}, "subject": "s",
                              "recorded": {"action": "promote", "clusterType": "t", "application": "app", "patch": "patch-1", "from": ["lab/a"],
                                           "to": ["lab/b"], "consolidated": ["lab"], "approved": ["Jane <j@x> (lab)"],
                                           "options": ["--level=region"], "reason": "r"}, "cut": True}}],
    },
    "Matrix": {
        **COMMON, "kind": "Matrix", "clusterType": "t", "by": "environments", "path": "a.*", "columns": ["lab"], "where": "x",
        "rows": [{
            "application": "app", "path": "a.b", "targets": ["lab/a"],
            "cells": [{"position": "lab", "value": None, "differs": True, "unset": True, "values": [1],
                       "from": [{"file": "f", "line": 3, "value": [1]}]}],
        }],
        "unreadable": [{"clusterType": "t", "application": "app", "code": "broken-yaml", "text": "no", **PLACE}],
        "warnings": [{
            "code": "stray-file", "severity": "warning", "clusterType": "t", "application": "app", "position": "lab",
            "file": "config/t/app/lab/patch-1.yml", "message": "no", "hint": "yes",
        }],
    },
    "Diff": {
        **COMMON, "kind": "Diff", "from": {"revision": "HEAD", "commit": "0a"}, "to": {"revision": None, "commit": None},
        "differs": True,
        "clusterTypes": [{
            "clusterType": "t", "application": None, "added": ["lab/a"], "removed": ["lab/b"],
            "effect": {
                "targets": 3, "changed": 1,
                "groups": [{"targets": ["lab/c"], "changes": [{"path": "a.b", "old": None, "new": {"c": 1}}]}],
            },
        }],
        "warnings": [{
            "code": "stray-file", "severity": "warning", "clusterType": "t", "application": "app", "position": "lab",
            "file": "config/t/app/lab/patch-1.yml", "message": "no", "hint": "yes",
        }],
    },
    "Plan": {
        **COMMON, "kind": "Plan", "clusterType": "t", "application": "app", "patch": "patch-1", "level": "sector", "to": "lab/a",
        "covered": 1, "targets": 2, "complete": False, "commands": ["promote t app patch-1 --approve=lab"],
        "refusal": {
            "number": 2, "action": "integrate", "target": COPY, "code": "values-would-change", "exit": 4, "message": "no", **PLACE,
            "blockers": [{**PLACE, "message": "no", "hint": "yes"}], "commands": ["promote plan t app patch-1 --prune-overrides"],
        },
        "steps": [{
            "number": 1, "action": "promote", "source": COPY, "target": COPY, "gates": ["lab"], "holds": [HOLD, BAD_HOLD],
            "targets": ["lab/a"], "consolidated": [COPY],
            "edits": [
                {"action": "create", "path": "a", "from": "b"},
                {"action": "change", "path": "c", "removedKeys": ["a.b"]}, {"action": "remove", "path": "d"},
            ],
            "effect": {
                "targets": 2, "changed": 1,
                "groups": [{"targets": ["lab/a"], "changes": [{"path": "a.b", "old": None, "new": {"c": 1}}]}],
            },
            "covered": 2, "warnings": [{"code": "hidden", "severity": "warning", **PLACE, "message": "no", "hint": "yes"}],
        }],
    },
    "Recovery": {**COMMON, "kind": "Recovery", **RECOVERED},
    "Findings": {
        **COMMON, "kind": "Findings", "errors": 1, "warnings": 0, "findings": [
            {"code": "hidden", "severity": "error", "clusterType": "t", "application": "app", **PLACE, "message": "no", "hint": "yes"}],
    },
    "Status": {
        **COMMON, "kind": "Status", "dimensions": ["environments"], "positions": [{"path": "lab", "manual": True, "targets": 1}],
        "unreadable": [{"clusterType": "t", "application": "app", "code": "broken-yaml", "text": "no", **PLACE}],
        "warnings": [{
            "code": "stray-file", "severity": "warning", "clusterType": "t", "application": "app", "position": "lab",
            "file": "config/t/app/lab/patch-1.yml", "message": "no", "hint": "yes",
        }],
        "patches": [{
            "clusterType": "t", "application": "app", "patch": "patch-1", "description": "d", "state": "conflict", "next": "lab",
            "step": "promote", "gates": ["lab"],
            "waits": [{"code": "conflict", "text": "no", "position": "lab", "file": "f", "line": 1, "patch": "patch-2"}],
            "copies": [{**COPY, "digest": "0123abcd"}], "covered": 1, "targets": 2, "without": 0,
            "positions": [{"position": "lab", "state": "placed", "gate": True}], "metadata": {"description": "d"},
            "sets": [{"path": "a.b", "value": {"c": 1}}],
            "effect": [{"targets": ["lab/a"], "changes": [{"path": "a.b", "old": None, "new": 1}]}],
        }],
    },
    "History": {
        **COMMON, "kind": "History", "clusterType": "t", "application": "app", "patch": "patch-1", "revision": COMMIT,
        "state": "in-flight", "whole": True, "covered": 1, "targets": 2,
        "events": [{
            "commit": COMMIT, "date": TIME, "merged": {"commit": COMMIT, "date": TIME}, "author": PERSON, "committer": "x",
            "subject": "no", "action": "promote", "recorded": {
                "action": "promote", "from": ["lab"], "to": ["live"], "consolidated": ["live"], "approved": ["x (live)"],
                "options": ["--level=region"], "reason": "no",
            },
            "added": ["live"], "removed": ["lab"], "changed": ["lab"],
            "renamedFrom": {"clusterType": "t", "application": "app", "patch": "patch-2"},
            "joined": [{"commit": COMMIT, "date": TIME, "author": PERSON, "subject": "no"}], "covered": 1, "targets": 2,
        }],
        "positions": [{
            "position": "lab/a", "formerly": "lab/b", "known": True, "stays": [{"reached": MOMENT, "left": MOMENT, "seconds": 3}],
        }],
        "warnings": [{
            "code": "unfinished-step", "severity": "warning", "clusterType": "t", "application": "app", "position": "lab",
            "file": ".promote", "message": "no", "hint": "yes",
        }],
    },
    "Hold": {
        **COMMON, "kind": "Hold", "dryRun": False, "action": "hold", "file": "config/t/app/lab/hold.yaml",
        "holds": [HOLD, BAD_HOLD], "left": 2,
        "warnings": [{"code": "left-over", "severity": "warning", "message": "no", "hint": "yes"},
            {"code": "not-in-flight", "severity": "warning", "message": "no", "hint": "yes"}],
        "commit": "0123abcd" * 8, "branch": "main", "remote": "origin", "pullRequest": "https://x/1",
        "clusterType": "t", "application": "app", "position": "lab", "recovered": RECOVERED,
    },
    "Verification": {
        **COMMON, "kind": "Verification", "range": "a..b", "legal": 0, "illegal": 1, "notJudged": 0, "commits": [{
            "commit": "0123", "subject": "s", "author": "A <a@example.com>", "date": "2026-11-01T00:00:00Z",
            "verdict": "illegal", "action": "promote", "clusterType": "t", "application": "app", "patch": "patch-1",
            "reverts": "4567", "rule": "gate", "message": "no", "path": "config/t/app/lab/patch-1.yaml",
        }],
    },
    "Error": {
        **COMMON, "kind": "Error", "code": "conflict", "exit": 4, "message": "no", "position": "lab/a", "file": "f",
        "line": 1, "column": 1, "path": "a.b", "blockers": [{**PLACE, "message": "no", "hint": "yes"}], "commands": ["promote recover"],
        "recovered": RECOVERED,
    },
}
# What may be left out: the paths of keys, a list's items by a star.
OPTIONAL = {
    "Step": {
        "edits/*/from", "edits/*/text", "edits/*/removedKeys", "effect/groups/*/changes/*/old", "effect/groups/*/changes/*/new",
        "warnings/*/position", "warnings/*/path", "warnings/*/hint", "recovered", "digest", "commit", "date", "branch", "remote", "pullRequest",
        "next/gap", *(f"holds/*/{x}" for x in HOLD_OPTIONAL),
    },
    "Explanation": {"values/*/since"},
    "Matrix": {
        "where", "rows/*/targets", "rows/*/cells/*/values", "rows/*/cells/*/from", "rows/*/cells/*/from/*/value",
        "unreadable/*/position", "unreadable/*/file", "unreadable/*/line", "unreadable/*/column", "unreadable/*/path",
        "warnings/*/application", "warnings/*/position", "warnings/*/file", "warnings/*/hint",
    },
    "Diff": {
        "clusterTypes/*/effect/groups/*/changes/*/old", "clusterTypes/*/effect/groups/*/changes/*/new",
        *(f"warnings/*/{x}" for x in ("application", "position", "file", "hint")),
    },
    "Plan": {
        *(f"refusal/{x}" for x in ("position", "path", "blockers/*/position", "blockers/*/path", "blockers/*/hint")),
        *(f"steps/*/holds/*/{x}" for x in HOLD_OPTIONAL),
        "steps/*/edits/*/removedKeys", "steps/*/effect/groups/*/changes/*/old", "steps/*/effect/groups/*/changes/*/new",
        *(f"steps/*/warnings/*/{x}" for x in ("position", "path", "hint")),
    },
    "Recovery": set(),
    "Findings": {f"findings/*/{x}" for x in ("application", "position", "path", "hint")},
    "Status": {
        "unreadable/*/position", "unreadable/*/column", "unreadable/*/path",
        "warnings/*/application", "warnings/*/position", "warnings/*/file", "warnings/*/hint",
        "patches/*/waits/*/position", "patches/*/waits/*/line", "patches/*/waits/*/patch",
        "patches/*/effect/*/changes/*/old", "patches/*/effect/*/changes/*/new",
    },
    "History": {f"warnings/*/{x}" for x in ("application", "position", "file", "hint")},
    "Hold": {
        "commit", "branch", "remote", "pullRequest", "clusterType", "application", "position", "recovered", *(f"holds/*/{x}" for x in HOLD_OPTIONAL),
    },
    "Verification": {
        f"commits/*/{x}" for x in ("action", "clusterType", "application", "patch", "reverts", "rule", "message", "path")
    },
    "Error": {"recovered", "position", "path", "blockers/*/position", "blockers/*/path", "blockers/*/hint"},
}


def objects(value, path=""):
    """Every object of a document, with its path."""
    if isinstance(value, dict):
        yield path, value
        for key, child in value.items():
            yield from objects(child, f"{path}/{key}".lstrip("/"))
    elif isinstance(value, list):
        for child in value:
            yield from objects(child, f"{path}/*".lstrip("/"))


def is_value(path):
    """Below a value of the fleet, which may be anything."""
    return re.search(r"/(old|new|value|metadata|values/\*)(/|$)", path)


def accepted(document):
    return not documents.problems(json.dumps(document))


def mutations(kind):
    """(what was done, the document then) for every object of the document of a kind."""
    whole = WHOLE[kind]
    for number, (path, there) in enumerate(objects(whole)):
        if is_value(path):
            continue
        for key in there:
            made = copy.deepcopy(whole)
            del list(objects(made))[number][1][key]
            at = f"{path}/{key}".lstrip("/")
            yield ("without", at), made
            if not is_value("/" + at):
                made = copy.deepcopy(whole)
                list(objects(made))[number][1][key] = 7.5
                yield ("a number", at), made
        made = copy.deepcopy(whole)
        list(objects(made))[number][1]["other"] = "x"
        yield ("another key in", path), made


def check_kind(kind):
    """The whole document passes, and no other change of its keys than to leave out what is optional."""
    wrong = documents.problems(json.dumps(WHOLE[kind]))
    left_out = set()
    for (what, path), document in mutations(kind):
        if what == "without" and accepted(document):
            left_out.add(path)
        elif accepted(document):
            wrong.append(f"accepted: {what} {path}")
    wrong += [f"may be left out: {x}" for x in left_out - OPTIONAL[kind]]
    wrong += [f"may not be left out: {x}" for x in OPTIONAL[kind] - left_out]
    return wrong


def schema(kind):
    return json.loads((documents.SCHEMAS / f"{kind.lower()}.json").read_text())


def check_descriptions(kind):
    """Every object is closed, and every field says what it is, itself or by what it refers to."""
    whole = schema(kind)
    wrong = []
    for path, at in objects(whole):
        if at.get("type") == "object" and at.get("additionalProperties") is not False:
            wrong.append(f"not closed: {path}")
        for name, field in at.get("properties", {}).items():
            while "$ref" in field and "description" not in field:
                field = whole["$defs"][field["$ref"].removeprefix("#/$defs/")]
            if "description" not in field and name not in ("action", "exit", "code"):
                wrong.append(f"no description: {path}/properties/{name}")
    return wrong


def section(title):
    page = (TOP / "man/promote-json.5.scd").read_text()
    return re.search(rf"^# {title}\n(.*?)(?=^# |\Z)", page, re.M | re.S)[1]


def fields(text):
    """The names of the fields that a section describes."""
    heads = re.findall(r"^\*[a-zA-Z]+\*(?:, \*[a-zA-Z]+\*)*$", text, re.M)
    return [name for head in heads for name in re.findall(r"\w+", head)]


def codes(text):
    """The first column of a section's table."""
    return re.findall(r"^[|\[]\S*\s+\*([a-z-]+)\*\n:", text, re.M)


def compare(wanted, got):
    return [] if wanted == got and wanted else [f"expected {wanted}", f"got      {got}"]


def check_page(kind):
    told = fields(section("DESCRIPTION")) + fields(section(kind.upper()))
    return compare(sorted(schema(kind)["properties"]), sorted(told))


def source(path, pattern):
    return re.findall(pattern, (TOP / "src" / path).read_text())


def check_error_codes():
    """The source, the page and the schema have the same codes, each once, with the same statuses, in the same order."""
    numbers = dict(source("base/error.h", r"(STATUS_\w+) = (\d+),"))
    wanted = [(code, numbers[status]) for code, status in source("base/error.c", r'\{ "([a-z-]+)", (STATUS_\w+) \}')]
    rows = re.findall(r"\*([a-z-]+)\*\n:.\s(\d)\n", section("ERROR"))
    both = [(code, str(x["properties"]["exit"]["const"])) for x in schema("Error")["oneOf"] for code in x["properties"]["code"]["enum"]]
    listed = schema("Error")["properties"]["code"]["enum"]
    once = list(dict.fromkeys(wanted))
    return compare(once, wanted) + compare(wanted, rows) + compare(wanted, both) + compare([x for x, _ in wanted], listed)


def check_warnings():
    """The same for the codes of warnings, and what a warning consists of."""
    finding = schema("Step")["$defs"]["finding"]
    made = source("core/finding.c", r'(?:code = |hidden \? )"([a-z-]+)"(?: : "([a-z-]+)")?') + source("report/warning.c", r'finding_add\(mem, f, "([a-z-]+)"()')
    made += source("report/recovery.c", r'finding_add\(\s*mem, &f, "([a-z-]+)"()')
    made += source("report/committed.c", r'finding_add\(\s*mem, f, "([a-z-]+)"()')
    made += source("core/astray.c", r'finding_add\(mem, f, "([a-z-]+)"()')
    made += source("core/metadata.c", r'finding_add\((?:t->)?mem, (?:t->)?f, "([a-z-]+)"()')
    made += source("core/check_values.c", r'\] = "([a-z-]+)"()') + source("core/check_deciders.c", r'"(no-effect)"()')
    made += source("core/check.c", r'finding_add\(&own, &found, "([a-z-]+)"()')
    made = {code for pair in made for code in pair if code}
    listed = [x for x in codes(section("WARNINGS")) if x != "code"]
    wrong = compare(sorted(made), sorted(listed)) + compare(listed, finding["properties"]["code"]["enum"])
    return wrong + compare(sorted(finding["properties"]), sorted(fields(section("WARNINGS"))))


def check_finding_codes():
    """The source, the schema, promote-check(1), docs/design.md and SARIF have the same, in the same order; three say how bad each is."""
    made = source("core/finding.c", r'\{ "([a-z-]+)", SEVERITY_(\w+) \}')
    made = [(code, severity.lower()) for code, severity in made]
    only = [code for code, _ in made]
    page = re.findall(r"^\*([a-z-]+)\* \((\w+)\)$", (TOP / "man/promote-check.1.scd").read_text(), re.M)
    rows = re.findall(r"^ *\| (error|warning) \| (.*) \|$", (TOP / "docs/design.md").read_text(), re.M)
    # what is in brackets explains a code
    told = [(code, severity) for severity, row in rows for code in re.findall(r"`([a-z-]+)`", re.sub(r"\([^)]*\)", "", row))]
    rules = source("report/check_sarif.c", r'\{ "([a-z-]+)",\s')
    wrong = compare(only, schema("Findings")["$defs"]["finding"]["properties"]["code"]["enum"])
    return wrong + compare(made, page) + compare(made, told) + compare(only, rules)


def main():
    tests = [(f"{kind}: its schema takes every field, and nothing else", check_kind, kind) for kind in WHOLE]
    tests += [(f"{kind}: every field of the schema is described, and every object closed", check_descriptions, kind) for kind in WHOLE]
    tests += [(f"{kind}: promote-json(5) has every field of the schema, and no other", check_page, kind) for kind in WHOLE]
    tests += [("the codes of errors are those of the source and of promote-json(5)", check_error_codes)]
    tests += [("the codes of warnings are those of the source and of promote-json(5)", check_warnings)]
    tests += [("the codes of findings are everywhere those of the source", check_finding_codes)]
    tests += [("every schema is of a kind that is tested", lambda: compare(
        sorted(x.name for x in documents.SCHEMAS.glob("*")), sorted(f"{x.lower()}.json" for x in WHOLE)))]
    failed = 0
    for number, (title, test, *arguments) in enumerate(tests, 1):
        wrong = test(*arguments)
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {title}")
        for line in wrong:
            print(f"# {line}")
    print(f"1..{len(tests)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
