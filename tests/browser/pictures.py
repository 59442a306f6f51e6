#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the pictures of the page that README.md shows, docs/board*.png, from examples/fleet with some patches in it."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests" / "lib")]

import suite
from browser import Browser
from pages import page_of

GATEWAY = """metadata:
  description: "{description}"
applications:
  gateway:
    source:
      targetRevision: "{version}"
"""
TELEMETRY = """metadata:
  description: "{description}"
  owner: observability
applications:
  telemetry:
    retention: {days}d
"""
# what is in it besides its own patch: where the copies are
PATCHES = [
    ("gateway", "patch-002", GATEWAY.format(description="Gateway 2.6: HTTP/3", version="2.6.0"), ["lab/lab-a/amsterdam"]),
    ("telemetry", "patch-001", TELEMETRY.format(days=7, description="Keep traces for a week"), ["lab", "trial", "live/live-canary"]),
    ("telemetry", "patch-002", TELEMETRY.format(days=8, description="Keep logs for eight days").replace("retention", "logs"), ["trial"]),
]


class Example:
    def __init__(self, root):
        self.root = root
        shutil.copytree(TOP / "examples" / "fleet", root)
        for _ in range(2):  # the patch that is there, up to a gate
            subprocess.run([suite.PROMOTE, "-C", str(root), "-q", "--no-generate", "edge", "gateway", "patch-001"], check=True)
        for application, patch, text, places in PATCHES:
            for place in places:
                path = root / "config" / "edge" / application / place / f"{patch}.yaml"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)


def main():
    with tempfile.TemporaryDirectory() as directory, Browser(1180, 500) as browser:
        page = page_of(Example(Path(directory, "fleet")))
        browser.open(page)
        browser.picture(TOP / "docs" / "board.png")
        browser.set_size(390, 780)
        browser.set_media(dark=True)
        browser.open(page, "#edge/telemetry/patch-001")
        browser.picture(TOP / "docs" / "board-narrow.png")


if __name__ == "__main__":
    main()
