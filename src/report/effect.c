/* SPDX-License-Identifier: Apache-2.0 */
#include "core/show.h"
#include "core/summary.h"
#include "report/report.h"

enum { FOLDED_TARGETS = 3, FOLDED_PATHS = 20, FOLDED_WAYS = 5 };

struct text {
	const struct fleet *f;
	const struct effect *e;
	const struct look *look;
	struct buf *out;
};

static const char **names_of(const struct text *t, const size_t *targets, size_t n)
{
	const char **names = ARENA_NEW(t->out->mem, const char *, n);

	for (size_t i = 0; i < n; i++)
		names[i] = t->f->positions[targets[i]].path;
	return names;
}

/* Whether this many of something are shown only in part. */
static bool folded(const struct text *t, size_t n, size_t most)
{
	return n > most && !t->look->whole;
}

/* All that change: each on a line of its own, or how many and the first few. */
static void write_targets(const struct text *t)
{
	const size_t n = t->e->targets;
	const char **names = names_of(t, summary_all(t->out->mem, t->e), n);

	if (folded(t, n, FOLDED_TARGETS)) {
		buf_printf(t->out, "  %zu targets: ", n);
		report_names(t->out, names, n, false);
		buf_putc(t->out, '\n');
		return;
	}
	for (size_t i = 0; i < n; i++)
		show_printf(t->out, "  %s\n", names[i]);
}

/* " (at live/us)", or at all but the others if they are fewer; nothing if there are none. */
static void write_where(const struct text *t, const struct way *w)
{
	const size_t rest = t->e->targets - w->targets;
	const bool others = rest < w->targets;
	const size_t n = others ? rest : w->targets;

	if (rest == 0)
		return;
	const size_t *targets = others ? summary_others(t->out->mem, t->e, w)
				       : summary_targets(t->out->mem, t->e, w);
	buf_puts(t->out, others ? " (at all but " : " (at ");
	if (folded(t, n, FOLDED_TARGETS))
		buf_printf(t->out, "%zu targets: ", n);
	report_names(t->out, names_of(t, targets, n), n, t->look->whole);
	buf_putc(t->out, ')');
}

static void write_value(const struct text *t, const struct node *value, enum tint tint)
{
	if (!value)
		tint = TINT_NONE;
	buf_puts(t->out, layout_tint(t->look, tint));
	show_value(t->out, value, t->look->whole);
	buf_puts(t->out, layout_plain(t->look, tint));
}

static void write_way(const struct text *t, const struct way *w)
{
	write_value(t, w->old, TINT_RED);
	buf_puts(t->out, t->look->symbols ? " \xe2\x86\x92 " : " -> ");
	write_value(t, w->now, TINT_GREEN);
	write_where(t, w);
	buf_putc(t->out, '\n');
}

static void write_count(const struct text *t, size_t n)
{
	buf_printf(t->out, "%zu target%s\n", n, n == 1 ? "" : "s");
}

static void write_more(const struct text *t, const char *indent, size_t n)
{
	if (n)
		buf_printf(t->out, "%sand %zu more; --diff shows all\n", indent, n);
}

/* How a path changes: in a line, or for each way in one. */
static void write_path(const struct text *t, const struct path_summary *p)
{
	const size_t shown = folded(t, p->count, FOLDED_WAYS) ? FOLDED_WAYS : p->count;

	show_printf(t->out, "    %s: ", p->path);
	if (p->count == 1) {
		write_way(t, p->ways);
		return;
	}
	write_count(t, p->targets);
	for (size_t i = 0; i < shown; i++) {
		buf_puts(t->out, "      ");
		write_way(t, &p->ways[i]);
	}
	write_more(t, "      ", p->count - shown);
}

/* At how many targets each path changes, and no values. */
static void write_stat(const struct text *t, const struct summary *s)
{
	for (size_t i = 0; i < s->count; i++) {
		show_printf(t->out, "  %s: ", s->paths[i].path);
		write_count(t, s->paths[i].targets);
	}
}

static void write_paths(const struct text *t, const struct summary *s)
{
	const size_t shown = folded(t, s->count, FOLDED_PATHS) ? FOLDED_PATHS : s->count;

	write_targets(t);
	for (size_t i = 0; i < shown; i++)
		write_path(t, &s->paths[i]);
	write_more(t, "    ", s->count - shown);
}

void report_effect_text(
	const struct fleet *f, const struct effect *e, const struct look *look, struct buf *out)
{
	const struct summary s = summary_of(out->mem, e);
	const struct text t = { f, e, look, out };

	buf_printf(out, "Effect: %zu of %zu targets %s\n", e->targets, f->targets,
		e->targets == 1 ? "changes" : "change");
	if (look->stat)
		write_stat(&t, &s);
	else
		write_paths(&t, &s);
}
