#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# promote plan: every step to the end, before the first one.

load common

PLAN="mgmt/app/patch-001 covers 2 of 4 targets

STEP                 TARGETS  WAITS FOR   CONSOLIDATES TO  EFFECT
1  integration/s2    1                    integration      value: (unset) → new
2  stage/s1          1        gate stage  stage            value: (unset) → new
3  into values.yaml                                        no value changes

3 steps, 1 of them with a manual gate; then patch-001 is complete
To go on: promote mgmt app patch-001"

# plans STATUS TEXT [ARGUMENT...]: this plan on standard output, nothing on standard error, an unchanged tree
plans() {
	gives "$1" plan "${@:3}"
	[ "$output" = "$2" ] || fail "$(diff <(printf '%s\n' "$2") <(printf '%s\n' "$output"))"
	[ -z "$stderr" ] || fail "$stderr"
	unchanged
}

# The fields of the JSON that FILTER of jq takes, of a plan with these arguments.
fields() {
	gives "$1" plan -o json mgmt app patch-001 "${@:4}"
	local got
	got=$(jq -c "$2" <<<"$output")
	[ "$got" = "$3" ] || fail "$(diff <(printf '%s\n' "$3") <(printf '%s\n' "$got"))"
	unchanged
}

@test "every step to the integration, and nothing is written" {
	plans 0 "$PLAN" mgmt app patch-001
}

@test "the path of a copy, and a patch with its ending" {
	plans 0 "$PLAN" $APP/integration/s1/patch-001.yaml
	plans 0 "$PLAN" mgmt app patch-001.yaml
}

@test "the steps of a real rollout are those of the plan" {
	local n=0 step
	gives 0 plan -o json mgmt app patch-001
	local plan=$output
	while [ "$n" -lt "$(jq '.steps | length' <<<"$plan")" ]; do
		step='{action, source, target, targets, consolidated, effect, covered, edits: [.edits[] | del(.from)]}'
		gives 0 -o json mgmt app patch-001 --approve=stage --no-generate
		[ "$(jq -S "$step" <<<"$output")" = "$(jq -S ".steps[$n] | $step" <<<"$plan")" ] ||
			fail "step $n:" "$output" "$plan"
		n=$((n + 1))
	done
	[ "$n" -eq 3 ]
	gives 3 mgmt app patch-001
}

@test "the first step waits for a gate: status 5" {
	promote mgmt app patch-001 --no-generate >/dev/null
	remember
	plans 5 "mgmt/app/patch-001 covers 3 of 4 targets

STEP                 TARGETS  WAITS FOR   CONSOLIDATES TO  EFFECT
1  stage/s1          1        gate stage  stage            value: (unset) → new
2  into values.yaml                                        no value changes

2 steps, 1 of them with a manual gate; then patch-001 is complete
To go on: promote mgmt app patch-001 --approve=stage" mgmt app patch-001
	promote mgmt app patch-001 --approve=stage --no-generate >/dev/null
	remember
	plans 0 "mgmt/app/patch-001 covers 4 of 4 targets

STEP                 TARGETS  WAITS FOR  CONSOLIDATES TO  EFFECT
1  into values.yaml                                       no value changes

1 step; then patch-001 is complete
To go on: promote mgmt app patch-001" mgmt app patch-001
}

@test "an override that blocks the integration is known on the first day" {
	put $APP/stage/override.yaml "value: old"
	remember
	plans 4 "mgmt/app/patch-001 covers 2 of 4 targets

STEP                 TARGETS  WAITS FOR   CONSOLIDATES TO  EFFECT
1  integration/s2    1                    integration      value: (unset) → new
2  stage/s1          1        gate stage  stage            value: old → new
3  into values.yaml                                        refused: values-would-change

Step 3 will be refused: Integration into $APP/values.yaml would change 1 of 4 targets; nothing is written
  $APP/stage/override.yaml:1 sets value to old
--prune-overrides takes these keys out of the overrides, so that the patch's values become the permanent ones
What would help: promote plan mgmt app patch-001 --prune-overrides

2 steps, 1 of them with a manual gate; step 3 will be refused
To go on: promote mgmt app patch-001" mgmt app patch-001
	fields 4 '[.complete, (.steps | length), .refusal.number, .refusal.action, .refusal.target, .refusal.code, .refusal.exit,
		.refusal.file, .refusal.line, .refusal.commands]' \
		'[false,2,3,"integrate",null,"values-would-change",4,"config/mgmt/app/stage/override.yaml",1,["promote plan -o json mgmt app patch-001 --prune-overrides"]]'
	fields 0 '[.complete, .refusal, (.steps[2].edits | map(.action, .removedKeys))]' \
		'[true,null,["change",null,"change",["value"],"remove",null,"remove",null]]' --prune-overrides
}

