#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The workflows of examples/ci: their syntax, by yamllint and shellcheck, and what they do when they are run.

Each script of a workflow is run as the host would, one after another, in a clone of a repository with a pull
request. Programs that would call the host are replaced by ones that write down what they are asked.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

TOP = Path(__file__).resolve().parent.parent
CI = TOP / "examples" / "ci"
RULES = "{extends: default, rules: {document-start: disable, truthy: {check-keys: false}, line-length: disable, "
RULES += "comments: {min-spaces-from-content: 1}}}"
tests = 0
failed = False


def tell(name, problem):
    """One test: problem is empty if it has passed."""
    global tests, failed
    tests += 1
    print(f"{'not ok' if problem else 'ok'} {tests} - {name}")
    for line in problem.splitlines():
        print(f"# {line}")
    failed = failed or bool(problem)


def skip(name, why):
    global tests
    tests += 1
    print(f"ok {tests} - {name} # SKIP {why}")


def check(name, tool, *arguments, text=None):
    if not shutil.which(tool):
        skip(name, f"no {tool}")
        return
    done = subprocess.run([tool, *arguments], input=text, text=True, capture_output=True, check=False)
    tell(name, done.stdout + done.stderr if done.returncode else "")


def scripts(host, flow):
    """The scripts of a workflow in their order, each with the names of variables that the workflow sets for it."""
    if host in ("github", "forgejo"):
        steps = [s for s in flow["jobs"]["review"]["steps"] if "run" in s]
        return [(s["run"], s.get("env", {})) for s in steps]
    if host == "gitlab":
        job = flow["promote"]
        return [("\n".join(job[part]), {}) for part in ("script", "after_script")]
    if host == "bitbucket":
        step = flow["pipelines"]["pull-requests"]["**"][0]["step"]
        return [("\n".join(step[part]), {}) for part in ("script", "after-script")]
    return [(s["script"], s.get("env", {})) for s in flow["steps"] if "script" in s]


INPUTS = {"directory": "a fleet", "image": "registry.example.com/promote", "stage": "test"}  # what gitlab.yml is given


def read(path):
    """The workflow in a file; of a component of GitLab with what it is given in the place of its inputs."""
    documents = list(yaml.safe_load_all(path.read_text()))
    if len(documents) == 1:
        return documents[0]
    text = path.read_text().split("\n---\n")[1]
    asked = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", text))
    declared = documents[0]["spec"]["inputs"]
    wrong = [f"input {name}" for name in asked ^ set(declared) | set(declared) ^ set(INPUTS)]
    wrong += [f"{name}: {set(keys)}" for name, keys in declared.items() if not set(keys) <= {"default", "description"}]
    wrong += [line for line in text.splitlines() if "$[[" in line and not re.search(r"^ *\w+: \$\[\[ inputs\.\w+ \]\]$", line)]
    tell(f"{path.name} declares the inputs that it uses, and uses each as a whole value", "\n".join(wrong))
    return yaml.safe_load(re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda m: INPUTS[m[1]], text))


def syntax(path, flow):
    check(f"{path.name} is YAML as yamllint wants it", "yamllint", "-s", "-d", RULES, str(path))
    for n, (script, _) in enumerate(scripts(path.stem, flow), 1):
        check(f"{path.name}: shellcheck of script {n}", "shellcheck", "-s", "sh", "-", text=script)
        # What the host puts into the text of a script, a pull request can choose.
        found = re.findall(r"\$\{\{.*?\}\}|\$\([A-Z][A-Za-z.]*\)", script)
        tell(f"{path.name}: the host puts nothing into script {n}", "\n".join(found))


FAKES = {
    # Says what it was asked, and ends as the test wants.
    "promote": """lines() { for i in $(seq 4000); do echo "$1"; done; }
        echo "# promote $*"; printf '%s\\n' "in $PWD" "- $*" >>"$CALLS"; case $1 in
        check) [ -z "${LONG:-}" ] || lines 'a line of the findings' ;;
        diff) [ -z "${EFFECT:-}" ] || case $* in *--stat*) ;; *) lines 'a line of the effect' ;; esac ;;
        esac; for s in ${STATUS:-}; do case $s in $1=*) exit "${s#*=}" ;; esac; done""",
    # There is no comment yet that could be edited.
    "gh": """echo "gh $*" >>"$CALLS"; case $* in *--edit-last*) exit 1 ;; esac; cp comment.md "$CALLS.posted" """,
    "curl": """printf '%s\\n' "curl $*" >>"$CALLS"
        case $* in *@-*) cat ;; *) cat comment.md ;; esac >"$CALLS.posted" """,
}

