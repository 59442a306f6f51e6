/* SPDX-License-Identifier: Apache-2.0 */
#include "run/ending.h"

#include "core/sequence.h"
#include "yaml/canon.h"
#include "yaml/merge.h"

/* One side of the commit. */
struct side {
	struct session session;
	struct state state;
};

static int read_side(struct arena *mem, const struct session *s, struct commit_source *cs,
	const char *rev, const struct subject *subject, struct side *side)
{
	struct error wrong = { 0 };
	int rc = -1;

	if (commit_source_move(cs, rev, &wrong) == 0 &&
		session_at(mem, s, &cs->source, &side->session, &wrong) == 0)
		rc = session_state(mem, &side->session, subject, NULL, &side->state, &wrong);
	error_free(&wrong);
	return rc;
}

/* Whether a target that both fleets have got other values. */
static bool any_target_changes(
	struct arena *mem, const struct side *before, const struct side *after)
{
	const struct fleet *f = &before->session.fleet;
	struct map compared = { .mem = mem };

	for (size_t t = 0; t < f->count; t++) {
		const size_t now = fleet_find(&after->session.fleet, f->positions[t].path);

		if (!fleet_is_target(f, t) || now == NOWHERE)
			continue;
		void **known =
			map_slot_pair(&compared, before->state.stack[t], after->state.stack[now]);
		if (*known)
			continue;
		*known = &compared;
		if (!node_same(
			    mem, state_values(&before->state, t), state_values(&after->state, now)))
			return true;
	}
	return false;
}

/* Whether values.yaml has all that the patch set at its latest copy. */
static bool is_in_base(struct arena *mem, const struct side *before, const struct side *after)
{
	const size_t latest = sequence_latest(&before->session.fleet, before->state.copies);
	const struct layer *base = after->state.app->base;

	if (latest == NOWHERE || !base)
		return false;
	return node_same(
		mem, base->root, yaml_merge(mem, base->root, before->state.copies[latest]->root));
}

static enum history_action judge(struct arena *mem, const struct session *s,
	struct commit_source *cs, const struct history_event *event)
{
	const char *const commit = event->commit->object;
	struct side before, after;

	if (read_side(mem, s, cs, arena_printf(mem, "%s^1", commit), event->subject, &before) < 0 ||
		read_side(mem, s, cs, commit, event->subject, &after) < 0)
		return HISTORY_REMOVE;
	const bool changes = any_target_changes(mem, &before, &after);
	if (is_in_base(mem, &before, &after))
		return changes ? HISTORY_REMOVE : HISTORY_INTEGRATE;
	return changes ? HISTORY_ROLLBACK : HISTORY_RETIRE;
}

void ending_find(const struct session *s, struct commit_source *cs, struct history_event *event)
{
	static const enum history_action told[] = { HISTORY_INTEGRATE, HISTORY_RETIRE,
		HISTORY_ROLLBACK };
	struct arena mem;

	for (size_t i = 0; event->record && i < sizeof(told) / sizeof(*told); i++)
		if (strcmp(event->record->action, history_action_name(told[i])) == 0) {
			event->action = told[i];
			return;
		}
	arena_init(&mem, cs->mem.out_of_memory);
	event->action = judge(&mem, s, cs, event);
	arena_free(&mem);
}
