/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/place.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { DEEPEST = 16 };

int place_open(const struct staging *s)
{
	return tree_open(s->fd, STAGING_PLACE, O_RDONLY | O_DIRECTORY);
}

int place_make(const struct staging *s, struct error *e)
{
	int fd = mkdirat(s->fd, STAGING_PLACE, 0700) < 0 ? -1 : place_open(s);

	return fd < 0
		? error_system(e, errno, "cannot make the directory " STAGING_DIR "/" STAGING_PLACE)
		: fd;
}

struct removal {
	int dir;
	unsigned depth;
	bool some;
};

static int remove_all(int parent, const char *name, unsigned depth);

static int remove_entry(void *context, const struct dirent64 *d)
{
	struct removal *r = context;

	r->some = true;
	if (unlinkat(r->dir, d->d_name, 0) == 0)
		return 0;
	/* untested at times: what is no directory can be removed from one of ours */
	return errno == EISDIR && r->depth < DEEPEST ? remove_all(r->dir, d->d_name, r->depth + 1)
						     : -1;
}

/* Reads the names again until there are none: removing one may hide another from a read. */
static int remove_all(int parent, const char *name, unsigned depth)
{
	struct removal r = {
		.dir = tree_open(parent, name, O_RDONLY | O_DIRECTORY), .depth = depth, .some = true
	};
	int rc = 0;

	/* untested: it was a directory just before */
	if (r.dir < 0)
		return -1;
	while (rc == 0 && r.some) {
		r.some = false;
		/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
		rc = lseek(r.dir, 0, SEEK_SET) < 0 ? -1 : tree_names(r.dir, remove_entry, &r);
	}
	tree_close(r.dir);
	return rc == 0 ? unlinkat(parent, name, AT_REMOVEDIR) : -1;
}

int place_remove(int staging)
{
	return remove_all(staging, STAGING_PLACE, 0);
}
