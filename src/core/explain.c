/* SPDX-License-Identifier: Apache-2.0 */
#include "core/explain.h"

#include "core/effect.h"

static void find_origins(
	struct arena *mem, const struct state *state, size_t target, struct explanation *x)
{
	const struct keypath path = keypath_known(mem, x->path);
	struct setter *setters = NULL;
	const size_t n = setters_of(mem, state, target, &path, &setters);
	struct origin *origins = ARENA_NEW(mem, struct origin, n);

	for (size_t i = 0; i < n; i++)
		origins[i] = (struct origin){ setters[i].layer, setters[i].node };
	x->origins = origins;
	x->count = n;
}

size_t explain_values(struct arena *mem, const struct state *s, size_t target,
	const struct keypath *path, struct explanation **out)
{
	const struct node *root = state_values(s, target);
	const struct node *at = keypath_get(root, path);
	const struct value_change *leaves = NULL;
	const char *above = keypath_text(mem, path);

	if (!at)
		return 0;
	size_t n = diff_trees(mem, NULL, at, &leaves);
	if (n == 1 && !above[0] && !leaves[0].path[0])
		n = 0; /* the root alone: nothing is set */
	struct explanation *x = ARENA_NEW(mem, struct explanation, n);
	for (size_t i = 0; i < n; i++) {
		const char *below = leaves[i].path;

		x[i].path =
			arena_printf(mem, "%s%s%s", above, above[0] && below[0] ? "." : "", below);
		x[i].value = leaves[i].now;
		find_origins(mem, s, target, &x[i]);
	}
	*out = x;
	return n;
}
