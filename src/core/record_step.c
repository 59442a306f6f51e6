/* SPDX-License-Identifier: Apache-2.0 */
#include "core/record_step.h"

#include "core/sequence.h"

static void add(struct arena *mem, const struct fleet *f, size_t position, struct record_list *l)
{
	if (position != NOWHERE)
		*ARENA_PUSH(mem, l->list, l->count) = f->positions[position].path;
}

void record_step(
	struct arena *mem, const struct state *now, const struct step *step, struct record *r)
{
	const struct fleet *f = now->app->fleet;
	const struct position_list *at = &step->positions;
	const bool back = step->kind == STEP_ROLLBACK;

	*r = (struct record){
		.action = step_kind_name(step->kind),
		.type = now->subject.type,
		.application = now->subject.application,
		.patch = now->subject.patch,
	};
	if (step->kind == STEP_PROMOTE)
		add(mem, f, step->source, &r->from);
	for (size_t i = 0; i < at->count; i++)
		add(mem, f, at->list[i], back ? &r->from : &r->to);
	if (back)
		add(mem, f, sequence_latest(f, step->after.copies), &r->to);
	for (size_t i = 0; i < f->count; i++)
		if (step_is_lift(step, now, i))
			add(mem, f, i, &r->consolidated);
}
