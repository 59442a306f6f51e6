/* SPDX-License-Identifier: Apache-2.0 */
#include "run/two_trees.h"

#include <stdlib.h>
#include <string.h>

#include "core/astray.h"

/* One cluster type that is compared. */
struct comparing {
	struct arena *mem;
	struct two_trees *t;
	struct holds_above *above[2]; /* of each tree */
	const char *type;
	bool has_type[2];
	bool same_fleet; /* config.yaml and defaults.yaml are the same objects */
	struct name_list names[2];
	struct state_pair *pairs;
	size_t count;
	struct type_diffs *out;
	struct error *e;
};

static struct session *side(const struct two_trees *t, size_t i)
{
	return i ? t->after : t->before;
}

/* Puts the name of the tree before an error that reading it has set. */
static int wrong_at(const struct two_trees *t, size_t i, struct error *e)
{
	return t->names[i] ? error_context(e, "at %s", t->names[i]) : -1;
}

static bool is_listed(const struct name_list *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->at[i], name) == 0)
			return true;
	return false;
}

bool two_trees_has_type(struct arena *mem, const struct session *s, const char *type)
{
	struct name_list types = { 0 };
	struct error ignored = { 0 };
	const bool has = load_types(mem, s->source, &s->fleet, &types, &ignored) == 0 &&
		is_listed(&types, type);

	error_free(&ignored);
	return has;
}

/* Whether git says that a path is the same in both commits. */
static bool is_same(const struct two_trees *t, const char *path)
{
	if (!t->commits[0] || !t->commits[1])
		return false;
	const char *old = commit_source_object(t->commits[0], path);
	const char *now = commit_source_object(t->commits[1], path);
	return old && now && strcmp(old, now) == 0;
}

/* Reads an application of one tree; NULL if it has no values.yaml. */
static int read_state(struct comparing *c, size_t i, const char *name, struct stacks *stacks,
	const struct state **state)
{
	const struct subject subject = { .type = c->type, .application = name };
	struct session *s = side(c->t, i);
	struct scanned *scanned = ARENA_NEW(c->mem, struct scanned, 1);

	contents_turn(&c->t->after->contents, s->source, c->above[i]);
	if (scan_application(&c->t->after->contents, &s->fleet, &subject, scanned, c->e) < 0)
		return wrong_at(c->t, i, c->e);
	if (i == 1) {
		struct findings found = { .type = c->type, .application = name };

		astray_findings(c->mem, &scanned->app, NULL, false, &found);
		findings_keep(c->mem, &c->out->warnings, &found);
	}
	if (!scanned->app.base)
		return 0;
	struct state *made = ARENA_NEW(c->mem, struct state, 1);
	state_make(c->mem, stacks, &scanned->app, NULL, made);
	*state = made;
	return 0;
}

static int read_application(struct comparing *c, const char *name)
{
	const char *path = arena_printf(c->mem, "config/%s/%s", c->type, name);
	const bool same = c->same_fleet && is_same(c->t, path);
	struct stacks *stacks = stacks_new(c->mem);
	struct state_pair pair = { 0 };

	if (is_listed(&c->names[1], name) && read_state(c, 1, name, stacks, &pair.after) < 0)
		return -1;
	if (same)
		pair.before = pair.after;
	else if (is_listed(&c->names[0], name) && read_state(c, 0, name, stacks, &pair.before) < 0)
		return -1;
	if (pair.before || pair.after)
		*ARENA_PUSH(c->mem, c->pairs, c->count) = pair;
	return 0;
}

static int list_applications(struct comparing *c)
{
	for (size_t i = 0; i < 2; i++)
		if (c->has_type[i] &&
			load_applications(
				c->mem, side(c->t, i)->source, c->type, &c->names[i], c->e) < 0)
			return wrong_at(c->t, i, c->e);
	return 0;
}

