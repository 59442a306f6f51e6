/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peak.c - the largest resident memory of a program, in KiB.
 *
 *	peak PROGRAM [ARGUMENT...]
 *
 * Prints it as the last line of standard error, and exits as the program does. What starts a
 * program counts as its memory until it runs, so it is this and no interpreter that starts it.
 */
#include <err.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage use;
	int status = 0;

	if (argc < 2)
		errx(2, "usage: peak PROGRAM [ARGUMENT...]");
	pid_t pid = fork();
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		warn("%s", argv[1]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &use) < 0)
		err(1, "%s", argv[1]);
	fprintf(stderr, "%ld\n", use.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
