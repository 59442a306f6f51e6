/* SPDX-License-Identifier: Apache-2.0 */
#include "core/instant.h"
#include "report/document.h"
#include "report/history.h"

struct json {
	struct arena *mem;
	const struct history_report *r;
};

static json_t *time_of(const struct json *j, int64_t at)
{
	return json_text(j->mem, instant_text(j->mem, at));
}

static json_t *person(const struct json *j, const struct logged *c)
{
	return json_pack("{s:o, s:o}", "name", json_text(j->mem, c->author), "email",
		json_text(j->mem, c->email));
}

/* The first paragraph as one line. */
static json_t *subject_of(const struct json *j, const struct logged *c)
{
	const char *end = memmem(c->message.at, c->message.len, "\n\n", 2);
	size_t n = end ? (size_t)(end - c->message.at) : c->message.len;
	char *text = arena_copy(j->mem, c->message.at, n);

	while (n && text[n - 1] == '\n')
		text[--n] = '\0';
	for (size_t i = 0; i < n; i++)
		text[i] = text[i] == '\n' ? ' ' : text[i];
	return json_text(j->mem, text);
}

static json_t *subject_names(const struct json *j, const struct subject *s)
{
	if (!s)
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "clusterType", json_text(j->mem, s->type),
		"application", json_text(j->mem, s->application), "patch",
		json_text(j->mem, s->patch));
}

static json_t *landing(const struct json *j, const struct landing *l)
{
	if (!l->object)
		return json_null();
	return json_pack("{s:s, s:o}", "commit", l->object, "date", time_of(j, l->at));
}

static json_t *joined(const struct json *j, const struct history_event *e)
{
	json_t *made = json_array();

	for (size_t i = 0; i < e->joined_count; i++) {
		const struct logged *c = e->joined[i];

		json_array_append_new(made,
			json_pack("{s:s, s:o, s:o, s:o}", "commit", c->object, "date",
				time_of(j, c->at), "author", person(j, c), "subject",
				subject_of(j, c)));
	}
	return made;
}

static json_t *names(const struct json *j, const struct history_names *l)
{
	return json_texts(j->mem, l->list, l->count);
}

static json_t *event(const struct json *j, const struct history_event *e)
{
	const struct logged *c = e->commit;
	json_t *made = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "commit", c->object, "date",
		time_of(j, c->at), "merged", landing(j, &e->landing), "author", person(j, c),
		"committer", json_text(j->mem, c->committer), "subject", subject_of(j, c));

	json_object_set_new(made, "action", json_string(history_action_name(e->action)));
	json_object_set_new(made, "recorded", json_recorded(j->mem, e->record));
	json_object_set_new(made, "added", names(j, &e->added));
	json_object_set_new(made, "removed", names(j, &e->removed));
	json_object_set_new(made, "changed", names(j, &e->changed));
	json_object_set_new(made, "renamedFrom", subject_names(j, e->renamed_from));
	json_object_set_new(made, "joined", joined(j, e));
	json_object_set_new(made, "covered", json_integer((json_int_t)e->covered));
	json_object_set_new(made, "targets", json_integer((json_int_t)e->targets));
	return made;
}

static json_t *moment(const struct json *j, size_t at)
{
	if (at == NOWHERE)
		return json_null();
	const struct history_event *e = &j->r->history->events[at];
	return json_pack("{s:s, s:o, s:o, s:s}", "commit", e->commit->object, "date",
		time_of(j, e->at), "by", json_text(j->mem, e->commit->author), "action",
		history_action_name(e->action));
}

static json_t *place(const struct json *j, const struct history_place *p)
{
	json_t *stays = json_array();

	for (size_t i = 0; i < p->count; i++)
		json_array_append_new(stays,
			json_pack("{s:o, s:o, s:I}", "reached", moment(j, p->stays[i].reached),
				"left", moment(j, p->stays[i].left), "seconds",
				(json_int_t)history_seconds(j->r, &p->stays[i])));
	return json_pack("{s:o, s:o, s:b, s:o}", "position", json_text(j->mem, p->position),
		"formerly", json_text(j->mem, p->formerly), "known",
		fleet_find(j->r->history->fleet, p->position) != NOWHERE, "stays", stays);
}

json_t *json_history(struct arena *mem, const struct history_report *r)
{
	const struct json j = { mem, r };
	const struct history *h = r->history;
	const struct history_event *last = &h->events[h->event_count - 1];
	json_t *root = subject_names(&j, r->subject);
	json_t *events = json_array(), *places = json_array();

	for (size_t i = 0; i < h->event_count; i++)
		json_array_append_new(events, event(&j, &h->events[i]));
	for (size_t i = 0; i < h->place_count; i++)
		json_array_append_new(places, place(&j, &h->places[i]));
	json_object_set_new(root, "revision", json_string(r->commit));
	json_object_set_new(root, "state", json_string(history_state(h)));
	json_object_set_new(root, "whole", json_boolean(!h->cut));
	json_object_set_new(root, "covered", json_integer((json_int_t)last->covered));
	json_object_set_new(root, "targets", json_integer((json_int_t)last->targets));
	json_object_set_new(root, "events", events);
	json_object_set_new(root, "positions", places);
	json_object_set_new(root, "warnings", json_findings(mem, r->warnings, json_finding));
	return json_document("History", root);
}
