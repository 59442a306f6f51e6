# SPDX-License-Identifier: Apache-2.0
"""Programs that write to a fleet while promote takes a step there.

    editor = SAVES(scene, rng)
    editor.edit()                  as often as wanted
    editor.last, editor.lines      what must be there in the end

Every text that an editor writes has a number of its own. An editor remembers what it wrote last to each file, as soon
as it is written.
"""

import contextlib
import os
import re
import time

MARK = re.compile(rb"(mark: )\d{6}")
NEXT_NUMBER = iter(range(1, 1000000))


def mark():
    return b"%06d" % next(NEXT_NUMBER)


def marked(text, number=None):
    """The text with a number that was in no text before."""
    return MARK.sub(b"\\g<1>" + (number or mark()), text)


def write_new(path, text):
    with open(path, "xb") as f:
        f.write(text)
        f.flush()


class Scene:
    """root: the directory. old, new: the trees before and after the step. home: the application's path from there."""

    def __init__(self, root, old, new, home):
        self.root, self.old, self.new, self.home = root, old, new, home
        self.files = [path for path, text in old.items() if path.startswith(home) and text is not None]
        changed = [path for path in {**old, **new} if old.get(path, 0) != new.get(path, 0)]
        # files that the step changes, twice as likely as others
        self.busy = sorted(path for path in changed if not path.endswith("/"))
        self.directories = sorted({os.path.dirname(path) for path in self.busy})

    def at(self, path):
        return os.path.join(self.root, path)


class Editor:
    def __init__(self, scene, rng):
        self.scene, self.rng = scene, rng
        self.last = {}  # of a path what was written to it last; None: it was removed
        self.lines = {}  # of a path the lines that were added to it
        self.touched = set()  # all paths, of files and directories
        busy = [path for path in scene.busy if path in scene.files]
        self.path = rng.choice(busy if busy and rng.random() < 0.7 else scene.files)

    def pause(self):
        """Up to half a millisecond; often none."""
        if self.rng.random() < 0.5:
            end = time.perf_counter() + self.rng.random() * 0.0005
            while time.perf_counter() < end:
                pass

    def remember(self, path, text):
        self.touched.add(path)
        self.last[path] = text

    def edit(self):
        """One edit. Its file may have been removed."""
        try:
            self.do()
        except (FileNotFoundError, FileExistsError):
            pass


class SAVES(Editor):
    """Writes a new file beside the old one and gives it the old one's name, as most editors do."""

    def do(self):
        text = marked(self.scene.old[self.path])
        at = self.scene.at(self.path)
        beside = os.path.join(os.path.dirname(at), "." + os.path.basename(at) + ".swp")
        self.touched.add(self.path)
        write_new(beside, text)
        self.pause()
        os.rename(beside, at)
        self.remember(self.path, text)


class WRITES(Editor):
    """Empties the file and writes it again, in one piece or in two."""

    def do(self):
        text = marked(self.scene.old[self.path])
        half = self.rng.choice([len(text), len(text) // 2])
        at = self.scene.at(self.path)
        fd = os.open(at, os.O_WRONLY | os.O_TRUNC)
        self.touched.add(self.path)
        self.pause()
        os.write(fd, text[:half])
        self.pause()
        os.write(fd, text[half:])
        self.remember(self.path, text)
        os.close(fd)


class APPENDS(Editor):
    """Adds a line."""

    def do(self):
        line = b"a" + mark() + b": 1\n"
        at = self.scene.at(self.path)
        fd = os.open(at, os.O_WRONLY | os.O_APPEND)
        self.touched.add(self.path)
        os.write(fd, line)
        self.lines.setdefault(self.path, []).append(line)
        os.close(fd)


class MAKES(Editor):
    """Makes files in directories that the step changes, and removes them again: among them the step's own copy."""

    def do(self):
        scene = self.scene
        directory = self.rng.choice(scene.directories)
        name = self.rng.choice(["note.txt", "override.yaml", "patch-001.yaml"])
        path = f"{directory}/{name}"
        if path in scene.old:
            return
        if path in self.last and self.last[path] is not None:
            with open(scene.at(path), "rb") as f:
                if f.read() != self.last[path]:
                    return  # it is not ours any more
            os.unlink(scene.at(path))
            self.remember(path, None)
            return
        os.makedirs(scene.at(directory), exist_ok=True)
        self.touched.add(path)
        text = b"mark: " + mark() + b"\n"
        write_new(scene.at(path), text)
        self.remember(path, text)


class DIRECTORIES(Editor):
    """Makes empty directories in those that the step changes, and removes empty ones."""

    def do(self):
        path = self.rng.choice(self.scene.directories)
        if self.rng.random() < 0.5:
            path = os.path.dirname(path)
        self.touched.add(path + "/")
        try:
            if self.rng.random() < 0.5:
                os.makedirs(self.scene.at(path), exist_ok=True)
            else:
                os.removedirs(self.scene.at(path))
        except OSError:
            pass  # it is not empty


class CHECKS_OUT(Editor):
    """Replaces each file of the application by one of another version, as git does: removed, made, written."""

    def do(self):
        number = mark()
        for path in self.scene.files:
            at = self.scene.at(path)
            text = marked(self.scene.old[path], number)
            self.touched.add(path)
            for _ in range(3):
                self.last.pop(path, None)
                try:
                    if os.path.exists(at):
                        os.unlink(at)
                    os.makedirs(os.path.dirname(at), exist_ok=True)
                    write_new(at, text)
                    self.remember(path, text)
                    break
                except (FileNotFoundError, FileExistsError):
                    continue
            self.pause()


class SWAPS(Editor):
    """Puts another directory in the place of the whole application's."""

    def do(self):
        number = mark()
        spare, away = (self.scene.at(f"spare/{x}-{number.decode()}") for x in ["new", "old"])
        made = {path: marked(self.scene.old[path], number) for path in self.scene.files}
        for path, text in made.items():
            at = os.path.join(spare, path[len(self.scene.home) :])
            os.makedirs(os.path.dirname(at), exist_ok=True)
            write_new(at, text)
        self.pause()
        home = self.scene.at(self.scene.home)
        while os.path.exists(spare):
            with contextlib.suppress(OSError):  # promote may have made a new directory
                os.rename(home, away + "-" + mark().decode())
            self.pause()
            with contextlib.suppress(OSError):
                os.rename(spare, home)
        for path, text in made.items():
            self.remember(path, text)


EDITORS = [SAVES, WRITES, APPENDS, MAKES, DIRECTORIES, CHECKS_OUT, SWAPS]
