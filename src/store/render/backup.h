/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backup.h - a tree of files, links and directories, and the archive: all of it copied into one
 * file.
 *
 * The entries of a tree are in the order of a walk: a directory, what is in it by the byte order of
 * the names, then its next sibling. An entry has a name and a depth, but no path, so that neither
 * memory nor the archive grows with the depth of a tree more than with its names.
 *
 * In the archive an entry is a head, "file 1 644 1000 1000 1234 a.yaml" and a NUL byte, with the
 * depth, the mode, the owner, the group and the number of bytes that follow: those of a file, or
 * the target of a link. The last entry has the kind "end".
 */
#ifndef STORE_RENDER_BACKUP_H
#define STORE_RENDER_BACKUP_H

#include <stdint.h>

#include "store/tree/tree.h"

#define BACKUP_NONE SIZE_MAX

struct kept {
	const char *name; /* in its directory; owned by the arena */
	size_t depth;     /* 0: the first entry, which all others are below */
	size_t parent;    /* the number of its directory; BACKUP_NONE: the first entry */
	size_t length;    /* of its path, in bytes */
	enum entry_kind kind;
	struct access access;
	struct stamp stamp; /* of the file as it was copied; zero if it was read back */
	const char *link;   /* a link's target; owned by the arena */
	size_t size;        /* a file's bytes */
	off_t at;           /* their offset in the archive */
};

struct backup {
	int archive; /* borrowed; -1 if nothing is copied */
	struct kept *files;
	size_t count;
};

/* Sets the name of an entry and all that follows from that and its directory. */
void backup_place(struct backup *r, size_t i, const char *name, size_t parent);

/* The path of an entry, in full; owned by mem. */
const char *backup_path(struct arena *mem, const struct backup *r, size_t i);

/* The same for errors: without its middle if it is very long. */
const char *backup_shown(struct arena *mem, const struct backup *r, size_t i);

/*
 * For each entry of `a` the number of the one of the same path in `b`, or BACKUP_NONE; owned by
 * mem.
 */
const size_t *backup_match(struct arena *mem, const struct backup *a, const struct backup *b);

/*
 * Writes an entry at the offset of the archive and sets at and size; bytes are those of a file.
 * SYSTEM.
 */
int backup_put(struct arena *mem, struct backup *r, size_t i, struct str bytes, struct error *e);
int backup_end(int fd, struct error *e);

/*
 * All entries, in their order. Errors: FILES if it is not an archive, SYSTEM if it
 * cannot be read. They name no path.
 */
int backup_read(struct arena *mem, int archive, struct backup *out, struct error *e);

/* The bytes of a file; owned by mem. SYSTEM. */
int backup_text(
	struct arena *mem, const struct backup *r, size_t i, struct str *text, struct error *e);

#endif
