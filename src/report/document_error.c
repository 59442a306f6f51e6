/* SPDX-License-Identifier: Apache-2.0 */
#include "report/document.h"

json_t *json_error(
	struct arena *mem, const struct error *e, const char *const *commands, size_t count)
{
	json_t *blockers = json_array();
	json_t *fields = json_pack("{s:s, s:i, s:o}", "code", e->code, "exit", (int)e->status,
		"message", json_text(mem, e->text));

	json_set_place(fields, mem, &e->about, "path");
	for (size_t i = 0; i < e->blocker_count; i++) {
		json_t *one = json_object();

		json_set_matter(one, mem, &e->blockers[i].about, e->blockers[i].text);
		json_array_append_new(blockers, one);
	}
	json_object_set_new(fields, "blockers", blockers);
	json_object_set_new(fields, "commands", json_texts(mem, commands, count));
	return json_document("Error", fields);
}
