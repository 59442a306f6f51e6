/* SPDX-License-Identifier: Apache-2.0 */
#include "run/commit.h"

#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "core/paths.h"
#include "store/git/marks.h"
#include "store/render/process.h"
#include "store/render/rendered.h"
#include "store/tree/pathname.h"
#include "store/txn/place.h"

enum { NAMED = 8, LISTED = 256 };

static void add_layer(struct map *known, const struct layer *layer)
{
	if (layer)
		*map_slot(known, str_of(layer->path)) = known;
}

/* All files that the step was worked out from, and those that it writes or removes. */
static struct map know_files(const struct committing *c)
{
	const struct application *app = c->app;
	struct map known = { .mem = c->mem };

	*map_slot(&known, STR(PATHS_CONFIG)) = &known;
	for (size_t i = 0; i < c->plan->edit_count; i++)
		*map_slot(&known, str_of(c->plan->edits[i].path)) = &known;
	if (!app)
		return known;
	add_layer(&known, app->defaults);
	add_layer(&known, app->base);
	for (size_t at = 0; at < app->fleet->count; at++)
		for (size_t i = 0; i < app->at[at].count; i++)
			add_layer(&known, app->at[at].layers[i]);
	for (size_t i = 0; i < app->holds.file_count; i++)
		*map_slot(&known, str_of(app->holds.files[i].path)) = &known;
	return known;
}

/* Whether a file that is not there would be read if it were. */
static bool would_be_read(const char *path)
{
	const char *name = pathname_last(path);

	return names_is_patch(name) || strcmp(name, "values.yaml") == 0 ||
		strcmp(name, "override.yaml") == 0 || strcmp(name, "defaults.yaml") == 0 ||
		strcmp(name, HOLD_FILE) == 0;
}

static bool counts(const struct map *known, const struct git_change *change)
{
	if (pathname_is_below(change->path, RENDERED))
		return change->left != '!';
	return map_get(known, str_of(change->path)) ||
		((change->staged == 'D' || change->left == 'D') && would_be_read(change->path));
}

static const char *in_words(const struct git_change *change)
{
	if (change->staged == GIT_MARKED)
		return "it was changed, and a mark in git's index hides that";
	if (change->left == '!')
		return "git ignores it";
	if (change->left == '?')
		return "git does not have it yet";
	return change->left == ' ' ? "its change is staged" : "it was changed";
}

/* So it is if a commit was made that the index has missed: to commit what is staged would take that back. */
static bool differs_in_index_alone(
	struct arena *mem, const struct root *root, const struct git_change *const *list, size_t n)
{
	bool alone = n <= NAMED;

	for (size_t i = 0; alone && i < n; i++)
		alone = marks_is_as_in_head(mem, root, list[i]->path);
	return alone;
}

static int refuse_changes(struct arena *mem, const struct root *root,
	const struct git_change *const *list, size_t n, struct error *e)
{
	error_set(e, STATUS_REFUSED,
		"%s is not as in git's HEAD (%s), and a commit has the step alone; %s",
		list[0]->path, in_words(list[0]),
		differs_in_index_alone(mem, root, list, n)
			? "the files are as in HEAD, so take it out of the index: 'git reset -q' does"
			: "commit it first, or put it back");
	error_file(e, list[0]->path);
	for (size_t i = 0; i < n && i < LISTED; i++) {
		if (i > 0 && i < NAMED)
			error_detail(e, "  nor is %s (%s)", list[i]->path, in_words(list[i]));
		error_blocker(e, (struct about){ .file = list[i]->path },
			"%s is not as in git's HEAD: %s", list[i]->path, in_words(list[i]));
	}
	if (n > NAMED)
		error_detail(e, "  nor are %zu more", n - NAMED);
	return error_code(e, "uncommitted-changes");
}

static int check_changes(const struct committing *c, struct error *e)
{
	const struct application *app = c->app;
	const struct map known = know_files(c);
	const char *paths[HOLD_FILES_ABOVE + 5] = { PATHS_CONFIG };
	const struct git_change **found = NULL;
	struct git_changes changes;
	size_t n = 1, count = 0;

	if (app) {
		const struct subject s = { .type = app->type, .application = app->name };

		paths[n++] = paths_application(c->mem, &s);
		paths[n++] = paths_defaults(c->mem, app->type);
		for (size_t i = 0; i < HOLD_FILES_ABOVE; i++)
			paths[n++] = hold_file_above(c->mem, app->type, i);
	} else {
		paths[n++] = c->plan->edits[0].path;
	}
	if (c->generates)
		paths[n++] = RENDERED;
	paths[n] = NULL;
	if (repository_changes(c->mem, &c->repo, paths, true, &changes, e) < 0 ||
		marks_changes(c->mem, &c->session->root, paths, &changes, e) < 0)
		return -1;
	for (size_t i = 0; i < changes.count; i++)
		if (counts(&known, &changes.list[i]))
			*ARENA_PUSH(c->mem, found, count) = &changes.list[i];
	return count ? refuse_changes(c->mem, &c->session->root, found, count, e) : 0;
}

int commit_check_here(
	struct arena *mem, struct session *s, const struct subject *subject, struct error *e)
{
	const char *type = subject->type;
	const char *const paths[] = {
		PATHS_CONFIG,
		hold_file_above(mem, type, 0),
		type ? hold_file_above(mem, type, 1) : PATHS_CONFIG,
		type ? paths_defaults(mem, type) : PATHS_CONFIG,
		subject->application ? paths_application(mem, subject) : PATHS_CONFIG,
		NULL,
	};
	const struct git_change **found = NULL;
	struct git_changes changes;
	struct repository repo;
	size_t n = 0;