# What the host tells the scripts of a pull request 7 to main.
HOSTS = {
    "github": {},
    "forgejo": {
        "GITHUB_BASE_REF": "main",
        "GITHUB_SERVER_URL": "https://forge.example",
        "GITHUB_REPOSITORY": "team/fleet",
    },
    "gitlab": {
        "CI_PROJECT_DIR": "CLONE",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": "BASE",
        "CI_API_V4_URL": "https://lab.example/api/v4",
        "CI_PROJECT_ID": "12",
        "CI_MERGE_REQUEST_IID": "7",
        "PROMOTE_TOKEN": "secret",
    },
    "bitbucket": {
        "BITBUCKET_PR_DESTINATION_BRANCH": "main",
        "BITBUCKET_REPO_FULL_NAME": "team/fleet",
        "BITBUCKET_PR_ID": "7",
        "PROMOTE_TOKEN": "secret",
    },
    "azure": {
        "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
        "SYSTEM_COLLECTIONURI": "https://dev.example/team/",
        "SYSTEM_TEAMPROJECTID": "12",
        "BUILD_REPOSITORY_ID": "34",
        "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
    },
}
POSTED = {
    "github": "gh pr comment 7 --body-file comment.md",
    "forgejo": "https://forge.example/api/v1/repos/team/fleet/issues/7/comments",
    "gitlab": "https://lab.example/api/v4/projects/12/merge_requests/7/notes",
    "bitbucket": "https://api.bitbucket.org/2.0/repositories/team/fleet/pullrequests/7/comments",
    "azure": "https://dev.example/team/12/_apis/git/repositories/34/pullRequests/7/threads?api-version=7.0",
}
BODY = {
    "github": lambda text: text,
    "gitlab": lambda text: text,
    "forgejo": lambda text: json.loads(text)["body"],
    "bitbucket": lambda text: json.loads(text)["content"]["raw"],
    "azure": lambda text: json.loads(text)["comments"][0]["content"],
}


def git(where, *arguments):
    done = subprocess.run(["git", *arguments], cwd=where, check=True, text=True, capture_output=True)
    return done.stdout.strip()


def make_world(work):
    """A bare repository in which main and a branch have gone apart, and the programs that are not the real ones."""
    (work / "bin").mkdir()
    for name, body in FAKES.items():
        program = work / "bin" / name
        program.write_text("#!/bin/sh\n" + body + "\n")
        program.chmod(0o755)
    tree = work / "tree"
    tree.mkdir()
    git(tree, "init", "-q", "-b", "main")
    (tree / "ci").mkdir()
    shutil.copy(CI / "review.sh", tree / "ci")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "A fleet")
    git(tree, "switch", "-qc", "change")
    (tree / "change").write_text("")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "A change")
    git(tree, "switch", "-q", "main")
    git(tree, "commit", "-q", "--allow-empty", "-m", "Meanwhile")
    git(work, "clone", "-q", "--bare", "tree", "origin")


