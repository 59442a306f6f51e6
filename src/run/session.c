/* SPDX-License-Identifier: Apache-2.0 */
#include "run/session.h"

#include <errno.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "store/render/process.h"

int session_lock(struct arena *mem, const struct options *o, enum lock_kind kind, struct session *f,
	struct error *e)
{
	const struct lock_wait wait = {
		.seconds = o->lock_timeout,
		.tell = isatty(STDERR_FILENO) && !o->quiet ? terminal_tell_wait : NULL,
	};

	*f = (struct session){ .root = { .fd = -1 }, .lock = -1 };
	if (tree_find_root(mem, o->dir, &f->root, e) < 0)
		return -1;
	f->disk = source_disk(f->root.fd);
	contents_init(&f->contents, mem, &f->disk.source);
	if (kind == LOCK_NOT || (f->lock = lock_take(&f->root, kind, &wait, e)) >= 0)
		return 0;
	session_close(f);
	return -1;
}

int session_recover(
	struct arena *mem, const struct session *f, struct recovered *r, struct error *e)
{
	process_hold_signals();
	if (recover(mem, &f->root, r, e) < 0)
		return -1; /* signals stay held: the error is still to be printed */
	process_release_signals();
	return 0;
}

const char *session_recovery_line(struct arena *mem, const struct recovered *r)
{
	switch (r->what) {
	case RECOVERY_NONE:
		break;
	case RECOVERY_CLEANED:
		return "A run was killed before its step began or after it was done; its "
		       "directory " STAGING_DIR " is removed";
	case RECOVERY_FINISHED:
		return arena_printf(mem,
			"A run was killed in the middle of a step, which is finished now: %s",
			r->step);
	case RECOVERY_UNDONE:
		return arena_printf(mem,
			"A run was killed in the middle of a step, which is undone now: %s",
			r->step);
	case RECOVERY_DROPPED:
		return arena_printf(mem,
			"A run was killed in the middle of a step of which nothing is there; its "
			"directory " STAGING_DIR " is removed: %s",
			r->step);
	}
	return "There is nothing to recover";
}

/* What a killed run has left is seen to before anything is read. */
static int settle(struct arena *mem, const struct options *o, enum lock_kind kind,
	const struct session *f, struct error *e)
{
	struct recovered r;

	switch (kind) {
	case LOCK_NOT:
		break;
	case LOCK_TO_READ:
		return recover_check(&f->root, e);
	case LOCK_TO_WRITE:
		if (session_recover(mem, f, &r, e) < 0)
			return -1;
		if (r.what != RECOVERY_NONE) {
			const char *line = session_recovery_line(mem, &r);
			terminal_warn(o, &line, 1);
		}
		break;
	}
	return 0;
}

int session_open(struct arena *mem, const struct options *o, enum lock_kind kind, struct session *f,
	struct error *e)
{
	if (session_lock(mem, o, kind, f, e) < 0)
		return -1;
	if (settle(mem, o, kind, f, e) == 0 &&
		load_fleet(mem, &f->disk.source, &f->fleet, &f->config, e) == 0)
		return 0;
	session_close(f);
	return -1;
}

void session_close(struct session *f)
{
	if (f->lock >= 0)
		lock_release(f->lock);
	if (f->root.fd >= 0)
		close(f->root.fd);
	f->lock = f->root.fd = -1;
}

int session_position(struct arena *mem, const struct session *f, const char *what, const char *path,
	size_t *at, struct error *e)
{
	size_t found = fleet_find(&f->fleet, path);

	if (found == NOWHERE) {
		const char *meant = fleet_nearest(mem, &f->fleet, path);
		return error_set(e, STATUS_FILES, "%s%s: the fleet has no such position%s%s%s",
			what, path, meant ? ". Did you mean '" : "", meant ? meant : "",
			meant ? "'?" : "");
	}
	*at = found;
	return 0;
}

int session_target(
	struct arena *mem, const struct session *f, const char *path, size_t *at, struct error *e)
{
	size_t found = NOWHERE;

	if (session_position(mem, f, "", path, &found, e) < 0)
		return -1;
	if (!fleet_is_target(&f->fleet, found))
		return error_set(e, STATUS_FILES,
			"%s: not a target, since it has positions below it, such as %s", path,
			f->fleet.positions[found + 1].path);
	*at = found;
	return 0;
}

int session_state(struct arena *mem, struct session *f, const struct subject *s,
	struct scanned *scanned, struct state *state, struct error *e)
{
	struct scanned *made = scanned ? scanned : ARENA_NEW(mem, struct scanned, 1);

	if (scan_application(&f->contents, &f->fleet, s, made, e) < 0)
		return -1;
	if (!f->stacks)
		f->stacks = stacks_new(mem);
	state_make(mem, f->stacks, &made->app, s->patch, state);
	return 0;
}

int session_states(struct arena *mem, struct session *f, const char *type, struct state **states,
	size_t *count, struct error *e)
{
	const struct subject any = { .type = type };
	struct name_list names;

	if (load_subject(mem, &f->disk.source, &f->fleet, &any, e) < 0)
		return -1;
	int found = load_applications(mem, &f->disk.source, type, &names, e);
	if (found <= 0)
		return found < 0 ? -1 : tree_error(e, ENOENT, arena_printf(mem, "config/%s", type));
	struct state *made = ARENA_NEW(mem, struct state, names.count);
	size_t some = 0;
	for (size_t i = 0; i < names.count; i++) {
		const struct subject s = { .type = type, .application = names.at[i] };

		if (session_state(mem, f, &s, NULL, &made[some], e) < 0)
			return -1;
		some += made[some].app->base != NULL;
	}
	*states = made;
	*count = some;
	return 0;
}
