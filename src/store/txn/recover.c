/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/txn/apply.h"
#include "store/txn/progress.h"

enum { LARGEST_JOURNAL = 1024 * 1024 * 1024 };

struct recovering {
	struct arena *mem;
	struct staging s;
	struct journal j;
	bool undo;
	struct error *e;
};

static int refuse_to_recover(const struct recovering *r, const char *path)
{
	error_set(r->e, STATUS_REFUSED,
		"%s was changed since the step '%s' stopped half way. Put it back as it was before or after that step and run 'promote recover', or move the directory " STAGING_DIR
		" away, which has the files that the step took from their places",
		path, r->j.step);
	error_file(r->e, path);
	return error_code(r->e, "unfinished-step");
}

/* Whether a file of the staging directory is there, with the text of before or after the step. */
static int has_staged(const struct recovering *r, size_t i, bool old, enum progress wanted)
{
	const struct op *op = &r->j.ops[i];
	enum progress progress = PROGRESS_NEITHER;
	char name[STAGING_NAME];

	staging_name(name, i, old);
	int there = progress_staged(&r->s, name, op, &progress, r->e);

	if (there == 1 && progress == PROGRESS_NEITHER) {
		error_set(r->e, STATUS_REFUSED,
			"another program has changed %s while the step '%s' moved it, and what it wrote is in " STAGING_DIR
			"/%s; move that away and run 'promote recover'",
			op->path, r->j.step, name);
		error_file(r->e, op->path);
		return error_code(r->e, "unfinished-step");
	}
	return there == 1 ? progress == wanted : there;
}

/*
 * Whether the file that an operation needs next is in the staging directory: 1, 0, or -1
 * with an error, also if there is a file of another program, which would be removed with
 * the directory.
 */
static int is_staged(const struct recovering *r, size_t i)
{
	const struct op *op = &r->j.ops[i];
	enum progress wanted = r->undo ? PROGRESS_BEFORE : PROGRESS_AFTER;
	int staged = has_staged(r, i, false, wanted);
	int old = staged >= 0 && op->kind == OP_REPLACE ? has_staged(r, i, true, wanted) : 0;

	/* untested at times: faults in a recovery are a sample */
	if (staged < 0 || old < 0)
		return -1;
	if (op->kind == (r->undo ? OP_CREATE : OP_REMOVE))
		return 1;
	return r->undo && op->kind == OP_REPLACE ? old : staged;
}

/*
 * Finds out which operations are done. 1 if the step can be continued; 0 if every file is as
 * before: nothing was moved yet, or a person has undone the step, or checked out another
 * tree, which the step was not worked out for.
 */
static int find_progress(struct recovering *r)
{
	const char *wrong = NULL;
	size_t before = 0;

	for (size_t i = 0; i < r->j.op_count; i++) {
		struct op *op = &r->j.ops[i];
		enum progress progress = PROGRESS_NEITHER;
		int staged = is_staged(r, i);

		if (staged < 0 || progress_of(r->s.root, op, &progress, r->e) < 0)
			return -1;
		op->done = progress == PROGRESS_AFTER;
		before += progress == PROGRESS_BEFORE;
		if (!wrong && (progress == PROGRESS_NEITHER || (op->done == r->undo && !staged)))
			wrong = op->path;
	}
	if (before == r->j.op_count)
		return 0;
	return wrong ? refuse_to_recover(r, wrong) : 1;
}

static int open_rendered(const struct recovering *r, struct backup *before)
{
	before->archive = staging_open_rendered(&r->s, r->e);
	if (before->archive < 0)
		return -1;
	if (rendered_open(r->mem, before->archive, before, r->e) == 0)
		return 0;
	return error_context(r->e, STAGING_DIR "/" STAGING_RENDERED);
}

static int undo_recovered(struct recovering *r)
{
	struct backup before = { .archive = -1 };
	int rc = r->j.rendered ? open_rendered(r, &before) : 0;

	if (rc == 0)
		rc = apply_back(r->mem, &r->s, &r->j, &before, r->e);
	if (before.archive >= 0)
		close(before.archive);
	return rc;
}

static int continue_step(struct recovering *r, struct recovered *result)
{
	int rc = find_progress(r);

	if (rc < 0)
		return -1;
	result->what = rc == 0 ? RECOVERY_DROPPED : r->undo ? RECOVERY_UNDONE : RECOVERY_FINISHED;
	if (rc == 0)
		return apply_remove_made(&r->s, &r->j, r->e);
	return r->undo ? undo_recovered(r) : apply_forward(&r->s, &r->j, r->e);
}

/* The journal as the run has left it: from the open directory, whatever has its name now. */
static int read_journal(struct recovering *r, const char *name, const char *shown)
{
	struct file file;
	int fd = tree_open_file(r->s.fd, name);

	if (fd < 0)
		return tree_error(r->e, errno, shown);
	int rc = tree_read_open(r->mem, fd, shown, LARGEST_JOURNAL, &file, r->e);
	close(fd);
	return rc < 0 ? -1 : journal_read(r->mem, shown, file.text, &r->j, r->e);
}

static int recover_decided(struct recovering *r, struct recovered *result)
{
	const char *name = r->undo ? STAGING_UNDO : STAGING_REDO;
	const char *shown = r->undo ? STAGING_DIR "/" STAGING_UNDO : STAGING_DIR "/" STAGING_REDO;

	if (read_journal(r, name, shown) < 0)
		return -1;
	result->step = r->j.step;
	if (continue_step(r, result) == 0)
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
	if (staging_decision(&s, &decision, e) == 0 && decision != DECIDED_NOTHING) {
		error_set(e, STATUS_REFUSED,
			"a run was killed in the middle of a step; 'promote recover' finishes or undoes it");
		error_command(e, "recover");
		error_code(e, "unfinished-step");
	}
	close(s.fd);
	return e->text ? -1 : 0;
}
