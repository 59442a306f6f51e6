/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/txn/apply.h"
#include "store/render/rendered.h"
#include "store/txn/progress.h"

enum { LARGEST_JOURNAL = 1024 * 1024 * 1024 };

struct recovering {
	struct arena *mem;
	struct staging s;
	struct journal j;
	bool undo;
	struct error *e;
};

static int refuse(const struct recovering *r, const char *path)
{
	return error_set(r->e, STATUS_REFUSED,
		"%s was changed since the step '%s' stopped half way. Put it back as it was "
		"before or after that step and run 'promote recover', or move the "
		"folder " STAGING_FOLDER
		" away, which has the files that the step took from their places",
		path, r->j.step);
}

/* Whether a file of the staging folder is there, as it was before the step or as it makes it. */
static int has_staged(
	const struct recovering *r, const struct op *d, const char *name, enum progress wanted)
{
	enum progress state = PROGRESS_NEITHER;
	int there = progress_staged(&r->s, name, d, &state, r->e);

	if (there == 1 && state == PROGRESS_NEITHER)
		return error_set(r->e, STATUS_REFUSED,
			"another program has changed %s while the step '%s' moved it, and what it "
			"wrote lies in " STAGING_FOLDER
			"/%s; move that away and run 'promote recover'",
			d->path, r->j.step, name);
	return there == 1 ? state == wanted : there;
}

/*
 * Whether what the next move of a op takes from the staging folder is there: 1,
 * 0 or -1. Nothing of somebody else's is, which would be removed with the folder.
 */
static int is_staged(const struct recovering *r, size_t i)
{
	const struct op *d = &r->j.ops[i];
	enum progress wanted = r->undo ? PROGRESS_BEFORE : PROGRESS_AFTER;
	char name[STAGING_NAME], old_name[STAGING_NAME];

	staging_name(name, i);
	staging_old_name(old_name, i);
	int staged = has_staged(r, d, name, wanted);
	int old = staged >= 0 && d->kind == OP_REPLACE ? has_staged(r, d, old_name, wanted) : 0;
	if (staged < 0 || old < 0)
		return -1;
	if (d->kind == (r->undo ? OP_CREATE : OP_REMOVE))
		return 1;
	return r->undo && d->kind == OP_REPLACE ? old : staged;
}

/*
 * Finds out how far the step has come. 1 if it can be gone on with; 0 if all is
 * as before: nothing was moved yet, or somebody has taken it back by hand, or
 * another tree was checked out, which the step was not worked out for.
 */
static int look(struct recovering *r)
{
	const char *wrong = NULL;
	size_t before = 0;

	for (size_t i = 0; i < r->j.op_count; i++) {
		struct op *d = &r->j.ops[i];
		enum progress state = PROGRESS_NEITHER;
		int staged = is_staged(r, i);

		if (staged < 0 || progress_of(r->s.root, d, &state, r->e) < 0)
			return -1;
		d->done = state == PROGRESS_AFTER;
		before += state == PROGRESS_BEFORE;
		if (!wrong && (state == PROGRESS_NEITHER || (d->done == r->undo && !staged)))
			wrong = d->path;
	}
	if (before == r->j.op_count)
		return 0;
	return wrong ? refuse(r, wrong) : 1;
}

static int undo_rendered(struct recovering *r)
{
	struct rendered before;
	int found = rendered_open(r->mem, &r->s, &before, r->e);

	if (found <= 0)
		return found;
	int rc = rendered_restore(r->mem, r->s.root, &before, r->e);
	rendered_free(&before);
	return rc;
}

static int go_on(struct recovering *r, struct recovered *result)
{
	int rc = look(r);

	if (rc < 0)
		return -1;
	result->what = rc == 0 ? RECOVERY_DROPPED : r->undo ? RECOVERY_UNDONE : RECOVERY_FINISHED;
	if (rc == 0)
		return apply_remove_made(&r->s, &r->j, r->e);
	if (!r->undo)
		return apply_forward(&r->s, &r->j, r->e);
	/* What was rendered first: while a op is to be undone, so may be that. */
	return undo_rendered(r) < 0 ? -1 : apply_back(&r->s, &r->j, r->e);
}

static int recover_decided(struct recovering *r, struct recovered *result)
{
	const char *name = r->undo ? STAGING_UNDO : STAGING_REDO;
	const char *shown =
		r->undo ? STAGING_FOLDER "/" STAGING_UNDO : STAGING_FOLDER "/" STAGING_REDO;
	struct file file;

	if (tree_read(r->mem, r->s.fd, name, shown, LARGEST_JOURNAL, &file, r->e) < 0 ||
		journal_read(r->mem, shown, file.text, &r->j, r->e) < 0)
		return -1;
	result->step = r->j.step;
	if (go_on(r, result) == 0)
		return 0;
	if (r->e->status != STATUS_REFUSED)
		error_context(r->e, "the step '%s' stopped half way, and recovery cannot go on",
			r->j.step);
	return -1;
}

int recover(struct arena *mem, const struct root *root, struct recovered *result, struct error *e)
{
	struct recovering r = { .mem = mem, .e = e };
	enum decision decision = DECIDED_NOTHING;

	*result = (struct recovered){ 0 };
	if (staging_open(root, &r.s, e) < 0)
		return -1;
	if (r.s.fd < 0)
		return 0;
	result->what = RECOVERY_CLEANED;
	if (staging_decision(&r.s, &decision, e) == 0) {
		r.undo = decision == DECIDED_UNDO;
		if (decision == DECIDED_NOTHING)
			staging_check_own(&r.s, e);
		else
			recover_decided(&r, result);
	}
	if (e->text) {
		close(r.s.fd);
		return -1;
	}
	return staging_remove(&r.s, e);
}

int recover_check(const struct root *root, struct error *e)
{
	enum decision decision = DECIDED_NOTHING;
	struct staging s;

	if (staging_open(root, &s, e) < 0)
		return -1;
	if (s.fd < 0)
		return 0;
	if (staging_decision(&s, &decision, e) == 0 && decision != DECIDED_NOTHING)
		error_set(e, STATUS_REFUSED,
			"a run was killed in the middle of a step; 'promote recover' finishes or "
			"undoes it");
	close(s.fd);
	return e->text ? -1 : 0;
}
