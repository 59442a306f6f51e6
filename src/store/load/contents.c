/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/contents.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/stacks.h"
#include "store/tree/pathname.h"
#include "yaml/canon.h"
#include "yaml/keys.h"
#include "yaml/read.h"

/* The bytes of a file, parsed. */
struct text {
	struct str bytes;
	struct doc doc;
	const struct node *root, *metadata;
	const struct meaning *meaning;
};

struct meaning {
	uint32_t number;
	char digest[9]; /* the hash in hexadecimal digits */
};

void contents_init(struct contents *c, struct arena *mem, struct source *source)
{
	*c = (struct contents){
		.mem = mem,
		.source = source,
		.values = { .mem = mem },
		.patches = { .mem = mem },
		.meanings = { .mem = mem },
		.expansion = EXPANSION(EXPAND_NODES),
		.above = ARENA_NEW(mem, struct holds_above, 1),
	};
	holds_above_init(c->above, mem, source);
}

void contents_turn(struct contents *c, struct source *source, struct holds_above *above)
{
	c->source = source;
	c->above = above;
}

static const struct meaning *meaning_of(struct contents *c, const struct node *root)
{
	const struct arena_mark mark = arena_mark(c->mem);
	const struct str canon = yaml_meaning(c->mem, root);
	const struct meaning *known = map_get(&c->meanings, canon);

	if (known) {
		arena_rewind(c->mem, mark);
		return known;
	}
	struct meaning *fresh = ARENA_NEW(c->mem, struct meaning, 1);
	const uint64_t hash = str_hash(canon);
	fresh->number = ++c->meaning_count;
	snprintf(fresh->digest, sizeof(fresh->digest), "%08x", (uint32_t)(hash ^ hash >> 32));
	*map_slot(&c->meanings, canon) = fresh;
	return fresh;
}

/* A mapping without one of its keys; itself if it has no such key. */
static struct node *without(struct arena *mem, struct node *map, const char *key)
{
	if (!node_get(map, key))
		return map;
	struct node *copy = ARENA_NEW(mem, struct node, 1);
	*copy = *map;
	copy->map.pairs = ARENA_NEW(mem, struct pair, map->map.count);
	copy->map.count = 0;
	for (size_t i = 0; i < map->map.count; i++)
		if (!key_is(map->map.pairs[i].key, str_of(key)))
			copy->map.pairs[copy->map.count++] = map->map.pairs[i];
	return copy;
}

/* A patch's document becomes what it sets: expanded, without its metadata. */
static int parse_patch(struct contents *c, struct text *t, struct error *e)
{
	if (!t->doc.root) {
		error_set(e, STATUS_FILES,
			"%s: the patch is empty; it must be a mapping of the values to set",
			t->doc.name);
		return error_file(e, t->doc.name);
	}
	struct node *root = yaml_expand(c->mem, &t->doc, &c->expansion, e);
	if (!root)
		return -1;
	if (root->kind != NODE_MAP)
		return yaml_error(e, &t->doc, root->place,
			"a patch must be a mapping of the values to set, not %s",
			node_describe(root));
	t->metadata = node_get(root, "metadata");
	t->doc.root = without(c->mem, root, "metadata");
	t->doc.references = false;
	t->root = t->doc.root;
	return 0;
}

/* Parses what no file had so far. On failure nothing is remembered: the next file has another path. */
static const struct text *parse(
	struct contents *c, const char *path, bool patch, struct str bytes, struct error *e)
{
	struct text *t = ARENA_NEW(c->mem, struct text, 1);

	if (yaml_read_values(c->mem, path, bytes, &t->doc, e) < 0)
		return NULL;
	if (patch && parse_patch(c, t, e) < 0)
		return NULL;
	if (!patch && !(t->root = yaml_expand_values(c->mem, &t->doc, &c->expansion, e)))
		return NULL;
	t->bytes = bytes;
	t->meaning = meaning_of(c, t->root);
	*map_slot(patch ? &c->patches : &c->values, bytes) = t;
	return t;
}

