#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the page of `promote board` an array in the program: embed.py OUT.c page.html page.css NAME.js...

The page's style and scripts, which are joined, replace {{style}} and {{script}}. {{policy}} is a Content Security
Policy that lets these run, by their digests, and nothing else. {{data}} is where the program puts the data in.
"""

import base64
import hashlib
import sys
from pathlib import Path


def digest(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def page(html, css, *scripts):
    """The page as bytes, before its data and behind."""
    html, style, *parts = (Path(x).read_text() for x in (html, css, *scripts))
    script = "".join(parts)
    for text in (style, script):
        if "</s" in text or "<!--" in text or "<script" in text:
            raise SystemExit("embed.py: a style or a script that would end its own element")
    policy = (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    for name, text in (("policy", policy), ("style", style), ("script", script)):
        html = html.replace("{{" + name + "}}", text)
    head, tail = html.split("{{data}}")
    return head.encode(), tail.encode()


def array(name, content):
    lines = [", ".join(map(str, content[i : i + 24])) + "," for i in range(0, len(content), 24)]
    return f"const unsigned char {name}[] = {{\n" + "\n".join(lines) + f"\n}};\nconst size_t {name}_size = sizeof({name});\n"


def main():
    out, *files = sys.argv[1:]
    head, tail = page(*files)
    text = '#include "report/board/page.h"\n\n' + array("board_head", head) + "\n" + array("board_tail", tail)
    Path(out).write_text(text)


if __name__ == "__main__":
    main()
