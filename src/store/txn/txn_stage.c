/* SPDX-License-Identifier: Apache-2.0 */
/*
 * txn_stage.c - txn_stage: everything that a step and a later run need is written down.
 */
#include "store/txn/txn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/access_list.h"
#include "store/tree/near.h"
#include "store/tree/pathname.h"
#include "store/txn/apply.h"

/* The directories of a path that are not there yet, parents first. */
static int note_missing(struct txn *t, const char *path, struct error *e)
{
	struct journal *j = &t->journal;
	const struct arena_mark mark = arena_mark(t->mem);
	const char *dir = pathname_parent(t->mem, path);
	int fd = tree_open(t->root->fd, dir, O_PATH | O_DIRECTORY);

	if (fd >= 0) {
		close(fd);
		arena_rewind(t->mem, mark);
		return 0;
	}
	if (errno != ENOENT)
		return tree_error(e, errno, dir);
	for (size_t i = 0; i < j->made_count; i++)
		if (strcmp(j->made[i], dir) == 0)
			return 0;
	if (note_missing(t, dir, e) < 0)
		return -1;
	*ARENA_PUSH(t->mem, j->made, j->made_count) = dir;
	return 0;
}

/*
 * The directories that a removal may empty, up to the one to be kept, but for those
 * that the removal before has noted. Two that are not neighbours may note the same.
 */
static void note_emptied(struct txn *t, const char *path, const char *keep, const char *before)
{
	struct journal *j = &t->journal;
	struct arena_mark mark = arena_mark(t->mem);
	const char *dir = pathname_parent(t->mem, path);

	while (strcmp(dir, keep) != 0 && !pathname_is_below(before, dir)) {
		*ARENA_PUSH(t->mem, j->emptied, j->emptied_count) = (struct emptied){ .path = dir };
		mark = arena_mark(t->mem);
		dir = pathname_parent(t->mem, dir);
	}
	arena_rewind(t->mem, mark); /* many directories: the last name is not kept */
}

static int compare_emptied(const void *a, const void *b)
{
	return strcmp(((const struct emptied *)b)->path, ((const struct emptied *)a)->path);
}

/* A link on the way is found when something is moved. */
static int look_at_emptied(struct txn *t, struct error *e)
{
	struct journal *j = &t->journal;
	struct near near;
	int rc = 0;

	near_start(&near, t->root->fd);
	for (size_t i = 0; rc == 0 && i < j->emptied_count; i++) {
		const char *below = NULL;
		int dir = near_at(&near, j->emptied[i].path, 1, &below);
		struct stat st;

		rc = fstatat(dir, below, &st, AT_SYMLINK_NOFOLLOW);
		if (rc < 0)
			tree_error(e, errno, j->emptied[i].path);
		else
			j->emptied[i].access = tree_access(&st);
	}
	near_end(&near);
	return rc;
}

static int note_directories(struct txn *t, struct error *e)
{
	struct journal *j = &t->journal;
	const char *removed = "";

	for (size_t i = 0; i < j->op_count; i++) {
		const struct op *op = &j->ops[i];

		if (strlen(op->path) >= PATH_MAX)
			return error_system(e, ENAMETOOLONG, "%s", op->path);
		if (op->kind == OP_CREATE && note_missing(t, op->path, e) < 0)
			return -1;
		if (op->kind == OP_REMOVE) {
			note_emptied(t, op->path, op->keep, removed);
			removed = op->path;
		}
	}
	if (j->emptied_count > 1)
		qsort(j->emptied, j->emptied_count, sizeof(*j->emptied), compare_emptied);
	size_t n = 0;
	for (size_t i = 0; i < j->emptied_count; i++)
		if (n == 0 || strcmp(j->emptied[n - 1].path, j->emptied[i].path) != 0)
			j->emptied[n++] = j->emptied[i];
	j->emptied_count = n;
	return look_at_emptied(t, e);
}

static int compare_touched(const void *a, const void *b)
{
	return strcmp(((const struct touched *)a)->path, ((const struct touched *)b)->path);
}

static bool is_emptied(const struct journal *j, const char *path)
{
	const struct emptied key = { .path = path };

	return j->emptied_count &&
		bsearch(&key, j->emptied, j->emptied_count, sizeof(key), compare_emptied);
}

/*
 * The nearest directory of a path that is there and stays there, if it is below config/. Neighbours
 * have the same one.
 */
static void note_touched(struct txn *t, const char *path)
{
	struct journal *j = &t->journal;
	const struct arena_mark mark = arena_mark(t->mem);
	const char *last = j->touched_count ? j->touched[j->touched_count - 1].path : "";
	struct touched near = { .path = pathname_parent(t->mem, path) };

	while (strcmp(near.path, last) != 0 && pathname_is_below(near.path, "config") &&
		(is_emptied(j, near.path) || identity_at(t->root->fd, near.path, &near.id) < 0))
		near.path = pathname_parent(t->mem, near.path);
	if (strcmp(near.path, last) != 0 && pathname_is_below(near.path, "config"))
		*ARENA_PUSH(t->mem, j->touched, j->touched_count) = near;
	else
		arena_rewind(t->mem, mark);
}

/* Each once. */
static void note_all_touched(struct txn *t)
{
	struct journal *j = &t->journal;
	size_t n = 0;

	for (size_t i = 0; i < j->op_count; i++)
		note_touched(t, j->ops[i].path);
	if (j->touched_count > 1)
		qsort(j->touched, j->touched_count, sizeof(*j->touched), compare_touched);
	for (size_t i = 0; i < j->touched_count; i++)
		if (n == 0 || strcmp(j->touched[n - 1].path, j->touched[i].path) != 0)
			j->touched[n++] = j->touched[i];
	j->touched_count = n;
}

