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
	local end="mgmt/app/patch-001 was integrated on $(at 6) by Jane Doe in $(short HEAD)"
	local done="✓ $end: nothing to do"
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
	# what needs a copy cannot be done, and says why there is none
	local command
	for command in rollback fill retire; do
		refuses_with 3 "ERROR: patch-001.yaml not found for app in any dimension
  $end" $command mgmt app patch-001
		refuses 3 "patch-009.yaml not found for app in any dimension" $command mgmt app patch-009
	done
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

@test "merges: when the branch had it, and what the other side did" {
	walk_start
	git checkout -qb side
	put $APP/integration/s2/patch-001.yaml "value: new"
	who=Ann commit "second sector"
	git checkout -q main
	put $APP/other.txt x
	commit unrelated
	merge side
	tells '[.events[] | [.action, .author.name, .date, .merged.date]]' \
		"[[\"start\",\"Jane Doe\",\"$(at 2)\",null],[\"promote\",\"Ann\",\"$(at 3)\",\"$(at 5)\"]]"
	tells '[.positions[] | [.position, .stays[0].reached.date]]' \
		"[[\"integration/s1/us\",\"$(at 2)\"],[\"integration/s2\",\"$(at 5)\"],[\"integration/s2/us\",\"$(at 5)\"]]"
	gives 0 history mgmt app patch-001
	has "$output" "promote, copies added: integration/s2; merged by $(short HEAD)"
	# both sides have changed copies
	git checkout -qb other
	put $APP/integration/s1/eu/patch-001.yaml "value: new"
	who=Bea commit "first sector"
	git checkout -q main
	put $APP/stage/patch-001.yaml "value: new"
	commit "stage"
	merge other
	tells '[.events[-2:][] | [.action, .added, [.joined[] | .author.name, .subject]]]' \
		'[["promote",["stage"],[]],["promote",["integration/s1/eu"],["Bea","first sector"]]]'
	gives 0 history mgmt app patch-001
	has "$output" "promote, copies added: integration/s1/eu; merge of $(short other) by Bea"
	# the branch was merged into the side on which it goes on, and the copies are gone on both
	git checkout -qb late "$(git rev-list --max-parents=0 HEAD)"
	put $APP/values.yaml "late: 1"
	commit late
	git checkout -q main
	git rm -rqf $APP/integration $APP/stage
	commit "give up"
	git checkout -q late
	merge main
	tells '[.state, [.events[] | .action]]' '["rolled-back",["start","promote","promote","promote","rollback"]]'
}

walk_start() {
	put $APP/integration/s1/us/patch-001.yaml "value: new"
	commit start
}

# merge BRANCH: into the one that is checked out, a day later
merge() {
	day=$((day + 1))
	dated git merge -q --no-ff -m "merge $1" "$1" || dated git commit -qam "merge $1"
	remember
}

@test "other names: of the patch, the application, the cluster type and of positions" {
	walk_start
	gives 0 mgmt app patch-001
	commit two
	git mv $APP/integration/s1/patch-001.yaml $APP/integration/s1/patch-007.yaml
	commit "another patch name"
	git mv config/mgmt/app config/mgmt/gateway
	commit "another application"
	git mv config/mgmt config/edge
	sed -i 's/name: mgmt/name: edge/' config/config.yaml
	commit "another cluster type"
	sed -i 's/name: s1/name: first/' config/config.yaml
	git mv config/edge/gateway/integration/s1 config/edge/gateway/integration/first
	commit "another sector"
	gives 0 history -o json edge gateway patch-007
	[ "$(jq -c '[.events[] | [.action, (.renamedFrom | if . then [.[]] else . end)]]' <<<"$output")" = \
		'[["start",null],["promote",null],["rename",["mgmt","app","patch-001"]],["rename",["mgmt","app","patch-007"]],["rename",["mgmt","gateway","patch-007"]],["rename",null]]' ] || fail "$output"
	[ "$(jq -c '[.positions[] | [.position, .formerly, .known, (.stays | length), .stays[0].reached.date, .stays[0].left]]' <<<"$output")" = \
		"[[\"integration/first\",\"integration/s1\",true,1,\"$(at 3)\",null],[\"integration/first/us\",\"integration/s1/us\",true,1,\"$(at 2)\",null],[\"integration/first/eu\",\"integration/s1/eu\",true,1,\"$(at 3)\",null]]" ] || fail "$output"
	gives 0 history edge gateway patch-007
	has "$output" "rename from mgmt/app/patch-001"
	has "$output" "integration/first (was integration/s1)"
	# the old name ends
	gives 0 history mgmt app patch-001
	has "$output" "mgmt/app/patch-001 was "
	# the same bytes under a new name are another patch if the old one is still there
	cp config/edge/gateway/integration/first/patch-007.yaml config/edge/gateway/integration/first/patch-008.yaml
	commit copied
	gives 0 history -o json edge gateway patch-008
	[ "$(jq -c '[.events[] | .action]' <<<"$output")" = '["start"]' ] || fail "$output"
}

