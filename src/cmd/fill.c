/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fill.c - promote fill: positions before the latest copy that lack the patch get it.
 */
#include "core/fill.h"

#include "cmd/change.h"
#include "cmd/finished.h"

struct fill_options {
	struct options common;
	const char *level; /* NULL: the fleet's default */
	const char *from;  /* NULL: not given */
	bool all, accept_conflict;
};

struct filling {
	const struct fill_options *own;
	struct request request;
};

static int prepare(struct change *c)
{
	struct filling *s = c->context;

	return change_request(c, s->own->level, s->own->from, &s->request);
}

static int decide(struct change *c)
{
	struct filling *s = c->context;

	change_ask_source(c, &s->request);
	if (fill_next(c->mem, &c->now, &s->request, s->own->all, &c->step, c->e) < 0)
		return change_ended(c);
	return 0;
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	const struct fill_options *own = (const struct fill_options *)o;
	struct filling s = { own, { .accept_conflict = own->accept_conflict } };
	struct change c = {
		.mem = mem, .o = o, .e = e, .prepare = prepare, .decide = decide, .context = &s
	};

	return change_run(&c);
}

static const struct option_row options[] = {
	{ "all", AS_FLAG(struct fill_options, all), .told = true,
		.help = "fill every position that lacks the patch" },
	{ "level", 0, "DIMENSION", AS_STRING(struct fill_options, level), .told = true,
		.help = "the widest position to fill: sector, ..." },
	{ "from", 0, "POSITION", AS_STRING(struct fill_options, from), .offer = "COPY",
		.told = true, .help = "whose copy to use if copies differ" },
	{ "accept-conflict", AS_FLAG(struct fill_options, accept_conflict), .told = true,
		.help = "take over values that another patch sets" },
	{ .include = options_planning },
	{ .include = options_generator },
	{ .include = options_commit },
	{ .include = options_common },
	{ 0 },
};

const struct command command_fill = {
	.name = "fill",
	.arguments = "CLUSTER_TYPE APPLICATION PATCH",
	.summary = "give a patch to positions before its latest copy that lack it",
	.about =
		"Ends a gap: a patch that began in production, or a region that was added under a\n"
		"rollout. The first widest position before the latest copy that lacks the patch\n"
		"gets it, one a run; manual gates on the way there need approval. Copies are\n"
		"consolidated as by a step.\n"
		"The path of a copy will do in the place of the three arguments.\n",
	.examples =
		"  promote fill edge gateway patch-001        the first position that lacks it\n"
		"  promote fill --all edge gateway patch-001  all of them\n"
		"  promote fill --dry-run --all edge gateway patch-001\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct fill_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
