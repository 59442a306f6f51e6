/* SPDX-License-Identifier: Apache-2.0 */
#include "core/keyglob.h"

#include "core/diff.h"

int keyglob_parse(struct arena *mem, const char *text, struct keyglob *glob, struct error *e)
{
	struct keypath path = { 0 };
	const bool *quoted = NULL;
	size_t any = 0;

	if (keypath_parse_quotes(mem, text, &path, &quoted, e) < 0)
		return -1;
	struct glob_part *parts = ARENA_NEW(mem, struct glob_part, path.count);
	struct keyglob made = { .parts = parts, .count = path.count };
	for (size_t i = 0; i < path.count; i++) {
		const struct str part = path.parts[i];
		const struct node typed = { .kind = NODE_SCALAR, .value = part };
		bool star = !quoted[i] && memchr(part.at, '*', part.len);

		parts[i] = (struct glob_part){ GLOB_KEY, part, part };
		if (star && str_is(part, "**"))
			parts[i].kind = GLOB_ANY;
		else if (star)
			parts[i].kind = GLOB_STAR;
		else
			parts[i].spelled = key_text_in(mem, &typed);
		made.open |= star;
		made.deep = parts[i].kind == GLOB_ANY;
		any += made.deep;
	}
	if (any > 1)
		return error_set(e, STATUS_USAGE, "the path '%s': ** may be used only once", text);
	*glob = made;
	return 0;
}

struct keyglob keyglob_of_path(struct arena *mem, const char *path)
{
	const struct keypath known = keypath_known(mem, path);
	struct glob_part *parts = ARENA_NEW(mem, struct glob_part, known.count);

	for (size_t i = 0; i < known.count; i++)
		parts[i] = (struct glob_part){ GLOB_KEY, known.parts[i], known.parts[i] };
	return (struct keyglob){ .parts = parts, .count = known.count };
}

/* Whether the text is the pattern, in which a star is any number of bytes. */
static bool fits(struct str pattern, struct str text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, from = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.at[p] == '*') {
			star = p++;
			from = t;
		} else if (p < pattern.len && pattern.at[p] == text.at[t]) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.at[p] == '*')
		p++;
	return p == pattern.len;
}

struct walk {
	const struct keyglob *glob;
	struct stacks *stacks;
	struct arena *mem;
	struct buf path;
	keyglob_found *found;
	void *context;
};

static void walk(struct walk *w, const struct view *v, size_t part);

/* What the view has at a key or an index. */
static struct view view_child(struct walk *w, const struct view *v, struct str key)
{
	const struct keypath path = { &key, 1 };
	struct view below = { 0 };

	for (size_t i = 0; i < v->count && diff_work(w->stacks, 1); i++) {
		size_t depth = 0;
		const struct node *n =
			keypath_follow_many(&w->stacks->lookup, v->nodes[i], &path, &depth);

		if (depth)
			view_add(w->mem, &below, n);
	}
	return below;
}

/* Continues at a key, if it is there. */
static bool step(struct walk *w, const struct view *v, struct str key, size_t part)
{
	enum { BYTES_OF_STEP = 8 };
	const struct view below = view_child(w, v, key);
	const size_t len = w->path.len;

	if (!below.count || !diff_work(w->stacks, (len + key.len) / BYTES_OF_STEP))
		return false;
	/* 01 is the same item as 1 */
	while (v->nodes[0]->kind == NODE_LIST && key.len > 1 && key.at[0] == '0')
		key = str_part(key, 1, key.len);
	keypath_add(&w->path, key);
	walk(w, &below, part);
	w->path.len = len;
	return true;
}

static void step_list(struct walk *w, const struct view *v, struct str pattern, size_t part)
{
	for (size_t i = 0; i < v->nodes[0]->list.count; i++) {
		const char *index = arena_printf(w->mem, "%zu", i);

		if (fits(pattern, str_of(index)))
			step(w, v, str_of(index), part);
	}
}

/* All keys or items that the pattern fits, in the order that they have when they are merged. */
static void step_all(struct walk *w, const struct view *v, struct str pattern, size_t part)
{
	struct map known = { .mem = w->mem };

	if (v->count && v->nodes[0]->kind == NODE_LIST)
		step_list(w, v, pattern, part);
	for (size_t i = 0; view_maps(v) && i < v->count; i++) {
		const struct node *map = v->nodes[i];

		for (size_t k = 0; k < map->map.count && diff_work(w->stacks, 1); k++) {
			const struct str key = key_text_in(w->mem, map->map.pairs[k].key);
			void **slot = v->count > 1 ? map_slot(&known, key) : NULL;

			if (!fits(pattern, key) || (slot && *slot))
				continue;
			if (slot)
				*slot = w;
			step(w, v, key, part);
		}
	}
}

static void walk(struct walk *w, const struct view *v, size_t part)
{
	const struct glob_part *p = &w->glob->parts[part];

	if (part == w->glob->count) {
		w->found(w->context, buf_str(&w->path), v);
		return;
	}
	switch (p->kind) {
	case GLOB_KEY:
		if (!step(w, v, p->text, part + 1) && !str_equal(p->text, p->spelled))
			step(w, v, p->spelled, part + 1);
		break;
	case GLOB_STAR:
		step_all(w, v, p->text, part + 1);
		break;
	case GLOB_ANY:
		if (part + 1 < w->glob->count)
			walk(w, v, part + 1);
		else if (w->path.len && (!view_maps(v) || !view_filled(v)))
			walk(w, v, part + 1);
		if (part + 1 < w->glob->count || view_maps(v))
			step_all(w, v, STR("*"), part);
		break;
	}
}

void keyglob_find(const struct keyglob *glob, struct stacks *s, struct arena *mem, uint32_t stack,
	keyglob_found *found, void *context)
{
	struct walk w = { glob, s, mem, { .mem = mem }, found, context };
	const struct view root = view_of_stack(s, mem, stack);

	walk(&w, &root, 0);
}
