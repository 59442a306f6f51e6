# SPDX-License-Identifier: Apache-2.0
# Holds: what a step waits for, hold.yaml wherever it is, and the commands that change it.

load common

# hold FILE [LINE]...: a hold of Ann in a file, with more lines
hold() {
	put "$1" "- reason: frozen"
	printf '  %s\n' 'by: Ann' 'since: 2026-11-01T00:00:00Z' "${@:2}" >>"$1"
}

# held FILE [WHAT]: the usual step is refused for the only hold of this file
held() {
	remember
	gives 7 mgmt app patch-001
	[ -z "$output" ] || fail "$output"
	[ "${stderr_lines[0]}" = "ERROR: held by $1:1:3: frozen (Ann, ${2:-since 2026-11-01T00:00:00Z})" ] || fail "$stderr"
	unchanged
}

goes_on() {
	gives 0 -q mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
}

@test "held: the fleet" {
	hold config/hold.yaml
	held config/hold.yaml
	[ "${stderr_lines[1]}" = "  to release it: promote release" ] || fail "$stderr"
}

@test "held: a cluster type" {
	hold config/mgmt/hold.yaml
	held config/mgmt/hold.yaml
	[ "${stderr_lines[1]}" = "  to release it: promote release mgmt" ] || fail "$stderr"
}

@test "held: an application" {
	hold $APP/hold.yaml
	held $APP/hold.yaml
	[ "${stderr_lines[1]}" = "  to release it: promote release mgmt app" ] || fail "$stderr"
}

@test "held: a position" {
	hold $APP/integration/s2/hold.yaml
	held $APP/integration/s2/hold.yaml
	[ "${stderr_lines[1]}" = "  to release it: promote release mgmt app integration/s2" ] || fail "$stderr"
}

@test "held: the directory of a position that has nothing else" {
	hold $APP/integration/s2/us/hold.yaml
	held $APP/integration/s2/us/hold.yaml
}

@test "not held: another application, another cluster type, another position, another patch" {
	hold config/mgmt/other/hold.yaml
	hold config/other/hold.yaml
	hold $APP/stage/hold.yaml
	hold $APP/integration/hold.yaml 'patches: [patch-002]'
	goes_on
}

@test "held: two holds, and each is named with the way to release it" {
	hold config/hold.yaml
	hold $APP/hold.yaml 'patches: [patch-001]' 'positions: [integration]'
	gives 7 mgmt app patch-001
	one_error "held by config/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z)
  and by $APP/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z, patch-001, at integration)
  to release it: promote release
  to release it: promote release mgmt app"
}

@test "until: held to the last second" {
	hold config/hold.yaml 'until: 2026-12-01T00:00:00Z'
	export PROMOTE_NOW=2026-11-30T23:59:59Z
	held config/hold.yaml 'until 2026-12-01T00:00:00Z'
	PROMOTE_NOW=2026-12-01T00:00:00Z
	goes_on
}

@test "until: the system's clock, which is between these two" {
	hold config/hold.yaml 'until: 2001-01-01T00:00:00Z'
	goes_on
	hold config/hold.yaml 'until: 9999-01-01T00:00:00Z'
	gives 7 mgmt app patch-001
}

@test "PROMOTE_NOW that is no time is a wrong command line" {
	export PROMOTE_NOW=now
	refuses 2 "PROMOTE_NOW=now is not a time such as 2026-11-30T18:00:00Z" mgmt app patch-001
	PROMOTE_NOW=
	refuses 2 "PROMOTE_NOW= is not a time such as 2026-11-30T18:00:00Z" mgmt app patch-001
}

@test "a dry run names holds, as text, JSON and markdown, and ends with 0" {
	hold $APP/hold.yaml 'until: 9999-12-01T00:00:00Z' 'patches: [patch-001]'
	remember
	gives 0 -n mgmt app patch-001
	[ "${lines[1]}" = "• Would wait for the hold $APP/hold.yaml:1:3: frozen (Ann, until 9999-12-01T00:00:00Z, patch-001)" ] ||
		fail "$output"
	gives 0 -n -o json mgmt app patch-001
	[ "$(jq -c .holds <<<"$output")" = '[{"file":"config/mgmt/app/hold.yaml","line":1,"column":3,"reason":"frozen","by":"Ann","since":"2026-11-01T00:00:00Z","until":"9999-12-01T00:00:00Z","patches":["patch-001"]}]' ] ||
		fail "$output"
	gives 0 -n -o markdown mgmt app patch-001
	has "$output" "
### Holds

- Would wait for: config/mgmt/app/hold.yaml:1:3: frozen (Ann, until 9999-12-01T00:00:00Z, patch-001)
"
	unchanged
}

