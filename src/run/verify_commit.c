/* SPDX-License-Identifier: Apache-2.0 */
#include "run/verify_commit.h"

#include <string.h>

#include "core/show.h"
#include "store/git/branch.h"
#include "store/render/process.h"

static struct verdict unjudged(const char *why)
{
	return (struct verdict){ .kind = VERDICT_UNJUDGED, .text = why };
}

/* Patches of the fleet that a commit changes. */
struct patches {
	struct subject first;
	const char *path;   /* of its first file */
	const char *second; /* of a file of another one; NULL: there is only one */
};

static bool is_same_patch(const struct subject *a, const struct subject *b)
{
	return strcmp(a->patch, b->patch) == 0 && strcmp(a->application, b->application) == 0 &&
		strcmp(a->type, b->type) == 0;
}

static struct patches find_patches(struct arena *mem, const struct file_changes *changes)
{
	struct patches found = { 0 };
	struct subject subject;

	for (size_t i = 0; i < changes->count; i++) {
		const char *path = changes->list[i].path;

		if (!verify_is_patch(mem, path, &subject))
			continue;
		if (!found.path) {
			found.first = subject;
			found.path = path;
		} else if (!found.second && !is_same_patch(&subject, &found.first)) {
			found.second = path;
		}
	}
	return found;
}

/* The commit that a message says is reverted, as `git revert` says it; NULL: none. */
static const char *find_reverted(struct arena *mem, struct str message)
{
	static const char words[] = "This reverts commit ";
	const char *text = arena_copy(mem, message.at ? message.at : "", message.len);
	const char *at = strstr(text, words);
	const size_t n = at ? strspn(at + strlen(words), "0123456789abcdef") : 0;

	return n ? arena_copy(mem, at + strlen(words), n) : NULL;
}

/* Whether the changes take back what the other commit has done to one of its parents. */
static int takes_back(struct verifying *v, const struct commit_info *other,
	const struct file_changes *changes, bool *back)
{
	struct file_changes done;

	for (size_t i = 0; i < other->parents.count && !*back; i++) {
		if (verify_changes(v, other->parents.list[i], other, &done) < 0)
			return -1;
		*back = verify_is_undone(
			v->mem, done.list, done.count, changes->list, changes->count);
	}
	return 0;
}

/* What is not before a commit cannot be taken back by it: somebody may have made it up. */
static bool is_before(
	struct verifying *v, const struct commit_info *other, const struct commit_info *commit)
{
	process_hold_signals();
	const bool before = branch_has(v->mem, &v->session->root, commit->name, other->name);
	process_release_signals();
	return before;
}

/* Sets *out and returns 1 if the commit takes back a legal one; 0 if not, and *why is set. */
static int judge_revert(struct verifying *v, const struct commit_info *commit,
	const struct file_changes *changes, unsigned reverts, struct verified *out,
	struct verdict *why)
{
	const char *name = find_reverted(v->mem, commit->message);
	struct error missing = { 0 };
	struct verified of = { 0 };
	struct commit_info other;
	bool back = false;

	*why = (struct verdict){ 0 };
	if (!name || !reverts)
		return 0;
	if (commits_read(&v->batch, v->mem, name, &other, &missing) < 0) {
		error_free(&missing);
		return 0;
	}
	if (!is_before(v, &other, commit)) {
		*why = verdict_illegal(v->mem, "revert", NULL,
			"it says that it reverts %.*s, which is no commit before it", SHOW_COMMIT,
			other.name);
		return 0;
	}
	if (takes_back(v, &other, changes, &back) < 0)
		return -1;
	if (back && verify_commit(v, &other, reverts - 1, &of) < 0)
		return -1;
	if (back && of.v.kind != VERDICT_ILLEGAL) {
		*out = of;
		out->v = (struct verdict){ .kind = VERDICT_LEGAL, .action = "revert" };
		out->reverts = other.name;
		return 1;
	}
	*why = back ? verdict_illegal(v->mem, "revert", NULL,
			      "it reverts %.*s, which is illegal itself (%s)", SHOW_COMMIT,
			      other.name, of.v.rule)
		    : verdict_illegal(v->mem, "revert", NULL,
			      "it says that it reverts %.*s, and changes something else",
			      SHOW_COMMIT, other.name);
	return 0;
}

