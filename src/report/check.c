/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as text, and what all their formats share. */
#include "report/check.h"

#include <stdlib.h>
#include <string.h>

#include "core/show.h"
#include "report/document.h"
#include "report/layout.h"

void check_count(struct check_report *r)
{
	r->errors = r->warnings = 0;
	for (size_t i = 0; i < r->found.count; i++)
		if (r->found.list[i].severity == SEVERITY_ERROR)
			r->errors++;
		else
			r->warnings++;
}

static void add_number(struct buf *b, size_t n, const char *what)
{
	if (n)
		buf_printf(b, "%s%zu %s%s", b->len ? ", " : "", n, what, n == 1 ? "" : "s");
}

const char *check_summary(struct arena *mem, const struct check_report *r)
{
	struct buf b = { .mem = mem };

	add_number(&b, r->errors, "error");
	add_number(&b, r->warnings, "warning");
	return b.len ? b.at : "No findings";
}

const char *check_place(struct arena *mem, const struct finding *f)
{
	const struct subject s = { .type = f->type, .application = f->application };

	if (f->about.file)
		return f->about.file;
	if (f->application)
		return paths_application(mem, &s);
	return f->type ? arena_printf(mem, "config/%s", f->type) : "config";
}

/* A finding with what its place is called, to have those of one place together. */
struct placed {
	const char *place;
	const struct finding *finding;
};

static int compare_placed(const void *first, const void *second)
{
	const struct placed *a = first, *b = second;
	int order = strcmp(a->place, b->place);

	return order ? order : (a->finding > b->finding) - (a->finding < b->finding);
}

const struct finding **check_by_place(struct arena *mem, const struct check_report *r)
{
	const size_t n = r->found.count;
	struct placed *list = ARENA_NEW(mem, struct placed, n);
	const struct finding **sorted = ARENA_NEW(mem, const struct finding *, n);

	for (size_t i = 0; i < n; i++)
		list[i] = (struct placed){ check_place(mem, &r->found.list[i]), &r->found.list[i] };
	if (n)
		qsort(list, n, sizeof(*list), compare_placed);
	for (size_t i = 0; i < n; i++)
		sorted[i] = list[i].finding;
	return sorted;
}

static void add_tinted(struct buf *out, const struct look *look, enum tint tint, const char *text)
{
	buf_puts(out, layout_tint(look, tint));
	buf_puts(out, text);
	buf_puts(out, layout_plain(look, tint));
}

static void write_finding(struct buf *out, const struct finding *f, const struct look *look)
{
	buf_puts(out, "  ");
	if (f->about.line)
		buf_printf(out, "%u:%u: ", f->about.line, f->about.column);
	if (f->severity == SEVERITY_ERROR)
		add_tinted(out, look, TINT_RED, "error");
	else
		add_tinted(out, look, TINT_YELLOW, "warning");
	buf_printf(out, ": %s [%s]\n", f->text, f->code);
	if (f->about.hint)
		show_printf(out, "    %s\n", f->about.hint);
}

void check_text(
	struct arena *mem, const struct check_report *r, const struct look *look, struct buf *out)
{
	const struct finding **list = check_by_place(mem, r);
	const char *last = NULL;

	for (size_t i = 0; i < r->found.count; i++) {
		const char *place = check_place(mem, list[i]);

		if (!last || strcmp(place, last) != 0) {
			buf_puts(out, last ? "\n" : "");
			add_tinted(out, look, TINT_BOLD, show_text(mem, place));
			buf_putc(out, '\n');
		}
		last = place;
		write_finding(out, list[i], look);
	}
	buf_printf(out, "%s%s\n", last ? "\n" : "", check_summary(mem, r));
}

json_t *check_json(struct arena *mem, const struct check_report *r)
{
	struct buf list = { .mem = mem };

	for (size_t i = 0; i < r->found.count; i++)
		json_list_add(&list, json_finding(mem, &r->found.list[i]));
	return json_document("Findings",
		json_pack("{s:o, s:I, s:I}", "findings", json_list_end(&list), "errors",
			(json_int_t)r->errors, "warnings", (json_int_t)r->warnings));
}
