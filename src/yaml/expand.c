/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/expand.h"

#include "yaml/keys.h"
#include "yaml/merge.h"
#include "yaml/read.h"

struct expanding {
	struct arena *mem;
	const struct doc *doc;
	struct expansion *allowed;
	struct error *e;
};

/* The aliases that are being followed, innermost first. */
struct trail {
	const struct node *target;
	const struct trail *outer;
	unsigned depth; /* of the expanded tree */
};

static struct node *expand_node(
	struct expanding *x, const struct node *n, const struct trail *trail);

static struct node *follow_alias(
	struct expanding *x, const struct node *alias, const struct trail *trail)
{
	for (const struct trail *t = trail; t; t = t->outer)
		if (t->target == alias->target) {
			yaml_error(x->e, x->doc, alias->place,
				"the alias is inside the value that it refers to; remove it");
			return NULL;
		}
	struct trail inner = { alias->target, trail, trail->depth };
	return expand_node(x, alias->target, &inner);
}

/* Takes nodes from what is left. */
static int bring(struct expanding *x, size_t nodes, const struct node *at)
{
	if (nodes > x->allowed->left)
		return yaml_error(x->e, x->doc, at->place,
			"aliases and merge keys expand to more than %zu nodes in all; write the values out",
			x->allowed->most);
	x->allowed->left -= nodes;
	return 0;
}

static size_t weight(const struct node *n)
{
	return 1 + (n->kind == NODE_SCALAR ? n->value.len / EXPAND_BYTES : 0);
}

static struct node *copy_of(struct expanding *x, const struct node *n, const struct trail *trail)
{
	struct node *copy = ARENA_NEW(x->mem, struct node, 1);

	*copy = *n;
	if (n->kind != NODE_SCALAR)
		copy->text = NULL; /* its children may have another text */
	return !trail->target || bring(x, weight(n), n) == 0 ? copy : NULL;
}

static struct node *expand_list(
	struct expanding *x, const struct node *n, const struct trail *trail)
{
	struct node *copy = copy_of(x, n, trail);

	if (!copy)
		return NULL;
	copy->list.items = ARENA_NEW(x->mem, struct node *, n->list.count);
	for (size_t i = 0; i < n->list.count; i++) {
		copy->list.items[i] = expand_node(x, n->list.items[i], trail);
		if (!copy->list.items[i])
			return NULL;
	}
	return copy;
}

bool expand_merges(const struct pair *p)
{
	const struct str tag = p->key->tag;

	if (!str_is(p->key->value, "<<"))
		return false;
	/* quotes do not count if a tag says what it is, and `!` says: as if it were plain */
	return tag.len ? str_is(tag, "!") || str_is(tag, "tag:yaml.org,2002:merge")
		       : p->key->style == SCALAR_PLAIN;
}

/* Pairs that are being collected, in order. */
struct growing {
	struct pair *pairs;
	size_t count;
};

static int merge_pairs(struct expanding *x, struct growing *g, const struct node *from)
{
	if (bring(x, from->map.count, from) < 0)
		return -1;
	for (size_t i = 0; i < from->map.count; i++)
		*ARENA_PUSH(x->mem, g->pairs, g->count) = from->map.pairs[i];
	return 0;
}

static int merge_value(struct expanding *x, struct growing *g, const struct node *value)
{
	if (value->kind == NODE_MAP)
		return merge_pairs(x, g, value);
	if (value->kind != NODE_LIST)
		return yaml_error(x->e, x->doc, value->place,
			"a merge key (<<) takes a mapping or a list of mappings, not %s",
			node_describe(value));
	for (size_t i = 0; i < value->list.count; i++) {
		const struct node *item = value->list.items[i];

		if (item->kind != NODE_MAP)
			return yaml_error(x->e, x->doc, item->place,
				"a merge key (<<) takes a list of mappings only, not %s in it",
				node_describe(item));
		if (merge_pairs(x, g, item) < 0)
			return -1;
	}
	return 0;
}

