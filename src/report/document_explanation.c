/* SPDX-License-Identifier: Apache-2.0 */
#include "report/document.h"

static json_t *origin(struct arena *mem, const struct origin *o)
{
	return json_pack("{s:o, s:I, s:o}", "file", json_text(mem, o->layer->path), "line",
		(json_int_t)o->node->place.line, "value", json_value(mem, o->node));
}

json_t *json_explanation(struct arena *mem, const struct subject *s, const char *target,
	const struct explanation *list, size_t count)
{
	json_t *values = json_array();

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
		json_array_append_new(values, one);
	}
	return json_document("Explanation",
		json_pack("{s:o, s:o, s:o, s:o}", "clusterType", json_text(mem, s->type),
			"application", json_text(mem, s->application), "target",
			json_text(mem, target), "values", values));
}
