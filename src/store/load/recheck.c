/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recheck.c - recheck_application: whether what was scanned has changed since.
 *
 * Links on the way need no care here: what they lead to has another inode.
 */
#include "store/load/scan.h"

#include <errno.h>
#include <fcntl.h>

int recheck_file(
	const struct root *root, const char *path, const struct stamp *was, struct error *e)
{
	struct stat st = { 0 };

	if (fstatat(root->fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno != ENOENT)
		return error_system(e, errno, "%s", path);
	struct stamp now = tree_stamp(&st);
	if (tree_same_stamp(&now, was))
		return 0;
	error_set(e, STATUS_REFUSED,
		"%s: changed while the step was worked out; nothing was written. Run it again",
		path);
	error_file(e, path);
	error_command(e, "%s", "");
	return error_code(e, "changed-meanwhile");
}

/* A directory that was not there cannot appear without a change to the one above it. */
static int recheck_directories(
	struct arena *mem, const struct root *root, const struct names *names, struct error *e)
{
	for (size_t i = 0; i < names->directory_count; i++) {
		const struct seen_directory *seen = &names->directories[i];
		const struct arena_mark mark = arena_mark(mem);
		const char *application =
			arena_printf(mem, "config/%s/%s", names->type, names->application);
		const char *path = seen->position == NOWHERE
			? application
			: arena_printf(mem, "%s/%s", application,
				  names->fleet->positions[seen->position].path);
		int rc = recheck_file(root, path, &seen->stamp, e);

		arena_rewind(mem, mark);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int recheck_base(
	const struct root *root, const char *path, const struct layer *base, struct error *e)
{
	const struct stamp none = { 0 };

	return recheck_file(root, path, base ? &base->file->stamp : &none, e);
}

static int recheck_bases(
	struct arena *mem, const struct root *root, const struct application *app, struct error *e)
{
	const struct arena_mark mark = arena_mark(mem);
	int rc = recheck_base(
		root, arena_printf(mem, "config/%s/defaults.yaml", app->type), app->defaults, e);

	if (rc == 0)
		rc = recheck_base(root,
			arena_printf(mem, "config/%s/%s/values.yaml", app->type, app->name),
			app->base, e);
	arena_rewind(mem, mark);
	return rc;
}

int recheck_application(
	struct arena *mem, const struct root *root, const struct scanned *scanned, struct error *e)
{
	const struct application *app = &scanned->app;

	if (recheck_directories(mem, root, &scanned->names, e) < 0 ||
		recheck_bases(mem, root, app, e) < 0)
		return -1;
	for (size_t at = 0; at < app->fleet->count; at++)
		for (size_t i = 0; i < app->at[at].count; i++) {
			const struct layer *layer = app->at[at].layers[i];

			if (recheck_file(root, layer->path, &layer->file->stamp, e) < 0)
				return -1;
		}
	return 0;
}
