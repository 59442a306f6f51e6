/* SPDX-License-Identifier: Apache-2.0 */
#include "core/prune.h"

#include <assert.h>
#include <stdlib.h>

#include "base/assume.h"
#include "yaml/edit/edit.h"
#include "yaml/expand.h"
#include "yaml/read.h"

/* Keys that were taken out of an override in one edit. */
struct prune_step {
	size_t position;
	const struct layer **layers; /* of the position, before */
};

void prune_begin(struct prune *prune, struct arena *mem, const struct state *now)
{
	struct application *app = ARENA_NEW(mem, struct application, 1);
	size_t n = now->app->fleet->count;

	*app = *now->app;
	*prune = (struct prune){ .mem = mem, .now = now, .app = app };
	app->at = prune->at = arena_grow(mem, app->at, n, n, sizeof(*app->at));
}

/* Removes the key that decides about the path. False if none does, or the last one added does. */
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

/* A key that was taken out, by its place in the file as it is. */
struct taken {
	struct place place;
	const char *path;
};

static int compare_taken(const void *a, const void *b)
{
	const struct taken *x = a, *y = b;

	if (x->place.line != y->place.line)
		return x->place.line > y->place.line ? 1 : -1;
	if (x->place.column != y->place.column)
		return x->place.column > y->place.column ? 1 : -1;
	return strcmp(x->path, y->path); /* what aliases bring has the place of the anchor */
}

/* The paths of all keys taken out of the override so far, in the order of the file as it is. */
static void note_removed(struct prune *prune, const struct layer *original,
	const struct layer *layer, const struct changes *changes, struct layer *made)
{
	size_t n = layer->removed_count, all = n + changes->count;
	struct taken *list = ARENA_NEW(changes->mem, struct taken, all);
	const char **paths =
		arena_grow(prune->mem, layer->removed, n, all, sizeof(*layer->removed));
	struct lookup look = { .mem = changes->mem };

	for (size_t i = 0; i < changes->count; i++) {
		struct buf path = { .mem = prune->mem };
		struct number_text room;

		for (size_t k = 0; k < changes->at[i].depth; k++)
			keypath_add(&path, key_text(changes->at[i].path[k], &room));
		paths[n + i] = path.at;
	}
	for (size_t i = 0; i < all; i++) {
		const struct keypath path = keypath_known(changes->mem, paths[i]);
		size_t depth = 0;
		const struct node *value =
			keypath_follow_many(&look, original->root, &path, &depth);

		list[i] = (struct taken){ value->place, paths[i] };
	}
	qsort(list, all, sizeof(*list), compare_taken);
	for (size_t i = 0; i < all; i++)
		paths[i] = list[i].path;
	made->removed = paths;
	made->removed_count = all;
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
	/* untested: the edit has read what it gives; only memory may be out now */
	if (yaml_read(mem, layer->path, text, doc, e) < 0)
		return -1;
	*made = *layer;
	made->doc = doc;
	made->root = yaml_expand_values(mem, doc, NULL, e);
	made->meaning = stacks_meaning(prune->now->stacks);
	return ALWAYS(made->root) ? 0 : -1; /* the edit has expanded it */
}

/* The override of a position as it is, whatever has been taken out of it. */
static const struct layer *original_override(const struct prune *prune, size_t position)
{
	return prune->now->app->at[position].layers[0];
}

/* The first target below whose values change with other layers at a position, or NOWHERE. */
static size_t change_layers(struct prune *prune, size_t position, const struct layer **layers)
{
	struct state s = *prune->now;
	size_t n = s.app->fleet->positions[position].end - position;
	struct arena scratch;

	s.app = prune->app;
	arena_init(&scratch, prune->mem->out_of_memory);
	uint32_t *before = ARENA_NEW(&scratch, uint32_t, n);
	uint32_t *after = ARENA_NEW(&scratch, uint32_t, n);
	state_stacks_below(&s, s.copies, position, before);
	prune->at[position].layers = layers;
	state_stacks_below(&s, s.copies, position, after);
	size_t target = proof_difference(&s, position, before, after);
	arena_free(&scratch);
	return target;
}

