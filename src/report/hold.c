/* SPDX-License-Identifier: Apache-2.0 */
/* Holds as a part of other reports. */
#include "core/instant.h"
#include "report/document.h"

static json_t *positions_of(struct arena *mem, const struct fleet *f, const struct hold *h)
{
	json_t *list = json_array();

	for (size_t i = 0; i < h->positions.count; i++)
		json_array_append_new(
			list, json_text(mem, f->positions[h->positions.list[i]].path));
	return list;
}

json_t *json_hold(struct arena *mem, const struct fleet *f, const struct hold *h)
{
	json_t *root = json_pack("{s:o}", "file", json_text(mem, h->path));

	if (h->place.line) {
		json_object_set_new(root, "line", json_integer(h->place.line));
		json_object_set_new(root, "column", json_integer(h->place.column));
	}
	if (h->position != NOWHERE)
		json_object_set_new(
			root, "position", json_text(mem, f->positions[h->position].path));
	if (h->wrong) {
		json_object_set_new(root, "problem", json_text(mem, h->wrong));
		return root;
	}
	json_object_set_new(root, "reason", json_text(mem, h->reason));
	json_object_set_new(root, "by", json_text(mem, h->by));
	json_object_set_new(root, "since", json_text(mem, instant_text(mem, h->since)));
	if (h->until != HOLD_OPEN)
		json_object_set_new(root, "until", json_text(mem, instant_text(mem, h->until)));
	if (h->patch_count)
		json_object_set_new(root, "patches", json_texts(mem, h->patches, h->patch_count));
	if (h->positions.count)
		json_object_set_new(root, "positions", positions_of(mem, f, h));
	return root;
}

json_t *json_holds(struct arena *mem, const struct fleet *f, const struct holds_met *holds)
{
	json_t *list = json_array();

	for (size_t i = 0; i < holds->count; i++)
		json_array_append_new(list, json_hold(mem, f, holds->list[i]));
	return list;
}
