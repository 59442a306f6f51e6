/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.h - rows of cells whose columns are aligned, for a person.
 *
 *	struct table t = { .mem = mem, .titled = true };
 *
 *	table_cell(&t, "PATCH");
 *	table_cell(&t, "STATE");
 *	table_end_row(&t);
 *	table_cell(&t, patch);
 *	table_tinted(&t, TINT_RED, "gap");
 *	table_end_row(&t);
 *	table_write(&t, &look, &out);
 *
 * Columns are as wide as their widest cell, in columns of the terminal, and two spaces apart; the
 * last one is not padded. If the terminal is too narrow, the last cell is continued below itself;
 * if the others leave it less than LAYOUT_LEAST columns, each row is written as a line for each
 * cell that is not empty, from the second on behind its title.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "report/layout.h"

struct table_cell {
	struct str text; /* owned by the table's mem */
	enum tint tint;
	size_t columns;
};

struct table {
	struct arena *mem; /* borrowed */
	bool titled;       /* the first row has the titles of the columns; it is bold */
	unsigned indent;   /* of all lines */

	struct table_cell *cells; /* of all rows, one after the other */
	size_t count;
	size_t *ends; /* for each row: where it ends in cells */
	size_t rows;
};

/* Adds a cell to the row; control characters are escaped. The text is copied. */
void table_cell(struct table *t, const char *text);
void table_tinted(struct table *t, enum tint tint, const char *text);

/* Rows may have fewer cells than others. */
void table_end_row(struct table *t);

/* Whether the terminal has room for every line as it is. */
bool table_fits(const struct table *t, const struct look *look);

/* Adds all rows that have ended. */
void table_write(const struct table *t, const struct look *look, struct buf *out);

#endif
