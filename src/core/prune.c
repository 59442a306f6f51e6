/* SPDX-License-Identifier: Apache-2.0 */
#include "core/prune.h"

#include <assert.h>
#include <stdlib.h>

#include "yaml/edit/edit.h"
#include "yaml/expand.h"
#include "yaml/read.h"

/* Keys that were taken out of an override in one edit. */
struct prune_step {
	size_t position;
	struct layer *layers; /* of the position, before */
	const char **removed; /* the keys' paths */
	size_t removed_count;
};

void prune_begin(
	struct prune *prune, struct arena *mem, struct stacks *values, const uint32_t *placed)
{
	struct sources own = *stacks_sources(values);
	size_t n = own.fleet->count;

	*prune = (struct prune){ .mem = mem, .placed = placed, .before = own.at };
	own.at = prune->at = arena_grow(mem, own.at, n, n, sizeof(*own.at));
	prune->values = stacks_new(mem, &own);
}

/* Removes the key that decides about the path. False where none does, or the last one added does. */
static bool add_removal(
	struct changes *changes, struct lookup *look, const struct node *root, const char *text)
{
	const struct change *last = changes->count ? &changes->at[changes->count - 1] : NULL;
	const struct node *at = root;
	const struct keypath path = keypath_known(changes->mem, text);
	size_t depth = 0;
	const struct node **keys = ARENA_NEW(changes->mem, const struct node *, path.count);

	while (depth < path.count && at->kind == NODE_MAP) {
		const struct pair *found = lookup_get(look, at, path.parts[depth]);

		if (!found)
			return false;
		keys[depth++] = found->key;
		at = found->value;
	}
	if (last && last->depth == depth && !memcmp(last->path, keys, depth * sizeof(*keys)))
		return false;
	changes_remove(changes, keys, depth);
	return true;
}

/* The layer with the changes, as its file would be read with its new text. */
static int make_layer(struct prune *prune, const struct layer *layer, const struct changes *changes,
	struct layer *made, struct error *e)
{
	struct arena *mem = prune->mem;
	struct doc *doc = ARENA_NEW(mem, struct doc, 1), named = *layer->doc;
	struct str text;

	named.name = layer->path;
	if (yaml_edit(changes->mem, &named, changes->at, changes->count, &text, e) < 0)
		return -1;
	text.at = arena_copy(mem, text.at, text.len);
	if (yaml_read(mem, layer->path, text, doc, e) < 0)
		return -1;
	*made = *layer;
	made->doc = doc;
	made->root = yaml_expand_values(mem, doc, e);
	if (!made->root)
		return -1;
	/* numbers are compared within one `values` alone: any that no file has will do */
	made->meaning = UINT32_MAX - 1 - prune->tried++;
	return 0;
}

static void note(struct prune *prune, struct prune_step step, const struct changes *changes)
{
	step.removed_count = changes->count;
	step.removed = ARENA_NEW(prune->mem, const char *, changes->count);
	for (size_t i = 0; i < changes->count; i++) {
		struct buf path = { .mem = prune->mem };

		for (size_t k = 0; k < changes->at[i].depth; k++)
			keypath_add(&path, changes->at[i].path[k]->value);
		step.removed[i] = path.at;
	}
	if (prune->count == prune->room) {
		prune->room = prune->room ? prune->room * 2 : 8;
		prune->steps = arena_grow(
			prune->mem, prune->steps, prune->count, prune->room, sizeof(*prune->steps));
	}
	prune->steps[prune->count++] = step;
}

void prune_rewind(struct prune *prune, size_t count)
{
	while (prune->count > count) {
		const struct prune_step *step = &prune->steps[--prune->count];

		prune->at[step->position].layers = step->layers;
	}
}

static unsigned line_of(struct arena *mem, const struct layer *layer, const char *text)
{
	const struct keypath path = keypath_known(mem, text);
	size_t depth = 0;

	return keypath_follow(layer->root, &path, &depth)->place.line;
}

/* The first target below whose values change with other layers at a position, or NOWHERE. */
static size_t change_layers(struct prune *prune, size_t position, struct layer *layers)
{
	size_t n = stacks_sources(prune->values)->fleet->positions[position].end - position;
	struct arena scratch;

	arena_init(&scratch, prune->mem->out_of_memory);
	uint32_t *before = ARENA_NEW(&scratch, uint32_t, n);
	uint32_t *after = ARENA_NEW(&scratch, uint32_t, n);
	stacks_below(prune->values, prune->placed, position, before);
	prune->at[position].layers = layers;
	stacks_below(prune->values, prune->placed, position, after);
	size_t target = proof_difference(prune->mem, prune->values, position, before, after);
	arena_free(&scratch);
	return target;
}

static int refuse(
	struct prune *prune, size_t position, const char *path, size_t target, struct error *e)
{
	const struct layer *layer = &prune->before[position].layers[0];

	return error_set(e, STATUS_REFUSED, "%s:%u sets %s, and taking it out would change %s",
		layer->path, line_of(prune->mem, layer, path), path,
		stacks_sources(prune->values)->fleet->positions[target].path);
}

