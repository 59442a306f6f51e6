/* SPDX-License-Identifier: Apache-2.0 */
#include "core/history_places.h"

#include <stdlib.h>

#include "core/sequence.h"

/* For each position of the fleet whether it has a copy, as sequence.h takes it. */
static const struct layer **placed(
	struct arena *mem, const struct fleet *f, const struct copies_at *copies)
{
	static const struct layer some;
	const struct layer **made = ARENA_NEW(mem, const struct layer *, f->count);

	for (size_t i = 0; i < f->count; i++)
		if (map_get(&copies->by_path, str_of(f->positions[i].path)))
			made[i] = &some;
	return made;
}

static void reach(struct places *p, const char *path, size_t event)
{
	void **slot = map_slot(&p->by_path, str_of(path));

	if (!*slot) {
		struct tracked *made = ARENA_NEW(p->mem, struct tracked, 1);

		made->place.position = path;
		*slot = *ARENA_PUSH(p->mem, p->list, p->count) = made;
	}
	struct tracked *t = *slot;
	t->seen = p->round;
	if (t->open)
		return;
	t->open = p->changed = true;
	*ARENA_PUSH(p->mem, t->place.stays, t->place.count) =
		(struct history_stay){ event, NOWHERE };
}

static void leave(struct places *p, struct tracked *t, size_t event)
{
	t->place.stays[t->place.count - 1].left = event;
	t->open = false;
	p->changed = true;
}

void places_follow(
	struct places *p, const struct fleet *f, const struct copies_at *copies, size_t event)
{
	const struct layer **copy = placed(p->mem, f, copies);

	p->round++;
	p->gained = p->lost = p->covered = 0;
	p->targets = f->targets;
	p->changed = false;
	for (size_t i = 0; i < f->count; i++) {
		struct tracked *t = map_get(&p->by_path, str_of(f->positions[i].path));
		const bool was = t && t->open, is = sequence_covers(f, copy, i);

		if (is)
			reach(p, f->positions[i].path, event);
		else if (was)
			leave(p, t, event);
		if (fleet_is_target(f, i)) {
			p->covered += is;
			p->gained += is && !was;
			p->lost += was && !is;
		}
	}
	for (size_t i = 0; i < p->count; i++)
		if (p->list[i]->open && p->list[i]->seen != p->round)
			leave(p, p->list[i], event);
}

void places_rename(struct places *p, const char *from, const char *to)
{
	const size_t n = strlen(from);

	for (size_t i = 0; i < p->count; i++) {
		struct history_place *place = &p->list[i]->place;

		if (strncmp(place->position, from, n) != 0 ||
			(place->position[n] && place->position[n] != '/') || !p->list[i]->open)
			continue;
		void **old = map_slot(&p->by_path, str_of(place->position));
		const char *path = arena_printf(p->mem, "%s%s", to, place->position + n);
		void **slot = map_slot(&p->by_path, str_of(path));

		/* it was there before under the other name */
		if (*slot)
			continue;
		*slot = p->list[i];
		*old = NULL;
		place->formerly = place->position;
		place->position = path;
	}
}

static int compare_paths(const void *a, const void *b)
{
	const struct history_place *x = a, *y = b;

	return strcmp(x->position, y->position);
}

void places_list(struct places *p, const struct fleet *f, struct history *out)
{
	struct history_place *made = ARENA_NEW(p->mem, struct history_place, p->count);
	size_t n = 0;

	for (size_t i = 0; i < f->count; i++) {
		const struct tracked *t = map_get(&p->by_path, str_of(f->positions[i].path));

		if (t)
			made[n++] = t->place;
	}
	const size_t known = n;
	for (size_t i = 0; i < p->count; i++)
		if (fleet_find(f, p->list[i]->place.position) == NOWHERE)
			made[n++] = p->list[i]->place;
	if (n > known)
		qsort(made + known, n - known, sizeof(*made), compare_paths);
	out->places = made;
	out->place_count = n;
}
