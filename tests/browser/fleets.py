# SPDX-License-Identifier: Apache-2.0
"""Fleets for the page: one with a patch in every state, one with hostile names, and a large one."""

from pathlib import Path

VALUES = """applications:
  {name}:
    source:
      targetRevision: "1.0.0"
      repoURL: https://charts.example/{name}
    replicas: 3
"""
PATCH = """metadata:
  description: {description}
  owner: team-a
applications:
  {name}:
    source:
      targetRevision: {version}
"""
# Texts that a page must show as they are. A name of a directory cannot have a slash.
HOSTILE = [
    "<script>window.hacked=1<script>", "<img src=x onerror=window.hacked=1>", "\"'`&amp;&lt;${x}", "шлюз 網關 بوابة",
    "x" * 200, "a b%2Fc#d?e", "{{data}}", "--> ]]> <!--",
]  # fmt: skip
TEXTS = [*HOSTILE, "</script><script>window.hacked=1</script>", "a\u202eb\u2028c"]


class Fleet:
    """A fleet in a directory. tree: [(name, manual, children), ...]"""

    def __init__(self, root, dimensions, tree, types):
        self.root, self.dimensions = Path(root), dimensions
        self.positions, self.manual, self.children = [], set(), {}
        self.lay_out(tree, "")
        lines = ["dimensions:", *[f"  - {name}" for name in dimensions], "sequence:", *self.config(tree, 0, "  "), "cluster_types:"]
        lines += [f"  - name: {quoted(name)}" for name in types]
        self.write("config/config.yaml", "\n".join(lines) + "\n")

    def lay_out(self, tree, before):
        for name, manual, children in tree:
            path = before + name
            self.positions.append(path)
            self.children[path] = [f"{path}/{child[0]}" for child in children]
            if manual:
                self.manual.add(path)
            self.lay_out(children, path + "/")

    def config(self, tree, depth, indent):
        yield f"{indent}{self.dimensions[depth]}:"
        for name, manual, children in tree:
            yield f"{indent}  - name: {quoted(name)}"
            if manual:
                yield f"{indent}    promotion: manual"
            if children:
                yield from self.config(children, depth + 1, indent + "    ")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def application(self, cluster_type, name, text=None):
        self.write(f"config/{cluster_type}/{name}/values.yaml", text or VALUES.format(name=quoted(name)))

    def patch(self, cluster_type, name, patch, at, version="2.0.0", description="A change"):
        text = PATCH.format(name=quoted(name), version=quoted(version), description=quoted(description))
        self.write(f"config/{cluster_type}/{name}/{at}/{patch}.yaml", text)

    @property
    def targets(self):
        return [path for path in self.positions if not self.children[path]]


def quoted(text):
    """As a YAML scalar in double quotes."""
    made = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text.replace("\\", "\\\\").replace('"', '\\"'))
    return f'"{made}"'


def leaves(*names):
    return [(name, False, []) for name in names]


def every_state(root):
    tree = [
        ("integration", False, [("s1", False, leaves("us", "eu")), ("s2", False, leaves("us"))]),
        ("stage", True, [("all", False, leaves("us"))]),
        ("production", True, [("canary", False, leaves("us")), ("rest", True, leaves("us", "eu"))]),
    ]
    fleet = Fleet(root, ["environments", "sectors", "regions"], tree, ["mgmt", "edge"])
    for name in ("gateway", "vault", "broken"):
        fleet.application("mgmt", name)
    fleet.application("edge", "gateway")
    fleet.application("edge", "quiet")  # the same everywhere
    fleet.patch("mgmt", "gateway", "patch-001", "integration/s1/us", "2.1.0", "Gateway 2.1: faster handshakes")
    fleet.patch("mgmt", "vault", "patch-002", "integration", "2.2.0", "Vault 2.2")
    fleet.patch("edge", "gateway", "patch-003", "integration/s2", "2.3.0")
    fleet.patch("mgmt", "vault", "patch-004", "integration/s1/us", "2.4.0")
    fleet.patch("mgmt", "vault", "patch-004", "integration/s1/eu", "2.5.0")
    fleet.patch("mgmt", "broken", "patch-005", "integration")
    fleet.write("config/mgmt/broken/values.yaml", "a: 1\n\tb: 2\n")
    for at in ("integration", "stage", "production"):
        fleet.patch("edge", "gateway", "patch-006", at, "2.6.0", "Everywhere")
    fleet.write("config/edge/gateway/production/rest/override.yaml", "applications:\n  gateway:\n    source:\n      targetRevision: '9'\n")
    return fleet


def hostile(root):
    fleet = Fleet(root, ["environments"], leaves("<b>lab", "live & 'well'"), ["<i>type"])
    for i, name in enumerate(HOSTILE):
        fleet.application("<i>type", name)
        for k, text in enumerate(TEXTS if i == 0 else TEXTS[-2:]):
            fleet.patch("<i>type", name, f"patch-{i}{k}", fleet.positions[0], text, text)
    fleet.patch("<i>type", HOSTILE[0], "patch-<script>window.hacked=1;", fleet.positions[0], "3")
    return fleet


def many_findings(root, count):
    fleet = Fleet(root, ["environments"], leaves("lab", "live"), ["mgmt"])
    fleet.application("mgmt", "app")
    fleet.write("config/mgmt/app/lab/patch-001.yaml", "".join(f"key-{i}: 1.{i}0\n" for i in range(count)))
    fleet.write("config/mgmt/app/live/patch-002.yaml", "a: 1\n")
    return fleet


def large(root, patches, targets):
    """This many patches in a fleet with so many targets in 6 environments of 10 sectors."""
    regions = [f"region-{i + 1}" for i in range(targets // 60)]
    tree = [
        (environment, environment == "production", [(f"sector-{i + 1}", False, leaves(*regions)) for i in range(10)])
        for environment in ("lab", "integration", "stage", "canary", "production", "recovery")
    ]
    fleet = Fleet(root, ["environments", "sectors", "regions"], tree, ["mgmt", "edge"])
    per = patches // 40
    for cluster_type in ("mgmt", "edge"):
        for i in range(20):
            name = f"app-{i + 1:02}"
            fleet.application(cluster_type, name)
            for k in range(per):
                upto = (i * 7 + k * 3) % 60
                for at in [e[0] for e in tree[: upto // 10]] + [f"{tree[upto // 10][0]}/sector-{s + 1}" for s in range(upto % 10 + 1)]:
                    fleet.write(
                        f"config/{cluster_type}/{name}/{at}/patch-{k + 1:03}.yaml",
                        f"metadata:\n  description: Change {k + 1} of {name}\napplications:\n  {name}:\n    key-{k}: {k}.{i}.0\n",
                    )
    return fleet
