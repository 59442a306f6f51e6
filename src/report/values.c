/* SPDX-License-Identifier: Apache-2.0 */
#include "core/show.h"
#include "report/report.h"
#include "yaml/edit/emit.h"

void report_values_yaml(const struct node *values, struct buf *out)
{
	const struct layout layout = { .eol = STR("\n"), .step = 2, .fresh = true };

	if (values->map.count)
		emit_lines(out, values, 0, &layout);
	else
		buf_puts(out, "{}\n");
}

void report_explain_text(
	const struct explanation *list, size_t count, const struct look *look, struct buf *out)
{
	for (size_t i = 0; i < count; i++) {
		const struct explanation *x = &list[i];

		buf_printf(out, "%s%s%s: ", look->color ? "\x1b[1m" : "", x->path,
			look->color ? "\x1b[0m" : "");
		show_value(out, x->value, look->whole);
		buf_putc(out, '\n');
		for (size_t k = 0; k < x->count; k++) {
			buf_printf(out, "  %s %s:%u", k ? "hides " : "set by",
				x->origins[k].layer->path, x->origins[k].node->place.line);
			if (k) {
				buf_puts(out, ": ");
				show_value(out, x->origins[k].node, look->whole);
			}
			buf_putc(out, '\n');
		}
	}
}
