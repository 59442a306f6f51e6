/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a patch to its end, for a person. */
#include "core/show.h"
#include "report/plan.h"
#include "report/table.h"

struct text {
	struct arena *mem;
	const struct plan_report *r;
	const struct fleet *f;
	const struct look *look;
	struct buf *out;
};

static size_t digits(size_t n)
{
	return n < 10 ? 1 : 1 + digits(n / 10);
}

/* "  7  stage/stage-sector-1": the number of a step, and what it does */
static const char *title(const struct text *t, size_t number, enum step_kind kind, size_t next)
{
	const size_t width = digits(t->r->path->count + (t->r->refusal != NULL));

	return arena_printf(
		t->mem, "%*zu  %s", (int)width, number, plan_place(t->mem, t->f, kind, next));
}

static const char *targets(const struct text *t, size_t next)
{
	return next == NOWHERE ? "" : arena_printf(t->mem, "%zu", t->f->positions[next].targets);
}

static void add_step(const struct text *t, struct table *table, size_t i)
{
	const struct rollout_step *s = &t->r->path->steps[i];
	const char *waits = plan_waits(t->mem, t->f, s);

	table_cell(table, title(t, i + 1, s->kind, s->next));
	table_cell(table, targets(t, s->next));
	table_tinted(table, *waits ? TINT_YELLOW : TINT_NONE, waits);
	table_cell(table, plan_lifts(t->mem, t->f, s));
	table_cell(table, plan_effect(t->mem, t->f, s, t->look->symbols));
	table_end_row(table);
}

static void add_refused_step(const struct text *t, struct table *table)
{
	const struct rollout *path = t->r->path;

	table_cell(table, title(t, path->count + 1, path->refused, path->refused_at));
	table_cell(table, targets(t, path->refused_at));
	table_cell(table, "");
	table_cell(table, "");
	table_tinted(table, TINT_RED, arena_printf(t->mem, "refused: %s", t->r->refusal->code));
	table_end_row(table);
}

static void add_table(const struct text *t)
{
	static const char *const titles[] = { "STEP", "TARGETS", "WAITS FOR", "CONSOLIDATES TO",
		"EFFECT" };
	struct table table = { .mem = t->mem, .titled = true };

	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		table_cell(&table, titles[i]);
	table_end_row(&table);
	for (size_t i = 0; i < t->r->path->count; i++)
		add_step(t, &table, i);
	if (t->r->refusal)
		add_refused_step(t, &table);
	buf_putc(t->out, '\n');
	table_write(&table, t->look, t->out);
}

static void add_notes(const struct text *t, struct buf *text)
{
	const char **notes = NULL;
	const size_t n = plan_notes(t->mem, t->r, &notes);

	for (size_t i = 0; i < n; i++)
		buf_printf(text, "%s%s\n", i ? "" : "\n", notes[i]);
}

/* How to go on, a line for each command, which can be copied as far as the terminal is wide enough. */
static void add_commands(
	const struct text *t, const char *what, const struct plan_commands *commands)
{
	for (size_t i = 0; i < commands->count; i++) {
		const struct str command = str_of(commands->list[i]);
		struct buf line = { .mem = t->mem }, broken = { .mem = t->mem };

		show_printf(&line, "%s: %s", what, command.at);
		if (t->look->width && layout_columns(buf_str(&line)) > t->look->width &&
			layout_command(&broken, t->look, command)) {
			buf_printf(t->out, "%s:\n%s", what, broken.at);
			continue;
		}
		layout_line(t->out, t->look, buf_str(&line), LAYOUT_INDENT);
	}
}

static void add_refusal(const struct text *t, struct buf *text)
{
	const struct error *e = t->r->refusal;

	buf_printf(text, "\n%sStep %zu will be refused:%s %s\n", layout_tint(t->look, TINT_RED),
		t->r->path->count + 1, layout_plain(t->look, TINT_RED), e->text);
	if (e->details)
		buf_puts(text, e->details);
}

void plan_text(
	struct arena *mem, const struct plan_report *r, const struct look *look, struct buf *out)
{
	const struct text t = { mem, r, r->now->app->fleet, look, out };
	struct buf head = { .mem = mem }, text = { .mem = mem };

	buf_printf(&head, "%s%s%s\n", layout_tint(look, TINT_BOLD), plan_head(mem, r),
		layout_plain(look, TINT_BOLD));
	layout_text(out, look, buf_str(&head));
	if (r->path->count || r->refusal)
		add_table(&t);
	add_notes(&t, &text);
	if (r->refusal)
		add_refusal(&t, &text);
	layout_text(out, look, buf_str(&text));
	add_commands(&t, "What would help", &r->refusal_commands);
	buf_putc(out, '\n');
	layout_line(out, look, str_of(plan_summary(mem, r)), LAYOUT_INDENT);
	add_commands(&t, "To go on", &r->commands);
}
