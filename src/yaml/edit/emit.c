/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/emit.h"

#include <assert.h>

#include "yaml/edit/json.h"
#include "yaml/edit/verbatim.h"
#include "yaml/lines.h"
#include "yaml/edit/outline.h"
#include "yaml/quote.h"
#include "yaml/scalar.h"

static const struct node *alias_target(const struct node *n)
{
	return n->kind == NODE_ALIAS ? n->target : n;
}

bool emit_is_block(const struct node *n)
{
	n = alias_target(n);
	switch (n->kind) {
	case NODE_LIST:
		return !n->flow; /* an empty list is written [] */
	case NODE_MAP:
		return !n->flow && n->map.count;
	case NODE_ALIAS:
		assert(0 && "an alias names no alias");
		break;
	case NODE_SCALAR:
		break;
	}
	return false;
}

size_t emit_column(const struct node *n, size_t column, const struct layout *l)
{
	return alias_target(n)->kind == NODE_LIST && !l->dashes_indented ? column
									 : column + l->step;
}

/* Characters that need no escape in a tag: after ! and !!, and in !<>. */
#define TAG_CHARACTERS      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
#define VERBATIM_CHARACTERS TAG_CHARACTERS "_.,:;/?@&=+$!~*'()"

void emit_tag(struct buf *out, const struct node *n)
{
	static const char core[] = "tag:yaml.org,2002:";
	struct str tag = alias_target(n)->tag, name = tag;
	const char *handle = "!<", *end = ">";

	if (!tag.len)
		return;
	if (tag.len >= sizeof(core) && memcmp(tag.at, core, sizeof(core) - 1) == 0)
		name = str_part(tag, sizeof(core) - 1, tag.len);
	else if (tag.len > 1 && tag.at[0] == '!')
		name = str_part(tag, 1, tag.len);
	if (name.len < tag.len && strspn(name.at, TAG_CHARACTERS) == name.len) {
		handle = tag.at[0] == '!' ? "!" : "!!";
		end = "";
	} else {
		name = tag;
	}
	buf_puts(out, handle);
	for (size_t i = 0; i < name.len; i++)
		if (strchr(VERBATIM_CHARACTERS, name.at[i]))
			buf_putc(out, name.at[i]);
		else
			buf_printf(out, "%%%02X", (unsigned char)name.at[i]);
	buf_puts(out, end);
}

static void emit_tag_before(struct buf *out, const struct node *n)
{
	emit_tag(out, n);
	if (n->tag.len)
		buf_putc(out, ' ');
}

/* Plain text stays as it is, unless it is a string that needs quotes here. */
static void emit_plain(struct buf *out, const struct node *n, bool flow, bool fresh)
{
	bool string = scalar_type(n) == TYPE_STRING;
	bool broken = memchr(n->value.at, '\n', n->value.len) != NULL;

	if (!n->value.len && !n->tag.len)
		buf_puts(out, "null");
	else if (string && (flow || fresh || broken))
		quote_string(out, n->value, flow);
	else if (string || quote_single_fits(n->value))
		buf_add(out, n->value);
	else /* text under a tag, with what must not appear */
		quote_double(out, n->value);
}

/* A scalar on one line. */
static void emit_scalar(struct buf *out, const struct node *n, bool flow, const struct layout *l)
{
	emit_tag_before(out, n);
	switch (n->style) {
	case SCALAR_PLAIN:
		emit_plain(out, n, flow, l->fresh);
		return;
	case SCALAR_SINGLE:
		if (!l->fresh && quote_single_fits(n->value)) {
			quote_single(out, n->value);
			return;
		}
		break;
	case SCALAR_DOUBLE:
		if (!n->text) {
			quote_string(out, n->value, flow);
			return;
		}
		if (!l->fresh && verbatim_quoted(out, n))
			return;
		break;
	case SCALAR_LITERAL:
	case SCALAR_FOLDED:
		break;
	}
	quote_double(out, n->value);
}

/* A longer key, or one with a line end, needs a `?` before it. */
enum { LONGEST_KEY = 1000 };

