/* SPDX-License-Identifier: Apache-2.0 */
#include "core/flight.h"

#include <stdlib.h>
#include <string.h>

#include "core/hold_meet.h"
#include "core/metadata.h"
#include "core/plan.h"
#include "core/reach.h"
#include "core/sequence.h"
#include "core/show.h"
#include "core/supersede.h"

static const char *const state_names[] = {
	[FLIGHT_READY] = "ready",
	[FLIGHT_GATE] = "gate",
	[FLIGHT_HELD] = "hold",
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

struct flight *flights_get(struct flights *all, const char *file)
{
	void **slot = map_slot(&all->names, str_of(file));

	if (!*slot) {
		struct flight *f = *slot = ARENA_NEW(all->mem, struct flight, 1);

		f->patch = patch_name(all->mem, file);
		*ARENA_PUSH(all->mem, all->list, all->count) = f;
	}
	return *slot;
}

void flights_add(struct flights *all, const char *file, size_t position, const struct layer *layer)
{
	struct flight *f = flights_get(all, file);

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
	if (f->gates.count)
		f->state = FLIGHT_GATE;
}

/* Where it is to be copied to, and the gates on the way, unless there is a gap. Returns whether. */
static bool find_next(struct arena *mem, const struct fleet *fleet,
	const struct layer *const *copies, unsigned level, struct flight *f)
{
	struct arena scratch;

	f->next = NOWHERE;
	if (!f->copy_count)
		return false;
	arena_init(&scratch, mem->out_of_memory);
	size_t *list = ARENA_NEW(&scratch, size_t, fleet->count);
	bool gap = sequence_gap(fleet, copies, list) > 0;
	if (!gap)
		f->next = sequence_next(fleet, copies, level);
	if (f->next != NOWHERE) {
		size_t n = sequence_gates(fleet, copies, f->next, list);
		f->gates = (struct position_list){ arena_grow(mem, list, n, n, sizeof(*list)), n };
	}
	arena_free(&scratch);
	return gap;
}

static void guess(struct arena *mem, const struct fleet *fleet, unsigned level, struct flight *f,
	const struct layer *const *copies)
{
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

void flight_guess(struct arena *mem, const struct fleet *fleet, unsigned level, struct flight *f)
{
	struct arena scratch;

	arena_init(&scratch, mem->out_of_memory);
	guess(mem, fleet, level, f, placed(&scratch, fleet, f));
	arena_free(&scratch);
}

static void wait_for_error(struct arena *mem, struct flight *f, const struct error *e)
{
	add_wait(mem, f, e->code, &e->about, e->text);
}

void flight_give_up(
	struct arena *mem, const struct fleet *fleet, const struct error *why, struct flight *f)
{
	struct arena scratch;

	arena_init(&scratch, mem->out_of_memory);
	f->covered = count_covered(fleet, placed(&scratch, fleet, f));
	arena_free(&scratch);
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

		/* untested: what is in the way of such a step is in a file */
		if (!b->about.file || map_get(&seen, str_of(b->about.file)))
			continue;
		add_wait(mem, f, e->code, &b->about, b->text);
		*map_slot(&seen, str_of(b->about.file)) = &seen;
	}
}

/* A wait for each value in which copies differ. */
static void wait_for_differences(struct arena *mem, struct flight *f, const struct error *e)
{
	for (size_t i = 0; i < e->blocker_count; i++)
		if (e->blockers[i].about.hint) /* not just a copy and its digest */
			add_wait(mem, f, e->code, &e->blockers[i].about, e->blockers[i].text);
}

/* A dry look: the memory for it, and for what is found out. */
struct look {
	struct arena *work, *mem;
	struct state now;
	unsigned level;
	int64_t clock;
	struct flight *f;
};

static void wait_for_holds(const struct look *l, const struct step *step, const struct plan *plan)
{
	const struct application *app = l->now.app;
	const struct holds_met met = holds_meet(l->work, &l->now, step, plan, l->clock);

	for (size_t i = 0; i < met.count; i++) {
		const struct about about = hold_about(app->fleet, met.list[i]);

		add_wait(l->mem, l->f, "hold", &about,
			show_text(l->work, hold_text(l->work, app->fleet, met.list[i])));
	}
	if (met.count)
		l->f->state = FLIGHT_HELD;
}

/* Why the next step is refused. */
static void take_refusal(const struct look *l, const struct error *e)
{
	struct arena *mem = l->mem;
	struct flight *f = l->f;
	struct about about = e->about;

	if (strcmp(e->code, "gap") == 0) {
		f->state = FLIGHT_GAP;
		about.hint = subject_command_shown(mem, "fill", &l->now.subject);
	} else if (strcmp(e->code, "copies-differ") == 0) {
		f->state = FLIGHT_DIFFERENT;
	} else if (strcmp(e->code, "conflict") == 0) {
		f->state = FLIGHT_CONFLICT;
	} else {
		f->state = FLIGHT_REFUSED;
	}
	if (f->state != FLIGHT_CONFLICT)
		add_wait(mem, f, e->code, &about, e->text);
	if (f->state == FLIGHT_DIFFERENT)
		wait_for_differences(mem, f, e);
	if (f->state == FLIGHT_CONFLICT || f->state == FLIGHT_REFUSED)
		wait_for_blockers(mem, f, e);
}

/* What a step would find, as far as nothing is written. */
static int look_at_step(const struct look *l, struct error *e)
{
	const struct request request = { .from = NOWHERE, .level = l->level };
	const struct state *now = &l->now;
	struct step step;
	struct plan plan;

	if (promote_next(l->work, now, &request, &step, e) < 0 ||
		plan_between(l->work, now, &step.after, &step.scope, &plan, e) < 0)
		return -1;
	l->f->steps = true;
	l->f->kind = step.kind;
	wait_for_holds(l, &step, &plan);
	return 0;
}

static void look_for_successor(const struct look *l)
{
	/* without values.yaml no patch is of any use, whatever another one sets */
	if (l->f->state == FLIGHT_GAP || l->f->state == FLIGHT_DIFFERENT || !l->now.app->base)
		return;
	const struct setter *by = superseded_by(l->work, &l->now);
	if (!by)
		return;
	const struct about about = {
		.file = by->layer->path,
		.line = by->node->place.line,
		.column = by->node->place.column,
		.hint = subject_command_shown(l->mem, "retire", &l->now.subject),
	};
	const char *text = arena_printf(
		l->work, "%s decides about all that %s sets", by->layer->name, l->now.file);
	l->f->state = FLIGHT_SUPERSEDED;
	add_wait(l->mem, l->f, "superseded", &about, show_text(l->work, text));
}

static void look(const struct look *l)
{
	const struct fleet *fleet = l->now.app->fleet;
	const struct reach reach = reach_find(l->work, &l->now);
	struct stacks *stacks = l->now.stacks;
	struct error e = { 0 };

	l->f->covered = reach.covered;
	l->f->judged = diff_work(stacks, 0);
	l->f->without = l->f->judged ? reach.without : 0;
	if (look_at_step(l, &e) < 0)
		take_refusal(l, &e);
	else if (l->f->state != FLIGHT_HELD)
		wait_for_gates(l->mem, fleet, l->f);
	error_free(&e);
	look_for_successor(l);
	if (l->f->steps &&
		diff_check(stacks, paths_application(l->work, &l->now.subject), &e) < 0) {
		l->f->steps = false;
		take_refusal(l, &e);
		error_free(&e);
	}
}

struct state flight_state_of(struct arena *mem, const struct state *all, const struct flight *f)
{
	struct state now;

	state_moving(mem, all, f->patch, placed(mem, all->app->fleet, f), &now);
	return now;
}

/*
 * The stacks remember what an integration plans, as long as they are there: it is owned by mem,
 * too. Everything else is freed at once, since a fleet may have thousands of positions, and an
 * application many patches.
 */
void flight_judge(
	struct arena *mem, const struct state *all, unsigned level, int64_t now, struct flight *f)
{
	struct arena scratch;

	arena_init(&scratch, mem->out_of_memory);
	const struct layer **copies = placed(&scratch, all->app->fleet, f);
	find_next(mem, all->app->fleet, copies, level, f);
	struct look l = { f->next == NOWHERE ? mem : &scratch, mem, .level = level, .clock = now,
		.f = f };
	l.now = flight_state_of(l.work, all, f);
	if (f->copy_count)
		f->description = metadata_description(mem, f->copies[f->copy_count - 1].layer);
	look(&l);
	arena_free(&scratch);
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