@test "an error as JSON" {
	hold $APP/integration/s2/hold.yaml
	gives 7 -o json mgmt app patch-001
	[ "$(jq -c '[.code, .exit, .position, .file, .line, .column, .commands]' <<<"$output")" = \
		'["hold",7,"integration/s2","config/mgmt/app/integration/s2/hold.yaml",1,3,["promote release mgmt app integration/s2"]]' ] ||
		fail "$output"
}

@test "a hold is asked after what is wrong (3) and refused (4), and before gates (5)" {
	hold config/hold.yaml
	gives 3 mgmt app patch-009
	mkdir -p $APP/stage/s1/us
	cp $APP/integration/s1/patch-001.yaml $APP/stage/s1/us/
	gives 4 mgmt app patch-001
	rm -r $APP/stage
	mkdir -p $APP/integration
	mv $APP/integration/s1/patch-001.yaml $APP/integration/
	gives 7 mgmt app patch-001
	rm config/hold.yaml
	gives 5 mgmt app patch-001
}

@test "consolidation and integration are held" {
	rm -r $APP/integration
	put $APP/integration/s1/patch-001.yaml "value: new"
	put $APP/integration/s2/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	hold $APP/integration/s2/hold.yaml
	held $APP/integration/s2/hold.yaml
	mv $APP/integration/s2/hold.yaml hold
	goes_on
	copies integration stage
	mkdir -p $APP/stage/s1/us
	mv hold $APP/stage/s1/us/hold.yaml
	held $APP/stage/s1/us/hold.yaml
	rm $APP/stage/s1/us/hold.yaml
	goes_on
}

@test "a file that is misspelt, is no list or cannot be read holds its application" {
	local path
	while read -r path; do
		hold "$path"
		remember
		refuses 7 "held by $path: it is not read, and was probably meant to be hold.yaml; mend it, or remove it" \
			-q mgmt app patch-001 || return 1
		rm "$path"
	done <<-END
		config/hold.yml
		config/mgmt/Hold.yaml
		config/mgmt/app/holds.yaml
		config/mgmt/app/stage/HOLD.YML
	END
}

@test "a file at no position holds its application" {
	hold $APP/old/hold.yaml
	remember
	refuses 7 "held by $APP/old/hold.yaml: not at a position of config/config.yaml; mend it, or remove it" mgmt app patch-001
}

@test "a directory, a link and a broken file hold" {
	mkdir -p $APP/hold.yaml
	remember
	refuses 7 "held by $APP/hold.yaml: not a file; mend it, or remove it" mgmt app patch-001
	rmdir $APP/hold.yaml
	ln -s nothing config/hold.yaml
	remember
	refuses 7 "held by config/hold.yaml: not a file; mend it, or remove it" mgmt app patch-001
	rm config/hold.yaml
	put config/mgmt/hold.yaml "- reason: [x"
	remember
	gives 7 mgmt app patch-001
	has "$stderr" "ERROR: held by config/mgmt/hold.yaml:"
	unchanged
}

@test "a hold that comes while a question waits stops the step" {
	hold other.yaml
	at_terminal 4 --meanwhile "mv other.yaml config/mgmt/hold.yaml" --answer "Go on" y -- --interactive mgmt app patch-001
	has "$output" "config/mgmt/hold.yaml: changed while the step was worked out; nothing was written."
	copies integration/s1
}

@test "so does one that another one has replaced" {
	hold config/hold.yaml 'patches: [patch-002]'
	hold other.yaml
	at_terminal 4 --meanwhile "mv other.yaml config/hold.yaml" --answer "Go on" y -- --interactive mgmt app patch-001
	has "$output" "config/hold.yaml: changed while the step was worked out; nothing was written."
	copies integration/s1
}

@test "very many holds: some are told" {
	local i
	for ((i = 0; i < 66; i++)); do
		printf -- '- {reason: "r%d", by: Ann, since: "2026-11-01T00:00:00Z"}\n' "$i"
	done >config/hold.yaml
	gives 7 mgmt app patch-001
	[ "${stderr_lines[63]}" = "  and by config/hold.yaml:64:3: r63 (Ann, since 2026-11-01T00:00:00Z)" ] || fail "$stderr"
	[ "${stderr_lines[64]}" = "  and by more" ] || fail "$stderr"
	[ "${stderr_lines[65]}" = "  to release it: promote release --reason=r0" ] || fail "$stderr"
	[ "${#stderr_lines[@]}" -eq 129 ]
	head -64 config/hold.yaml >../hold.yaml
	mv ../hold.yaml config/hold.yaml
	gives 7 mgmt app patch-001
	[[ $stderr != *"and by more"* ]]
}
