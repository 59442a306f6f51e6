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

int state_of(const struct root *root, const struct deed *d, enum state *state, struct error *e)
{
	uint64_t digest = 0;
	bool is_file = false;
	int there = digest_at(root->fd, d->path, &digest, &is_file, e);

	if (there < 0)
		return -1;
	*state = STATE_NEITHER;
	if (!there && d->kind != DEED_REPLACE)
		*state = d->kind == DEED_PUT ? STATE_BEFORE : STATE_AFTER;
	else if (is_file && d->kind != DEED_PUT && digest == d->before)
		*state = STATE_BEFORE;
	else if (is_file && d->kind != DEED_REMOVE && digest == d->after)
		*state = STATE_AFTER;
	return 0;
}

int state_has_text(int folder, const char *name, uint64_t digest, struct error *e)
{
	uint64_t now = 0;
	bool is_file = false;

	if (digest_at(folder, name, &now, &is_file, e) < 0)
		return -1;
	return is_file && now == digest;
}
