/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prepare_back.c - apply_prepare_back: all that an undo needs is there, for a later run, too.
 */
#include "store/txn/apply.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/tree/access_list.h"
#include "store/tree/newfile.h"
#include "store/txn/progress.h"

/* Whether a staged file is certainly the one that an operation took from its place. */
static bool is_kept(const struct staging *s, const char *name, const struct op *op)
{
	struct digest now;
	struct stat st;
	int fd = tree_open_file(s->fd, name);

	if (fd < 0)
		return false;
	bool kept = fstat(fd, &st) == 0 && tree_same_access(&st, &op->file->access) &&
		access_list_is(fd, op->list) && tree_digest_open(fd, &now) == 0 &&
		digest_equal(&now, &op->before);
	close(fd);
	return kept;
}

/*
 * Writes the file that an operation took from its place again, unless the staging directory has
 * it as it was: a generator may have removed it or written to it.
 */
static int restage(const struct staging *s, const struct op *op, size_t i, struct error *e)
{
	char name[STAGING_NAME];

	/* untested: what it took is known: it is read before it is staged */
	if (op->kind == OP_CREATE || !op->file)
		return 0;
	staging_name(name, i, op->kind == OP_REPLACE);
	if (is_kept(s, name, op))
		return 0;
	const struct newfile n = {
		.name = name,
		.shown = op->path,
		.text = op->file->text,
		.mode = op->file->access.mode,
		.old = &op->file->access,
		.list = &op->list,
	};
	return staging_replace(s, &n, e);
}

/* The copy of what was rendered that a later run has to restore from, as it was made. */
static int restage_rendered(
	const struct staging *s, const struct journal *j, int copy, struct error *e)
{
	const struct newfile n = {
		.name = STAGING_RENDERED, .shown = STAGING_DIR "/" STAGING_RENDERED, .mode = 0600
	};
	struct digest digest;
	int there = tree_open_file(s->fd, STAGING_RENDERED);
	const bool same = there >= 0 && tree_digest_any(there, &digest) == 0 &&
		digest_equal(&digest, &j->archive);

	tree_close(there);
	if (same)
		return 0;
	if (staging_name_copy(s, copy) == 0)
		return 0;
	/* untested: a generator has removed the copy, and then a call of the undo fails */
	if (staging_replace(s, &n, e) < 0)
		return -1;
	int fd = tree_open(s->fd, STAGING_RENDERED, O_WRONLY);
	/* untested: the same */
	int rc = fd < 0 ? -1 : staging_copy(copy, fd, &digest);
	/* untested: the same */
	if (rc < 0 || tree_sync(fd) < 0)
		rc = error_system(e, errno, "cannot keep a copy of rendered");
	/* untested: the same */
	if (fd >= 0)
		close(fd);
	return rc;
}

/*
 * Writes the journal of an undo, unless the staging directory has it as it must be: the next run
 * would take one without a journal for a step that was never decided, and obey another one.
 */
static int restore_journal(const struct staging *s, struct journal *j, struct error *e)
{
	struct newfile n = {
		.name = STAGING_UNDO, .shown = STAGING_DIR "/" STAGING_UNDO, .mode = 0600
	};
	struct digest now;

	j->site = s->site;
	j->text.len = 0;
	journal_write(j, &j->text);
	n.text = buf_str(&j->text);
	const struct digest right = digest_of(n.text);
	if (tree_digest(s->fd, STAGING_UNDO, &now) < 0 || !digest_equal(&now, &right)) {
		if (staging_replace(s, &n, e) < 0)
			return -1;
	}
	if (unlinkat(s->fd, STAGING_REDO, 0) < 0 && errno != ENOENT)
		return error_system(e, errno, "cannot remove " STAGING_DIR "/" STAGING_REDO);
	return staging_sync(s, e);
}

/* A generator may have taken away our own right to read what the step wrote. */
static void take_right(const struct root *root, const struct op *op)
{
	const char *name = NULL;
	struct stat st;
	int dir = op->kind == OP_REMOVE ? -1 : tree_open_parent(root->fd, op->path, &name);

	if (dir < 0)
		return;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
		!(st.st_mode & S_IRUSR)) /* if it stays away, the next call tells */
		(void)fchmodat(dir, name, (st.st_mode & 07777) | S_IRUSR, AT_SYMLINK_NOFOLLOW);
	close(dir);
}

/* Finds out what is to be undone still; what cannot be looked at counts as that. */
static int look_at_done(const struct staging *s, struct journal *j, struct error *e)
{
	int rc = 0;

	for (size_t i = 0; i < j->op_count; i++) {
		struct op *op = &j->ops[i];
		enum progress progress = PROGRESS_NEITHER;
		struct error one = { 0 };

		if (!op->done)
			continue;
		take_right(s->root, op);
		if (progress_of(s->root, op, &progress, &one) < 0)
			rc = error_add(e, &one);
		op->done = progress != PROGRESS_BEFORE;
	}
	return rc;
}

/* Sees to it that what is to be undone can be, by a later run, too. */
static int restage_all(struct staging *s, struct journal *j, int copy, struct error *e)
{
	for (size_t i = 0; i < j->op_count; i++)
		if (j->ops[i].done && restage(s, &j->ops[i], i, e) < 0)
			return -1;
	/* untested: a generator has removed the copy of rendered/, and then a call of the undo fails */
	if (j->rendered && restage_rendered(s, j, copy, e) < 0)
		return -1;
	return restore_journal(s, j, e);
}

int apply_prepare_back(
	struct staging *s, struct journal *j, const struct backup *before, struct error *e)
{
	const bool own = j->text.at != NULL; /* else all there is is in the staging directory */
	struct error lost = { 0 };
	int looked = look_at_done(s, j, e);

	s->lacks = own &&
		(staging_make_again(s, &lost) < 0 || restage_all(s, j, before->archive, &lost) < 0);
	return s->lacks ? error_add(e, &lost) : looked;
}
