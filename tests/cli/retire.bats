# SPDX-License-Identifier: Apache-2.0
# promote retire: see also tests/rules/retire*.rule, tests/unit/test_retire.c and test_head.c

load common

# overtaken: patch-002 is everywhere where patch-001 is, and sets the same value
overtaken() {
	put $APP/integration/patch-002.yaml "value: newer"
	put $APP/integration/s1/us/patch-002.yaml "value: newer"
	put $APP/integration/s1/eu/patch-002.yaml "value: newer"
}

# committed: all is in a repository
committed() {
	command -v git >/dev/null || skip "needs git"
	export GIT_CONFIG_GLOBAL=$BATS_TEST_TMPDIR/gitconfig GIT_CONFIG_SYSTEM=/dev/null
	: >"$GIT_CONFIG_GLOBAL"
	[ -d .git ] || git init -q
	git add -A
	git -c user.name=t -c user.email=t@example.com commit -qm fleet --allow-empty
	remember
}

RETIRED="Found patch: config/mgmt/app/integration/s1/patch-001.yaml
✓ Removed patches: integration/s1

Effect: 0 of 4 targets change

patch-001 is not in the fleet any more"

@test "a patch that another one has overtaken: only its copies go" {
	overtaken
	committed
	prints "Found patch: config/mgmt/app/integration/s1/patch-001.yaml
• Would remove patches: integration/s1

Effect: 0 of 4 targets change

patch-001 would not be in the fleet any more

(dry run) Nothing was written
To do exactly this, or nothing:
--expect=DIGEST" retire -n mgmt app patch-001
	gives 0 retire mgmt app patch-001
	[ "$output" = "$RETIRED" ] || fail "$output"
	[ -z "$stderr" ] || fail "$stderr"
	[ "$(git status --porcelain)" = " D $APP/integration/s1/patch-001.yaml" ] || fail "$(git status --porcelain)"
	remember
	gives 3 retire mgmt app patch-001
	[ "$stderr" = "ERROR: patch-001.yaml not found for app in any dimension
  git's HEAD has copies of it, which the working tree has not" ] || fail "$stderr"
	unchanged
}

@test "a value that would change: exit status 4, and who would decide then" {
	put $APP/values.yaml "other: 1"
	put $APP/integration/s1/eu/override.yaml "value: eu"
	committed
	gives 4 retire mgmt app patch-001
	[ "$stderr" = "ERROR: Retiring patch-001 would change 1 of 4 targets; nothing is written
  nothing sets value then
patch-001 is needed as long as it decides about a value: finish it, or give it up with 'promote rollback'" ] || fail "$stderr"
	unchanged
	put $APP/integration/s1/override.yaml "value: older"
	remember
	gives 4 retire -o json mgmt app patch-001
	[ "$(jq -c '[.code, .position, .file, .line, .path, (.blockers[] | .message)]' <<<"$output")" = \
		'["values-would-change","integration/s1/us","config/mgmt/app/integration/s1/override.yaml",1,"value","config/mgmt/app/integration/s1/override.yaml:1 sets value to older"]' ] || fail "$output"
	unchanged
	put $APP/integration/s1/override.yaml "value: new"
	committed
	gives 0 retire -q mgmt app patch-001
	[ ! -e $APP/integration/s1/patch-001.yaml ]
}

@test "copies that differ, a gap and a gate do not matter; the differing ones are listed" {
	overtaken
	put $APP/stage/patch-001.yaml "value: other"
	put $APP/stage/patch-002.yaml "value: newer"
	committed
	gives 4 mgmt app patch-001
	gives 0 retire mgmt app patch-001
	[ "$(sed -n 2p <<<"$output")" = "✓ Removed patches: integration/s1, stage" ] || fail "$output"
	[ "$stderr" = "WARNING: the copies of patch-001 differed: value is other at stage, and new at integration/s1" ] || fail "$stderr"
}

@test "bytes that HEAD lacks need --accept-loss" {
	overtaken
	remember
	refuses 4 "$APP/integration/s1/patch-001.yaml would be lost: whether git's HEAD has these bytes is not known (not a git repository (or any of the parent directories): .git); commit it first, or go on with --accept-loss" retire mgmt app patch-001
	committed
	put $APP/integration/s1/patch-001.yaml "value: edited"
	remember
	for dry in "" -n; do
		refuses 4 "$APP/integration/s1/patch-001.yaml would be lost: git's HEAD does not have these bytes; commit it first, or go on with --accept-loss" retire $dry mgmt app patch-001
	done
	gives 4 retire -o json mgmt app patch-001
	[ "$(jq -c '[.code, .file, (.blockers[] | [.file, .message]), .commands]' <<<"$output")" = \
		'["not-committed","config/mgmt/app/integration/s1/patch-001.yaml",["config/mgmt/app/integration/s1/patch-001.yaml","config/mgmt/app/integration/s1/patch-001.yaml would be lost"],["promote retire -o json mgmt app patch-001 --accept-loss"]]' ] || fail "$output"
	gives 0 retire --accept-loss mgmt app patch-001
	[ "$output" = "$RETIRED" ] || fail "$output"
	[ "$stderr" = "WARNING: git's HEAD does not have the bytes of what was removed: $APP/integration/s1/patch-001.yaml" ] || fail "$stderr"
}

@test "a copy that has moved since the last commit is not lost" {
	committed
	mv $APP/integration/s1/patch-001.yaml $APP/integration/
	put $APP/integration/patch-002.yaml "value: newer"
	gives 0 retire -q mgmt app patch-001
	[ ! -e $APP/integration/patch-001.yaml ]
}

@test "another user's repository is asked nothing; a dry run of it runs no git" {
	[ "$(id -u)" -eq 0 ] || skip "only root can make files of another user"
	unset SUDO_UID
	overtaken
	committed
	chown -R nobody .
	mkdir ../bin
	put ../bin/git "#!/bin/sh
		touch '$BATS_TEST_TMPDIR/ran'"
	chmod +x ../bin/git
	PATH=$BATS_TEST_TMPDIR/bin:$PATH gives 4 retire -n mgmt app patch-001
	has "$stderr" "whether git's HEAD has these bytes is not known (no program is run in a fleet that is not trusted);"
	[ ! -e ../ran ] || fail "git was run"
	gives 4 retire --trust mgmt app patch-001
	has "$stderr" "whether git's HEAD has these bytes is not known (detected dubious ownership in repository at '$ROOT');"
	printf '[safe]\ndirectory = %s\n' "$ROOT" >"$GIT_CONFIG_GLOBAL"
	gives 0 -q retire mgmt app patch-001
}

@test "the story of two patches: the older one is overtaken, and the newer one finished" {
	makefile 'generate:' "	@:"
	gives 0 -q mgmt app patch-001
	put $APP/integration/s1/us/patch-002.yaml "value: newer"
	committed
	for level in region sector; do
		gives 0 -q --accept-conflict --level=$level mgmt app patch-002
	done
	gives 0 -q --approve=stage mgmt app patch-002
	gives 4 mgmt app patch-002
	[ "$stderr" = "ERROR: Integration into config/mgmt/app/values.yaml would change 3 of 4 targets; nothing is written
  config/mgmt/app/integration/patch-001.yaml:1 sets value to new
no value needs that patch any more: retire it, or finish it first, since a patch in flight wins over values.yaml
Try: promote retire mgmt app patch-001" ] || fail "$stderr"
	gives 4 -C . -o json mgmt app patch-002
	[ "$(jq -c .commands <<<"$output")" = '["promote -C . retire mgmt app patch-001"]' ] || fail "$output"
	gives 0 status
	has "$output" "superseded by patch-002"
	$(jq -r '.commands[0]' <<<'{"commands":["promote retire mgmt app patch-001 -q"]}')
	gives 0 -q mgmt app patch-002
	[ "$(<$APP/values.yaml)" = "value: newer" ]
	[ "$(find $APP -type f)" = $APP/values.yaml ] || fail "$(find $APP -type f)"
}

@test "copies at positions that the fleet has no more" {
	committed
	sed -i '/stage/,/regions/d' config/config.yaml
	put $APP/stage/patch-001.yaml "value: [broken"
	put $APP/stage/s1/us/patch-001.yaml "value: new"
	put $APP/stage/s1/us/patch_001.yml "value: new"
	put $APP/patch-001.yaml "value: new"
	remember
	refuses 4 "$APP/stage/patch-001.yaml would be lost: git's HEAD does not have these bytes; commit it first, or go on with --accept-loss" retire --at-unknown-positions mgmt app patch-001
	gives 0 retire -n --accept-loss --at-unknown-positions mgmt app patch-001
	[ "${output%--expect=*}" = "Found patch: config/mgmt/app/patch-001.yaml
• Would remove where no position is: config/mgmt/app/patch-001.yaml, config/mgmt/app/stage/patch-001.yaml, config/mgmt/app/stage/s1/us/patch-001.yaml

Effect: 0 of 3 targets change

Next promotion target: config/mgmt/app/integration/s2/patch-001.yaml

(dry run) Nothing was written
To do exactly this, or nothing:
" ] || fail "$output"
	unchanged
	gives 0 retire --accept-loss --at-unknown-positions mgmt app patch-001
	[ "$stderr" = "WARNING: $APP/stage/s1/us/patch_001.yml is not at a position of config/config.yaml and is ignored; did you mean patch-001.yaml?
WARNING: git's HEAD does not have the bytes of what was removed: $APP/stage/patch-001.yaml" ] || fail "$stderr"
	copies integration/s1
	[ -e $APP/stage/s1/us/patch_001.yml ] || fail "a near miss was removed"
	rm $APP/stage/s1/us/patch_001.yml
	put $APP/stage/s1/us/patch-001.yaml "value: new"
	rmdir $APP/stage/s1/eu 2>/dev/null || true
	gives 0 retire -o json --at-unknown-positions mgmt app patch-001
	[ "$(jq -c '[.action, .source, .complete, .next.position, [.edits[] | [.action, .path]], .warnings]' <<<"$output")" = \
		'["retire",null,false,"integration/s2",[["remove","config/mgmt/app/stage/s1/us/patch-001.yaml"]],[]]' ] || fail "$output"
	[ ! -e $APP/stage ] || fail "empty directories are left"
	remember
	refuses 3 "No copy of patch-001.yaml is at a position that config/config.yaml does not have" retire --at-unknown-positions mgmt app patch-001
}

@test "a patch that is at unknown positions alone" {
	mv $APP/integration $APP/gone
	committed
	gives 3 retire mgmt app patch-001
	[ "$stderr" = "ERROR: patch-001.yaml not found for app in any dimension
  config/mgmt/app/gone/s1/patch-001.yaml is not at a position of config/config.yaml and is ignored; 'promote retire --at-unknown-positions' removes it
Try: promote retire --at-unknown-positions mgmt app patch-001" ] || fail "$stderr"
	gives 0 retire --at-unknown-positions mgmt app patch-001
	[ "$output" = "Found patch: config/mgmt/app/gone/s1/patch-001.yaml
✓ Removed where no position is: config/mgmt/app/gone/s1/patch-001.yaml

Effect: 0 of 4 targets change

patch-001 is not in the fleet any more" ] || fail "$output"
	[ -d $APP ] && [ ! -e $APP/gone ]
}

@test "a directory that cannot be listed may have more copies" {
	[ "$(id -u)" -ne 0 ] || command -v setpriv >/dev/null || skip "root can list everything"
	put $APP/gone/a/patch-001.yaml "value: new"
	put $APP/gone/b/patch-001.yaml "value: new"
	chmod 0 $APP/gone/b
	give_to_user
	remember
	status=0
	as_user "$PROMOTE" retire --accept-loss --at-unknown-positions mgmt app patch-001 2>"$BATS_TEST_TMPDIR/err" || status=$?
	[ "$status" -eq 1 ]
	[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: $APP/gone/b: cannot be listed, and so the copies below it are not known" ] || fail "$(<"$BATS_TEST_TMPDIR/err")"
	unchanged
	chmod 755 $APP/gone/b
}

@test "a link with a copy's name" {
	overtaken
	ln -s nowhere $APP/integration/s2/patch-001.yaml 2>/dev/null || { mkdir -p $APP/integration/s2; ln -s nowhere $APP/integration/s2/patch-001.yaml; }
	committed
	refuses 3 "$APP/integration/s2/patch-001.yaml: a copy must be a file, not a directory or a link; move it away" retire mgmt app patch-001
}

@test "an application without values.yaml is part of no target" {
	rm $APP/values.yaml
	put $APP/gone/patch-001.yaml "value: new"
	committed
	refuses 3 "$APP/values.yaml is missing: without it app is part of no target, and patch-001 changes nothing; add that file first, in a change of its own" retire mgmt app patch-001
	gives 0 retire -q --at-unknown-positions mgmt app patch-001
	copies integration/s1
}

@test "names that a shell would not take as they are" {
	mv config/mgmt "config/it's"
	sed -i "s/name: mgmt/name: \"it's\"/" config/config.yaml
	APP="config/it's/app"
	mkdir "$APP/gone"
	mv "$APP/integration/s1/patch-001.yaml" "$APP/gone/patch-0 1.yaml"
	committed
	gives 3 -o json "it's" app "patch-0 1"
	command=$(jq -r '.commands[0]' <<<"$output")
	[ "$command" = "promote retire --at-unknown-positions 'it'\\''s' app 'patch-0 1'" ] || fail "$command"
	eval "$command" >/dev/null
	[ -z "$(find "$APP" -name 'patch*')" ]
}

@test "copies at unknown positions are told apart from other files that are ignored" {
	put $APP/gone/patch-001.yaml "value: new"
	put $APP/gone/override.yaml "value: 2"
	put $APP/integration/s2/patch_001.yml "value: new"
	committed
	gives 0 retire -q --at-unknown-positions mgmt app patch-001
	[ "$stderr" = "WARNING: $APP/integration/s2/patch_001.yml is ignored; did you mean patch-001.yaml?
WARNING: $APP/gone/override.yaml is not at a position of config/config.yaml and is ignored" ] || fail "$stderr"
	[ ! -e $APP/gone/patch-001.yaml ] || fail "it is still there"
	[ -e $APP/gone/override.yaml ] && [ -e $APP/integration/s2/patch_001.yml ] || fail "another file is gone"
}

@test "of very many differences of two copies 256 are told" {
	local i
	for i in {1..300}; do
		echo "k$i: 1" >&3
		echo "k$i: 2" >&4
	done 3>$APP/integration/s1/patch-001.yaml 4>one
	put $APP/integration/s2/patch-001.yaml "$(<one)"
	rm one
	gives 4 -o json mgmt app patch-001
	[ "$(jq -r '[.blockers[].path | select(.)] | length, last' <<<"$output")" = $'256\nk256' ] || fail "$(jq .blockers[-1] <<<"$output")"
}
