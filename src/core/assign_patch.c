/* SPDX-License-Identifier: Apache-2.0 */
#include "core/assign.h"

#include "core/current.h"
#include "yaml/edit/change.h"
#include "yaml/scalar.h"

/* A list of the files that is written anew, with some item changed. */
struct carried {
	const char *path; /* as in keypath.h */
	const struct node *list;
	size_t target; /* that has it */
};

struct building {
	struct arena *mem;
	const struct state *now;
	struct current current;
	struct map set, through; /* the assignment, by its path and by those above it */
	struct carried *carried;
	size_t carried_count;
	struct error *e;
};

/* One assignment that is made. */
struct setting {
	struct building *b;
	const struct assignment *a;
	struct keypath path; /* as far as it is known how files spell it */
	struct node **slot;  /* what it leads to so far */
	bool listed;         /* a list is on the way */
};

/* A copy of a mapping or a list that can grow; its children are shared. */
static struct node *open_copy(struct arena *mem, const struct node *n)
{
	struct node *made = ARENA_NEW(mem, struct node, 1);

	*made = (struct node){ .kind = n->kind, .place = n->place };
	for (size_t i = 0; n->kind == NODE_LIST && i < n->list.count; i++)
		*ARENA_PUSH(mem, made->list.items, made->list.count) = n->list.items[i];
	for (size_t i = 0; n->kind == NODE_MAP && i < n->map.count; i++)
		*ARENA_PUSH(mem, made->map.pairs, made->map.count) = n->map.pairs[i];
	return made;
}

static struct node *new_mapping(struct arena *mem)
{
	return open_copy(mem, &(struct node){ .kind = NODE_MAP });
}

/* Goes to the value of a key, which the mapping gets if it does not have it. */
static void enter_key(struct setting *s, struct str part, const struct node *key)
{
	struct arena *mem = s->b->mem;
	struct node *map = *s->slot;

	for (size_t i = 0; i < map->map.count; i++)
		if (key_is(map->map.pairs[i].key, part)) {
			s->slot = &map->map.pairs[i].value;
			return;
		}
	struct pair *made = ARENA_PUSH(mem, map->map.pairs, map->map.count);
	*made = (struct pair){ key ? (struct node *)key : node_string(mem, part), NULL };
	s->slot = &made->value;
}

static const char *above(const struct setting *s)
{
	return keypath_text(s->b->mem, &s->path);
}

static int no_list(const struct setting *s, const struct node *n, const char *where)
{
	error_set(s->b->e, STATUS_FILES, "--set %s: %s is %s%s%s, and no list", s->a->path_text,
		above(s), node_describe(n), where ? " at " : "", where ? where : "");
	error_about(s->b->e, (struct about){ .position = where, .key = above(s) });
	return error_code(s->b->e, "not-found");
}

/* Goes to an item of the list in the slot, which may be changed. */
static int enter_item(struct setting *s, struct str *part, enum part_kind kind)
{
	struct arena *mem = s->b->mem;
	struct node *list = *s->slot;
	size_t index = 0;

	if (kind == PART_APPEND) {
		s->slot = ARENA_PUSH(mem, list->list.items, list->list.count);
		*s->slot = NULL;
		return 0;
	}
	for (size_t i = 0; i < part->len && index < list->list.count; i++)
		index = index * 10 + (size_t)(part->at[i] - '0');
	if (index >= list->list.count) {
		error_set(s->b->e, STATUS_FILES,
			"--set %s: the list %s has %zu item%s, the first of which is [0]; %s[-] adds one",
			s->a->path_text, above(s), list->list.count,
			list->list.count == 1 ? "" : "s", above(s));
		error_about(s->b->e, (struct about){ .key = above(s) });
		return error_code(s->b->e, "not-found");
	}
	*part = str_of(arena_printf(mem, "%zu", index));
	s->slot = &list->list.items[index];
	return 0;
}

static bool is_index(struct str part, enum part_kind kind)
{
	if (kind == PART_KEY)
		return false;
	return kind != PART_ANY || strspn(part.at, "0123456789") >= part.len;
}

static bool is_item(enum part_kind kind)
{
	return kind == PART_INDEX || kind == PART_APPEND;
}

static int refuse_key_of_list(const struct setting *s)
{
	error_set(s->b->e, STATUS_FILES,
		"--set %s: %s is a list; its items are %s[0] and so on, and %s[-] adds one",
		s->a->path_text, above(s), above(s), above(s));
	error_about(s->b->e, (struct about){ .key = above(s) });
	return error_code(s->b->e, "not-found");
}

/* A part below a list: what is there is known. */
static int enter_below(struct setting *s, struct str *part, enum part_kind kind)
{
	struct arena *mem = s->b->mem;
	const struct node none = { .kind = is_item(kind) ? NODE_LIST : NODE_MAP };
	const struct node *n = *s->slot ? *s->slot : &none;

	if (n->kind == NODE_LIST && !is_index(*part, kind))
		return refuse_key_of_list(s);
	if (n->kind != NODE_LIST && is_item(kind))
		return no_list(s, n, NULL);
	*s->slot = n->kind == NODE_SCALAR ? new_mapping(mem) : open_copy(mem, n);
	if (n->kind == NODE_LIST)
		return enter_item(s, part, kind);
	enter_key(s, *part, NULL);
	return 0;
}

