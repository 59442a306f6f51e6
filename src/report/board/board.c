/* SPDX-License-Identifier: Apache-2.0 */
#include "report/board/board.h"

#include "base/hidden.h"
#include "core/show.h"
#include "report/board/page.h"
#include "report/document.h"

enum {
	VALUE_BYTES = 2000,       /* of one value; the rest is cut off */
	EFFECT_BYTES = 48 * 1024, /* of what one patch changes, about */
	SETS_BYTES = 16 * 1024,   /* of what it sets, and of its metadata */
};

/* Adds a part of JSON text. A `<` could end the script element that it is in. */
static int add_part(const char *text, size_t n, void *out)
{
	for (const char *end = text + n, *at = text; at < end;) {
		const char *angle = memchr(at, '<', (size_t)(end - at));
		const size_t plain = (size_t)((angle ? angle : end) - at);

		buf_add(out, (struct str){ at, plain });
		if (angle)
			buf_puts(out, "\\u003c");
		at += plain + (angle != NULL);
	}
	return 0;
}

/* Adds a JSON value, which it takes over, in ASCII and without blanks. */
static void add_json(struct buf *out, json_t *value)
{
	json_dump_callback(
		value, add_part, out, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY);
	json_decref(value);
}

/* Adds it as an item of a list whose text is in `list` without its brackets. */
static void add_item(struct buf *list, json_t *item)
{
	if (list->len)
		buf_putc(list, ',');
	add_json(list, item);
}

/* A value as a person is to see it; null for NULL. */
static json_t *value_text(struct arena *mem, const struct node *n)
{
	struct buf text = { .mem = mem };

	if (!n)
		return json_null();
	if (n->kind == NODE_SCALAR && memchr(n->value.at, '\n', n->value.len))
		buf_add(&text, n->value); /* the page has lines */
	else
		show_value(&text, n, true);
	if (text.len > VALUE_BYTES) {
		text.len = VALUE_BYTES;
		text.len -= character_cut(buf_str(&text));
		buf_puts(&text, "...");
	}
	return json_str(mem, buf_str(&text));
}

/* [path, value, ...] */
static json_t *row_of(
	struct arena *mem, const char *path, const struct node *const *values, size_t n)
{
	json_t *row = json_pack("[o]", json_text(mem, path));

	for (size_t i = 0; i < n; i++)
		json_array_append_new(row, value_text(mem, values[i]));
	return row;
}

static size_t row_bytes(const json_t *row)
{
	size_t bytes = 0;

	for (size_t i = 0; i < json_array_size(row); i++)
		bytes += json_string_length(json_array_get(row, i));
	return bytes;
}

/* [[path, value], ...] and in *left how many are left out. */
static json_t *leaves(
	struct arena *mem, const struct value_change *list, size_t count, size_t *left)
{
	json_t *rows = json_array();
	size_t bytes = 0, i = 0;

	for (; i < count && bytes <= SETS_BYTES; i++) {
		json_t *row = row_of(mem, list[i].path, &list[i].now, 1);
		bytes += row_bytes(row);
		json_array_append_new(rows, row);
	}
	*left = count - i;
	return rows;
}

/* Targets as ranges [first, behind the last] of their numbers; they come in sequence order. */
struct ranges {
	json_t *list;
	size_t from, to;
};

static void ranges_flush(struct ranges *r)
{
	if (r->from < r->to)
		json_array_append_new(
			r->list, json_pack("[I, I]", (json_int_t)r->from, (json_int_t)r->to));
}

static void ranges_add(struct ranges *r, size_t target)
{
	if (target != r->to || r->from == r->to) {
		ranges_flush(r);
		r->from = target;
	}
	r->to = target + 1;
}

static json_t *positions_of(const size_t *positions, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_integer((json_int_t)positions[i]));
	return list;
}

/* {targets, changes: [[path, old, new], ...], left} */
static json_t *group_of(
	const struct board *b, struct arena *mem, const struct effect_group *g, size_t *bytes)
{
	struct ranges targets = { .list = json_array() };
	json_t *changes = json_array();
	size_t i = 0;

	for (size_t k = 0; k < g->target_count; k++)
		ranges_add(&targets, b->ordinals[g->targets[k]]);
	ranges_flush(&targets);
	for (; i < g->count && *bytes <= EFFECT_BYTES; i++) {
		const struct node *sides[] = { g->changes[i].old, g->changes[i].now };
		json_t *row = row_of(mem, g->changes[i].path, sides, 2);
		*bytes += row_bytes(row);
		json_array_append_new(changes, row);
	}
	return json_pack("{s:o, s:o, s:I}", "targets", targets.list, "changes", changes, "left",
		(json_int_t)(g->count - i));
}

static void set_detail(
	const struct board *b, struct arena *mem, json_t *patch, const struct flight_detail *d)
{
	struct ranges hidden = { .list = json_array() };
	json_t *groups = json_array();
	const struct value_change *metadata = NULL;
	const size_t keys = d->metadata ? diff_trees(mem, NULL, d->metadata, &metadata) : 0;
	size_t bytes = 0, i = 0, left = 0;

	for (size_t p = 0; p < b->fleet->count; p++)
		if (d->places[p] == PLACE_WITHOUT)
			ranges_add(&hidden, b->ordinals[p]);
	ranges_flush(&hidden);
	for (; i < d->effect.count && bytes <= EFFECT_BYTES; i++)
		json_array_append_new(groups, group_of(b, mem, &d->effect.groups[i], &bytes));
	json_object_set_new(patch, "metadata", leaves(mem, metadata, keys, &left));
	json_object_set_new(patch, "sets", leaves(mem, d->sets, d->set_count, &left));
	json_object_set_new(patch, "setsLeft", json_integer((json_int_t)left));
	json_object_set_new(patch, "hidden", hidden.list);
	json_object_set_new(patch, "effect", groups);
	json_object_set_new(patch, "left", json_integer((json_int_t)(d->effect.count - i)));
}

