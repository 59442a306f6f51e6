/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/load/input.h"
#include "store/tree/newfile.h"
#include "store/tree/pathname.h"

static int write_file(const char *path, struct str text, struct error *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	/* untested: the directory is ours, and new */
	if (fd < 0)
		return error_system(e, errno, "cannot make %s", path);
	int rc = newfile_fill(fd, text);
	int code = errno;
	/* untested: a disk that fails */
	if (close(fd) < 0 && rc == 0) {
		rc = -1;
		code = errno;
	}
	/* untested: a full disk */
	if (rc == 0)
		return 0;
	unlinkat(AT_FDCWD, path, 0);
	return error_system(e, code, "cannot write %s", path);
}

int editor_open(struct arena *mem, const char *above, const char *name, struct str text,
	struct editing *ed, struct error *e)
{
	char *dir = arena_printf(mem, "%s/promote-start-XXXXXX", above);

	if (!mkdtemp(dir))
		return error_system(e, errno, "cannot make a directory in %s", above);
	*ed = (struct editing){ dir, arena_printf(mem, "%s/%s", dir, name) };
	/* untested: a full disk */
	if (write_file(ed->path, text, e) == 0)
		return 0;
	unlinkat(AT_FDCWD, dir, AT_REMOVEDIR);
	return -1;
}

/* In the child. */
static _Noreturn void exec_editor(const char *const *argv)
{
	/* untested at times: the tests may be run at a terminal */
	if (!isatty(STDOUT_FILENO))
		dup2(STDERR_FILENO, STDOUT_FILENO);
	execvp(argv[0], (char *const *)(const void *)argv);
	_exit(127);
}

/* What came of the editor. */
static int judge(const char *command, int status, struct error *e)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	/* untested at times: a shell may tell of the signal by its exit status */
	if (WIFEXITED(status))
		return error_set(e, STATUS_SYSTEM, "the editor '%s' failed with exit status %d",
			command, WEXITSTATUS(status));
	return error_set(e, STATUS_SYSTEM, "the editor '%s' was ended by signal %d", command,
		WTERMSIG(status));
}

int editor_run(struct arena *mem, const struct editing *ed, const char *command, struct error *e)
{
	static const int own[] = { SIGINT, SIGQUIT };
	enum { OWN = sizeof(own) / sizeof(*own) };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const char *const argv[] = { "sh", "-c", arena_printf(mem, "%s \"$@\"", command), command,
		ed->path, NULL };
	struct sigaction before[OWN];
	int status = 0;

	for (size_t i = 0; i < OWN; i++)
		sigaction(own[i], &ignore, &before[i]);
	pid_t pid = fork();
	/* untested: both are counted as the child, since they were one until here */
	if (pid == 0) {
		for (size_t i = 0; i < OWN; i++)
			sigaction(own[i], &before[i], NULL);
		exec_editor(argv);
	}
	int code = errno;
	/* untested: there are processes, and no signal has a handler */
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	for (size_t i = 0; i < OWN; i++)
		sigaction(own[i], &before[i], NULL);
	/* untested: no more processes */
	if (pid < 0)
		return error_system(e, code, "cannot run the editor '%s'", command);
	return judge(command, status, e);
}

int editor_read(
	struct arena *mem, const struct editing *ed, size_t most, struct str *text, struct error *e)
{
	/* untested: the directory is ours */
	if (access(ed->path, F_OK) < 0 && errno == ENOENT) {
		*text = STR("");
		return 0;
	}
	return input_read(mem, ed->path, most, text, e);
}

int editor_write(struct arena *mem, const struct editing *ed, struct str text, struct error *e)
{
	const char *new = arena_printf(mem, "%s/.new", ed->dir);

	/* untested: a full disk */
	if (write_file(new, text, e) < 0)
		return -1;
	/* untested: a full disk */
	if (renameat(AT_FDCWD, new, AT_FDCWD, ed->path) == 0)
		return 0;
	error_system(e, errno, "cannot write %s", ed->path);
	unlinkat(AT_FDCWD, new, 0);
	return -1;
}

/* What is in the directory, which is open then; -1 if that cannot be told. */
static int open_dir(struct arena *mem, const struct editing *ed, struct listing *list)
{
	int dir = open(ed->dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct error ignored = { 0 };

	/* untested: the directory can be read */
	if (dir >= 0 && tree_list(mem, dir, ed->dir, list, &ignored) < 0) {
		close(dir);
		dir = -1;
	}
	error_free(&ignored);
	return dir;
}

static bool is_backup(const char *name)
{
	return name[strlen(name) - 1] == '~';
}

bool editor_left_others(struct arena *mem, const struct editing *ed)
{
	struct listing list = { 0 };
	int dir = open_dir(mem, ed, &list);
	bool others = false;

	for (size_t i = 0; i < list.count; i++)
		others |= strcmp(list.entries[i].name, pathname_last(ed->path)) != 0 &&
			!is_backup(list.entries[i].name);
	if (dir >= 0)
		close(dir);
	return others;
}

void editor_remove(struct arena *mem, const struct editing *ed)
{
	struct listing list = { 0 };
	int dir = open_dir(mem, ed, &list);

	if (dir < 0)
		return;
	for (size_t i = 0; i < list.count; i++)
		unlinkat(dir, list.entries[i].name, 0);
	close(dir);
	unlinkat(AT_FDCWD, ed->dir, AT_REMOVEDIR);
}
