/* SPDX-License-Identifier: Apache-2.0 */
#include "core/flight.h"

#include <stdlib.h>
#include <string.h>

#include "core/plan.h"
#include "core/reach.h"
#include "core/sequence.h"
#include "core/show.h"
#include "core/supersede.h"

static const char *const state_names[] = {
	[FLIGHT_READY] = "ready",
	[FLIGHT_GATE] = "gate",
	[FLIGHT_GAP] = "gap",
	[FLIGHT_DIFFERENT] = "copies-differ",
	[FLIGHT_SUPERSEDED] = "superseded",
	[FLIGHT_CONFLICT] = "conflict",
	[FLIGHT_REFUSED] = "refused",
	[FLIGHT_UNREADABLE] = "unreadable",
};

const char *flight_state_name(enum flight_state state)
{
	return state_names[state];
}

void flights_start(struct flights *all, struct arena *mem)
{
	*all = (struct flights){ .mem = mem, .names = { .mem = mem } };
}

static char *patch_name(struct arena *mem, const char *file)
{
	return arena_copy(mem, file, strlen(file) - strlen(".yaml"));
}

void flights_add(struct flights *all, const char *file, size_t position, const struct layer *layer)
{
	void **slot = map_slot(&all->names, str_of(file));
	struct flight *f = *slot;

	if (!f) {
		f = *slot = ARENA_NEW(all->mem, struct flight, 1);
		f->patch = patch_name(all->mem, file);
		*ARENA_PUSH(all->mem, all->list, all->count) = f;
	}
	*ARENA_PUSH(all->mem, f->copies, f->copy_count) =
		(struct flight_copy){ position, layer, layer ? layer->digest : NULL };
}

static int compare_patches(const void *a, const void *b)
{
	const struct flight *const *x = a, *const *y = b;

	return strcmp((*x)->patch, (*y)->patch);
}

void flights_end(struct flights *all)
{
	if (all->count)
		qsort(all->list, all->count, sizeof(struct flight *), compare_patches);
}

/* What a rule about the sequence asks for: whether each position has a copy. */
static const struct layer **placed(struct arena *mem, const struct fleet *f, const struct flight *x)
{
	static const struct layer some;
	const struct layer **copies = ARENA_NEW(mem, const struct layer *, f->count);

	for (size_t i = 0; i < x->copy_count; i++)
		copies[x->copies[i].position] = x->copies[i].layer ? x->copies[i].layer : &some;
	return copies;
}

static size_t count_covered(const struct fleet *f, const struct layer *const *copies)
{
	size_t covered = 0;

	for (size_t i = 0; i < f->count; i = copies[i] ? f->positions[i].end : i + 1)
		covered += copies[i] ? f->positions[i].targets : 0;
	return covered;
}

static void add_wait(struct arena *mem, struct flight *f, const char *code,
	const struct about *about, const char *text)
{
	struct finding one = {
		.code = code, .severity = SEVERITY_WARNING, .about = *about, .text = text
	};
	const struct findings list = { .list = &one, .count = 1 };

	findings_keep(mem, &f->waits, &list);
}

static void wait_for_gates(struct arena *mem, const struct fleet *fleet, struct flight *f)
{
	for (size_t i = 0; i < f->gates.count; i++) {
		const struct about about = { .position = fleet->positions[f->gates.list[i]].path };

		add_wait(mem, f, "gate", &about,
			show_text(mem, arena_printf(mem, "manual gate %s", about.position)));
	}
	if (f->gates.count && f->state == FLIGHT_READY)
		f->state = FLIGHT_GATE;
}

/* Where it is to be copied to, and the gates on the way, unless there is a gap. Returns whether. */
static bool find_next(struct arena *mem, const struct fleet *fleet,
	const struct layer *const *copies, unsigned level, struct flight *f)
{
	size_t *list = ARENA_NEW(mem, size_t, fleet->count);
	bool gap = sequence_gap(fleet, copies, list) > 0;

	f->next = gap ? NOWHERE : sequence_next(fleet, copies, level);
	f->gates = (struct gates){ list, 0 };
	if (f->next != NOWHERE)
		f->gates.count = sequence_gates(fleet, copies, f->next, list);
	return gap;
}

void flight_guess(struct arena *mem, const struct fleet *fleet, unsigned level, struct flight *f)
{
	const struct layer **copies = placed(mem, fleet, f);

	f->covered = count_covered(fleet, copies);
	if (find_next(mem, fleet, copies, level, f)) {
		f->state = FLIGHT_GAP;
		add_wait(mem, f, "gap", &(struct about){ 0 },
			"it is missing from a target before its latest copy");
		return;
	}
	f->steps = f->next != NOWHERE;
	f->kind = STEP_PROMOTE;
	wait_for_gates(mem, fleet, f);
}

static void wait_for_error(struct arena *mem, struct flight *f, const struct error *e)
{
	add_wait(mem, f, e->code, &e->about, e->text);
}

void flight_give_up(
	struct arena *mem, const struct fleet *fleet, const struct error *why, struct flight *f)
{
	f->covered = count_covered(fleet, placed(mem, fleet, f));
	f->next = NOWHERE;
	f->state = FLIGHT_UNREADABLE;
	wait_for_error(mem, f, why);
}

