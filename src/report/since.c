/* SPDX-License-Identifier: Apache-2.0 */
/* Since which commit a value is what it is. */
#include "core/instant.h"
#include "core/show.h"
#include "report/report.h"

/* The step that the commit's message tells, unless its subject says the same; or NULL. */
static const char *other_step(struct arena *mem, const struct since *since)
{
	const char *step = since->step ? record_subject(mem, since->step) : NULL;

	return step && strcmp(step, since->subject) != 0 ? step : NULL;
}

void report_since_text(const struct since *since, struct buf *out)
{
	if (!since->commit) {
		buf_puts(out, "  since  not committed\n");
		return;
	}
	const char *step = other_step(out->mem, since);
	show_printf(out, "  since  %.*s%s %s %s: %s", SHOW_COMMIT, since->commit,
		since->cut ? " or before, which this clone does not have:" : "",
		instant_text(out->mem, since->at), since->author, since->subject);
	buf_putc(out, '\n');
	if (!step)
		return;
	show_printf(out, "  step   %s", step);
	buf_putc(out, '\n');
}

const char *report_since_markdown(struct arena *mem, const struct since *since)
{
	const char *step = since->commit ? other_step(mem, since) : NULL;

	if (!since->commit)
		return "not committed";
	return arena_printf(mem, "%s%s %s %s: %s%s%s",
		markdown_code_cell(mem, show_commit(mem, since->commit)),
		since->cut ? " or before:" : "", instant_text(mem, since->at),
		markdown_text_cell(mem, since->author), markdown_text_cell(mem, since->subject),
		step ? "<br>" : "", step ? markdown_text_cell(mem, step) : "");
}
