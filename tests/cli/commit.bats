# SPDX-License-Identifier: Apache-2.0
# --commit: one commit of a step, judged by git.
load common

setup() {
	command -v git >/dev/null || skip "needs git"
	enter_fleet
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL EMAIL
	git init -q -b main .
	git config user.name "Ann Lee"
	git config user.email ann@example.com
	git add -A
	git commit -qm first
	state
}

# What git and the tree are, to compare with later: HEAD, branch, index, files.
state() {
	remember_git=$(git_state)
}

git_state() {
	git rev-parse HEAD
	git symbolic-ref -q HEAD || true
	git ls-files --stage
	git status --porcelain --untracked-files=all
}

# as_before: neither git nor the tree has changed since `state`
as_before() {
	[ "$(git_state)" = "$remember_git" ] || fail "$(diff <(echo "$remember_git") <(git_state))"
}

# committed MESSAGE CHANGE...: HEAD is one commit more, has this message and these changes of files, and all is
# clean but for what the array `dirty` has
dirty=()
committed() {
	local message=$1 got
	shift
	got=$(git log -1 --format=%B)
	[ "$got" = "$message" ] || fail "$(diff <(echo "$message") <(echo "$got"))"
	[ "$(git rev-parse HEAD^)" = "$(head -1 <<<"$remember_git")" ] || fail "not on the commit before"
	got=$(git diff-tree -r --no-renames --name-status HEAD^ HEAD | tr '\t' ' ')
	[ "$got" = "$(printf '%s\n' "$@")" ] || fail "$got"
	got=$(git status --porcelain --untracked-files=all)
	[ "$got" = "$(printf '%s\n' "${dirty[@]}")" ] || fail "$got"
	got=$(git fsck --strict --no-dangling 2>&1) && [ -z "$got" ] || fail "git fsck: $got"
}

BODY="Promote patch-001 of app to integration/s2

Effect: 1 of 4 targets changes
  integration/s2/us
    value: (unset) → new

Promote-Patch: mgmt/app/patch-001
Promote-Action: promote
Promote-From: integration/s1
Promote-To: integration/s2
Promote-Consolidated: integration"
# in the order of git: by path
MOVED=("A $APP/integration/patch-001.yaml" "D $APP/integration/s1/patch-001.yaml")

