/* SPDX-License-Identifier: Apache-2.0 */
#include "core/integrate.h"

#include <assert.h>
#include <string.h>

#include "base/assume.h"
#include "core/diff.h"
#include "core/obstacles.h"
#include "core/prune.h"
#include "core/retire.h"
#include "core/sequence.h"
#include "yaml/edit/edit.h"
#include "yaml/expand.h"
#include "yaml/merge.h"
#include "yaml/read.h"

enum { ASKED_CULPRITS = 100 * 1000 }; /* changes of a target that are looked up */

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

static const char finish_patch[] =
	"finish that patch first, since a patch in flight wins over values.yaml; or, if this patch replaces it, let this one set all that it sets, and take it out then with promote retire";
static const char retire_patch[] =
	"no value needs that patch any more: retire it, or finish it first, since a patch in flight wins over values.yaml";
static const char set_values[] = "let the patch set these values itself, in every copy";
static const char prune_key[] = "--prune-overrides takes this key out of the override";

/*
 * What to do about a patch in the way. If no value needs it any more it can be retired, and the
 * error gets the command that does, once for each such patch.
 */
static const char *patch_hint(
	struct arena *mem, const struct state *now, const struct layer *layer, struct error *e)
{
	struct subject other = now->subject;

	if (!retire_is_possible(mem, now, layer->name))
		return finish_patch;
	other.patch = arena_copy(mem, layer->name, strlen(layer->name) - strlen(".yaml"));
	const char *command = subject_command(mem, "retire", &other);
	for (size_t i = 0; i < e->command_count; i++)
		/* untested: a second patch in the way that can be retired, too */
		if (strcmp(e->commands[i], command) == 0)
			return retire_patch;
	error_command(e, "%s", command);
	return retire_patch;
}

static void add_hints(struct arena *mem, const struct state *now, bool prunable,
	struct obstacles *o, struct error *e)
{
	for (size_t i = 0; i < o->count; i++) {
		struct in_the_way *w = &o->list[i];

		if (w->override)
			w->about.hint = prunable ? prune_key : NULL;
		else if (w->layer->patch)
			w->about.hint = patch_hint(mem, now, w->layer, e);
		else
			w->about.hint = set_values;
	}
}

/* One line for each different thing to do about patches. */
static void tell_patches(const struct obstacles *o, struct error *e)
{
	static const char *const hints[] = { retire_patch, finish_patch };

	for (size_t k = 0; k < sizeof(hints) / sizeof(*hints); k++)
		for (size_t i = 0; i < o->count; i++)
			if (o->list[i].about.hint == hints[k]) {
				error_detail(e, "%s", hints[k]);
				break;
			}
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

/* prunable: to prune overrides would be enough. */
static int refuse_integration(const struct trial *t, bool prunable, struct error *e)
{
	const struct fleet *f = t->now->app->fleet;

	error_set(e, STATUS_REFUSED,
		"Integration into %s would change %zu of %zu targets; nothing is written",
		t->base->path, t->effect.targets, f->targets);
	struct obstacles o = obstacles_find(t->mem, &t->effect, &t->next);
	add_hints(t->mem, t->now, prunable, &o, e);
	obstacles_tell(&o, e);
	tell_patches(&o, e);
	if (o.bases)
		error_detail(e, "%s", set_values);
	if (prunable) {
		error_detail(e,
			"--prune-overrides takes these keys out of the overrides, so that the patch's values become the permanent ones");
		error_command(e, "--prune-overrides");
	}
	return error_code(e, "values-would-change");
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

		refuse_integration(shown, rc == 1, e);
		if (rc < 0)
			error_detail(e, "--prune-overrides does not help: %s", cause.text);
		error_free(&cause);
		return -1;
	}
	*after = t.next;
	return 0;
}
