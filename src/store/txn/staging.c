/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/staging.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/txn/place.h"

#define SHOWN        STAGING_DIR "/"
#define STAGING_COPY "copy"

static const char *const decided[] = {
	[DECIDED_REDO] = STAGING_REDO,
	[DECIDED_UNDO] = STAGING_UNDO,
};

int staging_open(const struct root *root, struct staging *s, struct error *e)
{
	*s = (struct staging){ .root = root,
		.fd = tree_open(root->fd, STAGING_DIR, O_RDONLY | O_DIRECTORY) };
	if (s->fd < 0)
		return errno == ENOENT ? 0 : tree_error(e, errno, STAGING_DIR);
	if (site_of(root->fd, s->fd, &s->site) == 0)
		return 0;
	error_system(e, errno, STAGING_DIR);
	close(s->fd);
	s->fd = -1;
	return -1;
}

/* Without it git sees the directory; with it a later run knows where that was made. */
static int write_ignore(const struct staging *s, struct error *e)
{
	char site[SITE_TEXT], text[SITE_TEXT + 8];
	struct newfile n = {
		.name = STAGING_IGNORE, .shown = STAGING_DIR, .mode = 0600, .durable = true
	};

	site_print(&s->site, site);
	snprintf(text, sizeof(text), "*\n# %s\n", site);
	n.text = str_of(text);
	return newfile_write(s->fd, &n, e);
}

int staging_make(const struct root *root, struct staging *s, struct error *e)
{
	*s = (struct staging){ .root = root, .fd = -1 };
	if (mkdirat(root->fd, STAGING_DIR, 0700) < 0)
		return error_system(e, errno, "cannot make the directory " STAGING_DIR);
	if (staging_open(root, s, e) == 0 && s->fd >= 0 && write_ignore(s, e) == 0)
		return 0;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	unlinkat(root->fd, STAGING_DIR, AT_REMOVEDIR);
	return e->text ? -1 : tree_error(e, ENOENT, STAGING_DIR);
}

bool staging_is_there(const struct staging *s)
{
	struct identity now;

	/* one that cannot be looked at is not taken for another */
	if (identity_at(s->root->fd, STAGING_DIR, &now) < 0)
		return errno != ENOENT;
	return identity_same(&now, &s->site.staging, true);
}