/*
 * The access list that the new file gets, or that an undo gives back. A file that is gone or no
 * file any more is found when it is moved.
 */
static int read_list(struct txn *t, struct op *op, struct error *e)
{
	if (op->file && op->file->has_list) {
		op->list = op->file->list;
		return 0;
	}
	const char *path = op->kind == OP_CREATE ? op->source : op->path;
	int fd = path ? tree_open_file(t->root->fd, path) : -1;

	if (fd < 0)
		return 0;
	int rc = access_list_read(t->mem, fd, ACCESS_LIST, &op->list);
	if (rc < 0)
		error_system(e, errno, "cannot read the access list of %s", path);
	close(fd);
	return rc;
}

static int stage_text(struct txn *t, size_t i, struct error *e)
{
	struct op *op = &t->journal.ops[i];
	struct heritage heritage = { 0 };
	char name[STAGING_NAME];
	struct newfile n = {
		.name = name,
		.shown = op->path,
		.text = op->text,
		.mode = op->mode,
		.durable = apply_is_short(&t->journal),
	};

	if (read_list(t, op, e) < 0)
		return -1;
	if (op->kind == OP_REMOVE)
		return 0;
	if (op->kind == OP_CREATE) {
		if (newfile_heritage(t->mem, t->root->fd, op->path, &heritage, e) < 0)
			return -1;
		n.heritage = &heritage;
		/* a list of the directory's own says whom the mode is for */
		if (!heritage.list.len)
			n.mode = access_list_granted(op->list, n.mode);
	} else {
		n.old = &op->file->access;
		n.list = &op->list;
	}
	staging_name(name, i, false);
	if (newfile_write(t->staging.fd, &n, e) < 0)
		return -1;
	if (identity_at(t->staging.fd, name, &op->made) < 0)
		return error_system(e, errno, STAGING_DIR "/%s", name);
	if (op->kind == OP_CREATE)
		return 0;
	assert(op->file); /* of what is replaced */
	n.text = op->file->text;
	staging_name(name, i, true);
	return newfile_write(t->staging.fd, &n, e);
}

/* What is staged is on the disk, and so is the staging directory's own name. */
static int sync_staged(const struct staging *s, const struct journal *j, struct error *e)
{
	(void)j;
	if (staging_sync(s, e) < 0)
		return -1;
	if (tree_sync(s->root->fd) == 0)
		return 0;
	return error_system(e, errno, "cannot write the fleet's root to the disk");
}

/* The archive is for a later run; this one restores from a copy that no other program can reach. */
static int stage_rendered(struct txn *t, struct error *e)
{
	int archive = staging_make_rendered(&t->staging, e);

	if (archive < 0)
		return -1;
	int rc = rendered_save(t->mem, t->root, archive, &t->rendered, e);
	t->rendered.archive = -1;
	if (rc == 0)
		t->rendered.archive =
			staging_copy_rendered(&t->staging, archive, &t->journal.archive, e);
	close(archive);
	return t->rendered.archive < 0 ? -1 : 0;
}

/* Writes the journal; its memory has room for another place (see apply_back). */
static int stage_journal(struct txn *t, struct error *e)
{
	struct journal *j = &t->journal;
	struct newfile n = {
		.name = STAGING_JOURNAL,
		.shown = STAGING_DIR "/" STAGING_JOURNAL,
		.mode = 0600,
		.durable = true,
	};

	j->site = t->staging.site;
	j->text = (struct buf){ .mem = t->mem };
	journal_write(j, &j->text);
	buf_room(&j->text, SITE_TEXT);
	n.text = buf_str(&j->text);
	return newfile_write(t->staging.fd, &n, e);
}

static size_t pages_of(struct str text)
{
	return text.len / STAGING_PAGE + 1;
}

/*
 * A generator may remove the staging directory and then fill the disk: there is room still for all
 * that a later run needs to undo the step.
 */
static int stage_room(struct txn *t, struct error *e)
{
	enum { FEW = 8 }; /* the directory and those above, its .gitignore, and some to spare */
	const struct journal *j = &t->journal;
	size_t pages = FEW + pages_of(buf_str(&j->text)) + j->emptied_count;

	for (size_t i = 0; i < j->op_count; i++)
		pages += j->ops[i].file ? pages_of(j->ops[i].file->text) : 0;
	t->room = staging_keep_room(&t->staging, pages, e);
	return t->room < 0 ? -1 : 0;
}

static int stage_all(struct txn *t, struct error *e)
{
	if (note_directories(t, e) < 0 || txn_input_file(t, JOURNAL_HEAD, e) < 0)
		return -1;
	note_all_touched(t);
	for (size_t i = 0; i < t->journal.op_count; i++)
		if (stage_text(t, i, e) < 0)
			return -1;
	if ((t->journal.rendered && stage_rendered(t, e) < 0) || stage_journal(t, e) < 0 ||
		(t->journal.rendered && stage_room(t, e) < 0))
		return -1;
	return apply_durable(&t->staging, &t->journal, sync_staged, e);
}

int txn_stage(struct txn *t, struct error *e)
{
	assert(t->state == TXN_CLEAN);
	if (staging_make(t->root, &t->staging, e) < 0)
		return -1;
	t->state = TXN_STAGED;
	return stage_all(t, e);
}
