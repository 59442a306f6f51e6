/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree.h - the fleet's files, reached from its root and through no link.
 *
 *	struct root root;
 *	if (tree_find_root(mem, NULL, &root, e) < 0 ||
 *	    tree_read(mem, root.fd, "config/config.yaml", limit, &file, e) < 0)
 *		...
 *
 * Every path is relative to an open directory at or below the root, and each of
 * its parts is opened beneath that directory without following symbolic links:
 * one on the way is an error, whatever it points to. So nothing outside the
 * root is read or written, even if another program changes the tree meanwhile.
 *
 * Errors: FILES for what is wrong with the tree (a link, or something that is
 * not a directory on the way), SYSTEM for what the system refuses. They name
 * paths from the root.
 */
#ifndef STORE_TREE_TREE_H
#define STORE_TREE_TREE_H

#include <dirent.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/str.h"
#include "store/tree/trust.h"

struct root {
	int fd;           /* owned; the directory, open for use with the calls below */
	const char *path; /* absolute; owned by the arena */
};

/*
 * The fleet's root: `dir`, which must contain config/config.yaml, or if it is
 * NULL the nearest directory upwards from the working directory that does. The search
 * takes none at or above a directory of another user, unless the working directory is
 * that user's, too. Close root->fd when done. FILES if there is none.
 */
int tree_find_root(struct arena *mem, const char *dir, const struct trust *by, struct root *root,
	struct error *e);

/*
 * Opens the directory that has the root's path now in the place of root->fd, which is closed.
 * FILES if there is no fleet any more; root->fd is as before then.
 */
int tree_open_root_again(struct root *root, struct error *e);

/* Opens what `path` names; returns the descriptor or -1 with errno set. flags as for open(2). */
int tree_open(int dir, const char *path, int flags);

/*
 * Opens the directory that contains what `path` names, and points *name at its last
 * part. Returns the descriptor or -1 with errno set. Allocates nothing.
 */
int tree_open_parent(int dir, const char *path, const char **name);

/* Closes a descriptor; errno stays. */
void tree_close(int fd);

/* Sets the error for a failed call on `path` with this errno value; returns -1. */
int tree_error(struct error *e, int code, const char *path);

/* Enough of a file's identity to notice that it was changed or replaced. */
struct stamp {
	ino_t inode;
	off_t size;
	struct timespec modified; /* mtime */
	struct timespec changed;  /* ctime: it also moves when the file is renamed */
};

/* Who may use a file or a directory. */
struct access {
	mode_t mode; /* permission bits, with those for set-user, set-group and sticky */
	uid_t owner;
	gid_t group;
};

struct file {
	struct str text; /* owned by the arena, with a NUL behind it */
	struct access access;
	struct stamp stamp;
	bool has_list;   /* its access list was read, too ... */
	struct str list; /* ... and is this (access_list.h); owned by the arena */
};

/* Reads a regular file of at most `limit` bytes. On failure *file is untouched. */
int tree_read(struct arena *mem, int dir, const char *path, size_t limit, struct file *file,
	struct error *e);

/*
 * The same in two calls: a descriptor, or -1 with errno set; and what is in the open file, which
 * errors call `shown`.
 */
int tree_open_file(int dir, const char *path);
int tree_read_open(struct arena *mem, int fd, const char *shown, size_t limit, struct file *file,
	struct error *e);

/* Reads the access list of the same open file. */
int tree_read_list(
	struct arena *mem, int fd, const char *shown, struct file *file, struct error *e);

/*
 * fstat, but if the file was changed within the current tick of the kernel's clock,
 * only once that tick is over: so a later change has a later stamp.
 */
int tree_stat(int fd, struct stat *st);

/* fsync, repeated after a signal. A file system that has none for directories is no failure. */
int tree_sync(int fd);

struct access tree_access(const struct stat *st);
bool tree_same_access(const struct stat *st, const struct access *was);
struct stamp tree_stamp(const struct stat *st);
bool tree_same_stamp(const struct stamp *a, const struct stamp *b);
/* the same file with the same bytes in it, whatever its name is now */
bool tree_same_bytes(const struct stamp *a, const struct stamp *b);

/*
 * Whether the name in a directory, or the open file, is still the file that was read: by its stamp;
 * or, if that has moved by itself, as the ctime does on network file systems and when another name
 * of the file is moved, by its size, its mtime, who may use it and its bytes; also by its access
 * list, if that was read. 1, 0, or -1 with errno set; ENOENT if it is gone. Allocates nothing.
 */
int tree_is_still(int dir, const char *path, const struct file *was);
int tree_is_still_open(int fd, const struct file *was);

/* Bytes of the largest file that a step reads, makes or moves. */
enum { TREE_LARGEST = 64 * 1024 * 1024 };

/*
 * The digest of a regular file's bytes; allocates nothing. -1 with errno set: EINVAL for anything
 * but a regular file, EFBIG for a larger one than a step has, which is not read to its end.
 */
int tree_digest(int dir, const char *path, struct digest *digest);
int tree_digest_open(int fd, struct digest *digest);

/* The same for a file that may be of any size. */
int tree_digest_any(int fd, struct digest *digest);

/* Whether an errno value of these says that there is no such file, not that we cannot find out. */
bool tree_is_absent(int code);

enum entry_kind { ENTRY_FILE, ENTRY_DIRECTORY, ENTRY_LINK, ENTRY_OTHER };

struct entry {
	const char *name; /* owned by the arena */
	enum entry_kind kind;
};

struct listing {
	struct entry *entries; /* in byte order of their names; without . and .. */
	size_t count;
	struct stamp stamp; /* of the directory, if a source listed it (store/load/source.h) */
};

enum entry_kind tree_kind(mode_t mode);

/*
 * Calls `each` for every name in an open directory, without . and .., in the order of the file
 * system, until it returns something else than 0. Returns that, or -1 with errno set if the names
 * cannot be read. Allocates nothing.
 */
int tree_names(int dir, int (*each)(void *context, const struct dirent64 *d), void *context);

/* What is in an open directory. On failure *list is untouched. */
int tree_list(struct arena *mem, int dir, const char *shown, struct listing *list, struct error *e);

/* the entry of this name, or NULL */
const struct entry *tree_entry(const struct listing *list, const char *name);

#endif
