# SPDX-License-Identifier: Apache-2.0
# --push, --branch and --pull-request: a step that is committed in a tree of its own, judged by git.
load common

# A fleet in a clone of ../origin.git, pushed.
setup() {
	command -v git >/dev/null || skip "needs git"
	enter_fleet
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL EMAIL PROMOTE_PULL_REQUEST
	git init -q --bare -b main ../origin.git
	git init -q -b main .
	identity .
	git remote add origin ../origin.git
	git add -A
	git commit -qm first
	git push -qu origin main
	state
}

identity() {
	git -C "$1" config user.name "${2:-Ann Lee}"
	git -C "$1" config user.email ann@example.com
}

# What git and the tree are, to compare with later.
state() {
	remember
	remember_git=$(git_state)
}

git_state() {
	git for-each-ref --format='%(refname) %(objectname)'
	git ls-files --stage
	git status --porcelain --untracked-files=all
	git worktree list
	git -C ../origin.git for-each-ref
}

as_before() {
	[ "$(git_state)" = "$remember_git" ] || fail "$(diff <(echo "$remember_git") <(git_state))"
}

# nothing_done STATUS TEXT ARGUMENT...: refused, here and there all is as before
nothing_done() {
	gives "$1" "${@:3}"
	has "$stderr" "ERROR: $2"
	as_before
}

# whole DIRECTORY: git finds nothing wrong in this repository
whole() {
	local got
	got=$(git -C "$1" fsck --strict --no-dangling 2>&1) && [ -z "$got" ] || fail "git fsck: $got"
}

# remote_log [BRANCH]: the subjects of the remote's commits, the oldest first; it must be linear, and whole
remote_log() {
	[ -z "$(git -C ../origin.git log --merges --format=%H "${1:-main}")" ] || fail "a merge" || return
	whole ../origin.git || return
	git -C ../origin.git log --reverse --format=%s "${1:-main}"
}

# logged [BRANCH] SUBJECT...: these come after the first commit
logged() {
	local branch=$1 got
	shift
	got=$(remote_log "$branch")
	[ "$got" = "$(printf '%s\n' first "$@")" ] || fail "$got"
}

STEP1="Promote patch-001 of app to integration/s2"
STEP2="Promote patch-001 of app to stage/s1"

# another clone, of somebody else: the same commit in the same second by the same person would be one
other() {
	[ -d ../other ] || git clone -q ../origin.git ../other
	identity ../other Bob
	(
		cd ../other
		git pull -q
		"$@"
	)
}

