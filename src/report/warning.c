/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"
#include "core/show.h"

enum { FOLDED_NAMES = 8 };

void report_names(struct buf *out, const char *const *names, size_t n, bool whole)
{
	size_t shown = whole || n <= FOLDED_NAMES ? n : FOLDED_NAMES;

	for (size_t i = 0; i < shown; i++)
		buf_printf(out, "%s%s", i ? ", " : "", names[i]);
	if (shown < n)
		buf_printf(out, " and %zu more", n - shown);
}

/* "production/override.yaml:4 sets a.b to 77.8.0", with the path as seen from the application */
static void add_setting(struct buf *b, const struct state *now, const struct layer *layer,
	const struct node *node, const char *path, const struct look *look)
{
	const char *folder = paths_application(b->mem, &now->subject);
	size_t skip = strlen(folder);
	bool inside = strncmp(layer->path, folder, skip) == 0 && layer->path[skip] == '/';

	buf_printf(b, "%s:%u sets %s to ", inside ? layer->path + skip + 1 : layer->path,
		node->place.line, path);
	show_value(b, node, look->whole);
}

static void add_obstacle(
	struct buf *b, const struct state *now, const struct obstacle *o, const struct look *look)
{
	if (o->layer)
		add_setting(b, now, o->layer, o->node, o->path, look);
	else
		buf_printf(b, "%s would change at %s", o->path,
			now->app->fleet->positions[o->target].path);
}

static void add_held(
	struct buf *b, const struct report *r, const struct held *h, const struct look *look)
{
	const struct state *now = r->now;
	const struct position *p = &now->app->fleet->positions[h->parent];

	buf_printf(b, "Not consolidated to %s: ", p->path);
	switch (h->reason) {
	case HELD_DIFFERENT:
		buf_puts(b, "the copies below it differ");
		break;
	case HELD_OCCUPIED:
		buf_printf(b, "%s differs from the copies below it and is not overwritten",
			paths_copy(b->mem, &now->subject, p));
		break;
	case HELD_VALUES:
		add_obstacle(b, now, &h->obstacle, look);
		break;
	}
}

static void add_conflict(
	struct buf *b, const struct report *r, const struct conflict *c, const struct look *look)
{
	add_setting(b, r->now, c->layer, c->node, c->path, look);
	buf_puts(b,
		c->kind == CONFLICT_HIDDEN ? ", which hides the patch"
					   : ", which this step takes over from that patch");
	buf_printf(b, " at %s", r->now->app->fleet->positions[c->target].path);
	if (c->targets > 1)
		buf_printf(b, " and %zu more", c->targets - 1);
}

/* Names come from files: what could steer a terminal is escaped. */
static const char *escaped(struct arena *mem, const struct buf *b)
{
	struct buf line = { .mem = mem };

	show_escaped(&line, buf_str(b));
	return line.at;
}

size_t report_warnings(
	struct arena *mem, const struct report *r, const struct look *look, const char ***lines)
{
	const struct consolidation *c = &r->step->consolidation;
	const struct conflicts *conflicts = &r->step->conflicts;
	size_t n = 0;

	*lines =
		ARENA_NEW(mem, const char *, c->held_count + conflicts->count + r->stray_count + 3);
	for (size_t i = 0; i < c->held_count; i++) {
		struct buf b = { .mem = mem };
		add_held(&b, r, &c->held[i], look);
		(*lines)[n++] = escaped(mem, &b);
	}
	for (size_t i = 0; i < conflicts->count; i++) {
		struct buf b = { .mem = mem };
		add_conflict(&b, r, &conflicts->list[i], look);
		(*lines)[n++] = escaped(mem, &b);
	}
	for (size_t i = 0; i < r->stray_count; i++) {
		struct buf b = { .mem = mem };
		buf_printf(&b, "%s lies at no position of " PATHS_CONFIG " and is ignored",
			r->strays[i]);
		(*lines)[n++] = escaped(mem, &b);
	}
	if (r->step->kind == STEP_INTEGRATE && !r->now->app->base &&
		r->plan->edits[0].kind == EDIT_CREATE)
		(*lines)[n++] = arena_printf(mem,
			"%s is new: with it the application becomes part of every target",
			r->plan->edits[0].path);
	if (r->stale_count) {
		struct buf b = { .mem = mem };
		buf_printf(&b,
			"Generated files changed for targets outside this step; they were stale "
			"before: ");
		report_names(&b, r->stale, r->stale_count, look->whole);
		(*lines)[n++] = escaped(mem, &b);
	}
	if (r->left)
		(*lines)[n++] = arena_printf(mem,
			"The step is done, but what it worked with is left, for the next run to "
			"remove: %s",
			r->left);
	return n;
}
