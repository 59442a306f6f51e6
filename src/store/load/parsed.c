/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/parsed.h"

#define uthash_malloc(bytes)   arena_alloc(l->mem, (bytes), 1)
#define uthash_free(at, bytes) ((void)(at))
#include <uthash.h>

#include "yaml/canon.h"
#include "yaml/expand.h"
#include "yaml/read.h"

/* A text that was met, as the bytes of a file or as what they mean. */
struct seen {
	struct str text;
	enum parsed_kind kind;     /* of bytes */
	struct parsed_file volume; /* of bytes */
	uint32_t meaning;          /* of a meaning */
	UT_hash_handle hh;
};

static void grow_tables(struct parsed *l)
{
	uint32_t room = l->room ? l->room * 2 : 16;

	l->digests = arena_grow(l->mem, l->digests, l->room, room, sizeof(*l->digests));
	l->roots = arena_grow(l->mem, l->roots, l->room, room, sizeof(*l->roots));
	l->room = room;
}

uint32_t parsed_meaning(struct parsed *l, const struct node *root)
{
	struct buf canon = { .mem = l->mem };
	struct seen *m = NULL;

	yaml_canon(&canon, root);
	HASH_FIND(hh, l->meanings, canon.at, canon.len, m);
	if (m)
		return m->meaning;
	m = ARENA_NEW(l->mem, struct seen, 1);
	m->text = buf_str(&canon);
	m->meaning = ++l->count;
	HASH_ADD_KEYPTR(hh, l->meanings, m->text.at, m->text.len, m);
	if (l->count >= l->room)
		grow_tables(l);
	uint64_t hash = str_hash(m->text);
	l->digests[m->meaning] = arena_printf(l->mem, "%08x", (uint32_t)(hash ^ hash >> 32));
	l->roots[m->meaning] = root;
	return m->meaning;
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
		if (!str_is(map->map.pairs[i].key->value, key))
			copy->map.pairs[copy->map.count++] = map->map.pairs[i];
	return copy;
}

static int read_root(
	struct parsed *l, struct parsed_file *v, enum parsed_kind kind, struct error *e)
{
	if (kind != PARSED_PATCH) {
		v->root = yaml_expand_values(l->mem, &v->doc, e);
		return v->root ? 0 : -1;
	}
	if (!v->doc.root)
		return error_set(e, STATUS_FILES,
			"%s: the patch is empty; it must be a mapping of the values to set",
			v->doc.name);
	struct node *root = yaml_expand(l->mem, &v->doc, e);
	if (!root)
		return -1;
	if (root->kind != NODE_MAP)
		return yaml_error(e, &v->doc, root->place,
			"a patch must be a mapping of the values to set, not %s",
			node_describe(root));
	v->root = v->doc.root = without(l->mem, root, "metadata");
	v->doc.references = false;
	return 0;
}

int parsed_read(struct parsed *l, int folder, const char *name, const char *shown,
	enum parsed_kind kind, const struct parsed_file **volume, struct file *file,
	struct error *e)
{
	struct arena_mark mark = arena_mark(l->mem);
	struct file read;
	struct seen *b = NULL;

	if (tree_read(l->mem, folder, name, shown, YAML_VALUES_BYTES, &read, e) < 0)
		return -1;
	HASH_FIND(hh, l->bytes, read.text.at, read.text.len, b);
	if (b && b->kind == kind) {
		arena_rewind(l->mem, mark);
		read.text = b->text;
	} else {
		struct seen *fresh = ARENA_NEW(l->mem, struct seen, 1);
		fresh->text = read.text;
		fresh->kind = kind;
		const char *path = arena_copy(l->mem, shown, strlen(shown));
		if (yaml_read_values(l->mem, path, read.text, &fresh->volume.doc, e) < 0 ||
			read_root(l, &fresh->volume, kind, e) < 0)
			return -1;
		fresh->volume.meaning = parsed_meaning(l, fresh->volume.root);
		/* the same bytes as another kind of file: rare, and parsed each time */
		if (!b)
			HASH_ADD_KEYPTR(hh, l->bytes, fresh->text.at, fresh->text.len, fresh);
		b = fresh;
	}
	*volume = &b->volume;
	*file = read;
	return 0;
}