static int refuse_different(const struct setting *s, const struct current_list *l)
{
	const struct position *p = s->b->now->app->fleet->positions;
	struct error *e = s->b->e;

	error_set(e, STATUS_REFUSED,
		"--set %s: the list %s is not the same at %s and %s, and a patch replaces a list as a whole; give all of it as --set '%s=[...]'",
		s->a->path_text, above(s), p[l->target].path, p[l->other].path, above(s));
	error_about(e, (struct about){ .position = p[l->target].path, .key = above(s) });
	for (size_t i = 0; i < 2; i++) {
		const char *at = p[i ? l->other : l->target].path;

		error_blocker(e, (struct about){ .position = at, .key = above(s) },
			"%s has another list", at);
	}
	return -1;
}

/* The list of the files, or a new one, in which a part is an item. */
static int enter_list(
	struct setting *s, const struct current_list *l, struct str *part, enum part_kind kind)
{
	const struct node empty = { .kind = NODE_LIST };
	struct building *b = s->b;

	s->listed = true;
	*s->slot = open_copy(b->mem, l->list ? l->list : &empty);
	*ARENA_PUSH(b->mem, b->carried, b->carried_count) =
		(struct carried){ above(s), *s->slot, l->target };
	return enter_item(s, part, kind);
}

/* A part below something that is not set yet, or a mapping that is being made. */
static int enter_part(struct setting *s, struct str *part, enum part_kind kind)
{
	struct building *b = s->b;
	struct current_list l = { 0 };

	if (s->path.count)
		l = current_list(&b->current, &s->path);
	if (l.some && !is_index(*part, kind))
		return refuse_key_of_list(s);
	if (l.some && l.differs)
		return refuse_different(s, &l);
	if (is_item(kind) && *s->slot)
		return no_list(s, *s->slot, NULL);
	if (is_item(kind) && l.value)
		return no_list(s, l.value, b->now->app->fleet->positions[l.target].path);
	if (is_item(kind) || l.some)
		return enter_list(s, &l, part, kind);
	const struct node *key = current_key(&b->current, &s->path, part, kind == PART_ANY);
	if (!*s->slot)
		*s->slot = new_mapping(b->mem);
	enter_key(s, *part, key);
	return 0;
}

/* Whether the next part is below a list; if so, the slot has that list or something in it. */
static bool is_listed(const struct setting *s)
{
	return s->listed || (*s->slot && (*s->slot)->kind == NODE_LIST);
}

static int refuse_twice(const struct setting *s, const struct assignment *other)
{
	return error_set(s->b->e, STATUS_USAGE,
		"--set %s and --set %s set the same value, or one a part of the other's",
		other->path_text, s->a->path_text);
}

/* Notes what is set, for those that are set later. The path is the whole one, or what leads to it. */
static int note_path(struct setting *s, bool whole)
{
	struct building *b = s->b;
	const struct str text = str_of(above(s));
	const struct assignment *other = map_get(&b->set, text);

	if (!other && whole)
		other = map_get(&b->through, text);
	if (other)
		return refuse_twice(s, other);
	*map_slot(whole ? &b->set : &b->through, text) = (void *)s->a;
	return 0;
}

static int set_one(struct building *b, struct node **root, const struct assignment *a)
{
	struct setting s = { .b = b, .a = a, .slot = root };

	s.path.parts = ARENA_NEW(b->mem, struct str, a->path.count);
	for (size_t i = 0; i < a->path.count; i++) {
		int rc = 0;
		struct str part = a->path.parts[i];
		const enum part_kind kind = a->kinds[i];

		if (i && note_path(&s, false) < 0)
			return -1;
		if (is_listed(&s)) {
			s.listed = true;
			rc = enter_below(&s, &part, kind);
		} else {
			rc = enter_part(&s, &part, kind);
		}
		if (rc < 0)
			return -1;
		s.path.parts[s.path.count++] = part;
	}
	/* each [-] is an item of its own */
	if (a->kinds[a->path.count - 1] != PART_APPEND && note_path(&s, true) < 0)
		return -1;
	*s.slot = (struct node *)a->value;
	return 0;
}

/* What a list has besides the items that were set must read the same for all, too. */
static int check_carried(const struct building *b, const struct carried *c)
{
	const struct node *unsure = scalar_unsure(c->list);

	if (!unsure)
		return 0;
	const struct keypath path = keypath_known(b->mem, c->path);
	const struct setter from = setter_of(b->now, c->target, &path);
	error_set(b->e, STATUS_REFUSED,
		"%s:%u: readers of YAML 1.1 and 1.2 do not agree about '%s' in the list %s, which the patch would repeat; give all of it as --set '%s=[...]'",
		from.layer->path, unsure->place.line, unsure->value.at, c->path, c->path);
	return error_about(b->e,
		(struct about){ .file = from.layer->path,
			.line = unsure->place.line,
			.column = unsure->place.column,
			.key = c->path });
}

const struct node *assign_patch(struct arena *mem, const struct state *now,
	const struct assignment *list, size_t count, struct error *e)
{
	struct building b = { .mem = mem,
		.now = now,
		.current = current_values(mem, now),
		.set.mem = mem,
		.through.mem = mem,
		.e = e };
	struct node *root = new_mapping(mem);

	for (size_t i = 0; i < count; i++)
		if (set_one(&b, &root, &list[i]) < 0)
			return NULL;
	for (size_t i = 0; i < b.carried_count; i++)
		if (check_carried(&b, &b.carried[i]) < 0)
			return NULL;
	return root;
}
