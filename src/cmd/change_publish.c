/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/change_publish.h"

#include <string.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "cmd/publish.h"
#include "core/sequence.h"
#include "report/pull_request.h"

struct publishing_change {
	struct change *c;
	struct change before; /* as it was when the arguments were read */
};

static int attempt(void *context, const struct options *o, struct attempted *a, struct error *e)
{
	struct publishing_change *p = context;
	struct change *c = p->c;

	*c = p->before;
	c->o = o;
	c->e = e;
	if (cmd_session(c->mem, o, LOCK_TO_WRITE, &c->fleet, e) < 0)
		return -1;
	int rc = change_take(c);
	session_close(&c->fleet);
	if (rc < 0)
		return -1;
	a->pull_command = c->fleet.fleet.pull_request;
	a->branch =
		cmd_branch_name(c->mem, c->subject.type, c->subject.application, c->subject.patch);
	return 0;
}

static void describe(void *context, struct buf *title, struct buf *body)
{
	const struct publishing_change *p = context;
	const struct change *c = p->c;
	const struct look look = { .symbols = true };
	const struct pull_request what = {
		.report = &c->report,
		.by = c->commit.repo.committer,
		.command = options_go_on(c->mem, c->o, ""),
	};

	report_pull_request_title(report_commit_subject(c->commit.message), title);
	report_pull_request(&what, &look, body);
}

/* It is done, but not by us: the report is of what is there then. */
static void take_nothing(struct change *c, const struct published *done)
{
	const struct str subject = report_commit_subject(c->commit.message);
	struct step *step = &c->step;

	step->nothing = cmd_taken(c->mem, arena_copy(c->mem, subject.at, subject.len), done);
	step->positions = step->gates = (struct position_list){ 0 };
	c->plan = (struct plan){ 0 };
	c->report.generator = NULL;
	c->report.stale_count = c->report.outside_count = c->report.lost_count = 0;
	c->report.unchecked = c->report.left = NULL;
	c->report.committed = NULL;
	if (step->kind == STEP_INTEGRATE && done->by.name) {
		c->finished = (struct finished){ done->by.name, done->by.at };
		c->report.finished = &c->finished;
	}
	step->kind = STEP_NONE;
	const size_t latest = sequence_latest(&c->fleet.fleet, step->after.copies);
	if (latest == NOWHERE)
		return;
	step->source = latest;
	c->report.now = &step->after;
}

static int print(void *context, const struct published *done, struct error *e)
{
	const struct publishing_change *p = context;
	struct change *c = p->c;

	c->e = e;
	if (done->taken)
		take_nothing(c, done);
	c->committed.name = NULL;
	if (done->commit || done->not_forwarded) {
		cmd_published(done, &c->committed);
		c->report.committed = &c->committed;
	}
	if (done->left && !c->report.left)
		c->report.left = done->left;
	return change_print(c);
}

int change_publish(struct change *c)
{
	struct publishing_change p = { .c = c, .before = *c };
	const struct publish_run run = { attempt, describe, print, &p };

	return cmd_publish(c->mem, c->o, &run, c->e);
}
