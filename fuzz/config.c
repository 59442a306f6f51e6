/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config - any text as config/config.yaml.
 *
 * - A text that is refused gives one line, with file, line and column if they are
 *   known, and no fleet.
 * - Otherwise positions[] is the sequence of the file, depth first, computed
 *   here a second time; `end`s nest, counts of targets add up, depths stay within the
 *   dimensions.
 * - A position is found by its path, and no two have the same; every name can be
 *   a directory's; a level is found by either of its names.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "core/config.h"
#include "yaml/expand.h"
#include "yaml/read.h"

#define NAME "config/config.yaml"

static void check_dimensions(const struct fleet *f)
{
	HOLDS(f->depth >= 1 && f->depth <= CONFIG_DIMENSIONS);
	for (size_t d = 0; d < f->depth; d++) {
		const struct dimension *x = &f->dimensions[d];
		size_t n = strlen(x->name);
		bool plural = n > 1 && x->name[n - 1] == 's';

		HOLDS(!fleet_name_problem(str_of(x->name)));
		HOLDS(strlen(x->single) == n - plural &&
			memcmp(x->single, x->name, n - plural) == 0);
		HOLDS(fleet_level(f, x->name) == d + 1);
		HOLDS(fleet_level(f, x->single) == d + 1);
	}
	unsigned level = fleet_default_level(f);
	HOLDS(level >= 1 && level <= f->depth);
}

static void check_position(struct arena *mem, const struct fleet *f, size_t i)
{
	const struct position *p = &f->positions[i];
	size_t targets = 0, next = i + 1;

	HOLDS(!fleet_name_problem(str_of(p->name)));
	HOLDS(strlen(p->path) <= CONFIG_PATH);
	HOLDS(p->depth >= 1 && p->depth <= f->depth);
	HOLDS(p->end > i && p->end <= f->count);
	if (p->parent == NOWHERE) {
		HOLDS(p->depth == 1);
		HOLDS(strcmp(p->path, p->name) == 0);
	} else {
		const struct position *above = &f->positions[p->parent];
		HOLDS(p->parent < i && p->end <= above->end);
		HOLDS(p->depth == above->depth + 1);
		HOLDS(strcmp(p->path, arena_printf(mem, "%s/%s", above->path, p->name)) == 0);
	}
	fleet_each_child(f, i, c) {
		HOLDS(f->positions[c].parent == i);
		HOLDS(c == next);
		next = f->positions[c].end;
		targets += f->positions[c].targets;
	}
	HOLDS(next == p->end);
	HOLDS(p->targets == (fleet_is_target(f, i) ? 1 : targets));
	/* with this, no two paths are the same */
	HOLDS(fleet_find(f, p->path) == i);
	HOLDS(fleet_find(f, arena_printf(mem, "%s/", p->path)) == i);
	HOLDS(fleet_find(f, arena_printf(mem, "%s/ ", p->path)) == NOWHERE ||
		!fleet_is_target(f, i));
}

static const struct node *get(const struct node *map, const char *key)
{
	for (size_t i = 0; map->kind == NODE_MAP && i < map->map.count; i++)
		if (str_is(map->map.pairs[i].key->value, key))
			return map->map.pairs[i].value;
	return NULL;
}

/* Checks that positions from `at` on are those of the list; returns the index of the next one. */
static size_t check_sequence(
	const struct fleet *f, const struct node *list, size_t parent, unsigned depth, size_t at)
{
	HOLDS(!list || list->kind == NODE_LIST || list->kind == NODE_SCALAR);
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->list.count; i++) {
		const struct node *n = list->list.items[i];
		const struct node *name = n->kind == NODE_MAP ? get(n, "name") : n;
		const struct node *gate = get(n, "promotion");
		const struct position *p = &f->positions[at];

		HOLDS(at < f->count);
		HOLDS(name && str_is(name->value, p->name));
		HOLDS(p->parent == parent && p->depth == depth);
		HOLDS(p->manual == (gate && str_is(gate->value, "manual")));
		const struct node *below =
			depth < f->depth ? get(n, f->dimensions[depth].name) : NULL;
		size_t next = check_sequence(f, below, at, depth + 1, at + 1);
		HOLDS(p->end == next);
		at = next;
	}
	return at;
}

static void check_fleet(struct arena *mem, const struct doc *doc, const struct fleet *f)
{
	struct error e = { 0 };
	size_t targets = 0;

	check_dimensions(f);
	HOLDS(f->count >= 1 && f->count <= CONFIG_POSITIONS);
	for (size_t i = 0; i < f->count; i++) {
		struct arena_mark mark = arena_mark(mem);
		check_position(mem, f, i);
		arena_rewind(mem, mark);
		targets += fleet_is_target(f, i);
	}
	HOLDS(f->targets == targets);
	HOLDS(f->types <= CONFIG_TYPES);
	for (size_t i = 0; i < f->types; i++) {
		HOLDS(!fleet_name_problem(str_of(f->cluster_types[i])));
		for (size_t k = 0; k < i; k++)
			HOLDS(strcmp(f->cluster_types[i], f->cluster_types[k]) != 0);
	}
	const struct node *root = yaml_expand(mem, doc, NULL, &e);
	HOLDS(root);
	const struct node *first = get(get(root, "sequence"), f->dimensions[0].name);
	HOLDS(check_sequence(f, first, NOWHERE, 1, 0) == f->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct fleet before = { .count = 7 };
	struct fleet f = before;
	struct arena mem = { 0 };
	struct error e = { 0 };
	struct doc doc = { 0 };

	fuzz_arena(&mem);
	struct str text = fuzz_copy(&mem, (struct str){ (const char *)data, size });
	if (yaml_read(&mem, NAME, text, &doc, &e) < 0) {
		fuzz_error_in(&e, STATUS_FILES, NAME, text);
	} else if (config_fleet(&mem, &doc, &f, &e) < 0) {
		HOLDS(memcmp(&f, &before, sizeof(f)) == 0);
		if (doc.root)
			fuzz_error_in(&e, STATUS_FILES, NAME, text);
		else
			fuzz_error(&e, STATUS_FILES);
	} else {
		HOLDS(!e.text);
		check_fleet(&mem, &doc, &f);
	}
	error_free(&e);
	arena_free(&mem);
	return 0;
}
