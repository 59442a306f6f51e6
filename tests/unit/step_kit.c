/* SPDX-License-Identifier: Apache-2.0 */
#include "step_kit.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"

int step_listed;

static int list(const void *context, struct arena *mem, const char *application,
	const char *const **paths, size_t *count, struct error *e)
{
	static const char *const all[] = { "config/c/values" };

	(void)context;
	(void)mem;
	(void)e;
	assert_string_equal(application, "config/c");
	*paths = all;
	*count = LENGTH(all);
	return step_listed;
}

const char *step_left;

static int end_left(struct arena *mem, const char *mark, struct error *e)
{
	(void)mem;
	assert_string_equal(mark, STEP_MARK);
	return step_left ? error_set(e, STATUS_HELD, "cannot be ended: %s", step_left) : 0;
}

const struct recover_how step_how = {
	.trust = true, .layers = { list, NULL }, .end_left = end_left
};

int step_set_up(void **state)
{
	step_listed = 1;
	step_left = NULL;
	if (fleet_set_up(state) < 0 || mkdir("config/c", 0755) < 0 || mkdir("config/c/a", 0755) < 0)
		return -1;
	fleet_put("config/c/a/patch-x", "old");
	fleet_put("config/c/values", "1");
	fleet_put("config/c/patch-v", "old");
	return 0;
}

int step_tear_down(void **state)
{
	calls_end();
	return fleet_tear_down(state);
}

void step_begin(struct fleet_kit *f, enum txn_kind kind)
{
	struct txn *t = &f->t;

	txn_begin(t, &f->k.mem, &f->root, "step");
	txn_from(t, "config/c", &(struct changed_list){ 0 });
	assert_int_equal(txn_input_file(t, "config/c/values", &f->k.e), 0);
	txn_remove(t, "config/c/a/patch-x", fleet_file(f, "config/c/a/patch-x"), "config/c");
	txn_create(t, "config/c/n/patch-1", STR("1"), 0644);
	txn_replace(t, "config/c/patch-v", fleet_file(f, "config/c/patch-v"), STR("new"));
	if (kind == TXN_TENTATIVE) {
		txn_keep_rendered(t);
		txn_mark(t, STEP_MARK);
	}
}

void step_decide(struct fleet_kit *f, enum txn_kind kind)
{
	step_begin(f, kind);
	fleet_stage(f);
	assert_int_equal(txn_commit(&f->t, kind, &f->k.e), 0);
	if (kind == TXN_TENTATIVE) {
		assert_int_equal(mkdir("rendered", 0755), 0);
		fleet_put("rendered/r", "new");
	}
}

void step_die(struct fleet_kit *f)
{
	const int open[] = { f->t.staging.fd, f->t.rendered.archive, f->t.room };

	for (size_t i = 0; i < LENGTH(open); i++)
		if (open[i] >= 0)
			close(open[i]);
}

void step_killed(struct fleet_kit *f, enum txn_kind kind)
{
	step_decide(f, kind);
	step_die(f);
}

void step_is_undone(void)
{
	fleet_lacks(".promote");
	fleet_has("config/c/a/patch-x", "old");
	fleet_has("config/c/patch-v", "old");
	fleet_lacks("config/c/n");
	fleet_lacks("rendered");
}

void step_is_done(void)
{
	fleet_lacks(".promote");
	fleet_lacks("config/c/a");
	fleet_has("config/c/n/patch-1", "1");
	fleet_has("config/c/patch-v", "new");
}

void step_put_back(void)
{
	fleet_remove("config/c/n");
	assert_int_equal(mkdir("config/c/a", 0755), 0);
	fleet_put("config/c/a/patch-x", "old");
	fleet_put("config/c/patch-v", "old");
}

enum recovery step_recover(struct fleet_kit *f)
{
	struct recovered r;

	if (recover(&f->k.mem, &f->root, &step_how, &r, &f->k.e) < 0)
		fail_msg("%s", f->k.e.text);
	return r.what;
}

bool step_recover_failing(struct fleet_kit *f, unsigned long n)
{
	struct recovered r;

	calls_fail_at(n, EIO);
	int rc = recover(&f->k.mem, &f->root, &step_how, &r, &f->k.e);
	bool met = calls_end();
	assert_true(rc == 0 || met);
	assert_true((rc == 0) == !f->k.e.text);
	error_free(&f->k.e);
	step_recover(f);
	return met;
}

void step_not_recovered(
	struct fleet_kit *f, enum status status, const char *text, const char *details)
{
	struct recovered r;

	assert_int_equal(recover(&f->k.mem, &f->root, &step_how, &r, &f->k.e), -1);
	fleet_told(f, status, text, details);
}
