/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit_source.h - a commit of git as a source of a fleet's files (store/load/source.h).
 *
 *	struct commit_source cs;
 *
 *	if (commit_source_open(mem, &root, "v1.2", &cs, e) < 0)
 *		return -1;
 *	struct source *source = &cs.source;
 *	int found = source->read(source, mem, "config/config.yaml", YAML_BYTES, &file, e);
 *	if (commit_source_move(&cs, "v1.3", e) == 0)
 *		...
 *	commit_source_close(&cs);
 *
 * Paths begin at ROOT, which may be below the top of the working tree. Nothing of the working tree
 * or the index is looked at. One `git cat-file --batch` answers for all commits, so that moving to
 * another one costs nothing but what is read of it; it is started again if it has ended.
 *
 * A file has the bytes of its blob: no filter, no line end and no encoding of git's attributes is
 * applied, since those are settings of the working tree, and some of them run programs. A link is
 * refused and a directory is listed as on the disk. A submodule is a directory that cannot be
 * listed, since the commit does not have its files. The stamps of files and directories are zero.
 *
 * A tree in which git would write no working tree (two entries of one name, a name with a slash) is
 * refused, FILES. SYSTEM, if an object is missing, as in a partial clone, for which nothing is
 * fetched.
 *
 * The struct has pointers to itself, and is not to be copied.
 *
 * git is run as git.h says, so the caller asks only in a fleet in which programs may be run
 * (session_may_run_git() in run/session.h).
 */
#ifndef STORE_GIT_COMMIT_SOURCE_H
#define STORE_GIT_COMMIT_SOURCE_H

#include "base/map.h"
#include "store/git/batch.h"
#include "store/load/source.h"

struct commit_source {
	struct source source;            /* reads from the commit that it is at */
	const char *commit;              /* its full name in hexadecimal digits; owned by it */
	void (*on_read)(bool directory); /* as in struct disk */
	/* the rest is its own */
	const char *prefix; /* of ROOT from the top, with a slash at its end; or "" */
	struct batch batch;
	struct arena mem;   /* owned: a caller may take back what it has allocated in its own */
	struct arena trees; /* owned; what was read of trees */
	size_t tree_bytes;
	struct map by_object; /* a tree by its object's name */
	struct map names;     /* the hexadecimal name of an object by its raw one */
	const char *top;      /* the object of the commit's tree */
};

/*
 * rev: anything that git takes for a commit. FILES, "unknown-revision", if there is no such commit,
 * no repository, or one that git refuses; SYSTEM if git cannot be run. root is borrowed as long as
 * the source. After an error nothing is to be closed.
 */
int commit_source_open(struct arena *mem, const struct root *root, const char *rev,
	struct commit_source *cs, struct error *e);

/* The same for another commit. On failure the source is at the commit that it was at. */
int commit_source_move(struct commit_source *cs, const char *rev, struct error *e);

/*
 * The full name of the object that a path has in the commit, "" is ROOT; it is valid until the
 * source is closed. NULL if there is none, or it cannot be found out. Equal names in two commits
 * mean that a file is the same, or a directory with all that is below it.
 */
const char *commit_source_object(struct commit_source *cs, const char *path);

void commit_source_close(struct commit_source *cs);

#endif
