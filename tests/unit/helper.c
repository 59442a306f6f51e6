/* SPDX-License-Identifier: Apache-2.0 */
#include "helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yaml/read.h"

static void out_of_memory(void)
{
	fail_msg("out of memory");
}

int kit_setup(void **state)
{
	struct kit *k = calloc(1, sizeof(*k));

	if (!k)
		return -1;
	arena_init(&k->mem, out_of_memory);
	*state = k;
	return 0;
}

int kit_teardown(void **state)
{
	struct kit *k = *state;
	int rc = k->e.text ? -1 : 0;

	error_free(&k->e);
	arena_free(&k->mem);
	free(k);
	return rc;
}

void assert_error(struct kit *k, enum status status, const char *text)
{
	assert_non_null(k->e.text);
	assert_string_equal(k->e.text, text);
	assert_int_equal(k->e.status, status);
	assert_null(k->e.details);
	if (k->e.about.line) {
		char place[256];

		snprintf(place, sizeof(place), "%s:%u:%u: ", k->e.about.file, k->e.about.line,
			k->e.about.column);
		assert_non_null(strstr(text, place));
	}
	error_free(&k->e);
}

void assert_str(struct str s, const char *expected)
{
	assert_int_equal(s.len, strlen(expected));
	assert_memory_equal(s.at, expected, s.len);
}

struct doc kit_read(struct kit *k, struct str text)
{
	struct doc doc = { 0 };

	if (yaml_read(&k->mem, "f.yaml", text, &doc, &k->e) < 0) {
		print_error("%s\n", k->e.text);
		error_free(&k->e);
		fail_msg("not read: %.*s", (int)text.len, text.at);
	}
	return doc;
}
