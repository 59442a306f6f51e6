# SPDX-License-Identifier: Apache-2.0
"""The steps that are taken, each in a small fleet that has just what it is about.

    integration[s1[us eu] s2[us] s3[us eu]] stage![s1[us] s2[us]]

with the applications `app`, whose patch-001 is on its way, and `other`.
"""

import collections
import os
import shlex

import lab
import trees

# old: the tree before. run: the arguments. variants: other arguments for going on after a kill.
Scenario = collections.namedtuple("Scenario", "name old run variants generator")

CONFIG = """\
dimensions: [environments, sectors, regions]
sequence:
  environments:
    - name: integration
      sectors:
        - name: s1
          regions: [us, eu]
        - name: s2
          regions: [us]
        - name: s3
          regions: [us, eu]
    - name: stage
      promotion: manual
      sectors:
        - name: s1
          regions: [us]
        - name: s2
          regions: [us]
cluster_types:
  - name: mgmt
"""
# A sector of so many regions that a step in it has more to do than is made durable file by file.
MANY = [f"r{i:02}" for i in range(17)]
WIDE = CONFIG.replace("regions: [us]", f"regions: [{', '.join(MANY)}]", 1)
VALUES = """\
# What every cluster gets.
applications:
  app:
    image: app:1.0   # raised by patches
    replicas: 2      # enough for all

    # asked for by the security team
    probes: {live: true, ready: true}
"""
PATCH = """\
metadata: {description: "app 1.1"}
applications:
  app:
    image: app:1.1
    extra: "new"
"""
OVERRIDE = """\
# permanent
applications:
  app:
    replicas: 3   # busy
"""
HIDING = """\
applications:
  app:
    replicas: 3   # busy
    image: app:0.9   # until the next release
"""
HOLD = """\
- reason: first   # of two
  by: Ann
  since: 2026-11-01T00:00:00Z
"""
APP = "config/mgmt/app"
BASE = {
    "config/config.yaml": CONFIG,
    "config/mgmt/defaults.yaml": "applications:\n  default:\n    namespace: apps\n",
    f"{APP}/values.yaml": VALUES,
    f"{APP}/integration/s2/override.yaml": OVERRIDE,
    f"{APP}/notes/todo.txt": "a directory that is no position\n",
    "config/mgmt/other/values.yaml": "other: 1\n",
    "config/mgmt/other/integration/s1/patch-001.yaml": "other: 2\n",
    "README": "not of interest\n",
}
GO_ON = ("--approve=stage", "mgmt", "app", "patch-001")

# The generator asks promote itself, so that what it renders is right whatever the step was.
GENERATE = """\
set -e
for target in {targets}; do
	mkdir -p rendered/mgmt/$target
	{promote} values mgmt $target >rendered/mgmt/$target/values.yaml
done
"""
# It changes, adds and removes before it fails.
FAIL = """\
set -e
echo "half: done" >rendered/mgmt/integration/s1/us/values.yaml
rm -r rendered/mgmt/stage
mkdir rendered/new rendered/mgmt/stage
echo "new: 1" >rendered/new/values.yaml
chmod 500 rendered/mgmt
exit 3
"""
RENDERED = {"integration/s1/us", "integration/s2/us", "stage/s1/us"}


def placed(*positions, base=None, without=()):
    """The fleet with copies of the patch at these positions."""
    texts = {**BASE, **(base or {})}
    for position in positions:
        texts[f"{APP}/{position}/patch-001.yaml"] = PATCH
    return {path: text for path, text in texts.items() if path not in without}


def rendering(texts, script):
    """With a generator, and with what it rendered before; one of the files cannot be read by others."""
    made = {
        **texts,
        "Makefile": "generate:\n\t@sh generate.sh\n",
        "generate.sh": script.format(targets=" ".join(sorted(RENDERED)), promote=shlex.quote(lab.PROMOTE)),
        "rendered/notes.txt": "mine\n",
    }
    made.update({f"rendered/mgmt/{target}/values.yaml": "before: 1\n" for target in RENDERED})
    tree = trees.of_texts(made, {"rendered/notes.txt": 0o640, "rendered/mgmt/stage": 0o750})
    tree["rendered/link"] = ("link", 0o777, b"notes.txt")
    return tree