	if (repository_read(mem, &s->root, &repo, e) < 0 ||
		repository_changes(mem, &repo, paths, false, &changes, e) < 0 ||
		marks_changes(mem, &s->root, paths, &changes, e) < 0)
		return -1;
	for (size_t i = 0; i < changes.count; i++)
		if (strcmp(changes.list[i].path, PATHS_CONFIG) == 0 ||
			would_be_read(changes.list[i].path))
			*ARENA_PUSH(mem, found, n) = &changes.list[i];
	return n ? refuse_changes(mem, &s->root, found, n, e) : 0;
}

static int list_all(const struct committing *c, struct git_changes *changes, struct error *e)
{
	static const char *const all[] = { ".", NULL };

	return repository_changes(c->mem, &c->repo, all, false, changes, e);
}

int commit_check(struct committing *c, bool generates, struct error *e)
{
	c->generates = generates;
	if (session_may_run_git(c->mem, c->session, e) < 0)
		return -1;
	process_hold_signals();
	int rc = repository_read(c->mem, &c->session->root, &c->repo, e) < 0 ||
			check_changes(c, e) < 0 || (generates && list_all(c, &c->before, e) < 0)
		? -1
		: 0;
	if (rc == 0)
		process_release_signals();
	return rc;
}

static int refuse_moved(struct error *e)
{
	error_set(e, STATUS_REFUSED,
		"another program has moved git's HEAD while the step was taken; run it again");
	return error_code(e, "changed-meanwhile");
}

int commit_check_again(struct committing *c, struct error *e)
{
	if (!repository_is_still(c->mem, &c->repo))
		return refuse_moved(e);
	return repository_check_ended(c->mem, &c->repo, e) < 0 ? -1 : check_changes(c, e);
}

static struct map know_changes(const struct committing *c, const struct git_changes *changes)
{
	struct map known = { .mem = c->mem };

	for (size_t i = 0; i < changes->count; i++)
		*map_slot(&known, str_of(changes->list[i].path)) = &changes->list[i];
	return known;
}

/* The plan's edits and what was rendered; what else the generator has changed is named only. */
static int find_files(struct committing *c, struct error *e)
{
	static const char *const rendered[] = { RENDERED, NULL };
	const struct map before = know_changes(c, &c->before), edited = know_files(c);
	struct git_changes now = { 0 };
	const char **paths = NULL;
	size_t n = 0;

	for (size_t i = 0; i < c->plan->edit_count; i++)
		*ARENA_PUSH(c->mem, paths, n) = c->plan->edits[i].path;
	/* what a mark hides in rendered/ would be missing in the commit: git_commit_make() says so */
	if (c->generates &&
		(list_all(c, &now, e) < 0 ||
			marks_changes(c->mem, &c->session->root, rendered, &now, e) < 0))
		return -1;
	for (size_t i = 0; i < now.count; i++) {
		const char *path = now.list[i].path;

		if (pathname_is_below(path, RENDERED))
			*ARENA_PUSH(c->mem, paths, n) = path;
		else if (!map_get(&before, str_of(path)) && !map_get(&edited, str_of(path)))
			*ARENA_PUSH(c->mem, c->others, c->other_count) = path;
	}
	c->git.paths = paths;
	c->git.count = n;
	return 0;
}

/* Files that the step has removed, which git does not see. */
static int check_hooks(const struct txn *txn, struct error *e)
{
	if (txn_check(txn, e) == 0)
		return 0;
	error_context(e, "the commit was not made: a hook has changed a file");
	return e->status == STATUS_SYSTEM ? error_code(e, "commit") : -1;
}

/* Up to the decision. */
static int prepare(struct committing *c, struct txn *txn, struct error *e)
{
	c->git = (struct git_commit){
		.mem = c->mem,
		.root = &c->session->root,
		.repo = &c->repo,
		.shown = STAGING_DIR "/" STAGING_PLACE,
		.message = c->message,
		.place = txn_place(txn, e),
	};
	if (c->git.place < 0 || find_files(c, e) < 0 || txn_check(txn, e) < 0)
		return -1;
	if (git_commit_make(&c->git, e) < 0 || check_hooks(txn, e) < 0) {
		struct error failed = { 0 };

		if (txn_make_again(txn, &failed) < 0)
			error_add(e, &failed);
		return -1;
	}
	return repository_is_still(c->mem, &c->repo) ? 0 : refuse_moved(e);
}

static void refuse_unknown(struct error *e)
{
	error_free(e);
	error_set(e, STATUS_SYSTEM,
		"git has failed while it made the commit, and does not tell whether it did; 'promote recover' finds out, and finishes or undoes the step");
	error_code(e, "commit");
	error_command(e, "recover");
}

int commit_make(struct committing *c, struct txn *txn, struct error *e)
{
	c->decided = GIT_NOT_MADE;
	int rc = prepare(c, txn, e);
	if (rc == 0) {
		c->decided = GIT_UNKNOWN;
		c->decided = git_commit_decide(&c->git, e);
	}
	if (c->git.place >= 0)
		close(c->git.place);
	if (c->decided == GIT_UNKNOWN)
		refuse_unknown(e);
	if (c->decided == GIT_MADE)
		c->name = c->git.name;
	return c->decided == GIT_MADE ? 0 : -1;
}

void commit_finish(struct committing *c)
{
	struct error e = { 0 };

	if (git_commit_stage(&c->git, &e) < 0)
		c->behind = arena_copy(c->mem, e.text, strlen(e.text));
	error_free(&e);
}
