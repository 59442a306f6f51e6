/* SPDX-License-Identifier: Apache-2.0 */
#include "run/publish.h"

#include <string.h>

#include "core/show.h"
#include "run/publish_parts.h"
#include "store/render/process.h"

enum { NAMED = 8 }; /* commits */

static const char heads[] = "refs/heads/";

/* What the user has committed must be there already: it is no part of the step. */
static int check_pushed(const struct publishment *w)
{
	const struct remote *r = &w->remote;
	struct branch_commits own = { 0 };

	if (branch_has(w->mem, &w->tree.top, w->tip, r->head))
		return 0;
	branch_commits(w->mem, &w->tree.top, r->head, w->tip, NAMED + 1, &own);
	error_set(w->e, STATUS_REFUSED,
		"%s has commits that %s does not have; push them first, or take them out",
		r->branch ? r->branch : "HEAD", r->shown);
	for (size_t i = 0; i < own.count && i < NAMED; i++)
		error_detail(w->e, "  %.*s %.*s", SHOW_COMMIT, own.list[i].name,
			(int)strcspn(own.list[i].message, "\n"), own.list[i].message);
	if (own.count > NAMED)
		error_detail(w->e, "  and more");
	return error_code(w->e, "not-pushed");
}

/* With signals held all the time: a person who is asked may end the run, but not leave the tree. */
static int call(struct publishment *w)
{
	const struct publishing *p = w->p;

	process_hold_signals();
	process_keep_signals(true);
	int rc = p->attempt(p->context, w->tree.fleet, &w->attempted, w->e);
	process_keep_signals(false);
	process_hold_signals();
	if (rc == 0 || !process_signal_pending())
		return rc;
	error_free(w->e);
	return publish_interrupted(w->e);
}

/* Takes the step at the tip: w->commit, or NULL. */
static int attempt(struct publishment *w)
{
	w->commit = NULL;
	w->attempted = (struct attempted){ 0 };
	if (side_tree_move(w->mem, &w->tree, w->tip, w->e) < 0 || call(w) < 0)
		return -1;
	const char *head = branch_commit(w->mem, &w->tree.top, "HEAD");
	if (!head)
		return error_set(w->e, STATUS_SYSTEM,
			"git does not tell whether there is a commit of the step; nothing was pushed");
	if (strcmp(head, w->tip) != 0)
		w->commit = head;
	return 0;
}

static bool has_command(const struct publishment *w)
{
	return !w->p->pull_request || w->p->pull_command || w->attempted.pull_command;
}

static int no_command(struct error *e)
{
	error_set(e, STATUS_FILES,
		"config/config.yaml has no pull_request_command, nor is PROMOTE_PULL_REQUEST set; nothing was pushed");
	return error_code(e, "not-found");
}

/* A branch cannot be pulled into itself. */
static int check_base(const struct publishment *w)
{
	const struct publishing *p = w->p;

	if (!w->ref || !w->remote.ref || strcmp(w->ref, w->remote.ref) != 0)
		return 0;
	if (p->branch)
		return error_set(w->e, STATUS_USAGE,
			"--branch=%s: that is the branch that the step begins at; leave the option out",
			p->branch);
	return error_set(w->e, STATUS_REFUSED,
		"branch %s is the one that is checked out, and cannot be pulled into itself; check out the one that it is for, or name another one: --branch=NAME",
		w->branch);
}

/* The branch of a pull request is known only when the step is. */
static int name_branch(struct publishment *w)
{
	const struct publishing *p = w->p;

	if (!p->pull_request || p->branch ||
		(w->branch && strcmp(w->branch, w->attempted.branch) == 0))
		return 0;
	w->branch = w->attempted.branch;
	w->ref = arena_printf(w->mem, "%s%s", heads, w->branch);
	if (check_base(w) < 0)
		return -1;
	return remote_fetch(&w->remote, &w->tree, w->ref, &w->lease, w->e) < 0 ? publish_fail(w->e)
									       : 0;
}

/* Takes the step at the tip, and checks whether it can be published. Nothing else is to do: 0. */
static int decide(struct publishment *w)
{
	if (attempt(w) < 0)
		return -1;
	if (!w->commit)
		return 0;
	if (!has_command(w))
		return no_command(w->e);
	if (name_branch(w) < 0 || (w->beside && publish_check_branch(w) < 0))
		return -1;
	return !w->done->was_there;
}

