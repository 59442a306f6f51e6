/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unchanged.c - recheck_application: that a step still stands on the files it was worked out from.
 *
 * A stamp has the time of the last change to a file's inode or to a folder's
 * names, so one look at each tells. Links on the way need no care here: what
 * they lead to has another inode.
 */
#include <errno.h>
#include <fcntl.h>

#include "store/load/scan.h"

struct check {
	struct arena *mem;
	const struct scanned *survey;
	const struct root *root;
	const struct fleet *f;
	const struct subject *s;
	struct error *e;
};

int recheck_file(
	const struct root *root, const char *path, const struct stamp *was, struct error *e)
{
	struct stat st = { 0 };

	if (fstatat(root->fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno != ENOENT)
		return error_system(e, errno, "%s", path);
	struct stamp now = tree_stamp(&st);
	if (tree_same_stamp(&now, was))
		return 0;
	return error_set(e, STATUS_REFUSED,
		"%s: changed while the step was worked out; nothing was written. Run it again",
		path);
}

static int check(const struct check *k, const char *path, const struct stamp *was)
{
	return recheck_file(k->root, path, was, k->e);
}

/* A base layer, there or not; one that is not there has a stamp of zeros. */
static int check_base(const struct check *k, const struct layer *layer, const char *path)
{
	const struct stamp none = { 0 };

	return check(k, path, layer ? &layer->file->stamp : &none);
}

static int check_position(const struct check *k, size_t at)
{
	const struct scanned *v = k->survey;
	const struct position *p = &k->f->positions[at];
	const char *folder = paths_position(k->mem, k->s, p);

	if (check(k, folder, &v->folders[at]) < 0)
		return -1;
	for (size_t i = 0; i < v->app.at[at].count; i++) {
		const struct layer *layer = v->app.at[at].layers[i];

		if (check(k, layer->path, &layer->file->stamp) < 0)
			return -1;
	}
	return 0;
}

int recheck_application(struct arena *mem, const struct scanned *survey,
	const struct root *root, const struct fleet *f, const struct subject *s, struct error *e)
{
	const struct check k = { mem, survey, root, f, s, e };
	struct arena_mark mark = arena_mark(mem);
	int rc = check(&k, paths_application(mem, s), &survey->folder);

	if (rc == 0)
		rc = check_base(&k, survey->app.defaults,
			arena_printf(mem, "config/%s/defaults.yaml", s->type));
	if (rc == 0)
		rc = check_base(&k, survey->app.base,
			arena_printf(mem, "%s/values.yaml", paths_application(mem, s)));
	for (size_t at = 0; at < f->count && rc == 0; at++) {
		struct arena_mark each = arena_mark(mem);

		/* a folder that is not there cannot come without changing the one above it */
		if (survey->folders[at].inode)
			rc = check_position(&k, at);
		arena_rewind(mem, each);
	}
	arena_rewind(mem, mark);
	return rc;
}
