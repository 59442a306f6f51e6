/* SPDX-License-Identifier: Apache-2.0 */
#include "core/expect.h"

#include "base/digest.h"
#include "base/map.h"
#include "yaml/canon.h"

enum part {
	COPIES,
	PATCHES,
	OVERRIDES,
	VALUES,
	DEFAULTS,
	CONFIG,
	FILES, /* how many of the classes are of files */
	EDITS = FILES,
	EFFECT,
	CLASSES
};

enum {
	DIGITS = 8,         /* of a class */
	WIDTH = DIGITS + 1, /* with what is behind it */
	NAMED_FILES = 8,    /* in one line */
	LISTED_FILES = 256  /* for programs */
};

static const char *const class_names[CLASSES] = {
	[COPIES] = "copies of the patch",
	[PATCHES] = "other patches",
	[OVERRIDES] = "overrides",
	[VALUES] = "values",
	[DEFAULTS] = "defaults",
	[CONFIG] = "config",
	[EDITS] = "edits",
	[EFFECT] = "effect",
};

/* The digest of a class that is being made. */
struct making {
	const struct expectation *x;
	struct map texts; /* by the document of a text: its digest; files share a few texts */
	struct digesting digesting;
};

/* Everything has its end, so that no two lists look the same. */
static void add_text(struct making *m, const char *text)
{
	digest_add(&m->digesting, (struct str){ text, strlen(text) + 1 });
}

static void add_bytes(struct making *m, struct str bytes)
{
	const struct digest d = digest_of(bytes);

	digest_add(&m->digesting, (struct str){ (const char *)d.at, sizeof(d.at) });
}

static void add_file(struct making *m, const char *path, const struct doc *doc)
{
	void **slot = map_slot_address(&m->texts, doc);
	struct digest *d = *slot;

	if (!d) {
		d = *slot = ARENA_NEW(m->x->mem, struct digest, 1);
		*d = digest_of(doc->text);
	}
	add_text(m, path);
	digest_add(&m->digesting, (struct str){ (const char *)d->at, sizeof(d->at) });
}

/* The class of a layer at a position. */
static enum part part_of(const struct state *now, const struct layer *layer)
{
	if (!layer->patch)
		return OVERRIDES;
	return state_is_copy(now, layer) ? COPIES : PATCHES;
}

typedef void layer_function(void *context, const struct layer *layer);

/* Calls a function for each file of a class but config.yaml, in sequence order. */
static void each_layer(
	const struct expectation *x, enum part part, layer_function *each, void *context)
{
	const struct application *app = x->now->app;
	const struct astray_copies *astray = &x->step->astray;
	const struct layer *one = part == VALUES ? app->base
		: part == DEFAULTS               ? app->defaults
						 : NULL;

	if (one)
		each(context, one);
	for (size_t p = 0; part <= OVERRIDES && p < app->fleet->count; p++)
		for (size_t i = 0; i < app->at[p].count; i++)
			if (part_of(x->now, app->at[p].layers[i]) == part)
				each(context, app->at[p].layers[i]);
	for (size_t i = 0; part == COPIES && i < astray->count; i++)
		each(context, astray->list[i]);
}

static void add_layer(void *context, const struct layer *layer)
{
	add_file(context, layer->path, layer->doc);
}

static void add_edits(struct making *m)
{
	static const char *const kinds[] = {
		[EDIT_CREATE] = "create", [EDIT_REPLACE] = "replace", [EDIT_REMOVE] = "remove"
	};
	const struct plan *plan = m->x->plan;

	for (size_t i = 0; i < plan->edit_count; i++) {
		const struct edit *edit = &plan->edits[i];

		add_text(m, kinds[edit->kind]);
		if (edit->now)
			add_file(m, edit->path, edit->now->doc);
		else
			add_text(m, edit->path);
	}
}

/* An absent value is not one of no bytes. */
static void add_value(struct making *m, const struct node *value)
{
	const struct arena_mark mark = arena_mark(m->x->mem);

	add_text(m, value ? "value" : "none");
	add_bytes(m, yaml_meaning(m->x->mem, value));
	arena_rewind(m->x->mem, mark);
}

