/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/txn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/pathname.h"
#include "store/txn/apply.h"
#include "store/txn/progress.h"

void txn_begin(struct txn *t, struct arena *mem, const struct root *root, const char *step)
{
	*t = (struct txn){
		.mem = mem,
		.root = root,
		.staging = { root, -1 },
		.journal.step = step,
		.rendered.archive = -1,
	};
}

/* The hash of a file's text; files of the same text often share its bytes, one after another. */
static uint64_t hash_text(const struct txn *t, struct str text)
{
	size_t n = t->journal.op_count;

	if (n > 0) {
		const struct op *last = &t->journal.ops[n - 1];
		const struct file *file = last->file;

		if (file && file->text.at == text.at && file->text.len == text.len)
			return last->before;
	}
	return str_hash(text);
}

static void add_op(struct txn *t, struct op op)
{
	*ARENA_PUSH(t->mem, t->journal.ops, t->journal.op_count) = op;
}

void txn_create(struct txn *t, const char *path, struct str text, mode_t mode)
{
	add_op(t,
		(struct op){
			OP_CREATE, path, .after = str_hash(text), .text = text, .mode = mode });
}

void txn_replace(struct txn *t, const char *path, const struct file *file, struct str text)
{
	add_op(t,
		(struct op){ OP_REPLACE, path, .before = str_hash(file->text),
			.after = str_hash(text), .file = file, .text = text,
			.mode = file->access.mode });
}

void txn_remove(struct txn *t, const char *path, const struct file *file, const char *keep)
{
	add_op(t,
		(struct op){ OP_REMOVE, path, .before = hash_text(t, file->text), .file = file,
			.keep = keep });
}

void txn_keep_rendered(struct txn *t)
{
	t->journal.rendered = true;
}

