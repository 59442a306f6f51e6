/* SPDX-License-Identifier: Apache-2.0 */
#include "report/table.h"

#include "core/show.h"

enum { GAP = 2 }; /* spaces between two columns */

void table_tinted(struct table *t, enum tint tint, const char *text)
{
	struct buf escaped = { .mem = t->mem };

	show_escaped(&escaped, str_of(text));
	*ARENA_PUSH(t->mem, t->cells, t->count) = (struct table_cell){
		.text = buf_str(&escaped),
		.tint = tint,
		.columns = layout_columns(buf_str(&escaped)),
	};
}

void table_cell(struct table *t, const char *text)
{
	table_tinted(t, TINT_NONE, text);
}

void table_end_row(struct table *t)
{
	*ARENA_PUSH(t->mem, t->ends, t->rows) = t->count;
}

struct row {
	const struct table_cell *cells;
	size_t count;
};

static struct row row_of(const struct table *t, size_t i)
{
	const size_t from = i ? t->ends[i - 1] : 0;

	return (struct row){ t->cells + from, t->ends[i] - from };
}

static void add_spaces(struct buf *out, size_t n)
{
	while (n--)
		buf_putc(out, ' ');
}

static void add_cell(
	struct buf *out, const struct look *look, const struct table_cell *c, bool title)
{
	const enum tint tint = title ? TINT_BOLD : c->tint;

	buf_puts(out, layout_tint(look, tint));
	buf_add(out, c->text);
	buf_puts(out, layout_plain(look, tint));
}

/* A row as one line; *last is the column where its last cell begins. */
static void add_row(struct buf *line, const struct table *t, const struct look *look, size_t i,
	const size_t *widths, size_t *last)
{
	struct row row = row_of(t, i);

	while (row.count && row.cells[row.count - 1].columns == 0)
		row.count--;
	*last = t->indent;
	add_spaces(line, t->indent);
	for (size_t k = 0; k < row.count; k++) {
		add_cell(line, look, &row.cells[k], t->titled && i == 0);
		if (k + 1 < row.count) {
			add_spaces(line, widths[k] - row.cells[k].columns + GAP);
			*last += widths[k] + GAP;
		}
	}
}

/* A row as a line for each cell. */
static void add_record(struct buf *out, const struct table *t, const struct look *look, size_t i)
{
	const struct row row = row_of(t, i), titles = row_of(t, 0);

	for (size_t k = 0; k < row.count; k++) {
		struct buf line = { .mem = out->mem };

		if (row.cells[k].columns == 0)
			continue;
		add_spaces(&line, t->indent + (k ? GAP : 0));
		if (k && t->titled && k < titles.count) {
			add_cell(&line, look, &titles.cells[k], true);
			buf_puts(&line, ": ");
		}
		add_cell(&line, look, &row.cells[k], false);
		layout_line(out, look, buf_str(&line), t->indent + 2 * LAYOUT_INDENT);
	}
}

/* The widest cell of each column, and in *count how many columns there are. */
static size_t *widths_of(const struct table *t, size_t *count)
{
	size_t most = 0;

	for (size_t i = 0; i < t->rows; i++)
		most = row_of(t, i).count > most ? row_of(t, i).count : most;
	size_t *widths = ARENA_NEW(t->mem, size_t, most);
	for (size_t i = 0; i < t->rows; i++) {
		const struct row row = row_of(t, i);

		for (size_t k = 0; k < row.count; k++)
			if (row.cells[k].columns > widths[k])
				widths[k] = row.cells[k].columns;
	}
	*count = most;
	return widths;
}

/* Whether a line has room for all columns, if the last one is continued below itself. */
static bool fits(const struct table *t, const struct look *look, const size_t *widths, size_t count)
{
	size_t before = t->indent;

	for (size_t k = 0; k + 1 < count; k++)
		before += widths[k] + GAP;
	const size_t last = count ? widths[count - 1] : 0;
	return !look->width || before + (last < LAYOUT_LEAST ? last : LAYOUT_LEAST) <= look->width;
}

bool table_fits(const struct table *t, const struct look *look)
{
	size_t count, columns = t->indent;
	const size_t *widths = widths_of(t, &count);

	for (size_t k = 0; k < count; k++)
		columns += widths[k] + (k ? GAP : 0);
	return !look->width || columns <= look->width;
}

void table_write(const struct table *t, const struct look *look, struct buf *out)
{
	size_t count, last;
	const size_t *widths = widths_of(t, &count);
	const bool rows = fits(t, look, widths, count);

	for (size_t i = rows || !t->titled ? 0 : 1; i < t->rows; i++) {
		struct buf line = { .mem = out->mem };

		if (!rows) {
			add_record(out, t, look, i);
			continue;
		}
		add_row(&line, t, look, i, widths, &last);
		layout_line(out, look, buf_str(&line), (unsigned)last);
	}
}
