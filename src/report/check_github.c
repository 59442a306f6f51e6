/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as workflow commands of GitHub: ::error file=PATH,line=4,col=3,title=CODE::MESSAGE */
#include "report/check.h"

#include <string.h>

#include "core/show.h"

/* Adds a text as %XX where one of these characters, or what ends a line, would end the field. */
static void add_field(struct buf *out, const char *text, const char *special)
{
	for (; *text; text++)
		if (strchr("%\r\n", *text) || strchr(special, *text))
			buf_printf(out, "%%%02X", (unsigned char)*text);
		else
			buf_putc(out, *text);
}

static void add_property(struct buf *out, const char *text)
{
	add_field(out, text, ":,");
}

void check_github(struct arena *mem, const struct check_report *r, struct buf *out)
{
	for (size_t i = 0; i < r->found.count; i++) {
		const struct finding *f = &r->found.list[i];
		const struct about *about = &f->about;

		buf_printf(out, "::%s file=", f->severity == SEVERITY_ERROR ? "error" : "warning");
		add_property(out, show_text(mem, r->prefix));
		add_property(out, show_text(mem, check_place(mem, f)));
		if (about->line)
			buf_printf(out, ",line=%u,col=%u", about->line, about->column);
		buf_printf(out, ",title=%s::", f->code);
		add_field(out, f->text, "");
		if (about->hint) {
			buf_puts(out, "%0A");
			add_field(out, show_text(mem, about->hint), "");
		}
		buf_putc(out, '\n');
	}
}