def environment(work):
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    env |= {"PATH": f"{work / 'bin'}:{env['PATH']}", "CALLS": str(work / "calls"), "HOME": str(work)}
    for who in ("AUTHOR", "COMMITTER"):
        env |= {f"GIT_{who}_NAME": "t", f"GIT_{who}_EMAIL": "t@t"}
    return env | {"GIT_CONFIG_SYSTEM": "/dev/null", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C.UTF-8"}


def check_out(work, host):
    """The clone as the host makes it, and the commit that the pull request is compared with."""
    clone = work / host
    git(work, "clone", "-q", "origin", host)
    git(clone, "checkout", "-q", "--detach", "origin/change")
    if host in ("github", "bitbucket"):  # they merge it first
        git(clone, "checkout", "-q", "--detach", "origin/main")
        git(clone, "merge", "-q", "--no-edit", "origin/change")
    return clone, git(clone, "merge-base", "HEAD", "origin/main")


def run_flow(work, host, flow):
    clone, base = check_out(work, host)
    calls = Path(os.environ["CALLS"])
    calls.write_text("")
    shown = clone.parent / "summary"
    values = {"github.token": "secret", "github.event.number": "7", "System.AccessToken": "secret"}
    env = {**os.environ, **HOSTS[host], "GITHUB_STEP_SUMMARY": str(shown), "STATUS": "verify=4 diff=3"}
    env = {k: {"BASE": base, "CLONE": str(clone)}.get(v, v) for k, v in env.items()}
    where = clone
    if host == "gitlab":
        env |= flow["promote"]["variables"]
        where = clone / INPUTS["directory"]
        where.mkdir()
    statuses = []
    said = ""
    for script, own in scripts(host, flow):
        own = {k: values[re.sub(r"^\$(\{\{ |\()|( \}\}|\))$", "", v)] for k, v in own.items()}
        done = subprocess.run(
            ["sh", "-ec", script], cwd=clone, env=env | own, text=True, capture_output=True, check=False
        )
        statuses.append(done.returncode)
        said += done.stdout + done.stderr
    asked = [line[2:] for line in calls.read_text().splitlines() if line.startswith("- ")]
    places = {line[3:] for line in calls.read_text().splitlines() if line.startswith("in ")}
    wanted = [f"{w} -o markdown" for w in ("check",)] + [f"{w} -o markdown {base}..HEAD" for w in ("verify", "diff")]
    comment = "".join(f"# promote {line}\n\n" for line in wanted)
    got = BODY[host](Path(f"{calls}.posted").read_text())
    last = calls.read_text().splitlines()[-1]
    problems = [
        (asked != wanted, f"asked {asked}"),
        (places != {str(where)}, f"asked in {places}"),
        (statuses != [4] + [0] * (len(statuses) - 1), f"ended with {statuses}"),
        (got != comment, f"posted {got!r}"),
        (not last.endswith(POSTED[host]), f"posted to {last}"),
        (said != "", f"said {said}"),
        (host == "github" and shown.read_text() != comment, "the summary is another text"),
    ]
    tell(f"{host}.yml, run with a pull request", "\n".join(text for wrong, text in problems if wrong))


def review(clone, **variables):
    done = subprocess.run(
        ["ci/review.sh", "origin/main", "comment.md"],
        cwd=clone,
        env={**os.environ, **variables},
        text=True,
        capture_output=True,
        check=False,
    )
    return done.returncode, (clone / "comment.md").read_text(), done.stdout + done.stderr


def bounds(work):
    """What review.sh does if the text is longer than a comment may be."""
    clone, base = check_out(work, "gitea")
    head = f"# promote check -o markdown\n\n# promote verify -o markdown {base}..HEAD\n\n"
    status, text, said = review(clone, EFFECT="1", STATUS="diff=3")
    wanted = head + f"# promote diff --stat -o markdown {base}..HEAD\n\n"
    tell("review.sh: an effect too long for a comment is a sum", "" if (status, text, said) == (3, wanted, "") else text)
    status, text, said = review(clone, LONG="1", STATUS="check=4")
    lines = text.splitlines()
    good = len(text) < 65536 and len(text) > 65000 and said.endswith(wanted[len(head) :]) and status == 4
    good = good and lines[-3:] == ["a line of the findings", "", "The rest is in the log."]
    tell("review.sh: a text too long for a comment is cut at a line", "" if good else f"{status} {len(text)}\n{text[-200:]}\n{said[-300:]}")
    done = subprocess.run(["ci/review.sh", "nothing", "other.md"], cwd=clone, capture_output=True, check=False)
    good = done.returncode == 128 and not (clone / "other.md").exists()
    tell("review.sh: an unknown base is an error", "" if good else str(done))


def real(work, promote):
    """review.sh with the program itself: a step is legal, a copy by hand is not."""
    (work / "bin" / "promote").unlink()
    (work / "bin" / "promote").symlink_to(promote)
    fleet = work / "fleet"
    shutil.copytree(TOP / "examples" / "fleet", fleet)
    (fleet / "ci").mkdir()
    shutil.copy(CI / "review.sh", fleet / "ci")
    git(fleet, "init", "-q", "-b", "main")
    git(fleet, "add", "-A")
    git(fleet, "commit", "-qm", "A fleet")
    git(fleet, "update-ref", "refs/remotes/origin/main", "HEAD")
    subprocess.run(["promote", "-q", "edge", "gateway", "patch-001"], cwd=fleet, check=True)
    git(fleet, "add", "config")
    git(fleet, "commit", "-qm", "A step")
    status, text, said = review(fleet)
    good = (status, text, said) == (0, expected(fleet), "") and "lab/lab-a/bergen" in text
    tell("review.sh: a step, by the program itself", "" if good else f"{status}\n{text}\n{said}")
    shutil.copy(next(fleet.glob("config/edge/gateway/lab/lab-a/patch-001.yaml")), fleet / "config/edge/gateway/live")
    git(fleet, "add", "config")
    git(fleet, "commit", "-qm", "By hand")
    status, text, said = review(fleet)
    good = status == 4 and text == expected(fleet) and "By hand" in text
    tell("review.sh: a copy by hand, by the program itself", "" if good else f"{status}\n{text}\n{said}")


def expected(fleet):
    """What the commands say, each run alone."""
    base = git(fleet, "merge-base", "origin/main", "HEAD")
    text = ""
    for words in (["check"], ["verify", f"{base}..HEAD"], ["diff", f"{base}..HEAD"]):
        call = ["promote", words[0], "-o", "markdown", *words[1:]]
        text += subprocess.run(call, cwd=fleet, text=True, stdout=subprocess.PIPE, check=False).stdout + "\n"
    return text


def run_all(flows):
    for tool in ("git", "jq"):
        if not shutil.which(tool):
            skip("the workflows are run", f"no {tool}")
            return
    promote = os.path.abspath(os.environ.get("PROMOTE") or TOP / "build" / "promote")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        env = environment(work)
        os.environ.clear()
        os.environ.update(env)
        make_world(work)
        for path, flow in flows.items():
            run_flow(work, path.stem, flow)
        bounds(work)
        real(work, promote)


def main():
    check("review.sh: shellcheck", "shellcheck", str(CI / "review.sh"))
    flows = {path: read(path) for path in sorted(CI.glob("*.yml"))}
    for path, flow in flows.items():
        syntax(path, flow)
    described = sorted(re.findall(r"^\| `([^`]*)` \|", (CI / "README.md").read_text(), re.M))
    there = sorted(p.name for p in CI.iterdir() if p.name != "README.md")
    tell("README.md has each file", "" if described == there else f"described: {described}\nthere: {there}")
    run_all(flows)
    print(f"1..{tests}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
