/* SPDX-License-Identifier: Apache-2.0 */
#include "report/document.h"

static const char *position(const struct matrix *m, size_t at)
{
	return m->fleet->positions[at].path;
}

static json_t *values(struct arena *mem, const struct matrix_cell *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->count; i++)
		json_array_append_new(list, json_value(mem, c->values[i]));
	return list;
}

static json_t *places(struct arena *mem, const struct matrix_cell *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->from_count; i++) {
		const struct matrix_place *p = &c->from[i];
		json_t *one = json_pack(
			"{s:o, s:I}", "file", json_text(mem, p->file), "line", (json_int_t)p->line);

		if (p->value)
			json_object_set_new(one, "value", json_value(mem, p->value));
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *cell(
	struct arena *mem, const struct matrix *m, size_t at, const struct matrix_cell *c)
{
	bool differs = matrix_differs(c);
	json_t *made =
		json_pack("{s:o, s:o, s:b, s:b}", "position", json_text(mem, position(m, at)),
			"value", differs || c->unset ? json_null() : json_value(mem, c->values[0]),
			"differs", differs, "unset", c->unset);

	if (differs)
		json_object_set_new(made, "values", values(mem, c));
	if (m->why)
		json_object_set_new(made, "from", places(mem, c));
	return made;
}

static json_t *row(struct arena *mem, const struct matrix *m, const struct matrix_row *r)
{
	json_t *cells = json_array(), *targets = json_array();

	for (size_t c = 0; c < m->column_count; c++)
		json_array_append_new(cells, cell(mem, m, m->columns[c], r->cells[c]));
	json_t *made = json_pack("{s:o, s:o, s:o}", "application", json_text(mem, r->application),
		"path", json_text(mem, r->path), "cells", cells);
	for (size_t i = 0; i < r->target_count; i++)
		json_array_append_new(targets, json_text(mem, position(m, r->targets[i])));
	if (m->where)
		json_object_set_new(made, "targets", targets);
	else
		json_decref(targets);
	return made;
}

static json_t *rows(struct arena *mem, const struct matrix *m)
{
	struct arena scratch;
	struct buf text = { .mem = mem };

	arena_init(&scratch, mem->out_of_memory);
	for (size_t i = 0; i < m->count; i++) {
		const struct arena_mark mark = arena_mark(&scratch);

		json_list_add(&text, row(&scratch, m, &m->rows[i]));
		arena_rewind(&scratch, mark);
	}
	arena_free(&scratch);
	return json_list_end(&text);
}

json_t *json_matrix(struct arena *mem, const struct matrix_report *r)
{
	const struct matrix *m = r->matrix;
	json_t *columns = json_array();

	for (size_t c = 0; c < m->column_count; c++)
		json_array_append_new(columns, json_text(mem, position(m, m->columns[c])));
	json_t *fields = json_pack("{s:o, s:o, s:o, s:o}", "clusterType", json_text(mem, r->type),
		"by", json_text(mem, r->by), "path", json_text(mem, r->path), "columns", columns);
	if (m->where)
		json_object_set_new(fields, "where", json_text(mem, m->where));
	json_object_set_new(fields, "rows", rows(mem, m));
	json_object_set_new(
		fields, "unreadable", json_findings(mem, r->unreadable, json_unreadable));
	json_object_set_new(fields, "warnings", json_findings(mem, r->warnings, json_finding));
	return json_document("Matrix", fields);
}
