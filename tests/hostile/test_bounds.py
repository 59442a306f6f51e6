#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fleets of up to 1 MiB that are the worst of their kind: within bounds, and no worse than linear. Prints TAP.

Each kind is a function of a size; it is run at half of its size, too. The whole must be done within the bounds of
fleet.py, and take no more than two and a half times as long as the half. A fleet that needs more than the limits of
promote-fleet(5) must be refused with the limit in the message, within the same bounds.

BOUNDS_EVERY=K takes one kind in K.
"""

import os
import sys

from fleet import Fleet, Runner
from suite import Tap

ONE = "dimensions: [environments]\nsequence: {environments: [lab]}\n"
TWO = "dimensions: [environments]\nsequence: {environments: [lab, live]}\n"
GROWTH, SMALLEST = 2.5, 0.25  # times, seconds of processor time that are always allowed
EVERY = "5"  # kinds: all take minutes
TRIES = 4  # a busy machine is slow for a while
MEBIBYTE = 2**20

STEP = ("--dry-run", "t", "app", "patch-1")
JSON = STEP + ("-o", "json")
PRUNE = STEP + ("--prune-overrides",)
CHECK = (("check",), 4, "")  # or what a limit says


def regions(count, name="lab"):
    listed = ", ".join(f"r{i}" for i in range(count))
    return f"dimensions: [environments, regions]\nsequence: {{environments: [{{name: {name}, regions: [{listed}]}}]}}\n"


def entered(count):
    """A step is taken from lab/a into live."""
    listed = ", ".join(f"r{i}" for i in range(count))
    return f"dimensions: [environments, regions]\nsequence: {{environments: [{{name: lab, regions: [a]}}, {{name: live, regions: [{listed}]}}]}}\n"


def wide(count, value="1", form="  k#: @\n"):
    return "m:\n" + "".join(form.replace("#", str(i)).replace("@", value) for i in range(count))


def files(config, patches, values="rev: 1\n", patch="rev: 2\n", **more):
    """A fleet with copies of patch-1 at these positions; `more`: a function of no argument that gives other files."""
    made = {"config.yaml": config, "t/app/values.yaml": values} | {f"t/app/{p}/patch-1.yaml": patch for p in patches}
    for give in more.values():
        made |= {f"t/app/{path}": text for path, text in give().items()}
    return {f"config/{path}": text.encode() for path, text in made.items()}


def overrides(n):
    """Every region has a stack of its own over a wide mapping."""
    return files(regions(n), ["lab"], wide(4 * n), own=lambda: {f"lab/r{i}/override.yaml": f"m: {{own: {i}}}\n" for i in range(n)})


def hidden(n):
    """Every region hides what the patch sets, with a value of its own."""
    own = lambda: {f"lab/r{i}/override.yaml": f"m: {{own: {i}}}\n" for i in range(n)}  # noqa: E731
    return files(regions(n), [f"lab/r{i}" for i in range(n)], wide(4 * n), "m: {own: x}\n", own=own)


def in_flight(n):
    """Each of many other patches sets a key of its own."""
    return files(ONE, ["lab"], own=lambda: {f"lab/patch-x{i}.yaml": f"m: {{k{i}: 1}}\n" for i in range(n)})


def one_key(n):
    """Many other patches set the same key."""
    return files(ONE, ["lab"], own=lambda: {f"lab/patch-x{i}.yaml": f"m: {{k: {i}}}\n" for i in range(n)})


def conflicts(n):
    """The step takes over a value from each of many patches."""
    return files(TWO, ["lab"], patch=wide(n, "9"), own=lambda: {f"live/patch-0{i}.yaml": f"m: {{k{i}: 1}}\n" for i in range(n)})


def lifted(n):
    """Copies at all regions, each above another override, become one below them."""
    own = lambda: {f"lab/r{i}/override.yaml": f"m: {{o{i}: 1}}\n" for i in range(n)}  # noqa: E731
    return files(regions(n), [f"lab/r{i}" for i in range(n)], wide(4 * n), "m: {own: x}\n", own=own)


def product(n):
    """A wide patch enters as many regions, each of which hides another one of its values."""
    own = lambda: {f"live/r{i}/override.yaml": f"m: {{k{3 * i}: -1}}\n" for i in range(n)}  # noqa: E731
    return files(entered(n), ["lab"], patch=wide(4 * n), own=own)


def one_line(n):
    """values.yaml on one line, with an alias; every second value changes."""
    return files(ONE, ["lab"], "{rev: &r 1, s: *r, m: {" + ", ".join(f"k{i}: [1]" for i in range(n)) + "}}\n", "m: {" + ", ".join(f"k{i}: [2]" for i in range(0, n, 2)) + "}\n")


def anchored(n):
    """Every value that changes has an anchor, and an alias."""
    used = "l: [" + ", ".join(f"*a{i}" for i in range(n)) + "]\n"
    return files(ONE, ["lab"], "m:\n" + "".join(f"  k{i}: &a{i} 1\n" for i in range(n)) + used, wide(n, "2"))


def nested(n):
    """Many values as deep as may be."""
    deep = "".join(" " * i + f"k{i}:\n" for i in range(1, 100))[:-1]
    return files(ONE, ["lab"], "".join(f"t{i}:\n{deep} 1\n" for i in range(n)), "".join(f"t{i}:\n{deep} 2\n" for i in range(n)))


def foreign(n):
    """Long keys of config.yaml that are nearly one of its long dimensions."""
    dimensions = ["environments"] + [f"{i:02}" + "x" * 248 for i in range(31)]
    keys = "".join(f"    {'x' * 240}y{i:04}yyyy: 1\n" for i in range(n))
    return files(f"dimensions: [{', '.join(dimensions)}]\nsequence:\n  environments:\n  - name: lab\n{keys}  - live\n", ["lab"])


def positions(n):
    """As many positions as a few kilobytes can mean, below the limit: n * n * 70."""
    listed = [", ".join(form.replace("#", str(i)) for i in range(n)) for form in ("{name: b#, cs: *c}", "{name: a#, bs: *b}")]
    last = ", ".join(f"c{i}" for i in range(70))
    return files(f"dimensions: [as, bs, cs]\nx: &c [{last}]\ny: &b [{listed[0]}]\nsequence: {{as: [{listed[1]}]}}\n", ["a0/b0"])


def laughs(n):
    """Small patches whose aliases mean hundreds of thousands of values each: refused."""
    lines = ["a: &a [1,1,1,1,1,1,1,1,1,1]"] + [f"{c}: &{c} [{', '.join([f'*{b}'] * 10)}]" for b, c in ("ab", "bc", "cd", "de")]
    return files(TWO, ["lab"], own=lambda: {f"lab/patch-x{i}.yaml": f"v: {i}\n" + "\n".join(lines) + "\n" for i in range(n)})


def applications(n):
    """A target gets the values of very many applications."""
    made = {f"config/t/a{i}/values.yaml": f"applications: {{a{i}: {{on: 1}}}}\n".encode() for i in range(n)}
    return files(ONE, ["lab"]) | made


def defaults(n):
    """Many defaults for each of many items: refused."""
    items = "applications:\n" + "".join(f"  a{i}: {{}}\n" for i in range(n))
    given = "applications: {default: {" + ", ".join(f"d{i}: 1" for i in range(n)) + "}}\n"
    return files(ONE, ["lab"], items) | {"config/t/defaults.yaml": given.encode()}


def long_paths(n):
    """Many values, each below the same hundred long keys."""
    above = "".join(" " * i + "k" * 1000 + ":\n" for i in range(100))
    return files(TWO, ["lab"], patch=above + "".join(" " * 100 + f"x{i}: 1\n" for i in range(n)))


def brought(n):
    """Almost as many values as defaults may bring."""
    given = "applications: {default: {" + ", ".join(f"d{i}: 1" for i in range(100)) + "}}\n"
    return files(ONE, ["lab"], "applications:\n" + "".join(f"  a{i}: {{}}\n" for i in range(n))) | {"config/t/defaults.yaml": given.encode()}


OVER = "would have to be compared"
BRINGS = "aliases and merge keys expand to more than 250000 nodes in all"
SPREAD = "config/t/defaults.yaml:1:1: the defaults of 'applications' for all items in config/t/app/values.yaml are more than 250000 values"
EXPLAIN = ("explain", "t", "app", "lab")
MATRIX = ("matrix", "--why", "t", "app")
FEWER = "name a PATH that fewer of them have"
KINDS = (  # what, its size, and runs with the exit status and a part of the message
    (overrides, 8000, (MATRIX + ("m.own",), 0), (MATRIX + ("m.*",), 3, FEWER), (STEP, 0), (("explain", "t", "app", "lab/r0"), 0), (("values", "t", "lab/r0"), 0)),
    (hidden, 8000, (STEP, 4, "; nothing is written"), (PRUNE, 0), (PRUNE + ("-o", "json"), 0)),
    (in_flight, 10_000, (MATRIX + ("**",), 0), (STEP, 0), (EXPLAIN, 0), (EXPLAIN + ("-o", "json"), 0)),
    (one_key, 10_000, (MATRIX + ("m.*",), 0), (STEP, 0), (EXPLAIN, 0)),
    (conflicts, 10_000, (STEP, 4, "and this step would take it over"), (STEP + ("--accept-conflict",), 0)),
    (lifted, 8000, (STEP, 0),),
    (product, 8000, (STEP, 3, OVER), (JSON, 3, OVER)),
    (one_line, 40_000, (STEP, 0)),
    (anchored, 20_000, (STEP, 0)),
    (nested, 80, (MATRIX + ("**.k99",), 0), (STEP, 0)),
    (foreign, 3000, (STEP, 0)),
    (positions, 70, (MATRIX + ("rev",), 0), (STEP, 0)),
    (laughs, 10, (STEP, 3, BRINGS)),
    (defaults, 20_000, (STEP, 3, SPREAD), (("values", "t", "lab"), 3, SPREAD), (EXPLAIN, 3, SPREAD)),
    (applications, 10_000, (MATRIX[:-1] + ("applications.*.on",), 0), (("values", "t", "lab"), 0)),
    (long_paths, 6000, (MATRIX + ("**",), 3, FEWER), (STEP, 3, OVER), (JSON, 3, OVER), (EXPLAIN, 3, "name a PATH"), (EXPLAIN + ("-o", "json"), 3, "name a PATH")),
    (brought, 2400, (STEP, 0), (EXPLAIN, 0), (EXPLAIN + ("-o", "json"), 0)),
)


def measured(runner, kind, size, runs):
    """The seconds of each run."""
    made = kind(size)
    total = sum(map(len, made.values()))
    assert total <= MEBIBYTE, f"a fleet of {total} bytes"
    seconds = []
    with Fleet(runner, f"{kind.__name__} {size}", made) as fleet:
        for run, status, *message in runs:
            result = fleet.run(*run)
            seconds.append(result.seconds)
            if run == CHECK[0]:
                assert result.status in (0, 3, 4), f"check: exit status {result.status}: {result.stderr[:300]}"
                continue
            assert result.status in (status, 0), f"exit status {result.status}: {result.stderr[:300]}"
            assert result.status == 0 or message[0].encode() in result.stderr, result.stderr[:300]
    return seconds, result.status


def bounded(runner, kind, size, *runs):
    for _ in range(TRIES):
        half, _ = measured(runner, kind, size // 2, runs)
        whole, status = measured(runner, kind, size, runs)
        assert status == runs[-1][1], f"exit status {status}"
        over = [n for n in range(len(runs)) if whole[n] > max(SMALLEST, GROWTH * half[n])]
        if not over or not runner.bounded:
            return
    n = over[0]
    raise ValueError(f"{' '.join(runs[n][0])}: {half[n]:.2f} s, and {whole[n]:.2f} s for twice as much")


def main():
    runner = Runner(os.environ["PROMOTE"])
    tap = Tap()
    every = int(os.environ.get("BOUNDS_EVERY", EVERY))
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    for kind, size, *runs in KINDS[::every]:
        if wanted in kind.__name__:
            tap.point(kind.__doc__.rstrip("."), bounded, runner, kind, size, CHECK, *runs)
    runner.end(tap)
    tap.end()


main()
