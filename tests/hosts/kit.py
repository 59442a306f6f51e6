# SPDX-License-Identifier: Apache-2.0
"""What the tests of the files for other systems share: their syntax, and a fleet in a repository to run them on."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "lib"))
RULES = "{extends: default, rules: {document-start: disable, truthy: {check-keys: false}, line-length: disable, "
RULES += "comments: {min-spaces-from-content: 1}}}"


def tool(tap, title, program, *arguments, text=None):
    """A test that a program finds nothing wrong."""
    if not shutil.which(program):
        tap.skip(title, f"no {program}")
        return
    done = subprocess.run([program, *arguments], input=text, text=True, capture_output=True, check=False)
    tap.result(title, [done.stdout + done.stderr] if done.returncode else [])


def read(tap, path, schema):
    """The YAML document of a file, whose syntax is tested: by yamllint, and against a closed schema."""
    name = path.relative_to(TOP)
    tool(tap, f"{name}: yamllint", "yamllint", "-s", "-d", RULES, str(path))
    document = yaml.safe_load(path.read_text())
    try:
        import jsonschema
    except ImportError:
        tap.skip(f"{name}: the schema of what it uses", "no jsonschema")
        return document
    rules = yaml.safe_load((TOP / "tests" / "hosts" / "schemas" / f"{schema}.yaml").read_text())
    jsonschema.Draft202012Validator.check_schema(rules)
    wrong = [f"{e.json_path}: {e.message}" for e in jsonschema.Draft202012Validator(rules).iter_errors(document)]
    tap.result(f"{name}: the schema of what it uses", wrong)
    return document


def shellcheck(tap, title, shell, script):
    tool(tap, f"{title}: shellcheck", "shellcheck", "-s", shell, "-", text=script)


def described(directory):
    """Whether the table of a README has each file beside it."""
    rows = [line.split("`")[1] for line in (directory / "README.md").read_text().splitlines() if line.startswith("| `")]
    there = sorted(p.name for p in directory.iterdir() if p.name != "README.md")
    return [] if sorted(rows) == there else [f"described: {rows}", f"there: {there}"]


def git(where, *arguments):
    done = subprocess.run(["git", *arguments], cwd=where, check=True, text=True, capture_output=True)
    return done.stdout.strip()


class World:
    """A directory with the example fleet in a bare repository, and an environment in which promote is installed."""

    def __init__(self, work):
        self.work, self.origin = Path(work), Path(work) / "fleet.git"
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") and k not in ("NO_COLOR", "CI")}
        self.env |= {"HOME": str(work), "PATH": f"{self.work / 'bin'}:{self.env['PATH']}", "LC_ALL": "C.UTF-8"}
        self.env |= {"GIT_CONFIG_SYSTEM": "/dev/null", "GIT_CONFIG_GLOBAL": str(self.work / "gitconfig")}
        (self.work / "gitconfig").write_text("[user]\nname = T\nemail = t@example.com\n[init]\ndefaultBranch = main\n")
        os.environ.clear()
        os.environ.update(self.env)
        (self.work / "bin").mkdir()
        promote = os.path.abspath(os.environ.get("PROMOTE") or TOP / "build" / "promote")
        (self.work / "bin" / "promote").symlink_to(promote)
        seed = self.work / "seed"
        shutil.copytree(TOP / "examples" / "fleet", seed)
        git(seed, "init", "-q")
        git(seed, "add", "-A")
        git(seed, "commit", "-qm", "A fleet")
        git(self.work, "clone", "-q", "--bare", "seed", str(self.origin))

    def fake(self, name, body):
        program = self.work / "bin" / name
        program.unlink(missing_ok=True)
        program.write_text("#!/bin/sh\n" + body + "\n")
        program.chmod(0o755)

    def run(self, command, where, env=None, text=None):
        """(exit status, what it prints)"""
        done = subprocess.run(
            command,
            cwd=where,
            env=self.env | (env or {}),
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def log(self):
        """The subjects of the commits on the branch main of the repository, the oldest first."""
        return git(self.origin, "log", "--reverse", "--format=%s", "main").splitlines()


def world():
    return tempfile.TemporaryDirectory(prefix="promote-hosts-")
