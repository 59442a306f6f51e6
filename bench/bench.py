#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast promote is, as ratios to programs that do only what it cannot do without.

    bench.py [--quick] [--only CASE,...] [--json FILE] [--page FILE] [--fleet DIR CLUSTER_TYPE APPLICATION PATCH] BUILD

BUILD is a release build with the floor programs, as `make bench` makes it. Each pair of commands runs alternately, in
a directory in memory (/dev/shm) and in one on a disk ($BENCH_DISK, else BUILD). Prints for each case the median of the
rounds with the least and the most, the ratio, and the bar of docs/performance.md. --quick: fewer rounds, and only what
takes less than two minutes. --page: writes the table into docs/performance.md. --fleet: takes a step of a real fleet,
too, in a copy. Nothing fails for being slow: the exit status is 0 if all could be measured.
"""

import argparse
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile

import look
from hyper import Side, alternate

TYPE, APPLICATION, PATCH = "management-cluster", "application", "patch-001"
MEMORY = {1000: 64, 10000: 400}  # MiB, by sectors
REGIONS = 10  # of each sector, see make_fleet.c; 3 environments
SMALL = (2, 1), (2, 1), (1, 2)  # the regions of each sector of the small fleet
PROOF = "promote_to", "plan_between", "state_make"  # they compute the values of both sides, and compare them
SCALES = {"s": (1e3, "ms"), "MiB": (1, "MiB"), "instructions": (1e-6, "M")}


class Bench:
    def __init__(self, build, quick, media, fleet):
        self.promote, self.bin = os.path.join(build, "promote"), os.path.join(build, "bench")
        self.quick, self.media = quick, media  # media: name, directory
        self.fleet = fleet
        self.results = []

    def tool(self, name, *args):
        return [os.path.join(self.bin, name), *map(str, args)]

    def step(self, root):
        return [self.promote, "-C", root, "--no-input", "--no-generate", TYPE, APPLICATION, PATCH]

    def peak(self, command, directory=None, good=(0,)):
        """MiB; good: the exit statuses that are no failure."""
        call = self.tool("peak", *command)
        done = subprocess.run(call, cwd=directory, capture_output=True, text=True, check=False)
        if done.returncode not in good:
            sys.exit(f"{command}:\n{done.stderr}")
        return int(done.stderr.splitlines()[-1]) / 1024

    def report(self, case, bar, result, note=""):
        """One line, and one object."""
        met = None if bar is None else result["ratio"]["median"] <= bar
        self.results.append({"case": case, "bar": bar, "met": met, "note": note, **result})
        scale, unit = SCALES[result["unit"]]
        sides = [f"{result[x]['median'] * scale:9.2f}" for x in ("ours", "other")]
        ratio = "{median:6.2f} ({least:.2f} to {most:.2f})".format(**result["ratio"])
        cpu = f"{result['cpu_ratio']['median']:5.2f}" if "cpu_ratio" in result else "     "
        bars = "" if bar is None else f"{bar:5g}  {'met' if met else 'NOT MET'}"
        print(f"{case:<44} {sides[0]} {sides[1]} {unit:<3}  {ratio:<24} {cpu}  {bars}".rstrip(), flush=True)

    def rounds(self, full, quick):
        return quick if self.quick else full

    # The cases ------------------------------------------------------------------------------------

    def version(self):
        """Start-up alone."""
        ours, other = Side([self.promote, "--version"]), Side(["/bin/true"])
        self.report("promote --version, /bin/true", 2, alternate(ours, other, self.rounds(20, 10), 20, 5))

    def one(self):
        """A step in a small fleet."""
        for medium, top in self.media:
            root = f"{top}/one"
            prepare = self.tool("make_fleet", "small", root)
            places = list(small_places())
            assert len(places) == 18
            app = f"config/{TYPE}/{APPLICATION}"
            new = f"{app}/environment-2/sector-1/{PATCH}.yaml"
            paths = [f"{app}/{x}/{PATCH}.yaml" for x in places]
            result = alternate(
                Side(self.step(root), prepare),
                Side(self.tool("floor_one", root, new, *paths), prepare),
                self.rounds(20, 8), 5)  # fmt: skip
            self.report(f"a step, 9 targets, {medium}", 2, result)

    def real(self):
        """The same in a copy of a real fleet, if one is given."""
        if not self.fleet:
            return
        origin, kind, application, patch = self.fleet
        for medium, top in self.media:
            root = f"{top}/real"
            copy = shlex.join(["cp", "-R", "--no-preserve=mode", os.path.realpath(origin), root])
            prepare = ["sh", "-c", f"rm -rf {shlex.quote(root)} && {copy}"]
            app = f"config/{kind}/{application}"
            paths = [f"{app}/{x}/{patch}.yaml" for x in small_places()]  # as many places as there, and none found
            step = [self.promote, "-C", root, "--no-input", "--no-generate", kind, application, patch]
            floor = self.tool("floor_one", root, f"{app}/{patch}.yaml", *paths)
            result = alternate(Side(step, prepare), Side(floor, prepare), self.rounds(20, 8), 5)
            self.report(f"a step, {os.path.basename(os.path.realpath(origin))}, {medium}", 2, result)

    def pair(self, sectors, medium, top, rounds, once=False):
        """A step that removes a copy of each of half of the targets, and the floor."""
        root = f"{top}/step"
        prepare = self.tool("make_fleet", "scattered", root, sectors)
        floor = self.tool("floor_step", *(["--once"] if once else []), root, sectors, REGIONS)
        result = alternate(Side(self.step(root), prepare), Side(floor, prepare), rounds)
        shutil.rmtree(root)
        name = f"a step, {3 * sectors * REGIONS:,} targets, {medium}"
        self.report(name + (", each look once" if once else ""), None if once else 1.5, result)

    def steps(self):
        """Steps in large fleets."""
        for medium, top in self.media:
            self.pair(100, medium, top, self.rounds(15, 5 if medium == "tmpfs" else 3))
            if medium == "tmpfs" or not self.quick:
                self.pair(1000, medium, top, self.rounds(7, 3))
        if not self.quick:
            self.pair(1000, *self.media[0], 7, once=True)

    def size(self):
        """Ten times the targets: the time and the memory."""
        small, large = (100, 1000) if self.quick else (1000, 10000)
        medium, top = self.media[0]
        roots = f"{top}/large", f"{top}/small"
        sides = [Side(self.step(r), self.tool("make_fleet", "scattered", r, n)) for r, n in zip(roots, (large, small))]
        name = f"{30 * large:,} targets, {30 * small:,} targets, {medium}"
        self.report(name, 11, alternate(*sides, self.rounds(3, 2)))
        peaks = []
        for side in sides:
            subprocess.run(side.prepare, stdout=subprocess.DEVNULL, check=True)
            peaks.append(self.peak(side.command))
        self.report(f"  their memory, {medium}", 11, fixed("MiB", *peaks))
        for root, peak, sectors in zip(roots, peaks, (large, small)):
            if sectors in MEMORY:
                bar = MEMORY[sectors]
                self.report(f"  memory, {30 * sectors:,} targets, {bar} MiB", 1, fixed("MiB", peak, bar))
            shutil.rmtree(root)

    def files(self):
        """The memory of looking at a million files."""
        medium, top = self.media[0]
        if self.quick:
            return
        if shutil.disk_usage(top).free < 6 << 30:
            print(f"1,000,000 files: skipped, they need 6 GB, and {top} has less")
            return
        root = f"{top}/files"
        look.make(root, 1000000)
        for command in ("status", "check"):
            peak = self.peak([self.promote, command], root, (0, 4))
            self.report(f"{command}, 1,000,000 files, 400 MiB, {medium}", 1, fixed("MiB", peak, 400))
        shutil.rmtree(root)

    def proof(self):
        """The proof against all else that the step computes, in instructions."""
        sectors = 100 if self.quick else 1000
        root, out = f"{self.media[0][1]}/proof", f"{self.media[0][1]}/callgrind.out"
        subprocess.run(self.tool("make_fleet", "flight", root, sectors), stdout=subprocess.DEVNULL, check=True)
        call = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *self.step(root)]
        subprocess.run(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        call = ["callgrind_annotate", "--inclusive=yes", "--threshold=100", out]
        text = subprocess.run(call, capture_output=True, text=True, check=True).stdout
        shutil.rmtree(root)
        counts = {}
        for line in text.splitlines():
            words = line.replace("(", " ").split()
            name = line.split(":")[-1].split(" ")[0] if words and words[0].replace(",", "").isdigit() else ""
            counts[name or "?"] = int(words[0].replace(",", "")) if name else 0
            if "PROGRAM TOTALS" in line:
                total = int(words[0].replace(",", ""))
        lost = [x for x in PROOF if x not in counts]
        if lost:
            sys.exit(f"callgrind has not seen {', '.join(lost)}: PROOF in bench.py is not current")
        proof = sum(counts[x] for x in PROOF)
        name = f"the proof, the rest of the step, {30 * sectors:,} targets"
        self.report(name, 1, fixed("instructions", proof, total - proof))


def fixed(unit, ours, other):
    """A figure that was taken once."""
    side = [{"median": x, "least": x, "most": x} for x in (ours, other, ours / other)]
    return {"unit": unit, "ours": side[0], "other": side[1], "ratio": side[2], "rounds": 1, "runs": 1}


def small_places():
    """All positions of the small fleet."""
    for e, sectors in enumerate(SMALL, 1):
        yield f"environment-{e}"
        for s, regions in enumerate(sectors, 1):
            yield f"environment-{e}/sector-{s}"
            yield from (f"environment-{e}/sector-{s}/region-{r}" for r in range(1, regions + 1))


def file_system(path):
    call = ["stat", "--file-system", "--format=%T", path]
    return subprocess.run(call, capture_output=True, text=True, check=True).stdout.strip()


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [x.split(":", 1)[1].strip() for x in file if x.startswith("model name")]
    call = ["hyperfine", "--version"]
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": models[0] if models else platform.machine(),
        "processors": os.cpu_count(),
        "memory_GiB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)),
        "load": os.getloadavg()[0],
        "hyperfine": subprocess.run(call, capture_output=True, text=True, check=True).stdout.split()[-1],
    }


def shown(value, unit):
    return f"{value:,.{0 if value >= 100 else 1}f} {unit}"


def rows(results):
    """The table of docs/performance.md."""
    yield "| case | promote | the other | ratio of wall times (least to most) | of CPU times | bar | |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    for x in results:
        scale, unit = SCALES[x["unit"]]
        sides = [shown(x[y]["median"] * scale, unit) for y in ("ours", "other")]
        ratio = "{median:.2f}".format(**x["ratio"])
        if x["rounds"] > 1:
            ratio += " ({least:.2f} to {most:.2f})".format(**x["ratio"])
        cpu = f"{x['cpu_ratio']['median']:.2f}" if "cpu_ratio" in x else ""
        met = {True: "met", False: "**not met**", None: ""}[x["met"]]
        bar = "" if x["bar"] is None else f"{x['bar']:g}"
        yield f"| {x['case'].strip()} | {sides[0]} | {sides[1]} | {ratio} | {cpu} | {bar} | {met} |"


def write_page(path, here, results):
    """Puts the figures between the marks of the page."""
    first, last = "<!-- figures of make bench -->\n", "<!-- end of the figures -->\n"
    with open(path, encoding="utf-8") as file:
        head, rest = file.read().split(first)
    where = "{processor}, {processors} processors, {memory_GiB} GiB, {system}; ".format(**here)
    where += f"load {here['load']:.1f} at the start."
    busy = " **The machine was busy: the wall times mean little.**" if is_busy(here) else ""
    text = head + first + "\n".join(["", where + busy, "", *rows(results), "", ""]) + last + rest.split(last)[1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def is_busy(here):
    return here["load"] > here["processors"] / 2


def find_media(build):
    """Directories for the fleets, in memory and on a disk, with what their file systems are."""
    found = []
    for wanted, parent in (("memory", "/dev/shm"), ("disk", os.environ.get("BENCH_DISK") or build)):
        kind = file_system(parent)
        if (kind == "tmpfs") != (wanted == "memory") or not os.access(parent, os.W_OK):
            print(f"{parent} is not on {'a disk' if wanted == 'disk' else 'tmpfs'}, but {kind}: left out")
            continue
        found.append((kind, tempfile.mkdtemp(prefix="promote-bench-", dir=parent)))
    return found


CASES = "version", "one", "real", "steps", "size", "proof", "files"


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip() + "\n\ncases: " + ", ".join(CASES))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default=",".join(CASES))
    parser.add_argument("--json")
    parser.add_argument("--page")
    parser.add_argument("--fleet", nargs=4)
    parser.add_argument("build")
    given = parser.parse_args()
    build = os.path.realpath(given.build)
    here = machine()
    print("{processor}, {processors} processors, {memory_GiB} GiB, {system}, load {load:.2f}".format(**here))
    if is_busy(here):
        print("The machine is busy: wall times mean little; see the ratio of CPU times.")
    media = find_media(build)
    if not media:
        sys.exit("no directory for the fleets")
    bench = Bench(build, given.quick, media, given.fleet)
    print(f"{'':<44} {'ours':>9} {'other':>9}      {'ratio (least to most)':<24}   cpu    bar")
    try:
        for name in given.only.split(","):
            getattr(bench, name)()
    finally:
        for _, top in media:
            shutil.rmtree(top)
    missed = [x["case"] for x in bench.results if x["met"] is False]
    print(f"{len([x for x in bench.results if x['met']])} bars met, {len(missed)} not")
    if given.page:
        write_page(given.page, here, bench.results)
    if given.json:
        with open(given.json, "w", encoding="utf-8") as file:
            json.dump({"machine": here, "quick": given.quick, "cases": bench.results}, file, indent=2)
            file.write("\n")


if __name__ == "__main__":
    main()
