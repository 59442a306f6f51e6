/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/staging.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHOWN  STAGING_DIR "/"
#define IGNORE ".gitignore"

static const char *const decided[] = {
	[DECIDED_REDO] = STAGING_REDO,
	[DECIDED_UNDO] = STAGING_UNDO,
};

int staging_open(const struct root *root, struct staging *s, struct error *e)
{
	*s = (struct staging){ root, tree_open(root->fd, STAGING_DIR, O_RDONLY | O_DIRECTORY) };
	if (s->fd >= 0 || errno == ENOENT)
		return 0;
	return tree_error(e, errno, STAGING_DIR);
}

int staging_make(const struct root *root, struct staging *s, struct error *e)
{
	const struct newfile ignore = {
		.name = IGNORE, .shown = STAGING_DIR, .text = STR("*\n"), .mode = 0644
	};

	*s = (struct staging){ root, -1 };
	if (mkdirat(root->fd, STAGING_DIR, 0777) < 0)
		return error_system(e, errno, "cannot make the directory " STAGING_DIR);
	s->fd = tree_open(root->fd, STAGING_DIR, O_RDONLY | O_DIRECTORY);
	if (s->fd < 0)
		tree_error(e, errno, STAGING_DIR);
	else if (newfile_write(s->fd, &ignore, e) == 0)
		return 0;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	unlinkat(root->fd, STAGING_DIR, AT_REMOVEDIR);
	return -1;
}

void staging_name(char name[STAGING_NAME], size_t i, bool old)
{
	snprintf(name, STAGING_NAME, "%zu%s", i, old ? "-old" : "");
}

int staging_make_rendered(const struct staging *s, struct error *e)
{
	int fd = openat(
		s->fd, STAGING_RENDERED, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		error_system(e, errno, "cannot keep a copy of rendered");
	return fd;
}

int staging_open_rendered(const struct staging *s, struct error *e)
{
	int fd = tree_open(s->fd, STAGING_RENDERED, O_RDONLY);

	return fd < 0 ? tree_error(e, errno, SHOWN STAGING_RENDERED) : fd;
}

int staging_sync(const struct staging *s, struct error *e)
{
	if (tree_sync(s->fd) == 0)
		return 0;
	return error_system(e, errno, "cannot write " STAGING_DIR " to the disk");
}

/* Whether a step makes files of this name. */
static bool is_own_name(const char *name)
{
	static const char *const names[] = { IGNORE, STAGING_JOURNAL, STAGING_REDO, STAGING_UNDO,
		STAGING_RENDERED };
	size_t digits = strspn(name, "0123456789");

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return digits > 0 && (name[digits] == '\0' || strcmp(name + digits, "-old") == 0);
}

int staging_decision(const struct staging *s, enum decision *d, struct error *e)
{
	*d = DECIDED_NOTHING;
	for (int i = DECIDED_REDO; i <= DECIDED_UNDO; i++) {
		if (faccessat(s->fd, decided[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			*d = (enum decision)i;
		else if (errno != ENOENT)
			return error_system(e, errno, SHOWN "%s", decided[i]);
	}
	return 0;
}

int staging_forget(const struct staging *s, struct error *e)
{
	for (int i = DECIDED_REDO; i <= DECIDED_UNDO; i++)
		if (unlinkat(s->fd, decided[i], 0) < 0 && errno != ENOENT)
			return error_system(e, errno, "cannot remove " SHOWN "%s", decided[i]);
	return staging_sync(s, e);
}

struct walk {
	const struct staging *s;
	int count;
	struct error *e;
};

/*
 * Calls `each` for every name in the directory, which returns 0, or 1 with an error.
 * Returns what it has counted, or -1.
 */
static int for_names(
	const struct staging *s, int (*each)(void *walk, const struct dirent64 *d), struct error *e)
{
	struct walk w = { s, 0, e };

	if (lseek(s->fd, 0, SEEK_SET) < 0)
		return error_system(e, errno, STAGING_DIR);
	int rc = tree_names(s->fd, each, &w);
	/* if another program has removed the directory meanwhile it is empty */
	if (rc < 0 && errno != ENOENT)
		return error_system(e, errno, STAGING_DIR);
	return rc > 0 ? -1 : w.count;
}

static int check_name(void *walk, const struct dirent64 *d)
{
	struct walk *w = walk;

	w->count++;
	if (is_own_name(d->d_name))
		return 0;
	error_set(w->e, STATUS_FILES, SHOWN "%s: not a file of promote; move it away", d->d_name);
	return 1;
}

static int remove_name(void *walk, const struct dirent64 *d)
{
	struct walk *w = walk;

	if (strcmp(d->d_name, IGNORE) == 0)
		return 0;
	w->count++;
	if (unlinkat(w->s->fd, d->d_name, 0) == 0)
		return 0;
	error_system(w->e, errno, "cannot remove " SHOWN "%s", d->d_name);
	return 1;
}

int staging_check_own(const struct staging *s, struct error *e)
{
	int count = for_names(s, check_name, e);

	if (count <= 0 || faccessat(s->fd, IGNORE, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return count < 0 ? -1 : 0;
	if (errno != ENOENT)
		return error_system(e, errno, SHOWN IGNORE);
	return error_set(e, STATUS_FILES,
		"the directory " STAGING_DIR " is not promote's own, since it has no " IGNORE
		"; move it away");
}

/* Reads the names again until there are none: removing one may hide another from a read. */
static int remove_names(const struct staging *s, struct error *e)
{
	int count = 1;

	while (count > 0)
		count = for_names(s, remove_name, e);
	if (count == 0 && unlinkat(s->fd, IGNORE, 0) < 0 && errno != ENOENT)
		return error_system(e, errno, "cannot remove " SHOWN IGNORE);
	return count;
}

int staging_remove(struct staging *s, struct error *e)
{
	int rc = for_names(s, check_name, e) < 0 || staging_forget(s, e) < 0 ||
			remove_names(s, e) < 0
		? -1
		: 0;

	if (rc == 0 && unlinkat(s->root->fd, STAGING_DIR, AT_REMOVEDIR) < 0 && errno != ENOENT)
		rc = error_system(e, errno, "cannot remove the directory " STAGING_DIR);
	close(s->fd);
	s->fd = -1;
	return rc;
}
