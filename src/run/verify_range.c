/* SPDX-License-Identifier: Apache-2.0 */
#include "run/verify_range.h"

#include <string.h>

#include "core/show.h"
#include "run/verify_commit.h"
#include "store/render/process.h"

enum { MOST_REVERTS = 8 }; /* of reverts of reverts */

/* A parent is missing: most likely a pipeline has fetched the last commit alone. */
static int no_parent(struct verifying *v, const char *parent, const struct commit_info *commit)
{
	process_hold_signals();
	const bool cut_off = commits_are_cut_off(v->mem, &v->session->root);
	process_release_signals();
	if (!cut_off)
		return -1;
	error_free(v->e);
	error_set(v->e, STATUS_FILES,
		"%.*s, the parent of %.*s, is not here: the clone is shallow; 'git fetch --unshallow' brings it",
		SHOW_COMMIT, parent, SHOW_COMMIT, commit->name);
	return error_code(v->e, "unknown-revision");
}

int verify_move(struct verifying *v, const char *before, const struct commit_info *commit)
{
	if (commit_source_move(&v->before, before, v->e) < 0)
		return no_parent(v, before, commit);
	return commit_source_move(&v->after, commit->name, v->e);
}

int verify_changes(struct verifying *v, const char *before, const struct commit_info *commit,
	struct file_changes *changes)
{
	if (verify_move(v, before, commit) < 0)
		return -1;
	return changes_between(v->mem, &v->before, &v->after, changes, v->e);
}

static const char *keep(struct arena *mem, const char *text)
{
	return text ? arena_copy(mem, text, strlen(text)) : NULL;
}

static void keep_verified(struct arena *mem, const struct commit_info *commit,
	const struct verified *one, struct verification *out)
{
	const struct verdict *v = &one->v;

	*ARENA_PUSH(mem, out->list, out->count) = (struct verified){
		.commit = keep(mem, commit->name),
		.subject = keep(mem, commit->subject),
		.author = keep(mem, commit->author),
		.time = commit->time,
		.v = { v->kind, keep(mem, v->rule), keep(mem, v->text), keep(mem, v->action),
			keep(mem, v->path) },
		.type = keep(mem, one->type),
		.application = keep(mem, one->application),
		.patch = keep(mem, one->patch),
		.reverts = keep(mem, one->reverts),
	};
	out->counts[v->kind]++;
}

static int verify_one(
	struct arena *mem, struct verifying *v, const char *name, struct verification *out)
{
	struct commit_info commit;
	struct verified one = { 0 };

	arena_init(&v->work, mem->out_of_memory);
	v->mem = &v->work;
	int rc = commits_read(&v->batch, v->mem, name, &commit, v->e);
	if (rc == 0)
		rc = verify_commit(v, &commit, MOST_REVERTS, &one);
	if (rc == 0)
		keep_verified(mem, &commit, &one, out);
	arena_free(&v->work);
	return rc;
}

static int verify_all(struct arena *mem, struct verifying *v, const struct commit_names *names,
	struct verification *out)
{
	for (size_t i = 0; i < names->count; i++)
		if (verify_one(mem, v, names->list[i], out) < 0)
			return -1;
	return 0;
}

/* The sources begin at any commit. */
static int open_sources(struct arena *mem, struct verifying *v, const char *commit)
{
	const struct root *root = &v->session->root;

	if (commit_source_open(mem, root, commit, &v->before, v->e) < 0)
		return -1;
	if (commit_source_open(mem, root, commit, &v->after, v->e) == 0)
		return 0;
	commit_source_close(&v->before);
	return -1;
}

int verify_range(struct arena *mem, struct session *s, struct verification *out, struct error *e)
{
	struct verifying v = { .session = s, .e = e };
	struct commit_names names = { 0 };

	if (session_may_run_git(mem, s, e) < 0)
		return -1;
	process_hold_signals();
	int rc = commits_list(mem, &s->root, out->range, &names, e);
	process_release_signals();
	if (rc < 0 || !names.count)
		return rc;
	if (open_sources(mem, &v, names.list[0]) < 0)
		return -1;
	v.batch = (struct batch){ GIT_PIPE, mem, &s->root };
	rc = verify_all(mem, &v, &names, out);
	git_pipe_close(&v.batch.git);
	commit_source_close(&v.before);
	commit_source_close(&v.after);
	return rc;
}
