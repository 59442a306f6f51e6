/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/commits.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hidden.h"
#include "store/git/git.h"

enum {
	MOST_PARENTS = 32, /* that are asked about */
};

static void add_lines(struct arena *mem, struct str text, struct commit_names *names)
{
	while (text.len) {
		const char *end = memchr(text.at, '\n', text.len);
		/* untested: git ends each line */
		const size_t n = end ? (size_t)(end - text.at) : text.len;

		*ARENA_PUSH(mem, names->list, names->count) = arena_copy(mem, text.at, n);
		text = str_part(text, n + (end != NULL), text.len);
	}
}

/* Why git has not listed the commits: asked once more, since what it says is no part of the list. */
static int not_listed(struct arena *mem, const struct root *root, const char *range,
	const char *const *words, struct error *e)
{
	struct git_pipe git = GIT_PIPE;
	struct str line;

	/* untested: no process can be started */
	if (git_pipe_start(&git, mem, root, words) == 0)
		/* untested: git fails in the middle of its list */
		while (git_pipe_line(&git, &line))
			;
	git_pipe_stop(&git);
	const char *reason = git_pipe_reason(&git, mem);
	git_pipe_close(&git);
	if (!reason[0])
		return error_set(
			e, STATUS_SYSTEM, "cannot run git to list the commits of '%s'", range);
	error_set(e, STATUS_FILES, "no commits '%s': %s", range, reason);
	return error_code(e, "unknown-revision");
}

int commits_list(struct arena *mem, const struct root *root, const char *range,
	struct commit_names *names, struct error *e)
{
	const char *const words[] = { "rev-list", "--topo-order", "--reverse", "--end-of-options",
		range, "--", NULL };
	const struct str typed = str_of(range);
	struct str output = { 0 };

	if (!typed.len || typed.len > BATCH_LONGEST || character_any_hidden(typed)) {
		error_set(e, STATUS_FILES, "no commits '%s'", range);
		return error_code(e, "unknown-revision");
	}
	if (!git_run(mem, root, GIT_QUIET, words, &output))
		return not_listed(mem, root, range, words, e);
	add_lines(mem, output, names);
	return 0;
}

void commits_common(struct arena *mem, const struct root *root, const struct commit_names *of,
	struct commit_names *common)
{
	const char *words[MOST_PARENTS + 4] = { "merge-base", "--all" };
	struct str output = { 0 };
	size_t n = 2;

	if (of->count > 2)
		words[n++] = "--octopus";
	/* untested: a merge of so many */
	for (size_t i = 0; i < of->count && i < MOST_PARENTS; i++)
		words[n++] = of->list[i];
	if (git_run(mem, root, GIT_QUIET, words, &output))
		add_lines(mem, output, common);
}

bool commits_had(struct arena *mem, const struct root *root, const char *commit, const char *path)
{
	const char *const words[] = { "--literal-pathspecs", "rev-list", "--full-history",
		"--max-count=1", commit, "--", path, NULL };
	struct str output = { 0 };

	/* untested: git fails at a commit that it has just read */
	return !git_run(mem, root, GIT_QUIET, words, &output) || output.len > 0;
}

bool commits_are_cut_off(struct arena *mem, const struct root *root)
{
	static const char *const words[] = { "rev-parse", "--is-shallow-repository", NULL };
	struct str output = { 0 };

	/* untested: it is asked if a parent is missing, which git_run() has listed */
	return git_run(mem, root, GIT_QUIET, words, &output) && str_is(output, "true\n");
}

/* Takes the first line off a text, without its end. */
static struct str take_line(struct str *text)
{
	const char *end = memchr(text->at, '\n', text->len);
	const size_t n = end ? (size_t)(end - text->at) : text->len;
	const struct str line = { text->at, n };

	*text = str_part(*text, n + (end != NULL), text->len);
	return line;
}

/* The text behind "KEY ", or false. */
static bool has_key(struct str line, const char *key, struct str *value)
{
	const size_t n = strlen(key);

	if (line.len < n || memcmp(line.at, key, n) != 0)
		return false;
	*value = str_part(line, n, line.len);
	return true;
}

/* "Jane Doe <jane@example.com> 1700000000 +0100" */
static const char *read_person(struct arena *mem, struct str value, int64_t *time)
{
	const char *end = memchr(value.at, '>', value.len);
	const size_t n = end ? (size_t)(end - value.at) + 1 : value.len;

	*time = n < value.len ? strtoll(arena_copy(mem, value.at + n, value.len - n), NULL, 10) : 0;
	return arena_copy(mem, value.at, n);
}

bool commit_parse(struct arena *mem, struct str text, struct commit_info *commit)
{
	struct commit_info made = { .name = commit->name };
	int64_t ignored = 0;

	for (bool more = true; more && text.len;) {
		const struct str line = take_line(&text);
		struct str value;

		more = line.len > 0;
		if (has_key(line, "parent ", &value))
			*ARENA_PUSH(mem, made.parents.list, made.parents.count) =
				arena_copy(mem, value.at, value.len);
		else if (has_key(line, "author ", &value))
			made.author = read_person(mem, value, &ignored);
		else if (has_key(line, "committer ", &value))
			read_person(mem, value, &made.time);
	}
	if (!made.author)
		return false;
	made.message = text;
	const struct str subject = text.len ? take_line(&text) : text;
	made.subject = arena_copy(mem, subject.len ? subject.at : "", subject.len);
	*commit = made;
	return true;
}

static int no_commit(struct error *e, const char *rev)
{
	error_set(e, STATUS_FILES, "no commit '%s'", rev);
	return error_code(e, "unknown-revision");
}

int commits_read(struct batch *batch, struct arena *mem, const char *rev,
	struct commit_info *commit, struct error *e)
{
	struct object o = { 0 };

	/* untested: names are git's, or digits */
	if (strlen(rev) > BATCH_LONGEST || character_any_hidden(str_of(rev)))
		return no_commit(e, rev);
	const char *asked = arena_printf(mem, "%s^{commit}", rev);
	const enum answer answer = batch_ask(batch, mem, asked, BATCH_COMMIT, &o);
	/* untested: git has ended, or a message of megabytes */
	if (answer == ANSWER_NONE || answer == ANSWER_TOO_LARGE)
		return error_set(e, STATUS_SYSTEM, "git cannot read the commit '%s'", rev);
	struct commit_info made = { .name = o.header.name.at };
	/* untested: git answers with a commit, which it has read itself */
	if (answer != ANSWER_FOUND || o.header.kind != OBJECT_COMMIT ||
		/* untested: the same */
		!commit_parse(mem, o.text, &made))
		return no_commit(e, rev);
	*commit = made;
	return 0;
}
