/* SPDX-License-Identifier: Apache-2.0 */
/* A hold or a release with --push, --branch or --pull-request. */
#include "cmd/holding.h"
#include "cmd/publish.h"
#include "report/pull_request.h"

struct publishing_hold {
	struct holding *h;
	struct holding before; /* as it was when the options were read */
};

static int attempt(void *context, const struct options *o, struct attempted *a, struct error *e)
{
	struct publishing_hold *p = context;
	struct holding *h = p->h;

	*h = p->before;
	h->o = o;
	h->e = e;
	if (cmd_session(h->mem, o, LOCK_TO_WRITE, &h->fleet, e) < 0)
		return -1;
	int rc = holding_take(h);
	session_close(&h->fleet);
	if (rc < 0)
		return -1;
	a->pull_command = h->fleet.fleet.pull_request;
	a->branch = cmd_branch_name(h->mem, h->subject.type, h->subject.application, "hold");
	return 0;
}

static void describe(void *context, struct buf *title, struct buf *body)
{
	const struct publishing_hold *p = context;

	report_pull_request_title(report_commit_subject(p->h->commit.message), title);
	report_hold_pull_request(&p->h->report, options_go_on(p->h->mem, p->h->o, ""), body);
}

static int print(void *context, const struct published *done, struct error *e)
{
	const struct publishing_hold *p = context;
	struct holding *h = p->h;

	h->e = e;
	h->report.committed = NULL;
	if (done->taken)
		h->report.action = h->release ? HOLD_GONE : HOLD_THERE;
	if (done->commit || done->not_forwarded) {
		cmd_published(done, &h->committed);
		h->report.committed = &h->committed;
		report_committed_findings(h->mem, &h->committed, false, &h->report.warnings);
	}
	report_left(h->mem, done->left, &h->report.warnings);
	return holding_print(h);
}

int holding_publish(struct holding *h)
{
	struct publishing_hold p = { .h = h, .before = *h };
	const struct publish_run run = { attempt, describe, print, &p };

	return cmd_publish(h->mem, h->o, &run, h->e);
}
