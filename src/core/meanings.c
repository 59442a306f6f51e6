/* SPDX-License-Identifier: Apache-2.0 */
#include "core/meanings.h"

#include "yaml/canon.h"

struct meanings meanings_start(struct arena *mem)
{
	return (struct meanings){ .values.mem = mem, .nodes.mem = mem };
}

size_t meaning_of(struct meanings *m, const struct node *value)
{
	void **known = value ? map_slot_address(&m->nodes, value) : NULL;

	if (!value)
		return 0;
	if (!*known) {
		struct arena *mem = m->values.mem;
		void **slot = map_slot(&m->values, yaml_meaning(mem, value));

		if (!*slot) {
			size_t *number = ARENA_NEW(mem, size_t, 1);

			*number = ++m->numbers;
			*slot = number;
		}
		*known = *slot;
	}
	return *(const size_t *)*known;
}
