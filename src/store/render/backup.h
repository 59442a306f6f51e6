/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backup.h - the archive: files, links and directories copied into one file.
 *
 * An entry is a head, "file 644 1000 1000 1234 rendered/a.yaml" and a NUL byte,
 * with the mode, the owner, the group and the number of bytes that follow: those of
 * a file, or the target of a link. The last entry has the kind "end".
 */
#ifndef STORE_RENDER_BACKUP_H
#define STORE_RENDER_BACKUP_H

#include "store/tree/tree.h"

struct kept {
	const char *path; /* from the root; owned by the arena */
	enum entry_kind kind;
	struct access access;
	struct stamp stamp; /* of the file as it was copied; zero if it was read back */
	const char *link;   /* a link's target; owned by the arena */
	size_t size;        /* a file's bytes */
	off_t at;           /* their offset in the archive */
};

struct backup {
	int archive;        /* borrowed; -1 if nothing is copied */
	struct kept *files; /* by path, so that a directory comes before its entries */
	size_t count;
};

/*
 * Writes an entry at the descriptor's offset and sets at and size; bytes are those
 * of a file. SYSTEM.
 */
int backup_put(int fd, struct kept *k, struct str bytes, struct error *e);
int backup_end(int fd, struct error *e);

/*
 * All entries, in their order. Errors: FILES if it is not an archive, SYSTEM if it
 * cannot be read. They name no path.
 */
int backup_read(struct arena *mem, int archive, struct backup *out, struct error *e);

/* The bytes of a file; owned by mem. SYSTEM. */
int backup_text(struct arena *mem, int fd, const struct kept *k, struct str *text, struct error *e);

#endif
