/* SPDX-License-Identifier: Apache-2.0 */
/* The patches in flight for a person. */
#include "core/metadata.h"
#include "core/show.h"
#include "report/status.h"
#include "report/table.h"

enum { LIST_INDENT = 2 };

struct text {
	struct arena *mem;
	const struct status_report *r;
	const struct look *look;
	struct buf *out;
};

static void add_line(const struct text *t, struct buf *line, unsigned indent)
{
	layout_line(t->out, t->look, buf_str(line), indent);
}

static void add_heading(const struct text *t, const char *home)
{
	struct buf line = { .mem = t->mem };

	buf_puts(&line, layout_tint(t->look, TINT_BOLD));
	show_escaped(&line, str_of(home));
	buf_puts(&line, layout_plain(t->look, TINT_BOLD));
	add_line(t, &line, LAYOUT_INDENT);
}

/* "stage/stage-sector-1: gate stage" */
static void add_next(const struct text *t, struct table *table, const struct flight *x)
{
	const char *waits = status_waits(t->mem, t->r->fleet, x);

	if (x->next != NOWHERE)
		waits = arena_printf(
			t->mem, "next %s: %s", t->r->fleet->positions[x->next].path, waits);
	table_tinted(table, status_tint(x->state), waits);
}

/* The patches of one application, of which there are some from `i` on. Returns where the next begins. */
static size_t add_application(const struct text *t, size_t i)
{
	const struct surveyed *first = &t->r->patches[i];
	struct table table = { .mem = t->mem, .indent = LIST_INDENT };

	add_heading(t, status_home(t->mem, first->type, first->application));
	for (; i < t->r->count && status_same_home(first, &t->r->patches[i]); i++) {
		const struct flight *x = t->r->patches[i].flight;

		table_cell(&table, x->patch);
		table_cell(&table, status_picture(t->mem, t->r->fleet, x, t->look->symbols));
		add_next(t, &table, x);
		table_end_row(&table);
	}
	table_write(&table, t->look, t->out);
	return i;
}

static const char *covered(const struct text *t, const struct flight *x)
{
	const char *of = arena_printf(t->mem, "%zu/%zu", x->covered, t->r->fleet->targets);

	return x->without ? arena_printf(t->mem, "%s, without effect at %zu", of, x->without) : of;
}

/* Everything of a patch in its line. */
static void add_wide(const struct text *t)
{
	static const char *const titles[] = { "PATCH", "WHERE", "NEXT", "WAITS FOR", "COVERED",
		"DESCRIPTION" };
	struct table table = { .mem = t->mem, .titled = true };
	const struct fleet *f = t->r->fleet;

	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		table_cell(&table, titles[i]);
	table_end_row(&table);
	for (size_t i = 0; i < t->r->count; i++) {
		const struct surveyed *s = &t->r->patches[i];
		const struct flight *x = s->flight;

		table_cell(&table,
			arena_printf(t->mem, "%s/%s/%s", s->type, s->application, x->patch));
		table_cell(&table, status_picture(t->mem, f, x, t->look->symbols));
		table_cell(&table, x->next == NOWHERE ? "-" : f->positions[x->next].path);
		table_tinted(&table, status_tint(x->state), status_waits(t->mem, f, x));
		table_cell(&table, covered(t, x));
		table_cell(&table, metadata_one_line(t->mem, x->description));
		table_end_row(&table);
	}
	if (t->r->count)
		table_write(&table, t->look, t->out);
}

static void add_unreadable(const struct text *t)
{
	const struct findings *list = t->r->unreadable;

	for (size_t i = 0; i < list->count; i++) {
		struct buf line = { .mem = t->mem };

		show_printf(&line,
			"%s: ", status_home(t->mem, list->list[i].type, list->list[i].application));
		buf_puts(&line, layout_tint(t->look, TINT_RED));
		buf_puts(&line, "unreadable");
		buf_puts(&line, layout_plain(t->look, TINT_RED));
		buf_printf(&line, ": %s", list->list[i].text);
		add_line(t, &line, LAYOUT_INDENT);
	}
}

void status_text(
	struct arena *mem, const struct status_report *r, const struct look *look, struct buf *out)
{
	const struct text t = { mem, r, look, out };
	struct buf summary = { .mem = mem };

	if (r->one) {
		status_tree(mem, r, look, out);
		add_unreadable(&t);
		return;
	}
	if (r->wide)
		add_wide(&t);
	for (size_t i = 0; i < r->count && !r->wide;)
		i = add_application(&t, i);
	add_unreadable(&t);
	if (r->count || r->unreadable->count)
		buf_putc(out, '\n');
	buf_puts(&summary, status_summary(mem, r));
	add_line(&t, &summary, LAYOUT_INDENT);
}
