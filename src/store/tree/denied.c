/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/denied.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int lacks(
	struct error *e, const char *path, const char *right, const char *what, mode_t mode)
{
	error_set(e, STATUS_SYSTEM, "%s: %s: no right to %s %s (mode %03o)", path,
		error_reason(EACCES), right, what, (unsigned)mode & 07777);
	return error_file(e, path);
}

/* Whether there is something at the path on which this process has not the right. */
static bool is_denied(int root, const char *path, int right, struct stat *st)
{
	return fstatat(root, path, st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISLNK(st->st_mode) &&
		faccessat(root, path, right, AT_EACCESS) < 0 && errno == EACCES;
}

int denied_error(struct error *e, int code, int root, const char *path)
{
	char above[PATH_MAX];
	const size_t len = strlen(path);
	struct stat st;

	if (code != EACCES || len >= sizeof(above))
		return error_system(e, code, "%s", path);
	/* untested: the root is open, and cannot be looked at */
	if (faccessat(root, ".", F_OK, AT_EACCESS) < 0 && errno == EACCES && fstat(root, &st) == 0)
		return lacks(e, path, "search", "the fleet's root", st.st_mode);
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		memcpy(above, path, (size_t)(slash - path));
		above[slash - path] = '\0';
		if (is_denied(root, above, X_OK, &st))
			return lacks(e, path, "search", above, st.st_mode);
	}
	if (is_denied(root, path, R_OK, &st))
		return lacks(e, path, "read", S_ISDIR(st.st_mode) ? "the directory" : "the file",
			st.st_mode);
	return error_system(e, code, "%s", path);
}
