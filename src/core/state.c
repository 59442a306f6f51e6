/* SPDX-License-Identifier: Apache-2.0 */
#include "core/state.h"

#include <assert.h>
#include <string.h>

#include "core/diff.h"

size_t state_layers_before(const struct state *s, const struct layers_at *at)
{
	size_t low = 0, high = at->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct layer *layer = at->layers[middle];

		if (!layer->patch || (s->file && strcmp(layer->name, s->file) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool state_is_copy(const struct state *s, const struct layer *layer)
{
	return layer->patch && s->file && strcmp(layer->name, s->file) == 0;
}

static uint32_t stack_at(const struct state *s, size_t p, uint32_t stack, const struct layer *copy)
{
	const struct layers_at *at = &s->app->at[p];

	if (!at->count)
		return copy ? stacks_push(s->stacks, stack, copy) : stack;
	size_t before = state_layers_before(s, at);
	for (size_t i = 0; i < before; i++)
		stack = stacks_push(s->stacks, stack, at->layers[i]);
	if (copy)
		stack = stacks_push(s->stacks, stack, copy);
	for (size_t i = before; i < at->count; i++)
		if (!state_is_copy(s, at->layers[i]))
			stack = stacks_push(s->stacks, stack, at->layers[i]);
	return stack;
}

static uint32_t base_stack(const struct state *s)
{
	uint32_t stack = STACKS_EMPTY;

	for (size_t i = 0; i < s->base_count; i++)
		stack = stacks_push(s->stacks, stack, s->bases[i]);
	return stack;
}

/* The stack that position p extends. */
static uint32_t stack_above(const struct state *s, const struct layer *const *copies, size_t p)
{
	size_t parent = s->app->fleet->positions[p].parent;

	if (parent == NOWHERE)
		return base_stack(s);
	return stack_at(s, parent, stack_above(s, copies, parent), copies[parent]);
}

void state_stacks_below(
	const struct state *s, const struct layer *const *copies, size_t p, uint32_t *stacks)
{
	const struct fleet *f = s->app->fleet;

	stacks[0] = stack_at(s, p, stack_above(s, copies, p), copies[p]);
	for (size_t i = p + 1; i < f->positions[p].end; i++)
		stacks[i - p] = stack_at(s, i, stacks[f->positions[i].parent - p], copies[i]);
}

void state_stacks_again(
	const struct state *s, const struct layer *const *copies, size_t p, uint32_t *stacks)
{
	const struct fleet *f = s->app->fleet;
	uint32_t below = stack_above(s, copies, p);

	for (size_t i = p; i < f->positions[p].end; i++) {
		size_t parent = f->positions[i].parent;

		if (i > p)
			below = stacks[parent - p];
		if (copies[i] == s->copies[i] && (parent == NOWHERE || below == s->stack[parent]))
			stacks[i - p] = s->stack[i];
		else
			stacks[i - p] = stack_at(s, i, below, copies[i]);
	}
}

/* The base layers and the stacks of a state whose other fields are set. */
static void complete(struct arena *mem, struct state *s)
{
	const struct application *app = s->app;
	uint32_t *stack = ARENA_NEW(mem, uint32_t, app->fleet->count);

	s->base_count = 0;
	if (app->base && app->defaults)
		s->bases[s->base_count++] = stacks_spread(s->stacks, app->defaults, app->base);
	if (app->base)
		s->bases[s->base_count++] = app->base;
	for (size_t p = 0; p < app->fleet->count; p = app->fleet->positions[p].end)
		state_stacks_below(s, s->copies, p, stack + p);
	s->stack = stack;
}

/* The same if only copies are others than in `from`. */
static void complete_from(struct arena *mem, const struct state *from, struct state *s)
{
	const struct fleet *f = s->app->fleet;
	uint32_t *stack = ARENA_NEW(mem, uint32_t, f->count);

	for (size_t p = 0; p < f->count; p = f->positions[p].end)
		state_stacks_again(from, s->copies, p, stack + p);
	s->stack = stack;
}

void state_make(struct arena *mem, struct stacks *stacks, const struct application *app,
	const char *patch, struct state *out)
{
	struct state s = {
		.app = app,
		.subject = { app->type, app->name, patch },
		.file = patch ? arena_printf(mem, "%s.yaml", patch) : NULL,
		.copies = ARENA_NEW(mem, const struct layer *, app->fleet->count),
		.stacks = stacks,
	};

	for (size_t p = 0; patch && p < app->fleet->count; p++)
		for (size_t i = 0; i < app->at[p].count; i++)
			if (state_is_copy(&s, app->at[p].layers[i]))
				s.copies[p] = app->at[p].layers[i];
	complete(mem, &s);
	*out = s;
}

/* A copy is applied where it was as one patch among others, so the stacks stay what they are. */
void state_moving(struct arena *mem, const struct state *from, const char *patch,
	const struct layer **copies, struct state *out)
{
	assert(!from->file);
	*out = *from;
	out->subject.patch = patch;
	out->file = arena_printf(mem, "%s.yaml", patch);
	out->copies = copies;
}

void state_with(struct arena *mem, const struct state *from, const struct application *app,
	const struct layer **copies, struct state *out)
{
	struct state s = *from;

	s.app = app;
	s.copies = copies;
	if (app == from->app)
		complete_from(mem, from, &s);
	else
		complete(mem, &s);
	*out = s;
}

const struct layer **state_copies(struct arena *mem, const struct state *s)
{
	size_t n = s->app->fleet->count;

	return arena_grow(mem, s->copies, n, n, sizeof(*s->copies));
}

const struct node *state_values(const struct state *s, size_t target)
{
	return stacks_tree(s->stacks, s->stack[target]);
}

const struct layer *state_copy_over(const struct state *s, size_t position)
{
	while (position != NOWHERE && !s->copies[position])
		position = s->app->fleet->positions[position].parent;
	return position == NOWHERE ? NULL : s->copies[position];
}

bool state_is_ambiguous(const struct state *s)
{
	const struct layer *first = NULL;

	for (size_t p = 0; p < s->app->fleet->count; p++) {
		const struct layer *copy = s->copies[p];

		if (first && copy && copy->meaning != first->meaning)
			return true;
		if (!first)
			first = copy;
	}
	return false;
}

static bool position_meets(const struct state *s, size_t p, const struct meetings *known)
{
	const struct layers_at *at = &s->app->at[p];

	for (size_t i = 0; i < at->count; i++)
		if ((at->layers[i]->patch || !known->patches) && !state_is_copy(s, at->layers[i]) &&
			diff_meet(s->stacks, known->paths, at->layers[i]->root))
			return true;
	return false;
}

bool state_meets(
	const struct state *s, size_t target, const struct node *paths, struct meetings *known)
{
	static char met, apart;
	const struct position *p = &s->app->fleet->positions[target];
	const uintptr_t key[2] = { (uintptr_t)paths, target };
	struct str bytes = { (const char *)key, sizeof(key) };
	const char *found = map_get(&known->map, bytes);

	if (!found) {
		known->paths = paths;
		found = (p->parent != NOWHERE && state_meets(s, p->parent, paths, known)) ||
				position_meets(s, target, known)
			? &met
			: &apart;
		bytes.at = arena_copy(known->map.mem, bytes.at, bytes.len);
		*map_slot(&known->map, bytes) = (void *)found;
	}
	return found == &met;
}
