#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/argo-workflows: the syntax of the template, and a whole rollout with it, run as Argo Workflows runs it: steps
with their conditions and parameters, each script in a container whose /tmp is empty.
"""

import re
import shutil
from pathlib import Path

import kit
from suite import Tap

HERE = kit.TOP / "examples" / "argo-workflows"
ROLLOUT = [
    "A fleet",
    "Promote patch-001 of gateway to lab/lab-a/bergen",
    "Promote patch-001 of gateway to lab/lab-b",
    "Promote patch-001 of gateway to trial/trial-all",
    "Promote patch-001 of gateway to live/live-canary",
    "Promote patch-001 of gateway to live/live-rest",
    "Integrate patch-001 of gateway",
]
HAPPENED = ["step", "pause"] * 2 + ["step", "approval", "step", "pause"] * 3 + ["step"]


class StepFailed(Exception):
    """The workflow has failed."""


class Argo:
    """Runs a WorkflowTemplate. `happened` has the templates other than steps, in their order."""

    def __init__(self, world, template, secrets):
        self.world, self.spec, self.secrets = world, template["spec"], secrets
        self.templates = {t["name"]: t for t in self.spec["templates"]}
        self.happened, self.container = [], world.work / "container"
        self.resumed = lambda: None

    def put(self, text, scope):
        return re.sub(r"\{\{([a-z.-]+)\}\}", lambda m: scope[m[1]], text)

    def submit(self, **given):
        scope = {}
        for p in self.spec["arguments"]["parameters"]:
            scope[f"workflow.parameters.{p['name']}"] = given.get(p["name"].replace("-", "_"), p.get("value"))
        self.happened = []
        self.run(self.spec["entrypoint"], {}, scope)

    def run(self, name, arguments, workflow):
        """The output parameters of a template."""
        template = self.templates[name]
        inputs = template.get("inputs", {}).get("parameters", [])
        if {p["name"] for p in inputs} != set(arguments):
            raise ValueError(f"{name} is given {arguments}")
        scope = workflow | {f"inputs.parameters.{k}": v for k, v in arguments.items()}
        if "steps" in template:
            self.steps(template["steps"], scope, workflow)
            return {}
        self.happened.append(name)
        if "suspend" in template:
            if not re.fullmatch(r"|\d+[smhd]", self.put(template["suspend"].get("duration", ""), scope)):
                raise ValueError("no duration")
            self.resumed()
            return {}
        return self.script(template, scope)

    def steps(self, groups, scope, workflow):
        for group in groups:
            for step in group:
                if "when" in step:
                    left, operator, right = re.fullmatch(r"'(.*)' (==|!=) '(.*)'", self.put(step["when"], scope)).groups()
                    if (left == right) != (operator == "=="):
                        continue
                given = step.get("arguments", {}).get("parameters", [])
                outputs = self.run(step["template"], {p["name"]: self.put(p["value"], scope) for p in given}, workflow)
                scope |= {f"steps.{step['name']}.outputs.parameters.{k}": v for k, v in outputs.items()}

    def script(self, template, scope):
        script = template["script"]
        env = {}
        for e in script["env"]:
            secret = e["valueFrom"]["secretKeyRef"] if "valueFrom" in e else None
            env[e["name"]] = self.secrets[secret["name"], secret["key"]] if secret else self.put(e["value"], scope)
        shutil.rmtree(self.container, ignore_errors=True)
        self.container.mkdir()
        source = self.put(script["source"], scope).replace("/tmp/", f"{self.container}/")
        status, said = self.world.run([*script["command"], "-c", source], self.world.work, env)
        if status:
            raise StepFailed(status, said)
        outputs = template["outputs"]["parameters"]
        paths = {o["name"]: o["valueFrom"]["path"].replace("/tmp/", f"{self.container}/") for o in outputs}
        return {name: Path(path).read_text() for name, path in paths.items()}


def ends(tap, argo, title, wanted, **given):
    """A workflow that fails with an exit status, having pushed nothing."""
    before = argo.world.log()
    try:
        argo.submit(**given)
        got = 0, ""
    except StepFailed as failure:
        got = failure.args
    good = got[0] == wanted and argo.world.log() == before
    tap.result(title, [] if good else got)


def rollouts(tap, world, argo):
    patch = {"cluster_type": "edge", "application": "gateway", "patch": "patch-001"}
    ends(tap, argo, "an unknown patch fails", 3, **patch | {"patch": "patch-9"})
    ends(tap, argo, "a parameter is one word, and no option", 2, **patch | {"patch": "--approve=$(touch x) *"})
    clone = world.work / "clone"
    kit.git(world.work, "clone", "-q", str(world.origin), str(clone))
    world.run(["promote", "hold", "edge", "gateway", "--reason=Friday", "--push"], clone)
    ends(tap, argo, "a hold fails with 7, which is tried again", 7, **patch)
    tap.result("only a hold is tried again", [] if retries(argo) == [7] else [retries(argo)])
    kit.git(world.origin, "update-ref", "refs/heads/main", "main~1")
    argo.submit(**patch)
    got = world.log()
    tap.result("a rollout pushes its steps", [] if got == ROLLOUT else got)
    tap.result("it is suspended at gates, and pauses between steps", [] if argo.happened == HAPPENED else argo.happened)
    argo.submit(**patch)
    tap.result("a rollout that is finished ends at once", [] if argo.happened == ["step"] and world.log() == got else argo.happened)


def retries(argo):
    """The exit statuses that its expression tries again."""
    expression = argo.templates["step"]["retryStrategy"]["expression"]
    number = re.fullmatch(r"asInt\(lastRetry\.exitCode\) == (\d+)", expression)
    return [int(number[1])] if number else [expression]


def main():
    tap = Tap()
    template = kit.read(tap, HERE / "promote.yaml", "argo")
    templates = {t["name"]: t for t in template["spec"]["templates"]}
    source = templates["step"]["script"]["source"]
    kit.shellcheck(tap, "the script", "sh", source)
    tap.result("nothing that is given becomes text of the script", re.findall(r"\{\{.*?\}\}", source))
    calls = {s["template"] for t in templates.values() for group in t.get("steps", []) for s in group}
    tap.result("each template is used", sorted(calls ^ set(templates)))
    missing = [tool for tool in ("git", "jq") if not shutil.which(tool)]
    if missing:
        tap.skip("a rollout", f"no {missing[0]}")
        tap.end()
    with kit.world() as work:
        world = kit.World(work)
        argo = Argo(world, template, {("promote-git", "url"): str(world.origin)})
        rollouts(tap, world, argo)
    tap.end()


main()
