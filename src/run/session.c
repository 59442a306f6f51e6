/* SPDX-License-Identifier: Apache-2.0 */
#include "run/session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "run/recovery.h"
#include "store/render/process.h"
#include "store/load/sparse.h"
#include "store/render/safe_directory.h"

/* git is not asked: safe.directory counts for runs that write. */
static bool is_trusted(const struct session_request *request, const struct root *root)
{
	struct error e = { 0 };
	bool trusted = request->trust.given || request->kind == LOCK_TO_WRITE ||
		trust_check(root, &request->trust, &e) == 0;

	error_free(&e);
	return trusted;
}

int session_check_trust(const struct session *s, struct error *e)
{
	return s->trust.given ? 0 : trust_check(&s->root, &s->trust, e);
}

int session_may_run_git(struct arena *mem, struct session *s, struct error *e)
{
	if (session_check_trust(s, e) == 0)
		return 0;
	if (e->code && strcmp(e->code, "not-trusted") != 0)
		return -1;
	process_hold_signals();
	s->trust.given = safe_directory_has(mem, s->root.path);
	process_release_signals();
	if (!s->trust.given)
		return -1;
	s->trusted = true;
	error_free(e);
	return 0;
}

/* Only a run that writes obeys what is in the fleet: it runs the generator, and recovers. */
static int check_trust(struct arena *mem, enum lock_kind kind, struct session *s, struct error *e)
{
	return kind == LOCK_TO_WRITE ? session_may_run_git(mem, s, e) : 0;
}

/* A killed run is dealt with before anything is read. */
static int recover_killed(struct arena *mem, const struct session_request *request,
	struct session *s, struct error *e)
{
	const bool trust = request->trust.given;

	if (request->kind == LOCK_NOT)
		return 0;
	if (request->kind == LOCK_TO_READ)
		return recover_check(mem, &s->root, trust, e);
	process_hold_signals();
	if (session_recover(mem, s, trust, e) < 0)
		return -1;
	process_release_signals();
	return 0;
}

static void read_from(struct arena *mem, struct session *s, struct source *source)
{
	s->source = source;
	contents_init(&s->contents, mem, source);
}

/* From now on the session reads from this commit. */
static int turn(struct arena *mem, struct session *s, const char *rev, struct error *e)
{
	struct commit_source *commit = ARENA_NEW(mem, struct commit_source, 1);

	if (session_may_run_git(mem, s, e) < 0 ||
		commit_source_open(mem, &s->root, rev, commit, e) < 0)
		return -1;
	commit->on_read = s->disk.on_read;
	s->commit = commit;
	read_from(mem, s, &commit->source);
	return 0;
}

int session_open(struct arena *mem, const struct session_request *request, struct session *s,
	struct error *e)
{
	const struct lock_wait wait = { request->lock_timeout, request->tell, request->context };

	*s = (struct session){ .root = { .fd = -1 }, .lock = -1, .trust = request->trust };
	if (tree_find_root(mem, request->dir, &request->trust, &s->root, e) < 0)
		return -1;
	if (request->kind != LOCK_NOT)
		s->lock = lock_take(&s->root, request->kind, &wait, e);
	s->trusted = is_trusted(request, &s->root);
	/* another root may have got the path until it was locked */
	if (request->kind == LOCK_NOT ||
		(s->lock >= 0 && check_trust(mem, request->kind, s, e) == 0)) {
		disk_start(&s->disk, s->root.fd);
		s->disk.on_read = request->on_read;
		s->disk.lists = request->kind == LOCK_TO_WRITE;
		read_from(mem, s, &s->disk.source);
		if (request->rev ? turn(mem, s, request->rev, e) == 0
				 : recover_killed(mem, request, s, e) == 0)
			return 0;
	}
	session_close(s);
	return -1;
}

int session_load(struct arena *mem, struct session *s, struct error *e)
{
	if (!s->commit && sparse_check(mem, &s->root, e) < 0)
		return -1;
	return load_fleet(mem, s->source, &s->fleet, &s->config, e);
}

int session_at(struct arena *mem, const struct session *s, struct source *source,
	struct session *other, struct error *e)
{
	struct session made = {
		.root = s->root,
		.lock = -1,
		.second = true,
		.trusted = s->trusted,
		.trust = s->trust,
		.clock = s->clock,
	};

	read_from(mem, &made, source);
	if (load_fleet(mem, source, &made.fleet, &made.config, e) < 0)
		return -1;
	*other = made;
	return 0;
}

void session_close(struct session *s)
{
	if (s->second)
		return;
	if (s->commit)
		commit_source_close(s->commit);
	s->commit = NULL;
	disk_forget(&s->disk);
	if (s->lock >= 0)
		lock_release(s->lock);
	if (s->root.fd >= 0)
		close(s->root.fd);
	s->lock = s->root.fd = -1;
}

int session_state(struct arena *mem, struct session *s, const struct subject *subject,
	struct scanned *scanned, struct state *state, struct error *e)
{
	struct scanned *made = scanned ? scanned : ARENA_NEW(mem, struct scanned, 1);

	int rc = scan_application(&s->contents, &s->fleet, subject, made, e);
	disk_forget(&s->disk);
	if (rc < 0)
		return -1;
	if (!s->stacks)
		s->stacks = stacks_new(mem);
	state_make(mem, s->stacks, &made->app, subject->patch, state);
	return 0;
}

int session_states(struct arena *mem, struct session *s, const char *type, struct state **states,
	size_t *count, struct error *e)
{
	const struct subject any = { .type = type };
	struct name_list names;

	if (load_subject(mem, s->source, &s->fleet, &any, e) < 0)
		return -1;
	int found = load_applications(mem, s->source, type, &names, e);
	if (found <= 0)
		return found < 0 ? -1 : tree_error(e, ENOENT, arena_printf(mem, "config/%s", type));
	struct state *made = ARENA_NEW(mem, struct state, names.count);
	size_t some = 0;
	for (size_t i = 0; i < names.count; i++) {
		const struct subject subject = { .type = type, .application = names.at[i] };

		if (session_state(mem, s, &subject, NULL, &made[some], e) < 0)
			return -1;
		some += made[some].app->base != NULL;
	}
	*states = made;
	*count = some;
	return 0;
}
