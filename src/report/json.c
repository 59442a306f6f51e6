/* SPDX-License-Identifier: Apache-2.0 */
/* Values as JSON, and JSON as text. */
#include <inttypes.h>
#include <math.h>

#include "report/document.h"
#include "yaml/keys.h"
#include "yaml/lines.h"
#include "yaml/quote.h"
#include "yaml/resolve.h"
#include "yaml/scan.h"

static void add_line(struct buf *out, size_t depth)
{
	buf_putc(out, '\n');
	add_spaces(out, 2 * depth);
}

/* Binary data as text: what is not UTF-8 becomes U+FFFD, as Go has it. */
static void add_binary(struct buf *out, struct str base64)
{
	struct arena scratch;
	struct buf bytes = { .mem = &scratch }, text = { .mem = &scratch };

	arena_init(&scratch, out->mem->out_of_memory);
	binary_decode(&bytes, base64);
	for (size_t i = 0; i < bytes.len;) {
		size_t n = scan_utf8(buf_str(&bytes), i);
		buf_add(&text, n ? str_part(buf_str(&bytes), i, i + n) : STR("\xef\xbf\xbd"));
		i += n ? n : 1;
	}
	quote_json(out, buf_str(&text));
	arena_free(&scratch);
}

static void add_scalar(struct buf *out, const struct node *n)
{
	const struct resolved r = scalar_resolve(n);
	struct number_text room;

	switch (r.type) {
	case RESOLVED_NULL:
		buf_puts(out, "null");
		return;
	case RESOLVED_BOOL:
		buf_puts(out, r.truth ? "true" : "false");
		return;
	case RESOLVED_INT:
		buf_printf(out, "%s%" PRIu64, r.negative && r.magnitude ? "-" : "", r.magnitude);
		return;
	case RESOLVED_FLOAT:
		if (!isfinite(r.number))
			break;
		buf_puts(out, float_json(r.number, &room));
		return;
	case RESOLVED_BINARY:
		add_binary(out, n->value);
		return;
	case RESOLVED_STRING:
	case RESOLVED_NOTHING:
		break;
	}
	quote_json(out, n->value);
}

void json_pair(struct buf *out, const struct pair *p, size_t depth, struct known_pairs *known)
{
	struct number_text room;

	quote_json(out, key_text(p->key, &room));
	buf_puts(out, ": ");
	json_node(out, p->value, depth, known);
}

void json_node(struct buf *out, const struct node *n, size_t depth, struct known_pairs *known)
{
	const bool map = n->kind == NODE_MAP;

	if (n->kind == NODE_SCALAR) {
		add_scalar(out, n);
		return;
	}
	buf_putc(out, map ? '{' : '[');
	for (size_t i = 0; i < node_count(n); i++) {
		if (i)
			buf_putc(out, ',');
		add_line(out, depth + 1);
		if (!map)
			json_node(out, n->list.items[i], depth + 1, known);
		else if (!known || !known->add(known, out, &n->map.pairs[i], depth + 1))
			json_pair(out, &n->map.pairs[i], depth + 1, known);
	}
	if (node_count(n))
		add_line(out, depth);
	buf_putc(out, map ? '}' : ']');
}

/*
 * What is JSON already: an object with its text under a key that no document has, since a key with
 * a NUL is refused where YAML is read.
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

json_t *json_value(struct arena *mem, const struct node *n)
{
	struct buf text = { .mem = mem };

	json_node(&text, n, 0, NULL);
	return raw(buf_str(&text));
}

/* A text that was written at depth 0; strings in it have no line end. */
static void add_raw(struct buf *out, struct str text, size_t depth)
{
	for (size_t at = 0, end; at < text.len; at = end + 1) {
		if (at)
			add_line(out, depth);
		end = line_end(text, at);
		buf_add(out, str_part(text, at, end));
	}
}

static void add_json(struct buf *out, json_t *v, size_t depth);

static void add_object(struct buf *out, json_t *v, size_t depth)
{
	void *i = json_object_iter(v);

	if (i && json_object_iter_key_len(i) == RAW_KEY_LEN && !*json_object_iter_key(i)) {
		const json_t *text = json_object_iter_value(i);
		const struct str raw = { json_string_value(text), json_string_length(text) };
		add_raw(out, raw, depth);
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

void json_list_add(struct buf *list, json_t *item)
{
	buf_putc(list, list->len ? ',' : '[');
	add_line(list, 1);
	add_json(list, item, 1);
	json_decref(item);
}

json_t *json_list_end(struct buf *list)
{
	if (!list->len)
		return json_array();
	add_line(list, 0);
	buf_putc(list, ']');
	return raw(buf_str(list));
}

/* The depth of a list that is a field of a document, and of what is in it. */
enum { FIELD_DEPTH = 1, ITEM_DEPTH };

void json_write_open(json_t *root, const char *key, struct buf *out)
{
	static const char end[] = "\n}"; /* of an object with fields */

	add_json(out, root, 0);
	json_decref(root);
	out->len -= sizeof(end) - 1;
	buf_putc(out, ',');
	add_line(out, FIELD_DEPTH);
	quote_json(out, str_of(key));
	buf_puts(out, ": [");
}

void json_write_item(json_t *item, bool first, struct buf *out)
{
	if (!first)
		buf_putc(out, ',');
	add_line(out, ITEM_DEPTH);
	add_json(out, item, ITEM_DEPTH);
	json_decref(item);
}

void json_write_close(bool empty, struct buf *out)
{
	if (!empty)
		add_line(out, FIELD_DEPTH);
	buf_puts(out, "]\n}\n");
}

void json_write(json_t *root, struct buf *out)
{
	add_json(out, root, 0);
	json_decref(root);
	buf_putc(out, '\n');
}
