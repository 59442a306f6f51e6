#include "store/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/apply.h"
#include "store/rendered.h"

enum { LARGEST_JOURNAL = 1024 * 1024 * 1024 };

/* What a file is to its deed. */
enum state { BEFORE, AFTER, NEITHER };

struct recovering {
	struct arena *mem;
	struct staging s;
	struct journal j;
	bool undo;
	struct error *e;
};

/* What there is at a path: 1 with its hash, 0 for nothing, -1 with an error. *is_file: a file. */
static int digest_at(int folder, const char *path, uint64_t *digest, bool *is_file, struct error *e)
{
	*is_file = tree_digest(folder, path, digest) == 0;
	if (*is_file || errno == EINVAL || errno == ELOOP || errno == ENOTDIR)
		return 1;
	return errno == ENOENT ? 0 : error_system(e, errno, "%s", path);
}

static int find_state(const struct recovering *r, const struct deed *d, enum state *state)
{
	uint64_t digest = 0;
	bool is_file = false;
	int there = digest_at(r->s.root->fd, d->path, &digest, &is_file, r->e);

	if (there < 0)
		return -1;
	if (!there)
		*state = d->kind == DEED_PUT ? BEFORE : d->kind == DEED_REMOVE ? AFTER : NEITHER;
	else if (is_file && d->kind != DEED_PUT && digest == d->before)
		*state = BEFORE;
	else if (is_file && d->kind != DEED_REMOVE && digest == d->after)
		*state = AFTER;
	else
		*state = NEITHER;
	return 0;
}

/* Whether what the next move of a deed takes from the staging folder is there: 1, 0 or -1. */
static int is_staged(const struct recovering *r, size_t i)
{
	const struct deed *d = &r->j.deeds[i];
	uint64_t digest = 0;
	bool is_file = false;
	char name[STAGING_NAME];

	if (d->kind == (r->undo ? DEED_PUT : DEED_REMOVE))
		return 1;
	staging_name(name, i);
	if (r->undo && d->kind == DEED_REPLACE)
		staging_old_name(name, i);
	if (digest_at(r->s.fd, name, &digest, &is_file, r->e) < 0)
		return -1;
	return is_file && digest == (r->undo ? d->before : d->after);
}

static int refuse(const struct recovering *r, const char *path)
{
	return error_set(r->e, STATUS_REFUSED,
		"%s was changed since the step '%s' stopped half way. Put it back as it was "
		"before or after that step and run 'promote recover', or remove the "
		"folder " STAGING_FOLDER " to leave all files as they are",
		path, r->j.step);
}

/*
 * Finds out how far the step has come. 1 if it can be gone on with, 0 if all is
 * as before and it cannot: somebody has taken it back by hand.
 */
static int look(struct recovering *r)
{
	const char *wrong = NULL;
	size_t before = 0;

	for (size_t i = 0; i < r->j.deed_count; i++) {
		struct deed *d = &r->j.deeds[i];
		enum state state = NEITHER;
		int staged = 1;

		if (find_state(r, d, &state) < 0)
			return -1;
		d->done = state == AFTER;
		if (d->done == r->undo && (staged = is_staged(r, i)) < 0)
			return -1;
		before += state == BEFORE;
		if (!wrong && (state == NEITHER || !staged))
			wrong = d->path;
	}
	if (!wrong)
		return 1;
	return before == r->j.deed_count ? 0 : refuse(r, wrong);
}

static int undo_rendered(struct recovering *r)
{
	struct rendered before;
	int found = rendered_open(r->mem, &r->s, &before, r->e);

	if (found <= 0)
		return found;
	int rc = rendered_restore(r->mem, r->s.root, &before, r->e);
	rendered_free(&before);
	return rc;
}

static int go_on(struct recovering *r, struct recovered *result)
{
	int rc = look(r);

	if (rc < 0)
		return -1;
	result->what = rc == 0 ? RECOVERY_BY_HAND : r->undo ? RECOVERY_UNDONE : RECOVERY_FINISHED;
	if (rc == 0)
		return 0;
	if (!r->undo)
		return apply_forward(&r->s, &r->j, r->e);
	return apply_back(&r->s, &r->j, r->e) < 0 ? -1 : undo_rendered(r);
}

static int recover_decided(struct recovering *r, struct recovered *result)
{
	const char *name = r->undo ? STAGING_UNDO : STAGING_REDO;
	const char *shown =
		r->undo ? STAGING_FOLDER "/" STAGING_UNDO : STAGING_FOLDER "/" STAGING_REDO;
	struct file file;

	if (tree_read(r->mem, r->s.fd, name, shown, LARGEST_JOURNAL, &file, r->e) < 0 ||
		journal_read(r->mem, shown, file.text, &r->j, r->e) < 0)
		return -1;
	result->step = r->j.step;
	return go_on(r, result);
}

int recover(struct arena *mem, const struct root *root, struct recovered *result, struct error *e)
{
	struct recovering r = { .mem = mem, .e = e };
	enum decision decision = DECIDED_NOTHING;

	*result = (struct recovered){ 0 };
	if (staging_open(root, &r.s, e) < 0)
		return -1;
	if (r.s.fd < 0)
		return 0;
	result->what = RECOVERY_CLEANED;
	if (staging_decision(&r.s, &decision, e) == 0 && decision != DECIDED_NOTHING) {
		r.undo = decision == DECIDED_UNDO;
		recover_decided(&r, result);
	}
	if (e->text) {
		close(r.s.fd);
		return -1;
	}
	return staging_remove(&r.s, e);
}

int recover_check(const struct root *root, struct error *e)
{
	enum decision decision = DECIDED_NOTHING;
	struct staging s;

	if (staging_open(root, &s, e) < 0)
		return -1;
	if (s.fd < 0)
		return 0;
	if (staging_decision(&s, &decision, e) == 0 && decision != DECIDED_NOTHING)
		error_set(e, STATUS_REFUSED,
			"a run was killed in the middle of a step; 'promote recover' finishes or "
			"undoes it");
	close(s.fd);
	return e->text ? -1 : 0;
}