static void add_effect(struct making *m)
{
	const struct effect *effect = &m->x->plan->effect;
	const struct position *positions = m->x->now->app->fleet->positions;

	for (size_t i = 0; i < effect->count; i++) {
		const struct effect_group *g = &effect->groups[i];

		for (size_t k = 0; k < g->target_count; k++)
			add_text(m, positions[g->targets[k]].path);
		for (size_t k = 0; k < g->count; k++) {
			add_text(m, "");
			add_text(m, g->changes[k].path);
			add_value(m, g->changes[k].old);
			add_value(m, g->changes[k].now);
		}
		add_text(m, "");
	}
}

/* The part of a class: DIGITS digits. */
static void make_part(struct making *m, enum part part, char out[DIGITS])
{
	char text[DIGEST_TEXT];

	digest_begin(&m->digesting);
	add_text(m, class_names[part]);
	each_layer(m->x, part, add_layer, m);
	if (part == CONFIG)
		add_bytes(m, m->x->config);
	if (part == EDITS)
		add_edits(m);
	if (part == EFFECT)
		add_effect(m);
	const struct digest d = digest_end(&m->digesting);
	digest_print(&d, text);
	memcpy(out, text, DIGITS);
}

const char *expect_digest(const struct expectation *x)
{
	struct making m = { .x = x, .texts.mem = x->mem };
	char *text = ARENA_NEW(x->mem, char, CLASSES *WIDTH);

	for (enum part part = 0; part < CLASSES; part++) {
		make_part(&m, part, text + part * WIDTH);
		text[part * WIDTH + DIGITS] = part + 1 < CLASSES ? '-' : '\0';
	}
	return text;
}

bool expect_is_digest(const char *text)
{
	for (size_t i = 0; i < CLASSES * WIDTH - 1; i++) {
		const bool digit = text[i] && strchr("0123456789abcdef", text[i]);

		if (i % WIDTH == DIGITS ? text[i] != '-' : !digit)
			return false;
	}
	return !text[CLASSES * WIDTH - 1];
}

/* The files of a class, as an error names them. */
struct naming {
	struct error *e;
	const char *class;
	struct buf line;
	size_t count;
};

static void name_path(struct naming *n, const char *path)
{
	if (n->count < NAMED_FILES)
		buf_printf(&n->line, "%s%s", n->count ? ", " : ": ", path);
	if (n->count++ < LISTED_FILES)
		error_blocker(n->e, (struct about){ .file = path },
			"one of the files in which something has changed: %s", n->class);
}

static void name_layer(void *context, const struct layer *layer)
{
	name_path(context, layer->path);
}

/* Which file of a class has changed is not known, unless there is but one: all that are there now. */
static void name_class(const struct expectation *x, enum part part, struct error *e)
{
	struct naming n = { e, class_names[part], { .mem = x->mem }, 0 };

	buf_printf(&n.line, "%s", n.class);
	each_layer(x, part, name_layer, &n);
	if (part == CONFIG)
		name_path(&n, "config/config.yaml");
	for (size_t i = 0; part == EDITS && i < x->plan->edit_count; i++)
		name_path(&n, x->plan->edits[i].path);
	if (n.count > NAMED_FILES)
		buf_printf(&n.line, " and %zu more", n.count - NAMED_FILES);
	if (part < FILES && !n.count)
		buf_puts(&n.line, ": there is none any more");
	error_detail(e, "  %s", n.line.at);
}

int expect_check(const struct expectation *x, const char *expected, struct error *e)
{
	const char *digest = expect_digest(x);
	bool differs[CLASSES], files = false;

	if (strcmp(digest, expected) == 0)
		return 0;
	for (enum part part = 0; part < CLASSES; part++) {
		differs[part] = memcmp(digest + part * WIDTH, expected + part * WIDTH, DIGITS) != 0;
		files |= part < FILES && differs[part];
	}
	error_set(e, STATUS_REFUSED, "Not the step of the dry run; %s",
		files ? "what has changed since, and the files that are there now:"
		      : "of the same files, but with other options. What differs:");
	error_code(e, "unexpected");
	for (enum part part = 0; part < CLASSES; part++)
		if (differs[part])
			name_class(x, part, e);
	return -1;
}
