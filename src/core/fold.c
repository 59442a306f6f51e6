#include "core/fold.h"

#include <assert.h>

#include "yaml/edit.h"
#include "yaml/expand.h"
#include "yaml/read.h"

struct fold_file {
	size_t position, index; /* which layer of which position */
	struct rewrite rewrite;
	size_t room; /* of rewrite.removed */
};

void fold_begin(struct fold *fold, struct arena *mem, struct values *values, const uint32_t *placed)
{
	const struct sources *s = values_sources(values);
	size_t n = s->fleet->count;

	*fold = (struct fold){ .mem = mem, .placed = placed, .values = values };
	fold->at = arena_grow(mem, s->at, n, n, sizeof(*s->at));
}

struct fold fold_fork(const struct fold *fold)
{
	size_t n = values_sources(fold->values)->fleet->count;
	struct fold fork = *fold;

	fork.at = arena_grow(fold->mem, fold->at, n, n, sizeof(*fork.at));
	fork.room = fold->count;
	fork.files =
		arena_grow(fold->mem, fold->files, fold->count, fold->count, sizeof(*fork.files));
	for (size_t i = 0; i < fork.count; i++) {
		struct rewrite *r = &fork.files[i].rewrite;

		r->removed = arena_grow(fold->mem, r->removed, r->removed_count, fork.files[i].room,
			sizeof(*r->removed));
	}
	return fork;
}

/* The keys from the root down to where the layer decides about the path. */
static const struct node **keys_of(
	struct arena *mem, const struct node *root, const char *text, size_t *depth)
{
	struct error none = { 0 };
	struct path path;

	if (path_parse(mem, text, &path, &none) < 0)
		assert(0 && "paths that come from values can be read");
	const struct node **keys = ARENA_NEW(mem, const struct node *, path.count);
	*depth = 0;
	for (const struct node *at = root; *depth < path.count && at->kind == NODE_MAP;) {
		const struct pair *found = NULL;

		for (size_t i = 0; i < at->map.count && !found; i++)
			if (str_equal(at->map.pairs[i].key->value, path.parts[*depth]))
				found = &at->map.pairs[i];
		if (!found)
			break;
		keys[(*depth)++] = found->key;
		at = found->value;
	}
	return keys;
}

/* The layer without the path, as its file would be read with its new text. */
static int make_layer(struct fold *fold, const struct layer *layer, const char *path,
	struct layer *made, struct error *e)
{
	struct arena *mem = fold->mem;
	struct changes changes = { .mem = mem };
	struct doc *doc = ARENA_NEW(mem, struct doc, 1), named = *layer->doc;
	struct str text;
	size_t depth = 0;
	const struct node **keys = keys_of(mem, layer->root, path, &depth);

	named.name = layer->path;
	changes_remove(&changes, keys, depth);
	if (yaml_edit(mem, &named, changes.at, changes.count, &text, e) < 0 ||
		yaml_read(mem, layer->path, text, doc, e) < 0)
		return -1;
	*made = *layer;
	made->doc = doc;
	made->root = yaml_expand_values(mem, doc, e);
	if (!made->root)
		return -1;
	/* numbers are compared within one `values` alone: any that no file has will do */
	made->meaning = UINT32_MAX - 1 - fold->keys++;
	return 0;
}

static struct fold_file *file_of(
	struct fold *fold, size_t position, size_t index, const struct layer *before)
{
	for (size_t i = 0; i < fold->count; i++)
		if (fold->files[i].position == position && fold->files[i].index == index)
			return &fold->files[i];
	if (fold->count == fold->room) {
		fold->room = fold->room ? fold->room * 2 : 4;
		fold->files = arena_grow(
			fold->mem, fold->files, fold->count, fold->room, sizeof(*fold->files));
	}
	struct fold_file *f = &fold->files[fold->count++];
	*f = (struct fold_file){ position, index, { .layer = before }, 0 };
	return f;
}

static void note(struct fold *fold, size_t position, size_t index, const struct layer *before,
	const struct layer *after, const char *path)
{
	struct fold_file *f = file_of(fold, position, index, before);
	struct rewrite *r = &f->rewrite;

	if (r->removed_count == f->room) {
		f->room = f->room ? f->room * 2 : 4;
		r->removed = arena_grow(
			fold->mem, r->removed, r->removed_count, f->room, sizeof(*r->removed));
	}
	r->removed[r->removed_count++] = path;
	r->text = after->doc->text;
}

static unsigned line_of(struct arena *mem, const struct layer *layer, const char *text)
{
	struct error none = { 0 };
	struct path path;
	size_t depth = 0;

	if (path_parse(mem, text, &path, &none) < 0)
		assert(0 && "paths that come from values can be read");
	return path_follow(layer->root, &path, &depth)->place.line;
}

/* The layer as its file lies there, of one that may be without some keys already. */
static const struct layer *layer_on_disk(
	const struct fold *fold, size_t position, size_t index, const struct layer *now)
{
	for (size_t i = 0; i < fold->count; i++)
		if (fold->files[i].position == position && fold->files[i].index == index)
			return fold->files[i].rewrite.layer;
	return now;
}

int fold_key(struct fold *fold, size_t position, const struct layer *layer, const char *path,
	struct error *e)
{
	const struct layers_at *at = &fold->at[position];
	size_t index = (size_t)(layer - at->layers);
	struct layer *layers =
		arena_grow(fold->mem, at->layers, at->count, at->count, sizeof(*layers));
	struct sources sources = *values_sources(fold->values);
	size_t n = sources.fleet->count;

	assert(index < at->count);
	if (make_layer(fold, layer, path, &layers[index], e) < 0)
		return -1;
	/* the values so far go on looking into their own array: they are compared with */
	struct layers_at *after = arena_grow(fold->mem, fold->at, n, n, sizeof(*after));
	after[position].layers = layers;
	sources.at = after;
	struct values *values = values_new(fold->mem, &sources);
	struct effect effect =
		effect_between(fold->mem, fold->values, values_stacks(fold->values, fold->placed),
			values, values_stacks(values, fold->placed));
	if (effect.count)
		return error_set(e, STATUS_REFUSED,
			"%s:%u sets %s, and taking it out would change %s", layer->path,
			line_of(fold->mem, layer_on_disk(fold, position, index, layer), path), path,
			sources.fleet->positions[effect.groups[0].targets[0]].path);
	note(fold, position, index, layer, &layers[index], path);
	fold->at = after;
	fold->values = values;
	return 0;
}

size_t fold_rewrites(const struct fold *fold, struct rewrite **rewrites)
{
	*rewrites = ARENA_NEW(fold->mem, struct rewrite, fold->count);
	for (size_t i = 0; i < fold->count; i++)
		(*rewrites)[i] = fold->files[i].rewrite;
	return fold->count;
}