def scenario(name, texts, *options, script=None, modes=None):
    run = (*options, *GO_ON)
    tree = rendering(texts, script) if script else trees.of_texts(texts, modes)
    return Scenario(name, tree, run, [run, ("--no-generate", *run)] if script else [run], bool(script))


def command(name, texts, *words, script=None):
    """Another command than the step."""
    run = (*words, *GO_ON)
    tree = rendering(texts, script) if script else trees.of_texts(texts)
    variants = [run, (*run, "--no-generate")] if script else [run]
    return Scenario(name, tree, run, variants, bool(script))


def holding(name, texts, *run):
    """A command that changes a hold.yaml."""
    modes = {path: 0o640 for path in texts if path.endswith("/hold.yaml")}
    return Scenario(name, trees.of_texts(texts, modes), run, [run], False)


def all_scenarios():
    """Those with FAULT_ONLY in their name."""
    hiding = {f"{APP}/stage/override.yaml": HIDING}
    overtaken = {f"{APP}/{position}/patch-002.yaml": PATCH for position in ("integration", "stage")}
    base_values = (f"{APP}/values.yaml", "config/mgmt/defaults.yaml")
    done = ("integration", "stage")
    many = ["integration/s1"] + [f"integration/s2/{x}" for x in MANY[:-1]]
    spread = ("integration/s1", "integration/s2", "integration/s3/us")
    held = {f"{APP}/hold.yaml": HOLD + HOLD.replace("first", "second")}
    made = [
        scenario("copy", placed("integration/s1"), modes={f"{APP}/integration/s1/patch-001.yaml": 0o640}),
        command("fill", placed("integration/s1/us", "integration/s3", "stage/s1"), "fill", "--all"),
        command("rollback with a split", placed("integration", "integration/s1/us"), "rollback", "--to=integration/s1/us", "--hold=slow"),
        command("generate after a rollback", placed(*done), "rollback", "--to=integration/s2", script=GENERATE),
        command("fail to generate after a rollback", placed(*done), "rollback", script=FAIL),
        command("start", placed(), "start", "--set=applications.app.image=app:2.0", "--description=app 2"),
        command("generate after a start", placed(), "start", "--set=applications.app.replicas=4", script=GENERATE),
        command("fail to generate after a start", placed(), "start", "--set=applications.app.replicas=4", script=FAIL),
        scenario("copy into new directories", placed("integration")),
        scenario("consolidate two levels", placed(*spread), modes={f"{APP}/integration/s1": 0o750}),
        scenario("remove redundant copies", placed(*done, "integration/s1", "integration/s3/us", "stage/s1/us")),
        scenario("integrate", placed(*done), modes={f"{APP}/values.yaml": 0o600}),
        scenario("integrate into a new file", placed(*done, without=base_values)),
        scenario("prune", placed(*done, base=hiding), "--prune-overrides"),
        scenario("consolidate many", placed(*many, base={"config/config.yaml": WIDE})),
        scenario("retire", placed(*done, base=overtaken), "retire", "--accept-loss"),
        scenario("retire at unknown positions", placed(*done, "gone/a", "gone/b"), "retire", "--accept-loss", "--at-unknown-positions"),
        scenario("generate", placed("integration"), script=GENERATE),
        scenario("generate after a consolidation", placed(*spread), script=GENERATE),
        scenario("fail to generate in a new directory", placed("integration"), script=FAIL),
        scenario("fail to generate after a consolidation", placed(*spread), script=FAIL),
        scenario("fail to generate after a prune", placed(*done, base=hiding), "--prune-overrides", script=FAIL),
        holding("hold in a new directory", placed("integration"), "hold", "--reason=wait", "mgmt", "app", "stage/s1/us"),
        holding("hold once more", placed("integration", base=held), "hold", "--reason=wait", "mgmt", "app"),
        holding("release one of two", placed("integration", base=held), "release", "--reason=second", "mgmt", "app"),
        holding("release the last", placed("integration", base={f"{APP}/stage/hold.yaml": HOLD}), "release", "mgmt", "app", "stage"),
    ]
    return [x for x in made if os.environ.get("FAULT_ONLY", "") in x.name]


def some_scenarios():
    """One in FAULT_SCENARIOS of them, 1 if it is not set; those with a generator and those without one are counted apart."""
    every, made = int(os.environ.get("FAULT_SCENARIOS", "1")), all_scenarios()
    return [x for kind in (False, True) for x in [y for y in made if y.generator == kind][::every]]
