/* SPDX-License-Identifier: Apache-2.0 */
#include "core/diff.h"

#include "core/compare.h"

static const struct diff same;

/* More than any number of stacks allows: stacks that are made later do not make up for it. */
#define USED_UP (SIZE_MAX / 2)

bool diff_work(struct stacks *s, size_t steps)
{
	size_t allowed = DIFF_WORK + (size_t)s->count * DIFF_WORK_OF_STACK;

	s->work += steps;
	if (s->work <= allowed)
		return true;
	s->work = USED_UP;
	return false;
}

int diff_check(const struct stacks *s, const char *application, struct error *e)
{
	size_t allowed = DIFF_WORK + (size_t)s->count * DIFF_WORK_OF_STACK;

	if (s->work <= allowed)
		return 0;
	error_set(e, STATUS_FILES,
		"%s: its files set too many values differently at too many positions: more than %zu would have to be compared; divide the patch, or let fewer overrides and patches differ",
		application, allowed);
	return error_file(e, application);
}

static const struct diff *compare_stacks(struct stacks *s, uint32_t a, uint32_t b)
{
	static const struct value_change unknown = { .path = "" };
	static const struct node nothing = { .kind = NODE_MAP };
	struct arena scratch;
	struct comparison c = { .stacks = s, .mem = s->mem, .scratch = &scratch };
	struct diff *made = NULL;

	arena_init(&scratch, s->mem->out_of_memory);
	c.path.mem = &scratch;
	c.look = &s->lookup;
	const struct view x = view_of_stack(s, &scratch, a), y = view_of_stack(s, &scratch, b);
	const struct node *touched =
		diff_work(s, x.count + y.count) ? compare_maps(&c, &x, &y) : &nothing;
	bool complete = diff_work(s, 0);
	if (c.count || !complete) {
		made = ARENA_NEW(s->mem, struct diff, 1);
		*made = (struct diff){ c.list, c.count, touched };
	}
	if (made && !c.count) {
		made->changes = &unknown;
		made->count = 1;
	}
	arena_free(&scratch);
	return made ? made : &same;
}

bool diff_meet(struct stacks *s, const struct node *a, const struct node *b)
{
	bool swap = b->map.count < a->map.count;
	const struct node *few = swap ? b : a, *many = swap ? a : b;

	for (size_t i = 0; i < few->map.count && diff_work(s, 1); i++) {
		const struct pair *p = &few->map.pairs[i];
		struct number_text room;
		const struct pair *other = lookup_get(&s->lookup, many, key_text(p->key, &room));

		if (other &&
			(p->value->kind != NODE_MAP || other->value->kind != NODE_MAP ||
				diff_meet(s, p->value, other->value)))
			return true;
	}
	return false;
}

/* The difference of two stacks from that of the two below them, with the same layer on both. */
static const struct diff *carry(struct stacks *s, const struct diff *below, uint32_t a, uint32_t b)
{
	if (below == &same)
		return below;
	if (diff_work(s, 0) && !diff_meet(s, below->touched, stacks_top(s, a)))
		return below;
	return compare_stacks(s, a, b);
}

const struct diff *diff_stacks(struct stacks *s, uint32_t a, uint32_t b)
{
	const struct diff *found = a == b ? &same : map_get_pair(&s->diffs, a, b);
	size_t above = 0;
	uint32_t x = a, y = b;

	/* down to stacks whose difference is known, or with different layers on top */
	while (!found && x && stacks_top(s, x) == stacks_top(s, y)) {
		x = stacks_below(s, x);
		y = stacks_below(s, y);
		above++;
		found = map_get_pair(&s->diffs, x, y);
	}
	if (!found)
		*map_slot_pair(&s->diffs, x, y) = (void *)(found = compare_stacks(s, x, y));
	if (above) {
		struct arena scratch;

		arena_init(&scratch, s->mem->out_of_memory);
		uint32_t(*pairs)[2] = arena_alloc(&scratch, above, sizeof(*pairs));
		for (size_t i = 0; i < above; i++) {
			pairs[i][0] = a;
			pairs[i][1] = b;
			a = stacks_below(s, a);
			b = stacks_below(s, b);
		}
		while (above-- > 0) {
			found = carry(s, found, pairs[above][0], pairs[above][1]);
			*map_slot_pair(&s->diffs, pairs[above][0], pairs[above][1]) = (void *)found;
		}
		arena_free(&scratch);
	}
	return found == &same ? NULL : found;
}

const struct node *diff_value(struct stacks *s, uint32_t stack, const struct keypath *path)
{
	const struct node *value = NULL;

	for (; stacks_height(s, stack); stack = stacks_below(s, stack)) {
		size_t depth = 0;
		const struct node *at =
			keypath_follow_many(&s->lookup, stacks_top(s, stack), path, &depth);

		if (!diff_work(s, 1))
			break;
		if (depth < path->count && at->kind == NODE_MAP)
			continue;
		if (depth < path->count)
			break;
		if (at->kind != NODE_MAP)
			return value ? value : at;
		value = at;
	}
	return value;
}
