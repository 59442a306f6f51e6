/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many layers: who decides about a value, compared with a plain search; and steps that very many
 * values of other layers are in the way of.
 */
#include "layer_kit.h"

#include "core/integrate.h"
#include "core/promote.h"
#include "fleet_text.h"
#include "yaml/read.h"

enum { PATCHES = 24 };

static const char *const texts[] = { "a: {b: {c: 1}}\n", "a: {d: 2}\n", "x: 3\n", "u: {z: {}}\n",
	"a: {b: {e: 4}}\nx: {w: 5}\n", "u: [6]\n", "a: {b: 7}\n", "other: 8\n" };

static struct layers_at many_layers(struct kit *k, const char *position, size_t seed)
{
	struct layers_at at = { 0 };

	*ARENA_PUSH(&k->mem, at.layers, at.count) =
		new_layer(k, arena_printf(&k->mem, "%s/override.yaml", position),
			(uint32_t)seed * 100 + 1, "a: {b: {c: 9}}\nq: 1\n");
	for (size_t i = 1; i <= PATCHES; i++)
		*ARENA_PUSH(&k->mem, at.layers, at.count) = new_layer(k,
			arena_printf(&k->mem, "%s/patch-%03zu.yaml", position, i),
			(uint32_t)(seed * 100 + 1 + i), texts[(i * i + seed * 3) % LENGTH(texts)]);
	return at;
}

struct plain_search {
	const struct state *s;
	const struct keypath *path;
	bool in_flight;
	struct setter list[4 * PATCHES];
	size_t count;
};

static void plain_layer(struct plain_search *x, const struct layer *layer, size_t p, bool copy)
{
	size_t depth = 0;
	const struct node *node = keypath_follow(layer->root, x->path, &depth);

	if ((x->in_flight && (!layer->patch || copy)) ||
		(depth < x->path->count && node->kind == NODE_MAP))
		return;
	assert_true(x->count < LENGTH(x->list));
	x->list[x->count++] = (struct setter){ layer, node, p, copy, depth };
}

/* All layers of all positions on the way up, one by one. */
static void plain_setters(struct plain_search *x, size_t target)
{
	const struct state *s = x->s;

	for (size_t p = target; p != NOWHERE; p = s->app->fleet->positions[p].parent) {
		const struct layers_at *at = &s->app->at[p];
		bool put = !s->copies[p];

		for (size_t i = at->count; i-- > 0;) {
			const struct layer *l = at->layers[i];

			if (!put && (!l->patch || strcmp(l->name, s->file) < 0)) {
				plain_layer(x, s->copies[p], p, true);
				put = true;
			}
			if (strcmp(l->name, s->file) != 0)
				plain_layer(x, l, p, false);
		}
		if (!put)
			plain_layer(x, s->copies[p], p, true);
	}
	for (size_t i = s->base_count; i-- > 0;)
		plain_layer(x, s->bases[i], NOWHERE, false);
}

static bool same_setter(const struct setter *a, const struct setter *b)
{
	return a->layer == b->layer && a->node == b->node && a->position == b->position &&
		a->copy == b->copy && a->depth == b->depth;
}

static void check_setters(struct kit *k, const struct state *s, size_t target, const char *text)
{
	static const struct setter nobody = { .position = NOWHERE };
	const struct keypath path = keypath_known(&k->mem, text);
	struct plain_search all = { .s = s, .path = &path };
	struct plain_search flight = { .s = s, .path = &path, .in_flight = true };
	struct setter *list = NULL;

	plain_setters(&all, target);
	plain_setters(&flight, target);
	size_t n = setters_of(&k->mem, s, target, &path, &list);
	const struct setter first = setter_of(s, target, &path);
	const struct setter in_flight = setter_in_flight(s, target, &path);
	bool same = n == all.count;
	for (size_t i = 0; i < n && same; i++)
		same = same_setter(&list[i], &all.list[i]);
	if (!same)
		fail_msg("setters of '%s' at %zu: %zu, not these %zu", text, target, n, all.count);
	if (!same_setter(&first, n ? &all.list[0] : &nobody))
		fail_msg("the setter of '%s' at %zu", text, target);
	if (!same_setter(&in_flight, flight.count ? &flight.list[0] : &nobody))
		fail_msg("the patch that sets '%s' at %zu", text, target);
}

