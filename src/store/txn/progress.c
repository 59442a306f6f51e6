/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/progress.h"

#include <errno.h>

#include "store/tree/denied.h"

/* What there is at a path: 1 with its hash, 0 for nothing, -1 with an error. *is_file: a file. */
static int digest_at(
	int dir, const char *path, struct digest *digest, bool *is_file, struct error *e)
{
	*is_file = tree_digest(dir, path, digest) == 0;
	if (*is_file)
		return 1;
	return tree_is_absent(errno) ? errno != ENOENT : denied_error(e, errno, dir, path);
}

static enum progress progress_of_text(const struct op *op, const struct digest *digest)
{
	if (op->kind != OP_CREATE && digest_equal(digest, &op->before))
		return PROGRESS_BEFORE;
	return op->kind != OP_REMOVE && digest_equal(digest, &op->after) ? PROGRESS_AFTER
									 : PROGRESS_NEITHER;
}

int progress_of(
	const struct root *root, const struct op *op, enum progress *progress, struct error *e)
{
	struct digest digest = { { 0 } };
	bool is_file = false;
	int there = digest_at(root->fd, op->path, &digest, &is_file, e);

	if (there < 0)
		return -1;
	*progress = is_file ? progress_of_text(op, &digest) : PROGRESS_NEITHER;
	if (!there && op->kind != OP_REPLACE)
		*progress = op->kind == OP_CREATE ? PROGRESS_BEFORE : PROGRESS_AFTER;
	return 0;
}
