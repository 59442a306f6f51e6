/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/undo.h"

#include <fcntl.h>
#include <unistd.h>

#include "store/txn/apply.h"
#include "store/txn/progress.h"

/* Writes the file that an operation took from its place again, if the staging directory lacks it. */
static int restage(const struct staging *s, const struct op *op, size_t i, struct error *e)
{
	char name[STAGING_NAME];

	if (op->kind == OP_CREATE || !op->file)
		return 0;
	staging_name(name, i);
	if (op->kind == OP_REPLACE)
		staging_old_name(name, i);
	if (faccessat(s->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	const struct newfile n = {
		.shown = op->path,
		.text = op->file->text,
		.mode = op->file->mode,
		.old = op->file,
		.durable = true,
	};
	return staging_write(s, name, &n, e);
}

/* Finds out what is to be undone still, and sees to it that it can be. */
static int prepare(struct staging *s, struct journal *j, struct error *e)
{
	struct stat st;

	if (fstat(s->fd, &st) == 0 && st.st_nlink == 0) {
		close(s->fd);
		if (staging_make(s->root, s, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < j->op_count; i++) {
		struct op *op = &j->ops[i];
		enum progress progress = PROGRESS_NEITHER;

		if (!op->done)
			continue;
		if (progress_of(s->root, op, &progress, e) < 0)
			return -1;
		op->done = progress != PROGRESS_BEFORE;
		if (op->done && restage(s, op, i, e) < 0)
			return -1;
	}
	return 0;
}

int undo_step(struct arena *mem, struct staging *s, struct journal *j,
	const struct rendered *before, struct error *e)
{
	if (j->rendered && rendered_restore(mem, s->root, before, e) < 0)
		return -1;
	return prepare(s, j, e) < 0 ? -1 : apply_back(s, j, e);
}
