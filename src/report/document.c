/* SPDX-License-Identifier: Apache-2.0 */
#include "report/document.h"

#include <errno.h>
#include <stdlib.h>

#include "yaml/scalar.h"

static json_t *string_of(struct arena *mem, struct str text)
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

json_t *json_text(struct arena *mem, const char *text)
{
	return string_of(mem, str_of(text));
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
		return made ? made : string_of(mem, n->value); /* JSON has no infinity */
	case TYPE_STRING:
	case TYPE_UNSURE:
	case TYPE_TAGGED:
		break;
	}
	return string_of(mem, n->value);
}

json_t *json_value(struct arena *mem, const struct node *n)
{
	json_t *made = NULL;

	switch (n->kind) {
	case NODE_SCALAR:
		return scalar_json(mem, n);
	case NODE_LIST:
		made = json_array();
		for (size_t i = 0; i < n->list.count; i++)
			json_array_append_new(made, json_value(mem, n->list.items[i]));
		break;
	case NODE_MAP:
		made = json_object();
		for (size_t i = 0; i < n->map.count; i++)
			json_object_setn_new_nocheck(made, n->map.pairs[i].key->value.at,
				n->map.pairs[i].key->value.len,
				json_value(mem, n->map.pairs[i].value));
		break;
	case NODE_ALIAS: /* an expanded tree has none */
		break;
	}
	return made;
}

json_t *json_texts(struct arena *mem, const char *const *texts, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_text(mem, texts[i]));
	return list;
}

static void set_text(json_t *object, struct arena *mem, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, json_text(mem, text));
}

void json_set_place(json_t *object, struct arena *mem, const struct about *about, const char *file)
{
	set_text(object, mem, "position", about->position);
	set_text(object, mem, file, about->file);
	if (about->line)
		json_object_set_new(object, "line", json_integer(about->line));
	if (about->column)
		json_object_set_new(object, "column", json_integer(about->column));
}

void json_set_matter(json_t *object, struct arena *mem, const struct about *about, const char *text)
{
	json_set_place(object, mem, about, "file");
	set_text(object, mem, "path", about->key);
	set_text(object, mem, "message", text);
	set_text(object, mem, "hint", about->hint);
}

json_t *json_finding(struct arena *mem, const struct finding *f)
{
	const struct about about = { f->position, f->file, f->line, f->column, f->path, f->hint };
	json_t *object = json_pack("{s:s, s:s}", "code", f->code, "severity",
		f->severity == SEVERITY_ERROR ? "error" : "warning");

	json_set_matter(object, mem, &about, f->text);
	return object;
}

json_t *json_document(const char *kind, json_t *fields)
{
	json_t *root = json_pack("{s:s, s:s}", "apiVersion", "promote/v1", "kind", kind);

	if (json_object_update_new(root, fields) == 0)
		return root;
	json_decref(root);
	return NULL;
}

int json_write(json_t *root, struct buf *out, struct error *e)
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
