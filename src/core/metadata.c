/* SPDX-License-Identifier: Apache-2.0 */
#include "core/metadata.h"

#include <string.h>

#include "core/diff.h"
#include "core/sequence.h"
#include "core/show.h"

const char *metadata_description(struct arena *mem, const struct layer *copy)
{
	const struct node *text = node_get(copy->metadata, "description");

	if (!text || text->kind != NODE_SCALAR)
		return NULL;
	return arena_copy(mem, text->value.at, text->value.len);
}

const char *metadata_one_line(struct arena *mem, const char *description)
{
	size_t n = description ? strlen(description) : 0;
	char *line = arena_copy(mem, description, n);

	while (n && line[n - 1] == '\n')
		line[--n] = '\0';
	for (size_t i = 0; i < n; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	return line;
}

enum { NAMED = 8, LISTED = 256 };

struct telling {
	struct arena *mem;
	const struct state *before, *after;
	bool whole;
	size_t count;
	struct findings *f;
};

/* The copy that is left of those at position p and above. */
static const struct layer *kept_copy(const struct telling *t, size_t p)
{
	const struct fleet *f = t->before->app->fleet;

	for (; p != NOWHERE; p = f->positions[p].parent)
		if (t->after->copies[p])
			return t->after->copies[p];
	return t->before->copies[sequence_first(f, t->before->copies)];
}

static void tell(struct telling *t, size_t p, const struct value_change *c)
{
	const struct about about = {
		.position = t->before->app->fleet->positions[p].path,
		.file = t->before->copies[p]->path,
		.line = c->now->place.line,
		.column = c->now->place.column,
		.key = arena_printf(t->mem, "metadata%s%s", c->path[0] ? "." : "", c->path),
	};
	struct buf b = { .mem = t->mem };

	if (t->count++ >= (t->whole ? LISTED : NAMED))
		return;
	buf_printf(&b, "%s: %s ", about.position, about.key);
	show_value(&b, c->now, t->whole);
	buf_puts(&b, " is removed with the copy there; the first copy has ");
	if (c->old)
		show_value(&b, c->old, t->whole);
	else
		buf_puts(&b, "none");
	finding_add(t->mem, t->f, "metadata-removed", about, b.at);
}

static void tell_copy(struct telling *t, size_t p)
{
	const struct node *kept = kept_copy(t, p)->metadata, *gone = t->before->copies[p]->metadata;
	const struct value_change *changes = NULL;
	size_t n = gone ? diff_trees(t->mem, kept, gone, &changes) : 0;

	for (size_t i = 0; i < n; i++)
		if (changes[i].now)
			tell(t, p, &changes[i]);
}

void metadata_findings(struct arena *mem, const struct state *before, const struct state *after,
	bool whole, struct findings *f)
{
	struct telling t = { mem, before, after, whole, 0, f };
	const size_t most = whole ? LISTED : NAMED;

	for (size_t p = 0; p < before->app->fleet->count; p++)
		if (before->copies[p] && !after->copies[p])
			tell_copy(&t, p);
	if (t.count > most)
		finding_add(mem, f, "metadata-removed", (struct about){ 0 },
			arena_printf(mem, "%zu more values of metadata are removed with copies",
				t.count - most));
}
