/* SPDX-License-Identifier: Apache-2.0 */
#include "core/decision.h"

#include <assert.h>

#include "core/astray.h"
#include "core/differences.h"
#include "core/sequence.h"

enum {
	NAMED_CONFLICTS = 8,   /* a line each */
	LISTED_CONFLICTS = 256 /* for programs */
};

int decision_refuse_different(const struct decision *d, const char *what)
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
	const struct differences found = differences_find(d->mem, d->now);
	differences_tell(d->mem, &found, d->r->whole, d->e);
	return error_code(d->e, "copies-differ");
}

/* Whether the position itself is one of them. */
static bool is_listed(const struct position_list *at, size_t position)
{
	for (size_t i = 0; i < at->count; i++)
		if (at->list[i] == position)
			return true;
	return false;
}

int decision_refuse_place(const struct decision *d, size_t at)
{
	const struct position *p = &d->f->positions[at];
	const char *path = paths_copy(d->mem, &d->now->subject, p);

	error_set(d->e, STATUS_REFUSED, "Target patch already exists at %s", path);
	error_about(d->e, (struct about){ .position = p->path, .file = path });
	return error_code(d->e, "target-exists");
}

static int refuse_obstruction(const struct decision *d, size_t at)
{
	const struct position *p = &d->f->positions[at];
	const char *path = paths_copy(d->mem, &d->now->subject, p);

	error_set(d->e, STATUS_FILES,
		"%s: a copy must be a file, not a directory or a link; move it away", path);
	return error_about(d->e, (struct about){ .position = p->path, .file = path });
}

int decision_obstructed(const struct decision *d, const struct position_list *at)
{
	const struct application *app = d->now->app;
	const struct obstruction *wanted = NULL;

	for (size_t i = 0; i < app->obstruction_count; i++) {
		const struct obstruction *o = &app->obstructions[i];

		assert(strcmp(o->name, d->now->file) == 0);
		if (!is_listed(at, o->position))
			return refuse_obstruction(d, o->position);
		if (!wanted)
			wanted = o;
	}
	return wanted ? decision_refuse_place(d, wanted->position) : 0;
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

int decision_not_found(const struct decision *d)
{
	error_set(d->e, STATUS_FILES, "%s not found for %s in any dimension", d->now->file,
		d->now->subject.application);
	add_astray(d, d->now->file);
	if (astray_has(d->mem, d->now->app, d->now->file))
		error_command(d->e, "%s",
			subject_command(
				d->mem, "retire\n--at-unknown-positions", &d->now->subject));
	return error_code(d->e, "not-found");
}

/* Whoever makes values.yaml adds the application to every target: that is not a patch's to do. */
static int refuse_without_base(const struct decision *d)
{
	const struct subject *s = &d->now->subject;
	const char *path = paths_base(d->mem, s);

	error_set(d->e, STATUS_FILES,
		"%s is missing: without it %s is part of no target, and %s changes nothing; add that file first, in a change of its own",
		path, s->application, s->patch ? s->patch : "a patch");
	error_file(d->e, path);
	add_astray(d, "values.yaml");
	return error_code(d->e, "no-values-file");
}

/* --from names a position without a copy. */
static int refuse_from(const struct decision *d)
{
	const struct state *now = d->now;
	const char *from = d->f->positions[d->r->from].path;

	error_set(d->e, STATUS_FILES, "%s has no copy at %s; it is found at", now->file, from);
	for (size_t i = 0; i < d->f->count; i++)
		if (now->copies[i]) {
			const char *path = d->f->positions[i].path;

			error_detail(d->e, "  %s", path);
			error_blocker(d->e,
				(struct about){ .position = path, .file = now->copies[i]->path },
				"a copy is at %s", path);
		}
	error_about(d->e, (struct about){ .position = from });
	return error_code(d->e, "not-found");
}

int decision_base(const struct decision *d)
{
	return d->now->app->base ? 0 : refuse_without_base(d);
}

int decision_files(const struct decision *d)
{
	const struct state *now = d->now;

	/* "not found" would be hard to believe if a link has the copy's name */
	if (sequence_latest(d->f, now->copies) == NOWHERE)
		return decision_obstructed(d, &(struct position_list){ 0 }) < 0
			? -1
			: decision_not_found(d);
	if (decision_base(d) < 0)
		return -1;
	if (d->r->from != NOWHERE && !now->copies[d->r->from])
		return refuse_from(d);
	return 0;
}

int decision_source(struct decision *d)
{
	const struct state *now = d->now;
	const size_t from = d->r->from;

	if (decision_files(d) < 0)
		return -1;
	if (from == NOWHERE && state_is_ambiguous(now)) {
		decision_refuse_different(d, "; say which one to promote with --from=POSITION");
		for (size_t i = 0; i < d->f->count; i++)
			if (now->copies[i])
				error_command(d->e, "--from=%s", d->f->positions[i].path);
		return -1;
	}
	d->step.source = from == NOWHERE ? sequence_latest(d->f, now->copies) : from;
	return 0;
}

struct position_list decision_gates(
	const struct decision *d, const struct layer *const *copies, const struct position_list *at)
{
	struct position_list gates = { 0 };

	if (!at->count)
		return gates;
	gates.list = ARENA_NEW(d->mem, size_t, d->f->count);
	gates.count = sequence_gates_of(d->f, copies, at, gates.list);
	return gates;
}

void decision_copies(struct decision *d)
{
	struct step *s = &d->step;
	const struct layer **copies = state_copies(d->mem, d->now);
	struct state copied;

	for (size_t i = 0; i < s->positions.count; i++)
		copies[s->positions.list[i]] = copies[s->source];
	state_with(d->mem, d->now, d->now->app, copies, &copied);
	s->consolidation = consolidate(d->mem, &copied);
	state_with(d->mem, d->now, d->now->app, s->consolidation.copies, &s->after);
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

int decision_conflicts(struct decision *d)
{
	struct step *s = &d->step;
	size_t n = 0;

	s->conflicts = conflicts_find(d->mem, d->now, &s->after, &s->positions, s->scope.roots[0]);
	if (d->r->accept_conflict)
		return 0;
	for (size_t i = 0; i < s->conflicts.count; i++)
		if (s->conflicts.list[i].kind == CONFLICT_OVERTAKES)
			refuse_conflict(d, &s->conflicts.list[i], n++);
	if (n > NAMED_CONFLICTS)
		error_detail(d->e, "  and %zu more", n - NAMED_CONFLICTS);
	return n ? -1 : 0;
}

struct position_list decision_at(const struct decision *d, size_t position)
{
	struct position_list at = { 0 };

	if (position != NOWHERE)
		*ARENA_PUSH(d->mem, at.list, at.count) = position;
	return at;
}

void decision_follow(struct decision *d)
{
	struct step *s = &d->step;
	const struct layer *const *copies = s->after.copies;
	size_t *missing = ARENA_NEW(d->mem, size_t, d->f->count);

	s->following = NOWHERE;
	if (sequence_latest(d->f, copies) == NOWHERE)
		return;
	s->gap = sequence_missing(d->f, copies, d->r->level, missing) > 0;
	s->following = s->gap ? missing[0] : sequence_next(d->f, copies, d->r->level);
	const struct position_list at = decision_at(d, s->following);
	s->following_gates = decision_gates(d, copies, &at);
}

struct step decision_nothing(struct decision *d, const char *why)
{
	d->step = (struct step){
		.kind = STEP_NONE,
		.source = sequence_latest(d->f, d->now->copies),
		.after = *d->now,
		.nothing = why,
	};
	decision_follow(d);
	return d->step;
}
