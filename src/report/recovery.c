/* SPDX-License-Identifier: Apache-2.0 */
#include "report/recovery.h"

#include "report/value.h"

void report_line(const char *line, struct buf *out)
{
	size_t len = strlen(line), size = error_escape(NULL, 0, line, len) + 1;
	char *escaped = arena_alloc(out->mem, size, 1);

	error_escape(escaped, size, line, len);
	buf_puts(out, escaped);
	buf_putc(out, '\n');
}

int report_recovery_json(const char *outcome, const char *step, struct buf *out, struct error *e)
{
	json_t *root = json_pack("{s:s, s:s, s:s, s:o}", "apiVersion", "promote/v1", "kind",
		"Recovery", "outcome", outcome, "step",
		step ? value_string(out->mem, str_of(step)) : json_null());

	return value_dump(root, out, e);
}
