/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a patch, for a pull request. */
#include "core/instant.h"
#include "core/show.h"
#include "report/history.h"

struct made {
	struct markdown m;
	const struct history_report *r;
};

static const char *commit_cell(struct made *d, const struct history_event *e)
{
	return markdown_code_cell(d->m.mem, show_commit(d->m.mem, e->commit->object));
}

static void add_stay(struct made *d, struct markdown_table *table, const struct history_place *p,
	const struct history_stay *stay)
{
	struct arena *mem = d->m.mem;
	const struct history_event *events = d->r->history->events, *in = &events[stay->reached];
	const struct history_event *out = stay->left == NOWHERE ? NULL : &events[stay->left];
	const char *const cells[] = {
		markdown_code_cell(mem, p->position),
		instant_text(mem, in->at),
		markdown_text_cell(mem, in->commit->author),
		commit_cell(d, in),
		history_span(mem, history_seconds(d->r, stay)),
		out ? arena_printf(mem, "%s, %s, %s", instant_text(mem, out->at),
			      history_action_name(out->action), commit_cell(d, out))
		    : "",
	};

	markdown_table_row(&d->m, table, cells);
}

static void add_places(struct made *d)
{
	static const char *const titles[] = { "Position", "Reached", "By", "In", "Stayed", "Left" };
	struct markdown_table table = { "Positions", titles, sizeof(titles) / sizeof(*titles) };
	const struct history *h = d->r->history;

	for (size_t i = 0; i < h->place_count; i++)
		for (size_t k = 0; k < h->places[i].count && !history_is_told(h, i); k++)
			add_stay(d, &table, &h->places[i], &h->places[i].stays[k]);
}

static void add_events(struct made *d)
{
	static const char *const titles[] = { "Commit", "Time", "By", "Covered", "What" };
	struct markdown_table table = { "Commits", titles, sizeof(titles) / sizeof(*titles) };
	const struct history *h = d->r->history;
	struct arena *mem = d->m.mem;

	for (size_t i = 0; i < h->event_count; i++) {
		const struct history_event *e = &h->events[i];
		const char *const cells[] = {
			commit_cell(d, e),
			instant_text(mem, e->at),
			markdown_text_cell(mem, e->commit->author),
			arena_printf(mem, "%zu/%zu", e->covered, e->targets),
			markdown_text_cell(mem, history_words(mem, e)),
		};

		markdown_table_row(&d->m, &table, cells);
	}
}

void history_markdown(struct arena *mem, const struct history_report *r, struct buf *out)
{
	struct made d = { { .mem = mem }, r };

	markdown_section(&d.m, 2, history_head(mem, r), true);
	if (r->history->cut)
		markdown_text(&d.m.text, str_of(history_cut(mem, r)));
	markdown_section(&d.m, 3, "Positions", false);
	add_places(&d);
	markdown_section(&d.m, 3, "Commits", false);
	add_events(&d);
	markdown_write(&d.m, out);
}