@test "a step is one commit, and the report names it" {
	gives 0 --commit mgmt app patch-001
	[ "$output" = "$STEP_DONE

✓ Committed to main: $(git rev-parse --short=12 HEAD)" ] || fail "$output"
	[ -z "$stderr" ] || fail "$stderr"
	committed "$BODY" "${MOVED[@]}"
	[ "$(git log -1 --format='%an %ae %cn %ce')" = "Ann Lee ann@example.com Ann Lee ann@example.com" ]
	[ "$(git reflog -1 --format=%gs)" = "commit: Promote patch-001 of app to integration/s2" ]
}

@test "a whole rollout is a chain of commits, with gates and their opener, and without the option git is left alone" {
	gives 0 --commit --signoff mgmt app patch-001
	committed "$BODY
Signed-off-by: Ann Lee <ann@example.com>" "${MOVED[@]}"
	state
	gives 0 --commit --approve=stage -o json mgmt app patch-001
	[ "$("$PYTHON" -c 'import json,sys; print(json.load(sys.stdin)["commit"])' <<<"$output")" = "$(git rev-parse HEAD)" ]
	committed "Promote patch-001 of app to stage/s1

Effect: 1 of 4 targets changes
  stage/s1/us
    value: (unset) → new

Promote-Patch: mgmt/app/patch-001
Promote-Action: promote
Promote-From: integration
Promote-To: stage/s1
Promote-Consolidated: stage
Promote-Approved-By: Ann Lee <ann@example.com> (stage)" "A $APP/stage/patch-001.yaml"
	state
	gives 0 mgmt app patch-001
	[ "$(git rev-parse HEAD)" = "$(head -1 <<<"$remember_git")" ]
	git checkout -q .
	gives 0 --commit -o markdown mgmt app patch-001
	has "$output" "
Committed to \`main\`: \`$(git rev-parse HEAD)\`
"
	committed "Integrate patch-001 of app

Effect: 0 of 4 targets change

Promote-Patch: mgmt/app/patch-001
Promote-Action: integrate" "D $APP/integration/patch-001.yaml" "D $APP/stage/patch-001.yaml" "M $APP/values.yaml"
}

@test "what else is staged or changed stays as it is" {
	put notes "mine"
	git add notes
	put notes "mine, and more"
	put other "new"
	put "$APP/README.md" "about the application"
	dirty=("AM notes" "?? $APP/README.md" "?? other")
	gives 0 --commit mgmt app patch-001
	committed "$BODY" "${MOVED[@]}"
	[ "$(git show :notes)" = mine ]
}

@test "every command that writes takes it" {
	export PROMOTE_NOW=2026-11-01T00:00:00Z
	gives 0 start --commit mgmt app patch-002 --set a=1
	committed "Start patch-002 of app at integration/s1/us

Effect: 1 of 4 targets changes
  integration/s1/us
    a: (unset) → 1

Promote-Patch: mgmt/app/patch-002
Promote-Action: start
Promote-To: integration/s1/us" "A $APP/integration/s1/us/patch-002.yaml"
	state
	gives 0 rollback --commit --all --hold='it leaks' mgmt app patch-002
	committed "Roll back patch-002 of app

Effect: 1 of 4 targets changes
  integration/s1/us
    a: 1 → (unset)

Promote-Patch: mgmt/app/patch-002
Promote-Action: rollback
Promote-From: integration/s1/us
Promote-Options: --all
Promote-Reason: it leaks" "A $APP/hold.yaml" "D $APP/integration/s1/us/patch-002.yaml"
	state
	gives 0 release --commit mgmt app
	committed "Release app

✓ Removed hold: $APP/hold.yaml:1:3: it leaks (Ann Lee, since 2026-11-01T00:00:00Z, patch-002, at integration/s1/us)
The file had no hold left, and is removed

Promote-Action: release
Promote-Reason: it leaks" "D $APP/hold.yaml"
	state
	gives 0 hold --commit --reason='a freeze' -o json
	[ "$("$PYTHON" -c 'import json,sys; print(json.load(sys.stdin)["commit"])' <<<"$output")" = "$(git rev-parse HEAD)" ]
	committed "Hold everything

✓ Added hold: config/hold.yaml:1:3: a freeze (Ann Lee, since 2026-11-01T00:00:00Z)

Promote-Action: hold
Promote-Reason: a freeze" "A config/hold.yaml"
}

@test "a fill and a retire are commits" {
	mkdir -p $APP/stage
	mv $APP/integration/s1/patch-001.yaml $APP/stage/
	git add -A
	git commit -qm hotfix
	state
	gives 0 fill --commit --level=sector mgmt app patch-001
	committed "Fill patch-001 of app at integration/s1

Effect: 2 of 4 targets change
  integration/s1/us
  integration/s1/eu
    value: (unset) → new

Promote-Patch: mgmt/app/patch-001
Promote-Action: fill
Promote-To: integration/s1
Promote-Options: --level=sector" "A $APP/integration/s1/patch-001.yaml"
	put $APP/values.yaml "value: new"
	git commit -qam "by hand"
	state
	gives 0 retire --commit mgmt app patch-001
	committed "Retire patch-001 of app

Effect: 0 of 4 targets change

Promote-Patch: mgmt/app/patch-001
Promote-Action: retire" "D $APP/integration/s1/patch-001.yaml" "D $APP/stage/patch-001.yaml"
}

# not_ready WHY: the step is refused before anything is changed, in a dry run too
not_ready() {
	refuses 4 "nothing can be committed here: $1" --commit mgmt app patch-001
	refuses 4 "nothing can be committed here: $1" --commit -n mgmt app patch-001
}

@test "refused before anything is changed: no repository, no commit, no identity, something in progress" {
	mv .git ../saved
	remember
	not_ready "not a git repository (or any of the parent directories): .git"
	git init -q .
	git config user.name x
	remember
	not_ready "there is no commit yet"
	rm -r .git
	mv ../saved .git
	git config --unset user.email
	git config user.useConfigOnly true
	remember
	not_ready "git does not know who commits; tell it with 'git config user.name NAME' and 'git config user.email ADDRESS'"
	git config user.email ann@example.com
	git checkout -q -b side
	put side 1
	git add side
	git commit -qm side
	git checkout -q main
	put main 1
	git add main
	git commit -qm main
	git merge -q --no-commit side >/dev/null
	remember
	not_ready "a merge is in progress; end it first, or give it up"
	git merge --abort
	for name in rebase-merge rebase-apply sequencer; do
		mkdir .git/$name
		remember
		gives 4 --commit mgmt app patch-001
		has "$stderr" "ERROR: nothing can be committed here: a "
		has "$stderr" " is in progress; end it first, or give it up"
		unchanged
		rmdir .git/$name
	done
	git revert --no-commit HEAD
	remember
	not_ready "a revert is in progress; end it first, or give it up"
}

# differs TEXT...: refused for these files
differs() {
	local IFS=$'\n'
	remember
	refuses 4 "$*" --commit mgmt app patch-001
	state
}

@test "refused: a file that the step was worked out from is not as in HEAD" {
	local rest="and a commit has the step alone; commit it first, or put it back"
	put $APP/values.yaml "a: 1"
	differs "$APP/values.yaml is not as in git's HEAD (it was changed), $rest"
	git add -A
	differs "$APP/values.yaml is not as in git's HEAD (its change is staged), $rest"
	git reset -q --hard
	put $APP/integration/override.yaml "a: 1"
	put $APP/stage/patch-002.yaml "a: 1"
	differs "$APP/integration/override.yaml is not as in git's HEAD (git does not have it yet), $rest" \
		"  nor is $APP/stage/patch-002.yaml (git does not have it yet)"
	printf 'override.yaml\npatch-002.yaml\n' >.git/info/exclude
	differs "$APP/integration/override.yaml is not as in git's HEAD (git ignores it), $rest" \
		"  nor is $APP/stage/patch-002.yaml (git ignores it)"
	: >.git/info/exclude
	git add -A
	git commit -qm more
	rm $APP/integration/override.yaml
	differs "$APP/integration/override.yaml is not as in git's HEAD (it was changed), $rest"
	git rm -q --cached $APP/integration/override.yaml
	differs "$APP/integration/override.yaml is not as in git's HEAD (its change is staged), $rest"
	git reset -q --hard
	gives 0 hold --reason=r mgmt
	gives 0 release mgmt
	put config/hold.yaml "- {reason: r, by: b, since: 2020-01-01T00:00:00Z, until: 2020-01-02T00:00:00Z}"
	differs "config/hold.yaml is not as in git's HEAD (git does not have it yet), $rest"
	rm config/hold.yaml
	echo "# more" >>config/config.yaml
	differs "config/config.yaml is not as in git's HEAD (it was changed), $rest"
	refuses 4 "config/config.yaml is not as in git's HEAD (it was changed), $rest" hold --commit --reason=r
}

@test "--signoff without --commit, and a step that is not there, write nothing" {
	remember
	refuses 2 "--signoff needs --commit, --push, --branch or --pull-request" --signoff mgmt app patch-001
	refuses 2 "--signoff needs --commit, --push, --branch or --pull-request" hold --signoff --reason=r
	prints "$(promote mgmt app patch-001 --to=integration/s1)" --commit --to=integration/s1 mgmt app patch-001
	as_before
	gives 0 mgmt app patch-001
	git add -A
	git commit -qm step
	state
	gives 5 mgmt app patch-001 --commit
	as_before
}

# hook NAME SCRIPT
hook() {
	printf '#!/bin/sh\n%s\n' "$2" >".git/hooks/$1"
	chmod +x ".git/hooks/$1"
}

# undone TEXT: the step fails with this first line, and all is as before
undone() {
	state
	remember_objects=$(find .git/objects -type f | sort)
	gives 1 --commit mgmt app patch-001
	[ "${stderr_lines[0]}" = "ERROR: The step was undone: the commit was not made: $1" ] || fail "$stderr"
	as_before
	copies integration/s1
}

@test "hooks: each is run as by git commit, and one that fails undoes the step" {
	for name in pre-commit prepare-commit-msg commit-msg post-commit; do
		hook $name "echo $name \"\$(basename \"\$1\")\" \"\$2\" \"\${GIT_INDEX_FILE:+index}\" >>../../hooks
git diff --cached --name-only >>../../hooks"
	done
	sed -i 's|\.\./\.\./hooks|../hooks|' .git/hooks/*-commit* .git/hooks/commit-msg
	gives 0 --commit mgmt app patch-001
	committed "$BODY" "${MOVED[@]}"
	local files="$APP/integration/s1/patch-001.yaml"
	[ "$(grep -v / ../hooks)" = "pre-commit   index
prepare-commit-msg COMMIT_EDITMSG message index
commit-msg COMMIT_EDITMSG  index
post-commit   " ] || fail "$(<../hooks)"
	git reset -q --hard HEAD^
	for name in pre-commit prepare-commit-msg commit-msg; do
		hook $name "echo no, says $name; exit 1"
		undone "the hook $name: git failed with exit status 1"
		[ "${stderr_lines[1]}" = "  no, says $name" ] || fail "$stderr"
		rm .git/hooks/$name
	done
	hook reference-transaction 'exit 1'
	undone "git update-ref: git failed with exit status 128"
	rm .git/hooks/reference-transaction
	hook post-commit 'exit 1'
	gives 0 --commit mgmt app patch-001
}

@test "hooks: one that changes what is committed undoes the step; one that adds to the message does not" {
	hook pre-commit "echo '# formatted' >>$APP/integration/patch-001.yaml"
	undone "the hook pre-commit has changed $APP/integration/patch-001.yaml"
	hook pre-commit "echo '# formatted' >>$APP/integration/patch-001.yaml; git add $APP; exit 1"
	undone "the hook pre-commit: git failed with exit status 1"
	hook pre-commit "echo '# formatted' >>$APP/integration/patch-001.yaml; git add $APP"
	undone "the hook pre-commit has changed $APP/integration/patch-001.yaml"
	hook pre-commit "rm $APP/integration/patch-001.yaml"
	undone "the hook pre-commit has changed $APP/integration/patch-001.yaml"
	hook pre-commit "git checkout -q HEAD -- $APP"
	undone "the hook pre-commit has changed $APP/integration/s1/patch-001.yaml"
	hook pre-commit "mkdir -p $APP/integration/s1; echo x >$APP/integration/s1/patch-001.yaml"
	undone "a hook has changed a file: $APP/integration/s1/patch-001.yaml is not as the step has made it any more"
	hook pre-commit "echo x >extra; git add extra"
	state
	gives 1 --commit mgmt app patch-001
	has "$stderr" "the hook pre-commit has changed extra"
	rm extra
	as_before
	rm .git/hooks/pre-commit
	hook prepare-commit-msg "echo '# formatted' >>$APP/integration/patch-001.yaml; git add $APP"
	undone "the hook prepare-commit-msg or commit-msg has changed $APP/integration/patch-001.yaml"
	rm .git/hooks/prepare-commit-msg
	hook commit-msg 'sed -i "/^Promote-To/d" "$1"'
	undone "a hook has changed the trailers of the message"
	hook commit-msg 'sed -i "/^Promote/d" "$1"'
	undone "a hook has changed the trailers of the message"
	hook commit-msg 'head -c 17000000 /dev/zero >>"$1"'
	undone "a hook has made the message too long"
	hook commit-msg 'rm "$1"'
	undone "a hook has removed the message"
	hook commit-msg 'printf "Change-Id: I1\n" >>"$1"; cp "$1" "$1.bak"; mkdir "$(dirname "$1")/x"; touch "$(dirname "$1")/x/y"'
	state
	gives 0 --commit mgmt app patch-001
	committed "$BODY
Change-Id: I1" "${MOVED[@]}"
}

@test "a message is UTF-8, whatever encoding is set for the messages of the user" {
	git config i18n.commitEncoding ISO-8859-1
	git config user.name "Ann Léa"
	promote mgmt app patch-001 --commit --signoff
	[ "$(git log -1 --encoding=UTF-8 --format=%B | tail -2 | head -1)" = "Signed-off-by: Ann Léa <ann@example.com>" ]
	[ -z "$(git log -1 --format=%e)" ]
}

@test "signing that fails undoes the step" {
	put "$TMPDIR/gpg" '#!/bin/sh
echo cannot sign >&2
exit 1'
	chmod +x "$TMPDIR/gpg"
	mv "$TMPDIR/gpg" ..
	git config commit.gpgSign false
	gives 0 --commit mgmt app patch-001
	git reset -q --hard HEAD^
	git config commit.gpgSign yess
	undone "git config commit.gpgSign: git failed with exit status 128"
	[ "${stderr_lines[1]}" = "  fatal: bad boolean config value 'yess' for 'commit.gpgsign'" ] || fail "$stderr"
	git config commit.gpgSign true
	git config gpg.program "$BATS_TEST_TMPDIR/gpg"
	undone "git commit-tree: git failed with exit status 1"
	[ "${stderr_lines[1]}" = "  error: gpg failed to sign the data" ] || fail "$stderr"
	put ../gpg '#!/bin/sh
cat >/dev/null
echo "[GNUPG:] SIG_CREATED " >&2
echo "-----BEGIN PGP SIGNATURE-----"
echo signed
echo "-----END PGP SIGNATURE-----"'
	gives 0 --commit mgmt app patch-001
	has "$(git cat-file commit HEAD)" "gpgsig -----BEGIN PGP SIGNATURE-----
 signed"
}

# what a generator of this fleet does: a file for each target
GENERATE='for t in integration/s1/us integration/s1/eu integration/s2/us stage/s1/us; do
	mkdir -p rendered/mgmt/$t
	d=config/mgmt/app; v=
	for p in "" $(echo $t | cut -d/ -f1) $(echo $t | cut -d/ -f1,2) $t; do
		[ -f $d/$p/patch-001.yaml ] && v=new
	done
	printf "cluster: {environment: %s, sector: %s, region: %s}\n" $(echo $t | tr / " ") >rendered/mgmt/$t/values.yaml
	[ -z "$v" ] || printf "value: %s\n" "$v" >>rendered/mgmt/$t/values.yaml
done; true'

@test "what was rendered is part of the commit, but not what git ignores nor what else the generator changed" {
	sh -c "$GENERATE"
	echo '*.log' >.gitignore
	git add -A
	git commit -qm rendered
	state
	gives 0 --commit --generate-command="$GENERATE; echo x >rendered/a.log; echo x >rendered/new; echo y >outside" mgmt app patch-001
	[ "$stderr" = "WARNING: Generated files changed that are of no target of this step: rendered/a.log, rendered/new
WARNING: The generator has changed files that are not part of the commit: outside" ] ||
		fail "$stderr"
	dirty=("?? outside")
	committed "$BODY" "${MOVED[@]}" "M rendered/mgmt/integration/s2/us/values.yaml" "A rendered/new"
}

@test "refused if something rendered is not as in HEAD and a generator will run" {
	sh -c "$GENERATE"
	git add -A
	git commit -qm rendered
	echo "# by hand" >>rendered/mgmt/stage/s1/us/values.yaml
	remember
	refuses 4 "rendered/mgmt/stage/s1/us/values.yaml is not as in git's HEAD (it was changed), and a commit has the step alone; commit it first, or put it back" \
		--commit --generate-command="$GENERATE" mgmt app patch-001
	state
	gives 0 --commit --no-generate -q mgmt app patch-001
	dirty=(" M rendered/mgmt/stage/s1/us/values.yaml")
	committed "$BODY" "${MOVED[@]}"
}

@test "a generator that fails leaves git alone" {
	state
	gives 1 --commit --generate-command='echo x >rendered; exit 1' mgmt app patch-001
	rm -f rendered
	as_before
}

@test "below the top of the working tree, in a linked worktree, with a detached HEAD, with SHA-256" {
	git checkout -q --detach
	gives 0 --commit mgmt app patch-001
	[ "${lines[-1]}" = "✓ Committed: $(git rev-parse --short=12 HEAD)" ] || fail "$output"
	committed "$BODY" "${MOVED[@]}"
	[ "$(git rev-parse main)" = "$(git rev-parse HEAD^)" ]
	git checkout -q main
	git worktree add -q -b linked ../linked
	cd ../linked
	state
	gives 0 --commit mgmt app patch-001
	committed "$BODY" "${MOVED[@]}"
	[ "$(git rev-parse main)" = "$(git rev-parse HEAD^)" ]
	mkdir -p ../mono/deep
	cp -r "$ROOT/config" ../mono/deep/'a "fleet"'
	cd ../mono
	mv 'deep/a "fleet"' deep/config
	mkdir 'deep/a "fleet"'
	mv deep/config 'deep/a "fleet"/config'
	git init -q --object-format=sha256 .
	git config user.name "Ann Lee"
	git config user.email ann@example.com
	git add -A
	git commit -qm first
	put mine x
	git add mine
	state
	cd 'deep/a "fleet"'
	gives 0 --commit mgmt app patch-001
	cd ../..
	dirty=("A  mine")
	committed "$BODY" "A \"deep/a \\\"fleet\\\"/$APP/integration/patch-001.yaml\"" \
		"D \"deep/a \\\"fleet\\\"/$APP/integration/s1/patch-001.yaml\""
}

@test "an index that another program has is left behind, and told" {
	git config core.hooksPath ../hooks
	mkdir ../hooks
	put ../hooks/commit-msg '#!/bin/sh
: >.git/index.lock'
	chmod +x ../hooks/commit-msg
	gives 0 --commit mgmt app patch-001
	has "$stderr" "WARNING: The commit is made, but git's index still has the files as before the commit: "
	rm .git/index.lock
	local rest="and a commit has the step alone; the files are as in HEAD, so take it out of the index: 'git reset -q' does"
	gives 4 --commit --approve=stage mgmt app patch-001
	[ "${stderr_lines[0]}" = "ERROR: $APP/integration/patch-001.yaml is not as in git's HEAD (its change is staged), $rest" ] || fail "$stderr"
	git reset -q
	committed "$BODY" "${MOVED[@]}"
	gives 0 --commit --approve=stage mgmt app patch-001
}

@test "a commit of somebody else meanwhile undoes the step" {
	put mine 1
	hook commit-msg 'unset GIT_INDEX_FILE; git commit -q --no-verify -m theirs mine'
	git add mine
	gives 4 --commit mgmt app patch-001
	one_error "The step was undone: another program has moved git's HEAD while the step was taken; run it again"
	[ "$(git log --format=%s)" = "theirs
first" ]
	[ -z "$(git status --porcelain --untracked-files=all)" ]
	copies integration/s1
	rm .git/hooks/commit-msg
	gives 0 --commit mgmt app patch-001
}

@test "killed before and after git's update of HEAD: undone, or done" {
	no_valgrind "kills the program"
	# above the hook are git, its watcher, and promote
	local run_above='$(cut -d" " -f4 /proc/$(cut -d" " -f4 /proc/$PPID/stat)/stat)'
	hook commit-msg "kill -9 $run_above; sleep 1"
	state
	gives 137 --commit mgmt app patch-001
	rm .git/hooks/commit-msg
	gives 0 recover
	has "$output" "undone"
	as_before
	hook reference-transaction "[ \$1 = committed ] || exit 0
kill -9 $run_above; sleep 1"
	gives 137 --commit mgmt app patch-001
	rm .git/hooks/reference-transaction
	gives 0 recover
	has "$output" "finished"
	committed "$BODY" "${MOVED[@]}"
}

@test "an index that is behind after a recovery is told, too" {
	no_valgrind "kills the program"
	local run_above='$(cut -d" " -f4 /proc/$(cut -d" " -f4 /proc/$PPID/stat)/stat)'
	local behind="WARNING: The commit is made, but git's index still has the files as before the commit: "
	for way in recover next; do
		hook reference-transaction "[ \$1 = committed ] || exit 0
: >.git/index.lock
kill -9 $run_above; sleep 1"
		gives 137 --commit mgmt app patch-001
		rm .git/hooks/reference-transaction
		case $way in
		recover)
			gives 0 recover
			has "$output" "finished"
			;;
		next)
			gives 5 mgmt app patch-001
			;;
		esac
		has "$stderr" "$behind"
		has "$stderr" " (run 'git reset -q', or your next commit takes the step back)"
		[ ! -e .promote ]
		rm .git/index.lock
		git reset -q
		committed "$BODY" "${MOVED[@]}"
		git reset -q --hard HEAD^
	done
}

@test "a run that was killed before its commit was decided is undone even if git has removed that commit since" {
	no_valgrind "kills the program"
	local run_above='$(cut -d" " -f4 /proc/$(cut -d" " -f4 /proc/$PPID/stat)/stat)'
	hook reference-transaction "[ \$1 = prepared ] || exit 0
kill -9 $run_above; sleep 1"
	gives 137 --commit mgmt app patch-001
	rm .git/hooks/reference-transaction
	rm -f .git/HEAD.lock .git/refs/heads/main.lock
	git cat-file -e "$(<.promote/git/commit)"
	git gc -q --prune=now
	! git cat-file -e "$(<.promote/git/commit)" || fail "still there"
	gives 0 recover
	has "$output" "undone"
	as_before
}

@test "what changes while a question waits is refused, too" {
	gives 0 --commit -q mgmt app patch-001
	put rendered/x 1
	git add rendered
	git commit -qm rendered
	state
	at_terminal 4 --meanwhile 'echo 2 >rendered/x' --answer "open it: " stage -- \
		--commit --generate-command=true mgmt app patch-001
	has "$output" "rendered/x is not as in git's HEAD (it was changed), and a commit has the step alone"
	git checkout -q rendered
	as_before
	at_terminal 4 --meanwhile 'git commit -q --allow-empty -m theirs' --answer "open it: " stage -- \
		--commit mgmt app patch-001
	has "$output" "another program has moved git's HEAD while the step was taken; run it again"
	[ "$(git log -1 --format=%s)" = theirs ]
	[ -z "$(git status --porcelain --untracked-files=all)" ]
	git checkout -q -b side HEAD^
	put side 1
	git add side
	git commit -q -m side
	git checkout -q main
	at_terminal 4 --meanwhile 'git merge -q --no-commit side' --answer "open it: " stage -- \
		--commit mgmt app patch-001
	has "$output" "nothing can be committed here: a merge is in progress; end it first, or give it up"
	[ "$(git log -1 --format=%s)" = theirs ]
	[ "$(git status --porcelain --untracked-files=all)" = "A  side" ]
}

@test "in a shallow clone, in a submodule, and with a split index" {
	git -c protocol.file.allow=always clone -q --depth 1 "file://$ROOT" ../shallow
	git init -q -b main ../above
	git -C ../above -c protocol.file.allow=always submodule --quiet add "file://$ROOT" "sub module"
	for dir in ../shallow "../above/sub module"; do
		cd "$BATS_TEST_TMPDIR/${dir#../}"
		git config user.name "Ann Lee"
		git config user.email ann@example.com
		state
		gives 0 --commit mgmt app patch-001
		committed "$BODY" "${MOVED[@]}"
	done
	cd "$ROOT"
	git update-index --split-index
	state
	gives 0 --commit mgmt app patch-001
	committed "$BODY" "${MOVED[@]}"
}

@test "a sparse checkout without rendered/, and marks in the index" {
	sh -c "$GENERATE"
	git add -A
	git commit -qm rendered
	git sparse-checkout set config
	[ ! -e rendered ]
	state
	gives 0 --commit --generate-command="$GENERATE" mgmt app patch-001
	committed "$BODY" "${MOVED[@]}" "M rendered/mgmt/integration/s2/us/values.yaml"
	git sparse-checkout disable
	git update-index --assume-unchanged $APP/values.yaml
	gives 0 --commit -q --no-generate --approve=stage mgmt app patch-001
	state
	gives 1 --commit --no-generate mgmt app patch-001
	[ "${stderr_lines[0]}" = "ERROR: The step was undone: the commit was not made: git does not take a file of the step as changed (its attributes, or its mark in the index)" ] || fail "$stderr"
	as_before
	[ ! -s $APP/values.yaml ]
}

@test "a change that a mark in the index hides is one, and nothing is left out of a commit for it" {
	local hidden="it was changed, and a mark in git's index hides that"
	local rest="and a commit has the step alone; commit it first, or put it back"
	put $APP/values.yaml "# 1"
	put $APP/integration/override.yaml "# 1"
	sh -c "$GENERATE"
	git add -A
	git commit -qm rendered
	for mark in assume-unchanged skip-worktree; do
		git update-index --$mark $APP/values.yaml rendered/mgmt/integration/s2/us/values.yaml
		put $APP/values.yaml "# 2"
		differs "$APP/values.yaml is not as in git's HEAD ($hidden), $rest"
		put $APP/values.yaml "# 1"
		put rendered/mgmt/integration/s2/us/values.yaml "x: 1"
		remember
		refuses 4 "rendered/mgmt/integration/s2/us/values.yaml is not as in git's HEAD ($hidden), $rest" \
			--commit --generate-command="$GENERATE" mgmt app patch-001
		sh -c "$GENERATE"
		[ $mark = assume-unchanged ] || break
		state
		gives 1 --commit --generate-command="$GENERATE" mgmt app patch-001
		has "$stderr" "git does not take a file of the step as changed (its attributes, or its mark in the index)"
		as_before
		git update-index --no-assume-unchanged $APP/values.yaml rendered/mgmt/integration/s2/us/values.yaml
	done
	git update-index --assume-unchanged $APP/integration/override.yaml
	rm $APP/integration/override.yaml
	differs "$APP/integration/override.yaml is not as in git's HEAD ($hidden), $rest"
	put $APP/integration/override.yaml "# 1"
	rm -r rendered
	gives 0 --commit --no-generate -q mgmt app patch-001
}

@test "variables of git in the environment name no other repository, and the identity may come from there" {
	git init -q ../elsewhere
	git config --unset user.name
	git config --unset user.email
	export GIT_DIR=$BATS_TEST_TMPDIR/elsewhere/.git GIT_WORK_TREE=$BATS_TEST_TMPDIR/elsewhere GIT_INDEX_FILE=/nowhere
	export GIT_AUTHOR_NAME=Bob GIT_AUTHOR_EMAIL=bob@example.com GIT_COMMITTER_NAME="Eve" GIT_COMMITTER_EMAIL=eve@example.com
	gives 0 --commit --signoff mgmt app patch-001
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
	committed "$BODY
Signed-off-by: Eve <eve@example.com>" "${MOVED[@]}"
	[ "$(git log -1 --format='%an %cn')" = "Bob Eve" ]
}

@test "variables of git that change what paths mean do not count" {
	export GIT_ICASE_PATHSPECS=1
	gives 0 --commit mgmt app patch-001
	committed "$BODY" "${MOVED[@]}"
}

@test "what git says besides its answers is no part of them" {
	GIT_TRACE=1 gives 0 --commit mgmt app patch-001
	committed "$BODY" "${MOVED[@]}"
	git checkout -q --detach HEAD^
	echo "# 1" >>$APP/values.yaml
	GIT_TRACE=1 gives 4 --commit mgmt app patch-001
	one_error "$APP/values.yaml is not as in git's HEAD (it was changed), and a commit has the step alone; commit it first, or put it back"
}

@test "without git" {
	put "$TMPDIR/bin/git" "#!/bin/sh
exit 127"
	mv "$TMPDIR/bin" ..
	rm ../bin/git
	for name in sh env; do
		ln -s "$(command -v $name)" ../bin/
	done
	remember
	PATH=$BATS_TEST_TMPDIR/bin gives 4 --commit mgmt app patch-001
	has "$stderr" "ERROR: nothing can be committed here: "
	[ "${#stderr_lines[@]}" -eq 1 ]
	unchanged
}

@test "a fleet of another user is refused, and git is not run there" {
	[ "$(id -u)" -eq 0 ] || skip "needs root, to give a directory away"
	hook pre-commit 'touch ../ran'
	chown -R 65534:65534 "$ROOT"
	remember
	local why="$ROOT belongs to user 65534, not to you (user 0); nothing is run or written there. \
If you trust it: --trust, or git config --global --add safe.directory $ROOT"
	refuses 3 "$why" --commit mgmt app patch-001
	refuses 3 "$why" --commit -n mgmt app patch-001
	git config --file ../gitconfig safe.directory "$ROOT"
	export GIT_CONFIG_GLOBAL=$BATS_TEST_TMPDIR/gitconfig
	gives 0 --commit -n mgmt app patch-001
	unchanged
	gives 0 --commit mgmt app patch-001
	[ -e ../ran ]
}

@test "a branch that a hook checks out gets nothing, and the step is for the one before it" {
	hook commit-msg 'git checkout -q -b other'
	gives 4 --commit mgmt app patch-001
	[ "${stderr_lines[0]}" = "ERROR: another program has moved git's HEAD while the step was taken; run it again" ] || fail "$stderr"
	has "$stderr" "Check out what was checked out then, and run 'promote recover'"
	[ "$(git rev-parse other main | sort -u)" = "$(head -1 <<<"$remember_git")" ]
	git checkout -q main
	gives 0 recover
	as_before_but_branches
}

# as_before, but there is another branch
as_before_but_branches() {
	git branch -qD other
	as_before
}

@test "git that is killed while it moves HEAD has made the commit or has not" {
	hook reference-transaction "[ \$1 = committed ] && kill -9 \$PPID; exit 0"
	gives 0 --commit mgmt app patch-001
	rm .git/hooks/reference-transaction
	committed "$BODY" "${MOVED[@]}"
	state
	hook reference-transaction "[ \$1 = prepared ] && kill -9 \$PPID; exit 0"
	gives 1 --commit --approve=stage mgmt app patch-001
	[ "${stderr_lines[0]}" = "ERROR: The step was undone: the commit was not made: git update-ref: git failed with exit status 137" ] || fail "$stderr"
	rm -f .git/HEAD.lock .git/refs/heads/main.lock
	as_before
}

@test "whether the commit was made is not known: nothing is undone, and the next run finds out" {
	local real
	real=$(command -v git)
	put ../bin/git "#!/bin/sh
[ ! -e '$BATS_TEST_TMPDIR/gone' ] || exit 127
exec '$real' \"\$@\""
	chmod +x ../bin/git
	for phase in prepared committed; do
		hook reference-transaction "[ \$1 = $phase ] || exit 0; touch '$BATS_TEST_TMPDIR/gone'; kill -9 \$PPID"
		PATH=$BATS_TEST_TMPDIR/bin:$PATH gives 1 --commit mgmt app patch-001
		rm .git/hooks/reference-transaction
		one_error "git has failed while it made the commit, and does not tell whether it did; 'promote recover' finds out, and finishes or undoes the step"
		[ -d .promote ]
		PATH=$BATS_TEST_TMPDIR/bin:$PATH gives 1 mgmt app patch-001
		has "$stderr" "whether git's HEAD has the step is not known: "
		rm -f "$BATS_TEST_TMPDIR/gone" .git/HEAD.lock .git/refs/heads/main.lock
		gives 0 recover
		[ $phase = committed ] || as_before
	done
	committed "$BODY" "${MOVED[@]}"
}

@test "git fails for a moment at the decision, and at the recovery: what HEAD has is not undone" {
	local real failing=$BATS_TEST_TMPDIR/failing unknown
	real=$(command -v git)
	unknown="git has failed while it made the commit, and does not tell whether it did; 'promote recover' finds out, and finishes or undoes the step"
	put ../bin/git "#!/bin/sh
for command in \$(cat '$failing'); do
	case \" \$* \" in *\" \$command \"*) exit 127 ;; esac
done
exec '$real' \"\$@\""
	chmod +x ../bin/git
	: >"$failing"
	hook reference-transaction "[ \$1 = committed ] || exit 0; echo merge-base >'$failing'; kill -9 \$PPID"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH gives 1 --commit mgmt app patch-001
	one_error "$unknown"
	rm -f .git/hooks/reference-transaction .git/HEAD.lock .git/refs/heads/main.lock
	for commands in "diff-tree" "diff-tree cat-file"; do
		echo "$commands" >"$failing"
		PATH=$BATS_TEST_TMPDIR/bin:$PATH gives 1 recover
		has "$stderr" "whether git's HEAD has the step is not known: "
		[ -d .promote ]
	done
	gives 0 recover
	committed "$BODY" "${MOVED[@]}"
}

# git compares the bytes of a file whose time is not before that of the index; it is the copy of the index for the
# commit that must be as old as the index.
@test "a generator that writes a file of the same size in the second of the index" {
	mkdir rendered
	echo old >rendered/file
	git config core.trustctime false
	touch -d 2026-11-02T08:00:00Z rendered/file
	git add -A
	git commit -qm rendered
	touch -d 2026-11-02T08:00:00Z .git/index
	gives 0 --commit -q --generate-command='echo new >rendered/file; touch -d 2026-11-02T08:00:00Z rendered/file' \
		mgmt app patch-001
	[ "$stderr" = "WARNING: Generated files changed that are of no target of this step: rendered/file" ] ||
		fail "$stderr"
	[ "$(git show HEAD:rendered/file)" = new ] || fail "$(git show HEAD)"
}
