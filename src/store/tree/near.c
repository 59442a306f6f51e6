/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/near.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/tree.h"

void near_start(struct near *n, int root)
{
	n->root = root;
	n->fd = -1;
}

void near_end(struct near *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
}

/* The bytes of a path before its last `up` parts and the slash there; 0 if there are none. */
static size_t length_above(const char *path, unsigned up)
{
	size_t length = strlen(path);

	for (; up > 0 && length > 0; up--)
		while (length > 0 && path[--length] != '/')
			;
	return length;
}

int near_at(struct near *n, const char *path, unsigned up, const char **below)
{
	const size_t length = length_above(path, up);

	*below = path;
	if (length == 0 || length >= sizeof(n->path))
		return n->root;
	if (n->fd < 0 || n->length != length || memcmp(n->path, path, length) != 0) {
		near_end(n);
		memcpy(n->path, path, length);
		n->path[length] = '\0';
		n->length = length;
		n->fd = tree_open(n->root, n->path, O_PATH | O_DIRECTORY);
	}
	if (n->fd < 0)
		return n->root;
	*below = path + length + 1;
	return n->fd;
}

int near_parent(struct near *n, const char *path, const char **name)
{
	int dir = near_at(n, path, 1, name);

	return strchr(*name, '/') ? -1 : dir;
}
