# SPDX-License-Identifier: Apache-2.0
# What the generator rendered is compared with the effective values of the targets that change.

load common
eval "common_$(declare -f setup)" # what it does comes first here

RENDERED=rendered/mgmt

# The generator of these tests copies the files in next/ to rendered/.
setup() {
	common_setup
	put $APP/values.yaml "value: old
list: [1, 2]
text: \"1\""
	makefile 'generate:' '	@mkdir -p rendered; cp -R next/. rendered'
	renders integration/s1/us integration s1 us "value: new"
	renders integration/s1/eu integration s1 eu "value: new"
	renders integration/s2/us integration s2 us "value: old"
	renders stage/s1/us stage s1 us "value: old"
	make -s generate
}

# renders TARGET ENVIRONMENT SECTOR REGION LINE...: what the generator renders for a target
renders() {
	put "next/mgmt/$1/values.yaml" "# generated
cluster: {environment: $2, sector: $3, region: $4}
list: [1, 2]
text: '1'
$(printf '%s\n' "${@:5}")"
	remember
}

# undone LINE...: the step is undone; these paths are named
undone() {
	remember
	gives 1 mgmt app patch-001
	[ -z "$output" ]
	[ "$stderr" = "ERROR: The step was undone: What was rendered is not what the files say
$(printf '  %s\n' "$@")
--no-check-rendered leaves this comparison out" ] || fail "$stderr"
	unchanged
}

@test "rendered values that are equal: the step is done" {
	renders integration/s2/us integration s2 us "value: new"
	gives 0 mgmt app patch-001
	has "$output" "✓ Generated: make generate"
	[ -z "$stderr" ] || fail "$stderr"
	copies integration
	cmp next/mgmt/integration/s2/us/values.yaml $RENDERED/integration/s2/us/values.yaml
}

@test "stale values: the step and what was rendered are undone, and the path is named" {
	undone "$RENDERED/integration/s2/us/values.yaml: value is old and should be new"
}

@test "a file that cannot be read at one target and a difference at another are both named" {
	sed -i '0,/- name: s2/s//&\n          promotion: automated/; s/regions: \[us\]/regions: [us, eu]/' config/config.yaml
	renders integration/s2/eu integration s2 eu "value: old"
	put next/mgmt/integration/s2/us/values.yaml "value: new
value: new"
	undone "$RENDERED/integration/s2/us/values.yaml:2:1: duplicate key 'value'; keep one" \
		"$RENDERED/integration/s2/eu/values.yaml: value is old and should be new"
}

@test "a file that differs as a whole has no path" {
	put next/mgmt/integration/s2/us/values.yaml '!other {value: new}'
	undone "$RENDERED/integration/s2/us/values.yaml: it is {value: new} and should be {cluster: {environment: \"integration\", sector: \"s2\", region:..."
	gives 1 -o json mgmt app patch-001
	[ "$("$PYTHON" -c 'import json, sys; print([sorted(x) for x in json.load(sys.stdin)["blockers"]])' <<<"$output")" = "[['file', 'message']]" ]
}

@test "paths of all kinds are named" {
	put next/mgmt/integration/s2/us/values.yaml 'cluster: {environment: integration, sector: s2, region: eu}
value: [new]
more: {a: 1}
text: 1'
	undone "$RENDERED/integration/s2/us/values.yaml: cluster.region is eu and should be us" \
		"$RENDERED/integration/s2/us/values.yaml: value is [new] and should be new" \
		"$RENDERED/integration/s2/us/values.yaml: more.a is 1 and should be (unset)" \
		"$RENDERED/integration/s2/us/values.yaml: text is 1 and should be \"1\"" \
		"$RENDERED/integration/s2/us/values.yaml: list is (unset) and should be [1, 2]"
}

@test "ten differences are listed, the rest is counted" {
	renders integration/s2/us integration s2 us "value: new" $'\n'{a..l}': 1'
	remember
	gives 1 mgmt app patch-001
	[ "${stderr_lines[10]}" = "  $RENDERED/integration/s2/us/values.yaml: j is 1 and should be (unset)" ] || fail "$stderr"
	[ "${stderr_lines[11]}" = "  and 2 more" ] || fail "$stderr"
	unchanged
}

@test "--no-check-rendered: a generator with other rules" {
	gives 0 --no-check-rendered mgmt app patch-001
	has "$output" "✓ Generated: make generate"
	copies integration
}

@test "only the targets that the step changes are compared" {
	renders integration/s2/us integration s2 us "value: new"
	renders stage/s1/us stage s1 us "value: stale"
	renders integration/s1/us integration s1 us "value: stale"
	make -s generate
	gives 0 mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
	copies integration
}

@test "a target whose values do not change is not compared, although the step enters it" {
	put $APP/integration/s2/us/override.yaml "value: own"
	gives 0 mgmt app patch-001
	[ "$stderr" = "WARNING: integration/s2/us/override.yaml:1 sets value to own, which hides the patch at integration/s2/us" ] || fail "$stderr"
	copies integration
}

@test "a target without a rendered file" {
	rm -r next/mgmt/integration/s2 $RENDERED/integration/s2
	gives 0 mgmt app patch-001
	copies integration
}

@test "all applications of the cluster type count" {
	put config/mgmt/second/values.yaml "second: 2"
	renders integration/s2/us integration s2 us "value: new"
	undone "$RENDERED/integration/s2/us/values.yaml: second is (unset) and should be 2"
	renders integration/s2/us integration s2 us "value: new" "second: 2"
	gives 0 mgmt app patch-001
	copies integration
}

@test "scalars that YAML readers read differently may be rendered in either way" {
	put $APP/integration/s1/patch-001.yaml "value: yes"
	renders integration/s2/us integration s2 us 'value: true'
	gives 0 mgmt app patch-001
	copies integration
}

@test "without a generator nothing is compared" {
	gives 0 --no-generate mgmt app patch-001
	copies integration
}

@test "an integration changes no target, so nothing is compared" {
	put $APP/integration/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	rm -r $APP/integration/s1
	renders stage/s1/us stage s1 us "value: stale"
	gives 0 mgmt app patch-001
	[ "$stderr" = "WARNING: Generated files changed for targets outside this step; they were stale before: $RENDERED/stage/s1/us/values.yaml" ] || fail "$stderr"
	has "$(cat $APP/values.yaml)" "value: new"
}

@test "another application that cannot be read: undone if there is a file to compare" {
	put config/mgmt/second/values.yaml "second: a: b"
	local error="config/mgmt/second/values.yaml:1:10: not valid YAML: mapping values are not allowed in this context"
	remember
	gives 1 mgmt app patch-001
	one_error "The step was undone: cannot compare what was rendered: $error"
	unchanged
	rm -r next/mgmt/integration/s2 $RENDERED/integration/s2
	gives 0 mgmt app patch-001
	copies integration
}

@test "the memory needed does not grow with the number of targets" {
	no_valgrind "valgrind itself needs more"
	(ulimit -v 120000 && "$PROMOTE" --version) >"$BATS_TEST_TMPDIR/out" || skip "memory cannot be limited here"
	"$PYTHON" -IS - <<-'END'
		import os
		regions = [f"r{i}" for i in range(600)]
		with open("config/config.yaml", "w") as f:
		    f.write("dimensions: [environments, regions]\nsequence:\n  environments:\n")
		    f.write("    - {name: lab, regions: [one]}\n    - {name: live, regions: [" + ", ".join(regions) + "]}\n")
		    f.write("cluster_types: [{name: mgmt}]\n")
		values = "".join(f"key-{i}: some text that is the value of this key, {i}\n" for i in range(500))
		with open("config/mgmt/app/values.yaml", "w") as f:
		    f.write("value: old\n" + values)
		for region in regions:
		    directory = "rendered/mgmt/live/" + region
		    os.makedirs(directory)
		    with open(directory + "/values.yaml", "w") as f:
		        f.write(f"cluster: {{environment: live, region: {region}}}\nvalue: new\n" + values)
	END
	rm -r $APP/integration rendered/mgmt/integration rendered/mgmt/stage
	put $APP/lab/patch-001.yaml "value: new"
	(ulimit -v 120000 && gives 0 --generate-command=true --level=environment mgmt app patch-001)
	copies lab live
}