/* Moves an entry of a directory to a name that is free: NAME.1 or such. -1 with errno set. */
static int move_aside(int dir, const char *name, char free_name[STAGING_NAME])
{
	enum { TRIES = 100 };
	struct stat st;

	for (int i = 1; i <= TRIES; i++) {
		snprintf(free_name, STAGING_NAME, "%s.%d", name, i);
		if (fstatat(dir, free_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return errno == ENOENT ? renameat(dir, name, dir, free_name) : -1;
	}
	errno = EEXIST;
	return -1;
}

/* A generator may have taken away our own rights to it. If they stay away, the next call tells. */
static void take_rights(const struct staging *s)
{
	(void)fchmod(s->fd, 0700);
}

int staging_make_again(struct staging *s, struct error *e)
{
	const struct root *root = s->root;
	char aside[STAGING_NAME] = "";

	if (staging_is_there(s)) {
		take_rights(s);
		return 0;
	}
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	if (unlinkat(root->fd, STAGING_DIR, AT_REMOVEDIR) < 0 && errno != ENOENT &&
		move_aside(root->fd, STAGING_DIR, aside) < 0)
		return error_system(e, errno, "cannot move " STAGING_DIR " aside");
	if (staging_make(root, s, e) < 0)
		return -1;
	memcpy(s->aside, aside, sizeof(aside));
	return 0;
}

/* Removes what has the name of a file that is to be written again. -1 with errno set. */
static int clear_new(const struct staging *s)
{
	char aside[STAGING_NAME];

	return unlinkat(s->fd, STAGING_NEW, 0) < 0 && errno != ENOENT
		? move_aside(s->fd, STAGING_NEW, aside)
		: 0;
}

int staging_replace(const struct staging *s, const struct newfile *n, struct error *e)
{
	struct newfile made = *n;
	char aside[STAGING_NAME];

	made.name = STAGING_NEW;
	made.durable = true;
	if (clear_new(s) < 0)
		return error_system(e, errno, "cannot write %s", n->shown);
	if (newfile_write(s->fd, &made, e) < 0)
		return -1;
	if (renameat(s->fd, STAGING_NEW, s->fd, n->name) == 0 ||
		(errno == EISDIR && move_aside(s->fd, n->name, aside) == 0 &&
			renameat(s->fd, STAGING_NEW, s->fd, n->name) == 0))
		return 0;
	return error_system(e, errno, "cannot write %s", n->shown);
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

int staging_copy(int from, int to, struct digest *digest)
{
	char chunk[16 * 1024];
	struct digesting s;
	off_t at = 0;
	ssize_t n = 0;

	digest_begin(&s);
	while ((n = pread(from, chunk, sizeof(chunk), at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		const struct str bytes = { chunk, n < 0 ? 0 : (size_t)n };
		if (n < 0 || newfile_fill(to, bytes) < 0)
			return -1;
		digest_add(&s, bytes);
		at += n;
	}
	*digest = digest_end(&s);
	return 0;
}

/*
 * A file that no program can reach by a name. If the file system has such files, it can be given
 * one later, without room on the disk. -1 with errno set.
 */
static int open_nameless(const struct staging *s)
{
	int fd = openat(s->fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	fd = openat(s->fd, STAGING_COPY, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0600);
	/* untested: a file that was just made cannot be removed */
	if (fd >= 0 && unlinkat(s->fd, STAGING_COPY, 0) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int staging_copy_rendered(
	const struct staging *s, int archive, struct digest *digest, struct error *e)
{
	int fd = open_nameless(s);

	if (fd >= 0 && staging_copy(archive, fd, digest) == 0)
		return fd;
	error_system(e, errno, "cannot keep a copy of rendered");
	if (fd >= 0)
		close(fd);
	return -1;
}

int staging_keep_room(const struct staging *s, size_t pages, struct error *e)
{
	static const char page[STAGING_PAGE];
	/* untested: no file can be made where one was made just before */
	int fd = open_nameless(s), rc = fd < 0 ? -1 : 0;

	for (size_t i = 0; rc == 0 && i < pages; i++)
		rc = newfile_fill(fd, (struct str){ page, sizeof(page) });
	if (rc == 0)
		return fd;
	error_system(e, errno, "cannot keep room for an undo in " STAGING_DIR);
	if (fd >= 0)
		close(fd);
	return -1;
}

int staging_name_copy(const struct staging *s, int copy)
{
	char path[STAGING_NAME];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", copy);
	return tree_sync(copy) < 0 || clear_new(s) < 0 ||
			/* untested: /proc is not mounted; the copy is written then */
			linkat(AT_FDCWD, path, s->fd, STAGING_NEW, AT_SYMLINK_FOLLOW) < 0 ||
			renameat(s->fd, STAGING_NEW, s->fd, STAGING_RENDERED) < 0
		? -1
		: 0;
}

int staging_sync(const struct staging *s, struct error *e)
{
	if (tree_sync(s->fd) == 0)
		return 0;
	return error_system(e, errno, "cannot write " STAGING_DIR " to the disk");
}

/*
 * The name that NFS and FUSE give to a file that was removed while it was open, until it is closed;
 * one that is removed gets another such name.
 */
static bool is_removed(const char *name)
{
	return strncmp(name, ".nfs", 4) == 0 || strncmp(name, ".fuse_hidden", 12) == 0;
}

/* Whether a step makes files of this name. */
static bool is_own_name(const char *name)
{
	static const char *const names[] = { STAGING_IGNORE, STAGING_JOURNAL, STAGING_REDO,
		STAGING_UNDO, STAGING_RENDERED, STAGING_COPY, STAGING_NEW, STAGING_PLACE };
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
	take_rights(s);
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

	if (is_removed(d->d_name))
		return 0;
	w->count++;
	if (is_own_name(d->d_name))
		return 0;
	error_set(w->e, STATUS_FILES, SHOWN "%s: not a file of promote; move it away", d->d_name);
	return 1;
}

static int remove_name(void *walk, const struct dirent64 *d)
{
	struct walk *w = walk;

	if (strcmp(d->d_name, STAGING_IGNORE) == 0 || is_removed(d->d_name))
		return 0;
	w->count++;
	if (unlinkat(w->s->fd, d->d_name, 0) == 0 ||
		(strcmp(d->d_name, STAGING_PLACE) == 0 && place_remove(w->s->fd) == 0))
		return 0;
	error_system(w->e, errno, "cannot remove " SHOWN "%s", d->d_name);
	return 1;
}

int staging_check_names(const struct staging *s, struct error *e)
{
	return for_names(s, check_name, e);
}

int staging_turn_back(const struct staging *s, struct error *e)
{
	if (renameat(s->fd, STAGING_REDO, s->fd, STAGING_UNDO) < 0)
		return error_system(e, errno, "cannot rename " SHOWN STAGING_REDO);
	return staging_sync(s, e);
}

/* Reads the names again until there are none: removing one may hide another from a read. */
static int remove_names(const struct staging *s, struct error *e)
{
	int count = 1;

	while (count > 0)
		count = for_names(s, remove_name, e);
	if (count == 0 && unlinkat(s->fd, STAGING_IGNORE, 0) < 0 && errno != ENOENT)
		return error_system(e, errno, "cannot remove " SHOWN STAGING_IGNORE);
	return count;
}

/* A file that was removed while it was open vanishes some time after it is closed. */
static int remove_directory(const struct root *root)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };

	for (int i = 0; i < 50; i++) {
		if (unlinkat(root->fd, STAGING_DIR, AT_REMOVEDIR) == 0 || errno == ENOENT)
			return 0;
		if (errno != ENOTEMPTY && errno != EBUSY)
			return -1;
		nanosleep(&pause, NULL);
	}
	return -1;
}

int staging_remove(struct staging *s, struct error *e)
{
	int rc = for_names(s, check_name, e) < 0 || staging_forget(s, e) < 0 ||
			remove_names(s, e) < 0
		? -1
		: 0;

	if (rc == 0 && remove_directory(s->root) < 0)
		rc = error_system(e, errno, "cannot remove the directory " STAGING_DIR);
	close(s->fd);
	s->fd = -1;
	return rc;
}
