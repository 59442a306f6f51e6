/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recover.c - promote recover: finish or undo what a killed run has left, and nothing else.
 */
#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "core/show.h"
#include "report/document.h"

/* The outcomes as JSON has them. */
static const char *const outcomes[] = {
	[RECOVERY_NONE] = "none",
	[RECOVERY_CLEANED] = "removed",
	[RECOVERY_FINISHED] = "finished",
	[RECOVERY_UNDONE] = "undone",
	[RECOVERY_DROPPED] = "dropped",
};

static int print(
	struct arena *mem, const struct options *o, const struct recovered *r, struct error *e)
{
	struct buf out = { .mem = mem };

	if (o->format == FORMAT_JSON) {
		json_write(json_recovery(mem, outcomes[r->what], r->step), &out);
	} else if (!o->quiet) {
		show_escaped(&out, str_of(cmd_recovery_line(mem, r)));
		buf_putc(&out, '\n');
	}
	return terminal_print(buf_str(&out), e);
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	const struct session_request request = cmd_request(o, LOCK_TO_WRITE);
	struct session session;

	if (session_open(mem, &request, &session, e) < 0)
		return -1;
	session_close(&session);
	return print(mem, o, &session.recovered, e);
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
	.formats = { FORMAT_TEXT, FORMAT_JSON },
	.run = run,
};
