/* SPDX-License-Identifier: Apache-2.0 */
/*
 * step_kit.h - a step that moves files of each kind, for tests of what becomes of it when its run
 * is killed or cannot end it. Fails as calls.h says.
 *
 *	remove   config/c/a/patch-x  "old"
 *	create   config/c/n/patch-1  "1"
 *	replace  config/c/patch-v    "old" -> "new"
 *
 * It is worked out from config/c/values. A tentative one has a generator that makes rendered/.
 */
#ifndef STEP_KIT_H
#define STEP_KIT_H

#include "txn_kit.h"

#include "store/txn/recover.h"

int step_set_up(void **state);
int step_tear_down(void **state);

#define STEP_TEST(name) cmocka_unit_test_setup_teardown(name, step_set_up, step_tear_down)

/* The step, before it is staged. */
void step_begin(struct fleet_kit *f, enum txn_kind kind);

/* All of it is done; and the same by a run that is killed then. */
void step_decide(struct fleet_kit *f, enum txn_kind kind);
void step_killed(struct fleet_kit *f, enum txn_kind kind);
void step_die(struct fleet_kit *f);

/* The tree is as before or after it, with no staging directory. */
void step_is_undone(void);
void step_is_done(void);

/* Makes the tree of a step that is done as it was before. */
void step_put_back(void);

/* What step_how says of config/c: 1 if its files can be listed. */
extern int step_listed;
/* What of a generator cannot be ended; or NULL. The mark of one that a tentative step has. */
extern const char *step_left;
#define STEP_MARK "00000000000000000000000000000001"
extern const struct recover_how step_how;

/* Must succeed. */
enum recovery step_recover(struct fleet_kit *f);

/*
 * Recovers after a recovery of which the n-th call fails: whether it came to that call. It must have
 * said so if it failed, and be right else.
 */
bool step_recover_failing(struct fleet_kit *f, unsigned long n);

/* Must be refused so, and changes nothing. */
void step_not_recovered(
	struct fleet_kit *f, enum status status, const char *text, const char *details);

#endif