/* Until the ref has the step, here or at the remote. */
static int take_step(struct publishment *w)
{
	struct tries t = { .end = publish_now() + PUBLISH_PATIENCE * 1000 };
	enum once next = ONCE_DECIDE;

	while (next == ONCE_DECIDE || next == ONCE_PUSH) {
		const int rc = next == ONCE_DECIDE ? decide(w) : 1;

		if (rc <= 0)
			return rc;
		if (!w->p->push)
			return branch_set(w->mem, &w->tree.top, w->ref, w->commit, w->lease, w->e);
		next = publish_push(w, &t);
	}
	return next == ONCE_DONE ? 0 : -1;
}

static void note(struct publishment *w)
{
	struct published *done = w->done;

	done->commit = w->commit;
	done->branch = w->ref ? w->ref + strlen(heads) : NULL;
	done->remote = w->p->push && (w->commit || done->taken) ? w->remote.shown : NULL;
}

static int in_tree(struct publishment *w)
{
	const struct publishing *p = w->p;

	if (p->push) {
		if (remote_find_default(&w->remote, &w->tree, w->e) < 0)
			return publish_fail(w->e);
		if (!w->beside)
			w->ref = w->remote.ref;
		if (p->pull_request && check_base(w) < 0)
			return -1;
		if (publish_fetch(w) < 0 || check_pushed(w) < 0)
			return -1;
	} else {
		w->tip = branch_commit(w->mem, &w->tree.top, "HEAD");
		w->lease = branch_commit(w->mem, p->root, w->ref);
	}
	if (take_step(w) < 0)
		return -1;
	note(w);
	return p->pull_request && w->commit ? publish_pull_request(w) : 0;
}

/*
 * The user's branch follows, unless another one was set; also if somebody else has done it all,
 * since the next run would not see that here.
 */
static void forward(struct publishment *w)
{
	const struct publishing *p = w->p;
	const char *to = w->commit ? w->commit : w->tip;
	struct error held = { 0 };

	if (w->beside || !w->remote.branch || strcmp(to, w->remote.head) == 0)
		return;
	if (p->lock && p->lock(p->context, &held) < 0) {
		w->done->not_forwarded = arena_copy(w->mem, held.text, strlen(held.text));
		error_free(&held);
		return;
	}
	process_hold_signals();
	w->done->not_forwarded = branch_forward(w->mem, p->root, w->remote.branch, to);
	if (p->unlock)
		p->unlock(p->context);
}

static int check_request(struct publishment *w)
{
	const struct publishing *p = w->p;
	const char *path = NULL;

	if (p->push && remote_find(w->mem, p->root, p->push, &w->remote, w->e) < 0)
		return -1;
	w->remote.ask = p->ask;
	if (!p->branch)
		return w->remote.branch || p->pull_request
			? 0
			: error_set(w->e, STATUS_REFUSED,
				  "HEAD is detached, so there is no branch to push; name one: --branch=NAME");
	if (!branch_is_name(w->mem, p->root, p->branch))
		return error_set(
			w->e, STATUS_USAGE, "--branch=%s: not a name of a branch", p->branch);
	w->ref = arena_printf(w->mem, "%s%s", heads, p->branch);
	path = p->push ? NULL : branch_checked_out(w->mem, p->root, w->ref);
	if (path)
		return error_set(w->e, STATUS_REFUSED,
			"--branch=%s: the branch is checked out in %s; name another one", p->branch,
			path);
	return check_base(w);
}

int publish(const struct publishing *p, struct published *done, struct error *e)
{
	struct publishment w = { .p = p,
		.mem = p->mem,
		.beside = p->branch || p->pull_request,
		.branch = p->branch,
		.done = done,
		.e = e };

	*done = (struct published){ 0 };
	side_tree_sweep(p->mem, p->root, p->tmp);
	if (check_request(&w) < 0 || side_tree_make(p->mem, p->root, p->tmp, &w.tree, e) < 0)
		return -1;
	int rc = in_tree(&w);
	process_hold_signals();
	process_forget_signals(); /* the run ends here anyway, and the tree is to go */
	done->left = side_tree_remove(p->mem, p->root, &w.tree);
	if (rc == 0)
		forward(&w);
	return rc;
}
