/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan.h"

struct listing {
	struct arena *mem;
	const struct state *before, *after;
	const struct fleet *f;
	struct plan plan;
};

static void add_edit(struct listing *l, struct edit edit)
{
	*ARENA_PUSH(l->mem, l->plan.edits, l->plan.edit_count) = edit;
}

static const char *copy_path(const struct listing *l, size_t p)
{
	return paths_copy(l->mem, &l->after->subject, &l->f->positions[p]);
}

static void list_created_copies(struct listing *l)
{
	struct position_list made = { 0 };

	for (size_t p = 0; p < l->f->count; p++)
		if (!l->before->copies[p] && l->after->copies[p])
			*ARENA_PUSH(l->mem, made.list, made.count) = p;
	for (unsigned depth = 1; depth <= l->f->depth; depth++)
		for (size_t i = 0; i < made.count; i++) {
			const size_t p = made.list[i];

			if (l->f->positions[p].depth == depth)
				add_edit(l,
					(struct edit){ EDIT_CREATE, copy_path(l, p), p, NULL,
						l->after->copies[p] });
		}
}

static void list_base(struct listing *l)
{
	const struct layer *was = l->before->app->base, *now = l->after->app->base;

	if (was != now && !str_equal(was->doc->text, now->doc->text))
		add_edit(l, (struct edit){ EDIT_REPLACE, was->path, NOWHERE, was, now });
}

static void list_overrides(struct listing *l)
{
	if (l->before->app->at == l->after->app->at)
		return;
	for (size_t p = 0; p < l->f->count; p++) {
		const struct layers_at *at = &l->before->app->at[p];
		const struct layer *was = at->count ? at->layers[0] : NULL;
		const struct layer *now = at->count ? l->after->app->at[p].layers[0] : NULL;

		if (was != now)
			add_edit(l, (struct edit){ EDIT_REPLACE, was->path, p, was, now });
	}
}

/* The path of a copy: that of its file, unless an earlier step has only planned it. */
static const char *removed_path(const struct listing *l, size_t p)
{
	const struct layers_at *at = &l->before->app->at[p];

	for (size_t i = 0; i < at->count; i++)
		if (at->layers[i] == l->before->copies[p])
			return at->layers[i]->path;
	return copy_path(l, p);
}

static bool is_removed(const struct listing *l, size_t p)
{
	return l->before->copies[p] && !l->after->copies[p];
}

/* The copies that are removed from [from, end), those above others first. */
static void list_removed_below(struct listing *l, size_t from, size_t end)
{
	for (size_t p = from; p < end; p++)
		if (is_removed(l, p))
			add_edit(l,
				(struct edit){ EDIT_REMOVE, removed_path(l, p), p,
					l->before->copies[p], NULL });
}

static void list_removed_copies(struct listing *l)
{
	size_t *top = ARENA_NEW(l->mem, size_t, l->f->count), n = 0;

	for (size_t p = 0; p < l->f->count; p++)
		if (is_removed(l, p)) {
			top[n++] = p;
			p = l->f->positions[p].end - 1;
		}
	while (n-- > 0)
		list_removed_below(l, top[n], l->f->positions[top[n]].end);
}

int plan_between(struct arena *mem, const struct state *before, const struct state *after,
	const struct scope *scope, struct plan *plan, struct error *e)
{
	struct listing l = {
		.mem = mem, .before = before, .after = after, .f = before->app->fleet
	};

	l.plan.effect = effect_between(mem, before, after);
	if (diff_check(before->stacks, paths_application(mem, &before->subject), e) < 0)
		return -1;
	/* untested: only a wrong rule fails the proof, and the naive twin of each rule finds none */
	if (proof_within(mem, l.f, &l.plan.effect, scope, e) < 0)
		return -1;
	list_created_copies(&l);
	list_base(&l);
	list_overrides(&l);
	list_removed_copies(&l);
	*plan = l.plan;
	return 0;
}

void plan_remove(struct arena *mem, struct plan *plan, const struct layer *file)
{
	*ARENA_PUSH(mem, plan->edits, plan->edit_count) =
		(struct edit){ EDIT_REMOVE, file->path, NOWHERE, file, NULL };
}
