/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor_one.c - the least that a step in a small fleet can cost.
 *
 *	floor_one ROOT NEW PLACE...
 *
 * Reads ROOT/config/config.yaml, looks at each PLACE, writes the file NEW and syncs it, all below
 * ROOT. It checks nothing, decides nothing, and cannot be stopped half way without a trace.
 */
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char patch[] = "metadata:\n"
			    "  description: a new chart\n"
			    "applications:\n"
			    "  application:\n"
			    "    source:\n"
			    "      targetRevision: v1.2\n";

static void read_file(int root, const char *path)
{
	static char text[1 << 16];
	int fd = openat(root, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

static void write_file(int root, const char *path)
{
	int fd = openat(root, path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);

	if (fd < 0 || write(fd, patch, sizeof(patch) - 1) < 0 || fsync(fd) < 0 || close(fd) < 0)
		err(1, "%s", path);
}

int main(int argc, char **argv)
{
	struct stat st;

	if (argc < 4)
		errx(2, "usage: floor_one ROOT NEW PLACE...");
	int root = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		err(1, "%s", argv[1]);
	read_file(root, "config/config.yaml");
	for (int i = 3; i < argc; i++)
		(void)fstatat(root, argv[i], &st, AT_SYMLINK_NOFOLLOW); /* most are absent */
	write_file(root, argv[2]);
	return 0;
}
