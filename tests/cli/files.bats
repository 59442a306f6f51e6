# SPDX-License-Identifier: Apache-2.0
# Fleets and patches that are written wrongly.

load common

# config STATUS TEXT: with this config.yaml, from standard input, the step is refused
config() {
	cat >config/config.yaml
	step "$1" "config/config.yaml:$2"
}

# patch TEXT: with these bytes in the copy, as printf has them, the step is refused
patch() {
	# shellcheck disable=SC2059
	printf "$1" >$APP/integration/s1/patch-001.yaml
	step 3 "$APP/integration/s1/patch-001.yaml:$2"
}

sequence='sequence: {environments: [{name: integration, sectors: [{name: s1, regions: [us, eu]}, s2]}, stage]}'

# one of many ways to write a fleet in which the usual step works
good() {
	cat >config/config.yaml
	gives 0 -q mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
	copies integration
	rm -r $APP/integration
	put $APP/integration/s1/patch-001.yaml "value: new"
}

@test "config.yaml is missing" {
	rm config/config.yaml
	remember
	gives 3 -C . mgmt app patch-001
	one_error "no config/config.yaml in ."
	unchanged
}

@test "config.yaml is empty, or has only comments or null" {
	local empty="the file is empty; it must describe the fleet with 'dimensions' and 'sequence'"
	config 3 " $empty" </dev/null
	config 3 " $empty" <<<"# to be written"
	config 3 "1:1: must be a mapping with 'dimensions' and 'sequence', not a single value" <<<"null"
}

@test "config.yaml is not a mapping" {
	config 3 "1:1: must be a mapping with 'dimensions' and 'sequence', not a list" <<<"[a, b]"
	config 3 "1:1: must be a mapping with 'dimensions' and 'sequence', not a single value" <<<"hello"
}

@test "missing and misspelt keys" {
	config 3 "1:1: the key 'dimensions' is missing" <<<"$sequence"
	config 3 "1:1: the key 'sequence' is missing" <<<"dimensions: [a]"
	config 3 "1:1: unknown key 'dimension'; did you mean 'dimensions'?" <<<"dimension: [a]"
}

@test "a duplicate key" {
	config 3 "2:1: duplicate key 'dimensions'; keep one: the first is at config/config.yaml:1:1" <<<$'dimensions: [a]\ndimensions: [b]'
}

@test "a misspelt gate is an error" {
	config 3 "1:79: unknown key 'promotoin'; did you mean 'promotion'?" \
		<<<"{dimensions: [environments], sequence: {environments: [integration, {name: s, promotoin: manual}]}}"
	config 3 "1:90: promotion must be 'automated' or 'manual', not 'Manual'" \
		<<<"{dimensions: [environments], sequence: {environments: [integration, {name: s, promotion: Manual}]}}"
}

@test "invalid names of directories" {
	local name what
	while IFS='|' read -r name what; do
		config 3 "1:56: $what" <<<"{dimensions: [environments], sequence: {environments: [$name]}}"
	done <<-'END'
		""|the name '' is empty
		.|the name '.' is a directory's link to itself or its parent
		..|the name '..' is a directory's link to itself or its parent
		a/b|the name 'a/b' holds a slash
		"a\nb"|the name 'a\x0ab' holds a control character
		"a\eb"|the name 'a\x1bb' holds a control character
		"a\x9bb"|the name 'a\xc2\x9bb' holds a control character
	END
}

@test "two siblings of the same name" {
	config 3 "1:59: duplicate name 'a' among its siblings" \
		<<<"{dimensions: [environments], sequence: {environments: [a, a]}}"
}

@test "names that are not strings to every YAML reader" {
	config 3 "1:56: the name 'yes' is not a string to every YAML reader; put it in quotes" \
		<<<"{dimensions: [environments], sequence: {environments: [yes]}}"
}

@test "a fleet without positions" {
	config 3 "1:55: the sequence has no position" <<<"{dimensions: [environments], sequence: {environments: []}}"
	config 3 "1:40: 'sequence' has no key 'environments', the first dimension" \
		<<<"{dimensions: [environments], sequence: {regions: [a]}}"
}

@test "a tab in the indentation" {
	cat >config/config.yaml <<<$'dimensions: [environments]\nsequence:\n\tenvironments: [a]'
	remember
	gives 3 mgmt app patch-001
	[[ $stderr == "ERROR: config/config.yaml:3:1: "* ]] || fail "$stderr"
	[ "${#stderr_lines[@]}" -eq 1 ]
	unchanged
}

@test "invalid YAML, invalid UTF-8, a NUL byte: one line with file and line" {
	local text
	for text in '{' '[a' '"a' 'a: b: c' 'a: \xff' 'a: \0' '%%YAML 9.9\n---\na: b' '&a *b' '*a' '- a\nb' 'a: |\n x\n- b' '@a'; do
		# shellcheck disable=SC2059
		printf -- "$text\n" >config/config.yaml
		remember
		gives 3 mgmt app patch-001
		[[ $stderr =~ ^ERROR:\ config/config\.yaml:[0-9]+(:[0-9]+)?:\  ]] || fail "$text: $stderr"
		[ "${#stderr_lines[@]}" -eq 1 ] || fail "$text: $stderr"
		unchanged
	done
}

