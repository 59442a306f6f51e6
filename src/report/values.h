/* SPDX-License-Identifier: Apache-2.0 */
/*
 * values.h - the effective values of a target, and where they come from.
 */
#ifndef REPORT_VALUES_H
#define REPORT_VALUES_H

#include "core/explain.h"
#include "core/paths.h"
#include "report/report.h"

/* As a YAML document. */
void report_values_yaml(const struct node *values, struct buf *out);

/* As a JSON document. Both JSON calls: SYSTEM without memory. */
int report_values_json(const struct node *values, struct buf *out, struct error *e);

/* A path and its value a line, below it who sets it and what that hides. */
void report_explain_text(
	const struct explanation *list, size_t count, const struct look *look, struct buf *out);

/* `apiVersion: promote/v1`, `kind: Explanation`: docs in promote-explain(1). */
int report_explain_json(const struct subject *s, const char *target, const struct explanation *list,
	size_t count, struct buf *out, struct error *e);

#endif
