# SPDX-License-Identifier: Apache-2.0
# --expect: the step of a dry run, or none. Whatever a dry run reads is changed between it and the run.

load common

STEP="mgmt app patch-001"
SINCE="ERROR: Not the step of the dry run; what has changed since, and the files that are there now:"

setup() {
	enter_fleet
	put $APP/values.yaml "value: old"
	put $APP/stage/patch-002.yaml "other: 2"
	put $APP/integration/s1/us/override.yaml "mine: 1"
	put config/mgmt/defaults.yaml "applications: {default: {replicas: 1}}"
	digest=$(digest_of $STEP)
	remember
}

# digest_of ARGUMENT...: what the dry run with these arguments prints
digest_of() {
	gives 0 --dry-run -o json "$@" >&2
	jq -r .digest <<<"$output"
}

# surprised LINE...: the step is refused, since these classes are other ones than in the dry run
surprised() {
	remember
	gives 4 $STEP --expect="$digest"
	[ -z "$output" ] || fail "$output"
	[ "$stderr" = "$(printf '%s\n' "$SINCE" "${@/#/  }")" ] || fail "$stderr"
	unchanged
}

@test "the digest is in every format of a dry run, and nowhere else" {
	[[ $digest =~ ^([0-9a-f]{8}-){7}[0-9a-f]{8}$ ]] || fail "$digest"
	gives 0 --dry-run $STEP
	[ "${lines[-3]}" = "(dry run) Nothing was written" ] || fail "$output"
	[ "${lines[-2]}" = "To do exactly this, or nothing:" ] || fail "$output"
	[ "${lines[-1]}" = "--expect=$digest" ] || fail "$output"
	gives 0 --dry-run -o markdown $STEP
	has "$output" "- To do exactly this, or nothing: \`--expect=$digest\`"
	gives 0 --dry-run -o json $STEP
	[ "$(jq -c '[paths | map(tostring) | join(".") | select(test("digest"))]' <<<"$output")" = '["digest"]' ] || fail "$output"
	gives 0 -o json $STEP
	[ "$(jq 'has("digest")' <<<"$output")" = false ] || fail "$output"
	gives 0 -o json -n $STEP --to=integration
	[ "$(jq 'has("digest")' <<<"$output")" = false ] || fail "$output"
}

@test "nothing has changed: the step is taken" {
	gives 0 -q $STEP --expect="$digest"
	copies integration
}

@test "a dry run with it refuses, too, and prints the digest again if nothing has changed" {
	[ "$(digest_of $STEP --expect="$digest")" = "$digest" ]
	put $APP/values.yaml "value: older"
	remember
	gives 4 --dry-run $STEP --expect="$digest"
	unchanged
}

@test "somebody else has taken the step" {
	gives 0 -q $STEP
	surprised "copies of the patch: $APP/integration/patch-001.yaml" \
		"edits: $APP/stage/patch-001.yaml" "effect"
}

@test "--to: a step that has been taken is not taken again, whatever is expected" {
	digest=$(digest_of $STEP --to=integration/s2)
	gives 0 -q $STEP --to=integration/s2 --expect="$digest"
	copies integration
	remember
	gives 0 $STEP --to=integration/s2 --expect="$digest"
	has "$output" "nothing to do"
	unchanged
}

@test "the copy has changed" {
	put $APP/integration/s1/patch-001.yaml "value: newer"
	surprised "copies of the patch: $APP/integration/s1/patch-001.yaml" \
		"edits: $APP/integration/patch-001.yaml, $APP/integration/s1/patch-001.yaml" "effect"
}

@test "the copy means the same, in other bytes" {
	put $APP/integration/s1/patch-001.yaml "value: new # still"
	surprised "copies of the patch: $APP/integration/s1/patch-001.yaml" \
		"edits: $APP/integration/patch-001.yaml, $APP/integration/s1/patch-001.yaml"
}

@test "a copy has been moved" {
	gives 0 -q $STEP
	digest=$(digest_of $STEP --approve=stage)
	put $APP/integration/s1/patch-001.yaml "value: new"
	put $APP/integration/s2/patch-001.yaml "value: new"
	rm $APP/integration/patch-001.yaml
	surprised "copies of the patch: $APP/integration/s1/patch-001.yaml, $APP/integration/s2/patch-001.yaml" \
		"edits: $APP/integration/patch-001.yaml, $APP/stage/patch-001.yaml, $APP/integration/s2/patch-001.yaml, $APP/integration/s1/patch-001.yaml"
}

@test "another patch: changed, added, renamed, removed" {
	put $APP/stage/patch-002.yaml "other: 3"
	surprised "other patches: $APP/stage/patch-002.yaml"
	put $APP/stage/patch-002.yaml "other: 2"
	put $APP/stage/patch-003.yaml "more: 3"
	surprised "other patches: $APP/stage/patch-002.yaml, $APP/stage/patch-003.yaml"
	mv $APP/stage/patch-003.yaml $APP/stage/patch-002.yaml
	put $APP/stage/patch-002.yaml "other: 2"
	mv $APP/stage/patch-002.yaml $APP/stage/patch-004.yaml
	surprised "other patches: $APP/stage/patch-004.yaml"
	rm $APP/stage/patch-004.yaml
	surprised "other patches: there is none any more"
}

@test "an override: changed, moved, removed, and in other bytes" {
	put $APP/integration/s1/us/override.yaml "mine: 2"
	surprised "overrides: $APP/integration/s1/us/override.yaml"
	put $APP/integration/s1/us/override.yaml "mine: 1 # of course"
	surprised "overrides: $APP/integration/s1/us/override.yaml"
	put $APP/integration/s1/us/override.yaml "mine: 1"
	gives 0 -n $STEP --expect="$digest"
	mv $APP/integration/s1/us/override.yaml $APP/integration/s1/override.yaml
	surprised "overrides: $APP/integration/s1/override.yaml"
	rm $APP/integration/s1/override.yaml
	surprised "overrides: there is none any more"
}

@test "an override that has come since changes the effect, too" {
	put $APP/integration/s2/us/override.yaml "value: mine"
	surprised "overrides: $APP/integration/s1/us/override.yaml, $APP/integration/s2/us/override.yaml" "effect"
}

@test "a value that the step would replace is part of the effect" {
	put $APP/values.yaml "value: older"
	surprised "values: $APP/values.yaml" "effect"
}

@test "values.yaml, defaults.yaml and config.yaml" {
	put $APP/values.yaml "value: old # or not"
	surprised "values: $APP/values.yaml"
	put $APP/values.yaml "value: old"
	put config/mgmt/defaults.yaml "applications: {default: {replicas: 2}}"
	surprised "defaults: config/mgmt/defaults.yaml"
	rm config/mgmt/defaults.yaml
	surprised "defaults: there is none any more"
	put config/mgmt/defaults.yaml "applications: {default: {replicas: 1}}"
	echo '# the end' >>config/config.yaml
	surprised "config: config/config.yaml"
}

@test "many files of a class: eight are named, 256 are listed for programs" {
	local i
	for i in {100..400}; do
		put $APP/stage/patch-$i.yaml "k$i: 1"
	done
	gives 4 -o json $STEP --expect="$digest"
	[ "${stderr_lines[1]}" = "  other patches: $APP/stage/patch-002.yaml$(printf ', %s' $APP/stage/patch-10{0..6}.yaml) and 294 more" ] || fail "$stderr"
	[ "$(jq -c '[.code, .exit, (.blockers | length), .blockers[1].file]' <<<"$output")" = "[\"unexpected\",4,256,\"$APP/stage/patch-100.yaml\"]" ] || fail "$output"
}

@test "what the step is not worked out from may change" {
	put config/mgmt/other/values.yaml "a: 1"
	put config/mgmt/other/integration/patch-001.yaml "a: 2"
	put rendered/mgmt/integration/s1/us/values.yaml "a: 1"
	put config/other/defaults.yaml "a: 1"
	chmod 600 $APP/values.yaml
	touch -d '2001-01-01' $APP/stage/patch-002.yaml
	gives 0 -q $STEP --expect="$digest"
	copies integration
}

@test "options that change the step count, others do not" {
	sed -i 's/regions: \[us\]/regions: [us, eu]/' config/config.yaml
	digest=$(digest_of $STEP)
	remember
	gives 4 $STEP --level=region --expect="$digest"
	[ "$stderr" = "$(printf '%s\n' "ERROR: Not the step of the dry run; of the same files, but with other options. What differs:" \
		"  edits: $APP/integration/s2/us/patch-001.yaml" "  effect")" ] || fail "$stderr"
	unchanged
	gives 0 -n -v --diff --approve=stage --no-input $STEP --expect="$digest"
	gives 0 -q --approve=stage --yes --no-generate -o json $STEP --expect="$digest"
	copies integration
}

@test "a gate is asked about afterwards" {
	gives 0 -q $STEP
	digest=$(digest_of $STEP)
	gives 5 $STEP --expect="$digest"
	has "$stderr" "--expect=$digest --approve=stage"
	put $APP/values.yaml "value: x"
	gives 4 $STEP --expect="$digest"
	gives 4 $STEP --approve=stage --expect="$digest"
}

@test "the digest of another patch" {
	put $APP/integration/s1/patch-003.yaml "value: new"
	rm $APP/stage/patch-002.yaml
	digest=$(digest_of mgmt app patch-003 --accept-conflict)
	surprised "copies of the patch: $APP/integration/s1/patch-001.yaml" "other patches: $APP/integration/s1/patch-003.yaml" \
		"edits: $APP/integration/patch-001.yaml, $APP/integration/s1/patch-001.yaml"
}

@test "an integration, and a fill" {
	rm -r $APP/stage
	put $APP/integration/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	rm $APP/integration/s1/patch-001.yaml
	digest=$(digest_of $STEP)
	put $APP/values.yaml "value: old # or older"
	surprised "values: $APP/values.yaml" "edits: $APP/values.yaml, $APP/stage/patch-001.yaml, $APP/integration/patch-001.yaml"
	gives 0 -q $STEP --expect="$(digest_of $STEP)"
	copies ''

	put $APP/stage/patch-001.yaml "value: newer"
	digest=$(digest_of fill $STEP)
	put $APP/stage/patch-001.yaml "value: newest"
	gives 4 fill $STEP --expect="$digest"
	gives 0 fill -q $STEP --expect="$(digest_of fill $STEP)"
	copies integration/s1 stage
}

@test "not a digest" {
	local one=${digest:0:8} word
	for word in '' x "$digest-" "$digest$one" "${digest:1}" "${digest^^}" "${digest/-/_}" "$one" "${digest:0:62}" " $digest"; do
		refuses 2 "--expect=$word: not what a dry run prints: eight times eight digits, with '-' between" $STEP --expect="$word"
	done
	refuses 2 "--expect needs a value; see promote --help" $STEP --expect
}

@test "fill with --all is not the fill of a dry run without" {
	rm $APP/integration/s1/patch-001.yaml $APP/stage/patch-002.yaml
	put $APP/stage/patch-001.yaml "value: new"
	digest=$(digest_of fill $STEP)
	remember
	gives 4 fill --all $STEP --expect="$digest"
	unchanged
	gives 4 $STEP --expect="$digest"
	unchanged
	gives 0 fill -q $STEP --expect="$digest"
	copies integration/s1 stage
}

@test "a start: its text counts, and so does a file that comes since" {
	local start="start mgmt app patch-003"
	digest=$(digest_of $start --set fresh=3)
	gives 4 $start --set fresh=4 --expect="$digest"
	[ "$stderr" = "$(printf '%s\n' "ERROR: Not the step of the dry run; of the same files, but with other options. What differs:" \
		"  edits: $APP/integration/s1/us/patch-003.yaml" "  effect")" ] || fail "$stderr"
	unchanged
	put $APP/integration/s1/eu/override.yaml "fresh: mine"
	remember
	gives 4 $start --set fresh=3 --expect="$digest"
	[ "${stderr_lines[1]}" = "  overrides: $APP/integration/s1/us/override.yaml, $APP/integration/s1/eu/override.yaml" ] || fail "$stderr"
	unchanged
	rm $APP/integration/s1/eu/override.yaml
	gives 0 -q $start --set fresh=3 --expect="$digest"
	[ "$(<$APP/integration/s1/us/patch-003.yaml)" = "fresh: 3" ]
}

@test "a hold that has come since is judged afresh" {
	put $APP/hold.yaml "- reason: wait"
	remember
	gives 7 $STEP --expect="$digest"
	unchanged
	put $APP/values.yaml "value: x"
	gives 4 $STEP --expect="$digest"
}

@test "copies at unknown positions that are removed: changed, added, gone" {
	local retire="retire --accept-loss --at-unknown-positions"
	put $APP/gone/s1/patch-001.yaml "value: new"
	digest=$(digest_of $retire $STEP)
	put $APP/gone/s1/patch-001.yaml "value: else"
	remember
	gives 4 $retire $STEP --expect="$digest"
	[ "$stderr" = "$(printf '%s\n' "$SINCE" "  copies of the patch: $APP/integration/s1/patch-001.yaml, $APP/gone/s1/patch-001.yaml")" ] || fail "$stderr"
	unchanged
	put $APP/gone/s1/patch-001.yaml "value: new"
	put $APP/gone/s2/patch-001.yaml "value: new"
	remember
	gives 4 $retire $STEP --expect="$digest"
	[ "$stderr" = "$(printf '%s\n' "$SINCE" "  copies of the patch: $APP/integration/s1/patch-001.yaml, $APP/gone/s1/patch-001.yaml, $APP/gone/s2/patch-001.yaml" \
		"  edits: $APP/gone/s1/patch-001.yaml, $APP/gone/s2/patch-001.yaml")" ] || fail "$stderr"
	unchanged
	rm -r $APP/gone/s2
	gives 0 -q $retire $STEP --expect="$digest"
	[ ! -e $APP/gone ]
	copies integration/s1
}

@test "a rollback, of one position or of all" {
	gives 0 -q $STEP
	digest=$(digest_of rollback $STEP)
	gives 4 rollback --all --accept-loss $STEP --expect="$digest"
	put $APP/integration/s1/us/override.yaml "mine: 2"
	remember
	gives 4 rollback $STEP --expect="$digest"
	[ "$stderr" = "$(printf '%s\n' "$SINCE" "  overrides: $APP/integration/s1/us/override.yaml")" ] || fail "$stderr"
	unchanged
	gives 0 rollback -q $STEP --expect="$(digest_of rollback $STEP)"
	copies integration/s1
	digest=$(digest_of rollback --all --accept-loss $STEP)
	gives 0 rollback -q --all --accept-loss $STEP --expect="$digest"
	copies ''
	gives 3 rollback --all --accept-loss $STEP --expect="$digest"
}
