/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fill.h"

#include "core/decision.h"
#include "core/sequence.h"

int fill_next(struct arena *mem, const struct state *now, const struct request *r, bool all,
	struct step *step, struct error *e)
{
	struct decision d = { mem, now, now->app->fleet, r, e, { 0 } };
	struct step *s = &d.step;
	struct position_list *at = &s->positions;

	if (decision_source(&d) < 0)
		return -1;
	at->list = ARENA_NEW(mem, size_t, d.f->count);
	at->count = sequence_missing(d.f, now->copies, r->level, at->list);
	if (!at->count) {
		*step = decision_nothing(&d,
			arena_printf(mem, "Every target before the latest copy, at %s, has %s",
				d.f->positions[sequence_latest(d.f, now->copies)].path,
				now->subject.patch));
		return 0;
	}
	if (!all)
		at->count = 1;
	if (decision_obstructed(&d, at) < 0)
		return -1;
	s->kind = STEP_FILL;
	s->scope = (struct scope){ *at, &now->copies[s->source]->root, 1 };
	s->gates = decision_gates(&d, now->copies, at);
	decision_copies(&d);
	if (decision_conflicts(&d) < 0)
		return -1;
	decision_follow(&d);
	*step = d.step;
	return 0;
}
