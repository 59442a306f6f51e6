# SPDX-License-Identifier: Apache-2.0
# explain --blame: since which commit a value is what it is.

load common

setup() {
	command -v git >/dev/null || skip "needs git"
	enter_fleet
	export GIT_CONFIG_GLOBAL=$BATS_TEST_TMPDIR/gitconfig GIT_CONFIG_SYSTEM=/dev/null
	export GIT_AUTHOR_NAME="Ann Å" GIT_AUTHOR_EMAIL=ann@example.com
	export GIT_COMMITTER_NAME=Bob GIT_COMMITTER_EMAIL=bob@example.com
	NOW=1774958400 # 2026-03-31T12:00:00Z
	git init -q -b main
	commit start
}

# commit SUBJECT: all that is there; each commit is a minute later than the one before
commit() {
	NOW=$((NOW + 60))
	git add -A
	GIT_AUTHOR_DATE="@0 +0000" GIT_COMMITTER_DATE="@$NOW +0000" git commit -q --allow-empty -m "$1"
}

# step ARGUMENT...: a step, committed under the words that made it
step() {
	promote -q mgmt app "$@" >/dev/null
	commit "$*"
}

# since SUBJECT [ARGUMENT...]: the value at integration/s1/us is since that commit; "" for none
since() {
	local wanted=$1
	shift
	gives 0 explain --blame -o json mgmt app "${TARGET:-integration/s1/us}" value "$@"
	[ -z "$stderr" ] || fail "$stderr"
	local got
	got=$("$PYTHON" -c 'import json, sys
(value,) = json.load(sys.stdin)["values"]
print(value["since"]["subject"] if value["since"] else "")' <<<"$output")
	[ "$got" = "$wanted" ] || fail "since '$got' and not '$wanted'" "$(git log --oneline)"
}

@test "explain --blame: who, when, and in which commit" {
	remember
	prints "value: new
  set by config/mgmt/app/integration/s1/patch-001.yaml:1
  since  $(git rev-parse --short=12 HEAD) 2026-03-31T12:01:00Z Ann Å: start" explain --blame mgmt app integration/s1/us
	prints "## Values of app at integration/s1/us

| Path | Value | Set by | Hides | Since |
| --- | --- | --- | --- | --- |
| \`value\` | \`new\` | \`config/mgmt/app/integration/s1/patch-001.yaml:1\` |  | \`$(git rev-parse --short=12 HEAD)\` 2026-03-31T12:01:00Z Ann Å: start |" \
		explain --blame -o markdown mgmt app integration/s1/us
	gives 0 explain --blame -o json mgmt app integration/s1/us
	has "$output" '"since": {
        "commit": "'"$(git rev-parse HEAD)"'",
        "date": "2026-03-31T12:01:00Z",
        "author": {
          "name": "Ann Å",
          "email": "ann@example.com"
        },
        "subject": "start",
        "recorded": null,
        "cut": false
      }'
	unchanged
}

@test "explain --blame: what moves, is consolidated and integrated is as old as before" {
	step patch-001
	TARGET=integration/s2/us since "patch-001"
	step patch-001 --approve=stage
	step patch-001
	[ ! -e $APP/stage ]
	since start
	TARGET=integration/s2/us since "patch-001"
	TARGET=stage/s1/us since "patch-001 --approve=stage"
	# and a move from one file to another, with another spelling
	: >$APP/values.yaml
	put $APP/integration/override.yaml "{'value': \"new\"} # by hand"
	put $APP/stage/patch-002.yaml "value: new"
	commit "moved by hand"
	since start
	TARGET=stage/s1/us since "patch-001 --approve=stage"
}

@test "explain --blame: another value and back is a change" {
	put $APP/values.yaml "value: [1, {a: 2}]"
	rm -r $APP/integration
	commit list
	since list
	put $APP/values.yaml "value: [1, {a: 0x2}] # the same"
	commit "the same"
	since list
	put $APP/values.yaml "value: [1, {a: '2'}]"
	commit text
	since text
	put $APP/values.yaml "value: [1, {a: 2}]"
	commit "a number again"
	since "a number again"
}

@test "explain --blame: what is not committed" {
	put $APP/integration/s1/patch-001.yaml "value: other"
	since ""
	remember
	prints "value: other
  set by config/mgmt/app/integration/s1/patch-001.yaml:1
  since  not committed" explain --blame mgmt app integration/s1/us
	gives 0 explain --blame -o markdown mgmt app integration/s1/us
	has "$output" "| not committed |"
	since start --rev=HEAD
	# a value that HEAD has is as old as there, whatever sets it now
	put $APP/integration/s1/patch-001.yaml "value: new # again"
	since start
	git rm -qrf --cached config
	since start
	rm -r .git
	git init -q
	commit empty
	git commit -q --amend --allow-empty -m "nothing" -- 2>/dev/null
	git rm -qrf --cached config
	GIT_COMMITTER_DATE="@$NOW +0000" git commit -q -m "no fleet"
	since ""
}

@test "explain --blame: a commit that is named" {
	step patch-001
	put $APP/integration/patch-001.yaml "value: newer"
	commit edited
	since edited
	since start --rev=HEAD~1
	since start --rev=HEAD~2
	TARGET=integration/s2/us since patch-001 --rev=HEAD~1
}

@test "explain --blame: a merge is followed into the parent that has the value" {
	git checkout -q -b side
	put $APP/integration/s1/patch-001.yaml "value: side"
	commit "of the side"
	git checkout -q main
	put $APP/values.yaml "another: 1"
	commit "of main"
	git merge -q --no-edit side
	since "of the side"
	gives 0 explain --blame mgmt app integration/s1/us another
	has "${lines[2]}" "of main"
	# both have it, by commits of their own: the first
	git checkout -q -b left
	put $APP/values.yaml "another: 2"
	commit left
	git checkout -q -b right HEAD~1
	put $APP/values.yaml "another: 2 # too"
	commit right
	git merge -q -s ours --no-edit left
	gives 0 explain --blame mgmt app integration/s1/us another
	has "${lines[2]}" "Ann Å: right"
	# none has it
	git checkout -q -b more HEAD~1
	put $APP/values.yaml "another: 3"
	commit more
	git checkout -q left
	git merge -q --no-commit -s ours more
	put $APP/values.yaml "another: 4"
	commit "made by the merge"
	gives 0 explain --blame mgmt app integration/s1/us another
	has "${lines[2]}" "made by the merge"
}

@test "explain --blame: clocks that are wrong" {
	NOW=1774000000
	put $APP/values.yaml "b: 1"
	commit "long ago"
	git checkout -q -b side
	NOW=1873000000
	put $APP/values.yaml "b: 2"
	commit "in the future"
	NOW=1773000000
	put $APP/values.yaml "b: 2 # again"
	commit "before all"
	git checkout -q main
	NOW=1872000000
	put $APP/values.yaml "c: 2"
	commit main
	git merge -q --no-edit -X theirs side
	since start
	gives 0 explain --blame mgmt app integration/s1/us b
	has "${lines[2]}" "Ann Å: in the future"
}

@test "explain --blame: positions that were given other names" {
	step patch-001
	git mv $APP/integration $APP/first
	sed -i 's/name: integration/name: first/; s/\[us/[usa/' config/config.yaml
	commit renamed
	TARGET=first/s1/usa since start
	TARGET=first/s2/usa since patch-001
	# one more position: which one was it?
	sed -i 's/\[usa, eu\]/[us, eu, fi]/' config/config.yaml
	commit "one more"
	TARGET=first/s1/us since "one more"
	TARGET=first/s1/fi since "one more"
	TARGET=first/s1/eu since start
	# not committed
	sed -i 's/, fi/, pt/' config/config.yaml
	TARGET=first/s1/pt since "one more"
}

@test "explain --blame: a target that was not one" {
	sed -i 's/regions: \[us, eu\]/regions: [us]/' config/config.yaml
	commit fewer
	since start
	put config/config.yaml "dimensions: [environments, sectors]
sequence:
  environments: [{name: integration, sectors: [s1]}]
cluster_types: [{name: mgmt}]"
	commit "no regions"
	TARGET=integration/s1 since "no regions"
	# as many positions, and not at the same depths
	put config/config.yaml "dimensions: [environments, sectors]
sequence:
  environments: [{name: integration, sectors: [s2]}, {name: stage}]
cluster_types: [{name: mgmt}]"
	rm -r $APP/integration
	put $APP/values.yaml "value: new"
	commit three
	put config/config.yaml "dimensions: [environments, sectors]
sequence:
  environments: [{name: first, sectors: [a, b]}]
cluster_types: [{name: mgmt}]"
	commit "another three"
	TARGET=first/a since "another three"
}

@test "explain --blame: a commit that cannot be read is looked through" {
	put $APP/values.yaml "a: {"
	commit broken
	put $APP/values.yaml "more: 1"
	commit mended
	gives 0 explain --blame mgmt app integration/s1/us
	has "$output" "Ann Å: start"
	has "$output" "Ann Å: mended"
	local name
	name=$(git rev-parse HEAD~1)
	[ "${#stderr_lines[@]}" -eq 1 ]
	has "$stderr" "WARNING: commit ${name:0:12} is looked through: config/mgmt/app/values.yaml:2:1: not valid YAML: while parsing a flow node did not find expected node content"
	for i in 1 2 3 4 5 6 7; do
		put config/config.yaml "$i: ["
		commit "broken $i"
	done
	git checkout -q main~7 -- config
	put $APP/integration/s1/patch-001.yaml "value: last"
	commit last
	gives 0 explain --blame mgmt app integration/s1/us
	has "${lines[2]}" "Ann Å: mended"
	has "${lines[5]}" "Ann Å: last"
	[ "${#stderr_lines[@]}" -eq 6 ]
	[ "${stderr_lines[5]}" = "WARNING: and more commits cannot be read" ]
}

@test "explain --blame: no fleet, no application before" {
	mkdir -p config/mgmt/new
	put config/mgmt/new/values.yaml "value: 1"
	commit "an application"
	gives 0 explain --blame mgmt new stage/s1/us
	has "$output" "Ann Å: an application"
	git checkout -q --orphan again
	git rm -qrf config
	put other "x"
	commit "no fleet"
	git checkout -q main -- config
	commit "a fleet"
	since "a fleet"
}

@test "explain --blame: a shallow clone says where it ends" {
	step patch-001
	local start new
	start=$(git rev-parse HEAD~1)
	commit other
	git clone -q --depth 2 "file://$ROOT" "$BATS_TEST_TMPDIR/clone"
	cd "$BATS_TEST_TMPDIR/clone"
	new=$(git rev-parse --short=12 HEAD~1)
	gives 0 explain --blame mgmt app integration/s1/us
	has "$output" "  since  $new or before, which this clone does not have: 2026-03-31T12:02:00Z Ann Å: patch-001"
	gives 0 explain --blame -o json mgmt app integration/s1/us
	has "$output" '"cut": true'
	gives 0 explain --blame -o markdown mgmt app integration/s1/us
	has "$output" "| \`$new\` or before: 2026-03-31T12:02:00Z Ann Å: patch-001 |"
	git fetch -q --unshallow
	since start
	# a message that looks like the end of a clone
	git checkout -q --orphan again
	commit $'root\n\nparent 0123456789012345678901234567890123456789'
	gives 0 explain --blame -o json mgmt app integration/s1/us
	has "$output" '"cut": false'
	[ -n "$start" ]
}

@test "explain --blame: the step that a message tells" {
	put $APP/integration/s1/patch-001.yaml "value: stepped"
	commit "Squashed (#12)

Promote-Patch: mgmt/app/patch-001
Promote-Action: promote
Promote-From: integration/s1
Promote-To: integration/s2
Promote-Approved-By: Ann <ann@example.com> (integration)
Promote-Options: --level=region"
	gives 0 explain --blame mgmt app integration/s1/us
	has "${lines[2]}" "Ann Å: Squashed (#12)"
	[ "${lines[3]}" = "  step   Promote patch-001 of app to integration/s2" ]
	gives 0 explain --blame -o markdown mgmt app integration/s1/us
	has "$output" "Ann Å: Squashed (\\#&#8203;12)<br>Promote patch-001 of app to integration/s2 |"
	gives 0 explain --blame -o json mgmt app integration/s1/us
	has "$output" '"recorded": {
          "action": "promote",
          "from": [
            "integration/s1"
          ],
          "to": [
            "integration/s2"
          ],
          "consolidated": [],
          "approved": [
            "Ann <ann@example.com> (integration)"
          ],
          "options": [
            "--level=region"
          ],
          "reason": null,
          "clusterType": "mgmt",
          "application": "app",
          "patch": "patch-001"
        }'
	put $APP/integration/s1/patch-001.yaml "value: again"
	commit "Promote patch-001 of app to integration/s2

Promote-Patch: mgmt/app/patch-001
Promote-Action: promote
Promote-From: integration/s1
Promote-To: integration/s2"
	gives 0 explain --blame mgmt app integration/s1/us
	[ "${#lines[@]}" -eq 3 ]
	put $APP/integration/s1/patch-001.yaml "value: held"
	commit "Hold

Promote-Action: hold
Promote-Reason: wait"
	gives 0 explain --blame -o json mgmt app integration/s1/us
	has "$output" '"action": "hold",'
	has "$output" '"reason": "wait"'
	has "$output" '"patch": null'
}

@test "explain --blame: names that could control a terminal, and a configuration that prints more" {
	git config log.showSignature true
	git config log.decorate full
	git config log.date relative
	git config log.mailmap true
	git config format.pretty oneline
	git config color.ui always
	put .mailmap "Eve <ann@example.com>"
	put $APP/integration/s1/patch-001.yaml "value: $(printf '\xc3\xa9')"
	GIT_AUTHOR_NAME=$'Eve\e[2J' commit $'sub\e]0;ject\a'
	gives 0 explain --blame mgmt app integration/s1/us
	has "${lines[2]}" 'Eve\x1b[2J: sub\x1b]0;ject\x07'
	git config i18n.commitEncoding ISO-8859-1
	put $APP/integration/s1/patch-001.yaml "value: latin"
	GIT_AUTHOR_NAME=Ann commit $'gr\xfc\xdfe'
	gives 0 explain --blame mgmt app integration/s1/us
	has "${lines[2]}" 'Ann: grüße'
}

@test "explain --blame: a fleet below the top, names that git could take for something else" {
	local top=$BATS_TEST_TMPDIR/fleet/top
	rm -rf .git
	mkdir "$top"
	mv config "$top"
	git init -q --object-format=sha256 .
	cd "$top"
	mv config/mgmt/app "config/mgmt/:(top)-a*[b]"
	commit start
	put "config/mgmt/:(top)-a*[b]/values.yaml" "more: 1"
	commit more
	put "config/mgmt/app/values.yaml" "more: 1"
	commit other
	gives 0 explain --blame mgmt ":(top)-a*[b]" integration/s1/us
	has "${lines[2]}" "Ann Å: more"
	has "${lines[5]}" "Ann Å: start"
	git worktree add -q --detach "$BATS_TEST_TMPDIR/linked"
	cd "$BATS_TEST_TMPDIR/linked/top"
	gives 0 explain --blame mgmt ":(top)-a*[b]" integration/s1/us
	has "${lines[5]}" "Ann Å: start"
}

@test "explain --blame: no repository, no commit, no git, a missing object" {
	git init -q "$BATS_TEST_TMPDIR/none"
	cp -R config "$BATS_TEST_TMPDIR/none"
	cd "$BATS_TEST_TMPDIR/none"
	gives 3 explain --blame mgmt app integration/s1/us
	one_error "no commit 'HEAD'"
	rm -rf .git
	gives 3 explain --blame mgmt app integration/s1/us
	one_error "no commit 'HEAD': not a git repository (or any of the parent directories): .git"
	cd "$ROOT"
	PATH=/nowhere gives 1 explain --blame mgmt app integration/s1/us
	one_error "cannot run git to read the commit 'HEAD'"
	put $APP/integration/s1/patch-001.yaml "value: newer"
	commit newer
	local gone
	gone=$(git rev-parse HEAD~1:$APP/integration/s1/patch-001.yaml)
	rm -f ".git/objects/${gone:0:2}/${gone:2}"
	gives 1 explain --blame mgmt app integration/s1/us
	one_error "config/mgmt/app/integration/s1/patch-001.yaml: its object is missing from the repository; git fetch --refetch brings it"
	gone=$(git rev-parse HEAD~1^{tree})
	rm -f ".git/objects/${gone:0:2}/${gone:2}"
	gives 1 explain --blame mgmt app integration/s1/us
	has "$stderr" "ERROR: git does not tell which commits there were"
}

@test "explain --blame: git is not run in the fleet of another user" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	chown -R 65534 .
	remember
	gives 3 explain --blame mgmt app integration/s1/us
	has "$stderr" "ERROR: "
	has "$stderr" "safe.directory"
	[ -z "$output" ]
	unchanged
	gives 0 explain mgmt app integration/s1/us
}

@test "explain --blame: an application that had another name" {
	put $APP/values.yaml "more: 1"
	commit more
	git mv config/mgmt/app config/mgmt/app-2
	commit "another name"
	step_of() {
		gives 0 explain --blame mgmt "$1" integration/s1/us
		has "${lines[2]}" "Ann Å: $2"
		has "${lines[5]}" "Ann Å: $3"
	}
	step_of app-2 more start
	# and then the cluster type, with a position's name and another value
	git mv config/mgmt config/edge
	sed -i 's/mgmt/edge/; s/\[us, eu\]/[usa, eu]/' config/config.yaml
	put config/edge/app-2/integration/override.yaml "more: 2"
	commit "another type"
	gives 0 explain --blame edge app-2 integration/s1/usa
	has "${lines[3]}" "Ann Å: another type"
	has "${lines[6]}" "Ann Å: start"
	# a copy is none: the other is still there
	cp -R config/edge/app-2 config/edge/app-3
	commit copy
	gives 0 explain --blame edge app-3 integration/s1/usa
	has "${lines[6]}" "Ann Å: copy"
	# two that are gone: which one was it?
	git mv config/edge/app-3 config/edge/app-4
	git rm -qr config/edge/app-2
	commit two
	gives 0 explain --blame edge app-4 integration/s1/usa
	has "${lines[6]}" "Ann Å: two"
	# one that is new, and one without values.yaml
	put config/edge/new/values.yaml "value: 1"
	put config/edge/none/integration/patch-001.yaml "value: 1"
	commit new
	gives 0 explain --blame edge new integration/s1/usa
	has "${lines[2]}" "Ann Å: new"
	gives 0 explain --blame edge none integration/s1/usa
	has "${lines[2]}" "Ann Å: new"
	# the clone ends there
	git mv config/edge/new config/edge/newer
	commit newer
	gives 0 explain --blame edge newer integration/s1/usa
	has "${lines[2]}" "Ann Å: new"
	git clone -q --depth 1 "file://$ROOT" "$BATS_TEST_TMPDIR/clone"
	cd "$BATS_TEST_TMPDIR/clone"
	gives 0 explain --blame edge newer integration/s1/usa
	has "${lines[2]}" "or before"
	has "${lines[2]}" "Ann Å: newer"
}