/* A wait for each file that is in the way. */
static void wait_for_blockers(struct arena *mem, struct flight *f, const struct error *e)
{
	struct map seen = { .mem = mem };

	for (size_t i = 0; i < e->blocker_count; i++) {
		const struct blocker *b = &e->blockers[i];

		if (!b->about.file || map_get(&seen, str_of(b->about.file)))
			continue;
		add_wait(mem, f, e->code, &b->about, b->text);
		*map_slot(&seen, str_of(b->about.file)) = &seen;
	}
}

/* Why the next step is refused. */
static void take_refusal(struct arena *mem, struct flight *f, const struct error *e)
{
	if (strcmp(e->code, "gap") == 0)
		f->state = FLIGHT_GAP;
	else if (strcmp(e->code, "copies-differ") == 0)
		f->state = FLIGHT_DIFFERENT;
	else if (strcmp(e->code, "conflict") == 0)
		f->state = FLIGHT_CONFLICT;
	else
		f->state = FLIGHT_REFUSED;
	if (f->state != FLIGHT_CONFLICT)
		wait_for_error(mem, f, e);
	if (f->state == FLIGHT_CONFLICT || f->state == FLIGHT_REFUSED)
		wait_for_blockers(mem, f, e);
}

/* The dry look: what a step would find, as far as nothing is written. */
static int take_look(struct arena *mem, const struct state *now, unsigned level, struct flight *f,
	struct error *e)
{
	const struct request request = { .from = NOWHERE, .level = level };
	struct step step;
	struct plan plan;

	if (promote_next(mem, now, &request, &step, e) < 0 ||
		plan_between(mem, now, &step.after, &step.scope, &plan, e) < 0)
		return -1;
	f->steps = true;
	f->kind = step.kind;
	return diff_check(now->stacks, paths_application(mem, &now->subject), e);
}

static void look_for_successor(struct arena *mem, const struct state *now, struct flight *f)
{
	if (f->state == FLIGHT_GAP || f->state == FLIGHT_DIFFERENT)
		return;
	const struct setter *by = superseded_by(mem, now);
	if (!by)
		return;
	const struct about about = {
		.file = by->layer->path,
		.line = by->node->place.line,
		.column = by->node->place.column,
		.hint = "take the patch out of the fleet",
	};
	f->state = FLIGHT_SUPERSEDED;
	add_wait(mem, f, "superseded", &about,
		show_text(mem,
			arena_printf(mem, "%s decides about all that %s sets", by->layer->name,
				now->file)));
}

static const char *description_of(struct arena *mem, const struct layer *copy)
{
	const struct node *text = node_get(copy->metadata, "description");

	if (!text || text->kind != NODE_SCALAR)
		return NULL;
	return arena_copy(mem, text->value.at, text->value.len);
}

struct state flight_state_of(struct arena *mem, const struct state *all, const struct flight *f)
{
	struct state now;

	state_moving(mem, all, f->patch, placed(mem, all->app->fleet, f), &now);
	return now;
}

void flight_judge(struct arena *mem, const struct state *all, unsigned level, struct flight *f)
{
	const struct fleet *fleet = all->app->fleet;
	const struct state now = flight_state_of(mem, all, f);
	const struct reach reach = reach_find(mem, &now);
	struct error e = { 0 };

	f->description = description_of(mem, f->copies[f->copy_count - 1].layer);
	f->judged = true;
	f->covered = reach.covered;
	f->without = reach.without;
	find_next(mem, fleet, now.copies, level, f);
	if (take_look(mem, &now, level, f, &e) < 0) {
		f->steps = false;
		take_refusal(mem, f, &e);
		error_free(&e);
	} else {
		wait_for_gates(mem, fleet, f);
	}
	look_for_successor(mem, &now, f);
}

static const char *keep_text(struct arena *mem, const char *text)
{
	return text ? arena_copy(mem, text, strlen(text)) : NULL;
}

/* Copies that mean the same share a digest. */
static struct flight_copy *keep_copies(struct arena *mem, const struct flight *f)
{
	struct flight_copy *kept = ARENA_NEW(mem, struct flight_copy, f->copy_count);

	for (size_t i = 0; i < f->copy_count; i++) {
		bool same = i && f->copies[i].digest == f->copies[i - 1].digest;

		kept[i].position = f->copies[i].position;
		kept[i].digest = same ? kept[i - 1].digest : keep_text(mem, f->copies[i].digest);
	}
	return kept;
}

struct flight *flight_keep(struct arena *mem, const struct flight *f)
{
	struct flight *kept = ARENA_NEW(mem, struct flight, 1);

	*kept = *f;
	kept->patch = keep_text(mem, f->patch);
	kept->description = keep_text(mem, f->description);
	kept->copies = keep_copies(mem, f);
	kept->gates.list = arena_grow(
		mem, f->gates.list, f->gates.count, f->gates.count, sizeof(*kept->gates.list));
	kept->waits = (struct findings){ 0 };
	findings_keep(mem, &kept->waits, &f->waits);
	return kept;
}

const char *flight_other(struct arena *mem, const struct finding *wait)
{
	const char *slash = wait->about.file ? strrchr(wait->about.file, '/') : NULL;
	bool other = strcmp(wait->code, "conflict") == 0 || strcmp(wait->code, "superseded") == 0;

	return slash && other ? patch_name(mem, slash + 1) : NULL;
}
