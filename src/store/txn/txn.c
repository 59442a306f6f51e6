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
#include "store/txn/origin.h"
#include "store/txn/place.h"
#include "store/txn/progress.h"

void txn_begin(struct txn *t, struct arena *mem, const struct root *root, const char *step)
{
	*t = (struct txn){
		.mem = mem,
		.root = root,
		.staging = { .root = root, .fd = -1 },
		.journal.step = step,
		.rendered.archive = -1,
		.room = -1,
	};
}

/* The digest of a text; files of the same text often share its bytes, one after another. */
static struct digest digest_text(struct txn *t, struct str text)
{
	if (!t->last_text.at || t->last_text.at != text.at || t->last_text.len != text.len) {
		t->last_text = text;
		t->last_digest = digest_of(text);
	}
	return t->last_digest;
}

void txn_expect(struct txn *t, size_t count)
{
	struct journal *j = &t->journal;

	j->ops = arena_grow(t->mem, j->ops, j->op_count, j->op_count + count, sizeof(*j->ops));
	t->op_room = j->op_count + count;
}

static void add_op(struct txn *t, struct op op)
{
	struct journal *j = &t->journal;

	if (j->op_count == t->op_room)
		txn_expect(t, j->op_count + 1);
	j->ops[j->op_count++] = op;
}

void txn_create(struct txn *t, const char *path, struct str text, mode_t mode)
{
	add_op(t,
		(struct op){ OP_CREATE, path, .after = digest_text(t, text), .text = text,
			.mode = mode });
}

void txn_copied_from(struct txn *t, const char *source)
{
	t->journal.ops[t->journal.op_count - 1].source = source;
}

void txn_replace(struct txn *t, const char *path, const struct file *file, struct str text)
{
	add_op(t,
		(struct op){ OP_REPLACE, path, .before = digest_of(file->text),
			.after = digest_of(text), .file = file, .text = text,
			.mode = file->access.mode });
}

void txn_remove(struct txn *t, const char *path, const struct file *file, const char *keep)
{
	add_op(t,
		(struct op){ OP_REMOVE, path, .before = digest_text(t, file->text), .file = file,
			.keep = keep });
}

void txn_from(struct txn *t, const char *application, const struct changed_list *effect)
{
	t->journal.application = application;
	t->journal.effect = *effect;
}

void txn_input(struct txn *t, const char *path, struct str text)
{
	*ARENA_PUSH(t->mem, t->journal.inputs, t->journal.input_count) =
		(struct input){ path, digest_text(t, text) };
}

int txn_input_file(struct txn *t, const char *path, struct error *e)
{
	struct input in = { .path = path };

	if (origin_digest(t->root, path, &in.digest) < 0) {
		if (errno != EFBIG)
			return tree_is_absent(errno) ? 0 : error_system(e, errno, "%s", path);
		error_set(e, STATUS_FILES, "%s: larger than %d MiB", path,
			TREE_LARGEST / (1024 * 1024));
		return error_file(e, path);
	}
	*ARENA_PUSH(t->mem, t->journal.inputs, t->journal.input_count) = in;
	return 0;
}

void txn_keep_rendered(struct txn *t)
{
	t->journal.rendered = true;
}

void txn_mark(struct txn *t, const char *mark)
{
	t->journal.mark = mark;
}

void txn_commits(struct txn *t, const char *head)
{
	t->journal.commit = head;
}

