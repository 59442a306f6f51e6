#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`promote diff` between random commits against the judge at both. Prints TAP.

Each fleet gets a history of commits that change files, applications and config.yaml in any way, merges among them.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import fleets
import judge
from suite import Tap, expect, many, on_fleet, run

FLEETS = 20  # nightly runs many more
COMMITS = 10  # of each fleet
PAIRS = 5  # of commits that are compared beside each commit with its parents
WORDS = ["-o", "json"]


def git(root, *words, **more):
    own = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    own |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "LC_ALL": "C"}
    done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, env=own, check=False, **more)
    expect(done.returncode == 0, f"git {words}", done.stderr.decode())
    return done.stdout


# Changes ----------------------------------------------------------------------------------------


def rename_dimension(rng, config):
    names = re.findall(r"^  - '(.*)'$", config.partition("sequence:")[0], re.M)
    old, new = rng.choice(names), rng.choice([x for x in ["rings", "places", "sites"] if x not in names])
    head, _, rest = config.partition("sequence:")
    head = head.replace(f"  - '{old}'\n", f"  - '{new}'\n")
    return head + "sequence:" + re.sub(rf"^( +){re.escape(old)}:$", rf"\1{new}:", rest, flags=re.M)


def plain_targets(config):
    start = config.index("sequence:")
    return [x for x in re.finditer(r"^( +)- '(.*)'\n", config, re.M) if x.start() > start]


def add_target(rng, config):
    found = plain_targets(config)
    if not found:
        return config
    at = rng.choice(found)
    place = rng.choice([at.start(), at.end()])
    return config[:place] + f"{at[1]}- 'n{rng.randrange(10**9)}'\n" + config[place:]


def remove_target(rng, config):
    """One that is not the only child."""
    found = [x for x in plain_targets(config) if re.match(rf"{x[1]}- ", config[x.end() :])]
    if not found:
        return config
    at = rng.choice(found)
    return config[: at.start()] + config[at.end() :]


class Commit:
    """The files of one, and what the judge makes of them."""

    def __init__(self, files):
        self.files = files
        self.fleet = judge.Fleet(files)
        self.kinds = [y.text for x in judge.load(files["config/config.yaml"])[judge.string("cluster_types")] for y in x.values()]
        self.known = {}

    def values(self, kind, application, target):
        key = kind, application, target
        if key not in self.known:
            self.known[key] = self.values_of(*key)
        return self.known[key]

    def values_of(self, kind, application, target):
        if application is None:
            return self.fleet.whole(kind, target)
        if f"config/{kind}/{application}/values.yaml" not in self.files:
            return {}
        return self.fleet.application(kind, application, target)

    def targets(self, kind):
        return self.fleet.targets if kind in self.kinds else []


def change_config(rng, made, files):
    other = fleets.Random(rng.randrange(10**6)).files["config/config.yaml"]
    own = made.files["config/config.yaml"]
    kinds = lambda x: x[x.index("cluster_types:") :]
    config = files["config/config.yaml"].decode()
    change = rng.choice([
        lambda: rename_dimension(rng, config), lambda: add_target(rng, config), lambda: remove_target(rng, config),
        lambda: own, lambda: other[: other.index("cluster_types:")] + kinds(own), lambda: other,
    ])  # fmt: skip
    files["config/config.yaml"] = change().encode()


def change_layer(rng, made, files):
    """A file gets another text, goes, or comes."""
    names = [x for x in sorted(files) if x.count("/") > 1 and x.endswith(("values.yaml", "override.yaml", "defaults.yaml")) or "/patch-" in x]
    if not names:
        return
    name = rng.choice(names)
    if rng.random() < 0.3:
        del files[name]
        return
    if name.endswith("/values.yaml"):
        root = made.sections(name.split("/")[2], 5)
    else:
        root = made.layer([("applications", "one", "a"), ("extra", "api", "b"), ("applications", "two", "c")])
    if not name.endswith(("values.yaml", "defaults.yaml")) and rng.random() < 0.5:
        directory, _, last = name.rpartition("/")
        application = "/".join(directory.split("/")[:3])
        name = f"{application}/{rng.choice(made.positions)}/{last}"
    files[name] = made.text(name, root).encode()


