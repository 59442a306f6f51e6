/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sequence.h"
#include "report/document.h"

struct json {
	const struct report *r;
	const struct fleet *f;
	struct arena *mem;
};

static json_t *path_of(const struct json *j, size_t at)
{
	return json_text(j->mem, j->f->positions[at].path);
}

static json_t *paths_of(const struct json *j, const size_t *positions, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, path_of(j, positions[i]));
	return list;
}

/* {"position": ..., "path": ...}, or null for NOWHERE */
static json_t *copy_at(const struct json *j, size_t at)
{
	if (at == NOWHERE)
		return json_null();
	return json_pack("{s:o, s:o}", "position", path_of(j, at), "path",
		json_text(j->mem, paths_copy(j->mem, &j->r->now->subject, &j->f->positions[at])));
}

static json_t *gates_of(const struct json *j)
{
	const struct position_list *gates = &j->r->step->gates;
	json_t *list = json_array();

	for (size_t i = 0; i < gates->count; i++)
		json_array_append_new(list,
			json_pack("{s:o, s:b}", "position", path_of(j, gates->list[i]), "approved",
				j->r->approved[i]));
	return list;
}

static json_t *targets(const struct json *j)
{
	const struct position_list *at = &j->r->step->positions;
	json_t *list = json_array();

	for (size_t k = 0; k < at->count; k++)
		for (size_t i = at->list[k]; i < j->f->positions[at->list[k]].end; i++)
			if (fleet_is_target(j->f, i))
				json_array_append_new(list, path_of(j, i));
	return list;
}

static json_t *consolidated(const struct json *j)
{
	json_t *list = json_array();

	for (size_t i = 0; i < j->f->count; i++)
		if (step_is_lift(j->r->step, j->r->now, i))
			json_array_append_new(list, copy_at(j, i));
	return list;
}

static json_t *edit_of(const struct json *j, const struct edit *edit)
{
	static const char *const actions[] = {
		[EDIT_CREATE] = "create", [EDIT_REPLACE] = "change", [EDIT_REMOVE] = "remove"
	};
	const struct layer *now = edit->now;
	json_t *object = json_pack(
		"{s:s, s:o}", "action", actions[edit->kind], "path", json_text(j->mem, edit->path));

	if (edit->kind == EDIT_CREATE && now->file)
		json_object_set_new(object, "from", json_text(j->mem, now->path));
	else if (edit->kind == EDIT_CREATE && j->r->step->kind == STEP_START)
		json_object_set_new(
			object, "text", json_stringn(now->doc->text.at, now->doc->text.len));
	if (edit->kind == EDIT_REPLACE && now->removed_count)
		json_object_set_new(object, "removedKeys",
			json_texts(j->mem, now->removed, now->removed_count));
	return object;
}

static json_t *edits(const struct json *j)
{
	const struct plan *p = j->r->plan;
	json_t *list = json_array();

	for (size_t i = 0; i < p->edit_count; i++)
		json_array_append_new(list, edit_of(j, &p->edits[i]));
	return list;
}

static json_t *following(const struct json *j)
{
	const struct step *s = j->r->step;
	json_t *next = copy_at(j, s->following);

	if (s->following == NOWHERE)
		return next;
	json_object_set_new(
		next, "gates", paths_of(j, s->following_gates.list, s->following_gates.count));
	if (s->gap)
		json_object_set_new(next, "gap", json_true());
	return next;
}

static json_t *effect(const struct json *j)
{
	const struct effect *e = &j->r->plan->effect;

	return json_pack("{s:I, s:I, s:o}", "targets", (json_int_t)j->f->targets, "changed",
		(json_int_t)e->targets, "groups", json_effect_groups(j->mem, j->f, e));
}

/* where other layers hide the patch */
static json_t *hidden(const struct json *j)
{
	const struct reach *reach = &j->r->reach;
	json_t *list = json_array();

	for (size_t i = 0; i < reach->count; i++) {
		const struct hidden *h = &reach->list[i];

		json_array_append_new(list,
			json_pack("{s:o, s:b, s:o, s:I, s:I, s:o}", "targets",
				paths_of(j, h->targets, h->count), "withoutEffect", h->whole,
				"file", json_text(j->mem, h->layer->path), "line",
				(json_int_t)h->node->place.line, "column",
				(json_int_t)h->node->place.column, "path",
				json_text(j->mem, h->path)));
	}
	return list;
}

static json_t *warnings(const struct json *j)
{
	const struct findings f = report_findings(j->mem, j->r, true);
	const struct findings first = report_recovery_findings(j->mem, j->r->recovered);
	json_t *list = json_array();

	for (size_t i = 0; i < first.count; i++)
		json_array_append_new(list, json_finding(j->mem, &first.list[i]));
	for (size_t i = 0; i < f.count; i++)
		json_array_append_new(list, json_finding(j->mem, &f.list[i]));
	return list;
}

/* Whether the patch covers every target, or is part of values.yaml. */
static bool is_complete(const struct report *r)
{
	const struct fleet *f = r->now->app->fleet;
	const bool copies = sequence_latest(f, r->step->after.copies) != NOWHERE;

	return r->step->kind == STEP_INTEGRATE || (copies && r->reach.covered == f->targets);
}

json_t *json_step(struct arena *mem, const struct report *r)
{
	const struct subject *subject = &r->now->subject;
	const struct json j = { r, r->now->app->fleet, mem };
	json_t *root = json_pack("{s:b, s:o, s:o, s:o, s:s}", "dryRun", r->dry_run, "clusterType",
		json_text(mem, subject->type), "application", json_text(mem, subject->application),
		"patch", json_text(mem, subject->patch), "action", step_kind_name(r->step->kind));

	json_object_set_new(root, "source",
		copy_at(&j, r->step->kind == STEP_START ? NOWHERE : r->step->source));
	json_object_set_new(root, "target",
		copy_at(&j,
			step_comes_to(r->step, step_next(r->step)) ? step_next(r->step) : NOWHERE));
	json_object_set_new(
		root, "positions", paths_of(&j, r->step->positions.list, r->step->positions.count));
	json_object_set_new(root, "gates", gates_of(&j));
	json_object_set_new(root, "holds", json_holds(mem, j.f, &r->holds));
	json_object_set_new(root, "targets", targets(&j));
	json_object_set_new(root, "consolidated", consolidated(&j));
	json_object_set_new(root, "edits", edits(&j));
	json_object_set_new(root, "effect", effect(&j));
	json_object_set_new(root, "covered", json_integer((json_int_t)r->reach.covered));
	json_object_set_new(root, "hidden", hidden(&j));
	json_object_set_new(root, "generator", json_text(mem, r->generator));
	json_object_set_new(root, "stale", json_texts(mem, r->stale, r->stale_count));
	json_object_set_new(root, "warnings", warnings(&j));
	json_set_recovered(root, mem, r->recovered);
	json_object_set_new(root, "complete", json_boolean(is_complete(r)));
	json_object_set_new(root, "next", following(&j));
	return json_document("Step", root);
}