@test "--push: the step is at the remote and here, reported as ever" {
	gives 0 --push mgmt app patch-001
	[ "$output" = "$STEP_DONE

✓ Pushed to main of origin: $(git rev-parse --short=12 HEAD)" ] || fail "$output"
	[ -z "$stderr" ] || fail "$stderr"
	logged main "$STEP1"
	copies integration
	[ "$(git status --porcelain --branch)" = "## main...origin/main" ] || fail "$(git status --porcelain -b)"
	[ "$(git log -1 --format='%an <%ae> %(trailers:key=Promote-To)')" = "Ann Lee <ann@example.com> Promote-To: integration/s2" ] || fail "$(git log -1)"
	nothing_before=$(git rev-parse HEAD)
	gives 5 --push mgmt app patch-001
	[ "$(git rev-parse HEAD)" = "$nothing_before" ]
	gives 0 -o json --push --approve=stage mgmt app patch-001
	[ "$(jq -r .commit <<<"$output")" = "$(git rev-parse HEAD)" ] || fail "$output"
	has "$output" '"branch": "main",'
	has "$output" '"remote": "origin",'
	gives 0 -o markdown --push mgmt app patch-001
	has "$output" "Pushed to \`main\` of \`origin\`: \`$(git rev-parse HEAD)\`"
	logged main "$STEP1" "$STEP2" "Integrate patch-001 of app"
	[ "$(cat $APP/values.yaml)" = "value: new" ]
}

@test "--push: at what somebody else has pushed, with changes here that stay" {
	put config/mgmt/other/values.yaml "mine: 1"
	put new "mine"
	git add new
	other sh -c 'echo "theirs: 1" >config/mgmt/app/values.yaml; git commit -qam theirs; git push -q'
	gives 0 --push mgmt app patch-001
	has "$stderr" "WARNING: The step is pushed, but your branch main is not moved to it: there are changes that are not committed"
	logged main theirs "$STEP1"
	[ "$(git status --porcelain)" = "A  new
?? config/mgmt/other/" ] || fail "$(git status --porcelain)"
	[ "$(git rev-parse HEAD)" = "$(git rev-parse origin/main~2)" ]
	copies integration/s1
	has "$(git -C ../origin.git show main:$APP/values.yaml)" "theirs: 1"
}

@test "--push: the step of somebody else is not taken twice, and the next one is" {
	promote() { (exec -a promote "$PROMOTE" "$@"); }
	# a hook here lets somebody else be faster, once
	put .git/hooks/pre-push "#!/bin/sh
[ -e $BATS_TEST_TMPDIR/once ] && exit 0
: >$BATS_TEST_TMPDIR/once
unset \$(git rev-parse --local-env-vars)
cd ../../../other && git pull -q && '$PROMOTE' --push mgmt app patch-001 >/dev/null"
	sed -i "s|cd ../../../other|cd '$BATS_TEST_TMPDIR/other'|" .git/hooks/pre-push
	chmod +x .git/hooks/pre-push
	other true
	gives 0 --push mgmt app patch-001
	[ "${lines[1]}" = "✓ $STEP1: done meanwhile by Bob <ann@example.com>, commit $(git -C ../origin.git rev-parse --short=12 main) of $(TZ=UTC git -C ../origin.git log -1 --date=format-local:%FT%TZ --format=%cd main): nothing to do" ] || fail "$output"
	logged main "$STEP1"
	at_the_tip
	gives 0 --push --approve=stage mgmt app patch-001
	logged main "$STEP1" "$STEP2"
}

# at_the_tip: the branch here is that of the remote, and nothing is changed
at_the_tip() {
	[ "$(git rev-parse HEAD)" = "$(git -C ../origin.git rev-parse main)" ] || fail "behind"
	[ -z "$(git status --porcelain)" ] || fail "$(git status --porcelain)"
}

@test "--push: nothing to do at the tip, and the branch here follows if it has no changes" {
	other "$PROMOTE" --push mgmt app patch-001 >/dev/null
	gives 0 --push --to=integration/s1 mgmt app patch-001
	has "$output" "nothing to do"
	[ -z "$stderr" ] || fail "$stderr"
	at_the_tip
	other "$PROMOTE" --push --approve=stage mgmt app patch-001 >/dev/null
	put notes mine
	git add notes
	gives 0 --push --to=stage mgmt app patch-001
	[ "$stderr" = "WARNING: Your branch main is not moved to what the remote has: there are changes that are not committed" ] || fail "$stderr"
	logged main "$STEP1" "$STEP2"
}

@test "--push: taken meanwhile, as JSON and markdown" {
	local format
	other true
	for format in json markdown; do
		put .git/hooks/pre-push "#!/bin/sh
unset \$(git rev-parse --local-env-vars)
cd '$BATS_TEST_TMPDIR/other' && '$PROMOTE' --push --approve=stage mgmt app patch-001 >/dev/null"
		chmod +x .git/hooks/pre-push
		gives 0 -o $format --push --approve=stage mgmt app patch-001
		if [ $format = json ]; then has "$output" '"action": "none"'; else has "$output" "Nothing to do for patch-001 of app"; fi
		has_not "$output" '"commit"'
	done
	rm .git/hooks/pre-push
	logged main "$STEP1" "$STEP2"
}

@test "--push: another change in between, and the step is decided afresh" {
	put .git/hooks/pre-push "#!/bin/sh
[ -e $BATS_TEST_TMPDIR/once ] && exit 0
: >$BATS_TEST_TMPDIR/once
unset \$(git rev-parse --local-env-vars)
cd '$BATS_TEST_TMPDIR/other' && echo 'value: old' >$APP/values.yaml && git commit -qam values && git push -q"
	chmod +x .git/hooks/pre-push
	other true
	gives 0 --push mgmt app patch-001
	has "$output" "value: old → new"
	logged main values "$STEP1"
	# and refused, if it is refused there
	rm "$BATS_TEST_TMPDIR/once"
	sed -i "s|echo 'value: old' >$APP/values.yaml|rm $APP/values.yaml|" .git/hooks/pre-push
	other git pull -q
	gives 3 --push --approve=stage mgmt app patch-001
	has "$stderr" "values.yaml"
	logged main values "$STEP1" values
}

@test "--push: refused before the step" {
	git commit -q --allow-empty -m "my work"
	state
	nothing_done 4 "main has commits that origin does not have; push them first, or take them out" --push mgmt app patch-001
	has "$stderr" "my work"
	git reset -q --hard origin/main
	git checkout -q --detach
	state
	nothing_done 4 "HEAD is detached, so there is no branch to push; name one: --branch=NAME" --push mgmt app patch-001
	git checkout -q -b new
	state
	nothing_done 4 "origin has no branch new; push it first: git push origin new" --push mgmt app patch-001
	nothing_done 3 "there is no remote 'orign'. Available: origin" --push=orign mgmt app patch-001
	nothing_done 2 "--branch=: must be the name of a branch" --branch= mgmt app patch-001
	nothing_done 2 "--branch=a b: not a name of a branch" "--branch=a b" mgmt app patch-001
	git remote remove origin
	state
	nothing_done 4 "there is no remote to push to; name one: --push=REMOTE" --push mgmt app patch-001
	rm -rf .git
	gives 4 --push mgmt app patch-001
	git init -q -b main .
	gives 4 --push=../origin.git mgmt app patch-001
	has "$stderr" "there is no commit yet"
}

# The step that a dry run has shown would not be the one that is pushed.
@test "--push: refused if what the step is worked out from is not as in HEAD" {
	local said="is not as in git's HEAD"
	put $APP/integration/override.yaml "value: mine"
	state
	nothing_done 4 "$APP/integration/override.yaml $said (git does not have it yet), and" --push mgmt app patch-001
	git add -A
	state
	nothing_done 4 "$APP/integration/override.yaml $said (its change is staged), and" --push mgmt app patch-001
	git reset -q --hard
	for file in config/config.yaml $APP/values.yaml; do
		echo "# mine" >>$file
		state
		nothing_done 4 "$file $said (it was changed), and" --push mgmt app patch-001
		git checkout -q $file
	done
	echo "# mine" >>config/config.yaml
	state
	nothing_done 4 "config/config.yaml $said (it was changed), and" hold mgmt --reason=x --push
	git checkout -q config/config.yaml
	put config/mgmt/hold.yaml "- reason: mine" "  by: me" "  since: 2026-01-01T00:00:00Z"
	state
	nothing_done 4 "config/mgmt/hold.yaml $said (git does not have it yet), and" --push mgmt app patch-001
	gives 0 --branch=side mgmt app patch-001
}

@test "--push: a hook there or here refuses, and nothing has changed" {
	put ../origin.git/hooks/pre-receive "#!/bin/sh
printf 'not \\033[31mtoday\\n'; exit 1"
	chmod +x ../origin.git/hooks/pre-receive
	gives 1 --push mgmt app patch-001
	has "$stderr" "ERROR: pushing to origin: git failed with exit status 1"
	has "$stderr" 'not \x1b[31mtoday'
	as_before
	gives 1 -o json --push mgmt app patch-001
	has "$output" '"code": "push"'
	rm ../origin.git/hooks/pre-receive
	for hook in pre-commit commit-msg pre-push; do
		put .git/hooks/$hook "#!/bin/sh
exit 1"
		chmod +x .git/hooks/$hook
		gives 1 --push mgmt app patch-001
		rm .git/hooks/$hook
		as_before
	done
	git config user.useConfigOnly true
	git config --unset user.name
	git config --unset user.email
	gives 4 --push mgmt app patch-001
	as_before
}

@test "--push: the generator runs in the tree of its own, and its failure changes nothing" {
	makefile generate: $'\tmkdir -p rendered/mgmt/stage/s1/us && "$(PROMOTE)" values mgmt stage/s1/us >rendered/mgmt/stage/s1/us/values.yaml'
	git add -A
	git commit -qm generator
	git push -q
	export PROMOTE
	gives 0 --push mgmt app patch-001
	logged main generator "$STEP1"
	gives 0 --push --approve=stage mgmt app patch-001
	has "$(git -C ../origin.git show main:rendered/mgmt/stage/s1/us/values.yaml)" "value: new"
	makefile generate: $'\texit 1'
	git commit -qam broken
	git push -q
	state
	gives 1 --push mgmt app patch-001
	as_before
}

@test "--branch: from HEAD, beside what is checked out" {
	put $APP/values.yaml "mine: 1"
	state
	gives 0 --branch=next mgmt app patch-001
	has "$output" "✓ Committed to next: $(git rev-parse --short=12 next)"
	[ "$(git log --format=%s next)" = "$STEP1
first" ]
	[ "$(git_state | grep -v refs/heads/next)" = "$remember_git" ] || fail "$(git_state)"
	# twice: the same
	first=$(git rev-parse next)
	gives 0 --branch=next mgmt app patch-001
	has "$output" "✓ Already on next: ${first:0:12}"
	[ "$(git rev-parse next)" = "$first" ]
	# work of a person on it is not lost
	git worktree add -q ../work next
	git -C ../work commit -q --allow-empty -m "my work"
	gives 4 --branch=next mgmt app patch-001
	has "$stderr" "ERROR: --branch=next: the branch is checked out in "
	git worktree remove ../work
	gives 4 --branch=next mgmt app patch-001
	has "$stderr" "branch next has a commit that is not a step of this patch: "
	has "$stderr" " my work; it would be lost: name another branch, or delete this one"
	gives 4 --branch=main mgmt app patch-001
}

@test "--branch --push: the remote has it, and main stays" {
	gives 0 --branch=next --push mgmt app patch-001
	has "$output" "✓ Pushed to next of origin: $(git rev-parse --short=12 origin/next)"
	logged next "$STEP1"
	logged main
	[ "$(git rev-parse HEAD)" = "$(git rev-parse origin/main)" ]
	has_not "$(git branch)" next
	# reset to the fresh step, at what main is then
	other git commit -q --allow-empty -m theirs
	other git push -q
	gives 0 --branch=next --push mgmt app patch-001
	logged next theirs "$STEP1"
}

@test "--pull-request: the command gets what a reviewer reads" {
	# shellcheck disable=SC2016 # for the command
	export PROMOTE_PULL_REQUEST='echo "$PROMOTE_BRANCH $PROMOTE_BASE $PROMOTE_REMOTE $PROMOTE_COMMIT" >"$TMPDIR/../asked"
		printf "%s\n" "$PROMOTE_TITLE" "$PROMOTE_BODY" >"$TMPDIR/../text"; echo "https://host/1"'
	git commit -q --allow-empty -m second
	git push -q
	gives 0 --pull-request mgmt app patch-001
	commit=$(git rev-parse origin/promote/mgmt/app/patch-001)
	has "$output" "✓ Pushed to promote/mgmt/app/patch-001 of origin: ${commit:0:12}
✓ Pull request: https://host/1"
	[ "$(cat ../asked)" = "promote/mgmt/app/patch-001 main origin $commit" ] || fail "$(cat ../asked)"
	[ "$(cat ../text)" = "$STEP1
## Promote patch-001 of app to integration/s2

- Cluster type: \`mgmt\`
- Found patch: \`config/mgmt/app/integration/s1/patch-001.yaml\`
- Target: \`config/mgmt/app/integration/s2/patch-001.yaml\`

### Effect

1 of 4 targets changes: \`integration/s2/us\`

| Path | Old | New | Targets |
| --- | --- | --- | --- |
| \`value\` | (unset) | \`new\` | all 1 |

### Positions

integration ●●● stage ○

### Next

- Next promotion target: \`config/mgmt/app/stage/s1/patch-001.yaml\`
- Manual gate: \`stage\`

### Command

    promote --pull-request mgmt app patch-001

### Consolidation

- Consolidated to environment level: \`config/mgmt/app/integration/patch-001.yaml\`

### Files

| File | Change |
| --- | --- |
| \`config/mgmt/app/integration/patch-001.yaml\` | new |
| \`config/mgmt/app/integration/s1/patch-001.yaml\` | removed |" ] || fail "$(cat ../text)"
	gives 0 -o json --pull-request mgmt app patch-001
	has "$output" '"pullRequest": "https://host/1"'
	has "$output" "\"commit\": \"$commit\""
	rm ../asked ../text
	copies integration/s1
}

@test "--pull-request: the text cannot be written, and the branch is pushed already" {
	export PROMOTE_PULL_REQUEST=true
	put .git/hooks/pre-push '#!/bin/sh
cd "$TMPDIR"/promote-git-* && mkdir pull-request.md'
	chmod +x .git/hooks/pre-push
	gives 1 -o json --pull-request mgmt app patch-001
	rm -r "$TMPDIR"/promote-git-*
	has "$stderr" "ERROR: branch promote/mgmt/app/patch-001 is pushed, but no pull request was opened: "
	has "$output" '"code": "pull-request"'
	logged promote/mgmt/app/patch-001 "$STEP1"
}

@test "--pull-request: what somebody has amended is not lost" {
	export PROMOTE_PULL_REQUEST=true
	gives 0 --pull-request mgmt app patch-001
	other git checkout -q promote/mgmt/app/patch-001
	put ../other/$APP/integration/patch-001.yaml "value: better"
	GIT_COMMITTER_DATE="@4000000000 +0000" git -C ../other commit -q --amend --no-edit -a
	git -C ../other push -qf
	git fetch -q
	state
	nothing_done 4 "branch promote/mgmt/app/patch-001 has a commit that is not a step of this patch: $(git -C ../other rev-parse --short=12 HEAD) $STEP1; it would be lost: name another branch, or delete this one" --pull-request mgmt app patch-001
	# the same files again, at another time: nothing is lost
	git -C ../origin.git update-ref -d refs/heads/promote/mgmt/app/patch-001
	gives 0 --pull-request mgmt app patch-001
	git fetch -q
	git -C ../other fetch -q
	git -C ../other reset -q --hard origin/promote/mgmt/app/patch-001
	GIT_COMMITTER_DATE="@4000000000 +0000" git -C ../other commit -q --amend --no-edit
	git -C ../other push -qf
	gives 0 --pull-request mgmt app patch-001
	has "$output" "✓ Already on promote/mgmt/app/patch-001 of origin: $(git -C ../other rev-parse --short=12 HEAD)"
}

@test "--pull-request: gates and who has opened them, and no command" {
	gives 0 --push mgmt app patch-001
	state
	nothing_done 3 "config/config.yaml has no pull_request_command, nor is PROMOTE_PULL_REQUEST set; nothing was pushed" --pull-request --approve=stage mgmt app patch-001
	# shellcheck disable=SC2016 # for the command
	echo 'pull_request_command: cat "$PROMOTE_BODY_FILE" >../body; exit 3' >>config/config.yaml
	git commit -qam command
	git push -q
	gives 1 --pull-request --approve=stage mgmt app patch-001
	has "$stderr" "ERROR: branch promote/mgmt/app/patch-001 is pushed, but no pull request was opened: the command failed with exit status 3; run it again when it works"
	has "$(cat ../body)" "- Gate opened by Ann Lee &lt;ann@&#8203;example.com&gt;: \`stage\`"
	rm ../body
	# no effect, no pull request: nothing is to be done
	gives 0 --pull-request --to=integration mgmt app patch-001
	[ "${lines[1]}" = "✓ integration is covered already: nothing to do" ] || fail "$output"
	[ ! -e ../body ]
}

@test "--pull-request: from a detached HEAD, and never into itself" {
	# shellcheck disable=SC2016 # for the command
	export PROMOTE_PULL_REQUEST='echo "$PROMOTE_BRANCH into $PROMOTE_BASE"'
	git checkout -q --detach
	gives 0 --pull-request mgmt app patch-001
	has "$output" "✓ Pull request: promote/mgmt/app/patch-001 into main"
	state
	nothing_done 2 "--branch=main: that is the branch that the step begins at; leave the option out" --pull-request --branch=main mgmt app patch-001
	git checkout -q promote/mgmt/app/patch-001 2>/dev/null
	state
	nothing_done 4 "branch promote/mgmt/app/patch-001 is the one that is checked out, and cannot be pulled into itself; check out the one that it is for, or name another one: --branch=NAME" --pull-request --approve=stage mgmt app patch-001
	gives 0 --pull-request --branch=next --approve=stage mgmt app patch-001
	has "$output" "✓ Pull request: next into promote/mgmt/app/patch-001"
}

@test "--push: TMPDIR is a path from where the user is" {
	local fleet=${PWD##*/}
	mkdir ../rel
	(cd .. && TMPDIR=rel gives 0 -C "$fleet" --push mgmt app patch-001)
	logged main "$STEP1"
	[ -z "$(ls ../rel)" ] || fail "$(ls ../rel)"
	[ -z "$(git status --porcelain)" ] || fail "$(git status --porcelain)"
	rmdir ../rel
	state
	(cd .. && TMPDIR=rel gives 1 -C "$fleet" --push --approve=stage mgmt app patch-001 && has "$stderr" "cannot make a directory in rel")
	as_before
}

@test "--push: who ends it at the question leaves nothing" {
	gives 0 --push mgmt app patch-001
	state
	at_terminal 1 --answer "open it: " ^C -- --push mgmt app patch-001
	has "$output" "ERROR: interrupted before the commit was pushed; nothing has changed"
	as_before
	[ -z "$(ls "$TMPDIR")" ] || fail "$(ls "$TMPDIR")"
	at_terminal 5 --answer "open it: " no -- --push mgmt app patch-001
	as_before
	at_terminal 0 --answer "open it: " stage -- --push mgmt app patch-001
	logged main "$STEP1" "$STEP2"
}

@test "--push --no-input: git asks for no password, whatever it does" {
	git config remote.origin.uploadpack "'$BATS_TEST_TMPDIR/pack' upload-pack"
	git config remote.origin.receivepack "'$BATS_TEST_TMPDIR/pack' receive-pack"
	put "$BATS_TEST_TMPDIR/pack" "#!/bin/sh
echo \"\$1 \${GIT_TERMINAL_PROMPT-asks}\" >>'$BATS_TEST_TMPDIR/asked'
exec git \"\$@\""
	chmod +x "$BATS_TEST_TMPDIR/pack"
	gives 0 --push --no-input mgmt app patch-001
	git checkout -q --detach
	gives 0 --push --branch=next --no-input --approve=stage mgmt app patch-001
	[ "$(sort -u "$BATS_TEST_TMPDIR/asked")" = "receive-pack 0
upload-pack 0" ] || fail "$(cat "$BATS_TEST_TMPDIR/asked")"
	gives 0 --push --branch=next --approve=stage mgmt app patch-001
	has "$(cat "$BATS_TEST_TMPDIR/asked")" "upload-pack asks"
}

@test "start, rollback, retire, hold and release are published, too" {
	gives 0 start --push --set=other=1 mgmt app patch-002
	gives 0 rollback --push --all mgmt app patch-002
	gives 0 hold --push --reason=wait mgmt app
	has "$output" "✓ Pushed to main of origin: "
	gives 0 hold --push --reason=wait mgmt app
	has_not "$output" "Pushed"
	gives 0 release --push --reason=wait -o json mgmt app
	has "$output" '"remote": "origin"'
	logged main "Start patch-002 of app at integration/s1/us" "Roll back patch-002 of app" "Hold app" "Release app"
	export PROMOTE_PULL_REQUEST='echo "$PROMOTE_TITLE"; cat "$PROMOTE_BODY_FILE" >../body'
	gives 0 hold --pull-request --reason=wait mgmt
	has "$output" "Pushed to promote/mgmt/hold of origin"
	has "$output" "Pull request: Hold mgmt"
	has "$(cat ../body)" "    promote hold --pull-request --reason=wait mgmt"
	# and a long one is cut at a section
	printf -- "- reason: $(printf 'x%.0s' {1..100})\n  by: me\n  since: 2026-01-01T00:00:00Z\n%.0s" {1..376} >config/hold.yaml
	git add -A
	git commit -qm holds
	git push -q
	gives 0 release --pull-request
	[ "$(wc -c <../body)" -lt 65536 ] || fail "$(wc -c <../body)"
	has "$(cat ../body)" "    promote release --pull-request"
	rm ../body
	# a hold of something else is not a hold of this
	gives 0 hold --branch=held --reason=wait mgmt app
	gives 0 hold --branch=held --reason=wait --until=4000-01-01T00:00:00Z mgmt app
	gives 4 hold --branch=held --reason=wait mgmt
	# nor is one for another reason, whoever has asked for that
	gives 4 hold --branch=held --reason=more mgmt app
	has "$stderr" "ERROR: branch held has a commit that is not this change: $(git rev-parse --short=12 held) Hold app; it would be lost: name another branch, or delete this one"
}

@test "--push: what was recovered here is told, also if the step then fails" {
	local patch
	for patch in patch-009 patch-001; do
		status=0
		"$PROMOTE" -q mgmt app patch-001 --generate-command="kill -KILL $run_above" 3>&- || status=$?
		[ "$status" = 137 ] || fail "exit status $status"
		gives $([ $patch = patch-001 ] && echo 0 || echo 3) -o json --push mgmt app $patch
		has "$output" '"outcome": "undone"'
		[ "$(grep -c "A run was killed" <<<"$stderr")" = 1 ] || fail "$stderr"
	done
	logged main "$STEP1"
}

@test "--push: a hold that somebody else has released meanwhile" {
	local format
	other true
	for format in text json markdown; do
		rm -f .git/hooks/pre-push
		gives 0 hold --push --reason=wait mgmt app
		put .git/hooks/pre-push "#!/bin/sh
unset \$(git rev-parse --local-env-vars)
cd '$BATS_TEST_TMPDIR/other' && git pull -q && '$PROMOTE' release --push mgmt app >/dev/null"
		chmod +x .git/hooks/pre-push
		gives 0 release --push -o $format mgmt app
		case $format in
		text) has "$output" "Nothing to do: this hold was removed meanwhile: config/mgmt/app/hold.yaml:1:3: wait" ;;
		json) has "$output" '"action": "none"' ;;
		markdown)
			has "$output" "## Release mgmt app"
			has "$output" "- Nothing to do: this hold was removed meanwhile: config/mgmt/app/hold.yaml:1:3: wait"
			;;
		esac
		has_not "$output" "Pushed"
		has_not "$output" '"commit"'
	done
	logged main "Hold app" "Release app" "Hold app" "Release app" "Hold app" "Release app"
}

@test "a dry run fetches nothing" {
	mv ../origin.git ../gone.git
	prints "$(promote -n mgmt app patch-001 | sed -E 's/([0-9a-f]{8}-){7}[0-9a-f]{8}/DIGEST/')" -n --push mgmt app patch-001
	mv ../gone.git ../origin.git
}

@test "a worktree, a root below the top, SHA-256, a shallow clone" {
	git worktree add -q ../tree -b side
	git -C ../tree push -qu origin side 2>/dev/null
	(cd ../tree && gives 0 --push mgmt app patch-001 && [ "$(git rev-parse HEAD)" = "$(git -C ../origin.git rev-parse side)" ])
	git worktree remove ../tree
	logged side "$STEP1"
	git clone -q --depth=1 "file://$(realpath ../origin.git)" ../shallow
	identity ../shallow
	(cd ../shallow && gives 0 --push mgmt app patch-001)
	logged main "$STEP1"
	rm -rf ../shallow ../top ../sha.git
	git init -q --bare -b main --object-format=sha256 ../sha.git
	git init -q -b main --object-format=sha256 ../top
	identity ../top
	make_fleet ../top/fleets/a
	(
		cd ../top/fleets/a
		git remote add origin ../sha.git
		git add -A
		git commit -qm first
		git push -qu origin main
		gives 0 --push mgmt app patch-001
		[ -z "$(git status --porcelain)" ]
		[ "$(git -C ../../../sha.git log -1 --format=%s)" = "$STEP1" ]
	)
	rm -rf ../top ../sha.git
}

@test "what a run has left that was killed while it opened a pull request is removed, too" {
	no_valgrind "the process is killed by its name's number"
	(
		echo $BASHPID >"$BATS_TEST_TMPDIR/pid"
		# shellcheck disable=SC2016 # for the command
		PROMOTE_PULL_REQUEST='kill -9 $(cat "$TMPDIR/../pid"); sleep 20' exec "$PROMOTE" --pull-request mgmt app patch-001
	) >/dev/null 2>&1 || true
	[ -e "$TMPDIR"/promote-git-*/pull-request.md ]
	gives 0 --push mgmt app patch-001
	[ -z "$(ls "$TMPDIR")" ] || fail "$(ls -R "$TMPDIR")"
}

@test "what a killed run has left is removed by the next" {
	no_valgrind "the process is killed by its name's number"
	put ../origin.git/hooks/pre-receive "#!/bin/sh
kill -9 \$(cat $BATS_TEST_TMPDIR/pid); sleep 0.2; exit 1"
	chmod +x ../origin.git/hooks/pre-receive
	(
		echo $BASHPID >"$BATS_TEST_TMPDIR/pid"
		exec "$PROMOTE" --push mgmt app patch-001
	) >/dev/null 2>&1 || true
	sleep 0.5
	[ -n "$(ls "$TMPDIR")" ]
	[ "$(git worktree list | wc -l)" = 2 ]
	rm ../origin.git/hooks/pre-receive
	gives 0 --push mgmt app patch-001
	[ -z "$(ls "$TMPDIR")" ]
	[ "$(git worktree list | wc -l)" = 1 ]
	logged main "$STEP1"
}
