/* SPDX-License-Identifier: Apache-2.0 */
#include "core/summary.h"

#include <stdlib.h>

#include "core/meanings.h"

struct collection {
	struct arena *mem;
	struct meanings meanings;
	struct map numbers; /* by path: its number in `paths`, from 1 */
	struct map ways;    /* by path and change: the way's number, from 1 */
	struct path_summary *paths;
	size_t count;
};

/* The number that a map has for a key, from 1; the one given if it has none yet. */
static size_t number_in(struct arena *mem, struct map *m, struct str key, size_t next)
{
	void **slot = map_slot(m, key);
	size_t *made = *slot;

	if (!made) {
		*slot = made = ARENA_NEW(mem, size_t, 1);
		*made = next;
	}
	return *made;
}

static struct path_summary *path_of(struct collection *c, const char *path)
{
	const size_t number = number_in(c->mem, &c->numbers, str_of(path), c->count + 1);

	if (number > c->count)
		*ARENA_PUSH(c->mem, c->paths, c->count) = (struct path_summary){ .path = path };
	return &c->paths[number - 1];
}

static struct way *way_of(
	struct collection *c, struct path_summary *p, const struct value_change *change)
{
	const size_t key[] = { (size_t)(p - c->paths), meaning_of(&c->meanings, change->old),
		meaning_of(&c->meanings, change->now) };
	const char *bytes = arena_copy(c->mem, (const char *)key, sizeof(key));
	const size_t number =
		number_in(c->mem, &c->ways, (struct str){ bytes, sizeof(key) }, p->count + 1);

	if (number > p->count)
		*ARENA_PUSH(c->mem, p->ways, p->count) =
			(struct way){ .old = change->old, .now = change->now };
	return &p->ways[number - 1];
}

static void add_group(struct collection *c, const struct effect *e, size_t g)
{
	const struct effect_group *group = &e->groups[g];

	for (size_t i = 0; i < group->count; i++) {
		struct path_summary *p = path_of(c, group->changes[i].path);
		struct way *w = way_of(c, p, &group->changes[i]);

		*ARENA_PUSH(c->mem, w->groups, w->group_count) = g;
		w->targets += group->target_count;
		p->targets += group->target_count;
	}
}

static int compare_ways(const void *a, const void *b)
{
	const struct way *x = a, *y = b;

	if (x->targets != y->targets)
		return x->targets > y->targets ? -1 : 1;
	return (x->groups[0] > y->groups[0]) - (x->groups[0] < y->groups[0]);
}

struct summary summary_of(struct arena *mem, const struct effect *e)
{
	struct collection c = {
		.mem = mem, .meanings = meanings_start(mem), .numbers.mem = mem, .ways.mem = mem
	};
	struct summary s = { 0 };

	for (size_t g = 0; g < e->count; g++)
		add_group(&c, e, g);
	s.paths = ARENA_NEW(mem, struct path_summary, c.count);
	for (size_t i = 0; i < c.count; i++)
		if (c.paths[i].count == 1 && c.paths[i].targets == e->targets)
			s.paths[s.common++] = c.paths[i];
	s.count = s.common;
	for (size_t i = 0; i < c.count; i++)
		if (c.paths[i].count > 1 || c.paths[i].targets < e->targets) {
			qsort(c.paths[i].ways, c.paths[i].count, sizeof(struct way), compare_ways);
			s.paths[s.count++] = c.paths[i];
		}
	return s;
}

static int compare_positions(const void *a, const void *b)
{
	const size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

static size_t add_targets(size_t *targets, size_t n, const struct effect_group *g)
{
	memcpy(targets + n, g->targets, g->target_count * sizeof(*targets));
	return n + g->target_count;
}

static const size_t *sorted(size_t *targets, size_t n)
{
	qsort(targets, n, sizeof(*targets), compare_positions);
	return targets;
}

const size_t *summary_targets(struct arena *mem, const struct effect *e, const struct way *w)
{
	size_t *targets = ARENA_NEW(mem, size_t, w->targets), n = 0;

	for (size_t i = 0; i < w->group_count; i++)
		n = add_targets(targets, n, &e->groups[w->groups[i]]);
	return sorted(targets, n);
}

const size_t *summary_others(struct arena *mem, const struct effect *e, const struct way *w)
{
	size_t *targets = ARENA_NEW(mem, size_t, e->targets - w->targets), n = 0, next = 0;

	for (size_t g = 0; g < e->count; g++)
		if (next < w->group_count && w->groups[next] == g)
			next++;
		else
			n = add_targets(targets, n, &e->groups[g]);
	return sorted(targets, n);
}

const size_t *summary_all(struct arena *mem, const struct effect *e)
{
	return summary_others(mem, e, &(struct way){ 0 });
}