def move(rng, files, old, new):
    """A directory is renamed; if there is one, they change places."""
    for name in sorted(files):
        if name.startswith(old):
            files[" " + new + name.removeprefix(old)] = files.pop(name)
        elif name.startswith(new):
            files[" " + old + name.removeprefix(new)] = files.pop(name)
    for name in [x for x in files if x.startswith(" ")]:
        files[name[1:]] = files.pop(name)


def change_application(rng, made, files):
    kind = rng.choice(made.kinds)
    names = judge.Fleet(files).applications(kind)
    if not names:
        return
    name = rng.choice(names)
    if rng.random() < 0.3:
        for path in [x for x in files if x.startswith(f"config/{kind}/{name}/")]:
            del files[path]
    else:
        move(rng, files, f"config/{kind}/{name}/", f"config/{kind}/{rng.choice(fleets.APPLICATIONS)}/")


def move_copy(rng, made, files):
    copies = sorted(x for x in files if "/patch-" in x and x.count("/") > 3)
    if copies:
        old = rng.choice(copies)
        start = "/".join(old.split("/")[:3])
        text = files.pop(old) if rng.random() < 0.7 else files[old]
        files[f"{start}/{rng.choice(made.positions)}/{old.rpartition('/')[2]}"] = text


def touch(rng, made, files):
    """What is no change of values: a comment at the end."""
    names = sorted(x for x in files if x.endswith("override.yaml"))
    if names:
        name = rng.choice(names)
        if not files[name].rstrip().endswith(b"..."):
            files[name] += b"\n# touched\n"


CHANGES = [change_config, change_layer, change_layer, change_layer, change_application, move_copy, move_copy, touch]


def next_files(rng, made, before):
    files = dict(before)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        rng.choice(CHANGES)(rng, made, files)
    return files


# Histories --------------------------------------------------------------------------------------


def stream(commits, parents):
    """For git fast-import: each commit with all of its files."""
    yield b"reset refs/heads/main\n"
    for i, commit in enumerate(commits):
        yield b"commit refs/heads/main\nmark :%d\ncommitter t <t@example.org> %d +0000\ndata 1\nx\n" % (i + 1, 10**9 + i)
        for k, parent in enumerate(parents[i]):
            yield b"%s :%d\n" % (b"merge" if k else b"from", parent + 1)
        yield b"deleteall\n"
        for name, text in commit.files.items():
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (json.dumps(name, ensure_ascii=False).encode(), len(text), text)


def write_history(root, commits, parents):
    """The names of the commits. The working tree has the last one."""
    git(root, "init", "-q", "-b", "main")
    marks = Path(root, ".git", "marks")
    git(root, "fast-import", "--quiet", f"--export-marks={marks}", input=b"".join(stream(commits, parents)))
    git(root, "clean", "-dfq")
    git(root, "reset", "-q", "--hard")
    found = dict(line.split() for line in marks.read_text().splitlines())
    return [found[f":{i + 1}"] for i in range(len(commits))]


def random_history(rng, made):
    commits = [Commit({k: v.encode() for k, v in made.files.items()})]
    parents = [[]]
    for i in range(1, COMMITS):
        parents.append([i - 1] if i < 3 or rng.random() < 0.8 else [i - 1, rng.randrange(i - 1)])
        commits.append(Commit(next_files(rng, made, commits[rng.choice(parents[i])].files)))
    return commits, parents


# Comparing --------------------------------------------------------------------------------------


def flat(value):
    return json.dumps(value, sort_keys=True)


def expected_changes(old, new):
    found = {}
    for keys, (was, now) in judge.changes(old, new).items():
        change = {"path": judge.path_text(keys)}
        change |= {} if was is None else {"old": judge.to_json(was)}
        change |= {} if now is None else {"new": judge.to_json(now)}
        found[change["path"]] = flat(change)
    return found


