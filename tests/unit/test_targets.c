/* SPDX-License-Identifier: Apache-2.0 */
/* The values of many targets, with little and with much room for the texts that are kept. */
#include "helper.h"

#include "report/targets.h"
#include "yaml/merge.h"

enum { TREES = 3, TARGETS = 12 };

static const char *const texts[TREES] = {
	"apps:\n  web:\n    source:\n      chart: {name: web, tags: [a, b]}\n    on: yes\n",
	"apps:\n  db:\n    source:\n      - name: one\n      - name: two\n",
	"apps:\n  web:\n    source:\n      chart: {name: other}\nalone:\n  deep: {er: {than: {four: keys}}}\n",
};

/* Each target has another choice of the trees; those that two have are shared. */
static const char *write_all(struct kit *k, const struct node *const *trees, bool json, size_t most)
{
	struct buf out = { .mem = &k->mem };
	struct targets t;

	targets_start(&t, &k->mem, json);
	t.most = most;
	for (size_t i = 0; most && i < TREES; i++)
		targets_share(&t, trees[i]);
	for (unsigned target = 0; target < TARGETS; target++) {
		const struct node *chosen[TREES];
		size_t n = 0;

		for (unsigned i = 0; i < TREES; i++)
			if ((target % 7 + 1) >> i & 1)
				chosen[n++] = trees[i];
		targets_add(&t, arena_printf(&k->mem, "t/%u", target),
			yaml_merge_all(&k->mem, chosen, n), &out);
	}
	targets_end(&t, &out);
	targets_free(&t);
	return out.at;
}

static void any_room_gives_the_same(void **state)
{
	static const size_t rooms[] = { 1, 20, 60, 100, 200, 400, 1 << 20 };
	struct kit *k = *state;
	const struct node *trees[TREES];

	for (size_t i = 0; i < TREES; i++)
		trees[i] = kit_read(k, str_of(texts[i])).root;
	for (int json = 0; json < 2; json++) {
		const char *wanted = write_all(k, trees, json, 0);

		for (size_t i = 0; i < LENGTH(rooms); i++)
			assert_string_equal(write_all(k, trees, json, rooms[i]), wanted);
	}
}

static void each_target_is_named(void **state)
{
	struct kit *k = *state;
	struct buf out = { .mem = &k->mem };
	const struct node *values = kit_read(k, STR("a: {b: 1}\n")).root;
	struct targets t;

	targets_start(&t, &k->mem, false);
	targets_add(&t, "x/y", values, &out);
	targets_add(&t, "x/\xe2\x80\xa8z", values, &out);
	targets_end(&t, &out);
	targets_free(&t);
	assert_string_equal(
		out.at, "---\n# x/y\na: {b: 1}\n---\n# x/\\xe2\\x80\\xa8z\na: {b: 1}\n");
	out.len = 0;
	targets_start(&t, &k->mem, true);
	targets_end(&t, &out);
	targets_free(&t);
	assert_string_equal(out.at, "{}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(any_room_gives_the_same),
		KIT_TEST(each_target_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
