/* SPDX-License-Identifier: Apache-2.0 */
/* error.h - errors at a place in a document. */
#ifndef YAML_ERROR_H
#define YAML_ERROR_H

#include "base/error.h"
#include "yaml/node.h"

/* sets "NAME:LINE:COLUMN: ..." with status FILES, code broken-yaml and the place; returns -1 */
int yaml_error(struct error *e, const struct doc *doc, struct place at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* the same with status REFUSED and code cannot-edit */
int yaml_refuse(struct error *e, const struct doc *doc, struct place at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
