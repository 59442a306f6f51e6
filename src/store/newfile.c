#include "store/newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* A name for file systems that have no nameless files; one process has one at a time. */
#define SPARE_NAME ".promote-new"

static int write_all(int fd, struct str text)
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

/* The file has no name until it is complete: a killed process leaves nothing. */
static int write_nameless(int folder, const char *name, struct str text, mode_t mode)
{
	char self[64];
	int fd = openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	int rc = write_all(fd, text) < 0 || fchmod(fd, mode) < 0 ||
			linkat(AT_FDCWD, self, folder, name, AT_SYMLINK_FOLLOW) < 0
		? -1
		: 0;
	int code = errno;
	close(fd);
	errno = code;
	return rc;
}

static int write_named(int folder, const char *name, struct str text, mode_t mode)
{
	int fd = openat(
		folder, SPARE_NAME, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	int rc = write_all(fd, text) < 0 || fchmod(fd, mode) < 0 ? -1 : 0;
	if (close(fd) < 0)
		rc = -1;
	if (rc == 0)
		rc = renameat2(folder, SPARE_NAME, folder, name, RENAME_NOREPLACE);
	int code = errno;
	if (rc < 0)
		unlinkat(folder, SPARE_NAME, 0);
	errno = code;
	return rc;
}

int newfile_write(int folder, const char *name, const char *shown, struct str text, mode_t mode,
	struct error *e)
{
	int rc = write_nameless(folder, name, text, mode);

	/* no such files here, or no /proc to name them through */
	if (rc < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT))
		rc = write_named(folder, name, text, mode);
	if (rc == 0)
		return 0;
	if (errno == EEXIST)
		return error_set(e, STATUS_REFUSED, "Target patch already exists at %s", shown);
	return error_system(e, errno, "cannot write %s", shown);
}
