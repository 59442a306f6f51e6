/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/copy.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cmd/session.h"
#include "core/paths.h"
#include "store/txn/staging.h"

/*
 * The path from the root of the file that a path names in this directory; NULL if there is none.
 * What is not below the root is returned as an absolute path. missing: the file, and the last
 * directories of its path, need not be there.
 */
static const char *from_root(struct arena *mem, const struct root *root, const char *dir,
	const char *typed, bool missing)
{
	const char *path = *typed == '/' ? typed : arena_printf(mem, "%s/%s", dir, typed);
	const char *slash = strrchr(path, '/');
	const size_t n = strlen(root->path);
	struct stat st;
	char *real;

	if (!missing && fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return NULL;
	while (!(real = realpath(arena_copy(mem, path, (size_t)(slash + 1 - path)), NULL))) {
		slash = memrchr(path, '/', (size_t)(slash - path));
		if (!missing || !slash)
			return NULL;
	}
	const char *found = arena_printf(mem, "%s/%s", real, slash + 1);
	free(real);
	const bool below = strncmp(found, root->path, n) == 0 && found[n] == '/';
	return below ? found + n + 1 : found;
}

/* The parts of a path, without empty ones. */
static struct strings split(struct arena *mem, const char *path)
{
	struct strings parts = { 0 };

	for (const char *at = path; *(at += strspn(at, "/"));) {
		const size_t n = strcspn(at, "/");

		*ARENA_PUSH(mem, parts.list, parts.count) = arena_copy(mem, at, n);
		at += n;
	}
	return parts;
}

/* Whether the path is that of a copy; *s is then what it is of. */
static bool read_path(struct arena *mem, const struct fleet *f, const char *path, struct subject *s)
{
	const struct strings parts = split(mem, path);
	struct buf position = { .mem = mem };
	const char *problem = NULL;

	if (*path == '/' || parts.count < 5 || strcmp(parts.list[0], "config") != 0)
		return false;
	const char *last = parts.list[parts.count - 1];
	for (size_t i = 3; i + 1 < parts.count; i++)
		buf_printf(&position, "%s%s", i > 3 ? "/" : "", parts.list[i]);
	*s = (struct subject){ parts.list[1], parts.list[2],
		paths_patch_name(mem, last, &problem) };
	return names_is_patch(last) && s->patch && fleet_find(f, position.at) != NOWHERE;
}

static int refuse(struct error *e, const char *typed, const char *why)
{
	error_set(e, STATUS_FILES,
		"%s %s; a copy is config/CLUSTER_TYPE/APPLICATION/POSITION/PATCH.yaml", typed, why);
	return error_code(e, "not-found");
}

/*
 * The same for a copy that is not there. While a step is done, and if it was left half done, that
 * may be so for now: the run that waits for it, or recovers it, then finds out which copies there
 * are. What a commit has is not on the disk.
 */
static bool read_missing(
	struct arena *mem, const struct session *s, const char *typed, struct subject *subject)
{
	const char *const dirs[] = { ".", s->root.path };
	struct stat st;

	if (!s->commit && fstatat(s->root.fd, STAGING_DIR, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		const char *path = from_root(mem, &s->root, dirs[i], typed, true);

		if (path && read_path(mem, &s->fleet, path, subject))
			return true;
	}
	return false;
}

static int find(struct arena *mem, const struct session *s, const char *typed,
	struct subject *subject, struct error *e)
{
	const char *path = from_root(mem, &s->root, ".", typed, false), *other = NULL;

	if ((!path || *path == '/') &&
		(other = from_root(mem, &s->root, s->root.path, typed, false)))
		path = other;
	if (path ? read_path(mem, &s->fleet, path, subject) : read_missing(mem, s, typed, subject))
		return 0;
	if (!path)
		return refuse(e, typed, "does not exist");
	return refuse(e, typed, *path == '/' ? "is not in this fleet" : "is not a copy of a patch");
}

static int replace(struct options *o, const struct session *s, struct error *e)
{
	struct subject subject = { 0 };

	if (find(o->mem, s, o->args[0], &subject, e) < 0)
		return -1;
	const char **args = ARENA_NEW(o->mem, const char *, o->arg_count + 2);
	args[0] = subject.type;
	args[1] = subject.application;
	args[2] = subject.patch;
	for (size_t i = 1; i < o->arg_count; i++)
		args[i + 2] = o->args[i];
	o->args = args;
	o->arg_count += 2;
	return 0;
}

int cmd_read_copy(struct options *o, struct error *e)
{
	const struct session_request request = cmd_request(o, LOCK_NOT);
	struct session s;

	if (!command_has_copy(o))
		return 0;
	if (cmd_peek(o->mem, &request, &s, e) < 0)
		return -1;
	int rc = replace(o, &s, e);
	session_close(&s);
	return rc;
}
