/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/remote.h"

#include <string.h>

#include "store/git/act.h"
#include "store/git/git.h"

static const char heads[] = "refs/heads/";

static const char *setting(struct arena *mem, const struct root *root, const char *before,
	const char *name, const char *key)
{
	const char *words[] = { "config", "--get", NULL, NULL };

	words[2] = arena_printf(mem, "%s%s%s", before, name ? name : "", key);
	return git_ask(mem, root, words);
}

const char *remote_shown(struct arena *mem, const char *url)
{
	const char *start = strstr(url, "://"), *at = NULL;

	/* the last one: a password may have another in it */
	if (start)
		at = memrchr(start + 3, '@', strcspn(start + 3, "/"));
	return at ? arena_printf(mem, "%.*s%s", (int)(start + 3 - url), url, at + 1) : url;
}

/* A line for each remote. */
static const char *find_usual(struct arena *mem, const struct root *root)
{
	static const char *const words[] = { "remote", NULL };
	const char *all = git_ask(mem, root, words);

	if (all && !strchr(all, '\n'))
		return all;
	for (const char *at = all; at && *at; at += strcspn(at, "\n"), at += *at == '\n')
		if (strcspn(at, "\n") == strlen("origin") && strncmp(at, "origin", 6) == 0)
			return "origin";
	return NULL;
}

/* As git chooses where to push to. */
static const char *find_default(struct arena *mem, const struct root *root, const char *branch)
{
	const char *name = branch ? setting(mem, root, "branch.", branch, ".pushRemote") : NULL;

	if (!name)
		name = setting(mem, root, "remote.pushDefault", NULL, "");
	if (!name && branch)
		name = setting(mem, root, "branch.", branch, ".remote");
	return name && strcmp(name, ".") != 0 ? name : find_usual(mem, root);
}

static int refuse_name(
	struct arena *mem, const struct root *root, const char *name, struct error *e)
{
	static const char *const words[] = { "remote", NULL };
	const char *all = git_ask(mem, root, words);
	struct buf names = { .mem = mem };

	for (const char *at = all; at && *at; at += strcspn(at, "\n"), at += *at == '\n')
		buf_printf(&names, "%s%.*s", names.len ? ", " : "", (int)strcspn(at, "\n"), at);
	if (names.len)
		error_set(
			e, STATUS_FILES, "there is no remote '%s'. Available: %s", name, names.at);
	else
		error_set(e, STATUS_FILES, "there is no remote '%s', nor any other", name);
	return error_code(e, "not-found");
}

/* Whether git takes it for a path that does not begin at "/". */
static bool is_relative(const char *url)
{
	const size_t colon = strcspn(url, ":");

	return url[0] != '/' && (!url[colon] || memchr(url, '/', colon));
}

/* Whether the user's configuration has another URL in the place of this one. */
static bool is_alias(struct remote *r, const struct root *root, const char *url)
{
	const char *const words[] = { "ls-remote", "--get-url", "--", url, NULL };
	const char *real = git_ask(r->mem, root, words);

	/* untested: git prints it */
	return real && strcmp(real, url) != 0;
}

static void add_url(struct remote *r, const struct root *root, const char *top, const char *url)
{
	const char *name = arena_printf(r->mem, "PROMOTE_REMOTE_%zu", r->environ_count);

	if (!is_relative(url) || is_alias(r, root, url))
		return;
	*ARENA_PUSH(r->mem, r->words, r->word_count) =
		arena_printf(r->mem, "--config-env=url.%s/%s.insteadOf=%s", top, url, name);
	*ARENA_PUSH(r->mem, r->environ, r->environ_count) =
		arena_printf(r->mem, "%s=%s", name, url);
}

