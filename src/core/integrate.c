/* SPDX-License-Identifier: Apache-2.0 */
#include "core/integrate.h"

#include <assert.h>

#include "base/assume.h"
#include "core/diff.h"
#include "core/prune.h"
#include "core/sequence.h"
#include "yaml/edit/edit.h"
#include "yaml/expand.h"
#include "yaml/merge.h"
#include "yaml/read.h"

enum {
	NAMED_OBSTACLES = 8,
	ASKED_CULPRITS =
		100 * 1000, /* changes of a target for which what is in the way is looked up */
};

/* values.yaml with the patch in it, as it would be read. */
static int make_base(struct arena *mem, const struct state *now, const struct layer *patch,
	struct layer *made, struct error *e)
{
	const struct layer *base = now->app->base;
	struct doc *doc = ARENA_NEW(mem, struct doc, 1);
	struct arena scratch;
	struct str text;

	/* an edit of many values takes several times the memory of its text */
	arena_init(&scratch, mem->out_of_memory);
	int rc = yaml_edit_merge(&scratch, base->doc, patch->doc, &text, e);
	if (rc == 0)
		text.at = arena_copy(mem, text.at, text.len);
	arena_free(&scratch);
	if (rc < 0 || yaml_read_values(mem, base->path, text, doc, e) < 0)
		return -1;
	*made = (struct layer){
		.path = base->path,
		.name = base->name,
		.doc = doc,
		.mode = base->mode,
		.meaning = stacks_meaning(now->stacks),
	};
	made->root = yaml_expand_values(mem, doc, NULL, e);
	return ALWAYS(made->root) ? 0 : -1; /* the edit has expanded what it gives */
}

/*
 * Who would decide about a changed path: an override or a patch that wins over values.yaml, or a
 * default for an item that the patch brings. Never nobody: what values.yaml alone decides is
 * what the copies decide now.
 */
static struct setter culprit(
	struct arena *mem, const struct state *after, size_t target, const char *text)
{
	const struct keypath path = keypath_known(mem, text);
	struct setter s = setter_of(after, target, &path);
	assert(s.layer);
	return s;
}

/* What kinds of files are in the way. */
struct kinds {
	bool patches, bases;
};

static void add_kind(struct kinds *k, const struct setter *s)
{
	if (s->layer->patch)
		k->patches = true;
	else if (!setter_is_override(s))
		k->bases = true;
}

/* "production/override.yaml:4 sets a.b to 77.8.0" */
static const char *obstacle_text(struct arena *mem, const struct setter *s, const char *path)
{
	struct buf b = { .mem = mem };

	buf_printf(&b, "%s:%u sets %s", s->layer->path, s->node->place.line, path);
	if (yaml_is_void(s->node))
		buf_puts(&b, " to null");
	else if (s->node->kind == NODE_SCALAR)
		buf_printf(&b, " to %s", s->node->value.len ? s->node->value.at : "\"\"");
	return b.at;
}

/* What is in the way, one line for each file, line and path. */
struct obstacles {
	struct about list[NAMED_OBSTACLES];
	const char *lines[NAMED_OBSTACLES];
	size_t named;
	bool more;
	struct kinds kinds;
};

static const char finish_patch[] =
	"finish that patch first, since a patch in flight wins over values.yaml; or, if this patch replaces it, remove its copies by hand, and with them what only that patch sets";
static const char set_values[] = "let the patch set these values itself, in every copy";
static const char prune_key[] = "--prune-overrides takes this key out of the override";

static struct about about_setter(const struct setter *s, const char *path, const char *target)
{
	return (struct about){ .position = target,
		.file = s->layer->path,
		.line = s->node->place.line,
		.column = s->node->place.column,
		.key = path,
		.hint = setter_is_override(s) ? prune_key
			: s->layer->patch     ? finish_patch
					      : set_values };
}

static void add_obstacle(struct arena *mem, struct obstacles *o, const struct setter *s,
	const char *path, const char *target)
{
	add_kind(&o->kinds, s);
	for (size_t i = 0; i < o->named; i++)
		if (o->list[i].file == s->layer->path && strcmp(o->list[i].key, path) == 0)
			return;
	if (o->named == NAMED_OBSTACLES) {
		o->more = true;
		return;
	}
	o->list[o->named] = about_setter(s, path, target);
	o->lines[o->named++] = obstacle_text(mem, s, path);
}

/* Targets that change alike may do so for different files. */
static struct obstacles find_obstacles(
	struct arena *mem, const struct effect *effect, const struct state *after)
{
	const struct position *positions = after->app->fleet->positions;
	struct obstacles o = { .named = 0 };
	size_t asked = 0;

	for (size_t g = 0; g < effect->count; g++) {
		const struct effect_group *group = &effect->groups[g];

		for (size_t i = 0; i < group->count; i++)
			for (size_t t = 0; t < group->target_count; t++) {
				const char *path = group->changes[i].path;

				if (o.more && ++asked > ASKED_CULPRITS)
					return o;
				struct setter s = culprit(mem, after, group->targets[t], path);

				add_obstacle(mem, &o, &s, path, positions[group->targets[t]].path);
			}
	}
	return o;
}

