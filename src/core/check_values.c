/* SPDX-License-Identifier: Apache-2.0 */
/* What a file sets, against what is below it: four codes of check.h. */
#include "core/check_part.h"

#include <assert.h>

#include "base/assume.h"
#include "core/diff.h"
#include "core/lost_text.h"
#include "core/near_miss.h"
#include "core/setter.h"
#include "yaml/read.h"

enum { WIDE = 256 }; /* a mapping with more keys is a table, whose keys resemble each other */

enum suspicion { LOSES_MAPPING, UNKNOWN_APPLICATION, UNKNOWN_KEY, LOOKS_LIKE_NUMBER };

/* Something in a file that is wrong if what is below it is so. */
struct suspect {
	enum suspicion what;
	struct keypath path;
	const struct node *node;
	struct place place;
	struct str key;   /* the last one on the way */
	const char *text; /* the key that was probably meant; or the number */
	/* what was found out */
	const struct sighting *first; /* where it is wrong; NULL: nowhere */
	size_t files;
};

struct suspects {
	bool known;
	struct suspect *list;
	size_t count;
};

/* Going through one file. */
struct look {
	struct check *c;
	struct suspects *found;
	struct str parts[YAML_DEPTH + 1];
	size_t depth;
	struct str key;
	struct map *words; /* the keys of the base layers; see is_word */
};

static struct suspect *suspect(
	struct look *l, enum suspicion what, const struct node *node, struct place place)
{
	struct arena *mem = l->c->mem;
	struct suspect *made = ARENA_PUSH(mem, l->found->list, l->found->count);

	*made = (struct suspect){ .what = what, .node = node, .place = place, .key = l->key };
	made->path.parts = arena_grow(mem, l->parts, l->depth, l->depth, sizeof(*l->parts));
	made->path.count = l->depth;
	return made;
}

static bool is_application(const struct siblings *known, struct str name)
{
	for (size_t i = 0; i < known->count; i++)
		if (str_is(name, known->at[i]))
			return true;
	return false;
}

static void add_words(struct map *words, const struct node *n)
{
	for (size_t i = 0; i < node_count(n); i++) {
		if (n->kind == NODE_MAP) {
			const struct str key = key_text_in(words->mem, n->map.pairs[i].key);

			*map_slot(words, key) = words;
		}
		add_words(words, node_child(n, i));
	}
}

/* Whether a key is one of the base layers, somewhere: then it is no typing mistake. */
static bool is_word(struct look *l, struct str key)
{
	const struct state *s = l->c->s;

	if (!l->words->mem) {
		l->words->mem = l->c->mem;
		for (size_t i = 0; i < s->base_count; i++)
			add_words(l->words, s->bases[i]->root);
	}
	return map_get(l->words, key) != NULL;
}

/* A key that no base layer has there: whether it resembles one that is there, if not in this file. */
static void look_at_new_key(
	struct look *l, const struct node *map, const struct pair *pair, const struct branch *at)
{
	const struct branch *meant = NULL;

	for (size_t i = 0; at->count <= WIDE && i < at->count; i++) {
		const struct branch *other = at->list[i];

		/* those of base layers come first */
		if (!meant && near_miss(l->key, other->key) && !node_pair(map, other->key))
			meant = other;
	}
	if (meant && !is_word(l, l->key))
		suspect(l, UNKNOWN_KEY, pair->value, pair->key->place)->text =
			arena_copy(l->c->mem, meant->key.at, meant->key.len);
}

/* The key that is the last part of the path; `at` is the mapping's branch, `below` the key's. */
static void look_at_key(struct look *l, const struct node *map, const struct pair *pair,
	const struct branch *at, const struct branch *below)
{
	const struct application *app = l->c->s->app;
	const struct siblings *known = l->c->known;
	const struct str section = l->parts[0];

	if (below->base)
		return;
	if (l->depth == 2 && str_equal(section, STR("applications"))) {
		if (known->at && !is_application(known, l->key))
			suspect(l, UNKNOWN_APPLICATION, pair->value, pair->key->place);
		return;
	}
	/* names of items, which the defaults are for */
	if (l->depth == 2 && app->defaults && node_pair(app->defaults->root, section))
		return;
	look_at_new_key(l, map, pair, at);
}

