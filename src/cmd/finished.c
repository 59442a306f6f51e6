/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/finished.h"

#include <string.h>

#include "core/sequence.h"
#include "report/history.h"
#include "run/history.h"

/* Whether nothing in the application is a copy, or was meant to be one. */
static bool is_missing(const struct change *c)
{
	return c->e->code && strcmp(c->e->code, "not-found") == 0 && !c->e->blocker_count &&
		sequence_latest(c->now.app->fleet, c->now.copies) == NOWHERE;
}

static bool ask_git(struct change *c, struct history *h)
{
	struct error ignored = { 0 };

	const int rc = history_read(c->mem, &c->fleet, "HEAD", &c->subject, h, &ignored);
	error_free(&ignored);
	return rc == 0 && h->event_count;
}

/* Whether the error is that there is no copy, and git knows the patch. */
static bool is_known(struct change *c, struct history *h)
{
	return is_missing(c) && c->fleet.trusted && ask_git(c, h);
}

static int tell_end(struct change *c, const struct history *h)
{
	const struct history_report report = { .subject = &c->subject, .history = h };

	if (!history_end(h))
		return error_detail(
			c->e, "  git's HEAD has copies of it, which the working tree has not");
	return error_detail(c->e, "  %s", history_head(c->mem, &report));
}

int change_ended(struct change *c)
{
	struct history h;

	return is_known(c, &h) ? tell_end(c, &h) : -1;
}

int change_finished(struct change *c)
{
	struct history h;

	if (!is_known(c, &h))
		return -1;
	const struct history_report report = { .subject = &c->subject, .history = &h };
	const struct history_event *end = history_end(&h);
	if (!end || end->action != HISTORY_INTEGRATE)
		return tell_end(c, &h);
	error_free(c->e);
	c->finished = (struct finished){ end->commit->object, end->at };
	c->step = (struct step){
		.kind = STEP_NONE,
		.source = NOWHERE,
		.after = c->now,
		.following = NOWHERE,
		.nothing = history_head(c->mem, &report),
	};
	return 0;
}
