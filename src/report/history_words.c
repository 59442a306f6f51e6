/* SPDX-License-Identifier: Apache-2.0 */
/* Words for what became of a patch. */
#include "core/instant.h"
#include "core/show.h"
#include "report/history.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static struct history_event *end_of(const struct history *h)
{
	return h->copies ? NULL : history_end(h);
}

const char *history_state(const struct history *h)
{
	const struct history_event *end = end_of(h);

	if (!end)
		return "in-flight";
	if (end->action == HISTORY_INTEGRATE)
		return "integrated";
	if (end->action == HISTORY_RETIRE)
		return "retired";
	return end->action == HISTORY_ROLLBACK ? "rolled-back" : "removed";
}

const char *history_head(struct arena *mem, const struct history_report *r)
{
	const struct history *h = r->history;
	const struct history_event *end = end_of(h), *last = &h->events[h->event_count - 1];
	const char *state = history_state(h);
	struct buf out = { .mem = mem };

	show_printf(
		&out, "%s/%s/%s ", r->subject->type, r->subject->application, r->subject->patch);
	if (!end)
		show_printf(&out, "covers %zu of %zu targets", last->covered, last->targets);
	else
		show_printf(&out, "was %s on %s by %s in %s",
			strcmp(state, "rolled-back") == 0 ? "rolled back" : state,
			instant_text(mem, end->at), end->commit->author,
			show_commit(mem, end->commit->object));
	return out.at;
}

const char *history_cut(struct arena *mem, const struct history_report *r)
{
	return arena_printf(mem,
		"The clone is shallow and ends at %s: what was before is not known; 'git fetch --unshallow' gets it\n",
		show_commit(mem, r->history->events[0].commit->object));
}

const char *history_span(struct arena *mem, int64_t seconds)
{
	const long long s = seconds;

	if (s >= DAY)
		return arena_printf(mem, "%lldd %lldh", s / DAY, s % DAY / HOUR);
	if (s >= HOUR)
		return arena_printf(mem, "%lldh %lldm", s / HOUR, s % HOUR / MINUTE);
	if (s >= MINUTE)
		return arena_printf(mem, "%lldm %llds", s / MINUTE, s % MINUTE);
	return arena_printf(mem, "%llds", s);
}

int64_t history_seconds(const struct history_report *r, const struct history_stay *stay)
{
	const struct history_event *events = r->history->events;
	const int64_t from = events[stay->reached].at;
	const int64_t to = stay->left == NOWHERE ? r->now : events[stay->left].at;

	/* clocks differ */
	return to > from ? to - from : 0;
}

static void add_list(struct buf *out, const char *before, const char *const *names, size_t n)
{
	if (!n)
		return;
	buf_puts(out, before);
	report_names(out, names, n, false);
}

/* What its trailers tell. */
static void add_record(struct buf *out, const struct record *r)
{
	const bool back = strcmp(r->action, history_action_name(HISTORY_ROLLBACK)) == 0;

	buf_puts(out, r->action);
	if (back)
		add_list(out, " from ", r->from.list, r->from.count);
	add_list(out, " to ", r->to.list, r->to.count);
	add_list(out, ", consolidated to ", r->consolidated.list, r->consolidated.count);
	add_list(out, "; gates: ", r->approved.list, r->approved.count);
	if (r->reason)
		show_printf(out, "; reason: %s", r->reason);
}

/* What its files tell. */
static void add_files(struct buf *out, const struct history_event *e)
{
	const struct subject *old = e->renamed_from;

	buf_puts(out, history_action_name(e->action));
	if (old)
		show_printf(out, " from %s/%s/%s", old->type, old->application, old->patch);
	add_list(out, ", copies added: ", e->added.list, e->added.count);
	add_list(out, ", removed: ", e->removed.list, e->removed.count);
	add_list(out, ", changed: ", e->changed.list, e->changed.count);
}

static void add_joined(struct buf *out, const struct history_event *e)
{
	for (size_t i = 0; i < e->joined_count; i++)
		show_printf(out, "%s%s by %s", i ? ", " : "; merge of ",
			show_commit(out->mem, e->joined[i]->object), e->joined[i]->author);
}

const char *history_words(struct arena *mem, const struct history_event *e)
{
	struct buf out = { .mem = mem };

	if (e->record)
		add_record(&out, e->record);
	else
		add_files(&out, e);
	add_joined(&out, e);
	if (e->landing.object)
		show_printf(&out, "; merged by %s", show_commit(mem, e->landing.object));
	return out.at;
}

static bool same_stays(const struct history_place *a, const struct history_place *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->stays[i].reached != b->stays[i].reached ||
			a->stays[i].left != b->stays[i].left)
			return false;
	return true;
}

bool history_is_told(const struct history *h, size_t place)
{
	const struct history_place *p = &h->places[place];

	for (size_t i = 0; i < h->place_count; i++) {
		const struct history_place *above = &h->places[i];
		const size_t n = strlen(above->position);

		if (strncmp(above->position, p->position, n) == 0 && p->position[n] == '/' &&
			same_stays(above, p))
			return true;
	}
	return false;
}