int txn_place(const struct txn *t, struct error *e)
{
	return place_make(&t->staging, e);
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

static void close_file(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_nameless(struct txn *t)
{
	close_file(&t->rendered.archive);
	close_file(&t->room);
}

/* An open file that has lost its name still has one on network file systems and on FUSE. */
static int remove_staging(struct txn *t, struct error *e)
{
	close_nameless(t);
	return staging_remove(&t->staging, e);
}

int txn_end(struct txn *t, struct error *left, struct error *e)
{
	assert(t->state == TXN_APPLIED);
	if (staging_forget(&t->staging, e) < 0)
		return -1;
	t->state = TXN_CLEAN;
	remove_staging(t, left);
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

/*
 * Adds a line about what could not be done, and why, below an error; it becomes the error if none
 * is set. Programs get both as what is in the way.
 */
static int add_failure(struct error *e, const char *line, struct error *why)
{
	const char *end = why->text ? ":" : ".";

	if (e->text)
		error_detail(e, "%s%s", line, end);
	else
		error_set(e, STATUS_SYSTEM, "%s%s", line, end);
	error_blocker(
		e, why->about, "%s%s%s", line, why->text ? ": " : "", why->text ? why->text : "");
	return why->text ? error_add(e, why) : -1;
}

int txn_add_left(const struct txn *t, struct error *why, struct error *e)
{
	if (t->staging.lacks)
		return add_failure(e,
			"The step is not undone in full, and " STAGING_DIR
			" lacks what 'promote recover' would need to continue it",
			why);
	add_failure(e, "The step is not undone in full; 'promote recover' continues it", why);
	return error_command(e, "recover");
}

/* Removes the staging directory of a step that is not decided, or not any more. */
static int drop_staged(struct txn *t, struct error *e)
{
	struct error failed = { 0 };

	if (remove_staging(t, &failed) == 0)
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
	struct error failed = { 0 };

	/* From now on a kill leads back. If another program has taken the journal, it is made anew. */
	if (t->kind == TXN_FINAL && staging_turn_back(&t->staging, &failed) < 0)
		error_free(&failed);
	close_file(&t->room);
	int switched = origin_is_switched(t->root, &t->journal, e);
	if (switched == 0)
		return apply_back(t->mem, &t->staging, &t->journal, &t->rendered, e);
	if (switched > 0)
		error_set(e, STATUS_REFUSED,
			"what git has checked out has changed since the step began, and nothing is put back there. Check out what was checked out then, and run 'promote recover'");
	/* untested: another branch is checked out, .promote is removed, and then a call fails */
	if (apply_prepare_back(&t->staging, &t->journal, &t->rendered, &failed) < 0)
		error_add(e, &failed);
	return -1;
}

static int take_step_back(struct txn *t, struct error *e)
{
	struct error failed = { 0 };
	bool applied = t->state == TXN_APPLIED;
	int rc = undo_decided(t, &failed);

	if (rc == 0 && !is_stranded(t) && staging_forget(&t->staging, &failed) == 0) {
		if (applied && e->text)
			error_context(e, "The step was undone");
		if (t->staging.aside[0] && e->text)
			error_detail(e,
				"What another program has put at " STAGING_DIR " is in %s now",
				t->staging.aside);
		return drop_staged(t, e);
	}
	if (t->staging.fd >= 0)
		close(t->staging.fd);
	return txn_add_left(t, &failed, e);
}

int txn_close(struct txn *t, struct error *e)
{
	int rc = t->state == TXN_CLEAN   ? 0
		: t->state == TXN_STAGED ? drop_staged(t, e)
					 : take_step_back(t, e);

	t->state = TXN_CLEAN;
	close_nameless(t);
	return rc;
}

void txn_leave(struct txn *t)
{
	assert(t->state >= TXN_DECIDED);
	close(t->staging.fd);
	t->staging.fd = -1;
	t->state = TXN_CLEAN;
	close_nameless(t);
}

/* Moves a new file with the text of after to the place of what is there. */
static int put_again(
	const struct txn *t, const struct op *op, int dir, const char *name, struct error *e)
{
	const struct newfile n = {
		.name = STAGING_NEW,
		.shown = op->path,
		.text = op->text,
		.mode = op->mode,
	};

	if (newfile_write(t->staging.fd, &n, e) < 0)
		return -1;
	if (renameat(t->staging.fd, STAGING_NEW, dir, name) == 0)
		return 0;
	tree_error(e, errno, op->path);
	unlinkat(t->staging.fd, STAGING_NEW, 0);
	return -1;
}

static int make_again(const struct txn *t, const struct op *op, struct error *e)
{
	const char *name = NULL;
	int dir = tree_open_parent(t->root->fd, op->path, &name), rc = -1;

	if (dir < 0)
		return tree_error(e, errno, op->path);
	if (op->kind == OP_REMOVE)
		rc = unlinkat(dir, name, 0) == 0 ? 0 : tree_error(e, errno, op->path);
	else
		rc = put_again(t, op, dir, name, e);
	close(dir);
	return rc;
}

int txn_make_again(struct txn *t, struct error *e)
{
	for (size_t i = 0; i < t->journal.op_count; i++) {
		const struct op *op = &t->journal.ops[i];
		enum progress progress = PROGRESS_NEITHER;

		if (progress_of(t->root, op, &progress, e) < 0 ||
			(progress != PROGRESS_AFTER && make_again(t, op, e) < 0))
			return -1;
	}
	return 0;
}
