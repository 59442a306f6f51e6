/* SPDX-License-Identifier: Apache-2.0 */
/* The limits of the reader, from both sides. What else it refuses: tests/yaml/unreadable.cases. */
#include "helper.h"

#include <stdlib.h>

#include "yaml/read.h"

/* lead, then `middle` n times, then `tail` n times */
static struct str repeated(
	struct kit *k, const char *lead, const char *middle, size_t n, const char *tail)
{
	struct buf b = { .mem = &k->mem };

	buf_puts(&b, lead);
	for (size_t i = 0; i < n; i++)
		buf_puts(&b, middle);
	for (size_t i = 0; i < n; i++)
		buf_puts(&b, tail);
	return buf_str(&b);
}

/* Both readers keep the limit: n is taken, one more is refused. */
static void limits(void **state)
{
	static const struct {
		const char *lead, *middle;
		size_t n;
		const char *tail, *error;
	} rows[] = {
		{ "", "[", YAML_DEPTH, "]", "f:1:129: nested deeper than 128 levels" },
		{ "", "{a: ", YAML_DEPTH, "}", "f:1:513: nested deeper than 128 levels" },
		{ "", "- ", YAML_DEPTH, "", "f:1:257: nested deeper than 128 levels" },
		{ "\n- ", "[", YAML_DEPTH - 1, "]", "f:2:130: nested deeper than 128 levels" },
		{ "%TAG ! x\n---\n- !", "a", YAML_TAG_BYTES - 1, "",
			"f:3:3: a tag longer than 128 bytes" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct doc doc;
		struct str most =
			repeated(k, rows[i].lead, rows[i].middle, rows[i].n, rows[i].tail);
		struct str over =
			repeated(k, rows[i].lead, rows[i].middle, rows[i].n + 1, rows[i].tail);

		assert_int_equal(yaml_read(&k->mem, "f", most, &doc, &k->e), 0);
		assert_int_equal(yaml_check(&k->mem, "f", most, &k->e), 0);
		assert_int_equal(yaml_read(&k->mem, "f", over, &doc, &k->e), -1);
		assert_error(k, STATUS_FILES, rows[i].error);
		assert_int_equal(yaml_check(&k->mem, "f", over, &k->e), -1);
		assert_error(k, STATUS_FILES, rows[i].error);
	}
}

static void too_many_tag_lines(void **state)
{
	struct kit *k = *state;
	struct buf b = { .mem = &k->mem };
	struct doc doc;

	for (int i = 0; i < YAML_TAGS; i++)
		buf_printf(&b, "%%TAG !t%d! tag:x,1:\n", i);
	struct str head = buf_str(&b);
	struct buf most = { .mem = &k->mem }, over = { .mem = &k->mem };
	buf_add(&most, head);
	buf_puts(&most, "--- !t63!a b\n# %TAG\n");
	buf_add(&over, head);
	buf_puts(&over, "%TAG !x! y\n--- a\n");
	assert_int_equal(yaml_read(&k->mem, "f", buf_str(&most), &doc, &k->e), 0);
	assert_str(doc.root->tag, "tag:x,1:a");
	assert_int_equal(yaml_read(&k->mem, "f", buf_str(&over), &doc, &k->e), -1);
	assert_error(k, STATUS_FILES, "f:65:1: too many %TAG lines");
}

static void too_many_bytes(void **state)
{
	struct kit *k = *state;
	size_t size = (size_t)YAML_BYTES + 1;
	char *text = malloc(size);
	struct doc doc;

	assert_non_null(text);
	memset(text, '\n', size);
	int most = yaml_read(&k->mem, "f", (struct str){ text, size - 1 }, &doc, &k->e);
	int over = yaml_read(&k->mem, "f", (struct str){ text, size }, &doc, &k->e);
	free(text);
	assert_int_equal(most, 0);
	assert_int_equal(over, -1);
	assert_error(k, STATUS_FILES, "f: larger than 64 MiB");
}

static void too_many_values(void **state)
{
	struct kit *k = *state;
	size_t size = 2 * ((size_t)YAML_NODES + 1);
	char *text = malloc(size);

	/* "[a,a,a,a]": the list is a value as well */
	assert_non_null(text);
	memset(text, 'a', size);
	for (size_t i = 0; i < size; i += 2)
		text[i] = i ? ',' : '[';
	int rc = yaml_check(&k->mem, "f", (struct str){ text, size }, &k->e);
	free(text);
	assert_int_equal(rc, -1);
	assert_error(k, STATUS_FILES, "f:1:4000000: more than 2000000 values in one file");
}

/* Each alias finds its anchor among many. */
static void many_anchors(void **state)
{
	struct kit *k = *state;
	struct buf b = { .mem = &k->mem };

	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "- &a%d %d\n- *a%d\n", i, i, i / 2);
	struct doc doc = kit_read(k, buf_str(&b));
	for (size_t i = 0; i < 20000; i++)
		assert_ptr_equal(
			doc.root->list.items[2 * i + 1]->target, doc.root->list.items[2 * (i / 2)]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(limits),
		KIT_TEST(too_many_tag_lines),
		KIT_TEST(too_many_bytes),
		KIT_TEST(too_many_values),
		KIT_TEST(many_anchors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
