/* SPDX-License-Identifier: Apache-2.0 */
/* Commits as JSON. */
#include "core/instant.h"
#include "report/document.h"

static json_t *record_items(struct arena *mem, const struct record_list *l)
{
	return json_texts(mem, l->list, l->count);
}

json_t *json_recorded(struct arena *mem, const struct record *r)
{
	if (!r)
		return json_null();
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "action", r->action, "from",
		record_items(mem, &r->from), "to", record_items(mem, &r->to), "consolidated",
		record_items(mem, &r->consolidated), "approved", record_items(mem, &r->approved),
		"options", record_items(mem, &r->options), "reason", json_text(mem, r->reason));
}

/* The same with what it is about, which need not be the application that is explained. */
static json_t *recorded_of(struct arena *mem, const struct record *r)
{
	json_t *j = json_recorded(mem, r);

	if (!r)
		return j;
	json_object_set_new(j, "clusterType", json_text(mem, r->type));
	json_object_set_new(j, "application", json_text(mem, r->application));
	json_object_set_new(j, "patch", json_text(mem, r->patch));
	return j;
}

json_t *json_since(struct arena *mem, const struct since *since)
{
	if (!since->commit)
		return json_null();
	return json_pack("{s:o, s:o, s:{s:o, s:o}, s:o, s:o, s:b}", "commit",
		json_text(mem, since->commit), "date", json_text(mem, instant_text(mem, since->at)),
		"author", "name", json_text(mem, since->author), "email",
		json_text(mem, since->email), "subject", json_text(mem, since->subject), "recorded",
		recorded_of(mem, since->step), "cut", since->cut);
}