/* prunable: to prune overrides would be enough. */
static int refuse_integration(struct arena *mem, const struct effect *effect,
	const struct state *after, bool prunable, struct error *e)
{
	error_set(e, STATUS_REFUSED,
		"Integration into %s would change %zu of %zu targets; nothing is written",
		after->app->base->path, effect->targets, after->app->fleet->targets);
	struct obstacles o = find_obstacles(mem, effect, after);
	for (size_t i = 0; i < o.named; i++) {
		if (!prunable && o.list[i].hint == prune_key)
			o.list[i].hint = NULL;
		error_detail(e, "  %s", o.lines[i]);
		error_about(e, o.list[i]);
		error_blocker(e, o.list[i], "%s", o.lines[i]);
	}
	if (o.more)
		error_detail(e, "  and more");
	if (o.kinds.patches)
		error_detail(e, "%s", finish_patch);
	if (o.kinds.bases)
		error_detail(e, "%s", set_values);
	if (prunable) {
		error_detail(e,
			"--prune-overrides takes these keys out of the overrides, so that the patch's values become the permanent ones");
		error_command(e, "--prune-overrides");
	}
	return error_code(e, "values-would-change");
}

/* The keys of overrides that change a group, up to the first change with another cause. */
struct pins {
	struct pinned *list;
	size_t count;
	bool all; /* there is no such change */
};

static void add_pin(struct arena *mem, struct pins *pins, struct pinned key)
{
	const struct pinned *last = pins->count ? &pins->list[pins->count - 1] : NULL;

	/* many targets are below one override */
	if (!last || last->position != key.position || last->path != key.path)
		*ARENA_PUSH(mem, pins->list, pins->count) = key;
}

static struct pins find_pins(
	struct arena *mem, const struct effect_group *group, const struct state *after)
{
	struct pins pins = { 0 };

	for (size_t i = 0; i < group->count; i++)
		for (size_t t = 0; t < group->target_count; t++) {
			const char *path = group->changes[i].path;
			struct setter s = culprit(mem, after, group->targets[t], path);

			if (!setter_is_override(&s) || pins.count > ASKED_CULPRITS)
				return pins;
			add_pin(mem, &pins, (struct pinned){ s.position, path });
		}
	pins.all = true;
	return pins;
}

/* Takes the keys in the way out of the overrides. 0 if something else is in the way, too. */
static int prune_obstacles(struct prune *prune, const struct effect *effect,
	const struct state *after, struct error *e)
{
	int rc = 1;

	for (size_t g = 0; g < effect->count && rc == 1; g++) {
		struct arena scratch;

		arena_init(&scratch, prune->mem->out_of_memory);
		const struct pins pins = find_pins(&scratch, &effect->groups[g], after);
		if (pins.count && prune_keys(prune, pins.list, pins.count, e) < 0)
			rc = -1;
		else if (!pins.all)
			rc = 0;
		arena_free(&scratch);
	}
	return rc;
}

/* An integration that is tried. */
struct trial {
	struct arena *mem;
	const struct state *now;
	const struct layer *base; /* values.yaml with the patch in it */
	struct prune prune;
	struct state next;
	struct effect effect; /* from now to next; it must be none */
};

/* The state that follows, with overrides as they are pruned so far. */
static void find_next(struct trial *t)
{
	const size_t n = t->now->app->fleet->count;
	const struct layer **none = ARENA_NEW(t->mem, const struct layer *, n);
	struct application *app = ARENA_NEW(t->mem, struct application, 1);

	*app = *t->now->app;
	app->base = t->base;
	if (t->prune.count) /* a copy, since pruning continues while its obstacles are looked up here */
		app->at = arena_grow(t->mem, t->prune.at, n, n, sizeof(*app->at));
	state_with(t->mem, t->now, app, none, &t->next);
	t->effect = effect_between(t->mem, t->now, &t->next);
}

/* Prunes overrides until no target changes. 1; 0 if something else is in the way, too; or -1. */
static int prune_until_same(struct trial *t, struct error *e)
{
	int rc = 1;

	/* with the allowance used up, it is not known what changes */
	while (t->effect.count && diff_work(t->now->stacks, 0) &&
		(rc = prune_obstacles(&t->prune, &t->effect, &t->next, e)) == 1)
		find_next(t);
	return rc;
}

int integrate(struct arena *mem, const struct state *now, bool prune, struct state *after,
	struct error *e)
{
	const struct fleet *f = now->app->fleet;
	const struct layer *patch = now->copies[sequence_first(f, now->copies)];
	struct layer *base = ARENA_NEW(mem, struct layer, 1);
	struct trial t = { .mem = mem, .now = now, .base = base };
	struct error cause = { 0 };

	if (make_base(mem, now, patch, base, e) < 0)
		return error_context(e, "Integration into %s", paths_base(mem, &now->subject));
	prune_begin(&t.prune, mem, now);
	find_next(&t);
	const struct trial plain = t;
	if (diff_check(now->stacks, base->path, e) < 0)
		return -1;
	const size_t work = now->stacks->work;
	int rc = prune_until_same(
		&t, &cause); /* also without `prune`, to know whether to advise it */
	if (!diff_work(now->stacks, 0)) {
		error_free(&cause);
		if (prune)
			return diff_check(now->stacks, base->path, e);
		rc = 0; /* not known, so not advised */
	}
	now->stacks->work = work; /* whether it is worth advising must not cost the refusal */
	if (rc < 0 && prune)
		return error_add(e, &cause);
	if (rc < 1 || (!prune && plain.effect.count)) {
		const struct trial *shown = prune ? &t : &plain;

		refuse_integration(mem, &shown->effect, &shown->next, rc == 1, e);
		if (rc < 0)
			error_detail(e, "--prune-overrides does not help: %s", cause.text);
		error_free(&cause);
		return -1;
	}
	*after = t.next;
	return 0;
}