/* Returns whether the key has a `?` before it. */
static bool emit_key(struct buf *out, const struct node *key, bool flow, const struct layout *l)
{
	static const char mark[] = { '?', ' ' };
	const size_t start = out->len;

	emit_scalar(out, key, flow, l);
	if (out->len - start <= LONGEST_KEY)
		return false;
	buf_room(out, sizeof(mark));
	memmove(out->at + start + sizeof(mark), out->at + start, out->len - start + 1);
	memcpy(out->at + start, mark, sizeof(mark));
	out->len += sizeof(mark);
	return true;
}

void emit_flow_pair(struct buf *out, const struct pair *p, const struct layout *l)
{
	if (l->json) {
		json_emit_pair(out, p);
		return;
	}
	emit_key(out, p->key, true, l);
	buf_puts(out, ": ");
	emit_flow(out, p->value, l);
}

void emit_flow(struct buf *out, const struct node *n, const struct layout *l)
{
	if (l->json) {
		json_emit(out, n);
		return;
	}
	n = alias_target(n);
	if (n->kind == NODE_SCALAR) {
		emit_scalar(out, n, true, l);
		return;
	}
	if (!l->fresh && verbatim_flow(out, n))
		return;
	bool map = n->kind == NODE_MAP;
	emit_tag_before(out, n);
	buf_putc(out, map ? '{' : '[');
	for (size_t i = 0; i < node_count(n); i++) {
		if (i)
			buf_puts(out, ", ");
		if (map)
			emit_flow_pair(out, &n->map.pairs[i], l);
		else
			emit_flow(out, n->list.items[i], l);
	}
	buf_putc(out, map ? '}' : ']');
}

void emit_inline(struct buf *out, struct buf *below, const struct node *n, long column,
	const struct layout *l)
{
	n = alias_target(n);
	assert(l->json || !emit_is_block(n));
	if (n->kind != NODE_SCALAR) {
		emit_flow(out, n, l);
		return;
	}
	if (!l->fresh && outline_is_block_scalar(n) &&
		verbatim_block_scalar(out, below, n, column, l))
		return;
	emit_scalar(out, n, false, l);
}

/* All that follows the colon or dash in `column`, including the last line end. */
static void emit_value(
	struct buf *out, const struct node *n, size_t column, size_t child, const struct layout *l)
{
	n = alias_target(n);
	if (emit_is_block(n)) {
		if (n->tag.len)
			buf_putc(out, ' ');
		emit_tag(out, n);
		buf_add(out, l->eol);
		emit_lines(out, n, child, l);
		return;
	}
	struct buf lines = { .mem = out->mem };
	buf_putc(out, ' ');
	emit_inline(out, &lines, n, (long)column, l);
	buf_add(out, l->eol);
	buf_add(out, buf_str(&lines));
}

void emit_pair(struct buf *out, const struct pair *p, size_t column, const struct layout *l)
{
	if (!l->fresh && verbatim_pair(out, p, column, l))
		return;
	add_spaces(out, column);
	if (emit_key(out, p->key, false, l)) {
		buf_add(out, l->eol);
		add_spaces(out, column);
	}
	buf_putc(out, ':');
	emit_value(out, p->value, column, emit_column(p->value, column, l), l);
}

void emit_item(struct buf *out, const struct node *item, size_t column, const struct layout *l)
{
	enum { DASH = 2 }; /* and a space */
	const struct node *n = alias_target(item);
	const size_t start = out->len;

	if (emit_is_block(n) && !n->tag.len) {
		emit_lines(out, n, column + DASH, l);
		out->at[start + column] = '-';
		return;
	}
	add_spaces(out, column);
	buf_putc(out, '-');
	emit_value(out, n, column, column + DASH, l);
}

static void add_pair(struct buf *out, const struct pair *p, size_t column, const struct layout *l)
{
	if (!l->known || !l->known->add(l->known, out, p, column))
		emit_pair(out, p, column, l);
}

void emit_lines(struct buf *out, const struct node *n, size_t column, const struct layout *l)
{
	n = alias_target(n);
	assert(emit_is_block(n));
	if (!l->fresh && verbatim_lines(out, n, column, l))
		return;
	if (n->kind == NODE_MAP)
		for (size_t i = 0; i < n->map.count; i++)
			add_pair(out, &n->map.pairs[i], column, l);
	else
		for (size_t i = 0; i < n->list.count; i++)
			emit_item(out, n->list.items[i], column, l);
}
