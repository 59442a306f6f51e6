/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.h - what a step does to the tree, as its journal says it.
 *
 * A journal is a text that a person can read, a line for each thing:
 *
 *	promote journal 1
 *	step mgmt app: patch-001 to stage/s1
 *	make config/mgmt/app/stage/s1
 *	held 755 1000 1000 config/mgmt/app/integration/s1
 *	put 0a1b... config/mgmt/app/stage/s1/patch-001.yaml
 *	replace 2c3d... 4e5f... config/mgmt/app/values.yaml
 *	remove 6a7b... config/mgmt/app/integration/s1/patch-001.yaml
 *	end 8c9d...
 *
 * `make` are folders to be made, parents first. `held` are folders that may be
 * emptied, with their modes, owners and groups, children first. Then come the ops, numbered
 * from 0, with the hashes (str_hash) of the text before and after. The last
 * line has the hash of all before it. In a path \n stands for a new line and
 * \\ for a backslash.
 */
#ifndef STORE_TXN_JOURNAL_H
#define STORE_TXN_JOURNAL_H

#include <sys/types.h>

#include "base/error.h"
#include "base/str.h"

enum op_kind { OP_CREATE, OP_REPLACE, OP_REMOVE };

struct op {
	enum op_kind kind;
	const char *path;       /* from the root */
	uint64_t before, after; /* hashes of the text; of what there is */
	/* not in the text: */
	const struct file *file; /* replace, remove: as it was read; NULL from a journal */
	struct str text;         /* put, replace: what is staged; empty from a journal */
	mode_t mode;             /* of what is put */
	const char *keep;        /* remove: the folder that stays */
	bool done;               /* the tree has it now */
	bool stranded;           /* somebody's file is in the staging folder */
};

struct emptied {
	const char *path;
	mode_t mode;
	uid_t owner;
	gid_t group;
};

struct journal {
	const char *step; /* in words */
	const char **made;
	struct emptied *emptied;
	struct op *ops;
	size_t made_count, emptied_count, op_count;
	size_t made_room, emptied_room, op_room;
};

void journal_write(const struct journal *j, struct buf *out);

/*
 * Reads a journal back; `shown` is what errors call it. What it says is owned
 * by mem. Every path is one below config/, and none leads upwards. FILES, with
 * the line, where the text is no journal; *j is then untouched.
 */
int journal_read(
	struct arena *mem, const char *shown, struct str text, struct journal *j, struct error *e);

/* Adds to the arrays; what is returned is valid until the next one is added. */
struct op *journal_add(struct arena *mem, struct journal *j);
void journal_add_made(struct arena *mem, struct journal *j, const char *path);
void journal_add_emptied(struct arena *mem, struct journal *j, struct emptied holder);

#endif
