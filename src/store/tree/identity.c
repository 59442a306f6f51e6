/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/identity.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "store/tree/kernel.h"

int identity_at(int dir, const char *path, struct identity *id)
{
	const int flags = AT_SYMLINK_NOFOLLOW | (*path ? 0 : AT_EMPTY_PATH);
	struct statx x;

	if (statx(dir, path, flags, STATX_INO | STATX_BTIME, &x) < 0)
		return -1;
	*id = (struct identity){ .device = makedev(x.stx_dev_major, x.stx_dev_minor),
		.inode = x.stx_ino };
	if (x.stx_mask & STATX_BTIME)
		id->born = (uint64_t)x.stx_btime.tv_sec * 1000000000u + x.stx_btime.tv_nsec;
	return 0;
}

int identity_open(int fd, struct identity *id)
{
	return identity_at(fd, "", id);
}

bool identity_same(const struct identity *a, const struct identity *b, bool same_boot)
{
	return a->inode == b->inode && (!same_boot || a->device == b->device) && a->born == b->born;
}

void identity_boot(char boot[BOOT_SIZE])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, boot, BOOT_SIZE - 1);

	if (fd >= 0)
		close(fd);
	if (n != BOOT_SIZE - 1)
		memcpy(boot, "-", sizeof("-"));
	else
		boot[n] = '\0';
}

bool identity_same_boot(const char *a, const char *b)
{
	return strcmp(a, "-") != 0 && strcmp(a, b) == 0;
}
