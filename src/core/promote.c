/* SPDX-License-Identifier: Apache-2.0 */
#include "core/promote.h"

#include <assert.h>

#include "core/astray.h"
#include "core/integrate.h"
#include "core/sequence.h"

enum {
	NAMED_POSITIONS = 8,   /* how many of many are named in one line */
	NAMED_CONFLICTS = 8,   /* a line each */
	LISTED_CONFLICTS = 256 /* for programs */
};

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
	};

	return names[kind];
}

/* What one decision is about. */
struct decision {
	struct arena *mem;
	const struct state *now;
	const struct fleet *f;
	const struct request *r;
	struct error *e;
	struct step step;
};

static int refuse_different(const struct decision *d, const char *what)
{
	error_set(d->e, STATUS_REFUSED, "The copies of %s differ%s", d->now->file, what);
	for (size_t i = 0; i < d->f->count; i++) {
		const struct layer *copy = d->now->copies[i];
		const char *position = d->f->positions[i].path;

		if (!copy)
			continue;
		error_detail(d->e, "  %s  %s", copy->digest, position);
		error_blocker(d->e, (struct about){ .position = position, .file = copy->path },
			"a copy with the digest %s", copy->digest);
	}
	return error_code(d->e, "copies-differ");
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
	return error_code(d->e, "gap");
}

/* Files that may be what is missing: a line each, and a blocker. */
static void add_astray(const struct decision *d, const char *name)
{
	struct findings f = { 0 };

	astray_findings(d->mem, d->now->app, name, false, &f);
	for (size_t i = 0; i < f.count; i++) {
		error_detail(d->e, "  %s", f.list[i].text);
		error_blocker(d->e, f.list[i].about, "%s", f.list[i].text);
	}
}

static int refuse_not_found(const struct decision *d)
{
	error_set(d->e, STATUS_FILES, "%s not found for %s in any dimension", d->now->file,
		d->now->subject.application);
	add_astray(d, d->now->file);
	return error_code(d->e, "not-found");
}

/* Whoever makes values.yaml adds the application to every target: that is not a patch's to do. */
static int refuse_without_base(const struct decision *d)
{
	const struct subject *s = &d->now->subject;
	const char *path = paths_base(d->mem, s);

	error_set(d->e, STATUS_FILES,
		"%s is missing: without it %s is part of no target, and %s changes nothing; add that file first, in a change of its own",
		path, s->application, s->patch);
	error_file(d->e, path);
	add_astray(d, "values.yaml");
	return error_code(d->e, "no-values-file");
}

static int find_source(struct decision *d)
{
	const struct state *now = d->now;
	size_t latest = sequence_latest(d->f, now->copies), from = d->r->from;

	if (latest == NOWHERE)
		return refuse_not_found(d);
	if (!now->app->base)
		return refuse_without_base(d);
	if (from != NOWHERE && !now->copies[from]) {
		error_set(d->e, STATUS_FILES, "%s has no copy at %s; it is found at", now->file,
			d->f->positions[from].path);
		for (size_t i = 0; i < d->f->count; i++)
			if (now->copies[i]) {
				const char *path = d->f->positions[i].path;

				error_detail(d->e, "  %s", path);
				error_blocker(d->e,
					(struct about){
						.position = path, .file = now->copies[i]->path },
					"a copy is at %s", path);
			}
		error_about(d->e, (struct about){ .position = d->f->positions[from].path });
		return error_code(d->e, "not-found");
	}
	if (from == NOWHERE && state_is_ambiguous(now)) {
		refuse_different(d, "; say which one to promote with --from=POSITION");
		for (size_t i = 0; i < d->f->count; i++)
			if (now->copies[i])
				error_command(d->e, "--from=%s", d->f->positions[i].path);
		return -1;
	}
	d->step.source = from == NOWHERE ? latest : from;
	return 0;
}

static int refuse_obstruction(const struct decision *d, size_t at, size_t next)
{
	const struct position *p = &d->f->positions[at];
	const char *path = paths_copy(d->mem, &d->now->subject, p);

	if (at == next) {
		error_set(d->e, STATUS_REFUSED, "Target patch already exists at %s", path);
		error_code(d->e, "target-exists");
	} else {
		error_set(d->e, STATUS_FILES,
			"%s: a copy must be a file, not a directory or a link; move it away", path);
	}
	return error_about(d->e, (struct about){ .position = p->path, .file = path });
}

/* Something that is not a file has a copy's name: in the way at `next`, and wrong anywhere. */
static int check_obstructions(const struct decision *d, size_t next)
{
	const struct application *app = d->now->app;
	const struct obstruction *first = NULL;

	for (size_t i = 0; i < app->obstruction_count; i++) {
		const struct obstruction *o = &app->obstructions[i];

		assert(strcmp(o->name, d->now->file) == 0);
		if (!first || o->position == next)
			first = o;
	}
	return first ? refuse_obstruction(d, first->position, next) : 0;
}

