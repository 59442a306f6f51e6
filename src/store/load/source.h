/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.h - where a fleet's files are read from.
 *
 *	struct disk disk;
 *	disk_start(&disk, root.fd);
 *	struct source *source = &disk.source;
 *
 *	int found = source->list(source, mem, "config", &list, e);
 *	int found = source->read(source, mem, "config/config.yaml", YAML_BYTES, &file, e);
 *	disk_forget(&disk);
 *
 * Paths begin at the fleet's root. Both calls return 1; 0 if nothing has that path,
 * which is not an error; or -1. They follow no link and reach nothing outside the
 * root. On failure the output is untouched. What they hand out is owned by mem.
 */
#ifndef STORE_LOAD_SOURCE_H
#define STORE_LOAD_SOURCE_H

#include <limits.h>

#include "store/tree/tree.h"

struct source {
	/* The names in a directory, in byte order, with its stamp from before they were read. */
	int (*list)(struct source *s, struct arena *mem, const char *path, struct listing *list,
		struct error *e);
	/* A file of at most `limit` bytes. */
	int (*read)(struct source *s, struct arena *mem, const char *path, size_t limit,
		struct file *file, struct error *e);
};

/*
 * The directory on disk that is open as `root`. The last directory that was listed and those
 * above it stay open, so that what is below them is opened with a short path. They are what they
 * were when they were listed: close them with disk_forget before another program is waited for,
 * and at the end.
 */
struct disk {
	struct source source;
	int root;                        /* borrowed */
	void (*on_read)(bool directory); /* called after each directory or file; NULL: nothing is */
	bool lists;                      /* the access lists of files are read, too: for a step */
	struct {
		size_t length; /* of its path, the first bytes of `path` */
		int fd;        /* owned */
	} open[6];             /* each below the one before it */
	size_t open_count;
	char path[PATH_MAX]; /* of the last */
};

void disk_start(struct disk *disk, int root);
void disk_forget(struct disk *disk);

#endif
