/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/error.h"

#include <stdarg.h>

/* Puts the place before an error that is set. */
static int add_place(struct error *e, const struct doc *doc, struct place at)
{
	error_about(e, (struct about){ .file = doc->name, .line = at.line, .column = at.column });
	return error_context(e, "%s:%u:%u", doc->name, at.line, at.column);
}

int yaml_error(struct error *e, const struct doc *doc, struct place at, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	error_setv(e, STATUS_FILES, format, ap);
	va_end(ap);
	error_code(e, "broken-yaml");
	return add_place(e, doc, at);
}

int yaml_refuse(struct error *e, const struct doc *doc, struct place at, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	error_setv(e, STATUS_REFUSED, format, ap);
	va_end(ap);
	error_code(e, "cannot-edit");
	return add_place(e, doc, at);
}
