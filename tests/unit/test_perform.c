/* SPDX-License-Identifier: Apache-2.0 */
/* The one protocol of all writing commands: a plan is done in full, or nothing of it. */
#include "txn_kit.h"

#include <signal.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "run/perform.h"
#include "store/render/process.h"

struct scene {
	struct session session;
	struct layer was[3], now[3];
	struct doc docs[3];
	struct edit edits[3];
	struct plan plan;
	struct state after;
	struct how how;
	struct performed done;
};

static const struct fleet no_fleet;
static const struct application application = { .fleet = &no_fleet, .type = "a", .name = "b" };

static int nothing_has_changed(const void *context, struct error *e)
{
	(void)context;
	(void)e;
	fleet_has("config/a/patch-x", "old"); /* staged, and nothing moved yet */
	fleet_lacks("config/a/patch-1");
	fleet_has(".promote/0", "1");
	return 0;
}

static int something_has_changed(const void *context, struct error *e)
{
	return error_set(e, STATUS_REFUSED, "%s: changed", (const char *)context);
}

static int a_signal_comes(const void *context, struct error *e)
{
	(void)context;
	(void)e;
	return raise(SIGTERM);
}

/* as a checkout does that removes the fleet and makes it again; fleet_tear_down needs its path */
static int the_root_is_replaced(const void *context, struct error *e)
{
	const struct fleet_kit *f = context;
	char away[64];

	(void)e;
	snprintf(away, sizeof(away), "%s.away", f->path);
	return rename(f->path, away) < 0 ? -1 : mkdir(f->path, 0755);
}

static void put_the_root_back(const struct fleet_kit *f)
{
	char away[64];

	snprintf(away, sizeof(away), "%s.away", f->path);
	assert_int_equal(rmdir(f->path), 0);
	assert_int_equal(rename(away, f->path), 0);
}

static int memory_runs_out(const void *context, struct error *e)
{
	const struct arena *mem = context;

	(void)e;
	mem->out_of_memory();
	return 0;
}

/* A plan that creates patch-1, replaces patch-x and removes patch-y. */
static void set_scene(struct fleet_kit *f, struct scene *s, const char *generate)
{
	fleet_put("config/config.yaml", "fleet");
	fleet_put("config/a/patch-y", "gone");
	*s = (struct scene){
		.session = { .root = f->root,
			.lock = -1,
			.config = *fleet_file(f, "config/config.yaml") },
		.docs = { { .text = STR("1") }, { .text = STR("new") } },
		.plan = { .edits = s->edits, .edit_count = 3 },
		.after = { .subject = { .type = "a", .application = "x" } },
		.how = { .step = "a step",
			.app = &application,
			.after = &s->after,
			.keep = "config",
			.recheck = nothing_has_changed,
			.generate_command = generate,
			.no_generate = !generate },
	};
	for (int i = 0; i < 2; i++)
		s->now[i] = (struct layer){ .doc = &s->docs[i], .mode = 0640 };
	s->was[1].file = fleet_file(f, "config/a/patch-x");
	s->was[2].file = fleet_file(f, "config/a/patch-y");
	s->edits[0] = (struct edit){ EDIT_CREATE, "config/a/patch-1", 0, NULL, &s->now[0] };
	s->edits[1] = (struct edit){ EDIT_REPLACE, "config/a/patch-x", 0, &s->was[1], &s->now[1] };
	s->edits[2] = (struct edit){ EDIT_REMOVE, "config/a/patch-y", 0, &s->was[2], NULL };
}

static int do_plan(struct fleet_kit *f, struct scene *s)
{
	struct prepared prepared;
	int rc = perform_prepare(&f->k.mem, &s->session, &s->plan, &s->how, &prepared, &f->k.e);

	if (rc == 0)
		rc = perform(&prepared, &s->done, &f->k.e);

	signal(SIGTERM, SIG_IGN); /* discards one that is held */
	process_release_signals();
	signal(SIGTERM, SIG_DFL);
	return rc;
}