/* One layer is as deep as a file may be, and the path is longer. */
static const char *deep_text(struct kit *k, const char *open, size_t count, const char *close)
{
	struct buf b = { .mem = &k->mem };

	for (size_t i = 0; i < count; i++)
		buf_puts(&b, open);
	buf_puts(&b, *close ? "1" : "deep");
	for (size_t i = 0; i < count; i++)
		buf_puts(&b, close);
	return b.at;
}

static void setters_among_many_layers(void **state)
{
	static const char *const paths[] = { "", "a", "a.b", "a.b.c", "a.b.e", "a.b.c.no", "a.d",
		"x", "x.w", "u", "u.z", "u.z.no", "u.0", "q", "base", "no" };
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, BELOW, "e[r]");
	struct layers_at at[2] = { many_layers(k, "e", 1), many_layers(k, "e/r", 2) };
	const struct application app = { .fleet = &f,
		.type = "t",
		.name = "a",
		.base = new_layer(k, "a/values.yaml", 1, "a: {b: {c: 0}}\nbase: 1\n"),
		.at = at };
	static const char *const patches[] = { NULL, "patch-001", "patch-010", "patch-024" };

	at[0].layers[5] =
		new_layer(k, "e/patch-005.yaml", 999, deep_text(k, "{deep: ", YAML_DEPTH, "}"));
	for (size_t i = 0; i < LENGTH(patches); i++) {
		struct state s;

		state_make(&k->mem, stacks_new(&k->mem), &app, patches[i], &s);
		for (size_t t = 0; patches[i] && t < 3; t++) {
			for (size_t n = 0; n < LENGTH(paths); n++)
				check_setters(k, &s, t % 2, paths[n]);
			check_setters(k, &s, 1, deep_text(k, "deep.", YAML_DEPTH + 1, ""));
			check_setters(k, &s, 1, deep_text(k, "deep.", 3, ""));
			/* without a copy at one of the positions */
			s.copies[t % 2] = t ? s.copies[(t + 1) % 2] : NULL;
		}
	}
}

/* k100 and so on */
static const char *many_keys(struct kit *k, int count, const char *value)
{
	struct buf b = { .mem = &k->mem };

	for (int i = 100; i < 100 + count; i++)
		buf_printf(&b, "k%d: %s\n", i, value);
	return b.at;
}

/* Eight are named to a person, 256 to a program. */
static void very_many_conflicts(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, BELOW, "lab[a b]");
	struct layers_at at[3] = { 0 };
	const struct application app = { .fleet = &f,
		.type = "t",
		.name = "a",
		.base = new_layer(k, "a/values.yaml", 3, "v: 1\n"),
		.at = at };
	const struct request r = { .from = NOWHERE, .level = 2 };
	struct state now;
	struct step step;

	*ARENA_PUSH(&k->mem, at[0].layers, at[0].count) =
		new_layer(k, "lab/patch-001.yaml", 1, many_keys(k, 300, "old"));
	*ARENA_PUSH(&k->mem, at[1].layers, at[1].count) =
		new_layer(k, "lab/a/patch-002.yaml", 2, many_keys(k, 300, "new"));
	state_make(&k->mem, stacks_new(&k->mem), &app, "patch-002", &now);
	assert_int_equal(promote_next(&k->mem, &now, &r, &step, &k->e), -1);
	assert_string_equal(k->e.text,
		"lab/patch-001.yaml:1 sets k100, and this step would take it over at lab/b; promote or finish that patch first, or go on with --accept-conflict");
	assert_string_equal(strrchr(k->e.details, ' ') - strlen("  and 292"), "  and 292 more\n");
	assert_int_equal(k->e.blocker_count, 256);
	assert_string_equal(k->e.blockers[255].about.key, "k355");
	error_free(&k->e);
}

