/* SPDX-License-Identifier: Apache-2.0 */
#include "core/effect.h"

#include <assert.h>

#include "core/meanings.h"

struct effect_maker {
	struct arena *mem;
	struct effect effect;
	struct meanings meanings;
	struct map lists; /* by the address of changes: the number of a group */
	struct map texts; /* by changes as bytes: the same */
	size_t **of;      /* for each position: the number of its group; NULL: it stays the same */
	size_t positions;
};

struct effect_maker *effect_start(struct arena *mem, size_t positions)
{
	struct effect_maker *m = ARENA_NEW(mem, struct effect_maker, 1);

	*m = (struct effect_maker){
		.mem = mem,
		.meanings = meanings_start(mem),
		.lists.mem = mem,
		.texts.mem = mem,
		.of = ARENA_NEW(mem, size_t *, positions),
		.positions = positions,
	};
	return m;
}

static size_t *new_number(struct effect_maker *m, size_t number)
{
	size_t *made = ARENA_NEW(m->mem, size_t, 1);

	*made = number;
	return made;
}

/* The number of the group with these changes. */
static size_t *group_of(struct effect_maker *m, const struct value_change *changes, size_t count)
{
	struct arena scratch;
	struct buf text = { .mem = &scratch };

	arena_init(&scratch, m->mem->out_of_memory);
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "%s%c%zu,%zu;", changes[i].path, '\0',
			meaning_of(&m->meanings, changes[i].old),
			meaning_of(&m->meanings, changes[i].now));
	size_t *number = map_get(&m->texts, buf_str(&text));
	if (!number) {
		number = new_number(m, m->effect.count);
		*ARENA_PUSH(m->mem, m->effect.groups, m->effect.count) =
			(struct effect_group){ .changes = changes, .count = count };
		*map_slot(&m->texts,
			(struct str){ arena_copy(m->mem, text.at, text.len), text.len }) = number;
	}
	arena_free(&scratch);
	return number;
}

void effect_add(
	struct effect_maker *m, size_t target, const struct value_change *changes, size_t count)
{
	void **slot = map_slot_address(&m->lists, changes);

	if (!*slot)
		*slot = group_of(m, changes, count);
	m->of[target] = *slot;
	m->effect.groups[*m->of[target]].target_count++;
	m->effect.targets++;
}

struct effect effect_end(struct effect_maker *m)
{
	for (size_t g = 0; g < m->effect.count; g++) {
		struct effect_group *at = &m->effect.groups[g];

		at->targets = ARENA_NEW(m->mem, size_t, at->target_count);
		at->target_count = 0;
	}
	for (size_t i = 0; i < m->positions; i++)
		if (m->of[i]) {
			assert(m->effect.groups);
			struct effect_group *at = &m->effect.groups[*m->of[i]];

			at->targets[at->target_count++] = i;
		}
	return m->effect;
}

struct effect effect_between(
	struct arena *mem, const struct state *before, const struct state *after)
{
	const struct fleet *f = before->app->fleet;
	struct effect_maker *m = effect_start(mem, f->count);

	for (size_t i = 0; i < f->count; i++) {
		const struct diff *diff = fleet_is_target(f, i)
			? diff_stacks(before->stacks, before->stack[i], after->stack[i])
			: NULL;

		if (diff)
			effect_add(m, i, diff->changes, diff->count);
	}
	return effect_end(m);
}
