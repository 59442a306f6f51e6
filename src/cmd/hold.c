/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold.c - promote hold: what shall wait, until when, and why.
 */
#include "cmd/hold_change.h"

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	return hold_change_run(mem, o, false, e);
}

static const struct option_row options[] = {
	{ "reason", 0, "TEXT", AS_STRING(struct hold_options, reason),
		.help = "why; must be given" },
	{ .include = options_hold },
	{ .include = options_common },
	{ 0 },
};

const struct command command_hold = {
	.name = "hold",
	.arguments = "[CLUSTER_TYPE [APPLICATION [POSITION]]]",
	.summary = "let steps wait",
	.about =
		"Adds a hold to the hold.yaml of the fleet, of a cluster type, of an application,\n"
		"or of one of its positions. Steps that enter what it covers wait: exit status 7.\n",
	.examples =
		"  promote hold --reason='freeze for the holidays' --until=2027-01-04T08:00:00Z\n"
		"  promote hold edge gateway live --reason='under investigation'\n"
		"  promote hold edge gateway --patch=patch-001 --reason='5.1 leaks memory'\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct hold_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
