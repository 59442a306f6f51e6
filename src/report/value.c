/* SPDX-License-Identifier: Apache-2.0 */
#include "report/value.h"

#include <errno.h>
#include <stdlib.h>

#include "yaml/scalar.h"

enum { LONGEST = 60 }; /* characters of a value that is not shown whole */

static void add_scalar(struct buf *out, const struct node *n, bool inside)
{
	enum scalar_type type = scalar_type(n);
	struct node plain = *n;

	/* "80" is not 80: what would be taken for something else without quotes has them */
	plain.style = SCALAR_PLAIN;
	bool quote = type == TYPE_STRING && n->style != SCALAR_PLAIN &&
		(inside || scalar_type(&plain) != TYPE_STRING);

	if (type == TYPE_NULL)
		buf_puts(out, "null");
	else if (quote)
		buf_printf(out, "\"%.*s\"", (int)n->value.len, n->value.at);
	else
		buf_add(out, n->value);
}

static void add_value(struct buf *out, const struct node *n, bool inside)
{
	switch (n->kind) {
	case NODE_SCALAR:
		add_scalar(out, n, inside);
		break;
	case NODE_LIST:
		buf_putc(out, '[');
		for (size_t i = 0; i < n->list.count; i++) {
			if (i)
				buf_puts(out, ", ");
			add_value(out, n->list.items[i], true);
		}
		buf_putc(out, ']');
		break;
	case NODE_MAP:
		buf_putc(out, '{');
		for (size_t i = 0; i < n->map.count; i++) {
			if (i)
				buf_puts(out, ", ");
			add_scalar(out, n->map.pairs[i].key, false);
			buf_puts(out, ": ");
			add_value(out, n->map.pairs[i].value, true);
		}
		buf_putc(out, '}');
		break;
	case NODE_ALIAS: /* an expanded tree has none */
		break;
	}
}

void value_text(struct buf *out, const struct node *n, bool whole)
{
	struct buf b = { .mem = out->mem };

	if (!n) {
		buf_puts(out, "(unset)");
		return;
	}
	add_value(&b, n, false);
	size_t len = b.len;
	if (!whole && len > LONGEST) {
		len = LONGEST;
		while (((unsigned char)b.at[len] & 0xc0) == 0x80) /* not within a character */
			len--;
	}
	size_t size = error_escape(NULL, 0, b.len ? b.at : "", len) + 1;
	char *line = arena_alloc(out->mem, size, 1);
	error_escape(line, size, b.len ? b.at : "", len);
	buf_puts(out, line);
	if (len < b.len)
		buf_puts(out, "...");
}

json_t *value_string(struct arena *mem, struct str text)
{
	json_t *s = json_stringn(text.at, text.len);
	struct buf b = { .mem = mem };

	if (s)
		return s;
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.at[i] < 0x80)
			buf_putc(&b, text.at[i]);
		else
			buf_printf(&b, "\\x%02x", (unsigned char)text.at[i]);
	}
	return json_stringn(b.at, b.len);
}

static json_t *scalar_json(struct arena *mem, const struct node *n)
{
	json_t *made = NULL;

	switch (scalar_type(n)) {
	case TYPE_NULL:
		return json_null();
	case TYPE_BOOL:
		return json_boolean(n->value.at[0] == 't' || n->value.at[0] == 'T');
	case TYPE_INT:
		return json_integer(strtoll(
			n->value.at, NULL, n->value.len > 1 && n->value.at[1] == 'x' ? 16 : 10));
	case TYPE_FLOAT:
		made = json_real(strtod(n->value.at, NULL));
		return made ? made : value_string(mem, n->value); /* JSON has no infinity */
	case TYPE_STRING:
	case TYPE_UNSURE:
	case TYPE_TAGGED:
		break;
	}
	return value_string(mem, n->value);
}

json_t *value_json(struct arena *mem, const struct node *n)
{
	json_t *made = NULL;

	switch (n->kind) {
	case NODE_SCALAR:
		return scalar_json(mem, n);
	case NODE_LIST:
		made = json_array();
		for (size_t i = 0; i < n->list.count; i++)
			json_array_append_new(made, value_json(mem, n->list.items[i]));
		break;
	case NODE_MAP:
		made = json_object();
		for (size_t i = 0; i < n->map.count; i++)
			json_object_setn_new_nocheck(made, n->map.pairs[i].key->value.at,
				n->map.pairs[i].key->value.len,
				value_json(mem, n->map.pairs[i].value));
		break;
	case NODE_ALIAS: /* an expanded tree has none */
		break;
	}
	return made;
}

int value_dump(json_t *root, struct buf *out, struct error *e)
{
	char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;

	json_decref(root);
	if (!text)
		return error_system(e, ENOMEM, "cannot write JSON");
	buf_puts(out, text);
	buf_putc(out, '\n');
	free(text);
	return 0;
}
