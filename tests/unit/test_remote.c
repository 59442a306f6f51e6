/* SPDX-License-Identifier: Apache-2.0 */
/* Fetching from and pushing to repositories by path, from a temporary working tree. */
#include "git_kit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/git/branch.h"
#include "store/git/remote.h"
#include "store/render/process.h"

static struct root open_root(struct world *w, const char *dir)
{
	const struct root root = { open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		arena_printf(&w->k.mem, "%s/%s", w->path, dir) };

	assert_true(root.fd >= 0);
	process_hold_signals();
	return root;
}

static void close_root(struct root *root)
{
	process_release_signals();
	close(root->fd);
}

struct found {
	const char *script; /* in the directory of a repository that has a commit of main */
	const char *name;   /* of the remote, as --push has it */
	const char *remote, *branch, *ref;
	const char *error;
};

static const struct found founds[] = {
	{ "git remote add origin ../o", "", "origin", "main", "refs/heads/main" },
	{ "git remote add only ../o", "", "only", "main", "refs/heads/main" },
	{ "git remote add a ../o; git remote add origin ../o; git remote add z ../o", "", "origin",
		"main", "refs/heads/main" },
	{ "git remote add master ../o; git remote add origin ../o", "", "origin", "main",
		"refs/heads/main" },
	{ ":", "./a:b", "./a:b", "main", "refs/heads/main" },
	{ "git update-ref refs/x/y HEAD; git symbolic-ref HEAD refs/x/y; git remote add origin ../o",
		"", "origin", NULL, NULL },
	{ "git remote add a ../o; git remote add z ../o", "z", "z", "main", "refs/heads/main" },
	{ "git remote add a ../o; git remote add z ../o; git config branch.main.remote z\n"
	  "git config branch.main.merge refs/heads/trunk",
		"", "z", "main", "refs/heads/trunk" },
	{ "git remote add a ../o; git remote add z ../o; git config branch.main.remote z\n"
	  "git config branch.main.merge refs/heads/trunk",
		"a", "a", "main", "refs/heads/main" },
	{ "git remote add a ../o; git remote add z ../o; git config branch.main.remote z\n"
	  "git config branch.main.pushRemote a; git config remote.pushDefault z",
		"", "a", "main", "refs/heads/main" },
	{ "git remote add a ../o; git remote add z ../o; git config remote.pushDefault z", "", "z",
		"main", "refs/heads/main" },
	{ "git remote add a ../o; git config branch.main.remote .; git config branch.main.merge refs/heads/x",
		"", "a", "main", "refs/heads/main" },
	{ "git checkout -qb 'a.b/c%d'; git remote add -- 'x.y' ../o; git config 'branch.a.b/c%d.remote' x.y",
		"", "x.y", "a.b/c%d", "refs/heads/a.b/c%d" },
	{ "git remote add a ../o; git config branch.main.remote a; git config branch.main.merge trunk",
		"", "a", "main", "refs/heads/trunk" },
	{ ":", "../o", "../o", "main", "refs/heads/main" },
	{ ":", "file:///o", "file:///o", "main", "refs/heads/main" },
	{ "git checkout -q --detach; git remote add origin ../o", "", "origin", NULL, NULL },
	{ ":", "", .error = "there is no remote to push to; name one: --push=REMOTE" },
	{ "git remote add a ../o; git remote add z ../o", "",
		.error = "there is no remote to push to; name one: --push=REMOTE" },
	{ "git remote add a ../o; git remote add z ../o", "origin",
		.error = "there is no remote 'origin'. Available: a, z" },
	{ "git remote add a ../o; git config branch.main.remote a; git config branch.main.merge refs/x",
		"",
		.error =
			"branch.main.merge in git's configuration is refs/x, which is not a branch" },
	{ "git remote add a ../o; git config branch.main.remote a; git config branch.main.merge refs/tags/v1",
		"",
		.error =
			"branch.main.merge in git's configuration is refs/tags/v1, which is not a branch" },
	{ ":", "origin", .error = "there is no remote 'origin', nor any other" },
	{ ":", "--upload-pack=x", .error = "there is no remote '--upload-pack=x', nor any other" },
};

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : !a && !b;
}

static void is_found(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < LENGTH(founds); i++) {
		const struct found *f = &founds[i];
		const char *dir = arena_printf(&w->k.mem, "%zu", i);
		struct remote r;

		shell(w,
			arena_printf(&w->k.mem, "git init -qb main %s; cd %s; put x ''; all; %s",
				dir, dir, f->script));
		struct root root = open_root(w, dir);
		const int rc = remote_find(&w->k.mem, &root, f->name, &r, &w->k.e);
		if (f->error ? !same(w->k.e.text, f->error)
			     : rc != 0 || !same(r.name, f->remote) || !same(r.branch, f->branch) ||
					!same(r.ref, f->ref) ||
					!same(r.head, branch_commit(&w->k.mem, &root, "HEAD")))
			fail_msg(
				"%s: %s %s %s %s", f->script, w->k.e.text, r.name, r.branch, r.ref);
		error_free(&w->k.e);
		close_root(&root);
	}
}

