/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "store/tree/near.h"
#include "store/tree/pathname.h"
#include "yaml/read.h"

int scan_application(struct contents *contents, const struct fleet *f, const struct subject *s,
	struct scanned *out, struct error *e)
{
	struct scanned made = { 0 };

	if (names_scan(contents->mem, contents->source, f, s, &made.names, e) < 0 ||
		contents_application(contents, &made.names, s->patch, &made.app, e) < 0)
		return -1;
	*out = made;
	return 0;
}

/* Its directory was listed, but the file may be gone by now. */
static int read_astray(
	struct contents *c, const char *path, const struct layer **out, struct error *e)
{
	struct layer *layer = ARENA_NEW(c->mem, struct layer, 1);
	struct file *file = ARENA_NEW(c->mem, struct file, 1);
	struct doc *doc = ARENA_NEW(c->mem, struct doc, 1);
	int found = c->source->read(c->source, c->mem, path, YAML_VALUES_BYTES, file, e);

	/* untested at times: faults take a sample of the calls that fail */
	if (found <= 0)
		/* untested: removed since its directory was listed */
		return found < 0 ? -1 : tree_error(e, ENOENT, path);
	*doc = (struct doc){ .name = path, .text = file->text };
	*layer = (struct layer){
		.path = path,
		.name = pathname_last(path),
		.doc = doc,
		.file = file,
		.mode = file->access.mode & 0777,
		.patch = true,
	};
	*out = layer;
	return 0;
}

int scan_astray(
	struct contents *contents, const char *file, struct scanned *scanned, struct error *e)
{
	const struct names *names = &scanned->names;
	struct astray_copies copies = { 0 };

	if (names->unlisted) {
		error_set(e, STATUS_SYSTEM,
			"%s: cannot be listed, and so the copies below it are not known",
			names->unlisted);
		return error_file(e, names->unlisted);
	}
	for (size_t i = 0; i < names->stray_count; i++) {
		const struct astray *a = &names->strays[i];

		if (a->position == NOWHERE && strcmp(pathname_last(a->path), file) == 0 &&
			/* untested at times: faults take a sample of the calls that fail */
			read_astray(contents, a->path,
				ARENA_PUSH(contents->mem, copies.list, copies.count), e) < 0)
			return -1;
	}
	scanned->astray = copies;
	return 0;
}

static int refuse_changed(const char *path, struct error *e)
{
	error_set(e, STATUS_REFUSED,
		"%s: changed while the step was worked out; nothing was written. Run it again",
		path);
	error_file(e, path);
	error_command(e, "%s", "");
	return error_code(e, "changed-meanwhile");
}

/* Links on the way need no care here: what they lead to has another inode. */
static int recheck_near(
	struct near *near, const char *path, const struct file *was, struct error *e)
{
	struct stat st;
	const char *below = NULL;
	int dir = near_at(near, path, 2, &below);
	int rc = was ? tree_is_still(dir, below, was)
		     : fstatat(dir, below, &st, AT_SYMLINK_NOFOLLOW);

	if (rc < 0 && errno != ENOENT)
		return error_system(e, errno, "%s", path);
	return (was ? rc > 0 : rc < 0) ? 0 : refuse_changed(path, e);
}

int recheck_file(const struct root *root, const char *path, const struct file *was, struct error *e)
{
	struct near near;

	near_start(&near, root->fd);
	int rc = recheck_near(&near, path, was, e);
	near_end(&near);
	return rc;
}

/* Its ctime is of no interest: it moves with each change of names, which the mtime tells. */
static int recheck_directory(
	struct near *near, const char *path, const struct stamp *was, struct error *e)
{
	struct stat st = { 0 };
	const char *below = NULL;
	int dir = near_at(near, path, 1, &below);

	if (fstatat(dir, below, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno != ENOENT)
		return error_system(e, errno, "%s", path);
	const struct stamp now = tree_stamp(&st);
	return tree_same_bytes(&now, was) ? 0 : refuse_changed(path, e);
}

/* A directory that was not there cannot appear without a change to the one above it. */
static int recheck_directories(
	struct arena *mem, struct near *near, const struct names *names, struct error *e)
{
	const struct subject s = { .type = names->type, .application = names->application };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < names->directory_count; i++) {
		const struct seen_directory *seen = &names->directories[i];
		const struct arena_mark mark = arena_mark(mem);

		rc = recheck_directory(near,
			seen->position == NOWHERE
				? paths_application(mem, &s)
				: paths_position(mem, &s, &names->fleet->positions[seen->position]),
			&seen->stamp, e);
		arena_rewind(mem, mark);
	}
	return rc;
}

static int recheck_base(
	const struct root *root, const char *path, const struct layer *base, struct error *e)
{
	return recheck_file(root, path, base ? base->file : NULL, e);
}

/* REFUSED if a hold was added to a directory above applications, or what was meant to be one. */
static int recheck_above(struct arena *mem, const struct root *root, const struct hold_list *holds,
	const char *directory, struct error *e)
{
	struct disk disk;
	struct listing list = { 0 };
	struct hold_name found;

	/* that it could not be listed was a hold, too */
	if (hold_has_file(holds, directory))
		return 0;
	disk_start(&disk, root->fd);
	int rc = disk.source.list(&disk.source, mem, directory, &list, e);
	disk_forget(&disk);
	for (size_t i = 0; rc > 0 && i < list.count; i++) {
		const char *path = arena_printf(mem, "%s/%s", directory, list.entries[i].name);

		if (names_is_hold(mem, &list.entries[i], true, &found) &&
			!hold_has_file(holds, path))
			rc = refuse_changed(path, e);
	}
	return rc < 0 ? -1 : 0;
}

/* One that could not be read then was met as a hold already. */
static int recheck_holds(
	struct arena *mem, const struct root *root, const struct application *app, struct error *e)
{
	const struct hold_list *holds = &app->holds;

	for (size_t i = 0; i < holds->file_count; i++)
		if (recheck_file(root, holds->files[i].path, holds->files[i].file, e) < 0)
			return -1;
	return recheck_above(mem, root, holds, "config", e) < 0
		? -1
		: recheck_above(mem, root, holds, arena_printf(mem, "config/%s", app->type), e);
}

/* In the order of the sequence, so that neighbours are looked at one after another. */
static int recheck_layers(struct near *near, const struct scanned *scanned, struct error *e)
{
	const struct application *app = &scanned->app;

	for (size_t at = 0; at < app->fleet->count; at++)
		for (size_t i = 0; i < app->at[at].count; i++) {
			const struct layer *layer = app->at[at].layers[i];

			if (recheck_near(near, layer->path, layer->file, e) < 0)
				return -1;
		}
	for (size_t i = 0; i < scanned->astray.count; i++) {
		const struct layer *layer = scanned->astray.list[i];

		/* untested: changed between two looks, as files at positions are in tests */
		if (recheck_near(near, layer->path, layer->file, e) < 0)
			return -1;
	}
	return 0;
}

int recheck_application(
	struct arena *mem, const struct root *root, const struct scanned *scanned, struct error *e)
{
	const struct application *app = &scanned->app;
	const struct subject s = { .type = app->type, .application = app->name };
	struct near near;

	near_start(&near, root->fd);
	int rc = recheck_directories(mem, &near, &scanned->names, e) < 0 ||
			recheck_base(root, paths_defaults(mem, app->type), app->defaults, e) < 0 ||
			recheck_base(root, paths_base(mem, &s), app->base, e) < 0 ||
			recheck_holds(mem, root, app, e) < 0 ||
			recheck_layers(&near, scanned, e) < 0
		? -1
		: 0;
	near_end(&near);
	return rc;
}