static void look_at_value(
	struct look *l, const struct node *n, const struct branch *at, const struct place *place);

static void look_at_map(struct look *l, const struct node *n, const struct branch *at)
{
	const struct str above = l->key;

	for (size_t i = 0; i < n->map.count; i++) {
		const struct pair *pair = &n->map.pairs[i];
		const struct branch *below = NULL;

		l->key = l->parts[l->depth++] = key_text_in(l->c->mem, pair->key);
		if (at) {
			below = branch_below(at, l->key);
			look_at_key(l, n, pair, at, below);
		}
		look_at_value(l, pair->value, below, &pair->key->place);
		l->depth--;
		l->key = above;
	}
}

static void look_at_list(struct look *l, const struct node *n)
{
	for (size_t i = 0; i < n->list.count; i++) {
		l->parts[l->depth++] = str_of(arena_printf(l->c->mem, "%zu", i));
		look_at_value(l, n->list.items[i], NULL, &n->list.items[i]->place);
		l->depth--;
	}
}

static void look_at_value(
	struct look *l, const struct node *n, const struct branch *at, const struct place *place)
{
	static const struct node text = { .kind = NODE_SCALAR, .style = SCALAR_DOUBLE };

	if (n->kind == NODE_MAP) {
		look_at_map(l, n, at);
		return;
	}
	if (at && at->filled)
		suspect(l, LOSES_MAPPING, n, *place);
	if (n->kind == NODE_LIST)
		look_at_list(l, n);
	else if (lost_text(l->c->mem, n, l->key, &text, false))
		suspect(l, LOOKS_LIKE_NUMBER, n, n->place);
}

/* The mapping with keys that a stack has at a path, or NULL. */
static const struct node *filled_mapping(
	struct stacks *s, uint32_t stack, const struct keypath *path)
{
	for (; stacks_height(s, stack) && diff_work(s, 1); stack = stacks_below(s, stack)) {
		size_t depth = 0;
		const struct node *n =
			keypath_follow_many(&s->lookup, stacks_top(s, stack), path, &depth);

		if (n->kind != NODE_MAP)
			return NULL;
		if (depth == path->count && n->map.count)
			return n;
	}
	return NULL;
}

static bool has_only_other_key(struct check *c, const struct suspect *x, uint32_t below)
{
	struct stacks *s = c->s->stacks;
	const struct keypath path = { arena_grow(c->mem, x->path.parts, x->path.count,
					      x->path.count, sizeof(*x->path.parts)),
		x->path.count };

	path.parts[path.count - 1] = str_of(x->text);
	return diff_value(s, below, &path) && !diff_value(s, below, &x->path);
}

/* Whether it is wrong over what is below. */
static bool is_wrong(struct check *c, struct suspect *x, uint32_t below)
{
	struct stacks *s = c->s->stacks;

	switch (x->what) {
	case LOSES_MAPPING:
		return filled_mapping(s, below, &x->path);
	case UNKNOWN_APPLICATION:
		return true;
	case UNKNOWN_KEY:
		return has_only_other_key(c, x, below);
	case LOOKS_LIKE_NUMBER:
		x->text = lost_text(c->mem, x->node, x->key, diff_value(s, below, &x->path), false);
		return x->text;
	}
	return false;
}

/* What the file has in the place of a mapping, and whose that is. */
static void tell_loss(struct check *c, const struct suspect *x, struct buf *b)
{
	enum { NAMED = 3 };
	const struct sighting *at = x->first;
	struct setter *list = NULL;
	size_t n = setters_of(c->mem, c->s, at->position, &x->path, &list), i = 0;

	/* the file is above all others of its name */
	while (ALWAYS(i < n) && strcmp(list[i].layer->name, at->layer->name) != 0)
		i++;
	while (ALWAYS(i < n) && (list[i].node->kind != NODE_MAP || !list[i].node->map.count))
		i++;
	assert(list);
	const struct node *map = list[i].node;
	buf_printf(b, " in the place of a mapping of %zu key%s (", map->map.count,
		map->map.count == 1 ? "" : "s");
	for (size_t k = 0; k < map->map.count && k < NAMED; k++) {
		struct number_text room;

		buf_puts(b, k ? ", " : "");
		buf_add(b, key_text(map->map.pairs[k].key, &room));
	}
	buf_printf(b, "%s) in %s:%u", map->map.count > NAMED ? ", ..." : "", list[i].layer->path,
		map->place.line);
}

