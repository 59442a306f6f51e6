/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps that are published to a bare repository, with others that push in between, hooks that refuse
 * and connections that break. A step is a shell script here: what each try does is a line of it.
 * The pauses are not waited for: nanosleep() and the clock are those of the test. They are the
 * shortest that chance gives, since getrandom() gives zeros.
 */
#include "git_kit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "run/publish.h"
#include "store/render/process.h"

static int64_t clock_ms; /* that the code under test sees */
static unsigned pauses;
static bool signal_in_pause;

int nanosleep(const struct timespec *t, struct timespec *rest)
{
	(void)rest;
	clock_ms += t->tv_nsec / 1000000 + 1;
	pauses++;
	if (signal_in_pause)
		raise(SIGTERM);
	return 0;
}

int clock_gettime(clockid_t id, struct timespec *t)
{
	(void)id;
	*t = (struct timespec){ clock_ms / 1000, clock_ms % 1000 * 1000000 };
	return 0;
}

ssize_t getrandom(void *out, size_t size, unsigned flags)
{
	(void)flags;
	memset(out, 0, size);
	return (ssize_t)size;
}

/* A bare repository o.git, a clone of it for the user, a, and one for somebody else, b. */
struct bench {
	struct world *w;
	struct root root;
	const char *step; /* a script for every try, in the temporary fleet; $try is its number */
	unsigned tries;
	struct published done;
	struct buf title, body;
};

#define RECORD(action)                                                                                  \
	"Promote patch-001 of web to lab\n\nPromote-Patch: edge/web/patch-001\nPromote-Action: " action \
	"\nPromote-To: lab\n"
/* what a step does: a commit that tells so */
#define STEP                                                                                       \
	"step() { put config/x \"$1\"; git add -A; git commit -qm '" RECORD(                       \
		"promote") "'; }\n"                                                                \
			   "other() { (cd $top/b; git pull -q; put \"$1\" \"$2\"; git add -A; git commit -qm \"$3\"; git push -q); }\n"

static int attempt(void *context, const char *dir, struct attempted *a, struct error *e)
{
	struct bench *b = context;
	const char *name = arena_printf(&b->w->k.mem, "%s/config/fail", dir);

	shell(b->w,
		arena_printf(&b->w->k.mem, "top=$PWD; cd '%s'; try=%u\n" STEP "%s", dir, ++b->tries,
			b->step));
	a->pull_command = "sh ../pull";
	return access(name, F_OK) == 0 ? error_set(e, STATUS_REFUSED, "no step here") : 0;
}

static void describe(void *context, struct buf *title, struct buf *body)
{
	(void)context;
	buf_puts(title, "A title; \"$x\"");
	buf_puts(body, "A body\n");
}

