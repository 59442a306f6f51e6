/* SPDX-License-Identifier: Apache-2.0 */
#include "core/show.h"
#include "report/diff.h"

bool diff_report_any(const struct diff_report *r)
{
	bool any = false;

	for (size_t i = 0; i < r->count && !any; i++)
		any = fleet_diff_any(&r->types[i].diff);
	return any;
}

static void write_side(struct buf *out, const struct diff_side *s)
{
	if (!s->commit)
		buf_puts(out, "the working tree");
	else
		show_printf(out, "%s (%.*s)", s->revision, SHOW_COMMIT, s->commit);
}

static void write_list(const struct fleet_diff *d, const struct position_list *l, const char *one,
	const char *many, const struct look *look, struct buf *out)
{
	const char **names = ARENA_NEW(out->mem, const char *, l->count);

	if (!l->count)
		return;
	for (size_t i = 0; i < l->count; i++)
		names[i] = d->targets.positions[l->list[i]].path;
	buf_puts(out, l->count == 1 ? one : many);
	report_names(out, names, l->count, look->whole);
	buf_putc(out, '\n');
}

static void write_type(const struct type_diff *t, const struct look *look, struct buf *out)
{
	const struct fleet_diff *d = &t->diff;

	buf_printf(out, "\n%s", layout_tint(look, TINT_BOLD));
	show_printf(out, t->application ? "%s %s" : "%s", t->type, t->application);
	buf_puts(out, layout_plain(look, TINT_BOLD));
	if (!fleet_diff_any(d)) {
		buf_printf(out, ": no difference at %zu target%s\n", d->targets.targets,
			d->targets.targets == 1 ? "" : "s");
		return;
	}
	buf_putc(out, '\n');
	report_effect_text(&d->targets, &d->effect, look, out);
	write_list(d, &d->added, "New target: ", "New targets: ", look, out);
	write_list(d, &d->removed, "Target that is gone: ", "Targets that are gone: ", look, out);
}

void report_diff_text(const struct diff_report *r, const struct look *look, struct buf *out)
{
	write_side(out, &r->from);
	buf_puts(out, look->symbols ? " \xe2\x86\x92 " : " -> ");
	write_side(out, &r->to);
	buf_putc(out, '\n');
	for (size_t i = 0; i < r->count; i++)
		write_type(&r->types[i], look, out);
}
