/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a patch to its end, for a pull request. */
#include "report/plan.h"

static const char *const titles[] = { "Step", "To", "Targets", "Waits for", "Consolidates to",
	"Effect" };
enum { COLUMNS = sizeof(titles) / sizeof(*titles) };

static const char *place_of(
	struct arena *mem, const struct fleet *f, enum step_kind kind, size_t next)
{
	const char *place = plan_place(mem, f, kind, next);

	return next == NOWHERE ? place : markdown_code_cell(mem, place);
}

static const char *number(struct arena *mem, size_t n)
{
	return arena_printf(mem, "%zu", n);
}

static const char *targets_of(struct arena *mem, const struct fleet *f, size_t next)
{
	return next == NOWHERE ? "" : number(mem, f->positions[next].targets);
}

static void add_steps(struct markdown *m, const struct plan_report *r)
{
	const struct fleet *f = r->now->app->fleet;
	const struct rollout *path = r->path;
	struct markdown_table table = { .title = "Steps", .titles = titles, .columns = COLUMNS };

	if (!path->count && !r->refusal)
		return;
	markdown_section(m, 3, "Steps", true);
	for (size_t i = 0; i < path->count; i++) {
		const struct rollout_step *s = &path->steps[i];
		const char *const cells[] = {
			number(m->mem, i + 1),
			place_of(m->mem, f, s->kind, s->next),
			targets_of(m->mem, f, s->next),
			markdown_text_cell(m->mem, plan_waits(m->mem, f, s)),
			markdown_text_cell(m->mem, plan_lifts(m->mem, f, s)),
			markdown_text_cell(m->mem, plan_effect(m->mem, f, s, true)),
		};

		markdown_table_row(m, &table, cells);
	}
	if (!r->refusal)
		return;
	const char *const cells[] = { number(m->mem, path->count + 1),
		place_of(m->mem, f, path->refused, path->refused_at),
		targets_of(m->mem, f, path->refused_at), "", "",
		arena_printf(m->mem, "refused: %s", r->refusal->code) };
	markdown_table_row(m, &table, cells);
}

static void add_item(struct markdown *m, const char *text)
{
	buf_puts(&m->text, "- ");
	markdown_text(&m->text, str_of(text));
	buf_putc(&m->text, '\n');
}

static void add_commands(struct markdown *m, const char *what, const struct plan_commands *commands)
{
	for (size_t i = 0; i < commands->count; i++) {
		buf_printf(&m->text, "- %s: ", what);
		markdown_code(&m->text, str_of(commands->list[i]));
		buf_putc(&m->text, '\n');
	}
}

static void add_refusal(struct markdown *m, const struct plan_report *r)
{
	const struct error *e = r->refusal;

	if (!e)
		return;
	markdown_section(
		m, 3, arena_printf(m->mem, "Step %zu will be refused", r->path->count + 1), true);
	markdown_text(&m->text, str_of(e->text));
	buf_puts(&m->text, "\n\n");
	for (size_t i = 0; i < e->blocker_count; i++)
		add_item(m, e->blockers[i].text);
	add_commands(m, "What would help", &r->refusal_commands);
}

static void add_notes(struct markdown *m, const struct plan_report *r)
{
	const char **notes = NULL;
	const size_t n = plan_notes(m->mem, r, &notes);

	if (n)
		markdown_section(m, 3, "To know", false);
	for (size_t i = 0; i < n; i++)
		add_item(m, notes[i]);
}

void plan_markdown(struct arena *mem, const struct plan_report *r, struct buf *out)
{
	struct markdown m = { .mem = mem };

	markdown_section(&m, 2, plan_head(mem, r), true);
	markdown_text(&m.text, str_of(plan_summary(mem, r)));
	buf_putc(&m.text, '\n');
	if (r->commands.count)
		buf_putc(&m.text, '\n');
	add_commands(&m, "To go on", &r->commands);
	add_steps(&m, r);
	add_refusal(&m, r);
	add_notes(&m, r);
	markdown_write(&m, out);
}
