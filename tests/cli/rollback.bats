# SPDX-License-Identifier: Apache-2.0
# promote rollback: see also tests/rules/rollback*.rule and tests/unit/test_rollback.c

load common

# everything up to stage
covered() {
	rm -r $APP/integration
	put $APP/integration/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	remember
}

commit() {
	git init -q .
	git add -A
	git -c user.name=t -c user.email=t@example.org commit -qm x
	remember
}

@test "errors name what is wrong" {
	refuses 3 "patch-002.yaml not found for app in any dimension" rollback mgmt app patch-002
	refuses 3 "--to=stage/s9: the fleet has no such position. Did you mean 'stage/s1'?" rollback --to=stage/s9 mgmt app patch-001
	refuses 3 "--level=rack: the fleet has no such dimension. Available: environment, sector, region" rollback --level=rack mgmt app patch-001
	refuses 2 "--to and --all cannot be used together" rollback --to=stage --all mgmt app patch-001
	refuses 2 "--from is not an option of promote rollback; see promote rollback --help" rollback --from=stage mgmt app patch-001
	rm $APP/values.yaml
	remember
	refuses 3 "$APP/values.yaml is missing: without it app is part of no target, and patch-001 changes nothing; add that file first, in a change of its own" rollback --all mgmt app patch-001
}

@test "a step and back, and again" {
	covered
	gives 0 rollback -q mgmt app patch-001
	copies integration
	gives 0 -q --approve=stage mgmt app patch-001
	unchanged
}

@test "a dry run writes nothing and says what would be done" {
	covered
	prints "Found patch: $APP/stage/patch-001.yaml
• Would roll back from: integration/s2, stage
• Would split a copy into: integration/s1
• Would remove patches: integration, stage

Effect: 2 of 4 targets change
  integration/s2/us
  stage/s1/us
    value: new → (unset)

Next promotion target: $APP/integration/s2/patch-001.yaml

(dry run) Nothing was written
To do exactly this, or nothing:
--expect=DIGEST" rollback -n --to=integration/s1 mgmt app patch-001
}

