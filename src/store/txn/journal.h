/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.h - the operations of a step, as they are written down before they are done.
 *
 * A journal is text that a person can read, one line for each fact:
 *
 *	promote journal 2
 *	step mgmt app: patch-001 to stage/s1
 *	place 1b4e28ba-2fa1-11d2-883f-b9a761bde3fb 2049 131 1764233000123456789 2049 140 ...
 *	application config/mgmt/app
 *	commit 6f1e...
 *	effect
 *	target stage/s1/us
 *	path applications.app.image
 *	generator 5d1c...
 *	rendered 9a0b...
 *	directory 2049 133 1764233000123456789 config/mgmt/app/stage
 *	input 1f2e... config/config.yaml
 *	make config/mgmt/app/stage/s1
 *	emptied 755 1000 1000 config/mgmt/app/integration/s1
 *	create 0a1b... 2049 150 1764233000123456789 config/mgmt/app/stage/s1/patch-001.yaml
 *	replace 2c3d... 4e5f... config/mgmt/app/values.yaml
 *	remove 6a7b... config/mgmt/app/integration/s1/patch-001.yaml
 *	end 8c9d...
 *
 * `place` is where the staging directory was made (site.h). The step was worked out from the files
 * of this application: `input` are those that it does not touch, with the digests of their texts,
 * and `directory` are those that its files are in, with their identities. Each `effect` is followed
 * by targets whose values change, and by the paths of those. `commit` is there if the step is to be
 * committed, with what HEAD is before: then git's update of HEAD is the decision. `generator` is
 * the mark of what that starts (store/render/mark.h), if one is to run. `rendered` is there if the
 * staging directory has a copy of rendered/, which an undo restores, with the digest of the copy.
 * `make` are directories to be made, parents first. `emptied` are directories that removals may
 * leave empty, with mode, owner and group, children first. Then come the operations, numbered from
 * 0, with digests (base/digest.h) of the text before and after, and for a new file its identity.
 * The last line has the digest of all lines before it. In a path \n is a new line and \\ a
 * backslash.
 */
#ifndef STORE_TXN_JOURNAL_H
#define STORE_TXN_JOURNAL_H

#include "core/changed.h"
#include "store/tree/tree.h"
#include "store/txn/site.h"

enum op_kind { OP_CREATE, OP_REPLACE, OP_REMOVE };

struct op {
	enum op_kind kind;
	const char *path;            /* from the root */
	struct digest before, after; /* of the texts that there are */
	struct identity made;        /* create: of the file that is moved to its place */
	/* not in the journal's text: */
	const struct file *file; /* replace, remove: as it was read; NULL from a journal */
	struct str text;         /* create, replace: the new text; empty from a journal */
	mode_t mode;             /* create, replace: of the new file */
	const char *source;      /* create: the file that it is a copy of; or NULL */
	struct str list;         /* the access list of the file, for a copy of the source */
	const char *keep;        /* remove: the directory that stays even if it is empty */
	bool done;               /* the tree has it now */
	bool stranded;           /* the staging directory has a file of another program */
};

struct emptied {
	const char *path;
	struct access access;
};

/* A file that the step was worked out from, and that it leaves as it is. */
struct input {
	const char *path;
	struct digest digest;
};

/* A directory that was there before the step, and has files of it. */
struct touched {
	const char *path;
	struct identity id;
};

/* The arrays grow by ARENA_PUSH. */
struct journal {
	const char *step; /* in words */
	struct site site;
	const char *
		application; /* its directory; NULL: what the step was worked out from is not known */
	struct changed_list effect;
	const char *commit; /* what HEAD is before the step, if a commit of it is made; or NULL */
	const char *mark;   /* of what the generator starts; NULL: none runs */
	bool rendered;      /* a copy of rendered/ is kept ... */
	struct digest archive;   /* ... and has this text */
	struct touched *touched; /* each once */
	struct input *inputs;    /* each once */
	const char **made;
	struct emptied *emptied;
	struct op *ops;
	size_t touched_count, input_count, made_count, emptied_count, op_count;
	/* not in the journal's text: that, with room to write it again; empty from a journal */
	struct buf text;
};

/* What is checked out, in a tree that git has made; an input as others. */
#define JOURNAL_HEAD ".git/HEAD"

void journal_write(const struct journal *j, struct buf *out);

/*
 * Reads a journal back; errors call it `shown`. The result is owned by mem. Every path of a file
 * or directory is below config/ and has no "..", but for an input JOURNAL_HEAD. FILES, with the
 * line, if the text is not a journal;
 * *j is then untouched.
 */
int journal_read(
	struct arena *mem, const char *shown, struct str text, struct journal *j, struct error *e);

#endif
