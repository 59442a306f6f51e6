/* SPDX-License-Identifier: Apache-2.0 */
#include "git_kit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* A repository in the working directory, with a commit of all that is there. */
static const char prologue[] =
	"set -eu; export HOME=$PWD GIT_CONFIG_SYSTEM=/dev/null GIT_AUTHOR_NAME=t GIT_COMMITTER_NAME=t\n"
	"export GIT_AUTHOR_EMAIL=t@t GIT_COMMITTER_EMAIL=t@t\n"
	"put() { mkdir -p \"$(dirname \"$1\")\"; printf \"$2\" >\"$1\"; }\n"
	"all() { git add -A; git commit -qm all; }\n"
	"file=" FILE_PATH "\n";

const char hostile[] =
	"for k in core.fsmonitor core.sshCommand core.pager pager.ls-tree pager.cat-file core.editor\n"
	"do git config $k \"sh -c 'touch '$PWD'/ran'\"; done\n"
	"git config alias.ls-tree '!touch ran'; git config alias.cat-file '!touch ran'\n"
	"mkdir -p hooks; for h in post-checkout post-index-change reference-transaction pre-auto-gc\n"
	"do printf '#!/bin/sh\\ntouch '$PWD'/ran' >hooks/$h; chmod +x hooks/$h; done\n"
	"git config core.hooksPath \"$PWD/hooks\"\n";

int git_set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w)
		return -1;
	signal(SIGPIPE, SIG_IGN); /* as in the program: git may have ended before it is asked */
	arena_init(&w->k.mem, abort);
	strcpy(w->path, "/tmp/promote-XXXXXX");
	if (!mkdtemp(w->path))
		return -1;
	setenv("GIT_CONFIG_GLOBAL", arena_printf(&w->k.mem, "%s/gitconfig", w->path), 1);
	w->before = getcwd(NULL, 0);
	*state = w;
	return chdir(w->path);
}

int git_tear_down(void **state)
{
	struct world *w = *state;
	int rc = chdir(w->before) | system(arena_printf(&w->k.mem, "rm -rf %s", w->path));

	arena_free(&w->k.mem);
	free(w->before);
	free(w);
	return rc;
}

void shell(struct world *w, const char *script)
{
	const char *text = arena_printf(&w->k.mem, "%s%s", prologue, script);
	const pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", text, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status)
		fail_msg("status %d of: %s", status, script);
}
