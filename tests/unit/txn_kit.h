/* SPDX-License-Identifier: Apache-2.0 */
/*
 * txn_kit.h - what the tests of the transaction share: a small fleet, which is
 * the working directory while a test runs, with the one file config/a/patch-x.
 *
 *	struct fleet_kit *f = *state;
 *
 *	txn_create(&f->t, "config/a/patch-1", STR("1"), 0644);
 *	fleet_commit(f);
 *	fleet_has("config/a/patch-1", "1");
 *
 *	FLEET_TEST(name) in the table of tests
 */
#ifndef TXN_KIT_H
#define TXN_KIT_H

#include "helper.h"

#include "store/txn/txn.h"

struct fleet_kit {
	struct kit k;
	char path[32];
	struct root root;
	struct txn t;
};

int fleet_set_up(void **state);
int fleet_tear_down(void **state); /* fails if an error was set and not checked */

#define FLEET_TEST(name) cmocka_unit_test_setup_teardown(name, fleet_set_up, fleet_tear_down)

void fleet_put(const char *path, const char *text);
void fleet_has(const char *path, const char *text); /* the whole of it */
void fleet_lacks(const char *path);
void fleet_remove(const char *path); /* with all below it */
const struct file *fleet_file(struct fleet_kit *f, const char *path);

/* These must succeed. */
void fleet_stage(struct fleet_kit *f);
void fleet_commit(struct fleet_kit *f); /* stages first */

/* These must fail, and leave no staging directory. */
void fleet_cannot_stage(struct fleet_kit *f, enum status status, const char *text);
void fleet_cannot_commit(struct fleet_kit *f, enum status status, const char *text);

/* The step is undone for some reason, and that is done in full (0) or not (-1) and said. */
void fleet_undo(struct fleet_kit *f, int rc, const char *details);

/* The error, with the details that follow it, a line each. */
void fleet_told(struct fleet_kit *f, enum status status, const char *text, const char *details);

/* What another program does to config/a/patch-x. */
void other_removes(void);
void other_links(void);
void other_makes_directory(void);
void other_writes(void); /* another file with the text "other" */

#define CHANGED(path) path ": another program has changed it meanwhile; it is left as it is"
#define NOT_IN_FULL   "The step is not undone in full; 'promote recover' continues it"
#define LACKS                                                                                      \
	"The step is not undone in full, and .promote lacks what 'promote recover' would need to continue it"

#endif
