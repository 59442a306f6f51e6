/* SPDX-License-Identifier: Apache-2.0 */
#include "report/matrix.h"

#include "core/show.h"
#include "report/table.h"

struct text {
	const struct matrix_report *r;
	const struct look *look;
	bool wide;
	struct buf *out;
};

static const char *position(const struct matrix *m, size_t column)
{
	return m->fleet->positions[m->columns[column]].path;
}

/* A value, unlike what is shown for no value and for several ones. */
static void add_value(struct buf *out, const struct node *n, bool whole)
{
	struct buf text = { .mem = out->mem };

	show_value(&text, n, whole);
	bool taken = n && (str_is(buf_str(&text), "*") || str_is(buf_str(&text), "(unset)"));
	buf_printf(out, taken ? "\"%s\"" : "%s", text.at ? text.at : "");
}

/* All that the targets of a cell have, with commas between. */
static void add_values(struct buf *out, const struct matrix_cell *c, bool whole)
{
	for (size_t i = 0; i < c->count + c->unset; i++) {
		buf_puts(out, i ? ", " : "");
		add_value(out, i < c->count ? c->values[i] : NULL, whole);
	}
}

/* Whether an application has several rows, so that its name alone does not tell them apart. */
static bool needs_paths(const struct matrix *m)
{
	for (size_t i = 1; i < m->count; i++)
		if (strcmp(m->rows[i].application, m->rows[i - 1].application) == 0)
			return true;
	return false;
}

static struct table make_table(const struct text *x, bool paths)
{
	const struct matrix *m = x->r->matrix;
	struct table t = { .mem = x->out->mem, .titled = true };

	table_cell(&t, "APPLICATION");
	if (paths)
		table_cell(&t, "PATH");
	for (size_t c = 0; c < m->column_count; c++)
		table_cell(&t, position(m, c));
	table_end_row(&t);
	for (size_t i = 0; i < m->count; i++) {
		const struct matrix_row *row = &m->rows[i];

		table_cell(&t, row->application);
		if (paths)
			table_cell(&t, row->path);
		for (size_t c = 0; c < m->column_count; c++) {
			struct buf text = { .mem = t.mem };

			if (matrix_differs(row->cells[c]) && !x->wide)
				buf_puts(&text, "*");
			else
				add_values(&text, row->cells[c], x->wide);
			table_tinted(&t, matrix_differs(row->cells[c]) ? TINT_YELLOW : TINT_NONE,
				text.at);
		}
		table_end_row(&t);
	}
	return t;
}

static void add_title(const struct text *x, const struct matrix_row *row)
{
	struct buf line = { .mem = x->out->mem };

	buf_puts(&line, layout_tint(x->look, TINT_BOLD));
	show_printf(&line, "%s", row->application);
	buf_puts(&line, layout_plain(x->look, TINT_BOLD));
	buf_putc(&line, ' ');
	show_printf(&line, "%s", row->path);
	layout_line(x->out, x->look, buf_str(&line), LAYOUT_INDENT);
}

static void add_places(const struct text *x, const struct matrix_cell *c)
{
	for (size_t i = 0; i < c->from_count; i++) {
		const struct matrix_place *p = &c->from[i];
		struct buf line = { .mem = x->out->mem };

		buf_puts(&line, "    ");
		if (p->value && matrix_differs(c)) {
			add_value(&line, p->value, x->wide);
			buf_putc(&line, ' ');
		}
		show_printf(&line, "%s by %s:%u", p->value ? "set" : "unset", p->file, p->line);
		layout_line(x->out, x->look, buf_str(&line), 2 * LAYOUT_INDENT);
	}
}

/* One cell, and the columns from `first` on that say the same and are marked as told. */
static void add_cell(const struct text *x, const struct matrix_row *row, size_t first, bool *told)
{
	const struct matrix *m = x->r->matrix;
	const struct matrix_cell *cell = row->cells[first];
	bool differs = matrix_differs(cell);
	struct buf line = { .mem = x->out->mem };

	buf_puts(&line, differs ? "  * (" : "  ");
	add_values(&line, cell, x->wide);
	buf_puts(&line, differs ? "):" : ":");
	for (size_t c = first; c < m->column_count; c++) {
		if (told[c] || !matrix_same(cell, row->cells[c]))
			continue;
		told[c] = true;
		show_printf(&line, "%s %s", c > first ? "," : "", position(m, c));
	}
	layout_line(x->out, x->look, buf_str(&line), LAYOUT_INDENT);
	add_places(x, cell);
}

static void add_list(const struct text *x)
{
	const struct matrix *m = x->r->matrix;

	for (size_t i = 0; i < m->count; i++) {
		bool *told = ARENA_NEW(x->out->mem, bool, m->column_count);

		add_title(x, &m->rows[i]);
		for (size_t c = 0; c < m->column_count; c++)
			if (!told[c])
				add_cell(x, &m->rows[i], c, told);
	}
}

static void add_targets(const struct text *x)
{
	const struct matrix *m = x->r->matrix;

	for (size_t i = 0; i < m->count; i++) {
		add_title(x, &m->rows[i]);
		for (size_t k = 0; k < m->rows[i].target_count; k++) {
			struct buf line = { .mem = x->out->mem };

			show_printf(&line, "  %s", m->fleet->positions[m->rows[i].targets[k]].path);
			layout_line(x->out, x->look, buf_str(&line), LAYOUT_INDENT);
		}
	}
}

/* As a table, if the terminal has room for it. */
static void add_table(const struct text *x)
{
	bool paths = x->wide || needs_paths(x->r->matrix);
	const struct table t = make_table(x, paths);

	if (!table_fits(&t, x->look)) {
		add_list(x);
		return;
	}
	if (!paths) {
		struct buf line = { .mem = x->out->mem };

		show_printf(&line, "%s", x->r->path);
		layout_line(x->out, x->look, buf_str(&line), LAYOUT_INDENT);
	}
	table_write(&t, x->look, x->out);
}

void report_matrix_text(
	const struct matrix_report *r, const struct look *look, bool wide, struct buf *out)
{
	const struct text x = { r, look, wide, out };

	if (r->matrix->where)
		add_targets(&x);
	else if (r->matrix->why)
		add_list(&x);
	else if (r->matrix->count)
		add_table(&x);
}
