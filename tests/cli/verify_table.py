#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What verify says of single commits: each rule, with what is just legal beside what is not. PROMOTE is the program.

A row is a state, what a commit changes of it, its message, and the verdict. Each row is a run of promote. Under valgrind,
where a run takes a second, one run judges the commits of all rows.
"""

import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lib")]

import commits
import suite

APP = "config/mgmt/app/"
CONFIG = """dimensions: [environments, sectors, regions]
sequence:
  environments:
    - name: lab
      sectors:
        - name: s1
          regions: [us, eu]
        - name: s2
          regions: [us]
    - name: live
      promotion: manual
      sectors:
        - name: s1
          regions: [us]
        - name: s2
          promotion: manual
          regions: [us]
cluster_types:
  - name: mgmt
"""
FLEET = {"config/config.yaml": CONFIG, APP + "values.yaml": "value: old # why\nother: 1\n"}
NEW = "value: new\n"
WAITS = "- reason: freeze\n  by: A\n  since: \"2023-11-01T00:00:00Z\"\n"
SECOND = "- reason: more\n  by: B\n  since: \"2023-11-02T00:00:00Z\"\n"


def told(action, *lines, patch="patch-001", subject="A step"):
    """A message with trailers."""
    return "\n".join([subject, "", f"Promote-Patch: mgmt/app/{patch}", f"Promote-Action: {action}", *lines]) + "\n"


def held(action, *lines):
    return "\n".join(["A hold", "", f"Promote-Action: {action}", *lines]) + "\n"


def at(*positions, text=NEW, patch="patch-001"):
    return {f"{position}/{patch}.yaml": text for position in positions}


def gone(*positions, patch="patch-001"):
    return at(*positions, text=None, patch=patch)


def approved(*gates):
    return f"Promote-Approved-By: A <a@example.com> ({', '.join(gates)})"


EVERY = ["lab", "lab/s1", "lab/s1/us", "lab/s1/eu", "lab/s2", "lab/s2/us", "live", "live/s1", "live/s1/us", "live/s2", "live/s2/us"]
BY_HAND = "By hand\n"
TO_S2 = ("Promote-From: lab/s1", "Promote-To: lab/s2", "Promote-Consolidated: lab")
S2 = {**gone("lab/s1"), **at("lab")}
LIVE = ("Promote-From: lab", "Promote-To: live/s1")
ALL = {**at("lab", "live")}
INTEGRATED = {**gone("lab", "live"), "values.yaml": "value: new # why\nother: 1\n"}
NEAREST = "no level makes a step of this; the one nearest to it "
TOLD = "the step that its trailers tell ({}) "
LEGAL, ILLEGAL, UNJUDGED = "legal", "illegal", "not-judged"

# name, the files before, what is changed (None: removed), the message, the verdict: its word, action or rule, and text
ROWS = [
    # with trailers
    ("a step", at("lab/s1"), S2, told("promote", *TO_S2), (LEGAL, "promote")),
    ("a step of a level", at("lab/s1/us"), at("lab/s1"), told("promote"), (ILLEGAL, "trailers", "Promote-From is no position, and the step has lab/s1/us")),
    ("another action", at("lab/s1"), S2, told("fill", *TO_S2), (ILLEGAL, "trailers", "its trailers tell a step, and there was nothing to do")),
    ("consolidate is told", at("lab/s1"), S2, told("consolidate", *TO_S2), (ILLEGAL, "trailers", "Promote-Action is consolidate, and the step is promote")),
    ("another place is told", at("lab/s1"), S2, told("promote", TO_S2[0], "Promote-To: live/s1"), (ILLEGAL, "trailers", "Promote-To is live/s1, and the step has lab/s2")),
    ("another source is told", at("lab/s1"), S2, told("promote", "Promote-From: lab/s1/us", *TO_S2[1:]), (ILLEGAL, "trailers", "Promote-From is lab/s1/us, and the step has lab/s1")),
    ("no consolidation is told", at("lab/s1"), S2, told("promote", *TO_S2[:2]), (ILLEGAL, "trailers", "Promote-Consolidated is no position, and the step has lab")),
    ("too many places are told", at("lab/s1"), S2, told("promote", *TO_S2, "Promote-To: live"), (ILLEGAL, "trailers", "Promote-To is lab/s2, live, and the step has lab/s2")),
    ("another patch is told", {**at("lab/s1"), **at("lab/s1", patch="patch-002", text="a: 1\n")}, S2, told("promote", *TO_S2, patch="patch-002"), (ILLEGAL, "other-file", TOLD.format("promote") + f"does not change {APP}lab/patch-001.yaml")),
    ("a patch is told that is not", at("lab/s1"), S2, told("promote", *TO_S2, patch="patch-009"), (ILLEGAL, "not-found", "patch-009.yaml not found for app in any dimension")),
    ("a level is told", at("lab/s1/us"), at("lab/s1/eu"), told("promote", "Promote-From: lab/s1/us", "Promote-To: lab/s1/eu", "Promote-Consolidated: lab/s1", "Promote-Options: --level=region"), (ILLEGAL, "consolidation", TOLD.format("promote") + f"makes {APP}lab/s1/patch-001.yaml, and the commit does not")),
    ("an unknown level", at("lab/s1"), S2, told("promote", *TO_S2, "Promote-Options: --level=town"), (ILLEGAL, "trailers", "its trailers tell no step: the fleet has no dimension town")),
    ("an unknown option", at("lab/s1"), S2, told("promote", *TO_S2, "Promote-Options: --force --level=town"), (ILLEGAL, "trailers", "its trailers tell no step: no step has the option --force")),
    ("nearly an option", at("lab/s1"), S2, told("promote", *TO_S2, "Promote-Options: --levels=town"), (ILLEGAL, "trailers", "its trailers tell no step: no step has the option --levels=town")),
    ("an unknown position", at("lab/s1"), S2, told("promote", *TO_S2, "Promote-Options: --from=lab/s9"), (ILLEGAL, "trailers", "its trailers tell no step: there is no position lab/s9")),
    ("trailers that cannot be read", at("lab/s1"), S2, told("dance"), (ILLEGAL, "trailers", "its trailers cannot be read: Promote-Action is none that promote takes")),
    ("a step that changes nothing", at("lab/s1"), {}, told("promote", *TO_S2), (ILLEGAL, "incomplete", TOLD.format("promote") + f"makes {APP}lab/patch-001.yaml, and the commit does not")),
    ("a gate", at("lab"), at("live/s1"), told("promote", *LIVE, approved("live")), (LEGAL, "promote")),
    ("a gate among others", at("lab"), at("live/s1"), told("promote", *LIVE, approved("lab", "live", "live/s2")), (LEGAL, "promote")),
    ("a gate of two lines", at("lab"), at("live/s1"), told("promote", *LIVE, approved("lab"), approved("live")), (LEGAL, "promote")),
    ("no gate", at("lab"), at("live/s1"), told("promote", *LIVE), (ILLEGAL, "gate", "it enters live, a manual gate, and no Promote-Approved-By has that")),
    ("another gate", at("lab"), at("live/s1"), told("promote", *LIVE, approved("live/s1", "lab", "live/s2", "alive")), (ILLEGAL, "gate", "it enters live, a manual gate, and no Promote-Approved-By has that")),
    ("a gate by nobody", at("lab"), at("live/s1"), told("promote", *LIVE, "Promote-Approved-By: live"), (ILLEGAL, "gate", "it enters live, a manual gate, and no Promote-Approved-By has that")),
    ("a gate without a name", at("lab"), at("live/s1"), told("promote", *LIVE, "Promote-Approved-By: <a@example.com> (live)"), (ILLEGAL, "gate", "it enters live, a manual gate, and no Promote-Approved-By has that")),
    ("a gate without a person", at("lab"), at("live/s1"), told("promote", *LIVE, "Promote-Approved-By: > (live)"), (ILLEGAL, "gate", "it enters live, a manual gate, and no Promote-Approved-By has that")),
    ("also values.yaml", at("lab/s1"), {**S2, "values.yaml": "value: x\n"}, told("promote", *TO_S2), (ILLEGAL, "other-file", TOLD.format("promote") + f"does not change {APP}values.yaml")),
    ("also another patch", {**at("lab/s1"), **at("lab", patch="patch-002", text="a: 1\n")}, {**S2, **at("lab", patch="patch-002", text="a: 2\n")}, told("promote", *TO_S2), (ILLEGAL, "other-file", TOLD.format("promote") + f"does not change {APP}lab/patch-002.yaml")),
    ("also config.yaml", at("lab/s1"), {**S2, "../../config.yaml": CONFIG + "# more\n"}, told("promote", *TO_S2), (ILLEGAL, "other-file", TOLD.format("promote") + "does not change config/config.yaml")),
    ("also what is not read", at("lab/s1"), {**S2, "README.md": "hello\n", "../../../README.md": "hello\n"}, told("promote", *TO_S2), (LEGAL, "promote")),
    ("deep below", at("lab/s1"), {**S2, "a/" * 70 + "x.yaml": "a: 1\n"}, told("promote", *TO_S2), (LEGAL, "promote")),
    ("also a file of another kind", at("lab/s1"), {**S2, "x.yml": "a: 1\n"}, told("promote", *TO_S2), (ILLEGAL, "other-file", TOLD.format("promote") + f"does not change {APP}x.yml")),
    ("also a link", {**at("lab/s1"), "x.yaml": "a"}, {**S2, "x.yaml": ("120000", "a")}, told("promote", *TO_S2), (ILLEGAL, "other-file", TOLD.format("promote") + f"does not change {APP}x.yaml")),
    ("also a link to a position", at("lab/s1"), {**S2, "live": ("120000", "lab")}, told("promote", *TO_S2), (ILLEGAL, "other-file", TOLD.format("promote") + f"does not change {APP}live")),
    ("also its copy in another application", at("lab/s1"), {**S2, "../apple/lab/patch-001.yaml": NEW}, told("promote", *TO_S2), (ILLEGAL, "other-file", TOLD.format("promote") + "does not change config/mgmt/apple/lab/patch-001.yaml")),
    ("also its copy in another cluster type", at("lab/s1"), {**S2, "../../edge/app/lab/patch-001.yaml": NEW}, told("promote", *TO_S2), (ILLEGAL, "other-file", TOLD.format("promote") + "does not change config/edge/app/lab/patch-001.yaml")),
    ("also a copy at no position", at("lab/s1"), {**S2, **at("moon")}, told("promote", *TO_S2), (ILLEGAL, "consolidation", TOLD.format("promote") + f"leaves {APP}moon/patch-001.yaml as it was")),
    ("also a copy beside values.yaml", at("lab/s1"), {**S2, "patch-001.yaml": NEW}, told("promote", *TO_S2), (ILLEGAL, "consolidation", TOLD.format("promote") + f"leaves {APP}patch-001.yaml as it was")),
    ("not consolidated", at("lab/s1"), at("lab/s2"), told("promote", *TO_S2), (ILLEGAL, "consolidation", TOLD.format("promote") + f"makes {APP}lab/patch-001.yaml, and the commit does not")),
    ("half consolidated", at("lab/s1"), at("lab"), told("promote", *TO_S2), (ILLEGAL, "consolidation", TOLD.format("promote") + f"removes {APP}lab/s1/patch-001.yaml, and the commit does not")),
    ("other bytes", at("lab/s1"), {**gone("lab/s1"), **at("lab", text="value: new # x\n")}, told("promote", *TO_S2), (ILLEGAL, "other-bytes", TOLD.format("promote") + f"gives {APP}lab/patch-001.yaml other bytes")),
    ("one copy more", at("lab/s1"), {**S2, **at("live/s1")}, told("promote", *TO_S2), (ILLEGAL, "other-copy", TOLD.format("promote") + f"leaves {APP}live/s1/patch-001.yaml as it was")),
    ("a gap", at("lab/s1/us", "lab/s2"), at("live/s1"), told("promote", *LIVE, approved("live")), (ILLEGAL, "gap", "Gap detected: patch-001 exists at lab/s2 but is missing from lab/s1/eu")),
    ("copies that differ", {**at("lab/s1"), **at("lab/s2", text="value: x\n")}, at("live/s1"), told("promote", *LIVE, approved("live")), (ILLEGAL, "copies-differ", "")),
    ("copies that differ, one told", {**at("lab/s1"), **at("lab/s2", text="value: x\n")}, at("live/s1"), told("promote", "Promote-From: lab/s1", "Promote-To: live/s1", approved("live"), "Promote-Options: --from=lab/s1"), (LEGAL, "promote")),
    ("integrate", ALL, INTEGRATED, told("integrate"), (LEGAL, "integrate")),
    ("integrate otherwise", ALL, {**INTEGRATED, "values.yaml": "value: new\nother: 1\n"}, told("integrate"), (ILLEGAL, "other-bytes", TOLD.format("integrate") + f"gives {APP}values.yaml other bytes")),
    ("integrate without values", ALL, gone("lab", "live"), told("integrate"), (ILLEGAL, "incomplete", TOLD.format("integrate") + f"changes {APP}values.yaml, and the commit does not")),
    ("integrate a link", ALL, {**INTEGRATED, "values.yaml": ("120000", "other.yaml")}, told("integrate"), (ILLEGAL, "incomplete", "")),
    ("an override in the way", {**ALL, "lab/override.yaml": "value: x\nb: 1\n"}, {**INTEGRATED, "lab/override.yaml": "b: 1\n"}, told("integrate"), (ILLEGAL, "values-would-change", "")),
    ("an override that is pruned", {**ALL, "lab/override.yaml": "value: x\nb: 1\n"}, {**INTEGRATED, "lab/override.yaml": "b: 1\n"}, told("integrate", "Promote-Options: --prune-overrides"), (LEGAL, "integrate")),
    ("consolidate", at("lab/s1", "lab/s2", "live"), {**gone("lab/s1", "lab/s2"), **at("lab")}, told("consolidate", "Promote-Consolidated: lab"), (LEGAL, "consolidate")),
    ("consolidate too little", at("lab/s1", "lab/s2", "live"), at("lab"), told("consolidate", "Promote-Consolidated: lab"), (ILLEGAL, "consolidation", TOLD.format("consolidate") + f"removes {APP}lab/s2/patch-001.yaml, and the commit does not")),
    ("start", {}, at("lab/s1/us"), told("start", "Promote-To: lab/s1/us"), (LEGAL, "start")),
    ("start at another place", {}, at("lab/s1/us"), told("start", "Promote-To: lab/s1"), (ILLEGAL, "incomplete", TOLD.format("start") + f"makes {APP}lab/s1/patch-001.yaml, and the commit does not")),
    ("start nothing", {}, {"values.yaml": "value: b\n"}, told("start", "Promote-To: lab/s1"), (ILLEGAL, "incomplete", "it starts patch-001, and makes no copy of it")),
    ("start what is no patch", {}, at("lab/s1/us", text="- 1\n"), told("start", "Promote-To: lab/s1/us"), (ILLEGAL, "broken-yaml", "")),
    ("start behind", {}, at("live/s1"), told("start", "Promote-To: live/s1", approved("live")), (ILLEGAL, "gap", "")),
    ("start a hotfix", {}, at("live/s1"), told("start", "Promote-To: live/s1", approved("live"), "Promote-Options: --hotfix"), (LEGAL, "start")),
    ("start without effect", {}, at("lab/s1/us", text="value: old\n"), told("start", "Promote-To: lab/s1/us"), (ILLEGAL, "no-effect", "")),
    ("fill", at("lab/s1/us", "lab/s2"), {**gone("lab/s1/us", "lab/s2"), **at("lab")}, told("fill", "Promote-To: lab/s1/eu", "Promote-Consolidated: lab"), (LEGAL, "fill")),
    ("fill all", at("live/s1"), at("lab"), told("fill", "Promote-To: lab/s1", "Promote-To: lab/s2", "Promote-Consolidated: lab", "Promote-Options: --all"), (LEGAL, "fill")),
    ("roll back", at("lab"), {**gone("lab"), **at("lab/s1")}, told("rollback", "Promote-From: lab/s2", "Promote-To: lab/s1"), (LEGAL, "rollback")),
    ("roll back to a position", at("lab"), {**gone("lab"), **at("lab/s1/us")}, told("rollback", "Promote-From: lab/s1/eu", "Promote-From: lab/s2", "Promote-To: lab/s1/us", "Promote-Options: --to=lab/s1/us"), (LEGAL, "rollback")),
    ("roll all back", at("lab"), gone("lab"), told("rollback", "Promote-From: lab", "Promote-Options: --all --accept-loss"), (LEGAL, "rollback")),
    ("roll all back without saying so", at("lab"), gone("lab"), told("rollback", "Promote-From: lab"), (ILLEGAL, "trailers", "Promote-From is lab, and the step has lab/s2")),
    ("roll back with a hold", at("lab"), {**gone("lab"), **at("lab/s1"), "hold.yaml": '- reason: bad\n  by: A\n  since: "2023-11-15T00:00:00Z"\n  patches: [patch-001]\n  positions: [lab/s2]\n'}, told("rollback", "Promote-From: lab/s2", "Promote-To: lab/s1", "Promote-Reason: bad"), (LEGAL, "rollback")),
    ("roll back with a wider hold", at("lab"), {**gone("lab"), **at("lab/s1"), "hold.yaml": '- reason: bad\n  by: A\n  since: "2023-11-15T00:00:00Z"\n'}, told("rollback", "Promote-From: lab/s2", "Promote-To: lab/s1", "Promote-Reason: bad"), (ILLEGAL, "other-bytes", TOLD.format("rollback") + f"gives {APP}hold.yaml other bytes")),
    ("roll back with another hold", at("lab"), {**gone("lab"), **at("lab/s1"), "hold.yaml": '- reason: good\n  by: A\n  since: "2023-11-15T00:00:00Z"\n  patches: [patch-001]\n  positions: [lab/s2]\n'}, told("rollback", "Promote-From: lab/s2", "Promote-To: lab/s1", "Promote-Reason: bad"), (ILLEGAL, "other-bytes", "")),
    ("roll back with a hold that is broken", at("lab"), {**gone("lab"), **at("lab/s1"), "hold.yaml": "- ["}, told("rollback", "Promote-From: lab/s2", "Promote-To: lab/s1", "Promote-Reason: bad"), (ILLEGAL, "other-bytes", "")),
    ("roll back with a hold that is wrong", at("lab"), {**gone("lab"), **at("lab/s1"), "hold.yaml": "- a: 1\n"}, told("rollback", "Promote-From: lab/s2", "Promote-To: lab/s1", "Promote-Reason: bad"), (ILLEGAL, "other-bytes", "")),
    ("roll back and remove holds", {**at("lab"), "hold.yaml": WAITS}, {**gone("lab"), **at("lab/s1"), "hold.yaml": None}, told("rollback", "Promote-From: lab/s2", "Promote-To: lab/s1", "Promote-Reason: bad"), (ILLEGAL, "incomplete", TOLD.format("rollback") + f"changes {APP}hold.yaml, and the commit does not")),
    ("roll back and forget the hold", at("lab"), {**gone("lab"), **at("lab/s1")}, told("rollback", "Promote-From: lab/s2", "Promote-To: lab/s1", "Promote-Reason: bad"), (ILLEGAL, "incomplete", TOLD.format("rollback") + f"makes {APP}hold.yaml, and the commit does not")),
    ("retire", {**at("lab/s1"), **at("lab/s1", patch="patch-002", text="value: x\n")}, gone("lab/s1"), told("retire"), (LEGAL, "retire")),
    ("retire what is needed", at("lab/s1"), gone("lab/s1"), told("retire"), (ILLEGAL, "values-would-change", "")),
    ("retire copies astray", {**at("lab/s1"), **at("moon")}, gone("moon"), told("retire", "Promote-Options: --at-unknown-positions"), (LEGAL, "retire")),
    ("retire no copies astray", at("lab/s1"), gone("lab/s1"), told("retire", "Promote-Options: --at-unknown-positions"), (ILLEGAL, "not-found", "")),
    ("a conflict", {**at("lab/s1"), **at("lab/s2", patch="patch-000", text="value: x\n")}, at("lab/s2"), told("promote", "Promote-From: lab/s1", "Promote-To: lab/s2"), (ILLEGAL, "conflict", "")),
    ("a hold", {**at("lab/s1"), "hold.yaml": WAITS}, S2, told("promote", *TO_S2), (ILLEGAL, "hold", "")),
    ("a hold that is over", {**at("lab/s1"), "hold.yaml": WAITS + '  until: "2023-11-02T00:00:00Z"\n'}, S2, told("promote", *TO_S2), (LEGAL, "promote")),
    ("no such application", at("lab/s1"), S2, told("promote", *TO_S2).replace("mgmt/app", "mgmt/web"), (ILLEGAL, "not-found", "Application 'web' not found. Available: app")),
    ("a state that cannot be read", {**at("lab/s1"), "lab/override.yaml": "a: [\n"}, S2, told("promote", *TO_S2), (ILLEGAL, "broken-yaml", "")),
    # holds
    ("hold", {}, {"hold.yaml": WAITS}, held("hold", "Promote-Reason: freeze"), (LEGAL, "hold")),
    ("hold the fleet", {}, {"../../hold.yaml": WAITS}, held("hold", "Promote-Reason: freeze"), (LEGAL, "hold")),
    ("hold a position", {}, {"lab/hold.yaml": WAITS}, held("hold", "Promote-To: lab", "Promote-Reason: freeze"), (LEGAL, "hold")),
    ("hold a position that is not", {}, {"moon/hold.yaml": WAITS}, held("hold", "Promote-To: lab"), (ILLEGAL, "not-found", f"{APP}moon/hold.yaml: the fleet has no such position")),
    ("hold another position", {}, {"lab/hold.yaml": WAITS}, held("hold", "Promote-To: live"), (ILLEGAL, "trailers", f"{APP}lab/hold.yaml: its trailers tell another hold")),
    ("hold no position", {}, {"lab/hold.yaml": WAITS}, held("hold"), (ILLEGAL, "trailers", f"{APP}lab/hold.yaml: its trailers tell another hold")),
    ("hold for another reason", {}, {"hold.yaml": WAITS}, held("hold", "Promote-Reason: frost"), (ILLEGAL, "trailers", f"{APP}hold.yaml: its trailers tell another hold")),
    ("hold with blanks", {}, {"hold.yaml": WAITS.replace("freeze", '"  freeze "')}, held("hold", "Promote-Reason: freeze"), (LEGAL, "hold")),
    ("hold with blanks alone", {}, {"hold.yaml": WAITS.replace("freeze", '"  "')}, held("hold", "Promote-Reason: freeze"), (ILLEGAL, "trailers", "")),
    ("hold once more", {"hold.yaml": WAITS}, {"hold.yaml": WAITS + SECOND}, held("hold", "Promote-Reason: more"), (LEGAL, "hold")),
    ("hold and edit", {"hold.yaml": WAITS}, {"hold.yaml": "# x\n" + WAITS + SECOND}, held("hold", "Promote-Reason: more"), (ILLEGAL, "other-bytes", f"{APP}hold.yaml: more is changed than the holds that are told")),
    ("hold twice", {}, {"hold.yaml": WAITS + SECOND}, held("hold", "Promote-Reason: more"), (ILLEGAL, "incomplete", f"{APP}hold.yaml: it has not one hold more")),
    ("hold by removing", {"hold.yaml": WAITS}, {"hold.yaml": None}, held("hold"), (ILLEGAL, "incomplete", f"{APP}hold.yaml: it has not one hold more")),
    ("hold wrongly", {}, {"hold.yaml": "- reason: freeze\n"}, held("hold"), (ILLEGAL, "bad-hold", f"{APP}hold.yaml: the key 'by' is missing")),
    ("hold what is no YAML", {}, {"hold.yaml": "- [\n"}, held("hold"), (ILLEGAL, "broken-yaml", "")),
    ("hold what was no YAML", {"hold.yaml": "- [\n"}, {"hold.yaml": WAITS}, held("hold"), (ILLEGAL, "broken-yaml", "")),
    ("hold what cannot be changed", {"hold.yaml": "[]\n"}, {"hold.yaml": WAITS}, held("hold"), (ILLEGAL, "bad-hold", f"{APP}hold.yaml: the file must be a list of holds, not an empty one")),
    ("hold in brackets", {"hold.yaml": '[{reason: a, by: A, since: "2023-11-01T00:00:00Z"}]\n'}, {"hold.yaml": '[{reason: a, by: A, since: "2023-11-01T00:00:00Z"}, {reason: b, by: A, since: "2023-11-01T00:00:00Z"}]\n'}, held("hold"), (ILLEGAL, "cannot-edit", "")),
    ("hold and more", {}, {"hold.yaml": WAITS, "values.yaml": "a: 1\n"}, held("hold"), (ILLEGAL, "other-file", f"a hold changes one hold.yaml, and not {APP}values.yaml")),
    ("hold two", {}, {"hold.yaml": WAITS, "lab/hold.yaml": WAITS}, held("hold"), (ILLEGAL, "other-file", f"a hold changes one hold.yaml, and not {APP}lab/hold.yaml")),
    ("hold nothing", {}, {}, held("hold"), (ILLEGAL, "incomplete", "its trailers tell a hold, and it changes no hold.yaml")),
    ("a link to a hold", {}, {"hold.yaml": ("120000", "x")}, held("hold"), (ILLEGAL, "other-file", f"a hold changes one hold.yaml, and not {APP}hold.yaml")),
    ("release", {"hold.yaml": WAITS}, {"hold.yaml": None}, held("release", "Promote-Reason: freeze"), (LEGAL, "release")),
    ("release one of two", {"hold.yaml": WAITS + SECOND}, {"hold.yaml": SECOND}, held("release"), (LEGAL, "release")),
    ("release two", {"hold.yaml": WAITS + SECOND}, {"hold.yaml": None}, held("release", "Promote-Reason: freeze"), (LEGAL, "release")),
    ("release two of three", {"hold.yaml": SECOND + WAITS + WAITS.replace("freeze", "frost")}, {"hold.yaml": SECOND}, held("release", "Promote-Reason: freeze"), (LEGAL, "release")),
    ("release two, the second is told", {"hold.yaml": WAITS + SECOND}, {"hold.yaml": None}, held("release", "Promote-Reason: more"), (ILLEGAL, "trailers", f"{APP}hold.yaml: its trailers tell another hold")),
    ("release the other", {"hold.yaml": WAITS + SECOND}, {"hold.yaml": WAITS}, held("release", "Promote-Reason: freeze"), (ILLEGAL, "trailers", f"{APP}hold.yaml: its trailers tell another hold")),
    ("release and change", {"hold.yaml": WAITS + SECOND}, {"hold.yaml": SECOND.replace("B", "C")}, held("release"), (ILLEGAL, "incomplete", f"{APP}hold.yaml: it has not the same holds but for some")),
    ("release and change a time", {"hold.yaml": WAITS + SECOND}, {"hold.yaml": SECOND.replace("11-02", "11-03")}, held("release"), (ILLEGAL, "incomplete", "")),
    ("release, and a patch is told", {**at("lab/s1"), "hold.yaml": WAITS}, {**S2, "hold.yaml": None}, told("release"), (ILLEGAL, "trailers", "its trailers cannot be read: a hold is told by its file, and not by a Promote-Patch")),
    ("release nothing", {"hold.yaml": WAITS}, {"hold.yaml": "# x\n" + WAITS}, held("release"), (ILLEGAL, "incomplete", f"{APP}hold.yaml: it has not the same holds but for some")),
    ("release and comment", {"hold.yaml": WAITS + SECOND}, {"hold.yaml": "# x\n" + SECOND}, held("release"), (ILLEGAL, "other-bytes", f"{APP}hold.yaml: more is changed than the holds that are told")),
    # without trailers
    ("by hand", at("lab/s1"), S2, BY_HAND, (LEGAL, "promote")),
    ("by hand, a region", at("lab/s1/us"), {**gone("lab/s1/us"), **at("lab/s1")}, BY_HAND, (LEGAL, "promote")),
    ("by hand, no more than copies lifted", at("lab/s1", "lab/s2/us"), {**gone("lab/s1", "lab/s2/us"), **at("lab")}, BY_HAND, (ILLEGAL, "no-step", "")),
    ("by hand, consolidate", at("lab/s1", "lab/s2", "live"), {**gone("lab/s1", "lab/s2"), **at("lab")}, BY_HAND, (LEGAL, "consolidate")),
    ("by hand, one of two texts", {**at("lab/s1/us"), **at("lab/s1/eu", text="value: x\n")}, at("lab/s2", text="value: x\n"), BY_HAND, (LEGAL, "promote")),
    ("by hand, none of two texts", {**at("lab/s1/us", "lab/s1/eu"), **at("lab/s2", text="value: x\n")}, at("live/s1", text="value: y\n"), BY_HAND, (ILLEGAL, "other-bytes", "")),
    ("by hand, many texts", {k: t for i, p in enumerate(EVERY) for k, t in at(p, text=f"value: {i}\n").items()}, gone("lab/s1/us"), BY_HAND, (ILLEGAL, "no-step", "")),
    ("by hand, a gate", at("lab"), at("live/s1"), BY_HAND, (ILLEGAL, "gate", "it enters live, a manual gate, and no Promote-Approved-By has that")),
    ("by hand, a hold", {**at("lab/s1"), "hold.yaml": WAITS}, S2, BY_HAND, (ILLEGAL, "hold", "")),
    ("by hand, too far", at("lab/s1/us"), at("lab/s2"), BY_HAND, (ILLEGAL, "no-step", NEAREST + "(promote, level sector) makes " + f"{APP}lab/s1/patch-001.yaml, and the commit does not")),
    ("by hand, over a gap", at("lab/s1/us", "lab/s2/us"), at("live/s1"), BY_HAND, (ILLEGAL, "gap", "")),
    ("by hand, a conflict", {**at("lab/s1"), **at("lab/s2", patch="patch-000", text="value: x\n")}, at("lab/s2"), BY_HAND, (ILLEGAL, "conflict", "")),
    ("by hand, another text", at("lab/s1"), {**gone("lab/s1"), **at("lab", text="value: x\n")}, BY_HAND, (ILLEGAL, "other-bytes", "")),
    ("by hand, in place", at("lab/s1"), at("lab/s1", text="value: x\n"), BY_HAND, (ILLEGAL, "no-step", f"{APP}lab/s1/patch-001.yaml is changed where it is, and no step does that")),
    ("by hand, two in place", at("lab/s1", "lab/s2"), at("lab/s1", "lab/s2", text="value: x\n"), BY_HAND, (ILLEGAL, "no-step", "")),
    ("by hand, not consolidated", at("lab/s1"), at("lab/s2"), BY_HAND, (ILLEGAL, "consolidation", "")),
    ("by hand, also values.yaml", at("lab/s1"), {**S2, "values.yaml": "a: 1\n"}, BY_HAND, (ILLEGAL, "other-file", "")),
    ("by hand, two patches", {**at("lab/s1"), **at("lab/s1", patch="patch-002", text="a: 1\n")}, {**S2, **gone("lab/s1", patch="patch-002")}, BY_HAND, (ILLEGAL, "several-patches", f"it changes {APP}lab/patch-001.yaml and {APP}lab/s1/patch-002.yaml: a step is of one patch")),
    ("by hand, two applications", {**at("lab/s1"), "../web/values.yaml": ""}, {**S2, "../web/lab/patch-001.yaml": NEW}, BY_HAND, (ILLEGAL, "several-patches", "")),
    ("by hand, integrate", ALL, INTEGRATED, BY_HAND, (LEGAL, "integrate")),
    ("by hand, integrate and prune", {**ALL, "lab/override.yaml": "value: x\nb: 1\n"}, {**INTEGRATED, "lab/override.yaml": "b: 1\n"}, BY_HAND, (LEGAL, "integrate")),
    ("by hand, integrate wrongly", ALL, {**INTEGRATED, "values.yaml": "value: nearly\n"}, BY_HAND, (ILLEGAL, "other-bytes", "")),
    ("by hand, start", {}, at("lab/s1/us"), BY_HAND, (LEGAL, "start")),
    ("by hand, start with a link", {}, {"lab/s1/us/patch-001.yaml": ("120000", "x")}, BY_HAND, (ILLEGAL, "no-step", f"no step makes or removes {APP}lab/s1/us/patch-001.yaml, which is not a file")),
    ("by hand, a link goes", {"lab/s1/us/patch-001.yaml": ("120000", "x")}, gone("lab/s1/us"), BY_HAND, (ILLEGAL, "no-step", "")),
    ("by hand, start wide", {}, at("lab"), BY_HAND, (LEGAL, "start")),
    ("by hand, start twice", {}, at("lab/s1/us", "lab/s2"), BY_HAND, (ILLEGAL, "no-step", "")),
    ("by hand, a hotfix", {}, at("live/s1"), BY_HAND, (ILLEGAL, "gap", "")),
    ("by hand, nowhere", {}, at("moon"), BY_HAND, (ILLEGAL, "no-step", f"no step changes {APP}moon/patch-001.yaml")),
    ("by hand, fill", at("lab/s1/us", "lab/s2"), {**gone("lab/s1/us", "lab/s2"), **at("lab")}, BY_HAND, (LEGAL, "fill")),
    ("by hand, fill all", at("live/s1"), at("lab"), BY_HAND, (LEGAL, "fill")),
    ("by hand, roll back", at("lab"), {**gone("lab"), **at("lab/s1")}, BY_HAND, (LEGAL, "rollback")),
    ("by hand, roll back far", at("lab"), {**gone("lab"), **at("lab/s1/us")}, BY_HAND, (LEGAL, "rollback")),
    ("by hand, roll all back", at("lab"), gone("lab"), BY_HAND, (LEGAL, "rollback")),
    ("by hand, roll back and hold", at("lab"), {**gone("lab"), **at("lab/s1"), "hold.yaml": '- reason: bad\n  by: A\n  since: "2023-11-15T00:00:00Z"\n  patches: [patch-001]\n  positions: [lab/s2]\n'}, BY_HAND, (LEGAL, "rollback")),
    ("by hand, out of the middle", at("lab/s1", "lab/s2"), gone("lab/s1"), BY_HAND, (ILLEGAL, "no-step", "")),
    ("by hand, retire", {**at("lab/s1", "lab/s2"), **at("lab/s1", "lab/s2", patch="patch-002", text="value: x\n"), **at("live/s1")}, gone("lab/s1", "lab/s2", "live/s1"), BY_HAND, (LEGAL, "rollback")),
    ("by hand, retire what is superseded", {**at("lab/s1"), **at("lab/s1", patch="patch-002", text="value: x\n")}, gone("lab/s1"), BY_HAND, (LEGAL, "retire")),
    ("by hand, out of a gap", at("lab/s1/us", "lab/s2"), gone("lab/s1/us"), BY_HAND, (ILLEGAL, "no-step", "")),
    ("by hand, without values", {**at("lab/s1"), "values.yaml": None}, S2, BY_HAND, (ILLEGAL, "no-values-file", "")),
    ("by hand, gone without values", {**at("lab/s1"), "values.yaml": None}, gone("lab/s1"), BY_HAND, (ILLEGAL, "no-values-file", "")),
    ("by hand, the whole fleet", at("lab/s1"), {**gone("lab/s1"), "values.yaml": None, "../../config.yaml": None, "../../../README.md": "x"}, BY_HAND, (ILLEGAL, "other-file", "")),
    ("by hand, astray", {**at("lab/s1"), **at("moon")}, gone("moon"), BY_HAND, (LEGAL, "retire")),
    ("no patch", at("lab/s1"), {"values.yaml": "a: 1\n"}, BY_HAND, (UNJUDGED, None, "it changes no patch")),
    ("a file called like a patch", at("lab/s1"), {"../../patch-001.yaml": NEW}, BY_HAND, (UNJUDGED, None, "it changes no patch")),
    ("nothing", at("lab/s1"), {}, BY_HAND, (UNJUDGED, None, "it changes no patch")),
    ("a new fleet", None, at("lab/s1"), BY_HAND, (UNJUDGED, None, "there is no fleet before it")),
]


def full(files):
    return {os.path.normpath(APP + path): text for path, text in files.items()}


def changed(tree, change):
    made = {**tree, **full(change)}
    return {path: text for path, text in made.items() if text is not None}


def split(tree):
    """Texts, and the modes of those that have one."""
    return {p: t[1] if isinstance(t, tuple) else t for p, t in tree.items()}, {p: t[0] for p, t in tree.items() if isinstance(t, tuple)}


def verdicts(root, words, names):
    """(exit status, the verdicts by the marks of their commits)"""
    status, out, err = suite.run(root, "verify", "-o", "json", words)
    suite.expect(not err, err)
    marks = {name: mark for mark, name in names.items()}
    return status, {marks[found["commit"]]: found for found in json.loads(out)["commits"]}


def expect(found, expected):
    word, what = expected[:2]
    got = (found["verdict"], found.get("rule") if word == ILLEGAL else found.get("action"))
    suite.expect(got == (word, what), f"expected {expected}", f"got      {found}")
    if len(expected) > 2 and expected[2]:
        suite.expect(found["message"] == expected[2], f"expected {expected[2]}", f"got      {found['message']}")


def judge(root, names, marks, expected):
    status, found = verdicts(root, f"{names[marks[0]]}..{names[marks[1]]}", names)
    expect(found[marks[1]], expected)
    suite.expect(status == (4 if expected[0] == ILLEGAL else 0), f"status {status}")


def judge_rows(tap, root, names, marks, all_of_them):
    """all_of_them: a commit whose parents are those of the rows."""
    found = None
    if "PROMOTE_VALGRIND" in os.environ:
        status, found = verdicts(root, names[all_of_them] + "^@", names)
        suite.expect(status == 4, f"status {status}")
    for (name, _, _, _, expected), pair in zip(ROWS, marks, strict=True):
        if found:
            tap.point(name, expect, found[pair[1]], expected)
        else:
            tap.point(name, judge, root, names, pair, expected)


class Graph:
    """Commits of the fleet, each from the trees of its parents."""

    def __init__(self):
        self.made, self.trees, self.expected, self.modes = commits.Commits(), {}, {}, {}

    def commit(self, change, message, *parents, expected=None, tree=None):
        tree = changed(self.trees[parents[0]] if parents and tree is None else tree or FLEET, change)
        texts, modes = split(tree)
        mark = self.made.commit(texts, message, *parents, modes=modes)
        self.trees[mark], self.expected[mark] = tree, expected
        return mark


REVERT = 'Revert "A step"\n\nThis reverts commit {}.\n'
A_MERGE = (UNJUDGED, None, "a merge of what its parents have")


def reverts(root):
    """git itself makes them, so that the message and the changes are its own."""
    made = commits.Commits()
    first = made.commit(changed(FLEET, at("lab/s1")), "import")
    step = made.commit(changed(FLEET, at("lab")), told("promote", *TO_S2), first)
    bad = made.commit(changed(FLEET, {**at("lab"), **at("live/s2")}), "By hand", step)
    edit = made.commit(changed(FLEET, {**at("lab"), **at("live/s2"), "values.yaml": "value: old # why\nother: 2\n"}), "edit", bad)
    names = made.write(root)

    def git(*words):
        return commits.git(root, *words)

    git("checkout", "-qf", names[edit])
    git("revert", "--no-edit", names[bad])
    git("revert", "--no-edit", names[step])
    git("revert", "--no-edit", "HEAD")
    git("revert", "--no-edit", names[edit])
    known = {name: mark for mark, name in names.items()}
    status, out, _ = suite.run(root, "verify", "-o", "json", "HEAD")
    got = [(c["verdict"], c.get("rule") or c.get("action"), known.get(c.get("reverts"), c.get("reverts"))) for c in json.loads(out)["commits"]]
    third = git("rev-parse", "HEAD~2")
    suite.expect(status == 4, status)
    wanted = [
        (UNJUDGED, None, None), (LEGAL, "promote", None), (ILLEGAL, "no-step", None), (UNJUDGED, None, None),
        (ILLEGAL, "revert", None),
        (LEGAL, "revert", step), (LEGAL, "revert", third), (UNJUDGED, None, None),
    ]
    suite.expect(got[:4] == wanted[:4] and got[5:] == wanted[5:], f"expected {wanted}", f"got      {got}")
    # a merge, which brings what its commits are judged by
    git("checkout", "-qf", names[first])
    git("merge", "-q", "--no-ff", "-m", "Merge", names[step])
    git("revert", "-m", "1", "--no-edit", "HEAD")
    status, out, _ = suite.run(root, "verify", "-o", "json", "HEAD~1..")
    found = json.loads(out)["commits"]
    suite.expect([(c["verdict"], c["action"], c["reverts"]) for c in found] == [(LEGAL, "revert", git("rev-parse", "HEAD~1"))], found)
    # what undoes an illegal commit may be a step of its own
    suite.expect(got[4] in (wanted[4], (LEGAL, "rollback", None)), got[4])


def reverted_integration(root):
    """Values that were changed in between stay; one that says so and does more is illegal."""
    made = commits.Commits()
    tree = changed(FLEET, ALL)
    done = changed(tree, {**INTEGRATED})
    later = changed(done, {"values.yaml": "value: new # why\nother: 2\nmore: 3\n"})
    undone = changed(tree, {"values.yaml": "value: old # why\nother: 2\nmore: 3\n"})
    wrong = changed(tree, {"values.yaml": "value: old # why\nother: 3\nmore: 3\n"})
    first = made.commit(tree, "import")
    step = made.commit(done, told("integrate"), first)
    edit = made.commit(later, "edit", step)
    plain = commits.Commits()
    plain.__dict__.update(count=made.count, stream=list(made.stream))
    names = made.write(root)
    message = REVERT.format(names[step])
    with suite.directory() as other:
        marks = {
            plain.commit(undone, message, edit): (LEGAL, "revert"),
            plain.commit(wrong, message, edit): (ILLEGAL, "revert", f"it says that it reverts {names[step][:12]}, and changes something else"),
            plain.commit(changed(undone, {"values.yaml": "value: [\n"}), message, edit): (ILLEGAL, "revert", ""),
            plain.commit(changed(later, at("lab")), message, edit): (ILLEGAL, "revert", ""),
            plain.commit(undone, REVERT.format("0" * 40), edit): (ILLEGAL, "no-effect", ""),
            plain.commit(undone, REVERT.format("a" * 5000), edit): (ILLEGAL, "no-effect", ""),
            plain.commit(undone, REVERT.format(names[edit]), edit): (ILLEGAL, "revert", ""),
        }
        os.makedirs(os.path.join(other, "config"))
        Path(other, "config/config.yaml").write_text(CONFIG, encoding="ascii")
        names = plain.write(other)
        for mark, expected in marks.items():
            expect(verdicts(other, f"{names[edit]}..{names[mark]}", names)[1][mark], expected)


def made_up(root):
    """A revert of what is not before it, and a step that claims to be later than a hold ends."""
    graph = Graph()
    main = graph.commit(at("lab"), "import")
    side = graph.commit(at("lab", "live/s1"), "import")
    back = graph.commit(gone("live/s1"), told("rollback", "Promote-From: live/s1", "Promote-To: lab"), side)
    held = graph.commit({**at("lab/s1"), "hold.yaml": WAITS + '  until: "2100-01-01T00:00:00Z"\n'}, "import")
    step = graph.commit(S2, "the tree of a step", held)
    names = graph.made.write(root)

    def judge_made(parent, like, message, time, expected):
        tree, who = commits.git(root, "rev-parse", names[like] + "^{tree}"), f"A <a@example.com> {time} +0000"
        text = f"tree {tree}\nparent {names[parent]}\nauthor {who}\ncommitter {who}\n\n{message}"
        made = commits.git(root, "hash-object", "-t", "commit", "-w", "--stdin", input=text.encode())
        expect(verdicts(root, f"{names[parent]}..{made}", {1: made})[1][1], expected)

    message = f"it says that it reverts {names[back][:12]}, which is no commit before it"
    judge_made(main, side, REVERT.format(names[back]), commits.START, (ILLEGAL, "revert", message))
    judge_made(held, step, told("promote", *TO_S2), 5000000000, (ILLEGAL, "hold", ""))


def merges(root):
    graph = Graph()
    commit = graph.commit
    base = commit(at("lab/s1"), "import", expected=(UNJUDGED, None, "it has no parent"))
    step = commit(S2, told("promote", *TO_S2), base, expected=(LEGAL, "promote"))
    edit = commit({"values.yaml": "value: old # why\nother: 2\n"}, "edit", base, expected=(UNJUDGED, None, "it changes no patch"))
    docs = commit({"README.md": "x"}, "docs", base, expected=(UNJUDGED, None, "it changes no patch"))
    both = {**S2, "values.yaml": "value: old # why\nother: 2\n"}
    for change, expected in (
        (both, A_MERGE),
        ({**both, **at("lab", text="value: x\n")}, (ILLEGAL, "merge", f"the merge has {APP}lab/patch-001.yaml as none of its parents that have changed it")),
        ({**both, **at("lab/s1")}, (ILLEGAL, "merge", f"the merge has {APP}lab/s1/patch-001.yaml as none of its parents that have changed it")),
        ({**both, **at("live")}, (ILLEGAL, "merge", f"the merge has {APP}live/patch-001.yaml as none of its parents that have changed it")),
        ({**both, **gone("lab")}, (ILLEGAL, "merge", "")),
    ):
        commit(change, "Merge", step, edit, expected=expected, tree=graph.trees[base])
    commit(both, "Merge", step, edit, docs, expected=A_MERGE, tree=graph.trees[base])
    commit({**at("lab/s1"), **gone("lab")}, "Merge", step, edit, expected=(ILLEGAL, "merge", ""), tree=graph.trees[base])
    # the values of an integration may be lost in a merge
    placed = commit({**gone("lab/s1"), **ALL}, told("x"), base)
    done = commit(INTEGRATED, told("integrate"), placed, expected=(LEGAL, "integrate"))
    side = commit({"values.yaml": "value: old # why\nother: 2\n"}, "edit", placed, expected=(UNJUDGED, None, "it changes no patch"))
    rival = commit({"values.yaml": "value: third # why\nother: 1\n"}, "edit", placed, expected=(UNJUDGED, None, "it changes no patch"))
    wide = commit({"values.yaml": "value: {a: 1}\nother: 1\n"}, "edit", placed, expected=(UNJUDGED, None, "it changes no patch"))
    lost = (ILLEGAL, "merge", f"the merge lacks values that a parent has changed in {APP}values.yaml")
    removed = gone("lab", "live")
    for other, text, expected in (
        (side, "value: new # why\nother: 2\n", A_MERGE),
        (side, "value: new # why\nother: 2\nmore: 1\n", A_MERGE),
        (side, "value: old # why\nother: 2\n", lost),
        (side, "value: new # why\nother: 1\n", lost),
        (side, "value: [\n", lost),
        (rival, "value: new # why\nother: 1\n", A_MERGE),
        (rival, "value: fourth\nother: 1\n", A_MERGE),
        (wide, "value: {a: 1}\nother: 1\n", A_MERGE),
        (wide, "value: {a: 1}\nother: 3\n", A_MERGE),
    ):
        commit({**removed, "values.yaml": text}, "Merge", done, other, expected=expected, tree=graph.trees[placed])
    # two histories
    alone = commit({}, "another import", expected=(UNJUDGED, None, "it has no parent"))
    apart = "its parents differ in {}, and have no commit with a fleet in common"
    commit({**S2, **at("live")}, "Merge", step, alone, expected=(ILLEGAL, "merge", ""), tree=graph.trees[base])
    forged = commit(at("lab", "live"), "another import", expected=(UNJUDGED, None, "it has no parent"))
    commit({**S2, **at("live")}, "Merge", step, forged, expected=(ILLEGAL, "merge", apart.format(f"{APP}live/patch-001.yaml")), tree=graph.trees[base])
    same = commit({**S2, **at("lab")}, "the same import", expected=(UNJUDGED, None, "it has no parent"))
    commit(S2, "Merge", step, same, expected=A_MERGE, tree=graph.trees[base])
    bare = commit({}, "no fleet", tree={"README.md": "x"})
    commit(S2, "Merge", bare, step, expected=A_MERGE, tree=graph.trees[base])
    # two imports into one history
    main = commit(at("lab"), "an import", bare, tree=FLEET, expected=(UNJUDGED, None, "there is no fleet before it"))
    other = commit(at("lab", "live"), "an import", bare, tree=FLEET, expected=(UNJUDGED, None, "there is no fleet before it"))
    commit({}, "Merge", main, other, tree=graph.trees[other], expected=(ILLEGAL, "merge", apart.format(f"{APP}live/patch-001.yaml")))
    # an import into what had a fleet
    away = commit({"../../config.yaml": None}, "Remove", main, expected=(UNJUDGED, None, "it changes no patch"))
    commit(at("live"), "Import", away, tree=graph.trees[main], expected=(ILLEGAL, "no-step", f"it changes {APP}live/patch-001.yaml, and config/config.yaml was removed before"))
    commit({}, "Restore", away, tree=graph.trees[main], expected=(UNJUDGED, None, "there is no fleet before it"))
    every = graph.made.commit({}, "all of them", *graph.trees)
    names = graph.made.write(root)
    found = verdicts(root, names[every] + "^@", names)[1]
    for mark, expected in graph.expected.items():
        if expected:
            expect(found[mark], expected)


MANY, SECONDS = 100, 2  # commits, and how long they may take


def many(root):
    """Patches that go one after another through the fleet, in an application with many values."""
    keys = 10 if suite.is_instrumented(suite.PROMOTE) else 1000  # the time is not judged there
    graph, last, values = Graph(), None, "".join(f"key{i}:\n  name: text {i}\n  list: [a, b, {i}]\n" for i in range(keys))
    others = {f"config/mgmt/app{i}/values.yaml": values for i in range(5)}
    tree = changed({**FLEET, **others}, {"values.yaml": "value: old # why\n" + values})
    last = graph.commit({}, "import", tree=tree)
    for number in range(MANY // 6 + 1):
        patch, text = f"patch-{number:03}", f"value: v{number}\n"

        def where(*positions, patch=patch, text=text):
            return at(*positions, text=text, patch=patch)

        def none(*positions, patch=patch):
            return gone(*positions, patch=patch)

        for change, action, *lines in (
            (where("lab/s1/us"), "start", "Promote-To: lab/s1/us"),
            ({**none("lab/s1/us"), **where("lab/s1")}, "promote", "Promote-From: lab/s1/us", "Promote-To: lab/s1/eu", "Promote-Consolidated: lab/s1"),
            ({**none("lab/s1"), **where("lab")}, "promote", *TO_S2),
            (where("live/s1"), "promote", *LIVE, approved("live")),
            ({**none("live/s1"), **where("live")}, "promote", "Promote-From: live/s1", "Promote-To: live/s2", "Promote-Consolidated: live", approved("live/s2")),
            ({**none("lab", "live"), "values.yaml": f"value: v{number} # why\n" + values}, "integrate"),
        ):
            last = graph.commit(change, told(action, *lines, patch=patch), last)
    names = graph.made.write(root)
    before = os.times()
    _, found = verdicts(root, f"{names[last]}~{MANY}..{names[last]}", names)
    now = os.times()  # of promote and git: others may use the processors, too
    took = now.children_user + now.children_system - before.children_user - before.children_system
    suite.expect(len(found) == MANY, len(found))
    for one in found.values():
        expect(one, (LEGAL, one.get("action")))
    suite.expect(took < SECONDS or suite.is_instrumented(suite.PROMOTE), f"{took:.2f} s")
    return took


def main():
    tap, made, marks = suite.Tap(), commits.Commits(), []
    for _, before, change, message, _ in ROWS:
        old = {"README.md": "x"} if before is None else changed(FLEET, before)
        new = changed({**FLEET, **old} if before is None else old, change)
        texts, modes = split(old)
        first = made.commit(texts, "before", modes=modes)
        texts, modes = split(new)
        marks.append((first, made.commit(texts, message, first, modes=modes)))
    with suite.directory() as root:
        os.makedirs(os.path.join(root, "config"))
        Path(root, "config/config.yaml").write_text("what the working tree has does not matter\n", encoding="ascii")
        every = made.commit({}, "all rows", *[mark for _, mark in marks])
        judge_rows(tap, root, made.write(root), marks, every)
    for body in (reverts, reverted_integration, made_up, merges):
        with suite.directory() as root:
            os.makedirs(os.path.join(root, "config"))
            Path(root, "config/config.yaml").write_text(CONFIG, encoding="ascii")
            tap.point(body.__name__.replace("_", " "), body, root)
    with suite.directory() as root:
        os.makedirs(os.path.join(root, "config"))
        Path(root, "config/config.yaml").write_text(CONFIG, encoding="ascii")
        tap.point(f"{MANY} commits in less than {SECONDS} s", lambda: tap.say(f"{many(root):.2f} s"))
    tap.end()


main()