/* The directories of a path that are not there yet, parents first. */
static int note_missing(struct txn *t, const char *path, struct error *e)
{
	struct journal *j = &t->journal;
	const char *dir = pathname_parent(t->mem, path);
	int fd = tree_open(t->root->fd, dir, O_PATH | O_DIRECTORY);

	if (fd >= 0) {
		close(fd);
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
	const char *dir = pathname_parent(t->mem, path);

	while (strcmp(dir, keep) != 0 && !pathname_is_below(before, dir)) {
		*ARENA_PUSH(t->mem, j->emptied, j->emptied_count) = (struct emptied){ .path = dir };
		dir = pathname_parent(t->mem, dir);
	}
}

static int compare_emptied(const void *a, const void *b)
{
	return strcmp(((const struct emptied *)b)->path, ((const struct emptied *)a)->path);
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
	/* A link on the way is found when something is moved. */
	for (size_t i = 0; i < n; i++) {
		struct stat st;

		if (fstatat(t->root->fd, j->emptied[i].path, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return tree_error(e, errno, j->emptied[i].path);
		j->emptied[i].access = tree_access(&st);
	}
	return 0;
}

static int stage_text(struct txn *t, size_t i, struct error *e)
{
	const struct op *op = &t->journal.ops[i];
	char name[STAGING_NAME];
	struct newfile n = {
		.name = name,
		.shown = op->path,
		.text = op->text,
		.mode = op->mode,
		.old = op->file ? &op->file->access : NULL,
		.durable = apply_is_short(&t->journal),
	};

	if (op->kind == OP_REMOVE)
		return 0;
	staging_name(name, i, false);
	if (newfile_write(t->staging.fd, &n, e) < 0)
		return -1;
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

static int stage_rendered(struct txn *t, struct error *e)
{
	int archive = staging_make_rendered(&t->staging, e);

	if (archive < 0)
		return -1;
	int rc = rendered_save(t->mem, t->root, archive, &t->rendered, e);
	t->rendered.archive = archive;
	return rc;
}

static int stage_all(struct txn *t, struct error *e)
{
	struct buf text = { .mem = t->mem };
	struct newfile n = {
		.name = STAGING_JOURNAL,
		.shown = STAGING_DIR "/" STAGING_JOURNAL,
		.mode = 0644,
		.durable = true,
	};

	if (note_directories(t, e) < 0)
		return -1;
	for (size_t i = 0; i < t->journal.op_count; i++)
		if (stage_text(t, i, e) < 0)
			return -1;
	if (t->journal.rendered && stage_rendered(t, e) < 0)
		return -1;
	journal_write(&t->journal, &text);
	n.text = buf_str(&text);
	if (newfile_write(t->staging.fd, &n, e) < 0)
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

/* Renames the journal: its name is the decision. */
static int decide(struct txn *t, const char *from, const char *to, struct error *e)
{
	if (renameat(t->staging.fd, from, t->staging.fd, to) < 0)
		return error_system(e, errno, "cannot rename " STAGING_DIR "/%s", from);
	t->state = TXN_DECIDED;
	return staging_sync(&t->staging, e);
}

int txn_commit(struct txn *t, enum txn_kind kind, struct error *e)
{
	assert(t->state == TXN_STAGED);
	t->kind = kind;
	if (decide(t, STAGING_JOURNAL, kind == TXN_FINAL ? STAGING_REDO : STAGING_UNDO, e) < 0 ||
		apply_forward(&t->staging, &t->journal, e) < 0)
		return -1;
	t->state = TXN_APPLIED;
	return 0;
}

int txn_end(struct txn *t, struct error *left, struct error *e)
{
	assert(t->state == TXN_APPLIED);
	if (staging_forget(&t->staging, e) < 0)
		return -1;
	t->state = TXN_CLEAN;
	staging_remove(&t->staging, left);
	return 0;
}

int txn_check(const struct txn *t, struct error *e)
{
	for (size_t i = 0; i < t->journal.op_count; i++) {
		const struct op *op = &t->journal.ops[i];
		enum progress progress = PROGRESS_NEITHER;

		if (progress_of(t->root, op, &progress, e) < 0)
			return -1;
		if (progress == PROGRESS_AFTER)
			continue;
		error_set(e, STATUS_SYSTEM, "%s is not as the step has made it any more", op->path);
		error_file(e, op->path);
		return error_code(e, "generator");
	}
	return 0;
}

/* Adds a line about what could not be done, and why, below an error; it becomes the error if none is set. */
static int add_failure(struct error *e, const char *line, struct error *why)
{
	const char *end = why->text ? ":" : ".";

	if (e->text)
		error_detail(e, "%s%s", line, end);
	else
		error_set(e, STATUS_SYSTEM, "%s%s", line, end);
	return why->text ? error_add(e, why) : -1;
}

/* Removes the staging directory of a step that is not decided, or not any more. */
static int drop_staged(struct txn *t, struct error *e)
{
	struct error failed = { 0 };

	if (staging_remove(&t->staging, &failed) == 0)
		return 0;
	return add_failure(
		e, "The directory " STAGING_DIR " is left, for the next run to remove", &failed);
}

static bool is_stranded(const struct txn *t)
{
	for (size_t i = 0; i < t->journal.op_count; i++)
		if (t->journal.ops[i].stranded)
			return true;
	return false;
}

static int undo_decided(struct txn *t, struct error *e)
{
	/* From now on a kill leads back. */
	if (t->kind == TXN_FINAL && decide(t, STAGING_REDO, STAGING_UNDO, e) < 0)
		return -1;
	return apply_back(t->mem, &t->staging, &t->journal, &t->rendered, e);
}

static int take_step_back(struct txn *t, struct error *e)
{
	struct error failed = { 0 };
	bool applied = t->state == TXN_APPLIED;
	int rc = undo_decided(t, &failed);

	if (rc == 0 && !is_stranded(t) && staging_forget(&t->staging, &failed) == 0) {
		if (applied && e->text)
			error_context(e, "The step was undone");
		return drop_staged(t, e);
	}
	if (t->staging.fd >= 0)
		close(t->staging.fd);
	return add_failure(
		e, "The step is not undone in full; 'promote recover' continues it", &failed);
}

int txn_close(struct txn *t, struct error *e)
{
	int rc = t->state == TXN_CLEAN   ? 0
		: t->state == TXN_STAGED ? drop_staged(t, e)
					 : take_step_back(t, e);

	t->state = TXN_CLEAN;
	if (t->rendered.archive >= 0)
		close(t->rendered.archive);
	t->rendered.archive = -1;
	return rc;
}
