/* SPDX-License-Identifier: Apache-2.0 */
#include "report/document.h"
#include "report/plan.h"

struct writing {
	struct arena *mem;
	const struct plan_report *r;
	const struct fleet *f;
};

static json_t *copy_at(const struct writing *w, size_t position)
{
	return json_copy_at(w->mem, w->f, &w->r->now->subject, position);
}

static json_t *positions(const struct writing *w, const struct position_list *l)
{
	return json_positions(w->mem, w->f, l->list, l->count);
}

static json_t *copies_at(const struct writing *w, const struct position_list *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->count; i++)
		json_array_append_new(list, copy_at(w, l->list[i]));
	return list;
}

static json_t *step(const struct writing *w, size_t i)
{
	const struct rollout_step *s = &w->r->path->steps[i];
	size_t next = s->next;
	const struct position_list entered = { &next, next != NOWHERE };
	json_t *made = json_pack("{s:I, s:s, s:o, s:o, s:o, s:o}", "number", (json_int_t)i + 1,
		"action", step_kind_name(s->kind), "source", copy_at(w, s->source), "target",
		copy_at(w, next), "gates", positions(w, &s->gates), "targets",
		json_targets(w->mem, w->f, &entered));

	json_object_set_new(made, "holds", json_holds(w->mem, w->f, &s->holds));
	json_object_set_new(made, "consolidated", copies_at(w, &s->lifts));
	json_object_set_new(made, "edits", json_edits(w->mem, &s->plan, false));
	json_object_set_new(made, "effect", json_effect(w->mem, w->f, &s->plan.effect));
	json_object_set_new(made, "covered", json_integer((json_int_t)s->covered));
	json_object_set_new(made, "warnings", json_findings(w->mem, &s->findings, json_finding));
	return made;
}

static json_t *refusal(const struct writing *w)
{
	const struct plan_report *r = w->r;

	if (!r->refusal)
		return json_null();
	json_t *made = json_failure(
		w->mem, r->refusal, r->refusal_commands.list, r->refusal_commands.count);
	json_object_set_new(made, "number", json_integer((json_int_t)r->path->count + 1));
	json_object_set_new(made, "action", json_string(step_kind_name(r->path->refused)));
	json_object_set_new(made, "target", copy_at(w, r->path->refused_at));
	return made;
}

static bool is_complete(const struct rollout *path)
{
	return path->count && path->steps[path->count - 1].kind == STEP_INTEGRATE;
}

/* The document up to the list of steps, which comes last since it is long. */
static void write_start(const struct writing *w, struct buf *out)
{
	const struct plan_report *r = w->r;
	const struct subject *s = &r->now->subject;
	json_t *to =
		r->to == NOWHERE ? json_null() : json_text(w->mem, w->f->positions[r->to].path);

	json_write_open(
		json_document("Plan",
			json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:b, s:o, s:o}",
				"clusterType", json_text(w->mem, s->type), "application",
				json_text(w->mem, s->application), "patch",
				json_text(w->mem, s->patch), "level",
				json_text(w->mem, w->f->dimensions[r->level - 1].single), "to", to,
				"covered", (json_int_t)r->path->covered, "targets",
				(json_int_t)w->f->targets, "complete", is_complete(r->path),
				"commands", json_texts(w->mem, r->commands.list, r->commands.count),
				"refusal", refusal(w))),
		"steps", out);
}

int plan_json(struct arena *mem, const struct plan_report *r,
	int (*print)(struct str text, struct error *e), struct error *e)
{
	const size_t n = r->path->count;
	struct arena part;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i <= n + 1; i++) {
		struct buf out = { .mem = &part };
		const struct writing w = { &part, r, r->now->app->fleet };

		arena_init(&part, mem->out_of_memory);
		if (i == 0)
			write_start(&w, &out);
		else if (i <= n)
			json_write_item(step(&w, i - 1), i == 1, &out);
		else
			json_write_close(n == 0, &out);
		rc = print(buf_str(&out), e);
		arena_free(&part);
	}
	return rc;
}
