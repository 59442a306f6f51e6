# SPDX-License-Identifier: Apache-2.0
"""Small trees in memory: {path: (kind, permission bits, content)} with kind `file`, `directory` or `link`."""

import os
import stat


def snapshot(root, before=""):
    """Every path below root, with `before` before it: its kind, mode, and bytes or its link's target."""
    made = {}

    def walk(directory, prefix):
        with os.scandir(directory) as entries:
            for entry in entries:
                path, mode = prefix + entry.name, entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode):
                    made[path] = ("directory", stat.S_IMODE(mode), b"")
                    walk(entry.path, path + "/")
                elif stat.S_ISLNK(mode):
                    made[path] = ("link", 0o777, os.fsencode(os.readlink(entry.path)))
                else:
                    with open(entry.path, "rb") as file:
                        made[path] = ("file", stat.S_IMODE(mode), file.read())

    walk(root, before)
    return made


def plant(root, tree):
    """Writes the tree into the directory, which must be empty."""
    for path, (kind, _, content) in sorted(tree.items()):
        full = os.path.join(root, path)
        if kind == "directory":
            os.mkdir(full)
        elif kind == "link":
            os.symlink(content, full)
        else:
            with open(full, "wb") as file:
                file.write(content)
    for path, (kind, mode, _) in sorted(tree.items(), reverse=True):
        if kind != "link":
            os.chmod(os.path.join(root, path), mode)


def of_texts(texts, modes=None):
    """The tree of {path: text or bytes}, with the directories it needs; a path that ends in / is a directory."""
    tree = {}
    for path, text in texts.items():
        parts = path.strip("/").split("/")
        for i in range(1, len(parts) + path.endswith("/")):
            tree["/".join(parts[:i])] = ("directory", 0o755, b"")
        if not path.endswith("/"):
            tree[path] = ("file", 0o644, text if isinstance(text, bytes) else text.encode())
    for path, mode in (modes or {}).items():
        tree[path] = (tree[path][0], mode, tree[path][2])
    return tree


def files(tree):
    """The bytes of the files below config/, as the judge wants them."""
    return {path: content for path, (kind, _, content) in tree.items() if kind == "file" and path.startswith("config/")}


def difference(old, new):
    """What is different, in a line."""
    said = [f"+{x}" for x in new if x not in old] + [f"-{x}" for x in old if x not in new]
    said += [f"~{x}" for x in new if x in old and new[x] != old[x]]
    return " ".join(sorted(said)) or "the same"
