/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/trace.h"

#include <errno.h>
#include <string.h>

#include "store/tree/denied.h"

/* What there is at a path. */
enum there { NOTHING, OLD, NEW, OTHER };

/* What there is by its text; id: of what there is. -1 with an error. */
static int look(
	int dir, const char *path, const struct op *op, struct identity *id, struct error *e)
{
	struct digest d;
	int fd = tree_open_file(dir, path), rc = -1;

	if (fd < 0)
		return errno == ENOENT          ? NOTHING
			: tree_is_absent(errno) ? OTHER
						: denied_error(e, errno, dir, path);
	if (identity_open(fd, id) < 0 || tree_digest_open(fd, &d) < 0)
		rc = tree_is_absent(errno) ? OTHER : denied_error(e, errno, dir, path);
	else if (op->kind != OP_CREATE && digest_equal(&d, &op->before))
		rc = OLD;
	else
		rc = op->kind != OP_REMOVE && digest_equal(&d, &op->after) ? NEW : OTHER;
	tree_close(fd);
	return rc;
}

struct looked {
	int staged, kept, place; /* enum there, or -1 */
	struct identity staged_id, place_id;
	bool same_tree, same_boot;
};

static enum trace trace_create(const struct op *op, const struct looked *l)
{
	const bool own = l->same_tree || identity_same(&l->place_id, &op->made, l->same_boot);

	if (l->staged == NEW)
		return l->place == NOTHING ? TRACE_BEFORE
			: l->place == NEW && identity_same(&l->place_id, &l->staged_id, true)
			? TRACE_DONE
			: TRACE_UNMOVED;
	return l->place == NOTHING ? TRACE_BACK : l->place == NEW && own ? TRACE_DONE : TRACE_WRONG;
}

static enum trace trace_replace(const struct looked *l)
{
	if (l->staged == NEW)
		return l->place == OLD ? TRACE_BEFORE : TRACE_UNMOVED;
	return l->place == OLD ? TRACE_BACK : l->place == NEW ? TRACE_DONE : TRACE_WRONG;
}

static enum trace trace_remove(const struct looked *l)
{
	if (l->staged == NOTHING)
		return l->place == OLD ? TRACE_BEFORE : TRACE_UNMOVED;
	return l->place == OLD ? TRACE_BACK : l->place == NOTHING ? TRACE_DONE : TRACE_WRONG;
}

static int look_at_all(const struct staging *s, const struct journal *j, size_t i, struct looked *l,
	struct traced *t, struct error *e)
{
	const struct op *op = &j->ops[i];
	struct identity kept = { 0, 0, 0 };

	if (op->kind == OP_REPLACE) {
		staging_name(t->name, i, true);
		l->kept = look(s->fd, t->name, op, &kept, e);
		if (l->kept < 0 || l->kept == OTHER)
			return l->kept < 0 ? error_context(e, STAGING_DIR) : 1;
	}
	staging_name(t->name, i, false);
	l->staged = look(s->fd, t->name, op, &l->staged_id, e);
	if (l->staged < 0 || l->staged == OTHER)
		return l->staged < 0 ? error_context(e, STAGING_DIR) : 1;
	l->place = look(s->root->fd, op->path, op, &l->place_id, e);
	return l->place < 0 ? -1 : 0;
}

int trace_op(const struct staging *s, const struct journal *j, size_t i, bool same_tree,
	struct traced *t, struct error *e)
{
	const struct op *op = &j->ops[i];
	struct looked l = { .same_tree = same_tree,
		.same_boot = identity_same_boot(j->site.boot, s->site.boot) };
	int foreign = look_at_all(s, j, i, &l, t, e);

	if (foreign < 0)
		return -1;
	if (foreign)
		t->trace = TRACE_FOREIGN;
	else
		t->trace = op->kind == OP_CREATE ? trace_create(op, &l)
			: op->kind == OP_REPLACE ? trace_replace(&l)
						 : trace_remove(&l);
	t->can_redo = t->trace == TRACE_BEFORE || t->trace == TRACE_DONE;
	t->can_undo = op->kind == OP_CREATE || (op->kind == OP_REPLACE && l.kept == OLD) ||
		(op->kind == OP_REMOVE && (l.staged == OLD || l.place != NOTHING));
	return 0;
}
