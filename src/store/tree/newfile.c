/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int newfile_fill(int fd, struct str text)
{
	while (text.len > 0) {
		ssize_t n = write(fd, text.at, text.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text.at += n;
		text.len -= (size_t)n;
	}
	return 0;
}

/*
 * A run by root must not take a file from its owner. Other users cannot change the owner,
 * but can set a group that they belong to.
 */
int newfile_own(int fd, const struct access *as)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if (st.st_uid == as->owner && st.st_gid == as->group)
		return 0;
	if (fchown(fd, as->owner, as->group) == 0)
		return 0;
	if (errno != EPERM)
		return -1;
	return fchown(fd, (uid_t)-1, as->group) == 0 || errno == EPERM ? 0 : -1;
}

int newfile_write(int dir, const struct newfile *n, struct error *e)
{
	int fd = openat(dir, n->name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return error_system(e, errno, "cannot write %s", n->shown);
	/* The owner first: the kernel clears set-user bits when it changes. */
	int rc = newfile_fill(fd, n->text) < 0 || (n->old && newfile_own(fd, n->old) < 0) ||
			fchmod(fd, n->mode) < 0 || (n->durable && tree_sync(fd) < 0)
		? -1
		: 0;
	if (rc < 0)
		tree_close(fd);
	else if (close(fd) == 0)
		return 0;
	error_system(e, errno, "cannot write %s", n->shown);
	unlinkat(dir, n->name, 0);
	return -1;
}