/* Go's library merges before keys become text, and takes one of two that are not alike by chance. */
static int check_alike(struct expanding *x, const struct node *kept, const struct node *brought)
{
	if (key_alike(kept, brought))
		return 0;
	return yaml_error(x->e, x->doc, kept->place,
		"a merge key brings the key '%s', too, as '%s' at %s:%u:%u, with other quotes or of another type; Helm and kubectl would take one of them by chance, write both alike",
		kept->value.at, brought->value.at, x->doc->name, brought->place.line,
		brought->place.column);
}

/* Of pairs with the same key the first one is kept: the mapping's own, then those merged first. */
static int drop_repeated(struct expanding *x, struct growing *g)
{
	struct node all = { .kind = NODE_MAP, .map = { g->pairs, g->count } };
	struct arena_mark mark = arena_mark(x->mem);
	struct keys keys;
	size_t kept = 0;
	int rc = 0;

	keys_index(x->mem, &all, &keys);
	for (size_t i = 1, first = 0; i < g->count && rc == 0; i++) {
		struct pair *p = &g->pairs[keys.sorted[i].at];
		if (str_equal(keys.sorted[i].text, keys.sorted[first].text)) {
			rc = check_alike(x, g->pairs[keys.sorted[first].at].key, p->key);
			p->value = NULL;
		} else {
			first = i;
		}
	}
	arena_rewind(x->mem, mark);
	for (size_t i = 0; i < g->count; i++)
		if (g->pairs[i].value)
			g->pairs[kept++] = g->pairs[i];
	g->count = kept;
	return rc;
}

static struct node *expand_map(struct expanding *x, const struct node *n, const struct trail *trail)
{
	struct node *copy = copy_of(x, n, trail);
	struct growing g = { 0 }, merged = { 0 };

	if (!copy)
		return NULL;
	for (size_t i = 0; i < n->map.count; i++) {
		const struct pair *p = &n->map.pairs[i];
		struct node *value = expand_node(x, p->value, trail);
		if (!value)
			return NULL;
		struct growing *to = expand_merges(p) ? &merged : &g;
		*ARENA_PUSH(x->mem, to->pairs, to->count) = (struct pair){ p->key, value };
	}
	for (size_t i = 0; i < merged.count; i++)
		if (merge_value(x, &g, merged.pairs[i].value) < 0)
			return NULL;
	if (merged.count && drop_repeated(x, &g) < 0)
		return NULL;
	copy->map.pairs = g.pairs;
	copy->map.count = g.count;
	return copy;
}

static struct node *expand_node(
	struct expanding *x, const struct node *n, const struct trail *trail)
{
	struct trail here = { trail->target, trail->outer, trail->depth + 1 };

	if (here.depth > YAML_DEPTH) {
		yaml_error(
			x->e, x->doc, n->place, "aliases nest deeper than %d levels", YAML_DEPTH);
		return NULL;
	}
	switch (n->kind) {
	case NODE_ALIAS:
		return follow_alias(x, n, trail);
	case NODE_LIST:
		return expand_list(x, n, &here);
	case NODE_MAP:
		return expand_map(x, n, &here);
	case NODE_SCALAR:
		break;
	}
	return copy_of(x, n, trail);
}

struct node *yaml_expand(
	struct arena *mem, const struct doc *doc, struct expansion *left, struct error *e)
{
	struct expansion alone = EXPANSION(EXPAND_NODES);
	struct expanding x = { .mem = mem, .doc = doc, .allowed = left ? left : &alone, .e = e };
	const struct trail start = { 0 };

	return doc->references ? expand_node(&x, doc->root, &start) : doc->root;
}

const struct node *yaml_expand_values(
	struct arena *mem, const struct doc *doc, struct expansion *left, struct error *e)
{
	const struct node *root = doc->root ? yaml_expand(mem, doc, left, e) : NULL;

	if (doc->root && !root)
		return NULL;
	if (!root || yaml_is_void(root)) {
		struct node *nothing = ARENA_NEW(mem, struct node, 1);
		nothing->kind = NODE_MAP;
		return nothing;
	}
	if (root->kind != NODE_MAP) {
		yaml_error(e, doc, root->place,
			"the file must be a mapping of the values to set, not %s",
			node_describe(root));
		return NULL;
	}
	return root;
}
