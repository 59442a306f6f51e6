/* SPDX-License-Identifier: Apache-2.0 */
/*
 * step.c - promote CLUSTER_TYPE APPLICATION PATCH: the next step of a patch.
 */
#include "cmd/change.h"
#include "cmd/finished.h"
#include "core/promote_to.h"
#include "core/sequence.h"

struct step_options {
	struct options common;
	const char *level; /* NULL: the fleet's default */
	const char *from;  /* NULL: not given */
	const char *to;    /* NULL: wherever it goes */
	bool accept_conflict, prune_overrides;
};

struct stepping {
	const struct step_options *own;
	struct request request;
	size_t to; /* NOWHERE: not given */
};

static int prepare(struct change *c)
{
	struct stepping *s = c->context;

	if (change_request(c, s->own->level, s->own->from, &s->request) < 0)
		return -1;
	return s->own->to
		? fleet_position(c->mem, &c->fleet.fleet, "--to=", s->own->to, &s->to, c->e)
		: 0;
}

static int decide(struct change *c)
{
	struct stepping *s = c->context;

	if (s->to == NOWHERE || !sequence_covers(c->now.app->fleet, c->now.copies, s->to))
		change_ask_source(c, &s->request);
	if (promote_to(c->mem, &c->now, &s->request, s->to, &c->step, c->e) < 0)
		return change_finished(c);
	return 0;
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	const struct step_options *own = (const struct step_options *)o;
	struct stepping s = { own,
		{ .prune_overrides = own->prune_overrides,
			.accept_conflict = own->accept_conflict },
		NOWHERE };
	struct change c = {
		.mem = mem, .o = o, .e = e, .prepare = prepare, .decide = decide, .context = &s
	};

	return change_run(&c);
}

static const struct option_row options[] = {
	{ "level", 0, "DIMENSION", AS_STRING(struct step_options, level), .told = true,
		.help = "the widest position to promote to: sector, ..." },
	{ "to", 0, "POSITION", AS_STRING(struct step_options, to),
		.help = "take the step only if it goes there" },
	{ "from", 0, "POSITION", AS_STRING(struct step_options, from), .offer = "COPY",
		.told = true, .help = "whose copy to promote if copies differ" },
	{ "accept-conflict", AS_FLAG(struct step_options, accept_conflict), .told = true,
		.help = "take over values that another patch sets" },
	{ "prune-overrides", AS_FLAG(struct step_options, prune_overrides), .told = true,
		.help = "take hidden keys out of overrides in the way" },
	{ .include = options_planning },
	{ .include = options_generator },
	{ .include = options_commit },
	{ .include = options_common },
	{ 0 },
};

const struct command command_step = {
	.arguments = "CLUSTER_TYPE APPLICATION PATCH",
	.summary = "take the next step of a patch through a fleet of clusters",
	.about = "Takes exactly one step of a patch through a fleet of clusters: copies it to the\n"
		 "next position, consolidates if all siblings have it, and runs the generator.\n"
		 "When every target has it, the step is to integrate it into values.yaml.\n"
		 "The path of a copy will do in the place of the three arguments.\n",
	.examples = "  promote edge gateway patch-001            take the next step\n"
		    "  promote --dry-run edge gateway patch-001  only show it\n"
		    "  promote edge gateway patch-001 --approve=live\n"
		    "  promote edge gateway patch-001 --to=lab   safe to repeat\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct step_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
