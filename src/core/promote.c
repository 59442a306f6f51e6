/* SPDX-License-Identifier: Apache-2.0 */
#include "core/promote.h"

#include "core/decision.h"
#include "core/integrate.h"
#include "core/sequence.h"

enum { NAMED_POSITIONS = 8 }; /* how many of many are named in one line */

const char *step_kind_name(enum step_kind kind)
{
	static const char *const names[] = {
		[STEP_PROMOTE] = "promote",
		[STEP_CONSOLIDATE] = "consolidate",
		[STEP_INTEGRATE] = "integrate",
		[STEP_START] = "start",
		[STEP_FILL] = "fill",
		[STEP_ROLLBACK] = "rollback",
		[STEP_RETIRE] = "retire",
		[STEP_NONE] = "none",
	};

	return names[kind];
}

/* "int-sector-1 (us-central1, europe-west1)": a position, and its targets if it has several */
static void add_missing(struct buf *b, const struct fleet *f, size_t p)
{
	size_t skip = strlen(f->positions[p].path) + 1, named = 0;

	buf_puts(b, f->positions[p].path);
	if (f->positions[p].targets == 1)
		return;
	for (size_t i = p; i < f->positions[p].end; i++) {
		if (!fleet_is_target(f, i))
			continue;
		if (named == NAMED_POSITIONS) {
			buf_printf(b, " and %zu more", f->positions[p].targets - named);
			break;
		}
		buf_printf(b, "%s%s", named++ ? ", " : " (", f->positions[i].path + skip);
	}
	buf_putc(b, ')');
}

/*
 * A position without a directory, behind a sibling that has the patch, has perhaps come to
 * config.yaml when the patch had passed. At the first dimension that says nothing: a hotfix begins
 * there.
 */
static bool looks_new(const struct decision *d, size_t p)
{
	const struct fleet *f = d->f;
	const bool *has = d->now->app->has_directory;
	const size_t parent = f->positions[p].parent;

	if (!has || has[p] || parent == NOWHERE)
		return false;
	for (size_t i = parent + 1; i < p; i++)
		if (d->now->copies[i])
			return true;
	return false;
}

static void tell_new(const struct decision *d, const size_t *missing, size_t n)
{
	struct buf b = { .mem = d->mem };
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		/* untested: more than eight of them */
		if (looks_new(d, missing[i]) && found++ < NAMED_POSITIONS)
			buf_printf(&b, "%s%s", b.len ? ", " : "", d->f->positions[missing[i]].path);
	if (!found)
		return;
	/* untested: see above */
	if (found > NAMED_POSITIONS)
		buf_printf(&b, " and %zu more", found - NAMED_POSITIONS);
	error_detail(d->e,
		"  no directory, and so perhaps new in " PATHS_CONFIG " since the patch passed: %s",
		b.at);
}

static int refuse_gap(const struct decision *d, const size_t *missing, size_t n)
{
	struct buf b = { .mem = d->mem };

	for (size_t i = 0; i < n && i < NAMED_POSITIONS; i++) {
		if (i)
			buf_puts(&b, ", ");
		add_missing(&b, d->f, missing[i]);
	}
	if (n > NAMED_POSITIONS)
		buf_printf(&b, " and %zu more", n - NAMED_POSITIONS);
	error_set(d->e, STATUS_REFUSED, "Gap detected: %s exists at %s but is missing from %s",
		d->now->subject.patch, d->f->positions[sequence_latest(d->f, d->now->copies)].path,
		b.at);
	for (size_t i = 0; i < n; i++) {
		const struct about about = { .position = d->f->positions[missing[i]].path };

		error_about(d->e, about);
		error_blocker(
			d->e, about, "%s has no copy of %s", about.position, d->now->subject.patch);
	}
	tell_new(d, missing, n);
	error_command(d->e, "%s", subject_command(d->mem, "fill", &d->now->subject));
	return error_code(d->e, "gap");
}

static bool is_unchanged(const struct decision *d)
{
	for (size_t i = 0; i < d->f->count; i++)
		if (d->step.after.copies[i] != d->now->copies[i])
			return false;
	return true;
}

/* The last step: the patch is merged into values.yaml and its copies are removed. */
static int decide_integration(struct decision *d)
{
	if (state_is_ambiguous(d->now))
		return decision_refuse_different(
			d, ", and cannot be integrated before they are made alike");
	d->step.kind = STEP_INTEGRATE;
	d->step.consolidation = (struct consolidation){ 0 };
	return integrate(d->mem, d->now, d->r->prune_overrides, &d->step.after, d->e);
}

/* What the step does, given that there is no gap. */
static int decide(struct decision *d)
{
	struct step *s = &d->step;
	const size_t next = sequence_next(d->f, d->now->copies, d->r->level);

	s->positions = decision_at(d, next);
	if (decision_obstructed(d, &s->positions) < 0)
		return -1;
	s->kind = next == NOWHERE ? STEP_CONSOLIDATE : STEP_PROMOTE;
	if (next == NOWHERE)
		s->source = sequence_latest(d->f, d->now->copies);
	s->scope = (struct scope){ s->positions, &d->now->copies[s->source]->root, 1 };
	s->gates = decision_gates(d, d->now->copies, &s->positions);
	decision_copies(d);
	s->following = NOWHERE;
	if (next == NOWHERE && is_unchanged(d))
		return decide_integration(d);
	if (next != NOWHERE && decision_conflicts(d) < 0)
		return -1;
	decision_follow(d);
	return 0;
}

int promote_next(struct arena *mem, const struct state *now, const struct request *r,
	struct step *step, struct error *e)
{
	struct decision d = { mem, now, now->app->fleet, r, e, { 0 } };
	size_t *missing = ARENA_NEW(mem, size_t, d.f->count);

	if (decision_source(&d) < 0)
		return -1;
	size_t gaps = sequence_gap(d.f, now->copies, missing);
	if (gaps)
		return refuse_gap(&d, missing, gaps);
	if (decide(&d) < 0)
		return -1;
	*step = d.step;
	return 0;
}
