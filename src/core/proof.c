/* SPDX-License-Identifier: Apache-2.0 */
#include "core/proof.h"

#include <assert.h>

/* The obstacle that changes a target from stack a to stack b if the copies are `after`. */
static struct obstacle find_obstacle(struct arena *mem, const struct state *s, uint32_t a,
	uint32_t b, const struct layer *const *after, size_t target)
{
	const struct diff *diff = diff_stacks(s->stacks, a, b);
	struct state then = *s;

	assert(diff);
	const char *changed = diff->changes[0].path;
	const struct keypath path = keypath_known(mem, changed);
	then.copies = (const struct layer **)after;
	const struct setter found = setter_of(&then, target, &path);
	struct obstacle obstacle = { .target = target, .path = changed };

	if (!found.copy) {
		obstacle.layer = found.layer;
		obstacle.node = found.node;
	}
	return obstacle;
}

size_t proof_difference(const struct state *s, size_t p, const uint32_t *a, const uint32_t *b)
{
	const struct fleet *f = s->app->fleet;
	size_t n = f->positions[p].end - p;
	size_t same = n; /* a target whose stacks were compared */

	for (size_t i = 0; i < n; i++) {
		/* neighbours mostly have the same layers */
		/* untested: targets with the same layers keep that if one copy moves above both */
		if (!fleet_is_target(f, p + i) || (same < n && a[i] == a[same] && b[i] == b[same]))
			continue;
		if (diff_stacks(s->stacks, a[i], b[i]))
			return p + i;
		same = i;
	}
	return NOWHERE;
}

bool proof_same(struct arena *mem, const struct state *s, const struct layer *const *before,
	const struct layer *const *after, size_t p, struct obstacle *o)
{
	size_t n = s->app->fleet->positions[p].end - p;
	struct arena scratch; /* not a mark in mem: what is merged meanwhile may be behind it */

	arena_init(&scratch, mem->out_of_memory);
	uint32_t *a = ARENA_NEW(&scratch, uint32_t, n), *b = ARENA_NEW(&scratch, uint32_t, n);
	state_stacks_again(s, before, p, a);
	state_stacks_again(s, after, p, b);
	size_t target = proof_difference(s, p, a, b);
	if (target != NOWHERE)
		*o = find_obstacle(mem, s, a[target - p], b[target - p], after, target);
	arena_free(&scratch);
	return target == NOWHERE;
}

/* Whether the tree sets this path, something below it, or what it is part of. */
static bool sets_path(struct lookup *look, const struct node *root, const char *text)
{
	const struct keypath path = keypath_known(look->mem, text);
	size_t depth = 0;
	const struct node *at = keypath_follow_many(look, root, &path, &depth);

	return depth == path.count || at->kind != NODE_MAP;
}

static bool may_change(struct lookup *look, const struct scope *scope, const char *path)
{
	size_t i = 0;

	/* untested: only a wrong rule fails the proof */
	while (i < scope->root_count && !sets_path(look, scope->roots[i], path))
		i++;
	return i < scope->root_count;
}

static int refuse_change(struct error *e, const struct fleet *f, size_t target, const char *path)
{
	error_about(e, (struct about){ .position = f->positions[target].path, .key = path });
	return error_code(e, "values-would-change");
}

int proof_within(struct arena *mem, const struct fleet *f, const struct effect *effect,
	const struct scope *scope, struct error *e)
{
	struct lookup look = { .mem = mem };

	for (size_t g = 0; g < effect->count; g++) {
		const struct effect_group *group = &effect->groups[g];

		for (size_t i = 0; i < group->target_count; i++) {
			const char *path = group->changes[0].path;
			size_t target = group->targets[i];

			/* untested: only a wrong rule fails the proof */
			if (fleet_list_holds(f, &scope->positions, target))
				continue;
			error_set(e, STATUS_REFUSED,
				"The step would change %s at %s, which it does not enter; nothing is written",
				path, f->positions[target].path);
			return refuse_change(e, f, target, path);
		}
		for (size_t i = 0; i < group->count; i++) {
			const char *path = group->changes[i].path;

			/* untested: only a wrong rule fails the proof */
			if (may_change(&look, scope, path))
				continue;
			error_set(e, STATUS_REFUSED,
				"The step would change %s, which the patch does not set; nothing is written",
				path);
			return refuse_change(e, f, group->targets[0], path);
		}
	}
	return 0;
}
