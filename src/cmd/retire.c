/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retire.c - promote retire: a patch that no value needs any more is taken out of the fleet.
 */
#include "core/retire.h"

#include "cmd/change.h"
#include "cmd/finished.h"

struct retire_options {
	struct options common;
	bool accept_loss, at_unknown_positions;
};

static int take_astray(struct change *c)
{
	if (scan_astray(&c->fleet.contents, c->now.file, &c->scanned, c->e) < 0)
		return -1;
	return retire_astray(c->mem, &c->now, &c->scanned.astray, &c->step, c->e);
}

static int decide(struct change *c)
{
	const struct retire_options *own = c->context;

	if (own->at_unknown_positions)
		return take_astray(c);
	if (retire_next(c->mem, &c->now, &c->step, c->e) < 0)
		return change_ended(c);
	return 0;
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	const struct retire_options *own = (const struct retire_options *)o;
	struct change c = {
		.mem = mem,
		.o = o,
		.e = e,
		.decide = decide,
		.context = (void *)own,
		.loss = own->accept_loss ? LOSS_ACCEPTED : LOSS_REFUSED,
	};

	return change_run(&c);
}

static const struct option_row options[] = {
	{ "accept-loss", AS_FLAG(struct retire_options, accept_loss), .told = true,
		.help = "remove copies whose bytes git's HEAD lacks" },
	{ "at-unknown-positions", AS_FLAG(struct retire_options, at_unknown_positions),
		.told = true, .help = "only copies where the fleet has no position" },
	{ .include = options_planning },
	{ .include = options_generator },
	{ .include = options_commit },
	{ .include = options_common },
	{ 0 },
};

const struct command command_retire = {
	.name = "retire",
	.arguments = "CLUSTER_TYPE APPLICATION PATCH",
	.summary = "take a patch that no value needs any more out of the fleet",
	.about = "Removes all copies of a patch that another one has superseded. It is done only\n"
		 "where no target changes, and else refused with what would decide then.\n"
		 "The path of a copy will do in the place of the three arguments.\n",
	.examples = "  promote retire edge gateway patch-001\n"
		    "  promote retire --dry-run edge gateway patch-001  only show it\n"
		    "  promote retire --at-unknown-positions edge gateway patch-001\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct retire_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