/* A commit without a record that changes one patch. */
static int judge_untold(struct verifying *v, const struct commit_info *commit, unsigned reverts,
	const struct patches *patches, const struct file_changes *changes, struct verified *out)
{
	struct verdict why;
	int rc = judge_revert(v, commit, changes, reverts, out, &why);

	if (rc)
		return rc < 0 ? -1 : 0;
	out->type = patches->first.type;
	out->application = patches->first.application;
	out->patch = patches->first.patch;
	if (patches->second)
		out->v = verdict_illegal(v->mem, "several-patches", patches->second,
			"it changes %s and %s: a step is of one patch", patches->path,
			patches->second);
	else if (verify_move(v, commit->parents.list[0], commit) < 0 ||
		verify_subject(v, commit, NULL, changes, &patches->first, out) < 0)
		return -1;
	if (out->v.kind == VERDICT_ILLEGAL && why.rule)
		out->v = why;
	return 0;
}

static int judge_told(struct verifying *v, const struct commit_info *commit,
	const struct record *record, const struct file_changes *changes, struct verified *out)
{
	const struct subject subject = { record->type, record->application, record->patch };

	out->type = record->type;
	out->application = record->application;
	out->patch = record->patch;
	return verify_subject(v, commit, record, changes, &subject, out);
}

static int judge_changes(struct verifying *v, const struct commit_info *commit, unsigned reverts,
	const struct file_changes *changes, struct verified *out)
{
	const struct patches patches = find_patches(v->mem, changes);
	const char *problem = NULL;
	struct record record;

	switch (record_read(v->mem, commit->message, &record, &problem)) {
	case RECORD_WRONG:
		out->v = verdict_illegal(
			v->mem, "trailers", NULL, "its trailers cannot be read: %s", problem);
		return 0;
	case RECORD_READ:
		return judge_told(v, commit, &record, changes, out);
	case RECORD_NONE:
		break;
	}
	out->v = unjudged("it changes no patch");
	return patches.path ? judge_untold(v, commit, reverts, &patches, changes, out) : 0;
}

static bool has_fleet(struct commit_source *source)
{
	return commit_source_object(source, PATHS_CONFIG) != NULL;
}

/* A commit whose parent has no fleet: it makes one, unless there was one already. */
static struct verdict judge_first(
	struct verifying *v, const char *parent, const struct file_changes *changes)
{
	const struct patches patches = find_patches(v->mem, changes);

	process_hold_signals();
	const bool had =
		patches.path && commits_had(v->mem, &v->session->root, parent, PATHS_CONFIG);
	process_release_signals();
	if (!had)
		return unjudged("there is no fleet before it");
	return verdict_illegal(v->mem, "no-step", patches.path,
		"it changes %s, and " PATHS_CONFIG " was removed before", patches.path);
}

static int judge_commit(struct verifying *v, const struct commit_info *commit, unsigned reverts,
	struct verified *out)
{
	struct file_changes changes = { 0 };

	if (!commit->parents.count) {
		out->v = unjudged("it has no parent");
		return 0;
	}
	if (commit->parents.count > 1)
		return verify_merge(v, commit, out);
	if (verify_changes(v, commit->parents.list[0], commit, &changes) < 0)
		return -1;
	if (!has_fleet(&v->before)) {
		out->v = judge_first(v, commit->parents.list[0], &changes);
		return 0;
	}
	return judge_changes(v, commit, reverts, &changes, out);
}

int verify_commit(struct verifying *v, const struct commit_info *commit, unsigned reverts,
	struct verified *out)
{
	if (judge_commit(v, commit, reverts, out) == 0)
		return 0;
	if (v->e->status != STATUS_FILES ||
		(v->e->code && strcmp(v->e->code, "unknown-revision") == 0))
		return -1;
	out->v = verdict_refused(v->mem, v->e);
	return 0;
}
