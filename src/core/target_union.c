/* SPDX-License-Identifier: Apache-2.0 */
#include "core/target_union.h"

#include "base/map.h"

static void add(struct target_union *u, const char *path, size_t before, size_t after)
{
	const size_t n = u->targets.count++;

	u->targets.positions[n] = (struct position){ .path = path,
		.name = path,
		.parent = NOWHERE,
		.end = n + 1,
		.targets = 1,
		.depth = 1 };
	u->before[n] = before;
	u->after[n] = after;
}

/* The targets of a fleet by their paths: their positions. */
static void index_targets(struct map *m, const struct fleet *f)
{
	size_t *numbers = ARENA_NEW(m->mem, size_t, f ? f->count : 0);

	for (size_t i = 0; f && i < f->count; i++)
		if (fleet_is_target(f, i)) {
			numbers[i] = i;
			*map_slot(m, str_of(f->positions[i].path)) = &numbers[i];
		}
}

/* Those from the position `*at` on that only `before` has, up to one that both have. */
static void add_lost(
	struct target_union *u, const struct fleet *before, const struct map *after, size_t *at)
{
	for (; before && *at < before->count; ++*at) {
		const char *path = before->positions[*at].path;

		if (!fleet_is_target(before, *at))
			continue;
		if (map_get(after, str_of(path)))
			return;
		add(u, path, *at, NOWHERE);
	}
}

struct target_union target_union(
	struct arena *mem, const struct fleet *before, const struct fleet *after)
{
	const size_t most = (before ? before->targets : 0) + (after ? after->targets : 0);
	struct map olds = { .mem = mem }, news = { .mem = mem };
	struct target_union u = { .targets.positions = ARENA_NEW(mem, struct position, most),
		.before = ARENA_NEW(mem, size_t, most),
		.after = ARENA_NEW(mem, size_t, most) };
	size_t next = 0;

	index_targets(&olds, before);
	index_targets(&news, after);
	add_lost(&u, before, &news, &next);
	for (size_t i = 0; after && i < after->count; i++) {
		if (!fleet_is_target(after, i))
			continue;
		const size_t *old = map_get(&olds, str_of(after->positions[i].path));

		add(&u, after->positions[i].path, old ? *old : NOWHERE, i);
		if (!old)
			continue;
		next = *old + 1;
		add_lost(&u, before, &news, &next);
	}
	u.targets.targets = u.targets.count;
	return u;
}