/* 1, 0 if there is no such file, or -1; `path` is kept. */
static int read_layer(struct contents *c, const char *path, bool patch, struct layer *layer,
	struct file *file, struct error *e)
{
	const struct arena_mark mark = arena_mark(c->mem);
	int found = c->source->read(c->source, c->mem, path, YAML_VALUES_BYTES, file, e);

	if (found <= 0)
		return found;
	const struct text *t = map_get(patch ? &c->patches : &c->values, file->text);
	if (t && !file->list.len)
		arena_rewind(c->mem, mark);
	else if (!t && !(t = parse(c, path, patch, file->text, e)))
		return -1;
	file->text = t->bytes;
	*layer = (struct layer){
		.path = path,
		.name = pathname_last(path),
		.root = t->root,
		.doc = &t->doc,
		.metadata = t->metadata,
		.file = file,
		.mode = file->access.mode & 0777,
		.meaning = t->meaning->number,
		.digest = t->meaning->digest,
		.patch = patch,
	};
	return 1;
}

/* The path is copied, and with it the document's name. */
int contents_read(struct contents *c, const char *path, bool patch, const struct layer **layer,
	struct error *e)
{
	struct layer *made = ARENA_NEW(c->mem, struct layer, 1);
	struct file *file = ARENA_NEW(c->mem, struct file, 1);
	int found = read_layer(c, arena_copy(c->mem, path, strlen(path)), patch, made, file, e);

	if (found > 0)
		*layer = made;
	return found;
}

const struct node *contents_parse(
	struct contents *c, const char *path, struct str bytes, struct error *e)
{
	const struct text *t = map_get(&c->values, bytes);

	if (!t)
		t = parse(c, path, false, bytes, e);
	return t ? t->root : NULL;
}

int contents_patch(struct contents *c, const char *name, struct str bytes, struct layer *layer,
	struct error *e)
{
	const struct text *t = map_get(&c->patches, bytes);

	if (!t && !(t = parse(c, name, true, bytes, e)))
		return -1;
	*layer = (struct layer){
		.root = t->root,
		.doc = &t->doc,
		.metadata = t->metadata,
		.meaning = t->meaning->number,
		.digest = t->meaning->digest,
		.patch = true,
	};
	return 0;
}

/* What contents_application has got to. */
struct reading {
	struct contents *c;
	const struct names *names;
	const char *fine;     /* the last file's name */
	const char *file;     /* the patch's "patch-001.yaml", or NULL */
	struct layer *layers; /* room for all of them */
	struct file *files;
	const struct layer **order;
	size_t count;
	struct layers_at *at;
	struct obstruction *obstructions;
	size_t obstruction_count;
	struct error *e;
};

/* "config/TYPE/APPLICATION/POSITION/NAME", put together by hand: there may be very many. */
static const char *layer_path(struct reading *r, const struct layer_name *l)
{
	const char *const parts[] = { "config", r->names->type, r->names->application,
		r->names->fleet->positions[l->position].path, l->name };
	enum { PARTS = sizeof(parts) / sizeof(*parts) };
	size_t lengths[PARTS], size = 0;

	for (size_t i = 0; i < PARTS; i++)
		size += (lengths[i] = strlen(parts[i])) + 1;
	char *path = ARENA_NEW(r->c->mem, char, size), *end = path;
	for (size_t i = 0; i < PARTS; i++) {
		memcpy(end, parts[i], lengths[i]);
		end += lengths[i];
		*end++ = '/';
	}
	end[-1] = '\0';
	return path;
}

