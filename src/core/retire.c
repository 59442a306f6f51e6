/* SPDX-License-Identifier: Apache-2.0 */
#include "core/retire.h"

#include <string.h>

#include "core/decision.h"
#include "core/obstacles.h"
#include "core/sequence.h"

static int refuse_values(struct decision *d, const struct effect *effect)
{
	const char *patch = d->now->subject.patch;
	struct obstacles o = obstacles_find(d->mem, effect, &d->step.after);

	error_set(d->e, STATUS_REFUSED,
		"Retiring %s would change %zu of %zu target%s; nothing is written", patch,
		effect->targets, d->f->targets, d->f->targets == 1 ? "" : "s");
	for (size_t i = 0; i < o.count; i++)
		o.list[i].about.hint =
			"let another patch in flight set this value, or finish or roll back this one";
	obstacles_tell(&o, d->e);
	error_detail(d->e,
		"%s is needed as long as it decides about a value: finish it, or give it up with 'promote rollback'",
		patch);
	return error_code(d->e, "values-would-change");
}

int retire_next(struct arena *mem, const struct state *now, struct step *step, struct error *e)
{
	static const struct position_list nowhere;
	const struct request latest = { .from = sequence_latest(now->app->fleet, now->copies) };
	struct decision d = { mem, now, now->app->fleet, &latest, e, { .kind = STEP_RETIRE } };

	if (decision_obstructed(&d, &nowhere) < 0 || decision_source(&d) < 0)
		return -1;
	const struct layer **none = ARENA_NEW(mem, const struct layer *, d.f->count);
	state_with(mem, now, now->app, none, &d.step.after);
	d.step.following = NOWHERE;
	const struct effect effect = effect_between(mem, now, &d.step.after);
	/* untested: the allowance of a step is tested, and plan_between() has the same one */
	if (diff_check(now->stacks, paths_application(mem, &now->subject), e) < 0)
		return -1;
	if (effect.count)
		return refuse_values(&d, &effect);
	*step = d.step;
	return 0;
}

int retire_astray(struct arena *mem, const struct state *now, const struct astray_copies *copies,
	struct step *step, struct error *e)
{
	const struct request usual = { .level = fleet_default_level(now->app->fleet) };
	struct decision d = { mem, now, now->app->fleet, &usual, e, { .kind = STEP_RETIRE } };

	if (!copies->count) {
		error_set(e, STATUS_FILES,
			"No copy of %s is at a position that " PATHS_CONFIG " does not have",
			now->file);
		return error_code(e, "not-found");
	}
	d.step.source = NOWHERE;
	d.step.astray = *copies;
	d.step.after = *now;
	decision_follow(&d);
	*step = d.step;
	return 0;
}

/* The layers of a position without the file of a name. */
static struct layers_at without(struct arena *mem, const struct layers_at *at, const char *file)
{
	struct layers_at rest = { 0 };

	for (size_t i = 0; i < at->count; i++)
		if (strcmp(at->layers[i]->name, file) != 0)
			*ARENA_PUSH(mem, rest.layers, rest.count) = at->layers[i];
	return rest;
}

bool retire_is_possible(struct arena *mem, const struct state *now, const char *file)
{
	const size_t n = now->app->fleet->count;
	struct application *app = ARENA_NEW(mem, struct application, 1);
	struct layers_at *at = ARENA_NEW(mem, struct layers_at, n);
	struct state after;

	for (size_t p = 0; p < n; p++)
		at[p] = without(mem, &now->app->at[p], file);
	*app = *now->app;
	app->at = at;
	state_with(mem, now, app, now->copies, &after);
	/* with the allowance used up, it is not known what changes */
	/* untested: see above */
	return effect_between(mem, now, &after).count == 0 && diff_work(now->stacks, 0);
}
