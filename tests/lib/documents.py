#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the JSON documents that promote writes against schemas/.

    documents.py FILE...         each is a document
    documents.py --calls DIRECTORY  each NAME.out is what a run wrote, and NAME.call has its test, status and arguments,
                                    with NULs

Prints what is wrong, and ends with 1 then. Needs jsonschema, which is python3-jsonschema in Debian.
"""

import functools
import json
import sys
from pathlib import Path

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


def unique(pairs):
    """A hook for json.loads: an object, which must not have a key twice."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError(f"an object has a key twice: {[key for key, _ in pairs]}")
    return dict(pairs)


@functools.cache
def validator(kind):
    from jsonschema import Draft202012Validator  # a test whose process is to be small may never need it

    schema = json.loads((SCHEMAS / f"{kind.lower()}.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def problems(text, kinds=("Step", "Explanation", "Matrix", "Diff", "Plan", "Recovery", "Findings", "Status", "History", "Hold", "Verification", "Error")):
    """What is wrong with a document, as lines. kinds: those that it may be of."""
    try:
        document = json.loads(text, object_pairs_hook=unique)
    except ValueError as why:
        return [f"not a JSON document: {why}: {text[:200]!r}"]
    kind = document.get("kind") if isinstance(document, dict) else None
    if kind not in kinds:
        return [f"a document of the kind {kind!r}, expected {' or '.join(kinds)}"]
    wrong = validator(kind).iter_errors(document)
    return [f"{kind}: {'/'.join(map(str, x.absolute_path)) or 'the document'}: {x.message}" for x in wrong]


def asked_for(arguments):
    """Whether promote writes a document when it is run with these arguments, and no more than a document."""
    options = list(arguments)
    if "--" in options:
        del options[options.index("--") :]
    chosen = None
    for i, word in enumerate(options):
        if word in ("-o", "--output"):
            chosen = options[i + 1] if i + 1 < len(options) else None
        elif word.startswith(("-o", "--output=")):
            chosen = word.removeprefix("--output=").removeprefix("-o")
    return chosen == "json" and not {"values", "--help", "-h", "--version"} & set(options)


def check(arguments, status, out):
    """What is wrong with what a run wrote to standard output. One that a signal ended may have written nothing."""
    if not asked_for(arguments) or (not out and not 0 <= status < 128):
        return []
    if status == 4 and "check" in arguments:
        return problems(out, ("Findings",))
    if status == 4 and "verify" in arguments:
        return problems(out, ("Verification",))
    if status in (4, 10) and "diff" in arguments:  # what differs is in the document
        return problems(out, ("Diff",))
    if status in (3, 4, 5, 7) and "plan" in arguments:  # what it waits for, or is refused for, is in the plan
        return problems(out, ("Plan", "Error"))
    if status == 3 and "matrix" in arguments:  # some applications cannot be read, or none
        return problems(out, ("Error", "Matrix"))
    if status == 3 and not {"check", "explain", "recover"} & set(arguments):  # also without a word
        return problems(out, ("Status", "Error"))
    return problems(
        out, ("Error",) if status else ("Step", "Explanation", "Matrix", "Diff", "Plan", "Recovery", "Findings", "Status", "History", "Hold", "Verification")
    )


def main():
    arguments = sys.argv[1:]
    wrong = []
    if arguments[0] == "--calls":
        for call in sorted(Path(arguments[1]).glob("*.call")):
            test, status, *words = call.read_bytes().decode(errors="surrogateescape").split("\0")[:-1]
            found = check(words, int(status), call.with_suffix(".out").read_bytes())
            wrong += [f"{test}: promote {' '.join(map(repr, words))}: {x}" for x in found]
    else:
        wrong = [f"{x}: {y}" for x in arguments for y in problems(Path(x).read_bytes())]
    print("".join(x + "\n" for x in wrong), end="")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
