/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matrix.h - a matrix of values (core/matrix.h) as a person or a program reads it.
 *
 * As text it is a table: a row for each path, `*` where the targets of a position differ. If the
 * terminal is too narrow for it, or if it tells what decides, it is a list: below each path a line
 * for each value, with the positions that have it.
 */
#ifndef REPORT_MATRIX_H
#define REPORT_MATRIX_H

#include "core/finding.h"
#include "core/matrix.h"
#include "report/layout.h"

/* All borrowed. */
struct matrix_report {
	const struct matrix *matrix;
	const char *type;                  /* the cluster type */
	const char *by;                    /* the dimension of the columns, or "target" */
	const char *path;                  /* that was asked for */
	const struct findings *unreadable; /* why applications are not in it */
	const struct findings *warnings;
};

/* wide: values are not cut, and cells have all values instead of a star. */
void report_matrix_text(
	const struct matrix_report *r, const struct look *look, bool wide, struct buf *out);

void report_matrix_markdown(const struct matrix_report *r, struct buf *out);

#endif
