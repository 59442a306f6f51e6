/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "core/show.h"
#include "run/publish_parts.h"
#include "store/render/process.h"

enum {
	FIRST_PAUSE = 100, /* milliseconds */
	LONGEST_PAUSE = 4000,
	SLICE = 50, /* in which a signal is noticed */
	BREAKS = 3, /* of the connection, with the branch as it was */
};

static const char heads[] = "refs/heads/";

unsigned publish_pause(unsigned tries, uint32_t chance)
{
	unsigned longest = FIRST_PAUSE;

	for (unsigned i = 1; i < tries && longest < LONGEST_PAUSE; i++)
		longest += longest / 2;
	if (longest > LONGEST_PAUSE)
		longest = LONGEST_PAUSE;
	return longest / 2 + chance % (longest / 2 + 1);
}

int64_t publish_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int publish_interrupted(struct error *e)
{
	error_set(
		e, STATUS_SYSTEM, "interrupted before the commit was pushed; nothing has changed");
	return error_code(e, "interrupted");
}

static int pause_before(unsigned tries, struct error *e)
{
	uint32_t chance = 0;

	(void)!getrandom(&chance, sizeof(chance), 0);
	for (unsigned left = publish_pause(tries, chance); left && !process_signal_pending();) {
		const unsigned some = left < SLICE ? left : SLICE;
		const struct timespec t = { .tv_nsec = (long)some * 1000000 };

		nanosleep(&t, NULL);
		left -= some;
	}
	return process_signal_pending() ? publish_interrupted(e) : 0;
}

int publish_fail(struct error *e)
{
	return e->status == STATUS_SYSTEM && strcmp(e->code, "io") == 0 ? error_code(e, "push")
									: -1;
}

int publish_fetch(struct publishment *w)
{
	const struct remote *r = &w->remote;
	const char *tip = NULL, *lease = NULL;

	if (remote_fetch(r, &w->tree, r->ref, &tip, w->e) < 0)
		return publish_fail(w->e);
	if (!tip) {
		error_set(w->e, STATUS_REFUSED,
			"%s has no branch %s; push it first: git push %s %s", r->shown,
			r->ref + strlen(heads), r->shown, r->ref + strlen(heads));
		return error_code(w->e, "no-remote");
	}
	if (!w->beside)
		lease = tip;
	else if (w->ref && remote_fetch(r, &w->tree, w->ref, &lease, w->e) < 0)
		return publish_fail(w->e);
	w->tip = tip;
	w->lease = lease;
	return 0;
}

/* The remote may have it, or not. */
static int not_known(struct publishment *w, struct error *why)
{
	error_set(w->e, STATUS_SYSTEM,
		"it is not known whether %s has the commit %.*s: the push failed, and so did asking; 'git fetch' and 'git branch -r --contains %.*s' tell",
		w->remote.shown, SHOW_COMMIT, w->commit, SHOW_COMMIT, w->commit);
	error_add(w->e, why);
	return error_code(w->e, "push");
}

/* It was not pushed, and is not tried again. */
static enum once give_up(
	struct publishment *w, enum pushed how, const struct tries *t, struct error *why)
{
	error_add(w->e, why);
	if (how == PUSH_OUTRUN)
		error_context(w->e, "%s for %d seconds",
			t->moved ? "others were faster each time," : "the branch was locked",
			PUBLISH_PATIENCE);
	publish_fail(w->e);
	return ONCE_FAILED;
}

/* Asks what the remote has. */
static enum once cannot_ask(
	struct publishment *w, enum pushed how, const struct tries *t, struct error *why)
{
	struct error asked = *w->e;

	*w->e = (struct error){ 0 };
	error_add(why, &asked);
	if (how == PUSH_BROKEN)
		not_known(w, why);
	else
		give_up(w, PUSH_REFUSED, t, why);
	return ONCE_FAILED;
}

static bool differs(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) != 0 : a != b;
}

/* After a push that failed. */
static enum once look_again(
	struct publishment *w, enum pushed how, struct tries *t, struct error *why)
{
	const char *const tip = w->tip, *const lease = w->lease;
	const bool stop = strcmp(why->code, "interrupted") == 0;

	process_hold_signals();
	if (publish_fetch(w) < 0)
		return cannot_ask(w, how, t, why);
	if (w->lease && branch_has(w->mem, &w->tree.top, w->lease, w->commit))
		return ONCE_DONE;
	const bool moved = differs(tip, w->tip) || differs(lease, w->lease);
	t->moved = t->moved || moved;
	t->breaks = moved ? 0 : t->breaks + (how == PUSH_BROKEN);
	if (stop || (how == PUSH_REFUSED && !moved) || t->breaks == BREAKS ||
		publish_now() > t->end)
		return give_up(w, stop ? PUSH_BROKEN : moved ? PUSH_OUTRUN : how, t, why);
	if (!w->beside && publish_was_taken(w, tip)) {
		w->commit = NULL;
		w->done->taken = true;
		return ONCE_DONE;
	}
	if (pause_before(++t->count, w->e) < 0)
		return ONCE_FAILED;
	return moved ? ONCE_DECIDE : ONCE_PUSH;
}

enum once publish_push(struct publishment *w, struct tries *t)
{
	const struct push push = { w->commit, w->ref, w->lease };
	struct error why = { 0 };
	enum pushed how = PUSH_DONE;

	if (process_signal_pending()) {
		publish_interrupted(w->e);
		return ONCE_FAILED;
	}
	if (remote_push(&w->remote, &w->tree, &push, &how, &why) == 0)
		return ONCE_DONE;
	const enum once next = look_again(w, how, t, &why);
	error_free(&why);
	return next;
}
