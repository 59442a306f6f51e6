/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rollback.h"

#include "base/assume.h"
#include "core/decision.h"
#include "core/sequence.h"

struct rolling {
	struct decision d;
	const struct rollback_request *r;
	size_t *covered; /* see sequence_covered_before */
	/*
	 * Every position at or behind this one gives up the patch. Those before it that end behind
	 * it are its ancestors, or of its parent: a copy there is split.
	 */
	size_t cut;
	const struct layer **copies; /* afterwards */
};

/* How many targets of [from, end) are covered. */
static size_t count_covered(const struct rolling *r, size_t from, size_t end)
{
	return r->covered[end] - r->covered[from];
}

static bool is_whole(const struct rolling *r, size_t p)
{
	const struct position *at = &r->d.f->positions[p];

	return count_covered(r, p, at->end) == at->targets;
}

/* The widest position with the last covered target of those before `end`, if it is whole and ends there. */
static size_t last_whole(const struct rolling *r, size_t end, unsigned level)
{
	const struct position *positions = r->d.f->positions;
	size_t at = end;

	while (at > 0 && !count_covered(r, at - 1, end))
		at--;
	if (!at--)
		return NOWHERE;
	for (size_t up = positions[at].parent; up != NOWHERE; up = positions[up].parent) {
		if (positions[up].depth < level || positions[up].end > end || !is_whole(r, up))
			break;
		at = up;
	}
	return at;
}

static int refuse_to(const struct rolling *r)
{
	const struct decision *d = &r->d;
	const char *to = d->f->positions[r->r->to].path;

	error_set(d->e, STATUS_REFUSED, "%s is not at %s, so it cannot be rolled back to there",
		d->now->subject.patch, to);
	return error_about(d->e, (struct about){ .position = to });
}

static int refuse_all(const struct rolling *r)
{
	const struct decision *d = &r->d;
	const char *last = d->f->positions[r->cut].path;

	error_set(d->e, STATUS_REFUSED,
		"%s is at %s alone: no target would have it any more; to give it up everywhere, add --all",
		d->now->subject.patch, last);
	error_about(d->e, (struct about){ .position = last });
	return error_command(d->e, "--all");
}

/* Sets `cut`. */
static int find_cut(struct rolling *r)
{
	const struct decision *d = &r->d;
	const size_t to = r->r->to;

	r->cut = 0;
	if (r->r->all)
		return 0;
	if (to != NOWHERE) {
		r->cut = d->f->positions[to].end;
		return count_covered(r, to, r->cut) ? 0 : refuse_to(r);
	}
	r->cut = last_whole(r, d->f->count, r->r->level);
	return count_covered(r, 0, r->cut) ? 0 : refuse_all(r);
}

/* The widest positions that give up the patch. */
static struct position_list find_given_up(const struct rolling *r)
{
	const struct fleet *f = r->d.f;
	struct position_list at = { 0 };

	for (size_t p = r->cut; p < f->count;) {
		if (is_whole(r, p)) {
			*ARENA_PUSH(r->d.mem, at.list, at.count) = p;
			p = f->positions[p].end;
		} else {
			p++;
		}
	}
	return at;
}

/* The widest position that ends behind the cut, or NOWHERE; and the next one below. */
static size_t first_straddling(const struct rolling *r)
{
	const struct position *positions = r->d.f->positions;
	size_t p = 0;

	while (p < r->cut && positions[p].end <= r->cut)
		p = positions[p].end;
	return p < r->cut ? p : NOWHERE;
}

static size_t next_straddling(const struct rolling *r, size_t p)
{
	const struct position *positions = r->d.f->positions;

	fleet_each_child(r->d.f, p, c)
		if (c < r->cut && positions[c].end > r->cut)
			return c;
	return NOWHERE;
}

/* The copies afterwards. */
static void split(struct rolling *r)
{
	const struct fleet *f = r->d.f;
	const struct layer *above = NULL;

	r->copies = state_copies(r->d.mem, r->d.now);
	for (size_t p = r->cut; p < f->count; p++)
		r->copies[p] = NULL;
	for (size_t p = first_straddling(r); p != NOWHERE; p = next_straddling(r, p)) {
		if (r->copies[p])
			above = r->copies[p];
		r->copies[p] = NULL;
		fleet_each_child(f, p, c)
			if (f->positions[c].end <= r->cut && !r->copies[c])
				r->copies[c] = above;
	}
}

