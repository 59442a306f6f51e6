#include "store/state.h"

#include <errno.h>

/* What there is at a path: 1 with its hash, 0 for nothing, -1 with an error. *is_file: a file. */
static int digest_at(int folder, const char *path, uint64_t *digest, bool *is_file, struct error *e)
{
	*is_file = tree_digest(folder, path, digest) == 0;
	if (*is_file || errno == EINVAL || errno == ELOOP || errno == ENOTDIR)
		return 1;
	return errno == ENOENT ? 0 : error_system(e, errno, "%s", path);
}

static enum state state_of_text(const struct deed *d, uint64_t digest)
{
	if (d->kind != DEED_PUT && digest == d->before)
		return STATE_BEFORE;
	return d->kind != DEED_REMOVE && digest == d->after ? STATE_AFTER : STATE_NEITHER;
}

int state_of(const struct root *root, const struct deed *d, enum state *state, struct error *e)
{
	uint64_t digest = 0;
	bool is_file = false;
	int there = digest_at(root->fd, d->path, &digest, &is_file, e);

	if (there < 0)
		return -1;
	*state = is_file ? state_of_text(d, digest) : STATE_NEITHER;
	if (!there && d->kind != DEED_REPLACE)
		*state = d->kind == DEED_PUT ? STATE_BEFORE : STATE_AFTER;
	return 0;
}

int state_staged(const struct staging *s, const char *name, const struct deed *d, enum state *state,
	struct error *e)
{
	uint64_t digest = 0;
	bool is_file = false;
	int there = digest_at(s->fd, name, &digest, &is_file, e);

	*state = is_file ? state_of_text(d, digest) : STATE_NEITHER;
	return there;
}
