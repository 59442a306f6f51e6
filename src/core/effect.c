/* SPDX-License-Identifier: Apache-2.0 */
#include "core/effect.h"

#include <assert.h>

#include "core/meanings.h"

struct comparison {
	struct arena *mem;
	struct stacks *stacks;
	struct effect effect;
	struct meanings meanings;
	struct map diffs; /* by address: the number of a group */
	struct map texts; /* by changes as bytes: the same */
	size_t **of;      /* for each position: the number of its group; NULL: it stays the same */
};

static size_t *new_number(struct comparison *c, size_t number)
{
	size_t *made = ARENA_NEW(c->mem, size_t, 1);

	*made = number;
	return made;
}

/* The number of the group with these changes. */
static size_t *group_of_changes(struct comparison *c, const struct diff *diff)
{
	struct arena scratch;
	struct buf text = { .mem = &scratch };

	arena_init(&scratch, c->mem->out_of_memory);
	for (size_t i = 0; i < diff->count; i++) {
		const struct value_change *change = &diff->changes[i];

		buf_printf(&text, "%s%c%zu,%zu;", change->path, '\0',
			meaning_of(&c->meanings, change->old),
			meaning_of(&c->meanings, change->now));
	}
	size_t *number = map_get(&c->texts, buf_str(&text));
	if (!number) {
		number = new_number(c, c->effect.count);
		*ARENA_PUSH(c->mem, c->effect.groups, c->effect.count) =
			(struct effect_group){ .changes = diff->changes, .count = diff->count };
		*map_slot(&c->texts,
			(struct str){ arena_copy(c->mem, text.at, text.len), text.len }) = number;
	}
	arena_free(&scratch);
	return number;
}

/* The number of the group of targets that go from one stack to another; NULL: nothing changes. */
static size_t *group_of_pair(struct comparison *c, uint32_t before, uint32_t after)
{
	const struct diff *diff = diff_stacks(c->stacks, before, after);
	void **slot = diff ? map_slot_address(&c->diffs, diff) : NULL;

	if (diff && !*slot)
		*slot = group_of_changes(c, diff);
	return diff ? *slot : NULL;
}

struct effect effect_between(
	struct arena *mem, const struct state *before, const struct state *after)
{
	const struct fleet *f = before->app->fleet;
	struct comparison c = {
		.mem = mem,
		.stacks = before->stacks,
		.meanings = meanings_start(mem),
		.diffs.mem = mem,
		.texts.mem = mem,
		.of = ARENA_NEW(mem, size_t *, f->count),
	};

	for (size_t i = 0; i < f->count; i++) {
		if (!fleet_is_target(f, i))
			continue;
		c.of[i] = group_of_pair(&c, before->stack[i], after->stack[i]);
		if (c.of[i]) {
			c.effect.groups[*c.of[i]].target_count++;
			c.effect.targets++;
		}
	}
	for (size_t g = 0; g < c.effect.count; g++) {
		struct effect_group *at = &c.effect.groups[g];

		at->targets = ARENA_NEW(mem, size_t, at->target_count);
		at->target_count = 0;
	}
	for (size_t i = 0; i < f->count; i++)
		if (c.of[i]) {
			assert(c.effect.groups);
			struct effect_group *at = &c.effect.groups[*c.of[i]];

			at->targets[at->target_count++] = i;
		}
	return c.effect;
}
