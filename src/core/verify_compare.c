/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verify_parts.h"

#include "base/map.h"
#include "core/sequence.h"

static bool is_done(const struct edit *edit, const struct changed_file *file, enum unlike *how)
{
	const bool is =
		edit->kind != EDIT_REMOVE; /* what was is what the step was worked out from */

	*how = UNLIKE_KIND;
	if ((file->is != NULL) != is || file->odd)
		return false;
	*how = UNLIKE_BYTES;
	return !is || str_equal(file->after, edit->now->doc->text);
}

static void add(struct arena *mem, struct unlikenesses *u, struct unlikeness one)
{
	*ARENA_PUSH(mem, u->list, u->count) = one;
}

struct unlikenesses verify_compare(
	struct arena *mem, const struct plan *plan, const struct judged *c)
{
	struct map files = { .mem = mem }, edits = { .mem = mem };
	struct unlikenesses u = { 0 };

	for (size_t i = 0; i < c->count; i++)
		*map_slot(&files, str_of(c->files[i].path)) = (void *)&c->files[i];
	for (size_t i = 0; i < plan->edit_count; i++) {
		const struct edit *edit = &plan->edits[i];
		const struct changed_file *file = map_get(&files, str_of(edit->path));
		enum unlike how = UNLIKE_MISSING;

		*map_slot(&edits, str_of(edit->path)) = (void *)edit;
		if (!file || !is_done(edit, file, &how))
			add(mem, &u,
				(struct unlikeness){ how, edit->path, edit->position, edit->kind });
	}
	for (size_t i = 0; i < c->count; i++)
		if (!map_get(&edits, str_of(c->files[i].path)))
			add(mem, &u,
				(struct unlikeness){
					.how = UNLIKE_ADDED, .path = c->files[i].path });
	return u;
}

static const char *verb_of(enum edit_kind kind)
{
	static const char *const verbs[] = {
		[EDIT_CREATE] = "makes", [EDIT_REPLACE] = "changes", [EDIT_REMOVE] = "removes"
	};

	return verbs[kind];
}

/* Whether a file is a copy of the patch that moves, at a position or not: what is behind its application. */
static const char *find_copy(const struct judged *c, const char *path)
{
	const struct subject *s = &c->replay.now->subject;
	const char *const parts[] = { "config", s->type, s->application };

	if (strcmp(strrchr(path, '/') + 1, c->replay.now->file) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const size_t n = strlen(parts[i]);

		if (strncmp(path, parts[i], n) != 0 || path[n] != '/')
			return NULL;
		path += n + 1;
	}
	return path;
}

/* The position of a copy of the patch that moves; NOWHERE if the file is none. */
static size_t position_of(struct arena *mem, const struct judged *c, const char *path)
{
	const char *at = find_copy(c, path), *end = at ? strrchr(at, '/') : NULL;

	if (!end)
		return NOWHERE;
	return fleet_find(c->replay.now->app->fleet, arena_copy(mem, at, (size_t)(end - at)));
}

const struct changed_file **verify_copies(struct arena *mem, const struct judged *c)
{
	const struct state *now = c->replay.now;
	const struct changed_file **copies =
		ARENA_NEW(mem, const struct changed_file *, now->app->fleet->count);

	for (size_t i = 0; i < c->count; i++) {
		const size_t at = position_of(mem, c, c->files[i].path);

		if (at != NOWHERE)
			copies[at] = &c->files[i];
	}
	return copies;
}

/* The copies after the commit: whose they are does not matter. */
static const struct layer **copies_after(struct arena *mem, const struct judged *c)
{
	const struct state *now = c->replay.now;
	const struct layer **copies = state_copies(mem, now);
	const struct changed_file **changed = verify_copies(mem, c);

	for (size_t p = 0; p < now->app->fleet->count; p++)
		if (changed[p])
			copies[p] = changed[p]->is ? now->app->base : NULL;
	return copies;
}

/* Whether the same targets have the patch after the commit as after the step. */
static bool covers_the_same(struct arena *mem, const struct judged *c, const struct step *step)
{
	const struct fleet *f = c->replay.now->app->fleet;
	size_t *is = ARENA_NEW(mem, size_t, f->count + 1);
	size_t *should = ARENA_NEW(mem, size_t, f->count + 1);

	sequence_covered_before(f, copies_after(mem, c), is);
	sequence_covered_before(f, step->after.copies, should);
	return memcmp(is, should, (f->count + 1) * sizeof(*is)) == 0;
}

/* Whether it makes copies of what is below, or removes them. */
static bool consolidates(const struct step *step)
{
	return step->kind == STEP_PROMOTE || step->kind == STEP_FILL ||
		step->kind == STEP_CONSOLIDATE;
}

/* The first file that the step leaves alone and that is no copy of the patch. */
static const struct unlikeness *find_other(const struct judged *c, const struct unlikenesses *u)
{
	for (size_t i = 0; i < u->count; i++)
		if (u->list[i].how == UNLIKE_ADDED && !find_copy(c, u->list[i].path))
			return &u->list[i];
	return NULL;
}

static const struct unlikeness *find_bytes(const struct unlikenesses *u)
{
	for (size_t i = 0; i < u->count; i++)
		if (u->list[i].how == UNLIKE_BYTES)
			return &u->list[i];
	return NULL;
}

struct verdict verify_unlike(struct arena *mem, const struct judged *c, const struct step *step,
	const struct unlikenesses *u, const char *what)
{
	const struct unlikeness *first = &u->list[0];
	const struct unlikeness *other = find_other(c, u), *bytes = find_bytes(u);
	struct verdict v;

	if (other)
		v = verdict_illegal(
			mem, "other-file", other->path, "%s does not change %s", what, other->path);
	else if (bytes)
		v = verdict_illegal(mem, "other-bytes", bytes->path, "%s gives %s other bytes",
			what, bytes->path);
	else if (first->how == UNLIKE_ADDED)
		v = verdict_illegal(mem, "other-copy", first->path, "%s leaves %s as it was", what,
			first->path);
	else
		v = verdict_illegal(mem, "incomplete", first->path,
			"%s %s %s, and the commit does not", what, verb_of(first->edit),
			first->path);
	if (!other && !bytes && consolidates(step) && covers_the_same(mem, c, step))
		v.rule = "consolidation";
	v.action = step_kind_name(step->kind);
	return v;
}
