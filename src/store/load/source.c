/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The open directory that is nearest above a path, which is left with what is below it. */
static int nearest(struct disk *d, const char **path)
{
	for (; d->open_count > 0; d->open_count--) {
		const size_t length = d->open[d->open_count - 1].length;

		if (strncmp(*path, d->path, length) == 0 && (*path)[length] == '/') {
			*path += length + 1;
			return d->open[d->open_count - 1].fd;
		}
		close(d->open[d->open_count - 1].fd);
	}
	return d->root;
}

/* Keeps a directory open that nearest() was asked for, if there is room. */
static void keep_open(struct disk *d, const char *path, int fd)
{
	size_t length = strlen(path);

	/* untested: no call opens a path of PATH_MAX bytes */
	if (d->open_count == sizeof(d->open) / sizeof(*d->open) || length >= sizeof(d->path)) {
		close(fd);
		return;
	}
	memcpy(d->path, path, length);
	d->open[d->open_count].length = length;
	d->open[d->open_count++].fd = fd;
}

static int has_read(const struct disk *d, bool directory)
{
	if (d->on_read)
		d->on_read(directory);
	return 1;
}

static int disk_list(struct source *s, struct arena *mem, const char *path, struct listing *list,
	struct error *e)
{
	struct disk *disk = (struct disk *)s;
	const char *below = path;
	int dir = nearest(disk, &below), fd = tree_open(dir, below, O_RDONLY | O_DIRECTORY);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? 0 : tree_error(e, errno, path);
	/* The stamp first: it then differs if a name is added later. */
	int rc = tree_stat(fd, &st) < 0 ? error_system(e, errno, "%s", path)
					: tree_list(mem, fd, path, list, e);
	keep_open(disk, path, fd);
	if (rc < 0)
		return -1;
	list->stamp = tree_stamp(&st);
	return has_read(disk, true);
}

static int disk_read(struct source *s, struct arena *mem, const char *path, size_t limit,
	struct file *file, struct error *e)
{
	struct disk *disk = (struct disk *)s;
	const char *below = path;
	int dir = nearest(disk, &below), fd = tree_open_file(dir, below);

	if (fd < 0)
		return errno == ENOENT ? 0 : tree_error(e, errno, path);
	int rc = tree_read_open(mem, fd, path, limit, file, e);
	if (rc == 0 && disk->lists)
		rc = tree_read_list(mem, fd, path, file, e);
	close(fd);
	return rc < 0 ? -1 : has_read(disk, false);
}

void disk_start(struct disk *disk, int root)
{
	*disk = (struct disk){ .source = { .list = disk_list, .read = disk_read }, .root = root };
}

void disk_forget(struct disk *disk)
{
	while (disk->open_count > 0)
		close(disk->open[--disk->open_count].fd);
}
