/* SPDX-License-Identifier: Apache-2.0 */
#include "core/start.h"

#include "core/decision.h"
#include "core/diff.h"
#include "core/sequence.h"

enum { LEAST_DIGITS = 3, MOST_DIGITS = 18 };

/* The number that follows "patch-", and in *digits how many digits it has: 0 if it is none. */
static uint64_t number_of(const char *name, size_t *digits)
{
	const char *at = name + strlen("patch-");
	uint64_t n = 0;

	*digits = strspn(at, "0123456789");
	if (*digits > MOST_DIGITS)
		*digits = 0;
	for (size_t i = 0; i < *digits; i++)
		n = n * 10 + (uint64_t)(at[i] - '0');
	return n;
}

struct highest {
	uint64_t number;
	size_t digits; /* the most that any has */
};

static void find_highest(const struct patch_names *names, struct highest *h)
{
	for (size_t i = 0; i < names->count; i++) {
		size_t digits;
		const uint64_t n = number_of(names->list[i], &digits);

		if (digits && n > h->number)
			h->number = n;
		if (digits > h->digits)
			h->digits = digits;
	}
}

const char *start_name(struct arena *mem, const struct patch_names *flight,
	const struct patch_names *past, const char **before, const char **name)
{
	struct highest all = { 0 }, flying = { 0 };
	size_t digits;

	find_highest(flight, &flying);
	all = flying;
	find_highest(past, &all);
	/* the digits of those in flight count, if there are any */
	digits = flying.digits ? flying.digits : all.digits;
	if (digits < LEAST_DIGITS)
		digits = LEAST_DIGITS;
	*name = arena_printf(mem, "patch-%0*llu", (int)digits, (unsigned long long)all.number + 1);
	number_of(*name, &digits);
	for (size_t i = 0; i < flight->count; i++) {
		size_t fewer;

		number_of(flight->list[i], &fewer);
		if (fewer && fewer < digits) {
			*before = flight->list[i];
			return NULL;
		}
	}
	return *name;
}

static size_t first_target(const struct fleet *f)
{
	size_t i = 0;

	while (!fleet_is_target(f, i))
		i++;
	return i;
}

size_t start_position(const struct fleet *f, size_t at)
{
	return at == NOWHERE ? first_target(f) : at;
}

struct starting {
	struct decision d;
	const struct start_request *r;
};

/* Files of that name, or nearly, that are at no position. */
static int refuse_astray(const struct decision *d, const struct astray *a)
{
	error_set(d->e, STATUS_REFUSED,
		"%s is in the fleet already: %s, which is at no position or has nearly that name; remove it, or give the new patch another name",
		d->now->subject.patch, a->path);
	error_file(d->e, a->path);
	return error_code(d->e, "target-exists");
}

static int refuse_in_flight(const struct decision *d, size_t first)
{
	const char *position = d->f->positions[first].path;

	error_set(d->e, STATUS_REFUSED,
		"%s is in flight already, at %s; give the new patch another name, or promote %s %s %s to take its next step",
		d->now->subject.patch, position, d->now->subject.type, d->now->subject.application,
		d->now->subject.patch);
	for (size_t i = first; i < d->f->count; i++) {
		const struct layer *copy = d->now->copies[i];

		if (!copy)
			continue;
		const struct about about = { .position = d->f->positions[i].path,
			.file = copy->path };
		error_about(d->e, about);
		error_blocker(d->e, about, "a copy is at %s", about.position);
	}
	return error_code(d->e, "target-exists");
}

/* Nothing in the application may have the new name yet. */
static int check_name(const struct starting *s)
{
	const struct decision *d = &s->d;
	const struct application *app = d->now->app;

	if (sequence_latest(d->f, d->now->copies) != NOWHERE)
		return refuse_in_flight(d, sequence_first(d->f, d->now->copies));
	for (size_t i = 0; i < app->astray_count; i++)
		if (strcmp(app->astray[i].meant, d->now->file) == 0)
			return refuse_astray(d, &app->astray[i]);
	return decision_obstructed(d, &d->step.positions);
}

/* A later position than the first is a gap. */
static int check_gap(const struct starting *s)
{
	const struct decision *d = &s->d;
	const size_t at = d->step.positions.list[0];
	const char *patch = d->now->subject.patch ? d->now->subject.patch : "a patch";
	const struct layer **copies = state_copies(d->mem, d->now);
	size_t *missing = ARENA_NEW(d->mem, size_t, d->f->count);

	copies[at] = d->now->app->base;
	const size_t gaps = sequence_gap(d->f, copies, missing);
	if (!gaps || s->r->hotfix)
		return 0;
	error_set(d->e, STATUS_REFUSED,
		"Gap: %s would start at %s, and the rollout begins at %s; --hotfix starts it there all the same, and promote fill closes the gap later",
		patch, d->f->positions[at].path, d->f->positions[first_target(d->f)].path);
	for (size_t i = 0; i < gaps; i++) {
		const struct about about = { .position = d->f->positions[missing[i]].path };

		error_about(d->e, about);
		error_blocker(d->e, about, "%s would have no copy of %s", about.position, patch);
	}
	error_command(d->e, "--hotfix");
	return error_code(d->e, "gap");
}

