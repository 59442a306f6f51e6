/* SPDX-License-Identifier: Apache-2.0 */
#include "core/proof.h"

#include <assert.h>

/* The obstacle behind a target's change from stack a to stack b, where `after` is the placement. */
static struct obstacle find_obstacle(struct arena *mem, struct stacks *v, uint32_t a, uint32_t b,
	const uint32_t *after, size_t target)
{
	struct obstacle o = { .target = target };
	const struct value_change *changes = NULL;
	size_t n = effect_changes(mem, stacks_tree(v, a), stacks_tree(v, b), &changes);

	assert(n);
	o.path = changes[0].path;
	o.pins = ARENA_NEW(mem, struct pinned, n);
	for (size_t i = 0; i < n; i++) {
		const struct keypath path = keypath_known(mem, changes[i].path);
		const struct setter s = stacks_setter(v, after, target, &path, 0);

		if (i == 0) {
			o.layer = s.layer;
			o.node = s.node;
		}
		if (!setter_is_override(&s)) {
			o.pin_count = 0;
			break;
		}
		o.pins[o.pin_count++] = (struct pinned){ s.position, changes[i].path };
	}
	return o;
}

/* Whether two stacks of v mean the same. What the comparison needs is given back. */
static bool same_values(struct arena *mem, struct stacks *v, uint32_t a, uint32_t b)
{
	const struct value_change *changes = NULL;
	struct arena scratch;

	if (stacks_known_same(v, a, b))
		return true;
	const struct node *x = stacks_tree(v, a), *y = stacks_tree(v, b);
	arena_init(&scratch, mem->out_of_memory);
	bool same = effect_changes(&scratch, x, y, &changes) == 0;
	arena_free(&scratch);
	if (same)
		stacks_note_same(v, a, b);
	return same;
}

size_t proof_difference(
	struct arena *mem, struct stacks *v, size_t p, const uint32_t *a, const uint32_t *b)
{
	const struct fleet *f = stacks_sources(v)->fleet;
	size_t n = f->positions[p].end - p,
	       same = n; /* same: a target whose stacks were compared */

	for (size_t i = 0; i < n; i++) {
		/* neighbours mostly have the same layers */
		if (!fleet_is_target(f, p + i) || (same < n && a[i] == a[same] && b[i] == b[same]))
			continue;
		if (!same_values(mem, v, a[i], b[i]))
			return p + i;
		same = i;
	}
	return NOWHERE;
}

bool proof_same(struct arena *mem, struct stacks *v, const uint32_t *before, const uint32_t *after,
	size_t p, struct obstacle *o)
{
	const struct fleet *f = stacks_sources(v)->fleet;
	size_t n = f->positions[p].end - p;
	struct arena scratch; /* not a mark in mem: what v has merged meanwhile may lie there */

	arena_init(&scratch, mem->out_of_memory);
	uint32_t *a = ARENA_NEW(&scratch, uint32_t, n), *b = ARENA_NEW(&scratch, uint32_t, n);
	stacks_below(v, before, p, a);
	stacks_below(v, after, p, b);
	size_t target = proof_difference(mem, v, p, a, b);
	if (target != NOWHERE)
		*o = find_obstacle(mem, v, a[target - p], b[target - p], after, target);
	arena_free(&scratch);
	return target == NOWHERE;
}
