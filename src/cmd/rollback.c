/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rollback.c - promote rollback: the last positions that a patch covers give it up.
 */
#include "core/rollback.h"

#include <string.h>

#include "cmd/change.h"
#include "cmd/finished.h"
#include "cmd/user.h"
#include "core/hold_edit.h"

enum { NAMED_POSITIONS = 8 }; /* how many of many the reason of a hold names */

struct rollback_options {
	struct options common;
	const char *level; /* NULL: the fleet's default */
	const char *to;    /* NULL: not given */
	const char *hold;  /* NULL: not given; "": without a reason */
	bool all, accept_loss;
};

struct rolling {
	const struct rollback_options *own;
	struct rollback_request request;
};

static int prepare(struct change *c)
{
	struct rolling *s = c->context;
	const struct fleet *f = &c->fleet.fleet;

	if (s->own->hold && cmd_check_line("--hold", s->own->hold, c->e) < 0)
		return -1;
	if (change_level(c->mem, f, s->own->level, &s->request.level, c->e) < 0)
		return -1;
	if (!s->own->to)
		return 0;
	return fleet_position(c->mem, f, "--to=", s->own->to, &s->request.to, c->e);
}

static int decide(struct change *c)
{
	const struct rolling *s = c->context;

	if (rollback_next(c->mem, &c->now, &s->request, &c->step, c->e) < 0)
		return change_ended(c);
	return 0;
}

/* "rolled back from live/live-rest", or from the first of many. */
static const char *usual_reason(const struct change *c)
{
	const struct position_list *at = &c->step.positions;
	struct buf out = { .mem = c->mem };

	for (size_t i = 0; i < at->count && i < NAMED_POSITIONS; i++)
		buf_printf(&out, "%s%s", i ? ", " : "rolled back from ",
			c->fleet.fleet.positions[at->list[i]].path);
	if (at->count > NAMED_POSITIONS)
		buf_printf(&out, " and %zu more", at->count - NAMED_POSITIONS);
	return out.at;
}

/* What was given up is not to be entered again before somebody says so. */
static int leave_hold(struct change *c)
{
	const struct rolling *s = c->context;
	const char *reason = s->own->hold;

	if (!reason || c->step.kind != STEP_ROLLBACK)
		return 0;
	c->reason = reason[strspn(reason, " ")] ? reason : usual_reason(c);
	const struct hold hold = {
		.reason = c->reason,
		.by = cmd_user(c->mem, &c->fleet),
		.since = c->clock,
		.until = HOLD_OPEN,
		.patches = &c->subject.patch,
		.patch_count = 1,
		.positions = c->step.positions,
	};
	return hold_leave(c->mem, &c->now, &hold, &c->plan, c->e);
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	const struct rollback_options *own = (const struct rollback_options *)o;
	struct rolling s = { own, { .to = NOWHERE, .all = own->all } };
	struct change c = { .mem = mem,
		.o = o,
		.e = e,
		.prepare = prepare,
		.decide = decide,
		.extend = leave_hold,
		.loss = own->accept_loss ? LOSS_ACCEPTED : LOSS_REFUSED,
		.context = &s };

	return change_run(&c);
}

static const struct option_row options[] = {
	{ "to", 0, "POSITION", AS_STRING(struct rollback_options, to), .excludes = "all",
		.offer = "COVERED", .told = true,
		.help = "give up all that is behind this position" },
	{ "all", AS_FLAG(struct rollback_options, all), .told = true,
		.help = "give up the patch everywhere" },
	{ "level", 0, "DIMENSION", AS_STRING(struct rollback_options, level), .told = true,
		.help = "the widest position to give up: sector, ..." },
	{ "accept-loss", AS_FLAG(struct rollback_options, accept_loss), .told = true,
		.help = "remove copies whose bytes git's HEAD lacks" },
	{ "hold", 0, "REASON", AS_OPTIONAL(struct rollback_options, hold),
		.help = "leave a hold on what was given up" },
	{ .include = options_planning },
	{ .include = options_generator },
	{ .include = options_commit },
	{ .include = options_common },
	{ 0 },
};

const struct command command_rollback = {
	.name = "rollback",
	.arguments = "CLUSTER_TYPE APPLICATION PATCH",
	.summary = "take a patch back from the last position that has it",
	.about = "Takes a patch back from the last position that it covers, as wide as the level\n"
		 "allows; or from all behind a position, or from everywhere. Values change there\n"
		 "alone, to what they are without the patch. A wider copy is split, so that all\n"
		 "positions before keep the patch. No gate is asked.\n"
		 "The path of a copy will do in the place of the three arguments.\n",
	.examples = "  promote rollback edge gateway patch-001           the last position\n"
		    "  promote rollback --to=lab edge gateway patch-001  all that is behind lab\n"
		    "  promote rollback -n --all edge gateway patch-001  what --all would do\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct rollback_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
