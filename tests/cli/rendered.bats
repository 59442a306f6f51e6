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
	undone "$RENDERED/integration/s2/us/values.yaml:2:1: duplicate key 'value'; keep one: the first is at $RENDERED/integration/s2/us/values.yaml:1:1" \
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

@test "targets that neither the step nor the generator changes are not compared" {
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
	[ "$stderr" = "WARNING: config/mgmt/app/integration/s2/us/override.yaml:1 sets value to own, which hides patch-001 at integration/s2/us" ] || fail "$stderr"
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

# The patch is at both environments: the next step integrates it, which changes no target.
to_integrate() {
	put $APP/integration/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	rm -r $APP/integration/s1
	for target in integration/s1/us integration/s1/eu integration/s2/us stage/s1/us; do
		IFS=/ read -r environment sector region <<<"$target"
		renders "$target" "$environment" "$sector" "$region" "value: new"
	done
}

@test "an integration changes no target: what the generator did not change is not compared" {
	to_integrate
	make -s generate
	renders stage/s1/us stage s1 us "value: stale"
	make -s generate
	gives 0 mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
	has "$(cat $APP/values.yaml)" "value: new"
}

@test "an integration: what the generator changed is compared" {
	to_integrate
	make -s generate
	renders stage/s1/us stage s1 us "value: old"
	undone "$RENDERED/stage/s1/us/values.yaml: value is old and should be new"
}

@test "a consolidation whose generator does not know of the wider copy" {
	put $APP/integration/s1/patch-001.yaml "value: new"
	put $APP/integration/s2/patch-001.yaml "value: new"
	renders integration/s2/us integration s2 us "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	renders stage/s1/us stage s1 us "value: new"
	make -s generate
	renders integration/s1/eu integration s1 eu "value: old"
	renders integration/s1/us integration s1 us "value: old"
	undone "$RENDERED/integration/s1/eu/values.yaml: value is old and should be new" \
		"$RENDERED/integration/s1/us/values.yaml: value is old and should be new"
}

# stale TEXT...: the step is done, with these warnings
done_with() {
	gives 0 mgmt app patch-001
	[ "$stderr" = "$(printf 'WARNING: %s\n' "$@")" ] || fail "$stderr"
	copies integration
}

@test "what was wrong before and is right now was stale" {
	put $RENDERED/stage/s1/us/values.yaml "value: stale"
	put $RENDERED/integration/s1/us/values.yaml "[not, a, mapping]"
	renders integration/s2/us integration s2 us "value: new"
	done_with "Generated files changed for targets outside this step; they were stale before: $RENDERED/integration/s1/us/values.yaml, $RENDERED/stage/s1/us/values.yaml"
}

@test "what was right before, or was not there, is not called stale" {
	printf '# another comment\n' >>$RENDERED/stage/s1/us/values.yaml
	rm $RENDERED/integration/s1/us/values.yaml
	renders integration/s2/us integration s2 us "value: new"
	done_with "Generated files changed that are of no target of this step: $RENDERED/integration/s1/us/values.yaml, $RENDERED/stage/s1/us/values.yaml"
}

@test "files of other names and places are no values of a target" {
	renders integration/s2/us integration s2 us "value: new"
	put next/mgmt/integration/s2/us/other.yaml "value: any"
	put next/mgmt/stage/s1/us/other.yaml "value: any"
	put next/mgmt/stage/values.yaml "value: any"
	put next/values.yaml "value: any"
	put next/other/stage/s1/us/values.yaml "value: any"
	ln -s nowhere next/mgmt/link
	done_with "Generated files changed that are of no target of this step: $RENDERED/link, $RENDERED/stage/s1/us/other.yaml, $RENDERED/stage/values.yaml, rendered/other/stage/s1/us/values.yaml, rendered/values.yaml"
}

@test "a generator that changes a target of another step wrongly" {
	renders integration/s2/us integration s2 us "value: new"
	renders stage/s1/us stage s1 us "value: new"
	undone "$RENDERED/stage/s1/us/values.yaml: value is new and should be old"
}

@test "a generator that removes a target's values" {
	renders integration/s2/us integration s2 us "value: new"
	makefile 'generate:' '	cp -R next/. rendered; rm -r rendered/mgmt/stage rendered/mgmt/integration/s2'
	undone "$RENDERED/integration/s2/us/values.yaml: was removed" "$RENDERED/stage/s1/us/values.yaml: was removed"
}

@test "a generator that makes a link of a target's values" {
	renders integration/s2/us integration s2 us "value: new"
	makefile 'generate:' '	cp -R next/. rendered; ln -sf ../../../link rendered/mgmt/stage/s1/us/values.yaml'
	undone "$RENDERED/stage/s1/us/values.yaml: is reached through a symbolic link, and promote follows none"
}

# Another cluster type, of which the generator renders one target.
second_type() {
	sed -i '/^cluster_types:/,$d' config/config.yaml
	put config/edge/web/values.yaml "value: other"
	put next/edge/stage/s1/us/values.yaml "cluster: {environment: stage, sector: s1, region: us}
value: $1"
	renders integration/s2/us integration s2 us "value: new"
}

@test "other cluster types: wrong values are undone" {
	second_type wrong
	undone "rendered/edge/stage/s1/us/values.yaml: value is wrong and should be other"
}

@test "other cluster types: what was stale is said" {
	second_type other
	put rendered/edge/stage/s1/us/values.yaml "value: wrong"
	done_with "Generated files changed for targets outside this step; they were stale before: rendered/edge/stage/s1/us/values.yaml"
}

@test "other cluster types: one that cannot be read does not hinder" {
	second_type other
	put config/edge/web/values.yaml "{"
	done_with "Generated files changed that are of no target of this step: rendered/edge/stage/s1/us/values.yaml" \
		"Rendered files could not be compared with the values: config/edge/web/values.yaml:2:1: not valid YAML: while parsing a flow node did not find expected node content"
}

# as VALUE RENDERED: a generator renders this for that
as() {
	put $APP/integration/s1/patch-001.yaml "value: $1"
	renders integration/s2/us integration s2 us "value: $2"
}

@test "scalars that readers disagree about: nothing but what a reader makes of them" {
	as 0600 0644
	undone "$RENDERED/integration/s2/us/values.yaml: value is 0644 and should be 0600"
	as 2025-01-01 2024-01-01
	undone "$RENDERED/integration/s2/us/values.yaml: value is 2024-01-01 and should be 2025-01-01"
	as 7654e32 1234e56
	undone "$RENDERED/integration/s2/us/values.yaml: value is 1234e56 and should be 7654e32"
	as yes false
	undone "$RENDERED/integration/s2/us/values.yaml: value is false and should be yes"
	as '{a: [no]}' '{a: [true]}'
	undone "$RENDERED/integration/s2/us/values.yaml: value.a is [true] and should be [no]"
}

@test "scalars that readers disagree about: in lists and mappings" {
	as '[no, 0644, {until: 2024-01-01, port: [1e3]}]' '[false, 420, {port: [1000], until: "2024-01-01"}]'
	gives 0 mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
}

@test "names of positions that are whole numbers may be numbers" {
	rm -r config/mgmt/app/integration next rendered
	cat >config/config.yaml <<-'END'
		dimensions: [environments, regions]
		sequence: {environments: [{name: 1, regions: [1, "02"]}, {name: "2", regions: [-3]}]}
	END
	put $APP/1/1/patch-001.yaml "value: new"
	put next/mgmt/1/02/values.yaml 'cluster: {environment: 1, region: "02"}
value: new
list: [1, 2]
text: "1"'
	gives 0 mgmt app patch-001
	put next/mgmt/2/-3/values.yaml 'cluster: {environment: 2, region: -3}
value: new
list: [1, 2]
text: "1"'
	gives 0 mgmt app patch-001
	sed -i 's/environment: 2, region: -3/environment: "2", region: 3/' next/mgmt/2/-3/values.yaml
	rm -r $APP/2
	undone "$RENDERED/2/-3/values.yaml: cluster.region is 3 and should be \"-3\""
	sed -i "s/environment: \"2\", region: 3/environment: 2.0, region: '-3'/" next/mgmt/2/-3/values.yaml
	undone "$RENDERED/2/-3/values.yaml: cluster.environment is 2.0 and should be \"2\""
}

@test "another application that cannot be read is found before the generator runs" {
	put config/mgmt/second/values.yaml "second: a: b"
	local error="cannot compare what will be rendered, and nothing was written: config/mgmt/second/values.yaml:1:10: not valid YAML: mapping values are not allowed in this context"
	local way_out="--no-check-rendered leaves this comparison out"
	makefile 'generate:' '	touch ran'
	remember
	gives 3 mgmt app patch-001
	[ "$stderr" = "ERROR: $error"$'\n'"$way_out" ] || fail "$stderr"
	gives 3 -n mgmt app patch-001
	[ "$stderr" = "ERROR: $error"$'\n'"$way_out" ] || fail "$stderr"
	gives 3 -o json mgmt app patch-001
	[ "$("$PYTHON" -c 'import json, sys; e = json.load(sys.stdin); print(e["file"], e["line"], e["column"], e["code"], *e["commands"])' <<<"$output")" = \
		"config/mgmt/second/values.yaml 1 10 broken-yaml promote -o json mgmt app patch-001 --no-check-rendered" ] || fail "$output"
	unchanged
	gives 0 --no-check-rendered mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
	[ -e ran ]
	copies integration
}

@test "another application that cannot be read, and nothing rendered before: it is said what was not compared" {
	put config/mgmt/second/values.yaml "second: a: b"
	renders integration/s2/us integration s2 us "value: any"
	rm -r rendered next/mgmt/integration/s1 next/mgmt/stage
	done_with "Rendered files could not be compared with the values: config/mgmt/second/values.yaml:1:10: not valid YAML: mapping values are not allowed in this context"
}

@test "another application that cannot be read does not hinder a step without a generator" {
	put config/mgmt/second/values.yaml "second: a: b"
	gives 0 --no-generate mgmt app patch-001
	[ "$stderr" = "WARNING: Rendered files could not be compared with the values: config/mgmt/second/values.yaml:1:10: not valid YAML: mapping values are not allowed in this context" ] || fail "$stderr"
	copies integration
}

@test "another application that is changed while the generator runs counts as it is then" {
	put config/mgmt/second/values.yaml "second: 1"
	renders integration/s2/us integration s2 us "value: new" "second: 2"
	makefile 'generate:' '	echo "second: 2" >config/mgmt/second/values.yaml; cp -R next/. rendered'
	gives 0 mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
}

@test "another application that is malformed when the generator has run: undone" {
	put config/mgmt/second/values.yaml "second: 1"
	makefile 'generate:' '	echo "second: a: b" >config/mgmt/second/values.yaml; cp -R next/. rendered'
	gives 1 mgmt app patch-001
	one_error "The step was undone: cannot compare what was rendered: config/mgmt/second/values.yaml:1:10: not valid YAML: mapping values are not allowed in this context"
	copies integration/s1
}

@test "without a generator: files that cannot be reached are not called stale" {
	mv rendered elsewhere
	ln -s elsewhere rendered
	gives 0 --no-generate mgmt app patch-001
	[ "$stderr" = "WARNING: Rendered files could not be compared with the values: rendered/mgmt/integration/s2/us/values.yaml: is reached through a symbolic link, and promote follows none" ] || fail "$stderr"
}

@test "without a generator: what is stale now" {
	local stale="rendered/mgmt/integration/s2/us/values.yaml"
	gives 0 -n --no-generate mgmt app patch-001
	[ "$stderr" = "WARNING: No generator would run; these rendered files would then be stale: $stale" ] || fail "$stderr"
	cp -a config kept
	gives 0 --no-generate mgmt app patch-001
	[ "$stderr" = "WARNING: No generator ran; these rendered files are stale now: $stale" ] || fail "$stderr"
	copies integration
	rm -r config && mv kept config
	rm Makefile
	gives 0 -o json mgmt app patch-001
	"$PYTHON" -c 'import json, sys
step, file = json.load(sys.stdin), sys.argv[1]
assert step["generator"] is None and step["stale"] == [file], step
assert [(w["code"], w["severity"], w["file"]) for w in step["warnings"]] == [("stale-rendered", "warning", file)], step' "$stale" <<<"$output"
}

@test "without a generator: many that are stale are folded" {
	local names
	sed -i '0,/- name: s2/s//&\n          promotion: automated/; s/regions: \[us\]/regions: [us, a, b, c, d, e, f, g, h]/' config/config.yaml
	for region in a b c d e f g h; do
		renders integration/s2/$region integration s2 $region "value: old"
		names+=", $RENDERED/integration/s2/$region/values.yaml"
	done
	make -s generate
	gives 0 --no-generate mgmt app patch-001
	[ "$stderr" = "WARNING: No generator ran; these rendered files are stale now: $RENDERED/integration/s2/us/values.yaml${names%, *} and 1 more" ] || fail "$stderr"
}

@test "without a generator: what is right already, is not there, or is not to be compared" {
	renders integration/s2/us integration s2 us "value: new"
	make -s generate
	gives 0 -n --no-generate mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
	rm -r rendered/mgmt/integration/s2
	gives 0 -n --no-generate mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
	put $RENDERED/integration/s2/us/values.yaml "{"
	gives 0 -n --no-generate --no-check-rendered mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
	gives 0 -n --no-generate mgmt app patch-001
	has "$stderr" "would then be stale: rendered/mgmt/integration/s2/us/values.yaml"
	rm -r rendered
	gives 0 --no-generate mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
}

@test "a dry run names the generator that would run" {
	gives 0 -n mgmt app patch-001
	has "$output" "• Would generate: make generate"
	gives 0 -n -o json --generate-command='touch ran' mgmt app patch-001
	[ "$("$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["generator"])' <<<"$output")" = "touch ran" ]
	makefile '{'
	gives 0 -n mgmt app patch-001
	has "$output" "• Would generate: make generate, if the makefile has that target"
	gives 0 -n --no-generate --no-check-rendered mgmt app patch-001
	has_not "$output" enerate
	rm Makefile
	gives 0 -n --no-check-rendered mgmt app patch-001
	has_not "$output" enerate
	[ ! -e ran ]
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
