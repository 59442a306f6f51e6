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

#include "store/txn/apply.h"
#include "store/tree/pathname.h"
#include "store/txn/progress.h"

void txn_begin(struct txn *t, struct arena *mem, const struct root *root, const char *step)
{
	*t = (struct txn){
		.mem = mem,
		.root = root,
		.staging = { root, -1 },
		.journal.step = step,
		.name = STAGING_JOURNAL,
	};
}

/* Files of the same text often share its bytes, and follow one another. */
static uint64_t hash_of(const struct txn *t, struct str text)
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

static void add(struct txn *t, struct op op)
{
	*journal_add(t->mem, &t->journal) = op;
}

void txn_create(struct txn *t, const char *path, struct str text, mode_t mode)
{
	add(t, (struct op){ OP_CREATE, path, .after = str_hash(text), .text = text, .mode = mode });
}

void txn_replace(struct txn *t, const char *path, const struct file *file, struct str text)
{
	add(t,
		(struct op){ OP_REPLACE, path, .before = str_hash(file->text),
			.after = str_hash(text), .file = file, .text = text, .mode = file->mode });
}

void txn_remove(struct txn *t, const char *path, const struct file *file, const char *keep)
{
	add(t,
		(struct op){ OP_REMOVE, path, .before = hash_of(t, file->text), .file = file,
			.keep = keep });
}

/* The folders on the way to a path that are not there yet, parents first. */
static int note_missing(struct txn *t, const char *path, struct error *e)
{
	struct journal *j = &t->journal;
	const char *folder = pathname_folder(t->mem, path);
	int fd = tree_open(t->root->fd, folder, O_PATH | O_DIRECTORY);

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	if (errno != ENOENT)
		return tree_error(e, errno, folder);
	for (size_t i = 0; i < j->made_count; i++)
		if (strcmp(j->made[i], folder) == 0)
			return 0;
	if (note_missing(t, folder, e) < 0)
		return -1;
	journal_add_made(t->mem, j, folder);
	return 0;
}

/*
 * The folders that a removal may empty, up to the one to be kept, but for those
 * that the removal before has noted. Far apart, two may note the same.
 */
static void note_held(struct txn *t, const char *path, const char *keep, const char *before)
{
	struct journal *j = &t->journal;
	const char *folder = pathname_folder(t->mem, path);

	while (strcmp(folder, keep) != 0 && !pathname_is_below(before, folder)) {
		journal_add_emptied(t->mem, j, (struct emptied){ .path = folder });
		folder = pathname_folder(t->mem, folder);
	}
}

static int children_first(const void *a, const void *b)
{
	return strcmp(((const struct emptied *)b)->path, ((const struct emptied *)a)->path);
}

