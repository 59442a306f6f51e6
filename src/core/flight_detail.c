/* SPDX-License-Identifier: Apache-2.0 */
#include "core/flight_detail.h"

#include "core/reach.h"

static const char *const place_names[] = {
	[PLACE_NOT_REACHED] = "not-reached",
	[PLACE_NEXT] = "next",
	[PLACE_COVERED] = "covered",
	[PLACE_PLACED] = "placed",
	[PLACE_WITHOUT] = "without-effect",
};

const char *flight_place_name(enum flight_place place)
{
	return place_names[place];
}

enum flight_place *flight_places(
	struct arena *mem, const struct fleet *fleet, const struct flight *f)
{
	enum flight_place *places = ARENA_NEW(mem, enum flight_place, fleet->count);

	for (size_t i = 0; i < f->copy_count; i++)
		places[f->copies[i].position] = PLACE_PLACED;
	for (size_t p = 0; p < fleet->count; p++) {
		size_t parent = fleet->positions[p].parent;

		if (places[p] == PLACE_NOT_REACHED && parent != NOWHERE &&
			places[parent] != PLACE_NOT_REACHED)
			places[p] = PLACE_COVERED;
	}
	if (f->next != NOWHERE)
		places[f->next] = PLACE_NEXT;
	return places;
}

static void mark_without(struct arena *mem, const struct state *now, enum flight_place *places)
{
	const struct reach reach = reach_find(mem, now);

	for (size_t i = 0; i < reach.count; i++)
		for (size_t k = 0; reach.list[i].whole && k < reach.list[i].count; k++)
			places[reach.list[i].targets[k]] = PLACE_WITHOUT;
}

int flight_detail(struct arena *mem, const struct state *all, const struct flight *f,
	struct flight_detail *out, struct error *e)
{
	const struct fleet *fleet = all->app->fleet;
	const struct layer *travels = f->copies[f->copy_count - 1].layer;
	const struct state now = flight_state_of(mem, all, f);
	struct flight_detail d = {
		.metadata = travels->metadata,
		.places = flight_places(mem, fleet, f),
	};
	struct state without;

	mark_without(mem, &now, d.places);
	d.set_count = conflict_leaves(all->stacks, mem, travels->root, &d.sets);
	state_with(
		mem, &now, all->app, ARENA_NEW(mem, const struct layer *, fleet->count), &without);
	d.effect = effect_between(mem, &without, &now);
	if (diff_check(all->stacks, paths_application(mem, &now.subject), e) < 0)
		return -1;
	*out = d;
	return 0;
}