/* The copies, and their digests if they differ. */
static void set_copies(struct arena *mem, json_t *patch, const struct flight *f)
{
	json_t *copies = json_array(), *digests = json_array();
	bool differ = false;

	for (size_t i = 0; i < f->copy_count; i++) {
		const struct flight_copy *c = &f->copies[i];
		json_array_append_new(copies, json_integer((json_int_t)c->position));
		json_array_append_new(digests, json_text(mem, c->digest));
		differ = differ ||
			(c->digest && f->copies[0].digest &&
				strcmp(c->digest, f->copies[0].digest) != 0);
	}
	json_object_set_new(patch, "copies", copies);
	if (differ)
		json_object_set(patch, "digests", digests);
	json_decref(digests);
}

static json_t *findings_of(struct arena *mem, const struct findings *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->count; i++)
		json_array_append_new(list, json_finding(mem, &f->list[i]));
	return list;
}

void board_patch(struct board *b, struct arena *mem, const struct flight *f,
	const struct flight_detail *detail)
{
	json_t *patch = json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:I}", "patch",
		json_text(mem, f->patch), "description", json_text(mem, f->description), "state",
		flight_state_name(f->state), "next",
		f->next == NOWHERE ? json_null() : json_integer((json_int_t)f->next), "step",
		json_text(mem, f->steps ? step_kind_name(f->kind) : NULL), "gates",
		positions_of(f->gates.list, f->gates.count), "waits", findings_of(mem, &f->waits),
		"covered", (json_int_t)f->covered);

	set_copies(mem, patch, f);
	if (detail)
		set_detail(b, mem, patch, detail);
	if (!b->first)
		buf_putc(&b->applications, ',');
	b->first = false;
	add_json(&b->applications, patch);
}

void board_begin(
	struct board *b, const char *type, const char *application, const struct error *wrong)
{
	struct buf *out = &b->applications;

	buf_puts(out, out->len ? ",{\"clusterType\":" : "{\"clusterType\":");
	add_json(out, json_text(b->mem, type));
	buf_puts(out, ",\"application\":");
	add_json(out, json_text(b->mem, application));
	if (wrong) {
		const struct finding f = { .code = wrong->code,
			.severity = SEVERITY_ERROR,
			.about = wrong->about,
			.text = wrong->text };
		buf_puts(out, ",\"unreadable\":");
		add_json(out, json_finding(b->mem, &f));
	}
	buf_puts(out, ",\"patches\":[");
	b->first = true;
}

void board_end(struct board *b)
{
	buf_puts(&b->applications, "]}");
}

/* The distinct values of a cell, and null if a target has none. */
static json_t *cell_of(struct arena *mem, const struct matrix_cell *c)
{
	json_t *values = json_array();

	for (size_t i = 0; i < c->count; i++)
		json_array_append_new(values, value_text(mem, c->values[i]));
	if (c->unset)
		json_array_append_new(values, json_null());
	return values;
}

void board_versions(struct board *b, const char *type, const struct matrix *m)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < m->count; i++) {
		json_t *cells = json_array();
		for (size_t k = 0; k < m->column_count; k++)
			json_array_append_new(cells, cell_of(b->mem, m->rows[i].cells[k]));
		json_array_append_new(rows,
			json_pack("{s:o, s:o, s:o}", "application",
				json_text(b->mem, m->rows[i].application), "path",
				json_text(b->mem, m->rows[i].path), "cells", cells));
	}
	add_item(&b->versions,
		json_pack("{s:o, s:o, s:o, s:o}", "clusterType", json_text(b->mem, type), "by",
			json_text(b->mem, b->fleet->dimensions[m->depth - 1].name), "columns",
			positions_of(m->columns, m->column_count), "rows", rows));
}

void board_start(struct board *b, struct arena *mem, const struct fleet *fleet)
{
	size_t before = 0;

	*b = (struct board){ .mem = mem, .fleet = fleet };
	b->applications.mem = b->versions.mem = mem;
	b->ordinals = ARENA_NEW(mem, size_t, fleet->count);
	for (size_t i = 0; i < fleet->count; i++) {
		b->ordinals[i] = before;
		before += fleet_is_target(fleet, i);
	}
}

/* The fleet: [[name, depth, manual], ...], parents before children. */
static json_t *tree_of(struct arena *mem, const struct fleet *fleet)
{
	json_t *list = json_array();

	for (size_t i = 0; i < fleet->count; i++) {
		const struct position *p = &fleet->positions[i];
		json_array_append_new(list,
			json_pack("[o, i, i]", json_text(mem, p->name), (int)p->depth, p->manual));
	}
	return list;
}

void board_write(struct board *b, const struct findings *found, struct buf *out)
{
	json_t *dimensions = json_array();

	for (size_t i = 0; i < b->fleet->depth; i++)
		json_array_append_new(dimensions, json_text(b->mem, b->fleet->dimensions[i].name));
	buf_add(out, (struct str){ (const char *)board_head, board_head_size });
	buf_puts(out, "{\"dimensions\":");
	add_json(out, dimensions);
	buf_puts(out, ",\"positions\":");
	add_json(out, tree_of(b->mem, b->fleet));
	buf_puts(out, ",\"applications\":[");
	buf_add(out, buf_str(&b->applications));
	buf_puts(out, "],\"versions\":[");
	buf_add(out, buf_str(&b->versions));
	buf_puts(out, "],\"findings\":");
	add_json(out, findings_of(b->mem, found));
	buf_puts(out, "}");
	buf_add(out, (struct str){ (const char *)board_tail, board_tail_size });
}
