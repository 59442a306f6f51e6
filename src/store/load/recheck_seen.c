/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/recheck.h"

#include <errno.h>
#include <fcntl.h>

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

int recheck_seen(struct arena *mem, const struct root *root, const struct names *names,
	const struct application *app, struct error *e)
{
	if (recheck_directories(mem, root, names, e) < 0 || recheck_bases(mem, root, app, e) < 0)
		return -1;
	for (size_t at = 0; at < app->fleet->count; at++)
		for (size_t i = 0; i < app->at[at].count; i++) {
			const struct layer *layer = app->at[at].layers[i];

			if (recheck_file(root, layer->path, &layer->file->stamp, e) < 0)
				return -1;
		}
	return 0;
}
