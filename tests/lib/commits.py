# SPDX-License-Identifier: Apache-2.0
"""Commits made from trees in memory, many of them with one git process.

    made = Commits()
    first = made.commit({"config/config.yaml": "..."}, "import")
    second = made.commit({**tree, "config/t/app/values.yaml": "a: 1\\n"}, "edit", first)
    names = made.write(directory)       # a new repository; the name of each commit by its mark
    names[second]
"""

import os
import subprocess

WHO = "A <a@example.com>"
START = 1700000000  # the time of the first commit; each is a minute later


def environment():
    """Without what a hook or the user has set."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com"}
    return {**kept, **who, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}


def git(directory, *words, **more):
    """What git prints; a failure is an error."""
    done = subprocess.run(["git", "-C", str(directory), *words], capture_output=True, env=environment(), check=False, **more)
    if done.returncode:
        raise AssertionError(f"git {' '.join(words)}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode(errors="surrogateescape").rstrip("\n")


class Commits:
    def __init__(self):
        self.count, self.stream = 0, []

    def add(self, text):
        self.stream.append(text if isinstance(text, bytes) else text.encode())

    def data(self, content):
        content = content if isinstance(content, bytes) else content.encode()
        self.add(f"data {len(content)}\n")
        self.add(content + b"\n")

    def commit(self, tree, message, *parents, modes=None):
        """Its mark. tree: all files, as bytes or text; modes: those that are not 100644."""
        self.count += 1
        self.add(f"commit refs/heads/c{self.count}\nmark :{self.count}\n")
        self.add(f"author {WHO} {START + 60 * self.count} +0000\ncommitter {WHO} {START + 60 * self.count} +0000\n")
        self.data(message)
        for i, parent in enumerate(parents):
            self.add(f"{'merge' if i else 'from'} :{parent}\n")
        self.add("deleteall\n")
        for path, content in tree.items():
            self.add(f"M {(modes or {}).get(path, '100644')} inline {path}\n")
            self.data(content)
        return self.count

    def write(self, directory, *options):
        """Makes a repository of the directory; its HEAD is the last commit, and nothing is checked out."""
        git(directory, "init", "-q", *options)
        marks = os.path.join(directory, ".git", "marks")
        git(directory, "fast-import", "--quiet", f"--export-marks={marks}", input=b"".join(self.stream))
        git(directory, "symbolic-ref", "HEAD", f"refs/heads/c{self.count}")
        with open(marks, encoding="ascii") as file:
            return {int(line.split()[0][1:]): line.split()[1] for line in file}
