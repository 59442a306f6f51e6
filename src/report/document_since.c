/* SPDX-License-Identifier: Apache-2.0 */
/* Commits as JSON. */
#include "core/instant.h"
#include "report/document.h"

static void set_text(json_t *j, struct arena *mem, const char *key, const char *text)
{
	if (text)
		json_object_set_new(j, key, json_text(mem, text));
}

static json_t *record_items(struct arena *mem, const struct record_list *l)
{
	return json_texts(mem, l->list, l->count);
}

json_t *json_record(struct arena *mem, const struct record *r)
{
	json_t *j = json_pack("{s:o}", "action", json_text(mem, r->action));

	set_text(j, mem, "clusterType", r->type);
	set_text(j, mem, "application", r->application);
	set_text(j, mem, "patch", r->patch);
	json_object_set_new(j, "from", record_items(mem, &r->from));
	json_object_set_new(j, "to", record_items(mem, &r->to));
	json_object_set_new(j, "consolidated", record_items(mem, &r->consolidated));
	json_object_set_new(j, "approvedBy", record_items(mem, &r->approved));
	json_object_set_new(j, "options", record_items(mem, &r->options));
	set_text(j, mem, "reason", r->reason);
	return j;
}

json_t *json_since(struct arena *mem, const struct since *since)
{
	if (!since->commit)
		return json_null();
	json_t *j = json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "commit",
		json_text(mem, since->commit), "date", json_text(mem, instant_text(mem, since->at)),
		"author", json_text(mem, since->author), "email", json_text(mem, since->email),
		"subject", json_text(mem, since->subject), "cut", since->cut);
	if (since->step)
		json_object_set_new(j, "step", json_record(mem, since->step));
	return j;
}
