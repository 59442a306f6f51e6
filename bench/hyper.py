# SPDX-License-Identifier: Apache-2.0
"""Two commands, measured alternately with hyperfine."""

import json
import shlex
import statistics
import subprocess
import sys
import tempfile


class Side:
    """One of two commands: the arguments, and the command that comes before each run."""

    def __init__(self, command, prepare=None):
        self.command = [str(x) for x in command]
        self.prepare = prepare and [str(x) for x in prepare]
        self.wall, self.cpu = [], []  # seconds: the medians of the rounds

    def measure(self, runs, warmup):
        """One call of hyperfine: a command is started without a shell, and its output dropped."""
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            call = ["hyperfine", "-N", "--style=none", f"--runs={runs}", f"--warmup={warmup}"]
            call += [f"--export-json={file.name}"]
            if self.prepare:
                call += ["--prepare", shlex.join(self.prepare)]
            done = subprocess.run([*call, shlex.join(self.command)], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                sys.exit(f"{shlex.join(self.command)}:\n{done.stderr}")
            result = json.load(file)["results"][0]
        return result["median"], result["user"] + result["system"]


def spread(values):
    """What is known of a figure."""
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def alternate(ours, other, rounds, runs=1, warmup=0):
    """Rounds of runs of one and runs of the other; the first round is not counted, everything is in memory then."""
    for i in range(rounds + 1):
        for side in (ours, other):
            wall, cpu = side.measure(runs, warmup)
            if i > 0:
                side.wall.append(wall)
                side.cpu.append(cpu)
    pairs = list(zip(ours.wall, other.wall)), list(zip(ours.cpu, other.cpu))
    return {
        "unit": "s",
        "ours": spread(ours.wall),
        "other": spread(other.wall),
        "ratio": spread([a / b for a, b in pairs[0]]),
        "cpu_ratio": spread([a / b for a, b in pairs[1] if b > 0] or [0]),
        "rounds": rounds,
        "runs": runs,
    }
