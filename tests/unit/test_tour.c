/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tour of a fleet in memory: who is visited, with what, and what is said of those that cannot be
 * read.
 */
#include "helper.h"

#include <errno.h>
#include <string.h>

#include "fleet_text.h"
#include "memory_source.h"
#include "run/tour.h"

#define FLEET "int[s1[us eu] s2[us]] stage![s1]"

static const struct memory_file files[] = {
	{ .path = "config/t/defaults.yaml", .text = "x: {default: {a: 1}}\n" },
	{ .path = "config/t/b/values.yaml", .text = "a: 0\n" },
	{ .path = "config/t/b/int/s1/patch-1.yaml", .text = "a: 1\n" },
	{ .path = "config/t/b/int/s2/patch-1.yaml", .text = "a: 1\n" },
	{ .path = "config/t/a/values.yaml", .text = "a: 0\n" },
	{ .path = "config/t/broken/values.yaml", .text = "a: [0\n" },
	{ .path = "config/t/broken/int/patch-1.yaml", .text = "a: 1\n" },
	{ .path = "config/t/closed", .kind = ENTRY_DIRECTORY, .fails = EACCES },
	{ .path = "config/u/z/int/patch-2.yaml", .text = "" },
	{ .path = "config/v", .kind = ENTRY_DIRECTORY, .fails = EIO },
};

/* A session whose files are in memory. */
struct tour_kit {
	struct kit *k;
	struct memory memory;
	struct session s;
	struct buf seen;
	const char *stop_at; /* the application that the tour is ended at, or NULL */
};

static struct memory *memory;

static int list_memory(struct source *s, struct arena *mem, const char *path, struct listing *list,
	struct error *e)
{
	(void)s;
	return memory->source.list(&memory->source, mem, path, list, e);
}

static int read_memory(struct source *s, struct arena *mem, const char *path, size_t limit,
	struct file *file, struct error *e)
{
	(void)s;
	return memory->source.read(&memory->source, mem, path, limit, file, e);
}

static void begin(struct tour_kit *t, void **state)
{
	*t = (struct tour_kit){ .k = *state, .memory = source_memory(files, LENGTH(files)) };
	memory = &t->memory;
	t->s.disk.source = (struct source){ list_memory, read_memory };
	t->s.source = &t->s.disk.source;
	contents_init(&t->s.contents, &t->k->mem, t->s.source);
	t->s.fleet = fleet_read(&t->k->mem, DIMENSIONS, FLEET);
	t->seen.mem = &t->k->mem;
}

/* "t/b: 2 names, 3 meanings, a = 1 at int/s1/us\n" */
static int look(void *context, struct stop *stop, struct error *e)
{
	struct tour_kit *t = context;

	buf_printf(&t->seen, "%s/%s:", stop->type, stop->application ? stop->application : "?");
	assert_int_equal(stop->wrong->text != NULL, stop->wrong->status != STATUS_DONE);
	if (stop->names) {
		assert_ptr_equal(stop->names->fleet, &t->s.fleet);
		buf_printf(&t->seen, " %zu names", stop->names->layer_count);
	}
	if (stop->app) {
		struct state state;

		state_make(stop->mem, stop->stacks, stop->app, NULL, &state);
		size_t us = position_read(&t->s.fleet, "int/s1/us");
		const struct node *a = node_get(state_values(&state, us), "a");
		buf_printf(&t->seen, ", %u meanings, a = %s", stop->contents->meaning_count,
			a ? a->value.at : "nothing");
	}
	if (stop->wrong->text)
		buf_printf(&t->seen, " %d %s", (int)stop->wrong->status, stop->wrong->text);
	buf_putc(&t->seen, '\n');
	if (t->stop_at && stop->application && strcmp(stop->application, t->stop_at) == 0)
		return error_set(e, STATUS_REFUSED, "enough");
	return 0;
}

static int travel(struct tour_kit *t, const char *type, const char *application, bool names_only)
{
	const struct tour request = { type, application, names_only, look, t };

	return tour(&t->k->mem, &t->s, &request, &t->k->e);
}

