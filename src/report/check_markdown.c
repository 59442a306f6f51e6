/* SPDX-License-Identifier: Apache-2.0 */
/* Findings for a pull request: a section for each file. */
#include "report/check.h"

#include <string.h>

#include "report/markdown.h"

static void add_finding(struct arena *mem, struct buf *out, const struct finding *f)
{
	struct buf what = { .mem = mem };
	const char *line =
		f->about.line ? arena_printf(mem, "%u:%u", f->about.line, f->about.column) : "";
	const char *kind = arena_printf(
		mem, "%s `%s`", f->severity == SEVERITY_ERROR ? "error" : "warning", f->code);

	markdown_text(&what, str_of(f->text));
	if (f->about.hint) {
		buf_puts(&what, "<br>");
		markdown_text(&what, str_of(f->about.hint));
	}
	markdown_row(out, (const char *const[]){ line, kind, what.at }, 3);
}

static bool any_error(struct arena *mem, const struct finding *const *list, size_t n)
{
	const char *place = check_place(mem, list[0]);
	bool any = false;

	for (size_t i = 0; i < n && strcmp(check_place(mem, list[i]), place) == 0; i++)
		any |= list[i]->severity == SEVERITY_ERROR;
	return any;
}

/* A text that is too long ends between two files. Those that have errors come before the others. */
void check_markdown(struct arena *mem, const struct check_report *r, struct buf *out)
{
	static const char *const titles[] = { "Line", "Code", "What" };
	const struct finding **list = check_by_place(mem, r);
	struct markdown m = { .mem = mem };
	const char *last = NULL;

	markdown_section(&m, 2, check_summary(mem, r), true);
	for (size_t i = 0; i < r->found.count; i++) {
		const char *place = check_place(mem, list[i]);

		if (!last || strcmp(place, last) != 0) {
			markdown_section(
				&m, 0, place, any_error(mem, list + i, r->found.count - i));
			buf_puts(&m.text, "### ");
			markdown_code(&m.text, str_of(place));
			buf_puts(&m.text, "\n\n");
			markdown_head(&m.text, titles, 3);
		}
		last = place;
		add_finding(mem, &m.text, list[i]);
	}
	markdown_write(&m, out);
}
