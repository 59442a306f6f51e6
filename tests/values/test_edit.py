#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges edit_file from outside: random patches on real files, with PyYAML as the reader.

    test_edit.py EDIT_FILE DIRECTORY [CASES [SEED]]

DIRECTORY holds our own base files; those of $PROMOTE_SHARED/values are judged too, if there are any.
CASES random patches are made for each file ($EDIT_CASES if it is not given). Of each edited text is asked

- that it means the merge of the two files, or the file without the removed key (meaning.py);
- that all lines outside the changed values are there, byte for byte and in order, and no others;
- that comments after changed values are there, too;
- that its lines, and the last of them, end as they did.

A refusal (exit status 4) is not a failure but counted: one in a thousand on the shared files is too many.
"""

import collections
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from lines import Lines, is_comment
from meaning import SLOW, changed_paths, compose, meaning, merge_documents, name, without
from patches import random_patch, random_removal
from suite import Tap

REFUSED = 4


def reads(text):
    """Whether PyYAML's own parser takes the text: it does not know tabs before comments."""
    try:
        compose(text, SLOW)
    except yaml.YAMLError:
        return False
    return True


class Judge:
    def __init__(self, program, seed):
        self.program = program
        self.seed = seed
        self.directory = tempfile.mkdtemp()
        self.cases = 0
        self.refusals = collections.Counter()

    def run(self, base, argument):
        path = os.path.join(self.directory, "base.yaml")
        with open(path, "wb") as f:
            f.write(base)
        return subprocess.run([self.program, path] + argument, capture_output=True, check=False)

    def patch_file(self, text):
        path = os.path.join(self.directory, "patch.yaml")
        with open(path, "wb") as f:
            f.write(text.encode())
        return path

    def merge_case(self, rng, base):
        """The arguments for a random patch, the meaning expected, and the patch's comments."""
        text = random_patch(rng, base.root)
        try:
            patch = meaning(compose(text))
        except Exception as why:
            raise AssertionError("the test's own patch is not YAML: %s\n%s" % (why, text)) from why
        comments = {line.strip() for line in re.split(r"\r?\n", text) if is_comment(line)}
        comments |= {"# note" + s for line in text.split("\n") for s in re.split("# note", line.strip())[1:]}
        return [self.patch_file(text)], merge_documents(base.meaning, patch), comments, text

    def removal_case(self, rng, base):
        keys = random_removal(rng, base.root)
        if keys is None or any(k.style in ("|", ">") for k in keys):
            return None
        path = self.patch_file("".join("%s- %s\n" % ("", self.key(k)) for k in keys))
        expected = without(base.meaning, tuple(name(k) for k in keys))
        return ["--remove", path], expected, set(), "remove " + "/".join(k.value for k in keys)

    @staticmethod
    def key(k):
        return k.value if not k.style else "'" + k.value.replace("'", "''") + "'"

    def check(self, base_bytes, result_bytes, expected, comments, removed, slow):
        base, result = Lines(base_bytes.decode()), Lines(result_bytes.decode())
        got = meaning(compose(result.text, SLOW)) if slow else result.meaning
        assert got == expected, "it means something else"
        assert base.bom == result.bom, "the byte order mark"
        if base.meaning == expected:
            assert base_bytes == result_bytes, "changed without need"
            return
        if base_bytes.count(b"\r\n") == base_bytes.count(b"\n") > 0:
            assert result_bytes.count(b"\r\n") == result_bytes.count(b"\n"), "line ends"
        for path in changed_paths(base.meaning, expected):
            base.release_path(path, removed)
            result.release_path(path)
            result.release_above(path, comments)
        outer = [p[:-1] for p in changed_paths(base.meaning, expected) if removed and len(p) > 1]
        outer = outer if "<<" in base.text else []
        for path in base.reference_paths() + outer:  # with outer, what a merge key brought
            base.release_path(path)
            result.release_path(path)
        result.release_own(base)
        blank = not (base.inner_blanks() or re.search(r"[|>][0-9]?\+", base.text + result.text))
        kept = collections.Counter(line for line in base.others() if is_comment(line))
        lost = kept - collections.Counter(result.lines)
        assert not lost, "comments are gone: %r" % list(lost)
        inner = base.inner_comments() | result.inner_comments()  # a comment below a list may get into it
        before = [line for line in base.others(blank) if line not in inner]
        after = [line for line in result.others(blank) if line not in inner]
        if not base.text.endswith("\n"):  # a block scalar that is cut off there has to say so
            before, after = ([re.sub(r"([|>][0-9]?)-?$", r"\1", t) for t in s] for s in (before, after))
        for a, b in zip(before + ["(end)"], after + ["(end)"]):
            assert a == b, "a line outside the changed values: %r became %r" % (a, b)
        for tail in () if removed else base.tails:
            assert any(line.rstrip().endswith(tail.rstrip()) for line in result.lines), (
                "a comment is lost: " + tail
            )

    def case(self, name, base_bytes, base, number):
        rng = random.Random("%s %s %d" % (self.seed, name, number))
        removed = number % 5 == 4
        made = self.removal_case(rng, base) if removed else self.merge_case(rng, base)
        if made is None:
            return
        argument, expected, comments, text = made
        self.cases += 1
        done = self.run(base_bytes, argument)
        if done.returncode == REFUSED:
            reason = done.stderr.decode().strip()
            reason = re.sub(r"^.*?:[0-9]+:[0-9]+: ", "", reason)
            self.refusals[re.sub(r"'.*?'", "'...'", reason)] += 1
            if os.environ.get("EDIT_SHOW"):
                print("# refused: %s %d: %s\n%s" % (name, number, done.stderr.decode().strip(), text))
            return
        try:
            assert done.returncode == 0, "status %d: %s" % (done.returncode, done.stderr.decode())
            slow = base.slow and (len(base_bytes) < 4000 or (len(base_bytes) < 50000 and number % 25 == 0))
            self.check(base_bytes, done.stdout, expected, comments, removed, slow)
        except (AssertionError, yaml.YAMLError) as why:
            raise AssertionError("%s\ncase %d of seed %s, patch:\n%s" % (why, number, self.seed, text)) from why

    def file(self, name, base_bytes, cases):
        base = Lines(base_bytes.decode())
        base.slow = reads(base.text)
        failures = []
        for number in range(cases):
            try:
                self.case(name, base_bytes, base, number)
            except AssertionError as why:
                failures.append(str(why))
        return failures