static void hides_passwords(void **state)
{
	struct kit *k = *state;
	static const char *const rows[][2] = {
		{ "origin", "origin" },
		{ "https://host/a@b", "https://host/a@b" },
		{ "https://me:secret@host/a.git", "https://host/a.git" },
		{ "https://me:sec@ret@host/a.git", "https://host/a.git" },
		{ "https://token@host", "https://host" },
		{ "git@host:a/b", "git@host:a/b" },
		{ "/a/b@c://d@e/f", "/a/b@c://e/f" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_string_equal(remote_shown(&k->mem, rows[i][0]), rows[i][1]);
}

/* A repository o.git with a branch main, and a clone of it, in which a side tree is made. */
struct bench {
	struct world *w;
	struct root root;
	struct side_tree t;
	struct remote r;
};

static void set_up_bench(struct bench *b, struct world *w, const char *script, const char *dir)
{
	*b = (struct bench){ .w = w };
	shell(w,
		"git init -q --bare -b main o.git; git clone -q o.git seed 2>/dev/null; cd seed\n"
		"git checkout -qb main; put f/x 1; all; git push -q origin main; cd ..\n"
		"git clone -q o.git a");
	shell(w, script);
	b->root = open_root(w, dir);
	if (side_tree_make(&w->k.mem, &b->root, w->path, &b->t, &w->k.e) < 0 ||
		remote_find(&w->k.mem, &b->root, "", &b->r, &w->k.e) < 0)
		fail_msg("%s", w->k.e.text);
}

static void tear_down_bench(struct bench *b)
{
	assert_null(side_tree_remove(&b->w->k.mem, &b->root, &b->t));
	close_root(&b->root);
}

static const char *fetch(struct bench *b, const char *ref)
{
	const char *tip = NULL;

	if (remote_fetch(&b->r, &b->t, ref, &tip, &b->w->k.e) < 0)
		fail_msg("%s: %s", b->w->k.e.text, b->w->k.e.details);
	return tip;
}

/* A commit on `tip` in the side tree. */
static const char *make_commit(struct bench *b, const char *tip, const char *text)
{
	if (side_tree_move(&b->w->k.mem, &b->t, tip, &b->w->k.e) < 0)
		fail_msg("%s", b->w->k.e.text);
	shell(b->w, arena_printf(&b->w->k.mem, "cd %s; put f/x '%s'; all", b->t.path, text));
	return branch_commit(&b->w->k.mem, &b->t.top, "HEAD");
}

static enum pushed push(struct bench *b, const char *commit, const char *ref, const char *lease)
{
	enum pushed how = PUSH_DONE;
	const struct push push = { commit, ref, lease };
	const int rc = remote_push(&b->r, &b->t, &push, &how, &b->w->k.e);

	assert_int_equal(rc, how == PUSH_DONE ? 0 : -1);
	error_free(&b->w->k.e);
	return how;
}

static void assert_at(struct bench *b, const char *ref, const char *commit)
{
	shell(b->w,
		arena_printf(&b->w->k.mem, "[ \"$(git --git-dir=o.git rev-parse %s)\" = %s ]", ref,
			commit));
}

/* Remotes by paths of all kinds, from ROOT at the top and below it, in a clone of any kind. */
static void is_fetched_and_pushed(void **state)
{
	static const struct {
		const char *script, *dir;
	} rows[] = {
		{ ":", "a" },
		{ ":", "a/f" },
		{ "cd a; git remote set-url origin ../o.git", "a" },
		{ "cd a; git remote set-url origin ../o.git", "a/f" },
		{ "mv o.git 'a/o=p.git'; ln -s 'a/o=p.git' o.git; cd a; git remote set-url origin 'o=p.git'",
			"a/f" },
		{ "cd a; git remote set-url origin /nowhere; git remote set-url --push origin ../o.git\n"
		  "git remote set-url origin ./../o.git",
			"a" },
		{ "cd a; git config alias.push '!false'; git config push.followTags true; git config "
		  "push.default nothing; git config fetch.prune true; git config remote.origin.tagOpt --tags",
			"a" },
		{ "cd a; git remote set-url origin work/o.git; git config \"url.$PWD/../.insteadOf\" work/",
			"a/f" },
		{ "rm -rf a; git clone -q --depth=1 \"file://$PWD/o.git\" a", "a" },
		{ "cd a; git checkout -q --detach", "a" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct bench b;

		set_up_bench(&b, w, rows[i].script, rows[i].dir);
		shell(w, "cd seed; put f/x 2; all; git push -q origin main");
		if (remote_find_default(&b.r, &b.t, &w->k.e) < 0)
			fail_msg("%s", w->k.e.text);
		assert_string_equal(b.r.ref, "refs/heads/main");
		shell(w, "cd a; git for-each-ref >../before");
		const char *tip = fetch(&b, b.r.ref);
		assert_at(&b, "main", tip);
		shell(w, "cd a; git for-each-ref | cmp - ../before; [ ! -e .git/FETCH_HEAD ]");
		assert_null(fetch(&b, "refs/heads/none"));
		const char *commit = make_commit(&b, tip, "3");
		assert_int_equal(push(&b, commit, b.r.ref, tip), PUSH_DONE);
		assert_at(&b, "main", commit);
		assert_int_equal(push(&b, commit, "refs/heads/new", NULL), PUSH_DONE);
		assert_at(&b, "new", commit);
		tear_down_bench(&b);
		shell(w, "rm -rf o.git seed a");
	}
}

static void has_a_lease(void **state)
{
	struct world *w = *state;
	struct bench b;

	set_up_bench(&b, w, ":", "a");
	const char *first = fetch(&b, b.r.ref), *mine = make_commit(&b, first, "mine");
	/* somebody pushes */
	shell(w, "cd seed; put f/x 2; all; git push -q origin main");
	assert_int_equal(push(&b, mine, b.r.ref, first), PUSH_OUTRUN);
	const char *second = fetch(&b, b.r.ref);
	assert_at(&b, "main", second);
	/* and takes it back: main is before what was fetched */
	mine = make_commit(&b, second, "mine");
	shell(w, "cd seed; git push -qf origin main~1:main");
	assert_int_equal(push(&b, mine, b.r.ref, second), PUSH_OUTRUN);
	assert_at(&b, "main", first);
	/* a branch that is to be new is there, and one that is to be there is not */
	assert_int_equal(push(&b, mine, "refs/heads/main", NULL), PUSH_OUTRUN);
	assert_int_equal(push(&b, mine, "refs/heads/none", first), PUSH_OUTRUN);
	/* reset to a commit that does not follow it */
	assert_int_equal(push(&b, second, "refs/heads/new", NULL), PUSH_DONE);
	mine = make_commit(&b, first, "other");
	assert_int_equal(push(&b, mine, "refs/heads/new", second), PUSH_DONE);
	assert_at(&b, "new", mine);
	tear_down_bench(&b);
}

struct failure {
	const char *script; /* before the push */
	enum pushed how;
	const char *details; /* the last line of what is told */
};

static const struct failure failures[] = {
	{ "printf '#!/bin/sh\necho no way\nexit 1\n' >o.git/hooks/pre-receive; chmod +x o.git/hooks/pre-receive",
		PUSH_REFUSED, "error: failed to push some refs to '%s/o.git'" },
	{ "printf '#!/bin/sh\nexit 1\n' >o.git/hooks/update; chmod +x o.git/hooks/update",
		PUSH_REFUSED, "error: failed to push some refs to '%s/o.git'" },
	{ "printf '#!/bin/sh\necho mine\nexit 1\n' >a/.git/hooks/pre-push; chmod +x a/.git/hooks/pre-push",
		PUSH_REFUSED, "error: failed to push some refs to '%s/o.git'" },
	{ ": >o.git/refs/heads/main.lock", PUSH_OUTRUN,
		"error: failed to push some refs to '%s/o.git'" },
	{ "mv o.git gone.git", PUSH_BROKEN, "and the repository exists." },
	{ "git -C a config remote.origin.receivepack 'sh -c \"kill -9 $$\"'", PUSH_BROKEN,
		"and the repository exists." },
	{ "git -C a config remote.origin.mirror true", PUSH_BROKEN,
		"fatal: --mirror can't be combined with refspecs" },
};

static void is_told(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < LENGTH(failures); i++) {
		const struct failure *f = &failures[i];
		enum pushed how = PUSH_DONE;
		struct bench b;

		set_up_bench(&b, w, ":", "a");
		const char *tip = fetch(&b, b.r.ref), *mine = make_commit(&b, tip, "mine");
		shell(w, f->script);
		assert_int_equal(remote_push(&b.r, &b.t, &(struct push){ mine, b.r.ref, tip }, &how,
					 &w->k.e),
			-1);
		const char *last = strstr(f->details, "%s")
			? arena_printf(&w->k.mem, "error: failed to push some refs to '%s/o.git'\n",
				  w->path)
			: arena_printf(&w->k.mem, "%s\n", f->details);
		if (how != f->how || !w->k.e.details || !strstr(w->k.e.details, last))
			fail_msg("%s: %d, %s\n%s", f->script, how, w->k.e.text, w->k.e.details);
		error_free(&w->k.e);
		tear_down_bench(&b);
		shell(w, "rm -rf o.git gone.git seed a");
	}
}

static void cannot_be_fetched(void **state)
{
	struct world *w = *state;
	const char *tip = "as before";
	struct bench b;

	set_up_bench(&b, w, "mv o.git gone.git", "a");
	assert_int_equal(remote_fetch(&b.r, &b.t, b.r.ref, &tip, &w->k.e), -1);
	assert_string_equal(w->k.e.text, "fetching from origin: git failed with exit status 128");
	error_free(&w->k.e);
	b.r.ref = NULL;
	assert_int_equal(remote_find_default(&b.r, &b.t, &w->k.e), -1);
	assert_string_equal(
		w->k.e.text, "asking origin for its branches: git failed with exit status 128");
	error_free(&w->k.e);
	/* one without a commit has no branch */
	shell(w, "git init -q --bare -b none o.git");
	assert_int_equal(remote_find_default(&b.r, &b.t, &w->k.e), -1);
	assert_string_equal(w->k.e.text,
		"HEAD is detached, and origin does not say which of its branches is the usual one");
	error_free(&w->k.e);
	/* nor has one that names something else */
	shell(w,
		"rm -rf o.git; mv gone.git o.git; git --git-dir=o.git update-ref refs/x main\n"
		"git --git-dir=o.git symbolic-ref HEAD refs/x");
	assert_int_equal(remote_find_default(&b.r, &b.t, &w->k.e), -1);
	assert_string_equal(w->k.e.code, "no-remote");
	error_free(&w->k.e);
	tear_down_bench(&b);
}

/* What the server of a repository says, and hooks print. */
static void is_judged(void **state)
{
	static const struct {
		const char *output;
		enum pushed how;
	} rows[] = {
		{ "", PUSH_BROKEN },
		{ "x", PUSH_BROKEN },
		{ "!\tx\ty", PUSH_BROKEN },
		{ "fatal: unable to access 'x': Could not resolve host: x\n", PUSH_BROKEN },
		{ "To x\n!\tabc:refs/heads/main\t[rejected] (stale info)\nDone\n", PUSH_OUTRUN },
		{ "!\tabc:refs/heads/main\t[rejected] (fetch first)", PUSH_OUTRUN },
		{ "!\tabc:refs/heads/main\t[remote rejected] (failed to update ref)\n",
			PUSH_OUTRUN },
		{ "!\tabc:refs/heads/main\t[remote rejected] (cannot lock ref 'refs/heads/main': is at 1)\n",
			PUSH_OUTRUN },
		{ "!\tabc:refs/heads/main\t[remote rejected] (pre-receive hook declined)\n",
			PUSH_REFUSED },
		{ "!\tabc:refs/heads/main\t[remote failure] (remote failed to report status)\n",
			PUSH_BROKEN },
		/* there is a branch main/x: trying again does not help */
		{ "remote: error: cannot lock ref 'refs/heads/main': 'refs/heads/main/x' exists; cannot create 'refs/heads/main'\n"
		  "!\tabc:refs/heads/main\t[remote rejected] (failed to update ref)\n",
			PUSH_REFUSED },
		/* of another branch, or of nobody */
		{ "!\tabc:refs/heads/other\t[rejected] (stale info)\n"
		  "!\tabc:refs/heads/main\t[remote rejected] (no)\n",
			PUSH_REFUSED },
		{ "!\n!\t\n!\tx\n!\tx:\n!\tx\ty:\n!\t:refs/heads/main\n", PUSH_BROKEN },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_int_equal(
			remote_judge(128, str_of(rows[i].output), "refs/heads/main"), rows[i].how);
	assert_int_equal(remote_judge(1, STR("a hook\n"), "refs/heads/main"), PUSH_REFUSED);
	assert_int_equal(
		remote_judge(1, STR("!\t1:refs/heads/main\t[remote failure]\n"), "refs/heads/main"),
		PUSH_BROKEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_found, git_set_up, git_tear_down),
		KIT_TEST(hides_passwords),
		cmocka_unit_test_setup_teardown(is_fetched_and_pushed, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(has_a_lease, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(is_told, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(cannot_be_fetched, git_set_up, git_tear_down),
		cmocka_unit_test(is_judged),
	};

	/* a person who reads another language: what git says is read */
	setenv("LANGUAGE", "de", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
