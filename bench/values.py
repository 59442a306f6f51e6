#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long the values of all targets take, against a short program in Python (merge.py).

    values.py PROMOTE [PAIRS]

Makes a fleet of 300 targets and 200 applications below $TMPDIR, and runs the two programs in
turn, PAIRS times for each output. README.md says what the table shows.
"""

import os
import random
import statistics
import sys
import tempfile

import yaml
from pairs import run

TYPE, APPLICATIONS, ENVIRONMENTS, SECTORS, REGIONS = "management-cluster", 200, 3, 10, 10
MERGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "merge.py")

CONFIG = {
    "dimensions": ["environments", "sectors", "regions"],
    "sequence": {
        "environments": [
            {
                "name": f"environment-{e}",
                "promotion": "manual" if e > 1 else "automated",
                "sectors": [
                    {"name": f"sector-{e}-{s}", "regions": [f"region-{r}" for r in range(1, REGIONS + 1)]}
                    for s in range(1, SECTORS + 1)
                ],
            }
            for e in range(1, ENVIRONMENTS + 1)
        ]
    },
    "cluster_types": [{"name": TYPE}],
}

DEFAULTS = """\
# what every application has
applications:
  default:
    project: default
    namespace: argocd
    finalizers:
      - resources-finalizer.argocd.argoproj.io
    syncPolicy:
      automated:
        prune: false  # nothing is deleted by accident
        selfHeal: true
      syncOptions:
        - CreateNamespace=true
    destination:
      name: "{{`{{ .Values.cluster.name }}`}}"
"""

VALUES = """\
# {name}
applications:
  {name}:
    source:
      repoURL: https://charts.example.com/{name}
      targetRevision: v1.{n}.0
      chart: {name}
      helm:
        releaseName: {name}
        parameters:
          - name: image.tag
            value: "1.{n}"
          - name: replicas
            value: "2"
    destination:
      namespace: {name}
    syncPolicy:
      syncOptions:
        - CreateNamespace=true
        - ServerSideApply=true
    values:
      replicas: 2
      resources:
        requests: {{cpu: 100m, memory: 128Mi}}
        limits: {{cpu: 500m, memory: 512Mi}}
      # where it runs
      nodeSelector:
        kubernetes.io/os: linux
      tolerations:
        - key: dedicated
          operator: Equal
          value: infra
          effect: NoSchedule
      monitoring:
        enabled: true
        interval: 30s
        labels:
          team: team-{team}
          tier: "{n}"
"""

OVERRIDE = "applications:\n  {name}:\n    values:\n      {key}: {value}\n"
PATCH = "metadata:\n  description: a new chart\napplications:\n  {name}:\n    source:\n      targetRevision: v1.{n}.1\n"


def write(root, path, text):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def make(root):
    """Each application has an override at every environment; some have others further down; a fifth
    have a patch that has got to some sectors of the first environment."""
    rng = random.Random(1)
    write(root, "config/config.yaml", yaml.safe_dump(CONFIG, sort_keys=False))
    write(root, f"config/{TYPE}/defaults.yaml", DEFAULTS)
    for n in range(APPLICATIONS):
        name = f"application-{n:03}"
        top = f"config/{TYPE}/{name}"
        write(root, f"{top}/values.yaml", VALUES.format(name=name, n=n, team=n % 9))
        write(root, f"{top}/metadata.yaml", f"owner: team-{n % 9}\n")
        for e in range(1, ENVIRONMENTS + 1):
            at = f"{top}/environment-{e}"
            write(root, f"{at}/override.yaml", OVERRIDE.format(name=name, key="replicas", value=e))
            for s in range(1, SECTORS + 1):
                if rng.random() < 0.1:
                    write(root, f"{at}/sector-{e}-{s}/override.yaml", OVERRIDE.format(name=name, key="sector", value=s))
                for r in range(1, REGIONS + 1):
                    if rng.random() < 0.02:
                        write(root, f"{at}/sector-{e}-{s}/region-{r}/override.yaml", OVERRIDE.format(name=name, key="region", value=r))
        for s in range(1, rng.randint(1, SECTORS) + 1 if n % 5 == 0 else 1):
            write(root, f"{top}/environment-1/sector-1-{s}/patch-001.yaml", PATCH.format(name=name, n=n))


def compare(title, ours, theirs, pairs):
    """The two programs in turn; the ratios are those of the pairs."""
    rows = [(run(ours), run(theirs)) for _ in range(pairs)]
    cells = []
    for i in 0, 1:
        a, b = ([1e3 * row[k][i] for row in rows] for k in (0, 1))
        cells += [statistics.median(a), statistics.median(b), statistics.median(y / x for x, y in zip(a, b))]
    cells += [statistics.median(row[k][2] for row in rows) for k in (0, 1)]
    print(f"{title:24}" + "".join(f" {x:9.1f}" for x in cells), flush=True)


def main(promote, pairs="5"):
    with tempfile.TemporaryDirectory(prefix="promote-bench-") as root:
        make(root)
        target = "environment-1/sector-1-1/region-1"
        heads = ["wall ms", "python", "times", "cpu ms", "python", "times", "peak MiB", "python"]
        print(f"{'':24}" + "".join(f" {x:>9}" for x in heads))
        python = [sys.executable, "-I", MERGE, root, TYPE]
        for output, written in ("yaml", "yaml"), ("json", "json"), ("json", "text"), ("yaml", "none"):
            ours = [promote, "-C", root, "values", "-o", output, TYPE]
            title = f"{output} against {written}"
            compare(f"all, {title}", ours, python + [written], int(pairs))
            compare(f"one, {title}", ours + [target], python + [written, target], int(pairs))


if __name__ == "__main__":
    main(*sys.argv[1:])
