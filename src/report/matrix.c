/* SPDX-License-Identifier: Apache-2.0 */
#include "report/matrix.h"

#include "core/show.h"
#include "report/markdown.h"
#include "report/table.h"

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

static struct table make_table(
	const struct matrix_report *r, struct arena *mem, bool paths, bool wide)
{
	const struct matrix *m = r->matrix;
	struct table t = { .mem = mem, .titled = true };

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
			struct buf text = { .mem = mem };

			if (matrix_differs(row->cells[c]) && !wide)
				buf_puts(&text, "*");
			else
				add_values(&text, row->cells[c], wide);
			table_tinted(&t, matrix_differs(row->cells[c]) ? TINT_YELLOW : TINT_NONE,
				text.at);
		}
		table_end_row(&t);
	}
	return t;
}

static void add_title(const struct matrix_row *row, const struct look *look, struct buf *out)
{
	struct buf line = { .mem = out->mem };

	buf_puts(&line, layout_tint(look, TINT_BOLD));
	show_printf(&line, "%s", row->application);
	buf_puts(&line, layout_plain(look, TINT_BOLD));
	buf_putc(&line, ' ');
	show_printf(&line, "%s", row->path);
	layout_line(out, look, buf_str(&line), LAYOUT_INDENT);
}

static void add_places(
	const struct matrix_cell *c, const struct look *look, bool wide, struct buf *out)
{
	for (size_t i = 0; i < c->from_count; i++) {
		const struct matrix_place *p = &c->from[i];
		struct buf line = { .mem = out->mem };

		buf_puts(&line, "    ");
		if (p->value && matrix_differs(c)) {
			add_value(&line, p->value, wide);
			buf_putc(&line, ' ');
		}
		show_printf(&line, "%s by %s:%u", p->value ? "set" : "unset", p->file, p->line);
		layout_line(out, look, buf_str(&line), 2 * LAYOUT_INDENT);
	}
}

/* One cell, and the columns from `first` on that say the same and are marked as told. */
static void add_cell(const struct matrix_report *r, const struct matrix_row *row, size_t first,
	bool *told, const struct look *look, bool wide, struct buf *out)
{
	const struct matrix *m = r->matrix;
	const struct matrix_cell *cell = row->cells[first];
	bool differs = matrix_differs(cell);
	struct buf line = { .mem = out->mem };

	buf_puts(&line, differs ? "  * (" : "  ");
	add_values(&line, cell, wide);
	buf_puts(&line, differs ? "):" : ":");
	for (size_t c = first; c < m->column_count; c++) {
		if (told[c] || !matrix_same(cell, row->cells[c]))
			continue;
		told[c] = true;
		show_printf(&line, "%s %s", c > first ? "," : "", position(m, c));
	}
	layout_line(out, look, buf_str(&line), LAYOUT_INDENT);
	add_places(cell, look, wide, out);
}

static void add_list(
	const struct matrix_report *r, const struct look *look, bool wide, struct buf *out)
{
	const struct matrix *m = r->matrix;

	for (size_t i = 0; i < m->count; i++) {
		bool *told = ARENA_NEW(out->mem, bool, m->column_count);

		add_title(&m->rows[i], look, out);
		for (size_t c = 0; c < m->column_count; c++)
			if (!told[c])
				add_cell(r, &m->rows[i], c, told, look, wide, out);
	}
}

static void add_targets(const struct matrix_report *r, const struct look *look, struct buf *out)
{
	const struct matrix *m = r->matrix;

	for (size_t i = 0; i < m->count; i++) {
		add_title(&m->rows[i], look, out);
		for (size_t k = 0; k < m->rows[i].target_count; k++) {
			struct buf line = { .mem = out->mem };

			show_printf(&line, "  %s", m->fleet->positions[m->rows[i].targets[k]].path);
			layout_line(out, look, buf_str(&line), LAYOUT_INDENT);
		}
	}
}

/* As a table, if the terminal has room for it. */
static void add_table(
	const struct matrix_report *r, const struct look *look, bool wide, struct buf *out)
{
	bool paths = wide || needs_paths(r->matrix);
	const struct table t = make_table(r, out->mem, paths, wide);

	if (!table_fits(&t, look)) {
		add_list(r, look, wide, out);
		return;
	}
	if (!paths) {
		struct buf line = { .mem = out->mem };

		show_printf(&line, "%s", r->path);
		layout_line(out, look, buf_str(&line), LAYOUT_INDENT);
	}
	table_write(&t, look, out);
}

void report_matrix_text(
	const struct matrix_report *r, const struct look *look, bool wide, struct buf *out)
{
	const struct matrix *m = r->matrix;

	if (m->where)
		add_targets(r, look, out);
	else if (m->why)
		add_list(r, look, wide, out);
	else if (m->count)
		add_table(r, look, wide, out);
}