static int read_listed(struct reading *r, const struct layer_name *l)
{
	struct contents *c = r->c;

	if (l->kind != ENTRY_FILE && r->file && strcmp(l->name, r->file) == 0) {
		*ARENA_PUSH(c->mem, r->obstructions, r->obstruction_count) =
			(struct obstruction){ l->position, r->file };
		return 0;
	}
	const char *path = layer_path(r, l), *problem = NULL;
	struct layer *layer = &r->layers[r->count];
	if (l->name != r->fine) /* thousands of files share a few names */
		problem = fleet_name_problem(str_of(l->name));
	if (problem) {
		error_set(
			r->e, STATUS_FILES, "%s: a file's name that %s; rename it", path, problem);
		return error_file(r->e, path);
	}
	r->fine = l->name;
	int found = read_layer(c, path, names_is_patch(l->name), layer, &r->files[r->count], r->e);
	if (found <= 0)
		return found < 0 ? -1 : tree_error(r->e, ENOENT, path);
	struct layers_at *at = &r->at[l->position];
	if (!at->count)
		at->layers = &r->order[r->count];
	at->count++;
	r->order[r->count++] = layer;
	return 0;
}

static int read_bases(struct reading *r, struct application *app)
{
	struct arena *mem = r->c->mem;
	const struct subject s = { .type = app->type, .application = app->name };

	if (contents_read(r->c, paths_defaults(mem, s.type), false, &app->defaults, r->e) < 0)
		return -1;
	if (contents_read(r->c, paths_base(mem, &s), false, &app->base, r->e) < 0)
		return -1;
	const struct node *over = app->defaults && app->base
		? stacks_spread_over(app->defaults, app->base, EXPAND_NODES)
		: NULL;
	if (!over)
		return 0;
	struct doc doc = *app->defaults->doc;
	doc.name = app->defaults->path;
	return yaml_error(r->e, &doc, over->place,
		"the defaults of '%s' for all items in %s are more than %d values", over->value.at,
		app->base->path, EXPAND_NODES);
}

/* Whether someone who runs a step should know that a file is not read. */
static bool matters(const struct application *app, const char *file, const struct astray *a)
{
	if (strcmp(a->meant, "values.yaml") == 0)
		return !app->base;
	return !file || strcmp(a->meant, file) == 0 || !names_is_patch(a->meant);
}

static void find_astray(struct reading *r, struct application *app)
{
	struct astray *found = NULL;

	for (size_t i = 0; i < r->names->stray_count; i++)
		if (matters(app, r->file, &r->names->strays[i]))
			*ARENA_PUSH(r->c->mem, found, app->astray_count) = r->names->strays[i];
	app->astray = found;
}

static const bool *find_directories(struct arena *mem, const struct names *names)
{
	bool *has = ARENA_NEW(mem, bool, names->fleet->count);

	for (size_t i = 0; i < names->directory_count; i++)
		if (names->directories[i].position != NOWHERE)
			has[names->directories[i].position] = true;
	return has;
}

int contents_application(struct contents *c, const struct names *names, const char *patch,
	struct application *out, struct error *e)
{
	struct application app = {
		.fleet = names->fleet,
		.type = names->type,
		.name = names->application,
	};
	struct reading r = { .c = c, .names = names, .e = e };

	if (patch)
		r.file = arena_printf(c->mem, "%s.yaml", patch);

	r.layers = ARENA_NEW(c->mem, struct layer, names->layer_count);
	r.files = ARENA_NEW(c->mem, struct file, names->layer_count);
	r.order = ARENA_NEW(c->mem, const struct layer *, names->layer_count);
	r.at = ARENA_NEW(c->mem, struct layers_at, names->fleet->count);
	if (read_bases(&r, &app) < 0)
		return -1;
	for (size_t i = 0; i < names->layer_count; i++)
		if (read_listed(&r, &names->layers[i]) < 0)
			return -1;
	app.at = r.at;
	app.has_directory = find_directories(c->mem, names);
	app.obstructions = r.obstructions;
	app.obstruction_count = r.obstruction_count;
	find_astray(&r, &app);
	hold_files_read(c->above, names, c->mem, &app.holds);
	*out = app;
	return 0;
}
