/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/source.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int disk_list(struct source *s, struct arena *mem, const char *path, struct listing *list,
	struct error *e)
{
	const struct disk *disk = (const struct disk *)s;
	int fd = tree_open(disk->root, path, O_RDONLY | O_DIRECTORY);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? 0 : tree_error(e, errno, path);
	/* The stamp first: it then differs if a name is added later. */
	int rc = tree_stat(fd, &st) < 0 ? error_system(e, errno, "%s", path)
					: tree_list(mem, fd, path, list, e);
	close(fd);
	if (rc < 0)
		return -1;
	list->stamp = tree_stamp(&st);
	return 1;
}

static int disk_read(struct source *s, struct arena *mem, const char *path, size_t limit,
	struct file *file, struct error *e)
{
	const struct disk *disk = (const struct disk *)s;
	int fd = tree_open_file(disk->root, path);

	if (fd < 0)
		return errno == ENOENT ? 0 : tree_error(e, errno, path);
	int rc = tree_read_open(mem, fd, path, limit, file, e);
	close(fd);
	return rc < 0 ? -1 : 1;
}

struct disk source_disk(int root)
{
	return (struct disk){ .source = { .list = disk_list, .read = disk_read }, .root = root };
}
