/* SPDX-License-Identifier: Apache-2.0 */
/* Values as JSON, and JSON as text. */
#include <inttypes.h>
#include <math.h>

#include "report/document.h"
#include "yaml/keys.h"
#include "yaml/quote.h"
#include "yaml/resolve.h"
#include "yaml/scan.h"

/*
 * What is JSON already, such as a number that the library cannot hold: an object with its text under
 * a key that no document has, since a key with a NUL is refused where YAML is read.
 */
#define RAW_KEY     "\0"
#define RAW_KEY_LEN 1

static json_t *raw(struct str text)
{
	json_t *made = json_object();

	json_object_setn_new_nocheck(
		made, RAW_KEY, RAW_KEY_LEN, json_stringn_nocheck(text.at, text.len));
	return made;
}

static json_t *integer(const struct resolved *r)
{
	struct number_text digits;

	if (r->magnitude <= INT64_MAX)
		return json_integer(
			r->negative ? -(json_int_t)r->magnitude : (json_int_t)r->magnitude);
	snprintf(digits.at, sizeof(digits.at), "%s%" PRIu64, r->negative ? "-" : "", r->magnitude);
	return raw(str_of(digits.at));
}

/* Binary data as text: what is not UTF-8 becomes U+FFFD, as Go has it. */
static json_t *binary(struct arena *mem, struct str base64)
{
	struct buf bytes = { .mem = mem }, text = { .mem = mem };

	binary_decode(&bytes, base64);
	for (size_t i = 0; i < bytes.len;) {
		size_t n = scan_utf8(buf_str(&bytes), i);
		buf_add(&text, n ? str_part(buf_str(&bytes), i, i + n) : STR("\xef\xbf\xbd"));
		i += n ? n : 1;
	}
	return json_str(mem, buf_str(&text));
}

static json_t *scalar(struct arena *mem, const struct node *n)
{
	const struct resolved r = scalar_resolve(n);

	switch (r.type) {
	case RESOLVED_NULL:
		return json_null();
	case RESOLVED_BOOL:
		return json_boolean(r.truth);
	case RESOLVED_INT:
		return integer(&r);
	case RESOLVED_FLOAT:
		if (isfinite(r.number))
			return json_real(r.number);
		break;
	case RESOLVED_BINARY:
		return binary(mem, n->value);
	case RESOLVED_STRING:
	case RESOLVED_NOTHING:
		break;
	}
	return json_str(mem, n->value);
}

json_t *json_value(struct arena *mem, const struct node *n)
{
	json_t *made = NULL;

	switch (n->kind) {
	case NODE_SCALAR:
		return scalar(mem, n);
	case NODE_LIST:
		made = json_array();
		for (size_t i = 0; i < n->list.count; i++)
			json_array_append_new(made, json_value(mem, n->list.items[i]));
		break;
	case NODE_MAP:
		made = json_object();
		for (size_t i = 0; i < n->map.count; i++) {
			struct number_text room;
			struct str key = key_text(n->map.pairs[i].key, &room);
			json_object_setn_new_nocheck(
				made, key.at, key.len, json_value(mem, n->map.pairs[i].value));
		}
		break;
	case NODE_ALIAS: /* an expanded tree has none */
		break;
	}
	return made;
}

static void add_line(struct buf *out, size_t depth)
{
	buf_putc(out, '\n');
	for (size_t i = 0; i < depth; i++)
		buf_puts(out, "  ");
}

static void add_json(struct buf *out, json_t *v, size_t depth);

static void add_object(struct buf *out, json_t *v, size_t depth)
{
	void *i = json_object_iter(v);

	if (i && json_object_iter_key_len(i) == RAW_KEY_LEN && !*json_object_iter_key(i)) {
		const json_t *text = json_object_iter_value(i);
		buf_add(out, (struct str){ json_string_value(text), json_string_length(text) });
		return;
	}
	buf_putc(out, '{');
	for (bool first = true; i; i = json_object_iter_next(v, i), first = false) {
		if (!first)
			buf_putc(out, ',');
		add_line(out, depth + 1);
		quote_json(
			out, (struct str){ json_object_iter_key(i), json_object_iter_key_len(i) });
		buf_puts(out, ": ");
		add_json(out, json_object_iter_value(i), depth + 1);
	}
	if (json_object_size(v))
		add_line(out, depth);
	buf_putc(out, '}');
}

static void add_array(struct buf *out, json_t *v, size_t depth)
{
	buf_putc(out, '[');
	for (size_t i = 0; i < json_array_size(v); i++) {
		if (i)
			buf_putc(out, ',');
		add_line(out, depth + 1);
		add_json(out, json_array_get(v, i), depth + 1);
	}
	if (json_array_size(v))
		add_line(out, depth);
	buf_putc(out, ']');
}

static void add_json(struct buf *out, json_t *v, size_t depth)
{
	struct number_text room;

	switch (json_typeof(v)) {
	case JSON_OBJECT:
		add_object(out, v, depth);
		break;
	case JSON_ARRAY:
		add_array(out, v, depth);
		break;
	case JSON_STRING:
		quote_json(out, (struct str){ json_string_value(v), json_string_length(v) });
		break;
	case JSON_INTEGER:
		buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		break;
	case JSON_REAL:
		buf_puts(out, float_json(json_real_value(v), &room));
		break;
	case JSON_TRUE:
		buf_puts(out, "true");
		break;
	case JSON_FALSE:
		buf_puts(out, "false");
		break;
	case JSON_NULL:
		buf_puts(out, "null");
		break;
	}
}

/* The depth of a list that is a field of a document, and of what is in it. */
enum { FIELD_DEPTH = 1, ITEM_DEPTH };

void json_list_add(struct buf *list, json_t *item)
{
	buf_putc(list, list->len ? ',' : '[');
	add_line(list, ITEM_DEPTH);
	add_json(list, item, ITEM_DEPTH);
	json_decref(item);
}

json_t *json_list_end(struct buf *list)
{
	if (!list->len)
		return json_array();
	add_line(list, FIELD_DEPTH);
	buf_putc(list, ']');
	return raw(buf_str(list));
}

void json_write(json_t *root, struct buf *out)
{
	add_json(out, root, 0);
	json_decref(root);
	buf_putc(out, '\n');
}