/* Something that is not a file has the name of a copy that a split makes. */
static int check_places(const struct rolling *r)
{
	const struct application *app = r->d.now->app;

	for (size_t i = 0; i < app->obstruction_count; i++) {
		const size_t p = app->obstructions[i].position;

		if (r->copies[p])
			return decision_refuse_place(&r->d, p);
	}
	return 0;
}

/* What to say of a split that changes a target below p, which keeps the patch. */
static int refuse_split(const struct rolling *r, size_t wide, size_t p, const struct obstacle *o)
{
	const struct decision *d = &r->d;
	const struct position *positions = d->f->positions;
	const struct keypath path = keypath_known(d->mem, o->path);
	const struct setter now = setter_of(d->now, o->target, &path);
	const size_t to = last_whole(r, p, 1);
	const char *patch = d->now->subject.patch, *target = positions[o->target].path;
	const struct about about = { .position = target,
		.file = now.layer->path,
		.line = now.node->place.line,
		.column = now.node->place.column,
		.key = o->path };

	error_set(d->e, STATUS_REFUSED,
		"The copy at %s cannot be split: %s would change at %s, which keeps %s, because %s:%u sets it; %s needs no such split",
		positions[wide].path, o->path, target, patch, about.file, about.line,
		to == NOWHERE ? "--all" : arena_printf(d->mem, "--to=%s", positions[to].path));
	error_about(d->e, about);
	error_blocker(d->e, about, "%s:%u sets %s", about.file, about.line, o->path);
	if (to != NOWHERE)
		error_command(d->e, "--to=%s", positions[to].path);
	else if (r->r->to == NOWHERE)
		error_command(d->e, "--all");
	return error_code(d->e, "values-would-change");
}

/* The targets that keep the patch keep their values: those that a copy above was split for. */
static int check_values(const struct rolling *r)
{
	const struct decision *d = &r->d;
	const struct position *positions = d->f->positions;
	size_t wide = NOWHERE;
	struct obstacle o;

	for (size_t p = first_straddling(r); p != NOWHERE; p = next_straddling(r, p)) {
		if (wide == NOWHERE && d->now->copies[p])
			wide = p;
		if (wide == NOWHERE)
			continue;
		/* the children that end before the cut, which the last child does not */
		for (size_t c = p + 1; positions[c].end <= r->cut; c = positions[c].end)
			if (!proof_same(d->mem, d->now, d->now->copies, r->copies, c, &o))
				return refuse_split(r, wide, c, &o);
	}
	return 0;
}

/* All that the copies set: the patch may differ from place to place. */
static struct scope all_set(const struct decision *d, struct position_list positions)
{
	const struct node **roots = ARENA_NEW(d->mem, const struct node *, d->f->count);
	uint32_t meaning = 0;
	size_t n = 0;

	for (size_t p = 0; p < d->f->count; p++) {
		const struct layer *copy = d->now->copies[p];

		if (copy && copy->meaning != meaning) {
			meaning = copy->meaning;
			roots[n++] = copy->root;
		}
	}
	return (struct scope){ positions, roots, n };
}

static int decide(struct rolling *r)
{
	struct decision *d = &r->d;
	struct step *s = &d->step;

	r->covered = ARENA_NEW(d->mem, size_t, d->f->count + 1);
	sequence_covered_before(d->f, d->now->copies, r->covered);
	if (find_cut(r) < 0)
		return -1;
	if (!count_covered(r, r->cut, d->f->count)) {
		decision_nothing(d,
			arena_printf(d->mem, "%s is at no target behind %s", d->now->subject.patch,
				d->f->positions[r->r->to].path));
		return 0;
	}
	split(r);
	if (check_places(r) < 0 || check_values(r) < 0)
		return -1;
	s->kind = STEP_ROLLBACK;
	s->source = sequence_latest(d->f, d->now->copies);
	s->positions = find_given_up(r);
	s->scope = all_set(d, s->positions);
	state_with(d->mem, d->now, d->now->app, r->copies, &s->after);
	decision_follow(d);
	return 0;
}

int rollback_next(struct arena *mem, const struct state *now, const struct rollback_request *r,
	struct step *step, struct error *e)
{
	const struct request same = { .from = NOWHERE, .level = r->level };
	struct rolling rolling = { .d = { mem, now, now->app->fleet, &same, e, { 0 } }, .r = r };

	if (decision_files(&rolling.d) < 0 || decide(&rolling) < 0)
		return -1;
	*step = rolling.d.step;
	return 0;
}