/* The state with the patch at every target, above everything else but later patches. */
static struct state everywhere(const struct starting *s)
{
	const struct decision *d = &s->d;
	const struct layer **copies = state_copies(d->mem, d->now);
	struct state all;

	for (size_t i = 0; i < d->f->count; i++)
		if (fleet_is_target(d->f, i))
			copies[i] = s->r->patch;
	state_with(d->mem, d->now, d->now->app, copies, &all);
	return all;
}

static int check_effect(const struct starting *s, const struct state *all)
{
	const struct decision *d = &s->d;

	for (size_t i = 0; i < d->f->count; i++)
		if (fleet_is_target(d->f, i) &&
			diff_stacks(d->now->stacks, d->now->stack[i], all->stack[i]))
			return 0;
	error_set(d->e, STATUS_REFUSED,
		s->r->patch->root->map.count
			? "%s would change no target, wherever it is: each value that it sets is set already, or hidden by a later patch"
			: "%s would change no target: it sets no value",
		d->now->subject.patch);
	return error_code(d->e, "no-effect");
}

/* Refuses what the patch would lose in this state. */
static int check_loss(const struct starting *s, const struct state *state)
{
	const struct decision *d = &s->d;
	struct findings f = { 0 };
	size_t n = 0;

	check_patch(d->mem, state, s->r->siblings, false, &f);
	for (size_t i = 0; i < f.count; i++) {
		const struct finding *found = &f.list[i];

		if (strcmp(found->code, "loses-mapping") != 0)
			continue;
		if (n++)
			error_detail(d->e, "  %s", found->text);
		else
			error_set(d->e, STATUS_REFUSED,
				"A mapping would be lost: %s. Set keys of it instead, or go on with --accept-loss",
				found->text);
		error_about(d->e, found->about);
		error_blocker(d->e, found->about, "%s", found->text);
	}
	if (!n)
		return 0;
	error_command(d->e, "--accept-loss");
	return error_code(d->e, "loses-mapping");
}

/* The state with the new copy, as it was asked for: it is consolidated only by later steps. */
static void place(struct starting *s)
{
	struct decision *d = &s->d;
	struct step *step = &d->step;
	const struct layer **copies = state_copies(d->mem, d->now);

	step->kind = STEP_START;
	step->source = start_position(d->f, s->r->at);
	step->positions = decision_at(d, step->source);
	step->scope = (struct scope){ step->positions, &s->r->patch->root, 1 };
	copies[step->source] = s->r->patch;
	state_with(d->mem, d->now, d->now->app, copies, &step->after);
}

static int check_before(struct starting *s)
{
	if (decision_base(&s->d) < 0)
		return -1;
	s->d.step.positions = decision_at(&s->d, start_position(s->d.f, s->r->at));
	return (s->d.now->file && check_name(s) < 0) || check_gap(s) < 0 ? -1 : 0;
}

int start_check(struct arena *mem, const struct state *now, size_t at, bool hotfix, struct error *e)
{
	const struct request request = { .from = NOWHERE };
	const struct start_request r = { .at = at, .hotfix = hotfix };
	struct starting s = { { mem, now, now->app->fleet, &request, e, { 0 } }, &r };

	return check_before(&s);
}

int start_step(struct arena *mem, const struct state *now, const struct start_request *r,
	struct step *step, struct error *e)
{
	const struct request request = {
		.from = NOWHERE, .level = r->level, .accept_conflict = r->accept_conflict
	};
	struct starting s = { { mem, now, now->app->fleet, &request, e, { 0 } }, r };

	if (check_before(&s) < 0)
		return -1;
	place(&s);
	const struct state all = everywhere(&s);
	if (check_effect(&s, &all) < 0)
		return -1;
	if (!r->accept_loss && (check_loss(&s, &s.d.step.after) < 0 || check_loss(&s, &all) < 0))
		return -1;
	s.d.step.gates = decision_gates(&s.d, now->copies, &s.d.step.positions);
	if (decision_conflicts(&s.d) < 0)
		return -1;
	decision_follow(&s.d);
	*step = s.d.step;
	return 0;
}
