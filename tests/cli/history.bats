# SPDX-License-Identifier: Apache-2.0
# promote history: see also tests/judge/test_history.py

load common

setup() {
	enter_fleet
	command -v git >/dev/null || skip "needs git"
	export GIT_CONFIG_GLOBAL=$BATS_TEST_TMPDIR/gitconfig GIT_CONFIG_SYSTEM=/dev/null PROMOTE_NOW=2026-11-30T00:00:00Z
	git config --file "$GIT_CONFIG_GLOBAL" init.defaultBranch main
	who="Jane Doe" day=0
	rm -r $APP/integration
	git init -q
	commit fleet
}

# commit MESSAGE...: all that is there, a day after the last one, by $who; paragraphs as for git's -m
commit() {
	local words=() text
	day=$((day + 1))
	for text in "$@"; do words+=(-m "$text"); done
	git add -A
	dated git commit -q --allow-empty "${words[@]}"
	remember
}

dated() {
	local date
	date="2026-11-$(printf %02d "$day")T12:00:00Z"
	GIT_AUTHOR_NAME=$who GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=c GIT_COMMITTER_EMAIL=c@example.com \
		GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date "$@"
}

short() {
	git rev-parse "$1" | cut -c 1-12
}

at() {
	printf '2026-11-%02dT12:00:00Z' "$1"
}

# tells JQ TEXT [ARGUMENT...]: what jq makes of the document
tells() {
	gives 0 history -o json "${@:3}" mgmt app patch-001
	[ "$(jq -c "$1" <<<"$output")" = "$2" ] || fail "$(jq -c "$1" <<<"$output")" "expected: $2"
	unchanged
}

# walk: the patch goes from its start to its integration, a commit a step
walk() {
	gives 0 start mgmt app patch-001 --set value=new
	commit one
	for message in two three four five; do
		gives 0 mgmt app patch-001 --approve=stage
		commit "$message"
	done
}

@test "a whole rollout: when each position was reached, by whom, in which commit, and how long it stayed" {
	walk
	prints "mgmt/app/patch-001 was integrated on $(at 6) by Jane Doe in $(short HEAD)

POSITION           REACHED               BY        IN            STAYED  LEFT
integration        $(at 4)  Jane Doe  $(short HEAD~2)  2d 0h   $(at 6), integrate by Jane Doe in $(short HEAD)
integration/s1     $(at 3)  Jane Doe  $(short HEAD~3)  3d 0h   $(at 6), integrate by Jane Doe in $(short HEAD)
integration/s1/us  $(at 2)  Jane Doe  $(short HEAD~4)  4d 0h   $(at 6), integrate by Jane Doe in $(short HEAD)
stage              $(at 5)  Jane Doe  $(short HEAD~1)  1d 0h   $(at 6), integrate by Jane Doe in $(short HEAD)

COMMIT        TIME                  BY        COVERED  WHAT
$(short HEAD~4)  $(at 2)  Jane Doe  1/4      start, copies added: integration/s1/us
$(short HEAD~3)  $(at 3)  Jane Doe  2/4      promote, copies added: integration/s1, removed: integration/s1/us
$(short HEAD~2)  $(at 4)  Jane Doe  3/4      promote, copies added: integration, removed: integration/s1
$(short HEAD~1)  $(at 5)  Jane Doe  4/4      promote, copies added: stage
$(short HEAD)  $(at 6)  Jane Doe  0/4      integrate, removed: integration, stage" history mgmt app patch-001
	tells '[.state, .whole, .covered, .targets, .revision == "'"$(git rev-parse HEAD)"'"]' '["integrated",true,0,4,true]'
	tells '[.positions[] | [.position, .stays[0].seconds / 86400]]' \
		'[["integration",2],["integration/s1",3],["integration/s1/us",4],["integration/s1/eu",3],["integration/s2",2],["integration/s2/us",2],["stage",1],["stage/s1",1],["stage/s1/us",1]]'
}

@test "what trailers tell is shown: gates, consolidation, a reason" {
	put $APP/integration/patch-001.yaml "value: new"
	commit one
	put $APP/stage/patch-001.yaml "value: new"
	commit "Promote patch-001 of app to stage/s1" "Promote-Patch: mgmt/app/patch-001
Promote-Action: promote
Promote-From: integration
Promote-To: stage/s1
Promote-Consolidated: stage
Promote-Approved-By: Jane Doe <a@example.com> (stage)
Promote-Options: --level=sector"
	rm -r $APP/stage
	commit "Roll back" "Promote-Patch: mgmt/app/patch-001
Promote-Action: rollback
Promote-From: stage
Promote-To: integration
Promote-Reason: too slow"
	prints "mgmt/app/patch-001 covers 3 of 4 targets

POSITION     REACHED               BY        IN            STAYED   LEFT
integration  $(at 2)  Jane Doe  $(short HEAD~2)  27d 12h  -
stage        $(at 3)  Jane Doe  $(short HEAD~1)  1d 0h    $(at 4), rollback by Jane Doe in $(short HEAD)

COMMIT        TIME                  BY        COVERED  WHAT
$(short HEAD~2)  $(at 2)  Jane Doe  3/4      start, copies added: integration
$(short HEAD~1)  $(at 3)  Jane Doe  4/4      promote to stage/s1, consolidated to stage; gates: Jane Doe <a@example.com> (stage)
$(short HEAD)  $(at 4)  Jane Doe  3/4      rollback from stage to integration; reason: too slow" history mgmt app patch-001
	tells '[.events[].recorded | select(.) | [.action, .from, .to, .consolidated, .approved, .options, .reason]]' \
		'[["promote",["integration"],["stage/s1"],["stage"],["Jane Doe <a@example.com> (stage)"],["--level=sector"],null],["rollback",["stage"],["integration"],[],[],[],"too slow"]]'
	# of another patch
	put $APP/stage/patch-001.yaml "value: new"
	commit again "Promote-Patch: mgmt/app/patch-002
Promote-Action: promote"
	tells '[.events[-1].recorded, .positions[-1].stays | length]' '[0,2]'
}

