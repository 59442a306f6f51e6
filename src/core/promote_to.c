/* SPDX-License-Identifier: Apache-2.0 */
#include "core/promote_to.h"

#include "core/decision.h"
#include "core/sequence.h"

static int refuse_other(const struct decision *d, size_t to)
{
	const struct position *positions = d->f->positions;
	const struct subject *s = &d->now->subject;
	const struct about about = { .position = positions[d->step.following].path };

	error_set(d->e, STATUS_REFUSED,
		"The next step of %s goes to %s, not to %s; promote plan shows all steps to there",
		s->patch, about.position, positions[to].path);
	error_code(d->e, "not-next");
	error_about(d->e, about);
	error_blocker(d->e, about, "%s comes first", about.position);
	return error_command(d->e, "plan\n%s\n%s\n%s\n--to=%s", s->type, s->application, s->patch,
		positions[to].path);
}

/* A step that leaves everything as it is, unless there is something with a copy's name that is none. */
static int do_nothing(struct decision *d)
{
	const struct position_list next = decision_at(d, d->step.following);

	if (decision_obstructed(d, &next) == 0)
		return 0;
	if (d->e->status == STATUS_FILES)
		return -1;
	error_free(d->e); /* in the way of the next step */
	return 0;
}

int promote_to(struct arena *mem, const struct state *now, const struct request *r, size_t to,
	struct step *step, struct error *e)
{
	struct decision d = { mem, now, now->app->fleet, r, e,
		{ .kind = STEP_NONE, .asked = to, .after = *now } };

	if (to == NOWHERE)
		return promote_next(mem, now, r, step, e);
	if (decision_files(&d) < 0)
		return -1;
	d.step.source = sequence_latest(d.f, now->copies);
	decision_follow(&d);
	if (sequence_covers(d.f, now->copies, to)) {
		if (do_nothing(&d) < 0)
			return -1;
		*step = d.step;
		return 0;
	}
	if (!d.step.gap && !fleet_holds(d.f, d.step.following, to))
		return refuse_other(&d, to);
	return promote_next(mem, now, r, step, e);
}