@test "the command that takes the first step has the options of the plan" {
	fields 0 .commands '["promote mgmt app patch-001 --level=region --from=integration/s1 --accept-conflict --prune-overrides"]' \
		--prune-overrides --accept-conflict --from=integration/s1 --level=region --to=stage
	gives 0 plan -C "$ROOT" $APP/integration/s1/patch-001.yaml
	[ "${lines[-1]}" = "To go on: promote -C $ROOT mgmt app patch-001" ] || fail "$output"
}

@test "what comes first: files that are wrong, --to that is covered, a refusal, a gate" {
	promote mgmt app patch-001 --no-generate >/dev/null
	put $APP/stage/override.yaml "value: old"
	remember
	gives 4 plan mgmt app patch-001            # a later step is refused, the first one meets a gate
	gives 5 plan mgmt app patch-001 --to=stage # no step until then is refused
	gives 0 plan mgmt app patch-001 --to=integration
	put $APP/stage/s1/us/patch-001.yaml "value: other"
	gives 4 plan mgmt app patch-001
	gives 0 plan mgmt app patch-001 --to=integration
	mv $APP/values.yaml .
	gives 3 plan mgmt app patch-001 --to=integration
	[ "$stderr" = "ERROR: $APP/values.yaml is missing: without it app is part of no target, and patch-001 changes nothing; add that file first, in a change of its own" ]
	[ -z "$output" ]
}

@test "the first step is refused: a plan without steps, and the reason" {
	mkdir -p $APP/stage/s1
	mv $APP/integration/s1/patch-001.yaml $APP/stage/s1
	remember
	plans 4 "mgmt/app/patch-001 covers 1 of 4 targets

STEP          TARGETS  WAITS FOR  CONSOLIDATES TO  EFFECT
1  not known                                       refused: gap

Step 1 will be refused: Gap detected: patch-001 exists at stage/s1 but is missing from integration (s1/us, s1/eu, s2/us)
What would help: promote fill mgmt app patch-001

0 steps; step 1 will be refused" mgmt app patch-001
	fields 4 '[.steps, .refusal.number, .refusal.action, .refusal.target, .refusal.position, .refusal.blockers[0].position]' \
		'[[],1,"promote",null,"integration","integration"]'
}

@test "a later step that would take over a value of another patch" {
	put $APP/stage/patch-002.yaml "value: theirs"
	remember
	gives 4 plan mgmt app patch-001
	[ "${lines[4]}" = "2  stage/s1        1                                    refused: conflict" ] || fail "$output"
	fields 4 '[.refusal.number, .refusal.target.position, .refusal.code, .refusal.commands]' \
		'[2,"stage/s1","conflict",["promote plan -o json mgmt app patch-001 --accept-conflict"]]'
}

@test "copies that differ: --from travels to the end, where the integration is refused" {
	put $APP/integration/s2/us/patch-001.yaml "value: other"
	remember
	fields 4 '[.steps, .refusal.code, .refusal.commands]' \
		'[[],"copies-differ",["promote plan -o json mgmt app patch-001 --from=integration/s1","promote plan -o json mgmt app patch-001 --from=integration/s2/us"]]'
	fields 4 '[(.steps[] | .source.position, .target.position), .refusal.number, .refusal.action, .refusal.code]' \
		'["integration/s1","stage/s1",2,"integrate","copies-differ"]' --from=integration/s1
	gives 3 plan mgmt app patch-001 --from=stage
}

