/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/trust.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/tree.h"

struct trust trust_of(bool given, const char *sudo_uid)
{
	struct trust t = { .given = given, .user = geteuid() };
	char *end = NULL;

	t.behind = t.user;
	if (t.user != 0 || !sudo_uid || !isdigit((unsigned char)sudo_uid[0]))
		return t;
	errno = 0;
	unsigned long long n = strtoull(sudo_uid, &end, 10);
	if (errno == 0 && *end == '\0' && n < (uid_t)-1)
		t.behind = (uid_t)n;
	return t;
}

bool trust_is_own(const struct trust *t, uid_t owner)
{
	return owner == t->user || owner == t->behind;
}

/* A word that a shell takes as it is; a name made to be pasted must not be offered. */
static const char *pasted(const char *path)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_@+=:,./-";

	return strspn(path, safe) == strlen(path) ? path : "DIR";
}

static int refuse(const struct root *root, const struct trust *t, const char *name, uid_t owner,
	struct error *e)
{
	const bool whole = strcmp(name, ".") == 0;

	error_set(e, STATUS_FILES,
		"%s%s%s belongs to user %lu, not to you (user %lu); nothing is run or written there. If you trust it: --trust, or git config --global --add safe.directory %s",
		root->path, whole ? "" : "/", whole ? "" : name, (unsigned long)owner,
		(unsigned long)t->user, pasted(root->path));
	if (!whole)
		error_file(e, name);
	error_command(e, "--trust");
	return error_code(e, "not-trusted");
}

/* The thing itself, and what a link leads to, if make would follow it. */
static int check_owner(
	const struct root *root, const struct trust *t, const char *name, struct error *e)
{
	static const int ways[] = { AT_SYMLINK_NOFOLLOW, 0 };

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		struct stat st;

		if (fstatat(root->fd, name, &st, ways[i]) == 0) {
			if (!trust_is_own(t, st.st_uid))
				return refuse(root, t, name, st.st_uid, e);
		} else if (errno != ENOENT && errno != ELOOP) {
			return tree_error(e, errno, name);
		}
	}
	return 0;
}

int trust_check(const struct root *root, const struct trust *t, struct error *e)
{
	static const char *const names[] = { ".", "config", "GNUmakefile", "makefile", "Makefile" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (check_owner(root, t, names[i], e) < 0)
			return -1;
	return 0;
}
