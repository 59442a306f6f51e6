/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fleet_diff.h"

#include <string.h>

#include "core/compare.h"
#include "core/overlap.h"
#include "core/target.h"
#include "core/target_union.h"

/* Who sets a target's facts, beside the applications, which are numbered from here on. */
enum { FACTS = 1, APPLICATIONS = 2 };

struct work {
	struct arena *mem;
	const struct fleet_pair *pair;
	struct target_union u;
	const struct diff **diffs; /* for each application: what differs at the target */
	uint32_t *stacks;          /* for each application: the two that it has there */
	size_t *spent;             /* for each application: keys that were looked at */
	struct overlap *overlap;   /* NULL until it is asked for */
	bool shared;               /* other applications may decide about what differs */
	bool shared_facts;         /* an application may set a fact */
	struct map checked;   /* by address: each struct diff that is_shared() was asked about */
	struct map known;     /* by what differs at a target, as bytes: struct change_list */
	struct lookup lookup; /* into merged values */
};

struct change_list {
	const struct value_change *list;
	size_t count;
};

static uint32_t stack_at(const struct state *s, size_t position)
{
	return s ? s->stack[position] : STACKS_EMPTY;
}

static struct stacks *stacks_of(const struct state_pair *p)
{
	return p->before ? p->before->stacks : p->after->stacks;
}

/* Whether a target that both trees have is called otherwise: its dimensions have other names. */
static bool facts_differ(const struct work *w, size_t target)
{
	const struct fleet *a = w->pair->before, *b = w->pair->after;
	const unsigned depth = a->positions[w->u.before[target]].depth;

	for (unsigned d = 0; w->pair->whole && d < depth; d++)
		if (strcmp(a->dimensions[d].single, b->dimensions[d].single) != 0)
			return true;
	return false;
}

/* What is allowed for one pair of stacks is allowed again, until all of them are too much. */
static void allow(struct work *w, size_t application, struct stacks *s)
{
	if (!diff_work(s, 0))
		return;
	w->spent[application] += s->work;
	s->work = 0;
	if (w->spent[application] > FLEET_DIFF_WORK)
		diff_work(s, SIZE_MAX / 4); /* no number of stacks allows that */
}

/* Sets what differs in each application. Whether anything does. */
static bool find_diffs(struct work *w, size_t target)
{
	bool any = false;

	for (size_t i = 0; i < w->pair->count; i++) {
		const struct state_pair *p = &w->pair->applications[i];

		allow(w, i, stacks_of(p));
		w->stacks[2 * i] = stack_at(p->before, w->u.before[target]);
		w->stacks[2 * i + 1] = stack_at(p->after, w->u.after[target]);
		w->diffs[i] = diff_stacks(stacks_of(p), w->stacks[2 * i], w->stacks[2 * i + 1]);
		any = any || w->diffs[i];
	}
	return any;
}

static void add_layers(struct overlap *o, unsigned number, const struct state *s)
{
	const struct application *app = s ? s->app : NULL;

	for (size_t i = 0; s && i < s->base_count; i++)
		overlap_add(o, number, s->bases[i]->root);
	for (size_t at = 0; app && at < app->fleet->count; at++)
		for (size_t i = 0; i < app->at[at].count; i++)
			overlap_add(o, number, app->at[at].layers[i]->root);
}

/* The deepest target has all facts that any has. */
static void add_facts(struct work *w, const struct fleet *f)
{
	size_t deepest = 0;

	for (size_t i = 0; i < f->count; i++)
		if (f->positions[i].depth > f->positions[deepest].depth)
			deepest = i;
	overlap_add(w->overlap, FACTS, target_facts(w->mem, f, deepest));
}

static void read_overlap(struct work *w)
{
	w->overlap = overlap_new(w->mem);
	for (size_t i = 0; i < w->pair->count; i++) {
		add_layers(w->overlap, APPLICATIONS + (unsigned)i, w->pair->applications[i].before);
		add_layers(w->overlap, APPLICATIONS + (unsigned)i, w->pair->applications[i].after);
	}
	add_facts(w, w->pair->before);
	add_facts(w, w->pair->after);
	w->shared_facts = overlap_at(w->overlap, FACTS, "cluster");
}

/* Whether another application may decide about one of the changes. */
static bool is_shared(struct work *w, size_t application, const struct diff *d)
{
	void **slot = map_slot_address(&w->checked, d);

	if (*slot)
		return false;
	*slot = (void *)d;
	for (size_t i = 0; i < d->count; i++)
		if (overlap_at(
			    w->overlap, APPLICATIONS + (unsigned)application, d->changes[i].path))
			return true;
	return false;
}

/* Looks for what is shared among all that differs at a target. */
static void find_shared(struct work *w, size_t target)
{
	if (!w->pair->whole || w->shared || (!find_diffs(w, target) && !facts_differ(w, target)))
		return;
	if (!w->overlap)
		read_overlap(w);
	w->shared = w->shared_facts && facts_differ(w, target);
	for (size_t i = 0; i < w->pair->count; i++)
		if (w->diffs[i] && !w->shared)
			w->shared = is_shared(w, i, w->diffs[i]);
}

/* What a target gets in one tree (side 0) or the other: its facts, if they count, and each application. */
static struct view view_of_target(struct work *w, size_t target, size_t side, bool facts)
{
	const struct fleet *f = side ? w->pair->after : w->pair->before;
	const size_t at = side ? w->u.after[target] : w->u.before[target];
	struct view v = { 0 };

