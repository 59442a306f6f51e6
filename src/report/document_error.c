/* SPDX-License-Identifier: Apache-2.0 */
#include "report/document.h"

/* Sets what is known. `file` is what the kind calls a file's path. */
static void set_place(
	json_t *object, struct arena *mem, const struct about *about, const char *file)
{
	if (about->position)
		json_object_set_new(object, "position", json_text(mem, about->position));
	if (about->file)
		json_object_set_new(object, file, json_text(mem, about->file));
	if (about->line)
		json_object_set_new(object, "line", json_integer(about->line));
	if (about->column)
		json_object_set_new(object, "column", json_integer(about->column));
}

static json_t *blocker(struct arena *mem, const struct blocker *b)
{
	json_t *object = json_object();

	set_place(object, mem, &b->about, "file");
	if (b->about.key)
		json_object_set_new(object, "path", json_text(mem, b->about.key));
	json_object_set_new(object, "message", json_text(mem, b->text));
	if (b->about.hint)
		json_object_set_new(object, "hint", json_text(mem, b->about.hint));
	return object;
}

json_t *json_error(
	struct arena *mem, const struct error *e, const char *const *commands, size_t count)
{
	json_t *blockers = json_array();
	json_t *fields = json_pack("{s:s, s:i, s:o}", "code", e->code, "exit", (int)e->status,
		"message", json_text(mem, e->text));

	set_place(fields, mem, &e->about, "path");
	for (size_t i = 0; i < e->blocker_count; i++)
		json_array_append_new(blockers, blocker(mem, &e->blockers[i]));
	json_object_set_new(fields, "blockers", blockers);
	json_object_set_new(fields, "commands", json_texts(mem, commands, count));
	return json_document("Error", fields);
}