static void set_up_bench(struct bench *b, struct world *w, const char *script)
{
	*b = (struct bench){ .w = w, .step = "step 2" };
	shell(w,
		"rm -rf o.git a b tmp; mkdir tmp; git init -q --bare -b main o.git; git clone -q o.git a 2>/dev/null\n"
		"cd a; git checkout -qb main; git config user.name u; git config user.email u@u\n"
		"put config/x 1; all; git push -q -u origin main; cd ..\n"
		"git clone -q o.git b; cd b; git config user.name b; git config user.email b@b");
	shell(w, script);
	b->root = (struct root){ open("a", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		arena_printf(&w->k.mem, "%s/a", w->path) };
	assert_true(b->root.fd >= 0);
	clock_ms = pauses = 0;
	signal_in_pause = false;
}

/* Publishes, and checks that nothing is left; -1, and the error is in the kit. */
static int run(struct bench *b, struct publishing p)
{
	p.mem = &b->w->k.mem;
	p.root = &b->root;
	p.tmp = arena_printf(p.mem, "%s/tmp", b->w->path);
	p.attempt = attempt;
	p.describe = describe;
	p.context = b;
	process_hold_signals();
	const int rc = publish(&p, &b->done, &b->w->k.e);
	process_release_signals();
	close(b->root.fd);
	if (rc == 0)
		assert_null(b->done.left);
	shell(b->w, "[ -z \"$(ls tmp)\" ]; cd a; [ \"$(git worktree list | wc -l)\" = 1 ]");
	return rc;
}

static const struct publishing pushed = { .push = "" };

static void done(struct bench *b, struct publishing p)
{
	if (run(b, p) < 0)
		fail_msg("%s\n%s", b->w->k.e.text, b->w->k.e.details);
}

static void failed(struct bench *b, struct publishing p, enum status status, const char *text)
{
	struct error *e = &b->w->k.e;

	assert_int_equal(run(b, p), -1);
	if (strcmp(e->text, text) != 0 || e->status != status)
		fail_msg("status %d: %s\n%s", e->status, e->text, e->details);
	error_free(e);
}

static void assert_remote(struct bench *b, const char *ref, const char *commit)
{
	shell(b->w,
		arena_printf(
			&b->w->k.mem, "[ $(git --git-dir=o.git rev-parse %s) = %s ]", ref, commit));
}

static void is_pushed(void **state)
{
	struct bench b;

	set_up_bench(&b, *state, "(cd b; put y 1; all; git push -q)");
	done(&b, pushed);
	assert_int_equal(b.tries, 1);
	assert_string_equal(b.done.branch, "main");
	assert_string_equal(b.done.remote, "origin");
	assert_remote(&b, "main", b.done.commit);
	assert_null(b.done.not_forwarded);
	shell(*state,
		"cd a; [ \"$(cat config/x) $(git rev-list --count HEAD)\" = '2 3' ]\n"
		"[ $(git rev-parse HEAD) = $(git rev-parse origin/main) ]; [ -z \"$(git status --porcelain)\" ]");
	/* twice: there is nothing more to do */
	b.root.fd = open("a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	b.step = ":";
	done(&b, pushed);
	assert_null(b.done.commit);
	assert_null(b.done.remote);
	assert_false(b.done.taken);
}

/* What the user has changed stays, and the branch with it. */
static void leaves_changes(void **state)
{
	struct bench b;

	set_up_bench(&b, *state, "cd a; put config/x 7; put new 8; git add new; put new 9");
	shell(*state, "cd a; git status --porcelain >../before; git ls-files -s >>../before");
	done(&b, pushed);
	assert_remote(&b, "main", b.done.commit);
	assert_string_equal(b.done.not_forwarded, "there are changes that are not committed");
	shell(*state,
		"cd a; (git status --porcelain; git ls-files -s) | cmp - ../before; [ \"$(cat config/x new)\" = 79 ]\n"
		"[ $(git rev-parse HEAD) = $(git rev-parse origin/main~1) ]");
}

static void is_outrun(void **state)
{
	struct bench b;

	set_up_bench(&b, *state, ":");
	b.step = "step 2; [ $try = 4 ] || other y $try other";
	done(&b, pushed);
	assert_int_equal(b.tries, 4);
	assert_true(pauses > 3);
	assert_remote(&b, "main", b.done.commit);
	/* linear, with the work of both */
	shell(*state,
		"cd a; [ \"$(git rev-list --count --no-merges HEAD) $(cat config/x y)\" = '5 23' ]");
}

static void takes_45_seconds(void **state)
{
	struct bench b;

	set_up_bench(&b, *state, ":");
	b.step = "step 2; other y $try other";
	failed(&b, pushed, STATUS_SYSTEM,
		"others were faster each time, for 45 seconds: pushing to origin: git failed with exit status 1");
	assert_true(clock_ms > 45000 && clock_ms < 55000);
	shell(*state, "cd a; [ \"$(cat config/x) $(git rev-list --count HEAD)\" = '1 1' ]");
}

struct taken {
	const char *other; /* what somebody else does while we try */
	const char *by;    /* whose commit it is; NULL: it is not known */
};

static const struct taken takens[] = {
	{ "other config/y 1 '" RECORD("promote") "'", "t <t@t>" },
	/* with more after it */
	{ "other config/y 1 '" RECORD("promote") "'; other config/x 3 more", "t <t@t>" },
	/* without trailers */
	{ "other config/x 2 'by hand'", "t <t@t>" },
	{ "other config/x 2 'by hand'; other y 1 more", NULL },
};

static void is_taken(void **state)
{
	for (size_t i = 0; i < LENGTH(takens); i++) {
		struct bench b;

		set_up_bench(&b, *state, ":");
		b.step = arena_printf(&b.w->k.mem, "step 2; %s", takens[i].other);
		done(&b, pushed);
		assert_int_equal(b.tries, 1);
		assert_true(b.done.taken);
		assert_null(b.done.commit);
		assert_string_equal(b.done.remote, "origin");
		if (!takens[i].by)
			assert_null(b.done.by.name);
		else
			assert_string_equal(b.done.by.author, takens[i].by);
		shell(*state,
			"cd a; [ $(git rev-parse HEAD) = $(git -C ../o.git rev-parse main) ]");
	}
}

/* Another step of the patch, the same of another one or taken back: it is decided again. */
static void is_not_taken(void **state)
{
	static const char *const others[] = {
		"other config/y 1 '" RECORD("rollback") "'",
		"other config/y 1 '" RECORD("promote") "'; other config/y 2 '" RECORD(
			"rollback") "'",
		"other config/y 1 '" RECORD(
			"promote") "'; (cd $top/b; git revert --no-edit HEAD >/dev/null; git push -q)",
		"other config/y 1 'Promote\n\nPromote-Patch: edge/web/patch-002\nPromote-Action: promote\nPromote-To: lab\n'",
	};

	for (size_t i = 0; i < LENGTH(others); i++) {
		struct bench b;

		set_up_bench(&b, *state, ":");
		b.step = arena_printf(&b.w->k.mem, "step 2; [ $try = 2 ] || { %s; }", others[i]);
		done(&b, pushed);
		assert_int_equal(b.tries, 2);
		assert_false(b.done.taken);
		assert_remote(&b, "main", b.done.commit);
	}
}

static void is_decided_afresh(void **state)
{
	struct bench b;

	set_up_bench(&b, *state, ":");
	b.step = "step 2; [ $try = 2 ] || other config/fail '' other";
	failed(&b, pushed, STATUS_REFUSED, "no step here");
	assert_int_equal(b.tries, 2);
	set_up_bench(&b, *state, ":");
	b.step = "[ $try = 2 ] || { step 2; other y '' other; }";
	done(&b, pushed);
	assert_null(b.done.commit);
	assert_false(b.done.taken);
}

static const char hook[] = "hook() { printf '#!/bin/sh\\n%s\\n' \"$2\" >$1; chmod +x $1; }\n";

static void is_refused_by_hooks(void **state)
{
	static const char *const hooks[] = { "o.git/hooks/pre-receive", "o.git/hooks/update",
		"a/.git/hooks/pre-push" };

	for (size_t i = 0; i < LENGTH(hooks); i++) {
		struct bench b;

		set_up_bench(&b, *state, ":");
		shell(*state,
			arena_printf(
				&b.w->k.mem, "%shook %s 'echo no >&2; exit 1'", hook, hooks[i]));
		assert_int_equal(run(&b, pushed), -1);
		assert_string_equal(
			b.w->k.e.text, "pushing to origin: git failed with exit status 1");
		assert_string_equal(b.w->k.e.code, "push");
		assert_non_null(strstr(b.w->k.e.details, "no"));
		error_free(&b.w->k.e);
		assert_int_equal(b.tries, 1);
		assert_int_equal(pauses, 0);
	}
}

/* The remote's end is killed, before or after it has the commit. */
static void breaks(void **state)
{
	struct bench b;

	set_up_bench(&b, *state, ":");
	shell(*state,
		arena_printf(&b.w->k.mem, "%shook o.git/hooks/post-receive 'kill -9 $PPID'", hook));
	done(&b, pushed);
	assert_int_equal(b.tries, 1);
	assert_int_equal(pauses, 0);
	assert_remote(&b, "main", b.done.commit);
	shell(*state, "[ \"$(cat a/config/x)\" = 2 ]");
	/* twice, and then it works */
	set_up_bench(&b, *state, ":");
	shell(*state,
		arena_printf(&b.w->k.mem,
			"%shook o.git/hooks/pre-receive 'n=$(cat ../n 2>/dev/null); echo x$n >../n\n"
			"[ \"$n\" = xx ] || kill -9 $PPID'; rm -f n",
			hook));
	done(&b, pushed);
	assert_int_equal(b.tries, 1);
	assert_remote(&b, "main", b.done.commit);
	/* always */
	set_up_bench(&b, *state, ":");
	shell(*state,
		arena_printf(&b.w->k.mem, "%shook o.git/hooks/pre-receive 'kill -9 $PPID'", hook));
	assert_int_equal(run(&b, pushed), -1);
	assert_string_equal(b.w->k.e.code, "push");
	error_free(&b.w->k.e);
	assert_int_equal(b.tries, 1);
	/* it has the reference locked for a while */
	set_up_bench(&b, *state, ":");
	shell(*state, ": >o.git/refs/heads/main.lock");
	failed(&b, pushed, STATUS_SYSTEM,
		"the branch was locked for 45 seconds: pushing to origin: git failed with exit status 1");
	assert_true(clock_ms > 45000 && b.tries == 1);
	/* a branch has a name that is a directory of the other one's: for ever */
	set_up_bench(&b, *state, "cd b; git push -q origin main:x");
	failed(&b, (struct publishing){ .push = "", .branch = "x/y" }, STATUS_SYSTEM,
		"pushing to origin: git failed with exit status 1");
	assert_int_equal(pauses, 0);
}

static void is_not_known(void **state)
{
	struct bench b;

	set_up_bench(&b, *state, ":");
	b.step =
		"step 2; mv $top/o.git $top/gone.git; git rev-parse HEAD | cut -c1-12 >$top/commit";
	assert_int_equal(run(&b, pushed), -1);
	assert_non_null(strstr(b.w->k.e.text, "it is not known whether origin has the commit "));
	assert_string_equal(b.w->k.e.code, "push");
	error_free(&b.w->k.e);
	shell(*state, "rm -rf gone.git");
}

static void is_interrupted(void **state)
{
	struct bench b;

	set_up_bench(&b, *state, ":");
	b.step = "step 2; other y $try other";
	signal_in_pause = true;
	process_hold_signals();
	failed(&b, pushed, STATUS_SYSTEM,
		"interrupted before the commit was pushed; nothing has changed");
}

static void has_own_commits(void **state)
{
	struct bench b;

	set_up_bench(&b, *state,
		"cd a; for i in 1 2 3 4 5 6 7 8 9 10; do git commit -q --allow-empty -m \"own $i\n\nx\"; done");
	assert_int_equal(run(&b, pushed), -1);
	assert_string_equal(b.w->k.e.text,
		"main has commits that origin does not have; push them first, or take them out");
	assert_string_equal(b.w->k.e.code, "not-pushed");
	assert_non_null(strstr(b.w->k.e.details, " own 10\n"));
	assert_non_null(strstr(b.w->k.e.details, " own 3\n  and more\n"));
	error_free(&b.w->k.e);
	assert_int_equal(b.tries, 0);
	/* a branch that was never pushed */
	set_up_bench(&b, *state, "cd a; git checkout -qb new");
	failed(&b, pushed, STATUS_REFUSED,
		"origin has no branch new; push it first: git push origin new");
	set_up_bench(&b, *state, "cd a; git checkout -q --detach");
	failed(&b, pushed, STATUS_REFUSED,
		"HEAD is detached, so there is no branch to push; name one: --branch=NAME");
	set_up_bench(&b, *state, "mv o.git gone.git");
	failed(&b, pushed, STATUS_SYSTEM, "fetching from origin: git failed with exit status 128");
	shell(*state, "rm -rf gone.git");
}

/* Without a remote: from HEAD, for a branch that nobody has checked out. */
static void sets_a_branch(void **state)
{
	static const struct publishing p = { .branch = "a/b" };
	struct bench b;

	set_up_bench(&b, *state, "rm -rf o.git; cd a; put config/x 7; git for-each-ref >../before");
	done(&b, p);
	assert_string_equal(b.done.branch, "a/b");
	assert_null(b.done.remote);
	shell(*state,
		arena_printf(&b.w->k.mem,
			"cd a; [ $(git rev-parse a/b) = %s -a $(git rev-parse a/b~1) = $(git rev-parse HEAD) ]\n"
			"[ \"$(cat config/x)\" = 7 ]; git for-each-ref | grep -v refs/heads/a/b | cmp - ../before",
			b.done.commit));
	/* again: the same, which is there */
	const char *first = b.done.commit;
	b.root.fd = open("a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	b.step = "sleep 1; step 2";
	done(&b, p);
	assert_true(b.done.was_there);
	assert_string_equal(b.done.commit, first);
	/* another step is in its place, not behind it */
	b.root.fd = open("a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	b.step = "step 3";
	done(&b, p);
	assert_false(b.done.was_there);
	shell(*state, "cd a; [ $(git rev-parse a/b~1) = $(git rev-parse HEAD) ]");
	/* somebody has worked on it */
	shell(*state,
		"cd a; git checkout -q -f a/b; git commit -q --allow-empty -m 'my work'; git rev-parse --short=12 HEAD >../mine; git checkout -q main");
	b.root.fd = open("a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(run(&b, p), -1);
	assert_non_null(strstr(b.w->k.e.text,
		" my work; it would be lost: name another branch, or delete this one"));
	error_free(&b.w->k.e);
}

static void refuses_branches(void **state)
{
	struct bench b;
	struct publishing p = { .branch = "main" };

	set_up_bench(&b, *state, ":");
	failed(&b, p, STATUS_REFUSED,
		arena_printf(&b.w->k.mem,
			"--branch=main: the branch is checked out in %s/a; name another one",
			b.w->path));
	p.branch = "a..b";
	set_up_bench(&b, *state, ":");
	failed(&b, p, STATUS_USAGE, "--branch=a..b: not a name of a branch");
	p = (struct publishing){ .branch = "main", .push = "" };
	set_up_bench(&b, *state, ":");
	failed(&b, p, STATUS_USAGE,
		"--branch=main: that is the branch that the step begins at; leave the option out");
	p = (struct publishing){ .push = "nothing" };
	set_up_bench(&b, *state, ":");
	failed(&b, p, STATUS_FILES, "there is no remote 'nothing'. Available: origin");
}

static void pushes_a_branch(void **state)
{
	static const struct publishing p = { .branch = "x", .push = "" };
	struct bench b;

	set_up_bench(
		&b, *state, "(cd b; put y 1; all; git push -q); cd a; git for-each-ref >../before");
	done(&b, p);
	assert_remote(&b, "x", b.done.commit);
	assert_remote(&b, "x~1", "$(git --git-dir=o.git rev-parse main)");
	shell(*state,
		"cd a; git for-each-ref | grep -v refs/remotes/origin/x | cmp - ../before; [ \"$(cat config/x)\" = 1 ]");
	/* reset to the fresh step when main has moved; a detached HEAD begins at the usual branch */
	shell(*state,
		"(cd b; git pull -q; put y 2; all; git push -q); cd a; git checkout -q --detach");
	b.root.fd = open("a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	done(&b, p);
	assert_remote(&b, "x", b.done.commit);
	assert_remote(&b, "x~1", "$(git --git-dir=o.git rev-parse main)");
	/* main moves meanwhile: the branch is not behind it for that; the branch itself moves: afresh */
	b.root.fd = open("a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	b.step = "step 3; [ $try != 1 ] || (cd $top/b; git pull -q; git push -qf origin main:x)";
	b.tries = 0;
	done(&b, p);
	assert_int_equal(b.tries, 2);
	assert_remote(&b, "x", b.done.commit);
}

static void opens_a_pull_request(void **state)
{
	static const struct publishing p = { .branch = "x", .push = "", .pull_request = true };
	struct bench b;

	set_up_bench(&b, *state,
		"cat >pull <<'X'\n"
		"printf '%s|' \"$PROMOTE_TITLE\" \"$PROMOTE_BODY\" \"$PROMOTE_BRANCH\" \"$PROMOTE_BASE\" \"$PROMOTE_REMOTE\" >../env\n"
		"cat \"$PROMOTE_BODY_FILE\" >>../env; git rev-parse \"$PROMOTE_COMMIT\" >../commit\n"
		"echo opened >&2; echo https://host/1; echo\nX");
	done(&b, p);
	assert_string_equal(b.done.pull_request, "https://host/1");
	shell(*state,
		arena_printf(&b.w->k.mem,
			"[ $(cat commit) = %s ]; [ \"$(cat env)\" = 'A title; \"$x\"|A body\n|x|main|origin|A body' ]",
			b.done.commit));
	/* the same step again: the branch stays, and the command is run */
	shell(*state, "echo echo again >pull");
	b.root.fd = open("a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	done(&b, p);
	assert_true(b.done.was_there);
	assert_string_equal(b.done.pull_request, "again");
	shell(*state, ": >pull");
	b.root.fd = open("a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	done(&b, p);
	assert_null(b.done.pull_request);
	shell(*state, "printf 'echo one; echo; echo two; exit 3' >pull");
	b.root.fd = open("a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(run(&b, p), -1);
	assert_string_equal(b.w->k.e.text,
		"branch x is pushed, but no pull request was opened: the command failed with exit status 3; run it again when it works");
	assert_string_equal(b.w->k.e.code, "pull-request");
	assert_string_equal(b.w->k.e.details, "  one\n  \n  two\n");
	error_free(&b.w->k.e);
	/* nothing to do, nothing to ask for */
	b.root.fd = open("a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	b.step = ":";
	done(&b, p);
	assert_null(b.done.commit);
}

static void pauses_grow(void **state)
{
	(void)state;
	assert_int_equal(publish_pause(1, 0), 50);
	assert_int_equal(publish_pause(1, 50), 100);
	assert_int_equal(publish_pause(1, 51), 50);
	assert_int_equal(publish_pause(2, 0), 75);
	assert_int_equal(publish_pause(3, 0), 112);
	assert_int_equal(publish_pause(100, 0), 2000);
	assert_int_equal(publish_pause(100, 2000), 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_pushed, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(leaves_changes, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(is_outrun, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(takes_45_seconds, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(is_taken, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(is_not_taken, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(is_decided_afresh, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(is_refused_by_hooks, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(breaks, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(is_not_known, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(is_interrupted, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(has_own_commits, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(sets_a_branch, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(refuses_branches, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(pushes_a_branch, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(opens_a_pull_request, git_set_up, git_tear_down),
		cmocka_unit_test(pauses_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
