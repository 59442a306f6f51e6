/* SPDX-License-Identifier: Apache-2.0 */
#include "run/blame_rename.h"

#include "store/git/commits.h"

struct candidates {
	struct subject *list;
	size_t count;
};

/* The applications of a cluster type whose values.yaml is this object, where the source is now. */
static int find_in_type(struct world_reader *r, const char *type, const char *values,
	struct candidates *found, struct error *e)
{
	struct name_list names;

	if (load_applications(r->mem, &r->source->source, type, &names, e) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		const struct subject s = { .type = type, .application = names.at[i] };
		const char *object = commit_source_object(r->source, paths_base(r->mem, &s));

		if (object && strcmp(object, values) == 0)
			*ARENA_PUSH(r->mem, found->list, found->count) = s;
	}
	return 0;
}

static int find_all(
	struct world_reader *r, const char *values, struct candidates *found, struct error *e)
{
	const struct fleet any = { 0 }; /* which lists no cluster types: all directories count */
	struct name_list types;
	struct error ignored = { 0 };

	/* no fleet is there */
	if (load_types(r->mem, &r->source->source, &any, &types, &ignored) < 0) {
		error_free(&ignored);
		return 0;
	}
	for (size_t i = 0; i < types.count; i++)
		if (find_in_type(r, types.at[i], values, found, e) < 0)
			return -1;
	return 0;
}

/* Looks in one parent; the source is back at the commit then. 1 if it is found. */
static int look_in(struct world_reader *r, const char *commit, const char *parent,
	const char *values, struct renamed *old, struct error *e)
{
	struct candidates found = { 0 };
	struct error ignored = { 0 };
	size_t gone = 0;

	/* a parent that is not here: the clone is shallow */
	if (commit_source_move(r->source, parent, &ignored) < 0) {
		error_free(&ignored);
		return 0;
	}
	if (find_all(r, values, &found, e) < 0 || commit_source_move(r->source, commit, e) < 0)
		return -1;
	for (size_t i = 0; i < found.count; i++) {
		if (commit_source_object(r->source, paths_application(r->mem, &found.list[i])))
			continue;
		*old = (struct renamed){ found.list[i], parent };
		gone++;
	}
	return gone == 1;
}

int blame_renamed(struct world_reader *r, const char *commit, struct renamed *old, struct error *e)
{
	struct batch batch = { GIT_PIPE, r->mem, &r->session->root };
	struct commit_info info = { 0 };

	if (commit_source_move(r->source, commit, e) < 0)
		return -1;
	const char *values = commit_source_object(r->source, paths_base(r->mem, &r->subject));
	if (!values)
		return 0;
	int rc = commits_read(&batch, r->mem, commit, &info, e);
	git_pipe_close(&batch.git);
	for (size_t i = 0; i < info.parents.count && rc == 0; i++)
		rc = look_in(r, commit, info.parents.list[i], values, old, e);
	return rc;
}
