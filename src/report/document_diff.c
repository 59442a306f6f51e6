/* SPDX-License-Identifier: Apache-2.0 */
#include "report/diff.h"
#include "report/document.h"

static json_t *side(struct arena *mem, const struct diff_side *s)
{
	return json_pack("{s:o, s:o}", "revision", json_text(mem, s->revision), "commit",
		json_text(mem, s->commit));
}

static json_t *type_of(struct arena *mem, const struct type_diff *t)
{
	const struct fleet_diff *d = &t->diff;

	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "clusterType", json_text(mem, t->type),
		"application", json_text(mem, t->application), "added",
		json_positions(mem, &d->targets, d->added.list, d->added.count), "removed",
		json_positions(mem, &d->targets, d->removed.list, d->removed.count), "effect",
		json_effect(mem, &d->targets, &d->effect));
}

json_t *json_diff(struct arena *mem, const struct diff_report *r)
{
	json_t *types = json_array();

	for (size_t i = 0; i < r->count; i++)
		json_array_append_new(types, type_of(mem, &r->types[i]));
	return json_document("Diff",
		json_pack("{s:o, s:o, s:b, s:o, s:o}", "from", side(mem, &r->from), "to",
			side(mem, &r->to), "differs", diff_report_any(r), "clusterTypes", types,
			"warnings", json_findings(mem, r->warnings, json_finding)));
}
