/* SPDX-License-Identifier: Apache-2.0 */
/* What a generator has rendered, compared with what a target has; and how values are shown. */
#include "helper.h"

#include "core/show.h"
#include "core/target.h"
#include "fleet_text.h"

/* The paths that differ. */
static const char *differing(struct kit *k, const char *rendered, const struct node *values)
{
	const struct value_change *changes = NULL;
	const struct doc old = kit_read(k, str_of(rendered));
	size_t n = target_compare(&k->mem, old.root, values, &changes);
	struct buf b = { .mem = &k->mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i ? " " : "", changes[i].path);
	return b.at;
}

static void what_a_generator_may_write(void **state)
{
	static const struct {
		const char *values, *rendered, *differ;
	} rows[] = {
		{ "a: 0644", "a: 420", "" },
		{ "a: 0644", "a: 421", "a" },
		{ "a: 1", "a: '1'", "a" },
		{ "l: [0644, x]", "l: [420, x]", "" },
		{ "l: [0644, x]", "l: [420, w]", "l" },
		{ "l: [0644, x]", "l: [420]", "l" },
		{ "l: [{a: 0644, b: 1}]", "l: [{b: 1, a: 420}]", "" },
		{ "l: [{a: 0644, b: 1}]", "l: [{b: 2, a: 420}]", "l" },
		{ "l: [{a: 0644, b: 1}]", "l: [{a: 420}]", "l" },
		{ "l: [{a: 0644, b: 1}]", "l: [{a: 420, c: 1}]", "l" },
		{ "l: [{a: 0644}]", "l: [[420]]", "l" },
		{ "l: [!t [0644]]", "l: [[420]]", "l" },
		{ "a: 0644", "a: 420\nb: 1", "b" },
		{ "a: 0644\nb: 1", "a: 420", "b" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct doc values = kit_read(k, str_of(rows[i].values));

		expect_text(rows[i].values, rows[i].rendered, rows[i].differ,
			differing(k, rows[i].rendered, values.root));
	}
}

/* A position may be a number in config.yaml, and then is one to the generator, too. */
static void facts_of_a_target(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, "environments regions", "7[eu]");
	const struct node *values = target_values(&k->mem, &f, 1, NULL, 0);

	assert_string_equal(differing(k, "cluster: {environment: '7', region: eu}", values), "");
	assert_string_equal(differing(k, "cluster: {environment: 7, region: eu}", values), "");
	assert_string_equal(differing(k, "cluster: {environment: 8, region: us}", values),
		"cluster.environment cluster.region");
	assert_string_equal(differing(k, "cluster: {environment: [7], region: eu}", values),
		"cluster.environment");
	assert_string_equal(differing(k, "cluster: 7", values), "cluster");
}

static void no_control_character_is_shown(void **state)
{
	struct kit *k = *state;
	const char *plain = "a/b";
	struct buf b = { .mem = &k->mem };

	assert_ptr_equal(show_text(&k->mem, plain), plain);
	assert_string_equal(show_text(&k->mem, "a\033[1m\n"), "a\\x1b[1m\\x0a");
	show_printf(&b, "\n");
	assert_string_equal(b.at, "\n");
	show_printf(&b, "\n\n%s\n", "\n\r");
	assert_string_equal(b.at, "\n\n\n\\x0a\\x0d\n");
	show_printf(&b, "%s", "\033");
	assert_string_equal(b.at, "\n\n\n\\x0a\\x0d\n\\x1b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(what_a_generator_may_write),
		KIT_TEST(facts_of_a_target),
		KIT_TEST(no_control_character_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
