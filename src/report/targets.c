/* SPDX-License-Identifier: Apache-2.0 */
#include "report/targets.h"

#include "core/show.h"
#include "report/document.h"
#include "yaml/quote.h"

enum { MOST_KEPT = 64 << 20, DEEPEST = 4 };

/* A pair's text, at a column or depth. */
struct kept {
	struct str text; /* owned by targets.texts */
	size_t column;
	uint32_t round; /* 0: it has not been written yet */
};

/* The addresses of key and value. */
static struct str as_key(const struct pair *p)
{
	return (struct str){ (const char *)p, sizeof(*p) };
}

/* A scalar is written as fast as its text is found. */
static bool is_worth(const struct pair *p)
{
	return p->value->kind != NODE_SCALAR;
}

static void write_pair(struct targets *t, struct buf *out, const struct pair *p, size_t column)
{
	if (t->json)
		json_pair(out, p, column, &t->known);
	else
		emit_pair(out, p, column, &t->layout);
}

static void keep(struct targets *t, struct kept *k, struct str text, size_t column)
{
	if (text.len > t->most - t->kept) {
		if (text.len > t->most)
			return;
		arena_free(&t->texts);
		t->kept = 0;
		t->round++;
	}
	t->kept += text.len;
	*k = (struct kept){ { arena_copy(&t->texts, text.at, text.len), text.len }, column,
		t->round };
}

static bool add_known(
	struct known_pairs *known, struct buf *out, const struct pair *p, size_t column)
{
	struct targets *t = (struct targets *)known;
	struct kept *k = is_worth(p) ? map_get(&t->pairs, as_key(p)) : NULL;

	if (!k)
		return false;
	/* a value is at one depth in all trees, as they are merged now; that is not relied on */
	if (k->round == t->round && k->column == column) {
		buf_add(out, k->text);
		return true;
	}
	const size_t start = out->len;
	write_pair(t, out, p, column);
	keep(t, k, str_part(buf_str(out), start, out->len), column);
	return true;
}

void targets_start(struct targets *t, struct arena *mem, bool json)
{
	*t = (struct targets){ .known = { add_known },
		.layout = { .eol = STR("\n"), .step = 2, .fresh = true, .known = &t->known },
		.mem = mem,
		.json = json,
		.pairs = { .mem = mem },
		.most = MOST_KEPT,
		.round = 1 };
	arena_init(&t->texts, mem->out_of_memory);
}

static void share_pairs(struct targets *t, const struct node *map, unsigned depth)
{
	for (size_t i = 0; i < map->map.count; i++) {
		const struct pair *p = &map->map.pairs[i];

		if (!is_worth(p))
			continue;
		void **slot = map_slot(&t->pairs, as_key(p));
		if (!*slot)
			*slot = ARENA_NEW(t->mem, struct kept, 1);
		if (depth < DEEPEST && p->value->kind == NODE_MAP)
			share_pairs(t, p->value, depth + 1);
	}
}

void targets_share(struct targets *t, const struct node *tree)
{
	share_pairs(t, tree, 1);
}

static void add_yaml(
	struct targets *t, const char *target, const struct node *values, struct buf *out)
{
	buf_puts(out, "---\n# ");
	show_escaped(out, str_of(target));
	buf_putc(out, '\n');
	emit_lines(out, values, 0, &t->layout);
}

static void add_json(
	struct targets *t, const char *target, const struct node *values, struct buf *out)
{
	buf_puts(out, t->count ? ",\n  " : "{\n  ");
	quote_json(out, str_of(target));
	buf_puts(out, ": ");
	json_node(out, values, 1, &t->known);
}

void targets_add(struct targets *t, const char *target, const struct node *values, struct buf *out)
{
	if (t->json)
		add_json(t, target, values, out);
	else
		add_yaml(t, target, values, out);
	t->count++;
}

void targets_end(struct targets *t, struct buf *out)
{
	if (t->json)
		buf_puts(out, t->count ? "\n}\n" : "{}\n");
}

void targets_free(struct targets *t)
{
	arena_free(&t->texts);
}
