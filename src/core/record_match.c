/* SPDX-License-Identifier: Apache-2.0 */
#include "core/record_match.h"

#include <string.h>

/* Whether the position is one of the list, or in one. */
static bool holds(const struct record_list *list, const char *position)
{
	for (size_t i = 0; i < list->count; i++) {
		const size_t n = strlen(list->list[i]);

		if (strncmp(list->list[i], position, n) == 0 &&
			(!position[n] || position[n] == '/'))
			return true;
	}
	return false;
}

static bool hold_all(const struct record_list *list, const struct record_list *positions)
{
	for (size_t i = 0; i < positions->count; i++)
		if (!holds(list, positions->list[i]))
			return false;
	return true;
}

bool record_same_patch(const struct record *a, const struct record *b)
{
	return a->patch && b->patch && strcmp(a->patch, b->patch) == 0 &&
		strcmp(a->application, b->application) == 0 && strcmp(a->type, b->type) == 0;
}

bool record_was_taken(const struct record *ours, const struct record *theirs)
{
	if (strcmp(ours->action, "start") == 0 || strcmp(ours->action, theirs->action) != 0 ||
		!record_same_patch(ours, theirs))
		return false;
	if (strcmp(ours->action, "rollback") == 0)
		return hold_all(&theirs->from, &ours->from);
	if (strcmp(ours->action, "consolidate") == 0)
		return hold_all(&theirs->consolidated, &ours->consolidated);
	return hold_all(&theirs->to, &ours->to);
}