static void tell_application(
	struct check *c, const struct suspect *x, struct buf *b, struct about *about)
{
	const char *name = arena_copy(c->mem, x->key.at, x->key.len);
	const char *near = str_nearest(name, c->known->at, c->known->count);

	buf_printf(b, "sets %s, and the cluster type has no application '%s'", about->key, name);
	if (near)
		buf_printf(b, "; did you mean %s?", near);
	about->hint = near ? arena_printf(c->mem, "rename it to %s", near)
			   : "give it the name of an application of the cluster type";
}

static void tell(struct check *c, const struct suspect *x)
{
	static const char *const codes[] = {
		[LOSES_MAPPING] = "loses-mapping",
		[UNKNOWN_APPLICATION] = "unknown-application",
		[UNKNOWN_KEY] = "unknown-key",
		[LOOKS_LIKE_NUMBER] = "looks-like-number",
	};
	struct about about = { .key = keypath_text(c->mem, &x->path) };
	struct buf b = { .mem = c->mem };

	if (x->first->position != NOWHERE)
		about.position = c->s->app->fleet->positions[x->first->position].path;
	finding_at(&b, c->f, &about, x->first->layer, &x->place);
	if (x->what == UNKNOWN_APPLICATION)
		tell_application(c, x, &b, &about);
	else
		finding_set(&b, about.key, x->node, c->whole);
	if (x->what == LOSES_MAPPING) {
		tell_loss(c, x, &b);
		about.hint = "indent what belongs in it, or set only keys of it";
	} else if (x->what == UNKNOWN_KEY) {
		buf_printf(&b, ", a key that nothing below has; did you mean %s?", x->text);
		about.hint = arena_printf(c->mem, "rename it to %s", x->text);
	} else if (x->what == LOOKS_LIKE_NUMBER) {
		buf_printf(&b, ", which is the number %s", x->text);
		about.hint = arena_printf(c->mem, "put it in quotes: \"%s\"",
			arena_copy(c->mem, x->node->value.at, x->node->value.len));
	}
	check_more_files(&b, x->files);
	finding_add(c->mem, c->f, codes[x->what], about, b.at);
}

static void look_at_sighting(
	struct check *c, const struct sighting *s, struct suspects *all, struct map *words)
{
	struct suspects *mine = &all[s->unit];
	struct look look = { .c = c, .found = mine, .words = words };

	if (!mine->known)
		look_at_map(&look, s->layer->root, &c->all.root);
	mine->known = true;
	for (size_t i = 0; i < mine->count; i++) {
		struct suspect *x = &mine->list[i];

		if (!is_wrong(c, x, s->below))
			continue;
		if (!x->first)
			x->first = s;
		x->files += s->files;
	}
}

/* values.yaml itself is below everything: only a key tells there what was meant. */
static void look_at_base(struct check *c, const struct layer *base, struct map *words)
{
	const struct sighting first = { .layer = base, .position = NOWHERE, .files = 1 };
	struct suspects found = { 0 };
	struct look look = { .c = c, .found = &found, .words = words };

	look_at_map(&look, base->root, NULL);
	for (size_t i = 0; i < found.count; i++) {
		struct suspect *x = &found.list[i];

		x->text = lost_text(c->mem, x->node, x->key, NULL, true);
		x->first = &first;
		x->files = 1;
		if (x->text)
			tell(c, x);
	}
}

void check_values(struct check *c)
{
	struct map words = { 0 };
	struct suspects *all = ARENA_NEW(c->mem, struct suspects, c->unit_count + 1);

	if (!c->s->app->base)
		return;
	if (!c->s->file)
		look_at_base(c, c->s->app->base, &words);
	for (size_t i = 0; i < c->sighting_count; i++)
		if (check_wants(c, c->sightings[i].layer))
			look_at_sighting(c, &c->sightings[i], all, &words);
	for (size_t u = 1; u <= c->unit_count; u++)
		for (size_t i = 0; i < all[u].count; i++)
			if (all[u].list[i].first)
				tell(c, &all[u].list[i]);
}