static void add_urls(struct remote *r, const struct root *root)
{
	static const char *const where[] = { "rev-parse", "--show-toplevel", NULL };
	static const char *const keys[] = { "url", "pushurl" };
	const char *top = git_ask(r->mem, root, where);
	bool any = false;

	/* untested: the working tree has a top */
	for (size_t i = 0; top && i < 2; i++) {
		const char *const words[] = { "config", "-z", "--get-all",
			arena_printf(r->mem, "remote.%s.%s", r->name, keys[i]), NULL };
		struct str said = { 0 };

		if (!git_run(r->mem, root, GIT_QUIET, words, &said))
			continue;
		for (size_t at = 0; at < said.len; at += strlen(said.at + at) + 1, any = true)
			add_url(r, root, top, said.at + at);
	}
	/* untested: the same */
	if (top && !any)
		add_url(r, root, top, r->name);
	*ARENA_PUSH(r->mem, r->words, r->word_count) = NULL;
	*ARENA_PUSH(r->mem, r->environ, r->environ_count) = NULL;
}

/* The branch of the remote that the one that is checked out goes with. */
static int find_ref(struct remote *r, const struct root *root, struct error *e)
{
	const char *of = setting(r->mem, root, "branch.", r->branch, ".remote");
	const char *merge = setting(r->mem, root, "branch.", r->branch, ".merge");

	if (!of || !merge || strcmp(of, r->name) != 0)
		merge = r->branch;
	/* git takes a short name of a branch, too */
	r->ref = strncmp(merge, "refs/", 5) == 0 ? merge
						 : arena_printf(r->mem, "%s%s", heads, merge);
	if (strncmp(r->ref, heads, strlen(heads)) == 0)
		return 0;
	error_set(e, STATUS_REFUSED,
		"branch.%s.merge in git's configuration is %s, which is not a branch", r->branch,
		r->ref);
	return error_code(e, "no-remote");
}

int remote_find(struct arena *mem, const struct root *root, const char *name, struct remote *r,
	struct error *e)
{
	static const char *const where[] = { "symbolic-ref", "--quiet", "HEAD", NULL };
	static const char *const what[] = { "rev-parse", "--verify", "--quiet", "HEAD^{commit}",
		NULL };
	const char *full = git_ask(mem, root, where);

	*r = (struct remote){ .mem = mem, .head = git_ask(mem, root, what) };
	if (full && strncmp(full, heads, strlen(heads)) == 0)
		r->branch = full + strlen(heads);
	r->name = *name ? name : find_default(mem, root, r->branch);
	if (!r->name) {
		error_set(e, STATUS_REFUSED,
			"there is no remote to push to; name one: --push=REMOTE");
		return error_code(e, "no-remote");
	}
	if (!strpbrk(r->name, "/:") && !setting(mem, root, "remote.", r->name, ".url"))
		return refuse_name(mem, root, r->name, e);
	r->shown = remote_shown(mem, r->name);
	add_urls(r, root);
	return r->branch ? find_ref(r, root, e) : 0;
}

/* git with words of its own, from the side tree. */
static int act(const struct remote *r, const struct side_tree *t, const char *const *words,
	struct ending *ending, struct error *e)
{
	const struct git_act a = {
		.dir = t->top.fd,
		.words = git_words(r->mem, r->words, words),
		.environ = r->environ,
		.ask = r->ask,
	};

	return git_act(r->mem, &a, ending, e);
}

/* Whether the output has a line with this start; *rest is what follows it there. */
static bool find_line(struct str output, const char *start, struct str *rest)
{
	const size_t len = strlen(start);

	while (output.len) {
		const char *end = memchr(output.at, '\n', output.len);
		const size_t n = end ? (size_t)(end - output.at) : output.len;

		if (n >= len && memcmp(output.at, start, len) == 0) {
			*rest = str_part(output, len, n);
			return true;
		}
		output = str_part(output, end ? n + 1 : n, output.len);
	}
	return false;
}

int remote_find_default(struct remote *r, const struct side_tree *t, struct error *e)
{
	const char *const words[] = { "ls-remote", "--symref", "--", r->name, "HEAD", NULL };
	struct ending ending;
	struct str rest;

	if (r->ref)
		return 0;
	const char *what = arena_printf(r->mem, "asking %s for its branches", r->shown);
	/* untested: a signal while git runs */
	if (act(r, t, words, &ending, e) < 0)
		return error_context(e, "%s", what);
	if (ending.code)
		return git_act_failed(r->mem, &ending, what, e);
	if (!find_line(ending.output, "ref: refs/heads/", &rest) ||
		/* untested: git has a tab before the name */
		!memchr(rest.at, '\t', rest.len)) {
		error_set(e, STATUS_REFUSED,
			"HEAD is detached, and %s does not say which of its branches is the usual one",
			r->shown);
		return error_code(e, "no-remote");
	}
	r->ref = arena_printf(r->mem, "%s%.*s", heads, (int)strcspn(rest.at, "\t"), rest.at);
	return 0;
}