static void is_done(struct fleet_kit *f, struct scene *s)
{
	struct stat st;

	if (do_plan(f, s) < 0)
		fail_msg("%s", f->k.e.text);
	fleet_has("config/a/patch-1", "1");
	fleet_has("config/a/patch-x", "new");
	fleet_lacks("config/a/patch-y");
	fleet_lacks(".promote");
	assert_int_equal(stat("config/a/patch-1", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_null(s->done.left);
}

static void is_refused(struct fleet_kit *f, struct scene *s, enum status status, const char *text)
{
	s->done.generator = "untouched";
	assert_int_equal(do_plan(f, s), -1);
	fleet_told(f, status, text, "");
	assert_string_equal(s->done.generator, "untouched");
	fleet_lacks("config/a/patch-1");
	fleet_has("config/a/patch-x", "old");
	fleet_has("config/a/patch-y", "gone");
	fleet_lacks("rendered");
	fleet_lacks(".promote");
}

static void without_a_generator(void **state)
{
	struct scene s;

	set_scene(*state, &s, NULL);
	is_done(*state, &s);
	assert_null(s.done.generator);
	assert_int_equal(s.done.rendered.count, 0);
}

static void with_a_generator(void **state)
{
	struct scene s;

	set_scene(*state, &s, "mkdir rendered; cp config/a/patch-x rendered/r");
	is_done(*state, &s);
	assert_string_equal(s.done.generator, "mkdir rendered; cp config/a/patch-x rendered/r");
	assert_int_equal(s.done.rendered.count, 1);
	assert_string_equal(s.done.rendered.list[0].path, "rendered/r");
	fleet_has("rendered/r", "new");
}

static void refused_when_it_is_checked(void **state)
{
	struct fleet_kit *f = *state;
	struct scene s;

	set_scene(*state, &s, "mkdir rendered");
	s.how.recheck = something_has_changed;
	s.how.context = "config/a/z";
	is_refused(*state, &s, STATUS_REFUSED, "config/a/z: changed");
	set_scene(f, &s, NULL);
	s.how.recheck = the_root_is_replaced;
	s.how.context = f;
	is_refused(f, &s, STATUS_REFUSED,
		arena_printf(&f->k.mem,
			"%s: another directory has got this path while the step was worked out; nothing was written. Run it again",
			f->path));
	put_the_root_back(f);
	set_scene(*state, &s, NULL);
	s.how.recheck = a_signal_comes;
	is_refused(*state, &s, STATUS_SYSTEM, "interrupted; nothing was written");
	set_scene(*state, &s, NULL);
	fleet_put("config/config.yaml", "another fleet");
	is_refused(*state, &s, STATUS_REFUSED,
		"config/config.yaml: changed while the step was worked out; nothing was written. Run it again");
}

static void undone_when_it_cannot_generate(void **state)
{
	struct scene s;

	set_scene(*state, &s, "mkdir rendered; exit 3");
	is_refused(*state, &s, STATUS_SYSTEM,
		"The step was undone: 'mkdir rendered; exit 3' failed with exit status 3");
	set_scene(*state, &s, "mkdir rendered; echo 'a: b: c' >rendered/x.yaml");
	is_refused(*state, &s, STATUS_SYSTEM,
		"The step was undone: 'mkdir rendered; echo 'a: b: c' >rendered/x.yaml' left a wrong result: rendered/x.yaml:1:5: not valid YAML: mapping values are not allowed in this context");
	set_scene(*state, &s, "rm config/a/patch-1");
	is_refused(*state, &s, STATUS_SYSTEM,
		"The step was undone: 'rm config/a/patch-1' left a wrong result: config/a/patch-1 is not as the step has made it any more");
}

static void out_of_memory(void **state)
{
	struct fleet_kit *f = *state;
	struct scene s;

	set_scene(f, &s, NULL);
	s.how.recheck = memory_runs_out;
	s.how.context = &f->k.mem;
	is_refused(f, &s, STATUS_SYSTEM, "out of memory");
	assert_ptr_equal(f->k.mem.out_of_memory, abort);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLEET_TEST(out_of_memory),
		FLEET_TEST(without_a_generator),
		FLEET_TEST(with_a_generator),
		FLEET_TEST(refused_when_it_is_checked),
		FLEET_TEST(undone_when_it_cannot_generate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
