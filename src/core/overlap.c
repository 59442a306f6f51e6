/* SPDX-License-Identifier: Apache-2.0 */
#include "core/overlap.h"

enum { NOBODY = 0, SEVERAL = ~0U };

struct spot {
	struct map below;  /* struct spot by the text of a key */
	unsigned here;     /* who sets something else than a mapping with keys here */
	unsigned anywhere; /* the same, here or below */
};

struct overlap {
	struct arena *mem;
	struct map added; /* by address of a tree: the application */
	struct spot top;
};

struct overlap *overlap_new(struct arena *mem)
{
	struct overlap *o = ARENA_NEW(mem, struct overlap, 1);

	*o = (struct overlap){ .mem = mem, .added.mem = mem, .top.below.mem = mem };
	return o;
}

static void note(unsigned *who, unsigned application)
{
	if (*who != application)
		*who = *who == NOBODY ? application : SEVERAL;
}

static struct spot *spot_below(struct overlap *o, struct spot *p, const struct node *key)
{
	void **slot = map_slot(&p->below, key_text_in(o->mem, key));

	if (!*slot) {
		struct spot *made = ARENA_NEW(o->mem, struct spot, 1);

		made->below.mem = o->mem;
		*slot = made;
	}
	return *slot;
}

static void add(struct overlap *o, struct spot *p, unsigned application, const struct node *value)
{
	note(&p->anywhere, application);
	if (value->kind != NODE_MAP || !value->map.count)
		note(&p->here, application);
	/* a tag is part of a mapping, and nobody else's below it */
	if (value->kind == NODE_MAP && value->tag.len)
		p->here = p->anywhere = SEVERAL;
	for (size_t i = 0; value->kind == NODE_MAP && i < value->map.count; i++)
		add(o, spot_below(o, p, value->map.pairs[i].key), application,
			value->map.pairs[i].value);
}

void overlap_add(struct overlap *o, unsigned application, const struct node *root)
{
	void **slot = map_slot_address(&o->added, root);
	unsigned *known = *slot;

	if (known && (*known == application || *known == SEVERAL))
		return;
	if (!known)
		*slot = known = ARENA_NEW(o->mem, unsigned, 1);
	note(known, application);
	for (size_t i = 0; i < root->map.count; i++)
		add(o, spot_below(o, &o->top, root->map.pairs[i].key), application,
			root->map.pairs[i].value);
}

static bool is_other(unsigned who, unsigned application)
{
	return who != NOBODY && who != application;
}

bool overlap_at(const struct overlap *o, unsigned application, const char *path)
{
	const struct spot *p = &o->top;
	struct arena scratch;
	bool other = false;

	arena_init(&scratch, o->mem->out_of_memory);
	const struct keypath keys = keypath_known(&scratch, path);
	for (size_t i = 0; i < keys.count && p && !other; i++) {
		p = map_get(&p->below, keys.parts[i]);
		other = p && is_other(i + 1 < keys.count ? p->here : p->anywhere, application);
	}
	arena_free(&scratch);
	return other;
}
