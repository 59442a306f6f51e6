/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"
#include "core/diff.h"
#include "core/verify.h"
#include "yaml/canon.h"
#include "yaml/expand.h"
#include "yaml/read.h"

static bool is_same_object(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* What a text sets; NULL if it is not values. */
static const struct node *values_of(struct arena *mem, const char *path, struct str text)
{
	const struct node *root = NULL;
	struct error e = { 0 };
	struct doc doc;

	if (yaml_read_values(mem, path, text, &doc, &e) == 0)
		root = yaml_expand_values(mem, &doc, NULL, &e);
	error_free(&e);
	return root;
}

static bool is_same_value(struct arena *mem, const struct node *a, const struct node *b)
{
	return a && b ? str_equal(yaml_meaning(mem, a), yaml_meaning(mem, b)) : a == b;
}

/* Whether the second side's changes of values are the first side's taken back. */
static bool is_taken_back(
	struct arena *mem, const struct changed_file *a, const struct changed_file *b)
{
	const struct value_change *done, *undone;
	struct map taken = { .mem = mem };
	const struct node *sides[] = { values_of(mem, a->path, a->before),
		values_of(mem, a->path, a->after), values_of(mem, b->path, b->before),
		values_of(mem, b->path, b->after) };

	for (size_t i = 0; i < sizeof(sides) / sizeof(*sides); i++)
		if (!sides[i])
			return false;
	const size_t n = diff_trees(mem, sides[0], sides[1], &done);
	if (diff_trees(mem, sides[2], sides[3], &undone) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		*map_slot(&taken, str_of(undone[i].path)) = (void *)&undone[i];
	for (size_t i = 0; i < n; i++) {
		const struct value_change *back = map_get(&taken, str_of(done[i].path));

		if (!back || !is_same_value(mem, done[i].old, back->now) ||
			!is_same_value(mem, done[i].now, back->old))
			return false;
	}
	return true;
}

bool verify_is_undone(struct arena *mem, const struct changed_file *done, size_t done_count,
	const struct changed_file *undone, size_t undone_count)
{
	if (done_count != undone_count || !done_count)
		return false;
	for (size_t i = 0; i < done_count; i++) {
		const struct changed_file *a = &done[i], *b = &undone[i];

		if (strcmp(a->path, b->path) != 0 || b->odd)
			return false;
		if (is_same_object(a->was, b->is) && is_same_object(a->is, b->was))
			continue;
		if (!a->was || !a->is || !b->was || !b->is || !is_taken_back(mem, a, b))
			return false;
	}
	return true;
}

/* The same, if the base is this object. */
static bool is_merged_from(const struct merged_file *f, const char *base, bool all)
{
	size_t changed = 0, same = 0;

	for (size_t p = 0; p < f->parent_count; p++) {
		if (is_same_object(f->parents[p], base))
			continue;
		changed++;
		same += is_same_object(f->parents[p], f->is);
	}
	if (!changed)
		return is_same_object(base, f->is);
	return all ? same == changed : same > 0;
}

bool verify_is_merged(const struct merged_file *f, bool all)
{
	for (size_t b = 0; b < f->base_count; b++)
		if (is_merged_from(f, f->bases[b], all))
			return true;
	return !f->base_count && is_merged_from(f, NULL, all);
}

/* The changes of one side since the base. */
struct side {
	const struct value_change *changes;
	size_t count;
};

/* Whether one path is below the other. */
static bool is_within(const char *path, const char *above)
{
	const size_t n = strlen(above);

	return strncmp(path, above, n) == 0 && path[n] == '.';
}

/* Whether a side has changed the path to something else than `now`. */
static bool is_contested(struct arena *mem, const struct side *s, const struct value_change *c)
{
	for (size_t i = 0; i < s->count; i++) {
		const char *path = s->changes[i].path;

		if (strcmp(path, c->path) == 0
				? !is_same_value(mem, s->changes[i].now, c->now)
				: is_within(path, c->path) || is_within(c->path, path))
			return true;
	}
	return false;
}

/* Whether a side has the change, too. */
static bool has_change(struct arena *mem, const struct side *s, const struct value_change *c)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->changes[i].path, c->path) == 0)
			return is_same_value(mem, s->changes[i].now, c->now);
	return false;
}

static bool keeps(struct arena *mem, const struct side *sides, size_t count, size_t own)
{
	const struct side *is = &sides[count];

	for (size_t i = 0; i < sides[own].count; i++) {
		const struct value_change *c = &sides[own].changes[i];
		bool contested = false;

		for (size_t p = 0; p < count; p++)
			contested |= p != own && is_contested(mem, &sides[p], c);
		if (!contested && !has_change(mem, is, c))
			return false;
	}
	return true;
}

bool verify_keeps_values(struct arena *mem, const char *path, struct str base,
	const struct str *parents, size_t count, struct str is)
{
	struct side *sides = ARENA_NEW(mem, struct side, count + 1);
	const struct node *was = values_of(mem, path, base);

	for (size_t i = 0; i <= count; i++) {
		const struct node *now = values_of(mem, path, i < count ? parents[i] : is);

		if (!was || !now)
			return false;
		sides[i].count = diff_trees(mem, was, now, &sides[i].changes);
	}
	for (size_t i = 0; i < count; i++)
		if (!keeps(mem, sides, count, i))
			return false;
	return true;
}