@test "JSON: what is given up, and the edits in their order" {
	covered
	gives 0 rollback -o json --to=integration/s1/us mgmt app patch-001
	[ "$(jq -c '[.action, .source.position, .target, .positions, .targets, .gates, .consolidated, .complete, .covered]' <<<"$output")" = \
		'["rollback","stage",null,["integration/s1/eu","integration/s2","stage"],["integration/s1/eu","integration/s2/us","stage/s1/us"],[],[],false,1]' ] || fail "$output"
	[ "$(jq -r '.edits[] | .action + " " + .path + " " + (.from // "")' <<<"$output")" = \
		"create $APP/integration/s1/us/patch-001.yaml $APP/integration/patch-001.yaml
remove $APP/stage/patch-001.yaml 
remove $APP/integration/patch-001.yaml " ] || fail "$output"
	[ "$(jq -c .next <<<"$output")" = \
		'{"position":"integration/s1/eu","path":"config/mgmt/app/integration/s1/eu/patch-001.yaml","gates":[]}' ] || fail "$output"
	copies integration/s1/us
}

@test "JSON: an error has the commands that go on" {
	gives 4 rollback -o json mgmt app patch-001
	[ "$(jq -c '[.code, .position, .commands]' <<<"$output")" = \
		'["refused","integration/s1",["promote rollback -o json mgmt app patch-001 --all"]]' ] || fail "$output"
	covered
	put $APP/integration/s1/override.yaml "value: own"
	gives 4 rollback -o json --to=integration/s1/us mgmt app patch-001
	[ "$(jq -c '[.code, .position, .file, .commands]' <<<"$output")" = \
		'["values-would-change","integration/s1/us","config/mgmt/app/integration/s1/override.yaml",[]]' ] || fail "$output"
	put $APP/integration/s1/us/patch-001.yaml "value: new"
	gives 4 rollback -o json --to=integration/s1 mgmt app patch-001
	[ "$(jq -c '[.code, .position, .file, .commands]' <<<"$output")" = \
		'["values-would-change","integration/s1/eu","config/mgmt/app/integration/s1/override.yaml",[]]' ] || fail "$output"
}

@test "the command of a refusal goes on" {
	covered
	put $APP/integration/s2/override.yaml "value: own"
	rm $APP/stage/patch-001.yaml
	sed -i 's/regions: \[us\]/regions: [us, eu]/' config/config.yaml
	remember
	gives 4 rollback -o json --level=region mgmt app patch-001
	unchanged
	[ "$(jq -c .commands <<<"$output")" = '["promote rollback -o json --level=region mgmt app patch-001 --to=integration/s1"]' ] || fail "$output"
	gives 0 rollback --level=region -q mgmt app patch-001 --to=integration/s1
	copies integration/s1
}

@test "markdown" {
	covered
	gives 0 rollback -o markdown mgmt app patch-001
	[[ $output == "## Roll back patch-001 of app from stage"* ]] || fail "$output"
}

@test "bytes that no commit and no copy has are not removed without --accept-loss" {
	commit
	printf 'value: edited\n' >$APP/integration/s1/patch-001.yaml
	remember
	refuses 4 "$APP/integration/s1/patch-001.yaml would be lost: git's HEAD does not have these bytes; commit it first, or go on with --accept-loss" rollback --all mgmt app patch-001
	refuses 4 "$APP/integration/s1/patch-001.yaml would be lost: git's HEAD does not have these bytes; commit it first, or go on with --accept-loss" rollback --all -n mgmt app patch-001
	gives 4 rollback --all -o json mgmt app patch-001
	[ "$(jq -c '[.code, .position, .file, .commands]' <<<"$output")" = \
		'["not-committed","integration/s1","config/mgmt/app/integration/s1/patch-001.yaml",["promote rollback --all -o json mgmt app patch-001 --accept-loss"]]' ] || fail "$output"
	gives 0 rollback --all -q --accept-loss mgmt app patch-001
	[ "$stderr" = "WARNING: git's HEAD does not have the bytes of what was removed: $APP/integration/s1/patch-001.yaml" ] || fail "$stderr"
	copies
}

@test "bytes that HEAD has are removed" {
	commit
	gives 0 rollback --all -q mgmt app patch-001
	copies
	[ "$(git status --porcelain)" = " D $APP/integration/s1/patch-001.yaml" ]
}

@test "a copy that differs is lost although others are left" {
	put $APP/stage/s1/patch-001.yaml "value: other"
	put $APP/integration/s2/patch-001.yaml "value: another"
	commit
	echo "value: edited" >$APP/stage/s1/patch-001.yaml
	echo "value: edited, too" >$APP/integration/s2/patch-001.yaml
	remember
	gives 4 rollback --to=integration/s1 mgmt app patch-001
	[ "$stderr" = "ERROR: $APP/integration/s2/patch-001.yaml would be lost: git's HEAD does not have these bytes; commit it first, or go on with --accept-loss
  $APP/stage/s1/patch-001.yaml would be lost, too" ] || fail "$stderr"
	unchanged
	git checkout -q $APP/integration $APP/stage
	gives 0 rollback -q --to=integration/s1 mgmt app patch-001
	copies integration/s1
}

@test "bytes that two copies have are lost once, and kept by a copy that is left" {
	put $APP/stage/s1/patch-001.yaml "value: new"
	commit
	printf 'value:   new\n' | tee $APP/stage/s1/patch-001.yaml >$APP/integration/s1/patch-001.yaml
	remember
	refuses 4 "$APP/integration/s1/patch-001.yaml would be lost: git's HEAD does not have these bytes; commit it first, or go on with --accept-loss" rollback --all mgmt app patch-001
	gives 0 rollback -q mgmt app patch-001
	copies integration/s1
}

@test "without git nothing is known of HEAD" {
	local path=$BATS_TEST_TMPDIR/bin
	mkdir "$path"
	PATH=$path gives 4 rollback --all mgmt app patch-001
	[ "$stderr" = "ERROR: $APP/integration/s1/patch-001.yaml would be lost: whether git's HEAD has these bytes is not known (git cannot be run); commit it first, or go on with --accept-loss" ] || fail "$stderr"
	unchanged
}

@test "an override that hides the patch: a rollback does not stop a patch without effect" {
	covered
	put $APP/stage/s1/override.yaml "value: own"
	remember
	gives 0 rollback mgmt app patch-001
	has "$output" "Effect: 0 of 4 targets change"
	copies integration
}

@test "a generator that fails: the copies are as before" {
	covered
	makefile "generate:" "	@exit 3"
	remember
	gives 1 rollback --to=integration/s1 mgmt app patch-001
	unchanged
}

@test "the path of a copy will do" {
	covered
	gives 0 rollback -q $APP/integration/patch-001.yaml
	copies integration
}

@test "--hold leaves a hold, in the same transaction: no step enters what was given up" {
	covered
	export PROMOTE_NOW=2026-03-01T10:00:00Z GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=user.name GIT_CONFIG_VALUE_0=Ann
	gives 0 rollback --hold mgmt app patch-001
	[ "$output" = "Found patch: $APP/stage/patch-001.yaml
✓ Rolled back from: stage/s1
✓ Removed patches: stage
✓ Left a hold: $APP/hold.yaml

Effect: 1 of 4 targets changes
  stage/s1/us
    value: new → (unset)

Next promotion target: $APP/stage/s1/patch-001.yaml (manual gate: stage)" ] || fail "$output"
	[ "$(<$APP/hold.yaml)" = '- reason: rolled back from stage/s1
  by: Ann
  since: "2026-03-01T10:00:00Z"
  patches: [patch-001]
  positions: [stage/s1]' ] || fail "$(<$APP/hold.yaml)"
	gives 7 mgmt app patch-001 --approve=stage
	has "$stderr" "rolled back from stage/s1"
	copies integration
	gives 0 rollback "--hold=leaks: memory # not" -o json mgmt app patch-001
	[ "$(jq -c '.edits | map([.action, .path])' <<<"$output")" = \
		'[["create","config/mgmt/app/integration/s1/patch-001.yaml"],["change","config/mgmt/app/hold.yaml"],["remove","config/mgmt/app/integration/patch-001.yaml"]]' ] || fail "$output"
	has "$(<$APP/hold.yaml)" "leaks: memory # not"
	gives 7 mgmt app patch-001
	has "$stderr" "leaks: memory # not"
}

@test "--hold: a dry run leaves none, nor does a rollback that has nothing to do or is refused" {
	covered
	gives 0 rollback --hold -n mgmt app patch-001
	has "$output" "• Would leave a hold: $APP/hold.yaml"
	unchanged
	gives 0 rollback --hold=x --to=stage mgmt app patch-001
	unchanged
	refuses 2 "--hold=a\x0ab: must be a line of text, without control characters" rollback $'--hold=a\nb' mgmt app patch-001
	gives 1 rollback --hold=x --generate-command=false mgmt app patch-001
	unchanged
}

@test "--hold takes no word behind it, wherever it is" {
	covered
	gives 0 --hold rollback -q mgmt app patch-001
	has "$(<$APP/hold.yaml)" "reason: rolled back from stage/s1"
	gives 0 rollback mgmt app patch-001 -q --hold
	copies integration/s1
}

@test "--hold: a hold.yaml that cannot be changed safely refuses the rollback" {
	covered
	put $APP/hold.yaml "{broken"
	remember
	gives 3 rollback --hold mgmt app patch-001
	has "$stderr" "$APP/hold.yaml"
	unchanged
	gives 0 rollback -q mgmt app patch-001
	copies integration
}

@test "--expect: what a dry run with --hold has shown is done later, too" {
	covered
	PROMOTE_NOW=2026-03-01T10:00:00Z gives 0 rollback --hold -n -o json mgmt app patch-001
	PROMOTE_NOW=2026-03-01T10:05:00Z gives 0 rollback --hold -q mgmt app patch-001 --expect="$(jq -r .digest <<<"$output")"
	copies integration
}