@test "two documents in config.yaml" {
	printf 'dimensions: [a]\n---\ndimensions: [b]\n' >config/config.yaml
	remember
	gives 3 mgmt app patch-001
	[[ $stderr == "ERROR: config/config.yaml:2:1: "* ]] || fail "$stderr"
	unchanged
}

@test "nested 100,000 levels deep" {
	head -c 100000 /dev/zero | tr '\0' '[' >config/config.yaml
	remember
	gives 3 mgmt app patch-001
	[[ $stderr == "ERROR: config/config.yaml:1:"* ]] || fail "$stderr"
	[ "${#stderr_lines[@]}" -eq 1 ]
	unchanged
}

@test "aliases that multiply" {
	{
		echo 'a: &a [x, x, x, x, x, x, x, x, x, x]'
		local last=a this
		for this in b c d e f g h i j k; do
			echo "$this: &$this [*$last, *$last, *$last, *$last, *$last, *$last, *$last, *$last, *$last, *$last]"
			last=$this
		done
	} >config/config.yaml
	remember
	gives 3 mgmt app patch-001
	[ "${#stderr_lines[@]}" -eq 1 ]
	unchanged
}

@test "a file over the size limit" {
	truncate -s 1G config/config.yaml
	gives 3 mgmt app patch-001
	[[ $stderr == "ERROR: config/config.yaml: larger than "*" MiB" ]] || fail "$stderr"
	copies integration/s1
}

@test "a byte order mark and the line ends of Windows are read" {
	printf '\xef\xbb\xbfdimensions: [environments, sectors, regions]\r\n%s\r\n' "$sequence" | good
}

@test "anchors, aliases and merge keys are read" {
	good <<-'END'
		dimensions: [environments, sectors, regions]
		common: &common {promotion: automated}
		sequence:
		  environments:
		    - name: integration
		      sectors:
		        - {<<: *common, name: s1, regions: &both [us, eu]}
		        - {<<: *common, name: s2, regions: *both}
		    - name: stage
		      promotion: manual
	END
}

@test "other keys are left to other programs" {
	good <<-END
		dimensions: [environments, sectors, regions]
		owner: platform
		$sequence
		cluster_types: [mgmt, {name: infra, size: 3}]
	END
}

@test "a patch that is empty" {
	local empty=" the patch is empty; it must be a mapping of the values to set"
	patch '' "$empty"
	patch '# later\n' "$empty"
	patch '\n\n' "$empty"
}

@test "a patch that is not a mapping" {
	patch '[a, b]\n' "1:1: a patch must be a mapping of the values to set, not a list"
	patch 'hello\n' "1:1: a patch must be a mapping of the values to set, not a single value"
}

@test "a patch of two documents, or invalid: one line with file and line" {
	local text
	for text in 'a: 1\n---\nb: 2\n' 'a: b: c' '{' 'a: \xff' 'a: \0' '\ta: 1' 'a: 1\na: 2' 'a: *x' '<<: 1' '? {a: b}\n: c'; do
		# shellcheck disable=SC2059
		printf "$text" >$APP/integration/s1/patch-001.yaml
		remember
		gives 3 mgmt app patch-001
		[[ $stderr =~ ^ERROR:\ $APP/integration/s1/patch-001\.yaml:[0-9]+(:[0-9]+)?:\  ]] || fail "$text: $stderr"
		[ "${#stderr_lines[@]}" -eq 1 ] || fail "$text: $stderr"
		unchanged
	done
}

@test "an invalid copy at a position that the step does not use is an error" {
	put $APP/stage/s1/patch-001.yaml "- list"
	step 3 "$APP/stage/s1/patch-001.yaml:1:1: a patch must be a mapping of the values to set, not a list"
}

@test "a patch with a byte order mark, the line ends of Windows and no last newline is copied unchanged" {
	printf '\xef\xbb\xbfa: 1\r\nb: 2' >$APP/integration/s1/patch-001.yaml
	cp $APP/integration/s1/patch-001.yaml "$BATS_TEST_TMPDIR/patch"
	gives 0 -q mgmt app patch-001
	cmp "$BATS_TEST_TMPDIR/patch" $APP/integration/patch-001.yaml
}

@test "a patch with only metadata, or an empty mapping" {
	put $APP/integration/s1/patch-001.yaml "metadata: {description: nothing yet}"
	gives 0 -q mgmt app patch-001
	copies integration
	put $APP/integration/patch-001.yaml "{}"
	gives 0 -q mgmt app patch-001 --approve=stage
	copies integration stage
}

@test "names of patches with blanks, umlauts and quotes" {
	local name="patch-ä b'c\"d"
	mv $APP/integration/s1/patch-001.yaml "$APP/integration/s1/$name.yaml"
	gives 0 mgmt app "$name"
	[ -e "$APP/integration/$name.yaml" ]
	gives 5 mgmt app "$name"
	has "$stderr" "To go on: promote mgmt app 'patch-ä b'\\''c\"d' --approve=stage"
}

@test "values.yaml would become too large to be read again: the integration is refused" {
	rm -r $APP/integration
	put $APP/integration/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	{ head -c $((8 * 1024 * 1024 - 2)) /dev/zero | tr '\0' '#'; echo; } >$APP/values.yaml
	step 3 "Integration into $APP/values.yaml: $APP/values.yaml: larger than 8 MiB"
}
