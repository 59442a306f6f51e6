/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/txn/apply.h"
#include "store/txn/claim.h"
#include "store/txn/place.h"
#include "store/txn/trace.h"

enum { LARGEST_JOURNAL = 1024 * 1024 * 1024, NAMED_FILES = 8 };

struct recovering {
	struct arena *mem;
	const struct recover_how *how;
	struct staging s;
	struct journal j;
	bool undo; /* what the journal's name says */
	struct unlike unlike;
	struct traced *traced; /* for each operation */
	size_t none_done;      /* how many operations are BEFORE or UNMOVED */
	struct error *e;
};

/* Says what the staging directory has, so that a person loses none of it. */
static int add_contents(const struct recovering *r)
{
	size_t count = 0;
	char name[STAGING_NAME];

	for (size_t i = 0; i < r->j.op_count; i++) {
		const struct op *op = &r->j.ops[i];

		staging_name(name, i, op->kind == OP_REPLACE);
		if (op->kind == OP_CREATE ||
			faccessat(r->s.fd, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (count++ < NAMED_FILES)
			error_detail(r->e, "  " STAGING_DIR "/%s is %s as it was before the step",
				name, op->path);
	}
	if (count > NAMED_FILES)
		error_detail(r->e, "  and %zu more", count - NAMED_FILES);
	if (r->j.rendered)
		error_detail(r->e,
			"  " STAGING_DIR "/" STAGING_RENDERED
			" is a copy of rendered/ as it was before the step");
	return error_code(r->e, "unfinished-step");
}

#define MOVE_AWAY                                                                                  \
	"or move the directory " STAGING_DIR                                                       \
	" away, which has the files that the step took from their places"

static int refuse_changed(const struct recovering *r, const char *path)
{
	error_set(r->e, STATUS_REFUSED,
		"%s was changed since the step '%s' stopped half way. Put it back as it was before or after that step and run 'promote recover', " MOVE_AWAY,
		path, r->j.step);
	error_file(r->e, path);
	return add_contents(r);
}

static int refuse_origin(const struct recovering *r)
{
	const struct unlike *o = &r->unlike;
	const bool head = strcmp(o->path, JOURNAL_HEAD) == 0;

	error_set(r->e, STATUS_REFUSED,
		"this may not be the tree that the step '%s' was worked out for, which stopped half way: %s %s. %s and run 'promote recover', " MOVE_AWAY,
		r->j.step, head ? "what git has checked out" : o->path, o->why,
		head ? "Check out what was checked out then" : "Put it back as it was");
	error_file(r->e, o->path);
	return add_contents(r);
}

static int refuse_foreign(const struct recovering *r, size_t i)
{
	const struct op *op = &r->j.ops[i];

	error_set(r->e, STATUS_REFUSED,
		"another program has changed %s while the step '%s' moved it, and what it wrote is in " STAGING_DIR
		"/%s; move that away and run 'promote recover'",
		op->path, r->j.step, r->traced[i].name);
	error_file(r->e, op->path);
	return error_code(r->e, "unfinished-step");
}

/* Finds out what was done of the step, and whether this is its tree. */
static int look(struct recovering *r)
{
	const struct root *root = r->s.root;

	if (origin_check(r->mem, root, &r->j, &r->how->layers, &r->unlike, r->e) < 0)
		return -1;
	r->traced = ARENA_NEW(r->mem, struct traced, r->j.op_count);
	for (size_t i = 0; i < r->j.op_count; i++) {
		struct traced *t = &r->traced[i];

		if (trace_op(&r->s, &r->j, i, !r->unlike.path, t, r->e) < 0)
			return -1;
		if (t->trace == TRACE_FOREIGN)
			return refuse_foreign(r, i);
		r->j.ops[i].done = t->trace == TRACE_DONE;
		r->none_done += t->trace == TRACE_BEFORE || t->trace == TRACE_UNMOVED;
	}
	return 0;
}

static bool can_finish(const struct recovering *r)
{
	bool can = !r->undo && !r->unlike.path;

	for (size_t i = 0; can && i < r->j.op_count; i++)
		can = r->traced[i].can_redo;
	return can;
}

/* What keeps the step from being undone; *back: something is to be put back or taken away. */
static int check_undo(const struct recovering *r, bool *back)
{
	bool put_back = r->j.rendered;

	*back = r->j.rendered;
	for (size_t i = 0; i < r->j.op_count; i++) {
		const struct traced *t = &r->traced[i];
		const struct op *op = &r->j.ops[i];

		/* that a removed file is not there does not prove that it was not moved */
		if (t->trace == TRACE_WRONG ||
			(t->trace != TRACE_BEFORE && t->trace != TRACE_BACK && !t->can_undo))
			return refuse_changed(r, op->path);
		put_back = put_back || (op->done && op->kind != OP_CREATE);
		*back = *back || op->done;
	}
	return put_back && r->unlike.path ? refuse_origin(r) : 0;
}

/*
 * What an archive says of modes is obeyed only as far as it gives no rights of another user;
 * directories keep those that they have.
 */
static int restrict_modes(const struct recovering *r, struct backup *before)
{
	struct backup now;

	if (rendered_list(r->mem, r->s.root, true, &now, r->e) < 0)
		return -1;
	const size_t *match = backup_match(r->mem, before, &now);
	for (size_t i = 0; i < before->count; i++) {
		struct kept *k = &before->files[i];

		k->access.mode &= 0777;
		if (match[i] != BACKUP_NONE && k->kind == ENTRY_DIRECTORY &&
			now.files[match[i]].kind == ENTRY_DIRECTORY)
			k->access.mode |= now.files[match[i]].access.mode & 07000;
	}
	return 0;
}

static int refuse_archive(const struct recovering *r)
{
	error_set(r->e, STATUS_REFUSED,
		STAGING_DIR "/" STAGING_RENDERED
			    " is not the copy of rendered/ that the step has made; "
			    "put that back and run 'promote recover', " MOVE_AWAY);
	return error_code(r->e, "unfinished-step");
}

/* The archive of what was rendered, if it is the one that the run has made. */
static int open_rendered(const struct recovering *r, struct backup *before)
{
	struct digest now;

	if (faccessat(r->s.fd, STAGING_RENDERED, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return refuse_archive(r);
	before->archive = staging_open_rendered(&r->s, r->e);
	if (before->archive < 0)
		return -1;
	int rc = tree_digest_any(before->archive, &now);
	if (rc < 0 && errno != EINVAL)
		return error_system(r->e, errno, STAGING_DIR "/" STAGING_RENDERED);
	if (rc < 0 || !digest_equal(&now, &r->j.archive))
		return refuse_archive(r);
	if (rendered_open(r->mem, before->archive, before, r->e) < 0)
		return error_context(r->e, STAGING_DIR "/" STAGING_RENDERED);
	return restrict_modes(r, before);
}

static int undo_recovered(struct recovering *r)
{
	struct backup before = { .archive = -1 };
	int rc = r->j.rendered ? open_rendered(r, &before) : 0;

	if (rc == 0 && !r->undo)
		rc = staging_turn_back(&r->s, r->e);
	if (rc == 0)
		rc = apply_back(r->mem, &r->s, &r->j, &before, r->e);
	if (before.archive >= 0)
		close(before.archive);
	return rc;
}

/* 1, 0, or -1 with an error. */
static int is_committed(const struct recovering *r, const char **behind)
{
	int place = r->j.commit ? place_open(&r->s) : -1;

	if (place < 0)
		return r->j.commit && errno != ENOENT
			? tree_error(r->e, errno, STAGING_DIR "/" STAGING_PLACE)
			: 0;
	int rc = r->how->is_committed(r->mem, r->s.root, place, behind, r->e);
	close(place);
	return rc;
}

static int continue_step(struct recovering *r, struct recovered *result)
{
	bool back = false;

	if (look(r) < 0)
		return -1;
	const int committed = is_committed(r, &result->behind);
	if (committed) {
		result->what = RECOVERY_FINISHED;
		return committed < 0 ? -1 : 0;
	}
	if (r->none_done < r->j.op_count && can_finish(r)) {
		result->what = RECOVERY_FINISHED;
		return apply_forward(&r->s, &r->j, r->e);
	}
	if (r->none_done < r->j.op_count && check_undo(r, &back) < 0)
		return -1;
	result->what = back ? RECOVERY_UNDONE : RECOVERY_DROPPED;
	return back ? undo_recovered(r) : apply_remove_made(&r->s, &r->j, r->e);
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

/* The journal of a step that was decided, if it was made here. */
static int open_decided(struct recovering *r)
{
	const char *name = r->undo ? STAGING_UNDO : STAGING_REDO;
	const char *shown = r->undo ? STAGING_DIR "/" STAGING_UNDO : STAGING_DIR "/" STAGING_REDO;

	return read_journal(r, name, shown) < 0 ? -1 : claim_site(&r->s, &r->j.site, r->e);
}

static int recover_decided(struct recovering *r, struct recovered *result)
{
	if (open_decided(r) < 0)
		return -1;
	/* a step is recovered when all that its run has started has ended */
	if (r->j.mark && r->how->end_left(r->mem, r->j.mark, r->e) < 0)
		return -1;
	result->step = r->j.step;
	result->effect = r->j.effect;
	if (continue_step(r, result) == 0)
		return 0;
	if (r->e->status != STATUS_REFUSED)
		error_context(r->e, "the step '%s' stopped half way, and recovery cannot go on",
			r->j.step);
	return -1;
}

static int recover_open(struct recovering *r, struct recovered *result)
{
	enum decision decision = DECIDED_NOTHING;

	if (staging_decision(&r->s, &decision, r->e) < 0)
		return -1;
	r->undo = decision == DECIDED_UNDO;
	return decision == DECIDED_NOTHING ? claim_undecided(&r->s, r->e)
					   : recover_decided(r, result);
}

/* Once the step is finished or undone. If the directory stays, no later run can tell what was done. */
static int clear_up(struct recovering *r, const struct recovered *result)
{
	static const char *const outcomes[] = {
		[RECOVERY_FINISHED] = "is finished now",
		[RECOVERY_UNDONE] = "is undone now",
		[RECOVERY_DROPPED] = "had changed nothing",
	};

	if (staging_remove(&r->s, r->e) == 0)
		return 0;
	return result->step ? error_context(r->e, "the step '%s', which stopped half way, %s",
				      result->step, outcomes[result->what])
			    : -1;
}

int recover(struct arena *mem, const struct root *root, const struct recover_how *how,
	struct recovered *result, struct error *e)
{
	struct recovering r = { .mem = mem, .how = how, .e = e };
	struct claim claim = { .trust = how->trust };

	*result = (struct recovered){ 0 };
	if (claim_open(root, &claim, &r.s, e) < 0)
		return -1;
	if (r.s.fd < 0)
		return 0;
	result->what = RECOVERY_CLEANED;
	int rc = claim_owner(&r.s, &claim, e);
	result->no_modes = claim.no_modes;
	if (rc > 0)
		rc = recover_open(&r, result);
	if (rc < 0)
		close(r.s.fd);
	else
		rc = clear_up(&r, result);
	return claim_leave(&claim, e) < 0 ? -1 : rc;
}

/* The directory is there, and is not empty. */
static int check_open(struct recovering *r)
{
	enum decision decision = DECIDED_NOTHING;

	if (staging_decision(&r->s, &decision, r->e) < 0)
		return -1;
	if (decision == DECIDED_NOTHING)
		return claim_undecided(&r->s, r->e);
	r->undo = decision == DECIDED_UNDO;
	if (open_decided(r) < 0)
		return -1;
	error_set(r->e, STATUS_REFUSED,
		"a run was killed in the middle of a step; 'promote recover' finishes or undoes it");
	error_command(r->e, "recover");
	return error_code(r->e, "unfinished-step");
}

int recover_check(struct arena *mem, const struct root *root, bool trust, struct error *e)
{
	struct recovering r = { .mem = mem, .e = e };
	struct claim claim = { .trust = trust, .looks_only = true };

	if (claim_open(root, &claim, &r.s, e) < 0)
		return -1;
	if (r.s.fd < 0)
		return 0;
	int rc = claim_owner(&r.s, &claim, e);
	if (rc > 0)
		rc = check_open(&r);
	close(r.s.fd);
	return claim_leave(&claim, e) < 0 ? -1 : rc;
}
