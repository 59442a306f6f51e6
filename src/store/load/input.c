/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/input.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/tree/tree.h"

static int read_all(struct arena *mem, int fd, const char *shown, size_t most, struct str *text,
	struct error *e)
{
	enum { AT_ONCE = 64 * 1024 };
	struct buf out = { .mem = mem };
	char *room = ARENA_NEW(mem, char, AT_ONCE);
	ssize_t n;

	buf_puts(&out, "");
	while ((n = read(fd, room, AT_ONCE)) != 0) {
		/* untested: a signal with a handler, and there is none */
		if (n < 0 && errno == EINTR)
			continue;
		/* untested: a disk that fails */
		if (n < 0 && errno == EISDIR) {
			error_set(e, STATUS_FILES, "%s: is a directory, not a file", shown);
			return error_file(e, shown);
		}
		/* untested: a disk that fails */
		if (n < 0)
			return tree_error(e, errno, shown);
		buf_add(&out, (struct str){ room, (size_t)n });
		if (out.len > most) {
			error_set(e, STATUS_FILES, "%s: more than %zu MiB", shown, most >> 20);
			return error_file(e, shown);
		}
	}
	*text = buf_str(&out);
	return 0;
}

int input_read(struct arena *mem, const char *path, size_t most, struct str *text, struct error *e)
{
	if (strcmp(path, "-") == 0)
		return read_all(mem, STDIN_FILENO, "standard input", most, text, e);
	int fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return tree_error(e, errno, path);
	int rc = read_all(mem, fd, path, most, text, e);
	tree_close(fd);
	return rc;
}
