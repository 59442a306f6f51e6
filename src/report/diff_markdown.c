/* SPDX-License-Identifier: Apache-2.0 */
#include "core/show.h"
#include "report/diff.h"

static void add_side(struct buf *out, const struct diff_side *s)
{
	if (!s->commit) {
		buf_puts(out, "the working tree");
		return;
	}
	markdown_code(out, str_of(s->revision));
	buf_printf(out, " (%.*s)", SHOW_COMMIT, s->commit);
}

static void add_list(struct buf *out, const struct fleet_diff *d, const struct position_list *l,
	const char *what, bool whole)
{
	const char **names = ARENA_NEW(out->mem, const char *, l->count);

	if (!l->count)
		return;
	for (size_t i = 0; i < l->count; i++)
		names[i] = d->targets.positions[l->list[i]].path;
	buf_printf(out, "\n%s: ", what);
	markdown_names(out, names, l->count, whole);
	buf_putc(out, '\n');
}

static void add_type(struct markdown *m, const struct type_diff *t, const struct look *look)
{
	const struct fleet_diff *d = &t->diff;
	const char *title =
		t->application ? arena_printf(m->mem, "%s %s", t->type, t->application) : t->type;

	markdown_section(m, 3, title, true);
	if (!fleet_diff_any(d)) {
		buf_printf(&m->text, "No difference at %zu target%s\n", d->targets.targets,
			d->targets.targets == 1 ? "" : "s");
		return;
	}
	report_effect_below(&d->targets, &d->effect, look, title, m);
	add_list(&m->text, d, &d->added, "New targets", look->whole);
	add_list(&m->text, d, &d->removed, "Targets that are gone", look->whole);
}

void report_diff_markdown(const struct diff_report *r, const struct look *look, struct buf *out)
{
	struct markdown m = { .mem = out->mem };

	markdown_section(&m, 2, "Difference of values", true);
	buf_puts(&m.text, "From ");
	add_side(&m.text, &r->from);
	buf_puts(&m.text, " to ");
	add_side(&m.text, &r->to);
	buf_putc(&m.text, '\n');
	for (size_t i = 0; i < r->count; i++)
		add_type(&m, &r->types[i], look);
	markdown_write(&m, out);
}