int remote_fetch(const struct remote *r, const struct side_tree *t, const char *ref,
	const char **tip, struct error *e)
{
	static const char own[] = SIDE_TREE_REFS "fetched";
	static const char *const forget[] = { "update-ref", "-d", own, NULL };
	static const char *const what[] = { "rev-parse", "--verify", "--quiet", own, NULL };
	const char *const words[] = { "fetch", "--quiet", "--no-tags", "--no-recurse-submodules",
		"--no-write-fetch-head", "--refmap=", "--", r->name,
		arena_printf(r->mem, "+%s:%s", ref, own), NULL };
	const char *doing = arena_printf(r->mem, "fetching from %s", r->shown);
	const struct git_act drop = { .dir = t->top.fd, .words = forget };
	struct ending ending;
	struct str rest;

	/* untested: a repository that broke just now */
	if (git_act_or_fail(r->mem, &drop, doing, e) < 0)
		return -1;
	/* untested: a signal while git runs */
	if (act(r, t, words, &ending, e) < 0)
		return error_context(e, "%s", doing);
	*tip = NULL;
	if (ending.code == 0)
		*tip = git_ask(r->mem, &t->top, what);
	else if (!find_line(ending.output, "fatal: couldn't find remote ref", &rest))
		return git_act_failed(r->mem, &ending, doing, e);
	return 0;
}

/* "!\tCOMMIT:refs/heads/main\t[rejected] (stale info)" */
enum pushed remote_judge(int code, struct str output, const char *ref)
{
	static const char *const outrun[] = { "[rejected]", "cannot lock ref",
		"failed to update ref", "failed to lock", "incorrect old value provided",
		"fetch first" };
	static const char never[] = "' exists; cannot create '"; /* "a" and "a/b" */
	struct str rest;

	/* the hook pre-push: nothing was sent */
	if (code == 1 && !find_line(output, "!\t", &rest))
		return PUSH_REFUSED;
	if (output.len && memmem(output.at, output.len, never, strlen(never)))
		return PUSH_REFUSED;
	while (find_line(output, "!\t", &rest)) {
		const struct str to = rest;
		const char *tab = memchr(to.at, '\t', to.len), *colon = memchr(to.at, ':', to.len);

		output = str_part(output, (size_t)(to.at + to.len - output.at), output.len);
		if (!tab || !colon || colon > tab ||
			!str_is((struct str){ colon + 1, (size_t)(tab - colon) - 1 }, ref))
			continue;
		const struct str why = { tab + 1, (size_t)(to.at + to.len - tab) - 1 };
		for (size_t i = 0; i < sizeof(outrun) / sizeof(*outrun); i++)
			if (memmem(why.at, why.len, outrun[i], strlen(outrun[i])))
				return PUSH_OUTRUN;
		return memmem(why.at, why.len, "[remote rejected]", 17) ? PUSH_REFUSED
									: PUSH_BROKEN;
	}
	return PUSH_BROKEN;
}

int remote_push(const struct remote *r, const struct side_tree *t, const struct push *p,
	enum pushed *how, struct error *e)
{
	const char *const words[] = { "push", "--porcelain", "--no-follow-tags",
		"--recurse-submodules=no",
		arena_printf(r->mem, "--force-with-lease=%s:%s", p->ref, p->lease ? p->lease : ""),
		"--", r->name, arena_printf(r->mem, "%s:%s", p->commit, p->ref), NULL };
	const char *doing = arena_printf(r->mem, "pushing to %s", r->shown);
	struct ending ending;

	*how = PUSH_BROKEN;
	/* untested: a signal while git runs */
	if (act(r, t, words, &ending, e) < 0)
		return error_context(e, "%s", doing);
	if (ending.code == 0) {
		*how = PUSH_DONE;
		return 0;
	}
	*how = remote_judge(ending.code, ending.output, p->ref);
	return git_act_failed(r->mem, &ending, doing, e);
}
