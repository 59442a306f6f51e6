/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/error.h"

#include <stdio.h>
#include <stdlib.h>

int yaml_verror(struct error *e, enum status status, const struct doc *doc, struct place at,
	const char *format, va_list ap)
{
	char *text = NULL;

	if (vasprintf(&text, format, ap) < 0)
		text = NULL;
	error_set(e, status, "%s:%u:%u: %s", doc->name, at.line, at.column,
		text ? text : "out of memory");
	free(text);
	return -1;
}

int yaml_error(struct error *e, const struct doc *doc, struct place at, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	yaml_verror(e, STATUS_FILES, doc, at, format, ap);
	va_end(ap);
	return -1;
}
