#include "core/fold.h"

#include <assert.h>

#include "yaml/edit.h"
#include "yaml/expand.h"
#include "yaml/read.h"

struct fold_file {
	size_t position; /* whose override it is */
	struct rewrite rewrite;
	size_t room; /* of rewrite.removed */
};

/* A key that was taken out: the layers of its position before. */
struct fold_step {
	size_t position;
	struct layer *layers;
};

void fold_begin(struct fold *fold, struct arena *mem, struct values *values, const uint32_t *placed)
{
	struct sources own = *values_sources(values);
	size_t n = own.fleet->count;

	*fold = (struct fold){ .mem = mem, .placed = placed };
	own.at = fold->at = arena_grow(mem, own.at, n, n, sizeof(*own.at));
	fold->values = values_new(mem, &own);
}

/* The keys from the root down to where the layer decides about the path. */
static const struct node **keys_of(
	struct arena *mem, const struct node *root, const char *text, size_t *depth)
{
	const struct path path = path_known(mem, text);
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
	made->meaning = UINT32_MAX - 1 - fold->tried++;
	return 0;
}

static struct fold_file *find_file(const struct fold *fold, size_t position)
{
	for (size_t i = 0; i < fold->count; i++)
		if (fold->files[i].position == position)
			return &fold->files[i];
	return NULL;
}

static struct fold_file *add_file(struct fold *fold, size_t position, const struct layer *before)
{
	if (fold->count == fold->room) {
		fold->room = fold->room ? fold->room * 2 : 4;
		fold->files = arena_grow(
			fold->mem, fold->files, fold->count, fold->room, sizeof(*fold->files));
	}
	struct fold_file *f = &fold->files[fold->count++];
	*f = (struct fold_file){ position, { .layer = before }, 0 };
	return f;
}

static void note(struct fold *fold, const struct fold_step *step, const char *path)
{
	struct fold_file *f = find_file(fold, step->position);

	if (!f)
		f = add_file(fold, step->position, step->layers);
	struct rewrite *r = &f->rewrite;
	if (r->removed_count == f->room) {
		f->room = f->room ? f->room * 2 : 4;
		r->removed = arena_grow(
			fold->mem, r->removed, r->removed_count, f->room, sizeof(*r->removed));
	}
	r->removed[r->removed_count++] = path;
	r->text = fold->at[step->position].layers->doc->text;
	if (fold->keys == fold->step_room) {
		fold->step_room = fold->step_room ? fold->step_room * 2 : 8;
		fold->steps = arena_grow(
			fold->mem, fold->steps, fold->keys, fold->step_room, sizeof(*fold->steps));
	}
	fold->steps[fold->keys++] = *step;
}

void fold_rewind(struct fold *fold, size_t keys)
{
	while (fold->keys > keys) {
		const struct fold_step *step = &fold->steps[--fold->keys];
		struct rewrite *r = &find_file(fold, step->position)->rewrite;

		fold->at[step->position].layers = step->layers;
		r->text = step->layers->doc->text;
		/* a file is listed from its first key on, so the last listed goes first */
		if (--r->removed_count == 0)
			fold->count--;
	}
}

static unsigned line_of(struct arena *mem, const struct layer *layer, const char *text)
{
	const struct path path = path_known(mem, text);
	size_t depth = 0;

	return path_follow(layer->root, &path, &depth)->place.line;
}

/* The first target below whose values change with other layers at a position, or NOWHERE. */
static size_t change_layers(struct fold *fold, size_t position, struct layer *layers)
{
	size_t n = values_sources(fold->values)->fleet->positions[position].end - position;
	struct arena scratch;

	arena_init(&scratch, fold->mem->out_of_memory);
	uint32_t *before = ARENA_NEW(&scratch, uint32_t, n);
	uint32_t *after = ARENA_NEW(&scratch, uint32_t, n);
	values_stacks_below(fold->values, fold->placed, position, before);
	fold->at[position].layers = layers;
	values_stacks_below(fold->values, fold->placed, position, after);
	size_t target = proof_difference(fold->mem, fold->values, position, before, after);
	arena_free(&scratch);
	return target;
}

int fold_key(struct fold *fold, size_t position, const struct layer *layer, const char *path,
	struct error *e)
{
	const struct layers_at *at = &fold->at[position];
	const struct fold_step step = { position, at->layers };
	struct layer *layers =
		arena_grow(fold->mem, at->layers, at->count, at->count, sizeof(*layers));

	assert(layer == at->layers && !layer->patch);
	if (make_layer(fold, layer, path, layers, e) < 0)
		return -1;
	size_t target = change_layers(fold, position, layers);
	if (target == NOWHERE) {
		note(fold, &step, path);
		return 0;
	}
	fold->at[position].layers = step.layers;
	const struct fold_file *file = find_file(fold, position);
	return error_set(e, STATUS_REFUSED, "%s:%u sets %s, and taking it out would change %s",
		layer->path, line_of(fold->mem, file ? file->rewrite.layer : layer, path), path,
		values_sources(fold->values)->fleet->positions[target].path);
}

size_t fold_rewrites(const struct fold *fold, struct rewrite **rewrites)
{
	*rewrites = ARENA_NEW(fold->mem, struct rewrite, fold->count);
	for (size_t i = 0; i < fold->count; i++)
		(*rewrites)[i] = fold->files[i].rewrite;
	return fold->count;
}
