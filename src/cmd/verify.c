/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify.c - promote verify RANGE: whether each commit is a step that the rules allow.
 */
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "report/verification.h"
#include "run/verify_range.h"

static int print(
	struct arena *mem, const struct options *o, const struct verification *v, struct error *e)
{
	const struct look look = terminal_look(STDOUT_FILENO, o);
	struct buf out = { .mem = mem };

	if (o->format == FORMAT_JSON)
		json_write(json_verification(mem, v), &out);
	else if (o->format == FORMAT_MARKDOWN)
		report_verification_markdown(v, &out);
	else
		report_verification_text(v, &look, &out);
	return terminal_print_result(o, buf_str(&out), e);
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	struct verification v = { .range = o->args[0] };
	struct session session;

	if (cmd_session_open(mem, o, LOCK_NOT, &session, e) < 0)
		return -1;
	int rc = verify_range(mem, &session, &v, e);
	session_close(&session);
	if (rc < 0 || print(mem, o, &v, e) < 0)
		return -1;
	if (v.counts[VERDICT_ILLEGAL])
		e->status = STATUS_REFUSED;
	return 0;
}

static const struct option_row options[] = {
	{ "verbose", 'v', AS_FLAG(struct options, verbose),
		.help = "list commits that change no patch, too" },
	{ .include = options_trust },
	{ .include = options_common },
	{ 0 },
};

const struct command command_verify = {
	.name = "verify",
	.arguments = "RANGE",
	.summary = "check that commits are steps that the rules allow",
	.about = "Works each commit of a range out again, from its parent and its trailers, and\n"
		 "compares it with what the commit has changed. A commit that changes a patch and\n"
		 "is no step is illegal, and named with the rule that it breaks: the exit status\n"
		 "is 4 then. The working tree does not matter.\n",
	.examples = "  promote verify origin/main..HEAD\n"
		    "  promote verify -o markdown main..topic\n",
	.options = options,
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
