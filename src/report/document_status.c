/* SPDX-License-Identifier: Apache-2.0 */
/* The patches in flight as a document. */
#include "report/document.h"
#include "report/status.h"

struct writing {
	struct arena *mem; /* of a part of the document */
	const struct status_report *r;
	const struct fleet *f;
};

static json_t *path_of(const struct writing *s, size_t position)
{
	return json_text(s->mem, position == NOWHERE ? NULL : s->f->positions[position].path);
}

static json_t *dimensions(const struct writing *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->f->depth; i++)
		json_array_append_new(list, json_text(s->mem, s->f->dimensions[i].name));
	return list;
}

static json_t *positions(const struct writing *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->f->count; i++)
		json_array_append_new(list,
			json_pack("{s:o, s:b, s:I}", "path", path_of(s, i), "manual",
				s->f->positions[i].manual, "targets",
				(json_int_t)s->f->positions[i].targets));
	return list;
}

static json_t *gates(const struct writing *s, const struct flight *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->gates.count; i++)
		json_array_append_new(list, path_of(s, x->gates.list[i]));
	return list;
}

static void set_known(json_t *object, const struct writing *s, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, json_text(s->mem, text));
}

static json_t *waits(const struct writing *s, const struct flight *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->waits.count; i++) {
		const struct finding *w = &x->waits.list[i];
		json_t *one = json_pack(
			"{s:s, s:o}", "code", w->code, "text", json_text(s->mem, w->text));

		set_known(one, s, "position", w->about.position);
		set_known(one, s, "file", w->about.file);
		if (w->about.line)
			json_object_set_new(one, "line", json_integer(w->about.line));
		set_known(one, s, "patch", flight_other(s->mem, w));
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *copies(const struct writing *s, const struct surveyed *of)
{
	const struct flight *x = of->flight;
	const struct subject subject = { of->type, of->application, x->patch };
	json_t *list = json_array();

	for (size_t i = 0; i < x->copy_count; i++) {
		const struct position *p = &s->f->positions[x->copies[i].position];

		json_array_append_new(list,
			json_pack("{s:o, s:o, s:o}", "position", json_text(s->mem, p->path), "path",
				json_text(s->mem, paths_copy(s->mem, &subject, p)), "digest",
				json_text(s->mem, x->copies[i].digest)));
	}
	return list;
}

static const char *step_of(const struct flight *x)
{
	return x->steps ? step_kind_name(x->kind) : NULL;
}

static json_t *sets(const struct writing *s, const struct flight_detail *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->set_count; i++)
		json_array_append_new(list,
			json_pack("{s:o, s:o}", "path", json_text(s->mem, d->sets[i].path), "value",
				json_value(s->mem, d->sets[i].now)));
	return list;
}

static json_t *places(const struct writing *s, const enum flight_place *list)
{
	json_t *made = json_array();

	for (size_t i = 0; i < s->f->count; i++)
		json_array_append_new(made,
			json_pack("{s:o, s:s, s:b}", "position", path_of(s, i), "state",
				flight_place_name(list[i]), "gate", s->f->positions[i].manual));
	return made;
}

/* A patch that is looked at closely. */
static void set_detail(json_t *object, const struct writing *s, const struct flight *x)
{
	const struct flight_detail *d = s->r->detail;

	json_object_set_new(
		object, "positions", places(s, d ? d->places : flight_places(s->mem, s->f, x)));
	if (!d)
		return;
	json_object_set_new(
		object, "metadata", d->metadata ? json_value(s->mem, d->metadata) : json_object());
	json_object_set_new(object, "sets", sets(s, d));
	json_object_set_new(object, "effect", json_effect_groups(s->mem, s->f, &d->effect));
}

static json_t *patch(const struct writing *s, const struct surveyed *of)
{
	const struct flight *x = of->flight;
	json_t *made = json_pack(
		"{s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o}", "clusterType",
		json_text(s->mem, of->type), "application", json_text(s->mem, of->application),
		"patch", json_text(s->mem, x->patch), "description",
		json_text(s->mem, x->description), "state", flight_state_name(x->state), "next",
		path_of(s, x->next), "step", json_text(s->mem, step_of(x)), "gates", gates(s, x),
		"waits", waits(s, x), "copies", copies(s, of), "covered", (json_int_t)x->covered,
		"targets", (json_int_t)s->f->targets, "without",
		x->judged ? json_integer((json_int_t)x->without) : json_null());

	if (s->r->one)
		set_detail(made, s, x);
	return made;
}

/* The document up to the list of patches, which comes last since it is long. */
static void write_start(struct arena *mem, const struct status_report *r, struct buf *out)
{
	const struct writing s = { mem, r, r->fleet };

	json_write_open(json_document("Status",
				json_pack("{s:o, s:o, s:o, s:o}", "dimensions", dimensions(&s),
					"positions", positions(&s), "unreadable",
					json_findings(mem, r->unreadable, json_unreadable),
					"warnings", json_findings(mem, r->warnings, json_finding))),
		"patches", out);
}

int status_json(struct arena *mem, const struct status_report *r,
	int (*print)(struct str text, struct error *e), struct error *e)
{
	struct arena part;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i <= r->count + 1; i++) {
		struct buf out = { .mem = &part };
		const struct writing s = { &part, r, r->fleet };

		arena_init(&part, mem->out_of_memory);
		if (i == 0)
			write_start(&part, r, &out);
		else if (i <= r->count)
			json_write_item(patch(&s, &r->patches[i - 1]), i == 1, &out);
		else
			json_write_close(r->count == 0, &out);
		rc = print(buf_str(&out), e);
		arena_free(&part);
	}
	return rc;
}
