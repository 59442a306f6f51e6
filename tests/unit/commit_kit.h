/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit_kit.h - what a commit of git has, as texts.
 *
 *	start(&r, w, ".", "HEAD");
 *	assert_string_equal(list(&r, "config"), "list: mgmt/");
 *	assert_string_equal(read_file(&r, "x", 100), "644 text\\n");
 *	stop(&r);
 */
#ifndef COMMIT_KIT_H
#define COMMIT_KIT_H

#include "git_kit.h"

#include "store/git/commit_source.h"

struct reader {
	struct world *w;
	struct root root;
	struct commit_source cs;
};

/* dir: of the fleet, below the directory of the test */
void start(struct reader *r, struct world *w, const char *dir, const char *rev);
void stop(struct reader *r);

/* "= STATUS TEXT" of an error, which is freed. */
void add_error(struct world *w, struct buf *out);

/* "list: x/ y@ z ", "nothing:", or the error. */
const char *list(struct reader *r, const char *path);

/* "644 TEXT", "nothing", or the error. */
const char *read_file(struct reader *r, const char *path, size_t limit);

#endif