def variants(name, text):
    """A small file as it is, and as other editors would leave it."""
    yield name, text
    yield name + ", CR LF", text.replace(b"\n", b"\r\n")
    yield name + ", byte order mark", b"\xef\xbb\xbf" + text
    yield name + ", cut off", text.rstrip(b"\n")


def load(directory):
    for name in sorted(os.listdir(directory)):
        if name.endswith(".yaml"):
            with open(os.path.join(directory, name), "rb") as f:
                yield name, f.read()


def judge_shared(tap, judge, real, cases):
    failures = []
    for name, text in real:
        failures += ["%s: %s" % (name, f) for f in judge.file(name, text, cases)]
    tap.result("%d shared files" % len(real), failures)
    refused = sum(judge.refusals.values())
    share = 100.0 * refused / max(judge.cases, 1)
    told = dict(judge.refusals) or "none"
    tap.say("shared files: %d cases, %d refused (%.3f %%): %s" % (judge.cases, refused, share, told))
    few = refused * 1000 < max(judge.cases, 1000) or refused == 0
    tap.result("fewer than one in a thousand refused", [] if few else [told])


def main():
    program, own = sys.argv[1], sys.argv[2]
    cases = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("EDIT_CASES", "25"))
    seed = sys.argv[4] if len(sys.argv) > 4 else "1"
    files = [v for name, text in load(own) for v in variants(name, text)]
    shared = os.path.join(os.environ.get("PROMOTE_SHARED", ""), "values")
    real = list(load(shared)) if os.path.isdir(shared) else []
    tap = Tap()
    judge = Judge(program, seed)
    for name, text in files:
        tap.result(name, judge.file(name, text, cases))
    tap.say("own files: %d cases, refused: %s" % (judge.cases, dict(judge.refusals) or "none"))
    if real:
        judge_shared(tap, Judge(program, seed), real, cases)
    else:
        tap.skip("shared files", "none at $PROMOTE_SHARED/values")
        tap.skip("share of refusals", "no shared files")
    tap.end()


if __name__ == "__main__":
    main()
