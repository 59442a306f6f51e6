/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/pathname.h"

#include <limits.h>
#include <string.h>

const char *pathname_parent(struct arena *mem, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? arena_copy(mem, path, (size_t)(slash - path)) : ".";
}

const char *pathname_last(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

size_t pathname_parts(const char *path)
{
	size_t n = 1;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

bool pathname_is_below(const char *path, const char *directory)
{
	size_t first = strlen(directory);

	if (strlen(path) >= PATH_MAX || strncmp(path, directory, first) != 0 || path[first] != '/')
		return false;
	for (path += first + 1;;) {
		size_t len = strcspn(path, "/");

		if (len == 0 || (len == 1 && path[0] == '.') ||
			(len == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		if (path[len] == '\0')
			return true;
		path += len + 1;
	}
}
