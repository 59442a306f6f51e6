/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/canon.h"

#include <assert.h>

#include "yaml/keys.h"
#include "yaml/scalar.h"

static void canon_tag(struct buf *out, const struct node *n)
{
	if (n->tag.len)
		scalar_canon_text(out, 't', n->tag);
}

static void canon_map(struct buf *out, const struct node *n)
{
	struct keys keys;

	canon_tag(out, n);
	buf_putc(out, '{');
	keys_index(out->mem, n, &keys);
	for (size_t i = 0; i < keys.count; i++) {
		scalar_canon_text(out, 'k', keys.sorted[i].text);
		yaml_canon(out, n->map.pairs[keys.sorted[i].at].value);
	}
	buf_putc(out, '}');
}

void yaml_canon(struct buf *out, const struct node *root)
{
	switch (root->kind) {
	case NODE_SCALAR:
		scalar_canon(out, root);
		break;
	case NODE_LIST:
		canon_tag(out, root);
		buf_putc(out, '[');
		for (size_t i = 0; i < root->list.count; i++)
			yaml_canon(out, root->list.items[i]);
		buf_putc(out, ']');
		break;
	case NODE_MAP:
		canon_map(out, root);
		break;
	case NODE_ALIAS:
		assert(0 && "an expanded tree has no aliases");
		break;
	}
}

struct str yaml_meaning(struct arena *mem, const struct node *root)
{
	struct buf b = { .mem = mem };

	if (root)
		yaml_canon(&b, root);
	return buf_str(&b);
}

bool node_same(struct arena *mem, const struct node *a, const struct node *b)
{
	struct arena_mark mark = arena_mark(mem);
	bool same = a == b || str_equal(yaml_meaning(mem, a), yaml_meaning(mem, b));

	arena_rewind(mem, mark);
	return same;
}