@test "the fleet: a region more, a region less" {
	put $APP/integration/s1/patch-001.yaml "value: new"
	commit start
	sed -i 's/regions: \[us, eu\]/regions: [us, eu, asia]/' config/config.yaml
	commit "a region more"
	sed -i 's/regions: \[us, eu, asia\]/regions: [asia]/' config/config.yaml
	commit "regions less"
	tells '[.events[] | [.action, .covered, .targets]]' '[["start",2,4],["fleet",3,5],["fleet",1,3]]'
	tells '[.positions[] | [.position, .known, [.stays[] | [.reached.date[8:10], .left.date[8:10]]]]]' \
		'[["integration/s1",true,[["02",null]]],["integration/s1/asia",true,[["03",null]]],["integration/s1/eu",false,[["02","04"]]],["integration/s1/us",false,[["02","04"]]]]'
}

@test "how it ended, without trailers: retired, rolled back, removed, integrated" {
	walk_start
	put $APP/integration/s1/us/patch-002.yaml "value: newer"
	commit overtaken
	rm $APP/integration/s1/us/patch-001.yaml
	commit retired
	tells .state '"retired"'
	put $APP/integration/s1/us/patch-001.yaml "value: new"
	rm $APP/integration/s1/us/patch-002.yaml
	commit again
	rm $APP/integration/s1/us/patch-001.yaml
	commit "rolled back"
	tells .state '"rolled-back"'
	walk_start
	rm $APP/integration/s1/us/patch-001.yaml
	put $APP/values.yaml "value: new"
	commit "everywhere at once"
	tells .state '"removed"'
	tells '[.events[] | .action]' '["start","retire","start","rollback","start","remove"]'
	# values that cannot be read tell nothing
	put $APP/values.yaml "value: {"
	walk_start
	rm $APP/integration/s1/us/patch-001.yaml
	commit broken
	tells .state '"removed"'
	# but trailers do
	walk_start
	rm $APP/integration/s1/us/patch-001.yaml
	commit integrated "Promote-Patch: mgmt/app/patch-001
Promote-Action: integrate"
	tells .state '"integrated"'
}

@test "a shallow clone: what was before is said to be unknown" {
	walk_start
	gives 0 mgmt app patch-001
	commit two
	gives 0 mgmt app patch-001
	commit three
	git clone -q --depth 2 "file://$PWD" "$BATS_TEST_TMPDIR/clone"
	local first=$(short HEAD~1)
	cd "$BATS_TEST_TMPDIR/clone"
	remember
	gives 0 history mgmt app patch-001
	has "$output" "The clone is shallow and ends at $first: what was before is not known; 'git fetch --unshallow' gets it"
	has "$output" "at least 26d 12h"
	tells '[.whole, [.events[] | .action]]' '[false,["cut","promote"]]'
	gives 0 history -o markdown mgmt app patch-001
	has "$output" "The clone is shallow"
	refuses 3 "patch-of-last-year.yaml not found in the history of app: the clone is shallow; 'git fetch --unshallow' brings what came before" history mgmt app patch-of-last-year
}

@test "variables of the environment do not change what the paths mean" {
	walk_start
	for name in LITERAL GLOB NOGLOB ICASE; do
		export GIT_${name}_PATHSPECS=1
		tells '.events | length' 1
		unset GIT_${name}_PATHSPECS
	done
}

@test "no repository, no commit, another revision, a fleet below the top, SHA-256, a detached HEAD" {
	walk_start
	mv .git "$BATS_TEST_TMPDIR/away"
	gives 3 history mgmt app patch-001
	[ "${#stderr_lines[@]}" -eq 1 ] || fail "$stderr"
	git init -q
	gives 3 history mgmt app patch-001
	[ "${#stderr_lines[@]}" -eq 1 ] || fail "$stderr"
	rm -rf .git
	mv "$BATS_TEST_TMPDIR/away" .git
	gives 3 history mgmt app patch-001 --rev=nothing
	gives 3 history mgmt app patch-001 --rev=HEAD~1
	git checkout -q --detach
	gives 0 history mgmt app patch-001
	rm -rf .git
	mkdir below
	mv config below
	git init -q --object-format=sha256
	day=0
	commit all
	PROMOTE_NOW=2026-11-03T12:00:00Z prints "mgmt/app/patch-001 covers 1 of 4 targets

POSITION           REACHED               BY        IN            STAYED  LEFT
integration/s1/us  $(at 1)  Jane Doe  $(short HEAD)  2d 0h   -

COMMIT        TIME                  BY        COVERED  WHAT
$(short HEAD)  $(at 1)  Jane Doe  1/4      start, copies added: integration/s1/us" -C below history mgmt app patch-001
	git mv below/config config
	rmdir below || true
	commit "to the top"
	tells '.events | length' 1
}

