/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/outline.h"

#include "yaml/lines.h"

static bool name_ends(char c)
{
	return strchr(" \t\r\n,[]{}", c);
}

/* The end of a node's own anchor and tag: a mapping may begin with those of its first key. */
static size_t content_limit(const struct node *n)
{
	const struct node *first = NULL;

	if (node_count(n))
		first = n->kind == NODE_MAP ? n->map.pairs[0].key : n->list.items[0];
	return first && !outline_empty(first) ? first->start : n->end;
}

size_t outline_content(const struct node *n)
{
	struct str text = *n->text;
	size_t at = n->start, limit = content_limit(n);

	while (at < limit && (text.at[at] == '&' || text.at[at] == '!')) {
		bool verbatim = text.at[at + 1] == '<';
		while (verbatim ? text.at[at] != '>' : !name_ends(text.at[at]))
			at++;
		at = skip_gap(text, at + verbatim);
	}
	return at;
}

size_t outline_anchor(const struct node *n, struct str *name)
{
	struct str text = *n->text;
	size_t at = n->start, end;

	while (text.at[at] != '&') /* a tag may come first */
		at++;
	for (end = at + 1; !name_ends(text.at[end]); end++)
		;
	*name = str_part(text, at + 1, end);
	return at;
}

bool outline_empty(const struct node *value)
{
	return value->kind == NODE_SCALAR && value->start == value->end;
}

const struct node *outline_last(const struct node *n)
{
	while (!n->flow && node_count(n))
		n = node_child(n, node_count(n) - 1);
	return n;
}

bool outline_is_block_scalar(const struct node *n)
{
	return n->kind == NODE_SCALAR && (n->style == SCALAR_LITERAL || n->style == SCALAR_FOLDED);
}

struct block_scalar outline_block_scalar(const struct node *scalar)
{
	struct str text = *scalar->text;
	size_t at = outline_content(scalar) + 1;
	struct block_scalar b = { 0 };

	for (; at < scalar->end && strchr("+-123456789", text.at[at]); at++)
		if (text.at[at] == '+' || text.at[at] == '-')
			b.chomp = text.at[at];
		else
			b.numbered = true;
	b.header_end = at;
	b.start = b.end = line_next(text, at);
	for (at = b.start; at < scalar->end; at = line_next(text, at))
		if (b.chomp == '+' || line_end(text, at) > at)
			b.end = line_next(text, at);
	return b;
}

/* The next token after `at`; in flow style, the one after a comma. */
static size_t next_head(const struct node *n, size_t at)
{
	struct str text = *n->text;

	at = skip_gap(text, at);
	if (n->flow && text.at[at] == ',')
		at = skip_gap(text, at + 1);
	return at;
}

static void pair_entry(const struct node *map, const struct pair *p, struct entry *x)
{
	struct str text = *map->text;
	size_t at = skip_gap(text, p->key->end); /* a key without text is refused */

	x->colon = at < text.len && text.at[at] == ':';
	x->after = x->colon ? at + 1 : p->key->end;
	x->end = outline_empty(p->value) ? x->after : p->value->end;
}

static void item_entry(const struct node *list, const struct node *item, struct entry *x)
{
	x->after = list->flow ? x->head : x->head + 1;
	x->end = outline_empty(item) ? x->after : item->end;
}

void outline_of(struct arena *mem, const struct node *n, struct outline *out)
{
	bool map = n->kind == NODE_MAP;
	size_t at = outline_content(n);

	*out = (struct outline){ .count = node_count(n) };
	out->entries = ARENA_NEW(mem, struct entry, out->count);
	out->brackets = n->flow && (n->text->at[at] == '{' || n->text->at[at] == '[');
	if (out->brackets) {
		out->open = ++at;
		out->close = n->end - 1;
	}
	for (size_t i = 0; i < out->count; i++) {
		struct entry *x = &out->entries[i];
		x->head = next_head(n, at);
		if (map)
			pair_entry(n, &n->map.pairs[i], x);
		else
			item_entry(n, n->list.items[i], x);
		at = x->end;
	}
	if (out->count && !n->flow) /* in flow style a line may be as long as the file */
		out->column = out->entries[0].head - line_start(*n->text, out->entries[0].head);
}

size_t outline_rest(struct arena *mem, const struct node *value, size_t after)
{
	const struct node *last = outline_last(value);
	struct outline o;

	if (outline_is_block_scalar(last))
		return outline_block_scalar(last).end;
	if (outline_empty(last)) /* its place follows from the colon or dash before it */
		while (value != last) {
			outline_of(mem, value, &o);
			after = o.entries[o.count - 1].after;
			value = node_child(value, o.count - 1);
		}
	return line_rest(*value->text, outline_empty(value) ? after : value->end);
}
