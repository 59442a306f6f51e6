/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git_kit.h - a directory for repositories that a shell makes: it is the working directory of the
 * test, and the configuration of git is an empty one.
 *
 *	shell(w, "git init -q; put $file 'a: 1\\n'; all");
 *
 *	cmocka_unit_test_setup_teardown(name, git_set_up, git_tear_down)
 */
#ifndef GIT_KIT_H
#define GIT_KIT_H

#include "helper.h"

#define FILE_PATH "config/mgmt/app/lab/patch-001.yaml"

struct world {
	struct kit k;
	char path[40], *before;
};

int git_set_up(void **state);
int git_tear_down(void **state);

/*
 * Runs a script, which must succeed. It has `put FILE FORMAT`, `all`, which commits all that is
 * there, and $file, which is FILE_PATH.
 */
void shell(struct world *w, const char *script);

/*
 * A configuration that runs programs: each of them makes the file `ran`, which no test may find.
 */
extern const char hostile[];

#endif
