/* SPDX-License-Identifier: Apache-2.0 */
#include "core/integrate.h"

#include <assert.h>

#include "core/proof.h"
#include "yaml/edit/edit.h"
#include "yaml/expand.h"
#include "yaml/merge.h"
#include "yaml/read.h"

enum { NAMED_OBSTACLES = 8 };

/* values.yaml with the patch in it, as it would be read. */
static int make_base(
	struct arena *mem, const struct integration_request *r, struct layer *made, struct error *e)
{
	const struct layer *now = stacks_sources(r->values)->values;
	const struct doc nothing = { .name = r->values_path, .text = STR("") };
	struct doc *doc = ARENA_NEW(mem, struct doc, 1);
	struct str text;

	if (yaml_edit_merge(mem, now ? now->doc : &nothing, r->patch, "metadata", &text, e) < 0 ||
		yaml_read_values(mem, r->values_path, text, doc, e) < 0)
		return -1;
	*made = (struct layer){ .path = r->values_path, .name = "values.yaml", .doc = doc };
	made->root = yaml_expand_values(mem, doc, e);
	return made->root ? 0 : -1;
}

/* What would be different at each target with the patch in values.yaml and no copies. */
static struct effect effect_of(struct arena *mem, const struct integration_request *r,
	struct stacks *v, const struct layer *base, struct stacks **after)
{
	struct sources s = *stacks_sources(v);

	s.values = base;
	/* its own: a prune goes on while its obstacles are looked up here */
	s.at = arena_grow(mem, s.at, s.fleet->count, s.fleet->count, sizeof(*s.at));
	*after = stacks_new(mem, &s);
	return effect_between(
		mem, r->values, stacks_all(r->values, r->placed), *after, stacks_all(*after, NULL));
}

/*
 * Who would decide about a changed path: an override or a patch that wins over
 * values.yaml, or a default for an item that the patch brings. Never nobody: what
 * values.yaml alone decides is what the copies decide now.
 */
static struct setter culprit(
	struct arena *mem, struct stacks *after, size_t target, const char *text)
{
	const struct keypath path = keypath_known(mem, text);
	struct setter s = stacks_setter(after, NULL, target, &path, 0);
	assert(s.layer);
	return s;
}

/* What kinds of files stand in the way. */
struct kinds {
	bool overrides, patches, bases;
};

static void add_kind(struct kinds *k, const struct setter *s)
{
	if (setter_is_override(s))
		k->overrides = true;
	else if (s->layer->patch)
		k->patches = true;
	else
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

/* What stands in the way, one line for each file, line and path. */
struct obstacles {
	const char *lines[NAMED_OBSTACLES];
	size_t named;
	bool more;
	struct kinds kinds;
};

static void add_obstacle(
	struct arena *mem, struct obstacles *o, const struct setter *s, const char *path)
{
	const char *line = obstacle_text(mem, s, path);
	size_t known = 0;

	add_kind(&o->kinds, s);
	while (known < o->named && strcmp(o->lines[known], line) != 0)
		known++;
	if (known < o->named)
		return;
	if (o->named < NAMED_OBSTACLES)
		o->lines[o->named++] = line;
	else
		o->more = true;
}

/* Targets that change alike may do so for different files. */
static struct obstacles find_obstacles(
	struct arena *mem, const struct effect *effect, struct stacks *after)
{
	struct obstacles o = { .named = 0 };

	for (size_t g = 0; g < effect->count; g++) {
		const struct effect_group *group = &effect->groups[g];

		for (size_t i = 0; i < group->count; i++)
			for (size_t t = 0; t < group->target_count; t++) {
				const char *path = group->changes[i].path;
				struct setter s = culprit(mem, after, group->targets[t], path);

				add_obstacle(mem, &o, &s, path);
			}
	}
	return o;
}

static int refuse(struct arena *mem, const struct integration_request *r,
	const struct effect *effect, struct stacks *after, struct error *e)
{
	const struct fleet *f = stacks_sources(after)->fleet;

	error_set(e, STATUS_REFUSED,
		"Integration into %s would change %zu of %zu targets; nothing is written",
		r->values_path, effect->targets, f->targets);
	const struct obstacles o = find_obstacles(mem, effect, after);
	for (size_t i = 0; i < o.named; i++)
		error_detail(e, "  %s", o.lines[i]);
	if (o.more)
		error_detail(e, "  and more");
	if (o.kinds.patches)
		error_detail(e, "finish that patch first: a patch in flight wins over values.yaml");
	if (o.kinds.bases)
		error_detail(e, "let the patch set these values itself, in every copy");
	if (o.kinds.overrides && !o.kinds.patches && !o.kinds.bases)
		error_detail(e,
			"--prune-overrides takes these keys out of the overrides, so that the "
			"patch's values "
			"become "
			"the permanent ones");
	return -1;
}

/* The keys of overrides that change a group, up to the first change with another cause. */
struct pins {
	struct pinned *list;
	size_t count, room;
	bool all; /* there is no such change */
};

static void add_pin(struct arena *mem, struct pins *pins, struct pinned key)
{
	const struct pinned *last = pins->count ? &pins->list[pins->count - 1] : NULL;

	/* many targets lie below one override */
	if (last && last->position == key.position && last->path == key.path)
		return;
	if (pins->count == pins->room) {
		pins->room = pins->room ? pins->room * 2 : 16;
		pins->list =
			arena_grow(mem, pins->list, pins->count, pins->room, sizeof(*pins->list));
	}
	pins->list[pins->count++] = key;
}

static struct pins find_pins(
	struct arena *mem, const struct effect_group *group, struct stacks *after)
{
	struct pins pins = { 0 };

	for (size_t i = 0; i < group->count; i++)
		for (size_t t = 0; t < group->target_count; t++) {
			const char *path = group->changes[i].path;
			struct setter s = culprit(mem, after, group->targets[t], path);

			if (!setter_is_override(&s))
				return pins;
			add_pin(mem, &pins, (struct pinned){ s.position, path });
		}
	pins.all = true;
	return pins;
}

/* Takes the keys in the way out of the overrides. 0 where something else is in the way, too. */
static int prune_obstacles(
	struct prune *prune, const struct effect *effect, struct stacks *after, struct error *e)
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

int integrate(struct arena *mem, const struct integration_request *r, struct integration *out,
	struct error *e)
{
	struct layer *base = ARENA_NEW(mem, struct layer, 1);
	struct prune prune;

	if (make_base(mem, r, base, e) < 0)
		return error_context(e, "Integration into %s", r->values_path);
	prune_begin(&prune, mem, r->values, r->placed);
	for (;;) {
		struct stacks *after = NULL;
		struct effect effect = effect_of(mem, r, prune.values, base, &after);

		if (!effect.count)
			break;
		int folded = r->prune ? prune_obstacles(&prune, &effect, after, e) : 0;
		if (folded < 0)
			return -1;
		if (!folded)
			return refuse(mem, r, &effect, after, e);
	}
	out->text = base->doc->text;
	out->rewrite_count = prune_rewrites(&prune, &out->rewrites);
	return 0;
}