@test "the parents that are left alone are told once, by the first step that leaves them" {
	put $APP/integration/s2/us/override.yaml "value: own"
	put $APP/integration/s2/us/patch-001.yaml "value: new"
	remember
	gives 4 plan mgmt app patch-001
	[[ "$output" = *"
Step 1: Not consolidated to integration/s2: config/mgmt/app/integration/s2/us/override.yaml:1 sets value to own
"* ]] || fail "$output"
	[ "$(grep -c 'Not consolidated to integration/s2:' <<<"$output")" -eq 1 ]
}

@test "a hold that the first step meets: status 7, before a gate; a later step tells it, too" {
	export PROMOTE_NOW=2026-12-20T00:00:00Z
	put $APP/stage/hold.yaml '- reason: freeze
  by: Ann
  since: 2026-12-18T16:00:00Z
  until: 2027-01-04T08:00:00Z'
	remember
	plans 0 "mgmt/app/patch-001 covers 2 of 4 targets

STEP                 TARGETS  WAITS FOR         CONSOLIDATES TO  EFFECT
1  integration/s2    1                          integration      value: (unset) → new
2  stage/s1          1        hold, gate stage  stage            value: (unset) → new
3  into values.yaml           hold                               no value changes

Step 2: hold $APP/stage/hold.yaml:1:3: freeze (Ann, until 2027-01-04T08:00:00Z)

3 steps, 1 of them with a manual gate, 2 of them held; then patch-001 is complete
To go on: promote mgmt app patch-001" mgmt app patch-001
	promote mgmt app patch-001 --no-generate >/dev/null
	remember
	local release='promote release mgmt app stage'
	plans 7 "mgmt/app/patch-001 covers 3 of 4 targets

STEP                 TARGETS  WAITS FOR         CONSOLIDATES TO  EFFECT
1  stage/s1          1        hold, gate stage  stage            value: (unset) → new
2  into values.yaml           hold                               no value changes

Step 1: hold $APP/stage/hold.yaml:1:3: freeze (Ann, until 2027-01-04T08:00:00Z)

2 steps, 1 of them with a manual gate, 2 of them held; then patch-001 is complete
To go on: $release" mgmt app patch-001
	fields 7 '[.commands, (.steps[] | .holds | length, .[0].reason)]' "[[\"$release\"],1,\"freeze\",1,\"freeze\"]"
	PROMOTE_NOW=2027-01-05T00:00:00Z gives 5 plan mgmt app patch-001
	put $APP/integration/override.yaml "value: old"
	remember
	gives 4 plan mgmt app patch-001 # what refuses the end comes first
	PROMOTE_NOW=soon gives 2 plan mgmt app patch-001
}

@test "--to: only the steps until a position is covered, however wide it is" {
	plans 0 "mgmt/app/patch-001 covers 2 of 4 targets

STEP               TARGETS  WAITS FOR  CONSOLIDATES TO  EFFECT
1  integration/s2  1                   integration      value: (unset) → new

1 step; then integration is covered
To go on: promote mgmt app patch-001" mgmt app patch-001 --to=integration
	fields 0 '[.to, .complete, (.steps[] | .target.position)]' '["stage/s1/us",false,"integration/s2","stage/s1"]' --to=stage/s1/us
	plans 0 "mgmt/app/patch-001 covers 2 of 4 targets

integration/s1/eu is covered: nothing to do" mgmt app patch-001 --to=integration/s1/eu
	fields 0 '[.to, .steps]' '["integration/s1",[]]' --to=integration/s1
	refuses 3 "--to=integration/s9: the fleet has no such position. Did you mean 'integration/s1'?" plan mgmt app patch-001 --to=integration/s9
}

@test "--level: region by region, or a whole environment" {
	fields 0 '[.level, (.steps[] | .target.position)]' '["region","integration/s2/us","stage/s1/us",null]' --level=region
	fields 0 '[.level, (.steps[] | .target.position)]' '["environment","integration/s2","stage",null]' --level=environments
	refuses 3 "--level=planet: the fleet has no such dimension. Available: environment, sector, region" plan mgmt app patch-001 --level=planet
}

@test "a pull request" {
	put $APP/stage/override.yaml "value: old"
	remember
	plans 4 "## mgmt/app/patch-001 covers 2 of 4 targets

2 steps, 1 of them with a manual gate; step 3 will be refused

- To go on: \`promote mgmt app patch-001\`

### Steps

| Step | To | Targets | Waits for | Consolidates to | Effect |
| --- | --- | --- | --- | --- | --- |
| 1 | \`integration/s2\` | 1 |  | integration | value: (unset) → new |
| 2 | \`stage/s1\` | 1 | gate stage | stage | value: old → new |
| 3 | into values.yaml |  |  |  | refused: values-would-change |

### Step 3 will be refused

Integration into $APP/values.yaml would change 1 of 4 targets; nothing is written

- $APP/stage/override.yaml:1 sets value to old
- What would help: \`promote plan mgmt app patch-001 -o markdown --prune-overrides\`" mgmt app patch-001 -o markdown
}

@test "a patch that is not there, an application that is not, and words that are too few" {
	refuses 3 "patch-009.yaml not found for app in any dimension" plan mgmt app patch-009
	refuses 3 "Application 'ap' not found. Available: app" plan mgmt ap patch-001
	gives 2 plan mgmt app
	unchanged
}

@test "it waits for a run that writes, and refuses a tree with a step that is not finished" {
	mkdir -m 700 .promote
	touch .promote/journal
	remember
	gives 4 plan mgmt app patch-001
	[[ "$stderr" = "ERROR: "*"promote recover"* ]] || fail "$stderr"
	unchanged
	rm -r .promote
	exec {lock}<.
	flock -x "$lock"
	gives 6 plan mgmt app patch-001 --lock-timeout=0
	flock -s "$lock"
	gives 0 plan mgmt app patch-001 --lock-timeout=0
}

@test "a cluster type of this name is reached behind --" {
	mv config/mgmt config/plan
	sed -i 's/name: mgmt/name: plan/' config/config.yaml
	gives 0 -n -- plan app patch-001
}

@test "a hold that is wrong: there is no command that releases it" {
	local text
	for text in '' '{}' '- {reason: x}'; do
		put config/hold.yaml "$text"
		gives 7 plan mgmt app patch-001
		[[ $output == *"Step 1: hold config/hold.yaml"* ]] || fail "$output"
		[[ $output != *"promote release"* ]] || fail "$output"
		gives 7 plan -o json mgmt app patch-001
	done
}
