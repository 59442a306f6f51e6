/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/anchor_map.h"

#include <search.h>
#include <stdlib.h>

struct anchor {
	const char *name;
	struct node *node;
};

static int by_name(const void *a, const void *b)
{
	const struct anchor *x = a, *y = b;

	return strcmp(x->name, y->name);
}

void anchor_map_put(struct anchor_map *a, const char *name, struct node *n)
{
	struct anchor *anchor = ARENA_NEW(a->mem, struct anchor, 1);

	anchor->name = arena_copy(a->mem, name, strlen(name));
	struct anchor **kept = tsearch(anchor, &a->tree, by_name);
	if (!kept) {
		a->mem->out_of_memory();
		abort(); /* the handler has returned: a bug in its owner */
	}
	(*kept)->node = n;
}

struct node *anchor_map_get(const struct anchor_map *a, const char *name)
{
	const struct anchor key = { .name = name };
	struct anchor *const *found = tfind(&key, &a->tree, by_name);

	return found ? (*found)->node : NULL;
}

static void leave(void *anchor)
{
	(void)anchor; /* the arena has it */
}

void anchor_map_free(struct anchor_map *a)
{
	tdestroy(a->tree, leave);
	a->tree = NULL;
}
