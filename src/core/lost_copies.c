/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lost_copies.h"

struct position_list lost_copies(
	struct arena *mem, const struct state *before, const struct state *after)
{
	const size_t n = before->app->fleet->count;
	struct position_list lost = { 0 };
	struct map kept = { .mem = mem };
	static char there;

	for (size_t p = 0; p < n; p++)
		if (after->copies[p])
			*map_slot(&kept, after->copies[p]->doc->text) = &there;
	for (size_t p = 0; p < n; p++) {
		void **slot = NULL;

		if (!before->copies[p] || after->copies[p])
			continue;
		slot = map_slot(&kept, before->copies[p]->doc->text);
		if (!*slot)
			*ARENA_PUSH(mem, lost.list, lost.count) = p;
		*slot = &there;
	}
	return lost;
}
