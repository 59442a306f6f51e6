/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/pairing.h"

#include <stdlib.h>

#include "yaml/canon.h"
#include "yaml/edit/lcs.h"
#include "yaml/keys.h"

/* Keys whose value identifies an item of a list, the strongest first. */
static const char *const identities[] = { "name", "key", "id" };
enum { IDENTITIES = sizeof(identities) / sizeof(identities[0]) };

/* An item and what it is compared by. */
struct named {
	struct str text;
	size_t item;
};

/* Two lists, and the matches found so far. */
struct lists {
	struct arena *mem;
	const struct node *old, *new;
	size_t *match;
	bool *taken; /* of new */
};

static int compare_named(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = str_compare(x->text, y->text);

	return order ? order : (x->item > y->item) - (x->item < y->item);
}

/* The scalar that is the mapping's value for an identity, or NULL. */
static const struct node *identity(const struct node *item, const char *key)
{
	const struct node *value = item->kind == NODE_MAP ? node_get(item, key) : NULL;

	return value && value->kind == NODE_SCALAR ? value : NULL;
}

/* What identifies the items of a list by this key, sorted; NULL if it does not. */
static struct named *identified(struct arena *mem, const struct node *list, const char *key)
{
	size_t n = list->list.count;
	struct named *all = ARENA_NEW(mem, struct named, n);

	for (size_t i = 0; i < n; i++) {
		const struct node *value = identity(list->list.items[i], key);
		if (!value)
			return NULL;
		all[i] = (struct named){ yaml_meaning(mem, value), i };
	}
	qsort(all, n, sizeof(*all), compare_named);
	for (size_t i = 1; i < n; i++)
		if (str_equal(all[i].text, all[i - 1].text))
			return NULL;
	return all;
}

/* Pairs what has the same text, in order. Both are sorted. */
static void pair_equal(
	struct lists *l, const struct named *old, size_t n, const struct named *new, size_t m)
{
	for (size_t i = 0, j = 0; i < n && j < m;) {
		int order = str_compare(old[i].text, new[j].text);
		if (order == 0) {
			l->match[old[i].item] = new[j].item;
			l->taken[new[j].item] = true;
		}
		i += order <= 0;
		j += order >= 0;
	}
}

static bool pair_identified(struct lists *l)
{
	for (size_t k = 0; k < IDENTITIES; k++) {
		struct named *old = identified(l->mem, l->old, identities[k]);
		struct named *new = old ? identified(l->mem, l->new, identities[k]) : NULL;
		if (new) {
			pair_equal(l, old, l->old->list.count, new, l->new->list.count);
			return true;
		}
	}
	return false;
}

static struct str *meanings(struct arena *mem, const struct node *list)
{
	struct str *s = ARENA_NEW(mem, struct str, list->list.count);

	for (size_t i = 0; i < list->list.count; i++)
		s[i] = yaml_meaning(mem, list->list.items[i]);
	return s;
}

/* Pairs what means the same: in order as far as possible, then what has moved. */
static void pair_same(struct lists *l)
{
	size_t n = l->old->list.count, m = l->new->list.count, a = 0, b = 0;
	struct str *old = meanings(l->mem, l->old), *new = meanings(l->mem, l->new);
	struct named *rest_old = ARENA_NEW(l->mem, struct named, n);
	struct named *rest_new = ARENA_NEW(l->mem, struct named, m);

	l->match = lcs_match(l->mem, old, n, new, m);
	for (size_t i = 0; i < n; i++)
		if (l->match[i] == LCS_NONE)
			rest_old[a++] = (struct named){ old[i], i };
		else
			l->taken[l->match[i]] = true;
	for (size_t j = 0; j < m; j++)
		if (!l->taken[j])
			rest_new[b++] = (struct named){ new[j], j };
	qsort(rest_old, a, sizeof(*rest_old), compare_named);
	qsort(rest_new, b, sizeof(*rest_new), compare_named);
	pair_equal(l, rest_old, a, rest_new, b);
}

/* What an item consists of, sorted. */
struct traits {
	struct named *at;
	size_t count;
	size_t item;
	enum node_kind kind;
};

static struct traits traits_of(struct arena *mem, const struct node *item, size_t number)
{
	struct traits t = { NULL, node_count(item), number, item->kind };
	const char *equals = NULL;

	if (item->kind == NODE_SCALAR)
		equals = memchr(item->value.at, '=', item->value.len);
	if (equals)
		t.count = 1;
	t.at = ARENA_NEW(mem, struct named, t.count);
	if (equals)
		t.at[0].text = str_part(item->value, 0, (size_t)(equals - item->value.at));
	for (size_t i = 0; i < node_count(item); i++) {
		struct buf text = { .mem = mem };
		if (item->kind == NODE_MAP) {
			struct number_text room;
			struct str key = key_text(item->map.pairs[i].key, &room);
			buf_printf(&text, "%zu:", key.len);
			buf_add(&text, key);
		}
		yaml_canon(&text, node_child(item, i));
		t.at[i].text = buf_str(&text);
	}
	qsort(t.at, t.count, sizeof(*t.at), compare_named);
	return t;
}

