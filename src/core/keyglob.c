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

/* Counts a text that is written. */
static bool work_text(struct walk *w, size_t len)
{
	enum { BYTES_OF_STEP = 8 };

	return diff_work(w->stacks, 1 + len / BYTES_OF_STEP);
}

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

static void step(struct walk *w, const struct view *below, struct str key, size_t part)
{
	const size_t len = w->path.len;

	if (!work_text(w, key.len))
		return;
	keypath_add(&w->path, key);
	walk(w, below, part);
	w->path.len = len;
}

/* Continues at a key, if it is there. */
static bool step_key(struct walk *w, const struct view *v, struct str key, size_t part)
{
	const struct view below = view_child(w, v, key);

	if (!below.count)
		return false;
	/* 01 is the same item as 1 */
	while (v->nodes[0]->kind == NODE_LIST && key.len > 1 && key.at[0] == '0')
		key = str_part(key, 1, key.len);
	step(w, &below, key, part);
	return true;
}

static void step_items(struct walk *w, const struct node *list, struct str pattern, size_t part)
{
	for (size_t i = 0; i < list->list.count && diff_work(w->stacks, 1); i++) {
		const struct str index = str_of(arena_printf(w->mem, "%zu", i));
		struct view item = { 0 };

		view_add(w->mem, &item, list->list.items[i]);
		if (fits(pattern, index))
			step(w, &item, index, part);
	}
}

/* A key of a view, and what that has there. */
struct child {
	struct str key;
	struct view view;
};

static void add_children(struct walk *w, const struct node *map, struct str pattern,
	struct map *known, struct child ***list, size_t *count)
{
	for (size_t i = 0; i < map->map.count && diff_work(w->stacks, 1); i++) {
		const struct str key = key_text_in(w->mem, map->map.pairs[i].key);
		void **slot = fits(pattern, key) ? map_slot(known, key) : NULL;

		if (!slot)
			continue;
		if (!*slot) {
			struct child *made = ARENA_NEW(w->mem, struct child, 1);
			made->key = key;
			*slot = *ARENA_PUSH(w->mem, *list, *count) = made;
		}
		view_add(w->mem, &((struct child *)*slot)->view, map->map.pairs[i].value);
	}
}

/* All keys or items that the pattern fits, in the order that they have when they are merged. */
static void step_all(struct walk *w, const struct view *v, struct str pattern, size_t part)
{
	struct map known = { .mem = w->mem };
	struct child **list = NULL;
	size_t count = 0;

	if (v->count && v->nodes[0]->kind == NODE_LIST)
		step_items(w, v->nodes[0], pattern, part);
	for (size_t i = 0; view_maps(v) && i < v->count; i++)
		add_children(w, v->nodes[i], pattern, &known, &list, &count);
	for (size_t i = 0; i < count; i++)
		step(w, &list[i]->view, list[i]->key, part);
}

static void walk(struct walk *w, const struct view *v, size_t part)
{
	const struct glob_part *p = &w->glob->parts[part];
	const bool last = part + 1 == w->glob->count;

	if (part == w->glob->count) {
		if (work_text(w, w->path.len))
			w->found(w->context, buf_str(&w->path), v);
		return;
	}
	switch (p->kind) {
	case GLOB_KEY:
		if (!step_key(w, v, p->text, part + 1) && !str_equal(p->text, p->spelled))
			step_key(w, v, p->spelled, part + 1);
		break;
	case GLOB_STAR:
		step_all(w, v, p->text, part + 1);
		break;
	case GLOB_ANY:
		if (!last || (w->path.len && (!view_maps(v) || !view_filled(v))))
			walk(w, v, part + 1);
		if (!last || view_maps(v))
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
