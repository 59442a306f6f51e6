/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a patch, for a person. */
#include "core/instant.h"
#include "core/show.h"
#include "report/history.h"
#include "report/table.h"

struct text {
	struct arena *mem;
	const struct history_report *r;
	const struct look *look;
	struct buf *out;
};

static void add_cells(struct table *table, const char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		table_cell(table, cells[i]);
	table_end_row(table);
}

static void add_stay(const struct text *t, struct table *table, const struct history_place *p,
	const struct history_stay *stay)
{
	const struct history_event *events = t->r->history->events, *in = &events[stay->reached];
	const struct history_event *out = stay->left == NOWHERE ? NULL : &events[stay->left];
	const char *span = history_span(t->mem, history_seconds(t->r, stay));
	const char *const cells[] = {
		p->formerly ? arena_printf(t->mem, "%s (was %s)", p->position, p->formerly)
			    : p->position,
		instant_text(t->mem, in->at),
		in->commit->author,
		show_commit(t->mem, in->commit->object),
		arena_printf(t->mem, "%s%s", in->action == HISTORY_CUT ? "at least " : "", span),
		out ? arena_printf(t->mem, "%s, %s by %s in %s", instant_text(t->mem, out->at),
			      history_action_name(out->action), out->commit->author,
			      show_commit(t->mem, out->commit->object))
		    : "-",
	};

	add_cells(table, cells, sizeof(cells) / sizeof(*cells));
}

static void add_places(const struct text *t)
{
	static const char *const titles[] = { "POSITION", "REACHED", "BY", "IN", "STAYED", "LEFT" };
	struct table table = { .mem = t->mem, .titled = true };
	const struct history *h = t->r->history;

	add_cells(&table, titles, sizeof(titles) / sizeof(*titles));
	for (size_t i = 0; i < h->place_count; i++)
		for (size_t k = 0; k < h->places[i].count && !history_is_told(h, i); k++)
			add_stay(t, &table, &h->places[i], &h->places[i].stays[k]);
	if (table.rows < 2)
		return;
	buf_putc(t->out, '\n');
	table_write(&table, t->look, t->out);
}

static void add_events(const struct text *t)
{
	static const char *const titles[] = { "COMMIT", "TIME", "BY", "COVERED", "WHAT" };
	struct table table = { .mem = t->mem, .titled = true };
	const struct history *h = t->r->history;

	add_cells(&table, titles, sizeof(titles) / sizeof(*titles));
	for (size_t i = 0; i < h->event_count; i++) {
		const struct history_event *e = &h->events[i];
		const char *const cells[] = {
			show_commit(t->mem, e->commit->object),
			instant_text(t->mem, e->at),
			e->commit->author,
			arena_printf(t->mem, "%zu/%zu", e->covered, e->targets),
			history_words(t->mem, e),
		};

		add_cells(&table, cells, sizeof(cells) / sizeof(*cells));
	}
	buf_putc(t->out, '\n');
	table_write(&table, t->look, t->out);
}

void history_text(
	struct arena *mem, const struct history_report *r, const struct look *look, struct buf *out)
{
	const struct text t = { mem, r, look, out };
	struct buf head = { .mem = mem };

	buf_printf(&head, "%s%s%s", layout_tint(look, TINT_BOLD), history_head(mem, r),
		layout_plain(look, TINT_BOLD));
	layout_line(out, look, buf_str(&head), LAYOUT_INDENT);
	if (r->history->cut)
		layout_text(out, look, str_of(history_cut(mem, r)));
	add_places(&t);
	add_events(&t);
}
