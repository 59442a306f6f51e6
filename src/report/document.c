/* SPDX-License-Identifier: Apache-2.0 */
#include "report/document.h"

json_t *json_str(struct arena *mem, struct str text)
{
	json_t *s = json_stringn(text.len ? text.at : "", text.len);
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
	return text ? json_str(mem, str_of(text)) : json_null();
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

/* Sets what is known of the place: position, file, line and column, and the value's path. */
static void set_place(json_t *object, struct arena *mem, const struct about *about)
{
	set_text(object, mem, "position", about->position);
	set_text(object, mem, "file", about->file);
	if (about->line)
		json_object_set_new(object, "line", json_integer(about->line));
	if (about->column)
		json_object_set_new(object, "column", json_integer(about->column));
	set_text(object, mem, "path", about->key);
}

/* The same, a text for a person, and the hint. */
static json_t *set_matter(
	json_t *object, struct arena *mem, const struct about *about, const char *text)
{
	set_place(object, mem, about);
	set_text(object, mem, "message", text);
	set_text(object, mem, "hint", about->hint);
	return object;
}

json_t *json_finding(struct arena *mem, const struct finding *f)
{
	json_t *object = json_pack("{s:s, s:s}", "code", f->code, "severity",
		f->severity == SEVERITY_ERROR ? "error" : "warning");

	set_text(object, mem, "clusterType", f->type);
	set_text(object, mem, "application", f->application);
	return set_matter(object, mem, &f->about, f->text);
}

json_t *json_unreadable(struct arena *mem, const struct finding *f)
{
	json_t *object = json_pack("{s:o, s:o, s:s, s:o}", "clusterType", json_text(mem, f->type),
		"application", json_text(mem, f->application), "code", f->code, "text",
		json_text(mem, f->text));

	set_place(object, mem, &f->about);
	return object;
}

static json_t *changes(struct arena *mem, const struct effect_group *g)
{
	json_t *list = json_array();

	for (size_t i = 0; i < g->count; i++) {
		const struct value_change *c = &g->changes[i];
		json_t *one = json_pack("{s:o}", "path", json_text(mem, c->path));

		if (c->old)
			json_object_set_new(one, "old", json_value(mem, c->old));
		if (c->now)
			json_object_set_new(one, "new", json_value(mem, c->now));
		json_array_append_new(list, one);
	}
	return list;
}

json_t *json_effect_groups(struct arena *mem, const struct fleet *f, const struct effect *e)
{
	json_t *groups = json_array();

	for (size_t i = 0; i < e->count; i++) {
		const struct effect_group *g = &e->groups[i];
		json_t *targets = json_array();

		for (size_t k = 0; k < g->target_count; k++)
			json_array_append_new(
				targets, json_text(mem, f->positions[g->targets[k]].path));
		json_array_append_new(groups,
			json_pack("{s:o, s:o}", "targets", targets, "changes", changes(mem, g)));
	}
	return groups;
}

json_t *json_findings(struct arena *mem, const struct findings *f,
	json_t *(*make)(struct arena *, const struct finding *))
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->count; i++)
		json_array_append_new(list, make(mem, &f->list[i]));
	return list;
}

json_t *json_document(const char *kind, json_t *fields)
{
	json_t *root = json_pack("{s:s, s:s}", "apiVersion", "promote/v1", "kind", kind);

	json_object_update_new(root, fields);
	return root;
}

json_t *json_failure(
	struct arena *mem, const struct error *e, const char *const *commands, size_t count)
{
	json_t *blockers = json_array();
	json_t *fields = json_pack("{s:s, s:i, s:o}", "code", e->code, "exit", (int)e->status,
		"message", json_text(mem, e->text));

	set_place(fields, mem, &e->about);
	for (size_t i = 0; i < e->blocker_count; i++)
		json_array_append_new(blockers,
			set_matter(json_object(), mem, &e->blockers[i].about, e->blockers[i].text));
	json_object_set_new(fields, "blockers", blockers);
	json_object_set_new(fields, "commands", json_texts(mem, commands, count));
	return fields;
}

json_t *json_error(struct arena *mem, const struct error *e, const char *const *commands,
	size_t count, const struct recovery_report *r)
{
	json_t *fields = json_failure(mem, e, commands, count);

	json_set_recovered(fields, mem, r);
	return json_document("Error", fields);
}

static json_t *origin(struct arena *mem, const struct origin *o)
{
	return json_pack("{s:o, s:I, s:o}", "file", json_text(mem, o->layer->path), "line",
		(json_int_t)o->node->place.line, "value", json_value(mem, o->node));
}

json_t *json_explanation(struct arena *mem, const struct subject *s, const char *target,
	const struct explanation *list, size_t count)
{
	struct arena scratch;
	struct buf text = { .mem = &scratch };

	arena_init(&scratch, mem->out_of_memory);
	for (size_t i = 0; i < count; i++) {
		const struct explanation *x = &list[i];
		json_t *hides = json_array();
		json_t *one = json_pack("{s:o, s:o}", "path", json_text(mem, x->path), "value",
			json_value(mem, x->value));

		if (x->count) {
			json_object_set_new(one, "file", json_text(mem, x->origins[0].layer->path));
			json_object_set_new(
				one, "line", json_integer(x->origins[0].node->place.line));
		}
		for (size_t k = 1; k < x->count; k++)
			json_array_append_new(hides, origin(mem, &x->origins[k]));
		json_object_set_new(one, "hides", hides);
		if (x->since)
			json_object_set_new(one, "since", json_since(mem, x->since));
		json_list_add(&text, one);
	}
	json_t *values = json_list_end(&text);
	arena_free(&scratch);
	return json_document("Explanation",
		json_pack("{s:o, s:o, s:o, s:o}", "clusterType", json_text(mem, s->type),
			"application", json_text(mem, s->application), "target",
			json_text(mem, target), "values", values));
}
