/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recover.c - promote recover: finish or undo what a killed run has left, and nothing else.
 */
#include <string.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "core/show.h"
#include "report/document.h"

static int print_report(struct arena *mem, const struct options *o, const struct recovery_report *r,
	struct error *e)
{
	struct buf out = { .mem = mem };

	if (o->format == FORMAT_JSON) {
		json_write(json_recovery(mem, r), &out);
	} else if (o->format == FORMAT_MARKDOWN) {
		report_recovery_markdown(r, &out);
	} else if (!o->quiet) {
		show_escaped(&out, str_of(report_recovery_line(mem, r)));
		buf_putc(&out, '\n');
	}
	return terminal_print_result(o, buf_str(&out), e);
}

static int print(struct arena *mem, const struct options *o, struct error *e)
{
	const struct recovery_report *r = cmd_recovered();
	const struct findings all = report_recovery_findings(mem, r);

	/* the first is what the report says */
	if (all.count > 1)
		terminal_warn(o, (struct findings){ all.list + 1, all.count - 1 });
	if (print_report(mem, o, r, e) == 0)
		return 0;
	return strcmp(r->outcome, "none") == 0
		? -1
		: error_detail(e, "%s", report_recovery_line(mem, r));
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	struct session session;

	if (cmd_session_open(mem, o, LOCK_TO_WRITE, &session, e) < 0)
		return -1;
	session_close(&session);
	return print(mem, o, e);
}

static const struct option_row options[] = {
	{ .include = options_lock_timeout },
	{ .include = options_trust },
	{ .include = options_quiet },
	{ .include = options_common },
	{ 0 },
};

const struct command command_recover = {
	.name = "recover",
	.arguments = "",
	.summary = "finish or undo the step of a run that was killed",
	.about =
		"Finishes or undoes the step of a run that was killed, and says which. Every step\n"
		"does so before it begins; this does only that.\n",
	.examples = "  promote recover\n"
		    "  promote recover -C ../fleet\n",
	.options = options,
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
