#include "store/pathname.h"

#include <string.h>

const char *pathname_folder(struct arena *mem, const char *path)
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
