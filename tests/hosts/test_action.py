#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""action.yml: its syntax, and its steps, run one after another as a host runs them.

ACTION_BUILD=1: the step that builds promote is run with its real programs, too, which takes a minute.
"""

import os
import re
import shutil
import subprocess

import kit
from suite import Tap

ACTION = kit.TOP / "action.yml"
FAKES = {
    "gh": """echo "gh $*" >>"$CALLS"; case $* in *--edit-last*) exit 1 ;; esac""",
    "meson": """echo "meson $*" >>"$CALLS" """,
}


class Host:
    """Runs an action in a checkout: what its steps add to the files of the runner, and how they end."""

    def __init__(self, world, action, checkout):
        self.world, self.action, self.checkout = world, action, checkout
        self.calls = world.work / "calls"
        self.temp = world.work / "temp"

    def evaluate(self, expression, inputs, outputs):
        """The value of ${{ ... }}."""
        known = {f"inputs.{k}": v for k, v in inputs.items()} | outputs
        known |= {"github.token": "secret", "github.event.number": "7"}
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda m: known[m[1]], expression)

    def wanted(self, condition, inputs, failed):
        """Whether a step is run: always(), and comparisons of inputs with texts."""
        terms = condition.split(" && ") if condition else []
        always = "always()" in terms
        for term in terms:
            if term != "always()":
                name, operator, text = re.fullmatch(r"inputs\.(\w+) (==|!=) '(.*)'", term).groups()
                if (inputs[name] == text) != (operator == "=="):
                    return False
        return always or not failed

    def run(self, **given):
        """(exit status, what is printed, the outputs of the action, the texts of the runner's files)"""
        inputs = {k: v["default"] for k, v in self.action["inputs"].items()} | given
        shutil.rmtree(self.temp, ignore_errors=True)
        self.temp.mkdir()
        self.calls.write_text("")
        files = {n: self.world.work / n for n in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        env = {n: str(f) for n, f in files.items()}
        env |= {"CALLS": str(self.calls), "RUNNER_TEMP": str(self.temp), "GITHUB_ACTION_PATH": str(kit.TOP)}
        env |= {"GITHUB_REPOSITORY": "team/fleet"}
        failed, said, outputs = 0, "", {}
        for step in self.action["runs"]["steps"]:
            if not self.wanted(step.get("if", ""), inputs, failed):
                continue
            own = {k: self.evaluate(v, inputs, outputs) for k, v in step.get("env", {}).items()}
            where = self.checkout / self.evaluate(step.get("working-directory", "."), inputs, outputs)
            paths = ":".join([*reversed(files["GITHUB_PATH"].read_text().split()), self.world.env["PATH"]])
            command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
            status, text = self.world.run(command, where, env | own | {"PATH": paths})
            failed = failed or status
            said += text
            if "id" in step:
                pairs = [line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines()]
                outputs |= {f"steps.{step['id']}.outputs.{k}": v for k, v in pairs}
        results = {k: self.evaluate(v["value"], inputs, outputs) for k, v in self.action["outputs"].items() if outputs}
        return failed, said, results, {n: f.read_text() for n, f in files.items()}


def expected(checkout):
    """What the commands of a review say, each run alone."""
    text = ""
    for words in (["check"], ["verify", "HEAD^1..HEAD"], ["diff", "HEAD^1..HEAD"]):
        words = [w.replace("HEAD^1", kit.git(checkout, "rev-parse", "HEAD^1")) for w in words]
        call = ["promote", words[0], "-o", "markdown", *words[1:]]
        text += subprocess.run(call, cwd=checkout, text=True, stdout=subprocess.PIPE, check=False).stdout + "\n"
    return text


def pull_request(world, title, change):
    """A checkout of a pull request that is merged into its base, as hosts make it."""
    clone = world.work / title.replace(" ", "-")
    kit.git(world.work, "clone", "-q", str(world.origin), str(clone))
    kit.git(clone, "switch", "-qc", "change")
    change(clone)
    kit.git(clone, "switch", "-q", "--detach", "origin/main")
    kit.git(clone, "merge", "-q", "--no-ff", "--no-edit", "change")
    return clone


def a_step(clone):
    subprocess.run(["promote", "-q", "--commit", "edge", "gateway", "patch-001"], cwd=clone, check=True)


def by_hand(clone):
    shutil.copy(clone / "config/edge/gateway/lab/lab-a/amsterdam/patch-001.yaml", clone / "config/edge/gateway/live")
    kit.git(clone, "add", "-A")
    kit.git(clone, "commit", "-qm", "By hand")


def reviews(tap, world, action):
    for title, change, wanted in (("a step", a_step, 0), ("a copy by hand", by_hand, 4)):
        clone = pull_request(world, title, change)
        host = Host(world, action, clone)
        status, said, outputs, files = host.run(comment="true")
        text = expected(clone)
        calls = host.calls.read_text().splitlines()
        posted = f"gh pr comment 7 --repo team/fleet --body-file {host.temp}/promote.md"
        good = [status == wanted, said == "", outputs == {"review": f"{host.temp}/promote.md"}]
        good += [files["GITHUB_STEP_SUMMARY"] == text, (host.temp / "promote.md").read_text() == text]
        good += [files["GITHUB_PATH"] == "", len(calls) == 2, calls[-1:] == [posted]]
        tap.result(f"a pull request with {title} is reviewed", [] if all(good) else [good, status, said, files, calls])
    status, said, _, _ = host.run()
    good = (status, said, host.calls.read_text()) == (4, "", "")
    tap.result("there is no comment that was not asked for", [] if good else [status, said])


def commands(tap, world, action):
    clone = pull_request(world, "nothing", lambda clone: kit.git(clone, "commit", "-q", "--allow-empty", "-m", "Nothing"))
    (clone / "a").mkdir()
    kit.git(clone, "mv", "config", "a/config")
    host = Host(world, action, clone)
    wanted = subprocess.run(["promote", "-C", "a", "check", "-o", "json"], cwd=clone, text=True, capture_output=True, check=False)
    got = host.run(command="check -o json", directory="a")
    good = got[:2] == (0, wanted.stdout) and not any(got[3].values()) and host.calls.read_text() == ""
    tap.result("a command is run in a directory", [] if good else [got, wanted.stdout])
    good = True
    (clone / "a" / "edge").write_text("")
    for words in ("e* gateway", "$(touch injected)"):
        got = host.run(command=f"check {words}", directory="a")
        wanted = subprocess.run(["promote", "-C", "a", "check", *words.split()], cwd=clone, text=True, capture_output=True, check=False)
        good = good and got[:2] == (3, wanted.stderr) and words.split()[0] in got[1] and not list(clone.rglob("injected"))
    tap.result("a command has words, and is no text for a shell", [] if good else [got])


def installs(tap, world, action):
    """The first step, without a promote to be found: what it asks for, and with ACTION_BUILD what comes of it."""
    (world.work / "bin" / "promote").unlink()
    if shutil.which("promote"):
        tap.skip("promote is built from the action's own sources", "another promote is installed")
        return
    host = Host(world, action, world.work)
    path = f"{host.temp}/promote/bin\n"
    first = {**action, "runs": {"steps": action["runs"]["steps"][:1]}}
    host.action = first
    status, said, _, files = host.run()
    calls = [f"meson setup -Dtests=disabled --buildtype=release --prefix={host.temp}/promote {host.temp}/promote-build {kit.TOP}"]
    calls += [f"meson install -C {host.temp}/promote-build --quiet"]
    good = (status, files["GITHUB_PATH"], host.calls.read_text().splitlines()) == (0, path, calls)
    tap.result("promote is built from the action's own sources", [] if good else [status, said, files, host.calls.read_text()])
    if os.environ.get("ACTION_BUILD", "0") == "0":
        tap.skip("the program that is built", "ACTION_BUILD is not set")
        return
    (world.work / "bin" / "meson").unlink()
    host.action = action
    status, said, _, files = host.run(command="--version")
    good = status == 0 and files["GITHUB_PATH"] == path and re.fullmatch(r"promote \d+\.\d+\.\d+\S*", said.splitlines()[-1])
    tap.result("the program that is built", [] if good else [status, said[-2000:]])


def main():
    tap = Tap()
    action = kit.read(tap, ACTION, "action")
    for number, step in enumerate(action["runs"]["steps"], 1):
        kit.shellcheck(tap, f"step {number}", "bash", step["run"])
        found = re.findall(r"\$\{\{.*?\}\}", step["run"])
        tap.result(f"step {number}: the host puts nothing into the script", found)
    if not shutil.which("git"):
        tap.skip("the steps are run", "no git")
        tap.end()
    with kit.world() as work:
        world = kit.World(work)
        for name, body in FAKES.items():
            world.fake(name, body)
        reviews(tap, world, action)
        commands(tap, world, action)
        installs(tap, world, action)
    tap.end()


main()
