/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.h - the operations of a step, as they are written down before they are done.
 *
 * A journal is text that a person can read, one line for each fact:
 *
 *	promote journal 1
 *	step mgmt app: patch-001 to stage/s1
 *	rendered
 *	make config/mgmt/app/stage/s1
 *	emptied 755 1000 1000 config/mgmt/app/integration/s1
 *	create 0a1b... config/mgmt/app/stage/s1/patch-001.yaml
 *	replace 2c3d... 4e5f... config/mgmt/app/values.yaml
 *	remove 6a7b... config/mgmt/app/integration/s1/patch-001.yaml
 *	end 8c9d...
 *
 * `rendered` is there if the staging directory has a copy of rendered/, which an undo
 * restores. `make` are directories to be made, parents first. `emptied` are directories
 * that removals may leave empty, with mode, owner and group, children first. Then come
 * the operations, numbered from 0, with hashes (str_hash) of the text before and after.
 * The last line has the hash of all lines before it. In a path \n is a new line and \\
 * a backslash.
 */
#ifndef STORE_TXN_JOURNAL_H
#define STORE_TXN_JOURNAL_H

#include "store/tree/tree.h"

enum op_kind { OP_CREATE, OP_REPLACE, OP_REMOVE };

struct op {
	enum op_kind kind;
	const char *path;       /* from the root */
	uint64_t before, after; /* hashes of the texts that there are */
	/* not in the journal's text: */
	const struct file *file; /* replace, remove: as it was read; NULL from a journal */
	struct str text;         /* create, replace: the new text; empty from a journal */
	mode_t mode;             /* create, replace: of the new file */
	const char *keep;        /* remove: the directory that stays even if it is empty */
	bool done;               /* the tree has it now */
	bool stranded;           /* the staging directory has a file of another program */
};

struct emptied {
	const char *path;
	struct access access;
};

/* The arrays grow by ARENA_PUSH. */
struct journal {
	const char *step; /* in words */
	bool rendered;    /* a copy of rendered/ is kept */
	const char **made;
	struct emptied *emptied;
	struct op *ops;
	size_t made_count, emptied_count, op_count;
};

void journal_write(const struct journal *j, struct buf *out);

/*
 * Reads a journal back; errors call it `shown`. The result is owned by mem. Every path
 * is below config/ and has no "..". FILES, with the line, if the text is not a journal;
 * *j is then untouched.
 */
int journal_read(
	struct arena *mem, const char *shown, struct str text, struct journal *j, struct error *e);

#endif