@test "hostile names are data" {
	local name=$'a[b]*?\\ \xff"\'%s'
	mkdir -p config/mgmt/"$name"/integration/s1
	: >config/mgmt/"$name"/values.yaml
	printf 'value: 1\n' >config/mgmt/"$name"/integration/s1/'patch-[0]*.yaml'
	printf 'value: 1\n' >config/mgmt/"$name"/integration/s1/'patch-0.yaml'
	mkdir -p config/mgmt/-x/integration/s1
	: >config/mgmt/-x/values.yaml
	printf 'value: 1\n' >config/mgmt/-x/integration/s1/patch-1.yaml
	who=$'E\x1b[31mve' commit $'one\x1b[31m'
	gives 0 history mgmt "$name" 'patch-[0]*'
	has "$output" 'covers 2 of 4 targets'
	has_not "$output" $'\x1b'
	gives 0 history -o json mgmt "$name" 'patch-[0]*'
	[ "$(jq -c '[.events[] | .added]' <<<"$output")" = '[["integration/s1"]]' ] || fail "$output"
	gives 0 history -- mgmt -x patch-1
	git config log.showSignature true
	git config diff.renames copies
	git config log.showRoot false
	git config diff.noprefix true
	git config log.follow true
	git config core.quotePath true
	git config diff.orderFile nowhere
	git config log.diffMerges combined
	git config diff.relative false
	git config log.decorate full
	git config log.mailmap true
	git config format.pretty oneline
	git config core.abbrev 4
	gives 0 history -- mgmt -x patch-1
	has "$output" 'covers 2 of 4 targets'
}

@test "a copy that was another file, or copies of two patches, is a start" {
	local path n=10
	for path in config/a.yaml config/mgmt/a.yaml $APP/patch-009.yaml $APP/integration/a.yaml $APP/integration/patch-.yaml; do
		put $path "value: $path"
	done
	put $APP/integration/s1/patch-002.yaml "value: new"
	put $APP/integration/s2/patch-003.yaml "value: other"
	commit files
	for path in config/a.yaml config/mgmt/a.yaml $APP/patch-009.yaml $APP/integration/a.yaml $APP/integration/patch-.yaml; do
		n=$((n + 1))
		mkdir -p $APP/stage/s1
		git mv $path $APP/stage/s1/patch-0$n.yaml
		commit "moved"
		gives 0 history -o json mgmt app patch-0$n
		[ "$(jq -c '[.events[] | .action]' <<<"$output")" = '["start"]' ] || fail "$path" "$output"
	done
	git mv $APP/integration/s1/patch-002.yaml $APP/integration/s1/patch-001.yaml
	git mv $APP/integration/s2/patch-003.yaml $APP/integration/s2/patch-001.yaml
	commit both
	tells '[.events[] | .action]' '["start"]'
	git mv $APP/integration/s1/patch-001.yaml $APP/integration/s1/patch-004.yaml
	git mv $APP/integration/s2/patch-001.yaml $APP/integration/s2/patch-004.yaml
	commit "one name"
	gives 0 history -o json mgmt app patch-004
	[ "$(jq -c '[.events[] | .action]' <<<"$output")" = '["start","rename"]' ] || fail "$output"
	# the same names in two applications, and in two cluster types
	put config/mgmt/x/integration/s1/patch-005.yaml "value: 5"
	put config/mgmt/y/integration/s2/patch-005.yaml "value: 6"
	put config/edge/x/integration/s2/patch-005.yaml "value: 7"
	commit "three of them"
	git mv config/mgmt/x/integration/s1/patch-005.yaml $APP/integration/s1/patch-006.yaml
	git mv config/mgmt/y/integration/s2/patch-005.yaml $APP/integration/s2/patch-006.yaml
	commit "of two applications"
	gives 0 history -o json mgmt app patch-006
	[ "$(jq -c '[.events[] | .action]' <<<"$output")" = '["start"]' ] || fail "$output"
	put config/mgmt/x/integration/s1/patch-005.yaml "value: 8"
	commit again
	git mv config/mgmt/x/integration/s1/patch-005.yaml $APP/integration/s1/patch-007.yaml
	git mv config/edge/x/integration/s2/patch-005.yaml $APP/integration/s2/patch-007.yaml
	commit "of two cluster types"
	gives 0 history -o json mgmt app patch-007
	[ "$(jq -c '[.events[] | .action]' <<<"$output")" = '["start"]' ] || fail "$output"
}
