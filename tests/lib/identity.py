# SPDX-License-Identifier: Apache-2.0
"""The identities of files as a journal has them, and journals that were made elsewhere: see src/store/txn/journal.h."""

import ctypes
import hashlib
import os
import re
import struct

AT_FDCWD, AT_SYMLINK_NOFOLLOW, INO_AND_BTIME = -100, 0x100, 0x900
SIZE = 256  # of struct statx
TRIPLE = re.compile(rb"(?<![\w-])\d+ (\d+) \d+(?=[ \n])")
HOLDERS = (".promote/.gitignore", ".promote/journal", ".promote/redo", ".promote/undo")


def identity(path):
    """The device, the inode and the time of birth, as text."""
    made = ctypes.create_string_buffer(SIZE)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.statx(AT_FDCWD, os.fsencode(path), AT_SYMLINK_NOFOLLOW, INO_AND_BTIME, made) != 0:
        raise OSError(ctypes.get_errno(), path)
    (mask,), (inode,) = struct.unpack_from("I", made, 0), struct.unpack_from("Q", made, 32)
    seconds, nanoseconds = struct.unpack_from("qI", made, 80)
    major, minor = struct.unpack_from("II", made, 136)
    born = seconds * 10**9 + nanoseconds if mask & 0x800 else 0
    return f"{os.makedev(major, minor)} {inode} {born}"


def sealed(text):
    """A journal with a last line that is right."""
    lines = text[: text.rindex(b"\nend ") + 1]
    return lines + b"end " + hashlib.sha256(lines).hexdigest().encode() + b"\n"


def relocate(root, inodes):
    """Lets .promote in a copy of a tree count. inodes: {path: the inode that it had}, with "" for the root."""
    known = {}
    for path, inode in inodes.items():
        full = os.path.join(root, path)
        if os.path.lexists(full):
            known[str(inode).encode()] = identity(full).encode()
    for path in HOLDERS:
        full = os.path.join(root, path)
        if os.path.isfile(full):
            with open(full, "rb") as file:
                old = file.read()
            new = TRIPLE.sub(lambda found: known.get(found[1], found[0]), old)
            if b"\nend " in old and sealed(old) == old:
                new = sealed(new)
            with open(full, "r+b") as file:
                file.write(new)
                file.truncate()