/* How alike two items are. */
struct likeness {
	size_t old, new;
	size_t common, of; /* parts that are the same, of the more parts that one of them has */
};

static struct likeness compare_traits(const struct traits *a, const struct traits *b)
{
	struct likeness l = { a->item, b->item, 0, a->count > b->count ? a->count : b->count };

	for (size_t i = 0, j = 0; a->kind == b->kind && i < a->count && j < b->count;) {
		int order = str_compare(a->at[i].text, b->at[j].text);
		l.common += order == 0;
		i += order <= 0;
		j += order >= 0;
	}
	return l;
}

static size_t distance(const struct likeness *l)
{
	return l->old > l->new ? l->old - l->new : l->new - l->old;
}

/* The most alike first, then the nearest. */
static int compare_likeness(const void *a, const void *b)
{
	const struct likeness *x = a, *y = b;
	size_t more = x->common * y->of, less = y->common * x->of;

	if (more != less)
		return more > less ? -1 : 1;
	if (distance(x) != distance(y))
		return distance(x) < distance(y) ? -1 : 1;
	return (x->old > y->old) - (x->old < y->old);
}

/* Pairs what is left if most of it is the same. */
static void pair_similar(struct lists *l)
{
	size_t n = l->old->list.count, m = l->new->list.count, a = 0, b = 0, count = 0;
	struct traits *old = ARENA_NEW(l->mem, struct traits, n);
	struct traits *new = ARENA_NEW(l->mem, struct traits, m);
	struct likeness *all = NULL;

	for (size_t i = 0; i < n; i++)
		if (l->match[i] == PAIRING_NONE)
			old[a++].item = i;
	for (size_t j = 0; j < m; j++)
		if (!l->taken[j])
			new[b++].item = j;
	if (!a || !b || a > PAIRING_CELLS / b)
		return;
	for (size_t i = 0; i < a; i++)
		old[i] = traits_of(l->mem, l->old->list.items[old[i].item], old[i].item);
	for (size_t j = 0; j < b; j++)
		new[j] = traits_of(l->mem, l->new->list.items[new[j].item], new[j].item);
	for (size_t i = 0; i < a; i++)
		for (size_t j = 0; j < b; j++) {
			struct likeness x = compare_traits(&old[i], &new[j]);
			if (2 * x.common > x.of)
				*ARENA_PUSH(l->mem, all, count) = x;
		}
	if (count)
		qsort(all, count, sizeof(*all), compare_likeness);
	for (size_t i = 0; i < count; i++)
		if (l->match[all[i].old] == PAIRING_NONE && !l->taken[all[i].new]) {
			l->match[all[i].old] = all[i].new;
			l->taken[all[i].new] = true;
		}
}

size_t *pairing_of(struct arena *mem, const struct node *old, const struct node *new)
{
	size_t n = old->list.count;
	struct lists l = { .mem = mem, .old = old, .new = new };

	l.match = ARENA_NEW(mem, size_t, n);
	l.taken = ARENA_NEW(mem, bool, new->list.count);
	for (size_t i = 0; i < n; i++)
		l.match[i] = PAIRING_NONE;
	if (!pair_identified(&l)) {
		pair_same(&l);
		pair_similar(&l);
	}
	return l.match;
}

bool pairing_may_be(struct arena *mem, const struct node *old, const struct node *new)
{
	for (size_t k = 0; k < IDENTITIES; k++) {
		const struct node *a = identity(old, identities[k]);
		const struct node *b = identity(new, identities[k]);
		if (a && b)
			return node_same(mem, a, b);
	}
	if (old->kind != NODE_SCALAR || new->kind != NODE_SCALAR)
		return true;
	struct traits a = traits_of(mem, old, 0), b = traits_of(mem, new, 0);
	return !a.count || !b.count || compare_traits(&a, &b).common;
}

/* The longest rising sequence: tails[k] is the item that ends the best one of k + 1 items. */
void pairing_in_order(struct arena *mem, const size_t *match, size_t count, bool *stays)
{
	size_t *tails = ARENA_NEW(mem, size_t, count), *before = ARENA_NEW(mem, size_t, count);
	size_t longest = 0;

	for (size_t i = 0; i < count; i++) {
		size_t low = 0, high = longest;
		if (match[i] == PAIRING_NONE)
			continue;
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			if (match[tails[middle]] < match[i])
				low = middle + 1;
			else
				high = middle;
		}
		before[i] = low ? tails[low - 1] : PAIRING_NONE;
		tails[low] = i;
		longest = low == longest ? longest + 1 : longest;
	}
	for (size_t i = longest ? tails[longest - 1] : PAIRING_NONE; i != PAIRING_NONE;
		i = before[i])
		stays[i] = true;
}
