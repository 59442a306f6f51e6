/* SPDX-License-Identifier: Apache-2.0 */
#include "core/differences.h"

#include "core/show.h"

enum { NAMED_POSITIONS = 4 };

struct differences differences_find(struct arena *mem, const struct state *s)
{
	struct differences d = { .fleet = s->app->fleet };

	for (size_t p = 0; p < d.fleet->count; p++) {
		const struct layer *copy = s->copies[p];
		size_t g = 0;

		if (!copy)
			continue;
		while (g < d.count && d.groups[g].copy->meaning != copy->meaning)
			g++;
		if (g == d.count)
			ARENA_PUSH(mem, d.groups, d.count)->copy = copy;
		*ARENA_PUSH(mem, d.groups[g].positions, d.groups[g].count) = p;
	}
	for (size_t g = 1; g < d.count; g++)
		d.groups[g].change_count = diff_trees(
			mem, d.groups[0].copy->root, d.groups[g].copy->root, &d.groups[g].changes);
	return d;
}

static void add_value(struct buf *b, const struct differences *d, const struct alike *group,
	const struct node *value, bool whole)
{
	const size_t named =
		whole || group->count <= NAMED_POSITIONS ? group->count : NAMED_POSITIONS;

	show_value(b, value, whole);
	for (size_t i = 0; i < named; i++)
		show_printf(b, "%s%s", i ? ", " : " at ",
			d->fleet->positions[group->positions[i]].path);
	if (named < group->count)
		buf_printf(b, " and %zu more", group->count - named);
}

const char *differences_text(
	struct arena *mem, const struct differences *d, size_t group, size_t k, bool whole)
{
	const struct alike *g = &d->groups[group];
	const struct value_change *change = &g->changes[k];
	struct buf b = { .mem = mem };

	/* untested: a tag of the whole has no path, and makes no other meaning alone */
	show_printf(&b, "%s is ", change->path[0] ? change->path : "the whole");
	add_value(&b, d, g, change->now, whole);
	buf_puts(&b, ", and ");
	add_value(&b, d, &d->groups[0], change->old, whole);
	return b.at;
}

struct about differences_about(const struct differences *d, size_t group, size_t k)
{
	const struct alike *g = &d->groups[group];
	const struct value_change *change = &g->changes[k];

	return (struct about){ .position = d->fleet->positions[g->positions[0]].path,
		.file = g->copy->path,
		.line = change->now ? change->now->place.line : 0,
		.column = change->now ? change->now->place.column : 0,
		/* untested: see above */
		.key = change->path[0] ? change->path : NULL,
		.hint = "make the copies alike" };
}

void differences_tell(struct arena *mem, const struct differences *d, bool whole, struct error *e)
{
	for (size_t g = 1; g < d->count; g++) {
		const size_t n = d->groups[g].change_count;
		const size_t named = whole || n <= DIFFERENCES_NAMED ? n : DIFFERENCES_NAMED;

		for (size_t k = 0; k < named; k++)
			error_detail(e, "  %s", differences_text(mem, d, g, k, whole));
		for (size_t k = 0; k < n && k < DIFFERENCES_LISTED; k++)
			error_blocker(e, differences_about(d, g, k), "%s",
				differences_text(mem, d, g, k, true));
		if (named < n)
			error_detail(e, "  and %zu more values; -v names all", n - named);
	}
}
