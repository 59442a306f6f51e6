/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/session.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "cmd/clock.h"
#include "core/astray.h"
#include "run/unfinished.h"

struct session_request cmd_request(const struct options *o, enum lock_kind kind)
{
	return (struct session_request){
		.dir = o->dir,
		.kind = o->rev ? LOCK_NOT : kind,
		.rev = o->rev,
		.trust = trust_of(o->trust, getenv("SUDO_UID")),
		.lock_timeout = o->lock_timeout,
		.tell = isatty(STDERR_FILENO) && !o->quiet ? terminal_tell_wait : NULL,
		.context = o,
		.on_read = terminal_progress(o) ? terminal_read : NULL,
	};
}

/* The outcomes as JSON has them. */
static const char *const outcomes[] = {
	[RECOVERY_NONE] = "none",
	[RECOVERY_CLEANED] = "cleaned",
	[RECOVERY_FINISHED] = "finished",
	[RECOVERY_UNDONE] = "undone",
	[RECOVERY_DROPPED] = "dropped",
};

static struct recovery_report recovered;

const struct recovery_report *cmd_recovered(void)
{
	return recovered.outcome ? &recovered : NULL;
}

static const char *memory_note;

void cmd_set_memory_note(const char *note)
{
	memory_note = note;
}

const char *cmd_memory_note(void)
{
	return memory_note;
}

static struct recovery_report report_of(const struct recovered *r)
{
	return (struct recovery_report){ outcomes[r->what], r->step, r->effect, r->no_modes,
		r->behind };
}

int cmd_session_open(struct arena *mem, const struct options *o, enum lock_kind kind,
	struct session *s, struct error *e)
{
	const struct session_request request = cmd_request(o, kind);
	int64_t clock = 0;

	if (cmd_now(&clock, e) < 0 || session_open(mem, &request, s, e) < 0)
		return -1;
	s->clock = clock;
	if (!recovered.outcome || s->recovered.what != RECOVERY_NONE)
		recovered = report_of(&s->recovered);
	return 0;
}

int cmd_session(struct arena *mem, const struct options *o, enum lock_kind kind, struct session *s,
	struct error *e)
{
	if (cmd_session_open(mem, o, kind, s, e) < 0)
		return -1;
	const struct recovery_report now = report_of(&s->recovered);
	terminal_warn(o, report_recovery_findings(mem, &now));
	if (session_load(mem, s, e) == 0)
		return 0;
	session_close(s);
	return -1;
}

int cmd_peek(struct arena *mem, const struct session_request *request, struct session *s,
	struct error *e)
{
	if (session_open(mem, request, s, e) < 0)
		return -1;
	if (load_fleet(mem, s->source, &s->fleet, &s->config, e) == 0)
		return 0;
	session_close(s);
	return -1;
}

const char *cmd_patch_name(struct arena *mem, const char *typed, struct error *e)
{
	const char *problem = NULL, *name = paths_patch_name(mem, typed, &problem);

	if (!name)
		error_set(e, STATUS_USAGE,
			"the patch name '%s' %s; it is a file's name such as patch-001", typed,
			problem);
	return name;
}

void cmd_warn_unfinished(struct arena *mem, const struct options *o, struct session *s)
{
	struct findings f = { 0 };

	unfinished_finding(mem, s, &f);
	terminal_warn(o, f);
}

void cmd_warn_astray(struct arena *mem, const struct options *o, const struct state *s)
{
	struct findings f = { 0 };

	astray_findings(mem, s->app, NULL, o->verbose, &f);
	terminal_warn(o, f);
}
