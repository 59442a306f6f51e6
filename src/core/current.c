/* SPDX-License-Identifier: Apache-2.0 */
#include "core/current.h"

#include "core/diff.h"
#include "yaml/canon.h"
#include "yaml/merge.h"
#include "yaml/scalar.h"

struct current current_values(struct arena *mem, const struct state *now)
{
	const struct fleet *f = now->app->fleet;
	struct current c = {
		.mem = mem, .now = now, .targets = ARENA_NEW(mem, size_t, f->targets)
	};
	bool *seen = ARENA_NEW(mem, bool, now->stacks->count);

	for (size_t t = 0; t < f->count; t++)
		if (fleet_is_target(f, t) && !seen[now->stack[t]]) {
			seen[now->stack[t]] = true;
			c.targets[c.count++] = t;
		}
	return c;
}

struct current_list current_list(struct current *c, const struct keypath *path)
{
	struct current_list l = { 0 };
	const struct node *first = NULL;

	for (size_t i = 0; i < c->count; i++) {
		const size_t t = c->targets[i];
		const struct node *n = diff_value(c->now->stacks, c->now->stack[t], path);
		const bool list = n && n->kind == NODE_LIST;

		if (i == 0)
			first = n;
		if (!l.some && (list || (!l.value && !yaml_is_void(n))))
			l.target = t;
		if (!list && !l.value && !yaml_is_void(n))
			l.value = n;
		l.some = l.some || list;
		l.list = list ? n : l.list;
		if (!l.differs && i && !node_same(c->mem, first, n)) {
			l.differs = true;
			l.other = t;
		}
	}
	if (l.some && l.differs)
		l.target = c->targets[0];
	return l;
}

/* A file's key with this text; NULL if it has none. */
static const struct node *key_of(
	const struct layer *layer, const struct keypath *above, struct str part)
{
	const struct pair *p = node_pair(keypath_get(layer->root, above), part);

	return p ? p->key : NULL;
}

static const struct node *find_key(
	const struct current *c, const struct keypath *above, struct str part)
{
	const struct state *s = c->now;
	const struct node *key = NULL, *last = NULL;

	for (size_t i = 0; !key && i < s->base_count; i++)
		key = key_of(s->bases[i], above, part);
	for (size_t p = 0; p < s->app->fleet->count; p++)
		for (size_t i = 0; !key && i < s->app->at[p].count; i++) {
			const struct layer *layer = s->app->at[p].layers[i];

			if (layer->root != last)
				key = key_of(layer, above, part);
			last = layer->root;
		}
	return key;
}

const struct node *current_key(
	struct current *c, const struct keypath *above, struct str *part, bool respell)
{
	const struct node *key = find_key(c, above, *part);

	if (!key && respell) {
		const struct node typed = { .kind = NODE_SCALAR, .value = *part };
		const struct str other = key_text_in(c->mem, &typed);

		key = find_key(c, above, other);
		if (key)
			*part = other;
	}
	if (!key || key->tag.len || scalar_type(key) == TYPE_UNSURE)
		return NULL;
	return key;
}
