/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/error.h"

#include <stdarg.h>

int yaml_error(struct error *e, const struct doc *doc, struct place at, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	error_setv(e, STATUS_FILES, format, ap);
	va_end(ap);
	return error_context(e, "%s:%u:%u", doc->name, at.line, at.column);
}

int yaml_refuse(struct error *e, const struct doc *doc, struct place at, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	error_setv(e, STATUS_REFUSED, format, ap);
	va_end(ap);
	return error_context(e, "%s:%u:%u", doc->name, at.line, at.column);
}