def check_type(told, old, new, kind, application):
    before, after = old.targets(kind), new.targets(kind)
    expect(told["added"] == [x for x in after if x not in before], f"{kind}: added: {told['added']}")
    gone = [x for x in before if x not in after]
    expect(sorted(told["removed"]) == sorted(gone), f"{kind}: removed: {told['removed']}, not {gone}")
    groups = told["effect"]["groups"]
    got = {t: {c["path"]: flat(c) for c in g["changes"]} for g in groups for t in g["targets"]}
    expect(len(got) == sum(len(g["targets"]) for g in groups), f"{kind}: a target is in two groups: {groups}")
    for target in before:
        if target not in after:
            expect(target not in got, f"{kind}: {target} is gone")
            continue
        wanted = expected_changes(old.values(kind, application, target), new.values(kind, application, target))
        expect(got.pop(target, {}) == wanted, f"{kind} {application}: {target}: {groups}", "not", wanted)
    expect(not got, f"{kind}: also told: {got}")
    expect(told["effect"]["targets"] == len(after) + len(gone), f"{kind}: {told['effect']['targets']} targets")
    return sum(len(g["targets"]) for g in groups), bool(groups or gone or told["added"])


def check_pair(root, words, old, new, application, counters):
    """words: what comes before the cluster type and the application."""
    kind, name = application or (None, None)
    status, out, err = run(root, "diff", *WORDS, "--exit-code", *words, *(application or ()))
    expect(status in (0, 10), f"promote diff {words} {application}: exit {status}", err.decode())
    told = json.loads(out)
    kinds = [kind] if kind else new.kinds + [x for x in old.kinds if x not in new.kinds]
    expect([x["clusterType"] for x in told["clusterTypes"]] == kinds, told["clusterTypes"], "not", kinds)
    differs = False
    for one in told["clusterTypes"]:
        changed, any_here = check_type(one, old, new, one["clusterType"], name)
        differs |= any_here
        counters.update(changed=changed)
    expect(told["differs"] == differs and status == 10 * differs, f"differs: {told['differs']}, exit {status}")
    counters.update(runs=1, same=not differs)
    return differs


def check_fleet(seed):
    made = fleets.Random(seed)
    rng = random.Random(seed)
    commits, parents = random_history(rng, made)

    def check(root, counters):
        names = write_history(root, commits, parents)
        pairs = [(p, i) for i, above in enumerate(parents) for p in above]
        pairs += [tuple(rng.sample(range(COMMITS), 2)) for _ in range(PAIRS)]
        for a, b in pairs:
            differs = check_pair(root, (f"{names[a]}..{names[b]}",), commits[a], commits[b], None, counters)
            status, _, _ = run(root, "diff", "--expect=none", f"{names[a]}..{names[b]}")
            expect(status == 4 * differs, f"--expect=none: exit {status}")
        a, b = rng.choice(pairs)
        for kind, name in sorted({(k, x) for c in (commits[a], commits[b]) for k in c.kinds for x in c.fleet.applications(k)}):
            has = any(f"config/{kind}/{name}/values.yaml" in c.files and kind in c.kinds for c in (commits[a], commits[b]))
            if has:
                check_pair(root, (f"{names[a]}..{names[b]}", "--"), commits[a], commits[b], (kind, name), counters)
        check_pair(root, (names[a],), commits[a], commits[-1], None, counters)  # the working tree
        counters.update(commits=COMMITS)

    return on_fleet(made, seed, check)


def main():
    tap = Tap()
    if not shutil.which("git"):
        tap.skip("the difference of commits is the judge's", "needs git")
        tap.end()
    counters, failures, seconds = many(check_fleet, FLEETS)
    title = "{commits} commits of {fleets} fleets, {runs} comparisons, {same} without a difference, {changed} targets change".format_map(counters)
    tap.result(f"the difference of commits is the judge's: {title}, {seconds:.0f} s", failures)
    expect(counters["changed"] > counters["runs"] > counters["same"] > 0, "almost nothing was compared")
    tap.end()


if __name__ == "__main__":
    main()
