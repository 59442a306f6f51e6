# SPDX-License-Identifier: Apache-2.0
"""Trees that are deeper than a path can tell: every call gets one name.

deep.py make DIRECTORY LEVELS WORD   makes directories in it, one in another, with names of 255 bytes that begin with
                                     WORD; in the last: a file, a link to /, a closed directory, a pipe and a socket
deep.py plain DIRECTORY LEVELS WORD  the same without the pipe and the socket
deep.py show DIRECTORY               prints a digest of all that is in it
"""

import hashlib
import os
import socket
import stat
import sys


def down(fd, name):
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=fd)
    os.close(fd)
    return inner


def make(directory, levels, word, special):
    name = word + "x" * (255 - len(word))
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    for _ in range(levels):
        os.mkdir(name, dir_fd=fd)
        fd = down(fd, name)
    with os.fdopen(os.open("file.txt", os.O_CREAT | os.O_WRONLY, 0o640, dir_fd=fd), "w") as file:
        file.write(word)
    os.symlink("/", "link", dir_fd=fd)
    os.fchdir(fd)
    if special:
        os.mkfifo("pipe")
        socket.socket(socket.AF_UNIX).bind("socket")
    os.mkdir("closed")
    with open("closed/file", "w") as file:
        file.write(word)
    os.chmod("closed", 0o500)


def show(directory):
    """In the order of the names, with a mark where a directory ends."""
    digest = hashlib.sha256()
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    levels = [iter(sorted(os.listdir(fd)))]
    while levels:
        name = next(levels[-1], None)
        if name is None:
            levels.pop()
            digest.update(b"end\0")
            fd = down(fd, "..")
            continue
        st = os.stat(name, dir_fd=fd, follow_symlinks=False)
        digest.update(f"{name}\0{st.st_mode:o}\0".encode())
        if stat.S_ISLNK(st.st_mode):
            digest.update(os.readlink(name, dir_fd=fd).encode())
        elif stat.S_ISREG(st.st_mode):
            with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=fd), "rb") as file:
                digest.update(file.read())
        elif stat.S_ISDIR(st.st_mode):
            fd = down(fd, name)
            levels.append(iter(sorted(os.listdir(fd))))
    print(digest.hexdigest())


if sys.argv[1] == "show":
    show(sys.argv[2])
else:
    make(sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[1] == "make")
