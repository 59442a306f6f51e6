/* SPDX-License-Identifier: Apache-2.0 */
/*
 * values.h - the effective values of a target, and what sets them, for a person.
 */
#ifndef REPORT_VALUES_H
#define REPORT_VALUES_H

#include "core/explain.h"
#include "report/report.h"

/* As a YAML document. */
void report_values_yaml(const struct node *values, struct buf *out);

/* A path and its value a line, below it who sets it and what that hides. */
void report_explain_text(
	const struct explanation *list, size_t count, const struct look *look, struct buf *out);

#endif
