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

static int fill(int fd, const struct newfile *n)
{
	if (write_all(fd, n->text) < 0 || fchmod(fd, n->mode) < 0)
		return -1;
	return n->durable ? fsync(fd) : 0;
}

/* The file has no name until it is complete: a killed process leaves nothing. */
static int write_nameless(int folder, const struct newfile *n)
{
	char self[64];
	int fd = openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	int rc = fill(fd, n) < 0 || linkat(AT_FDCWD, self, folder, n->name, AT_SYMLINK_FOLLOW) < 0
		? -1
		: 0;
	int code = errno;
	close(fd);
	errno = code;
	return rc;
}

/* Gives the spare file its name, if that is free. */
static int name_spare(int folder, const struct newfile *n)
{
	const char *name = n->name;

	if (renameat2(folder, SPARE_NAME, folder, name, RENAME_NOREPLACE) == 0)
		return 0;
	/* network file systems do not know the flag, but links, which never replace either */
	if (errno != EINVAL || linkat(folder, SPARE_NAME, folder, name, 0) < 0)
		return -1;
	unlinkat(folder, SPARE_NAME, 0); /* else the next file made here does it */
	return 0;
}

/* Gives the spare file its name, if the file that has it is the one to be replaced. */
static int replace_by_spare(int folder, const struct newfile *n)
{
	struct stat st;

	if (fstatat(folder, n->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	struct stamp now = tree_stamp(&st);
	if (!tree_same_stamp(&now, n->replaces)) {
		errno = ESTALE;
		return -1;
	}
	return renameat(folder, SPARE_NAME, folder, n->name);
}

static int write_named(
	int folder, const struct newfile *n, int (*give_name)(int folder, const struct newfile *n))
{
	/* one that a killed run has left */
	if (unlinkat(folder, SPARE_NAME, 0) < 0 && errno != ENOENT)
		return -1;
	int fd = openat(
		folder, SPARE_NAME, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	int rc = fill(fd, n);
	if (close(fd) < 0)
		rc = -1;
	if (rc == 0)
		rc = give_name(folder, n);
	int code = errno;
	if (rc < 0)
		unlinkat(folder, SPARE_NAME, 0);
	errno = code;
	return rc;
}

int newfile_write(int folder, const struct newfile *n, struct error *e)
{
	int rc = write_nameless(folder, n);

	/* no such files here, or no /proc to name them through */
	if (rc < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT))
		rc = write_named(folder, n, name_spare);
	if (rc == 0)
		return 0;
	if (errno == EEXIST)
		return error_set(e, STATUS_REFUSED, "Target patch already exists at %s", n->shown);
	return error_system(e, errno, "cannot write %s", n->shown);
}

int newfile_replace(int folder, const struct newfile *n, struct error *e)
{
	if (write_named(folder, n, replace_by_spare) == 0)
		return 0;
	if (errno == ESTALE)
		return error_set(e, STATUS_REFUSED,
			"%s: another program has changed it meanwhile; it is left as it is",
			n->shown);
	return error_system(e, errno, "cannot write %s", n->shown);
}

int newfile_folder(int parent, const char *name, mode_t mode)
{
	if (mkdirat(parent, name, 0700) < 0)
		return -1;
	int fd = tree_open(parent, name, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return -1;
	int rc = fchmod(fd, mode);
	int code = errno;
	close(fd);
	errno = code;
	return rc;
}