static int refuse_pruning(const struct prune *prune, size_t position, const char *text,
	size_t target, struct error *e)
{
	const struct layer *layer = original_override(prune, position);
	const struct keypath path = keypath_known(prune->mem, text);
	size_t depth = 0;
	const struct place place = keypath_follow(layer->root, &path, &depth)->place;
	const struct about about = { .position = prune->app->fleet->positions[target].path,
		.file = layer->path,
		.line = place.line,
		.column = place.column,
		.key = text };

	error_set(e, STATUS_REFUSED, "%s:%u sets %s, and taking it out would change %s", about.file,
		about.line, about.key, about.position);
	error_about(e, about);
	error_blocker(e, about, "%s:%u sets %s", about.file, about.line, about.key);
	return error_code(e, "values-would-change");
}

/* Takes paths out of one override, in one edit. An error names the first of them. */
static int prune_override(struct prune *prune, struct arena *scratch, size_t position,
	const char **paths, size_t n, struct error *e)
{
	const struct layers_at *at = &prune->at[position];
	const struct layer *layer = at->layers[0];
	struct changes changes = { .mem = scratch };
	struct lookup look = { .mem = scratch };
	size_t left = 0; /* of the paths */

	assert(at->count && !layer->patch);
	for (size_t i = 0; i < n; i++)
		if (add_removal(&changes, &look, layer->root, paths[i]))
			paths[left++] = paths[i];
	if (!left)
		return 0;
	/* `{}` replaces all that is left: one key, so that comments between keys stay */
	if (left > 1 && !changes_apply(scratch, layer->root, changes.at, changes.count)->map.count)
		return prune_override(prune, scratch, position, paths, left - 1, e) < 0
			? -1
			: prune_override(prune, scratch, position, &paths[left - 1], 1, e);
	struct layer *made = ARENA_NEW(prune->mem, struct layer, 1);
	const struct layer **layers =
		arena_grow(prune->mem, at->layers, at->count, at->count, sizeof(*layers));
	struct prune_step step = { position, at->layers };
	if (make_layer(prune, layer, &changes, made, e) < 0)
		return -1;
	layers[0] = made;
	size_t target = change_layers(prune, position, layers);
	if (target == NOWHERE) {
		note_removed(prune, original_override(prune, position), layer, &changes, made);
		*ARENA_PUSH(prune->mem, prune->steps, prune->count) = step;
		return 0;
	}
	prune->at[position].layers = step.layers;
	return refuse_pruning(prune, position, paths[0], target, e);
}

/* By override, and there in the order of the list that the keys are in. */
static int compare_pinned(const void *a, const void *b)
{
	const struct pinned *const *x = a, *const *y = b;

	if ((*x)->position != (*y)->position)
		return (*x)->position > (*y)->position ? 1 : -1;
	return (*x > *y) - (*x < *y);
}

/* Takes out all keys of each override together. If one is refused, what came before it is gone. */
static int prune_all(struct prune *prune, const struct pinned *keys, size_t n, struct error *e)
{
	struct arena scratch;
	int rc = 0;

	arena_init(&scratch, prune->mem->out_of_memory);
	const struct pinned **sorted = ARENA_NEW(&scratch, const struct pinned *, n);
	const char **paths = ARENA_NEW(&scratch, const char *, n);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &keys[i];
	qsort(sorted, n, sizeof(const struct pinned *), compare_pinned);
	const struct arena_mark mark = arena_mark(&scratch);
	for (size_t i = 0, count; i < n && rc == 0; i += count) {
		size_t position = sorted[i]->position;

		for (count = 0; i + count < n && sorted[i + count]->position == position; count++)
			paths[count] = sorted[i + count]->path;
		rc = prune_override(prune, &scratch, position, paths, count, e);
		arena_rewind(&scratch, mark);
	}
	arena_free(&scratch);
	return rc;
}

static void rewind_steps(struct prune *prune, size_t count)
{
	while (prune->count > count) {
		const struct prune_step *step = &prune->steps[--prune->count];

		prune->at[step->position].layers = step->layers;
	}
}

int prune_keys(struct prune *prune, const struct pinned *keys, size_t n, struct error *e)
{
	size_t mark = prune->count, half = n / 2;

	if (prune_all(prune, keys, n, e) == 0)
		return 0;
	if (!half)
		return -1;
	error_free(e); /* what has been taken out is passed over now */
	if (prune_keys(prune, keys, half, e) == 0 &&
		/* untested: if keys cannot be taken out together, nor can each of them be */
		prune_keys(prune, keys + half, n - half, e) == 0)
		return 0;
	rewind_steps(prune, mark);
	return -1;
}