#define T_READ                                                                                                                                  \
	"t/a: 0 names, 2 meanings, a = 0\n"                                                                                                     \
	"t/b: 2 names, 3 meanings, a = 1\n"                                                                                                     \
	"t/broken: 1 names 3 config/t/broken/values.yaml:2:1: not valid YAML: while parsing a flow sequence did not find expected ',' or ']'\n" \
	"t/closed: 1 config/t/closed: Permission denied\n"

static void visits_all(void **state)
{
	struct tour_kit t;

	begin(&t, state);
	assert_int_equal(travel(&t, NULL, NULL, false), 0);
	assert_str(buf_str(&t.seen),
		T_READ
		"u/z: 1 names 3 config/u/z/int/patch-2.yaml: the patch is empty; it must be a "
		"mapping of the values to set\n"
		"v/?: 1 config/v: Input/output error\n");
}

static void visits_some(void **state)
{
	struct tour_kit t;

	begin(&t, state);
	assert_int_equal(travel(&t, "t", NULL, false), 0);
	assert_str(buf_str(&t.seen), T_READ);
	begin(&t, state);
	assert_int_equal(travel(&t, "t", "b", false), 0);
	assert_str(buf_str(&t.seen), "t/b: 2 names, 3 meanings, a = 1\n");
	begin(&t, state);
	assert_int_equal(travel(&t, "v", NULL, false), 0);
	assert_str(buf_str(&t.seen), "v/?: 1 config/v: Input/output error\n");
}

/* Only directories are read. */
static void visits_names(void **state)
{
	struct tour_kit t;

	begin(&t, state);
	assert_int_equal(travel(&t, NULL, NULL, true), 0);
	assert_str(buf_str(&t.seen),
		"t/a: 0 names\nt/b: 2 names\nt/broken: 1 names\n"
		"t/closed: 1 config/t/closed: Permission denied\n"
		"u/z: 1 names\nv/?: 1 config/v: Input/output error\n");
	assert_int_equal(memory->reads, 0);
}

/* Types that config.yaml lists come in its order, and need no directory. */
static void visits_listed_types(void **state)
{
	static const char *types[] = { "u", "none", "t" };
	struct tour_kit t;

	begin(&t, state);
	t.s.fleet.cluster_types = types;
	t.s.fleet.types = LENGTH(types);
	assert_int_equal(travel(&t, NULL, NULL, true), 0);
	assert_str(buf_str(&t.seen),
		"u/z: 1 names\nt/a: 0 names\nt/b: 2 names\nt/broken: 1 names\n"
		"t/closed: 1 config/t/closed: Permission denied\n");
}

static void ends_early(void **state)
{
	struct tour_kit t;

	begin(&t, state);
	t.stop_at = "broken";
	assert_int_equal(travel(&t, NULL, NULL, true), -1);
	assert_error(t.k, STATUS_REFUSED, "enough");
	assert_str(buf_str(&t.seen), "t/a: 0 names\nt/b: 2 names\nt/broken: 1 names\n");
	begin(&t, state);
	t.stop_at = "b";
	assert_int_equal(travel(&t, "t", "b", false), -1);
	assert_error(t.k, STATUS_REFUSED, "enough");
}

static void refuses_unknown_names(void **state)
{
	struct tour_kit t;

	begin(&t, state);
	assert_int_equal(travel(&t, "w", NULL, false), -1);
	assert_error(t.k, STATUS_FILES, "Cluster type 'w' not found. Available: t, u, v");
	assert_int_equal(travel(&t, "u", "y", false), -1);
	assert_error(t.k, STATUS_FILES, "Application 'y' not found. Available: z");
	assert_null(t.seen.at);
	t.memory = source_memory(files, 0);
	assert_int_equal(travel(&t, NULL, NULL, false), -1);
	assert_error(t.k, STATUS_FILES, "config: not found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(visits_all),
		KIT_TEST(visits_some),
		KIT_TEST(visits_names),
		KIT_TEST(visits_listed_types),
		KIT_TEST(ends_early),
		KIT_TEST(refuses_unknown_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
