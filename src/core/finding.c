/* SPDX-License-Identifier: Apache-2.0 */
#include "core/finding.h"

#include "core/show.h"

/* "production/override.yaml:4 sets a.b to 77.8.0", with the path as seen from the application */
static void add_setting(struct buf *b, const struct state *now, const struct layer *layer,
	const struct node *node, const char *path, bool whole)
{
	const char *home = paths_application(b->mem, &now->subject);
	size_t skip = strlen(home);
	bool inside = strncmp(layer->path, home, skip) == 0 && layer->path[skip] == '/';

	buf_printf(b, "%s:%u sets %s to ", inside ? layer->path + skip + 1 : layer->path,
		node->place.line, path);
	show_value(b, node, whole);
}

static void set_setting(struct finding *f, const struct layer *layer, const struct node *node)
{
	f->file = layer->path;
	f->line = node->place.line;
	f->column = node->place.column;
	f->hint = layer->patch ? "finish that patch first"
			       : "take the key out of that file if the patch is to decide";
}

static void set_text(struct finding *f, const struct buf *text)
{
	struct buf line = { .mem = text->mem };

	show_escaped(&line, buf_str(text));
	f->text = line.at;
}

static void add_obstacle(struct buf *b, struct finding *f, const struct state *now,
	const struct obstacle *o, bool whole)
{
	f->path = o->path;
	if (o->layer) {
		set_setting(f, o->layer, o->node);
		add_setting(b, now, o->layer, o->node, o->path, whole);
	} else {
		buf_printf(b, "%s would change at %s", o->path,
			now->app->fleet->positions[o->target].path);
	}
}

struct finding finding_of_held(
	struct arena *mem, const struct state *now, const struct held *h, bool whole)
{
	const struct position *p = &now->app->fleet->positions[h->parent];
	struct finding f = { .severity = SEVERITY_WARNING, .position = p->path };
	struct buf b = { .mem = mem };

	buf_printf(&b, "Not consolidated to %s: ", p->path);
	switch (h->reason) {
	case HELD_DIFFERENT:
		f.code = "copies-differ";
		f.hint = "make the copies below it alike";
		buf_puts(&b, "the copies below it differ");
		break;
	case HELD_OCCUPIED:
		f.code = "would-overwrite";
		f.file = paths_copy(mem, &now->subject, p);
		f.hint = "make the copies alike";
		buf_printf(
			&b, "%s differs from the copies below it and is not overwritten", f.file);
		break;
	case HELD_VALUES:
		f.code = "values-would-change";
		add_obstacle(&b, &f, now, &h->obstacle, whole);
		break;
	}
	set_text(&f, &b);
	return f;
}

struct finding finding_of_conflict(
	struct arena *mem, const struct state *now, const struct conflict *c, bool whole)
{
	const char *target = now->app->fleet->positions[c->target].path;
	bool hidden = c->kind == CONFLICT_HIDDEN;
	struct finding f = { .severity = SEVERITY_WARNING, .position = target, .path = c->path };
	struct buf b = { .mem = mem };

	set_setting(&f, c->layer, c->node);
	f.code = hidden ? "hidden" : "conflict";
	f.hint = hidden ? f.hint : NULL;
	add_setting(&b, now, c->layer, c->node, c->path, whole);
	buf_printf(&b, ", which %s at %s",
		hidden ? "hides the patch" : "this step takes over from that patch", target);
	if (c->targets > 1)
		buf_printf(&b, " and %zu more", c->targets - 1);
	set_text(&f, &b);
	return f;
}