static int note_folders(struct txn *t, struct error *e)
{
	struct journal *j = &t->journal;
	const char *removed = "";

	for (size_t i = 0; i < j->op_count; i++) {
		const struct op *d = &j->ops[i];

		if (strlen(d->path) >= PATH_MAX)
			return error_system(e, ENAMETOOLONG, "%s", d->path);
		if (d->kind == OP_CREATE && note_missing(t, d->path, e) < 0)
			return -1;
		if (d->kind == OP_REMOVE) {
			note_held(t, d->path, d->keep, removed);
			removed = d->path;
		}
	}
	if (j->emptied_count > 1)
		qsort(j->emptied, j->emptied_count, sizeof(*j->emptied), children_first);
	size_t n = 0;
	for (size_t i = 0; i < j->emptied_count; i++)
		if (n == 0 || strcmp(j->emptied[n - 1].path, j->emptied[i].path) != 0)
			j->emptied[n++] = j->emptied[i];
	j->emptied_count = n;
	/* Only looked at: a link on the way is found out when something is moved. */
	for (size_t i = 0; i < n; i++) {
		struct stat st;

		if (fstatat(t->root->fd, j->emptied[i].path, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return tree_error(e, errno, j->emptied[i].path);
		j->emptied[i].mode = st.st_mode & 07777;
		j->emptied[i].owner = st.st_uid;
		j->emptied[i].group = st.st_gid;
	}
	return 0;
}

static int stage_text(struct txn *t, size_t i, struct error *e)
{
	const struct op *d = &t->journal.ops[i];
	char name[STAGING_NAME];
	struct newfile n = {
		.shown = d->path,
		.text = d->text,
		.mode = d->mode,
		.old = d->file,
		.durable = apply_is_short(&t->journal),
	};

	if (d->kind == OP_REMOVE)
		return 0;
	staging_name(name, i);
	if (staging_write(&t->staging, name, &n, e) < 0)
		return -1;
	if (d->kind == OP_CREATE)
		return 0;
	n.text = d->file->text;
	staging_old_name(name, i);
	return staging_write(&t->staging, name, &n, e);
}

/* What is staged is on the disk, and the staging folder found at the root. */
static int sync_staged(struct txn *t, struct error *e)
{
	if (!apply_is_short(&t->journal))
		return apply_sync_all(t->root, e);
	if (staging_sync(&t->staging, e) < 0)
		return -1;
	if (tree_sync(t->root->fd) == 0)
		return 0;
	return error_system(e, errno, "cannot write the fleet's root to the disk");
}

static int stage(struct txn *t, struct error *e)
{
	struct buf text = { .mem = t->mem };
	struct newfile n = {
		.shown = STAGING_FOLDER "/" STAGING_JOURNAL, .mode = 0644, .durable = true
	};

	if (note_folders(t, e) < 0)
		return -1;
	for (size_t i = 0; i < t->journal.op_count; i++)
		if (stage_text(t, i, e) < 0)
			return -1;
	journal_write(&t->journal, &text);
	n.text = buf_str(&text);
	return staging_write(&t->staging, STAGING_JOURNAL, &n, e) < 0 ? -1 : sync_staged(t, e);
}

int txn_stage(struct txn *t, struct error *e)
{
	if (staging_make(t->root, &t->staging, e) < 0)
		return -1;
	if (stage(t, e) == 0)
		return 0;
	txn_drop(t, e);
	return -1;
}

void txn_drop(struct txn *t, struct error *e)
{
	struct error failed = { 0 };

	if (staging_remove(&t->staging, &failed) < 0) {
		error_detail(
			e, "The folder " STAGING_FOLDER " is left, for the next run to remove:");
		error_add(e, &failed);
	}
}

/* The journal under the name that says what is decided. */
static int decide(struct txn *t, const char *name, struct error *e)
{
	if (renameat(t->staging.fd, t->name, t->staging.fd, name) < 0)
		return error_system(e, errno, "cannot rename " STAGING_FOLDER "/%s", t->name);
	t->name = name;
	return staging_sync(&t->staging, e);
}

int txn_commit(struct txn *t, enum txn_kind kind, struct error *e)
{
	if (decide(t, kind == TXN_FINAL ? STAGING_REDO : STAGING_UNDO, e) == 0 &&
		apply_forward(&t->staging, &t->journal, e) == 0)
		return 0;
	txn_undo(t, true, e);
	return -1;
}

int txn_end(struct txn *t, struct error *left, struct error *e)
{
	if (staging_forget(&t->staging, e) < 0)
		return -1;
	staging_remove(&t->staging, left);
	return 0;
}

int txn_check(const struct txn *t, struct error *e)
{
	for (size_t i = 0; i < t->journal.op_count; i++) {
		const struct op *d = &t->journal.ops[i];
		enum progress state = PROGRESS_NEITHER;

		if (progress_of(t->root, d, &state, e) < 0)
			return -1;
		if (state != PROGRESS_AFTER)
			return error_set(e, STATUS_SYSTEM,
				"%s is not as the step has made it any more", d->path);
	}
	return 0;
}

/* What a op took from its place, made anew where it is not in the staging folder any more. */
static int restage(struct txn *t, size_t i, struct error *e)
{
	const struct op *d = &t->journal.ops[i];
	char name[STAGING_NAME];
	const struct newfile n = {
		.shown = d->path,
		.text = d->file ? d->file->text : STR(""),
		.mode = d->file ? d->file->mode : 0,
		.old = d->file,
		.durable = apply_is_short(&t->journal),
	};

	if (d->kind == OP_CREATE)
		return 0;
	staging_name(name, i);
	if (d->kind == OP_REPLACE)
		staging_old_name(name, i);
	if (faccessat(t->staging.fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return staging_write(&t->staging, name, &n, e);
}

/* What the generator may have done meanwhile: taken ops back, or removed the staging folder. */
static int look_again(struct txn *t, struct error *e)
{
	struct stat st;

	if (fstat(t->staging.fd, &st) == 0 && st.st_nlink == 0) {
		close(t->staging.fd);
		if (staging_make(t->root, &t->staging, e) < 0)
			return -1;
		t->name = STAGING_JOURNAL;
	}
	for (size_t i = 0; i < t->journal.op_count; i++) {
		struct op *d = &t->journal.ops[i];
		enum progress state = PROGRESS_NEITHER;

		if (!d->done)
			continue;
		if (progress_of(t->root, d, &state, e) < 0)
			return -1;
		d->done = state != PROGRESS_BEFORE;
		if (d->done && restage(t, i, e) < 0)
			return -1;
	}
	return 0;
}

static int undo(struct txn *t, struct error *e)
{
	/* From now on a kill leads back. */
	if (strcmp(t->name, STAGING_REDO) == 0 && decide(t, STAGING_UNDO, e) < 0)
		return -1;
	return look_again(t, e) < 0 ? -1 : apply_back(&t->staging, &t->journal, e);
}

static bool is_stranded(const struct txn *t)
{
	for (size_t i = 0; i < t->journal.op_count; i++)
		if (t->journal.ops[i].stranded)
			return true;
	return false;
}

int txn_undo(struct txn *t, bool all, struct error *e)
{
	struct error failed = { 0 };

	assert(e->text);
	int rc = all ? undo(t, &failed) : 0;
	if (rc == 0 && all && !is_stranded(t) && (rc = staging_forget(&t->staging, &failed)) == 0) {
		txn_drop(t, e);
		return 0;
	}
	error_detail(e, "The step is not undone in full; 'promote recover' goes on with it%s",
		rc < 0 ? ":" : ".");
	if (rc < 0)
		error_add(e, &failed);
	if (t->staging.fd >= 0)
		close(t->staging.fd);
	t->staging.fd = -1;
	return -1;
}