static struct position_list find_gates(
	const struct decision *d, const struct layer *const *copies, size_t next)
{
	struct position_list gates = { 0 };

	if (next == NOWHERE)
		return gates;
	gates.list = ARENA_NEW(d->mem, size_t, d->f->count);
	gates.count = sequence_gates(d->f, copies, next, gates.list);
	return gates;
}

/* The copy at the next position, if there is one, and what can be consolidated then. */
static void decide_copies(struct decision *d, size_t next)
{
	struct step *s = &d->step;
	const struct layer **copies = state_copies(d->mem, d->now);
	struct state copied;

	if (next != NOWHERE)
		copies[next] = copies[s->source];
	state_with(d->mem, d->now, d->now->app, copies, &copied);
	s->consolidation = consolidate(d->mem, &copied);
	state_with(d->mem, d->now, d->now->app, s->consolidation.copies, &s->after);
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
		return refuse_different(d, ", and cannot be integrated before they are made alike");
	d->step.kind = STEP_INTEGRATE;
	d->step.consolidation = (struct consolidation){ 0 };
	return integrate(d->mem, d->now, d->r->prune_overrides, &d->step.after, d->e);
}

static struct about about_conflict(const struct decision *d, const struct conflict *c)
{
	return (struct about){ .position = d->f->positions[c->target].path,
		.file = c->layer->path,
		.line = c->node->place.line,
		.column = c->node->place.column,
		.key = c->path,
		.hint = "promote or finish that patch first" };
}

/* The n-th value that would be taken over. */
static void refuse_conflict(const struct decision *d, const struct conflict *c, size_t n)
{
	const struct about about = about_conflict(d, c);

	if (n == 0) {
		error_set(d->e, STATUS_REFUSED,
			"%s:%u sets %s, and this step would take it over at %s; promote or finish that patch first, or go on with --accept-conflict",
			about.file, about.line, about.key, about.position);
		error_code(d->e, "conflict");
		error_command(d->e, "--accept-conflict");
	} else if (n < NAMED_CONFLICTS) {
		error_detail(d->e, "  %s:%u sets %s, and it would be taken over at %s", about.file,
			about.line, about.key, about.position);
	}
	error_about(d->e, about);
	if (n < LISTED_CONFLICTS)
		error_blocker(d->e, about, "%s:%u sets %s", about.file, about.line, about.key);
}

/* What the step takes over, or is hidden by, at the targets that it enters. */
static int decide_conflicts(struct decision *d)
{
	struct step *s = &d->step;
	size_t n = 0;

	s->conflicts = conflicts_find(d->mem, d->now, &s->after, &s->positions, s->scope.root);
	if (d->r->accept_conflict)
		return 0;
	for (size_t i = 0; i < s->conflicts.count; i++)
		if (s->conflicts.list[i].kind == CONFLICT_OVERTAKES)
			refuse_conflict(d, &s->conflicts.list[i], n++);
	if (n > NAMED_CONFLICTS)
		error_detail(d->e, "  and %zu more", n - NAMED_CONFLICTS);
	return n ? -1 : 0;
}

/* A step to one position, or to none. */
static struct position_list only(struct arena *mem, size_t position)
{
	struct position_list l = { 0 };

	if (position != NOWHERE)
		*ARENA_PUSH(mem, l.list, l.count) = position;
	return l;
}

/* What the step does, given that there is no gap. */
static int decide(struct decision *d)
{
	struct step *s = &d->step;
	const size_t next = sequence_next(d->f, d->now->copies, d->r->level);

	if (check_obstructions(d, next) < 0)
		return -1;
	s->kind = next == NOWHERE ? STEP_CONSOLIDATE : STEP_PROMOTE;
	if (next == NOWHERE)
		s->source = sequence_latest(d->f, d->now->copies);
	s->positions = only(d->mem, next);
	s->scope = (struct scope){ s->positions, d->now->copies[s->source]->root };
	s->gates = find_gates(d, d->now->copies, next);
	decide_copies(d, next);
	s->following = NOWHERE;
	if (next == NOWHERE && is_unchanged(d))
		return decide_integration(d);
	if (next != NOWHERE && decide_conflicts(d) < 0)
		return -1;
	s->following = sequence_next(d->f, s->after.copies, d->r->level);
	s->following_gates = find_gates(d, s->after.copies, s->following);
	return 0;
}

int promote_next(struct arena *mem, const struct state *now, const struct request *r,
	struct step *step, struct error *e)
{
	struct decision d = { mem, now, now->app->fleet, r, e, { 0 } };
	size_t *missing = ARENA_NEW(mem, size_t, d.f->count);

	/* "not found" would be hard to believe if a link has the copy's name */
	if (sequence_latest(d.f, now->copies) == NOWHERE && check_obstructions(&d, NOWHERE) < 0)
		return -1;
	if (find_source(&d) < 0)
		return -1;
	size_t gaps = sequence_gap(d.f, now->copies, missing);
	if (gaps)
		return refuse_gap(&d, missing, gaps);
	if (decide(&d) < 0)
		return -1;
	*step = d.step;
	return 0;
}
