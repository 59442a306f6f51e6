/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/publish.h"

#include <stdlib.h>
#include <string.h>

#include "cli/terminal.h"
#include "cmd/session.h"
#include "core/instant.h"
#include "core/show.h"
#include "run/commit.h"
#include "store/render/process.h"

bool cmd_publishes(const struct options *o)
{
	return o->push || o->branch || o->pull_request;
}

int cmd_publish_options(const struct options *o, struct error *e)
{
	if (o->branch && !*o->branch)
		return error_set(e, STATUS_USAGE, "--branch=: must be the name of a branch");
	return 0;
}

struct publisher {
	struct arena *mem;
	const struct options *o;
	const struct publish_run *run;
	struct session locked; /* while the user's branch is moved */
};

/* The same command line in another directory, with a commit. */
static const struct options *options_in(const struct publisher *p, const char *dir)
{
	const size_t own = p->o->command->options_size;
	const size_t size = own ? own : sizeof(struct options);
	struct options *o = arena_alloc(p->mem, 1, size);

	memcpy(o, p->o, size);
	o->dir = dir;
	o->commit = true;
	o->push = o->branch = NULL;
	o->pull_request = false;
	return o;
}

static int attempt(void *context, const char *dir, struct attempted *a, struct error *e)
{
	const struct publisher *p = context;

	return p->run->attempt(p->run->context, options_in(p, dir), a, e);
}

static void describe(void *context, struct buf *title, struct buf *body)
{
	const struct publisher *p = context;

	p->run->describe(p->run->context, title, body);
}

static int lock(void *context, struct error *e)
{
	struct publisher *p = context;
	const struct session_request request = cmd_request(p->o, LOCK_TO_WRITE);

	return session_open(p->mem, &request, &p->locked, e);
}

static void unlock(void *context)
{
	struct publisher *p = context;

	session_close(&p->locked);
}

/* The step of a killed run is dealt with, and the fleet is trusted: git and its hooks may be run. */
static int look_at_fleet(struct arena *mem, const struct options *o, struct error *e)
{
	struct session s;

	if (cmd_session_open(mem, o, LOCK_TO_WRITE, &s, e) < 0)
		return -1;
	terminal_warn(o, report_recovery_findings(mem, cmd_recovered()));
	session_close(&s);
	return 0;
}

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* git runs in ROOT, where a path that begins here would be another one. */
static const char *temporary(struct arena *mem)
{
	const char *dir = variable("TMPDIR");
	char *real = realpath(dir ? dir : "/tmp", NULL);

	if (!real)
		return dir ? dir : "/tmp";
	dir = arena_copy(mem, real, strlen(real));
	free(real);
	return dir;
}

/* A push to the branch that is checked out: what is here must be what the branch has. */
static int check_here(const struct publisher *p, struct session *user, struct error *e)
{
	const struct options *o = p->o;
	const struct subject subject = {
		.type = o->arg_count > 0 ? o->args[0] : NULL,
		.application = o->arg_count > 1 ? o->args[1] : NULL,
	};

	return o->branch || o->pull_request ? 0 : commit_check_here(p->mem, user, &subject, e);
}

static int publish_from(struct publisher *p, struct session *user, struct error *e)
{
	const struct options *o = p->o;
	struct published done;
	const struct publishing what = {
		.mem = p->mem,
		.root = &user->root,
		.push = o->push           ? o->push
			: o->pull_request ? ""
					  : NULL,
		.branch = o->branch,
		.pull_request = o->pull_request,
		.pull_command = variable("PROMOTE_PULL_REQUEST"),
		.tmp = temporary(p->mem),
		.ask = !o->no_input,
		.attempt = attempt,
		.describe = describe,
		.lock = lock,
		.unlock = unlock,
		.context = p,
	};

	process_hold_signals();
	if (check_here(p, user, e) < 0 || publish(&what, &done, e) < 0)
		return -1;
	cmd_set_memory_note("The step is done, but not reported");
	int rc = p->run->print(p->run->context, &done, e);
	if (rc < 0 && done.commit)
		error_context(e, "The step is done, but not reported");
	process_release_signals();
	return rc;
}

int cmd_publish(
	struct arena *mem, const struct options *o, const struct publish_run *r, struct error *e)
{
	struct publisher p = { .mem = mem, .o = o, .run = r };
	const struct session_request request = cmd_request(o, LOCK_NOT);
	struct session user;

	if (look_at_fleet(mem, o, e) < 0 || session_open(mem, &request, &user, e) < 0)
		return -1;
	int rc = publish_from(&p, &user, e);
	session_close(&user);
	return rc;
}

void cmd_published(const struct published *done, struct committed *c)
{
	c->name = done->commit;
	c->branch = done->branch;
	c->remote = done->remote;
	c->was_there = done->was_there;
	c->pull_request = done->pull_request;
	c->not_forwarded = done->not_forwarded;
}

/* What no part of a reference may have: git-check-ref-format(1). */
static void add_part(struct buf *out, const char *part)
{
	const size_t n = strlen(part);
	const bool lock_file = n >= 5 && strcmp(part + n - 5, ".lock") == 0;

	buf_putc(out, '/');
	for (size_t i = 0; i < n; i++) {
		const unsigned char c = (unsigned char)part[i];
		const bool dot = c == '.' && (i == 0 || part[i - 1] == '.' || i + 1 == n);
		const bool bad = c <= ' ' || c == 0x7f || strchr("~^:?*[\\/@{", c) || dot ||
			(lock_file && i == n - 5);

		buf_putc(out, bad ? '-' : (char)c);
	}
}

const char *cmd_branch_name(
	struct arena *mem, const char *type, const char *application, const char *last)
{
	struct buf out = { .mem = mem };

	buf_puts(&out, "promote");
	if (type)
		add_part(&out, type);
	if (application)
		add_part(&out, application);
	add_part(&out, last);
	return out.at;
}

const char *cmd_taken(struct arena *mem, const char *subject, const struct published *done)
{
	struct buf out = { .mem = mem };

	buf_printf(&out, "%s: done meanwhile", subject);
	if (done->by.name)
		buf_printf(&out, " by %s, commit %.*s of %s", done->by.author, SHOW_COMMIT,
			done->by.name, instant_text(mem, done->by.at));
	return out.at;
}
