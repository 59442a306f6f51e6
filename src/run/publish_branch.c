/* SPDX-License-Identifier: Apache-2.0 */
/* What the commits of a branch tell: steps of the same patch, or the work of somebody else. */
#include <string.h>

#include "core/record_match.h"
#include "core/show.h"
#include "run/publish_parts.h"

enum { MOST = 10000 }; /* commits that are read */

/* What the message of a commit tells; false: of no step. */
static bool tells(struct arena *mem, const char *message, struct record *r)
{
	const char *problem = NULL;

	return record_read(mem, str_of(message), r, &problem) == RECORD_READ;
}

/* What the step's own commit tells. */
static bool read_own(struct publishment *w, struct record *r)
{
	struct branch_commits own;

	return branch_commits(w->mem, &w->tree.top, w->commit,
		       arena_printf(w->mem, "%s^", w->commit), 1, &own) &&
		own.count && tells(w->mem, own.list[0].message, r);
}

static bool is_rollback(const struct record *r)
{
	return strcmp(r->action, "rollback") == 0;
}

/* Whether a later one of the commits, the newest first, has taken this step back. */
static bool is_undone(struct publishment *w, const struct branch_commits *since, size_t at,
	const struct record *step)
{
	const char *revert = arena_printf(w->mem, "This reverts commit %s", since->list[at].name);
	struct record later;

	while (at-- > 0) {
		const char *message = since->list[at].message;

		if (strstr(message, revert) ||
			(tells(w->mem, message, &later) && record_same_patch(step, &later) &&
				is_rollback(step) != is_rollback(&later)))
			return true;
	}
	return false;
}

bool publish_was_taken(struct publishment *w, const char *before)
{
	const char *prefix = w->tree.fleet + strlen(w->tree.path) + 1;
	struct branch_commits since;
	struct record ours, theirs;

	if (!branch_commits(w->mem, &w->tree.top, w->tip, before, MOST, &since))
		return false;
	const bool told = read_own(w, &ours);
	for (size_t i = since.count; told && i-- > 0;)
		if (tells(w->mem, since.list[i].message, &theirs) &&
			record_was_taken(&ours, &theirs) && !is_undone(w, &since, i, &theirs)) {
			w->done->by = since.list[i];
			return true;
		}
	if (!branch_has_same(w->mem, &w->tree.top, before, w->commit, w->tip,
		    arena_printf(w->mem, "%sconfig", prefix)))
		return false;
	if (since.count == 1)
		w->done->by = since.list[0];
	return true;
}

static bool same_reason(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/*
 * Whether a commit is a step of the same patch, as it was made; of no patch: whether it holds or
 * releases the same for the same reason. One that was amended has the work of a person, though it
 * still tells of a step.
 */
static bool same_work(struct publishment *w, const struct branch_commit *c,
	const struct record *ours, const struct record *theirs)
{
	if (c->rewritten && !branch_same(w->mem, &w->tree.top, c->name, w->commit))
		return false;
	return ours->patch ? record_same_patch(ours, theirs)
			   : !theirs->patch && strcmp(ours->action, theirs->action) == 0 &&
			same_reason(ours->reason, theirs->reason) &&
			branch_same_paths(w->mem, &w->tree.top, c->name, w->commit);
}

int publish_check_branch(struct publishment *w)
{
	const char *name = w->branch;
	struct branch_commits there;
	struct record ours = { 0 }, theirs;

	if (!w->lease || branch_has(w->mem, &w->tree.top, w->tip, w->lease))
		return 0;
	if (!branch_commits(w->mem, &w->tree.top, w->lease, w->tip, MOST, &there))
		return error_set(
			w->e, STATUS_SYSTEM, "git does not tell what is on branch %s", name);
	const bool told = read_own(w, &ours);
	for (size_t i = 0; i < there.count; i++) {
		const struct branch_commit *c = &there.list[i];

		if (told && tells(w->mem, c->message, &theirs) && same_work(w, c, &ours, &theirs))
			continue;
		return error_set(w->e, STATUS_REFUSED,
			"branch %s has a commit that is not %s: %.*s %.*s; it would be lost: name another branch, or delete this one",
			name, told && !ours.patch ? "this change" : "a step of this patch",
			SHOW_COMMIT, c->name, (int)strcspn(c->message, "\n"), c->message);
	}
	if (branch_same(w->mem, &w->tree.top, w->lease, w->commit)) {
		w->commit = w->lease;
		w->done->was_there = true;
	}
	return 0;
}
