/* SPDX-License-Identifier: Apache-2.0 */
#include "report/values.h"

#include "report/value.h"
#include "yaml/edit/emit.h"

void report_values_yaml(const struct node *values, struct buf *out)
{
	const struct layout layout = { .eol = STR("\n"), .step = 2, .fresh = true };

	if (values->map.count)
		emit_lines(out, values, 0, &layout);
	else
		buf_puts(out, "{}\n");
}

int report_values_json(const struct node *values, struct buf *out, struct error *e)
{
	return value_dump(value_json(out->mem, values), out, e);
}

void report_explain_text(
	const struct explanation *list, size_t count, const struct look *look, struct buf *out)
{
	for (size_t i = 0; i < count; i++) {
		const struct explanation *x = &list[i];

		buf_printf(out, "%s%s%s: ", look->color ? "\x1b[1m" : "", x->path,
			look->color ? "\x1b[0m" : "");
		value_text(out, x->value, look->whole);
		buf_putc(out, '\n');
		for (size_t k = 0; k < x->count; k++) {
			buf_printf(out, "  %s %s:%u", k ? "hides " : "set by",
				x->origins[k].layer->path, x->origins[k].node->place.line);
			if (k) {
				buf_puts(out, ": ");
				value_text(out, x->origins[k].node, look->whole);
			}
			buf_putc(out, '\n');
		}
	}
}

static json_t *origin(struct arena *mem, const struct origin *o)
{
	return json_pack("{s:o, s:I, s:o}", "file", value_string(mem, str_of(o->layer->path)),
		"line", (json_int_t)o->node->place.line, "value", value_json(mem, o->node));
}

int report_explain_json(const struct subject *s, const char *target, const struct explanation *list,
	size_t count, struct buf *out, struct error *e)
{
	struct arena *mem = out->mem;
	json_t *values = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct explanation *x = &list[i];
		json_t *hides = json_array();
		json_t *one = json_pack("{s:o, s:o}", "path", value_string(mem, str_of(x->path)),
			"value", value_json(mem, x->value));

		if (x->count) {
			json_object_set_new(
				one, "file", value_string(mem, str_of(x->origins[0].layer->path)));
			json_object_set_new(
				one, "line", json_integer(x->origins[0].node->place.line));
		}
		for (size_t k = 1; k < x->count; k++)
			json_array_append_new(hides, origin(mem, &x->origins[k]));
		json_object_set_new(one, "hides", hides);
		json_array_append_new(values, one);
	}
	return value_dump(
		json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "apiVersion", "promote/v1", "kind",
			"Explanation", "clusterType", value_string(mem, str_of(s->type)),
			"application", value_string(mem, str_of(s->application)), "target",
			value_string(mem, str_of(target)), "values", values),
		out, e);
}
