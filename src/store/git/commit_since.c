/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/commit_since.h"

#include <stdlib.h>

#include "store/git/git.h"

enum field { AUTHOR, EMAIL, TIME, SUBJECT, MESSAGE, FIELDS };

/* Fields with a NUL behind each. */
static bool split(struct str said, const char *fields[FIELDS])
{
	for (size_t i = 0; i < FIELDS; i++) {
		/* untested: git prints all of them */
		const char *end = said.len ? memchr(said.at, '\0', said.len) : NULL;

		/* untested: git prints all of them */
		if (!end)
			return false;
		fields[i] = said.at;
		said = str_part(said, (size_t)(end - said.at) + 1, said.len);
	}
	return true;
}

int commit_since(struct arena *mem, const struct root *root, const char *commit,
	struct since *since, struct error *e)
{
	const char *const words[] = { "log", "--no-walk", "--no-patch", "--no-color",
		"--no-decorate", "--no-notes", "--no-mailmap", "--no-show-signature",
		"--encoding=UTF-8", "--format=%an%x00%ae%x00%ct%x00%s%x00%B%x00", commit, "--",
		NULL };
	const char *fields[FIELDS], *problem = NULL;
	struct record *step = ARENA_NEW(mem, struct record, 1);
	struct str said = { 0 };

	/* untested: git has listed the commit */
	if (!git_run(mem, root, GIT_QUIET, words, &said) || !split(said, fields))
		return error_set(e, STATUS_SYSTEM, "git does not tell what commit %s is", commit);
	const bool told = record_read(mem, str_of(fields[MESSAGE]), step, &problem) == RECORD_READ;
	*since = (struct since){
		.commit = commit,
		.author = fields[AUTHOR],
		.email = fields[EMAIL],
		.at = strtoll(fields[TIME], NULL, 10),
		.subject = fields[SUBJECT],
		.step = told ? step : NULL,
	};
	return 0;
}

bool commit_is_cut(struct arena *mem, const struct root *root, const char *commit)
{
	const char *const words[] = { "cat-file", "commit", commit, NULL };
	const char *const known[] = { "rev-list", "--no-walk", "--parents", commit, NULL };
	static const char parent[] = "\nparent ";
	struct str said = { 0 };

	/* untested: git has listed the commit */
	if (!git_run(mem, root, GIT_QUIET, known, &said) || memchr(said.at, ' ', said.len) ||
		/* untested: the same */
		!git_run(mem, root, GIT_QUIET, words, &said))
		return false;
	/* the header ends with an empty line, and the message may have such lines, too */
	const char *end = memmem(said.at, said.len, "\n\n", 2);
	const char *first = memmem(said.at, said.len, parent, sizeof(parent) - 1);
	/* untested: git writes no commit without the empty line */
	return first && end && first < end;
}