@test "a patch that is finished: nothing to do, when and by which commit" {
	walk
	local done="✓ mgmt/app/patch-001 was integrated on $(at 6) by Jane Doe in $(short HEAD): nothing to do"
	prints "$done" mgmt app patch-001
	prints "$done" mgmt app patch-001 --to=integration --from=stage --no-generate
	prints "• ${done#✓ }

(dry run) Nothing was written" -n mgmt app patch-001
	gives 0 mgmt app patch-001 -o json
	[ "$(jq -c '[.action, .commit, .date, .source, .target, .next, .edits, .complete]' <<<"$output")" = \
		"[\"none\",\"$(git rev-parse HEAD)\",\"$(at 6)\",null,null,null,[],true]" ] || fail "$output"
	gives 0 mgmt app patch-001 -o markdown
	has "$output" "was integrated on"
	has_not "$output" "Found patch"
	gives 0 mgmt app patch-001 --quiet
	[ -z "$output$stderr" ] || fail "$output$stderr"
	gives 0 mgmt app patch-001 --commit
	unchanged
	# a copy astray and a near miss come first, whatever git has of the patch
	put $APP/nowhere/patch-001.yaml "value: new"
	remember
	gives 3 mgmt app patch-001
	has "$stderr" "is not at a position of config/config.yaml"
	rm -r $APP/nowhere
	put $APP/stage/patch-001.yml "value: new"
	remember
	gives 3 mgmt app patch-001
	has "$stderr" "did you mean patch-001.yaml?"
	rm -r $APP/stage
	# back in flight, and given up: not finished
	git revert --no-commit HEAD
	commit back
	rm -r $APP/integration $APP/stage
	remember
	refuses_with 3 "ERROR: patch-001.yaml not found for app in any dimension
  git's HEAD has copies of it, which the working tree has not" mgmt app patch-001
	commit "give up"
	refuses_with 3 "ERROR: patch-001.yaml not found for app in any dimension
  mgmt/app/patch-001 was rolled back on $(at 8) by Jane Doe in $(short HEAD)" mgmt app patch-001
	git revert --no-commit HEAD
	commit back
	put $APP/values.yaml "value: new"
	commit "by hand: first the value"
	rm -r $APP/integration $APP/stage
	commit "by hand: then the copies"
	prints "✓ mgmt/app/patch-001 was integrated on $(at 11) by Jane Doe in $(short HEAD): nothing to do" mgmt app patch-001
	# without git that can be run
	refuses_in_vain
}

# refuses_with STATUS TEXT ARGUMENT...: standard error is this text
refuses_with() {
	gives "$1" "${@:3}"
	[ "$stderr" = "$2" ] || fail "$stderr" "expected: $2"
	unchanged
}

# Without git, or without its repository, there is no copy, and that is all that is known.
refuses_in_vain() {
	mv .git "$BATS_TEST_TMPDIR/away"
	remember
	refuses 3 "patch-001.yaml not found for app in any dimension" mgmt app patch-001
	mv "$BATS_TEST_TMPDIR/away" .git
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/git"
	chmod +x "$BATS_TEST_TMPDIR/bin/git"
	remember
	PATH=$BATS_TEST_TMPDIR/bin:$PATH refuses 3 "patch-001.yaml not found for app in any dimension" mgmt app patch-001
}

@test "not in the history: near misses, what is not committed, and what is no fleet" {
	put $APP/integration/patch-001.yaml "value: new"
	commit one
	put $APP/integration/patch-005.yaml "value: new"
	remember
	refuses 3 "patch-01.yaml not found in the history of app. Did you mean 'patch-001'?" history mgmt app patch-01
	refuses 3 "patch-005.yaml not found in the history of app: its copies are not committed yet" history mgmt app patch-005
	refuses 3 "Application 'apps' not found. Available: app. Did you mean 'app'?" history mgmt apps patch-001
	refuses 3 "Cluster type 'mgm' not found. Available: mgmt. Did you mean 'mgmt'?" history mgm app patch-001
	refuses 2 "the patch name 'x' does not begin with 'patch-'; it is a file's name such as patch-001" history mgmt app x
}
