/* SPDX-License-Identifier: Apache-2.0 */
#include "core/explain.h"

#include "core/effect.h"

static void find_origins(struct arena *mem, struct arena *scratch, const struct state *state,
	size_t target, struct explanation *x)
{
	const struct arena_mark mark = arena_mark(scratch);
	const struct keypath path = keypath_known(scratch, x->path);
	struct setter *setters = NULL;
	const size_t n = setters_of(scratch, state, target, &path, &setters);
	struct origin *origins = ARENA_NEW(mem, struct origin, n);

	for (size_t i = 0; i < n; i++)
		origins[i] = (struct origin){ setters[i].layer, setters[i].node };
	x->origins = origins;
	x->count = n;
	arena_rewind(scratch, mark);
}

size_t explain_values(struct arena *mem, const struct state *s, size_t target,
	const struct keypath *path, struct explanation **out)
{
	const struct node *root = state_values(s, target);
	const struct node *at = keypath_get(root, path);
	const struct value_change *leaves = NULL;
	const char *above = keypath_text(mem, path);
	struct arena scratch;

	if (!at)
		return 0;
	size_t n = diff_leaves(s->stacks, mem, at, &leaves);
	if (n == 1 && !above[0] && !leaves[0].path[0])
		n = 0; /* the root alone: nothing is set */
	struct explanation *x = ARENA_NEW(mem, struct explanation, n);
	arena_init(&scratch, mem->out_of_memory);
	for (size_t i = 0; i < n; i++) {
		const char *below = leaves[i].path;

		x[i].path = above[0]
			? arena_printf(mem, "%s%s%s", above, below[0] ? "." : "", below)
			: below;
		x[i].value = leaves[i].now;
		find_origins(mem, &scratch, s, target, &x[i]);
	}
	arena_free(&scratch);
	*out = x;
	return n;
}