/* Whether an integration has enough of the run's work left; if it has, what came of it. */
static bool has_enough(struct kit *k, bool prune, size_t left, int *rc)
{
	const struct fleet f = fleet_read(&k->mem, BELOW, "live");
	struct layers_at at = { 0 };
	const struct application app = { .fleet = &f,
		.type = "t",
		.name = "a",
		.base = new_layer(k, "config/t/a/values.yaml", 3, "v: 1\n"),
		.at = &at };
	struct state now, after;

	*ARENA_PUSH(&k->mem, at.layers, at.count) =
		new_layer(k, "live/override.yaml", 1, many_keys(k, 101, "old"));
	*ARENA_PUSH(&k->mem, at.layers, at.count) =
		new_layer(k, "live/patch-001.yaml", 2, many_keys(k, 101, "new"));
	state_make(&k->mem, stacks_new(&k->mem), &app, "patch-001", &now);
	now.stacks->work = DIFF_WORK - left;
	*rc = integrate(&k->mem, &now, prune, &after, &k->e);
	bool enough = *rc == 0 || k->e.status == STATUS_REFUSED;
	if (!enough) {
		assert_int_equal(k->e.status, STATUS_FILES);
		assert_non_null(
			strstr(k->e.text, "config/t/a/values.yaml: its files set too many"));
	}
	error_free(&k->e);
	return enough;
}

/* What remains for the refusal need not do for pruning, which compares once more. */
static void allowance_for_pruning(void **state)
{
	struct kit *k = *state;
	size_t least[2] = { 0 }; /* what must be left, without pruning and with it */

	for (int prune = 0; prune < 2; prune++) {
		int rc = 0;

		while (!has_enough(k, prune, least[prune], &rc))
			least[prune] += 8;
		assert_int_equal(rc, prune ? 0 : -1);
	}
	assert_true(least[0] > 0 && least[1] > least[0]);
}

/* A thousand regions, each with an override of a hundred keys that only its copy hides. */
static void very_many_obstacles(void **state)
{
	struct kit *k = *state;
	struct buf names = { .mem = &k->mem };
	const struct layer *override = new_layer(k, "r/override.yaml", 1, many_keys(k, 101, "old"));
	const struct layer *patch = new_layer(k, "r/patch-001.yaml", 2, many_keys(k, 101, "new"));

	buf_puts(&names, "live[");
	for (int i = 1000; i < 2000; i++)
		buf_printf(&names, "%sr%d", i > 1000 ? " " : "", i);
	buf_putc(&names, ']');
	const struct fleet f = fleet_read(&k->mem, BELOW, names.at);
	struct layers_at *at = ARENA_NEW(&k->mem, struct layers_at, f.count);
	for (size_t p = 1; p < f.count; p++) {
		struct layer *own = ARENA_NEW(&k->mem, struct layer, 1);

		*own = *override;
		own->path = arena_printf(&k->mem, "%s/override.yaml", f.positions[p].path);
		*ARENA_PUSH(&k->mem, at[p].layers, at[p].count) = own;
		*ARENA_PUSH(&k->mem, at[p].layers, at[p].count) = patch;
	}
	const struct application app = { .fleet = &f,
		.type = "t",
		.name = "a",
		.base = new_layer(k, "config/t/a/values.yaml", 3, "v: 1\n"),
		.at = at };
	struct state now, after;
	state_make(&k->mem, stacks_new(&k->mem), &app, "patch-001", &now);
	assert_int_equal(integrate(&k->mem, &now, false, &after, &k->e), -1);
	assert_string_equal(k->e.text,
		"Integration into config/t/a/values.yaml would change 1000 of 1000 targets; nothing is written");
	/* whether pruning would help is not looked into that far */
	assert_string_equal(k->e.details,
		"  live/r1000/override.yaml:1 sets k100 to old\n"
		"  live/r1001/override.yaml:1 sets k100 to old\n"
		"  live/r1002/override.yaml:1 sets k100 to old\n"
		"  live/r1003/override.yaml:1 sets k100 to old\n"
		"  live/r1004/override.yaml:1 sets k100 to old\n"
		"  live/r1005/override.yaml:1 sets k100 to old\n"
		"  live/r1006/override.yaml:1 sets k100 to old\n"
		"  live/r1007/override.yaml:1 sets k100 to old\n"
		"  and more\n");
	error_free(&k->e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(setters_among_many_layers),
		KIT_TEST(very_many_conflicts),
		KIT_TEST(allowance_for_pruning),
		KIT_TEST(very_many_obstacles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
