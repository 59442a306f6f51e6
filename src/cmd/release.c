/* SPDX-License-Identifier: Apache-2.0 */
/*
 * release.c - promote release: holds are over.
 */
#include "cmd/hold_change.h"

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	return hold_change_run(mem, o, true, e);
}

static const struct option_row options[] = {
	{ "reason", 0, "TEXT", AS_STRING(struct hold_options, reason),
		.help = "only holds with this reason" },
	{ .include = options_hold },
	{ .include = options_common },
	{ 0 },
};

const struct command command_release = {
	.name = "release",
	.arguments = "[CLUSTER_TYPE [APPLICATION [POSITION]]]",
	.summary = "end holds",
	.about = "Removes holds from the hold.yaml of the fleet, of a cluster type, of an\n"
		 "application, or of one of its positions: all of them, or those that the options\n"
		 "tell. With the last one the file is removed.\n",
	.examples = "  promote release edge gateway live\n"
		    "  promote release edge gateway --patch=patch-001\n"
		    "  promote release --reason='freeze for the holidays'\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct hold_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
