/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/json.h"

#include <assert.h>
#include <stdlib.h>

#include "yaml/edit/emit.h"
#include "yaml/edit/outline.h"
#include "yaml/keys.h"
#include "yaml/quote.h"
#include "yaml/scalar.h"

static size_t digits(struct str s, size_t at)
{
	while (at < s.len && s.at[at] >= '0' && s.at[at] <= '9')
		at++;
	return at;
}

/* True for a number as JSON has it: -1, 0, 1.5e+3; not +1, 01, .5. */
static bool is_number(struct str s)
{
	size_t start = s.len && s.at[0] == '-', at = digits(s, start), end;

	if (at == start || (s.at[start] == '0' && at > start + 1))
		return false;
	if (at < s.len && s.at[at] == '.') {
		end = digits(s, at + 1);
		if (end == at + 1)
			return false;
		at = end;
	}
	if (at < s.len && (s.at[at] == 'e' || s.at[at] == 'E')) {
		at++;
		at += at < s.len && (s.at[at] == '+' || s.at[at] == '-');
		end = digits(s, at);
		if (end == at)
			return false;
		at = end;
	}
	return at == s.len;
}

static bool scalar_fits(const struct node *n)
{
	struct str s = n->value;

	if (n->style == SCALAR_DOUBLE)
		return true;
	return n->style == SCALAR_PLAIN &&
		(str_is(s, "null") || str_is(s, "true") || str_is(s, "false") || is_number(s));
}

bool json_fits(const struct node *n)
{
	struct str text = *n->text;

	if (n->anchored || n->tag.len || n->kind == NODE_ALIAS)
		return false;
	if (n->kind == NODE_SCALAR)
		return scalar_fits(n);
	if (!n->flow || !strchr("{[", text.at[n->start]))
		return false;
	for (size_t i = 0; i < node_count(n); i++) {
		const struct node *key = n->kind == NODE_MAP ? n->map.pairs[i].key : NULL;
		if (key && (key->style != SCALAR_DOUBLE || key->anchored || key->tag.len))
			return false;
		if (!json_fits(node_child(n, i)))
			return false;
	}
	return true;
}

static bool has_quotes(const struct node *n)
{
	bool found = n->kind == NODE_MAP ? n->map.count > 0 : n->style == SCALAR_DOUBLE;

	for (size_t i = 0; i < node_count(n) && !found; i++)
		found = has_quotes(node_child(n, i));
	return found;
}

bool json_is_style(const struct node *n)
{
	return node_count(n) && json_fits(n) && has_quotes(n);
}

/* A number that all readers agree on, without a sign or zeros that JSON does not have. */
static void emit_number(struct buf *out, struct str s)
{
	size_t at = s.at[0] == '-' || s.at[0] == '+';

	if (s.len > 1 && s.at[1] == 'x') {
		buf_printf(out, "%lld", strtoll(s.at, NULL, 16));
		return;
	}
	if (s.at[0] == '-')
		buf_putc(out, '-');
	while (at + 1 < s.len && s.at[at] == '0' && s.at[at + 1] != '.')
		at++;
	buf_add(out, str_part(s, at, s.len));
}

static void emit_scalar(struct buf *out, const struct node *n)
{
	switch (scalar_type(n)) {
	case TYPE_NULL:
		buf_puts(out, "null");
		break;
	case TYPE_BOOL:
		buf_puts(out, strchr("tT", n->value.at[0]) ? "true" : "false");
		break;
	case TYPE_INT:
	case TYPE_FLOAT:
		emit_number(out, n->value);
		break;
	case TYPE_STRING:
		quote_json(out, n->value);
		break;
	case TYPE_UNSURE:
		buf_add(out, n->value);
		break;
	case TYPE_TAGGED:
		emit_tag(out, n);
		buf_putc(out, ' ');
		if (n->style == SCALAR_PLAIN) /* as such it may mean something else */
			buf_add(out, n->value);
		else
			quote_json(out, n->value);
		break;
	}
}

void json_emit_pair(struct buf *out, const struct pair *p)
{
	struct number_text room;

	quote_json(out, key_text(p->key, &room));
	buf_puts(out, ": ");
	json_emit(out, p->value);
}

void json_emit(struct buf *out, const struct node *n)
{
	const char *brackets = n->kind == NODE_MAP ? "{}" : "[]";

	assert(n->kind != NODE_ALIAS);
	if (n->kind == NODE_SCALAR) {
		emit_scalar(out, n);
		return;
	}
	emit_tag(out, n);
	buf_puts(out, n->tag.len ? " " : "");
	buf_putc(out, brackets[0]);
	for (size_t i = 0; i < node_count(n); i++) {
		buf_puts(out, i ? ", " : "");
		if (n->kind == NODE_MAP)
			json_emit_pair(out, &n->map.pairs[i]);
		else
			json_emit(out, n->list.items[i]);
	}
	buf_putc(out, brackets[1]);
}
