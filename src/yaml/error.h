/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error.h - an error at a place in a document.
 */
#ifndef YAML_ERROR_H
#define YAML_ERROR_H

#include <stdarg.h>

#include "base/error.h"
#include "yaml/node.h"

/* sets "NAME:LINE:COLUMN: ..." with status FILES and returns -1 */
int yaml_error(struct error *e, const struct doc *doc, struct place at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* the same with another status, for what words its errors alike */
int yaml_verror(struct error *e, enum status status, const struct doc *doc, struct place at,
	const char *format, va_list ap) __attribute__((format(printf, 5, 0)));

#endif
