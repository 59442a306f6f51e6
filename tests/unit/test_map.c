/* SPDX-License-Identifier: Apache-2.0 */
/* The map from inside: whatever the secret of its hash, similar keys do not slow it down. */
#include "base/map.c" /* NOLINT(bugprone-suspicious-include) */

#include <stdio.h>

#include "helper.h"

enum { SECRETS = 1000, KEYS = 2000, LONGEST = 16 };

/* The secret comes from the address of the arena. */
static void numbered_keys_get_enough_buckets(void **state)
{
	struct arena *arenas = test_calloc(SECRETS, sizeof(*arenas));
	char(*keys)[LONGEST] = test_calloc(KEYS, sizeof(*keys));

	(void)state;
	for (int i = 0; i < KEYS; i++)
		snprintf(keys[i], LONGEST, "k%d", i);
	for (size_t n = 0; n < SECRETS; n++) {
		struct map map = { .mem = &arenas[n] };

		arena_init(&arenas[n], abort);
		for (int i = 0; i < KEYS; i++)
			*map_slot(&map, str_of(keys[i])) = keys[i];
		for (int i = 0; i < KEYS; i++)
			assert_ptr_equal(map_get(&map, str_of(keys[i])), keys[i]);
		assert_int_equal(map.entries->hh.tbl->noexpand, 0);
		arena_free(&arenas[n]);
	}
	test_free(keys);
	test_free(arenas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbered_keys_get_enough_buckets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
