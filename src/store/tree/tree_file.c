/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree_file.c - what is in one file, and whether it has changed.
 */
#include "store/tree/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "store/tree/access_list.h"

enum { LONGEST_TICK = 12 }; /* ms */

int tree_stat(int fd, struct stat *st)
{
	const struct timespec pause = { .tv_nsec = 1000 * 1000 };
	struct timespec now;

	/*
	 * A stamp from the future, made before a clock was set back, is not waited for: every file
	 * of a fleet may have one, and a change made now would get another.
	 */
	for (int i = 0; i <= LONGEST_TICK; i++) {
		if (fstat(fd, st) < 0 || clock_gettime(CLOCK_REALTIME_COARSE, &now) < 0)
			return -1;
		double ahead = ((double)st->st_ctim.tv_sec - (double)now.tv_sec) * 1e3 +
			(double)(st->st_ctim.tv_nsec - now.tv_nsec) / 1e6;
		if (ahead < 0 || ahead > LONGEST_TICK)
			break;
		nanosleep(&pause, NULL);
	}
	return 0;
}

int tree_sync(int fd)
{
	while (fsync(fd) < 0) {
		if (errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS)
			return 0;
		if (errno != EINTR)
			return -1;
	}
	return 0;
}

struct access tree_access(const struct stat *st)
{
	return (struct access){ st->st_mode & 07777, st->st_uid, st->st_gid };
}

bool tree_same_access(const struct stat *st, const struct access *was)
{
	return (st->st_mode & 07777) == was->mode && st->st_uid == was->owner &&
		st->st_gid == was->group;
}

