/* SPDX-License-Identifier: Apache-2.0 */
#include "core/instant.h"
#include "core/sequence.h"
#include "report/committed.h"

struct json {
	const struct report *r;
	const struct fleet *f;
	struct arena *mem;
};

json_t *json_positions(
	struct arena *mem, const struct fleet *f, const size_t *positions, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_text(mem, f->positions[positions[i]].path));
	return list;
}

json_t *json_targets(struct arena *mem, const struct fleet *f, const struct position_list *at)
{
	json_t *list = json_array();

	for (size_t k = 0; k < at->count; k++)
		for (size_t i = at->list[k]; i < f->positions[at->list[k]].end; i++)
			if (fleet_is_target(f, i))
				json_array_append_new(list, json_text(mem, f->positions[i].path));
	return list;
}

json_t *json_copy_at(
	struct arena *mem, const struct fleet *f, const struct subject *subject, size_t position)
{
	if (position == NOWHERE)
		return json_null();
	const struct position *p = &f->positions[position];
	return json_pack("{s:o, s:o}", "position", json_text(mem, p->path), "path",
		json_text(mem, paths_copy(mem, subject, p)));
}

static json_t *path_of(const struct json *j, size_t at)
{
	return json_text(j->mem, j->f->positions[at].path);
}

static json_t *copy_at(const struct json *j, size_t at)
{
	return json_copy_at(j->mem, j->f, &j->r->now->subject, at);
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

static json_t *consolidated(const struct json *j)
{
	json_t *list = json_array();

	for (size_t i = 0; i < j->f->count; i++)
		if (step_is_lift(j->r->step, j->r->now, i))
			json_array_append_new(list, copy_at(j, i));
	return list;
}

static json_t *edit_of(struct arena *mem, const struct edit *edit, bool texts)
{
	static const char *const actions[] = {
		[EDIT_CREATE] = "create", [EDIT_REPLACE] = "change", [EDIT_REMOVE] = "remove"
	};
	const struct layer *now = edit->now;
	json_t *object = json_pack(
		"{s:s, s:o}", "action", actions[edit->kind], "path", json_text(mem, edit->path));

	if (edit->kind == EDIT_CREATE && now->file)
		json_object_set_new(object, "from", json_text(mem, now->path));
	else if (edit->kind == EDIT_CREATE && texts)
		json_object_set_new(
			object, "text", json_stringn(now->doc->text.at, now->doc->text.len));
	if (edit->kind == EDIT_REPLACE && now->removed_count)
		json_object_set_new(
			object, "removedKeys", json_texts(mem, now->removed, now->removed_count));
	return object;
}

json_t *json_edits(struct arena *mem, const struct plan *p, bool texts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->edit_count; i++)
		json_array_append_new(list, edit_of(mem, &p->edits[i], texts));
	return list;
}

static json_t *following(const struct json *j)
{
	const struct step *s = j->r->step;
	json_t *next = copy_at(j, s->following);

	if (s->following == NOWHERE)
		return next;
	json_object_set_new(next, "gates",
		json_positions(j->mem, j->f, s->following_gates.list, s->following_gates.count));
	if (s->gap)
		json_object_set_new(next, "gap", json_true());
	return next;
}

json_t *json_effect(struct arena *mem, const struct fleet *f, const struct effect *e)
{
	return json_pack("{s:I, s:I, s:o}", "targets", (json_int_t)f->targets, "changed",
		(json_int_t)e->targets, "groups", json_effect_groups(mem, f, e));
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
				json_positions(j->mem, j->f, h->targets, h->count), "withoutEffect",
				h->whole, "file", json_text(j->mem, h->layer->path), "line",
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

	return r->finished || r->step->kind == STEP_INTEGRATE ||
		(copies && r->reach.covered == f->targets);
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
	json_object_set_new(root, "positions",
		json_positions(mem, j.f, r->step->positions.list, r->step->positions.count));
	json_object_set_new(root, "gates", gates_of(&j));
	json_object_set_new(root, "holds", json_holds(mem, j.f, &r->holds));
	json_object_set_new(root, "targets", json_targets(mem, j.f, &r->step->positions));
	json_object_set_new(root, "consolidated", consolidated(&j));
	json_object_set_new(root, "edits", json_edits(mem, r->plan, r->step->kind == STEP_START));
	json_object_set_new(root, "effect", json_effect(mem, j.f, &r->plan->effect));
	if (r->digest)
		json_object_set_new(root, "digest", json_text(mem, r->digest));
	json_object_set_new(root, "covered", json_integer((json_int_t)r->reach.covered));
	json_object_set_new(root, "hidden", hidden(&j));
	json_object_set_new(root, "generator", json_text(mem, r->generator));
	json_object_set_new(root, "stale", json_texts(mem, r->stale, r->stale_count));
	json_object_set_new(root, "warnings", warnings(&j));
	json_set_recovered(root, mem, r->recovered);
	if (r->committed)
		json_set_committed(root, mem, r->committed);
	if (r->finished) {
		json_object_set_new(root, "commit", json_text(mem, r->finished->commit));
		json_object_set_new(
			root, "date", json_text(mem, instant_text(mem, r->finished->at)));
	}
	json_object_set_new(root, "complete", json_boolean(is_complete(r)));
	json_object_set_new(root, "next", following(&j));
	return json_document("Step", root);
}
