/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/origin.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "store/tree/denied.h"

static int differs(struct unlike *o, const char *path, const char *why)
{
	*o = (struct unlike){ path, why };
	return 0;
}

/* What the link in the place of HEAD says, and a NUL, which HEAD as a file does not have. */
static int digest_link(const struct root *root, struct digest *digest)
{
	char text[PATH_MAX];
	const char *name = NULL;
	int git = tree_open_parent(root->fd, JOURNAL_HEAD, &name);

	if (git < 0)
		return -1;
	ssize_t n = readlinkat(git, name, text, sizeof(text) - 1);
	tree_close(git);
	/* untested: it was a link a moment ago */
	if (n < 0)
		return -1;
	text[n] = '\0';
	*digest = digest_of((struct str){ text, (size_t)n + 1 });
	return 0;
}

int origin_digest(const struct root *root, const char *path, struct digest *digest)
{
	if (tree_digest(root->fd, path, digest) == 0)
		return 0;
	return errno == ELOOP && strcmp(path, JOURNAL_HEAD) == 0 ? digest_link(root, digest) : -1;
}

static int check_directories(
	const struct root *root, const struct journal *j, struct unlike *o, struct error *e)
{
	char boot[BOOT_SIZE];

	identity_boot(boot);
	const bool same_boot = identity_same_boot(boot, j->site.boot);
	for (size_t i = 0; i < j->touched_count; i++) {
		const struct touched *t = &j->touched[i];
		struct identity now;
		int fd = tree_open(root->fd, t->path, O_PATH | O_DIRECTORY);

		if (fd < 0)
			return tree_is_absent(errno) ? differs(o, t->path, "is gone")
						     : denied_error(e, errno, root->fd, t->path);
		int rc = identity_open(fd, &now);
		tree_close(fd);
		if (rc < 0)
			return error_system(e, errno, "%s", t->path);
		if (!identity_same(&now, &t->id, same_boot))
			return differs(o, t->path, "is another directory now");
	}
	return 0;
}

static int check_inputs(
	const struct root *root, const struct journal *j, struct unlike *o, struct error *e)
{
	for (size_t i = 0; !o->path && i < j->input_count; i++) {
		const struct input *in = &j->inputs[i];
		struct digest now;

		if (origin_digest(root, in->path, &now) < 0) {
			if (!tree_is_absent(errno))
				return denied_error(e, errno, root->fd, in->path);
			differs(o, in->path, errno == EFBIG ? "has changed" : "is gone");
		} else if (!digest_equal(&now, &in->digest)) {
			differs(o, in->path, "has changed");
		}
	}
	return 0;
}

/* What the journal says of files: those that the step was worked out from, or touches. */
static void note_known(struct map *known, const struct journal *j)
{
	for (size_t i = 0; i < j->input_count; i++)
		*map_slot(known, str_of(j->inputs[i].path)) = known;
	for (size_t i = 0; i < j->op_count; i++)
		*map_slot(known, str_of(j->ops[i].path)) = known;
}

static int check_added(struct arena *mem, const struct journal *j,
	const struct layers_source *layers, struct unlike *o, struct error *e)
{
	struct map known = { .mem = mem };
	const char *const *paths = NULL;
	size_t count = 0;
	int listed = layers->list(layers->context, mem, j->application, &paths, &count, e);

	if (listed < 0)
		return -1;
	if (!listed)
		return differs(o, j->application, "cannot be read as it could before");
	note_known(&known, j);
	for (size_t i = 0; !o->path && i < count; i++)
		if (!*map_slot(&known, str_of(paths[i])))
			differs(o, paths[i], "is new");
	return 0;
}

static int check_head(
	const struct root *root, const struct journal *j, struct unlike *o, struct error *e)
{
	struct digest now;

	for (size_t i = 0; i < j->input_count; i++)
		if (strcmp(j->inputs[i].path, JOURNAL_HEAD) == 0)
			return 0;
	if (origin_digest(root, JOURNAL_HEAD, &now) == 0 || errno == EFBIG)
		return differs(o, JOURNAL_HEAD, "is new");
	return tree_is_absent(errno) ? 0 : error_system(e, errno, JOURNAL_HEAD);
}

int origin_check(struct arena *mem, const struct root *root, const struct journal *j,
	const struct layers_source *layers, struct unlike *o, struct error *e)
{
	*o = (struct unlike){ 0 };
	if (check_directories(root, j, o, e) < 0 ||
		(!o->path && (check_inputs(root, j, o, e) < 0)) ||
		(!o->path && check_head(root, j, o, e) < 0))
		return -1;
	return o->path || !j->application ? 0 : check_added(mem, j, layers, o, e);
}

int origin_is_switched(const struct root *root, const struct journal *j, struct error *e)
{
	struct digest now;

	for (size_t i = 0; i < j->input_count; i++) {
		if (strcmp(j->inputs[i].path, JOURNAL_HEAD) != 0)
			continue;
		if (origin_digest(root, JOURNAL_HEAD, &now) == 0)
			return !digest_equal(&now, &j->inputs[i].digest);
		if (errno == EFBIG)
			return 1;
		return tree_is_absent(errno) ? 0 : error_system(e, errno, JOURNAL_HEAD);
	}
	return 0;
}
