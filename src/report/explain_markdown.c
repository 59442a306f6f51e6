/* SPDX-License-Identifier: Apache-2.0 */
/* Who sets values, for a pull request. */
#include "core/show.h"
#include "report/report.h"

static const char *value_of(struct arena *mem, const struct node *value, bool whole)
{
	struct buf text = { .mem = mem };

	show_value(&text, value, whole);
	return markdown_code_cell(mem, text.at);
}

static void add_place(struct buf *out, const struct origin *o)
{
	markdown_code(
		out, str_of(arena_printf(out->mem, "%s:%u", o->layer->path, o->node->place.line)));
}

/* "`FILE:LINE`: `VALUE`" for each that is hidden, with <br> between them */
static const char *hidden_of(struct arena *mem, const struct explanation *x, bool whole)
{
	struct buf out = { .mem = mem };

	buf_puts(&out, "");
	for (size_t i = 1; i < x->count; i++) {
		buf_puts(&out, i > 1 ? "<br>" : "");
		add_place(&out, &x->origins[i]);
		buf_printf(&out, ": %s", value_of(mem, x->origins[i].node, whole));
	}
	return out.at;
}

void report_explain_markdown(const struct subject *subject, const char *target,
	const struct explanation *list, size_t count, const struct look *look, struct buf *out)
{
	static const char *const titles[] = { "Path", "Value", "Set by", "Hides", "Since" };
	const bool since = count && list[0].since;
	struct arena *mem = out->mem;
	struct markdown m = { .mem = mem };
	struct markdown_table t = { .title = "Values", .titles = titles, .columns = since ? 5 : 4 };

	markdown_section(
		&m, 2, arena_printf(mem, "Values of %s at %s", subject->application, target), true);
	for (size_t i = 0; i < count; i++) {
		const char *path = markdown_code_cell(mem, list[i].path);
		struct buf place = { .mem = mem };

		add_place(&place, &list[i].origins[0]);
		markdown_table_row(&m, &t,
			(const char *const[]){ path, value_of(mem, list[i].value, look->whole),
				place.at, hidden_of(mem, &list[i], look->whole),
				since ? report_since_markdown(mem, list[i].since) : NULL });
	}
	markdown_write(&m, out);
}