	if (facts)
		view_add(w->mem, &v, target_facts(w->mem, f, at));
	for (size_t i = 0; i < w->pair->count; i++) {
		const uint32_t stack = w->stacks[2 * i + side];

		if (stack != STACKS_EMPTY)
			view_add(w->mem, &v,
				stacks_tree(stacks_of(&w->pair->applications[i]), stack));
	}
	return v;
}

static struct change_list compare_merged(struct work *w, size_t target, bool facts)
{
	struct arena scratch;
	struct comparison c = { .mem = w->mem, .scratch = &scratch, .look = &w->lookup };

	arena_init(&scratch, w->mem->out_of_memory);
	c.path.mem = &scratch;
	const struct view a = view_of_target(w, target, 0, facts);
	const struct view b = view_of_target(w, target, 1, facts);
	compare_maps(&c, &a, &b);
	arena_free(&scratch);
	return (struct change_list){ c.list, c.count };
}

/* Adds n changes to those that there are. */
static void join(struct work *w, struct change_list *to, const struct value_change *list, size_t n)
{
	struct value_change *all = ARENA_NEW(w->mem, struct value_change, to->count + n);

	memcpy(all, to->list, to->count * sizeof(*all));
	memcpy(all + to->count, list, n * sizeof(*all));
	*to = (struct change_list){ all, to->count + n };
}

/* The facts, and then each application. */
static struct change_list join_diffs(struct work *w, size_t target, bool facts)
{
	struct change_list all = { 0 };

	if (facts) {
		const struct node *old = target_facts(w->mem, w->pair->before, w->u.before[target]);
		const struct node *now = target_facts(w->mem, w->pair->after, w->u.after[target]);

		all.count = diff_trees(w->mem, old, now, &all.list);
	}
	for (size_t i = 0; i < w->pair->count; i++) {
		const struct diff *d = w->diffs[i];

		if (d && !all.count)
			all = (struct change_list){ d->changes, d->count };
		else if (d)
			join(w, &all, d->changes, d->count);
	}
	return all;
}

static struct change_list changes_at(struct work *w, size_t target)
{
	const bool facts = facts_differ(w, target);
	const bool alone = facts || (w->shared && w->shared_facts);
	const struct str key = { w->shared ? (const char *)w->stacks : (const char *)w->diffs,
		w->pair->count * (w->shared ? 2 * sizeof(*w->stacks) : sizeof(*w->diffs)) };
	struct change_list *known = alone ? NULL : map_get(&w->known, key);

	if (known)
		return *known;
	known = ARENA_NEW(w->mem, struct change_list, 1);
	*known = w->shared ? compare_merged(w, target, alone) : join_diffs(w, target, facts);
	if (!alone)
		*map_slot(&w->known, (struct str){ arena_copy(w->mem, key.at, key.len), key.len }) =
			known;
	return *known;
}

static bool has_both(const struct work *w, size_t target)
{
	return w->u.before[target] != NOWHERE && w->u.after[target] != NOWHERE;
}

static struct effect compare_all(struct work *w)
{
	const size_t n = w->u.targets.count;
	struct effect_maker *m = effect_start(w->mem, n);

	for (size_t i = 0; i < n; i++)
		if (has_both(w, i))
			find_shared(w, i);
	for (size_t i = 0; i < n; i++)
		if (has_both(w, i) && (find_diffs(w, i) || facts_differ(w, i))) {
			const struct change_list changes = changes_at(w, i);

			if (changes.count)
				effect_add(m, i, changes.list, changes.count);
		}
	return effect_end(m);
}

/* The targets that one of the two does not have. */
static struct position_list lacking(struct arena *mem, const size_t *at, size_t n)
{
	struct position_list list = { 0 };

	for (size_t i = 0; i < n; i++)
		if (at[i] == NOWHERE)
			*ARENA_PUSH(mem, list.list, list.count) = i;
	return list;
}

static int check_work(const struct fleet_pair *pair, struct error *e)
{
	for (size_t i = 0; i < pair->count; i++) {
		const struct state_pair *p = &pair->applications[i];
		const char *name = (p->before ? p->before : p->after)->app->name;

		if (diff_work(stacks_of(p), 0))
			continue;
		error_set(e, STATUS_FILES,
			"%s: too many values differ at too many targets to compare them all; compare with a commit between the two",
			name);
		return error_file(e, name);
	}
	return 0;
}

int fleet_diff(
	struct arena *mem, const struct fleet_pair *pair, struct fleet_diff *out, struct error *e)
{
	struct work w = { .mem = mem,
		.pair = pair,
		.u = target_union(mem, pair->before, pair->after),
		.diffs = ARENA_NEW(mem, const struct diff *, pair->count),
		.stacks = ARENA_NEW(mem, uint32_t, 2 * pair->count),
		.spent = ARENA_NEW(mem, size_t, pair->count),
		.checked.mem = mem,
		.known.mem = mem,
		.lookup.mem = mem };
	struct fleet_diff made = { .targets = w.u.targets };

	made.effect = compare_all(&w);
	made.added = lacking(mem, w.u.before, w.u.targets.count);
	made.removed = lacking(mem, w.u.after, w.u.targets.count);
	if (check_work(pair, e) < 0)
		return -1;
	*out = made;
	return 0;
}

bool fleet_diff_any(const struct fleet_diff *d)
{
	return d->effect.targets || d->added.count || d->removed.count;
}
