/* SPDX-License-Identifier: Apache-2.0 */
#include "core/show.h"
#include "report/markdown.h"
#include "report/matrix.h"

static void add_value(struct buf *out, const struct node *n)
{
	struct buf text = { .mem = out->mem };

	if (!n) {
		markdown_text(out, STR("(unset)"));
		return;
	}
	show_value(&text, n, false);
	markdown_code(out, buf_str(&text));
}

/* The values of a cell, each with the places that decide about it. */
static const char *cell_text(struct arena *mem, const struct matrix_cell *c)
{
	struct buf out = { .mem = mem };

	for (size_t i = 0; i < c->count + c->unset; i++) {
		const struct node *value = i < c->count ? c->values[i] : NULL;

		buf_puts(&out, i ? "<br>" : "");
		add_value(&out, value);
		for (size_t k = 0; k < c->from_count; k++) {
			const struct matrix_place *p = &c->from[k];

			if (p->value != value)
				continue;
			buf_puts(&out, "<br>");
			markdown_code(&out, str_of(arena_printf(mem, "%s:%u", p->file, p->line)));
		}
	}
	return out.at;
}

/* The rows [from, to) as a table. */
static void add_table(
	const struct matrix_report *r, size_t from, size_t to, struct arena *mem, struct buf *out)
{
	const struct matrix *m = r->matrix;
	const size_t n = m->column_count + 2;
	const char **cells = ARENA_NEW(mem, const char *, n);

	cells[0] = "Application";
	cells[1] = "Path";
	for (size_t c = 0; c < m->column_count; c++)
		cells[c + 2] = markdown_code_cell(mem, m->fleet->positions[m->columns[c]].path);
	markdown_head(out, cells, n);
	for (size_t i = from; i < to; i++) {
		cells[0] = markdown_code_cell(mem, m->rows[i].application);
		cells[1] = markdown_code_cell(mem, m->rows[i].path);
		for (size_t c = 0; c < m->column_count; c++)
			cells[c + 2] = cell_text(mem, m->rows[i].cells[c]);
		markdown_row(out, cells, n);
	}
}

/* The targets that have the value that was asked for. */
static void add_targets(
	const struct matrix_report *r, size_t from, size_t to, struct arena *mem, struct buf *out)
{
	for (size_t i = from; i < to; i++) {
		const struct matrix_row *row = &r->matrix->rows[i];

		buf_printf(out, "%s %s\n\n", markdown_code_cell(mem, row->application),
			markdown_code_cell(mem, row->path));
		for (size_t k = 0; k < row->target_count; k++)
			buf_printf(out, "- %s\n",
				markdown_code_cell(
					mem, r->matrix->fleet->positions[row->targets[k]].path));
		buf_putc(out, '\n');
	}
}

void report_matrix_markdown(const struct matrix_report *r, struct buf *out)
{
	const struct matrix *m = r->matrix;
	struct markdown whole = { .mem = out->mem }, parts = { .mem = out->mem };

	if (!m->count)
		return;
	markdown_section(&whole, 0, r->type, true);
	(m->where ? add_targets : add_table)(r, 0, m->count, out->mem, &whole.text);
	/* one table for each application, if not all of them may be told */
	for (size_t i = 0, end; whole.text.len >= MARKDOWN_MOST && i < m->count; i = end) {
		const char *name = m->rows[i].application;

		for (end = i; end < m->count && strcmp(m->rows[end].application, name) == 0;)
			end++;
		markdown_section(&parts, 2, name, false);
		(m->where ? add_targets : add_table)(r, i, end, out->mem, &parts.text);
	}
	markdown_write(parts.count ? &parts : &whole, out);
}
