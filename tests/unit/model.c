/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include "fleet_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "yaml/read.h"

enum { MEANINGS = 4, OTHER = MEANINGS + 1, LATER, ALL, EMPTY_BASE = 1 << 30 };

static const char *const texts[ALL] = {
	"",
	"value: 1\n",
	"value: 2\n",
	"value: 3\n",
	"value: 4\nmore: 4\n",
	"value: other\n",
	"value: later\n",
};

static const char *const digests[ALL] = { "", "a11a11", "b22b22", "c33c33", "d44d44", "e55e55",
	"f66f66" };

/* The documents are read once: a test asks for hundreds of thousands of states. */
static struct arena texts_mem;

static void free_texts(void)
{
	arena_free(&texts_mem);
}

static const struct doc *text_of(uint32_t meaning)
{
	static struct doc docs[ALL];
	struct error e = { 0 };

	if (!texts_mem.out_of_memory) {
		test_memory(&texts_mem);
		atexit(free_texts);
	}
	if (!docs[meaning].root &&
		yaml_read(&texts_mem, "text", str_of(texts[meaning]), &docs[meaning], &e) < 0)
		fail_msg("%s", e.text);
	return &docs[meaning];
}

static const char *path_at(struct arena *mem, const struct fleet *f, size_t p, const char *name)
{
	return arena_printf(
		mem, "config/management-cluster/hypershift/%s/%s", f->positions[p].path, name);
}

static struct layer *new_layer(
	struct arena *mem, const struct fleet *f, size_t p, const char *name, uint32_t meaning)
{
	struct layer *made = ARENA_NEW(mem, struct layer, 1);

	*made = (struct layer){ .path = path_at(mem, f, p, name),
		.name = name,
		.meaning = meaning,
		.mode = 0644,
		.patch = name[0] == 'p' };
	if (meaning < ALL) {
		made->doc = text_of(meaning);
		made->root = made->doc->root;
		made->digest = digests[meaning];
	}
	return made;
}

const struct layer *model_layer(struct arena *mem, const struct fleet *f, size_t p,
	const char *name, uint32_t meaning, const char *key, uint32_t value)
{
	struct layer *made = new_layer(mem, f, p, name, meaning);
	struct node *nodes = ARENA_NEW(mem, struct node, 3);

	nodes[0].kind = NODE_MAP;
	nodes[0].map.pairs = ARENA_NEW(mem, struct pair, 1);
	nodes[0].map.pairs[nodes[0].map.count++] = (struct pair){ &nodes[1], &nodes[2] };
	nodes[1].kind = nodes[2].kind = NODE_SCALAR;
	nodes[1].value = str_of(key);
	nodes[2].value = str_of(arena_printf(mem, "n%u", value));
	made->root = nodes;
	return made;
}

const struct layer **model_copies(struct arena *mem, const struct fleet *f, const uint32_t *placed)
{
	const struct layer **copies = ARENA_NEW(mem, const struct layer *, f->count);

	for (size_t p = 0; p < f->count; p++) {
		assert_true(placed[p] <= MEANINGS);
		if (placed[p])
			copies[p] = new_layer(mem, f, p, "patch-001.yaml", placed[p]);
	}
	return copies;
}

uint32_t *model_numbers(struct arena *mem, const struct fleet *f, const struct layer *const *copies)
{
	uint32_t *numbers = ARENA_NEW(mem, uint32_t, f->count);

	for (size_t p = 0; p < f->count; p++)
		numbers[p] = copies[p] ? copies[p]->meaning : 0;
	return numbers;
}

size_t model_position(const struct state *s, const struct layer *copy)
{
	for (size_t p = 0; p < s->app->fleet->count; p++)
		if (s->copies[p] == copy)
			return p;
	return NOWHERE;
}

/* An empty values.yaml. */
static const struct layer *empty_base(struct arena *mem)
{
	static const struct node nothing = { .kind = NODE_MAP };
	static const struct doc doc = { .name = "values.yaml", .text = STR("") };
	struct layer *made = ARENA_NEW(mem, struct layer, 1);

	*made = (struct layer){ .path = "config/management-cluster/hypershift/values.yaml",
		.name = "values.yaml",
		.root = &nothing,
		.doc = &doc,
		.mode = 0644,
		.meaning = EMPTY_BASE };
	return made;
}

struct state model_state_with(
	struct arena *mem, const struct fleet *f, const uint32_t *placed, struct layers_at *at)
{
	const struct layer **copies = model_copies(mem, f, placed);
	struct application *app = ARENA_NEW(mem, struct application, 1);
	struct state s;

	*app = (struct application){
		.fleet = f,
		.type = "management-cluster",
		.name = "hypershift",
		.base = empty_base(mem),
		.at = at,
	};
	for (size_t p = 0; p < f->count; p++) {
		struct layers_at all = { 0 };
		size_t before = 0; /* 'o' comes before 'p': the override, and earlier patches */

		while (before < at[p].count &&
			strcmp(at[p].layers[before]->name, "patch-001.yaml") < 0)
			*ARENA_PUSH(mem, all.layers, all.count) = at[p].layers[before++];
		if (copies[p])
			*ARENA_PUSH(mem, all.layers, all.count) = copies[p];
		while (before < at[p].count)
			*ARENA_PUSH(mem, all.layers, all.count) = at[p].layers[before++];
		at[p] = all;
	}
	state_make(mem, stacks_new(mem), app, "patch-001", &s);
	return s;
}

struct state model_state(struct arena *mem, const struct fleet *f, const uint32_t *placed,
	const unsigned char *layers)
{
	struct layers_at *at = ARENA_NEW(mem, struct layers_at, f->count);
	struct obstruction *blocked = NULL;
	size_t blocked_count = 0;

	for (size_t p = 0; layers && p < f->count; p++) {
		if (layers[p] & MODEL_OVERRIDE)
			*ARENA_PUSH(mem, at[p].layers, at[p].count) =
				new_layer(mem, f, p, "override.yaml", OTHER);
		if (layers[p] & MODEL_LATER)
			*ARENA_PUSH(mem, at[p].layers, at[p].count) =
				new_layer(mem, f, p, "patch-002.yaml", LATER);
		if (layers[p] & MODEL_BLOCKED)
			*ARENA_PUSH(mem, blocked, blocked_count) =
				(struct obstruction){ p, "patch-001.yaml" };
	}
	struct state s = model_state_with(mem, f, placed, at);
	struct application *app = ARENA_NEW(mem, struct application, 1);
	*app = *s.app;
	app->obstructions = blocked;
	app->obstruction_count = blocked_count;
	s.app = app;
	return s;
}
