#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

int lock_take(const struct root *root, enum lock_kind kind, unsigned seconds, struct error *e)
{
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	unsigned long tries = 1 + seconds * 50ul;
	int fd = tree_open(root->fd, "config", O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return tree_error(e, errno, "config");
	while (flock(fd, (kind == LOCK_TO_WRITE ? LOCK_EX : LOCK_SH) | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK) {
			error_system(e, errno, "cannot lock the folder config");
			break;
		}
		if (--tries == 0) {
			error_set(e, STATUS_HELD,
				"another run of promote holds this fleet; waited %u s for it (see "
				"--lock-timeout)",
				seconds);
			break;
		}
		nanosleep(&pause, NULL);
	}
	if (!e->text)
		return fd;
	close(fd);
	return -1;
}
