/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/session.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "core/astray.h"

struct session_request cmd_request(const struct options *o, enum lock_kind kind)
{
	return (struct session_request){
		.dir = o->dir,
		.kind = kind,
		.trust = trust_of(o->trust, getenv("SUDO_UID")),
		.lock_timeout = o->lock_timeout,
		.tell = isatty(STDERR_FILENO) && !o->quiet ? terminal_tell_wait : NULL,
	};
}

int cmd_session(struct arena *mem, const struct options *o, enum lock_kind kind, struct session *s,
	struct error *e)
{
	const struct session_request request = cmd_request(o, kind);

	if (session_open(mem, &request, s, e) < 0)
		return -1;
	terminal_warn(o, cmd_recovery_findings(mem, &s->recovered));
	if (session_load(mem, s, e) == 0)
		return 0;
	session_close(s);
	return -1;
}

void cmd_warn_astray(struct arena *mem, const struct options *o, const struct state *s)
{
	struct findings f = { 0 };

	astray_findings(mem, s->app, NULL, o->verbose, &f);
	terminal_warn(o, f);
}

const char *cmd_recovery_line(struct arena *mem, const struct recovered *r)
{
	static const char *const lines[] = {
		[RECOVERY_NONE] = "There is nothing to recover",
		[RECOVERY_CLEANED] =
			"A run was killed before its step began or after it was done; its directory " STAGING_DIR
			" is removed",
		[RECOVERY_FINISHED] =
			"A run was killed in the middle of a step, which is finished now",
		[RECOVERY_UNDONE] = "A run was killed in the middle of a step, which is undone now",
		[RECOVERY_DROPPED] =
			"A run was killed in the middle of a step of which nothing is there; its directory " STAGING_DIR
			" is removed",
	};

	return r->step ? arena_printf(mem, "%s: %s", lines[r->what], r->step) : lines[r->what];
}

struct findings cmd_recovery_findings(struct arena *mem, const struct recovered *r)
{
	struct findings f = { 0 };

	if (r->what != RECOVERY_NONE)
		finding_add(mem, &f, "recovered", (struct about){ 0 }, cmd_recovery_line(mem, r));
	return f;
}