static int read_all(struct comparing *c)
{
	const struct name_list *old = &c->names[0], *now = &c->names[1];
	size_t i = 0, k = 0;

	while (i < old->count || k < now->count) {
		const int order = i == old->count ? 1
			: k == now->count         ? -1
						  : strcmp(old->at[i], now->at[k]);

		if (read_application(c, order < 0 ? old->at[i] : now->at[k]) < 0)
			return -1;
		i += order <= 0;
		k += order >= 0;
	}
	return 0;
}

/* The application that was asked for: neither tree has it, or neither has its values. */
static int no_application(struct comparing *c, const char *name)
{
	const struct subject subject = { .type = c->type, .application = name };
	struct session *s = side(c->t, c->has_type[1]);

	if (is_listed(&c->names[0], name) || is_listed(&c->names[1], name)) {
		error_set(c->e, STATUS_FILES, "%s has no values.yaml, so it is part of no target",
			name);
		return error_code(c->e, "no-values-file");
	}
	/* untested: an application that came since it was looked for */
	if (load_subject(c->mem, s->source, &s->fleet, &subject, c->e) == 0)
		return 0;
	return wrong_at(c->t, c->has_type[1], c->e);
}

static int compare_type(
	const struct comparing *all, const char *type, const char *application, struct error *e)
{
	struct comparing c = *all;
	struct type_diff made = { .type = type, .application = application };
	const char *directory = arena_printf(c.mem, "config/%s", type);
	const bool same_config = is_same(c.t, PATHS_CONFIG);

	c.type = type;
	c.e = e;
	for (size_t i = 0; i < 2; i++)
		c.has_type[i] = two_trees_has_type(c.mem, side(c.t, i), type);
	c.same_fleet = same_config && is_same(c.t, paths_defaults(c.mem, type));
	if ((application || !same_config || !is_same(c.t, directory)) &&
		(list_applications(&c) < 0 ||
			(application ? read_application(&c, application) : read_all(&c)) < 0))
		return -1;
	if (application && !c.count)
		return no_application(&c, application);
	const struct fleet_pair pair = { c.has_type[0] ? &c.t->before->fleet : NULL,
		c.has_type[1] ? &c.t->after->fleet : NULL, c.pairs, c.count, !application };
	if (fleet_diff(c.mem, &pair, &made.diff, e) < 0)
		return -1;
	*ARENA_PUSH(c.mem, c.out->list, c.out->count) = made;
	return 0;
}

/* All cluster types of either tree. */
static int compare_types(const struct comparing *c, struct error *e)
{
	struct name_list types[2];

	for (size_t i = 0; i < 2; i++) {
		struct session *s = side(c->t, i);

		if (load_types(c->mem, s->source, &s->fleet, &types[i], e) < 0)
			return wrong_at(c->t, i, e);
	}
	for (size_t i = 0; i < types[1].count; i++)
		if (compare_type(c, types[1].at[i], NULL, e) < 0)
			return -1;
	for (size_t i = 0; i < types[0].count; i++)
		if (!is_listed(&types[1], types[0].at[i]) &&
			compare_type(c, types[0].at[i], NULL, e) < 0)
			return -1;
	return 0;
}

int two_trees_compare(struct arena *mem, struct two_trees *t, const char *type,
	const char *application, struct type_diffs *out, struct error *e)
{
	struct contents *contents = &t->after->contents;
	struct comparing c = { .mem = mem,
		.t = t,
		.above = { t->before->contents.above, contents->above },
		.out = out };
	const struct subject subject = { .type = type };

	*out = (struct type_diffs){ 0 };
	if (!type)
		return compare_types(&c, e);
	if (!two_trees_has_type(mem, t->before, type) && !two_trees_has_type(mem, t->after, type) &&
		load_subject(mem, t->after->source, &t->after->fleet, &subject, e) < 0)
		return wrong_at(t, 1, e);
	return compare_type(&c, type, application, e);
}
