/* SPDX-License-Identifier: Apache-2.0 */
#include "core/replay.h"

#include "core/fill.h"
#include "core/hold_edit.h"
#include "core/retire.h"
#include "core/rollback.h"
#include "core/start.h"

/* What the record tells, as it is read. */
struct telling {
	struct arena *mem;
	const struct fleet *f;
	struct told *told;
	const char *problem; /* the first */
};

static void fail(struct telling *t, const char *what, const char *name)
{
	if (!t->problem)
		t->problem = arena_printf(t->mem, what, name);
}

static void set_position(struct telling *t, const char *path, size_t *at)
{
	*at = fleet_find(t->f, path);
	if (*at == NOWHERE)
		fail(t, "there is no position %s", path);
}

static void set_level(struct telling *t, const char *name)
{
	t->told->level = fleet_level(t->f, name);
	if (!t->told->level)
		fail(t, "the fleet has no dimension %s", name);
}

/* The text behind "--NAME=", or NULL. */
static const char *value_of(const char *word, const char *name)
{
	const size_t n = strlen(name);

	return strncmp(word, name, n) == 0 && word[n] == '=' ? word + n + 1 : NULL;
}

static bool read_flag(struct told *told, const char *word)
{
	const struct {
		const char *name;
		bool *field;
	} flags[] = {
		{ "--all", &told->all },
		{ "--accept-conflict", &told->accept_conflict },
		{ "--accept-loss", &told->accept_loss },
		{ "--hotfix", &told->hotfix },
		{ "--prune-overrides", &told->prune_overrides },
		{ "--at-unknown-positions", &told->at_unknown_positions },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (strcmp(word, flags[i].name) == 0)
			return *flags[i].field = true;
	return false;
}

/* An option that says how the step was worked out; who took it may have given others. */
static void read_option(struct telling *t, const char *word)
{
	const char *value;

	if (read_flag(t->told, word))
		return;
	if ((value = value_of(word, "--level")))
		set_level(t, value);
	else if ((value = value_of(word, "--from")))
		set_position(t, value, &t->told->from);
	else if ((value = value_of(word, "--to")) || (value = value_of(word, "--at")))
		set_position(t, value, &t->told->to);
	else
		fail(t, "no step has the option %s", word);
}

bool told_by(struct arena *mem, const struct fleet *f, const struct record *r, struct told *told,
	const char **problem)
{
	struct telling t = { mem, f, told, NULL };

	*told = (struct told){ .level = fleet_default_level(f),
		.from = NOWHERE,
		.to = NOWHERE,
		.hold = r->reason != NULL };
	while (strcmp(step_kind_name(told->kind), r->action) != 0)
		told->kind++;
	if (told->kind == STEP_CONSOLIDATE || told->kind == STEP_INTEGRATE)
		told->kind = STEP_PROMOTE;
	for (size_t i = 0; i < r->options.count; i++)
		read_option(&t, r->options.list[i]);
	if (told->kind == STEP_START && r->to.count == 1)
		set_position(&t, r->to.list[0], &told->to);
	*problem = t.problem;
	return !t.problem;
}

static int decide(struct arena *mem, const struct replay *r, const struct told *told,
	struct step *step, struct error *e)
{
	const struct request request = { .from = told->from,
		.level = told->level,
		.prune_overrides = told->prune_overrides,
		.accept_conflict = told->accept_conflict };
	const struct rollback_request back = { told->level, told->to, told->all };
	const struct start_request start = { .patch = r->fresh,
		.at = told->to,
		.level = told->level,
		.siblings = &r->siblings,
		.hotfix = told->hotfix,
		.accept_loss = told->accept_loss,
		.accept_conflict = told->accept_conflict };

	switch (told->kind) {
	case STEP_START:
		return start_step(mem, r->now, &start, step, e);
	case STEP_FILL:
		return fill_next(mem, r->now, &request, told->all, step, e);
	case STEP_ROLLBACK:
		return rollback_next(mem, r->now, &back, step, e);
	case STEP_RETIRE:
		return told->at_unknown_positions ? retire_astray(mem, r->now, &r->astray, step, e)
						  : retire_next(mem, r->now, step, e);
	case STEP_PROMOTE:
	/* untested: PROMOTE stands for this */
	case STEP_CONSOLIDATE:
	/* untested: the same */
	case STEP_INTEGRATE:
	/* untested: nobody tells of it */
	case STEP_NONE:
		break;
	}
	return promote_next(mem, r->now, &request, step, e);
}

/* Who left the hold, when and why, is what they say; what it holds is what the step gives up. */
static int leave_hold(struct arena *mem, const struct replay *r, const struct step *step,
	struct plan *plan, struct error *e)
{
	struct hold hold = r->left_hold;
	const char *patch = r->now->subject.patch;

	hold.until = HOLD_OPEN;
	hold.patches = &patch;
	hold.patch_count = 1;
	hold.positions = step->positions;
	return hold_leave(mem, r->now, &hold, plan, e);
}

int replay_step(struct arena *mem, const struct replay *r, const struct told *told,
	struct step *step, struct plan *plan, struct error *e)
{
	r->now->stacks->work = 0; /* as in a run of its own */
	if (decide(mem, r, told, step, e) < 0 ||
		/* untested: the allowance of a step is tested, and only a wrong rule fails the proof */
		plan_between(mem, r->now, &step->after, &step->scope, plan, e) < 0)
		return -1;
	for (size_t i = 0; i < step->astray.count; i++) /* no state has these files */
		plan_remove(mem, plan, step->astray.list[i]);
	if (step->kind == STEP_ROLLBACK && told->hold)
		return leave_hold(mem, r, step, plan, e);
	return 0;
}
