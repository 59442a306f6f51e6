#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/tekton: the syntax of its objects, and its scripts, run as Tekton runs them: in the order of the tasks, with
what it puts in the place of variables, and in a directory that is the workspace.
"""

import re
import shutil

import kit
from suite import Tap

HERE = kit.TOP / "examples" / "tekton"


class Tekton:
    """Runs a PipelineRun with the Tasks that there are."""

    def __init__(self, world, tasks, secrets):
        self.world, self.tasks, self.secrets = world, tasks, secrets
        self.volume, self.results = world.work / "volume", world.work / "results"

    def step(self, step, params, spec):
        """One step of a task: (exit status, what it prints)."""
        known = {"workspaces.fleet.path": str(self.volume)}
        known |= {f"params.{k}": v for k, v in params.items() if isinstance(v, str)}
        known |= {f"results.{r['name']}.path": str(self.results / r["name"]) for r in spec.get("results", [])}

        def put(text):
            return re.sub(r"\$\(([a-z.]+)\)", lambda m: known[m[1]], text)

        arguments = []
        for argument in step.get("args", []):
            array = re.fullmatch(r"\$\(params\.([a-z]+)\[\*\]\)", argument)
            arguments += params[array[1]] if array else [put(argument)]
        env = {e["name"]: self.secrets[tuple(e["valueFrom"]["secretKeyRef"][k] for k in ("name", "key"))] for e in step.get("env", [])}
        if not put(step["image"]):
            raise ValueError("no image")
        script = self.world.work / "script"
        script.write_text(put(step["script"]))
        script.chmod(0o755)
        return self.world.run([str(script), *arguments], put(step["workingDir"]), env)

    def task(self, spec, given):
        """(exit status, what its steps print, its results)"""
        params = {p["name"]: given.get(p["name"], p.get("default")) for p in spec.get("params", [])}
        shutil.rmtree(self.results, ignore_errors=True)
        self.results.mkdir()
        for step in spec["steps"]:
            status, said = self.step(step, params, spec)
            if status:
                break
        return status, said, {p.name: p.read_text() for p in self.results.iterdir()}

    def run(self, pipeline):
        """[(task, exit status, what it prints)], and the results of the pipeline."""
        shutil.rmtree(self.volume, ignore_errors=True)
        self.volume.mkdir()
        done, results = [], {}
        for task in pipeline["tasks"]:
            if not set(task.get("runAfter", [])) <= {name for name, _, _ in done}:
                raise ValueError(f"{task['name']} comes before {task['runAfter']}")
            spec = task["taskSpec"] if "taskSpec" in task else self.tasks[task["taskRef"]["name"]]
            missing = {w["name"] for w in spec["workspaces"]} - {w["name"] for w in task["workspaces"]}
            if missing:
                raise ValueError(f"{task['name']} lacks {missing}")
            status, said, own = self.task(spec, {p["name"]: p["value"] for p in task.get("params", [])})
            done.append((task["name"], status, said))
            results |= {f"$(tasks.{task['name']}.results.{k})": v for k, v in own.items()}
            if status:
                return done, {}
        return done, {r["name"]: results[r["value"]] for r in pipeline["results"]}


def statuses(tap, tekton, task):
    """What the Task makes of each exit status, and of arguments that a shell would take apart."""
    tekton.volume.mkdir()
    tekton.world.fake("promote", 'for w; do echo "<$w>"; done; exit "$STATUS"')
    words = ["edge", "a b", "$(touch x)", "*"]
    said = "".join(f"<{w}>\n" for w in words)
    for status in range(11):
        tekton.world.env["STATUS"] = str(status)
        got = tekton.task(task["spec"], {"arguments": words})
        wanted = (0 if status in (5, 7) else status, said, {"status": str(status)})
        tap.result(f"the task, if promote ends with {status}", [] if got == wanted else [got, wanted])


def rollout(tap, world, tekton, run):
    """The PipelineRun, one after another, until the patch waits for a gate, for a hold, and goes on."""
    step = run["spec"]["pipelineSpec"]["tasks"][-1]["params"][0]["value"]

    def take(title, wanted, *options):
        step[4:] = options
        before = len(world.log())
        done, results = tekton.run(run["spec"]["pipelineSpec"])
        made = world.log()[before:]
        got = [(name, status) for name, status, _ in done], results, made
        ended = [("clone", 0), ("check", 0), ("step", 0)]
        tap.result(title, [] if got == (ended, *wanted) else [got, [text for _, _, text in done]])

    take("the first step is pushed", ({"status": "0"}, ["Promote patch-001 of gateway to lab/lab-a/bergen"]))
    take("the second step is pushed", ({"status": "0"}, ["Promote patch-001 of gateway to lab/lab-b"]))
    take("a gate is no failure", ({"status": "5"}, []))
    take("a gate is opened", ({"status": "0"}, ["Promote patch-001 of gateway to trial/trial-all"]), "--approve=trial")
    clone = world.work / "hold"
    kit.git(world.work, "clone", "-q", str(world.origin), str(clone))
    world.run(["promote", "hold", "edge", "gateway", "--reason=Friday", "--push"], clone)
    take("a hold is no failure", ({"status": "7"}, []), "--approve=live")
    (clone / "config/edge/gateway/stray").mkdir()
    shutil.copy(clone / "config/edge/gateway/trial/patch-001.yaml", clone / "config/edge/gateway/stray")
    kit.git(clone, "add", "-A")
    kit.git(clone, "commit", "-qm", "Astray")
    kit.git(clone, "push", "-q", "origin", "HEAD:main")
    done, results = tekton.run(run["spec"]["pipelineSpec"])
    got = [(name, status) for name, status, _ in done], results
    tap.result("no step is taken in a fleet with an error", [] if got == ([("clone", 0), ("check", 4)], {}) else [got, done])


def main():
    tap = Tap()
    task = kit.read(tap, HERE / "task.yaml", "tekton")
    run = kit.read(tap, HERE / "step.yaml", "tekton")
    specs = {"task.yaml": task["spec"], "step.yaml": run["spec"]["pipelineSpec"]["tasks"][0]["taskSpec"]}
    for name, spec in specs.items():
        for step in spec["steps"]:
            script = re.sub(r"\$\(results\.[a-z]+\.path\)", "/tekton/results/status", step["script"])
            kit.shellcheck(tap, name, "sh", script)
            tap.result(f"{name}: nothing that is given becomes text of a script", re.findall(r"\$\(params.*?\)", script))
    tap.result("README.md has each file", kit.described(HERE))
    tasks = {task["metadata"]["name"]: task["spec"]}
    if not shutil.which("git"):
        tap.skip("the tasks are run", "no git")
        tap.end()
    with kit.world() as work:
        world = kit.World(work)
        tekton = Tekton(world, tasks, {("promote-git", "url"): str(world.origin)})
        rollout(tap, world, tekton, run)
        shutil.rmtree(tekton.volume)
        statuses(tap, tekton, task)
    tap.end()


main()
