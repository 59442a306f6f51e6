/* SPDX-License-Identifier: Apache-2.0 */
/* An effect for a pull request. */
#include "core/show.h"
#include "core/summary.h"
#include "report/report.h"

enum { FOLDED_PATHS = 40, FOLDED_WAYS = 5 };

struct page {
	const struct fleet *f;
	const struct effect *e;
	const struct look *look;
	const char *title; /* of its section */
	struct markdown *m;
	struct markdown_table table;
};

static void add_targets(
	const struct page *p, struct buf *out, const size_t *targets, size_t n, bool whole)
{
	const char **names = ARENA_NEW(p->m->mem, const char *, n);

	for (size_t i = 0; i < n; i++)
		names[i] = p->f->positions[targets[i]].path;
	markdown_names(out, names, n, whole);
}

/* "all 3", "2: `a`, `b`" or "8, all but `c`" */
static const char *where(const struct page *p, const struct way *w)
{
	const size_t rest = p->e->targets - w->targets;
	struct arena *mem = p->m->mem;
	struct buf out = { .mem = mem };

	if (rest == 0) {
		buf_printf(&out, "all %zu", w->targets);
	} else if (rest < w->targets) {
		buf_printf(&out, "%zu, all but ", w->targets);
		add_targets(p, &out, summary_others(mem, p->e, w), rest, p->look->whole);
	} else {
		buf_printf(&out, "%zu: ", w->targets);
		add_targets(p, &out, summary_targets(mem, p->e, w), w->targets, p->look->whole);
	}
	return out.at;
}

static const char *value_of(const struct page *p, const struct node *value)
{
	struct buf text = { .mem = p->m->mem };

	if (!value)
		return "(unset)";
	show_value(&text, value, p->look->whole);
	return markdown_code_cell(p->m->mem, text.at);
}

static void add_way(struct page *p, const char *path, const struct way *w)
{
	markdown_table_row(p->m, &p->table,
		(const char *const[]){
			path, value_of(p, w->old), value_of(p, w->now), where(p, w) });
}

static size_t shown_of(const struct page *p, size_t n, size_t most)
{
	return p->look->whole || n < most ? n : most;
}

/* A row for a path that changes in one way; else one with its sum, and one for each way. */
static void add_path(struct page *p, const struct path_summary *s)
{
	const size_t shown = shown_of(p, s->count, FOLDED_WAYS);
	const char *path = markdown_code_cell(p->m->mem, s->path);
	const char *sum;

	if (s->count == 1) {
		add_way(p, path, s->ways);
		return;
	}
	sum = arena_printf(p->m->mem, "%zu in %zu ways", s->targets, s->count);
	markdown_table_row(p->m, &p->table, (const char *const[]){ path, "", "", sum });
	for (size_t i = 0; i < shown; i++)
		add_way(p, "", &s->ways[i]);
	if (shown < s->count)
		markdown_table_row(p->m, &p->table,
			(const char *const[]){ "", "", "",
				arena_printf(p->m->mem, "and %zu more ways; --diff shows all",
					s->count - shown) });
}

static void add_paths(struct page *p, const struct summary *s)
{
	static const char *const titles[] = { "Path", "Old", "New", "Targets" };
	const size_t shown = shown_of(p, s->count, FOLDED_PATHS);

	p->table = (struct markdown_table){ p->title, titles, 4, 0 };
	for (size_t i = 0; i < shown; i++)
		add_path(p, &s->paths[i]);
	if (shown < s->count)
		buf_printf(&p->m->text, "\nand %zu more; --diff shows all\n", s->count - shown);
}

static void add_stat(struct page *p, const struct summary *s)
{
	static const char *const titles[] = { "Path", "Targets" };

	p->table = (struct markdown_table){ p->title, titles, 2, 0 };
	for (size_t i = 0; i < s->count; i++)
		markdown_table_row(p->m, &p->table,
			(const char *const[]){ markdown_code_cell(p->m->mem, s->paths[i].path),
				arena_printf(p->m->mem, "%zu", s->paths[i].targets) });
}

void report_effect_below(const struct fleet *f, const struct effect *e, const struct look *look,
	const char *title, struct markdown *m)
{
	const struct summary s = summary_of(m->mem, e);
	struct page p = { .f = f, .e = e, .look = look, .title = title, .m = m };

	buf_printf(&m->text, "%zu of %zu targets %s", e->targets, f->targets,
		e->targets == 1 ? "changes" : "change");
	if (e->targets) {
		buf_puts(&m->text, ": ");
		add_targets(&p, &m->text, summary_all(m->mem, e), e->targets, false);
	}
	buf_putc(&m->text, '\n');
	if (look->stat)
		add_stat(&p, &s);
	else
		add_paths(&p, &s);
}

void report_effect_markdown(
	const struct fleet *f, const struct effect *e, const struct look *look, struct markdown *m)
{
	markdown_section(m, 3, "Effect", true);
	report_effect_below(f, e, look, "Effect", m);
}