/* Takes paths out of one override, in one edit. An error names the first of them. */
static int take(struct prune *prune, struct arena *scratch, size_t position, const char **paths,
	size_t n, struct error *e)
{
	const struct layers_at *at = &prune->at[position];
	const struct node *root = at->layers[0].root;
	struct prune_step step = { .position = position, .layers = at->layers };
	struct changes changes = { .mem = scratch };
	struct lookup look = { .mem = scratch };
	size_t left = 0; /* of the paths */

	assert(at->count && !at->layers[0].patch);
	for (size_t i = 0; i < n; i++)
		if (add_removal(&changes, &look, root, paths[i]))
			paths[left++] = paths[i];
	if (!left)
		return 0;
	/* `{}` takes the place of all that is left: one key, so that what stands between keys stays */
	if (left > 1 && !changes_apply(scratch, root, changes.at, changes.count)->map.count)
		return take(prune, scratch, position, paths, left - 1, e) < 0
			? -1
			: take(prune, scratch, position, &paths[left - 1], 1, e);
	struct layer *layers =
		arena_grow(prune->mem, at->layers, at->count, at->count, sizeof(*layers));
	if (make_layer(prune, &at->layers[0], &changes, &layers[0], e) < 0)
		return -1;
	size_t target = change_layers(prune, position, layers);
	if (target == NOWHERE) {
		note(prune, step, &changes);
		return 0;
	}
	prune->at[position].layers = step.layers;
	return refuse(prune, position, paths[0], target, e);
}

/* By override, and there in the order of the list that the keys lie in. */
static int compare(const void *a, const void *b)
{
	const struct pinned *const *x = a, *const *y = b;

	if ((*x)->position != (*y)->position)
		return (*x)->position > (*y)->position ? 1 : -1;
	return (*x > *y) - (*x < *y);
}

/* Takes out all keys of each override together. Where one is refused, what went before it is gone. */
static int take_all(struct prune *prune, const struct pinned *keys, size_t n, struct error *e)
{
	struct arena scratch;
	int rc = 0;

	arena_init(&scratch, prune->mem->out_of_memory);
	const struct pinned **sorted = ARENA_NEW(&scratch, const struct pinned *, n);
	const char **paths = ARENA_NEW(&scratch, const char *, n);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &keys[i];
	qsort(sorted, n, sizeof(const struct pinned *), compare);
	const struct arena_mark mark = arena_mark(&scratch);
	for (size_t i = 0, count; i < n && rc == 0; i += count) {
		size_t position = sorted[i]->position;

		for (count = 0; i + count < n && sorted[i + count]->position == position; count++)
			paths[count] = sorted[i + count]->path;
		rc = take(prune, &scratch, position, paths, count, e);
		arena_rewind(&scratch, mark);
	}
	arena_free(&scratch);
	return rc;
}

int prune_keys(struct prune *prune, const struct pinned *keys, size_t n, struct error *e)
{
	size_t mark = prune->count, half = n / 2;

	if (take_all(prune, keys, n, e) == 0)
		return 0;
	if (!half)
		return -1;
	error_free(e); /* what has been taken out is passed over now */
	if (prune_keys(prune, keys, half, e) == 0 &&
		prune_keys(prune, keys + half, n - half, e) == 0)
		return 0;
	prune_rewind(prune, mark);
	return -1;
}

/* A key that was taken out, by its place in the file before. */
struct gone {
	struct place place;
	const char *path;
};

static int compare_gone(const void *a, const void *b)
{
	const struct gone *x = a, *y = b;

	if (x->place.line != y->place.line)
		return x->place.line > y->place.line ? 1 : -1;
	if (x->place.column != y->place.column)
		return x->place.column > y->place.column ? 1 : -1;
	return strcmp(x->path, y->path); /* what aliases bring has the place of the anchor */
}

static void sort_removed(struct prune *prune, struct rewrite *r)
{
	struct gone *list = ARENA_NEW(prune->mem, struct gone, r->removed_count);
	struct lookup look = { .mem = prune->mem };

	for (size_t i = 0; i < r->removed_count; i++) {
		const struct keypath path = keypath_known(prune->mem, r->removed[i]);
		size_t depth = 0;
		const struct node *value =
			keypath_follow_many(&look, r->layer->root, &path, &depth);

		list[i] = (struct gone){ value->place, r->removed[i] };
	}
	qsort(list, r->removed_count, sizeof(*list), compare_gone);
	for (size_t i = 0; i < r->removed_count; i++)
		r->removed[i] = list[i].path;
}

size_t prune_rewrites(struct prune *prune, struct rewrite **rewrites)
{
	size_t all = stacks_sources(prune->values)->fleet->count, n = 0;
	struct rewrite *made = ARENA_NEW(prune->mem, struct rewrite, all);

	for (size_t i = 0; i < prune->count; i++) {
		const struct prune_step *step = &prune->steps[i];
		struct rewrite *r = &made[step->position];
		size_t had = r->removed_count;

		r->removed_count += step->removed_count;
		r->removed = arena_grow(
			prune->mem, r->removed, had, r->removed_count, sizeof(*r->removed));
		memcpy(r->removed + had, step->removed, step->removed_count * sizeof(*r->removed));
	}
	for (size_t i = 0; i < all; i++)
		if (made[i].removed_count) {
			made[n] = made[i];
			made[n].layer = &prune->before[i].layers[0];
			made[n].text = prune->at[i].layers[0].doc->text;
			sort_removed(prune, &made[n++]);
		}
	*rewrites = made;
	return n;
}
