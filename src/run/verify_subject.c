/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "run/verify_commit.h"
#include "store/tree/pathname.h"

enum { APPLICATION_FILE = 4 }; /* parts of the path of an application's own file */

struct judging {
	struct verifying *v;
	struct session fleet; /* of the parent */
	struct scanned scanned;
	struct state state;
	struct name_list applications;
	struct judged judged;
};

bool verify_is_patch(struct arena *mem, const char *path, struct subject *subject)
{
	const char *name = pathname_last(path), *part[3], *at = path;

	if (!names_is_patch(name) || pathname_parts(path) < APPLICATION_FILE)
		return false;
	for (size_t i = 0; i < 3; i++) {
		const size_t n = strcspn(at, "/");

		part[i] = arena_copy(mem, at, n);
		at += n + (at[n] == '/');
	}
	*subject = (struct subject){ part[1], part[2],
		arena_copy(mem, name, strlen(name) - strlen(".yaml")) };
	return true;
}

/* The first copy of a patch, as the commit has it. */
static int read_fresh(struct judging *j)
{
	struct arena *mem = j->v->mem;
	struct layer *layer = ARENA_NEW(mem, struct layer, 1);

	for (size_t i = 0; i < j->judged.count; i++) {
		const struct changed_file *file = &j->judged.files[i];

		if (file->was || !file->is || file->odd ||
			strcmp(pathname_last(file->path), j->state.file) != 0)
			continue;
		if (contents_patch(&j->fleet.contents, file->path, file->after, layer, j->v->e) < 0)
			return -1;
		layer->path = file->path;
		layer->name = j->state.file;
		layer->mode = 0644;
		j->judged.replay.fresh = layer;
		return 0;
	}
	return 0;
}

static bool has_copies(const struct state *s)
{
	for (size_t p = 0; p < s->app->fleet->count; p++)
		if (s->copies[p])
			return true;
	return false;
}

/* What a step is worked out from, read from the parent. */
static int load(struct judging *j, const struct subject *subject)
{
	struct verifying *v = j->v;
	struct replay *replay = &j->judged.replay;

	if (load_subject(v->mem, j->fleet.source, &j->fleet.fleet, subject, v->e) < 0 ||
		load_applications(v->mem, j->fleet.source, subject->type, &j->applications, v->e) <
			0 ||
		session_state(v->mem, &j->fleet, subject, &j->scanned, &j->state, v->e) < 0)
		return -1;
	replay->now = &j->state;
	replay->siblings = (struct siblings){ j->applications.at, j->applications.count };
	if (!has_copies(&j->state) && read_fresh(j) < 0)
		return -1;
	if (scan_astray(&j->fleet.contents, j->state.file, &j->scanned, v->e) < 0)
		return -1;
	replay->astray = j->scanned.astray;
	return 0;
}

static int judge(struct judging *j, const struct subject *subject, struct verified *out)
{
	struct verifying *v = j->v;

	if (session_at(v->mem, v->session, &v->before.source, &j->fleet, v->e) < 0)
		return -1;
	if (!subject->patch) {
		out->v = verify_hold(v->mem, &j->fleet.fleet, &j->judged);
		return 0;
	}
	if (load(j, subject) < 0)
		return -1;
	out->v = verify_step(v->mem, &j->judged);
	return 0;
}

/* A commit that claims to be of a later time has not waited until a hold was over. */
static int64_t earlier(int64_t committed, int64_t now)
{
	return committed < now ? committed : now;
}

int verify_subject(struct verifying *v, const struct commit_info *commit,
	const struct record *record, const struct file_changes *changes,
	const struct subject *subject, struct verified *out)
{
	struct judging j = { .v = v,
		.judged = { .record = record,
			.files = changes->list,
			.count = changes->count,
			.time = earlier(commit->time, v->session->clock) } };

	if (judge(&j, subject, out) == 0)
		return 0;
	if (v->e->status == STATUS_SYSTEM)
		return -1;
	out->v = verdict_refused(v->mem, v->e);
	return 0;
}
