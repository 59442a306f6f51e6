/* SPDX-License-Identifier: Apache-2.0 */
#include "run/recovery.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "store/git/commit.h"
#include "store/render/generate.h"
#include "store/tree/pathname.h"
#include "store/txn/place.h"

struct listing_layers {
	struct arena *mem;
	const struct root *root;
	const char **paths;
	size_t count;
	struct error *e;
};

static void add(struct listing_layers *l, const char *path)
{
	*ARENA_PUSH(l->mem, l->paths, l->count) = path;
}

/* Adds a file if it is there. */
static int add_if_there(struct listing_layers *l, const char *path)
{
	int fd = tree_open(l->root->fd, path, O_PATH | O_NOFOLLOW);

	if (fd < 0)
		return errno == ENOENT ? 0 : tree_error(l->e, errno, path);
	tree_close(fd);
	add(l, path);
	return 0;
}

/* The subject that a directory "config/TYPE/APPLICATION" is of. */
static bool find_subject(struct arena *mem, const char *application, struct subject *s)
{
	if (pathname_parts(application) != 3)
		return false;
	*s = (struct subject){ .type = pathname_last(pathname_parent(mem, application)),
		.application = pathname_last(application) };
	return true;
}

static int list_files(struct listing_layers *l, struct session *session, const struct subject *s)
{
	struct source *source = session->source;
	struct fleet fleet;
	struct file config;
	struct names names;

	if (load_fleet(l->mem, source, &fleet, &config, l->e) < 0 ||
		names_scan(l->mem, source, &fleet, s, &names, l->e) < 0 ||
		add_if_there(l, paths_defaults(l->mem, s->type)) < 0 ||
		add_if_there(l, paths_base(l->mem, s)) < 0)
		return -1;
	add(l, PATHS_CONFIG);
	for (size_t n = 0; n < HOLD_FILES_ABOVE; n++)
		if (add_if_there(l, hold_file_above(l->mem, s->type, n)) < 0)
			return -1;
	for (size_t i = 0; i < names.hold_count; i++)
		if (!names.holds[i].wrong)
			add(l, names.holds[i].path);
	for (size_t i = 0; i < names.layer_count; i++) {
		const struct layer_name *layer = &names.layers[i];

		if (layer->kind != ENTRY_DIRECTORY)
			add(l,
				arena_printf(l->mem, "%s/%s",
					paths_position(
						l->mem, s, &fleet.positions[layer->position]),
					layer->name));
	}
	return 0;
}

static int list_layers(const void *context, struct arena *mem, const char *application,
	const char *const **paths, size_t *count, struct error *e)
{
	struct session *session = (struct session *)context;
	struct listing_layers l = { .mem = mem, .root = &session->root, .e = e };
	struct subject s = { 0 };

	if (!find_subject(mem, application, &s))
		return 0;
	int rc = list_files(&l, session, &s);
	disk_forget(&session->disk);
	if (rc < 0 && e->status == STATUS_SYSTEM)
		return -1;
	if (rc < 0)
		error_free(e);
	*paths = l.paths;
	*count = l.count;
	return rc == 0;
}

/* What is decided is decided: an index that stays behind is no reason to keep the step from its end. */
static int is_committed(
	struct arena *mem, const struct root *root, int place, const char **behind, struct error *e)
{
	struct error failed = { 0 };
	int rc = git_commit_holds(mem, root, place, e);

	if (rc > 0 && git_commit_stage_again(mem, root, STAGING_DIR "/" STAGING_PLACE, &failed) < 0)
		*behind = arena_copy(mem, failed.text, strlen(failed.text));
	error_free(&failed);
	return rc;
}

int session_recover(struct arena *mem, struct session *s, bool trust, struct error *e)
{
	const struct recover_how how = { .trust = trust,
		.layers = { list_layers, s },
		.end_left = generate_end_left,
		.is_committed = is_committed };

	return recover(mem, &s->root, &how, &s->recovered, e);
}