struct stamp tree_stamp(const struct stat *st)
{
	return (struct stamp){ st->st_ino, st->st_size, st->st_mtim, st->st_ctim };
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool tree_same_bytes(const struct stamp *a, const struct stamp *b)
{
	return a->inode == b->inode && a->size == b->size && same_time(a->modified, b->modified);
}

bool tree_same_stamp(const struct stamp *a, const struct stamp *b)
{
	return tree_same_bytes(a, b) && same_time(a->changed, b->changed);
}

static bool same_but_for_names(const struct stat *now, const struct file *was)
{
	return now->st_size == was->stamp.size && same_time(now->st_mtim, was->stamp.modified) &&
		tree_same_access(now, &was->access);
}

int tree_is_still_open(int fd, const struct file *was)
{
	struct stat now;
	struct digest digest;

	if (fstat(fd, &now) < 0)
		return -1;
	const struct stamp stamp = tree_stamp(&now);
	if (tree_same_stamp(&stamp, &was->stamp))
		return 1;
	if (!same_but_for_names(&now, was))
		return 0;
	if (was->has_list && !access_list_is(fd, was->list))
		return 0;
	const struct digest right = digest_of(was->text);
	return tree_digest_open(fd, &digest) < 0 ? -1 : digest_equal(&digest, &right);
}

int tree_is_still(int dir, const char *path, const struct file *was)
{
	struct stat now;

	if (fstatat(dir, path, &now, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	const struct stamp stamp = tree_stamp(&now);
	if (tree_same_stamp(&stamp, &was->stamp))
		return 1;
	if (!S_ISREG(now.st_mode) || !same_but_for_names(&now, was))
		return 0;
	int fd = tree_open_file(dir, path);
	if (fd < 0)
		return -1;
	int rc = tree_is_still_open(fd, was);
	tree_close(fd);
	return rc;
}

/*
 * Reads a regular file of `size` bytes, and one byte more if it has grown since: a
 * read of fewer bytes has reached its end. -1 with errno set.
 */
static ssize_t read_all(int fd, char *into, size_t size)
{
	size_t n = 0;

	do {
		ssize_t got = read(fd, into + n, size + 1 - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		n += (size_t)got;
	} while (n < size);
	return (ssize_t)n;
}

/* NONBLOCK: opening a pipe without a writer must not block; it is refused once it is open */
int tree_open_file(int dir, const char *path)
{
	return tree_open(dir, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

/* Whether the size or the mtime of an open file is another one by now: 1, 0, or -1 with errno set. */
static int has_changed(int fd, const struct stat *was)
{
	struct stat now;

	if (fstat(fd, &now) < 0)
		return -1;
	return now.st_size != was->st_size || !same_time(now.st_mtim, was->st_mtim);
}

static int read_open(struct arena *mem, int fd, const char *shown, size_t limit, struct file *file,
	struct error *e)
{
	struct stat st;

	if (tree_stat(fd, &st) < 0)
		return error_system(e, errno, "%s", shown);
	if (!S_ISREG(st.st_mode))
		return error_set(e, STATUS_FILES, "%s: is %s, not a file", shown,
			S_ISDIR(st.st_mode) ? "a directory" : "a special file");
	if ((size_t)st.st_size > limit)
		return error_set(
			e, STATUS_FILES, "%s: larger than %zu MiB", shown, limit / (1024 * 1024));
	size_t size = (size_t)st.st_size;
	char *text = arena_alloc(mem, size + 1, 1);
	ssize_t got = read_all(fd, text, size);
	int changed = got < 0 ? -1 : (size_t)got != size ? 1 : has_changed(fd, &st);
	if (changed < 0)
		return error_system(e, errno, "%s", shown);
	if (changed) {
		error_set(e, STATUS_REFUSED, "%s: changed while it was read; run it again", shown);
		error_command(e, "%s", "");
		return error_code(e, "changed-meanwhile");
	}
	text[size] = '\0';
	*file = (struct file){
		.text = { text, size },
		.access = tree_access(&st),
		.stamp = tree_stamp(&st),
	};
	return 0;
}

int tree_read_open(struct arena *mem, int fd, const char *shown, size_t limit, struct file *file,
	struct error *e)
{
	return read_open(mem, fd, shown, limit, file, e) < 0 ? error_file(e, shown) : 0;
}

int tree_read_list(struct arena *mem, int fd, const char *shown, struct file *file, struct error *e)
{
	if (access_list_read(mem, fd, ACCESS_LIST, &file->list) < 0) {
		error_system(e, errno, "cannot read the access list of %s", shown);
		return error_file(e, shown);
	}
	file->has_list = true;
	return 0;
}

int tree_read(struct arena *mem, int dir, const char *path, size_t limit, struct file *file,
	struct error *e)
{
	int fd = tree_open_file(dir, path);

	if (fd < 0)
		return tree_error(e, errno, path);
	int rc = tree_read_open(mem, fd, path, limit, file, e);
	close(fd);
	return rc;
}

static int digest_within(int fd, off_t limit, struct digest *digest)
{
	char chunk[16 * 1024];
	struct digesting s;
	struct stat st;
	off_t all = 0;
	ssize_t n = 0;

	if (fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode) || st.st_size > limit) {
		errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
		return -1;
	}
	digest_begin(&s);
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		all += n;
		/* untested: a program appends as fast as this reads */
		if (all > limit) {
			errno = EFBIG;
			return -1;
		}
		digest_add(&s, (struct str){ chunk, (size_t)n });
	}
	*digest = digest_end(&s);
	return 0;
}

int tree_digest_open(int fd, struct digest *digest)
{
	return digest_within(fd, TREE_LARGEST, digest);
}

int tree_digest_any(int fd, struct digest *digest)
{
	return digest_within(fd, INT64_MAX - 1, digest);
}

bool tree_is_absent(int code)
{
	return code == ENOENT || code == ENOTDIR || code == ELOOP || code == ENXIO ||
		code == EINVAL || code == EFBIG;
}

int tree_digest(int dir, const char *path, struct digest *digest)
{
	int fd = tree_open_file(dir, path);

	if (fd < 0)
		return -1;
	int rc = tree_digest_open(fd, digest);
	tree_close(fd);
	return rc;
}
