/* SPDX-License-Identifier: Apache-2.0 */
#include "core/finding.h"

#include <stdlib.h>

#include "core/show.h"

const struct finding_code finding_codes[] = {
	{ "gap", SEVERITY_ERROR },
	{ "copies-differ", SEVERITY_ERROR },
	{ "broken-yaml", SEVERITY_ERROR },
	{ "duplicate-key", SEVERITY_ERROR },
	{ "too-large", SEVERITY_ERROR },
	{ "stray-file", SEVERITY_ERROR },
	{ "loses-mapping", SEVERITY_ERROR },
	{ "unknown-application", SEVERITY_ERROR },
	{ "stale-rendered", SEVERITY_ERROR },
	{ "unfinished-step", SEVERITY_ERROR },
	{ "bad-hold", SEVERITY_ERROR },
	{ "no-effect", SEVERITY_WARNING },
	{ "hidden", SEVERITY_WARNING },
	{ "conflict", SEVERITY_WARNING },
	{ "superseded", SEVERITY_WARNING },
	{ "unknown-key", SEVERITY_WARNING },
	{ "looks-like-number", SEVERITY_WARNING },
	{ "redundant-copy", SEVERITY_WARNING },
	{ "expired-hold", SEVERITY_WARNING },
	{ "name-order", SEVERITY_WARNING },
	{ "unused-ignore", SEVERITY_WARNING },
	{ NULL, SEVERITY_WARNING },
};

enum severity finding_severity(const char *code)
{
	const struct finding_code *c = finding_codes;

	while (c->code && strcmp(c->code, code) != 0)
		c++;
	return c->severity;
}

void finding_add(struct arena *mem, struct findings *f, const char *code, struct about about,
	const char *text)
{
	struct buf line = { .mem = mem };

	show_escaped(&line, str_of(text));
	*ARENA_PUSH(mem, f->list, f->count) = (struct finding){
		.code = code,
		.severity = f->checked ? finding_severity(code) : SEVERITY_WARNING,
		.type = f->type,
		.application = f->application,
		.about = about,
		.text = line.at,
	};
}

static const char *keep(struct arena *mem, const char *text)
{
	return text ? arena_copy(mem, text, strlen(text)) : NULL;
}

void findings_keep(struct arena *mem, struct findings *f, const struct findings *from)
{
	for (size_t i = 0; i < from->count; i++) {
		struct finding *made = ARENA_PUSH(mem, f->list, f->count);

		*made = from->list[i];
		made->code = keep(mem, made->code);
		made->type = keep(mem, made->type);
		made->application = keep(mem, made->application);
		made->text = keep(mem, made->text);
		made->about.position = keep(mem, made->about.position);
		made->about.file = keep(mem, made->about.file);
		made->about.key = keep(mem, made->about.key);
		made->about.hint = keep(mem, made->about.hint);
	}
}

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int compare_numbers(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

int findings_compare(const struct finding *a, const struct finding *b)
{
	const int by[] = {
		compare_texts(a->about.file, b->about.file),
		compare_numbers(a->about.line, b->about.line),
		compare_numbers(a->about.column, b->about.column),
		compare_texts(a->code, b->code),
		compare_texts(a->type, b->type),
		compare_texts(a->application, b->application),
		compare_texts(a->about.position, b->about.position),
		compare_texts(a->about.key, b->about.key),
		compare_texts(a->text, b->text),
	};

	for (size_t i = 0; i < sizeof(by) / sizeof(*by); i++)
		if (by[i])
			return by[i];
	return 0;
}

static int compare_elements(const void *a, const void *b)
{
	return findings_compare(a, b);
}

void findings_sort(struct findings *f)
{
	if (f->count)
		qsort(f->list, f->count, sizeof(*f->list), compare_elements);
}

void finding_keep_error(struct arena *mem, struct findings *f, const struct error *e)
{
	struct findings one = { .type = f->type, .application = f->application };

	finding_add(mem, &one, e->code, e->about, e->text);
	one.list->severity = SEVERITY_ERROR;
	findings_keep(mem, f, &one);
}

void finding_at(struct buf *b, const struct findings *f, struct about *about,
	const struct layer *layer, const struct place *place)
{
	about->file = layer->path;
	about->line = place->line;
	about->column = place->column;
	if (!f->checked)
		buf_printf(b, "%s:%u ", layer->path, place->line);
}

void finding_set(struct buf *b, const char *key, const struct node *node, bool whole)
{
	buf_printf(b, "sets %s to ", key);
	show_value(b, node, whole);
}

static const char *setting_hint(const struct layer *layer)
{
	return layer->patch ? "finish that patch first"
			    : "take the key out of that file if the patch is to decide";
}

void finding_add_held(struct arena *mem, struct findings *f, const struct state *now,
	const struct held *h, bool whole)
{
	const struct fleet *fleet = now->app->fleet;
	const struct position *p = &fleet->positions[h->parent];
	const struct obstacle *o = &h->obstacle;
	struct about about = { .position = p->path };
	const char *code = NULL;
	struct buf b = { .mem = mem };

	buf_printf(&b, "Not consolidated to %s: ", p->path);
	switch (h->reason) {
	case HELD_DIFFERENT:
		code = "copies-differ";
		about.hint = "make the copies below it alike";
		buf_puts(&b, "the copies below it differ");
		break;
	case HELD_OCCUPIED:
		code = "would-overwrite";
		about.file = paths_copy(mem, &now->subject, p);
		about.hint = "make the copies alike";
		buf_printf(&b, "%s differs from the copies below it and is not overwritten",
			about.file);
		break;
	case HELD_VALUES:
		code = "values-would-change";
		about.key = o->path;
		/* untested: what holds copies back is an override or a patch below a parent */
		if (o->layer) {
			about.hint = setting_hint(o->layer);
			finding_at(&b, f, &about, o->layer, &o->node->place);
			finding_set(&b, o->path, o->node, whole);
		} else {
			buf_printf(&b, "%s would change at %s", o->path,
				fleet->positions[o->target].path);
		}
		break;
	}
	finding_add(mem, f, code, about, b.at);
}

void finding_add_conflict(struct arena *mem, struct findings *f, const struct state *now,
	const struct conflict *c, bool whole)
{
	bool hidden = c->kind == CONFLICT_HIDDEN;
	struct about about = { .position = now->app->fleet->positions[c->target].path,
		.key = c->path,
		.hint = hidden ? setting_hint(c->layer) : NULL };
	struct buf b = { .mem = mem };

	finding_at(&b, f, &about, c->layer, &c->node->place);
	finding_set(&b, c->path, c->node, whole);
	if (hidden)
		buf_printf(&b, ", which hides %s at %s", now->subject.patch, about.position);
	else
		buf_printf(
			&b, ", which this step takes over from that patch at %s", about.position);
	if (c->targets > 1)
		buf_printf(&b, " and %zu more", c->targets - 1);
	finding_add(mem, f, hidden ? "hidden" : "conflict", about, b.at);
}
