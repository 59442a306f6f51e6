# SPDX-License-Identifier: Apache-2.0
# promote fill: see also tests/rules/fill*.rule and tests/unit/test_fill.c

load common

@test "without a gap there is nothing to do; a copy there must be" {
	prints "Found patch: $APP/integration/s1/patch-001.yaml
✓ Every target before the latest copy, at integration/s1, has patch-001: nothing to do

Next promotion target: $APP/integration/s2/patch-001.yaml" fill mgmt app patch-001
	gives 0 fill -o json mgmt app patch-001
	[ "$(jq -c '[.kind, .action, .positions, .edits, .next.position]' <<<"$output")" = '["Step","none",[],[],"integration/s2"]' ] || fail "$output"
	gives 0 fill -o markdown mgmt app patch-001
	has "$output" "- Every target before the latest copy, at integration/s1, has patch-001"
	refuses 3 "patch-002.yaml not found for app in any dimension" fill mgmt app patch-002
	refuses 3 "--level=rack: the fleet has no such dimension. Available: environment, sector, region" fill --level=rack mgmt app patch-001
	refuses 3 "--from=integration/s9: the fleet has no such position. Did you mean 'integration/s1'?" fill --from=integration/s9 mgmt app patch-001
}

@test "a hotfix is brought to the environments before it; the walk then goes on to the integration" {
	rm -r $APP/integration
	put $APP/stage/patch-001.yaml "value: new"
	gives 0 fill -q mgmt app patch-001
	copies integration/s1 stage
	gives 4 mgmt app patch-001
	gives 0 fill -q mgmt app patch-001
	copies integration stage
	gives 0 fill mgmt app patch-001
	has "$output" "nothing to do"
	gives 0 -q mgmt app patch-001
	[ "$(<$APP/values.yaml)" = "value: new" ]
}

@test "it is repeated until a region that was added under the rollout has the patch" {
	sed -i 's/regions: \[us, eu\]/regions: [us, eu, asia]/' config/config.yaml
	rm -r $APP/integration
	put $APP/integration/s1/us/patch-001.yaml "value: new"
	put $APP/integration/s1/asia/patch-001.yaml "value: new"
	put $APP/integration/s2/patch-001.yaml "value: new"
	remember
	gives 4 mgmt app patch-001
	unchanged
	gives 0 fill -q mgmt app patch-001
	copies integration
}

@test "a dry run writes nothing, and names the gates without stopping at them" {
	rm -r $APP/integration
	sed -i 's/- name: integration/&\n      promotion: manual/' config/config.yaml
	put $APP/stage/patch-001.yaml "value: new"
	remember
	gives 0 fill --all -n mgmt app patch-001
	unchanged
	hide_digest
	[ "$output" = "Found patch: $APP/stage/patch-001.yaml
Target: $APP/integration/s1/patch-001.yaml
Target: $APP/integration/s2/patch-001.yaml
• Gate: integration would need --approve=integration
• Would copy patch (dry run)

Checking consolidation opportunities...
• All sectors in 'integration' environment would have patch-001
• Would consolidate to environment level: $APP/integration/patch-001.yaml
• Would remove sector-level patches: s1, s2

Effect: 3 of 4 targets change
  integration/s1/us
  integration/s1/eu
  integration/s2/us
    value: (unset) → new

patch-001 covers every target. Next step: integration into $APP/values.yaml

(dry run) Nothing was written
To do exactly this, or nothing:
--expect=DIGEST" ] || fail "$output"
}

@test "JSON: the positions, and what is still missing" {
	rm -r $APP/integration
	put $APP/stage/patch-001.yaml "value: new"
	gives 0 fill -o json mgmt app patch-001
	[ "$(jq -c '[.action, .source.position, .target.position, .positions, .targets, .next]' <<<"$output")" = \
		'["fill","stage","integration/s1",["integration/s1"],["integration/s1/us","integration/s1/eu"],{"position":"integration/s2","path":"config/mgmt/app/integration/s2/patch-001.yaml","gates":[],"gap":true}]' ] || fail "$output"
	gives 0 fill -o json mgmt app patch-001
	[ "$(jq -c '[.positions, .consolidated, .complete, .next]' <<<"$output")" = \
		'[["integration/s2"],[{"position":"integration","path":"config/mgmt/app/integration/patch-001.yaml"}],true,null]' ] || fail "$output"
}

@test "markdown names what is still missing" {
	rm -r $APP/integration
	put $APP/stage/patch-001.yaml "value: new"
	gives 0 fill -o markdown mgmt app patch-001
	[[ $output == "## Fill in patch-001 of app at integration/s1"* ]] || fail "$output"
	has "$output" "- Next position to fill: \`$APP/integration/s2/patch-001.yaml\`"
}

@test "at a terminal it asks whose copy to use if copies differ" {
	put $APP/stage/s1/patch-001.yaml "value: other"
	at_terminal 0 --answer "its number: " 1 -- fill mgmt app patch-001
	copies integration stage
	[ "$(<$APP/integration/patch-001.yaml)" = "value: new" ]
}
