/* SPDX-License-Identifier: Apache-2.0 */
/* The fleet's own command that opens a pull request. */
#include <string.h>
#include <unistd.h>

#include "base/hidden.h"
#include "run/publish_parts.h"
#include "store/render/process.h"
#include "store/tree/newfile.h"

enum { TOLD = 12 }; /* lines that an error has of what it printed */

static const char heads[] = "refs/heads/";

/* The last line that has something in it, as one that may be shown; NULL: none. */
static const char *last_line(struct arena *mem, struct str said)
{
	while (said.len) {
		const char *end = memrchr(said.at, '\n', said.len);
		const size_t from = end ? (size_t)(end - said.at) + 1 : 0;
		const struct str line = str_part(said, from, said.len);

		if (line.len && !character_any_hidden(line))
			return arena_copy(mem, line.at, line.len);
		said.len = end ? (size_t)(end - said.at) : 0;
	}
	return NULL;
}

static int failed(struct publishment *w, const struct ending *ending)
{
	struct str rest = ending->output;

	error_set(w->e, STATUS_SYSTEM,
		"branch %s is pushed, but no pull request was opened: the command failed with exit status %d; run it again when it works",
		w->ref + strlen(heads), ending->code);
	for (size_t n = 0; rest.len && n < TOLD; n++) {
		const size_t len = strcspn(arena_copy(w->mem, rest.at, rest.len), "\n");

		error_detail(w->e, "  %.*s", (int)len, rest.at);
		rest = str_part(rest, len < rest.len ? len + 1 : len, rest.len);
	}
	return error_code(w->e, "pull-request");
}

/* The command could not be run. */
static int not_run(struct publishment *w)
{
	error_context(w->e, "branch %s is pushed, but no pull request was opened",
		w->ref + strlen(heads));
	return error_code(w->e, "pull-request");
}

static const char *variable(struct publishment *w, const char *name, const char *value)
{
	return arena_printf(w->mem, "%s=%s", name, value);
}

static int run(struct publishment *w, const char *title, struct str body)
{
	const char *command = w->p->pull_command ? w->p->pull_command : w->attempted.pull_command;
	const char *const argv[] = { "env", variable(w, "PROMOTE_TITLE", title),
		variable(w, "PROMOTE_BODY", arena_copy(w->mem, body.at, body.len)),
		arena_printf(w->mem, "PROMOTE_BODY_FILE=%s/%s", w->tree.home, SIDE_TREE_FILE),
		variable(w, "PROMOTE_BRANCH", w->ref + strlen(heads)),
		variable(w, "PROMOTE_BASE", w->remote.ref + strlen(heads)),
		variable(w, "PROMOTE_REMOTE", w->remote.name),
		variable(w, "PROMOTE_COMMIT", w->commit), "sh", "-c", command, NULL };
	struct ending ending;

	process_hold_signals();
	if (process_run(w->mem, w->p->root->fd, argv, PROCESS_OUTPUT_END, &ending, w->e) < 0)
		return not_run(w);
	if (ending.code || ending.interrupted || ending.unwatched)
		return failed(w, &ending);
	w->done->pull_request = last_line(w->mem, ending.output);
	return 0;
}

int publish_pull_request(struct publishment *w)
{
	struct buf title = { .mem = w->mem }, body = { .mem = w->mem };

	w->p->describe(w->p->context, &title, &body);
	const struct newfile file = { .name = SIDE_TREE_FILE,
		.shown = SIDE_TREE_FILE,
		.text = buf_str(&body),
		.mode = 0600 };
	if (newfile_write(w->tree.lock, &file, w->e) < 0)
		return not_run(w);
	int rc = run(w, title.at, buf_str(&body));
	unlinkat(w->tree.lock, SIDE_TREE_FILE, 0);
	return rc;
}
